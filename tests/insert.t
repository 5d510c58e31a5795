#!/bin/sh
# insert: whatever goes wrong, a mail is delivered once, as it came, and the exit status is 0, or it is not delivered and the status is 75.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=index-lib.sh
. ./index-lib.sh
# shellcheck source=user-lib.sh
. ./user-lib.sh
# shellcheck source=machine-lib.sh
. ./machine-lib.sh
letter=not-bounces/plain-letter.eml
sample=bounces/user-unknown/postfix-local.eml

# Programs in a directory of its own, for those who may look there.
mkdir "$scratch/bin" "$scratch/alone"
program_at "$scratch/bin"
program_at "$scratch/alone"
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
is 'a bounce: has its tags' "$(tags '*')" "$gone_tags"
is 'a bounce: and those of new.tags' "$(notmuch count tag:inbox and tag:unread)" 1
is 'nothing is printed' "$(cat "$scratch/out")" ''
is 'a bounce: is on record' "$(notmuch count property:bounce.is=report)" 1
new_index
{ echo 'From MAILER-DAEMON Mon Nov 23 07:29:35 2026'; cat $sample; } >"$scratch/from-procmail"
insert "$scratch/from-procmail"
is 'a bounce with the From_ line that procmail gives it: delivered, has its tags, is on record' \
	"$came $(tags '*') $(notmuch count property:bounce.is=report)" "0 1 $gone_tags 1"
new_index
insert $sample
insert $sample +mine -inbox
is 'a second copy: delivered as well' "$came" '0 2'
is 'a second copy: one mail in the index, its tags as they were, as notmuch insert has it' "$(notmuch count '*') $(tags '*') $(notmuch count tag:inbox)" \
	"1 $gone_tags 1"
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
is 'the options of notmuch insert' "$code $(notmuch count path:lists/c/new or path:lists/c/cur) $(tags '*')" "0 1 $gone_tags mine"
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
perl -e 'alarm 8; exec @ARGV' "$bounce" insert <$sample 2>"$scratch/err"
is 'no database: that is not waited for' "$?" 75
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

if $as_mortal true 2>/dev/null; then
	as=$as_mortal
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
else
	skip 'what may not be written to' 'root stays root without setpriv'
fi

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
is 'the database is locked for five seconds: has its tags' "$(tags '*')" "$gone_tags"
release_lock

# -- no room
{ sed '/^$/q' $sample; head -c 200000 /dev/urandom | od -An -tx1; } >"$scratch/big"
for blocks in 1 40 400 2000; do
	new_index
	insert $letter
	rm -f "$delivered"
	(
		limited "-f $blocks"
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

# A mail, so that the database is there; then the large one.
cat >"$scratch/without-room" <<'END'
maildir=$disk program=$1 small=$2 large=$3
mkdir "$maildir/new" "$maildir/cur" "$maildir/tmp"
notmuch new --quiet --no-hooks
"$program" insert <"$small" 2>/dev/null
rm "$maildir"/new/*
leave_room "$4"
"$program" insert <"$large" 2>/dev/null
code=$?
echo "$code $(find "$maildir/new" "$maildir/cur" -type f | grep -c .)"
[ "$code" -ne 0 ] || cmp "$maildir"/new/* "$large"
END
if small_disks "$mail"; then
	for room in 0 8 64 700 8192; do
		new_index
		rm -rf "$mail"
		mkdir "$mail"
		came=$(on_small_disk 8192 "$mail" "$scratch/without-room" "$bounce" $letter "$scratch/big" $room)
		case $room,$came in
		0,* | 8,* | 64,*) is "a disk with $room KiB left: 75" "$came" '75 0' ;;
		8192,*) is "a disk with $room KiB left: delivered, as it came" "$came" '0 1' ;;
		*,'0 1') pass "a disk with $room KiB left: delivered, as it came" ;;
		*) is "a disk with $room KiB left: 75" "$came" '75 0' ;;
		esac
	done
fi
done_testing
