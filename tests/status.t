#!/bin/sh
# What status says: which mail did not arrive, to whom, why and whose turn it is, in the reader's language and in 80 columns.
# status.t --update writes the screens of tests/status/ anew, to be read and reviewed.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=index-lib.sh
. ./index-lib.sh
export XDG_CACHE_HOME="$scratch/cache"
unset XDG_RUNTIME_DIR LC_MESSAGES LANG
mkdir "$XDG_CACHE_HOME"

status() {
	"$bounce" status "$@"
}
# written ID TO DATE SUBJECT: a mail that the user sent.
written() {
	printf 'From: You <you@example.org>\nTo: %s\nDate: %s\nSubject: %s\nMessage-ID: <%s>\n\nHello.\n' "$2" "$3" "$4" "$1" | add "$1"
}
# fates ID: what became of it, a line for each recipient, `failed 0 virus bo@example.net`, as if it had been sorted; see filter/index/outcome.h.
fates() {
	perl -ne '
		BEGIN { printf "#= %s", shift }
		chomp;
		s/^\S+ \S+ \S+\K$/ /; # no address
		s/([^A-Za-z0-9@.-])/sprintf "%%%02x", ord $1/ge;
		print " bounce.state=$_";
		END { print "\n" }' "$1" >"$scratch/properties"
	notmuch restore --accumulate --format=batch-tag --include=properties --input="$scratch/properties"
	notmuch tag +undelivered -- "id:$1"
}
# too_wide: the lines of standard input that don't fit in 80 columns.
too_wide() {
	perl -CS -ne 'chomp; my $wide = () = /[\p{Ea=W}\p{Ea=F}]/g; print "$_\n" if length() + $wide > 79'
}

# -- one screen for each language: every state, every reason; wide and long subjects and addresses, and none
new_index
written states@example.org 'ann@example.net, bo@example.net, cy@example.net, di@example.net, ed@example.net, fay@example.net' "$(day 1)" \
	'【至急】見積書の再送付のお願い（株式会社さくら商事・総務部）と、来週の打ち合わせの日程についてのご相談'
