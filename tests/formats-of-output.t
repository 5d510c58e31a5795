#!/bin/sh
# What classify writes: json, tags, reason, facts, text; and --why.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

mail=bounces/user-unknown/postfix-local.eml
fates=bounces/user-unknown/postfix-several-fates.eml
delayed=bounces/rate-limited/postfix-gmail-receiving-rate-delayed.eml

classify() {
	"$bounce" classify "$@" 2>"$scratch/err"
}
# json EXPRESSION FILE...: the expression on each decoded object $_, one line each.
json() {
	expression=$1
	shift
	classify --format=json "$@" | perl -MJSON::PP -e 'binmode STDOUT, ":utf8"; $json = JSON::PP->new->utf8->canonical;
		while (<STDIN>) { $_ = $json->decode($_); print eval($ARGV[0]) // "(none)", "\n"; die $@ if $@ }' "$expression" 2>&1
}

# -- json: design and README promise exactly these keys
is 'json: the keys of a bounce' "$(json 'join " ", sort keys %$_' "$mail")" 'date file format kind message_id original recipients reporting_mta'
is 'json: of the original' "$(json 'join " ", sort keys %{$_->{original}}' "$mail")" 'date from message_id subject to'
is 'json: to is a list' "$(json 'join "|", @{$_->{original}{to}}' "$fates")" 'nobody@partner.example|voll@partner.example|fein@partner.example'
is 'json: file' "$(json '$_->{file}' "$mail")" "$mail"
is 'json: file of standard input' "$(json '$_->{file}' - <"$mail")" -
is 'json: kind, format' "$(json '"$_->{kind} $_->{format}"' "$mail")" 'failed rfc3464'
is 'json: reporting_mta' "$(json '$_->{reporting_mta}' "$mail")" mail.postfix.example
is 'json: the Message-IDs have no brackets' "$(json '"$_->{message_id} $_->{original}{message_id}"' "$mail")" \
	'20261123072935.309C0B44B2F@mail.postfix.example 20261123072935.0B6B7041@postfix.example'
is 'json: a recipient' "$(json '$json->encode((grep { $_->{address} =~ /voll/ } @{$_->{recipients}})[0])' "$fates" | sed 's/"rule":"[^"]*"/"rule":"…"/')" \
	'{"action":"failed","address":"voll@partner.example","command":"RCPT","diagnostic":"552 5.2.2 <voll@partner.example>: Mailbox full","permanent":false,"reason":"mailbox-full","remote_mta":"mx.partner.example","reply":552,"rule":"…","status":"5.2.2"}'
is 'json: permanent is a boolean, reply a number' "$(classify --format=json "$fates" | grep -c '"permanent":true,.*"reply":550,.*"permanent":false,.*"reply":552[,}]')" 1
is 'json: the keys come in the order of the design' \
	"$(classify --format=json "$mail" | grep -o '"[a-z_]*":' | tr -d '\n' | sed 's/"command":"RCPT",//')" \
	'"file":"kind":"format":"reporting_mta":"message_id":"date":"original":"message_id":"from":"to":"subject":"date":"recipients":"address":"action":"reason":"permanent":"status":"diagnostic":"rule":'
is 'json: original_address, decoded' "$(json '$_->{recipients}[0]{original_address}' bounces/user-unknown/variant-xtext-orcpt.eml)" nobody+shop@partner.example
json 'join "\n", sort keys %{$_->{recipients}[0]}' bounces/user-unknown/russian-koi8-r.eml >"$scratch/keys"
is 'json: absent facts are absent keys, those that are there are not' \
	"$(grep -cx 'address\|reason' "$scratch/keys") $(grep -cx 'remote_mta\|original_address\|command' "$scratch/keys")" '2 0'
samples=$(find bounces not-bounces -name '*.eml' | grep -c .)
classify --format=json bounces not-bounces >"$scratch/all"
is 'json: no null, no empty string, in any' "$(grep -c '"kind":"' "$scratch/all") $(grep -cE ':(null|"")' "$scratch/all")" "$samples 0"
is 'json: no bounce' "$(classify --format=json not-bounces/plain-letter.eml)" '{"file":"not-bounces/plain-letter.eml","kind":"none","recipients":[]}'
is 'json: a receipt has no recipients that failed' "$(json '"$_->{kind} " . grep { $_->{action} ne "delivered" } @{$_->{recipients}}' not-bounces/mdn-displayed.eml)" 'receipt 0'
is 'json: a complaint' "$(json '$_->{kind}' not-bounces/arf-abuse.eml)" complaint
is 'json: an auto-reply' "$(json '$_->{kind}' not-bounces/vacation-plain.eml)" auto-reply
is 'json: a delivery' "$(json '$_->{kind}' not-bounces/postfix-delivered.eml)" delivered
is 'json: a delay' "$(json '"$_->{kind} $_->{recipients}[0]{action}"' "$delayed")" 'delayed delayed'
is 'json: the subject is decoded' "$(json '$_->{original}{subject}' bounces/user-unknown/sendmail-three-japanese-carriers.eml)" '年末のご挨拶'
is 'json: one object a line, in UTF-8' "$(json '1' bounces not-bounces | sort | uniq -c | tr -d ' ')" "${samples}1"
ok 'json: recipients have rules' test "$(grep -c '"rule":"' "$scratch/all")" -gt 200
is 'json: the rule is a file and a line' "$(json 'join "", map { ($_->{rule} // "none") =~ /^\S+\.rules:[1-9][0-9]*$|^none$/ ? () : "$_->{rule} " } @{$_->{recipients}}' bounces | tr -d '\n')" ''
is 'json: whatever has a reason has the rule that gave it' "$(json 'join "", map { ($_->{reason} // "unknown") ne "unknown" && !$_->{rule} ? "$_->{address} " : () } @{$_->{recipients}}' bounces | tr -d '\n')" ''

# -- tags, ready for notmuch insert
is 'tags: a failure' "$(classify --format=tags "$mail")" '+bounce +bounce/user-unknown +bounce/permanent'
is 'tags: a temporary one' "$(classify --format=tags bounces/network/postfix-lost-connection.eml)" '+bounce +bounce/network +bounce/temporary'
is 'tags: a delay' "$(classify --format=tags "$delayed")" '+bounce +bounce/rate-limited +bounce/temporary +bounce/delayed'
is 'tags: of all recipients' "$(classify --format=tags "$fates")" '+bounce +bounce/user-unknown +bounce/mailbox-full +bounce/permanent'
is 'tags: none twice' "$(classify --format=tags bounces/user-unknown/postfix-three-japanese-carriers.eml)" '+bounce +bounce/user-unknown +bounce/permanent'
is 'tags: no bounce, an empty line' "$(classify --format=tags not-bounces/plain-letter.eml | od -c | head -n 1 | tr -s ' ')" '0000000 \n'
is 'tags: a complaint' "$(classify --format=tags not-bounces/arf-abuse.eml)" +complaint
is 'tags: an auto-reply' "$(classify --format=tags not-bounces/vacation-plain.eml)" +auto-reply
is 'tags: a receipt' "$(classify --format=tags not-bounces/mdn-displayed.eml)" +receipt
is 'tags: a delivery' "$(classify --format=tags not-bounces/postfix-delivered.eml)" +delivery-receipt

# -- one word for procmail
is 'reason: of a failure' "$(classify --format=reason "$mail")" user-unknown
is 'reason: of a delay' "$(classify --format=reason "$delayed")" rate-limited
is 'reason: when they differ, the first' "$(classify --format=reason "$fates")" user-unknown
is 'reason: no bounce' "$(classify --format=reason not-bounces/plain-letter.eml not-bounces/arf-abuse.eml not-bounces/mdn-displayed.eml \
	not-bounces/vacation-plain.eml not-bounces/postfix-delivered.eml | sort | uniq -c | tr -d ' ')" 5none
classify --format=reason bounces not-bounces >"$scratch/all"
is 'reason: always one word' "$(grep -cE '^[a-z-]+$' "$scratch/all") $(grep -vcE '^[a-z-]+$' "$scratch/all")" "$samples 0"

# -- facts: what was read, for those who write rules
cp "$fates" "$scratch/fates.eml"
classify --format=facts "$scratch/fates.eml" >"$scratch/facts"
for fact in nobody@partner.example voll@partner.example 5.1.1 5.2.2 'Mailbox full' mx.partner.example RCPT rfc3464 fates@shop.example.com; do
	ok "facts: $fact" grep -qF -- "$fact" "$scratch/facts"
done
unlike 'facts: no reason yet' "$(cat "$scratch/facts")" '*user-unknown*'

# -- text for people
classify bounces/user-unknown/exchange-german.eml >"$scratch/text"
for word in keiner@firma.example user-unknown; do
	ok "text: $word" grep -qF "$word" "$scratch/text"
done
like 'text' "$(classify --format=text "$mail")" "$mail: failed, permanent*no.such.user@local.postfix.example*user-unknown*"
is 'text is the default' "$(classify "$mail")" "$(classify --format=text "$mail")"
is 'text: no bounce says so' "$(classify not-bounces/plain-letter.eml)" 'not-bounces/plain-letter.eml: not a report'
like 'text: in words' "$(classify bounces/filtered/postfix-docomo-data.eml)" "*koneko@ex.docomo.ne.jp *filtered *recipient
      Your message was refused by the settings of the recipient's phone.
      -> The recipient needs to allow your messages."
in_language() {
	classify --lang="$1" bounces/*/*delayed.eml bounces/*/postfix-s*.eml not-bounces # in the sandbox
}
in_language en | grep '^      ' >"$scratch/english"
for language in ../share/explain/*/; do
	language=$(basename "$language")
	in_language "$language" >"$scratch/text"
	is "text: $language: in its own words" "$(grep -cxFf "$scratch/english" "$scratch/text")" "$([ "$language" = en ] && grep -c '' "$scratch/english" || echo 0)"
	is "text: $language: 80 columns" "$(perl -CSD -ne 'chomp; my $wide = () = /[\p{Ea=W}\p{Ea=F}]/g; print "$_\n" if length() + $wide > 80 && !/^\S/' "$scratch/text")" ''
done
like 'text: of the locale' "$(LC_ALL=ja_JP.UTF-8 classify "$mail")" '*未達*送信者（宛先）*'
mkdir -p "$scratch/config/notmuch-bounce/explain/en"
printf 'headline Call Ms Abe.\n' >"$scratch/config/notmuch-bounce/explain/en/user-unknown.txt"
like "text: the user's own words, which are read before the mail is" "$(XDG_CONFIG_HOME=$scratch/config classify "$mail" "$mail")" '*Call Ms Abe.*Call Ms Abe.*'
# Short file names, since those are not cut.
mkdir "$scratch/short"
find bounces not-bounces -name '*.eml' | awk -v to="$scratch/short" '{ print "cp " $0 " " to "/" NR ".eml" }' | sh
(cd "$scratch/short" && LC_ALL=C.UTF-8 COLUMNS=80 "$bounce" classify ./*.eml >"$scratch/all" 2>"$scratch/err")
is 'text: of all' "$(grep -c '^\./[0-9]*\.eml: ' "$scratch/all")" "$samples"
is 'text: 80 columns, however wide the characters' "$(perl -CSD -ne 'chomp; my $columns = 0;
	$columns += /\p{Mn}/ ? 0 : /[\p{Ea=W}\p{Ea=F}]/ ? 2 : 1 for split //; print "$columns: $_\n" if $columns > 80' "$scratch/all" | head -n 3)" ''
is 'text: no colour when it is no terminal' "$(grep -c "$(printf '\033')" "$scratch/all")" 0
if has_terminal; then
	# on_a_terminal: the mail, classified there; in how many lines its reason stands, and in how many a colour.
	on_a_terminal() {
		script -qec "'$bounce' classify '$mail'" /dev/null </dev/null >"$scratch/all" 2>&1
		echo "$(grep -c user-unknown "$scratch/all") $(grep -c "$(printf '\033')\[" "$scratch/all")"
	}
	like 'text: coloured on a terminal' "$(TERM=xterm on_a_terminal)" '[1-9]* [1-9]*'
	like 'text: NO_COLOR is honoured' "$(TERM=xterm NO_COLOR=1 on_a_terminal)" '[1-9]* 0'
	like 'text: a dumb terminal gets none' "$(TERM=dumb on_a_terminal)" '[1-9]* 0'
else
	skip 'text: coloured on a terminal' 'no script(1) to make one'
	skip 'text: NO_COLOR is honoured' 'no script(1) to make one'
	skip 'text: a dumb terminal gets none' 'no script(1) to make one'
fi

# -- --why: the rule that decided, where it stands, and what of it fitted, as it stands there
for file in "$mail" "$delayed" bounces/mailbox-full/exim-550-mailbox-full.eml bounces/user-unknown/qmail-three-japanese-carriers.eml \
	bounces/blocked/exim-proofpoint-ip.eml bounces/expired/sendmail-4.4.7.eml; do
	classify --why "$file" >"$scratch/why"
	rule=$(grep -oE 'share/rules/[a-z0-9-]+\.rules:[0-9]+' "$scratch/why" | head -n 1)
	name=${file#bounces/}
	like "why: $name names its rule" "$rule" 'share/rules/*.rules:*'
	line=$(sed -n "${rule##*:}p" "../${rule%:*}" 2>/dev/null | sed 's/^[ \t]*//; s/[ \t]*$//')
	ok "why: $name: that line of the file holds a rule for its reason" test "${line%% *}" = "${name%%/*}"
	shown=$(sed -n "s|^ *$rule: ||p" "$scratch/why" | head -n 1 | sed 's|^[a-z-]* \.\.\. / ||')
	ok "why: $name: of the rule is shown what fitted" sh -c "tr -s ' \t\n' ' ' <'../${rule%:*}' | sed 's, |,|,g' | grep -qF -- \"\$1\"" - "${shown:?}"
	is "why: $name: json names the same" "$(classify --format=json "$file" | grep -oE 'share/rules/[a-z0-9-]+\.rules:[0-9]+' | head -n 1)" "$rule"
done

done_testing
