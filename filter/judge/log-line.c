#include "judge/log-line.h"

#include <ctype.h>
#include <glib.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>

#include "judge/diagnostic.h"
#include "mail/address.h"

/* What a line says about one delivery. NULL: not said. */
struct log_entry {
	const char *address, *host, *said;
	bool delayed;
};

/* Returns the text between KEY and the first of the characters ENDS (or the end of the line), owned
 * by CTX; NULL if no word in LINE begins with KEY. */
static char *log_value(const void *ctx, const char *line, const char *key, const char *ends)
{
	const char *at = line;

	while ((at = strstr(at, key)) != NULL && at > line && !isspace((unsigned char)at[-1]) &&
	        at[-1] != ',')
		at++;
	if (at == NULL)
		return NULL;
	at += strlen(key);
	return talloc_strndup(ctx, at, strcspn(at, ends));
}

/* Postfix: to=<a@b>, relay=mx[192.0.2.1]:25, …, dsn=5.1.1, status=bounced (host mx[192.0.2.1] said:
 * 550 … (in reply to RCPT TO command)) */
static bool read_postfix(const void *ctx, const char *line, struct log_entry *entry)
{
	const char *status = strstr(line, " status="),
	           *words = status != NULL ? strchr(status, '(') : NULL;
	size_t length;

	if (words == NULL || strstr(line, " relay=") == NULL)
		return false;
	status += strlen(" status=");
	if (strncmp(status, "bounced", 7) != 0 && strncmp(status, "deferred", 8) != 0)
		return true;
	length = strlen(++words);
	while (length > 0 && isspace((unsigned char)words[length - 1]))
		length--;
	entry->said = talloc_strndup(ctx, words, length - (length > 0 && words[length - 1] == ')'));
	entry->delayed = status[0] == 'd';
	entry->address = log_value(ctx, line, "to=<", ">");
	entry->host = log_value(ctx, line, "relay=", "[, ");
	return true;
}

/* Exim: 1abcde-000001-2X ** a@b <c@d> R=dnslookup T=remote_smtp H=mx [192.0.2.1] …: SMTP error …:
 * 550 …; == instead of ** for a delay. */
static bool read_exim(const void *ctx, const char *line, struct log_entry *entry)
{
	const char *failed = strstr(line, " ** "), *delayed = strstr(line, " == "),
	           *at = failed != NULL ? failed : delayed, *words;

	if (at == NULL || (strstr(at, " R=") == NULL && strstr(at, ": ") == NULL))
		return false;
	at += 4;
	entry->address = talloc_strndup(ctx, at, strcspn(at, " :"));
	entry->host = log_value(ctx, at, "H=", " [:");
	words = failed == NULL ? strstr(at, " defer (") : NULL;
	words = strstr(words != NULL ? words : at, ": ");
	entry->said = words != NULL ? words + 2 : NULL;
	entry->delayed = failed == NULL;
	return true;
}

/* sendmail: to=<a@b>, …, relay=mx. [192.0.2.1], dsn=5.1.1, reply=550 …, stat=User unknown */
static bool read_sendmail(const void *ctx, const char *line, struct log_entry *entry)
{
	const char *stat = strstr(line, " stat=");
	char *reply;

	if (stat == NULL || strstr(line, " mailer=") == NULL)
		return false;
	stat += strlen(" stat=");
	if (strncmp(stat, "Sent", 4) == 0 || strncmp(stat, "queued", 6) == 0)
		return true;
	reply = log_value(ctx, line, "reply=", "");
	entry->said = stat;
	if (reply != NULL)
		entry->said = talloc_strndup(
		        ctx, reply, strlen(reply) - strlen(stat) - strlen(", stat="));
	else if (log_value(ctx, line, "dsn=", ", ") != NULL)
		entry->said =
		        talloc_asprintf(ctx, "%s %s", log_value(ctx, line, "dsn=", ", "), stat);
	entry->delayed = strncmp(stat, "Deferred", 8) == 0;
	entry->address = log_value(ctx, line, "to=", ", ");
	entry->host = log_value(ctx, line, "relay=", " [,");
	return true;
}

/* OpenSMTPD: … mta delivery evpid=… from=<c@d> to=<a@b> rcpt=<-> … relay="192.0.2.1 (mx)" …
 * result="PermFail" stat="550 …" */
static bool read_opensmtpd(const void *ctx, const char *line, struct log_entry *entry)
{
	const char *result = strstr(line, " result=\"");

	if (result == NULL || strstr(line, " stat=\"") == NULL)
		return false;
	result += strlen(" result=\"");
	if (strncmp(result, "PermFail", 8) != 0 && strncmp(result, "TempFail", 8) != 0)
		return true;
	entry->said = log_value(ctx, line, "stat=\"", "\"");
	entry->delayed = result[0] == 'T';
	entry->address = log_value(ctx, line, "to=<", ">");
	entry->host = log_value(ctx, line, "relay=\"", "\"");
	if (entry->host != NULL && strchr(entry->host, '(') != NULL)
		entry->host = talloc_strndup(ctx, strchr(entry->host, '(') + 1,
		        strcspn(strchr(entry->host, '(') + 1, ")"));
	return true;
}

