#!/usr/bin/perl
# nasty.pl NAME: a mail made to cost much, on standard output; without a name: their names, and what each is.
use strict;
use warnings;
use MIME::Base64;

my $notice = "From: MAILER-DAEMON\@mx.example.net\nTo: you\@example.org\nSubject: Undelivered Mail Returned to Sender\n"
    . "Message-ID: <nasty\@mx.example.net>\nMIME-Version: 1.0\n";
my $report  = "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n";
my $status  = "\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.net\n\n";
my $failed  = "Final-Recipient: rfc822; bo\@example.net\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 User unknown\n\n--b--\n";
my $qmail   = "From: MAILER-DAEMON\@mx.example.net\nTo: you\@example.org\nSubject: failure notice\nMessage-ID: <nasty\@mx.example.net>\n\n"
    . "Hi. This is the qmail-send program at mx.example.net.\nI'm afraid I wasn't able to deliver your message.\n\n";

# A multipart whose two parts are again such, DEPTH deep: its parts double with each.
sub tree {
    my ($depth, $name) = @_;
    return "Content-Type: text/plain\n\nuser unknown\n" if $depth == 0;
    return "Content-Type: multipart/mixed; boundary=n$name\n\n" . join('', map { "--n$name\n" . tree($depth - 1, "$name$_") } 0, 1) . "--n$name--\n";
}

my @mails = (
    [nesting    => 'MIME parts that double with each of 14 levels', sub { print $notice, $report, tree(14, ''), $status, $failed }],
    [deep       => '50,000 mails in one another', sub { print $notice, "Content-Type: message/rfc822\n\n" x 50_000, "x\n" }],
    [fields     => 'a million header fields', sub { print $notice, "X-Field: value\n" x 1_000_000, "\nuser unknown\n" }],
    [folded     => 'a header field of a million lines', sub { print $notice, "X-Field: value\n", " value\n" x 1_000_000, "\nuser unknown\n" }],
    [recipients => '100,000 recipients', sub {
        print $notice, $report, "\nfailed\n", $status;
        print "Final-Recipient: rfc822; user$_\@example.net\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 User unknown\n\n" for 1 .. 100_000;
        print "--b--\n";
    }],
    [pieces     => 'a recipient, and a million pieces of it between empty lines', sub {
        print $notice, $report, "\nfailed\n", $status, "Final-Recipient: rfc822; bo\@example.net\n\n", "a:\n\n" x 1_000_000;
    }],
    [listed     => '100,000 recipients in the words of qmail', sub { print $qmail; print "<user$_\@example.net>:\nSorry, no mailbox here by that name.\n\n" for 1 .. 100_000 }],
    [line       => 'a line of 100 MB', sub { print $notice, "\n"; print 'x' x 1_000_000 for 1 .. 100; print "\n" }],
    [base64     => 'a notice of 60 MB in base64', sub {
        print $notice, "Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\n";
        my $lines = encode_base64('user unknown ' x 3990);
        print $lines for 1 .. 1200;
    }],
    [within     => 'base64 of base64 of base64', sub {
        my $text = "user unknown\n" x 100_000;
        $text = "Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\n" . encode_base64($text) for 1 .. 3;
        print $notice, $text;
    }],
    [utf7       => 'UTF-7, an escape left open', sub { print $notice, "Content-Type: text/plain; charset=utf-7\n\n+", 'MEIwRA' x 1_000_000 }],
    [jis        => 'ISO-2022-JP, escapes opened and not closed', sub {
        print $notice, "Content-Type: text/plain; charset=iso-2022-jp\n\n", "\e\$B" x 1_000_000, "\n", "\e(J\e\$\@\$\"" x 500_000;
    }],
    [word       => 'a word of 4 MB as the sender', sub { print 'From: ', 'x' x 4_000_000, "\n", $notice, "\nuser unknown\n" }],
    [words      => '200,000 encoded words, cut off', sub { print "Subject: ", '=?iso-2022-jp?b?GyRC ' x 200_000, "\n", $notice, "\nuser unknown\n" }],
    [tags       => 'HTML of a million tags', sub { print $notice, "Content-Type: text/html\n\n", '<div><b><td>' x 333_333, 'user unknown' }],
    [attributes => 'HTML, one tag of 100,000 attributes', sub { print $notice, "Content-Type: text/html\n\n<p", (map { " a$_=1" } 1 .. 100_000), '>user unknown' }],
    [entities   => 'HTML of a million entities', sub { print $notice, "Content-Type: text/html\n\n", '&amp;&#x1f600;&nosuch' x 333_333 }],
    [almost     => 'runs that nearly are phrases with gaps', sub {
        print $notice, "\n", "mailbox for user is over its message recipient address rejected user mailbox is not " x 400, "\n" for 1 .. 100;
    }],
    [addresses  => 'what nearly is an address, over and over', sub { print $qmail, '<' x 500_000, '@' x 500_000, ' <a@' x 500_000, '"' x 500_000 }],
    [boundaries => 'a million lines that nearly are boundaries', sub { print $notice, "Content-Type: multipart/report; boundary=", 'b' x 60, "\n\n", ('--' . 'b' x 59 . "\n") x 1_000_000 }],
);

my $name = shift;
if (!defined $name) {
    print "$_->[0]\t$_->[1]\n" for @mails;
    exit;
}
my ($mail) = grep { $_->[0] eq $name } @mails;
die "nasty.pl: there is no mail \"$name\"\n" unless $mail;
$mail->[2]();
