#!/bin/sh
# Which addresses mail came back from, what the index knows of them since, and a list without those that are dead.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=index-lib.sh
. ./index-lib.sh
TZ=UTC
export TZ
temporary='failed|4.4.1|451 4.4.1 Connection timed out'
blocked='failed|5.7.1|554 5.7.1 Client host [192.0.2.1] blocked using zen.spamhaus.org'

# sent N ADDRESS DAY: a mail of the user's. came_back N ADDRESS DAY GROUP: its bounce.
sent() { letter "sent$1@example.org" "You <$you>" "$2" "$(day "$3")" | add "sent$1"; }
came_back() {
	original_to=$2 report "bounce$1@mx.example.net" "$(day "$3" 11:00:00)" "sent$1@example.org" "$4|$2" | add "bounce$1"
}
new_index
sent 1 gone@example.net 1
came_back 1 gone@example.net 1 "$gone"
sent 2 back@example.net 1
came_back 2 back@example.net 1 "$gone"
letter back1@example.net 'Back <back@example.net>' "$you" "$(day 5)" 'Received: from mx by example.org; Thu, 05 Mar 2026 10:00:00 +0000' | add back1
for n in 1 2 3; do
	sent "3$n" slow@example.net $((n * 8))
	came_back "3$n" slow@example.net $((n * 8)) "$temporary"
done
sent 4 far@example.com 3
came_back 4 far@example.com 3 "$blocked"
sent 5 full@example.net 3
came_back 5 full@example.net 3 "$full"
sent 6 right@example.net 3
came_back 6 right@example.net 3 "$gone"
sent 7 right@example.net 9
original_to=right@example.net report success7@mx.example.net "$(day 9 11:00:00)" sent7@example.org "$arrived|right@example.net" | add success7
# A bounce that anybody can forge: about a mail that was never sent, and about one that went to somebody else.
original_to=victim@example.net report forged1@evil.example "$(day 4)" never@example.org "$gone|victim@example.net" | add forged1
original_to=boss@example.net report forged2@evil.example "$(day 4)" sent1@example.org "$gone|boss@example.net" | add forged2
run_tag --all

addresses() {
	"$bounce" addresses --lang=en "$@" 2>"$scratch/err"
}
standing() {
	addresses --all --format=json "$@" | perl -MJSON::PP -ne '$_ = JSON::PP->new->decode($_); print "$_->{address} $_->{state} $_->{reason} $_->{failures}\n"' | sort
}
is 'what each address is' "$(standing)" 'back@example.net alive user-unknown 1
far@example.com refused blocked 1
full@example.net failed mailbox-full 1
gone@example.net dead user-unknown 1
right@example.net alive user-unknown 1
slow@example.net failing network 3'
is '--dead --format=list: one a line' "$(addresses --dead --format=list)" gone@example.net
is '--failing' "$(addresses --failing --format=list)" slow@example.net
is '--refused' "$(addresses --refused --format=list)" far@example.com
is 'without an option: all that do not work' "$(addresses --format=list | sort | tr '\n' ' ')" 'far@example.com full@example.net gone@example.net slow@example.net '
is 'a forged bounce makes no address dead' "$(addresses --all --format=list | grep -c 'victim\|boss')" 0
is '--unverified shows it, and says so' "$(addresses --unverified --dead --format=csv | grep victim | tr -d '\r')" \
	'"victim@example.net","dead","user-unknown","unknown address","you (address)",1,2026-03-04,2026-03-04,,no'
like '--unverified: on the screen it is marked' "$(addresses --unverified --dead)" '*\? victim@example.net *forge*'
is 'dates of the first and the last failure' "$(addresses --failing --format=json | grep -o '"first":"[0-9-]*","last":"[0-9-]*"')" '"first":"2026-03-08","last":"2026-03-24"'
is '--since: failures before do not count' "$(standing --since=2026-03-20)" 'slow@example.net failed network 1'
is 'a query takes some' "$(addresses --all --format=list date:2026-03-03..2026-03-03 | sort | tr '\n' ' ')" 'far@example.com full@example.net right@example.net '
exits 'a query that is wrong: exit 74' 74 "$bounce" addresses 'date:nonsense..'
exits 'a date that is none: exit 64' 64 "$bounce" addresses --since=never
is 'on the screen: no line is wider than 80 columns' "$(addresses --all | awk 'length > 80')" ''
like 'on the screen: what to do stands above' "$(addresses)" 'Dead: take these off*gone@example.net*Fail again*slow@example.net*'
is 'csv with a byte order mark' "$(addresses --dead --format=csv --bom | head -c 3 | od -An -tx1 | tr -d ' \n')" efbbbf
like 'in Japanese' "$("$bounce" addresses --lang=ja)" '*宛先不明*'

