/* SPDX-License-Identifier: ISC */
/*
 * Memory: allocation that never fails (the process aborts; state is in the
 * store and the supervisor restarts it), cleanup attributes, and arenas.
 * Sizes that come from outside are limited before they reach these functions.
 */
#ifndef BASE_MEM_H
#define BASE_MEM_H

#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

void *au_xmalloc(size_t size);
void *au_xcalloc(size_t count, size_t size); /* aborts on overflow of count * size */
void *au_xrealloc(void *old, size_t count, size_t size);
char *au_xstrdup(const char *text);           /* NULL gives NULL */
char *au_xstrndup(const char *text, size_t len);
char *au_xasprintf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Locals that own something: AU_CLEANUP(au_freep) char *text = NULL; */
#define AU_CLEANUP(fn) __attribute__((cleanup(fn)))
void au_freep(void *pointer_to_pointer);

#define AU_COUNT(array) (sizeof(array) / sizeof((array)[0]))

/*
 * An arena frees everything at once: one per HTTP request, reconcile chunk or
 * worker call.  Never for secrets.  Results are aligned for any type.
 */
struct au_arena;

struct au_arena *au_arena_new(void);
void au_arena_free(struct au_arena *arena); /* NULL is fine */
void au_arena_freep(struct au_arena **arena);
void *au_arena_alloc(struct au_arena *arena, size_t size); /* zeroed */
char *au_arena_strdup(struct au_arena *arena, const char *text); /* NULL gives NULL */
char *au_arena_strndup(struct au_arena *arena, const char *text, size_t len);
char *au_arena_printf(struct au_arena *arena, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Run fn(object) when the arena is freed (for example json_decref); last registered runs first. */
void au_arena_defer(struct au_arena *arena, void (*fn)(void *), void *object);

#endif
