#!/bin/sh
# When the machine fails: memory, reading, writing, processes, signals, limits. A mail is whole somewhere, and the exit status says the truth.
# Each call in a run fails in its turn (faults.c, faults.pl); of the many for memory every so many, all of them with FAULTS=all.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=machine-lib.sh
. ./machine-lib.sh
needs_preloading
cc -D_GNU_SOURCE -shared -fPIC -O1 -w -o "$scratch/faults.so" faults.c 2>"$scratch/err" || skip_all "faults.c can't be compiled here: it takes the GNU C library"
# The link has a name by which the library knows the program.
ln -s "$bounce" "$scratch/notmuch-bounce"
[ "$(basename "$bounce")" = notmuch-bounce ] || bounce=$scratch/notmuch-bounce
# shellcheck source=index-lib.sh
. ./index-lib.sh
sample=bounces/user-unknown/postfix-local.eml
letter=not-bounces/plain-letter.eml
html=$(grep -lirE '^content-type: text/html' bounces | sort | head -n 1)

# every STEP: that, or 1 if all are wanted.
every() {
	if [ "${FAULTS:-}" = all ]; then echo 1; else echo "$1"; fi
}

# with_faults CHECK CALLS:HOW STEP INPUT ARGUMENT...: nothing goes wrong, whichever call fails.
with_faults() {
	check=$1 fault=$2 step=$3 input=$4
	shift 4
	is "$*, $(basename "$input"), $fault: $check" \
		"$(perl faults.pl "$check" "$fault" "$(every "$step")" "$input" "$scratch" "$bounce" "$@" 2>&1)" ''
}

# -- a fault in a call, one after another
for mail_file in $sample $letter; do
	with_faults filter malloc:ENOMEM 13 "$mail_file" filter
	with_faults filter malloc:ENOMEM+ 61 "$mail_file" filter
	for fault in read:EIO write:EIO write:ENOSPC close:EIO open:EMFILE; do
		with_faults filter $fault 1 "$mail_file" filter
	done
	for fault in read:EINTR read:short read:short+ write:EINTR write:short write:short+; do
		with_faults certain $fault 1 "$mail_file" filter
	done
done
[ -z "$html" ] || with_faults filter malloc:ENOMEM 43 "$html" filter
for command in 'classify --why -' 'classify --format=json -' 'explain -'; do
	# shellcheck disable=SC2086 # words
	{
		with_faults answer malloc:ENOMEM 19 $sample $command
		with_faults answer malloc:ENOMEM+ 83 $sample $command
		for fault in read:EIO write:EIO write:ENOSPC open:EMFILE; do
			with_faults answer $fault 1 $sample $command
		done
		for fault in read:EINTR read:short+ write:EINTR write:short+; do
			with_faults certain $fault 1 $sample $command
		done
	}
done

# -- insert: a process that answers for the mail, and others that work for it
FAULT_MAIL=$mail
export FAULT_MAIL
new_index
for fault in any:EIO:0 any:ENOMEM:0 any:EINTR:0 malloc:ENOMEM+:0 read:short+:0 write:short+:0 memfd:ENOSYS:0 exec:ENOENT:3 any:EIO:3; do
	with_faults insert $fault 1 $sample insert +mine
done
# The judge, and the one that writes to the index.
for process in 1 2; do
	with_faults insert any:EIO:$process 197 $sample insert +mine
done
with_faults insert-signal any:term:0 1 $sample insert +mine
with_faults insert-signal any:killall:0 1 $sample insert +mine

new_index
# shellcheck disable=SC2016
perl -e '$SIG{CHLD} = "IGNORE"; exec @ARGV' "$bounce" insert --folder=missing <$sample 2>/dev/null
is 'insert by a program that ignores what becomes of its children: it fails' "$? $(copies)" '75 0'
# shellcheck disable=SC2016
perl -e '$SIG{CHLD} = "IGNORE"; exec @ARGV' "$bounce" insert <$sample 2>/dev/null
is 'insert by a program that ignores what becomes of its children: it succeeds' "$? $(copies)" '0 1'

# A machine goes down: everybody is told, at any time.
cat >"$scratch/down" <<'END'
use strict;
use warnings;
use Time::HiRes qw(time sleep);
my ($program, $mail, $sample, $rounds) = @ARGV;
local $/;
open my $in, '<', $sample or die;
my $text = <$in>;
my (%known, $long);
sub fresh { grep { !$known{$_}++ } glob "$mail/new/* $mail/cur/*" }
fresh;
srand 5;
for my $round (0 .. $rounds) {
	(my $mine = $text) =~ s/^Message-Id: .*/Message-ID: <down-$round\@example.org>/mi or die "no Message-ID";
	open my $out, '>', "$mail.round" or die;
	print $out $mine;
	close $out;
	my ($begin, $pid) = (time, fork);
	if (!$pid) {
		setpgrp;
		open STDIN, '<', "$mail.round";
		open STDERR, '>', '/dev/null';
		exec $program, 'insert';
	}
	if ($round) { sleep rand $long; kill TERM => -$pid }
	waitpid $pid, 0;
	my $status = $? & 127 ? 'signal ' . ($? & 127) : $? >> 8;
	$long = 1.2 * (time - $begin) unless $round;
	my @copies = fresh;
	for my $copy (@copies) { open my $file, '<', $copy or die; print "round $round: changed\n" if <$file> ne $mine }
	print "round $round: status $status, ", scalar @copies, " copies\n" unless $status eq '0' ? @copies == 1 : !@copies;
}
print "done\n";
END
new_index
is 'insert and all its processes are told to end, at 100 moments: once and 0, or not at all' \
	"$(perl "$scratch/down" "$bounce" "$mail" $sample 100)" 'done'

