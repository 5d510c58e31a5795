#include "judge/diagnostic.h"

#include <glib.h>
#include <stdint.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>
#include <talloc.h>

#include "base/limits.h"
#include "text/text.h"

/* Returns the bytes of the enhanced code at TEXT (class 2, 4 or 5; subject and detail of one to
 * three digits); 0 if there is none. */
static size_t status_length(const char *text)
{
	size_t n = 1;

	if (text[0] != '2' && text[0] != '4' && text[0] != '5')
		return 0;
	for (int part = 0; part < 2; part++) {
		size_t digits = text[n] == '.' ? strspn(text + n + 1, "0123456789") : 0;

		if (digits < 1 || digits > 3)
			return 0;
		n += 1 + digits;
	}
	return g_ascii_isalnum(text[n]) || (text[n] == '.' && g_ascii_isdigit(text[n + 1])) ? 0 : n;
}

/* Returns whether a code can begin at AT in TEXT: not inside a word or number. */
static bool is_edge(const char *text, const char *at)
{
	return at == text || (!g_ascii_isalnum(at[-1]) &&
	                             !(at[-1] == '.' && at - text > 1 && g_ascii_isalnum(at[-2])));
}

static const char *status_code_find(const char *text)
{
	for (const char *at = text; (at = strpbrk(at, "245")) != NULL; at++)
		if (status_length(at) > 0 && is_edge(text, at))
			return at;
	return NULL;
}

bool diagnostic_has_status(const char *text)
{
	return status_code_find(text) != NULL;
}

char *diagnostic_status(const void *ctx, const char *text)
{
	const char *at = status_code_find(text);

	return at != NULL ? talloc_strndup(ctx, at, status_length(at)) : NULL;
}

static int reply_at(const char *text, const char *at)
{
	if ((at[0] != '4' && at[0] != '5') || at[1] < '0' || at[1] > '7' || !g_ascii_isdigit(at[2]))
		return 0;
	if (g_ascii_isalnum(at[3]) || (at[3] == '.' && g_ascii_isdigit(at[4])) ||
	        !is_edge(text, at))
		return 0;
	if (at > text && strchr("-/_@[=$+", at[-1]) != NULL)
		return 0;
	if (at > text && at[-1] == '#' && (at[3] != ' ' || status_length(at + 4) == 0))
		return 0; /* but `#550 5.1.1 RESOLVER.ADR.RecipNotFound` of Exchange */
	return (at[0] - '0') * 100 + (at[1] - '0') * 10 + at[2] - '0';
}

int diagnostic_reply(const char *text)
{
	int first = 0;

	for (const char *at = text; (at = strpbrk(at, "45")) != NULL; at++) {
		int reply = reply_at(text, at);

		if (reply != 0 && at[3] != '\0' && status_length(at + 4 + (at[4] == '#')) > 0)
			return reply;
		first = first != 0 ? first : reply;
	}
	return first;
}

bool diagnostic_begins_reply(const char *text)
{
	text += strspn(text, " \t<>'\"");
	return reply_at(text, text) != 0 && (text[3] == ' ' || text[3] == '-');
}

bool diagnostic_begins(const char *text)
{
	return status_length(text + strspn(text, " \t<>'\"")) > 0 || diagnostic_begins_reply(text);
}

/* Returns TEXT with a blank where two lines of a reply were joined without one: before a
 * capitalised word that follows another word's end. OpenSMTPD leaves out the code at the beginning
 * of each line but the first ("550-mailbox unavailableFor explanation visit …"). */
static char *joints_open(const void *ctx, char *text)
{
	char *opened = NULL, code[] = " 550";
	const char *done = text;

	if (reply_at(text, text) == 0 || text[3] != '-')
		return text;
	memcpy(code + 1, text, 3);
	if (strstr(text, code) != NULL)
		return text;
	for (const char *at = text; at[0] != '\0' && at[1] != '\0'; at++)
		if ((g_ascii_islower(at[0]) || strchr(".!?)", at[0]) != NULL) &&
		        g_ascii_isupper(at[1]) && g_ascii_islower(at[2])) {
			opened = talloc_asprintf(ctx, "%s%.*s ", opened != NULL ? opened : "",
			        (int)(at + 1 - done), done);
			done = at + 1;
		}
	return opened != NULL ? talloc_asprintf(ctx, "%s%s", opened, done) : text;
}

