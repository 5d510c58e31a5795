#!/bin/sh
# What becomes of a mail when the process that judges it is broken into, crashes, hangs, or takes too much. A library loaded before all others does that in
# the midst of judging, where text of a mail is converted.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=machine-lib.sh
. ./machine-lib.sh
needs_preloading
# shellcheck source=index-lib.sh
. ./index-lib.sh

# broken C-CODE [FOLDER]: from now on judging a mail in ISO-2022-JP runs that; not what notmuch itself does with it. PARENT is the process that started
# the judge. The library is made in the folder.
broken() {
	broken_in=${2:-$scratch}
	printf '%s\n' '#define _GNU_SOURCE' '#include <errno.h>' '#include <fcntl.h>' '#include <iconv.h>' '#include <signal.h>' '#include <stdlib.h>' \
		'#include <string.h>' '#include <sys/ioctl.h>' '#include <sys/socket.h>' '#include <sys/syscall.h>' '#include <unistd.h>' '#define PARENT getppid()' \
		'static void broken(void) {' "$1" '}' 'size_t iconv(iconv_t c, char **i, size_t *n, char **o, size_t *m) { (void)c; (void)n; (void)o; (void)m;' \
		'if (i == NULL) return 0; if (strcmp(program_invocation_short_name, "notmuch-bounce") == 0) broken(); return (size_t)-1; }' >"$broken_in/broken.c"
	cc -shared -fPIC -w -o "$broken_in/broken.so" "$broken_in/broken.c" || fail "can't compile: $1"
}
broken_into() {
	LD_PRELOAD=$broken_in/broken.so "$@"
}
japanese() {
	printf 'From: MAILER-DAEMON@mx.example.jp\nTo: you@example.org\nDate: %s\nSubject: Undelivered Mail\nMessage-ID: <%s>\n' "$(day 2)" "$1"
	printf 'MIME-Version: 1.0\nContent-Type: text/plain; charset=iso-2022-jp\n\nThe following recipients:\n<bo@example.jp>: 550 User unknown \033$B$"$$\033(B\n'
}
japanese plain@example.jp >"$scratch/mail.eml"
broken '(void)!write(2, "here", 4);'
like 'the library gets to run while a mail is judged' "$(broken_into "$bounce" classify "$scratch/mail.eml" 2>&1)" '*here*'

# -- broken into: nothing can be done from there
# kernel_can: it has Landlock (the system call says its version) and seccomp.
kernel_can() {
	perl -e 'exit !(syscall(444, 0, 0, 1) > 0)' && grep -q '^Seccomp:' /proc/self/status
}
secret=$scratch/secret
echo secret >"$secret"
attempt='
	if (socket(AF_INET, SOCK_STREAM, 0) >= 0) (void)!write(2, "network ", 8);
	if (open("'$secret'", O_RDONLY) >= 0) (void)!write(2, "read ", 5);
	if (open("'$scratch'/written", O_WRONLY | O_CREAT, 0600) >= 0) (void)!write(2, "written ", 8);
	if (syscall(SYS_tgkill, PARENT, PARENT, 0) == 0 || kill(PARENT, 0) == 0) (void)!write(2, "signal ", 7);
	if (ioctl(2, TIOCSTI, "x") == 0 || fcntl(1, F_SETOWN, PARENT) == 0) (void)!write(2, "terminal ", 9);
	execl("/bin/sh", "sh", "-c", "echo executed >&2", (char *)0);
	(void)!write(2, "tried", 5);
	_exit(7);'
broken "$attempt"
if kernel_can; then
	is 'classify of a mail: nothing but its answer' "$(broken_into "$bounce" classify "$scratch/mail.eml" 2>&1)" tried
	is 'classify of standard input: the same' "$(broken_into "$bounce" classify <"$scratch/mail.eml" 2>&1)" tried
	cp "$scratch/mail.eml" "$scratch/again.eml"
	is 'classify of several: the same' "$(broken_into "$bounce" classify "$scratch/mail.eml" "$scratch/again.eml" 2>&1)" tried
	mkdir "$scratch/many"
	i=0
	while [ $i -lt 99 ]; do
		i=$((i + 1))
		cp "$scratch/mail.eml" "$scratch/many/$i.eml"
	done
	like 'classify of so many that several processes judge: the same' "$(broken_into "$bounce" classify "$scratch/many" 2>&1 | sed "s/notmuch-bounce: .*can't be judged.*//")" 'tried*'
	is 'nothing else' "$(broken_into "$bounce" classify "$scratch/many" 2>&1 | sed "s/notmuch-bounce: .*can't be judged.*//; s/tried//g" | tr -d '\n')" ''
