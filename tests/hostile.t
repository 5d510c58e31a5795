#!/bin/sh
# Mail made to cost much or to do harm: it is answered in the end, rightly, and shows nothing raw.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

limit='timeout 20'
command -v timeout >/dev/null || limit=

classify() {
	$limit "$bounce" classify "$@" 2>"$scratch/err"
}
reason() {
	classify --format=reason "$1"
}
# passes DESCRIPTION FILE: filter gives an ordinary mail back as it is.
passes() {
	$limit "$bounce" filter <"$2" >"$scratch/filtered"
	is "$1: filter, exit 0" $? 0
	same "$1: filter, byte for byte" "$scratch/filtered" "$2"
}

# The three parts of a report, to put something bad between.
top='From: MAILER-DAEMON@relay.example.com\nTo: hana@shop.example.com\nSubject: Undelivered Mail Returned to Sender
Message-ID: <hostile@relay.example.com>\nMIME-Version: 1.0\n'
letter='From: anna@freunde.example\nTo: hana@shop.example.com\nSubject: Sunday\nMessage-ID: <letter@freunde.example>\nMIME-Version: 1.0\n'
report='Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\nContent-Type: text/plain\n\n'
status='\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; relay.example.com\n\n'
recipient='Final-Recipient: rfc822; x@y.example\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 User unknown\n\n'
original='--b\nContent-Type: message/rfc822\n\nMessage-ID: <o@shop.example.com>\nFrom: hana@shop.example.com\n\n'
# $* as a mail: \n is a newline, {EXPRESSION} what perl makes of it.
mail() {
	perl -e 'local $_ = join "", @ARGV; s/\\n/\n/g; s/\{\{(.*?)\}\}/eval $1 or die $@/ges; print' -- "$@"
}

# -- much of everything
mail "$top$report" "failed\n$status" '{{join "", map "Final-Recipient: rfc822; r$_\@y.example\nAction: failed\nStatus: 5.1.1\n\n", 1..1000}}' "$original" '--b--\n' >"$scratch/recipients"
is '1,000 recipients: all of them' "$(classify --format=json "$scratch/recipients" | grep -o '"address":"r[0-9]*@y.example"' | sort -u | wc -l | tr -d ' ')" 1000
mail "$top$report" "failed\n$status" '{{join "", map "Final-Recipient: rfc822; r$_\@y.example\nAction: failed\nStatus: 5.1.1\n\n", 1..50000}}' "$original" '--b--\n' >"$scratch/recipients"
is '50,000 recipients: their reason' "$(reason "$scratch/recipients")" user-unknown
$limit "$bounce" filter <"$scratch/recipients" >"$scratch/filtered"
is '50,000 recipients: filter, exit 0' $? 0
ok '50,000 recipients: filter, marked' grep -q '^X-Bounce-Reason: user-unknown' "$scratch/filtered"
is '50,000 recipients: filter, no line is longer than 998 bytes' "$(sed '/^$/q' "$scratch/filtered" | awk 'length > 998' | wc -l | tr -d ' ')" 0
mail "$top$report" "failed\n$status" '{{"Final-Recipient: rfc822; x\@y.example\nAction: failed\nStatus: 5.1.1\n\n" x 50000}}' "$original" '--b--\n' >"$scratch/recipients"
is 'one recipient 50,000 times is one' "$(classify --format=json "$scratch/recipients" | grep -o '"address"' | wc -l | tr -d ' ')" 1
for fields in 'a:\n' 'a:\nb:\n'; do
	mail "$top$report" "failed\n$status$recipient" "{{'$fields\n' x 500_000}}" '--b--\n' >"$scratch/fields"
	is "a recipient, and 500,000 times $fields after an empty line" "$(reason "$scratch/fields")" user-unknown
done

mail "$top" '\n====> x@y.example\n\nuser unknown\n' >"$scratch/rule"
is 'a row of signs in the first line, with the recipient' "$(reason "$scratch/rule")" user-unknown

