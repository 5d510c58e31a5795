#!/usr/bin/perl
# properties.pl PROGRAM SCRATCH [SEED]: what must hold for every mail, asked of mails made by chance, in rounds: always the same ones, or with $SECONDS
# set as many as fit into that much processor time, beginning with SEED. Prints `PROPERTY<tab>what is amiss<tab>SEED NUMBER` for each mail that breaks one, and at last `mails<tab>COUNT`.
# properties.pl --mail SEED NUMBER: print that mail.
use strict;
use warnings;
use POSIX ();

use constant { MAILS => 120, ROUNDS => 2, PATIENCE => 20 };

sub bytes_of {
	my ($path) = @_;
	open my $in, '<:raw', $path or die "$path: $!\n";
	local $/;
	return scalar(<$in>) // '';
}

sub write_to {
	my ($path, $bytes) = @_;
	open my $out, '>:raw', $path or die "$path: $!\n";
	print $out $bytes;
	close $out or die "$path: $!\n";
	return;
}

# -- mails made by chance
my @samples = sort { $a cmp $b } glob 'bounces/*/*.eml not-bounces/*.eml';
# without those that quote a notice, or a mail that came back
my @ordinary = grep { !m{/.*(?:bounce|phishing|fake|postfix|sendmail|arf|mdn|calendar|vacation|ezmlm|ticket)} } sort { $a cmp $b } glob 'not-bounces/*.eml';
my @words = grep { !/^#/ } split ' ', bytes_of('fuzz/words.txt');
my @hostile = ("\0", "\e[2J", "\xe2\x80\xae", "\xff\xfe", "\r", "\n\n", "\r\n", "\n--\n", "X-Bounce-Reason: virus\n", "x-bounce-kind : failed\n\tmore\n",
	"From x\@y.example Thu Jan  1 00:00:00 1970\n", 'x' x 3000, "\n " x 50, "=?utf-8?B?4oCu?=", "\e\$B", "<", '"', '(', "\xc2\x9b", "\t", '%s%n', "\\");

sub pick { return $_[int rand @_] }

sub place { return int rand(length($_[0]) + 1) }

sub piece {
	my ($text, $most) = @_;
	return substr $text, place($text), 1 + int rand $most;
}

sub swap_lines {
	my @lines = split /^/, $_[0];
	return '' unless @lines;
	my ($one, $other) = (int rand @lines, int rand @lines);
	@lines[$one, $other] = @lines[$other, $one];
	return join '', @lines;
}

# Ways to change $_[0], a mail.
my @changes = (
	sub { my $at = place($_[0]); substr($_[0], $at, 1) = chr int rand 256 if $at < length $_[0] },
	sub { substr($_[0], place($_[0]), 0) = pick(@hostile) },
	sub { substr($_[0], place($_[0]), 0) = pick(@words) },
	sub { my $at = place($_[0]); substr($_[0], $at, 1 + int rand 40) = pick(@words) if $at < length $_[0] },
	sub { my $at = place($_[0]); substr($_[0], $at, 1 + int rand 200) = '' if $at < length $_[0] },
	sub { substr($_[0], place($_[0]), 0) = piece($_[0], 400) },
	sub { substr($_[0], place($_[0]), 0) = piece(bytes_of(pick(@samples)), 1500) },
	sub { $_[0] = substr $_[0], 0, place($_[0]) },
	sub { $_[0] = swap_lines($_[0]) },
	sub { $_[0] = pick(@words, @hostile) . ($_[0] =~ /^\n/ ? '' : "\n") . $_[0] },
	sub { my $field = pick(@hostile[8, 9]); $_[0] =~ s/\n(?=\r?\n)/\n$field/ },
	sub { $_[0] =~ s/\r?\n/\r\n/g },
	sub { $_[0] =~ s/\n/\r/g if rand() < .2 },
);

sub mutated {
	my $mail = bytes_of(pick(@samples));
	pick(@changes)->($mail) for 0 .. int rand rand 12;
	return $mail;
}

my @vocabulary; # of bounces too, but no codes, addresses and whole sentences (without blanks): there are some that only one mailer writes

# A letter of a person whose body is random: bytes, words, or the lines of other letters in any order.
sub random_letter {
	my $head = "From: Anna <anna\@freunde.example>\nTo: hana\@shop.example.com\nSubject: " . pick(@words) . "\nMessage-ID: <r\@freunde.example>\n\n";
	my $way = int rand 3;
	return $head . join '', map { chr int rand 256 } 1 .. 3000 if $way == 0;
	if ($way == 1) {
		@vocabulary = grep { !/[\x21-\x26\x28-\x2b\x2f-\x40\x5b-\x60\x7b-\x7e]./ } grep { !/[\x80-\xff]{30}/ } map { split ' ' } map { bytes_of($_) } @samples unless @vocabulary;
		return $head . join '', map { pick(@vocabulary) . (rand() < .1 ? "\n" : ' ') } 1 .. 400;
	}
	my @lines = map { split /^/ } map { bytes_of($_) =~ s/.*?\n\r?\n//sr } map { pick(@ordinary) } 1 .. 3;
	return $head . join '', sort { rand() <=> .5 } @lines;
}

# Number NUMBER of round SEED; every third is a random letter.
sub mail {
	my ($seed, $number) = @_;
	srand $seed % 1_000_000 * 1_000 + $number;
	return $number % 3 == 2 ? random_letter() : mutated();
}

if ($ARGV[0] eq '--mail') {
	binmode STDOUT;
	print mail(@ARGV[1, 2]);
	exit 0;
}

# -- the program
my ($program, $scratch, $first) = (@ARGV, 1);

# Run the program; what it wrote to standard output, and its exit status: 128 and more if a signal ended it, or it took longer than PATIENCE; 1 if a sanitizer
# did.
sub run {
	my ($directory, $in, @arguments) = @_;
	my $pid = fork() // die "fork: $!\n";
	if ($pid == 0) {
		alarm PATIENCE * ($ENV{ASAN_OPTIONS} ? 5 : 1);
		chdir $directory or POSIX::_exit(125);
		open STDIN, '<', $in or POSIX::_exit(125);
		open STDOUT, '>', "$scratch/stdout" or POSIX::_exit(125);
		open STDERR, '>', "$scratch/stderr" or POSIX::_exit(125);
		exec $program, @arguments or POSIX::_exit(125);
	}
	waitpid $pid, 0;
	return (bytes_of("$scratch/stdout"), $? & 127 ? 128 + ($? & 127) : $? >> 8);
}

my ($seed, $number);

sub broken {
	my ($property, $amiss) = @_;
	print join("\t", $property, $amiss, "$seed $number"), "\n";
	return;
}

my $empty = qr/(?:[ \t\r\n]+|>?From [^\n]*\n)*/;
my $lines = qr/(?:[^\n]*[^\n\r][^\n]*(?:\n|\z))*/;

# What stands in MAIL before its header, the header up to the first empty line, the rest. Of a header with nothing but fields of ours nothing is left: then
# what follows the empty lines is taken for the header.
sub parts_of {
	my ($mail) = @_;
	$mail =~ tr/\r/\n/ unless $mail =~ /\n/;
	my ($before, $header, $rest) = $mail =~ /\A((?:\xef\xbb\xbf)?$empty)($lines)(.*)\z/s;
	while ($header =~ /\A(?:X-Bounce-|[ \t])/i && $header !~ /^(?!X-Bounce-|[ \t])/mi && $rest =~ /\A$empty(?=[!-9;-~]+[ \t]*:)$lines/) {
		$header .= $&;
		$rest = $';
	}
	return ($before, $header, $rest);
}

# Without the lines before the first empty one that are a field of ours, with those that continue it. CR LF is an empty line only where most lines before it
# end so.
sub without_ours {
	my ($kept, $removing, $ended, $crlf) = ('', 0, 0, 0);
	for (split /^/, $_[0]) {
		$ended ||= /^\n?\z/ || (/^\r\n\z/ && $crlf > 0);
		$crlf += /\r\n\z/ ? 1 : -1;
		$removing = !$ended && (/^X-Bounce-[!-9;-~]*[ \t]*:/i || ($removing && /^[ \t]/));
		$kept .= $_ unless $removing;
	}
	return $kept;
}

# Whether OUT is IN but for fields of ours in its header: some in front may be new, and of those that were there each may be gone, with the lines folded under
# it and lines that lost their indent.
sub is_same_but_ours {
	my ($mail, $out) = @_;
	if ($mail !~ /\n/) { tr/\r/\n/ for $mail, $out } # a CR alone ends a line where there is no LF at all
	my ($before, $in, $rest) = parts_of($mail);
	return without_ours($mail) eq $out if $in !~ /\A[!-9;-~]+[ \t]*:/; # no mail, which others may take for one
	return 0 if length $out < length($before) + length $rest;
	return 0 if substr($out, 0, length $before) ne $before || substr($out, length($out) - length $rest) ne $rest;
	my @out = split /^/, substr $out, length $before, length($out) - length($before) - length $rest;
	shift @out while @out && $out[0] =~ /^(?:X-Bounce-|[ \t])/;
	my $removing = 0;
	for (split /^/, $in) {
		my $is_same = @out && $_ eq $out[0];
		if (/^[!-9;-~]+[ \t]*:/) { $removing = /^X-Bounce-[!-9;-~]*[ \t]*:/i }
		elsif ($removing && !/^[ \t]/) { $removing = !$is_same }
		return 0 if !$removing && !$is_same;
		shift @out unless $removing;
	}
	return !@out;
}

sub ask_filter {
	my ($path, $kind) = @_;
	my $in = bytes_of($path);
	my ($out, $status) = run('.', $path, 'filter');
	broken('filter', "exit $status") if $status != 0;
	broken('filter', 'not the same but for our fields') if !is_same_but_ours($in, $out);
	broken('filter', 'an ordinary mail grew') if $kind !~ /^(?:failed|delayed)$/ && length $out > length $in;
	my $header = (parts_of($out))[1];
	return if $header !~ /\A[!-9;-~]+[ \t]*:/; # no mail
	my $fields = () = $header =~ /^X-Bounce-Kind *:/mig;
	broken('filter', "$fields fields that say the kind, and it is $kind") if $fields != ($kind =~ /^(?:failed|delayed)$/ ? 1 : 0);
	return;
}

my $raw = qr/[\x00-\x09\x0b-\x1f\x7f-\x9f\x{61c}\x{200e}\x{200f}\x{2028}-\x{202e}\x{2066}-\x{2069}\x{fff9}-\x{fffb}\x{e0000}-\x{e007f}]/;

sub check_shown {
	my ($property, $text, $what) = @_;
	my $copy = $text;
	return broken($property, "$what: not UTF-8") unless utf8::decode($copy);
	return broken($property, "$what: shows " . sprintf 'U+%04X', ord $1) if $copy =~ /($raw)/ || $copy =~ /\\u(?:00[0189]|20[26])/;
	return;
}

# The kinds by number, as `classify` of a directory says; what it said.
sub classify {
	my ($directory) = @_;
	my ($out, $status) = run($directory, '/dev/null', qw(classify --format=json .));
	broken('crash', "classify: exit $status") if $status == 1 || $status >= 125;
	my %kinds = $out =~ m{^\{"file":"\./(\d+)\.eml","kind":"([a-z-]+)"}mg;
	return (\%kinds, $out);
}

# Which mails of a directory make a difference between two outputs, a line each.
sub differing {
	my %lines;
	for my $side (0, 1) {
		for my $line (split /^/, $_[$side]) {
			$lines{$1}[$side] = $line if $line =~ m{"file":"\./(\d+)\.eml"};
		}
	}
	return grep { ($lines{$_}[0] // '') ne ($lines{$_}[1] // '') } sort keys %lines;
}

sub ask_explain {
	my ($directory) = @_;
	for my $how ([qw(--lang=ja)], [qw(--lang=en --short)], [qw(--lang=ja --format=html)], [qw(--lang=en --format=json)]) {
		my ($out, $status) = run($directory, '/dev/null', 'explain', @$how, '.');
		broken('crash', "explain @$how: exit $status") if $status == 1 || $status >= 125;
		check_shown('shown', $out, "explain @$how");
	}
	return;
}

sub round {
	my %directory = map { $_ => "$scratch/$_" } qw(as-is lf crlf);
	for my $directory (values %directory) {
		mkdir $directory;
		unlink glob "$directory/*"; # of the round before
	}
	for my $one (1 .. MAILS) {
		my $mail = mail($seed, $one);
		my $name = sprintf '%04d.eml', $one;
		write_to("$directory{'as-is'}/$name", $mail);
		write_to("$directory{lf}/$name", $mail =~ tr/\r//dr);
		write_to("$directory{crlf}/$name", $mail =~ tr/\r//dr =~ s/\n/\r\n/gr);
	}
	$number = 'all';
	my ($kinds, $out) = classify($directory{'as-is'});
	check_shown('shown', $out, 'classify');
	my (undef, $lf) = classify($directory{lf});
	my (undef, $crlf) = classify($directory{crlf});
	ask_explain($directory{'as-is'});
	for my $one (differing($lf, $crlf)) {
		$number = $one;
		broken('newlines', 'LF and CRLF are judged otherwise');
	}
	for my $one (1 .. MAILS) {
		$number = $one;
		my $kind = $kinds->{ sprintf '%04d', $number } // 'none';
		broken('random', "a random letter is $kind") if $number % 3 == 2 && $kind =~ /^(?:failed|delayed)$/;
		ask_filter(sprintf("$directory{'as-is'}/%04d.eml", $number), $kind);
	}
	return;
}

# Processor seconds that we and the program have had.
sub spent {
	my $sum = 0;
	$sum += $_ for times;
	return $sum;
}

for ($seed = $first; $ENV{SECONDS} ? spent() < $ENV{SECONDS} : $seed < $first + ROUNDS; $seed++) {
	round();
}
print "mails\t", ($seed - $first) * MAILS, "\n";
