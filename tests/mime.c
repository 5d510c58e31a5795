/* mime FILE...: the MIME tree of each, as mail/mime.c reads it: a line with its name, `?` behind it
 * if it is unclear; then a line a part: its number, type, and of its body the bytes and their
 * SHA-1, encoded as it came. mime --drafts FILE...: each is repaired in all ways; a line for
 * whatever was to stay and is not there byte for byte, and one with how many drafts were made. For
 * mime.t. */
#include <fcntl.h>
#include <glib.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/io.h"
#include "mail/mime.h"
#include "resend/draft-parts.h"

static struct draft_source source_of(const void *ctx, const char *name)
{
	int fd = open(name, O_RDONLY | O_CLOEXEC);
	size_t length;
	char *bytes;

	if (fd < 0 || io_read_all(ctx, fd, SIZE_MAX - 1, &bytes, &length) != STATUS_OK)
		exit(1);
	close(fd);
	return draft_source(bytes, length);
}

static void print_parts(const struct part *part, const char *number)
{
	char *sum = g_compute_checksum_for_data(
	        G_CHECKSUM_SHA1, (const guchar *)part->body.start, part->body.length);
	unsigned n = 0;

	if (part->first == NULL)
		printf("%s %s %zu %s\n", number, part->type, part->body.length, sum);
	else
		printf("%s %s\n", number, part->type);
	g_free(sum);
	for (const struct part *child = part->first; child != NULL; child = child->next) {
		char *name = part->parent == NULL ? talloc_asprintf(NULL, "%u", ++n)
		                                  : talloc_asprintf(NULL, "%s.%u", number, ++n);

		print_parts(child, name);
		talloc_free(name);
	}
}

static void print_tree(const void *ctx, const char *name)
{
	struct draft_source source = source_of(ctx, name);
	struct mime mime;

	mime_read(ctx, source.fields, source.body, &mime);
	printf("== %s%s\n", name, mime.is_unclear ? " ?" : "");
	print_parts(mime.root, "0");
}

/* The repairs, and which parts they leave alone. */
static bool is_text(const struct part *part)
{
	return !part_is_attachment(part);
}

static bool is_attachment(const struct part *part)
{
	return part_is_attachment(part);
}

static bool is_any(const struct part *part)
{
	return part != NULL;
}

static const struct repair {
	const char *name;
	struct draft_plan plan;
	bool (*stays)(const struct part *part);
	unsigned changed; /* that many texts may get lines on top */
} repairs[] = {
        {"no repair", {.max_size = 0}, is_any, 0},
        {"--no-attachments", {.no_attachments = true}, is_text, 2},
        {"--plain", {.plain = true}, is_attachment, 0},
        {"--zip", {.zip = true}, is_text, 0},
        {"--split", {.split = 40000}, is_any, 0},
};

static bool has_leaf(const struct part *root, const struct part *leaf)
{
	const struct part *part;

	for (part = root; part != NULL; part = part_next(root, part))
		if (part->first == NULL && part->body.length == leaf->body.length &&
		        memcmp(part->body.start, leaf->body.start, leaf->body.length) == 0 &&
		        (leaf->parent == NULL || part->parent == NULL || part_is(part, leaf->type)))
			return true;
	return false;
}

/* The bytes of DRAFT, as a tree. */
static struct part *tree_of(const void *ctx, const struct draft *draft)
{
	struct buffer text = buffer_new(ctx);
	struct draft_source source;
	struct mime mime;
	size_t i;

	for (i = 0; i < draft->count; i++)
		buffer_add(&text, draft->pieces[i].start, draft->pieces[i].length);
	source = draft_source(text.text, text.length);
	mime_read(ctx, source.fields, source.body, &mime);
	return mime.root;
}

/* Repair the mail NAME; how many drafts that made. */
static size_t check_repair(
        const void *ctx, const char *name, const struct repair *repair, struct wording *wording)
{
	struct draft_plan plan = repair->plan;
	unsigned missing = 0;
	struct part **trees, *part;
	struct drafts drafts;
	struct mime mime;
	size_t i;

	plan.source = source_of(ctx, name);
	plan.words = plan.wording = wording;
	if (draft_make(ctx, &plan, &drafts) != NULL)
		return 0;
	trees = talloc_zero_array(ctx, struct part *, (unsigned)drafts.count);
	for (i = 0; i < drafts.count; i++)
		trees[i] = tree_of(ctx, &drafts.list[i]);
	mime_read(ctx, plan.source.fields, plan.source.body, &mime);
	for (part = mime.root; part != NULL; part = part_next(mime.root, part)) {
		if (part->first != NULL || !repair->stays(part) || part_is(part, "multipart/"))
			continue;
		for (i = 0; i < drafts.count && !has_leaf(trees[i], part); i++)
			continue;
		if (i == drafts.count && (!part_is_text(part) || ++missing > repair->changed))
			printf("%s: %s: %s of %zu bytes\n", name, repair->name, part->type,
			        part->body.length);
	}
	return drafts.count;
}

int main(int argc, char **argv)
{
	bool drafts = argc > 1 && strcmp(argv[1], "--drafts") == 0;
	void *root = talloc_new(NULL);
	struct wording *wording = drafts ? wording_open(root, "en", problems_new(root)) : NULL;
	size_t count = 0, j;
	int i;

	for (i = drafts ? 2 : 1; i < argc; i++) {
		void *ctx = talloc_new(NULL);

		for (j = 0; drafts && j < sizeof repairs / sizeof *repairs; j++)
			count += check_repair(ctx, argv[i], &repairs[j], wording);
		if (!drafts)
			print_tree(ctx, argv[i]);
		talloc_free(ctx);
	}
	if (drafts)
		printf("drafts: %zu\n", count);
	talloc_free(root);
	return 0;
}
