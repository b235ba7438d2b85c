/* SPDX-License-Identifier: ISC */
/* The metrics page, printed from rows: a metric is its name, type, help, and a function that puts its samples. */
#include "control/metrics.h"
#include "base/str.h"
#include "reconcile/guard.h"
#include "reconcile/last.h"

void
au_metric_sample(const struct au_metric_page *page, const char *metric, long long value)
{
	au_str_printf(page->out, "apiuserd_%s %lld\n", metric, value);
}

/* Label values are escaped like JSON texts, which is what the format asks for and a little more. */
void
au_metric_labelled(const struct au_metric_page *page, const char *metric, const char *label, const char *value,
    const char *label2, const char *value2, long long number)
{
	au_str_printf(page->out, "apiuserd_%s{%s=", metric, label);
	au_str_json(page->out, value);
	if (label2 != NULL) {
		au_str_printf(page->out, ",%s=", label2);
		au_str_json(page->out, value2);
	}
	au_str_printf(page->out, "} %lld\n", number);
}

static void
put_uptime(const struct au_metric_page *page, const char *metric)
{
	au_metric_sample(page, metric, (page->now_ms - page->world->started_ms) / 1000);
}

static void
put_users(const struct au_metric_page *page, const char *metric)
{
	au_metric_sample(page, metric, page->overview->users);
}

static void
put_dirty(const struct au_metric_page *page, const char *metric)
{
	au_metric_sample(page, metric, page->overview->dirty);
}

static void
put_steps(const struct au_metric_page *page, const char *metric)
{
	for (int state = AU_STEP_QUEUED; state < AU_STEP_STATES; state++)
		au_metric_labelled(page, metric, "state", au_step_state_name((enum au_step_state)state), NULL, NULL,
		    page->overview->steps[state]);
}

static void
put_held(const struct au_metric_page *page, const char *metric)
{
	for (int lane = AU_LANE_SAFE; lane <= AU_LANE_DESTRUCTIVE; lane++) {
		long long count = 0;
		for (size_t i = 0; i < page->overview->held_count; i++)
			if (page->overview->held[i].lane == lane)
				count += page->overview->held[i].count;
		au_metric_labelled(page, metric, "lane", au_lane_name((enum au_lane)lane), NULL, NULL, count);
	}
}

static void
put_guard(const struct au_metric_page *page, const char *metric, const char *name)
{
	long long count = 0;

	for (size_t i = 0; i < page->overview->held_count; i++)
		if (au_guard_is_among(page->overview->held[i].guards, name))
			count += page->overview->held[i].count;
	au_metric_labelled(page, metric, "guard", name, NULL, NULL, count);
}

/* A guard has tripped as long as it holds something. */
static void
put_guards(const struct au_metric_page *page, const char *metric)
{
	for (const struct au_guard *guard = au_guards; guard->name != NULL; guard++)
		put_guard(page, metric, guard->name);
	for (const struct au_last_guard *guard = au_last_guards; guard->name != NULL; guard++)
		put_guard(page, metric, guard->name);
}

/* One sample per state, 1 for the one that holds, so that a query needs no numbers for states. */
static void
put_source_state(const struct au_metric_page *page, const char *metric)
{
	for (size_t i = 0; i < page->overview->source_count; i++) {
		const struct au_source_row *source = &page->overview->sources[i];
		for (int state = AU_SOURCE_NEW; state < AU_SOURCE_STATES; state++)
			au_metric_labelled(page, metric, "source", source->name, "state",
			    au_source_state_name((enum au_source_state)state),
			    source->state == (enum au_source_state)state);
	}
}

static void
put_source_complete(const struct au_metric_page *page, const char *metric)
{
	for (size_t i = 0; i < page->overview->source_count; i++)
		au_metric_labelled(page, metric, "source", page->overview->sources[i].name, NULL, NULL,
		    page->overview->sources[i].complete_ms / 1000);
}

