#!/bin/sh
# filter: the mail byte for byte; a bounce with our fields in front, any mail without those it came with.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

mail=bounces/user-unknown/postfix-local.eml

filter() {
	"$bounce" filter <"$1" >"$scratch/out" 2>"$scratch/err"
}

# unchanged DESCRIPTION: $scratch/in comes out as it went in.
unchanged() {
	filter "$scratch/in"
	is "$1: exit 0" $? 0
	same "$1: byte for byte" "$scratch/out" "$scratch/in"
}

# Our fields are taken off the header again, as the delivery agents' own tools would: by name, with the lines folded under them.
without_ours() {
	perl -e 'local $/; $_ = <STDIN>; my ($head, $rest) = /^(.*?\n)(\r?\n.*)?$/s;
		1 while $head =~ s/^X-Bounce-[^\n]*\n(?:[ \t][^\n]*\n)*//mi;
		print $head, $rest // ""'
}
header() {
	sed '/^\r*$/q' "$1"
}
field() {
	perl -0777 -ne 's/\r//g; s/\n\n.*//s; s/\n[ \t]/ /g; print "$1\n" while /^\Q'"$1"'\E: *(.*)$/mg' "$scratch/out"
}

# -- ordinary mail comes out as it went in
for file in not-bounces/*.eml; do
	filter "$file"
	same "$(basename "$file" .eml)" "$scratch/out" "$file"
done
head_of_mail='From: anna@freunde.example\nTo: hana@shop.example.com\nSubject: x\nMessage-ID: <f1@freunde.example>\n'
# shellcheck disable=SC2059 # the format is the mail
{
	printf "$head_of_mail\n"
	head -c 25000000 /dev/urandom | base64
} >"$scratch/in"
unchanged '34 MB'
# shellcheck disable=SC2059
{ printf "$head_of_mail\n"; head -c 300000 /dev/urandom; } >"$scratch/in"
unchanged 'random bytes'
# shellcheck disable=SC2059
{ printf "$head_of_mail"'X-N: \0\n\nNUL \0 \0\n'; } >"$scratch/in"
unchanged 'NUL in header and body'
printf 'From: \344nna@freunde.example\nSubject: \377\376 \202\340\n\n\200\201\377\n' >"$scratch/in"
unchanged '8-bit bytes'
printf 'From: a@b.example\r\nSubject: x\r\n\r\nbody\r\n' >"$scratch/in"
unchanged 'CRLF'
printf 'From: a@b.example\rSubject: x\r\rbody\r' >"$scratch/in"
unchanged 'bare CR'
printf 'From: a@b.example\nSubject: x\r\n\nbody\r\n\rmore\n' >"$scratch/in"
unchanged 'mixed newlines'
printf 'From: a@b.example\nSubject: x\n\nno newline at the end' >"$scratch/in"
unchanged 'no final newline'
printf 'From: a@b.example\nSubject: x' >"$scratch/in"
unchanged 'nothing but half a header'
printf 'From: a@b.example\nSubject: x\n' >"$scratch/in"
unchanged 'a header without a body'
printf '\nonly a body\n' >"$scratch/in"
unchanged 'no header'
printf 'these are words, and no mail at all\n' >"$scratch/in"
unchanged 'no mail at all'
: >"$scratch/in"
unchanged 'empty input'
printf '\n' >"$scratch/in"
unchanged 'one newline'
printf 'X' >"$scratch/in"
unchanged 'one byte'
printf 'From anna@freunde.example Wed Oct 14 09:12:44 2026\nFrom: a@b.example\nSubject: x\n\nFrom here\n>From there\n' >"$scratch/in"
unchanged 'a From_ line'
head -c 3000000 "$bounce" >"$scratch/in"
unchanged 'a program'

# -- a bounce gets our fields, and is otherwise as it was
number=0
for file in bounces/*/*.eml; do
	number=$((number + 1))
	filter "$file"
	mv "$scratch/out" "$scratch/filtered.$number"
