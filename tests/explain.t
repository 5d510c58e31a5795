#!/bin/sh
# What a person is told of a bounce: in which order, in which language, and that nothing in a mail can pass for words of ours.
# explain.t --update writes the explanations of tests/explained/ anew, to be read and reviewed.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
export NOTMUCH_CONFIG="$scratch/none" XDG_CACHE_HOME="$scratch/cache"
unset EMAIL XDG_RUNTIME_DIR LC_MESSAGES LANG
mkdir "$XDG_CACHE_HOME"

explain() {
	"$bounce" explain --width=80 "$@"
}

# pages FOLDER: of several explanations, each into a file of that folder, by the name of its reason, or of the mail if that is not a bounce. Without the
# line of the rule that decided: where a rule stands is no news.
pages() {
	perl -CS -e 'my ($folder, $page, $column) = @ARGV;
		while (<STDIN>) {
			if (/^=== (?:bounces|not-bounces)\/(.*)/) {
				my $name = $1;
				$name =~ s,/.*|\.eml$,,g;
				if ($page) { truncate $page, tell($page) - 1 or die } # the empty line between two
				open $page, ">:utf8", "$folder/$name.txt" or die;
				<STDIN> eq "\n" or die "no empty line";
				next;
			}
			next if defined $column && /^ {$column}/;
			undef $column;
			$column = length $1 if s{^( .*? )share/rules/.*}{$1share/rules/...};
			print $page $_;
		}' "$1"
}
# -- one explanation for each reason and language, as it stands on the screen. English and Japanese are kept whole, to be reviewed when a text or the page
# changes; of the others a few, which show how the page looks with their words: texts.t looks after the texts themselves.
examples=$(./examples.sh)
for language in ../share/explain/*/; do
	language=$(basename "$language")
	mkdir -p "$scratch/explained/$language"
	# shellcheck disable=SC2086 # a word each
	explain --lang="$language" $examples | pages "$scratch/explained/$language"
	case $language in
	en | ja) kept='*' ;;
	*) kept="user-unknown.txt mailbox-full.txt sender-suspended.txt postfix-delivered.txt" ;;
	esac
	[ "${1:-}" != --update ] || mkdir -p "explained/$language"
	for page in "$scratch/explained/$language"/*; do
		name=$language/${page##*/}
		case " $kept " in ' * ' | *" ${name##*/} "*) ;; *) continue ;; esac
		[ "${1:-}" != --update ] || cp "$page" "explained/$name"
		same "$name" "$page" "explained/$name"
	done
	is "$language: a page of each is there" "$(find "$scratch/explained/$language" -type f | grep -c .)" "$(printf '%s\n' "$examples" | grep -c .)"
done
is 'no line is wider than the terminal' "$(cat "$scratch"/explained/*/*.txt | perl -CS -ne 'chomp; my $wide = () = /[\p{Ea=W}\p{Ea=F}]/g; print if length() + $wide > 80 && !/^ *id:/')" ''
for width in 40 60 100; do
	is "nor at $width columns" "$("$bounce" explain --lang=ja --width=$width bounces/user-unknown/*.eml |
		perl -CS -ne "chomp; next if /^=== /; my \$wide = () = /[\\p{Ea=W}\\p{Ea=F}]/g; print if length() + \$wide > $width && !/^ *(\\\$ notmuch|id:)/")" ''
done

# -- the order in which it is told
letter=bounces/user-unknown/1und1-kundenserver.eml
is 'the order: what, which mail, why, where, whose turn, what to do, and only then what is technical' \
	"$(explain --lang=en "$letter" | sed -n 's/^\([A-Z][A-Za-z?]*\( [a-zA-Z]*[a-z?]\)\{0,3\}\)  .*/\1/p' | tr '\n' ',')" \
	'Is it real?,Which message,What happened,How far it got,Who should act,What to do,What not to do,Server reply,Details,'
like 'the first line says it all' "$(explain "$letter" | head -1)" 'Not delivered, no such address: nobody@partner.example.'
like 'the part that is wrong is underlined' "$(explain "$letter" | grep -A1 '^ *nobody@partner')" '*nobody@partner.example
*^^^^^^ *before the @'
like 'a wrong domain too' "$(explain bounces/host-unknown/courier-no-such-tld.eml)" '*alice.b@hotmial.invalid
 *        ^^^^^^^^^^^^^^^ *after the @*'
