#!/bin/sh
# diagnostics.txt is a table `diagnostic ==> reason`: the program agrees with every line.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

mkdir "$scratch/mail"
# Each line of the table as a small DSN that says nothing else, in a file named for the line.
awk -v directory="$scratch/mail" '
	/^#/ || NF == 0 { next }
	$1 == "remote" && NF == 2 { remote = $2; next }
	{
		at = index($0, " ==> ")
		diagnostic = substr($0, 1, at - 1)
		file = sprintf("%s/%04d.eml", directory, NR)
		class = diagnostic ~ /^4/ ? "4" : "5"
		print "From: Mail Delivery System <MAILER-DAEMON@relay.example.com>\nTo: hana@shop.example.com\n" \
			"Subject: Undelivered Mail Returned to Sender\nMessage-ID: <" NR "@relay.example.com>\n" \
			"MIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary=\"b\"\n\n" \
			"--b\nContent-Type: text/plain; charset=utf-8\n\nYour message could not be sent.\n\n" \
			"--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; relay.example.com\n\n" \
			"Final-Recipient: rfc822; x@y.example\nAction: failed\nStatus: " class ".0.0" >file
		if (remote != "" && remote != "-")
			print "Remote-MTA: dns; " remote >file
		print "Diagnostic-Code: smtp; " diagnostic "\n\n--b--" >file
		close(file)
	}' diagnostics.txt

"$bounce" classify --format=json "$scratch/mail" >"$scratch/json"
perl rows.pl <"$scratch/json" | sed 's,.*/\([0-9]*\)\.eml,\1,' | cut -f1,4 | sort >"$scratch/got"

tab=$(printf '\t')
awk '/ ==> / && !/^#/ {
	at = index($0, " ==> ")
	printf "%04d\t%s\t%s\n", NR, substr($0, at + 5), substr($0, 1, at - 1) }' diagnostics.txt >"$scratch/wanted"
ok 'the table has at least 250 lines' test "$(wc -l <"$scratch/wanted")" -ge 250
is 'classify answers once for each' "$(wc -l <"$scratch/got")" "$(wc -l <"$scratch/wanted")"

while IFS=$tab read -r line reason diagnostic; do
	got=$(grep "^$line$tab" "$scratch/got")
	is "$diagnostic" "${got#*"$tab"}" "$reason"
done <"$scratch/wanted"

done_testing
