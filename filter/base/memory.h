/* What becomes of a program that gets no memory: it never goes on with half of what it needs, for then its answer would be wrong. It ends, with the word and
 * the exit status for that.
 *
 * The Makefile puts this header before every file. None of talloc's functions comes back without memory, so nobody has to ask whether it did; what is built
 * on libraries that report it (libxml2, iconv) calls memory_out(). */
#ifndef MEMORY_H
#define MEMORY_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <talloc.h>

/* Whether the sanitizers are at work, which look at memory and processes in ways of their own. */
#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif

/* There is none. Does not come back. */
_Noreturn void memory_out(void);

/* What is done then, from now on; it must not come back either. Without it, the program is aborted. */
void memory_on_out(void (*end)(void));

static inline void *memory_got(void *memory)
{
	if (memory == NULL)
		memory_out();
	return memory;
}

/* For those that give NULL if they are asked for nothing. */
static inline void *memory_got_if(bool wanted, void *memory)
{
	return wanted ? memory_got(memory) : memory;
}

static inline char *memory_strdup(const void *ctx, const char *text)
{
	return memory_got_if(text != NULL, talloc_strdup(ctx, text));
}

static inline char *memory_strndup(const void *ctx, const char *text, size_t most)
{
	return memory_got_if(text != NULL, talloc_strndup(ctx, text, most));
}

static inline char *memory_strdup_append(char *text, const char *more)
{
	return memory_got_if(text != NULL || more != NULL, talloc_strdup_append_buffer(text, more));
}

static inline char *memory_strndup_append(char *text, const char *more, size_t most)
{
	return memory_got_if(text != NULL || more != NULL, talloc_strndup_append_buffer(text, more, most));
}

static inline void *memory_realloc(const void *ctx, void *old, size_t size)
{
	return memory_got_if(size > 0, talloc_realloc_size(ctx, old, size));
}

static inline void *memory_realloc_array(const void *ctx, void *old, size_t size, unsigned count, const char *name)
{
	return memory_got_if(count > 0, _talloc_realloc_array(ctx, old, size, count, name));
}

#define talloc_strdup memory_strdup
#define talloc_strndup memory_strndup
#define talloc_strdup_append_buffer memory_strdup_append
#define talloc_strndup_append_buffer memory_strndup_append
#define talloc_asprintf(...) ((char *)memory_got(talloc_asprintf(__VA_ARGS__)))
#define talloc_vasprintf(...) ((char *)memory_got(talloc_vasprintf(__VA_ARGS__)))
#define talloc_asprintf_append_buffer(...) ((char *)memory_got(talloc_asprintf_append_buffer(__VA_ARGS__)))
#define talloc_vasprintf_append(...) ((char *)memory_got(talloc_vasprintf_append(__VA_ARGS__)))
#define talloc_vasprintf_append_buffer(...) ((char *)memory_got(talloc_vasprintf_append_buffer(__VA_ARGS__)))
#if SANITIZED
/* A pool is one piece to the sanitizer: it would not see who reads from one thing in it into the next. */
#define talloc_pool(ctx, size) memory_got(((void)(size), talloc_named_const(ctx, 0, __location__)))
#else
#define talloc_pool(ctx, size) memory_got(talloc_pool(ctx, size))
#endif

/* These are macros of talloc's own. */
#undef talloc_size
#undef talloc_steal
#undef talloc_new
#undef talloc_zero
#undef talloc_zero_size
#undef talloc_memdup
#undef talloc_array
#undef talloc_array_size
#undef talloc_zero_array
#undef talloc_realloc
#undef talloc_realloc_size
#define talloc_size(ctx, size) memory_got(talloc_named_const(ctx, size, __location__))
#define talloc_new(ctx) memory_got(talloc_named_const(ctx, 0, __location__))
#define talloc_zero(ctx, type) ((type *)memory_got(_talloc_zero(ctx, sizeof(type), #type)))
#define talloc_zero_size(ctx, size) memory_got(_talloc_zero(ctx, size, __location__))
#define talloc_memdup(ctx, from, size) memory_got_if((from) != NULL, _talloc_memdup(ctx, from, size, __location__))
#define talloc_array(ctx, type, count) ((type *)memory_got(_talloc_array(ctx, sizeof(type), count, #type)))
#define talloc_array_size(ctx, size, count) memory_got(_talloc_array(ctx, size, count, __location__))
#define talloc_zero_array(ctx, type, count) ((type *)memory_got(_talloc_zero_array(ctx, sizeof(type), count, #type)))
#define talloc_realloc(ctx, old, type, count) ((type *)memory_realloc_array(ctx, old, sizeof(type), count, #type))
#define talloc_realloc_size(ctx, old, size) memory_realloc(ctx, old, size)

/* talloc's own is a statement expression, which ISO C does not have. */
#define talloc_steal(ctx, pointer) _talloc_steal_loc(ctx, pointer, __location__)

#endif
