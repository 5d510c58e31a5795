#!/bin/sh
# What must hold for every mail, whatever is in it: asked of some hundred samples that were changed by chance, always in the same way. More:
# SECONDS=600 prove tests/property.t. A mail that breaks something is made again with: perl properties.pl --mail SEED NUMBER (in tests/).
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

perl properties.pl "$bounce" "$scratch" >"$scratch/broken" 2>"$scratch/complaints"
is 'all mails were asked' "$? $(cat "$scratch/complaints")" '0 '
like 'there were some' "$(sed -n 's/^mails.//p' "$scratch/broken")" '[1-9]*'
# holds PROPERTY DESCRIPTION
holds() {
	is "$2" "$(grep "^$1	" "$scratch/broken" | cut -f2-)" ''
}
holds crash 'nothing crashes or goes on for ever'
holds filter 'what filter lets through is the mail as it came, but for our fields'
holds newlines 'a mail is judged the same with LF and with CRLF'
holds random 'random text is no bounce: bytes, words, lines in any order'
holds shown 'what classify and explain show is UTF-8 without controls'

done_testing