# -- at the limits
new_index
for n in 1 8 15; do
	sent "edge$n" edge@example.net $n
	came_back "edge$n" edge@example.net $n "$temporary"
done
sent early early@example.net 3
came_back early early@example.net 3 "$gone"
sent late late@example.net 5
original_to=late@example.net report late@mx.example.net "$(day 5 00:00:00)" sentlate@example.org "$gone|late@example.net" | add late
sent same same@example.net 4
came_back same same@example.net 4 "$gone"
letter same@example.net same@example.net "$you" "$(day 4 11:00:00)" "Received: from mx by example.org; $(day 4 11:00:00)" | add same
original_to=early@example.net report forged3@evil.example "$(day 9)" never@example.org "$arrived|early@example.net" | add forged3
run_tag --all
is 'three temporary failures in fourteen days to the second: failing' "$(addresses --failing --format=list)" edge@example.net
is 'the newest failure first; mail of the second in which it failed is no sign of life' "$(addresses --dead --format=list | tr '\n' ' ')" \
	'late@example.net same@example.net early@example.net '
is 'a success that anybody can forge is none either' "$(addresses --unverified --dead --format=list | tr '\n' ' ')" 'late@example.net same@example.net early@example.net '
is '--since: a failure of its first second counts' "$(addresses --dead --format=list --since=2026-03-05)" late@example.net

# -- who got a mail knows its id, and can write a report that names himself and whom he likes
new_index
sent 1 eve@evil.example 1
sent 2 list@example.net 1
for who in ceo cfo; do
	sent "$who" "$who@bank.example" 2
done
original_to=eve@evil.example report forged1@evil.example "$(day 4)" sent1@example.org "$gone|eve@evil.example" "$gone|ceo@bank.example" | add forged1
original_to=list@example.net report forged2@evil.example "$(day 4)" sent2@example.org "$gone|cfo@bank.example|list@example.net" | add forged2
run_tag --all
is 'such a report makes nobody else dead, nor does one that says where the mail was forwarded to' "$(standing | tr '\n' ' ')" 'eve@evil.example dead user-unknown 1 '
is 'nor does a list lose them' "$(printf 'ceo@bank.example\ncfo@bank.example\nlist@example.net\n' | "$bounce" clean 2>/dev/null | tr '\n' ' ')" 'ceo@bank.example cfo@bank.example list@example.net '
is '--unverified shows them' "$(standing --unverified | grep -c bank.example)" 2

new_index
is 'nothing came back: it is said' "$(addresses)" 'No such addresses were found.'

# -- clean: without an index, by a list of the dead
printf 'dead@y.example\nDead2@Y.example\ndead3@日本語.example\n' >"$scratch/dead"
if [ -w /dev/full ]; then
	echo fine@y.example | "$bounce" clean --dead "$scratch/dead" 2>"$scratch/err" >/dev/full
	like 'the disk is full: exit 75, and it says so' "$? $(cat "$scratch/err")" "75 *can't write the output*"
