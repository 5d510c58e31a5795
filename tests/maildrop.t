#!/bin/sh
# The recipe for maildrop, in the real maildrop: mail arrives byte for byte, bounces with our fields, and nothing is lost when the
# filter fails.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
command -v maildrop >/dev/null || skip_all 'maildrop is not installed'

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
	mkdir -p "$scratch/mail"
	for directory in inbox gone other; do
		mkdir -p "$scratch/mail/$directory/new" "$scratch/mail/$directory/cur" "$scratch/mail/$directory/tmp"
	done
	maildrop "${2:-$scratch/mailfilter}" <"$1" >"$scratch/log" 2>&1
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
arrives 'a bounce with CRLF' bounces/user-unknown/variant-crlf.eml gone
{ printf 'X-Bounce-Reason: user-unknown\n'; cat not-bounces/plain-letter.eml; } >"$scratch/forged"
deliver "$scratch/forged"
is 'a forged field sorts nothing, and is gone' "$folder $(grep -c '^X-Bounce-' "$delivered")" 'inbox 0'
{ printf 'From: a@b.example\nSubject: x\n\nNUL \0 8-bit \344\377\n'; head -c 3000000 /dev/urandom; } >"$scratch/binary"
arrives 'binary' "$scratch/binary" inbox

# The mail is there as it came, once, and the mail server is told so: else it would deliver again.
for mail in not-bounces/plain-letter.eml bounces/user-unknown/postfix-local.eml; do
	name=$(basename "$mail" .eml)
	for script in 'cat >/dev/null; exit 75' 'exit 1' 'cat >/dev/null; echo half a mail; exit 74' 'kill -SEGV $$' 'head -c 100; kill -KILL $$'; do
		with_script "$script"
		deliver "$mail"
		is "$name, filter is { $script }: once, exit 0" "$count $code" '1 0'
		same "$name, filter is { $script }: as it came" "$delivered" "$mail"
	done
	without_program
	deliver "$mail"
	is "$name, no filter there: once, exit 0" "$count $code" '1 0'
	same "$name, no filter there: as it came" "$delivered" "$mail"
done

done_testing
