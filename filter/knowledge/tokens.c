#include "knowledge/tokens.h"

#include <glib.h>
#include <string.h>
#include <talloc.h>

#include "base/array.h"
#include "text/text.h"

/* Words of at least so many letters and digits mixed, and numbers of at least so many digits, are
 * ids. */
#define MIXED_MIN 10
#define DIGITS_MIN 5

/* An East Asian label at the start of a line has at most so many bytes. */
#define EAST_LABEL_MAX 40

struct token_reader {
	struct tokens *tokens;
	const char *start, *end;
	/* before these places no address begins, no host name, no number, and no IPv6 address */
	const char *no_address, *no_host, *no_number, *no_ip6;
	char *out; /* words that differ from the text; never longer than it is */
	bool is_new_sentence;
	uint32_t sentence;
};

/* Returns whether C is a letter or vowel sign of Thai, Lao, Burmese or Khmer, which have no blanks
 * between words. */
static bool is_unspaced(uint32_t c)
{
	return (c >= 0x0E01 && c <= 0x0ECD) || (c >= 0x1000 && c <= 0x109F) ||
	       (c >= 0x1780 && c <= 0x17D3);
}

/* Returns whether C is a character that is a word of its own. */
static bool is_character(uint32_t c)
{
	return (c >= 0x3040 && c <= 0x30FF) || (c >= 0x3400 && c <= 0x9FFF) ||
	       (c >= 0xAC00 && c <= 0xD7A3) || (c >= 0xF900 && c <= 0xFAFF) ||
	       (c >= 0x20000 && c <= 0x3FFFF) || c == 0x3005 || is_unspaced(c);
}

static bool is_foreign_letter(uint32_t c)
{
	return c >= 0xAA && !is_character(c) &&
	       (g_unichar_isalnum((gunichar)c) || g_unichar_ismark((gunichar)c));
}

/* Writes C without accents to OUT and returns the bytes: Latin, Greek and Cyrillic letters as
 * Unicode decomposes them, letters that people also write without accents, and those of Arabic that
 * are written in several ways. */
static size_t letter_plain(uint32_t c, char *out)
{
	static const struct {
		uint32_t letter;
		const char *plain;
	} others[] = {{0xDF, "ss"}, {0xE6, "ae"}, {0x153, "oe"}, {0xF8, "o"}, {0x142, "l"},
	        {0x111, "d"}, {0xF0, "d"}, {0xFE, "th"}, {0x622, "\u0627"}, {0x623, "\u0627"},
	        {0x625, "\u0627"}, {0x629, "\u0647"}, {0x649, "\u064a"}, {0x6A9, "\u0643"},
	        {0x6CC, "\u064a"}};
	gunichar base, mark;

	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		if (others[i].letter == c)
			return (size_t)(stpcpy(out, others[i].plain) - out);
	while (c >= 0xC0 && (c < 0x530 || (c >= 0x1E00 && c < 0x2000)) &&
	        g_unichar_decompose((gunichar)c, &base, &mark) && mark != 0)
		c = base;
	return (c >= 0x300 && c <= 0x36F) || (c >= 0x64B && c <= 0x652)
	               ? 0
	               : (size_t)g_unichar_to_utf8(c, out);
}

/* Returns the room that a token of KIND takes. */
static uint32_t room_of(enum token_kind kind, const char *word)
{
	if (kind == TOKEN_WORD)
		return TOKEN_ROOM;
	if (kind != TOKEN_CHARACTER)
		return 0;
	/* Letters of scripts without blanks stand between U+0E00 and U+1800. */
	return (unsigned char)*word < 0xE2 ? TOKEN_LETTER_ROOM : TOKEN_CHARACTER_ROOM;
}

static void token_emit(struct token_reader *r, enum token_kind kind, const char *word,
        size_t length, const char *start, const char *end)
{
	struct tokens *tokens = r->tokens;
	uint32_t room = room_of(kind, word);

	array_add(tokens, tokens->words, tokens->word_count) = (struct token){
	        .word = word,
	        .length = (uint32_t)length,
	        .start = (uint32_t)(start - r->start),
	        .end = (uint32_t)(end - r->start),
	        .from = tokens->room,
	        .to = tokens->room + room,
	        .sentence = r->sentence,
	        .kind = kind,
	};
	tokens->room += room;
	r->is_new_sentence = false;
}

static void other_emit(struct token_reader *r, const char *name, const char *start, const char *end)
{
	token_emit(r, TOKEN_OTHER, name, strlen(name), start, end);
}

