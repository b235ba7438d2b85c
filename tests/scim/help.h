/* SPDX-License-Identifier: ISC */
/* What tests of the SCIM core share: JSON written with single quotes, compared by value. */
#ifndef TESTS_SCIM_HELP_H
#define TESTS_SCIM_HELP_H

#include "tests/unit.h"

#include "base/json.h"
#include "base/mem.h"
#include "base/str.h"

#include <stdio.h>
#include <string.h>

/* Single quotes become double ones. */
static inline char *
requoted(struct au_arena *arena, const char *text)
{
	char *copy = au_arena_strdup(arena, text);

	for (char *c = copy; *c != '\0'; c++)
		if (*c == '\'')
			*c = '"';
	return copy;
}

static inline json_t *
json_of(struct au_arena *arena, const char *text)
{
	char *quoted = requoted(arena, text);
	json_t *value = json_loads(quoted, JSON_DECODE_ANY | JSON_REJECT_DUPLICATES, NULL);

	if (value == NULL)
		fail_msg("test's own JSON is broken: %s", quoted);
	return au_json_in_arena(arena, value);
}

static inline void
assert_json(struct au_arena *arena, const json_t *have, const char *want)
{
	AU_CLEANUP(au_freep) char *have_text = au_json_canonical(have);
	AU_CLEANUP(au_freep) char *want_text = au_json_canonical(json_of(arena, want));

	assert_string_equal(have_text, want_text);
}

#endif
