#!/bin/sh
# Everything that was ever written to the index can be taken back: it is then as it was.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=index-lib.sh
. ./index-lib.sh

new_index
letter sent1@example.org "You <$you>" gone@example.net "$(day 1)" | add sent1
letter sent2@example.org "You <$you>" full@example.net "$(day 2)" | add sent2
letter other@example.net 'Other <other@example.net>' "$you" "$(day 3)" | add other
notmuch tag +mine -inbox -- id:sent1@example.org
whole >"$scratch/before-reports"
original_to=gone@example.net report bounce1@mx.example.net "$(day 1 11:00:00)" sent1@example.org "$gone|gone@example.net" | add bounce1
original_to=full@example.net report bounce2@mx.example.net "$(day 2 11:00:00)" sent2@example.org "$full|full@example.net" | add bounce2
notmuch tag +keep -- id:bounce2@mx.example.net
whole >"$scratch/before"
run_tag --all
"$bounce" handled id:bounce1@mx.example.net >/dev/null 2>&1
ok 'there is something to forget' sh -c '! cmp -s "$1" "$2"' - "$scratch/before" "$scratch/after"

whole >"$scratch/tagged"
like '--dry-run says what there is' "$("$bounce" forget --dry-run --lang=en)" 'This program has put * tags and * properties on 4 messages.'
whole >"$scratch/now"
same 'and changes nothing' "$scratch/now" "$scratch/tagged"
exits 'without a terminal nothing is taken back: exit 64' 64 "$bounce" forget --lang=en </dev/null
whole >"$scratch/now"
same 'nothing was' "$scratch/now" "$scratch/tagged"
exits 'a query that is wrong: exit 74' 74 "$bounce" forget --dry-run 'date:nonsense..'
if has_terminal; then
	echo n | script -qec "'$bounce' forget --lang=en" /dev/null >"$scratch/screen" 2>&1
	whole >"$scratch/now"
	same 'no is no' "$scratch/now" "$scratch/tagged"
	echo o | script -qec "'$bounce' forget --lang=de" /dev/null >"$scratch/screen" 2>&1
	whole >"$scratch/now"
	same 'nor is the yes of another language one' "$scratch/now" "$scratch/tagged"
	echo j | script -qec "'$bounce' forget --lang=de id:bounce2@mx.example.net" /dev/null >"$scratch/screen" 2>&1
	is 'with a query only what it finds' "$(tags id:bounce2@mx.example.net); $(tags id:bounce1@mx.example.net | grep -c bounce)" 'keep; 1'
	like 'asked in that language' "$(cat "$scratch/screen")" '*[[]j/N] *'
	# a language whose yes is not ASCII
	mkdir -p "$scratch/words/notmuch-bounce/explain/uk"
	printf 'en  yes\nuk  Так\n' >"$scratch/words/notmuch-bounce/explain/uk/messages.txt"
	printf 'language  uk\n' >"$scratch/words/notmuch-bounce/explain/uk/labels.txt"
	for answer in т ТАК; do
		echo "$answer" | XDG_CONFIG_HOME=$scratch/words script -qec "'$bounce' forget --lang=uk id:bounce1@mx.example.net" /dev/null >"$scratch/screen" 2>&1
		like 'asked with the first letter of a word that is not ASCII' "$(cat "$scratch/screen")" '*[[]Т/N] *'
		is "and $answer is a yes" "$(tags id:bounce1@mx.example.net)" ''
		run_tag --all
	done
	echo y | script -qec "'$bounce' forget --lang=en" /dev/null >"$scratch/screen" 2>&1
	whole >"$scratch/now"
	same 'yes: the index is as it was before we came' "$scratch/now" "$scratch/before"
	like 'and that is said' "$(cat "$scratch/screen")" '*as it was before*'
	is 'a second time there is nothing' "$("$bounce" forget --lang=en </dev/null)" 'There is nothing of this program in the index.'
	run_tag --all
	"$bounce" handled id:bounce1@mx.example.net >/dev/null 2>&1
	whole >"$scratch/now"
	same 'and tag --all begins anew' "$scratch/now" "$scratch/tagged"
else
	skip 'taking it back' 'there is no script, which makes a terminal'
fi

done_testing
