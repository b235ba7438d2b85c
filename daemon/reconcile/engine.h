/* SPDX-License-Identifier: ISC */
/*
 * The engine: merge -> wanted -> compare -> guard -> steps -> queue, driven by
 * changes, by schedule and by hand, always the same code.  It talks to targets
 * through the worker calls of target/target.h and to everything else through the store.
 */
#ifndef RECONCILE_ENGINE_H
#define RECONCILE_ENGINE_H

#include "model/plan.h"
#include "settings/settings.h"
#include "source/freshen.h"
#include "store/sealed.h"
#include "wire/call.h"

struct event_base;
struct au_engine;
struct au_policy;
struct au_call_result;

/* How the engine reaches a target; main wires it to workers, scenarios to a fake. */
typedef void au_engine_done(void *ctx, const struct au_call_result *result);
struct au_engine_targets {
	void (*call)(void *ctx, const char *target, const struct au_call *call, au_engine_done *done, void *done_ctx);
	/* A person says that a log-in which was refused may be tried once more; may be NULL. */
	void (*forgive)(void *ctx, const char *target);
};

/* How it has a source read one person anew (source/freshen.h); false when there is no such source. */
struct au_engine_sources {
	bool (*freshen)(
	    void *ctx, const char *source, const struct au_freshen_order *order, au_freshen_done *done, void *done_ctx);
};

struct au_engine *au_engine_new(struct event_base *base, struct au_store *store, const struct au_sealer *sealer,
    struct au_settings *settings, const struct au_engine_targets *targets, void *targets_ctx);
/* Before the start; without it nobody is read anew.  The table is copied. */
void au_engine_use_sources(struct au_engine *engine, const struct au_engine_sources *sources, void *ctx);
void au_engine_start(struct au_engine *engine);
/* Begin nothing new; what is under way may finish.  Idle tells when it has. */
void au_engine_stop(struct au_engine *engine);
bool au_engine_idle(const struct au_engine *engine);
/* After the store is closed, so that no outcome is on its way any more. */
void au_engine_free(struct au_engine *engine);
/* After a reload: rules and templates are resolved anew and everything is looked at again. */
void au_engine_settings(struct au_engine *engine, struct au_settings *settings);
/* Facts were committed: look at the dirty keys soon (coalesced within one turn of the loop). */
void au_engine_changed(struct au_engine *engine);

/* A full run: list every target, then look at every key.  done (may be NULL) is called when it is over and every
 * step that could be sent has an outcome, or after timeout_ms (0 = do not wait for steps); at the latest by
 * au_engine_free, so that nobody waits for ever. */
struct au_engine_summary {
	long long steps_queued, steps_done, steps_failed, steps_held, findings;
	bool complete; /* false: the timeout came first */
};
typedef void au_engine_run_done(void *ctx, const struct au_engine_summary *summary);
void au_engine_run(struct au_engine *engine, bool observe, long long timeout_ms, au_engine_run_done *done, void *ctx);
bool au_engine_busy(const struct au_engine *engine); /* for progress: something is under way */

/*
 * Store work (run by au_store_read with AU_READ_LONG): the dry run.  It plans every key, or one, and changes nothing.
 * The job is filled by au_engine_plan_init and emptied by au_engine_plan_done, both on the loop thread.  AU_ENOENT: no
 * such API user or target; AU_EEXIST: several API users of that name.
 */
struct au_engine_plan_job {
	struct au_policy *policy; /* held until au_engine_plan_done */
	long long now_ms;
	const char *user;     /* only this API user, as people type it; NULL = everybody */
	const char *target;   /* only this target; NULL = all */
	bool save;            /* make the saved form, too (model/saved_plan.h) */
	const char *actor;    /* who asks for that */
	const struct au_sealer *sealer;
	json_t *saved;        /* result; freed by au_engine_plan_done */
	struct au_plan *plan; /* result, freed by au_engine_plan_done */
};
void au_engine_plan_init(struct au_engine *engine, struct au_engine_plan_job *job);
void au_engine_plan_done(struct au_engine_plan_job *job);
int au_engine_plan_work(struct au_store_tx *tx, void *plan_job, struct au_err *err);

/*
 * Apply a saved plan (model/saved_plan.h): read the accounts that its steps change, compare every input, and give the
 * steps none of whose inputs moved to the same guards and the same queue as everything else.  Unless `unmoved`, one
 * input that moved keeps all of them back.  done is called once, at the latest by au_engine_free: with err NULL and
 *   {"digest", "applied", "left", "queued", "held", "open", "moved": [{"kind", "name", "was", "now", "text"}, ...]}
 * and, when something was applied, "complete", "steps_done", "steps_failed" after the steps had timeout_ms.  "left":
 * not begun because something moved; "empty": nothing of the plan is left to be done. Or with err: AU_EINVAL,
 * AU_ENOSUP, AU_EPERM as au_saved_plan_check; AU_EEXIST: it was applied before.
 */
struct au_engine_apply {
	const json_t *plan; /* kept by reference; nobody changes it any more */
	bool unmoved;
	long long timeout_ms;
	const char *actor; /* copied */
};
typedef void au_engine_apply_done(void *ctx, const json_t *result, const struct au_err *err);
void au_engine_apply(
    struct au_engine *engine, const struct au_engine_apply *apply, au_engine_apply_done *done, void *ctx);

