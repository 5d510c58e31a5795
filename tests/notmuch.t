#!/bin/sh
# The recipes that deliver into notmuch, with the real procmail, maildrop and notmuch: bounces have their tags, other mail has none,
# and no mail is lost or changed when notmuch fails. And the hook for `notmuch new`, which must not fall for hostile Message-IDs.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
command -v notmuch >/dev/null || skip_all 'notmuch is not installed'
recipes=$PWD/../share/recipes
letter=not-bounces/plain-letter.eml
letter_id=766F8B1AB0@freunde.example
gone=bounces/user-unknown/postfix-local.eml

# Folders to have first in PATH. both: as it should be. The others lack a program, or have one that fails in its place, with the
# mail unread or read.
mkdir "$scratch/both" "$scratch/no-notmuch" "$scratch/no-bounce" "$scratch/bad-notmuch" "$scratch/late-bad-notmuch" "$scratch/bad-bounce"
for directory in both no-notmuch bad-notmuch late-bad-notmuch; do
	ln -s "$bounce" "$scratch/$directory/notmuch-bounce"
done
for directory in both no-bounce bad-bounce; do
	ln -s "$(command -v notmuch)" "$scratch/$directory/notmuch"
done
printf '#!/bin/sh\nexit 1\n' >"$scratch/bad-notmuch/notmuch"
printf '#!/bin/sh\ncat >/dev/null\nexit 1\n' >"$scratch/late-bad-notmuch/notmuch"
printf '#!/bin/sh\necho half a\nexit 75\n' >"$scratch/bad-bounce/notmuch-bounce"
chmod +x "$scratch/bad-notmuch/notmuch" "$scratch/late-bad-notmuch/notmuch" "$scratch/bad-bounce/notmuch-bounce"

NOTMUCH_CONFIG=$scratch/notmuch-config
export NOTMUCH_CONFIG
unset NOTMUCH_DATABASE NOTMUCH_PROFILE MAILDIR
cat >"$NOTMUCH_CONFIG" <<END
[database]
path=$scratch/mail
[user]
name=You
primary_email=you@example.org
[new]
tags=new;unread;inbox
END

# An empty database in $scratch/mail, and an empty mailbox in $scratch/default.
empty() {
	rm -rf "$scratch/mail" "$scratch/default"
	for directory in mail default; do
		mkdir -p "$scratch/$directory/new" "$scratch/$directory/cur" "$scratch/$directory/tmp"
	done
	notmuch new --quiet --no-hooks
}
# tags QUERY: all tags of what is found but those of new.tags, in one line.
tags() {
	notmuch search --exclude=false --output=tags -- "$1" | grep -vxE 'new|unread|inbox|attachment' | tr '\n' ' '
}
bounce_tags='bounce bounce/permanent bounce/user-unknown '

# A mail without a last newline, one that looks like a mailbox, and one full of bytes.
printf 'From: a@b.example\nSubject: x\nMessage-ID: <open@b.example>\n\nno end of line' >"$scratch/open"
{ printf 'From: a@b.example\nSubject: x\nMessage-ID: <bytes@b.example>\n\nNUL \0 8-bit \344\377\r\n'; head -c 300000 /dev/urandom; } >"$scratch/bytes"

# AGENT_delivers PATH FILE [RECIPE]
# shellcheck disable=SC2317 # called by deliver
procmail_delivers() {
	cat >"$scratch/rc" <<END
PATH=$1
SHELL=/bin/sh
HOME=$HOME
NOTMUCH_CONFIG=$NOTMUCH_CONFIG
MAILDIR=$scratch
DEFAULT=$scratch/default/
LOGFILE=$scratch/log
INCLUDERC=${3:-$recipes/procmail-notmuch.rc}
END
	procmail "$scratch/rc" <"$2" 2>>"$scratch/log"
}
# shellcheck disable=SC2317
maildrop_delivers() {
	cat >"$scratch/rc" <<END
PATH="$1"
SHELL="/bin/sh"
HOME="$HOME"
NOTMUCH_CONFIG="$NOTMUCH_CONFIG"
DEFAULT="$scratch/default"
include "${3:-$recipes/maildrop-notmuch.rc}"
END
	chmod 600 "$scratch/rc"
	maildrop "$scratch/rc" <"$2" >>"$scratch/log" 2>&1
}

