/* SPDX-License-Identifier: ISC */
/* The threads that read what takes long, each on its own snapshot of the database. */
#include "store/job.h"

void
au_store_run_read(struct au_store *store, struct au_connection *connection, struct au_job *job)
{
	struct au_store_tx tx = { .backend = store->backend,
		.connection = connection,
		.audit_key = (const unsigned char *)au_secret_text(store->audit_key) };
	job->rc = store->backend->begin(connection, &job->err);
	if (job->rc == 0)
		job->rc = job->work(&tx, job->arg, &job->err);
	au_tx_reset(&tx);
	store->backend->rollback(connection);
	atomic_fetch_add(&store->read_count, 1);
}

static struct au_connection *
own_connection(struct au_store *store)
{
	size_t i = 0;
	while (i + 1 < AU_STORE_READERS && !pthread_equal(store->reader_threads[i], pthread_self()))
		i++;
	return store->readers[i];
}

/* What this thread may begin now, a long read first: the readers that are not allowed one are there for the others.
 * NULL: there is nothing.  Under the lock. */
static struct au_job *
next_read(struct au_store *store)
{
	struct au_job *job = NULL;
	if (store->long_running < AU_STORE_LONG)
		job = au_job_pop(&store->long_reads);
	if (!job)
		job = au_job_pop(&store->reads);
	if (job && job->is_long)
		store->long_running++;
	return job;
}

/* At closing, whatever is left is given back. */
static struct au_job *
left_read(struct au_store *store)
{
	struct au_job *job = au_job_pop(&store->reads);
	return job ? job : au_job_pop(&store->long_reads);
}

static void
finish_one(struct au_store *store, struct au_job *job)
{
	struct au_job_queue one = { 0 };
	au_job_push(&one, job);
	au_store_finish(store, &one);
}

void *
au_store_reader(void *arg)
{
	struct au_store *store = arg;
	pthread_mutex_lock(&store->lock);
	struct au_connection *connection = own_connection(store);
	struct au_job *job;
	while (!store->closing) {
		job = next_read(store);
		if (!job) {
			pthread_cond_wait(&store->has_read, &store->lock);
			continue;
		}
		bool is_long = job->is_long;
		pthread_mutex_unlock(&store->lock);
		au_store_run_read(store, connection, job);
		finish_one(store, job);
		pthread_mutex_lock(&store->lock);
		store->long_running -= is_long;
	}
	while ((job = left_read(store))) {
		pthread_mutex_unlock(&store->lock);
		au_job_fail(job, AU_EIO, "store: is closing");
		finish_one(store, job);
		pthread_mutex_lock(&store->lock);
	}
	pthread_mutex_unlock(&store->lock);
	return NULL;
}
