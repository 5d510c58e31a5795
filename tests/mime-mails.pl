# mime-mails.pl FOLDER COUNT: mails built at random, always the same, as FOLDER/1 and so on; and on standard output the tree that each was built as, in the form of tests/mime.c.
# Their boundaries are spelled in all ways that RFC 2045 and 2231 allow; FOLDER/odd has the numbers of those that Python's email can't read for that.
# mime-mails.pl FOLDER FILE...: each changed at random, always in the same way, as FOLDER/1 and so on: lines left out, said twice or exchanged, bytes changed, boundaries put in.
use strict;
use warnings;
use Digest::SHA 'sha1_hex';
use MIME::Base64;

my ($folder, $count, @files) = (@ARGV[0, 1], @ARGV[1 .. $#ARGV]);
srand 2045;
our ($eol, $odd, $used);

sub any { return $_[rand @_] }

sub boundary {
	my $characters = join '', 'a' .. 'z', 'A' .. 'Z', 0 .. 9, "_-+,./:=?";
	my $name = join '', map { substr $characters, rand length $characters, 1 } 1 .. 1 + rand 20;
	# One that begins like another, and one with a blank in it.
	$name = any(sort keys %$used) . "x" if %$used && rand() < .2;
	$name =~ s/^(.)(.*)/$1 $2/ if length $name > 2 && rand() < .1;
	$name =~ s/-+$//;
	return $name eq '' || grep({ $_ eq $name || "$_--" eq $name || $_ eq "$name--" } keys %$used) ? boundary() : $name;
}

sub percent { return $_[0] =~ s/([^A-Za-z0-9])/sprintf "%%%02X", ord $1/ger }

# `boundary=…` in one of its spellings.
sub spelled {
	my $name = shift;
	my $quoted = '"' . $name . '"';
	my $half = int(length($name) / 2);
	my ($first, $second) = (substr($name, 0, $half), substr $name, $half);
	my @ways = ("boundary=$quoted", "BOUNDARY=$quoted", "x=\"boundary=no\"; boundary=$quoted", "charset=x;${eol}\tboundary=$quoted", "boundary=$quoted; type=\"text/html\"");
	push @ways, "boundary=$name", "boundary=$name; x=y" if $name =~ /^[A-Za-z0-9_+.-]+$/;
	return any(@ways) if rand() < .6;
	$odd = 1;
	return any("boundary = $quoted", "(a \\) comment (in another)) boundary=$quoted", "boundary=${eol} $quoted (boundary=no)", "name=\"boundary=no\\\"; boundary=no\"; boundary=$quoted",
		"boundary=\"" . ($name =~ s/([^ ])/rand() < .3 ? "\\$1" : $1/ger) . '"', "boundary*=us-ascii''" . percent($name), "boundary*=utf-8'en'" . percent($name),
		"boundary*0=\"$first\"; boundary*1=\"$second\"", "boundary*1=\"$second\";${eol} boundary*0=\"$first\"", "boundary*0*=us-ascii''" . percent($first) . "; boundary*1*=" . percent($second),
		"boundary*0*=''" . percent($first) . "; boundary*1=\"$second\"");
}

sub lines {
	my $most = shift;
	my $characters = join '', map { chr } 32 .. 126;
	return join '', map { my $line = join '', map { substr $characters, rand length $characters, 1 } 1 .. rand 60; $line =~ s/^--/- -/r . $eol } 1 .. rand $most;
}

# A part: its header and its body, and its tree in lines behind NUMBER.
sub part {
	my ($number, $depth, $default) = @_;
	my $multipart = $number eq '0' ? rand() < .9 : rand() < .35 && $depth < 8;
	my $header = rand() < .3 ? "Content-Description: part $number" . $eol : '';
	if (!$multipart) {
		my $type = any('text/plain', 'text/html', 'image/png', 'application/pdf', 'application/x-boundary');
		my $said = rand() < .8 ? "Content-Type: " . any($type, uc $type, "$type; charset=utf-8", "$type; name=\"boundary=x\"") . $eol : '';
		$type = $default if $said eq '';
		my $body = rand() < .1 ? '' : rand() < .5 ? lines(8) : encode_base64(lines(8), $eol);
		$header .= "Content-Transfer-Encoding: base64" . $eol if rand() < .2;
		$body =~ s/\Q$eol\E\z// if rand() < .5;
		my $line = $type =~ /^message/ ? "$number $type" : sprintf "%s %s %d %s", $number, $type, length $body, sha1_hex($body);
		return ($said . $header, $body, $line);
	}
	my $type = any('multipart/mixed', 'multipart/alternative', 'multipart/digest', 'multipart/x-any');
	my $boundary = boundary();
	local $used = {%$used, $boundary => 1};
	my $text = any('', '', "preamble$eol", "-- $eol--$boundary not$eol");
	$text .= "--$boundary$eol";
	my @tree = ("$number $type");
	my $count = 1 + int rand 4;
	for my $i (1 .. $count) {
		my ($head, $body, @lines) = part($number eq '0' ? $i : "$number.$i", $depth + 1, $type eq 'multipart/digest' ? 'message/rfc822' : 'text/plain');
		push @tree, @lines;
		$text .= "$head$eol$body$eol--$boundary" . ($i == $count ? '--' : '') . any('', '', '', ' ', " \t") . $eol;
	}
	$text =~ s/\Q$eol\E\z// if rand() < .3;
	$text .= any('', "${eol}epilogue", "$eol--$boundary$eol") if rand() < .3;
	return ("Content-Type: $type;" . any(' ', "$eol ", '') . spelled($boundary) . $eol . $header, $text, @tree);
}

sub change {
	my @lines = @_;
	for (1 .. 1 + rand 3) {
		my ($i, $k, @boundaries) = (int rand @lines, int rand 6, grep { $lines[$_] =~ /^--/ } 0 .. $#lines);
		if ($k == 0) { splice @lines, $i, 1 }
		elsif ($k == 1) { splice @lines, $i, 0, $lines[rand @lines] }
		elsif ($k == 2 && @boundaries) { splice @lines, any(@boundaries), 1 }
		elsif ($k == 3) { substr($lines[$i], rand length $lines[$i], 1) = chr 32 + rand 95 }
		elsif ($k == 4 && @boundaries) { splice @lines, $i, 0, $lines[any(@boundaries)] }
		else { my $j = rand @lines; @lines[$i, $j] = @lines[$j, $i] }
	}
	return @lines;
}

if ($count =~ /\D/) {
	my $i = 0;
	for my $file (@files) {
		open my $in, '<:raw', $file or die "$file: $!\n";
		my @lines = <$in>;
		next if @lines < 10;
		open my $out, '>:raw', "$folder/" . ++$i or die "$folder/$i: $!\n";
		print $out change(@lines);
	}
	exit;
}

open my $odds, '>', "$folder/odd" or die "$folder/odd: $!\n";
for my $i (1 .. $count) {
	($eol, $odd, $used) = (any("\n", "\r\n"), 0, {});
	my ($header, $body, @tree) = part('0', 0, 'text/plain');
	open my $out, '>:raw', "$folder/$i" or die "$folder/$i: $!\n";
	print $out "From: a\@example.org", $eol, "MIME-Version: 1.0", $eol, $header, $eol, $body;
	close $out;
	print $odds "$i\n" if $odd;
	print "== $folder/$i\n", map { "$_\n" } @tree;
}
