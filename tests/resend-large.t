#!/bin/sh
# resend's repairs of what was too large: one zip, several mails, a limit; and what memory a large mail takes.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=index-lib.sh
. ./index-lib.sh
# shellcheck source=resend-lib.sh
. ./resend-lib.sh

# -- --zip
rich_came_back
original=$scratch/m@example.org
mime "$original" >"$scratch/parts"
resend --zip id:b.m@example.org
is '--zip: one attachment' "$(mime "$scratch/draft" | cut -d' ' -f1-4)" '0 multipart/mixed
1 multipart/alternative
1.1 text/plain utf-8 -
1.2 multipart/related
1.2.1 text/html utf-8 -
1.2.2 image/png - logo.png
2 application/zip - attachments.zip'
is '--zip: the text as it was' "$(mime "$scratch/draft" | grep -E '^1')" "$(grep -E '^1' "$scratch/parts")"
like '--zip: says how much it became' "$said" '*attachments.zip (* bytes) has the attachments: 3, 227 bytes*'
mime "$scratch/draft" 2 >"$scratch/zip"
perl unzip.pl "$scratch/zip" >"$scratch/is"
{
	for number in 2 3 4; do
		mime "$original" $number >"$scratch/content"
		case $number in 2) name='見積.pdf utf-8' ;; 3) name='資料.txt utf-8' ;; *) name='mail.eml -' ;; esac
		printf '%s %s\n' "$name" "$(perl -MDigest::SHA=sha1_hex -0777 -ne 'print sha1_hex $_' "$scratch/content")"
	done
} >"$scratch/wanted"
is '--zip: all in it, byte for byte, their names in UTF-8' "$(cat "$scratch/is")" "$(cat "$scratch/wanted")"
resend --again --plain --zip id:b.m@example.org
is '--plain --zip' "$(mime "$scratch/draft" | cut -d' ' -f1-4)" '0 multipart/mixed
1 text/plain utf-8 -
2 application/zip - attachments.zip'
new_index
for name in a.txt ../a.txt 'C:\\a.txt' ''; do
	printf -- '--b\nContent-Type: application/octet-stream\nContent-Disposition: attachment; filename="%s"\n\n%s\n' "$name" "$name"
done >"$scratch/in"
printf -- '--b--\n' >>"$scratch/in"
sent z@example.org bo@example.net 'MIME-Version: 1.0' 'Content-Type: multipart/mixed; boundary=b' <"$scratch/in"
bounced z@example.org "$full|bo@example.net"
resend --zip id:b.z@example.org
mime "$scratch/draft" 1 >"$scratch/zip"
is '--zip: no folders, and no name twice' "$(perl unzip.pl "$scratch/zip" | sed 's/ - .*//' | tr '\n' ';')" 'a.txt;a (2).txt;a (3).txt;attachment.bin;'
new_index
sent z@example.org bo@example.net <"$scratch/rich"
bounced z@example.org "$full|bo@example.net"
resend --zip id:b.z@example.org
body "$scratch/draft" >"$scratch/is"
same '--zip: nothing to pack, nothing changes' "$scratch/is" "$scratch/rich"
like '--zip: and it says so' "$said" '*no attachments*'

# -- --split, --max-size
four_came_back
refuses '--max-size' '*still too large: 163 kB, and 102 kB are allowed*' --max-size=100k id:b.s@example.org
resend --max-size=200k id:b.s@example.org
is '--max-size: small enough' "$code" 0
exits '--split to standard output: 64' 64 "$bounce" resend --again --split=100k id:b.s@example.org
"$bounce" resend --again --split=100k --draft="$scratch/drafts" id:b.s@example.org >"$scratch/out" 2>"$scratch/err"
is '--split: as few as it takes' "$(wc -l <"$scratch/out" | tr -d ' ')" 2
is '--split: none too large' "$(xargs wc -c <"$scratch/out" | awk '$2 != "total" && $1 > 102400')" ''
first=$(sed -n 1p "$scratch/out") second=$(sed -n 2p "$scratch/out")
is '--split: numbered' "$(field Subject "$first") $(field Subject "$second")" 'Subject: about s (1/2) Subject: about s (2/2)'
mime "$scratch/s@example.org" | cut -d' ' -f2- >"$scratch/parts"
is '--split: the text and what fits' "$(mime "$first" | cut -d' ' -f2-)" "$(sed -n 1,4p "$scratch/parts")"
is '--split: then the rest' "$(mime "$second" | cut -d' ' -f2- | grep octet)" "$(sed -n '5,$p' "$scratch/parts")"
is '--split: with a line' "$(mime "$second" 1)" '(Part 2 of 2.)'
unlike '--split: each has its id' "$(field Message-ID "$first")" "$(field Message-ID "$second")"
is '--split: the bounce knows both' "$(values b.s@example.org bounce.resent-as | tr ';' '\n' | grep -c "$(field Message-ID "$second" | sed 's/.*<\(.*\)>/\1/')\|$(field Message-ID "$first" | sed 's/.*<\(.*\)>/\1/')")" 2
# A mail program that takes one mail and no more.
mkdir -p "$scratch/bin"
script_at "$scratch/bin/once" "cat >>'$scratch/post'
[ ! -e '$scratch/once' ] && : >'$scratch/once'"
notmuch config set bounce.sendmail "$scratch/bin/once"
notmuch config set bounce.drafts unsent
exits '--send: the second of two is not sent: 69' 69 "$bounce" resend --again --split=100k --send id:b.s@example.org
like '--send: it says how many were' "$(cat "$scratch/err")" '*only 1 of 2 drafts were sent*'
is '--send: the other is kept' "$(grep -h '^Subject: about s' "$mail/unsent"/cur/*)" 'Subject: about s (2/2)'
is '--send: and the index has it at once' "$(notmuch search --output=files -- tag:draft and not tag:new)" "$(echo "$mail/unsent"/cur/*)"
is '--send: the bounce knows the one that went out' "$(values b.s@example.org bounce.resent-as | tr -d ' ' | tr ';' '\n' | grep -cxF "$(sed -n 's/^Message-ID: <\(.*\)>/\1/p' "$scratch/post" | head -n 1)")" 1
notmuch config set bounce.sendmail
notmuch config set bounce.drafts
refuses '--split: what is too large alone is not cut' '*one alone makes a message of 4? kB: more than --split allows*' --again --split=20k id:b.s@example.org
for size in 0 -1 10X '' 99999999999999999999; do
	exits "--split=$size: no size: 64" 64 "$bounce" resend --again --split="$size" id:b.s@example.org
