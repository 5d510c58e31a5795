#!/usr/bin/perl
# generate.pl PROGRAM bash|zsh|fish: completions for that shell, from what the program says of its commands and their options (--list-options).
# `make completions` writes them.
use strict;
use warnings;

my ($program, $shell) = @ARGV;
defined $shell && $shell =~ /^(bash|zsh|fish)$/ or die "usage: generate.pl PROGRAM bash|zsh|fish\n";
(my $explain = $0) =~ s{[^/]*$}{../explain};
my @languages = map { m{([^/]+)/$} } glob "$explain/*/";

# An option, or undef for one that is not offered. Its values have what the text says of each: `json: one object a line; …`.
sub option {
	my ($name, $kind, $value, $choices, $about) = @_;
	my @values = map { my $choice = $_; [$choice, $about =~ /(?:^|; )\Q$choice\E: ([^;]*)/ ? $1 : ''] } split ' ', $choices;
	my $is_told = @values && !grep { !length $_->[1] } @values;
	@values = map { [$_, ''] } @languages if $value eq 'LANGUAGE';
	return {
		name => $name, takes => $kind ne 'flag', bare => $kind eq 'maybe', many => $kind eq 'list', values => \@values,
		about => $is_told ? join ', ', map { $_->[0] } @values : $about,
		kind => $value eq 'TAG' ? 'tag' : $value =~ /^DIR/ ? 'folder' : '',
	};
}

my (@commands, %command);
open my $list, '-|', $program, '--list-options' or die "$program: $!\n";
while (<$list>) {
	chomp;
	my ($name, $option, $kind, $value, $choices, $about) = split /\t/, $_, -1;
	defined $about or next;
	if (!length $option) {
		my $arguments = $value =~ /\+TAG/ ? 'tags' : $value =~ /\bQUERY\b/ ? 'query' : $value =~ /\b(FILE|DIR|MBOX)\b/ ? 'files' : '';
		push @commands, $command{$name} = {name => $name, about => $about, arguments => $arguments, words => [split ' ', $choices], options => []};
	} else {
		push @{$command{$name}{options}}, option($option, $kind, $value, $choices, $about);
	}
}
close $list;
@commands or die "$program does not say which commands it has\n";

my $head = "Completions of notmuch-bounce for $shell. Made by generate.pl from what the program says of itself: `make completions`, don't edit.";

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

# notmuch's own completions know no bounce among its commands.
_notmuch_and_bounce() {
	local cur=\${COMP_WORDS[COMP_CWORD]}
	if ! declare -F _notmuch >/dev/null && declare -F _completion_loader >/dev/null; then
		_completion_loader notmuch
		complete -F _notmuch_and_bounce notmuch
	fi
	! declare -F _notmuch >/dev/null || _notmuch "\$@"
	[ "\$COMP_CWORD" -ne 1 ] || _notmuch_bounce_offer bounce
}
complete -F _notmuch_and_bounce notmuch
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
	$spec = "*$spec" if $option->{many};
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
		$lines .= "    $if -f -l help -d 'explain the command'\n";
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