# deliver AGENT PATH FILE [RECIPE]: the mail is then in $delivered; $where says how many are in notmuch and in DEFAULT, and the exit status.
deliver() {
	empty
	: >"$scratch/log"
	"$1_delivers" "$2" "$3" "${4:-}"
	code=$?
	delivered=$(find "$scratch/mail/new" "$scratch/mail/cur" "$scratch/default" -type f | head -n 1)
	where="$(notmuch count --exclude=false '*') $(find "$scratch/default" -type f | grep -c .) $code"
	delivered=${delivered:-/dev/null}
}
# alone AGENT FILE: $scratch/plain is what the agent makes of it without us. maildrop takes out CRs and ends the last line.
: >"$scratch/no-recipe"
chmod 600 "$scratch/no-recipe"
alone() {
	deliver "$1" "$PATH" "$2" "$scratch/no-recipe"
	cp "$delivered" "$scratch/plain"
}

for agent in procmail maildrop; do
	command -v $agent >/dev/null || {
		skip "$agent into notmuch" "$agent is not installed"
		continue
	}
	whole=$scratch/both:$PATH

	deliver $agent "$whole" $gone
	is "$agent, a bounce: once, in notmuch, exit 0" "$where" '1 0 0'
	is "$agent, a bounce: its tags" "$(tags '*')" "$bounce_tags"
	is "$agent, a bounce: new.tags as well" "$(notmuch count 'tag:inbox and tag:unread')" 1
	same "$agent, a bounce: as it came" "$delivered" $gone
	deliver $agent "$whole" bounces/mailbox-full/dma-exceeded-storage-allocation.eml
	like "$agent, another bounce: its own tags" "$where $(tags '*')" '1 0 0 bounce *bounce/mailbox-full *'
	for mail in $letter not-bounces/japanese-iso-2022-jp.eml "$scratch/open" "$scratch/bytes"; do
		name=$(basename "$mail" .eml)
		alone $agent "$mail"
		deliver $agent "$whole" "$mail"
		is "$agent, $name: once, in notmuch, exit 0" "$where" '1 0 0'
		is "$agent, $name: no tags" "$(tags '*')" ''
		same "$agent, $name: as it came" "$delivered" "$scratch/plain"
	done

	for mail in $gone $letter "$scratch/open" "$scratch/bytes"; do
		name=$(basename "$mail" .eml)
		alone $agent "$mail"
		case $mail in
		*.eml) same "$agent alone, $name: as it came" "$scratch/plain" "$mail" ;;
		esac
		deliver $agent "$scratch/no-notmuch" "$mail"
		is "$agent without notmuch, $name: once, in DEFAULT, exit 0" "$where" '0 1 0'
		same "$agent without notmuch, $name: as it came" "$delivered" "$scratch/plain"
		for bad in bad-notmuch late-bad-notmuch; do
			deliver $agent "$scratch/$bad:$PATH" "$mail"
			is "$agent, $bad, $name: once, in DEFAULT, exit 0" "$where" '0 1 0'
			same "$agent, $bad, $name: as it came" "$delivered" "$scratch/plain"
		done
		deliver $agent "$scratch/no-bounce" "$mail"
		is "$agent without notmuch-bounce, $name: once, in DEFAULT, exit 0" "$where" '0 1 0'
		same "$agent without notmuch-bounce, $name: as it came" "$delivered" "$scratch/plain"
		# Whether what it said before it failed is a tag or not, the mail is there.
		deliver $agent "$scratch/bad-bounce:$PATH" "$mail"
		like "$agent, notmuch-bounce fails, $name: once, somewhere, exit 0" "$where" '[01] [01] 0'
		same "$agent, notmuch-bounce fails, $name: as it came" "$delivered" "$scratch/plain"
	done
done

