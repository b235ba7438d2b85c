/* SPDX-License-Identifier: ISC */
/* The engine's insides, shared by its files only. */
#ifndef RECONCILE_ENGINE_PARTS_H
#define RECONCILE_ENGINE_PARTS_H

#include "base/map.h"
#include "base/timer.h"
#include "reconcile/engine.h"
#include "reconcile/gate.h"
#include "reconcile/health.h"
#include "reconcile/look.h"
#include "reconcile/oddities.h"
#include "reconcile/pace.h"
#include "reconcile/policy.h"

/* One target's side of the engine: its queue of steps, its probes and lists. */
struct au_queue {
	struct au_engine *engine;
	const char *name; /* own copy */
	bool working;     /* a step is being taken, sent or recorded */
	bool wanted;      /* look for a step again when working ends */
	struct au_gate gate; /* what stops the target */
	struct au_health health;
	long long proven_ms;   /* when it last answered as it should; 0 = not in this life */
	char *ahead;           /* account whose steps go first; NULL = none */
	long long ahead_mono;  /* until then */
	bool checking;         /* a probe is under way that tells whose fault a failure was */
	struct au_timer *timer; /* next due step, or end of a stop */
	struct errand *errand; /* the step under way; NULL = none */

	bool readying; /* probe and resolve are under way */
	bool seen;     /* what the configuration changes here is known */
	bool ready;    /* the last probe was fine and templates are resolved */
	size_t resolve_next;
	bool observing; /* a list is under way */
	struct observing *observation; /* that one; NULL = none */
	struct au_timer *ready_timer;
	struct au_timer *observe_timer;
	long long observe_due; /* wall clock */
	long long observed_ms, foreign;
	char *text; /* last trouble of probe or list; NULL when fine */
	unsigned tries;
	long long open_ms;                           /* as in struct au_target_tally */
	long long done, failed, retried, success_ms; /* since start; as in struct au_target_tally */
};

struct au_run {
	struct au_engine *engine;
	struct au_run *next;
	au_engine_run_done *done;
	void *ctx;
	struct au_timer *timer;
	size_t observing; /* lists still under way */
	bool marked;      /* every key has been marked dirty */
	bool waits;       /* for steps, too */
	bool follows;     /* only that: it is no run of its own */
	bool asking;      /* the store is being asked what is left */
	struct au_engine_summary summary;
	bool is_full; /* the targets were listed, too */
};

struct au_engine {
	struct event_base *base;
	struct au_store *store;
	const struct au_sealer *sealer;
	struct au_policy *policy;
	struct au_engine_targets targets;
	void *targets_ctx;
	struct au_engine_sources sources; /* freshen is NULL when there are none */
	void *sources_ctx;
	struct au_queue **queues;
	size_t queue_count;
	unsigned marking; /* keys on their way to be looked at */
	unsigned discarding; /* parcels on their way back */
	bool recovering; /* the last life's steps are being looked at */
	bool started, looking, look_again;
	bool stopped; /* nothing is begun any more */
	bool watching, watch_again; /* pools are looked at */
	struct au_pace look_pace;   /* keys per piece */
	size_t look_limit;          /* the same, shrinking while one of them fails; 0 = as the pace says */
	bool look_skip;    /* the first key fails alone: put it aside */
	long long look_parcel; /* what the pieces of a look take away goes together; 0 = one piece was enough so far */
	long long look_last;   /* its last place in the list of dirty keys */
	struct au_timer *look_timer;     /* coalesces changes within one turn of the loop */
	struct au_timer *schedule_timer; /* full runs */
	long long schedule_due;       /* wall clock */
	struct au_timer *term_timer;  /* who expires */
	bool sweeping;                /* that is being looked at */
	bool tidying;                 /* work orders that took too long are being looked for */
	struct au_map *waiting;       /* keys whose removal waits for a source */
	struct au_oddities *oddities;
	struct au_run *runs;
	struct au_applying *applies; /* saved plans under way */
	struct au_applying *writing; /* the one of them whose turn it is */
	struct single *singles;
	struct adoption *adoptions;
	struct au_template_trying *tryings; /* templates that are not in force */
	long long steps_done, steps_failed; /* since start, of all targets */
	struct au_engine_tally tally;
};

