#!/bin/sh
# Which address may have been meant for one that failed: what is proposed, what speaks for it, and what never is.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=index-lib.sh
. ./index-lib.sh
suggest=${BUILD:-../build}/suggest
[ -x "$suggest" ] || skip_all "there is no $suggest: make run-check builds it"

# number ID: another one each time.
number=0
# from WHO DAY [FIELD...]: mail from somebody to the user, of that day. to WHO DAY: mail of the user's.
from() {
	number=$((number + 1)) who=$1 date=$(day "$2")
	shift 2
	letter "$number@example.org" "$who" 'You <you@example.org>' "$date" "$@" >"$mail/cur/$number:2,"
}
to() {
	number=$((number + 1))
	letter "$number@example.org" 'You <you@example.org>' "$1" "$(day "$2")" >"$mail/cur/$number:2,"
}
# ask ADDRESS [OPTION...]: what is said goes to $said, the addresses proposed, the best first, to $found.
ask() {
	address=$1
	shift
	said=$("$suggest" "$@" -- "$address")
	found=$(printf '%s\n' "$said" | sed -n 's/^  [0-9]*\. //p' | tr '\n' ' ' | sed 's/ $//')
}
# meant DESCRIPTION ADDRESS WANTED [OPTION...]: these are proposed.
meant() {
	description=$1 address=$2 wanted=$3
	shift 3
	ask "$address" "$@"
	is "$description" "$found" "$wanted"
}

new_index
notmuch config set user.other_email 'you@firma.example;yoko.example@firma.example'
for day in 1 2 3 4 5 6 7 8 9 10 11 12; do
	to 'Taro Tanaka <tanaka.taro@kaisha.example>' $day
done
from 'Taro Tanaka <tanaka.taro@kaisha.example>' 13
from 'Hanako Suzuki <h.suzuki@kaisha.example>' 1
from 'Ken Ono <ken@kaisha.example>' 1
from 'Watanabe <watanabe@kaisha.example>' 1
to watanabe@kaisha.example 2
from 'Saito <saito@kaisha.example>' 2
from 'Sato <sato@firma.test>' 2
from 'First <tanaka1@number.example>' 2
from 'Ichiro Yamamoto <ichiro.yamamoto@gmail.com>' 3
from 'Jane Roe <jane.roe@example.co.jp>' 3
from 'Shop <noreply@kaisha.example>' 3
from 'Kobayashi <kobayashi@kaisha.example>' 4
from 'Kobayashi <kobayasi@kaisha.example>' 4
to kobayashi@kaisha.example 5
to murakani@kaisha.example 1
to murakani@kaisha.example 2
to murakaimi@kaisha.example 2
from 'Murakami <murakami@kaisha.example>' 3
from 'Somebody <somebody@gmaol.com>' 3
from 'Jiro Abe <abe@mukashi.example>' 1
from 'Jiro Abe <jiro@atarashii.example>' 9
from '"Okada, Mari" <mari.okada@mukashi.example>' 9
from '鈴木花子 <suzuki@mukashi.example>' 1
from '鈴木花子 <suzuki@atarashii.example>' 9
from "Pat O'Brien <pat.o'brien@kaisha.example>" 4
from 'Emi Mori <emi_mori@kaisha.example>' 4
from 'Spam <tanaka.tarou@kaisha.example>' 5
from 'Wada <wakabayashi@xn--wgv71a119e.example>' 4
from 'Hara <haramoto@日本語.example>' 4
from 'Ota <ota@nihon.xn--wgv71a119e.example>' 4
to todaka@xn--wgv71a119e.example 4
to todaka@xn--wgv71a119e.example 5
to motohara@xn--wgv71a119e.example 4
to motohara@xn--wgv71a119e.example 5
from 'Motohada <motohada@xn--wgv71a119e.example>' 4
from 'Private <yoko.example@firma.example>' 5
to 'Private <yoko.example@firma.example>' 5
to 'Yamada <yamada@kaisha.example>' 1
yamada=$number@example.org
notmuch new --quiet --no-hooks
notmuch tag +spam -- from:tarou