done
perl -e 'my $scratch = shift; local $/;
	sub contents { open my $file, "<", $_[0] or die "$_[0]: $!"; my $text = <$file>; $text =~ tr/\r/\n/ if $_[1]; return $text }
	for my $i (0 .. $#ARGV) {
		my $is_cr = $ARGV[$i] =~ /bare-cr/;
		my ($head, $rest) = contents("$scratch/filtered." . ($i + 1), $is_cr) =~ /^(.*?\n)(\r?\n.*)$/s;
		my $kinds = () = $head =~ /^X-Bounce-Kind: /mg;
		$head =~ s/^((?:>?From .*\n)?)(?:X-Bounce-.*\n(?:[ \t].*\n)*)*/$1/;
		print "$ARGV[$i]\n" if $kinds != 1 || $head . $rest ne contents($ARGV[$i], $is_cr);
	}' "$scratch" bounces/*/*.eml >"$scratch/changed"
is 'every sample: our fields in front, the rest byte for byte' "$(cat "$scratch/changed")" ''

filter "$mail"
is 'X-Bounce-Kind' "$(field X-Bounce-Kind)" failed
is 'X-Bounce-Reason' "$(field X-Bounce-Reason)" user-unknown
is 'X-Bounce-Recipient' "$(field X-Bounce-Recipient)" no.such.user@local.postfix.example
is 'X-Bounce-Status' "$(field X-Bounce-Status)" 5.1.1
is 'X-Bounce-Permanence' "$(field X-Bounce-Permanence)" permanent
like 'X-Bounce-Original-Id' "$(field X-Bounce-Original-Id)" '*20261123072935.0B6B7041@postfix.example*'
like 'they stand in front' "$(head -n 1 "$scratch/out")" 'X-Bounce-*'
filter bounces/user-unknown/variant-from-line.eml
like 'a From_ line stays the first line' "$(head -n 1 "$scratch/out")" 'From MAILER-DAEMON *'
like 'then come ours' "$(sed -n 2p "$scratch/out")" 'X-Bounce-*'
filter bounces/user-unknown/variant-crlf.eml
is 'a bounce with CRLF gets fields with CRLF' "$(header "$scratch/out" | grep -c '^X-Bounce-Kind') $(header "$scratch/out" | grep -vc "$(printf '\r')\$")" '1 0'
filter bounces/rate-limited/postfix-gmail-receiving-rate-delayed.eml
is 'a delay: X-Bounce-Kind' "$(field X-Bounce-Kind)" delayed
is 'a delay: X-Bounce-Permanence' "$(field X-Bounce-Permanence)" temporary

# -- fields of ours that came with the mail are a forgery
add_forged() {
	awk -v after="${2:-1}" '{ print } NR == after {
		print "X-Bounce-Reason: virus"
		print "x-bounce-kind : failed"
		print "X-BOUNCE-Recipient: a@b.example,\n\tc@d.example,\n b@c.example"
		print "X-Bounce-Anything:\n folded" }' "$1"
}
filter "$mail"
mv "$scratch/out" "$scratch/clean"
add_forged "$mail" >"$scratch/in"
filter "$scratch/in"
same 'a bounce: those it came with are gone' "$scratch/out" "$scratch/clean"
add_forged not-bounces/plain-letter.eml >"$scratch/in"
filter "$scratch/in"
same 'ordinary mail: those it came with are gone' "$scratch/out" not-bounces/plain-letter.eml
{ printf 'X-Bounce-Kind: failed\n'; cat not-bounces/plain-letter.eml; } >"$scratch/in"
filter "$scratch/in"
same 'as the first field' "$scratch/out" not-bounces/plain-letter.eml
{ printf 'From x Wed Oct 14 09:12:44 2026\nX-Bounce-Kind: failed\n more\n'; cat not-bounces/plain-letter.eml; } >"$scratch/in"
{ printf 'From x Wed Oct 14 09:12:44 2026\n'; cat not-bounces/plain-letter.eml; } >"$scratch/wanted"
filter "$scratch/in"
same 'after a From_ line' "$scratch/out" "$scratch/wanted"
add_forged not-bounces/plain-letter.eml | sed 's/$/\r/' >"$scratch/in"
sed 's/$/\r/' not-bounces/plain-letter.eml >"$scratch/wanted"
filter "$scratch/in"
same 'with CRLF' "$scratch/out" "$scratch/wanted"
# However the header begins: procmail and maildrop look for their lines all the same.
for first in ': ' ' lead' '\0303\0221: x' '\0000: x' "$(printf '%0101d' 0): x" 'no field at all' '--b'; do
	printf '%b\n' "$first" >"$scratch/first"
	{ cat "$scratch/first"; printf 'X-Bounce-Reason: virus\nFrom: a@b.example\nX-Bounce-Kind: failed\n more\n\nX-Bounce-Kind: body\n'; } >"$scratch/in"
	{ cat "$scratch/first"; printf 'From: a@b.example\n\nX-Bounce-Kind: body\n'; } >"$scratch/wanted"
	filter "$scratch/in"
	same "behind a first line of '$first'" "$scratch/out" "$scratch/wanted"
