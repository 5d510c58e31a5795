#!/bin/sh
# demo.sh: ordinary mail, sent mail and a dozen real bounces go into a scratch notmuch database, sorted by why they came back.
# Everything lives in a temporary folder and is gone afterwards; your own mail and notmuch database are not touched.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
program=${NOTMUCH_BOUNCE:-$here/../build/notmuch-bounce}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
trap 'exit 130' INT TERM HUP

mkdir -p "$scratch/Maildir/new" "$scratch/Maildir/cur" "$scratch/Maildir/tmp" "$scratch/bounces"
export HOME="$scratch" XDG_CONFIG_HOME="$scratch/.config" NOTMUCH_CONFIG="$scratch/notmuch-config"
unset NOTMUCH_DATABASE NOTMUCH_PROFILE MAILDIR XDG_DATA_HOME
cat > "$NOTMUCH_CONFIG" <<-END
	[database]
	path=$scratch/Maildir
	[user]
	name=Ada
	primary_email=ada@example.org
	[new]
	tags=inbox;unread
END
notmuch new --quiet

say() {
	printf '\n%s%s%s\n' "$bold" "$*" "$plain"
}
bold='' plain=''
if [ -t 1 ] && [ -z "${NO_COLOR:-}" ]; then
	bold=$(printf '\033[1m') plain=$(printf '\033[0m')
fi

# deliver [+TAG|-TAG]...: as a delivery agent does it, with the mail on standard input.
deliver() {
	cat > "$scratch/mail"
	# shellcheck disable=SC2046 # the tags are words
	notmuch insert $("$program" classify --format=tags < "$scratch/mail") "$@" < "$scratch/mail"
}

# mail FROM TO SUBJECT TEXT [+TAG|-TAG]...
mail() {
	number=$((${number:-0} + 1))
	{
		printf 'From: %s\nTo: %s\nSubject: %s\nDate: Mon, 23 Nov 2026 10:%02d:00 +0000\n' "$1" "$2" "$3" "$number"
		printf 'Message-ID: <demo-%s@example.org>\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n%s\n' "$number" "$4"
	} > "$scratch/written"
	shift 4
	deliver "$@" < "$scratch/written"
}

me='Ada <ada@example.org>'
mail 'Bo <bo@example.net>' "$me" 'Lunch on Friday?' 'At one, the usual place.'
mail 'Chi <chi@example.com>' "$me" 'Undelivered mail: what do I do?' 'It came back: "550 5.1.1 User unknown". Help!'
mail 'Postmaster <postmaster@example.org>' "$me" 'Maintenance on Sunday' 'The mail server will be away for an hour.'
mail 'A list <list@lists.example.net>' "$me" '[list] Delivery failures since Tuesday' 'Mailbox full, they say. Only me?'
mail "$me" 'Bo <bo@example.net>' 'Re: Lunch on Friday?' 'Gladly.' +sent -inbox -unread
mail "$me" 'Dai <dai@example.com>' 'The photographs' 'As promised.' +sent -inbox -unread

# A bounce for each of twelve reasons, by different mailers.
turn=0
for reason in user-unknown host-unknown mailbox-full suspended moved filtered spam blocked auth-failure virus too-large network; do
	set -- "$here/bounces/$reason"/*.eml
	shift $((turn * 5 % $#))
	cp "$1" "$scratch/bounces/$reason--$(basename "$1")"
	deliver < "$1"
	turn=$((turn + 1))
done

# Drop thread numbers and counts, put the tags below, and keep to 80 columns.
search() {
	say "\$ notmuch search $*"
	notmuch search --sort=newest-first "$@" | perl -CSDA -ne '
		my ($date, $who, $subject, $tags) = /^thread:\w+ +(.*?) \[[^]]*\] ([^;]*); (.*) \(([^()]*)\)$/ or next;
		my $cut = sub { my ($text, $width) = @_; my ($out, $used) = ("", 0);
			for my $c ($text =~ /\X/g) { my $w = $c =~ /\p{EastAsianWidth: W}|\p{EastAsianWidth: F}/ ? 2 : 1;
				last if $used + $w > $width; $out .= $c; $used += $w }
			$out . " " x ($width - $used) };
		print $cut->($date, 12), " ", $cut->($who, 24), " ", $cut->($subject, 41) =~ s/ +$//r, "\n", " " x 13, "($tags)\n"'
}

total=$(notmuch count '*')
say "$total mails delivered: each through \`notmuch-bounce classify --format=tags | notmuch insert\`"
search not tag:bounce and not tag:sent
search tag:bounce
say "\$ notmuch-bounce classify bounces          Who, why, and whose turn it is"
cd "$scratch"
"$program" classify bounces
set -- bounces/spam--*
say "\$ notmuch-bounce classify --why $1"
"$program" classify --why "$1"
printf '\n%s bounces, %s reasons. The scratch folder is gone now.\n' "$(notmuch count tag:bounce)" \
	"$(notmuch search --output=tags tag:bounce | grep '^bounce/' | grep -cvE '/(permanent|temporary|delayed)$')"
