#include "judge/named.h"

#include <glib.h>
#include <string.h>
#include <strings.h>
#include <talloc.h>

#include "base/array.h"
#include "base/buffer.h"
#include "judge/diagnostic.h"
#include "judge/mentions.h"
#include "mail/address.h"
#include "text/text.h"

/* Mentions of one recipient whose words are read. */
#define MENTIONS_READ_MAX 3

/* What is said of a recipient, as it is gathered; NULL: nothing. */
struct spoken {
	char *diagnostic;   /* the server's reply, or what the notice gives as the reason */
	const char *shared; /* the diagnostic of the first of those behind it that has one */
	char *transcript;   /* what servers said of it in a session that the notice shows */
	char *paragraph;    /* the words beside the address */
};

/* Lines behind that of an address in which stands what it comes from. */
#define ORIGIN_LINES 2

struct naming {
	struct named *named;
	struct recipient_list *recipients; /* of NAMED */
	const struct mentions *mentions;
	const struct notice_line *lines;
	size_t *owners;              /* by mention: the number of its recipient + 1; 0: of none */
	const struct mention **best; /* by recipient: the surest mention; NULL: none */
	struct spoken *spoken;       /* by recipient */
};

/* The number of the recipient ADDRESS + 1; 0: it is none. */
static size_t recipient_number(const struct naming *naming, const char *address)
{
	const struct recipient *recipient = recipient_find(naming->recipients, address);

	return recipient != NULL ? (size_t)(recipient - naming->recipients->list) + 1 : 0;
}

/* Add all that are mentioned at a place no less sure than PLACE, with one of ROLES. Whether there
 * are any. */
static bool recipients_add(struct naming *naming, enum mention_place place, unsigned roles)
{
	const struct mentions *mentions = naming->mentions;
	size_t i;

	for (i = 0; i < mentions->count; i++)
		if (mention_may_fail(&mentions->list[i], place, roles))
			recipient_get(naming->named, naming->recipients, mentions->list[i].address);
	return naming->recipients->count > 0;
}

/* Whether A and B have the same before their addresses, a blank or more, bullets or numbers. */
static bool is_led_alike(
        const struct naming *naming, const struct mention *a, const struct mention *b)
{
	const char *x = naming->lines[a->line].raw, *y = naming->lines[b->line].raw;
	const char *end = strcasestr(x, a->address);
	size_t i, length = end != NULL ? (size_t)(end - x) : 0;

	for (i = 0;
	        i < length && (x[i] == y[i] || (g_ascii_isdigit(x[i]) && g_ascii_isdigit(y[i])));
	        i++)
		continue;
	return length > 0 && i == length;
}

/* Whether the same word, or sign, follows the addresses of A and B; where nothing follows them,
 * whether the same stands before them, in their lines or in those above. */
static bool is_alike(const struct naming *naming, const struct mention *a, const struct mention *b)
{
	size_t blanks = strspn(a->behind, " "), length = blanks + strcspn(a->behind + blanks, " ");

	if (length > 0)
		return strncmp(a->behind, b->behind, length) == 0;
	if (b->behind[0] != '\0' || a->line == 0 || b->line == 0)
		return false;
	return b->line == a->line + 1 || is_led_alike(naming, a, b) ||
	       strcmp(naming->lines[a->line - 1].text, naming->lines[b->line - 1].text) == 0;
}

/* Add those of a list, each at the head of a line and alike, of which only some are known to be
 * addressed: others got a blind copy. */
static void recipients_add_alike(struct naming *naming)
{
	const struct mentions *mentions = naming->mentions;
	const struct mention *known = NULL;
	size_t i;

	for (i = 0; i < mentions->count && known == NULL; i++)
		if (mention_may_fail(&mentions->list[i], PLACE_HEAD, ROLE_ADDRESSED))
			known = &mentions->list[i];
	for (i = 0; known != NULL && i < mentions->count; i++)
		if (mention_may_fail(&mentions->list[i], PLACE_HEAD, 0) &&
		        is_alike(naming, known, &mentions->list[i]))
			recipient_get(naming->named, naming->recipients, mentions->list[i].address);
}

/* Those of whom nothing but this is known: a mail was sent to them and went on, or they are the
 * reader himself. */
