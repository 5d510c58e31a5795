#!/bin/sh
# The recipe for procmail, in the real procmail: mail arrives byte for byte, bounces with our fields, and nothing is lost when the
# filter fails.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
command -v procmail >/dev/null || skip_all 'procmail is not installed'

# shellcheck source=agent-lib.sh
. ./agent-lib.sh
cat_rules=$scratch/catrc
PATH=$scratch/bin:$PATH

cat >"$scratch/procmailrc" <<END
PATH=$PATH
SHELL=/bin/sh
MAILDIR=$scratch/mail
DEFAULT=$scratch/mail/inbox/
LOGFILE=$scratch/log
INCLUDERC=$PWD/../share/recipes/procmail.rc

:0
* BCLASS ?? ^(user-unknown|host-unknown)\$
gone/

:0
* ! BCLASS ?? ^(none)?\$
other/
END
# The same with cat for our filter: what procmail itself does to a mail.
cat >"$scratch/catrc" <<END
PATH=$PATH
SHELL=/bin/sh
MAILDIR=$scratch/mail
DEFAULT=$scratch/mail/cat/
:0fw
| cat
END

# deliver FILE [RCFILE]: the mail is then in $delivered, its folder in $folder.
deliver() {
	rm -rf "$scratch/mail"
	mkdir -p "$scratch/mail"
	procmail "${2:-$scratch/procmailrc}" <"$1" 2>"$scratch/err"
	code=$?
	found_delivered
}

with_program
arrives 'a letter' not-bounces/plain-letter.eml inbox
is 'a letter gets no fields' "$(grep -c '^X-Bounce-' "$delivered")" 0
arrives 'a Japanese letter' not-bounces/japanese-iso-2022-jp.eml inbox
arrives 'user-unknown' bounces/user-unknown/postfix-local.eml gone
is 'it gets our fields' "$(sed -n 's/^X-Bounce-Reason: //p' "$delivered")" user-unknown
arrives 'host-unknown' bounces/host-unknown/qmail-idn.eml gone
arrives 'mailbox-full' bounces/mailbox-full/dma-exceeded-storage-allocation.eml other
arrives 'a bounce with a From_ line' bounces/user-unknown/variant-from-line.eml gone
arrives 'a bounce with CRLF' bounces/user-unknown/variant-crlf.eml gone
{ printf 'X-Bounce-Reason: user-unknown\n'; cat not-bounces/plain-letter.eml; } >"$scratch/forged"
deliver "$scratch/forged"
is 'a forged field sorts nothing, and is gone' "$folder $(grep -c '^X-Bounce-' "$delivered")" 'inbox 0'
{ printf 'From: a@b.example\nSubject: x\n\nNUL \0 8-bit \344\377\n'; head -c 3000000 /dev/urandom; } >"$scratch/binary"
arrives 'binary' "$scratch/binary" inbox

# The mail is there as it came, whatever becomes of the filter.
for mail in not-bounces/plain-letter.eml bounces/user-unknown/postfix-local.eml; do
	name=$(basename "$mail" .eml)
	# What it writes before it fails must not be delivered.
	for script in 'cat >/dev/null; exit 75' 'exit 1' 'cat >/dev/null; echo half a mail; exit 74' 'kill -SEGV $$' 'head -c 100; kill -KILL $$'; do
		with_script "$script"
		deliver "$mail"
		is "$name, filter is { $script }: delivered" "$count" 1
		ok "$name, filter is { $script }: whole" grep -qFxe "$(tail -n 1 "$mail")" "$delivered"
		is "$name, filter is { $script }: as it came" "$(sed '/^From /d' "$delivered" | cksum)" "$(sed '/^From /d' "$mail" | cksum)"
	done
	without_program
	deliver "$mail"
	is "$name, no filter there: delivered" "$count" 1
	is "$name, no filter there: as it came" "$(sed '/^From /d' "$delivered" | cksum)" "$(sed '/^From /d' "$mail" | cksum)"
done

done_testing
