#!/bin/sh
# The rules and formats: what `rules` shows and checks, and how a user's own files come in.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

mail=bounces/user-unknown/postfix-local.eml
XDG_CONFIG_HOME=$scratch/config
export XDG_CONFIG_HOME
own=$scratch/config/notmuch-bounce
mkdir -p "$own/rules" "$own/formats"
forget() {
	rm -f "$own"/rules/* "$own"/formats/*
}

# -- what is built in
exits 'rules --reasons: exit 0' 0 "$bounce" rules --reasons
is 'rules --reasons: 28 of them' "$(wc -l <"$scratch/out" | tr -d ' ')" 28
exits 'rules --list: exit 0' 0 "$bounce" rules --list
ok 'rules --list: every rule has its place' grep -qE 'share/rules/[0-9]+-[a-z0-9-]+\.rules:[0-9]+' "$scratch/out"
is 'rules --list: as many as share/rules has' "$(grep -cE 'share/rules/[^ :]+\.rules:[0-9]+' "$scratch/out")" \
	"$(cat ../share/rules/*.rules | grep -vcE '^([[:space:]]|#|$|word |host |when( |$))')"
exits 'rules: the same as rules --list' 0 "$bounce" rules
is 'share/rules: no word stands twice in a class or among alternatives, nor beside the beginning that finds it' "$(perl -CSD -Mutf8 -e '
	my (@lines, %of);
	while (<>) {
		chomp;
		next if /^\s*(#|$)/;
		if (/^\s/) { $lines[-1] .= " $_" } else { push @lines, $_ }
	}
	for (@lines) {
		my @sets = /^word \S+ *= *(.*)/ ? [split " ", $1] : map { [map { s/[]{}[]//gr } split /\|/] } /(\S+\|\S+)/g;
		for my $set (@sets) {
			my %seen;
			$seen{$_}++ and print "$_ twice\n" for @$set;
			for my $start (map { /^([^<"]+)\*$/ } @$set) {
				print "$_ beside $start*\n" for grep { $_ ne "$start*" && index($_, $start) == 0 && !/-/ } @$set;
			}
		}
	}' ../share/rules/*.rules)" ''
exits 'rules --check: the files built in are in order' 0 "$bounce" rules --check ../share/rules/*.rules ../share/formats/*.format
is 'and there is nothing to say about them' "$(cat "$scratch/err")" ''

exits 'rules --check alone: all that are in force are in order' 0 "$bounce" rules --check

# -- --check: what is wrong, where, and what was expected
# wrong DESCRIPTION LINE PATTERN: for this rule, at its line, the complaint has the words.
wrong() {
	printf '# a comment\n\nuser-unknown phrase no such person as x\n%s\n' "$2" >"$scratch/bad.rules"
	exits "$1: exit 78" 78 "$bounce" rules --check "$scratch/bad.rules"
	like "$1: file and line" "$(cat "$scratch/out" "$scratch/err")" "*bad.rules:4*"
	like "$1: what was expected" "$(cat "$scratch/out" "$scratch/err")" "$3"
}
wrong 'an unknown reason' 'user-unknwon phrase xyz' '*user-unknwon*reason*'
wrong 'an unknown guard' 'policy sttaus 5.1.1' '*sttaus*status*'
wrong 'a reason alone' 'policy' '*policy*'
wrong 'a guard without a value' 'policy status' '*status*'
wrong 'a phrase without words' 'policy phrase' '*phrase*'
wrong 'a status that is none' 'policy status 5.x' '*5.x*5.1.1*'
wrong 'a status of several that is none' 'policy status 5.1.1|5.x' '*5.x*5.1.1*'
wrong 'a reply that is none' 'policy reply 12' '*12*55*'
wrong 'a reply of several that is none' 'policy reply 550|12' '*12*55*'
wrong 'a command that is none' 'policy command FOO' '*FOO*RCPT*'
wrong 'an action that is none' 'policy action lost' '*lost*delayed*'
wrong 'the same rule again' 'user-unknown phrase No  Such Person as X' '*bad.rules:3*'
wrong 'a rule that an earlier one shadows' 'policy phrase alas, no such person as x, friend' '*bad.rules:3*'
wrong 'the end of words of three letters' 'policy *gel' '*\*gel*4 to 24 letters*'
wrong 'words that are open at both ends' 'policy *regel*' '*\*regel\**4 to 24 letters*'
wrong 'a star within a word' 'policy re*gel' '*re\*gel*beginning or end*'
wrong 'bytes that are no UTF-8' "$(printf 'policy phrase \377\376')" '*UTF-8*'
printf 'policy zzaa\npolicy zz\0bb\npolicy zzcc zz\0dd\nnonsense\n' >"$scratch/bad.rules"
mkdir -p "$own/rules"
head -c 4200000 /dev/zero | tr '\0' '#' >"$own/rules/large.rules"
"$bounce" rules --check 2>"$scratch/err"
like 'a file of more than 4 MB: how large it may be is said' "$(cat "$scratch/err")" '*large.rules*, of 4 MB at most*'
"$bounce" rules --check "$own/rules/large.rules" 2>"$scratch/err"
like 'of one that is to be checked, too' "$(cat "$scratch/err")" '*large.rules*, of 4 MB at most*'
rm "$own/rules/large.rules"
exits 'a NUL in a file: exit 78' 78 "$bounce" rules --check "$scratch/bad.rules"
is 'a NUL in a file: each of its lines is named, and those behind are read' "$(cat "$scratch/out" "$scratch/err" | sed 's/.*bad.rules:\([0-9]*\):.*\(NUL\|nonsense\).*/\1 \2/' | tr '\n' ';')" '2 NUL;3 NUL;4 nonsense;'
printf 'nonsense\npolicy phrase xyzzy\nmore nonsense\n' >"$scratch/bad.rules"
exits 'two mistakes: exit 78' 78 "$bounce" rules --check "$scratch/bad.rules"
is 'two mistakes: both are named' "$(cat "$scratch/out" "$scratch/err" | grep -c 'bad.rules:[13]:')" 2
printf 'format x\n  colour red\n' >"$scratch/bad.format"
exits 'a format file: exit 78' 78 "$bounce" rules --check "$scratch/bad.format"
like 'a format file: file, line, the word' "$(cat "$scratch/out" "$scratch/err")" '*bad.format:2*colour*'
for weight in 101 4294967300 -2147483648 99999999999999999999; do
	printf 'sign x %s\n' "$weight" >"$scratch/bad.format"
	exits "a sign that weighs $weight: exit 78" 78 "$bounce" rules --check "$scratch/bad.format"
done
printf 'from *x*\n' >"$scratch/bad.format"
exits 'a line before the first format: exit 78' 78 "$bounce" rules --check "$scratch/bad.format"
like 'a line before the first format: file and line' "$(cat "$scratch/out" "$scratch/err")" '*bad.format:1*'
printf 'format x\n  from *x*\n  line {adress}\n' >"$scratch/bad.format"
exits 'an unknown capture: exit 78' 78 "$bounce" rules --check "$scratch/bad.format"
like 'an unknown capture: file, line, the word' "$(cat "$scratch/out" "$scratch/err")" '*bad.format:3*adress*address*'
exits 'a file that is not there: exit 66' 66 "$bounce" rules --check "$scratch/none.rules"
printf 'user-unknown phrase nobody of that name\nmailbox-full status 5.2.2 remote *.y.example phrase full unless %%disk%%\nspam phrase a # no comment\n' >"$scratch/good.rules"
exits 'a file in order: exit 0' 0 "$bounce" rules --check "$scratch/good.rules"
is 'a file in order: no complaint' "$(cat "$scratch/err")" ''

# -- a user's rules come first
reason() {
	"$bounce" classify --format=reason "$@" 2>"$scratch/err"
}
is 'as built in' "$(reason "$mail")" user-unknown
echo 'policy no such account / unknown user|person / gone away unless holiday' >"$own/rules/10-mine.rules"
like '--why: of several patterns the one that fitted' "$("$bounce" classify --why "$mail")" '*10-mine.rules:1: policy ... / unknown user|person
*'
# shows DESCRIPTION RULE WANTED: what --why shows of it, for a reply of two sentences.
shows() {
	echo "$2" >"$own/rules/10-mine.rules"
	like "$1" "$(echo '550 aaword zzword. Then bbword was said.' | "$bounce" classify --reply --why)" "*10-mine.rules:1: $3
*"
}
shows 'what is in quotes separates nothing' 'policy "no / one unless x" / bbword unless "qq unless rr"' 'policy ... / bbword
      took: "bbword"'
shows 'nor does a pattern count that an exception stands beside' 'policy aaword / bbword unless zzword' 'policy ... / bbword
      took: "bbword"'
forget
echo 'policy phrase unknown user: "no.such.user"' >"$own/rules/10-mine.rules"
is 'a rule of the user decides first' "$(reason "$mail")" policy
like 'and is named with its file and line' "$("$bounce" classify --format=json "$mail")" '*"rule":"*10-mine.rules:1"*'
ok 'and is in the list' sh -c '"$1" rules --list | grep "10-mine\.rules:1" >/dev/null' - "$bounce"
printf 'moved phrase unknown user: "no.such.user"\n' >"$own/rules/05-first.rules"
is 'files are read in the order of their names' "$(reason "$mail")" moved
forget
printf 'moved phrase unknown user\npolicy phrase no.such.user\n' >"$own/rules/10.rules"
is 'lines are tried in reading order' "$(reason "$mail")" moved
forget
printf 'policy phrase unknown  USER: "NO.such.*USER"\n' >"$own/rules/10.rules"
is 'case and white space do not matter, * is anything' "$(reason "$mail")" policy
printf 'policy phrase unknown user unless no.such\n' >"$own/rules/10.rules"
is 'unless' "$(reason "$mail")" user-unknown
printf 'policy phrase %%nknown\n' >"$own/rules/10.rules"
is '% is the edge of a word: not inside one' "$(reason "$mail")" user-unknown
printf 'policy phrase %%unknown%%\n' >"$own/rules/10.rules"
is '% is the edge of a word: at one' "$(reason "$mail")" policy
printf 'policy status 5.1.1\n' >"$own/rules/10.rules"
is 'status' "$(reason "$mail")" policy
printf 'policy status X.1.1\n' >"$own/rules/10.rules"
is 'status of any class' "$(reason "$mail")" policy
printf 'policy status 5.7.*\npolicy status 4.1.1\npolicy status 5.1.10\n' >"$own/rules/10.rules"
is 'status of something else' "$(reason "$mail")" user-unknown
printf 'policy status 4.4.7|X.1.1|5.9.9\n' >"$own/rules/10.rules"
is 'status: one of several' "$(reason "$mail")" policy
printf 'policy status 4.4.7|5.1.10\n' >"$own/rules/10.rules"
is 'status: none of several' "$(reason "$mail")" user-unknown
pdr=bounces/blocked/exim-proofpoint-ip.eml
printf 'policy reply 4xx|554|550\n' >"$own/rules/10.rules"
is 'reply: one of several' "$(reason "$pdr")" policy
printf 'policy reply 55x command RCPT remote *.icloud.com\n' >"$own/rules/10.rules"
is 'reply, command and remote: all hold' "$(reason "$pdr")" policy
printf 'policy reply 55x command DATA remote *.icloud.com\npolicy reply 4xx\npolicy remote *.example.net\n' >"$own/rules/10.rules"
is 'reply, command and remote: one does not' "$(reason "$pdr")" blocked
printf 'policy remote icloud.example\n' >"$own/rules/10.rules"
is "remote is the recipient's domain as well" "$(reason "$pdr")" policy
printf 'policy remote *.icloud.example\n' >"$own/rules/10.rules"
is '*.x is x itself as well' "$(reason "$pdr")" policy
printf 'policy format gener*\n' >"$own/rules/10.rules"
is 'format' "$(reason bounces/user-unknown/qmail-three-japanese-carriers.eml "$mail" | tr '\n' ' ')" 'policy user-unknown '
delayed=bounces/rate-limited/postfix-gmail-receiving-rate-delayed.eml
printf 'policy action delayed\n' >"$own/rules/10.rules"
is 'action' "$(reason "$delayed" "$mail" | tr '\n' ' ')" 'policy user-unknown '
printf 'policy phrase ｕｎｋｎｏｗｎ　ｕｓｅｒ\n' >"$own/rules/10.rules"
is 'full-width letters are the same' "$(reason "$mail")" policy

# -- a mistake in a user's file is told once, and mail flows
printf 'user-unknwon phrase x\npolicy phrase unknown user\n' >"$own/rules/10.rules"
is 'a broken line: the others count' "$(reason "$mail")" policy
is 'a broken line: told once, with file and line' "$(grep -c '10\.rules:1' "$scratch/err") $(wc -l <"$scratch/err" | tr -d ' ')" '1 1'
exits 'a broken line: exit 0' 0 "$bounce" classify "$mail" "$mail" "$mail"
is 'a broken line: told once for all mails' "$(wc -l <"$scratch/err" | tr -d ' ')" 1
"$bounce" filter <"$mail" >"$scratch/out" 2>"$scratch/err"
is 'a broken line: filter, exit 0' $? 0
ok 'a broken line: filter sorts on' grep -q '^X-Bounce-Reason: policy' "$scratch/out"
forget
mkdir "$own/rules/20-directory.rules"
printf '\377\376\000\001' >"$own/rules/30-binary.rules"
head -c 300000 /dev/zero | tr '\0' x >"$own/rules/40-long-line.rules"
ln -s nowhere "$own/rules/50-dangling.rules"
is 'files that are no rules: mail flows' "$(reason "$mail")" user-unknown
rm -r "$own/rules/20-directory.rules"
forget
touch "$own/rules/60-notes.txt" "$own/rules/70-empty.rules"
echo 'virus phrase unknown' >"$own/rules/10.rules~"
echo 'virus phrase unknown' >"$own/rules/.10.rules"
is 'other files there are not read' "$(reason "$mail")$(cat "$scratch/err")" user-unknown
forget
unset XDG_CONFIG_HOME
mkdir -p "$HOME/.config/notmuch-bounce/rules"
printf 'policy phrase unknown user\n' >"$HOME/.config/notmuch-bounce/rules/10.rules"
is 'without XDG_CONFIG_HOME it is ~/.config' "$(reason "$mail")" policy
rm -r "$HOME/.config"
XDG_CONFIG_HOME=$scratch/config
export XDG_CONFIG_HOME

# -- a format of the user's own
cat >"$scratch/odd.eml" <<'END'
From: Acme Gateway <postmaster@acme.example>
To: hana@shop.example.com
Subject: Sorry
Date: Wed, 14 Oct 2026 09:12:44 +0200
Message-ID: <acme1@acme.example>

Alas! Your mail did not arrive.

These recipients:
* nobody@partner.example ~ refused with: the account was
  terminated by us
* voll@partner.example ~ refused with: it is full (5.2.2)

-- your mail --
Message-ID: <odd1@shop.example.com>
From: hana@shop.example.com
Subject: x
END
cat >"$own/formats/10-mine.format" <<'END'
format acme-gateway
  from     *postmaster@acme.example*
  start    your mail did not arrive
  begin    these recipients:
  line     * {address} ~ refused with: {diagnostic...}
  end      -- your mail --
END
echo 'suspended phrase account was terminated by us' >"$own/rules/10-mine.rules"
"$bounce" classify --format=json "$scratch/odd.eml" >"$scratch/out" 2>"$scratch/err"
is 'a format of the user: no complaint' "$(cat "$scratch/err")" ''
like 'a format of the user: it is used' "$(cat "$scratch/out")" '*"kind":"failed","format":"acme-gateway"*'
is 'a format of the user: the rows' "$(perl rows.pl <"$scratch/out" | cut -f2-)" \
	"$(printf 'failed\tnobody@partner.example;voll@partner.example\tsuspended;mailbox-full\tp;t\todd1@shop.example.com')"
exits 'a format of the user: --check' 0 "$bounce" rules --check "$own/formats/10-mine.format"
printf 'format broken\n  nonsense\n' >"$own/formats/05.format"
"$bounce" classify --format=reason "$scratch/odd.eml" >"$scratch/out" 2>"$scratch/err"
is 'a broken format beside it: told once with file and line' "$(grep -c '05\.format:' "$scratch/err")" 1
is 'a broken format beside it: mail flows' "$(cat "$scratch/out")" suspended

# -- what no rule knows is compared with what servers say
forget
odd() {
	sed "s/^Diagnostic-Code:.*/Diagnostic-Code: smtp; 550 $1/; s/^Status:.*/Status: 5.0.0/" bounces/user-unknown/postfix-local.eml |
		grep -v 'no.such.user@local.postfix.example>:' >"$scratch/odd.eml"
}
odd 'we do not know anybody of that name in this house'
is 'words that no rule knows: what they are like' "$(reason "$scratch/odd.eml")" user-unknown
like 'which example is nearest' "$("$bounce" classify --format=json "$scratch/odd.eml")" \
	'*"rule":"likeness share/examples/user-unknown.txt:*"*'
like 'and the words that weighed most' "$("$bounce" classify --why "$scratch/odd.eml")" '*no rule fits*by "*share/examples/user-unknown.txt:*'
odd 'zyzzyva quokka gloop'
is 'words that nothing is like: unknown' "$(reason "$scratch/odd.eml")" unknown
mkdir -p "$own/examples"
echo 'zyzzyva and quokka are over there' >"$own/examples/moved.txt"
is "the user's own examples count" "$(reason "$scratch/odd.eml")" moved
like 'and are named' "$("$bounce" classify --format=json "$scratch/odd.eml")" '*"rule":"likeness */examples/moved.txt:1"*'
echo 'anything' >"$own/examples/nonsense.txt"
is 'an example of no reason: mail flows' "$(reason "$scratch/odd.eml")" moved
is 'an example of no reason: told once, with the file' "$(grep -c 'examples/nonsense\.txt' "$scratch/err")" 1
rm "$own/examples/nonsense.txt"
printf 'nobody is over there\nbl\366d\nnul\000s\n' >>"$own/examples/moved.txt"
is 'an example that is not UTF-8, one with a NUL: mail flows' "$(reason "$scratch/odd.eml")" moved
for line in 3 4; do
	is "line $line of the examples: told once, with file and line" "$(grep -c "examples/moved\.txt:$line: is not UTF-8" "$scratch/err")" 1
done
is 'and the others count' "$(grep -c . "$scratch/err")" 2
exits 'rules --check: exit 78' 78 "$bounce" rules --check
is 'and it tells of the same lines, once each' "$(grep -c 'examples/moved\.txt:[34]: is not UTF-8' "$scratch/err")" 2
rm -r "$own/examples"

done_testing
