#!/bin/sh
# setup: it writes nothing unasked, says what is wrong, and what it prints works in the real programs.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=index-lib.sh
. ./index-lib.sh
# shellcheck source=setup-lib.sh
. ./setup-lib.sh

# -- it writes nothing unasked
fresh
printf '# mine\n' >"$HOME/.procmailrc"
printf 'set sort=threads\n' >"$HOME/.muttrc"
mkdir -p "$mail/.notmuch/hooks"
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
printed
like 'setup: all topics that make sense' "$(cat "$scratch/out")" '*procmail:*'"$HOME/.procmailrc"'*hooks:*'"$mail/.notmuch/hooks/post-new"'*mutt:*'"$HOME/.muttrc"'*'
like 'setup: what is left out, and why' "$(cat "$scratch/out")" '*left out:*post-insert *only where notmuch insert itself delivers*'
like 'setup: what else there is to do' "$(cat "$scratch/out")" '*notmuch-bounce tag --all*sent mail*user.primary_email*'
like 'setup: what to do next' "$(cat "$scratch/out")" '*Nothing was written. With --write *'
without_terminal "$setup" setup --write procmail >"$scratch/out" 2>"$scratch/err"
is '--write without a terminal: exit 64' $? 64
like '--write without a terminal: says so' "$(cat "$scratch/err")" '*no terminal*'
sums >"$scratch/after"
same '--write without a terminal: nothing is written' "$scratch/before" "$scratch/after"

# -- mistakes
exits 'an unknown topic: exit 64' 64 "$setup" setup procmial
like 'an unknown topic: what was meant' "$(cat "$scratch/err")" '*did you mean procmail?'
is 'an unknown topic: no other is shown' "$("$setup" setup mutt frobnicate 2>/dev/null)" ''
exits 'an unknown option: exit 64' 64 "$setup" setup --wirte
like 'an unknown option: what was meant' "$(cat "$scratch/err")" '*--write*'
exits 'no HOME: exit 64' 64 env -u HOME "$setup" setup mutt
like 'no HOME: says so' "$(cat "$scratch/err")" '*HOME*'
is 'a relative HOME is none' "$(cd "$scratch" && HOME=home "$setup" setup mutt 2>/dev/null)" ''
exits 'no index: exit 66' 66 env NOTMUCH_CONFIG=/nonexistent HOME="$scratch" "$setup" setup procmail
like 'no index: says so' "$(cat "$scratch/err")" '*needs a notmuch index*'
exits 'no index, all: exit 0' 0 env NOTMUCH_CONFIG=/nonexistent HOME="$HOME" "$setup" setup
like 'no index, all: left out' "$(cat "$scratch/out")" '*left out:*procmail *no notmuch index; see notmuch setup*'
like 'no index, all: what there is without' "$(cat "$scratch/out")" '*procmail.rc and maildrop.rc mark bounces*'
is 'no index, all: fits 80 columns but for paths' "$(grep -v / "$scratch/out" | awk 'length > 80')" ''
exits 'no index: neomutt' 0 env NOTMUCH_CONFIG=/nonexistent HOME="$HOME" "$setup" setup neomutt
like 'no index: neomutt knows bounces by their fields, as mutt does' "$(cat "$scratch/out")" '*/plugin/notmuch-bounce.muttrc*'
unlike 'no index: and not by tags' "$(cat "$scratch/out")" '*notmuch-bounce.neomuttrc*'
mkdir "$scratch/elsewhere" "$scratch/elsewhere/bin"
program_at "$scratch/elsewhere/bin"
exits 'the files that came with it are not there: exit 66' 66 "$scratch/elsewhere/bin/notmuch-bounce" setup procmail
like 'the files that came with it are not there: says where they should be' "$(cat "$scratch/err")" "*$scratch/elsewhere/share/notmuch-bounce/recipes/procmail-notmuch.rc*"
source_tree
like 'from the source tree: its recipes' "$("$scratch/tree/build/notmuch-bounce" setup procmail)" "*INCLUDERC=$scratch/tree/share/recipes/procmail-notmuch.rc*"
like 'from the source tree: its plugin' "$("$scratch/tree/build/notmuch-bounce" setup mutt)" "*source $scratch/tree/plugin/notmuch-bounce.muttrc*"
mkdir -p "$scratch/odd\$name/bin"
program_at "$scratch/odd\$name/bin"
cp -R "$prefix/share" "$scratch/odd\$name/"
exits 'a path that such files would misread: exit 66' 66 "$scratch/odd\$name/bin/notmuch-bounce" setup procmail

