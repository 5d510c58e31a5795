#!/bin/sh
# setup: what it prints works in the real programs, it writes nothing unasked, and never harms a file of the user's.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=index-lib.sh
. ./index-lib.sh
gone_sample=bounces/user-unknown/postfix-local.eml
bounce_tags='bounce bounce/permanent bounce/user-unknown'

# Installed as `make install` does it, below $scratch; a blank in the path is nothing odd.
prefix="$scratch/an installation"
files=$prefix/share/notmuch-bounce
mkdir -p "$prefix/bin" "$files"
cp "$bounce" "$prefix/bin/notmuch-bounce"
cp -R ../share/recipes ../plugin "$files/"
setup="$prefix/bin/notmuch-bounce"

# fresh: an empty home, and an empty index.
fresh() {
	chmod -R u+w "$HOME" 2>/dev/null
	rm -rf "$HOME"
	mkdir "$HOME"
	new_index
}
# sums: every file of the home, the index's folder and the configuration, with its mode and what is in it.
sums() {
	find "$HOME" "$mail/.notmuch/hooks" "$NOTMUCH_CONFIG" -exec ls -ld {} + 2>/dev/null
	find "$HOME" "$mail/.notmuch/hooks" "$NOTMUCH_CONFIG" -type f -exec cksum {} + 2>/dev/null
}
# printed TOPIC: runs it; $code is its exit status. lines: what it printed to be copied, into a file.
printed() {
	"$setup" setup "$@" >"$scratch/out" 2>"$scratch/err"
	code=$?
}
lines() {
	awk '/^#!/ || /^# >>> / { on = 1 } on { print } /^# <<< / { on = 0 }' "$scratch/out"
}
# answered ANSWERS TOPIC...: setup --write on a terminal of its own. $code; $scratch/out without carriage returns.
answered() {
	answers=$1
	shift
	# shellcheck disable=SC2059 # the answers have newlines
	printf "$answers" | $as script -q -e -c "'$setup' setup --write $*" /dev/null >"$scratch/out.raw" 2>&1
	code=$?
	tr -d '\r' <"$scratch/out.raw" >"$scratch/out"
}
as=
can_answer=
if script -q -e -c true /dev/null </dev/null >/dev/null 2>&1; then
	can_answer=1
fi
# mode FILE: its permissions.
mode() {
	perl -e 'printf "%o", 07777 & (stat $ARGV[0])[2]' "$1"
}
# without_terminal COMMAND...: nobody to ask.
without_terminal() {
	perl -MPOSIX -e 'if (my $pid = fork) { waitpid $pid, 0; exit $? >> 8 } POSIX::setsid(); exec @ARGV' "$@" </dev/null
}

# -- it writes nothing unasked
fresh
printf '# mine\n' >"$HOME/.procmailrc"
printf 'set sort=threads\n' >"$HOME/.muttrc"
mkdir -p "$mail/.notmuch/hooks"
sums >"$scratch/before"
for topic in '' procmail maildrop fdm sieve hooks post-insert searches neomutt mutt; do
	# shellcheck disable=SC2086 # none, for all
	printed $topic
	is "setup $topic: exit 0" $code 0
	is "setup $topic: nothing on standard error" "$(cat "$scratch/err")" ''
	sums >"$scratch/after"
	same "setup $topic: nothing is written" "$scratch/before" "$scratch/after"
	is "setup $topic: fits 80 columns but for paths" "$(grep -v / "$scratch/out" | awk 'length > 80')" ''
