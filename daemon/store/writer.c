/* SPDX-License-Identifier: ISC */
/*
 * The thread that writes.  It takes what has queued up while the last commit
 * was on its way to the disk, runs each piece of work so that one that fails
 * takes nothing along, and commits once for all of them.  After a commit that
 * failed it believes nothing any more: all work is refused from then on.
 */
#include "store/job.h"

#include "base/str.h"

#include <errno.h>
#include <stdio.h>
#include <time.h>

#define IDLE_MS 500 /* how long nobody writes before upkeep */

static struct au_store_tx
make_tx(struct au_store *store)
{
	return (struct au_store_tx){ .backend = store->backend,
		.connection = store->writer,
		.audit_key = (const unsigned char *)au_secret_text(store->audit_key),
		.stamps = store->stamps,
		.audit_end = &store->audit_end,
		.run_ends = &store->run_ends };
}

/* What the works have left in memory goes into the transaction ... */
static int
settle(struct au_store *store, struct au_err *err)
{
	struct au_store_tx tx = make_tx(store);
	int rc = au_audit_settle(&tx, err);
	return rc == 0 ? au_run_ends_settle(&tx, err) : rc;
}

/* ... or, when that is undone, nowhere. */
static void
forget(struct au_store *store)
{
	au_audit_forget(&store->audit_end);
	au_run_ends_forget(&store->run_ends);
}

static void
rollback(struct au_store *store)
{
	store->backend->rollback(store->writer);
	forget(store);
}

static void
run_work(struct au_store *store, struct au_job *job)
{
	struct au_store_tx tx = make_tx(store);
	job->rc = job->work(&tx, job->arg, &job->err);
	au_tx_reset(&tx);
}

/* In a savepoint, so that a work that fails takes nothing along. */
static void
run_saved(struct au_store *store, struct au_job *job)
{
	job->rc = store->backend->save(store->writer, &job->err);
	if (job->rc == 0)
		run_work(store, job);
	if (job->rc >= 0 && settle(store, &job->err) < 0)
		job->rc = job->err.code;
	if (store->backend->is_lost(store->writer))
		return;
	if (job->rc < 0) {
		store->backend->undo(store->writer, NULL);
		forget(store);
	} else if (store->backend->keep(store->writer, &job->err) < 0) {
		job->rc = job->err.code;
	}
}

static void
fail_all(struct au_job_queue *batch, int code, const char *why)
{
	for (struct au_job *job = batch->first; job; job = job->next)
		au_job_fail(job, code, why);
}

/* From now on every write is refused; the loop will be told why. */
static void
break_store(struct au_store *store, const char *why)
{
	pthread_mutex_lock(&store->lock);
	store->broken = true;
	snprintf(store->why, sizeof(store->why), "%s", why);
	pthread_mutex_unlock(&store->lock);
}

static void
lose_batch(struct au_store *store, struct au_job_queue *batch, const char *why)
{
	rollback(store);
	break_store(store, why);
	fail_all(batch, AU_EIO, why);
}

/* A savepoint copies each page that its work touches.  Work that has the transaction to itself needs none; nor do works
 * that may all be run again. */
static bool
needs_savepoints(const struct au_job_queue *batch)
{
	bool needs = false;
	for (const struct au_job *job = batch->first; job; job = job->next)
		needs = needs || !job->is_repeatable;
	return needs && batch->count > 1;
}

/* What comes of the works of a batch, besides AU_EIO when the transaction is lost. */
enum { TO_COMMIT = 0, NOTHING = 1, SPOILT = 2 /* one has failed halfway, and has had no savepoint */ };

static int
run_works(struct au_store *store, struct au_job_queue *batch, bool in_savepoints, struct au_err *err)
{
	size_t failed = 0;
	for (struct au_job *job = batch->first; job; job = job->next) {
		long long before = store->backend->written(store->writer);
		(in_savepoints ? run_saved : run_work)(store, job);
		if (store->backend->is_lost(store->writer))
			return au_fail(
			    err, AU_EIO, "%s", job->rc < 0 ? job->err.text : "store: the transaction was lost");
		failed += job->rc < 0;
		if (job->rc < 0 && !in_savepoints && batch->count > 1 &&
		    store->backend->written(store->writer) != before)
			return SPOILT;
	}
	return failed == batch->count ? NOTHING : TO_COMMIT;
}

