#!/bin/sh
# accuracy.sh [--raise] [FOLDER]: score the program against judged mail and compare with accuracy.floor.
# FOLDER is a set (messages/ and truth.tsv) or holds sets: corpus, fixtures, and replies/ (replies.tsv and mails.py, of two halves). score.py
# stands in the corpus. The project's own paraphrases.tsv is always scored. --raise lifts the floors to what was reached; nothing lowers them.
# MISSES=50 lists mistakes. HALF=look leaves the other half of the replies alone.
set -eu
here=$(dirname "$0")
program=${NOTMUCH_BOUNCE:-build/notmuch-bounce}
raise=
if [ "${1:-}" = --raise ]; then
	raise=1
	shift
fi
folder=${1:-}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
: >"$scratch/figures"

# No rules of the user's own: the figures are the program's.
classify() {
	env HOME="$scratch" XDG_CONFIG_HOME="$scratch" "$program" classify --format=json "$1"
}

# score NAME FOLDER: lines of `NAME figure... value` to figures.
score() {
	classify "$2/messages" >"$scratch/result.jsonl"
	python3 "$scorer" "$2/truth.tsv" "$scratch/result.jsonl" ${MISSES:+--misses "$MISSES"} >"$scratch/score"
	[ -z "${MISSES:-}" ] || sed -n "/^\$/,\$ s/^/$1: /p" "$scratch/score"
	awk -v set="$1" '!NF { exit } { $NF = ""; $(NF - 1) = ""; print set, $0 }' "$scratch/score" >>"$scratch/figures"
}

# Each sentence as a small report that says nothing else, in a file named for its line.
paraphrases() {
	mkdir "$scratch/paraphrases"
	awk -F '\t' -v directory="$scratch/paraphrases" '
		/^#/ || NF < 2 { next }
		{
			file = sprintf("%s/%s-%04d.eml", directory, $1, NR)
			print "From: Mail Delivery System <MAILER-DAEMON@relay.example.com>\nTo: hana@shop.example.com\n" \
				"Subject: Undelivered Mail Returned to Sender\nMessage-ID: <" NR "@relay.example.com>\n" \
				"MIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary=\"b\"\n\n" \
				"--b\nContent-Type: text/plain; charset=utf-8\n\nYour message could not be sent.\n\n" \
				"--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; relay.example.com\n\n" \
				"Final-Recipient: rfc822; x@y.example\nAction: failed\nStatus: 5.0.0\n" \
				"Diagnostic-Code: smtp; " $2 "\n\n--b--" >file
			close(file)
		}' "$here/paraphrases.tsv"
	classify "$scratch/paraphrases" | perl "$here/rows.pl" | awk -F '\t' -v list="${MISSES:-0}" -v figures="$scratch/figures" '
		{
			name = $1
			sub(/.*\//, "", name)
			sub(/-[0-9]+\.eml$/, "", name)
			right += $4 == name
			if ($4 != name && missed++ < list) print "paraphrases: MISS", $1, $4
		}
		END { printf "paraphrases reason strict %.2f\n", NR ? 100 * right / NR : 0 >>figures }'
}

if [ -n "$folder" ]; then
	for scorer in "$folder/score.py" "$folder/corpus/score.py" "$folder/../corpus/score.py" none; do
		[ ! -f "$scorer" ] || break
	done
	if [ "$scorer" = none ]; then
		echo "accuracy: no judged mail in $folder (make accuracy CORPUS=…)" >&2
		exit 66
	fi
	if [ -f "$folder/truth.tsv" ]; then
		score "$(basename "$folder")" "$folder"
	else
		for set in corpus fixtures; do
			[ ! -f "$folder/$set/truth.tsv" ] || score "$set" "$folder/$set"
		done
		for half in ${HALF:-look measure}; do
			[ -f "$folder/replies/replies.tsv" ] || continue
			python3 "$folder/replies/mails.py" "$folder/replies/replies.tsv" "$scratch/$half" "$half"
			score "$half" "$scratch/$half"
		done
	fi
fi
[ ! -f "$here/paraphrases.tsv" ] || paraphrases

# The figures of all sets as a table, and each below its floor. False alarms are a ceiling.
awk -v raise="$raise" -v floor_file="$here/accuracy.floor" '
	function key(   name, i) {
		name = $1
		for (i = 2; i < NF; i++) name = name " " $i
		return name
	}
	function is_ceiling(name) { return name ~ /false alarms/ }
	BEGIN {
		columns = split("bounce recall|false alarms /1000|kind|recipients|reason strict|reason fair|macro F1|permanence|original id", column, "|")
		split("recall|false|kind|recip.|strict|fair|F1|perm.|original", title, "|")
	}
	FNR == NR && (/^#/ || !NF) { head = head $0 "\n"; next }
	FNR == NR { floor[key()] = $NF; order[++count] = key(); next }
	{
		value[key()] = $NF
		if (!($1 in seen)) { seen[$1] = 1; set[++sets] = $1 }
		if (!(key() in floor)) { order[++count] = key(); floor[key()] = $NF; is_new[key()] = 1 }
	}
	END {
		printf "%-12s", ""
		for (i = 1; i <= columns; i++) printf " %8s", title[i]
		printf "\n"
		for (s = 1; s <= sets; s++) {
			printf "%-12s", set[s]
			for (i = 1; i <= columns; i++) {
				name = set[s] " " column[i]
				if (name in value) printf " %8.2f", value[name]
				else printf " %8s", "-"
			}
			printf "\n"
		}
		for (i = 1; i <= count; i++) {
			name = order[i]
			if (!(name in value)) continue
			better = is_ceiling(name) ? floor[name] - value[name] : value[name] - floor[name]
			if (better < 0) { printf "%s: %.2f, and the floor is %.2f\n", name, value[name], floor[name]; bad = 1 }
			else floor[name] = value[name]
		}
		if (raise && !bad) {
			printf "%s", head > floor_file
			for (i = 1; i <= count; i++) printf "%-32s %7.2f\n", order[i], floor[order[i]] > floor_file
		}
		exit bad
	}' "$here/accuracy.floor" "$scratch/figures"