mail "$top" '\nfailed\n\nReporting-MTA: dns; relay.example.com\n\nFinal-Recipient: rfc822; x@y.example\nAction: failed\n\n
Received: from shop.example.com by relay.example.com\nFrom: hana@shop.example.com\nTo: x@y.example\n\n
Diagnostic-Code: smtp; 550 5.1.1 User unknown\n\nFinal-Recipient: rfc822; z@y.example\nAction: failed\n' >"$scratch/status"
is 'a returned mail in the form of a status, after one in plain text: says nothing' "$(classify --format=json "$scratch/status" | grep -c 'z@y.example\|User unknown')" 0
is '  and the status counts' "$(classify --format=json "$scratch/status" | grep -c '"address":"x@y.example"')" 1

mail "$top" '{{join "", map "Content-Type: multipart/mixed; boundary=n$_\n\n--n$_\n", 1..5}}' "$report" "failed\n$status$recipient" '--b--\n' >"$scratch/nested"
is 'a report wrapped 5 times' "$(reason "$scratch/nested")" user-unknown
mail "$top" '{{join "", map "Content-Type: multipart/mixed; boundary=n$_\n\n--n$_\n", 1..1000}}' "$report" "failed\n$status$recipient" '--b--\n' >"$scratch/nested"
like 'a report wrapped 1,000 times: answered' "$(reason "$scratch/nested")" '[a-z]*'
mail "$letter" '{{join "", map "Content-Type: multipart/mixed; boundary=n$_\n\n--n$_\n", 1..50000}}' >"$scratch/nested"
is 'nothing wrapped 50,000 times' "$(reason "$scratch/nested")" none
mail "$letter" '{{"Content-Type: message/rfc822\n\n" x 50000}}' >"$scratch/nested"
is 'a mail in a mail in a mail, 50,000 deep' "$(reason "$scratch/nested")" none
passes '50,000 deep' "$scratch/nested"
mail "$top$report" "failed\n$status$recipient$original" '{{"Content-Type: multipart/mixed; boundary=n\n\n--n\n" x 20000}}' >"$scratch/nested"
is 'a returned mail 20,000 deep' "$(reason "$scratch/nested")" user-unknown
mail "$top$report" "failed\n$status$recipient" '{{"--b\n\nx\n" x 100000}}' '--b--\n' >"$scratch/parts"
is '100,000 parts after the status' "$(reason "$scratch/parts")" user-unknown

mail "$top" 'Content-Type: multipart/mixed; boundary=b\n\n{{("--b\nContent-Type: text/plain\n\n" . "failed " x 1200 . "\n") x 480}}--b\n\nx@y.example: user unknown\n--b--\n' >"$scratch/parts"
like '480 parts of text, 4 MB: answered' "$(reason "$scratch/parts")" '[a-z]*'
mail 'From: MAILER-DAEMON@y.example\nTo: {{"a " x 1_500_000}} hana@shop.example.com\nSubject: Undelivered Mail\nMessage-ID: <h@y.example>\n\nYour mail was not delivered.\nx@y.example: user unknown\n' >"$scratch/fields"
is 'a field To of 1,500,000 words' "$(reason "$scratch/fields")" user-unknown

mail "$letter" '{{"X-Field: value\n" x 100000}}' '\nbody\n' >"$scratch/fields"
is '100,000 header fields: no bounce' "$(reason "$scratch/fields")" none
passes '100,000 header fields' "$scratch/fields"
mail "$top" "$report" "failed\n$status$recipient" '--b--\n' | awk 'NR == 5 { print; for (i = 0; i < 100000; i++) print "X-Field: value"; next } { print }' >"$scratch/fields"
like 'a bounce with 100,000 header fields: answered' "$(reason "$scratch/fields")" '[a-z]*'
mail "$top$report" "failed\n$status" '{{"X-Field: value\n" x 100000}}' "$recipient" '--b--\n' >"$scratch/fields"
like '100,000 fields in the status: answered' "$(reason "$scratch/fields")" '[a-z]*'
mail "$top$report" "failed\n$status" '{{" \n" x 1_500_000}}' "$recipient" '--b--\n' >"$scratch/fields"
like 'a status of 1,500,000 blank lines: answered' "$(reason "$scratch/fields")" '[a-z]*'
mail "$top" 'X-Fold: a\n{{" b\n" x 100000}}' "$report" "failed\n$status$recipient" '--b--\n' >"$scratch/fields"
like 'a field of 100,000 lines: answered' "$(reason "$scratch/fields")" '[a-z]*'

