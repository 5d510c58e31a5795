#!/bin/sh
# What many bounces say together: the same numbers from mails, folders, mbox files, JSON and the index, in every form.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
TZ=UTC
export TZ

# bounce N ADDRESS HOST DAY WORDS [FROM]: a bounce of that day of November, into $scratch/mails.
mkdir "$scratch/mails"
bounce_mail() {
	cat >"$scratch/mails/$1.eml" <<END
From: MAILER-DAEMON@mail.example.org
To: ${6:-me@example.org}
Date: $4 Nov 2026 ${8:-12:00:00} +0000
Message-ID: <bounce-$1@mail.example.org>
Subject: Undelivered Mail Returned to Sender
Content-Type: multipart/report; report-type=delivery-status; boundary=B
MIME-Version: 1.0

--B

I'm sorry to have to inform you that your message could not be delivered.

--B
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example.org

Final-Recipient: rfc822; $2
Action: ${7:-failed}
Remote-MTA: dns; $3
Diagnostic-Code: smtp; $5

--B
Content-Type: text/rfc822-headers

From: Me <${6:-me@example.org}>
To: $2
Subject: Offer $1
Message-ID: <sent-$1@example.org>

--B--
END
}
for n in 1 2 3 4; do
	bounce_mail "$n" "user$n@customers.example" mx1.mail.example.com "1$n" '550 5.7.1 Service refused, client [192.0.2.10] is on our block list'
done
bounce_mail 5 gone@customers.example mx.customers.example 20 '550 5.1.1 user unknown'
bounce_mail 6 full@shop.example.co.jp mx.shop.example.co.jp 2 '552 5.2.2 mailbox full'
bounce_mail 7 full@shop.example.co.jp mx.shop.example.co.jp 20 '552 5.2.2 mailbox full' sales@example.org
bounce_mail 8 late@slow.example mx.slow.example 21 '451 4.7.1 greylisted' '' delayed
cp not-bounces/plain-letter.eml "$scratch/mails/letter.eml"

report() {
	"$bounce" report "$@" 2>"$scratch/err"
}
# value EXPRESSION ARGUMENT...: of the JSON object.
value() {
	expression=$1
	shift
	report --format=json "$@" | perl -MJSON::PP -0777 -e '$_ = JSON::PP->new->utf8->decode(<STDIN>); print eval($ARGV[0]) // "(none)"; die $@ if $@' "$expression"
}

# -- the numbers
is 'failures and delays' "$(value '"$_->{failed} $_->{delayed}"' "$scratch/mails")" '7 1'
is 'from the first to the last' "$(value '"$_->{first} $_->{last}"' "$scratch/mails")" '2026-11-02 2026-11-20'
is 'by reason, the highest count first' "$(value 'join " ", map { "$_->{key}=$_->{count}" } @{$_->{reason}}' "$scratch/mails")" 'blocked=4 mailbox-full=2 user-unknown=1'
is 'by domain of the recipient' "$(value 'join " ", map { "$_->{key}=$_->{count}" } @{$_->{domain}}' "$scratch/mails")" 'customers.example=5 shop.example.co.jp=2'
is 'by server: what its owner registered' "$(value 'join " ", map { "$_->{key}=$_->{count}" } @{$_->{server}}' "$scratch/mails")" 'example.com=4 example.co.jp=2 customers.example=1'
is 'by week: its Monday, in their order' "$(value 'join " ", map { "$_->{key}=$_->{count}" } @{$_->{week}}' "$scratch/mails")" '2026-11-02=1 2026-11-09=4 2026-11-16=2'
is 'by sender' "$(value 'join " ", map { "$_->{key}=$_->{count}" } @{$_->{sender}}' "$scratch/mails")" 'me@example.org=6 sales@example.org=1'
is 'by address' "$(value '"$_->{address}[0]{key} $_->{address}[0]{count}"' "$scratch/mails")" 'full@shop.example.co.jp 2'
is '--by: only these' "$(value 'join " ", sort grep { ref $_[0]{$_} eq "ARRAY" || 1 } keys %$_' --by=week,reason "$scratch/mails")" 'delayed failed findings first last reason week'
is '--since a day' "$(value '$_->{failed}' --since=2026-11-14 "$scratch/mails")" 3
like 'one bounce: in the singular' "$(report --lang=en "$scratch/mails/1.eml")" '1 message came back, on 2026-11-*.*'
is 'no bounce at all' "$(report --lang=en not-bounces/plain-letter.eml)" 'Nothing came back.'

# -- what is going on
is 'a server that refuses the sending server is named, with the address it names, and since when' \
	"$(value '(grep { $_->{finding} eq "blocked" } @{$_->{findings}})[0]{text}' --lang=en "$scratch/mails")" \
	'example.com has refused 4 messages since 2026-11-11: your mail server 192.0.2.10 is on its block list. Ask whoever runs your mail server.'
