#!/bin/sh
# make install: everything that belongs to an installation, at its place, naming that place, and nothing else; make uninstall: gone again.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# Root gives up what could write elsewhere.
# shellcheck source=user-lib.sh
. ./user-lib.sh
not_as_root
# How this make was called is nothing to the one that is asked here.
unset MAKEFLAGS MAKELEVEL MFLAGS PREFIX DESTDIR BUILD CC CFLAGS CPPFLAGS LDFLAGS SANITIZE WERROR

# What installing needs of the sources, with a program that was built, in a place of its own.
tree=$scratch/tree
mkdir "$tree" "$tree/build"
cp -R ../Makefile ../share ../plugin ../README*.md ../NEWS "$tree/"
program_at "$tree/build"
chmod -R a+rX "$scratch"
# sums FOLDER: every file and folder in it, with its mode and what is in it.
sums() {
	(cd "$1" && find . | sort | perl -lne 'printf "%s %o\n", $_, 07777 & (lstat)[2]' && find . -type f -exec cksum {} + | sort -k3)
}
sums "$tree" >"$scratch/tree.before"
# quietly COMMAND...: what it writes is only of interest if it fails.
# shellcheck disable=SC2317 # ok calls it
quietly() {
	"$@" >"$scratch/out" 2>"$scratch/err" || {
		note "$(cat "$scratch/out" "$scratch/err")"
		return 1
	}
}
# installs DESCRIPTION TARGET VARIABLE=VALUE...: with a mask that would hide what is installed. -o all: the program is there.
installs() {
	description=$1
	shift
	# shellcheck disable=SC2086 # words
	ok "$description" quietly sh -c 'umask 077; cd "$1" && shift && exec "$@"' - "$tree" $as_user make -s -o all "$@"
}
# place FOLDER: it can be written by who installs.
place() {
	mkdir -p "$1"
	chmod 755 "$1"
	given "$1"
}
# listed FOLDER: the files in it, by name.
listed() {
	(cd "$1" && find . ! -type d | sed 's,^\./,,' | sort)
}
# what was installed below FOLDER with PREFIX
check_files() {
	{
		echo bin/notmuch-bounce
		printf 'lib/notmuch-bounce/notmuch-bounce-%s.so\n' gmime html index
		(cd ../share/man && ls -- *.1) | sed 's,^,share/man/man1/,'
		(cd ../share/man && ls -- *.5) | sed 's,^,share/man/man5/,'
		(cd ../share/man/ja && ls -- *.1) | sed 's,^,share/man/ja/man1/,'
		(cd ../share/recipes && ls) | sed 's,^,share/notmuch-bounce/recipes/,'
		(cd ../plugin && ls) | sed 's,^,share/notmuch-bounce/plugin/,'
		(cd .. && printf '%s\n' README*.md NEWS share/guide*) | sed 's,^share/,,; s,^,share/doc/notmuch-bounce/,'
		echo share/bash-completion/completions/notmuch-bounce
		echo share/zsh/site-functions/_notmuch_bounce
		echo share/fish/vendor_completions.d/notmuch-bounce.fish
	} | sort >"$scratch/wanted"
	listed "$1$2" >"$scratch/got"
	same "$3: all files, and no other" "$scratch/got" "$scratch/wanted"
	(cd "$1$2" && find . -type f -perm 755 | sort | tr '\n' ' ') >"$scratch/got"
	is "$3: programs and scripts can be run" "$(cat "$scratch/got")" \
		'./bin/notmuch-bounce ./share/notmuch-bounce/recipes/notify ./share/notmuch-bounce/recipes/post-insert ./share/notmuch-bounce/recipes/post-new ./share/notmuch-bounce/recipes/searches ./share/notmuch-bounce/recipes/trial '
	is "$3: all else can be read" "$(find "$1$2" -type f ! -perm 755 ! -perm 644)" ''
	is "$3: folders can be entered" "$(find "$1$2" -mindepth 1 -type d ! -perm 755)" ''
	cmp -s "$1$2/bin/notmuch-bounce" "$bounce"
	is "$3: the program is the one that was built" $? 0
	# Each path of ours that a text names is there, below DESTDIR.
	grep -rhoE "$2/(bin|share)/[a-z./-]*[a-z]" "$1$2/share/notmuch-bounce" "$1$2/share/doc" | sort -u >"$scratch/named"
	ok "$3: its texts name its files" grep -qx "$2/share/notmuch-bounce/recipes/procmail-notmuch.rc" "$scratch/named"
	while IFS= read -r path; do
		[ -e "$1$path" ] || echo "$path"
	done <"$scratch/named" >"$scratch/missing"
	is "$3: what its texts name is there" "$(cat "$scratch/missing")" ''
}

