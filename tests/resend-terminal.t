#!/bin/sh
# resend for a person at a terminal: it says what it made, and asks what to do with it; and resend --send.
# shellcheck source=lib.sh disable=SC2119 # run_tag takes options, or none
. "$(dirname "$0")/lib.sh"
# shellcheck source=index-lib.sh
. ./index-lib.sh
# shellcheck source=resend-lib.sh
. ./resend-lib.sh
# shellcheck source=plugin-lib.sh
. ./plugin-lib.sh

# Stands in for the mail server: what it is given is $scratch/post, and how it was called $scratch/post.as. What $scratch/says says it says, and fails.
script_at "$scratch/bin/sendmail" "if [ -e '$scratch/says' ]; then
	cat '$scratch/says' >&2
	exit 75
fi
printf '%s\\n' \"\$*\" >'$scratch/post.as'
cat >'$scratch/post.part' && mv '$scratch/post.part' '$scratch/post'"

new_index
mkdir "$mail/Sent" "$mail/Sent/cur" "$mail/Sent/new" "$mail/Sent/tmp"
attached() {
	printf -- '--b\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\nR3LDvMOfZSBhbiBhbGxlLgo=\n'
	printf -- '--b\nContent-Type: application/pdf; name=bill.pdf\nContent-Disposition: attachment\n\nxx\n--b--\n'
}
# mine ID TO: a mail in Sent.
mine() {
	attached | sent "$1" "$2" 'MIME-Version: 1.0' 'Content-Type: multipart/mixed; boundary=b'
	mv "$mail/cur/$1:2," "$mail/Sent/cur/$1:2,S"
	notmuch new --quiet --no-hooks
}
subject='Rechnung 4711'
mine a@example.org 'Bo <bo@example.net>'
bounced a@example.org "$full|bo@example.net"
mine g@example.org 'Cy <cy@example.net>, Ann <ann@xn--wgv71a119e.example>'
bounced g@example.org "$full|cy@example.net" "$gone|ann@xn--wgv71a119e.example"

# says_that ARGUMENT...: resend in the terminal.
at_terminal() {
	rm -f "$scratch/post" "$scratch/post.as"
	start "$bounce" resend "$@"
}
# The screen without the frame that tmux puts around a program that has ended.
shown() {
	screen | grep -v -e '^Pane is dead' -e '^$'
}

at_terminal id:b.a@example.org
waits '*q      *'
is 'it says what it made, and what can be done' "$(shown | sed "s,$mail,MAIL,")" '"Rechnung 4711" can go out again, to bo@example.net (1 kB):
  s      send it now, with sendmail
  d      keep it as a draft in MAIL/Drafts
  v      show it
  q      don'"'"'t send
:'
press v Enter
sees 'v: it is shown as one reads it' '*To: Bo <bo@example.net>*Subject: Rechnung 4711*Grüße an alle.*bill.pdf, *q  *'
press q Enter
sees 'q: nothing is sent' '*nothing is sent again*'
is 'and nothing is known of it' "$(values b.a@example.org bounce.resent-as)" ''
at_terminal id:b.a@example.org
waits '*q      *'
press C-c
comes_true '^C: nothing is sent' sh -c "! test -e '$scratch/post'"
is 'nor known' "$(values b.a@example.org bounce.resent-as)" ''

# -- kept
at_terminal id:b.a@example.org
waits '*q      *'
press d Enter
sees 'd: the new Maildir is named, and the draft' '*Drafts is a new Maildir*Drafts/cur/*'
draft=$(find "$mail/Drafts" -type f)
like 'it is marked as a draft' "$draft" '*:2,DS'
id=$(field Message-ID "$draft" | sed 's/.*<\(.*\)>.*/\1/')
is 'the index has it as one' "$(tags "id:$id")" draft
run_tag
run_tag --all
is 'and as nothing that was sent' "$(tags id:a@example.org) $(tags id:b.a@example.org)" 'undelivered bounce bounce/mailbox-full bounce/temporary'
notmuch new --quiet --no-hooks
is 'notmuch new leaves it so' "$(tags "id:$id")" draft
at_terminal id:b.a@example.org
sees 'another is made, and the first is spoken of' '*a draft of this message was made before*s  *'
press q Enter
sed 's/^Subject: .*/&!/' "$draft" >"$mail/Sent/cur/copy:2,S"
rm "$draft"
notmuch new --quiet --no-hooks
run_tag
is 'sent by a mail program: so it is known' "$(tags id:a@example.org)" 'resent'

# -- sent
at_terminal --again id:b.a@example.org
waits '*q      *'
printf 'send-mail: 550 5.7.1 Message rejected as spam by content filtering\n' >"$scratch/says"
press s Enter
sees 's, refused: why, and it is asked again' '*550 5.7.1*spam*not sent: sendmail ended with 75*s  *'
rm "$scratch/says"
press s Enter
sees 's: it is sent' '*Sent to bo@example.net.*'
is 'through the program' "$(cat "$scratch/post.as")" '-t -f you@example.org'
is 'to them' "$(field To "$scratch/post")" 'To: Bo <bo@example.net>'
id=$(field Message-ID "$scratch/post" | sed 's/.*<\(.*\)>.*/\1/')
same 'a copy is beside that of the first' "$(grep -l "^Message-ID: <$id>" "$mail"/Sent/cur/*)" "$scratch/post"
at_terminal id:b.g@example.org
sees 'who is left out is said, as people write it' '*to cy@example.net (*not to ann@日本語.example*s  *'
press q Enter

# -- --send
notmuch new --quiet --no-hooks
run_tag
is 'so that the index knows what became of it' "$(tags id:a@example.org)" resent
exits '--send' 0 "$bounce" resend --send id:b.g@example.org </dev/null
is '--send: to whom it can go' "$(field To "$scratch/post")" 'To: Cy <cy@example.net>'
exits '--send: a second time it is refused, before any copy is seen' 77 "$bounce" resend --send id:b.g@example.org
like 'of whom nobody gets mail there' "$(cat "$scratch/err")" '*at ann@日本語.example*'
exits 'but not for those who got none' 0 "$bounce" resend --send --to=ann@example.net id:b.g@example.org
is 'whose address is right now' "$(field To "$scratch/post")" 'To: Ann <ann@example.net>'
exits 'then nobody is left' 77 "$bounce" resend --send id:b.g@example.org
like 'as it was sent again' "$(cat "$scratch/err")" '*sent again before*'
printf '550 5.1.1 User unknown\n' >"$scratch/says"
exits '--send, refused: 69' 69 "$bounce" resend --again --send id:b.g@example.org
like 'and why' "$(cat "$scratch/err")" '*not sent: sendmail ended with 75*'
exits '--send and --draft: 64' 64 "$bounce" resend --send --draft=x id:b.g@example.org
rm "$scratch/says"
notmuch config set bounce.sendmail "sendmail --mine"
exits 'bounce.sendmail' 0 "$bounce" resend --again --send id:b.g@example.org
is 'bounce.sendmail: with its own arguments' "$(cat "$scratch/post.as")" --mine
notmuch config set bounce.drafts Entwurf
at_terminal --again --lang=ja id:b.g@example.org
sees 'in Japanese, and bounce.drafts' '*「Rechnung 4711」を cy@example.net に再送できます*s *今すぐ送る（sendmail）*d *Entwurf*'

done_testing
