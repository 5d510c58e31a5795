# unzip.pl FILE: what is in a zip, a line each: name, `utf-8` if it says so of the name (`-` if it does not), SHA-1 of the content.
use strict;
use warnings;
use Compress::Zlib ();
use Digest::SHA 'sha1_hex';

binmode STDOUT;
open my $in, '<:raw', $ARGV[0] or die "$ARGV[0]: $!";
my $zip = do { local $/; <$in> };
my $end = rindex $zip, "PK\5\6";
die "no zip\n" if $end < 0;
my ($count, $at) = unpack 'x10 v x4 V', substr $zip, $end;
for (1 .. $count) {
	my ($flags, $method, $packed, $size, $name_length, $extra, $comment, $offset) = unpack 'x8 v v x8 V V v v v x8 V', substr $zip, $at;
	my $name = substr $zip, $at + 46, $name_length;
	my ($local_name, $local_extra) = unpack 'x26 v v', substr $zip, $offset;
	my $content = substr $zip, $offset + 30 + $local_name + $local_extra, $packed;
	if ($method == 8) {
		my $inflate = Compress::Zlib::inflateInit(-WindowBits => -Compress::Zlib::MAX_WBITS());
		($content) = $inflate->inflate($content);
	}
	die "$name: size\n" if length $content != $size;
	printf "%s %s %s\n", $name, $flags & 0x800 ? 'utf-8' : '-', sha1_hex($content);
	$at += 46 + $name_length + $extra + $comment;
}
