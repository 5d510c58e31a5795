/* The topics of setup: everything that differs between the programs that can call this one. */

#include "setup/setup.h"

/* A line that calls this program on delivery contains one of these, or the name of a recipe of
 * ours. */
#define DELIVERS "notmuch-bounce insert", "notmuch bounce insert", "notmuch-bounce filter"

#define LIST(...)                                                                                  \
	(const char *const[])                                                                      \
	{                                                                                          \
		__VA_ARGS__, NULL                                                                  \
	}

static const struct setup_topic procmail = {
        .name = "procmail",
        .purpose = "setup-for-delivery",
        .program = "procmail",
        .source = "recipes/procmail-notmuch.rc",
        .without_index = "recipes/procmail.rc",
        .line = "INCLUDERC={file}",
        .path_line = "PATH=\"{folder}:$PATH\"",
        .keys = LIST("procmail-notmuch.rc", "recipes/procmail.rc", DELIVERS),
        .files = LIST("~/.procmailrc"),
        .agent = "procmail",
        .delivers = true,
};
static const struct setup_topic maildrop = {
        .name = "maildrop",
        .purpose = "setup-for-delivery",
        .program = "maildrop",
        .source = "recipes/maildrop-notmuch.rc",
        .without_index = "recipes/maildrop.rc",
        .line = "include \"{file}\"",
        .path_line = "PATH=\"{folder}:$PATH\"",
        .keys = LIST("maildrop-notmuch.rc", "recipes/maildrop.rc", DELIVERS),
        .files = LIST("~/.mailfilter"),
        .agent = "maildrop",
        .delivers = true,
};
static const struct setup_topic fdm = {
        .name = "fdm",
        .purpose = "setup-for-delivery",
        .program = "fdm",
        .note = "setup-hand-fdm",
        .source = "recipes/fdm-notmuch.conf",
        .without_index = "recipes/fdm.conf",
        .line = "include \"{file}\"",
        .keys = LIST("fdm-notmuch.conf", "recipes/fdm.conf", DELIVERS),
        .files = LIST("~/.fdm.conf"),
        .way = SETUP_BY_HAND,
        .delivers = true,
};
static const struct setup_topic sieve = {
        .name = "sieve",
        .purpose = "setup-for-delivery",
        .program = "sievec",
        .note = "setup-hand-sieve",
        .source = "recipes/bounces-notmuch.sieve",
        .line = "require \"vnd.dovecot.pipe\";\npipe \"notmuch-bounce\" \"insert\";",
        .keys = LIST("\"notmuch-bounce\""),
        .files = LIST("~/.dovecot.sieve"),
        .way = SETUP_BY_HAND,
        .needs_index = true,
        .delivers = true,
};
static const struct setup_topic hooks = {
        .name = "hooks",
        .purpose = "setup-for-hooks",
        .program = "notmuch",
        .line = "{program} tag --remove-tag=new",
        .keys = LIST("notmuch-bounce tag", "notmuch bounce tag", "notmuch-bounce' tag"),
        .files = LIST("!/post-new"),
        .way = SETUP_SCRIPT,
        .agent = "post-new",
        .needs_index = true,
};
static const struct setup_topic post_insert = {
        .name = "post-insert",
        .purpose = "setup-for-post-insert",
        .program = "notmuch",
        .line = "{program} tag --remove-tag=new",
        .keys = LIST("notmuch-bounce tag", "notmuch bounce tag", "notmuch-bounce' tag"),
        .files = LIST("!/post-insert"),
        .way = SETUP_SCRIPT,
        .agent = "post-insert",
        .needs_index = true,
};
static const struct setup_topic searches = {
        .name = "searches",
        .purpose = "setup-for-searches",
        .program = "notmuch",
        .source = "recipes/searches",
        .way = SETUP_ONCE,
        .needs_index = true,
};
static const struct setup_topic mutt = {
        .name = "mutt",
        .purpose = "setup-for-reading",
        .program = "mutt",
        .source = "plugin/notmuch-bounce.muttrc",
        .line = "source {file}",
        .path_line = "setenv PATH \"{folder}:$PATH\"",
        .keys = LIST("notmuch-bounce.muttrc"),
        .files = LIST("~/.muttrc", "~/.mutt/muttrc", "$/mutt/muttrc"),
        .reads = true,
};
static const struct setup_topic neomutt = {
        .name = "neomutt",
        .purpose = "setup-for-reading",
        .program = "neomutt",
        .source = "plugin/notmuch-bounce.neomuttrc",
        .without_index = "plugin/notmuch-bounce.muttrc",
        .line = "source {file}",
        .path_line = "setenv PATH \"{folder}:$PATH\"",
        .url_line = "set nm_default_url=\"notmuch://{root}\"",
        .keys = LIST("notmuch-bounce.neomuttrc", "notmuch-bounce.muttrc"),
        .files = LIST("$/neomutt/neomuttrc", "$/neomutt/muttrc", "$/mutt/neomuttrc",
                "$/mutt/muttrc", "~/.neomutt/neomuttrc", "~/.neomutt/muttrc", "~/.mutt/neomuttrc",
                "~/.mutt/muttrc", "~/.neomuttrc", "~/.muttrc"),
        .fresh = "~/.neomuttrc",
        .note = "setup-format",
        .shared = &mutt,
        .reads = true,
};

const struct setup_topic *const setup_topics[] = {
        &procmail, &maildrop, &fdm, &sieve, &hooks, &post_insert, &searches, &neomutt, &mutt, NULL};

static const struct setup_topic mbsync = {
        .name = "mbsync", .files = LIST("~/.mbsyncrc", "$/isyncrc")};
static const struct setup_topic getmail = {
        .name = "getmail", .files = LIST("~/.getmail", "$/getmail")};
static const struct setup_topic offlineimap = {
        .name = "OfflineIMAP", .files = LIST("~/.offlineimaprc", "$/offlineimap/config")};
static const struct setup_topic fetchmail = {.name = "fetchmail", .files = LIST("~/.fetchmailrc")};

const struct setup_topic *const setup_fetchers[] = {
        &mbsync, &getmail, &offlineimap, &fetchmail, NULL};
