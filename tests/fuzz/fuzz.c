#include "fuzz.h"

#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "base/io.h"
#include "knowledge/source.h"
#include "text/text.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);

static void end(int number)
{
	(void)number;
	raise(SIGUSR1); /* libFuzzer ends, and says what it did */
}

/* End after $FUZZ_SECONDS of processor time: on a machine that does other things too, time alone says little. */
static void limit_time(void)
{
	const char *seconds = getenv("FUZZ_SECONDS");
	const struct itimerspec once = {.it_value.tv_sec = seconds != NULL ? strtol(seconds, NULL, 10) : 0};
	const struct sigaction action = {.sa_handler = end, .sa_flags = SA_RESTART};
	struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGPROF};
	timer_t timer;

	if (once.it_value.tv_sec > 0)
		CHECK(sigaction(SIGPROF, &action, NULL) == 0 && timer_create(CLOCK_PROCESS_CPUTIME_ID, &event, &timer) == 0 &&
		        timer_settime(timer, 0, &once, NULL) == 0);
}

/* What is found must not depend on who runs it. */
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc, (void)argv;
	unsetenv("XDG_CONFIG_HOME");
	unsetenv("NOTMUCH_CONFIG");
	setenv("HOME", "/nonexistent", 1);
	setenv("EMAIL", "hana@shop.example.com", 1);
	setenv("TZ", "UTC", 1);
	limit_time();
	return 0;
}

void fuzz_found(const char *promise, const char *file, int line)
{
	fprintf(stderr, "%s:%d: a promise is broken: %s\n", file, line, promise);
	abort();
}

