#!/bin/sh
# The command line: what is wrong is said in a line, with the right word for it.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

mail=bounces/user-unknown/postfix-local.eml

# suggests WORD ARGUMENT...: exit 64, nothing on standard output, and the word on standard error.
suggests() {
	word=$1
	shift
	exits "$*: exit 64" 64 "$bounce" "$@"
	is "$*: no answer" "$(cat "$scratch/out")" ''
	like "$*: says $word" "$(cat "$scratch/err")" "*$word*"
}
suggests classify classfy "$mail"
suggests filter fliter
suggests rules rule
suggests '*frobnicate*--help' frobnicate
suggests --format classify --fromat=json "$mail"
suggests --why classify --wy "$mail"
suggests json classify --format=jsno "$mail"
suggests 'text*json*tags*reason*facts' classify --format=xml "$mail"
suggests '*--format*value' classify --format
suggests --check rules --chekc x.rules
suggests --reasons rules --reason
suggests 'has no option -v; see' classify -v "$mail"
suggests 'nothing of "vim", but of procmail*mutt' setup vim
exits 'no command: exit 64' 64 "$bounce"
like 'no command: the commands are named' "$(cat "$scratch/err")" '*classify*filter*rules*'
for argument in --help help -h; do
	exits "$argument: exit 0" 0 "$bounce" "$argument"
	like "$argument: on standard output" "$(cat "$scratch/out")" '*classify*filter*rules*'
	is "$argument: nothing on standard error" "$(cat "$scratch/err")" ''
done
exits '--version: exit 0' 0 "$bounce" --version
like '--version: name and number' "$(cat "$scratch/out")" 'notmuch-bounce [0-9]*'
is '--help: fits into 80 columns' "$("$bounce" --help | grep -E '.{81}')" ''
for command in $("$bounce" --help | sed -n 's/^  \([a-z]*\)  .*/\1/p'); do
	is "$command --help: fits into 80 columns" "$("$bounce" "$command" --help | grep -E '.{81}')" ''
done
# Where the help is there in another language, it is there of all commands and options.
"$bounce" --list-options | awk -F'\t' '{ print "help-" $1 ($2 == "" ? "" : "-" $2) } $2 == "lang" { print "help-option-lang" }' | sort -u >"$scratch/wanted"
for help in ../share/explain/*/help.txt; do
	language=${help%/help.txt} language=${language##*/}
	sed -n 's/^\(help-[a-z-]*\) .*/\1/p' "$help" | sort >"$scratch/keys"
	is "$language: nothing is explained that there is not" "$(grep -v -e '-notes$' -e '^help-usage$' -e '^help-or$' -e '^help-more$' "$scratch/keys" | comm -23 - "$scratch/wanted")" ''
	is "$language: all is explained" "$(comm -13 "$scratch/keys" "$scratch/wanted" | grep -v -e '-lang$')" ''
	for command in '' $("$bounce" --list-options | cut -f1 | sort -u); do
		# shellcheck disable=SC2086 # none is no word
		is "$language: $command --help fits into 80 columns" "$(LC_ALL=$language "$bounce" $command --help |
			perl -CS -ne 'chomp; s/[\x{1100}-\x{115f}\x{2e80}-\x{9fff}\x{ac00}-\x{d7a3}\x{ff00}-\x{ff60}]/xx/g; print if length > 80')" ''
	done
done
like 'in Japanese' "$(LC_ALL=ja_JP.UTF-8 "$bounce" tag --help)" '使い方: notmuch-bounce tag*--dry-run *変更の内容*'
exits 'classify --help: exit 0' 0 "$bounce" classify --help
like 'classify --help: its options' "$(cat "$scratch/out")" '*--format*--why*'
# What becomes of the control is of no account here.
like 'errors do not show raw control characters' "$("$bounce" "$(printf 'x\033[2J')" 2>&1 | tr '\033' '!' | sed 's/x[^!]*\[/x[/')" '*no command "x[[]2J"*'
like 'nor do file names' "$("$bounce" classify "$(printf '/none/x\033[2J\nfalse line')" 2>&1 | tr '\033\n' '!!' | sed 's/x[^!]*\[/x[/')" 'notmuch-bounce: /none/x[[]2J*false line: No such file or directory!'