# -- standard input, output and error, closed
# closed WHICH STATUS ARGUMENT...: those descriptors are closed, the others are there.
closed() {
	which=$1 wanted=$2
	shift 2
	(
		case $which in *0*) exec <&- ;; *) exec <$sample ;; esac
		case $which in *1*) exec >&- ;; *) exec >"$scratch/out" ;; esac
		case $which in *2*) exec 2>&- ;; *) exec 2>"$scratch/err" ;; esac
		"$bounce" "$@"
	)
	is "$*, closed: $which" $? "$wanted"
}
for which in 0 1 01 02 12 012; do
	closed "$which" 74 filter
	closed "$which" 74 classify -
	closed "$which" 74 explain -
done
for command in filter 'classify -' 'explain -'; do
	# shellcheck disable=SC2086
	closed 2 0 $command
	# shellcheck disable=SC2086
	"$bounce" $command <$sample >"$scratch/whole"
	same "$command, closed: 2: the whole answer" "$scratch/out" "$scratch/whole"
done
for which in 0 01 02 012 1 2 12; do
	new_index
	case $which in *0*) wanted=75 count=0 ;; *) wanted=0 count=1 ;; esac
	closed "$which" $wanted insert
	is "insert, closed: $which: copies" "$(copies)" $count
done

# -- the reader goes away, the writer is slow
sed '/^$/q' $letter >"$scratch/large"
head -c 3000000 /dev/zero | tr '\0' x >>"$scratch/large"
nobody_reads() {
	{
		"$bounce" "$@" 2>"$scratch/err"
		echo $? >"$scratch/status"
	} | perl -e 'close STDIN; sleep 1' >/dev/null
	is "$*, and nobody reads: 74" "$(cat "$scratch/status")" 74
}
nobody_reads filter <"$scratch/large"
like 'filter: says so, for a mail is at stake' "$(cat "$scratch/err")" '*did not get through*'
nobody_reads classify bounces bounces bounces bounces
is 'classify: says nothing, as before head' "$(cat "$scratch/err")" ''
slowly() {
	perl -e 'local $/ = \1; while (<STDIN>) { syswrite STDOUT, $_ }' <$sample
}
for command in filter 'classify -' 'explain -'; do
	# shellcheck disable=SC2086
	"$bounce" $command <$sample >"$scratch/whole" 2>/dev/null
	# shellcheck disable=SC2086
	slowly | "$bounce" $command >"$scratch/out" 2>/dev/null
	same "$command, a byte at a time" "$scratch/out" "$scratch/whole"
done
new_index
slowly | "$bounce" insert
is 'insert, a byte at a time' "$? $(copies)" '0 1'
same 'insert, a byte at a time: whole' "$(find "$mail/new" "$mail/cur" -type f)" $sample

# -- limits: on memory, on files that are open, on how large they may be
# under LIMIT INPUT ARGUMENT...: the program, under that limit. How it ended is in $code.
under() {
	limit=$1 input=$2
	shift 2
	(
		limited "$limit"
		exec "$bounce" "$@" <"$input" >"$scratch/out" 2>"$scratch/err"
	) 2>/dev/null
	code=$?
}
# What came of an insert under a limit: it may not even start.
told_the_truth() {
	is "$1: it says whether the mail is delivered" "$([ $code -eq 0 ] && echo delivered) $(copies)" "$([ "$(copies)" -eq 1 ] && echo delivered) $(copies)"
	unlike "$1: no second copy" "$(copies)" '[2-9]*'
}
"$bounce" classify - <$sample >"$scratch/whole"
passed=0
for limit in '-v 16000' '-v 30000' '-v 40000' '-v 60000' '-v 90000' '-v 130000' '-v 200000' '-n 3' '-n 4' '-n 5' '-n 6' '-n 7' '-n 8' '-n 9' '-n 10' '-n 12' '-n 16' '-n 32'; do
	under "$limit" $letter filter
	[ $code -ne 0 ] || same "filter, ulimit $limit: whole" "$scratch/out" $letter
	[ $code -ne 0 ] || passed=$((passed + 1))
	under "$limit" $sample classify -
	[ $code -ne 0 ] || same "classify, ulimit $limit: the whole answer" "$scratch/out" "$scratch/whole"
	new_index
	under "$limit" $sample insert
	told_the_truth "insert, ulimit $limit"
done
ok 'some of these limits are wide enough for filter, and some are not' test $passed -gt 2 -a $passed -lt 18
under '-f 100' "$scratch/large" filter
is 'filter, and files end after 100 blocks: 74' $code 74
if [ -c /dev/full ]; then
	for command in classify explain; do
		"$bounce" $command - <$sample >/dev/full 2>"$scratch/err"
		is "$command, full disk: 75" $? 75
		like "$command, full disk: says so" "$(cat "$scratch/err")" '*?*'
	done
fi

done_testing
