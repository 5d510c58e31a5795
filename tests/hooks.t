#!/bin/sh
# The hooks for `notmuch new` and `notmuch insert`, in the real notmuch: bounces have their tags, whatever their Message-IDs and file names, other
# mail has none, and the mail is there whatever fails.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=index-lib.sh
. ./index-lib.sh
# shellcheck source=agent-lib.sh
. ./agent-lib.sh
recipes=$PWD/../share/recipes
letter_id=766F8B1AB0@freunde.example
program_folders

# install_hook NAME: in the place where notmuch looks for it.
install_hook() {
	mkdir -p "$mail/.notmuch/hooks"
	cp "$recipes/$1" "$mail/.notmuch/hooks/$1"
	chmod +x "$mail/.notmuch/hooks/$1"
}
# put NAME FILE [MESSAGE-ID]: a mail for `notmuch new` to find.
put() {
	if [ $# -gt 2 ]; then
		# Only the first header block is given another one: the notice also returns a mail.
		ID=$3 perl -0777 -pe 's/^Message-ID:[^\n]*\n//im; s/\A/Message-ID: $ENV{ID}\n/' "$2" >"$mail/new/$1"
	else
		cp "$2" "$mail/new/$1"
	fi
}
new_mail() {
	(PATH=$1:$PATH && cd "$scratch/home" && notmuch new) >"$scratch/out" 2>"$scratch/err"
}
dump() {
	notmuch dump --format=batch-tag 2>/dev/null | sort
}

new_index
install_hook post-new
put earlier $letter '<earlier@x.example>'
new_mail "$scratch/both"
is 'hook, one letter: exit 0' $? 0
is 'hook, one letter: no tags, and tag:new is gone' "$(tags '*')$(notmuch count tag:new)" 0

i=0
while IFS= read -r id; do
	i=$((i + 1))
	put "hostile-$i" $gone_mail "$id"
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
put bytes $gone_mail "<$(printf '\344\377')@x.example>"
put letter $letter
put gone $gone_mail
put full $full_mail
put japanese $japanese
put hostile-letter $letter '" or tag:bounce'
# The name of a file may be any bytes, where the file system lets it.
odd=$(printf 'odd "name" $(touch PWN) \377')
put "$odd" $gone_mail '<odd@x.example>' 2>/dev/null || put odd $gone_mail '<odd@x.example>'
new_mail "$scratch/both"
is 'hook: exit 0' $? 0
is 'hook: it complains of nothing' "$(cat "$scratch/err")" ''
is 'hook: all mail is there' "$(notmuch count --exclude=false '*')" $((i + 8))
is 'hook: tag:new is gone' "$(notmuch count --exclude=false tag:new)" 0
is 'hook: a bounce has its tags' "$(tags "path:new and tag:bounce/user-unknown")" "$gone_tags"
for name in gone full letter japanese; do
	id=$(sed -n 's/^Message-I[Dd]: *<\(.*\)>.*/\1/p;/^$/q' "$mail/new/$name" | head -n 1)
	found=$(tags "id:\"$id\"")
	case $name in
	gone) is "hook: $name has its tags" "$found" "$gone_tags" ;;
	full) like "hook: $name has its tags" "$found " 'bounce *bounce/mailbox-full *' ;;
	*) is "hook: $name has no tags" "$found" '' ;;
	esac
done
is 'hook: a bounce in an oddly named file has its tags' "$(tags id:odd@x.example)" "$gone_tags"
is 'hook: a bounce with an id that is not ASCII has its tags' "$(tags 'id:é@x.example')" "$gone_tags"
# The hostile ones, bytes, gone and odd; nothing else.
is 'hook: each user-unknown is tagged, whatever its Message-ID' "$(notmuch count --exclude=false tag:bounce/user-unknown)" $((i + 3))
is 'hook: no other mail is tagged' "$(notmuch count --exclude=false tag:bounce)" $((i + 4))
is 'hook: the letters have no tags' "$(tags "id:earlier@x.example or id:$letter_id or not tag:bounce")" ''
is 'hook: no tag but ours is there' "$(tags '*')" 'bounce bounce/mailbox-full bounce/permanent bounce/temporary bounce/user-unknown'
is 'hook: inbox and unread stay on all' "$(notmuch count --exclude=false tag:inbox and tag:unread)" $((i + 8))
is 'hook: nothing ran' "$(find "$scratch" -name PWN)$(find . .. -maxdepth 1 -name PWN)" ''

