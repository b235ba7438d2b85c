/* SPDX-License-Identifier: ISC */
/*
 * The rules of the refresh, each for a reason:
 *
 *  - Cookies that come in the middle of a refresh are ignored: servers send removals first and the rest after, so going
 *    on from such a cookie would skip what had not been sent yet.
 *  - Removals of a refresh wait for its end and go with it, so that the daemon can judge them as a whole.
 *  - Ids that are present wait for the end as well: servers name some before they send the entry itself.
 *  - At the end everything not seen is gone if the server listed what is present, and also if we had sent no cookie,
 *    whatever phase the server says it was: then it sent everything there is.
 *  - One thing that cannot be understood makes the whole refresh void.
 */
#include "sourced/watch.h"

#include "base/str.h"
#include "sourced/cookie.h"
#include "sourced/deltas.h"
#include "sourced/ended.h"
#include "sourced/intermediate.h"
#include "sourced/sync_control.h"

#include <string.h>

struct ids {
	unsigned char (*uuids)[AU_SYNC_UUID];
	size_t count, cap;
};

enum stage { STAGE_IDLE, STAGE_REFRESH, STAGE_FOLLOW, STAGE_FAILED };

struct watch {
	const struct au_mapping *mapping;
	struct au_batch *batch;
	struct au_line *line;
	const struct au_follow_events *events;
	void *ctx;
	int64_t timeout_ms;
	int message_id;
	enum stage stage;
	bool cookie_sent, present_phase, ahead; /* ahead: the server once called our cookie newer than itself */
	struct ids present, gone;               /* that this refresh names; for its end */
	struct au_deltas *deltas;               /* of groups; NULL: none */
	bool has_deltas, is_thin;               /* of this server; and what is searched for now comes without members */
	char *after;                            /* cookie to move to when what waits is dealt with; may be NULL */
};

static bool
is_offered(const struct au_root *root)
{
	return au_root_has_control(root, LDAP_CONTROL_SYNC);
}

static void
destroy(void *follower)
{
	struct watch *watch = follower;

	if (watch == NULL)
		return;
	free(watch->present.uuids);
	free(watch->gone.uuids);
	free(watch->after);
	au_deltas_free(watch->deltas);
	free(watch);
}

static bool
is_following(const void *follower)
{
	const struct watch *watch = follower;

	return watch->stage == STAGE_FOLLOW;
}

static void
forget_after(struct watch *watch)
{
	free(watch->after);
	watch->after = NULL;
}

/* What was gathered and not sent is dropped: the cookie did not move past it, so it will come again. */
static void
give_up(struct watch *watch)
{
	if (watch->has_deltas)
		au_deltas_drop(watch->deltas);
	forget_after(watch);
	au_batch_drop(watch->batch);
	if (watch->stage == STAGE_REFRESH)
		au_batch_end(watch->batch, AU_STEP_VOID, NULL);
	watch->stage = STAGE_FAILED;
	watch->message_id = 0;
}

static void
fail(struct watch *watch, const struct au_fault *fault)
{
	if (watch->stage == STAGE_FAILED)
		return;
	au_batch_broke(watch->batch, fault);
	give_up(watch);
	watch->events->failed(watch->ctx, watch->mapping->search, fault);
}

static void
fail_partial(struct watch *watch, const char *why)
{
	struct au_fault fault;

	fail(watch, au_fault_set(&fault, AU_FAULT_PARTIAL, "%s: %s", au_search_name(watch->mapping->search), why));
}

/* NULL when there is none.  Caller frees. */
static char *
text_of(const struct berval *cookie)
{
	return cookie->bv_val != NULL && cookie->bv_len > 0 ? au_cookie_text(cookie) : NULL;
}

static void
take_cookie(struct watch *watch, const struct berval *cookie)
{
	AU_CLEANUP(au_freep) char *text = text_of(cookie);

	if (text != NULL)
		au_batch_cookie(watch->batch, text);
}

static void
keep_id(struct ids *ids, const unsigned char uuid[AU_SYNC_UUID])
{
	if (ids->count == ids->cap) {
		ids->cap = ids->cap > 0 ? 2 * ids->cap : 256;
		ids->uuids = au_xrealloc(ids->uuids, ids->cap, sizeof(*ids->uuids));
	}
	memcpy(ids->uuids[ids->count++], uuid, AU_SYNC_UUID);
}

