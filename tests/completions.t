#!/bin/sh
# The shells complete what the program has: its commands, options and values, also behind `notmuch bounce`.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
completions=$(cd ../share/completions && pwd)
TERM=dumb
export TERM

# An index with one tag of its own, for what is asked of notmuch.
mkdir -p "$scratch/mail/new" "$scratch/mail/cur" "$scratch/mail/tmp" "$scratch/folder"
NOTMUCH_CONFIG=$scratch/notmuch-config
export NOTMUCH_CONFIG
printf '[database]\npath=%s\n[user]\nprimary_email=me@example.org\n[new]\ntags=zebra\n' "$scratch/mail" >"$NOTMUCH_CONFIG"
cp bounces/user-unknown/postfix-local.eml "$scratch/mail/new/1"
notmuch new --quiet
mkdir "$scratch/bin"
ln -s "$bounce" "$scratch/bin/notmuch-bounce"
PATH=$scratch/bin:$PATH

# -- they are what the generator makes of the program's help now
for shell in bash zsh fish; do
	file=notmuch-bounce.$shell
	[ $shell != zsh ] || file=_notmuch_bounce
	"$completions/generate.pl" "$bounce" $shell >"$scratch/made"
	same "$file is up to date (else: make completions)" "$scratch/made" "$completions/$file"
done
# refused DESCRIPTION REASON ARGUMENT...: which status perl then ends with hangs on errno.
refused() {
	description=$1 reason=$2
	shift 2
	"$completions/generate.pl" "$@" >"$scratch/made" 2>"$scratch/err"
	is "$description: refused" "$(($? != 0)) $(cat "$scratch/made")" '1 '
	like "$description: says why" "$(cat "$scratch/err")" "$reason"
}
refused 'a shell that there is nothing for' 'usage: *' "$bounce" csh
refused 'a program that is none' 'true does not say *' true bash