done
# To procmail, a line of CR LF does not end a header whose lines end in LF.
printf 'From: a@b.example\nSubject: x\n\r\nX-Bounce-Reason: virus\n\nX-Bounce-Kind: body\n' >"$scratch/in"
printf 'From: a@b.example\nSubject: x\n\r\n\nX-Bounce-Kind: body\n' >"$scratch/wanted"
filter "$scratch/in"
same 'behind an empty line that is none to all' "$scratch/out" "$scratch/wanted"
sed '3s/$/\r/' "$mail" >"$scratch/in"
filter "$scratch/in"
is 'one line of CR LF in a mail with LF: our fields end in LF' "$(header "$scratch/out" | grep '^X-Bounce' | grep -c "$(printf '\r')\$")" 0
sed '/^$/q; s/$/\r/; 3s/\r//' "$mail" | sed '$s/$/\r/' >"$scratch/in"
sed '1,/^$/d' "$mail" >>"$scratch/in"
filter "$scratch/in"
is 'one line of LF in a header with CR LF: our fields end in CR LF' "$(header "$scratch/out" | grep '^X-Bounce' | grep -vc "$(printf '\r')\$")" 0
{ cat not-bounces/plain-letter.eml; printf 'X-Bounce-Kind: failed\n'; } >"$scratch/in"
unchanged 'a line of the body that looks like one stays'
printf 'From: a@b.example\nX-Bounced: yes\nX-Bouncer-Kind: x\nX-Bounce: y\n\nbody\n' >"$scratch/in"
unchanged 'fields that only look like ours stay'
printf 'From: a@b.example\nX-Bounce-Kind: failed' >"$scratch/in"
printf 'From: a@b.example\n' >"$scratch/wanted"
filter "$scratch/in"
same 'at the end of a header that breaks off' "$scratch/out" "$scratch/wanted"
{
	printf 'From: a@b.example\nX-Bounce-Kind: '
	head -c 200000 /dev/zero | tr '\0' x
	printf '\nSubject: x\n\nbody\n'
} >"$scratch/in"
printf 'From: a@b.example\nSubject: x\n\nbody\n' >"$scratch/wanted"
filter "$scratch/in"
same 'a very long one' "$scratch/out" "$scratch/wanted"

