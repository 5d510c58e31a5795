#!/bin/sh
# tag: sorts what is in the index, changes nothing the second time, and leaves alone what is not its own.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=index-lib.sh
. ./index-lib.sh
sample=bounces/user-unknown/postfix-local.eml

new_index
add bounce <$sample
add letter <not-bounces/plain-letter.eml
before=$(whole)
run_tag --dry-run
is '--dry-run: exit 0' "$code" 0
like '--dry-run: says what would change' "$said" '*+bounce*+bounce/permanent*+bounce/user-unknown*Dry run, nothing was changed. New bounces: 1,*'
is '--dry-run: changes nothing' "$(whole)" "$before"
run_tag
is 'tag:new is what is sorted' "$code $said" '0 New bounces: 1, tags changed: 0, linked to your messages: 0'
is 'a bounce has its tags' "$(tags tag:bounce)" 'bounce bounce/permanent bounce/user-unknown'
is 'a letter has none' "$(notmuch count tag:bounce) $(notmuch count '*')" '1 2'
before=$(whole)
run_tag --all
is 'a second run says nothing' "$code $said" '0 '
is 'a second run changes nothing' "$(whole)" "$before"

notmuch tag -bounce/user-unknown +bounce/spam -- tag:bounce
before=$(whole)
run_tag --all
is "the user's retagging stays" "$(whole)" "$before"

new_index
add bounce <$sample
notmuch tag +bounce/mine -- '*'
run_tag
is "a tag of the user's under bounce/ stays" "$(tags '*')" 'bounce bounce/mine bounce/permanent bounce/user-unknown'
mkdir -p "$HOME/.config/notmuch-bounce/rules"
echo 'policy status 5.1.1' >"$HOME/.config/notmuch-bounce/rules/10-mine.rules"
run_tag --all --dry-run
like 'after a new rule: the difference is shown' "$said" '* -bounce/user-unknown +bounce/policy*Dry run, nothing was changed. New bounces: 0, tags changed: 1,*'
run_tag --all
is 'after a new rule: it moves' "$said" 'New bounces: 0, tags changed: 1, linked to your messages: 0'
is 'after a new rule: to its new tags' "$(tags '*')" 'bounce bounce/mine bounce/permanent bounce/policy'
notmuch tag -bounce/policy +bounce/spam -- '*'
echo 'blocked status 5.1.1' >"$HOME/.config/notmuch-bounce/rules/10-mine.rules"
run_tag --all
run_tag --all
is "after a new rule: the user's retagging stays, each time" "$(tags '*')" 'bounce bounce/mine bounce/permanent bounce/spam'
rm -r "$HOME/.config"

new_index
add bounce <$sample
add letter <not-bounces/plain-letter.eml
run_tag --remove-tag=new
is '--remove-tag takes it off all that was looked at' "$(notmuch count tag:new) $(notmuch count tag:bounce)" '0 1'

# What can't be a bounce is not opened: its file may even be gone.
add other <not-bounces/japanese-iso-2022-jp.eml
rm "$mail"/cur/other* "$mail"/cur/bounce*
run_tag --all
is 'a file that is gone is no error' "$code $(notmuch count tag:bounce)" '0 1'

exits '--all with a query: 64' 64 "$bounce" tag --all tag:x
exits 'an option there is not: 64' 64 "$bounce" tag --dryrun
notmuch config set bounce.backscatter_after soon
exits 'a wrong setting: 78' 78 "$bounce" tag
like 'a wrong setting: says what is expected' "$(cat "$scratch/err")" '*bounce.backscatter_after=soon: expected days, from 0 to 3650*'
like 'in the language of the user' "$(LC_ALL=ja_JP.UTF-8 "$bounce" tag 2>&1)" '*bounce.backscatter_after=soon: 日数（0から3650）を指定してください*'
rm -rf "$mail/.notmuch"
exits 'no index: 66' 66 "$bounce" tag
exits 'no index, status: 66' 66 "$bounce" status

# A reader never blocks; a writer waits for as long as it is told.
new_index
add bounce <$sample
notmuch config set bounce.lock_timeout 1
hold_lock 60
exits 'locked: 75' 75 "$bounce" tag
like 'locked: says so' "$(cat "$scratch/err")" '*another program is writing*'
exits 'locked: --dry-run works' 0 "$bounce" tag --dry-run
release_lock
exits 'the lock is gone: 0' 0 "$bounce" tag
is 'the lock is gone: sorted' "$(notmuch count tag:bounce)" 1
done_testing