static void sentence_end(struct token_reader *r)
{
	if (r->is_new_sentence)
		return;
	r->tokens->room += TOKEN_SENTENCE;
	r->sentence++;
	r->is_new_sentence = true;
}

/* Words that are also written as two: the second begins at byte AT. */
static const struct {
	const char *word;
	uint32_t at;
} joins[] = {{"email", 1}, {"emails", 1}, {"mailbox", 4}, {"mailboxes", 4}, {"inbox", 2},
        {"blacklist", 5}, {"blacklisted", 5}, {"blacklists", 5}, {"blocklist", 5},
        {"blocklisted", 5}, {"blocklists", 5}, {"whitelist", 5}, {"whitelisted", 5},
        {"greylist", 4}, {"greylisted", 4}, {"greylisting", 4}, {"antispam", 4}, {"antivirus", 4},
        {"nonexistent", 3}, {"nonexisting", 3}, {"username", 4}, {"usernames", 4}, {"hostname", 4},
        {"filename", 4}, {"filenames", 4}, {"timeout", 4}, {"login", 3}, {"lookup", 4}};

/* Words that stand for two. The second begins at byte AT. */
static const struct {
	const char *word, *first, *second;
	unsigned char at;
} splits[] = {{"cannot", "can", "not", 3}, {"cant", "can", "not", 2}, {"dont", "do", "not", 2},
        {"doesnt", "does", "not", 4}, {"didnt", "did", "not", 3}, {"isnt", "is", "not", 2},
        {"wasnt", "was", "not", 3}, {"arent", "are", "not", 3}, {"werent", "were", "not", 4},
        {"hasnt", "has", "not", 3}, {"havent", "have", "not", 4}, {"couldnt", "could", "not", 5},
        {"wont", "will", "not", 2}, {"wouldnt", "would", "not", 5},
        {"shouldnt", "should", "not", 6}, {"overquota", "over", "quota", 4}};

/* Returns whether only a blank or a dash stands between LAST and START. */
static bool is_tied(const struct token_reader *r, const struct token *last, const char *start)
{
	const char *gap = r->start + last->end;

	return !r->is_new_sentence && start == gap + 1 && (*gap == ' ' || *gap == '-');
}

/* Joins the last word and this one, if they are also written as one. Returns whether they are. */
static bool word_join(
        struct token_reader *r, const char *word, size_t length, const char *start, const char *end)
{
	struct token *last =
	        r->tokens->word_count > 0 ? &r->tokens->words[r->tokens->word_count - 1] : NULL;

	if (last == NULL || last->kind != TOKEN_WORD || last->length > 5 ||
	        strchr("mblsvenoiu", *word) == NULL || !is_tied(r, last, start))
		return false;
	for (size_t i = 0; i < sizeof joins / sizeof *joins; i++) {
		const char *joined = joins[i].word, *second = joined + joins[i].at;

		if (last->length != joins[i].at || memcmp(last->word, joined, joins[i].at) != 0 ||
		        strncmp(second, word, length) != 0 || second[length] != '\0')
			continue;
		last->word = joined;
		last->length = (uint32_t)strlen(joined);
		last->end = (uint32_t)(end - r->start);
		return true;
	}
	return false;
}

static void word_emit(
        struct token_reader *r, const char *word, size_t length, const char *start, const char *end)
{
	if (length == 4 && memcmp(word, "gray", 4) == 0)
		word = "grey";
	if (word_join(r, word, length, start, end))
		return;
	for (size_t i = 0; length >= 4 && strchr("ta", word[length - 1]) != NULL &&
	                   i < sizeof splits / sizeof *splits;
	        i++) {
		const char *first = splits[i].first, *second = splits[i].second,
		           *middle = start + splits[i].at;

		if (strncmp(splits[i].word, word, length) != 0 || splits[i].word[length] != '\0')
			continue;
		token_emit(r, TOKEN_WORD, first, strlen(first), start, middle);
		token_emit(r, TOKEN_WORD, second, strlen(second), middle, end);
		return;
	}
	token_emit(r, TOKEN_WORD, word, length, start, end);
}