static void
send_ids(struct au_batch *batch, struct ids *ids, void (*send)(struct au_batch *batch, const char *id))
{
	char id[AU_UUID_SIZE];

	for (size_t i = 0; i < ids->count; i++)
		send(batch, au_sync_uuid_text(ids->uuids[i], id));
	ids->count = 0;
}

/* Large groups were seen: if there is a log that tells of them, it is looked for; and then it is begun again. */
static void
slim(struct watch *watch)
{
	if (watch->has_deltas && !watch->is_thin && watch->stage == STAGE_FOLLOW)
		au_deltas_consider(watch->deltas);
}

static void
end_refresh(struct watch *watch, const struct berval *cookie)
{
	bool sweep = watch->present_phase || !watch->cookie_sent;
	AU_CLEANUP(au_freep) char *text = text_of(cookie);

	send_ids(watch->batch, &watch->present, au_batch_present);
	send_ids(watch->batch, &watch->gone, au_batch_gone);
	au_batch_end(watch->batch, sweep ? AU_STEP_SWEEP : AU_STEP_KEEP, text);
	watch->stage = STAGE_FOLLOW;
	watch->ahead = false;
	au_line_patience(watch->line, watch->message_id, 0);
	au_line_bulk(watch->line, false);
	watch->events->refreshed(watch->ctx, watch->mapping->search);
	slim(watch);
}

/* An id without its entry. */
static void
on_id(struct watch *watch, bool is_gone, const unsigned char uuid[AU_SYNC_UUID])
{
	char id[AU_UUID_SIZE];

	if (watch->stage == STAGE_REFRESH)
		keep_id(is_gone ? &watch->gone : &watch->present, uuid);
	else if (is_gone) {
		au_sync_uuid_text(uuid, id);
		au_batch_delete(watch->batch, id);
		watch->events->touched(watch->ctx, watch->mapping->search, id);
	}
}

static void
touch(struct watch *watch, const char *id)
{
	if (watch->stage == STAGE_FOLLOW)
		watch->events->touched(watch->ctx, watch->mapping->search, id);
}

static void
put_thin(struct watch *watch, LDAPMessage *message, const char *id, bool is_new)
{
	struct au_err err;
	int rc = au_deltas_take(watch->deltas, message, id, is_new, &err);

	if (rc < 0)
		fail_partial(watch, err.text);
	else if (rc > 0)
		touch(watch, id);
}

static void
put_entry(struct watch *watch, LDAPMessage *message, const char *id)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct au_mapped mapped;
	struct au_err err;

	if (au_mapping_deferred(watch->mapping, au_line_handle(watch->line), message, id, arena, &mapped, &err) < 0 ||
	    au_batch_put_deferred(watch->batch, arena, &mapped, &err) < 0) {
		fail_partial(watch, err.text);
		return;
	}
	if (mapped.is_some)
		watch->events->partial(watch->ctx, &mapped);
	touch(watch, id);
}

static void
free_controls(LDAPControl ***controls)
{
	ldap_controls_free(*controls);
}

static void
on_entry(struct watch *watch, LDAPMessage *message)
{
	AU_CLEANUP(free_controls) LDAPControl **controls = NULL;
	struct au_sync_state state;
	struct au_err err;
	char id[AU_UUID_SIZE];

	if (ldap_get_entry_controls(au_line_handle(watch->line), message, &controls) != LDAP_SUCCESS) {
		fail_partial(watch, "an entry's controls cannot be decoded");
		return;
	}
	LDAPControl **others = NULL, *control = ldap_control_find(LDAP_CONTROL_SYNC_STATE, controls, &others);
	if (control == NULL) {
		fail_partial(watch, "an entry came without its sync state");
		return;
	}
	if (ldap_control_find(LDAP_CONTROL_SYNC_STATE, others, NULL) != NULL) {
		fail_partial(watch, "sync state control: the server sent it twice");
		return;
	}
	if (au_sync_state_parse(&control->ldctl_value, &state, &err) < 0) {
		fail_partial(watch, err.text);
		return;
	}
	au_sync_uuid_text(state.uuid, id);
	if (state.state != AU_SYNC_ADD && state.state != AU_SYNC_MODIFY)
		on_id(watch, state.state == AU_SYNC_DELETE, state.uuid);
	else if (watch->is_thin)
		put_thin(watch, message, id, state.state == AU_SYNC_ADD && watch->stage == STAGE_FOLLOW);
	else
		put_entry(watch, message, id);
	if (watch->stage != STAGE_FOLLOW)
		return;
	if (au_deltas_is_waiting(watch->deltas))
		watch->after = text_of(&state.cookie);
	else
		take_cookie(watch, &state.cookie);
	slim(watch);
}

