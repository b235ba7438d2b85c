/* SPDX-License-Identifier: ISC */
/* Changing users: create, remove, and every other change as GET, change, and what differs sent back. */
#include "base/secret.h"
#include "base/str.h"
#include "scim-target/groups.h"
#include "scim-target/query.h"
#include "scim-target/resource.h"
#include "scim-target/rights.h"
#include "scim-target/user.h"
#include "scim-target/users.h"

static void
drop_secretive(json_t *body)
{
	au_json_wipe(body);
	json_decref(body);
}

/* ---- update ---------------------------------------------------------------------------------- */

struct change {
	struct au_session *session;
	const struct au_target_account *want;
	const json_t *rights; /* of want, or NULL */
	bool active;
	const char *secret;
};

typedef void change_fn(const struct change *change, json_t *user);

static int
check_version(const json_t *user, const struct au_target_account *want, struct au_err *err)
{
	const char *version = au_json_get_str(json_object_get(user, "meta"), "version");

	if (want == NULL || want->version == NULL || version == NULL || au_streq(version, want->version))
		return 0;
	return au_fail(err, AU_ETEMP, "user '%s' moved from version %s to %s", au_json_get_str(user, "userName"),
	    want->version, version);
}

/* Change a user's own attributes; with `groups` they are what it is in before, by a new array. */
static int
change_attributes(const struct change *change, const char *id, change_fn *apply, json_t **groups, struct au_err *err)
{
	AU_CLEANUP(sc_members_freep) struct sc_members *members = NULL;
	struct au_session *session = change->session;
	struct sc_resource was;
	json_t *body;
	int r;

	if ((r = sc_service_ensure(session, err)) != 0 ||
	    (groups != NULL && (r = sc_members_read(session, &members, err)) != 0) ||
	    (r = sc_resource_fetch(session, session->service.users, id, &was, err)) != 0)
		return r;
	body = json_deep_copy(was.json);
	apply(change, body);
	if ((r = check_version(was.json, change->want, err)) == 0)
		r = sc_resource_update(session, session->service.users, &was, body, err);
	/* the name or mark of another user */
	if (r == AU_EEXIST)
		r = au_err_recode(err, AU_EINVAL);
	if (r == 0 && groups != NULL)
		*groups = sc_groups_of(session, members, was.json);
	drop_secretive(body);
	sc_resource_done(&was);
	return r;
}

static int
update(
    const struct change *change, const char *id, change_fn *apply, au_emit_account *emit, void *ctx, struct au_err *err)
{
	int r = change_attributes(change, id, apply, NULL, err);

	return r == 0 ? sc_users_get(change->session, id, emit, ctx, err) : r;
}

static void
apply_active(const struct change *change, json_t *user)
{
	json_object_set_new(user, "active", json_boolean(change->active));
}

int
sc_users_set_active(
    struct au_session *session, const char *id, bool active, au_emit_account *emit, void *ctx, struct au_err *err)
{
	struct change change = { .session = session, .active = active };

	return update(&change, id, apply_active, emit, ctx, err);
}

static void
apply_profile(const struct change *change, json_t *user)
{
	sc_user_set_profile(change->session, user, change->want);
}

int
sc_users_set_profile(struct au_session *session, const char *id, const struct au_target_account *want,
    au_emit_account *emit, void *ctx, struct au_err *err)
{
	struct change change = { .session = session, .want = want };

	return update(&change, id, apply_profile, emit, ctx, err);
}

static void
apply_secret(const struct change *change, json_t *user)
{
	au_json_set_str(user, "password", change->secret);
}

int
sc_users_reset_secret(struct au_session *session, const char *id, const char *secret, au_emit_account *emit, void *ctx,
    struct au_err *err)
{
	struct change change = { .session = session, .secret = secret };

	return update(&change, id, apply_secret, emit, ctx, err);
}

/* ---- rights ------------------------------------------------------------------------------------- */

static void
apply_rights(const struct change *change, json_t *user)
{
	if (change->session->managed.roles)
		sc_user_set_values(user, "roles", json_object_get(change->rights, "roles"));
	if (change->session->managed.entitlements)
		sc_user_set_values(user, "entitlements", json_object_get(change->rights, "entitlements"));
}

int
sc_users_set_rights(struct au_session *session, const char *id, const struct au_target_account *want,
    au_emit_account *emit, void *ctx, struct au_err *err)
{
	AU_CLEANUP(au_json_decrefp) json_t *rights = NULL;
	AU_CLEANUP(au_json_decrefp) json_t *groups = NULL;
	struct change change = { .session = session, .want = want };
	int r = sc_rights_parse(want->rights, &rights, err);

	if (r != 0)
		return r;
	change.rights = rights;
	r = change_attributes(&change, id, apply_rights, &groups, err);
	if (r == 0 && session->managed.groups)
		r = sc_groups_change(session, id, groups, json_object_get(rights, "groups"), err);
	return r == 0 ? sc_users_get(session, id, emit, ctx, err) : r;
}

/* ---- create --------------------------------------------------------------------------------------- */

