#!/bin/sh
# An office writes to its 300 customers, by Bcc and through real mail servers. 27 come back in seven ways, two customers answer, one is out of office, and
# somebody forges a bounce. Then the commands say what happened, and the next mailing goes to those who are there.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=user-lib.sh
. ./user-lib.sh
not_as_root
# shellcheck source=mta-lib.sh
. ./mta-lib.sh
as_somebody "$0"
# shellcheck source=index-lib.sh
. ./index-lib.sh
TZ=UTC XDG_RUNTIME_DIR=$scratch/run
export TZ XDG_RUNTIME_DIR
mkdir "$scratch/bin"
mkdir -m 700 "$scratch/run"
program_at "$scratch/bin"
PATH=$scratch/bin:$PATH

# The office's server has the office's mail, and hands on what is for the customers'. That refuses some recipients at once, and bounces others later.
unpack_servers sbin/exim4
deliver_by_procmail
read -r office_port customers_port _ <<END
$(free_ports)
END
# listening PORT: for Exim's configuration. next PORT: the transport of that name goes there.
listening() {
	printf 'local_interfaces = 127.0.0.1\ndaemon_smtp_ports = %s\ntls_advertise_hosts =\nprdr_enable = false\nacl_smtp_data = accept\nrecipients_max = 1000\n' "$1"
}
next() {
	printf 'next:\n  driver = smtp\n  port = %s\n  allow_localhost\n  hosts_avoid_tls = *\n' "$1"
}
route_next() {
	printf 'next:\n  driver = manualroute\n  domains = %s\n  route_list = * 127.0.0.1\n  self = send\n  transport = next\n' "$1"
}
{
	exim_settings example.org
	listening "$office_port"
	printf 'acl_smtp_rcpt = accept\nlocal_from_check = false\nbegin routers\n'
	exim_router you example.org
	route_next customers.example
	printf 'begin transports\n'
	exim_agent
	next "$customers_port"
} >"$scratch/exim.conf"
sed "s,/exim.conf,/customers.conf," "$scratch/bin/exim" >"$scratch/bin/customers" && chmod +x "$scratch/bin/customers"
{
	exim_settings customers.example | sed 's,/bin/exim,/bin/customers,; s,/spool,/customers-spool,; s,/exim-,/customers-,'
	listening "$customers_port"
	cat <<-'END'
		acl_smtp_rcpt = check_recipient
		begin acl
		check_recipient:
		  deny message = 5.1.1 <$local_part@$domain>: Recipient address rejected: User unknown in local recipient table
		    local_parts = ^gone
		  deny message = 5.7.1 Service unavailable; Client host [192.0.2.10] blocked using zen.spamhaus.org
		    local_parts = ^strict
		  deny message = 5.2.1 The email account that you tried to reach is disabled
		    local_parts = ^closed
		  deny message = 5.7.1 Only members may post to this list
		    local_parts = ^list
		  deny message = 5.7.1 Message rejected as spam by content filtering
		    local_parts = ^filter
		  accept
		begin routers
		full:
		  driver = redirect
		  domains = customers.example
		  local_parts = ^full
		  allow_fail
		  data = :fail: 552 5.2.2 Mailbox is full: over quota
		there:
		  driver = redirect
		  domains = customers.example
		  data = :blackhole:
	END
	route_next example.org
	printf 'begin transports\n'
	next "$office_port"
} >"$scratch/customers.conf"
patience=60
ok 'the office has a mail server' serve exim "$office_port" "$scratch/bin/exim" -bdf
ok 'so have the customers' serve customers "$customers_port" "$scratch/bin/customers" -bdf