# -- slips left of the @
meant 'two letters swapped' tanaka.tarp@kaisha.example tanaka.taro@kaisha.example
meant 'a letter missing' tanka.taro@kaisha.example tanaka.taro@kaisha.example
meant 'at the beginning' anaka.taro@kaisha.example tanaka.taro@kaisha.example
meant 'and swapped there' atnaka.taro@kaisha.example tanaka.taro@kaisha.example
meant 'a letter twice' tanaka.ttaro@kaisha.example tanaka.taro@kaisha.example
meant 'a point missing' tanakataro@kaisha.example tanaka.taro@kaisha.example
meant 'a hyphen for a point' tanaka-taro@kaisha.example tanaka.taro@kaisha.example
meant 'a point too many' wata.nabe@kaisha.example watanabe@kaisha.example
meant 'a point for an underscore' emi.mori@kaisha.example emi_mori@kaisha.example
meant 'a slip beside an underscore' emi_moir@kaisha.example emi_mori@kaisha.example
meant 'a slip beside an apostrophe' "pta.o'brien@kaisha.example" "pat.o'brien@kaisha.example"
meant 'in capitals' TANKA.TARO@KAISHA.EXAMPLE tanaka.taro@kaisha.example
meant 'the one that is used more comes first' kobayahi@kaisha.example 'kobayashi@kaisha.example kobayasi@kaisha.example'

# -- slips right of it
meant 'two letters of the domain swapped' watanabe@kaihsa.example watanabe@kaisha.example
meant 'its first two' watanabe@akisha.example watanabe@kaisha.example
meant 'one missing' ken@kaish.example ken@kaisha.example
meant 'a point missing in it' watanabe@kaishaexample watanabe@kaisha.example
meant 'its end' watanabe@kaisha.exampel watanabe@kaisha.example
meant 'on both sides' watanbe@kaihsa.example watanabe@kaisha.example
meant 'of somebody who is not known' nobody.known@kaihsa.example nobody.known@kaisha.example
like 'it says what it is like' "$said" '*kaihsa.example looks like kaisha.example, which you get messages from*'
meant 'the end lost behind a comma' jane.roe@example.co jane.roe@example.co.jp

# -- domains in other scripts, which the index has as people write them
meant 'the same domain, as mail carries it' wakabyashi@xn--wgv71a119e.example wakabayashi@日本語.example
meant 'and as people write it' wakabyashi@日本語.example wakabayashi@日本語.example
meant 'mail has it as people write it' hramoto@xn--wgv71a119e.example haramoto@日本語.example
meant 'another label of it' ota@nihno.xn--wgv71a119e.example ota@nihon.日本語.example
meant 'mail went there' tdaka@xn--wgv71a119e.example todaka@日本語.example
meant 'another domain in another script' wakabayashi@xn--fsqu00a.example ''
# mail went to todaka and came from wakabayashi; each failed address was right once, in whichever way it is written
for domain in xn--wgv71a119e.example 日本語.example; do
	ask "tdaka@$domain"
	like 'how often mail went there is known' "$said" '*todaka@日本語.example*you wrote to it 2 times*'
	ask "wakabyashi@$domain"
	like 'and when mail came' "$said" '*a message from it last came on 2026-03-04*'
	meant 'one where mails did not come back is no slip' "motohara@$domain" ''
done

