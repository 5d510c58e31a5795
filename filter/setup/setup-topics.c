/* The topics of setup: everything that differs between the programs that can call this one. */
#include <stddef.h>

#include "setup/setup.h"

#define KEYS(...)                                                                                                                \
	(const char *const[])                                                                                                    \
	{                                                                                                                        \
		__VA_ARGS__, NULL                                                                                                \
	}

static const struct setup_topic procmail = {
        .name = "procmail",
        .purpose = "delivers into notmuch, bounces with their tags",
        .program = "procmail",
        .source = "recipes/procmail-notmuch.rc",
        .head = "INCLUDERC=",
        .tail = "",
        .path_head = "PATH=\"",
        .keys = KEYS("procmail-notmuch.rc", "notmuch-bounce insert", "notmuch bounce insert"),
        .files = KEYS("~/.procmailrc"),
        .rule = place_in_procmail,
        .needs_index = true,
        .delivers = true,
};
static const struct setup_topic maildrop = {
        .name = "maildrop",
        .purpose = "delivers into notmuch, bounces with their tags",
        .program = "maildrop",
        .source = "recipes/maildrop-notmuch.rc",
        .head = "include \"",
        .tail = "\"",
        .path_head = "PATH=\"",
        .keys = KEYS("maildrop-notmuch.rc", "notmuch-bounce insert", "notmuch bounce insert"),
        .files = KEYS("~/.mailfilter"),
        .rule = place_in_maildrop,
        .needs_index = true,
        .delivers = true,
};
static const struct setup_topic fdm = {
        .name = "fdm",
        .purpose = "delivers into notmuch, bounces with their tags",
        .program = "fdm",
        .note = "it has to have your accounts first; more stands at the top of the file",
        .source = "recipes/fdm-notmuch.conf",
        .head = "include \"",
        .tail = "\"",
        .keys = KEYS("fdm-notmuch.conf", "notmuch-bounce insert", "notmuch bounce insert"),
        .files = KEYS("~/.fdm.conf"),
        .rule = place_in_fdm,
        .needs_index = true,
        .delivers = true,
        .needs_file = true,
};
static const struct setup_topic sieve = {
        .name = "sieve",
        .purpose = "Dovecot delivers into notmuch, bounces with their tags",
        .program = "sievec",
        .source = "recipes/bounces-notmuch.sieve",
        .head = "require \"vnd.dovecot.pipe\";\npipe \"notmuch-bounce\" \"insert\";",
        .keys = KEYS("\"notmuch-bounce\""),
        .files = KEYS("~/.dovecot.sieve"),
        .rule = place_by_hand,
        .note = "Dovecot's configuration has to allow it first; how that is done, and where the\n"
                "  lines go, stands at the top of the file",
        .needs_index = true,
        .delivers = true,
};
static const struct setup_topic hooks = {
        .name = "hooks",
        .purpose = "notmuch new sorts the bounces among new mail",
        .program = "notmuch",
        .head = "",
        .tail = " tag --remove-tag=new",
        .keys = KEYS("notmuch-bounce tag", "notmuch bounce tag"),
        .files = KEYS("!/post-new"),
        .rule = place_in_script,
        .needs_index = true,
        .is_script = true,
};
static const struct setup_topic post_insert = {
        .name = "post-insert",
        .purpose = "notmuch insert sorts the bounces among new mail",
        .program = "notmuch",
        .only = "only where notmuch insert itself delivers your mail",
        .head = "",
        .tail = " tag --remove-tag=new",
        .keys = KEYS("notmuch-bounce tag", "notmuch bounce tag"),
        .files = KEYS("!/post-insert"),
        .rule = place_in_script,
        .needs_index = true,
        .is_script = true,
};
static const struct setup_topic searches = {
        .name = "searches",
        .purpose = "saved searches for notmuch; for Emacs and aerc beside it",
        .program = "notmuch",
        .source = "recipes/searches",
        .needs_index = true,
};
static const struct setup_topic mutt = {
        .name = "mutt",
        .purpose = "explains bounces, and has keys for them",
        .program = "mutt",
        .source = "plugin/notmuch-bounce.muttrc",
        .head = "source ",
        .tail = "",
        .path_head = "setenv PATH \"",
        .keys = KEYS("notmuch-bounce.muttrc"),
        .files = KEYS("~/.muttrc", "~/.mutt/muttrc", "$/mutt/muttrc"),
        .rule = place_last,
};
static const struct setup_topic neomutt = {
        .name = "neomutt",
        .purpose = "explains bounces, and has keys for them",
        .program = "neomutt",
        .source = "plugin/notmuch-bounce.neomuttrc",
        .without_index = "plugin/notmuch-bounce.muttrc",
        .head = "source ",
        .tail = "",
        .path_head = "setenv PATH \"",
        .keys = KEYS("notmuch-bounce.neomuttrc", "notmuch-bounce.muttrc"),
        .files = KEYS("$/neomutt/neomuttrc", "$/neomutt/muttrc", "$/mutt/neomuttrc", "$/mutt/muttrc", "~/.neomutt/neomuttrc",
                "~/.neomutt/muttrc", "~/.mutt/neomuttrc", "~/.mutt/muttrc", "~/.neomuttrc", "~/.muttrc"),
        .fresh = "~/.neomuttrc",
        .rule = place_last,
        .shared = &mutt,
};

const struct setup_topic *const setup_topics[] = {
        &procmail, &maildrop, &fdm, &sieve, &hooks, &post_insert, &searches, &neomutt, &mutt, NULL};
