#!/bin/sh
# fuzz.sh BUILD SECONDS [TARGET...]: run each fuzzing target (tests/fuzz/, built into BUILD) for SECONDS, beginning with the samples and with what
# earlier runs found worth keeping in BUILD/corpus; `program` is the whole program, by properties.pl. All of them if none is named. Prints a line for
# each; what breaks one stays in BUILD/findings, and then the exit status is 1. To see it again: BUILD/fuzz-TARGET BUILD/findings/TARGET-crash-…
set -eu

build=$(cd "$1" && pwd) seconds=$2
cd "$(dirname "$0")/.."
shift 2
[ $# -gt 0 ] || for file in tests/fuzz/*.c; do
	name=$(basename "$file" .c)
	set -- "$@" "$(echo "$name" | sed 's/^fuzz$/program/')"
done

# each FOLDER FILE...: the files as FOLDER/1, FOLDER/2, …
each() {
	mkdir -p "$1"
	perl -MFile::Copy -e 'my $folder = shift; copy($_, "$folder/" . ++$n) or die "$_: $!\n" for @ARGV' "$@"
}

# rules FOLDER FILE...: twenty rules, a NUL, and some of what servers say.
rules() {
	mkdir -p "$1"
	perl -e 'my $folder = shift;
		open my $said, "<:raw", "tests/diagnostics.txt" or die "$!\n";
		my @said = map { s/ ==> .*//r } grep { !/^#/ } <$said>;
		my @rules = <>;
		while (my @some = splice @rules, 0, 20) {
			open my $out, ">:raw", "$folder/" . ++$n or die "$!\n";
			print $out @some, "\0", map { $said[rand @said] } 1 .. 3;
		}' "$@"
}

# formats FOLDER FILE...: a format, a NUL, and a mail of that mailer if there is one.
formats() {
	mkdir -p "$1"
	perl -0777 -e 'my $folder = shift;
		sub bytes { open my $file, "<:raw", $_[0] or die "$_[0]: $!\n"; return <$file> }
		my @any = glob "tests/bounces/*/*.eml";
		for (map { split /^(?=format )/m, bytes($_) } @ARGV) {
			my ($name) = /^format ([a-z]+)/ or next;
			my @mails = glob "tests/bounces/*/$name*.eml";
			open my $out, ">:raw", "$folder/" . ++$n or die "$!\n";
			print $out $_, "\0", bytes($mails[0] // $any[rand @any]);
		}' "$@"
}

# resends FOLDER MAIL...: options, a NUL, and a mail that came back, or a bounce.
resends() {
	mkdir -p "$1"
	perl -0777 -e 'my $folder = shift;
		my @options = qw(n q p pi a z s m sa sz nqp o c jn);
		for (@ARGV) {
			open my $in, "<:raw", $_ or die "$_: $!\n";
			my $mail = <$in>;
			my $options = $options[rand @options];
			$options .= "by" . (rand() < .3 ? "l" : rand() < .3 ? " right\@y.example" : "") if m{/bounces/};
			$options .= "j" if m{/japan|jp} and rand() < .5;
			open my $out, ">:raw", "$folder/" . ++$n or die "$!\n";
			print $out $options, "\0", $mail;
		}' "$@"
}

# charsets FOLDER MAIL...: the bodies of MAIL behind their charset and a NUL.
charsets() {
	mkdir -p "$1"
	perl -0777 -e 'my $folder = shift;
		for (@ARGV) {
			open my $in, "<:raw", $_ or die "$_: $!\n";
			my $mail = <$in>;
			my $charset = $mail =~ /charset="?([A-Za-z0-9_-]+)/ ? $1 : "utf-8";
			open my $out, ">:raw", "$folder/" . ++$n or die;
			print $out $charset, "\0", $mail =~ s/.*?\n\r?\n//sr;
		}' "$@"
}

# What a target begins with.
seeds() {
	folder=$build/seeds/$1
	rm -rf "$folder"
	case $1 in
	rules) rules "$folder" share/rules/*.rules ;;
	formats) formats "$folder" share/formats/*.format ;;
	words) each "$folder" share/explain/*.txt share/explain/*/*.txt ;;
	handover)
		mkdir -p "$folder"
		printf '%s\n' 'kind failed' 'id b@example.net' 'from a' 'subject s' 'rfc822 o@example.org' 'references r@example.org' \
			'recipient bo@example.net' 'original-address b@example.com' 'action failed' 'status 5.1.1' 'diagnostic-status 5.1.1' \
			'permanent user-unknown' 'recipient c@example.net' 'action delayed' 'temporary mailbox-full' 'end ' >"$folder/1"
		printf 'kind none\nend \n' >"$folder/2"
		;;
	text) charsets "$folder" tests/bounces/*/*.eml tests/not-bounces/*.eml ;;
	resend) resends "$folder" tests/bounces/*/*.eml tests/not-bounces/*.eml tests/not-bounces/*.eml tests/not-bounces/*.eml ;;
	*) each "$folder" tests/bounces/*/*.eml tests/not-bounces/*.eml ;;
	esac
}

# Words that mean something to the program, for libFuzzer to put in: the words of mail and of our languages, and all phrases of rules and formats.
dictionary() {
	perl -e '
		my %seen;
		while (<>) {
			chomp;
			s/^\s+|\s+$//g;
			next if $_ eq "" || /^#/;
			my @words = $ARGV =~ /\.rules$/ ? (map { split /\*/ } split / (?:phrase|unless) /) : $ARGV =~ /\.format$/ ? $_ : split / /;
			for (@words) {
				s/^\s+|\s+$//g;
				$_ = substr $_, 0, 64;
				next if length() < 2 || $seen{$_}++;
				s/([^ !#-\[\]-~])/sprintf "\\x%02x", ord $1/ge;
				print "\"$_\"\n";
			}
		}' tests/fuzz/words.txt share/rules/*.rules share/formats/*.format
}

