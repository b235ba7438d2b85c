/* SPDX-License-Identifier: ISC */
/*
 * In a filter every parenthesis that opens is followed by an operator or a
 * name: in values they are written as \28.  So nothing needs to be understood
 * beyond them, and a filter that is none gives names that nobody has.
 */
#include "sourced/filter_names.h"

#include "base/str.h"

#include <string.h>

#define NAME_CHARS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_"

static bool
is_listed(const char *const *names, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (au_strcaseeq(names[i], name))
			return true;
	return false;
}

static size_t
count_openings(const char *filter)
{
	size_t count = 0;

	for (const char *at = filter; (at = strchr(at, '(')) != NULL; at++)
		count++;
	return count;
}

const char **
au_filter_names(struct au_arena *arena, const char *filter)
{
	const char **names = au_arena_alloc(arena, (count_openings(filter) + 2) * sizeof(*names));
	size_t count = 0;

	/* A filter of one item may come without parentheses. */
	for (const char *at = filter; at != NULL; at = strchr(at, '(')) {
		at += strspn(at, "( ");
		size_t len = strspn(at, NAME_CHARS);
		const char *name = au_arena_strndup(arena, at, len);
		if (len > 0 && !is_listed(names, count, name))
			names[count++] = name;
	}
	return names;
}

bool
au_filter_has_rule(const char *filter, const char *rule)
{
	size_t len = strlen(rule);

	for (const char *at = filter; (at = strstr(at, rule)) != NULL; at += len)
		if (at > filter && at[-1] == ':' && strncmp(at + len, ":=", 2) == 0)
			return true;
	return false;
}
