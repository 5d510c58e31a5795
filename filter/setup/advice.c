#include "setup/advice.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>
#include <unistd.h>

#include "base/io.h"
#include "base/limits.h"
#include "base/list.h"
#include "setup/shell.h"
#include "setup/trial.h"
#include "text/text.h"
#include "text/wrap.h"

#define WIDTH 80

/* A paragraph behind INDENT blanks. */
static void say(
        struct advice *advice, int indent, const char *label, const struct wording_value *values)
{
	char *prefix = talloc_asprintf(advice->ctx, "%*s", indent, ""),
	     *text = wording_say(advice->ctx, advice->wording, label, values);

	buffer_add_string(&advice->text, prefix);
	wrap_add(&advice->text, text, (size_t)indent, prefix, WIDTH);
	buffer_add(&advice->text, "\n", 1);
}

/* An empty line, unless one is there. */
static void say_nothing(struct advice *advice)
{
	const struct buffer *text = &advice->text;

	if (text->length < 2 || strcmp(text->text + text->length - 2, "\n\n") != 0)
		buffer_add(&advice->text, "\n", 1);
}

/* Lines to be copied. */
static void show(struct advice *advice, const char *prompt, char *const *lines)
{
	say_nothing(advice);
	for (; *lines != NULL; lines++)
		buffer_print(&advice->text, "    %s%s\n", prompt,
		        text_one_line(advice->ctx, *lines, strlen(*lines), PATH_BYTES_MAX));
	buffer_add(&advice->text, "\n", 1);
}

static void show_command(struct advice *advice, const char *command)
{
	char *const lines[] = {talloc_strdup(advice->ctx, command), NULL};

	show(advice, "$ ", lines);
}

/* PATH as it is shown. */
static char *shown(const struct advice *advice, const char *path)
{
	const char *home = advice->setup->home;
	size_t length = home != NULL ? strlen(home) : 0;

	if (length > 1 && strncmp(path, home, length) == 0 && path[length] == '/')
		path = talloc_asprintf(advice->ctx, "~%s", path + length);
	return text_one_line(advice->ctx, path, strlen(path), VALUE_MAX);
}

/* PATH as a word of a command. */
static char *path_word(const struct advice *advice, const char *path)
{
	char *short_path = shown(advice, path),
	     *word = shell_word(advice->ctx, short_path[0] == '~' ? short_path + 1 : path);

	return short_path[0] == '~' && word[0] == '/' ? short_path : shell_word(advice->ctx, path);
}

/* What is in the user's file at PATH; "" if it can't be read. */
static char *contents(const struct advice *advice, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	char *text = NULL;
	size_t length;

	if (fd >= 0 && io_read_all(advice->ctx, fd, USER_FILE_MAX, &text, &length) != STATUS_OK)
		text = NULL;
	if (fd >= 0)
		close(fd);
	return text != NULL ? text : talloc_strdup(advice->ctx, "");
}

/* Whether a program by which mail is read is that of this user: its file is there, and not that
 * of another one as well; where no such file is, the program. */
static bool is_reader(const struct advice *advice, const struct setup_topic *topic)
{
	bool some = false, exists;
	size_t i;

	if (topic->shared != NULL && setup_is_installed(topic->shared->program) &&
	        strcmp(setup_path(advice->ctx, advice->setup, topic, &exists),
	                setup_path(advice->ctx, advice->setup, topic->shared, &exists)) == 0)
		return false;
	for (i = 0; setup_topics[i] != NULL; i++)
		some = some ||
		       (setup_topics[i]->reads && setup_has(advice->setup, setup_topics[i]));
	return topic->reads &&
	       (some ? setup_has(advice->setup, topic) : setup_is_installed(topic->program));
}

