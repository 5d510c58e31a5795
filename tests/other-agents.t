#!/bin/sh
# The lines for aerc, alot and notmuch-emacs that plugin/README.md gives, as they stand there, in these programs.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=index-lib.sh
. ./index-lib.sh
# shellcheck source=plugin-lib.sh
. ./plugin-lib.sh
needs less
LESS=-c
export LESS

# line_of PROGRAM: what the README says to put into its configuration.
line_of() {
	sed -n "/^\*\*$1\*\*/,/^\*\*/s/^    //p" "$plugin/README.md"
}

new_index
letter sent@example.org you@example.org tanaka@exmaple.jp "$(day 1)" >"$mail/cur/sent:2,S"
report back@mx.example.net "$(day 2)" sent@example.org "$gone|tanaka@exmaple.jp" >"$mail/cur/back:2,S"
notmuch new --quiet --no-hooks
"$bounce" tag --all >/dev/null
explained='*Not delivered, no such address: tanaka@exmaple.jp*Is it real*Yes*about sent*Who should act*'

# aerc 0.14 shows what a program prints when the next key comes.
# shellcheck disable=SC2317 # called by comes
screen_after() {
	press "$nudge"
	sleep 0.2
	screen
}
if installed aerc; then
	mkdir -p "$scratch/aerc/aerc"
	maildir "$scratch/box/INBOX"
	cp "$mail/cur/back:2,S" "$scratch/box/INBOX/cur/"
	printf '[test]\nsource=maildir://%s\nfrom=You <you@example.org>\ndefault=INBOX\n' "$scratch/box" >"$scratch/aerc/aerc/accounts.conf"
	chmod 600 "$scratch/aerc/aerc/accounts.conf"
	{
		printf '[messages]\n<Enter> = :view<Enter>\n%s\n[view]\nq = :close<Enter>\n%s\n' "$(line_of aerc)" "$(line_of aerc)"
	} >"$scratch/aerc/aerc/binds.conf"
	: >"$scratch/aerc/aerc/aerc.conf"
	start env XDG_CONFIG_HOME="$scratch/aerc" aerc
	waits '*Undelivered*'
	press ,be
	nudge=C-l
	comes 'aerc, list of mails: explains' screen_after "$explained"
	press q
	nudge=Enter
	until_shown screen_after '*message/delivery-status*' || note 'aerc does not show the mail'
	press ,be
	nudge=C-l
	comes 'aerc, mail: explains' screen_after "$explained"
fi

if installed alot; then
	mkdir -p "$scratch/alot/alot"
	printf '[bindings]\n[[thread]]\n%s\n' "$(line_of alot)" >"$scratch/alot/alot/config"
	start env XDG_CONFIG_HOME="$scratch/alot" NOTMUCH_CONFIG="$NOTMUCH_CONFIG" alot search id:back@mx.example.net
	waits '*1 of 2 messages*'
	press Enter
	waits '*This is the mail system*'
	press X
	sees 'alot: explains' "$explained"
	press q
	sees 'alot: then it shows the mail again' '*This is the mail system*'
fi

# Emacs is large: only asked where it is.
if has emacs && emacs --batch --eval "(require 'notmuch)" 2>/dev/null; then
	line_of notmuch-emacs >"$scratch/line.el"
	start env NOTMUCH_CONFIG="$NOTMUCH_CONFIG" emacs -nw -q --eval "(require 'notmuch)" -l "$scratch/line.el" --eval '(notmuch-show "id:back@mx.example.net")'
	waits '*This is the mail system*'
	press E
	sees 'notmuch-emacs: explains, beside the mail' '*Not delivered, no such address: tanaka@exmaple.jp*Is it real*'
fi

done_testing
