#!/bin/sh
# End to end with two real mail servers: a sent mail goes to a server by SMTP, the server bounces it, procmail hands the bounce to
# `notmuch-bounce insert`, and the index shows it on both. Exim bounces what the next server refuses, chasquid what the delivery
# agent refuses. Both run unpacked, on loopback, and see nothing but the scratch directory.
# shellcheck source=lib.sh disable=SC2086 # as_user is words, or none
. "$(dirname "$0")/lib.sh"
unpacked=$PWD/../build-mta
[ -d "$unpacked" ] || skip_all 'the mail servers are not there: make deps brings them, where there are apt and a network'
for program in notmuch procmail; do
	command -v "$program" >/dev/null || skip_all "$program is not installed"
done

# Mail servers don't deliver as root: then everything here is somebody who owns nothing else.
user=$(id -u) group=$(id -g) as_user=
if [ "$user" = 0 ]; then
	command -v setpriv >/dev/null || skip_all 'setpriv is not installed'
	user=65534 group=65534
	as_user="setpriv --reuid=$user --regid=$group --clear-groups"
fi
# What that user can't reach where it is has a copy here.
mkdir -p "$scratch/bin" "$scratch/spool" "$scratch/mail/new" "$scratch/mail/cur" "$scratch/mail/tmp"
cp "$bounce" "$scratch/bin/notmuch-bounce"
cp -R "$unpacked" "$scratch/mta"
servers=
stop() {
	for server in $servers; do
		kill "$server" 2>/dev/null
		for _ in $(seq 50); do
			kill -0 "$server" 2>/dev/null || break
			sleep 0.1
		done
		kill -KILL "$server" 2>/dev/null
		wait "$server" 2>/dev/null
	done
	servers=
}
# Twice, because a child of Exim may just be writing its log.
trap 'stop; rm -rf "$scratch" 2>/dev/null || { sleep 1; rm -rf "$scratch"; }' EXIT

libraries=$(find "$scratch/mta" -name '*.so*' -exec dirname {} + | sort -u | tr '\n' ':')
wrapper=$(find "$scratch/mta" -name 'libnss_wrapper.so')
for program in sbin/exim4 bin/chasquid bin/openssl; do
	if ! [ -x "$scratch/mta/usr/$program" ] || [ -z "$wrapper" ]; then
		skip_all 'the unpacked mail servers are incomplete: remove build-mta'
	fi
done
PATH=$scratch/bin:$PATH
NOTMUCH_CONFIG=$scratch/notmuch-config
export NOTMUCH_CONFIG
unset NOTMUCH_DATABASE NOTMUCH_PROFILE MAILDIR
cat >"$NOTMUCH_CONFIG" <<END
[database]
path=$scratch/mail
[user]
name=You
primary_email=you@home.example
[new]
tags=new;unread;inbox
END

# The domains here must not exist: chasquid asks for SPF records, and those of example.org forbid everything.

# The delivery agent of both servers: procmail, which has no mailbox for anybody else.
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
cat >"$scratch/bin/agent" <<END
#!/bin/sh
case \$1 in
you) exec procmail -f - "$scratch/procmailrc" ;;
*) exec procmail -d "\$1" ;;
esac
END
chmod +x "$scratch/bin/agent"

# free_ports: three that nobody listens on.
free_ports() {
	perl -MIO::Socket::INET -e '@all = map { IO::Socket::INET->new(Listen => 1, LocalAddr => "127.0.0.1") or die } 1 .. 3;
		print join(" ", map { $_->sockport } @all), "\n"'
}
read -r exim_port chasquid_port submission_port <<END
$(free_ports)
END

mkdir -p "$scratch/chasquid/certs/mx.next.example" "$scratch/chasquid/domains/home.example" "$scratch/chasquid/domains/next.example" "$scratch/chasquid/data"
cat >"$scratch/chasquid/chasquid.conf" <<END
hostname: "mx.next.example"
smtp_address: "127.0.0.1:$chasquid_port"
submission_address: "127.0.0.1:$submission_port"
mail_delivery_agent_bin: "$scratch/bin/agent"
mail_delivery_agent_args: "%to_user%"
data_dir: "$scratch/chasquid/data"
mail_log_path: "$scratch/chasquid.log"
END
# It doesn't start without a certificate.
printf '[req]\ndistinguished_name = name\n[name]\n' >"$scratch/openssl.conf"
LD_LIBRARY_PATH=$libraries "$scratch/mta/usr/bin/openssl" req -config "$scratch/openssl.conf" -x509 -newkey rsa:2048 -nodes -subj /CN=mx.next.example \
	-keyout "$scratch/chasquid/certs/mx.next.example/privkey.pem" -out "$scratch/chasquid/certs/mx.next.example/fullchain.pem" 2>"$scratch/err" ||
	note "$(cat "$scratch/err")"
# chasquid thinks that it has a mailbox for these; the delivery agent knows only the first.
for address in you@home.example moved@next.example; do
	"$scratch/mta/usr/bin/chasquid-util" -C="$scratch/chasquid" user-add "$address" --password=none >/dev/null
done

cat >"$scratch/exim.conf" <<END
primary_hostname = mail.home.example
exim_path = $scratch/mta/usr/sbin/exim4
exim_user = $user
exim_group = $group
spool_directory = $scratch/spool
log_file_path = $scratch/exim-%s.log
local_interfaces = 127.0.0.1
daemon_smtp_ports = $exim_port
keep_environment = ^LD_ : ^NSS_WRAPPER_
acl_smtp_rcpt = accept
acl_smtp_data = accept
tls_advertise_hosts =
rfc1413_hosts =
host_lookup =
prdr_enable = false
begin routers
here:
  driver = accept
  domains = home.example
  local_parts = you
  transport = agent