# install_hook: in the place where notmuch looks for it.
install_hook() {
	mkdir -p "$scratch/mail/.notmuch/hooks"
	cp "$recipes/post-new" "$scratch/mail/.notmuch/hooks/post-new"
	chmod +x "$scratch/mail/.notmuch/hooks/post-new"
}
# put NAME FILE [MESSAGE-ID]: a mail for `notmuch new` to find.
put() {
	if [ $# -gt 2 ]; then
		# Only the first header block is given another one: the notice also returns a mail.
		ID=$3 perl -0777 -pe 's/^Message-ID:[^\n]*\n//im; s/\A/Message-ID: $ENV{ID}\n/' "$2" >"$scratch/mail/new/$1"
	else
		cp "$2" "$scratch/mail/new/$1"
	fi
}
new_mail() {
	(PATH=$1:$PATH && cd "$scratch/home" && notmuch new) >"$scratch/out" 2>"$scratch/err"
}
dump() {
	notmuch dump --format=batch-tag 2>/dev/null | sort
}

empty
install_hook
put earlier $letter '<earlier@x.example>'
new_mail "$scratch/both"
is 'hook, one letter: exit 0' $? 0
is 'hook, one letter: no tags, and tag:new is gone' "$(tags '*')$(notmuch count tag:new)" 0

i=0
while IFS= read -r id; do
	i=$((i + 1))
	put "hostile-$i" $gone "$id"
done <<'END'
<with space@x.example>
with space and no brackets
<a"b@x.example>
<" or tag:inbox>
" or tag:inbox
" or tag:inbox or "
tag:inbox or *
*
"""
it's
<$(touch PWN)@x.example>
$(touch PWN)
`touch PWN`
'; touch PWN; '
| touch PWN
--
-inbox
<per%22cent%20@x.example>
back\slash\
<é@x.example>
=?utf-8?Q?quote=22_or_tag:inbox?=
END
put bytes $gone "<$(printf '\344\377')@x.example>"
put letter $letter
put gone $gone
put full bounces/mailbox-full/dma-exceeded-storage-allocation.eml
put japanese not-bounces/japanese-iso-2022-jp.eml
put hostile-letter $letter '" or tag:bounce'
# The name of a file may be any bytes, where the file system lets it.
odd=$(printf 'odd "name" $(touch PWN) \377')
put "$odd" $gone '<odd@x.example>' 2>/dev/null || put odd $gone '<odd@x.example>'
new_mail "$scratch/both"
is 'hook: exit 0' $? 0
is 'hook: it complains of nothing' "$(cat "$scratch/err")" ''
is 'hook: all mail is there' "$(notmuch count --exclude=false '*')" $((i + 8))
is 'hook: tag:new is gone' "$(notmuch count --exclude=false tag:new)" 0
is 'hook: a bounce has its tags' "$(tags "path:new and tag:bounce/user-unknown")" "$bounce_tags"
for name in gone full letter japanese; do
	id=$(sed -n 's/^Message-I[Dd]: *<\(.*\)>.*/\1/p;/^$/q' "$scratch/mail/new/$name" | head -n 1)
	found=$(tags "id:\"$id\"")
	case $name in
	gone) is "hook: $name has its tags" "$found" "$bounce_tags" ;;
	full) like "hook: $name has its tags" "$found" 'bounce *bounce/mailbox-full *' ;;
	*) is "hook: $name has no tags" "$found" '' ;;
	esac
done
is 'hook: a bounce in an oddly named file has its tags' "$(tags id:odd@x.example)" "$bounce_tags"
is 'hook: a bounce with an id that is not ASCII has its tags' "$(tags 'id:é@x.example')" "$bounce_tags"
# The hostile ones, bytes, gone and odd; nothing else.
is 'hook: each user-unknown is tagged, whatever its Message-ID' "$(notmuch count --exclude=false tag:bounce/user-unknown)" $((i + 3))
is 'hook: no other mail is tagged' "$(notmuch count --exclude=false tag:bounce)" $((i + 4))
is 'hook: the letters have no tags' "$(tags "id:earlier@x.example or id:$letter_id or not tag:bounce")" ''
is 'hook: no tag but ours is there' "$(tags '*')" 'bounce bounce/mailbox-full bounce/permanent bounce/temporary bounce/user-unknown '
is 'hook: inbox and unread stay on all' "$(notmuch count --exclude=false tag:inbox and tag:unread)" $((i + 8))
is 'hook: nothing ran' "$(find "$scratch" -name PWN)$(find . .. -maxdepth 1 -name PWN)" ''

dump >"$scratch/before"
new_mail "$scratch/both"
is 'hook, again: exit 0' $? 0
dump >"$scratch/after"
same 'hook, again: nothing changes' "$scratch/before" "$scratch/after"

# Line breaks, hidden by RFC 2047: what follows would be a line of its own for notmuch restore.
n=0
while IFS= read -r id; do
	n=$((n + 1))
	put "break-$n" $gone "$id"
done <<'END'
=?utf-8?Q?a=0A+evil_--_id:earlier@x.example=0Ab?=
=?utf-8?Q?b=22=0A+evil_--_id:earlier@x.example=0Ab?=
=?utf-8?Q?c=0D=0A+evil_--_id:earlier@x.example=0D=0Ab?=
<d=?utf-8?Q?=0A+evil_--_id:earlier@x.example=0A?=>
END
put after-them $gone '<after-them@x.example>'
new_mail "$scratch/both"
is 'hook, ids with line breaks: exit 0' $? 0
is 'hook, ids with line breaks: no order in them is followed' "$(notmuch count --exclude=false tag:evil)" 0
is 'hook, ids with line breaks: a letter has no tags' "$(tags id:earlier@x.example)" ''
is 'hook, ids with line breaks: other bounces have theirs' "$(tags id:after-them@x.example)" "$bounce_tags"
is 'hook, ids with line breaks: tag:new is gone' "$(notmuch count --exclude=false tag:new)" 0

# What the user did with a tag stays done.
notmuch tag -bounce -inbox +mine -- id:after-them@x.example
put next $gone '<next@x.example>'
new_mail "$scratch/both"
is 'hook: what is known is not tagged again' "$(tags id:after-them@x.example)$(notmuch count id:after-them@x.example and tag:inbox)" 'bounce/permanent bounce/user-unknown mine 0'
is 'hook: what is new is' "$(tags id:next@x.example)" "$bounce_tags"

# Mail that another program brings in while the hook runs. It can't be brought in if the hook keeps the database locked meanwhile.
mkdir "$scratch/late"
cat >"$scratch/late/notmuch-bounce" <<END
#!/bin/sh
if [ ! -e "$scratch/late/done" ]; then
	: >"$scratch/late/done"
	{ printf 'Message-ID: <late@x.example>\n'; grep -vi '^message-id:' "$PWD/$gone"; } >"$scratch/late/mail"
	timeout 20 notmuch insert <"$scratch/late/mail" || echo locked >"$scratch/late/done"
fi
exec "$bounce" "\$@"
END
chmod +x "$scratch/late/notmuch-bounce"
put early $gone '<early@x.example>'
put plain $letter '<plain@x.example>'
new_mail "$scratch/late"
is 'hook, mail arrives meanwhile: it can' "$(cat "$scratch/late/done")" ''
is 'hook, mail arrives meanwhile: none stays new unless it is yet to be sorted' "$(notmuch count tag:new and tag:bounce)" 0
is 'hook, mail arrives meanwhile: the other has its tags' "$(tags id:early@x.example)" "$bounce_tags"
new_mail "$scratch/late"
is 'hook, mail arrived meanwhile: the next run tags it' "$(tags id:late@x.example)$(notmuch count tag:new)" "${bounce_tags}0"

saved=$(command -v notmuch) && saved=${saved%/notmuch}:/bin:/usr/bin
# The hook for who delivers by notmuch insert itself.
cp "$recipes/post-insert" "$scratch/mail/.notmuch/hooks/post-insert"
chmod +x "$scratch/mail/.notmuch/hooks/post-insert"
{ printf 'Message-ID: <inserted@x.example>\n'; grep -vi '^message-id:' $gone; } >"$scratch/inserted"
env PATH="$scratch/both:$saved" notmuch insert <"$scratch/inserted"
is 'post-insert: exit 0' $? 0
is 'post-insert: a bounce has its tags' "$(tags id:inserted@x.example)$(notmuch count tag:new)" "${bounce_tags}0"
rm "$scratch/mail/.notmuch/hooks/post-insert"

# notmuch-bounce fails, or a file is away: the mail is in notmuch, and other mail has its tags.
for kind in no-bounce bad-bounce; do
	put "$kind" $gone "<$kind@x.example>"
	if [ $kind = no-bounce ]; then
		# Nothing else in PATH, so that no other notmuch-bounce is found.
		# shellcheck disable=SC2123 # it is that PATH
		(PATH=$scratch/$kind && cd "$scratch/home" && notmuch new) >"$scratch/out" 2>"$scratch/err"
	else
		new_mail "$scratch/$kind"
	fi
	is "hook, $kind: notmuch new says that its hook failed" $? 1
	is "hook, $kind: the mail is there, without tags" "$(notmuch count id:$kind@x.example)$(tags id:$kind@x.example)" 1
	same "hook, $kind: the mail is as it came" "$scratch/mail/new/$kind" "$(notmuch search --output=files id:$kind@x.example)"
done

done_testing
