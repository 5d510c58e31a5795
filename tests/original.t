#!/bin/sh
# The id of the mail that came back is found wherever it stands in a report, and however that is encoded or broken.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

# The mail that came back, and the same encoded.
cat >"$scratch/mail" <<'END'
Received: from pc.example.org by mx.example.net; Wed, 14 Oct 2026 10:00:00 +0000
From: You <you@example.org>
To: bo@example.net
Subject: =?utf-8?Q?f=C3=BCr?= Bo
Message-ID:
 <o=1.2@example.org>
MIME-Version: 1.0

Hello.
END
perl -MMIME::QuotedPrint -0777 -pe '$_ = encode_qp $_' "$scratch/mail" >"$scratch/quoted"
perl -MMIME::Base64 -0777 -pe '$_ = encode_base64 $_' "$scratch/mail" >"$scratch/base64"

# shellcheck disable=SC2059 # the lines are formats
# id DESCRIPTION PART-HEADER [FILE]: in a report whose third part begins with these lines (printf), and holds FILE, the id is found.
id() {
	{
		printf 'From: MAILER-DAEMON@mx.example.net\nTo: you@example.org\nSubject: Undelivered Mail Returned to Sender\nMessage-ID: <n@mx.example.net>\nMIME-Version: 1.0\n'
		printf "${report:-Content-Type: multipart/report; report-type=delivery-status; boundary=b\n}\n"
		printf -- '--b\n\nIt failed.\n\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.net\n\n'
		printf 'Final-Recipient: rfc822; bo@example.net\nAction: failed\nStatus: 5.1.1\n\n--b\n'
		printf "$2"
		cat "$scratch/${3:-mail}"
		printf -- '\n--b--\n'
	} | perl -0777 -pe "${change:-}" >"$scratch/report"
	is "$1" "$("$bounce" classify --format=json "$scratch/report" | sed -n 's/.*"original":{"message_id":"\([^"]*\)".*/\1/p')" 'o=1.2@example.org'
	perl -pe 's/\n/\r\n/' "$scratch/report" >"$scratch/crlf"
	is "$1, with CRLF" "$("$bounce" classify --format=json "$scratch/crlf" | sed -n 's/.*"original":{"message_id":"\([^"]*\)".*/\1/p')" 'o=1.2@example.org'
}
id 'message/rfc822' 'Content-Type: message/rfc822\n\n'
id 'its header alone' 'Content-Type: text/rfc822-headers\n\n'
id 'quoted-printable' 'Content-Type: message/rfc822\nContent-Transfer-Encoding: quoted-printable\n\n' quoted
id 'base64' 'Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n' base64
id 'base64, RFC 6532' 'Content-Type: message/global\nContent-Transfer-Encoding: BASE64\n\n' base64
id 'the header alone, quoted-printable' 'Content-Type: text/rfc822-headers; charset=utf-8\nContent-Transfer-Encoding: Quoted-Printable\n\n' quoted
id 'behind an empty line' 'Content-Type: message/rfc822\n\n\n\n'
id 'behind an empty line, encoded' 'Content-Type: message/rfc822\nContent-Transfer-Encoding: quoted-printable\n\n\n' quoted
id 'no empty line behind the head of the part' 'Content-Type: message/rfc822\n'
id '  nor with other fields in it' 'Content-Description: Undelivered Message\nContent-Type: message/rfc822\nContent-Transfer-Encoding: 8bit\n'
id '  nor before a header alone' 'Content-Type: text/rfc822-headers\n'
id 'a type with blanks and comments' 'Content-Type: (returned) Message / RFC822 (mail)\n\n'
id 'a type without a semicolon before the next' 'Content-Type: message/rfc822 name=returned.eml\n\n'
id 'a parameter that is not closed' 'Content-Type: message/rfc822; name="returned.eml\n\n'
id 'parameters on a line without indent' 'Content-Type: message/rfc822;\nname="returned.eml"\n\n'
id 'in a part of the part' 'Content-Type: multipart/mixed; boundary=c\n\n--c\nContent-Type: message/rfc822\n\n'
change='s/--b\n(?=Content-Type: message.rfc822)/--other\n/'
id 'with another boundary than the others' 'Content-Type: message/rfc822\n\n'
change=
report='Content-Type: multipart/report; report-type=delivery-status\n'
id 'in a report without its boundary' 'Content-Type: message/rfc822\n\n'
report='Content-Type: multipart/report; boundary=other\n'
id 'with a boundary that does not occur' 'Content-Type: message/rfc822\n\n'
report='Content-Type: multipart/report; report-type=delivery-status;\nboundary="b"\n'
id 'with a boundary on a line without indent' 'Content-Type: message/rfc822\n\n'
report="Content-Type: multipart/report; boundary*=us-ascii''%%62\n"
id 'with a boundary as RFC 2231 has it' 'Content-Type: message/rfc822\n\n'
report='Auto-Submitted: auto-generated\nContent-Type: multipart/mixed; boundary=w\n\n--w\n\nThe list has a bounce.\n--w\nContent-Type: message/rfc822\n\nFrom: mailer-daemon@mx.example.net\nContent-Type: multipart/report; boundary=b\n'
id 'a report in a mail of a list manager' 'Content-Type: message/rfc822\n\n'
id '  and encoded there' 'Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n' base64

done_testing
