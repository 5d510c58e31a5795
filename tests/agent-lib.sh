# shellcheck shell=sh
# shellcheck disable=SC2154,SC2034,SC2123 # $scratch and $bounce are lib.sh's, $code is set by deliver(), the others are for those who source this
# For the tests of delivery agents. Sourced behind lib.sh, by a test that has deliver FILE [RULES], which ends with found_delivered, and
# $cat_rules, which only run cat: what the agent itself does to a mail.
mkdir "$scratch/bin"
: >"$scratch/nothing"

# -- mails: the samples, one without a newline at its end, one full of bytes, one with forged fields of ours
letter=not-bounces/plain-letter.eml
japanese=not-bounces/japanese-iso-2022-jp.eml
gone_mail=bounces/user-unknown/postfix-local.eml
full_mail=bounces/mailbox-full/dma-exceeded-storage-allocation.eml
crlf_mail=bounces/user-unknown/variant-crlf.eml
printf 'From: a@b.example\nSubject: x\nMessage-ID: <open@b.example>\n\nno end of line' >"$scratch/open"
{ printf 'From: a@b.example\nSubject: x\nMessage-ID: <bytes@b.example>\n\nNUL \0 8-bit \344\377\r\n'; head -c 300000 /dev/urandom; } >"$scratch/bytes"
{ printf 'X-Bounce-Reason: user-unknown\nx-bounce-kind:\n failed\n'; cat $letter; } >"$scratch/forged"

# -- our program, and what may be in its place
with_program() {
	ln -sf "$bounce" "$scratch/bin/notmuch-bounce"
}
with_script() {
	script_at "$scratch/bin/notmuch-bounce" "$1"
}
# One that is installed would be found instead: then the path is a folder of all other programs.
if command -v notmuch-bounce >/dev/null; then
	mkdir "$scratch/programs"
	for folder in $(printf '%s' "$PATH" | tr ':' ' '); do
		[ "$folder" = "$scratch/bin" ] || ln -s "$folder"/* "$scratch/programs/" 2>/dev/null
	done
	rm -f "$scratch/programs/notmuch-bounce"
	PATH=$scratch/programs
fi
without_program() {
	rm -f "$scratch/bin/notmuch-bounce"
}
# Programs that fail, one a line. What they write before must not be delivered.
failures='cat >/dev/null; exit 75
exit 1
cat >/dev/null; echo half a mail; exit 74
kill -SEGV $$
head -c 100; kill -KILL $$'
# each_failure CHECK NAME: with each of them in the place of ours, and with nothing there, CHECK DESCRIPTION holds. NAME is what it should be.
each_failure() {
	while IFS= read -r script; do
		with_script "$script"
		"$1" "$2 is { $script }"
	done <<-END
		$failures
	END
	without_program
	"$1" "no $2 there"
}
# program_folders: makes folders in $scratch to have first in PATH, or as all of it. both: our program and notmuch, as it should be. The others
# lack one of them, or have one that fails in its place.
program_folders() {
	mkdir "$scratch/both" "$scratch/no-notmuch" "$scratch/no-bounce" "$scratch/bad-notmuch" "$scratch/late-bad-notmuch" "$scratch/bad-bounce"
	for programs in both no-notmuch bad-notmuch late-bad-notmuch; do
		ln -s "$bounce" "$scratch/$programs/notmuch-bounce"
	done
	for programs in both no-bounce bad-bounce; do
		ln -s "$(command -v notmuch)" "$scratch/$programs/notmuch"
	done
	script_at "$scratch/bad-notmuch/notmuch" 'exit 1'
	script_at "$scratch/late-bad-notmuch/notmuch" 'cat >/dev/null; exit 1'
	script_at "$scratch/bad-bounce/notmuch-bounce" 'echo half a; exit 75'
}

# -- what is delivered
# found_delivered: the mail is in $delivered, its folder in $folder; $count is how many there are.
found_delivered() {
	found=$(find "$scratch/mail" -type f)
	count=$(printf '%s' "$found" | grep -c .)
	folder=$(basename "$(dirname "$(dirname "${found:-/none/none/none}")")")
	delivered=${found:-$scratch/nothing}
}
# reason_field: the reason in our field, on which a recipe sorts.
reason_field() {
	sed -n 's/^X-Bounce-Reason: //p' "$delivered"
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
# bounces_arrive GONE OTHER: in the folders for those whose address is wrong and for the others, and marked for the agent to sort.
bounces_arrive() {
	arrives 'user-unknown' $gone_mail "$1"
	is 'it gets our fields' "$(reason_field)" user-unknown
	arrives 'host-unknown' bounces/host-unknown/qmail-idn.eml "$1"
	arrives 'mailbox-full' $full_mail "$2"
	arrives 'a bounce with CRLF' $crlf_mail "$1"
	arrives 'a bounce with a From_ line' bounces/user-unknown/variant-from-line.eml "$1"
}
# letters_arrive: in the inbox, without a field of ours.
letters_arrive() {
	arrives 'a letter' $letter inbox
	is 'a letter gets no fields' "$(grep -c '^X-Bounce-' "$delivered")" 0
	arrives 'a Japanese letter' $japanese inbox
	arrives 'binary' "$scratch/bytes" inbox
	arrives 'no newline at the end' "$scratch/open" inbox
	deliver "$scratch/forged"
	is 'a forged field sorts nothing, and is gone' "$folder $(grep -c '^X-Bounce-' "$delivered")" 'inbox 0'
}
# passes DESCRIPTION: each mail is there as it came, once, and the mail server is told so: else it would deliver again. $unsorted is a pattern for the
# folder of a mail of which nothing could be found out.
unsorted=inbox
passes() {
	for file in $letter $gone_mail "$scratch/forged"; do
		name=$(basename "$file" .eml)
		deliver "$file"
		like "$1, $name: once, in $unsorted, exit 0" "$count $folder $code" "1 $unsorted 0"
		same "$1, $name: as it came" "$delivered" "$file"
	done
}
