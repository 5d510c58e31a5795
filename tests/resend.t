#!/bin/sh
# resend: a draft is the mail as it was, for those who did not get it, or what came back of it; and where it is put.
# shellcheck source=lib.sh disable=SC2119 # run_tag takes options, or none
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
bounced a@example.org "$full|bo@example.net" "$full|yamada@example.jp" "$arrived|carl@example.net"
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
bounced t@example.org "$full|bo@example.net"
resend id:b.t@example.org
is 'what was added on the way is gone, and so are orders to a mail program' "$(header "$scratch/draft" | cut -d: -f1 | tr '\n' ' ')" 'From To Date Subject Message-ID '

# Newlines, odd headers.
new_index
sent c@example.org bo@example.net <<'END'
END
bounced c@example.org "$full|bo@example.net"
printf 'From nobody Thu Jan  1\r\nFrom: you@example.org\r\nTo: bo@example.net,\r\n ann@example.net\r\nMessage-ID: <c@example.org>\r\nSubject: x\r\n\r\na\r\n\r\nb' >"$mail/cur/c@example.org:2,"
resend id:b.c@example.org
printf 'From: you@example.org\r\nTo: bo@example.net\r\nMessage-ID: <>\r\nSubject: x\r\nDate: \r\n\r\na\r\n\r\nb' >"$scratch/wanted"
sed 's/^\(Message-ID: <\)[^>]*/\1/; s/^\(Date: \)[^\r]*/\1/' "$scratch/draft" >"$scratch/is"
same 'CRLF stays CRLF, a From_ line goes, a body without newline stays without' "$scratch/is" "$scratch/wanted"
new_index
sent g@example.org 'friends: bo@example.net, "x, y" <xy@example.net>;, undisclosed:;' 'Cc: (a, comment) joe@example.net (<bo@example.net>), <eve@example.net>' <<'END'
END
bounced g@example.org "$full|xy@example.net" "$full|joe@example.net"
resend id:b.g@example.org
is 'groups are opened' "$(field To "$scratch/draft")" 'To: "x, y" <xy@example.net>'
is 'comments are no addresses' "$(field Cc "$scratch/draft")" 'Cc: (a, comment) joe@example.net (<bo@example.net>)'
new_index
sent f@example.org 'Office <office@example.net>, bo@elsewhere.example.org' <<'END'
END
bounced f@example.org "$full|bo@elsewhere.example|office@example.net"
resend id:b.f@example.org
is 'a forwarded address is the one that the user wrote to' "$(field To "$scratch/draft")" 'To: Office <office@example.net>'

# -- other addresses
new_index
sent n@example.org 'Bo <bo@example.net>, Ann <ann@example.net>, Cy <cy@example.net>' <<'END'
END
bounced n@example.org "$full|bo@example.net"
resend --to=new@example.com id:b.n@example.org
is '--to=ADDRESS: for the one that failed, with the name' "$code $(field To "$scratch/draft")" '0 To: Bo <new@example.com>'
resend --again --all --to new@example.com id:b.n@example.org
is '--all --to: the others stay' "$(field To "$scratch/draft")" 'To: Bo <new@example.com>, Ann <ann@example.net>, Cy <cy@example.net>'
report b2@mx.example.net "$(day 3)" n@example.org "$full|bo@example.net" "$full|cy@example.net" | add b2
run_tag
exits '--to=ADDRESS when two failed: 64' 64 "$bounce" resend --to=new@example.com id:b2@mx.example.net
like 'says which' "$(cat "$scratch/err")" '*: --to=OLD=NEW is needed here: new@example.com could be for any of bo@example.net, cy@example.net'
resend --to=bo@example.net=b.o@example.com --to=cy@example.net=c+x=y@example.com id:b2@mx.example.net
is '--to=OLD=NEW, twice' "$(field To "$scratch/draft")" 'To: Bo <b.o@example.com>, Cy <c+x=y@example.com>'
exits '--to=OLD=NEW for one who got it: 64' 64 "$bounce" resend --again --to=ann@example.net=x@example.com id:b2@mx.example.net
for address in nobody 'a@b, c@d' "$(printf 'a@example.com\nBcc: x@example.com')" 'x <a@example.com>'; do
	exits "--to=$(printf '%s' "$address" | tr '\n' '/'): no address: 64" 64 "$bounce" resend --again --to="bo@example.net=$address" id:b2@mx.example.net
