/* A survey in the words of a language: lines for a terminal, a page, or rows for programs. */
#ifndef SURVEY_PRINT_H
#define SURVEY_PRINT_H

#include "after/survey.h"
#include "knowledge/wording.h"

struct survey_style {
	const enum survey_by *by; /* which counts, in this order */
	size_t by_count;
	size_t width; /* columns of the terminal */
};

/* What the options call it: reason domain server week sender address. */
const char *survey_by_name(enum survey_by by);

/* All owned by CTX. */
char *survey_text(const void *ctx, const struct survey *survey, struct wording *wording,
        const struct survey_style *style);
char *survey_page(const void *ctx, const struct survey *survey, struct wording *wording,
        const struct survey_style *style);
char *survey_csv(const void *ctx, const struct survey *survey, struct wording *wording,
        const struct survey_style *style);
char *survey_json(const void *ctx, const struct survey *survey, struct wording *wording,
        const struct survey_style *style);

#endif
