#!/bin/sh
# Sending again from the mail program: the keys r and m of the macro packs, in the real mutt and neomutt; what is then sent, and that nothing
# is lost when it is not.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
command -v mutt >/dev/null || command -v neomutt >/dev/null || skip_all 'neither mutt nor neomutt is installed'
# shellcheck source=index-lib.sh
. ./index-lib.sh
# shellcheck source=resend-lib.sh
. ./resend-lib.sh
# shellcheck source=plugin-lib.sh
. ./plugin-lib.sh

# Stands in for the mail server: what it is given is $scratch/outbox/1, 2, …, and to whom it goes 1.to, ….
mkdir "$scratch/outbox"
cat >"$scratch/bin/post" <<END
#!/bin/sh
n=1
while [ -e "$scratch/outbox/\$n" ]; do n=\$((n + 1)); done
printf '%s\n' "\$*" >"$scratch/outbox/\$n.to"
cat >"$scratch/outbox/.\$n" && mv "$scratch/outbox/.\$n" "$scratch/outbox/\$n"
END
chmod +x "$scratch/bin/post"

# Settings that are not the defaults, and awkward ones; two identities.
cat >"$scratch/settings" <<END
set folder=$scratch/box sort=date index_format="%4C %Z %-16.16F %s" sleep_time=0 wait_key=yes pipe_decode=yes auto_tag=yes delete=ask-yes
set sendmail="$scratch/bin/post" editor=true mbox_type=Maildir copy=yes postpone=ask-yes recall=ask-yes forward_edit=no
set from=you@example.org realname=You reverse_name=yes postponed=+postponed record=+sent
set my_hook=none
alternates you@firma.example
send2-hook '~f you@firma.example' 'set my_hook=send2'
fcc-hook '~f you@firma.example' +sent-firma
END
{
	cat "$scratch/settings"
	printf 'set nm_default_url="notmuch://%s"\nsource %s/notmuch-bounce.neomuttrc\n' "$mail" "$plugin"
} >"$scratch/neomuttrc"
{
	cat "$scratch/settings"
	printf 'source %s/notmuch-bounce.muttrc\n' "$plugin"
} >"$scratch/muttrc"

# on PROGRAM: with all mails.
on() {
	case $1 in
	neomutt) start neomutt -n -F "$scratch/neomuttrc" -f 'notmuch://?query=*' ;;
	*) start mutt -n -F "$scratch/muttrc" -f "$mail" ;;
	esac
	waits '*about *Msgs:*'
}
# at ID: the cursor is on that mail.
at() {
	press / "~i <$1" Enter :echo Space . Enter
	until_shown last_line . || disappointed "not at $1:"
}
# all_settings: those that the tests of the other keys look at, and those for postponed mail.
all_settings() {
	settings
	for name in postponed postpone recall record editor; do
		press ":set ?$name" Enter
		until_shown last_line "$name=*" || note "no answer about $name:" "$shown"
		printf '%s\n' "$shown"
	done
}
# leaves ANSWER: out of the compose menu, not sending, the draft being kept (y) or not (n).
leaves() {
	press q
	waits '*ostpone*([[]yes[]]/no)*'
	press "$1"
	waits '*Msgs:*'
}
# composes DESCRIPTION FROM TO SUBJECT: the compose menu says so.
menu() {
	screen | tr -s ' \n' '  '
}
composes() {
	comes "$1" menu "*From: $2 To: $3 Cc: *Subject: $4 Reply-To:*-- Attachments*"
}
# The files of the folder of postponed mail, and their content.
drafts() {
	find "$scratch/box/postponed" -type f -exec cksum {} + | sort
}
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
# noise N: base64 of N bytes of no pattern.
noise() {
	perl -MMIME::Base64 -e 'srand 1; print encode_base64 join "", map { chr int rand 256 } 1 .. $ARGV[0]' "$1"
}
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

