#!/bin/sh
# install.sh [--remove]: put what makes an installation into $PREFIX below $DESTDIR, or take just that away. $PROGRAM and $MODULES are what was built.
# For `make install`; bashdir, zshdir and fishdir say where shells look for completions, if not at the usual place.
set -eu
umask 022
remove=${1:-}
DESTDIR=${DESTDIR:-}
PREFIX=${PREFIX%/}
share=$PREFIX/share
ours=$share/notmuch-bounce
doc=$share/doc/notmuch-bounce
case $PREFIX in
/* | '') ;;
*)
	echo "PREFIX=$PREFIX: expected a path that begins with /" >&2
	exit 64
	;;
esac

# Texts name the place of this installation; in the sources that is /usr/local.
prefix=$(printf '%s' "$PREFIX" | sed 's/[\\&|]/\\&/g')
here="s|/usr/local/share/notmuch-bounce|$prefix/share/notmuch-bounce|g; s|/usr/local/bin|$prefix/bin|g"

# file MODE FOLDER SOURCE [NAME]
file() {
	target=$DESTDIR$2/${4:-${3##*/}}
	if [ "$remove" ]; then
		[ ! -e "$target" ] || echo "  remove  $target"
		rm -f "$target"
		return
	fi
	echo "  install $target"
	mkdir -p "$DESTDIR$2"
	case $3 in
	"$PROGRAM" | *.so) cp "$3" "$target.new" ;;
	*) sed "$here" "$3" >"$target.new" ;;
	esac
	chmod "$1" "$target.new"
	mv -f "$target.new" "$target"
}

# files MODE FOLDER SOURCE...
files() {
	mode=$1 folder=$2
	shift 2
	for source; do
		file "$mode" "$folder" "$source"
	done
}

# ours, and only if nothing of the user's is in it.
folder() {
	[ ! -d "$DESTDIR$1" ] || rmdir "$DESTDIR$1" 2>/dev/null || echo "  kept    $DESTDIR$1: something of yours is in it" >&2
}

file 755 "$PREFIX/bin" "$PROGRAM"
# shellcheck disable=SC2086 # words
files 644 "$PREFIX/lib/notmuch-bounce" $MODULES
files 644 "$share/man/man1" share/man/*.1
files 644 "$share/man/man5" share/man/*.5
files 644 "$share/man/ja/man1" share/man/ja/*.1
for recipe in share/recipes/*; do
	case $recipe in
	*.*) file 644 "$ours/recipes" "$recipe" ;;
	*) file 755 "$ours/recipes" "$recipe" ;; # a script
	esac
done
files 644 "$ours/plugin" plugin/*
files 644 "$doc" README*.md NEWS share/guide.ja.md
file 644 "${bashdir:-$share/bash-completion/completions}" share/completions/notmuch-bounce.bash notmuch-bounce
file 644 "${zshdir:-$share/zsh/site-functions}" share/completions/_notmuch_bounce
file 644 "${fishdir:-$share/fish/vendor_completions.d}" share/completions/notmuch-bounce.fish
if [ "$remove" ]; then
	folder "$ours/recipes"
	folder "$ours/plugin"
	folder "$ours"
	folder "$doc"
	folder "$PREFIX/lib/notmuch-bounce"
fi
