#!/bin/sh
# What strangers write changes nothing but what they wrote: names that are addresses, ids and dates of others, judgements of a judge that was broken into. And what is
# not known is not said.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=index-lib.sh
. ./index-lib.sh
came_in='Received: from mx.example.net by mx.example.org with ESMTPS id 1; Mon, 02 Mar 2026 10:00:00 +0000'
# state ID: what is recorded of its recipients, without the times.
state() {
	values "$1" bounce.state | sed 's/\([a-z]*\) [0-9]* /\1 /g'
}
insert() {
	"$bounce" insert "$@" 2>"$scratch/err"
	code=$?
}
# sent ID TO: a mail that the user sent.
sent() {
	letter "$1" 'You <you@example.org>' "$2" "$(day 1)" | add "$1"
}

# -- the user's address may look like a mailer's
for me in noriko@gmail.com me@hotmail.com me@mail.ru mailer@firma.example 'Mail Order <you@example.org>' 'Delivery Service <you@example.org>'; do
	new_index
	notmuch config set user.other_email "$(printf '%s' "$me" | sed 's/.*<//; s/>//')"
	letter o@example.org "$me" bo@example.net "$(day 1)" | add o
	report b@mx.example.net "$(day 2)" o@example.org "$gone|bo@example.net" | add b
	run_tag
	first=$(tags id:o@example.org)
	run_tag --all
	all=$(tags id:o@example.org)
	run_tag id:o@example.org
	is "from $me: undelivered stays, whichever mails are looked at" "$first $all $(tags id:o@example.org)" 'undelivered undelivered undelivered'
	is "from $me: a second run changes nothing" "$said" ''
done

# -- a name is no address
new_index
sent o@example.org '"Eve" <bo@example.net>'
report b@mx.example.net "$(day 2)" o@example.org "$full|bo@example.net" | add b
for name in '"bo@example.net" <eve@evil.example>' 'bo@example.net <eve@evil.example>' '(bo@example.net) eve@evil.example' '=?utf-8?Q?bo@example.net,?= <eve@evil.example>' \
	'=?utf-8?B?Ym9AZXhhbXBsZS5uZXQs?= <eve@evil.example>' '"x\" <bo@example.net>," <eve@evil.example>'; do
	letter r@evil.example "$name" you@example.org "$(day 5)" | add r
	run_tag
	is "$name is no sign of life from bo@example.net" "$(state o@example.org)" 'failed mailbox-full bo@example.net'
done
letter e@evil.example '"you@example.org" <eve@evil.example>' '"Bo" <ceo@evil.example>' "$(day 1)" "$came_in" | add e
report eb@mx.example.net "$(day 2)" e@evil.example "$gone|ceo@evil.example" | add eb
run_tag
is "a mail that has the user's address for a name is none of the user's" "$(values eb@mx.example.net bounce.genuine) $(tags id:e@evil.example)" 'foreign '
letter f@evil.example 'You <you@example.org>' '"Bo" <ceo@evil.example>' "$(day 1)" "$came_in" | add f
report fb@mx.example.net "$(day 2)" f@evil.example "$gone|ceo@evil.example" | add fb
run_tag
is "nor is one that came in from the user's address" "$(values fb@mx.example.net bounce.genuine) $(tags id:f@evil.example)" 'foreign '
unlike 'nor did the user write to whom it names' "$("$bounce" resend --suggest id:b@mx.example.net)" '*you wrote to it*'

# -- who may be meant: what a key offers is sent to with one more key
# asked FILE: what `resend --ask` asks on a terminal.
asked() {
	printf 'q\n' | script -qec "'$bounce' resend --ask <'$1'" /dev/null | tr -d '\r'
}
if has script; then
	for who in attacker user; do
		new_index
		sent o@example.org 'Taro Tanaka <taro.tanaka@example.jp>'
		case $who in
		attacker) letter e@evil.example 'Taro Tanaka <taro.tanaka@exmaple.jp>' you@example.org "$(day 2)" "$came_in" ;;
		user) letter earlier@example.org 'You <you@example.org>' 'Taro Tanaka <taro.tanaka@exmaple.jp>' "$(day 1)" ;;
		esac | add other
		report b@mx.example.net "$(day 5)" o@example.org "$gone|taro.tanaka@example.jp" >"$scratch/b"
		add b <"$scratch/b"
		run_tag
		asked "$scratch/b" >"$scratch/question"
		case $who in
		attacker) unlike 'an address that only a stranger wrote from is not offered' "$(cat "$scratch/question")" '* t  *' ;;
		user) like 'one that the user wrote to is' "$(cat "$scratch/question")" '* t *taro.tanaka@exmaple.jp*' ;;
		esac
		like 'though it is asked' "$(cat "$scratch/question")" '*or the right address*'
	done