for program in neomutt mutt; do
	command -v $program >/dev/null || {
		skip "$program" "$program is not installed"
		continue
	}
	rm -rf "$scratch/box" "$scratch/outbox" "$scratch/run/notmuch-bounce"
	mkdir -p "$scratch/box" "$scratch/outbox"
	for folder in cur new tmp; do mkdir -p "$scratch/box/postponed/$folder"; done
	for number in 1 2; do
		letter old$number@example.org you@example.org old@example.net "$(day $number)" >"$scratch/box/postponed/cur/$number.old:2,S"
	done
	new_index
	day=0
	put_pairs cat
	letter right@example.net 'Bo Doe <bo@example.net>' you@example.org "$(day 1)" | add right
	# shellcheck disable=SC2034 # sent() reads it
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
	bounced rich@example.org "$gone|bo@exmaple.net" "$full|yamada@example.jp"
	attachments 200 | sent small@example.org 'Bo <bo@exmaple.net>' 'MIME-Version: 1.0' "$mixed"
	bounced small@example.org "$gone|bo@exmaple.net"
	attachments 2200000 | sent large@example.org 'Bo <bo@example.com>' 'MIME-Version: 1.0' "$mixed"
	bounced large@example.org 'failed|5.3.4|552 5.3.4 Message size exceeds fixed limit|bo@example.com'
	echo Hello. | sent spam@example.org bo@example.com
	bounced spam@example.org 'failed|5.7.1|554 5.7.1 Message rejected as spam by content filtering|bo@example.com'
	echo Hello. | sent plain@example.org bo@example.com
	bounced plain@example.org "$full|bo@example.com"
	echo Hello. | sent two@example.org bo@example.com,cy@example.com
	bounced two@example.org "$full|bo@example.com" "$gone|cy@example.com"
	find "$mail" -type f -path '*/cur/*' -exec cksum {} + | sort >"$scratch/mails"
	drafts >"$scratch/drafts"

	on $program
	before=$(all_settings)

	# -- r, sent
	at b.rich
	press ,br
	composes "$program, index: the draft goes to those who did not get it, from the same sender" '"You, at work" <you@firma.example>' '"Doe, Bo" <bo@exmaple.net>' '見積書'
	like "$program: Cc, too" "$(menu)" '*Cc: 山田 <yamada@example.jp> Bcc: Subject*'
	like "$program: the attachments are there" "$(menu)" '*見積.pdf*a b.csv*'
	sends 1 "$program: y sends it"
	is "$program: to these" "$(tr ' ' '\n' <"$post.to" | grep @ | sort | tr '\n' ' ')" 'bo@exmaple.net yamada@example.jp '
	mime "$scratch/rich@example.org" | sed 1d | cut -d' ' -f2,4- | grep -v -e text/plain -e message/rfc822 >"$scratch/parts"
	mime "$post" | sed 1d | cut -d' ' -f2,4- | grep -v -e text/plain -e message/rfc822 >"$scratch/parts-now"
	same "$program: its attachments are those of the first mail, byte for byte" "$scratch/parts" "$scratch/parts-now"
	is "$program: and so is the mail in it, but for its From, which $program changes" "$(mime "$post" 3 | grep -v '^From')" "$(mime "$scratch/rich@example.org" 3 | grep -v '^From')"
	is "$program: its text, too" "$(mime "$post" 1 | perl -MEncode -0777 -ne 'print encode_utf8 decode $ARGV[0] // "utf-8", $_')" "$(mime "$scratch/rich@example.org" 1 | iconv -f iso-2022-jp -t utf-8)"
	for name in In-Reply-To References; do
		is "$program: $name as it was" "$(field $name "$post" | tr -d '\n\t ')" "$(field $name "$scratch/rich@example.org" | tr -d '\n\t ')"
	done
	is "$program: Bcc: nobody" "$(field Bcc "$post")" ''
	id=$(field Message-ID "$post" | sed 's/.*<\(.*\)>.*/\1/')
	is "$program: the id is the one that the bounce knows" "$id" "$(values b.rich@example.org bounce.resent-as)"
	unlike "$program: the date is new" "$(field Date "$post")" '*Mar 2026*'
	is "$program: nothing of ours is in it" "$(header "$post" | grep -ci -e bounce -e mutt-)" 0
	is "$program: the copy is where fcc-hook says" "$(grep -rl "$id" "$scratch/box" | sed "s,$scratch/box/,,; s,/.*,,")" sent-firma
	press ':set ?my_hook' Enter
	says "$program: send2-hook was run" 'my_hook=*send2*'
	is "$program: nothing of mine is changed" "$(all_settings)" "$before"
	is "$program: no draft is left over" "$(left_over)" ''
	at b.rich
	press ,br
	says "$program: a second time: it was made ready before" 'notmuch-bounce: this mail was made ready to be sent again before*'

	# -- r, not sent
	at b.small
	press Enter
	waits '*-- (*'
	press ,br
	composes "$program, pager: the draft opens" 'You <you@example.org>' 'Bo <bo@exmaple.net>' 'about small'
	leaves n
	is "$program, not sent: nothing of mine is changed" "$(all_settings)" "$before"
	drafts >"$scratch/drafts-now"
	same "$program: nor are my own drafts" "$scratch/drafts" "$scratch/drafts-now"
	at b.small
	press ,br
	says "$program: a second time: it was made ready before, though not sent" 'notmuch-bounce: this mail was made ready*'
	at plain
	press ,br
	composes "$program, on my own mail: the same as on its bounce" 'You <you@example.org>' 'bo@example.com' 'about plain'
	leaves y
	is "$program: postponed: it is with my other drafts" "$(drafts | grep -c .)" 3
	is "$program: and nowhere else" "$(left_over)" ''
	press R
	waits '*old@example*about plain*'
	pass "$program: where I find it"
	press q
	find "$scratch/box/postponed" -type f ! -name '*.old:*' -exec rm {} +

	# -- m
	at b.small
	press ,bm
	sees "$program, m: asks" '*Enter*p *w *z *s *q *t *bo@example.net*:*'
	press C-c
	says "$program, ^C: nothing is made" 'notmuch-bounce: nothing is sent again*'
	press ,bm
	waits '*Enter*:*'
	press Enter
	composes "$program, Enter: as it was" 'You <you@example.org>' 'Bo <bo@exmaple.net>' 'about small'
	leaves n
	for answer in 't/the address that was meant/bo@example.net' 'else@example.net/the address that I type/else@example.net'; do
		press ,bm
		waits '*:*bo@example.net*:*'
		press "${answer%%/*}" Enter
		to=${answer#*/}
		composes "$program, ${answer%%/*}: to ${to%/*}" 'You <you@example.org>' "Bo <${answer##*/}>" 'about small'
		leaves n
	done
	for answer in 'z/one zip/*.zip *' 'w/without attachments/*- *I 1 *' 'p/plain text/*text/plain*part1.bin*part2.bin*' 's/one mail, as it is small/*part1.bin*part2.bin*'; do
		press ,bm
		waits '*:*bo@example.net*:*'
		press "${answer%%/*}" Enter
		composes "$program, ${answer%%/*}: a draft" 'You <you@example.org>' 'Bo <bo@exmaple.net>' 'about small'
		what=${answer#*/}
		like "$program, ${answer%%/*}: ${what%%/*}" "$(menu)" "${what#*/}"
		[ "${answer%%/*}" = p ] || [ "${answer%%/*}" = s ] || unlike "$program, ${answer%%/*}: and no attachment" "$(menu)" '*.bin*'
		leaves n
	done
	for answer in q x; do
		press ,bm
		waits '*:*bo@example.net*:*'
		press "$answer" Enter
		says "$program, $answer: nothing is made" 'notmuch-bounce: nothing is sent again*'
	done
	press ,bm
	waits '*:*bo@example.net*:*'
	press 'a b@' Enter
	says "$program, no address: says so" 'notmuch-bounce: *is no address*'
	is "$program: nothing of mine is changed" "$(all_settings)" "$before"
	at b.two
	press ,bm
	waits '*Enter*:*'
	press new@example.net Enter
	says "$program, two failed and one address: says what to type" 'notmuch-bounce: *for which of bo@example.com*'
	press ,bm
	waits '*Enter*:*'
	press cy@example.com=new@example.net Enter
	composes "$program, that typed: one is replaced" 'You <you@example.org>' 'bo@example.com, new@example.net' 'about two'
	leaves n

	# -- several mails of one
	at b.large
	press ,bm
	waits '*Enter*:*'
	press s Enter
	sees "$program, s: the drafts are listed" '* (?/2)* (?/2)*'
	press Enter
	composes "$program, s: the one that I choose opens" 'You <you@example.org>' 'Bo <bo@example.com>' 'about large (?/2)'
	sends 2 "$program, s: it is sent"
	at b.large
	press ,br
	composes "$program, s: r opens the other one" 'You <you@example.org>' 'Bo <bo@example.com>' 'about large (?/2)'
	sends 3 "$program, s: it is sent, too"
	is "$program, s: together they are the mail" "$(cat "$scratch/outbox/2" "$scratch/outbox/3" | sed -n -e 's/^Subject: //p' -e 's/.*filename="*\([a-z0-9]*\).*/\1/p' | sort | tr '\n' ' ')" \
		'about large (1/2) about large (2/2) part1 part2 '
	at b.large
	press ,br
	says "$program, s: then there is no more" 'notmuch-bounce: this mail was made ready*'
	press ,bm
	waits '*Enter*:*'
	press s Enter
	waits '* (?/2)* (?/2)*'
	press q
	waits '*Msgs:*'
	is "$program, s: not opened: nothing of mine is changed" "$(all_settings)" "$before"

	# -- no
	at b.spam
	press ,br
	says "$program, spam: says why not" 'notmuch-bounce: this mail was taken for spam at bo@example.com*'
	press ,bm
	waits '*Enter*:*'
	press Enter
	says "$program, spam, after asking: the same" 'notmuch-bounce: this mail was taken for spam at bo@example.com*'
	press ,bm
	waits '*Enter*:*'
	press p Enter
	composes "$program, spam, as plain text: may be judged otherwise" 'You <you@example.org>' 'bo@example.com' 'about spam'
	leaves n
	at friend
	press ,br
	says "$program, a letter: says that it is no bounce" 'notmuch-bounce: this is no bounce*'
	press ,bm
	waits '*Enter*:*'
	press Enter
	says "$program, a letter, after asking: the same" 'notmuch-bounce: this is no bounce*'

	# -- a hostile mail
	at b-q
	press ,br
	composes "$program, hostile ids: the draft opens" '*you@example.org*' 'suzuki@example.jp' '*'
	leaves n
	press ,bm
	waits '*Enter*:*'
	press Enter
	composes "$program, hostile ids, after asking: the same" '*you@example.org*' 'suzuki@example.jp' '*'
	leaves n
	is "$program: the title of the terminal is as it was" "$(terminal display-message -p '#{pane_title}' | grep -c PWN)" 0

	is "$program: in the end nothing of mine is changed" "$(all_settings)" "$before"
	drafts >"$scratch/drafts-now"
	same "$program: my own drafts are as they were" "$scratch/drafts" "$scratch/drafts-now"
	find "$mail" -type f -path '*/cur/*' -exec cksum {} + | sort >"$scratch/mails-now"
	same "$program: no mail was changed" "$scratch/mails" "$scratch/mails-now"
	is "$program: what was sent is what I sent" "$(find "$scratch/outbox" -name '[0-9]' | grep -c .)" 3
done
is 'nothing in a mail was run' "$(find "$scratch" . .. -maxdepth 2 -name '*PWN*')" ''
done_testing
