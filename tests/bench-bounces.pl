#!/usr/bin/perl
# bench-bounces.pl FOLDER COUNT: bounces as Postfix writes them, of many addresses, servers and reasons. The same arguments make the same bytes.
use strict;
use warnings;

my ($folder, $count) = @ARGV;
die "usage: bench-bounces.pl FOLDER COUNT\n" unless defined $count;
my @replies = ('550 5.1.1 <%s>: Recipient address rejected: User unknown in local recipient table', '552 5.2.2 mailbox full',
	'554 5.7.1 Service unavailable; Client host [192.0.2.10] blocked using zen.spamhaus.org', '550 5.7.1 Message rejected as spam',
	'550 5.7.26 Unauthenticated email is not accepted due to the domain\'s DMARC policy', '451 4.7.1 Greylisted, try again later');
for my $n (1 .. $count) {
	my $host = sprintf 'd%d.example', $n * 7919 % 997;
	my $address = sprintf 'user%d@%s', $n % 50021, $host;
	(my $words = $replies[$n * 31 % 97 % @replies]) =~ s{%s}{$address};
	my $status = $words =~ /(\d\.\d\.\d+)/ ? $1 : '5.0.0';
	my $day = 1 + $n % 28;
	open my $mail, '>', "$folder/$n.eml" or die "$folder/$n.eml: $!\n";
	print $mail <<"END" or die;
Return-Path: <>
From: MAILER-DAEMON\@mail.example.org (Mail Delivery System)
To: you\@example.org
Date: $day Nov 2026 12:00:00 +0000
Message-ID: <bounce$n\@mail.example.org>
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="B"

--B
Content-Description: Notification

This is the mail system at host mail.example.org.

<$address>: host mx.$host said: $words (in reply to RCPT TO command)

--B
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example.org

Final-Recipient: rfc822; $address
Action: failed
Status: $status
Remote-MTA: dns; mx.$host
Diagnostic-Code: smtp; $words

--B
Content-Type: text/rfc822-headers

From: You <you\@example.org>
To: $address
Subject: Offer $n
Message-ID: <sent$n\@example.org>

--B--
END
	close $mail or die;
}
