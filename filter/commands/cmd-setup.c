/* notmuch bounce setup: prints which lines the user has to add to which files so that other
 * programs call this one, and what became of two mails in a trial of that. Writes none of these
 * files: the user is told what to type. A topic is such a program, or a way to use one. */
#include <fcntl.h>
#include <glib.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/child.h"
#include "base/limits.h"
#include "base/list.h"
#include "commands/cmd.h"
#include "judge/sandbox.h"
#include "mail/slip.h"
#include "text/text.h"
#include "text/wrap.h"

#define WIDTH 80

/* Characters without a special meaning to any of the programs and to the shell. Blanks have none
 * within quotes. */
#define PLAIN SHELL_PLAIN "/:,=%"

/* The installation, the user's surroundings, and the text about them. */
struct setup {
	struct call *call;
	const void *ctx;            /* the call's: owns all */
	struct buffer text;         /* what is printed */
	const char *program;        /* the program that runs, with its whole path */
	const char *prefix;         /* where it is installed, or the source tree it was built in */
	const char *home, *config;  /* $XDG_CONFIG_HOME or ~/.config; NULL: not known */
	const char *hooks;          /* notmuch's folder for hooks; NULL: there is no index */
	const char *root;           /* the folder of the mail that is in the index */
	const char *new_tags;       /* notmuch's new.tags, separated by ; */
	bool has_searches;          /* our searches are saved in notmuch's configuration */
	unsigned messages, bounces; /* how many are in the index */
	unsigned sent;              /* mails from the first of the user's addresses that has any */
	char **addresses;           /* the user's addresses */
	bool marks;                 /* the mail program can't see tags, only header fields */
	bool is_left;               /* something is to be typed */
	bool sets_tag;              /* the command for new.tags is in the text, or not needed */
};

/* -- the topics: what differs between the programs that can call this one */

enum setup_way {
	SETUP_LINES,   /* lines in the user's file */
	SETUP_SCRIPT,  /* a command in a script of the user's */
	SETUP_BY_HAND, /* lines for which the user must find the place */
	SETUP_ONCE,    /* a script of ours that is to be run once */
};

struct setup_topic {
	const char *name;

	const char *program; /* the program that must be installed */
	const char *source;  /* the file of ours that it reads; NULL: none */
	/* the one to read instead where there is no index; NULL: the same */
	const char *without_index;

	/* The lines for the user's file, in which {file} is the path of `source`, {program} this
	 * program, {folder} its folder, and {root} that of the mail; NULL: no such line. */
	const char *line, *path_line, *url_line;

	/* `keys`: a line that contains one of them calls us already. `files`: the user's files, in
	 * the order in which the program looks for them (~ is home, $ is config, ! the hooks). Both
	 * are NULL-terminated. `fresh` is the file to make if there is none (NULL: the first). */
	const char *const *keys, *const *files;
	const char *fresh;

	const char *agent; /* its name in the script of the trial; NULL: it can't be tried */
	/* the label of a text: where the lines go (SETUP_BY_HAND), or what to read */
	const char *note;
	const char *shared; /* another program that may read the same file; NULL: none */
	enum setup_way way;
	bool needs_index; /* it is of no use without an index */
	bool delivers, reads;
};

/* A line that calls this program on delivery contains one of these, or the name of a recipe of
 * ours. */
#define DELIVERS "notmuch-bounce insert", "notmuch bounce insert", "notmuch-bounce filter"

#define LIST(...)                                                                                  \
	(const char *const[])                                                                      \
	{                                                                                          \
		__VA_ARGS__, NULL                                                                  \
	}

