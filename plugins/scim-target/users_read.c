/* SPDX-License-Identifier: ISC */
/* Reading users: all of them, those of a name or mark, one by id. */
#include "base/str.h"
#include "base/text.h"
#include "scim-target/groups.h"
#include "scim-target/listing.h"
#include "scim-target/query.h"
#include "scim-target/resource.h"
#include "scim-target/user.h"
#include "scim-target/users.h"

/* Users of a walk, kept until it is known to be whole. */
struct found {
	struct au_session *session;
	struct sc_members *members;
	struct au_arena *arena;
	struct au_target_account *accounts;
	size_t count, cap;
	const char *attribute, *value; /* only users with this one, folded; NULL = all */
	bool is_filtered;              /* and others must not be in the list */
};

static void
found_forget(void *ctx)
{
	struct found *found = ctx;

	au_arena_free(found->arena);
	found->arena = au_arena_new();
	found->count = 0;
}

static void
found_done(struct found *found)
{
	sc_members_freep(&found->members);
	au_arena_free(found->arena);
	free(found->accounts);
}

static int
found_add(struct found *found, const json_t *user, struct au_err *err)
{
	AU_CLEANUP(au_json_decrefp) json_t *groups = sc_groups_of(found->session, found->members, user);

	if (found->count == found->cap) {
		found->cap = found->cap == 0 ? 16 : found->cap * 2;
		found->accounts = au_xrealloc(found->accounts, found->cap, sizeof(*found->accounts));
	}
	return sc_user_to_account(found->session, found->arena, user, groups, &found->accounts[found->count++], err);
}

/* Both are compared in one case: that of an externalId of ours says nothing either. */
static int
found_take(void *ctx, const json_t *user, struct au_err *err)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *scratch = au_arena_new();
	struct found *found = ctx;
	const char *value;

	if (found->attribute == NULL)
		return found_add(found, user, err);
	value = au_json_get_str(user, found->attribute);
	if (value != NULL && au_streq(au_text_fold(scratch, value), found->value))
		return found_add(found, user, err);
	if (!found->is_filtered)
		return 0;
	return au_fail(err, AU_EPROTO, "GET %s: the filter for a %s gave another user (see option 'filter')",
	    found->session->service.users, found->attribute);
}

static int
found_emit(const struct found *found, au_emit_account *emit, void *ctx)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < found->count; i++)
		r = emit(ctx, &found->accounts[i]);
	return r;
}

static int
walk(struct found *found, const char *filter, au_emit_account *emit, void *ctx, struct au_err *err)
{
	struct au_session *session = found->session;
	const struct sc_listing listing = { .endpoint = session->service.users,
		.filter = filter,
		.take = found_take,
		.restart = found_forget,
		.ctx = found };
	int r;

	if ((r = sc_members_read(session, &found->members, err)) != 0 ||
	    (r = sc_listing_walk(session, &listing, err)) != 0)
		return r;
	return found_emit(found, emit, ctx);
}

int
sc_users_list(struct au_session *session, au_emit_account *emit, void *ctx, struct au_err *err)
{
	AU_CLEANUP(found_done) struct found found = { .session = session, .arena = au_arena_new() };
	int r = sc_service_ensure(session, err);

	return r == 0 ? walk(&found, NULL, emit, ctx, err) : r;
}

int
sc_users_by(struct au_session *session, const char *attribute, const char *value, au_emit_account *emit, void *ctx,
    struct au_err *err)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	AU_CLEANUP(au_freep) char *filter = NULL;
	AU_CLEANUP(found_done)
	struct found found = {
		.session = session, .arena = au_arena_new(), .attribute = attribute, .value = au_text_fold(arena, value)
	};
	int r = sc_service_ensure(session, err);

	if (r != 0)
		return r;
	found.is_filtered = sc_resource_filters(session);
	if (found.is_filtered)
		filter = sc_query_filter(attribute, value);
	return walk(&found, filter, emit, ctx, err);
}

int
sc_users_find(struct au_session *session, const char *login, au_emit_account *emit, void *ctx, struct au_err *err)
{
	return sc_users_by(session, "userName", login, emit, ctx, err);
}

int
sc_users_get(struct au_session *session, const char *id, au_emit_account *emit, void *ctx, struct au_err *err)
{
	AU_CLEANUP(found_done) struct found found = { .session = session, .arena = au_arena_new() };
	struct sc_resource user;
	int r;

	if ((r = sc_service_ensure(session, err)) != 0 || (r = sc_members_read(session, &found.members, err)) != 0 ||
	    (r = sc_resource_fetch(session, session->service.users, id, &user, err)) != 0)
		return r;
	r = found_add(&found, user.json, err);
	sc_resource_done(&user);
	return r == 0 ? found_emit(&found, emit, ctx) : r;
}

/* One user, or none, by a request that changes nothing: the credential and the right to read are seen. */
int
sc_users_probe(struct au_session *session, struct au_err *err)
{
	struct sc_call call = { .method = "GET" };
	AU_CLEANUP(au_freep) char *path = NULL;
	struct au_http_answer answer = { 0 };
	int r;

	sc_service_forget(&session->service);
	if ((r = sc_service_ensure(session, err)) != 0)
		return r;
	path = au_xasprintf("%s?startIndex=1&count=1", session->service.users);
	call.path = path;
	r = sc_call(session, &call, &answer, err);
	if (r == 0 && !json_is_integer(json_object_get(answer.json, "totalResults")))
		r = au_fail(err, AU_EPROTO, "GET %s: the answer is no list of SCIM 2.0", path);
	au_http_answer_done(&answer);
	return r;
}