# The list of customers, as a spreadsheet in Japan writes it; mailing ID LIST: a mail to all in it.
numbered() {
	seq -f "$1%03g@$2" "$3"
}
{
	numbered customer customers.example 273
	numbered gone customers.example 12
	numbered full customers.example 5
	numbered office nowhere.example 3
	numbered strict customers.example 3
	numbered closed customers.example 2
	numbered list customers.example 1
	numbered filter customers.example 1
} >"$scratch/addresses"
awk 'BEGIN { printf "番号,お名前,宛先\r\n" } { printf "%d,\"お客様 %d\",%s\r\n", NR, NR, $1 }' "$scratch/addresses" | iconv -f UTF-8 -t CP932 >"$scratch/customers.csv"
sort "$scratch/customers.csv" >"$scratch/sorted"
ago() {
	perl -MPOSIX -e 'setlocale(LC_ALL, "C"); print strftime("%a, %d %b %Y %H:%M:%S +0000", gmtime(time - $ARGV[0] * 86400))' "$1"
}
mailing() {
	id=$1
	shift
	letter "$id@example.org" "Office <$you>" "Office <$you>" "$(ago 10)" "Bcc: $(iconv -f CP932 -t UTF-8 "$1" | grep -o '[a-z0-9]*@[a-z.]*' | paste -sd, | sed 's/,/,\n /g')" |
		sed 's/^Subject: .*/Subject: New prices/'
}
send() {
	notmuch-bounce send --lang="${2:-en}" -- "$scratch/bin/post" -f "$you" -t <"$1" >"$scratch/out" 2>"$scratch/err"
	code=$?
}
# What a mail program calls: Exim, which delivers at once.
script_at "$scratch/bin/post" "exec '$scratch/bin/exim' -odi -oi \"\$@\" 2>>'$scratch/post.log'"
# shellcheck disable=SC2317 # asked by comes_true
failures() {
	[ "$(notmuch-bounce report --format=json | grep -o '"failed":[0-9]*')" = "\"failed\":$1" ]
}

new_index
notmuch config set bounce.lock_timeout 60 # several deliveries at once, on a busy machine
mailing one "$scratch/customers.csv" >"$scratch/one"
is 'the mailing is for 300' "$(tr ',' '\n' <"$scratch/one" | grep -c '@customers\|@nowhere')" 300
notmuch insert --no-hooks +sent <"$scratch/one"
send "$scratch/one"
is 'it is sent, and nothing is said' "$code $(cat "$scratch/err")" '0 '
comes_true '27 come back' failures 27
# shellcheck disable=SC2317
undelivered() {
	[ "$(notmuch-bounce status --format=json | grep -o '"address"' | grep -c .)" = "$1" ]
}
comes_true 'and no more' undelivered 27

# came NAME DAYS [FIELD]...: a mail from a customer, by the same way as the bounces.
came() {
	name=$1 when=$(ago "$2")
	shift 2
	letter "$name@customers.example" "$name@customers.example" "$you" "$when" 'In-Reply-To: <one@example.org>' "Received: from mx.customers.example by mail.example.org; $when" "$@" |
		sed 's/^Subject: .*/Subject: Re: New prices/' >"$scratch/answer"
	smtp "$office_port" "$name@customers.example" "$you" "$scratch/answer"
}
# shellcheck disable=SC2317
found() {
	[ "$(notmuch count --exclude=false -- "$1")" = "$2" ]
}
came customer001 9
came customer002 8
came customer003 9 'Auto-Submitted: auto-replied' 'X-Autoreply: yes'
original_to=customer004@customers.example report forged1@evil.example "$(ago 5)" never@example.org "$gone|customer004@customers.example" >"$scratch/forged"
smtp "$office_port" robot@evil.example "$you" "$scratch/forged"
comes_true 'two customers answer, one is out of office' found 'from:customers.example and not tag:bounce' 3
comes_true 'and a forged bounce comes' found id:forged1@evil.example 1

