#!/bin/sh
# insert where `notmuch` in PATH is a script, and what hooks see: 75 means that nothing is delivered, and nothing will be; all else is as under
# notmuch insert itself.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=index-lib.sh
. ./index-lib.sh
letter w1@example.org "$you" you@example.org "$(day 2)" >"$scratch/mail.eml"
# By a name that no other test's has.
real=$scratch/notmuch
ln -s "$(command -v notmuch)" "$real"
mkdir "$scratch/wrapped"
path=$PATH

# wrapper LINES: from now on that is notmuch; $real in it is the real one.
wrapper() {
	printf '#!/bin/sh\nreal=%s\n%s\n' "$real" "$1" >"$scratch/wrapped/notmuch"
	chmod +x "$scratch/wrapped/notmuch"
}
wrapped() {
	PATH=$scratch/wrapped:$path "$@"
}
# is_left: the program behind the script runs.
# shellcheck disable=SC2317 # ok calls it
is_left() {
	pgrep -f "$real insert" >/dev/null
}
# nothing_is_left DESCRIPTION: the lock is free, and there is nothing that might deliver; the index is kept, to see whether something did.
locked=
nothing_is_left() {
	ok "$1: no notmuch is left" eval '! is_left'
	release_lock
	number=$((${number:-0} + 1))
	locked="$locked $mail"
	mail=$scratch/mail.$number
}

# -- a script that is not notmuch itself, while another program writes to the index
for kind in 'plain|"$real" "$@"; exit $?' 'logging|"$real" "$@" 2>&1 | cat; exit 0' 'in a session of its own|setsid -w "$real" "$@"; exit $?' \
	'in the background|exec 3<&0; "$real" "$@" <&3 & wait $!; exit $?' 'through another|sh -c "\"\$@\"; exit \$?" sh "$real" "$@"; exit $?'; do
	name=${kind%%|*}
	wrapper "${kind#*|}"
	new_index
	wrapped "$bounce" insert <"$scratch/mail.eml"
	is "$name: delivered, once" "$? $(copies)" '0 1'
	new_index
	notmuch config set bounce.lock_timeout 1
	hold_lock 60
	wrapped "$bounce" insert <"$scratch/mail.eml" 2>/dev/null
	is "$name: locked: 75" "$? $(copies)" '75 0'
	nothing_is_left "$name: locked"
	new_index
	hold_lock 60
	PATH=$scratch/wrapped:$path "$bounce" insert <"$scratch/mail.eml" 2>/dev/null &
	insert=$!
	comes_true "$name: it waits" is_left
	kill -TERM $insert
	wait $insert
	is "$name: told to end: 75" "$? $(copies)" '75 0'
	nothing_is_left "$name: told to end"
done
sleep 1
# shellcheck disable=SC2086 # words
is 'and none comes later' "$(find $locked -path '*/.notmuch' -prune -o -type f -print)" ''

