/* SPDX-License-Identifier: ISC */
/* Expressions over attributes, and tests of the disabled: the first line is the text, what follows is every value. */
#include "tests/fuzz/fuzz.h"

#include "base/text.h"
#include "model/disabled.h"
#include "model/pick.h"

#include <string.h>

/* ctx: the list of one value, or of none. */
static const char *const *
same_values(void *ctx, const char *attribute)
{
	HOLDS(au_pick_is_attribute(attribute));
	return ctx;
}

/* One that has to look in some way may find nothing. */
static bool
is_choosy(const struct au_pick *pick)
{
	for (size_t i = 0; i < pick->count; i++)
		for (size_t k = 0; k < pick->choices[i].count; k++)
			if (pick->choices[i].parts[k].of == AU_PICK_LIKE)
				return true;
	return false;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	char *text = au_arena_strndup(arena, (const char *)data, size);
	char *value = text + strcspn(text, "\n");
	struct au_disabled test;
	struct au_pick pick;

	if (*value != '\0')
		*value++ = '\0';
	const char *one[] = { value, NULL };
	if (!au_text_is_utf8(text, strlen(text)) || !au_text_is_utf8(value, strlen(value)))
		return 0;
	if (au_pick_parse(arena, text, &pick, NULL) == 0) {
		HOLDS(pick.count > 0);
		HOLDS(au_pick_text(&pick, arena, same_values, one) != NULL || is_choosy(&pick));
		HOLDS((au_pick_text(&pick, arena, same_values, NULL) != NULL) == au_pick_is_constant(&pick));
	}
	if (au_disabled_parse(arena, text, &test, NULL) == 0) {
		HOLDS(au_pick_is_attribute(test.attribute));
		HOLDS(au_disabled_holds(&test, arena, value) || test.kind != AU_DISABLED_PRESENT);
	}
	return 0;
}
