/* SPDX-License-Identifier: ISC */
/*
 * A list says who is there; that somebody is not there it says only by silence.
 * So before a reading of everything ends, the daemon names those it knows and
 * was not told of, and each of them is asked for.
 */
#include "sourced/pulling.h"

#include "base/when.h"
#include "sourced/pull_groups.h"
#include "sourced/pull_known.h"
#include "sourced/pull_list.h"
#include "sourced/pull_missing.h"
#include "sourced/web_fault.h"

#include <stdio.h>

enum task { TASK_IDLE, TASK_WHOLE, TASK_CHANGES, TASK_COUNT };

struct au_pulling {
	struct au_pulling_config config;
	struct au_pulled_service service;
	enum task task;
	struct au_pull_list *list;
	struct au_pull_known *known; /* who there is; NULL before the first whole reading */
	struct au_pull_known *seen;  /* the same of the whole reading under way */
	long long listed;            /* how many of them the server in use lists, as far as we know */
	long long fresh;             /* of the changes under way: who was not known before */
	struct au_pull_groups *groups; /* NULL for people */
	struct au_pull_missing *missing;
	long long asked; /* number of the last question to the daemon */
	bool waits_for_daemon, waits_for_room;
	int64_t newest_ms, newest_seen_ms;
	unsigned torn, unread;
	char unread_text[AU_FAULT_TEXT]; /* why, of the first of them */
	bool misses;
};

static const char *
path_of(const struct au_pulling *pulling)
{
	return pulling->config.search == AU_SEARCH_PEOPLE ? "/Users" : "/Groups";
}

static size_t
server_of(const struct au_pulling *pulling)
{
	return au_remote_servers(pulling->config.remote)->current;
}

static void begin(struct au_pulling *pulling, enum task task);

static void
forget(struct au_pulling *pulling)
{
	au_pull_list_stop(pulling->list);
	au_pull_missing_stop(pulling->missing);
	au_pull_known_free(pulling->seen);
	if (pulling->groups != NULL)
		au_pull_groups_stop(pulling->groups);
	pulling->seen = NULL;
	pulling->waits_for_room = pulling->waits_for_daemon = false;
}

/* What was told of it stays true; that the rest is missing proves nothing. */
static void
make_void(struct au_pulling *pulling)
{
	au_batch_drop(pulling->config.batch);
	if (pulling->task == TASK_WHOLE)
		au_batch_end(pulling->config.batch, AU_STEP_VOID, NULL);
	forget(pulling);
	pulling->task = TASK_IDLE;
}

static void
fail(struct au_pulling *pulling, const struct au_fault *fault, int64_t retry_after_ms)
{
	au_batch_broke(pulling->config.batch, fault);
	make_void(pulling);
	pulling->config.failed(pulling->config.ctx, pulling->config.search, fault, retry_after_ms);
}

static void
tear(struct au_pulling *pulling, const char *why)
{
	long long most = pulling->config.settings->torn_most;
	enum task task = pulling->task;
	struct au_fault fault;

	if (++pulling->torn < most) {
		au_batch_broke(pulling->config.batch, au_fault_set(&fault, AU_FAULT_PARTIAL, "%s", why));
		make_void(pulling);
		begin(pulling, task);
		return;
	}
	pulling->torn = 0;
	fail(pulling,
	    au_fault_set(&fault, AU_FAULT_PARTIAL, "%s: %s, %lld times in a row",
		au_search_name(pulling->config.search), why, most),
	    0);
}

/* ---- the end of a reading ---- */

static void
finish(struct au_pulling *pulling)
{
	pulling->newest_ms =
	    pulling->newest_seen_ms > pulling->newest_ms ? pulling->newest_seen_ms : pulling->newest_ms;
	pulling->torn = 0;
	forget(pulling);
	pulling->task = TASK_IDLE;
	pulling->config.ended(pulling->config.ctx, pulling->config.search);
}

