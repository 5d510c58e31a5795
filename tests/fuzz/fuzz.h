/* What the fuzzing targets share. Each target is one file and one program: it gives the bytes that libFuzzer chose to one part of notmuch-bounce, and
 * ends where a promise of that part's header is broken. `make fuzz` builds and runs them; see tests/README.md. */
#ifndef FUZZ_H
#define FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>

#include "judge/judge.h"
#include "knowledge/source.h"
#include "knowledge/wording.h"

/* libFuzzer calls it with SIZE bytes that are nobody else's: one byte too far is seen. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* PROMISE holds, or this is a finding. */
#define CHECK(promise) ((promise) ? (void)0 : fuzz_found(#promise, __FILE__, __LINE__))
void fuzz_found(const char *promise, const char *file, int line) __attribute__((noreturn));

/* TEXT may be shown to a person: UTF-8 without controls (newlines excepted), bidi controls, tag characters. */
void fuzz_check_shown(const char *text);

/* TEXT is JSON values, one a line, that may be shown, also once their \u escapes are read. */
void fuzz_check_json(const char *text);

/* TEXT is a page that may be shown, and all its tags are those of explain-html.c. */
void fuzz_check_html(const char *text);

/* Our own rules and formats, opened once. */
struct judge *fuzz_judge(void);

/* The words of LANGUAGE, `en` or `ja`, opened once. */
struct wording *fuzz_wording(const char *language);

/* One user's file NAME that holds SIZE bytes of TEXT, which becomes a string of its own as in source_open(). */
struct source fuzz_source(const void *ctx, const char *name, const char *text, size_t size);

/* The file NAME of share/. */
struct source fuzz_embedded(const char *name);

/* An input of two parts, the second behind the first NUL; the second is empty if there is none. */
struct fuzz_pair {
	const char *first, *second;
	size_t first_size, second_size;
};

struct fuzz_pair fuzz_pair(const uint8_t *data, size_t size);

/* What stands up to the next NUL as a string owned by CTX, *DATA and *SIZE then being behind it; "" when there is nothing left. */
char *fuzz_part(const void *ctx, const uint8_t **data, size_t *size);

/* A folder for nobody but this run, in $TMPDIR, which goes away with the process if it ends well. */
const char *fuzz_scratch(void);

/* Write LENGTH bytes as the file at PATH; read it whole, owned by CTX (NULL: it isn't there). */
void fuzz_write(const char *path, const char *bytes, size_t length);
char *fuzz_read(const void *ctx, const char *path, size_t *length);

#endif
