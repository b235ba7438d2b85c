/* SPDX-License-Identifier: ISC */
/* The ledgers as people read them: what there is, who has it, who comes next, and whether some more would fit. */
#include "reconcile/engine_parts.h"

#include "base/str.h"
#include "reconcile/capacity.h"
#include "reconcile/foresee.h"
#include "reconcile/trial.h"
#include "store/step.h"

#define LINE_SHOWN 10

struct showing {
	struct au_store_tx *tx;
	struct au_arena *arena;
	const struct au_engine_capacity_job *job;
	const struct au_policy *policy;
	const char *target;    /* only its pools; NULL = all */
	struct au_trial trial; /* of a template; count 0 when none is asked for */
};

static const struct au_pool_spec *
find_spec(const struct au_target_block *target, const char *name)
{
	for (size_t i = 0; target && i < target->pool_count; i++)
		if (au_streq(target->pools[i].row.name, name))
			return &target->pools[i];
	return NULL;
}

/* A pool that nobody has limited and nobody takes from is of no interest. */
static bool
is_shown(const struct au_pool_row *pool, const struct au_pool_spec *spec)
{
	return (spec && spec->configured) || au_capacity_limit(pool) >= 0 || pool->ours > 0 || pool->others > 0 ||
	       pool->reserved > 0 || pool->waiting > 0;
}

/* The first of those who wait for the pool. */
static int
put_line(struct showing *s, const struct au_pool_row *pool, json_t *item, struct au_err *err)
{
	json_t *line = json_array();
	struct au_step *steps = NULL;
	size_t count = 0;
	int rc = pool->waiting == 0
		     ? 0
		     : au_store_step_line(s->tx, s->arena, pool->target, pool->name, LINE_SHOWN, &steps, &count, err);

	for (size_t i = 0; rc == 0 && i < count; i++)
		json_array_append_new(line, json_string(steps[i].login));
	json_object_set_new(item, "line", line);
	return rc;
}

/* Those who came now would stand behind all who wait. */
static long long
that_fit(const struct showing *s, const struct au_pool_row *pool, long long more)
{
	long long left = au_capacity_free(pool, s->job->plan.now_ms);

	return pool->waiting > 0 ? 0 : left < more ? left : more;
}

static void
put_what_if(const struct showing *s, const struct au_pool_row *pool, json_t *item)
{
	bool by_template = s->job->template != NULL;
	long long units = by_template ? au_takes_of(&s->trial.takes, pool->name) : 1, more = s->job->what_if * units;
	long long fit = by_template ? s->trial.fit * units : that_fit(s, pool, more);
	json_t *what_if;

	if (more <= 0)
		return;
	what_if = json_object();
	au_json_set_int(what_if, "more", more);
	au_json_set_int(what_if, "fit", fit);
	au_json_set_int(what_if, "wait", more - fit);
	if (pool->beyond != AU_BEYOND_WAIT)
		au_json_set_int(what_if, "billed", au_capacity_billed(pool, fit));
	json_object_set_new(item, "what_if", what_if);
}

static json_t *
trial_json(const struct showing *s)
{
	json_t *json = json_object();

	au_json_set_str(json, "template", s->job->template);
	au_json_set_str(json, "target", s->target);
	au_json_set_int(json, "more", s->job->what_if);
	au_json_set_int(json, "fit", s->trial.fit);
	au_json_set_int(json, "wait", s->job->what_if - s->trial.fit);
	au_json_set_str(json, "full", s->trial.full);
	return json;
}

static int
put_next(struct showing *s, const struct au_pool_row *pool, json_t *item, struct au_err *err)
{
	const char *next = NULL;
	int rc = au_capacity_free(pool, s->job->plan.now_ms) > 0
		     ? 0
		     : au_foresee_next(s->tx, s->arena, s->policy, pool, &next, err);

	au_json_set_str(item, "next", next);
	return rc;
}