static bool recipients_add_doubtful(struct naming *naming)
{
	const struct mentions *mentions = naming->mentions;
	size_t i;

	for (i = 0; i < mentions->count; i++)
		if (mentions->list[i].place == PLACE_ORIGIN ||
		        (mentions->list[i].place == PLACE_HEAD &&
		                (mentions->list[i].roles & ROLE_READER) && mentions->has_returned))
			recipient_get(naming->named, naming->recipients, mentions->list[i].address);
	return naming->recipients->count > 0;
}

/* Who failed, by the surest sign that anybody has. */
static void recipients_choose(struct naming *naming)
{
	static const struct {
		enum mention_place place;
		unsigned roles;
	} ways[] = {
	        {PLACE_HEAD, ROLE_FAILED},
	        {PLACE_HEAD, ROLE_ADDRESSED},
	        {PLACE_HEAD, 0},
	        {PLACE_LABEL, ROLE_ADDRESSED | ROLE_FAILED},
	        {PLACE_WITHIN, ROLE_ADDRESSED | ROLE_FAILED},
	        {PLACE_LABEL, 0},
	        {PLACE_WITHIN, 0},
	        {PLACE_REPLY, ROLE_ADDRESSED | ROLE_FAILED},
	        {PLACE_REPLY, 0},
	};
	const char *only;
	size_t way;

	for (way = 0; way < sizeof ways / sizeof *ways; way++)
		if (recipients_add(naming, ways[way].place, ways[way].roles)) {
			recipients_add_alike(naming);
			return;
		}
	only = mentions_only(naming->mentions, ROLE_FAILED);
	if (only == NULL && recipients_add_doubtful(naming))
		return;
	only = only != NULL ? only : mentions_only(naming->mentions, ROLE_ADDRESSED);
	if (only != NULL)
		recipient_get(naming->named, naming->recipients, only);
}

/* Find out whose mentions are whose, and which of each recipient's is the surest. */
static void mentions_assign(struct naming *naming)
{
	const struct mentions *mentions = naming->mentions;
	size_t i, number, count = naming->recipients->count;

	naming->owners = talloc_zero_array(naming->named, size_t, (unsigned)mentions->count + 1);
	naming->best =
	        talloc_zero_array(naming->named, const struct mention *, (unsigned)count + 1);
	naming->spoken = talloc_zero_array(naming->named, struct spoken, (unsigned)count + 1);
	for (i = 0; i < mentions->count; i++) {
		const struct mention *mention = &mentions->list[i], **best;

		number = recipient_number(naming, mention->address);
		if (number == 0 || mention->place == PLACE_SESSION)
			continue;
		naming->owners[i] = number;
		best = &naming->best[number - 1];
		*best = *best == NULL || mention->place > (*best)->place ? mention : *best;
	}
}

/* Whether a line parts two sections: nothing but signs, or words behind a row of them. */
static bool is_separator(const char *line)
{
	size_t n = strspn(line, "-=_*#~+");

	return n >= 4 || (n == 3 && line[n] == '\0');
}

static bool ends_paragraph(const struct naming *naming, size_t number)
{
	const char *line = naming->lines[number].text;

	return line[0] == '\0' || is_separator(line);
}

/* Whether LINE, the last of a paragraph, is a heading for what follows it. */
static bool is_heading(const char *line)
{
	size_t length = strlen(line);

	return (length > 0 && line[length - 1] == ':') ||
	       (length > 2 && strcmp(line + length - 3, WIDE_COLON) == 0);
}

static void text_add(const struct naming *naming, struct buffer *buffer, const char *text)
{
	const char *said = diagnostic_server_said(text);

	text = said != NULL ? said : text;
	if (text[0] != '\0' && !notice_is_field(&naming->mentions->source->words, text))
		buffer_print(buffer, "%s%s", buffer->length > 0 ? "\n" : "", text);
}

static char *text_of(struct buffer *buffer)
{
	return buffer->length > 0 ? buffer_text(buffer) : NULL;
}

/* The line of TEXT without the signs between an address, or a label, and what it is about. */
static const char *text_behind(const char *text)
{
	const char *mailto = strncasecmp(text, "<mailto:", 8) == 0 ? strchr(text, '>') : NULL;

	text = mailto != NULL ? mailto + 1 : text;
	text += strspn(text, " \t>)]}\"':;,.-=|");
	return strncmp(text, WIDE_COLON, strlen(WIDE_COLON)) == 0 ? text + strlen(WIDE_COLON)
	                                                          : text;
}

