/* SPDX-License-Identifier: ISC */
/* A look is one reading of the store for all sources; what it found is held against what was told before. */
#include "reconcile/oddities.h"

#include "base/log.h"
#include "base/map.h"
#include "base/str.h"
#include "base/timer.h"
#include "model/dn.h"
#include "store/fact.h"

#define SOON_MS 5000

/* Of one source, as looked at last. */
struct found {
	const char *source;
	struct au_nesting nesting;
	struct au_member_unknown unknown;
	struct au_entry_odd dates; /* that cannot be read */
	bool is_cut;
};

struct look {
	struct au_oddities *oddities;
	struct au_policy *policy;
	struct au_arena *arena;
	struct found *found;
	size_t count;
};

struct au_oddities {
	struct au_store *store;
	struct au_policy *policy;
	struct look *last; /* NULL before the first one */
	bool is_looking, is_stopped;
	struct au_timer *due;
};

static void
free_look(struct look *look)
{
	if (look == NULL)
		return;
	au_policy_free(look->policy);
	au_arena_free(look->arena);
	free(look);
}

/* ---- what there is ---- */

/* Below the root lies everything; a SCIM client has no bases, and names nobody by DN. */
static const char *
base_of(struct au_arena *arena, const struct au_settings *settings, const char *source, const char *option)
{
	const struct au_block *block = au_settings_source(settings, source);
	const char *base = block != NULL ? au_values_str(block->values, option) : NULL, *norm = NULL;

	if (base != NULL)
		(void)au_dn_normalize(arena, base, &norm, NULL);
	return norm != NULL ? norm : "";
}

static int
look_at(struct au_store_tx *tx, const struct look *look, struct found *found, struct au_err *err)
{
	const struct au_settings *settings = look->policy->settings;
	const char *bases[2] = { base_of(look->arena, settings, found->source, "people_base"),
		base_of(look->arena, settings, found->source, "groups_base") };
	struct au_nesting_link *links = NULL;
	size_t count = 0;
	int rc = au_store_member_nested(tx, look->arena, found->source, &links, &count, err);

	if (rc == 0)
		rc = au_store_member_unknown(tx, found->source, bases, &found->unknown, err);
	if (rc == 0)
		rc = au_store_entry_odd(tx, look->arena, found->source, &found->dates, err);
	if (rc < 0)
		return rc;
	if (bases[0][0] == '\0' || bases[1][0] == '\0')
		found->unknown.outside = 0;
	au_nesting_find(look->arena, links, count, &found->nesting);
	found->is_cut = (long long)found->nesting.deepest > look->policy->nested_depth;
	return 0;
}

static int
look_work(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct look *look = arg;
	int rc = 0;

	look->count = look->policy->order_count;
	look->found = au_arena_alloc(look->arena, (look->count + 1) * sizeof(*look->found));
	for (size_t i = 0; rc == 0 && i < look->count; i++) {
		look->found[i].source = look->policy->order[i];
		rc = look_at(tx, look, &look->found[i], err);
	}
	return rc;
}

/* ---- what is told ---- */

static bool
has_ring(const struct found *found, const char *ring)
{
	for (size_t i = 0; found != NULL && i < found->nesting.ring_count; i++)
		if (au_streq(found->nesting.rings[i], ring))
			return true;
	return false;
}

static void
tell_rings(const struct found *now, const struct found *before)
{
	for (size_t i = 0; i < now->nesting.ring_count; i++)
		if (!has_ring(before, now->nesting.rings[i]))
			au_log(AU_LOG_WARNING, AU_FIELDS("SOURCE", now->source), "groups lie in a ring: %s",
			    now->nesting.rings[i]);
	for (size_t i = 0; before != NULL && i < before->nesting.ring_count; i++)
		if (!has_ring(now, before->nesting.rings[i]))
			au_log(AU_LOG_NOTICE, AU_FIELDS("SOURCE", now->source), "groups lie in a ring no longer: %s",
			    before->nesting.rings[i]);
}

static void
tell_depth(const struct found *now, const struct found *before, long long nested_depth)
{
	if (now->is_cut && (before == NULL || !before->is_cut || before->nesting.deepest != now->nesting.deepest))
		au_log(AU_LOG_WARNING, AU_FIELDS("SOURCE", now->source),
		    "%zu groups lie around '%s', one within the other, and nested_depth = %lld ends before the last",
		    now->nesting.deepest, now->nesting.deepest_name, nested_depth);
}

static void
tell_unknown(const struct found *now, const struct found *before)
{
	const struct au_member_unknown none = { 0, 0 }, *was = before != NULL ? &before->unknown : &none;

	if (now->unknown.all == was->all && now->unknown.outside == was->outside)
		return;
	au_log(AU_LOG_NOTICE, AU_FIELDS("SOURCE", now->source),
	    "members of groups that are unknown: %lld outside of people_base and groups_base, %lld not found there",
	    now->unknown.outside, now->unknown.all - now->unknown.outside);
}

