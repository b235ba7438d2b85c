/* SPDX-License-Identifier: ISC */
/*
 * The supervisor of one source: starts its process, hands it settings, secrets
 * and cookies, feeds what it says to the inbox, and asks for a comparing reading
 * where something is in doubt.
 */
#include "source/source.h"

#include "base/clock.h"
#include "base/frame.h"
#include "base/str.h"
#include "source/inbox.h"
#include "source/options.h"
#include "source/secrets.h"
#include "wire/child.h"
#include "wire/source_start.h"

#include <event2/event.h>
#include <stdio.h>

#define OPEN_FILES 128
#define FORGIVE_MS 60000
#define SILENCE_MS 30000

struct au_source {
	struct event_base *base;
	struct au_store *store;
	char *name;
	json_t *config;                   /* the options by value, without secrets */
	struct au_secret_places places;
	long long retry_cap, full_compare, confirm_after;
	json_t *server; /* its last word on it; NULL = none yet */
	const struct au_source_events *events;
	void *ctx;
	struct au_child *child;
	struct au_inbox *inbox;
	struct event *recheck;  /* look again at what is in doubt */
	struct event *confirm;  /* look again for what was missing */
	struct event *secrets;  /* try again to read them */
	struct start *starting; /* what is being loaded */
	bool is_begun;          /* the state was loaded, processes may run */
	bool is_paused;         /* but none does */
};

/* What the store is asked for when a process begins. */
struct start {
	struct au_source *source; /* NULL once it is of no interest */
	char *name;
	struct au_arena *arena;
	struct au_source_now now;
	const char *cookies[AU_SEARCHES];
};

static void
plan(struct event *timer, long long ms)
{
	struct timeval wait = { ms / 1000, ms % 1000 * 1000 };

	event_add(timer, &wait);
}

static void
set_link(struct au_source *source, enum au_link_state state, const char *text)
{
	au_inbox_link(source->inbox, &(struct au_source_link){ .state = state, .text = text });
}

/* ---- starting the process ---- */

static long long
compare_in(const struct au_source *source)
{
	long long oldest = 0, age, now = au_clock_wall_ms();

	for (int i = 0; i < AU_SEARCHES; i++) {
		long long whole = au_inbox_now(source->inbox)->searches[i].whole_ms;
		oldest = i == 0 || whole < oldest ? whole : oldest;
	}
	age = now - oldest;
	return age < 0 || age > source->full_compare ? 0 : source->full_compare - age;
}

static int
send_start(struct au_source *source, const char *const cookies[AU_SEARCHES], struct au_err *err)
{
	AU_CLEANUP(au_secrets_done) struct au_secrets secrets = { 0 };

	if (au_secrets_read(&source->places, &secrets, err) < 0)
		return err->code;
	json_t *message = au_source_start_to_json(
	    source->config, &(struct au_source_start){ .password = au_secret_text(secrets.password),
				.client_key = au_secret_text(secrets.client_key),
				.token = au_secret_text(secrets.token),
				.keytab = secrets.keytab,
				.cookies = { cookies[AU_SEARCH_PEOPLE], cookies[AU_SEARCH_GROUPS] },
				.compare_in = compare_in(source) });
	au_child_send(source->child, message, true);
	return 0;
}

static int
load_work(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct start *start = arg;

	au_arena_free(start->arena);
	start->arena = au_arena_new();
	return au_round_load(tx, start->arena, start->name, &start->now, start->cookies, err);
}

static void
free_start(struct start *start)
{
	au_arena_free(start->arena);
	free(start->name);
	free(start);
}

