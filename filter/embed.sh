#!/bin/sh
# embed.sh FILE... > embedded.c: the files as C, byte for byte (contract: source.h).
# Octal escapes, because they need no care for quotes, trigraphs, NULs or charsets, and compile faster than a list of numbers.
set -eu
export LC_ALL=C

printf '/* Made by embed.sh. */\n#include "knowledge/source.h"\n'
number=0
table=
for file; do
	[ -r "$file" ] || { echo "embed.sh: can't read $file" >&2; exit 1; }
	printf '\nstatic const char text_%d[] = ""\n' "$number"
	od -An -v -to1 "$file" | sed 's/ *$//; s/  */\\/g; s/.*/\t"&"/'
	printf '\t;\n'
	table="$table	{\"$file\", text_$number, sizeof text_$number - 1, 0},
"
	number=$((number + 1))
done
# C wants at least one element; the count says that it isn't there.
[ "$number" -gt 0 ] || table='	{"", "", 0, 0},
'
printf '\nconst struct source embedded_files[] = {\n%s};\nconst size_t embedded_files_count = %d;\n' "$table" "$number"
