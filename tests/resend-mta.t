#!/bin/sh
# End to end, with a real mail server: a mail to a mistyped address comes back, and one key and one letter in the mail program send it to the
# right address. Exim bounces, procmail hands the bounce to `notmuch-bounce insert`; neomutt and mutt send through Exim again; the index knows.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
unpacked=$PWD/../build-mta
[ -d "$unpacked" ] || skip_all 'the mail server is not there: make deps brings it, where there are apt and a network'
command -v procmail >/dev/null || skip_all 'procmail is not installed'
# Mail servers don't deliver as root: then all this is done by somebody who owns nothing else, if they can read it.
if [ "$(id -u)" = 0 ]; then
	command -v setpriv >/dev/null || skip_all 'setpriv is not installed'
	as_user='setpriv --reuid=65534 --regid=65534 --clear-groups'
	# shellcheck disable=SC2086 # words
	$as_user test -r "$PWD/lib.sh" -a -x "$bounce" -a -x "$unpacked/usr/sbin/exim4" -a -r "$PWD/../plugin/notmuch-bounce.muttrc" ||
		skip_all 'nobody but root can read this directory'
	rm -rf "$scratch"
	# shellcheck disable=SC2086
	exec $as_user env NOTMUCH_BOUNCE="$bounce" sh "./${0##*/}"
fi
# shellcheck source=index-lib.sh
. ./index-lib.sh
# shellcheck source=resend-lib.sh
. ./resend-lib.sh
# shellcheck source=plugin-lib.sh
. ./plugin-lib.sh
user=$(id -u) group=$(id -g)
libraries=$(find "$unpacked" -name '*.so*' -exec dirname {} + 2>/dev/null | sort -u | tr '\n' ':')
wrapper=$(find "$unpacked" -name 'libnss_wrapper.so' 2>/dev/null)
if ! [ -x "$unpacked/usr/sbin/exim4" ] || [ -z "$wrapper" ]; then
	skip_all 'the unpacked mail server is incomplete: remove build-mta'
fi

# A copy, which is not setuid.
cp "$unpacked/usr/sbin/exim4" "$scratch/bin/exim4"
# What a mail program calls to send: Exim, which delivers at once.
cat >"$scratch/bin/post" <<END
#!/bin/sh
exec env LD_LIBRARY_PATH='$libraries' LD_PRELOAD='$wrapper' NSS_WRAPPER_PASSWD='$scratch/passwd' NSS_WRAPPER_GROUP='$scratch/group' \\
	'$scratch/bin/exim4' -C '$scratch/exim.conf' -odi "\$@" 2>>'$scratch/post.log'
END
chmod +x "$scratch/bin/post"
printf 'Debian-exim:x:%s:%s::/:/bin/false\n' "$user" "$group" >"$scratch/passwd"
printf 'Debian-exim:x:%s:\n' "$group" >"$scratch/group"
cat >"$scratch/procmailrc" <<END
PATH=$PATH
SHELL=/bin/sh
NOTMUCH_CONFIG=$NOTMUCH_CONFIG
HOME=$HOME
MAILDIR=$scratch
DEFAULT=$scratch/not-inserted
LOGFILE=$scratch/procmail.log

:0w
| notmuch-bounce insert
END
cat >"$scratch/exim.conf" <<END
primary_hostname = mail.example.org
exim_path = $scratch/bin/post
exim_user = $user
exim_group = $group
trusted_users = $user
spool_directory = $scratch/spool
log_file_path = $scratch/exim-%s.log
keep_environment = ^LD_ : ^NSS_WRAPPER_
rfc1413_hosts =
host_lookup =
local_from_check = false
begin routers
you:
  driver = accept
  domains = example.org
  local_parts = you
  transport = agent
tanaka:
  driver = accept
  domains = example.org
  local_parts = tanaka
  transport = box
nobody:
  driver = redirect
  allow_fail
  data = :fail: Unknown user
begin transports
agent:
  driver = pipe
  command = /usr/bin/env procmail -f - $scratch/procmailrc
  user = $user
  group = $group
  home_directory = $HOME
  current_directory = $scratch
  path = $PATH
  return_fail_output
box:
  driver = appendfile
  directory = $scratch/tanaka
  maildir_format
  user = $user
  group = $group
END
cat >"$scratch/settings" <<END
set folder=$scratch sort=date sleep_time=0 mbox_type=Maildir sendmail="$scratch/bin/post -oem -oi" editor=true
set from=you@example.org realname=You record="$mail" copy=yes
END
{
	cat "$scratch/settings"
	printf 'set nm_default_url="notmuch://%s"\nsource %s/notmuch-bounce.neomuttrc\n' "$mail" "$plugin"
} >"$scratch/neomuttrc"
{
	cat "$scratch/settings"
	printf 'source %s/notmuch-bounce.muttrc\n' "$plugin"
} >"$scratch/muttrc"
# shellcheck disable=SC2317 # asked by comes_true
found() {
	[ "$(notmuch count --exclude=false -- "$1")" = "$2" ]
}
# shellcheck disable=SC2317
arrived() {
	[ "$(find "$scratch/tanaka/new" -type f 2>/dev/null | grep -c .)" = 1 ]
}

for program in neomutt mutt; do
	command -v $program >/dev/null || {
		skip "$program" "$program is not installed"
		continue
	}
	rm -rf "$scratch/tanaka"
	new_index
	letter before@example.org 'Tanaka <tanaka@example.org>' you@example.org "$(day 1)" | add before
	printf 'Please find the invoice.\n' | sent wrong@example.org 'Tanaka <tanka@example.org>'
	notmuch tag +sent -- id:wrong@example.org
	ok "$program: a mail to a mistyped address is sent" "$scratch/bin/post" -oi -f you@example.org -- tanka@example.org <"$scratch/wrong@example.org"
	comes_true "$program: a bounce comes" found tag:bounce 1
	is "$program: the mail is known to be undelivered" "$(tags id:wrong@example.org)" 'sent undelivered'
	back=$(notmuch search --output=messages tag:bounce)

	case $program in
	neomutt) start neomutt -n -F "$scratch/neomuttrc" -f 'notmuch://?query=*' ;;
	*) start mutt -n -F "$scratch/muttrc" -f "$mail" ;;
	esac
	waits '*about wrong*Msgs:3*'
	press / '~s returning' Enter :echo Space . Enter
	until_shown last_line .
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
	is "$program: nothing is open" "$("$bounce" status)" ''
	ok "$program: it arrived once" arrived
	is "$program: and nothing else came back" "$(notmuch count --exclude=false tag:bounce)" 1
done
ok 'procmail kept nothing for itself' test ! -e "$scratch/not-inserted"
done_testing
