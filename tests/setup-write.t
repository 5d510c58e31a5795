#!/bin/sh
# setup --write: asks, keeps what was there, writes all or nothing, and never harms a file of the user's.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=index-lib.sh
. ./index-lib.sh
# shellcheck source=user-lib.sh
. ./user-lib.sh
# shellcheck source=machine-lib.sh
. ./machine-lib.sh
# shellcheck source=setup-lib.sh
. ./setup-lib.sh

needs_terminal
source_tree

# -- --write
rc=$HOME/.procmailrc
backup=$rc.before-notmuch-bounce
fresh
sums >"$scratch/before"
for no in 'n\n' '\n' 'yo\n' 'no yes\n' ''; do
	answered "$no" procmail
	is "answer \"$no\": exit 0" $code 0
	sums >"$scratch/after"
	same "answer \"$no\": nothing is written" "$scratch/before" "$scratch/after"
done
printed procmail
lines >"$scratch/wanted"
answered 'y\n' procmail
is 'yes: exit 0' $code 0
like 'yes: the lines were shown first' "$(cat "$scratch/out")" "*INCLUDERC=*Put these lines there? ?y/N?*done*"
same 'yes: these lines are the new file' "$rc" "$scratch/wanted"
is 'yes: for nobody else to read' "$(mode "$rc")" 600
is 'yes: nothing else is new' "$(ls -A "$HOME")" .procmailrc
sums >"$scratch/before"
answered '' procmail
sums >"$scratch/after"
same 'twice is once' "$scratch/before" "$scratch/after"
unlike 'twice: nothing is asked' "$(cat "$scratch/out")" '*y/N*'

fresh
printf 'y\n' | script -q -e -c "echo n | '$setup' setup --write procmail" /dev/null >/dev/null 2>&1
ok 'the answer comes from the terminal, not from a pipe' test -s "$rc"
printf 'n\n' | script -q -e -c "'$setup' setup --write procmail >'$scratch/piped'" /dev/null >"$scratch/out" 2>&1
is 'nobody sees what is asked: exit 64' $? 64

# What was there stays, and is kept.
fresh
printf ':0\n* ^Subject: x\nx/\n# no end of line, \134' >"$rc"
chmod 640 "$rc"
cp "$rc" "$scratch/mine"
answered 'yes\n' procmail
is 'a file of mine: exit 0' $code 0
head -c "$(wc -c <"$scratch/mine")" "$rc" >"$scratch/head"
same 'a file of mine: all its bytes are there' "$scratch/head" "$scratch/mine"
same 'a file of mine: it is kept' "$backup" "$scratch/mine"
is 'a file of mine: the modes are as they were' "$(mode "$rc") $(mode "$backup")" '640 640'
like 'a file of mine: says where it is kept' "$(cat "$scratch/out")" "*as it was before: $backup*"
printed procmail
like 'a file of mine: now there' "$(cat "$scratch/out")" '*already in *'
printf 'another\n' >"$rc"
answered 'y\n' procmail
same 'again: the older copy stays' "$backup" "$scratch/mine"
is 'again: the newer one has a number' "$(cat "$backup.1")" another
# Lines of another installation are replaced, in their place; a half of them is not touched.
"$scratch/tree/build/notmuch-bounce" setup procmail >"$scratch/out"
{ echo '# above'; lines; echo '# below'; } >"$rc"
{ echo '# above'; cat "$scratch/wanted"; echo '# below'; } >"$scratch/whole"
answered 'y\n' procmail
same 'lines of another installation: replaced' "$rc" "$scratch/whole"
grep -v '<<<' "$scratch/whole" >"$rc"
cp "$rc" "$scratch/mine"
answered '' procmail
same 'half of the lines: not touched' "$rc" "$scratch/mine"
like 'half of the lines: by hand' "$(cat "$scratch/out")" '*by hand, because of line 2,*'

# Links.
fresh
mkdir "$HOME/dotfiles"
echo '# mine' >"$HOME/dotfiles/procmailrc"
ln -s dotfiles/procmailrc "$rc"
answered 'y\n' procmail
is 'a link: stays one' "$(readlink "$rc")" dotfiles/procmailrc
ok 'a link: where it leads the lines are' grep -q INCLUDERC "$HOME/dotfiles/procmailrc"
is 'a link: the copy is beside it' "$(cat "$backup")" '# mine'
is 'a link: nothing else in that folder' "$(ls -A "$HOME/dotfiles")" procmailrc

# Root may set up somebody else, whose files they stay.
if [ "$(id -u)" -eq 0 ]; then
	fresh
	echo '# mine' >"$rc"
	chown -R 1234:5678 "$HOME"
	answered 'y\ny\n' procmail maildrop
	is 'another owner: keeps the file, and its copy, and gets a new one' "$(perl -e 'print join " ", map { join ":", (stat)[4, 5] } @ARGV' "$rc" "$backup" "$HOME/.mailfilter")" '1234:5678 1234:5678 1234:5678'