# The number in the last line of the log that says NAME.
said() {
	sed -n "s/.*$1:* *\([0-9][0-9]*\).*/\1/p" "$log" | tail -n 1
}

row() {
	printf '%-10s %12s %8s %9s %7s  %s\n' "$@"
}

# One target of libFuzzer.
fuzz() {
	log=$build/fuzz-$1.log
	mkdir -p "$build/corpus/$1"
	seeds "$1"
	result=none
	"$build/fuzz-$1" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -max_len=20000 -dict="$build/fuzz.dict" \
		-artifact_prefix="$build/findings/$1-" -print_final_stats=1 "$build/corpus/$1" "$build/seeds/$1" >"$log" 2>&1 ||
		result=$(sed -n 's/^artifact_prefix.*written to //p' "$log" | tail -n 1)
	row "$1" "$(said number_of_executed_units)" "$(said 'runs in')" "$(said ft)" "$(said cov)" "${result:-see $log}"
	[ "$result" = none ]
}

# The whole program, which was built with the sanitizers too.
whole() {
	log=$build/findings/program-$(date +%s)
	scratch=$(mktemp -d)
	(cd tests && HOME=$scratch ASAN_OPTIONS=detect_leaks=1 SECONDS=$seconds perl properties.pl "$build/notmuch-bounce" "$scratch" "$(date +%s)") \
		>"$log" 2>&1 || echo "properties.pl failed" >>"$log"
	rm -rf "$scratch"
	row program "$(sed -n 's/^mails.//p' "$log")" "$seconds" - - "$(if grep -qv ^mails "$log"; then echo "$log"; else echo none; fi)"
	! grep -qv ^mails "$log" && rm "$log"
}

mkdir -p "$build/findings" "$build/corpus"
dictionary >"$build/fuzz.dict"
failed=0
row target executions seconds features edges findings
for target; do
	case $target in
	program) whole || failed=1 ;;
	*) fuzz "$target" || failed=1 ;;
	esac
done
exit $failed
