#!/bin/sh
# The line that says on a terminal how far `tag` is.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=index-lib.sh
. ./index-lib.sh
needs_terminal

# on_terminal COMMAND: in a terminal of its own; what came there is in $scratch/came.
on_terminal() {
	script -qec "$1" /dev/null </dev/null 2>/dev/null >"$scratch/came"
}
# screen: what stands there in the end.
screen() {
	perl -e '
		while (my $line = <STDIN>) {
			my @cells;
			my $column = 0;
			for (split //, $line) {
				if ($_ eq "\r") { $column = 0 } elsif ($_ ne "\n") { $cells[$column++] = $_ }
			}
			my $text = join "", map { $_ // " " } @cells;
			$text =~ s/ +$//;
			print "$text\n" if $text ne "" || $line =~ /\n/;
		}' <"$scratch/came"
}

new_index
n=0
while [ "$n" -lt 250 ]; do
	letter "m$n@example.net" 'Bo <bo@example.net>' you@example.org "$(day 1)" >"$mail/cur/$n:2,"
	n=$((n + 1))
done
add bounce <bounces/user-unknown/postfix-local.eml
cp -R "$mail/.notmuch" "$scratch/fresh"
on_terminal "'$bounce' tag --all --remove-tag=new"
like 'count and rate' "$(tr '\r' '\n' <"$scratch/came")" '*200 of 25[0-9] mails, [1-9]*/s*'
is 'in the end only the outcome stands there' "$(screen)" 'New bounces: 1, tags changed: 0, linked to your messages: 0'
on_terminal "'$bounce' tag --all"
is 'nothing to do: nothing stands there, not even an empty line' "$(wc -c <"$scratch/came" | tr -d ' ')" 0

rm -rf "$mail/.notmuch"
cp -R "$scratch/fresh" "$mail/.notmuch"
on_terminal "'$bounce' tag --all --remove-tag=new 2>'$scratch/err'"
is 'stderr is no terminal: nothing is shown' "$(cat "$scratch/err")" ''
is 'stderr is no terminal: the outcome is' "$(screen)" 'New bounces: 1, tags changed: 0, linked to your messages: 0'
done_testing
