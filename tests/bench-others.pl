#!/usr/bin/perl
# bench-others.pl [--each] Sisimai|BounceParser FILE|FOLDER...: what one of the Perl programs makes of mails, as its manual says to use it. A
# line for each recipient: file, address (and its alias, after a blank), reason, by tabs; `-` is none. Mail that is no bounce to it gets none.
#
# --each: every mail in a process of its own, which is killed after five seconds of computing; such mails get a line "FILE hangs".
use strict;
use warnings;
use File::Find;
use Time::HiRes qw(setitimer ITIMER_VIRTUAL);

my $each = @ARGV && $ARGV[0] eq '--each' ? shift : '';
my $program = shift // '';

sub row {
	my ($file, $address, $reason) = @_;
	s/[\t\n\r]+/ /g for $address, $reason;
	return join("\t", $file, length $address ? $address : '-', length $reason ? $reason : '-') . "\n";
}

# A mail at a time, so that no list of results adds to its memory. Complaints, holiday notes and successes are no bounces.
sub sisimai {
	my ($file, $text) = @_;
	my $message = Sisimai::Message->new(data => $text) or return;
	my @found = @{ Sisimai::Data->make(data => $message, origin => $file) // [] };
	return map { row($file, join(' ', grep { length } $_->recipient->address, $_->alias), $_->reason) } @found;
}

# It answers with an object for every mail; eval, because it dies of some.
sub bounce_parser {
	my ($file, $text) = @_;
	my $bounce = eval { Mail::DeliveryStatus::BounceParser->parse($text, { prefer_final_recipient => 1 }) } or return;
	return if !$bounce->is_bounce;
	return map { row($file, $_->get('email') // '', $_->get('std_reason') // '') } $bounce->reports;
}

my $judge;
if ($program eq 'Sisimai') {
	require Sisimai::Message;
	require Sisimai::Data;
	$judge = \&sisimai;
} elsif ($program eq 'BounceParser') {
	require Mail::DeliveryStatus::BounceParser;
	$judge = \&bounce_parser;
} else {
	print STDERR "usage: bench-others.pl [--each] Sisimai|BounceParser FILE|FOLDER...\n";
	exit 64;
}

sub judge_file {
	my ($file) = @_;
	open my $in, '<:raw', $file or die "$file: $!\n";
	my $text = do { local $/; <$in> };
	close $in;
	print eval { $judge->($file, $text) };
	return;
}

my @files;
find({ no_chdir => 1, wanted => sub { push @files, $_ if -f } }, @ARGV);
$| = 1 if $each;
open STDERR, '>', '/dev/null';
for my $file (sort @files) {
	if (!$each) {
		judge_file($file);
		next;
	}
	my $pid = fork // die "fork: $!\n";
	if (!$pid) {
		# Not caught: it ends the process even inside a regular expression.
		setitimer(ITIMER_VIRTUAL, 5);
		judge_file($file);
		exit 0;
	}
	waitpid $pid, 0;
	print "$file\thangs\n" if $? == 26; # SIGVTALRM
}