is 'an address that is wrong' "$(value 'scalar grep { $_->{finding} eq "gone" && $_->{count} == 1 } @{$_->{findings}}' "$scratch/mails")" 1
like 'which nothing here confirms, and people are told so' "$(report --lang=en "$scratch/mails" | tr -s ' \n' ' ')" '*\* ? 1 message went to an address that is wrong or closed*?: known only from bounces that can*'
like 'on a page as well' "$(report --lang=en --format=html "$scratch/mails" | tr -s ' \n' ' ')" '*<li>? 1 message went to an address*</ul> <p>?: known only from bounces that can*'
is 'a mailbox that was full for more than two weeks' "$(value 'scalar grep { $_->{finding} eq "full" && $_->{count} == 1 } @{$_->{findings}}' "$scratch/mails")" 1
is 'one refusal alone is no finding' "$(value 'scalar @{$_->{findings}}' "$scratch/mails/1.eml")" 0


# -- from where on: a little less is no finding
# several COUNT NAME DOMAIN DAY WORDS [TIME]: bounces from there, into a folder of their own. found: what is found in it.
several() {
	for n in $(seq "$1"); do
		bounce_mail "of-$2-$3-$n" "user$n@$3" "mx.$3" "$4" "$5" '' '' "${6:-}"
		mv "$scratch/mails/of-$2-$3-$n.eml" "$scratch/limits"
	done
}
found() {
	value 'join " ", map { "$_->{finding}=$_->{count}" . ($_->{server} ? "/$_->{server}" : "") } @{$_->{findings}}' "$scratch/limits"
}
none_yet() {
	rm -rf "$scratch/limits"
	mkdir "$scratch/limits"
}
is_blocked='550 5.7.1 Service refused, client [192.0.2.10] is on our block list'
is_spam='550 5.7.1 Message rejected as spam'
none_yet
several 2 blocked one.example 11 "$is_blocked"
is 'two refusals of one server are no finding' "$(found)" ''
several 3 blocked one.example 11 "$is_blocked"
several 2 blocked two.example 11 "$is_blocked"
is 'three are, which two of another do not join' "$(found)" 'blocked=3/one.example'
none_yet
several 2 blocked one.example 11 "$is_blocked"
several 1 blocked two.example 11 "$is_blocked"
is 'three of several servers are one together' "$(found)" 'blocked=3'
none_yet
several 2 spam one.example 11 "$is_spam"
is 'mail that was taken for spam: twice is no finding' "$(found)" ''
several 1 spam two.example 11 "$is_spam"
is 'three times is one' "$(found)" 'spam=3'
none_yet
several 1 own one.example 11 '550 5.1.8 Access denied, bad outbound sender'
is 'that the account is suspended is one from the first on' "$(found)" 'suspended=1/one.example'
none_yet
several 1 first full.example 2 '552 5.2.2 mailbox full'
several 1 last full.example 16 '552 5.2.2 mailbox full' 11:59:59
is 'full for a second less than fourteen days: somebody may read it' "$(found)" ''
several 1 last full.example 16 '552 5.2.2 mailbox full'
is 'full for fourteen days: nobody reads it' "$(found)" 'full=1'
none_yet
bounce_mail at-once at@one.example mx.one.example 14 '550 5.1.1 user unknown' '' '' 00:00:00
bounce_mail before before@one.example mx.one.example 13 '550 5.1.1 user unknown' '' '' 23:59:59
mv "$scratch/mails/at-once.eml" "$scratch/mails/before.eml" "$scratch/limits"
is '--since: from the first second of that day on' "$(value 'join " ", map { $_->{key} } @{$_->{address}}' --since=2026-11-14 "$scratch/limits")" at@one.example

# -- for people, in their language: what stands for a program in JSON
like 'a week has its day as other days are written' "$(report --lang=ja --by=week "$scratch/mails")" '*週別*  2026/11/02 *1 *2026/11/09 *4 *'
mkdir "$scratch/nameless"
for n in 1 2 3; do
	bounce_mail "n$n" "user$n@customers.example" unknown "1$n" '550 5.7.1 Service refused, client is on our block list'
	mv "$scratch/mails/n$n.eml" "$scratch/nameless"
done
like 'a server that is called unknown is not named' "$(report --lang=ja --by=server "$scratch/nameless")" '*サーバー名不明 *3 *'
unlike 'nor said to have refused mail' "$(report --lang=ja "$scratch/nameless")" '*unknown*'
is 'for a program it is what it was' "$(value 'join " ", map { "$_->{key}=$_->{count}" } @{$_->{server}}' "$scratch/nameless")" 'unknown=3'

