/* SPDX-License-Identifier: ISC */
/*
 * What the configuration names, what the store knows of it and what the engine
 * is doing, put side by side: a configured source that has never answered is
 * shown as well as one that is no longer configured.
 */
#include "control/overview.h"

#include "base/clock.h"
#include "base/str.h"
#include "control/render.h"
#include "reconcile/capacity.h"
#include "reconcile/freshness.h"
#include "reconcile/policy.h"
#include "reconcile/term.h"
#include "source/round.h"
#include "store/apiuser.h"
#include "store/reading.h"
#include "store/step.h"
#include "store/trouble.h"

#include <string.h>

static void
release_policy(void *job)
{
	au_engine_plan_done(job);
}

static void
release_attested(void *overview)
{
	json_decref(((struct au_overview *)overview)->attested);
}

void
au_overview_init(struct au_overview *overview, struct au_arena *arena, struct au_engine *engine)
{
	struct au_engine_plan_job *job = au_arena_alloc(arena, sizeof(*job));
	const struct au_settings *settings;
	long long now_ms = au_clock_wall_ms();

	au_engine_plan_init(engine, job);
	au_arena_defer(arena, release_policy, job);
	au_arena_defer(arena, release_attested, overview);
	settings = job->policy->settings;
	*overview = (struct au_overview){ .target_count = settings->target_count,
		.now_ms = now_ms,
		.warn_ms = now_ms + au_term_longest(settings),
		.settings = settings };
	overview->targets = au_arena_alloc(arena, settings->target_count * sizeof(*overview->targets));
	for (size_t i = 0; i < settings->target_count; i++)
		overview->targets[i].name = au_arena_strdup(arena, settings->targets[i].block.name);
}

static int
gather_target(struct au_overview_target *target, struct au_store_tx *tx, struct au_arena *arena, struct au_err *err)
{
	int rc = au_store_account_counts(tx, target->name, &target->counts, err);

	if (rc == 0)
		rc = au_store_account_drift_count(tx, target->name, &target->drift, err);
	if (rc == 0)
		rc = au_store_target_get(tx, arena, target->name, &target->row, err);
	if (rc == AU_ENOENT) {
		target->row = (struct au_target_row){ 0 };
		rc = 0;
	}
	return rc < 0 ? rc : au_store_quarantined_count(tx, target->name, &target->quarantined, err);
}

/* The newest one of each search. */
static int
gather_reads(struct au_overview *overview, struct au_store_tx *tx, struct au_arena *arena, struct au_err *err)
{
	struct au_reading_row *rows = NULL;
	size_t count = 0;
	int rc = au_store_reading_latest(tx, arena, &rows, &count, err);

	overview->reads = au_arena_alloc(arena, (count + 1) * sizeof(*overview->reads));
	for (size_t i = 0; rc == 0 && i < count; i++) {
		struct au_overview_read *read = &overview->reads[overview->read_count];
		json_t *json = NULL;
		if (au_json_parse(rows[i].text, strlen(rows[i].text), AU_JSON_DEPTH, &json, NULL) < 0)
			continue;
		*read = (struct au_overview_read){ .source = rows[i].source, .search = rows[i].search };
		if (au_source_read_from_json(au_json_in_arena(arena, json), &read->read, NULL) == 0)
			overview->read_count++;
	}
	return rc;
}

static int
gather_holds(struct au_overview *overview, struct au_store_tx *tx, struct au_arena *arena, struct au_err *err)
{
	int rc = 0;

	overview->holds = au_arena_alloc(arena, (overview->source_count + 1) * sizeof(*overview->holds));
	for (size_t i = 0; rc == 0 && i < overview->source_count; i++)
		rc = au_round_holds(tx, arena, overview->sources[i].name, &overview->holds[i], err);
	return rc;
}

int
au_overview_gather(struct au_overview *overview, struct au_store_tx *tx, struct au_arena *arena, struct au_err *err)
{
	int rc = au_store_apiuser_count(tx, &overview->users, err);

	if (rc == 0)
		rc = au_store_apiuser_ends(tx, overview->now_ms, overview->warn_ms, &overview->ends, err);
	if (rc == 0)
		rc = au_store_dirty_count(tx, &overview->dirty, err);
	for (int state = AU_STEP_QUEUED; rc == 0 && state < AU_STEP_STATES; state++)
		rc = au_store_step_count(tx, (enum au_step_state)state, &overview->steps[state], err);
	if (rc == 0)
		rc = au_store_held_counts(tx, arena, &overview->held, &overview->held_count, err);
	if (rc == 0)
		rc = au_store_source_list(tx, arena, &overview->sources, &overview->source_count, err);
	if (rc == 0)
		rc = gather_holds(overview, tx, arena, err);
	if (rc == 0)
		rc = gather_reads(overview, tx, arena, err);
	for (size_t i = 0; rc == 0 && i < overview->target_count; i++)
		rc = gather_target(&overview->targets[i], tx, arena, err);
	for (size_t i = 0; rc == 0 && i < overview->target_count; i++)
		overview->quarantined += overview->targets[i].quarantined;
	if (rc == 0)
		rc = au_store_pool_list(tx, arena, NULL, &overview->pools, &overview->pool_count, err);
	if (rc == 0)
		rc = au_store_work_counts(tx, arena, overview->now_ms, &overview->works, &overview->work_count, err);
	if (rc == 0)
		rc = au_store_delivery_count(tx, arena, &overview->deliveries, err);
	if (rc == 0)
		rc = au_freshness_list(tx, arena, overview->settings, NULL, overview->now_ms, &overview->attested, err);
	return rc;
}