/* The names of LIST that are used here, with their files, owned by ctx; "" if none is. */
static char *names_of(
        const struct advice *advice, const struct setup_topic *const *list, bool readers)
{
	char *names = talloc_strdup(advice->ctx, "");
	bool exists;

	for (; *list != NULL; list++) {
		const struct setup_topic *topic = *list;
		bool is_used = readers ? is_reader(advice, topic)
		                       : (topic->delivers || topic->program == NULL) &&
		                                 setup_has(advice->setup, topic);
		char *path =
		        is_used ? setup_path(advice->ctx, advice->setup, topic, &exists) : NULL;

		if (path == NULL)
			continue;
		names = talloc_asprintf_append_buffer(
		        names, "%s%s", names[0] != '\0' ? ", " : "", topic->name);
		if (exists || !readers)
			names = talloc_asprintf_append_buffer(
			        names, " (%s)", exists ? shown(advice, path) : "~/.forward");
	}
	return names;
}

static bool delivers_here(const struct advice *advice)
{
	return names_of(advice, setup_topics, false)[0] != '\0';
}

/* Whether `notmuch insert` delivers the mail here. */
static bool is_inserted(const struct advice *advice)
{
	static const char *const keys[] = {"notmuch insert", "notmuch-insert", NULL},
	                         *const files[] = {".forward", ".procmailrc", ".mailfilter", NULL};
	bool found = false;
	size_t i;

	for (i = 0; files[i] != NULL && advice->setup->home != NULL; i++)
		found = found ||
		        setup_line(contents(advice, talloc_asprintf(advice->ctx, "%s/%s",
		                                            advice->setup->home, files[i])),
		                keys) > 0;
	return found;
}

void advice_begin(struct advice *advice, const struct advice_index *index)
{
	const char *const ways[] = {names_of(advice, setup_fetchers, false),
	        names_of(advice, setup_topics, false), is_inserted(advice) ? "notmuch insert" : ""};
	char *coming = talloc_strdup(advice->ctx, ""),
	     *reading = names_of(advice, setup_topics, true);
	size_t i;

	for (i = 0; i < sizeof ways / sizeof *ways; i++)
		coming = talloc_asprintf_append_buffer(coming, "%s%s",
		        coming[0] != '\0' && ways[i][0] != '\0' ? ", " : "", ways[i]);
	advice->marks = strstr(reading, "mutt") != NULL && strstr(reading, "neomutt") == NULL;
	if (coming[0] != '\0')
		say(advice, 0, "setup-comes", WORDING_VALUES({"names", coming}));
	else
		say(advice, 0, "setup-comes-unknown", NULL);
	if (reading[0] != '\0')
		say(advice, 0, "setup-reads", WORDING_VALUES({"names", reading}));
	if (advice->setup->hooks == NULL)
		say(advice, 0, "setup-no-index", NULL);
	else
		say(advice, 0, "setup-index",
		        WORDING_VALUES({"path", shown(advice, advice->setup->root)},
		                {"count", talloc_asprintf(advice->ctx, "%u", index->messages)}));
	say_nothing(advice);
}

bool advice_fits(const struct advice *advice, const struct setup_topic *topic)
{
	if (topic->needs_index && advice->setup->hooks == NULL)
		return false;
	if (topic->delivers)
		return setup_has(advice->setup, topic);
	return topic->reads ? is_reader(advice, topic)
	                    : strcmp(topic->name, "post-insert") != 0 || is_inserted(advice);
}

/* The folder that TRIAL's ordinary message is in, as a path. */
static char *whole_path(const struct advice *advice, const char *folder)
{
	return folder[0] == '~'
	               ? talloc_asprintf(advice->ctx, "%s%s", advice->setup->home, folder + 1)
	               : talloc_strdup(advice->ctx, folder);
}

/* Where mail should go below the index's folder: where it goes now (TRIAL, if it was done), else
 * into a Maildir there. NULL: that folder itself. */
static char *choose_folder(const struct advice *advice, const struct trial *trial)
{
	const char *root = advice->setup->root;
	char *now = trial != NULL ? whole_path(advice, trial->message.folder)
	                          : talloc_strdup(advice->ctx, "");
	size_t length = root != NULL ? strlen(root) : 0;

	if (root == NULL || strcmp(now, root) == 0)
		return NULL;
	if (strncmp(now, root, length) == 0 && now[length] == '/')
		return now + length + 1;
	return access(talloc_asprintf(advice->ctx, "%s/cur", root), F_OK) == 0
	               ? NULL
	               : talloc_strdup(advice->ctx, "inbox");
}

