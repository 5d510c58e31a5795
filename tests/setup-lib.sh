# shellcheck shell=sh
# shellcheck disable=SC2154,SC2034 # $scratch and the like are of lib.sh and index-lib.sh, the others are for those who source this
# For the tests of setup: an installation of the program, a home and an index to be set up, and what setup prints, asks and writes. Sourced behind
# lib.sh and index-lib.sh.
gone_sample=bounces/user-unknown/postfix-local.eml

# Installed as `make install` does it, below $scratch; a blank in the path is nothing odd.
prefix="$scratch/an installation"
files=$prefix/share/notmuch-bounce
mkdir -p "$prefix/bin" "$files"
program_at "$prefix/bin"
cp -R ../share/recipes ../plugin "$files/"
setup="$prefix/bin/notmuch-bounce"

# fresh: an empty home, and an empty index.
fresh() {
	chmod -R u+w "$HOME" 2>/dev/null
	rm -rf "$HOME"
	mkdir "$HOME"
	new_index
}
# sums: every file of the home, the index's folder and the configuration, with its mode and what is in it.
sums() {
	find "$HOME" "$mail/.notmuch/hooks" "$NOTMUCH_CONFIG" -exec ls -ld {} + 2>/dev/null
	find "$HOME" "$mail/.notmuch/hooks" "$NOTMUCH_CONFIG" -type f -exec cksum {} + 2>/dev/null
}
# printed TOPIC: runs it; $code is its exit status. lines: those of what it printed that are to be copied.
printed() {
	"$setup" setup "$@" >"$scratch/out" 2>"$scratch/err"
	code=$?
}
lines() {
	awk '/^#!/ || /^# >>> / { on = 1 } on { print } /^# <<< / { on = 0 }' "$scratch/out"
}
# answered ANSWERS TOPIC...: setup --write on a terminal of its own. $code; $scratch/out without carriage returns.
answered() {
	answers=$1
	shift
	# shellcheck disable=SC2059 # the answers have newlines
	printf "$answers" | $as script -q -e -c "'$setup' setup --write $*" /dev/null >"$scratch/out.raw" 2>&1
	code=$?
	tr -d '\r' <"$scratch/out.raw" >"$scratch/out"
}
as=
# mode FILE: its permissions.
mode() {
	perl -e 'printf "%o", 07777 & (stat $ARGV[0])[2]' "$1"
}
# without_terminal COMMAND...: nobody to ask.
without_terminal() {
	perl -MPOSIX -e 'if (my $pid = fork) { waitpid $pid, 0; exit $? >> 8 } POSIX::setsid(); exec @ARGV' "$@" </dev/null
}
# source_tree: the program as it is built, beside what it would find in the sources; $scratch/tree.
source_tree() {
	mkdir "$scratch/tree" "$scratch/tree/build" "$scratch/tree/share"
	program_at "$scratch/tree/build"
	cp -R ../plugin "$scratch/tree/plugin"
	cp -R ../share/recipes "$scratch/tree/share/recipes"
}
# hook FIRST-LINE: a hook of the user's, with its second line.
hook() {
	fresh
	mkdir -p "$mail/.notmuch/hooks"
	printf '%s\nnotmuch tag +seen -new -- tag:new\n' "$1" >"$mail/.notmuch/hooks/post-new"
	chmod +x "$mail/.notmuch/hooks/post-new"
	printed hooks
}