fi

# refused DESCRIPTION PATTERN STATUS [ANSWERS]: and nothing has changed. (script waits for what is not read.)
refused() {
	sums >"$scratch/before"
	answered "${4:-}" procmail
	is "$1: exit $3" $code "$3"
	like "$1: says so" "$(cat "$scratch/out")" "$2"
	sums >"$scratch/after"
	same "$1: nothing is changed" "$scratch/before" "$scratch/after"
}
fresh
echo '# mine' >"$rc"
chmod 444 "$rc"
refused 'write-protected' '*is write-protected; nothing was changed*' 74
fresh
mkdir "$rc"
refused 'a folder' '*is a folder*' 74
fresh
mkfifo "$rc"
refused 'a pipe' '*is no plain file*' 74
fresh
ln -s nowhere "$rc"
refused 'a link to nothing' '*link to a file that is not there*' 74
fresh
ln -s .procmailrc "$rc"
refused 'a link to itself' '*can?t be read*' 74
fresh
echo '# mine' >"$rc"
ln "$rc" "$HOME/second"
refused 'a hard link' '*second name*' 74
fresh
printf 'x\0y\n' >"$rc"
refused 'bytes that no text has' '*is no text*' 74
fresh
head -c 2000000 /dev/zero | tr '\0' '#' >"$rc"
refused 'a large file' '*too large*' 74
fresh
awk 'BEGIN { for (i = 0; i < 1000; i++) print "# " i }' >"$rc"
sums >"$scratch/before"
(
	limited '-f 4'
	# What script writes is short; the copy of this file is not.
	answered 'y\n' procmail
	echo $code >"$scratch/code"
)
is 'files end early: exit 74' "$(cat "$scratch/code")" 74
like 'files end early: says so' "$(cat "$scratch/out")" '*can?t be written: File too large; nothing was changed*'
sums >"$scratch/after"
same 'files end early: nothing is changed' "$scratch/before" "$scratch/after"

as=$as_mortal
fresh
echo '# mine' >"$rc"
chmod a-w "$HOME"
refused 'a folder that is write-protected' '*no copy of it can be kept: Permission denied; nothing was changed*' 74 'y\n'
chmod u+w "$HOME"
rm "$rc"
chmod a-w "$HOME"
refused 'a new file in such a folder' '*nothing can be written in its folder: Permission denied*' 74 'y\n'
fresh
echo '# mine' >"$rc"
chmod a-r "$rc"
refused 'a file that can not be read' '*can?t be read: Permission denied*' 74
as=

# A disk with room for the copy or not even for that; what is on it is looked at while it is there.
cat >"$scratch/without-room" <<'END'
cp "$1" "$disk/.procmailrc"
leave_room "$2"
ls -A "$disk" >"$disk.before"
printf 'y\n' | script -q -e -c "'$3' setup --write procmail" /dev/null >"$disk.out" 2>&1
echo $? >"$disk.code"
ls -A "$disk" | cmp -s - "$disk.before" && echo no litter
cmp "$1" "$disk/.procmailrc" && echo as it was
END
if small_disks "$HOME"; then
	fresh
	awk 'BEGIN { for (i = 0; i < 3000; i++) print "# " i }' >"$scratch/mine"
	for room in 4 32; do
		is "a disk with $room KiB left: nothing is changed" \
			"$(on_small_disk 1024 "$HOME" "$scratch/without-room" "$scratch/mine" $room "$setup" | tr '\n' ' ')" 'no litter as it was '
		is "a disk with $room KiB left: exit 75" "$(cat "$HOME.code")" 75
		like "a disk with $room KiB left: says so" "$(cat "$HOME.out")" '*No space left on device; nothing was changed*'
	done
fi

# Another program writes to the file while the user thinks.
fresh
echo '# mine' >"$rc"
mkfifo "$scratch/answers"
script -q -e -c "'$setup' setup --write procmail" /dev/null <"$scratch/answers" >"$scratch/out" 2>&1 &
asking=$!
exec 3>"$scratch/answers"
until_true grep -q 'y/N' "$scratch/out" || note 'it does not ask'
echo '# mine, and newer' >"$rc"
echo y >&3
exec 3>&-
wait $asking
is 'changed meanwhile: exit 75' $? 75
like 'changed meanwhile: says so' "$(cat "$scratch/out")" '*has changed meanwhile*nothing was changed*'
is 'changed meanwhile: what is newer stays' "$(cat "$rc")" '# mine, and newer'
is 'changed meanwhile: no litter' "$(ls -A "$HOME")" .procmailrc

done_testing
