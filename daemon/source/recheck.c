/* SPDX-License-Identifier: ISC */
/* Two reasons, each with a time of its own: a timer once set is not put off by later rounds. */
#include "source/recheck.h"

#include "base/mem.h"

#include <event2/event.h>
#include <stdlib.h>

struct reason {
	bool (*applies)(const struct au_search_now *search);
	long long after; /* ms */
	struct event *timer;
	struct au_recheck *recheck;
};

enum { DOUBT, MISSING, REASONS };

struct au_recheck {
	struct reason reasons[REASONS];
	void (*compare)(void *ctx, enum au_search search);
	void *ctx;
	const struct au_source_now *now;
};

static bool
is_doubtful(const struct au_search_now *search)
{
	return au_reading_is_suspect(search) || search->is_pinned;
}

static bool
is_missing(const struct au_search_now *search)
{
	return search->missing > 0 || search->untold > 0;
}

static void
on_due(evutil_socket_t fd, short what, void *arg)
{
	const struct reason *reason = arg;
	const struct au_recheck *recheck = reason->recheck;

	(void)fd;
	(void)what;
	for (int i = 0; i < AU_SEARCHES; i++)
		if (reason->applies(&recheck->now->searches[i]))
			recheck->compare(recheck->ctx, i);
}

static void
plan(const struct reason *reason, const struct au_source_now *now)
{
	struct timeval wait = { reason->after / 1000, reason->after % 1000 * 1000 };

	if (event_pending(reason->timer, EV_TIMEOUT, NULL))
		return;
	for (int i = 0; i < AU_SEARCHES; i++)
		if (reason->applies(&now->searches[i]))
			event_add(reason->timer, &wait);
}

void
au_recheck_moved(struct au_recheck *recheck, const struct au_source_now *now)
{
	recheck->now = now;
	for (int i = 0; i < REASONS; i++)
		plan(&recheck->reasons[i], now);
}

struct au_recheck *
au_recheck_new(struct event_base *base, const struct au_values *values,
    void (*compare)(void *ctx, enum au_search search), void *ctx)
{
	struct au_recheck *recheck = au_xcalloc(1, sizeof(*recheck));

	*recheck = (struct au_recheck){
		.reasons = {
			[DOUBT] = { .applies = is_doubtful, .after = au_values_num(values, "retry_cap") },
			[MISSING] = { .applies = is_missing, .after = au_values_num(values, "confirm_after") },
		},
		.compare = compare,
		.ctx = ctx,
	};
	for (int i = 0; i < REASONS; i++) {
		recheck->reasons[i].recheck = recheck;
		recheck->reasons[i].timer = evtimer_new(base, on_due, &recheck->reasons[i]);
	}
	return recheck;
}

void
au_recheck_free(struct au_recheck *recheck)
{
	if (recheck == NULL)
		return;
	for (int i = 0; i < REASONS; i++)
		event_free(recheck->reasons[i].timer);
	free(recheck);
}
