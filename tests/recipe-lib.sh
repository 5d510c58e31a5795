# shellcheck shell=sh
# shellcheck disable=SC2154,SC2034 # $scratch and the like are of the files before this one, the others are for those who source it
# For the tests of recipes, with agents that don't work as root: then all is done as somebody who owns nothing else. Mails, programs that
# fail, and a delivery into an index of one's own. Sourced behind lib.sh, with what it takes from agent-lib.sh and index-lib.sh; needs a
# deliver as agent-lib.sh does.
recipes=$PWD/../share/recipes
user=$(id -u) group=$(id -g) as_user=
if [ "$user" = 0 ]; then
	command -v setpriv >/dev/null || skip_all 'setpriv is not installed'
	user=65534 group=65534
	as_user="setpriv --reuid=$user --regid=$group --clear-groups"
fi
# The program may stand where that user can't reach it.
mkdir "$scratch/program"
cp "$bounce" "$scratch/program/notmuch-bounce"
bounce=$scratch/program/notmuch-bounce

# given FILE...: they are that user's, with all that is below.
given() {
	[ -z "$as_user" ] || chown -R "$user:$group" "$@"
}

# shellcheck source=agent-lib.sh
. ./agent-lib.sh
# shellcheck source=index-lib.sh
. ./index-lib.sh
# $scratch/mail is the agent's. The configuration is where it is found without a word in the environment.
mail=$scratch/notmuch
NOTMUCH_CONFIG=$HOME/.notmuch-config

letter=not-bounces/plain-letter.eml
japanese=not-bounces/japanese-iso-2022-jp.eml
gone_mail=bounces/user-unknown/postfix-local.eml
full_mail=bounces/mailbox-full/dma-exceeded-storage-allocation.eml
crlf_mail=bounces/user-unknown/variant-crlf.eml
printf 'From: a@b.example\nSubject: x\nMessage-ID: <open@b.example>\n\nno end of line' >"$scratch/open"
{ printf 'From: a@b.example\nSubject: x\nMessage-ID: <bytes@b.example>\n\nNUL \0 8-bit \344\377\r\n'; head -c 3000000 /dev/urandom; } >"$scratch/bytes"
{ printf 'X-Bounce-Reason: user-unknown\nx-bounce-kind:\n failed\n'; cat $letter; } >"$scratch/forged"

# Programs that fail, one a line. What they write before must not be delivered.
failures='cat >/dev/null; exit 75
exit 1
cat >/dev/null; echo half a mail; exit 74
kill -SEGV $$
head -c 100; kill -KILL $$'
# And those in the place of notmuch, with the mail unread or read.
notmuch_failures='exit 1
cat >/dev/null; exit 1
kill -KILL $$'
# with_notmuch SCRIPT: a folder to have first in the path, with our program and this instead of notmuch.
with_notmuch() {
	mkdir -p "$scratch/bad"
	ln -sf "$bounce" "$scratch/bad/notmuch-bounce"
	printf '#!/bin/sh\n%s\n' "$1" >"$scratch/bad/notmuch"
	chmod +x "$scratch/bad/notmuch"
}

# deliver_with_index FILE [RULES]: deliver, with an empty index, which another program has locked for $seconds_held. $indexed is how many mails are
# in it then, and $inserted one of them.
seconds_held=0
deliver_with_index() {
	new_index
	notmuch config set bounce.lock_timeout "${lock_timeout:-30}"
	given "$mail" "$NOTMUCH_CONFIG"
	[ "$seconds_held" = 0 ] || hold_lock "$seconds_held"
	deliver "$@"
	[ "$seconds_held" = 0 ] || release_lock
	indexed=$(notmuch count --exclude=false '*')
	[ "$(copies)" = "$indexed" ] || indexed="$indexed of $(copies)"
	inserted=$(find "$mail/new" "$mail/cur" -type f | head -n 1)
}
