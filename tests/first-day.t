#!/bin/sh
# The first day: four fresh accounts, each set up by typing what `setup` says and nothing else. Then a mail comes back, and one key explains it; all in the
# real programs. Twice is once, and what the trial promised is what happens.
# shellcheck source=lib.sh disable=SC2088,SC2119 # ~ is meant as it is; setup takes no topic
. "$(dirname "$0")/lib.sh"
# shellcheck source=index-lib.sh
. ./index-lib.sh
# shellcheck source=plugin-lib.sh
. ./plugin-lib.sh
# shellcheck source=setup-lib.sh
. ./setup-lib.sh
tries=no
! tries || tries=yes

# account: a home with nothing in it. owned: she uses notmuch, whose settings are as `notmuch setup` writes them; it has what she sent.
account() {
	rm -rf "$HOME"
	mkdir "$HOME"
	unset NOTMUCH_CONFIG
	maildir "$HOME/Mail/inbox" "$HOME/Mail/Sent"
}
owned() {
	cat >"$HOME/.notmuch-config" <<-END
		[database]
		path=$HOME/Mail
		[user]
		name=You
		primary_email=you@example.org
		[new]
		tags=unread;inbox
	END
	letter sent@example.org you@example.org tanaka@exmaple.jp "$(day 2)" >"$HOME/Mail/Sent/cur/sent:2,S"
	notmuch new --quiet
}
back() {
	report back@mx.example.net "$(day 3)" sent@example.org 'failed|5.1.1|550 5.1.1 User unknown|tanaka@exmaple.jp'
}
# sets_up NAME: she types all of it; then all is there.
sets_up() {
	printed
	is "$1: setup" "$code $(cat "$scratch/err")" '0 '
	typed | grep -v '^notmuch new$' >"$scratch/typed"
	(cd "$HOME" && sh -e "$scratch/typed" >"$scratch/out" 2>&1)
	is "$1: what it says to type can be typed" $? 0
	printed
	is "$1: then nothing is left to type" "$(typed | grep -v '^notmuch new$')" ''
	like "$1: and all is there" "$(cat "$scratch/out")" '*already in *'
}
# promised NAME PATTERN: what the trial said.
promised() {
	if [ $tries = yes ]; then
		like "$1: what the trial says" "$(cat "$scratch/out")" "$2"
	else
		skip "$1: what the trial says" 'there is no procmail, or no Landlock'
	fi
}
# reads PROGRAM: her mailbox, in the mail program.
reads() {
	start env -u NOTMUCH_CONFIG HOME="$HOME" "$1" -n
}
# explained NAME: in the mail program, which shows the mailbox with the bounce.
explained() {
	waits '*Undelivered Mail*'
	press / '~s Undelivered' Enter ,be
	sees "$1: one key explains it" '*tanaka@exmaple.jp*Is it real?*'
}
real='*Is it real?*Yes*you sent*'

if has procmail && has neomutt; then
	account
	owned
	printf 'MAILDIR=$HOME/Mail\nDEFAULT=$MAILDIR/inbox/\n' >"$HOME/.procmailrc"
	printf 'set folder=~/Mail spoolfile=+inbox record=+Sent\n' >"$HOME/.neomuttrc"
	sets_up procmail
	promised procmail '*an ordinary message is in ~/Mail/inbox*a bounce is in ~/Mail/inbox*bounce/user-unknown*'
	back | procmail HOME="$HOME" SHELL=/bin/sh "$HOME/.procmailrc"
	is 'procmail: the bounce is where it was promised, with its tags' \
		"$? $(find "$HOME/Mail/inbox/new" -type f | grep -c .) $(notmuch count tag:bounce/user-unknown) $(notmuch count tag:undelivered)" '0 1 1 1'
	reads neomutt
	explained neomutt
	sees 'neomutt: it is about a mail of hers' "$real"
	press q ,bb
	sees 'neomutt: the mailbox of bounces' '*Undelivered Mail*Msgs:1*'
else
	skip 'procmail and neomutt' 'not installed'
fi

if has maildrop && has mutt; then
	account
	owned
	# maildrop takes home and shell from elsewhere.
	printf 'HOME="%s"\nSHELL="/bin/sh"\nDEFAULT="$HOME/Mail/inbox/"\n' "$HOME" >"$HOME/.mailfilter"
	chmod 600 "$HOME/.mailfilter"
	printf 'set folder=~/Mail spoolfile=+inbox record=+Sent mbox_type=Maildir\n' >"$HOME/.muttrc"
	sets_up maildrop
	promised maildrop '*a bounce is in ~/Mail/inbox*bounce/user-unknown*X-Bounce-Reason: user-unknown*'
	back | (cd "$HOME" && maildrop .mailfilter)
	is 'maildrop: the bounce is where it was promised, with its tags' \
		"$? $(find "$HOME/Mail/inbox/new" -type f | grep -c .) $(notmuch count tag:bounce/user-unknown) $(notmuch count tag:undelivered)" '0 1 1 1'
	letter friend@example.net friend@example.net you@example.org "$(day 4)" | (cd "$HOME" && maildrop .mailfilter)
	reads mutt
	explained mutt
	sees 'mutt: it is about a mail of hers' "$real"
	press q ,bl
	sees 'mutt: limits to bounces' '*Undelivered Mail*Msgs:1/2*'
else
	skip 'maildrop and mutt' 'not installed'
fi

if has mbsync && has neomutt; then
	account
	owned
	maildir "$HOME/server/INBOX"
	printf '%s\n' 'MaildirStore far' "Path $HOME/server/" "Inbox $HOME/server/INBOX" '' 'MaildirStore near' "Path $HOME/Mail/" "Inbox $HOME/Mail/inbox" '' \
		'Channel mail' 'Far :far:' 'Near :near:' 'Create Near' 'SyncState *' >"$HOME/.mbsyncrc"
	printf 'set folder=~/Mail spoolfile=+inbox record=+Sent\n' >"$HOME/.neomuttrc"
	sets_up mbsync
	promised mbsync '*a bounce gets the tags *bounce/user-unknown*'
	like 'mbsync: says when the hook is called' "$(cat "$scratch/out")" '*mbsync (~/.mbsyncrc)*notmuch new*'
	back >"$HOME/server/INBOX/new/1"
	(cd "$HOME" && mbsync -q mail && notmuch new --quiet) >"$scratch/out" 2>&1
	is 'mbsync: the bounce has its tags' "$? $(notmuch count tag:bounce/user-unknown) $(notmuch count tag:undelivered) $(notmuch count tag:new)" '0 1 1 0'
	reads neomutt
	explained 'mbsync, neomutt'
	sees 'mbsync, neomutt: it is about a mail of hers' "$real"
else
	skip 'mbsync and neomutt' 'not installed'
fi

if has mutt; then
	account
	printf 'set folder=~/Mail spoolfile=+inbox mbox_type=Maildir\n' >"$HOME/.muttrc"
	sets_up mutt
	like 'mutt alone: says what it can not do' "$(cat "$scratch/out")" "*You read it in mutt*can't colour*"
	back >"$HOME/Mail/inbox/new/1"
	reads mutt
	explained 'mutt alone'
else
	skip 'mutt alone' 'not installed'
fi

done_testing
