#!/bin/sh
# bench-others.sh [CORPUS]: the same mails through Sisimai, flufl.bounce, Mail::DeliveryStatus::BounceParser and us, each as its manual says
# to use it (bench-others.pl, .py), all in one run. What their words for reasons mean in ours: bench-others.words; what is counted how:
# bench-score.pl. The mails: tests/bounces and tests/not-bounces, and those of CORPUS (messages/, truth.tsv) if it is there.
# It writes Markdown. Programs that are not installed are left out.
set -eu
export LC_ALL=C.UTF-8
here=$(cd "$(dirname "$0")" && pwd)
program=${NOTMUCH_BOUNCE:?} build=${BUILD:?} corpus=${1:-}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
trap 'exit 1' HUP INT TERM
export HOME="$scratch" XDG_CONFIG_HOME="$scratch/config"

# The python3 that has it need not be the first.
for python in python3 /usr/bin/python3 ''; do
	[ -z "$python" ] || ! "$python" -c 'import flufl.bounce' 2>/dev/null || break
done

# collect: the mails in one folder without subfolders, a set each, and the truth about them.
collect() {
	mkdir -p "$scratch/samples"
	grep -v '^#' "$here/expected.tsv" | while IFS='	' read -r file kind recipients reasons rest; do
		name=$(echo "$file" | tr / -)
		cp "$here/$file" "$scratch/samples/$name"
		printf '%s\t%s\t%s\t%s\t-\n' "$scratch/samples/$name" "$kind" "$recipients" "$reasons"
	done > "$scratch/samples.truth"
	[ -f "$corpus/truth.tsv" ] || return 0
	mkdir "$scratch/judged"
	cp "$corpus"/messages/* "$scratch/judged/"
	chmod -R u+w "$scratch/judged"
	awk -F'\t' -v OFS='\t' -v to="$scratch/judged/" 'NR > 1 { print to $1, $2, $3, $4, $6 }' "$corpus/truth.tsv" > "$scratch/judged.truth"
}

# with WHAT: the command for one of the programs, in $command, to be followed by files; false if it isn't there.
with() {
	case $1 in
	notmuch-bounce) command="$program classify --format=json" version= ;;
	Sisimai) command="perl $here/bench-others.pl Sisimai" version=$(perl -MSisimai -e 'print Sisimai->version' 2>/dev/null) ;;
	flufl.bounce)
		command="$python $here/bench-others.py"
		[ -n "$python" ] && version=$("$python" -c 'from flufl import bounce; print(bounce.__version__)')
		;;
	BounceParser)
		command="perl $here/bench-others.pl BounceParser"
		version=$(perl -MMail::DeliveryStatus::BounceParser -e 'print Mail::DeliveryStatus::BounceParser->VERSION' 2>/dev/null)
		;;
	esac
}

# each SET: what every program says of each mail. One that hangs is stopped, and what hangs a program leaves the mails that are timed.
each() {
	for name in $programs; do
		with "$name"
		case $name in
		notmuch-bounce) ;;
		flufl.bounce) command="$command --each" ;;
		*) command="perl $here/bench-others.pl --each $name" ;;
		esac
		# shellcheck disable=SC2086 # a command and its arguments
		$command "$scratch/$1" > "$scratch/$1.$name"
		sed -n 's/\thangs$//p' "$scratch/$1.$name" > "$scratch/$1.$name.hangs"
		cat "$scratch/$1.$name.hangs" >> "$scratch/hangs"
	done
}

# row WHAT: a line of the table; the cells come on standard input.
row() {
	printf '| %s |' "$1"
	while read -r cell; do printf ' %s |' "$cell"; done
	echo
}

# timed TIMES INPUT: the processor time in seconds and the peak memory of each program over the input, one process each, a line a program, in
# $scratch/timed. Not the time on the clock, which on a busy machine says more about the others; none of them does two things at a time.
timed() {
	for name in $programs; do
		with "$name"
		times > "$scratch/before"
		# shellcheck disable=SC2086 # a command and its arguments
		measured=$("$build/bench-run" "$1" - $command "$2")
		times > "$scratch/after"
		# The second line is about the children: user and system, like 0m1.25s.
		awk -v n="$1" -v kib="${measured#* }" 'FNR == 2 { split($1 "m" $2, t, /[ms]+/); sum[++files] = t[1] * 60 + t[2] + t[3] * 60 + t[4] }
			END { print (sum[2] - sum[1]) / n, kib }' "$scratch/before" "$scratch/after"
	done > "$scratch/timed"
}

# per_second MAILS
per_second() {
	awk -v n="$1" '{ printf "%.0f\n", n / $1 }' "$scratch/timed"
}

head_row() {
	for name in $programs; do
		with "$name"
		echo "$name${version:+ $version}"
	done | row "$1"
	for name in $programs; do echo '--:'; done | row '---' | sed 's/| /|/g; s/ |/|/g'
}

figures() {
	set=$1
	head_row "$2"
	for name in $programs; do printf '%s\n%s\n' "$name" "$scratch/$set.$name"; done > "$scratch/arguments"
	# shellcheck disable=SC2046 # names without blanks
	perl "$here/bench-score.pl" "$scratch/$set.truth" "$here/bench-others.words" $(cat "$scratch/arguments")
	for name in $programs; do wc -l < "$scratch/$set.$name.hangs"; done | row 'mails that hang it (5 s)'
	echo
}

programs=notmuch-bounce
for name in Sisimai flufl.bounce BounceParser; do
	if with "$name"; then programs="$programs $name"; else echo "left out, not installed: $name"; fi
done
: > "$scratch/hangs"
collect
sets=samples
[ ! -d "$scratch/judged" ] || sets='judged samples'
for set in $sets; do each "$set"; done
[ ! -d "$scratch/judged" ] || figures judged 'judged mails'
figures samples 'the samples of tests/'

# Speed, on what hangs nobody: to the favour of those that hang.
mkdir "$scratch/all" "$scratch/bounces"
for set in $sets; do
	cut -f1,2 "$scratch/$set.truth" | while IFS='	' read -r file kind; do
		! grep -qxF "$file" "$scratch/hangs" || continue
		ln "$file" "$scratch/all/"
		case $kind in failed | delayed) ln "$file" "$scratch/bounces/" ;; esac
	done
done
mails=$(find "$scratch/all" -type f | wc -l) bounces=$(find "$scratch/bounces" -type f | wc -l)
head_row 'processor time, memory'
timed 1 "$scratch/all"
per_second "$mails" | row "mails per second (all $mails, one process)"
awk '{ printf "%.0f MiB\n", $2 / 1024 }' "$scratch/timed" | row 'peak memory of that'
timed 1 "$scratch/bounces"
per_second "$bounces" | row "bounces per second ($bounces, one process)"
timed 41 "$here/bounces/user-unknown/postfix-several-fates.eml"
awk '{ printf "%.0f ms\n", $1 * 1000 }' "$scratch/timed" | row 'one bounce, start to exit'
