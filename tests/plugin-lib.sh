# shellcheck shell=sh
# shellcheck disable=SC2154,SC2034 # $scratch, $bounce and $mail are those of lib.sh and index-lib.sh, the others are for those who source this
# For the tests of mail programs: one of them in a terminal of 80x24, its keys, and its screen as text. Sourced behind index-lib.sh.
# The terminal is a tmux server of our own; its socket is in $scratch.
needs tmux
plugin=$(cd ../plugin && pwd)

# Programs call ours by its name.
mkdir "$scratch/bin" "$scratch/run"
ln -s "$bounce" "$scratch/bin/notmuch-bounce"
PATH=$scratch/bin:$PATH
XDG_RUNTIME_DIR=$scratch/run
chmod 700 "$XDG_RUNTIME_DIR"
export PATH XDG_RUNTIME_DIR
unset NOTMUCH_BOUNCE_KEYS COLUMNS LINES EDITOR VISUAL PAGER MAILCAPS MAIL TMUX TMUX_PANE

terminal() {
	LC_ALL=C.UTF-8 TMUX_TMPDIR=$scratch tmux -u -L bounce -f /dev/null "$@"
}
# Ends what is in the terminal; without its terminal alone a newer aerc goes on.
leave_terminal() {
	kill "$(terminal list-panes -F '#{pane_pid}')" 2>/dev/null
}
at_end="$at_end leave_terminal 2>/dev/null; terminal kill-server 2>/dev/null;"
trap 'exit 1' PIPE
terminal new-session -d -x 80 -y 24 'exec sleep 1000' ';' set -g remain-on-exit on ';' set -g status off ||
	skip_all 'tmux does not start'

# needs_mutt: or neomutt.
needs_mutt() {
	has mutt || has neomutt || skip_all 'neither mutt nor neomutt is installed'
}
# configured: what is on standard input, with our macros, as configuration of mutt and of neomutt with notmuch; opened PROGRAM: with it, on all mails.
configured() {
	cat >"$scratch/muttrc"
	{
		cat "$scratch/muttrc"
		printf 'set nm_default_url="notmuch://%s"\nsource %s/notmuch-bounce.neomuttrc\n' "$mail" "$plugin"
	} >"$scratch/neomuttrc"
	printf 'source %s/notmuch-bounce.muttrc\n' "$plugin" >>"$scratch/muttrc"
}
opened() {
	case $1 in
	neomutt) start neomutt -n -F "$scratch/neomuttrc" -f 'notmuch://?query=*' ;;
	*) start mutt -n -F "$scratch/muttrc" -f "$mail" ;;
	esac
}
# awkward: settings that are not the defaults, and that our macros could stumble over.
awkward() {
	printf '%s\n' 'set folder=$HOME sort=date sleep_time=0 wait_key=yes pipe_decode=yes pipe_split=yes auto_tag=yes delete=ask-yes' \
		"set display_filter=\"sed -e 's/^Hello/\\\"\\\$HOME\\\" it''s me/'\""
}
# find_mail PATTERN: the cursor is on it, as mutt's patterns have it.
find_mail() {
	press / "$1" Enter :echo Space . Enter
	until_shown last_line . || disappointed "not at $1:"
}

