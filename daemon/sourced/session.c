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
#include "base/str.h"
#include "sourced/approach.h"
#include "sourced/effective.h"
#include "sourced/reruns.h"
#include "sourced/side.h"
#include "sourced/streams.h"
#include "sourced/terms.h"

#include <event2/event.h>

struct au_session {
	struct au_session_config config;
	const struct au_source_config *settings;
	struct au_conn_context context;
	struct au_outbox *outbox;
	struct au_approach *approach; /* with the third connection */
	struct au_streams *streams;
	struct au_side *side;
	struct au_reruns *reruns;
	struct au_terms terms;
	struct event *fallen;
	const struct au_root *root; /* of the server; NULL: none is reached */
	char *log;                  /* what is to be said of its log of changes */
	int64_t behind_mono;        /* when the server was last found to have kept a change from us */
	struct au_fault fault;      /* kind NONE while all is well */
};

static void
report(struct au_session *session, enum au_link_state state, const char *text, int64_t retry_in)
{
	session->config.link(
	    session->config.ctx, &(struct au_source_link){ .state = state, .text = text, .retry_in = retry_in });
}

/* All is well, but perhaps for groups whose members are not all known. */
static void
report_well(struct au_session *session)
{
	size_t lacking = au_reruns_lacking(session->reruns);
	struct au_str text = AU_STR_INIT;

	if (lacking > 0)
		au_str_printf(
		    &text, "not all members are known of %zu group%s: see the log", lacking, lacking == 1 ? "" : "s");
	report(session, AU_LINK_OK, lacking > 0 ? au_str_get(&text) : NULL, 0);
	au_str_done(&text);
}

static void
fail(struct au_session *session, const struct au_fault *fault)
{
	if (session->fault.kind != AU_FAULT_NONE)
		return;
	session->fault = *fault;
	event_active(session->fallen, EV_TIMEOUT, 0);
}

static struct au_line *
side_line(const struct au_session *session)
{
	return au_conn_line(au_approach_conn(session->approach));
}

static void
take_down(struct au_session *session)
{
	session->root = NULL;
	au_side_close(session->side);
	au_streams_close(session->streams);
	au_approach_end(session->approach);
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
	au_streams_broke(session->streams, &fault);
	take_down(session);
	session->fault.kind = AU_FAULT_NONE;
	struct au_source_link link;
	au_approach_again(session->approach, &fault, au_terms_retreat(&session->terms, &fault), &link);
	session->config.link(session->config.ctx, &link);
}

/* ---- readings ---- */

/* A search was read well; perhaps that was all. */
static void
succeed(struct au_session *session, enum au_search which, bool was_whole)
{
	au_streams_succeeded(session->streams, which, was_whole);
	if (!au_streams_are_fresh(session->streams))
		return;
	au_approach_succeeded(session->approach);
	report_well(session);
	au_side_reread_on(session->side, side_line(session), session->terms.way == NULL);
	au_comparing_go(au_side_comparing(session->side), au_streams_were_whole(session->streams));
}