# -- wherever they come from
report --format=json "$scratch/mails" >"$scratch/of-folder"
"$bounce" classify --format=json "$scratch/mails" >"$scratch/classified"
report --format=json - <"$scratch/classified" >"$scratch/of-json"
same 'the JSON lines of classify say the same' "$scratch/of-folder" "$scratch/of-json"
report --format=json "$scratch/classified" >"$scratch/of-json-file"
same 'in a file too' "$scratch/of-folder" "$scratch/of-json-file"
for mail in "$scratch"/mails/*.eml; do
	echo 'From x@example.org Sat Nov 21 12:00:00 2026'
	cat "$mail"
	echo
done >"$scratch/all.mbox"
report --format=json "$scratch/all.mbox" >"$scratch/of-mbox"
same 'so does an mbox' "$scratch/of-folder" "$scratch/of-mbox"
printf 'nonsense\n{"kind":"failed"}\n{"recipients":[1,{"reason":"no-such"}],"kind":"failed"}\n[[[[\n' >"$scratch/nonsense"
is 'nonsense among the lines counts for nothing' "$(cat "$scratch/classified" "$scratch/nonsense" | report --format=json -)" "$(cat "$scratch/of-folder")"
if has notmuch; then
	NOTMUCH_CONFIG=$scratch/notmuch-config
	export NOTMUCH_CONFIG
	maildir "$scratch/store"
	cp "$scratch"/mails/*.eml "$scratch/store/new"
	printf '[database]\npath=%s\n[user]\nprimary_email=me@example.org\n' "$scratch/store" >"$NOTMUCH_CONFIG"
	notmuch new --quiet
	"$bounce" tag --all >/dev/null
	report --format=json >"$scratch/of-index"
	# but for what it can tell apart, which files can't
	sed 's/{"finding":"gone"[^}]*},*//' "$scratch/of-folder" >"$scratch/confirmed"
	same 'so does the index' "$scratch/confirmed" "$scratch/of-index"
	is 'a query takes some' "$(value '$_->{failed}' tag:bounce/user-unknown)" 1
	exits 'a query that is wrong: exit 74' 74 "$bounce" report 'date:nonsense..'
	like 'and it is said' "$(cat "$scratch/err")" "*can't be searched*"
else
	skip 'the index' 'notmuch is not installed'
fi

# -- the forms
report --lang=en "$scratch/mails" >"$scratch/text"
is 'no line of text is wider than 80 columns' "$(awk 'length > 80' "$scratch/text")" ''
like 'text: bars' "$(cat "$scratch/text")" '*your server is blocked *4  your server * ====*'
report --lang=ja "$scratch/mails" >"$scratch/text"
like 'in the language of the reader' "$(cat "$scratch/text")" '*考えられる原因と対処*'
report --format=html --lang=en "$scratch/mails" >"$scratch/page"
is 'html: no script, nothing from elsewhere' "$(grep -ciE '<script|src=|href=|url\(|@import' "$scratch/page")" 0
like 'html: for phones and dark rooms' "$(cat "$scratch/page")" '*name="viewport"*color-scheme:light dark*<svg*'
is 'csv: RFC 4180' "$(report --format=csv --by=reason --lang=en "$scratch/mails" | tr '\r' '!' | sed -n '1,2p')" 'by,key,name,count,first,last!
"reason","blocked","your server is blocked",4,2026-11-11,2026-11-14!'
bounce_mail 9 "'=cmd()'@evil.example" mx.evil.example 20 '550 5.1.1 user unknown' '=HYPERLINK(1)@evil.example'
is 'csv: no cell begins like a formula' "$(report --format=csv "$scratch/mails" | grep -cE '(^|,)"?[=+@-]')" 0
bounce_mail 9 '＝1+1@evil.example' mx.evil.example 20 '550 5.1.1 user unknown'
is 'nor with a sign of full width' "$(report --format=csv "$scratch/mails" | grep '1+1@evil' | grep -c '"＝')" 0
like 'which is there' "$(report --format=csv "$scratch/mails")" "*\"'＝1+1@evil.example\"*"
printf '<b>&"\033[2J@evil.example' >"$scratch/name"
bounce_mail 9 "$(cat "$scratch/name")" '<script>.example' 20 '550 5.1.1 user unknown <script>'
is 'html: nothing from a mail is markup' "$(report --format=html "$scratch/mails" | grep -c '<script\|<b>')" 0
is 'text: no control character' "$(report "$scratch/mails" | LC_ALL=C grep -c '[[:cntrl:]]')" 0

# -- bad input
exits 'a count that there is not: exit 64' 64 "$bounce" report --by=colour "$scratch/mails"
like 'and what there is' "$(cat "$scratch/err")" '*reason domain server week*'
exits 'a date that is none: exit 64' 64 "$bounce" report --since=yesterday "$scratch/mails"
if [ -w /dev/full ]; then
	"$bounce" report "$scratch/mails" >/dev/full 2>/dev/null
	is 'a full disk: exit 75' $? 75
fi

# -- on all cores
cp "$scratch/mails/1.eml" "$scratch/mails/\$(touch PWN) '1'.eml"
report "$scratch/mails" --format=json >"$scratch/one"
"$bounce" classify --format=json "$scratch/mails" | report - --format=json >"$scratch/many"
same 'what classify found on all of them makes the same' "$scratch/many" "$scratch/one"

done_testing
