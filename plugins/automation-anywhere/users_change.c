/* SPDX-License-Identifier: ISC */
/* Changing users: create, remove, and every other change as GET, change, PUT of all that is known. */
#include "automation-anywhere/features.h"
#include "automation-anywhere/login.h"
#include "automation-anywhere/rights.h"
#include "automation-anywhere/user.h"
#include "automation-anywhere/user_fetch.h"
#include "automation-anywhere/users.h"
#include "base/secret.h"
#include "base/str.h"

#define USERS_PATH "/v1/usermanagement/users"

static void
drop_secretive(json_t *body)
{
	au_json_wipe(body);
	json_decref(body);
}

static int
emit_user(const json_t *user, au_emit_account *emit, void *ctx, struct au_err *err)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct au_target_account account;
	int r = aa_user_to_account(arena, user, &account, err);

	return r == 0 ? emit(ctx, &account) : r;
}

/* ---- create ------------------------------------------------------------------ */

static int
count_one(void *ctx, const struct au_target_account *account)
{
	(void)account;
	++*(size_t *)ctx;
	return 0;
}

/*
 * Why a create was refused: the product says 400 and 409 for several things, so ask it what is the case.  refusal is
 * what it said, and stays the answer when nothing better is found.
 */
static int
explain_refusal(struct au_session *session, const struct au_target_account *want, const json_t *body, int refusal,
    struct au_err *err)
{
	struct au_err licence = { 0 };
	size_t taken = 0;

	if (refusal == AU_EEXIST && aa_users_find(session, want->login, count_one, &taken, NULL) == 0 && taken > 0)
		return refusal;
	if (aa_features_check(session, json_object_get(body, "licenseFeatures"), &licence) == 0)
		return refusal;
	*err = licence;
	return licence.code;
}

/* Created, or so it says: without an id it must be looked up. */
static int
emit_created(const json_t *user, const char *login, au_emit_account *emit, void *ctx, struct au_err *err)
{
	if (json_object_get(user, "id") != NULL)
		return emit_user(user, emit, ctx, err);
	return au_fail(err, AU_EUNKNOWN, "POST " USERS_PATH ": the answer does not tell the id of '%s'", login);
}

int
aa_users_create(struct au_session *session, const struct au_target_account *want, au_emit_account *emit, void *ctx,
    struct au_err *err)
{
	struct aa_call call = { .method = "POST", .path = USERS_PATH, .permission = "Create users", .once = true };
	struct au_http_answer answer = { 0 };
	json_t *body = NULL;
	int r = aa_user_for_create(want, &body, err);

	if (r != 0)
		return r;
	call.body = body;
	r = aa_session_call(session, &call, &answer, err);
	if (r == AU_EEXIST || r == AU_EINVAL)
		r = explain_refusal(session, want, body, r, err);
	else if (r == 0)
		r = emit_created(answer.json, want->login, emit, ctx, err);
	drop_secretive(body);
	au_http_answer_done(&answer);
	return r;
}

/* ---- update ------------------------------------------------------------------- */

/* What a change does to the body of a PUT. */
typedef int change_fn(json_t *body, const void *what, struct au_err *err);

static int
check_version(const json_t *user, const char *version, struct au_err *err)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct au_target_account now;
	int r;

	if (version == NULL)
		return 0;
	if ((r = aa_user_to_account(arena, user, &now, err)) != 0)
		return r;
	if (now.version == NULL || au_streq(now.version, version))
		return 0;
	return au_fail(err, AU_ETEMP, "user '%s' moved from version %s to %s", now.login, version, now.version);
}

static int
put_user(struct au_session *session, const char *id, json_t *body, struct au_http_answer *ret, struct au_err *err)
{
	AU_CLEANUP(au_freep) char *path = NULL;
	struct aa_call call = { .method = "PUT", .body = body, .permission = "Edit users", .about_one = true };
	struct au_err licence = { 0 };
	int r = aa_user_path(id, &path, err);

	if (r != 0)
		return r;
	call.path = path;
	r = aa_session_call(session, &call, ret, err);
	if (r != AU_EEXIST && r != AU_EINVAL)
		return r;
	if (aa_features_check(session, json_object_get(body, "licenseFeatures"), &licence) != 0) {
		*err = licence;
		return licence.code;
	}
	/* 409 on an update: somebody else's came first. */
	return r == AU_EEXIST ? au_err_recode(err, AU_ETEMP) : r;
}

