#include "index/index.h"

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <notmuch.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/child.h"
#include "base/limits.h"
#include "base/list.h"
#include "index/properties.h"
#include "mail/address.h"

struct index {
	notmuch_database_t *database;
	bool is_writable;
	struct settings settings;
	time_t now;
};

static int index_destroy(struct index *index)
{
	notmuch_database_destroy(index->database);
	return 0;
}

static enum status status_of(notmuch_status_t status)
{
	switch (status) {
	case NOTMUCH_STATUS_SUCCESS: return STATUS_OK;
	case NOTMUCH_STATUS_OUT_OF_MEMORY: return STATUS_TRY_LATER;
	case NOTMUCH_STATUS_NO_CONFIG:
	case NOTMUCH_STATUS_NO_DATABASE:
	case NOTMUCH_STATUS_NO_MAIL_ROOT: return STATUS_NO_INPUT;
	default: return STATUS_IO;
	}
}

/* Returns whether there is a configuration file. If it can't read one, libnotmuch returns the same
 * as if there were none. */
static bool has_config(const void *ctx)
{
	const char *named = getenv("NOTMUCH_CONFIG");

	if (named == NULL || named[0] == '\0')
		named = talloc_asprintf(ctx, "%s/.notmuch-config", g_get_home_dir());
	return access(named, F_OK) == 0;
}

/* Returns why the index can't be opened: with what to do about it if we know that, else
 * libnotmuch's MESSAGE (may be NULL). */
static const char *why_closed(const void *ctx, notmuch_status_t status, const char *message)
{
	const char *all = message != NULL ? message : notmuch_status_to_string(status);
	const char *theirs = talloc_strndup(ctx, all, strcspn(all, "\n"));

	theirs += g_str_has_prefix(theirs, "Error: ") ? strlen("Error: ") : 0;
	if (status == NOTMUCH_STATUS_NO_CONFIG && has_config(ctx))
		return "notmuch's configuration can't be read, or a line in it is wrong";
	if (status == NOTMUCH_STATUS_NO_CONFIG)
		return "there is no index of your mail; run notmuch setup";
	if (status == NOTMUCH_STATUS_NO_DATABASE || strstr(theirs, strerror(ENOENT)) != NULL)
		return "there is no index of your mail; notmuch new makes it";
	return theirs;
}

/* Returns whether another program holds Xapian's lock at PATH/NAME. */
static bool is_held(const char *path, const char *name)
{
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_len = 1};
	SCOPED char *file = talloc_asprintf(NULL, "%s/%s", path, name);
	int fd = open(file, O_RDWR | O_CLOEXEC);
	bool held = fd >= 0 && fcntl(fd, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;

	if (fd >= 0)
		close(fd);
	return held;
}

enum status index_write(struct index *index, unsigned timeout, const char **why)
{
	const struct timespec pause = {.tv_nsec = 20000000};
	const char *path = notmuch_database_get_path(index->database);
	long long end = child_clock() + 1000LL * timeout;

	*why = "another program is writing to the index";
	/* notmuch has two layouts of its folders */
	while (!index->is_writable &&
	        (is_held(path, ".notmuch/xapian/flintlock") || is_held(path, "xapian/flintlock")))
		if (child_clock() >= end || nanosleep(&pause, NULL) != 0)
			return STATUS_LOCKED;
	*why = "the index can't be written";
	notmuch_status_t status = index->is_writable ? NOTMUCH_STATUS_SUCCESS
	                                             : notmuch_database_reopen(index->database,
	                                                       NOTMUCH_DATABASE_MODE_READ_WRITE);
	index->is_writable = status == NOTMUCH_STATUS_SUCCESS;
	index->now = time(NULL);
	return status_of(
	        index->is_writable ? notmuch_database_begin_atomic(index->database) : status);
}

enum status index_close(struct index *index)
{
	notmuch_status_t status = notmuch_database_close(index->database);