done
printed
like 'setup: all topics that make sense' "$(cat "$scratch/out")" '*procmail:*'"$HOME/.procmailrc"'*hooks:*'"$mail/.notmuch/hooks/post-new"'*mutt:*'"$HOME/.muttrc"'*'
like 'setup: what is left out, and why' "$(cat "$scratch/out")" '*left out:*post-insert *for who runs notmuch insert*'
like 'setup: what to do next' "$(cat "$scratch/out")" '*Nothing was written. With --write *'
without_terminal "$setup" setup --write procmail >"$scratch/out" 2>"$scratch/err"
is '--write without a terminal: exit 64' $? 64
like '--write without a terminal: says so' "$(cat "$scratch/err")" '*no terminal*'
sums >"$scratch/after"
same '--write without a terminal: nothing is written' "$scratch/before" "$scratch/after"

# -- mistakes
exits 'an unknown topic: exit 64' 64 "$setup" setup procmial
like 'an unknown topic: what was meant' "$(cat "$scratch/err")" '*did you mean procmail?'
is 'an unknown topic: no other is shown' "$("$setup" setup mutt frobnicate 2>/dev/null)" ''
exits 'an unknown option: exit 64' 64 "$setup" setup --wirte
like 'an unknown option: what was meant' "$(cat "$scratch/err")" '*--write*'
exits 'no HOME: exit 64' 64 env -u HOME "$setup" setup mutt
like 'no HOME: says so' "$(cat "$scratch/err")" '*HOME*'
is 'a relative HOME is none' "$(cd "$scratch" && HOME=home "$setup" setup mutt 2>/dev/null)" ''
exits 'no index: exit 66' 66 env NOTMUCH_CONFIG=/nonexistent HOME="$scratch" "$setup" setup procmail
like 'no index: says so' "$(cat "$scratch/err")" '*needs a notmuch index*'
exits 'no index, all: exit 0' 0 env NOTMUCH_CONFIG=/nonexistent HOME="$HOME" "$setup" setup
like 'no index, all: left out' "$(cat "$scratch/out")" '*left out:*procmail *no notmuch index*'
mkdir "$scratch/elsewhere" "$scratch/elsewhere/bin"
cp "$bounce" "$scratch/elsewhere/bin/notmuch-bounce"
exits 'the files that came with it are not there: exit 66' 66 "$scratch/elsewhere/bin/notmuch-bounce" setup procmail
like 'the files that came with it are not there: says where they should be' "$(cat "$scratch/err")" "*$scratch/elsewhere/share/notmuch-bounce/recipes/procmail-notmuch.rc*"
mkdir "$scratch/tree" "$scratch/tree/build" "$scratch/tree/share"
cp "$bounce" "$scratch/tree/build/notmuch-bounce"
cp -R ../plugin "$scratch/tree/plugin"
cp -R ../share/recipes "$scratch/tree/share/recipes"
like 'from the source tree: its recipes' "$("$scratch/tree/build/notmuch-bounce" setup procmail)" "*INCLUDERC=$scratch/tree/share/recipes/procmail-notmuch.rc*"
like 'from the source tree: its plugin' "$("$scratch/tree/build/notmuch-bounce" setup mutt)" "*source $scratch/tree/plugin/notmuch-bounce.muttrc*"
mkdir -p "$scratch/odd\$name/bin"
cp "$bounce" "$scratch/odd\$name/bin/notmuch-bounce"
cp -R "$prefix/share" "$scratch/odd\$name/"
exits 'a path that such files would misread: exit 66' 66 "$scratch/odd\$name/bin/notmuch-bounce" setup procmail

# -- what it prints works
if command -v procmail >/dev/null; then
	fresh
	printed procmail
	{ printf 'HOME=%s\nNOTMUCH_CONFIG=%s\nDEFAULT=%s/default/\nSHELL=/bin/sh\nLOGFILE=%s/log\n' "$HOME" "$NOTMUCH_CONFIG" "$scratch" "$scratch"; lines; } >"$HOME/.procmailrc"
	procmail "$HOME/.procmailrc" <$gone_sample 2>>"$scratch/log"
	is 'procmail with these lines: delivers into the index' "$? $(copies) $(tags '*')" "0 1 $bounce_tags"
	printed procmail
	like 'procmail with these lines: already there' "$(cat "$scratch/out")" "*already in $HOME/.procmailrc, line 6*"
