/* SPDX-License-Identifier: ISC */
/* Timers follow another clock than people do, and theirs may be set: so it is looked at again after a while. */
#include "source/expiry.h"

#include "base/clock.h"
#include "source/seen.h"
#include "source/trail.h"

#include <event2/event.h>

#define ROUND_MOST 1000 /* in one transaction */
#define LOOK_MS 60000

struct au_expiry {
	struct event *timer;
	void (*due)(void *ctx);
	void *ctx;
	const struct au_source_now *now;
};

void
au_expiry_settle(struct au_entry *entry)
{
	if (entry->expires_ms != 0 && entry->expires_ms <= au_clock_wall_ms())
		entry->active = false;
	else if (!entry->active)
		entry->expires_ms = 0;
}

static int
expire(struct au_apply *apply, const struct au_entry_due *due, struct au_err *err)
{
	struct au_entry entry;
	enum au_seen_change change;
	int rc = au_store_entry_get(apply->tx, apply->arena, apply->source, due->id, &entry, err);

	if (rc < 0)
		return rc;
	entry.active = false;
	entry.expires_ms = due->at_ms;
	entry.expires_odd = due->odd;
	rc = au_seen_put(apply, entry.kind == AU_ENTRY_GROUP ? AU_SEARCH_GROUPS : AU_SEARCH_PEOPLE, &entry,
	    due->dn_norm, false, &change, err);
	apply->changed = true;
	return rc < 0 ? rc : au_trail_entry(apply, "entry.expire", &entry, err);
}

int
au_expiry_run(struct au_apply *apply, struct au_err *err)
{
	struct au_entry_due *due;
	size_t count = 0;
	int rc = 0;

	if (!apply->now->paused)
		rc = au_store_entry_due(
		    apply->tx, apply->arena, apply->source, au_clock_wall_ms(), ROUND_MOST, &due, &count, err);

	for (size_t i = 0; rc == 0 && i < count; i++)
		rc = expire(apply, &due[i], err);
	return rc < 0 ? rc : au_store_entry_next_due(apply->tx, apply->source, &apply->now->expires_ms, err);
}

/* ---- the timer ---- */

static void
plan(struct au_expiry *expiry)
{
	int64_t ms = expiry->now->expires_ms - au_clock_wall_ms();
	struct timeval wait = { 0, 0 };

	event_del(expiry->timer);
	if (expiry->now->expires_ms == 0)
		return;
	if (ms > LOOK_MS)
		ms = LOOK_MS;
	if (ms > 0)
		wait = (struct timeval){ ms / 1000, ms % 1000 * 1000 };
	event_add(expiry->timer, &wait);
}

static void
on_timer(evutil_socket_t fd, short what, void *arg)
{
	struct au_expiry *expiry = arg;

	(void)fd;
	(void)what;
	if (expiry->now->expires_ms > au_clock_wall_ms())
		plan(expiry);
	else
		expiry->due(expiry->ctx);
}

struct au_expiry *
au_expiry_new(struct event_base *base, void (*due)(void *ctx), void *ctx)
{
	struct au_expiry *expiry = au_xcalloc(1, sizeof(*expiry));

	*expiry = (struct au_expiry){ .due = due, .ctx = ctx };
	expiry->timer = evtimer_new(base, on_timer, expiry);
	return expiry;
}

void
au_expiry_free(struct au_expiry *expiry)
{
	if (expiry == NULL)
		return;
	event_free(expiry->timer);
	free(expiry);
}

void
au_expiry_moved(struct au_expiry *expiry, const struct au_source_now *now)
{
	expiry->now = now;
	plan(expiry);
}
