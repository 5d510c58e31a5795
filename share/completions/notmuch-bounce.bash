# shellcheck shell=bash
# Completions of notmuch-bounce for bash. Made by generate.pl from what the program says of itself: `make completions`, don't edit.
# `notmuch bounce` too, once this file was read: by a completion of notmuch-bounce, or from your .bashrc.

# The words that go on where the cursor is. Bash takes what stands before the last = or : for a word of its own.
_notmuch_bounce_offer() {
	local breaks=${COMP_WORDBREAKS//[!=:]/} head='' word
	[ -z "$breaks" ] || head=${cur%"${cur##*["$breaks"]}"}
	for word; do
		[[ $word == "$cur"* ]] || continue
		COMPREPLY+=("${word#"$head"}")
		[[ $word != *[=:] ]] || compopt -o nospace 2>/dev/null
	done
}

# Tags of the index behind the first word; the other words as they are.
_notmuch_bounce_tags() {
	local before=$1 tags=() tag
	shift
	while IFS= read -r tag; do
		tags+=("$before$tag")
	done < <(notmuch search --output=tags '*' 2>/dev/null </dev/null)
	if [[ $before == *: && $cur != "$before"* ]]; then
		tags=("$before")
	fi
	_notmuch_bounce_offer "${tags[@]}" "$@"
}

# Also called by notmuch's own completions, by this name.
_notmuch_bounce() {
	local line=${COMP_LINE:0:COMP_POINT} cur words i=1
	read -ra words <<<"$line"
	cur=${line##*[[:space:]]}
	[ -z "$cur" ] || unset 'words[${#words[@]}-1]'
	COMPREPLY=()
	if [ "${words[0]##*/}" = notmuch ]; then
		while [ $i -lt ${#words[@]} ] && [ "${words[i]}" != bounce ]; do
			i=$((i + 1))
		done
		i=$((i + 1))
	fi
	case ${words[i]} in
	'') _notmuch_bounce_offer addresses classify clean explain filter forget handled insert report resend rules sample send setup silent status tag --help --version ;;
	addresses)
		case $cur in
		--since=*) : ;;
		--format=*) _notmuch_bounce_offer --format=text --format=csv --format=json --format=list ;;
		--lang=*) _notmuch_bounce_offer --lang=de --lang=en --lang=es --lang=fr --lang=it --lang=ja --lang=ko --lang=pt --lang=zh ;;
		-*) _notmuch_bounce_offer --dead --failing --refused --silent --all --unverified --since= --format= --bom --lang= --help ;;
		*) _notmuch_bounce_tags tag: id: from: to: subject: date: ;;
		esac
		;;
	classify)
		case $cur in
		--format=*) _notmuch_bounce_offer --format=text --format=json --format=tags --format=reason --format=facts ;;
		--lang=*) _notmuch_bounce_offer --lang=de --lang=en --lang=es --lang=fr --lang=it --lang=ja --lang=ko --lang=pt --lang=zh ;;
		--reply=*) : ;;
		-*) _notmuch_bounce_offer --format= --why --lang= --reply= --reply --help ;;
		*) compopt -o default 2>/dev/null ;;
		esac
		;;
	clean)
		case $cur in
		--dead-to=*) : ;;
		--dead=*) : ;;
		-*) _notmuch_bounce_offer --dead-to= --dead= --help ;;
		esac
		;;
	explain)
		case $cur in
		--lang=*) _notmuch_bounce_offer --lang=de --lang=en --lang=es --lang=fr --lang=it --lang=ja --lang=ko --lang=pt --lang=zh ;;
		--width=*) : ;;
		--format=*) _notmuch_bounce_offer --format=text --format=json --format=html ;;
		--keys=*) : ;;
		--reply=*) : ;;
		--held=*) _notmuch_bounce_offer --held=text --held=neomutt --held=mutt ;;
		-*) _notmuch_bounce_offer --lang= --width= --short --format= --keys= --dsn --reply= --reply --hold --held= --held --help ;;
		*) _notmuch_bounce_tags tag: id: from: to: subject: date: ;;
		esac
		;;
	filter)
		case $cur in
		-*) _notmuch_bounce_offer --help ;;
		esac
		;;
	forget)
		case $cur in
		--lang=*) _notmuch_bounce_offer --lang=de --lang=en --lang=es --lang=fr --lang=it --lang=ja --lang=ko --lang=pt --lang=zh ;;
		-*) _notmuch_bounce_offer --dry-run --lang= --help ;;
		*) _notmuch_bounce_tags tag: id: from: to: subject: date: ;;
		esac
		;;
	handled)
		case $cur in
		--lang=*) _notmuch_bounce_offer --lang=de --lang=en --lang=es --lang=fr --lang=it --lang=ja --lang=ko --lang=pt --lang=zh ;;
		-*) _notmuch_bounce_offer --undo --hold --held --lang= --help ;;
		*) _notmuch_bounce_tags tag: id: from: to: subject: date: ;;
		esac
		;;
	insert)
		case $cur in
		--folder=*) : ;;
		--decrypt=*) _notmuch_bounce_offer --decrypt=true --decrypt=false --decrypt=auto --decrypt=nostash ;;
		[+-]*) _notmuch_bounce_tags "${cur:0:1}" --folder= --create-folder --keep --no-hooks --decrypt= --world-readable --help ;;
		esac
		;;
	report)
		case $cur in
		--since=*) : ;;
		--by=*) : ;;
		--format=*) _notmuch_bounce_offer --format=text --format=html --format=csv --format=json ;;
		--lang=*) _notmuch_bounce_offer --lang=de --lang=en --lang=es --lang=fr --lang=it --lang=ja --lang=ko --lang=pt --lang=zh ;;
		-*) _notmuch_bounce_offer --since= --by= --format= --lang= --help ;;
		*) _notmuch_bounce_tags tag: id: from: to: subject: date: ;;
		esac
		;;
	resend)
		case $cur in
		--draft=*) compopt -o dirnames 2>/dev/null ;;
		--to=*) : ;;
		--reason=*) : ;;
		--skip=*) : ;;
		--suggest=*) _notmuch_bounce_offer --suggest=text --suggest=json ;;
		--charset=*) : ;;
		--split=*) : ;;
		--max-size=*) : ;;
		--lang=*) _notmuch_bounce_offer --lang=de --lang=en --lang=es --lang=fr --lang=it --lang=ja --lang=ko --lang=pt --lang=zh ;;
		-*) _notmuch_bounce_offer --send --draft= --to= --reason= --skip= --suggest= --suggest --all --quote-recipients --note --plain --charset= --no-attachments --zip --split= --max-size= --scan --from-returned --again --anyway --ask --hold --held --lang= --help ;;
		*) _notmuch_bounce_tags tag: id: from: to: subject: date: ;;
		esac
		;;
	rules)
		case $cur in
		-*) _notmuch_bounce_offer --check --reasons --list --help ;;
		*) compopt -o default 2>/dev/null ;;
		esac
		;;
	sample)
		case $cur in
		-*) _notmuch_bounce_offer --help ;;
		esac
		;;
	send)
		case $cur in
		--lang=*) _notmuch_bounce_offer --lang=de --lang=en --lang=es --lang=fr --lang=it --lang=ja --lang=ko --lang=pt --lang=zh ;;
		-*) _notmuch_bounce_offer --warn --lang= --help ;;
		esac
		;;
	setup)
		case $cur in
		--lang=*) _notmuch_bounce_offer --lang=de --lang=en --lang=es --lang=fr --lang=it --lang=ja --lang=ko --lang=pt --lang=zh ;;
		-*) _notmuch_bounce_offer --lang= --help ;;
		*) _notmuch_bounce_offer procmail maildrop fdm sieve hooks post-insert searches neomutt mutt ;;
		esac
		;;
	silent)
		case $cur in
		--after=*) : ;;
		--for=*) : ;;
		--format=*) _notmuch_bounce_offer --format=text --format=json ;;
		--open=*) _notmuch_bounce_offer --open=mutt --open=neomutt ;;
		--lang=*) _notmuch_bounce_offer --lang=de --lang=en --lang=es --lang=fr --lang=it --lang=ja --lang=ko --lang=pt --lang=zh ;;
		-*) _notmuch_bounce_offer --after= --for= --format= --open= --lang= --help ;;
		*) _notmuch_bounce_tags tag: id: from: to: subject: date: ;;
		esac
		;;
	status)
		case $cur in
		--format=*) _notmuch_bounce_offer --format=text --format=json ;;
		--lang=*) _notmuch_bounce_offer --lang=de --lang=en --lang=es --lang=fr --lang=it --lang=ja --lang=ko --lang=pt --lang=zh ;;
		-*) _notmuch_bounce_offer --format= --lang= --all --due --unlinked --hold --help ;;
		*) _notmuch_bounce_tags tag: id: from: to: subject: date: ;;
		esac
		;;
	tag)
		case $cur in
		--remove-tag=*) _notmuch_bounce_tags --remove-tag= ;;
		-*) _notmuch_bounce_offer --all --dry-run --remove-tag= --help ;;
		*) _notmuch_bounce_tags tag: id: from: to: subject: date: ;;
		esac
		;;
	esac
	return 0
}

complete -F _notmuch_bounce notmuch-bounce

# notmuch's own completions know no bounce among its commands.
_notmuch_and_bounce() {
	local cur=${COMP_WORDS[COMP_CWORD]}
	if ! declare -F _notmuch >/dev/null && declare -F _completion_loader >/dev/null; then
		_completion_loader notmuch
		complete -F _notmuch_and_bounce notmuch
	fi
	! declare -F _notmuch >/dev/null || _notmuch "$@"
	[ "$COMP_CWORD" -ne 1 ] || _notmuch_bounce_offer bounce
}
complete -F _notmuch_and_bounce notmuch
