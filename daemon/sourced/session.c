/* SPDX-License-Identifier: ISC */
/*
 * A session with a server goes through: third connection -> root DSE -> people
 * -> groups -> followed.  Groups wait for the people's refresh, so that members
 * are known when they are named.  Whatever fails ends the session as a whole;
 * with cookies the next one is cheap.  Ending is put off to a fresh turn of the
 * loop, as the fault comes from deep inside what will be freed.
 */
#include "sourced/session.h"

#include "base/clock.h"
#include "base/rand.h"
#include "model/dn.h"
#include "sourced/comparing.h"
#include "sourced/conn.h"
#include "sourced/csn.h"
#include "sourced/lookup.h"
#include "sourced/probe.h"
#include "sourced/reread.h"
#include "sourced/retry.h"
#include "sourced/watch.h"

#include <event2/event.h>
#include <string.h>

#define PROBE_TIMEOUT_MS 10000

/* One of the two searches. */
struct search {
	struct au_session *session;
	struct au_mapping mapping;
	struct au_batch *batch;
	struct au_watch *watch;
	struct au_conn *conn;
	bool started;   /* in this session */
	bool fresh;     /* read well in this session */
	bool was_whole; /* that reading was without a cookie */
};

struct au_session {
	struct au_session_config config;
	const struct au_source_config *settings;
	struct au_conn_context context;
	struct au_arena *arena;
	const char *people_norm;
	struct au_outbox *outbox;
	struct search searches[AU_SEARCHES];
	struct au_conn *side;
	struct au_lookup *lookup;
	struct au_reread *reread;
	struct au_comparing *comparing;
	struct au_probe *probe;
	const struct au_profile *profile;
	bool is_pushed; /* this server offers RFC 4533 */
	struct au_retry retry;
	struct event *again, *fallen;
	int64_t behind_mono;   /* when the server was last found to have kept a change from us */
	struct au_fault fault; /* kind NONE while all is well */
};

static void
report(struct au_session *session, enum au_link_state state, const char *text, int64_t retry_in)
{
	session->config.link(
	    session->config.ctx, &(struct au_source_link){ .state = state, .text = text, .retry_in = retry_in });
}

static void
fail(struct au_session *session, const struct au_fault *fault)
{
	if (session->fault.kind != AU_FAULT_NONE)
		return;
	session->fault = *fault;
	event_active(session->fallen, EV_TIMEOUT, 0);
}

static void
plan(struct event *timer, int64_t ms)
{
	struct timeval wait = { ms / 1000, ms % 1000 * 1000 };

	event_add(timer, &wait);
}

static void
take_down(struct au_session *session)
{
	au_probe_stop(session->probe);
	au_lookup_line(session->lookup, NULL, 0);
	au_reread_line(session->reread, NULL, 0);
	au_comparing_close(session->comparing);
	for (int i = 0; i < AU_SEARCHES; i++) {
		struct search *search = &session->searches[i];
		au_watch_stop(search->watch);
		au_conn_free(search->conn);
		search->conn = NULL;
		search->started = search->fresh = false;
	}
	au_conn_free(session->side);
	session->side = NULL;
}

static void
on_fallen(evutil_socket_t fd, short what, void *arg)
{
	struct au_session *session = arg;
	struct au_fault fault = session->fault;

	(void)fd;
	(void)what;
	if (fault.kind == AU_FAULT_NONE)
		return;
	take_down(session);
	session->fault.kind = AU_FAULT_NONE;
	int64_t wait = au_retry_after(
	    &session->retry, &fault, &session->config.servers, session->settings->retry_cap, au_rand_below(UINT32_MAX));
	report(session, au_retry_state(&fault), fault.text, wait);
	plan(session->again, wait);
}

/* ---- readings ---- */

static bool
is_fresh(const struct au_session *session)
{
	return session->searches[AU_SEARCH_PEOPLE].fresh && session->searches[AU_SEARCH_GROUPS].fresh;
}

/* Everything was read well. */
static void
succeed(struct au_session *session)
{
	bool whole = session->searches[AU_SEARCH_PEOPLE].was_whole && session->searches[AU_SEARCH_GROUPS].was_whole;

	au_retry_succeeded(&session->retry, &session->config.servers);
	report(session, AU_LINK_OK, NULL, 0);
	if (session->is_pushed)
		au_reread_line(session->reread, au_conn_line(session->side), session->settings->operation_timeout);
	au_comparing_go(session->comparing, whole);
}

static void
on_compare_ended(void *ctx, enum au_search which)
{
	struct au_session *session = ctx;
	struct search *search = &session->searches[which];

	search->was_whole = !search->fresh;
	search->fresh = true;
	if (is_fresh(session))
		succeed(session);
}

/* The pushed changes go on when only the comparing fails. */
static void
on_compare_failed(void *ctx, enum au_search which, const struct au_fault *fault)
{
	struct au_session *session = ctx;
	struct au_fault named;

	(void)which;
	if (!session->is_pushed || fault->kind == AU_FAULT_REACH) {
		fail(session, fault);
		return;
	}
	au_fault_set(&named, fault->kind, "full compare: %.280s", fault->text);
	report(session, AU_LINK_OK, named.text, 0);
}

