#!/bin/sh
# What the README shows is what the program does.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
cd .. || exit 1

# A command stands behind `$ ` in an indented block, and what it prints below it, up to the end of the block. Empty lines may be in it.
awk -v to="$scratch" '
	/^    \$ notmuch-bounce / { n++; empty = ""; print substr($0, 7) >(to "/command-" n); shown = to "/shown-" n; printf "" >shown; next }
	/^    \$ / { shown = "" }
	/^    / && shown { printf "%s", empty >shown; empty = ""; print substr($0, 5) >shown; next }
	/^$/ && shown { empty = empty "\n"; next } # perhaps the block goes on
	{ shown = "" }' README.md
mkdir "$scratch/bin"
ln -s "$bounce" "$scratch/bin/notmuch-bounce"
PATH=$scratch/bin:$PATH
ok 'the README shows commands' test -s "$scratch/command-1"
for command in "$scratch"/command-*; do
	sh "$command" >"$scratch/printed" 2>&1
	same "$(cat "$command")" "$scratch/printed" "$scratch/shown-${command##*-}"
done

# The two commands and every other target that is named are there, and `make help` knows them.
grep -oE '^    make [a-z-]+|`make [a-z-]+' README.md | sed 's/.*make //' | sort -u >"$scratch/targets"
ok 'make demo and make check are named' sh -c 'grep -qx demo "$1" && grep -qx check "$1"' - "$scratch/targets"
while read -r target; do
	ok "make $target is there" grep -qE "^$target:" Makefile
	ok "make help knows $target" grep -qE "^#: make $target\b" Makefile
done <"$scratch/targets"

# Each file that a recipe or an example names is there.
grep -oE '\b(tests|share|plugin|filter)/[A-Za-z0-9_./-]*[A-Za-z0-9]' README.md | grep -v '^share/notmuch-bounce/' | sort -u | while read -r path; do
	[ -e "$path" ] || echo "$path"
done >"$scratch/missing"
is 'what the README names is there' "$(cat "$scratch/missing")" ''

done_testing
