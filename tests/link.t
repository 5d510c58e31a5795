#!/bin/sh
# Which mail a bounce is about, what becomes of that mail, and that a forged bounce changes nothing but itself.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=index-lib.sh
. ./index-lib.sh

# sent ID TO [FIELD...]: a mail that the user sent on 1 March.
sent() {
	id=$1 to=$2
	shift 2
	letter "$id" 'You <you@example.org>' "$to" "$(day 1)" "$@" | add "$id"
}
# state ID: what is recorded of its recipients, without the times.
state() {
	values "$1" bounce.state | sed 's/\([a-z]*\) [0-9]* /\1 /g'
}

# -- linked
new_index
sent a@example.org 'Bo <bo@example.net>, ann@example.com'
report b1@mx.example.net "$(day 2)" a@example.org "$gone|bo@example.net" | add b1
run_tag
is 'a genuine bounce is linked' "$(values b1@mx.example.net bounce.genuine) $(values b1@mx.example.net bounce.of)" 'linked a@example.org'
is 'it is known how' "$(values b1@mx.example.net bounce.link)" rfc822
is 'the mail it is about is undelivered' "$(tags id:a@example.org)" undelivered
is 'and knows why, for that recipient' "$(state a@example.org)" 'failed user-unknown bo@example.net'
is 'and by which bounce' "$(values a@example.org bounce.by)" b1@mx.example.net
like 'status: says it' "$("$bounce" status)" '*about a*bo@example.net*unknown address*you (address)*'
unlike 'status: only what failed' "$("$bounce" status)" '*ann@example.com*'
like 'status of one mail: all recipients' "$("$bounce" status id:a@example.org)" '*bo@example.net*unknown address*ann@example.com*nothing heard*'
like 'status as JSON' "$("$bounce" status --format=json)" '{"message_id":"a@example.org",*"address":"bo@example.net","state":"failed","reason":"user-unknown"*'
letter reply@example.net 'bo@example.net' you@example.org "$(day 3)" | add reply
run_tag
is 'a reply does not make a dead address alive' "$(tags id:a@example.org)" undelivered
notmuch tag -undelivered -- id:a@example.org
run_tag --all
is 'undelivered, taken off by the user, stays off' "$(tags id:a@example.org)" ''
report b2@mx.example.net "$(day 4)" a@example.org "$gone|ann@example.com" | add b2
run_tag
is 'but comes back when another recipient fails' "$(tags id:a@example.org)" undelivered

# step NAME TEXT-OF-THE-BOUNCE: how it is linked.
ladder() {
	new_index
	sent l@example.org bo@example.net
	add bounce
	run_tag
	is "linked by $1" "$(notmuch dump --include=properties | sed -n 's/.*bounce.link=\([a-z0-9-]*\).*/\1/p') $(tags id:l@example.org)" "$1 undelivered"
}
original_type=text/rfc822-headers
report b@mx.example.net "$(day 2)" l@example.org "$gone|bo@example.net" >"$scratch/in"
ladder headers <"$scratch/in"
original_type=
for field in X-Original-Message-ID In-Reply-To References; do
	report b@mx.example.net "$(day 2)" '' "$gone|bo@example.net" | sed "1i$field: <l@example.org>" >"$scratch/in"
	ladder "$(echo $field | tr '[:upper:]' '[:lower:]')" <"$scratch/in"
done
report b@mx.example.net "$(day 2)" '' "$gone|bo@example.net" | sed 's/^Reporting-MTA.*/&\nOriginal-Envelope-Id: l@example.org/' >"$scratch/in"
ladder envelope-id <"$scratch/in"
notice q@mx.example.net "$(day 2)" bo@example.net 'From: you@example.org' 'To: bo@example.net' 'Message-ID: <l@example.org>' 'Subject: about l' '' \
	'Hello.' >"$scratch/in"
ladder text <"$scratch/in"
new_index
sent p@example.org bo@example.net
original_to=bo@example.net original_subject='about p'
report b@mx.example.net "$(day 2)" '' "$gone|bo@example.net" | add b
run_tag
is 'by recipient, subject and time: probable' "$(values b@mx.example.net bounce.link) $(values b@mx.example.net bounce.of)" 'probable p@example.org'
is 'what is only probable changes no mail' "$(values b@mx.example.net bounce.genuine) $(tags id:p@example.org)" 'probable '
original_to='' original_subject=''

# -- what happens next
new_index
sent d@example.org 'bo@example.net, ann@example.com'
report d1@mx.example.net "$(day 2)" d@example.org "$late|bo@example.net" | add d1
run_tag
is 'a delay' "$(tags id:d@example.org) $(state d@example.org)" 'delayed delayed network bo@example.net'
report d2@mx.example.net "$(day 3)" d@example.org "$full|bo@example.net" | add d2
run_tag
is 'then a failure' "$(tags id:d@example.org) $(state d@example.org)" 'undelivered failed mailbox-full bo@example.net'
report d3@mx.example.net "$(day 4)" d@example.org "$late|bo@example.net" | add d3
run_tag
is 'a delay after a failure changes nothing' "$(tags id:d@example.org)" undelivered
letter early@example.net bo@example.net you@example.org "$(day 2)" | add early
run_tag
is 'an older mail from there settles nothing' "$(tags id:d@example.org)" undelivered
letter reply@example.net 'Bo <BO@example.net>' you@example.org "$(day 5)" | add reply
run_tag
is 'mail from there settles a full mailbox' "$(tags id:d@example.org) $(state d@example.org)" ' replied mailbox-full bo@example.net'
report s1@mx.example.net "$(day 6)" d@example.org "$arrived|bo@example.net" | add s1
run_tag
is 'a report of success' "$(state d@example.org)" 'confirmed - bo@example.net'
run_tag --all
is 'and all again changes nothing' "$said" ''

