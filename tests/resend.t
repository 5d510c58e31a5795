#!/bin/sh
# resend: a draft is the mail as it was, for those who did not get it; what speaks against it; and what the index knows of it.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=index-lib.sh
. ./index-lib.sh
# shellcheck source=resend-lib.sh
. ./resend-lib.sh

# -- the mail as it was
new_index
# A blank at the end of a line is written as $.
sed 's/\$$/ /' >"$scratch/flowed" <<'END'
Grüße, und ein Absatz,$
der fließt. $
>> quoted$
From here on
.

--$
END
sent a@example.org '"Doe, Bo" <bo@example.net>, ann@example.com' \
	'Cc: =?iso-2022-jp?B?GyRCOzNFRBsoQg==?= <yamada@example.jp>,' '	Carl <carl@example.net> (at home)' \
	'Bcc: secret@example.net' 'Reply-To: me@firma.example' 'In-Reply-To: <q@example.net>' 'References: <p@example.net>' '	<q@example.net>' \
	'X-Mailer: My own' 'MIME-Version: 1.0' 'Content-Type: text/plain; charset=utf-8; format=flowed; delsp=yes' 'Content-Transfer-Encoding: 8bit' <"$scratch/flowed"
bounced a@example.org "$gone|bo@example.net" "$full|yamada@example.jp" "$arrived|carl@example.net"
resend id:b.a@example.org
is 'exit 0' "$code" 0
is 'To: who did not get it, with the name' "$(field To "$scratch/draft")" 'To: "Doe, Bo" <bo@example.net>'
is 'Cc: the same' "$(field Cc "$scratch/draft")" 'Cc: =?iso-2022-jp?B?GyRCOzNFRBsoQg==?= <yamada@example.jp>'
is 'Bcc: nobody' "$(field Bcc "$scratch/draft")" ''
body "$scratch/a@example.org" >"$scratch/was"
body "$scratch/draft" >"$scratch/is"
same 'the body, byte for byte' "$scratch/is" "$scratch/was"
for name in From Reply-To Subject In-Reply-To References X-Mailer MIME-Version Content-Type Content-Transfer-Encoding; do
	is "$name as it was" "$(field $name "$scratch/draft")" "$(field $name "$scratch/a@example.org")"
done
unlike 'a new Date' "$(field Date "$scratch/draft")" '*Mar 2026*'
like 'as mails have it' "$(field Date "$scratch/draft")" 'Date: [MTWFS]??, * [JFMASOND]?? 20?? ??:??:?? [+-]????'
like 'a new Message-ID in the domain of From' "$(field Message-ID "$scratch/draft")" 'Message-ID: <????????????????????????????????@example.org>'
first=$(field Message-ID "$scratch/draft")
resend --again id:b.a@example.org
unlike 'another each time' "$(field Message-ID "$scratch/draft")" "$first"
resend --again --all id:b.a@example.org
for name in To Cc Bcc; do
	is "--all: $name as it was" "$(field $name "$scratch/draft")" "$(field $name "$scratch/a@example.org")"
done
resend --again "$scratch/b.a@example.org"
is 'from a file' "$code $(field To "$scratch/draft")" '0 To: "Doe, Bo" <bo@example.net>'
resend --again <"$scratch/b.a@example.org"
is 'from standard input' "$code $(field To "$scratch/draft")" '0 To: "Doe, Bo" <bo@example.net>'
resend --again id:a@example.org
is 'by the id of the mail that came back' "$code $(field Cc "$scratch/draft")" '0 Cc: =?iso-2022-jp?B?GyRCOzNFRBsoQg==?= <yamada@example.jp>'

# The fields that a mail gets on its way and in its file.
new_index
sent t@example.org bo@example.net 'Status: RO' 'X-Status: A' 'Lines: 1' 'Content-Length: 7' 'X-UID: 12' 'Return-Path: <you@example.org>' \
	'Delivered-To: you@example.org' 'DKIM-Signature: v=1; a=rsa-sha256;' '	b=abc' 'ARC-Seal: i=1' 'X-Bounce-Kind: failed' 'Resent-To: x@example.net' \
	'Received: from [192.0.2.1] by mx.example.org with ESMTPSA id 1' '	for <bo@example.net>; Sun, 01 Mar 2026 10:00:00 +0000' \
	'Authentication-Results: mx.example.org; auth=pass' 'Attach: /etc/passwd' 'Fcc: somewhere' 'X-Mutt-Fcc: somewhere' <<'END'
