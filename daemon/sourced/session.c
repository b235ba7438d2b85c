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
#include "base/log.h"
#include "base/rand.h"
#include "base/str.h"
#include "model/dn.h"
#include "sourced/canary.h"
#include "sourced/comparing.h"
#include "sourced/csn.h"
#include "sourced/lookup.h"
#include "sourced/probe.h"
#include "sourced/reread.h"
#include "sourced/retry.h"
#include "sourced/stream.h"
#include "sourced/terms.h"

#include <event2/event.h>
#include <string.h>

#define PROBE_TIMEOUT_MS 10000

struct au_session {
	struct au_session_config config;
	const struct au_source_config *settings;
	struct au_conn_context context;
	struct au_arena *arena;
	const char *people_norm;
	struct au_outbox *outbox;
	struct au_stream *streams[AU_SEARCHES];
	bool is_fresh[AU_SEARCHES];  /* read well in this session */
	bool was_whole[AU_SEARCHES]; /* that reading was of everything */
	struct au_question *question; /* for servers by SRV records */
	struct au_conn *side;
	struct au_lookup *lookup;
	struct au_canaries *canaries;
	struct au_reread *reread;
	struct au_comparing *comparing;
	struct au_probe *probe;
	struct au_terms terms;
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
	au_canaries_line(session->canaries, NULL);
	au_reread_line(session->reread, NULL, 0);
	au_comparing_close(session->comparing);
	for (int i = 0; i < AU_SEARCHES; i++) {
		au_stream_close(session->streams[i]);
		session->is_fresh[i] = false;
	}
	au_question_free(session->question);
	session->question = NULL;
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
	for (int i = 0; i < AU_SEARCHES; i++)
		au_batch_broke(au_stream_batch(session->streams[i]), &fault);
	take_down(session);
	session->fault.kind = AU_FAULT_NONE;
	int64_t wait = 0;
	if (!au_terms_retreat(&session->terms, &fault))
		wait = au_retry_after(&session->retry, &fault, &session->config.servers, session->settings->retry_cap,
		    au_rand_below(UINT32_MAX));
	if (au_retry_alarms(&session->retry) && session->retry.same > 1)
		au_fault_count(&fault, session->retry.same);
	session->config.link(session->config.ctx,
	    &(struct au_source_link){ .state = au_retry_state(&fault, wait),
		.alarm = au_retry_alarms(&session->retry),
		.text = fault.text,
		.retry_in = wait });
	plan(session->again, wait);
}

/* ---- readings ---- */

static bool
is_fresh(const struct au_session *session)
{
	return session->is_fresh[AU_SEARCH_PEOPLE] && session->is_fresh[AU_SEARCH_GROUPS];
}

/* A search was read well; perhaps that was all. */
static void
succeed(struct au_session *session, enum au_search which, bool was_whole)
{
	session->is_fresh[which] = true;
	session->was_whole[which] = was_whole;
	if (!is_fresh(session))
		return;
	au_retry_succeeded(&session->retry, &session->config.servers);
	report(session, AU_LINK_OK, NULL, 0);
	if (session->terms.way != NULL)
		au_reread_line(session->reread, au_conn_line(session->side), session->settings->operation_timeout);
	au_comparing_go(
	    session->comparing, session->was_whole[AU_SEARCH_PEOPLE] && session->was_whole[AU_SEARCH_GROUPS]);
}

static void
on_compare_ended(void *ctx, enum au_search which)
{
	struct au_session *session = ctx;

	succeed(session, which, !session->is_fresh[which]);
}

/* The pushed changes go on when only the comparing fails. */
static void
on_compare_failed(void *ctx, enum au_search which, const struct au_fault *fault)
{
	struct au_session *session = ctx;
	struct au_fault named;

	(void)which;
	if (session->terms.way == NULL || fault->kind == AU_FAULT_REACH) {
		fail(session, fault);
		return;
	}
	au_fault_set(&named, fault->kind, "full compare: %.280s", fault->text);
	report(session, AU_LINK_OK, named.text, 0);
}

/* Only news come later. */
static void
on_recent_refused(void *ctx, const struct au_fault *fault)
{
	struct au_fault named;

	au_fault_set(&named, fault->kind, "poll_recent: %.280s", fault->text);
	report(ctx, AU_LINK_OK, named.text, 0);
}

/* ---- following ---- */

/* People first: groups name them. */
static void
go_on(struct au_session *session)
{
	if (session->fault.kind != AU_FAULT_NONE)
		return;
	for (int i = 0; i < AU_SEARCHES; i++)
		if (au_stream_is_ready(session->streams[i]) && (i == AU_SEARCH_PEOPLE || session->is_fresh[i - 1]))
			au_stream_start(session->streams[i]);
}

