#!/bin/sh
# texts.sh PROGRAM LOCALE: the screens of a language, one for each reason and kind of mail, as explain.t has them. For whoever writes or reviews a language:
# share/explain/README.md.
cd "$(dirname "$0")" || exit 1
export LC_ALL=C NOTMUCH_CONFIG=/nonexistent
language=${2%%[_.@]*}
case $language in '' | C | POSIX) language=en ;; esac
./examples.sh | while read -r example; do
	printf '\n%s\n\n' "--- $example"
	"$1" explain --width=80 --lang="$language" "$example" || exit
done