# -- what is in our fields can do no harm
hostile() {
	# $1 Final-Recipient, $2 Message-ID of the original, $3 Status
	printf 'From: MAILER-DAEMON@relay.example.com\nTo: hana@shop.example.com\nSubject: Undelivered Mail Returned to Sender\n'
	printf 'Message-ID: <hostile@relay.example.com>\nMIME-Version: 1.0\n'
	printf 'Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\nContent-Type: text/plain\n\nfailed\n\n'
	printf -- '--b\nContent-Type: message/delivery-status\nContent-Transfer-Encoding: base64\n\n'
	printf 'Reporting-MTA: dns; relay.example.com\n\nFinal-Recipient: %s\nAction: failed\nStatus: %s\nDiagnostic-Code: smtp; %b\n' \
		"$1" "$3" '550 5.1.1 User unknown\r\nX-Evil: 1\033]0;x\007' | base64
	printf -- '\n--b\nContent-Type: message/rfc822\n\nMessage-ID: %b\nFrom: hana@shop.example.com\nTo: x@y.example\n\nbody\n\n--b--\n' "$2"
}
newline=$(printf 'a\nb')
for recipient in 'rfc822; x@y.example\nX-Evil: 1' 'utf-8; x\x{0A}X-Evil: 1\x{0D}\x{0A}@y.example' 'utf-8; \x{202E}x\x{9B}@y.example' \
	'rfc822; "x+0AX-Evil: 1"@y.example' 'utf-8; 用户@例子.example' "rfc822; $(printf 'x\033[2J\001\177\r@y.example')" \
	"rfc822; x${newline#a}@y.example" "utf-8; $(head -c 5000 /dev/zero | tr '\0' a)@y.example"; do
	hostile "$recipient" '<a\0b\033[2J\tX-Evil:1@shop.example.com>' 5.1.1 >"$scratch/in"
	filter "$scratch/in"
	name=$(printf '%s' "$recipient" | tr -d '\000-\037\177' | cut -c1-50)
	header "$scratch/out" >"$scratch/header"
	is "$name: it is marked" "$(grep -c '^X-Bounce-Kind: failed' "$scratch/header")" 1
	is "$name: no field was made" "$(grep -aic '^X-Evil' "$scratch/header")" 0
	is "$name: ASCII without controls" "$(LC_ALL=C tr -d '\n\t\040-\176' <"$scratch/header" | wc -c | tr -d ' ')" 0
	is "$name: no line is longer than 998 bytes" "$(awk 'length > 998' "$scratch/header" | wc -l | tr -d ' ')" 0
	is "$name: folded at 78 where there is a space" "$(awk '/^X-Bounce/ { ours = 1 } /^[^X \t]/ { ours = 0 }
		ours && length > 78 && $0 ~ /[^ \t] [^ \t]/ && !/^X-Bounce-[A-Za-z-]*: [^ ]*$/ && !/^[ \t]+[^ \t]*$/' "$scratch/header")" ''
	without_ours <"$scratch/out" >"$scratch/bare"
	same "$name: the mail is as it was" "$scratch/bare" "$scratch/in"
done

# -- a failure is never silent: the delivery agent keeps its own copy
if [ -c /dev/full ]; then
	"$bounce" filter <"$mail" >/dev/full 2>"$scratch/err"
	is 'full disk: exit 75' $? 75
	like 'full disk: says so' "$(cat "$scratch/err")" '*?*'
else
	skip 'full disk: exit 75' 'no /dev/full here'
	skip 'full disk: says so' 'no /dev/full here'
fi
"$bounce" filter <"$mail" >&- 2>"$scratch/err"
is 'closed standard output: exit 74' $? 74
"$bounce" filter <&- >"$scratch/out" 2>"$scratch/err"
is 'closed standard input: exit 74' $? 74
mkdir "$scratch/directory"
"$bounce" filter <"$scratch/directory" >"$scratch/out" 2>"$scratch/err"
is 'standard input that can not be read: exit 74' $? 74
head -c 5000000 /dev/zero | tr '\0' 'x' >"$scratch/in"
{
	"$bounce" filter <"$scratch/in" 2>/dev/null
	echo $? >"$scratch/status"
} | head -c 1 >/dev/null
unlike 'the reader goes away: not exit 0' "$(cat "$scratch/status")" 0
exits 'an argument: exit 64' 64 "$bounce" filter "$mail" </dev/null
XDG_CONFIG_HOME=$scratch/config
export XDG_CONFIG_HOME
mkdir -p "$scratch/config/notmuch-bounce/rules"
echo 'no such reason' >"$scratch/config/notmuch-bounce/rules/10-broken.rules"
filter "$mail"
is 'a broken rules file of the user: exit 0' $? 0
same 'and the mail flows' "$scratch/out" "$scratch/clean"

done_testing
