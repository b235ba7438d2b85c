/* SPDX-License-Identifier: ISC */
/*
 * Index paging (RFC 7644 section 3.4.2.4) promises nothing about a list that
 * changes while it is read: one that leaves pulls its followers forward, and the
 * first of the next page is never seen.  So each page begins with the last one
 * of the page before, and any other there means that the list was torn.
 */
#include "sourced/pull_list.h"

#include "base/mem.h"
#include "base/roster.h"
#include "base/str.h"
#include "sourced/pull_pages.h"
#include "sourced/web_fault.h"

struct au_pull_list {
	struct au_pull_list_config config;
	struct au_pulled_service service;
	bool is_on;
	char *filter;
	struct au_roster *ids; /* that came */
	char *cursor;          /* of the next page; NULL when paging by index */
	char *last_id;         /* of the page before, when paging by index */
	long long start, total, pages;
	bool is_last_page;
	bool is_narrow; /* the service gives one at a time: no room for the last one again */
	char *path; /* of the page under way */
	struct au_pull_pages *kept;
};

struct au_pull_list *
au_pull_list_new(const struct au_pull_list_config *config)
{
	struct au_pull_list *list = au_xcalloc(1, sizeof(*list));

	*list = (struct au_pull_list){ .config = *config, .ids = au_roster_new(0), .kept = au_pull_pages_new() };
	return list;
}

static void
forget(struct au_pull_list *list)
{
	free(list->filter);
	free(list->cursor);
	free(list->last_id);
	free(list->path);
	list->filter = list->cursor = list->last_id = list->path = NULL;
	list->is_on = false;
}

void
au_pull_list_free(struct au_pull_list *list)
{
	if (list == NULL)
		return;
	forget(list);
	au_roster_free(list->ids);
	au_pull_pages_free(list->kept);
	free(list);
}

void
au_pull_list_stop(struct au_pull_list *list)
{
	forget(list);
}

void
au_pull_list_turned(struct au_pull_list *list)
{
	au_pull_pages_free(list->kept);
	list->kept = au_pull_pages_new();
}

long long
au_pull_list_count(const struct au_pull_list *list)
{
	return (long long)au_roster_count(list->ids);
}

long long
au_pull_list_pages(const struct au_pull_list *list)
{
	return list->pages;
}

static void
tear(struct au_pull_list *list, const char *why)
{
	forget(list);
	list->config.events->torn(list->config.ctx, why);
}

static void
fail(struct au_pull_list *list, const struct au_fault *fault, int64_t retry_after_ms)
{
	forget(list);
	list->config.events->failed(list->config.ctx, fault, retry_after_ms);
}

/* ---- pages ---- */

/* How many of the page before the next one begins with. */
static size_t
overlap(const struct au_pull_list *list)
{
	return list->last_id != NULL && !list->is_narrow ? 1 : 0;
}

/* Where pages join.  *ret_from: the first resource that is new. */
static bool
joins(const struct au_pull_list *list, const struct au_pulled_page *page, size_t *ret_from)
{
	*ret_from = overlap(list);
	if (*ret_from == 0)
		return true;
	return page->count > 0 && au_streq(au_pulled_id(json_array_get(page->resources, 0)), list->last_id);
}

/* What makes a page that came impossible, or that shows that the list moved; NULL when nothing does. */
static const char *
why_torn(const struct au_pull_list *list, const struct au_pulled_page *page, size_t *ret_from)
{
	if (list->config.trusts_total && list->total >= 0 && page->total >= 0 && page->total != list->total)
		return "the number of resources changes while they are read";
	if (!joins(list, page, ret_from))
		return "pages do not join";
	return NULL;
}

static void ask_page(struct au_pull_list *list);

static enum au_taken
take_resource(struct au_pull_list *list, const json_t *resource, bool is_brief)
{
	const char *id = au_pulled_id(resource);
	struct au_fault fault;
	bool is_new;

	if (id == NULL) {
		fail(list, au_fault_set(&fault, AU_FAULT_PARTIAL, "a resource has no id"), 0);
		return AU_TAKEN_NOT;
	}
	au_roster_put(list->ids, id, &is_new);
	if (!is_new) {
		tear(list, "the list names somebody twice");
		return AU_TAKEN_NOT;
	}
	return list->config.events->resource(list->config.ctx, resource, id, is_brief);
}

static void
turn_page(struct au_pull_list *list, const struct au_pulled_page *page, size_t fresh)
{
	free(list->cursor);
	list->cursor = au_xstrdup(page->next);
	if (list->service.cursor) {
		list->is_last_page = page->next == NULL;
		return;
	}
	list->start += (long long)fresh;
	list->is_last_page = list->config.trusts_total ? list->start > page->total : page->count == 0;
	if (page->count > 0) {
		free(list->last_id);
		list->last_id = au_xstrdup(au_pulled_id(json_array_get(page->resources, page->count - 1)));
	}
}

