#!/bin/sh
# fuzz.sh BUILD SECONDS [TARGET...]: run each fuzzing target (tests/fuzz/, built into BUILD) for SECONDS of processor time, beginning with the samples and
# with what earlier runs found worth keeping in BUILD/corpus; `program` is the whole program, by properties.pl. All of them if none is named. Prints a line
# for each, with the processor seconds that it had; what breaks one stays in BUILD/findings, and then the exit status is 1. To see it again:
# BUILD/fuzz-TARGET BUILD/findings/TARGET-crash-… SEED=1 in the environment begins with the same made-up input each
# time; with RUNS=5000 each target gets so many inputs, the very same ones on every machine, made from the samples alone.
set -eu

build=$(cd "$1" && pwd) seconds=$2
SEED=${SEED:-$(date +%s)}
export SEED
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
		srand $ENV{SEED};
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
		srand $ENV{SEED};
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
		srand $ENV{SEED};
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

# mboxes FOLDER MAIL...: three mails behind one another, as an mbox.
mboxes() {
	mkdir -p "$1"
	perl -0777 -e 'my $folder = shift;
		my @mails = map { open my $in, "<:raw", $_ or die "$_: $!\n"; scalar <$in> } @ARGV;
		while (my @some = splice @mails, 0, 3) {
			open my $out, ">:raw", "$folder/mbox" . ++$n or die "$!\n";
			print $out map { "From anna\@y.example Wed Oct 14 09:12:45 2026\n$_\n" } @some;
		}' "$@"
}

# addresses FOLDER MAIL...: two values of fields with addresses or ids, a NUL between them.
addresses() {
	mkdir -p "$1"
	perl -e 'my $folder = shift;
		my %values = map { /^(?:From|To|Cc|Message-ID|References|(?:Final|Original)-Recipient|X-Failed-Recipients): *(.+)/i ? ($1 => 1) : () } <>;
		my @values = sort keys %values;
		while (my @two = splice @values, 0, 2) {
			open my $out, ">:raw", "$folder/" . ++$n or die "$!\n";
			print $out join "\0", @two;
		}' "$@"
}

# candidates FOLDER MAIL...: an address with a slip, the address, a name, a field that has both, and what a server said of somebody who moved.
candidates() {
	mkdir -p "$1"
	perl -e 'my $folder = shift;
		srand $ENV{SEED};
		my %fields = map { /^(?:From|To|Cc): *(.+)/i ? ($1 => 1) : () } <>;
		for (sort keys %fields) {
			my ($name, $address) = /^"?([^"<]*?)"? *<?([^\s<>@]+@[^\s<>,]+)/ or next;
			my $at = rand() < .6 ? rand index($address, "@") : rand length $address;
			my $slip = $address;
			rand() < .4 ? substr($slip, $at, 1) = "" : rand() < .5 ? substr($slip, $at, 1) = chr 97 + rand 26 : $slip =~ s/(.{$at})(.)(.)/$1$3$2/;
			open my $out, ">:raw", "$folder/" . ++$n or die "$!\n";
			print $out join "\0", $slip, $address, $name, $_, "551 now $address";
		}' "$@"
}