static void
on_compare_ended(void *ctx, enum au_search which)
{
	struct au_session *session = ctx;

	succeed(session, which, !au_streams_is_fresh(session->streams, which));
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

static void
go_on(struct au_session *session)
{
	if (session->fault.kind == AU_FAULT_NONE)
		au_streams_go_on(session->streams);
}

static void
on_refreshed(void *ctx, enum au_search which)
{
	struct au_session *session = ctx;

	succeed(session, which, au_stream_is_whole(au_streams_get(session->streams, which)));
	go_on(session);
}

static void
on_touched(void *ctx, enum au_search which, const char *id)
{
	const struct au_session *session = ctx;

	au_side_touched(session->side, which, id);
}

static void
on_partial(void *ctx, const struct au_mapped *group)
{
	const struct au_session *session = ctx;

	au_reruns_ask(session->reruns, group);
}

static void
on_rerun(void *ctx, const char *id, const char *dn)
{
	au_session_reread(ctx, &(struct au_source_reread){ .search = AU_SEARCH_GROUPS, .id = id, .dn = dn });
}

static void
on_lacking(void *ctx)
{
	struct au_session *session = ctx;

	if (session->fault.kind == AU_FAULT_NONE && au_streams_are_fresh(session->streams))
		report_well(session);
}

static const struct au_reruns_events rerun_events = { .wish = on_rerun, .lacking = on_lacking };

static void
ask_again(void *ctx, enum au_search which)
{
	const struct au_session *session = ctx;

	au_comparing_hold(au_side_comparing(session->side), which);
	au_streams_stale(session->streams, which);
	au_stream_ask_again(au_streams_get(session->streams, which));
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
	au_streams_stale(session->streams, which);
	au_comparing_hold(au_side_comparing(session->side), which);
	au_side_reread_on(session->side, NULL, false);
	au_stream_start(au_streams_get(session->streams, which));
}

static void
tell_server(struct au_session *session, const struct au_root *root)
{
	struct au_str product = AU_STR_INIT;
	struct au_source_server server = au_terms_server(
	    &session->terms, session->settings, root, au_approach_server(session->approach)->url, &product);
	AU_CLEANUP(au_json_decrefp) json_t *effective = au_effective_to_json(session->settings, session->terms.vendor);

	server.effective = effective;
	server.log = session->log;
	server.cover = au_conn_cover(au_approach_conn(session->approach));
	session->config.server(session->config.ctx, &server);
	au_str_done(&product);
}

static void
on_log(void *ctx, const char *text)
{
	struct au_session *session = ctx;

	free(session->log);
	session->log = au_xstrdup(text);
	if (session->root != NULL)
		tell_server(session, session->root);
}

static const struct au_follow_events follow_events = { .refreshed = on_refreshed,
	.touched = on_touched,
	.partial = on_partial,
	.failed = on_follow_failed,
	.again = ask_again,
	.log = on_log };

static void
on_stream_failed(void *ctx, enum au_search which, const struct au_fault *fault)
{
	(void)which;
	fail(ctx, fault);
}

/* ---- the third connection ---- */

static void
on_rooted(void *ctx, const struct au_root *root)
{
	struct au_session *session = ctx;
	struct au_line *line = side_line(session);

	session->root = root;
	au_terms_agree(&session->terms, session->settings, root);
	tell_server(session, root);
	if (au_root_has_control(root, AU_OID_DOMAIN_SCOPE))
		au_line_always(line, AU_OID_DOMAIN_SCOPE);
	au_streams_open(session->streams, au_approach_server(session->approach), line, session->terms.vendor,
	    session->terms.way, root);
	au_comparing_open(au_side_comparing(session->side), line, session->terms.way != NULL);
}

static bool
is_newer(void *ctx, const char *csn)
{
	const struct au_session *session = ctx;

	return au_streams_are_behind(session->streams, csn);
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
		ask_again(session, i);
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
on_reached(void *ctx)
{
	const struct au_session *session = ctx;

	au_side_open(session->side, side_line(session));
}

static const struct au_approach_events approach_events = { .ready = on_reached, .failed = on_session_failed };

/* The daemon is behind, or has caught up. */
static void
on_pressure(void *ctx, bool is_full)
{
	struct au_session *session = ctx;

	au_streams_pause(session->streams, is_full);
	if (!is_full)
		au_comparing_room(au_side_comparing(session->side));
}

/* ---- for the program ---- */

static int
make_streams(struct au_session *session, struct au_err *err)
{
	return au_streams_new(&(struct au_streams_config){ .context = &session->context,
				  .start = session->config.start,
				  .outbox = session->outbox,
				  .reruns = session->reruns,
				  .failed = on_stream_failed,
				  .follow = &follow_events,
				  .ctx = session },
	    &session->streams, err);
}

static int
make_side(struct au_session *session, struct au_err *err)
{
	return au_side_new(&(struct au_side_config){ .base = session->config.base,
			       .start = session->config.start,
			       .streams = session->streams,
			       .outbox = session->outbox,
			       .channel = session->config.channel,
			       .probe = &probe_events,
			       .compare = { .ended = on_compare_ended, .failed = on_compare_failed },
			       .refused = on_recent_refused,
			       .ctx = session },
	    &session->side, err);
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
	session->fallen = evtimer_new(config->base, on_fallen, session);
	session->approach = au_approach_new(&(struct au_approach_config){ .context = &session->context,
	    .trust = config->trust,
	    .servers = config->servers,
	    .events = &approach_events,
	    .ctx = session });
	session->outbox = au_outbox_new(config->channel, (size_t)config->start->config.window, on_pressure, session);
	session->reruns = au_reruns_new(
	    config->base, session->settings->dynamic_interval, session->settings->name, &rerun_events, session);
	int rc = make_streams(session, err);
	if (rc == 0)
		rc = make_side(session, err);
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
	if (session->side != NULL)
		take_down(session);
	au_side_free(session->side);
	au_streams_free(session->streams);
	au_reruns_free(session->reruns);
	au_outbox_free(session->outbox);
	event_free(session->fallen);
	free(session->log);
	au_approach_free(session->approach);
	free(session);
}

void
au_session_begin(struct au_session *session)
{
	au_approach_begin(session->approach);
}

void
au_session_resync(struct au_session *session)
{
	take_down(session);
	session->fault.kind = AU_FAULT_NONE;
	session->terms.refused = NULL;
	au_approach_forgive(session->approach);
	au_streams_forget_cookies(session->streams);
	au_session_begin(session);
}

void
au_session_compare(struct au_session *session, enum au_search search)
{
	au_comparing_want(au_side_comparing(session->side), search);
}

void
au_session_reread(struct au_session *session, const struct au_source_reread *reread)
{
	au_side_reread(session->side, reread);
}

void
au_session_owner(struct au_session *session, const char *dn_norm)
{
	au_side_owner(session->side, dn_norm);
}

void
au_session_lookup(struct au_session *session, const struct au_source_lookup *lookup)
{
	au_side_lookup(session->side, lookup);
}

void
au_session_acked(struct au_session *session, long long seq)
{
	au_outbox_acked(session->outbox, seq);
}
