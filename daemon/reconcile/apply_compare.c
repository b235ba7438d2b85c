/* SPDX-License-Identifier: ISC */
/*
 * What of a saved plan may go on: its inputs are compared with what is there now.
 * Nothing is written, so that it may take its time beside the store's writer.
 */
#include "reconcile/applying.h"

#include "base/str.h"
#include "base/when.h"
#include "model/saved_plan.h"
#include "reconcile/gather.h"
#include "reconcile/inputs.h"
#include "store/plan_done.h"

const json_t *
au_applying_steps(const struct au_applying *applying)
{
	return json_object_get(applying->plan, "steps");
}

/* ---- comparing ---- */

struct comparing {
	struct au_store_tx *tx;
	struct au_applying *applying;
	struct au_inputs *inputs; /* as they are now */
	bool is_late;             /* the plan itself has taken room meanwhile */
};

static void
tell_moved(struct comparing *c, const json_t *was, const json_t *now, const char *text)
{
	json_t *item = json_object();

	au_json_set_str(item, "kind", au_json_get_str(was, "kind"));
	au_json_set_str(item, "name", au_json_get_str(was, "name"));
	json_object_set(item, "was", json_object_get(was, "says"));
	json_object_set(item, "now", json_object_get(now, "says"));
	au_json_set_str(item, "text", text);
	json_array_append_new(c->applying->moved, item);
}

/* Whether one input of a step moved; told once, however many steps stand on it. */
static bool
input_moved(struct comparing *c, const json_t *was, const struct au_sight *sight)
{
	const char *kind = au_json_get_str(was, "kind"), *name = au_json_get_str(was, "name"), *text = NULL;
	const json_t *now = au_inputs_find(c->inputs, kind, name);
	AU_CLEANUP(au_freep) char *place = au_xasprintf("%s\n%s", kind, name);

	if (c->is_late && au_streq(kind, "pool"))
		return false;
	if (sight && au_streq(kind, "account") && sight->trouble)
		text = au_arena_printf(c->applying->arena, "cannot be read now: %s", sight->trouble);
	else if (sight && au_streq(kind, "account") && sight->is_taken)
		text = "the login is there by now";
	else if (now && au_streq(au_json_get_str(was, "hash"), au_json_get_str(now, "hash")))
		return false;
	if (!au_map_has(c->applying->told, place))
		tell_moved(c, was, now, text);
	au_map_put(c->applying->told, place, c->applying);
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
demand_all(const struct comparing *c)
{
	const json_t *step;
	size_t index;

	json_array_foreach ((json_t *)au_applying_steps(c->applying), index, step) {
		AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
		au_inputs_demand(c->inputs, au_json_get_str(step, "target"), takes_of(arena, step));
	}
}

static int
compare_step(struct comparing *c, size_t index, struct au_err *err)
{
	const json_t *saved = json_object_get(c->applying->plan, "inputs"), *place;
	const json_t *step = json_array_get(au_applying_steps(c->applying), index);
	const struct au_sight *sight = au_applying_sight(c->applying, step);
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
			c->applying->stays[index] = true;
	}
	json_decref(places);
	return 0;
}

/* Who waits for a step that stays behind stays behind, too. */
static void
spread(const struct au_applying *applying)
{
	const json_t *steps = au_applying_steps(applying), *step, *number;
	size_t index, at;
	bool again = true;

	while (again) {
		again = false;
		json_array_foreach ((json_t *)steps, index, step) {
			json_array_foreach (json_object_get(step, "after"), at, number) {
				size_t before = (size_t)json_integer_value(number) - 1;
				if (before >= json_array_size(steps) || !applying->stays[before] ||
				    applying->stays[index])
					continue;
				applying->stays[index] = again = true;
			}
		}
	}
}

static int
compare_all(struct comparing *c, struct au_err *err)
{
	size_t count = json_array_size(au_applying_steps(c->applying));
	int rc = 0;

	demand_all(c);
	for (size_t i = 0; rc == 0 && i < count; i++)
		rc = compare_step(c, i, err);
	spread(c->applying);
	return rc;
}

