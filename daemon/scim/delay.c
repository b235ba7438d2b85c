/* SPDX-License-Identifier: ISC */
/* One timer each: there are few of them, by their limit. */
#include "scim/delay.h"

#include "base/mem.h"

#include <event2/event.h>
#include <sys/queue.h>

struct delay {
	LIST_ENTRY(delay) entry;
	struct au_delays *all;
	struct event *timer;
	void (*fn)(void *arg);
	void *arg;
};

struct au_delays {
	struct event_base *base;
	LIST_HEAD(, delay) waiting;
	size_t count;
};

struct au_delays *
au_delays_new(struct event_base *base)
{
	struct au_delays *delays = au_xcalloc(1, sizeof *delays);

	delays->base = base;
	LIST_INIT(&delays->waiting);
	return delays;
}

static void
finish(struct delay *delay)
{
	LIST_REMOVE(delay, entry);
	delay->all->count--;
	delay->fn(delay->arg);
	event_free(delay->timer);
	free(delay);
}

static void
on_timer(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	finish(arg);
}

void
au_delays_free(struct au_delays *delays)
{
	if (delays == NULL)
		return;
	while (!LIST_EMPTY(&delays->waiting))
		finish(LIST_FIRST(&delays->waiting)); /* NOLINT(clang-analyzer-unix.Malloc) */
	free(delays);
}

bool
au_delays_add(struct au_delays *delays, size_t max, int64_t ms, void (*fn)(void *arg), void *arg)
{
	struct timeval wait = { ms / 1000, ms % 1000 * 1000 };
	struct delay *delay;

	if (delays->count >= max)
		return false;
	delay = au_xcalloc(1, sizeof *delay);
	*delay = (struct delay){ .all = delays, .fn = fn, .arg = arg };
	delay->timer = evtimer_new(delays->base, on_timer, delay);
	evtimer_add(delay->timer, &wait);
	LIST_INSERT_HEAD(&delays->waiting, delay, entry);
	delays->count++;
	return true;
}
