#!/bin/sh
# The recipes that deliver into notmuch, with the real procmail, maildrop and notmuch: bounces have their tags, other mail has none,
# and no mail is lost or changed when notmuch fails.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=index-lib.sh
. ./index-lib.sh
# shellcheck source=agent-lib.sh
. ./agent-lib.sh
recipes=$PWD/../share/recipes
program_folders

# AGENT_delivers PATH FILE [RECIPE]
# shellcheck disable=SC2317 # called by deliver_by
procmail_delivers() {
	cat >"$scratch/rc" <<END
PATH=$1
SHELL=/bin/sh
HOME=$HOME
NOTMUCH_CONFIG=$NOTMUCH_CONFIG
MAILDIR=$scratch
DEFAULT=$scratch/default/
LOGFILE=$scratch/log
INCLUDERC=${3:-$recipes/procmail-notmuch.rc}
END
	procmail "$scratch/rc" <"$2" 2>>"$scratch/log"
}
# shellcheck disable=SC2317
maildrop_delivers() {
	cat >"$scratch/rc" <<END
PATH="$1"
SHELL="/bin/sh"
HOME="$HOME"
NOTMUCH_CONFIG="$NOTMUCH_CONFIG"
DEFAULT="$scratch/default"
include "${3:-$recipes/maildrop-notmuch.rc}"
END
	chmod 600 "$scratch/rc"
	maildrop "$scratch/rc" <"$2" >>"$scratch/log" 2>&1
}

# deliver AGENT PATH FILE [RECIPE]: the mail is then in $delivered; $where says how many are in notmuch and in DEFAULT, and the exit status.
deliver() {
	new_index
	rm -rf "$scratch/default"
	maildir "$scratch/default"
	: >"$scratch/log"
	"$1_delivers" "$2" "$3" "${4:-}"
	code=$?
	delivered=$(find "$mail/new" "$mail/cur" "$scratch/default" -type f | head -n 1)
	where="$(notmuch count --exclude=false '*') $(find "$scratch/default" -type f | grep -c .) $code"
	delivered=${delivered:-$scratch/nothing}
}
# alone AGENT FILE: $scratch/plain is what the agent makes of it without us. maildrop takes out CRs and ends the last line.
: >"$scratch/no-recipe"
chmod 600 "$scratch/no-recipe"
alone() {
	deliver "$1" "$PATH" "$2" "$scratch/no-recipe"
	cp "$delivered" "$scratch/plain"
}

# not_into_notmuch DESCRIPTION PATH: it goes where it would go without us, as it would be there.
not_into_notmuch() {
	deliver $agent "$2" "$file"
	is "$agent$1, $name: once, in DEFAULT, exit 0" "$where" '0 1 0'
	same "$agent$1, $name: as it came" "$delivered" "$scratch/plain"
}

for agent in procmail maildrop; do
	installed $agent "$agent into notmuch" || continue
	whole=$scratch/both:$PATH

	deliver $agent "$whole" $gone_mail
	is "$agent, a bounce: once, in notmuch, exit 0" "$where" '1 0 0'
	is "$agent, a bounce: its tags" "$(tags '*')" "$gone_tags"
	is "$agent, a bounce: new.tags as well" "$(notmuch count 'tag:inbox and tag:unread')" 1
	same "$agent, a bounce: as it came" "$delivered" $gone_mail
	deliver $agent "$whole" $full_mail
	like "$agent, another bounce: its own tags" "$where $(tags '*') " '1 0 0 bounce *bounce/mailbox-full *'
	for file in $letter $japanese "$scratch/open" "$scratch/bytes"; do
		name=$(basename "$file" .eml)
		alone $agent "$file"
		deliver $agent "$whole" "$file"
		is "$agent, $name: once, in notmuch, exit 0" "$where" '1 0 0'
		is "$agent, $name: no tags" "$(tags '*')" ''
		same "$agent, $name: as it came" "$delivered" "$scratch/plain"
	done

	for file in $gone_mail $letter "$scratch/open" "$scratch/bytes"; do
		name=$(basename "$file" .eml)
		alone $agent "$file"
		case $file in
		*.eml) same "$agent alone, $name: as it came" "$scratch/plain" "$file" ;;
		esac
		not_into_notmuch ' without notmuch' "$scratch/no-notmuch"
		not_into_notmuch ', bad-notmuch' "$scratch/bad-notmuch:$PATH"
		not_into_notmuch ', late-bad-notmuch' "$scratch/late-bad-notmuch:$PATH"
		not_into_notmuch ' without notmuch-bounce' "$scratch/no-bounce"
		not_into_notmuch ', notmuch-bounce fails' "$scratch/bad-bounce:$PATH"
	done
done

done_testing