/*
 * Store work: why does this API user, or this entry of any source, have, or not have, an account and rights in a target
 * (NULL = all)?  JSON.  Of whom no source knows it has "verdict", and "looked" as au_seek_report tells it.
 */
struct au_engine_explain_job {
	struct au_engine_plan_job plan; /* set up by au_engine_plan_init */
	const char *user;               /* as people type it */
	const char *target;
	const char *right; /* ask for this one, too; NULL = none */
	json_t *result;    /* object; caller decrefs */
};
int au_engine_explain_work(struct au_store_tx *tx, void *explain_job, struct au_err *err);

/* Store work: the pools of a target (NULL = all) with their ledgers.  {"pools": [{"target", "pool", "text", "limit",
 * "limit_configured", "limit_read", "reserve", "ours", "others", "reserved", "free", "waiting", "observed_ms",
 * "used_read", "read_ms", "closed_ms", "low", "trouble", "note", "next", "line": [login, ...], "what_if": {"more",
 * "fit", "wait"}}]}; without a limit there is no "limit" and no "free".  With a template: {"what_if": {"template",
 * "target", "more", "fit", "wait", "full": pool that would run out first}} beside the pools of its target. */
struct au_engine_capacity_job {
	struct au_engine_plan_job plan; /* set up by au_engine_plan_init */
	const char *target;
	const char *template; /* what_if is a number of accounts with this template; NULL = of units of each pool */
	long long what_if;    /* that many more; 0 = the question is not asked */
	json_t *result;    /* object; caller decrefs */
};
int au_engine_capacity_work(struct au_store_tx *tx, void *capacity_job, struct au_err *err);

/* Store work: accounts that others changed or took away.  {"drift": [{"target", "login", "user", "policy", "since_ms",
 * "observed_ms", "word": by whom it was attested (reconcile/freshness.h), "values": [{"name", "was", "is"}],
 * "ours": our last step, "open": the one that waits}],
 * "attested": [as au_freshness_list]} */
struct au_engine_drift_job {
	struct au_engine_plan_job plan; /* set up by au_engine_plan_init */
	const char *target;             /* NULL = all */
	const char *user;               /* as people type it; NULL = all */
	long long limit;
	json_t *result; /* caller decrefs */
};
int au_engine_drift_work(struct au_store_tx *tx, void *drift_job, struct au_err *err);

/*
 * Maintenance: a paused target is sent nothing, not even a probe, and its steps queue, until it is resumed or until_ms
 * (0 = open end).  Resuming ends a quarantine, too, and tries again where credentials were refused.  The work writes
 * it with its audit row; the call without "work" makes it so, on the loop thread, after the commit.
 */
struct au_engine_pause_job {
	const char *target, *reason, *actor;
	long long until_ms, now_ms;
};
bool au_engine_has_target(const struct au_engine *engine, const char *target);
int au_engine_pause_work(struct au_store_tx *tx, void *pause_job, struct au_err *err);
void au_engine_pause(struct au_engine *engine, const struct au_engine_pause_job *job);
int au_engine_resume_work(struct au_store_tx *tx, void *pause_job, struct au_err *err);
void au_engine_resume(struct au_engine *engine, const char *target);

/* Store work: let an account that is quarantined be tried again.  AU_ENOENT when it is not. */
struct au_engine_release_job {
	const char *user; /* as people type it */
	const char *target, *reason, *actor;
	long long now_ms;
};
int au_engine_release_work(struct au_store_tx *tx, void *release_job, struct au_err *err);

/*
 * Store work: a person says that the configuration as it is now is meant: what it takes away is not held by the guard
 * 'configuration' any more.  plan is set up by au_engine_plan_init.
 */
struct au_engine_accept_job {
	struct au_engine_plan_job plan;
	const char *actor;
	long long released; /* result: steps that were held */
};
int au_engine_accept_work(struct au_store_tx *tx, void *accept_job, struct au_err *err);

/* What people should know of a source's groups, as oddities.h has it; NULL while it is not known.  Caller owns it. */
json_t *au_engine_oddities_json(const struct au_engine *engine, const char *source);

/*
 * What was counted since the start; each number is that of the audit rows with this verb.  Times are 0 until the first
 * success and are moved by nothing else.
 */
struct au_engine_tally {
	long long queued, held, cancelled; /* step.queue, step.hold, step.cancel of looks */
	long long success_ms;              /* the end of the latest full run after which nothing was left to do */
};
void au_engine_tally(const struct au_engine *engine, struct au_engine_tally *ret);
struct au_target_tally {
	const char *name;
	const char *state;               /* as in au_engine_targets_json */
	bool paused;                     /* nothing is sent */
	long long done, failed, retried; /* step.done, step.fail, step.retry */
	long long success_ms;            /* the latest step that was done */
	long long listed_ms;             /* the latest whole list */
	long long open_ms;               /* for which accounts had every right after their birth, in all */
};
size_t au_engine_target_count(const struct au_engine *engine);
void au_engine_target_tally(const struct au_engine *engine, size_t index, struct au_target_tally *ret);

/* State of targets for `status` and `targets`: array of objects {name, product, state,
 * paused, text, ...}; state: "ok", "not ready", "paused" by a person, "refused", "quarantine", "throttled",
 * "quiet". */
json_t *au_engine_targets_json(const struct au_engine *engine);

#endif