int
au_applying_look_again(struct au_store_tx *tx, struct au_applying *applying, size_t step, bool *ret, struct au_err *err)
{
	AU_CLEANUP(au_inputs_freep) struct au_inputs *inputs = au_inputs_new(applying->policy, applying->now_ms);
	struct comparing c = { .tx = tx, .applying = applying, .inputs = inputs, .is_late = true };
	int rc = compare_step(&c, step, err);

	*ret = rc == 0 && applying->stays[step];
	return rc;
}

/* ---- choosing ---- */

char *
au_applying_step_text(const char *key, const char *target, const char *op, const char *want)
{
	return au_xasprintf("%s\n%s\n%s\n%s", key ? key : "", target ? target : "", op ? op : "", want ? want : "");
}

char *
au_applying_saved_text(const json_t *step)
{
	AU_CLEANUP(au_freep) char *want = au_json_canonical(json_object_get(step, "want"));

	return au_applying_step_text(
	    au_json_get_str(step, "key"), au_json_get_str(step, "target"), au_json_get_str(step, "op"), want);
}

static struct au_applying_key *
key_of(struct au_applying *applying, struct au_map *keys, const char *name)
{
	struct au_applying_key *key = au_map_get(keys, name);

	if (key)
		return key;
	key = au_arena_alloc(applying->arena, sizeof(*key));
	*key = (struct au_applying_key){ .key = name };
	au_map_put(keys, name, key);
	applying->keys[applying->key_count++] = key;
	return key;
}

static void
add_step(struct au_applying *applying, struct au_applying_key *key, size_t index, const json_t *step)
{
	size_t *grown = au_arena_alloc(applying->arena, (key->step_count + 1) * sizeof(*grown));

	for (size_t i = 0; i < key->step_count; i++)
		grown[i] = key->steps[i];
	grown[key->step_count++] = index;
	key->steps = grown;
	key->waits = key->waits || au_streq(au_json_get_str(step, "state"), au_step_state_name(AU_STEP_WAITING));
}

/* In the order of the plan, but who was shown to wait for room comes behind who was not. */
static void
put_waiting_last(struct au_applying *applying)
{
	struct au_applying_key **order = au_arena_alloc(applying->arena, (applying->key_count + 1) * sizeof(*order));
	size_t count = 0;

	for (size_t i = 0; i < 2 * applying->key_count; i++) {
		struct au_applying_key *key = applying->keys[i % applying->key_count];
		if (key->waits == (i >= applying->key_count))
			order[count++] = key;
	}
	applying->keys = order;
}

/* The steps that may go on, by their keys; all of them when nothing is to stay. */
static void
choose(struct au_applying *applying, bool all)
{
	const json_t *steps = au_applying_steps(applying), *step;
	struct au_map *keys = au_map_new();
	size_t index;

	applying->keys =
	    au_arena_alloc(applying->arena, (json_array_size(steps) + 1) * sizeof(struct au_applying_key *));
	applying->key_count = 0;
	json_array_foreach ((json_t *)steps, index, step) {
		if (all || !applying->stays[index])
			add_step(applying, key_of(applying, keys, au_json_get_str(step, "key")), index, step);
	}
	au_map_free(keys, NULL);
	put_waiting_last(applying);
}

/* ---- deciding ---- */

long long
au_applying_oldest_ms(const struct au_applying *applying)
{
	return applying->now_ms - au_values_num(applying->policy->settings->reconcile, "plan_age");
}

static int
check_age(const struct au_applying *applying, struct au_err *err)
{
	long long made_ms = au_json_get_int(applying->plan, "made_ms");
	char when[AU_WHEN_SIZE];

	if (made_ms >= au_applying_oldest_ms(applying))
		return 0;
	return au_fail(err, AU_EINVAL, "made_ms: the plan is of %s, older than plan_age allows; make a new one",
	    au_when_format(made_ms, when));
}

