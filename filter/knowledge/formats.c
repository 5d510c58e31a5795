#include "knowledge/formats.h"

#include <string.h>
#include <talloc.h>

#include "base/array.h"
#include "knowledge/formats-set.h"

/* About what the embedded formats take; more is had from malloc. */
#define FORMATS_SIZE (512u << 10)

/* About so many bytes of a file are there for each phrase in it. */
#define FORMATS_BYTES_A_PHRASE 64

static bool formats_add(void *argument, const struct format *format)
{
	struct formats *formats = argument;

	if (formats->count == UINT16_MAX)
		return false;
	formats->list = array_grow(formats, formats->list, struct format, formats->count);
	formats->list[formats->count++] = *format;
	return true;
}

static struct format *formats_find(const void *argument, const char *name, size_t length)
{
	const struct formats *formats = argument;
	size_t i;

	for (i = formats->count; i-- > 0;)
		if (strncmp(formats->list[i].name, name, length) == 0 && formats->list[i].name[length] == '\0')
			return &formats->list[i];
	return NULL;
}

static bool is_indexed(const struct condition *condition)
{
	return condition->view != VIEW_HEADER && !condition->unless;
}

/* Note for each phrase which conditions it fulfils, so that a search costs what it finds and not what there is. */
static void formats_index(struct formats *formats)
{
	size_t count = 0, format, i, use = 0;
	int highest = -1;

	for (format = 0; format < formats->count; format++)
		for (i = 0; i < formats->list[format].condition_count; i++)
			if (is_indexed(&formats->list[format].conditions[i])) {
				int phrase = formats->list[format].conditions[i].phrase;

				highest = phrase > highest ? phrase : highest;
				count++;
			}
	formats->phrase_count = (size_t)(highest + 1);
	formats->first_use = talloc_zero_array(formats, uint32_t, (unsigned)formats->phrase_count + 1);
	formats->uses = array_new(formats, struct use, count + 1);
	for (format = 0; format < formats->count; format++)
		for (i = 0; i < formats->list[format].condition_count; i++) {
			const struct condition *condition = &formats->list[format].conditions[i];
			uint32_t *first = &formats->first_use[condition->phrase];

			if (!is_indexed(condition))
				continue;
			formats->uses[use] =
			        (struct use){(uint16_t)format, (uint8_t)condition->view, (uint8_t)condition->group, *first};
			*first = (uint32_t)++use;
		}
}

static struct format_sink formats_sink(struct formats *formats, bool at_once)
{
	return (struct format_sink){formats->phrases, formats->problems, formats_add, formats_find, formats, at_once};
}

const struct format *formats_prepared(struct formats *formats, size_t number)
{
	const struct format_sink sink = formats_sink(formats, false);

	return format_prepare(formats, &formats->list[number], &sink) ? &formats->list[number] : NULL;
}

static void formats_load(struct formats *formats, const struct sources *sources, bool at_once)
{
	struct format_sink sink;
	size_t length = 0, i;

	formats->phrases = phrases_new(formats);
	for (i = 0; i < sources->count; i++)
		length += sources->list[i].length;
	phrases_reserve(formats->phrases, length / FORMATS_BYTES_A_PHRASE, length / 2);
	sink = formats_sink(formats, at_once);
	for (i = 0; i < sources->count; i++)
		format_read(formats, &sources->list[i], &sink);
	phrases_compile(formats->phrases);
	formats_index(formats);
	formats->is_loaded = true;
}

struct formats *formats_new(const void *ctx, struct problems *problems)
{
	void *pool = talloc_pool(ctx, FORMATS_SIZE); /* for thousands of small pieces */
	struct formats *formats = talloc_zero(pool, struct formats);

	formats->problems = problems;
	return formats;
}

struct formats *formats_read(const void *ctx, const struct sources *sources, struct problems *problems)
{
	struct formats *formats = formats_new(ctx, problems);

	formats_load(formats, sources, true);
	return formats;
}

void formats_gather(struct formats *formats)
{
	if (formats->sources == NULL)
		formats->sources = source_list(formats, "formats", formats->problems);
}

void formats_need(struct formats *formats)
{
	formats_gather(formats);
	if (!formats->is_loaded)
		formats_load(formats, formats->sources, false);
}
