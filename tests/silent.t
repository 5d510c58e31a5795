#!/bin/sh
# Mails of the user's that nobody answered and that did not come back: per recipient what is known, the longest silence first.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=index-lib.sh
. ./index-lib.sh
TZ=UTC
export TZ

# ago DAYS: the date so many days back, as a mail has it.
ago() { perl -MPOSIX -e 'setlocale(LC_ALL, "C"); print strftime("%a, %d %b %Y %H:%M:%S +0000", gmtime(time - $ARGV[0] * 86400))' "$1"; }
# sent ID TO DAYS [FIELD]: a mail of the user's. from ID ADDRESS DAYS [FIELD]: one that came.
sent() {
	id=$1 to=$2 when=$(ago "$3")
	shift 3
	letter "$id@example.org" "You <$you>" "$to" "$when" "$@" | add "$id"
}
came() {
	id=$1 who=$2 when=$(ago "$3")
	shift 3
	letter "$id@example.net" "$who" "$you" "$when" "Received: from mx by example.org; $when" "$@" | add "$id"
}
new_index
sent answered taro@example.jp 20
came reply taro@example.jp 19
sent quiet 'quiet@example.jp, taro@example.jp' 20.5
sent older older@example.jp 40
sent fresh fresh@example.jp 2
sent ancient ancient@example.jp 100
sent bounced gone@example.net 15
original_to=gone@example.net report bounce1@mx.example.net "$(ago 15)" bounced@example.org "$gone|gone@example.net" | add bounce1
sent arrived there@example.net 14
original_to=there@example.net report success1@mx.example.net "$(ago 14)" arrived@example.org "$arrived|there@example.net" | add success1
sent away away@example.jp 13
when=$(ago 12)
letter vacation@example.net away@example.jp "$you" "$when" "Received: from mx by example.org; $when" 'Auto-Submitted: auto-replied' | sed 's/^Subject: .*/Subject: Out of office: about away/' | add vacation
sent noreply no-reply@shop.example 13
sent self "$you" 13
sent phone hanako@docomo.ne.jp 12
people=$(i=0; while [ $i -lt 30 ]; do printf 'p%d@example.com, ' $i; i=$((i + 1)); done; echo last@example.com)
sent mass "$people" 11
i=0
while [ $i -lt 12 ]; do
	letter "news$i@example.org" "You <$you>" "reader$i@example.com" "$(ago 10)" | sed 's/^Subject: .*/Subject: Our news/' >"$mail/cur/news$i:2,"
	i=$((i + 1))
done
notmuch new --quiet --no-hooks
run_tag --all

silent() {
	"$bounce" silent --lang=en "$@" 2>"$scratch/err"
}
known() {
	silent --format=json "$@" | perl -MJSON::PP -ne '$_ = JSON::PP->new->decode($_); my $id = $_->{mails} > 1 ? "mass" : $_->{id} =~ s/@.*//r;
		print "$id $_->{silent}/$_->{recipients_in_all}", (map { " $_->{address}=$_->{known}" } @{$_->{recipients}}), "\n"'
}
is 'what is known of each, the longest silence first' "$(known)" 'older 1/1 older@example.jp=nothing
quiet 1/2 quiet@example.jp=nothing
arrived 1/1 there@example.net=arrived
away 1/1 away@example.jp=away
phone 1/1 hanako@docomo.ne.jp=nothing
mass 31/31
mass 12/12'
is '--after: what is older' "$(known --after=30d)" 'older 1/1 older@example.jp=nothing'
is '--for: what is younger' "$(known --for=12w --after=35d)" 'older 1/1 older@example.jp=nothing'
is 'what is older still' "$(known --for=6m --after=60d)" 'ancient 1/1 ancient@example.jp=nothing'
is 'a query takes some' "$(known id:quiet@example.org)" 'quiet 1/2 quiet@example.jp=nothing'
is 'a mail to many asked for by its id: all who are silent' "$(known id:mass@example.org | wc -w)" 33
is 'so is one of many with the same subject' "$(known id:news3@example.org | wc -w)" 14
is 'on the screen too' "$(silent id:news3@example.org | grep -c 'reader[0-9]*@example.com *nothing heard')" 12
silent >"$scratch/text"
is 'no line is wider than 80 columns' "$(awk 'length > 80' "$scratch/text")" ''
like 'mass mail is one line with a count' "$(cat "$scratch/text")" '*31 of 31 people haven?t answered*12 of 12 people*'
like 'a phone company that drops mail' "$(cat "$scratch/text")" '*hanako@docomo.ne.jp *nothing heard
*phone compan*'
like 'each has an id that explain takes' "$(cat "$scratch/text")" '*id:quiet@example.org*'

# -- by address
by_address() {
	"$bounce" addresses --silent --lang=en "$@" 2>"$scratch/err"
}
sent again older@example.jp 30
run_tag --all
is 'addresses --silent: who was mail of mass mail too' "$(by_address --format=list | grep -c .)" 48
is 'addresses --silent: the longest silence first, how many mails, what is known' "$(by_address --format=json | head -n 5 |
	perl -MJSON::PP -ne '$_ = JSON::PP->new->decode($_); print "$_->{address} $_->{state} $_->{mails} $_->{known}\n"')" 'older@example.jp silent 2 nothing
