/* SPDX-License-Identifier: ISC */
/* The state of everything at one moment, for `status` and for the metrics: gathered in one read of the store. */
#ifndef CONTROL_OVERVIEW_H
#define CONTROL_OVERVIEW_H

#include "control/control.h"
#include "store/account.h"
#include "store/apiuser.h"
#include "store/approval.h"
#include "store/delivery.h"
#include "store/fact.h"
#include "store/pool.h"
#include "store/work.h"
#include "wire/source_read.h"

#define AU_STEP_STATES (AU_STEP_FOLLOWS + 1) /* a number without a name is no state */

struct au_overview_target {
	const char *name;
	struct au_account_counts counts;
	long long drift;          /* accounts that others changed or took away */
	struct au_target_row row; /* name NULL: nothing known yet */
	long long quarantined;    /* accounts that are left alone */
};

/* The latest reading of a source's search. */
struct au_overview_read {
	const char *source, *search;
	struct au_source_read read;
};

struct au_overview {
	long long users, dirty;
	long long quarantined;           /* accounts in all targets */
	long long now_ms, warn_ms;       /* who expires in between is told */
	struct au_apiuser_ends ends;
	long long steps[AU_STEP_STATES]; /* by enum au_step_state */
	struct au_held_count *held;      /* by lane and guards */
	size_t held_count;
	struct au_source_row *sources;
	bool *holds; /* by source: removals wait for a person */
	size_t source_count;
	struct au_overview_read *reads;
	size_t read_count;
	struct au_overview_target *targets;
	size_t target_count;
	struct au_pool_row *pools; /* of configured targets, and what they were when last configured */
	size_t pool_count;
	struct au_work_count *works; /* by target and state */
	size_t work_count;
	struct au_delivery_counts deliveries;
	json_t *attested;                   /* as au_freshness_list; freed with the arena */
	const struct au_settings *settings; /* held as long as the arena lives */
};

/* A directory that is watched, or NULL. */
struct au_source *au_overview_find_source(const struct au_control_world *world, const char *name);
/* Loop thread: which targets to ask for; what it holds is let go with the arena. */
void au_overview_init(struct au_overview *overview, struct au_arena *arena, struct au_engine *engine);
/* In a transaction. */
int au_overview_gather(
    struct au_overview *overview, struct au_store_tx *tx, struct au_arena *arena, struct au_err *err);

/* {"version", "started_ms", "now_ms", "busy", "users", "dirty", "quarantined", "steps": {...}, "sources": [...],
 * "targets": [...], "low": [{"target", "pool", "limit", "free", "waiting", "low", "trouble"}], "work": [{"target",
 * "open", "claimed", "reported", "fulfilled", "overdue", "late_claims", "failed", "expired", "oldest_ms"}], "attested":
 * [as au_freshness_list], "webhook": {"waiting", "given_up", "lost",
 * "oldest_ms", "problem"}, "issuers": [...]} */
json_t *au_overview_json(const struct au_overview *overview, const struct au_control_world *world, long long now_ms);
json_t *au_overview_sources_json(const struct au_overview *overview, const struct au_control_world *world);
json_t *au_overview_targets_json(const struct au_overview *overview, const struct au_control_world *world);
/* Prometheus' text format 0.0.4. */
void au_overview_metrics(
    const struct au_overview *overview, const struct au_control_world *world, long long now_ms, struct au_str *out);

#endif
