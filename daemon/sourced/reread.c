/* SPDX-License-Identifier: ISC */
/* A wish waits until the search is followed; an entry whose change is pushed meanwhile needs no reading any more. */
#include "sourced/reread.h"

#include "base/clock.h"
#include "base/map.h"
#include "sourced/range.h"

#include <event2/event.h>
#include <string.h>

#define SOONEST_MS 100
/* Servers close connections with too many outstanding requests. */
#define OUTSTANDING 32

struct wish {
	struct au_reread *reread;
	char *id, *dn;
	int64_t due_mono;
	bool is_touched;
	enum au_lookup_verdict verdict; /* of what came so far */
	long long *asks;                /* questions that wait for it */
	size_t ask_count;
};

struct au_reread {
	struct au_reread_config config;
	struct au_line *line;
	int64_t timeout_ms;
	bool only_asked;
	int64_t next_mono;      /* when the timer is due */
	struct au_map *waiting; /* id -> wish, not sent yet */
	struct au_map *sent;    /* id -> wish */
	struct au_range *range; /* of those, groups whose members come in parts */
	struct event *due;
};

static void
free_wish(void *value)
{
	struct wish *wish = value;

	if (wish == NULL)
		return;
	free(wish->id);
	free(wish->dn);
	free(wish->asks);
	free(wish);
}

static void
add_ask(struct wish *wish, long long ask)
{
	wish->asks = au_xrealloc(wish->asks, wish->ask_count + 1, sizeof(*wish->asks));
	wish->asks[wish->ask_count++] = ask;
}

/* Whoever waits for one wish waits for the other from now on. */
static void
take_asks(struct wish *to, const struct wish *from)
{
	for (size_t i = 0; from != NULL && i < from->ask_count; i++)
		add_ask(to, from->asks[i]);
}

static void
plan(struct au_reread *reread, int64_t due_mono)
{
	int64_t wait = due_mono - au_clock_mono_ms();

	if (reread->line == NULL || (event_pending(reread->due, EV_TIMEOUT, NULL) && reread->next_mono <= due_mono))
		return;
	reread->next_mono = due_mono;
	wait = wait < SOONEST_MS ? SOONEST_MS : wait;
	event_add(reread->due, &(struct timeval){ wait / 1000, wait % 1000 * 1000 });
}

static bool
may_go(const struct au_reread *reread, const struct wish *wish)
{
	return !reread->only_asked || wish->ask_count > 0;
}

/* What waits for its answer of before is looked at again a moment later. */
static void
plan_next(struct au_reread *reread)
{
	const char *id;
	void *wish;

	for (size_t cursor = 0; au_map_next(reread->waiting, &cursor, &id, &wish);)
		if (may_go(reread, wish))
			plan(reread, ((const struct wish *)wish)->due_mono);
}

static void
put(void *ctx, const struct au_mapped *group)
{
	struct au_reread *reread = ctx;

	au_batch_put_whole(reread->config.batch, group);
	au_batch_flush(reread->config.batch);
}

/* The next comparing reading tells. */
static void
on_range_failed(void *ctx, const char *id, enum au_range_failure failure, const struct au_err *err)
{
	(void)ctx;
	(void)id;
	(void)failure;
	(void)err;
}

static const struct au_range_events range_events = { .read = put, .failed = on_range_failed };

static void
report(struct wish *wish, LDAPMessage *message)
{
	struct au_reread *reread = wish->reread;
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct au_mapped mapped;

	wish->verdict = AU_LOOKUP_UNKNOWN;
	if (au_mapping_part(reread->config.mapping, au_line_handle(reread->line), message, NULL, arena, &mapped, NULL) <
	    0)
		return;
	/* Under its old name there may be another group by now; that one is told by itself. */
	if (strcmp(mapped.entry.id, wish->id) != 0)
		wish->verdict = AU_LOOKUP_ABSENT;
	else if (wish->is_touched)
		wish->verdict = AU_LOOKUP_FOUND;
	else if (au_mapped_is_part(&mapped))
		au_range_ask(reread->range, mapped.entry.id, mapped.entry.dn);
	else {
		put(reread, &mapped);
		wish->verdict = AU_LOOKUP_FOUND;
	}
}

static void
tell(const struct wish *wish, enum au_lookup_verdict verdict)
{
	const struct au_reread_config *config = &wish->reread->config;

	for (size_t i = 0; i < wish->ask_count; i++)
		config->answered(
		    config->ctx, config->batch, &(struct au_source_fresh){ .ask = wish->asks[i], .verdict = verdict });
}

/* Nothing came: there is no such entry, or the server did not say. */
static void
judge(struct wish *wish, LDAPMessage *message)
{
	int code = LDAP_OTHER;

	if (ldap_parse_result(au_line_handle(wish->reread->line), message, &code, NULL, NULL, NULL, NULL, 0) !=
	    LDAP_SUCCESS)
		code = LDAP_OTHER;
	if (wish->verdict == 0)
		wish->verdict =
		    code == LDAP_SUCCESS || code == LDAP_NO_SUCH_OBJECT ? AU_LOOKUP_ABSENT : AU_LOOKUP_UNKNOWN;
}