static void
put_source_entries(const struct au_metric_page *page, const char *metric)
{
	for (size_t i = 0; i < page->overview->source_count; i++)
		au_metric_labelled(page, metric, "source", page->overview->sources[i].name, NULL, NULL,
		    page->overview->sources[i].entries);
}

static void
put_source_drift(const struct au_metric_page *page, const char *metric)
{
	for (size_t i = 0; i < page->overview->source_count; i++)
		au_metric_labelled(page, metric, "source", page->overview->sources[i].name, NULL, NULL,
		    page->overview->sources[i].drift);
}

/* Of what is known of a source's groups; a second label tells several samples of one source apart. */
static void
put_membership(const struct au_metric_page *page, const char *metric, const char *label2, const char *value2,
    long long (*value)(const json_t *membership))
{
	for (size_t i = 0; i < page->overview->source_count; i++) {
		const char *source = page->overview->sources[i].name;
		AU_CLEANUP(au_json_decrefp)
		json_t *membership = au_engine_oddities_json(page->world->engine, source);
		if (membership != NULL)
			au_metric_labelled(page, metric, "source", source, label2, value2, value(membership));
	}
}

static long long
members_outside(const json_t *membership)
{
	return au_json_get_int(membership, "outside");
}

static long long
members_not_found(const json_t *membership)
{
	return au_json_get_int(membership, "unknown") - members_outside(membership);
}

static long long
group_rings(const json_t *membership)
{
	return (long long)json_array_size(json_object_get(membership, "rings"));
}

static long long
group_depth(const json_t *membership)
{
	return au_json_get_int(membership, "deepest");
}

static long long
odd_dates(const json_t *membership)
{
	return au_json_get_int(membership, "odd_dates");
}

static void
put_odd_dates(const struct au_metric_page *page, const char *metric)
{
	put_membership(page, metric, NULL, NULL, odd_dates);
}

static void
put_unknown_members(const struct au_metric_page *page, const char *metric)
{
	put_membership(page, metric, "where", "outside", members_outside);
	put_membership(page, metric, "where", "inside", members_not_found);
}

static void
put_group_rings(const struct au_metric_page *page, const char *metric)
{
	put_membership(page, metric, NULL, NULL, group_rings);
}

static void
put_group_depth(const struct au_metric_page *page, const char *metric)
{
	put_membership(page, metric, NULL, NULL, group_depth);
}

/* One sample per search that was ever read. */
static void
put_reads(const struct au_metric_page *page, const char *metric, long long (*value)(const struct au_source_read *read))
{
	for (size_t i = 0; i < page->overview->read_count; i++) {
		const struct au_overview_read *row = &page->overview->reads[i];
		au_metric_labelled(page, metric, "source", row->source, "search", row->search, value(&row->read));
	}
}

static long long
read_complete(const struct au_source_read *read)
{
	return read->verdict == AU_READ_COMPLETE;
}

static long long
read_started(const struct au_source_read *read)
{
	return read->started_ms / 1000;
}

static long long
read_took(const struct au_source_read *read)
{
	return read->took_ms;
}

static long long
read_entries(const struct au_source_read *read)
{
	return read->entries;
}

static long long
read_values(const struct au_source_read *read)
{
	return read->values;
}

static long long
read_missing(const struct au_source_read *read)
{
	return read->missing;
}

static long long
read_held(const struct au_source_read *read)
{
	return read->held;
}

static void
put_read_complete(const struct au_metric_page *page, const char *metric)
{
	put_reads(page, metric, read_complete);
}

static void
put_read_started(const struct au_metric_page *page, const char *metric)
{
	put_reads(page, metric, read_started);
}

static void
put_read_took(const struct au_metric_page *page, const char *metric)
{
	put_reads(page, metric, read_took);
}

static void
put_read_entries(const struct au_metric_page *page, const char *metric)
{
	put_reads(page, metric, read_entries);
}

static void
put_read_values(const struct au_metric_page *page, const char *metric)
{
	put_reads(page, metric, read_values);
}

static void
put_read_missing(const struct au_metric_page *page, const char *metric)
{
	put_reads(page, metric, read_missing);
}

