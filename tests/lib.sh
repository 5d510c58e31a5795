# shellcheck shell=sh
# TAP for the shell tests. A test sources this first, asks, and ends with done_testing:
#
#     . "$(dirname "$0")/lib.sh"
#     is 'two and two' "$((2 + 2))" 4
#     done_testing
#
# It then runs in tests/, whatever directory it was called from; $bounce is the program, $scratch a directory that goes away at the
# end, and neither the caller's home nor its configuration is seen.

cd "$(dirname "$0")" || exit 1
bounce=${NOTMUCH_BOUNCE:-../build/notmuch-bounce}
case $bounce in
/*) ;;
*) bounce=$PWD/$bounce ;;
esac
tests=0

# In memory where there is room and programs may be run: on a disk an index waits at every change until it is written.
scratch=
if [ -z "${TMPDIR:-}" ] && [ "$(df -Pk /dev/shm 2>/dev/null | awk 'END { print $4 + 0 }')" -gt 1000000 ] && scratch=$(mktemp -d /dev/shm/tmp.XXXXXX); then
	printf '#!/bin/sh\n' >"$scratch/is-run"
	chmod +x "$scratch/is-run"
	"$scratch/is-run" 2>/dev/null || { rm -r "$scratch" && scratch=; }
fi
[ -n "$scratch" ] || scratch=$(mktemp -d) || exit 1
# What has to be ended before the directory goes, as commands. Twice, because what was ended may just be writing there.
at_end=
trap 'eval "$at_end"; rm -rf "$scratch" 2>/dev/null || { sleep 1; rm -rf "$scratch"; }' EXIT
trap 'exit 1' HUP INT TERM
mkdir "$scratch/home"
HOME=$scratch/home
LC_ALL=C
PERL_BADLANG=0 # a locale that is not there is no news
export HOME LC_ALL PERL_BADLANG
unset XDG_CONFIG_HOME XDG_CONFIG_DIRS NO_COLOR TERM

# program_at FOLDER: a copy of the program there, with its modules.
program_at() {
	cp "$bounce" "${bounce%/*}"/notmuch-bounce-*.so "$1/"
}

# Lines for whoever reads a failure; TAP ignores them.
note() {
	printf '%s\n' "$*" | sed 's/^/# /'
}

pass() {
	tests=$((tests + 1))
	printf 'ok %d - %s\n' "$tests" "$1"
}

fail() {
	tests=$((tests + 1))
	printf 'not ok %d - %s\n' "$tests" "$1"
}

# ok DESCRIPTION COMMAND...: the command succeeds.
ok() {
	description=$1
	shift
	if "$@"; then
		pass "$description"
	else
		fail "$description"
		note "failed: $*"
	fi
}

# is DESCRIPTION GOT WANTED: the two strings are the same.
is() {
	if [ "$2" = "$3" ]; then
		pass "$1"
	else
		fail "$1"
		note "got:    $2"
		note "wanted: $3"
	fi
}

# like DESCRIPTION GOT PATTERN: the string matches the shell pattern.
like() {
	# shellcheck disable=SC2254 # the pattern is meant to be one
	case $2 in
	$3) pass "$1" ;;
	*)
		fail "$1"
		note "got:     $2"
		note "pattern: $3"
		;;
	esac
}

# unlike DESCRIPTION GOT PATTERN: it does not.
unlike() {
	# shellcheck disable=SC2254
	case $2 in
	$3)
		fail "$1"
		note "got:           $2"
		note "must not match $3"
		;;
	*) pass "$1" ;;
	esac
}

# same DESCRIPTION FILE FILE: byte for byte.
same() {
	if cmp -s "$2" "$3"; then
		pass "$1"
	else
		fail "$1"
		note "$(cmp "$2" "$3" 2>&1)"
	fi
}

# exits DESCRIPTION STATUS COMMAND...: it ends with that status. What it wrote is in $scratch/out and $scratch/err.
exits() {
	description=$1
	status=$2
	shift 2
	"$@" >"$scratch/out" 2>"$scratch/err"
	is "$description" $? "$status"
}

# skip DESCRIPTION REASON: this can't be asked here.
skip() {
	tests=$((tests + 1))
	printf 'ok %d - %s # SKIP %s\n' "$tests" "$1" "$2"
}

# skip_all REASON: nothing of this file can be asked here.
skip_all() {
	printf '1..0 # SKIP %s\n' "$1"
	exit 0
}

# until_true COMMAND...: waits until it succeeds, as long as our patience lasts. comes_true DESCRIPTION COMMAND...: it does so in the end.
# In seconds, not counting what the command takes: what should be there at once is not under a sanitizer on a busy machine.
patience=${PATIENCE:-20}
until_true() {
	tries_left=$((patience * 20))
	until "$@"; do
		[ "$tries_left" -gt 0 ] || return 1
		tries_left=$((tries_left - 1))
		sleep 0.05
	done
}
comes_true() {
	description=$1
	shift
	ok "$description" until_true "$@"
}

# needs PROGRAM...: without one of these programs nothing of this file can be asked.
needs() {
	for needed; do
		has "$needed" || skip_all "$needed is not installed"
	done
}

# has PROGRAM: it is installed. installed PROGRAM [DESCRIPTION]: it is, else what only it can answer is skipped.
has() {
	command -v "$1" >/dev/null
}
installed() {
	has "$1" || {
		skip "${2:-$1}" "$1 is not installed"
		return 1
	}
}

# has_terminal: script(1) is there to make one.
has_terminal() {
	script -qec true /dev/null </dev/null >/dev/null 2>&1
}
needs_terminal() {
	has_terminal || skip_all 'there is no script, which makes a terminal (util-linux)'
}

# maildir FOLDER...: makes a Maildir of each.
maildir() {
	for of_mails; do
		mkdir -p "$of_mails/new" "$of_mails/cur" "$of_mails/tmp"
	done
}

# script_at FILE LINES: the file becomes a program, which has these lines for the shell.
script_at() {
	rm -f "$1"
	printf '#!/bin/sh\n%s\n' "$2" >"$1"
	chmod +x "$1"
}

done_testing() {
	printf '1..%d\n' "$tests"
	exit 0
}

[ -x "$bounce" ] || {
	printf 'Bail out! no program at %s: run make first\n' "$bounce"
	exit 1
}
