#!/bin/sh
# The MIME tree, beside those who read MIME and know nothing of the program: what mime-mails.pl built, mime.pl, and Python's email package. The same tree, or it is called unclear, and then
# no repair touches the mail. MIME_MAILS=FOLDER has more mails read.
#
# Where Python reads another tree, and ours is not unclear: boundaries in comments, with quoted pairs, in the pieces of RFC 2231, which it does not know (FOLDER/odd).
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
mime=$(dirname "$bounce")/mime

# -- mails built at random
mkdir "$scratch/built" "$scratch/changed"
perl mime-mails.pl "$scratch/built" 500 >"$scratch/wanted"
find "$scratch/built" -name '[0-9]*' | sort >"$scratch/built.list"
# The trees of the files on standard input; what a message holds is not in the others.
trees() {
	xargs "$mime" | sed 's/^\([0-9.]* message\/[^ ]*\) .*/\1/'
}
# sorted FILE: the trees in it in the order of their names.
sorted() {
	perl -e 'local $/; my %tree = map { /^(\S+)/ ? ($1 => $_) : () } split /^== /m, <>; print map { "== $tree{$_}" } sort keys %tree' "$1"
}
trees <"$scratch/built.list" >"$scratch/got"
sorted "$scratch/wanted" >"$scratch/wanted.sorted"
same '500 mails built at random, in all spellings: the tree they were built as, none unclear' "$scratch/got" "$scratch/wanted.sorted"
is 'they have many parts' "$(awk '!/^==/ { n++ } END { print (n > 5000) }' "$scratch/got")" 1

# -- a second reader in Perl
grep -vxFf "$scratch/built/odd" <<END >"$scratch/plain.numbers"
$(seq 60)
END
while read -r number; do
	echo "== $scratch/built/$number"
	perl mime.pl "$scratch/built/$number" | cut -d' ' -f1,2
done <"$scratch/plain.numbers" >"$scratch/perl"
sed "s,^,$scratch/built/," "$scratch/plain.numbers" | xargs "$mime" | sed '/^==/!s/^\([^ ]* [^ ]*\) .*/\1/' >"$scratch/ours"
same 'mime.pl: the same parts' "$scratch/ours" "$scratch/perl"

# -- Python, on these, on our samples, and on samples that were changed at random
find bounces not-bounces ${MIME_MAILS:+"$MIME_MAILS"} -type f -name '*.eml' | LC_ALL=C sort >"$scratch/samples"
xargs perl mime-mails.pl "$scratch/changed" <"$scratch/samples"
find "$scratch/changed" -type f >"$scratch/changed.list"
grep -vxFf "$scratch/built/odd" <<END | sed "s,^,$scratch/built/," >"$scratch/plain.list"
$(seq 500)
END
# differ OURS PYTHON: the mails in which both see other parts though ours is not unclear.
differ() {
	perl -e 'my (@trees, $name);
		for my $i (0, 1) {
			open my $in, "<", $ARGV[$i] or die;
			while (<$in>) { chomp; if (/^== (.*?)( \?)?$/) { $name = $1; $trees[$i]{$name} = []; $unclear{$name} = 1 if $2 } else { push @{$trees[$i]{$name}}, $_ } }
		}
		MAIL: for $name (sort keys %{$trees[1]}) {
			next if $unclear{$name};
			my @ours = @{$trees[0]{$name}};
			my @others = @{$trees[1]{$name}};
			my $same = @ours == @others;
			for (0 .. $#ours) { $same &&= $others[$_] =~ /^(.*) -$/ ? index("$ours[$_] ", "$1 ") == 0 : $ours[$_] eq $others[$_] }
			print "$name\n" unless $same;
		}' "$1" "$2"
}
if python3 -c 'import email' 2>/dev/null; then
	for what in plain samples changed; do
		list=$scratch/$what
		[ "$what" = samples ] || list=$scratch/$what.list
		xargs "$mime" <"$list" >"$scratch/ours"
		xargs python3 -W ignore mime.py <"$list" >"$scratch/python"
		is "Python: the same parts, or unclear: $what" "$(differ "$scratch/ours" "$scratch/python")" ''
		is "  all were read: $what" "$(grep -c '^==' "$scratch/ours") $(grep -c '^==' "$scratch/python")" "$(wc -l <"$list" | tr -d ' ') $(wc -l <"$list" | tr -d ' ')"
		[ "$what" = changed ] || ok "  few are unclear: $what" awk '/^==/ { n++; unclear += / \?$/ } END { exit !(n > 50 && unclear < n / 20) }' "$scratch/ours"
	done
else
	skip "no python3 with email"
fi

# -- drafts of all these: what a repair leaves alone is there byte for byte
cat "$scratch/built.list" "$scratch/samples" "$scratch/changed.list" | xargs "$mime" --drafts >"$scratch/drafts"
is 'no repair, --no-attachments, --plain, --zip, --split: what stays is there byte for byte' "$(grep -v '^drafts: ' "$scratch/drafts")" ''
ok 'there were drafts' awk '/^drafts: / { n += $2 } END { exit !(n > 3000) }' "$scratch/drafts"

# -- what an attacker writes takes no time and no memory
boundaries() {
	printf 'From: MAILER-DAEMON@example.net\nSubject: Undelivered Mail\nContent-Type: multipart/mixed; boundary=b\n\n'
	perl -e 'print "--b\n\n" x 800000'
}
boundaries >"$scratch/many"
if grep -q __asan_init "$bounce"; then
	skip '4 MB of boundaries: less than 32 MiB' 'a sanitizer has its own ideas of memory'
else
	ok '4 MB of boundaries: less than 32 MiB' sh -c 'ulimit -d 32768; exec "$1" classify "$2" >"$3"' sh "$bounce" "$scratch/many" "$scratch/out"
fi
ok '  and a second of processor time' perl -e 'system @ARGV; exit((times)[2] + (times)[3] > 1)' "$bounce" classify "$scratch/many"

done_testing
