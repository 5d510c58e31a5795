#!/usr/bin/perl
# bench-mails.pl FOLDER MAILS BOUNCES [SERIES]: mails of a made-up person, you@example.org, in the Maildirs FOLDER/inbox, sent and lists.
#
# Letters, threads, mailing lists, newsletters, attachments, mails that only look like bounces, a quarter sent by that person, and evenly
# among them BOUNCES bounces, each about another of the sent mails: as Postfix, qmail and Exim write them, some only of a delay.
# The same arguments make the same bytes. Another SERIES makes other mails with other ids.
use strict;
use warnings;

my ($folder, $mails, $bounces, $series) = @ARGV;
die "usage: bench-mails.pl FOLDER MAILS BOUNCES [SERIES]\n" unless defined $bounces && $mails > 0;
$series //= 0;
srand(20240229 + $series);

my $you   = 'Yoko Example <you@example.org>';
my $start = 1_640_995_200 + $series;      # 2022, and two years from there; the seconds keep the series apart
my $step  = 2 * 365 * 86400 / $mails;
my @days   = qw(Sun Mon Tue Wed Thu Fri Sat);
my @months = qw(Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec);

sub pick { $_[int rand @_] }

sub date {
    my @t = gmtime shift;
    return sprintf '%s, %02d %s %d %02d:%02d:%02d +0000', $days[$t[6]], $t[3], $months[$t[4]], 1900 + $t[5], @t[2, 1, 0];
}

# 6,000 words, the first ones much more often than the last, as in a language.
my @syllables = map { my $c = $_; map { $c . $_ } qw(a e i o u an er in on) } qw(b d f g k l m n p r s t v st tr ch);
my @words = (qw(the of and to in that is for it was you on with as be at this have from by not are we can will mail sent back server list
    address today meeting report please thanks),
    map { join '', map { pick(@syllables) } 0 .. 1 + int rand 3 } 1 .. 6000);
sub word { $words[int(@words * rand() ** 4)] }
sub words { join ' ', map { word() } 1 .. shift }

sub text {
    my $paragraphs = 1 + int rand shift;
    my $text = '';
    for (1 .. $paragraphs) {
        for (1 .. 1 + int rand 6) {
            $text .= ucfirst(words(8 + int rand 6)) . "\n";
        }
        $text .= "\n";
    }
    return $text;
}

sub quoted { my $text = shift; $text =~ s/^/> /mg; return $text }

my @first = qw(Anna Boris Chiyo Dmitri Emma Farid Greta Hanako Ivan Jun Karin Luis Mei Nadia Olaf Petra Quentin Rosa Sven Taro);
my @hosts = qw(example.com example.net example.jp partner.example firma.example kaisha.example school.example club.test mail.test);
my @people = map { my $f = pick(@first); ["$f \u$words[100 + $_]", lc($f) . ".$words[100 + $_]\@" . pick(@hosts)] } 1 .. 600;
my @lists = map { "$_.lists.example.net" } qw(devel users announce garden choir astronomy);

sub shown { my $p = shift; return "$p->[0] <$p->[1]>" }

my $number = 0;
sub new_id { my ($time, $host) = @_; return sprintf '%d.%d.%d.%s@%s', $time, $series, ++$number, pick(@syllables), $host }

sub received {
    my ($time, $host) = @_;
    my $all = '';
    for my $hop (0 .. int rand 3) {
        $all .= sprintf "Received: from mx%d.%s (mx%d.%s [192.0.2.%d])\n\tby mx.example.org (Postfix) with ESMTPS id %08X\n"
            . "\tfor <you\@example.org>; %s\n", $hop, $host, $hop, $host, 1 + int rand 250, int rand 2 ** 32, date($time + 3 - $hop);
    }
    return $all;
}

my %made;
sub store {
    my ($where, $time, $mail) = @_;
    if (!$made{$where}++) {
        for my $path ($folder, "$folder/$where", map { "$folder/$where/$_" } qw(cur new tmp)) {
            mkdir $path or $!{EEXIST} or die "$path: $!\n";
        }
    }
    my $path = sprintf '%s/%s/cur/%d.%d_%06d.mx:2,', $folder, $where, $time, $series, ++$made{file};
    open my $file, '>', $path or die "$path: $!\n";
    print $file $mail or die "$path: $!\n";
    close $file or die "$path: $!\n";
}

