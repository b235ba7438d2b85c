/* SPDX-License-Identifier: ISC */
/*
 * The store's front: opening, closing, and the way of a piece of work to a
 * thread and back.  Results come back to the loop in lots, with one wake-up
 * each; the threads never call into libevent.
 */
#include "store/store.h"

#include "base/str.h"
#include "store/job.h"

#include <assert.h>
#include <errno.h>
#include <event2/event.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define BATCH 256

static void
wake_loop(struct au_store *store)
{
	uint64_t one = 1;
	ssize_t n;
	do
		n = write(store->wake_fd, &one, sizeof(one));
	while (n < 0 && errno == EINTR);
}

void
au_store_finish(struct au_store *store, struct au_job_queue *jobs)
{
	struct au_job *job;
	bool wake = false;
	pthread_mutex_lock(&store->lock);
	while ((job = au_job_pop(jobs))) {
		if (job->is_waited) {
			job->is_finished = true;
			pthread_cond_broadcast(&store->has_result);
		} else if (job->done) {
			au_job_push(&store->finished, job);
			wake = true;
		} else {
			free(job);
		}
	}
	wake = wake || (store->broken && !store->broken_told);
	pthread_mutex_unlock(&store->lock);
	if (wake)
		wake_loop(store);
}

/* Once, after those who waited have heard. */
static void
tell_broken(struct au_store *store)
{
	pthread_mutex_lock(&store->lock);
	bool tell = store->broken && !store->broken_told;
	store->broken_told = store->broken;
	pthread_mutex_unlock(&store->lock);
	if (tell && store->on_broken)
		store->on_broken(store->ctx, store->why);
}

static void
deliver(struct au_store *store)
{
	pthread_mutex_lock(&store->lock);
	struct au_job_queue jobs = au_job_take(&store->finished, SIZE_MAX);
	pthread_mutex_unlock(&store->lock);
	struct au_job *job;
	while ((job = au_job_pop(&jobs))) {
		job->done(job->arg, job->rc, &job->err);
		free(job);
	}
	tell_broken(store);
}

static void
on_wake(evutil_socket_t fd, short what, void *arg)
{
	uint64_t count;
	(void)what;
	if (read(fd, &count, sizeof(count)) == (ssize_t)sizeof(count))
		deliver(arg);
}

static struct au_job *
make_job(au_store_work *work, void *arg, au_store_done *done)
{
	struct au_job *job = au_xcalloc(1, sizeof(*job));
	job->work = work;
	job->arg = arg;
	job->done = done;
	return job;
}

/* Queue it, or give it back at once when nobody is left to run it. */
static void
submit(struct au_store *store, struct au_job_queue *queue, pthread_cond_t *ready, struct au_job *job)
{
	struct au_job_queue refused = { 0 };
	pthread_mutex_lock(&store->lock);
	if (store->closing) {
		au_job_fail(job, AU_EIO, "store: is closing");
		au_job_push(&refused, job);
	} else {
		au_job_push(queue, job);
		pthread_cond_signal(ready);
	}
	pthread_mutex_unlock(&store->lock);
	if (refused.first)
		au_store_finish(store, &refused);
}

void
au_store_write(struct au_store *store, au_store_work *work, void *arg, au_store_done *done)
{
	assert(!done || store->base);
	submit(store, &store->writes, &store->has_write, make_job(work, arg, done));
}

void
au_store_write_often(struct au_store *store, au_store_work *work, void *arg, au_store_done *done)
{
	assert(!done || store->base);
	struct au_job *job = make_job(work, arg, done);
	job->is_repeatable = true;
	submit(store, &store->writes, &store->has_write, job);
}

void
au_store_read(struct au_store *store, enum au_read_kind kind, au_store_work *work, void *arg, au_store_done *done)
{
	if (kind == AU_READ_POINT) {
		struct au_job job = { .work = work, .arg = arg };
		au_store_run_read(store, store->point, &job);
		done(arg, job.rc, &job.err);
		return;
	}
	assert(store->base);
	struct au_job *job = make_job(work, arg, done);
	job->is_long = kind == AU_READ_LONG;
	submit(store, job->is_long ? &store->long_reads : &store->reads, &store->has_read, job);
}

int
au_store_run(struct au_store *store, au_store_work *work, void *arg, struct au_err *err)
{
	struct au_job job = { .work = work, .arg = arg, .is_waited = true };
	submit(store, &store->writes, &store->has_write, &job);
	pthread_mutex_lock(&store->lock);
	while (!job.is_finished)
		pthread_cond_wait(&store->has_result, &store->lock);
	pthread_mutex_unlock(&store->lock);
	if (!store->base)
		tell_broken(store);
	if (job.rc < 0 && err)
		*err = job.err;
	return job.rc;
}

void
au_store_stats(const struct au_store *store, struct au_store_stats *ret)
{
	ret->writes = atomic_load(&store->write_count);
	ret->commits = atomic_load(&store->commit_count);
	ret->reads = atomic_load(&store->read_count);
}

