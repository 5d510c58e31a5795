#!/bin/sh
# The same sources make the same program, byte for byte, wherever, whenever and by whom they are built.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
unset MAKEFLAGS MAKELEVEL MFLAGS PREFIX DESTDIR BUILD CFLAGS CPPFLAGS LDFLAGS SANITIZE WERROR

# built FOLDER WORD...: builds there, with what is set by the words.
built() {
	folder=$1
	shift
	mkdir -p "$folder"
	cp -R ../Makefile ../filter ../share "$folder/"
	(cd "$folder" && env "$@" make -s -j2 CFLAGS='-O0 -g' all) >"$scratch/out" 2>&1 || note "$(tail -5 "$scratch/out")"
}
built "$scratch/here" TZ=UTC
built "$scratch/another place/of mine" TZ=Asia/Tokyo LC_ALL=C.UTF-8 LANG=tr_TR.UTF-8 HOME=/nonexistent USER=other BUILD="$scratch/elsewhere"
one=$scratch/here/build/notmuch-bounce
other=$scratch/elsewhere/notmuch-bounce
ok 'one is there' test -x "$one"
ok 'the other is there' test -x "$other"
same 'they are the same' "$one" "$other"
is 'no folder is named in it' "$(grep -cF "$scratch" "$other")" 0
like 'it runs' "$("$one" --version)" 'notmuch-bounce *'

done_testing
