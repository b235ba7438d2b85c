/* SPDX-License-Identifier: ISC */
/* The queue is short: the source's process stops when too much of it is unacknowledged. */
#include "source/inbox.h"

#include "base/str.h"
#include "source/seen.h"
#include "source/surprise.h"

#include <string.h>

struct au_inbox {
	struct au_store *store;
	char *source, *actor;
	const struct au_inbox_events *events;
	void *ctx;
	struct au_source_now now;
	struct au_source_link link; /* text is ours */
	bool is_begun, is_link_new, is_paused;
	struct au_trust trust;
	long long approved[AU_SEARCHES]; /* so many may go, or AU_NOT_APPROVED */
	bool is_lost[AU_SEARCHES];       /* a canary, since the last round began */
	struct au_unit *gathering; /* frames of a batch that is not whole */
	struct au_unit *waiting, **tail;
	struct au_seen *seen[AU_SEARCHES]; /* for the next round */
	struct au_surprises *surprises;    /* for it, too */
	struct au_round *round;            /* under way */
	bool is_stale_round;    /* its process is gone */
	struct au_map *answers; /* for the first that waits */
	size_t unanswered;
	struct au_map *asked; /* id of a look-up as text -> DN */
	long long lookup_id;
	unsigned long long received, applied; /* batches */
};

static void kick(struct au_inbox *inbox);

static void
forget_lookups(struct au_inbox *inbox)
{
	au_answers_free(inbox->answers);
	au_map_free(inbox->asked, free);
	inbox->answers = au_map_new();
	inbox->asked = au_map_new();
	inbox->unanswered = 0;
}

struct au_inbox *
au_inbox_new(struct au_store *store, const char *source, const char *actor, const struct au_trust *trust,
    const struct au_inbox_events *events, void *ctx)
{
	struct au_inbox *inbox = au_xcalloc(1, sizeof(*inbox));

	*inbox = (struct au_inbox){ .store = store,
		.source = au_xstrdup(source),
		.actor = au_xstrdup(actor),
		.trust = au_trust_copy(trust),
		.approved = { AU_NOT_APPROVED, AU_NOT_APPROVED },
		.events = events,
		.ctx = ctx };
	inbox->tail = &inbox->waiting;
	inbox->link = (struct au_source_link){ .state = AU_LINK_STALE };
	forget_lookups(inbox);
	return inbox;
}

static void
forget_seen(struct au_inbox *inbox)
{
	for (int i = 0; i < AU_SEARCHES; i++) {
		au_seen_free(inbox->seen[i]);
		inbox->seen[i] = NULL;
	}
	au_surprises_free(inbox->surprises);
	inbox->surprises = NULL;
}

static void
drop_units(struct au_unit *unit)
{
	while (unit != NULL) {
		struct au_unit *next = unit->next;
		au_unit_free(unit);
		unit = next;
	}
}

void
au_inbox_free(struct au_inbox *inbox)
{
	if (inbox == NULL)
		return;
	if (inbox->round != NULL)
		inbox->round->owner = NULL;
	drop_units(inbox->waiting);
	au_unit_free(inbox->gathering);
	forget_seen(inbox);
	au_answers_free(inbox->answers);
	au_map_free(inbox->asked, free);
	free((char *)(uintptr_t)inbox->link.text);
	au_trust_done(&inbox->trust);
	free(inbox->source);
	free(inbox->actor);
	free(inbox);
}

const struct au_source_now *
au_inbox_now(const struct au_inbox *inbox)
{
	return &inbox->now;
}

void
au_inbox_begin(struct au_inbox *inbox, const struct au_source_now *now)
{
	inbox->now = *now;
	inbox->is_paused = now->paused != 0;
	inbox->is_begun = true;
}

/* Comparing readings end with their process, and have decided nothing. */
static void
end_comparing(struct au_inbox *inbox)
{
	for (int i = 0; i < AU_SEARCHES; i++)
		inbox->now.searches[i].compare.is_open = false;
}

void
au_inbox_restart(struct au_inbox *inbox)
{
	drop_units(inbox->waiting);
	inbox->waiting = NULL;
	inbox->tail = &inbox->waiting;
	au_unit_free(inbox->gathering);
	inbox->gathering = NULL;
	inbox->applied = inbox->received; /* what was not is forgotten */
	inbox->is_stale_round = inbox->round != NULL;
	end_comparing(inbox);
	forget_seen(inbox);
	forget_lookups(inbox);
}