fi
clean() {
	rm -f "$scratch/out-dead"
	"$bounce" clean --dead="$scratch/dead" --dead-to="$scratch/out-dead" 2>"$scratch/err"
}
# cleaned DESCRIPTION LIST KEPT DEAD: what becomes of it.
cleaned() {
	# shellcheck disable=SC2059 # with \n and \t
	printf "$2" >"$scratch/in"
	clean <"$scratch/in" >"$scratch/out"
	# shellcheck disable=SC2059
	printf "$3" >"$scratch/wanted"
	same "$1: what stays" "$scratch/out" "$scratch/wanted"
	# shellcheck disable=SC2059
	printf "$4" >"$scratch/wanted"
	same "$1: what goes, and why" "$scratch/out-dead" "$scratch/wanted"
}
cleaned 'one a line' 'a@x.example\ndead@y.example\nDEAD2@y.example\nb@x.example\n' 'a@x.example\nb@x.example\n' 'dead@y.example  # dead\nDEAD2@y.example  # dead\n'
cleaned 'CSV' 'name,mail\r\n"A, B",a@x.example\r\nC,dead@y.example\r\n' 'name,mail\r\n"A, B",a@x.example\r\n' 'C,dead@y.example,dead\r\n'
cleaned 'CSV with a line break in a field' 'name;mail\n"D\nE";dead@y.example\n"F\nG";a@x.example\n' 'name;mail\n"F\nG";a@x.example\n' '"D\nE";dead@y.example;dead\n'
cleaned 'TSV' 'a@x.example\tA\ndead@y.example\tD\n' 'a@x.example\tA\n' 'dead@y.example\tD\tdead\n'
cleaned 'aliases of mutt' 'alias ann Ann <a@x.example>\nalias dan Dan <dead@y.example>\n' 'alias ann Ann <a@x.example>\n' 'alias dan Dan <dead@y.example>  # dead\n'
cleaned 'a Bcc field' 'Bcc: a@x.example, "D, D" <dead@y.example>,\n b@x.example\n' 'Bcc: a@x.example,\n b@x.example\n' '"D, D" <dead@y.example>  # dead\n'
cleaned 'a comma at the end of a field stays' 'Bcc: a@x.example,\nTo: a@x.example, dead@y.example,\n' 'Bcc: a@x.example,\nTo: a@x.example,\n' 'dead@y.example  # dead\n'
cleaned 'nothing but addresses in one line' 'a@x.example,dead@y.example,b@x.example\n' 'a@x.example,b@x.example\n' 'dead@y.example  # dead\n'
cleaned 'a line with two, one of them dead, stays' 'one\na@x.example dead@y.example\n' 'one\na@x.example dead@y.example\n' ''
like 'and it is said' "$(cat "$scratch/err")" '*lines that have other addresses too stay*'
cleaned 'no newline at the end' 'a@x.example\ndead@y.example' 'a@x.example\n' 'dead@y.example  # dead\n'
cleaned 'a quote that never ends is just a quote' '"a@x.example\ndead@y.example\n' '"a@x.example\n' 'dead@y.example  # dead\n'
cleaned 'nor in a field' 'Bcc: "B, C" <b@x.example>, "dead@y.example, a@x.example\n' 'Bcc: "B, C" <b@x.example>, a@x.example\n' '"dead@y.example  # dead\n'
cleaned 'a quote too many takes no living address with it' 'Bcc: "dead@y.example, a@x.example, "B, C" <b@x.example>\n' 'Bcc: "dead@y.example, a@x.example, "B, C" <b@x.example>\n' ''
cleaned 'an address that only ends like a dead one stays' 'undead@y.example\ndead@y.example.org\n' 'undead@y.example\ndead@y.example.org\n' ''
cleaned 'a domain in another script, as mail carries it' 'a@x.example\ndead3@xn--wgv71a119e.example\n' 'a@x.example\n' 'dead3@xn--wgv71a119e.example  # dead\n'
cleaned 'no address at all' 'hello\n\000\377\n' 'hello\n\000\377\n' ''
printf 'a..b@docomo.ne.jp\n"c..d"@docomo.ne.jp\ndead@y.example\n' >"$scratch/dead"
cleaned 'a quoted local part, doubled in CSV' \
	'name,mail\nA,"""a..b""@docomo.ne.jp"\nC,"""C..d""@docomo.ne.jp"\nE,"""e..f""@docomo.ne.jp"\nF,a..b@docomo.ne.jp\n' \
	'name,mail\nE,"""e..f""@docomo.ne.jp"\n' 'A,"""a..b""@docomo.ne.jp",dead\nC,"""C..d""@docomo.ne.jp",dead\nF,a..b@docomo.ne.jp,dead\n'
cleaned 'in a list that is not CSV' '"a..b"@docomo.ne.jp\nC <"c..d"@docomo.ne.jp>\n"e..f"@docomo.ne.jp\n' '"e..f"@docomo.ne.jp\n' \
	'"a..b"@docomo.ne.jp  # dead\nC <"c..d"@docomo.ne.jp>  # dead\n'