static bool is_harmless(unsigned long c)
{
	return !((c < 0x20 && c != '\n') || (c >= 0x7f && c < 0xa0) || c == 0x61c || c == 0x200e || c == 0x200f ||
	         (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || (c >= 0xfff9 && c <= 0xfffb) ||
	         (c >= 0xe0000 && c <= 0xe007f));
}

void fuzz_check_shown(const char *text)
{
	const unsigned char *p = (const unsigned char *)text;

	CHECK(text != NULL);
	CHECK(text_is_utf8(text, strlen(text)));
	while (*p != '\0') {
		unsigned more = *p < 0x80 ? 0 : *p < 0xe0 ? 1 : *p < 0xf0 ? 2 : 3;
		unsigned long c = more == 0 ? *p : *p & (0x3fu >> more);

		for (p++; more > 0; more--)
			c = c << 6 | (*p++ & 0x3f);
		CHECK(is_harmless(c));
	}
}

/* Past the string that begins at TEXT. */
static const char *json_string(const char *text)
{
	char digits[5] = "";

	for (text++; *text != '"'; text++) {
		CHECK((unsigned char)*text >= 0x20);
		if (*text != '\\')
			continue;
		text++;
		CHECK(*text != '\0' && strchr("\"\\u", *text) != NULL);
		if (*text != 'u')
			continue;
		memcpy(digits, text + 1, 4);
		CHECK(strspn(digits, "0123456789abcdef") == 4);
		CHECK(is_harmless(strtoul(digits, NULL, 16)));
		text += 4;
	}
	return text + 1;
}

void fuzz_check_json(const char *text)
{
	char open[100];
	size_t depth = 0;

	fuzz_check_shown(text);
	while (*text != '\0') {
		if (*text == '"') {
			text = json_string(text);
			CHECK(strchr(":,]}\n", *text) != NULL && *text != '\0');
			continue;
		}
		if (*text == '{' || *text == '[') {
			CHECK(depth < sizeof open);
			open[depth++] = *text == '{' ? '}' : ']';
		} else if (*text == '}' || *text == ']')
			CHECK(depth > 0 && open[--depth] == *text);
		else if (*text == '\n')
			CHECK(depth == 0);
		else
			CHECK(strchr(",:-.0123456789truefalsn", *text) != NULL);
		text++;
	}
	CHECK(depth == 0);
}

void fuzz_check_html(const char *text)
{
	static const char *const tags[] = {"!DOCTYPE html", "html", "html lang=\"en\"", "html lang=\"ja\"", "head",
	        "meta charset=\"utf-8\"",
	        "meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\"", "title",
	        "meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"", "p class=\"turn you\"", "p class=\"turn others\"",
	        "p class=\"turn nobody\"", "style", "body", "h1", "h2", "p", "ol", "li", "br", "code", "blockquote", "dl", "dt", "dd", "mark", "b"};
	size_t i, length;

	fuzz_check_shown(text);
	for (; (text = strpbrk(text, "<&")) != NULL; text++) {
		if (*text == '&') {
			length = strspn(text + 2, "0123456789");
			CHECK(text[1] == '#' && length > 0 && text[2 + length] == ';');
			continue;
		}
		text += 1 + (text[1] == '/');
		length = strcspn(text, ">");
		for (i = 0; i < sizeof tags / sizeof *tags; i++)
			if (strlen(tags[i]) == length && strncmp(tags[i], text, length) == 0)
				break;
		CHECK(i < sizeof tags / sizeof *tags);
	}
}

struct judge *fuzz_judge(void)
{
	static struct judge *judge;

	if (judge == NULL)
		judge = judge_open(NULL, problems_new(NULL));
	return judge;
}

struct wording *fuzz_wording(const char *language)
{
	static struct wording *english, *japanese;
	struct wording **wording = strcmp(language, "ja") == 0 ? &japanese : &english;

	if (*wording == NULL)
		*wording = wording_open(NULL, language, problems_new(NULL));
	return *wording;
}

struct source fuzz_source(const void *ctx, const char *name, const char *text, size_t size)
{
	char *copy = talloc_size(ctx, size + 1);

	memcpy(copy, text, size);
	copy[size] = '\0';
	return (struct source){.name = name, .text = copy, .length = size, .user = true};
}

struct source fuzz_embedded(const char *name)
{
	size_t i = 0;

	while (i < embedded_files_count && strcmp(embedded_files[i].name, name) != 0)
		i++;
	CHECK(i < embedded_files_count);
	return embedded_files[i];
}

struct fuzz_pair fuzz_pair(const uint8_t *data, size_t size)
{
	const char *bytes = (const char *)data, *end = bytes + size, *nul = size > 0 ? memchr(bytes, '\0', size) : NULL;

	if (nul == NULL)
		return (struct fuzz_pair){bytes, end, size, 0};
	return (struct fuzz_pair){bytes, nul + 1, (size_t)(nul - bytes), (size_t)(end - nul - 1)};
}

char *fuzz_part(const void *ctx, const uint8_t **data, size_t *size)
{
	struct fuzz_pair pair = fuzz_pair(*data, *size);

	*data = (const uint8_t *)pair.second;
	*size = pair.second_size;
	return talloc_strndup(ctx, pair.first, pair.first_size);
}

static char scratch[PATH_MAX];

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *walk)
{
	(void)st, (void)type, (void)walk;
	return remove(path);
}

static void remove_scratch(void)
{
	nftw(scratch, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

const char *fuzz_scratch(void)
{
	const char *folder = getenv("TMPDIR");

	if (scratch[0] == '\0') {
		snprintf(scratch, sizeof scratch, "%s/fuzz-XXXXXX", folder != NULL ? folder : "/tmp");
		CHECK(mkdtemp(scratch) != NULL && atexit(remove_scratch) == 0);
	}
	return scratch;
}

void fuzz_write(const char *path, const char *bytes, size_t length)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	CHECK(fd >= 0 && io_write(fd, bytes, length) == STATUS_OK);
	close(fd);
}

char *fuzz_read(const void *ctx, const char *path, size_t *length)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char *bytes;

	if (fd < 0)
		return NULL;
	CHECK(io_read_all(ctx, fd, SIZE_MAX - 1, &bytes, length) == STATUS_OK);
	close(fd);
	return bytes;
}