quiet@example.jp silent 1 nothing
there@example.net silent 1 arrived
away@example.jp silent 1 away
hanako@docomo.ne.jp silent 1 nothing'
is 'addresses --silent --since: of the mails since' "$(by_address --format=list --since=25d | grep -c older)" 0
is 'addresses --silent: a query takes some' "$(by_address --format=list to:quiet@example.jp)" quiet@example.jp
like 'addresses --silent: on the screen' "$(by_address)" 'No answer to what you sent, and it did not come back.
  older@example.jp  *nothing heard  *2  ????-??-??
*'
is 'addresses --silent: csv has no reason' "$(by_address --format=csv | grep older | tr -d '\r' | sed 's/[0-9-]*,[0-9-]*,,yes$/DATES/')" '"older@example.jp","silent","","nothing heard","",2,DATES'
is 'addresses --silent --dead: both' "$(by_address --dead --format=list | grep -c 'gone@example.net\|older@example.jp')" 2
unlike 'without --silent nobody is' "$("$bounce" addresses --all --format=list)" '*older*'
like 'addresses --silent in Japanese' "$("$bounce" addresses --silent --lang=ja)" '返事もエラー通知もない宛先です。*エラー通知なし*'
is 'in 80 columns' "$("$bounce" addresses --silent --lang=ja | perl -CS -ne 's/\p{East_Asian_Width=W}|\p{East_Asian_Width=F}/xx/g; print if length > 80')" ''
like 'in Japanese' "$("$bounce" silent --lang=ja)" '*31名のうち31名*'
is 'nothing: it is said' "$(silent from:nobody)" 'No unanswered message was found.'
exits 'a time that is none: exit 64' 64 "$bounce" silent --after=long
exits 'a query that is wrong: exit 74' 74 "$bounce" silent 'date:nonsense..'

# -- at the limits
new_index
noon="$(ago 20 | cut -c1-16) 12:00:00 +0000"
# together NAME SUBJECT [FIELD]: mail of the same second from whom one goes to.
together() {
	letter "$1@example.org" "You <$you>" "$1@example.jp" "$noon" >"$mail/cur/$1:2,"
	letter "r$1@example.net" "$1@example.jp" "$you" "$noon" "Received: from mx by example.org; $noon" "${3:-X-A: b}" |
		sed "s/^Subject: .*/Subject: $2/" >"$mail/cur/r$1:2,"
}
together answer 'Re: about answer'
together read 'Read: about read'
together away 'Out of office: about away' 'Auto-Submitted: auto-replied'
# many NAME COUNT: mails with one subject, so many.
many() {
	i=0
	while [ $i -lt "$2" ]; do
		letter "$1$i@example.org" "You <$you>" "$1$i@example.com" "$(ago "${3:-10}")" | sed "s/^Subject: .*/Subject: all of $1/" >"$mail/cur/$1$i:2,"
		i=$((i + 1))
	done
}
many ten 10
many eleven 11
many both 12 15
people=$(i=0; while [ $i -lt 10 ]; do printf 'p%d@example.com, ' $i; i=$((i + 1)); done)
letter people10@example.org "You <$you>" "${people%, }" "$(ago 9)" >"$mail/cur/people10:2,"
letter people11@example.org "You <$you>" "${people}last@example.com" "$(ago 8)" >"$mail/cur/people11:2,"
for n in 0 1 2 3 4 5 6 7 8 9; do
	letter "reply$n@example.net" "both$n@example.com" "$you" "$(ago 14)" "Received: from mx by example.org; $(ago 14)" >"$mail/cur/reply$n:2,"
done
notmuch new --quiet --no-hooks
notmuch tag +receipt -- id:rread@example.net
notmuch tag +auto-reply -- id:raway@example.net
is 'mail of the same second is no answer, and tells nothing' "$(known | grep '@example.jp' | sort)" 'answer 1/1 answer@example.jp=nothing
away 1/1 away@example.jp=nothing
read 1/1 read@example.jp=nothing'
is 'ten mails with one subject are ten, eleven are a mailing' "$(known | grep 'mass\|ten' | sed 's/[0-9]* .*=.*//' | sort | uniq -c | tr -s ' ' | tr '\n' ';')" ' 1 mass 11/11; 1 mass 2/2; 10 ten;'
is 'so are two that are silent of twelve: one line with a count' "$("$bounce" silent --lang=en | grep -c '2 of 2 people')" 1
is 'a mail to ten is to people, one to eleven is not' "$("$bounce" silent --lang=en | grep -oE 'p0@example.com|1. of 1. people' | sort | tr '\n' ';')" '11 of 11 people;11 of 11 people;p0@example.com;'
is 'one of ten by its id is one' "$(known id:ten3@example.org)" 'ten3 1/1 ten3@example.com=nothing'
is 'two of a mailing are two' "$(known 'id:eleven3@example.org or id:eleven4@example.org')" 'eleven3 1/1 eleven3@example.com=nothing
eleven4 1/1 eleven4@example.com=nothing'
for other in answer away ten1 people10; do
	is "one of a mailing beside $other: these" "$(known "id:eleven3@example.org or id:$other@example.org" | sed 's/ .*//' | sort | tr '\n' ' ')" "$(printf '%s\n' eleven3 $other | sort | tr '\n' ' ')"
done

done_testing
