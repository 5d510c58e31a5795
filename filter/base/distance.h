/* How easily a slip of the fingers makes one word of another. */
#ifndef DISTANCE_H
#define DISTANCE_H

/* What slips cost: the likelier, the less. */
enum distance_cost {
	DISTANCE_SEPARATOR = 4, /* one of . - _ , for another, missing, or too many */
	DISTANCE_TWICE = 5,     /* a letter twice, or a double one once */
	DISTANCE_SWAPPED = 6,   /* two that changed places */
	DISTANCE_BESIDE = 7,    /* the key beside */
	DISTANCE_ALIKE = 6,     /* what looks alike: 0 and o, 1 and l or i */
	DISTANCE_STRAY = 7,     /* one too many, the key beside that of a neighbour */
	DISTANCE_DROPPED = 8,   /* one missing */
	DISTANCE_EXTRA = 9,     /* one too many */
	DISTANCE_OTHER = 10,    /* any other letter */
	DISTANCE_EDGE =
	        2, /* besides, at the beginning, where people look, and for one more or less at the end, where names vary */
	DISTANCE_FAR = 1000, /* no slip */
};

/* What the slips cost that make TYPED of MEANT (Damerau-Levenshtein, optimal string alignment); 0: the same; DISTANCE_FAR if that is more than LIMIT, or one
 * of them is very long. The case of ASCII letters does not count. A digit is never a slip for another or for none, nor is anything that is not ASCII. */
unsigned distance(const char *typed, const char *meant, unsigned limit);

#endif
