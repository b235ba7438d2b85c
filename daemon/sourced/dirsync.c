/* SPDX-License-Identifier: ISC */
/*
 * DirSync answers for a whole partition and leaves out what does not match its
 * filter any more.  So it is asked for all objects, and the attributes that are
 * listed say which changes count: those that are mapped, those that the filter
 * of the search is made of, and those of a move.  Its values are not used, only
 * what changed; au_chase reads the rest.
 *
 * An account without the right to replicate (DS-Replication-Get-Changes) is
 * refused, and asks for what it may read instead.  Then it may not be told of
 * what is deleted, nor is it by Samba unless it is an administrator's.  Before
 * anything else the server is asked for a deleted object: who sees none must
 * look for himself who is gone.
 *
 * A controller that was restored without noticing gives the same numbers to
 * other changes, and tells nobody who has seen the first ones.  So each round
 * begins with where it stands, which is kept with the cookie.
 */
#include "sourced/dirsync.h"

#include "base/rand.h"
#include "base/str.h"
#include "model/dn.h"
#include "sourced/cookie.h"
#include "sourced/dirsync_control.h"
#include "sourced/dirsync_told.h"
#include "sourced/ended.h"
#include "sourced/filter_names.h"
#include "sourced/identity.h"
#include "sourced/tail.h"
#include "sourced/tombstone.h"
#include "sourced/usn_ask.h"

#include <string.h>

#define MAX_BYTES (1 << 20) /* of one answer */
#define ALL_OBJECTS "(objectClass=*)"
#define NO_MARK "-"
/* Nobody has this id, so that only a cookie comes back. */
#define NO_OBJECT "(objectGUID=\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00)"

struct dirsync {
	const struct au_mapping *mapping;
	const struct au_feed_events *events;
	void *ctx;
	struct au_arena *arena; /* of a start */
	const char **attributes;
	const char *partition; /* NULL: the server holds none with our base */
	bool by_membership;    /* the filter asks of which groups an entry is */
	bool is_secured;       /* the account has no right to replicate */
	bool is_looking;       /* the question under way is for a deleted object */
	bool has_looked, is_sighted;
	bool is_quiet; /* of the question under way */
	char *cookie;  /* of it; NULL: none */
	struct au_usn_ask *ask;
	struct au_usn_mark since, now; /* of the cookie; when the round began */
	bool has_since, has_now;
	bool goes_on; /* the answer before had more: this is the same round */
	struct au_line *line;
	int64_t timeout_ms;
	int message_id;
};

static void
fail(struct dirsync *dirsync, const struct au_fault *fault)
{
	dirsync->events->failed(dirsync->ctx, fault);
}

static void
fail_partial(struct dirsync *dirsync, const char *why)
{
	struct au_fault fault;

	fail(dirsync, au_fault_set(&fault, AU_FAULT_PARTIAL, "%s: %s", au_search_name(dirsync->mapping->search), why));
}

/* ---- answers ---- */

static void send_question(struct dirsync *dirsync);
static void begin_round(struct dirsync *dirsync);

static void
end_look(struct dirsync *dirsync)
{
	dirsync->is_looking = false;
	dirsync->has_looked = true;
	begin_round(dirsync);
}

static void
on_deleted(struct dirsync *dirsync, LDAPMessage *message)
{
	if (!au_tombstone_is(au_line_handle(dirsync->line), message))
		return;
	dirsync->is_sighted = true;
	au_line_abandon(dirsync->line, dirsync->message_id);
	end_look(dirsync);
}

static void
doubt_members(const struct dirsync *dirsync, const struct au_dirsync_told *told)
{
	for (size_t i = 0; i < told->named_count; i++)
		dirsync->events->doubted(dirsync->ctx, told->named[i]);
}