for blank in '\r\n' '\r\n \r\n' '\n' '\n\r\n'; do
	mail 'X-Bounce-A: b\nX-Bounce-A: b\n{{"'"$blank"'" x 500_000}}x\n' >"$scratch/fields"
	$limit "$bounce" filter <"$scratch/fields" >"$scratch/filtered"
	is "500,000 times $blank behind fields of ours: filter, exit 0" $? 0
done
mail "$letter" '\n{{"x" x 10_000_000}}\n' >"$scratch/line"
is 'a line of 10 MB: no bounce' "$(reason "$scratch/line")" none
passes 'a line of 10 MB' "$scratch/line"
mail "$letter" 'X-Long: {{"x" x 10_000_000}}\n\nbody\n' >"$scratch/line"
is 'a header line of 10 MB: no bounce' "$(reason "$scratch/line")" none
passes 'a header line of 10 MB' "$scratch/line"
mail "$top$report" '{{"x " x 1_000_000}}\n' "$status$recipient" '--b--\n' >"$scratch/line"
is 'a notice of one line of 2 MB' "$(reason "$scratch/line")" user-unknown
mail "$top$report" "failed\n$status" 'Final-Recipient: rfc822; x@y.example\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 User unknown {{"x " x 1_000_000}}\n\n' '--b--\n' >"$scratch/line"
is 'a diagnostic of 2 MB' "$(reason "$scratch/line")" user-unknown
classify --format=json "$scratch/line" >"$scratch/out"
ok 'a diagnostic of 2 MB: is cut' test "$(wc -c <"$scratch/out")" -lt 10000
like 'a diagnostic of 2 MB: and begins as it did' "$(cat "$scratch/out")" '*"diagnostic":"550 5.1.1 User unknown x x x*'
# soon SECONDS COMMAND...: it succeeds within so many seconds of processor time, or ten times as many under a sanitizer.
factor=1
! grep -q __asan_init "$bounce" || factor=10
# shellcheck disable=SC2317 # ok calls it
soon() {
	perl -e 'my $most = shift() * shift; open STDOUT, ">", "/dev/null"; open STDERR, ">&STDOUT"; system @ARGV; exit($? != 0 || (times)[2] + (times)[3] > $most)' "$factor" "$@"
}
for many in '"a+" x 1_900_000' '"a\@[" x 1_300_000'; do
	mail "To: {{$many}}@b\\n" "$top" '\nuser unknown\n' >"$scratch/line"
	ok "a field of four megabytes, $many: 0.7 seconds of processor time" soon 0.7 "$bounce" filter <"$scratch/line"
done
mail "$top$report" "failed\n$status" 'Final-Recipient: rfc822; bo\@y.example\nAction: failed\nDiagnostic-Code: smtp; 550 {{"\xff" x 3_900_000}}\n\n' '--b--\n' >"$scratch/line"
ok 'four megabytes of no charset: 0.7 seconds of processor time' soon 0.7 "$bounce" filter <"$scratch/line"
for field in X-Failed-Recipients To; do
	mail "$field: {{\"a\@\" x 1_900_000}}b\\n" "$top" '\nuser unknown\n' >"$scratch/line"
	# shellcheck disable=SC3045 # dash and busybox know it
	if (ulimit -v 100000 && "$bounce" --version) >/dev/null 2>&1; then
		# shellcheck disable=SC3045
		is "two million addresses in $field: 100 MB of address space" "$(ulimit -v 100000 && reason "$scratch/line")" user-unknown
	else
		skip "two million addresses in $field: memory" 'not under a sanitizer'
	fi
