/* Attachments packed into a zip file. Only this file uses libarchive. */
#include "resend/draft-parts.h"

#include <archive.h>
#include <archive_entry.h>
#include <locale.h>

#include "base/list.h"

struct zipping {
	struct making *making;
	struct archive *archive;
	struct base64 base64; /* writes the archive */
	char **names;         /* of the files in it */
	size_t size;          /* of all these files */
};

static la_ssize_t on_write(
        struct archive *archive, void *argument, const void *bytes, size_t length)
{
	struct zipping *zipping = argument;

	(void)archive;
	base64_add(&zipping->base64, bytes, length);
	return (la_ssize_t)length;
}

static bool add_data(void *argument, const char *bytes, size_t length)
{
	struct zipping *zipping = argument;

	zipping->size += length;
	return archive_write_data(zipping->archive, bytes, length) == (la_ssize_t)length;
}

/* Returns NAME or, if that is taken, one with a number before its ending: `name (2).pdf`. Owned by
 * CTX. */
static char *free_name(const void *ctx, char *const *taken, char *name)
{
	const char *point = strrchr(name, '.');
	int stem = point != NULL && point > name ? (int)(point - name) : (int)strlen(name);
	char *other = name;

	for (unsigned i = 2; list_has((const char *const *)taken, other); i++)
		other = talloc_asprintf(ctx, "%.*s (%u)%s", stem, name, i, name + stem);
	return other;
}

static bool add_part(struct zipping *zipping, const struct part *part)
{
	const struct making *making = zipping->making;
	struct archive_entry *entry = archive_entry_new();

	if (entry == NULL)
		memory_out();
	char *name = free_name(making->ctx, zipping->names, part_name(making->ctx, part));

	list_add(making->ctx, &zipping->names, name);
	archive_entry_set_pathname_utf8(entry, name);
	archive_entry_set_filetype(entry, AE_IFREG);
	archive_entry_set_perm(entry, 0644);
	archive_entry_set_mtime(entry, making->plan->now, 0);
	archive_entry_set_size(entry, (la_int64_t)part_content_size(part));
	bool fine = archive_write_header(zipping->archive, entry) == ARCHIVE_OK &&
	            decode_each(part->body, part->encoding, add_data, zipping) &&
	            archive_write_finish_entry(zipping->archive) == ARCHIVE_OK;

	archive_entry_free(entry);
	return fine;
}

/* Puts all attachments into the archive. Returns false if libarchive fails. */
static bool archive_fill(struct zipping *zipping)
{
	struct archive *archive = zipping->archive;
	struct part *root = zipping->making->root;

	if (archive_write_set_format_zip(archive) != ARCHIVE_OK ||
	        archive_write_set_bytes_in_last_block(archive, 1) != ARCHIVE_OK ||
	        archive_write_open(archive, zipping, NULL, on_write, NULL) != ARCHIVE_OK)
		return false;
	for (struct part *part = root; part != NULL; part = part_next(root, part))
		if (!part->dropped && part_is_attachment(part)) {
			if (!add_part(zipping, part))
				return false;
			part->dropped = true;
		}
	return archive_write_close(archive) == ARCHIVE_OK;
}

/* Makes the archive, in a UTF-8 locale: only there does libarchive write names that are not ASCII,
 * and say that they are UTF-8. Returns false if libarchive fails. */
static bool archive_make(struct zipping *zipping)
{
	locale_t utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0),
	         before = utf8 != (locale_t)0 ? uselocale(utf8) : (locale_t)0;

	zipping->archive = archive_write_new();
	if (zipping->archive == NULL)
		memory_out();
	bool fine = archive_fill(zipping);

	archive_write_free(zipping->archive);
	base64_end(&zipping->base64);
	if (utf8 != (locale_t)0) {
		uselocale(before);
		freelocale(utf8);
	}
	return fine;
}

/* Returns `; NAME="value"`, encoded as RFC 2231 has it if it is not plain ASCII. Owned by CTX. */
static char *parameter_write(const void *ctx, const char *name, const char *value)
{
	const char *p = value;

	while (*p >= 0x20 && *p < 0x7f && *p != '"' && *p != '\\')
		p++;
	if (*p == '\0')
		return talloc_asprintf(ctx, "; %s=\"%s\"", name, value);
	char *text = talloc_asprintf(ctx, "; %s*=utf-8''", name);

	for (p = value; *p != '\0'; p++)
		text = talloc_asprintf_append_buffer(text, "%%%02X", (unsigned)(unsigned char)*p);
	return text;
}

void draft_zip(struct making *making)
{
	const void *ctx = making->ctx;
	const char *eol = making->eol;
	struct buffer out = buffer_new(ctx);
	struct zipping zipping = {.making = making, .base64 = {.out = &out, .eol = eol}};

	if (!archive_make(&zipping)) {
		making_refuse(making, "refuse-no-zip", NULL);
		return;
	}
	if (zipping.names == NULL) {
		making_remark(making, "remark-nothing-to-zip", NULL);
		return;
	}
	char *name =
	        talloc_asprintf(ctx, "%s.zip", wording_label(making->plan->words, "draft-zipped"));
	char *header = talloc_asprintf(ctx,
	        "Content-Type: application/zip%s%sContent-Transfer-Encoding: "
	        "base64%sContent-Disposition: attachment%s%s",
	        parameter_write(ctx, "name", name), eol, eol,
	        parameter_write(ctx, "filename", name), eol);

	making_remark(making, "remark-zipped",
	        WORDING_VALUES({"count", wording_number(ctx, list_length(zipping.names))},
	                {"size", size_words(ctx, zipping.size)}, {"name", name},
	                {"zipped", size_words(ctx, out.length)}));
	making_insert(making, part_new(ctx, header, (struct bytes){out.text, out.length}), true);
}
