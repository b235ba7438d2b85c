/* SPDX-License-Identifier: ISC */
/*
 * An answer comes behind the batch that brings what was read, and batches are applied in order: so whoever waits for
 * his answers waits for as many batches as have come by the last of them.
 */
#include "source/freshen.h"

#include "base/mem.h"
#include "source/inbox.h"

#include <event2/event.h>
#include <stdlib.h>

/* Numbers of questions from first on: the person, then the groups. */
struct asking {
	struct asking *next;
	struct au_freshen *freshen;
	struct event *timer;
	long long first;
	size_t count, answered;
	unsigned long long batches; /* that have come by the last answer */
	char *trouble;
	struct au_freshened result;
	au_freshen_done *done;
	void *ctx;
};

struct au_freshen {
	struct event_base *base;
	const struct au_inbox *inbox;
	void (*send)(void *ctx, json_t *message);
	void *ctx;
	struct asking *askings;
	long long last; /* number that was given */
};

static void
end_asking(struct asking *asking)
{
	struct asking **link = &asking->freshen->askings;

	while (*link != asking)
		link = &(*link)->next;
	*link = asking->next;
	asking->result.trouble = asking->trouble;
	asking->done(asking->ctx, &asking->result);
	event_free(asking->timer);
	free(asking->trouble);
	free(asking);
}

static void
on_timer(evutil_socket_t fd, short what, void *arg)
{
	struct asking *asking = arg;

	(void)fd;
	(void)what;
	if (asking->trouble == NULL)
		asking->trouble = au_xasprintf("it did not answer within %ds", AU_FRESHEN_MS / 1000);
	end_asking(asking);
}

struct au_freshen *
au_freshen_new(
    struct event_base *base, const struct au_inbox *inbox, void (*send)(void *ctx, json_t *message), void *ctx)
{
	struct au_freshen *freshen = au_xcalloc(1, sizeof(*freshen));

	*freshen = (struct au_freshen){ .base = base, .inbox = inbox, .send = send, .ctx = ctx };
	return freshen;
}

void
au_freshen_lost(struct au_freshen *freshen, const char *why)
{
	for (struct asking *asking = freshen->askings, *next; asking != NULL; asking = next) {
		next = asking->next;
		free(asking->trouble);
		asking->trouble = au_xstrdup(why);
		end_asking(asking);
	}
}

void
au_freshen_free(struct au_freshen *freshen)
{
	if (freshen == NULL)
		return;
	au_freshen_lost(freshen, "the source is gone from the configuration, or the daemon stops");
	free(freshen);
}

static void
send_one(struct au_freshen *freshen, enum au_search search, const struct au_freshen_entry *entry)
{
	freshen->send(freshen->ctx, au_source_reread_to_json(&(struct au_source_reread){
					.search = search, .id = entry->id, .dn = entry->dn, .ask = ++freshen->last }));
}

void
au_freshen_ask(struct au_freshen *freshen, const char *trouble, const struct au_freshen_order *order,
    au_freshen_done *done, void *ctx)
{
	struct asking *asking = au_xcalloc(1, sizeof(*asking));
	long long wait_ms = trouble != NULL ? 0 : AU_FRESHEN_MS;

	*asking = (struct asking){ .next = freshen->askings,
		.freshen = freshen,
		.first = freshen->last + 1,
		.count = 1 + order->group_count,
		.trouble = au_xstrdup(trouble),
		.result = { .person = AU_LOOKUP_UNKNOWN },
		.done = done,
		.ctx = ctx };
	freshen->askings = asking;
	asking->timer = evtimer_new(freshen->base, on_timer, asking);
	event_add(asking->timer, &(struct timeval){ wait_ms / 1000, wait_ms % 1000 * 1000 });
	if (trouble != NULL)
		return;
	send_one(freshen, AU_SEARCH_PEOPLE, &order->person);
	for (size_t i = 0; i < order->group_count; i++)
		send_one(freshen, AU_SEARCH_GROUPS, &order->groups[i]);
}

void
au_freshen_moved(struct au_freshen *freshen)
{
	for (struct asking *asking = freshen->askings, *next; asking != NULL; asking = next) {
		next = asking->next;
		if (asking->answered == asking->count && au_inbox_applied(freshen->inbox) >= asking->batches)
			end_asking(asking);
	}
}

/* One that nobody waits for any more says nothing. */
void
au_freshen_answer(struct au_freshen *freshen, const struct au_source_fresh *answer)
{
	for (struct asking *asking = freshen->askings; asking != NULL; asking = asking->next) {
		if (answer->ask < asking->first || answer->ask >= asking->first + (long long)asking->count)
			continue;
		asking->answered++;
		if (answer->ask == asking->first)
			asking->result.person = answer->verdict;
		else
			asking->result.groups_read += answer->verdict == AU_LOOKUP_FOUND;
		asking->batches = au_inbox_received(freshen->inbox);
	}
	au_freshen_moved(freshen);
}