# A bounce and the reply that settles it come in one run.
new_index
sent e@example.org bo@example.net
report e1@mx.example.net "$(day 2)" e@example.org "$full|bo@example.net" | add e1
letter later@example.net bo@example.net you@example.org "$(day 5)" | add later
run_tag --remove-tag=new
is 'the reply came with the bounce' "$(tags id:e@example.org) $(state e@example.org)" ' replied mailbox-full bo@example.net'
before=$(whole)
run_tag --all
is 'and all again changes nothing in the index' "$(whole)" "$before"
# notmuch decodes domains in other scripts before it takes their words.
sent i@example.org bo@xn--wgv71a119e.example
report i1@mx.example.net "$(day 2)" i@example.org "$full|bo@xn--wgv71a119e.example" | add i1
letter idn@example.net 'Bo <bo@xn--wgv71a119e.example>' you@example.org "$(day 5)" | add idn
run_tag
is 'a reply from a domain in another script' "$(tags id:i@example.org) $(state i@example.org)" ' replied mailbox-full bo@xn--wgv71a119e.example'

# -- forwarding
new_index
sent f@example.org office@example.net
report f1@mx.example.net "$(day 2)" f@example.org "$gone|bo@elsewhere.example|office@example.net" | add f1
run_tag
is 'who forwards is recorded' "$(values f1@mx.example.net bounce.forward)" 'office@example.net bo@elsewhere.example'
is 'and it failed for whom the mail was' "$(state f@example.org)" 'failed user-unknown office@example.net'

# Each of 2,000 is said to be who got it from the one to whom the mail went.
seq 2000 | sed 's/.*/\
Original-Recipient: rfc822; office@example.net\
Final-Recipient: rfc822; bo&@elsewhere.example\
Action: failed\
Status: 5.1.1/' >"$scratch/groups"
report f2@mx.example.net "$(day 3)" f@example.org "$gone|bo@elsewhere.example|office@example.net" | sed "/^Reporting-MTA/r $scratch/groups" | add f2
if grep -q __asan_init "$bounce"; then
	skip 'who forwards to 2,000: in less than 100 MB' 'a sanitizer has its own ideas of memory'
	run_tag --all
else
	ok 'who forwards to 2,000: in less than 100 MB' sh -c 'ulimit -d 100000; exec "$1" tag --all >"$2"' sh "$bounce" "$scratch/out"
fi
is 'who forwards to 2,000: all are recorded' "$(values f2@mx.example.net bounce.forward | grep -o 'office@example.net bo[0-9]*@' | wc -l | tr -d ' ')" 2000

# -- forged
# unchanged DESCRIPTION: the bounce on standard input leaves all other mail as it is, now and later.
unchanged() {
	new_index
	notmuch config set bounce.backscatter_after 0
	sent a@example.org bo@example.net
	letter r@example.net 'Eve <eve@example.net>' you@example.org "$(day 1)" | add r
	before=$(notmuch dump --include=tags --include=properties -- id:a@example.org or id:r@example.net)
	add forged
	run_tag
	run_tag --all
	is "$1" "$(notmuch dump --include=tags --include=properties -- id:a@example.org or id:r@example.net)" "$before"
}
# forged DESCRIPTION ORIGINAL ADDRESS [ID]: a report on that mail, that it did not reach the address.
forged() {
	report "${4:-x@mx.example.net}" "$(day 2)" "$2" "$gone|$3" >"$scratch/in"
	unchanged "$1" <"$scratch/in"
}
forged 'an unknown original' nobody@example.org bo@example.net
is 'is backscatter on a later run' "$(tags id:x@mx.example.net)" 'bounce bounce/backscatter bounce/permanent bounce/user-unknown'
ok 'there are other mails that could change' test -n "$before"
forged 'a mail that the user received' r@example.net you@example.org
is 'is about nothing that the user sent' "$(values x@mx.example.net bounce.genuine)" foreign
forged 'an address that the mail did not go to' a@example.org eve@example.net
is 'and that is known' "$(values x@mx.example.net bounce.genuine)" other-recipient
forged "the id of the user's own mail" a@example.org bo@example.net a@example.org
forged 'an id that is a query' '*' bo@example.net
forged 'an id with a prefix' 'id:a@example.org' bo@example.net
forged 'an id that is too long' "$(printf '%0300d' 0)@example.org" bo@example.net
forged 'an id with quotes' 'x" or tag:new or "' bo@example.net
forged 'an id with percents' 'a%40example.org' bo@example.net
forged 'properties in an address' 'k=v@example.org' '"a=b bounce.of=a@example.org"@example.net'
forged 'an address longer than a property' nobody@example.org "$(printf '%0290d' 0)@example.net"
{ printf 'X-Bounce-Original-Id: <a@example.org>\nX-Bounce-Reason: virus\n'; letter x@example.net eve@example.net you@example.org "$(day 2)"; } >"$scratch/in"
unchanged 'our own fields, forged' <"$scratch/in"

# -- the mail turns up later than its bounce
new_index
report t1@mx.example.net "$(day 2)" t@example.org "$gone|bo@example.net" | add t1
run_tag --remove-tag=new
is 'a bounce before its mail is there: unlinked' "$(values t1@mx.example.net bounce.genuine)" unlinked
sent t@example.org bo@example.net
run_tag
is 'linked when the mail turns up' "$(values t1@mx.example.net bounce.genuine) $(tags id:t@example.org)" 'linked undelivered'
done_testing
