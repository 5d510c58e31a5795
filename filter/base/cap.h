/* Which caps of limits.h were reached in reading a mail. */
#ifndef CAP_H
#define CAP_H

/* Bits of a set. */
enum cap {
	CAP_MAIL = 1,
	CAP_FIELDS = 2,
	CAP_PARTS = 4,
	CAP_DEPTH = 8,
	CAP_NOTICE = 16,
	CAP_HTML = 32,
	CAP_RECIPIENTS = 64,
};

/* Returns the caps in SET as words ("500 parts"), NULL-terminated, owned by CTX. */
const char **cap_words(const void *ctx, unsigned set);

#endif
