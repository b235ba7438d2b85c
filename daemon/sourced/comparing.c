/* SPDX-License-Identifier: ISC */
/* A reading that fails is wished for again later; the changes that are pushed go on meanwhile. */
#include "sourced/comparing.h"

#include "base/clock.h"
#include "sourced/recent.h"

#include <event2/event.h>

struct au_comparing {
	struct au_comparing_config config;
	struct au_compare *compares[AU_SEARCHES]; /* while there is a line */
	bool wanted[AU_SEARCHES];
	struct au_line *line;
	bool is_pushed, may_run, is_planned;
	struct au_recent *recent;
	bool looks_for_recent; /* not refused on this line */
	int64_t opened_ms;     /* wall clock: when the first reading on this line began */
	struct event *due;
};

static void
plan(struct au_comparing *comparing, int64_t ms)
{
	struct timeval wait = { ms / 1000, ms % 1000 * 1000 };

	event_add(comparing->due, &wait);
	comparing->is_planned = true;
}

static int64_t
interval(const struct au_comparing *comparing)
{
	return comparing->is_pushed ? comparing->config.interval_ms : comparing->config.poll_ms;
}

static bool
is_running(const struct au_comparing *comparing)
{
	for (int i = 0; i < AU_SEARCHES; i++)
		if (comparing->compares[i] != NULL && au_compare_is_running(comparing->compares[i]))
			return true;
	return false;
}

static void
run_next(struct au_comparing *comparing)
{
	if (comparing->line == NULL || !comparing->may_run || is_running(comparing))
		return;
	for (int i = 0; i < AU_SEARCHES; i++)
		if (comparing->wanted[i]) {
			comparing->wanted[i] = false;
			au_compare_start(
			    comparing->compares[i], comparing->line, comparing->config.operation_timeout_ms, false);
			return;
		}
}

static void
want_all(struct au_comparing *comparing)
{
	for (int i = 0; i < AU_SEARCHES; i++)
		comparing->wanted[i] = true;
}

static void
on_due(evutil_socket_t fd, short what, void *arg)
{
	struct au_comparing *comparing = arg;

	(void)fd;
	(void)what;
	plan(comparing, interval(comparing));
	want_all(comparing);
	run_next(comparing);
}

static void
on_ended(void *ctx, enum au_search search)
{
	struct au_comparing *comparing = ctx;

	comparing->config.events.ended(comparing->config.ctx, search);
	run_next(comparing);
}

static void
on_failed(void *ctx, enum au_search search, const struct au_fault *fault)
{
	struct au_comparing *comparing = ctx;

	if (comparing->is_pushed) {
		comparing->wanted[search] = true;
		plan(comparing, comparing->config.retry_ms);
	}
	comparing->config.events.failed(comparing->config.ctx, search, fault);
}

static bool
is_busy(void *ctx)
{
	return is_running(ctx);
}

static void
on_refused(void *ctx, const struct au_fault *fault)
{
	struct au_comparing *comparing = ctx;

	comparing->looks_for_recent = false;
	comparing->config.refused(comparing->config.ctx, fault);
}

static struct au_recent *
new_recent(struct au_comparing *comparing)
{
	const struct au_comparing_config *config = &comparing->config;
	struct au_recent_config recent = { .base = config->base,
		.interval_ms = config->recent_ms,
		.operation_timeout_ms = config->operation_timeout_ms,
		.is_busy = is_busy,
		.refused = on_refused,
		.ctx = comparing };

	for (int i = 0; i < AU_SEARCHES; i++) {
		recent.mappings[i] = config->mappings[i];
		recent.batches[i] = config->followed[i];
	}
	return au_recent_new(&recent);
}

static const struct au_compare_events events = { .ended = on_ended, .failed = on_failed };

struct au_comparing *
au_comparing_new(const struct au_comparing_config *config)
{
	struct au_comparing *comparing = au_xcalloc(1, sizeof(*comparing));

	comparing->config = *config;
	comparing->due = evtimer_new(config->base, on_due, comparing);
	comparing->recent = new_recent(comparing);
	return comparing;
}

void
au_comparing_free(struct au_comparing *comparing)
{
	if (comparing == NULL)
		return;
	au_comparing_close(comparing);
	au_recent_free(comparing->recent);
	event_free(comparing->due);
	free(comparing);
}

void
au_comparing_open(struct au_comparing *comparing, struct au_line *line, bool pushed)
{
	const struct au_comparing_config *config = &comparing->config;

	for (int i = 0; i < AU_SEARCHES; i++)
		comparing->compares[i] = au_compare_new(config->base, config->mappings[i], config->outbox,
		    pushed ? config->followed[i] : NULL, &events, comparing);
	comparing->line = line;
	comparing->is_pushed = pushed;
	comparing->may_run = !pushed;
	comparing->looks_for_recent = !pushed && config->recent_ms > 0;
	comparing->opened_ms = au_clock_wall_ms();
	if (!pushed)
		want_all(comparing);
	run_next(comparing);
}

void
au_comparing_close(struct au_comparing *comparing)
{
	for (int i = 0; i < AU_SEARCHES; i++) {
		au_compare_free(comparing->compares[i]);
		comparing->compares[i] = NULL;
	}
	au_recent_close(comparing->recent);
	comparing->line = NULL;
}

void
au_comparing_go(struct au_comparing *comparing, bool whole)
{
	if (whole)
		plan(comparing, interval(comparing));
	else if (!comparing->is_planned)
		plan(comparing, comparing->config.first_ms);
	comparing->may_run = true;
	if (comparing->looks_for_recent)
		au_recent_open(comparing->recent, comparing->line, comparing->opened_ms);
	run_next(comparing);
}

void
au_comparing_hold(struct au_comparing *comparing, enum au_search search)
{
	comparing->may_run = false;
	if (comparing->compares[search] != NULL)
		au_compare_stop(comparing->compares[search]);
}

void
au_comparing_want(struct au_comparing *comparing, enum au_search search)
{
	comparing->wanted[search] = true;
	run_next(comparing);
}

void
au_comparing_touched(struct au_comparing *comparing, enum au_search search, const char *id)
{
	if (comparing->compares[search] != NULL)
		au_compare_touched(comparing->compares[search], id);
}

void
au_comparing_room(struct au_comparing *comparing)
{
	for (int i = 0; i < AU_SEARCHES; i++)
		if (comparing->compares[i] != NULL)
			au_compare_room(comparing->compares[i]);
}
