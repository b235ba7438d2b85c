/* SPDX-License-Identifier: ISC */
/*
 * A list says who is there; that somebody is not there it says only by silence.
 * So before a reading of everything ends, the daemon names those it knows and
 * was not told of, and each of them is asked for.
 */
#include "sourced/pulling.h"

#include "base/when.h"
#include "sourced/pull_count.h"
#include "sourced/pull_groups.h"
#include "sourced/pull_list.h"
#include "sourced/pull_memory.h"
#include "sourced/pull_missing.h"

#include <stdio.h>

enum task { TASK_IDLE, TASK_WHOLE, TASK_CHANGES, TASK_COUNT };

struct au_pulling {
	struct au_pulling_config config;
	struct au_pulled_service service;
	enum task task;
	struct au_pull_list *list;
	struct au_pull_memory memory;
	struct au_pull_groups *groups; /* NULL for people */
	struct au_pull_missing *missing;
	struct au_pull_count count;
	bool waits_for_room;
	unsigned torn, unread;
	char unread_text[AU_FAULT_TEXT]; /* why, of the first of them */
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
	au_pull_memory_drop(&pulling->memory);
	if (pulling->groups != NULL)
		au_pull_groups_stop(pulling->groups);
	pulling->waits_for_room = false;
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
	pulling->torn = 0;
	forget(pulling);
	pulling->task = TASK_IDLE;
	pulling->config.ended(pulling->config.ctx, pulling->config.search);
}

static void
finish_whole(struct au_pulling *pulling)
{
	au_batch_end(pulling->config.batch, AU_STEP_SWEEP, NULL);
	au_pull_memory_whole(&pulling->memory, au_pull_list_count(pulling->list));
	finish(pulling);
}

static void
on_counted(void *ctx, long long total)
{
	struct au_pulling *pulling = ctx;

	au_pull_memory_counted(&pulling->memory, total);
	finish(pulling);
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
on_torn(void *ctx, const char *why)
{
	tear(ctx, why);
}

static void
on_failed(void *ctx, const struct au_fault *fault, int64_t retry_after_ms)
{
	fail(ctx, fault, retry_after_ms);
}

static const struct au_pull_missing_events missing_events = {
	.stays = on_stays, .gone = on_gone, .torn = on_torn, .failed = on_failed
};

void
au_pulling_unseen(struct au_pulling *pulling, const struct au_source_unseen *unseen)
{
	au_pull_missing_unseen(pulling->missing, unseen);
}

/* ---- the list ---- */

static void
on_ended(void *ctx)
{
	struct au_pulling *pulling = ctx;

	if (pulling->task == TASK_WHOLE) {
		au_pull_missing_ask(pulling->missing);
		return;
	}
	au_batch_flush(pulling->config.batch);
	pulling->task = TASK_COUNT;
	au_pull_count_ask(&pulling->count);
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
		au_pull_memory_keep(&pulling->memory, id);
	else if (au_pull_memory_show(&pulling->memory, id, au_pulled_modified_ms(resource), server_of(pulling)))
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

/* A service that does not search by time: everything must be read. */
static void
on_list_failed(void *ctx, const struct au_fault *fault, int64_t retry_after_ms)
{
	struct au_pulling *pulling = ctx;

	if (pulling->task == TASK_CHANGES && (fault->code == 400 || fault->code == 501)) {
		au_pull_memory_refused(&pulling->memory);
		finish(pulling);
	} else
		fail(pulling, fault, retry_after_ms);
}

static const struct au_pull_list_events list_events = {
	.resource = on_resource, .page = on_page, .ended = on_ended, .torn = on_torn, .failed = on_list_failed
};

static const struct au_pull_groups_events groups_events = {
	.group = on_group, .unread = on_unread, .done = on_groups_done, .torn = on_torn, .failed = on_failed
};

static void
begin(struct au_pulling *pulling, enum task task)
{
	AU_CLEANUP(au_freep) char *filter = NULL;
	char time[AU_WHEN_SIZE];
	int64_t since = pulling->memory.newest_ms - pulling->config.settings->poll_overlap;

	forget(pulling);
	pulling->task = task;
	au_pull_memory_begin(&pulling->memory, task == TASK_WHOLE);
	if (task == TASK_WHOLE) {
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
	pulling->missing = au_pull_missing_new(&(struct au_pull_missing_config){ .remote = config->remote,
	    .type_path = path_of(pulling),
	    .batch = config->batch,
	    .memory = &pulling->memory,
	    .most = config->settings->ask_most,
	    .events = &missing_events,
	    .ctx = pulling });
	pulling->count = (struct au_pull_count){ .remote = config->remote,
		.type_path = path_of(pulling),
		.counted = on_counted,
		.failed = on_failed,
		.ctx = pulling };
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
	au_pull_memory_done(&pulling->memory);
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
	return au_pull_memory_can_follow(&pulling->memory);
}

bool
au_pulling_misses(const struct au_pulling *pulling)
{
	return pulling->memory.misses;
}

bool
au_pulling_has(const struct au_pulling *pulling, const char *id)
{
	return au_pull_memory_has(&pulling->memory, id);
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
	au_pull_memory_turned(&pulling->memory);
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
