/* What phrases.h finds, case by case. */
#ifndef UNIT_PHRASES_H
#define UNIT_PHRASES_H

#include "unit.h"

static const struct {
	const char *phrase, *text;
	bool expected;
} phrase_cases[] = {
        {"user unknown", "550 5.1.1 User unknown", true},
        {"user unknown", "unknown user", false},
        {"USER  Unknown", "user unknown", true},
        {"宛先不明", "エラー: 宛先不明です", true},
        {"ｕｓｅｒ", "no such user", true},
        {"ﾒｰﾙﾎﾞｯｸｽ", "メールボックスが一杯です", true},

        /* anything between */
        {"mailbox*full", "mailbox is full", true},
        {"mailbox*full", "full mailbox", false},
        {"mailbox*full", "mailboxfull", true},
        {"user * unknown", "user x@example.com unknown", true},

        /* the parts don't overlap, but one blank will do for two */
        {"user * unknown", "user unknown", true},
        {"user * unknown", "userunknown", false},
        {"user * unknown", "users unknown", false},
        {"a*b*c", "a c b", false},
        {"a*b*c", "b a c b c", true},
        {"ab*bc", "abc", false},
        {"ab*bc", "abbc", true},
        {"aa*aa", "aaa", false},
        {"aa*aa", "aaaa", true},
        {"abcd*cdef*gh", "abcdef cdefgh gh", true},
        {"abcd*cdef*gh", "abcdef gh", false},
        {"x * * y", "x y", true},
        {"* user unknown *", "user unknown", true},

        /* anything at all */
        {"*", "whatever", true},
        {"*", "", true},
        {"", "whatever", true},
        {" * ", "whatever", true},

        /* word edges */
        {"%rbl%", "listed in rbl at", true},
        {"%rbl%", "marble", false},
        {"%rbl%", "rbl", true},
        {"%rbl%", "(rbl-plus)", true},
        {"%rbl%", "warbl, then rbl", true},
        {"%rbl%", "rbl2", false},
        {"%full", "helpfull", false},
        {"full%", "fullness", false},
        {"%no*user%", "no such user.", true},
        {"%no*user%", "no such users", false},
        {"%no*user%", "no users, no user", true},
        {"100% full", "100% full", true},
        {"%mail", "日本mail", true},
};

#endif