static void
finish_whole(struct au_pulling *pulling)
{
	au_batch_end(pulling->config.batch, AU_STEP_SWEEP, NULL);
	au_pull_known_free(pulling->known);
	pulling->known = pulling->seen;
	pulling->seen = NULL;
	pulling->listed = au_pull_list_count(pulling->list);
	pulling->misses = false;
	finish(pulling);
}

static void
on_count(void *ctx, const struct au_web_answer *answer)
{
	struct au_pulling *pulling = ctx;
	AU_CLEANUP(au_json_decrefp) json_t *json = NULL;
	struct au_pulled_page page;
	struct au_fault fault;
	struct au_err err = { 0 };

	if (pulling->task != TASK_COUNT)
		return;
	if (!au_web_json("count", answer, &json, &fault)) {
		fail(pulling, &fault, answer->retry_after_ms);
		return;
	}
	if (au_pulled_page(json, false, &page, &err) < 0) {
		fail(pulling, au_fault_set(&fault, AU_FAULT_PARTIAL, "%s", err.text), 0);
		return;
	}
	pulling->listed += pulling->fresh;
	pulling->misses = page.total != pulling->listed;
	finish(pulling);
}

/* A change says nothing of those who are gone; the number of those who are there does. */
static void
finish_changes(struct au_pulling *pulling)
{
	AU_CLEANUP(au_freep) char *path = au_xasprintf("%s?startIndex=1&count=1", path_of(pulling));

	au_batch_flush(pulling->config.batch);
	pulling->task = TASK_COUNT;
	au_remote_get(pulling->config.remote, path, NULL, on_count, pulling);
}

/* ---- who is missing ---- */

/* It is there, and nothing is told of it. */
static void
leave_as_it_is(struct au_pulling *pulling, const char *id)
{
	au_batch_present(pulling->config.batch, id);
	if (pulling->groups == NULL && pulling->config.rolls != NULL)
		au_pull_rolls_lack(pulling->config.rolls);
}

static void
on_stays(void *ctx, const char *id)
{
	struct au_pulling *pulling = ctx;

	leave_as_it_is(pulling, id);
}

static void
on_gone(void *ctx)
{
	finish_whole(ctx);
}

static void
on_lies(void *ctx)
{
	tear(ctx, "the list leaves out somebody who is there");
}

static void
on_silent(void *ctx, const struct au_fault *fault, int64_t retry_after_ms)
{
	fail(ctx, fault, retry_after_ms);
}

static const struct au_pull_missing_events missing_events = {
	.stays = on_stays, .gone = on_gone, .lies = on_lies, .failed = on_silent
};

void
au_pulling_unseen(struct au_pulling *pulling, const struct au_source_unseen *unseen)
{
	const json_t *id;
	size_t index;

	if (!pulling->waits_for_daemon || unseen->ask != pulling->asked)
		return;
	pulling->waits_for_daemon = false;
	/* Who goes is asked for again by the reading that confirms it, and must be known until then. */
	json_array_foreach (unseen->ids, index, id)
		au_pull_known_keep(pulling->seen, pulling->known, json_string_value(id));
	au_pull_missing_ask(pulling->missing, unseen->ids, pulling->known);
}

/* ---- the list ---- */

static void
on_ended(void *ctx)
{
	struct au_pulling *pulling = ctx;

	if (pulling->task == TASK_CHANGES) {
		finish_changes(pulling);
		return;
	}
	pulling->waits_for_daemon = true;
	au_batch_ask(pulling->config.batch, ++pulling->asked, pulling->config.settings->ask_most);
}

static void
go_on(struct au_pulling *pulling)
{
	pulling->waits_for_room = au_outbox_is_full(pulling->config.outbox);
	if (!pulling->waits_for_room)
		au_pull_list_next(pulling->list);
}