next:
  driver = manualroute
  domains = next.example
  route_list = * 127.0.0.1
  self = send
  transport = next
begin transports
agent:
  driver = pipe
  command = $scratch/bin/agent you
  user = $user
  group = $group
  home_directory = $HOME
  current_directory = $scratch
  path = $PATH
  return_fail_output
next:
  driver = smtp
  port = $chasquid_port
  allow_localhost
  hosts_avoid_tls = *
END
printf 'Debian-exim:x:%s:%s::/:/bin/false\n' "$user" "$group" >"$scratch/passwd"
printf 'Debian-exim:x:%s:\n' "$group" >"$scratch/group"
[ -z "$as_user" ] || chown -R "$user:$group" "$scratch"
$as_user notmuch new --quiet --no-hooks

# start NAME PORT COMMAND...: it listens, within 20 s.
# shellcheck disable=SC2317 # called by ok
start() {
	name=$1 port=$2
	shift 2
	(cd "$scratch" && exec "$@") >"$scratch/$name.out" 2>&1 </dev/null &
	servers="$servers $!"
	for _ in $(seq 100); do
		perl -MIO::Socket::INET -e 'exit !IO::Socket::INET->new(PeerAddr => "127.0.0.1:$ARGV[0]", Timeout => 1)' "$port" && return
		kill -0 $! 2>/dev/null || break
		sleep 0.2
	done
	note "$(tail -n 20 "$scratch/$name.out")"
	return 1
}
ok 'Exim listens' start exim "$exim_port" $as_user env LD_LIBRARY_PATH="$libraries" LD_PRELOAD="$wrapper" \
	NSS_WRAPPER_PASSWD="$scratch/passwd" NSS_WRAPPER_GROUP="$scratch/group" "$scratch/mta/usr/sbin/exim4" -C "$scratch/exim.conf" -bdf
ok 'chasquid listens' start chasquid "$chasquid_port" $as_user "$scratch/mta/usr/bin/chasquid" -config_dir "$scratch/chasquid"

# smtp PORT FROM TO FILE: a server takes the mail, or it says what the server answered.
# shellcheck disable=SC2317 # called by ok
smtp() {
	perl -MIO::Socket::INET -e '
		alarm 60;
		my ($port, $from, $to, $file) = @ARGV;
		my $server = IO::Socket::INET->new(PeerAddr => "127.0.0.1:$port", Timeout => 10) or die "no server\n";
		sub answers { my ($wanted) = @_; my $line; do { $line = <$server> // "" } while $line =~ /^\d+-/; $line =~ /^$wanted/ or die "answer: $line\n" }
		open my $mail, "<", $file or die; local $/; my $text = <$mail>; $/ = "\n";
		$text =~ s/^\./../mg; $text =~ s/\r?\n/\r\n/g;
		answers(220);
		for (["EHLO client.home.example", 250], ["MAIL FROM:<$from>", 250], ["RCPT TO:<$to>", 250], ["DATA", 354], ["$text.", 250], ["QUIT", 221]) {
			print $server "$_->[0]\r\n"; answers($_->[1]);
		}' "$@" 2>"$scratch/err" || {
		note "$(cat "$scratch/err")"
		return 1
	}
}
# tags QUERY: all tags of what is found but those of new.tags, in one line.
tags() {
	$as_user notmuch search --exclude=false --output=tags -- "$1" | grep -vxE 'new|unread|inbox|attachment' | tr '\n' ' '
}
# comes QUERY: a mail is found, within 60 s.
# shellcheck disable=SC2317 # called by ok
comes() {
	for _ in $(seq 300); do
		[ "$($as_user notmuch count --exclude=false -- "$1")" = 0 ] || return 0
		sleep 0.2
	done
	note "$(tail -n 20 "$scratch"/*.log "$scratch"/*.out 2>/dev/null)"
	return 1
}

# bounced SERVER PORT ADDRESS: a mail to the address, sent through the server, is known to be undelivered.
bounced() {
	id=$1-letter@home.example
	cat >"$scratch/letter" <<-END
		From: You <you@home.example>
		To: Somebody <$3>
		Subject: A letter through $1
		Date: $(date -u '+%a, %d %b %Y %H:%M:%S +0000')
		Message-ID: <$id>

		Hello.
	END
	$as_user notmuch-bounce insert +sent -new -inbox -unread <"$scratch/letter"
	is "$1: the letter is indexed as sent mail" "$(tags "id:$id")" 'sent '
	ok "$1 takes the letter" smtp "$2" you@home.example "$3" "$scratch/letter"
	report="not id:$id and not tag:seen-before"
	ok "$1: a bounce comes" comes "$report"
	is "$1: exactly one" "$($as_user notmuch count --exclude=false -- "$report")" 1
	is "$1: it is tagged" "$(tags "$report")" 'bounce bounce/permanent bounce/user-unknown '
	is "$1: the letter is known to be undelivered" "$(tags "id:$id")" 'sent undelivered '
	$as_user notmuch tag +seen-before -- '*'
}
bounced exim "$exim_port" nobody@next.example
bounced chasquid "$chasquid_port" moved@next.example
ok 'procmail kept nothing for itself' test ! -e "$scratch/not-inserted"
stop
done_testing
