#!/bin/sh
# The recipe for saved searches: what each finds among real bounces and the mails they are about, that every reason is somebody's turn, that the
# user's own searches stay, and that it says so when it can't save them.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=index-lib.sh
. ./index-lib.sh
recipes=$PWD/../share/recipes

# save: run the recipe; what it says is in $said, and with its complaints in $scratch/err.
save() {
	said=$(sh "$recipes/searches" 2>"$scratch/err")
	code=$?
}
# found NAME: the ids of the mails that a search finds, without their domain.
found() {
	notmuch search --exclude=false --output=messages --sort=oldest-first -- "query:$1" | sed 's/^id://; s/@.*//' | sort | tr '\n' ' ' | sed 's/ $//'
}

# -- what they find
new_index
letter wrong@example.org you@example.org them@example.net "$(day 1)" | add wrong
letter full@example.org you@example.org them@example.net "$(day 1)" | add full
letter late@example.org you@example.org them@example.net "$(day 1)" | add late
letter fine@example.org you@example.org them@example.net "$(day 1)" | add fine
report of-wrong@mx.example.net "$(day 2)" wrong@example.org "$gone|them@example.net" | add of-wrong
report of-full@mx.example.net "$(day 2)" full@example.org "$full|them@example.net" | add of-full
report of-late@mx.example.net "$(day 2)" late@example.org "$late|them@example.net" | add of-late
report nobodys@mx.example.net "$(day 2)" never-sent@example.org "$gone|them@example.net" | add nobodys
report dealt-with@mx.example.net "$(day 2)" other@example.org "$gone|them@example.net" | add dealt-with
letter other@example.org you@example.org them@example.net "$(day 1)" | add other
run_tag --all
is 'the bounces are sorted' "$code" 0
"$bounce" handled id:dealt-with@mx.example.net

save
is 'saved: exit 0, and no complaint' "$code $(cat "$scratch/err")" '0 '
is 'saved: it says what is new' "$(echo "$said" | sort | tr '\n' ' ')" "$(notmuch config list | sed -n 's/^query\.\([^=]*\)=.*/query:\1/p' | sort | tr '\n' ' ')"
is 'undelivered: mails of yours' "$(found undelivered)" 'full wrong'
is 'delayed: mails of yours' "$(found delayed)" 'late'
is 'bounces: all' "$(found bounces)" 'dealt-with nobodys of-full of-late of-wrong'
is 'bounces-open: not what is handled, and nobody else'"'"'s' "$(found bounces-open)" 'of-full of-late of-wrong'
is 'bounces-permanent' "$(found bounces-permanent)" 'dealt-with nobodys of-wrong'
is 'bounces-temporary' "$(found bounces-temporary)" 'of-full of-late'
is 'bounces-backscatter' "$(found bounces-backscatter)" 'nobodys'
is 'bounces-mine-to-fix: open ones' "$(found bounces-mine-to-fix)" 'of-wrong'
is 'bounces-theirs-to-fix' "$(found bounces-theirs-to-fix)" 'of-full'
is 'bounces-to-wait-for: delays' "$(found bounces-to-wait-for)" 'of-late'
is 'bounces-servers-to-fix: none here' "$(found bounces-servers-to-fix)" ''

# -- every reason
new_index
save
"$bounce" rules --reasons | sed 's/  */ /g' >"$scratch/reasons"
while read -r reason _; do
	letter "$reason@reason.example" them@example.net you@example.org "$(day 3)" >"$mail/cur/$reason:2,"
done <"$scratch/reasons"
notmuch new --quiet --no-hooks
while read -r reason _; do
	echo "+bounce +bounce/$reason -- id:$reason@reason.example"
done <"$scratch/reasons" | notmuch tag --batch
# turn PATTERN: the reasons of which the program says that it is theirs who match.
turn() {
	sed 's/^\([^ ]*\) \(.*\)/\2 \1/' "$scratch/reasons" | grep -E "^($1)" | sed 's/.* //' | sort | tr '\n' ' ' | sed 's/ $//'
}
is 'bounces-mine-to-fix: each reason that is yours' "$(found bounces-mine-to-fix)" "$(turn 'you[ ,]|- ')"
is "bounces-servers-to-fix: each that is a server's" "$(found bounces-servers-to-fix)" "$(turn 'your |servers')"
is "bounces-theirs-to-fix: each that is theirs" "$(found bounces-theirs-to-fix)" "$(turn 'recipient|receiver|list')"
is 'bounces-to-wait-for: each that is for nobody to fix' "$(found bounces-to-wait-for)" "$(turn 'wait')"
is 'bounces-open: all' "$(notmuch count query:bounces-open)" 28
is "every reason is somebody's to fix, or to wait for" "$(notmuch search --output=messages query:bounces-open and not query:bounces-mine-to-fix \
	and not query:bounces-servers-to-fix and not query:bounces-theirs-to-fix and not query:bounces-to-wait-for)" ''

