/* SPDX-License-Identifier: ISC */
/*
 * Two runs agree when everybody whom the first one found is found by the second: then whoever is not among them was
 * missed by both.  The first run of a process has none before it, and so removes nobody.
 */
#include "sourced/reruns.h"

#include "base/log.h"
#include "base/map.h"
#include "base/roster.h"
#include "base/str.h"

#include <event2/event.h>

/* Runs one soon after the other, of groups that never stand still; then they wait for the schedule. */
#define HASTE 5
/* Rounds without an answer after which a group is forgotten: it is gone, or not one of ours any more. */
#define PATIENCE 3

struct rerun {
	char *dn;
	struct au_roster *found; /* by the last run; NULL before the first */
	char *lacks;             /* why members are unknown, as it was last logged; NULL: none is */
	unsigned hastes, unanswered;
	bool is_scheduled;
};

struct au_reruns {
	char *source;
	int64_t interval_ms;
	const struct au_reruns_events *events;
	void *ctx;
	size_t lacking;
	struct au_map *groups; /* id -> struct rerun */
	struct event *due;
};

static void
free_rerun(void *value)
{
	struct rerun *rerun = value;

	free(rerun->dn);
	free(rerun->lacks);
	au_roster_free(rerun->found);
	free(rerun);
}

static void
plan(struct au_reruns *reruns)
{
	struct timeval wait = { reruns->interval_ms / 1000, reruns->interval_ms % 1000 * 1000 };

	event_add(reruns->due, &wait);
}

static void
recount(struct au_reruns *reruns)
{
	const char *id;
	void *value;
	size_t cursor = 0, count = 0;

	while (au_map_next(reruns->groups, &cursor, &id, &value))
		count += ((const struct rerun *)value)->lacks != NULL;
	if (count == reruns->lacking)
		return;
	reruns->lacking = count;
	reruns->events->lacking(reruns->ctx);
}

size_t
au_reruns_lacking(const struct au_reruns *reruns)
{
	return reruns->lacking;
}

static void
forget_lost(struct au_reruns *reruns)
{
	const char *id;
	void *value;
	size_t cursor = 0;

	while (au_map_next(reruns->groups, &cursor, &id, &value)) {
		struct rerun *rerun = value;
		if (rerun->unanswered >= PATIENCE || !rerun->is_scheduled)
			free_rerun(au_map_remove(reruns->groups, id));
	}
	recount(reruns);
}

static void
on_due(evutil_socket_t fd, short what, void *arg)
{
	struct au_reruns *reruns = arg;
	const char *id;
	void *value;

	(void)fd;
	(void)what;
	forget_lost(reruns);
	for (size_t cursor = 0; au_map_next(reruns->groups, &cursor, &id, &value);) {
		struct rerun *rerun = value;
		rerun->hastes = 0;
		rerun->unanswered++;
		reruns->events->wish(reruns->ctx, id, rerun->dn);
	}
	plan(reruns);
}

struct au_reruns *
au_reruns_new(
    struct event_base *base, int64_t interval_ms, const char *source, const struct au_reruns_events *events, void *ctx)
{
	struct au_reruns *reruns = au_xcalloc(1, sizeof(*reruns));

	*reruns = (struct au_reruns){ .source = au_xstrdup(source),
		.interval_ms = interval_ms,
		.events = events,
		.ctx = ctx,
		.groups = au_map_new() };
	reruns->due = evtimer_new(base, on_due, reruns);
	plan(reruns);
	return reruns;
}

void
au_reruns_free(struct au_reruns *reruns)
{
	if (reruns == NULL)
		return;
	event_free(reruns->due);
	au_map_free(reruns->groups, free_rerun);
	free(reruns->source);
	free(reruns);
}

static struct rerun *
take(struct au_reruns *reruns, const struct au_mapped *group)
{
	struct rerun *rerun = au_map_get(reruns->groups, group->entry.id);

	if (rerun == NULL) {
		rerun = au_xcalloc(1, sizeof(*rerun));
		au_map_put(reruns->groups, group->entry.id, rerun);
	}
	rerun->unanswered = 0;
	if (!au_streq(rerun->dn, group->entry.dn)) {
		free(rerun->dn);
		rerun->dn = au_xstrdup(group->entry.dn);
	}
	return rerun;
}

void
au_reruns_ask(struct au_reruns *reruns, const struct au_mapped *group)
{
	struct rerun *rerun = take(reruns, group);

	rerun->is_scheduled = true;
	reruns->events->wish(reruns->ctx, group->entry.id, rerun->dn);
}

/* Once, until it is another reason. */
static void
tell(struct au_reruns *reruns, struct rerun *rerun, const char *lacks)
{
	if (au_streq(rerun->lacks, lacks))
		return;
	if (lacks != NULL)
		au_log(AU_LOG_WARNING, AU_FIELDS("SOURCE", reruns->source),
		    "group '%s': not all of its members are known: %s", rerun->dn, lacks);
	else
		au_log(AU_LOG_NOTICE, AU_FIELDS("SOURCE", reruns->source),
		    "group '%s': all of its members are known again", rerun->dn);
	free(rerun->lacks);
	rerun->lacks = au_xstrdup(lacks);
	recount(reruns);
}

/* Take this run for the one to compare the next with; whether everybody of the one before is in it. */
static bool
renew(struct rerun *rerun, const struct au_roll *roll)
{
	struct au_roster *fresh = au_roster_new(0);
	size_t again = 0;

	for (size_t i = 0; i < roll->count; i++) {
		bool is_new;
		au_roster_put(fresh, roll->members[i], &is_new);
		again += is_new && rerun->found != NULL && au_roster_get(rerun->found, roll->members[i]) != NULL;
	}
	bool agrees = rerun->found != NULL && again == au_roster_count(rerun->found);
	au_roster_free(rerun->found);
	rerun->found = fresh;
	return agrees;
}

bool
au_reruns_agree(struct au_reruns *reruns, const struct au_mapped *group, size_t found, bool is_silent)
{
	/* One that only might be found by, as any in Active Directory might, and is told of when it comes to be. */
	if (!is_silent && found == 0 && group->lacks == NULL && !au_map_has(reruns->groups, group->entry.id))
		return true;
	struct rerun *rerun = take(reruns, group);
	bool agrees = renew(rerun, &group->roll);
	rerun->is_scheduled = is_silent || found > 0;
	tell(reruns, rerun, group->lacks);
	if (agrees || group->lacks != NULL)
		rerun->hastes = 0;
	else if (++rerun->hastes < HASTE)
		reruns->events->wish(reruns->ctx, group->entry.id, rerun->dn);
	return agrees;
}