report alone@mx.example.net "$(day 6)" nowhere@example.org "$gone|them@example.net" | add alone
run_tag --all
fates states@example.org <<'END'
failed 0 user-unknown bo@example.net
delayed 0 network cy@example.net
confirmed 0 - di@example.net
replied 0 mailbox-full ed@example.net
resent 0 - fay@example.net
failed 0 - gil@example.net
handled 0 policy hal@example.net
END
"$bounce" rules --reasons | cut -d' ' -f1 >"$scratch/reasons"
written reasons@example.org you@example.org "$(day 4)" 'Every reason there is'
sed 's/\(.*\)/failed 0 \1 to-\1@example.net/' "$scratch/reasons" | fates reasons@example.org
written addresses@example.org you@example.org "$(day 5)" ''
fates addresses@example.org <<'END'
failed 0 virus taro.tanaka-of-sales@kaisha.example
failed 0 no-mail-service taro.tanaka-of-sales@kaisha.example.net
failed 0 relay-denied a.quite.long.name.of.a.person@an.even.longer.name.of.a.host.example.net
failed 0 user-unknown 営業部@会社.example
failed 0 spam 株式会社さくら商事営業部第一課の山田太郎@会社.example
delayed 0 network 株式会社さくら商事営業部第一課の山田花子@会社.example
failed 0 unknown
END
screen() {
	status --lang="$1"
	printf '%s\n' '-- and all of these'
	status --lang="$1" id:states@example.org
	status --lang="$1" id:alone@mx.example.net
}
for language in ../share/explain/*/; do
	language=$(basename "$language")
	screen "$language" >"$scratch/$language.txt" 2>&1
	[ "${1:-}" != --update ] || cp "$scratch/$language.txt" "status/$language.txt"
	same "$language: what stands on the screen" "$scratch/$language.txt" "status/$language.txt"
	is "$language: no line is wider than the terminal" "$(too_wide <"status/$language.txt")" ''
done
# where_who LANGUAGE [QUERY...]: the columns in which it is said whose turn it is.
where_who() {
	language=$1
	shift
	status --lang="$language" "$@" | perl -CSD -ne '
		BEGIN { open my $labels, "<", shift or die; /^who-\S+ +(.*)/ and $who{$1} = 1 while <$labels> }
		next unless /^ {8}.*@/;
		for my $who (keys %who) {
			my ($before) = /^(.* )\Q$who\E$/ or next;
			my $wide = () = $before =~ /[\p{Ea=W}\p{Ea=F}]/g;
			print length($before) + $wide, "\n";
		}' "../share/explain/$language/labels.txt" | sort | uniq -c | tr -s ' ' | sed 's/^ //'
}
for language in en ja de ko; do
	like "$language: whose turn it is stands in one column for all but the unknown reason" "$(where_who $language id:reasons@example.org)" '27 6?'
	like "$language: in one for all mails, however long an address is" "$(where_who $language)" '3? 6?'
done
status id:states@example.org >"$scratch/english"
for reason in $("$bounce" rules --reasons | cut -d' ' -f1); do
	sed -n 's/^name //p' "../share/explain/en/$reason.txt" | head -n 1
done | sort >"$scratch/names"
sed -n 's/^ *to-[a-z-]*@example.net *\(.*\)/\1/p' status/en.txt | sed 's/  .*//' | sort >"$scratch/said"
ok 'English says of reasons what explain says, as every language does' sh -c 'grep -vxFf "$1" "$2" | grep -vE "^($(paste -sd "|" "$1")) " && exit 1 || true' - "$scratch/names" "$scratch/said"
"$bounce" rules --reasons | sed 's/^[a-z-]*  *//; s/  .*//' | grep -v '^-' | sort -u >"$scratch/who"
sed -n 's/^who-[a-z-]* *//p' ../share/explain/en/labels.txt | sort -u >"$scratch/labels"
same 'there is a label for each whose turn it can be, and English says what rules --reasons does' "$scratch/labels" "$scratch/who"

# -- which language: as explain has it
is 'the option' "$(status --lang=de id:states@example.org)" "$(LC_ALL=de_DE.UTF-8 status id:states@example.org)"
is 'LC_ALL' "$(LC_ALL=ja_JP.UTF-8 status id:states@example.org | grep bo@)" '        bo@example.net               宛先不明                 送信者（宛先）'
is 'LC_MESSAGES' "$(unset LC_ALL && LC_MESSAGES=de LANG=ja status id:states@example.org | grep cy@)" '        cy@example.net               verzögert'
is 'LANG' "$(unset LC_ALL && LANG=ko_KR.UTF-8 status id:states@example.org | grep cy@)" '        cy@example.net               배달 지연'
is 'LC_ALL=C is English, whatever LANG is' "$(LC_ALL=C LANG=ja status id:states@example.org)" "$(cat "$scratch/english")"
is 'no texts in the language of the locale: English' "$(LC_ALL=sv_SE.UTF-8 status id:states@example.org)" "$(cat "$scratch/english")"
notmuch config set bounce.language ja
is 'the setting, before the locale' "$(LC_ALL=de status id:states@example.org)" "$(status --lang=ja id:states@example.org)"
is 'the option, before the setting' "$(status --lang=en id:states@example.org)" "$(cat "$scratch/english")"
json=$(status --lang=en --format=json)
like 'JSON is there' "$json" '*"state":"failed","reason":"user-unknown","who":"you (address)"*'
is 'JSON is the same in every language' "$(status --format=json)" "$json"
exits 'a language there is nothing in is an error' 64 "$bounce" status --lang=tlh
like 'and it is said which there are' "$(cat "$scratch/err")" '*status --lang=tlh: expected one of de en es fr it ja ko pt zh*'
notmuch config set bounce.language tlh
exits 'so is a setting' 78 "$bounce" status
like 'and it is said where' "$(cat "$scratch/err")" '*bounce.language=tlh: expected one of*'
notmuch config set bounce.language

