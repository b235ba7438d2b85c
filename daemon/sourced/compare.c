/* SPDX-License-Identifier: ISC */
/*
 * Page by page: read one, let it lie for a moment so that a change which the
 * page already shows can be pushed first, report what was not touched, ask for
 * the next.  The daemon being behind just delays the next page.
 */
#include "sourced/compare.h"

#include "base/log.h"
#include "base/map.h"
#include "sourced/paged.h"
#include "sourced/range.h"

#include <event2/event.h>
#include <string.h>

#define SETTLE_MS 250

static const struct timeval a_moment = { 0, SETTLE_MS * 1000 };

struct au_compare {
	const struct au_mapping *mapping;
	struct au_outbox *outbox;
	struct au_batch *batch;
	const struct au_compare_events *events;
	void *ctx;
	struct au_batch *followed; /* NULL: nothing is pushed */
	unsigned long long mark;   /* of it; once is_marked */
	bool running, waiting_for_room, is_last_page, is_marked;
	struct au_paged paged;
	struct au_arena *arena; /* of the page being read */
	struct au_mapped *page;
	size_t count, cap;
	struct au_map *touched;
	struct au_range *range; /* groups of the page whose members come in parts */
	struct event *settled;
};

static void
clear_page(struct au_compare *compare)
{
	au_arena_free(compare->arena);
	compare->arena = NULL;
	compare->count = 0;
}

static void
halt(struct au_compare *compare)
{
	compare->running = compare->waiting_for_room = false;
	event_del(compare->settled);
	au_range_line(compare->range, NULL, 0);
	clear_page(compare);
	au_paged_stop(&compare->paged);
	au_map_free(compare->touched, NULL);
	compare->touched = NULL;
}

static void
fail(struct au_compare *compare, const struct au_fault *fault)
{
	au_batch_broke(compare->batch, fault);
	au_compare_stop(compare);
	compare->events->failed(compare->ctx, compare->mapping->search, fault);
}

static void
fail_partial(struct au_compare *compare, const char *why)
{
	struct au_fault fault;

	fail(compare, au_fault_set(&fault, AU_FAULT_PARTIAL, "%s: %s", au_search_name(compare->mapping->search), why));
}

static void
on_entry(void *ctx, LDAPMessage *message)
{
	struct au_compare *compare = ctx;
	struct au_err err;

	if (compare->arena == NULL)
		compare->arena = au_arena_new();
	if (compare->count == compare->cap) {
		compare->cap = compare->cap > 0 ? 2 * compare->cap : AU_PAGE_SIZE;
		compare->page = au_xrealloc(compare->page, compare->cap, sizeof(*compare->page));
	}
	if (au_mapping_part(compare->mapping, au_line_handle(compare->paged.line), message, NULL, compare->arena,
		&compare->page[compare->count], &err) < 0)
		fail_partial(compare, err.text);
	else
		compare->count++;
}

/* What was pushed while the page was on its way goes first, with removals that are held back for a moment. */
static void
settle(struct au_compare *compare)
{
	static const struct timeval at_once = { 0, 0 };

	compare->is_marked = false;
	event_add(compare->settled, compare->followed != NULL ? &a_moment : &at_once);
}

static bool
has_settled(struct au_compare *compare)
{
	if (compare->followed == NULL)
		return true;
	if (!compare->is_marked)
		compare->mark = au_batch_mark(compare->followed);
	compare->is_marked = true;
	return au_batch_has_sent(compare->followed, compare->mark);
}

static void
on_page(void *ctx, bool is_last)
{
	struct au_compare *compare = ctx;

	compare->is_last_page = is_last;
	settle(compare);
}

static void
on_void(void *ctx, const struct au_fault *fault)
{
	struct au_compare *compare = ctx;

	if (fault->code == LDAP_REFERRAL)
		au_batch_read(compare->batch)->referrals++;
	fail(compare, fault);
}

static const struct au_paged_events paged_events = { .entry = on_entry, .ended = on_page, .failed = on_void };

static void
end(struct au_compare *compare)
{
	enum au_search search = compare->mapping->search;

	au_batch_end(compare->batch, AU_STEP_SWEEP, NULL);
	halt(compare);
	compare->events->ended(compare->ctx, search);
}

static void
report(struct au_compare *compare, const struct au_mapped *mapped)
{
	if (au_map_has(compare->touched, mapped->entry.id))
		return;
	if (au_mapped_is_part(mapped)) {
		au_range_ask(compare->range, mapped->entry.id, mapped->entry.dn);
		return;
	}
	au_batch_put(compare->batch, mapped);
	if (compare->followed != NULL)
		au_batch_told_elsewhere(compare->followed, mapped);
}

