/* SPDX-License-Identifier: ISC */
/*
 * A round reads users, then groups, which name them.  The first round of a
 * process reads everything, and so does one each full_compare; those between
 * read what changed, where the service can search by time.  Whatever fails ends
 * the round; like in a session, ending is put off to a fresh turn of the loop.
 */
#include "sourced/pull.h"

#include "base/clock.h"
#include "base/mem.h"
#include "base/rand.h"
#include "sourced/pull_ask.h"
#include "sourced/pull_groups.h"
#include "sourced/pulling.h"
#include "sourced/retry.h"
#include "sourced/web_fault.h"

#include <event2/event.h>
#include <stdio.h>
#include <string.h>

struct search {
	struct au_batch *batch;
	struct au_pulling *pulling;
	bool wants_whole, reads_whole;
};

struct au_pull {
	struct au_pull_config config;
	const struct au_source_config *settings;
	struct au_remote *remote;
	struct au_outbox *outbox;
	struct au_pull_ask *ask;
	struct au_fresh *fresh;
	struct au_arena *arena;
	struct au_pulled_map map;
	struct au_pull_rolls *rolls; /* NULL where groups tell their members */
	struct search searches[AU_SEARCHES];
	struct au_pulled_service service;
	bool knows_service, is_reading, has_fallen;
	int64_t whole_mono; /* when the last round that read everything began; 0 = never */
	struct au_retry retry;
	struct event *again, *fallen;
	struct au_fault fault; /* kind NONE while all is well */
	int64_t stay_away_ms;  /* the service asked for, with that fault */
};

static void
plan(struct event *timer, int64_t ms)
{
	struct timeval wait = { ms / 1000, ms % 1000 * 1000 };

	event_add(timer, &wait);
}

static void
report(struct au_pull *pull, enum au_link_state state, const char *text, int64_t retry_in)
{
	pull->config.link(
	    pull->config.ctx, &(struct au_source_link){ .state = state, .text = text, .retry_in = retry_in });
}

/* ---- faults ---- */

static void
fail(struct au_pull *pull, const struct au_fault *fault, int64_t retry_after_ms)
{
	if (pull->fault.kind != AU_FAULT_NONE)
		return;
	pull->fault = *fault;
	pull->stay_away_ms = retry_after_ms;
	event_active(pull->fallen, EV_TIMEOUT, 0);
}

static void
stop(struct au_pull *pull)
{
	for (int i = 0; i < AU_SEARCHES; i++)
		au_pulling_stop(pull->searches[i].pulling);
	au_remote_cancel(pull->remote);
	au_pull_ask_lost(pull->ask);
	pull->is_reading = false;
}

/* Another server may be behind the one before, and able of other things. */
static void
turn(struct au_pull *pull)
{
	pull->knows_service = false;
	pull->whole_mono = 0;
	for (int i = 0; i < AU_SEARCHES; i++)
		au_pulling_turned(pull->searches[i].pulling);
}

static void
on_fallen(evutil_socket_t fd, short what, void *arg)
{
	struct au_pull *pull = arg;
	struct au_fault fault = pull->fault;

	(void)fd;
	(void)what;
	if (fault.kind == AU_FAULT_NONE)
		return;
	stop(pull);
	pull->fault.kind = AU_FAULT_NONE;
	pull->has_fallen = true;
	struct au_server_list *servers = au_remote_servers(pull->remote);
	size_t before = servers->current;
	int64_t wait = au_retry_after(&pull->retry, &fault, servers, pull->settings->retry_cap, au_rand_delay());
	if (servers->current != before)
		turn(pull);
	if (wait < pull->stay_away_ms)
		wait = pull->stay_away_ms;
	report(pull, au_retry_state(&fault, wait), fault.text, wait);
	plan(pull->again, wait);
}

/* ---- rounds ---- */

static void
read_search(struct au_pull *pull, enum au_search which)
{
	struct search *search = &pull->searches[which];

	search->reads_whole = search->wants_whole || !pull->service.filter || !au_pulling_can_follow(search->pulling) ||
			      au_pull_groups_need_whole(pull->settings) || !pull->settings->trust_total;
	search->wants_whole = false;
	if (search->reads_whole)
		au_pulling_whole(search->pulling, &pull->service);
	else
		au_pulling_changes(search->pulling, &pull->service);
}