/* Whether the store still comes to any step of the plan. */
static int
is_anything_left(struct comparing *c, bool *ret, struct au_err *err)
{
	struct au_applying *applying = c->applying;
	AU_CLEANUP(au_plan_freep) struct au_plan *plan = au_plan_new();
	const char **keys = au_arena_alloc(applying->arena, (applying->key_count + 1) * sizeof(*keys));
	struct au_map *texts = au_map_new();
	const json_t *step;
	size_t index;
	int rc;

	for (size_t i = 0; i < applying->key_count; i++)
		keys[i] = applying->keys[i]->key;
	json_array_foreach ((json_t *)au_applying_steps(applying), index, step) {
		AU_CLEANUP(au_freep) char *text = au_applying_saved_text(step);
		au_map_put(texts, text, applying);
	}
	rc = au_look_plan(c->tx, applying->policy, keys, applying->key_count, applying->now_ms, plan, err);
	*ret = false;
	for (size_t i = 0; rc == 0 && i < plan->step_count; i++) {
		const struct au_step *planned = &plan->steps[i];
		AU_CLEANUP(au_freep)
		char *text =
		    au_applying_step_text(planned->key, planned->target, au_step_op_name(planned->op), planned->want);
		*ret = *ret || (planned->state != AU_STEP_CANCELLED && au_map_has(texts, text));
	}
	au_map_free(texts, NULL);
	return rc;
}

/* A plan of which nothing is left to do may be applied as often as anybody likes. */
static int
apply_again(struct comparing *c, const struct au_plan_done *done, json_t *result, struct au_err *err)
{
	char when[AU_WHEN_SIZE];
	bool left = false;
	int rc;

	choose(c->applying, true);
	rc = is_anything_left(c, &left, err);
	c->applying->key_count = 0;
	if (rc < 0)
		return rc;
	if (left)
		return au_fail(err, AU_EEXIST, "plan %.16s: was applied by %s at %s already; make a new one",
		    done->digest, done->actor, au_when_format(done->at_ms, when));
	json_object_set_new(result, "empty", json_true());
	return 0;
}

static int
decide(struct comparing *c, json_t *result, struct au_err *err)
{
	struct au_applying *applying = c->applying;
	const char *digest = au_json_get_str(applying->plan, "digest");
	size_t steps = json_array_size(au_applying_steps(applying));
	struct au_plan_done done;
	int rc = au_store_plan_done_get(c->tx, applying->arena, digest, &done, NULL);

	au_json_set_str(result, "digest", digest);
	json_object_set_new(result, "applied", json_false());
	json_object_set(result, "moved", applying->moved);
	if (rc == 0)
		return apply_again(c, &done, result, err);
	if (rc != AU_ENOENT)
		return au_fail(err, rc, "plan %.16s: cannot be looked up", digest);
	if (steps == 0)
		json_object_set_new(result, "empty", json_true());
	else if (json_array_size(applying->moved) == 0 || applying->unmoved)
		choose(applying, false);
	if (steps > 0 && applying->key_count == 0)
		au_json_set_int(result, "left", (long long)steps);
	return 0;
}

int
au_applying_compare(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct au_applying *applying = arg;
	AU_CLEANUP(au_inputs_freep) struct au_inputs *inputs = au_inputs_new(applying->policy, applying->now_ms);
	AU_CLEANUP(au_json_decrefp) json_t *result = json_object();
	struct comparing c = { .tx = tx, .applying = applying, .inputs = inputs };
	size_t steps = json_array_size(au_applying_steps(applying));
	int rc = check_age(applying, err);

	applying->stays = au_arena_alloc(applying->arena, (steps + 1) * sizeof(bool));
	if (rc == 0)
		rc = compare_all(&c, err);
	if (rc == 0)
		rc = decide(&c, result, err);
	if (rc < 0)
		return rc;
	json_decref(applying->result);
	applying->result = json_incref(result);
	return 0;
}