# -- what it prints works
if installed procmail 'procmail with these lines'; then
	fresh
	printed procmail
	{ printf 'HOME=%s\nNOTMUCH_CONFIG=%s\nDEFAULT=%s/default/\nSHELL=/bin/sh\nLOGFILE=%s/log\n' "$HOME" "$NOTMUCH_CONFIG" "$scratch" "$scratch"; lines; } >"$HOME/.procmailrc"
	procmail "$HOME/.procmailrc" <$gone_sample 2>>"$scratch/log"
	is 'procmail with these lines: delivers into the index' "$? $(copies) $(tags '*')" "0 1 $gone_tags"
	printed procmail
	like 'procmail with these lines: already there' "$(cat "$scratch/out")" "*already in $HOME/.procmailrc, line 6*"
fi
if installed maildrop 'maildrop with these lines'; then
	fresh
	printed maildrop
	{ printf 'HOME="%s"\nNOTMUCH_CONFIG="%s"\nDEFAULT="%s/default"\nSHELL="/bin/sh"\n' "$HOME" "$NOTMUCH_CONFIG" "$scratch"; lines; } >"$HOME/.mailfilter"
	chmod 600 "$HOME/.mailfilter"
	maildrop "$HOME/.mailfilter" <$gone_sample
	is 'maildrop with these lines: delivers into the index' "$? $(copies) $(tags '*')" "0 1 $gone_tags"
	printed maildrop
	like 'maildrop with these lines: already there' "$(cat "$scratch/out")" "*already in $HOME/.mailfilter, line 5*"
fi
# What Dovecot makes of the recipe is asked in sieve.t.
printed sieve
lines | grep -v '^#' >"$scratch/lines"
grep -vE '^(#|$)' "$files/recipes/bounces-notmuch.sieve" >"$scratch/wanted"
same 'sieve: the lines are those of the recipe' "$scratch/lines" "$scratch/wanted"
like 'sieve: where to read on' "$(cat "$scratch/out")" "*/.dovecot.sieve, by hand*Dovecot's configuration*$files/recipes/bounces-notmuch.sieve*"
fresh
mkdir -p "$mail/.notmuch/hooks"
notmuch config set new.tags unread inbox 'two words'
printed hooks
lines >"$mail/.notmuch/hooks/post-new"
chmod +x "$mail/.notmuch/hooks/post-new"
command=$(sed -n '/^notmuch config set /p' "$scratch/out")
is 'hooks: the command for new.tags keeps the other tags' "$command" "notmuch config set new.tags new unread inbox 'two words'"
sh -c "$command"
cp $gone_sample "$mail/new/bounce"
notmuch new --quiet >/dev/null
is 'hooks with these lines: notmuch new sorts' "$? $(tags '*')" "0 $gone_tags two words"
is 'hooks with these lines: the other tags are there' "$(notmuch count tag:inbox and tag:unread and not tag:new)" 1
printed hooks
like 'hooks with these lines: already there' "$(cat "$scratch/out")" '*already in *post-new, line 3*'
unlike 'hooks with these lines: new.tags is right' "$(cat "$scratch/out")" '*config set*'
rm "$mail/.notmuch/hooks/post-new"
printed post-insert
new_index
mkdir -p "$mail/.notmuch/hooks"
lines >"$mail/.notmuch/hooks/post-insert"
chmod +x "$mail/.notmuch/hooks/post-insert"
notmuch insert <$gone_sample >/dev/null
is 'post-insert with these lines: notmuch insert sorts' "$? $(tags '*')" "0 $gone_tags"
for program in mutt neomutt; do
	installed $program "$program with these lines" || continue
	fresh
	printed $program
	lines >"$HOME/.${program}rc"
	TERM=dumb $program -D >"$scratch/settings" 2>"$scratch/err" </dev/null
	is "$program with these lines: no complaint" "$(cat "$scratch/err")" ''
	ok "$program with these lines: it says its settings" grep -q sendmail "$scratch/settings"
done

done_testing