static void
begin_round(struct au_pull *pull)
{
	int64_t now = au_clock_mono_ms();

	if (pull->whole_mono == 0 || now - pull->whole_mono >= pull->settings->full_compare) {
		pull->whole_mono = now;
		for (int i = 0; i < AU_SEARCHES; i++)
			pull->searches[i].wants_whole = true;
	}
	pull->is_reading = true;
	read_search(pull, AU_SEARCH_PEOPLE);
}

/* What is well is said, and what could not be read too: it holds nobody else up. */
static void
end_round(struct au_pull *pull)
{
	AU_CLEANUP(au_freep) char *text = NULL;
	bool is_wanted = false;

	for (int i = 0; i < AU_SEARCHES; i++) {
		unsigned count;
		const char *why = au_pulling_unread(pull->searches[i].pulling, &count);
		if (why != NULL && text == NULL)
			text = au_xasprintf("%s: %u cannot be understood, such as: %s", au_search_name(i), count, why);
		is_wanted = is_wanted || pull->searches[i].wants_whole;
	}
	pull->is_reading = pull->has_fallen = false;
	au_retry_succeeded(&pull->retry, au_remote_servers(pull->remote));
	report(pull, AU_LINK_OK, text, 0);
	plan(pull->again, is_wanted ? 0 : pull->settings->poll_interval);
}

/* Somebody is gone, and only reading everything tells who. */
static bool
must_read_more(const struct search *search)
{
	return search->wants_whole || (!search->reads_whole && au_pulling_misses(search->pulling));
}

static void
on_ended(void *ctx, enum au_search which)
{
	struct au_pull *pull = ctx;
	struct search *search = &pull->searches[which];

	if (must_read_more(search)) {
		search->wants_whole = true;
		read_search(pull, which);
	} else if (which == AU_SEARCH_PEOPLE)
		read_search(pull, AU_SEARCH_GROUPS);
	else
		end_round(pull);
}

static void
on_failed(void *ctx, enum au_search which, const struct au_fault *fault, int64_t retry_after_ms)
{
	struct au_pull *pull = ctx;

	/* What this round was to read is still to be read. */
	pull->searches[which].wants_whole = pull->searches[which].wants_whole || pull->searches[which].reads_whole;
	fail(pull, fault, retry_after_ms);
}

static bool
is_foreign(void *ctx, enum au_search which, const char *id)
{
	struct au_pull *pull = ctx;
	enum au_search other = which == AU_SEARCH_PEOPLE ? AU_SEARCH_GROUPS : AU_SEARCH_PEOPLE;

	return au_pulling_has(pull->searches[other].pulling, id);
}

static void
tell_server(struct au_pull *pull)
{
	const char *url = au_server_list_current(au_remote_servers(pull->remote))->url;
	bool is_tls = strncasecmp(url, "https:", 6) == 0;

	pull->config.server(pull->config.ctx, &(struct au_source_server){ .url = url,
						  .vendor = "scim",
						  .product = "",
						  .cover = is_tls ? "TLS" : AU_COVER_NONE,
						  .way = au_pulled_way(&pull->service) });
}

/* A service without this resource can do the least (RFC 7644 section 4 has it "MAY"). */
static void
on_service(void *ctx, const struct au_web_answer *answer)
{
	struct au_pull *pull = ctx;
	AU_CLEANUP(au_json_decrefp) json_t *json = NULL;
	struct au_fault fault;

	if (answer->status != 404 && answer->status != 501 && !au_web_json("service", answer, &json, &fault)) {
		fail(pull, &fault, answer->retry_after_ms);
		return;
	}
	pull->service = au_pulled_service(json);
	pull->knows_service = true;
	tell_server(pull);
	begin_round(pull);
}

static void
on_again(evutil_socket_t fd, short what, void *arg)
{
	struct au_pull *pull = arg;

	(void)fd;
	(void)what;
	if (pull->is_reading)
		return;
	au_pull_ask_again(pull->ask);
	if (pull->knows_service)
		begin_round(pull);
	else {
		pull->is_reading = true;
		au_remote_get(pull->remote, "/ServiceProviderConfig", NULL, on_service, pull);
	}
}

static void
on_pressure(void *ctx, bool is_full)
{
	struct au_pull *pull = ctx;

	for (int i = 0; !is_full && i < AU_SEARCHES; i++)
		au_pulling_room(pull->searches[i].pulling);
}

/* ---- for the program ---- */

