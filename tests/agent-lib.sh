# shellcheck shell=sh
# shellcheck disable=SC2154,SC2034 # $scratch and $bounce are lib.sh's, $code is set by deliver(), the others are for those who source this
# For the tests of delivery agents. Sourced behind lib.sh, by a test that has deliver FILE [RULES], which ends with found_delivered, and
# $cat_rules, which only run cat: what the agent itself does to a mail.
mkdir "$scratch/bin"
: >"$scratch/nothing"
with_program() {
	ln -sf "$bounce" "$scratch/bin/notmuch-bounce"
}
# Programs that fail in the place of ours.
with_script() {
	rm -f "$scratch/bin/notmuch-bounce"
	printf '#!/bin/sh\n%s\n' "$1" >"$scratch/bin/notmuch-bounce"
	chmod +x "$scratch/bin/notmuch-bounce"
}
without_program() {
	rm -f "$scratch/bin/notmuch-bounce"
}

# found_delivered: the mail is in $delivered, its folder in $folder; $count is how many there are.
found_delivered() {
	found=$(find "$scratch/mail" -type f)
	count=$(printf '%s' "$found" | grep -c .)
	folder=$(basename "$(dirname "$(dirname "${found:-/none/none/none}")")")
	delivered=${found:-$scratch/nothing}
}

# arrives DESCRIPTION FILE FOLDER: once, in the folder, and as the agent alone would deliver it but for our fields.
arrives() {
	deliver "$2" "$cat_rules"
	cp "$delivered" "$scratch/plain"
	deliver "$2"
	is "$1: once, in $3, exit 0" "$count $folder $code" "1 $3 0"
	perl -0777 -pe '1 while s/\A((?:[^\n]+\n)*?)X-Bounce-[^\n]*\n(?:[ \t][^\n]*\n)*/$1/' "$delivered" >"$scratch/bare"
	same "$1: byte for byte" "$scratch/bare" "$scratch/plain"
}
