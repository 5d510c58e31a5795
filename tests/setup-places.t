#!/bin/sh
# setup: where in a file of the user's its lines go, so that they are reached and take no mail from other rules; what it can't see is left to the user.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=index-lib.sh
. ./index-lib.sh
# shellcheck source=setup-lib.sh
. ./setup-lib.sh

# -- where the lines go
# goes DESCRIPTION TOPIC FILE PATTERN: with standard input as that file of the home.
goes() {
	fresh
	cat >"$HOME/$3"
	printed "$2"
	like "$1" "$(cat "$scratch/out")" "$4"
	is "$1: fits 80 columns but for paths" "$(grep -v / "$scratch/out" | awk 'length > 80')" ''
}
goes 'procmail: behind recipes with conditions' procmail .procmailrc '*/.procmailrc, at the end:*' <<'END'
:0
* ^Subject: x
x/
:0c
copies/
:0 fw: lock
| cat
:0
* ^To: y
{
	:0
	y/
}
WHO=`cat`
:0
THEIRS=| formail -xFrom:
:0E
z/
END
goes 'procmail: before a mailbox for all mail' procmail .procmailrc '*/.procmailrc, before line 4,?  :0:?*' <<'END'
MAILDIR=$HOME/mail
:0c
copies/
:0:
# all
inbox
END
goes 'procmail: before notmuch insert' procmail .procmailrc '*/.procmailrc, before line 1,?*' <<'END'
:0w
| notmuch insert
END
goes 'procmail: all mail goes to somebody else' procmail .procmailrc '*/.procmailrc, by hand, because of line 1,?*' <<'END'
:0
! somebody@example.org
END
goes 'procmail: a recipe without an action' procmail .procmailrc '*by hand, because of line 2,*no action*' <<'END'
# x
:0
* ^Subject: x
END
goes 'procmail: a block without an end' procmail .procmailrc '*by hand*' <<'END'
:0
* ^Subject: x
{
	:0
	y/
END
goes 'procmail: the user has it already' procmail .procmailrc '*already in */.procmailrc, line 2,?  as INCLUDERC=/opt/recipes/procmail-notmuch.rc' <<'END'
# INCLUDERC=/usr/share/notmuch-bounce/recipes/procmail-notmuch.rc
INCLUDERC=/opt/recipes/procmail-notmuch.rc
END
goes 'procmail: a comment is nothing' procmail .procmailrc '*at the end*' <<'END'
  # INCLUDERC=/usr/share/notmuch-bounce/recipes/procmail-notmuch.rc
END
goes 'maildrop: behind statements with conditions' maildrop .mailfilter '*/.mailfilter, at the end:*' <<'END'
DEFAULT="$HOME/Maildir"
if (/^Subject: x/)
	to "x"
if (/^Subject: y/) {
	to "y"
} else {
	cc "z"
}
if (/^Subject: z/ && \
	/^To: z/)
{
	to "z"
}
exception {
	xfilter "cat"
}
if (/^Subject: x/ ||
	/^To: y/)
	to "x"
END
goes 'maildrop: before a mailbox for all mail' maildrop .mailfilter '*/.mailfilter, before line 4,?  to "*' <<'END'
if (/^Subject: x/)
	to "x"
LOG=1
to "$HOME/Maildir"
END
goes 'maildrop: all mail goes to another program' maildrop .mailfilter '*by hand, because of line 1,*' <<'END'
to "|/usr/lib/dovecot/deliver"
END
goes 'maildrop: a condition and its statement in one line' maildrop .mailfilter '*by hand, because of line 2,*' <<'END'
if (/^Subject: x/) to "x"
to "y"
END
goes 'maildrop: what is not plain' maildrop .mailfilter '*by hand, because of line 2,*' <<'END'
switch x
	to "x"
END
goes 'fdm: behind rules of your own, before the rule for all' fdm .fdm.conf '*/.fdm.conf, before line 3,?  match all action "x"*' <<'END'
account "a" maildir "x"
match all action tag "seen" continue
match all action "x"
END
fresh
printed fdm
like 'fdm: without a file of accounts by hand' "$(cat "$scratch/out")" '*.fdm.conf, by hand*accounts first*/fdm-notmuch.conf*'
goes 'neomutt: the file that it reads first' neomutt .neomuttrc "*$HOME/.neomuttrc, at the end*" </dev/null
fresh
mkdir -p "$HOME/.config/neomutt"
: >"$HOME/.config/neomutt/neomuttrc"
: >"$HOME/.neomuttrc"
printed neomutt
like 'neomutt: its folder comes before the home' "$(cat "$scratch/out")" "*$HOME/.config/neomutt/neomuttrc, *"
if installed mutt 'neomutt: reads the file of mutt'; then
	goes 'neomutt: reads the file of mutt' neomutt .muttrc "*mutt:*neomutt reads this file as well*.muttrc, *source *notmuch-bounce.muttrc*" </dev/null
	printed neomutt mutt
	is 'neomutt, mutt: their file is shown once' "$(grep -c '^source' "$scratch/out")" 1
fi
hook '#!/bin/sh'
like 'hooks: before the commands of a script' "$(cat "$scratch/out")" '*/post-new, before line 2,?  notmuch tag *'
unlike 'hooks: the tag new stays for a script that may want it' "$(cat "$scratch/out")" '*--remove-tag*'
for first in '#!/usr/bin/env bash' '#! /bin/dash -e' '#!/usr/bin/zsh'; do
	hook "$first"
	like "hooks: $first is a shell" "$(cat "$scratch/out")" '*/post-new, before line 2,*'
done
for first in '#!/usr/bin/python3' '#!/usr/bin/env perl' 'echo' '#!'; do
	hook "$first"
	like "hooks: $first is none" "$(cat "$scratch/out")" '*/post-new, by hand:*no shell script*'
done
notmuch config set new.tags unread inbox
hook '#!/bin/sh'
notmuch config set new.tags unread inbox
printed hooks
like 'hooks: nobody knows the tag new yet: it is taken off' "$(cat "$scratch/out")" '*--remove-tag=new*notmuch config set new.tags new unread inbox*'

done_testing