static json_t *
pool_json(struct showing *s, const struct au_pool_row *pool, const struct au_pool_spec *spec)
{
	long long limit = au_capacity_limit(pool), left = au_capacity_left(pool, s->job->plan.now_ms);
	json_t *item = json_object();

	au_json_set_str(item, "target", pool->target);
	au_json_set_str(item, "pool", pool->name);
	au_json_set_str(item, "text", spec ? spec->row.text : NULL);
	if (limit >= 0)
		au_json_set_int(item, "limit", limit);
	if (pool->limit_set >= 0)
		au_json_set_int(item, "limit_configured", pool->limit_set);
	if (pool->limit_read >= 0)
		au_json_set_int(item, "limit_read", pool->limit_read);
	if (pool->used_read >= 0)
		au_json_set_int(item, "used_read", pool->used_read);
	if (pool->read_ms > 0)
		au_json_set_int(item, "read_ms", pool->read_ms);
	au_json_set_int(item, "reserve", pool->reserve);
	au_json_set_int(item, "ours", pool->ours);
	au_json_set_int(item, "others", pool->others);
	au_json_set_int(item, "reserved", pool->reserved);
	if (left != AU_CAPACITY_FREE)
		au_json_set_int(item, "free", left);
	au_json_set_int(item, "waiting", pool->waiting);
	au_json_set_str(item, "beyond", au_beyond_name((enum au_beyond)pool->beyond));
	au_json_set_int(item, "observed_ms", pool->observed_ms);
	if (pool->closed_ms > s->job->plan.now_ms)
		au_json_set_int(item, "closed_ms", pool->closed_ms);
	json_object_set_new(item, "low", json_boolean(au_capacity_is_low(pool, s->job->plan.now_ms)));
	au_json_set_str(item, "trouble", au_capacity_trouble(s->arena, pool));
	au_json_set_str(item, "note", au_capacity_note(s->arena, pool));
	return item;
}

static int
show_pool(struct showing *s, const struct au_pool_row *pool, json_t *list, struct au_err *err)
{
	const struct au_target_block *target = au_settings_target(s->policy->settings, pool->target);
	const struct au_pool_spec *spec = find_spec(target, pool->name);
	json_t *item;
	int rc;

	if (!is_shown(pool, spec))
		return 0;
	item = pool_json(s, pool, spec);
	json_array_append_new(list, item);
	put_what_if(s, pool, item);
	rc = put_line(s, pool, item, err);
	return rc < 0 ? rc : put_next(s, pool, item, err);
}

int
au_engine_capacity_work(struct au_store_tx *tx, void *capacity_job, struct au_err *err)
{
	struct au_engine_capacity_job *job = capacity_job;
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	AU_CLEANUP(au_json_decrefp) json_t *result = json_object();
	struct showing s = { .tx = tx, .arena = arena, .job = job, .policy = job->plan.policy };
	struct au_pool_row *pools = NULL;
	json_t *list = json_array();
	size_t count = 0;
	int rc;

	json_object_set_new(result, "pools", list);
	if (job->target && !au_settings_target(s.policy->settings, job->target))
		return au_fail(err, AU_ENOENT, "target '%s': not configured", job->target);
	s.target = job->target;
	if (job->template && (rc = au_trial_target(s.policy, job->template, job->target, &s.target, err)) < 0)
		return rc;
	rc = au_store_pool_list(tx, arena, s.target, &pools, &count, err);
	if (rc == 0 && job->template) {
		rc = au_trial_make(
		    arena, s.policy, job->template, job->what_if, pools, count, job->plan.now_ms, &s.trial, err);
		json_object_set_new(result, "what_if", trial_json(&s));
	}
	for (size_t i = 0; rc == 0 && i < count; i++)
		rc = show_pool(&s, &pools[i], list, err);
	if (rc < 0)
		return rc;
	json_decref(job->result);
	job->result = json_incref(result);
	return 0;
}
