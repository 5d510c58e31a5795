#!/bin/sh
# setup --write: what it has written works, in notmuch and in delivery agents, beside what the user had there.
# shellcheck source=lib.sh disable=SC2086 # as_user is words, or none
. "$(dirname "$0")/lib.sh"
# shellcheck source=index-lib.sh
. ./index-lib.sh
# shellcheck source=user-lib.sh
. ./user-lib.sh
# shellcheck source=setup-lib.sh
. ./setup-lib.sh
needs_terminal
rc=$HOME/.procmailrc

# -- the hook, and the tag that it needs
fresh
notmuch config set new.tags unread inbox
cp "$NOTMUCH_CONFIG" "$scratch/mine"
answered 'n\n' hooks
same 'hooks, no: the configuration is as it was' "$NOTMUCH_CONFIG" "$scratch/mine"
is 'hooks, no: there is none' "$(find "$mail/.notmuch" -name 'post-*')" ''
unlike 'hooks, no: the tag is not spoken of' "$(cat "$scratch/out")" '*config set*'
answered 'y\ny\n' hooks
is 'hooks, yes: exit 0' $code 0
ok 'hooks, yes: it can be run' test -x "$mail/.notmuch/hooks/post-new"
is 'hooks, yes: new.tags' "$(notmuch config get new.tags | tr '\n' ' ')" 'new unread inbox '
same 'hooks, yes: the configuration is kept' "$NOTMUCH_CONFIG.before-notmuch-bounce" "$scratch/mine"
cp $gone_sample "$mail/new/bounce"
notmuch new --quiet >/dev/null
is 'hooks, yes: notmuch new sorts' "$? $(tags '*') $(notmuch count tag:new)" "0 $gone_tags 0"
sums >"$scratch/before"
answered '' hooks
sums >"$scratch/after"
same 'hooks, twice is once' "$scratch/before" "$scratch/after"
chmod 644 "$mail/.notmuch/hooks/post-new"
answered 'y\n' hooks
like 'hooks, not executable: asks' "$(cat "$scratch/out")" '*not executable*Make it executable?*'
ok 'hooks, not executable: it is now' test -x "$mail/.notmuch/hooks/post-new"
# One of the user's, who takes off the tag himself.
hook '#!/bin/sh'
answered 'y\n' hooks
is 'hooks, one of mine: the first line is the first' "$(head -n 1 "$mail/.notmuch/hooks/post-new")" '#!/bin/sh'
cp $gone_sample "$mail/new/bounce"
notmuch new --quiet >/dev/null
is 'hooks, one of mine: both run' "$? $(tags '*') $(notmuch count tag:new)" "0 $gone_tags seen 0"
answered '' hooks
unlike 'hooks, one of mine, twice: nothing is asked' "$(cat "$scratch/out")" '*y/N*'
# Installed elsewhere: what the hook does stays.
for line in 'tag' 'tag --remove-tag=new'; do
	fresh
	mkdir -p "$mail/.notmuch/hooks"
	printf '#!/bin/sh\n# >>> notmuch-bounce setup hooks\n/opt/bin/notmuch-bounce %s\n# <<< notmuch-bounce setup hooks\n' "$line" >"$mail/.notmuch/hooks/post-new"
	answered 'y\n' hooks
	is "hooks, of another installation: $line" "$(sed -n '3s,.*notmuch-bounce"* ,,p' "$mail/.notmuch/hooks/post-new")" "$line"
done
# A folder for hooks that does not exist yet.
fresh
hooks=$scratch/deep/er/hooks
notmuch config set database.hook_dir "$hooks"
answered 'y\n' hooks
ok 'hooks, a folder of hooks that is not there: made' test -x "$hooks/post-new"

# -- the saved searches
answered 'y\n' searches
is 'searches: exit 0' $code 0
like 'searches: saved' "$(notmuch config get query.bounces-to-wait-for)" '*tag:bounce*'
answered '' searches
like 'searches, twice: already there' "$(cat "$scratch/out")" "*already in notmuch's configuration*"

# -- what delivers
# The user's own last recipe takes what can't be delivered.
if installed procmail 'procmail, with a last recipe'; then
	fresh
	printf 'HOME=%s\nNOTMUCH_CONFIG=%s\nSHELL=/bin/sh\nLOGFILE=%s/log\n:0\n%s/mine/\n' "$HOME" "$NOTMUCH_CONFIG" "$scratch" "$scratch" >"$rc"
	answered 'y\n' procmail
	procmail "$rc" <$gone_sample 2>>"$scratch/log"
	is 'procmail, with a last recipe: delivers into the index' "$? $(copies) $(tags '*')" "0 1 $gone_tags"
	mv "$NOTMUCH_CONFIG" "$scratch/away"
	procmail "$rc" <$gone_sample 2>>"$scratch/log"
	is 'procmail, with a last recipe: that is for when the index fails' "$? $(find "$scratch/mine" -type f | grep -c .)" '0 1'
	mv "$scratch/away" "$NOTMUCH_CONFIG"
fi
if installed maildrop 'maildrop, with a last statement'; then
	fresh
	printf 'HOME="%s"\nNOTMUCH_CONFIG="%s"\nSHELL="/bin/sh"\nto "%s/mine"\n' "$HOME" "$NOTMUCH_CONFIG" "$scratch" >"$HOME/.mailfilter"
	chmod 600 "$HOME/.mailfilter"
	answered 'y\n' maildrop
	maildrop "$HOME/.mailfilter" <$gone_sample
	is 'maildrop, with a last statement: delivers into the index' "$? $(copies) $(tags '*')" "0 1 $gone_tags"
fi
# As root fdm becomes somebody else, who has to own what is here.
if installed fdm 'fdm, with a rule for all'; then
	not_as_root
	fresh
	printf 'set lock-file "%s/lock"\naccount "in" maildir "%s/in"\nmatch all action maildir "%s/mine"\n' "$scratch" "$scratch" "$scratch" >"$HOME/.fdm.conf"
	maildir "$scratch/in"
	cp $gone_sample "$scratch/in/new/1"
	chmod 600 "$HOME/.fdm.conf"
	answered 'y\n' fdm
	given "$scratch"
	$as_user env PATH="$prefix/bin:$PATH" fdm -f "$HOME/.fdm.conf" fetch >"$scratch/out" 2>&1
	is 'fdm, with a rule for all: delivers into the index' "$? $(copies) $(tags '*')" "0 1 $gone_tags"
fi

done_testing
