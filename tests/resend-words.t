#!/bin/sh
# resend: in which language it speaks to the user, and to those who get a mail again.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=index-lib.sh
. ./index-lib.sh
# shellcheck source=resend-lib.sh
. ./resend-lib.sh

new_index
sent r@example.org 'bo@example.net' <<'END'
END
bounced r@example.org 'failed|5.7.1|554 5.7.1 Message rejected as spam by content filtering|bo@example.net'

# -- the user's language
refuses 'nothing said: English' 'notmuch-bounce: resend: this message was taken for spam at bo@example.net: *' id:b.r@example.org
refuses '--lang=ja' '*「bo@example.net」で迷惑メールと判定されました。*--anyway' --lang=ja id:b.r@example.org
for language in de fr es zh ko; do
	resend --lang="$language" id:b.r@example.org
	is "--lang=$language: refused" "$code" 77
	like "--lang=$language: of whom" "$said" '*bo@example.net*--anyway*'
	is "--lang=$language: not in English" "$(printf '%s\n' "$said" | grep -c 'taken for spam at')" 0
done
refuses 'LC_ALL=C: English, whatever LANG is' '*taken for spam*' id:b.r@example.org
LC_ALL=ja_JP.UTF-8
export LC_ALL
refuses 'the locale' '*迷惑メール*' id:b.r@example.org
notmuch config set bounce.language de
refuses 'bounce.language' '*für Spam gehalten*' id:b.r@example.org
refuses '--lang goes before it' '*taken for spam*' --lang=en id:b.r@example.org
resend --lang=tlh id:b.r@example.org
is 'a language there is nothing of: 64' "$code" 64
like '  and which there are' "$said" 'notmuch-bounce: resend --lang=tlh: *de en *ja*'
notmuch config set bounce.language tlh
resend id:b.r@example.org
is 'such a setting: 78' "$code" 78
like '  and it is named' "$said" '*bounce.language=tlh*'
notmuch config set bounce.language
resend --anyway --to=bo id:b.r@example.org
like 'a mistake in an address' "$said" '*「bo」は無効なアドレスです'

# -- words of the user's own
mkdir -p "$HOME/.config/notmuch-bounce/explain/ja"
printf 'refuse-spam だめ：{address}\n' >"$HOME/.config/notmuch-bounce/explain/ja/resend.txt"
refuses 'resend.txt of their own' 'notmuch-bounce: resend: だめ：bo@example.net' id:b.r@example.org
printf 'refuse-spam だめ：{recipient}\n' >"$HOME/.config/notmuch-bounce/explain/ja/resend.txt"
refuses 'with a placeholder that there is not: it stands as it is' '*だめ：{recipient}' id:b.r@example.org
rm -r "$HOME/.config/notmuch-bounce"

# -- what may have been meant
letter in@kaisha.example 'Taro Tanaka <tanaka.taro@kaisha.example>' you@example.org "$(day 1)" | add in
sent s@example.org 'Taro Tanaka <tanka.taro@kaisha.example>' <<'END'
END
bounced s@example.org "$gone|tanka.taro@kaisha.example"
is '--suggest' "$("$bounce" resend --suggest id:b.s@example.org)" 'tanka.taro@kaisha.example は、次のアドレスの誤りかもしれません：
  1. tanaka.taro@kaisha.example
     Taro Tanaka
     同じ名前。最後の受信は2026/03/01、送信したことはない'
like '--suggest=json' "$("$bounce" resend --lang=en --suggest=json id:b.s@example.org)" '*"why":"same name; a message from it last came on 2026-03-01; you'"'"'ve never written to it"*'

# -- for those who get it
# note_in SUBJECT: the note on top of a draft of a mail with that subject.
note_in() {
	subject=$1
	id=n$((tests))@example.org
	sent "$id" 'bo@example.net' <<-'END'
	END
	subject=
	bounced "$id" "$full|bo@example.net"
	resend --note "id:b.$id"
	mime "$scratch/draft" 0 | head -n 1
}
is 'the user is Japanese, and the subject could be anything' "$(note_in Hello)" '（先のメールが届かなかったため、再送いたします。）'
is 'a subject of nothing but Han letters' "$(note_in 見積書)" '（先のメールが届かなかったため、再送いたします。）'
is 'one in Korean' "$(note_in 견적서)" '(먼저 보낸 메일이 도착하지 않아 다시 보냅니다.)'
LC_ALL=C
is 'the user is not Japanese' "$(note_in お見積書)" '（先のメールが届かなかったため、再送いたします。）'
is 'Han letters alone are Chinese then' "$(note_in 報價)" '（重新发送：前一封邮件没有送达。）'

# -- on the last line of mutt
export XDG_RUNTIME_DIR="$scratch/run"
mkdir -m 700 "$XDG_RUNTIME_DIR"
"$bounce" resend --lang=ja --hold id:b.r@example.org </dev/null
is 'a macro shows it' "$("$bounce" resend --held)" "echo '「bo@example.net」で迷惑メールと判定されました'"
NOTMUCH_BOUNCE_KEYS=,b "$bounce" resend --lang=ja --hold id:b.r@example.org </dev/null
is 'with the key that explains it, where there are keys' "$("$bounce" resend --held)" "echo '「bo@example.net」で迷惑メールと判定されました（詳細は ,be）'"
NOTMUCH_BOUNCE_KEYS=,a-prefix-that-is-too-long-for-it- "$bounce" resend --lang=ja --hold id:b.r@example.org </dev/null
is 'and room for it' "$("$bounce" resend --held)" "echo '「bo@example.net」で迷惑メールと判定されました'"

done_testing
