#!/bin/sh
# setup: it knows how mail comes in, writes nothing, says what is wrong; what it says to type works, and so it says before that is typed.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=index-lib.sh
. ./index-lib.sh
# shellcheck source=setup-lib.sh
. ./setup-lib.sh

# -- it writes nothing
fresh
mkdir "$scratch/temporary"
TMPDIR=$scratch/temporary
export TMPDIR
printf '# mine\n' >"$HOME/.procmailrc"
printf 'set sort=threads\n' >"$HOME/.muttrc"
sums >"$scratch/before"
for topic in '' procmail maildrop fdm sieve hooks post-insert searches neomutt mutt; do
	# shellcheck disable=SC2086 # none, for all
	printed $topic
	is "setup $topic: exit 0" $code 0
	is "setup $topic: nothing on standard error" "$(cat "$scratch/err")" ''
	sums >"$scratch/after"
	same "setup $topic: nothing is written" "$scratch/before" "$scratch/after"
	is "setup $topic: fits 80 columns but for paths" "$(grep -v / "$scratch/out" | awk 'length > 80')" ''
done
is 'nothing of a trial is left' "$(ls -A "$TMPDIR")" ''

# -- it knows how mail comes in
comes() {
	printed
	like "$1" "$(cat "$scratch/out")" "$2"
}
fresh
comes 'nothing is known' "*isn't seen here*"
unlike 'nothing is known: a mail program without a file of its own has none' "$(cat "$scratch/out")" '*forward*'
unlike 'nothing is known: no delivery is spoken of' "$(cat "$scratch/out")" '*procmail:*'
like 'nothing is known: the hook fits' "$(cat "$scratch/out")" '*hooks:*'
printf '"|/usr/bin/procmail"\n' >"$HOME/.forward"
comes 'by .forward' '*comes in through procmail (~/.forward)*'
printf '# procmail was here\n' >"$HOME/.forward"
comes 'a comment in .forward is none' "*isn't seen here*"
rm "$HOME/.forward"
for of in 'procmail .procmailrc' 'maildrop .mailfilter' 'fdm .fdm.conf' 'sieve .dovecot.sieve' 'mbsync .mbsyncrc' 'getmail .getmail' \
	'mbsync .config/isyncrc' 'fetchmail .fetchmailrc' 'OfflineIMAP .offlineimaprc'; do
	mkdir -p "$HOME/.config"
	touch "$HOME/${of#* }"
	NOTMUCH_CONFIG=/nonexistent comes "by ~/${of#* }" "*comes in through ${of% *} (~/${of#* })*"
	rm "$HOME/${of#* }"
done
unlike 'mbsync: no post-insert' "$(cat "$scratch/out")" '*post-insert:*'
printf ':0\n| notmuch insert\n' >"$HOME/.procmailrc"
comes 'notmuch insert: its hook' '*comes in through procmail (~/.procmailrc), notmuch insert.*post-insert:*'
fresh
touch "$HOME/.muttrc"
comes 'read in mutt' '*You read it in mutt (~/.muttrc)*,be explains any bounce*'
unlike 'read in mutt: nothing for neomutt' "$(cat "$scratch/out")" '*neomutt: explains*'
touch "$HOME/.neomuttrc" "$HOME/.procmailrc"
comes 'read in both' '*You read it in neomutt (~/.neomuttrc), mutt (~/.muttrc)*'
like 'read in neomutt: the reason in the index' "$(cat "$scratch/out")" '*shows the reason of each bounce first: */plugin/README.md*'
like 'what else there is to do' "$(cat "$scratch/out")" '*notmuch-bounce tag --all*None of your sent messages*set record=*you@example.org*'
letter sent@example.org you@example.org tanaka@example.jp "$(day 2)" >"$mail/new/sent"
notmuch new --quiet
comes 'sent mail is there' '*messages in it: 1.*'
unlike 'sent mail is there: nothing is said of it' "$(cat "$scratch/out")" '*None of your sent*'
exits 'no index' 0 env NOTMUCH_CONFIG=/nonexistent "$setup" setup
like 'no index: what there is without' "$(cat "$scratch/out")" '*notmuch setup*recipes/procmail.rc*plugin/notmuch-bounce.muttrc*'
unlike 'no index: nothing that needs one' "$(cat "$scratch/out")" '*neomuttrc *hooks:*searches:*'
unlike 'no index: neomutt knows bounces by their fields, as mutt does' "$(cat "$scratch/out")" '*notmuch-bounce.neomuttrc*'

# -- in other languages
for language in ja de fr es it pt zh ko; do
	exits "$language: exit 0" 0 env NOTMUCH_CONFIG=/nonexistent "$setup" setup --lang=$language
	unlike "$language: no key is left" "$(cat "$scratch/out")" '*setup-*'
	unlike "$language: not English" "$(cat "$scratch/out")" '*Your mail*'
