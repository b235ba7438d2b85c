/* SPDX-License-Identifier: ISC */
/* Nobody is active with rights that were not seen to be right, wherever the product leaves that to us. */
#include "reconcile/birth.h"

#include "base/str.h"

#include <string.h>

static bool
can(const struct au_target_block *target, enum au_cap cap)
{
	return target->describe->caps & cap;
}

bool
au_birth_is_closed(const struct au_target_block *target)
{
	return can(target, AU_CAP_BORN_ALLOWED) && can(target, AU_CAP_DISABLE);
}

bool
au_birth_is_open(const struct au_target_block *target)
{
	return can(target, AU_CAP_BORN_ALLOWED) && !can(target, AU_CAP_DISABLE);
}

bool
au_birth_is_now(const struct au_target_block *target, const struct au_account *account)
{
	return can(target, AU_CAP_BORN_ALLOWED) && account->adoption == AU_ADOPTION_NONE &&
	       !au_drift_had_rights(account);
}

const char *
au_birth_obstacle(const struct au_target_block *target, const struct au_account *account, const struct au_drift *drift)
{
	bool lived_with = (drift->moved & AU_DRIFT_RIGHTS) && au_drift_policy(target) == AU_DRIFT_ACCEPT;

	if ((drift->differs & AU_DRIFT_RIGHTS) && !lived_with)
		return "it stays inactive until its rights are read back as they are wanted";
	if (can(target, AU_CAP_BORN_ALLOWED) && !account->rights)
		return "it stays inactive: the product gives every right to new accounts, and its rights cannot be "
		       "read "
		       "back";
	return NULL;
}

const char *
au_birth_note(const struct au_target_block *target, const struct au_account *account, enum au_step_op op)
{
	if (op == AU_STEP_CREATE && au_birth_is_closed(target))
		return "made inactive; its rights are set, read back and compared, then it is switched on";
	if (op == AU_STEP_CREATE && au_birth_is_open(target))
		return "the product cannot make it inactive: it has every right there until its rights are set";
	if (op == AU_STEP_SET_RIGHTS && account && account->active == 0 && can(target, AU_CAP_DISABLE))
		return "it is switched on when its rights are read back as they are wanted";
	return NULL;
}

long long
au_birth_open_ms(const struct au_target_block *target, const struct au_step *done, const struct au_step *steps,
    size_t step_count, long long now_ms)
{
	if (!au_birth_is_open(target) || done->op != AU_STEP_SET_RIGHTS || done->state != AU_STEP_DONE)
		return -1;
	for (size_t i = 0; i < step_count; i++) {
		if (steps[i].id == done->id)
			continue;
		if (steps[i].op == AU_STEP_SET_RIGHTS && steps[i].state == AU_STEP_DONE)
			return -1; /* its rights were set before */
		/* One that was not answered may have been it. */
		if (steps[i].op == AU_STEP_CREATE && (steps[i].state == AU_STEP_DONE || steps[i].code == AU_EUNKNOWN))
			return now_ms - steps[i].finished_ms;
	}
	return -1;
}

/* Rights of a wish as canonical text, in the arena; NULL when it has none. */
static const char *
rights_of(struct au_arena *arena, const char *want)
{
	AU_CLEANUP(au_json_decrefp) json_t *json = NULL;
	AU_CLEANUP(au_freep) char *text = NULL;

	if (want && au_json_parse(want, strlen(want), AU_JSON_DEPTH, &json, NULL) == 0 &&
	    json_object_get(json, "rights"))
		text = au_json_canonical(json_object_get(json, "rights"));
	return au_arena_strdup(arena, text);
}

static bool
same_rights(const char *one, const char *other)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	const char *rights = rights_of(arena, one);

	return rights && au_streq(rights, rights_of(arena, other));
}

/* The create that the birth began with; NULL when what came after it has ended the birth, or begun something else. */
static const struct au_step *
begun_by(const struct au_step *next, const struct au_step *steps, size_t step_count)
{
	for (size_t i = 0; i < step_count; i++) {
		const struct au_step *step = &steps[i];
		if (step->state == AU_STEP_CANCELLED)
			continue;
		if (step->op == AU_STEP_CREATE)
			return step->state == AU_STEP_DONE || step->code == AU_EUNKNOWN ? step : NULL;
		if (step->op == AU_STEP_DISABLE || step->op == AU_STEP_DELETE || step->state == AU_STEP_REJECTED)
			return NULL;
		if (step->op == next->op && step->state == AU_STEP_DONE)
			return NULL;
	}
	return NULL;
}

bool
au_birth_goes_on(const struct au_step *next, const struct au_step *steps, size_t step_count)
{
	const struct au_step *create = begun_by(next, steps, step_count);

	if (!create || next->lane != AU_LANE_SAFE)
		return false;
	switch (next->op) {
	case AU_STEP_CREATE:
		return create->state != AU_STEP_DONE && au_streq(next->want, create->want);
	case AU_STEP_SET_RIGHTS:
		return same_rights(next->want, create->want);
	case AU_STEP_ENABLE:
		return true;
	default:
		return false;
	}
}