/* Removes from TEXT, in place, the codes that each line of a long reply repeats: "550-" and perhaps
 * "5.1.1 " after it. The first stays. */
static void repeats_remove(char *text)
{
	char *first = text, *at, *to;
	size_t size;

	while (*first != '\0' && (reply_at(text, first) == 0 || first[3] != '-'))
		first++;
	if (*first == '\0')
		return;
	size = status_length(first + 4);
	for (to = at = first + 4 + size; *at != '\0';) {
		if (at[-1] != ' ' || strncmp(at, first, 3) != 0 || (at[3] != '-' && at[3] != ' ')) {
			*to++ = *at++;
			continue;
		}
		at += 4;
		if (size > 0 && strncmp(at, first + 4, size) == 0)
			at += size + (at[size] == ' ');
	}
	*to = '\0';
}

char *diagnostic_clean(const void *ctx, const char *text)
{
	size_t type;
	char *line;

	text += strspn(text, " \t\n");
	type = strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-");
	if (type > 0 && type < 20 && text[type + strspn(text + type, " ")] == ';')
		text += type + strspn(text + type, " ") + 1;
	line = text_one_line_of(ctx, text, strnlen(text, 2 * DIAGNOSTIC_MAX), DIAGNOSTIC_MAX);
	line = joints_open(ctx, line);
	repeats_remove(line);
	return line;
}

char *diagnostic_inner(const void *ctx, const char *text)
{
	/* Cisco IronPort (and Amazon SES of old): "5.x.0 - <category> NNN-'inner'" or "('NNN',
	 * ['inner'])". */
	const char *dash = strstr(text, " - "), *open = NULL, *close;

	if (dash != NULL && dash - text <= 16 && (open = strstr(dash, "-'")) == NULL)
		open = strstr(dash, "['");
	close = open != NULL ? strrchr(open + 2, '\'') : NULL;
	return close != NULL && close > open + 2
	               ? talloc_strndup(ctx, open + 2, (size_t)(close - open - 2))
	               : talloc_strdup(ctx, text);
}

static const struct {
	const char *command;
	const char *const words[10];
} commands[] = {
        {"CONN", {"connect", "initial connection", "banner", "conn"}},
        {"EHLO", {"helo", "ehlo", "lhlo", "starttls", "auth"}},
        {"MAIL", {"mail"}},
        {"RCPT", {"rcpt"}},
        {"DATA", {"data", "end of data", "pipelined data", "end-of-data", "message body", "bdat",
                         "dot", ".", "pipelined end of data", "header"}},
};

/* Returns the length of PREFIX if TEXT begins with it in any case; else 0. Most texts differ in the
 * first letter. */
static size_t prefix_length(const char *text, const char *prefix)
{
	size_t length;

	if ((*text | 0x20) != (*prefix | 0x20))
		return 0;
	length = strlen(prefix);
	return strncasecmp(text, prefix, length) == 0 ? length : 0;
}

const char *diagnostic_command_name(const char *word, size_t length)
{
	for (size_t i = 0; i < G_N_ELEMENTS(commands); i++)
		for (size_t k = 0; k < 10 && commands[i].words[k] != NULL; k++) {
			size_t n = prefix_length(word, commands[i].words[k]);

			if (n > 0 && n <= length && (length == n || !g_ascii_isalnum(word[n])))
				return commands[i].command;
		}
	return NULL;
}

