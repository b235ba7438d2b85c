/* SPDX-License-Identifier: ISC */
/* Products refuse passwords with the user's names in them, and chance puts a short one into a long password now and
 * then. */
#include "reconcile/own_names.h"

#include <string.h>

void
au_own_names(
    struct au_arena *arena, const struct au_step *step, const struct au_account *account, const char *ret[AU_OWN_NAMES])
{
	static const char *const members[] = { "login", "first_name", "last_name", "mail" };
	const char *const told[] = { account->login, account->first_name, account->last_name, account->mail };
	AU_CLEANUP(au_json_decrefp) json_t *want = NULL;

	if (step->want == NULL || au_json_parse(step->want, strlen(step->want), AU_JSON_DEPTH, &want, NULL) < 0)
		want = NULL;
	for (size_t i = 0; i < AU_COUNT(members); i++) {
		ret[i] = au_arena_strdup(arena, au_json_get_str(want, members[i]));
		ret[AU_COUNT(members) + i] = told[i];
	}
}