# domains FOLDER FILE...: three lines of FILE, and behind NULs the domains that they are about.
domains() {
	mkdir -p "$1"
	perl -e 'my $folder = shift;
		my @lines = grep { !/^#/ && /\S/ } <>;
		while (my @some = splice @lines, 0, 3) {
			open my $out, ">:raw", "$folder/" . ++$n or die "$!\n";
			print $out @some, map { map { "\0" . (/^[.,]/ ? "name$_" : $_) } split " " } @some;
		}' "$@"
}

# setups FOLDER FILE...: a file of a user, what a trial of it may say, and the words of a command.
setups() {
	mkdir -p "$1"
	perl -0777 -e 'my $folder = shift;
		my $said = "message\t~/Mail/inbox\tinbox unread\t\nbounce\t-\tbounce bounce/user-unknown\tuser-unknown\nsaid\tno such folder\n";
		for my $file (@ARGV) {
			open my $in, "<:raw", $file or die "$file: $!\n";
			open my $out, ">:raw", "$folder/" . ++$n or die "$!\n";
			print $out join "\0", <$in>, $said, "notmuch", "config", "set", "new.tags", "to do", "it\x27s", "\$new";
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
	mail)
		each "$folder" tests/bounces/*/*.eml tests/not-bounces/*.eml
		mboxes "$folder" tests/bounces/*/*.eml tests/not-bounces/*.eml
		;;
	address) addresses "$folder" tests/bounces/*/*.eml tests/not-bounces/*.eml ;;
	candidates) candidates "$folder" tests/bounces/*/*.eml tests/not-bounces/*.eml ;;
	domains) domains "$folder" share/addresses/*.txt ;;
	setup) setups "$folder" share/recipes/* plugin/* ;;
	judgement-wire)
		mkdir -p "$folder"
		printf '%s\n' 'kind failed' 'id b@example.net' 'from a' 'subject s' 'rfc822 o@example.org' 'references r@example.org' \
			'recipient bo@example.net' 'original-address b@example.com' 'action failed' 'status 5.1.1' 'diagnostic-status 5.1.1' \
			'permanent user-unknown' 'recipient c@example.net' 'action delayed' 'temporary mailbox-full' 'end ' >"$folder/1"
		printf 'kind none\nend \n' >"$folder/2"
		;;
	state)
		mkdir -p "$folder"
		printf '%s\0' 'about lunch' b@example.net 'failed 1790000000 user-unknown bo@example.net' 'delayed 1790000000 network c@example.net' \
			'resent 1790000001 - d@example.net' 'replied 1790000002 mailbox-full e@example.net' >"$folder/1"
		printf 'x\0y\0handled 1 spam a@b.example' >"$folder/2"
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

# Processor seconds that our processes have had; not in a subshell, which has had none.
spent=0
look_at_clock() {
	times >"$build/times"
	spent=$(perl -ne 'if ($. == 2) { $sum += 60 * $1 + $2 while /(\d+)m([\d.]+)s/g } END { printf "%.0f", $sum }' "$build/times")
}

row() {
	printf '%-10s %12s %8s %9s %7s  %s\n' "$@"
}

# libfuzzer TARGET ARGUMENT...: what every run of a target has.
libfuzzer() {
	target=$1
	shift
	TMPDIR=$scratch $fixed "$build/fuzz-$target" -seed="$SEED" -timeout=10 -rss_limit_mb=2048 -max_len=20000 -dict="$build/fuzz.dict" \
		-artifact_prefix="$build/findings/$target-" -print_final_stats=1 "$@"
}

# always_the_same TARGET: RUNS inputs. Samples come in the order of their names, not of the file system; nothing is kept for the next time.
always_the_same() {
	find "$build/seeds/$1" -type f | LC_ALL=C sort | paste -sd, >"$scratch/samples"
	libfuzzer "$1" -runs="$RUNS" -reload=0 -seed_inputs=@"$scratch/samples"
}

# as_long_as_it_may TARGET
as_long_as_it_may() {
	mkdir -p "$build/corpus/$1"
	FUZZ_SECONDS=$seconds libfuzzer "$1" "$build/corpus/$1" "$build/seeds/$1"
}

# One target of libFuzzer.
fuzz() {
	log=$build/fuzz-$1.log
	seeds "$1"
	result=none
	look_at_clock
	before=$spent
	if [ -n "${RUNS:-}" ]; then always_the_same "$1"; else as_long_as_it_may "$1"; fi >"$log" 2>&1 ||
		result=$(sed -n 's/^artifact_prefix.*written to //p' "$log" | tail -n 1)
	look_at_clock
	row "$1" "$(said number_of_executed_units)" $((spent - before)) "$(said ft)" "$(said cov)" "${result:-see $log}"
	[ "$result" = none ] || show "$log" "$result"
	[ "$result" = none ]
}

# show LOG FILE: why, and with what, for whoever has only this output.
show() {
	sed -n '/ERROR: \|runtime error:\|promise is broken/,$p' "$1" | head -n 60 | cut -c 1-200
	[ ! -s "$2" ] || gzip -9 <"$2" | base64
}

# The whole program, which was built with the sanitizers too.
whole() {
	log=$build/findings/program-$(date +%s)
	mkdir -p "$scratch/program"
	look_at_clock
	before=$spent
	(cd tests && HOME=$scratch/program ASAN_OPTIONS=detect_leaks=1 SECONDS=$seconds perl properties.pl "$build/notmuch-bounce" "$scratch/program" "$SEED") \
		>"$log" 2>&1 || echo "properties.pl failed" >>"$log"
	look_at_clock
	row program "$(sed -n 's/^mails.//p' "$log")" $((spent - before)) - - "$(if grep -qv ^mails "$log"; then echo "$log"; else echo none; fi)"
	! grep -qv ^mails "$log" && rm "$log"
}

mkdir -p "$build/findings" "$build/corpus"
# In memory where that can be: some targets write files, and make sure of them.
scratch=$(mktemp -d -p /dev/shm 2>/dev/null || mktemp -d)
trap 'rm -rf "$scratch"' EXIT
trap 'exit 1' HUP INT TERM
dictionary >"$build/fuzz.dict"
# Addresses are among what libFuzzer looks at: they must be the same too.
fixed=
if [ -n "${RUNS:-}" ]; then
	seconds=
	! setarch -R true 2>/dev/null || fixed="setarch -R"
fi
failed=0
row target executions seconds features edges findings
for target; do
	case $target in
	program) whole || failed=1 ;;
	*) fuzz "$target" || failed=1 ;;
	esac
done
exit $failed
