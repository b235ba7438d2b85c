/* SPDX-License-Identifier: ISC */
/* Reading users: all of them, those of a name, one by id. */
#include "automation-anywhere/listing.h"
#include "automation-anywhere/user.h"
#include "automation-anywhere/user_fetch.h"
#include "automation-anywhere/users.h"
#include "base/str.h"
#include "base/text.h"

#define LIST_PATH "/v1/usermanagement/users/list"

/* Users of a walk, kept until it is known to be whole. */
struct found {
	struct au_arena *arena;
	struct au_target_account *accounts;
	size_t count, cap;
	const char *login; /* only users of this name, folded; NULL = all */
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
	au_arena_free(found->arena);
	free(found->accounts);
}

static int
found_take(void *ctx, const json_t *user, struct au_err *err)
{
	struct found *found = ctx;
	struct au_target_account *slot;
	int r;

	if (au_json_get_bool(user, "deleted", 0))
		return 0;
	if (found->count == found->cap) {
		found->cap = found->cap == 0 ? 16 : found->cap * 2;
		found->accounts = au_xrealloc(found->accounts, found->cap, sizeof(*found->accounts));
	}
	slot = &found->accounts[found->count];
	if ((r = aa_user_to_account(found->arena, user, slot, err)) != 0)
		return r;
	found->count++;
	return 0;
}

static int
found_emit(const struct found *found, au_emit_account *emit, void *ctx)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < found->count; i++)
		r = emit(ctx, &found->accounts[i]);
	return r;
}

int
aa_users_probe(struct au_session *session, struct au_err *err)
{
	AU_CLEANUP(au_json_decrefp)
	json_t *body = json_pack("{s:[], s:{s:i, s:i}}", "fields", "page", "offset", 0, "length", 1);
	struct aa_call call = { .method = "POST", .path = LIST_PATH, .body = body, .permission = "View users" };
	struct au_http_answer answer = { 0 };
	int r = aa_session_call(session, &call, &answer, err);

	if (r == 0 && !json_is_array(json_object_get(answer.json, "list")))
		r = au_fail(err, AU_EPROTO, "POST %s: answer without 'list'", LIST_PATH);
	au_http_answer_done(&answer);
	return r;
}

int
aa_users_list(struct au_session *session, au_emit_account *emit, void *ctx, struct au_err *err)
{
	AU_CLEANUP(found_done) struct found found = { .arena = au_arena_new() };
	const struct aa_listing listing = { .path = LIST_PATH,
		.permission = "View users",
		.take = found_take,
		.restart = found_forget,
		.ctx = &found };
	int r = aa_listing_walk(session, &listing, err);

	return r == 0 ? found_emit(&found, emit, ctx) : r;
}

/* Names that differ in case only collide, so they are found as well; others mean that the filter was not heard. */
static int
found_take_named(void *ctx, const json_t *user, struct au_err *err)
{
	struct found *found = ctx;
	const char *name = au_json_get_str(user, "username");

	if (name == NULL || !au_streq(au_text_fold(found->arena, name), found->login))
		return au_fail(err, AU_EPROTO, "POST %s: the filter for a user name gave another user", LIST_PATH);
	return found_take(ctx, user, err);
}

int
aa_users_find(struct au_session *session, const char *login, au_emit_account *emit, void *ctx, struct au_err *err)
{
	AU_CLEANUP(au_json_decrefp) json_t *filter = json_object();
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	AU_CLEANUP(found_done) struct found found = { .arena = au_arena_new(), .login = au_text_fold(arena, login) };
	const struct aa_listing listing = { .path = LIST_PATH,
		.permission = "View users",
		.filter = filter,
		.take = found_take_named,
		.restart = found_forget,
		.ctx = &found };
	int r;

	au_json_set_str(filter, "operator", "eq");
	au_json_set_str(filter, "field", "username");
	au_json_set_str(filter, "value", login);
	r = aa_listing_walk(session, &listing, err);
	return r == 0 ? found_emit(&found, emit, ctx) : r;
}

int
aa_users_get(struct au_session *session, const char *id, au_emit_account *emit, void *ctx, struct au_err *err)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct au_http_answer answer = { 0 };
	struct au_target_account account;
	int r = aa_user_fetch(session, id, &answer, err);

	if (r != 0)
		return r;
	r = aa_user_to_account(arena, answer.json, &account, err);
	au_http_answer_done(&answer);
	return r == 0 ? emit(ctx, &account) : r;
}