/* ---- following ---- */

static void
start_watch(struct au_session *session, struct search *search)
{
	bool resume = session->profile->resume;

	search->started = true;
	search->was_whole = !resume || au_batch_cookie_sent(search->batch) == NULL;
	au_watch_start(search->watch, au_conn_line(search->conn), resume, session->settings->operation_timeout);
	if (au_outbox_is_full(session->outbox))
		au_line_pause(au_conn_line(search->conn), true);
}

/* People first: groups name them. */
static void
go_on(struct au_session *session)
{
	struct search *people = &session->searches[AU_SEARCH_PEOPLE], *groups = &session->searches[AU_SEARCH_GROUPS];

	if (session->fault.kind != AU_FAULT_NONE)
		return;
	if (!people->started && au_conn_is_ready(people->conn))
		start_watch(session, people);
	if (!groups->started && people->fresh && au_conn_is_ready(groups->conn))
		start_watch(session, groups);
}

static void
on_refreshed(void *ctx, enum au_search which)
{
	struct au_session *session = ctx;

	session->searches[which].fresh = true;
	go_on(session);
	if (is_fresh(session))
		succeed(session);
}

static void
on_touched(void *ctx, enum au_search which, const char *id)
{
	struct au_session *session = ctx;

	au_comparing_touched(session->comparing, which, id);
	if (which == AU_SEARCH_GROUPS)
		au_reread_touched(session->reread, id);
}

static void
on_watch_failed(void *ctx, enum au_search which, const struct au_fault *fault)
{
	struct au_session *session = ctx;
	struct search *search = &session->searches[which];

	if (fault->kind != AU_FAULT_RELOAD) {
		fail(session, fault);
		return;
	}
	report(session, AU_LINK_STALE, fault->text, 0);
	search->fresh = false;
	au_comparing_hold(session->comparing, which);
	au_reread_line(session->reread, NULL, 0);
	start_watch(session, search);
}

static const struct au_watch_events watch_events = {
	.refreshed = on_refreshed, .touched = on_touched, .failed = on_watch_failed
};

static void
on_search_ready(void *ctx)
{
	struct search *search = ctx;

	go_on(search->session);
}

static void
on_search_drained(void *ctx)
{
	struct search *search = ctx;

	au_watch_drained(search->watch);
}

static void
on_search_failed(void *ctx, const struct au_fault *fault)
{
	struct search *search = ctx;

	fail(search->session, fault);
}

static const struct au_conn_events search_events = {
	.ready = on_search_ready, .drained = on_search_drained, .failed = on_search_failed
};

/* ---- the third connection ---- */

static void
on_rooted(void *ctx, const struct au_root *root)
{
	struct au_session *session = ctx;

	session->profile = au_profile_find(root);
	session->is_pushed = root->has_sync;
	for (int i = 0; session->is_pushed && i < AU_SEARCHES; i++)
		session->searches[i].conn = au_conn_new(&session->context,
		    au_server_list_current(&session->config.servers), &search_events, &session->searches[i]);
	au_comparing_open(session->comparing, au_conn_line(session->side), session->is_pushed);
}

static bool
is_newer(void *ctx, const char *csn)
{
	struct au_session *session = ctx;

	for (int i = 0; i < AU_SEARCHES; i++) {
		const char *cookie = au_batch_cookie_newest(session->searches[i].batch);
		if (!au_watch_is_following(session->searches[i].watch) || cookie == NULL ||
		    !au_csn_is_newer(csn, cookie))
			return false;
	}
	return true;
}

/*
 * Servers say nothing of what lies outside of both searches, but perhaps a stream is stuck.  Beginning again from the
 * cookies tells: either the answer brings us there, or there is none and the session ends.
 */
static void
on_behind(void *ctx)
{
	struct au_session *session = ctx;
	int64_t now = au_clock_mono_ms();

	if (session->behind_mono != 0 && now - session->behind_mono < session->settings->retry_cap)
		return;
	session->behind_mono = now;
	for (int i = 0; i < AU_SEARCHES; i++)
		au_watch_ask_again(session->searches[i].watch, session->settings->operation_timeout);
}

static void
on_session_failed(void *ctx, const struct au_fault *fault)
{
	fail(ctx, fault);
}

static const struct au_probe_events probe_events = {
	.rooted = on_rooted, .behind = on_behind, .is_newer = is_newer, .failed = on_session_failed
};

static void
on_side_ready(void *ctx)
{
	struct au_session *session = ctx;
	struct au_line *line = au_conn_line(session->side);

	au_probe_start(session->probe, line, session->people_norm);
	au_lookup_line(session->lookup, line, session->settings->operation_timeout);
}

static void
on_side_drained(void *ctx)
{
	(void)ctx;
}

static const struct au_conn_events side_events = {
	.ready = on_side_ready, .drained = on_side_drained, .failed = on_session_failed
};

static void
on_again(evutil_socket_t fd, short what, void *arg)
{
	struct au_session *session = arg;

	(void)fd;
	(void)what;
	session->side =
	    au_conn_new(&session->context, au_server_list_current(&session->config.servers), &side_events, session);
}

