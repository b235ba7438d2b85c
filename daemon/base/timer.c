/* SPDX-License-Identifier: ISC */
/* An event of libevent in any case: it has a timeout, or it is made active when the fixed clock has passed its moment.
 */
#include "base/timer.h"

#include "base/clock.h"
#include "base/mem.h"

#include <event2/event.h>

struct au_timer {
	struct event *event;
	au_timer_due *due;
	void *ctx;
	bool is_set;
	int64_t due_mono;
	bool is_listed;
	struct au_timer *next;
};

/* Those that wait for the fixed clock, the first one first.  Tests have one thread that sets timers. */
static struct au_timer *waiting;

static void
unlist(struct au_timer *timer)
{
	struct au_timer **at = &waiting;

	if (!timer->is_listed)
		return;
	while (*at != timer)
		at = &(*at)->next;
	*at = timer->next;
	timer->is_listed = false;
}

static void
fake_moved(void)
{
	while (waiting != NULL && waiting->due_mono <= au_clock_mono_ms()) {
		struct au_timer *timer = waiting;
		unlist(timer);
		event_active(timer->event, EV_TIMEOUT, 0);
	}
}

static void
list(struct au_timer *timer)
{
	struct au_timer **at = &waiting;

	while (*at != NULL && (*at)->due_mono <= timer->due_mono)
		at = &(*at)->next;
	timer->next = *at;
	*at = timer;
	timer->is_listed = true;
	au_clock_fake_watch(fake_moved);
}

static void
on_due(evutil_socket_t fd, short what, void *arg)
{
	struct au_timer *timer = arg;

	(void)fd;
	(void)what;
	timer->is_set = false;
	timer->due(timer->ctx);
}

struct au_timer *
au_timer_new(struct event_base *base, au_timer_due *due, void *ctx)
{
	struct au_timer *timer = au_xcalloc(1, sizeof(*timer));

	timer->due = due;
	timer->ctx = ctx;
	timer->event = evtimer_new(base, on_due, timer);
	return timer;
}

void
au_timer_free(struct au_timer *timer)
{
	if (timer == NULL)
		return;
	unlist(timer);
	event_free(timer->event);
	free(timer);
}

void
au_timer_set(struct au_timer *timer, int64_t ms)
{
	struct timeval wait = { 0, 0 };

	au_timer_stop(timer);
	timer->is_set = true;
	timer->due_mono = au_clock_mono_ms() + (ms > 0 ? ms : 0);
	if (ms > 0 && au_clock_is_fake()) {
		list(timer);
		return;
	}
	if (ms > 0)
		wait = (struct timeval){ .tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000 };
	evtimer_add(timer->event, &wait);
}

void
au_timer_stop(struct au_timer *timer)
{
	timer->is_set = false;
	unlist(timer);
	event_del(timer->event);
}

bool
au_timer_is_set(const struct au_timer *timer)
{
	return timer->is_set;
}

int64_t
au_timer_left(const struct au_timer *timer)
{
	int64_t ms = timer->is_set ? timer->due_mono - au_clock_mono_ms() : 0;

	return ms > 0 ? ms : 0;
}
