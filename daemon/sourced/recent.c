/* SPDX-License-Identifier: ISC */
/* One search after the other, people first; what they find goes the way of pushed changes, outside of any reading. */
#include "sourced/recent.h"

#include "base/clock.h"
#include "base/str.h"
#include "sourced/ended.h"

#include <event2/event.h>
#include <string.h>
#include <time.h>

#define TIME_SIZE sizeof("YYYYMMDDhhmmssZ")

struct au_recent {
	struct au_recent_config config;
	struct au_line *line;  /* NULL: no looks */
	enum au_search search; /* under way */
	int message_id;        /* 0: none */
	int64_t since_ms, began_ms;
	struct event *due;
};

static void ask(struct au_recent *recent, enum au_search search);

static void
plan(struct au_recent *recent)
{
	struct timeval wait = { recent->config.interval_ms / 1000, recent->config.interval_ms % 1000 * 1000 };

	event_add(recent->due, &wait);
}

static void
on_entry(struct au_recent *recent, LDAPMessage *message)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct au_mapped mapped;

	/* What cannot be understood is left to the next reading of everything, which judges it. */
	if (recent->config.is_busy(recent->config.ctx) ||
	    au_mapping_part(recent->config.mappings[recent->search], au_line_handle(recent->line), message, NULL, arena,
		&mapped, NULL) < 0)
		return;
	mapped.is_some = au_mapped_is_part(&mapped);
	au_batch_put_whole(recent->config.batches[recent->search], &mapped);
}

static void
go_on(struct au_recent *recent)
{
	au_batch_flush(recent->config.batches[recent->search]);
	if (recent->search + 1 < AU_SEARCHES) {
		ask(recent, recent->search + 1);
		return;
	}
	recent->since_ms = recent->began_ms;
	plan(recent);
}

static void
on_result(struct au_recent *recent, LDAPMessage *message)
{
	AU_CLEANUP(au_ended_done) struct au_ended ended = au_ended_read(au_line_handle(recent->line), message);
	struct au_fault fault;

	recent->message_id = 0;
	au_ended_fault(&ended, au_search_name(recent->search), &fault);
	if (ended.code == LDAP_SUCCESS)
		go_on(recent);
	else if (fault.kind == AU_FAULT_REACH)
		plan(recent); /* busy, perhaps */
	else {
		au_recent_close(recent);
		recent->config.refused(recent->config.ctx, &fault);
	}
}

static void
on_answer(void *ctx, LDAPMessage *message, int type)
{
	struct au_recent *recent = ctx;

	if (recent->line == NULL)
		return;
	if (type == LDAP_RES_SEARCH_ENTRY)
		on_entry(recent, message);
	else if (type == LDAP_RES_SEARCH_RESULT)
		on_result(recent, message);
}

/* "(&FILTER(modifyTimestamp>=20261128074500Z))": generalized time in UTC (RFC 4517 section 3.3.13). */
static char *
filter_since(const char *filter, int64_t wall_ms)
{
	time_t seconds = wall_ms / 1000;
	char text[TIME_SIZE];
	struct tm tm;

	gmtime_r(&seconds, &tm);
	strftime(text, sizeof(text), "%Y%m%d%H%M%SZ", &tm);
	return au_xasprintf("(&%s(modifyTimestamp>=%s))", filter, text);
}

static void
ask(struct au_recent *recent, enum au_search search)
{
	const struct au_mapping *mapping = recent->config.mappings[search];
	AU_CLEANUP(au_freep)
	char *filter = filter_since(au_mapping_filter(mapping), recent->since_ms - AU_RECENT_OVERLAP_MS);
	struct au_line_search wanted = {
		.base = au_mapping_base(mapping),
		.filter = filter,
		.scope = LDAP_SCOPE_SUBTREE,
		.attributes = mapping->attributes,
		.timeout_ms = recent->config.operation_timeout_ms,
	};

	recent->search = search;
	recent->message_id = au_line_search(recent->line, &wanted, on_answer, recent);
}

static void
on_due(evutil_socket_t fd, short what, void *arg)
{
	struct au_recent *recent = arg;

	(void)fd;
	(void)what;
	if (recent->config.is_busy(recent->config.ctx)) {
		plan(recent);
		return;
	}
	recent->began_ms = au_clock_wall_ms();
	ask(recent, AU_SEARCH_PEOPLE);
}

struct au_recent *
au_recent_new(const struct au_recent_config *config)
{
	struct au_recent *recent = au_xcalloc(1, sizeof(*recent));

	recent->config = *config;
	recent->due = evtimer_new(config->base, on_due, recent);
	return recent;
}

void
au_recent_free(struct au_recent *recent)
{
	if (recent == NULL)
		return;
	event_free(recent->due);
	free(recent);
}

void
au_recent_open(struct au_recent *recent, struct au_line *line, int64_t wall_ms)
{
	if (recent->line != NULL)
		return;
	recent->line = line;
	recent->since_ms = wall_ms;
	plan(recent);
}

void
au_recent_close(struct au_recent *recent)
{
	if (recent->line == NULL)
		return;
	event_del(recent->due);
	if (recent->message_id != 0) {
		au_line_abandon(recent->line, recent->message_id);
		au_batch_drop(recent->config.batches[recent->search]);
	}
	recent->message_id = 0;
	recent->line = NULL;
}