static void
put_read_held(const struct au_metric_page *page, const char *metric)
{
	put_reads(page, metric, read_held);
}

static void
put_accounts(const struct au_metric_page *page, const char *metric)
{
	for (size_t i = 0; i < page->overview->target_count; i++) {
		const struct au_overview_target *target = &page->overview->targets[i];
		au_metric_labelled(page, metric, "target", target->name, "is", "present", target->counts.present);
		au_metric_labelled(page, metric, "target", target->name, "is", "active", target->counts.active);
		au_metric_labelled(page, metric, "target", target->name, "is", "problem", target->counts.problems);
		au_metric_labelled(page, metric, "target", target->name, "is", "conflict", target->counts.conflicts);
		au_metric_labelled(page, metric, "target", target->name, "is", "drift", target->drift);
	}
}

/* One sample per target that the engine drives. */
static void
put_target(
    const struct au_metric_page *page, const char *metric, long long (*value)(const struct au_target_tally *tally))
{
	struct au_target_tally tally;

	for (size_t i = 0; i < au_engine_target_count(page->world->engine); i++) {
		au_engine_target_tally(page->world->engine, i, &tally);
		au_metric_labelled(page, metric, "target", tally.name, NULL, NULL, value(&tally));
	}
}

/* Of a member in milliseconds. */
static void
put_seconds(const struct au_metric_page *page, const char *metric, size_t offset)
{
	struct au_target_tally tally;

	for (size_t i = 0; i < au_engine_target_count(page->world->engine); i++) {
		au_engine_target_tally(page->world->engine, i, &tally);
		au_metric_labelled(page, metric, "target", tally.name, NULL, NULL,
		    *(const long long *)(const void *)((const char *)&tally + offset) / 1000);
	}
}

static long long
target_paused(const struct au_target_tally *tally)
{
	return tally->paused;
}

static void
put_paused(const struct au_metric_page *page, const char *metric)
{
	put_target(page, metric, target_paused);
}

static void
put_target_success(const struct au_metric_page *page, const char *metric)
{
	put_seconds(page, metric, offsetof(struct au_target_tally, success_ms));
}

static void
put_open_seconds(const struct au_metric_page *page, const char *metric)
{
	put_seconds(page, metric, offsetof(struct au_target_tally, open_ms));
}

static void
put_target_listed(const struct au_metric_page *page, const char *metric)
{
	put_seconds(page, metric, offsetof(struct au_target_tally, listed_ms));
}

/* One sample per state, as for sources. */
static void
put_target_state(const struct au_metric_page *page, const char *metric)
{
	static const char *const states[] = { "ok", "not ready", "paused", "refused", "quarantine", "throttled",
		"quiet" };
	struct au_target_tally tally;

	for (size_t i = 0; i < au_engine_target_count(page->world->engine); i++) {
		au_engine_target_tally(page->world->engine, i, &tally);
		for (size_t k = 0; k < AU_COUNT(states); k++)
			au_metric_labelled(
			    page, metric, "target", tally.name, "state", states[k], au_streq(states[k], tally.state));
	}
}

static void
put_target_steps(const struct au_metric_page *page, const char *metric)
{
	struct au_target_tally tally;

	for (size_t i = 0; i < au_engine_target_count(page->world->engine); i++) {
		au_engine_target_tally(page->world->engine, i, &tally);
		au_metric_labelled(page, metric, "target", tally.name, "became", "done", tally.done);
		au_metric_labelled(page, metric, "target", tally.name, "became", "failed", tally.failed);
		au_metric_labelled(page, metric, "target", tally.name, "became", "retried", tally.retried);
	}
}

static void
put_planned(const struct au_metric_page *page, const char *metric)
{
	struct au_engine_tally tally;

	au_engine_tally(page->world->engine, &tally);
	au_metric_labelled(page, metric, "became", "queued", NULL, NULL, tally.queued);
	au_metric_labelled(page, metric, "became", "held", NULL, NULL, tally.held);
	au_metric_labelled(page, metric, "became", "cancelled", NULL, NULL, tally.cancelled);
}

