/* SPDX-License-Identifier: ISC */
/* Queues of jobs. */
#include "store/job.h"

void
au_job_push(struct au_job_queue *queue, struct au_job *job)
{
	job->next = NULL;
	if (queue->last)
		queue->last->next = job;
	else
		queue->first = job;
	queue->last = job;
	queue->count++;
}

struct au_job *
au_job_pop(struct au_job_queue *queue)
{
	struct au_job *job = queue->first;
	if (!job)
		return NULL;
	queue->first = job->next;
	if (!queue->first)
		queue->last = NULL;
	queue->count--;
	job->next = NULL;
	return job;
}

struct au_job_queue
au_job_take(struct au_job_queue *queue, size_t most)
{
	struct au_job_queue taken = { 0 };
	while (queue->first && taken.count < most)
		au_job_push(&taken, au_job_pop(queue));
	return taken;
}

void
au_job_fail(struct au_job *job, int code, const char *why)
{
	job->rc = au_fail(&job->err, code, "%s", why);
}