static void
on_object(struct dirsync *dirsync, LDAPMessage *message)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct au_dirsync_told told;

	if (au_dirsync_told(
		au_line_handle(dirsync->line), message, dirsync->mapping, dirsync->attributes, arena, &told) < 0) {
		fail_partial(dirsync, "a changed object cannot be decoded");
		return;
	}
	if (dirsync->by_membership)
		doubt_members(dirsync, &told);
	if (told.change.id == NULL)
		fail_partial(dirsync, "a changed object came without its objectGUID");
	else
		dirsync->events->changed(dirsync->ctx, &told.change);
}

static void
on_success(struct dirsync *dirsync, LDAPControl **controls)
{
	LDAPControl *control = ldap_control_find(AU_OID_DIRSYNC, controls, NULL);
	struct au_dirsync_answer answer;
	struct au_err err;

	if (au_dirsync_parse(control != NULL ? &control->ldctl_value : NULL, &answer, &err) < 0) {
		fail_partial(dirsync, err.text);
		return;
	}
	dirsync->goes_on = answer.more;
	AU_CLEANUP(au_freep) char *bare = au_cookie_text(&answer.cookie);
	AU_CLEANUP(au_freep) char *mark = dirsync->has_now ? au_usn_mark_text(&dirsync->now) : au_xstrdup(NO_MARK);
	AU_CLEANUP(au_freep) char *cookie = au_xasprintf("%s %s", mark, bare);
	dirsync->events->told(dirsync->ctx, cookie, answer.more);
}

/*
 * Which code a cookie is refused with depends on the server and its version; what is no mere trouble in answering is
 * taken for it, since a reading of everything is always right.
 */
static bool
refuses_cookie(const struct dirsync *dirsync, int code, enum au_fault_kind kind)
{
	return dirsync->cookie != NULL && !dirsync->is_looking &&
	       (kind == AU_FAULT_SETUP || code == LDAP_PROTOCOL_ERROR || code == LDAP_OPERATIONS_ERROR);
}

/* Not to us, or not at all: there may be another way. */
static bool
refuses_all(int code)
{
	return code == LDAP_INSUFFICIENT_ACCESS || code == LDAP_UNWILLING_TO_PERFORM ||
	       code == LDAP_UNAVAILABLE_CRITICAL_EXTENSION;
}

static void
on_refusal(struct dirsync *dirsync, const struct au_ended *ended)
{
	struct au_fault fault;

	if (ended->code == LDAP_INSUFFICIENT_ACCESS && !dirsync->is_secured) {
		dirsync->is_secured = true;
		send_question(dirsync);
		return;
	}
	au_ended_fault(ended, "DirSync", &fault);
	if (refuses_cookie(dirsync, ended->code, fault.kind))
		fault.kind = AU_FAULT_RELOAD;
	else if (refuses_all(ended->code))
		fault.kind = AU_FAULT_REFUSED;
	fail(dirsync, &fault);
}

static void
on_result(struct dirsync *dirsync, LDAPMessage *message)
{
	AU_CLEANUP(au_ended_done)
	struct au_ended ended = au_ended_read(au_line_handle(dirsync->line), message);

	dirsync->message_id = 0;
	if (ended.code == LDAP_SUCCESS && dirsync->is_looking)
		end_look(dirsync);
	else if (ended.code == LDAP_SUCCESS)
		on_success(dirsync, ended.controls);
	else
		on_refusal(dirsync, &ended);
}

static void
on_answer(void *ctx, LDAPMessage *message, int type)
{
	struct dirsync *dirsync = ctx;

	if (type == LDAP_RES_SEARCH_ENTRY && dirsync->is_looking)
		on_deleted(dirsync, message);
	else if (type == LDAP_RES_SEARCH_ENTRY)
		on_object(dirsync, message);
	else if (type == LDAP_RES_SEARCH_RESULT)
		on_result(dirsync, message);
	/* References name the partitions that begin below ours, which are none of it. */
}

/* ---- questions ---- */

