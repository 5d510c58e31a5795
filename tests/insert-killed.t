#!/bin/sh
# insert, killed at any moment, and many at once: no mail is lost or cut, and the one that comes again is delivered.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=index-lib.sh
. ./index-lib.sh
sample=bounces/user-unknown/postfix-local.eml

# -- killed at any moment
# Each round kills it after another time, every other round with all that it started, and looks for what was left. Then the mail comes again.
cat >"$scratch/kill" <<'END'
use strict;
use Time::HiRes qw(time sleep);
my ($program, $mail, $sample, $rounds) = @ARGV;
local $/;
open my $in, '<', $sample or die;
my $text = <$in>;
my (%known, $early, $late);
sub fresh { grep { !$known{$_}++ } glob "$mail/new/* $mail/cur/*" }
sub start {
	my ($letter) = @_;
	pipe my $end, my $kept or die;
	$^F = 1000; # the pipe is closed by the end of the last process
	my $pid = fork;
	if (!$pid) {
		setpgrp;
		fcntl $kept, 2, 0;
		open STDIN, '<', $letter;
		open STDERR, '>', '/dev/null';
		exec $program, 'insert';
	}
	close $kept;
	return $pid, $end;
}
sub whole {
	my ($wanted, @files) = @_;
	for (@files) { open my $file, '<', $_; <$file> eq $wanted or return 0 }
	return 1;
}
my ($long, $begin) = (0, 0);
srand 3;
for my $round (0 .. $rounds) {
	(my $mine = $text) =~ s/^Message-Id: .*/Message-ID: <kill-$round\@example.org>/mi or die "no Message-ID";
	open my $out, '>', "$mail.round" or die;
	print $out $mine;
	close $out;
	if ($round > 0) {
		my ($pid, $end) = start("$mail.round");
		sleep rand $long;
		kill KILL => $round % 2 ? $pid : -$pid;
		waitpid $pid, 0;
		my $ended = $? == 0;
		<$end>;
		my @left = fresh;
		print "round $round: ", scalar @left, " copies\n" if @left > 1 or $ended && !@left;
		print "round $round: a copy in part\n" unless whole $mine, @left;
		$ended || @left ? $late++ : $early++;
	}
	$begin = time;
	my ($pid, $end) = start("$mail.round");
	waitpid $pid, 0;
	my $status = $?;
	<$end>;
	$long = 1.1 * (time - $begin) if $round < 2 or 1.1 * (time - $begin) < $long;
	my @left = fresh;
	print "round $round: then status $status, ", scalar @left, " copies\n" if $status != 0 or @left != 1;
	print "round $round: then a copy in part\n" unless whole $mine, @left;
}
print "never killed before it was delivered\n" unless $early;
print "never killed afterwards\n" unless $late;
print "done\n";
END
new_index
is 'killed 200 times: at most one more copy, none in part, and delivered when it comes again' \
	"$(perl "$scratch/kill" "$bounce" "$mail" $sample 200)" 'done'
notmuch new --quiet --no-hooks
is 'killed 200 times: every mail is in the index, and has its tags' \
	"$(notmuch count '*') $(notmuch count tag:bounce and tag:bounce/user-unknown and tag:bounce/permanent)" '201 201'

# -- many at once
new_index
sed 's/^Message-I[dD]: .*/Message-ID: <N@example.org>/' $sample >"$scratch/pattern"
# many FROM TO: inserts these.
many() {
	n=$1
	while [ "$n" -le "$2" ]; do
		# As a delivery agent: 75 is to come again.
		for attempt in 1 2 3; do
			sed "s/^Message-ID: <N@/Message-ID: <many-$n@/" "$scratch/pattern" | "$bounce" insert +many 2>"$scratch/many.err.$1"
			failed=$?
			[ "$failed" -eq 75 ] || break
		done
		[ "$failed" -eq 0 ] || { echo "many-$n: $failed, $attempt times"; cat "$scratch/many.err.$1"; }
		n=$((n + 1))
	done
}
many 1 170 >"$scratch/first" &
first=$!
many 171 340 >"$scratch/second" &
second=$!
n=341
while [ "$n" -le 500 ]; do
	sed "s/^Message-ID: <N@/Message-ID: <many-$n@/" "$scratch/pattern" >"$mail/tmp/$n"
	mv "$mail/tmp/$n" "$mail/new/$n.other"
	[ $((n % 4)) -ne 0 ] || notmuch new --quiet --no-hooks
	n=$((n + 1))
done
wait $first $second
notmuch new --quiet --no-hooks
is 'two inserts and notmuch new at once: none fails for good' \
	"$(cat "$scratch/first" "$scratch/second")" ''
is 'two inserts and notmuch new at once: 500 mails, each once' "$(notmuch count '*') $(notmuch count --output=files '*') $(copies)" '500 500 500'
is 'two inserts and notmuch new at once: each that was inserted has its tags' \
	"$(notmuch count tag:many and tag:bounce/user-unknown and tag:bounce)" 340
is 'two inserts and notmuch new at once: none is empty or cut' "$(find "$mail/new" "$mail/cur" -type f -size -3 | head)" ''
done_testing
