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

scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
trap 'exit 1' HUP INT TERM
mkdir "$scratch/home"
HOME=$scratch/home
LC_ALL=C
export HOME LC_ALL
unset XDG_CONFIG_HOME XDG_CONFIG_DIRS NO_COLOR TERM

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

done_testing() {
	printf '1..%d\n' "$tests"
	exit 0
}

[ -x "$bounce" ] || {
	printf 'Bail out! no program at %s: run make first\n' "$bounce"
	exit 1
}
