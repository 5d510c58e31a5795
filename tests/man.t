#!/bin/sh
# The manual pages say all there is to say, and their examples are true.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
cd .. || exit 1
page=share/man/notmuch-bounce.1
rules=share/man/notmuch-bounce-rules.5
formats=share/man/notmuch-bounce-formats.5
texts=share/man/notmuch-bounce-texts.5

# plain PAGE: without markup.
plain() {
	sed 's/\\&//g; s/^\.[A-Z][a-z] *//; s/ Ns / /g; s/\\(en/-/g' "$1"
}
# section PAGE NAME: its lines.
section() {
	awk -v name="$2" '/^\.Sh / { on = substr($0, 5) == name; next } on' "$1"
}
# told PAGE WORD...: those that it does not name.
untold() {
	plain "$1" >"$scratch/plain"
	shift
	for word; do
		grep -qE -- "(^|[^[:alnum:]_-])$(printf '%s' "$word" | sed 's/[.*{}]/\\&/g')([^[:alnum:]_-]|\$)" "$scratch/plain" || printf '%s ' "$word"
	done
}

# -- what the program has
"$bounce" --help | sed -n 's/^  \([a-z]*\) .*/\1/p' >"$scratch/commands"
while read -r command; do
	ok "$command has its place" grep -qx ".Ss $command" "$page"
	ok "$command is in the synopsis" sh -c 'sed -n "/^.Sh SYNOPSIS/,/^.Sh DESCRIPTION/p" "$1" | grep -qx ".Cm $2"' - "$page" "$command"
	sed -n "/^\.Ss $command\$/,/^\.S[sh] /p" "$page" >"$scratch/part"
	sed -n "/^\.Sh SYNOPSIS/,/^\.Sh DESCRIPTION/p" "$page" >>"$scratch/part"
	# shellcheck disable=SC2046 # words
	is "$command: all its options" "$(untold "$scratch/part" $("$bounce" --list-options | awk -F'\t' -v command="$command" '$1 == command && $2 != "" && command != "insert" { print "-" $2 }'))" ''
done <"$scratch/commands"
section "$page" 'EXIT STATUS' | sed -n 's/^\.It \([0-9]*\)$/\1/p' | tr '\n' ' ' >"$scratch/got"
sed -n 's/.*sysexits(3) code for S: //p' filter/base/status.h | grep -oE '[0-9]+' | tr '\n' ' ' >"$scratch/wanted"
same 'EXIT STATUS has all there are' "$scratch/got" "$scratch/wanted"
# shellcheck disable=SC2046 # words
is 'ENVIRONMENT has all that is read' "$(section "$page" ENVIRONMENT >"$scratch/part" && untold "$scratch/part" $(cat filter/*/*.c | grep -oE '(getenv|directory_in)\("[A-Z_]+"' | sed 's/.*"\(.*\)"/\1/' | sort -u | grep -vxE 'HOME|PATH|TERM'))" ''
# shellcheck disable=SC2046 # words
is 'CONFIGURATION has all settings' "$(section "$page" CONFIGURATION >"$scratch/part" && untold "$scratch/part" $(cat filter/*/*.c | grep -oE '"bounce\.(lock_timeout|backscatter_after|language|scanner)"' | tr -d '"' | sort -u))" ''
# What a field of JSON is called: where the program writes it (SOURCE; what is only in its CSV is left out), and in the page, where its command is.
while read -r command source csv; do
	perl -0777 -ne 'print "$_\n" for grep { defined } /\b(?:json|table)_[a-z]+\(\s*(?:&?json|&?table(?:[.]json)?),\s*(?:[^",]*\? )?"([a-z_]+)"(?: : "([a-z_]+)")?/g, /\[SURVEY_[A-Z]+\] = "([a-z]+)"/g' "$source" |
		grep -vxE "${csv:-none}" | sort -u >"$scratch/wanted"
	ok "$command --format=json has fields" test -s "$scratch/wanted"
	for file in "$page" share/man/ja/notmuch-bounce.1; do
		sed -n "/^\\.Ss $command\$/,/^\\.S[sh] /p" "$file" | sed -n 's/^\.\(It \)*Va //p' | grep -oE '[a-z_]+' | sort -u >"$scratch/got"
		same "${file#share/}: the fields of $command --format=json, all and no others" "$scratch/got" "$scratch/wanted"
	done
