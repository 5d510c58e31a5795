# shellcheck shell=sh
# shellcheck disable=SC2034 # what is set is for those who source this
# For the tests in which root is the wrong user. Sourced behind lib.sh.

# not_as_root: $as_user are words that make a command one of somebody who owns nothing else, $user and $group are theirs. There are none, and it is
# who runs the test, unless that is root.
not_as_root() {
	user=$(id -u) group=$(id -g) as_user=
	[ "$user" = 0 ] || return 0
	needs setpriv
	user=65534 group=65534
	as_user="setpriv --reuid=$user --regid=$group --clear-groups"
}

# given FILE...: they are that user's, with all that is below.
given() {
	[ -z "$as_user" ] || chown -R "$user:$group" "$@"
}

# Root may write everywhere, but with what Linux calls a capability less it may not: $as_mortal are words before such a command.
as_mortal=
[ "$(id -u)" -ne 0 ] || as_mortal='setpriv --bounding-set=-dac_override,-dac_read_search --inh-caps=-dac_override,-dac_read_search'
