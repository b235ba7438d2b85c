/* SPDX-License-Identifier: ISC */
/* Changes seldom come alone, and a busy domain rings without end: so a ring waits a little, and rounds keep apart. */
#include "sourced/rhythm.h"

#include "base/clock.h"
#include "base/log.h"
#include "model/dn.h"
#include "sourced/doorbell.h"

#include <event2/event.h>

#define RING_WAIT_MS 100
#define RING_APART_MS 1000

struct au_rhythm {
	const struct au_mapping *mapping;
	void (*due)(void *ctx);
	void *ctx;
	struct event *timer;
	struct au_doorbell *bell;
	struct au_line *line;
	const struct au_root *root;
	bool is_resting;
	bool is_hung, is_rung; /* the bell, on this line; since the round began */
	int64_t begun_mono;    /* when that was */
};

static void
plan(struct au_rhythm *rhythm, int64_t ms)
{
	struct timeval wait = { ms / 1000, ms % 1000 * 1000 };

	event_add(rhythm->timer, &wait);
}

static int64_t
least(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static int64_t
until_next(const struct au_rhythm *rhythm)
{
	int64_t interval = rhythm->mapping->config->change_interval;
	int64_t rest = rhythm->begun_mono + least(RING_APART_MS, interval) - au_clock_mono_ms();

	if (!rhythm->is_rung)
		return interval;
	return least(interval, rest > RING_WAIT_MS ? rest : RING_WAIT_MS);
}

static void
on_rung(void *ctx)
{
	struct au_rhythm *rhythm = ctx;
	bool is_first = !rhythm->is_rung;

	rhythm->is_rung = true;
	if (is_first && rhythm->is_resting)
		plan(rhythm, until_next(rhythm));
}

/* Nothing is lost with it. */
static void
on_broke(void *ctx, const struct au_fault *fault)
{
	const struct au_rhythm *rhythm = ctx;

	au_log(AU_LOG_NOTICE, AU_FIELDS("SOURCE", rhythm->mapping->config->name),
	    "%s; changes of %s are asked for each change_interval only", fault->text,
	    au_search_name(rhythm->mapping->search));
}

static const struct au_doorbell_events bell_events = { .rung = on_rung, .broke = on_broke };

static void
hang_bell(struct au_rhythm *rhythm)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	const char *base_norm, *partition = NULL;

	if (rhythm->is_hung || !au_doorbell_is_offered(rhythm->root))
		return;
	rhythm->is_hung = true;
	if (au_dn_normalize(arena, au_mapping_base(rhythm->mapping), &base_norm, NULL) == 0)
		partition = au_root_context(rhythm->root, base_norm);
	if (partition == NULL)
		return;
	au_doorbell_hang(rhythm->bell, rhythm->line, partition);
	rhythm->is_rung = true; /* somebody may have come to the door while there was no bell */
}

static void
on_timer(evutil_socket_t fd, short what, void *arg)
{
	struct au_rhythm *rhythm = arg;

	(void)fd;
	(void)what;
	rhythm->due(rhythm->ctx);
}

struct au_rhythm *
au_rhythm_new(struct event_base *base, const struct au_mapping *mapping, void (*due)(void *ctx), void *ctx)
{
	struct au_rhythm *rhythm = au_xcalloc(1, sizeof(*rhythm));

	*rhythm = (struct au_rhythm){ .mapping = mapping, .due = due, .ctx = ctx };
	rhythm->timer = evtimer_new(base, on_timer, rhythm);
	rhythm->bell = au_doorbell_new(&bell_events, rhythm);
	return rhythm;
}

void
au_rhythm_free(struct au_rhythm *rhythm)
{
	if (rhythm == NULL)
		return;
	au_doorbell_free(rhythm->bell);
	event_free(rhythm->timer);
	free(rhythm);
}

void
au_rhythm_open(struct au_rhythm *rhythm, const struct au_follow_start *start)
{
	rhythm->line = start->line;
	rhythm->root = start->root;
}

void
au_rhythm_close(struct au_rhythm *rhythm)
{
	event_del(rhythm->timer);
	au_doorbell_take_down(rhythm->bell);
	rhythm->is_hung = rhythm->is_rung = rhythm->is_resting = false;
}

void
au_rhythm_begun(struct au_rhythm *rhythm)
{
	event_del(rhythm->timer);
	rhythm->is_resting = rhythm->is_rung = false;
	rhythm->begun_mono = au_clock_mono_ms();
}

void
au_rhythm_rest(struct au_rhythm *rhythm, bool at_once)
{
	hang_bell(rhythm);
	rhythm->is_resting = true;
	plan(rhythm, at_once ? 0 : until_next(rhythm));
}
