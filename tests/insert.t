#!/bin/sh
# insert: whatever goes wrong, a mail is delivered once, as it came, and the exit status is 0, or it is not delivered and the status is 75.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=index-lib.sh
. ./index-lib.sh
letter=not-bounces/plain-letter.eml
sample=bounces/user-unknown/postfix-local.eml
bounce_tags='bounce bounce/permanent bounce/user-unknown'

# Programs in a directory of its own, for those who may look there.
mkdir "$scratch/bin" "$scratch/alone"
cp "$bounce" "$scratch/bin/notmuch-bounce"
cp "$bounce" "$scratch/alone/notmuch-bounce"
bounce=$scratch/bin/notmuch-bounce

# insert FILE [ARGUMENT...]: what came of it is in $came: exit status and copies; $delivered is the file.
insert() {
	input=$1
	shift
	$as "$bounce" insert "$@" <"$input" >"$scratch/out" 2>"$scratch/err"
	code=$?
	came="$code $(copies)"
	delivered=$(find "$mail/new" "$mail/cur" -type f | head -n 1)
	delivered=${delivered:-$scratch/nothing}
}
as=

# -- what it is for
new_index
insert $sample
is 'a bounce: delivered, once' "$came" '0 1'
same 'a bounce: as it came' "$delivered" $sample
is 'a bounce: has its tags' "$(tags '*')" "$bounce_tags"
is 'a bounce: and those of new.tags' "$(notmuch count tag:inbox and tag:unread)" 1
is 'nothing is printed' "$(cat "$scratch/out")" ''
insert $sample +mine -inbox
is 'a second copy: delivered as well' "$came" '0 2'
is 'a second copy: one mail in the index, with the tags of the second' "$(notmuch count '*') $(tags '*') $(notmuch count tag:inbox)" \
	"1 $bounce_tags mine 0"
new_index
insert $letter +work -inbox
is 'other mail: delivered, once' "$came" '0 1'
same 'other mail: as it came' "$delivered" $letter
is "other mail: only the user's tags" "$(tags '*') $(notmuch count tag:inbox)" 'work 0'
new_index
insert $sample -bounce/permanent
is "the user's tags come after ours" "$(tags '*')" 'bounce bounce/user-unknown'
new_index
insert $sample --folder=lists/c --create-folder +mine
is 'the options of notmuch insert' "$code $(notmuch count path:lists/c/new or path:lists/c/cur) $(tags '*')" "0 1 $bounce_tags mine"
{ printf 'From: a@example.net\nSubject: x\nMessage-ID: <bytes@example.net>\n\n\0\r\n\377\r'; head -c 300000 /dev/urandom; } >"$scratch/bytes"
{ sed '/^$/q' $sample; head -c 30000000 /dev/zero | tr '\0' x; } >"$scratch/long"
for file in bytes long; do
	new_index
	insert "$scratch/$file"
	is "a mail of $file: delivered, once" "$came" '0 1'
	same "a mail of $file: as it came" "$delivered" "$scratch/$file"
done
exits '--help works' 0 "$bounce" insert --help

# -- what is wrong with the call
new_index
: >"$scratch/empty"
insert "$scratch/empty"
is 'nothing on standard input: 75' "$came" '75 0'
head -c 5000 /dev/zero >"$scratch/zeros"
insert "$scratch/zeros"
is 'no mail at all: 75' "$came" '75 0'
for option in --no-such-option --folder=../up --folder=missing; do
	insert $letter $option
	is "$option: 75" "$came" '75 0'
	like "$option: says why" "$(cat "$scratch/err")" '*?*'
done
insert $letter +
is 'no tag at all: 75' "$came" '75 0'

# -- what is wrong with the machine
saved=$PATH
# shellcheck disable=SC2123 # nothing else is to be found
PATH=$scratch/alone
"$bounce" insert <$sample >/dev/null 2>"$scratch/err"
code=$?
PATH=$saved
is 'no notmuch: 75' "$code $(copies)" '75 0'
like 'no notmuch: says so' "$(cat "$scratch/err")" '*notmuch*'

HOME='' insert $sample
is 'HOME is empty: delivered' "$came" '0 1'
new_index
as="env -u HOME"
insert $sample
is 'HOME is not set, so that notmuch refuses: 75' "$came" '75 0'
as='env -u HOME -u NOTMUCH_CONFIG'
insert $letter
is 'neither HOME nor a configuration: 75' "$came" '75 0'
as=

for value in soon -1 '' 1.5 86401; do
	new_index
	notmuch config set bounce.lock_timeout "$value"
	insert $letter
	is "bounce.lock_timeout='$value': delivered" "$came" '0 1'
	[ -z "$value" ] || like "bounce.lock_timeout='$value': says what is expected" "$(cat "$scratch/err")" "*bounce.lock_timeout*$value*0 to 86400*"
