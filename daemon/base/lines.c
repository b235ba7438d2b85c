/* SPDX-License-Identifier: ISC */
/* The lists are short, so looking through them is all the search they need. */
#include "base/lines.h"

#include "base/str.h"

#include <string.h>

const char *
au_lines_next(struct au_arena *arena, const char **rest)
{
	const char *line = *rest;
	size_t len;

	if (line == NULL || *line == '\0')
		return NULL;
	len = strcspn(line, "\n");
	*rest = line[len] != '\0' ? line + len + 1 : NULL;
	return au_arena_strndup(arena, line, len);
}

bool
au_lines_has(struct au_arena *arena, const char *lines, const char *wanted)
{
	const char *line;

	while ((line = au_lines_next(arena, &lines)) != NULL)
		if (au_streq(line, wanted))
			return true;
	return false;
}

const char *
au_lines_union(struct au_arena *arena, const char *some, const char *more)
{
	const char *line;

	if (some == NULL)
		return more;
	while ((line = au_lines_next(arena, &more)) != NULL)
		if (!au_lines_has(arena, some, line))
			some = au_arena_printf(arena, "%s\n%s", some, line);
	return some;
}
