#!/bin/sh
# The recipes for Sieve, in the real Dovecot: its delivery agent, unpacked, run without any service, and configured as the recipes say.
# Mail arrives as it came but for our fields, or in notmuch with its tags; nothing is lost or delivered twice when our program fails.
# shellcheck source=lib.sh disable=SC2086 # as_user is words, or none
. "$(dirname "$0")/lib.sh"
unpacked=$PWD/../build-dovecot
[ -x "$unpacked/usr/lib/dovecot/dovecot-lda" ] || skip_all 'Dovecot is not there: make deps brings it, where there are apt and a network'

# shellcheck source=recipe-lib.sh
. ./recipe-lib.sh
cp -R "$unpacked" "$scratch/dovecot"
dovecot=$scratch/dovecot/usr
libraries=$(find "$dovecot/lib" -name '*.so*' -exec dirname {} + | sort -u | tr '\n' ':')
version=$(LD_LIBRARY_PATH=$libraries "$dovecot/sbin/dovecot" --version 2>&1)
case $version in
2.3.*) ;;
*) skip_all "only Dovecot 2.3 runs where it is not installed, this is $version" ;;
esac

# What every configuration has: where Dovecot finds its parts, and that it stays in the scratch directory.
mkdir "$scratch/base" "$scratch/scripts"
own=$scratch/scripts/own.sieve
cat >"$scratch/alone" <<END
base_dir = $scratch/base
log_path = $scratch/log
mail_location = maildir:$scratch/mail/inbox:LAYOUT=fs:INDEX=MEMORY
mail_plugin_dir = $dovecot/lib/dovecot/modules
first_valid_uid = 1
ssl = no
hostname = host.example.org
postmaster_address = postmaster@host.example.org
protocol lda {
  mail_plugins = sieve
}
plugin {
  sieve_plugin_dir = $dovecot/lib/dovecot/modules/sieve
  sieve = $own
}
END
cat_rules=$scratch/alone

# settings RECIPE 2.3|2.4: what its comment has for that Dovecot.
settings() {
	case $2 in
	2.3) block='/^plugin {/,/^}/p' ;;
	2.4) block='/^sieve_plugins {/,/^$/p' ;;
	esac
	sed -n 's/^#\( \{5\}\)*//p' "$recipes/$1" | sed -n "$block"
}
# configuration RECIPE: one with its settings, and folders of our own.
configuration() {
	cat "$scratch/alone"
	settings "$1" 2.3 | sed "s,/usr/local/lib/sieve-[a-z]*,$scratch/bin,; s,/etc/dovecot,$scratch/scripts,"
}
for recipe in bounces.sieve bounces-notmuch.sieve; do
	settings $recipe 2.4 | tr -s ' ={}' '\n' >"$scratch/new-words"
	is "$recipe: the settings for Dovecot 2.4 have all the values of those for 2.3" \
		"$(settings $recipe 2.3 | sed -n 's/.*= +*//p' | grep -vxFf "$scratch/new-words")" ''
done

# deliver FILE [CONFIGURATION]: the mail is then in $delivered, its folder in $folder.
deliver() {
	rm -rf "$scratch/mail" "$scratch/log" "$scratch/scripts"/*.svbin
	mkdir -p "$scratch/mail/inbox"
	: >"$scratch/log"
	given "$scratch/mail" "$scratch/log" "$scratch/scripts"
	$as_user env -i HOME="$HOME" USER=you LD_LIBRARY_PATH="$libraries" \
		"$dovecot/bin/doveconf" -f service=lda -c "${2:-$rules}" -m lda -e "$dovecot/lib/dovecot/dovecot-lda" <"$1" >>"$scratch/log" 2>&1
	code=$?
	find "$scratch/mail" -type f \( -name 'dovecot*' -o -name maildirfolder \) -exec rm -f {} +
	found_delivered
}
given "$scratch"

# -- the recipe that filters
rules=$scratch/filter
configuration bounces.sieve >"$rules"
cp "$recipes/bounces.sieve" "$scratch/scripts/"
with_program
letters_arrive
deliver $letter
same 'a letter: as it came' "$delivered" $letter
bounces_arrive Bounces-gone Bounces

each_failure passes filter
: >"$scratch/bin/notmuch-bounce"
passes 'the filter is no program'
with_program
sed 's/vnd\.dovecot\.filter/vnd.dovecot.execute/' "$scratch/filter" >"$scratch/forbidden"
rules=$scratch/forbidden
passes 'scripts may not filter'

# What its comments say of other ways.
rules=$scratch/filter
sed '/^\tif/,/^\t}$/d; s/^require.*/require "vnd.dovecot.filter";/' "$recipes/bounces.sieve" >"$scratch/scripts/bounces.sieve"
printf 'require ["fileinto", "mailbox"];\nif header :is "X-Bounce-Reason" "mailbox-full" { fileinto :create "full"; }\n' >"$own"
deliver $full_mail
is "without its inner lines: a user's own script sees the fields" "$count $folder $code" '1 full 0'
deliver $gone_mail
is 'without its inner lines: a bounce is marked' "$count $folder $code $(reason_field)" '1 inbox 0 user-unknown'
rm "$scratch/scripts/bounces.sieve"
cp "$recipes/bounces.sieve" "$own"
sed 's/sieve_global_extensions/sieve_extensions/' "$scratch/filter" >"$scratch/personal"
deliver $gone_mail "$scratch/personal"
is "as a user's own script: once, where it belongs, exit 0" "$count $folder $code" '1 Bounces-gone 0'

# -- the recipe that delivers into notmuch
rules=$scratch/insert
configuration bounces-notmuch.sieve >"$rules"
cp "$recipes/bounces-notmuch.sieve" "$own"
# with_path FOLDER: our program is the script that its comment names, with this folder first in the path.
with_path() {
	rm -f "$scratch/bin/notmuch-bounce"
	sed -n 's/^#     //p' "$recipes/bounces-notmuch.sieve" | sed -n '\,^#!/bin/sh,,/^exec/p' | sed "s,^PATH=.*,PATH=$1:$PATH," >"$scratch/bin/notmuch-bounce"
	chmod +x "$scratch/bin/notmuch-bounce"
}
with_path "$scratch/program"
unaided() {
	deliver "$1" "$cat_rules"
	cp "$delivered" "$scratch/plain"
	echo "$scratch/plain"
}
outcome() {
	echo "$code"
}
into_notmuch

# stays DESCRIPTION: it stays in Dovecot's inbox, and only there.
stays() {
	for file in $letter $gone_mail; do
		deliver_with_index "$file"
		is "$1, $(basename "$file" .eml): once, in the inbox, exit 0" "$indexed $count $folder $code" '0 1 inbox 0'
		same "$1, $(basename "$file" .eml): as it came" "$delivered" "$file"
	done
}
each_failure stays insert
each_failure_of_notmuch stays with_path
with_path "$scratch/program"
seconds_held=60 lock_timeout=1
stays 'the index is locked for longer than we wait'
lock_timeout=
sed 's/\(sieve_pipe_exec_timeout = \).*/\11s/' "$scratch/insert" >"$scratch/impatient"
rules=$scratch/impatient
stays 'the index is locked for longer than Dovecot waits'
seconds_held=0
sed 's/vnd\.dovecot\.pipe/vnd.dovecot.execute/' "$scratch/insert" >"$scratch/forbidden"
rules=$scratch/forbidden
stays 'scripts may not pipe'

done_testing
