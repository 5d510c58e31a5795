#!/usr/bin/perl
# confluence.pl PROGRAM SCRATCH FIRST HISTORIES: what the index says of HISTORIES made by chance, from number FIRST on, each told in several random orders.
#
# A history is a few mails that a person sent, and what came of them: bounces, delays, reports of success, replies, copies, forgeries. A pack of histories shares one
# index (a process for each mail of each would take hours); no address, id or subject of one is in another. A pack is told once for each order: shuffled, cut
# into pieces at random, each delivered by `insert`, or by `notmuch new` and the hook, or looked at by `tag QUERY` first, or by `tag --all`; and at last by `tag --all` once,
# twice or three times. Half way some of it is dealt with and sent again. What notmuch dumps then has to be the same.
#
# Prints `PROPERTY<tab>what is amiss` for what does not hold, and at last what became of mails and of reports in all, and `histories<tab>COUNT`. With $SHOW set: all of a history's mails and dumps.
use strict;
use warnings;

my ($program, $scratch, $first, $histories) = @ARGV;
my $PACK   = $ENV{PACK}   || 500;
my $ORDERS = $ENV{ORDERS} || 3;
my $HALF   = $ENV{HALF}   || 0.5;      # how much is told before something is dealt with
my $INSERT = $ENV{INSERT} || 0.012;    # how much of it by `insert`, a process each
my $only   = $ENV{ONLY};               # an older program: compare nothing but tags and these properties
delete @ENV{qw(NOTMUCH_DATABASE NOTMUCH_PROFILE MAILDIR XDG_CONFIG_HOME)};

sub pick { return $_[int rand @_] }

sub shuffled {
	my @list = @_;
	for (my $i = @list; --$i > 0;) {
		my $j = int rand($i + 1);
		@list[$i, $j] = @list[$j, $i];
	}
	return @list;
}

# -- what is told
my $start = 1_714_550_400; # 1 May 2024
my @days   = qw(Sun Mon Tue Wed Thu Fri Sat);
my @months = qw(Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec);

sub date {
	my @t = gmtime shift;
	return sprintf '%s, %02d %s %d %02d:%02d:%02d +0000', $days[$t[6]], $t[3], $months[$t[4]], 1900 + $t[5], @t[2, 1, 0];
}

# A few times, so that many things happen at once.
sub some_time { return $start + 86400 * (1 + int rand 6) + 3600 * int rand 3 }

sub received { return 'Received: from mx.dest.example by mx.example.org with ESMTPS id 1; ' . date(shift) . "\n" }

