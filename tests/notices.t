#!/bin/sh
# The general reader: notices of mailers that do not exist, in notices.txt, are read without a format; what only looks like one is none.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

mkdir "$scratch/notices"
perl -e '
	my ($folder, %back) = (shift);
	my $returned = "\nReturn-Path: <hana\@shop.example.com>\nReceived: from [192.0.2.7] by shop.example.com; Wed, 14 Oct 2026 09:12:39 +0200\n"
		. "Message-ID: <n1\@shop.example.com>\nFrom: Hana <hana\@shop.example.com>\nTo: Erika <erika\@firma.example>\nSubject: Offer\n";
	my ($number, $mail) = (0);
	sub end {
		return unless defined $mail;
		my ($head, $text) = split /\n\n/, $mail, 2;
		$head .= "\nTo: hana\@shop.example.com" unless $head =~ /^To:/m;
		$head .= "\nContent-Type: text/plain; charset=utf-8" unless $head =~ /^Content-Type:/m;
		$text =~ s/^\+\+$/$returned/m;
		open my $file, ">", sprintf("%s/%02d.eml", $folder, $number) or die $!;
		print $file "$head\nDate: Wed, 14 Oct 2026 09:12:44 +0200\nMessage-ID: <x$number\@y.example>\nMIME-Version: 1.0\nContent-Transfer-Encoding: 8bit\n\n$text";
	}
	while (<STDIN>) {
		if (/^== (.*)/) { end(); $number++; $mail = ""; printf "%02d %s\n", $number, $1 }
		elsif (defined $mail) { $mail .= $_ }
	}
	end();' "$scratch/notices" <notices.txt >"$scratch/wanted"

"$bounce" classify --format=json "$scratch/notices" >"$scratch/json"
# NUMBER KIND RECIPIENTS REASONS, recipients in the order in which they stand there.
perl -MJSON::PP -ne '
	my $mail = decode_json($_);
	my @all = grep { length($_->{address} // "") || 1 } @{ $mail->{recipients} };
	$mail->{file} =~ /(\d+)\.eml/;
	binmode STDOUT, ":utf8";
	print join(" ", $1, $mail->{kind}, (join(";", map { $_->{address} // "?" } @all) || "-"), (join(";", map { $_->{reason} // "?" } @all) || "-"), $mail->{format} // "-"), "\n"' \
	<"$scratch/json" >"$scratch/got"

while read -r number kind recipients reason; do
	read -r _ got_kind got_recipients got_reason got_format <<END
$(grep "^$number " "$scratch/got")
END
	is "notice $number: $kind $recipients" "$got_kind $got_recipients" "$kind $recipients"
	[ -z "$reason" ] || is "notice $number: $reason" "$got_reason" "$reason"
	[ "$kind" = none ] || is "notice $number: by no format" "$got_format" general
done <"$scratch/wanted"

done_testing