like 'where it stopped' "$(explain "$letter")" '*you --> your server --> their server -X- mailbox*'
like 'a delay is on its way' "$(explain bounces/network/courier-dns-timeout-delayed.eml)" '*late, but not lost*~~>*'
is 'on one line' "$(explain --short "$letter")" 'Not delivered, no such address: nobody@partner.example.'
is 'cut at the width' "$("$bounce" explain --short --width=20 "$letter")" 'Not delivered, no s…'
is 'wide characters count two' "$("$bounce" explain --short --lang=ja --width=21 "$letter" |
	perl -CS -ne 'chomp; my $wide = () = /[\p{Ea=W}\p{Ea=F}]/g; print length() + $wide > 19 && length() + $wide < 22 ? "20 or 21 columns" : $_')" '20 or 21 columns'
like 'ordinary mail is no bounce' "$(explain not-bounces/plain-letter.eml | head -1)" '*not a*'
is 'standard input' "$(explain --short <"$letter")" "$(explain --short "$letter")"
is 'several mails, one behind the other' "$(explain --short "$letter" bounces/loop/exim-hop-count.eml | wc -l | tr -d ' ')" 2

like 'whole pages of several say which mail each is about' "$(explain "$letter" bounces/loop/exim-hop-count.eml)" "=== $letter
*
=== bounces/loop/exim-hop-count.eml
*"
unlike 'one alone does not' "$(explain "$letter")" '*===*'

# -- several recipients
several=$(grep -l -c 'Final-Recipient' bounces/*/*.eml | while read -r file; do
	[ "$("$bounce" classify --format=facts "$file" | grep -c '^recipient: ')" -lt 3 ] || { echo "$file" && break; }
done)
like 'recipients of one reason are one explanation, with all addresses' "$(explain --format=json "$several" | grep -c '"addresses"')" 1
ok "all of $several are named" sh -c '"$0" classify --format=facts "$2" | sed -n "s/^recipient: //p" | while read -r address; do
	"$0" explain --format=text "$2" | grep -qF "$address" || exit 1; done' "$bounce" x "$several"

# -- who else, where else: what people ask
# report FINAL ORIGINAL TO REPLY: a notice about a mail to several.
report_of() {
	cat <<END
From: MAILER-DAEMON@mx.example.net
To: you@gmail.com
Subject: Undelivered Mail
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b

x
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net

${2:+Original-Recipient: rfc822; $2
}Final-Recipient: rfc822; $1
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; $4

--b
Content-Type: message/rfc822

From: you@gmail.com
To: $3
Subject: x
Message-ID: <a@example.org>

x
--b--
END
}
asked() {
	report_of "$@" >"$scratch/asked.eml"
	(unset EMAIL && explain --lang=en "$scratch/asked.eml" | tr -s ' \n' ' ')
}
gone='550 5.1.1 User unknown'
like 'those of whom the report says nothing are named' "$(asked a@one.example '' 'a@one.example, b@two.example, c@three.example' "$gone")" \
	'*Nothing is reported about b@two.example, c@three.example*'
unlike 'not where all are in it' "$(asked a@one.example '' 'a@one.example' "$gone")" '*Nothing is reported*'
unlike 'nor where the list they were on is between' "$(asked a@one.example '' 'list@two.example, c@three.example' "$gone")" '*Nothing is reported*'
like 'an address that another one forwards to' "$(asked a@one.example info@two.example info@two.example "$gone")" \
	'*You wrote to info@two.example; from there messages are forwarded to a@one.example*'
like 'whose owner has to correct that' "$(asked a@one.example info@two.example info@two.example "$gone")" '*1. Tell the owner of info@two.example, by phone or another way, that it leads to an address that takes no messages,*'
unlike 'and then no spelling is compared' "$(asked a@one.example info@two.example info@two.example "$gone")" '*letter by letter*'
unlike 'which is not said where nothing is forwarded' "$(asked a@one.example '' a@one.example "$gone")" '*which forwards*'
forwarded=$(asked a@one.example info@two.example info@two.example "$gone")
like 'the headline says where it leads, and whom to tell' "$forwarded" 'info@two.example forwards to an address that doesn'"'"'t exist: a@one.example.*Who should act You: tell the owner of info@two.example.*'
report_of info@two.example '' info@two.example "$gone" >"$scratch/actual.eml"
sed -i 's/^Final-Recipient:.*/&\nX-Actual-Recipient: rfc822; a@one.example/' "$scratch/actual.eml"
actual=$(explain --lang=en "$scratch/actual.eml" | tr -s ' \n' ' ')
like 'X-Actual-Recipient says where it leads too' "$actual" 'info@two.example forwards to an address that doesn'"'"'t exist: a@one.example.*Who should act You: tell the owner of info@two.example.*'
perhaps='The message is addressed to info@two.example, not to this address. Unless you added this one as a Bcc, the message was perhaps passed on'
like 'nothing says so, and the mail names another one: perhaps' "$(asked a@one.example '' info@two.example "$gone")" "*$perhaps*"
like 'the server knows what it was told, not what was typed' "$(asked a@one.example a@one.example info@two.example "$gone")" "*$perhaps*"
like 'nor is an address that the mail does not name' "$(asked a@one.example b@one.example info@two.example "$gone")" "*$perhaps*"
unlike 'it is named in Cc' "$(asked a@one.example '' 'info@two.example
Cc: A@one.example' "$gone")" '*addressed to*'
unlike 'a mail to oneself went to others by Bcc' "$(asked a@one.example '' you@gmail.com "$gone")" '*addressed to*'
unlike 'only a part of the header came back' "$(asked a@one.example '' info@two.example "$gone" >/dev/null && sed -n '/^--b/,/^From: you/!p' "$scratch/asked.eml" |
	explain --lang=en - | tr -s ' \n' ' ')" '*addressed to*'
