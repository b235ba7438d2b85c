/* SPDX-License-Identifier: ISC */
/*
 * The log is a directory of its own, so it is followed as any other, by RFC 4533 from a cookie; that its records go, as
 * the server purges the old ones, means nothing.  Only groups' records are asked for: the log has everybody's changes,
 * passwords too.
 */
#include "sourced/accesslog.h"

#include "base/backoff.h"
#include "base/log.h"
#include "base/rand.h"
#include "base/str.h"
#include "sourced/cookie.h"
#include "sourced/ended.h"
#include "sourced/intermediate.h"
#include "sourced/log_look.h"
#include "sourced/retry.h"
#include "sourced/sync_control.h"

#include <event2/event.h>
#include <string.h>

#define IN_USE "in use for large groups"
#define ONCE_MORE IN_USE ", each of which is read once more when it changes, as "

enum stage {
	STAGE_CLOSED, /* there is no session */
	STAGE_LOOK,   /* connected to, and looked at */
	STAGE_IDLE,   /* nobody wants it */
	STAGE_BEGIN,  /* what is new comes */
	STAGE_FOLLOW,
	STAGE_LOST, /* until the next try */
	STAGE_DISTRUST,
};

struct au_accesslog {
	struct au_accesslog_config config;
	struct au_log_look *look;
	const struct au_server *server;
	const struct au_root *root;
	struct au_conn *conn;
	int message_id; /* of the search that is followed */
	enum stage stage;
	bool is_wanted;
	bool is_cut;     /* the next place is behind a gap, whatever the log has */
	char *url;       /* of the server */
	const char *gap; /* text about the one that it was begun behind; NULL: behind none */
	unsigned tries;  /* in vain, in a row */
	struct event *due;
	char *text; /* said last */
};

static bool
is_configured(const struct au_accesslog *log)
{
	return log->config.context->config->accesslog != NULL;
}

/* In words for people; logged, too, where somebody counts on the log. */
static void
say(struct au_accesslog *log, bool is_bad, const char *text)
{
	if (au_streq(log->text, text))
		return;
	free(log->text);
	log->text = au_xstrdup(text);
	if (log->is_wanted || is_configured(log))
		au_log(is_bad ? AU_LOG_WARNING : AU_LOG_INFO, AU_FIELDS("SOURCE", log->config.context->config->name),
		    "accesslog: %s", text);
	log->config.events->said(log->config.ctx, text);
}

static void
plan(struct au_accesslog *log, int64_t ms)
{
	struct timeval wait = { ms / 1000, ms % 1000 * 1000 };

	event_add(log->due, &wait);
}

static void
turn(struct au_accesslog *log, enum stage stage)
{
	log->stage = stage;
	log->config.events->turned(log->config.ctx);
}

/* ---- how it is lost ---- */

static int64_t
wait_for(struct au_accesslog *log, enum au_fault_kind kind)
{
	int64_t cap = log->config.context->config->retry_cap;

	log->tries++;
	switch (kind) {
	case AU_FAULT_REACH:
		return au_backoff_ms(log->tries, AU_RETRY_BASE_MS, cap, au_rand_delay());
	case AU_FAULT_LOGIN:
		return AU_RETRY_LOGIN_MS;
	default:
		return cap;
	}
}

/* The connection is closed at the next turn of the loop: the news come from deep inside of it. */
static void
lose(struct au_accesslog *log, enum au_fault_kind kind, const char *why)
{
	AU_CLEANUP(au_freep)
	char *text = au_xasprintf("not used, large groups are read again when they change: %.300s", why);

	if (log->stage == STAGE_CLOSED || log->stage == STAGE_IDLE || log->stage == STAGE_LOST)
		return;
	au_log_look_stop(log->look);
	plan(log, log->is_wanted ? wait_for(log, kind) : 0);
	say(log, true, text);
	turn(log, STAGE_LOST);
}

static void
on_failed(void *ctx, const struct au_fault *fault)
{
	lose(ctx, fault->kind, fault->text);
}

/* ---- following ---- */

static void
free_controls(LDAPControl ***controls)
{
	ldap_controls_free(*controls);
}

/* AU_EPROTO. */
static int
read_state(struct au_accesslog *log, LDAPMessage *message, struct au_sync_state *ret, LDAPControl ***controls,
    struct au_err *err)
{
	if (ldap_get_entry_controls(au_line_handle(au_conn_line(log->conn)), message, controls) != LDAP_SUCCESS)
		return au_fail(err, AU_EPROTO, "a record's controls cannot be decoded");
	LDAPControl *control = ldap_control_find(LDAP_CONTROL_SYNC_STATE, *controls, NULL);
	if (control == NULL)
		return au_fail(err, AU_EPROTO, "a record came without its sync state");
	return au_sync_state_parse(&control->ldctl_value, ret, err);
}

