#!/bin/sh
# Every format has a sample that is read by it, and that would be judged otherwise without it: one of the mails in tests/bounces and
# tests/not-bounces, or one in formats.txt.
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

# FORMAT FILE KIND RECIPIENTS of each mail.
read_as() {
	"$bounce" classify --format=json "$@" | perl -CO -MJSON::PP -ne '
		my $mail = decode_json($_);
		print join(" ", $mail->{format} // "-", $mail->{file}, $mail->{kind}, join(";", map { $_->{address} // "?" } @{ $mail->{recipients} }) || "-"), "\n"'
}
read_as "$scratch/formats" >"$scratch/got"
number=0
while read -r format kind recipients; do
	number=$((number + 1))
	read -r got file got_kind got_recipients <<END
$(sed -n "${number}p" "$scratch/got")
END
	# Of ordinary mail nothing more is told.
	[ "$kind" = none ] && got=$format
	is "$format" "$got $got_kind $got_recipients" "$format $kind $recipients"
	echo "$format $file" >>"$scratch/samples"
done <"$scratch/wanted"

sed -n 's/^format //p' ../share/formats/*.format | grep -vx general | sort >"$scratch/all"
read_as bounces not-bounces | cut -d' ' -f1,2 >>"$scratch/samples"
cut -d' ' -f1 "$scratch/samples" | sort -u >"$scratch/have"
is 'every format has a sample' "$(comm -23 "$scratch/all" "$scratch/have" | tr '\n' ' ')" ''
is 'every sample has a format' "$(cut -d' ' -f1 "$scratch/wanted" | sort | comm -23 - "$scratch/all" | tr '\n' ' ')" ''

# What is said of FILE..., but for the format's name.
judged() {
	XDG_CONFIG_HOME="$scratch/config" "$bounce" classify --format=json "$@" | sed 's/"format":"[^"]*",//'
}
own="$scratch/config/notmuch-bounce/formats/own.format"
mkdir -p "${own%/*}"
while read -r format; do
	# shellcheck disable=SC2046 # names without blanks
	set -- $(sed -n "s/^$format //p" "$scratch/samples")
	rm -f "$own"
	judged "$@" >"$scratch/with"
	echo "format $format" >"$own" # without conditions: it replaces ours, and never fits
	judged "$@" >"$scratch/without"
	ok "$format is needed" test "$(cat "$scratch/with")" != "$(cat "$scratch/without")"
done <"$scratch/all"

done_testing
