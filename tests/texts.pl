#!/usr/bin/perl
# texts.pl DIRECTORY MODEL REASON...: what is wrong with the texts of a language, one line each; nothing if nothing is. MODEL is the directory of English,
# whose keys and placeholders all languages have.
use strict;
use warnings;
use utf8;
use open qw(:std :encoding(UTF-8));

my ($directory, $model, @reasons) = @ARGV;
my @kinds = qw(delayed backscatter complaint auto-reply receipt delivered none);
my @order = qw(name headline happened who do avoid sample brief);
my %place = map { $order[$_] => $_ } 0 .. $#order;
my %placeholder = map { $_ => 1 } qw(address local domain sender sender_domain server reporter new_address size delay typed unheard);
my %case = map { $_ => 1 } qw(own-server receiving-server permanent temporary dots malformed from-field not-from-field free-mail known forwarded perhaps-forwarded not-forwarded);
my %action = map { $_ => 1 } qw(resend resend-to resend-plain resend-without resend-zip resend-split status undelivered original handled);
my (%group);
my ($language) = $directory =~ m{([^/]+)/*$};
# What the system says, in the C locale.
my %errno = map { local $! = $_; "$!" => 1 } 1 .. 133;

open my $groups, '<', "$directory/../groups.txt" or die "groups.txt: $!\n";
/^([a-z]\S*)/ and $group{$1} = 1 while <$groups>;

# Columns on a terminal.
sub width {
	my ($text) = @_;
	my $wide = () = $text =~ /[\p{East_Asian_Width=W}\p{East_Asian_Width=F}]/g;
	my $none = () = $text =~ /\p{Mn}/g;
	return length($text) + $wide - $none;
}

# What a message to a phone has room for: an SMS in the alphabet of the language.
my $brief_max = $directory =~ m{/(ja|zh|ko)$} ? 70 : 160;

sub complain { print "$_[0]: $_[1]\n"; return }

# As the program does it: with a blank, but between two characters of Japanese or Chinese.
sub join_lines {
	my ($text, $line) = @_;
	my $solid = qr/(?!\p{Hangul})[\p{East_Asian_Width=W}\p{East_Asian_Width=F}]/;
	return $text =~ /$solid$/ && $line =~ /^$solid/ ? $text . $line : "$text $line";
}

# The entries of a file: [groups or '', key, text, which `for` of the file].
sub entries {
	my ($path, $quiet) = @_;
	my ($for, $block, @entries) = ('', 0);
	open my $file, '<', $path or return $quiet ? () : complain($path, 'missing');
	while (my $line = <$file>) {
		chomp $line;
		complain("$path:$.", 'wider than 80 columns: ' . width($line)) if !$quiet && width($line) > 80;
		complain("$path:$.", 'blanks at the end, a tab, or an empty line within a text') if !$quiet && $line =~ /\s$|\t/;
		complain("$path:1", 'does not begin with a comment that says what it is') if !$quiet && $. == 1 && $line !~ /^# \S/;
		next if $line =~ /^(#|$)/;
		if ($line =~ /^\s+(.*)/) { $entries[-1][2] = join_lines($entries[-1][2], $1); next }
		my ($key, $text) = $line =~ /^(\S+)\s*(.*)/;
		if ($key eq 'for') {
			$for = $text;
			$block++;
			$group{$_} or $case{$_} or $quiet or complain("$path:$.", "unknown group or case $_") for split ' ', $text;
		} else { push @entries, [$for, $key, $text, $block] }
	}
	return @entries;
}

# Which placeholders each key has, over all its entries; a block of a group for itself.
sub placeholders {
	my %found;
	for (@_) {
		my ($for, $key, $text) = @$_;
		$found{"$for $key"}{$1} = 1 while $text =~ /\{([^}]*)\}/g;
	}
	return map { my $key = $_; $key => join ' ', sort keys %{$found{$key}} } keys %found;
}

sub check_entries {
	my ($name, $path, @entries) = @_;
	my (%before, %last);
	for (@entries) {
		my ($for, $key, $text, $block) = @$_;
		$for = '' if $for =~ /^not-/; # nearly always
		if (!exists $place{$key}) { complain($path, "unknown key $key"); next }
		complain($path, "$key stands behind $before{$block}") if defined $before{$block} && $place{$key} < $place{$before{$block}};
		$before{$block} = $key;
		$placeholder{$1} or complain($path, "unknown placeholder {$1}") while $text =~ /\{([^}]*)\}/g;
		complain($path, "unknown action \@$1") if $key eq 'do' && $text =~ / @([a-z-]+)$/ && !$action{$1};
		complain($path, "name is wider than 24 columns") if $key eq 'name' && width($text) > 24;
		complain($path, "brief is longer than $brief_max characters") if $key eq 'brief' && length($text =~ s/\{[^}]*\}/shop.example.jp/gr) > $brief_max;
		$last{"$for|$key"} = $text;
	}
	($last{"|$_"} // '') =~ /\{/ and complain($path, "the last $_ has a placeholder: without it nothing would be said") for qw(headline happened);
	defined $last{"|$_"} or complain($path, "no $_") for qw(name headline happened who do);
	my @steps = grep { $_->[0] =~ /^(not-.*)?$/ && $_->[1] eq 'do' } @entries;
	complain($path, scalar(@steps) . ' steps: expected 2 to 6') if @steps < 2 || @steps > 6;
}

sub compare {
	my ($path, $what, $mine, $theirs) = @_;
	($mine->{$_} // '') eq $theirs->{$_} or complain($path, "$what$_: expected {$theirs->{$_}}, not {" . ($mine->{$_} // '') . '}') for sort keys %$theirs;
	exists $theirs->{$_} or complain($path, "$what$_: English has none") for sort keys %$mine;
}

for my $name (@reasons, @kinds) {
	my @entries = entries("$directory/$name.txt");
	my %mine = placeholders(@entries);
	my %theirs = placeholders(entries("$model/$name.txt", 1));
	check_entries($name, "$directory/$name.txt", @entries);
	compare("$directory/$name.txt", 'placeholders of ', \%mine, \%theirs);
}
# Which words the language's glossary has, as "#= word | not this | nor this" at the top of labels.txt, and who uses the others.
my (@forbidden, $terms);
open my $labels, '<', "$directory/labels.txt" or die "labels.txt: $!\n";
while (<$labels>) {
	/^#= (.*)/ or next;
	my (undef, @others) = split /\s*\|\s*/, $1;
	$terms++;
	push @forbidden, map { [$_, /^\p{Latin}/ ? qr/(?<![\p{Latin}])\Q$_\E(?![\p{Latin}])/i : qr/\Q$_\E/i] } @others;
}
complain("$directory/labels.txt", 'no glossary: "#= word | not this one" lines') if !$terms || !@forbidden;
sub check_words {
	my ($path, @entries) = @_;
	for my $entry (grep { $_->[1] ne 'en' } @entries) { # not the English of messages
		for (@forbidden) {
			my ($word, $pattern) = @$_;
			complain($path, "$entry->[1]: \"$word\" is not a word of the glossary") if $entry->[2] =~ $pattern;
		}
	}
	return;
}
check_words("$directory/$_.txt", entries("$directory/$_.txt", 1)) for @reasons, @kinds, qw(labels resend lists setup status help messages);