sub base64_of_noise {
    my $lines = 10 + int rand shift;
    my @alphabet = ('A' .. 'Z', 'a' .. 'z', 0 .. 9, '+', '/');
    my $line = join '', map { pick(@alphabet) } 1 .. 76;
    return join '', map { substr($line, $_ % 70) . substr($line, 0, $_ % 70) . "\n" } 1 .. $lines;
}

# The header's last lines and the body: mostly plain, one in five with HTML beside it, one in twelve with an attachment,
# one in ten quoted-printable.
sub body {
    my $text = shift;
    my $kind = rand;
    my $mime = "MIME-Version: 1.0\n";
    if ($kind < 0.2) {
        my $html = $text =~ s/\n\n/<\/p>\n<p>/gr;
        return $mime . "Content-Type: multipart/alternative; boundary=\"=_alt\"\n\n"
            . "--=_alt\nContent-Type: text/plain; charset=utf-8\n\n$text"
            . "--=_alt\nContent-Type: text/html; charset=utf-8\n\n"
            . "<html><body style=\"font-family: sans-serif\"><p>$html</p></body></html>\n--=_alt--\n";
    }
    if ($kind < 0.28) {
        return $mime . "Content-Type: multipart/mixed; boundary=\"=_mix\"\n\n"
            . "--=_mix\nContent-Type: text/plain; charset=utf-8\n\n$text"
            . "--=_mix\nContent-Type: application/pdf; name=\"" . word() . ".pdf\"\nContent-Transfer-Encoding: base64\n"
            . "Content-Disposition: attachment\n\n" . base64_of_noise(300) . "--=_mix--\n";
    }
    if ($kind < 0.38) {
        $text =~ s/a([nr])/=C3=A4$1/g;
        return $mime . "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n$text";
    }
    return $mime . "Content-Type: text/plain; charset=us-ascii\n\n$text";
}

# What could be answered: [id, subject, from, text].
my @threads;
sub remember { push @threads, [@_]; shift @threads if @threads > 200 }

