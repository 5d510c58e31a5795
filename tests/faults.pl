#!/usr/bin/perl
# faults.pl CHECK CALLS:HOW[+][:PROCESS] STRIDE INPUT SCRATCH PROGRAM [ARGUMENT...]: run the program on INPUT once for each fault: the first such call fails,
# then the second, until a run comes to its end without one (faults.c says what CALLS and HOW are). STRIDE: every how many of them.
# A line for each run that went wrong, and how; nothing else. With COUNT in the environment: also how many faults there were, on standard error.
#
# CHECK filter: the mail comes out whole, with all that is expected in front of it, or without, and exit status 0; or the status is another.
#       answer: the whole answer and status 0; or no part of it, another status, and a word on it.
#       certain: the whole answer and status 0.
#       insert: one copy more in the Maildir, byte for byte, and status 0; or none, and 75.
#       insert-signal: the same, or ended by SIGTERM, and none.
use strict;
use warnings;
use Time::HiRes qw(alarm);

my ($check, $fault, $stride, $input, $scratch, @command) = @ARGV;
my ($calls, $how, $process) = split /:/, $fault;
my $behind = $how =~ s/\+$// ? '+' : '';
$process = defined $process ? ":$process" : '';

sub contents {
    my ($path) = @_;
    local $/;
    open my $file, '<', $path or die "$path: $!";
    return <$file> // '';
}

# What `filter` adds to a mail, and the rest.
sub apart {
    my ($text) = @_;
    my ($head, $rest) = $text =~ /^(.*?\n)(\r?\n.*)?$/s or return ('', $text);
    my $ours = '';
    $ours .= $1 while $head =~ s/^(X-Bounce-[^\n]*\n(?:[ \t][^\n]*\n)*)//mi;
    return ($ours, $head . ($rest // ''));
}

my %known;
sub fresh { return grep { !$known{$_}++ } glob "$ENV{FAULT_MAIL}/new/* $ENV{FAULT_MAIL}/cur/*" }

sub run {
    my ($n) = @_;
    unlink "$scratch/seen";
    my $pid = fork // die;
    if (!$pid) {
        setpgrp;
        open STDIN,  '<', $input         or die;
        open STDOUT, '>', "$scratch/out" or die;
        open STDERR, '>', "$scratch/err" or die;
        @ENV{qw(FAULT FAULT_SEEN LD_PRELOAD)} = ("$calls:$how:$n$behind$process", "$scratch/seen", "$scratch/faults.so") if $n;
        exec @command;
        die;
    }
    my $late = 0;
    local $SIG{ALRM} = sub { $late = 1; kill KILL => -$pid };
    alarm 20;
    waitpid $pid, 0;
    my $status = $?;
    alarm 0;
    my ($there, $hit) = $n ? unpack 'LL', contents("$scratch/seen") : (0, 0);
    return ($late ? 'hangs' : $status & 127 ? 'signal ' . ($status & 127) : $status >> 8, $hit);
}

my $mail = contents($input);
my ($wanted_status) = $check =~ /^insert/ ? (0) : run(0);
my $wanted = $check =~ /^insert/ ? '' : contents("$scratch/out");
my ($ours) = apart($wanted);
print "without a fault: $wanted_status\n" if $wanted_status ne '0';
fresh() if $check =~ /^insert/;

# The index keeps the names of copies that are gone until it is told; with thousands of them each insert would take longer than the last.
my $inserted = 0;
sub forget_copies { return ++$inserted % 64 || system qw(notmuch new --quiet --no-hooks) }

my %checks = (
    filter => sub {
        my ($status) = @_;
        return $status eq 'hangs' ? 'hangs' : '' if $status ne '0';
        my ($fields, $rest) = apart(contents("$scratch/out"));
        return 'exit 0, and the mail is changed' if $rest ne $mail;
        return "exit 0, with other fields: $fields" if $fields ne '' && $fields ne $ours;
        return '';
    },
    certain => sub {
        my ($status) = @_;
        return "$status: " . contents("$scratch/err") if $status ne '0';
        return contents("$scratch/out") eq $wanted ? '' : 'exit 0 and another answer';
    },
    answer => sub {
        my ($status) = @_;
        my $out = contents("$scratch/out");
        $out =~ s/^Could not open converter from .*\n// if "@command" =~ /explain/; # a library's, where there is no memory for that
        return $out eq $wanted ? '' : 'exit 0 and another answer' if $status eq '0';
        return $status if $status eq 'hangs';
        return "$status and a part of the answer" if $out ne '' && $out ne $wanted;
        return '' if $status =~ /^signal/ && "@command" =~ /explain/; # libnotmuch and Xapian don't survive it
        return $status if $status =~ /^signal/;
        return "$status, and not a word" if contents("$scratch/err") eq '';
        return '';
    },
    insert => sub {
        my ($status, $ended) = @_;
        my @copies = fresh();
        my $changed = grep { contents($_) ne $mail } @copies;
        unlink @copies;
        forget_copies();
        return '' if !$changed && ($status eq '0' && @copies == 1 || $status eq '75' && !@copies);
        return '' if !$changed && $ended && $status eq 'signal 15' && !@copies;
        return "$status, " . @copies . ' copies, ' . ($changed ? 'changed' : 'whole') . ': ' . contents("$scratch/err");
    },
);
$checks{'insert-signal'} = sub { return $checks{insert}->(@_, 1) };

my ($count, $n) = (0, 1);
for (;; $n += $stride) {
    my ($status, $hit) = run($n);
    my $wrong = $checks{$check}->($status);
    $wrong =~ s/\s+/ /g;
    print "$calls:$how:$n$behind$process: $wrong\n" if $wrong ne '';
    last unless $hit;
    $count++;
}
print "no such call was made\n" unless $count;
print STDERR "$count faults\n" if $ENV{COUNT};
