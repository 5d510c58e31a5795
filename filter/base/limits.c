#include "base/limits.h"

#include <talloc.h>

static const struct {
	enum cap cap;
	unsigned most;
	const char *what;
} caps[] = {
        {CAP_MAIL, MAIL_JUDGED_MAX, "bytes of the mail"},
        {CAP_FIELDS, HEADER_FIELDS_MAX, "header fields"},
        {CAP_PARTS, PARTS_MAX, "parts"},
        {CAP_DEPTH, PART_DEPTH_MAX, "parts within parts"},
        {CAP_NOTICE, NOTICE_MAX, "bytes of the notice"},
        {CAP_HTML, HTML_MAX, "bytes of HTML"},
        {CAP_RECIPIENTS, RECIPIENTS_MAX, "recipients"},
};

const char **cap_words(const void *ctx, unsigned set)
{
	size_t count = sizeof caps / sizeof *caps, n = 0;
	const char **words = talloc_zero_array(ctx, const char *, (unsigned)count + 1);

	for (size_t i = 0; i < count; i++)
		if (set & caps[i].cap)
			words[n++] = talloc_asprintf(words, "%u %s", caps[i].most, caps[i].what);
	return words;
}