done
like 'says what is wrong' "$(cat "$scratch/err")" '*"x <a@example.com>" is not an address*'

# -- what came back
new_index
original_to='Bo <bo@example.net>, ann@example.net'
report o@mx.example.net "$(day 2)" gone@example.org "$full|bo@example.net" | sed 's/^Subject: about gone$/Subject: about gone\nX-Other: strange\nAttach: \/etc\/passwd\nReceived: by x/; s/^Hello.$/Hello you./' | add o
run_tag
refuses 'not in the index' '*is not in the index*--from-returned*' id:o@mx.example.net
resend --from-returned id:o@mx.example.net
is '--from-returned' "$code $(field To "$scratch/draft") $(body "$scratch/draft")" '0 To: Bo <bo@example.net> Hello you.'
is '--from-returned: the plainest fields only' "$(header "$scratch/draft" | cut -d: -f1 | tr '\n' ' ')" 'From To Subject Message-ID Date '
like '--from-returned: says so' "$said" '*your own copy is not in the index*'
original_to='Bo <bo@日本語.example>, Ann <ann@example.net>'
report o1@mx.example.net "$(day 2)" gone@example.org "$full|bo@xn--wgv71a119e.example" | add o1
run_tag
resend --from-returned id:o1@mx.example.net
is '--from-returned: a domain that was written in letters' "$code $(field To "$scratch/draft")" '0 To: Bo <bo@日本語.example>'
original_to='Bo <bo@example.net>, ann@example.net'
report o2@mx.example.net "$(day 2)" gone@example.org "$full|bo@example.net" | perl -pe 's/^Subject: about gone$/Subject: a\rBcc: eve\@example.net\033]0;x\007\0\177 \033\$B;q\033(B/' | add o2
resend --from-returned id:o2@mx.example.net
is '--from-returned: fields have text in them and nothing else' "$(field Subject "$scratch/draft" | od -An -c | tr -d ' \n')" 'Subject:aBcc:eve@example.net]0;x033$B;q033(B\n'
original_type=text/rfc822-headers
report h@mx.example.net "$(day 2)" gone@example.org "$full|bo@example.net" | perl -0777 -pe 's/\n\nHello\.\n\n--b--/\n--b--/' | add h
run_tag
original_type=''
refuses 'only a header' '*only its header*' id:h@mx.example.net
resend --from-returned id:h@mx.example.net
is 'only a header --from-returned: empty' "$code $(body "$scratch/draft")" '0 '
like 'only a header --from-returned: says so' "$said" '*the text of your message is lost: only its header came back*'
report e@mx.example.net "$(day 2)" gone@example.org "$full|bo@example.net" | sed 's/^From: You .*/From: eve@example.net/' | add e
run_tag
refuses 'not from the user' '*from eve@example.net, not one of your addresses*' --from-returned id:e@mx.example.net
notice q@mx.example.net "$(day 2)" bo@example.net 'Return-Path: <you@example.org>' 'From: you@example.org' 'To: bo@example.net' \
	'Message-ID: <lost@example.org>' 'Subject: about' ' it' '' 'Hello.' '' 'Bye' | add q
resend --from-returned --anyway id:q@mx.example.net
is 'from a text without parts' "$code $(field Subject "$scratch/draft" | tr '\n' '/') $(body "$scratch/draft" | tr '\n' '/')" '0 Subject: about/ it/ Hello.//Bye/'
notice nothing@mx.example.net "$(day 2)" bo@example.net >"$scratch/in"
refuses 'nothing came back' '*nothing of it came back*' --from-returned "$scratch/in"
NOTMUCH_CONFIG=/nowhere refuses 'without an index' '*no index*' "$mail/cur/o:2,"
original_to=''

