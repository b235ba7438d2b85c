/* SPDX-License-Identifier: ISC */
/*
 * The supervisor of one source: starts its process, feeds what it says to the
 * inbox, hands on what the inbox wants of it, and does what a person says.
 */
#include "source/source.h"

#include "base/frame.h"
#include "base/str.h"
#include "source/expiry.h"
#include "source/freshen.h"
#include "source/inbox.h"
#include "source/launch.h"
#include "source/owners.h"
#include "source/recheck.h"
#include "wire/child.h"

#include <event2/event.h>
#include <stdio.h>

#define OPEN_FILES 128
#define FORGIVE_MS 60000
#define SILENCE_MS 30000

struct au_source {
	char *name;
	json_t *server; /* its last word on it; NULL = none yet */
	const struct au_source_events *events;
	void *ctx;
	struct au_child *child;
	struct au_inbox *inbox;
	struct au_launch *launch;
	struct au_owners *owners; /* NULL: nobody has one */
	struct au_recheck *recheck;
	struct au_expiry *expiry;
	struct au_freshen *freshen;
	bool is_begun;  /* the state was loaded, processes may run */
	bool is_paused; /* but none does */
};

static void
set_link(struct au_source *source, enum au_link_state state, const char *text)
{
	au_inbox_link(source->inbox, &(struct au_source_link){ .state = state, .text = text });
}

/* ---- starting the process ---- */

/* What runs ends; what it said and was not yet begun is forgotten. */
static void
stop_child(struct au_source *source)
{
	au_freshen_lost(source->freshen, "it is being started anew, or left alone");
	au_launch_forget(source->launch);
	au_child_stop(source->child);
	au_inbox_restart(source->inbox);
}

static void
send_start(struct au_source *source)
{
	struct au_err err = { 0 };

	if (au_launch_send(source->launch, source->child, au_inbox_now(source->inbox), &err) == 0)
		return;
	set_link(source, AU_LINK_QUARANTINE, err.text);
	au_launch_load_later(source->launch);
}

/* What was refused may have been renewed: that is looked at now and then. */
static bool
is_held(struct au_source *source)
{
	const char *why = au_launch_held(source->launch);

	if (why == NULL)
		return false;
	stop_child(source);
	set_link(source, AU_LINK_QUARANTINE, why);
	au_launch_load_later(source->launch);
	return true;
}

static void
on_loaded(void *ctx, const struct au_source_now *now)
{
	struct au_source *source = ctx;

	if (!source->is_begun) {
		source->is_begun = true;
		au_inbox_begin(source->inbox, now);
		source->is_paused = now->paused != 0;
	}
	if (source->is_paused || is_held(source))
		return;
	if (au_child_running(source->child))
		send_start(source);
	else {
		/* What an earlier daemon or process said of the link is over. */
		set_link(source, AU_LINK_STALE, "not reached yet");
		au_child_start(source->child);
	}
}

static void
on_failed(void *ctx, const char *why)
{
	struct au_source *source = ctx;

	au_child_kill(source->child, why);
}

static const struct au_launch_events launch_events = { .loaded = on_loaded, .failed = on_failed };

static void
on_started(void *ctx)
{
	struct au_source *source = ctx;

	au_inbox_restart(source->inbox);
	au_owners_restart(source->owners);
	au_child_expect(source->child, true);
	au_launch_load(source->launch);
}

