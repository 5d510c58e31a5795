#!/bin/sh
# How good the proposals for an address that failed are: of slips and of right addresses as typos.pl makes them.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=index-lib.sh
. ./index-lib.sh
suggest=${BUILD:-../build}/suggest
[ -x "$suggest" ] || skip_all "there is no $suggest: make run-check builds it"

new_index
perl typos.pl index "$mail"
notmuch new --quiet --no-hooks
perl typos.pl typos 200 >"$scratch/typos"
cut -f1 "$scratch/typos" | "$suggest" -j >"$scratch/found"
perl typos.pl others 200 >"$scratch/others"
cut -f1 "$scratch/others" | "$suggest" -j >"$scratch/wrong"
# firsts FILE: the first candidate of each line.
firsts() {
	perl -ne 'print /"candidates":\[\{"address":"([^"]*)"/ ? "$1\n" : "-\n"' "$1"
}
firsts "$scratch/found" | paste "$scratch/typos" - | awk -F '\t' '$2 != $4' >"$scratch/missed"
right=$((200 - $(wc -l <"$scratch/missed")))
note "of 200 slips the right address is the first for $right"
ok 'of 200 typical slips at least 90 % are seen through' test "$right" -ge 180
[ "$right" -ge 180 ] || note "$(cat "$scratch/missed")"
firsts "$scratch/wrong" | paste "$scratch/others" - | grep -v '	-$' >"$scratch/suspected"
wrong=$(wc -l <"$scratch/suspected")
note "of 200 right addresses $((wrong)) are taken for slips"
is 'all were asked about' "$(wc -l <"$scratch/found" | tr -d ' ') $(wc -l <"$scratch/wrong" | tr -d ' ')" '200 200'
ok 'of 200 right addresses at least 95 % are left in peace' test "$wrong" -le 10
[ "$wrong" -le 10 ] || note "$(cat "$scratch/suspected")"

done_testing