# start PROGRAM ARGUMENT...: in the terminal; the one before is ended. It is at work when a test sees it.
start() {
	leave_terminal
	terminal respawn-pane -k -c "$scratch" "$@"
}
# press KEY...: Enter, Escape, C-c … as tmux names them, or a text. To tmux a ; at the end of a word would end its command.
press() {
	for key; do
		shift
		case $key in
		Enter | Escape | Space | Down | Up | Tab | End | C-?) set -- "$@" send-keys "$key" ';' ;;
		*';') set -- "$@" send-keys -l "${key%;}\\;" ';' ;;
		*) set -- "$@" send-keys -l "$key" ';' ;;
		esac
	done
	terminal "$@"
}
screen() {
	terminal capture-pane -p
}
last_line() {
	screen | tail -n 1
}
# until_shown COMMAND PATTERN: what the command says of the screen comes to match the pattern within our patience. It is then in $shown.
until_shown() {
	until_true matches "$1" "$2"
}
matches() {
	shown=$($1)
	# shellcheck disable=SC2254 # the pattern is meant to be one
	case $shown in
	$2) ;;
	*) return 1 ;;
	esac
}
# waits PATTERN: for the screen; for what has to come before the next key.
waits() {
	until_shown screen "$1" || disappointed "the screen never matched $1:"
}
# has_colours TEXT CODES: the line with this text begins with these colours and attributes, as SGR numbers.
has_colours() {
	row=$(screen | grep -nF -- "$1" | head -n 1 | cut -d: -f1)
	[ -n "$row" ] && [ "$(terminal capture-pane -pe -S $((row - 1)) -E $((row - 1)) | perl -ne '
		my @codes;
		push @codes, $1 while s/^\e\[([0-9;]*)m//;
		print join ";", grep { !/^(0|39|49|)$/ } map { split /;/ } @codes')" = "$2" ]
}
# disappointed NOTE: what should have been there was not. After the first time we have less patience.
disappointed() {
	note "$1"
	screen | sed 's/^/#   /'
	patience=3
}
# sees DESCRIPTION PATTERN: the screen comes to match it; says: its last line does.
sees() {
	comes "$1" screen "$2"
}
says() {
	comes "$1" last_line "$2"
}
comes() {
	if until_shown "$2" "$3"; then
		pass "$1"
	else
		fail "$1"
		disappointed "never matched $3:"
	fi
}
# sees_not DESCRIPTION PATTERN: it does not match now.
sees_not() {
	unlike "$1" "$(screen)" "$2"
}

# What mutt's pager shows of a text: the lines between its first line and its last two.
paged() {
	screen | sed '1d' | head -n 21 | sed 's/ *$//'
}
# explains DESCRIPTION FILE [OPTION...]: the pager shows the beginning of what the program itself says of the mail, and nothing else.
explains() {
	description=$1
	file=$2
	shift 2
	wanted=$("$bounce" explain --keys=,b --width=80 "$@" <"$file" 2>&1 | head -n 21 | sed 's/ *$//')
	if [ -n "$wanted" ] && until_true is_paged "$wanted"; then
		pass "$description"
	else
		fail "$description"
		note "wanted:"
		note "$wanted"
		disappointed "shown:"
	fi
}
is_paged() {
	[ "$(paged)" = "$1" ]
}

# sums: of all mails, wherever they are in the Maildir. titles_of_mails: how many titles the terminal has from a mail that is hostile.
sums() {
	find "$mail" -type f -path '*/cur/*' -exec cksum {} + | sort
}
titles_of_mails() {
	terminal display-message -p '#{pane_title}' | grep -c PWN
}

# settings [NAME...]: what mutt says of each of its settings that a macro could change, and of these; short ones together. It says so on its last line.
settings() {
	# shellcheck disable=SC2016 # mutt's
	press ':set my_asked="$wait_key $pipe_decode $pipe_split $auto_tag $delete $postpone $recall $editor"' Enter
	for name in my_asked pager display_filter "$@"; do
		press ":set ?$name" Enter
		until_shown last_line "$name*" || note "no answer about $name:" "$shown"
		printf '%s\n' "$shown"
	done
}

# explains_all NAME: the key explains the bounce of each reason. explains_one NAME: of several that are tagged, with $auto_tag, only the one under the
# cursor. Both in an index, and back in it; NAME is where.
explains_all() {
	number=0
	for reason in $reasons; do
		number=$((number + 1))
		press "$number" Enter ,be
		explains "$1: explains $reason" "$mail/cur/$reason:2,S"
		press q
	done
}
explains_one() {
	press 1 Enter t 2 Enter t "$back" Enter ,be
	explains "$1, tagged mails: only the one under the cursor is explained" "$mail/cur/back:2,S"
	press q ';' ,be
	explains "$1, after tag-prefix: the same" "$mail/cur/back:2,S"
	press q
	waits '*Msgs:*'
}

# A bounce of every reason, the first of each in the samples, with dates that put them in this order: $reasons.
# bounce_of REASON: the file. put_bounces COMMAND: each through the command, into the Maildir $mail.
reasons=$(cd bounces && printf '%s\n' *)
bounce_of() {
	for sample in "bounces/$1"/*.eml; do
		printf '%s\n' "$sample"
		return
	done
}
put_bounces() {
	day=0
	for reason in $reasons; do
		day=$((day + 1))
		DATE=$(day $day 08:00:00) perl -0777 -pe 's/\A((?:.+\n)*?)Date:.*\n(?:[ \t].*\n)*/$1/i; s/\A(From .*\n)?/($1 \/\/ "") . "Date: $ENV{DATE}\n"/e' \
			"$(bounce_of "$reason")" | "$@" >"$mail/cur/$reason:2,S"
	done
}
# put_pairs COMMAND: a mail that came back, and its bounce; the same, with all in its id that an id must not do, and escape sequences in its
# bounce; and a letter. Their numbers, in the order of dates: $sent and $back, $hostile_sent and $hostile_back, $friend, which is the last.
put_pairs() {
	hostile='q"'"'"'$(touch${IFS}PWN)`touch${IFS}PWN`;|'
	escape=$(printf '\033')
	letter sent@example.org you@example.org tanaka@exmaple.jp "$(day 29)" | "$@" >"$mail/cur/sent:2,S"
	report back@mx.example.net "$(day 29 11:00:00)" sent@example.org "$gone|tanaka@exmaple.jp" | "$@" >"$mail/cur/back:2,S"
	letter "$hostile@example.org" you@example.org suzuki@example.jp "$(day 30)" | "$@" >"$mail/cur/hostile-sent:2,S"
	original_subject="$escape]2;PWN$(printf '\007')about hostility"
	report "b-$hostile@mx.example.net" "$(day 30 11:00:00)" "$hostile@example.org" \
		"failed|5.1.1|550 5.1.1 ${escape}[2J${escape}]2;PWN User unknown '\$(touch PWN)|suzuki@example.jp" | "$@" >"$mail/cur/hostile-back:2,S"
	original_subject=
	letter friend@example.net friend@example.net you@example.org "$(day 31)" | "$@" >"$mail/cur/letter:2,S"
	sent=$((day + 1)) back=$((day + 2)) hostile_sent=$((day + 3)) hostile_back=$((day + 4)) friend=$((day + 5))
}