# -- in the reader's language; what no text of the user's may change is what the words take
says() {
	# shellcheck disable=SC2086 # words
	LC_ALL=$1 XDG_CONFIG_HOME=$scratch/words "$bounce" $3 </dev/null >"$scratch/out" 2>&1
	is "$3, $1: $2" "$(cat "$scratch/out")" "notmuch-bounce: $2"
}
says de_DE.UTF-8 'Den Befehl „classfy“ gibt es nicht; meinten Sie classify?' classfy
says ja_JP.UTF-8 '/none: ファイルまたはフォルダーがありません' 'classify /none'
says ja_JP.UTF-8 'tag --all に検索条件は付けられません' 'tag --all x'
says C.UTF-8 'tag --all takes no query' 'tag --all x'
says C.UTF-8 'resend --skip=x: Erwartet wird eine Adresse' 'resend --lang=de --skip=x id:a'
says ja_JP.UTF-8 'filter reads standard input and takes no file: notmuch-bounce filter <x' 'filter x' # read in a delivery agent's log
mkdir -p "$scratch/words/notmuch-bounce/explain/de"
for format in '%s%n' '%s %s' '%2$s' '%1$s %1$s' '%d' '%*s' '%' '%s %' '%1$s %s'; do
	printf 'en  resend: one mail at a time\nde  resend: zu viel: %s\nen  resend --skip=%%s: expected an address\nde  resend: %s\n' "$format" "$format" \
		>"$scratch/words/notmuch-bounce/explain/de/messages.txt"
	says de_DE.UTF-8 'resend: nur eine E-Mail auf einmal' 'resend id:a id:b'
	says de_DE.UTF-8 'resend --skip=x: Erwartet wird eine Adresse' 'resend --skip=x id:a'
done
printf 'en  resend --skip=%%s: expected an address\nde  resend: %%1$s ist 100%%%% falsch\n' >"$scratch/words/notmuch-bounce/explain/de/messages.txt"
says de_DE.UTF-8 'resend: x ist 100% falsch' 'resend --skip=x id:a'
rm -r "$scratch/words"

# -- no home, no configuration, no environment
is 'no environment at all' "$(env -i "$bounce" classify --format=reason "$mail" 2>&1)" user-unknown
is 'a home that does not exist' "$(HOME=/nonexistent "$bounce" classify --format=reason "$mail" 2>&1)" user-unknown
is 'a configuration that does not exist' "$(XDG_CONFIG_HOME=/nonexistent "$bounce" classify --format=reason "$mail" 2>&1)" user-unknown
is 'an empty XDG_CONFIG_HOME' "$(XDG_CONFIG_HOME='' "$bounce" classify --format=reason "$mail" 2>&1)" user-unknown
is 'a locale that does not exist' "$(LC_ALL=xx_YY.UTF-9 "$bounce" classify --format=reason "$mail" 2>&1)" user-unknown
is 'from another directory' "$(cd / && "$bounce" classify --format=reason "$OLDPWD/$mail" 2>&1)" user-unknown
ln -s "$bounce" "$scratch/notmuch-bounce"
is 'run by notmuch: notmuch bounce …' "$(PATH=$scratch:$PATH notmuch-bounce classify --format=reason "$mail" 2>&1)" user-unknown

# -- no index: every command that needs one says what makes one, in a line that a mail program can show
printf '[database]\npath=%s\n' "$scratch/empty" >"$scratch/no-database"
mkdir "$scratch/empty" "$scratch/nobody"
# shellcheck disable=SC2317 # called by exits
without_index() {
	HOME=$scratch/nobody XDG_CONFIG_HOME=$scratch/nobody NOTMUCH_CONFIG=$configuration "$bounce" "$@" </dev/null
}
for command in status tag 'tag --all' 'handled id:a@b' silent report addresses 'forget --dry-run' 'resend id:a@b' 'explain id:a@b'; do
	for configuration in "$scratch/none" "$scratch/no-database"; do
		# shellcheck disable=SC2086 # words
		exits "$command, ${configuration##*/}: exit 66" 66 without_index $command
		like "$command, ${configuration##*/}: what to do" "$(cat "$scratch/err")" "notmuch-bounce: *there is no index of your mail*notmuch [sn]e*"
		is "$command, ${configuration##*/}: in one line" "$(wc -l <"$scratch/err" | tr -d ' ')" 1
	done
done

printf '[database\n' >"$scratch/broken"
configuration=$scratch/broken
for command in status tag 'handled id:a@b' silent report addresses clean 'resend id:a@b' 'explain id:a@b'; do
	# shellcheck disable=SC2086 # words
	exits "a wrong line in the settings, $command: 66" 66 without_index $command
	like 'which is not as if there were none' "$(cat "$scratch/err")" "notmuch-bounce: *notmuch's configuration can't be read, or a line in it is wrong"
done

done_testing
