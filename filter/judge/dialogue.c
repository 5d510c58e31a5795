#include "judge/dialogue.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>
#include <talloc.h>

static bool is_word(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
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

/* Whether TEXT begins with PREFIX, without case. Most texts differ in the first letter. */
static bool begins(const char *text, const char *prefix, size_t length)
{
	return (*text | 0x20) == (*prefix | 0x20) && strncasecmp(text, prefix, length) == 0;
}

const char *dialogue_command_name(const char *word, size_t length)
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
static bool is_led_up_to(const char *text, const char *at)
{
	/* As Postfix, Exim of all ages, sendmail's transcript, Courier, OpenSMTPD, Haraka and Exchange say it. */
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
	};
	size_t i, n;

	if (at == text || at[-1] != ' ')
		return false;
	for (i = 0; i < sizeof leads / sizeof *leads; i++) {
		n = strlen(leads[i]);
		if ((size_t)(at - text) >= n && begins(at - n, leads[i], n))
			return true;
	}
	return false;
}

const char *dialogue_command(const char *text)
{
	const char *at = text, *command;

	while ((at = strchr(at, ' ')) != NULL) {
		at++;
		/* What leads up to a command ends in one of few letters, and few words do. */
		if (at - text < 3 || strchr("or>edl:g", at[-2]) == NULL || !is_led_up_to(text, at))
			continue;
		command = dialogue_command_name(at, strlen(at));
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

char *dialogue_remote(const void *ctx, const char *text)
{
	static const char *const leads[] = {
	        "host ", "talking to ", "connected to ", "recipient domain ", "server ", "delivering to ", "by "};
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