/* Paths of cursors never come again. */
static void
keep_page(struct au_pull_list *list, const char *etag, const json_t *page)
{
	if (list->filter == NULL && !list->service.cursor)
		au_pull_pages_put(list->kept, list->path, etag, page);
}

static void
take_page(struct au_pull_list *list, const struct au_pulled_page *page, const struct au_web_answer *answer,
    const json_t *json)
{
	bool is_brief = answer->status == 304, is_whole = true;
	size_t from;
	const char *why = why_torn(list, page, &from);

	if (why != NULL) {
		tear(list, why);
		return;
	}
	if (list->last_id != NULL || list->cursor != NULL)
		list->pages++;
	list->total = page->total >= 0 ? page->total : list->total;
	for (size_t i = from; i < page->count; i++) {
		enum au_taken taken = take_resource(list, json_array_get(page->resources, i), is_brief);
		if (taken == AU_TAKEN_NOT)
			return;
		is_whole = is_whole && taken == AU_TAKEN_WHOLE;
	}
	if (!is_brief)
		keep_page(list, is_whole ? answer->etag : NULL, json);
	turn_page(list, page, page->count - from);
	if (list->is_last_page || page->count > from || list->service.cursor)
		list->config.events->page(list->config.ctx);
	else if (from > 0) {
		list->is_narrow = true;
		ask_page(list);
	} else
		tear(list, "a page is empty before the end");
}

/* Cursors run out, and some services forget them early (RFC 9865 section 2.1). */
static bool
is_cursor_lost(const struct au_pull_list *list, const struct au_web_answer *answer)
{
	AU_CLEANUP(au_json_decrefp) json_t *json = NULL;

	if (list->cursor == NULL || answer->status != 400 ||
	    au_json_parse(answer->body, answer->len, AU_JSON_DEPTH, &json, NULL) < 0)
		return false;
	const char *type = au_json_get_str(json, "scimType");
	return au_streq(type, "expiredCursor") || au_streq(type, "invalidCursor");
}

static void
on_page(void *ctx, const struct au_web_answer *answer)
{
	struct au_pull_list *list = ctx;
	AU_CLEANUP(au_json_decrefp) json_t *json = NULL;
	const char *name = list->config.name;
	struct au_pulled_page page;
	struct au_fault fault;
	struct au_err err = { 0 };

	if (!list->is_on)
		return;
	if (answer->status == 304)
		json = au_pull_pages_get(list->kept, list->path);
	if (is_cursor_lost(list, answer))
		tear(list, "its cursor is not known any more");
	else if (json == NULL && !au_web_json(name, answer, &json, &fault))
		fail(list, &fault, answer->retry_after_ms);
	else if (au_pulled_page(json, list->service.cursor, &page, &err) < 0)
		fail(list, au_fault_set(&fault, AU_FAULT_PARTIAL, "%s: %s", name, err.text), 0);
	else
		take_page(list, &page, answer, json);
}

static void
put_place(const struct au_pull_list *list, struct au_str *path)
{
	AU_CLEANUP(au_freep) char *cursor = au_web_escape(list->cursor != NULL ? list->cursor : "");
	long long again = (long long)overlap(list), count = list->config.page_size + again;

	if (list->service.most > 0 && count > list->service.most)
		count = list->service.most;
	if (list->service.cursor)
		au_str_printf(path, "cursor=%s", cursor);
	else
		au_str_printf(path, "startIndex=%lld", list->start - again);
	au_str_printf(path, "&count=%lld", count);
}

static void
ask_page(struct au_pull_list *list)
{
	AU_CLEANUP(au_str_done) struct au_str path = AU_STR_INIT;

	au_str_printf(&path, "%s?", list->config.path);
	put_place(list, &path);
	au_str_put(&path, list->config.query);
	if (list->filter != NULL) {
		AU_CLEANUP(au_freep) char *filter = au_web_escape(list->filter);
		au_str_printf(&path, "&filter=%s", filter);
	}
	free(list->path);
	list->path = au_str_take(&path);
	au_remote_get(list->config.remote, list->path,
	    list->filter == NULL ? au_pull_pages_etag(list->kept, list->path) : NULL, on_page, list);
}

void
au_pull_list_start(struct au_pull_list *list, const struct au_pulled_service *service, const char *filter)
{
	forget(list);
	au_roster_free(list->ids);
	list->ids = au_roster_new(0);
	list->service = *service;
	list->filter = au_xstrdup(filter);
	list->is_on = true;
	list->start = 1;
	list->total = -1;
	list->pages = 0;
	list->is_last_page = list->is_narrow = false;
	ask_page(list);
}

void
au_pull_list_next(struct au_pull_list *list)
{
	if (!list->is_last_page) {
		ask_page(list);
	} else if (list->config.trusts_total && list->total >= 0 && au_pull_list_count(list) != list->total)
		tear(list, "the service names another number of resources than it gives");
	else {
		forget(list);
		list->config.events->ended(list->config.ctx);
	}
}
