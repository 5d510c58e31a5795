#include "base/array.h"
#include "knowledge/format-reader.h"

bool reader_defers(const struct reader *reader)
{
	return !reader->lines.source->user && !reader->sink->at_once;
}

void reader_defer(struct reader *reader, bool (*read)(struct reader *reader, char *value), char *value)
{
	struct format *format = &reader->format;

	format->deferred = array_grow(reader->ctx, format->deferred, struct deferred, format->deferred_count);
	format->deferred[format->deferred_count++] = (struct deferred){read, value};
}

bool format_prepare(const void *ctx, struct format *format, const struct format_sink *sink)
{
	struct reader reader = {.ctx = ctx, .sink = sink, .lines = {.source = format->source}, .format = *format};
	bool done = true;
	size_t i;

	reader.format.deferred_count = 0;
	for (i = 0; done && i < format->deferred_count; i++)
		done = format->deferred[i].read(&reader, format->deferred[i].value);
	*format = reader.format;
	return done;
}