for language in ../share/explain/*/; do
	language=$(basename "$language")
	report_of a@one.example '' info@two.example "$gone" >"$scratch/asked.eml"
	like "$language says so" "$(explain --lang="$language" --format=json "$scratch/asked.eml")" '*"forwarded":"*info@two.example*"*'
done
# answered REPLY [STATUS]: what is said of one who is not forwarded to, in one line.
answered() {
	report_of a@one.example '' a@one.example "$1" >"$scratch/asked.eml"
	sed "s/^Status: .*/Status: ${2:-5.0.0}/; s/^Action: .*/Action: ${3:-failed}/" "$scratch/asked.eml" >"$scratch/answered.eml"
	explain --lang=en "$scratch/answered.eml" | tr -s ' \n' ' '
}
from=$(answered '550 5.7.1 From header is not RFC compliant')
like 'a From field was refused: it is to be corrected' "$from" '*accept the From line*Who should act You: correct your name and address*'
unlike 'and nothing is said of attachments that could go another way' "$from" '*Share the file*'
like 'where the mail itself is refused they could' "$(answered '552 5.7.0 attachment type not allowed')" '*Share the file*'
like 'a malformed address is named' "$(answered '501 Bad recipient address syntax' 5.1.3)" "*a@one.example isn't written as an address must be*"
for reply in '553 malformed recipient address' '501 syntax error in local part of the address' '550 invalid characters in recipient address'; do
	like "also where only the words say it: $reply" "$(answered "$reply")" "*a valid address: a@one.example*"
done
unlike 'the sender is another' "$(answered '553 malformed sender address')" "*a valid address: a@one.example*"
unlike 'refused for good: not again in some hours' "$(answered '550 5.7.1 Service unavailable' 5.7.1)" '*hours*'
late=$(answered '' 4.0.0 delayed)
like 'a delay without a cause: late, but not lost' "$late" '*is late, but not lost*'
unlike 'and nobody gave up' "$late" '*So far:*'
like 'a login is asked for by the provider of the sender' "$(answered '530 5.7.0 Authentication required' 5.7.0)" "*Your own provider's server wants a login*The recipient's side has nothing to do with it*"
unlike 'none where it is the same' "$(asked a@one.example A@one.example a@one.example "$gone")" '*forwarded*'
like 'a domain is shown as people write it, everywhere' "$(asked bo@xn--wgv71a119e.example '' bo@xn--wgv71a119e.example "$gone")" '*bo@日本語.example*to bo@日本語.example*'
for domain in xn--exmple-4nf.jp exаmple.jp; do
	like "$domain: one that only looks like another is shown as mail carries it" "$(asked "bo@$domain" '' "bo@$domain" "$gone")" '*bo@xn--exmple-4nf.jp*to bo@xn--exmple-4nf.jp*'