done
# returned FIELD...: a report on 2,000 recipients, with a mail of these fields that came back.
returned() {
	mail "$top$report" "failed\n$status" '{{join "", map "Final-Recipient: rfc822; r$_\@y.example\nAction: failed\nStatus: 5.2.2\n\n", 1..2000}}' \
		'--b\nContent-Type: message/rfc822\n\nFrom: hana@shop.example.com\nMessage-ID: <o@shop.example.com>\nTo: {{join ",\n ", map "r$_\@y.example", 1..2000}}\n' "$@" '\nHello.\n\n--b--\n'
}
returned 'Cc: {{join ",\n ", map "s$_\@y.example", 1..400_000}}\n' >"$scratch/line"
# shellcheck disable=SC2317 # ok calls it
resends() {
	soon 1 "$bounce" resend --from-returned --anyway <"$scratch/line"
}
ok '2,000 of 400,000 recipients failed: resend, a second of processor time' resends
returned | sed 's/r\([0-9]*\)@y/bo@ü\1/g' >"$scratch/line"
ok '2,000 recipients whose domains have letters of other scripts: resend, a second of processor time' resends
returned "{{'X: y\n' x 4_000_000}}" >"$scratch/line"
ok 'four million fields: resend, a second of processor time' resends
for fields in 'Cc: x@y.example\n' 'X: y\n'; do
	returned "{{'$fields' x 300_000}}" >"$scratch/line"
	for command in 'resend --from-returned --anyway' 'resend --from-returned --anyway --quote-recipients' sample; do
		# shellcheck disable=SC3045 # dash and busybox know it
		if (ulimit -v 100000 && "$bounce" --version) >/dev/null 2>&1; then
			# shellcheck disable=SC3045,SC2086 # words
			(ulimit -v 140000 && $limit "$bounce" $command <"$scratch/line") >/dev/null 2>"$scratch/err"
			is "300,000 times $fields: $command, 140 MB of address space" $? 0
		else
			skip "300,000 times $fields: $command: memory" 'not under a sanitizer'
		fi
	done
done
mail 'From: {{"x" x 3_900_000}}\n' "$top" '\nuser unknown\n' >"$scratch/line"
ok 'a word of four megabytes: a second of processor time' soon 1 "$bounce" filter <"$scratch/line"
mail "$top$report" "failed\n$status" 'Final-Recipient: rfc822; {{"x" x 1_000_000}}@y.example\nAction: failed\nStatus: 5.1.1\n\n' '--b--\n' >"$scratch/line"
classify --format=json "$scratch/line" >"$scratch/out"
ok 'an address of 1 MB: is cut or dropped' test "$(wc -c <"$scratch/out")" -lt 10000
like 'an address of 1 MB: and all else is judged' "$(cat "$scratch/out")" '*"kind":"failed"*'
mail "$top$report" "failed\n$status$recipient$original" '{{"A" x 76 . "\n"}}' >"$scratch/big"
perl -e 'print "QUFBQUFBQUFBQUFB" x 4, "\n" for 1..500000' >>"$scratch/big"
is 'a returned mail of 32 MB' "$(reason "$scratch/big")" user-unknown
$limit "$bounce" filter <"$scratch/big" | tail -c 31000000 | cksum >"$scratch/sum"
is 'a returned mail of 32 MB: filter' "$(cat "$scratch/sum")" "$(tail -c 31000000 "$scratch/big" | cksum)"

# samples FILE DESCRIPTION: sample answers in the end.
samples() {
	$limit "$bounce" sample <"$1" >/dev/null 2>&1
	is "sample: $2" $? 0
}
for text in : a::a: 1. a. a@ '"' '<' 'lunch '; do
	mail "$top$report" "failed {{'$text' x 500_000}}\n$status$recipient$original" '--b--\n' >"$scratch/line"
	samples "$scratch/line" "500,000 times $text"