dump >"$scratch/before"
is 'hook: all mail is in the dump' "$(grep -c '^+' "$scratch/before")" $((i + 8))
new_mail "$scratch/both"
is 'hook, again: exit 0' $? 0
dump >"$scratch/after"
same 'hook, again: nothing changes' "$scratch/before" "$scratch/after"

# Line breaks, hidden by RFC 2047: what follows would be a line of its own for notmuch restore.
n=0
while IFS= read -r id; do
	n=$((n + 1))
	put "break-$n" $gone_mail "$id"
done <<'END'
=?utf-8?Q?a=0A+evil_--_id:earlier@x.example=0Ab?=
=?utf-8?Q?b=22=0A+evil_--_id:earlier@x.example=0Ab?=
=?utf-8?Q?c=0D=0A+evil_--_id:earlier@x.example=0D=0Ab?=
<d=?utf-8?Q?=0A+evil_--_id:earlier@x.example=0A?=>
END
put after-them $gone_mail '<after-them@x.example>'
new_mail "$scratch/both"
is 'hook, ids with line breaks: exit 0' $? 0
is 'hook, ids with line breaks: no order in them is followed' "$(notmuch count --exclude=false tag:evil)" 0
is 'hook, ids with line breaks: a letter has no tags' "$(tags id:earlier@x.example)" ''
is 'hook, ids with line breaks: other bounces have theirs' "$(tags id:after-them@x.example)" "$gone_tags"
is 'hook, ids with line breaks: tag:new is gone' "$(notmuch count --exclude=false tag:new)" 0

# What the user did with a tag stays done.
notmuch tag -bounce -inbox +mine -- id:after-them@x.example
put next $gone_mail '<next@x.example>'
new_mail "$scratch/both"
is 'hook: what is known is not tagged again' "$(tags id:after-them@x.example) $(notmuch count id:after-them@x.example and tag:inbox)" 'bounce/permanent bounce/user-unknown mine 0'
is 'hook: what is new is' "$(tags id:next@x.example)" "$gone_tags"

# Mail that another program brings in while the hook runs. It can't be brought in if the hook keeps the database locked meanwhile.
mkdir "$scratch/late"
cat >"$scratch/late/notmuch-bounce" <<END
#!/bin/sh
if [ ! -e "$scratch/late/done" ]; then
	: >"$scratch/late/done"
	{ printf 'Message-ID: <late@x.example>\n'; grep -vi '^message-id:' "$PWD/$gone_mail"; } >"$scratch/late/mail"
	timeout 20 notmuch insert <"$scratch/late/mail" || echo locked >"$scratch/late/done"
fi
exec "$bounce" "\$@"
END
chmod +x "$scratch/late/notmuch-bounce"
put early $gone_mail '<early@x.example>'
put plain $letter '<plain@x.example>'
new_mail "$scratch/late"
is 'hook, mail arrives meanwhile: it can' "$(cat "$scratch/late/done")" ''
is 'hook, mail arrives meanwhile: none stays new unless it is yet to be sorted' "$(notmuch count tag:new and tag:bounce)" 0
is 'hook, mail arrives meanwhile: the other has its tags' "$(tags id:early@x.example)" "$gone_tags"
new_mail "$scratch/late"
is 'hook, mail arrived meanwhile: the next run tags it' "$(tags id:late@x.example) $(notmuch count tag:new)" "$gone_tags 0"

