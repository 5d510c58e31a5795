#include "setup/place.h"

#include <string.h>
#include <talloc.h>

#define MARK_BEGIN "# >>> notmuch-bounce setup "
#define MARK_END "# <<< notmuch-bounce setup "

/* One line as it stands, without those that it goes on in. */
static void take_line(const char *text, struct place_line *line)
{
	const char *start = text + line->next, *end = strchr(start, '\n');
	size_t length = end != NULL ? (size_t)(end - start) : strlen(start), blanks = strspn(start, " \t\r");

	line->start = line->next;
	line->next += length + (end != NULL ? 1 : 0);
	line->number = ++line->last;
	blanks = blanks < length ? blanks : length;
	while (length > blanks && strchr(" \t\r", start[length - 1]) != NULL)
		length--;
	line->text = start + blanks;
	line->length = length - blanks;
}

bool place_line_next(const char *text, struct place_line *line)
{
	struct place_line more;

	do {
		if (text[line->next] == '\0')
			return false;
		take_line(text, line);
	} while (line->length == 0 || line->text[0] == '#');
	for (more = *line; more.length > 0 && more.text[more.length - 1] == '\\' && text[more.next] != '\0';) {
		take_line(text, &more);
		line->length = (size_t)(more.text + more.length - line->text);
	}
	line->next = more.next;
	line->last = more.last;
	return true;
}

char *place_mark(const void *ctx, const char *topic, const char *lines)
{
	return talloc_asprintf(ctx, MARK_BEGIN "%s\n%s" MARK_END "%s\n", topic, lines, topic);
}

/* The line that is MARK and TOPIC and nothing else, from AT on; NULL if there is none. LINE counts. */
static const char *find_mark(const char *at, const char *mark, const char *topic, int *line)
{
	size_t mark_length = strlen(mark), topic_length = strlen(topic);

	for (; at != NULL && at[0] != '\0'; (*line)++) {
		if (strncmp(at, mark, mark_length) == 0 && strncmp(at + mark_length, topic, topic_length) == 0 &&
		        strchr("\r\n", at[mark_length + topic_length]) != NULL)
			return at;
		at = strchr(at, '\n');
		at = at != NULL ? at + 1 : NULL;
	}
	return NULL;
}

/* What stands between our marks, if they are there. */
static bool find_marked(const char *text, const char *topic, const char *marked, struct place *place)
{
	int line = 1, last;
	const char *begin = find_mark(text, MARK_BEGIN, topic, &line), *end;

	if (begin == NULL)
		return false;
	last = line;
	end = find_mark(begin, MARK_END, topic, &last);
	*place = (struct place){.state = PLACE_BY_HAND, .at = (size_t)(begin - text), .line = line};
	place->why = "the line that should end what notmuch-bounce setup put in is gone";
	if (end == NULL)
		return true;
	end += strcspn(end, "\n");
	end += end[0] == '\n' ? 1 : 0;
	place->end = (size_t)(end - text);
	place->state =
	        strlen(marked) == (size_t)(end - begin) && strncmp(begin, marked, strlen(marked)) == 0 ? PLACE_THERE : PLACE_OLD;
	return true;
}

static bool has_key(const struct place_line *line, const char *const *keys)
{
	for (; *keys != NULL; keys++)
		if (memmem(line->text, line->length, *keys, strlen(*keys)) != NULL)
			return true;
	return false;
}

struct place place_find(place_rule *rule, const char *text, const char *topic, const char *marked, const char *const *keys)
{
	struct place place;
	struct place_line line = {0};

	if (find_marked(text, topic, marked, &place))
		return place;
	while (place_line_next(text, &line))
		if (has_key(&line, keys))
			return (struct place){PLACE_THERE, .at = line.start, .end = line.next, .line = line.number};
	return rule(text);
}

struct place place_last(const char *text)
{
	size_t end = strlen(text);
	struct place_line line = {0};

	while (place_line_next(text, &line))
		continue;
	return (struct place){PLACE_FREE, .at = end, .end = end, .line = line.last + 1, .is_last = true};
}

char *place_fill(const void *ctx, const char *text, const struct place *place, const char *marked)
{
	const char *above = "", *below = "";

	if (place->state == PLACE_FREE) {
		/* The empty line also ends a line that goes on (\ at its end), even in a comment, as mutt has it. */
		if (place->at > 0 && text[place->at - 1] != '\n')
			above = "\n\n";
		else if (place->at > 1 && text[place->at - 2] != '\n')
			above = "\n";
		below = text[place->end] != '\0' && text[place->end] != '\n' ? "\n" : "";
	}
	return talloc_asprintf(ctx, "%.*s%s%s%s%s", (int)place->at, text, above, marked, below, text + place->end);
}