	talloc_free(index);
	return status_of(status);
}

enum status index_end(struct index *index)
{
	return status_of(notmuch_database_end_atomic(index->database));
}

char *index_setting(const void *ctx, struct index *index, const char *key)
{
	notmuch_config_pairs_t *pairs = notmuch_config_get_pairs(index->database, key);
	char *value = NULL;

	for (; notmuch_config_pairs_valid(pairs); notmuch_config_pairs_move_to_next(pairs))
		if (strcmp(notmuch_config_pairs_key(pairs), key) == 0)
			value = talloc_strdup(ctx, notmuch_config_pairs_value(pairs));
	notmuch_config_pairs_destroy(pairs);
	return value;
}

void index_add_draft(struct index *index, const char *path)
{
	notmuch_message_t *message = NULL;

	if (notmuch_database_index_file(index->database, path, NULL, &message) ==
	        NOTMUCH_STATUS_SUCCESS)
		notmuch_message_add_tag(message, TAG_DRAFT);
	if (message != NULL)
		notmuch_message_destroy(message);
}

/* -- settings */

const struct settings settings_default = {
        .lock_timeout = LOCK_TIMEOUT_DEFAULT, .backscatter_after = 3};

/* Reads the setting KEY, a number of at most MOST, into *VALUE. If it is something else, adds
 * EXPECTED to PROBLEMS. */
static void read_number(struct index *index, const char *key, unsigned most, const char *expected,
        unsigned *value, struct problems *problems)
{
	SCOPED char *text = index_setting(NULL, index, key);
	char *end;

	if (text == NULL)
		return;
	unsigned long number = strtoul(text, &end, 10);
	if (text[0] >= '0' && text[0] <= '9' && *end == '\0' && number <= most)
		*value = (unsigned)number;
	else
		problems_add(problems, talloc_asprintf(text, "notmuch config: %s=%s", key, text), 0,
		        "%s", expected);
}

static void read_settings(struct index *index, struct problems *problems)
{
	struct settings *settings = &index->settings;

	*settings = settings_default;
	read_number(index, "bounce.lock_timeout", 86400, "expected seconds, from 0 to 86400",
	        &settings->lock_timeout, problems);
	read_number(index, "bounce.backscatter_after", 3650, "expected days, from 0 to 3650",
	        &settings->backscatter_after, problems);
	settings->language = index_setting(index, index, "bounce.language");
	settings->own = list_new(index);
	const char *first = index_setting(index, index, "user.primary_email");
	char *others = index_setting(index, index, "user.other_email");
	if (first != NULL && first[0] != '\0')
		list_add(index, &settings->own, first);
	for (char *address; (address = strsep(&others, ";")) != NULL;)
		if (address[0] != '\0')
			list_add(index, &settings->own, address);
}

const struct settings *index_settings(const struct index *index)
{
	return &index->settings;
}

time_t index_now(const struct index *index)
{
	return index->now;
}

enum status index_open(
        const void *ctx, struct problems *problems, struct index **out, const char **why)
{
	struct index *index = talloc_zero(ctx, struct index);
	char *message = NULL;
	notmuch_status_t status = notmuch_database_open_with_config(
	        NULL, NOTMUCH_DATABASE_MODE_READ_ONLY, NULL, NULL, &index->database, &message);

	if (status == NOTMUCH_STATUS_SUCCESS) {
		talloc_set_destructor(index, index_destroy);
		index->now = time(NULL);
		read_settings(index, problems);
	} else {
		*why = why_closed(ctx, status, message);
		TALLOC_FREE(index);
	}
	free(message);
	*out = index;
	return status == NOTMUCH_STATUS_FILE_ERROR ? STATUS_NO_INPUT : status_of(status);
}

bool settings_is_own(const struct settings *settings, const char *from)
{
	SCOPED char *author = address_list_only(NULL, from);

	return author != NULL && address_list_has(settings->own, author);
}

