#!/bin/sh
# The macro pack for mutt and for neomutt without notmuch, in both of them: what its keys show and do, and that they leave everything else
# alone. And the explanation within the mail, by mailcap.
# shellcheck source=lib.sh disable=SC2119 # run_tag takes options, or none
. "$(dirname "$0")/lib.sh"
# shellcheck source=index-lib.sh
. ./index-lib.sh
# shellcheck source=plugin-lib.sh
. ./plugin-lib.sh
needs_mutt

{
	echo 'set index_format="%4C %Z %-16.16F %-32.32s %y"'
	awkward
	echo "source $plugin/notmuch-bounce.muttrc"
} >"$scratch/muttrc"
# on PROGRAM [FOLDER]
on() {
	start "$1" -n -F "$scratch/muttrc" -f "${2:-$mail}"
}
whole_box() {
	waits '*about sent*Msgs:*'
}
# shellcheck disable=SC2317 # asked by comes_true
only_bounces() {
	screen | grep -q Undelivered && ! screen | grep -q 'about '
}
# shellcheck disable=SC2317 # asked by comes_true
none_is_handled() {
	screen | grep -q '  1 ' && ! screen | grep -q -e bounce/handled -e BANNED
}
# shellcheck disable=SC2317 # asked by comes_true
handled() {
	grep -ls '^X-Label:.*bounce/handled' "$mail"/cur/* | grep -c . | grep -qx "$1"
}

for program in mutt neomutt; do
	installed $program || continue
	new_index
	put_bounces "$bounce" filter
	put_pairs "$bounce" filter
	notmuch new --quiet --no-hooks
	"$bounce" tag --all >/dev/null
	sums >"$scratch/files"

	on $program
	whole_box
	is "$program reads it without a complaint" "$(last_line)" ''
	before=$(settings)
	unlike "$program says its settings" "$before" '*no answer*'

	explains_all "$program, index"
	press "$back" Enter Enter
	sees "$program: what is shown next is the mail itself" '*X-Bounce-Reason: user-unknown*'
	press ,be
	explains "$program, pager: explains" "$mail/cur/back:2,S"
	press ,be
	explains "$program, in the explanation: explains again" "$mail/cur/back:2,S"
	is "$program: nothing of mine is changed" "$(settings)" "$before"
	press q
	waits '*Msgs:*'
	press "$friend" Enter Enter
	sees "$program: my own display filter works as before" '*"$HOME" its me*'
	press ,be
	explains "$program: a letter is no bounce, and it says so" "$mail/cur/letter:2,S"
	press q
	waits '*Msgs:*'
	explains_one "$program"

	press "$back" Enter ,bs
	sees "$program, index: status says whom the mail did not reach" '*about sent*tanaka@exmaple.jp*unknown address*'
	press q
	waits '*Msgs:*'

	press "$back" Enter ,bo
	sees "$program, index: opens the mail that came back" '*To: tanaka@exmaple.jp*Subject: about sent*its me*'
	is "$program: and nothing of mine is changed" "$(settings)" "$before"
	press ,bo
	sees "$program, from that mail: opens its bounce" '*X-Bounce-Recipient: tanaka@exmaple.jp*'
	press ,bo
	waits '*To: tanaka@exmaple.jp*Subject: about sent*'
	press ,b-
	sees "$program: back where I came from, after three in a row" "*about sent*Msgs:${friend}[ /]*"
	on $program
	whole_box
	press "$back" Enter Enter
	waits '*X-Bounce-Reason*'
	press ,bo
	sees "$program, pager: opens the mail that came back" '*To: tanaka@exmaple.jp*Subject: about sent*its me*'
	press ,b-
	sees "$program: back where I came from" "*about sent*Msgs:${friend}[ /]*"
	press 1 Enter ,bo
	sees "$program, a bounce of a mail that is not here: opens what came back in it" '*Subject: 会議の資料*'
	press ,b-
	sees "$program: back from that, too" "*about sent*Msgs:${friend}[ /]*"
	press "$friend" Enter ,bo
	says "$program, a letter: there is nothing to open, and it says so" 'the mail that came back is not here*'

	press "$hostile_back" Enter ,be
	explains "$program: a hostile bounce is explained" "$mail/cur/hostile-back:2,S"
	unlike "$program: without its escape sequences" "$("$bounce" explain <"$mail/cur/hostile-back:2,S")" "*$escape*"
	press ,bo
	sees "$program: the mail that came back has a hostile id, and is opened" '*To: suzuki@example.jp*'
	press ,bo
	sees "$program: and its bounce, which has one too" '*X-Bounce-Recipient: suzuki@example.jp*'
	is "$program: the title of the terminal is as it was" "$(titles_of_mails)" 0
	sums >"$scratch/files-now"
	same "$program: no mail was changed by all that" "$scratch/files" "$scratch/files-now"

	on $program
	whole_box
	comes_true "$program, colour: a letter has none" has_colours 'about sent' ''
	press 1 Enter
	waits '*   1 *'
	for of in 'Spring offers/37;41' 'Message you sent/35' 'WARNING: delayed/32' 'BANNED/35'; do
		comes_true "$program, colour: ${of%/*}" has_colours "${of%/*}" "${of##*/}"
	done
	press "$friend" Enter ,bl '*'
	comes_true "$program, limit: only bounces" only_bounces
	press l all Enter "$friend" Enter Enter
	waits '*its me*'
	press ,bl '*'
	comes_true "$program, from the pager: the same" only_bounces

	press 3 Enter ,bh
	says "$program, handled: it says so" 'notmuch-bounce: handled'
	sees "$program: the label shows it" '* bounce/handled*'
	press 1 Enter
	comes_true "$program: it has no colour any more" has_colours bounce/handled ''
	press ,bl
	comes_true "$program, limited again: it is away" none_is_handled
	press l all Enter '$'
	comes_true "$program: the file says so when the mailbox is written" handled 1
	press 5 Enter Enter
	waits '*-- (*'
	press ,bh
	sees "$program, handled from the pager: the same" '*bounce/handled*'
	press "$friend" Enter ,bh
	says "$program, handled, ordinary mail: says that it is, and that nothing was changed" 'this is an ordinary message*'
	press '$'
	comes_true "$program: so its file does not change" handled 2
	is "$program: and nothing of mine is changed" "$(settings)" "$before"
	NOTMUCH_CONFIG=$scratch/none on $program
	whole_box
	press 7 Enter ,bh
	sees "$program, handled, without an index: the label shows it" '*bounce/handled*'

	maildir "$scratch/empty"
	on $program "$scratch/empty"
	waits '*Msgs:0*'
	for what in e s o h; do
		press ",b$what"
		says "$program, an empty mailbox, $what: it says so" 'There are no messages*'
		press :echo Space . Enter
		until_shown last_line .
	done
	is "$program: and nothing of mine is changed" "$(settings)" "$before"
	on $program
	whole_box
	for what in e s o h l -; do
		press "$back" Enter v
		waits '*message/rfc822*'
		press Enter
		waits '*Attachment: *'
		press ",b$what"
		sees "$program, in an attachment, $what: back to the list of attachments, and no more" '*message/rfc822*no such function*'
		sees_not "$program: none of them is marked" '*I D *'
		press q
		waits '*Msgs:*'
	done
	is "$program: and nothing of mine is changed" "$(settings)" "$before"

	# -- Japanese, another prefix, and the explanation within the mail
	notmuch config set bounce.language ja
	{
		echo 'set my_nb_prefix=",x"'
		cat "$scratch/muttrc"
		# shellcheck disable=SC2016
		printf 'set mailcap_path="%s:$mailcap_path"\nauto_view message/delivery-status\n' "$plugin/notmuch-bounce.mailcap"
	} >"$scratch/other-muttrc"
	start $program -n -F "$scratch/other-muttrc" -f "$mail"
	whole_box
	press "$back" Enter ,xe
	sees "$program, Japanese, and another prefix" '*tanaka@exmaple.jp*宛先*'
	press q
	waits '*Msgs:*'
	notmuch config set bounce.language en
	press "$back" Enter Enter Space
	sees "$program, by mailcap: the mail has the explanation, which names our keys" '*Who should act*'
