#!/bin/sh
# bench-lists.sh: what the commands on many bounces and many addresses cost, in processor time but on two cores: a list of LINES lines (1000000), BOUNCES bounces in a report (100000), and an
# index of MAILS mails (100000), a fiftieth of them bounces. INDEX: a folder that has one, as bench-mails.pl makes it, with all sorted; without, it is made.
set -eu
export LC_ALL=C.UTF-8
here=$(cd "$(dirname "$0")" && pwd)
program=${NOTMUCH_BOUNCE:?} build=${BUILD:?} mails=${MAILS:-100000} lines=${LINES_OF_LIST:-1000000} bounces=${BOUNCES:-100000}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
trap 'exit 1' HUP INT TERM
export HOME="$scratch" PROCESSOR_TIME=1
unset NOTMUCH_CONFIG NOTMUCH_PROFILE NOTMUCH_DATABASE MAILDIR XDG_CONFIG_HOME XDG_DATA_HOME XDG_RUNTIME_DIR

# shellcheck source=bench-lib.sh
. "$here/bench-lib.sh"

# within SECONDS WHAT: what was measured, beside what it may take.
within() {
	row "$2" "$seconds" 1 s "$1" '<=' 1 "at most"
}

printf '%-27s %-12s %-25s %7s  %s\n' '' notmuch-bounce '  beside' ratio goal
perl -e 'printf "%d,\"Customer, no. %d\",customer%d\@d%d.example\n", $_, $_, $_, $_ % 977 for 1 .. $ARGV[0]' "$lines" >"$scratch/list"
perl -e 'printf "customer%d\@d%d.example\n", $_ * 97, $_ * 97 % 977 for 1 .. $ARGV[0] / 100' "$lines" >"$scratch/dead"
measure 3 "$scratch/list" "$program" clean --dead="$scratch/dead" --dead-to=/dev/null
within 2 "clean, $lines lines"

mkdir "$scratch/tenth"
perl "$here/bench-bounces.pl" "$scratch/tenth" $((bounces / 10))
measure 3 - "$program" classify --format=json "$scratch/tenth"
classify=$seconds
measure 3 - "$program" report --lang=en "$scratch/tenth"
row "report, $((bounces / 10)) bounces" "$seconds" 1 s "$classify" '<=' 1.5 classify
"$program" classify --format=json "$scratch/tenth" >"$scratch/lines"
measure 3 - "$program" report --lang=en "$scratch/lines"
small=$kib
i=0
while [ $i -lt 10 ]; do
	cat "$scratch/lines"
	i=$((i + 1))
done >"$scratch/all"
measure 3 - "$program" report --lang=en "$scratch/all"
row "report, $bounces JSON lines" "$seconds" 1 s "$(awk -v s="$classify" 'BEGIN { print s * 10 }')" '<=' 1.5 "classify"
row "  memory" "$kib" 0.000977 MiB "$small" '<=' 1.1 "of a tenth"
if command -v taskset >/dev/null; then
	unset PROCESSOR_TIME
	# shellcheck disable=SC2016 # the inner shell's
	on='exec taskset -c "$1" sh -c "\"\$0\" classify --format=json \"\$1\" | \"\$0\" report -" "$2" "$3"'
	measure 3 - sh -c "$on" - 0 "$program" "$scratch/tenth"
	one=$seconds
	measure 3 - sh -c "$on" - 0,1 "$program" "$scratch/tenth"
	row "classify into report, 2 cores" "$seconds" 1 s "$one" '<=' 0.75 "1 core"
	export PROCESSOR_TIME=1
fi

command -v notmuch >/dev/null || {
	echo "No index to measure on: there is no notmuch."
	exit 0
}
export NOTMUCH_CONFIG="$scratch/config"
if [ -n "${INDEX:-}" ]; then
	index=$INDEX
else
	index=$scratch/index
	mkdir "$index"
	perl "$here/bench-mails.pl" "$index" "$mails" $((mails / 50))
fi
printf '[database]\npath=%s\n[user]\nprimary_email=you@example.org\n' "$index" >"$NOTMUCH_CONFIG"
if [ -z "${INDEX:-}" ]; then
	notmuch new --quiet --no-hooks
	"$program" tag --all >/dev/null
fi
measure 3 - "$program" addresses --all
within 2 "addresses, $(notmuch count "*") mails"
# The newest 5000 that were sent.
since=$(notmuch search --output=messages --sort=newest-first --offset=4999 --limit=1 from:you@example.org | head -n 1)
since=$(notmuch show --format=json --body=false --entire-thread=false "$since" | grep -o '"timestamp": [0-9]*' | head -n 1 | grep -o '[0-9]*')
measure 3 - "$program" silent "--for=$(date -d "@$since" +%F)" --after=1d
within 2 "silent, 5000 sent"
measure 3 - "$program" addresses --silent "--since=$(date -d "@$since" +%F)"
within 2 "addresses --silent"
measure 1 - "$program" report --lang=en
within 20 "report of the index"
printf 'From: You <you@example.org>\nTo: somebody@example.net\nSubject: hello\n\nHello.\n' >"$scratch/mail"
measure 21 "$scratch/mail" sh -c 'cat >/dev/null'
alone=$seconds
measure 21 "$scratch/mail" "$program" send -- sh -c 'cat >/dev/null'
row "send, beside what it runs" "$(awk -v a="$seconds" -v b="$alone" 'BEGIN { print a - b }')" 1000 ms 0.015 '<=' 1 "at most"
