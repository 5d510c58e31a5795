#!/usr/bin/perl
# generate.pl PROGRAM bash|zsh|fish: completions for that shell, from what the program says of itself. `make completions` writes them.
# Which commands and options there are, and what they are for, is read from the help; what values an option takes is asked of the program, which
# refuses a wrong one before it does anything.
use strict;
use warnings;

my ($program, $shell) = @ARGV;
defined $shell && $shell =~ /^(bash|zsh|fish)$/ or die "usage: generate.pl PROGRAM bash|zsh|fish\n";
(my $explain = $0) =~ s{[^/]*$}{../explain};
my @languages = map { m{([^/]+)/$} } glob "$explain/*/";
my $insert_options = q{
  --folder=FOLDER  deliver into this folder of the mail store
  --create-folder  make it if it is not there
  --keep           keep the mail even if it can't be indexed
  --no-hooks       run no hooks
  --decrypt=VALUE  whether encrypted mail is indexed
  --world-readable
                   let others read the file
};

# What a run says, on both channels. It gets no input and finds no index.
sub said {
	my (@arguments) = @_;
	my $pid = open my $from, '-|';
	defined $pid or die "fork: $!\n";
	if (!$pid) {
		open STDERR, '>&', \*STDOUT;
		open STDIN, '<', '/dev/null';
		($ENV{HOME}, $ENV{NOTMUCH_CONFIG}, $ENV{XDG_CONFIG_HOME}) = ('/nonexistent') x 3;
		exec { $program } $program, @arguments or exit 127;
	}
	my $text = do { local $/; <$from> };
	close $from;
	return $text // '';
}

# Whether it may go without a value.
sub may_be_bare {
	my ($command, $name) = @_;
	return said($command, "--$name", '--no-such-option') =~ /no option --no-such-option/;
}

# What kind of option it is: undef, 'flag', 'value', or a list of values.
sub asked {
	my ($command, $name) = @_;
	my $answer = said($command, "--$name=%", '--no-such-option');
	return 'flag' if $answer =~ /--\Q$name\E takes no value/;
	return [split ' ', $1] if $answer =~ /--\Q$name\E=%: expected one of (.*)/;
	return $answer =~ /no option --\Q$name\E\b/ ? undef : 'value';
}