/* The text behind a label for reasons in line NUMBER; NULL if it has none. */
static const char *cause_in(const struct naming *naming, size_t number)
{
	const char *cause = notice_label(
	        &naming->mentions->source->words, WORDS_CAUSE, naming->lines[number].text);

	return cause != NULL ? text_behind(cause) : NULL;
}

/* Whether mention OTHER begins the section of another recipient than that of mention NUMBER. */
static bool is_others(const struct naming *naming, size_t other, size_t number)
{
	const struct mention *list = naming->mentions->list;

	return naming->owners[other] != 0 && naming->owners[other] != naming->owners[number] &&
	       list[other].place >= PLACE_LABEL && list[other].line != list[number].line;
}

/* Where the section of mention NUMBER ends: before the next line that begins with another
 * recipient, or labels one. */
static size_t section_end(const struct naming *naming, size_t number)
{
	const struct mentions *mentions = naming->mentions;
	size_t next = number + 1;

	while (next < mentions->count && !is_others(naming, next, number))
		next++;
	return next < mentions->count ? mentions->list[next].line : mentions->end;
}

/* Where it begins: behind the last such line before it. */
static size_t section_start(const struct naming *naming, size_t number)
{
	const struct mentions *mentions = naming->mentions;
	size_t before = number;

	while (before > 0 && !is_others(naming, before - 1, number))
		before--;
	return before > 0 ? mentions->list[before - 1].line + 1 : mentions->from;
}

/* Where the paragraph of line NUMBER ends, at END at the latest. */
static size_t paragraph_end(const struct naming *naming, size_t number, size_t end)
{
	while (number < end && !ends_paragraph(naming, number))
		number++;
	return number;
}

/* Add the lines from NUMBER up to the end of the paragraph, and before END, but for a heading of
 * what follows. */
static void paragraph_add(
        const struct naming *naming, struct buffer *buffer, size_t number, size_t end)
{
	end = paragraph_end(naming, number, end);
	if (number < end && is_heading(naming->lines[end - 1].text))
		end--;
	for (; number < end && buffer->length < 2 * DIAGNOSTIC_MAX; number++)
		text_add(naming, buffer, naming->lines[number].text);
}

/* The paragraph between lines FROM and END in which a server's reply stands; NULL if there is
 * none. */
static char *section_reply(const struct naming *naming, size_t from, size_t end)
{
	struct buffer buffer = buffer_new(naming->named);
	size_t number = from;

	while (number < end && diagnostic_reply(naming->lines[number].text) == 0 &&
	        !diagnostic_begins(naming->lines[number].text))
		number++;
	while (number < end && number > from && !ends_paragraph(naming, number - 1))
		number--;
	paragraph_add(naming, &buffer, number, end);
	return text_of(&buffer);
}

/* What is given as the reason between lines NUMBER and END; NULL if nothing is. */
static char *section_cause(const struct naming *naming, size_t number, size_t end)
{
	struct buffer buffer = buffer_new(naming->named);
	const char *cause = NULL;

	while (number < end && (cause = cause_in(naming, number)) == NULL)
		number++;
	if (cause == NULL)
		return NULL;
	text_add(naming, &buffer, cause);
	for (number++; number < end && buffer.length == 0 && naming->lines[number].text[0] == '\0';
	        number++)
		continue;
	paragraph_add(naming, &buffer, number, end);
	return text_of(&buffer);
}

/* The paragraph of mention NUMBER, before END: if the line begins with it, from there on. NULL if
 * nothing else stands there. */
static char *mention_paragraph(const struct naming *naming, size_t number, size_t end)
{
	const struct mention *mention = &naming->mentions->list[number];
	struct buffer buffer = buffer_new(naming->named);
	size_t line = mention->line, start;

	if (mention->place == PLACE_HEAD) {
		text_add(naming, &buffer, text_behind(mention->behind));
		line++;
	} else
		for (start = section_start(naming, number);
		        line > start && !ends_paragraph(naming, line - 1);)
			line--;
	paragraph_add(naming, &buffer, line, end);
	return text_of(&buffer);
}

