#!/bin/sh
# tag, killed at any moment: no mail is tagged in part, and the next run ends where one that was never killed ends.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=index-lib.sh
. ./index-lib.sh

# Mails that the user sent, each to two people, and what came back: a failure, both failed, a delay and then a failure, a failure and then a success, a
# delay, something about a mail that is not there; and every fifth of them wrote afterwards. They are short: what counts is how many they are, as a run writes some hundred at once.
cat >"$scratch/mails" <<'END_OF_PERL'
use strict;
my ($folder, $sent) = @ARGV;
my $count = 0;
sub date { my $minutes = shift; sprintf '%02d Mar 2026 %02d:%02d:00 +0000', 1 + $minutes / 1440, $minutes / 60 % 24, $minutes % 60 }
sub store { open my $file, '>', sprintf '%s/%d:2,', $folder, $count++ or die $!; print $file @_ }
sub letter {
	my ($id, $from, $to, $minutes) = @_;
	my $mail = "From: $from\nTo: $to\nDate: ${\date($minutes)}\nSubject: $id\nMessage-ID: <$id>\n\nHello.\n";
	store($mail);
	return $mail;
}
my %said = (gone => 'failed|5.1.1|550 5.1.1 User unknown', full => 'failed|5.2.2|552 5.2.2 Mailbox full',
	late => 'delayed|4.4.1|451 4.4.1 Connection timed out', arrived => 'delivered|2.0.0|250 2.0.0 Ok');
sub report {
	my ($id, $mail, $minutes, @recipients) = @_;
	my $groups = '';
	while (my ($address, $what) = splice @recipients, 0, 2) {
		my ($action, $status, $text) = split /\|/, $said{$what};
		$groups .= "\nFinal-Recipient: rfc822; $address\nAction: $action\nStatus: $status\nDiagnostic-Code: smtp; $text\n";
	}
	store("From: MAILER-DAEMON\@mx.example.net\nTo: you\@example.org\nDate: ${\date($minutes)}\nSubject: Delivery report\n",
		"Message-ID: <$id\@mx.example.net>\nMIME-Version: 1.0\n",
		"Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\nA report.\n\n",
		"--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.net\n$groups\n",
		"--b\nContent-Type: message/rfc822\n\n$mail\n--b--\n");
}
for my $i (1 .. $sent) {
	my ($at, $bo, $ann) = (20 * $i, "bo$i\@example.net", "ann$i\@example.com");
	my $mail = letter("o$i\@example.org", 'You <you@example.org>', "$bo, $ann", $at);
	my $first = sprintf '%03d.a', $i * 7 % 997; # in another order than they came
	my $second = sprintf '%03d.b', $i * 11 % 997;
	my $kind = $i % 6;
	if ($kind == 0) { report("$first$i", $mail, $at + 5, $bo, 'gone') }
	if ($kind == 1) { report("$first$i", $mail, $at + 5, $bo, 'full', $ann, 'gone') }
	if ($kind == 2) { report("$first$i", $mail, $at + 5, $bo, 'late'); report("$second$i", $mail, $at + 9, $bo, 'gone') }
	if ($kind == 3) { report("$first$i", $mail, $at + 5, $bo, 'full'); report("$second$i", $mail, $at + 9, $bo, 'arrived') }
	if ($kind == 4) { report("$first$i", $mail, $at + 5, $bo, 'late'); report("$second$i", $mail, $at + 7, $ann, 'gone') }
	if ($kind == 5) { report("$first$i", $mail =~ s/^Message-ID: <o/Message-ID: <lost/mr, $at + 5, $bo, 'gone') }
	letter("r$i\@example.net", "Bo <$bo>", 'you@example.org', $at + 12) if $i % 5 == 0;
}
END_OF_PERL

# Kills it, again and again on the same index, now and then lets it end, and then begins anew. Says what is wrong.
cat >"$scratch/kill" <<'END_OF_PERL'
use strict;
use Time::HiRes qw(time sleep);
my ($program, $mail, $rounds, $least, @arguments) = @ARGV;

sub fresh { system "rm -rf '$mail/.notmuch' && cp -R '$mail.fresh' '$mail/.notmuch'" and die 'no fresh index' }
sub dump_of {
	my $dump = `notmuch dump --format=batch-tag`;
	print "the database can't be read\n" if $?;
	$dump =~ s/ bounce\.until=\S+//g; # a day from now, whichever day it is
	return $dump;
}
sub start {
	my $pid = fork // die;
	return $pid if $pid;
	open STDOUT, '>', '/dev/null';
	exec $program, 'tag', @arguments;
}