done
new_index
{
	perl -e 'print "What stands in front of the parts is in every draft.\n" x 60'
	for name in one two; do
		printf -- '--b\nContent-Type: application/octet-stream; name=%s\nContent-Disposition: attachment\n\n' "$name"
		perl -e 'print "a line of it\n" x 150'
	done
	printf -- '--b--\n'
} >"$scratch/in"
sent p@example.org bo@example.net 'MIME-Version: 1.0' 'Content-Type: multipart/mixed; boundary=b' <"$scratch/in"
bounced p@example.org "$full|bo@example.net"
"$bounce" resend --split=5k --draft="$scratch/drafts" id:b.p@example.org >"$scratch/out" 2>"$scratch/err"
is '--split: every draft is as small as asked, or there is none' "$? $(wc -l <"$scratch/out" | tr -d ' ')" '77 0'
like '--split: and why is said' "$(cat "$scratch/err")" '*one of the drafts would be * bytes long: more than --split allows*'

# -- size
new_index
{
	printf -- '--b\nContent-Type: text/plain\n\nHello.\n--b\nContent-Type: application/octet-stream; name=big\nContent-Transfer-Encoding: base64\n\n'
	noise 19000000
	printf -- '\n--b--\n'
} >"$scratch/in"
sent l@example.org bo@example.net 'MIME-Version: 1.0' 'Content-Type: multipart/mixed; boundary=b' <"$scratch/in"
bounced l@example.org "$full|bo@example.net"
# A bounce that has all of it.
{ report whole@mx.example.net "$(day 2)" l@example.org "$full|bo@example.net" | sed '/^Hello\.$/,$d'
cat "$scratch/in"
printf -- '\n--b--\n'; } | add whole
run_tag --all
# peak ARGUMENT...: its exit status, and the memory that resend has taken when it begins to write, in tenths of the size of the mail. A sanitizer has its
# own ideas of memory.
peak() {
	perl -e '
		my ($size, @command) = @ARGV;
		open STDERR, ">", "/dev/null";
		my $pid = open my $out, "-|", @command or die;
		sysread $out, my $first, 1;
		my %is;
		open my $status, "<", "/proc/$pid/status" or die;
		/^(\w+):\s+(\d+)/ and $is{$1} = $2 for <$status>;
		1 while read $out, $first, 65536;
		close $out;
		printf "%d %s", $? >> 8, $is{VmPeak} > 1e9 ? "sanitizer" : int $is{VmHWM} * 10240 / $size;
	' "$(wc -c <"$scratch/l@example.org")" "$bounce" resend --again "$@"
}
notmuch config set bounce.scanner cat
if [ -r /proc/self/status ]; then
	for arguments in id:b.l@example.org '--note --quote-recipients id:b.l@example.org' '--plain id:b.l@example.org' id:whole@mx.example.net \
		'--zip id:whole@mx.example.net' '--scan --zip id:whole@mx.example.net'; do
		# shellcheck disable=SC2086 # words
		got=$(peak $arguments)
		case $got in
		*sanitizer) skip "a mail of 25 MB, $arguments: memory" 'not under a sanitizer' ;;
		*) ok "a mail of 25 MB, $arguments: memory of 3 times the size at most ($got)" test "${got% *}" = 0 -a "${got#* }" -le 30 ;;
		esac
	done
else
	skip 'a mail of 25 MB: memory' 'no /proc here'
fi

done_testing