/* Whether the lines FROM to END name somebody to turn to. */
static bool names_other(const struct naming *naming, size_t from, size_t end)
{
	const struct mentions *mentions = naming->mentions;
	size_t i;

	for (i = 0; i < mentions->count; i++)
		if (mentions->list[i].line >= from && mentions->list[i].line < end &&
		        (mentions->list[i].roles & ROLE_OTHER))
			return true;
	return false;
}

static bool has_reply(const char *text)
{
	return text != NULL && diagnostic_reply(text) != 0;
}

/* The first paragraph with words of its own behind that of line NUMBER, and before END; NULL if
 * there is none, or it only says whom to turn to. */
static char *paragraph_next(const struct naming *naming, size_t number, size_t end)
{
	struct buffer buffer = buffer_new(naming->named);
	size_t next = number;

	while (buffer.length == 0 && number < end) {
		next = paragraph_end(naming, number, end);
		while (next < end && ends_paragraph(naming, next))
			next++;
		number = next;
		paragraph_add(naming, &buffer, next, end);
	}
	if (!has_reply(buffer.text) && names_other(naming, next, paragraph_end(naming, next, end)))
		return NULL;
	return text_of(&buffer);
}

/* Whether MENTION, or a heading, stands at the end of its paragraph, so that what is said of it
 * follows. */
static bool is_last(const struct naming *naming, const struct mention *mention)
{
	size_t end = paragraph_end(naming, mention->line, naming->mentions->end);

	if (end > mention->line && is_heading(naming->lines[end - 1].text))
		return true;
	return end <= mention->line + 1 && text_behind(mention->behind)[0] == '\0';
}

/* Where in TEXT the reply begins, which begins a line or follows what announces it (`said: 550 …`);
 * the enhanced code, if it has no other. NULL: nowhere. */
static char *reply_find(char *text)
{
	bool (*begins)(const char *) =
	        has_reply(text) ? diagnostic_begins_reply : diagnostic_begins;

	while (!begins(text)) {
		text = strpbrk(text, "\n:");
		if (text == NULL)
			return NULL;
		text += text[0] == ':' && text[1] == ' ' ? 2 : 1;
	}
	return text;
}

/* Keep of the diagnostic in SPOKEN the reply; what stands before it tells who said it, and in
 * answer to what. */
static void reply_cut(struct naming *naming, struct recipient *recipient, struct spoken *spoken)
{
	char *reply;

	if (spoken->diagnostic == NULL)
		return;
	recipient->command = diagnostic_command(spoken->diagnostic);
	recipient->remote_mta = diagnostic_remote(naming->named, spoken->diagnostic);
	reply = reply_find(spoken->diagnostic);
	if (reply != NULL)
		spoken->diagnostic = reply;
}

/* Whether another paragraph begins between lines FROM and TO, or with TO. */
static bool is_elsewhere(const struct naming *naming, size_t from, size_t to)
{
	while (to > from && !ends_paragraph(naming, to))
		to--;
	return to > from;
}

/* Add what stands beside the recipient's other mentions at the head of a paragraph: Exim prints
 * there what a pipe said. */
static void recipient_read_more(struct naming *naming, size_t number, struct spoken *spoken)
{
	const struct mentions *mentions = naming->mentions;
	size_t i, read = 0, line = mentions->list[number].line;

	for (i = number + 1; i < mentions->count && read < MENTIONS_READ_MAX; i++) {
		char *more;

		if (naming->owners[i] != naming->owners[number] ||
		        mentions->list[i].place != PLACE_HEAD ||
		        !is_elsewhere(naming, line, mentions->list[i].line))
			continue;
		read++;
		line = mentions->list[i].line;
		more = mention_paragraph(naming, i, section_end(naming, i));
		if (more == NULL)
			more = paragraph_next(
			        naming, mentions->list[i].line + 1, section_end(naming, i));
		if (more != NULL && strcmp(more, spoken->paragraph) != 0)
			spoken->paragraph =
			        talloc_asprintf(naming->named, "%s\n%s", spoken->paragraph, more);
	}
}