static void
on_record(struct au_accesslog *log, LDAPMessage *message)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	AU_CLEANUP(free_controls) LDAPControl **controls = NULL;
	struct au_sync_state state = { 0 };
	struct au_log_record record;
	struct au_err err;
	int rc = read_state(log, message, &state, &controls, &err);

	if (rc == 0 && (state.state == AU_SYNC_ADD || state.state == AU_SYNC_MODIFY))
		rc = au_log_record_read(log->config.groups->member_attributes, au_line_handle(au_conn_line(log->conn)),
		    message, arena, &record, &err);
	if (rc < 0) {
		lose(log, AU_FAULT_PARTIAL, err.text);
		return;
	}
	if (rc > 0)
		log->config.events->record(log->config.ctx, &record);
}

static void
begin_following(struct au_accesslog *log)
{
	au_line_patience(au_conn_line(log->conn), log->message_id, 0);
	log->tries = 0;
	turn(log, STAGE_FOLLOW);
	say(log, log->gap != NULL, log->gap != NULL ? log->gap : IN_USE);
}

static void
on_info(struct au_accesslog *log, const struct au_sync_info *info)
{
	bool is_end = info->kind == AU_SYNC_REFRESH_PRESENT || info->kind == AU_SYNC_REFRESH_DELETE;

	if (log->stage == STAGE_BEGIN && is_end && info->refresh_done)
		begin_following(log);
}

static void
on_intermediate(struct au_accesslog *log, LDAPMessage *message)
{
	AU_CLEANUP(au_intermediate_done) struct au_intermediate intermediate = { 0 };
	struct au_sync_info info = { 0 };
	struct au_err err;
	int rc = au_intermediate_read(message, &intermediate, &err);

	if (rc == 0 && !au_intermediate_is(&intermediate, LDAP_SYNC_INFO))
		return;
	if (rc == 0)
		rc = au_sync_info_parse(intermediate.value, &info, &err);
	if (rc < 0)
		lose(log, AU_FAULT_PARTIAL, err.text);
	else
		on_info(log, &info);
}

/* A cookie that the server does not know any more, or that is newer than its log, is none. */
static void
on_result(struct au_accesslog *log, LDAPMessage *message)
{
	AU_CLEANUP(au_ended_done)
	struct au_ended ended = au_ended_read(au_line_handle(au_conn_line(log->conn)), message);
	struct au_fault fault;

	if (ended.code == LDAP_SUCCESS)
		au_fault_set(&fault, AU_FAULT_REACH, "the server ended the search");
	else
		au_ended_fault(&ended, "its search", &fault);
	log->is_cut |= fault.kind == AU_FAULT_RELOAD || ended.code == LDAP_UNWILLING_TO_PERFORM;
	lose(log, fault.kind == AU_FAULT_RELOAD ? AU_FAULT_REACH : fault.kind, fault.text);
}

static void
on_answer(void *ctx, LDAPMessage *message, int type)
{
	struct au_accesslog *log = ctx;

	if (log->stage != STAGE_BEGIN && log->stage != STAGE_FOLLOW)
		return;
	if (type == LDAP_RES_SEARCH_ENTRY)
		on_record(log, message);
	else if (type == LDAP_RES_INTERMEDIATE)
		on_intermediate(log, message);
	else if (type == LDAP_RES_SEARCH_RESULT)
		on_result(log, message);
}

static void
send_search(struct au_accesslog *log, const char *dn, const char *from)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct berval cookie = from != NULL ? au_cookie_bytes(from) : (struct berval){ 0, NULL };
	struct berval *value = au_sync_request(from != NULL ? &cookie : NULL);
	LDAPControl control = {
		.ldctl_oid = (char[]){ LDAP_CONTROL_SYNC }, .ldctl_value = *value, .ldctl_iscritical = 1
	};
	LDAPControl *controls[] = { &control, NULL };
	struct au_line_search search = {
		.base = dn,
		.filter = au_log_filter(arena, log->config.groups),
		.scope = LDAP_SCOPE_ONELEVEL,
		.attributes = au_log_record_attributes,
		.controls = controls,
		.timeout_ms = log->config.context->config->operation_timeout,
	};

	log->message_id = au_line_search(au_conn_line(log->conn), &search, on_answer, log);
	ber_bvfree(value);
	free(cookie.bv_val);
}

/* ---- looking ---- */