# -- domains that are often written wrong, whether the address is known or not
meant 'gmial.com' ichiro.yamamoto@gmial.com ichiro.yamamoto@gmail.com
like 'it says so' "$said" '*gmial.com is usually gmail.com; a message from it last came on 2026-03-03*'
meant 'dokomo.ne.jp' nobody.known@dokomo.ne.jp nobody.known@docomo.ne.jp
like 'it says so' "$said" '*dokomo.ne.jp is usually docomo.ne.jp*'
meant '.con' nobody.known@example.con nobody.known@example.com
meant '.co,jp' nobody.known@example.co,jp nobody.known@example.co.jp
meant 'both' nobody.known@gmial.con nobody.known@gmail.com
meant 'what nobody listed, but a slip away' nobody.known@docmoo.ne.jp nobody.known@docomo.ne.jp
like 'it says that it only looks so' "$said" '*docmoo.ne.jp looks like docomo.ne.jp, which many people use*'
meant 'a right one that looks like another' nobody.known@ymail.com ''
mkdir -p "$HOME/.config/notmuch-bounce/addresses"
echo 'kaisha.example kabushiki.example' >"$HOME/.config/notmuch-bounce/addresses/mine.txt"
meant 'one of the user'\''s own list' nobody.known@kabushiki.example nobody.known@kaisha.example
echo '.co.test .test' >"$HOME/.config/notmuch-bounce/addresses/ends.txt"
echo '.example example' >>"$HOME/.config/notmuch-bounce/addresses/ends.txt"
meant 'an end that another one has too' nobody.known@nowhere.test nobody.known@nowhere.co.test
meant 'not where it is right already' nobody.known@nowhere.co.test ''
meant 'a point left out' nobody.known@nowhereexample nobody.known@nowhere.example
meant 'not where it stands' nobody.known@nowhere.example ''
rm "$HOME/.config/notmuch-bounce/addresses/ends.txt"
like 'and without an index' "$(NOTMUCH_CONFIG=/dev/null "$suggest" nobody.known@gmial.com)" '*nobody.known@gmail.com*'

# -- the same person
meant 'the same name, a newer address' abe@mukashi.example jiro@atarashii.example -n 'Jiro Abe'
like 'it says so' "$said" '*same name, newer address; a message from it last came on 2026-03-09*'
like 'and that it is only a claim' "$said" "*;*you've*never written to it*"
meant 'not an older one' jiro@atarashii.example '' -n 'Jiro Abe'
meant 'the name the other way round' m.okada@firma.test mari.okada@mukashi.example -n 'Mari Okada'
meant 'a name in another script' suzuki@mukashi.example suzuki@atarashii.example -n '鈴木　花子'
meant 'half of a name is none' abe@mukashi.example '' -n Jiro

for n in 1 2 3 4 5 6 7 8 9 10; do
	for m in a b c d e f; do
		from "Taro Tanaka <forged$m$n@elsewhere.test>" 20
	done
