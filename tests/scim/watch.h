/* SPDX-License-Identifier: ISC */
/* How long the loop computes at a stretch.  Real time would tell more of what else the machine does. */
#ifndef TESTS_SCIM_WATCH_H
#define TESTS_SCIM_WATCH_H

#include "tests/scim/serve.h"

#include <time.h>

struct watch {
	struct event *tick;
	double last, worst; /* milliseconds of the thread's CPU time */
};

static inline double
watch_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return (double)now.tv_sec * 1000 + (double)now.tv_nsec / 1e6;
}

static inline void
watch_tick(evutil_socket_t fd, short what, void *ctx)
{
	struct watch *watch = ctx;
	double now = watch_now();

	(void)fd;
	(void)what;
	if (now - watch->last > watch->worst)
		watch->worst = now - watch->last;
	watch->last = now;
}

static inline void
watch_start(struct watch *watch, struct serve *s)
{
	struct timeval often = { 0, 1000 };

	watch->tick = event_new(s->base, -1, EV_PERSIST, watch_tick, watch);
	event_add(watch->tick, &often);
	watch->worst = 0;
	watch->last = watch_now();
}

static inline void
watch_stop(struct watch *watch)
{
	event_free(watch->tick);
}

#endif