else
	skip 'classify: nothing but its answer' 'this kernel has no Landlock or no seccomp'
fi
broken_into "$bounce" filter <"$scratch/mail.eml" >"$scratch/filtered" 2>"$scratch/err"
is 'filter: the mail passes, exit 0' $? 0
same 'filter: whole' "$scratch/filtered" "$scratch/mail.eml"
is 'filter: it can'"'"'t even talk' "$(cat "$scratch/err")" "notmuch-bounce: the mail can't be judged; it passes as it came"
ok 'nothing was written' test ! -e "$scratch/written"
# What it says instead of a judgement gets neither into the header nor to the terminal.
broken 'for (int fd = 3; fd < 64; fd++) (void)!write(fd, "kind failed\noriginal-id x\rX-Spam: no\nend \n", 41); _exit(0);'
broken_into "$bounce" filter <"$scratch/mail.eml" >"$scratch/filtered" 2>/dev/null
same 'filter: a header field of its own is no judgement' "$scratch/filtered" "$scratch/mail.eml"
# A library that is not the one: said, and the mail passes.
mkdir "$scratch/libraries"
for library in libgmime-3.0.so.0 libxml2.so.2; do
	: >"$scratch/libraries/$library"
done
{ sed '/^$/,$d' "$scratch/mail.eml"; printf 'Content-Transfer-Encoding: quoted-printable\n\n'; sed '1,/^$/d; s/=/=3D/g' "$scratch/mail.eml"; } >"$scratch/encoded.eml"
LD_LIBRARY_PATH=$scratch/libraries "$bounce" filter <"$scratch/encoded.eml" >"$scratch/filtered" 2>"$scratch/err"
is 'filter without a library that the mail needs: exit 0' $? 0
same 'filter without a library that the mail needs: whole' "$scratch/filtered" "$scratch/encoded.eml"
like 'filter without a library that the mail needs: says so' "$(cat "$scratch/err")" '*can'"'"'t be judged*'
# Libraries from another place are as good.
mkdir "$scratch/elsewhere"
for library in libgmime-3.0.so.0 libxml2.so.2; do
	cp "$(cc -print-file-name="${library%.so.*}.so")" "$scratch/elsewhere/$library"
done
for where in '' "$scratch/elsewhere"; do
	LD_LIBRARY_PATH=$where "$bounce" filter <"$scratch/encoded.eml" | grep '^X-Bounce' >"$scratch/fields.${where:+else}"
done
ok 'filter knows an encoded bounce' test -s "$scratch/fields."
same 'filter with libraries from another place' "$scratch/fields.else" "$scratch/fields."