/* Whether TEXT, words beside a recipient, says that it is only late. */
static bool is_delayed(const struct naming *naming, const char *text)
{
	const struct mentions_source *source = naming->mentions->source;
	char *folded;
	bool delayed;

	if (text == NULL)
		return false;
	folded = text_fold(naming->named, text, strlen(text));
	delayed = format_words_in(source->words.format, WORDS_DELAYED, source->words.hits, folded);
	talloc_free(folded);
	return delayed;
}

/* Gather what stands beside MENTION. */
static void spoken_read(struct naming *naming, struct spoken *spoken, const struct mention *mention)
{
	size_t number = (size_t)(mention - naming->mentions->list),
	       end = section_end(naming, number);
	char *next = NULL;

	spoken->paragraph = mention_paragraph(naming, number, end);
	if (spoken->paragraph == NULL || is_last(naming, mention))
		next = paragraph_next(naming, mention->line, end);
	if (spoken->paragraph == NULL)
		spoken->paragraph = next;
	else if (mention->place == PLACE_HEAD)
		recipient_read_more(naming, number, spoken);
	if (!has_reply(spoken->paragraph))
		spoken->diagnostic = section_reply(naming, mention->line + 1, end);
	if (spoken->diagnostic == NULL && !has_reply(spoken->paragraph))
		spoken->diagnostic = section_cause(naming, mention->line, end);
	if (spoken->diagnostic != NULL)
		return;
	if (next == NULL)
		spoken->diagnostic = spoken->paragraph;
	else if (!is_delayed(naming, next)) /* that it is tried again is no reason */
		spoken->diagnostic = next;
}

/* Read what stands beside MENTION, the surest one of RECIPIENT. */
static void recipient_read(
        struct naming *naming, struct recipient *recipient, const struct mention *mention)
{
	const struct mentions *mentions = naming->mentions;
	size_t number = (size_t)(mention - mentions->list), next;
	struct spoken *spoken = &naming->spoken[recipient - naming->recipients->list];

	naming->named->has_mention = true;
	recipient->is_sure = mention->place >= PLACE_LABEL ||
	                     (mention->roles & (ROLE_ADDRESSED | ROLE_FAILED)) != 0;
	for (next = number + 1;
	        next < mentions->count && mentions->list[next].line <= mention->line + ORIGIN_LINES;
	        next++)
		if (mentions->list[next].place == PLACE_ORIGIN && mention->place != PLACE_ORIGIN &&
		        recipient->original_address == NULL &&
		        !address_equal(mentions->list[next].address, mention->address))
			recipient->original_address =
			        talloc_strdup(naming->named, mentions->list[next].address);
	spoken_read(naming, spoken, mention);
	recipient->action = is_delayed(naming, spoken->paragraph) ? ACTION_DELAYED : ACTION_FAILED;
	reply_cut(naming, recipient, spoken);
}

/* Sessions: what a server answers goes for the recipient whom it names, or who was named before
 * it. */
static void sessions_read(struct naming *naming)
{
	void *ctx = naming->named;
	size_t current = naming->recipients->count == 1, i, number, length;
	const char *command = NULL, *start;
	char *remote = NULL;

	for (i = naming->mentions->from; i < naming->mentions->end; i++) {
		const char *line = naming->lines[i].text, *answer = diagnostic_server_said(line),
		           *said = diagnostic_client_said(line);
		struct spoken *spoken;

		if (said != NULL)
			command = diagnostic_command_name(said, strlen(said));
		else if (answer == NULL && strchr(line, '.') != NULL && strpbrk(line, "[:") != NULL)
			remote = diagnostic_remote(ctx, line);
		if ((said != NULL || answer != NULL) &&
		        mentions_next(said != NULL ? said : answer, &start, &length) > 0) {
			number = recipient_number(naming, talloc_strndup(ctx, start, length));
			current = number > 0 ? number : current;
		}
		if (answer == NULL || current == 0 || (answer[0] != '4' && answer[0] != '5'))
			continue;
		spoken = &naming->spoken[current - 1];
		if (spoken->transcript == NULL) {
			naming->recipients->list[current - 1].command = command;
			naming->recipients->list[current - 1].remote_mta = remote;
			spoken->transcript = talloc_strdup(ctx, answer);
		} else if (strlen(spoken->transcript) < DIAGNOSTIC_MAX)
			spoken->transcript =
			        talloc_asprintf(ctx, "%s\n%s", spoken->transcript, answer);
	}
}

