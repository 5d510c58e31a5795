/* When there is no memory, the program ends with a message and exit status 75, because an answer
 * from half of the data would be wrong. The Makefile includes this header before every file, which
 * so has strings, bool, size_t and talloc without asking for them: talloc's functions then never
 * return NULL for want of memory, and callers don't check. Code that uses a library which reports
 * it (libxml2, iconv) calls memory_out(). */
#ifndef MEMORY_H
#define MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <talloc.h>

/* 1 if built with the address sanitizer. */
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

_Noreturn void memory_out(void);

/* Sets what memory_out() calls, which must not return. Without it memory_out() aborts. */
void memory_on_out(void (*end)(void));

static inline void *memory_got(void *memory)
{
	if (memory == NULL)
		memory_out();
	return memory;
}

/* The same for functions that return NULL when asked for nothing: then MEMORY may be NULL. */
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

static inline void *memory_realloc(const void *ctx, void *old, size_t size)
{
	return memory_got_if(size > 0, talloc_realloc_size(ctx, old, size));
}

static inline void *memory_realloc_array(
        const void *ctx, void *old, size_t size, unsigned count, const char *name)
{
	return memory_got_if(count > 0, _talloc_realloc_array(ctx, old, size, count, name));
}

#define talloc_strdup memory_strdup
#define talloc_strndup memory_strndup
#define talloc_strdup_append_buffer memory_strdup_append
#define talloc_asprintf(...) ((char *)memory_got(talloc_asprintf(__VA_ARGS__)))
#define talloc_vasprintf(...) ((char *)memory_got(talloc_vasprintf(__VA_ARGS__)))
#define talloc_asprintf_append_buffer(...)                                                         \
	((char *)memory_got(talloc_asprintf_append_buffer(__VA_ARGS__)))
#define talloc_vasprintf_append(...) ((char *)memory_got(talloc_vasprintf_append(__VA_ARGS__)))
#if SANITIZED
/* No pools: within one, the sanitizer would not see an access beyond the end of an object. */
#define talloc_pool(ctx, size) memory_got(((void)(size), talloc_named_const(ctx, 0, __location__)))
#else
#define talloc_pool(ctx, size) memory_got(talloc_pool(ctx, size))
#endif

static inline void memory_free_at(void *at)
{
	void *memory;

	memcpy(&memory, at, sizeof memory);
	talloc_free(memory);
}

/* Before the declaration of one variable: what talloc gave it is freed when its block ends. */
#define SCOPED __attribute__((cleanup(memory_free_at)))

/* These are macros of talloc's own. */
#undef talloc_size
#undef talloc_steal
#undef talloc_new
#undef talloc_zero
#undef talloc_zero_size
#undef talloc_memdup
#undef talloc_array
#undef talloc_zero_array
#undef talloc_realloc
#undef talloc_realloc_size
#define talloc_size(ctx, size) memory_got(talloc_named_const(ctx, size, __location__))
#define talloc_new(ctx) memory_got(talloc_named_const(ctx, 0, __location__))
#define talloc_zero(ctx, type) ((type *)memory_got(_talloc_zero(ctx, sizeof(type), #type)))
#define talloc_zero_size(ctx, size) memory_got(_talloc_zero(ctx, size, __location__))
#define talloc_memdup(ctx, from, size)                                                             \
	memory_got_if((from) != NULL, _talloc_memdup(ctx, from, size, __location__))
#define talloc_array(ctx, type, count)                                                             \
	((type *)memory_got(_talloc_array(ctx, sizeof(type), count, #type)))
#define talloc_zero_array(ctx, type, count)                                                        \
	((type *)memory_got(_talloc_zero_array(ctx, sizeof(type), count, #type)))
#define talloc_realloc(ctx, old, type, count)                                                      \
	((type *)memory_realloc_array(ctx, old, sizeof(type), count, #type))
#define talloc_realloc_size(ctx, old, size) memory_realloc(ctx, old, size)

/* talloc's own is a statement expression, which is not ISO C. */
#define talloc_steal(ctx, pointer) _talloc_steal_loc(ctx, pointer, __location__)

#endif