static void
init_search(struct au_pull *pull, enum au_search which)
{
	struct search *search = &pull->searches[which];

	search->batch = au_batch_new(pull->config.base, pull->outbox, which, false);
	if (which == AU_SEARCH_GROUPS)
		au_batch_limit(search->batch, pull->settings->max_members, pull->settings->name);
	search->pulling = au_pulling_new(&(struct au_pulling_config){ .search = which,
	    .remote = pull->remote,
	    .outbox = pull->outbox,
	    .batch = search->batch,
	    .settings = pull->settings,
	    .map = &pull->map,
	    .rolls = pull->rolls,
	    .ended = on_ended,
	    .failed = on_failed,
	    .is_foreign = is_foreign,
	    .ctx = pull });
}

int
au_pull_new(const struct au_pull_config *config, struct au_pull **ret, struct au_err *err)
{
	struct au_remote_config remote = { .base = config->base,
		.settings = &config->start->config,
		.token = config->token,
		.client_secret = config->client_secret,
		.client_key = config->client_key };
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct au_pulled_map map;
	struct au_remote *opened;

	if (au_pulled_map_init(&map, arena, remote.settings, err) < 0 || au_remote_new(&remote, &opened, err) < 0)
		return err->code;
	struct au_pull *pull = au_xcalloc(1, sizeof(*pull));
	*pull = (struct au_pull){
		.config = *config, .settings = remote.settings, .remote = opened, .arena = arena, .map = map
	};
	arena = NULL;
	pull->rolls = au_pull_groups_are_of_users(pull->settings) ? au_pull_rolls_new() : NULL;
	pull->outbox = au_outbox_new(config->channel, (size_t)config->start->config.window, on_pressure, pull);
	for (int i = 0; i < AU_SEARCHES; i++)
		init_search(pull, i);
	pull->fresh = au_fresh_new(config->base, config->channel);
	pull->ask = au_pull_ask_new(&(struct au_pull_ask_config){ .settings = pull->settings,
	    .map = &pull->map,
	    .remote = pull->remote,
	    .channel = config->channel,
	    .batches = { pull->searches[AU_SEARCH_PEOPLE].batch, pull->searches[AU_SEARCH_GROUPS].batch },
	    .fresh = pull->fresh });
	pull->again = evtimer_new(config->base, on_again, pull);
	pull->fallen = evtimer_new(config->base, on_fallen, pull);
	*ret = pull;
	return 0;
}

void
au_pull_free(struct au_pull *pull)
{
	if (pull == NULL)
		return;
	stop(pull);
	au_pull_ask_free(pull->ask);
	au_fresh_free(pull->fresh);
	for (int i = 0; i < AU_SEARCHES; i++) {
		au_pulling_free(pull->searches[i].pulling);
		au_batch_free(pull->searches[i].batch);
	}
	au_outbox_free(pull->outbox);
	au_remote_free(pull->remote);
	au_pull_rolls_free(pull->rolls);
	au_arena_free(pull->arena);
	event_free(pull->again);
	event_free(pull->fallen);
	free(pull);
}

void
au_pull_begin(struct au_pull *pull)
{
	plan(pull->again, 0);
}

void
au_pull_resync(struct au_pull *pull)
{
	stop(pull);
	pull->fault.kind = AU_FAULT_NONE;
	pull->retry.tries = 0;
	pull->has_fallen = false;
	pull->knows_service = false;
	pull->whole_mono = 0;
	au_pull_begin(pull);
}

void
au_pull_compare(struct au_pull *pull, enum au_search search)
{
	pull->searches[search].wants_whole = true;
	/* A service that is out of reach is tried again in its own time. */
	if (!pull->is_reading && !pull->has_fallen && event_pending(pull->again, EV_TIMEOUT, NULL))
		plan(pull->again, 0);
}

void
au_pull_reread(struct au_pull *pull, const struct au_source_reread *reread)
{
	au_pull_ask_reread(pull->ask, reread);
}

void
au_pull_lookup(struct au_pull *pull, const struct au_source_lookup *lookup)
{
	au_pull_ask_member(pull->ask, lookup);
}

void
au_pull_unseen(struct au_pull *pull, const struct au_source_unseen *unseen)
{
	au_pulling_unseen(pull->searches[unseen->search].pulling, unseen);
}

void
au_pull_acked(struct au_pull *pull, long long seq)
{
	au_outbox_acked(pull->outbox, seq);
}
