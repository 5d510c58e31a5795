#include "index/index.h"

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <notmuch.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>
#include <time.h>
#include <unistd.h>

#include "base/child.h"
#include "base/list.h"
#include "index/properties.h"

#ifndef F_OFD_GETLK
#define F_OFD_GETLK F_GETLK
#endif

struct index {
	notmuch_database_t *database;
	enum index_mode mode;
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

/* What to do about it where that is known, else libnotmuch's own MESSAGE, which may be NULL. */
static const char *why_closed(const void *ctx, notmuch_status_t status, const char *message)
{
	const char *all = message != NULL ? message : notmuch_status_to_string(status);
	const char *theirs = talloc_strndup(ctx, all, strcspn(all, "\n"));

	theirs += g_str_has_prefix(theirs, "Error: ") ? strlen("Error: ") : 0;
	if (status == NOTMUCH_STATUS_NO_CONFIG)
		return "there is no index of your mail; see notmuch setup";
	if (status == NOTMUCH_STATUS_NO_DATABASE || strstr(theirs, strerror(ENOENT)) != NULL)
		return talloc_asprintf(
		        ctx, "there is no index of your mail; notmuch new makes it (%s)", theirs);
	return theirs;
}

/* Whether another program holds Xapian's lock FILE. */
static bool is_held(const char *file)
{
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_len = 1};
	int fd = open(file, O_RDWR | O_CLOEXEC);
	bool held = fd >= 0 && fcntl(fd, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;

	if (fd >= 0)
		close(fd);
	return held;
}

/* Whether another program writes to the database at PATH, in either of its layouts. */
static bool is_locked(const char *path)
{
	char *file = talloc_asprintf(NULL, "%s/.notmuch/xapian/flintlock", path);
	bool locked = is_held(file) || is_held(talloc_asprintf(file, "%s/xapian/flintlock", path));

	talloc_free(file);
	return locked;
}

/* Wait until nobody writes; false if that takes longer than TIMEOUT seconds, or at ^C. */
static bool wait_for_lock(const char *path, unsigned timeout)
{
	const struct timespec pause = {.tv_nsec = 20000000};
	long long end = child_clock() + 1000LL * timeout;

	while (is_locked(path))
		if (child_clock() >= end || nanosleep(&pause, NULL) != 0)
			return false;
	return true;
}

enum status index_open(const void *ctx, enum index_mode mode, struct index **out, const char **why)
{
	struct index *index = talloc_zero(ctx, struct index);
	char *message = NULL;
	notmuch_status_t status;

	index->mode = mode;
	status = notmuch_database_open_with_config(
	        NULL, NOTMUCH_DATABASE_MODE_READ_ONLY, NULL, NULL, &index->database, &message);
	if (status == NOTMUCH_STATUS_SUCCESS)
		talloc_set_destructor(index, index_destroy);
	else {
		*why = why_closed(ctx, status, message);
		TALLOC_FREE(index);
	}
	free(message);
	*out = index;
	return status == NOTMUCH_STATUS_FILE_ERROR ? STATUS_NO_INPUT : status_of(status);
}

enum status index_write(struct index *index, unsigned timeout, const char **why)
{
	notmuch_status_t status;

	if (index->mode != INDEX_READ)
		return STATUS_OK;
	*why = "another program is writing to the index";
	if (!wait_for_lock(notmuch_database_get_path(index->database), timeout))
		return STATUS_LOCKED;
	status = notmuch_database_reopen(index->database, NOTMUCH_DATABASE_MODE_READ_WRITE);
	if (status == NOTMUCH_STATUS_SUCCESS)
		index->mode = INDEX_WRITE;
	*why = "the index can't be written";
	return status_of(status);
}

enum status index_close(struct index *index)
{
	notmuch_status_t status = notmuch_database_close(index->database);

