#!/bin/sh
# What a line of a log, or a bare reply, tells: the address, the host, the fate, the reason.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

# told DESCRIPTION LINE WANTED: `kind address reason host` of it.
told() {
	printf '%s\n' "$2" | "$bounce" classify --reply --format=json >"$scratch/json"
	is "$1" "$(perl -MJSON::PP -ne '$_ = JSON::PP->new->utf8->decode($_); my $r = $_->{recipients}[0];
		print join " ", map { $_ // "-" } $_->{kind}, $r->{address}, $r->{reason}, $r->{remote_mta}' "$scratch/json")" "$3"
}
# -- Postfix
told 'Postfix: bounced' 'Nov 30 12:00:01 mail postfix/smtp[1]: 4X: to=<kai@example.jp>, orig_to=<k@y.example>, relay=mx.example.jp[192.0.2.4]:25, delay=1.2, delays=0.1/0/0.5/0.6, dsn=5.1.1, status=bounced (host mx.example.jp[192.0.2.4] said: 550 5.1.1 <kai@example.jp>: Recipient address rejected: User unknown in virtual mailbox table (in reply to RCPT TO command))' \
	'failed kai@example.jp user-unknown mx.example.jp'
told 'Postfix: deferred' 'Nov 30 12:00:01 mail postfix/smtp[1]: 4X: to=<slow@example.jp>, relay=none, delay=30, dsn=4.4.1, status=deferred (connect to mx.example.jp[192.0.2.4]:25: Connection timed out)' \
	'delayed slow@example.jp network none'
told 'Postfix: sent tells of no failure' 'Nov 30 12:00:01 mail postfix/smtp[1]: 4X: to=<ok@example.jp>, relay=mx.example.jp[192.0.2.4]:25, dsn=2.0.0, status=sent (250 2.0.0 Ok)' ''
# -- Exim
told 'Exim: **' '2026-11-30 12:00:02 1tG-000001-2X ** nobody@example.net <alias@example.org> R=dnslookup T=remote_smtp H=mx.example.net [192.0.2.5] X=TLS1.3: SMTP error from remote mail server after RCPT TO:<nobody@example.net>: 550 5.2.2 mailbox is full' \
	'failed nobody@example.net mailbox-full mx.example.net'
told 'Exim: ==' '2026-11-30 12:00:02 1tG-000001-2X == wait@example.net R=dnslookup T=remote_smtp defer (-44) H=mx.example.net [192.0.2.5]: SMTP error from remote mail server after RCPT TO:<wait@example.net>: 451 4.7.1 Greylisted, please try again' \
	'delayed wait@example.net rate-limited mx.example.net'
told 'Exim: without a host' '2026-11-30 12:00:02 1tG-000001-2X ** x@nowhere.example: retry timeout exceeded' 'failed x@nowhere.example expired -'
told 'Exim: <= and => tell of no failure' '2026-11-30 12:00:02 1tG-000001-2X => ok@example.net R=dnslookup T=remote_smtp H=mx.example.net [192.0.2.5] C="250 OK"' ''
# -- sendmail
told 'sendmail: stat' 'Nov 30 12:00:03 host sm-mta[1]: 4AU: to=<kato@example.com>, ctladdr=<me@example.org> (1000/1000), delay=00:00:01, mailer=esmtp, pri=120, relay=mx.example.com. [192.0.2.6], dsn=5.1.1, stat=User unknown' \
	'failed kato@example.com user-unknown mx.example.com'
told 'sendmail: the reply says more than stat' 'Nov 30 12:00:03 host sm-mta[1]: 4AU: to=<kato@example.com>, mailer=esmtp, relay=mx.example.com. [192.0.2.6], dsn=5.6.0, reply=552 5.3.4 Message too big for system, stat=Data format error' \
	'failed kato@example.com too-large mx.example.com'
told 'sendmail: Deferred' 'Nov 30 12:00:03 host sm-mta[1]: 4AU: to=<kato@example.com>, mailer=esmtp, relay=mx.example.com. [192.0.2.6], dsn=4.0.0, stat=Deferred: Connection refused by mx.example.com.' \
	'delayed kato@example.com network mx.example.com'
told 'sendmail: Sent tells of no failure' 'Nov 30 12:00:03 host sm-mta[1]: 4AU: to=<kato@example.com>, mailer=esmtp, relay=mx.example.com. [192.0.2.6], dsn=2.0.0, stat=Sent (ok)' ''
# -- OpenSMTPD
told 'OpenSMTPD: PermFail' 'Nov 30 12:00:04 host smtpd[9]: 5be mta delivery evpid=5c1 from=<me@example.org> to=<sato@example.org> rcpt=<-> source="192.0.2.9" relay="192.0.2.7 (mx.example.org)" delay=1s result="PermFail" stat="550 5.7.1 Message contains a virus"' \
	'failed sato@example.org virus mx.example.org'
told 'OpenSMTPD: Ok tells of no failure' 'Nov 30 12:00:04 host smtpd[9]: 5be mta delivery evpid=5c1 from=<me@example.org> to=<sato@example.org> rcpt=<-> source="192.0.2.9" relay="192.0.2.7 (mx.example.org)" delay=1s result="Ok" stat="250 ok"' ''
# -- qmail: the address is told first
told 'qmail: failure' '@40 starting delivery 7: msg 8 to remote qm@example.org
@40 starting delivery 8: msg 8 to remote other@example.org
@40 delivery 7: failure: 192.0.2.8_does_not_like_recipient./Remote_host_said:_550_5.1.1_no_such_user/Giving_up_on_192.0.2.8./' \
	'failed qm@example.org user-unknown -'
told 'qmail: deferral' '@40 starting delivery 9: msg 8 to remote qm@example.org
@40 delivery 9: deferral: Connected_to_192.0.2.8_but_connection_died._(#4.4.2)/' 'delayed qm@example.org network 192.0.2.8'
told 'qmail: success tells of no failure' '@40 delivery 7: success: 192.0.2.8_accepted_message./' ''
# -- msmtp
told 'msmtp' "Nov 30 12:00:05 host=smtp.example.net tls=on auth=on user=me from=me@example.org recipients=ms@example.com smtpstatus=550 smtpmsg='550 5.1.1 no mailbox here by that name' errormsg='recipient address ms@example.com not accepted by the server' exitcode=EX_UNAVAILABLE" \
	'failed ms@example.com user-unknown smtp.example.net'
told 'msmtp: EX_OK tells of no failure' 'Nov 30 12:00:05 host=smtp.example.net from=me@example.org recipients=ms@example.com mailsize=300 smtpstatus=250 exitcode=EX_OK' ''
# -- a bare reply
told 'a reply' '552 5.2.2 <yuki@example.jp>: over quota' 'failed yuki@example.jp mailbox-full -'
told 'a temporary one' '450 4.2.1 <yuki@example.jp>: receiving mail too quickly' 'delayed yuki@example.jp rate-limited -'
told 'a reply without an address' '550 5.7.1 Message contains a virus' 'failed - virus -'

# -- many lines, and how they are given
printf '%s\n' '550 5.1.1 <a@example.jp> user unknown' 'hello' '552 5.2.2 <b@example.jp> mailbox full' >"$scratch/log"
is 'a file of lines gives a line each, with its number' "$("$bounce" classify --reply --format=json "$scratch/log" | perl -MJSON::PP -ne '$_ = JSON::PP->new->decode($_); print $_->{file} =~ s/.*://r, " $_->{recipients}[0]{reason};"')" '1 user-unknown;3 mailbox-full;'
is 'the line on the command line' "$("$bounce" classify --reply='552 5.2.2 <b@example.jp> mailbox full' --format=reason)" mailbox-full
exits 'a file that is not there: exit 66' 66 "$bounce" classify --reply "$scratch/none"
{
	printf '550 5.1.1 <a@example.jp> user unknown '
	head -c 3000000 /dev/zero | tr '\0' 'x'
	printf '\n552 5.2.2 <b@example.jp> mailbox full\n'
} >"$scratch/long"
is 'a line of 3 MB is cut, the next one is read' "$("$bounce" classify --reply --format=reason "$scratch/long" | tr '\n' ' ')" 'user-unknown mailbox-full '
is 'a line break within is none: nothing can be smuggled into the report' "$("$bounce" classify --reply="$(printf '550 5.1.1 x\nFinal-Recipient: rfc822; evil@example.org')" --format=json | grep -c '"address":"evil')" 0

# -- explained
"$bounce" explain --lang=en --reply='552 5.2.2 <yuki@example.jp>: over quota' >"$scratch/out"
like 'explain --reply: in the words of a person' "$(cat "$scratch/out")" '*yuki@example.jp*552 5.2.2 <yuki@example.jp>: over quota*'
is 'explain --reply: an explanation for each line that tells of a failure' "$(printf '%s\n' '550 5.1.1 <a@example.jp> user unknown' 'hello' '552 5.2.2 <b@example.jp> mailbox full' | "$bounce" explain --short --lang=en --reply | wc -l | tr -d ' ')" 2
is 'explain --reply: a line that tells of nothing explains nothing' "$(echo hello | "$bounce" explain --lang=en --reply)" ''

done_testing
