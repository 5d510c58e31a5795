#!/bin/sh
# End to end, with a real mail server: a mail to a mistyped address comes back, and one key and one letter in the mail program send it to the
# right address. Exim bounces, procmail hands the bounce to `notmuch-bounce insert`; neomutt and mutt send through Exim again; the index knows.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=user-lib.sh
. ./user-lib.sh
not_as_root
# shellcheck source=mta-lib.sh
. ./mta-lib.sh
as_somebody "$0"
# shellcheck source=index-lib.sh
. ./index-lib.sh
# shellcheck source=resend-lib.sh
. ./resend-lib.sh
# shellcheck source=plugin-lib.sh
. ./plugin-lib.sh

# Exim has the mail of two users; all others it does not know.
unpack_servers sbin/exim4
deliver_by_procmail
{
	exim_settings example.org
	printf 'local_from_check = false\nbegin routers\n'
	exim_router you example.org
	exim_router tanaka example.org
	printf 'nobody:\n  driver = redirect\n  allow_fail\n  data = :fail: Unknown user\nbegin transports\n'
	exim_agent
	cat <<-END
		tanaka:
		  driver = appendfile
		  directory = $scratch/tanaka
		  maildir_format
		  user = $user
		  group = $group
	END
} >"$scratch/exim.conf"
# What a mail program calls to send: Exim, which delivers at once.
script_at "$scratch/bin/post" "exec '$scratch/bin/exim' -odi \"\$@\" 2>>'$scratch/post.log'"
configured <<END
set folder=$scratch sort=date sleep_time=0 mbox_type=Maildir sendmail="$scratch/bin/post -oem -oi" editor=true
set from=you@example.org realname=You record="$mail" copy=yes
END
# shellcheck disable=SC2317 # asked by comes_true
found() {
	[ "$(notmuch count --exclude=false -- "$1")" = "$2" ]
}
# shellcheck disable=SC2317
arrived() {
	[ "$(find "$scratch/tanaka/new" -type f 2>/dev/null | grep -c .)" = 1 ]
}

for program in neomutt mutt; do
	installed $program || continue
	rm -rf "$scratch/tanaka"
	new_index
	letter before@example.org 'Tanaka <tanaka@example.org>' you@example.org "$(day 1)" | add before
	letter wrote@example.org 'You <you@example.org>' 'Tanaka <tanaka@example.org>' "$(day 1)" | add wrote
	printf 'Please find the invoice.\n' | sent wrong@example.org 'Tanaka <tanka@example.org>'
	notmuch tag +sent -- id:wrong@example.org
	ok "$program: a mail to a mistyped address is sent" "$scratch/bin/post" -oi -f you@example.org -- tanka@example.org <"$scratch/wrong@example.org"
	comes_true "$program: a bounce comes" found tag:bounce 1
	is "$program: the mail is known to be undelivered" "$(tags id:wrong@example.org)" 'sent undelivered'
	back=$(notmuch search --output=messages tag:bounce)

	opened $program
	waits '*about wrong*Msgs:4*'
	find_mail '~s returning'
	press ,bm
	sees "$program, m: the right address is at hand" '*t *tanaka@example.org*:*'
	press t Enter
	sees "$program, t: the draft is for them" '*To: Tanaka <tanaka@example.org>*Subject: about wrong*Attachments*'
	press y
	comes_true "$program, y: it arrives at the right mailbox" arrived
	waits '*Msgs:*'
	press q
	is "$program: as it was" "$(body "$scratch/tanaka/new"/*)" 'Please find the invoice.'
	id=$(field Message-ID "$(find "$scratch/tanaka/new" -type f)" | sed 's/.*<\(.*\)>.*/\1/')
	notmuch new --quiet --no-hooks
	is "$program: my copy of it is in the index" "$(notmuch count --exclude=false -- "id:$id")" 1
	# shellcheck disable=SC2119
	run_tag
	is "$program: the mail was sent again, and is undelivered no more" "$(tags id:wrong@example.org)" 'resent sent'
	like "$program: and so says its bounce" "$(tags "$back")" '*bounce/resent*'
	is "$program: nothing is open" "$("$bounce" status --format=json)" ''
	ok "$program: it arrived once" arrived
	is "$program: and nothing else came back" "$(notmuch count --exclude=false tag:bounce)" 1
done
ok 'procmail kept nothing for itself' test ! -e "$scratch/not-inserted"
done_testing
