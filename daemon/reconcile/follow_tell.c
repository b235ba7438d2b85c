/* SPDX-License-Identifier: ISC */
/*
 * Whose login it is, by what it becomes free, and what a person can do about it.  A plan that is only shown sees its
 * own steps before those of the store: they are what will be there.
 */
#include "reconcile/follow.h"

#include "base/map.h"
#include "base/str.h"
#include "base/when.h"
#include "reconcile/leave.h"
#include "store/account.h"
#include "store/apiuser.h"
#include "store/step.h"
#include "store/step_wait.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define RIVALS_MOST 100
#define STEPS_LOOKED 20

struct telling {
	struct au_store_tx *tx;
	struct au_arena *arena;
	const struct au_policy *policy; /* may be NULL */
	const struct au_step *create;
};

/* Who has the login, or is to have it before. */
struct rival {
	struct au_account account;
	const char *key;
	const struct au_step *freeing; /* NULL = none is planned */
};

/* ---- words ---- */

static const char *
step_text(struct au_arena *arena, const struct au_step *step)
{
	const char *op = au_step_op_name(step->op);
	char when[AU_WHEN_SIZE];

	if (step->id == 0)
		return au_arena_printf(arena, "the %s of this plan", op);
	switch (step->state) {
	case AU_STEP_HELD:
		return au_arena_printf(arena,
		    "step %lld (%s), which is held: 'apiuserctl approve %lld' or 'apiuserctl reject %lld'", step->id,
		    op, step->id, step->id);
	case AU_STEP_WITH_PERSON:
		return au_arena_printf(
		    arena, "step %lld (%s), which is with a person: see 'apiuserctl work list'", step->id, op);
	case AU_STEP_QUEUED:
		if (step->error != NULL)
			return au_arena_printf(arena, "step %lld (%s), which failed and is tried again at %s: %s",
			    step->id, op, au_when_format(step->next_ms, when), step->error);
		break;
	default:
		break;
	}
	return au_arena_printf(arena, "step %lld (%s, %s)", step->id, op, au_step_state_name(step->state));
}

/* The step by which a person refused to take the account away; 0 = none. */
static int
find_refusal(const struct telling *t, const struct rival *rival, long long *ret, struct au_err *err)
{
	struct au_step *steps = NULL;
	size_t count = 0;
	int rc = rival->account.refused
		     ? au_store_step_of_account(t->tx, t->arena, rival->account.id, STEPS_LOOKED, &steps, &count, err)
		     : 0;

	*ret = 0;
	for (size_t i = 0; i < count && *ret == 0; i++)
		if (steps[i].state == AU_STEP_REJECTED && steps[i].lane != AU_LANE_SAFE)
			*ret = steps[i].id;
	return rc;
}

/* What becomes of an account of which nothing is planned now. */
static const char *
rest_text(const struct telling *t, const struct rival *rival)
{
	const struct au_target_block *target =
	    t->policy ? au_settings_target(t->policy->settings, rival->account.target) : NULL;
	struct au_leave_rules rules;
	char when[AU_WHEN_SIZE];

	if (rival->account.left_ms == 0 && rival->account.disabled_ms == 0)
		return "that account is wanted, too: one of the two needs another login";
	if (!target)
		return "nobody wants that account any more";
	au_leave_rules(t->policy->settings, target, &rules);
	if (rules.leave == AU_LEAVE_DISABLE_DELETE && rules.can_delete && rival->account.disabled_ms != 0)
		return au_arena_printf(t->arena, "nobody wants that account any more, it is deleted after %s",
		    au_when_format(rival->account.disabled_ms + rules.grace_ms, when));
	return au_arena_printf(
	    t->arena, "nobody wants that account any more; such accounts are %s", au_leave_text(t->arena, &rules));
}

