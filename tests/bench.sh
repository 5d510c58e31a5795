#!/bin/sh
# bench.sh [CORPUS]: speed and memory, all within one run, so that the ratios hold on any machine. Medians of several runs.
# Bounces: those of CORPUS (messages/, truth.tsv) if it is there, else the ones in tests/bounces.
set -eu
export LC_ALL=C.UTF-8
here=$(cd "$(dirname "$0")" && pwd)
program=${NOTMUCH_BOUNCE:?} build=${BUILD:?} corpus=${1:-}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export HOME="$scratch" XDG_CONFIG_HOME="$scratch/config"
mkdir "$scratch/bounces"
# shellcheck disable=SC2016 # Perl's variables
sisimai='print Sisimai->dump($ARGV[0])'

# shellcheck source=bench-lib.sh
. "$here/bench-lib.sh"

# Sisimai hangs on some mails: they are left out for both, to its favour.
collect() {
	if [ -f "$corpus/truth.tsv" ]; then
		awk -F'\t' '$2 == "failed" || $2 == "delayed" { print $1 }' "$corpus/truth.tsv" | while read -r name; do
			cp "$corpus/messages/$name" "$scratch/bounces/"
		done
	else
		find "$here/bounces" -name '*.eml' | while read -r file; do
			cp "$file" "$scratch/bounces/$(echo "${file#"$here"/bounces/}" | tr / -)"
		done
	fi
	chmod -R u+w "$scratch/bounces"
	# Safe signals would wait for the regular expression to end, so each mail gets a process that can be killed.
	perl -MSisimai -e 'for my $f (@ARGV) {
		my $pid = fork // die; if (!$pid) { open STDERR, ">", "/dev/null"; eval { Sisimai->make($f) }; exit 0 }
		local $SIG{ALRM} = sub { kill 9, $pid }; alarm 5; waitpid $pid, 0; alarm 0;
		if ($? == 9) { print "left out, hangs Sisimai: ", $f =~ s{.*/}{}r, "\n"; unlink $f } }' "$scratch"/bounces/*
	count=$(find "$scratch/bounces" -type f | wc -l)
}