/* Whether the bounce of TRIAL is known for one. */
static bool is_known(const struct advice *advice, const struct trial *trial)
{
	return advice->setup->hooks == NULL ? trial->bounce.reason[0] != '\0'
	                                    : strstr(trial->bounce.tags, "bounce/") != NULL;
}

static const char *folder_name(const struct advice *advice, const char *folder)
{
	return strcmp(folder, "-") == 0 ? wording_label(advice->wording, "setup-mailbox") : folder;
}

static void say_trial(struct advice *advice, const struct setup_topic *topic,
        const struct trial *trial, const struct trial *before)
{
	const struct trial_mail *bounce = &trial->bounce;
	const char *folder = folder_name(advice, bounce->folder), *label = "setup-tried-plain";

	say(advice, 2, "setup-tried", NULL);
	if (trial->message.folder[0] == '\0' || bounce->folder[0] == '\0') {
		say(advice, 4, "setup-tried-lost", WORDING_VALUES({"said", trial->said}));
		return;
	}
	if (!topic->delivers && is_known(advice, trial)) {
		say(advice, 4, "setup-tried-hook", WORDING_VALUES({"tags", bounce->tags}));
		return;
	}
	if (is_known(advice, trial))
		label = advice->setup->hooks != NULL ? "setup-tried-tags" : "setup-tried-field";
	say(advice, 4, "setup-tried-message",
	        WORDING_VALUES({"folder", folder_name(advice, trial->message.folder)}));
	say(advice, 4, label,
	        WORDING_VALUES(
	                {"folder", folder}, {"tags", bounce->tags}, {"reason", bounce->reason}));
	if (advice->setup->hooks != NULL && bounce->reason[0] != '\0')
		say(advice, 4, "setup-tried-both", WORDING_VALUES({"reason", bounce->reason}));
	if (!is_known(advice, trial) && trial->said[0] != '\0')
		say(advice, 4, "setup-tried-said", WORDING_VALUES({"said", trial->said}));
	if (before != NULL && before->message.folder[0] != '\0' &&
	        strcmp(before->message.folder, trial->message.folder) != 0)
		say(advice, 4, "setup-moves",
		        WORDING_VALUES({"folder", folder_name(advice, before->message.folder)}));
}

/* The command that adds `new` to new.tags, unless it is among them. */
static void add_new_tag(struct advice *advice, char ***commands, size_t *count)
{
	char *rest = talloc_strdup(advice->ctx, advice->setup->new_tags), *tag,
	     *command = talloc_strdup(advice->ctx, "notmuch config set new.tags new");

	while ((tag = strsep(&rest, ";")) != NULL) {
		if (strcmp(tag, "new") == 0)
			return;
		if (tag[0] != '\0')
			command = talloc_asprintf_append_buffer(
			        command, " %s", shell_word(advice->ctx, tag));
	}
	list_add(advice->ctx, commands, count, command);
}

/* What puts LINES at the end of the file PATH. */
static void add_lines(struct advice *advice, const struct setup_topic *topic, const char *path,
        char **lines, char ***commands, size_t *count)
{
	const void *ctx = advice->ctx;
	char *folder = talloc_strndup(ctx, path, (size_t)(strrchr(path, '/') - path)),
	     *word = path_word(advice, path);
	bool is_new = access(path, F_OK) != 0;

	if (access(folder, F_OK) != 0)
		list_add(ctx, commands, count,
		        talloc_asprintf(ctx, "mkdir -p %s", path_word(advice, folder)));
	for (; *lines != NULL; lines++)
		list_add(ctx, commands, count,
		        talloc_asprintf(ctx, "echo %s >>%s", shell_word(ctx, *lines), word));
	if (is_new && topic->delivers)
		list_add(ctx, commands, count, talloc_asprintf(ctx, "chmod 600 %s", word));
}

/* The commands that are to be typed for TOPIC, whose lines may be there already (LINES is NULL). */
static void say_commands(
        struct advice *advice, const struct setup_topic *topic, const char *path, char **lines)
{
	char **commands = list_new(advice->ctx);
	size_t count = 0;