/* ---- JSON ---- */

static const struct au_source_row *
find_row(const struct au_overview *overview, const char *name)
{
	for (size_t i = 0; i < overview->source_count; i++)
		if (au_streq(overview->sources[i].name, name))
			return &overview->sources[i];
	return NULL;
}

struct au_source *
au_overview_find_source(const struct au_control_world *world, const char *name)
{
	for (size_t i = 0; i < world->source_count; i++)
		if (au_streq(au_source_name(world->sources[i]), name))
			return world->sources[i];
	return NULL;
}

static void
put_configured(const struct au_overview *overview, const struct au_control_world *world, const struct au_block *block,
    const char *kind, json_t *list)
{
	const struct au_source_row unknown = { .name = block->name, .state = AU_SOURCE_NEW };
	const struct au_source_row *row = find_row(overview, block->name);
	const struct au_source *source = au_overview_find_source(world, block->name);
	json_t *item = au_render_source(row != NULL ? row : &unknown);

	json_object_set_new(item, "held", json_boolean(row != NULL && overview->holds[row - overview->sources]));
	au_json_set_str(item, "kind", kind);
	json_object_set_new(item, "membership", au_engine_oddities_json(world->engine, block->name));
	if (source != NULL)
		au_json_set_int(item, "pid", au_source_pid(source));
	json_array_append_new(list, item);
}

json_t *
au_overview_sources_json(const struct au_overview *overview, const struct au_control_world *world)
{
	const struct au_settings *settings = world->settings;
	json_t *list = json_array();

	for (size_t i = 0; i < settings->source_count; i++)
		put_configured(
		    overview, world, &settings->sources[i], au_values_str(settings->sources[i].values, "kind"), list);
	for (size_t i = 0; i < settings->client_count; i++)
		put_configured(overview, world, &settings->clients[i], "scim", list);
	for (size_t i = 0; i < overview->source_count; i++) {
		const char *name = overview->sources[i].name;
		if (au_settings_source(settings, name) == NULL && au_settings_client(settings, name) == NULL) {
			json_t *item = au_render_source(&overview->sources[i]);
			au_json_set_str(item, "kind", "not configured");
			json_array_append_new(list, item);
		}
	}
	return list;
}

static void
put_counts(const struct au_overview_target *target, json_t *item)
{
	au_json_set_int(item, "accounts", target->counts.all);
	au_json_set_int(item, "present", target->counts.present);
	au_json_set_int(item, "active", target->counts.active);
	au_json_set_int(item, "problems", target->counts.problems);
	au_json_set_int(item, "conflicts", target->counts.conflicts);
	au_json_set_int(item, "drift", target->drift);
	au_json_set_int(item, "quarantined", target->quarantined);
}

json_t *
au_overview_targets_json(const struct au_overview *overview, const struct au_control_world *world)
{
	json_t *list = au_engine_targets_json(world->engine), *item;
	size_t index;

	json_array_foreach (list, index, item) {
		for (size_t i = 0; i < overview->target_count; i++)
			if (au_streq(overview->targets[i].name, au_json_get_str(item, "name")))
				put_counts(&overview->targets[i], item);
	}
	return list;
}

static json_t *
pool_json(const struct au_pool_row *pool, long long now_ms, const char *trouble)
{
	json_t *item = json_object();

	au_json_set_str(item, "target", pool->target);
	au_json_set_str(item, "pool", pool->name);
	if (au_capacity_limit(pool) >= 0)
		au_json_set_int(item, "limit", au_capacity_limit(pool));
	au_json_set_int(item, "free", au_capacity_left(pool, now_ms));
	au_json_set_int(item, "waiting", pool->waiting);
	json_object_set_new(item, "low", json_boolean(au_capacity_is_low(pool, now_ms)));
	au_json_set_str(item, "trouble", trouble);
	return item;
}

