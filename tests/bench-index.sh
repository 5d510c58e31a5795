#!/bin/sh
# bench-index.sh: what the index commands cost beside notmuch's own, on generated mail (bench-mails.pl): MAILS of them (100000), a fiftieth
# of them bounces. All in one run, so that the ratios hold on any machine. Takes some minutes and about 2.5 GB below TMPDIR.
set -eu
export LC_ALL=C.UTF-8
here=$(cd "$(dirname "$0")" && pwd)
program=${NOTMUCH_BOUNCE:?} build=${BUILD:?} mails=${MAILS:-100000}
small=$((mails / 10)) rounds=${ROUNDS:-11}
command -v notmuch >/dev/null || {
	echo "No index to measure on: there is no notmuch."
	exit 0
}
[ "$small" -ge 200 ] || {
	echo "bench-index.sh: MAILS must be at least 2000" >&2
	exit 64
}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
trap 'exit 1' HUP INT TERM
export HOME="$scratch"
unset NOTMUCH_CONFIG NOTMUCH_PROFILE NOTMUCH_DATABASE MAILDIR XDG_CONFIG_HOME XDG_DATA_HOME

# once INPUT COMMAND...: prints the seconds that it took.
once() {
	measured=$("$build/bench-run" 1 "$@")
	echo "${measured% *}"
}

median() {
	sort -n "$1" | awk '{ t[NR] = $1 } END { print t[int((NR + 1) / 2)] }'
}

# shellcheck source=bench-lib.sh
. "$here/bench-lib.sh"

# use NAME: the index of that name is the one that notmuch, and so we, work on.
use() {
	index=$scratch/$1
	export NOTMUCH_CONFIG="$scratch/$1.config"
}

# make_index NAME MAILS: generated and indexed, as it is when somebody begins to use us; sets $indexing. No mail is `new` yet.
make_index() {
	use "$1"
	mkdir "$index"
	printf '[database]\npath=%s\n' "$index" > "$NOTMUCH_CONFIG"
	notmuch config set user.primary_email you@example.org
	notmuch config set new.tags 'inbox;unread'
	perl "$here/bench-mails.pl" "$index" "$2" $(($2 / 50))
	indexing=$(once - notmuch new --quiet --no-hooks)
	notmuch config set new.tags 'new;inbox;unread'
}

# first_run MAILS: everything is sorted. What was found is counted, as who does nothing is quick.
first_run() {
	sorting=$(once - "$program" tag --all)
	bounces=$(notmuch count tag:bounce) originals=$(notmuch dump --include=properties | grep -c "bounce\.by=")
	missed=
	[ "$bounces" -eq $(($1 / 50)) ] && [ "$originals" -eq $(($1 / 50)) ] || missed=' MISSED'
	echo "$1 mails: $bounces of $(($1 / 50)) bounces tagged, $originals of their originals$missed"
}