else
	skip 'what a key offers' 'there is no script'
fi

# -- where somebody is said to have moved to
new_index
sent o@example.org 'bo@example.net, eve@evil.example'
for who in bo@example.net ceo@bank.example; do
	report b@mx.example.net "$(day 2)" o@example.org "$full|eve@evil.example" "failed|5.1.6|551 5.1.6 User moved; please try <new@evil.example>|$who" | add b
	run_tag --all
	"$bounce" explain --lang=en id:b@mx.example.net | tr -d '\\\n' >"$scratch/explained"
	like "$who: the new address is named" "$(cat "$scratch/explained")" '*may now be new@evil.example*'
	case $who in
	bo@*) like 'there is a command for it if the mail went to the old one' "$(cat "$scratch/explained")" '*resend --to=new@evil.example*' ;;
	*) unlike 'there is none if the mail did not go to the old one' "$(cat "$scratch/explained")" '*--to=*' ;;
	esac
done

# -- a report about the user's mail that names others, too
new_index
sent o@example.org 'bo@example.net, al@example.net'
report b@mx.example.net "$(day 2)" o@example.org "$gone|bo@example.net" "$gone|victim@bank.example" "$gone|al@example.net" | add b
report p@mx.example.net "$(day 2)" '' "$gone|bo@example.net" "$gone|victim@bank.example" | sed 's/^Subject: about .*/Subject: about o/' | add p
run_tag
for form in text html; do
	"$bounce" explain --lang=en --format=$form id:b@mx.example.net | tr '\n' ' ' | sed 's/&#39;/'"'"'/g' >"$scratch/explained"
	like "$form: each is told whether the mail went there" "$(cat "$scratch/explained")" \
		"*bo@example.net*al@example.net*Yes. It's about a message that you sent.*victim@bank.example*Can't be verified: it names a message of yours*"
done
is 'so do programs learn it' "$("$bounce" explain --format=json id:b@mx.example.net | perl -MJSON::PP -e 'print map { "@{$_->{addresses}} $_->{genuine}; " } @{decode_json(<STDIN>)->{explained}}')" \
	'bo@example.net al@example.net linked; victim@bank.example other-recipient; '
like 'and who reads one line has them apart' "$("$bounce" explain --lang=en --short --width=200 id:b@mx.example.net)" '* 2 * / *victim@bank.example*'
is 'a report that names no id can lie, too' "$(values p@mx.example.net bounce.genuine) $("$bounce" explain --format=json id:p@mx.example.net | perl -MJSON::PP -e 'print map { "@{$_->{addresses}} $_->{genuine}; " } @{decode_json(<STDIN>)->{explained}}')" \
	'probable bo@example.net probable; victim@bank.example other-recipient; '

# -- whose mail it is, when others wrote its id
# shown: what a person is shown of the user's mail and of its bounce. A stranger's file with its id changes nothing of that, even if it was first.
shown() {
	"$bounce" explain --lang=en id:real@mx.example.net
	"$bounce" explain --lang=en --format=json id:real@mx.example.net
	"$bounce" status --lang=en id:o@example.org
	"$bounce" resend --suggest --lang=en id:real@mx.example.net
	"$bounce" resend --to=bob@example.net id:real@mx.example.net | grep -vE '^(Date|Message-ID):'
	"$bounce" silent --lang=en --after=0d --for=3650d id:quiet@example.org
}
new_index
for id in o quiet; do sent $id@example.org bo@example.net; done
report real@mx.example.net "$(day 3)" o@example.org "$gone|bo@example.net" | add real
run_tag
shown >"$scratch/alone"
for theirs in 'Eve <eve@evil.example>' 'You <you@example.org>'; do
	new_index
	for id in o quiet; do
		letter $id@example.org "$theirs" victim@bank.example '20 Feb 2026 10:00:00 +0000' "$came_in" | sed 's/^Subject: .*/Subject: Call me/' | add theirs-$id
		sent $id@example.org bo@example.net
	done
	report real@mx.example.net "$(day 3)" o@example.org "$gone|bo@example.net" | add real
	run_tag
	shown >"$scratch/beside"
	same "$theirs: what is shown of a mail of the user's is the user's" "$scratch/beside" "$scratch/alone"
