# shellcheck shell=sh
# shellcheck disable=SC2154 # $bounce is lib.sh's
# For the tests of what becomes of a mail when the machine fails. Sourced behind lib.sh.

# needs_preloading: a library of ours can be loaded before all others, and be made.
needs_preloading() {
	needs cc
	if nm "$bounce" 2>/dev/null | grep -q __asan_init; then
		skip_all 'the sanitizers come before any other library'
	fi
}

# limited LIMIT: one of the shell's, on this subshell and all that it runs. Who writes more than it may is told so, not killed.
limited() {
	trap '' XFSZ
	# shellcheck disable=SC2086,SC3045 # words, which every sh that is around has
	ulimit $1
}

# on_small_disk KIB FOLDER FILE ARGUMENT...: runs the lines for the shell that are in the file, with a disk of that size at the folder. They may say
# leave_room KIB. The disk is in a namespace: it goes away with its last user, and nobody else sees it.
namespace=$(unshare -m true 2>/dev/null && echo 'unshare -m' || echo 'unshare -rm')
on_small_disk() {
	# shellcheck disable=SC2016
	$namespace sh -c '
		leave_room() {
			dd if=/dev/zero of="$disk/filling" bs=1024 2>/dev/null
			filled=$(($(wc -c <"$disk/filling") - $1 * 1024))
			if [ "$filled" -gt 0 ]; then
				dd if=/dev/null of="$disk/filling" bs=1 seek="$filled" 2>/dev/null
			else
				rm "$disk/filling"
			fi
		}
		disk=$2 lines=$3
		mount -t tmpfs -o size="$1k" small "$disk" || exit 99
		shift 3
		. "$lines"' sh "$@"
}
# small_disks FOLDER: there can be one.
small_disks() {
	on_small_disk 1024 "$1" /dev/null 2>/dev/null || {
		note 'No disk can be mounted here; the tests with a limit on files have to do.'
		return 1
	}
}