static void
on_found(void *ctx, const char *dn, const struct au_log_place *place)
{
	struct au_accesslog *log = ctx;
	AU_CLEANUP(au_freep) char *text = NULL;

	if (!log->is_wanted) {
		text = au_xasprintf(
		    "'%s', not used: no group has %lld members", dn, log->config.context->config->accesslog_from);
		say(log, false, text);
		plan(log, 0);
		turn(log, STAGE_IDLE);
		return;
	}
	if (place->cover != AU_LOG_GAP)
		log->gap = NULL;
	else {
		log->config.events->gap(log->config.ctx);
		if (log->gap == NULL)
			log->gap = ONCE_MORE "the log does not reach back to what was known";
	}
	log->is_cut = false;
	log->stage = STAGE_BEGIN;
	send_search(log, dn, place->cookie);
}

static void
on_useless(void *ctx, const char *why)
{
	lose(ctx, AU_FAULT_SETUP, why);
}

static const struct au_log_look_events look_events = { .found = on_found, .useless = on_useless };

static void
on_ready(void *ctx)
{
	struct au_accesslog *log = ctx;
	const char *known = log->is_wanted && !log->is_cut ? log->config.events->known(log->config.ctx) : NULL;

	au_log_look_start(
	    log->look, au_conn_line(log->conn), log->root, known, log->config.context->config->operation_timeout);
}

static void
on_drained(void *ctx)
{
	(void)ctx;
}

static const struct au_conn_events conn_events = { .ready = on_ready, .drained = on_drained, .failed = on_failed };

static void
disconnect(struct au_accesslog *log)
{
	au_log_look_stop(log->look);
	au_conn_free(log->conn);
	log->conn = NULL;
}

static void
on_due(evutil_socket_t fd, short what, void *arg)
{
	struct au_accesslog *log = arg;

	(void)fd;
	(void)what;
	disconnect(log);
	if (log->stage == STAGE_DISTRUST || (log->stage != STAGE_LOOK && !log->is_wanted))
		return;
	log->stage = STAGE_LOOK;
	log->conn = au_conn_new(log->config.context, log->server, &conn_events, log);
}

/* ---- for its owner ---- */

struct au_accesslog *
au_accesslog_new(const struct au_accesslog_config *config)
{
	struct au_accesslog *log = au_xcalloc(1, sizeof(*log));

	log->config = *config;
	log->look = au_log_look_new(config->groups, &look_events, log);
	log->due = evtimer_new(config->context->base, on_due, log);
	return log;
}

void
au_accesslog_free(struct au_accesslog *log)
{
	if (log == NULL)
		return;
	au_accesslog_close(log);
	au_log_look_free(log->look);
	event_free(log->due);
	free(log->url);
	free(log->text);
	free(log);
}

void
au_accesslog_open(struct au_accesslog *log, const struct au_server *server, const struct au_root *root)
{
	/* Another server's log is another one, whatever it has in common with this one's. */
	if (!au_streq(log->url, server->url)) {
		log->is_cut = log->url != NULL && log->is_wanted;
		log->gap = log->is_cut ? ONCE_MORE "another server's log is read than before" : NULL;
		free(log->url);
		log->url = au_xstrdup(server->url);
	}
	log->server = server;
	log->root = root;
	log->stage = STAGE_LOOK;
	plan(log, 0);
}

void
au_accesslog_close(struct au_accesslog *log)
{
	disconnect(log);
	event_del(log->due);
	log->stage = STAGE_CLOSED;
}

void
au_accesslog_want(struct au_accesslog *log)
{
	if (log->is_wanted)
		return;
	log->is_wanted = true;
	/* What was said before was not logged, as nobody wanted to know; the next look may say the same. */
	if (!is_configured(log)) {
		free(log->text);
		log->text = NULL;
	}
	if (log->stage == STAGE_CLOSED)
		return;
	/* A look that is under way does not know what is wanted. */
	au_log_look_stop(log->look);
	log->stage = STAGE_LOOK;
	plan(log, 0);
}

enum au_accesslog_hope
au_accesslog_hope(const struct au_accesslog *log)
{
	switch (log->stage) {
	case STAGE_FOLLOW:
		return AU_ACCESSLOG_NOW;
	case STAGE_LOOK:
	case STAGE_BEGIN:
		return AU_ACCESSLOG_SOON;
	default:
		return AU_ACCESSLOG_NONE;
	}
}

void
au_accesslog_distrust(struct au_accesslog *log, const char *why)
{
	if (log->stage != STAGE_FOLLOW)
		return;
	lose(log, AU_FAULT_SETUP, why);
	log->stage = STAGE_DISTRUST;
	plan(log, 0);
}
