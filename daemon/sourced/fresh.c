/* SPDX-License-Identifier: ISC */
/* There are few answers, and a batch rests for a moment only: whoever waits looks again. */
#include "sourced/fresh.h"

#include "base/mem.h"

#include <event2/event.h>
#include <stdlib.h>

#define LOOK_MS 50

struct waiting {
	struct waiting *next;
	struct au_batch *batch;
	unsigned long long mark;
	struct au_source_fresh answer;
};

struct au_fresh {
	struct au_channel *channel;
	struct waiting *waiting;
	struct event *look;
};

static void
send_ready(struct au_fresh *fresh)
{
	for (struct waiting **link = &fresh->waiting; *link != NULL;) {
		struct waiting *one = *link;
		if (!au_batch_has_sent(one->batch, one->mark)) {
			link = &one->next;
			continue;
		}
		au_channel_send(fresh->channel, au_source_fresh_to_json(&one->answer), false);
		*link = one->next;
		free(one);
	}
	if (fresh->waiting != NULL)
		event_add(fresh->look, &(struct timeval){ .tv_usec = LOOK_MS * 1000 });
}

static void
on_look(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	send_ready(arg);
}

struct au_fresh *
au_fresh_new(struct event_base *base, struct au_channel *channel)
{
	struct au_fresh *fresh = au_xcalloc(1, sizeof(*fresh));

	fresh->channel = channel;
	fresh->look = evtimer_new(base, on_look, fresh);
	return fresh;
}

void
au_fresh_free(struct au_fresh *fresh)
{
	if (fresh == NULL)
		return;
	while (fresh->waiting != NULL) {
		struct waiting *one = fresh->waiting;
		fresh->waiting = one->next;
		free(one);
	}
	event_free(fresh->look);
	free(fresh);
}

void
au_fresh_answer(struct au_fresh *fresh, struct au_batch *batch, const struct au_source_fresh *answer)
{
	struct waiting *one = au_xcalloc(1, sizeof(*one));

	*one =
	    (struct waiting){ .next = fresh->waiting, .batch = batch, .mark = au_batch_mark(batch), .answer = *answer };
	fresh->waiting = one;
	send_ready(fresh);
}

void
au_fresh_lost(struct au_fresh *fresh)
{
	while (fresh->waiting != NULL) {
		struct waiting *one = fresh->waiting;
		one->answer.verdict = AU_LOOKUP_UNKNOWN;
		au_channel_send(fresh->channel, au_source_fresh_to_json(&one->answer), false);
		fresh->waiting = one->next;
		free(one);
	}
}
