#!/usr/bin/perl
# The output of `classify --format=json` as rows of expected.tsv: file, kind, recipients, reasons, permanence, Message-ID of the
# original. Recipients are sorted, their reasons and permanence run parallel; `-` is none.
use strict;
use warnings;
use JSON::PP;

sub join_or_dash { return @_ ? join(';', @_) : '-' }

sub permanence {
	my ($recipient) = @_;
	return exists $recipient->{permanent} ? ($recipient->{permanent} ? 'p' : 't') : '-';
}

binmode STDOUT, ':utf8';
while (my $line = <STDIN>) {
	my $mail = decode_json($line);
	my $is_bounce = $mail->{kind} =~ /^(failed|delayed)$/;
	my @recipients = $is_bounce ? grep { ($_->{action} // 'failed') =~ /^(failed|delayed)$/ } @{ $mail->{recipients} } : ();
	@recipients = sort { ($a->{address} // '') cmp ($b->{address} // '') } @recipients;
	print join("\t", $mail->{file}, $mail->{kind},
		join_or_dash(map { $_->{address} // '?' } @recipients),
		join_or_dash(map { $_->{reason} // '?' } @recipients),
		join_or_dash(map { permanence($_) } @recipients),
		$is_bounce ? $mail->{original}{message_id} // '-' : '-'), "\n";
}