# reasons of the JSON on standard input: each with how many there are.
reasons() {
	grep -o '"reason":"[a-z-]*"' | sort | uniq -c | sed 's/ *\([0-9]*\) "reason":"\(.*\)"/\2=\1/' | tr '\n' ' '
}
seven='blocked=3 host-unknown=3 mailbox-full=5 not-authorized=1 spam=1 suspended=2 user-unknown=12 '
is 'status: the mailing, with what became of each' "$(notmuch-bounce status --format=json id:one@example.org | reasons)" "$seven"
is 'addresses: in seven ways' "$(notmuch-bounce addresses --format=json | reasons)" "$seven"
is 'addresses: 17 are dead' "$(notmuch-bounce addresses --dead --format=list | grep -c .)" 17
is 'addresses: none by a forged bounce' "$(notmuch-bounce addresses --all --format=list | grep -c customer0)" 0
is 'addresses --silent: all but those who came back, or answered' "$(notmuch-bounce addresses --silent --format=list | grep -c .)" 271
is 'silent: one line with a count' "$(notmuch-bounce silent --lang=en | sed 1d)" '            271 of 300 people haven'"'"'t answered
            id:one@example.org'
is 'silent: who is out of office' "$(notmuch-bounce silent --format=json id:one@example.org | grep -o '{"address":"customer003[^}]*}')" \
	'{"address":"customer003@customers.example","known":"away"}'
notmuch-bounce report --format=json >"$scratch/report"
is 'report: 27 and the forged one' "$(grep -o '"failed":[0-9]*' "$scratch/report")" '"failed":28'

# On the screen, in both languages.
# wide: how many lines of standard input are wider than 80 columns.
wide() {
	perl -CS -ne 'chomp; s/[\x{1100}-\x{115f}\x{2e80}-\x{9fff}\x{ac00}-\x{d7a3}\x{f900}-\x{faff}\x{fe30}-\x{fe6f}\x{ff00}-\x{ff60}\x{ffe0}-\x{ffe6}]/xx/g; $n += length > 80; END { print $n // 0 }'
}
for language in en ja; do
	for command in status report addresses 'addresses --silent' silent; do
		# shellcheck disable=SC2086
		is "$command in $language: in 80 columns" "$(notmuch-bounce $command --lang=$language | wide)" 0
	done
done
like 'report: what to do' "$(notmuch-bounce report --lang=en)" '*wrong or closed: take these off your*'
like 'report, in Japanese' "$(notmuch-bounce report --lang=ja)" '*28通*宛先不明*'

# The next mailing.
mailing two "$scratch/customers.csv" >"$scratch/two"
send "$scratch/two"
is 'send: the next mailing to all of them is stopped' "$code" 69
is 'send: 17 addresses are named, and how to send it all the same' "$(grep -c '^[a-z0-9]*@[a-z.]*: .* (20' "$scratch/err") $(tail -n 2 "$scratch/err" | head -n 1)" \
	'17 Messages to these 17 addresses come back.'
is 'send: in 80 columns' "$(wide <"$scratch/err")" 0
mailing three "$scratch/customers.csv" | sed 's/^Subject: .*/Subject: More prices/' >"$scratch/three"
send "$scratch/three" ja
like 'send, in Japanese' "$(cat "$scratch/err")" '*gone001@customers.example: 宛先不明 (20*17件のアドレス*10分以内*'
is 'send: in 80 columns' "$(wide <"$scratch/err")" 0
notmuch-bounce clean --dead-to="$scratch/dead.csv" <"$scratch/customers.csv" >"$scratch/clean.csv" 2>"$scratch/err"
is 'clean: 17 lines go, 284 stay' "$(wc -l <"$scratch/dead.csv" | tr -d ' ') $(wc -l <"$scratch/clean.csv" | tr -d ' ')" '17 284'
is 'clean: each with its reason, in the charset of the list' "$(iconv -f CP932 -t UTF-8 "$scratch/dead.csv" | head -n 1 | tr -d '\r')" '274,"お客様 274",gone001@customers.example,user-unknown'
is 'clean: what stays is as it was' "$(sort "$scratch/clean.csv" | comm -23 - "$scratch/sorted")" ''
mailing four "$scratch/clean.csv" >"$scratch/four"
send "$scratch/four"
is 'send: without them it goes' "$code $(cat "$scratch/err")" '0 '
ok 'procmail kept nothing for itself' test ! -e "$scratch/not-inserted" || note "$(logs)"
done_testing