static void
on_loaded(void *arg, int rc, const struct au_err *err)
{
	struct start *start = arg;
	struct au_source *source = start->source;
	struct au_err why = { 0 };

	if (source == NULL) {
		free_start(start);
		return;
	}
	source->starting = NULL;
	if (rc < 0)
		au_child_kill(source->child, err->text);
	else if (!source->is_begun) {
		/* What an earlier daemon said of the link is over. */
		source->is_begun = true;
		au_inbox_begin(source->inbox, &start->now);
		source->is_paused = start->now.paused != 0;
		set_link(source, AU_LINK_STALE, "not reached yet");
		if (!source->is_paused)
			au_child_start(source->child);
	} else if (send_start(source, start->cookies, &why) < 0) {
		set_link(source, AU_LINK_QUARANTINE, why.text);
		plan(source->secrets, source->retry_cap);
	}
	free_start(start);
}

static void
forget_start(struct au_source *source)
{
	if (source->starting != NULL)
		source->starting->source = NULL;
	source->starting = NULL;
}

/* A write, although it only reads: so it comes after all rounds that were begun. */
static void
load(struct au_source *source)
{
	struct start *start = au_xcalloc(1, sizeof(*start));

	forget_start(source);
	*start = (struct start){ .source = source, .name = au_xstrdup(source->name) };
	source->starting = start;
	au_store_write(source->store, load_work, start, on_loaded);
}

static void
on_started(void *ctx)
{
	struct au_source *source = ctx;

	au_inbox_restart(source->inbox);
	au_child_expect(source->child, true);
	load(source);
}

static void
on_secrets_due(evutil_socket_t fd, short what, void *arg)
{
	struct au_source *source = arg;

	(void)fd;
	(void)what;
	if (au_child_running(source->child) && source->starting == NULL)
		load(source);
}

static void
on_died(void *ctx, const char *how, int64_t restart_in_ms)
{
	struct au_source *source = ctx;
	AU_CLEANUP(au_freep) char *text = au_xasprintf("its process %s", how);

	event_del(source->secrets);
	forget_start(source);
	au_inbox_restart(source->inbox);
	au_inbox_link(
	    source->inbox, &(struct au_source_link){ .state = AU_LINK_STALE, .text = text, .retry_in = restart_in_ms });
}

/* ---- what it says ---- */

static int
on_link(struct au_source *source, json_t *message, struct au_err *err)
{
	struct au_source_link link;

	if (au_source_link_from_json(message, &link, err) < 0)
		return AU_EPROTO;
	au_inbox_link(source->inbox, &link);
	return 0;
}

static int
on_server(struct au_source *source, json_t *message, struct au_err *err)
{
	struct au_source_server server;

	if (au_source_server_from_json(message, &server, err) < 0)
		return AU_EPROTO;
	json_decref(source->server);
	source->server = json_incref(message);
	return 0;
}

bool
au_source_server(const struct au_source *source, struct au_source_server *ret)
{
	return au_source_server_from_json(source->server, ret, NULL) == 0;
}

static int
on_batch(struct au_source *source, json_t *message, struct au_err *err)
{
	size_t len;
	const char *records = au_child_body(source->child, &len);

	return au_inbox_batch(source->inbox, message, records, len, err);
}

static int
on_resolved(struct au_source *source, json_t *message, struct au_err *err)
{
	return au_inbox_resolved(source->inbox, message, err);
}

static int
on_canary(struct au_source *source, json_t *message, struct au_err *err)
{
	struct au_source_canary canary;

	if (au_source_canary_from_json(message, &canary, err) < 0)
		return AU_EPROTO;
	au_inbox_doubt(source->inbox, canary.search);
	return 0;
}

static int
on_heartbeat(struct au_source *source, json_t *message, struct au_err *err)
{
	(void)source;
	(void)message;
	(void)err;
	return 0;
}

static const struct {
	enum au_source_msg kind;
	int (*handle)(struct au_source *source, json_t *message, struct au_err *err);
} handlers[] = {
	{ AU_MSG_BATCH, on_batch },
	{ AU_MSG_RESOLVED, on_resolved },
	{ AU_MSG_SERVER, on_server },
	{ AU_MSG_CANARY, on_canary },
	{ AU_MSG_STATE, on_link },
	{ AU_MSG_HEARTBEAT, on_heartbeat },
};