static int
connect_all(struct au_store *store, struct au_err *err)
{
	int rc = store->backend->connect(store->database, AU_ACCESS_WRITE, &store->writer, err);
	if (rc == 0)
		rc = store->backend->connect(store->database, AU_ACCESS_READ, &store->point, err);
	for (size_t i = 0; i < AU_STORE_READERS && rc == 0; i++)
		rc = store->backend->connect(store->database, AU_ACCESS_READ, &store->readers[i], err);
	return rc;
}

static int
watch_results(struct au_store *store, struct au_err *err)
{
	store->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (store->wake_fd < 0)
		return au_fail(err, AU_EIO, "store: eventfd: %s", strerror(errno));
	if (!store->base)
		return 0;
	store->wake = event_new(store->base, store->wake_fd, EV_READ | EV_PERSIST, on_wake, store);
	if (!store->wake || event_add(store->wake, NULL) < 0)
		return au_fail(err, AU_EIO, "store: cannot watch for results");
	return 0;
}

static int
start_thread(struct au_store *store, pthread_t *thread, void *(*run)(void *), const char *name, struct au_err *err)
{
	int error = pthread_create(thread, NULL, run, store);
	if (error)
		return au_fail(err, AU_EIO, "store: cannot start a thread: %s", strerror(error));
	pthread_setname_np(*thread, name);
	store->threads++;
	return 0;
}

/* The threads look at their handles, so they wait on the lock until all are known.  Signals are the loop's. */
static int
start_threads(struct au_store *store, struct au_err *err)
{
	sigset_t all, before;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	pthread_mutex_lock(&store->lock);
	int rc = start_thread(store, &store->writer_thread, au_store_writer, "store-writer", err);
	for (size_t i = 0; i < AU_STORE_READERS && rc == 0; i++)
		rc = start_thread(store, &store->reader_threads[i], au_store_reader, "store-reader", err);
	pthread_mutex_unlock(&store->lock);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return rc;
}

static struct au_store *
make_store(struct event_base *base, const struct au_store_config *config)
{
	struct au_store *store = au_xcalloc(1, sizeof(*store));
	store->base = base;
	store->wake_fd = -1;
	store->stamps = au_stamps_new();
	store->max_batch = config->max_batch ? config->max_batch : BATCH;
	store->on_broken = config->on_broken;
	store->ctx = config->ctx;
	if (config->audit_key)
		store->audit_key = au_secret_new(config->audit_key, 32);
	pthread_mutex_init(&store->lock, NULL);
	pthread_cond_init(&store->has_write, NULL);
	pthread_cond_init(&store->has_read, NULL);
	pthread_cond_init(&store->has_result, NULL);
	return store;
}

int
au_store_open(struct event_base *base, const struct au_store_config *config, struct au_store **ret, struct au_err *err)
{
	const struct au_backend *backend = au_backend_find(config->backend);
	if (!backend)
		return au_fail(err, AU_EINVAL, "store: no backend '%s'", config->backend ? config->backend : "");
	struct au_store *store = make_store(base, config);
	store->backend = backend;
	int rc = backend->open(config->path, &store->database, err);
	if (rc == 0)
		rc = connect_all(store, err);
	if (rc == 0)
		rc = watch_results(store, err);
	if (rc == 0)
		rc = start_threads(store, err);
	if (rc < 0) {
		au_store_close(store);
		return rc;
	}
	*ret = store;
	return 0;
}

static void
stop_threads(struct au_store *store)
{
	pthread_mutex_lock(&store->lock);
	store->closing = true;
	pthread_cond_broadcast(&store->has_write);
	pthread_cond_broadcast(&store->has_read);
	size_t threads = store->threads;
	pthread_mutex_unlock(&store->lock);
	for (size_t i = 0; i + 1 < threads; i++)
		store->backend->interrupt(store->readers[i]);
	for (size_t i = 0; i < threads; i++)
		pthread_join(i == 0 ? store->writer_thread : store->reader_threads[i - 1], NULL);
}

void
au_store_close(struct au_store *store)
{
	if (!store)
		return;
	stop_threads(store);
	while (store->finished.first)
		deliver(store);
	tell_broken(store);
	for (size_t i = 0; i < AU_STORE_READERS; i++)
		store->backend->disconnect(store->readers[i]);
	store->backend->disconnect(store->point);
	if (store->writer && !store->broken)
		store->backend->tidy(store->writer, AU_UPKEEP_LAST, NULL);
	store->backend->disconnect(store->writer);
	if (store->database)
		store->backend->close(store->database);
	if (store->wake)
		event_free(store->wake);
	if (store->wake_fd >= 0)
		close(store->wake_fd);
	au_secret_free(store->audit_key);
	au_run_ends_forget(&store->run_ends);
	au_stamps_free(store->stamps);
	pthread_cond_destroy(&store->has_result);
	pthread_cond_destroy(&store->has_read);
	pthread_cond_destroy(&store->has_write);
	pthread_mutex_destroy(&store->lock);
	free(store);
}