static int
rival_text(const struct telling *t, const struct rival *rival, const char **ret, struct au_err *err)
{
	const struct au_step *freeing = rival->freeing;
	long long refusal = 0;
	const char *how;
	int rc = freeing ? 0 : find_refusal(t, rival, &refusal, err);

	if (rc < 0)
		return rc;
	if (freeing && freeing->op == AU_STEP_CREATE)
		how = au_arena_printf(t->arena, "is made before it, by %s", step_text(t->arena, freeing));
	else if (freeing && freeing->op == AU_STEP_LOOKUP)
		how = au_arena_printf(
		    t->arena, "may have been made: it is looked up by %s", step_text(t->arena, freeing));
	else if (freeing)
		how = au_arena_printf(t->arena, "has it until it is deleted%s%s",
		    freeing->op == AU_STEP_DELETE ? " by " : ", first comes ", step_text(t->arena, freeing));
	else if (refusal != 0)
		how = au_arena_printf(t->arena,
		    "has it, and a person rejected step %lld, which takes that account away: 'apiuserctl reopen %lld' "
		    "proposes it again",
		    refusal, refusal);
	else
		how = au_arena_printf(t->arena, "has it; %s", rest_text(t, rival));
	*ret = au_arena_printf(t->arena, "login '%s': the account of %s %s", t->create->login, rival->key, how);
	return 0;
}

static json_t *
rival_json(const struct rival *rival)
{
	json_t *json = json_object();

	au_json_set_str(json, "account", rival->account.id);
	au_json_set_str(json, "login", rival->account.login);
	au_json_set_str(json, "key", rival->key);
	if (rival->freeing && rival->freeing->id != 0)
		au_json_set_int(json, "step", rival->freeing->id);
	if (rival->freeing) {
		au_json_set_str(json, "op", au_step_op_name(rival->freeing->op));
		au_json_set_str(json, "state", au_step_state_name(rival->freeing->state));
	}
	return json;
}

static int
tell_rivals(const struct telling *t, const struct rival *rivals, size_t count, struct au_step *step, struct au_err *err)
{
	AU_CLEANUP(au_json_decrefp) json_t *list = json_array();
	AU_CLEANUP(au_freep) char *text = NULL;
	const char *first = NULL;
	int rc = rival_text(t, &rivals[0], &first, err);

	if (rc < 0)
		return rc;
	for (size_t i = 0; i < count; i++)
		json_array_append_new(list, rival_json(&rivals[i]));
	text = au_json_canonical(list);
	step->follows = au_arena_strdup(t->arena, text);
	step->guard =
	    count > 1 ? au_arena_printf(t->arena, "%s; and %zu more accounts are before it", first, count - 1) : first;
	return 0;
}

/* ---- steps of the store ---- */

static int
load_rival(const struct telling *t, const char *account_id, struct rival *ret, struct au_err *err)
{
	struct au_apiuser user = { .key = "somebody" };
	struct au_step *open = NULL;
	size_t count = 0;
	int rc = au_store_account_get(t->tx, t->arena, account_id, &ret->account, err);

	if (rc == 0)
		rc = au_store_step_open(t->tx, t->arena, account_id, &open, &count, err);
	if (rc == 0)
		rc = au_store_apiuser_get(t->tx, t->arena, ret->account.apiuser_id, &user, err);
	if (rc < 0 && rc != AU_ENOENT)
		return rc;
	ret->key = user.key;
	ret->freeing = au_follow_freeing(open, count);
	return 0;
}

static int
load_rivals(const struct telling *t, struct rival **ret, size_t *ret_count, struct au_err *err)
{
	const char **ids = NULL;
	int rc = au_store_step_rivals(t->tx, t->arena, t->create, RIVALS_MOST, &ids, ret_count, err);

	*ret = au_arena_alloc(t->arena, (*ret_count + 2) * sizeof(**ret));
	for (size_t i = 0; rc == 0 && i < *ret_count; i++)
		rc = load_rival(t, ids[i], &(*ret)[i], err);
	return rc;
}

int
au_follow_tell(struct au_store_tx *tx, struct au_arena *arena, const struct au_policy *policy, struct au_step *step,
    struct au_err *err)
{
	const struct telling t = { tx, arena, policy, step };
	struct rival *rivals = NULL;
	size_t count = 0;
	int rc = step->state == AU_STEP_FOLLOWS ? load_rivals(&t, &rivals, &count, err) : 0;

