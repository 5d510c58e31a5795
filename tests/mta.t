#!/bin/sh
# End to end with two real mail servers: a sent mail goes to a server by SMTP, the server bounces it, procmail hands the bounce to
# `notmuch-bounce insert`, and the index shows it on both. Exim bounces what the next server refuses, chasquid what the delivery
# agent refuses. Both run unpacked, on loopback, and see nothing but the scratch directory.
# shellcheck source=lib.sh disable=SC2086 # as_user is words, or none
. "$(dirname "$0")/lib.sh"
# shellcheck source=index-lib.sh
. ./index-lib.sh
# Mail servers don't deliver as root: then everything here is somebody's who owns nothing else.
# shellcheck source=user-lib.sh
. ./user-lib.sh
not_as_root
# shellcheck source=mta-lib.sh
. ./mta-lib.sh

mkdir "$scratch/bin" "$scratch/spool"
program_at "$scratch/bin"
PATH=$scratch/bin:$PATH
unpack_servers sbin/exim4 bin/chasquid bin/openssl
# The domains here must not exist: chasquid asks for SPF records, and those of example.org forbid everything.
you=you@home.example
new_index
deliver_by_procmail
read -r exim_port chasquid_port submission_port <<END
$(free_ports)
END

# chasquid has a mailbox for the user, and thinks that it has one for absent@next.example, of whom the delivery agent knows nothing.
script_at "$scratch/bin/chasquid-agent" "case \$1 in
you) exec '$scratch/bin/agent' ;;
*) exec procmail -d \"\$1\" ;;
esac"
mkdir -p "$scratch/chasquid/certs/mx.next.example" "$scratch/chasquid/domains/home.example" "$scratch/chasquid/domains/next.example" "$scratch/chasquid/data"
cat >"$scratch/chasquid/chasquid.conf" <<END
hostname: "mx.next.example"
smtp_address: "127.0.0.1:$chasquid_port"
submission_address: "127.0.0.1:$submission_port"
mail_delivery_agent_bin: "$scratch/bin/chasquid-agent"
mail_delivery_agent_args: "%to_user%"
data_dir: "$scratch/chasquid/data"
mail_log_path: "$scratch/chasquid.log"
END
# It doesn't start without a certificate.
printf '[req]\ndistinguished_name = name\n[name]\n' >"$scratch/openssl.conf"
LD_LIBRARY_PATH=$libraries "$mta/usr/bin/openssl" req -config "$scratch/openssl.conf" -x509 -newkey rsa:2048 -nodes -subj /CN=mx.next.example \
	-keyout "$scratch/chasquid/certs/mx.next.example/privkey.pem" -out "$scratch/chasquid/certs/mx.next.example/fullchain.pem" 2>"$scratch/err" ||
	note "$(cat "$scratch/err")"
for address in you@home.example absent@next.example; do
	"$mta/usr/bin/chasquid-util" -C="$scratch/chasquid" user-add "$address" --password=none >/dev/null
done

# Exim has the user's mail, and hands on all for next.example.
{
	exim_settings home.example
	cat <<-END
		local_interfaces = 127.0.0.1
		daemon_smtp_ports = $exim_port
		acl_smtp_rcpt = accept
		acl_smtp_data = accept
		tls_advertise_hosts =
		prdr_enable = false
		begin routers
	END
	exim_router you home.example
	cat <<-END
		next:
		  driver = manualroute
		  domains = next.example
		  route_list = * 127.0.0.1
		  self = send
		  transport = next
		begin transports
	END
	exim_agent
	cat <<-END
		next:
		  driver = smtp
		  port = $chasquid_port
		  allow_localhost
		  hosts_avoid_tls = *
	END
} >"$scratch/exim.conf"
given "$scratch"
notmuch=$(command -v notmuch)
notmuch() {
	$as_user "$notmuch" "$@"
}

ok 'Exim listens' serve exim "$exim_port" $as_user "$scratch/bin/exim" -bdf
ok 'chasquid listens' serve chasquid "$chasquid_port" $as_user "$mta/usr/bin/chasquid" -config_dir "$scratch/chasquid"

# how_many QUERY; some QUERY: there are mails that it finds.
how_many() {
	notmuch count --exclude=false -- "$1"
}
# shellcheck disable=SC2317 # called by ok
some() {
	[ "$(how_many "$1")" -gt 0 ]
}
# bounced SERVER PORT ADDRESS: a mail to the address, sent through the server, is known to be undelivered.
bounced() {
	id=$1-letter@home.example
	letter "$id" "You <$you>" "Somebody <$3>" "$(date -u '+%a, %d %b %Y %H:%M:%S +0000')" >"$scratch/letter"
	$as_user notmuch-bounce insert +sent -new -inbox -unread <"$scratch/letter"
	is "$1: the letter is indexed as sent mail" "$(tags "id:$id")" 'sent'
	ok "$1 takes the letter" smtp "$2" "$you" "$3" "$scratch/letter"
	report="not id:$id and not tag:seen-before"
	until_true some "$report" || note "$(logs)"
	ok "$1: a bounce comes" some "$report"
	is "$1: exactly one" "$(how_many "$report")" 1
	is "$1: it is tagged" "$(tags "$report")" "$gone_tags"
	is "$1: the letter is known to be undelivered" "$(tags "id:$id")" 'sent undelivered'
	notmuch tag +seen-before -- '*'
}
patience=60
bounced exim "$exim_port" nobody@next.example
bounced chasquid "$chasquid_port" absent@next.example
ok 'procmail kept nothing for itself' test ! -e "$scratch/not-inserted"
done_testing
