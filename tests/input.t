#!/bin/sh
# What classify takes as input, and how it says that something is none.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

mail=bounces/user-unknown/postfix-local.eml
full=bounces/mailbox-full/postfix-exceeded-storage-allocation.eml
letter=not-bounces/plain-letter.eml

reason() {
	"$bounce" classify --format=reason "$@" 2>"$scratch/err"
}
lines() {
	wc -l <"$1" | tr -d ' '
}

# -- one mail, however it comes
is 'a file' "$(reason "$mail")" user-unknown
is 'standard input, when nothing is named' "$(reason <"$mail")" user-unknown
is 'standard input, as -' "$(reason - <"$mail")" user-unknown
is 'standard input that is a pipe' "$(sed '' "$mail" | reason)" user-unknown
is 'a mail that is no bounce' "$(reason "$letter")" none
sed 's/$/\r/' "$mail" >"$scratch/crlf.eml"
is 'CRLF' "$(reason "$scratch/crlf.eml")" user-unknown
tr '\n' '\r' <"$mail" >"$scratch/cr.eml"
is 'bare CR' "$(reason "$scratch/cr.eml")" user-unknown
sed '1,/^$/s/$/\r/' "$mail" >"$scratch/mixed.eml"
is 'CRLF in the header, LF in the body' "$(reason "$scratch/mixed.eml")" user-unknown
{ echo 'From MAILER-DAEMON Wed Oct 14 09:12:44 2026'; cat "$mail"; } >"$scratch/from.eml"
is 'a From_ line in front' "$(reason "$scratch/from.eml")" user-unknown
{ printf 'From MAILER-DAEMON Wed Oct 14 09:12:44 2026\r\n'; cat "$scratch/crlf.eml"; } >"$scratch/from-crlf.eml"
is 'a From_ line and CRLF' "$(reason "$scratch/from-crlf.eml")" user-unknown
{ echo '>From MAILER-DAEMON Wed Oct 14 09:12:44 2026'; cat "$mail"; } >"$scratch/quoted.eml"
is 'a >From line in front' "$(reason "$scratch/quoted.eml")" user-unknown
{ printf '\357\273\277'; cat "$mail"; } >"$scratch/bom.eml"
is 'a byte order mark in front' "$(reason "$scratch/bom.eml")" user-unknown
{ printf '\n\n'; cat "$mail"; } >"$scratch/blank.eml"
is 'blank lines in front' "$(reason "$scratch/blank.eml")" user-unknown
cp "$mail" "$scratch/-odd name's \$(x).eml"
is 'an odd file name' "$(cd "$scratch" && reason "./-odd name's \$(x).eml")" user-unknown
is 'a file name that begins with a dash, after --' "$(cd "$scratch" && reason -- "-odd name's \$(x).eml")" user-unknown

# -- many mails
is 'several files: one answer each, in their order' "$(reason "$full" "$letter" "$mail" | tr '\n' ' ')" 'mailbox-full none user-unknown '
{
	echo 'From MAILER-DAEMON Wed Oct 14 09:12:44 2026'
	cat "$mail"
	echo
	echo 'From anna@freunde.example Wed Oct 14 09:12:45 2026'
	cat "$letter"
	echo '>From now on the weather is fine.'
	echo
	echo 'From here on it is not.' # no separator: no blank line and date
	echo
	echo 'From MAILER-DAEMON Wed Oct 14 09:12:46 2026'
	cat "$full"
} >"$scratch/box.mbox"
is 'an mbox is split at its From_ lines' "$(reason "$scratch/box.mbox" | tr '\n' ' ')" 'user-unknown none mailbox-full '
# A person quotes a From_ line; the first line has no time, as in no mbox.
printf 'From hana\nFrom: a@x.example\nDate: Wed, 14 Oct 2026 09:12:40 +0200\n\nThis is it:\n\nFrom a@y.example Wed Oct 14 09:12:40 2026\nNo: field\n' >"$scratch/single"
is 'a mail whose first line is no From_ line is not split' "$(reason "$scratch/single" | tr '\n' ' ')" 'none '
is 'standard input is one mail, as a delivery agent hands it over' "$(reason <"$scratch/box.mbox" | tr '\n' ' ')" 'user-unknown '
sed 's/$/\r/' "$scratch/box.mbox" >"$scratch/crlf.mbox"
is 'an mbox with CRLF' "$(reason "$scratch/crlf.mbox" | tr '\n' ' ')" 'user-unknown none mailbox-full '
"$bounce" classify --format=json "$scratch/box.mbox" >"$scratch/out"
is 'in an mbox each has a name of its own' "$(cut -d, -f1 "$scratch/out" | sort -u | grep -c '"file":')" 3

{
	cat "$scratch/box.mbox"
	printf '\nFrom nobody@example.net Wed Oct 14 09:12:47 2026\nThis is no mail.\n\nFrom MAILER-DAEMON Wed Oct 14 09:12:48 2026\n'
	cat "$mail"
} >"$scratch/holes.mbox"
exits 'an mbox in which one is no mail: exit 65' 65 "$bounce" classify --format=reason "$scratch/holes.mbox"
is 'the mails behind it are answered' "$(tr '\n' ' ' <"$scratch/out")" 'user-unknown none mailbox-full user-unknown '
like 'and it is named' "$(cat "$scratch/err")" '*holes.mbox:4*'