/* look_engine.c: dirty keys. */
void au_engine_look_now(void *engine);
void au_engine_look_soon(struct au_engine *engine);
void au_engine_mark_all(struct au_engine *engine);
void au_engine_return_waiting(struct au_engine *engine); /* waiting keys become dirty again */
/* queue.c: steps. */
struct au_queue *au_queue_new(struct au_engine *engine, const char *name);
void au_queue_free(struct au_queue *queue);
void au_queue_kick(struct au_queue *queue);
/* ready.c: probe and resolve; observe.c: lists. */
void au_queue_make_ready(struct au_queue *queue);
void au_queue_refuse(struct au_queue *queue, const char *why); /* until a probe succeeds */
void au_queue_check(struct au_queue *queue);                   /* a probe alone, before the next step */
void au_queue_observe(struct au_queue *queue, void (*done)(void *ctx), void *ctx); /* done may be NULL */
void au_queue_observe_free(struct au_queue *queue); /* a list whose answer will never come */
void au_engine_kick(struct au_engine *engine); /* every queue looks for its next step */
/* pool_watch.c: what is left of pools; after anything that may have changed it. */
void au_engine_watch_pools(struct au_engine *engine);
/* apply_plan.c: saved plans. */
void au_engine_applies_free(struct au_engine *engine);
/* parcel_engine.c: take a parcel back, piece by piece, then done (may be NULL). */
void au_engine_discard(struct au_engine *engine, long long parcel, const char *why, void (*done)(void *ctx), void *ctx);
/* Those that the last life has left; while the engine is recovering. */
void au_engine_discard_left(struct au_engine *engine, void (*done)(struct au_engine *engine));
/* term_engine.c: who expires. */
void au_engine_sweep_terms(void *engine);
/* work_engine.c: work orders that took too long. */
void au_engine_tidy_work(struct au_engine *engine);
/* run.c: full runs. */
bool au_engine_is_told(const struct au_engine *engine); /* a person wants everything done that there is to do */
/* Wait until every step that could be sent has an outcome; nothing is looked at for it. */
void au_engine_follow(struct au_engine *engine, long long timeout_ms, au_engine_run_done *done, void *ctx);
void au_engine_run_check(struct au_engine *engine);
void au_engine_runs_free(struct au_engine *engine);
void au_engine_singles_free(struct au_engine *engine); /* single.c: nobody waits for ever */
void au_engine_adoptions_free(struct au_engine *engine); /* adoption.c: the same */
void au_engine_tryings_free(struct au_engine *engine); /* template_try.c: likewise */

/* stopping.c: what stops a target.  wait_ms: 0 = open end. */
void au_queue_stop(struct au_queue *queue, enum au_stop_kind kind, const char *reason, long long wait_ms);
void au_queue_lift(struct au_queue *queue, enum au_stop_kind kind, const char *why);
/* Ends what is over; *ret_wait_ms is then when to look again, -1 = nothing ends by itself; *ret_safe: a quiet window
 * holds that lets safe steps through. */
bool au_queue_may_send(struct au_queue *queue, bool *ret_safe, long long *ret_wait_ms);
void au_queue_answered(struct au_queue *queue, const char *account_id, bool failed);
void au_queue_put_state(const struct au_queue *queue, json_t *item);
struct au_queue *au_engine_queue(const struct au_engine *engine, const char *target); /* NULL when not configured */
/* Why nothing can be sent now, in the arena; NULL when it can. */
const char *au_queue_why_not(const struct au_queue *queue, struct au_arena *arena);
void au_engine_stops_load(struct au_engine *engine, const struct au_stop *stops, size_t count);

/* Wake at a moment of the wall clock, and now and then before it, as that may be set. */
void au_engine_arm(struct au_timer *timer, long long due_ms);

const struct au_target_block *au_queue_block(const struct au_queue *queue);

#endif
