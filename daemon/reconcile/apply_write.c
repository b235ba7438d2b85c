/* SPDX-License-Identifier: ISC */
/*
 * What of a saved plan may go on.  Its keys are looked at by the code that looks
 * at every key; the plan only chooses among the steps that this comes to.
 */
#include "reconcile/applying.h"

#include "base/secret.h"
#include "base/str.h"
#include "base/when.h"
#include "model/saved_plan.h"
#include "reconcile/gather.h"
#include "reconcile/guard.h"
#include "reconcile/inputs.h"
#include "store/account.h"
#include "store/apiuser.h"
#include "store/audit.h"
#include "store/plan_done.h"

/* ---- opening ---- */

static int
check_seal(const struct au_applying *applying, struct au_err *err)
{
	unsigned char key[AU_SAVED_PLAN_KEY];
	int rc;

	au_sealer_derive(applying->engine->sealer, AU_SAVED_PLAN_CONTEXT, key);
	rc = au_saved_plan_check(applying->plan, key, err);
	au_wipe(key, sizeof key);
	return rc;
}

static char *
sight_name(const json_t *step)
{
	return au_xasprintf("%s\n%s", au_json_get_str(step, "key"), au_json_get_str(step, "target"));
}

static int
add_sight(struct au_store_tx *tx, struct au_applying *applying, const json_t *step, struct au_err *err)
{
	struct au_sight *sight = &applying->sights[applying->sight_count];
	AU_CLEANUP(au_freep) char *name = sight_name(step);
	struct au_apiuser user;
	struct au_account account = { 0 };
	int rc;

	if (au_map_has(applying->sight_of, name))
		return 0;
	*sight = (struct au_sight){ .key = au_json_get_str(step, "key"),
		.target = au_json_get_str(step, "target"),
		.login = au_json_get_str(step, "login"),
		.follows = au_streq(au_json_get_str(step, "state"), au_step_state_name(AU_STEP_FOLLOWS)) };
	rc = au_store_apiuser_by_key(tx, applying->arena, sight->key, &user, err);
	if (rc == 0)
		rc = au_store_account_of(tx, applying->arena, user.id, sight->target, &account, err);
	if (rc < 0 && rc != AU_ENOENT)
		return rc;
	sight->account_id = account.id;
	sight->remote_id = account.state == AU_ACCOUNT_PRESENT ? account.remote_id : NULL;
	applying->sight_count++;
	au_map_put(applying->sight_of, name, sight);
	return 0;
}

int
au_applying_open(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct au_applying *applying = arg;
	const json_t *steps = json_object_get(applying->plan, "steps"), *step;
	size_t index;
	int rc = check_seal(applying, err);

	applying->sights = au_arena_alloc(applying->arena, (json_array_size(steps) + 1) * sizeof(*applying->sights));
	applying->sight_count = 0;
	au_map_free(applying->sight_of, NULL);
	applying->sight_of = au_map_new();
	json_array_foreach ((json_t *)steps, index, step) {
		if (rc == 0)
			rc = add_sight(tx, applying, step, err);
	}
	return rc;
}

/* ---- comparing ---- */

struct comparing {
	struct au_store_tx *tx;
	struct au_applying *applying;
	struct au_arena *arena;
	struct au_inputs *inputs; /* as they are now */
	struct au_map *told;      /* places of the saved inputs that moved */
	json_t *moved;
	bool *stays; /* per step: something under it moved */
};

static int
keep_sights(struct au_store_tx *tx, struct au_applying *applying, struct au_err *err)
{
	int rc = 0;

	for (size_t i = 0; i < applying->row_count; i++) {
		applying->rows[i].listing.policy = applying->policy;
		applying->rows[i].listing.now_ms = applying->now_ms;
	}
	for (size_t i = 0; rc == 0 && i < applying->sight_count; i++) {
		const struct au_sight *sight = &applying->sights[i];
		struct au_account account;
		if (sight->trouble || !sight->remote_id)
			continue;
		rc = au_store_account_get(tx, applying->arena, sight->account_id, &account, err);
		for (size_t k = 0; rc == 0 && k < applying->row_count; k++)
			if (au_streq(applying->rows[k].target, sight->target))
				rc = au_listing_take(tx, &applying->rows[k].listing, &account, err);
		if (rc == AU_ENOENT)
			rc = 0;
	}
	return rc;
}

static const struct au_sight *
sight_of(const struct au_applying *applying, const json_t *step)
{
	AU_CLEANUP(au_freep) char *name = sight_name(step);

	return au_map_get(applying->sight_of, name);
}

