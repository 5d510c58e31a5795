# shellcheck shell=sh
# shellcheck disable=SC2154,SC2034 # $scratch and the like are of the files before this one, the others are for those who source this
# For the tests of the keys that send again: a stand-in for the mail server, two identities, mails that came back, and what the compose menu says.
# Sourced behind plugin-lib.sh and resend-lib.sh.

# Stands in for the mail server: what it is given is $scratch/outbox/1, 2, …, and to whom it goes 1.to, ….
mkdir "$scratch/outbox"
script_at "$scratch/bin/post" "n=1
while [ -e '$scratch/outbox/'\$n ]; do n=\$((n + 1)); done
printf '%s\\n' \"\$*\" >'$scratch/outbox/'\$n.to
cat >'$scratch/outbox/'.\$n && mv '$scratch/outbox/'.\$n '$scratch/outbox/'\$n"

# Settings that are not the defaults, and awkward ones; two identities.
configured <<END
set folder=$scratch/box sort=date index_format="%4C %Z %-16.16F %s" sleep_time=0 wait_key=yes pipe_decode=yes auto_tag=yes delete=ask-yes
set sendmail="$scratch/bin/post" editor=true mbox_type=Maildir copy=yes postpone=ask-yes recall=ask-yes forward_edit=no
set from=you@example.org realname=You reverse_name=yes postponed=+postponed record=+sent
set my_hook=none
alternates you@firma.example
send2-hook '~f you@firma.example' 'set my_hook=send2'
fcc-hook '~f you@firma.example' +sent-firma
END

# on PROGRAM: with all mails.
on() {
	opened "$1"
	waits '*about *Msgs:*'
}
# at ID: the cursor is on that mail.
at() {
	find_mail "~i <$1"
}
# all_settings: those that the tests of the other keys look at, and those for postponed mail.
all_settings() {
	settings postponed record
}
# leaves ANSWER: out of the compose menu, not sending, the draft being kept (y) or not (n).
leaves() {
	press q
	waits '*ostpone*([[]yes[]]/no*'
	press "$1"
	waits '*Msgs:*'
}
# menu: the compose menu, in one line. composes DESCRIPTION FROM TO SUBJECT: it says so.
menu() {
	screen | tr -s ' \n' '  '
}
composes() {
	comes "$1" menu "*From: $2 To: $3 Cc: *Subject: $4 Reply-To:*-- Attachments*"
}
# question: what was asked last, in one line. asks DESCRIPTION PATTERN: it says so.
question() {
	screen | sed -n '/^About/h; /^About/!H; ${ x; p; }' | tr -s ' \n' '  '
}
asks() {
	comes "$1" question "$2"
}
# The files of the folder of postponed mail, and their content.
drafts() {
	find "$scratch/box/postponed" -type f -exec cksum {} + | sort
}
# Drafts that are still where they are made.
left_over() {
	find "$scratch/run" -path "*.draft/*" -type f
}
# sends N: y in the compose menu; the mail is then $post.
sends() {
	post=$scratch/outbox/$1
	press y
	waits '*Msgs:*'
	comes_true "$2" test -e "$post"
}
# attachments N: a mail with two, of N bytes each.
attachments() {
	printf -- '--b\nContent-Type: text/plain\n\nHello.\n'
	for number in 1 2; do
		printf -- '--b\nContent-Type: application/octet-stream; name=part%s.bin\nContent-Disposition: attachment; filename=part%s.bin\n' $number $number
		printf 'Content-Transfer-Encoding: base64\n\n'
		noise "$1"
	done
	printf -- '--b--\n'
}
mixed='Content-Type: multipart/mixed; boundary=b'

# put_mails: a box with drafts of the user's own, and mails that came back in all the ways that matter. What they are like is in $scratch/mails, the
# drafts in $scratch/drafts.
put_mails() {
	rm -rf "$scratch/box" "$scratch/outbox" "$scratch/run/notmuch-bounce"
	mkdir -p "$scratch/box" "$scratch/outbox"
	maildir "$scratch/box/postponed"
	for number in 1 2; do
		letter old$number@example.org you@example.org old@example.net "$(day $number)" >"$scratch/box/postponed/cur/$number.old:2,S"
	done
	new_index
	day=0
	put_pairs cat
	letter right@example.net 'Bo Doe <bo@example.net>' you@example.org "$(day 1)" | add right
	letter to-right@example.org you@example.org 'Bo Doe <bo@example.net>' "$(day 1)" | add to-right
	subject='=?iso-2022-jp?B?GyRCOCtAUT1xGyhC?='
	{
		printf -- '--b\nContent-Type: text/plain; charset=iso-2022-jp\n\n\033$B8+@Q=q\033(B\n\n> From here\n-- \nYou\n'
		printf -- '--b\nContent-Type: application/pdf\nContent-Disposition: attachment; filename*=%s\n' "utf-8''%E8%A6%8B%E7%A9%8D.pdf"
		printf 'Content-Transfer-Encoding: base64\n\n'
		noise 5000
		printf -- '--b\nContent-Type: message/rfc822\n\nFrom: someone@example.net\nSubject: within\n\nwithin\n'
		printf -- '--b\nContent-Type: text/csv; charset=utf-8\nContent-Disposition: attachment; filename="a b.csv"\nContent-Transfer-Encoding: base64\n\nYSxiDQoxLDINCg==\n--b--\n'
	} | sent rich@example.org '"Doe, Bo" <bo@exmaple.net>, ann@example.com' 'Cc: =?iso-2022-jp?B?GyRCOzNFRBsoQg==?= <yamada@example.jp>' \
		'Bcc: secret@example.net' 'In-Reply-To: <q@example.net>' 'References: <p@example.net>' '	<q@example.net>' 'MIME-Version: 1.0' "$mixed"
	subject=
	sed 's/^From: .*/From: "You, at work" <you@firma.example>/' "$mail/cur/rich@example.org:2," >"$scratch/in" && cat "$scratch/in" >"$mail/cur/rich@example.org:2,"
	bounced rich@example.org "$full|bo@exmaple.net" "$full|yamada@example.jp"
	attachments 200 | sent small@example.org 'Bo <bo@exmaple.net>' 'MIME-Version: 1.0' "$mixed"
	bounced small@example.org "$full|bo@exmaple.net"
	echo Hello. | sent lost@example.org 'Bo <bo@exmaple.net>'
	bounced lost@example.org "$gone|bo@exmaple.net"
	attachments 2200000 | sent large@example.org 'Bo <bo@example.com>' 'MIME-Version: 1.0' "$mixed"
	bounced large@example.org 'failed|5.3.4|552 5.3.4 Message size exceeds fixed limit|bo@example.com'
	printf -- '--b\nContent-Type: text/plain\n\nHello.\n--b\nContent-Type: text/html\n\n<b>Hello.</b>\n--b--\n' |
		sent spam@example.org bo@example.com 'MIME-Version: 1.0' 'Content-Type: multipart/alternative; boundary=b'
	bounced spam@example.org 'failed|5.7.1|554 5.7.1 Message rejected as spam by content filtering|bo@example.com'
	echo Hello. | sent plain@example.org bo@example.com
	bounced plain@example.org "$full|bo@example.com"
	echo Hello. | sent two@example.org bo@example.com,cy@example.com
	bounced two@example.org "$full|bo@example.com" "$gone|cy@example.com"
	sums >"$scratch/mails"
	drafts >"$scratch/drafts"
}