sub thread_fields {
    return (ucfirst words(2 + int rand 5), '', text(5)) if !@threads || rand() < 0.4;
    my ($id, $subject, $from, $text) = @{pick(@threads)};
    my $head = substr $text, 0, 600;
    return ('Re: ' . $subject =~ s/^Re: //r, "In-Reply-To: <$id>\nReferences: <$id>\n", "$from wrote:\n" . quoted($head) . "\n" . text(3));
}

my @unbounced;
sub send_mail {
    my $time = shift;
    my @to = map { pick(@people) } 0 .. (rand() < 0.15 ? int rand 4 : 0);
    my $id = new_id($time, 'example.org');
    my ($subject, $fields, $text) = thread_fields();
    my $head = "From: $you\nTo: " . join(",\n\t", map { shown($_) } @to) . "\nSubject: $subject\nDate: " . date($time)
        . "\nMessage-ID: <$id>\n${fields}User-Agent: NeoMutt/20220429\n";
    my $mail = $head . body($text);
    store('sent', $time, $mail);
    remember($id, $subject, $you, $text);
    push @unbounced, { time => $time, id => $id, to => \@to, mail => $mail, head => $head };
    shift @unbounced if @unbounced > 40;
}

sub letter {
    my $time = shift;
    my $person = pick(@people);
    my ($host) = $person->[1] =~ /@(.*)/;
    my $id = new_id($time, $host);
    my ($subject, $fields, $text) = thread_fields();
    store('inbox', $time, received($time, $host) . 'From: ' . shown($person) . "\nTo: $you\nSubject: $subject\nDate: " . date($time)
        . "\nMessage-ID: <$id>\n$fields" . body($text));
    remember($id, $subject, shown($person), $text);
}

sub list_mail {
    my $time = shift;
    my $person = pick(@people);
    my $list = pick(@lists);
    my ($name, $host) = $list =~ /^(\w+)\.(.*)/;
    my $id = new_id($time, 'example.net');
    my ($subject, $fields, $text) = thread_fields();
    $subject = "[$name] $subject" if $subject !~ /\[/;
    store('lists', $time, "Return-Path: <$name-bounces\@$host>\n" . received($time, $host) . 'From: ' . shown($person)
        . "\nTo: $name\@$host\nSubject: $subject\nDate: " . date($time) . "\nMessage-ID: <$id>\n${fields}List-Id: <$list>\n"
        . "List-Unsubscribe: <mailto:$name-request\@$host>\nPrecedence: list\nSender: $name-bounces\@$host\n" . body($text));
    remember($id, $subject, shown($person), $text);
}

# No bounce, but it has to be looked at: machines, words in the subject, bounces told of by people.
sub lookalike {
    my $time = shift;
    my $id = new_id($time, 'example.com');
    my ($from, $to, $subject, $more) = @{pick(
        ['noreply@news.example', 'you@example.org', 'Your weekly digest', "Auto-Submitted: auto-generated\n"],
        ['postmaster@example.org', 'you@example.org', 'Maintenance of the mail server', ''],
        [shown(pick(@people)), 'you@example.org', 'Fwd: Undelivered Mail Returned to Sender', ''],
        [shown(pick(@people)), 'you@example.org', 'Out of office', "Auto-Submitted: auto-replied\nPrecedence: bulk\n"],
        [shown(pick(@people)), 'you@example.org', 'failure notice, what is it?', ''])};
    store('inbox', $time, received($time, 'example.com') . "From: $from\nTo: $to\nSubject: $subject\nDate: " . date($time)
        . "\nMessage-ID: <$id>\n$more" . body(text(4)));
}

# [status, what the server said]
my @said = (
    ['5.1.1', '550 5.1.1 <%s>: Recipient address rejected: User unknown in virtual mailbox table'],
    ['5.1.1', '550 5.1.1 The email account that you tried to reach does not exist'],
    ['5.2.2', '552 5.2.2 <%s>: Mailbox is full / Quota exceeded'],
    ['5.7.1', '554 5.7.1 Message rejected as spam by content filtering'],
    ['5.7.1', '550 5.7.1 Client host [192.0.2.25] blocked using a block list'],
    ['5.3.4', '552 5.3.4 Message size exceeds fixed limit'],
    ['5.7.1', '550 5.7.1 <%s>: Relay access denied'],
    ['5.0.0', '550 account disabled'],
);

sub postfix {
    my ($time, $original, $to, $delayed, $headers_only) = @_;
    my ($host) = $to =~ /@(.*)/;
    my ($status, $said) = @{pick(@said)};
    $said = sprintf $said, $to if $said =~ /%s/;
    ($status, $said) = ('4.4.1', "connect to mx.$host\[192.0.2.77]:25: Connection timed out") if $delayed;
    my $remote = $delayed ? '' : "Remote-MTA: dns; mx.$host\nDiagnostic-Code: smtp; $said\n";
    $remote = "Diagnostic-Code: X-Postfix; $said\n" if $delayed;
    my $told = $delayed ? "<$to>: $said" : "<$to>: host mx.$host\[192.0.2.77] said:\n    $said (in reply to RCPT TO command)";
    my $rule = '#' x 68;
    my ($subject, $apology) = $delayed
        ? ('Delayed Mail (still being retried)',
            "$rule\n# THIS IS A WARNING ONLY.  YOU DO NOT NEED TO RESEND YOUR MESSAGE. #\n$rule\n\n"
            . "Your message could not be delivered for more than 4 hour(s).\nIt will be retried until it is 5 day(s) old.")
        : ('Undelivered Mail Returned to Sender',
            "I'm sorry to have to inform you that your message could not\nbe delivered to one or more recipients. It's attached below.");
    my $b = sprintf '%08X.%d/mx.example.org', int rand 2 ** 32, $time;
    my $returned = $headers_only
        ? "Content-Type: text/rfc822-headers\n\n$original->{head}"
        : "Content-Type: message/rfc822\n\n$original->{mail}";
    my $action = $delayed ? 'delayed' : 'failed';
    my $until = $delayed ? 'Will-Retry-Until: ' . date($time + 5 * 86400) . "\n" : '';
    return <<"END";
Return-Path: <>
From: MAILER-DAEMON\@mx.example.org (Mail Delivery System)
To: you\@example.org
Subject: $subject
Date: @{[date($time)]}
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
	boundary="$b"
Message-ID: <@{[new_id($time, 'mx.example.org')]}>

This is a MIME-encapsulated message.

--$b
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

This is the mail system at host mx.example.org.

$apology

                   The mail system

$told

--$b
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org
X-Postfix-Sender: rfc822; you\@example.org
Arrival-Date: @{[date($original->{time})]}

Final-Recipient: rfc822; $to
Original-Recipient: rfc822;$to
Action: $action
Status: $status
$remote$until
--$b
Content-Description: Undelivered Message
$returned

--$b--
END
}

sub qmail {
    my ($time, $original, $to) = @_;
    my ($status, $said) = @{pick(@said)};
    $said = sprintf $said, $to if $said =~ /%s/;
    return <<"END";
Return-Path: <>
Received: (qmail 4242 invoked for bounce); @{[date($time)]}
Date: @{[date($time)]}
From: MAILER-DAEMON\@mx.example.com
To: you\@example.org
Subject: failure notice
Message-ID: <@{[new_id($time, 'mx.example.com')]}>

Hi. This is the qmail-send program at mx.example.com.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<$to>:
192.0.2.77 does not like recipient.
Remote host said: $said
Giving up on 192.0.2.77.

--- Below this line is a copy of the message.

Return-Path: <you\@example.org>
$original->{mail}
END
}

sub exim {
    my ($time, $original, $to) = @_;
    my ($host) = $to =~ /@(.*)/;
    my ($status, $said) = @{pick(@said)};
    $said = sprintf $said, $to if $said =~ /%s/;
    return <<"END";
Return-Path: <>
X-Failed-Recipients: $to
Auto-Submitted: auto-replied
From: Mail Delivery System <Mailer-Daemon\@mx.example.net>
To: you\@example.org
Subject: Mail delivery failed: returning message to sender
Message-Id: <@{[new_id($time, 'mx.example.net')]}>
Date: @{[date($time)]}

This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of its
recipients. This is a permanent error. The following address(es) failed:

  $to
    host mx.$host [192.0.2.77]
    SMTP error from remote mail server after RCPT TO:<$to>:
    $said

------ This is a copy of the message, including all the headers. ------

Return-path: <you\@example.org>
$original->{mail}
END
}

sub bounce {
    my $time = shift;
    my $original = splice @unbounced, int rand @unbounced, 1;
    my $to = pick(@{$original->{to}})->[1];
    my $kind = rand;
    my $mail = $kind < 0.4 ? postfix($time, $original, $to, 0, 0)
        : $kind < 0.55 ? postfix($time, $original, $to, 0, 1)
        : $kind < 0.65 ? postfix($time, $original, $to, 1, 1)
        : $kind < 0.85 ? qmail($time, $original, $to)
        :                exim($time, $original, $to);
    store('inbox', $time, $mail);
}

my $bounced = 0;
for my $i (0 .. $mails - 1) {
    my $time = int($start + $i * $step);
    my $kind = rand;
    if (@unbounced && $bounced < $bounces && ($i + 1) * $bounces / $mails >= $bounced + ($mails > 100 ? 1 : 0)) {
        bounce($time);
        $bounced++;
    } elsif ($kind < 0.25 || ($bounces && $i == 0)) {
        send_mail($time);
    } elsif ($kind < 0.6) {
        letter($time);
    } elsif ($kind < 0.99) {
        list_mail($time);
    } else {
        lookalike($time);
    }
}
die "bench-mails.pl: only $bounced bounces: too few mails for $bounces\n" if $bounced < $bounces;