done
is 'nothing in a mail was run' "$(find "$scratch" . .. -maxdepth 2 -name '*PWN*')" ''
# -- what nobody answered
ago() { perl -MPOSIX -e 'setlocale(LC_ALL, "C"); print strftime("%a, %d %b %Y %H:%M:%S +0000", gmtime(time - $ARGV[0] * 86400))' "$1"; }
new_index
letter quiet@example.org you@example.org quiet@example.jp "$(ago 20)" | add quiet
letter answered@example.org you@example.org taro@example.jp "$(ago 20)" | add answered
letter reply@example.net taro@example.jp you@example.org "$(ago 19)" | add reply
run_tag
# shellcheck disable=SC2317 # asked by comes_true
is_limited() {
	! screen | grep -q 'about answered'
}
for program in mutt neomutt; do
	installed $program || continue
	start $program -n -F "$scratch/muttrc" -f "$mail"
	waits '*about quiet*'
	press ,bw
	comes_true "$program: what nobody answered: limited to it" is_limited
	sees "$program: and that is shown" '*about quiet*'
	press l all Enter ,ba
	sees "$program: addresses, in a pager" '*(END)*'
	press q
	waits '*Msgs:3*'
done
# Each key is in the README, and in both packs as far as it says.
keys_of() { grep -o 'my_nb_prefix}[^"]"' "$@" | sed 's/.*}//; s/"//' | sort -u | tr '\n' ' '; }
is 'README: the keys of neomutt' "$(sed -n 's/^| `,b\(.\)` |.*/\1/p' ../plugin/README.md | sort -u | tr '\n' ' ')" "$(keys_of ../plugin/notmuch-bounce.neomuttrc)"
is 'README: the keys of mutt' "$(sed -n 's/^| `,b\(.\)` |.*|..*[^ ].* |$/\1/p' ../plugin/README.md | sort -u | tr '\n' ' ')" "$(keys_of ../plugin/notmuch-bounce.muttrc)"

done_testing