static void
on_settled(evutil_socket_t fd, short what, void *arg)
{
	struct au_compare *compare = arg;

	(void)fd;
	(void)what;
	if (!has_settled(compare)) {
		event_add(compare->settled, &a_moment);
		return;
	}
	for (size_t i = 0; i < compare->count; i++)
		report(compare, &compare->page[i]);
	clear_page(compare);
	compare->waiting_for_room = !au_range_is_busy(compare->range);
	au_compare_room(compare);
}

/* ---- groups in parts ---- */

static void
go_on(struct au_compare *compare)
{
	static const struct timeval at_once = { 0, 0 };

	if (!au_range_is_busy(compare->range))
		event_add(compare->settled, &at_once);
}

static void
on_range_read(void *ctx, const struct au_mapped *group)
{
	struct au_compare *compare = ctx;

	au_batch_read(compare->batch)->ranges++;
	report(compare, group);
	go_on(compare);
}

/* One that never stands still must not keep the others from being compared: it stays as it is known. */
static void
on_range_failed(void *ctx, const char *id, enum au_range_failure failure, const struct au_err *err)
{
	struct au_compare *compare = ctx;

	if (failure == AU_RANGE_REFUSED) {
		fail_partial(compare, err->text);
		return;
	}
	au_log(AU_LOG_WARNING, AU_FIELDS("SOURCE", compare->mapping->config->name), "%s, each time; it stays as it is",
	    err->text);
	au_batch_present(compare->batch, id);
	go_on(compare);
}

static const struct au_range_events range_events = {
	.is_reading = true, .read = on_range_read, .failed = on_range_failed
};

void
au_compare_room(struct au_compare *compare)
{
	if (!compare->waiting_for_room || au_outbox_is_full(compare->outbox))
		return;
	compare->waiting_for_room = false;
	if (compare->is_last_page)
		end(compare);
	else {
		au_batch_read(compare->batch)->pages++;
		au_paged_ask(&compare->paged);
	}
}

struct au_compare *
au_compare_new(struct event_base *base, const struct au_mapping *mapping, struct au_outbox *outbox,
    struct au_batch *followed, const struct au_compare_events *events, void *ctx)
{
	struct au_compare *compare = au_xcalloc(1, sizeof(*compare));

	*compare = (struct au_compare){
		.mapping = mapping, .outbox = outbox, .followed = followed, .events = events, .ctx = ctx
	};
	compare->batch = au_batch_new(base, outbox, mapping->search, followed != NULL);
	if (mapping->search == AU_SEARCH_GROUPS)
		au_batch_limit(compare->batch, mapping->config->max_members, mapping->config->name);
	au_batch_read(compare->batch)->way = "paged";
	compare->range = au_range_new(mapping, &range_events, compare);
	compare->paged =
	    (struct au_paged){ .name = au_search_name(mapping->search), .events = &paged_events, .ctx = compare };
	compare->settled = evtimer_new(base, on_settled, compare);
	return compare;
}

void
au_compare_free(struct au_compare *compare)
{
	if (compare == NULL)
		return;
	au_compare_stop(compare);
	event_free(compare->settled);
	au_batch_free(compare->batch);
	au_range_free(compare->range);
	free(compare->page);
	free(compare);
}

void
au_compare_start(struct au_compare *compare, struct au_line *line, int64_t operation_timeout_ms, bool held)
{
	compare->running = true;
	au_range_line(compare->range, line, operation_timeout_ms);
	compare->touched = au_map_new();
	au_batch_begin(compare->batch, compare->followed != NULL ? AU_READING_COMPARE : AU_READING_WHOLE, held);
	compare->paged.line = line;
	compare->paged.search = (struct au_line_search){ .base = au_mapping_base(compare->mapping),
		.filter = au_mapping_filter(compare->mapping),
		.scope = LDAP_SCOPE_SUBTREE,
		.attributes = compare->mapping->attributes,
		.timeout_ms = operation_timeout_ms };
	au_paged_ask(&compare->paged);
}

void
au_compare_stop(struct au_compare *compare)
{
	if (!compare->running)
		return;
	au_batch_drop(compare->batch);
	au_batch_end(compare->batch, AU_STEP_VOID, NULL);
	halt(compare);
}

bool
au_compare_is_running(const struct au_compare *compare)
{
	return compare->running;
}

void
au_compare_touched(struct au_compare *compare, const char *id)
{
	if (compare->running)
		au_map_put(compare->touched, id, compare);
}
