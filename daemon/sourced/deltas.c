/* SPDX-License-Identifier: ISC */
/*
 * The log and the search tell of a change within a millisecond of each other, in either order.  A log that again and
 * again has nothing about what is seen is not a log of what we need, whatever its settings are.
 */
#include "sourced/deltas.h"

#include "base/str.h"
#include "sourced/accesslog.h"
#include "sourced/ended.h"

#include <event2/event.h>
#include <string.h>

#define PATIENCE_MS 2000 /* with a record of a change that was seen */
#define REACH_MS 5000    /* with a log that is being connected to */
#define MISSES_MOST 3    /* in a row */

struct au_deltas {
	struct au_follow_config config;
	const struct au_deltas_events *events;
	void *ctx;
	struct au_accesslog *log;
	const char **attributes;
	struct au_follow_start start; /* line NULL: not started */
	struct event *late, *turn;
	/* The group that waits. */
	struct au_arena *arena; /* NULL: none does */
	struct au_mapped group;
	bool is_reading;   /* or it waits for the log */
	int message_id;    /* 0: nothing is asked */
	bool is_read;      /* the answer has it */
	struct au_err why; /* its reading cannot be understood; code 0: it can */
	unsigned misses;
};

static void
plan(struct event *timer, int64_t ms)
{
	struct timeval wait = { ms / 1000, ms % 1000 * 1000 };

	event_add(timer, &wait);
}

static struct au_ledger *
ledger_of(const struct au_deltas *deltas)
{
	return au_batch_ledger(deltas->config.batch);
}

/* ---- the end of waiting ---- */

static void
forget(struct au_deltas *deltas)
{
	event_del(deltas->late);
	if (deltas->message_id != 0)
		au_line_abandon(deltas->start.side, deltas->message_id);
	deltas->message_id = 0;
	au_arena_free(deltas->arena);
	deltas->arena = NULL;
	au_line_hold(deltas->start.line, false);
}

static void
settle(struct au_deltas *deltas)
{
	AU_CLEANUP(au_freep) char *id = au_xstrdup(deltas->group.entry.id);

	forget(deltas);
	deltas->events->settled(deltas->ctx, id);
}

static void
fail(struct au_deltas *deltas, const struct au_fault *fault)
{
	forget(deltas);
	deltas->events->failed(deltas->ctx, fault);
}

static void
fail_partial(struct au_deltas *deltas, const char *why)
{
	struct au_fault fault;

	fail(deltas, au_fault_set(&fault, AU_FAULT_PARTIAL, "%s: %s", au_search_name(AU_SEARCH_GROUPS), why));
}

/* ---- reading ---- */

/* It was renamed or is gone since it was seen: that is told next.  Until then it is still there. */
static void
settle_without(struct au_deltas *deltas)
{
	if (au_batch_read(deltas->config.batch)->kind != AU_READING_NONE)
		au_batch_present(deltas->config.batch, deltas->group.entry.id);
	settle(deltas);
}

static void
on_entry(struct au_deltas *deltas, LDAPMessage *message)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct au_mapped mapped;

	if (au_mapping_entry(deltas->config.mapping, au_line_handle(deltas->start.side), message, NULL, arena, &mapped,
		&deltas->why) < 0)
		return;
	deltas->why.code = 0;
	/* Under its name there may be another group by now; that one is told by itself. */
	if (!au_streq(mapped.entry.id, deltas->group.entry.id))
		return;
	deltas->is_read = true;
	au_batch_put(deltas->config.batch, &mapped);
	if (mapped.is_some)
		deltas->events->partial(deltas->ctx, &mapped);
}

static void
on_result(struct au_deltas *deltas, LDAPMessage *message)
{
	AU_CLEANUP(au_ended_done) struct au_ended ended = au_ended_read(au_line_handle(deltas->start.side), message);
	struct au_fault fault;

	deltas->message_id = 0;
	if (deltas->why.code != 0)
		fail_partial(deltas, deltas->why.text);
	else if (ended.code != LDAP_SUCCESS && ended.code != LDAP_NO_SUCH_OBJECT)
		fail(deltas, au_ended_fault(&ended, au_search_name(AU_SEARCH_GROUPS), &fault));
	else if (!deltas->is_read)
		settle_without(deltas);
	else
		settle(deltas);
}

