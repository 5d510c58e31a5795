#!/bin/sh
# The recipes for fdm, in the real fdm, which fetches from a Maildir: mail arrives as it came but for our fields, or in notmuch with its tags.
# When our program fails nothing is lost, fetched twice, or held up.
# shellcheck source=lib.sh disable=SC2086 # as_user and more are words, or none
. "$(dirname "$0")/lib.sh"
needs fdm

# shellcheck source=recipe-lib.sh
. ./recipe-lib.sh

# configuration [FILE...]: one with these behind the accounts, and a rule for what gets past them.
configuration() {
	printf 'set lock-file "%s"\nset no-received\naccount "from" maildir "%s"\naccount "stdin" disabled stdin\n' "$scratch/lock" "$scratch/from"
	for file; do
		printf 'include "%s"\n' "$file"
	done
	printf 'match all action maildir "%s"\n' "$scratch/mail/inbox"
}

# fetch CONFIGURATION [ARGUMENT...]
fetch() {
	cp "$1" "$scratch/fdm.conf"
	chmod 600 "$scratch/fdm.conf"
	given "$scratch/from" "$scratch/mail" "$scratch/fdm.conf"
	shift
	$as_user env PATH="$scratch/bin:${path:-$PATH}" fdm -f "$scratch/fdm.conf" "$@" fetch >"$scratch/log" 2>&1
	code=$?
}
# deliver FILE [CONFIGURATION]: the mail is then in $delivered, its folder in $folder; or where it was, as $left says.
deliver() {
	rm -rf "$scratch/mail" "$scratch/from"
	mkdir "$scratch/mail"
	maildir "$scratch/from"
	cp "$1" "$scratch/from/new/1"
	fetch "${2:-$rules}"
	left=$(find "$scratch/from" -type f | grep -c .)
	found_delivered
}
given "$scratch" "$HOME"

# -- the recipe that filters, with the examples that its comment has
sed -n 's,%h/Maildir/\.,'"$scratch/mail/"',; s/^#     \(match.*\)/\1/p' "$recipes/fdm.conf" >"$scratch/examples"
rules=$scratch/filter
configuration "$recipes/fdm.conf" "$scratch/examples" >"$rules"
# The same with cat for our filter: what fdm itself does to a mail.
sed 's/"notmuch-bounce filter"/"cat"/' "$recipes/fdm.conf" >"$scratch/cat-recipe"
cat_rules=$scratch/cat
configuration "$scratch/cat-recipe" >"$cat_rules"
with_program
for file in $letter $japanese "$scratch/open" "$scratch/bytes"; do
	name=$(basename "$file" .eml)
	deliver "$file"
	is "$name: once, in the inbox" "$count $folder $left $code" '1 inbox 0 0'
	same "$name: as it came" "$delivered" "$file"
done
bounces_arrive bounces.gone bounces.other
deliver "$scratch/forged"
is 'forged fields sort nothing' "$count $folder $left $code" '1 inbox 0 0'
same 'forged fields are gone, and nothing else' "$delivered" $letter

# passes DESCRIPTION: the mail is fetched once, as it came.
# shellcheck disable=SC2317 # called by each_failure
passes() {
	for file in $letter $gone_mail; do
		deliver "$file"
		is "$1, $(basename "$file" .eml): once, in the inbox" "$count $folder $left $code" '1 inbox 0 0'
		same "$1, $(basename "$file" .eml): as it came" "$delivered" "$file"
	done
	deliver "$scratch/forged"
	is "$1: forged fields sort nothing" "$count $folder $left $code" '1 inbox 0 0'
	same "$1: forged fields are gone" "$delivered" $letter
}
each_failure passes filter

# It can still fail once it is known that there is something to mark; then fdm waits for better times.
classified="case \$1 in classify) exec '$bounce' \"\$@\" ;; esac"
# waits DESCRIPTION
waits() {
	deliver $gone_mail
	is "$1: it stays where it was" "$count $left" '0 1'
	same "$1: as it came" "$scratch/from/new/1" $gone_mail
	deliver $letter
	is "$1: a letter comes" "$count $folder $left" '1 inbox 0'
}
while IFS= read -r script; do
	with_script "$classified; $script"
	waits "only then filter is { $script }"
done <<END
$failures
END
deliver $gone_mail
with_program
fetch "$rules"
found_delivered
is 'the next time it comes: once, where it belongs' "$count $folder $(find "$scratch/from" -type f | grep -c .)" '1 bounces.gone 0'

# -- the recipe that delivers into notmuch
rules=$scratch/insert
configuration "$recipes/fdm-notmuch.conf" >"$rules"
unaided() {
	echo "$1" # fdm changes nothing
}
outcome() {
	echo "$left"
}
into_notmuch

# stays DESCRIPTION: notmuch has nothing, and the mail is where it was.
stays() {
	for file in $letter $gone_mail "$scratch/bytes"; do
		deliver_with_index "$file"
		is "$1, $(basename "$file" .eml): it stays where it was" "$indexed $count $left" '0 0 1'
		same "$1, $(basename "$file" .eml): as it came" "$scratch/from/new/1" "$file"
	done
}
each_failure stays insert
with_program
# shellcheck disable=SC2317 # called by each_failure_of_notmuch
first_in_path() {
	path=$1:$PATH
}
each_failure_of_notmuch stays first_in_path
path=
seconds_held=60 lock_timeout=1
stays 'the index is locked for longer than we wait'

# What can't be delivered holds up nothing, and comes the next time.
# fdm may have several of them run at once.
with_script "input='$scratch/home/'\$\$; cat >\$input; grep -q MAILER-DAEMON \$input && exit 75; exec '$bounce' \"\$@\" <\$input"
new_index
given "$mail" "$HOME"
rm -rf "$scratch/from/new"
mkdir "$scratch/from/new"
# fdm takes them in the order of the folder, which may be any.
for file in 1 2 3 4 bounce 5 6 7 8; do
	cp $letter "$scratch/from/new/$file"
done
cp $gone_mail "$scratch/from/new/bounce"
fetch "$rules"
is 'one of nine fails: the others are delivered' "$(copies) $(find "$scratch/from" -type f | sed 's,.*/,,')" '8 bounce'
with_program
fetch "$rules"
is 'the next time it comes: once' "$(copies) $(find "$scratch/from" -type f | grep -c .) $(notmuch count tag:bounce)" '9 0 1'

done_testing
