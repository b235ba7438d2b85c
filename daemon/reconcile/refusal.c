/* SPDX-License-Identifier: ISC */
/* A wish is known by its digest, which covers what is to be done and how the account shall be then. */
#include "reconcile/refusal.h"

#include "base/lines.h"
#include "base/str.h"
#include "reconcile/wish.h"

#include <string.h>

const char *
au_refusal_add(struct au_arena *arena, const struct au_account *account, const struct au_step *step)
{
	char digest[AU_WISH_DIGEST];

	return au_lines_union(arena, account->refused,
	    au_arena_printf(arena, "%s %lld", au_wish_digest(step->op, step->want, digest), step->id));
}

static long long
step_of(const char *line)
{
	const char *blank = strchr(line, ' ');

	return blank ? strtoll(blank + 1, NULL, 10) : 0;
}

const char *
au_refusal_without(struct au_arena *arena, const struct au_account *account, long long step, bool *ret_found)
{
	const char *rest = account->refused, *line, *left = NULL;

	*ret_found = false;
	while ((line = au_lines_next(arena, &rest)) != NULL) {
		if (step_of(line) == step)
			*ret_found = true;
		else
			left = au_lines_union(arena, left, line);
	}
	return left;
}

/* The refusal of a wish, or NULL. */
static const char *
find_refusal(struct au_arena *arena, const char *refused, const struct au_step *step)
{
	char digest[AU_WISH_DIGEST];
	const char *line;

	au_wish_digest(step->op, step->want, digest);
	while ((line = au_lines_next(arena, &refused)) != NULL)
		if (strncmp(line, digest, strlen(digest)) == 0 && line[strlen(digest)] == ' ')
			return line;
	return NULL;
}

const char *
au_refusal_apply(
    struct au_plan *plan, size_t first, const struct au_account *account, bool is_sure, struct au_arena *arena)
{
	const char *met = NULL;
	size_t kept = first;

	if (!account->refused)
		return NULL;
	for (size_t i = first; i < plan->step_count; i++) {
		const struct au_step *step = &plan->steps[i];
		const char *line = find_refusal(arena, account->refused, step);
		if (!line) {
			plan->steps[kept++] = *step;
			continue;
		}
		met = au_lines_union(arena, met, line);
		au_plan_find(plan, step->apiuser_id, step->target,
		    au_arena_printf(arena,
			"%s was rejected (step %lld) and is not proposed again; 'apiuserctl reopen %lld' does",
			au_step_op_name(step->op), step_of(line), step_of(line)));
	}
	plan->step_count = kept;
	return is_sure ? met : account->refused;
}