static void
tell_moved(struct comparing *c, const json_t *was, const json_t *now, const char *text)
{
	json_t *item = json_object();

	au_json_set_str(item, "kind", au_json_get_str(was, "kind"));
	au_json_set_str(item, "name", au_json_get_str(was, "name"));
	json_object_set(item, "was", json_object_get(was, "says"));
	json_object_set(item, "now", json_object_get(now, "says"));
	au_json_set_str(item, "text", text);
	json_array_append_new(c->moved, item);
}

/* Whether one input of a step moved; told once, however many steps stand on it. */
static bool
input_moved(struct comparing *c, const json_t *was, const struct au_sight *sight)
{
	const char *kind = au_json_get_str(was, "kind"), *name = au_json_get_str(was, "name"), *text = NULL;
	const json_t *now = au_inputs_find(c->inputs, kind, name);
	AU_CLEANUP(au_freep) char *place = au_xasprintf("%s\n%s", kind, name);

	if (sight && au_streq(kind, "account") && sight->trouble)
		text = au_arena_printf(c->arena, "cannot be read now: %s", sight->trouble);
	else if (sight && au_streq(kind, "account") && sight->is_taken)
		text = "the login is there by now";
	else if (now && au_streq(au_json_get_str(was, "hash"), au_json_get_str(now, "hash")))
		return false;
	if (!au_map_has(c->told, place))
		tell_moved(c, was, now, text);
	au_map_put(c->told, place, c);
	return true;
}

/* As text again, NULL when it takes nothing. */
static const char *
takes_of(struct au_arena *arena, const json_t *step)
{
	const json_t *takes = json_object_get(step, "takes");
	AU_CLEANUP(au_freep) char *text = json_is_object(takes) ? au_json_canonical(takes) : NULL;

	return au_arena_strdup(arena, text);
}

static void
demand_all(const struct comparing *c, const json_t *steps)
{
	const json_t *step;
	size_t index;

	json_array_foreach ((json_t *)steps, index, step) {
		AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
		au_inputs_demand(c->inputs, au_json_get_str(step, "target"), takes_of(arena, step));
	}
}

static int
compare_step(struct comparing *c, size_t index, const json_t *step, struct au_err *err)
{
	const json_t *saved = json_object_get(c->applying->plan, "inputs"), *place;
	const struct au_sight *sight = sight_of(c->applying, step);
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct au_gathered g;
	json_t *places = NULL;
	size_t at;
	const struct au_inputs_step stands = { .target = au_json_get_str(step, "target"),
		.login = au_json_get_str(step, "login"),
		.takes = takes_of(arena, step) };
	int rc = au_gather(c->tx, arena, c->applying->policy, au_json_get_str(step, "key"), &g, err);

	if (rc == 0)
		rc = au_inputs_add(c->inputs, c->tx, arena, &g, &stands, &places, err);
	if (rc < 0)
		return rc;
	json_array_foreach (json_object_get(step, "stands_on"), at, place) {
		if (input_moved(c, json_array_get(saved, (size_t)json_integer_value(place)), sight))
			c->stays[index] = true;
	}
	json_decref(places);
	return 0;
}

/* Who waits for a step that stays behind stays behind, too. */
static void
spread(const struct comparing *c, const json_t *steps)
{
	const json_t *step, *number;
	size_t index, at;
	bool again = true;

	while (again) {
		again = false;
		json_array_foreach ((json_t *)steps, index, step) {
			json_array_foreach (json_object_get(step, "after"), at, number) {
				size_t before = (size_t)json_integer_value(number) - 1;
				if (before >= json_array_size(steps) || !c->stays[before] || c->stays[index])
					continue;
				c->stays[index] = again = true;
			}
		}
	}
}

static int
compare_all(struct comparing *c, struct au_err *err)
{
	const json_t *steps = json_object_get(c->applying->plan, "steps"), *step;
	size_t index;
	int rc = 0;

	demand_all(c, steps);
	json_array_foreach ((json_t *)steps, index, step) {
		if (rc == 0)
			rc = compare_step(c, index, step, err);
	}
	spread(c, steps);
	return rc;
}

/* ---- choosing ---- */

struct choice {
	struct au_map *steps; /* which may go on, by what they say; as they were saved */
	long long open;       /* of these, queued or held before */
	long long found;
	json_t *numbers; /* of the steps that go on, for the audit */
};

static char *
step_text(const char *key, const char *target, const char *op, const char *want)
{
	return au_xasprintf("%s\n%s\n%s\n%s", key ? key : "", target ? target : "", op ? op : "", want ? want : "");
}