done
# What a charset lacks is written in another way, character by character.
mail "$top$report" "failed\n$status" 'Final-Recipient: rfc822; x@y.example\nAction: failed\nStatus: 5.2.2\n\n' '--b\nContent-Type: message/rfc822\n\nFrom: hana@shop.example.com\nTo: x@y.example\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n{{"\xc3\xbf" x 500_000}}\n--b--\n' >"$scratch/line"
ok 'resend: 500,000 characters that the charset lacks: 1.5 seconds of processor time' \
	soon 1.5 "$bounce" resend --from-returned --anyway --plain --charset=iso-2022-jp "$scratch/line"
# sampled_soon FILE DESCRIPTION: it takes less than 1.5 seconds of processor time.
sampled_soon() {
	ok "sample: $2: 1.5 seconds of processor time" soon 1.5 "$bounce" sample <"$1"
}
mail "$top$report" 'failed\n{{"\xe5\xae\x9b" x 1_200_000}}\n' "$status$recipient$original" '--b--\n' >"$scratch/line"
sampled_soon "$scratch/line" 'a word of 1,200,000 Japanese letters'
mail 'To: {{join ", ", map "\"" . "a" x 900 . "$_\" <n$_\@y.example>", 1 .. 90}}\n' "$top$report" 'failed\n{{"a" x 1_000_000}}\n' "$status$recipient$original" '--b--\n' >"$scratch/line"
sampled_soon "$scratch/line" 'names that the text nearly has a million times'
mail "$top$report" 'failed\n{{q(\") x 1_900_000}}\n' "$status$recipient$original" '--b--\n' >"$scratch/line"
sampled_soon "$scratch/line" 'a quote behind a backslash, 1,900,000 times'
mail "$top$report" "failed {{'lunch ' x 100_000}}\n$status$recipient" '--b\nContent-Type: text/rfc822-headers\n\nFrom: hana@shop.example.com\nTo: x@y.example\nSubject: {{"lunch " x 400_000}}\n\n--b--\n' >"$scratch/line"
samples "$scratch/line" 'a subject of 2 MB'

# -- files of the user's own, of lines
for line in '' ' '; do
	mail "{{'$line\n' x 12_500_000}}" >"$scratch/lines"
	ok "12,500,000 lines of '$line': classify --reply, a second of processor time" soon 1 "$bounce" classify --reply "$scratch/lines"
	ok "12,500,000 lines of '$line': report, a second of processor time" soon 1 "$bounce" report - <"$scratch/lines"
done
mail '{{join "", map "550 5.1.1 User unknown <a$_\@b.example>\n", 1 .. 30_000}}' >"$scratch/replies"
mail '{{join "", map "n$_\@b.example\n", 1 .. 1_400_000}}' >"$scratch/list"
# shellcheck disable=SC3045 # dash and busybox know it
if (ulimit -v 100000 && "$bounce" --version) >/dev/null 2>&1; then
	# shellcheck disable=SC3045
	(ulimit -v 100000 && "$bounce" explain --lang=en --reply "$scratch/replies") 2>&1 | grep -c '^===' >"$scratch/out"
	is 'explain: of 30,000 replies not all is kept until the last, 100 MB of address space' "$(cat "$scratch/out")" 30000
	# shellcheck disable=SC3045
	(ulimit -v 140000 && "$bounce" clean --dead=/dev/null <"$scratch/list") 2>"$scratch/err" | cmp - "$scratch/list"
	is 'clean: a list of 25 MB, 140 MB of address space' "$(cat "$scratch/err")" 'notmuch-bounce: clean: 0 of 1400000 addresses are dead'
else
	skip 'files of lines: memory' 'not under a sanitizer'
fi