static void
on_message(void *ctx, json_t *message)
{
	struct au_source *source = ctx;
	enum au_source_msg kind = au_source_msg_kind(message);
	struct au_err err = { 0 };
	int rc = AU_EPROTO;

	au_fail(&err, AU_EPROTO, "said something unknown");
	for (size_t i = 0; i < AU_COUNT(handlers); i++)
		if (handlers[i].kind == kind)
			rc = handlers[i].handle(source, message, &err);
	if (rc < 0)
		au_child_kill(source->child, err.text);
}

static const struct au_child_events child_events = { .started = on_started, .message = on_message, .died = on_died };

/* ---- what the inbox wants ---- */

static void
on_acked(void *ctx, long long seq)
{
	struct au_source *source = ctx;

	au_child_send(source->child, au_source_ack_to_json(seq), false);
}

static void
on_changed(void *ctx)
{
	struct au_source *source = ctx;

	source->events->changed(source->ctx, source->name);
}

static void
on_ask(void *ctx, const struct au_source_lookup *lookup)
{
	struct au_source *source = ctx;

	au_child_send(source->child, au_source_lookup_to_json(lookup), false);
}

static void
on_reread(void *ctx, const struct au_source_reread *reread)
{
	struct au_source *source = ctx;

	au_child_send(source->child, au_source_reread_to_json(reread), false);
}

static bool
is_doubtful(const struct au_search_now *search)
{
	return au_reading_is_suspect(search) || search->is_pinned;
}

static void
on_moved(void *ctx)
{
	struct au_source *source = ctx;
	const struct au_source_now *now = au_inbox_now(source->inbox);

	for (int i = 0; i < AU_SEARCHES; i++) {
		if (is_doubtful(&now->searches[i]) && !event_pending(source->recheck, EV_TIMEOUT, NULL))
			plan(source->recheck, source->retry_cap);
		if (now->searches[i].missing > 0 && !event_pending(source->confirm, EV_TIMEOUT, NULL))
			plan(source->confirm, source->confirm_after);
	}
}

static void
on_confirm(evutil_socket_t fd, short what, void *arg)
{
	struct au_source *source = arg;
	const struct au_source_now *now = au_inbox_now(source->inbox);

	(void)fd;
	(void)what;
	for (int i = 0; i < AU_SEARCHES; i++)
		if (now->searches[i].missing > 0)
			au_child_send(source->child, au_source_compare_to_json(i), false);
}

static void
on_recheck(evutil_socket_t fd, short what, void *arg)
{
	struct au_source *source = arg;
	const struct au_source_now *now = au_inbox_now(source->inbox);

	(void)fd;
	(void)what;
	for (int i = 0; i < AU_SEARCHES; i++)
		if (is_doubtful(&now->searches[i]))
			au_child_send(source->child, au_source_compare_to_json(i), false);
}

static void
on_failed(void *ctx, const char *why)
{
	struct au_source *source = ctx;

	au_child_kill(source->child, why);
}

static const struct au_inbox_events inbox_events = { .acked = on_acked,
	.changed = on_changed,
	.ask = on_ask,
	.reread = on_reread,
	.moved = on_moved,
	.failed = on_failed };

/* ---- for main ---- */

static size_t
memory_limit(const struct au_values *values)
{
#ifdef __SANITIZE_ADDRESS__
	(void)values;
	return 0; /* its shadow takes terabytes of addresses */
#else
	return (size_t)au_values_num(values, "memory_limit");
#endif
}

