#!/bin/sh
# What is going on, where the index knows what was sent: how many of all mails a server refused, since when a domain can't be verified any more, how much
# of a mailing came back.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=index-lib.sh
. ./index-lib.sh
TZ=UTC
export TZ
# sent N ADDRESS DAY: a mail of the user's. came_back N ADDRESS DAY STATUS WORDS: its bounce, from the server that refused it.
sent() {
	letter "sent$1@example.org" "You <$you>" "$2" "$(day "$3")" >"$mail/cur/sent$1:2,"
}
came_back() {
	original_to=$2 report "bounce$1@mx.example.net" "$(day "$3" 11:00:00)" "sent$1@example.org" "failed|$4|$5|$2|$2" |
		sed "s/^Diagnostic-Code:/Remote-MTA: dns; mx.${2#*@}\n&/" >"$mail/cur/bounce$1:2,"
}
blocked='550 5.7.1 Service unavailable, client host [192.0.2.10] is on our block list'
spf='550 5.7.23 SPF validation failed: example.org does not designate 192.0.2.10 as permitted sender'
new_index
for n in 1 2 3 4 5 6 7 8; do
	sent "early$n" "kai$n@far.example" 2
done
for n in 1 2 3 4; do
	sent "blocked$n" "bo$n@wall.example" 1$n
	came_back "blocked$n" "bo$n@wall.example" 1$n 5.7.1 "$blocked"
	sent "spf$n" "cy$n@far.example" 2$n
	came_back "spf$n" "cy$n@far.example" 2$n 5.7.23 "$spf"
done
sent through bo9@wall.example 20
people() {
	seq -f "$1%02g@customers.example" 50 | paste -sd, | sed 's/,/, /g'
}
for mailing in first last; do
	day=$([ $mailing = first ] && echo 3 || echo 9)
	letter "$mailing@example.org" "You <$you>" "$(people ${mailing})" "$(day "$day")" >"$mail/cur/$mailing:2,"
done
gone_of() {
	original_to="$2@customers.example" report "bounce-$2@mx.example.net" "$(day 10)" "$1@example.org" "$gone|$2@customers.example|$2@customers.example" >"$mail/cur/bounce-$2:2,"
}
gone_of first first01
for n in 01 02 03; do
	gone_of last "last$n"
done
notmuch new --quiet --no-hooks
run_tag --all

going_on() {
	"$bounce" report --lang=en "$@" 2>"$scratch/err" | sed -n '/^What is going on/,/^$/p' | tr -s ' \n' ' '
}
like 'how many of all mails a server refused' "$(going_on)" '*wall.example has refused 4 of 5 messages since 2026-03-11: your mail server 192.0.2.10 is on its block list.*'
like 'since when the domain is not verified' "$(going_on)" '*SPF began to fail on 2026-03-21: 4 of 4 messages have been refused since, after 113 that were not.*'
like 'how much of the last mailing came back, and how much that usually is' "$(going_on)" '*6 % of your mailing “about last” came back (3 of 50); 2 % is usual.*'
unlike 'of some bounces it is not said how many of all they are' "$(going_on 'from:mailer-daemon')" '* of 5 *'
unlike 'nor of those since a day' "$(going_on --since=2026-03-01)" '* of 5 *'
like 'in Japanese' "$("$bounce" report --lang=ja)" '*2026/03/11から5通中4通を拒否*2026/03/21からSPFの認証に失敗*一斉送信「about last」のうち6%（50通中3通）*いつもは2%*'
is 'for programs' "$("$bounce" report --format=json | grep -o '"finding":"blocked","count":4,"all":5')" '"finding":"blocked","count":4,"all":5'
# What a stranger sends is no advice: the addresses to take off lists are those that `addresses --dead` names.
report forged1@mx.example.net "$(day 10)" first@example.org "$gone|first02@customers.example" "$gone|victim@bank.example" >"$mail/cur/forged1:2,"
report forged2@mx.example.net "$(day 10)" nobody-sent@example.org "$gone|other@bank.example" >"$mail/cur/forged2:2,"
notmuch new --quiet --no-hooks
run_tag --all
dead=$("$bounce" addresses --dead --format=json | sed -n 's/.*"failures":\([0-9]*\).*/\1/p' | awk '{ sum += $1 } END { print sum }')
like 'messages went to as many wrong addresses as are dead' "$(going_on)" "*$dead messages went to addresses that are wrong or closed*"
is 'of some bounces as well' "$("$bounce" report --format=json id:forged1@mx.example.net | grep -o '"finding":"gone","count":[0-9]*') $("$bounce" report --format=json id:forged2@mx.example.net | grep -c gone\")" '"finding":"gone","count":1 0'
unlike 'and that needs no question mark' "$("$bounce" report --lang=en)" '*\* \? *'
rm "$mail/cur/forged1:2," "$mail/cur/forged2:2,"
gone_of unknown nobody99
notmuch new --quiet --no-hooks
run_tag --all
original_to=bo1@wall.example report forged@evil.example "$(day 12)" never@example.org "failed|5.7.1|$blocked|bo1@wall.example" | sed 's/^Diagnostic-Code:/Remote-MTA: dns; mx.wall.example\n&/' | add forged
run_tag --all
unlike 'where a bounce is about no mail of the index, it is not said either' "$(going_on)" '*wall.example has refused 4 of*'

