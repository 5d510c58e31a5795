#!/bin/sh
# Every sample mail is what expected.tsv says it is; bounces/<reason>/<mailer>-<what>.eml, not-bounces/<what>.eml.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

# Reasons that everybody meets: they must be known from at least three mailers.
common='user-unknown mailbox-full host-unknown blocked spam expired network system suspended auth-failure sender-rejected content
policy too-large'

rows() {
	grep -v '^#' expected.tsv
}

find bounces not-bounces -name '*.eml' | sort >"$scratch/files"
rows | cut -f1 | sort >"$scratch/expected-files"
same 'expected.tsv has a row for each sample, and only for samples' "$scratch/expected-files" "$scratch/files"

for reason in $("$bounce" rules --reasons | cut -d' ' -f1); do
	mailers=$(find "bounces/$reason" -name '*.eml' 2>/dev/null | sed 's,.*/,,' | cut -d- -f1 | sort -u | wc -l)
	case " $(echo "$common" | tr '\n' ' ') " in
	*" $reason "*) ok "$reason is known from three mailers" test "${mailers:-0}" -ge 3 ;;
	*) ok "$reason has a sample" test "${mailers:-0}" -ge 1 ;;
	esac
done

is 'samples lie in the directory of their first reason' "$(rows | awk -F'\t' '
	$1 ~ /^bounces/ { split($1, path, "/"); if (index(";" $4 ";", ";" path[2] ";") == 0) print $1 }')" ''
is 'delays are named so' "$(rows | awk -F'\t' '($2 == "delayed") != ($1 ~ /-delayed\.eml$/) { print $1 }')" ''

"$bounce" classify --format=json bounces not-bounces >"$scratch/json" 2>"$scratch/err"
is 'classify has no complaint about them' "$?$(cat "$scratch/err")" 0
perl rows.pl <"$scratch/json" | sort >"$scratch/rows"
is 'classify answers once for each' "$(wc -l <"$scratch/rows")" "$(wc -l <"$scratch/files")"

tab=$(printf '\t')
rows >"$scratch/wanted"
while IFS= read -r wanted; do
	file=${wanted%%"$tab"*}
	is "$file" "$(grep -F "$file$tab" "$scratch/rows")" "$wanted"
done <"$scratch/wanted"

done_testing