done
unlike 'and nowhere else but in what the server said' "$(asked bo@xn--wgv71a119e.example '' bo@xn--wgv71a119e.example "$gone")" '*xn--*'
like 'dots where there should be none' "$(asked a..b.@docomo.ne.jp '' a..b.@docomo.ne.jp "$gone")" '*two dots in a row*'
like 'docomo: an unknown address is one' "$(asked ab@docomo.ne.jp '' ab@docomo.ne.jp "$gone")" 'Not delivered, no such address*mail server of docomo*'
like 'another phone company: or refused' "$(asked ab@ezweb.ne.jp '' ab@ezweb.ne.jp "$gone")" 'Unknown or refused*ドメイン指定受信*'
like 'a login is asked for by the own server: nothing for the recipient to do' "$(asked a@one.example '' a@one.example '530 5.7.0 Authentication required')" \
	"*wants a login*recipient's side has nothing to do with it*"
unlike 'so no text to send to him' "$(asked a@one.example '' a@one.example '530 5.7.0 Authentication required')" '*Text to send*'
like 'an address of a provider for everybody: no settings to complete' "$(asked a@one.example '' a@one.example '550 5.7.26 SPF check failed for gmail.com')" \
	'*Send it from the app, the website or the outgoing server of your own provider (gmail.com)*'
like 'a short message for a phone' "$(report_of ab@ezweb.ne.jp '' ab@ezweb.ne.jp "$gone" >"$scratch/asked.eml" && explain --lang=ja --format=json "$scratch/asked.eml")" '*"brief":"*gmail.com をドメイン指定受信に登録してください。"*'
like 'with the menu of that company, no other' "$(explain --lang=ja "$scratch/asked.eml")" '*au・UQモバイルの迷惑メールフィルター*'
unlike 'none of another' "$(explain --lang=ja "$scratch/asked.eml")" '*ソフトバンク*'

# -- languages
for locale in ja_JP.UTF-8 ja ja_JP.eucJP; do
	like "LC_ALL=$locale" "$(LC_ALL=$locale explain "$letter")" '*本物かどうか*'
done
like 'LC_ALL before LC_MESSAGES before LANG' "$(LC_ALL='' LC_MESSAGES=ja_JP.UTF-8 LANG=en_US.UTF-8 explain "$letter")" '*本物かどうか*'
like 'C is English, whatever LANG is' "$(LC_ALL=C LANG=ja_JP.UTF-8 explain "$letter")" '*Is it real?*'
like 'a language that there is not is English' "$(LC_ALL=tlh_KX.UTF-8 explain "$letter")" '*Is it real?*'
like '--lang before all' "$(LC_ALL=en_US.UTF-8 explain --lang=ja "$letter")" '*本物かどうか*'
exits 'one that there is not, asked for: an error' 64 explain --lang=tlh "$letter"
like 'which says which there are' "$(cat "$scratch/err")" '*--lang=tlh: expected one of *en*ja*'

# -- the user's own texts
mkdir -p "$scratch/config/notmuch-bounce/explain/en" "$scratch/config/notmuch-bounce/explain/tlh"
printf 'name wrong\nheadline Call Ms Abe of the help desk about {address}.\nhappened x\nwho x\ndo x\n' >"$scratch/config/notmuch-bounce/explain/en/user-unknown.txt"
printf 'title-do  yIta'"'"'!\n' >"$scratch/config/notmuch-bounce/explain/tlh/labels.txt"
like "the user's text stands for ours" "$(XDG_CONFIG_HOME=$scratch/config explain "$letter")" 'Call Ms Abe of the help desk about nobody@partner.example.*'
like 'a language of the user'"'"'s own; what it lacks is English' "$(XDG_CONFIG_HOME=$scratch/config explain --lang=tlh bounces/loop/exim-hop-count.eml)" "*Is it real?*yIta'!*"
printf 'nmae wrong\n' >"$scratch/config/notmuch-bounce/explain/en/user-unknown.txt"
XDG_CONFIG_HOME=$scratch/config explain "$letter" >/dev/null 2>"$scratch/err"
like 'a mistake in it is named' "$(cat "$scratch/err")" '*en/user-unknown.txt:1: unknown key "nmae"*'