done
exits 'ja, by the environment: a mistake' 64 env LC_ALL=ja_JP.UTF-8 "$setup" setup procmial
like 'ja, by the environment: a mistake: what was meant' "$(cat "$scratch/err")" '*「procmial」*procmail*'

# -- mistakes
exits 'an unknown topic: exit 64' 64 "$setup" setup procmial
like 'an unknown topic: what was meant' "$(cat "$scratch/err")" '*did you mean procmail?'
is 'an unknown topic: no other is shown' "$("$setup" setup mutt frobnicate 2>/dev/null)" ''
exits 'an unknown option: exit 64' 64 "$setup" setup --lagn=ja
like 'an unknown option: what was meant' "$(cat "$scratch/err")" '*--lang*'
exits 'no HOME: exit 64' 64 env -u HOME "$setup" setup mutt
like 'no HOME: says so' "$(cat "$scratch/err")" '*HOME*'
unlike 'a relative HOME is none' "$(cd "$scratch" && HOME=home "$setup" setup mutt 2>/dev/null)" '*source*'
exits 'no index: exit 66' 66 env NOTMUCH_CONFIG=/nonexistent "$setup" setup hooks
like 'no index: says so' "$(cat "$scratch/err")" '*no notmuch index*notmuch setup*'
mkdir "$scratch/elsewhere" "$scratch/elsewhere/bin"
program_at "$scratch/elsewhere/bin"
exits 'the files that came with it are not there: exit 66' 66 "$scratch/elsewhere/bin/notmuch-bounce" setup procmail
like 'the files that came with it are not there: says where they should be' "$(cat "$scratch/err")" "*$scratch/elsewhere/share/notmuch-bounce/recipes/procmail-notmuch.rc*"
mkdir "$scratch/tree" "$scratch/tree/build" "$scratch/tree/share"
program_at "$scratch/tree/build"
cp -R ../plugin "$scratch/tree/plugin"
cp -R ../share/recipes "$scratch/tree/share/recipes"
like 'from the source tree: its recipes' "$("$scratch/tree/build/notmuch-bounce" setup procmail)" "*INCLUDERC=$scratch/tree/share/recipes/procmail-notmuch.rc*"
like 'from the source tree: its plugin' "$("$scratch/tree/build/notmuch-bounce" setup mutt)" "*source $scratch/tree/plugin/notmuch-bounce.muttrc*"
mkdir -p "$scratch/odd\$name/bin"
program_at "$scratch/odd\$name/bin"
cp -R "$prefix/share" "$scratch/odd\$name/"
exits 'a path that such files would misread: exit 66' 66 "$scratch/odd\$name/bin/notmuch-bounce" setup procmail

fresh
cp -R "$mail" "$scratch/a\`b"
sed -i "s|^path=.*|path=$scratch/a\`b|" "$NOTMUCH_CONFIG"
printed neomutt
like 'a folder of mail that neomutt would misread: the other lines' "$(typed)" '*source *'
unlike 'a folder of mail that neomutt would misread: not its own' "$(typed)" '*nm_default_url*'

# -- the hook
fresh
notmuch config set new.tags unread inbox 'two words'
printed hooks
typed >"$scratch/typed"
like 'hooks: the command for new.tags keeps the other tags' "$(cat "$scratch/typed")" "notmuch config set new.tags new unread inbox 'two words'*"
sh -e "$scratch/typed"
cp $gone_sample "$mail/new/bounce"
notmuch new --quiet >/dev/null
is 'hooks: notmuch new sorts' "$? $(tags '*') $(notmuch count tag:new)" "0 $gone_tags two words 0"
printed hooks
like 'hooks: already there' "$(cat "$scratch/out")" '*already in *post-new, line 2*'
is 'hooks: nothing is left to type' "$(typed)" ''
chmod -x "$mail/.notmuch/hooks/post-new"
printed hooks
like 'hooks, not executable: what to type' "$(typed)" 'chmod +x *post-new'
printed post-insert
typed >"$scratch/typed"
sh -e "$scratch/typed"
rm "$mail/.notmuch/hooks/post-new"
report full@mx.example.net "$(day 2)" sent@example.org 'failed|5.2.2|552 5.2.2 mailbox full|tanaka@example.jp' | notmuch insert >/dev/null
is 'post-insert: notmuch insert sorts' "$(notmuch count tag:bounce/mailbox-full)" 1
printed searches
typed >"$scratch/typed"
sh -e "$scratch/typed" >/dev/null
like 'searches: saved' "$(notmuch config get query.bounces-to-wait-for)" '*tag:bounce*'
printed searches
like 'searches: already there' "$(cat "$scratch/out")" "*already in notmuch's settings*"