bool settings_finds_own(const struct settings *settings, const char *text)
{
	SCOPED char **addresses = address_scan_all(NULL, text);

	for (size_t i = 0; addresses[i] != NULL; i++)
		if (address_list_has(settings->own, addresses[i]))
			return true;
	return false;
}

/* -- finding mail */

struct mail {
	struct index *index;
	notmuch_message_t *message;
	/* The mail's tags and our properties as `key=value`, each with WAS if the index has it, and
	 * IS if it is to have it. NULL: not read. */
	GHashTable *record;
};

enum { WAS = 1, IS = 2 };

static int mail_destroy(struct mail *mail)
{
	if (mail->record != NULL)
		g_hash_table_destroy(mail->record);
	notmuch_message_destroy(mail->message);
	return 0;
}

static struct mail *mail_new(const void *ctx, struct index *index, notmuch_message_t *message)
{
	struct mail *mail = talloc_zero(ctx, struct mail);

	mail->index = index;
	mail->message = message;
	talloc_set_destructor(mail, mail_destroy);
	return mail;
}

struct mail *index_find(const void *ctx, struct index *index, const char *id)
{
	notmuch_message_t *message = NULL;

	if (id == NULL || id[0] == '\0' ||
	        notmuch_database_find_message(index->database, id, &message) !=
	                NOTMUCH_STATUS_SUCCESS ||
	        message == NULL)
		return NULL;
	struct mail *mail = mail_new(ctx, index, message);
	/* For an id that another mail refers to, notmuch keeps a message without a file. */
	if (notmuch_message_get_filename(message)[0] == '\0')
		TALLOC_FREE(mail);
	return mail;
}

static notmuch_query_t *query_new(struct index *index, const char *text)
{
	notmuch_query_t *query = notmuch_query_create(index->database, text);

	notmuch_query_set_omit_excluded(query, NOTMUCH_EXCLUDE_FALSE);
	notmuch_query_set_sort(query, NOTMUCH_SORT_NEWEST_FIRST);
	return query;
}

struct found {
	struct index *index;
	notmuch_query_t *query;
	notmuch_messages_t *messages;
	struct mail *mail;
	unsigned left; /* how many may still be returned */
};

static int found_destroy(struct found *found)
{
	TALLOC_FREE(found->mail); /* before its query */
	notmuch_query_destroy(found->query);
	return 0;
}

struct found *index_search(const void *ctx, struct index *index, const char *query, unsigned most)
{
	if (query == NULL)
		return NULL;
	struct found *found = talloc_zero(ctx, struct found);
	found->index = index;
	found->left = most;
	found->query = query_new(index, query);
	talloc_set_destructor(found, found_destroy);
	if (notmuch_query_search_messages(found->query, &found->messages) != NOTMUCH_STATUS_SUCCESS)
		TALLOC_FREE(found);
	return found;
}

struct mail *found_next(struct found *found)
{
	if (found == NULL)
		return NULL;
	if (found->mail != NULL)
		notmuch_messages_move_to_next(found->messages);
	TALLOC_FREE(found->mail);
	/* NULL if libnotmuch is out of memory */
	notmuch_message_t *message = found->left-- > 0 && notmuch_messages_valid(found->messages)
	                                     ? notmuch_messages_get(found->messages)
	                                     : NULL;
	if (message != NULL)
		found->mail = mail_new(found, found->index, message);
	return found->mail;
}

enum status index_ids(const void *ctx, struct index *index, const char *query, char ***ids)
{
	SCOPED struct found *found = index_search(NULL, index, query, ALL_MAILS);

	for (struct mail *mail; (mail = found_next(found)) != NULL;)
		list_add(ctx, ids, mail_id(mail));
	return found != NULL ? STATUS_OK : STATUS_IO;
}