static void
ask(struct au_inbox *inbox, const struct au_round *round)
{
	inbox->unanswered = round->question_count;
	for (size_t i = 0; i < round->question_count; i++) {
		struct au_source_lookup lookup = { .id = ++inbox->lookup_id, .dn = round->questions[i] };
		AU_CLEANUP(au_freep) char *id = au_xasprintf("%lld", lookup.id);
		free(au_map_put(inbox->asked, id, au_xstrdup(lookup.dn)));
		inbox->events->ask(inbox->ctx, &lookup);
	}
}

static void
want_rereads(struct au_inbox *inbox, const struct au_map *wishes, bool is_late)
{
	const char *id;
	void *dn;

	for (size_t cursor = 0; au_map_next(wishes, &cursor, &id, &dn);)
		inbox->events->reread(inbox->ctx,
		    &(struct au_source_reread){ .search = AU_SEARCH_GROUPS, .id = id, .dn = dn, .is_late = is_late });
}

static void
tell_unseen(struct au_inbox *inbox, const struct au_round *round)
{
	json_t *message;
	size_t index;

	json_array_foreach (round->unseen, index, message)
		inbox->events->unseen(inbox->ctx, message);
}

/* What was not applied goes back to the front of those that wait. */
static long long
take_rest(struct au_inbox *inbox, struct au_round *round)
{
	long long seq = 0;

	for (size_t i = 0; i < round->applied && round->units != NULL; i++) {
		struct au_unit *unit = round->units;
		seq = unit->last.seq;
		round->units = unit->next;
		inbox->applied++;
		au_unit_free(unit);
	}
	if (round->units != NULL && !inbox->is_stale_round) {
		struct au_unit *last = round->units;
		while (last->next != NULL)
			last = last->next;
		last->next = inbox->waiting;
		if (inbox->waiting == NULL)
			inbox->tail = &last->next;
		inbox->waiting = round->units;
		round->units = NULL;
	}
	return seq;
}

/* The batch that they are for is not done.  Of those who are in the store now, only the verdict is needed on. */
static void
keep_answers(struct au_inbox *inbox, struct au_round *round)
{
	size_t cursor = 0;
	const char *dn;
	void *value;

	while (round->put_answers && au_map_next(round->answers, &cursor, &dn, &value)) {
		struct au_answer_to *answer = value;
		json_decref(answer->message);
		answer->message = NULL;
	}
	au_answers_free(inbox->answers);
	inbox->answers = round->answers;
	round->answers = NULL;
}

static void
move_seen(struct au_seen **from, struct au_seen **to)
{
	for (int i = 0; i < AU_SEARCHES; i++) {
		to[i] = from[i];
		from[i] = NULL;
	}
}

static void
take_result(struct au_inbox *inbox, struct au_round *round)
{
	bool is_stale = inbox->is_stale_round, is_begun = round->units != NULL && round->applied == 0;
	long long seq = take_rest(inbox, round);

	if (is_begun && !is_stale)
		keep_answers(inbox, round);
	inbox->now = round->after;
	inbox->now.paused = inbox->is_paused;
	if (is_stale)
		end_comparing(inbox);
	else {
		move_seen(round->seen, inbox->seen);
		inbox->surprises = round->surprises;
		round->surprises = NULL;
	}
	for (int i = 0; i < AU_SEARCHES; i++)
		if (round->used_approval[i])
			inbox->approved[i] = AU_NOT_APPROVED;
	if (seq > 0 && !is_stale)
		inbox->events->acked(inbox->ctx, seq);
	if (round->question_count > 0 && !is_stale)
		ask(inbox, round);
	if (!is_stale) {
		want_rereads(inbox, round->rereads, false);
		want_rereads(inbox, round->rereads_later, true);
		tell_unseen(inbox, round);
	}
	if (round->changed)
		inbox->events->changed(inbox->ctx);
	inbox->events->moved(inbox->ctx);
}

static void
on_round_done(void *arg, int rc, const struct au_err *err)
{
	struct au_round *round = arg;
	struct au_inbox *inbox = round->owner;

	if (inbox != NULL) {
		inbox->round = NULL;
		if (rc == 0)
			take_result(inbox, round);
		else if (!inbox->is_stale_round)
			inbox->events->failed(inbox->ctx, err->text);
		inbox->is_stale_round = false;
		kick(inbox);
	}
	au_round_free(round);
}

