#!/bin/sh
# resend's repairs: what they change, and that all else is in the draft byte for byte.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=index-lib.sh
. ./index-lib.sh
# shellcheck source=resend-lib.sh
. ./resend-lib.sh

# One at the end of a line, where it would not be seen.
blank=' '

new_index
rich >"$scratch/rich"
sent m@example.org 'Bo <bo@example.net>, ann@example.com' 'Cc: cy@example.net' 'Bcc: secret@example.net' 'MIME-Version: 1.0' \
	'Content-Type: multipart/mixed;' '	boundary="most"' <"$scratch/rich"
bounced m@example.org "$full|bo@example.net"
original=$scratch/m@example.org
mime "$original" >"$scratch/parts"
is 'the mail that is sent again' "$(cut -d' ' -f1-4 "$scratch/parts" | tr '\n' ';')" \
	'0 multipart/mixed;1 multipart/alternative;1.1 text/plain utf-8 -;1.2 multipart/related;1.2.1 text/html utf-8 -;1.2.2 image/png - logo.png;2 application/pdf - 見積.pdf;3 text/plain iso-2022-jp 資料.txt;4 message/rfc822 - -;'

resend id:b.m@example.org
body "$original" >"$scratch/was"
body "$scratch/draft" >"$scratch/is"
same 'no repair: all parts byte for byte, preamble and epilogue too' "$scratch/is" "$scratch/was"

# -- --note, --quote-recipients
resend --again --note id:b.m@example.org
is '--note: on top of the plain text' "$(mime "$scratch/draft" 1.1)" "(Sent again: the first copy of this message didn't arrive.)

Grüße$blank
an alle."
like '--note: and of the HTML, behind <body>' "$(mime "$scratch/draft" 1.2.1)" \
	'<html><head><title>x</title></head><body bgcolor="white"><p>(Sent again: the first copy of this message didn'"'"'t arrive.)</p>*<p>Grüße an <b>alle</b>.</p>*'
is '--note: all else as it was' "$(mime "$scratch/draft" | grep -v '^1[.][12.]* text/')" "$(grep -v '^1[.][12.]* text/' "$scratch/parts")"
diff "$original" "$scratch/draft" | sed -n 's/^< //p' | grep -vE '^(To|Cc|Bcc|Date|Message-ID):' >"$scratch/gone"
is '--note: of the old lines only the one with <body> is another' "$(cat "$scratch/gone")" '<html><head><title>x</title></head><body bgcolor=3D"white"><p>Gr=C3=BC=C3=9F='
resend --again --quote-recipients id:b.m@example.org
is '--quote-recipients: To and Cc, not Bcc' "$(mime "$scratch/draft" 1.1 | sed -n '1,3p')" '(The first copy went to: Bo <bo@example.net>, ann@example.com)
(The first copy went to: cy@example.net)'
ok '--quote-recipients: Bcc nowhere' sh -c '! grep -q secret "$1"' sh "$scratch/draft"

# top NAME HEADER BODY: a mail of one text, sent again with a note: the text is in $top, what was in front of it in the draft's body in $scratch.
top() {
	new_index
	printf '%b' "$3" >"$scratch/in"
	sent x@example.org bo@example.net 'MIME-Version: 1.0' "$2" <"$scratch/in"
	bounced x@example.org "$full|bo@example.net"
	resend --note id:b.x@example.org
	body "$scratch/draft" >"$scratch/is"
}
note='(Sent again: the first copy of this message didn'"'"'t arrive.)'
top 'US-ASCII' 'X-Nothing: here' 'Hello.\n'
is '--note on ASCII' "$(cat "$scratch/is")" "$note

Hello."
top 'ISO-2022-JP' 'Content-Type: text/plain; charset=iso-2022-jp' '\033$B;qNA\033(B\n'
printf '%s\n\n\033$B;qNA\033(B\n' "$note" >"$scratch/wanted"
same '--note on ISO-2022-JP: the bytes stay' "$scratch/is" "$scratch/wanted"
top base64 'Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: base64' 'SGVsbG8uDQo=\n'
is '--note on base64: the old lines stay' "$(tail -n 1 "$scratch/is")" 'SGVsbG8uDQo='
is '--note on base64: one text' "$(mime "$scratch/draft" 0 | tr -d '\r' | grep -v '^$')" "$note
Hello."
top flowed 'Content-Type: text/plain; charset=us-ascii; format=flowed; delsp=yes' 'One \ntwo.\n'
is '--note on format=flowed: a line of its own' "$(cat "$scratch/is")" "$note

