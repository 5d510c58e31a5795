#include "diagnostic.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>
#include <talloc.h>

#include "limits.h"
#include "text.h"

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_word(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* How long the enhanced code at TEXT is: class 2, 4 or 5, subject and detail of one to three digits; 0: none. */
static size_t
status_length(const char *text)
{
	size_t n = 1, digits, part;

	if (strchr("245", text[0]) == NULL || text[0] == '\0')
		return 0;
	for (part = 0; part < 2; part++) {
		if (text[n++] != '.')
			return 0;
		digits = strspn(text + n, "0123456789");
		if (digits < 1 || digits > 3)
			return 0;
		n += digits;
	}
	return is_word(text[n]) || (text[n] == '.' && is_digit(text[n + 1])) ? 0 : n;
}

/* Whether a code may begin at AT of TEXT: not inside a word or number. */
static bool
is_edge(const char *text, const char *at)
{
	return at == text || (!is_word(at[-1]) && !(at[-1] == '.' && at - text > 1 && is_word(at[-2])));
}

static const char *
status_find(const char *text)
{
	const char *at;

	for (at = text; *at != '\0'; at++)
		if (is_edge(text, at) && status_length(at) > 0)
			return at;
	return NULL;
}

char *
diagnostic_status(const void *ctx, const char *text)
{
	const char *at = status_find(text);

	return at != NULL ? talloc_strndup(ctx, at, status_length(at)) : NULL;
}

static int
reply_at(const char *text, const char *at)
{
	if ((at[0] != '4' && at[0] != '5') || at[1] < '0' || at[1] > '7' || !is_digit(at[2]))
		return 0;
	if (is_word(at[3]) || (at[3] == '.' && is_digit(at[4])) || !is_edge(text, at))
		return 0;
	if (at > text && strchr("-/#_@[=$+", at[-1]) != NULL)
		return 0;
	return (at[0] - '0') * 100 + (at[1] - '0') * 10 + at[2] - '0';
}

int
diagnostic_reply(const char *text)
{
	const char *at;
	int first = 0, reply;

	for (at = text; *at != '\0'; at++) {
		reply = reply_at(text, at);
		if (reply == 0)
			continue;
		if (at[3] != '\0' && status_length(at + 4 + (at[4] == '#')) > 0)
			return reply;
		if (first == 0)
			first = reply;
	}
	return first;
}

static const struct {
	const char *word;
	const char *command;
} commands[] = {
	{"connect", "CONN"}, {"initial connection", "CONN"}, {"banner", "CONN"}, {"conn", "CONN"},
	{"helo", "EHLO"}, {"ehlo", "EHLO"}, {"lhlo", "EHLO"}, {"starttls", "EHLO"}, {"auth", "EHLO"},
	{"mail", "MAIL"},
	{"rcpt", "RCPT"},
	{"data", "DATA"}, {"end of data", "DATA"}, {"pipelined data", "DATA"}, {"end-of-data", "DATA"}, {"message body", "DATA"},
	{"bdat", "DATA"}, {"dot", "DATA"}, {".", "DATA"}, {"pipelined end of data", "DATA"}, {"header", "DATA"},
};

/* Whether TEXT begins with PREFIX, without case. Most texts differ in the first letter. */
static bool
begins(const char *text, const char *prefix, size_t length)
{
	return (*text | 0x20) == (*prefix | 0x20) && strncasecmp(text, prefix, length) == 0;
}

const char *
diagnostic_command_name(const char *word, size_t length)
{
	size_t i, n;

	for (i = 0; i < sizeof commands / sizeof *commands; i++) {
		n = strlen(commands[i].word);
		if (length >= n && begins(word, commands[i].word, n) && (length == n || !is_word(word[n])))
			return commands[i].command;
	}
	return NULL;
}

/* Whether the text before AT, which begins at TEXT, leads up to a command that was answered. */
static bool
is_led_up_to(const char *text, const char *at)
{
	/* As Postfix, Exim of all ages, sendmail's transcript, Courier, OpenSMTPD, Haraka and Exchange say it. */
	static const char *const leads[] = {
		"in reply to ", "in reply to the ", "server after ", "server after pipelined ", "server after initial ", "mailer after ",
		"in response to ", "in response to the ", "response to the ", ">>> ", "during the ", "command sent: ", "error after ",
		"returned after ", "while sending ",
	};
	size_t i, n;

	if (at == text || at[-1] != ' ')
		return false;
	for (i = 0; i < sizeof leads / sizeof *leads; i++) {
		n = strlen(leads[i]);
		if ((size_t) (at - text) >= n && begins(at - n, leads[i], n))
			return true;
	}
	return false;
}

const char *
diagnostic_command(const char *text)
{
	const char *at = text, *command;

	while ((at = strchr(at, ' ')) != NULL) {
		at++;
		command = diagnostic_command_name(at, strlen(at));
		if (command != NULL && is_led_up_to(text, at))
			return command;
	}
	return NULL;
}

static bool
is_host_byte(char c)
{
	return is_word(c) || c == '.' || c == '-' || c == '_' || c == ':';
}

/* The bytes of the host name at AT; 0 if there is none. */
static size_t
host_length(const char *at)
{
	size_t n = 0;

	while (is_host_byte(at[n]))
		n++;
	while (n > 0 && (at[n - 1] == '.' || at[n - 1] == ':'))
		n--;
	return n > 3 && memchr(at, '.', n) != NULL ? n : 0;
}

char *
diagnostic_remote(const void *ctx, const char *text)
{
	static const char *const leads[] = {"host ", "talking to ", "connected to ", "recipient domain ", "server ", "delivering to ", "by "};
	const char *at;
	size_t i, n, length;

	for (at = text; at != NULL; at = strchr(at, ' '), at = at != NULL ? at + 1 : NULL)
		for (i = 0; i < sizeof leads / sizeof *leads; i++) {
			n = strlen(leads[i]);
			length = begins(at, leads[i], n) ? host_length(at + n) : 0;
			if (length > 0)
				return talloc_strndup(ctx, at + n, length);
		}
	return NULL;
}

/* Whether AT repeats the reply (and enhanced code) that TEXT began a line with: "550-" and maybe "5.1.1 " behind it. */
static size_t
repeat_length(const char *at, const char *reply, size_t reply_length, const char *status, size_t status_size)
{
	size_t n = reply_length;

	if (strncmp(at, reply, reply_length) != 0 || (at[n] != '-' && at[n] != ' '))
		return 0;
	n++;
	if (status_size > 0 && strncmp(at + n, status, status_size) == 0) {
		n += status_size;
		n += at[n] == ' ';
	}
	return n;
}

/* In place: keep only the first of the codes that each line of a long reply begins with. */
static void
repeats_remove(char *text)
{
	char *at = text, *to, *first;
	const char *status;
	size_t status_size, n;

	while (*at != '\0' && (reply_at(text, at) == 0 || at[3] != '-'))
		at++;
	if (*at == '\0')
		return;
	first = at;
	status = first + 4;
	status_size = status_length(status);
	to = at = first + 4 + status_size;
	while (*at != '\0') {
		n = at[-1] == ' ' ? repeat_length(at, first, 3, status, status_size) : 0;
		at += n;
		if (n == 0 || *at == '\0')
			*to++ = *at != '\0' ? *at++ : '\0';
	}
	*to = '\0';
}

char *
diagnostic_clean(const void *ctx, const char *text)
{
	size_t type;
	char *line;

	text += strspn(text, " \t\n");
	type = strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-");
	if (type > 0 && type < 20 && text[type + strspn(text + type, " ")] == ';')
		text += type + strspn(text + type, " ") + 1;
	line = text_one_line(ctx, text, strnlen(text, 2 * DIAGNOSTIC_MAX), DIAGNOSTIC_MAX);
	if (line != NULL)
		repeats_remove(line);
	return line;
}

char *
diagnostic_inner(const void *ctx, const char *text)
{
	/* Cisco IronPort (and Amazon SES of old): "5.x.0 - <category> NNN-'inner'" or "('NNN', ['inner'])". */
	const char *dash = strstr(text, " - "), *open, *close;

	if (dash == NULL || dash - text > 16)
		return talloc_strdup(ctx, text);
	open = strstr(dash, "-'");
	if (open == NULL)
		open = strstr(dash, "['");
	close = open != NULL ? strrchr(open + 2, '\'') : NULL;
	if (close == NULL || close <= open + 2)
		return talloc_strdup(ctx, text);
	return talloc_strndup(ctx, open + 2, (size_t) (close - open - 2));
}