/* One that cannot be read is not gone. */
static void
on_unread(void *ctx, const char *id, const char *why)
{
	struct au_pulling *pulling = ctx;

	au_batch_present(pulling->config.batch, id);
	if (pulling->unread++ == 0)
		snprintf(pulling->unread_text, sizeof(pulling->unread_text), "%.*s", AU_FAULT_TEXT - 1, why);
}

static enum au_taken
take_user(struct au_pulling *pulling, const json_t *resource, const char *id)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct au_mapped mapped;
	bool has_members;
	struct au_err err = { 0 };

	if (au_pulled_entry(pulling->config.map, AU_SEARCH_PEOPLE, resource, arena, &mapped, &has_members, &err) == 0)
		au_batch_put(pulling->config.batch, &mapped);
	else
		on_unread(pulling, id, err.text);
	if (pulling->config.rolls == NULL)
		return AU_TAKEN_WHOLE;
	au_pull_rolls_take(pulling->config.rolls, resource, id);
	return AU_TAKEN_PART;
}

/* Whether the server in use shows nothing older than another one has. */
static bool
note(struct au_pulling *pulling, const json_t *resource, const char *id)
{
	int64_t modified = au_pulled_modified_ms(resource);
	bool is_whole = pulling->task == TASK_WHOLE;

	if (modified > pulling->newest_seen_ms)
		pulling->newest_seen_ms = modified;
	pulling->fresh += !au_pull_known_has(pulling->known, id);
	return au_pull_known_show(
	    is_whole ? pulling->seen : pulling->known, pulling->known, id, modified, server_of(pulling));
}

static enum au_taken
on_resource(void *ctx, const json_t *resource, const char *id, bool is_brief)
{
	struct au_pulling *pulling = ctx;
	struct au_fault fault;

	if (pulling->config.is_foreign(pulling->config.ctx, pulling->config.search, id)) {
		fail(pulling, au_fault_set(&fault, AU_FAULT_SETUP, "a user and a group have the same id"), 0);
		return AU_TAKEN_NOT;
	}
	if (is_brief)
		au_pull_known_keep(pulling->seen, pulling->known, id);
	else if (note(pulling, resource, id))
		return pulling->groups != NULL ? au_pull_groups_take(pulling->groups, resource, id)
					       : take_user(pulling, resource, id);
	leave_as_it_is(pulling, id);
	return AU_TAKEN_WHOLE;
}

static void
on_group(void *ctx, const struct au_mapped *group)
{
	struct au_pulling *pulling = ctx;

	au_batch_put(pulling->config.batch, group);
}

static void
on_page(void *ctx)
{
	struct au_pulling *pulling = ctx;

	au_batch_read(pulling->config.batch)->pages = au_pull_list_pages(pulling->list);
	if (pulling->groups == NULL || !au_pull_groups_go(pulling->groups, &pulling->service))
		go_on(pulling);
}

static void
on_groups_done(void *ctx)
{
	go_on(ctx);
}

static void
on_torn(void *ctx, const char *why)
{
	tear(ctx, why);
}

/* A service that does not search by time: everything must be read. */
static void
on_failed(void *ctx, const struct au_fault *fault, int64_t retry_after_ms)
{
	struct au_pulling *pulling = ctx;

	if (pulling->task == TASK_CHANGES && (fault->code == 400 || fault->code == 501)) {
		pulling->misses = true;
		pulling->newest_ms = pulling->newest_seen_ms = 0;
		finish(pulling);
	} else
		fail(pulling, fault, retry_after_ms);
}

static const struct au_pull_list_events list_events = {
	.resource = on_resource, .page = on_page, .ended = on_ended, .torn = on_torn, .failed = on_failed
};

static void
on_groups_failed(void *ctx, const struct au_fault *fault, int64_t retry_after_ms)
{
	fail(ctx, fault, retry_after_ms);
}

static const struct au_pull_groups_events groups_events = {
	.group = on_group, .unread = on_unread, .done = on_groups_done, .torn = on_torn, .failed = on_groups_failed
};