else
	skip 'procmail with these lines' 'procmail is not installed'
fi
if command -v maildrop >/dev/null; then
	fresh
	printed maildrop
	{ printf 'HOME="%s"\nNOTMUCH_CONFIG="%s"\nDEFAULT="%s/default"\nSHELL="/bin/sh"\n' "$HOME" "$NOTMUCH_CONFIG" "$scratch"; lines; } >"$HOME/.mailfilter"
	chmod 600 "$HOME/.mailfilter"
	maildrop "$HOME/.mailfilter" <$gone_sample
	is 'maildrop with these lines: delivers into the index' "$? $(copies) $(tags '*')" "0 1 $bounce_tags"
	printed maildrop
	like 'maildrop with these lines: already there' "$(cat "$scratch/out")" "*already in $HOME/.mailfilter, line 5*"
else
	skip 'maildrop with these lines' 'maildrop is not installed'
fi
# What Dovecot makes of the recipe is asked in sieve.t.
printed sieve
lines | grep -v '^#' >"$scratch/lines"
grep -vE '^(#|$)' "$files/recipes/bounces-notmuch.sieve" >"$scratch/wanted"
same 'sieve: the lines are those of the recipe' "$scratch/lines" "$scratch/wanted"
like 'sieve: where to read on' "$(cat "$scratch/out")" "*/.dovecot.sieve, by hand*Dovecot's configuration*$files/recipes/bounces-notmuch.sieve*"
fresh
mkdir -p "$mail/.notmuch/hooks"
notmuch config set new.tags unread inbox 'two words'
printed hooks
lines >"$mail/.notmuch/hooks/post-new"
chmod +x "$mail/.notmuch/hooks/post-new"
command=$(sed -n '/^notmuch config set /p' "$scratch/out")
is 'hooks: the command for new.tags keeps the other tags' "$command" "notmuch config set new.tags new unread inbox 'two words'"
sh -c "$command"
cp $gone_sample "$mail/new/bounce"
notmuch new --quiet >/dev/null
is 'hooks with these lines: notmuch new sorts' "$? $(tags '*')" "0 $bounce_tags two words"
is 'hooks with these lines: the other tags are there' "$(notmuch count tag:inbox and tag:unread and not tag:new)" 1
printed hooks
like 'hooks with these lines: already there' "$(cat "$scratch/out")" '*already in *post-new, line 3*'
unlike 'hooks with these lines: new.tags is right' "$(cat "$scratch/out")" '*config set*'
rm "$mail/.notmuch/hooks/post-new"
printed post-insert
new_index
mkdir -p "$mail/.notmuch/hooks"
lines >"$mail/.notmuch/hooks/post-insert"
chmod +x "$mail/.notmuch/hooks/post-insert"
notmuch insert <$gone_sample >/dev/null
is 'post-insert with these lines: notmuch insert sorts' "$? $(tags '*')" "0 $bounce_tags"
for program in mutt neomutt; do
	if ! command -v $program >/dev/null; then
		skip "$program with these lines" "$program is not installed"
		continue
	fi
	fresh
	printed $program
	lines >"$HOME/.${program}rc"
	TERM=dumb $program -D >"$scratch/settings" 2>"$scratch/err" </dev/null
	is "$program with these lines: no complaint" "$(cat "$scratch/err")" ''
	ok "$program with these lines: it says its settings" grep -q sendmail "$scratch/settings"
done

