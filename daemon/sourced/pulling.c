/* SPDX-License-Identifier: ISC */
/*
 * Index paging (RFC 7644 section 3.4.2.4) promises nothing about a list that
 * changes while it is read: one that leaves pulls its followers forward, and the
 * first of the next page is never seen.  So each page begins with the last one
 * of the page before, and any other there means that the list was torn.
 */
#include "sourced/pulling.h"

#include "base/map.h"
#include "base/str.h"
#include "base/when.h"
#include "sourced/pull_pages.h"
#include "sourced/pull_single.h"
#include "sourced/web_fault.h"

#include <stdio.h>
#include <string.h>

/* Times that a torn reading begins anew before it counts as failed. */
#define TORN_MOST 3
/* Services index a change some time after its own time. */
#define OVERLAP_MS (5 * 60 * 1000)
#define GONE_MOST 200 /* asked for one by one; if there are more, the daemon's guards judge */

enum task { TASK_IDLE, TASK_WHOLE, TASK_CHANGES, TASK_COUNT };

struct au_pulling {
	struct au_pulling_config config;
	struct au_pulled_service service;
	enum task task;
	struct au_map *known; /* ids that there are, NULL before the first whole reading */
	struct au_map *seen;  /* ids of the reading under way */
	struct au_map *alone; /* ids that still have to be asked for one by one */
	char *cursor;         /* of the next page; NULL when paging by index */
	char *last_id;        /* of the page before, when paging by index */
	long long start, total;
	int64_t newest_ms, newest_seen_ms;
	unsigned torn, unread;
	char unread_text[AU_FAULT_TEXT]; /* why, of the first of them */
	bool misses, is_last_page, waits_for_room;
	bool is_unchanged; /* the page is what it was last time: ids only */
	char *path;        /* of the page under way */
	struct au_pull_pages *pages;
	struct au_pull_single *single;
};

static const char *
path_of(const struct au_pulling *pulling)
{
	return pulling->config.search == AU_SEARCH_PEOPLE ? "/Users" : "/Groups";
}

static void begin(struct au_pulling *pulling, enum task task);