	if (topic->way == SETUP_SCRIPT && !advice->sets_tag)
		add_new_tag(advice, &commands, &count);
	advice->sets_tag = advice->sets_tag || topic->way == SETUP_SCRIPT;
	if (lines != NULL)
		add_lines(advice, topic, path, lines, &commands, &count);
	if (topic->way == SETUP_SCRIPT && access(path, X_OK) != 0)
		list_add(advice->ctx, &commands, &count,
		        talloc_asprintf(advice->ctx, "chmod +x %s", path_word(advice, path)));
	if (count == 0)
		return;
	advice->is_left = true;
	say(advice, 2, "setup-type", NULL);
	show(advice, "$ ", commands);
}

/* TOPIC's lines stand in line NUMBER of the file PATH. */
static void say_there(
        struct advice *advice, const struct setup_topic *topic, const char *path, int number)
{
	struct trial trial;

	say(advice, 2, "setup-there",
	        WORDING_VALUES({"file", shown(advice, path)},
	                {"line", talloc_asprintf(advice->ctx, "%d", number)}));
	say_commands(advice, topic, path, NULL);
	if (topic->agent != NULL && setup_is_installed(topic->program) &&
	        trial_run(advice->ctx, advice->setup, topic->agent, path, NULL, &trial))
		say_trial(advice, topic, &trial, NULL);
	else if (topic->agent != NULL)
		say(advice, 2, "setup-untried", NULL);
}

static void say_by_hand(struct advice *advice, const char *label, const char *path,
        const char *source, char **lines)
{
	char *place, *found = source != NULL
	                              ? setup_source(advice->ctx, advice->setup, source, &place)
	                              : NULL;

	advice->is_left = true;
	say(advice, 2, label, WORDING_VALUES({"file", shown(advice, path)}, {"source", found}));
	show(advice, "", lines);
}

/* TOPIC's lines for the file PATH, in which they are not yet. */
static enum status say_lines(
        struct advice *advice, const struct setup_topic *topic, const char *path, const char **why)
{
	static const char *const url[] = {"nm_default_url", NULL};
	struct setup_wish wish = {.marks = advice->marks && advice->setup->hooks != NULL &&
	                                   topic->without_index != NULL && topic->delivers &&
	                                   topic->way == SETUP_LINES,
	        .is_new = access(path, F_OK) != 0};
	bool is_tried = topic->agent != NULL && setup_is_installed(topic->program);
	struct trial before, trial;
	char **lines, *what;
	enum status status;

	wish.has_url = setup_line(contents(advice, path), url) > 0;
	if (topic->delivers)
		is_tried = is_tried &&
		           trial_run(advice->ctx, advice->setup, topic->agent, path, NULL, &before);
	if (topic->way == SETUP_LINES && topic->delivers)
		wish.folder = choose_folder(advice, is_tried ? &before : NULL);
	status = setup_lines(advice->ctx, advice->setup, topic, &wish, &lines, why, &what);
	if (status != STATUS_OK) {
		*why = wording_say(
		        advice->ctx, advice->wording, *why, WORDING_VALUES({"path", what}));
		return status;
	}
	is_tried = is_tried &&
	           trial_run(advice->ctx, advice->setup, topic->agent, path, lines, &trial);
	if (topic->way == SETUP_BY_HAND)
		say_by_hand(advice, topic->note, path, topic->source, lines);
	else if (is_tried && !is_known(advice, &trial))
		say_by_hand(advice, "setup-in-front", path, NULL, lines);
	else
		say_commands(advice, topic, path, lines);
	if (topic->reads && topic->note != NULL && advice->setup->hooks != NULL)
		say(advice, 2, topic->note,
		        WORDING_VALUES({"source", setup_source(advice->ctx, advice->setup,
		                                          "plugin/README.md", &what)}));
	if (is_tried)
		say_trial(advice, topic, &trial, topic->delivers ? &before : NULL);
	else if (!is_tried && topic->agent != NULL)
		say(advice, 2, "setup-untried", NULL);
	return STATUS_OK;
}

/* A script of ours that is run once. */
static enum status say_once(
        struct advice *advice, const struct setup_topic *topic, const char **why)
{
	char *place, *source = setup_source(advice->ctx, advice->setup, topic->source, &place);