cleaned 'in a field' 'To: "a..b"@docomo.ne.jp, "e..f"@docomo.ne.jp\n' 'To: "e..f"@docomo.ne.jp\n' '"a..b"@docomo.ne.jp  # dead\n'
cleaned 'one with a blank in it is an address, too' '"e f"@docomo.ne.jp dead@y.example\nx"@y.example\n' '"e f"@docomo.ne.jp dead@y.example\nx"@y.example\n' ''
if has iconv; then
	for charset in UTF-8 UTF-16 UTF-16BE CP932 EUC-JP; do
		printf '名前,宛先\n表示ソ,a@x.example\n能,dead@y.example\n"予\n定",b@x.example\n' | { [ $charset != UTF-16BE ] || printf '\357\273\277'; cat; } | iconv -f UTF-8 -t $charset >"$scratch/in"
		printf '名前,宛先\n表示ソ,a@x.example\n"予\n定",b@x.example\n' | { [ $charset != UTF-16BE ] || printf '\357\273\277'; cat; } | iconv -f UTF-8 -t $charset >"$scratch/wanted"
		clean <"$scratch/in" >"$scratch/out"
		same "$charset: what stays, byte for byte" "$scratch/out" "$scratch/wanted"
	done
	printf 'M\374ller,a@x.example\nGro\337,dead@y.example\n' >"$scratch/in"
	clean <"$scratch/in" >"$scratch/out"
	is 'ISO-8859-1' "$(od -An -c "$scratch/out" | tr -d ' \n')" 'M374ller,a@x.example\n'
fi
exits 'a list of the dead that is not there: exit 66' 66 "$bounce" clean --dead="$scratch/none" </dev/null
exits 'a place for them that there is not: exit 74' 74 "$bounce" clean --dead="$scratch/dead" --dead-to=/proc/nonexistent/x <"$scratch/dead"
is 'and then nothing is printed' "$(cat "$scratch/out")" ''

# -- clean, by the index
sent 1 gone@example.net 1
came_back 1 gone@example.net 1 "$gone"
sent 2 full@example.net 1
came_back 2 full@example.net 1 "$full"
original_to=victim@example.net report forged1@evil.example "$(day 4)" never@example.org "$gone|victim@example.net" | add forged1
run_tag --all
is 'by the index: the dead go, the full and the forged stay' "$(printf 'gone@example.net\nfull@example.net\nvictim@example.net\n' | "$bounce" clean 2>/dev/null | tr '\n' ' ')" 'full@example.net victim@example.net '
sent 3 ask@ezweb.ne.jp 1
came_back 3 ask@ezweb.ne.jp 1 "$gone"
sent 4 wrong@docomo.ne.jp 1
came_back 4 wrong@docomo.ne.jp 1 "$gone"
sent 5 closed@ezweb.ne.jp 1
came_back 5 closed@ezweb.ne.jp 1 'failed|5.1.2|550 5.1.2 Host unknown'
run_tag --all
is '"unknown" where it may mean refused makes nobody dead; where it does not, and another reason, does' "$(standing | grep '\.jp' | tr '\n' ';')" \
	'ask@ezweb.ne.jp ask user-unknown 1;closed@ezweb.ne.jp dead host-unknown 1;wrong@docomo.ne.jp dead user-unknown 1;'
like 'it is said that they must be asked' "$(addresses)" '*Unknown, or refused by *: ask *ask@ezweb.ne.jp *unknown, or refused *'
is 'and a list keeps it' "$(printf 'ask@ezweb.ne.jp\nwrong@docomo.ne.jp\nclosed@ezweb.ne.jp\n' | "$bounce" clean 2>/dev/null)" ask@ezweb.ne.jp
like 'a report does not count it as gone, nor the forged one' "$("$bounce" report --lang=en)" '*3 messages went to addresses that are wrong or closed*'
is 'with the reason' "$(printf 'gone@example.net\n' | "$bounce" clean --dead-to=/dev/stdout 2>/dev/null)" 'gone@example.net  # user-unknown'
sent 6 '"x..y"@docomo.ne.jp' 1
came_back 6 '"x..y"@docomo.ne.jp' 1 "$gone"
sent 7 v..w@docomo.ne.jp 1
came_back 7 v..w@docomo.ne.jp 1 "$gone"
run_tag --all
is 'an address in quotes: with and without them in the list' \
	"$(printf 'who,mail\na,"""x..y""@docomo.ne.jp"\nb,x..y@docomo.ne.jp\nc,"""v..w""@docomo.ne.jp"\nd,"""u..u""@docomo.ne.jp"\n' | "$bounce" clean 2>/dev/null | tr '\n' ' ')" 'who,mail d,"""u..u""@docomo.ne.jp" '

done_testing