Hello.
END
bounced t@example.org "$gone|bo@example.net"
resend id:b.t@example.org
is 'what was added on the way is gone, and so are orders to a mail program' "$(header "$scratch/draft" | cut -d: -f1 | tr '\n' ' ')" 'From To Date Subject Message-ID '

# Newlines, odd headers.
new_index
sent c@example.org bo@example.net <<'END'
END
bounced c@example.org "$gone|bo@example.net"
printf 'From nobody Thu Jan  1\r\nFrom: you@example.org\r\nTo: bo@example.net,\r\n ann@example.net\r\nMessage-ID: <c@example.org>\r\nSubject: x\r\n\r\na\r\n\r\nb' >"$mail/cur/c@example.org:2,"
resend id:b.c@example.org
printf 'From: you@example.org\r\nTo: bo@example.net\r\nMessage-ID: <>\r\nSubject: x\r\nDate: \r\n\r\na\r\n\r\nb' >"$scratch/wanted"
sed 's/^\(Message-ID: <\)[^>]*/\1/; s/^\(Date: \)[^\r]*/\1/' "$scratch/draft" >"$scratch/is"
same 'CRLF stays CRLF, a From_ line goes, a body without newline stays without' "$scratch/is" "$scratch/wanted"
new_index
sent g@example.org 'friends: bo@example.net, "x, y" <xy@example.net>;, undisclosed:;' 'Cc: (a, comment) joe@example.net (<bo@example.net>), <eve@example.net>' <<'END'
END
bounced g@example.org "$gone|xy@example.net" "$gone|joe@example.net"
resend id:b.g@example.org
is 'groups are opened' "$(field To "$scratch/draft")" 'To: "x, y" <xy@example.net>'
is 'comments are no addresses' "$(field Cc "$scratch/draft")" 'Cc: (a, comment) joe@example.net (<bo@example.net>)'
new_index
sent f@example.org 'Office <office@example.net>, bo@elsewhere.example.org' <<'END'
END
bounced f@example.org "$gone|bo@elsewhere.example|office@example.net"
resend id:b.f@example.org
is 'a forwarded address is the one that the user wrote to' "$(field To "$scratch/draft")" 'To: Office <office@example.net>'

# -- other addresses
new_index
sent n@example.org 'Bo <bo@example.net>, Ann <ann@example.net>, Cy <cy@example.net>' <<'END'
END
bounced n@example.org "$gone|bo@example.net"
resend --to=new@example.com id:b.n@example.org
is '--to=ADDRESS: for the one that failed, with the name' "$code $(field To "$scratch/draft")" '0 To: Bo <new@example.com>'
resend --again --all --to new@example.com id:b.n@example.org
is '--all --to: the others stay' "$(field To "$scratch/draft")" 'To: Bo <new@example.com>, Ann <ann@example.net>, Cy <cy@example.net>'
report b2@mx.example.net "$(day 3)" n@example.org "$gone|bo@example.net" "$gone|cy@example.net" | add b2
run_tag
exits '--to=ADDRESS when two failed: 64' 64 "$bounce" resend --to=new@example.com id:b2@mx.example.net
like 'says which' "$(cat "$scratch/err")" '*for which of bo@example.net, cy@example.net? Say --to=OLD=NEW*'
resend --to=bo@example.net=b.o@example.com --to=cy@example.net=c+x=y@example.com id:b2@mx.example.net
is '--to=OLD=NEW, twice' "$(field To "$scratch/draft")" 'To: Bo <b.o@example.com>, Cy <c+x=y@example.com>'
exits '--to=OLD=NEW for one who got it: 64' 64 "$bounce" resend --again --to=ann@example.net=x@example.com id:b2@mx.example.net
for address in nobody 'a@b, c@d' "$(printf 'a@example.com\nBcc: x@example.com')" 'x <a@example.com>'; do
	exits "--to=$(printf '%s' "$address" | tr '\n' '/'): no address: 64" 64 "$bounce" resend --again --to="bo@example.net=$address" id:b2@mx.example.net
done
like 'says what is wrong' "$(cat "$scratch/err")" '*"x <a@example.com>" is no address*'