# -- nobody is there
new_index
sent x@example.org 'Bo <bo@example.net>, Ann <ann@example.net>, Cy <cy@example.net>' <<'END'
END
bounced x@example.org "$gone|bo@example.net" "$full|ann@example.net"
resend id:b.x@example.org
is 'who can still be reached' "$code $(field To "$scratch/draft")" '0 To: Ann <ann@example.net>'
is 'and who not, which is said' "$said" 'notmuch-bounce: resend: not to bo@example.net, where nobody gets mail: --to=OLD=NEW gives the right address'
resend --all id:b.x@example.org
is 'not with --all either' "$(field To "$scratch/draft")" 'To: Ann <ann@example.net>, Cy <cy@example.net>'
resend --anyway id:b.x@example.org
is 'but with --anyway' "$(field To "$scratch/draft")" 'To: Bo <bo@example.net>, Ann <ann@example.net>'
like 'and that is said' "$said" '*correct bo@example.net before you send: it failed (unknown address)*'
resend --to=bo@example.net=new@example.net id:b.x@example.org
is 'or corrected' "$(field To "$scratch/draft")" 'To: Bo <new@example.net>, Ann <ann@example.net>'
refuses 'nobody is left' '*nobody gets mail at bo@example.net (unknown address)*--to=ADDRESS*--anyway*' --skip=ann@example.net id:b.x@example.org
new_index
sent idn@example.org 'Bo <bo@xn--wgv71a119e.example>' <<'END'
END
bounced idn@example.org "$gone|bo@xn--wgv71a119e.example"
refuses 'a domain as people write it' '*at bo@日本語.example (*' id:b.idn@example.org
like '--suggest: the same' "$("$bounce" resend --suggest id:b.idn@example.org)" 'bo@日本語.example*'
like '--suggest=json: as mail carries it' "$("$bounce" resend --suggest=json id:b.idn@example.org)" '*"failed":"bo@xn--wgv71a119e.example"*'
resend --to=bo@日本語.example=cy@日本.example id:b.idn@example.org
is 'and typed so, as mail carries it' "$code $(field To "$scratch/draft")" '0 To: Bo <cy@xn--wgv71a.example>'

# -- somebody moved: explain has the command ready, if the index bears the report out
new_index
moved='failed|5.1.6|551 5.1.6 User has moved to <new@example.com>|bo@example.net'
sent mv@example.org 'Bo <bo@example.net>' <<'END'
END
bounced mv@example.org "$moved"
is 'the command to type' "$("$bounce" explain --lang=en --width=100 id:b.mv@example.org | sed -n 's/^ *\$ \(.*\)/\1/p' | head -n 1)" \
	'notmuch bounce resend --to=new@example.com id:b.mv@example.org'
original_to=bo@example.net
report forged@mx.example.net "$(day 2)" never@example.org "$moved" | add forged
original_to=''
run_tag
unlike 'of one that anybody could have written, none that names an address' "$("$bounce" explain --lang=en --width=100 id:forged@mx.example.net)" '*--to=new@example.com*'
resend --to=new@example.com id:b.mv@example.org
is 'and does what it says' "$code $(field To "$scratch/draft")" '0 To: Bo <new@example.com>'

# -- the place for drafts
new_index
sent d@example.org bo@example.net <<'END'
Hello.
END
bounced d@example.org "$full|bo@example.net"
(umask 0 && "$bounce" resend --draft="$scratch/drafts" id:b.d@example.org >"$scratch/out" 2>"$scratch/err")
is '--draft: a new one is said to be new' "$(cat "$scratch/err")" "notmuch-bounce: resend: $scratch/drafts is a new Maildir"
is '--draft: a Maildir that nobody else can read' "$(find "$scratch/drafts" -type d -perm 700 | wc -l | tr -d ' ')" 4
is '--draft: one draft, marked as that, with mode 0600' "$(find "$scratch/drafts" -type f -perm 600)" "$(find "$scratch/drafts/cur" -name '*:2,DS')"
is '--draft: its name is said' "$(cat "$scratch/out")" "$(find "$scratch/drafts/cur" -type f)"
is '--draft: it is the draft' "$(body "$(cat "$scratch/out")")" 'Hello.'
"$bounce" resend --again --draft="$scratch/drafts" id:b.d@example.org >"$scratch/out" 2>"$scratch/err"
is '--draft: one that was there is not' "$(cat "$scratch/err")" ''
is '--draft: another beside it' "$(find "$scratch/drafts/cur" -type f | wc -l | tr -d ' ')" 2
touch "$scratch/file"
exits '--draft=FILE: 74' 74 "$bounce" resend --again --draft="$scratch/file" id:b.d@example.org
if [ -w /dev/full ]; then
	"$bounce" resend --again id:b.d@example.org >/dev/full 2>"$scratch/err"
	is 'no room for the draft: 75' $? 75
fi

done_testing