# hook RUNS [BOUNCES]: the run of the hook and notmuch's, on the small index and the large one by turns, so that whatever else the machine
# does slows all of them. With BOUNCES ten new mails come before each, so many bounces among them. Sets $ours, $other and $ours_small.
hook() {
	rm -f "$scratch"/times.*
	round=0
	while [ "$round" -lt "$1" ]; do
		round=$((round + 1)) series=$((series + 1))
		for name in small large; do
			use "$name"
			if [ $# -gt 1 ]; then
				perl "$here/bench-mails.pl" "$index" 10 "$2" "$series"
				notmuch new --quiet --no-hooks
			fi
			once - notmuch count tag:new >> "$scratch/times.$name.other"
			once - "$program" tag >> "$scratch/times.$name.ours"
			[ $# -eq 1 ] || notmuch tag -new -- tag:new
		done
	done
	ours=$(median "$scratch/times.large.ours") other=$(median "$scratch/times.large.other") ours_small=$(median "$scratch/times.small.ours")
}

# deliver WHO MAILS BOUNCES COMMAND...: the newest of MAILS is delivered by COMMAND, the others (its original) lie in the index already.
deliver() {
	who=$1 count=$2 bounces=$3
	shift 3
	series=$((series + 1))
	perl "$here/bench-mails.pl" "$scratch/coming" "$count" "$bounces" "$series"
	if [ "$bounces" -gt 0 ]; then
		notmuch insert --no-hooks --folder=sent -new < "$(find "$scratch/coming/sent" -type f)"
		sed -n 's/^Message-ID: <\(.*\)>.*/\1/p' "$scratch/coming/sent"/*/* > "$scratch/original"
		rm -r "$scratch/coming/sent"
	fi
	once "$(find "$scratch/coming" -type f)" "$@" >> "$scratch/$who"
	rm -r "$scratch/coming"
}

# inserts MAILS BOUNCES: ours, notmuch's, and what it takes with notmuch alone to do what we do to a bounce and its original, by turns. Sets $ours, $other and
# $two_commands.
inserts() {
	: > "$scratch/ours"
	: > "$scratch/other"
	: > "$scratch/two"
	: > "$scratch/original"
	round=0
	while [ "$round" -lt "$rounds" ]; do
		round=$((round + 1))
		deliver other "$1" "$2" notmuch insert --folder=inbox +fresh
		deliver ours "$1" "$2" "$program" insert --folder=inbox +fresh
		# shellcheck disable=SC2016 # for the inner shell
		[ "$2" -eq 0 ] || deliver two "$1" "$2" sh -c 'notmuch insert --folder=inbox +fresh +bounce && notmuch tag +undelivered -- id:"$(cat "$0")"' "$scratch/original"
	done
	ours=$(median "$scratch/ours") other=$(median "$scratch/other") two_commands=$(median "$scratch/two")
}

# of_fifty ORDINARY BOUNCE: what a mail takes if one in fifty is a bounce, as in the index.
of_fifty() {
	awk -v ordinary="$1" -v bounce="$2" 'BEGIN { print (49 * ordinary + bounce) / 50 }'
}

# explains: a bounce explained, with all that the index knows, and shown by notmuch. Sets $ours and $other.
explains() {
	: > "$scratch/ours"
	: > "$scratch/other"
	notmuch search --output=messages --limit="$rounds" tag:bounce/permanent > "$scratch/ids"
	while read -r id; do
		once - notmuch show "$id" >> "$scratch/other"
		once - "$program" explain --lang=ja "$id" >> "$scratch/ours"
	done < "$scratch/ids"
	ours=$(median "$scratch/ours") other=$(median "$scratch/other")
}

# beside WHAT GOAL NAME
beside() {
	row "$1" "$ours" 1000 ms "$other" '<=' "$2" "$3"
}

# grown: how much more the same run costs on the large index than on the small one.
grown() {
	row "  growth" "$ours" 1000 ms "$ours_small" '<=' "$logarithm" "with $small"
}

# bounce_of ADDRESS: a report that there is no such address.
bounce_of() {
	cat <<END
From: MAILER-DAEMON@mx.example.net
To: you@example.org
Subject: Undelivered Mail Returned to Sender
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

Your mail could not be delivered.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; $1
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 User unknown

--b
Content-Type: message/rfc822

From: You <you@example.org>
To: $1
Subject: Hello

Hello.
--b--
END
}

# suggests KIND: what typos.pl makes of that kind, 40 of them, one bounce each. Sets $ours and $slowest.
suggests() {
	: > "$scratch/ours"
	perl "$here/typos.pl" "$1" 40 "$mails" | cut -f1 > "$scratch/asked"
	while read -r address; do
		bounce_of "$address" > "$scratch/bounce"
		once - "$program" resend --suggest "$scratch/bounce" >> "$scratch/ours"
	done < "$scratch/asked"
	ours=$(median "$scratch/ours") slowest=$(sort -n "$scratch/ours" | tail -n 1)
}

# within SECONDS WHAT: the median and the slowest, beside what it may take.
within() {
	row "$2" "$ours" 1000 ms "$1" '<=' 1 "at most"
	row "  the slowest" "$slowest" 1000 ms "$1" '<=' 1 "at most"
}

# use_addresses: an index of as many addresses as there are mails in the large one, and a third more mails.
use_addresses() {
	use addresses
	printf '[database]\npath=%s\n[user]\nprimary_email=you@example.org\n' "$index" > "$NOTMUCH_CONFIG"
	perl "$here/typos.pl" index "$index" "$mails"
	notmuch new --quiet --no-hooks
}

series=0
logarithm=$(awk -v n="$mails" -v m="$small" 'BEGIN { print log(n) / log(m) }')
make_index small "$small"
first_run "$small"
make_index large "$mails"
first_run "$mails"
printf '\n%-27s %-12s %-25s %7s  %s\n' '' notmuch-bounce '  beside' ratio goal
row "tag --all, the first time" "$sorting" 1 s "$indexing" '<=' 0.5 "notmuch new"
again=$(once - "$program" tag --all)
row "  again" "$again" 1 s "$indexing" '<=' 0.5 "notmuch new"
hook 41
beside "tag, nothing new" 2 "count tag:new"
grown
hook "$rounds" 0
beside "tag, 10 new, no bounce" 3 "count tag:new"
grown
hook "$rounds" 1
beside "tag, 10 new, one a bounce" 3 "count tag:new"
grown
inserts 1 0
beside "insert, ordinary mail" 1.3 "notmuch insert"
ordinary=$ours ordinary_other=$other
inserts 2 1
# Two changes of the index where notmuch insert makes one.
beside "  a bounce" 1.3 "notmuch insert"
row "  a bounce" "$ours" 1000 ms "$two_commands" '<=' 1.3 "insert and tag"
row "  one in fifty a bounce" "$(of_fifty "$ordinary" "$ours")" 1000 ms "$(of_fifty "$ordinary_other" "$other")" '<=' 1.3 "notmuch insert"
explains
beside "explain" 3 "notmuch show"
use_addresses
suggests typos
within 0.3 "resend --suggest, a slip"
suggests others
within 0.3 "resend --suggest, none"