mail 'From: postmaster@y.example\nSubject: Undeliverable: x\nMessage-ID: <h@y.example>\nMIME-Version: 1.0\nContent-Type: text/html\n\n{{"<div><table><tr><td>" x 50000}}x@y.example 550 User unknown' >"$scratch/html"
like 'HTML nested 150,000 deep: answered' "$(reason "$scratch/html")" '[a-z]*'
mail 'From: postmaster@y.example\nSubject: Undeliverable: x\nMessage-ID: <h@y.example>\nMIME-Version: 1.0\nContent-Type: text/html\n\n{{"<" x 1_000_000}}' >"$scratch/html"
like 'HTML of nothing but <: answered' "$(reason "$scratch/html")" '[a-z]*'
mail "Subject: {{'=?iso-2022-jp?b?GyRC ' x 150_000}}\n$top$report" "failed\n$status$recipient" '--b--\n' >"$scratch/words"
is '150,000 encoded words that are not closed' "$(reason "$scratch/words")" user-unknown
$limit "$bounce" filter <"$scratch/words" >/dev/null
is '150,000 encoded words that are not closed: filter, exit 0' $? 0
mail "Subject: {{'=?utf-8?q?=41?= ' x 100_000}}\n$top$report" "failed\n$status$recipient" '--b--\n' >"$scratch/words"
like '100,000 encoded words: answered' "$(reason "$scratch/words")" '[a-z]*'
mail "$top$report" 'a * b {{"user unknown unknown user " x 100_000}}\n' "$status$recipient" '--b--\n' >"$scratch/phrases"
is 'phrases over and over' "$(reason "$scratch/phrases")" user-unknown
mail 'From: MAILER-DAEMON@qm.example\nSubject: failure notice\nMessage-ID: <h@qm.example>\n\nHi. This is the qmail-send program at qm.example.\n{{"<x\@y.example>:\n" x 200_000}}' >"$scratch/qmail"
like '200,000 recipient lines of a qmail notice: answered' "$(reason "$scratch/qmail")" '[a-z]*'
mail 'From: a@b.example\nSubject: x\n\n{{"From x Wed Oct 14 09:12:44 2026\n" x 100_000}}' >"$scratch/from"
passes '100,000 From_ lines' "$scratch/from"
dd if=/dev/urandom bs=1000 count=3000 2>/dev/null >"$scratch/random"
{ mail "$top$report"; cat "$scratch/random"; } >"$scratch/noise"
like 'a report of noise: answered' "$(reason "$scratch/noise")" '[a-z]*'
# Every place where a report can break off.
mail "$top$report" "failed\n$status$recipient$original" 'body\n\n--b--\n' >"$scratch/whole"
mkdir "$scratch/cut"
perl -e 'local $/; open F, $ARGV[0]; $_ = <F>; for my $n (1 .. length) { open O, ">", sprintf "%s/%05d", $ARGV[1], $n; print O substr $_, 0, $n }' "$scratch/whole" "$scratch/cut"
classify --format=json "$scratch/cut" >"$scratch/out"
ok 'a report that breaks off anywhere: no crash, and no end of time' test $? -lt 124
is 'a report that breaks off anywhere: a bounce as soon as there is a recipient that failed' \
	"$(perl rows.pl <"$scratch/out" | tail -n 1 | cut -f2-)" "$(printf 'failed\tx@y.example\tuser-unknown\tp\to@shop.example.com')"

