#!/bin/sh
# The recipe for procmail, in the real procmail: mail arrives byte for byte, bounces with our fields, and nothing is lost when the
# filter fails.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
needs procmail

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
letters_arrive
bounces_arrive gone other

# What classify says before it fails is a class, so that a mail may go to the other bounces; but not to those whose address is wrong.
unsorted='[io][nt]*'
each_failure passes filter

done_testing