/* Writes letters and digits from P on, without accents, to OUT. Returns where they end. */
static const char *word_plain(
        const struct token_reader *r, const char *p, char **out, bool *is_ascii, size_t *digits)
{
	uint32_t c;
	size_t step;

	for (; p < r->end; p += step) {
		step = 1;
		if (g_ascii_isalnum(*p)) {
			*digits += g_ascii_isdigit(*p);
			*(*out)++ = *p;
			continue;
		}
		if ((unsigned char)*p < 0x80 || (step = utf8_decode(p, r->end, &c)) == 0 ||
		        !is_foreign_letter(c))
			break;
		*is_ascii = false;
		*out += letter_plain(c, *out);
	}
	return p;
}

/* Adds a word before "n't" without its n, and "not". */
static const char *negation_emit(
        struct token_reader *r, const char *word, size_t length, const char *start, const char *end)
{
	if (length == 3 && memcmp(word, "can", 3) == 0)
		word_emit(r, "can", 3, start, start + 2);
	else if (length == 3 && memcmp(word, "won", 3) == 0)
		word_emit(r, "will", 4, start, start + 2);
	else
		word_emit(r, word, length - 1, start, end - 1);
	token_emit(r, TOKEN_WORD, "not", 3, end - 1, end + 2);
	return end + 2;
}

static bool ends_word(const char *p)
{
	return !g_ascii_isalnum(*p) && (unsigned char)*p < 0x80;
}

/* Returns whether a size of DIGITS is written in the LENGTH bytes of WORD: `10mb`. */
static bool is_size(const char *word, size_t length, size_t digits)
{
	return digits > 0 && length == digits + 2 && word[length - 1] == 'b' &&
	       strchr("kmg", word[length - 2]) != NULL;
}

/* Adds the word at START. Returns where reading goes on. */
static const char *word_read(struct token_reader *r, const char *start)
{
	bool is_ascii = true;
	size_t digits = 0;
	char *out = r->out;
	const char *end = word_plain(r, start, &out, &is_ascii, &digits),
	           *word = is_ascii ? start : r->out;
	size_t length = (size_t)(out - r->out);

	if (!is_ascii)
		r->out = out;
	if (length == 0)
		return end;
	if (digits == length && length < DIGITS_MIN)
		token_emit(r, TOKEN_NUMBER, word, length, start, end);
	else if (digits == length || (digits > 0 && length >= MIXED_MIN))
		other_emit(r, "<number>", start, end);
	else if (is_size(word, length, digits))
		word_emit(r, word + digits, 2, start, end);
	else if (*end == '\'' && end[1] == 't' && length > 1 && word[length - 1] == 'n' &&
	         ends_word(end + 2))
		return negation_emit(r, word, length, start, end);
	else
		word_emit(r, word, length, start, end);
	return digits < length && *end == '\'' && end[1] == 's' && ends_word(end + 2) ? end + 2
	                                                                              : end;
}

/* Returns where the run of letters, digits and SIGNS at P ends. */
static const char *run_end(const char *p, const char *signs)
{
	while (g_ascii_isalnum(*p) || (*p > ' ' && strchr(signs, *p) != NULL))
		p++;
	return p;
}

/* Returns where the URL at P ends: before what can't be in one, without the punctuation of a
 * sentence. */
static const char *url_end(const char *p)
{
	const char *start = p;

	while ((unsigned char)*p > ' ' && (unsigned char)*p < 0x80 &&
	        strchr("<>\"'`()[]{}|", *p) == NULL)
		p++;
	while (p > start && strchr(".,;:!?", p[-1]) != NULL)
		p--;
	return p;
}

/* Returns where the address at P ends; NULL if none begins there. */
static const char *address_end(struct token_reader *r, const char *p)
{
	if (p < r->no_address)
		return NULL;
	const char *at = run_end(p, ".!#$%&'*+/=?^_`{|}~-"), *end;

	if (*at != '@' || !g_ascii_isalnum(at[1])) {
		r->no_address = at;
		return NULL;
	}
	end = run_end(at + 1, "-_");
	while (*end == '.' && g_ascii_isalnum(end[1])) /* `a@b.example...User unknown` */
		end = run_end(end + 1, "-_");
	while (!g_ascii_isalnum(end[-1]))
		end--;
	return end;
}

/* Returns whether LABEL makes a name of two parts a host's: it is short and not a word after a
 * missing blank (`words`), or long and in use (`domains`). */
static bool is_top_domain(const char *label, size_t length)
{
	static const char words[] =
	        " see the try for you not this your full user mail from rule over that with then ";
	static const char domains[] =
	        " example invalid online email cloud local localdomain localhost internal store "
	        "museum travel network "
	        "systems company services agency tokyo kyoto osaka world today media group ";
	char wanted[24] = " ";

	if (length < 2 || length > 20)
		return false;
	memcpy(wanted + 1, label, length);
	wanted[length + 1] = ' ';
	return length <= 4 ? strstr(words, wanted) == NULL : strstr(domains, wanted) != NULL;
}