done
notmuch new --quiet --no-hooks
ask tanka.taro@kaisha.example -n 'Taro Tanaka'
like 'whoever takes the same name does not come before the right one' "$found" 'tanaka.taro@kaisha.example *'
grep -l forged "$mail"/cur/* | xargs rm
notmuch new --quiet --no-hooks

# -- what the report says
moved='550 5.1.6 User has moved to <eve@elsewhere.example>'
meant 'a new address in the report comes last' tanka.taro@kaisha.example 'tanaka.taro@kaisha.example eve@elsewhere.example' -d "$moved"
like 'it says where it is from' "$said" '*the report says that they moved there: may be forged*'
meant 'also where nothing else is known' nobody.known@dokomo.ne.jp 'nobody.known@docomo.ne.jp eve@elsewhere.example' -d "$moved"
ask nobody.known@dokomo.ne.jp -d '<nobody.known@dokomo.ne.jp>: try ken@kaisha.example'
like 'in use, it is more than a claim' "$said" '*ken@kaisha.example*a message from it last came on 2026-03-01*may be forged*'

# -- no slips
meant 'where mail comes from' kobayasi@kaisha.example ''
meant 'where mails did not come back' murakani@kaisha.example ''
meant 'but one is no proof, it may be on its way back' murakaimi@kaisha.example murakami@kaisha.example
meant 'a domain like one that many have, but mail comes from it' nobody.known@gmaol.com ''
meant 'a number is another mailbox' tanaka2@number.example ''
meant 'and so is none' tanaka@number.example ''
meant 'short names differ by a letter' kei@kaisha.example ''
meant 'initials too' g.suzuki@kaisha.example ''
meant 'a name that others have' sato@kaisha.example ''
meant 'a name that it was written to with' watanube@kaisha.example '' -n 'Ms Watanube'
meant 'unless it is that of the other' sato@kaisha.example '' -n 'Saito'
meant 'a domain that mail comes from' suzuki@mukasi.example suzuki@mukashi.example
from 'Somebody <somebody@mukasi.example>' 9
notmuch new --quiet --no-hooks
meant 'and now it does' suzuki@mukasi.example ''
meant 'somebody unknown' nobody.known@kaisha.example ''
like 'it says that nothing is known' "$said" 'nobody.known@kaisha.example: no better address is known'

# -- never proposed
meant 'where nobody reads' norepyl@kaisha.example ''
meant 'spam' tanaka.taruo@kaisha.example tanaka.taro@kaisha.example
meant 'the user' yoko.exampel@firma.example ''
meant 'a mail went there' yamda@kaisha.example yamada@kaisha.example
original_to='Yamada <yamada@kaisha.example>'
report gone@mx.example.net "$(day 2)" "$yamada" "$gone|yamada@kaisha.example" >"$mail/cur/gone:2,"
from 'Nagata <nagata@kaisha.example>' 4
for day in 2 6; do
	to nagata@kaisha.example $day
	original_to=nagata@kaisha.example
	report "nagata$day@mx.example.net" "$(day $((day + 1)))" "$number@example.org" "$gone|nagata@kaisha.example" >"$mail/cur/nagata$day:2,"
done
for phone in kawada@ezweb.ne.jp kawada@docomo.ne.jp; do
	from "Kawada <$phone>" 1
	to "$phone" 2
	original_to=$phone
	report "gone@$phone" "$(day 3)" "$number@example.org" "$gone|$phone" >"$mail/cur/$phone:2,"
done
notmuch new --quiet --no-hooks
# shellcheck disable=SC2119
run_tag
meant 'where "unknown" may mean refused, somebody may be there' kwada@ezweb.ne.jp kawada@ezweb.ne.jp
meant 'where it does not, nobody is' kwada@docomo.ne.jp ''
meant 'it came back: nobody is there' yamda@kaisha.example ''
meant 'it came back before and after he wrote: nobody is there' ngata@kaisha.example ''
meant 'whatever a report says' nobody.known@nowhere.example '' -d 'moved to yamada@kaisha.example'
from 'Yamada <yamada@kaisha.example>' 20
notmuch new --quiet --no-hooks
meant 'but later he wrote' yamda@kaisha.example yamada@kaisha.example

# -- what is said
is 'the evidence' "$("$suggest" tanka.taro@kaisha.example)" 'tanka.taro@kaisha.example may have been meant for:
  1. tanaka.taro@kaisha.example
     Taro Tanaka
     you wrote to it 12 times, last 2026-03-12, and nothing came back; a
     message from it last came on 2026-03-13'
is 'as JSON' "$("$suggest" -j tanka.taro@kaisha.example)" '{"failed":"tanka.taro@kaisha.example","candidates":[{"address":"tanaka.taro@kaisha.example","name":"Taro Tanaka","evidence":"slip","same_name":false,"reported":false,"cost":8,"sent":12,"last_sent":"2026-03-12","last_received":"2026-03-13","why":"you wrote to it 12 times, last 2026-03-12, and nothing came back; a message from it last came on 2026-03-13"}]}'
is 'nothing, as JSON' "$("$suggest" -j nobody@nowhere.test)" '{"failed":"nobody@nowhere.test","candidates":[]}'

# -- hostile addresses
whole >"$scratch/before"
long=$(printf '%0300d' 0 | tr 0 a)
for hostile in '* or tag:x' '"a b"@kaisha.example' '*@kaisha.example' '" or from:tanaka or "@kaisha.example' 'from:*@kaisha.example' '@' 'a@' '@a' '' \
	"$long@kaisha.example" "tanaka@$long" 'tänaka@kaisha.example' '田中@kaisha.example' 'and@or.not' 'not.and@near.xor' 'or_or@and_and' "'@'" '&@&' \
	'((((@))))' 'a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.q.r.s.t.u.v@w.x.y.z' '0123456789@0.0.0.0' '\\@\\.' '%s%n@%s%n' '${1}@$(true)' ; do
	exits "hostile: $(printf '%.40s' "$hostile")" 0 "$suggest" -n "$hostile" -d "$hostile" -- "$hostile"
	is '  says nothing of it to the terminal that could harm' "$(LC_ALL=C tr -d '\n\t -~\200-\377' <"$scratch/out"; cat "$scratch/err")" ''
done
ask "$(printf 'ta\033[31mnka.taro@kaisha.example')"
is 'controls are left out' "$(printf '%s' "$said" | LC_ALL=C tr -d '\n -~')" ''
whole >"$scratch/after"
same 'nothing is changed by asking' "$scratch/before" "$scratch/after"
local=$(printf '%.50s' "$long")
from "$(printf 'Evil\033[31m \302\233\342\200\256 with a name that is longer than any line of a terminal can be, and goes on and on <%s@kaisha.example>' "$local")" 9
notmuch new --quiet --no-hooks
meant 'a long one is found' "${local%a}@kaisha.example" "$local@kaisha.example"
is 'no control comes from the index' "$(printf '%s' "$said" | sed 's/…//g' | LC_ALL=C tr -d '\n -~')" ''
ask "${local%a}@kaisha.example" -d "moved to $(printf '%.200s' "$long")@elsewhere.example"
printf '%s\n' "$said" >"$scratch/wide"
is 'no line is wider than 80 columns' "$(awk 'length > 80' "$scratch/wide")" ''

# -- resend --suggest
original_to='Taro Tanaka <tanka.taro@kaisha.example>'
report typed@mx.example.net "$(day 21)" '' "$gone|tanka.taro@kaisha.example" >"$scratch/typed"
exits 'resend --suggest: of a bounce' 0 "$bounce" resend --suggest "$scratch/typed"
is '  the address' "$(sed -n 's/^  1\. //p' "$scratch/out"; cat "$scratch/err")" tanaka.taro@kaisha.example
like '  by its name too' "$(cat "$scratch/out")" '*same name; you wrote to it 12 times*'
exits 'as JSON' 0 "$bounce" resend --suggest=json "$scratch/typed"
like '  the same' "$(cat "$scratch/out")" '{"failed":"tanka.taro@kaisha.example","candidates":\[{"address":"tanaka.taro@kaisha.example",*'
to 'Taro Tanaka <abe@mukashi.example>, tanka.taro@kaisha.example' 20
notmuch new --quiet --no-hooks
original_to='Taro Tanaka <abe@mukashi.example>, tanka.taro@kaisha.example'
report both@mx.example.net "$(day 21)" "$number@example.org" "$gone|tanka.taro@kaisha.example" "$gone|ken@kaish.example" >"$scratch/both"
exits 'of two that failed' 0 "$bounce" resend --suggest "$scratch/both"
is '  only of those that the mail went to' "$(grep -c 'may have been meant' "$scratch/out")" 1
report nothing@mx.example.net "$(day 21)" '' "$gone|nobody.known@nowhere.example" >"$scratch/nothing"
exits 'of one for which nothing is known' 0 "$bounce" resend --suggest "$scratch/nothing"
is '  it says so' "$(cat "$scratch/out")" 'nobody.known@nowhere.example: no better address is known'
report moved@mx.example.net "$(day 21)" '' "failed|5.1.6|$moved|nobody.known@nowhere.example" >"$scratch/moved"
like 'of somebody who moved: the report' "$("$bounce" resend --suggest "$scratch/moved")" '*eve@elsewhere.example*may be forged*'
report help@mx.example.net "$(day 21)" '' 'failed|5.1.1|550 5.1.1 User unknown, ask help@elsewhere.example|nobody.known@nowhere.example' >"$scratch/help"
unlike 'else an address that it names is not meant' "$("$bounce" resend --suggest "$scratch/help")" '*help@*'
letter plain@example.net someone@example.net you@example.org "$(day 3)" >"$scratch/plain"
exits 'of no bounce' 77 "$bounce" resend --suggest "$scratch/plain"
is '  nothing' "$(cat "$scratch/out")" ''
exits 'in a form that there isn'\''t' 64 "$bounce" resend --suggest=yaml "$scratch/typed"

done_testing
