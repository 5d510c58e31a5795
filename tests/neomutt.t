#!/bin/sh
# The macro pack for neomutt with notmuch, in the real neomutt: what its keys show and do, and that they leave everything else alone.
# shellcheck source=lib.sh disable=SC2119 # run_tag takes options, or none
. "$(dirname "$0")/lib.sh"
needs neomutt
neomutt -v | grep -q '+notmuch' || skip_all 'this neomutt does not know notmuch'
# shellcheck source=index-lib.sh
. ./index-lib.sh
# shellcheck source=plugin-lib.sh
. ./plugin-lib.sh

{
	echo 'set index_format="%4C %Z %-16.16F %s %> %g"'
	awkward
	cat <<END
set nm_default_url="notmuch://$mail"
virtual-mailboxes "All" "notmuch://?query=*"
source $plugin/notmuch-bounce.neomuttrc
END
} >"$scratch/neomuttrc"
neomutt_on() {
	start neomutt -n -F "$scratch/neomuttrc" -f "$1"
}

new_index
put_bounces cat
put_pairs cat
notmuch new --quiet --no-hooks
"$bounce" tag --all >/dev/null
# All of them, as a mailbox of notmuch.
all="notmuch://?query=*"

neomutt_on "$all"
waits "*about sent*Msgs:${friend}[ /]*"
is 'it is read without a complaint' "$(last_line)" ''
before=$(settings)
unlike 'it says its settings' "$before" '*no answer*'

# -- explain
explains_all index
press "$back" Enter
waits '*'
press Enter
sees 'what is shown next is the mail itself' '*This is the mail system at host mx.example.net.*'
press ,be
explains 'pager: explains' "$mail/cur/back:2,S"
press ,be
explains 'in the explanation: explains again' "$mail/cur/back:2,S"
is 'nothing of mine is changed' "$(settings)" "$before"
press q
waits '*Msgs:*'
press "$friend" Enter Enter
sees 'my own display filter works as before' '*"$HOME" its me*'
press ,be
explains 'a letter is no bounce, and it says so' "$mail/cur/letter:2,S"
press q
waits '*Msgs:*'

explains_one index
press 1 Enter t 2 Enter t
is 'and nothing of mine is changed' "$(settings)" "$before"

# -- status
press "$back" Enter ,bs
sees 'index: status says whom the mail did not reach' '*about sent*tanaka@exmaple.jp*unknown address*'
press q
waits '*Msgs:*'
press "$back" Enter Enter
waits '*This is the mail system*'
press ,bs
sees 'pager: the same' '*about sent*tanaka@exmaple.jp*unknown address*'
press q
waits '*Msgs:*'

# -- there and back
press "$back" Enter ,bo
sees 'index: opens the mail that came back' '*To: tanaka@exmaple.jp*Subject: about sent*its me*'
is 'and nothing of mine is changed' "$(settings)" "$before"
press ,bo
sees 'from that mail: opens its bounce' '*This is the mail system*'
press ,bo
waits '*To: tanaka@exmaple.jp*Subject: about sent*'
press ,b-
sees 'back where I came from, after three in a row' "*Msgs:${friend}[ /]*"
press ,b-
sees 'and from there in the mail that was opened last' '*Help* 1 *about sent*---NeoMutt: notmuch:*'
press ,bb
waits '*Bounces *Msgs:*'
press ,b-
waits '*Help* 1 *about sent*---NeoMutt: notmuch:*'
press ,bo
waits '*This is the mail system*'
press ,b-
sees 'back in the mailbox that I went to meanwhile' '*Bounces *Msgs:*'
neomutt_on "$all"
waits "*about sent*Msgs:${friend}[ /]*"
press "$back" Enter Enter
waits '*This is the mail system*'
press ,bo
sees 'pager: opens the mail that came back' '*To: tanaka@exmaple.jp*Subject: about sent*'
press ,b-
sees 'back where I came from' "*Msgs:${friend}[ /]*"
press "$friend" Enter ,bo
says 'a letter: there is nothing to open, and it says so' 'the mail that came back is not here*'
press 1 Enter ,bo
sees 'a bounce of a mail that is not here: opens what came back in it' '*From: mio.hara7762@chasquid.example*Subject: 会議の資料*'
press ,b-
sees 'back from that, too' "*Msgs:${friend}[ /]*"

# -- a hostile mail
press "$hostile_back" Enter ,be
explains 'a hostile bounce is explained' "$mail/cur/hostile-back:2,S"
unlike 'without its escape sequences' "$("$bounce" explain <"$mail/cur/hostile-back:2,S")" "*$escape*"
press ,bo
sees 'the mail that came back has a hostile id: it is opened' '*To: suzuki@example.jp*'
press ,bo
sees 'and its bounce, which has one too' '*This is the mail system*'
press ,bs
sees 'its status' '*suzuki@example.jp*unknown address*'
is 'the title of the terminal is as it was' "$(titles_of_mails)" 0