/* Returns where the host name at P ends; NULL if none begins there. */
static const char *host_end(struct token_reader *r, const char *p)
{
	const char *label = p, *end;
	size_t dots = 0;

	if (p < r->no_host)
		return NULL;
	while (*(end = run_end(label, "-_")) == '.' && g_ascii_isalnum(end[1])) {
		dots++;
		label = end + 1;
	}
	size_t length = (size_t)(end - label), i = 0;

	while (i < length && (g_ascii_islower(label[i]) || (dots > 1 && label[i] != '_')))
		i++;
	if (dots == 0 || i < length || length < 2 || g_ascii_isdigit(*label) ||
	        (dots == 1 && !is_top_domain(label, length))) {
		r->no_host = end;
		return NULL;
	}
	return end;
}

/* Returns where the number at P ends, with its dots, commas and colons; NULL if letters follow. */
static const char *number_end(struct token_reader *r, const char *p, size_t *dots, size_t *digits)
{
	if (p < r->no_number)
		return NULL;
	for (*dots = *digits = 0;; p++)
		if (g_ascii_isdigit(*p))
			++*digits;
		else if ((*p == '.' || *p == ',' || *p == ':') && g_ascii_isdigit(p[1]))
			*dots += *p == '.';
		else
			break;
	r->no_number = ends_word(p) ? r->no_number : p;
	return ends_word(p) ? p : NULL;
}

/* Returns where the IPv6 address at P ends; NULL if none begins there. */
static const char *ip6_end(struct token_reader *r, const char *p)
{
	size_t colons = 0, digits = 0;

	if (p < r->no_ip6)
		return NULL;
	for (; g_ascii_isxdigit(*p) || *p == ':'; p++) {
		colons += *p == ':';
		digits += g_ascii_isdigit(*p);
	}
	if (colons >= 2 && digits > 0 && ends_word(p))
		return p;
	r->no_ip6 = p;
	return NULL;
}

/* Adds what begins with the letter or digit at P. Returns where reading goes on. */
static const char *chunk_read(struct token_reader *r, const char *p)
{
	const char *end;
	size_t dots, digits;

	if ((*p == 'h' && (g_str_has_prefix(p, "http://") || g_str_has_prefix(p, "https://"))) ||
	        (*p == 'w' && g_str_has_prefix(p, "www."))) {
		end = url_end(p);
		other_emit(r, "<url>", p, end);
		return end;
	}
	if ((end = address_end(r, p)) != NULL) {
		other_emit(r, "<address>", p, end);
		return end;
	}
	if (g_ascii_isdigit(*p) && (end = number_end(r, p, &dots, &digits)) != NULL) {
		if (dots == 3)
			other_emit(r, "<ip>", p, end);
		else if (digits >= DIGITS_MIN)
			other_emit(r, "<number>", p, end);
		else
			token_emit(r, TOKEN_NUMBER, p, (size_t)(end - p), p, end);
		return end;
	}
	if ((g_ascii_isdigit(*p) || *p <= 'f') && (end = ip6_end(r, p)) != NULL) {
		other_emit(r, "<ip>", p, end);
		return end;
	}
	if ((end = host_end(r, p)) != NULL) {
		bool is_url = *end == '/';

		end = is_url ? url_end(end) : end;
		other_emit(r, is_url ? "<url>" : "<host>", p, end);
		return end;
	}
	return word_read(r, p);
}

/* Returns whether the full stop at P ends a sentence. After a word, the blank may be missing. */
static bool is_full_stop(const struct token_reader *r, const char *p)
{
	const struct token *last =
	        r->tokens->word_count > 0 ? &r->tokens->words[r->tokens->word_count - 1] : NULL;

	if (strchr(" \n\"')]>", p[1]) != NULL) /* or the end */
		return true;
	return g_ascii_islower(p[1]) && last != NULL && last->kind == TOKEN_WORD &&
	       last->length > 2 && r->start + last->end == p;
}

static const char *foreign_read(struct token_reader *r, const char *p)
{
	uint32_t c;
	size_t step = utf8_decode(p, r->end, &c);

	if (step == 0)
		return p + 1;
	if (c == 0x3002 || c == 0x061F)
		sentence_end(r);
	else if (is_character(c))
		token_emit(r, TOKEN_CHARACTER, p, step, p, p + step);
	else if (is_foreign_letter(c))
		return word_read(r, p);
	return p + step;
}