unsigned index_count(struct index *index, const char *text)
{
	notmuch_query_t *query = query_new(index, text);
	unsigned count = 0;

	if (notmuch_query_count_messages(query, &count) != NOTMUCH_STATUS_SUCCESS)
		count = 0;
	notmuch_query_destroy(query);
	return count;
}

const char *index_why(struct index *index)
{
	return notmuch_database_status_string(index->database);
}

/* -- a mail */

struct index *mail_index(const struct mail *mail)
{
	return mail->index;
}

const char *mail_id(const struct mail *mail)
{
	return notmuch_message_get_message_id(mail->message);
}

time_t mail_date(const struct mail *mail)
{
	return notmuch_message_get_date(mail->message);
}

const char *mail_thread(struct mail *mail)
{
	return notmuch_message_get_thread_id(mail->message);
}

const char *mail_header(struct mail *mail, const char *name)
{
	const char *value = notmuch_message_get_header(mail->message, name);

	return value != NULL ? value : "";
}

char **mail_files(const void *ctx, struct mail *mail)
{
	notmuch_filenames_t *names = notmuch_message_get_filenames(mail->message);
	char **list = list_new(ctx);

	for (; notmuch_filenames_valid(names); notmuch_filenames_move_to_next(names))
		list_add(ctx, &list, notmuch_filenames_get(names));
	notmuch_filenames_destroy(names);
	return list;
}

bool mail_is_draft(struct mail *mail)
{
	SCOPED char **files = mail_files(NULL, mail);

	for (size_t i = 0; files[i] != NULL; i++) {
		const char *flags = strstr(strrchr(files[i], '/'), ":2,");

		if (flags == NULL || strchr(flags + 3, 'D') == NULL)
			return false;
	}
	return true;
}

/* libnotmuch ends the process if `key=value` is longer than a Xapian term of its prefix may be. */
#define PROPERTY_MAX 236

bool mail_can_hold(const char *key, const char *value)
{
	return value[0] != '\0' && strlen(key) + 1 + strlen(value) <= PROPERTY_MAX;
}

static void record_put(GHashTable *record, const char *key, const char *value, int state)
{
	g_hash_table_insert(record, g_strconcat(key, "=", value, NULL), GINT_TO_POINTER(state));
}

static GHashTable *record_of(struct mail *mail)
{
	if (mail->record != NULL)
		return mail->record;
	mail->record = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	notmuch_tags_t *tags = notmuch_message_get_tags(mail->message);
	for (; notmuch_tags_valid(tags); notmuch_tags_move_to_next(tags))
		record_put(mail->record, MAIL_TAGS, notmuch_tags_get(tags), WAS | IS);
	notmuch_tags_destroy(tags);
	notmuch_message_properties_t *ours =
	        notmuch_message_get_properties(mail->message, PROPERTY_PREFIX, 0);
	for (; notmuch_message_properties_valid(ours);
	        notmuch_message_properties_move_to_next(ours))
		record_put(mail->record, notmuch_message_properties_key(ours),
		        notmuch_message_properties_value(ours), WAS | IS);
	notmuch_message_properties_destroy(ours);
	return mail->record;
}

static int record_get(struct mail *mail, const char *key, const char *value)
{
	g_autofree char *entry = g_strconcat(key, "=", value, NULL);

	return GPOINTER_TO_INT(g_hash_table_lookup(record_of(mail), entry));
}

/* Returns the entries of MAIL's record that begin with BEGINNING and whose state within MASK is
 * STATE, without BEGINNING, sorted, owned by CTX. */
static char **record_list(
        const void *ctx, struct mail *mail, const char *beginning, int mask, int state)
{
	char **list = list_new(ctx);
	GHashTableIter iterator;
	gpointer entry, its;

	g_hash_table_iter_init(&iterator, record_of(mail));
	while (g_hash_table_iter_next(&iterator, &entry, &its))
		if ((GPOINTER_TO_INT(its) & mask) == state && g_str_has_prefix(entry, beginning))
			list_add(ctx, &list, (const char *)entry + strlen(beginning));
	list_sort(list);
	return list;
}