# -- the mechanism that failed: what at least half of the refusals name
# refused N WORDS: a mail of the 20th, and its bounce. began: the mechanism that is said to have begun to fail.
refused() {
	sent "$1" "cy$1@far.example" 20
	came_back "$1" "cy$1@far.example" 20 5.7.26 "550 5.7.26 $2"
}
began() {
	notmuch new --quiet --no-hooks
	run_tag --all
	going_on | grep -oE '[A-Z]+ began to fail on [0-9-]*: [0-9]+'
}
new_index
sent early kai@far.example 2
refused 1 'DKIM signature did not verify, and SPF failed'
refused 2 'DKIM signature did not verify'
refused 3 'this mail is unauthenticated'
refused 4 'this mail is unauthenticated'
is 'the mechanism that half of the refusals name, and name first' "$(began)" 'DKIM began to fail on 2026-03-20: 4'
refused 5 'this mail is unauthenticated'
is 'one that fewer name is not said' "$(began)" ''
like 'only what has failed' "$(going_on)" '*Since 2026-03-20, 5 of 5 messages have failed SPF, DKIM or DMARC*'

# -- from where on it is a mailing: a mail to more than ten people, or more than ten mails with one subject
# to COUNT NAME: a mail to so many, of which the first are gone. alike COUNT: so many mails with one subject. mailing: what is found.
to() {
	letter "$2@example.org" "You <$you>" "$(people "$2" | cut -d, -f"1-$1")" "$(day "$3")" | sed 's/^Subject: .*/Subject: '"${4:-for $2}/" >"$mail/cur/$2:2,"
}
mailing() {
	notmuch new --quiet --no-hooks
	run_tag --all
	"$bounce" report --format=json | grep -o '"finding":"mailing","count":[0-9]*,"all":[0-9]*'
}
new_index
to 10 ten 3
gone_of ten ten01
is 'a mail to ten people is none' "$(mailing)" ''
to 11 more 4
gone_of more more01
is 'a mail to eleven is one' "$(mailing)" '"finding":"mailing","count":1,"all":11'
new_index
for n in $(seq 10); do
	to 1 "same$n" 3 'to one after another'
done
gone_of same1 same101
is 'ten mails with one subject are none' "$(mailing)" ''
to 1 same11 4 'to one after another'
is 'eleven are one' "$(mailing)" '"finding":"mailing","count":1,"all":11'
done_testing
