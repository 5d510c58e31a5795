#!/bin/sh
# demo.sh: a morning in a small shop. Hana has sent mail; some of it comes back, and she asks what that means and sends one again.
# Her mail, her index and her settings are in a folder of their own, which is left to play in. Nobody else's mail is touched.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
program=${NOTMUCH_BOUNCE:-$here/../build/notmuch-bounce}
shop=$(mktemp -d "${TMPDIR:-/tmp}/notmuch-bounce-demo.XXXXXX")
mail=$shop/Maildir
mkdir -p "$mail/new" "$mail/cur" "$mail/tmp" "$shop/bin"
ln -s "$program" "$shop/bin/notmuch-bounce"
cat >"$shop/notmuch-config" <<END
[database]
path=$mail
[user]
name=Hana Sato
primary_email=hana@shop.example.com
[new]
tags=inbox;unread
END
cat >"$shop/env" <<END
# Hana's mail instead of that of whoever runs this.
HOME='$shop' XDG_CONFIG_HOME='$shop/.config' NOTMUCH_CONFIG='$shop/notmuch-config' PATH='$shop/bin':\$PATH
export HOME XDG_CONFIG_HOME NOTMUCH_CONFIG PATH
unset NOTMUCH_DATABASE NOTMUCH_PROFILE MAILDIR EMAIL
END
cat >"$shop/enter" <<END
#!/bin/sh
# A shell in which Hana's mail is yours; exit leaves it.
. '$shop/env'
cd '$shop' && exec "\${SHELL:-/bin/sh}"
END
chmod +x "$shop/enter"
# shellcheck source=/dev/null
. "$shop/env"
notmuch new --quiet

bold='' plain=''
if [ -t 1 ] && [ -z "${NO_COLOR:-}" ]; then
	bold=$(printf '\033[1m') plain=$(printf '\033[0m')
fi
say() {
	printf '\n%s# %s%s\n' "$bold" "$*" "$plain"
}
# run COMMAND...: shown as it is typed, then what it prints.
run() {
	printf '\n%s$ %s%s\n' "$bold" "$*" "$plain"
	"$@"
}

# letter FROM TO ID SUBJECT
letter() {
	printf 'From: %s\nTo: %s\nMessage-ID: <%s>\nSubject: %s\nDate: Wed, 14 Oct 2026 09:12:39 +0200\n' "$1" "$2" "$3" "$4"
	printf 'MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\nSee the subject.\n'
}
hana='Hana Sato <hana@shop.example.com>'
letter 'Konekko Nyan <konekko.nyan@ex.docomo.ne.jp>' "$hana" order@ex.docomo.ne.jp 'An order' | notmuch-bounce insert +inbox
letter "$hana" 'Konekko Nyan <konekko.nyan@ex.docomo.ne.jp>' thanks@shop.example.com 'Re: An order' | notmuch-bounce insert +sent -inbox -unread

# What Hana sent, and the notice that came of it, as mail servers wrote it. The last one arrived.
while read -r notice id to subject; do
	letter "$hana" "$to" "$id@shop.example.com" "$subject" | notmuch-bounce insert +sent -inbox -unread
	[ "$notice" = - ] || notmuch-bounce insert +inbox <"$here/bounces/$notice.eml"
done <<'END'
user-unknown/docomo-rcpt              doc1  koneko.nyan@ex.docomo.ne.jp Your order 4711
filtered/softbank-rejected-by-setting filt4 hanako@softbank.example     Your order 4712
mailbox-full/biglobe-delivery-problems bl1  yuzu@biglobe.example        Invoice for September
too-large/exim-552-message-size       big2  desk@firma.example          The photographs
spam/gmail-likely-unsolicited         spam1 lee@partner.example         Our autumn sale
network/postfix-lost-connection       net3  zoe@fern.example            Opening hours
suspended/qmail-yahoo-chinese         chn1  li@netease.example          Price list
mailbox-full/postfix-delayed          warn2 voll@firma.example          Lunch on Friday?
-                                     bo    bo@example.net              Thank you
END

say "Hana sent $(notmuch count tag:sent) mails. These came back, tagged as they were delivered:"
printf '\n%s$ notmuch search tag:bounce%s\n' "$bold" "$plain"
notmuch search tag:bounce | sed 's/^thread:[^ ]* *//; s/\[[^]]*\] [^;]*; / /; s/ (\([^()]*\))$/\n    (\1)/'

say 'What did not arrive, why, and whose turn is it?'
run notmuch-bounce status

say 'What does that mean, and what is to be done?'
run notmuch-bounce explain --lang=en --width=80 id:filt4@shop.example.com
locale=${LC_ALL:-${LC_MESSAGES:-${LANG:-en}}}
case $locale in
'' | C | C.* | POSIX | en*) language=ja ;;
*) language=${locale%%[_.@]*} ;;
esac
say 'In nine languages:'
run notmuch-bounce explain "--lang=$language" --width=80 id:filt4@shop.example.com

say 'The first one went to an address that nobody has. Which one was meant?'
run notmuch-bounce resend --lang=en --suggest id:doc1@shop.example.com
say 'To that one, then. A draft, to be looked at and sent:'
run notmuch-bounce resend --lang=en --to=konekko.nyan@ex.docomo.ne.jp id:doc1@shop.example.com

say "All this is left for you in $shop. Try:"
cat <<END

  $shop/enter
  notmuch-bounce status
  notmuch-bounce explain --lang=ja id:bl1@shop.example.com
  notmuch-bounce resend --to=yuzu@new.example --draft=Drafts id:bl1@shop.example.com

(Or with mails of your own: notmuch-bounce explain mail.eml)
When you have seen enough: exit, and rm -r $shop
END
