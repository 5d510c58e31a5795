#!/bin/sh
# The house keeps its order: who may know what, names that must agree, sizes.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
cd .. || exit 1

# -- layers
including() {
	grep -lE "^#[[:space:]]*include[[:space:]]+[<\"]$1" filter/*/*.[ch] | tr '\n' ' '
}
# The folders, as filter/README.md has them: each knows itself and those before it.
sed -n 's/^| `\([a-z]*\)\/` |.*/\1/p' filter/README.md >"$scratch/folders"
known=
while read -r folder; do
	known="$known${known:+|}$folder"
	is "$folder/ knows only what comes before it" "$(grep -hE '^#include "' filter/"$folder"/*.[ch] | grep -vE "^#include \"($known)/" | sort -u)" ''
done <"$scratch/folders"
is 'these are all folders' "$(sort "$scratch/folders")" "$(find filter -mindepth 1 -type d | sed 's,.*/,,' | sort)"
# only DESCRIPTION FILES ALLOWED...: no other file is among them.
only() {
	description=$1
	found=$2
	shift 2
	for file in $found; do
		case " $* " in
		*" $file "*) ;;
		*) printf '%s ' "$file" ;;
		esac
	done >"$scratch/others"
	is "$description" "$(cat "$scratch/others")" ''
}
only 'only index.c knows libnotmuch' "$(including 'notmuch\.h')" filter/index/index.c
only 'only gmime.c knows GMime' "$(including 'gmime/')" filter/mail/gmime.c
only 'only draft-zip.c knows libarchive' "$(including archive)" filter/resend/draft-zip.c
only 'only html-page.c knows libxml2' "$(including libxml)" filter/text/html-page.c
for file in filter/*/*.c; do
	case $file in
	filter/commands/main.c | filter/commands/cmd.c | filter/commands/cmd-*.c) continue ;;
	filter/base/child.c | filter/base/program.c | filter/judge/worker.c) continue ;; # their children end
	esac
	# Comments and strings out of the way first.
	perl -0777 -pe 's{/\*.*?\*/}{ }gs; s{"(?:\\.|[^"\\])*"}{""}g' "$file" |
		grep -qE '\b(printf|fprintf|vfprintf|puts|fputs|putchar|perror|exit|_exit|abort|err|errx|warn|warnx)[[:space:]]*\(|\bstd(out|err)\b' &&
		echo "$file"
done >"$scratch/printing"
is 'nothing below the commands prints or exits' "$(tr '\n' ' ' <"$scratch/printing")" ''
is 'no unbounded string functions' "$(grep -lE '\b(strcpy|strcat|sprintf|gets|strtok|atoi)[[:space:]]*\(' filter/*/*.c | tr '\n' ' ')" ''
# The reader of rules asks them what a guard's value looks like; rules are the user's, or ours.
only 'no regular expressions on mail text' "$(grep -lE '<regex\.h>|g_regex|pcre' filter/*/* | tr '\n' ' ')" filter/knowledge/rule-reader.c
is 'and one place asks them' "$(grep -cE '<regex\.h>|g_regex|pcre' filter/knowledge/rule-reader.c) $(grep -A3 '^static bool is_like' filter/knowledge/rule-reader.c | grep -c g_regex)" '1 1'

# -- sizes
# A function begins at a { alone in the first column and ends at its }.
awk 'FNR == 1 { start = 0 } /^\{/ { start = FNR } /^\}/ && start { print FNR - start - 1, FILENAME ":" start; start = 0 }' filter/*/*.c |
	sort -n >"$scratch/functions"
is 'no function is longer than 60 lines' "$(awk '$1 > 60 { print $2, $1 }' "$scratch/functions")" ''
ok 'half of the functions have 15 lines or less' awk '{ size[NR] = $1 } END { exit !(NR > 0 && size[int((NR + 1) / 2)] <= 15) }' "$scratch/functions"
is 'no line is longer than 100 columns' "$(perl -CSD -ne 'chomp; s/\t/" " x (8 - $-[0] % 8)/e while /\t/; print "$ARGV:$. " if length > 100; close ARGV if eof' filter/*.c filter/*/*.[ch])" ''
is 'no typedef ends in _t' "$(grep -nE '^[[:space:]]*(typedef.*|\}) *[a-z_]+_t;' filter/*/*.[ch])" ''