done <<'END'
classify filter/commands/print.c
status filter/commands/cmd-status.c
explain filter/explain/page.c
resend filter/resend/candidates.c
addresses filter/commands/cmd-addresses.c name
report filter/after/survey.c by|name
silent filter/commands/cmd-silent.c
END
# shellcheck disable=SC2046 # words
is 'rules(5) has all conditions' "$(untold $rules phrase unless $(sed -n '/^} guards\[/,/^};/s/.*{"\([a-z]*\)".*/\1/p' filter/knowledge/rule-reader.c))" ''
# shellcheck disable=SC2046 # words
is 'formats(5) has all keys' "$(untold $formats format sign word $(sed -n '/^} keys\[\]/,/^};/s/.*{"\([a-z-]*\)".*/\1/p' filter/knowledge/format-reader.c))" ''
# shellcheck disable=SC2046 # words
is 'formats(5) has all captures' "$(untold $formats $(sed -n 's/.*\[CAPTURE_[A-Z_]*\] = {"\([a-z-]*\)".*/{\1}/p' filter/knowledge/line-pattern.c) '{diagnostic...}')" ''
# shellcheck disable=SC2046 # words
is 'formats(5) has all kinds' "$(untold $formats $(sed -n 's/.*\[KIND_[A-Z_]*\] = "\([a-z-]*\)".*/\1/p' filter/knowledge/vocabulary.c))" ''
# shellcheck disable=SC2046 # words
is 'texts(5) has all keys' "$(untold $texts for $(sed -n 's/^static const char \*const text_keys\[\] = {\(.*\), NULL};/\1/p' filter/knowledge/wording.c | tr -d '",'))" ''
# shellcheck disable=SC2046 # words
is 'texts(5) has all placeholders' "$(untold $texts $(find share/explain/en -name '*.txt' ! -name labels.txt ! -name resend.txt ! -name lists.txt ! -name setup.txt ! -name status.txt -exec cat {} + | grep -v '^#' | grep -oE '\{[a-z_]+\}' | sort -u))" ''
# shellcheck disable=SC2046 # words
is 'texts(5) has all actions' "$(untold $texts $(cat share/explain/en/*.txt | grep -oE ' @[a-z-]+$' | sort -u))" ''

# -- the shape of a page
for file in share/man/*.[15]; do
	name=${file##*/}
	is "$name: is called what it says" "$(sed -n 's/^\.Dt //p' "$file")" "$(echo "${name%.?} ${name##*.}" | tr '[:lower:]' '[:upper:]')"
	for heading in NAME SYNOPSIS DESCRIPTION FILES EXAMPLES 'SEE ALSO'; do
		ok "$name: $heading" grep -qx ".Sh $heading" "$file"
	done
	is "$name: examples fit 80 columns" "$(awk '/^\.Bd -literal/ { on = 1 } /^\.Ed/ { on = 0 } on && length > 74' "$file")" ''
	# shellcheck disable=SC2013 # words
	for other in $(sed -n 's/^\.Xr \(notmuch-bounce[a-z-]*\) \([0-9]\).*/\1.\2/p' "$file" | sort -u); do
		ok "$name: $other is there" test -e "share/man/$other"
	done
	sed -n 's/^\.Xr \([a-z-]* [0-9]\).*/\1/p' "$file" | sort -u >"$scratch/named"
	if command -v mandoc >/dev/null; then
		is "$name: mandoc finds nothing wrong" "$(mandoc -Tlint -Wwarning "$file" 2>&1)" ''
	fi
done
# -- in Japanese: nothing is missing
options() {
	awk '/^\.Ss / { part = $2 } /^\.Sh / { part = "" } part != "" { print part, $0 }' "$1" |
		perl -ne 'my ($part, $line) = split " ", $_, 2; my $is = 0; for my $word (split " ", $line) {
			$is = 1 if $word eq "Fl"; $is = 0 if $word =~ /^(Ns|Ar|Cm|Op|Oc|Pq|Li|No|Ic)$/; print "$part $word\n" if $is && $word =~ /^-[a-z]/ }' | sort -u
}
options "$page" >"$scratch/wanted"
options share/man/ja/notmuch-bounce.1 >"$scratch/got"
is 'ja: all options of all commands' "$(comm -23 "$scratch/wanted" "$scratch/got" | tr '\n' ' ')" ''
is 'ja: no others' "$(cut -d' ' -f2 "$scratch/got" | sort -u | while read -r option; do grep -qF -- "Fl $option" "$page" || echo "$option"; done)" ''
synopsis() {
	sed -n '/^\.Sh SYNOPSIS/,/^\.Sh DESC/p' "$1" | grep -oE -- 'Fl -[a-z][a-z-]+|^\.Cm [a-z]+' | sort
}
synopsis "$page" >"$scratch/wanted"
synopsis share/man/ja/notmuch-bounce.1 >"$scratch/got"
same 'ja: the same synopsis' "$scratch/got" "$scratch/wanted"
for what in 's/^\.Ss //p' 's/^\.It Li //p' 's/^\.It \([0-9]*\)$/\1/p' 's/^\.It Cm //p'; do
	sed -n '/^\.Sh QUESTIONS/,$d; '"$what" "$page" | sort >"$scratch/wanted"
	sed -n "$what" share/man/ja/notmuch-bounce.1 | sort >"$scratch/got"
	same "ja: the same by $what" "$scratch/got" "$scratch/wanted"