/* What people saw as held does not go because a part of the plan alone is within the limits. */
static void
hold_as_saved(struct au_arena *arena, struct au_step *step, const json_t *saved)
{
	const char *guards = au_json_get_str(saved, "guards"), *guard = au_json_get_str(saved, "guard");

	if (!step->id && step->state == AU_STEP_QUEUED && guards && guard &&
	    au_streq(au_json_get_str(saved, "state"), au_step_state_name(AU_STEP_HELD)))
		au_guard_hold(arena, step, au_arena_strdup(arena, guards), au_arena_strdup(arena, guard));
}

static bool
is_chosen(void *ctx, struct au_arena *arena, struct au_step *step)
{
	struct choice *choice = ctx;
	AU_CLEANUP(au_freep) char *text = step_text(step->key, step->target, au_step_op_name(step->op), step->want);
	const json_t *saved = au_map_get(choice->steps, text);
	bool chosen = step->state != AU_STEP_CANCELLED && saved;

	if (chosen)
		hold_as_saved(arena, step, saved);

	choice->found += chosen;
	choice->open += chosen && step->id != 0;
	return chosen;
}

/* Steps of the plan into the choice, their keys (each once) into ret_keys; `stays` may be NULL. */
static size_t
choose(struct comparing *c, const bool *stays, struct choice *choice, const char **ret_keys)
{
	struct au_map *keys = au_map_new();
	const json_t *step;
	size_t index, count = 0;

	json_array_foreach (json_object_get(c->applying->plan, "steps"), index, step) {
		AU_CLEANUP(au_freep) char *want = au_json_canonical(json_object_get(step, "want"));
		const char *key = au_json_get_str(step, "key");
		AU_CLEANUP(au_freep)
		char *text = step_text(key, au_json_get_str(step, "target"), au_json_get_str(step, "op"), want);
		if (stays && stays[index])
			continue;
		au_map_put(choice->steps, text, (void *)step);
		json_array_append_new(choice->numbers, json_integer((json_int_t)index + 1));
		if (!au_map_put(keys, key, c))
			ret_keys[count++] = key;
	}
	au_map_free(keys, NULL);
	return count;
}

/* A plan is not applied any more when it has this age, so that nothing is lost by forgetting it then. */
static long long
oldest_ms(const struct au_applying *applying)
{
	return applying->now_ms - au_values_num(applying->policy->settings->reconcile, "plan_age");
}

static int
check_age(const struct au_applying *applying, struct au_err *err)
{
	long long made_ms = au_json_get_int(applying->plan, "made_ms");
	char when[AU_WHEN_SIZE];

	if (made_ms >= oldest_ms(applying))
		return 0;
	return au_fail(err, AU_EINVAL, "made_ms: the plan is of %s, older than plan_age allows; make a new one",
	    au_when_format(made_ms, when));
}

static int
forget_old(struct comparing *c, struct au_err *err)
{
	const struct au_applying *applying = c->applying;
	AU_CLEANUP(au_json_decrefp) json_t *detail = json_object();
	long long gone = 0;
	int rc = au_store_plan_done_forget(c->tx, oldest_ms(applying), &gone, err);

	if (rc < 0 || gone == 0)
		return rc;
	au_json_set_int(detail, "plans", gone);
	au_json_set_int(detail, "before_ms", oldest_ms(applying));
	return au_store_audit(c->tx, applying->now_ms, "reconciler", "plan.forget", "plans", detail, err);
}

static int
keep_record(struct comparing *c, const struct choice *choice, const char *digest, struct au_err *err)
{
	const struct au_applying *applying = c->applying;
	const struct au_plan_done done = { .digest = digest, .actor = applying->actor, .at_ms = applying->now_ms };
	AU_CLEANUP(au_json_decrefp) json_t *detail = json_object();
	int rc = au_store_plan_done_put(c->tx, &done, err);

	json_object_set(detail, "steps", choice->numbers);
	au_json_set_int(detail, "queued", applying->counts.queued);
	au_json_set_int(detail, "held", applying->counts.held);
	json_object_set_new(detail, "unmoved", json_boolean(applying->unmoved));
	json_object_set(detail, "moved", c->moved);
	au_json_set_str(detail, "made_by", au_json_get_str(applying->plan, "made_by"));
	return rc < 0 ? rc
		      : au_store_audit(c->tx, applying->now_ms, applying->actor, "plan.apply", digest, detail, err);
}