# -- a text without an index, and what is wrong
exits 'no such file' 66 explain /proc/nonexistent
exits 'no mail' 65 explain ../README.md
exits 'id: without an index' 66 explain id:a@example.org
like 'says so' "$(cat "$scratch/err")" '*there is no index of your mail*'
exits 'a width that is none' 64 explain --width=wide "$letter"
exits 'a format that is none' 64 explain --format=pdf "$letter"
exits 'a full disk' 75 sh -c '"$0" explain "$1" >/dev/full' "$bounce" "$letter"

# -- hostile
hostile() {
	cat <<END
From: MAILER-DAEMON@mx.example.net
To: you@example.org
Subject: Undelivered Mail
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b

x
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; $1
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; $2

--b
Content-Type: message/rfc822

From: you@example.org
To: $1
Subject: $3
Message-ID: <x\$(reboot)'"@example.org>

x
--b--
END
}
escape=$(printf '\033]0;title\007\033[31m\302\233\342\200\256')
hostile bo@example.net "550 5.1.1 ${escape}Unknown user. What to do 1. Call +1-900 now" "${escape}subject" >"$scratch/hostile.eml"
explain "$scratch/hostile.eml" >"$scratch/out"
is 'no controls, no change of direction reach the terminal' "$(perl -CSD -ne 'print if /[\x00-\x09\x0b-\x1f\x7f-\x9f\x{202a}-\x{202e}\x{2066}-\x{2069}]/' "$scratch/out")" ''
is 'what the server says is quoted, line by line' "$(grep -F '1-900' "$scratch/out" | grep -cv '^ *> ')" 0
is 'an id that a shell would look at is in no command' "$(grep -c '\$ notmuch.*reboot' "$scratch/out")" 0
hostile '"Call +1-900 at once to get your mail"@example.net' '550 5.1.1 no' x >"$scratch/words.eml"
unlike 'words in the place of an address are in no sentence of ours' "$(explain "$scratch/words.eml" | sed 's/^ *> .*//')" '*Call*at once*What happened*'
hostile "$(printf '%0300d@example.net' 0)" '550 5.1.1 no' x >"$scratch/long.eml"
unlike 'nor an address of 300 letters' "$(explain "$scratch/long.eml" | head -1)" '*0000*'
hostile bo@example.net '550 5.1.1 <script>alert(1)</script> & "x"' '<img src=x onerror=alert(1)>' >"$scratch/html.eml"
explain --format=html "$scratch/html.eml" >"$scratch/page"
is 'HTML: nothing of a mail is markup' "$(grep -ciE '<(script|img)' "$scratch/page")" 0
like 'but text' "$(cat "$scratch/page")" '*&#60;script&#62;alert(1)*'
like 'a page of its own' "$(cat "$scratch/page")" '<!DOCTYPE html>*<html lang="en">*default-src*<title>*</html>'
like 'HTML: for phones, and in the dark' "$(cat "$scratch/page")" '*name="viewport"*color-scheme:light dark*'
like 'HTML: whose turn it is has a sign' "$(cat "$scratch/page")" '*<p class="turn you">&#9654;*'
like 'HTML: no French line begins with a colon' "$(explain --lang=fr --format=html "$letter")" "*adresse inconnue$(printf '\302\240'): *"
if command -v xmllint >/dev/null; then
	for language in en ja; do
		explain --lang=$language --format=html "$letter" | xmllint --html --noout - 2>"$scratch/err"
		is "well-formed in $language" "$(grep -v 'Tag mark invalid' "$scratch/err" | grep -c 'error')" 0
	done
fi

