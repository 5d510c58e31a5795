#!/bin/sh
# A mail that is refused while it is being sent: mutt and neomutt hand it to `send`, that to a real msmtp, that to a real Exim. What the server said
# is explained, nothing is lost, and the right address gets the mail once.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
needs msmtp
# shellcheck source=user-lib.sh
. ./user-lib.sh
not_as_root
# shellcheck source=mta-lib.sh
. ./mta-lib.sh
as_somebody "$0"
# shellcheck source=index-lib.sh
. ./index-lib.sh
# shellcheck source=plugin-lib.sh
. ./plugin-lib.sh

# Exim has a mailbox for Tanaka and for somebody who is back, and refuses all others at once.
unpack_servers sbin/exim4
read -r port _ <<END
$(free_ports)
END
{
	exim_settings example.net
	cat <<-END
		local_interfaces = 127.0.0.1
		daemon_smtp_ports = $port
		acl_smtp_rcpt = check_recipient
		acl_smtp_data = accept
		tls_advertise_hosts =
		prdr_enable = false
		begin acl
		check_recipient:
		  deny
		    message = 5.1.1 <\$local_part@\$domain>: Recipient address rejected: User unknown in local recipient table
		    !local_parts = tanaka : back
		  accept
		begin routers
	END
	exim_router 'tanaka : back' example.net | sed 's/^tanaka : back:/all:/; s/transport = .*/transport = mailbox/'
	printf 'begin transports\nmailbox:\n  driver = appendfile\n  directory = %s/$local_part_data\n  maildir_format\n' "$scratch/box"
	printf '  user = %s\n  group = %s\n' "$user" "$group"
} >"$scratch/exim.conf"
ok 'Exim listens' serve exim "$port" "$scratch/bin/exim" -bdf
printf 'account default\nhost 127.0.0.1\nport %s\nfrom you@example.org\ntls off\nauth off\n' "$port" >"$scratch/msmtprc"
chmod 600 "$scratch/msmtprc"

new_index
letter sent1@example.org "You <$you>" back@example.net "$(day 1)" | add sent1
original_to=back@example.net report bounce1@mx.example.net "$(day 1 11:00:00)" sent1@example.org "$gone|back@example.net" | add bounce1
run_tag --all

script_at "$scratch/bin/edit" 'echo "This is our offer." >>"$1"'
configured <<END
set folder=$scratch sleep_time=0 mbox_type=Maildir editor="$scratch/bin/edit" edit_headers=no realname=You from=you@example.org
set sendmail="notmuch-bounce send --lang=\$SPEAK -- msmtp -C $scratch/msmtprc -oi" record="$scratch/sent-copies" copy=yes
END
# how_many FOLDER: mails are in there. left_menu: the mail is on its way, or was. writes PROGRAM LANGUAGE ADDRESS: a mail, up to the key
# that sends it, as if it were the first ever.
how_many() {
	find "$scratch/$1" -type f 2>/dev/null | grep -c .
}
# shellcheck disable=SC2317 # asked by comes_true
has_one() {
	[ "$(how_many "$1")" = 1 ]
}
# shellcheck disable=SC2317
left_menu() {
	! matches screen '*Subject: an offer*Attachments*' || matches last_line '*ending message*'
}
writes() {
	terminal set-environment -g SPEAK "$2"
	rm -rf "$scratch/box" "$scratch/sent-copies" "$scratch/run/notmuch-bounce"
	maildir "$scratch/sent-copies"
	opened "$1"
	waits '*about sent1*Msgs:*'
	press m
	waits '*To:*'
	press "$3" Enter
	waits '*Subject:*'
	press 'an offer' Enter
	waits '*Subject: an offer*Attachments*'
	press y
	# A key that comes while the menu is drawn after the editor can get lost.
	(patience=5 && until_true left_menu) || press y
}
# back_in_menu PROGRAM ADDRESS: out of what the delivery said, with all that was written.
back_in_menu() {
	press q
	sees "$1: the compose menu comes back" "*To: $2
*Subject: an offer
*Attachments*"
	is "$1: nothing was sent, and no copy is kept" "$(how_many box) $(how_many sent-copies)" '0 0'
}
# gets_it PROGRAM NAME: they do, once, whole.
gets_it() {
	comes_true "$1: it arrives" has_one "box/$2/new"
	waits '*Msgs:*'
	like "$1: as it was written" "$(cat "$scratch/box/$2"/new/*)" '*Subject: an offer*This is our offer.'
	comes_true "$1: and the copy is kept" has_one sent-copies
}
for program in mutt neomutt; do
	installed $program || continue
	writes $program en tnaka@example.net
	sees "$program: what msmtp says stays" '*msmtp: recipient address tnaka@example.net not accepted by the server*msmtp: could not send mail*'
	sees "$program: three lines explain it, in 80 columns" '*
  Not delivered, no such address: tnaka@example.net.
  You need to find the right address.
  Compare the part before the @ with a message you got from them, letter by
    letter: l and 1, o and 0, dots, hyphens. If it was wrong, send to the right
    one.
*'
	back_in_menu $program tnaka@example.net
	press t
	waits '*To: tnaka@example.net*'
	press C-u tanaka@example.net Enter
	waits '*To: tanaka@example.net
*Attachments*'
	press y
	gets_it $program tanaka

	writes $program ja tnaka@example.net
	sees "$program: in Japanese, in 80 columns" '*
  宛先が見つからず、「tnaka@example.net」に届きませんでした。
  送信者（ご自身）です。宛先のアドレスをご確認ください。
*'
	back_in_menu $program tnaka@example.net

	writes $program en back@example.net
	sees "$program: a dead address stops it" '*back@example.net: unknown address, since 2026-03-01. Messages to this address
    come back.
Not sent. To send it anyway, send it again within ten minutes.*'
	sees_not "$program: msmtp was not asked" '*msmtp:*'
	back_in_menu $program back@example.net
	press y
	gets_it "$program, y again" back

	writes $program ja back@example.net
	sees "$program: a dead address, in Japanese" '*back@example.net：宛先不明（2026/03/01から）。*送信していません*'
	back_in_menu $program back@example.net
done
done_testing
