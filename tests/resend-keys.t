#!/bin/sh
# Sending again from the mail program: the keys r and m of the macro packs, in the real mutt and neomutt; what is then sent, and that nothing
# is lost when it is not.
# shellcheck source=lib.sh disable=SC2119 # run_tag takes options, or none
. "$(dirname "$0")/lib.sh"
# shellcheck source=index-lib.sh
. ./index-lib.sh
# shellcheck source=resend-lib.sh
. ./resend-lib.sh
# shellcheck source=plugin-lib.sh
. ./plugin-lib.sh
# shellcheck source=keys-lib.sh
. ./keys-lib.sh
needs_mutt

for program in neomutt mutt; do
	installed $program || continue
	put_mails
	on $program
	before=$(all_settings)
	unlike "$program says its settings" "$before" '*no answer*'

	# -- r, sent
	at b.rich
	press ,br
	composes "$program, index: the draft goes to those who did not get it, from the same sender" '"You, at work" <you@firma.example>' '"Doe, Bo" <bo@exmaple.net>' '見積書'
	like "$program: Cc, too" "$(menu)" '*Cc: 山田 <yamada@example.jp> Bcc: Subject*'
	like "$program: the attachments are there" "$(menu)" '*見積.pdf*a b.csv*'
	sends 1 "$program: y sends it"
	is "$program: to these" "$(tr ' ' '\n' <"$post.to" | grep @ | sort | tr '\n' ' ')" 'bo@exmaple.net yamada@example.jp '
	mime "$scratch/rich@example.org" | sed 1d | cut -d' ' -f2,4- | grep -v -e text/plain -e message/rfc822 >"$scratch/parts"
	mime "$post" | sed 1d | cut -d' ' -f2,4- | grep -v -e text/plain -e message/rfc822 >"$scratch/parts-now"
	same "$program: its attachments are those of the first mail, byte for byte" "$scratch/parts" "$scratch/parts-now"
	is "$program: and so is the mail in it, but for its From, which $program changes" "$(mime "$post" 3 | grep -v '^From')" "$(mime "$scratch/rich@example.org" 3 | grep -v '^From')"
	is "$program: its text, too" "$(mime "$post" 1 | perl -MEncode -0777 -ne 'print encode_utf8 decode $ARGV[0] // "utf-8", $_')" "$(mime "$scratch/rich@example.org" 1 | iconv -f iso-2022-jp -t utf-8)"
	for name in In-Reply-To References; do
		is "$program: $name as it was" "$(field $name "$post" | tr -d '\n\t ')" "$(field $name "$scratch/rich@example.org" | tr -d '\n\t ')"
	done
	is "$program: Bcc: nobody" "$(field Bcc "$post")" ''
	id=$(field Message-ID "$post" | sed 's/.*<\(.*\)>.*/\1/')
	is "$program: the id is the one that the bounce knows" "$id" "$(values b.rich@example.org bounce.resent-as)"
	unlike "$program: the date is new" "$(field Date "$post")" '*Mar 2026*'
	is "$program: nothing of ours is in it" "$(header "$post" | grep -ci -e bounce -e mutt-)" 0
	is "$program: the copy is where fcc-hook says" "$(grep -rl "$id" "$scratch/box" | sed "s,$scratch/box/,,; s,/.*,,")" sent-firma
	press ':set ?my_hook' Enter
	says "$program: send2-hook was run" 'my_hook=*send2*'
	is "$program: nothing of mine is changed" "$(all_settings)" "$before"
	is "$program: no draft is left over" "$(left_over)" ''
	at b.rich
	press ,br
	composes "$program: a second time, as my copy of it is not in the index: it opens" '"You, at work" <you@firma.example>' '"Doe, Bo" <bo@exmaple.net>' '見積書'
	says "$program: and says that it was made before" 'a draft of this message was made before*'
	leaves n
	cp "$post" "$mail/cur/copy:2,S"
	notmuch new --quiet --no-hooks
	run_tag
	at b.rich
	press ,br
	says "$program: when it is: it was sent again before" 'this message was sent again before: --again makes another draft'
	rm "$mail/cur/copy:2,S"
	notmuch new --quiet --no-hooks

	# -- r, not sent
	at b.small
	press Enter
	waits '*-- (*'
	press ,br
	composes "$program, pager: the draft opens" 'You <you@example.org>' 'Bo <bo@exmaple.net>' 'about small'
	leaves n
	is "$program, not sent: nothing of mine is changed" "$(all_settings)" "$before"
	drafts >"$scratch/drafts-now"
	same "$program: nor are my own drafts" "$scratch/drafts" "$scratch/drafts-now"
	at b.small
	press ,br
	composes "$program: a second time: it was not sent, and opens again" 'You <you@example.org>' 'Bo <bo@exmaple.net>' 'about small'
	leaves n
	at plain
	press ,br
	composes "$program, on my own mail: the same as on its bounce" 'You <you@example.org>' 'bo@example.com' 'about plain'
	leaves y
	is "$program: postponed: it is with my other drafts" "$(drafts | grep -c .)" 3
	is "$program: and nowhere else" "$(left_over)" ''
	press R
	waits '*old@example*'
	waits '*about plain*'
	pass "$program: where I find it"
	press q
	# It moves what it has shown, until it is back.
	waits '*Msgs:*'
	find "$scratch/box/postponed" -type f ! -name '*.old:*' -exec rm {} +

	# -- m
	at b.small
	press ,bm
	asks "$program, m: asks, and says about what" '*"about small"*bo@exmaple.net: mailbox full*Enter*w *z *q *t *bo@example.net*:*'
	unlike "$program, m: only what can be done" "$(question)" '*in several messages*'
	unlike "$program, m: as plain text it is already" "$(question)" '*as plain text*'
	press C-c
	says "$program, ^C: nothing is made" 'nothing is sent again'
	press ,bm
	waits '*Enter*:*'
	press Enter
	composes "$program, Enter: as it was" 'You <you@example.org>' 'Bo <bo@exmaple.net>' 'about small'
	leaves n
	for answer in 't/the address that was meant/bo@example.net' 'else@example.net/the address that I type/else@example.net'; do
		press ,bm
		waits '*:*bo@example.net*:*'
		press "${answer%%/*}" Enter
		to=${answer#*/}
		composes "$program, ${answer%%/*}: to ${to%/*}" 'You <you@example.org>' "Bo <${answer##*/}>" 'about small'
		leaves n
	done
	for answer in 'z/one zip/*.zip *' 'w/without attachments/*- *I 1 *'; do
		press ,bm
		waits '*:*bo@example.net*:*'
		press "${answer%%/*}" Enter
		composes "$program, ${answer%%/*}: a draft" 'You <you@example.org>' 'Bo <bo@exmaple.net>' 'about small'
		what=${answer#*/}
		like "$program, ${answer%%/*}: ${what%%/*}" "$(menu)" "${what#*/}"
		unlike "$program, ${answer%%/*}: and no attachment" "$(menu)" '*.bin *[[]applica*'
		leaves n
	done
	for answer in q x p s; do
		press ,bm
		waits '*:*bo@example.net*:*'
		press "$answer" Enter
		says "$program, $answer: nothing is made" 'nothing is sent again'
	done
	press ,bm
	waits '*:*bo@example.net*:*'
	press 'a b@' Enter
	says "$program, no address: says so" '--to=a b@: *is not an address*'
	is "$program: nothing of mine is changed" "$(all_settings)" "$before"
	at b.two
	press ,bm
	waits '*Enter*:*'
	asks "$program, two failed: asks how both are given" '*bo@example.com: mailbox full*cy@example.com: unknown address*as OLD=NEW:*'
	press new@example.net Enter
	says "$program, and one address: says what is missing" '--to=OLD=NEW is needed here*'
	press ,bm
	waits '*Enter*:*'
	press cy@example.com=new@example.net Enter
	composes "$program, that typed: one is replaced" 'You <you@example.org>' 'bo@example.com, new@example.net' 'about two'
	leaves n
	press ,br
	composes "$program, r: whoever can be reached gets it" 'You <you@example.org>' 'bo@example.com' 'about two'
	says "$program, r: and who not is said" 'not to cy@example.com, where nobody gets mail*'
	leaves n

	# -- nobody is there: r asks as well
	at b.lost
	press ,br
	asks "$program, r, no such address: asks for the right one" '*"about lost"*bo@exmaple.net: unknown address*q *t *bo@example.net*or the right address:*'
	unlike "$program: and not whether to send it there once more" "$(question)" '*as it was*'
	unlike "$program: nor how" "$(question)" '*Send it again*'
	press Enter
	says "$program, no answer: nothing is made" 'nothing is sent again'
	press ,br
	waits '*the right address:*'
	press t Enter
	composes "$program, t: to the right one" 'You <you@example.org>' 'Bo <bo@example.net>' 'about lost'
	leaves n

	# -- several mails of one
	at b.large
	press ,bm
	waits '*Enter*:*'
	press s Enter
	sees "$program, s: the drafts are listed" '* (?/2)* (?/2)*'
	press Enter
	composes "$program, s: the one that I choose opens" 'You <you@example.org>' 'Bo <bo@example.com>' 'about large (?/2)'
	sends 2 "$program, s: it is sent"
	at b.large
	press ,br
	composes "$program, s: r opens the other one" 'You <you@example.org>' 'Bo <bo@example.com>' 'about large (?/2)'
	sends 3 "$program, s: it is sent, too"
	is "$program, s: together they are the mail" "$(cat "$scratch/outbox/2" "$scratch/outbox/3" | sed -n -e 's/^Subject: //p' -e 's/.*filename="*\([a-z0-9]*\).*/\1/p' | sort | tr '\n' ' ')" \
		'about large (1/2) about large (2/2) part1 part2 '
	at b.large
	press ,br
	composes "$program, s: then there is no more, and the mail opens as it was" 'You <you@example.org>' 'Bo <bo@example.com>' 'about large'
	leaves n
	press ,bm
	waits '*Enter*:*'
	press s Enter
	waits '* (?/2)* (?/2)*'
	press q
	waits '*Msgs:*'
	is "$program, s: not opened: nothing of mine is changed" "$(all_settings)" "$before"

	# -- no
	at b.spam
	press ,br
	says "$program, spam: says why not, and which key explains it" 'this message was taken for spam at bo@example.com (,be explains it)'
	notmuch config set bounce.language ja
	press ,br
	says "$program, spam: in the user's language" '「bo@example.com」で迷惑メールと判定されました（詳細は ,be）'
	notmuch config set bounce.language
	press ,bm
	asks "$program, spam, m: why, and what can be done" '*bo@example.com: taken for spam this message was taken for spam*p as plain text q *:*'
	unlike "$program, spam, m: not as it was" "$(question)" '*as it was*'
	press p Enter
	composes "$program, spam, as plain text: may be judged otherwise" 'You <you@example.org>' 'bo@example.com' 'about spam'
	leaves n
	at friend
	press ,br
	says "$program, a letter: says that it is no bounce" 'this is not a bounce, and no bounce of it is known*'
	press ,bm
	says "$program, a letter, m: the same, and nothing is asked" 'this is not a bounce, and no bounce of it is known*'

	# -- a hostile mail
	at b-q
	press ,br
	waits '*suzuki@example.jp: unknown address*the right address:*'
	press suzuki@example.net Enter
	composes "$program, hostile ids: the draft opens" '*you@example.org*' 'suzuki@example.net' '*'
	leaves n

	# -- another program has the index
	at b.plain
	hold_lock 60
	press ,br
	sees "$program, a locked index: says so" '*waiting for another program that writes to the index*'
	press C-c
	composes "$program, ^C: the draft opens" 'You <you@example.org>' 'bo@example.com' 'about plain'
	says "$program: and that the index does not know is said" 'the index does not know of this*'
	release_lock
	leaves n
	is "$program: the title of the terminal is as it was" "$(titles_of_mails)" 0

	is "$program: in the end nothing of mine is changed" "$(all_settings)" "$before"
	drafts >"$scratch/drafts-now"
	same "$program: my own drafts are as they were" "$scratch/drafts" "$scratch/drafts-now"
	sums >"$scratch/mails-now"
	same "$program: no mail was changed" "$scratch/mails" "$scratch/mails-now"
	is "$program: what was sent is what I sent" "$(find "$scratch/outbox" -name '[0-9]' | grep -c .)" 3
done
is 'nothing in a mail was run' "$(find "$scratch" . .. -maxdepth 2 -name '*PWN*')" ''
done_testing
