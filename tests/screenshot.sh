#!/bin/sh
# screenshot.sh [FILE.png]: makes share/screenshot.png, the picture of the README: neomutt, a bounce, and what ,be says of it, in English and in Japanese.
# Takes neomutt, tmux, chromium, and fonts (DejaVu, Noto CJK).
# shellcheck source=lib.sh
picture=${1:-$(cd "$(dirname "$0")/.." && pwd)/share/screenshot.png}
. "$(dirname "$0")/lib.sh"
needs neomutt chromium
# shellcheck source=index-lib.sh
. ./index-lib.sh
# shellcheck source=plugin-lib.sh
. ./plugin-lib.sh

# mail_back ID DAY NAME ADDRESS SUBJECT CODE TEXT: a mail, and what came back.
mail_back() {
	letter "$1@example.org" 'Hana Sato <you@example.org>' "$3 <$4>" "$(day "$2" 09:00:00)" >"$mail/cur/$1:2,S"
	perl -pi -e 's/^Subject: .*/Subject: '"$5"'/' "$mail/cur/$1:2,S"
	original_to=$4 original_subject=$5
	report "back-$1@mx.example.net" "$(day "$2" 09:01:00)" "$1@example.org" "failed|$6|$7|$4" >"$mail/new/back-$1"
}
new_index
mail_back invoice 2 'Ken Tanaka' tanaka@exmaple.jp 'Invoice 4711' 5.1.1 '550 5.1.1 <tanaka@exmaple.jp>: User unknown'
mail_back photos 3 'Aiko Mori' aiko@carrier.example 'Photos' 5.2.2 '552 5.2.2 Mailbox full'
mail_back news 4 'Li Na' li@shop.example 'March news' 5.7.1 '554 5.7.1 Message rejected as spam'
mail_back order 5 'Marie Dupont' marie@atelier.example 'Your order' 4.4.7 '4.4.7 message expired after 5 days'
letter friend@example.net 'Mika Ono <mika@example.net>' you@example.org "$(day 6)" >"$mail/new/friend"
notmuch new --quiet --no-hooks
"$bounce" tag --all >/dev/null
cat >"$scratch/neomuttrc" <<END
set folder=$mail nm_default_url="notmuch://$mail" index_format="%Z %[%b %d]  %-12.12g %-21.21F  %s" pager_index_lines=6 hidden_tags="bounce,inbox,new,unread" sort=date date_format="%b %d"
set status_format=" Bounces: %m %> " pager_format=" %-40.40s %> " help=no sleep_time=0 tilde=no
color indicator black white
color status brightwhite blue
source $plugin/notmuch-bounce.neomuttrc
color index red default '~Y bounce/user-unknown'
END
terminal resize-window -x 84 -y 25

# shoot LANGUAGE: the screen, with its colours.
shoot() {
	notmuch config set bounce.language "$1"
	start neomutt -n -F "$scratch/neomuttrc" -f 'notmuch://?query=tag:bounce'
	waits '*Bounces: *'
	press 1 Enter ,be
	waits "*$2*"
	terminal capture-pane -peN >"$scratch/$1.screen"
}
shoot en 'Is it real'
shoot ja 本物かどうか

perl -CSD -Mutf8 - "$scratch/en.screen" "$scratch/ja.screen" >"$scratch/page.html" <<'END'
my @palette = qw(#1c1f26 #ff6b68 #7fc97f #f0c674 #6a9fd8 #d58fd8 #5fc9c9 #d8dee9 #6b7280 #ff8a87 #98e098 #ffd98c #8fbdf0 #e8a8ea #80e0e0 #ffffff);
print qq(<!doctype html><meta charset="utf-8"><style>
body { margin: 0; padding: 14px; background: #fff; width: max-content }
pre { margin: 0; padding: 10px 14px; background: $palette[0]; color: $palette[7]; border-radius: 8px; font: 13px/17px "DejaVu Sans Mono", "Noto Sans Mono CJK JP", monospace }
pre + pre { margin-top: 14px }
i { font-style: normal; letter-spacing: calc(2ch - 1em) }
</style>\n);
for my $file (@ARGV) {
	open my $in, '<', $file or die "$file: $!\n";
	my ($fg, $bg, $bold, $reverse) = (7, 0, 0, 0);
	print '<pre>';
	while (my $line = <$in>) {
		chomp $line;
		for my $piece (split /(\e\[[0-9;]*m)/, $line) {
			if ($piece =~ /^\e\[([0-9;]*)m/) {
				for my $code (split /;/, $1 eq '' ? '0' : $1) {
					if ($code == 0) { ($fg, $bg, $bold, $reverse) = (7, 0, 0, 0) }
					elsif ($code == 1) { $bold = 1 }
					elsif ($code == 7) { $reverse = 1 }
					elsif ($code == 27) { $reverse = 0 }
					elsif ($code >= 30 && $code <= 37) { $fg = $code - 30 }
					elsif ($code == 39) { $fg = 7 }
					elsif ($code >= 40 && $code <= 47) { $bg = $code - 40 }
					elsif ($code == 49) { $bg = 0 }
					elsif ($code >= 90 && $code <= 97) { $fg = $code - 82 }
				}
				next;
			}
			next if $piece eq '';
			$piece =~ s/&/&amp;/g;
			$piece =~ s/</&lt;/g;
			$piece =~ s{([\x{2e80}-\x{9fff}\x{ff00}-\x{ff60}]+)}{<i>$1</i>}g;
			my ($front, $back) = map { $palette[$_] } $reverse ? ($bg, $fg) : ($fg, $bg);
			printf '<span style="color:%s;background:%s%s">%s</span>', $front, $back, $bold ? ';font-weight:bold' : '', $piece;
		}
		print "\n";
	}
	print "</pre>\n";
}
END
chromium --headless --no-sandbox --disable-gpu --hide-scrollbars --user-data-dir="$scratch/chromium" --window-size=714,944 --screenshot="$scratch/picture.png" "file://$scratch/page.html" >/dev/null 2>&1
[ -s "$scratch/picture.png" ] || {
	echo "screenshot.sh: chromium made no picture" >&2
	exit 1
}
mv "$scratch/picture.png" "$picture"