# -- a mail on standard input, and what a macro keeps
letter nowhere@example.org you@example.org bo@example.net "$(day 7)" >"$scratch/nowhere"
is 'of a mail that is not there' "$(status - 2>&1 <"$scratch/nowhere")" 'notmuch-bounce: status: no bounce of this message is known'
is 'and in Japanese' "$(status --lang=ja - 2>&1 <"$scratch/nowhere")" 'notmuch-bounce: status: このメールについての通知は、登録されている記録では見当たりません'
# held OPTION...: what a macro would show of the mail `states`.
held() {
	status --hold "$@" - <"$mail/cur/states@example.org:2," >"$scratch/out" 2>&1
	cat "$scratch/out"
	"$bounce" explain --held </dev/null
}
notmuch config set bounce.language tlh
like 'a macro keeps what is wrong instead, and nothing is printed' "$(held)$(cat "$scratch/out")" '*bounce.language=tlh: expected one of*zh'
notmuch config set bounce.language
is 'kept for a macro' "$(held --lang=ja)" "$(status --lang=ja id:states@example.org)"
own=$HOME/.config/notmuch-bounce/explain
mkdir -p "$own/ja" "$own/sv"
echo 'name アドレス違い' >"$own/ja/user-unknown.txt"
like 'a text of my own comes first' "$(status --lang=ja id:states@example.org)" '*bo@example.net *アドレス違い  *送信者（宛先）*'
printf '%s\n' 'au *.net' >"$own/groups.txt"
rm "$own/ja/user-unknown.txt"
echo 'nonsense here' >"$own/ja/user-unknown.txt"
is 'a mistake in it is not shown instead of the answer' "$(held --lang=ja)" "$(status --lang=ja id:states@example.org 2>"$scratch/err")"
like 'without a macro it is said' "$(cat "$scratch/err")" '*user-unknown.txt:1:*'
rm "$own/ja/user-unknown.txt"
like 'the name is the one for the domain of the address' "$(status --lang=ja id:states@example.org)" '*bo@example.net *宛先不明または受信拒否  *送信者（宛先）*'
rm "$own/groups.txt"
echo 'name アドレス違い' >"$own/ja/user-unknown.txt"
printf '%s\n' 'name adressen finns inte' >"$own/sv/user-unknown.txt"
like 'a language of my own, with no more than that: the rest is English' "$(status --lang=sv id:states@example.org)" '*cy@example.net *delayed*bo@example.net *adressen finns inte *you (address)*'
echo 'nonsense' >>"$own/ja/user-unknown.txt"
like 'what is wrong in it is said' "$(status --lang=ja id:states@example.org 2>&1 >"$scratch/out")" '*user-unknown.txt:2:*nonsense*'
like 'but what a macro keeps is what became of the mail' "$(held --lang=ja)" '*bo@example.net *アドレス違い  *送信者（宛先）*'
unlike 'and that alone' "$(held --lang=ja)" '*nonsense*'
rm -r "$own"

# -- the date: as ls has it, but as each language writes it
yesterday=$(perl -MPOSIX -e 'setlocale(LC_ALL, "C"); print strftime("%d %b %Y %H:%M:%S +0000", gmtime(time - 86400))')
# dated FORMAT: yesterday, where the user is.
dated() {
	perl -MPOSIX -e 'setlocale(LC_ALL, "C"); print strftime($ARGV[0], localtime(time - 86400))' "$1"
}
written recent@example.org 'bo@example.net' "$yesterday" 'of yesterday'
is 'English' "$(status --lang=en id:recent@example.org | head -1)" "$(dated '%b %d')  of yesterday"
is 'Japanese' "$(status --lang=ja id:recent@example.org | head -1)" "$(dated '%m/%d')   of yesterday"
is 'German' "$(status --lang=de id:recent@example.org | head -1)" "$(dated '%d.%m.')  of yesterday"
is 'French' "$(status --lang=fr id:recent@example.org | head -1)" "$(dated '%d/%m')   of yesterday"
like 'long ago, in English' "$(status --lang=en id:states@example.org | head -1)" '2026-03 【至急】*'
like 'in German' "$(status --lang=de id:states@example.org | head -1)" '03.2026 【至急】*'

