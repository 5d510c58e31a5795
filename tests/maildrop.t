#!/bin/sh
# The recipe for maildrop, in the real maildrop: mail arrives byte for byte, bounces with our fields, and nothing is lost when the
# filter fails.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
needs maildrop

# shellcheck source=agent-lib.sh
. ./agent-lib.sh
cat_rules=$scratch/catfilter

cat >"$scratch/mailfilter" <<END
PATH="$scratch/bin:$PATH"
SHELL="/bin/sh"
DEFAULT="$scratch/mail/inbox"
include "$PWD/../share/recipes/maildrop.rc"

if (\$BCLASS =~ /^(user-unknown|host-unknown)\$/)
{
	to "$scratch/mail/gone"
}
if (\$BCLASS =~ /^./ && \$BCLASS ne "none")
{
	to "$scratch/mail/other"
}
to "$scratch/mail/inbox"
END
# The same with cat for our filter: what maildrop itself does to a mail.
cat >"$scratch/catfilter" <<END
DEFAULT="$scratch/mail/inbox"
SHELL="/bin/sh"
xfilter "cat"
to "$scratch/mail/inbox"
END
chmod 600 "$scratch/mailfilter" "$scratch/catfilter"

# deliver FILE [FILTER]: the mail is then in $delivered, its folder in $folder.
deliver() {
	rm -rf "$scratch/mail"
	maildir "$scratch/mail/inbox" "$scratch/mail/gone" "$scratch/mail/other"
	maildrop "${2:-$scratch/mailfilter}" <"$1" >"$scratch/log" 2>&1
	code=$?
	found_delivered
}

with_program
letters_arrive
bounces_arrive gone other

each_failure passes filter

done_testing