static void
on_died(void *ctx, const char *how, int64_t restart_in_ms)
{
	struct au_source *source = ctx;
	AU_CLEANUP(au_freep) char *text = au_xasprintf("its process %s", how);

	au_freshen_lost(source->freshen, text);
	au_launch_forget(source->launch);
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
	if (link.refused) {
		au_launch_refused(source->launch, link.text);
		is_held(source);
	}
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
on_owned(struct au_source *source, json_t *message, struct au_err *err)
{
	struct au_source_owned owned;

	if (au_source_owned_from_json(message, &owned, err) < 0)
		return AU_EPROTO;
	if (source->owners != NULL)
		au_owners_answer(source->owners, &owned);
	return 0;
}

static int
on_fresh(struct au_source *source, json_t *message, struct au_err *err)
{
	struct au_source_fresh fresh;

	if (au_source_fresh_from_json(message, &fresh, err) < 0)
		return AU_EPROTO;
	au_freshen_answer(source->freshen, &fresh);
	return 0;
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
	{ AU_MSG_OWNED, on_owned },
	{ AU_MSG_FRESH, on_fresh },
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

static void
on_unseen(void *ctx, json_t *message)
{
	struct au_source *source = ctx;

	au_child_send(source->child, json_incref(message), false);
}

static void
on_moved(void *ctx)
{
	const struct au_source *source = ctx;

	au_recheck_moved(source->recheck, au_inbox_now(source->inbox));
	au_owners_look(source->owners);
	au_expiry_moved(source->expiry, au_inbox_now(source->inbox));
	au_freshen_moved(source->freshen);
}

static void
on_freshen(void *ctx, json_t *message)
{
	struct au_source *source = ctx;

	au_child_send(source->child, message, false);
}

/* A source that is left alone is left as it is. */
static void
on_expired(void *ctx)
{
	const struct au_source *source = ctx;

	if (!source->is_paused)
		au_inbox_wake(source->inbox);
}

static void
on_compare(void *ctx, enum au_search search)
{
	struct au_source *source = ctx;

	au_child_send(source->child, au_source_compare_to_json(search), false);
}

static void
on_ask_owner(void *ctx, const char *dn_norm)
{
	struct au_source *source = ctx;

	au_child_send(source->child, au_source_owner_to_json(dn_norm), false);
}

static const struct au_inbox_events inbox_events = { .acked = on_acked,
	.changed = on_changed,
	.ask = on_ask,
	.reread = on_reread,
	.unseen = on_unseen,
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
    const unsigned char key[AU_REFUSAL_KEY], const struct au_source_events *events, void *ctx)
{
	static const char *const no_arguments[] = { NULL };
	struct au_source *source = au_xcalloc(1, sizeof(*source));
	AU_CLEANUP(au_freep) char *label = au_xasprintf("source %s", block->name);
	AU_CLEANUP(au_freep) char *actor = au_xasprintf("%s:%s", au_values_str(block->values, "kind"), block->name);
	struct au_trust trust;

	*source = (struct au_source){ .name = au_xstrdup(block->name), .events = events, .ctx = ctx };
	struct au_child_config config = { .path = helper,
		.argv = no_arguments,
		.label = label,
		.memory_limit = memory_limit(block->values),
		.open_files = OPEN_FILES,
		.max_frame = AU_FRAME_MAX,
		.restart_cap_ms = au_values_num(block->values, "retry_cap"),
		.forgive_ms = FORGIVE_MS,
		.silence_ms = SILENCE_MS };
	au_trust_read(block->values, &trust);
	source->inbox = au_inbox_new(store, source->name, actor, &trust, &inbox_events, source);
	au_trust_done(&trust);
	source->child = au_child_new(base, &config, &child_events, source);
	source->launch = au_launch_new(base, store, block, key, &launch_events, source);
	source->recheck = au_recheck_new(base, block->values, on_compare, source);
	if (au_values_str(block->values, "attr_owner") != NULL)
		source->owners = au_owners_new(&(struct au_owners_config){ .base = base,
		    .store = store,
		    .source = source->name,
		    .refresh_ms = au_values_num(block->values, "full_compare"),
		    .retry_ms = au_values_num(block->values, "retry_cap"),
		    .ask = on_ask_owner,
		    .changed = on_changed,
		    .ctx = source });
	source->expiry = au_expiry_new(base, on_expired, source);
	source->freshen = au_freshen_new(base, source->inbox, on_freshen, source);
	return source;
}

void
au_source_start(struct au_source *source)
{
	au_launch_load(source->launch);
}

void
au_source_resync(struct au_source *source)
{
	au_launch_forget_cookies(source->launch);
	au_child_send(source->child, au_source_msg_plain(AU_MSG_RESYNC), false);
}

void
au_source_pause(struct au_source *source)
{
	if (!source->is_begun) {
		au_launch_load(source->launch); /* the store knows by now */
		return;
	}
	source->is_paused = true;
	stop_child(source);
	au_inbox_pause(source->inbox, true);
}

void
au_source_resume(struct au_source *source)
{
	if (!source->is_begun) {
		au_launch_load(source->launch);
		return;
	}
	source->is_paused = false;
	au_launch_forgive(source->launch);
	au_inbox_approve(source->inbox);
	au_inbox_pause(source->inbox, false);
	if (au_reading_is_doubted(au_inbox_now(source->inbox)))
		au_source_resync(source);
	/* A new process tries at once, whatever the old one waits for. */
	stop_child(source);
	set_link(source, AU_LINK_STALE, "not reached yet");
	au_child_start(source->child);
}

void
au_source_freshen(struct au_source *source, const struct au_freshen_order *order, au_freshen_done *done, void *ctx)
{
	const struct au_source_link *link = au_inbox_linked(source->inbox);
	AU_CLEANUP(au_freep) char *trouble = NULL;

	if (source->is_paused)
		trouble = au_xstrdup("it is paused by a person");
	else if (link->state != AU_LINK_OK)
		trouble =
		    au_xasprintf("it is not followed now: %s", link->text != NULL ? link->text : "no reason is known");
	else if (!au_child_running(source->child))
		trouble = au_xstrdup("its process does not run");
	au_freshen_ask(source->freshen, trouble, order, done, ctx);
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
	au_freshen_free(source->freshen);
	au_launch_free(source->launch);
	au_owners_free(source->owners);
	au_child_free(source->child);
	au_inbox_free(source->inbox);
	au_recheck_free(source->recheck);
	au_expiry_free(source->expiry);
	json_decref(source->server);
	free(source->name);
	free(source);
}
