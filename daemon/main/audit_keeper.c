/* SPDX-License-Identifier: ISC */
/*
 * Tells the log, which lies elsewhere, now and then which row of the audit
 * chain is the last: a store that somebody puts back to an earlier day fits in
 * itself and can only be told by that.  And removes rows that are older than
 * they must be kept, a piece at a time.
 */
#include "main/audit_keeper.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/timer.h"
#include "store/audit.h"

#include <stdio.h>

#define PRUNE_EVERY_MS (60 * 60000LL)
#define PRUNE_PIECE 2000

struct au_audit_keeper {
	struct au_store *store;
	const struct au_settings *settings;
	struct au_timer *anchor_timer, *prune_timer;
	struct au_audit_anchor end; /* as the store told it last */
	long long anchored;         /* row that the log was told last */
	long long before_ms, now_ms, removed, rows;
	bool is_reading, is_pruning; /* what is above belongs to the store meanwhile */
};

/* ---- anchors ---- */

static void
plan_anchor(struct au_audit_keeper *keeper)
{
	long long every_ms = au_values_num(keeper->settings->daemon, "audit_anchor");

	if (every_ms > 0)
		au_timer_set(keeper->anchor_timer, every_ms);
	else
		au_timer_stop(keeper->anchor_timer);
}

static int
end_work(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct au_audit_keeper *keeper = arg;

	return au_store_audit_end(tx, &keeper->end, err);
}

static void
tell(struct au_audit_keeper *keeper, const struct au_audit_anchor *end)
{
	char row[24], text[AU_AUDIT_ANCHOR_SIZE];

	if (end->seq <= keeper->anchored)
		return;
	snprintf(row, sizeof row, "%lld", end->seq);
	au_log(
	    AU_LOG_NOTICE, AU_FIELDS("AUDIT_ROW", row, "AUDIT_MAC", end->mac), "%s", au_audit_anchor_print(end, text));
	keeper->anchored = end->seq;
}

static void
end_done(void *arg, int rc, const struct au_err *err)
{
	struct au_audit_keeper *keeper = arg;

	keeper->is_reading = false;
	if (rc < 0)
		au_log(AU_LOG_ERROR, NULL, "audit: the end of the chain could not be read: %s", err->text);
	else
		tell(keeper, &keeper->end);
	plan_anchor(keeper);
}

static void
on_anchor(void *ctx)
{
	struct au_audit_keeper *keeper = ctx;

	if (keeper->is_reading)
		return;
	keeper->is_reading = true;
	au_store_read(keeper->store, AU_READ_SCAN, end_work, keeper, end_done);
}

/* ---- old rows ---- */

static int
prune_work(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct au_audit_keeper *keeper = arg;

	return au_store_audit_prune(tx, keeper->before_ms, PRUNE_PIECE, keeper->now_ms, &keeper->rows, err);
}

static void
prune_done(void *arg, int rc, const struct au_err *err)
{
	struct au_audit_keeper *keeper = arg;

	keeper->is_pruning = false;
	if (rc < 0)
		au_log(AU_LOG_ERROR, NULL, "audit: old rows could not be removed: %s", err->text);
	else
		keeper->removed += keeper->rows;
	if (rc == 0 && keeper->rows == PRUNE_PIECE) {
		au_timer_set(keeper->prune_timer, 0);
		return;
	}
	if (keeper->removed > 0)
		au_log(AU_LOG_INFO, NULL, "audit: removed %lld rows that are older than audit_keep", keeper->removed);
	keeper->removed = 0;
	au_timer_set(keeper->prune_timer, PRUNE_EVERY_MS);
}

static void
on_prune(void *ctx)
{
	struct au_audit_keeper *keeper = ctx;
	long long keep_ms = au_values_num(keeper->settings->daemon, "audit_keep");

	if (keep_ms == 0 || keeper->is_pruning)
		return;
	keeper->is_pruning = true;
	keeper->now_ms = au_clock_wall_ms();
	keeper->before_ms = keeper->now_ms - keep_ms;
	au_store_write(keeper->store, prune_work, keeper, prune_done);
}

/* ---- life ---- */

void
au_audit_keeper_follow(struct au_audit_keeper *keeper, const struct au_settings *settings)
{
	keeper->settings = settings;
	au_timer_set(keeper->anchor_timer, 0);
	au_timer_set(keeper->prune_timer, 0);
}

struct au_audit_keeper *
au_audit_keeper_new(struct event_base *base, struct au_store *store, const struct au_settings *settings)
{
	struct au_audit_keeper *keeper = au_xcalloc(1, sizeof(*keeper));

	keeper->store = store;
	keeper->anchor_timer = au_timer_new(base, on_anchor, keeper);
	keeper->prune_timer = au_timer_new(base, on_prune, keeper);
	au_audit_keeper_follow(keeper, settings);
	return keeper;
}

static int
last_work(struct au_store_tx *tx, void *end, struct au_err *err)
{
	return au_store_audit_end(tx, end, err);
}

void
au_audit_keeper_stop(struct au_audit_keeper *keeper)
{
	struct au_audit_anchor end = { 0 }; /* a reading that is under way has that of the keeper */
	struct au_err err = { 0 };

	au_timer_stop(keeper->anchor_timer);
	au_timer_stop(keeper->prune_timer);
	if (au_values_num(keeper->settings->daemon, "audit_anchor") == 0)
		return;
	if (au_store_run(keeper->store, last_work, &end, &err) == 0)
		tell(keeper, &end);
}

void
au_audit_keeper_free(struct au_audit_keeper *keeper)
{
	if (keeper == NULL)
		return;
	au_timer_free(keeper->anchor_timer);
	au_timer_free(keeper->prune_timer);
	free(keeper);
}
