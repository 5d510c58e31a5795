#!/bin/sh
# resend's repairs see the parts of a mail however its boundary is spelled (RFC 2045, 2231); and where that can't be known for certain, they say so and make nothing.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=index-lib.sh
. ./index-lib.sh
# shellcheck source=resend-lib.sh
. ./resend-lib.sh

# A scanner that objects to one attachment.
cat >"$scratch/scanner" <<'END'
#!/bin/sh
if grep -q '^attached words' -; then
	echo 'attached words found'
	exit 1
fi
END
chmod +x "$scratch/scanner"

# mail ID CONTENT-TYPE: a text, its HTML, and an attachment between the boundaries b c.
mail() {
	sent "$1" bo@example.net 'MIME-Version: 1.0' "$2" <<'END'
--b c
Content-Type: multipart/alternative; boundary=two

--two
Content-Type: text/plain

The text.
--two
Content-Type: text/html

<p>The HTML.</p>
--two--
--b c
Content-Type: application/octet-stream; name=words.bin
Content-Disposition: attachment

attached words
--b c--
END
	report "b.$1" "$(day 2)" "$1" "$full|bo@example.net" >"$scratch/b.$1"
	add "b.$1" <"$scratch/b.$1"
}

# Spellings, one a line; ~ is a newline.
cat >"$scratch/clear" <<'END'
multipart/mixed; boundary="b c"
Multipart/Mixed; BOUNDARY="b c"
multipart/mixed; boundary = "b c"
multipart/mixed;~ boundary=~ "b c"
multipart/mixed; name="boundary=x"; boundary="b c"
multipart/mixed; name="\"; boundary=x"; boundary="b c"
multipart/mixed; (boundary=x) boundary="b c"
multipart/mixed (one \) (two)); boundary (three) = (four) "b c" (five)
multipart/mixed; boundary="b\ \c"
multipart/mixed; boundary*=us-ascii''b%20c
multipart/mixed; boundary*=''%62%20%63
multipart/mixed; boundary*0="b "; boundary*1="c"
multipart/mixed; boundary*1=c; boundary*0="b "
multipart/mixed; boundary*0*=us-ascii'en'b%20; boundary*1=c
END
cat >"$scratch/unclear" <<'END'
multipart/mixed
multipart/mixed; boundary="b"
multipart/mixed; boundary="x"; boundary="b c"
multipart/mixed; boundary="b c"; boundary="x"
multipart/mixed; boundary="x"; boundary*=us-ascii''b%20c
multipart/mixed; boundary="b c
multipart/mixed boundary="b c"
multipart/mixed; boundary*0="b "; boundary*2="c"
multipart/mixed; boundary=b c
multipart/mixed; boundary="b c"~Content-Type: multipart/mixed; boundary="x"
END
new_index
notmuch config set bounce.scanner "$scratch/scanner"
n=0
cat "$scratch/clear" "$scratch/unclear" | while read -r spelling; do
	n=$((n + 1))
	mail "m$n@example.org" "$(printf 'Content-Type: %s' "$spelling" | tr '~' '\n')"
done 3<&0
# shellcheck disable=SC2119
run_tag

n=0
while IFS= read -r spelling; do
	n=$((n + 1))
	resend --again --no-attachments "id:b.m$n@example.org"
	is "$spelling: --no-attachments" "$code $(mime "$scratch/draft" | cut -d' ' -f2 | tr '\n' ' ')$(grep -c '^attached words' "$scratch/draft")" '0 multipart/mixed multipart/alternative text/plain text/html 0'
	resend --again --plain "id:b.m$n@example.org"
	is "$spelling: --plain" "$code $(mime "$scratch/draft" | cut -d' ' -f2 | tr '\n' ' ')$(grep -c '^attached words' "$scratch/draft")" '0 multipart/mixed text/plain application/octet-stream 1'
	resend --again --zip "id:b.m$n@example.org"
	is "$spelling: --zip" "$code $(grep -c '^Content-Type: application/zip' "$scratch/draft") $(grep -c '^attached words' "$scratch/draft")" '0 1 0'
	resend --again --split=1500 --draft="$scratch/split$n" "id:b.m$n@example.org"
	is "$spelling: --split" "$code $(find "$scratch/split$n" -type f | wc -l | tr -d ' ') $(cat "$scratch/split$n"/*/* | grep -c '^attached words')" '0 2 1'
	refuses "$spelling: --scan" '*attached words found*' --again --scan "id:b.m$n@example.org"
done <"$scratch/clear"
while IFS= read -r spelling; do
	n=$((n + 1))
	for repair in --no-attachments --plain --zip --split=1500 --scan --note; do
		refuses "$spelling: $repair" "*certain which parts*${repair%=*} could*" --again $repair "id:b.m$n@example.org"
	done
	resend --again "id:b.m$n@example.org"
	body "$scratch/m$n@example.org" >"$scratch/was"
	body "$scratch/draft" >"$scratch/is"
	same "$spelling: without a repair it goes out as it was" "$scratch/is" "$scratch/was"
done <"$scratch/unclear"

# -- a field of two megabytes of anything: no more than two seconds of processor time
report returned@mx.example.net "$(day 2)" returned@example.org "$full|bo@example.net" >"$scratch/returned"
# shellcheck disable=SC1003,SC3045 # a backslash; dash and bash have ulimit -t
for field in 'Cc: ' 'Subject: ' 'X-Any: ' 'Content-Type: multipart/mixed; boundary='; do
	for text in : '"' '(' '\\' '<' 'a@b,' 'g: a@b;' '=?' '=?utf-8?q?x?= ' '\n x' '\0'; do
		perl -0777 -pe 'BEGIN { ($field, $text) = splice @ARGV, 0, 2; $text =~ s/\\n/\n/; $text =~ s/\\0/\0/; $long = $field . $text x (2e6 / length $text) }
			s/^(?=Subject: about)/$long\n/m' "$field" "$text" "$scratch/returned" >"$scratch/long"
		(
			ulimit -t 2
			"$bounce" resend --from-returned --anyway --again --note --split=3M "$scratch/long" >"$scratch/draft" 2>"$scratch/err"
		)
		code=$?
		ok "two megabytes of $text in $field" test $(($(wc -c <"$scratch/long") > 2000000 && (code == 0 || code == 77))) = 1
	done
done

done_testing