static const struct setup_topic setup_topics[] = {
        {
                .name = "procmail",
                .program = "procmail",
                .source = "recipes/procmail-notmuch.rc",
                .without_index = "recipes/procmail.rc",
                .line = "INCLUDERC={file}",
                .path_line = "PATH=\"{folder}:$PATH\"",
                .keys = LIST("procmail-notmuch.rc", "recipes/procmail.rc", DELIVERS),
                .files = LIST("~/.procmailrc"),
                .agent = "procmail",
                .delivers = true,
        },
        {
                .name = "maildrop",
                .program = "maildrop",
                .source = "recipes/maildrop-notmuch.rc",
                .without_index = "recipes/maildrop.rc",
                .line = "include \"{file}\"",
                .path_line = "PATH=\"{folder}:$PATH\"",
                .keys = LIST("maildrop-notmuch.rc", "recipes/maildrop.rc", DELIVERS),
                .files = LIST("~/.mailfilter"),
                .agent = "maildrop",
                .delivers = true,
        },
        {
                .name = "fdm",
                .program = "fdm",
                .note = "setup-hand-fdm",
                .source = "recipes/fdm-notmuch.conf",
                .without_index = "recipes/fdm.conf",
                .line = "include \"{file}\"",
                .keys = LIST("fdm-notmuch.conf", "recipes/fdm.conf", DELIVERS),
                .files = LIST("~/.fdm.conf"),
                .way = SETUP_BY_HAND,
                .delivers = true,
        },
        {
                .name = "sieve",
                .program = "sievec",
                .note = "setup-hand-sieve",
                .source = "recipes/bounces-notmuch.sieve",
                .line = "require \"vnd.dovecot.pipe\";\npipe \"notmuch-bounce\" \"insert\";",
                .keys = LIST("\"notmuch-bounce\""),
                .files = LIST("~/.dovecot.sieve"),
                .way = SETUP_BY_HAND,
                .needs_index = true,
                .delivers = true,
        },
        {
                .name = "hooks",
                .program = "notmuch",
                .line = "{program} tag --remove-tag=new",
                .keys = LIST("notmuch-bounce tag", "notmuch bounce tag", "notmuch-bounce' tag"),
                .files = LIST("!/post-new"),
                .way = SETUP_SCRIPT,
                .agent = "post-new",
                .needs_index = true,
        },
        {
                .name = "post-insert",
                .program = "notmuch",
                .line = "{program} tag --remove-tag=new",
                .keys = LIST("notmuch-bounce tag", "notmuch bounce tag", "notmuch-bounce' tag"),
                .files = LIST("!/post-insert"),
                .way = SETUP_SCRIPT,
                .agent = "post-insert",
                .needs_index = true,
        },
        {
                .name = "searches",
                .program = "notmuch",
                .source = "recipes/searches",
                .way = SETUP_ONCE,
                .needs_index = true,
        },
        {
                .name = "neomutt",
                .program = "neomutt",
                .source = "plugin/notmuch-bounce.neomuttrc",
                .without_index = "plugin/notmuch-bounce.muttrc",
                .line = "source {file}",
                .path_line = "setenv PATH \"{folder}:$PATH\"",
                .url_line = "set nm_default_url=\"notmuch://{root}\"",
                .keys = LIST("notmuch-bounce.neomuttrc", "notmuch-bounce.muttrc"),
                .files = LIST("$/neomutt/neomuttrc", "$/neomutt/muttrc", "$/mutt/neomuttrc",
                        "$/mutt/muttrc", "~/.neomutt/neomuttrc", "~/.neomutt/muttrc",
                        "~/.mutt/neomuttrc", "~/.mutt/muttrc", "~/.neomuttrc", "~/.muttrc"),
                .fresh = "~/.neomuttrc",
                .note = "setup-format",
                .shared = "mutt",
                .reads = true,
        },
        {
                .name = "mutt",
                .program = "mutt",
                .source = "plugin/notmuch-bounce.muttrc",
                .line = "source {file}",
                .path_line = "setenv PATH \"{folder}:$PATH\"",
                .keys = LIST("notmuch-bounce.muttrc"),
                .files = LIST("~/.muttrc", "~/.mutt/muttrc", "$/mutt/muttrc"),
                .reads = true,
        },
        {.name = NULL},
};

/* Programs that fetch mail and need no line of ours: topics with only a name and files. */
static const struct setup_topic fetchers[] = {
        {.name = "mbsync", .files = LIST("~/.mbsyncrc", "$/isyncrc")},
        {.name = "getmail", .files = LIST("~/.getmail", "$/getmail")},
        {.name = "OfflineIMAP", .files = LIST("~/.offlineimaprc", "$/offlineimap/config")},
        {.name = "fetchmail", .files = LIST("~/.fetchmailrc")},
        {.name = NULL},
};

/* Returns the topic NAME; NULL if there is none. */
static const struct setup_topic *topic_find(const char *name)
{
	const struct setup_topic *topic = setup_topics;

	while (topic->name != NULL && strcmp(topic->name, name) != 0)
		topic++;
	return topic->name != NULL ? topic : NULL;
}

/* -- the user's surroundings */

static const char *directory_in(const char *variable)
{
	const char *value = getenv(variable);

	return value != NULL && value[0] == '/' ? value : NULL;
}

/* Returns PATH without its last name. */
static char *folder_of(const void *ctx, const char *path)
{
	const char *slash = strrchr(path, '/');

	return talloc_strndup(ctx, path, slash != NULL ? (size_t)(slash - path) : 0);
}

static bool is_installed(const char *program)
{
	char *path = g_find_program_in_path(program);

	g_free(path);
	return path != NULL;
}

/* Returns what is in the user's file at PATH; "" if it can't be read, or PATH is NULL. */
static const char *file_contents(const struct setup *setup, const char *path)
{
	struct source source;

	return path != NULL && source_open(setup->ctx, path, &source) == STATUS_OK ? source.text
	                                                                           : "";
}

/* Returns the path of the user's file that a topic calls NAME; NULL if its folder is not known. */
static char *user_path(const struct setup *setup, const char *name)
{
	const char *folder = name[0] == '~'   ? setup->home
	                     : name[0] == '$' ? setup->config
	                                      : setup->hooks;

	return folder != NULL ? talloc_asprintf(setup->ctx, "%s%s", folder, name + 1) : NULL;
}

/* Returns the user's file that TOPIC's program reads or, if *EXISTS is false, the one to make. NULL
 * if its folder is not known. */