# -- what is worth sending again now
new_index
# ago HOURS: the time it was then.
ago() {
	perl -e 'print time - 3600 * $ARGV[0]' "$1"
}
# due OPTION...: whom it says.
due() {
	status --lang=en --due "$@" | grep -o '[a-z]*@example\.net' | sort | tr '\n' ' '
}
is 'nothing is: in words' "$(status --lang=en --due)" 'Nothing is worth sending again now.'
exits 'and that is no error' 0 "$bounce" status --due
written wait@example.org 'ann@example.net' "$yesterday" 'To wait for'
{
	for reason in network expired rate-limited system; do
		printf 'failed %s %s early%s@example.net\n' "$(ago 5.9)" $reason ${reason%%-*}
	done
	printf 'failed %s mailbox-full earlyfull@example.net\n' "$(ago 47)"
	printf 'failed %s user-unknown gone@example.net\nfailed %s spam spam@example.net\nfailed 0 unknown who@example.net\n' "$(ago 99)" "$(ago 99)"
	printf '%s 0 network %s@example.net\n' delayed late confirmed there replied wrote resent again handled 'done'
} | fates wait@example.org
is 'too early, no use, on its way, or settled: nothing' "$(status --lang=ja --due)" '今、再送するとよいメールはありません。'
like 'though all of that is there' "$(status --lang=en | tail -1)" "1 message hasn't arrived."
is 'JSON: no line' "$(status --due --format=json)" ''
written due@example.org 'ann@example.net' "$yesterday" 'To send again'
{
	for reason in network expired rate-limited system; do
		printf 'failed %s %s %s@example.net\n' "$(ago 6.1)" $reason ${reason%%-*}
	done
	printf 'failed %s mailbox-full full@example.net\nfailed %s user-unknown gone@example.net\n' "$(ago 49)" "$(ago 49)"
} | fates due@example.org
is 'those that rested long enough, and nobody else' "$(due)" 'expired@example.net full@example.net network@example.net rate@example.net system@example.net '
is 'an entry as ever, and no word behind it' "$(status --lang=en --due | sed -n '1p; 2p; $p' | tr -s ' ')" "$(dated '%b %d') To send again
 full@example.net mailbox full recipient
 id:due@example.org"
is 'of one mail' "$(due id:due@example.org | wc -w) $(status --lang=en --due id:wait@example.org)" '5 Nothing is worth sending again now.'
report alone@mx.example.net "$(day 6)" nowhere@example.org "$full|them@example.net" | add alone
run_tag --all
is 'a bounce that no mail is known for: there is nothing to send' "$(due id:alone@mx.example.net)" ''
exits '--due --all: 64' 64 "$bounce" status --due --all

# -- what the READMEs show
new_index
# shown README: the screen in it.
shown() {
	sed -n '/^    \$ notmuch[ -]bounce status$/,/^$/p' "$1" | sed '1d; $d; s/^    //'
}
written 4711@example.org 'tanaka@exmaple.jp, suzuki@example.jp' "$yesterday" 'Invoice 4711'
fates 4711@example.org <<'END'
failed 0 host-unknown tanaka@exmaple.jp
delayed 0 network suzuki@example.jp
END
status --lang=en | sed "s/^$(dated '%b %d')/Nov 23/" >"$scratch/screen"
shown ../README.md >"$scratch/shown"
same 'README.md' "$scratch/screen" "$scratch/shown"
new_index
written 4711@example.org 'tanaka@exmaple.jp, suzuki@example.jp' "$yesterday" '請求書（4711）のご送付'
fates 4711@example.org <<'END'
failed 0 host-unknown tanaka@exmaple.jp
delayed 0 network suzuki@example.jp
END
status --lang=ja | sed "s,^$(dated '%m/%d'),11/23," >"$scratch/screen"
shown ../README.ja.md >"$scratch/shown"
same 'README.ja.md' "$scratch/screen" "$scratch/shown"

done_testing