static void
send_question(struct dirsync *dirsync)
{
	const char *filter = dirsync->is_looking ? AU_TOMBSTONES : dirsync->is_quiet ? NO_OBJECT : ALL_OBJECTS;
	bool goes_on = dirsync->cookie != NULL && !dirsync->is_looking;
	struct berval cookie = { 0, NULL };
	uint32_t flags = AU_DIRSYNC_INCREMENTAL_VALUES | (dirsync->is_secured ? AU_DIRSYNC_OBJECT_SECURITY : 0);

	if (goes_on)
		cookie = au_cookie_bytes(dirsync->cookie);
	struct berval *value = au_dirsync_request(flags, MAX_BYTES, goes_on ? &cookie : NULL);
	LDAPControl control = { .ldctl_oid = (char[]){ AU_OID_DIRSYNC }, .ldctl_value = *value, .ldctl_iscritical = 1 };
	LDAPControl *controls[] = { &control, NULL };
	struct au_line_search search = {
		.base = dirsync->partition,
		.filter = filter,
		.scope = LDAP_SCOPE_SUBTREE,
		.attributes = dirsync->attributes,
		.controls = controls,
		.timeout_ms = dirsync->timeout_ms,
	};
	dirsync->message_id = au_line_search(dirsync->line, &search, on_answer, dirsync);
	ber_bvfree(value);
	free(cookie.bv_val);
}

/* ---- rounds ---- */

static void
on_known(void *ctx, const struct au_usn_mark *mark)
{
	struct dirsync *dirsync = ctx;
	struct au_fault fault;

	dirsync->has_now = au_uuid_is(mark->database);
	dirsync->now = *mark;
	if (dirsync->has_now && dirsync->has_since && au_usn_course(&dirsync->since, mark) == AU_USN_BACK) {
		dirsync->events->aged(dirsync->ctx);
		fail(dirsync, au_usn_back_fault(&dirsync->since, mark, &fault));
	} else
		send_question(dirsync);
}

/* A server that does not number its changes cannot be seen to go back. */
static void
on_unknown(void *ctx, const struct au_fault *fault)
{
	struct dirsync *dirsync = ctx;

	dirsync->has_now = false;
	if (fault->kind == AU_FAULT_REFUSED)
		send_question(dirsync);
	else
		fail(dirsync, fault);
}

static const struct au_usn_ask_events mark_events = { .known = on_known, .failed = on_unknown };

static void
begin_round(struct dirsync *dirsync)
{
	au_usn_ask(dirsync->ask, dirsync->line, dirsync->timeout_ms);
}

/* Text as we told it: the mark, a blank, and what the server gave. */
static void
take_cookie(struct dirsync *dirsync, const char *text)
{
	const char *blank = text != NULL ? strchr(text, ' ') : NULL;

	free(dirsync->cookie);
	dirsync->cookie = NULL;
	dirsync->has_since = false;
	if (blank == NULL)
		return;
	AU_CLEANUP(au_freep) char *mark = au_xstrndup(text, (size_t)(blank - text));
	dirsync->has_since = au_usn_mark_parse(mark, &dirsync->since);
	dirsync->cookie = au_xstrdup(blank + 1);
}

static void
ask(void *feed, const char *cookie, bool is_quiet)
{
	struct dirsync *dirsync = feed;
	struct au_fault fault;

	if (dirsync->partition == NULL) {
		fail(dirsync, au_fault_set(&fault, AU_FAULT_SETUP, "the server holds no partition with '%s'",
				  au_mapping_base(dirsync->mapping)));
		return;
	}
	if (cookie != NULL && strchr(cookie, ' ') == NULL) {
		fail(
		    dirsync, au_fault_set(&fault, AU_FAULT_RELOAD, "what was kept of the last reading cannot be read"));
		return;
	}
	take_cookie(dirsync, cookie);
	dirsync->is_quiet = is_quiet;
	dirsync->is_looking = !dirsync->has_looked;
	if (dirsync->is_looking || dirsync->goes_on)
		send_question(dirsync);
	else
		begin_round(dirsync);
}