One$blank
two."
top html 'Content-Type: text/html; charset=iso-8859-1' 'no body element \0344\n'
printf '<p>%s</p>\nno body element \344\n' "$note" >"$scratch/wanted"
same '--note on HTML without <body>' "$scratch/is" "$scratch/wanted"
top 'HTML, a NUL before <body>' 'Content-Type: text/html; charset=us-ascii' '<html>\0000<head></head>\n<body>text\n'
printf '<html>\000<head></head>\n<body>\n<p>%s</p>\ntext\n' "$note" >"$scratch/wanted"
same '--note on HTML with a NUL before <body>: the bytes stay' "$scratch/is" "$scratch/wanted"
start=$(date +%s)
top 'HTML, <body not closed' 'Content-Type: text/html; charset=us-ascii' "$(perl -e 'print "<body " x 1_000_000')"
is '--note on HTML in which no <body is closed: on top' "$(head -c 3 "$scratch/is")" '<p>'
ok '--note on HTML in which no <body is closed: soon' test $(($(date +%s) - start)) -lt 30
top pdf 'Content-Type: application/pdf; name=a.pdf
Content-Transfer-Encoding: base64' 'JVBERi0xLjQK\n'
is '--note on an attachment without text: a text before it' "$(mime "$scratch/draft" | cut -d' ' -f1-5)" '0 multipart/mixed
1 text/plain us-ascii - 60
2 application/pdf - a.pdf 9'

# -- --no-attachments
rich_came_back
resend --no-attachments id:b.m@example.org
is '--no-attachments: the text stays, and what it shows' "$(mime "$scratch/draft" | cut -d' ' -f1-4)" '0 multipart/mixed
1 multipart/alternative
1.1 text/plain utf-8 -
1.2 multipart/related
1.2.1 text/html utf-8 -
1.2.2 image/png - logo.png'
is '--no-attachments: a line for each' "$(mime "$scratch/draft" 1.1)" "(Not attached: 見積.pdf, 15 bytes)
(Not attached: 資料.txt, 10 bytes)
(Not attached: mail.eml, 202 bytes)

Grüße$blank
an alle."
like '--no-attachments: in the HTML too' "$(mime "$scratch/draft" 1.2.1)" '*(Not attached: &#35211;&#31309;.pdf, 15 bytes)<br>*'
resend --again --no-attachments --plain id:b.m@example.org
is '--no-attachments --plain: one text' "$(mime "$scratch/draft" | cut -d' ' -f1-4) $(field Content-Type "$scratch/draft")" '0 text/plain utf-8 - Content-Type: text/plain; charset=utf-8; format=flowed'
like '--no-attachments --plain: with the lines' "$(mime "$scratch/draft" 0)" '(Not attached: 見積.pdf*
an alle.*'

# -- --plain
resend --again --plain id:b.m@example.org
is '--plain: the plain text and the attachments' "$(mime "$scratch/draft" | cut -d' ' -f2-)" "multipart/mixed
$(grep -E '^(1[.]1|2|3|4) ' "$scratch/parts" | cut -d' ' -f2-)"
like '--plain: what is left out is said' "$said" '*left out with the HTML: 1*'
resend --again --plain --charset=iso-2022-jp id:b.m@example.org
is '--plain --charset: says what it lost' "$code $said" '0 notmuch-bounce: resend: characters that iso-2022-jp lacks became placeholders: 2. Check the text
notmuch-bounce: resend: pictures left out with the HTML: 1'
is '--plain --charset: nothing but ISO-2022-JP' "$(mime "$scratch/draft" 1 | od -An -c | tr -d ' \n')" 'Gr033$B".".033(Be\nanalle.\n'
is '--plain --charset: an ASCII subject stays' "$(field Subject "$scratch/draft")" 'Subject: about m'
exits '--charset there is not: 77' 77 "$bounce" resend --again --plain --charset=nonsense id:b.m@example.org
exits '--charset alone: 64' 64 "$bounce" resend --again --charset=iso-2022-jp id:b.m@example.org

