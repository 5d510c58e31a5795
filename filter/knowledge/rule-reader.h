/* Reads rules files into the tables that are searched: those of share/rules when the program is
 * built, the user's when it starts. */
#ifndef RULE_READER_H
#define RULE_READER_H

#include "knowledge/rules.h"

/* Returns the rules of SOURCES, which may use the names that built-in files give to all. Lines that are
 * not rules are left out and noted in PROBLEMS. Owned by CTX; SOURCES and PROBLEMS must live as long. */
const struct rule_set *rule_set_read(
        const void *ctx, const struct sources *sources, struct problems *problems);

/* Returns the user's rules, owned by CTX; NULL if there are none. */
const struct rule_set *rule_set_read_own(const void *ctx, struct problems *problems);

/* Cuts TEXT at the next SEPARATOR (` / `, ` unless `), which in a pattern must be outside quotes, but
 * not in an old phrase. Returns what follows it; NULL if there is none. */
char *rule_cut(char *text, const char *separator, bool is_phrase);

/* Notes in PROBLEMS what is wrong with SOURCES: lines that are not rules; rules that can never
 * decide, because earlier ones match all sample texts made from them; rules of which a single word
 * decides one of EXAMPLES that means something else; classes that no rule uses. Rules with `unless`
 * are not checked. */
void rules_check(const void *ctx, const struct sources *sources, const struct sources *examples,
        struct problems *problems);

#endif