# -- insert: the mail is delivered, once and whole, whatever becomes of the judge
# delivers NAME C-CODE: into an index of its own, $scratch/NAME, where the exit status, what was said and how many seconds it took are kept as well.
delivers() {
	mkdir "$scratch/$1"
	mail=$scratch/$1/mail NOTMUCH_CONFIG=$scratch/$1/config
	new_index
	japanese "$1@example.jp" >"$scratch/$1/in"
	broken "$2" "$scratch/$1"
	started=$(date +%s)
	# shellcheck disable=SC2086 # words, or none
	broken_into ${nicely:-} timeout 60 "$bounce" insert +mine <"$scratch/$1/in" 2>"$scratch/$1/err"
	echo $? >"$scratch/$1/code"
	echo $(($(date +%s) - started)) >"$scratch/$1/seconds"
}
# delivered NAME DESCRIPTION: it was.
delivered() {
	mail=$scratch/$1/mail NOTMUCH_CONFIG=$scratch/$1/config
	is "$2: exit 0" "$(cat "$scratch/$1/code")" 0
	is "$2: delivered once" "$(copies)" 1
	is "$2: with the user's tag" "$(tags "id:$1@example.jp" | grep -c mine)" 1
	same "$2: byte for byte" "$scratch/$1/in" "$(find "$mail" -type f -path '*/new/*' -o -type f -path '*/cur/*' | head -1)"
}
number=0
delivered_despite() {
	number=$((number + 1))
	delivers $number "$2"
	delivered $number "$1"
}
# What takes as long as a judge may take, beside all the others; an endless loop with what processor time they leave.
new_index
slow=
(delivers closed 'for (int fd = 0; fd < 64; fd++) close(fd); for (;;) pause();') &
slow="$slow $!"
(delivers hanging 'for (;;) pause();') &
slow="$slow $!"
(nicely='nice -n 19' && delivers loop 'for (;;) ;') &
slow="$slow $!"
delivered_despite 'broken into' "$attempt"
is 'and nothing could be done, nor said' "$(cat "$scratch/1/err")" "notmuch-bounce: insert: the mail can't be judged; it is delivered as it is"
# It goes for those around it: its parent, and any process of the same user.
sleep 1000 &
victim=$!
at_end="kill $victim 2>/dev/null"
for number_of in SIGSTOP SIGKILL; do
	# All processes only if one alone was refused: a sandbox that is not there must fail this test, not stop the machine.
	delivered_despite "sending $number_of to whom it can" "if (kill($victim, $number_of) == 0 || syscall(SYS_tgkill, $victim, $victim, $number_of) == 0) _exit(0);
		syscall(SYS_tgkill, PARENT, PARENT, $number_of); kill(PARENT, $number_of); kill(-1, $number_of); for (int fd = 0; fd < 20; fd++) {
		fcntl(fd, F_SETOWN, $victim); fcntl(fd, F_SETSIG, $number_of); fcntl(fd, F_SETFL, O_ASYNC); } _exit(0);"
	is "$number_of: others go on" "$(ps -o stat= -p $victim | cut -c1)" S
done
delivered_despite 'crashed' 'raise(SIGSEGV);'
like 'said' "$(cat "$scratch/$number/err")" '*can'"'"'t be judged; it is delivered as it is*'
delivered_despite 'killed' 'raise(SIGKILL);'
delivered_despite 'asking for all memory' 'for (;;) { char *p = malloc(1 << 20); if (!p) abort(); memset(p, 1, 1 << 20); }'
delivered_despite 'talking nonsense to its master' 'for (int fd = 3; fd < 64; fd++) for (int i = 0; i < 9; i++) (void)!write(fd, "kind failed\nend \nrecipient x\n", 29); _exit(0);'
delivered_despite 'talking without end' 'char much[65536]; memset(much, 10, sizeof much); for (;;) for (int fd = 3; fd < 16; fd++) (void)!write(fd, much, sizeof much);'

# shellcheck disable=SC2086 # words
wait $slow
delivered closed 'closing all it has, and staying'
delivered hanging hanging
delivered loop 'in an endless loop'
ok 'that takes no longer than a judge may take' test "$(cat "$scratch/closed/seconds")" -le 20

# -- what it says of another mail than the one that is delivered is not believed
# judged_as ID: a mail is delivered, and its judge says that it is a bounce with that id. control@example.jp: the same of the mail itself.
judged_as() {
	broken "const char *said = \"kind failed\\nid $1\\nfrom x@example.jp\\nrecipient bo@example.net\\naction failed\\nstatus 5.7.1\\npermanent spam\\nend \\n\";
		for (int fd = 3; fd < 64; fd++) (void)!write(fd, said, strlen(said)); _exit(0);"
	japanese control@example.jp | broken_into "$bounce" insert +inbox -archived 2>"$scratch/err"
}
new_index
judged_as control@example.jp
is 'a judge that was broken into can say that its own mail is a bounce' "$(tags id:control@example.jp)" 'bounce bounce/permanent bounce/spam'
for whose in "'You <you@example.org>' bo@example.net" "'Boss <boss@corp.example>' you@example.org"; do
	new_index
	eval "letter other@list.example $whose \"\$(day 1)\"" | add other
	notmuch tag -inbox +archived -- id:other@list.example
	before=$(notmuch dump --format=batch-tag -- id:other@list.example)
	judged_as other@list.example
	is "but not that another mail is one, from ${whose%%>*}>" "$? $(copies) $(notmuch dump --format=batch-tag -- id:other@list.example)" "0 2 $before"
done

done_testing