# A form for a number, KEY-one or KEY-few, may leave {count} out; English has them where its own words change.
my ($rule) = map { $_->[2] } grep { $_->[1] eq 'plural' } entries("$directory/labels.txt", 1);
my %forms = (none => '', one => 'one', 'zero-one' => 'one', czech => 'one few', polish => 'one few', slavic => 'one few');
complain("$directory/labels.txt", 'plural: expected ' . join ' ', sort keys %forms) if !defined $forms{$rule // ''};
sub is_form {
	my ($key) = @_;
	return $key =~ /-(one|few)$/ && ($forms{$rule // 'none'} // '') =~ /$1/;
}
for my $name (qw(labels resend lists setup status)) {
	my %mine = map { $_->[1] => join ' ', sort($_->[2] =~ /\{([^}]*)\}/g) } entries("$directory/$name.txt");
	my %theirs = map { $_->[1] => join ' ', sort($_->[2] =~ /\{([^}]*)\}/g) } entries("$model/$name.txt", 1);
	exists $mine{$_} or (/-(one|few)$/ && !is_form($_)) or complain("$directory/$name.txt", "no $_") for sort keys %theirs;
	!/-(one|few)$/ || is_form($_) || !exists $mine{s/-(?:one|few)$//r} or complain("$directory/$name.txt", "$_: the rule $rule has no such form") for sort keys %mine;
	exists $theirs{$_} or (is_form($_) && exists $mine{s/-(?:one|few)$//r}) or complain("$directory/$name.txt", "$_: English has none") for sort keys %mine;
	exists $theirs{$_} && !is_form($_) && $mine{$_} ne $theirs{$_} and complain("$directory/$name.txt", "$_: expected the placeholders {$theirs{$_}}") for sort keys %mine;
}
# What resend says on the last line of mutt, which has 79 columns: its first clause, with an address of 24, is whole there.
for (entries("$directory/resend.txt", 1)) {
	my ($key, $text) = @$_[1, 2];
	next if $key !~ /^(refuse|doubt|remark)-/;
	my %short = map { $_ => 1 } qw(count size most zipped);
	my $shown = $text =~ s/\{([^}]*)\}/'x' x ($short{$1} ? 8 : 24)/ger;
	my ($clause) = $shown =~ /^((?:--\S+?\s?[:：]\s?)?.*?)(?:\s?[.:;?](?:\s|$)|[。：；？]|$)/;
	complain("$directory/resend.txt", "$key: the first clause is wider than 79 columns: " . width($clause)) if width($clause) > 79;
}
# Messages: of each the English, as it stands in the sources, and behind it what it is in this language, with the same conversions.
sub conversions {
	my @found = $_[0] =~ /%(?:\d\$)?(?:zu|[a-z])/g;
	return join ' ', map { s/\d\$//r } sort { ($a =~ /(\d)/)[0] <=> ($b =~ /(\d)/)[0] } @found if grep { /\$/ } @found;
	return join ' ', @found;
}
sub check_messages {
	my ($path) = @_;
	my (%said, %here, $english);
	open my $messages, '-|', $^X, 'messages.pl' or die "messages.pl: $!\n";
	while (<$messages>) { chomp; $said{$_} = 1 }
	for (entries($path)) {
		my ($key, $text) = @$_[1, 2];
		if ($key eq 'en') { $english = $text; next }
		complain($path, "$key: expected en, and then $language") if $key ne $language || !defined $english;
		$here{$english} = 1;
		conversions($text) eq conversions($english) or complain($path, "\"$english\": expected " . conversions($english));
		my ($command) = $english =~ /^((?:%s|clean|handled|resend|sample|send): )/; # which a macro leaves out
		complain($path, "\"$english\": expected $command at the beginning") if defined $command && $text !~ /^\Q$command\E/;
		complain($path, "\"$english\": wider than 80 columns") if width("notmuch-bounce: $text") > 80 && width($text) > 1.5 * length $english;
	}
	exists $here{$_} or complain($path, "no \"$_\"") for sort keys %said;
	exists $said{$_} or $errno{$_} or complain($path, "\"$_\" is said nowhere") for sort keys %here;
	return;
}
check_messages("$directory/messages.txt") if $language ne 'en';

for (entries("$directory/labels.txt", 1)) {
	complain("$directory/labels.txt", "$_->[1] is wider than 14 columns") if $_->[1] =~ /^title-/ && width($_->[2]) > 14;
	complain("$directory/labels.txt", "$_->[1] is wider than 17 columns") if $_->[1] =~ /^who-/ && width($_->[2]) > 17;
	complain("$directory/labels.txt", 'months: expected 12 words') if $_->[1] eq 'months' && split(' ', $_->[2]) != 12;
}