sub options {
	my ($command, $help) = @_;
	my (@names, %about, %example, %value);
	$help =~ s/\n {6,}(?=\S)/ /g; # a text goes on
	for my $line (split /\n/, $help) {
		if ($line =~ /^ {1,3}(--.*?) {2,}(\S.*)/) {
			my ($heads, $text) = ($1, $2);
			my @heads = $heads =~ /--([a-z][a-z-]*)/g;
			my @texts = @heads > 1 ? split(/; /, $text) : ($text);
			@texts = ($text) x @heads if @texts != @heads;
			for my $i (0 .. $#heads) {
				my ($value) = $heads =~ /--$heads[$i]\[?=([\w-]+)/;
				$value{"$heads[$i]=$value"} = $texts[$i] if defined $value;
				$about{$heads[$i]} //= $texts[$i];
			}
		}
		while ($line =~ /--([a-z][a-z-]*)(?:\[?=([\w-]+))?(?:: ([^;]*))?/g) {
			my ($name, $value, $text) = ($1, $2, $3);
			push @names, $name if !grep { $_ eq $name } @names;
			$example{$name} //= $value;
			$about{$name} //= $text;
		}
	}
	my @options;
	for my $name (@names) {
		my $kind = $command eq 'insert' ? defined $example{$name} ? 'value' : 'flag' : asked($command, $name) // next;
		my $example = $example{$name} // '';
		my %option = (name => $name, takes => $kind ne 'flag', about => $about{$name} // '', values => [], kind => '', bare => 0);
		if (ref $kind) {
			$option{bare} = may_be_bare($command, $name);
			$option{values} = [map { [$_, $value{"$name=$_"} // ''] } @$kind];
			$option{about} = join ', ', @$kind if !length $option{about} || grep { length $_->[1] } @{$option{values}};
		} elsif ($kind eq 'value') {
			$option{bare} = may_be_bare($command, $name);
			$option{kind} = $name =~ /tag/ ? 'tag' : $example =~ /^DIR/ ? 'folder' : '';
			$option{values} = [map { [$_, ''] } @languages] if $example eq 'LANGUAGE';
			$option{values} = [map { [$_, ''] } qw(true false auto nostash)] if $name eq 'decrypt';
			$option{values} = [[$example, '']] if $example =~ /^[a-z]/ && $option{kind} eq '';
		}
		push @options, \%option;
	}
	return @options;
}

my @commands;
for (split /\n/, said('--help')) {
	my ($name, $about) = /^  ([a-z]+) +(\S.*)/ or next;
	my $help = said($name, '--help');
	my ($usage) = $help =~ /^usage: \S+ \S+ (.*)/;
	my %command = (name => $name, about => $about, arguments => '', words => []);
	$command{arguments} = $name eq 'insert' ? 'tags' : $usage =~ /\bQUERY\b/ ? 'query' : $usage =~ /\b(FILE|DIR|MBOX)\b/ ? 'files' : '';
	$command{words} = [split ' ', $1] if $help =~ /^TOPICs?: ([a-z -]+)/m;
	$command{options} = [options($name, $name eq 'insert' ? $insert_options : $help)];
	push @commands, \%command;
}
@commands or die "$program does not say which commands it has\n";

my $head = "Completions of notmuch-bounce for $shell. Made by generate.pl from the program's own help: `make completions`, don't edit.";

# -- bash
sub bash {
	my $cases = '';
	for my $command (@commands) {
		$cases .= "\t$command->{name})\n";
		$cases .= "\t\tcase \$cur in\n";
		for my $option (grep { $_->{takes} } @{$command->{options}}) {
			my $offer = $option->{kind} eq 'folder' ? 'compopt -o dirnames 2>/dev/null'
				: $option->{kind} eq 'tag' ? "_notmuch_bounce_tags --$option->{name}="
				: @{$option->{values}} ? join ' ', '_notmuch_bounce_offer', map { "--$option->{name}=$_->[0]" } @{$option->{values}}
				: ':';
			$cases .= "\t\t--$option->{name}=*) $offer ;;\n";
		}
		my $all = join ' ', (map { ($_->{takes} ? "--$_->{name}=" : (), $_->{takes} && !$_->{bare} ? () : "--$_->{name}") } @{$command->{options}}), '--help';
		$cases .= $command->{arguments} eq 'tags' ? "\t\t[+-]*) _notmuch_bounce_tags \"\${cur:0:1}\" $all ;;\n" : "\t\t-*) _notmuch_bounce_offer $all ;;\n";
		$cases .= "\t\t*) _notmuch_bounce_tags tag: id: from: to: subject: date: ;;\n" if $command->{arguments} eq 'query';
		$cases .= "\t\t*) compopt -o default 2>/dev/null ;;\n" if $command->{arguments} eq 'files';
		$cases .= "\t\t*) _notmuch_bounce_offer @{$command->{words}} ;;\n" if @{$command->{words}};
		$cases .= "\t\tesac\n\t\t;;\n";
	}
	my $names = join ' ', map { $_->{name} } @commands;
	return <<"END";
# shellcheck shell=bash
# $head
# \`notmuch bounce\` too, once this file was read: by a completion of notmuch-bounce, or from your .bashrc.

# The words that go on where the cursor is. Bash takes what stands before the last = or : for a word of its own.
_notmuch_bounce_offer() {
	local breaks=\${COMP_WORDBREAKS//[!=:]/} head='' word
	[ -z "\$breaks" ] || head=\${cur%"\${cur##*["\$breaks"]}"}
	for word; do
		[[ \$word == "\$cur"* ]] || continue
		COMPREPLY+=("\${word#"\$head"}")
		[[ \$word != *[=:] ]] || compopt -o nospace 2>/dev/null
	done
}

# Tags of the index behind the first word; the other words as they are.
_notmuch_bounce_tags() {
	local before=\$1 tags=() tag
	shift
	while IFS= read -r tag; do
		tags+=("\$before\$tag")
	done < <(notmuch search --output=tags '*' 2>/dev/null </dev/null)
	if [[ \$before == *: && \$cur != "\$before"* ]]; then
		tags=("\$before")
	fi
	_notmuch_bounce_offer "\${tags[@]}" "\$@"
}

# Also called by notmuch's own completions, by this name.
_notmuch_bounce() {
	local line=\${COMP_LINE:0:COMP_POINT} cur words i=1
	read -ra words <<<"\$line"
	cur=\${line##*[[:space:]]}
	[ -z "\$cur" ] || unset 'words[\${#words[@]}-1]'
	COMPREPLY=()
	if [ "\${words[0]##*/}" = notmuch ]; then
		while [ \$i -lt \${#words[@]} ] && [ "\${words[i]}" != bounce ]; do
			i=\$((i + 1))
		done
		i=\$((i + 1))
	fi
	case \${words[i]} in
	'') _notmuch_bounce_offer $names --help --version ;;
${cases}	esac
	return 0
}

complete -F _notmuch_bounce notmuch-bounce
END
}

# -- zsh
sub zsh_text {
	my ($text) = @_;
	$text =~ s/([][:\\])/\\$1/g;
	$text =~ s/'/'\\''/g;
	return $text;
}

sub zsh_value {
	my ($text) = @_;
	$text =~ s/(["\\:])/\\$1/g;
	$text =~ s/'/'\\''/g;
	return $text;
}

sub zsh_option {
	my ($option) = @_;
	my $name = $option->{name};
	my $spec = "--$name" . ($option->{takes} ? '=' : '') . ($option->{bare} ? '-' : '') . '[' . zsh_text($option->{about}) . ']';
	$spec = "*$spec" if $name eq 'to';
	return "'$spec'" if !$option->{takes};
	my $action = $option->{kind} eq 'folder' ? '_files -/'
		: $option->{kind} eq 'tag' ? '_notmuch_bounce_tags'
		: (grep { length $_->[1] } @{$option->{values}}) ? '((' . join(' ', map { "$_->[0]\\:\"" . zsh_value($_->[1]) . '"' } @{$option->{values}}) . '))'
		: @{$option->{values}} ? '(' . join(' ', map { $_->[0] } @{$option->{values}}) . ')'
		: ' ';
	return "'$spec" . ($option->{bare} ? '::' : ':') . "$name:$action'";
}

sub zsh {
	my $commands = join '', map { "\t'$_->{name}:" . zsh_text($_->{about}) . "'\n" } @commands;
	my $cases = '';
	for my $command (@commands) {
		my @specs = map { zsh_option($_) } @{$command->{options}};
		push @specs, "'(- *)--help[explain the command]'";
		push @specs, "'*:mail:_files'" if $command->{arguments} eq 'files';
		push @specs, "'*:query:_notmuch_bounce_query'" if $command->{arguments} eq 'query';
		push @specs, "'*:tag:_notmuch_bounce_change'" if $command->{arguments} eq 'tags';
		push @specs, "'*:topic:(@{$command->{words}})'" if @{$command->{words}};
		$cases .= "$command->{name})\n\t_arguments -S " . join(" \\\n\t\t", @specs) . "\n\t;;\n";
	}
	return <<"END";
#compdef notmuch-bounce
# $head
# notmuch's own completions call this function too, for \`notmuch bounce\`.

local -a commands
commands=(
$commands)

# Tags of the index, behind what is given.
(( \$+functions[_notmuch_bounce_tags] )) || _notmuch_bounce_tags() {
	local -a tags
	local expl
	tags=( \${(f)"\$(notmuch search --output=tags '*' 2>/dev/null)"} )
	_wanted tags expl tag compadd "\$@" -a tags
}
(( \$+functions[_notmuch_bounce_query] )) || _notmuch_bounce_query() {
	if compset -P tag:; then
		_notmuch_bounce_tags
	else
		compadd -S '' tag: id: from: to: subject: date:
	fi
}
(( \$+functions[_notmuch_bounce_change] )) || _notmuch_bounce_change() {
	if compset -P '[+-]'; then
		_notmuch_bounce_tags
	fi
}

if (( CURRENT == 2 )); then
	if [[ \$words[2] == -* ]]; then
		_arguments '--help[say which commands there are]' '--version[say what this is]'
	else
		_describe -t commands 'command of notmuch-bounce' commands
	fi
	return
fi
local command=\$words[2]
shift words
(( CURRENT-- ))
case \$command in
${cases}*)
	_message 'no such command'
	;;
esac
END
}

# -- fish
sub fish_text {
	my ($text) = @_;
	$text =~ s/([\\'])/\\$1/g;
	return "'$text'";
}

sub fish {
	my $lines = '';
	for my $command (@commands) {
		my $name = $command->{name};
		my $if = "-n '__notmuch_bounce_is $name'";
		$lines .= "    complete -c \$program -n '__notmuch_bounce_is' -f -a $name -d " . fish_text($command->{about}) . "\n";
	}
	$lines .= "    complete -c \$program -n '__notmuch_bounce_is' -f -l help -d 'Say which commands there are'\n";
	$lines .= "    complete -c \$program -n '__notmuch_bounce_is' -f -l version -d 'Say what this is'\n";
	for my $command (@commands) {
		my $if = "complete -c \$program -n '__notmuch_bounce_is $command->{name}'";
		$lines .= "\n";
		for my $option (@{$command->{options}}) {
			$lines .= "    $if -l $option->{name} -d " . fish_text($option->{about});
			$lines .= $option->{kind} eq 'folder' ? q( -x -a '(__fish_complete_directories (string replace -r "^--[^=]*=" "" -- (commandline -ct)))')
				: $option->{kind} eq 'tag' ? " -x -a '(__notmuch_bounce_tags)'"
				: @{$option->{values}} ? ($option->{bare} ? ' -f -a ' : ' -x -a ') . fish_text(join ' ', map { length $_->[1] ? "$_->[0]\\t" . fish_text($_->[1]) : $_->[0] } @{$option->{values}})
				: $option->{takes} ? ' -x' : ' -f';
			$lines .= "\n";
		}
		$lines .= "    $if -f -l help -d 'Explain the command'\n";
		$lines .= $command->{arguments} eq 'files' ? "    $if -F\n"
			: $command->{arguments} eq 'query' ? "    $if -f -a '(__notmuch_bounce_tags tag:) id: from: to: subject: date:'\n"
			: $command->{arguments} eq 'tags' ? "    $if -f -a '(__notmuch_bounce_tags +) (__notmuch_bounce_tags -)'\n"
			: @{$command->{words}} ? "    $if -f -a '@{$command->{words}}'\n"
			: "    $if -f\n";
	}
	return <<"END";
# $head
# \`notmuch bounce\` too, once this file was read: by a completion of notmuch-bounce, or from your config.fish.

# Whether the cursor is behind this command; without one: where a command is expected.
function __notmuch_bounce_is
    set -l words (commandline -opc)
    set -l first (string replace -r '.*/' '' -- \$words[1])
    set -e words[1]
    if test "\$first" = notmuch
        contains -- bounce \$words; or return 1
        while test "\$words[1]" != bounce
            set -e words[1]
        end
        set -e words[1]
    end
    test "\$words[1]" = "\$argv[1]"
end

# Tags of the index, behind what is given.
function __notmuch_bounce_tags
    for tag in (notmuch search --output=tags '*' 2>/dev/null)
        echo \$argv[1]\$tag
    end
end

complete -c notmuch-bounce -f
for program in notmuch-bounce notmuch
$lines
end
END
}

my %make = (bash => \&bash, zsh => \&zsh, fish => \&fish);
print $make{$shell}->();
