#!/bin/sh
# A mail program's way to sendmail: who must not be written to is said before, why a mail was refused behind, and no mail is ever lost.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=index-lib.sh
. ./index-lib.sh
TZ=UTC XDG_RUNTIME_DIR=$scratch/run
export TZ XDG_RUNTIME_DIR
mkdir -m 700 "$scratch/run"

# A sendmail that keeps what it gets, and its arguments, and fails with the status and words that it is told.
script_at "$scratch/sendmail" "printf '%s\n' \"\$@\" >'$scratch/arguments'; cat >'$scratch/sent'; [ ! -f '$scratch/words' ] || cat '$scratch/words' >&2; exit \$(cat '$scratch/status' 2>/dev/null || echo 0)"
mail_to() {
	printf 'From: You <%s>\nTo: %s\nSubject: %s\nMessage-ID: <%s@example.org>\n\nHello.\n' "$you" "$1" "${2:-hello}" "$$.$(date +%N)" >"$scratch/mail-out"
}
# send ARGUMENT...: the mail through it; what was said is in $scratch/err, the status in $code. Forgets what was sent before.
send() {
	rm -f "$scratch/sent" "$scratch/arguments"
	"$bounce" send --lang=en "$@" <"$scratch/mail-out" >"$scratch/out" 2>"$scratch/err"
	code=$?
}
was_sent() { if [ -f "$scratch/sent" ]; then cmp -s "$scratch/sent" "$scratch/mail-out" && echo whole || echo broken; else echo no; fi; }

new_index
letter sent1@example.org "You <$you>" gone@example.net "$(day 1)" | add sent1
original_to=gone@example.net report bounce1@mx.example.net "$(day 1 11:00:00)" sent1@example.org "$gone|gone@example.net" | add bounce1
original_to=victim@example.net report forged1@evil.example "$(day 4)" never@example.org "$gone|victim@example.net" | add forged1
run_tag --all

# -- what stays behind a program that sends mail, as a connection of ssh's does, is not waited for
mail_to fine@example.net
script_at "$scratch/leaving" "cat >'$scratch/sent'; echo said >&2; sleep 30 & echo \$! >'$scratch/left'; exit 3"
started=$(date +%s)
send -- "$scratch/leaving"
is 'a process that is left behind: the mail is sent, and that is told' "$code $(was_sent) $(cat "$scratch/err")" '3 whole said'
ok 'at once' test $(($(date +%s) - started)) -lt 20
kill "$(cat "$scratch/left")"
script_at "$scratch/leaving" "cat >'$scratch/sent'; perl -e 'for (1 .. 3000) { print STDERR qq(talk\\n); select undef, undef, undef, .01 }' & echo \$! >'$scratch/left'; exit 3"
mail_to fine@example.net
started=$(date +%s)
send -- "$scratch/leaving"
is 'it talks all the time: the mail is sent' "$code $(was_sent)" '3 whole'
ok 'it talks all the time: at once' test $(($(date +%s) - started)) -lt 20
kill "$(cat "$scratch/left")"

# -- nothing speaks against it
mail_to fine@example.net
send -- "$scratch/sendmail" -oi -f "$you" -- fine@example.net
is 'a mail goes through, byte for byte, and nothing is said' "$code $(was_sent) $(cat "$scratch/out" "$scratch/err")" '0 whole '
is 'with the arguments as they were' "$(tr '\n' ' ' <"$scratch/arguments")" "-oi -f $you -- fine@example.net "
mail_to victim@example.net
send -- "$scratch/sendmail" -t
is 'a forged bounce stops no mail' "$code $(was_sent)" '0 whole'
mail_to fine@example.net
"$bounce" send -- "$scratch/sendmail" -t <"$scratch/mail-out" >/dev/null 2>&1
head -c 3000000 /dev/zero | tr '\0' 'x' >>"$scratch/mail-out"
send -- "$scratch/sendmail" -t
is 'three megabytes too' "$code $(was_sent)" '0 whole'

# -- an address that may refuse the sender
letter sent2@example.org "You <$you>" ask@ezweb.ne.jp "$(day 1)" | add sent2
original_to=ask@ezweb.ne.jp report bounce2@mx.example.net "$(day 1 11:00:00)" sent2@example.org "$gone|ask@ezweb.ne.jp" | add bounce2
run_tag --all
mail_to ask@ezweb.ne.jp
send -- "$scratch/sendmail" -t
is '"unknown" of a phone company that says so of those who refuse, too, stops no mail' "$code $(was_sent)" '0 whole'