# -- mailboxes, limit
neomutt_on "$all"
waits "*about sent*Msgs:${friend}[ /]*"
bounces=$(notmuch count tag:bounce)
press ,bl
sees 'limit: only bounces' "*Msgs:$bounces/$friend *"
press 1 Enter Enter
waits '*/*-- (*'
press ,bl
sees 'from the pager: the same' "*Msgs:$bounces/$friend *"
press ,bb
sees 'the mailbox of bounces' "*NeoMutt: Bounces *Msgs:${bounces}[ /]*"
press Enter
waits '*/*-- (*'
press ,bu
sees 'the mailbox of what did not arrive, from the pager' '*about sent*about q*NeoMutt: Undelivered *Msgs:2[ /]*'
press ,bb
waits '*NeoMutt: Bounces *'

# -- handled
# shellcheck disable=SC2317 # asked by comes_true
count_handled() {
	[ "$(notmuch count tag:bounce/handled and not tag:inbox)" -eq "$1" ]
}
# shellcheck disable=SC2317 # asked by comes_true
is_dealt_with() {
	[ "$(notmuch count 'tag:bounce/handled and not tag:undelivered and (id:sent@example.org or id:back@mx.example.net)')" -eq 2 ]
}
press 1 Enter
waits '*Bounces*'
press d 3 Enter ,bh
says 'handled: it says so' 'notmuch-bounce: *'
comes_true 'it has the tag, and the inbox has it no more' count_handled 1
is 'it was the one under the cursor' "$(notmuch count tag:bounce/content and tag:bounce/handled)" 1
sees 'the mailbox of bounces shows it no more' "*NeoMutt: Bounces *Msgs:$((bounces - 1))[ /]*"
is 'what I had marked for deletion is not purged by that' "$(copies)" "$friend"
press 2 Enter Enter
waits '*/*-- (*'
press ,bh
sees 'from the pager: the same' "*NeoMutt: Bounces *Msgs:$((bounces - 2))[ /]*"
comes_true 'with the tag' count_handled 2
press 4 Enter t 5 Enter t ,bh
comes_true 'with tagged mails: the one under the cursor' count_handled 3
press ,bH
comes_true 'H: those that are tagged' count_handled 5
is 'and nothing of mine is changed' "$(settings)" "$before"

neomutt_on "$all"
waits "*about sent*Msgs:${friend}[ /]*"
before_all=$(whole)
press "$friend" Enter ,bh
says 'ordinary mail: says that it is, and that nothing was changed' 'this is an ordinary message*'
press Enter
waits '*its me*'
press ,bh
says 'from the pager: the same' 'this is an ordinary message*'
press "$friend" Enter t ,bH
press :echo Space . Enter
until_shown last_line .
sees 'tagged, it stays too' "*Msgs:${friend}[ /]*"
is 'and no mail has another tag' "$(whole)" "$before_all"
press "$sent" Enter ,bh
says 'a mail that came back: says so' 'notmuch-bounce: handled'
comes_true 'with its bounce, it is dealt with' is_dealt_with
is 'and nothing of mine is changed' "$(settings)" "$before"

# -- where there is nothing to explain
neomutt_on 'notmuch://?query=tag:none-has-this'
waits '*Msgs:0*'
for what in e s o h; do
	press ",b$what"
	says "an empty mailbox, $what: it says so" 'There are no messages*'
	press :echo Space . Enter
	until_shown last_line .
done
is 'and nothing of mine is changed' "$(settings)" "$before"
neomutt_on "$all"
waits "*about sent*Msgs:${friend}[ /]*"
for what in e s o h l b u -; do
	press "$back" Enter v
	waits '*message/rfc822*'
	press Enter
	waits '*---Attachment: *'
	press ",b$what"
	sees "in an attachment, $what: back to the list of attachments, and no more" '*message/rfc822*no such function*'
	sees_not "none of them is marked" '*I D *'
	press q
	waits '*Msgs:*'
done
is 'and nothing of mine is changed' "$(settings)" "$before"

# -- a mailbox without tags: a `+` that is bound would go on to the words for the prompt
echo 'bind index + next-entry' >>"$scratch/neomuttrc"
neomutt_on "$mail"
waits '*about sent*Msgs:*'
press "$back" Enter ,be
explains 'a Maildir: explains' "$mail/cur/back:2,S"
press q
waits '*Msgs:*'
press "$back" Enter ,bo
sees 'a Maildir: opens the mail that came back' '*To: tanaka@exmaple.jp*Subject: about sent*'
neomutt_on "$mail"
waits '*about sent*Msgs:*'
press "$back" Enter ,bh
says 'a Maildir, handled: it says that it can not' 'notmuch-bounce: *'
comes_true 'and changes no tag' count_handled 6