# -- below DESTDIR, as packagers do
package=$scratch/package
place "$package"
installs 'DESTDIR and PREFIX' install DESTDIR="$package" PREFIX=/opt/mail
check_files "$package" /opt/mail 'PREFIX=/opt/mail'
is 'PREFIX=/opt/mail: no text names another place' "$(grep -rlE '/usr/local/(bin|share/notmuch)' "$package/opt/mail/share")" ''
is 'PREFIX=/opt/mail: nor DESTDIR' "$(grep -rl -F "$package" "$package")" ''
is 'DESTDIR: nothing else is in it' "$(cd "$package" && echo ./* opt/*)" './opt opt/mail'
installs 'once more, over it' install DESTDIR="$package" PREFIX=/opt/mail
check_files "$package" /opt/mail 'once more'
installs 'uninstall' uninstall DESTDIR="$package" PREFIX=/opt/mail
is 'uninstall: no file is left' "$(listed "$package")" ''
is 'uninstall: no folder of ours is left' "$(find "$package" -name '*notmuch-bounce*')" ''
installs 'uninstall when nothing is there' uninstall DESTDIR="$package" PREFIX=/opt/mail

# -- the usual place
installs 'no PREFIX' install DESTDIR="$package"
check_files "$package" /usr/local 'no PREFIX'
same 'no PREFIX: a recipe is as in the sources' "$package/usr/local/share/notmuch-bounce/recipes/bounces-notmuch.sieve" ../share/recipes/bounces-notmuch.sieve
: >"$package/usr/local/share/notmuch-bounce/recipes/mine"
installs 'uninstall beside a file of the user'"'"'s' uninstall DESTDIR="$package"
is 'uninstall: only that file stays' "$(listed "$package")" usr/local/share/notmuch-bounce/recipes/mine
like 'uninstall: says so' "$(cat "$scratch/err")" '*kept*recipes*'

# -- where other programs look for completions is theirs to say
installs 'PREFIX=/usr as Debian has it' install DESTDIR="$package" PREFIX=/usr zshdir=/usr/share/zsh/vendor-completions
ok 'zshdir' test -e "$package/usr/share/zsh/vendor-completions/_notmuch_bounce"
ok 'zshdir: not at both places' test ! -e "$package/usr/share/zsh/site-functions"
installs 'uninstall from there' uninstall DESTDIR="$package" PREFIX=/usr zshdir=/usr/share/zsh/vendor-completions
is 'uninstall from there: gone' "$(listed "$package")" usr/local/share/notmuch-bounce/recipes/mine

# -- straight into a place, whose name is a difficult one; and it works from there
prefix="$scratch/a place of ours"
place "$prefix"
installs 'PREFIX with blanks' install PREFIX="$prefix"
check_files '' "$prefix" 'PREFIX with blanks'
PATH="$prefix/bin:$PATH"
is 'the program runs from there' "$(notmuch-bounce classify --format=reason bounces/user-unknown/postfix-local.eml)" user-unknown
is 'as a command of notmuch' "$(notmuch bounce classify --format=reason bounces/user-unknown/postfix-local.eml)" user-unknown
like 'it finds its plugin there' "$(notmuch-bounce setup mutt)" "*$(printf '%s' "$prefix" | sed 's/ /*/g')*notmuch-bounce.muttrc*"
if command -v man >/dev/null; then
	for page in "$prefix"/share/man/man?/*; do
		name=${page##*/}
		is "man finds ${name%.?}" "$(MANPATH="$prefix/share/man" man -w "${name##*.}" "${name%.?}" 2>&1)" "$page"
	done
fi
installs 'uninstall with blanks' uninstall PREFIX="$prefix"
is 'uninstall with blanks: no file is left' "$(listed "$prefix")" ''

# Signs that mean something to make, a shell or sed.
odd="/opt/it's a&b|c\\d,e"
installs 'PREFIX with odd signs' install DESTDIR="$package" PREFIX="$odd"
ok 'PREFIX with odd signs: a text names it' grep -qF "$odd/share/notmuch-bounce/recipes/procmail.rc" "$package$odd/share/notmuch-bounce/recipes/procmail.rc"
installs 'uninstall with odd signs' uninstall DESTDIR="$package" PREFIX="$odd"
is 'uninstall with odd signs: no file is left' "$(listed "$package$odd")" ''

# -- mistakes
# shellcheck disable=SC2086 # words
exits 'a PREFIX that is no path: refused' 2 $as_user make -s -C "$tree" -o all install PREFIX=here
like 'a PREFIX that is no path: says so' "$(cat "$scratch/err")" '*PREFIX=here*begins with /*'
mkdir "$scratch/closed"
chmod 555 "$scratch/closed"
if [ -n "$as_user" ] || [ ! -w "$scratch/closed" ]; then
	# shellcheck disable=SC2086 # words
	exits 'a place that can'"'"'t be written: fails' 2 $as_user make -s -C "$tree" -o all install PREFIX="$scratch/closed"
fi

# -- nothing outside was touched
sums "$tree" >"$scratch/tree.after"
same 'the sources are as they were' "$scratch/tree.before" "$scratch/tree.after"
is 'nothing is in the home' "$(find "$HOME" -mindepth 1)" ''

done_testing