# plain HEADER BODY ARGUMENT...: a mail of one part, sent again with --plain.
plain() {
	new_index
	printf '%b' "$2" >"$scratch/in"
	sent x@example.org bo@example.net 'MIME-Version: 1.0' "$1" <"$scratch/in"
	bounced x@example.org "$full|bo@example.net"
	shift 2
	resend --plain "$@" id:b.x@example.org
}
plain 'Content-Type: text/html; charset=utf-8' '<style>p{}</style><p>H\0303\0251llo &amp; <br>you</p><ul><li>one<li>two</ul><p>See <a href="https://example.org/x?a=1&amp;b=2">there</a>, <a href="http://www.example.org/">www.example.org</a>, <a href="#top">up</a> or <a href="mailto:bo@example.net">write</a>.'
is '--plain: HTML is converted' "$(mime "$scratch/draft" 0)" 'Héllo &
you

- one
- two

See there <https://example.org/x?a=1&b=2>, www.example.org, up or write <bo@example.net>.'
is '--plain: and is no HTML any more' "$(field 'Content-[A-Za-z-]*' "$scratch/draft")" 'Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: quoted-printable'
plain 'Content-Type: text/plain; charset=utf-8; format=flowed' 'One \ntwo.\n'
is '--plain: what is plain stays as it is' "$(body "$scratch/draft") $(field Content-Type "$scratch/draft")" "One$blank
two. Content-Type: text/plain; charset=utf-8; format=flowed"
plain 'Content-Type: multipart/mixed; boundary=x' '--x\nContent-Type: text/plain\nAttach: /etc/passwd\nBcc: eve@example.com\nContent-ID: <i>\n\nOne.\n--x--\n'
is '--plain: of the fields of a part only those go over that describe it' "$(header "$scratch/draft" | grep -v '^\(From\|To\|Date\|Subject\|Message-ID\):')" 'MIME-Version: 1.0
Content-Type: text/plain
Content-ID: <i>'
subject='=?utf-8?B?44GK6KaL56mN44KK44KS44GK6YCB44KK44GX44G+44GZ?= =?utf-8?Q?=E2=91=A0?='
plain 'Content-Type: text/plain; charset=utf-8' '本文\n' --charset=iso-2022-jp
subject=
is '--plain --charset=iso-2022-jp: the subject too, each word for itself' "$(perl -MEncode -0777 -ne '
	/^Subject: (.*\n(?:[ \t].*\n)*)/im; my $s = $1;
	print scalar(() = $s =~ /=\?iso-2022-jp\?B\?[A-Za-z0-9+\/=]{1,60}\?=/g), " ", $s =~ /utf-8/i ? "utf-8" : "", encode_utf8 decode "MIME-Header", $s' "$scratch/draft")" '2 お見積りをお送りします(1)'
plain 'Content-Type: text/plain; charset=utf-8' '①㈱ｶﾞｯﾂ～髙\n' --charset=iso-2022-jp
is '--plain --charset=iso-2022-jp: vendor characters in words that all phones have' "$(mime "$scratch/draft" 0 | perl -MEncode -0777 -ne 'print encode_utf8 decode "iso-2022-jp", $_')" '(1)(株)ガッツ〜高'
is 'and says so' "$(field 'Content-[A-Za-z-]*' "$scratch/draft")" 'Content-Type: text/plain; charset=iso-2022-jp
Content-Transfer-Encoding: 7bit'
plain 'Content-Type: text/html; charset=us-ascii' "<p>$(perl -e 'print "long " x 400')</p>"
is '--plain: no line is longer than mail allows' "$(awk 'length > 990' "$scratch/draft" | wc -l | tr -d ' ') $(mime "$scratch/draft" 0 | wc -w | tr -d ' ')" '0 400'
plain 'Content-Type: text/html; charset=us-ascii' "<p>$(perl -e 'print "x" x 5000000')</p>"
is '--plain: HTML that is too long is not cut' "$code $(wc -c <"$scratch/draft" | tr -d ' ')" '77 0'