/* Put into RECIPIENT what is said of it: a session before all else. What is read around these texts
 * yields to what is in them. */
static void recipient_finish(const void *ctx, struct recipient *recipient,
        const struct spoken *spoken, const char *diagnostic)
{
	const char *command = recipient->command;
	char *remote = recipient->remote_mta;

	recipient->command = NULL;
	recipient->remote_mta = NULL;
	if (spoken->transcript != NULL) {
		recipient_set_diagnostic(ctx, recipient, spoken->transcript);
		recipient_add_text(recipient, TEXT_TRANSCRIPT, spoken->transcript);
	}
	if (diagnostic != NULL && recipient->diagnostic == NULL)
		recipient_set_diagnostic(ctx, recipient, diagnostic);
	if (spoken->paragraph != NULL)
		recipient_add_text(recipient, TEXT_NOTICE, spoken->paragraph);
	if (recipient->command == NULL)
		recipient->command = command;
	if (recipient->remote_mta == NULL)
		recipient->remote_mta = remote;
}

/* Recipients that are listed together share what is said behind the last of them; if nothing is
 * said of any, what is said elsewhere goes for all. */
static void recipients_finish(struct naming *naming)
{
	const char *diagnostic = NULL;
	size_t i;

	for (i = naming->recipients->count; i-- > 0;) {
		struct spoken *spoken = &naming->spoken[i];

		if (spoken->diagnostic == NULL)
			spoken->diagnostic = spoken->transcript;
		if (spoken->diagnostic != NULL)
			diagnostic = spoken->diagnostic;
		spoken->shared = diagnostic;
	}
	for (i = 0; i < naming->recipients->count; i++)
		recipient_finish(naming->named, &naming->recipients->list[i], &naming->spoken[i],
		        diagnostic != NULL ? naming->spoken[i].shared : naming->named->shared);
}

static void recipients_read(struct naming *naming)
{
	struct named *named = naming->named;
	size_t i, gathered = 0;

	mentions_assign(naming);
	for (i = 0; i < naming->recipients->count && gathered < NOTICE_GATHERED_MAX; i++) {
		if (naming->best[i] != NULL)
			recipient_read(naming, &naming->recipients->list[i], naming->best[i]);
		if (naming->spoken[i].paragraph != NULL)
			gathered += strlen(naming->spoken[i].paragraph);
	}
	sessions_read(naming);
	named->shared = section_reply(naming, naming->mentions->from, naming->mentions->end);
	if (named->shared == NULL)
		named->shared =
		        section_cause(naming, naming->mentions->from, naming->mentions->end);
	recipients_finish(naming);
}

static unsigned features_of(const struct naming *naming)
{
	const struct mentions *mentions = naming->mentions;
	unsigned features = 0;
	size_t i;

	for (i = 0; i < mentions->count; i++) {
		const struct mention *mention = &mentions->list[i];

		if ((mention->roles & ROLE_READER) && mention->place >= PLACE_LABEL)
			features |= FEATURE_OWN;
		if (mention_may_fail(mention, PLACE_REPLY, 0))
			features |= FEATURE_ADDRESS;
		if (mention_may_fail(mention, PLACE_REPLY, ROLE_ADDRESSED | ROLE_FAILED))
			features |= FEATURE_RECIPIENT;
	}
	for (i = mentions->from; i < mentions->end; i++) {
		const char *line = naming->lines[i].text;

		if (diagnostic_reply(line) != 0 ||
		        (strchr(line, '.') != NULL && diagnostic_has_status(line)))
			features |= FEATURE_REPLY;
		if (strstr(line, "http://") != NULL || strstr(line, "https://") != NULL)
			features |= FEATURE_LINK;
	}
	return features;
}

struct named *named_read(
        const void *ctx, const struct mentions_source *source, size_t from, size_t end)
{
	struct named *named = talloc_zero(ctx, struct named);
	struct naming naming = {
	        .named = named, .recipients = &named->recipients, .lines = source->notice->lines};

	naming.mentions = mentions_find(named, source, from, end);
	recipients_choose(&naming);
	recipients_read(&naming);
	named->features = features_of(&naming);
	return named;
}
