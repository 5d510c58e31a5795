#!/bin/sh
# bench-nasty.sh: what mails cost that are made to cost much (nasty.pl): seconds and memory of each command, start to exit, the median of three runs. Beside them
# what the same bytes cost on their way through cat, so that the numbers mean something on any machine: no mail may cost much more than being carried.
set -eu
export LC_ALL=C.UTF-8
here=$(cd "$(dirname "$0")" && pwd)
program=${NOTMUCH_BOUNCE:?} build=${BUILD:?}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
trap 'exit 1' HUP INT TERM
export HOME="$scratch"
unset NOTMUCH_PROFILE NOTMUCH_DATABASE MAILDIR XDG_CONFIG_HOME XDG_DATA_HOME
export NOTMUCH_CONFIG="$scratch/notmuch-config"
mkdir -p "$scratch/mail/new" "$scratch/mail/cur" "$scratch/mail/tmp"
printf '[database]\npath=%s\n[user]\nprimary_email=you@example.org\n' "$scratch/mail" >"$NOTMUCH_CONFIG"
has_index=
if command -v notmuch >/dev/null; then
	notmuch new --quiet --no-hooks
	has_index=1
fi

# cost COMMAND...: a cell of the table, and the worst figures are kept.
cost() {
	measured=$("$build/bench-run" 3 "$scratch/in" "$@")
	printf ' %9.0f %5.0f' "$(awk "BEGIN { print ${measured% *} * 1000 }")" "$(awk "BEGIN { print ${measured#* } / 1024 }")"
	echo "$measured" >>"$scratch/all"
}

printf '\nNasty mails: milliseconds and MiB of each command, beside cat:\n'
printf '%-45s %6s %15s %15s %15s %15s %15s\n' '' MB cat filter classify explain insert
perl "$here/nasty.pl" | while IFS="$(printf '\t')" read -r name what; do
	perl "$here/nasty.pl" "$name" >"$scratch/in"
	printf '%-45s %6.1f' "$what" "$(awk "BEGIN { print $(wc -c <"$scratch/in") / 1e6 }")"
	cost cat
	: >"$scratch/all"
	cost "$program" filter
	cost "$program" classify -
	cost "$program" explain -
	# What notmuch makes of a mail of 100 MB is its own affair.
	if [ -n "$has_index" ] && [ "$(wc -c <"$scratch/in")" -lt 20000000 ]; then
		cost "$program" insert
	else
		printf ' %15s' -
	fi
	printf '\n'
	cat "$scratch/all" >>"$scratch/everything"
done
sort -n "$scratch/everything" | tail -n 1 | awk '{ printf "Worst: %.2f s", $1 }'
sort -k2,2n "$scratch/everything" | tail -n 1 | awk '{ printf ", %.0f MiB\n", $2 / 1024 }'