static void
put_run_success(const struct au_metric_page *page, const char *metric)
{
	struct au_engine_tally tally;

	au_engine_tally(page->world->engine, &tally);
	au_metric_sample(page, metric, tally.success_ms / 1000);
}

static void
put_quarantined(const struct au_metric_page *page, const char *metric)
{
	for (size_t i = 0; i < page->overview->target_count; i++)
		au_metric_labelled(page, metric, "target", page->overview->targets[i].name, NULL, NULL,
		    page->overview->targets[i].quarantined);
}

static void
put_foreign(const struct au_metric_page *page, const char *metric)
{
	for (size_t i = 0; i < page->overview->target_count; i++)
		au_metric_labelled(page, metric, "target", page->overview->targets[i].name, NULL, NULL,
		    page->overview->targets[i].row.foreign);
}

/* Who comes to an end, and who has nobody to answer for it any more. */
static void
put_ends(const struct au_metric_page *page, const char *metric)
{
	au_metric_labelled(page, metric, "is", "expired", NULL, NULL, page->overview->ends.expired);
	au_metric_labelled(page, metric, "is", "expiring", NULL, NULL, page->overview->ends.expiring);
	au_metric_labelled(page, metric, "is", "owner-left", NULL, NULL, page->overview->ends.owner_left);
}

static void
put_store_writes(const struct au_metric_page *page, const char *metric)
{
	au_metric_sample(page, metric, (long long)page->store.writes);
}

static void
put_store_commits(const struct au_metric_page *page, const char *metric)
{
	au_metric_sample(page, metric, (long long)page->store.commits);
}

static void
put_store_reads(const struct au_metric_page *page, const char *metric)
{
	au_metric_sample(page, metric, (long long)page->store.reads);
}