static void
on_answer(void *ctx, LDAPMessage *message, int type)
{
	struct au_deltas *deltas = ctx;

	if (deltas->arena == NULL)
		return;
	if (type == LDAP_RES_SEARCH_ENTRY)
		on_entry(deltas, message);
	else if (type == LDAP_RES_SEARCH_RESULT)
		on_result(deltas, message);
}

static void
read_group(struct au_deltas *deltas)
{
	struct au_line_search search = {
		.base = deltas->group.entry.dn,
		.filter = au_mapping_filter(deltas->config.mapping),
		.scope = LDAP_SCOPE_BASE,
		.attributes = deltas->config.mapping->attributes,
		.timeout_ms = deltas->start.operation_timeout_ms,
	};

	event_del(deltas->late);
	deltas->is_reading = true;
	deltas->is_read = false;
	deltas->why.code = 0;
	deltas->message_id = au_line_search(deltas->start.side, &search, on_answer, deltas);
}

/* ---- telling ---- */

static void
tell(struct au_deltas *deltas, const struct au_ledger_change *change)
{
	if (change->joined_count + change->left_count > 0)
		deltas->misses = 0;
	au_batch_put_change(deltas->config.batch, &deltas->group, change);
}

static int64_t
patience(const struct au_deltas *deltas)
{
	switch (au_accesslog_hope(deltas->log)) {
	case AU_ACCESSLOG_NOW:
		return PATIENCE_MS;
	case AU_ACCESSLOG_SOON:
		return REACH_MS;
	case AU_ACCESSLOG_NONE:
		break;
	}
	return 0;
}

/* Whether the group is told. */
static bool
judge(struct au_deltas *deltas)
{
	struct au_ledger_change change = { 0 };

	switch (au_ledger_see(ledger_of(deltas), deltas->group.entry.id, deltas->group.stamp, deltas->arena, &change)) {
	case AU_LEDGER_TELL:
		tell(deltas, &change);
		return true;
	case AU_LEDGER_WAIT:
		if (patience(deltas) > 0) {
			plan(deltas->late, patience(deltas));
			return false;
		}
		break;
	case AU_LEDGER_READ:
		break;
	}
	read_group(deltas);
	return false;
}

static bool
is_waiting_for_log(const struct au_deltas *deltas)
{
	return deltas->arena != NULL && !deltas->is_reading;
}

static void
judge_again(struct au_deltas *deltas)
{
	if (is_waiting_for_log(deltas) && judge(deltas))
		settle(deltas);
}

static void
on_late(evutil_socket_t fd, short what, void *arg)
{
	struct au_deltas *deltas = arg;

	(void)fd;
	(void)what;
	if (!is_waiting_for_log(deltas))
		return;
	read_group(deltas);
	if (++deltas->misses >= MISSES_MOST)
		au_accesslog_distrust(deltas->log, "it lacks changes of groups that are seen (logops, logbase)");
}

/* ---- the log ---- */

static void
on_record(void *ctx, const struct au_log_record *record)
{
	struct au_deltas *deltas = ctx;

	au_ledger_record(ledger_of(deltas), record);
	if (deltas->arena != NULL && au_streq(record->group, deltas->group.entry.id))
		judge_again(deltas);
}

static const char *
known(void *ctx)
{
	const struct au_deltas *deltas = ctx;

	return au_batch_cookie_sent(deltas->config.batch);
}

static void
on_gap(void *ctx)
{
	au_ledger_gap(ledger_of(ctx));
}

/* Not from here: the news come from deep inside of what would be begun again. */
static void
on_turned(void *ctx)
{
	struct au_deltas *deltas = ctx;

	event_active(deltas->turn, EV_TIMEOUT, 0);
}

static void
on_turn(evutil_socket_t fd, short what, void *arg)
{
	struct au_deltas *deltas = arg;

	(void)fd;
	(void)what;
	if (deltas->start.line == NULL)
		return;
	judge_again(deltas);
	if (au_accesslog_hope(deltas->log) == AU_ACCESSLOG_NOW && au_deltas_is_better(deltas))
		deltas->events->wanted(deltas->ctx);
}