static void
forget(struct au_pulling *pulling)
{
	au_map_free(pulling->seen, NULL);
	au_map_free(pulling->alone, NULL);
	free(pulling->cursor);
	free(pulling->last_id);
	pulling->seen = pulling->alone = NULL;
	pulling->cursor = pulling->last_id = NULL;
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
	enum task task = pulling->task;
	struct au_fault fault;

	if (++pulling->torn < TORN_MOST) {
		au_batch_broke(pulling->config.batch, au_fault_set(&fault, AU_FAULT_PARTIAL, "%s", why));
		make_void(pulling);
		begin(pulling, task);
		return;
	}
	pulling->torn = 0;
	fail(pulling,
	    au_fault_set(&fault, AU_FAULT_PARTIAL, "%s: %s, %d times in a row", au_search_name(pulling->config.search),
		why, TORN_MOST),
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
	au_map_free(pulling->known, NULL);
	pulling->known = pulling->seen;
	pulling->seen = NULL;
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
	pulling->misses = page.total != (long long)au_map_count(pulling->known);
	finish(pulling);
}

/* A change says nothing of those who are gone; the number of those who are there does. */
static void
finish_changes(struct au_pulling *pulling)
{
	AU_CLEANUP(au_freep) char *path = au_xasprintf("%s?startIndex=1&count=1", path_of(pulling));
	const char *id;
	size_t cursor = 0;

	au_batch_flush(pulling->config.batch);
	while (au_map_next(pulling->seen, &cursor, &id, NULL))
		au_map_put(pulling->known, id, pulling);
	pulling->task = TASK_COUNT;
	au_remote_get(pulling->config.remote, path, NULL, on_count, pulling);
}

/* ---- asking for one ---- */

/* Those of last time whom nobody named this time. */
static void
want_missing(struct au_pulling *pulling)
{
	const char *id;
	size_t cursor = 0;

	au_map_free(pulling->alone, NULL);
	pulling->alone = au_map_new();
	while (au_map_count(pulling->alone) < GONE_MOST && pulling->known != NULL &&
	       au_map_next(pulling->known, &cursor, &id, NULL))
		if (!au_map_has(pulling->seen, id))
			au_map_put(pulling->alone, id, pulling);
}

static void
on_missing(void *ctx, enum au_single what, const json_t *resource, const struct au_fault *fault, int64_t retry_after)
{
	struct au_pulling *pulling = ctx;

	(void)resource;
	if (what == AU_SINGLE_UNKNOWN)
		fail(pulling, fault, retry_after);
	else if (what == AU_SINGLE_FOUND)
		tear(pulling, "the list leaves out somebody who is there");
	else if (!au_pull_single_next(pulling->single, pulling->alone))
		finish_whole(pulling);
}

static void
end_pages(struct au_pulling *pulling)
{
	if (pulling->total >= 0 && (long long)au_map_count(pulling->seen) != pulling->total) {
		tear(pulling, "the service names another number of resources than it gives");
		return;
	}
	if (pulling->task == TASK_CHANGES) {
		finish_changes(pulling);
		return;
	}
	want_missing(pulling);
	if (!au_pull_single_start(pulling->single, pulling->alone, on_missing))
		finish_whole(pulling);
}

/* ---- pages ---- */

static void ask_page(struct au_pulling *pulling);

static void
go_on(struct au_pulling *pulling)
{
	pulling->waits_for_room = au_outbox_is_full(pulling->config.outbox);
	if (pulling->waits_for_room)
		return;
	if (pulling->is_last_page)
		end_pages(pulling);
	else
		ask_page(pulling);
}

/* One that cannot be read is not gone. */
static void
report(struct au_pulling *pulling, const json_t *resource, struct au_mapped *mapped, struct au_arena *arena)
{
	bool has_members = true;
	const char *id = au_pulled_id(resource);
	struct au_err err = { 0 };

	if (pulling->is_unchanged || au_pulled_entry(pulling->config.search, pulling->config.source, resource, arena,
					 mapped, &has_members, &err) < 0) {
		au_batch_present(pulling->config.batch, id);
		if (!pulling->is_unchanged && pulling->unread++ == 0)
			snprintf(
			    pulling->unread_text, sizeof(pulling->unread_text), "%.*s", AU_FAULT_TEXT - 1, err.text);
	} else if (pulling->config.search == AU_SEARCH_GROUPS && !has_members)
		au_map_put(pulling->alone, id, pulling);
	else
		au_batch_put(pulling->config.batch, mapped);
}

static void
on_group(void *ctx, enum au_single what, const json_t *resource, const struct au_fault *fault, int64_t retry_after)
{
	struct au_pulling *pulling = ctx;
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct au_mapped mapped;
	bool has_members;

	if (what == AU_SINGLE_UNKNOWN) {
		fail(pulling, fault, retry_after);
		return;
	}
	if (what == AU_SINGLE_GONE) {
		tear(pulling, "a group of the list is not there when asked for");
		return;
	}
	if (au_pulled_entry(AU_SEARCH_GROUPS, pulling->config.source, resource, arena, &mapped, &has_members, NULL) ==
	    0)
		au_batch_put(pulling->config.batch, &mapped);
	else
		au_batch_present(pulling->config.batch, au_pulled_id(resource));
	if (!au_pull_single_next(pulling->single, pulling->alone))
		go_on(pulling);
}

/* 0, or negative: the reading has ended already. */
static int
take_resource(struct au_pulling *pulling, const json_t *resource, struct au_arena *arena)
{
	const char *id = au_pulled_id(resource);
	int64_t modified = au_pulled_modified_ms(resource);
	struct au_mapped mapped;
	struct au_fault fault;

	if (id == NULL) {
		fail(pulling, au_fault_set(&fault, AU_FAULT_PARTIAL, "a resource has no id"), 0);
		return AU_EPROTO;
	}
	if (pulling->config.is_foreign(pulling->config.ctx, pulling->config.search, id)) {
		fail(pulling, au_fault_set(&fault, AU_FAULT_SETUP, "a user and a group have the same id"), 0);
		return AU_EPROTO;
	}
	if (au_map_put(pulling->seen, id, pulling) != NULL) {
		tear(pulling, "the list names somebody twice");
		return AU_EPROTO;
	}
	if (modified > pulling->newest_seen_ms)
		pulling->newest_seen_ms = modified;
	report(pulling, resource, &mapped, arena);
	return 0;
}

/* Where pages join.  *ret_from: the first resource that is new. */
static bool
joins(const struct au_pulling *pulling, const struct au_pulled_page *page, size_t *ret_from)
{
	*ret_from = pulling->last_id != NULL ? 1 : 0;
	if (pulling->last_id == NULL)
		return true;
	return page->count > 0 && au_streq(au_pulled_id(json_array_get(page->resources, 0)), pulling->last_id);
}

static void
turn_page(struct au_pulling *pulling, const struct au_pulled_page *page, size_t fresh)
{
	free(pulling->cursor);
	pulling->cursor = au_xstrdup(page->next);
	if (pulling->service.cursor) {
		pulling->is_last_page = page->next == NULL;
		return;
	}
	pulling->start += (long long)fresh;
	pulling->is_last_page = pulling->start > page->total;
	if (page->count > 0) {
		free(pulling->last_id);
		pulling->last_id = au_xstrdup(au_pulled_id(json_array_get(page->resources, page->count - 1)));
	}
}

/* Paths of cursors never come again; what a list leaves out may change without its tag. */
static void
keep_page(struct au_pulling *pulling, const struct au_web_answer *answer, const json_t *page)
{
	bool is_whole = pulling->alone != NULL && au_map_count(pulling->alone) == 0;

	if (pulling->task == TASK_WHOLE && !pulling->service.cursor)
		au_pull_pages_put(pulling->pages, pulling->path, is_whole ? answer->etag : NULL, page);
}

static void
take_page(struct au_pulling *pulling, const struct au_pulled_page *page, const struct au_web_answer *answer,
    const json_t *json)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	size_t from;

	if (pulling->total >= 0 && page->total >= 0 && page->total != pulling->total) {
		tear(pulling, "the number of resources changes while they are read");
		return;
	}
	if (pulling->last_id != NULL || pulling->cursor != NULL)
		au_batch_read(pulling->config.batch)->pages++;
	pulling->total = page->total >= 0 ? page->total : pulling->total;
	if (!joins(pulling, page, &from)) {
		tear(pulling, "pages do not join");
		return;
	}
	au_map_free(pulling->alone, NULL);
	pulling->alone = au_map_new();
	for (size_t i = from; i < page->count; i++)
		if (take_resource(pulling, json_array_get(page->resources, i), arena) < 0)
			return;
	if (!pulling->is_unchanged)
		keep_page(pulling, answer, json);
	turn_page(pulling, page, page->count - from);
	if (!pulling->is_last_page && page->count == from && !pulling->service.cursor) {
		tear(pulling, "a page is empty before the end");
		return;
	}
	if (!au_pull_single_start(pulling->single, pulling->alone, on_group))
		go_on(pulling);
}

