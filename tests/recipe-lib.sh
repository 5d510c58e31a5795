# shellcheck shell=sh
# shellcheck disable=SC2154,SC2034 # $scratch and the like are of the files before this one, the others are for those who source it
# For the tests of recipes, with agents that don't work as root: then all is done as somebody who owns nothing else. Sorting, and a delivery
# into an index of one's own. Sourced behind lib.sh, with what it takes from agent-lib.sh and index-lib.sh; needs a deliver as agent-lib.sh does.
# The sources may stand where nobody else can read them.
cp -R ../share/recipes "$scratch/recipes"
recipes=$scratch/recipes
# shellcheck source=user-lib.sh
. ./user-lib.sh
not_as_root
# The program may stand where that user can't reach it.
mkdir "$scratch/program"
program_at "$scratch/program"
bounce=$scratch/program/notmuch-bounce

# shellcheck source=agent-lib.sh
. ./agent-lib.sh
# shellcheck source=index-lib.sh
. ./index-lib.sh
# $scratch/mail is the agent's. The configuration is where it is found without a word in the environment.
mail=$scratch/notmuch
NOTMUCH_CONFIG=$HOME/.notmuch-config

# Programs that fail in the place of notmuch, one a line, with the mail unread or read.
notmuch_failures='exit 1
cat >/dev/null; exit 1
kill -KILL $$'
# each_failure_of_notmuch CHECK FIRST_IN_PATH: with each of them CHECK DESCRIPTION holds. FIRST_IN_PATH FOLDER is run before: our program and the
# one that fails are in that folder.
each_failure_of_notmuch() {
	mkdir -p "$scratch/bad"
	ln -sf "$bounce" "$scratch/bad/notmuch-bounce"
	while IFS= read -r script; do
		script_at "$scratch/bad/notmuch" "$script"
		"$2" "$scratch/bad"
		"$1" "notmuch is { $script }"
	done <<-END
		$notmuch_failures
	END
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
# into_notmuch: mails are in the index, once, as the agent alone would deliver them, and bounces have their tags. The test has unaided FILE, which
# names a file with what the agent makes of a mail, and outcome, which says 0 when the agent is done with it.
into_notmuch() {
	for file in $letter $gone_mail $japanese $crlf_mail "$scratch/open" "$scratch/bytes"; do
		name=$(basename "$file" .eml)
		wanted=$(unaided "$file")
		deliver_with_index "$file"
		is "into notmuch, $name: once, and the agent is done with it" "$indexed $count $(outcome)" '1 0 0'
		same "into notmuch, $name: as the agent alone would deliver it" "$inserted" "$wanted"
	done
	deliver_with_index $gone_mail
	is 'into notmuch: a bounce has its tags' "$(tags '*')" "$gone_tags"
	deliver_with_index $letter
	is 'into notmuch: a letter has none' "$(tags '*')" ''
}
