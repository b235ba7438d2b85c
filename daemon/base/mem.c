/* SPDX-License-Identifier: ISC */
/*
 * Allocation that never fails, and arenas: a chain of blocks that is only ever
 * extended and freed as a whole.
 */
#include "base/mem.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* The arena and its first block are one piece, which malloc gives from what it keeps at hand (up to 1032 bytes). */
#define FIRST_BLOCK 928
#define LARGEST_BLOCK (64 * 1024)
#define ALIGNMENT _Alignof(max_align_t)

/* With the address sanitizer each piece gets a block of its own, so that running past one is seen. */
#ifdef __SANITIZE_ADDRESS__
#define ROOM(size) (size)
#define FIRST_SIZE 0
#define BLOCK_SIZE(room, usual) (room)
#else
#define ROOM(size) (((size) + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT)
#define FIRST_SIZE FIRST_BLOCK
#define BLOCK_SIZE(room, usual) ((room) > (usual) ? (room) : (usual))
#endif

struct block {
	struct block *previous;
	size_t used, size;
	_Alignas(max_align_t) unsigned char data[];
};

struct deferred {
	struct deferred *previous;
	void (*fn)(void *);
	void *object;
};

struct au_arena {
	struct block *newest;
	struct deferred *last;
	size_t usual_block;
	struct block first;
};

static void __attribute__((noreturn)) out_of_memory(size_t size)
{
	fprintf(stderr, "out of memory (%zu bytes wanted)\n", size);
	abort();
}

void *
au_xmalloc(size_t size)
{
	void *p = malloc(size > 0 ? size : 1);

	if (p == NULL)
		out_of_memory(size);
	return p;
}

void *
au_xcalloc(size_t count, size_t size)
{
	void *p = calloc(count > 0 ? count : 1, size > 0 ? size : 1);

	if (p == NULL)
		out_of_memory(count);
	return p;
}

void *
au_xrealloc(void *old, size_t count, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(count, size, &bytes))
		out_of_memory(SIZE_MAX);
	void *p = realloc(old, bytes > 0 ? bytes : 1);
	if (p == NULL)
		out_of_memory(bytes);
	return p;
}

char *
au_xstrdup(const char *text)
{
	return text != NULL ? au_xstrndup(text, strlen(text)) : NULL;
}

char *
au_xstrndup(const char *text, size_t len)
{
	if (text == NULL)
		return NULL;
	len = strnlen(text, len);
	char *copy = au_xmalloc(len + 1);
	memcpy(copy, text, len);
	copy[len] = '\0';
	return copy;
}

char *
au_xasprintf(const char *fmt, ...)
{
	char *text;
	va_list ap;

	va_start(ap, fmt);
	if (vasprintf(&text, fmt, ap) < 0)
		out_of_memory(0);
	va_end(ap);
	return text;
}

void
au_freep(void *pointer_to_pointer)
{
	void *p;

	memcpy(&p, pointer_to_pointer, sizeof(p));
	free(p);
}

struct au_arena *
au_arena_new(void)
{
	struct au_arena *arena = au_xmalloc(sizeof(*arena) + FIRST_SIZE);

	*arena = (struct au_arena){ .usual_block = 2 * FIRST_BLOCK, .first.size = FIRST_SIZE };
	arena->newest = &arena->first;
	return arena;
}

void
au_arena_free(struct au_arena *arena)
{
	if (arena == NULL)
		return;
	for (struct deferred *d = arena->last; d != NULL; d = d->previous)
		d->fn(d->object);
	for (struct block *block = arena->newest, *previous; block != &arena->first; block = previous) {
		previous = block->previous;
		free(block);
	}
	free(arena);
}

void
au_arena_freep(struct au_arena **arena)
{
	au_arena_free(*arena);
}

static void
add_block(struct au_arena *arena, size_t room)
{
	size_t size = BLOCK_SIZE(room, arena->usual_block);
	struct block *block = au_xmalloc(sizeof(*block) + size);

	*block = (struct block){ .previous = arena->newest, .size = size };
	arena->newest = block;
	if (arena->usual_block < LARGEST_BLOCK)
		arena->usual_block *= 2;
}

void *
au_arena_alloc(struct au_arena *arena, size_t size)
{
	if (size > SIZE_MAX / 2)
		out_of_memory(size);
	size_t room = ROOM(size > 0 ? size : 1);
	struct block *block = arena->newest;
	if (block->size - block->used < room) {
		add_block(arena, room);
		block = arena->newest;
	}
	void *p = block->data + block->used;
	block->used += room;
	return memset(p, 0, size);
}

char *
au_arena_strdup(struct au_arena *arena, const char *text)
{
	return text != NULL ? au_arena_strndup(arena, text, strlen(text)) : NULL;
}

char *
au_arena_strndup(struct au_arena *arena, const char *text, size_t len)
{
	if (text == NULL)
		return NULL;
	len = strnlen(text, len);
	char *copy = au_arena_alloc(arena, len + 1);
	memcpy(copy, text, len);
	return copy;
}

char *
au_arena_printf(struct au_arena *arena, const char *fmt, ...)
{
	char few[256];
	va_list ap;

	va_start(ap, fmt);
	int len = vsnprintf(few, sizeof(few), fmt, ap);
	va_end(ap);
	if (len < 0)
		out_of_memory(0);
	char *text = au_arena_alloc(arena, (size_t)len + 1);
	if ((size_t)len < sizeof(few))
		return memcpy(text, few, (size_t)len + 1);
	va_start(ap, fmt);
	vsnprintf(text, (size_t)len + 1, fmt, ap);
	va_end(ap);
	return text;
}

void
au_arena_defer(struct au_arena *arena, void (*fn)(void *), void *object)
{
	struct deferred *d = au_arena_alloc(arena, sizeof(*d));

	*d = (struct deferred){ .previous = arena->last, .fn = fn, .object = object };
	arena->last = d;
}