	talloc_free(index);
	return status_of(status);
}

enum status index_begin(struct index *index)
{
	return index->mode == INDEX_WRITE
	               ? status_of(notmuch_database_begin_atomic(index->database))
	               : STATUS_OK;
}

enum status index_end(struct index *index)
{
	return index->mode == INDEX_WRITE ? status_of(notmuch_database_end_atomic(index->database))
	                                  : STATUS_OK;
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

char *index_config_file(const void *ctx, struct index *index)
{
	return talloc_strdup(ctx, notmuch_config_path(index->database));
}

char *index_root(const void *ctx, struct index *index)
{
	return talloc_strdup(ctx, notmuch_config_get(index->database, NOTMUCH_CONFIG_MAIL_ROOT));
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

char **index_own_addresses(const void *ctx, struct index *index)
{
	notmuch_config_values_t *others =
	        notmuch_config_get_values(index->database, NOTMUCH_CONFIG_OTHER_EMAIL);
	const char *address = notmuch_config_get(index->database, NOTMUCH_CONFIG_PRIMARY_EMAIL);
	char **list = list_new(ctx);
	size_t count = 0;

	if (address != NULL && address[0] != '\0')
		list_add(ctx, &list, &count, address);
	for (; notmuch_config_values_valid(others); notmuch_config_values_move_to_next(others)) {
		address = notmuch_config_values_get(others);
		if (address[0] != '\0')
			list_add(ctx, &list, &count, address);
	}
	notmuch_config_values_destroy(others);
	return list;
}

struct mail *index_find(const void *ctx, struct index *index, const char *id)
{
	notmuch_message_t *message = NULL;
	struct mail *mail;
	char **files;

	if (id == NULL || id[0] == '\0' ||
	        notmuch_database_find_message(index->database, id, &message) !=
	                NOTMUCH_STATUS_SUCCESS ||
	        message == NULL)
		return NULL;
	mail = mail_new(ctx, message, index->mode == INDEX_PRETEND);
	/* notmuch keeps a message without a file for an id that another mail refers to. */
	for (files = mail_files(mail, mail); *files != NULL && **files == '\0';)
		files++;
	if (*files == NULL)
		TALLOC_FREE(mail);
	return mail;
}

static notmuch_query_t *query_new(struct index *index, const char *text)
{
	notmuch_query_t *query = notmuch_query_create(index->database, text);

	if (query != NULL) {
		notmuch_query_set_omit_excluded(query, NOTMUCH_EXCLUDE_FALSE);
		notmuch_query_set_sort(query, NOTMUCH_SORT_NEWEST_FIRST);
	}
	return query;
}

enum status index_each(struct index *index, const char *text,
        bool (*each)(void *argument, struct mail *mail), void *argument)
{
	notmuch_query_t *query = query_new(index, text);
	notmuch_messages_t *messages = NULL;
	enum status status = query != NULL
	                             ? status_of(notmuch_query_search_messages(query, &messages))
	                             : STATUS_TRY_LATER;
	bool more = status == STATUS_OK;

	for (; more && notmuch_messages_valid(messages); notmuch_messages_move_to_next(messages)) {
		notmuch_message_t *message = notmuch_messages_get(messages);
		struct mail *mail = message != NULL ? mail_new(NULL, message, true) : NULL;

		more = mail != NULL && each(argument, mail); /* libnotmuch may be out of memory */
		talloc_free(mail);
	}
	if (query != NULL)
		notmuch_query_destroy(query);
	return status;
}

void ids_add(const void *ctx, struct ids *ids, const char *id)
{
	list_add(ctx, &ids->list, &ids->count, id);
}

void ids_sort(struct ids *ids)
{
	ids->count = list_sort(ids->list);
}

struct collecting {
	const void *ctx;
	struct ids *ids;
};

static bool collect(void *argument, struct mail *mail)
{
	struct collecting *collecting = argument;

	ids_add(collecting->ctx, collecting->ids, mail_id(mail));
	return true;
}

enum status index_ids(const void *ctx, struct index *index, const char *query, struct ids *ids)
{
	struct collecting collecting = {ctx, ids};

	return index_each(index, query, collect, &collecting);
}

const char *index_why(struct index *index)
{
	return notmuch_database_status_string(index->database);
}

unsigned index_count(struct index *index, const char *text)
{
	notmuch_query_t *query = query_new(index, text);
	unsigned count = 0;

	if (query != NULL && notmuch_query_count_messages(query, &count) != NOTMUCH_STATUS_SUCCESS)
		count = 0;
	if (query != NULL)
		notmuch_query_destroy(query);
	return count;
}