static char *file_of(const struct setup *setup, const struct setup_topic *topic, bool *exists)
{
	*exists = false;
	for (size_t i = 0; topic->files[i] != NULL; i++) {
		char *path = user_path(setup, topic->files[i]);

		*exists = path != NULL && faccessat(AT_FDCWD, path, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
		if (*exists)
			return path;
	}
	return user_path(setup, topic->fresh != NULL ? topic->fresh : topic->files[0]);
}

/* Returns the number of the first line of TEXT that contains one of KEYS and is not a comment; 0 if
 * there is none. */
static int setup_line(const char *text, const char *const *keys)
{
	size_t length;

	for (int number = 1; text[0] != '\0';
	        number++, text += length + (text[length] == '\n' ? 1 : 0)) {
		length = strcspn(text, "\n");
		if (text[strspn(text, " \t")] == '#')
			continue;
		for (size_t i = 0; keys[i] != NULL; i++)
			if (memmem(text, length, keys[i], strlen(keys[i])) != NULL)
				return number;
	}
	return 0;
}

/* Returns whether the user has set up TOPIC's program: one of its files is there, or ~/.forward
 * names it. */
static bool is_set_up(const struct setup *setup, const struct setup_topic *topic)
{
	const char *const words[] = {topic->name, NULL};
	bool exists;

	file_of(setup, topic, &exists);
	return exists ||
	       (topic->delivers &&
	               setup_line(file_contents(setup, user_path(setup, "~/.forward")), words) > 0);
}

/* Returns whether the user reads mail with TOPIC's program: its file is there, and is not that of
 * another program that is installed; or no such program has a file, but this one is installed. */
static bool is_reader(const struct setup *setup, const struct setup_topic *topic)
{
	bool some = false, exists;

	if (!topic->reads ||
	        (topic->shared != NULL && is_installed(topic->shared) &&
	                g_strcmp0(file_of(setup, topic, &exists),
	                        file_of(setup, topic_find(topic->shared), &exists)) == 0))
		return false;
	for (const struct setup_topic *other = setup_topics; other->name != NULL; other++)
		some = some || (other->reads && is_set_up(setup, other));
	return some ? is_set_up(setup, topic) : is_installed(topic->program);
}

/* Returns whether `notmuch insert` delivers the mail here. */
static bool is_inserted(const struct setup *setup)
{
	static const char *const keys[] = {"notmuch insert", "notmuch-insert", NULL},
	                         *const files[] = {"~/.forward", "~/.procmailrc", "~/.mailfilter"};
	bool found = false;

	for (size_t i = 0; i < G_N_ELEMENTS(files); i++)
		found = found ||
		        setup_line(file_contents(setup, user_path(setup, files[i])), keys) > 0;
	return found;
}

/* Returns whether TOPIC is of use here. */
static bool setup_fits(const struct setup *setup, const struct setup_topic *topic)
{
	if (topic->needs_index && setup->hooks == NULL)
		return false;
	if (topic->delivers)
		return is_set_up(setup, topic);
	return topic->reads ? is_reader(setup, topic)
	                    : strcmp(topic->name, "post-insert") != 0 || is_inserted(setup);
}

/* Returns the path of our file SOURCE: where it is installed, or in the source tree. If *EXISTS is
 * false, it is in neither, and the path is where it should be installed. */
static char *setup_source(const struct setup *setup, const char *source, bool *exists)
{
	static const char *const folders[] = {"/share/notmuch-bounce", "/share", ""};
	char *paths[G_N_ELEMENTS(folders)];

	for (size_t i = 0; i < G_N_ELEMENTS(folders); i++) {
		paths[i] =
		        talloc_asprintf(setup->ctx, "%s%s/%s", setup->prefix, folders[i], source);
		*exists = access(paths[i], R_OK) == 0;
		if (*exists)
			return paths[i];
	}
	return paths[0];
}

/* -- a trial: delivers an ordinary message and a bounce with a copy of the user's file, by the
 * script share/recipes/trial, in a process that has no network and can only write to a temporary
 * folder */

/* What became of a mail. */
struct trial_mail {
	char *folder; /* where it is: a path, or `-` for the system's mailbox; empty: it is lost */
	char *tags;   /* separated by blanks; empty: none */
	char *reason; /* its X-Bounce-Reason; empty: it has none */
};

struct trial {
	struct trial_mail message, bounce;
	char *said; /* the last error message; may be empty */
};

/* Becomes the script, whose first argument is the folder that it can write to. */
static void trial_start(void *argument, int answer)
{
	char *const *command = argument;
	int nothing = open("/dev/null", O_RDWR);

	if (!sandbox_enter_folder(command[1]) || setpgid(0, 0) != 0 ||
	        dup2(nothing, STDIN_FILENO) < 0 || dup2(answer, STDOUT_FILENO) < 0 ||
	        dup2(nothing, STDERR_FILENO) < 0)
		return;
	child_become(command);
}

/* Takes the next word off *LINE, up to a tab, as clean text. */
static char *next_word(const void *ctx, char **line)
{
	char *word = strsep(line, "\t");

	return text_one_line(ctx, word != NULL ? word : "", VALUE_MAX);
}

/* Reads SAID, the output of the script, into *TRIAL; changes SAID. Returns false if the script did
 * not get to its end. */
static bool trial_read(const void *ctx, char *said, struct trial *trial)
{
	char *line;
	bool is_over = false;

	*trial = (struct trial){.said = talloc_strdup(ctx, "")};
	while ((line = strsep(&said, "\n")) != NULL) {
		char *what = strsep(&line, "\t");
		struct trial_mail *mail = strcmp(what, "message") == 0  ? &trial->message
		                          : strcmp(what, "bounce") == 0 ? &trial->bounce
		                                                        : NULL;

		if (strcmp(what, "said") == 0) {
			is_over = true;
			trial->said = next_word(ctx, &line);
		} else if (mail != NULL) {
			mail->folder = next_word(ctx, &line);
			mail->tags = next_word(ctx, &line);
			mail->reason = next_word(ctx, &line);
		}
	}
	return is_over && trial->message.folder != NULL && trial->bounce.folder != NULL;
}

/* Lets AGENT (setup_topic.agent) deliver with a copy of FILE, to which LINES (may be NULL) are
 * added. All text in *TRIAL is safe to show. Returns false if that can't be tried here, or takes
 * more than TRIAL_SECONDS_MAX. */
static bool trial_run(const struct setup *setup, const char *agent, const char *file,
        const char *lines, struct trial *trial)
{
	const void *ctx = setup->ctx;
	const char *temporary = getenv("TMPDIR");
	char *folder = talloc_asprintf(ctx, "%s/notmuch-bounce-XXXXXX",
	        temporary != NULL && temporary[0] == '/' ? temporary : "/tmp");
	bool exists;
	char *script = setup_source(setup, "recipes/trial", &exists), *said;

	if (!exists || setup->home == NULL || mkdtemp(folder) == NULL)
		return false;
	char *command[] = {script, folder, talloc_strdup(ctx, agent), talloc_strdup(ctx, file),
	        talloc_strdup(ctx, lines), NULL};
	char *const removal[] = {talloc_strdup(ctx, "rm"), talloc_strdup(ctx, "-rf"), folder, NULL};
	struct child child = child_start(trial_start, command);
	int outcome;

	said = child_answer(
	        ctx, &child, TRIAL_BYTES_MAX, child_clock() + 1000LL * TRIAL_SECONDS_MAX);
	if (child.pid > 0)
		kill(-child.pid, SIGKILL);
	child_end(&child);
	program_run(&(struct program){.words = removal, .input = -1, .output = -1}, &outcome);
	return said != NULL && trial_read(ctx, said, trial);
}

/* -- the text */

/* Adds a paragraph, the text of the label KEY with VALUES, indented by INDENT blanks. */
static void setup_say(
        struct setup *setup, int indent, const char *key, const struct wording_value *values)
{
	char *prefix = talloc_asprintf(setup->ctx, "%*s", indent, "");

	wrap_paragraph(&setup->text, prefix, prefix, call_say(setup->call, key, values), WIDTH);
}

/* Adds an empty line, unless one is there. */
static void say_nothing(struct setup *setup)
{
	if (!g_str_has_suffix(buffer_text(&setup->text), "\n\n"))
		buffer_add(&setup->text, "\n", 1);
}

/* Adds LINES that are to be copied, each after PROMPT. */
static void setup_show(struct setup *setup, const char *prompt, const char *lines)
{
	say_nothing(setup);
	for (size_t length; *lines != '\0'; lines += length + (lines[length] == '\n')) {
		length = strcspn(lines, "\n");
		buffer_print(&setup->text, "    %s%s\n", prompt,
		        text_one_line_of(setup->ctx, lines, length, PATH_BYTES_MAX));
	}
	buffer_add(&setup->text, "\n", 1);
}

/* Returns PATH with ~ for the home folder, as one line that is safe to show. */
static char *path_shown(const struct setup *setup, const char *path)
{
	size_t length = setup->home != NULL ? strlen(setup->home) : 0;

	if (length > 1 && strncmp(path, setup->home, length) == 0 && path[length] == '/')
		path = talloc_asprintf(setup->ctx, "~%s", path + length);
	return text_one_line(setup->ctx, path, VALUE_MAX);
}

/* Returns PATH as a word of a shell command. */
static char *path_word(const struct setup *setup, const char *path)
{
	char *short_path = path_shown(setup, path);

	return short_path[0] == '~' && shell_word(setup->ctx, short_path + 1)[0] == '/'
	               ? short_path
	               : shell_word(setup->ctx, path);
}

/* Adds NAME to NAMES, separated by commas. */
static void add_name(struct buffer *names, const char *name)
{
	buffer_print(names, "%s%s", names->length > 0 ? ", " : "", name);
}

/* Adds the programs of LIST that the user has set up, with their files: those for reading mail if
 * READERS, else those that deliver or fetch it. */
static void add_names(struct buffer *names, const struct setup *setup,
        const struct setup_topic *list, bool readers)
{
	bool exists;

	for (; list->name != NULL; list++) {
		bool is_used = readers ? is_reader(setup, list)
		                       : (list->delivers || list->program == NULL) &&
		                                 is_set_up(setup, list);
		char *path = is_used ? file_of(setup, list, &exists) : NULL;

		if (path == NULL)
			continue;
		add_name(names, list->name);
		if (exists || !readers)
			buffer_print(
			        names, " (%s)", exists ? path_shown(setup, path) : "~/.forward");
	}
}

static char *names_of(const struct setup *setup, const struct setup_topic *list, bool readers)
{
	struct buffer names = buffer_new(setup->ctx);

	add_names(&names, setup, list, readers);
	return buffer_text(&names);
}

/* Adds how mail comes in and is read here. */
static void setup_begin(struct setup *setup)
{
	struct buffer coming = buffer_new(setup->ctx);
	char *reading = names_of(setup, setup_topics, true);

	add_names(&coming, setup, fetchers, false);
	add_names(&coming, setup, setup_topics, false);
	if (is_inserted(setup))
		add_name(&coming, "notmuch insert");
	setup->marks = strstr(reading, "mutt") != NULL && strstr(reading, "neomutt") == NULL;
	setup_say(setup, 0, coming.length > 0 ? "setup-comes" : "setup-comes-unknown",
	        WORDING_VALUES({"names", buffer_text(&coming)}));
	if (reading[0] != '\0')
		setup_say(setup, 0, "setup-reads", WORDING_VALUES({"names", reading}));
	if (setup->hooks == NULL)
		setup_say(setup, 0, "setup-no-index", NULL);
	else
		setup_say(setup, 0, "setup-index",
		        WORDING_VALUES({"path", path_shown(setup, setup->root)},
		                {"count", wording_number(setup->ctx, setup->messages)}));
	say_nothing(setup);
}

/* -- the lines of a topic */

/* Returns the folder for new mail, below the mail's root: where mail goes now, by TRIAL (may be
 * NULL), else `inbox`. NULL if it is the root itself. */
static const char *choose_folder(const struct setup *setup, const struct trial *trial)
{
	const char *root = setup->root, *now = trial != NULL ? trial->message.folder : "";
	size_t length = root != NULL ? strlen(root) : 0;

	if (now[0] == '~')
		now = talloc_asprintf(setup->ctx, "%s%s", setup->home, now + 1);
	if (root == NULL || strcmp(now, root) == 0)
		return NULL;
	if (strncmp(now, root, length) == 0 && now[length] == '/')
		return now + length + 1;
	return access(talloc_asprintf(setup->ctx, "%s/cur", root), F_OK) == 0 ? NULL : "inbox";
}

/* Returns PATH with quotes if it needs them and LINE, in which it will stand, has none; NULL if
 * quotes don't help. */
static char *path_quoted(const void *ctx, const char *path, const char *line)
{
	if (path[strspn(path, PLAIN " ")] != '\0')
		return NULL;
	if (path[strspn(path, PLAIN)] == '\0' || strchr(line, '"') != NULL)
		return talloc_strdup(ctx, path);
	return talloc_asprintf(ctx, "\"%s\"", path);
}

/* Adds LINE to LINES, with VALUE for its placeholder NAME. */
static void lines_add(struct buffer *lines, const char *line, const char *name, const char *value)
{
	buffer_print(lines, "%s%s", lines->length > 0 ? "\n" : "",
	        wording_fill(lines->ctx, line, WORDING_VALUES({name, value})));
}

/* Prints WHY there are no lines for TOPIC on stderr; returns STATUS. */
static enum status topic_complain(
        const struct setup_topic *topic, enum status status, const char *why)
{
	cmd_say("setup %s: %s", topic->name, why);
	return status;
}

/* Adds the line that makes TOPIC's program read SOURCE. Returns false after a message if SOURCE is
 * missing, or its path has odd characters. */
static bool lines_add_source(const struct setup *setup, const struct setup_topic *topic,
        const char *source, struct buffer *lines)
{
	bool exists;
	char *path = setup_source(setup, source, &exists),
	     *file = exists ? path_quoted(setup->ctx, path, topic->line) : NULL;

	if (file == NULL)
		topic_complain(topic, STATUS_NO_INPUT,
		        call_say(setup->call, exists ? "setup-odd-path" : "setup-missing",
		                WORDING_VALUES({"path", path})));
	else
		lines_add(lines, topic->line, "file", file);
	return file != NULL;
}

/* Returns TOPIC's lines for the file PATH, with which mail goes to FOLDER (NULL: to the mail's
 * root). NULL after a message, as lines_add_source() says. */
static char *lines_of(const struct setup *setup, const struct setup_topic *topic, const char *path,
        const char *folder)
{
	static const char *const usual[] = {"/usr/local/bin", "/usr/bin", "/bin", NULL},
	                         *const url[] = {"nm_default_url", NULL};
	const void *ctx = setup->ctx;
	const char *other = topic->without_index, *own = folder_of(ctx, setup->program);
	bool is_without = setup->hooks == NULL && other != NULL;
	struct buffer lines = buffer_new(ctx);

	if (topic->path_line != NULL && !list_has(usual, own))
		lines_add(&lines, topic->path_line, "folder", own);
	/* A mail program that can't see tags needs header fields, too. */
	if (setup->marks && setup->hooks != NULL && other != NULL && topic->delivers &&
	        topic->way == SETUP_LINES && !lines_add_source(setup, topic, other, &lines))
		return NULL;
	folder = folder != NULL && !is_without ? path_quoted(ctx, folder, "\"") : NULL;
	if (folder != NULL)
		lines_add(&lines, "BOUNCE_FOLDER=\"{folder}\"", "folder", folder);
	if (topic->url_line != NULL && setup->root != NULL &&
	        path_quoted(ctx, setup->root, topic->url_line) != NULL &&
	        setup_line(file_contents(setup, path), url) == 0)
		lines_add(&lines, topic->url_line, "root", setup->root);
	if (topic->way != SETUP_SCRIPT &&
	        !lines_add_source(setup, topic, is_without ? other : topic->source, &lines))
		return NULL;
	if (topic->way == SETUP_SCRIPT && access(path, F_OK) != 0)
		buffer_add_string(&lines, "#!/bin/sh");
	if (topic->way == SETUP_SCRIPT)
		lines_add(&lines, topic->line, "program", shell_word(ctx, setup->program));
	return buffer_text(&lines);
}

/* Returns the command that adds `new` to new.tags; NULL if it is among them. */
static char *new_tag_command(const struct setup *setup)
{
	char *rest = talloc_strdup(setup->ctx, setup->new_tags), *tag,
	     *command = talloc_strdup(setup->ctx, "notmuch config set new.tags new");

	while ((tag = strsep(&rest, ";")) != NULL) {
		if (strcmp(tag, "new") == 0)
			return NULL;
		if (tag[0] != '\0')
			command = talloc_asprintf_append_buffer(
			        command, " %s", shell_word(setup->ctx, tag));
	}
	return command;
}

/* Adds what to type for TOPIC, such as to put LINES (NULL: they are there) at the end of the file
 * PATH. */
static void say_commands(
        struct setup *setup, const struct setup_topic *topic, const char *path, const char *lines)
{
	const void *ctx = setup->ctx;
	struct buffer commands = buffer_new(ctx);
	char *folder = folder_of(ctx, path), *file = path_word(setup, path),
	     *rest = talloc_strdup(ctx, lines), *line;
	bool is_script = topic->way == SETUP_SCRIPT, is_new = access(path, F_OK) != 0;
	char *new_tag = is_script && !setup->sets_tag ? new_tag_command(setup) : NULL;

	setup->sets_tag = setup->sets_tag || is_script;
	if (new_tag != NULL)
		buffer_print(&commands, "%s\n", new_tag);
	if (lines != NULL && access(folder, F_OK) != 0)
		buffer_print(&commands, "mkdir -p %s\n", path_word(setup, folder));
	while ((line = strsep(&rest, "\n")) != NULL)
		buffer_print(&commands, "echo %s >>%s\n", shell_word(ctx, line), file);
	if (lines != NULL && is_new && topic->delivers)
		buffer_print(&commands, "chmod 600 %s\n", file);
	if (is_script && access(path, X_OK) != 0)
		buffer_print(&commands, "chmod +x %s\n", file);
	if (commands.length == 0)
		return;
	setup->is_left = true;
	setup_say(setup, 2, "setup-type", NULL);
	setup_show(setup, "$ ", commands.text);
}

/* Adds LINES that the user must put into the file PATH. The file SOURCE (NULL: none) tells more. */
static void say_by_hand(struct setup *setup, const char *key, const char *path, const char *source,
        const char *lines)
{
	bool exists = false;
	char *file = source != NULL ? setup_source(setup, source, &exists) : NULL;

	setup->is_left = true;
	setup_say(setup, 2, key,
	        WORDING_VALUES(
	                {"file", path_shown(setup, path)}, {"source", exists ? file : NULL}));
	setup_show(setup, "", lines);
}

/* -- the outcome of a trial */

/* Returns whether TRIAL's bounce was recognised. */
static bool is_known(const struct setup *setup, const struct trial *trial)
{
	return setup->hooks == NULL ? trial->bounce.reason[0] != '\0'
	                            : strstr(trial->bounce.tags, "bounce/") != NULL;
}

/* Returns the name of the folder of MAIL for people. */
static const char *folder_name(const struct setup *setup, const struct trial_mail *mail)
{
	return strcmp(mail->folder, "-") == 0 ? wording_label(setup->call->wording, "setup-mailbox")
	                                      : mail->folder;
}

/* Adds what became of the mails of TRIAL. BEFORE is the trial without our lines; NULL: there was
 * none. */
static void say_trial(struct setup *setup, const struct setup_topic *topic,
        const struct trial *trial, const struct trial *before)
{
	const struct trial_mail *bounce = &trial->bounce, *message = &trial->message;
	bool known = is_known(setup, trial);
	const struct wording_value values[] = {{"folder", folder_name(setup, bounce)},
	        {"tags", bounce->tags}, {"reason", bounce->reason}, {"said", trial->said},
	        {NULL, NULL}};

	setup_say(setup, 2, "setup-tried", NULL);
	if (message->folder[0] == '\0' || bounce->folder[0] == '\0') {
		setup_say(setup, 4, "setup-tried-lost", values);
		return;
	}
	if (!topic->delivers && known) {
		setup_say(setup, 4, "setup-tried-hook", values);
		return;
	}
	setup_say(setup, 4, "setup-tried-message",
	        WORDING_VALUES({"folder", folder_name(setup, message)}));
	setup_say(setup, 4,
	        !known                 ? "setup-tried-plain"
	        : setup->hooks != NULL ? "setup-tried-tags"
	                               : "setup-tried-field",
	        values);
	if (setup->hooks != NULL && bounce->reason[0] != '\0')
		setup_say(setup, 4, "setup-tried-both", values);
	if (!known && trial->said[0] != '\0')
		setup_say(setup, 4, "setup-tried-said", values);
	if (before != NULL && before->message.folder[0] != '\0' &&
	        strcmp(before->message.folder, message->folder) != 0)
		setup_say(setup, 4, "setup-moves",
		        WORDING_VALUES({"folder", folder_name(setup, &before->message)}));
}

/* -- a topic */

/* Adds that line NUMBER of the file PATH is TOPIC's, and tries the file. */
static void say_there(
        struct setup *setup, const struct setup_topic *topic, const char *path, int number)
{
	struct trial trial;

	setup_say(setup, 2, "setup-there",
	        WORDING_VALUES({"file", path_shown(setup, path)},
	                {"line", talloc_asprintf(setup->ctx, "%d", number)}));
	say_commands(setup, topic, path, NULL);
	if (topic->agent == NULL)
		return;
	if (is_installed(topic->program) && trial_run(setup, topic->agent, path, NULL, &trial))
		say_trial(setup, topic, &trial, NULL);
	else
		setup_say(setup, 2, "setup-untried", NULL);
}

/* Adds TOPIC's lines for the file PATH, which does not have them, and tries them. */
static enum status say_lines(struct setup *setup, const struct setup_topic *topic, const char *path)
{
	bool is_tried = topic->agent != NULL && is_installed(topic->program), exists;
	struct trial before, trial;

	if (topic->delivers)
		is_tried = is_tried && trial_run(setup, topic->agent, path, NULL, &before);
	char *lines = lines_of(setup, topic, path,
	        topic->way == SETUP_LINES && topic->delivers
	                ? choose_folder(setup, is_tried ? &before : NULL)
	                : NULL);

	if (lines == NULL)
		return STATUS_NO_INPUT;
	is_tried = is_tried && trial_run(setup, topic->agent, path, lines, &trial);
	if (topic->way == SETUP_BY_HAND)
		say_by_hand(setup, topic->note, path, topic->source, lines);
	else if (is_tried && !is_known(setup, &trial))
		say_by_hand(setup, "setup-in-front", path, NULL, lines);
	else
		say_commands(setup, topic, path, lines);
	if (topic->reads && topic->note != NULL && setup->hooks != NULL)
		setup_say(setup, 2, topic->note,
		        WORDING_VALUES(
		                {"source", setup_source(setup, "plugin/README.md", &exists)}));
	if (is_tried)
		say_trial(setup, topic, &trial, topic->delivers ? &before : NULL);
	else if (topic->agent != NULL)
		setup_say(setup, 2, "setup-untried", NULL);
	return STATUS_OK;
}

/* Adds how to run TOPIC's script. */
static enum status say_once(struct setup *setup, const struct setup_topic *topic)
{
	bool exists;
	char *source = setup_source(setup, topic->source, &exists);

	if (!exists)
		return topic_complain(topic, STATUS_NO_INPUT,
		        call_say(setup->call, "setup-missing", WORDING_VALUES({"path", source})));
	if (setup->has_searches) {
		setup_say(setup, 2, "setup-there-once", NULL);
		return STATUS_OK;
	}
	setup->is_left = true;
	setup_say(setup, 2, "setup-type", NULL);
	setup_show(setup, "$ ", talloc_asprintf(setup->ctx, "sh %s", path_word(setup, source)));
	return STATUS_OK;
}

/* Adds what to type for TOPIC, and what became of a trial. */
static enum status say_topic(struct setup *setup, const struct setup_topic *topic)
{
	const struct call *call = setup->call;
	const char *purpose = !topic->delivers       ? topic->reads ? "reading" : topic->name
	                      : setup->hooks != NULL ? "delivery"
	                                             : "delivery-marks";
	char *path = NULL;
	enum status status = STATUS_OK;
	bool exists;

	if (topic->needs_index && setup->hooks == NULL)
		return topic_complain(topic, STATUS_NO_INPUT,
		        call_say(setup->call, "setup-needs-index",
		                WORDING_VALUES({"why", cmd_text(call->no_index)})));
	if (topic->files != NULL && (path = file_of(setup, topic, &exists)) == NULL)
		return topic_complain(
		        topic, STATUS_USAGE, wording_label(call->wording, "setup-no-home"));
	buffer_print(&setup->text, "%s: %s\n", topic->name,
	        call_say(setup->call, talloc_asprintf(setup->ctx, "setup-for-%s", purpose), NULL));
	int number = path != NULL ? setup_line(file_contents(setup, path), topic->keys) : 0;

	if (number > 0)
		say_there(setup, topic, path, number);
	else
		status = topic->way == SETUP_ONCE ? say_once(setup, topic)
		                                  : say_lines(setup, topic, path);
	say_nothing(setup);
	return status;
}

static void say_sent(struct setup *setup)
{
	struct buffer addresses = buffer_new(setup->ctx);
	char *root = path_shown(setup, setup->root);

	if (setup->sent == 0) {
		setup_say(setup, 2, "setup-todo-sent", WORDING_VALUES({"path", root}));
		setup_show(setup, "", talloc_asprintf(setup->ctx, "set record=\"%s/Sent\"", root));
	}
	for (char **own = setup->addresses; *own != NULL; own++)
		add_name(&addresses, *own);
	setup_say(setup, 2, "setup-todo-addresses",
	        WORDING_VALUES({"addresses",
	                text_one_line(setup->ctx, buffer_text(&addresses), VALUE_MAX)}));
	setup_show(setup, "$ ", "notmuch config set user.other_email ADDRESS ...");
}

/* Adds what else is to be done. */
static void setup_end(struct setup *setup)
{
	bool delivers = names_of(setup, setup_topics, false)[0] != '\0';
	char *fetching = names_of(setup, fetchers, false);

	if (setup->marks && !delivers) {
		setup_say(setup, 0, "setup-unmarked", NULL);
		say_nothing(setup);
	}
	setup_say(setup, 0, "setup-todo", NULL);
	if (setup->is_left) {
		setup_say(setup, 2, "setup-todo-again", NULL);
		setup_show(setup, "$ ", "notmuch-bounce setup");
	}
	if (setup->hooks != NULL && setup->bounces == 0) {
		setup_say(setup, 2, "setup-todo-tag", NULL);
		setup_show(setup, "$ ", "notmuch-bounce tag --all");
	}
	if (setup->hooks != NULL) {
		setup_say(setup, 2, delivers ? "setup-todo-copies" : "setup-todo-new",
		        WORDING_VALUES({"names", fetching[0] != '\0' ? fetching : "mbsync …"}));
		setup_show(setup, "$ ", "notmuch new");
		say_sent(setup);
	}
	setup_say(setup, 2, "setup-try", NULL);
	setup_show(setup, "$ ",
	        setup->hooks != NULL ? "notmuch-bounce status" : "notmuch-bounce explain MAIL");
}

/* -- all of it */

/* Returns what is known of the installation, the user's surroundings, and the index. */
static struct setup setup_read(struct call *call)
{
	const void *ctx = call->ctx;
	struct index *index = call->index;
	char *program = talloc_zero_size(ctx, PATH_BYTES_MAX);
	const char *config = directory_in("XDG_CONFIG_HOME"), *home = directory_in("HOME");

	if (readlink("/proc/self/exe", program, PATH_BYTES_MAX - 1) <= 0)
		program = talloc_strdup(ctx, "/usr/local/bin/notmuch-bounce");
	if (config == NULL && home != NULL)
		config = talloc_asprintf(ctx, "%s/.config", home);
	struct setup setup = {.call = call,
	        .ctx = ctx,
	        .text = buffer_new(ctx),
	        .program = program,
	        .prefix = folder_of(ctx, folder_of(ctx, program)),
	        .home = home,
	        .config = config};

	if (index == NULL)
		return setup;
	setup.hooks = index_setting(ctx, index, "database.hook_dir");
	setup.root = index_setting(ctx, index, "database.mail_root");
	setup.new_tags = index_setting(ctx, index, "new.tags");
	setup.has_searches = index_setting(ctx, index, "query.bounces-to-wait-for") != NULL;
	setup.messages = index_count(index, "*");
	setup.bounces = index_count(index, "tag:bounce");
	setup.addresses = index_settings(index)->own;
	for (char **own = setup.addresses; *own != NULL && setup.sent == 0; own++)
		setup.sent = index_count(index, talloc_asprintf(ctx, "from:%s", *own));
	return setup;
}

static enum status topic_say_unknown(const struct call *call, const char *name)
{
	char **names = g_strsplit(call->command->words, " ", -1);
	const char *meant = slip_nearest(names, name);

	cmd_say("%s", call_say(call, meant != NULL ? "setup-meant" : "setup-unknown",
	                      WORDING_VALUES({"topic", name}, {"meant", meant},
	                              {"topics", call->command->words})));
	g_strfreev(names);
	return STATUS_USAGE;
}

static enum status setup_run(struct call *call)
{
	struct setup setup = setup_read(call);
	bool all = call->arguments[0] == NULL;
	enum status status = STATUS_OK;

	for (char **name = call->arguments; *name != NULL; name++)
		if (topic_find(*name) == NULL)
			return topic_say_unknown(call, *name);
	if (all)
		setup_begin(&setup);
	for (char **name = call->arguments; *name != NULL; name++)
		status = status_first(status, say_topic(&setup, topic_find(*name)));
	for (const struct setup_topic *topic = setup_topics; all && topic->name != NULL; topic++)
		if (setup_fits(&setup, topic))
			status = status_first(status, say_topic(&setup, topic));
	if (all)
		setup_end(&setup);
	return status_first(status, cmd_print(buffer_text(&setup.text)));
}

static const struct option options[] = {LANGUAGE_OPTION, NO_OPTION};

const struct command command_setup = {
        .name = "setup",
        .arguments = "[OPTION]... [TOPIC]...",
        .words = "procmail maildrop fdm sieve hooks post-insert searches neomutt mutt",
        .options = options,
        .needs = USES_INDEX | NEEDS_WORDING,
        .run = setup_run,
};