static void
on_refreshed(void *ctx, enum au_search which)
{
	struct au_session *session = ctx;

	succeed(session, which, au_stream_is_whole(session->streams[which]));
	go_on(session);
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
on_follow_failed(void *ctx, enum au_search which, const struct au_fault *fault)
{
	struct au_session *session = ctx;

	if (fault->kind != AU_FAULT_RELOAD) {
		fail(session, fault);
		return;
	}
	report(session, AU_LINK_STALE, fault->text, 0);
	session->is_fresh[which] = false;
	au_comparing_hold(session->comparing, which);
	au_reread_line(session->reread, NULL, 0);
	au_stream_start(session->streams[which]);
}

static const struct au_follow_events follow_events = {
	.refreshed = on_refreshed, .touched = on_touched, .failed = on_follow_failed
};

static void
on_stream_ready(void *ctx, enum au_search which)
{
	(void)which;
	go_on(ctx);
}

static void
on_stream_failed(void *ctx, enum au_search which, const struct au_fault *fault)
{
	(void)which;
	fail(ctx, fault);
}

static const struct au_stream_events stream_events = { .ready = on_stream_ready, .failed = on_stream_failed };

/* ---- the third connection ---- */

static void
tell_server(struct au_session *session, const struct au_root *root)
{
	struct au_str product = AU_STR_INIT;
	struct au_source_server server = au_terms_server(&session->terms, session->settings, root,
	    au_server_list_current(&session->config.servers)->url, &product);

	server.cover = au_conn_cover(session->side);
	session->config.server(session->config.ctx, &server);
	au_str_done(&product);
}

static void
on_rooted(void *ctx, const struct au_root *root)
{
	struct au_session *session = ctx;

	const struct au_server *server = au_server_list_current(&session->config.servers);

	au_terms_agree(&session->terms, session->settings, root);
	tell_server(session, root);
	if (au_root_has_control(root, AU_OID_DOMAIN_SCOPE))
		au_line_always(au_conn_line(session->side), AU_OID_DOMAIN_SCOPE);
	for (int i = 0; i < AU_SEARCHES; i++)
		au_stream_open(session->streams[i], server, session->terms.vendor, session->terms.way, root);
	au_comparing_open(session->comparing, au_conn_line(session->side), session->terms.way != NULL);
}

static bool
is_newer(void *ctx, const char *csn)
{
	struct au_session *session = ctx;

	for (int i = 0; i < AU_SEARCHES; i++) {
		const char *cookie = au_batch_cookie_newest(au_stream_batch(session->streams[i]));
		if (!au_stream_is_following(session->streams[i]) || cookie == NULL || !au_csn_is_newer(csn, cookie))
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
	for (int i = 0; i < AU_SEARCHES; i++) {
		au_comparing_hold(session->comparing, i);
		session->is_fresh[i] = false;
		au_stream_ask_again(session->streams[i]);
	}
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
on_canary_lost(void *ctx, const struct au_source_canary *canary)
{
	const struct au_session *session = ctx;

	au_log(AU_LOG_ERROR, AU_FIELDS("SOURCE", session->settings->name), "the canary '%s' is not seen any more",
	    canary->dn);
	au_channel_send(session->config.channel, au_source_canary_to_json(canary), false);
}

static void
on_side_ready(void *ctx)
{
	struct au_session *session = ctx;
	struct au_line *line = au_conn_line(session->side);

	au_probe_start(session->probe, line, session->people_norm);
	au_lookup_line(session->lookup, line, session->settings->operation_timeout);
	au_canaries_line(session->canaries, line);
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
connect_side(struct au_session *session)
{
	session->side =
	    au_conn_new(&session->context, au_server_list_current(&session->config.servers), &side_events, session);
}

static void
on_found(void *ctx, const struct au_answer *answer)
{
	struct au_session *session = ctx;
	struct au_server_list *servers = &session->config.servers;
	const struct au_server *server = au_server_list_current(servers);
	struct au_fault fault;

	if (answer->why != NULL) {
		fail(session, au_fault_set(&fault, AU_FAULT_REACH, "%s: SRV records of '%s': %s", server->url,
				  server->service, answer->why));
		return;
	}
	au_service_order(answer->services, answer->count, au_rand_below);
	au_server_list_found(servers, answer->services, answer->count);
	connect_side(session);
}

static void
on_again(evutil_socket_t fd, short what, void *arg)
{
	struct au_session *session = arg;
	struct au_err err = { 0 };
	struct au_fault fault;

	(void)fd;
	(void)what;
	if (au_tls_trust_read(session->config.trust, &err) < 0) {
		fail(session, au_fault_set(&fault, AU_FAULT_SETUP, "%s", err.text));
		return;
	}
	const struct au_server *server = au_server_list_current(&session->config.servers);
	if (server->service == NULL)
		connect_side(session);
	else
		session->question =
		    au_resolve_service(session->config.base, session->config.dns, server->service, on_found, session);
}

/* The daemon is behind, or has caught up. */
static void
on_pressure(void *ctx, bool is_full)
{
	struct au_session *session = ctx;

	for (int i = 0; i < AU_SEARCHES; i++)
		au_stream_pause(session->streams[i], is_full);
	if (!is_full)
		au_comparing_room(session->comparing);
}

/* ---- for the program ---- */

static int
make_streams(struct au_session *session, struct au_err *err)
{
	int rc = 0;

	for (int i = 0; rc == 0 && i < AU_SEARCHES; i++)
		rc = au_stream_new(&(struct au_stream_config){ .context = &session->context,
				       .search = i,
				       .outbox = session->outbox,
				       .cookie = session->config.start->cookies[i],
				       .events = &stream_events,
				       .follow = &follow_events,
				       .ctx = session },
		    &session->streams[i], err);
	return rc;
}

static struct au_comparing *
new_comparing(struct au_session *session)
{
	const struct au_source_config *settings = session->settings;

	return au_comparing_new(&(struct au_comparing_config){ .base = session->config.base,
	    .mappings = { au_stream_mapping(session->streams[AU_SEARCH_PEOPLE]),
		au_stream_mapping(session->streams[AU_SEARCH_GROUPS]) },
	    .followed = { au_stream_batch(session->streams[AU_SEARCH_PEOPLE]),
		au_stream_batch(session->streams[AU_SEARCH_GROUPS]) },
	    .outbox = session->outbox,
	    .interval_ms = settings->full_compare,
	    .poll_ms = settings->poll_interval,
	    .first_ms = session->config.start->compare_in,
	    .retry_ms = settings->retry_cap,
	    .operation_timeout_ms = settings->operation_timeout,
	    .recent_ms = settings->poll_recent,
	    .events = { .ended = on_compare_ended, .failed = on_compare_failed },
	    .refused = on_recent_refused,
	    .ctx = session });
}

/* What needs the streams. */
static int
make_parts(struct au_session *session, struct au_err *err)
{
	const struct au_source_config *settings = session->settings;
	int64_t probe_timeout =
	    settings->operation_timeout < PROBE_TIMEOUT_MS ? settings->operation_timeout : PROBE_TIMEOUT_MS;
	const struct au_stream *groups = session->streams[AU_SEARCH_GROUPS];

	session->comparing = new_comparing(session);
	session->reread = au_reread_new(session->config.base, au_stream_mapping(groups), au_stream_batch(groups));
	session->probe =
	    au_probe_new(session->config.base, settings->probe_interval, probe_timeout, &probe_events, session);
	session->again = evtimer_new(session->config.base, on_again, session);
	session->fallen = evtimer_new(session->config.base, on_fallen, session);
	int rc = au_dn_normalize(session->arena, settings->people_base, &session->people_norm, err);
	const struct au_mapping *const mappings[AU_SEARCHES] = { au_stream_mapping(session->streams[AU_SEARCH_PEOPLE]),
		au_stream_mapping(groups) };
	session->canaries = au_canaries_new(session->config.base, settings, mappings, on_canary_lost, session);
	return rc < 0 ? rc : au_lookup_new(mappings, session->config.channel, &session->lookup, err);
}

int
au_session_new(const struct au_session_config *config, struct au_session **ret, struct au_err *err)
{
	struct au_session *session = au_xcalloc(1, sizeof(*session));

	session->config = *config;
	session->settings = &config->start->config;
	session->context = (struct au_conn_context){ .base = config->base,
		.dns = config->dns,
		.config = session->settings,
		.login = config->login,
		.trust = config->trust };
	session->arena = au_arena_new();
	session->outbox = au_outbox_new(config->channel, on_pressure, session);
	int rc = make_streams(session, err);
	if (rc == 0)
		rc = make_parts(session, err);
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
	for (int i = 0; i < AU_SEARCHES; i++)
		au_stream_free(session->streams[i]);
	au_lookup_free(session->lookup);
	au_canaries_free(session->canaries);
	au_probe_free(session->probe);
	au_outbox_free(session->outbox);
	if (session->again != NULL)
		event_free(session->again);
	if (session->fallen != NULL)
		event_free(session->fallen);
	au_server_list_done(&session->config.servers);
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
	session->terms.refused = NULL;
	session->retry.tries = 0;
	for (int i = 0; i < AU_SEARCHES; i++)
		au_batch_cookie_reset(au_stream_batch(session->streams[i]), NULL);
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