static size_t
count(const char *const *list)
{
	size_t n = 0;

	while (list[n] != NULL)
		n++;
	return n;
}

static void
add_all(const char **to, const char *const *list)
{
	for (size_t i = 0; list[i] != NULL; i++)
		if (!au_root_lists(to, list[i]))
			to[count(to)] = list[i];
}

static void
list_attributes(struct dirsync *dirsync)
{
	static const char *const of_move[] = { "name", "isDeleted", "objectClass", NULL };
	static const char *const of_membership[] = { AU_DIRSYNC_MEMBER, NULL };
	const char **of_filter = au_filter_names(dirsync->arena, au_mapping_filter(dirsync->mapping));
	size_t most = dirsync->mapping->attribute_count + count(of_filter) + AU_COUNT(of_move) + 1;

	dirsync->by_membership = au_root_lists(of_filter, "memberOf");
	dirsync->attributes = au_arena_alloc(dirsync->arena, (most + 1) * sizeof(*dirsync->attributes));
	add_all(dirsync->attributes, dirsync->mapping->attributes);
	add_all(dirsync->attributes, of_filter);
	add_all(dirsync->attributes, of_move);
	if (dirsync->by_membership)
		add_all(dirsync->attributes, of_membership);
}

static void
start(void *feed, const struct au_follow_start *start)
{
	struct dirsync *dirsync = feed;
	const char *base_norm;

	au_arena_free(dirsync->arena);
	dirsync->arena = au_arena_new();
	dirsync->line = start->line;
	dirsync->timeout_ms = start->operation_timeout_ms;
	dirsync->is_secured = dirsync->has_looked = dirsync->is_sighted = dirsync->goes_on = false;
	dirsync->partition = NULL;
	if (au_dn_normalize(dirsync->arena, au_mapping_base(dirsync->mapping), &base_norm, NULL) == 0)
		dirsync->partition = au_root_context(start->root, base_norm);
	list_attributes(dirsync);
}

static void
stop(void *feed)
{
	struct dirsync *dirsync = feed;

	au_usn_ask_stop(dirsync->ask);
	if (dirsync->message_id != 0)
		au_line_abandon(dirsync->line, dirsync->message_id);
	dirsync->message_id = 0;
}

static bool
is_blind(const void *feed)
{
	const struct dirsync *dirsync = feed;

	return !dirsync->is_sighted;
}

static void *
create_feed(const struct au_mapping *mapping, const struct au_feed_events *events, void *ctx)
{
	struct dirsync *dirsync = au_xcalloc(1, sizeof(*dirsync));

	*dirsync = (struct dirsync){ .mapping = mapping, .events = events, .ctx = ctx };
	dirsync->ask = au_usn_ask_new(&mark_events, dirsync);
	return dirsync;
}

static void
destroy_feed(void *feed)
{
	struct dirsync *dirsync = feed;

	if (dirsync == NULL)
		return;
	au_usn_ask_free(dirsync->ask);
	au_arena_free(dirsync->arena);
	free(dirsync->cookie);
	free(dirsync);
}

static const struct au_feed feed = {
	.name = "dirsync",
	.create = create_feed,
	.destroy = destroy_feed,
	.start = start,
	.ask = ask,
	.stop = stop,
	.is_blind = is_blind,
};

static bool
is_offered(const struct au_root *root)
{
	return au_root_has_control(root, AU_OID_DIRSYNC);
}

static void *
create(const struct au_follow_config *config)
{
	return au_tail_new(config, &feed);
}

const struct au_way au_way_dirsync = {
	.name = "DirSync",
	.option = "dirsync",
	.is_offered = is_offered,
	.create = create,
	.destroy = au_tail_free,
	.start = au_tail_start,
	.ask_again = au_tail_ask_again,
	.drained = au_tail_drained,
	.room = au_tail_room,
	.stop = au_tail_stop,
	.is_following = au_tail_is_following,
};