# -- where a cap ends the reading, --why and JSON say so, and what was read counts
# capped WORDS MAIL...: this mail is read up to that cap, and the reason is known all the same.
capped() {
	words=$1
	shift
	mail "$@" >"$scratch/capped"
	like "capped: $words" "$(classify --why "$scratch/capped")" "*: failed, permanent
*  (read up to a cap: $words)"
	like "capped: $words: JSON" "$(classify --format=json "$scratch/capped")" "*\"caps\":\[\"$words\"\]*"
	is "capped: $words: the reason" "$(reason "$scratch/capped")" user-unknown
}
capped '4194304 bytes of the mail' "$top$report" "failed\n$status$recipient$original" '{{"x" x 70 . "\n"}}{{("x" x 70 . "\n") x 60_000}}' '\n--b--\n'
capped '2000 header fields' '{{"X-Field: value\n" x 1990}}' "$top" 'X-A: 1\nX-B: 2\nX-C: 3\nX-D: 4\n' "$report" "failed\n$status$recipient$original" 'body\n\n--b--\n'
capped '500 parts' "$top$report" "failed\n$status$recipient" '{{"--b\n\nx\n" x 600}}' '--b--\n'
capped '12 parts within parts' "$top$report" "failed\n$status$recipient" '--b\n{{join "", map "Content-Type: multipart/mixed; boundary=n$_\n\n--n$_\n", 1..20}}\nx\n' '--b--\n'
capped '32768 bytes of the notice' "$top$report" '{{"words\n" x 10_000}}' "$status$recipient$original" 'body\n\n--b--\n'
capped '131072 bytes of HTML' 'From: MAILER-DAEMON@y.example\nSubject: Undelivered Mail Returned to Sender\nMIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\nContent-Type: text/html\n\n<p>{{"words " x 30_000}}</p>\n' "$status$recipient" '--b--\n'
capped '2000 recipients' "$top$report" "failed\n$status" '{{join "", map "Final-Recipient: rfc822; r$_\@y.example\nAction: failed\nStatus: 5.1.1\n\n", 1..3000}}' "$original" '--b--\n'
mail "$top$report" "failed\n$status$recipient$original" 'body\n\n--b--\n' >"$scratch/within"
classify --why "$scratch/within" >"$scratch/out"
like 'within all caps: it is judged' "$(cat "$scratch/out")" '*: failed, permanent*user-unknown*'
unlike 'within all caps: nothing is said' "$(cat "$scratch/out")" '*cap*'
classify --format=json "$scratch/within" >"$scratch/out"
like 'within all caps: in JSON, too' "$(cat "$scratch/out")" '*"reason":"user-unknown"*'
unlike 'within all caps: nor in JSON' "$(cat "$scratch/out")" '*"caps"*'

# -- nothing raw is shown: escapes, C1, bidi, tags, in every place that is shown
perl -CS -e '
	my $bad = "\e]0;title\a\e[2J\x{9b}31m\x{202e}\x{2066}\x{200f}\x{e0041}\x7f\b\x{2028}";
	print "From: MAILER-DAEMON\@relay.example.com\nTo: hana\@shop.example.com\nSubject: Undelivered $bad\nMessage-ID: <h${bad}x\@relay.example.com>\n",
		"MIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\nContent-Type: text/plain; charset=utf-8\n\n",
		"failed $bad\n\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; relay${bad}.example.com\n\n",
		"Final-Recipient: utf-8; x${bad}z\@y.example\nOriginal-Recipient: utf-8; \\x{1b}[2J\\x{202e}\\x{9b}o\@y.example\nAction: failed\nStatus: 5.1.1\n",
		"Remote-MTA: dns; mx${bad}.y.example\nDiagnostic-Code: smtp; 550 5.1.1 User ${bad} unknown\n\n",
		"--b\nContent-Type: message/rfc822\n\nMessage-ID: <o${bad}o\@shop.example.com>\nFrom: hana${bad}\@shop.example.com\n",
		"To: x${bad}\@y.example\nSubject: =?utf-8?q?=1B[2J=E2=80=AE=C2=9B?= $bad\nDate: $bad\n\nbody\n\n--b--\n"' >"$scratch/escapes"
raw() {
	perl -CI -ne 'print "line $.: ", join(" ", map { sprintf "U+%04X", ord } /([\x00-\x09\x0b-\x1f\x7f-\x9f\x{61c}\x{200e}\x{200f}\x{202a}-\x{202e}\x{2066}-\x{2069}\x{2028}\x{2029}\x{e0000}-\x{e007f}])/g), "\n"
		if /[\x00-\x09\x0b-\x1f\x7f-\x9f\x{61c}\x{200e}\x{200f}\x{202a}-\x{202e}\x{2066}-\x{2069}\x{2028}\x{2029}\x{e0000}-\x{e007f}]|\\u00[01789]/' "$1"
}
for format in text json tags reason facts; do
	classify --format=$format "$scratch/escapes" >"$scratch/out"
	is "escapes: $format shows none" "$(raw "$scratch/out")" ''
	ok "escapes: $format says something" test -s "$scratch/out"
