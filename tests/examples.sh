#!/bin/sh
# The samples of which explain.t and `make texts` show the explanations: the first of each reason, and the other kinds of mail.
cd "$(dirname "$0")" || exit 1
for reason in bounces/*/; do
	find "${reason%/}" -name '*.eml' | LC_ALL=C sort | head -1
done
printf 'not-bounces/%s.eml\n' plain-letter arf-abuse dovecot-vacation mdn-displayed postfix-delivered