# -- JSON
"$bounce" explain --format=json --lang=ja bounces/*/*.eml not-bounces/*.eml "$scratch"/*.eml >"$scratch/all.json"
is 'JSON: one object a line, and each is one' "$(perl -MJSON::PP -ne 'eval { JSON::PP->new->utf8->decode($_); 1 } or print "$.\n"' "$scratch/all.json")" ''
like 'with the parts of the text' "$(explain --format=json "$letter")" '{"message_id":"0MKu-k1@moeu2.kundenserver.example","kind":"failed","language":"en",*"genuine":"not-checked",*"reason":"user-unknown",*"stopped_before":"mailbox",*"do":\[{"text":*'

# -- for a macro
is 'kept without a word' "$(explain --hold "$letter" 2>&1)" ''
is 'and printed in the place of what comes in' "$(echo something | explain --held)" "$(explain "$letter")"
is 'once: the next mail is shown as it is' "$(echo something | explain --held)" something
explain --hold "$letter"
is 'only the user can read it' "$(find "$XDG_CACHE_HOME" -type f ! -perm 600; find "$XDG_CACHE_HOME" -mindepth 1 -type d ! -perm 700)" ''
like 'mutt is told how to open the mail that came back' "$(explain --held=mutt)" 'push "<change-folder-readonly>/*.mail.[12]<enter><display-message>"'
explain --hold "$letter"
like 'and neomutt, without an index' "$(explain --held=neomutt)" 'push "<change-folder-readonly>/*.mail.[12]<enter><display-message>"'
like 'which is that mail' "$(cat "$XDG_CACHE_HOME"/notmuch-bounce/*.mail.2/new/*)" '*Message-ID: <kund1@shop.example.com>*'
explain --hold "$letter"
like 'where one is open: from the mailbox before' "$(NOTMUCH_BOUNCE_OPENED=yes explain --held=mutt)" 'push "<change-folder>-<enter><change-folder-readonly>/*.mail.[12]<enter><display-message>"'
explain --hold not-bounces/plain-letter.eml
is 'there is none of a letter' "$(explain --held=mutt)" "echo 'the mail that came back is not here'"
exits 'an error is kept too, with status 0, for mutt would stop at any other' 0 explain --hold /proc/nonexistent
is 'silently' "$(cat "$scratch/out" "$scratch/err")" ''
like 'and shown' "$(explain --held </dev/null)" '*nonexistent: No such file*'
chmod 755 "$XDG_CACHE_HOME/notmuch-bounce"
is 'nothing is kept where others could look' "$(export HOME=/proc/nonexistent; explain --hold "$letter"; echo something | explain --held)" something

# -- with an index: is it real, which mail, what passed before
if command -v notmuch >/dev/null; then
	# shellcheck source=index-lib.sh
	. ./index-lib.sh
	new_index
	gone='failed|5.1.1|550 5.1.1 <bo@example.net>: User unknown'
	letter a@example.org 'You <you@example.org>' 'Bo <bo@example.net>' "$(day 1)" | add a
	letter before@example.org 'You <you@example.org>' 'Bo <bo@example.net>' '10 Feb 2026 10:00:00 +0000' | add before
	letter old@example.net 'Bo <bo@example.net>' you@example.org '01 Feb 2026 10:00:00 +0000' | add old
	report linked@mx.example.net "$(day 2)" a@example.org "$gone|bo@example.net" >"$scratch/linked"
	report unlinked@mx.example.net "$(day 2)" gone@example.org "$gone|bo@example.net" >"$scratch/unlinked"
	report probable@mx.example.net "$(day 2)" '' "$gone|bo@example.net" | sed 's/^Subject: about .*/Subject: about a/' >"$scratch/probable"
	report theirs@mx.example.net "$(day 2)" old@example.net "$gone|bo@example.net" >"$scratch/theirs"
	like 'a bounce that is not in the index is linked to its mail all the same' "$(explain "$scratch/linked")" '*Yes. It'"'"'s about a message that you sent.*"about a"*2026-03-01, to bo@example.net*'
	is 'and leaves no trace' "$(notmuch dump --include=properties | grep -c bounce)" 0
	for bounce_id in linked unlinked probable theirs; do
		add "$bounce_id" <"$scratch/$bounce_id"
	done
	notmuch config set bounce.backscatter_after 0
	"$bounce" tag --all >/dev/null
	like 'genuine' "$(explain id:linked@mx.example.net)" '*Yes. It'"'"'s about a message that you sent.*'
	like 'of a mail that is not here, though others of that time are' "$(explain id:unlinked@mx.example.net)" '*Perhaps not: the message it names*'
	like 'that names no mail, but looks like one' "$(explain id:probable@mx.example.net)" '*Probably: you sent a message like that*'
	for language in ../share/explain/*/; do
		language=$(basename "$language")
		unlike "which $language says, and nothing else to do" "$(explain --lang="$language" --format=json id:unlinked@mx.example.net)" '*"stopped_before"*'
	done
	like 'about a mail from an address that is not known to be mine: names it, and the setting' "$(explain id:theirs@mx.example.net)" \
		'*bo@example.net*one of your addresses*notmuch config set*'
	like 'what passed between us before' "$(explain id:linked@mx.example.net)" "*Last message from bo@example.net: 2026-02-01.*Last message to them that didn't come back: 2026-02-10.*Of your last 2 messages to them, 1 came back.*"
	letter bcc@example.org 'You <you@example.org>' 'Bo <bo@example.net>' "$(day 2)" 'Bcc: Al <al@example.net>' | add bcc
	other=$(report other@mx.example.net "$(day 3)" bcc@example.org "failed|5.1.1|550 5.1.1 User unknown|al@example.net" | explain - | tr -s ' \n' ' ')
	like 'an address in Bcc of my own copy' "$other" "*Yes. It's about a message that you sent.*"
	unlike 'is one that I wrote to' "$other" '*addressed to*'
	other=$(report other@mx.example.net "$(day 3)" bcc@example.org "failed|5.1.1|550 5.1.1 User unknown|eve@example.net" | explain - | tr -s ' \n' ' ')
	like 'one that is not in my own copy is not' "$other" "*didn't go to this address*is addressed to bo@example.net, al@example.net, not to this address*"
	is 'my mail that came back is explained by its bounce' "$(explain --short id:a@example.org)" 'Not delivered, no such address: bo@example.net.'
	is 'also from its file' "$(explain --short "$mail/cur/a:2,")" 'Not delivered, no such address: bo@example.net.'
	exits 'an id that is not there' 66 explain id:nobody@example.org
	letter once@example.org 'You <you@example.org>' bo@example.net "$(day 3)" | add once
	report once@mx.example.net "$(day 4)" once@example.org 'failed|5.1.1|550 5.1.1 User unknown|bo@example.net' | add of-once
	notmuch new --quiet --no-hooks
	"$bounce" tag >/dev/null
	is 'another one, too' "$(explain --short id:once@example.org)" 'Not delivered, no such address: bo@example.net.'
	rm "$mail/cur/of-once:2,"
	is 'if the file of its bounce is gone, by itself' "$(explain --short id:once@example.org)" 'This is not a report about a message of yours that came back.'
	notmuch new --quiet --no-hooks 2>/dev/null
	is 'and if its bounce is gone from the index' "$(explain --short id:once@example.org)" 'This is not a report about a message of yours that came back.'
	# A mailing: 12 mailboxes that there are not, 2 that are full, in 14 bounces.
	letter mailing@example.org 'You <you@example.org>' "$(seq -s, -f 'p%.0f@example.net' 14 | sed 's/,/, /g')" "$(day 3)" | add mailing
	for n in $(seq 14); do
		group="failed|5.1.1|550 5.1.1 User unknown|p$n@example.net"
		[ "$n" -lt 13 ] || group="failed|5.2.2|552 5.2.2 Mailbox full|p$n@example.net"
		report "m$n@mx.example.net" "$(day 4)" mailing@example.org "$group" >"$mail/cur/m$n:2,"
	done
	report 'm15$(x)@mx.example.net' "$(day 5)" mailing@example.org 'failed|5.7.1|554 5.7.1 Message contains a virus|p14@example.net' >"$mail/cur/m15:2,"
	notmuch new --quiet --no-hooks
	"$bounce" tag --all >/dev/null
	explain id:mailing@example.org >"$scratch/groups"
	is 'a mail that failed for many: how many' "$(head -1 "$scratch/groups")" 'Not delivered to 14 addresses: "about mailing"'
	is 'why, and whose turn it is, a heading each' "$(grep -A1 '^$' "$scratch/groups" | grep ' · ' | sed 's/.* · //' | tr '\n' '|')" 'you (address)|recipient|you (content)|'
	is 'the addresses below, up to ten' "$(grep -c '^  p[0-9]*@example.net$' "$scratch/groups") $(grep -c '^  and 2 more$' "$scratch/groups")" '12 1'
	is 'each is there once, with the reason that it failed for last' "$(sed -n '/(content)/,$p' "$scratch/groups" | grep -c p14@)$(grep -c p14@ "$scratch/groups")" 11
	id=$(sed -n 's/^  One report in full: notmuch bounce explain \(id:[^ ]*\)$/\1/p' "$scratch/groups" | head -1)
	like 'and how to see one in full' "$(explain "$id")" 'Not delivered, no such address: p*What to do*'
	unlike 'by no id that a shell would look at' "$(cat "$scratch/groups")" '*$(x)*'
	like 'in Japanese' "$(explain --lang=ja id:mailing@example.org | head -1)" '宛先14件に届きませんでした：「about mailing」'
	# The same words of a phone company, which may mean a refusal, and of another provider.
	to='u1@ezweb.ne.jp u2@example.net u3@ezweb.ne.jp u4@example.net u5@example.net u6@example.net'
	letter phones@example.org 'You <you@example.org>' "$(printf %s "$to" | sed 's/ /, /g')" "$(day 3)" | add phones
	# shellcheck disable=SC2046,SC2086 # a group each
	report phones@mx.example.net "$(day 4)" phones@example.org $(printf 'failed|5.1.1|550_User_unknown|%s ' $to) >"$mail/cur/back:2,"
	notmuch new --quiet --no-hooks
	"$bounce" tag --all >/dev/null
	explain id:phones@mx.example.net >"$scratch/phones"
	is 'one reason that means two things: explained one by one' "$(grep '^Not delivered\|^  u' "$scratch/phones" | tr -s ' \n' ' ')" 'Not delivered to 2 addresses: unknown, or refused u1@ezweb.ne.jp u3@ezweb.ne.jp Not delivered to 4 addresses: unknown address u2@example.net u4@example.net u5@example.net u6@example.net '
	like 'the letter to each does not name the others' "$(tr -s ' \n' ' ' <"$scratch/phones")" '*Hello, my message to (the address) came back.*'
	letter list@example.org 'You <you@example.org>' 'u1@example.net, u2@example.net' "$(day 3)" | add list
	like 'one to whoever runs my own server names all' "$(report blocked@mx.example.net "$(day 4)" list@example.org 'failed|5.7.1|550 5.7.1 Your IP is on our blocklist|u1@example.net' 'failed|5.7.1|550 5.7.1 Your IP is on our blocklist|u2@example.net' | explain | tr -s ' \n' ' ')" '*Hello, my message to u1@example.net, u2@example.net was refused*'
	is 'and so in the list of all' "$(explain id:phones@example.org | grep ' · \|^  u' | tr -s ' \n' ' ')" 'unknown, or refused · you (address) u1@ezweb.ne.jp u3@ezweb.ne.jp unknown address · you (address) u2@example.net u4@example.net u5@example.net u6@example.net '
	is 'for programs they stay one by one' "$(explain --format=json id:mailing@example.org | wc -l | tr -d ' ')" 10
	notmuch config set bounce.language ja
	like 'bounce.language' "$(explain id:linked@mx.example.net)" '*本物です。*'
	notmuch config set bounce.language tlh
	exits 'one that there is not' 78 explain id:linked@mx.example.net
	like 'is named' "$(cat "$scratch/err")" '*bounce.language=tlh: expected one of*'
	NOTMUCH_CONFIG=$scratch/none
else
	skip 'with an index' 'notmuch is not installed'
fi

# -- for a mailcap
sed -n '/^Reporting-MTA/,/^--/p' bounces/user-unknown/postfix*.eml | sed '/^--/,$d' >"$scratch/part"
like 'a delivery-status part alone' "$(explain --dsn <"$scratch/part" | head -1)" 'Not delivered, no such address: *'
unlike 'of which nothing is said that nobody can know' "$(explain --dsn <"$scratch/part")" '*Is it real*'
mkdir "$scratch/path"
ln -s "$bounce" "$scratch/path/notmuch-bounce"
sed -n 's/^#     auto_view //p' ../plugin/notmuch-bounce.mailcap | tr ' ' '\n' >"$scratch/types"
is 'the mailcap has both types of report' "$(tr '\n' ' ' <"$scratch/types")" 'message/delivery-status message/global-delivery-status '
while read -r type; do
	sed -n "s,^$type; \(.*\) < %s; copiousoutput;.*,\1,p" ../plugin/notmuch-bounce.mailcap >"$scratch/command"
	like "by mailcap: $type" "$(PATH=$scratch/path:$PATH sh "$scratch/command" <"$scratch/part" | head -1)" 'Not delivered, no such address: *'
done <"$scratch/types"

done_testing