done
# Nor does that file's date or size.
new_index
for id in o quiet; do
	{ letter $id@example.org 'Eve <eve@evil.example>' victim@bank.example '20 Feb 2099 10:00:00 +0000' "$came_in"; seq 200000; } | add theirs-$id
	sent $id@example.org bo@example.net
done
report large@mx.example.net "$(day 3)" o@example.org 'failed|5.3.4|552 5.3.4 Message too large|bo@example.net' | add large
run_tag
like "dated in the future: the user's date counts" "$("$bounce" silent --after=0d --for=3650d)" '*id:quiet@example.org*'
unlike "and the size is that of the user's file" "$("$bounce" explain --lang=en id:large@mx.example.net)" '*refused: 1 MB*'
for order in 'mine theirs' 'theirs mine'; do
	new_index
	for whose in $order; do
		case $whose in
		mine) letter o@example.org 'You <you@example.org>' bo@example.net "$(day 1)" | add mine ;;
		theirs) letter o@example.org 'Eve <eve@evil.example>' 'victim@bank.example' "$(day 1)" "$came_in" | add theirs ;;
		esac
	done
	report forged@mx.example.net "$(day 2)" o@example.org "$gone|victim@bank.example" | add forged
	run_tag
	is "$order: to whom it went says the user's own file" "$(values forged@mx.example.net bounce.genuine) $(tags id:o@example.org)" 'other-recipient '
	report real@mx.example.net "$(day 3)" o@example.org "$gone|bo@example.net" | add real
	run_tag
	is "$order: and the real failure is known" "$(values real@mx.example.net bounce.genuine) $(tags id:o@example.org)" 'linked undelivered'
done
new_index
letter boss@list.example 'Boss <boss@corp.example>' you@example.org "$(day 1)" | insert +important
notmuch tag -inbox -unread -new +archived -- id:boss@list.example
before=$(notmuch dump --format=batch-tag -- id:boss@list.example)
report boss@list.example "$(day 2)" nobody@example.org "$gone|bo@example.net" | insert +inbox
is "a bounce with the id of somebody's mail: delivered, and that mail is as it was" "$code $(copies) $(notmuch dump --format=batch-tag -- id:boss@list.example)" "0 2 $before"
letter boss@list.example 'Eve <eve@evil.example>' you@example.org "$(day 2)" | insert +inbox -important
is 'so it is when any mail has it' "$code $(copies) $(notmuch dump --format=batch-tag -- id:boss@list.example)" "0 3 $before"
run_tag --all
is 'and when all is looked at' "$(notmuch dump --format=batch-tag -- id:boss@list.example)" "$before"

# -- dates
new_index
sent o@example.org bo@example.net
report late@mx.example.net "$(day 2)" o@example.org "$late|bo@example.net" | add late
letter r@evil.example bo@example.net you@example.org 'Mon, 12 Oct 2099 10:00:00 +0000' | add r
report s@mx.example.net 'Mon, 12 Oct 2099 10:00:00 +0000' o@example.org "$arrived|bo@example.net" | add s
run_tag
is 'mail and a success dated in the future do not close a delay for ever' "$(state o@example.org)" 'confirmed - bo@example.net'
letter quiet@example.org 'You <you@example.org>' bo@example.net "$(day 3)" | add quiet
for received in "$came_in" 'X-No: server'; do
	letter r@evil.example bo@example.net you@example.org 'Mon, 12 Oct 2099 10:00:00 +0000' "$received" | add r
	like "nor does mail dated in the future, with $received, answer what is sent later" "$("$bounce" silent --lang=en --after=0d --for=3650d)" '*bo@example.net*nothing heard*'
done
report b@mx.example.net "$(day 7)" o@example.org "$gone|bo@example.net" | add b
run_tag
is 'the failure counts' "$(state o@example.org) $(tags id:o@example.org)" 'failed user-unknown bo@example.net undelivered'