char **mail_values(const void *ctx, struct mail *mail, const char *key)
{
	g_autofree char *beginning = g_strconcat(key, "=", NULL);

	return record_list(ctx, mail, beginning, IS, IS);
}

char *mail_value(const void *ctx, struct mail *mail, const char *key)
{
	return mail_values(ctx, mail, key)[0];
}

bool mail_has_value(struct mail *mail, const char *key, const char *value)
{
	return record_get(mail, key, value) & IS;
}

bool mail_has_tag(struct mail *mail, const char *tag)
{
	return mail_has_value(mail, MAIL_TAGS, tag);
}

void mail_put_value(struct mail *mail, const char *key, const char *value, bool wanted)
{
	if (mail_can_hold(key, value))
		record_put(record_of(mail), key, value,
		        (record_get(mail, key, value) & WAS) | (wanted ? IS : 0));
}

void mail_put_tag(struct mail *mail, const char *tag, bool wanted)
{
	mail_put_value(mail, MAIL_TAGS, tag, wanted);
}

size_t mail_clear(struct mail *mail, const char *key)
{
	size_t length = strlen(key), count = 0;
	GHashTableIter iterator;
	gpointer entry, state;

	g_hash_table_iter_init(&iterator, record_of(mail));
	while (g_hash_table_iter_next(&iterator, &entry, &state))
		if ((GPOINTER_TO_INT(state) & IS) && g_str_has_prefix(entry, key) &&
		        (((const char *)entry)[length] == '=' || g_str_has_suffix(key, "."))) {
			g_hash_table_iter_replace(
			        &iterator, GINT_TO_POINTER(GPOINTER_TO_INT(state) & WAS));
			count++;
		}
	return count;
}

void mail_set_value(struct mail *mail, const char *key, const char *value)
{
	mail_clear(mail, key);
	if (value != NULL)
		mail_put_value(mail, key, value, true);
}

char *mail_changed_tags(const void *ctx, struct mail *mail)
{
	char *changed = talloc_strdup(ctx, "");
	char **gone = record_list(changed, mail, MAIL_TAGS "=", WAS | IS, WAS);
	char **new = record_list(changed, mail, MAIL_TAGS "=", WAS | IS, IS);

	for (; *gone != NULL; gone++)
		changed = talloc_asprintf_append_buffer(changed, " -%s", *gone);
	for (; *new != NULL; new ++)
		changed = talloc_asprintf_append_buffer(changed, " +%s", *new);
	return changed;
}

static notmuch_status_t write_entry(notmuch_message_t *message, char *entry, bool wanted)
{
	char *value = strchr(entry, '=');

	*value++ = '\0';
	if (entry[0] == '\0')
		return wanted ? notmuch_message_add_tag(message, value)
		              : notmuch_message_remove_tag(message, value);
	return wanted ? notmuch_message_add_property(message, entry, value)
	              : notmuch_message_remove_property(message, entry, value);
}

enum status mail_write(struct mail *mail)
{
	SCOPED void *scratch = talloc_new(NULL);
	char **gone = record_list(scratch, mail, "", WAS | IS, WAS),
	     **new = record_list(scratch, mail, "", WAS | IS, IS);
	notmuch_status_t status = NOTMUCH_STATUS_SUCCESS;

	if (mail->index->is_writable && (*gone != NULL || *new != NULL)) {
		status = notmuch_message_freeze(mail->message);
		for (; status == NOTMUCH_STATUS_SUCCESS && *gone != NULL; gone++)
			status = write_entry(mail->message, *gone, false);
		for (; status == NOTMUCH_STATUS_SUCCESS && *new != NULL; new ++)
			status = write_entry(mail->message, *new, true);
		notmuch_message_thaw(mail->message);
	}
	return status_of(status);
}