const char *diagnostic_command(const char *text)
{
	/* The words before the command that is answered, in Postfix, Exim of all ages, sendmail's
	 * transcript, Courier, OpenSMTPD, Haraka and Exchange. */
	static const struct {
		const char *text;
		size_t length;
	} leads[] = {{COUNTED("in reply to ")}, {COUNTED("in reply to the ")},
	        {COUNTED("server after ")}, {COUNTED("server after pipelined ")},
	        {COUNTED("server after initial ")}, {COUNTED("mailer after ")},
	        {COUNTED("in response to ")}, {COUNTED("in response to the ")},
	        {COUNTED("response to the ")}, {COUNTED(">>> ")}, {COUNTED("during the ")},
	        {COUNTED("command sent: ")}, {COUNTED("error after ")},
	        {COUNTED("returned after ")}, {COUNTED("while sending ")},
	        {COUNTED("did not like our ")}, {COUNTED("remote server for ")}};

	for (const char *at = text; *at != '\0'; at++) {
		/* All of these end in one of a few letters, which few other words do. */
		if (*at != ' ' || at == text || strchr("or>edl:g", at[-1]) == NULL)
			continue;
		for (size_t i = 0; i < G_N_ELEMENTS(leads); i++) {
			size_t length = leads[i].length - 1;

			if (leads[i].text[length - 1] != at[-1] || (size_t)(at - text) < length ||
			        prefix_length(at - length, leads[i].text) == 0)
				continue;
			const char *command = diagnostic_command_name(at + 1, SIZE_MAX);
			if (command != NULL)
				return command;
		}
	}
	return NULL;
}

/* Returns the length of the host name at AT; 0 if there is none. */
static size_t host_name_length(const char *at)
{
	size_t n = 0;

	while (g_ascii_isalnum(at[n]) || (at[n] != '\0' && strchr(".-_:", at[n]) != NULL))
		n++;
	while (n > 0 && (at[n - 1] == '.' || at[n - 1] == ':'))
		n--;
	return n > 3 && memchr(at, '.', n) != NULL ? n : 0;
}

char *diagnostic_remote(const void *ctx, const char *text)
{
	static const char *const leads[] = {"host ", "host: ", "talking to ", "connected to ",
	        "recipient domain ", "server ", "delivering to ", "by "};
	size_t length = host_name_length(text);

	/* A line that begins with the host's name and address, `mx.example.net [192.0.2.1] did not
	 * like our RCPT TO:`. */
	if (length > 0 && strncmp(text + length, " [", 2) == 0)
		return talloc_strndup(ctx, text, length);
	for (; text != NULL; text = strpbrk(text, " \n"), text = text != NULL ? text + 1 : NULL)
		for (size_t i = 0; i < G_N_ELEMENTS(leads); i++) {
			size_t n = prefix_length(text, leads[i]);

			length = n > 0 ? host_name_length(text + n) : 0;
			if (length > 0)
				return talloc_strndup(ctx, text + n, length);
		}
	return NULL;
}

/* The longest time that stands before an arrow, in bytes. */
#define TIME_MAX 32

/* Returns what follows the arrow that LINE begins with, one of ARROWS (NULL-terminated), perhaps
 * after a time, `Wed 2026-10-14 09:12:41: `; NULL if LINE does not begin with one. */
static const char *arrow_skip(const char *line, const char *const *arrows)
{
	const char *colon = strchr(line, ':');
	size_t digits = 0;

	while (colon != NULL && colon[1] != ' ')
		colon = strchr(colon + 1, ':');
	for (const char *at = line; colon != NULL && colon - line <= TIME_MAX && at < colon; at++)
		digits += g_ascii_isdigit(*at);
	if (digits >= 4)
		line = colon + 2;
	for (; *arrows != NULL; arrows++) {
		size_t length = prefix_length(line, *arrows);

		if (length > 0)
			return line + length;
	}
	return NULL;
}

const char *diagnostic_client_said(const char *line)
{
	static const char *const arrows[] = {
	        ">>> ", "--> ", "=> ", "C: ", "In: ", "Sent >>> ", "Sent <<< ", NULL};
	const char *said = arrow_skip(line, arrows);

	/* not `Mail from a@b to c@d was blocked` */
	if (said == NULL &&
	        (prefix_length(line, "RCPT TO") > 0 || prefix_length(line, "MAIL FROM:") > 0 ||
	                prefix_length(line, "MAIL FROM <") > 0))
		return line;
	return said;
}

const char *diagnostic_server_said(const char *line)
{
	static const char *const arrows[] = {
	        "<<< ", "<-- ", "<= ", "S: ", "Out: ", "Received <<< ", "Received >>> ", NULL};

	return arrow_skip(line, arrows);
}
