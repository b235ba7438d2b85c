/* SPDX-License-Identifier: ISC */
/* A piece of work on its way through the store's threads, and the store as they see it. */
#ifndef STORE_JOB_H
#define STORE_JOB_H

#include "base/secret.h"
#include "store/audit_end.h"
#include "store/backend.h"
#include "store/run_end.h"
#include "store/stamps.h"
#include "store/store.h"
#include "store/tx.h"

#include <pthread.h>
#include <stdatomic.h>

#define AU_STORE_READERS 2
#define AU_STORE_LONG (AU_STORE_READERS - 1) /* of them may be at long reads at a time */

struct event;

struct au_job {
	struct au_job *next;
	au_store_work *work;
	void *arg;
	au_store_done *done;
	bool is_long;
	bool is_repeatable; /* and so needs no savepoint */
	bool is_waited, is_finished; /* au_store_run waits for it and owns it */
	int rc;
	struct au_err err;
};

/* First in, first out. */
struct au_job_queue {
	struct au_job *first, *last;
	size_t count;
};

void au_job_push(struct au_job_queue *queue, struct au_job *job);
struct au_job *au_job_pop(struct au_job_queue *queue); /* NULL when empty */
/* Up to most of them, in order. */
struct au_job_queue au_job_take(struct au_job_queue *queue, size_t most);
void au_job_fail(struct au_job *job, int code, const char *why);

struct au_store {
	/* Set by open, then constant. */
	struct event_base *base;
	struct event *wake;
	int wake_fd;
	const struct au_backend *backend;
	struct au_database *database;
	struct au_secret *audit_key;
	size_t max_batch;
	struct au_stamps *stamps; /* moved by the writer, read by anybody */
	void (*on_broken)(void *ctx, const char *why);
	void *ctx;
	struct au_connection *writer, *readers[AU_STORE_READERS], *point;
	struct au_audit_end audit_end; /* the writer's */
	struct au_run_ends run_ends;   /* likewise */
	pthread_t writer_thread, reader_threads[AU_STORE_READERS];
	size_t threads; /* started: the writer, then the readers */

	pthread_mutex_t lock;               /* covers what follows */
	pthread_cond_t has_write, has_read; /* wake a thread of the store */
	pthread_cond_t has_result;          /* wakes au_store_run */
	struct au_job_queue writes, reads, long_reads, finished;
	size_t long_running;
	bool closing, broken, broken_told;
	char why[AU_ERR_TEXT];

	atomic_ullong write_count, commit_count, read_count;
};

/* Thread functions; the argument is the store. */
void *au_store_writer(void *arg);
void *au_store_reader(void *arg);

/* One read on that connection, on the calling thread. */
void au_store_run_read(struct au_store *store, struct au_connection *connection, struct au_job *job);
/* Hand finished jobs to whoever waits for them: the loop, or au_store_run. */
void au_store_finish(struct au_store *store, struct au_job_queue *jobs);

#endif