saved=$(command -v notmuch) && saved=${saved%/notmuch}:/bin:/usr/bin
# The hook for who delivers by notmuch insert itself.
install_hook post-insert
{ printf 'Message-ID: <inserted@x.example>\n'; grep -vi '^message-id:' $gone_mail; } >"$scratch/inserted"
env PATH="$scratch/both:$saved" notmuch insert <"$scratch/inserted"
is 'post-insert: exit 0' $? 0
is 'post-insert: a bounce has its tags' "$(tags id:inserted@x.example) $(notmuch count tag:new)" "$gone_tags 0"
rm "$mail/.notmuch/hooks/post-insert"

# notmuch-bounce fails, or a file is away: the mail is in notmuch, and other mail has its tags.
for kind in no-bounce bad-bounce; do
	put "$kind" $gone_mail "<$kind@x.example>"
	if [ $kind = no-bounce ]; then
		# Nothing else in PATH, so that no other notmuch-bounce is found.
		# shellcheck disable=SC2123,SC2030 # it is that PATH, there
		(PATH=$scratch/$kind && cd "$scratch/home" && notmuch new) >"$scratch/out" 2>"$scratch/err"
	else
		new_mail "$scratch/$kind"
	fi
	is "hook, $kind: notmuch new says that its hook failed" $? 1
	is "hook, $kind: the mail is there, without tags" "$(notmuch count id:$kind@x.example)$(tags id:$kind@x.example)" 1
	same "hook, $kind: the mail is as it came" "$mail/new/$kind" "$(notmuch search --output=files id:$kind@x.example)"
done

# -- notify: once for each bounce about a mail of the user's, and nothing in it is obeyed
new_index
XDG_STATE_HOME=$scratch/state
export XDG_STATE_HOME
mkdir "$scratch/desktop"
ln -s "$bounce" "$scratch/desktop/notmuch-bounce"
cat >"$scratch/desktop/notify-send" <<'END'
#!/bin/sh
printf '<%s>' "$@" >>"$SHOWN"
echo >>"$SHOWN"
END
chmod +x "$scratch/desktop/notify-send"
# shown: what the desktop shows, a line each.
shown() {
	: >"$scratch/shown"
	# shellcheck disable=SC2031 # PATH was changed for others only
	(cd "$scratch" && SHOWN=$scratch/shown PATH=$scratch/desktop:$PATH "$recipes/notify") 2>&1
	cat "$scratch/shown"
}
is 'notify: nothing came' "$(shown)" ''
letter 'sent@example.org' you@example.org '"$(touch PWN)`touch PWN`;" <-x@example.net>' "$(day 1)" | add sent
report 'b"$(touch PWN);@mx.example.net' "$(day 2)" sent@example.org "$gone|-x@example.net" | sed "s/^Date: .*/Date: $(perl -MPOSIX -e 'print strftime "%a, %d %b %Y %H:%M:%S +0000", gmtime time - 60')/" | add bounce
report forged@mx.example.net "$(day 2)" nowhere@example.org "$gone|bo@example.net" | add forged
"$bounce" tag --all
notmuch tag +unread -- '*'
like 'notify: one line, as explain --short says it' "$(shown)" '<--app-name=notmuch-bounce><--><*-x@example.net*>'
is 'notify: of the forged nothing, and of each once' "$(wc -l <"$scratch/shown" | tr -d ' ')$(shown)" 1
for n in 1 2 3 4 5 6 7; do
	letter "many$n@example.org" you@example.org "bo$n@example.net" "$(day 1)" | add "many$n"
	report "many$n@mx.example.net" "$(perl -MPOSIX -e 'print strftime "%a, %d %b %Y %H:%M:%S +0000", gmtime time - 60')" "many$n@example.org" "$gone|bo$n@example.net" | add "back$n"
done
"$bounce" tag --all
notmuch tag +unread -- '*'
shown >"$scratch/all"
is 'notify: of many the first, and how many more there are' "$(grep -c bo "$scratch/all") $(grep -o '(+[0-9]*)' "$scratch/all")" '5 (+2)'
is 'notify: these are not shown later' "$(shown)" ''
is 'notify: no text of a mail was obeyed' "$(find "$scratch" -name PWN)" ''

done_testing
