#!/bin/sh
# accuracy.sh [--raise] CORPUS: score the program against judged mail and compare with accuracy.floor.
# CORPUS holds messages/, truth.tsv and score.py. --raise lifts the floors to what was reached; nothing ever lowers them.
set -eu
here=$(dirname "$0")
program=${NOTMUCH_BOUNCE:-build/notmuch-bounce}
raise=
if [ "${1:-}" = --raise ]; then
	raise=1
	shift
fi
corpus=${1:?usage: accuracy.sh [--raise] CORPUS}
[ -d "$corpus/messages" ] || { echo "accuracy: no messages in $corpus (make accuracy CORPUS=…)" >&2; exit 66; }

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
# No rules of the user's own: the figures are the program's.
env HOME="$scratch" XDG_CONFIG_HOME="$scratch" "$program" classify --format=json "$corpus/messages" > "$scratch/result.jsonl"
python3 "$corpus/score.py" "$corpus/truth.tsv" "$scratch/result.jsonl" ${MISSES:+--misses "$MISSES"} > "$scratch/score"
sed -n '/^$/,$p' "$scratch/score"

# Lines of a score: "bounce recall   99.50  of 691"; of the floor: "bounce recall   99.50". False alarms are a ceiling.
awk -v raise="$raise" -v floor_file="$here/accuracy.floor" '
	function key(count,   name, i) {
		name = $1
		for (i = 2; i <= count; i++) name = name " " $i
		return name
	}
	FNR == NR && (/^#/ || !NF) { head = head $0 "\n"; next }
	FNR == NR { floor[key(NF - 1)] = $NF; next }
	!NF { exit }
	{
		name = key(NF - 3); value = $(NF - 2); known = name in floor; limit = floor[name]
		ceiling = name ~ /^false alarms/
		worse = known && (ceiling ? value + 0 > limit + 0 : !(value + 0 >= limit + 0))
		printf "%-20s %7.2f   %s %7s   %s\n", name, value, ceiling ? "at most " : "at least", known ? limit : "-", worse ? "FELL BELOW THE FLOOR" : ""
		if (worse) bad = 1
		if (!known || (ceiling ? value + 0 < limit + 0 : value + 0 > limit + 0)) limit = value
		lines = lines sprintf("%-20s %7.2f\n", name, limit)
	}
	END {
		if (raise && !bad) printf "%s%s", head, lines > floor_file
		exit bad
	}' "$here/accuracy.floor" "$scratch/score"
