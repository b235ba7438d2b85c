/* SPDX-License-Identifier: ISC */
/*
 * The store: one narrow interface, backends behind it (SQLite today).
 *
 * Work is a function that runs inside one transaction on a thread of the
 * store; it uses the typed calls of fact.h, resource.h, apiuser.h, account.h,
 * step.h, audit.h, client.h and sealed.h.  All waiting writes share one
 * commit (one that fails takes nothing along), and `done` is called on the
 * event loop only after that commit is on disk.
 * The loop itself never waits for the disk.
 *
 * A failed fsync or commit is not retried and believed: every waiting `done`
 * gets AU_EIO and `on_broken` is called; the daemon then exits.
 */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include "base/err.h"
#include "base/mem.h"

#include <stdbool.h>

struct event_base;
struct au_store;
struct au_store_tx;

struct au_store_config {
	const char *backend;    /* "sqlite" */
	const char *path;       /* folder that holds the database; made with mode 0700 */
	const unsigned char *audit_key; /* 32 bytes: keys the audit chain */
	size_t max_batch;       /* writes per commit; 0 = default 256 */
	void (*on_broken)(void *ctx, const char *why);
	void *ctx;
};

/* Opens, migrates, starts threads.  base may be NULL when only au_store_run is used.
 * AU_EIO; AU_EBUSY when another process has the store open; AU_EINVAL when the store is newer than the program. */
int au_store_open(struct event_base *base, const struct au_store_config *config, struct au_store **ret,
    struct au_err *err);
/* Finishes queued writes, checkpoints, closes.  `done` of unfinished reads gets AU_EIO.  Never from a `done`. */
void au_store_close(struct au_store *store);

/*
 * The work of one transaction, on a store thread: no libevent calls, nothing shared with the loop but `arg`.
 * A negative return (with err filled) rolls this work back.  It runs once, whatever becomes of its transaction, and may
 * therefore move `arg` on; only that of au_store_write_often may run again.
 */
typedef int au_store_work(struct au_store_tx *tx, void *arg, struct au_err *err);
/* On the loop thread, after the commit: rc and err are the work's, or AU_EIO. */
typedef void au_store_done(void *arg, int rc, const struct au_err *err);

void au_store_write(struct au_store *store, au_store_work *work, void *arg, au_store_done *done); /* done may be NULL */

/* The same of work that often waits in numbers: among its likes it is spared a savepoint, and when one of them fails
 * after it has written something, all of them are run once more: it must start from `arg` each time, and leave there
 * nothing that a second run would take for the first one's. */
void au_store_write_often(struct au_store *store, au_store_work *work, void *arg, au_store_done *done);

enum au_read_kind {
	AU_READ_POINT, /* a few indexed rows: a backend may run it at once, so `done` may come before the call returns */
	AU_READ_SCAN,  /* anything longer: always on a reader thread */
	AU_READ_LONG,  /* may look at everything there is: one reader after the other, so that one is left for the rest */
};
void au_store_read(struct au_store *store, enum au_read_kind kind, au_store_work *work, void *arg, au_store_done *done);

/* Run one write and wait for its commit: start-up, tests, tools.  Never on a running loop. */
int au_store_run(struct au_store *store, au_store_work *work, void *arg, struct au_err *err);

/* Counters since start, for metrics and benchmarks. */
struct au_store_stats {
	unsigned long long writes, commits, reads;
};
void au_store_stats(const struct au_store *store, struct au_store_stats *ret);

/* Small named values: schema notes, digests of the configuration. */
int au_store_meta_get(struct au_store_tx *tx, struct au_arena *arena, const char *name, const char **ret_or_null,
    struct au_err *err);
int au_store_meta_put(struct au_store_tx *tx, const char *name, const char *value, struct au_err *err);

#endif