done

# -- the database
new_index
rm -rf "$mail/.notmuch"
insert $sample
is 'no database: 75' "$came" '75 0'
for table in iamglass postlist.glass; do
	new_index
	insert $letter
	printf 'not what it was' >"$mail/.notmuch/xapian/$table"
	rm -f "$delivered"
	insert $sample
	like "a database whose $table is broken: all or nothing" "$came" '[07]* [01]'
	case $came in
	'0 1') same "a database whose $table is broken: as it came" "$delivered" $sample ;;
	*) is "a database whose $table is broken: 75" "$came" '75 0' ;;
	esac
done

# Root may write everywhere, but with what Linux calls a capability less it may not.
[ "$(id -u)" -ne 0 ] || as='setpriv --bounding-set=-dac_override,-dac_read_search --inh-caps=-dac_override,-dac_read_search'
new_index
insert $letter
rm -f "$delivered"
chmod -R a-w "$mail/.notmuch/xapian"
unlike 'a database can be made read-only here' "$($as sh -c "test -w $mail/.notmuch/xapian && echo writable")" writable
insert $sample
is 'a read-only database: 75' "$came" '75 0'
chmod -R u+w "$mail/.notmuch/xapian"
for directory in new tmp; do
	new_index
	chmod a-w "$mail/$directory"
	insert $sample
	is "nobody may write to the Maildir's $directory: 75" "$came" '75 0'
	chmod u+w "$mail/$directory"
done
as=

new_index
hold_lock 600
notmuch config set bounce.lock_timeout 1
insert $sample
is 'the database is locked for ever: 75' "$came" '75 0'
like 'the database is locked for ever: says so' "$(cat "$scratch/err")" '*another program*'
release_lock
insert $sample
is 'the lock is gone: delivered' "$came" '0 1'
new_index
hold_lock 5
insert $sample
is 'the database is locked for five seconds: delivered' "$came" '0 1'
same 'the database is locked for five seconds: as it came' "$delivered" $sample
is 'the database is locked for five seconds: has its tags' "$(tags '*')" "$bounce_tags"
release_lock

# -- no room
{ sed '/^$/q' $sample; head -c 200000 /dev/urandom | od -An -tx1; } >"$scratch/big"
for blocks in 1 40 400 2000; do
	new_index
	insert $letter
	rm -f "$delivered"
	(
		trap '' XFSZ
		# shellcheck disable=SC3045 # every sh that is around has it
		ulimit -f $blocks
		exec "$bounce" insert <"$scratch/big" >/dev/null 2>&1
	)
	code=$?
	delivered=$(find "$mail/new" "$mail/cur" -type f | head -n 1)
	if [ "$code" -eq 0 ]; then
		same "files end after $blocks blocks: delivered as it came" "${delivered:-$scratch/none}" "$scratch/big"
	else
		is "files end after $blocks blocks: 75" "$code $(copies)" '75 0'
	fi
done