static bool
begin(struct au_store *store, struct au_job_queue *batch)
{
	struct au_err err = { 0 };
	int rc = store->backend->begin(store->writer, &err);
	/* A lock that somebody else holds is no damage. */
	if (rc < 0 && rc != AU_EBUSY)
		break_store(store, err.text);
	if (rc < 0)
		fail_all(batch, rc == AU_EBUSY ? AU_EBUSY : AU_EIO, err.text);
	return rc == 0;
}

static void
start_over(struct au_store *store, struct au_job_queue *batch)
{
	rollback(store);
	for (struct au_job *job = batch->first; job; job = job->next)
		job->err = (struct au_err){ 0 };
}

static void
run_batch(struct au_store *store, struct au_job_queue *batch)
{
	struct au_err err = { 0 };
	if (!begin(store, batch))
		return;
	/* failures are few, and most of them come before anything is written: so it is tried without savepoints */
	int rc = run_works(store, batch, needs_savepoints(batch), &err);
	if (rc == SPOILT) {
		start_over(store, batch);
		if (!begin(store, batch))
			return;
		rc = run_works(store, batch, true, &err);
	}
	atomic_fetch_add(&store->write_count, batch->count);
	if (rc == TO_COMMIT)
		rc = settle(store, &err);
	if (rc == TO_COMMIT) {
		rc = store->backend->commit(store->writer, &err);
		atomic_fetch_add(&store->commit_count, 1);
	}
	if (rc < 0)
		lose_batch(store, batch, err.text);
	else if (rc == NOTHING)
		rollback(store);
}

static void
tidy(struct au_store *store, enum au_upkeep when)
{
	struct au_err err = { 0 };
	struct au_job_queue nobody = { 0 };
	if (store->backend->tidy(store->writer, when, &err) == 0)
		return;
	break_store(store, err.text);
	au_store_finish(store, &nobody);
}

/* Waits for writes; false when the time for upkeep has come instead. */
static bool
wait_for_writes(struct au_store *store, bool wants_upkeep)
{
	struct timespec until;
	clock_gettime(CLOCK_MONOTONIC, &until);
	long long nanoseconds = until.tv_nsec + IDLE_MS * 1000000LL;
	until.tv_sec += (time_t)(nanoseconds / 1000000000);
	until.tv_nsec = (long)(nanoseconds % 1000000000);
	while (!store->writes.first && !store->closing) {
		if (!wants_upkeep)
			pthread_cond_wait(&store->has_write, &store->lock);
		else if (pthread_cond_clockwait(&store->has_write, &store->lock, CLOCK_MONOTONIC, &until) == ETIMEDOUT)
			return false;
	}
	return true;
}

static bool
is_broken(struct au_store *store)
{
	pthread_mutex_lock(&store->lock);
	bool broken = store->broken;
	pthread_mutex_unlock(&store->lock);
	return broken;
}

void *
au_store_writer(void *arg)
{
	struct au_store *store = arg;
	bool wants_upkeep = true;
	pthread_mutex_lock(&store->lock);
	for (;;) {
		bool is_idle = !wait_for_writes(store, wants_upkeep);
		if (store->closing && !store->writes.first)
			break;
		struct au_job_queue batch = au_job_take(&store->writes, store->max_batch);
		pthread_mutex_unlock(&store->lock);
		if (is_broken(store))
			fail_all(&batch, AU_EIO, store->why);
		else if (batch.first)
			run_batch(store, &batch);
		au_stamps_settle(store->stamps);
		au_store_finish(store, &batch);
		/* Nothing is folded back after a failure: what the log holds is not known any more. */
		if (!is_broken(store))
			tidy(store, is_idle ? AU_UPKEEP_IDLE : AU_UPKEEP_BUSY);
		wants_upkeep = !is_idle;
		pthread_mutex_lock(&store->lock);
	}
	pthread_mutex_unlock(&store->lock);
	return NULL;
}
