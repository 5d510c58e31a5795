#!/bin/sh
# What `make demo` tells is true, and what it leaves can be played with.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
needs notmuch

TMPDIR=$scratch
export TMPDIR
mkdir "$scratch/person"
# shellcheck disable=SC2317 # called by ok
# demo NAME [VARIABLE=VALUE...]: its words in the file NAME.
demo() {
	told=$scratch/$1
	shift
	env NOTMUCH_BOUNCE="$bounce" HOME="$scratch/person" "$@" sh demo.sh >"$told" 2>"$scratch/err" </dev/null
}
ok 'it ends well' demo english LC_ALL=C
is 'and nothing is wrong on the way' "$(cat "$scratch/err")" ''
like 'mail comes back' "$(cat "$told")" '*(bounce bounce/filtered bounce/permanent inbox unread)*'
like 'status' "$(cat "$told")" '*hanako@softbank.example *refused by settings *8 messages haven?t arrived.*'
like 'explain, in English and another language' "$(cat "$told")" '*Is it real?     Yes.*本物かどうか    本物です。*'
like 'the right address is found, and taken' "$(cat "$told")" '*1. konekko.nyan@ex.docomo.ne.jp*
To: konekko.nyan@ex.docomo.ne.jp*'
is 'lines fit 80 columns, but for the ids at the end' "$(sed '/^# All this/,$d' "$told" | perl -CSDA -lne '
	my $wide = () = /\p{EastAsianWidth: W}|\p{EastAsianWidth: F}/g; print if length($_) + $wide > 80' | grep -v '^\$')" ''
is 'nothing is written to the home' "$(find "$scratch/person" -mindepth 1)" ''
ok 'in the language of who reads' demo german LC_ALL=de_DE.UTF-8
like 'German' "$(cat "$told")" '*Die Einstellungen von hanako@softbank.example*'

# -- the folder that is left
enter=$(sed -n 's,^  \(/.*/enter\)$,\1,p' "$told")
ok 'a way in' test -x "$enter"
is 'three commands to try' "$(grep -c '^  notmuch-bounce ' "$told")" 3
sed -n 's/^  \(notmuch-bounce .*\)/\1/p' "$told" >"$scratch/commands"
while read -r command; do
	ok "works: $command" sh -c 'echo "$2" | SHELL=/bin/sh "$1" | grep -q .' - "$enter" "$command"
done <"$scratch/commands"
ok 'the draft is there' sh -c 'grep -rq "^To: yuzu@new.example" "$1/Drafts"' - "${enter%/enter}"

# -- what it brings onto a machine
is 'notmuch, beside what building needs' "$(sed -n 's/^demo?* *command:\([a-z]*\) .*/\1/p' ../.ci/deps)" notmuch
is 'and no group of others' "$(sed -n '/^demo-deps:/{n;s/^[[:space:]]*//;p;}' ../Makefile)" '@.ci/deps build demo'

done_testing
