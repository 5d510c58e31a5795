#!/bin/sh
# resend: what speaks against sending a mail again, and that no forged bounce makes a draft.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=index-lib.sh
. ./index-lib.sh
# shellcheck source=resend-lib.sh
. ./resend-lib.sh

# -- refusals
new_index
sent r@example.org 'bo@example.net' <<'END'
END
for case in 'spam|5.7.1|554 5.7.1 Message rejected as spam by content filtering|*taken for spam*' 'virus|5.7.1|550 5.7.1 Message contains a virus|*malware*' \
	'blocked|5.7.1|554 5.7.1 Service unavailable; Client host blocked using zen.spamhaus.org|*reputation*' \
	'auth-failure|5.7.26|550 5.7.26 SPF check failed, DMARC policy reject|*domain could not be verified*' \
	'sender-suspended|5.7.1|550 5.7.1 Your account has been suspended for sending spam|*Change the password*'; do
	reason=${case%%|*}
	rest=${case#*|}
	rm -f "$mail"/cur/b.r*
	notmuch new --quiet --no-hooks
	bounced r@example.org "failed|${rest%|*}|bo@example.net"
	is "$reason: is what the sample is" "$(tags id:b.r@example.org | tr ' ' '\n' | grep -c "^bounce/$reason\$")" 1
	refuses "$reason" "${rest##*|}" id:b.r@example.org
	resend --anyway id:b.r@example.org
	is "$reason --anyway" "$code $(field To "$scratch/draft")" '0 To: bo@example.net'
done
rm -f "$mail"/cur/b.r*
notmuch new --quiet --no-hooks
bounced r@example.org "$late|bo@example.net"
refuses 'only late' '*only late*twice*' id:b.r@example.org
rm -f "$mail"/cur/b.r*
notmuch new --quiet --no-hooks
bounced r@example.org "$full|bo@example.net"
resend id:b.r@example.org
cp "$scratch/draft" "$scratch/first"
resend id:b.r@example.org
like 'a second time, and nobody knows of its being sent' "$code $said" '0 *a draft of this message was made before*'
add copy <"$scratch/first"
run_tag
refuses 'a second time, when it was sent' '*was sent again before*--again*' id:b.r@example.org
add letter <not-bounces/plain-letter.eml
refuses 'no bounce' '*no bounce*' not-bounces/plain-letter.eml
exits 'no mail: 65' 65 "$bounce" resend /dev/null
exits 'no such file: 66' 66 "$bounce" resend "$scratch/nowhere"
exits 'no such id: 66' 66 "$bounce" resend id:nowhere@example.org
exits 'two mails: 64' 64 "$bounce" resend id:a id:b

# -- some may get it again, some must not
sent mixed@example.org 'a@example.net, b@example.net, c@example.net' <<'END'
END
spam='failed|5.7.1|554 5.7.1 Message rejected as spam by content filtering'
bounced mixed@example.org "$spam|a@example.net" "$full|b@example.net" "$gone|c@example.net"
refuses 'one refused as spam, others full or wrong' '*taken for spam at a@example.net*--reason=user-unknown,mailbox-full makes a draft for the others; --skip=*' id:mixed@example.org
resend --reason=user-unknown,mailbox-full id:mixed@example.org
is 'and so it goes to the others' "$code $(field To "$scratch/draft")" '0 To: b@example.net'
refuses 'only the one: no other is named' '*taken for spam at a@example.net*the same' --reason=spam id:mixed@example.org

# -- forged
report x@mx.example.net "$(day 2)" r@example.org "$full|eve@example.net" | add x
run_tag
refuses 'an address that the mail did not go to' '*nothing proves*' id:x@mx.example.net
resend --from-returned id:x@mx.example.net
is 'not even when the user insists' "$code $(wc -c <"$scratch/draft" | tr -d ' ')" '77 0'
letter in@example.net 'Eve <eve@example.net>' you@example.org "$(day 1)" | add in
report y@mx.example.net "$(day 2)" in@example.net "$full|you@example.org" | add y
refuses 'a mail that somebody else sent' '*one of your addresses*' --from-returned --anyway id:y@mx.example.net
notmuch config set bounce.backscatter_after 0
original_to=eve@example.net
report z@mx.example.net "$(day 2)" never@example.org "$full|eve@example.net" | add z
run_tag
run_tag --all
is 'backscatter is known as such' "$(tags id:z@mx.example.net | grep -c backscatter)" 1
refuses 'a mail that is not there, as others of that time are' '*names is not in the index*--from-returned*' --anyway id:z@mx.example.net
resend --from-returned id:z@mx.example.net
like 'unless the user insists: it is said all the same' "$code $said" '0 *someone else may have used your address*'
original_to=''
{ printf 'Received: from mx.example.net by mx.example.org with ESMTPS id 1; Sun, 01 Mar 2026 10:00:00 +0000\n'
letter fake@example.org 'You <you@example.org>' eve@example.net "$(day 1)"; } | add fake
report w@mx.example.net "$(day 2)" fake@example.org "$full|eve@example.net" | add w
run_tag
refuses 'a mail that came in and claims to be from the user' '*came in through a mail server*' id:w@mx.example.net
for received in 'from x (with ESMTPA by ESMTPA) by mx.example.org (with ESMTPA) with ESMTPS id 1' 'from with.ESMTPA.example by mx.example.org with SMTP' 'from mx by mx with LMTP' 'from mx (HELO x\\) by x with ESMTPSA; y) by mx with ESMTP'; do
	sed "s/^Received.*/Received: $received; Sun, 01 Mar 2026 10:00:00 +0000/" "$mail/cur/fake:2," >"$scratch/in"
	cp "$scratch/in" "$mail/cur/fake:2,"
	refuses "a mail that came in: $received" '*came in through a mail server*' id:w@mx.example.net
done
sed 's/^Received.*/Received: from [192.0.2.1] (phone) by mx.example.org (Postfix)/; s/^From:/	with UTF8SMTPSA id 1; Sun, 01 Mar 2026 10:00:00 +0000\n&/' "$mail/cur/fake:2," >"$scratch/in"
cp "$scratch/in" "$mail/cur/fake:2,"
resend id:w@mx.example.net
is 'a copy that the provider kept of what was sent through it' "$code $(body "$scratch/draft")" '0 Hello.'
sed 's/^	with.*/	with SMTP id 1/' "$scratch/in" >"$mail/cur/fake:2,"
sed '/^Received/d; /^	with/d; s/Hello/Really mine/' "$mail/cur/fake:2," | add fake2
resend --again id:w@mx.example.net
is "the user's own copy is preferred" "$code $(body "$scratch/draft")" '0 Really mine.'
report r@example.org "$(day 2)" r@example.org "$full|bo@example.net" >"$scratch/in"
resend --again "$scratch/in"
is "a bounce with the id of the mail it is about: the user's mail" "$code $(field From "$scratch/draft")" '0 From: You <you@example.org>'

# -- of a mailing, only those chosen: what the others were refused for is no matter
new_index
spam='failed|5.7.1|554 5.7.1 Message rejected as spam by content filtering'
sent many@example.org 'ann@example.net, bo@example.net, cy@example.net, di@example.net'
report full@mx.example.net "$(day 2)" many@example.org "$full|ann@example.net" "$full|di@example.net" | add full
report spam@mx.example.net "$(day 3)" many@example.org "$spam|bo@example.net" | add spam
report gone@mx.example.net "$(day 3)" many@example.org "$gone|cy@example.net" | add gone
run_tag
refuses 'all of them' '*taken for spam at bo@example.net*' id:many@example.org
refuses 'the one that was refused' '*taken for spam*' --reason=spam id:many@example.org
refuses 'a reason that nobody failed for' '*left to send it to*--reason*' --reason=expired id:many@example.org
refuses 'everyone left out' '*left to send it to*--skip*' --skip=ann@example.net,bo@example.net --skip='Cy <CY@example.net>' --skip=di@example.net id:many@example.org
resend --reason=mailbox-full,user-unknown --skip=di@example.net --skip=cy@example.net id:many@example.org
is '--reason and --skip: who is left' "$code $(field To "$scratch/draft")" '0 To: ann@example.net'
add some <"$scratch/draft"
run_tag
resend --anyway --reason=mailbox-full --reason=user-unknown --skip=di@example.net id:many@example.org
is 'a bounce of which somebody was left out is not settled' "$code $(field To "$scratch/draft")" '0 To: ann@example.net, cy@example.net'
resend --reason=mailbox-full id:many@example.org
is 'so that another draft is made' "$code $(field To "$scratch/draft")" '0 To: ann@example.net, di@example.net'
add more <"$scratch/draft"
run_tag
refuses 'but not of those that all went' '*nobody gets mail at cy@example.net*' --reason=mailbox-full,user-unknown id:many@example.org
report later@mx.example.net "$(day 5)" many@example.org "$spam|ann@example.net" | add later
run_tag
refuses 'of an address that failed again, the newest reason counts' '*left to send it to*' --reason=mailbox-full --skip=di@example.net --again id:many@example.org
exits 'no such reason: 64' 64 "$bounce" resend --reason=mailbox-full,fool id:many@example.org
exits 'no reason: 64' 64 "$bounce" resend --reason= id:many@example.org
exits 'no address to skip: 64' 64 "$bounce" resend --skip=ann id:many@example.org
exits '--all chooses nobody: 64' 64 "$bounce" resend --all --reason=spam id:many@example.org

done_testing