/* A newer wish for the same group does for both. */
static void
wish_again(struct au_reread *reread, struct wish *wish)
{
	struct wish *newer = au_map_get(reread->waiting, wish->id);

	if (newer != NULL) {
		take_asks(newer, wish);
		free_wish(wish);
	} else
		au_map_put(reread->waiting, wish->id, wish);
}

/* What was pushed of a large group may not have been all of it: then the wish stands. */
static void
end_wish(struct au_reread *reread, struct wish *wish)
{
	const struct au_ledger *ledger = au_batch_ledger(reread->config.batch);

	if (!wish->is_touched || ledger == NULL || !au_ledger_has(ledger, wish->id)) {
		tell(wish, wish->verdict);
		free_wish(wish);
		return;
	}
	wish->due_mono = au_clock_mono_ms() + reread->config.soon_ms;
	wish_again(reread, wish);
}

static void send_ripe(struct au_reread *reread);

static void
on_answer(void *ctx, LDAPMessage *message, int type)
{
	struct wish *wish = ctx;
	struct au_reread *reread = wish->reread;

	if (type == LDAP_RES_SEARCH_ENTRY)
		report(wish, message);
	else if (type == LDAP_RES_SEARCH_RESULT) {
		judge(wish, message);
		end_wish(reread, au_map_remove(reread->sent, wish->id));
		send_ripe(reread);
	}
}

static void
send_wish(struct au_reread *reread, struct wish *wish)
{
	struct au_line_search search = {
		.base = wish->dn,
		.filter = au_mapping_filter(reread->config.mapping),
		.scope = LDAP_SCOPE_BASE,
		.attributes = reread->config.mapping->attributes,
		.timeout_ms = reread->timeout_ms,
	};

	wish->is_touched = false;
	wish->verdict = 0;
	free_wish(au_map_put(reread->sent, wish->id, wish));
	au_line_search(reread->line, &search, on_answer, wish);
}

/* One that is asked for again while it is on its way is sent once more after its answer. */
static void
send_ripe(struct au_reread *reread)
{
	int64_t now = au_clock_mono_ms();
	const char *id;
	void *value;

	for (size_t cursor = 0; reread->line != NULL && au_map_count(reread->sent) < OUTSTANDING &&
				au_map_next(reread->waiting, &cursor, &id, &value);) {
		struct wish *wish = value;
		if (wish->due_mono > now || !may_go(reread, wish) || au_map_has(reread->sent, id))
			continue;
		au_map_remove(reread->waiting, wish->id);
		send_wish(reread, wish);
	}
	if (au_map_count(reread->sent) < OUTSTANDING)
		plan_next(reread);
}

static void
on_due(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	send_ripe(arg);
}

struct au_reread *
au_reread_new(struct event_base *base, const struct au_reread_config *config)
{
	struct au_reread *reread = au_xcalloc(1, sizeof(*reread));

	*reread = (struct au_reread){ .config = *config, .waiting = au_map_new(), .sent = au_map_new() };
	reread->range = au_range_new(config->mapping, &range_events, reread);
	reread->due = evtimer_new(base, on_due, reread);
	return reread;
}

void
au_reread_free(struct au_reread *reread)
{
	if (reread == NULL)
		return;
	event_free(reread->due);
	au_range_free(reread->range);
	au_map_free(reread->waiting, free_wish);
	au_map_free(reread->sent, free_wish);
	free(reread);
}

void
au_reread_ask(struct au_reread *reread, const struct au_source_reread *wanted)
{
	struct wish *wish = au_xcalloc(1, sizeof(*wish));
	struct wish *old = au_map_remove(reread->waiting, wanted->id);
	int64_t wait = wanted->is_late ? reread->config.late_ms : reread->config.soon_ms;
	int64_t due = au_clock_mono_ms() + (wanted->ask != 0 ? 0 : wait);

	/* One reading serves both: as it was planned, but whoever moved just now has his time; and who asks waits for
	 * nobody. */
	if (old != NULL && wanted->ask == 0 && (!wanted->is_late || old->due_mono > due))
		due = old->due_mono;
	*wish = (struct wish){
		.reread = reread, .id = au_xstrdup(wanted->id), .dn = au_xstrdup(wanted->dn), .due_mono = due
	};
	if (wanted->ask != 0)
		add_ask(wish, wanted->ask);
	take_asks(wish, old);
	free_wish(old);
	au_map_put(reread->waiting, wish->id, wish);
	if (may_go(reread, wish))
		plan(reread, due);
}

void
au_reread_touched(struct au_reread *reread, const char *id)
{
	struct wish *wish = au_map_get(reread->sent, id);

	if (wish != NULL)
		wish->is_touched = true;
}

/* What was sent on a line that is gone is wished for again. */
void
au_reread_line(struct au_reread *reread, struct au_line *line, int64_t operation_timeout_ms, bool only_asked)
{
	const char *id;
	void *wish;

	reread->line = line;
	reread->only_asked = only_asked;
	au_range_line(reread->range, line, operation_timeout_ms);
	reread->timeout_ms = operation_timeout_ms;
	if (line == NULL) {
		event_del(reread->due);
		for (size_t cursor = 0; au_map_next(reread->sent, &cursor, &id, &wish);)
			wish_again(reread, wish);
		au_map_free(reread->sent, NULL);
		reread->sent = au_map_new();
	}
	plan_next(reread);
}
