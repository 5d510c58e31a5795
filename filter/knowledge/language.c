#include "knowledge/language.h"

#include <stdlib.h>
#include <string.h>

#include "text/utf8.h"

/* The one of CHOICES that LOCALE, `ja` or `ja_JP.UTF-8`, asks for; NULL: none. */
static const char *find(const char *locale, const char *const *choices)
{
	size_t length = strcspn(locale, "_-.@");

	for (; *choices != NULL; choices++)
		if (strncmp(*choices, locale, length) == 0 && (*choices)[length] == '\0')
			return *choices;
	return NULL;
}

const char *language_choose(const char *option, const char *setting, const char *const *choices)
{
	static const char *const variables[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
	const char *wanted = option != NULL ? option : setting, *found;
	size_t i;

	/* Only the first that is set counts: LC_ALL=C asks for English, whatever LANG is. */
	for (i = 0; wanted == NULL && i < sizeof variables / sizeof *variables; i++) {
		wanted = getenv(variables[i]);
		if (wanted != NULL && wanted[0] == '\0')
			wanted = NULL;
	}
	found = wanted != NULL && wanted[0] != '\0' ? find(wanted, choices) : NULL;
	return found != NULL ? found : "en";
}

bool language_is_among(const char *language, const char *const *choices)
{
	return find(language, choices) != NULL;
}

const char *language_of(const char *text)
{
	const char *end = text != NULL ? text + strlen(text) : NULL, *found = NULL;
	uint32_t c = 0;

	for (; text != NULL && text < end; text++) {
		if (utf8_decode(text, end, &c) == 0)
			continue;
		if (c >= 0x3041 && c <= 0x30FF)
			return "ja"; /* kana: nobody else has it */
		if ((c >= 0xAC00 && c <= 0xD7A3) || (c >= 0x1100 && c <= 0x11FF))
			return "ko";
		if (c >= 0x4E00 && c <= 0x9FFF)
			found = "zh"; /* unless kana follows */
	}
	return found;
}