/* Begin a round when there is something to do and nothing to wait for. */
static void
kick(struct au_inbox *inbox)
{
	bool is_ready = inbox->waiting != NULL && inbox->unanswered == 0;
	struct au_unit *units = is_ready ? inbox->waiting : NULL;

	if (!inbox->is_begun || inbox->round != NULL || (!is_ready && !inbox->is_link_new))
		return;
	inbox->round = au_round_new(inbox->source, inbox->actor, &inbox->now, &inbox->link, &inbox->trust, units,
	    is_ready ? inbox->answers : NULL);
	inbox->round->owner = inbox;
	move_seen(inbox->seen, inbox->round->seen);
	inbox->round->surprises = inbox->surprises;
	inbox->surprises = NULL;
	memcpy(inbox->round->approved, inbox->approved, sizeof(inbox->approved));
	memcpy(inbox->round->is_lost, inbox->is_lost, sizeof(inbox->is_lost));
	memset(inbox->is_lost, 0, sizeof(inbox->is_lost));
	inbox->is_link_new = false;
	if (is_ready) {
		inbox->waiting = NULL;
		inbox->tail = &inbox->waiting;
		inbox->answers = NULL;
		forget_lookups(inbox);
	}
	au_store_write(inbox->store, au_round_work, inbox->round, on_round_done);
}

int
au_inbox_batch(struct au_inbox *inbox, json_t *head, const char *records, size_t len, struct au_err *err)
{
	bool is_whole = false;

	if (inbox->gathering == NULL)
		inbox->gathering = au_unit_new();
	if (au_unit_add(inbox->gathering, head, records, len, &is_whole, err) < 0)
		return AU_EPROTO;
	if (!is_whole)
		return 0;
	*inbox->tail = inbox->gathering;
	inbox->tail = &inbox->gathering->next;
	inbox->gathering = NULL;
	inbox->received++;
	kick(inbox);
	return 0;
}

unsigned long long
au_inbox_received(const struct au_inbox *inbox)
{
	return inbox->received;
}

unsigned long long
au_inbox_applied(const struct au_inbox *inbox)
{
	return inbox->applied;
}

const struct au_source_link *
au_inbox_linked(const struct au_inbox *inbox)
{
	return &inbox->link;
}

int
au_inbox_resolved(struct au_inbox *inbox, json_t *message, struct au_err *err)
{
	struct au_source_resolved resolved;

	if (au_source_resolved_from_json(message, &resolved, err) < 0)
		return AU_EPROTO;
	AU_CLEANUP(au_freep) char *id = au_xasprintf("%lld", resolved.id);
	AU_CLEANUP(au_freep) char *dn = au_map_remove(inbox->asked, id);
	if (dn == NULL)
		return au_fail(err, AU_EPROTO, "resolved: look-up %lld was not asked", resolved.id);
	au_answers_put(inbox->answers, dn, resolved.verdict, message);
	inbox->unanswered--;
	kick(inbox);
	return 0;
}

void
au_inbox_link(struct au_inbox *inbox, const struct au_source_link *link)
{
	char *text = au_xstrdup(link->text);

	free((char *)(uintptr_t)inbox->link.text);
	inbox->link = *link;
	inbox->link.text = text;
	inbox->is_link_new = true;
	kick(inbox);
}

void
au_inbox_wake(struct au_inbox *inbox)
{
	inbox->is_link_new = true;
	kick(inbox);
}

void
au_inbox_approve(struct au_inbox *inbox)
{
	for (int i = 0; i < AU_SEARCHES; i++)
		if (au_reading_is_suspect(&inbox->now.searches[i]))
			inbox->approved[i] = inbox->now.searches[i].doomed;
}

void
au_inbox_pause(struct au_inbox *inbox, bool is_paused)
{
	inbox->is_paused = is_paused;
	inbox->now.paused = is_paused;
	inbox->is_link_new = true;
	kick(inbox);
}

void
au_inbox_doubt(struct au_inbox *inbox, enum au_search search)
{
	inbox->is_lost[search] = true;
	inbox->is_link_new = true;
	kick(inbox);
}