/* A service that does not search by time: everything must be read. */
static bool
is_no_filter(const struct au_pulling *pulling, const struct au_web_answer *answer)
{
	return pulling->task == TASK_CHANGES && (answer->status == 400 || answer->status == 501);
}

static void
on_page(void *ctx, const struct au_web_answer *answer)
{
	struct au_pulling *pulling = ctx;
	AU_CLEANUP(au_json_decrefp) json_t *json = NULL;
	const char *doing = au_search_name(pulling->config.search);
	struct au_pulled_page page;
	struct au_fault fault;
	struct au_err err = { 0 };

	if (pulling->task != TASK_WHOLE && pulling->task != TASK_CHANGES)
		return;
	pulling->is_unchanged = answer->status == 304;
	if (pulling->is_unchanged)
		json = au_pull_pages_get(pulling->pages, pulling->path);
	if (is_no_filter(pulling, answer)) {
		pulling->misses = true;
		pulling->newest_ms = pulling->newest_seen_ms = 0;
		finish(pulling);
	} else if (json == NULL && !au_web_json(doing, answer, &json, &fault))
		fail(pulling, &fault, answer->retry_after_ms);
	else if (au_pulled_page(json, pulling->service.cursor, &page, &err) < 0)
		fail(pulling, au_fault_set(&fault, AU_FAULT_PARTIAL, "%s: %s", doing, err.text), 0);
	else
		take_page(pulling, &page, answer, json);
}