/* Returns whether a mailer's words and a server's meet at P: "host mx.example said: 550 …", "… (in
 * reply to RCPT TO command)". */
static bool is_quotation_edge(const char *p)
{
	if (*p == ':')
		return p[1] == ' ' && (p[2] == '2' || p[2] == '4' || p[2] == '5') &&
		       g_ascii_isdigit(p[3]) && g_ascii_isdigit(p[4]) && ends_word(p + 5);
	return *p == '(' && g_str_has_prefix(p + 1, "in reply to ");
}

static void words_read(struct token_reader *r)
{
	const char *p = r->start;

	while (p < r->end) {
		if (g_ascii_isalnum(*p)) {
			p = chunk_read(r, p);
		} else if ((unsigned char)*p >= 0x80) {
			p = foreign_read(r, p);
		} else {
			if (*p == '\n' || *p == '!' || *p == '?' || *p == ';' ||
			        (*p == '.' && is_full_stop(r, p)) || is_quotation_edge(p))
				sentence_end(r);
			p++;
		}
	}
}

/* Returns whether the line at LINE, before END, begins with an East Asian label, `理由: …`. */
static bool begins_with_label(const char *line, const char *end)
{
	size_t most = MIN((size_t)(end - line), EAST_LABEL_MAX);
	uint32_t c = 0;

	if (most == 0 || (unsigned char)*line < 0x80 || utf8_decode(line, end, &c) == 0 ||
	        !is_character(c))
		return false;
	for (const char *p = line; p < line + most && *p != '\n'; p++)
		if (*p == ':' || strncmp(p, "\xef\xbc\x9a", 3) == 0)
			return true;
	return false;
}

/* Returns whether an East Asian label begins at P within a line: `宛先: a@b 理由: …`. */
static bool is_label(const char *p, const char *end)
{
	const char *start = p, *most = p + MIN((size_t)(end - p), EAST_LABEL_MAX);
	uint32_t c;
	size_t step;

	while (p < most && (unsigned char)*p >= 0x80 && (step = utf8_decode(p, end, &c)) != 0 &&
	        is_character(c))
		p += step;
	if (p == start)
		return false;
	while (p < most && *p == ' ')
		p++;
	return p < most && (*p == ':' || strncmp(p, "\xef\xbc\x9a", 3) == 0);
}

/* Returns whether a sentence ends with the line that ends at LINE_BREAK, between START and END:
 * before an empty line, after a colon, or before a line that begins with a sign or a label. */
static bool ends_sentence(const char *start, const char *line_break, const char *end)
{
	const char *next = line_break + 1;

	while (next < end && (*next == ' ' || *next == '\t' || *next == '\r'))
		next++;
	return next == end || *next == '\n' || (line_break > start && line_break[-1] == ':') ||
	       strchr("-*|=_#>", *next) != NULL || begins_with_label(next, end) ||
	       (end - next > 1 && next[0] == '<' && next[1] == '<');
}

/* Returns UTF8 folded, with '\n' where a line ends a sentence, or a label begins another. */
static char *fold_paragraphs(
        const void *ctx, const char *utf8, size_t length, size_t *folded_length)
{
	char *folded = talloc_size(ctx, length + 2), *out = folded;
	const char *end = utf8 + length, *start = utf8;

	for (const char *p = utf8; p < end; p++)
		if (*p == '\n' ? ends_sentence(utf8, p, end) : *p == ' ' && is_label(p + 1, end)) {
			out += text_fold_into(out, start, (size_t)(p - start));
			*out++ = '\n';
			start = p + 1;
		}
	out += text_fold_into(out, start, (size_t)(end - start));
	*out = '\0';
	*folded_length = (size_t)(out - folded);
	return folded;
}

struct tokens *tokens_read(const void *ctx, const char *utf8, size_t length)
{
	struct tokens *tokens = talloc_zero(ctx, struct tokens);
	struct token_reader r = {.tokens = tokens, .is_new_sentence = true};

	tokens->text = fold_paragraphs(tokens, utf8, length, &tokens->length);
	r.start = r.no_address = r.no_host = r.no_number = r.no_ip6 = tokens->text;
	r.end = tokens->text + tokens->length;
	r.out = talloc_size(tokens, tokens->length + 1);
	words_read(&r);
	return tokens;
}