# -- bash
# offered LINE: what bash offers at its end, a line each. Without a terminal there is nothing to set options of a completion on.
cat >"$scratch/ask.bash" <<'END'
. "$1"
said=$3
compopt() { echo "compopt $*" >"$said"; }
COMP_WORDBREAKS=$' \t\n"\'><=;|&(:'
COMP_LINE=$2 COMP_POINT=${#2} COMPREPLY=()
_notmuch_bounce
[ ${#COMPREPLY[@]} -eq 0 ] || printf '%s\n' "${COMPREPLY[@]}"
END
offered() {
	: >"$scratch/compopt"
	bash "$scratch/ask.bash" "$completions/notmuch-bounce.bash" "$1" "$scratch/compopt" </dev/null
}
# offers LINE WORD...: in one line.
offers() {
	line=$1
	shift
	is "bash: $line" "$(offered "$line" | tr '\n' ' ')" "${*:+$* }"
}
"$bounce" --help | sed -n 's/^  \([a-z]*\) .*/\1/p' >"$scratch/commands"
offered 'notmuch-bounce ' | grep -v '^--' >"$scratch/offered"
same 'bash: all commands' "$scratch/offered" "$scratch/commands"
while read -r command; do
	# One that may have a value is there both ways.
	"$bounce" --list-options | awk -F'\t' -v command="$command" '$1 == command && $2 != "" {
		if ($3 == "flag" || $3 == "maybe") print "--" $2
		if ($3 != "flag") print "--" $2 "=" }' | sort >"$scratch/wanted"
	offered "notmuch-bounce $command -" | grep '^--' | grep -vx -e --help | sort >"$scratch/offered"
	same "bash: all options of $command" "$scratch/offered" "$scratch/wanted"
done <"$scratch/commands"
offers 'notmuch-bounce cla' classify
offers 'notmuch-bounce --v' --version
offers 'notmuch-bounce classify --w' --why
offers 'notmuch-bounce classify --format=' text json tags reason facts
offers 'notmuch-bounce status --format=' text json
offers 'notmuch-bounce explain --lang=j' ja
offers 'notmuch-bounce explain --width='
offers 'notmuch-bounce insert --fo' --folder=
offers 'notmuch-bounce insert +z' +zebra
offers 'notmuch-bounce insert -z' -zebra
offers 'notmuch-bounce status tag:z' zebra
offers 'notmuch-bounce status ' tag: id: from: to: subject: date:
offers 'notmuch-bounce tag --remove-tag=z' zebra
offers 'notmuch-bounce setup mu' mutt
offers 'notmuch-bounce setup --lang=ja neo' neomutt
offers 'notmuch-bounce frobnicate '
offers 'notmuch bounce res' resend
offers 'notmuch --config=x bounce tag --a' --all
offers '/opt/bin/notmuch-bounce ru' rules
offered 'notmuch-bounce classify ' >"$scratch/out"
is 'bash: files, where a mail is expected' "$(cat "$scratch/out" "$scratch/compopt")" 'compopt -o default'
offered 'notmuch-bounce resend --draft=' >"$scratch/out"
is 'bash: folders, where one is expected' "$(cat "$scratch/out" "$scratch/compopt")" 'compopt -o dirnames'

# -- shells as a person has them: what is typed, and what stands there after a press of Tab
# typed: lines on standard input are typed, each with a Tab; what came of them is in $scratch/lines.
# After each line the keys Ctrl-X d, which write down what stands there.
keys() {
	while IFS= read -r line; do
		printf '%s\t\030d' "$line"
	done
	printf 'exit\n'
}
# becomes SHELL NUMBER TYPED WANTED
becomes() {
	is "$1: $3" "$(sed -n "$2p" "$scratch/lines" | sed 's/ *$//')" "$4"
}
cat >"$scratch/typed" <<'END'
notmuch-bounce cla
notmuch-bounce classify --fo
notmuch-bounce classify --format=js
notmuch-bounce classify mail-f
notmuch-bounce resend --draft=mail-d
notmuch-bounce setup neom
notmuch-bounce status tag:ze
notmuch-bounce insert +ze
notmuch bounce exp
notmuch bounce tag --remove-tag=ze
notmuch bounce resend --quo
notmuch coun
notmuch bou
END
cat >"$scratch/becomes" <<'END'
notmuch-bounce classify
notmuch-bounce classify --format=
notmuch-bounce classify --format=json
notmuch-bounce classify mail-file
notmuch-bounce resend --draft=mail-dir/
notmuch-bounce setup neomutt
notmuch-bounce status tag:zebra
notmuch-bounce insert +zebra
notmuch bounce explain
notmuch bounce tag --remove-tag=zebra
notmuch bounce resend --quote-recipients
notmuch count
notmuch bounce
END
mkdir "$scratch/place" "$scratch/place/mail-dir"
: >"$scratch/place/mail-file"
# session SHELL COMMAND: that shell, in a folder with a file and a folder.
session() {
	: >"$scratch/lines"
	keys <"$scratch/typed" | (cd "$scratch/place" && script -q -e -c "$2" /dev/null >"$scratch/screen" 2>&1)
	number=0
	while read -r typed; do
		number=$((number + 1))
		becomes "$1" $number "$typed" "$(sed -n "${number}p" "$scratch/becomes")"
	done <"$scratch/typed"
}
loader=/usr/share/bash-completion/bash_completion
if ! script -q -e -c true /dev/null </dev/null >/dev/null 2>&1; then
	skip 'bash on a terminal' 'there is no script(1)'
elif [ ! -r $loader ]; then
	skip 'bash on a terminal' 'bash-completion is not installed'
else
	cat >"$scratch/bashrc" <<END
PS1='> '
. $loader
. "$completions/notmuch-bounce.bash"
note() { printf '%s\n' "\$READLINE_LINE" >>"$scratch/lines"; READLINE_LINE= READLINE_POINT=0; }
bind -x '"\C-xd": note'
bind 'set bell-style none'
END
	session bash "bash --rcfile '$scratch/bashrc' -i"
fi

# -- zsh
if ! command -v zsh >/dev/null; then
	skip 'zsh' 'zsh is not installed'
elif ! script -q -e -c true /dev/null </dev/null >/dev/null 2>&1; then
	skip 'zsh' 'there is no script(1)'
else
	mkdir "$scratch/zsh"
	cat >"$scratch/zsh/.zshrc" <<END
PS1='> '
unsetopt beep
fpath=("$completions" \$fpath)
autoload -Uz compinit
compinit -u -d "$scratch/zsh/dump"
note() { print -r -- "\$BUFFER" >>"$scratch/lines"; BUFFER= }
zle -N note
bindkey '^Xd' note
END
	# What commands notmuch has is said by a file of its own, which knows no others.
	sed -i '$d' "$scratch/typed" "$scratch/becomes"
	session zsh "ZDOTDIR='$scratch/zsh' zsh -d -i"
	# fish and bash say what an option is for as well; zsh has to be looked at.
	printf 'notmuch-bounce classify --format=\nnotmuch-bounce \n' >"$scratch/typed"
	session_lines=$(keys <"$scratch/typed" | (cd "$scratch/place" && ZDOTDIR=$scratch/zsh script -q -e -c 'zsh -d -i' /dev/null 2>&1))
	like 'zsh: says what a value means' "$session_lines" '*facts *what the report says*'
	like 'zsh: says what a command does' "$session_lines" '*status *which mail did not arrive*'
fi

# -- fish
if ! command -v fish >/dev/null; then
	skip 'fish' 'fish is not installed'
else
	# fish_offers LINE WORD...: without the descriptions.
	fish_offers() {
		line=$1
		shift
		is "fish: $line" "$(cd "$scratch/place" && fish --no-config -c "source '$completions/notmuch-bounce.fish'; complete -C '$line'" 2>&1 | cut -f1 | tr '\n' ' ')" "${*:+$* }"
	}
	# shellcheck disable=SC2046 # words
	fish_offers 'notmuch-bounce ' $(cat "$scratch/commands")
	fish_offers 'notmuch-bounce classify --fo' --format
	fish_offers 'notmuch-bounce classify --format=j' --format=json
	fish_offers 'notmuch-bounce classify mail-f' mail-file
	fish_offers 'notmuch-bounce filter mail-f'
	fish_offers 'notmuch-bounce resend --draft=mail-' --draft=mail-dir/
	fish_offers 'notmuch-bounce setup neom' neomutt
	fish_offers 'notmuch-bounce status tag:ze' tag:zebra
	fish_offers 'notmuch-bounce insert +ze' +zebra
	fish_offers 'notmuch-bounce frobnicate --'
	fish_offers 'notmuch bounce exp' explain
	fish_offers 'notmuch bounce tag --rem' --remove-tag
	is 'fish: notmuch has commands of its own' "$(fish --no-config -c "source '$completions/notmuch-bounce.fish'; complete -C 'notmuch classif'")" ''
	fish --no-config -c "source '$completions/notmuch-bounce.fish'; complete -C 'notmuch-bounce status --form'; complete -C 'notmuch-bounce classify --format=f'" >"$scratch/out"
	like 'fish: says what an option is for' "$(cat "$scratch/out")" '*text, json*'
	like 'fish: says what a value means' "$(cat "$scratch/out")" '*what the report says*'
fi

done_testing
