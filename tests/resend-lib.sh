# shellcheck shell=sh
# shellcheck disable=SC2154,SC2034 # what lib.sh and index-lib.sh have, and what is for those who source this
# For the tests of resend: mails to send again, and what is in a draft. Sourced behind lib.sh and index-lib.sh.

# sent ID TO [FIELD...]: the body on standard input, as a mail that the user sent on 1 March, into the database. Its subject: $subject.
sent() {
	id=$1
	to=$2
	shift 2
	{
		printf 'From: You <you@example.org>\nTo: %s\nDate: %s\nSubject: %s\nMessage-ID: <%s>\n' "$to" "$(day 1)" "${subject:-about ${id%%@*}}" "$id"
		[ $# -eq 0 ] || printf '%s\n' "$@"
		printf '\n'
		cat
	} >"$scratch/$id"
	add "$id" <"$scratch/$id"
}

# bounced ID GROUP...: a bounce of the mail ID, b.ID, in the database and sorted.
bounced() {
	of=$1
	shift
	report "b.$of" "$(day 2)" "$of" "$@" >"$scratch/b.$of"
	add "b.$of" <"$scratch/b.$of"
	run_tag
}

# resend ARGUMENT...: the draft is in $scratch/draft, what is said in $said.
resend() {
	"$bounce" resend "$@" >"$scratch/draft" 2>"$scratch/err"
	code=$?
	said=$(cat "$scratch/err")
}

# refuses DESCRIPTION PATTERN ARGUMENT...: nothing is made, exit status 77, and the reason is said.
refuses() {
	description=$1
	pattern=$2
	shift 2
	resend "$@"
	is "$description: nothing is made" "$code $(wc -c <"$scratch/draft" | tr -d ' ')" '77 0'
	like "$description: says why" "$said" "$pattern"
}

# header FILE / body FILE: what stands before and behind the first empty line.
header() {
	perl -0777 -ne 's/\r?\n\r?\n.*//s; print "$_\n"' "$1"
}
body() {
	perl -0777 -ne 's/^.*?\r?\n\r?\n//s; print' "$1"
}

# field NAME FILE: all fields of that name, byte for byte.
field() {
	header "$2" | perl -0777 -ne 'print "$1" while /^('"$1"':.*\n(?:[ \t].*\n)*)/gim'
}

# mime FILE [WHAT]: its MIME tree, a line a part; see mime.pl.
mime() {
	perl mime.pl "$@"
}
