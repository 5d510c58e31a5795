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

# broken C-CODE: from now on judging a mail in ISO-2022-JP runs that; not what notmuch itself does with it.
broken() {
	printf '%s\n' '#define _GNU_SOURCE' '#include <fcntl.h>' '#include <iconv.h>' '#include <signal.h>' '#include <stdlib.h>' '#include <string.h>' \
		'#include <errno.h>' '#include <sys/socket.h>' '#include <unistd.h>' 'iconv_t iconv_open(const char *to, const char *from) { (void)to; (void)from;' \
		"if (strcmp(program_invocation_short_name, \"notmuch-bounce\") == 0) { $1 } return (iconv_t)-1; }" >"$scratch/broken.c"
	cc -shared -fPIC -w -o "$scratch/broken.so" "$scratch/broken.c" || fail "can't compile: $1"
}
broken_into() {
	LD_PRELOAD=$scratch/broken.so "$@"
}
japanese() {
	printf 'From: MAILER-DAEMON@mx.example.jp\nTo: you@example.org\nDate: %s\nSubject: Undelivered Mail\nMessage-ID: <%s>\n' "$(day 2)" "$1"
	printf 'MIME-Version: 1.0\nContent-Type: text/plain; charset=iso-2022-jp\n\nThe following recipients:\n<bo@example.jp>: 550 User unknown \033$B$"$$\033(B\n'
}
japanese plain@example.jp >"$scratch/mail.eml"
broken ''
ok 'the library gets to run while a mail is judged' sh -c 'printf "%s" "#include <iconv.h>
#include <unistd.h>
iconv_t iconv_open(const char *t, const char *f) { (void)t; (void)f; (void)!write(2, \"here\", 4); return (iconv_t)-1; }" >"$1/probe.c" &&
	cc -shared -fPIC -w -o "$1/probe.so" "$1/probe.c" && LD_PRELOAD=$1/probe.so "$2" classify "$1/mail.eml" 2>&1 | grep -q here' x "$scratch" "$bounce"

# -- broken into: nothing can be done from there
secret=$scratch/secret
echo secret >"$secret"
attempt='
	int network = socket(AF_INET, SOCK_STREAM, 0) >= 0, file = open("'$secret'", O_RDONLY) >= 0;
	int written = open("'$scratch'/written", O_WRONLY | O_CREAT, 0600) >= 0;
	(void)!write(2, network ? "network " : "", network ? 8 : 0);
	(void)!write(2, file ? "read " : "", file ? 5 : 0);
	(void)!write(2, written ? "written " : "", written ? 8 : 0);
	execl("/bin/sh", "sh", "-c", "echo executed >&2", (char *)0);'
# kernel_can: it has Landlock (the system call says its version) and seccomp.
kernel_can() {
	perl -e 'exit !(syscall(444, 0, 0, 1) > 0)' && grep -q '^Seccomp:' /proc/self/status
}
broken "$attempt"
broken_into "$bounce" filter <"$scratch/mail.eml" >"$scratch/filtered" 2>"$scratch/done"
is 'and the mail passes, exit 0' $? 0
sed '/^X-Bounce-/d' "$scratch/filtered" >"$scratch/bare"
same 'whole' "$scratch/bare" "$scratch/mail.eml"
if kernel_can; then
	is 'filter: no network, no file read or written, no program started' "$(cat "$scratch/done")" ''
else
	skip 'filter: nothing can be done' 'this kernel has no Landlock or no seccomp'
fi
unlike 'classify of a file: it can be read, and nothing else done' "$(broken_into "$bounce" classify "$scratch/mail.eml" 2>&1)" '*network*'
ok 'nothing was written' test ! -e "$scratch/written"

# -- insert: the mail is delivered, once and whole, whatever becomes of the judge
# delivered_despite DESCRIPTION C-CODE
number=0
delivered_despite() {
	number=$((number + 1))
	new_index
	japanese "j$number@example.jp" >"$scratch/in"
	broken "$2"
	broken_into timeout 60 "$bounce" insert +mine <"$scratch/in" 2>"$scratch/err"
	is "$1: exit 0" $? 0
	is "$1: delivered once" "$(copies)" 1
	is "$1: with the user's tag" "$(tags "id:j$number@example.jp" | grep -c mine)" 1
	cp "$(find "$mail" -type f -path '*/new/*' -o -type f -path '*/cur/*' | head -1)" "$scratch/out"
	same "$1: byte for byte" "$scratch/in" "$scratch/out"
}
delivered_despite 'talking' '(void)!write(2, "executed", 8);'
like 'it would be heard' "$(cat "$scratch/err")" '*executed*'
delivered_despite 'broken into' "$attempt"
unlike 'and nothing could be done' "$(cat "$scratch/err")" '*executed*'
delivered_despite 'crashed' 'raise(SIGSEGV);'
like 'said' "$(cat "$scratch/err")" '*can'"'"'t be judged; it is delivered as it is*'
delivered_despite 'killed' 'raise(SIGKILL);'
delivered_despite 'hanging' 'for (;;) pause();'
delivered_despite 'in an endless loop' 'for (;;) ;'
delivered_despite 'asking for all memory' 'for (;;) { char *p = malloc(1 << 20); if (!p) abort(); memset(p, 1, 1 << 20); }'
delivered_despite 'talking nonsense to its master' 'for (int fd = 3; fd < 64; fd++) for (int i = 0; i < 9; i++) (void)!write(fd, "kind failed\nend \nrecipient x\n", 29); _exit(0);'
delivered_despite 'talking without end' 'char much[65536]; memset(much, 10, sizeof much); for (;;) for (int fd = 3; fd < 16; fd++) (void)!write(fd, much, sizeof much);'

done_testing