static int
write_chosen(struct comparing *c, const char *digest, json_t *result, struct au_err *err)
{
	struct au_applying *applying = c->applying;
	size_t steps = json_array_size(json_object_get(applying->plan, "steps"));
	const char **keys = au_arena_alloc(c->arena, (steps + 1) * sizeof(*keys)), **waiting = NULL;
	AU_CLEANUP(au_json_decrefp) json_t *numbers = json_array();
	struct choice choice = { .steps = au_map_new(), .numbers = numbers };
	const struct au_look_choice look = {
		.takes = is_chosen, .ctx = &choice, .actor = applying->actor, .plan = digest
	};
	size_t count = choose(c, c->stays, &choice, keys), waiting_count = 0, left = steps - json_array_size(numbers);
	int rc = count == 0 ? 0
			    : au_look_write(c->tx, c->arena, applying->policy, &look, keys, count, applying->now_ms,
				  &applying->counts, &waiting, &waiting_count, err);

	au_map_free(choice.steps, NULL);
	if (rc == 0 && count > 0)
		rc = keep_record(c, &choice, digest, err);
	if (rc == 0 && count > 0)
		rc = forget_old(c, err);
	if (rc < 0)
		return rc;
	json_object_set_new(result, "applied", json_boolean(count > 0));
	au_json_set_int(result, "left", (long long)left);
	au_json_set_int(result, "queued", applying->counts.queued);
	au_json_set_int(result, "held", applying->counts.held);
	au_json_set_int(result, "open", choice.open);
	return 0;
}

/* A plan of which nothing is left to do may be applied as often as anybody likes. */
static int
apply_again(struct comparing *c, const struct au_plan_done *done, json_t *result, struct au_err *err)
{
	struct au_applying *applying = c->applying;
	size_t steps = json_array_size(json_object_get(applying->plan, "steps"));
	const char **keys = au_arena_alloc(c->arena, (steps + 1) * sizeof(*keys));
	AU_CLEANUP(au_json_decrefp) json_t *numbers = json_array();
	AU_CLEANUP(au_plan_freep) struct au_plan *plan = au_plan_new();
	struct choice choice = { .steps = au_map_new(), .numbers = numbers };
	size_t count = choose(c, NULL, &choice, keys);
	char when[AU_WHEN_SIZE];
	int rc = au_look_plan(c->tx, applying->policy, keys, count, applying->now_ms, plan, err);

	for (size_t i = 0; rc == 0 && i < plan->step_count; i++)
		is_chosen(&choice, plan->arena, &plan->steps[i]);
	au_map_free(choice.steps, NULL);
	if (rc < 0)
		return rc;
	if (choice.found > 0)
		return au_fail(err, AU_EEXIST, "plan %.16s: was applied by %s at %s already; make a new one",
		    done->digest, done->actor, au_when_format(done->at_ms, when));
	json_object_set_new(result, "empty", json_true());
	return 0;
}

/* ---- the whole ---- */

static int
decide(struct comparing *c, json_t *result, struct au_err *err)
{
	const struct au_applying *applying = c->applying;
	const char *digest = au_json_get_str(applying->plan, "digest");
	struct au_plan_done done;
	int rc = au_store_plan_done_get(c->tx, c->arena, digest, &done, NULL);

	au_json_set_str(result, "digest", digest);
	json_object_set_new(result, "applied", json_false());
	json_object_set(result, "moved", c->moved);
	if (rc == 0)
		return apply_again(c, &done, result, err);
	if (rc != AU_ENOENT)
		return au_fail(err, rc, "plan %.16s: cannot be looked up", digest);
	if (json_array_size(json_object_get(applying->plan, "steps")) == 0)
		json_object_set_new(result, "empty", json_true());
	else if (json_array_size(c->moved) == 0 || applying->unmoved)
		return write_chosen(c, digest, result, err);
	else
		au_json_set_int(result, "left", (long long)json_array_size(json_object_get(applying->plan, "steps")));
	return 0;
}

int
au_applying_write(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct au_applying *applying = arg;
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	AU_CLEANUP(au_inputs_freep) struct au_inputs *inputs = au_inputs_new(applying->policy, applying->now_ms);
	AU_CLEANUP(au_json_decrefp) json_t *moved = json_array(), *result = json_object();
	size_t steps = json_array_size(json_object_get(applying->plan, "steps"));
	struct comparing c = { .tx = tx,
		.applying = applying,
		.arena = arena,
		.inputs = inputs,
		.told = au_map_new(),
		.moved = moved,
		.stays = au_arena_alloc(arena, (steps + 1) * sizeof(bool)) };
	int rc = check_age(applying, err);

	if (rc == 0)
		rc = keep_sights(tx, applying, err);
	applying->counts = (struct au_look_counts){ 0 };
	if (rc == 0)
		rc = compare_all(&c, err);
	if (rc == 0)
		rc = decide(&c, result, err);
	au_map_free(c.told, NULL);
	if (rc < 0)
		return rc;
	json_decref(applying->result);
	applying->result = json_incref(result);
	return 0;
}