/* A group that had to wait is dealt with. */
static void
on_settled(void *ctx, const char *id)
{
	struct watch *watch = ctx;

	touch(watch, id);
	if (watch->stage == STAGE_FOLLOW && watch->after != NULL)
		au_batch_cookie(watch->batch, watch->after);
	forget_after(watch);
}

static void
on_deltas_partial(void *ctx, const struct au_mapped *group)
{
	const struct watch *watch = ctx;

	watch->events->partial(watch->ctx, group);
}

static void
on_deltas_failed(void *ctx, const struct au_fault *fault)
{
	fail(ctx, fault);
}

static void
on_deltas_said(void *ctx, const char *text)
{
	const struct watch *watch = ctx;

	watch->events->log(watch->ctx, text);
}

static void
on_deltas_wanted(void *ctx)
{
	const struct watch *watch = ctx;

	if (watch->stage == STAGE_FOLLOW && !watch->is_thin)
		watch->events->again(watch->ctx, watch->mapping->search);
}

static const struct au_deltas_events deltas_events = { .settled = on_settled,
	.partial = on_deltas_partial,
	.failed = on_deltas_failed,
	.wanted = on_deltas_wanted,
	.said = on_deltas_said };

static void
on_id_set(struct watch *watch, struct au_sync_info *info)
{
	unsigned char uuid[AU_SYNC_UUID];

	while (au_sync_ids_next(&info->ids, uuid))
		on_id(watch, info->refresh_deletes, uuid);
}

static void
on_info(struct watch *watch, struct au_sync_info *info)
{
	switch (info->kind) {
	case AU_SYNC_NEW_COOKIE:
		break;
	case AU_SYNC_ID_SET:
		on_id_set(watch, info);
		break;
	case AU_SYNC_REFRESH_PRESENT:
		watch->present_phase = true;
		/* fall through */
	case AU_SYNC_REFRESH_DELETE:
		if (watch->stage == STAGE_REFRESH && info->refresh_done)
			end_refresh(watch, &info->cookie);
		return;
	}
	if (watch->stage == STAGE_FOLLOW)
		take_cookie(watch, &info->cookie);
}

static void
on_intermediate(struct watch *watch, LDAPMessage *message)
{
	AU_CLEANUP(au_intermediate_done) struct au_intermediate intermediate = { 0 };
	struct au_sync_info info;
	struct au_err err;

	if (au_intermediate_read(message, &intermediate, &err) < 0)
		fail_partial(watch, err.text);
	else if (au_intermediate_is(&intermediate, LDAP_SYNC_INFO)) {
		if (au_sync_info_parse(intermediate.value, &info, &err) < 0)
			fail_partial(watch, err.text);
		else
			on_info(watch, &info);
	}
}

/* The server calls our cookie newer than what it has: restored from a backup, or another server altogether. */
static bool
is_ahead(const struct watch *watch, int code)
{
	return code == LDAP_UNWILLING_TO_PERFORM && watch->cookie_sent && watch->stage == STAGE_REFRESH;
}

static void
on_result(struct watch *watch, LDAPMessage *message)
{
	AU_CLEANUP(au_ended_done) struct au_ended ended = au_ended_read(au_line_handle(watch->line), message);
	int code = ended.code;
	struct au_fault fault;

	if (code == LDAP_SUCCESS)
		au_fault_set(&fault, AU_FAULT_PARTIAL, "%s: the server ended the search",
		    au_search_name(watch->mapping->search));
	else
		au_ended_fault(&ended, au_search_name(watch->mapping->search), &fault);
	if (is_ahead(watch, code)) {
		watch->ahead = true;
		fault.kind = AU_FAULT_RELOAD;
	}
	/* Offered by the server, but not for this part of the directory. */
	if (code == LDAP_UNAVAILABLE_CRITICAL_EXTENSION && watch->stage == STAGE_REFRESH)
		fault.kind = AU_FAULT_REFUSED;
	/* Without a cookie there is nothing to reload for: asking again at once would go on for ever. */
	if (fault.kind == AU_FAULT_RELOAD && !watch->cookie_sent && watch->stage == STAGE_REFRESH)
		fault.kind = AU_FAULT_PARTIAL;
	if (fault.kind == AU_FAULT_RELOAD)
		au_batch_cookie_reset(watch->batch, NULL);
	fail(watch, &fault);
}