struct au_source *
au_source_new(struct event_base *base, struct au_store *store, const char *helper, const struct au_block *block,
    const struct au_source_events *events, void *ctx)
{
	static const char *const no_arguments[] = { NULL };
	struct au_source *source = au_xcalloc(1, sizeof(*source));
	AU_CLEANUP(au_freep) char *label = au_xasprintf("source %s", block->name);
	AU_CLEANUP(au_freep) char *actor = au_xasprintf("%s:%s", au_values_str(block->values, "kind"), block->name);
	struct au_trust trust;

	*source = (struct au_source){ .base = base,
		.store = store,
		.name = au_xstrdup(block->name),
		.config = au_source_options(block->values),
		.retry_cap = au_values_num(block->values, "retry_cap"),
		.full_compare = au_values_num(block->values, "full_compare"),
		.confirm_after = au_values_num(block->values, "confirm_after"),
		.events = events,
		.ctx = ctx };
	au_secret_places_init(&source->places, block->values);
	struct au_child_config config = { .path = helper,
		.argv = no_arguments,
		.label = label,
		.memory_limit = memory_limit(block->values),
		.open_files = OPEN_FILES,
		.max_frame = AU_FRAME_MAX,
		.restart_cap_ms = source->retry_cap,
		.forgive_ms = FORGIVE_MS,
		.silence_ms = SILENCE_MS };
	au_trust_read(block->values, &trust);
	source->inbox = au_inbox_new(store, source->name, actor, &trust, &inbox_events, source);
	au_trust_done(&trust);
	source->child = au_child_new(base, &config, &child_events, source);
	source->recheck = evtimer_new(base, on_recheck, source);
	source->confirm = evtimer_new(base, on_confirm, source);
	source->secrets = evtimer_new(base, on_secrets_due, source);
	return source;
}

void
au_source_start(struct au_source *source)
{
	load(source);
}

static int
forget_cookies(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	int rc = 0;

	for (int i = 0; rc == 0 && i < AU_SEARCHES; i++)
		rc = au_store_cookie_put(tx, arg, au_search_name(i), NULL, err);
	return rc;
}

static void
on_forgotten(void *arg, int rc, const struct au_err *err)
{
	(void)rc;
	(void)err;
	free(arg);
}

void
au_source_resync(struct au_source *source)
{
	au_store_write(source->store, forget_cookies, au_xstrdup(source->name), on_forgotten);
	au_child_send(source->child, au_source_msg_plain(AU_MSG_RESYNC), false);
}

/* What runs ends; what it said and was not yet begun is forgotten. */
static void
stop_child(struct au_source *source)
{
	forget_start(source);
	event_del(source->secrets);
	au_child_stop(source->child);
	au_inbox_restart(source->inbox);
}

void
au_source_pause(struct au_source *source)
{
	if (!source->is_begun) {
		load(source); /* the store knows by now */
		return;
	}
	source->is_paused = true;
	stop_child(source);
	au_inbox_pause(source->inbox, true);
}

static bool
is_suspect(const struct au_source_now *now)
{
	for (int i = 0; i < AU_SEARCHES; i++)
		if (au_reading_is_suspect(&now->searches[i]))
			return true;
	return false;
}

void
au_source_resume(struct au_source *source)
{
	if (!source->is_begun) {
		load(source);
		return;
	}
	source->is_paused = false;
	au_inbox_approve(source->inbox);
	au_inbox_pause(source->inbox, false);
	if (is_suspect(au_inbox_now(source->inbox)))
		au_source_resync(source);
	/* A new process tries at once, whatever the old one waits for. */
	stop_child(source);
	set_link(source, AU_LINK_STALE, "not reached yet");
	au_child_start(source->child);
}

pid_t
au_source_pid(const struct au_source *source)
{
	return au_child_pid(source->child);
}

const char *
au_source_name(const struct au_source *source)
{
	return source->name;
}

void
au_source_free(struct au_source *source)
{
	if (source == NULL)
		return;
	forget_start(source);
	au_child_free(source->child);
	au_inbox_free(source->inbox);
	event_free(source->recheck);
	event_free(source->confirm);
	event_free(source->secrets);
	json_decref(source->config);
	json_decref(source->server);
	au_secret_places_done(&source->places);
	free(source->name);
	free(source);
}