# -- again
cp "$NOTMUCH_CONFIG" "$scratch/before"
save
is 'again: exit 0, and nothing to say' "$code $said$(cat "$scratch/err")" '0 '
same 'again: nothing changes' "$NOTMUCH_CONFIG" "$scratch/before"

# -- the user's own
notmuch config set query.bounces 'tag:mine and subject:"a b"'
notmuch config set query.rubber 'tag:rubber'
notmuch config set query.delayed
save
is "a search of the user's: exit 0" "$code" 0
like "a search of the user's: it says so" "$(cat "$scratch/err")" '*query:bounces is yours*tag:mine and subject:"a b"*'
is "a search of the user's: it stays" "$(notmuch config get query.bounces)" 'tag:mine and subject:"a b"'
is 'another search of the user'"'"'s: it stays' "$(notmuch config get query.rubber)" 'tag:rubber'
is 'one that is not there: it comes back' "$said $(notmuch config get query.delayed)" 'query:delayed tag:delayed'
notmuch config set query.bounces
save
is 'once it is taken away: ours' "$said $(notmuch config get query.bounces)" 'query:bounces tag:bounce'

# -- what refers to them
# Each query of a file, one a line.
queries() {
	case $1 in
	*.el) sed -n 's/.*:query "\([^"]*\)".*/\1/p' "$1" ;;
	*) sed -n '/^#/d; s/^[^=]*=//p' "$1" ;;
	esac
}
for file in searches.el searches.aerc; do
	ok "$file has searches" [ "$(queries "$recipes/$file" | grep -c '^query:')" -ge 5 ]
	is "$file has no others" "$(queries "$recipes/$file" | sed 's/^query://' | while read -r name; do
		[ -n "$(notmuch config get "query.$name")" ] || echo "$name"
	done)" ''
done
is 'searches.aerc: each line is a comment or a name and a query' "$(grep -vE '^#|^[A-Z][^=]*=[^=]+$' "$recipes/searches.aerc")" ''
is 'searches.el: brackets and quotes close' "$(perl -0777 -ne 's/;.*//g; s/"[^"\n]*"/s/g; print /"/ ? "quote" : "", tr/(// - tr/)//' "$recipes/searches.el")" 0
is 'searches.el: no key is taken twice' "$(grep -o ':key "[^"]*"' "$recipes/searches.el" | sort | uniq -d)" ''
# Emacs itself is asked where it is there, with notmuch's part for it.
if emacs --batch --eval "(require 'notmuch)" >"$scratch/out" 2>&1; then
	emacs --batch --load "$recipes/searches.el" --eval "(require 'notmuch)" --load "$recipes/searches.el" \
		--eval '(dolist (search notmuch-saved-searches) (princ (format "%s\n" (plist-get search :query))))' 2>"$scratch/err" |
		grep '^query:' | sort >"$scratch/emacs"
	is 'searches.el: Emacs has each once, however often it is loaded' "$(cat "$scratch/emacs")" "$(queries "$recipes/searches.el" | sort)"
fi
sed -n 's/^#     \(notmuch [a-z].*\)/\1/p' "$recipes/searches" >"$scratch/shown"
ok 'its comment shows how to use it' test -s "$scratch/shown"
is 'what the comment shows works' "$(sh -e "$scratch/shown" 2>&1 | grep -iE 'error|unknown|usage')" ''

# -- it can't
mkdir "$scratch/empty"
exits 'without notmuch: it fails' 127 env PATH="$scratch/empty" "$(command -v sh)" "$recipes/searches"
like 'without notmuch: it says so' "$(cat "$scratch/err")" '*notmuch*not found*'
exits 'notmuch has no configuration: it fails' 1 env NOTMUCH_CONFIG="$scratch/none/config" sh "$recipes/searches"
like 'notmuch has no configuration: it says so' "$(cat "$scratch/err")" '*does not keep query:undelivered*'
mkdir "$scratch/bin"
printf '#!/bin/sh\ncase "$2" in set) exit 1 ;; esac\nexec %s "$@"\n' "$(command -v notmuch)" >"$scratch/bin/notmuch"
chmod +x "$scratch/bin/notmuch"
notmuch config set query.bounces
notmuch config set query.delayed
exits 'notmuch saves nothing: it fails' 1 env PATH="$scratch/bin:$PATH" sh "$recipes/searches"
is 'notmuch saves nothing: nothing is called new' "$(cat "$scratch/out")" ''

done_testing