done
classify --why "$scratch/escapes" >"$scratch/out"
is 'escapes: --why shows none' "$(raw "$scratch/out")" ''
like 'escapes: --why says why' "$(cat "$scratch/out")" '*user-unknown*share/rules/*'
is 'escapes: and the reason is known' "$(reason "$scratch/escapes")" user-unknown
like 'escapes: what cannot be seen in an address is written down' "$(cat "$scratch/out")" '*\\u202eo@y.example*'
name=$(printf 'x\033[2J.eml')
cp "$scratch/escapes" "$scratch/$name"
for format in text json facts; do
	classify --format=$format "$scratch/$name" >"$scratch/out"
	ok "escapes in a file name: $format says something" test -s "$scratch/out"
	is "escapes in a file name: $format" "$(tr -d '\n\040-\176\200-\377' <"$scratch/out" | wc -c | tr -d ' ')" 0
done

# -- what fuzzing found: fields of ours that came with a mail, between lines that are no fields
# forged DESCRIPTION: filter makes $scratch/clean of $scratch/forged.
forged() {
	$limit "$bounce" filter <"$scratch/forged" >"$scratch/filtered"
	same "$1" "$scratch/filtered" "$scratch/clean"
}
letter_with() {
	printf 'From: anna@freunde.example\nSubject: Sunday\n%b' "$1"
}
body='\nSee what I got:\n\n--x\nContent-Type: text/plain\n\nX-Bounce-Reason: spam\n'
letter_with "X-Bounce-Reason: virus\n\tworm\n$body" >"$scratch/forged"
letter_with "$body" >"$scratch/clean"
forged 'a forged field at the end of the header, LF: it goes, and nothing of the body'
for file in forged clean; do
	perl -pi -e 's/\n/\r\n/' "$scratch/$file"
done
forged 'a forged field at the end of the header, CRLF: it goes, and nothing of the body'
garbage='no field\n1\n2\n3\n4\n5\n'
letter_with "${garbage}x-bounce-reason: virus\n 6\n7\n8\n9\n10\n11\n12\n$body" >"$scratch/forged"
letter_with "${garbage}7\n8\n9\n10\n11\n12\n$body" >"$scratch/clean"
forged 'a forged field behind lines that are none: it goes, and they stay'
printf '\nX-Bounce-Reason: virus\n more\n\n\nSubject: Sunday\nX-Bounce-Kind: failed\n\nX-Bounce-Kind: failed\n' >"$scratch/forged"
printf '\n\n\nSubject: Sunday\n\nX-Bounce-Kind: failed\n' >"$scratch/clean"
forged 'a header that is all forged: what will be taken for the header without it loses its forged fields too'
printf 'X-Bounce-Reason: virus\n\nHello,\nX-Bounce-Kind: failed\n' >"$scratch/forged"
printf '\nHello,\nX-Bounce-Kind: failed\n' >"$scratch/clean"
forged 'a header that is all forged, and a text: the text stays'
printf 'no mail\nX-Bounce-Reason: virus\n\nX-Bounce-Reason: virus' >"$scratch/forged"
printf 'no mail\n\nX-Bounce-Reason: virus' >"$scratch/clean"
forged 'what is no mail to us may be one to others: it loses them too'

# -- what fuzzing found: the returned header was read beyond its end, by as many bytes as there are empty lines in front (the sanitizers see that)
perl -e 'print "From: MAILER-DAEMON\@mx.example.net\nSubject: Undelivered\nContent-Type: multipart/report; boundary=x\n\n",
	"--x\nContent-Type: text/plain\n\nSorry.\n--x\nContent-Type: message/delivery-status\n\n",
	"Reporting-MTA: dns; mx.example.net\n\nFinal-Recipient: rfc822; bo\@example.org\nAction: failed\nStatus: 5.1.1\n\n",
	"--x\nContent-Type: text/rfc822-headers\n\n", "\n" x 200, "Message-ID: <blank\@example.com>\nSubject: Sunday\n--x--\n"' >"$scratch/blank"
like 'a returned header behind empty lines is read' "$(classify --format=facts "$scratch/blank")" '*blank@example.com*'

done_testing
