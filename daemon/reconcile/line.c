/* SPDX-License-Identifier: ISC */
/* The place in a line changes with those who come and go, so it is not kept with the step but found when it is told. */
#include "reconcile/line.h"

#include "base/str.h"
#include "base/when.h"
#include "reconcile/capacity.h"
#include "reconcile/foresee.h"
#include "store/step.h"

#define LINE_MOST 1000
#define NAMED_MOST 3

static const struct au_pool_row *
find_pool(const struct au_pool_row *pools, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (au_streq(pools[i].name, name))
			return &pools[i];
	return NULL;
}

/* Those before the step, by log-in name. */
static void
put_before(struct au_str *out, const struct au_step *line, size_t count, const struct au_step *step)
{
	size_t before = 0;

	while (before < count && line[before].id != step->id)
		before++;
	if (before == 0) {
		au_str_put(out, "; it is the first in the line");
		return;
	}
	au_str_put(out, "; before it:");
	for (size_t i = 0; i < before && i < NAMED_MOST; i++)
		au_str_printf(out, "%s %s", i > 0 ? "," : "", line[i].login);
	if (before > NAMED_MOST)
		au_str_printf(out, " and %zu more", before - NAMED_MOST);
}

/* Where no pool is known there is no line: each is tried again when its time comes, and whoever finds room has it. */
static int
tell_crowd(struct au_store_tx *tx, struct au_arena *arena, struct au_step *step, struct au_err *err)
{
	AU_CLEANUP(au_str_done) struct au_str text = AU_STR_INIT;
	struct au_step *crowd = NULL;
	size_t count = 0, others = 0;
	char when[AU_WHEN_SIZE];
	int rc = au_store_step_again(tx, arena, step->target, AU_EQUOTA, LINE_MOST, &crowd, &count, err);

	if (rc < 0)
		return rc;
	au_str_printf(&text, "the product has no room: %s; no pool is known of that, so it is tried again at %s",
	    step->error ? step->error : "it said no more", au_when_format(step->next_ms, when));
	for (size_t i = 0; i < count; i++)
		if (crowd[i].id != step->id && others++ < NAMED_MOST)
			au_str_printf(&text, "%s %s", others > 1 ? "," : "; others wait likewise:", crowd[i].login);
	if (others > NAMED_MOST)
		au_str_printf(&text, " and %zu more", others - NAMED_MOST);
	step->guard = au_arena_strdup(arena, au_str_get(&text));
	return 0;
}

int
au_line_tell(struct au_store_tx *tx, struct au_arena *arena, const struct au_policy *policy, struct au_step *step,
    struct au_err *err)
{
	AU_CLEANUP(au_str_done) struct au_str text = AU_STR_INIT;
	const struct au_pool_row *pool;
	struct au_pool_row *pools = NULL;
	struct au_step *line = NULL;
	struct au_takes takes;
	size_t pool_count = 0, count = 0;
	const char *next = NULL;
	int rc;

	if (step->state == AU_STEP_QUEUED && step->code == AU_EQUOTA)
		return tell_crowd(tx, arena, step, err);
	if (step->state != AU_STEP_WAITING || !step->waits)
		return 0;
	rc = au_store_pool_list(tx, arena, step->target, &pools, &pool_count, err);
	if (rc == 0)
		rc = au_store_step_line(tx, arena, step->target, step->waits, LINE_MOST, &line, &count, err);
	pool = find_pool(pools, pool_count, step->waits);
	if (rc == 0 && pool && policy)
		rc = au_foresee_next(tx, arena, policy, pool, &next, err);
	if (rc < 0 || !pool)
		return rc;
	au_takes_parse(arena, step->takes, &takes);
	au_str_put(&text, au_capacity_text(arena, pool, au_takes_of(&takes, pool->name)));
	put_before(&text, line, count, step);
	if (next)
		au_str_printf(&text, "; %s", next);
	step->guard = au_arena_strdup(arena, au_str_get(&text));
	return 0;
}