# -- where the lines go
# goes DESCRIPTION TOPIC FILE PATTERN: with standard input as that file of the home.
goes() {
	fresh
	cat >"$HOME/$3"
	printed "$2"
	like "$1" "$(cat "$scratch/out")" "$4"
	is "$1: fits 80 columns but for paths" "$(grep -v / "$scratch/out" | awk 'length > 80')" ''
}
goes 'procmail: behind recipes with conditions' procmail .procmailrc '*/.procmailrc, at the end:*' <<'END'
:0
* ^Subject: x
x/
:0c
copies/
:0 fw: lock
| cat
:0
* ^To: y
{
	:0
	y/
}
WHO=`cat`
:0
THEIRS=| formail -xFrom:
:0E
z/
END
goes 'procmail: before a mailbox for all mail' procmail .procmailrc '*/.procmailrc, before line 4,?  :0:?*' <<'END'
MAILDIR=$HOME/mail
:0c
copies/
:0:
# all
inbox
END
goes 'procmail: before notmuch insert' procmail .procmailrc '*/.procmailrc, before line 1,?*' <<'END'
:0w
| notmuch insert
END
goes 'procmail: all mail goes to somebody else' procmail .procmailrc '*/.procmailrc, by hand, because of line 1,?*' <<'END'
:0
! somebody@example.org
END
goes 'procmail: a recipe without an action' procmail .procmailrc '*by hand, because of line 2,*no action*' <<'END'
# x
:0
* ^Subject: x
END
goes 'procmail: a block without an end' procmail .procmailrc '*by hand*' <<'END'
:0
* ^Subject: x
{
	:0
	y/
END
goes 'procmail: the user has it already' procmail .procmailrc '*already in */.procmailrc, line 2,?  as INCLUDERC=/opt/recipes/procmail-notmuch.rc' <<'END'
# INCLUDERC=/usr/share/notmuch-bounce/recipes/procmail-notmuch.rc
INCLUDERC=/opt/recipes/procmail-notmuch.rc
END
goes 'procmail: a comment is nothing' procmail .procmailrc '*at the end*' <<'END'
  # INCLUDERC=/usr/share/notmuch-bounce/recipes/procmail-notmuch.rc
END
goes 'maildrop: behind statements with conditions' maildrop .mailfilter '*/.mailfilter, at the end:*' <<'END'
DEFAULT="$HOME/Maildir"
if (/^Subject: x/)
	to "x"
if (/^Subject: y/) {
	to "y"
} else {
	cc "z"
}
if (/^Subject: z/ && \
	/^To: z/)
{
	to "z"
}
exception {
	xfilter "cat"
}
if (/^Subject: x/ ||
	/^To: y/)
	to "x"
END
goes 'maildrop: before a mailbox for all mail' maildrop .mailfilter '*/.mailfilter, before line 4,?  to "*' <<'END'
if (/^Subject: x/)
	to "x"
LOG=1
to "$HOME/Maildir"
END
goes 'maildrop: all mail goes to another program' maildrop .mailfilter '*by hand, because of line 1,*' <<'END'
to "|/usr/lib/dovecot/deliver"
END
goes 'maildrop: a condition and its statement in one line' maildrop .mailfilter '*by hand, because of line 2,*' <<'END'
if (/^Subject: x/) to "x"
to "y"
END
goes 'maildrop: what is not plain' maildrop .mailfilter '*by hand, because of line 2,*' <<'END'
switch x
	to "x"
END
goes 'fdm: behind rules of your own, before the rule for all' fdm .fdm.conf '*/.fdm.conf, before line 3,?  match all action "x"*' <<'END'
account "a" maildir "x"
match all action tag "seen" continue
match all action "x"
END
fresh
printed fdm
like 'fdm: without a file of accounts by hand' "$(cat "$scratch/out")" '*.fdm.conf, by hand*accounts first*/fdm-notmuch.conf*'
goes 'neomutt: the file that it reads first' neomutt .neomuttrc "*$HOME/.neomuttrc, at the end*" </dev/null
fresh
mkdir -p "$HOME/.config/neomutt"
: >"$HOME/.config/neomutt/neomuttrc"
: >"$HOME/.neomuttrc"
printed neomutt
like 'neomutt: its folder comes before the home' "$(cat "$scratch/out")" "*$HOME/.config/neomutt/neomuttrc, *"
if command -v mutt >/dev/null; then
	goes 'neomutt: reads the file of mutt' neomutt .muttrc "*mutt:*neomutt reads this file as well*.muttrc, *source *notmuch-bounce.muttrc*" </dev/null
	printed neomutt mutt
	is 'neomutt, mutt: their file is shown once' "$(grep -c '^source' "$scratch/out")" 1
else
	skip 'neomutt: reads the file of mutt' 'mutt is not installed'
fi
# hook FIRST-LINE: a hook of the user's, with its second line.
hook() {
	fresh
	mkdir -p "$mail/.notmuch/hooks"
	printf '%s\nnotmuch tag +seen -new -- tag:new\n' "$1" >"$mail/.notmuch/hooks/post-new"
	chmod +x "$mail/.notmuch/hooks/post-new"
	printed hooks
}
hook '#!/bin/sh'
like 'hooks: before the commands of a script' "$(cat "$scratch/out")" '*/post-new, before line 2,?  notmuch tag *'
unlike 'hooks: the tag new stays for a script that may want it' "$(cat "$scratch/out")" '*--remove-tag*'
for first in '#!/usr/bin/env bash' '#! /bin/dash -e' '#!/usr/bin/zsh'; do
	hook "$first"
	like "hooks: $first is a shell" "$(cat "$scratch/out")" '*/post-new, before line 2,*'
done
for first in '#!/usr/bin/python3' '#!/usr/bin/env perl' 'echo' '#!'; do
	hook "$first"
	like "hooks: $first is none" "$(cat "$scratch/out")" '*/post-new, by hand:*no shell script*'
done
notmuch config set new.tags unread inbox
hook '#!/bin/sh'
notmuch config set new.tags unread inbox
printed hooks
like 'hooks: nobody knows the tag new yet: it is taken off' "$(cat "$scratch/out")" '*--remove-tag=new*notmuch config set new.tags new unread inbox*'

if [ -z "$can_answer" ]; then
	skip 'setup --write' 'there is no script(1) that gives a terminal'
	done_testing
fi

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
	trap '' XFSZ
	# shellcheck disable=SC3045 # every sh that is around has it
	ulimit -f 4
	# What script writes is short; the copy of this file is not.
	answered 'y\n' procmail
	echo $code >"$scratch/code"
)
is 'files end early: exit 74' "$(cat "$scratch/code")" 74
like 'files end early: says so' "$(cat "$scratch/out")" '*can?t be written: File too large; nothing was changed*'
sums >"$scratch/after"
same 'files end early: nothing is changed' "$scratch/before" "$scratch/after"

