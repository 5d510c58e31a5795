#!/bin/sh
# The texts of all languages: complete, of one form, with the same placeholders, and no line too wide to be read.
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
for language in de en es fr ja ko zh; do
	ok "there is $language" test -f "$explain/$language/labels.txt"
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
spoil labels.txt '/^title-do /d' '*labels.txt: no title-do*' 'a label that is missing'
spoil labels.txt '$alabel-of-no-use なし' '*label-of-no-use: English has none*' 'one too many'
spoil labels.txt 's/^who-wait .*/who-wait 待つほかありません。/' '*who-wait is wider than 17 columns*' 'a label that fits no list'
spoil labels.txt 's/^\(months .*\) 12$/\1/' '*months: expected 12 words*' 'a year of eleven months'
spoil spam.txt '/^happened/,$d' '*no happened*' 'a text without its main part'
spoil spam.txt 's/^who/why/' '*unknown key why*' 'a key that there is not'
spoil spam.txt '2s/.*/name 迷惑メールと判定されたために届かなかった/' '*name is wider than 24 columns*' 'a name that fits no list'
spoil spam.txt '$aavoid 幅は八十桁までです。幅は八十桁までです。幅は八十桁までです。幅は八十桁までです。幅は' '*wider than 80 columns*' 'a line that is too wide'
rm "$spoilt/virus.txt"
like 'a reason without a text' "$(faults "$spoilt")" '*virus.txt: missing*'

done_testing