# -- a dead address
mail_to gone@example.net
send -- "$scratch/sendmail" -t
is 'to a dead address: exit 69, nothing is sent' "$code $(was_sent)" '69 no'
like 'which address, why, since when, and how to send it all the same' "$(cat "$scratch/err")" 'gone@example.net: unknown address, since 2026-03-01.*again within ten minutes.*'
is 'in 80 columns' "$(awk 'length > 80' "$scratch/err")" ''
mail_to gone@example.net
send -- "$scratch/sendmail" -t
is 'the same mail again goes, though its header was made anew' "$code $(was_sent)" '0 whole'
unlike 'and nobody says that it was not sent' "$(cat "$scratch/err")" '*Not sent*'
mail_to gone@example.net
send -- "$scratch/sendmail" -t
is 'once' "$code $(was_sent)" '69 no'
mail_to gone@example.net other
send -- "$scratch/sendmail" -t
is 'another mail is stopped too' "$code $(was_sent)" '69 no'
mail_to fine@example.net
send -- "$scratch/sendmail" -oi -- fine@example.net GONE@example.net
is 'by the arguments, whatever the header says' "$code $(was_sent)" '69 no'
mail_to gone@example.net third
send --warn -- "$scratch/sendmail" -t
is '--warn: it is sent' "$code $(was_sent)" '0 whole'
like '--warn: and said' "$(cat "$scratch/err")" 'gone@example.net: unknown address*'
like 'in Japanese' "$("$bounce" send --lang=ja -- "$scratch/sendmail" gone@example.net <"$scratch/mail-out" 2>&1)" '*宛先不明*送信していません*'

# -- a slip
mail_to kai@gmial.com
send -- "$scratch/sendmail" -t
is 'a well-known domain written wrong: exit 69' "$code $(was_sent)" '69 no'
like 'and what was probably meant' "$(cat "$scratch/err")" '*did you mean kai@gmail.com?*'
letter real@gmial.com 'Kai <kai@gmial.com>' "$you" "$(day 5)" 'Received: from mx by example.org; Thu, 05 Mar 2026 10:00:00 +0000' | add real
mail_to kai@gmial.com again
send -- "$scratch/sendmail" -t
is 'but not if mail came from there' "$code $(was_sent)" '0 whole'

# -- sendmail fails
mail_to fine@example.net
echo 77 >"$scratch/status"
printf 'msmtp: recipient address fine@example.net not accepted by the server\nmsmtp: server message: 550 5.1.1 <fine@example.net>: no such user here\nmsmtp: could not send mail\n' >"$scratch/words"
send -- "$scratch/sendmail" -t
is 'its exit status stays' "$code" 77
like 'its words come first, three lines of ours under them' "$(cat "$scratch/err")" 'msmtp: recipient*could not send mail*  Not delivered, no such address: fine@example.net.*'
is 'three lines' "$(sed '1,3d' "$scratch/err" | grep -c '^  [^ ]')" 3
is 'in 80 columns' "$(sed '1,3d' "$scratch/err" | awk 'length > 80')" ''
printf 'sendmail: fatal: queue file write error\n' >"$scratch/words"
send -- "$scratch/sendmail" -t
is 'words of no server: nothing is added' "$code $(cat "$scratch/err")" '77 sendmail: fatal: queue file write error'
rm "$scratch/status" "$scratch/words"
script_at "$scratch/killed" 'kill -9 $$'
send -- "$scratch/killed"
is 'killed: 128 and the signal' "$code" 137
send -- "$scratch/no-such-program"
is 'a program that is not there: 127, and it is said' "$code $(grep -c 'No such file' "$scratch/err")" '127 1'

# -- when we fail the mail goes
mail_to gone@example.net locked
NOTMUCH_CONFIG=$scratch/none HOME=$scratch/none send -- "$scratch/sendmail" -t
is 'without an index' "$code $(was_sent) $(cat "$scratch/err")" '0 whole '
mv "$mail/.notmuch" "$scratch/notmuch-aside"
mkdir "$mail/.notmuch"
send -- "$scratch/sendmail" -t
is 'with a broken index' "$code $(was_sent)" '0 whole'
rmdir "$mail/.notmuch" 2>/dev/null || rm -rf "$mail/.notmuch"
mv "$scratch/notmuch-aside" "$mail/.notmuch"
chmod 500 "$scratch/run"
XDG_RUNTIME_DIR='' HOME=/proc/nonexistent XDG_CACHE_HOME='' send -- "$scratch/sendmail" -t
is 'where nothing can be remembered it is said and sent' "$code $(was_sent) $(grep -c '^gone@' "$scratch/err")" '0 whole 1'
chmod 700 "$scratch/run"
exits 'no program: exit 64' 64 "$bounce" send </dev/null
"$bounce" send -- "$scratch/sendmail" -t <&- >"$scratch/out" 2>"$scratch/err"
is 'no mail at all: exit 75' $? 75

done_testing
