#!/bin/sh
# Every format has a sample that is read by it: one of the mails in tests/bounces and tests/not-bounces, or one in formats.txt.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

mkdir "$scratch/formats"
perl -e '
	my ($folder, $file, $number) = (shift, undef, 0);
	while (<STDIN>) {
		if (/^== (.*)/) { $number++; print "$1\n"; open $file, ">", sprintf("%s/%02d.eml", $folder, $number) or die $!;
			print $file "Date: Wed, 14 Oct 2026 09:12:44 +0200\nMessage-ID: <f$number\@y.example>\n" }
		elsif ($file) { print $file $_ }
	}' "$scratch/formats" <formats.txt >"$scratch/wanted"

# FORMAT KIND RECIPIENTS of each mail.
read_as() {
	"$bounce" classify --format=json "$@" | perl -MJSON::PP -ne '
		my $mail = decode_json($_);
		print join(" ", $mail->{format} // "-", $mail->{kind}, join(";", map { $_->{address} // "?" } @{ $mail->{recipients} }) || "-"), "\n"'
}
read_as "$scratch/formats" >"$scratch/got"
number=0
while read -r format kind recipients; do
	number=$((number + 1))
	got=$(sed -n "${number}p" "$scratch/got")
	# Of ordinary mail nothing more is told.
	[ "$kind" = none ] && got="$format ${got#* }"
	is "$format" "$got" "$format $kind $recipients"
done <"$scratch/wanted"

sed -n 's/^format //p' ../share/formats/*.format | grep -vx general | sort >"$scratch/all"
read_as bounces not-bounces | cut -d' ' -f1 | cat - "$scratch/wanted" | cut -d' ' -f1 | sort -u >"$scratch/have"
is 'every format has a sample' "$(comm -23 "$scratch/all" "$scratch/have" | tr '\n' ' ')" ''
is 'every sample has a format' "$(cut -d' ' -f1 "$scratch/wanted" | sort | comm -23 - "$scratch/all" | tr '\n' ' ')" ''

done_testing