/* Pools of which little is left, or of which target and configuration say different things. */
static json_t *
low_json(const struct au_overview *overview, long long now_ms)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	json_t *list = json_array();

	for (size_t i = 0; i < overview->pool_count; i++) {
		const struct au_pool_row *pool = &overview->pools[i];
		const char *trouble = au_capacity_trouble(arena, pool);

		if (!trouble)
			trouble = au_capacity_note(arena, pool);
		if (trouble || au_capacity_is_low(pool, now_ms))
			json_array_append_new(list, pool_json(pool, now_ms, trouble));
	}
	return list;
}

/* A target's counts by state; of a state and of the oldest that is not done. */
static void
add_count(json_t *item, const struct au_work_count *count)
{
	long long oldest_ms = au_json_get_int(item, "oldest_ms");

	au_json_set_int(item, au_work_state_name(count->state), count->count);
	if (!au_work_is_open(count->state))
		return;
	au_json_set_int(item, "overdue", au_json_get_int(item, "overdue") + count->overdue);
	if (count->state == AU_WORK_CLAIMED)
		au_json_set_int(item, "late_claims", count->overdue);
	if (oldest_ms == 0 || count->oldest_ms < oldest_ms)
		au_json_set_int(item, "oldest_ms", count->oldest_ms);
}

/* What people have to do, of targets where there is, or was, anything. */
static json_t *
work_json(const struct au_overview *overview)
{
	json_t *list = json_array(), *item;

	for (size_t i = 0; i < overview->target_count; i++) {
		item = json_object();
		for (size_t k = 0; k < overview->work_count; k++)
			if (au_streq(overview->works[k].target, overview->targets[i].name))
				add_count(item, &overview->works[k]);
		if (json_object_size(item) > 0) {
			au_json_set_str(item, "target", overview->targets[i].name);
			json_array_append(list, item);
		}
		json_decref(item);
	}
	return list;
}

/* What a ticket system has yet to be told; NULL when there is none and nothing is left. */
static json_t *
webhook_json(const struct au_overview *overview)
{
	const struct au_delivery_counts *counts = &overview->deliveries;
	json_t *json;

	if (au_values_str(overview->settings->webhook, "url") == NULL && counts->waiting + counts->given_up == 0)
		return NULL;
	json = json_object();
	au_json_set_int(json, "waiting", counts->waiting);
	au_json_set_int(json, "given_up", counts->given_up);
	au_json_set_int(json, "lost", counts->lost);
	au_json_set_int(json, "oldest_ms", counts->oldest_ms);
	au_json_set_str(json, "problem", counts->problem);
	return json;
}

/* Of JWTs, with what became of their keys. */
static json_t *
issuers_json(const struct au_scim *scim)
{
	size_t count = scim != NULL ? au_scim_issuer_count(scim) : 0;
	json_t *list = json_array();

	for (size_t i = 0; i < count; i++) {
		json_t *item = json_object();
		struct au_issuer_state state;

		au_scim_issuer(scim, i, &state);
		au_json_set_str(item, "name", state.name);
		au_json_set_int(item, "keys", (long long)state.keys);
		au_json_set_int(item, "fetched_ms", state.fetched_ms);
		au_json_set_str(item, "text", state.problem);
		json_array_append_new(list, item);
	}
	return list;
}

json_t *
au_overview_json(const struct au_overview *overview, const struct au_control_world *world, long long now_ms)
{
	json_t *json = json_object(), *steps = json_object();

	au_json_set_str(json, "version", world->version);
	au_json_set_int(json, "started_ms", world->started_ms);
	au_json_set_int(json, "now_ms", now_ms);
	json_object_set_new(json, "busy", json_boolean(au_engine_busy(world->engine)));
	au_json_set_int(json, "users", overview->users);
	au_json_set_int(json, "expired", overview->ends.expired);
	au_json_set_int(json, "expiring", overview->ends.expiring);
	au_json_set_int(json, "owner_left", overview->ends.owner_left);
	au_json_set_str(json, "owner_deputy", au_values_str(world->settings->reconcile, "owner_deputy"));
	au_json_set_int(json, "dirty", overview->dirty);
	au_json_set_int(json, "quarantined", overview->quarantined);
	for (int state = AU_STEP_QUEUED; state < AU_STEP_STATES; state++)
		if (au_step_state_name((enum au_step_state)state) != NULL)
			au_json_set_int(steps, au_step_state_name((enum au_step_state)state), overview->steps[state]);
	json_object_set_new(json, "steps", steps);
	json_object_set_new(json, "sources", au_overview_sources_json(overview, world));
	json_object_set_new(json, "targets", au_overview_targets_json(overview, world));
	json_object_set_new(json, "low", low_json(overview, now_ms));
	json_object_set_new(json, "work", work_json(overview));
	json_object_set(json, "attested", overview->attested);
	json_object_set_new(json, "webhook", webhook_json(overview));
	json_object_set_new(json, "issuers", issuers_json(world->scim));
	return json;
}