# -- by hand
fresh
printed sieve
sed -n '/^    /s/^    //p' "$scratch/out" >"$scratch/lines"
grep -vE '^(#|$)' "$files/recipes/bounces-notmuch.sieve" | while read -r line; do
	ok "sieve: $line" grep -qxF "$line" "$scratch/lines"
done >"$scratch/each"
ok 'sieve: the lines are those of the recipe' test "$(grep -c '^ok' "$scratch/each") $(grep -c '^not' "$scratch/each")" = '2 0'
like 'sieve: where to read on' "$(cat "$scratch/out")" '*By hand, into ~/.dovecot.sieve*/recipes/bounces-notmuch.sieve*'
for program in mutt neomutt; do
	installed $program "$program, what it says to type" || continue
	fresh
	printed $program
	typed >"$scratch/typed"
	sh -e "$scratch/typed"
	TERM=dumb $program -D >"$scratch/settings" 2>"$scratch/err" </dev/null
	is "$program, what it says to type: no complaint" "$(cat "$scratch/err")" ''
	ok "$program, what it says to type: it says its settings" grep -q sendmail "$scratch/settings"
	printed $program
	like "$program, what it says to type: already there" "$(cat "$scratch/out")" '*already in *'
done

# -- the trial
if tries; then
	fresh
	index_below_home
	maildir "$HOME/Mail/inbox"
	printf 'MAILDIR=$HOME/Mail\nDEFAULT=$MAILDIR/inbox/\n' >"$HOME/.procmailrc"
	printed procmail
	like 'trial: the folder of now' "$(typed)" '*BOUNCE_FOLDER="inbox"*'
	like 'trial: what comes of it' "$(cat "$scratch/out")" '*an ordinary message is in ~/Mail/inbox*a bounce is in ~/Mail/inbox*bounce/user-unknown*'
	# It says what the file, as it is, does.
	printf 'MAILDIR=$HOME/Mail\n:0\ninbox/\nINCLUDERC="%s/recipes/procmail-notmuch.rc"\n' "$files" >"$HOME/.procmailrc"
	printed procmail
	like 'trial, lines that are never reached: says so' "$(cat "$scratch/out")" "*already in ~/.procmailrc, line 4*a bounce is in ~/Mail/inbox, but isn't known as one*"
	sed -i '$d' "$HOME/.procmailrc"
	printed procmail
	like 'trial, a recipe that takes all: by hand' "$(cat "$scratch/out")" '*By hand, into ~/.procmailrc, in front of *INCLUDERC=*'
	is 'trial, a recipe that takes all: nothing to type' "$(typed)" ''
	like 'trial, a recipe that takes all: what was tried' "$(cat "$scratch/out")" "*isn't known as one*"
	# What a program complains of is said.
	printf 'MAILDIR=$HOME/Mail\nDEFAULT=$MAILDIR/inbox/\nNOTMUCH_CONFIG=/nonexistent\n' >"$HOME/.procmailrc"
	printed procmail
	like 'trial, an index that is not there for procmail: says so' "$(cat "$scratch/out")" '*complained of: *Program failure*'
	# What a file does besides reaches nothing: no mail is sent, no file written.
	printf ':0c\n! boss@example.com\n:0c\n| touch %s/reached; cat >%s/reached2\n:0c\n%s/Mail/inbox/\n:0\n/var/tmp/reached-%s/\n' "$scratch" "$scratch" "$HOME" $$ >"$HOME/.procmailrc"
	sums >"$scratch/before"
	printed procmail
	sums >"$scratch/after"
	same 'trial, a file that writes everywhere: nothing is written in the home' "$scratch/before" "$scratch/after"
	is 'trial, a file that writes everywhere: nor elsewhere' "$(find "$scratch" /var/tmp -maxdepth 1 -name 'reached*' 2>/dev/null)" ''
	# A system that has none says so.
	exits 'trial, no program of that name: exit 0' 0 env PATH="$prefix/bin" "$setup" setup procmail
	like 'trial, no program of that name: says so' "$(cat "$scratch/out")" '*Not tried:*'
else
	skip 'the trial' 'there is no procmail, or no Landlock'
fi

# -- what is no file
fresh
for name in .procmailrc .mailfilter .forward .muttrc .neomuttrc; do mkfifo "$HOME/$name"; done
limit='timeout 100'
has timeout || limit=
for topic in '' procmail maildrop neomutt; do
	# shellcheck disable=SC2086 # words, or none
	exits "pipes in the place of the user's files, setup $topic: nothing waits for them" 0 $limit "$setup" setup $topic
done

done_testing
