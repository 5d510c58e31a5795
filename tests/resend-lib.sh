# shellcheck shell=sh
# shellcheck disable=SC2154,SC2034 # what lib.sh and index-lib.sh have, and what is for those who source this
# For the tests of resend: mails to send again, and what is in a draft. Sourced behind lib.sh and index-lib.sh.

# sent ID TO [FIELD...]: the body on standard input, as a mail that the user sent on 1 March, into the database. Its subject: $subject.
sent() {
	id=$1
	to=$2
	shift 2
	{
		printf 'From: You <you@example.org>\nTo: %s\nDate: %s\nSubject: %s\nMessage-ID: <%s>\n' "$to" "$(day 1)" "${subject:-about ${id%%@*}}" "$id"
		[ $# -eq 0 ] || printf '%s\n' "$@"
		printf '\n'
		cat
	} >"$scratch/$id"
	add "$id" <"$scratch/$id"
}

# bounced ID GROUP...: a bounce of the mail ID, b.ID, in the database and sorted.
bounced() {
	of=$1
	shift
	report "b.$of" "$(day 2)" "$of" "$@" >"$scratch/b.$of"
	add "b.$of" <"$scratch/b.$of"
	run_tag
}

# resend ARGUMENT...: the draft is in $scratch/draft, what is said in $said.
resend() {
	"$bounce" resend "$@" >"$scratch/draft" 2>"$scratch/err"
	code=$?
	said=$(cat "$scratch/err")
}

# refuses DESCRIPTION PATTERN ARGUMENT...: nothing is made, exit status 77, and the reason is said.
refuses() {
	description=$1
	pattern=$2
	shift 2
	resend "$@"
	is "$description: nothing is made" "$code $(wc -c <"$scratch/draft" | tr -d ' ')" '77 0'
	like "$description: says why" "$said" "$pattern"
}

# header FILE / body FILE: what stands before and behind the first empty line.
header() {
	perl -0777 -ne 's/\r?\n\r?\n.*//s; print "$_\n"' "$1"
}
body() {
	perl -0777 -ne 's/^.*?\r?\n\r?\n//s; print' "$1"
}

# field NAME FILE: all fields of that name, byte for byte.
field() {
	header "$2" | perl -0777 -ne 'print "$1" while /^('"$1"':.*\n(?:[ \t].*\n)*)/gim'
}

# mime FILE [WHAT]: its MIME tree, a line a part; see mime.pl.
mime() {
	perl mime.pl "$@"
}

# noise N: base64 of N bytes of no pattern.
noise() {
	perl -MMIME::Base64 -MDigest::SHA=sha512 -e 'print encode_base64 substr join("", map { sha512 $_ } 0 .. $ARGV[0] / 64), 0, $ARGV[0]' "$1"
}

# What many mail programs write: text in two forms with a picture, attachments with names of all kinds, a mail in the mail.
rich() {
	cat <<'END'
This is a multi-part message in MIME format.
--most
Content-Type: multipart/alternative; boundary="in=ner"

--in=ner
Content-Type: text/plain; charset=utf-8; format=flowed
Content-Transfer-Encoding: quoted-printable

Gr=C3=BC=C3=9Fe=20
an alle.

--in=ner
Content-Type: multipart/related; boundary=mos

--mos
Content-Type: text/html; charset=utf-8
Content-Transfer-Encoding: quoted-printable

<html><head><title>x</title></head><body bgcolor=3D"white"><p>Gr=C3=BC=C3=9F=
e an <b>alle</b>.</p><img src=3D"cid:a"></body></html>

--mos
Content-Type: image/png
Content-ID: <a>
Content-Disposition: inline; filename=logo.png
Content-Transfer-Encoding: base64

iVBORw0KGgo=
--mos--
--in=ner--

--most
Content-Type: application/pdf
Content-Disposition: attachment;
	filename*0*=utf-8''%E8%A6%8B%E7%A9%8D;
	filename*1=".pdf"
Content-Transfer-Encoding: base64

JVBERi0xLjQKJeLjz9MK
--most
Content-Type: text/plain; charset=iso-2022-jp; name="=?iso-2022-jp?B?GyRCO3FOQRsoQi50eHQ=?="
Content-Disposition: attachment

END
	printf '\033$B;qNA\033(B\n'
	cat <<'END'
--most
Content-Type: message/rfc822

From: someone@example.net
Subject: within
Content-Type: multipart/mixed; boundary=most2

--most2
Content-Type: text/plain

within
--most2
Content-Type: application/pdf; name=within.pdf

within
--most2--
--most--
the end
END
}
# rich_came_back: such a mail, m@example.org, to bo@example.net, in an index of its own. It is in $scratch/rich.
rich_came_back() {
	new_index
	rich >"$scratch/rich"
	sent m@example.org 'Bo <bo@example.net>' 'MIME-Version: 1.0' 'Content-Type: multipart/mixed; boundary="most"' <"$scratch/rich"
	bounced m@example.org "$full|bo@example.net"
}

# four_came_back: a mail with four attachments, s@example.org, and its bounce.
four_came_back() {
	new_index
	{
		printf -- '--b\nContent-Type: text/plain\n\nHello.\n'
		for name in one two three four; do
			printf -- '--b\nContent-Type: application/octet-stream; name=%s\nContent-Transfer-Encoding: base64\n\n' $name
			noise 30000
		done
		printf -- '--b--\n'
	} >"$scratch/in"
	sent s@example.org bo@example.net 'MIME-Version: 1.0' 'Content-Type: multipart/mixed; boundary=b' <"$scratch/in"
	bounced s@example.org "$full|bo@example.net"
}
