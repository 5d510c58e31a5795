#!/bin/sh
# The texts of all languages: complete, of one form, with the same placeholders, in the words of their glossary, and nothing too wide to be read.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
reasons=$("$bounce" rules --reasons | cut -f1 | cut -d' ' -f1)
explain=../share/explain

# faults DIRECTORY: what is wrong in it.
faults() {
	# shellcheck disable=SC2086 # one word each
	perl texts.pl "$1" $explain/en $reasons
}

for language in "$explain"/*/; do
	language=${language%/}
	is "$(basename "$language"): nothing is missing, nothing is wrong" "$(faults "$language")" ''
done
for language in de en es fr it ja ko pt zh; do
	ok "there is $language" test -f "$explain/$language/labels.txt"
done

# -- headlines
# Of all samples, how many headlines of a language take more than the one line that a terminal has for them; the widest last.
long_headlines() {
	"$bounce" explain --short --width=1000 --lang="$1" bounces/*/*.eml not-bounces/*.eml | perl -CS -ne '
		s/( \/ .*)?\n//; # of several recipients: the first
		my $wide = () = /[\p{Ea=W}\p{Ea=F}]/g;
		push @long, $_ if length() + $wide > 80;
		END { print "$. headlines, too long: @{[scalar @long]}: $long[-1]\n" if !$. || @long * 20 > $. }'
}
export NOTMUCH_CONFIG="$scratch/none"
for language in "$explain"/*/; do
	language=$(basename "$language")
	is "$language: 95 of 100 headlines have one line" "$(long_headlines "$language")" ''
done

# -- what would be found
cp -r "$explain" "$scratch/explain"
spoilt=$scratch/explain/ja
# spoil FILE SED-COMMAND PATTERN DESCRIPTION: with that change a fault is found.
spoil() {
	sed "$2" "$explain/ja/$1" >"$spoilt/$1"
	like "$4" "$(faults "$spoilt")" "$3"
	cp "$explain/ja/$1" "$spoilt/$1"
}
is 'a copy has no fault' "$(faults "$spoilt")" ''
spoil user-unknown.txt 's/{local}/{locla}/' '*unknown placeholder {locla}*' 'a placeholder that there is not'
spoil user-unknown.txt 's/{address}/あなた/g' '*placeholders of *expected*address*' 'one that English has, and this language has not'
spoil spam.txt 's/^name .*/name 配達エラー/' '*name: "配達" is not a word of the glossary*' 'a word that the glossary forbids'
spoil spam.txt 's/^who .*/who 配\n    達エラーです。/' '*who: "配達" is not a word of the glossary*' 'one that is broken over two lines'
spoil labels.txt '/^#= /d' '*no glossary*' 'a language without a glossary'
spoil labels.txt 's/^plural .*/plural dual/' '*plural: expected*' 'a rule of plural that there is not'
spoil labels.txt '$adays-one 一日' '*days-one: the rule none has no such form*' 'a form for a number in a language without'
spoil filtered.txt 's/^brief .*/&ご不明な点がございましたら、ご遠慮なくお問い合わせください。どうぞよろしくお願い申し上げます。/' '*brief is longer than 70 characters*' 'a short message that is long'
spoil labels.txt '/^title-do /d' '*labels.txt: no title-do*' 'a label that is missing'
spoil labels.txt '$alabel-of-no-use なし' '*label-of-no-use: English has none*' 'one too many'
spoil labels.txt 's/^who-wait .*/who-wait 待つほかありません。/' '*who-wait is wider than 17 columns*' 'a label that fits no list'
spoil labels.txt 's/^\(months .*\) 12$/\1/' '*months: expected 12 words*' 'a year of eleven months'
spoil spam.txt '/^happened/,$d' '*no happened*' 'a text without its main part'
spoil spam.txt 's/^who/why/' '*unknown key why*' 'a key that there is not'
spoil spam.txt '2s/.*/name 迷惑メールと判定されたために届かなかった/' '*name is wider than 24 columns*' 'a name that fits no list'
spoil spam.txt '$aavoid 幅は八十桁までです。幅は八十桁までです。幅は八十桁までです。幅は八十桁までです。幅は' '*wider than 80 columns*' 'a line that is too wide'
spoil messages.txt '/^en  no such file$/,+1d' '*no "no such file"' 'a message that is said, and not here'
spoil messages.txt '$aen  once upon a time\nja  昔' '*"once upon a time" is said nowhere' 'one that nothing says'
spoil messages.txt 's/^\(ja  resend: メール.*\)%u/\1%s/' '*MB": expected %u' 'a message with another conversion'
spoil messages.txt 's/^ja  resend: メール/ja  再送: メール/' '*expected resend: *at the beginning' 'one without its command, by which a macro knows it'
spoil resend.txt 's/で迷惑メールと判定されました。/で、どういうわけか迷惑メールと判定されたようですので、/' '*refuse-spam: the first clause is wider than 79 columns: *' 'an answer that is cut within its first clause'
rm "$spoilt/virus.txt"
like 'a reason without a text' "$(faults "$spoilt")" '*virus.txt: missing*'

done_testing
