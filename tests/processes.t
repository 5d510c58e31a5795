#!/bin/sh
# Many mails are judged by several processes at once: nobody can tell that from what they say, and what befalls one of them is no worse than if it were alone.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=machine-lib.sh
. ./machine-lib.sh
needs taskset
allowed=$(taskset -cp $$ | sed 's/.*: //')
case $allowed in
*[,-]*) ;;
*) skip_all 'there is one processor only' ;;
esac

alone() {
	taskset -c "${allowed%%[,-]*}" "$@"
}
# as_one DESCRIPTION ARGUMENT...: classify of these says the same with one processor as with all, on stdout and stderr, and ends with the same status.
as_one() {
	description=$1
	shift
	alone "$bounce" classify "$@" >"$scratch/one.out" 2>"$scratch/one.err" <"${input:-/dev/null}"
	echo $? >>"$scratch/one.err"
	"$bounce" classify "$@" >"$scratch/all.out" 2>"$scratch/all.err" <"${input:-/dev/null}"
	echo $? >>"$scratch/all.err"
	same "$description" "$scratch/all.out" "$scratch/one.out"
	same "$description: what is wrong" "$scratch/all.err" "$scratch/one.err"
}

mail=bounces/user-unknown/postfix-local.eml
as_one 'a folder' --format=json bounces
ok 'that is all of it' test "$(grep -c . "$scratch/all.out")" -eq "$(find bounces -name '*.eml' | grep -c .)"
as_one 'many files' --why bounces/*/*.eml
as_one 'in another language' --lang=ja bounces not-bounces

# -- what is no mail, or can't be read, in between
mkdir "$scratch/words" "$scratch/mixed" "$scratch/empty"
i=0
while [ $i -lt 150 ]; do
	i=$((i + 1))
	echo 'no mail' >"$scratch/words/$i"
	cp "$mail" "$scratch/mixed/$i.eml"
done
{
	for i in 1 2 3; do
		printf 'From MAILER-DAEMON Wed Oct 14 09:12:4%d 2026\n' $i
		cat "$mail"
		echo
	done
	printf 'From nobody@example.net Wed Oct 14 09:12:47 2026\nThis is no mail.\n\n'
} >"$scratch/box.mbox"
cp "$scratch/box.mbox" "$scratch/mixed/60"
echo 'no mail' >"$scratch/mixed/10.eml"
ln -s nowhere "$scratch/mixed/100"
mkdir "$scratch/mixed/99"
cp "$mail" "$scratch/mixed/99/"
as_one 'a folder with an mbox, a folder, and what is no mail' --format=json "$scratch/mixed"
is 'each mail once' "$(grep -c . "$scratch/all.out")" 153
alone "$bounce" classify --format=json "$scratch"/mixed/* >"$scratch/one.out" 2>&1
"$bounce" classify --format=json "$scratch"/mixed/* >"$scratch/all.out" 2>&1
same 'what is wrong stands between the answers in the same places' "$scratch/all.out" "$scratch/one.out"
as_one 'a folder without mail between others' --format=reason bounces "$scratch/words" "$scratch/mixed" "$scratch/empty" not-bounces
is 'it is named' "$(grep -c 'words: has no mail' "$scratch/all.err")" 1
as_one 'a folder without mail alone' --format=reason "$scratch/words"
as_one 'a missing file, an mbox, an empty file' --format=facts bounces "$scratch/missing" "$scratch/box.mbox" not-bounces /dev/null bounces
is 'the first failure counts' "$(tail -n 1 "$scratch/all.err")" 66
input=$mail
as_one 'standard input, twice' --format=facts bounces - bounces - not-bounces
ok 'it is read once' grep -q -- '- .*is empty\|-: is empty' "$scratch/all.err"
input=

mkdir "$scratch/many"
printf 'From: Anna <anna@example.net>\nTo: you@example.org\nSubject: hello\n\nHello.\n' >"$scratch/many/0"
perl -e 'link "$ARGV[0]/0", "$ARGV[0]/$_" or die for 1 .. 9999' "$scratch/many"
as_one 'ten thousand' --format=reason "$scratch/many"
is 'that is all of them' "$(grep -c . "$scratch/all.out")" 10000

# -- nobody listens
"$bounce" classify bounces bounces bounces 2>"$scratch/err" | head -n 1 >/dev/null
is 'a reader that has seen enough: nothing is said' "$(cat "$scratch/err")" ''
"$bounce" classify bounces >&- 2>"$scratch/err"
is 'closed standard output: exit 74' $? 74
if [ -c /dev/full ]; then
	"$bounce" classify bounces >/dev/full 2>"$scratch/err"
	is 'a full disk: exit 75' $? 75
	is 'said once' "$(grep -c . "$scratch/err")" 1
else
	skip 'a full disk: exit 75' 'no /dev/full here'
	skip 'said once' 'no /dev/full here'
fi

# -- a process dies, hangs, or can't be had
if has cc && ! nm "$bounce" 2>/dev/null | grep -q __asan_init; then
	# broken FUNCTION-OR-TYPE...: from now on, with broken_into, the program meets that.
	broken() {
		printf '%s\n' '#define _GNU_SOURCE' '#include <errno.h>' '#include <iconv.h>' '#include <signal.h>' '#include <stdlib.h>' '#include <string.h>' '#include <unistd.h>' "$1" >"$scratch/broken.c"
		cc -shared -fPIC -w -o "$scratch/broken.so" "$scratch/broken.c" || fail "can't compile: $1"
	}
	broken_into() {
		LD_PRELOAD=$scratch/broken.so "$@"
	}
	mkdir "$scratch/one-breaks"
	i=100
	while [ $i -lt 300 ]; do
		cp "$mail" "$scratch/one-breaks/$i.eml"
		i=$((i + 1))
	done
	printf 'From: MAILER-DAEMON@mx.example.jp\nTo: you@example.org\nSubject: Undelivered Mail\nMIME-Version: 1.0\nContent-Type: text/plain; charset=iso-2022-jp\n\n<bo@example.jp>: 550 User unknown \033$B$"$$\033(B\n' >"$scratch/one-breaks/205.eml"
	iconv='size_t iconv(iconv_t c, char **i, size_t *n, char **o, size_t *m) { if (i == NULL) return 0;'

	broken 'pid_t fork(void) { errno = EAGAIN; return -1; }'
	broken_into "$bounce" classify --format=json bounces >"$scratch/all.out" 2>"$scratch/all.err"
	is 'no other process is to be had: exit 0' "$? $(cat "$scratch/all.err")" '0 '
	alone "$bounce" classify --format=json bounces >"$scratch/one.out"
	same 'no other process is to be had: the same answers' "$scratch/all.out" "$scratch/one.out"

	broken "$iconv (void)!write(2, \"+\", 1); for (;;) pause(); }"
	LD_PRELOAD=$scratch/broken.so "$bounce" classify --format=reason "$scratch/one-breaks" >/dev/null 2>"$scratch/err" &
	hanging=$!
	comes_true 'the library gets to run' test -s "$scratch/err"
	# Reading the options cuts --format=reason in two, also where pgrep looks.
	# shellcheck disable=SC2317 # ok and comes_true call these
	still_there() {
		pgrep -f "classify.*$scratch/one-breaks" >/dev/null
	}
	# shellcheck disable=SC2317
	gone() {
		! still_there
	}
	ok 'several processes are at work' still_there
	kill -KILL $hanging
	comes_true 'a process that hangs goes with the one that is killed' gone

	for how in 'raise(SIGSEGV);' '_exit(0);' 'for (;;) memset(malloc(1 << 20), 1, 1 << 20);'; do
		broken "$iconv $how }"
		broken_into "$bounce" classify --format=json "$scratch/one-breaks" >"$scratch/out" 2>"$scratch/err"
		is "a process dies ($how): exit 75" $? 75
		ok 'the mail is named' grep -q "one-breaks/205.eml: can't be judged" "$scratch/err"
		is 'all answers before it are there, and whole' "$(grep -c '^{.*}$' "$scratch/out") $(grep -c . "$scratch/out")" '105 105'
	done

	broken '#include <sys/syscall.h>
ssize_t write(int to, const void *b, size_t n) { if (memmem(b, n, "/205.eml", 8) == NULL) return syscall(SYS_write, to, b, n); syscall(SYS_write, to, b, n - 20); _exit(0); }'
	broken_into "$bounce" classify --format=json "$scratch/one-breaks" >"$scratch/out" 2>"$scratch/err"
	is 'a process dies in the middle of an answer: exit 75' $? 75
	is 'no part of it is there' "$(grep -c '^{.*}$' "$scratch/out") $(grep -c . "$scratch/out")" '105 105'

	broken "#include <sys/mman.h>
static int *deaths;
__attribute__((constructor)) static void start(void) { deaths = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0); }
$iconv if (__sync_fetch_and_add(deaths, 1) == 0) raise(SIGSEGV); errno = EILSEQ; return (size_t)-1; }"
	broken_into "$bounce" classify --format=json "$scratch/one-breaks" >"$scratch/out" 2>"$scratch/err"
	is 'a process dies of what does not happen again: exit 0, nothing is said' "$? $(cat "$scratch/err")" '0 '
	is 'another one takes its place: each mail once, in order' "$(sed 's/.*one-breaks.\([0-9]*\)[.]eml.*/\1/' "$scratch/out")" "$(seq 100 299)"
fi

done_testing