/* The daemon is behind, or has caught up. */
static void
on_pressure(void *ctx, bool is_full)
{
	struct au_session *session = ctx;

	for (int i = 0; i < AU_SEARCHES; i++) {
		struct search *search = &session->searches[i];
		if (search->started)
			au_line_pause(au_conn_line(search->conn), is_full);
	}
	if (!is_full)
		au_comparing_room(session->comparing);
}

/* ---- for the program ---- */

static int
init_mappings(struct au_session *session, struct au_err *err)
{
	int rc = 0;

	for (int i = 0; rc == 0 && i < AU_SEARCHES; i++)
		rc = au_mapping_init(&session->searches[i].mapping, session->arena, session->settings, i, err);
	return rc;
}

static void
init_search(struct au_session *session, enum au_search which)
{
	struct search *search = &session->searches[which];

	search->session = session;
	search->batch = au_batch_new(session->config.base, session->outbox, which, false);
	au_batch_cookie_reset(search->batch, session->config.start->cookies[which]);
	search->watch = au_watch_new(&search->mapping, search->batch, &watch_events, session);
}

static struct au_comparing *
new_comparing(struct au_session *session)
{
	const struct au_source_config *settings = session->settings;

	return au_comparing_new(&(struct au_comparing_config){ .base = session->config.base,
	    .mappings = { &session->searches[AU_SEARCH_PEOPLE].mapping, &session->searches[AU_SEARCH_GROUPS].mapping },
	    .outbox = session->outbox,
	    .interval_ms = settings->full_compare,
	    .first_ms = session->config.start->compare_in,
	    .retry_ms = settings->retry_cap,
	    .operation_timeout_ms = settings->operation_timeout,
	    .events = { .ended = on_compare_ended, .failed = on_compare_failed },
	    .ctx = session });
}

int
au_session_new(const struct au_session_config *config, struct au_session **ret, struct au_err *err)
{
	struct au_session *session = au_xcalloc(1, sizeof(*session));
	const struct au_source_config *settings = &config->start->config;
	int64_t probe_timeout =
	    settings->operation_timeout < PROBE_TIMEOUT_MS ? settings->operation_timeout : PROBE_TIMEOUT_MS;

	session->config = *config;
	session->settings = settings;
	session->context = (struct au_conn_context){
		.base = config->base, .dns = config->dns, .config = settings, .login = config->login, .tls = config->tls
	};
	session->arena = au_arena_new();
	session->outbox = au_outbox_new(config->channel, on_pressure, session);
	for (int i = 0; i < AU_SEARCHES; i++)
		init_search(session, i);
	session->comparing = new_comparing(session);
	session->reread = au_reread_new(
	    config->base, &session->searches[AU_SEARCH_GROUPS].mapping, session->searches[AU_SEARCH_GROUPS].batch);
	session->probe = au_probe_new(config->base, settings->probe_interval, probe_timeout, &probe_events, session);
	session->again = evtimer_new(config->base, on_again, session);
	session->fallen = evtimer_new(config->base, on_fallen, session);
	int rc = init_mappings(session, err);
	if (rc == 0)
		rc = au_dn_normalize(session->arena, settings->people_base, &session->people_norm, err);
	if (rc == 0)
		rc =
		    au_lookup_new(&session->searches[AU_SEARCH_PEOPLE].mapping, config->channel, &session->lookup, err);
	if (rc == 0)
		*ret = session;
	else
		au_session_free(session);
	return rc;
}

void
au_session_free(struct au_session *session)
{
	if (session == NULL)
		return;
	if (session->lookup != NULL)
		take_down(session);
	au_comparing_free(session->comparing);
	au_reread_free(session->reread);
	for (int i = 0; i < AU_SEARCHES; i++) {
		au_watch_free(session->searches[i].watch);
		au_batch_free(session->searches[i].batch);
	}
	au_lookup_free(session->lookup);
	au_probe_free(session->probe);
	au_outbox_free(session->outbox);
	event_free(session->again);
	event_free(session->fallen);
	au_arena_free(session->arena);
	free(session);
}

void
au_session_begin(struct au_session *session)
{
	plan(session->again, 0);
}

void
au_session_resync(struct au_session *session)
{
	take_down(session);
	session->fault.kind = AU_FAULT_NONE;
	session->retry.tries = 0;
	for (int i = 0; i < AU_SEARCHES; i++)
		au_batch_cookie_reset(session->searches[i].batch, NULL);
	au_session_begin(session);
}

void
au_session_compare(struct au_session *session, enum au_search search)
{
	au_comparing_want(session->comparing, search);
}

void
au_session_reread(struct au_session *session, const struct au_source_reread *reread)
{
	au_reread_ask(session->reread, reread);
}

void
au_session_lookup(struct au_session *session, const struct au_source_lookup *lookup)
{
	au_lookup_ask(session->lookup, lookup);
}

void
au_session_acked(struct au_session *session, long long seq)
{
	au_outbox_acked(session->outbox, seq);
}