static int
update(struct au_session *session, const char *id, const char *version, change_fn *change, const void *what,
    au_emit_account *emit, void *ctx, struct au_err *err)
{
	struct au_http_answer before = { 0 }, after = { 0 };
	json_t *body;
	int r = aa_user_fetch(session, id, &before, err);

	if (r != 0)
		return r;
	body = aa_user_for_update(before.json);
	if ((r = check_version(before.json, version, err)) == 0)
		r = change(body, what, err);
	au_http_answer_done(&before);
	if (r == 0)
		r = put_user(session, id, body, &after, err);
	drop_secretive(body);
	/* What the product holds now; an answer that does not say so is asked for again. */
	if (r == 0 && json_object_get(after.json, "id") == NULL) {
		au_http_answer_done(&after);
		r = aa_user_fetch(session, id, &after, err);
	}
	if (r == 0)
		r = emit_user(after.json, emit, ctx, err);
	au_http_answer_done(&after);
	return r;
}

static int
change_rights(json_t *body, const void *what, struct au_err *err)
{
	const struct au_target_account *want = what;

	return aa_rights_into_user(want->rights, body, err);
}

static int
change_active(json_t *body, const void *what, struct au_err *err)
{
	(void)err;
	json_object_set_new(body, "disabled", json_boolean(!*(const bool *)what));
	return 0;
}

static int
change_profile(json_t *body, const void *what, struct au_err *err)
{
	(void)err;
	aa_user_set_profile(body, what);
	return 0;
}

static int
change_secret(json_t *body, const void *what, struct au_err *err)
{
	(void)err;
	au_json_set_str(body, "password", what);
	return 0;
}

int
aa_users_set_rights(struct au_session *session, const char *id, const struct au_target_account *want,
    au_emit_account *emit, void *ctx, struct au_err *err)
{
	return update(session, id, want->version, change_rights, want, emit, ctx, err);
}

int
aa_users_set_active(
    struct au_session *session, const char *id, bool active, au_emit_account *emit, void *ctx, struct au_err *err)
{
	return update(session, id, NULL, change_active, &active, emit, ctx, err);
}

int
aa_users_set_profile(struct au_session *session, const char *id, const struct au_target_account *want,
    au_emit_account *emit, void *ctx, struct au_err *err)
{
	return update(session, id, want->version, change_profile, want, emit, ctx, err);
}

/* Holds an emitted account back until it is known that its password was taken. */
struct held {
	struct au_session *session;
	const char *secret;
	au_emit_account *emit;
	void *ctx;
	struct au_err *err;
};

static int
emit_verified(void *ctx, const struct au_target_account *account)
{
	struct held *held = ctx;
	int r = 0;

	/* An inactive user cannot log in whatever its password. */
	if (held->session->verify_password && account->active == 1)
		r = aa_login_verify(held->session, account->login, held->secret, held->err);
	return r == 0 ? held->emit(held->ctx, account) : r;
}

int
aa_users_reset_secret(struct au_session *session, const char *id, const char *secret, au_emit_account *emit, void *ctx,
    struct au_err *err)
{
	struct held held = { session, secret, emit, ctx, err };

	return update(session, id, NULL, change_secret, secret, emit_verified, &held, err);
}

/* ---- remove ------------------------------------------------------------------- */

int
aa_users_remove(struct au_session *session, const char *id, struct au_err *err)
{
	AU_CLEANUP(au_freep) char *path = NULL;
	struct aa_call call = { .method = "DELETE", .permission = "Delete users", .about_one = true };
	struct au_http_answer answer = { 0 };
	int r = aa_user_path(id, &path, err);

	if (r != 0)
		return r;
	call.path = path;
	r = aa_session_call(session, &call, &answer, err);
	au_http_answer_done(&answer);
	return r == AU_ENOENT ? 0 : r;
}
