#!/usr/bin/perl
# bench-score.pl TRUTH WORDS PROGRAM ROWS [PROGRAM ROWS]...: a table of what each program found, in Markdown. TRUTH has a line for each mail:
# file, kind, failed recipients, their reasons, further reasons that a fair judge accepts (by tabs; recipients by `;`, those reasons by
# `|`). ROWS are what bench-others.pl writes, or notmuch-bounce's JSON. WORDS is bench-others.words.
#
# Every mail counts alike: of several recipients each has its share. Reports of a mere delay are in none of the figures, as BounceParser passes
# over them on purpose.
use strict;
use warnings;
use JSON::PP;

sub read_truth {
	my ($path) = @_;
	open my $in, '<:utf8', $path or die "$path: $!\n";
	my %truth;
	while (<$in>) {
		chomp;
		my ($file, $kind, $recipients, $reasons, $also) = split /\t/;
		my @address = $recipients eq '-' ? () : map { lc } split /;/, $recipients;
		my @also = split /;/, $also // '-';
		my @right = map { { map { $_ => 1 } $_->[0], split /\|/, $_->[1] } } do {
			my @reason = $reasons eq '-' ? () : split /;/, $reasons;
			map { [ $reason[$_], $also[$_] // '' ] } 0 .. $#reason;
		};
		$truth{$file} = { kind => $kind, address => \@address, right => \@right };
	}
	return \%truth;
}

# Program and word to the list of our reasons; undef is "no bounce".
sub read_words {
	my ($path) = @_;
	open my $in, '<', $path or die "$path: $!\n";
	my %words;
	while (<$in>) {
		next if /^#/ || !/\S/;
		my ($program, $word, @ours) = split;
		$words{$program}{$word} = @ours && $ours[0] eq '-' ? undef : \@ours;
	}
	return \%words;
}

# Without brackets, and also without the xtext of RFC 3461 (+2B) in which some hand addresses out.
sub plain_address {
	my ($address) = @_;
	my $plain = $address =~ s/^<|>$//gr;
	return (lc $plain, lc $plain =~ s/\+([0-9A-F]{2})/chr hex $1/ger);
}

# What a program said: file => [{ addresses, reasons }...].
sub read_rows {
	my ($program, $path, $words) = @_;
	open my $in, '<:encoding(UTF-8)', $path or die "$path: $!\n";
	my %said;
	while (<$in>) {
		chomp;
		if (/^\{/) {
			my $mail = JSON::PP->new->decode($_);
			next if $mail->{kind} !~ /^(failed|delayed)$/;
			my @failed = grep { ($_->{action} // 'failed') =~ /^(failed|delayed)$/ } @{ $mail->{recipients} };
			$said{ $mail->{file} } = [ map { {
				address => [ map { lc } grep { defined } @$_{qw(address original_address)} ],
				reason => [ grep { $_ ne 'unknown' } $_->{reason} // 'unknown' ],
			} } @failed ];
			next;
		}
		my ($file, $address, $word) = split /\t/;
		next if !defined $word;
		die "$program says $word: not in the table of words\n" if $word ne '-' && !exists $words->{$program}{$word};
		my $ours = $word eq '-' ? [] : $words->{$program}{$word};
		push @{ $said{$file} }, { address => [ map { plain_address($_) } grep { $_ ne '-' } split / /, $address ], reason => $ours } if $ours;
	}
	return \%said;
}

# The names a failed recipient goes by: the address itself, and the one first written to if the report gives that as well (as read by us).
sub names {
	my ($mail, $i) = @_;
	my $address = $mail->{address}[$i];
	return ($address, grep { defined } $mail->{alias}{$address});
}

# Which of the things said is about a recipient: by address, or, where the truth has none, by position.
sub about {
	my ($mail, $said, $i) = @_;
	return $#$said == $#{ $mail->{right} } ? $said->[$i] : undef if !defined $mail->{address}[$i];
	my %name = map { $_ => 1 } names($mail, $i);
	my ($found) = grep { grep { $name{$_} } @{ $_->{address} } } @$said;
	return $found;
}

sub score_bounce {
	my ($mail, $said, $sum) = @_;
	$sum->{bounces}++;
	$sum->{recognised} += @$said > 0;
	my %known = map { $_ => 1 } map { names($mail, $_) } 0 .. $#{ $mail->{address} };
	if (my $n = @{ $mail->{address} }) {
		$sum->{'with recipients'}++;
		$sum->{found} += (grep { about($mail, $said, $_) } 0 .. $n - 1) / $n;
		$sum->{blamed} += grep { @{ $_->{address} } && !grep { $known{$_} } @{ $_->{address} } } @$said;
	}
	my $n = @{ $mail->{right} } or return;
	$sum->{'with reasons'}++;
	for my $i (0 .. $n - 1) {
		my $found = about($mail, $said, $i);
		my @reason = $found ? @{ $found->{reason} } : ();
		my $right = $mail->{right}[$i];
		$sum->{ !@reason ? ($found && $right->{unknown} ? 'right' : 'silent') : (grep { $right->{$_} } @reason) ? 'right' : 'wrong' } += 1 / $n;
	}
	return;
}

sub score {
	my ($truth, $rows) = @_;
	my %sum = map { $_ => 0 } qw(recognised found blamed right wrong silent false);
	for my $file (keys %$truth) {
		my ($mail, $said) = ($truth->{$file}, $rows->{$file} // []);
		if ($mail->{kind} eq 'failed') {
			score_bounce($mail, $said, \%sum);
		} elsif ($mail->{kind} ne 'delayed') {
			$sum{others}++;
			$sum{false} += @$said > 0;
		}
	}
	return \%sum;
}

sub percent {
	my ($part, $whole) = @_;
	return $whole ? sprintf('%.1f %%', 100 * $part / $whole) : '–';
}

# Needs our rows, which come first.
sub add_aliases {
	my ($truth, $rows) = @_;
	for my $file (keys %$rows) {
		for my $said (@{ $rows->{$file} }) {
			my ($address, $first) = @{ $said->{address} };
			$truth->{$file}{alias}{$address} = $first if defined $first && $truth->{$file};
		}
	}
	return;
}

my ($truth_path, $words_path, @programs) = @ARGV;
my ($truth, $words) = (read_truth($truth_path), read_words($words_path));
my (@names, @sums);
while (my ($program, $path) = splice @programs, 0, 2) {
	my $rows = read_rows($program, $path, $words);
	add_aliases($truth, $rows) if !@names;
	push @names, $program;
	push @sums, score($truth, $rows);
}

binmode STDOUT, ':utf8';
sub line { return '| ' . join(' | ', @_) . " |\n" }
my $all = $sums[0];
my @has_reasons = map { $_ eq 'notmuch-bounce' || exists $words->{$_} } @names;
sub reasons {
	my ($what) = @_;
	return map { $has_reasons[$_] ? percent($sums[$_]{$what}, $sums[$_]{'with reasons'}) : "\x{2013}" } 0 .. $#sums;
}
print line("bounces recognised (of $all->{bounces})", map { percent($_->{recognised}, $all->{bounces}) } @sums);
print line('recipients found', map { percent($_->{found}, $_->{'with recipients'}) } @sums);
print line('others named as failed', map { $_->{blamed} } @sums);
print line('reasons right', reasons('right'));
print line('reasons wrong (the rest: not said)', reasons('wrong'));
print line('other mail taken for a bounce (of ' . ($all->{others} // 0) . ')', map { $_->{false} } @sums);
