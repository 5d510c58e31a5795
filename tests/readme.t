#!/bin/sh
# What the READMEs show is what the program does.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
cd .. || exit 1

mkdir "$scratch/bin"
ln -s "$bounce" "$scratch/bin/notmuch-bounce"
PATH=$scratch/bin:$PATH

# The line at which a rule stands is no news.
without_line() {
	sed 's/\(\.rules:\)[0-9]*/\1/'
}

# A command stands behind `$ ` in an indented block, and what it prints below it, up to the end of the block. Empty lines may be in it.
shows() {
	rm -f "$scratch"/command-* "$scratch"/shown-*
	awk -v to="$scratch" '
		/^    \$ notmuch-bounce / { n++; empty = ""; print substr($0, 7) >(to "/command-" n); shown = to "/shown-" n; printf "" >shown; next }
		/^    \$ / { shown = "" }
		/^    / && shown { printf "%s", empty >shown; empty = ""; print substr($0, 5) >shown; next }
		/^$/ && shown { empty = empty "\n"; next } # perhaps the block goes on
		{ shown = "" }' "$1"
	for printed in "$scratch"/shown-*; do
		without_line <"$printed" >"$scratch/kept" && mv "$scratch/kept" "$printed"
	done
	ok "$1 shows commands" test -s "$scratch/command-1"
	for command in "$scratch"/command-*; do
		sh "$command" 2>&1 | without_line >"$scratch/printed"
		same "$1: $(cat "$command")" "$scratch/printed" "$scratch/shown-${command##*-}"
	done
}

# Every target that is named is there, and `make help` knows it.
names_targets() {
	grep -oE '^    make [a-z-]+|`make [a-z-]+' "$1" | sed 's/.*make //' | sort -u >"$scratch/targets"
	while read -r target; do
		ok "$1: make $target is there" grep -qE "^$target:" Makefile
		ok "$1: make help knows $target" grep -qE "^#: make $target\b" Makefile
	done <"$scratch/targets"
}

# Each file that a recipe or an example names is there.
names_files() {
	grep -oE '\b(tests|share|plugin|filter)/[A-Za-z0-9_./-]*[A-Za-z0-9]' "$1" | grep -vE '^share/(notmuch-bounce|bash-completion)/' | sort -u | while read -r path; do
		[ -e "$path" ] || echo "$path"
		echo "$path" >>"$scratch/paths"
	done >"$scratch/missing"
	ok "$1 names files" test -s "$scratch/paths"
	rm -f "$scratch/paths"
	is "what $1 names is there" "$(cat "$scratch/missing")" ''
}

# Each command that is named, in a block or within a line, is one of the program's, and knows the options given to it.
names_commands() {
	"$bounce" --help | sed -n 's/^  \([a-z]*\)  .*/\1/p' >"$scratch/commands"
	grep -oE '(^    (\$ )?|`)notmuch[ -]bounce [a-z]+( +--[a-z]+(-[a-z]+)*)*' "$1" | sed -E 's/^(    (\$ )?|`)notmuch[ -]bounce //' | sort -u >"$scratch/named"
	ok "$1 names commands" test -s "$scratch/named"
	while read -r command options; do
		ok "$1: there is a command $command" grep -qx "$command" "$scratch/commands"
		for option in $options; do
			ok "$1: $command has $option" sh -c '"$1" "$2" --help | grep -qE -- "$3\b"' - "$bounce" "$command" "$option"
		done
	done <"$scratch/named"
}

# names_all_commands FILE: a person who reads it has heard of every command.
names_all_commands() {
	"$bounce" --help | sed -n 's/^  \([a-z]*\)  .*/\1/p' >"$scratch/commands"
	while read -r command; do
		grep -qE "notmuch[ -]bounce $command\b" "$1" || echo "$command"
	done <"$scratch/commands" >"$scratch/unnamed"
	is "$1 leaves no command out, but rules and tag" "$(grep -vxE 'rules|tag' "$scratch/unnamed")" ''
}

for readme in README.md README.ja.md; do
	shows "$readme"
	names_targets "$readme"
	ok "$readme names make demo and make check" sh -c 'grep -qx demo "$1" && grep -qx check "$1"' - "$scratch/targets"
	names_files "$readme"
	names_commands "$readme"
	names_all_commands "$readme"
	ok "$readme is read in five minutes: 8 KB at most" test "$(wc -c <"$readme")" -le 8192
done
shows share/guide.ja.md
names_commands share/guide.ja.md
names_targets CONTRIBUTING.md
names_files CONTRIBUTING.md
for page in NEWS CONTRIBUTING.md; do
	names_commands "$page"
done
ok 'README.md leads to README.ja.md in its first lines' sh -c 'head -n 3 README.md | grep -qF "(README.ja.md)"'
ok 'README.ja.md leads to README.md in its first lines' sh -c 'head -n 3 README.ja.md | grep -qF "(README.md)"'
# The figures stand in one place, with how they were measured.
ok 'the comparison has figures' test "$(grep -cE '^\|.*[0-9]( %| ms| MiB| \|)' tests/README.md)" -ge 10
is 'no README has a copy of them' "$(grep -lE '[0-9] (%|ms|MiB)' README.md README.ja.md share/guide.ja.md)" ''

done_testing
