#include "explain/counterpart.h"

#include <string.h>
#include <talloc.h>

#include "index/properties.h"

char *counterpart_term(const void *ctx, struct mail *mail)
{
	const char *kind = mail_has_tag(mail, TAG_BOUNCE) ? "tag:bounce" : "not tag:bounce",
	           *thread = mail_thread(mail);
	long long date = (long long)mail_date(mail);

	if (thread == NULL || thread[strspn(thread, "0123456789abcdef")] != '\0')
		return NULL;
	/* Its thread, its date, and whether it is a bounce tell a mail as well as its id does. */
	if (date < 0)
		return talloc_asprintf(ctx, "(thread:%s and %s)", thread, kind);
	return talloc_asprintf(
	        ctx, "(thread:%s and date:@%lld..@%lld and %s)", thread, date, date, kind);
}

void counterpart_add(const void *ctx, struct counterparts *counterparts, struct mail *mail)
{
	if (counterparts->count < COUNTERPARTS_MAX)
		counterparts->list[counterparts->count++] =
		        (struct counterpart){counterpart_term(ctx, mail), mail_files(ctx, mail)[0]};
}