# A small disk of our own, with KIB left on it. In a namespace: it goes away with its last user.
cat >"$scratch/small-disk" <<'END'
mount -t tmpfs -o size=8m small "$1" || exit 99
mkdir "$1/new" "$1/cur" "$1/tmp"
notmuch new --quiet --no-hooks
"$2" insert <"$3" 2>/dev/null
rm "$1"/new/*
dd if=/dev/zero of="$1/filling" bs=1024 2>/dev/null
filled=$(($(wc -c <"$1/filling") - $5 * 1024))
if [ "$filled" -gt 0 ]; then
	dd if=/dev/null of="$1/filling" bs=1 seek="$filled" 2>/dev/null
else
	rm "$1/filling"
fi
"$2" insert <"$4" 2>/dev/null
code=$?
echo "$code $(find "$1/new" "$1/cur" -type f | grep -c .)"
[ "$code" -ne 0 ] || cmp "$1"/new/* "$4"
END
spaces=$(unshare -m true 2>/dev/null && echo 'unshare -m' || echo 'unshare -rm')
if $spaces sh -c "mount -t tmpfs -o size=1m small $mail" 2>/dev/null; then
	for room in 0 8 64 700 8192; do
		new_index
		rm -rf "$mail"
		mkdir "$mail"
		came=$($spaces sh "$scratch/small-disk" "$mail" "$bounce" $letter "$scratch/big" $room)
		case $room,$came in
		0,* | 8,* | 64,*) is "a disk with $room KiB left: 75" "$came" '75 0' ;;
		8192,*) is "a disk with $room KiB left: delivered, as it came" "$came" '0 1' ;;
		*,'0 1') pass "a disk with $room KiB left: delivered, as it came" ;;
		*) is "a disk with $room KiB left: 75" "$came" '75 0' ;;
		esac
	done
else
	note 'No disk can be mounted here; the tests above, with a limit on files, have to do.'
fi

# -- killed at any moment
# Each round kills it after another time, every other round with all that it started, and looks for what was left. Then the mail comes again.
cat >"$scratch/kill" <<'END'
use strict;
use Time::HiRes qw(time sleep);
my ($program, $mail, $sample, $rounds) = @ARGV;
local $/;
open my $in, '<', $sample or die;
my $text = <$in>;
my (%known, $early, $late);
sub fresh { grep { !$known{$_}++ } glob "$mail/new/* $mail/cur/*" }
sub start {
	my ($letter) = @_;
	pipe my $end, my $kept or die;
	$^F = 1000; # the pipe is closed by the end of the last process
	my $pid = fork;
	if (!$pid) {
		setpgrp;
		fcntl $kept, 2, 0;
		open STDIN, '<', $letter;
		open STDERR, '>', '/dev/null';
		exec $program, 'insert';
	}
	close $kept;
	return $pid, $end;
}
sub whole {
	my ($wanted, @files) = @_;
	for (@files) { open my $file, '<', $_; <$file> eq $wanted or return 0 }
	return 1;
}
my ($long, $begin) = (0, 0);
srand 3;
for my $round (0 .. $rounds) {
	(my $mine = $text) =~ s/^Message-Id: .*/Message-ID: <kill-$round\@example.org>/mi or die "no Message-ID";
	open my $out, '>', "$mail.round" or die;
	print $out $mine;
	close $out;
	if ($round > 0) {
		my ($pid, $end) = start("$mail.round");
		sleep rand $long;
		kill KILL => $round % 2 ? $pid : -$pid;
		waitpid $pid, 0;
		my $ended = $? == 0;
		<$end>;
		my @left = fresh;
		print "round $round: ", scalar @left, " copies\n" if @left > 1 or $ended && !@left;
		print "round $round: a copy in part\n" unless whole $mine, @left;
		$ended || @left ? $late++ : $early++;
	}
	$begin = time;
	my ($pid, $end) = start("$mail.round");
	waitpid $pid, 0;
	my $status = $?;
	<$end>;
	$long = 1.1 * (time - $begin) if $round < 2 or 1.1 * (time - $begin) < $long;
	my @left = fresh;
	print "round $round: then status $status, ", scalar @left, " copies\n" if $status != 0 or @left != 1;
	print "round $round: then a copy in part\n" unless whole $mine, @left;
}
print "never killed before it was delivered\n" unless $early;
print "never killed afterwards\n" unless $late;
END
new_index
is 'killed 200 times: at most one more copy, none in part, and delivered when it comes again' \
	"$(perl "$scratch/kill" "$bounce" "$mail" $sample 200)" ''
notmuch new --quiet --no-hooks
is 'killed 200 times: every mail is in the index, and has its tags' \
	"$(notmuch count '*') $(notmuch count tag:bounce and tag:bounce/user-unknown and tag:bounce/permanent)" '201 201'

# -- many at once
new_index
sed 's/^Message-I[dD]: .*/Message-ID: <N@example.org>/' $sample >"$scratch/pattern"
# many FROM TO: inserts these.
many() {
	n=$1
	while [ "$n" -le "$2" ]; do
		# As a delivery agent: 75 is to come again.
		for attempt in 1 2 3; do
			sed "s/^Message-ID: <N@/Message-ID: <many-$n@/" "$scratch/pattern" | "$bounce" insert +many 2>"$scratch/many.err.$1"
			failed=$?
			[ "$failed" -eq 75 ] || break
		done
		[ "$failed" -eq 0 ] || { echo "many-$n: $failed, $attempt times"; cat "$scratch/many.err.$1"; }
		n=$((n + 1))
	done
}
many 1 170 >"$scratch/first" &
first=$!
many 171 340 >"$scratch/second" &
second=$!
n=341
while [ "$n" -le 500 ]; do
	sed "s/^Message-ID: <N@/Message-ID: <many-$n@/" "$scratch/pattern" >"$mail/tmp/$n"
	mv "$mail/tmp/$n" "$mail/new/$n.other"
	[ $((n % 4)) -ne 0 ] || notmuch new --quiet --no-hooks
	n=$((n + 1))
done
wait $first $second
notmuch new --quiet --no-hooks
is 'two inserts and notmuch new at once: none fails for good' \
	"$(cat "$scratch/first" "$scratch/second")" ''
is 'two inserts and notmuch new at once: 500 mails, each once' "$(notmuch count '*') $(notmuch count --output=files '*') $(copies)" '500 500 500'
is 'two inserts and notmuch new at once: each that was inserted has its tags' \
	"$(notmuch count tag:many and tag:bounce/user-unknown and tag:bounce)" 340
is 'two inserts and notmuch new at once: none is empty or cut' "$(find "$mail/new" "$mail/cur" -type f -size -3 | head)" ''
done_testing