# Root may write everywhere, but with what Linux calls a capability less it may not.
[ "$(id -u)" -ne 0 ] || as='setpriv --bounding-set=-dac_override,-dac_read_search --inh-caps=-dac_override,-dac_read_search'
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

# A small disk of our own, with KIB left on it. In a namespace: it goes away with its last user.
cat >"$scratch/small-disk" <<'END'
mount -t tmpfs -o size=1m small "$1" || exit 99
cp "$2" "$1/.procmailrc"
dd if=/dev/zero of="$1/filling" bs=1024 2>/dev/null
dd if=/dev/null of="$1/filling" bs=1024 seek=$((1024 - $3)) 2>/dev/null
ls -A "$1" >"$1.before"
printf 'y\n' | script -q -e -c "'$4' setup --write procmail" /dev/null >"$1.out" 2>&1
echo $? >"$1.code"
ls -A "$1" | cmp -s - "$1.before" && echo no litter
cmp "$2" "$1/.procmailrc" && echo as it was
END
spaces=$(unshare -m true 2>/dev/null && echo 'unshare -m' || echo 'unshare -rm')
if $spaces sh -c "mount -t tmpfs -o size=1m small $HOME" 2>/dev/null; then
	fresh
	awk 'BEGIN { for (i = 0; i < 3000; i++) print "# " i }' >"$scratch/mine"
	for room in 4 32; do
		is "a disk with $room KiB left: nothing is changed" "$($spaces sh "$scratch/small-disk" "$HOME" "$scratch/mine" $room "$setup" | tr '\n' ' ')" 'no litter as it was '
		is "a disk with $room KiB left: exit 75" "$(cat "$HOME.code")" 75
		like "a disk with $room KiB left: says so" "$(cat "$HOME.out")" '*No space left on device; nothing was changed*'
	done