# -- --scan
four_came_back
refuses '--scan without a scanner' '*bounce.scanner*' --again --scan id:b.s@example.org
scanner() {
	printf '#!/bin/sh\n%s\n' "$1" >"$scratch/scanner"
	chmod +x "$scratch/scanner"
	notmuch config set bounce.scanner "$scratch/scanner $2"
}
scanner 'cat >>"$0.got"; echo >>"$0.got"; echo --- >>"$0.got"' ''
resend --again --scan id:b.s@example.org
is '--scan: each part, decoded' "$code $(grep -c -a '^---$' "$scratch/scanner.got") $(head -n 1 "$scratch/scanner.got")" '0 5 Hello.'
scanner 'stat -c %a "$2" >"$0.got"; cmp -s "$2" /dev/null; echo "$1" >>"$0.got"; echo "$2" >"$0.path"' '--x=$(id) {}'
resend --again --scan id:b.s@example.org
is '--scan: in a private file, without a shell' "$code $(tr '\n' ' ' <"$scratch/scanner.got")" '0 600 --x=$(id) '
ok '--scan: which is gone afterwards' test ! -e "$(cat "$scratch/scanner.path")"
scanner 'cat >/dev/null; printf "stream: Eicar\033[1m-Test FOUND\n"; exit 1' ''
refuses '--scan finds something' '*found something in attachment.txt: stream: Eicar?1m-Test FOUND. It is not sent on' --again --scan id:b.s@example.org
scanner 'exit 2' ''
refuses '--scan: the scanner fails' '*could not look at*exit status 2*' --again --scan id:b.s@example.org
notmuch config set bounce.scanner /nowhere/scanner
refuses '--scan: there is no such scanner' "*can't run /nowhere/scanner: No such file*" --again --scan id:b.s@example.org

# -- sealed
new_index
{
	printf -- '--s\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\nGrüße  \n\n--s\nContent-Type: application/pgp-signature\n\n'
	printf -- '-----BEGIN PGP SIGNATURE-----\n\niHU=\n-----END PGP SIGNATURE-----\n\n--s--\n'
} >"$scratch/in"
sent g@example.org bo@example.net 'MIME-Version: 1.0' 'Content-Type: multipart/signed; micalg=pgp-sha256;' '	protocol="application/pgp-signature"; boundary=s' <"$scratch/in"
bounced g@example.org "$full|bo@example.net"
for repair in --note --quote-recipients --plain --no-attachments --zip --split=1M; do
	refuses "$repair on a signed mail" "*this message is signed or encrypted: ${repair%=*} would break*" $repair id:b.g@example.org
done
resend --to=new@example.net --max-size=1M id:b.g@example.org
body "$scratch/draft" >"$scratch/is"
same 'a signed mail: byte for byte' "$scratch/is" "$scratch/in"
is 'and its type' "$(field Content-Type "$scratch/draft")" "$(field Content-Type "$scratch/g@example.org")"
new_index
printf 'MIIB\n' >"$scratch/in"
sent g@example.org bo@example.net 'MIME-Version: 1.0' 'Content-Type: application/pkcs7-mime; smime-type=signed-data' 'Content-Transfer-Encoding: base64' <"$scratch/in"
bounced g@example.org "$full|bo@example.net"
refuses 'S/MIME in one piece' '*signed or encrypted*' --note id:b.g@example.org
resend id:b.g@example.org
body "$scratch/draft" >"$scratch/is"
same 'S/MIME: byte for byte' "$scratch/is" "$scratch/in"
new_index
printf -- '-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nHello.\n-----BEGIN PGP SIGNATURE-----\n\niHU=\n-----END PGP SIGNATURE-----\n' >"$scratch/in"
sent g@example.org bo@example.net <"$scratch/in"
bounced g@example.org "$full|bo@example.net"
refuses 'PGP within the text' '*signed or encrypted*' --plain id:b.g@example.org
resend --note id:b.g@example.org
is 'PGP within the text: a line before it breaks nothing' "$code $(body "$scratch/draft" | tail -n +3)" "0 $(cat "$scratch/in")"

done_testing
