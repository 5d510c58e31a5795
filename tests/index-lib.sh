# shellcheck shell=sh
# shellcheck disable=SC2154,SC2034 # $scratch and $bounce are lib.sh's, the others are for those who source this
# For the tests of the notmuch index: a database of one's own, mails and bounces to fill it with, and what stands in it.
# Sourced behind lib.sh.
needs notmuch
unset NOTMUCH_DATABASE NOTMUCH_PROFILE MAILDIR
NOTMUCH_CONFIG=$scratch/notmuch-config
export NOTMUCH_CONFIG
mail=$scratch/mail

# new_index: an empty database in $mail, and a configuration for it. The user has the address $you, and another. The first is copied for the others.
you=you@example.org
new_index() {
	rm -rf "$mail"
	cat >"$NOTMUCH_CONFIG" <<END
[database]
path=$mail
[user]
name=You
primary_email=$you
other_email=you@firma.example
[new]
tags=new;unread;inbox
END
	[ ! -d "$scratch/empty-index" ] || {
		cp -R "$scratch/empty-index" "$mail"
		return
	}
	maildir "$mail"
	notmuch new --quiet --no-hooks
	cp -R "$mail" "$scratch/empty-index"
}

# day N [TIME]: the date of that day in March 2026, as a mail has it.
day() {
	printf '%02d Mar 2026 %s +0000' "$1" "${2:-10:00:00}"
}

# letter ID FROM TO DATE [FIELD...]: a mail from one person to another.
letter() {
	printf 'From: %s\nTo: %s\nDate: %s\nSubject: about %s\nMessage-ID: <%s>\n' "$2" "$3" "$4" "${1%%@*}" "$1"
	shift 4
	[ $# -eq 0 ] || printf '%s\n' "$@"
	printf '\nHello.\n'
}

# report ID DATE ORIGINAL GROUP...: a standard report on the mail ORIGINAL, whose header it has. A GROUP is `action|status|diagnostic|address`, and
# may go on with `|original address`. The mail in it: $original_to, $original_subject.
report() {
	printf 'From: MAILER-DAEMON@mx.example.net (Mail Delivery System)\nTo: you@example.org\nDate: %s\n' "$2"
	printf 'Subject: Undelivered Mail Returned to Sender\nMessage-ID: <%s>\nAuto-Submitted: auto-replied\n' "$1"
	printf 'MIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n'
	printf -- '--b\nContent-Type: text/plain\n\nThis is the mail system at host mx.example.net.\n\n'
	printf -- '--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.net\n'
	of=$3
	shift 3
	for group; do
		(
			IFS='|'
			# shellcheck disable=SC2086 # taken apart at its bars
			set -f -- $group
			[ -z "${5:-}" ] || printf '\nOriginal-Recipient: rfc822; %s' "$5"
			printf '\nFinal-Recipient: rfc822; %s\nAction: %s\nStatus: %s\nDiagnostic-Code: smtp; %s\n' "$4" "$1" "$2" "$3"
		)
	done
	printf '\n--b\nContent-Type: %s\n\n' "${original_type:-message/rfc822}"
	printf 'From: You <you@example.org>\nTo: %s\nSubject: %s\n' "${original_to:-them@example.net}" "${original_subject:-about ${of%%@*}}"
	[ -z "$of" ] || printf 'Message-ID: <%s>\n' "$of"
	printf '\nHello.\n\n--b--\n'
}
# notice ID DATE ADDRESS [LINE...]: a report without parts, as qmail writes it, of an address that there is not; and the lines of the mail that
# came back.
notice() {
	printf 'From: MAILER-DAEMON@mx.example.net\nTo: you@example.org\nDate: %s\nSubject: failure notice\nMessage-ID: <%s>\n\n' "$2" "$1"
	printf 'Hi. This is the qmail-send program at mx.example.net.\nI am sorry.\n\n<%s>:\nSorry, no mailbox here by that name. (#5.1.1)\n' "$3"
	shift 3
	[ $# -eq 0 ] || {
		printf '\n--- Below this line is a copy of the message.\n\n'
		printf '%s\n' "$@"
	}
}
gone='failed|5.1.1|550 5.1.1 User unknown'
full='failed|5.2.2|552 5.2.2 Mailbox full'
late='delayed|4.4.1|451 4.4.1 Connection timed out'
arrived='delivered|2.0.0|250 2.0.0 Ok'

# add NAME: the mail on standard input, into the database.
add() {
	cat >"$mail/cur/$1:2,"
	notmuch new --quiet --no-hooks
}

# tags QUERY: all tags of what is found but those of new.tags, in one line.
tags() {
	notmuch search --exclude=false --output=tags -- "$1" | grep -vxE 'new|unread|inbox|attachment' | tr '\n' ' ' | sed 's/ $//'
}

# What a bounce of a mail to nobody has.
gone_tags='bounce bounce/permanent bounce/user-unknown'

# values ID KEY: what this property of a mail is, sorted, joined by `; `.
values() {
	notmuch dump --format=batch-tag --include=properties -- "id:\"$1\"" | perl -e '
		my @found;
		while (<STDIN>) {
			next unless s/^#= \S+ //;
			for (split) {
				my ($key, $value) = split /=/, $_, 2;
				s/%([0-9a-f]{2})/chr hex $1/gie for $key, $value;
				push @found, $value if $key eq $ARGV[0];
			}
		}
		print join "; ", sort @found' "$2"
}

# whole: all that the database says of all mail, to compare.
whole() {
	notmuch dump --format=batch-tag
}

# run_tag ARGUMENT...: what it says is in $said.
run_tag() {
	said=$("$bounce" tag "$@" 2>"$scratch/err")
	code=$?
}

# copies: how many mails the Maildir has.
copies() {
	find "$mail/new" "$mail/cur" -type f | grep -c .
}

# hold_lock SECONDS: another program writes to the database that long. When this returns it has begun.
hold_lock() {
	rm -f "$scratch/held"
	mkfifo "$scratch/held"
	# shellcheck disable=SC2016
	perl -MFcntl=:DEFAULT,:flock,:seek -MConfig -e '
		open my $lock, "+>>", $ARGV[0] or die "$ARGV[0]: $!";
		my $flock = $Config{lseeksize} == 8 ? pack "s! s! x!$Config{alignbytes} q q i x8", F_WRLCK, SEEK_SET, 0, 1, 0
			: pack "s! s! l l i x16", F_WRLCK, SEEK_SET, 0, 1, 0;
		fcntl $lock, F_SETLKW, $flock or die "lock: $!";
		print "held\n";
		close STDOUT;
		sleep $ARGV[1]' "$mail/.notmuch/xapian/flintlock" "$1" >"$scratch/held" &
	holder=$!
	read -r line <"$scratch/held" || line=
	[ "$line" = held ] || note 'the lock was not got'
}
release_lock() {
	kill "$holder" 2>/dev/null
	wait "$holder" 2>/dev/null
}
