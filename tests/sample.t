#!/bin/sh
# A bounce that can be shown to strangers: nothing of the people in it, the same verdict.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

sample() {
	"$bounce" sample <"$1" 2>"$scratch/err"
}
cat >"$scratch/mail" <<'END'
Return-Path: <>
Received: from relay.corp-secret.test (relay.corp-secret.test [198.51.100.7]) by mx.corp-secret.test; Wed, 14 Oct 2026 09:12:44 +0200
From: Mail Delivery System <MAILER-DAEMON@relay.corp-secret.test>
To: Hanako Yamada <hanako.yamada@corp-secret.test>
Subject: Undeliverable: Secret plans for March
Message-ID: <notice-77@relay.corp-secret.test>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="=_b"

--=_b
Content-Type: text/plain; charset=iso-2022-jp
Content-Transfer-Encoding: base64

VG86IEhhbmFrbyBZYW1hZGEKPHRhcm8uc2F0b0BjbGllbnQudGVzdD46IHVzZXIgdW5rbm93bgo=

--=_b
Content-Type: message/delivery-status

Reporting-MTA: dns; relay.corp-secret.test

Final-Recipient: rfc822; taro.sato@client.test
Action: failed
Status: 5.1.1
Remote-MTA: dns; mx7.client.test
Diagnostic-Code: smtp; 550 5.1.1 <taro.sato@client.test>: no such user, client [198.51.100.7]; see https://support.google.com/mail/?p=NoSuchUser

--=_b
Content-Type: message/rfc822

From: Hanako Yamada <hanako.yamada@corp-secret.test>
To: "Taro Sato" <taro.sato@client.test>
Cc: boss@corp-secret.test
Subject: Secret plans for March
Message-ID: <sent-99@corp-secret.test>
X-Internal: the safe is behind the picture
DKIM-Signature: v=1; d=corp-secret.test
Content-Type: multipart/mixed; boundary="=_c"

--=_c
Content-Type: text/plain

Dear Taro, the combination is 11-22-33.

--=_c
Content-Type: application/pdf; name="plans.pdf"
Content-Transfer-Encoding: base64

JVBERi0xLjQ=

--=_c--

--=_b--
END
sample "$scratch/mail" >"$scratch/out"
is 'nothing of the people, their hosts, their mail is left' "$(grep -icE 'hanako|yamada|taro|sato|secret|client\.test|198\.51|picture|combination|11-22|JVBER|plans|notice-77|sent-99' "$scratch/out")" 0
is 'what the server said is' "$(grep -c '550 5\.1\.1 <user[0-9]*@d[0-9]*\.example>: no such user, client \[192\.0\.2\.[0-9]*\]; see https://support\.google\.com/mail/?p=NoSuchUser' "$scratch/out")" 1
is 'an encoded notice comes out as text' "$(grep -c '^To: Name [0-9]*$' "$scratch/out")" 1
is 'each address becomes the same wherever it stands' "$(grep -oE 'rfc822; user[0-9]+@|To: Name [0-9]+ <user[0-9]+@|^To: "?Name [0-9]+"? <user[0-9]+@d2' "$scratch/out" | grep -oE 'user[0-9]+' | sort -u | wc -l | tr -d ' ')" 2
is 'the parts are those that it had' "$(grep -c '^--=_b' "$scratch/out") $(grep -c 'message/rfc822' "$scratch/out") $(grep -c '^--=_c' "$scratch/out")" '4 1 3'
is 'the program says the same of it' "$("$bounce" classify --format=reason <"$scratch/out")" user-unknown
like 'and that it wants to be read before it is shown' "$(cat "$scratch/err")" '*read it before you show it*'
sample "$scratch/out" >"$scratch/again"
is 'a sample of a sample is judged the same' "$("$bounce" classify --format=reason <"$scratch/again")" user-unknown
sed 's,=_b$,4F2C21F.147/relay.corp-secret.test,; s,=_b",4F2C21F.147/relay.corp-secret.test",; s,=_b--$,4F2C21F.147/relay.corp-secret.test--,' "$scratch/mail" >"$scratch/postfix"
echo 'Regards, Hanako Yamada' >>"$scratch/postfix"
sample "$scratch/postfix" >"$scratch/out"
is 'nor in a boundary with the name of a host, as Postfix makes it, or behind the last' "$(grep -icE 'secret|hanako' "$scratch/out")" 0
is 'which is the same everywhere' "$(grep -oE '4F2C21F\.147/[a-z0-9.]*' "$scratch/out" | sort | uniq -c | tr -s ' ')" ' 5 4F2C21F.147/host1.d1.example'
printf 'From: MAILER-DAEMON@mx.example.net\nTo: taro@なぜ.test\nSubject: Undelivered Mail Returned to Sender\n\n<hana@例え.test>: user unknown\n' >"$scratch/idn"
sample "$scratch/idn" >"$scratch/out"
is 'nor in a domain with other letters' "$(grep -cE 'なぜ|例え' "$scratch/out") $(grep -c '<user2@d[0-9].example>: user unknown' "$scratch/out")" '0 1'

# -- all samples of ours
mkdir "$scratch/samples" "$scratch/of"
refused=0 empty=yes number=0
for mail in bounces/*/*.eml not-bounces/*.eml; do
	number=$((number + 1))
	if sample "$mail" >"$scratch/samples/$number"; then
		ln -s "$PWD/$mail" "$scratch/of/$number"
	else
		refused=$((refused + 1))
		[ ! -s "$scratch/samples/$number" ] || empty=no
		rm "$scratch/samples/$number"
	fi
done
for folder in samples of; do
	(cd "$scratch/$folder" && "$bounce" classify --format=reason ./*) >"$scratch/$folder.reasons"
done
ok 'the samples are judged' grep -q user-unknown "$scratch/samples.reasons"
is 'no sample is judged otherwise than its mail' "$(diff "$scratch/samples.reasons" "$scratch/of.reasons")" ''
is 'what is refused prints nothing' $empty yes
ok "nearly none is refused ($refused of $number)" [ $((refused * 50)) -lt $number ]

# -- a mail that went to many
{
	printf 'From: MAILER-DAEMON@mx.test\nTo: me@home.test\nSubject: Undelivered\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\n<p1@d.test>: 550 User unknown: Secret Plan to Person number 999\n--b\nContent-Type: message/rfc822\n\nFrom: me@home.test\n'
	seq 999 | sed '1s/^/To: /; 2,$s/^/ /; s/\([0-9]*\)$/Person number \1 <p\1@d.test>,/; $s/,$//'
	printf 'Subject: Secret Plan\n\nHi\n--b--\n'
} >"$scratch/many"
sample "$scratch/many" >"$scratch/out"
is 'no name and no subject of a mail to many stays' "$(grep -c 'Person number\|Secret Plan' "$scratch/out") $(grep -c 'user999@' "$scratch/out")" '0 1'

# -- bad input
exits 'no mail: exit 65' 65 "$bounce" sample </dev/null
exits 'an argument: exit 64' 64 "$bounce" sample "$scratch/mail"
{
	sed '/^$/q' "$scratch/mail" | sed '$d'
	i=0
	while [ $i -lt 3000 ]; do
		echo "X-To-$i: \"Person number $i\" <p$i@d$i.test>"
		i=$((i + 1))
	done
	echo
	head -c 3000000 /dev/zero | tr '\0' 'P'
} >"$scratch/large"
start=$(date +%s)
sample "$scratch/large" >/dev/null
ok 'three megabytes and three thousand names: in seconds' [ $(($(date +%s) - start)) -le 10 ]

done_testing
