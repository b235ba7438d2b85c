/* SPDX-License-Identifier: ISC */
/* The threads that read what takes long, each on its own snapshot of the database. */
#include "store/job.h"

void
au_store_run_read(struct au_store *store, struct au_connection *connection, struct au_job *job)
{
	struct au_store_tx tx = { store->backend, connection, (const unsigned char *)au_secret_text(store->audit_key),
		NULL, NULL };
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

void *
au_store_reader(void *arg)
{
	struct au_store *store = arg;
	pthread_mutex_lock(&store->lock);
	struct au_connection *connection = own_connection(store);
	for (;;) {
		while (!store->reads.first && !store->closing)
			pthread_cond_wait(&store->has_read, &store->lock);
		struct au_job_queue one = au_job_take(&store->reads, 1);
		bool closing = store->closing;
		pthread_mutex_unlock(&store->lock);
		if (!one.first)
			return NULL;
		if (closing)
			au_job_fail(one.first, AU_EIO, "store: is closing");
		else
			au_store_run_read(store, connection, one.first);
		au_store_finish(store, &one);
		pthread_mutex_lock(&store->lock);
	}
}
