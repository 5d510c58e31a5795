#include "index/marks.h"

#include <talloc.h>

#include "base/list.h"

/* Whether the user took off any tag of OURS that MAIL is to have. */
static bool was_taken_off(struct mail *mail, const char *const *ours)
{
	for (; *ours != NULL; ours++)
		if (!mail_has_tag(mail, *ours))
			return true;
	return false;
}

static void mark(struct mail *mail, const char *tag, enum marks_why why)
{
	if (mail_has_tag(mail, tag) && why != MARKS_DELIVERED)
		return; /* the user's own */
	mail_add_tag(mail, tag);
	mail_add_value(mail, MARK_PROPERTY, tag);
}

void marks_apply(struct mail *mail, const char *const *wanted, enum marks_why why)
{
	const char *const *ours = (const char *const *)mail_values(NULL, mail, MARK_PROPERTY);
	bool taken_off = why == MARKS_AGAIN && was_taken_off(mail, ours);
	size_t i;

	for (i = 0; ours[i] != NULL; i++)
		if (!list_has(wanted, ours[i])) {
			if (why == MARKS_AGAIN && !mail_has_tag(mail, ours[i]))
				continue; /* the user took it off: not to be forgotten, or others would come the next time */
			mail_remove_tag(mail, ours[i]);
			mail_remove_value(mail, MARK_PROPERTY, ours[i]);
		} else if (why != MARKS_AGAIN)
			mail_add_tag(mail, ours[i]);
	for (i = 0; wanted[i] != NULL && !taken_off; i++)
		if (!list_has(ours, wanted[i]))
			mark(mail, wanted[i], why);
	talloc_free((void *)ours);
}