# -- failed when it had delivered: the mail folder knows
new_index
mkdir -p "$mail/.notmuch/hooks"
for kind in 'notmuch itself|exec "$real" "$@"' 'a script|"$real" "$@"; exit $?'; do
	wrapper "${kind#*|}"
	rm -f "$mail"/new/*
	printf '#!/bin/sh\nkill -KILL $PPID\n' >"$mail/.notmuch/hooks/post-insert"
	chmod +x "$mail/.notmuch/hooks/post-insert"
	wrapped "$bounce" insert <"$scratch/mail.eml" 2>"$scratch/err"
	is "${kind%%|*}, killed behind the delivery: delivered, once" "$? $(copies)" '0 1'
	like "${kind%%|*}, killed behind the delivery: said" "$(cat "$scratch/err")" '*: delivered, but notmuch *'
done
new_index
mkdir "$mail/box" "$mail/box/new" "$mail/box/cur" "$mail/box/tmp"
mkdir -p "$mail/.notmuch/hooks"
printf '#!/bin/sh\nkill -KILL $PPID\n' >"$mail/.notmuch/hooks/post-insert"
chmod +x "$mail/.notmuch/hooks/post-insert"
"$bounce" insert --folder=box <"$scratch/mail.eml" 2>/dev/null
is 'killed behind the delivery into a folder: delivered, once' "$? $(find "$mail/box" -type f | wc -l | tr -d ' ')" '0 1'
for end in 'kill -KILL $$' 'exit 1'; do
	wrapper "head -c 20 >/dev/null; $end"
	new_index
	wrapped "$bounce" insert <"$scratch/mail.eml" 2>/dev/null
	is "$end before the delivery: 75" "$? $(copies)" '75 0'
done
wrapper '"$real" "$@"; exit 1'
new_index
wrapped "$bounce" insert <"$scratch/mail.eml" 2>"$scratch/err"
is 'a script that fails behind the delivery: delivered, once' "$? $(copies)" '0 1'
like 'a script that fails behind the delivery: said' "$(cat "$scratch/err")" '*: delivered, but notmuch failed*'
insert_only='[ "$1" = insert ] || exec "$real" "$@"; exec 3<&0'
wrapper "$insert_only"'; (sleep 1; "$real" "$@" <&3) & exit 1'
new_index
wrapped "$bounce" insert <"$scratch/mail.eml" 2>/dev/null
failed=$?
sleep 1.5
is 'a script that fails and leaves a delivery behind: 75, and none comes' "$failed $(copies)" '75 0'
new_index
wrapper "$insert_only"'; (cat <&3 >'"$mail"'/tmp/late; sleep 1; mv '"$mail"'/tmp/late '"$mail"'/new/) & sleep 0.3; exit 1'
mkdir -p "$mail/new" "$mail/tmp"
wrapped "$bounce" insert <"$scratch/mail.eml" 2>/dev/null
failed=$?
sleep 1.5
is 'a script that fails and leaves a delivery behind that has begun: 75, and none comes' "$failed $(copies)" '75 0'
# Where the index can't grow, notmuch takes the delivery back, but does not find a file that a tag has renamed.
for tag in +mine -unread; do
	new_index
	# shellcheck disable=SC3045 # dash and busybox know it
	(trap '' XFSZ; ulimit -f 2 && exec "$bounce" insert $tag) <"$scratch/mail.eml" 2>/dev/null
	outcome="$? $(copies)"
	ok "no room in the index, $tag: delivered, or 75 ($outcome)" test "$outcome" = '0 1' -o "$outcome" = '75 0'
done
# A signal that ends a program does not end this one any more.
for signal in ALRM HUP INT PROF QUIT TERM USR1 USR2 VTALRM XCPU XFSZ; do
	wrapper '"$real" "$@"; kill -'$signal' $PPID; exit 0'
	new_index
	wrapped "$bounce" insert <"$scratch/mail.eml" 2>/dev/null
	is "$signal behind the delivery: delivered, once" "$? $(copies)" '0 1'
done

# -- a hook has what it has under notmuch insert: signals, descriptors, process group
new_index
mkdir -p "$mail/.notmuch/hooks"
cat >"$mail/.notmuch/hooks/post-insert" <<END
#!/bin/sh
{
	grep -E '^Sig(Blk|Ign)' /proc/self/status
	ls /proc/self/fd
	[ "\$(ps -o pgid= -p \$\$)" = "\$(ps -o pgid= -p \$(cat "$scratch/agent"))" ] && echo 'group of the agent'
} >"$scratch/seen" 2>&1
END
chmod +x "$mail/.notmuch/hooks/post-insert"
# seen SETTINGS PROGRAM...: what the hook sees when a program with these settings (Perl) delivers.
seen() {
	settings=$1
	shift
	perl -e 'open my $f, ">", shift; print $f $$; close $f; eval shift; open STDIN, "<", shift or die; exec @ARGV' \
		"$scratch/agent" "setpgrp; $settings" "$scratch/mail.eml" "$@"
	cat "$scratch/seen"
	rm -f "$scratch/seen"
}
for settings in '' '$SIG{PIPE} = "IGNORE"' '$SIG{CHLD} = "IGNORE"' '$SIG{TERM} = "IGNORE"; $SIG{HUP} = "IGNORE"'; do
	is "a hook sees the same, by an agent with '$settings'" "$(seen "$settings" "$bounce" insert)" "$(seen "$settings" notmuch insert)"
done
like 'its process group is the agent'"'"'s' "$(seen '' "$bounce" insert)" '*group of the agent*'

# -- standard input that doesn't wait
# slowly PROGRAM...: it reads from a pipe with O_NONBLOCK into which a mail comes late.
slowly() {
	perl -MFcntl -e '
		pipe my $r, my $w or die;
		my $pid = fork;
		if (!$pid) {
			close $w;
			fcntl $r, F_SETFL, O_NONBLOCK | O_RDONLY or die;
			open STDIN, "<&", $r or die;
			exec @ARGV[1 .. $#ARGV];
		}
		close $r;
		open my $mail, "<", $ARGV[0] or die;
		for (<$mail>) { select undef, undef, undef, 0.05; syswrite $w, $_ }
		close $w;
		waitpid $pid, 0;
		exit $? >> 8' "$scratch/mail.eml" "$@"
}
rm -f "$mail/.notmuch/hooks/post-insert"
new_index
slowly "$bounce" insert
is 'insert with input that does not wait: delivered, once' "$? $(copies)" '0 1'
same 'insert with input that does not wait: whole' "$(find "$mail/new" -type f)" "$scratch/mail.eml"
slowly "$bounce" filter >"$scratch/out"
is 'filter with input that does not wait: 0' $? 0
same 'filter with input that does not wait: whole' "$scratch/out" "$scratch/mail.eml"
# It waits also where a judge may do little more: with the rest of a mail that is not judged, and when nobody reads what it writes.
perl -e 'print "From: bo\@example.net\nTo: you\@example.org\nSubject: large\n\n", "Hello, this is a line.\n" x 300_000' >"$scratch/large.eml"
filtered=$(perl -MFcntl -MSocket -e '
	open my $mail, "<", $ARGV[0] or die;
	local $/;
	my $all = <$mail>;
	socketpair my $ours, my $its, AF_UNIX, SOCK_STREAM, 0 or die;
	fcntl $its, F_SETFL, O_NONBLOCK | O_RDWR or die;
	if (!fork) { close $ours; open STDIN, "<&", $its; open STDOUT, ">&", $its; exec @ARGV[1 .. $#ARGV] }
	close $its;
	if (!fork) { for (my $at = 0; $at < length $all; $at += 1_000_000) { print $ours substr $all, $at, 1_000_000; $ours->flush; select undef, undef, undef, 0.02 } shutdown $ours, 1; exit }
	select undef, undef, undef, 0.5;
	my ($got, $read) = ("");
	{ local $/ = \65536; $got .= $_ while <$ours> }
	wait; my $one = $?; wait;
	print $one | $?, $got eq $all ? " whole" : " broken"' "$scratch/large.eml" "$bounce" filter 2>/dev/null)
is 'filter with a socket that does not wait, and a large mail' "$filtered" '0 whole'
slowly "$bounce" classify --format=reason >"$scratch/out"
is 'classify with input that does not wait: 0' $? 0

done_testing
