# mime.pl FILE: the parts of a mail, a line each: number, type, charset, name, bytes of content, their SHA-1.
# mime.pl FILE NUMBER: the decoded content of that part. A second reading of MIME, that knows nothing of the program's.
use strict;
use warnings;
use Digest::SHA 'sha1_hex';
use Encode;
use MIME::Base64;
use MIME::QuotedPrint;

binmode STDOUT;
my ($file, $wanted) = @ARGV;
open my $in, '<:raw', $file or die "$file: $!";
my $mail = do { local $/; <$in> };

sub unfold { my $value = shift; $value =~ s/\r?\n(?=[ \t])//g; return $value }

# The parameter of a field: plain, quoted, or in the pieces and the charset of RFC 2231; or, as others write it, in encoded words.
sub parameter {
	my ($field, $name) = @_;
	my (%piece, $charset);
	# Comments, which nest, but not in quotes.
	$field =~ s/("(?:[^"\\]|\\.)*")|(?<comment>\((?:[^()\\]|\\.|(?&comment))*\))/$1 \/\/ ' '/gse;
	while ($field =~ /;\s*([^\s=*;"]+)(?:\*(\d+))?(\*)?\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s]*))/gi) {
		next if lc $1 ne $name;
		my ($number, $coded, $value) = ($2 // 0, $3, $4 // $5);
		$value =~ s/\\(.)/$1/g if defined $4;
		if ($coded) {
			$charset = $1 if $number == 0 && $value =~ s/^([^']*)'[^']*'//;
			$value =~ s/%([0-9a-f]{2})/chr hex $1/gie;
		}
		$piece{$number} = $value;
	}
	my $value = join '', map { $piece{$_} } sort { $a <=> $b } keys %piece;
	return encode_utf8(decode($charset, $value)) if $charset;
	return $value =~ /=\?/ ? encode_utf8(decode('MIME-Header', $value)) : $value;
}

sub part {
	my ($number, $text, $default) = @_;
	my ($header, $body) = $text =~ /^(.*?\n)?\r?\n(.*)$/s ? ($1 // '', $2) : ($text, '');
	$header = unfold($header);
	my %field;
	$field{lc $1} //= $2 while $header =~ /^([^\s:]+):[ \t]*(.*?)\r?$/gm;
	my $content_type = $field{'content-type'} // $default;
	my ($type) = lc($content_type) =~ m{^([^\s;]+)};
	my $boundary = $type =~ m{^multipart/} ? parameter($content_type, 'boundary') : '';
	if ($boundary ne '') {
		print "$number $type\n" unless defined $wanted;
		my @pieces = split /(?:^|\r?\n)--\Q$boundary\E(?:--)?[ \t]*(?:\r?\n|$)/, $body;
		my ($end) = $body =~ /(?:^|\n)--\Q$boundary\E--/ ? 1 : 0;
		print "$number has no end\n" unless $end;
		# Before the first line is the preamble, behind the last the epilogue.
		my ($parts) = $body =~ /(?:^|\n)--\Q$boundary\E[ \t]*\r?\n(.*?)\r?\n?--\Q$boundary\E--/s ? $1 : '';
		my @parts = split /\r?\n--\Q$boundary\E[ \t]*\r?\n/, $parts, -1;
		my $i = 0;
		part($number eq '0' ? ++$i : "$number." . ++$i, $_, $type eq 'multipart/digest' ? 'message/rfc822' : 'text/plain') for @parts;
		return;
	}
	my $encoding = lc($field{'content-transfer-encoding'} // '');
	my $content = $encoding =~ /base64/ ? decode_base64($body) : $encoding =~ /quoted/ ? decode_qp($body) : $body;
	my $charset = lc parameter($content_type, 'charset');
	my $name = parameter($field{'content-disposition'} // '', 'filename') || parameter($content_type, 'name');
	if (!defined $wanted) {
		printf "%s %s %s %s %d %s\n", $number, $type, $charset || '-', $name eq '' ? '-' : $name, length $content, sha1_hex($content);
	} elsif ($wanted eq $number) {
		print $content;
	}
}

part('0', $mail, 'text/plain');
