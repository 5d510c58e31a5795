#!/bin/sh
# What the index says is a function of the mails in it, and of what the user dealt with: five hundred histories made by chance, always the same ones, each told in
# three random orders and ways. More: HISTORIES=20000 prove tests/confluence.t. One that is told otherwise is shown by
# SHOW=1 perl confluence.pl PROGRAM FOLDER NUMBER 1 (in tests/).
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
needs notmuch

perl confluence.pl "$bounce" "$scratch" 1 "${HISTORIES:-500}" >"$scratch/broken" 2>"$scratch/complaints"
is 'all were told' "$? $(cat "$scratch/complaints")" '0 '
is 'so many' "$(sed -n 's/^histories.//p' "$scratch/broken")" "${HISTORIES:-500}"
is 'all that can become of a mail, or be known of a report, is among them' "$(sed -n 's/^seen.//p' "$scratch/broken")" \
	'backscatter confirmed delayed failed foreign handled linked other-recipient probable replied resent unlinked'
# holds PROPERTY DESCRIPTION
holds() {
	is "$2" "$(grep "^$1	" "$scratch/broken" | cut -f2- | cut -c1-400)" ''
}
holds 'at last' 'the index says the same in whatever order and way they came'
holds 'at once' 'it does so without `tag --all` too, where notmuch says what came'
holds 'without --all' 'and what `tag --all` would say'
holds again '`tag --all` again changes nothing'

done_testing
