# shellcheck shell=sh
# shellcheck disable=SC2154,SC2034 # $scratch and the like are of lib.sh and index-lib.sh, the others are for those who source this
# For the tests of setup: an installation of the program, a home and an index to be set up, and what setup prints. Sourced behind lib.sh and index-lib.sh.
gone_sample=bounces/user-unknown/postfix-local.eml

# Installed as `make install` does it, below $scratch; a blank in the path is nothing odd.
prefix="$scratch/an installation"
files=$prefix/share/notmuch-bounce
mkdir -p "$prefix/bin" "$files"
program_at "$prefix/bin"
cp -R ../share/recipes ../plugin "$files/"
setup="$prefix/bin/notmuch-bounce"
PATH=$prefix/bin:$PATH
export PATH

# fresh: an empty home, and an empty index.
fresh() {
	rm -rf "$HOME"
	mkdir "$HOME"
	new_index
}
# sums: every file of the home and the index's folder, with its mode and what is in it.
sums() {
	find "$HOME" "$mail" "$NOTMUCH_CONFIG" ! -path '*/xapian*' -exec ls -ld {} + 2>/dev/null
	find "$HOME" "$mail" "$NOTMUCH_CONFIG" ! -path '*/xapian*' -type f -exec cksum {} + 2>/dev/null
}
# printed TOPIC: runs it; $code is its exit status.
printed() {
	"$setup" setup "$@" >"$scratch/out" 2>"$scratch/err"
	code=$?
}
# typed: what it says to type, as a shell script; what has a blank to be filled in, and the program itself, is left out.
typed() {
	sed -n 's/^    \$ //p' "$scratch/out" | grep -vE '^notmuch-bounce|ADDRESS'
}
# by_hand: the lines that it says to put into a file.
by_hand() {
	sed -n '/^    \$/d; s/^    \([A-Zir].*\)/\1/p' "$scratch/out"
}
# tries: whether this machine can keep a trial away from all that is real.
tries() {
	[ "$(uname)" = Linux ] || return 1
	printf 'DEFAULT=%s/tried/\n' "$HOME" >"$HOME/.procmailrc"
	has procmail || return 1
	"$setup" setup procmail | grep -q 'Tried with'
}
# index_below_home: it is that of ~/Mail, which itself is no Maildir.
index_below_home() {
	rm -rf "$mail"
	mail=$HOME/Mail
	mkdir -p "$mail"
	notmuch config set database.path "$mail"
	notmuch new --quiet --no-hooks
}