# Once by the clock, with all processors, and once in processor time: GMime's parse has one process.
folder() {
	asked=${PROCESSOR_TIME:-}
	unset PROCESSOR_TIME
	measure 7 - "$program" classify --format=json "$scratch/bounces"
	ours=$seconds
	measure 7 - "$build/bench-gmime" "$scratch"/bounces/*
	row "$count bounces, each" "$(each "$ours")" 1000 ms "$(each "$seconds")" '<=' 0.8 "GMime, $(nproc) CPUs"
	export PROCESSOR_TIME=1
	measure 7 - "$program" classify --format=json "$scratch/bounces"
	ours=$seconds peak=$kib
	measure 7 - "$build/bench-gmime" "$scratch"/bounces/*
	row "  in processor time" "$(each "$ours")" 1000 ms "$(each "$seconds")" '<=' 1.5 "bare GMime parse"
	row "  memory of one process" "$peak" 0.0009765625 MiB 14336 '<=' 1 "allowed"
	[ -n "$asked" ] || unset PROCESSOR_TIME
	measure 3 - perl -MSisimai -e "$sisimai" "$scratch/bounces"
	row "" "$(each "$ours")" 1000 ms "$(each "$seconds")" '>=' 10 Sisimai
}

each() {
	awk -v t="$1" -v n="$count" 'BEGIN { print t / n }'
}

one() {
	bounce=$(find "$here/bounces/user-unknown" -name '*postfix*.eml' | sort | head -n 1)
	measure 101 - "$program" classify "$bounce"
	ours=$seconds
	measure 101 - "$build/bench-nothing"
	row "one bounce, start to exit" "$ours" 1000 ms "$seconds" '<=' 2.5 "doing nothing"
	measure 101 - "$program" --version
	row "" "$ours" 1000 ms "$seconds" '<=' 2 "--version"
	measure 21 - perl -MSisimai -e "$sisimai" "$bounce"
	row "" "$ours" 1000 ms "$seconds" '>=' 8 Sisimai
}

big() {
	{
		printf 'From: a@example.org\nTo: b@example.org\nSubject: photographs\nMessage-ID: <big@example.org>\nMIME-Version: 1.0\n'
		printf 'Content-Type: application/octet-stream\nContent-Transfer-Encoding: base64\n\n'
		head -c 19000000 /dev/zero | base64 -w 76
	} > "$scratch/big"
	measure 15 "$scratch/big" cat
	other=$seconds
	measure 15 "$scratch/big" "$program" filter
	row "25 MB through filter" "$seconds" 1000 ms "$other" '<=' 1.5 cat
	row "  its peak memory" "$kib" 0.0009765625 MiB 16384 '<=' 1 "allowed"
}

# As many rules again nine times over, none of which matches. Rules are loaded once and searched for in each mail: the folder is taken four
# times, so that it is the search that counts; what loading costs stands in a row of its own.
rules() {
	for copy in 1 2 3 4; do
		mkdir -p "$scratch/many/$copy"
		cp "$scratch"/bounces/* "$scratch/many/$copy/"
	done
	measure 7 - "$program" classify --format=json "$scratch/many"
	other=$seconds
	measure 15 - "$program" rules
	load=$seconds
	mkdir -p "$scratch/config/notmuch-bounce/rules"
	count_rules=$(cat "$here"/../share/rules/*.rules | grep -c '^[^#[:space:]]')
	awk -v n="$((count_rules * 9))" 'BEGIN {
		split("mailbox user address account server message sender recipient host domain rejected refused unknown full blocked " \
			"policy content relay denied limit quota temporary failure local remote delivery not found please contact", word, " ")
		for (i = 0; i < n; i++) {
			x = (x * 69069 + 12345) % 4294967296
			print "policy phrase " word[int(x / 65536) % 28 + 1] " " word[int(x / 1024) % 28 + 1] " zq" i " " word[i % 28 + 1]
		}
	}' > "$scratch/config/notmuch-bounce/rules/90-more.rules"
	measure 7 - "$program" classify --format=json "$scratch/many"
	row "$((count_rules * 10)) rules, each bounce" "$(each "$seconds")" 250 ms "$(each "$other")" '<=' 1.2 "with $count_rules"
	measure 15 - "$program" rules
	row "  loading them" "$seconds" 1000 ms "$load" '<=' 20 "with $count_rules"
	rm -r "$scratch/config"
}

notice() {
	printf 'From: MAILER-DAEMON@mx.example.org\nTo: a@example.org\nSubject: Undelivered Mail Returned to Sender\nMIME-Version: 1.0\n'
}

make_recipients() {
	notice
	printf 'Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\nIt failed.\n\n--b\n'
	printf 'Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.org\n'
	awk -v n="$1" 'BEGIN { for (i = 0; i < n; i++)
		print "\nFinal-Recipient: rfc822; user" i "@example.net\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 User unknown" }'
	printf '\n--b--\n'
}

make_parts() {
	notice
	awk -v n="$1" 'BEGIN { for (i = 0; i < n; i++)
		print "Content-Type: multipart/mixed; boundary=b" i "\n\n--b" i; print "Content-Type: text/plain\n\nuser unknown" }'
}

make_line() {
	notice
	printf 'Content-Type: text/plain\n\n'
	head -c "$1" /dev/zero | tr '\0' x
	printf '\n'
}

make_fields() {
	notice
	awk -v n="$1" 'BEGIN { for (i = 0; i < n; i++) print "X-Field-" i ": value " i }'
	printf '\nuser unknown\n'
}

# curve NAME UNIT SIZE...: time and memory at growing sizes.
curve() {
	name=$1 unit=$2
	shift 2
	for size; do
		"make_$name" "$size" > "$scratch/mail"
		measure 5 "$scratch/mail" "$program" classify -
		awk -v n="$size" -v unit="$unit" -v bytes="$(wc -c < "$scratch/mail")" -v t="$seconds" -v k="$kib" 'BEGIN {
			printf "%10d %-20s %9.2f MB %10.2f ms %8.1f MiB\n", n, unit, bytes / 1e6, t * 1000, k / 1024 }'
	done
}

collect
printf '\n%-27s %-12s %-25s %7s  %s\n' '' notmuch-bounce '  beside' ratio goal
folder
one
big
rules
printf '\nTime and memory at growing sizes (classify, start to exit):\n'
curve recipients recipients 250 500 1000 2000 4000
curve parts 'nested parts' 250 500 1000 2000 4000 80000
curve line 'bytes in a line' 1250000 2500000 5000000 10000000 20000000
curve fields 'header fields' 12500 25000 50000 100000 200000