# -- a Maildir with what `filter` left, and the program gone
maildir "$scratch/plain"
"$bounce" filter <"$mail/cur/back:2,S" >"$scratch/plain/cur/a:2,S"
letter plain@example.org bo@example.net you@example.org 'Wed, 14 Oct 2026 09:12:39 +0200' >"$scratch/plain/cur/b:2,S"
neomutt_on "$scratch/plain"
waits '*Msgs:2[ /]*'
press ,bl
sees 'a plain Maildir: limit knows the fields' '*Msgs:1/2*'
mv "$scratch/bin/notmuch-bounce" "$scratch/gone"
press ,be
sees 'without the program: it is said' '*notmuch-bounce: *not found*any key*'
press Space
sees 'and the mail itself is shown' '*This is the mail system*'
mv "$scratch/gone" "$scratch/bin/notmuch-bounce"

# -- how it looks
sed 's/index_format="[^"]*"/index_format="%g"/' "$scratch/neomuttrc" >"$scratch/tags-neomuttrc"
start neomutt -n -F "$scratch/tags-neomuttrc" -f 'notmuch://?query=tag:bounce/moved or tag:bounce/sender-suspended or tag:bounce/spam or tag:bounce/content or tag:undelivered'
waits '*undelivered*---NeoMutt*'
sees 'tags have short names, the reason first' '*moved inbox*'
sees 'an account that was stopped: what to do' '*PASSWORD inbox*'
press 1 Enter
comes_true 'colour: the address is wrong' has_colours 'moved ' '31'
comes_true 'colour: the mail is wrong' has_colours 'spam ' '35'
comes_true 'colour: at once' has_colours PASSWORD '37;41'
comes_true 'colour: a mail that did not arrive' has_colours undelivered '1;31'
comes_true 'colour: dealt with, none but that of the cursor' has_colours 'done' '7'

# -- Japanese, another prefix
notmuch config set bounce.language ja
sed 's/^source/set my_nb_prefix=",x"\n&/' "$scratch/neomuttrc" >"$scratch/other-neomuttrc"
start neomutt -n -F "$scratch/other-neomuttrc" -f "$all"
waits "*about sent*Msgs:${friend}[ /]*"
press "$back" Enter ,xe
sees 'Japanese, and another prefix' '*tanaka@exmaple.jp*宛先*'

is 'nothing in a mail was run' "$(find "$scratch" . .. -maxdepth 2 -name '*PWN*')" ''
# -- what nobody answered; lists that are texts
ago() { perl -MPOSIX -e 'setlocale(LC_ALL, "C"); print strftime("%a, %d %b %Y %H:%M:%S +0000", gmtime(time - $ARGV[0] * 86400))' "$1"; }
letter quiet@example.org you@example.org quiet@example.jp "$(ago 20)" | add quiet
letter answered@example.org you@example.org taro@example.jp "$(ago 20)" | add answered
letter reply@example.net taro@example.jp you@example.org "$(ago 19)" | add reply
# A mail and its bounce of the same second, and of one thread.
when=$(ago 2)
letter same@example.org you@example.org bo@example.net "$when" | add same
original_to=bo@example.net report same-back@mx.example.net "$when" same@example.org "$gone|bo@example.net" |
	sed '1s/^/In-Reply-To: <same@example.org>\n/' | add same-back
# One that one of two has not answered, and that the other did not get.
letter half@example.org you@example.org quiet@example.jp,bo@example.net "$(ago 20)" | add half
original_to=bo@example.net report half-back@mx.example.net "$(ago 19)" half@example.org "$gone|bo@example.net" | add half-back
run_tag
neomutt_on "$all"
waits '*about quiet*'
press ,bw
sees 'what nobody answered: a mailbox of it' '*about quiet*-NeoMutt: (thread:*'
press ,b-
waits '*about answered*'
press ,ba
sees 'addresses: in a pager' '*bo@example.net*(END)*'
press q
waits '*about answered*'
press ,bt
sees 'report: in a pager' '*=====*'
press q
waits '*about answered*'
find_mail '~i <same-back'
press ,bo
sees 'from a bounce to its mail of the same second' '*Subject: about same*'
press q
waits '*about same*-NeoMutt: ((thread:*'
press ,bo
sees 'and back' '*This is the mail system*'
press ,b-
waits '*about answered*'
press ,bw
waits '*about quiet*-NeoMutt: (thread:*'
find_mail '~i <half@'
press ,bo
waits '*This is the mail system*'
press ,b-
sees 'a mailbox of what nobody answered is one to come back to' '*about half*query=(thread*'

done_testing
