# shellcheck shell=sh
# shellcheck disable=SC2154,SC2034 # $scratch is lib.sh's, $user and $group user-lib.sh's, the others are for those who source this
# For the tests with a real mail server: Exim, and what `make deps` has unpacked beside it, run on loopback with all that it has in $scratch, and
# procmail, which hands each mail to `notmuch-bounce insert`. Sourced behind index-lib.sh and user-lib.sh, by a test that has $scratch/bin first
# in its path.
unpacked=$PWD/../build-mta
[ -d "$unpacked" ] || skip_all 'the mail servers are not there: make deps brings them, where there are apt and a network'
needs procmail

# as_somebody PROGRAM: goes on with the test PROGRAM as somebody who owns nothing else, because mail servers don't deliver as root. Where only
# root can read this directory, as in /root, in a copy of what it needs.
as_somebody() {
	[ -n "$as_user" ] || return 0
	# shellcheck disable=SC2086 # words
	if ! $as_user test -r "$PWD/lib.sh" -a -x "$bounce" -a -x "$unpacked/usr/sbin/exim4"; then
		mkdir "$scratch/build"
		cp -R ../tests ../share ../plugin "$unpacked" "$scratch/"
		program_at "$scratch/build"
		chmod -R go+rX "$scratch"
		cd "$scratch/tests" || exit 1
		bounce=$scratch/build/notmuch-bounce
	fi
	# shellcheck disable=SC2086
	$as_user env NOTMUCH_BOUNCE="$bounce" sh "./${1##*/}"
	exit $?
}

# unpack_servers PROGRAM...: they are in $mta then, which has these programs, and $scratch/bin/exim runs Exim as $user with $scratch/exim.conf.
# A copy, which is not setuid and can be reached.
mta=$scratch/mta
unpack_servers() {
	mkdir "$mta"
	cp -R "$unpacked/usr" "$mta/"
	libraries=$(find "$mta" -name '*.so*' -exec dirname {} + | sort -u | tr '\n' ':')
	wrapper=$(find "$mta" -name 'libnss_wrapper.so')
	for needed; do
		if ! [ -x "$mta/usr/$needed" ] || [ -z "$wrapper" ]; then
			skip_all 'the unpacked mail servers are incomplete: remove build-mta'
		fi
	done
	# It insists on a user of its own.
	printf 'Debian-exim:x:%s:%s::/:/bin/false\n' "$user" "$group" >"$scratch/passwd"
	printf 'Debian-exim:x:%s:\n' "$group" >"$scratch/group"
	script_at "$scratch/bin/exim" "exec env LD_LIBRARY_PATH='$libraries' LD_PRELOAD='$wrapper' \\
	NSS_WRAPPER_PASSWD='$scratch/passwd' NSS_WRAPPER_GROUP='$scratch/group' '$mta/usr/sbin/exim4' -C '$scratch/exim.conf' \"\$@\""
}

# deliver_by_procmail: what delivers a mail to the user is $scratch/bin/agent. What the index does not take goes to $scratch/not-inserted.
deliver_by_procmail() {
	cat >"$scratch/procmailrc" <<-END
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
	script_at "$scratch/bin/agent" "exec procmail -f - '$scratch/procmailrc'"
}

# exim_settings DOMAIN: what Exim's configuration begins with.
exim_settings() {
	cat <<-END
		primary_hostname = mail.$1
		exim_path = $scratch/bin/exim
		exim_user = $user
		exim_group = $group
		trusted_users = $user
		spool_directory = $scratch/spool
		log_file_path = $scratch/exim-%s.log
		keep_environment = ^LD_ : ^NSS_WRAPPER_
		rfc1413_hosts =
		host_lookup =
	END
}
# exim_router NAME DOMAIN: mail for NAME at the domain goes to the transport of that name; exim_agent: which delivers it as the user's mail.
exim_router() {
	printf '%s:\n  driver = accept\n  domains = %s\n  local_parts = %s\n  transport = %s\n' "$1" "$2" "$1" "$1"
}
exim_agent() {
	cat <<-END
		you:
		  driver = pipe
		  command = $scratch/bin/agent
		  user = $user
		  group = $group
		  home_directory = $HOME
		  current_directory = $scratch
		  path = $PATH
		  return_fail_output
	END
}

# logs: the ends of what the servers and procmail have to say, for whoever reads a failure.
logs() {
	tail -n 20 "$scratch"/*.log "$scratch"/*.out 2>/dev/null
}

# free_ports: three that nobody listens on.
free_ports() {
	perl -MIO::Socket::INET -e '@all = map { IO::Socket::INET->new(Listen => 1, LocalAddr => "127.0.0.1") or die } 1 .. 3;
		print join(" ", map { $_->sockport } @all), "\n"'
}
# serve NAME PORT COMMAND...: it runs, and listens before our patience ends. All that serve are stopped in the end.
servers=
at_end="$at_end stop;"
serve() {
	server=$1 port=$2
	shift 2
	(cd "$scratch" && exec "$@") >"$scratch/$server.out" 2>&1 </dev/null &
	servers="$servers $!"
	until_true listens_or_ended "$port" $! && listens "$port" && return
	note "$(tail -n 20 "$scratch/$server.out")"
	return 1
}
listens() {
	perl -MIO::Socket::INET -e 'exit !IO::Socket::INET->new(PeerAddr => "127.0.0.1:$ARGV[0]", Timeout => 1)' "$1"
}
listens_or_ended() {
	listens "$1" || ! kill -0 "$2" 2>/dev/null
}
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

# smtp PORT FROM TO FILE: a server takes the mail, or it says what the server answered.
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