maildir "$scratch/Maildir" "$scratch/Maildir/.bounces"
cp "$mail" "$scratch/Maildir/new/1791961964.1.host"
cp "$letter" "$scratch/Maildir/cur/1791961964.2.host:2,S"
cp "$full" "$scratch/Maildir/.bounces/cur/1791961964.3.host:2,RS"
cp "$full" "$scratch/Maildir/tmp/1791961964.4.host"
is 'a Maildir: new/, cur/ and subfolders, not tmp/' "$(reason "$scratch/Maildir" | sort | tr '\n' ' ')" 'mailbox-full none user-unknown '
mkdir -p "$scratch/tree/a/b/c"
cp "$mail" "$scratch/tree/a/1.eml"
cp "$full" "$scratch/tree/a/b/c/2.eml"
is 'a directory is walked' "$(reason "$scratch/tree" | sort | tr '\n' ' ')" 'mailbox-full user-unknown '
"$bounce" classify --format=json bounces >"$scratch/once"
"$bounce" classify --format=json bounces >"$scratch/twice"
same 'twice the same answer in the same order' "$scratch/once" "$scratch/twice"
is 'and that is one for each' "$(lines "$scratch/once")" "$(find bounces -name '*.eml' | grep -c .)"
ln -s ../.. "$scratch/tree/a/b/up"
is 'a link upwards is not followed round and round' "$(timeout 20 "$bounce" classify --format=reason "$scratch/tree" | sort | tr '\n' ' ')" \
	'mailbox-full user-unknown '

# -- what is no mail, and no input
exits 'a bounce: exit 0' 0 "$bounce" classify "$mail"
exits 'no bounce: exit 0' 0 "$bounce" classify "$letter"
exits 'a missing file: exit 66' 66 "$bounce" classify "$scratch/missing.eml"
like 'it is named' "$(cat "$scratch/err")" '*missing.eml*'
is 'in one line' "$(lines "$scratch/err")" 1
is 'and nothing is answered' "$(cat "$scratch/out")" ''
exits 'a missing file among others: exit 66' 66 "$bounce" classify --format=reason "$mail" "$scratch/missing.eml" "$full"
is 'the others are answered' "$(tr '\n' ' ' <"$scratch/out")" 'user-unknown mailbox-full '
mkdir "$scratch/empty"
exits 'a directory without mail: exit 66' 66 "$bounce" classify "$scratch/empty"
like 'it is named' "$(cat "$scratch/err")" '*empty*'
is 'in one line' "$(lines "$scratch/err")" 1
head -c 100000 "$bounce" >"$scratch/blob"
exits 'a binary blob: exit 65' 65 "$bounce" classify "$scratch/blob"
like 'it is named' "$(cat "$scratch/err")" '*blob*'
is 'in one line' "$(lines "$scratch/err")" 1
: >"$scratch/empty.eml"
exits 'an empty file: exit 65' 65 "$bounce" classify "$scratch/empty.eml"
like 'it is named' "$(cat "$scratch/err")" '*empty.eml*'
exits 'empty standard input: exit 65' 65 "$bounce" classify </dev/null
printf 'just some words\nthat are no mail\n' >"$scratch/words"
exits 'a text that is no mail: exit 65' 65 "$bounce" classify "$scratch/words"
printf 'root:x:0:0:root:/root:/bin/sh\nmail:x:8:8:mail:/var/mail:/bin/false\n' >"$scratch/colons"
exits 'a text full of colons is no mail either: exit 65' 65 "$bounce" classify "$scratch/colons"
exits 'a file that is no mail among others: exit 65' 65 "$bounce" classify --format=reason "$scratch/words" "$mail"
is 'the others are answered' "$(cat "$scratch/out")" user-unknown
mkdir "$scratch/pipes"
cp "$mail" "$scratch/pipes/1.eml"
mkfifo "$scratch/pipes/2.eml"
ln -s 2.eml "$scratch/pipes/3.eml"
ln -s 1.eml "$scratch/pipes/4.eml"
exec 7<>"$scratch/pipes/2.eml"
cat "$full" >&7
is 'in a folder, pipes and links to them are not opened; links to files are' "$(timeout 20 "$bounce" classify --format=reason "$scratch/pipes" 2>"$scratch/err" | tr '\n' ' ')$(cat "$scratch/err")" 'user-unknown user-unknown '
is 'by explain neither' "$(timeout 20 "$bounce" explain --format=json "$scratch/pipes" 2>&1 | grep -c .)" 2
exec 7>&-
ln -s nowhere "$scratch/dangling.eml"
exits 'a link to nothing: exit 66' 66 "$bounce" classify "$scratch/dangling.eml"
if [ -e /proc/self/mem ]; then
	exits 'a file that can not be read: exit 74' 74 "$bounce" classify /proc/self/mem
	like 'it is named' "$(cat "$scratch/err")" '*/proc/self/mem*'
else
	skip 'a file that can not be read: exit 74' 'no /proc here'
	skip 'it is named' 'no /proc here'
fi

# -- output that can't be written
if [ -c /dev/full ]; then
	"$bounce" classify "$mail" >/dev/full 2>"$scratch/err"
	is 'no room for the answer: exit 75' $? 75
	"$bounce" classify bounces not-bounces >/dev/full 2>"$scratch/err"
	is 'no room for many answers: said once, and no more are sought' "$(wc -l <"$scratch/err" | tr -d ' ')" 1
else
	skip 'no room for many answers: said once, and no more are sought' 'no /dev/full here'
	skip 'no room for the answer: exit 75' 'no /dev/full here'
fi
"$bounce" classify "$mail" >&- 2>"$scratch/err"
is 'closed standard output: exit 74' $? 74

done_testing