static void
on_answer(void *ctx, LDAPMessage *message, int type)
{
	struct watch *watch = ctx;

	if (watch->stage != STAGE_REFRESH && watch->stage != STAGE_FOLLOW)
		return;
	switch (type) {
	case LDAP_RES_SEARCH_ENTRY:
		on_entry(watch, message);
		break;
	case LDAP_RES_INTERMEDIATE:
		on_intermediate(watch, message);
		break;
	case LDAP_RES_SEARCH_RESULT:
		on_result(watch, message);
		break;
	case LDAP_RES_SEARCH_REFERENCE:
		au_batch_read(watch->batch)->referrals++;
		fail_partial(watch, "the server refers to another one for a part of the answer");
		break;
	default:
		fail_partial(watch, "the server sent an unknown kind of message");
	}
}

static int
send_search(struct watch *watch)
{
	struct berval cookie = { 0, NULL };

	if (watch->cookie_sent)
		cookie = au_cookie_bytes(au_batch_cookie_sent(watch->batch));
	struct berval *value = au_sync_request(watch->cookie_sent ? &cookie : NULL);
	LDAPControl control = {
		.ldctl_oid = (char[]){ LDAP_CONTROL_SYNC }, .ldctl_value = *value, .ldctl_iscritical = 1
	};
	LDAPControl *controls[] = { &control, NULL };
	struct au_line_search search = {
		.base = au_mapping_base(watch->mapping),
		.filter = au_mapping_filter(watch->mapping),
		.scope = LDAP_SCOPE_SUBTREE,
		.attributes = watch->is_thin ? au_deltas_attributes(watch->deltas) : watch->mapping->attributes,
		.controls = controls,
		.timeout_ms = watch->timeout_ms,
	};
	int id = au_line_search(watch->line, &search, on_answer, watch);
	ber_bvfree(value);
	free(cookie.bv_val);
	return id;
}

static void
begin(struct watch *watch)
{
	watch->cookie_sent = au_batch_cookie_sent(watch->batch) != NULL;
	/* Everything is read with its members: one by one they would be asked for. */
	watch->is_thin = watch->has_deltas && watch->cookie_sent && au_deltas_is_better(watch->deltas);
	watch->present_phase = false;
	watch->stage = STAGE_REFRESH;
	watch->present.count = watch->gone.count = 0;
	au_batch_begin(watch->batch, watch->cookie_sent ? AU_READING_RESUME : AU_READING_WHOLE, watch->ahead);
	au_line_bulk(watch->line, true);
	watch->message_id = send_search(watch);
}

static void *
create(const struct au_follow_config *config)
{
	struct watch *watch = au_xcalloc(1, sizeof(*watch));

	*watch = (struct watch){
		.mapping = config->mapping, .batch = config->batch, .events = config->events, .ctx = config->ctx
	};
	if (config->mapping->search == AU_SEARCH_GROUPS)
		watch->deltas = au_deltas_new(config, &deltas_events, watch);
	return watch;
}

static void
start(void *follower, const struct au_follow_start *start)
{
	struct watch *watch = follower;

	watch->line = start->line;
	watch->timeout_ms = start->operation_timeout_ms;
	watch->has_deltas = watch->deltas != NULL && au_deltas_start(watch->deltas, start);
	begin(watch);
}

static void
ask_again(void *follower)
{
	struct watch *watch = follower;

	if (watch->stage != STAGE_FOLLOW)
		return;
	au_line_abandon(watch->line, watch->message_id);
	if (watch->has_deltas)
		au_deltas_drop(watch->deltas);
	forget_after(watch);
	au_batch_drop(watch->batch);
	begin(watch);
}

static void
drained(void *follower)
{
	struct watch *watch = follower;

	if (watch->stage == STAGE_FOLLOW)
		au_batch_flush(watch->batch);
}

static void
stop(void *follower)
{
	struct watch *watch = follower;

	if (watch->stage == STAGE_REFRESH || watch->stage == STAGE_FOLLOW)
		give_up(watch);
	if (watch->has_deltas)
		au_deltas_stop(watch->deltas);
	watch->has_deltas = false;
	watch->stage = STAGE_IDLE;
	watch->line = NULL;
}

const struct au_way au_way_sync = {
	.name = "RFC 4533 refreshAndPersist",
	.option = "syncrepl",
	.is_offered = is_offered,
	.create = create,
	.destroy = destroy,
	.start = start,
	.ask_again = ask_again,
	.drained = drained,
	.stop = stop,
	.is_following = is_following,
};