static void
begin(struct au_pulling *pulling, enum task task)
{
	AU_CLEANUP(au_freep) char *filter = NULL;
	char time[AU_WHEN_SIZE];
	int64_t since = pulling->newest_ms - pulling->config.settings->poll_overlap;

	forget(pulling);
	pulling->task = task;
	pulling->newest_seen_ms = 0;
	pulling->fresh = 0;
	if (task == TASK_WHOLE) {
		pulling->seen = au_pull_known_new();
		pulling->unread = 0;
		if (pulling->groups == NULL && pulling->config.rolls != NULL)
			au_pull_rolls_begin(pulling->config.rolls);
		au_batch_begin(pulling->config.batch, AU_READING_WHOLE, false);
	} else
		filter = au_xasprintf("meta.lastModified ge \"%s\"", au_when_format(since, time));
	au_pull_list_start(pulling->list, &pulling->service, filter);
}

/* ---- for the session ---- */

struct au_pulling *
au_pulling_new(const struct au_pulling_config *config)
{
	struct au_pulling *pulling = au_xcalloc(1, sizeof(*pulling));

	pulling->config = *config;
	au_batch_read(config->batch)->way = "scim";
	pulling->list = au_pull_list_new(&(struct au_pull_list_config){ .remote = config->remote,
	    .path = path_of(pulling),
	    .query = config->search == AU_SEARCH_GROUPS ? au_pull_groups_query(config->settings) : "",
	    .name = au_search_name(config->search),
	    .page_size = config->settings->page_size,
	    .trusts_total = config->settings->trust_total,
	    .events = &list_events,
	    .ctx = pulling });
	if (config->search == AU_SEARCH_GROUPS)
		pulling->groups = au_pull_groups_new(&(struct au_pull_groups_config){ .remote = config->remote,
		    .settings = config->settings,
		    .map = config->map,
		    .rolls = config->rolls,
		    .events = &groups_events,
		    .ctx = pulling });
	pulling->missing = au_pull_missing_new(config->remote, path_of(pulling), &missing_events, pulling);
	return pulling;
}

void
au_pulling_free(struct au_pulling *pulling)
{
	if (pulling == NULL)
		return;
	forget(pulling);
	au_pull_list_free(pulling->list);
	au_pull_groups_free(pulling->groups);
	au_pull_missing_free(pulling->missing);
	au_pull_known_free(pulling->known);
	free(pulling);
}

void
au_pulling_whole(struct au_pulling *pulling, const struct au_pulled_service *service)
{
	pulling->service = *service;
	begin(pulling, TASK_WHOLE);
}

void
au_pulling_changes(struct au_pulling *pulling, const struct au_pulled_service *service)
{
	pulling->service = *service;
	begin(pulling, TASK_CHANGES);
}

bool
au_pulling_can_follow(const struct au_pulling *pulling)
{
	return pulling->known != NULL && pulling->newest_ms > 0;
}

bool
au_pulling_misses(const struct au_pulling *pulling)
{
	return pulling->misses;
}

bool
au_pulling_has(const struct au_pulling *pulling, const char *id)
{
	return au_pull_known_has(pulling->seen, id) || au_pull_known_has(pulling->known, id);
}

const char *
au_pulling_unread(const struct au_pulling *pulling, unsigned *ret_count)
{
	*ret_count = pulling->unread;
	return pulling->unread > 0 ? pulling->unread_text : NULL;
}

void
au_pulling_turned(struct au_pulling *pulling)
{
	pulling->newest_ms = 0;
	au_pull_list_turned(pulling->list);
}

void
au_pulling_room(struct au_pulling *pulling)
{
	if (pulling->waits_for_room)
		go_on(pulling);
}

void
au_pulling_stop(struct au_pulling *pulling)
{
	if (pulling->task != TASK_IDLE)
		make_void(pulling);
}