sub letter {
	my ($id, $from, $to, $date, $subject, $fields) = @_;
	return ($fields // '') . "From: $from\nTo: $to\nDate: $date\nSubject: $subject\nMessage-ID: <$id>\n\nHello.\n";
}

my %says = (
	gone     => ['failed',    '5.1.1', '550 5.1.1 User unknown'],
	full     => ['failed',    '5.2.2', '552 5.2.2 Mailbox full'],
	gave_up  => ['failed',    '4.4.7', '451 4.4.1 Connection timed out'],
	spam     => ['failed',    '5.7.1', '550 5.7.1 message rejected as spam'],
	late     => ['delayed',   '4.4.1', '451 4.4.1 Connection timed out'],
	arrived  => ['delivered', '2.0.0', '250 2.0.0 Ok'],
);

# A report by the standard, about [ADDRESS, WHAT] each; how it names the mail is by chance.
sub report {
	my ($id, $date, $mail, $fields, @groups) = @_;
	my $way   = int rand 8;
	my $named = $way < 6 ? "Message-ID: <$mail->{id}>\n" : '';
	$fields .= "In-Reply-To: <$mail->{id}>\n" if $way == 6 || $way == 1;
	my $text = "${fields}From: MAILER-DAEMON\@mx.dest.example\nTo: you\@example.org\nDate: $date\nSubject: Undelivered Mail Returned to Sender\nMessage-ID: <$id>\n"
		. "Auto-Submitted: auto-replied\nMIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary=\"b\"\n\n"
		. "--b\nContent-Type: text/plain\n\nThis is the mail system at host mx.dest.example.\n\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.dest.example\n";
	for (@groups) {
		my ($address, $what) = @$_;
		my ($action, $status, $diagnostic) = @{ $says{$what} };
		my $typed = '';
		($typed, $address) = ("Original-Recipient: rfc822; $address\n", "elsewhere.$address") if rand() < .1;
		$text .= "\n${typed}Final-Recipient: rfc822; $address\nAction: $action\nStatus: $status\nDiagnostic-Code: smtp; $diagnostic\n";
	}
	return "$text\n--b\nContent-Type: text/rfc822-headers\n\nFrom: $mail->{from}\nTo: $mail->{to}[0]\nSubject: $mail->{subject}\n$named\n--b--\n";
}

# Without parts, as qmail writes it.
sub notice {
	my ($id, $date, $mail, $address) = @_;
	return "From: MAILER-DAEMON\@mx.dest.example\nTo: you\@example.org\nDate: $date\nSubject: failure notice\nMessage-ID: <$id>\n\n"
		. "Hi. This is the qmail-send program at mx.dest.example.\nI am sorry.\n\n<$address>:\nSorry, no mailbox here by that name. (#5.1.1)\n"
		. "\n--- Below this line is a copy of the message.\n\nFrom: $mail->{from}\nTo: $address\nMessage-ID: <$mail->{id}>\nSubject: $mail->{subject}\n\nHello.\n";
}

my @own = ('you@example.org', 'You <you@gmail.com>', '"Mail Order" <you@mail.ru>', 'Delivery Service <you@fastmail.com>', '"Net, You" <you@example.org>',
	'You <alias@not-set.example>');

# History N: { mails => [[PHASE, TEXT]...], handled, off => ids, sent => [[BOUNCE, DRAFT]...] }.
sub history {
	my ($n) = @_;
	srand $n + 4711;
	my $count = 0;
	my $new   = sub { return sprintf '%s%d.h%d@%s', $_[0], ++$count, $n, $_[1] };
	my %history = (mails => [], handled => [], off => [], sent => []);
	my $tell = sub { my ($text, $phase) = @_; push @{ $history{mails} }, [$phase // (rand() < $HALF ? 0 : 1), $text]; return };
	my @mails;
	for (1 .. 1 + int rand 2.5) {
		my $mail = { id => $new->('o', 'own.example'), from => pick(@own), to => [map { $new->('r', 'dest.example') } 1 .. 1 + int rand 3],
			subject => sprintf('about %d h%d', $count, $n), time => $start + 3600 * int rand 48 };
		push @mails, $mail;
		my $to = join ', ', map { rand() < .3 ? "\"$_, (x)\" <$_>" : $_ } @{ $mail->{to} };
		$tell->(letter($mail->{id}, $mail->{from}, $to, date($mail->{time}), $mail->{subject})) if rand() < .9;
	}
	my @reports;
	my $forge = sub { return rand() < .1 ? date(4_070_908_800 + rand 1e6) : date(shift) };
	for (1 .. 2 + int rand 6) {
		my $mail = pick(@mails);
		my $who  = pick(@{ $mail->{to} });
		my $time = some_time();
		my $id   = $new->('b', 'mx.dest.example');
		my $way  = rand;
		my $text;
		if ($way < .45) {
			my @others = rand() < .2 ? map { [$_, pick(sort keys %says)] } @{ $mail->{to} } : ();
			$text = report($id, $forge->($time), $mail, rand() < .3 ? received($time + 60) : '', [$who, pick(sort keys %says)], @others);
			push @reports, $id;
		} elsif ($way < .52) {
			$text = notice($id, $forge->($time), $mail, $who);
			push @reports, $id;
		} elsif ($way < .72) { # a sign of life
			my $from = pick($who, "Someone <$who>", "\"Some, One\" <$who>", uc $who);
			$text = letter($id, $from, 'you@example.org', $forge->($time), 'hello', rand() < .5 ? received($time + 30) : '');
		} elsif ($way < .76) {
			$text = letter($id, $who, 'you@example.org', date($time), 'out of office', "Auto-Submitted: auto-replied\n");
		} elsif ($way < .82) { # somebody else's, with that address for a name
			$text = letter($id, "\"$who\" <eve\@evil.example>", 'you@example.org', date($time), 'hello', received($time));
		} elsif ($way < .86) { # about an address that it did not go to
			$text = report($id, date($time), $mail, '', ["eve.h$n\@evil.example", 'gone']);
		} elsif ($way < .90) { # about a mail that there is not
			$text = report($id, date($time), { %$mail, id => $new->('no', 'own.example') }, '', [$who, 'gone']);
		} elsif ($way < .94) { # a mail with the id of another
			$text = letter($mail->{id}, 'Eve <eve@evil.example>', "victim.h$n\@bank.example", date($time), 'hello', received($time));
			$history{twins} = 1;
		} else { # a bounce with it
			$text = report($mail->{id}, date($time), $mail, '', [$who, 'gone']);
			$history{twins} = 1;
		}
		$tell->($text);
		if ($way < .5 && rand() < .15) { # once more, perhaps by another way
			$tell->(rand() < .5 ? $text : received($time + 90) . $text);
			$history{twins} = 1;
		}
	}
	if (@reports) {
		push @{ $history{handled} }, pick(@reports) if rand() < .2;
		push @{ $history{off} }, pick(@mails)->{id} if rand() < .2;
		if (rand() < .2) {
			my $draft = $new->('d', 'own.example');
			push @{ $history{sent} }, [pick(@reports), $draft];
			$tell->(letter($draft, 'you@example.org', $mails[0]{to}[0], date($start + 86400 * 9), $mails[0]{subject}), 1) if rand() < .7;
		}
	}
	return \%history;
}

# -- how it is told
my ($mail, $out, $serial);

sub run {
	my (@command) = @_;
	my $pid = fork() // die "fork: $!\n";
	if ($pid == 0) {
		open STDIN, '<', $ENV{INPUT} // '/dev/null' or die;
		open STDOUT, '>', $out or die;
		exec @command or die "$command[0]: $!\n";
	}
	waitpid $pid, 0;
	$? == 0 or die "@command: status $?\n";
	return;
}

sub said {
	open my $in, '<', $out or die;
	local $/;
	return scalar(<$in>) // '';
}

sub new_index {
	$mail = shift;
	system 'rm', '-rf', $mail;
	mkdir $_ or die "$_: $!\n" for $mail, map { "$mail/$_" } qw(cur new tmp);
	$ENV{NOTMUCH_CONFIG} = "$mail.config";
	open my $config, '>', $ENV{NOTMUCH_CONFIG} or die;
	print $config "[database]\npath=$mail\n[user]\nname=You\nprimary_email=you\@example.org\nother_email=you\@gmail.com;you\@mail.ru;you\@fastmail.com\n[new]\ntags=new;unread;inbox\n";
	close $config;
	run('notmuch', 'new', '--quiet', '--no-hooks');
	return;
}

sub put {
	my ($path, $text) = @_;
	open my $file, '>', $path or die "$path: $!\n";
	print $file $text;
	close $file or die;
	return;
}

sub insert {
	for (@_) {
		put("$out.mail", $_);
		local $ENV{INPUT} = "$out.mail";
		run($program, 'insert', '-new');
	}
	return;
}

sub arrive {
	put(sprintf('%s/new/%06d', $mail, ++$serial), $_) for @_;
	run('notmuch', 'new', '--quiet', '--no-hooks');
	return;
}

sub hook { run($program, 'tag', '--remove-tag=new'); return }

sub tell_all {
	my @texts = shuffled(@_);
	my $pieces = 6 + int rand 6;
	my $insert = $INSERT;
	while (@texts) {
		my @piece = splice @texts, 0, 1 + int rand(2 * (@texts / $pieces + 1));
		$pieces-- if $pieces > 1;
		insert(splice @piece, 0, int(@piece * 2 * rand() * $insert + .5));
		arrive(@piece);
		my $way = rand;
		run($program, 'tag', pick('date:2024-05-03..2024-05-05', 'from:mailer-daemon', 'not from:mailer-daemon', 'tag:new and from:dest.example')) if $way < .3;
		hook() if $way > .15;
		run($program, 'tag', '--all') if $way > .9;
	}
	hook();
	return;
}

sub dump {
	run('notmuch', 'dump', '--format=batch-tag');
	my %dump;
	for (split /\n/, said()) {
		my ($id) = /^#= (\S+)/ ? $1 : / -- id:"?(.*?)"?$/ ? $1 : next;
		my $line = $_;
		# a fact may be told of nothing but of the older program
		$line = join ' ', '#=', $id, grep { /^(?:$only)=/ } split / /, $line if defined $only && $line =~ /^#=/;
		$dump{$id} .= "$line\n" if $line ne "#= $id";
	}
	return \%dump;
}

# FNV-1a, as the program makes it.
sub digest {
	use integer;
	my $hash = -3750763034362895579;
	for (unpack 'C*', lc shift) {
		$hash = ($hash ^ $_) * 1099511628211;
	}
	return sprintf '%016x', $hash;
}

# As the user, and `resend`, would do.
sub deal {
	my (@pack) = @_;
	my $dump = &dump;
	my $orders = '';
	for my $history (@pack) {
		$orders .= "+bounce%2fhandled -- id:$_\n" for grep { $dump->{$_} } @{ $history->{handled} };
		$orders .= "-undelivered -delayed -- id:$_\n" for grep { $dump->{$_} } @{ $history->{off} };
	}
	if (length $orders) {
		put("$out.orders", $orders);
		run('notmuch', 'tag', '--batch', "--input=$out.orders");
	}
	my $lines = '';
	for my $sent (map { @{ $_->{sent} } } @pack) {
		my ($line) = ($dump->{ $sent->[0] } // '') =~ /^(#= .*)$/m or next;
		$lines .= sprintf "%s bounce.resent-as=%s bounce.wants=%s\n", $line, $sent->[1], digest($sent->[1]);
	}
	if (length $lines) {
		put("$out.restore", $lines);
		run('notmuch', 'restore', '--accumulate', '--include=properties', '--format=batch-tag', "--input=$out.restore");
	}
	run($program, 'tag', '--all');
	return;
}

my (%broken, %seen);

sub number { return $_[0] =~ /\.h(\d+)\@/ ? $1 : '?' }

sub compare {
	my ($property, $one, $other, $skip) = @_;
	my %ids = map { $_ => 1 } keys %$one, keys %$other;
	for my $id (sort keys %ids) {
		my ($a, $b) = map { $_->{$id} // '' } $one, $other;
		next if $a eq $b || $skip->{ number($id) };
		my $key = "$property\t" . number($id);
		next if $broken{$key}++;
		my %in = map { $_ => 1 } split /[ \n]/, $a;
		my %of = map { $_ => 1 } split /[ \n]/, $b;
		print "$property\thistory ", number($id), ": $id: ", join(' ', map({ "-$_" } grep { !$of{$_} } sort keys %in), map({ "+$_" } grep { !$in{$_} } sort keys %of)), "\n";
	}
	return;
}

sub told {
	my ($order, @pack) = @_;
	srand $first * 1000 + $order * 7 + @pack;
	new_index("$scratch/mail.$order");
	tell_all(map { $_->[1] } grep { $_->[0] == 0 } map { @{ $_->{mails} } } @pack);
	run($program, 'tag', '--all');
	deal(@pack);
	tell_all(map { $_->[1] } grep { $_->[0] == 1 } map { @{ $_->{mails} } } @pack);
	my @dumps = (&dump);
	for (1 .. 1 + int rand 3) {
		run($program, 'tag', '--all');
		push @dumps, &dump;
	}
	compare('again', $dumps[1], $dumps[-1], {});
	system 'rm', '-rf', $mail;
	return ($dumps[0], $dumps[-1]);
}

$out = "$scratch/out";
for (my $from = $first; $from < $first + $histories; $from += $PACK) {
	my $to = $from + $PACK < $first + $histories ? $from + $PACK : $first + $histories;
	my @pack = map { history($_) } $from .. $to - 1;
	# notmuch new says nothing of a second file of a mail: then only tag --all sees it.
	my %twins = map { $_ => 1 } grep { $pack[$_ - $from]{twins} } $from .. $to - 1;
	if ($ENV{SHOW}) {
		print map { "$_->[0] ----\n$_->[1]" } map { @{ $_->{mails} } } @pack;
	}
	my ($at_once, $at_last);
	for my $order (1 .. $ORDERS) {
		my ($before, $after) = told($order, @pack);
		($at_once, $at_last) = ($before, $after) if $order == 1;
		compare('at once', $at_once, $before, \%twins);
		compare('at last', $at_last, $after, {});
		compare('without --all', $after, $before, \%twins);
		print map { $after->{$_} } sort keys %$after if $ENV{SHOW};
	}
	for (map { split / / } values %$at_last) {
		$seen{$1}++ if /^bounce\.(?:state|genuine)=([a-z-]+)/ || /^\+bounce%2f(handled|resent)$/;
	}
}
print "seen\t", join(' ', sort keys %seen), "\n";
print "histories\t$histories\n";