# -- what is not known
new_index
sent other@example.org ann@example.net
report g@mx.example.net "$(day 2)" gone@example.org "$gone|bo@example.net" | sed '1i In-Reply-To: <gone@example.org>' | add g
run_tag
unlike 'a mail that is only referred to is not said to be somebody else'"'"'s' "$("$bounce" explain id:g@mx.example.net; "$bounce" resend id:g@mx.example.net 2>&1)" '*none of your addresses*'
letter alias@example.org 'You <alias@elsewhere.example>' bo@example.net "$(day 1)" | add alias
report a@mx.example.net "$(day 2)" alias@example.org "$gone|bo@example.net" | add a
run_tag
like 'an address that is not set: explain names it, and the setting' "$("$bounce" explain id:a@mx.example.net | tr -s ' \n' ' ')" '*alias@elsewhere.example*user.other_email*'
like 'so does resend' "$("$bounce" resend id:a@mx.example.net 2>&1)" '*alias@elsewhere.example*user.other_email*'
notmuch config set user.other_email alias@elsewhere.example
run_tag --all
is 'once it is set, the mail is undelivered' "$(tags id:alias@example.org)" undelivered

letter second@example.org 'You <alias@elsewhere.example>' bo@example.net "$(day 1)" | add second
report s@mx.example.net "$(day 2)" second@example.org 'failed|5.7.1|550 5.7.1 rejected by recipient: sender not in allowed senders|bo@example.net' | add s
run_tag
like 'a text to send names the address that came back, not the first of the user'"'"'s' "$("$bounce" explain id:s@mx.example.net)" '*Text to send*alias@elsewhere.example*'
unlike 'and only that' "$("$bounce" explain id:s@mx.example.net)" '*Text to send*you@example.org*'

# -- status: words at the end, whatever there is
new_index
like 'nothing in the index' "$("$bounce" status)" '*None of your sent messages is in the index*'
report u@mx.example.net "$(day 2)" u@example.org "$gone|bo@example.net" | add u
run_tag
like 'bounces, and no mail' "$("$bounce" status)" '*None of your sent messages is in the index*1 bounce is about a message*--unlinked*'
like 'which are listed' "$("$bounce" status --unlinked)" '*bo@example.net*id:u@mx.example.net*'
sent o@example.org bo@example.net
like 'all is well' "$("$bounce" status)" 'All is well*'
exits 'a query that is none' 74 "$bounce" status 'date:x..y'
like 'is said to be so, and why' "$(cat "$scratch/err")" '*can'"'"'t be searched for date:x..y: *date specification*'
exits 'a file' 64 "$bounce" status ./trust.t
exits 'nothing found' 66 "$bounce" status tag:nothing

# -- names of mails
report b@mx.example.net "$(day 3)" o@example.org "$gone|bo@example.net" | add b
run_tag
for name in id:o@example.org o@example.org '<o@example.org>' tag:undelivered 'subject:o and to:bo@example.net'; do
	like "explain $name" "$("$bounce" explain --short "$name")" '*bo@example.net*'
	like "resend $name" "$("$bounce" resend --anyway "$name" 2>&1)" '*To: bo@example.net*'
done

# -- dealt with
"$bounce" handled id:b@mx.example.net
is 'handled: the bounce and its mail' "$(tags id:o@example.org) / $(tags id:b@mx.example.net)" 'bounce/handled / bounce bounce/handled bounce/permanent bounce/user-unknown'
unlike 'status leaves it out' "$("$bounce" status)" '*bo@example.net*'
like 'and says so' "$("$bounce" status)" '*--all*'
like 'status --all' "$("$bounce" status --all)" '*bo@example.net*handled*'
unlike 'where it is not counted as open' "$("$bounce" status --all)" "* arrived*"
run_tag --all
is 'it stays so' "$said" ''
"$bounce" handled --undo id:o@example.org
is 'undone, by the id of the mail' "$(tags id:o@example.org)" undelivered
notmuch tag +bounce/handled -- id:b@mx.example.net
notmuch tag -new -- '*'
run_tag
is 'the tag alone will do, as a mail program sets it, once tag has run' "$(tags id:o@example.org)" bounce/handled
report b2@mx.example.net "$(day 9)" o@example.org "$gone|bo@example.net" | add b2
run_tag
is 'another bounce opens it again' "$(tags id:o@example.org)" undelivered
letter x@example.net x@example.net you@example.org "$(day 3)" | add x
before=$(whole)
like 'ordinary mail: says so' "$("$bounce" handled id:x@example.net 2>&1)" '*ordinary*'
is 'and does nothing' "$(whole)" "$before"

done_testing