done
if command -v mandoc >/dev/null; then
	is 'ja: mandoc finds nothing wrong' "$(mandoc -Tlint -Wwarning share/man/ja/notmuch-bounce.1 2>&1)" ''
fi
for heading in 'EXIT STATUS' SECURITY ENVIRONMENT CONFIGURATION; do
	ok "notmuch-bounce.1: $heading" grep -qx ".Sh $heading" "$page"
done
is 'notmuch-bounce.1: each file of an installation that it names is there' "$(grep -oE '/usr/local/share/notmuch-bounce/[a-z./-]*[a-z]' "$page" | sed 's,/usr/local/share/notmuch-bounce/,,; s,^recipes,share/recipes,' | sort -u | while read -r path; do [ -e "$path" ] || echo "$path"; done)" ''

# -- examples
# literal PAGE SECTION: what stands in its blocks, one behind another.
literal() {
	section "$1" "$2" | awk '/^\.Bd -literal/ { on = 1; next } /^\.Ed/ { on = 0; print "" } on'
}
literal $rules EXAMPLES | grep -v '^\$' >"$scratch/example.rules"
ok 'rules(5) has examples' test "$(grep -c . "$scratch/example.rules")" -ge 5
exits 'rules(5): nothing is wrong with them' 0 "$bounce" rules --check "$scratch/example.rules"
is 'rules(5): nothing is wrong with them: no word' "$(cat "$scratch/err")" ''

literal $formats EXAMPLES | awk '/^format / { on = 1 } on && !/^(format |  [a-z]|$)/ { on = 0 } on' >"$scratch/example.format"
is 'formats(5) has examples' "$(grep -c '^format ' "$scratch/example.format")" 2
exits 'formats(5): nothing is wrong with them' 0 "$bounce" rules --check "$scratch/example.format"
is 'formats(5): nothing is wrong with them: no word' "$(cat "$scratch/err")" ''
own=$scratch/config/notmuch-bounce
mkdir -p "$own/formats" "$own/explain/en"
XDG_CONFIG_HOME=$scratch/config
export XDG_CONFIG_HOME
cp "$scratch/example.format" "$own/formats/10-example.format"
# mail FROM SUBJECT FIELD: a mail with the text on standard input.
mail() {
	printf 'From: %s\nSubject: %s\n%s\nTo: me@example.org\nDate: Wed, 14 Oct 2026 09:12:44 +0200\nMessage-ID: <m@example.org>\n\n' "$1" "$2" "$3"
	cat
}
read_as() {
	"$bounce" classify --format=json - | sed 's/"original":{[^}]*},//; s/.*"kind":"\([a-z]*\)","format":"\([a-z-]*\)".*"address":"\([^"]*\)".*"diagnostic":"\([^"]*\)".*/\1 \2 \3: \4/; s/.*"kind":"none".*/none/'
}
section $formats EXAMPLES | awk '/^\.Bd/ && !n++ { on = 1; next } /^\.Ed/ { on = 0 } on' >"$scratch/alas"
is 'formats(5): the gateway is read' "$(mail postmaster@acme.example Sorry X-A:\ b <"$scratch/alas" | read_as)" \
	'failed acme-gateway hana@example.org: the account was terminated by us'
is 'formats(5): what only looks like a bounce is none' "$(printf 'Ihre Mail konnte nicht zugestellt werden:\n(5.1.1) hana@example.org - no such person\n' | mail robot@club.example 'Digest of undeliverable mail, no. 3' X-A:\ b | read_as)" none

section $texts EXAMPLES | awk '/^\.Bd/ { n++; on = 1; next } /^\.Ed/ { on = 0 } on && n == 1' >"$own/explain/en/mailbox-full.txt"
section $texts EXAMPLES | awk '/^\.Bd/ { n++; on = 1; next } /^\.Ed/ { on = 0 } on && n == 2' >"$own/explain/groups.txt"
"$bounce" explain --lang=en --width=80 tests/bounces/mailbox-full/ironport-other-mail-system-problem.eml >"$scratch/out" 2>"$scratch/err"
like 'texts(5): the steps are taken, those of the group first' "$(cat "$scratch/out")" '*1. Ask their help desk: help@partner.example.*2. Call *the number is in the*3. Send it again*'
is 'texts(5): nothing is wrong with them' "$(cat "$scratch/err")" ''

done_testing