# The first mail of which DUMP has only half, and what is missing; '' if all are whole.
sub half {
	my (%tags, %values);
	for (split /\n/, shift) {
		my ($list, $id, $values) = /^#= (\S+) (.*)/ ? (undef, $1, $2) : /^(\S.*?) ?-- id:(\S+)/ ? ($1, $2) : next;
		if (defined $list) {
			$tags{$id} = { map { s/^\+//; s/%([0-9a-f]{2})/chr hex $1/gier => 1 } split / /, $list };
		} else {
			for (split / /, $values) {
				my ($key, $value) = split /=/, $_, 2;
				push @{$values{$id}{$key}}, $value =~ s/%([0-9a-f]{2})/chr hex $1/gier;
			}
		}
	}
	for my $id (sort keys %tags) {
		my $has = sub { $tags{$id}{$_[0]} };
		my $values = sub { @{$values{$_[1] // $id}{$_[0]} // []} };
		my @ours = sort grep { /^(bounce|bounce\/.*|undelivered|delayed|delivery-receipt)$/ } keys %{$tags{$id}};
		my @marked = sort $values->('bounce.tag'), $values->('bounce.mark');
		return "$id has the tags @ours and remembers @marked" if "@ours" ne "@marked";
		if ($has->('bounce')) {
			return "$id has no reason" unless grep { $has->("bounce/$_") } qw(user-unknown mailbox-full network);
			return "$id is neither permanent nor temporary" unless $has->('bounce/permanent') xor $has->('bounce/temporary');
		}
		if ($has->('bounce') || $has->('delivery-receipt') || $values->('bounce.genuine')) {
			return "$id has properties and no tags" unless $has->('bounce') || $has->('delivery-receipt');
			return "$id has tags and no properties" unless $values->('bounce.genuine') && $values->('bounce.link');
			return "$id is not about anybody" if $has->('bounce') && !$values->('bounce.recipient');
			my ($of) = $values->('bounce.of');
			return "$of does not know of $id" if grep(/^linked$/, $values->('bounce.genuine')) && !grep { $_ eq $id } $values->('bounce.by', $of);
		} elsif (@ours) {
			return "$id has only some tags" unless "@ours" eq 'undelivered' || "@ours" eq 'delayed';
		}
		for my $by ($values->('bounce.by')) {
			return "$by does not know of $id" unless grep { $_ eq $id } $values->('bounce.of', $by);
		}
		my $states = join ' ', $values->('bounce.state');
		my $wanted = $states =~ /failed/ ? 'undelivered' : $states =~ /delayed/ ? 'delayed' : '';
		return "$id has the states `$states` and was told of none" if $states && !$values->('bounce.by');
		return "$id was told of a state and has none" if !$states && $values->('bounce.by');
		return "$id has the states `$states` and is not $wanted" if $wanted && !$has->($wanted);
		return "$id is undelivered with the states `$states`" if $has->('undelivered') && $wanted ne 'undelivered';
	}
	return '';
}

fresh;
my $begin = time;
waitpid start, 0;
my $long = time - $begin;
my $wanted = dump_of;
my $all = () = $wanted =~ /^\+bounce[ +]/mg;
print "the run that is never killed leaves a half: ", half($wanted), "\n" if half($wanted);
print "too few bounces to be written in several steps: $all\n" if $all < $least;
my ($killed, $in_part, $ended, $is_fresh) = (0, 0, 0, 1);
fresh;
srand 3;
for my $round (1 .. $rounds) {
	# Later and later, on what was left of the round before.
	my $delay = $long * (0.02 + $round % 12 / 12) * (0.5 + rand 0.6);
	my $pid = start;
	sleep $delay;
	kill KILL => $pid;
	waitpid $pid, 0;
	my $was_killed = $? == 9;
	print "round $round: it ended with status $?\n" unless $was_killed || $? == 0;
	my $dump = dump_of;
	my $half = half($dump);
	print "round $round: killed after $delay seconds: $half\n" if $half;
	my $tagged = () = $dump =~ /^\+bounce[ +]/mg;
	$long *= 0.8 if !$was_killed && $is_fresh; # the first run was slower than they are
	$is_fresh = 0;
	$killed += $was_killed;
	$in_part += $was_killed && $tagged > 0 && $tagged < $all;
	next if $was_killed && $tagged < $all && $round % 12 && $round < $rounds;
	waitpid start, 0;
	print "round $round: the run after it ended with status $?\n" if $?;
	if (dump_of ne $wanted) {
		print "round $round: the run after it ends elsewhere\n";
		open my $one, '>', "$mail.wanted"; print $one $wanted; close $one;
		open my $two, '>', "$mail.got"; print $two dump_of; close $two;
		print `diff '$mail.wanted' '$mail.got' | head -n 4`;
	}
	$ended++;
	$is_fresh = 1;
	fresh;
}
warn "# $all bounces in $long seconds; $rounds rounds: killed in $killed, something was written before in $in_part, ended $ended times\n" if $ENV{VERBOSE};
print "killed in only $killed of $rounds rounds\n" if $killed < $rounds / 3;
print "in only $in_part of $rounds rounds it was killed when some was written and some was not\n" if $in_part < $rounds / 12;
print "done\n";
END_OF_PERL

new_index
perl "$scratch/mails" "$mail/cur" 318
notmuch new --quiet --no-hooks
mv "$mail/.notmuch" "$mail.fresh"
# killed THRESHOLD [ARGUMENT]: with a threshold of 1, Xapian writes each change by itself unless it is told to wait.
killed() {
	XAPIAN_FLUSH_THRESHOLD=$1
	export XAPIAN_FLUSH_THRESHOLD
	shift
	is "tag $*, killed in 36 rounds, Xapian writes after $XAPIAN_FLUSH_THRESHOLD: nothing in part, and in the end all" \
		"$(perl "$scratch/kill" "$bounce" "$mail" 36 400 "$@")" 'done'
}
killed 1 --all
killed 10000
killed 1 --remove-tag=new
done_testing
