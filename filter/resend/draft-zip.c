#include "resend/draft-parts.h"

#include <archive.h>
#include <archive_entry.h>
#include <locale.h>
#include <string.h>
#include <talloc.h>

#include "base/list.h"
#include "resend/encode.h"
#include "text/text.h"

struct zipping {
	struct making *making;
	struct archive *archive;
	struct base64 base64; /* where it goes */
	char **names;         /* of what is in it */
	size_t count;
	size_t size; /* of what is in it */
};

static la_ssize_t on_write(
        struct archive *archive, void *argument, const void *bytes, size_t length)
{
	struct zipping *zipping = argument;

	(void)archive;
	base64_add(&zipping->base64, bytes, length);
	return (la_ssize_t)length;
}

/* NAME, or `NAME (2)` when that is taken, the number before the ending. Owned by CTX. */
static char *free_name(const void *ctx, char *const *taken, char *name)
{
	const char *point = strrchr(name, '.');
	int stem = point != NULL && point > name ? (int)(point - name) : (int)strlen(name);
	char *other = name;
	unsigned number;

	for (number = 2; list_has((const char *const *)taken, other); number++)
		other = talloc_asprintf(ctx, "%.*s (%u)%s", stem, name, number, name + stem);
	return other;
}

static bool add_data(void *argument, const char *bytes, size_t length)
{
	struct zipping *zipping = argument;

	zipping->size += length;
	return archive_write_data(zipping->archive, bytes, length) == (la_ssize_t)length;
}

static bool add_part(struct zipping *zipping, const struct part *part)
{
	const struct making *making = zipping->making;
	char *name = free_name(making->ctx, zipping->names, part_name(making->ctx, part));
	struct archive_entry *entry = archive_entry_new();
	bool fine = entry != NULL;

	if (fine) {
		list_add(making->ctx, &zipping->names, &zipping->count, name);
		archive_entry_set_pathname_utf8(entry, name);
		archive_entry_set_filetype(entry, AE_IFREG);
		archive_entry_set_perm(entry, 0644);
		archive_entry_set_mtime(entry, making->plan->now, 0);
		archive_entry_set_size(entry, (la_int64_t)part_content_size(part));
		fine = archive_write_header(zipping->archive, entry) == ARCHIVE_OK &&
		       decode_each(part->body, part->encoding, add_data, zipping) &&
		       archive_write_finish_entry(zipping->archive) == ARCHIVE_OK;
	}
	archive_entry_free(entry);
	return fine;
}

/* Put all attachments into the archive. */
static bool add_parts(struct zipping *zipping)
{
	struct part *part, *root = zipping->making->root;
	bool fine = true;

	for (part = root; part != NULL && fine; part = part_next(root, part))
		if (!part->dropped && part_is_attachment(part)) {
			fine = add_part(zipping, part);
			part->dropped = true;
		}
	return fine;
}

/* libarchive writes names that are not ASCII only as its locale has them, and says that they are
 * UTF-8 only if that has UTF-8. */
static bool archive_make(struct zipping *zipping)
{
	locale_t utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0),
	         before = utf8 != (locale_t)0 ? uselocale(utf8) : (locale_t)0;
	bool fine;

	zipping->archive = archive_write_new();
	fine = zipping->archive != NULL &&
	       archive_write_set_format_zip(zipping->archive) == ARCHIVE_OK &&
	       archive_write_set_bytes_in_last_block(zipping->archive, 1) == ARCHIVE_OK &&
	       archive_write_open(zipping->archive, zipping, NULL, on_write, NULL) == ARCHIVE_OK &&
	       add_parts(zipping) && archive_write_close(zipping->archive) == ARCHIVE_OK;
	if (zipping->archive != NULL)
		archive_write_free(zipping->archive);
	base64_end(&zipping->base64);
	if (utf8 != (locale_t)0) {
		uselocale(before);
		freelocale(utf8);
	}
	return fine;
}

/* `; NAME="value"`, or in RFC 2231's way. */
static char *parameter(const void *ctx, const char *name, const char *value)
{
	char *text = talloc_strdup(ctx, "");
	const char *p;

	for (p = value; *p >= 0x20 && *p < 0x7f && *p != '"' && *p != '\\'; p++)
		continue;
	if (*p == '\0')
		return talloc_asprintf(ctx, "; %s=\"%s\"", name, value);
	for (p = value; *p != '\0'; p++)
		text = talloc_asprintf_append_buffer(text, "%%%02X", (unsigned)(unsigned char)*p);
	return talloc_asprintf(ctx, "; %s*=utf-8''%s", name, text);
}

static void attach(struct making *making, const char *name, struct bytes body)
{
	const char *eol = making->plan->source.eol;
	char *header = talloc_asprintf(making->ctx,
	        "Content-Type: application/zip%s%sContent-Transfer-Encoding: "
	        "base64%sContent-Disposition: attachment%s%s",
	        parameter(making->ctx, "name", name), eol, eol,
	        parameter(making->ctx, "filename", name), eol);
	struct part *part = part_new(making->ctx, header, body);

	if (parts_wrap(making))
		part_insert(making->root, part, true, eol);
}

void draft_zip(struct making *making)
{
	struct buffer out = buffer_new(making->ctx);
	struct zipping zipping = {
	        .making = making, .base64 = {.out = &out, .eol = making->plan->source.eol}};
	char *name = talloc_asprintf(
	        making->ctx, "%s.zip", wording_label(making->plan->words, "draft-zipped"));
	bool fine = archive_make(&zipping);

	if (zipping.count == 0 && fine) {
		making_remark(making, "remark-nothing-to-zip", NULL);
		return;
	}
	if (!fine) {
		making_refuse(making, "refuse-no-zip", NULL);
		return;
	}
	making_remark(making, "remark-zipped",
	        WORDING_VALUES({"count", talloc_asprintf(making->ctx, "%zu", zipping.count)},
	                {"size", size_words(making->ctx, zipping.size)}, {"name", name},
	                {"zipped", size_words(making->ctx, out.length)}));
	attach(making, name, (struct bytes){out.text, out.length});
}
