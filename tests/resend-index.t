#!/bin/sh
# resend: what the index knows of a draft, of its being sent, and of what becomes of it then.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=index-lib.sh
. ./index-lib.sh
# shellcheck source=resend-lib.sh
. ./resend-lib.sh

new_index
sent i@example.org bo@example.net <<'END'
END
report '' "$(day 2)" i@example.org "$full|bo@example.net" | sed '/^Message-ID: <>$/d' >"$scratch/in"
add i1 <"$scratch/in"
run_tag
resend <"$scratch/in"
like 'a bounce without an id is known too' "$(values "$(notmuch search --output=messages tag:bounce | sed 's/^id://')" bounce.resent-as)" '*@example.org'
new_index
sent s@example.org 'bo@example.net, ann@example.net' <<'END'
END
bounced s@example.org "$gone|bo@example.net"
"$bounce" resend --to=new@example.net id:b.s@example.org >"$scratch/draft" 2>"$scratch/err"
id=$(field Message-ID "$scratch/draft" | sed 's/.*<\(.*\)>.*/\1/')
is 'the bounce knows the draft' "$(values b.s@example.org bounce.resent-as)" "$id"
run_tag --all
is 'a draft is not yet sent' "$(tags id:s@example.org) $(tags id:b.s@example.org)" 'undelivered bounce bounce/permanent bounce/user-unknown'
add copy <"$scratch/draft"
run_tag --dry-run
is '--dry-run changes nothing' "$(tags id:s@example.org)" undelivered
run_tag
is 'a copy of it turns up: the mail is sent again, and undelivered no more' "$(tags id:s@example.org)" resent
is 'and so says the bounce' "$(tags id:b.s@example.org)" 'bounce bounce/permanent bounce/resent bounce/user-unknown'
like 'status: says so' "$("$bounce" status id:s@example.org)" '*bo@example.net*sent again*ann@example.net*nothing heard*'
like 'status: all is well' "$("$bounce" status)" 'All is well*'
before=$(whole)
run_tag --all
is 'all again changes nothing' "$(whole)" "$before"
report s2@mx.example.net "$(day 4)" s@example.org "$gone|ann@example.net" | add s2
run_tag
is 'but another recipient can fail' "$(tags id:s@example.org)" 'resent undelivered'
report s3@mx.example.net "$(day 28)" "$id" "$gone|new@example.net" | add s3
run_tag
is 'and the new mail can come back as well' "$(tags "id:$id")" undelivered
is 'status: one story, told by the first mail' "$("$bounce" status | sed 's/  */ /g; s/^[A-Z0-9][^ ]* [0-9]* *\(about\)/\1/')" 'about s
 ann@example.net unknown address you (address)
 new@example.net unknown address you (address)
 id:s@example.org
1 message hasn'"'"'t arrived.'
like 'status of the first mail: of all' "$("$bounce" status id:s@example.org)" '*ann@example.net*unknown address*bo@example.net*sent again*new@example.net*unknown address*'
is 'status of the second mail: the same' "$("$bounce" status "id:$id")" "$("$bounce" status id:s@example.org)"
resend --anyway id:s@example.org
is 'by the id of the mail: who did not get it and was not thought of yet' "$code $(field To "$scratch/draft")" '0 To: ann@example.net'
sent s4@example.org 'Ann <ann@example.net>' <<'END'
END
bounced s4@example.org "$full|ann@example.net"
resend id:b.s4@example.org
like 'an address that no mail ever reached: says so' "$said" '*none of 2 messages to ann@example.net is known to have arrived*'
sent s5@example.org 'Joe <joe@example.net>' <<'END'
END
bounced s5@example.org "$gone|joe@example.net"
resend --to=ann@example.net id:b.s5@example.org
like 'also when it is the corrected one' "$said" '*to ann@example.net is known to have arrived*'
letter back@example.net 'Ann <ann@example.net>' you@example.org "$(day 5)" | add back
resend --again --to=ann@example.net id:b.s5@example.org
is 'but not of a person who writes' "$said" ''
sent k@example.org 'ask@ezweb.ne.jp, wrong@docomo.ne.jp, closed@ezweb.ne.jp' <<'END'
END
bounced k@example.org "$gone|ask@ezweb.ne.jp" "$gone|wrong@docomo.ne.jp" 'failed|5.1.2|550 5.1.2 Host unknown|closed@ezweb.ne.jp'
resend id:b.k@example.org
is '"unknown" where it may mean refused is not left out; where it does not, and another reason, is' "$code $(field To "$scratch/draft")" '0 To: ask@ezweb.ne.jp'
like 'it is said that they must be asked' "$said" '*first ask whether ask@ezweb.ne.jp is right*unknown, or refused*not to wrong@docomo.ne.jp, closed@ezweb.ne.jp,*'
unlike 'which nobody else is' "$said" '*first ask whether wrong*'
notmuch config set bounce.lock_timeout 0
hold_lock 60
resend --again --anyway id:b.s@example.org
release_lock
is 'the index is locked: the draft is made' "$code $(field To "$scratch/draft")" '0 To: bo@example.net'
like 'and it is said that the index was not told' "$said" '*the index does not know of this*'

notmuch config set bounce.lock_timeout
# -- times that are out of order
epoch() { perl -MTime::Local -e 'print timegm(0, 0, 10, $ARGV[0], 2, 2026)' "$1"; }
new_index
sent o@example.org 'bo@example.net, ann@example.net' <<'END'
END
report r1@mx.example.net "$(day 3)" o@example.org "$full|bo@example.net" | add r1
report r2@mx.example.net '28 Feb 2026 10:00:00 +0000' o@example.org "$late|ann@example.net" | add r2
run_tag
is 'a report from before the mail is of its time' "$(values o@example.org bounce.state)" "delayed $(epoch 1) network ann@example.net; failed $(epoch 3) mailbox-full bo@example.net"
is 'one failed and one is late: undelivered, not delayed' "$(tags id:o@example.org)" undelivered
for n in 1 2; do
	"$bounce" resend --again id:r1@mx.example.net >"$scratch/draft$n" 2>"$scratch/err"
done
sed "s/^Date: .*/Date: $(day 8)/" "$scratch/draft1" | add copy1
sed "s/^Date: .*/Date: $(day 6)/" "$scratch/draft2" | add copy2
run_tag
is 'sent again twice: the first time counts' "$(values o@example.org bounce.state | sed 's/.*; //')" "resent $(epoch 6) - bo@example.net"
new_index
sent p@example.org bo@example.net <<'END'
END
report r3@mx.example.net "$(day 3)" p@example.org "$full|bo@example.net" | add r3
run_tag
"$bounce" resend id:r3@mx.example.net 2>"$scratch/err" | sed "s/^Date: .*/Date: $(day 2)/" | add copy3
run_tag
is 'sent again with a date from before its bounce: it was all the same' "$(tags id:p@example.org)" resent

done_testing