# -- refusals
new_index
sent r@example.org 'bo@example.net' <<'END'
END
for case in 'spam|5.7.1|554 5.7.1 Message rejected as spam by content filtering|*taken for spam*' 'virus|5.7.1|550 5.7.1 Message contains a virus|*malware*' \
	'blocked|5.7.1|554 5.7.1 Service unavailable; Client host blocked using zen.spamhaus.org|*reputation*' \
	'auth-failure|5.7.26|550 5.7.26 SPF check failed, DMARC policy reject|*does not confirm*' \
	'sender-suspended|5.7.1|550 5.7.1 Your account has been suspended for sending spam|*change the password*'; do
	reason=${case%%|*}
	rest=${case#*|}
	rm -f "$mail"/cur/b.r*
	notmuch new --quiet --no-hooks
	bounced r@example.org "failed|${rest%|*}|bo@example.net"
	is "$reason: is what the sample is" "$(tags id:b.r@example.org | tr ' ' '\n' | grep -c "^bounce/$reason\$")" 1
	refuses "$reason" "${rest##*|}" id:b.r@example.org
	resend --anyway id:b.r@example.org
	is "$reason --anyway" "$code $(field To "$scratch/draft")" '0 To: bo@example.net'
done
rm -f "$mail"/cur/b.r*
notmuch new --quiet --no-hooks
bounced r@example.org "$late|bo@example.net"
refuses 'only late' '*only late*twice*' id:b.r@example.org
rm -f "$mail"/cur/b.r*
notmuch new --quiet --no-hooks
bounced r@example.org "$full|bo@example.net"
resend id:b.r@example.org
refuses 'a second time' '*--again*' id:b.r@example.org
add letter <not-bounces/plain-letter.eml
refuses 'no bounce' '*no bounce*' not-bounces/plain-letter.eml
exits 'no mail: 65' 65 "$bounce" resend /dev/null
exits 'no such file: 66' 66 "$bounce" resend "$scratch/nowhere"
exits 'no such id: 66' 66 "$bounce" resend id:nowhere@example.org
exits 'two mails: 64' 64 "$bounce" resend id:a id:b

# -- forged
report x@mx.example.net "$(day 2)" r@example.org "$gone|eve@example.net" | add x
run_tag
refuses 'an address that the mail did not go to' '*nothing proves*' id:x@mx.example.net
resend --from-returned id:x@mx.example.net
is 'not even when the user insists' "$code $(wc -c <"$scratch/draft" | tr -d ' ')" '77 0'
letter in@example.net 'Eve <eve@example.net>' you@example.org "$(day 1)" | add in
report y@mx.example.net "$(day 2)" in@example.net "$gone|you@example.org" | add y
refuses 'a mail that the user did not send' '*did not send*' --from-returned --anyway id:y@mx.example.net
notmuch config set bounce.backscatter_after 0
original_to=eve@example.net
report z@mx.example.net "$(day 2)" never@example.org "$gone|eve@example.net" | add z
run_tag
run_tag --all
is 'backscatter is known as such' "$(tags id:z@mx.example.net | grep -c backscatter)" 1
refuses 'backscatter' '*did not send*' --from-returned --anyway id:z@mx.example.net
original_to=''
{ printf 'Received: from mx.example.net by mx.example.org with ESMTPS id 1; Sun, 01 Mar 2026 10:00:00 +0000\n'
letter fake@example.org 'You <you@example.org>' eve@example.net "$(day 1)"; } | add fake
report w@mx.example.net "$(day 2)" fake@example.org "$gone|eve@example.net" | add w
run_tag
refuses 'a mail that came in and claims to be from the user' '*came in through a mail server*' id:w@mx.example.net
for received in 'from x (with ESMTPA by ESMTPA) by mx.example.org (with ESMTPA) with ESMTPS id 1' 'from with.ESMTPA.example by mx.example.org with SMTP' 'from mx by mx with LMTP'; do
	sed "s/^Received.*/Received: $received; Sun, 01 Mar 2026 10:00:00 +0000/" "$mail/cur/fake:2," >"$scratch/in"
	cp "$scratch/in" "$mail/cur/fake:2,"
	refuses "a mail that came in: $received" '*came in through a mail server*' id:w@mx.example.net
done
sed 's/^Received.*/Received: from [192.0.2.1] (phone) by mx.example.org (Postfix)/; s/^From:/	with UTF8SMTPSA id 1; Sun, 01 Mar 2026 10:00:00 +0000\n&/' "$mail/cur/fake:2," >"$scratch/in"
cp "$scratch/in" "$mail/cur/fake:2,"
resend id:w@mx.example.net
is 'a copy that the provider kept of what was sent through it' "$code $(body "$scratch/draft")" '0 Hello.'
sed 's/^	with.*/	with SMTP id 1/' "$scratch/in" >"$mail/cur/fake:2,"
sed '/^Received/d; /^	with/d; s/Hello/Really mine/' "$mail/cur/fake:2," | add fake2
resend --again id:w@mx.example.net
is "the user's own copy is preferred" "$code $(body "$scratch/draft")" '0 Really mine.'
report r@example.org "$(day 2)" r@example.org "$gone|bo@example.net" >"$scratch/in"
resend --again "$scratch/in"
is "a bounce with the id of the mail it is about: the user's mail" "$code $(field From "$scratch/draft")" '0 From: You <you@example.org>'

# -- what came back
new_index
original_to='Bo <bo@example.net>, ann@example.net'
report o@mx.example.net "$(day 2)" gone@example.org "$gone|bo@example.net" | sed 's/^Subject: about gone$/Subject: about gone\nX-Other: strange\nAttach: \/etc\/passwd\nReceived: by x/; s/^Hello.$/Hello you./' | add o
run_tag
refuses 'not in the index' '*not in the index*--from-returned*' id:o@mx.example.net
resend --from-returned id:o@mx.example.net
is '--from-returned' "$code $(field To "$scratch/draft") $(body "$scratch/draft")" '0 To: Bo <bo@example.net> Hello you.'
is '--from-returned: the plainest fields only' "$(header "$scratch/draft" | cut -d: -f1 | tr '\n' ' ')" 'From To Subject Message-ID Date '
like '--from-returned: says so' "$said" '*your own copy is not in the index*'
report o2@mx.example.net "$(day 2)" gone@example.org "$gone|bo@example.net" | perl -pe 's/^Subject: about gone$/Subject: a\rBcc: eve\@example.net\033]0;x\007\0\177 \033\$B;q\033(B/' | add o2
resend --from-returned id:o2@mx.example.net
is '--from-returned: fields have text in them and nothing else' "$(field Subject "$scratch/draft" | od -An -c | tr -d ' \n')" 'Subject:aBcc:eve@example.net]0;x033$B;q033(B\n'
original_type=text/rfc822-headers
report h@mx.example.net "$(day 2)" gone@example.org "$gone|bo@example.net" | perl -0777 -pe 's/\n\nHello\.\n\n--b--/\n--b--/' | add h
run_tag
original_type=''
refuses 'only a header' '*only its header*' id:h@mx.example.net
resend --from-returned id:h@mx.example.net
is 'only a header --from-returned: empty' "$code $(body "$scratch/draft")" '0 '
like 'only a header --from-returned: says so' "$said" '*only its header came back: the text is lost*'
report e@mx.example.net "$(day 2)" gone@example.org "$gone|bo@example.net" | sed 's/^From: You .*/From: eve@example.net/' | add e
run_tag
refuses 'not from the user' '*not from any of your addresses*' --from-returned id:e@mx.example.net
{
	printf 'From: MAILER-DAEMON@mx.example.net\nTo: you@example.org\nDate: %s\nSubject: failure notice\nMessage-ID: <q@mx.example.net>\n\n' "$(day 2)"
	printf 'Hi. This is the qmail-send program at mx.example.net.\nI am sorry.\n\n<bo@example.net>:\nSorry, no mailbox here by that name. (#5.1.1)\n\n'
	printf -- '--- Below this line is a copy of the message.\n\nReturn-Path: <you@example.org>\nFrom: you@example.org\nTo: bo@example.net\nMessage-ID: <lost@example.org>\nSubject: about\n it\n\nHello.\n\nBye\n'
} | add q
resend --from-returned id:q@mx.example.net
is 'from a text without parts' "$code $(field Subject "$scratch/draft" | tr '\n' '/') $(body "$scratch/draft" | tr '\n' '/')" '0 Subject: about/ it/ Hello.//Bye/'
printf 'From: MAILER-DAEMON@mx.example.net\nTo: you@example.org\nSubject: failure notice\n\nHi. This is the qmail-send program at mx.example.net.\nI am sorry.\n\n<bo@example.net>:\nSorry, no mailbox here by that name. (#5.1.1)\n' >"$scratch/in"
refuses 'nothing came back' '*nothing of it came back*' --from-returned "$scratch/in"
NOTMUCH_CONFIG=/nowhere refuses 'without an index' '*no index*' "$mail/cur/o:2,"
original_to=''

# -- the place for drafts
new_index
sent d@example.org bo@example.net <<'END'
Hello.
END
bounced d@example.org "$full|bo@example.net"
(umask 0 && "$bounce" resend --draft="$scratch/drafts" id:b.d@example.org >"$scratch/out")
is '--draft: a Maildir that nobody else can read' "$(find "$scratch/drafts" -type d -perm 700 | wc -l | tr -d ' ')" 4
is '--draft: one draft in new, with mode 0600' "$(find "$scratch/drafts" -type f -perm 600)" "$(find "$scratch/drafts/new" -type f)"
is '--draft: its name is said' "$(cat "$scratch/out")" "$(find "$scratch/drafts/new" -type f)"
is '--draft: it is the draft' "$(body "$(cat "$scratch/out")")" 'Hello.'
"$bounce" resend --again --draft="$scratch/drafts" id:b.d@example.org >"$scratch/out"
is '--draft: another beside it' "$(find "$scratch/drafts/new" -type f | wc -l | tr -d ' ')" 2
touch "$scratch/file"
exits '--draft=FILE: 74' 74 "$bounce" resend --again --draft="$scratch/file" id:b.d@example.org
if [ -w /dev/full ]; then
	"$bounce" resend --again id:b.d@example.org >/dev/full 2>"$scratch/err"
	is 'no room for the draft: 75' $? 75
fi

# -- what the index knows
new_index
sent i@example.org bo@example.net <<'END'
END
report '' "$(day 2)" i@example.org "$full|bo@example.net" | sed '/^Message-ID: <>$/d' >"$scratch/in"
add i1 <"$scratch/in"
run_tag
resend <"$scratch/in"
like 'a bounce without an id is known too' "$(values "$(notmuch search --output=messages tag:bounce | sed 's/^id://')" bounce.resent-as)" '*@example.org'
new_index
sent s@example.org 'bo@example.net, ann@example.net' <<'END'
END
bounced s@example.org "$gone|bo@example.net"
"$bounce" resend --to=new@example.net id:b.s@example.org >"$scratch/draft" 2>"$scratch/err"
id=$(field Message-ID "$scratch/draft" | sed 's/.*<\(.*\)>.*/\1/')
is 'the bounce knows the draft' "$(values b.s@example.org bounce.resent-as)" "$id"
run_tag --all
is 'a draft is not yet sent' "$(tags id:s@example.org) $(tags id:b.s@example.org)" 'undelivered bounce bounce/permanent bounce/user-unknown'
add copy <"$scratch/draft"
run_tag --dry-run
is '--dry-run changes nothing' "$(tags id:s@example.org)" undelivered
run_tag
is 'a copy of it turns up: the mail is sent again, and undelivered no more' "$(tags id:s@example.org)" resent
is 'and so says the bounce' "$(tags id:b.s@example.org)" 'bounce bounce/permanent bounce/resent bounce/user-unknown'
like 'status: says so' "$("$bounce" status id:s@example.org)" '*bo@example.net*sent again*ann@example.net*nothing heard*'
is 'status: nothing is open' "$("$bounce" status)" ''
before=$(whole)
run_tag --all
is 'all again changes nothing' "$(whole)" "$before"
report s2@mx.example.net "$(day 4)" s@example.org "$gone|ann@example.net" | add s2
run_tag
is 'but another recipient can fail' "$(tags id:s@example.org)" 'resent undelivered'
report s3@mx.example.net "$(day 28)" "$id" "$gone|new@example.net" | add s3
run_tag
is 'and the new mail can come back as well' "$(tags "id:$id")" undelivered
is 'status: one story, told by the first mail' "$("$bounce" status | sed 's/  */ /g; s/^[A-Z0-9][^ ]* [0-9]* *//')" 'about s
 ann@example.net user-unknown you (address)
 new@example.net user-unknown you (address)'
like 'status of the first mail: of all' "$("$bounce" status id:s@example.org)" '*ann@example.net*user-unknown*bo@example.net*sent again*new@example.net*user-unknown*'
is 'status of the second mail: the same' "$("$bounce" status "id:$id")" "$("$bounce" status id:s@example.org)"
resend id:s@example.org
is 'by the id of the mail: who did not get it and was not thought of yet' "$code $(field To "$scratch/draft")" '0 To: ann@example.net'
sent s4@example.org 'Ann <ann@example.net>' <<'END'
END
bounced s4@example.org "$full|ann@example.net"
resend id:b.s4@example.org
like 'an address that no mail ever reached: says so' "$said" '*of 2 mails of yours to ann@example.net none arrived*'
sent s5@example.org 'Joe <joe@example.net>' <<'END'
END
bounced s5@example.org "$gone|joe@example.net"
resend --to=ann@example.net id:b.s5@example.org
like 'also when it is the corrected one' "$said" '*to ann@example.net none arrived*'
letter back@example.net 'Ann <ann@example.net>' you@example.org "$(day 5)" | add back
resend --again --to=ann@example.net id:b.s5@example.org
is 'but not of a person who writes' "$said" ''
notmuch config set bounce.lock_timeout 0
hold_lock 60
resend --again id:b.s@example.org
release_lock
is 'the index is locked: the draft is made' "$code $(field To "$scratch/draft")" '0 To: bo@example.net'
like 'and it is said that the index was not told' "$said" '*index could not be told*'
done_testing