	if (source == NULL) {
		*why = wording_say(advice->ctx, advice->wording, "setup-missing",
		        WORDING_VALUES({"path", place}));
		return STATUS_NO_INPUT;
	}
	if (advice->setup->has_searches) {
		say(advice, 2, "setup-there-once", NULL);
		return STATUS_OK;
	}
	advice->is_left = true;
	say(advice, 2, "setup-type", NULL);
	show_command(advice, talloc_asprintf(advice->ctx, "sh %s", path_word(advice, source)));
	return STATUS_OK;
}

enum status advice_topic(struct advice *advice, const struct setup_topic *topic, const char **why)
{
	bool is_marking = topic->delivers && advice->setup->hooks == NULL, exists;
	char *path = topic->files != NULL ? setup_path(advice->ctx, advice->setup, topic, &exists)
	                                  : NULL;
	char *purpose =
	        talloc_asprintf(advice->ctx, "%s%s", topic->purpose, is_marking ? "-marks" : "");
	enum status status = STATUS_OK;
	int number;

	if (topic->needs_index && advice->setup->hooks == NULL) {
		*why = wording_say(advice->ctx, advice->wording, "setup-needs-index",
		        WORDING_VALUES({"why", advice->setup->no_index}));
		return STATUS_NO_INPUT;
	}
	if (topic->files != NULL && path == NULL) {
		*why = wording_label(advice->wording, "setup-no-home");
		return STATUS_USAGE;
	}
	buffer_print(
	        &advice->text, "%s: %s\n", topic->name, wording_label(advice->wording, purpose));
	number = path != NULL ? setup_line(contents(advice, path), topic->keys) : 0;
	if (number > 0)
		say_there(advice, topic, path, number);
	else
		status = topic->way == SETUP_ONCE ? say_once(advice, topic, why)
		                                  : say_lines(advice, topic, path, why);
	say_nothing(advice);
	return status;
}

static void say_sent(struct advice *advice, const struct advice_index *index)
{
	const char *root = advice->setup->root;
	char *joined = talloc_strdup(advice->ctx, ""), *const record[] = {
	                                                       talloc_asprintf(advice->ctx,
	                                                               "set record=\"%s/Sent\"",
	                                                               shown(advice, root)),
	                                                       NULL};
	size_t i;

	if (index->sent == 0) {
		say(advice, 2, "setup-todo-sent", WORDING_VALUES({"path", shown(advice, root)}));
		show(advice, "", record);
	}
	for (i = 0; index->addresses[i] != NULL; i++)
		joined = talloc_asprintf_append_buffer(
		        joined, "%s%s", i > 0 ? ", " : "", index->addresses[i]);
	say(advice, 2, "setup-todo-addresses",
	        WORDING_VALUES({"addresses",
	                text_one_line(advice->ctx, joined, strlen(joined), VALUE_MAX)}));
	show_command(advice, "notmuch config set user.other_email ADDRESS ...");
}

void advice_end(struct advice *advice, const struct advice_index *index)
{
	bool delivers = delivers_here(advice);
	char *fetching = names_of(advice, setup_fetchers, false);

	if (advice->marks && !delivers) {
		say(advice, 0, "setup-unmarked", NULL);
		say_nothing(advice);
	}
	say(advice, 0, "setup-todo", NULL);
	if (advice->is_left) {
		say(advice, 2, "setup-todo-again", NULL);
		show_command(advice, "notmuch-bounce setup");
	}
	if (advice->setup->hooks != NULL) {
		if (index->bounces == 0) {
			say(advice, 2, "setup-todo-tag", NULL);
			show_command(advice, "notmuch-bounce tag --all");
		}
		say(advice, 2, delivers ? "setup-todo-copies" : "setup-todo-new",
		        WORDING_VALUES({"names", fetching[0] != '\0' ? fetching : "mbsync …"}));
		show_command(advice, "notmuch new");
		say_sent(advice, index);
	}
	say(advice, 2, "setup-try", NULL);
	show_command(advice, advice->setup->hooks != NULL ? "notmuch-bounce status"
	                                                  : "notmuch-bounce explain MAIL");
}