static void
put_filter(const struct au_pulling *pulling, struct au_str *path)
{
	char time[AU_WHEN_SIZE];
	AU_CLEANUP(au_freep)
	char *filter =
	    au_xasprintf("meta.lastModified ge \"%s\"", au_when_format(pulling->newest_ms - OVERLAP_MS, time));
	AU_CLEANUP(au_freep) char *escaped = au_web_escape(filter);

	au_str_printf(path, "&filter=%s", escaped);
}

static void
ask_page(struct au_pulling *pulling)
{
	AU_CLEANUP(au_str_done) struct au_str path = AU_STR_INIT;
	AU_CLEANUP(au_freep) char *cursor = au_web_escape(pulling->cursor != NULL ? pulling->cursor : "");
	long long again = pulling->last_id != NULL ? 1 : 0, count = pulling->config.page_size + again;

	if (pulling->service.most > 0 && count > pulling->service.most)
		count = pulling->service.most;
	au_str_printf(&path, "%s?", path_of(pulling));
	if (pulling->service.cursor)
		au_str_printf(&path, "cursor=%s", cursor);
	else
		au_str_printf(&path, "startIndex=%lld", pulling->start - again);
	au_str_printf(&path, "&count=%lld", count);
	if (pulling->task == TASK_CHANGES)
		put_filter(pulling, &path);
	free(pulling->path);
	pulling->path = au_str_take(&path);
	au_remote_get(pulling->config.remote, pulling->path,
	    pulling->task == TASK_WHOLE ? au_pull_pages_etag(pulling->pages, pulling->path) : NULL, on_page, pulling);
}

static void
begin(struct au_pulling *pulling, enum task task)
{
	forget(pulling);
	pulling->task = task;
	pulling->seen = au_map_new();
	pulling->start = 1;
	pulling->total = -1;
	pulling->newest_seen_ms = 0;
	pulling->is_last_page = false;
	pulling->unread = task == TASK_WHOLE ? 0 : pulling->unread;
	if (task == TASK_WHOLE)
		au_batch_begin(pulling->config.batch, AU_READING_WHOLE, false);
	ask_page(pulling);
}

/* ---- for the session ---- */

struct au_pulling *
au_pulling_new(const struct au_pulling_config *config)
{
	struct au_pulling *pulling = au_xcalloc(1, sizeof(*pulling));

	pulling->config = *config;
	au_batch_read(config->batch)->way = "scim";
	pulling->pages = au_pull_pages_new();
	pulling->single = au_pull_single_new(config->remote, path_of(pulling), pulling);
	return pulling;
}

void
au_pulling_free(struct au_pulling *pulling)
{
	if (pulling == NULL)
		return;
	forget(pulling);
	au_pull_single_free(pulling->single);
	au_pull_pages_free(pulling->pages);
	free(pulling->path);
	au_map_free(pulling->known, NULL);
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
	return (pulling->seen != NULL && au_map_has(pulling->seen, id)) ||
	       (pulling->known != NULL && au_map_has(pulling->known, id));
}

const char *
au_pulling_unread(const struct au_pulling *pulling, unsigned *ret_count)
{
	*ret_count = pulling->unread;
	return pulling->unread > 0 ? pulling->unread_text : NULL;
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
