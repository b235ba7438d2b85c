/* SPDX-License-Identifier: ISC */
/* What both threads see is freed by the one that lets go of it last. */
#include "sourced/aside.h"

#include "base/mem.h"

#include <event2/event.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define STACK_SIZE (1u << 20)

struct shared {
	struct au_aside_job job;
	int over; /* eventfd: the work is done */
	atomic_int holders;
};

struct au_aside {
	struct shared *shared;
	struct event *over;
	void (*done)(void *ctx, void *data);
	void *ctx;
};

static atomic_int running;

static void
let_go(struct shared *shared)
{
	if (atomic_fetch_sub(&shared->holders, 1) > 1)
		return;
	shared->job.free(shared->job.data);
	close(shared->over);
	free(shared);
}

static void *
run(void *arg)
{
	struct shared *shared = arg;

	shared->job.work(shared->job.data);
	atomic_fetch_sub(&running, 1);
	eventfd_write(shared->over, 1);
	let_go(shared);
	return NULL;
}

static bool
start(struct shared *shared)
{
	pthread_attr_t attributes;
	pthread_t thread;

	if (atomic_fetch_add(&running, 1) >= AU_ASIDE_MAX) {
		atomic_fetch_sub(&running, 1);
		return false;
	}
	pthread_attr_init(&attributes);
	pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
	pthread_attr_setstacksize(&attributes, STACK_SIZE);
	bool is_started = pthread_create(&thread, &attributes, run, shared) == 0;
	pthread_attr_destroy(&attributes);
	if (!is_started)
		atomic_fetch_sub(&running, 1);
	return is_started;
}

static void
on_over(evutil_socket_t fd, short what, void *arg)
{
	struct au_aside *aside = arg;

	(void)fd;
	(void)what;
	aside->done(aside->ctx, aside->shared->job.data);
}

struct au_aside *
au_aside_new(struct event_base *base, const struct au_aside_job *job, void (*done)(void *ctx, void *data), void *ctx)
{
	struct shared *shared = au_xcalloc(1, sizeof(*shared));

	shared->job = *job;
	shared->over = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	atomic_init(&shared->holders, 2);
	if (shared->over < 0 || !start(shared)) {
		let_go(shared);
		let_go(shared); /* NOLINT(clang-analyzer-unix.Malloc) */
		return NULL;
	}
	struct au_aside *aside = au_xcalloc(1, sizeof(*aside));
	*aside = (struct au_aside){ .shared = shared, .done = done, .ctx = ctx };
	aside->over = event_new(base, shared->over, EV_READ, on_over, aside);
	event_add(aside->over, NULL);
	return aside;
}

void
au_aside_free(struct au_aside *aside)
{
	if (aside == NULL)
		return;
	event_free(aside->over);
	let_go(aside->shared);
	free(aside);
}