	return rc < 0 || count == 0 ? rc : tell_rivals(&t, rivals, count, step, err);
}

/* ---- steps of a plan ---- */

struct foreseeing {
	struct au_store_tx *tx;
	const struct au_policy *policy;
	struct au_plan *plan;
	struct au_map *freeing; /* steps that let a login go, by account */
};

static void
free_map(struct au_map **map)
{
	au_map_free(*map, NULL);
}

static bool
is_open_create(const struct au_step *step)
{
	return step->op == AU_STEP_CREATE && step->login != NULL &&
	       (step->state == AU_STEP_QUEUED || step->state == AU_STEP_WAITING || step->state == AU_STEP_FOLLOWS);
}

static int
by_name(const struct au_step *one, const struct au_step *other)
{
	int order = strcmp(one->target, other->target);

	return order != 0 ? order : strcasecmp(one->login, other->login);
}

/* Those of one name: open ones by age, then new ones as they stand in the plan. */
static int
by_turn(const void *a, const void *b)
{
	const struct au_step *one = *(struct au_step *const *)a, *other = *(struct au_step *const *)b;
	int order = by_name(one, other);

	if (order != 0)
		return order;
	if (one->id != 0 && other->id != 0)
		return one->id < other->id ? -1 : 1;
	if (one->id != other->id)
		return one->id != 0 ? -1 : 1;
	return one < other ? -1 : 1;
}

static void
map_freeing(struct foreseeing *f)
{
	static const enum au_step_op ops[] = { AU_STEP_DISABLE, AU_STEP_LOOKUP, AU_STEP_DELETE };

	for (size_t k = 0; k < AU_COUNT(ops); k++)
		for (size_t i = 0; i < f->plan->step_count; i++)
			if (f->plan->steps[i].op == ops[k] && f->plan->steps[i].account_id)
				au_map_put(f->freeing, f->plan->steps[i].account_id, &f->plan->steps[i]);
}

/* first: of those of its name, the one whose turn comes first. */
static int
foresee_step(struct foreseeing *f, struct au_step *step, const struct au_step *first, struct au_err *err)
{
	const struct telling t = { f->tx, f->plan->arena, f->policy, step };
	struct rival *rivals = NULL;
	size_t count = 0, place = (size_t)(step - f->plan->steps);
	int rc = load_rivals(&t, &rivals, &count, err);

	if (rc < 0)
		return rc;
	for (size_t i = 0; i < count; i++) {
		const struct au_step *planned = au_map_get(f->freeing, rivals[i].account.id);
		if (!planned)
			continue;
		if (!rivals[i].freeing || planned->id != rivals[i].freeing->id)
			rivals[i].freeing = planned;
		au_plan_wait(f->plan, place, (size_t)(planned - f->plan->steps));
	}
	if (first != step && first->id == 0) {
		rivals[count++] = (struct rival){ .account.login = first->login, .key = first->key, .freeing = first };
		au_plan_wait(f->plan, place, (size_t)(first - f->plan->steps));
	}
	if (count == 0)
		return 0;
	step->state = AU_STEP_FOLLOWS;
	step->waits = NULL;
	return tell_rivals(&t, rivals, count, step, err);
}

int
au_follow_foresee(struct au_store_tx *tx, const struct au_policy *policy, struct au_plan *plan, struct au_err *err)
{
	AU_CLEANUP(free_map) struct au_map *freeing = au_map_new();
	AU_CLEANUP(au_freep) struct au_step **creates = au_xcalloc(plan->step_count + 1, sizeof(*creates));
	struct foreseeing f = { tx, policy, plan, freeing };
	size_t count = 0, first = 0;
	int rc = 0;

	map_freeing(&f);
	for (size_t i = 0; i < plan->step_count; i++)
		if (is_open_create(&plan->steps[i]))
			creates[count++] = &plan->steps[i];
	qsort(creates, count, sizeof(*creates), by_turn);
	for (size_t i = 0; rc == 0 && i < count; i++) {
		if (by_name(creates[first], creates[i]) != 0)
			first = i;
		rc = foresee_step(&f, creates[i], creates[first], err);
	}
	return rc;
}