else
	note 'No disk can be mounted here; the test above, with a limit on files, has to do.'
fi

# Another program writes to the file while the user thinks.
fresh
echo '# mine' >"$rc"
mkfifo "$scratch/answers"
script -q -e -c "'$setup' setup --write procmail" /dev/null <"$scratch/answers" >"$scratch/out" 2>&1 &
asking=$!
exec 3>"$scratch/answers"
tries=0
until grep -q 'y/N' "$scratch/out" || [ $tries -eq 600 ]; do
	tries=$((tries + 1))
	sleep 0.1
done
echo '# mine, and newer' >"$rc"
echo y >&3
exec 3>&-
wait $asking
is 'changed meanwhile: exit 75' $? 75
like 'changed meanwhile: says so' "$(cat "$scratch/out")" '*has changed meanwhile*nothing was changed*'
is 'changed meanwhile: what is newer stays' "$(cat "$rc")" '# mine, and newer'
is 'changed meanwhile: no litter' "$(ls -A "$HOME")" .procmailrc

# The hook, and the tag that it needs.
fresh
notmuch config set new.tags unread inbox
cp "$NOTMUCH_CONFIG" "$scratch/mine"
answered 'n\n' hooks
same 'hooks, no: the configuration is as it was' "$NOTMUCH_CONFIG" "$scratch/mine"
is 'hooks, no: there is none' "$(find "$mail/.notmuch" -name 'post-*')" ''
unlike 'hooks, no: the tag is not spoken of' "$(cat "$scratch/out")" '*config set*'
answered 'y\ny\n' hooks
is 'hooks, yes: exit 0' $code 0
ok 'hooks, yes: it can be run' test -x "$mail/.notmuch/hooks/post-new"
is 'hooks, yes: new.tags' "$(notmuch config get new.tags | tr '\n' ' ')" 'new unread inbox '
same 'hooks, yes: the configuration is kept' "$NOTMUCH_CONFIG.before-notmuch-bounce" "$scratch/mine"
cp $gone_sample "$mail/new/bounce"
notmuch new --quiet >/dev/null
is 'hooks, yes: notmuch new sorts' "$? $(tags '*') $(notmuch count tag:new)" "0 $bounce_tags 0"
sums >"$scratch/before"
answered '' hooks
sums >"$scratch/after"
same 'hooks, twice is once' "$scratch/before" "$scratch/after"
chmod 644 "$mail/.notmuch/hooks/post-new"
answered 'y\n' hooks
like 'hooks, not executable: asks' "$(cat "$scratch/out")" '*not executable*Make it executable?*'
ok 'hooks, not executable: it is now' test -x "$mail/.notmuch/hooks/post-new"
# One of the user's, who takes off the tag himself.
hook '#!/bin/sh'
answered 'y\n' hooks
is 'hooks, one of mine: the first line is the first' "$(head -n 1 "$mail/.notmuch/hooks/post-new")" '#!/bin/sh'
cp $gone_sample "$mail/new/bounce"
notmuch new --quiet >/dev/null
is 'hooks, one of mine: both run' "$? $(tags '*') $(notmuch count tag:new)" "0 $bounce_tags seen 0"
answered '' hooks
unlike 'hooks, one of mine, twice: nothing is asked' "$(cat "$scratch/out")" '*y/N*'
# Installed elsewhere: what the hook does stays.
for line in 'tag' 'tag --remove-tag=new'; do
	fresh
	mkdir -p "$mail/.notmuch/hooks"
	printf '#!/bin/sh\n# >>> notmuch-bounce setup hooks\n/opt/bin/notmuch-bounce %s\n# <<< notmuch-bounce setup hooks\n' "$line" >"$mail/.notmuch/hooks/post-new"
	answered 'y\n' hooks
	is "hooks, of another installation: $line" "$(sed -n '3s,.*notmuch-bounce"* ,,p' "$mail/.notmuch/hooks/post-new")" "$line"