/* msmtp's logfile: host=smtp.b … recipients=a@b,c@d smtpstatus=550 smtpmsg='550 …' errormsg='…'
 * exitcode=EX_UNAVAILABLE */
static bool read_msmtp(const void *ctx, const char *line, struct log_entry *entry)
{
	char *words;

	if (strstr(line, " exitcode=") == NULL || strstr(line, " recipients=") == NULL)
		return false;
	if (strstr(line, " exitcode=EX_OK") != NULL)
		return true;
	words = log_value(ctx, line, "smtpmsg='", "'");
	entry->said = words != NULL ? words : log_value(ctx, line, "errormsg='", "'");
	entry->address = log_value(ctx, line, "errormsg='recipient address ", " '");
	if (entry->address == NULL)
		entry->address = log_value(ctx, line, "recipients=", ", ");
	entry->host = log_value(ctx, line, "host=", " ");
	return true;
}

/* qmail: "starting delivery 7: msg 8 to remote a@b", then "delivery 7: failure:
 * 192.0.2.1_does_not_like_recipient./Remote_host_said:_550_…/" */
static bool read_qmail(const void *ctx, const char *line, struct log_deliveries *deliveries,
        struct log_entry *entry)
{
	const char *at = strstr(line, "delivery "),
	           *to = at != NULL ? strstr(at, " to remote ") : NULL, *failure, *delay;
	struct log_delivery *delivery;
	unsigned long number;
	char *said;

	if (at == NULL || !isdigit((unsigned char)at[strlen("delivery ")]))
		return false;
	number = strtoul(at + strlen("delivery "), NULL, 10);
	delivery = &deliveries->list[number % LOG_DELIVERIES];
	if (to != NULL) {
		to += strlen(" to remote ");
		talloc_free(delivery->address);
		*delivery = (struct log_delivery){
		        number, talloc_strndup(deliveries, to, strcspn(to, " \t\r"))};
	}
	failure = strstr(at, ": failure: ");
	delay = strstr(at, ": deferral: ");
	if (failure == NULL && delay == NULL)
		return true;
	entry->said = said = talloc_strdup(ctx,
	        failure != NULL ? failure + strlen(": failure: ") : delay + strlen(": deferral: "));
	for (; *said != '\0'; said++)
		if (*said == '_' || *said == '/')
			*said = ' ';
	entry->delayed = failure == NULL;
	entry->address = delivery->number == number ? delivery->address : NULL;
	return true;
}

/* Reads a server's reply alone, about the address in its angle brackets. Among lines of a log, it
 * must have a code. */
static void read_reply(const void *ctx, const char *line, const struct log_deliveries *deliveries,
        struct log_entry *entry)
{
	const char *start;
	size_t length;

	if (deliveries != NULL && diagnostic_reply(line) == 0 && !diagnostic_begins(line))
		return;
	entry->said = line;
	entry->delayed = line[strspn(line, " \t")] == '4';
	for (const char *at = line; entry->address == NULL && (at = strchr(at, '<')) != NULL; at++)
		if (address_scan(at, &start, &length) > 0)
			entry->address = talloc_strndup(ctx, start, length);
}

static struct log_entry log_line_read(
        const void *ctx, const char *line, struct log_deliveries *deliveries)
{
	static bool (*const readers[])(
	        const void *ctx, const char *line, struct log_entry *entry) = {
	        read_postfix, read_sendmail, read_opensmtpd, read_msmtp, read_exim};
	struct log_entry entry = {NULL, NULL, NULL, false};

	if (deliveries != NULL && read_qmail(ctx, line, deliveries, &entry))
		return entry;
	for (size_t i = 0; i < G_N_ELEMENTS(readers); i++)
		if (readers[i](ctx, line, &entry))
			return entry;
	read_reply(ctx, line, deliveries, &entry);
	return entry;
}

char *log_line_status(const void *ctx, const char *line, struct log_deliveries *deliveries)
{
	void *scratch = talloc_new(ctx);
	struct log_entry entry = log_line_read(
	        scratch, g_strdelimit(talloc_strdup(scratch, line), "\r\n", ' '), deliveries);
	char *report = NULL;

	if (entry.said != NULL && entry.said[strspn(entry.said, " \t\r")] != '\0')
		report = talloc_asprintf(ctx,
		        "Reporting-MTA: dns;\n\nFinal-Recipient: rfc822; %s\nAction: "
		        "%s\nRemote-MTA: dns; %s\nDiagnostic-Code: smtp; %s\n",
		        entry.address != NULL ? entry.address : "",
		        entry.delayed ? "delayed" : "failed", entry.host != NULL ? entry.host : "",
		        entry.said);
	talloc_free(scratch);
	return report;
}

char *log_status_as_mail(const void *ctx, const char *body, size_t length)
{
	return talloc_asprintf(ctx,
	        "MIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; "
	        "boundary=\"=_notmuch-bounce\"\n\n--=_notmuch-bounce\nContent-Type: "
	        "message/delivery-status\n\n%.*s\n--=_notmuch-bounce--\n",
	        (int)length, body);
}
