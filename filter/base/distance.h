/* How easily a slip of the fingers makes one word of another. */
#ifndef DISTANCE_H
#define DISTANCE_H

/* Cost of each kind of slip: the likelier, the lower. */
enum distance_cost {
	DISTANCE_SEPARATOR = 4, /* one of . - _ , for another, missing, or too many */
	DISTANCE_TWICE = 5,     /* a letter twice, or a double one once */
	DISTANCE_SWAPPED = 6,   /* two that changed places */
	DISTANCE_BESIDE = 7,    /* the key beside */
	DISTANCE_ALIKE = 6,     /* what looks alike: 0 and o, 1 and l or i */
	DISTANCE_STRAY = 7,     /* one too many, whose key lies beside that of a neighbour */
	DISTANCE_DROPPED = 8,   /* one missing */
	DISTANCE_EXTRA = 9,     /* one too many */
	DISTANCE_OTHER = 10,    /* any other letter */
	/* added to these at the beginning, where people look, and for one more or less at the end,
	 * where names vary */
	DISTANCE_EDGE = 2,
	DISTANCE_FAR = 1000, /* not a slip */
};

/* Returns the cost of the slips that turn MEANT into TYPED (Damerau-Levenshtein, optimal string
 * alignment): 0 if they are the same but for the case of ASCII letters, DISTANCE_FAR if it exceeds
 * LIMIT or one is longer than a domain can be. Digits and non-ASCII characters must be the same. */
unsigned distance(const char *typed, const char *meant, unsigned limit);

#endif