# -- a name stands once, so that a search for it finds one thing
# A static function or variable, or a struct, belongs to one file. Only `options` is in each command: its table.
perl -0777 -ne '
	s{/\*.*?\*/}{ }gs; s{\x27"\x27}{}g; s{"(?:\\.|[^"\\])*"}{""}g;
	my %names;
	$names{$1} = 1 while /^static\b[^;={}()]*\b(\w+)\(/gm;                     # a function
	$names{$1} = 1 while /^static\b[^;={}()]*\b(\w+)(?:\[[^\]]*\])*\s*[=;,]/gm; # a variable
	$names{$1} = 1 while /^static\b[^;={}()]*\(\*(\w+)\)/gm;                  # a pointer to a function
	$names{$1} = 1 while /^static\b[^;={}()]*struct \{.*?^\} (\w+)/gms;        # a table of nameless structs
	$names{"struct $1"} = 1 while /^(?:\w+ )*(?:struct|enum|union) (\w+)\s*\{/gm;
	print "$_\n" for sort keys %names;
' filter/*/*.[ch] | sort >"$scratch/names"
ok 'names are found' test "$(wc -l <"$scratch/names")" -gt 1500
is 'no static name and no struct is in two files' "$(uniq -d "$scratch/names" | grep -vx options | tr '\n' ' ')" ''

# -- names that must agree
"$bounce" rules --reasons | cut -d' ' -f1 | cut -f1 | sort >"$scratch/reasons"
is 'there are 28 reasons' "$(wc -l <"$scratch/reasons" | tr -d ' ')" 28
find tests/bounces -mindepth 1 -maxdepth 1 | sed 's,.*/,,' | sort >"$scratch/samples"
same 'the reasons are the directories of samples' "$scratch/samples" "$scratch/reasons"
sed -n '/^\.Sh REASONS/,/^\.El/s/^\.It Li //p' share/man/notmuch-bounce.1 | sort >"$scratch/table"
same 'the reasons are the list of the manual page' "$scratch/table" "$scratch/reasons"
sed -n '/^## 戻ってきた理由/,/^## 携帯/s/^| `\([a-z-]*\)` |.*/\1/p' share/guide.ja.md | sort >"$scratch/table"
same 'the reasons are the table of share/guide.ja.md' "$scratch/table" "$scratch/reasons"
# Beside the reasons: other kinds of mail, and words that are needed everywhere.
printf '%s\n' auto-reply backscatter complaint delayed delivered labels lists none receipt resend setup status | sort - "$scratch/reasons" >"$scratch/texts"
for directory in share/explain/*/; do
	# Messages are in English in the program.
	find "$directory" -name '*.txt' ! -name help.txt ! -name messages.txt | sed 's,.*/,,; s,\.txt$,,' | sort >"$scratch/explained"
	same "$directory explains every reason, and nothing else" "$scratch/explained" "$scratch/texts"
done
cat share/rules/*.rules | grep -vE '^([[:space:]]|#|$)' | cut -d' ' -f1 | grep -vxE 'word|host|when|temporary|permanent' | sort -u >"$scratch/ruled"
is 'rules speak of reasons only' "$(comm -23 "$scratch/ruled" "$scratch/reasons" | tr '\n' ' ')" ''
is 'every reason has a rule' "$(comm -13 "$scratch/ruled" "$scratch/reasons" | grep -v '^unknown$' | tr '\n' ' ')" ''
is 'files of rules and formats are numbered' "$(find share/rules share/formats -type f | grep -vE '/[0-9][0-9]-[a-z0-9-]+\.(rules|format)$')" ''
awk '$1 == "format" { print $2 }' share/formats/*.format | sort | uniq -d >"$scratch/twice"
is 'no two formats have one name' "$(cat "$scratch/twice")" ''
for command in classify explain filter handled insert rules setup status tag; do
	ok "the manual page has $command" grep -q "$command" share/man/notmuch-bounce.1
	ok "the README has $command" grep -q "notmuch-bounce $command" README.md
done
for readme in README.md README.ja.md CONTRIBUTING.md share/guide.ja.md */README.md; do
	grep -oE '\]\([a-zA-Z.][A-Za-z0-9./_-]*\)' "$readme" | sed 's/^..//; s/)$//' | sort -u >"$scratch/links"
	while read -r path; do
		ok "$readme links to something that is there: $path" test -e "$(dirname "$readme")/$path"
	done <"$scratch/links"
done

# -- what has no place here
files() {
	if git rev-parse --git-dir >/dev/null 2>&1; then
		git ls-files --cached --others --exclude-standard
	else
		find . -type f -not -path './.git/*' -not -path './build*/*'
	fi
}
files | tr '\n' '\0' >"$scratch/files"
everywhere() {
	xargs -0 grep -lIE -e "$1" <"$scratch/files" 2>/dev/null | grep -v '^\(\./\)*tests/tree\.t$' | tr '\n' ' '
}
is 'no path of somebody'"'"'s machine' "$(everywhere '(^|[^[:alnum:].])/(home|Users|root|work)/[a-z]')" ''
is 'no host of a package registry' "$(everywhere '(pypi|rubygems|npmjs|crates|cpan|packagist|hackage|nuget)\.(org|com|io)|proxy\.golang\.org|deb\.debian\.org')" ''
is 'no trailing white space in the sources' "$(grep -lE '[[:blank:]]$' filter/*/*.[ch] share/rules/* share/formats/* tests/*.t tests/lib.sh Makefile | tr '\n' ' ')" ''
# Two mailers are known by the address they write from; texts for a phone company need its domain, below which there is no ex.
is 'addresses in samples are nobody'"'"'s' "$(grep -rhoaE '[A-Za-z0-9._+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+' tests/bounces tests/not-bounces |
	sed 's/.*@//' | tr '[:upper:]' '[:lower:]' | sort -u |
	grep -vE '(^|\.)example(\.(com|net|org|jp|info|ac|redirect))?$|\.(test|invalid|example)$' |
	grep -vxE 'ezweb\.ne\.jp|ex\.docomo\.ne\.jp|eu-west-1\.amazonses\.com' | tr '\n' ' ')" ''

done_testing
