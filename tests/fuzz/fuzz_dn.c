/* SPDX-License-Identifier: ISC */
/* Distinguished names: the normalised form is a DN, and its own normalised form. */
#include "tests/fuzz/fuzz.h"

#include "model/dn.h"

#include <string.h>

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct au_arena *arena = au_arena_new();
	const char *once, *twice;

	if (au_dn_normalize(arena, au_arena_strndup(arena, (const char *)data, size), &once, NULL) == 0) {
		HOLDS(au_dn_normalize(arena, once, &twice, NULL) == 0);
		HOLDS(strcmp(once, twice) == 0);
		/* What needs no reading is not read; a blank in front makes it be. */
		const char *spaced = au_arena_printf(arena, " %s", once);
		HOLDS(au_dn_normalize(arena, spaced, &twice, NULL) == 0);
		HOLDS(strcmp(once, twice) == 0);
	}
	au_arena_free(arena);
	return 0;
}