done
# A folder for hooks that does not exist yet.
fresh
hooks=$scratch/deep/er/hooks
notmuch config set database.hook_dir "$hooks"
answered 'y\n' hooks
ok 'hooks, a folder of hooks that is not there: made' test -x "$hooks/post-new"

answered 'y\n' searches
is 'searches: exit 0' $code 0
like 'searches: saved' "$(notmuch config get query.bounces-to-wait-for)" '*tag:bounce*'
answered '' searches
like 'searches, twice: already there' "$(cat "$scratch/out")" "*already in notmuch's configuration*"

# The user's own last recipe takes what can't be delivered.
if command -v procmail >/dev/null; then
	fresh
	printf 'HOME=%s\nNOTMUCH_CONFIG=%s\nSHELL=/bin/sh\nLOGFILE=%s/log\n:0\n%s/mine/\n' "$HOME" "$NOTMUCH_CONFIG" "$scratch" "$scratch" >"$rc"
	answered 'y\n' procmail
	procmail "$rc" <$gone_sample 2>>"$scratch/log"
	is 'procmail, with a last recipe: delivers into the index' "$? $(copies) $(tags '*')" "0 1 $bounce_tags"
	mv "$NOTMUCH_CONFIG" "$scratch/away"
	procmail "$rc" <$gone_sample 2>>"$scratch/log"
	is 'procmail, with a last recipe: that is for when the index fails' "$? $(find "$scratch/mine" -type f | grep -c .)" '0 1'
	mv "$scratch/away" "$NOTMUCH_CONFIG"
fi
if command -v maildrop >/dev/null; then
	fresh
	printf 'HOME="%s"\nNOTMUCH_CONFIG="%s"\nSHELL="/bin/sh"\nto "%s/mine"\n' "$HOME" "$NOTMUCH_CONFIG" "$scratch" >"$HOME/.mailfilter"
	chmod 600 "$HOME/.mailfilter"
	answered 'y\n' maildrop
	maildrop "$HOME/.mailfilter" <$gone_sample
	is 'maildrop, with a last statement: delivers into the index' "$? $(copies) $(tags '*')" "0 1 $bounce_tags"
fi
# As root fdm becomes somebody else, who has to own what is here.
if command -v fdm >/dev/null; then
	fresh
	printf 'set lock-file "%s/lock"\naccount "in" maildir "%s/in"\nmatch all action maildir "%s/mine"\n' "$scratch" "$scratch" "$scratch" >"$HOME/.fdm.conf"
	mkdir -p "$scratch/in/new" "$scratch/in/cur" "$scratch/in/tmp"
	cp $gone_sample "$scratch/in/new/1"
	chmod 600 "$HOME/.fdm.conf"
	answered 'y\n' fdm
	set -- env PATH="$prefix/bin:$PATH" fdm -f "$HOME/.fdm.conf" fetch
	if [ "$(id -u)" -eq 0 ]; then
		chown -R 65534:65534 "$scratch"
		set -- setpriv --reuid=65534 --regid=65534 --clear-groups "$@"
	fi
	"$@" >"$scratch/out" 2>&1
	is 'fdm, with a rule for all: delivers into the index' "$? $(copies) $(tags '*')" "0 1 $bounce_tags"
else
	skip 'fdm, with a rule for all' 'fdm is not installed'
fi

done_testing
