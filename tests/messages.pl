#!/usr/bin/perl
# messages.pl: what the program says in passing (errors, progress, classify --why), in English as it stands in the sources, a message a line. Not: what
# goes into a delivery agent's log, and what has no words but those that are filled in.
use strict;
use warnings;

my $strings = qr/((?:"(?:[^"\\]|\\.)*"\s*)+)/;
my %said;

sub say_it {
	my $text = join('', $_[0] =~ /"((?:[^"\\]|\\.)*)"/g) =~ s/\\(.)/$1/gr;
	$said{$text} = 1 unless $text !~ /[a-z]{2}/ || $text =~ /^insert: / || $text =~ /^setup-|^(?:%s|[a-z]+(?: (?:id:)?%s)?)(?:: %s)+$/; # a label; a frame for what others say
	return;
}

for my $path (glob('../filter/*/*.c')) {
	next if $path =~ /cmd-(?:filter|insert)|delivery/;
	open my $file, '<', $path or die "$path: $!\n";
	my $code = do { local $/ = undef; <$file> };
	# What is said, and what is said in it: cmd_text(), the reasons that other parts give, and what is wrong with an input.
	for my $call ($code =~ /\b(?:cmd_say|cmd_say_at_once|cmd_progress|cmd_text|wording_message)(?=(\((?:[^()"]|"(?:[^"\\]|\\.)*"|(?1))*\)))/g) {
		my ($first) = $call =~ /^\(\s*(?:wording,|[^"]*\?)?\s*((?:$strings|:\s*)+)/ or next;
		say_it($_) for $first =~ /$strings/g;
	}
	say_it($_) for $code =~ /\*why = $strings;/g, $code =~ /read_complain\([^;"]*$strings/g;
	say_it($_) for $code =~ /hold_take\([a-z>-]*ctx, "[a-z]+", $strings/g;
	say_it($_) for $code =~ /problems_add\([^;]*, 0,\s*$strings\)/g, $code =~ /read_number\([^;]*[0-9], $strings/g; # not in a line of rules
	say_it($_) for $path =~ m{/print\.c$} ? $code =~ /_MAX, $strings\}/g : ();
	say_it($_) for $path =~ m{/(?:input|index)\.c$} ? $code =~ /(?:: |return )$strings[);]/g : ();
}
print map { "$_\n" } sort keys %said;
