#include "judge/diagnostic.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>
#include <talloc.h>

#include "base/limits.h"
#include "text/text.h"

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_word(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* How long the enhanced code at TEXT is: class 2, 4 or 5, subject and detail of one to three
 * digits; 0: none. */
static size_t status_length(const char *text)
{
	size_t n = 1, digits, part;

	if (text[0] != '2' && text[0] != '4' && text[0] != '5')
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
static bool is_edge(const char *text, const char *at)
{
	return at == text ||
	       (!is_word(at[-1]) && !(at[-1] == '.' && at - text > 1 && is_word(at[-2])));
}

static const char *status_find(const char *text)
{
	const char *at;

	for (at = text; *at != '\0'; at++)
		if (status_length(at) > 0 && is_edge(text, at))
			return at;
	return NULL;
}

bool diagnostic_has_status(const char *text)
{
	return status_find(text) != NULL;
}

char *diagnostic_status(const void *ctx, const char *text)
{
	const char *at = status_find(text);

	return at != NULL ? talloc_strndup(ctx, at, status_length(at)) : NULL;
}

static int reply_at(const char *text, const char *at)
{
	if ((at[0] != '4' && at[0] != '5') || at[1] < '0' || at[1] > '7' || !is_digit(at[2]))
		return 0;
	if (is_word(at[3]) || (at[3] == '.' && is_digit(at[4])) || !is_edge(text, at))
		return 0;
	if (at > text && strchr("-/_@[=$+", at[-1]) != NULL)
		return 0;
	if (at > text && at[-1] == '#' && (at[3] != ' ' || status_length(at + 4) == 0))
		return 0; /* but `#550 5.1.1 RESOLVER.ADR.RecipNotFound` of Exchange */
	return (at[0] - '0') * 100 + (at[1] - '0') * 10 + at[2] - '0';
}

int diagnostic_reply(const char *text)
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

bool diagnostic_begins_reply(const char *text)
{
	text += strspn(text, " \t<>'\"");
	return reply_at(text, text) != 0 && (text[3] == ' ' || text[3] == '-');
}

bool diagnostic_begins(const char *text)
{
	return status_length(text + strspn(text, " \t<>'\"")) > 0 || diagnostic_begins_reply(text);
}

/* Whether AT repeats the reply (and enhanced code) that TEXT began a line with: "550-" and maybe
 * "5.1.1 " behind it. */
static size_t repeat_length(
        const char *at, const char *reply, const char *status, size_t status_size)
{
	size_t n = 4;

	if (strncmp(at, reply, 3) != 0 || (at[3] != '-' && at[3] != ' '))
		return 0;
	if (status_size > 0 && strncmp(at + n, status, status_size) == 0) {
		n += status_size;
		n += at[n] == ' ';
	}
	return n;
}

/* Where OpenSMTPD joined two lines of a reply: a capital that begins a word stands behind the end
 * of another. NULL: nowhere. */
static const char *joint_find(const char *text)
{
	for (; text[0] != '\0' && text[1] != '\0'; text++)
		if (((text[0] >= 'a' && text[0] <= 'z') || strchr(".!?)", text[0]) != NULL) &&
		        text[1] >= 'A' && text[1] <= 'Z' && text[2] >= 'a' && text[2] <= 'z')
			return text + 1;
	return NULL;
}

/* TEXT with a blank where two lines were joined without one: OpenSMTPD leaves only the first of the
 * codes that each line begins with ("550-mailbox unavailableFor explanation visit …"). */
static char *joints_open(const void *ctx, char *text)
{
	const char *joint, *at;
	char *opened = NULL, code[] = " 550";

	if (reply_at(text, text) == 0 || text[3] != '-')
		return text;
	memcpy(code + 1, text, 3);
	if (strstr(text, code) != NULL)
		return text;
	for (at = text; (joint = joint_find(at)) != NULL; at = joint)
		opened = talloc_asprintf(
		        ctx, "%s%.*s ", opened != NULL ? opened : "", (int)(joint - at), at);
	return opened != NULL ? talloc_asprintf(ctx, "%s%s", opened, at) : text;
}

/* In place: keep only the first of the codes that each line of a long reply begins with. */
static void repeats_remove(char *text)
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
	for (to = at = first + 4 + status_size; *at != '\0';) {
		n = at[-1] == ' ' ? repeat_length(at, first, status, status_size) : 0;
		at += n;
		if (n == 0)
			*to++ = *at++;
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
	line = text_one_line(ctx, text, strnlen(text, 2 * DIAGNOSTIC_MAX), DIAGNOSTIC_MAX);
	line = joints_open(ctx, line);
	repeats_remove(line);
	return line;
}

char *diagnostic_inner(const void *ctx, const char *text)
{
	/* Cisco IronPort (and Amazon SES of old): "5.x.0 - <category> NNN-'inner'" or "('NNN',
	 * ['inner'])". */
	const char *dash = strstr(text, " - "), *open, *close;

	if (dash == NULL || dash - text > 16)
		return talloc_strdup(ctx, text);
	open = strstr(dash, "-'");
	if (open == NULL)
		open = strstr(dash, "['");
	close = open != NULL ? strrchr(open + 2, '\'') : NULL;
	if (close == NULL || close <= open + 2)
		return talloc_strdup(ctx, text);
	return talloc_strndup(ctx, open + 2, (size_t)(close - open - 2));
}

static const struct {
	const char *word;
	const char *command;
} commands[] = {
        {"connect", "CONN"},
        {"initial connection", "CONN"},
        {"banner", "CONN"},
        {"conn", "CONN"},
        {"helo", "EHLO"},
        {"ehlo", "EHLO"},
        {"lhlo", "EHLO"},
        {"starttls", "EHLO"},
        {"auth", "EHLO"},
        {"mail", "MAIL"},
        {"rcpt", "RCPT"},
        {"data", "DATA"},
        {"end of data", "DATA"},
        {"pipelined data", "DATA"},
        {"end-of-data", "DATA"},
        {"message body", "DATA"},
        {"bdat", "DATA"},
        {"dot", "DATA"},
        {".", "DATA"},
        {"pipelined end of data", "DATA"},
        {"header", "DATA"},
};

/* How long PREFIX is, if TEXT begins with it, without case; else 0. Most texts differ in the first
 * letter. */
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
	size_t i, n;

	for (i = 0; i < sizeof commands / sizeof *commands; i++) {
		n = prefix_length(word, commands[i].word);
		if (n > 0 && n <= length && (length == n || !is_word(word[n])))
			return commands[i].command;
	}
	return NULL;
}

/* Whether the text before AT, which begins at TEXT, leads up to a command that was answered. */
static bool is_led_up_to(const char *text, const char *at)
{
	/* As Postfix, Exim of all ages, sendmail's transcript, Courier, OpenSMTPD, Haraka and
	 * Exchange say it. */
	static const char *const leads[] = {
	        "in reply to ",
	        "in reply to the ",
	        "server after ",
	        "server after pipelined ",
	        "server after initial ",
	        "mailer after ",
	        "in response to ",
	        "in response to the ",
	        "response to the ",
	        ">>> ",
	        "during the ",
	        "command sent: ",
	        "error after ",
	        "returned after ",
	        "while sending ",
	        "did not like our ",
	        "remote server for ",
	};
	size_t i, n;

	if (at == text || at[-1] != ' ')
		return false;
	for (i = 0; i < sizeof leads / sizeof *leads; i++) {
		n = strlen(leads[i]);
		if ((size_t)(at - text) >= n && prefix_length(at - n, leads[i]) > 0)
			return true;
	}
	return false;
}

const char *diagnostic_command(const char *text)
{
	const char *at = text, *command;

	while ((at = strchr(at, ' ')) != NULL) {
		at++;
		/* What leads up to a command ends in one of few letters, and few words do. */
		if (at - text < 3 || strchr("or>edl:g", at[-2]) == NULL || !is_led_up_to(text, at))
			continue;
		command = diagnostic_command_name(at, strlen(at));
		if (command != NULL)
			return command;
	}
	return NULL;
}

static bool is_host_byte(char c)
{
	return is_word(c) || c == '.' || c == '-' || c == '_' || c == ':';
}

/* The bytes of the host name at AT; 0 if there is none. */
static size_t host_length(const char *at)
{
	size_t n = 0;

	while (is_host_byte(at[n]))
		n++;
	while (n > 0 && (at[n - 1] == '.' || at[n - 1] == ':'))
		n--;
	return n > 3 && memchr(at, '.', n) != NULL ? n : 0;
}

/* The host at the start of TEXT, a line that names it and its address, `mx.example.net [192.0.2.1]
 * did not like our RCPT TO:`. */
static size_t host_at_start(const char *text)
{
	size_t length = host_length(text);

	return length > 0 && strncmp(text + length, " [", 2) == 0 ? length : 0;
}

char *diagnostic_remote(const void *ctx, const char *text)
{
	static const char *const leads[] = {"host ", "host: ", "talking to ", "connected to ",
	        "recipient domain ", "server ", "delivering to ", "by "};
	const char *at;
	size_t i, n, length = host_at_start(text);

	if (length > 0)
		return talloc_strndup(ctx, text, length);

	for (at = text; at != NULL; at = strpbrk(at, " \n"), at = at != NULL ? at + 1 : NULL)
		for (i = 0; i < sizeof leads / sizeof *leads; i++) {
			n = prefix_length(at, leads[i]);
			length = n > 0 ? host_length(at + n) : 0;
			if (length > 0)
				return talloc_strndup(ctx, at + n, length);
		}
	return NULL;
}

/* LINE behind the time at which it was written, `Wed 2026-10-14 09:12:41: `; LINE itself if there
 * is none. */
static const char *time_skip(const char *line)
{
	const char *at = line;
	size_t digits = 0;

	for (; *at != '\0' && strncmp(at, ": ", 2) != 0 && at - line < 32; at++)
		digits += is_digit(*at);
	return digits >= 4 && strncmp(at, ": ", 2) == 0 ? at + 2 : line;
}

/* What follows the first of ARROWS, a list that ends with NULL, with which LINE begins; NULL if it
 * begins with none. */
static const char *arrow_skip(const char *line, const char *const *arrows)
{
	size_t length = 0;

	line = time_skip(line);
	while (*arrows != NULL && (length = prefix_length(line, *arrows)) == 0)
		arrows++;
	return length > 0 ? line + length : NULL;
}

const char *diagnostic_client_said(const char *line)
{
	static const char *const arrows[] = {
	        ">>> ", "--> ", "=> ", "C: ", "In: ", "Sent >>> ", "Sent <<< ", NULL};
	const char *said = arrow_skip(line, arrows);

	return said != NULL || (prefix_length(line, "RCPT TO") == 0 &&
	                               prefix_length(line, "MAIL FROM") == 0)
	               ? said
	               : line;
}

const char *diagnostic_server_said(const char *line)
{
	static const char *const arrows[] = {
	        "<<< ", "<-- ", "<= ", "S: ", "Out: ", "Received <<< ", "Received >>> ", NULL};

	return arrow_skip(line, arrows);
}