static const struct au_metric metrics[] = {
	{ "uptime_seconds", "gauge", "Time since the daemon started.", put_uptime },
	{ "api_users", "gauge", "API users.", put_users },
	{ "api_users_ending", "gauge", "API users whose term is over or ends soon, or whose owner has left.",
	    put_ends },
	{ "dirty_keys", "gauge", "API users that have yet to be looked at.", put_dirty },
	{ "steps", "gauge", "Steps in the store by state.", put_steps },
	{ "held_steps", "gauge", "Steps that wait for people, by lane.", put_held },
	{ "guard_held_steps", "gauge", "Steps that each guard holds; above 0 it has tripped.", put_guards },
	{ "source_state", "gauge", "1 for the state that a source is in.", put_source_state },
	{ "source_complete_timestamp_seconds", "gauge", "When the last whole read of a source ended.",
	    put_source_complete },
	{ "source_entries", "gauge", "Entries known from a source.", put_source_entries },
	{ "source_drift_total", "counter",
	    "Differences that a full compare found and no event explained before the next one.", put_source_drift },
	{ "source_dates_unreadable", "gauge", "Dates of expiry of a source's people that cannot be read.",
	    put_odd_dates },
	{ "source_members_unknown", "gauge", "Members of a source's groups that no entry is known for.",
	    put_unknown_members },
	{ "source_group_rings", "gauge", "Rings that a source's groups lie in.", put_group_rings },
	{ "source_group_depth", "gauge", "Groups on the longest way outwards from one.", put_group_depth },
	{ "source_read_complete", "gauge", "1 when the latest reading of a source's search was complete.",
	    put_read_complete },
	{ "source_read_timestamp_seconds", "gauge", "When it began.", put_read_started },
	{ "source_read_milliseconds", "gauge", "How long it took.", put_read_took },
	{ "source_read_entries", "gauge", "Entries that it brought.", put_read_entries },
	{ "source_read_values", "gauge", "Members of groups that it brought.", put_read_values },
	{ "source_read_missing", "gauge", "Entries and members that it missed for the first time.", put_read_missing },
	{ "source_read_held", "gauge", "Those that would go but wait for a person.", put_read_held },
	{ "accounts", "gauge", "Accounts of ours in a target.", put_accounts },
	{ "accounts_quarantined", "gauge", "Accounts that are left alone because their steps keep failing.",
	    put_quarantined },
	{ "steps_planned_total", "counter", "Steps that looks queued, held or cancelled.", put_planned },
	{ "run_success_timestamp_seconds", "gauge",
	    "When a full run last left nothing to do; 0 for never since the start.", put_run_success },
	{ "target_state", "gauge", "1 for the state that a target is in.", put_target_state },
	{ "target_steps_total", "counter", "Answers to steps.", put_target_steps },
	{ "open_rights_seconds_total", "counter",
	    "For how long accounts had every right of a product that cannot make them inactive.", put_open_seconds },
	{ "target_success_timestamp_seconds", "gauge", "When a step was last done; 0 for never since the start.",
	    put_target_success },
	{ "target_listed_timestamp_seconds", "gauge",
	    "When a target was last listed as a whole; 0 for never since the start.", put_target_listed },
	{ "target_paused", "gauge", "1 while nothing is sent to a target.", put_paused },
	{ "target_foreign_accounts", "gauge", "Accounts in a target that are not ours.", put_foreign },
	{ "pool_limit", "gauge", "Units of a target's pool that there are.", au_metric_pool_limit },
	{ "pool_used", "gauge", "Units of it that accounts hold, ours and others'.", au_metric_pool_used },
	{ "pool_reserved", "gauge", "Units that are reserved for steps on their way.", au_metric_pool_reserved },
	{ "pool_free", "gauge", "Units for who comes now, beyond those that are kept free.", au_metric_pool_free },
	{ "pool_low", "gauge", "1 when no more is left of a pool than its warn option says, or somebody waits for it.",
	    au_metric_pool_low },
	{ "pool_waiting", "gauge", "Units that steps wait for.", au_metric_pool_waiting },
	{ "work_orders", "gauge", "Work orders that are not over, by state.", au_metric_work_orders },
	{ "work_orders_overdue", "gauge", "Those that should be done by now.", au_metric_work_overdue },
	{ "work_order_oldest_seconds", "gauge", "Age of the oldest one that nobody has done; 0 when there is none.",
	    au_metric_work_oldest },
	{ "work_orders_missed_total", "counter", "Work orders that failed, or that nobody did in time.",
	    au_metric_work_missed },
	{ "attested_accounts", "gauge", "Accounts that are known by people's word only, by how old it is.",
	    au_metric_attested },
	{ "attested_oldest_seconds", "gauge", "Age of the oldest such word.", au_metric_attested_age },
	{ "webhook_documents", "gauge", "Changes of work orders that the ticket system was not told of yet.",
	    au_metric_webhook },
	{ "webhook_oldest_seconds", "gauge", "Age of the oldest one; 0 when there is none.", au_metric_webhook_oldest },
	{ "store_writes_total", "counter", "Units of work written to the store.", put_store_writes },
	{ "store_commits_total", "counter", "Commits that carried them.", put_store_commits },
	{ "store_reads_total", "counter", "Units of work read from the store.", put_store_reads },
	{ NULL, NULL, NULL, NULL },
};

static void
put_rows(const struct au_metric_page *page, const struct au_metric *rows)
{
	for (; rows->name != NULL; rows++) {
		au_str_printf(page->out, "# HELP apiuserd_%s %s\n# TYPE apiuserd_%s %s\n", rows->name, rows->help,
		    rows->name, rows->type);
		rows->put(page, rows->name);
	}
}

void
au_overview_metrics(
    const struct au_overview *overview, const struct au_control_world *world, long long now_ms, struct au_str *out)
{
	struct au_metric_page page = { .overview = overview, .world = world, .now_ms = now_ms, .out = out };

	au_store_stats(world->store, &page.store);
	if (world->scim != NULL)
		au_scim_stats(world->scim, &page.scim);
	put_rows(&page, metrics);
	put_rows(&page, au_metrics_scim);
}
