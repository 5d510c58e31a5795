# Completions of notmuch-bounce for fish. Made by generate.pl from what the program says of itself: `make completions`, don't edit.
# `notmuch bounce` too, once this file was read: by a completion of notmuch-bounce, or from your config.fish.

# Whether the cursor is behind this command; without one: where a command is expected.
function __notmuch_bounce_is
    set -l words (commandline -opc)
    set -l first (string replace -r '.*/' '' -- $words[1])
    set -e words[1]
    if test "$first" = notmuch
        contains -- bounce $words; or return 1
        while test "$words[1]" != bounce
            set -e words[1]
        end
        set -e words[1]
    end
    test "$words[1]" = "$argv[1]"
end

# Tags of the index, behind what is given.
function __notmuch_bounce_tags
    for tag in (notmuch search --output=tags '*' 2>/dev/null)
        echo $argv[1]$tag
    end
end

complete -c notmuch-bounce -f
for program in notmuch-bounce notmuch
    complete -c $program -n '__notmuch_bounce_is' -f -a addresses -d 'say which addresses mail came back from: dead, failing, refused'
    complete -c $program -n '__notmuch_bounce_is' -f -a classify -d 'say which messages are bounces, to whom, and why'
    complete -c $program -n '__notmuch_bounce_is' -f -a clean -d 'print a list of addresses without those that are dead'
    complete -c $program -n '__notmuch_bounce_is' -f -a explain -d 'say what a bounce means, whose turn it is, and what to do'
    complete -c $program -n '__notmuch_bounce_is' -f -a filter -d 'pass a mail on from stdin to stdout, a bounce with X-Bounce fields'
    complete -c $program -n '__notmuch_bounce_is' -f -a forget -d 'remove every tag and property that was ever set, after asking'
    complete -c $program -n '__notmuch_bounce_is' -f -a handled -d 'a bounce was dealt with, and so was the mail it is about'
    complete -c $program -n '__notmuch_bounce_is' -f -a insert -d 'deliver a mail through notmuch insert, a bounce with its tags'
    complete -c $program -n '__notmuch_bounce_is' -f -a report -d 'say what many bounces say together, and what is going on'
    complete -c $program -n '__notmuch_bounce_is' -f -a resend -d 'send a mail that came back again, to those who did not get it'
    complete -c $program -n '__notmuch_bounce_is' -f -a rules -d 'show the rules in force, and check your own'
    complete -c $program -n '__notmuch_bounce_is' -f -a sample -d 'print a bounce without names and addresses, to be shown to others'
    complete -c $program -n '__notmuch_bounce_is' -f -a send -d 'send a mail through SENDMAIL, unless an address in it is dead'
    complete -c $program -n '__notmuch_bounce_is' -f -a setup -d 'say what to type so that other programs call this one, and try it'
    complete -c $program -n '__notmuch_bounce_is' -f -a silent -d 'say which messages were neither answered nor returned'
    complete -c $program -n '__notmuch_bounce_is' -f -a status -d 'say which mail did not arrive, to whom, why, and whose turn it is'
    complete -c $program -n '__notmuch_bounce_is' -f -a tag -d 'sort the bounces in the index, and link them to their messages'
    complete -c $program -n '__notmuch_bounce_is' -f -l help -d 'Say which commands there are'
    complete -c $program -n '__notmuch_bounce_is' -f -l version -d 'Say what this is'

    complete -c $program -n '__notmuch_bounce_is addresses' -l dead -d 'wrong or gone, and no sign of life since' -f
    complete -c $program -n '__notmuch_bounce_is addresses' -l failing -d 'full or out of reach for two weeks and longer' -f
    complete -c $program -n '__notmuch_bounce_is addresses' -l refused -d 'not the address\'s fault: the sender or the mail was refused' -f
    complete -c $program -n '__notmuch_bounce_is addresses' -l silent -d 'no answer to a mail of the last 60 days, and no bounce' -f
    complete -c $program -n '__notmuch_bounce_is addresses' -l all -d 'also those that work again' -f
    complete -c $program -n '__notmuch_bounce_is addresses' -l unverified -d 'also count bounces that nothing confirms (perhaps forged)' -f
    complete -c $program -n '__notmuch_bounce_is addresses' -l since -d 'only failures since: 2026-11-30, 30d, 8w' -x
    complete -c $program -n '__notmuch_bounce_is addresses' -l format -d 'text (default), csv, json, list: one address a line' -x -a 'text csv json list'
    complete -c $program -n '__notmuch_bounce_is addresses' -l bom -d 'csv: begin with a byte order mark' -f
    complete -c $program -n '__notmuch_bounce_is addresses' -l lang -d 'en, ja, ...; default: bounce.language, else the locale\'s' -x -a 'de en es fr it ja ko pt zh'
    complete -c $program -n '__notmuch_bounce_is addresses' -f -l help -d 'explain the command'
    complete -c $program -n '__notmuch_bounce_is addresses' -f -a '(__notmuch_bounce_tags tag:) id: from: to: subject: date:'

    complete -c $program -n '__notmuch_bounce_is classify' -l format -d 'text, json, tags, reason, facts' -x -a 'text\\t\'for people (default)\' json\\t\'one object a line\' tags\\t\'+bounce +bounce/user-unknown ..., for notmuch insert\' reason\\t\'one word, for procmail and maildrop\' facts\\t\'what the report says, before any verdict\''
    complete -c $program -n '__notmuch_bounce_is classify' -l why -d 'name the rule that decided, and its line' -f
    complete -c $program -n '__notmuch_bounce_is classify' -l lang -d 'en, ja, ...; default: the locale\'s' -x -a 'de en es fr it ja ko pt zh'
    complete -c $program -n '__notmuch_bounce_is classify' -l reply -d 'what a server replied, or a line of the log of Postfix, Exim, sendmail, OpenSMTPD, qmail or msmtp; without LINE the input has such lines' -x
    complete -c $program -n '__notmuch_bounce_is classify' -f -l help -d 'explain the command'
    complete -c $program -n '__notmuch_bounce_is classify' -F

    complete -c $program -n '__notmuch_bounce_is clean' -l dead-to -d 'write what is left out there, with the reason' -x
    complete -c $program -n '__notmuch_bounce_is clean' -l dead -d 'read the dead addresses from there, one per line, instead of the index: what addresses --dead --format=list printed' -x
    complete -c $program -n '__notmuch_bounce_is clean' -f -l help -d 'explain the command'
    complete -c $program -n '__notmuch_bounce_is clean' -f

    complete -c $program -n '__notmuch_bounce_is explain' -l lang -d 'en, ja, ...; default: bounce.language, else the locale\'s' -x -a 'de en es fr it ja ko pt zh'
    complete -c $program -n '__notmuch_bounce_is explain' -l width -d 'default: that of the terminal' -x
    complete -c $program -n '__notmuch_bounce_is explain' -l short -d 'one line' -f
    complete -c $program -n '__notmuch_bounce_is explain' -l format -d 'text (default), json (one object a line), html (a page)' -x -a 'text json html'
    complete -c $program -n '__notmuch_bounce_is explain' -l keys -d 'name the keys of the macro packs instead of commands' -x
    complete -c $program -n '__notmuch_bounce_is explain' -l dsn -d 'the input is a message/delivery-status part, for a mailcap' -f
    complete -c $program -n '__notmuch_bounce_is explain' -l reply -d 'what a server replied (550 5.7.1 ...), or a line of a log; without LINE the input has such lines' -x
    complete -c $program -n '__notmuch_bounce_is explain' -l hold -d 'keep the explanation, for a macro; say nothing' -f
    complete -c $program -n '__notmuch_bounce_is explain' -l held -d 'print what was kept, once, in the place of standard input; with neomutt or mutt: the command to open the mail that came back' -f -a 'text neomutt mutt'
    complete -c $program -n '__notmuch_bounce_is explain' -f -l help -d 'explain the command'
    complete -c $program -n '__notmuch_bounce_is explain' -f -a '(__notmuch_bounce_tags tag:) id: from: to: subject: date:'

    complete -c $program -n '__notmuch_bounce_is filter' -f -l help -d 'explain the command'
    complete -c $program -n '__notmuch_bounce_is filter' -f

    complete -c $program -n '__notmuch_bounce_is forget' -l dry-run -d 'only say what there is' -f
    complete -c $program -n '__notmuch_bounce_is forget' -l lang -d 'en, ja, ...; default: bounce.language, else the locale\'s' -x -a 'de en es fr it ja ko pt zh'
    complete -c $program -n '__notmuch_bounce_is forget' -f -l help -d 'explain the command'
    complete -c $program -n '__notmuch_bounce_is forget' -f -a '(__notmuch_bounce_tags tag:) id: from: to: subject: date:'

    complete -c $program -n '__notmuch_bounce_is handled' -l undo -d 'it was not: they are open again' -f
    complete -c $program -n '__notmuch_bounce_is handled' -l hold -d 'for a macro of mutt\'s: the mail on stdin; say nothing' -f
    complete -c $program -n '__notmuch_bounce_is handled' -l held -d 'print what mutt does then: $my_nb_handled, or why nothing' -f
    complete -c $program -n '__notmuch_bounce_is handled' -l lang -d 'en, ja, ...; default: bounce.language, else the locale\'s' -x -a 'de en es fr it ja ko pt zh'
    complete -c $program -n '__notmuch_bounce_is handled' -f -l help -d 'explain the command'
    complete -c $program -n '__notmuch_bounce_is handled' -f -a '(__notmuch_bounce_tags tag:) id: from: to: subject: date:'

    complete -c $program -n '__notmuch_bounce_is insert' -l folder -d 'deliver into this folder of the mail store' -x
    complete -c $program -n '__notmuch_bounce_is insert' -l create-folder -d 'make it if it is not there' -f
    complete -c $program -n '__notmuch_bounce_is insert' -l keep -d 'keep the mail even if it can\'t be indexed' -f
    complete -c $program -n '__notmuch_bounce_is insert' -l no-hooks -d 'run no hooks' -f
    complete -c $program -n '__notmuch_bounce_is insert' -l decrypt -d 'whether encrypted mail is indexed' -x -a 'true false auto nostash'
    complete -c $program -n '__notmuch_bounce_is insert' -l world-readable -d 'let others read the file' -f
    complete -c $program -n '__notmuch_bounce_is insert' -f -l help -d 'explain the command'
    complete -c $program -n '__notmuch_bounce_is insert' -f -a '(__notmuch_bounce_tags +) (__notmuch_bounce_tags -)'

    complete -c $program -n '__notmuch_bounce_is report' -l since -d 'only what came since: 2026-11-30, 30d, 8w' -x
    complete -c $program -n '__notmuch_bounce_is report' -l by -d 'reason, domain, server, week, sender, address, or several with commas; default: all' -x
    complete -c $program -n '__notmuch_bounce_is report' -l format -d 'text (default), html (a page), csv, json' -x -a 'text html csv json'
    complete -c $program -n '__notmuch_bounce_is report' -l lang -d 'en, ja, ...; default: bounce.language, else the locale\'s' -x -a 'de en es fr it ja ko pt zh'
    complete -c $program -n '__notmuch_bounce_is report' -f -l help -d 'explain the command'
    complete -c $program -n '__notmuch_bounce_is report' -f -a '(__notmuch_bounce_tags tag:) id: from: to: subject: date:'

    complete -c $program -n '__notmuch_bounce_is resend' -l send -d 'send it now, through sendmail or bounce.sendmail' -f
    complete -c $program -n '__notmuch_bounce_is resend' -l draft -d 'put it into this Maildir; default: ask, or standard output' -x -a '(__fish_complete_directories (string replace -r "^--[^=]*=" "" -- (commandline -ct)))'
    complete -c $program -n '__notmuch_bounce_is resend' -l to -d 'the right address; --to=OLD=NEW when several failed' -x
    complete -c $program -n '__notmuch_bounce_is resend' -l reason -d 'only those who failed for these reasons' -x
    complete -c $program -n '__notmuch_bounce_is resend' -l skip -d 'not to these' -x
    complete -c $program -n '__notmuch_bounce_is resend' -l suggest -d 'only say which addresses may have been meant, and why' -f -a 'text json'
    complete -c $program -n '__notmuch_bounce_is resend' -l all -d 'to everyone, not only those who did not get it' -f
    complete -c $program -n '__notmuch_bounce_is resend' -l quote-recipients -d 'say on top who the first mail went to' -f
    complete -c $program -n '__notmuch_bounce_is resend' -l note -d 'say on top that this is sent again' -f
    complete -c $program -n '__notmuch_bounce_is resend' -l plain -d 'text only' -f
    complete -c $program -n '__notmuch_bounce_is resend' -l charset -d 'with --plain: in this charset (iso-2022-jp)' -x
    complete -c $program -n '__notmuch_bounce_is resend' -l no-attachments -d 'leave them out, and list them in the text' -f
    complete -c $program -n '__notmuch_bounce_is resend' -l zip -d 'put them into one zip' -f
    complete -c $program -n '__notmuch_bounce_is resend' -l split -d 'make several drafts of at most this size (500k, 10M)' -x
    complete -c $program -n '__notmuch_bounce_is resend' -l max-size -d 'refuse to make a larger draft' -x
    complete -c $program -n '__notmuch_bounce_is resend' -l scan -d 'refuse what the scanner in bounce.scanner objects to' -f
    complete -c $program -n '__notmuch_bounce_is resend' -l from-returned -d 'take what came back, when there is no copy of your own' -f
    complete -c $program -n '__notmuch_bounce_is resend' -l again -d 'even if it was sent again before' -f
    complete -c $program -n '__notmuch_bounce_is resend' -l anyway -d 'even if it makes things worse, or the address is wrong or closed' -f
    complete -c $program -n '__notmuch_bounce_is resend' -l ask -d 'for a macro of mutt\'s: ask how to send it' -f
    complete -c $program -n '__notmuch_bounce_is resend' -l hold -d 'for a macro of mutt\'s: keep the draft' -f
    complete -c $program -n '__notmuch_bounce_is resend' -l held -d 'print mutt\'s commands that open what was kept' -f
    complete -c $program -n '__notmuch_bounce_is resend' -l lang -d 'en, ja, ...; default: bounce.language, else the locale\'s' -x -a 'de en es fr it ja ko pt zh'
    complete -c $program -n '__notmuch_bounce_is resend' -f -l help -d 'explain the command'
    complete -c $program -n '__notmuch_bounce_is resend' -f -a '(__notmuch_bounce_tags tag:) id: from: to: subject: date:'

    complete -c $program -n '__notmuch_bounce_is rules' -l check -d 'errors, duplicates, rules that can never match, in the FILEs; in all files in force when none is named' -f
    complete -c $program -n '__notmuch_bounce_is rules' -l reasons -d 'the reasons, who must act, what they mean' -f
    complete -c $program -n '__notmuch_bounce_is rules' -l list -d 'every rule with its file and line, in the order tried' -f
    complete -c $program -n '__notmuch_bounce_is rules' -f -l help -d 'explain the command'
    complete -c $program -n '__notmuch_bounce_is rules' -F

    complete -c $program -n '__notmuch_bounce_is sample' -f -l help -d 'explain the command'
    complete -c $program -n '__notmuch_bounce_is sample' -f

    complete -c $program -n '__notmuch_bounce_is send' -l warn -d 'send the mail in any case, and only say what speaks against it' -f
    complete -c $program -n '__notmuch_bounce_is send' -l lang -d 'en, ja, ...; default: bounce.language, else the locale\'s' -x -a 'de en es fr it ja ko pt zh'
    complete -c $program -n '__notmuch_bounce_is send' -f -l help -d 'explain the command'
    complete -c $program -n '__notmuch_bounce_is send' -f

    complete -c $program -n '__notmuch_bounce_is setup' -l lang -d 'en, ja, ...; default: bounce.language, else the locale\'s' -x -a 'de en es fr it ja ko pt zh'
    complete -c $program -n '__notmuch_bounce_is setup' -f -l help -d 'explain the command'
    complete -c $program -n '__notmuch_bounce_is setup' -f -a 'procmail maildrop fdm sieve hooks post-insert searches neomutt mutt'

    complete -c $program -n '__notmuch_bounce_is silent' -l after -d 'only messages that are older: 7d (default), 2w' -x
    complete -c $program -n '__notmuch_bounce_is silent' -l for -d 'only messages that are younger: 60d (default), 6m' -x
    complete -c $program -n '__notmuch_bounce_is silent' -l format -d 'text (default), json: one object a line' -x -a 'text json'
    complete -c $program -n '__notmuch_bounce_is silent' -l open -d 'for a macro: print the command that shows them' -x -a 'mutt neomutt'
    complete -c $program -n '__notmuch_bounce_is silent' -l lang -d 'en, ja, ...; default: bounce.language, else the locale\'s' -x -a 'de en es fr it ja ko pt zh'
    complete -c $program -n '__notmuch_bounce_is silent' -f -l help -d 'explain the command'
    complete -c $program -n '__notmuch_bounce_is silent' -f -a '(__notmuch_bounce_tags tag:) id: from: to: subject: date:'

    complete -c $program -n '__notmuch_bounce_is status' -l format -d 'text, json (the same in every language)' -x -a 'text json'
    complete -c $program -n '__notmuch_bounce_is status' -l lang -d 'en, ja, ...; default: bounce.language, else the locale\'s' -x -a 'de en es fr it ja ko pt zh'
    complete -c $program -n '__notmuch_bounce_is status' -l all -d 'with what you dealt with, and what arrived after all' -f
    complete -c $program -n '__notmuch_bounce_is status' -l due -d 'what is worth sending again now' -f
    complete -c $program -n '__notmuch_bounce_is status' -l unlinked -d 'bounces that no mail of yours is known for' -f
    complete -c $program -n '__notmuch_bounce_is status' -l hold -d 'keep it for explain --held, for a macro' -f
    complete -c $program -n '__notmuch_bounce_is status' -f -l help -d 'explain the command'
    complete -c $program -n '__notmuch_bounce_is status' -f -a '(__notmuch_bounce_tags tag:) id: from: to: subject: date:'

    complete -c $program -n '__notmuch_bounce_is tag' -l all -d 'everything; without a query: what tag:new finds' -f
    complete -c $program -n '__notmuch_bounce_is tag' -l dry-run -d 'say what would change, and change nothing' -f
    complete -c $program -n '__notmuch_bounce_is tag' -l remove-tag -d 'take this tag (new) off all messages that were looked at' -x -a '(__notmuch_bounce_tags)'
    complete -c $program -n '__notmuch_bounce_is tag' -f -l help -d 'explain the command'
    complete -c $program -n '__notmuch_bounce_is tag' -f -a '(__notmuch_bounce_tags tag:) id: from: to: subject: date:'

end