static void
on_said(void *ctx, const char *text)
{
	struct au_deltas *deltas = ctx;

	deltas->events->said(deltas->ctx, text);
}

static const struct au_accesslog_events log_events = {
	.known = known, .record = on_record, .gap = on_gap, .turned = on_turned, .said = on_said
};

/* ---- for the follower ---- */

struct au_deltas *
au_deltas_new(const struct au_follow_config *config, const struct au_deltas_events *events, void *ctx)
{
	struct au_deltas *deltas = au_xcalloc(1, sizeof(*deltas));

	*deltas = (struct au_deltas){ .config = *config, .events = events, .ctx = ctx };
	deltas->log = au_accesslog_new(&(struct au_accesslog_config){
	    .context = config->context, .groups = config->mapping, .events = &log_events, .ctx = deltas });
	deltas->late = evtimer_new(config->base, on_late, deltas);
	deltas->turn = evtimer_new(config->base, on_turn, deltas);
	return deltas;
}

void
au_deltas_free(struct au_deltas *deltas)
{
	if (deltas == NULL)
		return;
	au_accesslog_free(deltas->log);
	event_free(deltas->late);
	event_free(deltas->turn);
	au_arena_free(deltas->arena);
	free(deltas->attributes);
	free(deltas);
}

/* All but those that members are in. */
static void
choose_attributes(struct au_deltas *deltas)
{
	const struct au_mapping *mapping = deltas->config.mapping;
	size_t count = 0;

	free(deltas->attributes);
	deltas->attributes = au_xcalloc(mapping->attribute_count + 1, sizeof(*deltas->attributes));
	for (size_t i = 0; i < mapping->attribute_count; i++)
		if (!au_mapping_is_member(mapping, mapping->attributes[i]))
			deltas->attributes[count++] = mapping->attributes[i];
}

bool
au_deltas_start(struct au_deltas *deltas, const struct au_follow_start *start)
{
	if (deltas->config.mapping->stamp == NULL)
		return false;
	au_batch_keep_ledger(deltas->config.batch, (size_t)deltas->config.mapping->config->accesslog_from);
	choose_attributes(deltas);
	bool is_first = deltas->start.line == NULL;
	deltas->start = *start;
	if (is_first)
		au_accesslog_open(deltas->log, start->server, start->root);
	return true;
}

void
au_deltas_stop(struct au_deltas *deltas)
{
	if (deltas->start.line == NULL)
		return;
	au_deltas_drop(deltas);
	event_del(deltas->turn);
	au_accesslog_close(deltas->log);
	deltas->start.line = NULL;
}

bool
au_deltas_is_better(struct au_deltas *deltas)
{
	if (deltas->start.line == NULL || !au_ledger_has_any(ledger_of(deltas)))
		return false;
	au_accesslog_want(deltas->log);
	return au_accesslog_hope(deltas->log) != AU_ACCESSLOG_NONE;
}

void
au_deltas_consider(struct au_deltas *deltas)
{
	if (au_deltas_is_better(deltas))
		event_active(deltas->turn, EV_TIMEOUT, 0);
}

const char *const *
au_deltas_attributes(const struct au_deltas *deltas)
{
	return deltas->attributes;
}

int
au_deltas_take(struct au_deltas *deltas, LDAPMessage *message, const char *id, bool is_new, struct au_err *err)
{
	struct au_arena *arena = au_arena_new();

	if (au_mapping_entry(deltas->config.mapping, au_line_handle(deltas->start.line), message, id, arena,
		&deltas->group, err) < 0) {
		au_arena_free(arena);
		return AU_EPROTO;
	}
	deltas->arena = arena;
	deltas->is_reading = false;
	if (is_new)
		au_ledger_forget(ledger_of(deltas), id);
	if (judge(deltas)) {
		forget(deltas);
		return 1;
	}
	au_line_hold(deltas->start.line, true);
	return 0;
}

bool
au_deltas_is_waiting(const struct au_deltas *deltas)
{
	return deltas != NULL && deltas->arena != NULL;
}

void
au_deltas_drop(struct au_deltas *deltas)
{
	if (deltas->arena != NULL)
		forget(deltas);
}