static const char *
name_of(const struct au_entry_odd *odd)
{
	return odd->user_name != NULL ? odd->user_name : odd->id;
}

static void
tell_dates(const struct found *now, const struct found *before)
{
	long long was = before != NULL ? before->dates.count : 0;

	if (now->dates.count > was)
		au_log(AU_LOG_WARNING, AU_FIELDS("SOURCE", now->source),
		    "dates that cannot be read, which expire nobody: %lld, '%s' of %s among them; expected a form like "
		    "2026-12-31",
		    now->dates.count, now->dates.text, name_of(&now->dates));
	else if (now->dates.count < was)
		au_log(AU_LOG_NOTICE, AU_FIELDS("SOURCE", now->source), "dates that cannot be read: %lld",
		    now->dates.count);
}

static const struct found *
find(const struct look *look, const char *source)
{
	for (size_t i = 0; look != NULL && i < look->count; i++)
		if (au_streq(look->found[i].source, source))
			return &look->found[i];
	return NULL;
}

static void
tell(const struct look *look, const struct look *before)
{
	for (size_t i = 0; i < look->count; i++) {
		const struct found *now = &look->found[i], *was = find(before, now->source);
		tell_rings(now, was);
		tell_depth(now, was, look->policy->nested_depth);
		tell_unknown(now, was);
		tell_dates(now, was);
	}
}

/* ---- when ---- */

static void
plan(struct au_oddities *oddities, long long ms)
{
	if (!oddities->is_stopped)
		au_timer_set(oddities->due, ms);
}

static void
look_done(void *arg, int rc, const struct au_err *err)
{
	struct look *look = arg;
	struct au_oddities *oddities = look->oddities;

	oddities->is_looking = false;
	if (rc < 0) {
		au_log(AU_LOG_ERROR, NULL, "groups cannot be looked at: %s", err->text);
		free_look(look);
	} else {
		tell(look, oddities->last);
		free_look(oddities->last);
		oddities->last = look;
	}
	if (!au_timer_is_set(oddities->due))
		plan(oddities, oddities->policy->nesting_interval_ms);
}

static void
on_due(void *arg)
{
	struct au_oddities *oddities = arg;

	if (oddities->is_looking) {
		plan(oddities, SOON_MS);
		return;
	}
	struct look *look = au_xcalloc(1, sizeof(*look));
	*look =
	    (struct look){ .oddities = oddities, .policy = au_policy_hold(oddities->policy), .arena = au_arena_new() };
	oddities->is_looking = true;
	au_store_read(oddities->store, AU_READ_SCAN, look_work, look, look_done);
}

struct au_oddities *
au_oddities_new(struct event_base *base, struct au_store *store, struct au_policy *policy)
{
	struct au_oddities *oddities = au_xcalloc(1, sizeof(*oddities));

	*oddities = (struct au_oddities){ .store = store, .policy = au_policy_hold(policy) };
	oddities->due = au_timer_new(base, on_due, oddities);
	return oddities;
}

void
au_oddities_free(struct au_oddities *oddities)
{
	if (oddities == NULL)
		return;
	au_timer_free(oddities->due);
	free_look(oddities->last);
	au_policy_free(oddities->policy);
	free(oddities);
}

void
au_oddities_policy(struct au_oddities *oddities, struct au_policy *policy)
{
	au_policy_free(oddities->policy);
	oddities->policy = au_policy_hold(policy);
}

/* A look that is due by schedule only is brought forward; one that is due soon stays where it is. */
void
au_oddities_soon(struct au_oddities *oddities)
{
	if (!au_timer_is_set(oddities->due) || au_timer_left(oddities->due) > SOON_MS)
		plan(oddities, SOON_MS);
}

void
au_oddities_stop(struct au_oddities *oddities)
{
	oddities->is_stopped = true;
	au_timer_stop(oddities->due);
}

json_t *
au_oddities_json(const struct au_oddities *oddities, const char *source)
{
	const struct found *found = find(oddities->last, source);

	if (found == NULL)
		return NULL;
	json_t *json = json_object(), *rings = json_array();
	au_json_set_int(json, "unknown", found->unknown.all);
	au_json_set_int(json, "outside", found->unknown.outside);
	for (size_t i = 0; i < found->nesting.ring_count; i++)
		json_array_append_new(rings, json_string(found->nesting.rings[i]));
	json_object_set_new(json, "rings", rings);
	au_json_set_int(json, "deepest", (long long)found->nesting.deepest);
	json_object_set_new(json, "cut", json_boolean(found->is_cut));
	au_json_set_int(json, "odd_dates", found->dates.count);
	if (found->dates.count > 0) {
		au_json_set_str(json, "odd_date", found->dates.text);
		au_json_set_str(json, "odd_date_of", name_of(&found->dates));
	}
	return json;
}
