/* SPDX-License-Identifier: ISC */
/*
 * A handful at a time: due ones are read from the store and asked for, and when
 * all are answered they are written down together and the next ones are looked
 * for.  A job of the store may outlive us: it then has no owner.
 */
#include "source/owners.h"

#include "base/clock.h"
#include "base/map.h"
#include "store/owner.h"

#include <event2/event.h>

#define AT_ONCE 256
#define LOOK_MS 100 /* rounds come in quick succession */

struct job {
	struct au_owners *owners; /* NULL once it is of no interest */
	char *source;
	long long now_ms, refresh_ms, retry_ms;
	struct au_arena *arena;
	const char *const *due; /* found */
	size_t due_count;
	struct au_source_owned *answers; /* to be written; in the arena, as their texts */
	size_t answer_count;
	bool changed;
};

struct au_owners {
	struct au_owners_config config;
	char *source;
	struct event *look;
	struct job *job;       /* under way */
	struct au_map *asked;  /* normal DNs that are not answered yet */
	struct job *gathering; /* their answers */
	bool looks_again, looks_soon;
};

static void
plan(struct au_owners *owners, long long ms)
{
	struct timeval wait = { ms / 1000, ms % 1000 * 1000 };

	event_add(owners->look, &wait);
}

/* Unless it is to be soon anyhow. */
static void
plan_later(struct au_owners *owners, long long ms)
{
	if (!owners->looks_soon)
		plan(owners, ms);
}

static struct job *
new_job(struct au_owners *owners)
{
	struct job *job = au_xcalloc(1, sizeof(*job));

	*job = (struct job){ .owners = owners,
		.source = au_xstrdup(owners->source),
		.now_ms = au_clock_wall_ms(),
		.refresh_ms = owners->config.refresh_ms,
		.retry_ms = owners->config.retry_ms,
		.arena = au_arena_new() };
	return job;
}

static void
free_job(struct job *job)
{
	if (job == NULL)
		return;
	au_arena_free(job->arena);
	free(job->source);
	free(job);
}

/* The job that has ended; NULL when nobody is interested in it any more. */
static struct au_owners *
take_job(struct job *job)
{
	if (job->owners != NULL)
		job->owners->job = NULL;
	return job->owners;
}

/* ---- who is due ---- */

static int
due_work(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct job *job = arg;

	return au_store_owner_due(tx, job->arena, job->source, job->now_ms - job->refresh_ms, AT_ONCE, &job->due,
	    &job->due_count, err);
}

static void
on_due(void *arg, int rc, const struct au_err *err)
{
	struct job *job = arg;
	struct au_owners *owners = take_job(job);

	(void)err;
	if (owners != NULL && rc == 0 && job->due_count > 0) {
		owners->gathering = new_job(owners);
		owners->gathering->answers =
		    au_arena_alloc(owners->gathering->arena, job->due_count * sizeof(*job->answers));
		for (size_t i = 0; i < job->due_count; i++)
			au_map_put(owners->asked, job->due[i], owners);
		for (size_t i = 0; i < job->due_count; i++)
			owners->config.ask(owners->config.ctx, job->due[i]);
	} else if (owners != NULL)
		plan_later(owners, owners->looks_again ? LOOK_MS : owners->config.refresh_ms);
	free_job(job);
}

static void
on_look(evutil_socket_t fd, short what, void *arg)
{
	struct au_owners *owners = arg;

	(void)fd;
	(void)what;
	owners->looks_soon = false;
	if (owners->job != NULL || au_map_count(owners->asked) > 0) {
		owners->looks_again = true; /* when that is done */
		return;
	}
	owners->looks_again = false;
	owners->job = new_job(owners);
	au_store_write(owners->config.store, due_work, owners->job, on_due);
}

/* ---- what they are called ---- */

static int
answers_work(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct job *job = arg;
	int rc = 0;

	job->changed = false;
	for (size_t i = 0; rc == 0 && i < job->answer_count; i++) {
		const struct au_source_owned *owned = &job->answers[i];
		bool changed = false;
		if (owned->verdict == AU_LOOKUP_UNKNOWN)
			rc = au_store_owner_asked(tx, job->source, owned->dn_norm,
			    job->now_ms - job->refresh_ms + job->retry_ms, err);
		else
			rc = au_store_owner_put(
			    tx, job->source, owned->dn_norm, owned->name, job->now_ms, &changed, err);
		job->changed |= changed;
	}
	return rc;
}

static void
on_answers(void *arg, int rc, const struct au_err *err)
{
	struct job *job = arg;
	struct au_owners *owners = take_job(job);

	(void)err;
	if (owners != NULL) {
		plan_later(owners, rc == 0 ? 0 : owners->config.retry_ms);
		if (rc == 0 && job->changed)
			owners->config.changed(owners->config.ctx);
	}
	free_job(job);
}

void
au_owners_answer(struct au_owners *owners, const struct au_source_owned *owned)
{
	struct job *job = owners->gathering;

	if (au_map_remove(owners->asked, owned->dn_norm) == NULL)
		return; /* nobody asked */
	job->answers[job->answer_count++] =
	    (struct au_source_owned){ .dn_norm = au_arena_strdup(job->arena, owned->dn_norm),
		    .verdict = owned->verdict,
		    .name = au_arena_strdup(job->arena, owned->name) };
	if (au_map_count(owners->asked) > 0)
		return;
	owners->gathering = NULL;
	owners->job = job;
	au_store_write(owners->config.store, answers_work, job, on_answers);
}

/* ---- for the source ---- */

/* However quickly rounds come, it is not put off again and again. */
static void
look_soon(struct au_owners *owners)
{
	if (!owners->looks_soon)
		plan(owners, LOOK_MS);
	owners->looks_soon = true;
}

void
au_owners_look(struct au_owners *owners)
{
	if (owners != NULL)
		look_soon(owners);
}

void
au_owners_restart(struct au_owners *owners)
{
	if (owners == NULL)
		return;
	au_map_free(owners->asked, NULL);
	owners->asked = au_map_new();
	free_job(owners->gathering);
	owners->gathering = NULL;
	look_soon(owners);
}

struct au_owners *
au_owners_new(const struct au_owners_config *config)
{
	struct au_owners *owners = au_xcalloc(1, sizeof(*owners));

	*owners = (struct au_owners){
		.config = *config, .source = au_xstrdup(config->source), .asked = au_map_new()
	};
	owners->config.source = owners->source;
	owners->look = evtimer_new(config->base, on_look, owners);
	return owners;
}

void
au_owners_free(struct au_owners *owners)
{
	if (owners == NULL)
		return;
	if (owners->job != NULL)
		owners->job->owners = NULL;
	event_free(owners->look);
	au_map_free(owners->asked, NULL);
	free_job(owners->gathering);
	free(owners->source);
	free(owners);
}