/* What a look-up gave: an account that bears another mark is not ours. */
struct lookup {
	struct au_arena *arena;
	const char *mark;
	char *id; /* of the one with our mark; NULL = none */
	int active;
};

static int
take_ours(void *ctx, const struct au_target_account *account)
{
	struct lookup *lookup = ctx;

	if (lookup->mark == NULL || !au_strcaseeq(account->mark, lookup->mark))
		return 0;
	lookup->id = au_arena_strdup(lookup->arena, account->id);
	lookup->active = account->active;
	return 0;
}

/* By externalId first, which an earlier try of ours has left; then by userName, where a service keeps no such index. */
static int
find_ours(struct au_session *session, const struct au_target_account *want, bool by_name, struct lookup *lookup,
    struct au_err *err)
{
	int r = 0;

	lookup->mark = want->mark;
	if (want->mark != NULL)
		r = sc_users_by(session, "externalId", want->mark, take_ours, lookup, err);
	/* a filter for externalId is what some refuse */
	if (r == AU_EINVAL || r == AU_ENOSUP || r == AU_EPROTO)
		by_name = true, r = 0;
	if (r == 0 && lookup->id == NULL && by_name)
		r = sc_users_by(session, "userName", want->login, take_ours, lookup, err);
	return r;
}

/* Services are known to create users active whatever was asked. */
static int
emit_created(struct au_session *session, const struct au_target_account *want, const char *id, int active,
    au_emit_account *emit, void *ctx, struct au_err *err)
{
	struct au_err why = { 0 };

	if (want->active != 0 || active != 1)
		return sc_users_get(session, id, emit, ctx, err);
	session->host->log(
	    4, "user '%s' was created active though it was to be inactive; it is switched off", want->login);
	if (sc_users_set_active(session, id, false, emit, ctx, &why) == 0)
		return 0;
	return sc_users_get(session, id, emit, ctx, err);
}

static int
take_created(struct au_session *session, const struct au_target_account *want, const json_t *user,
    au_emit_account *emit, void *ctx, struct au_err *err)
{
	const char *id = json_is_object(user) ? au_json_get_str(user, "id") : NULL;
	struct au_err why = { 0 };

	if (au_str_empty(id))
		return au_fail(err, AU_EUNKNOWN, "POST %s: the answer does not tell the id of '%s'",
		    session->service.users, want->login);
	if (emit_created(session, want, id, json_is_true(json_object_get(user, "active")), emit, ctx, &why) == 0)
		return 0;
	/* it is there, but was not read back */
	return au_fail(err, AU_EUNKNOWN, "user '%s' was created and cannot be read: %s", want->login, why.text);
}

static int
post_user(struct au_session *session, const struct au_target_account *want, const json_t *rights,
    struct au_http_answer *ret, struct au_err *err)
{
	json_t *body = sc_user_for_create(session, want);
	struct change change = { .session = session, .rights = rights };
	struct sc_call call = { .method = "POST", .path = session->service.users, .body = body, .once = true };
	int r;

	apply_rights(&change, body);
	r = sc_call(session, &call, ret, err);
	drop_secretive(body);
	return r;
}

int
sc_users_create(struct au_session *session, const struct au_target_account *want, au_emit_account *emit, void *ctx,
    struct au_err *err)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	AU_CLEANUP(au_json_decrefp) json_t *rights = NULL;
	struct lookup lookup = { .arena = arena };
	struct au_http_answer answer = { 0 };
	int r;

	if ((r = sc_rights_parse(want->rights, &rights, err)) != 0 || (r = sc_service_ensure(session, err)) != 0 ||
	    (r = find_ours(session, want, false, &lookup, err)) != 0)
		return r;
	if (lookup.id != NULL)
		return au_fail(
		    err, AU_EEXIST, "user '%s' with our mark is there already (id '%s')", want->login, lookup.id);
	r = post_user(session, want, rights, &answer, err);
	if (r == 0)
		r = take_created(session, want, answer.json, emit, ctx, err);
	/* there was none with our mark before, so one that is there now is the one that was asked for */
	else if (r == AU_EUNKNOWN && find_ours(session, want, true, &lookup, NULL) == 0 && lookup.id != NULL)
		r = emit_created(session, want, lookup.id, lookup.active, emit, ctx, err);
	au_http_answer_done(&answer);
	return r;
}

/* ---- remove ------------------------------------------------------------------------------------------ */

int
sc_users_remove(struct au_session *session, const char *id, struct au_err *err)
{
	AU_CLEANUP(au_freep) char *path = NULL;
	struct sc_call call = { .method = "DELETE", .about_one = true };
	struct au_http_answer answer = { 0 };
	int r = sc_service_ensure(session, err);

	if (r != 0)
		return r;
	if (!sc_query_is_id(id))
		return au_fail(err, AU_EINVAL, "user: the id is none that a service gives");
	call.path = path = sc_query_path(session->service.users, id);
	r = sc_call(session, &call, &answer, err);
	au_http_answer_done(&answer);
	return r == AU_ENOENT ? 0 : r;
}
