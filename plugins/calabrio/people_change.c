/* SPDX-License-Identifier: ISC */
/*
 * Changing users: GET, change, PUT of all that is known, GET again.  A create is a POST, which may keep no more than
 * the names, and then the same.  What no call can do is left to a person, who is told by order.c.
 */
#include "base/secret.h"
#include "base/str.h"
#include "calabrio/catalog.h"
#include "calabrio/login.h"
#include "calabrio/people.h"
#include "calabrio/person.h"
#include "calabrio/rights.h"

#include <string.h>

static void
drop_secretive(json_t *body)
{
	au_json_wipe(body);
	json_decref(body);
}

static int
emit_whole(const struct au_session *session, const json_t *person, au_emit_account *emit, void *ctx, struct au_err *err)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct au_target_account account;
	int r = ca_person_to_account(session, arena, person, true, &account, err);

	return r == 0 ? emit(ctx, &account) : r;
}

/* Names and ids that a body may need. */
static int
prepare(struct au_session *session, struct au_err *err)
{
	return session->teams != NULL ? 0 : ca_catalog_fill(session, err);
}

static int
put_person(struct au_session *session, const char *id, const json_t *body, struct au_err *err)
{
	const struct ca_call call = { .endpoint = CA_PERSON_UPDATE, .id = id, .body = body, .about_one = true };
	struct au_http_answer answer = { 0 };
	int r = ca_session_call(session, &call, &answer, err);

	au_http_answer_done(&answer);
	return r;
}

/* A person who is active and still locked cannot log in.  One who is not locked any more is refused with 400. */
static int
unlock(struct au_session *session, const char *id, struct au_err *err)
{
	AU_CLEANUP(au_json_decrefp) json_t *body = json_pack("{s:s}", "status", "unlocked");
	const struct ca_call ask = { .endpoint = CA_STATUS_GET, .id = id, .about_one = true };
	const struct ca_call tell = { .endpoint = CA_STATUS_UPDATE, .id = id, .body = body, .about_one = true };
	struct au_http_answer answer = { 0 };
	bool locked;
	int r;

	if (!ca_endpoints_know(&session->endpoints, CA_STATUS_GET) ||
	    !ca_endpoints_know(&session->endpoints, CA_STATUS_UPDATE))
		return 0;
	if ((r = ca_session_object(session, &ask, &answer, err)) != 0)
		return r;
	locked = au_streq(au_json_get_str(answer.json, "status"), "locked");
	au_http_answer_done(&answer);
	if (!locked)
		return 0;
	r = ca_session_call(session, &tell, &answer, err);
	au_http_answer_done(&answer);
	return r == AU_EINVAL ? 0 : r;
}

/* ---- update ----------------------------------------------------------------------- */

/* What a change does to the body of a PUT. */
typedef int change_fn(const struct au_session *session, json_t *body, const void *what, struct au_err *err);

static int
update(
    struct au_session *session, const char *id, change_fn *change, const void *what, json_t **ret, struct au_err *err)
{
	AU_CLEANUP(au_json_decrefp) json_t *before = NULL;
	json_t *body;
	int r = prepare(session, err);

	if (r != 0 || (r = ca_people_fetch(session, id, &before, err)) != 0)
		return r;
	body = ca_person_for_update(before);
	if ((r = change(session, body, what, err)) == 0)
		r = put_person(session, id, body, err);
	drop_secretive(body);
	return r == 0 ? ca_people_fetch(session, id, ret, err) : r;
}

static int
update_and_emit(struct au_session *session, const char *id, change_fn *change, const void *what, au_emit_account *emit,
    void *ctx, struct au_err *err)
{
	AU_CLEANUP(au_json_decrefp) json_t *after = NULL;
	int r = update(session, id, change, what, &after, err);

	return r == 0 ? emit_whole(session, after, emit, ctx, err) : r;
}

static int
change_rights(const struct au_session *session, json_t *body, const void *what, struct au_err *err)
{
	const struct au_target_account *want = what;

	return ca_rights_into_person(session, want->rights, body, err);
}

static int
change_active(const struct au_session *session, json_t *body, const void *what, struct au_err *err)
{
	(void)err;
	ca_person_set_active(session, body, *(const bool *)what);
	return 0;
}

static int
change_profile(const struct au_session *session, json_t *body, const void *what, struct au_err *err)
{
	(void)err;
	ca_person_set_profile(session, body, what);
	return 0;
}

static int
change_secret(const struct au_session *session, json_t *body, const void *what, struct au_err *err)
{
	(void)err;
	au_json_set_str(body, session->password_member, what);
	return 0;
}

int
ca_people_set_rights(struct au_session *session, const char *id, const struct au_target_account *want,
    au_emit_account *emit, void *ctx, struct au_err *err)
{
	return update_and_emit(session, id, change_rights, want, emit, ctx, err);
}

int
ca_people_set_active(
    struct au_session *session, const char *id, bool active, au_emit_account *emit, void *ctx, struct au_err *err)
{
	AU_CLEANUP(au_json_decrefp) json_t *after = NULL;
	int r = update(session, id, change_active, &active, &after, err);

	if (r == 0 && active)
		r = unlock(session, id, err);
	return r == 0 ? emit_whole(session, after, emit, ctx, err) : r;
}

int
ca_people_set_profile(struct au_session *session, const char *id, const struct au_target_account *want,
    au_emit_account *emit, void *ctx, struct au_err *err)
{
	return update_and_emit(session, id, change_profile, want, emit, ctx, err);
}

/* ---- passwords ---------------------------------------------------------------------- */

static int
leave_to_a_person(const struct au_session *session, const char *login, struct au_err *err)
{
	return au_fail(err, AU_EMANUAL, "%s: no call is known that sets the password of '%s': a person must enter it",
	    session->product, login);
}

static bool
takes_password(const struct au_session *session)
{
	return session->password_member != NULL || ca_endpoints_know(&session->endpoints, CA_PASSWORD_SET);
}

/* Neither the names nor the address may be in it, whatever the case; words of one letter are in everything. */
static int
check_secret(const char *secret, const char *first_name, const char *last_name, const char *mail, struct au_err *err)
{
	const char *const words[] = { first_name, last_name, mail };

	for (size_t i = 0; i < AU_COUNT(words); i++) {
		if (words[i] != NULL && strlen(words[i]) > 1 && strcasestr(secret, words[i]) != NULL)
			return au_fail(err, AU_EINVAL,
			    "rule %sR15: secret: expected neither the name nor the e-mail address in it",
			    ca_brand.rules);
	}
	return 0;
}

/* Whether a create brings it along. */
static bool
sends_password(const struct au_session *session)
{
	return !session->iam && session->password_member != NULL &&
	       !ca_endpoints_know(&session->endpoints, CA_PASSWORD_SET);
}

/* By the tenant's own call where there is one. */
static int
set_by_call(struct au_session *session, const char *id, const char *secret, struct au_err *err)
{
	json_t *body = json_object();
	const struct ca_call call = { .endpoint = CA_PASSWORD_SET, .id = id, .body = body, .about_one = true };
	struct au_http_answer answer = { 0 };
	int r;

	au_json_set_str(body, session->password_member != NULL ? session->password_member : "password", secret);
	r = ca_session_call(session, &call, &answer, err);
	au_http_answer_done(&answer);
	drop_secretive(body);
	return r;
}

static int
verify(struct au_session *session, const json_t *person, const char *secret, struct au_err *err)
{
	/* An inactive user cannot log in whatever its password. */
	if (!session->verify_password || !au_json_get_bool(person, "active", 0))
		return 0;
	return ca_login_verify(session, au_json_get_str(person, "email"), secret, err);
}

static int
set_by_update(struct au_session *session, const char *id, const char *secret, struct au_err *err)
{
	json_t *after = NULL;
	int r = update(session, id, change_secret, secret, &after, err);

	json_decref(after);
	return r;
}

/*
 * What a create has sent is not sent again where it was taken: a password may not come twice (CA-R14).  On IAM tenants
 * programs log in with another password, which only a screen sets (legacy API access).
 */
static int
set_secret(
    struct au_session *session, const char *id, const json_t *person, const char *secret, bool sent, struct au_err *err)
{
	int r = 0;

	if (session->iam || !takes_password(session))
		return leave_to_a_person(session, au_json_get_str(person, "email"), err);
	if (ca_endpoints_know(&session->endpoints, CA_PASSWORD_SET))
		r = set_by_call(session, id, secret, err);
	else if (!sent || verify(session, person, secret, NULL) != 0)
		r = set_by_update(session, id, secret, err);
	/* A password that an unheard call has set already is refused as used before. */
	if (r == AU_EINVAL && ca_login_works(session, au_json_get_str(person, "email"), secret))
		return 0;
	if (r == 0)
		r = verify(session, person, secret, err);
	return r == AU_ENOSUP ? au_err_recode(err, AU_EMANUAL) : r;
}

int
ca_people_reset_secret(struct au_session *session, const char *id, const char *secret, au_emit_account *emit, void *ctx,
    struct au_err *err)
{
	AU_CLEANUP(au_json_decrefp) json_t *person = NULL;
	int r = ca_people_fetch(session, id, &person, err);

	if (r == 0)
		r = check_secret(secret, au_json_get_str(person, "firstName"), au_json_get_str(person, "lastName"),
		    au_json_get_str(person, "email"), err);
	if (r == 0)
		r = set_secret(session, id, person, secret, false, err);
	if (r == 0)
		r = unlock(session, id, err);
	return r == 0 ? emit_whole(session, person, emit, ctx, err) : r;
}

/* ---- create ------------------------------------------------------------------------- */

/* 400 may mean that the name is taken, and some say 409: ask.  `refusal` is the answer when nothing better is found. */
static int
explain_refusal(struct au_session *session, const struct au_target_account *want, int refusal, struct au_err *err)
{
	AU_CLEANUP(au_json_decrefp) json_t *other = NULL;

	if (ca_people_named(session, want->login, &other, NULL) != 0)
		return refusal;
	if (other != NULL)
		return au_err_recode(err, AU_EEXIST);
	return refusal == AU_EEXIST ? au_err_recode(err, AU_EINVAL) : refusal;
}

static int
post_person(struct au_session *session, const struct au_target_account *want, const json_t *body, char **ret_id,
    struct au_err *err)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	const struct ca_call call = { .endpoint = CA_PERSON_CREATE, .body = body, .once = true };
	struct au_http_answer answer = { 0 };
	const char *id;
	int r = ca_session_call(session, &call, &answer, err);

	if (r == AU_EINVAL || r == AU_EEXIST)
		return explain_refusal(session, want, r, err);
	if (r != 0)
		return r;
	id = ca_person_id(arena, answer.json);
	*ret_id = au_xstrdup(id);
	au_http_answer_done(&answer);
	return id != NULL ? 0
			  : au_fail(err, AU_EUNKNOWN, "call person_create: the answer does not tell the id of '%s'",
				want->login);
}

/* What POST may have left out.  Repeating it is safe. */
static int
finish(struct au_session *session, const char *id, const json_t *body, json_t **ret, struct au_err *err)
{
	int r = put_person(session, id, body, err);

	if (r == AU_ETEMP || r == AU_EPROTO)
		r = put_person(session, id, body, err);
	return r == 0 ? ca_people_fetch(session, id, ret, err) : r;
}

/* A new person is told inactive until it was activated (CA-R17), and some may be born active. */
static int
settle_active(struct au_session *session, const char *id, int active, json_t **person, struct au_err *err)
{
	json_t *after = NULL;
	bool wanted = active != 0;
	int r;

	if (au_json_get_bool(*person, "active", wanted) == wanted)
		return 0;
	if ((r = update(session, id, change_active, &wanted, &after, err)) != 0)
		return r;
	json_decref(*person);
	*person = after;
	return 0;
}

/*
 * It is there and not as it shall be.  The next step looks it up, finds by its mark (or because we remember it) that it
 * is ours, and what differs is planned anew.
 */
static int
leave_unfinished(struct au_session *session, const char *id, const struct au_target_account *want, struct au_err *err)
{
	if (want->mark != NULL)
		ca_session_remember(session, id, want->mark);
	au_err_prefix(err, AU_EUNKNOWN, "user '%s' was made and not finished", want->login);
	return au_err_recode(err, AU_EUNKNOWN);
}

int
ca_people_create(struct au_session *session, const struct au_target_account *want, au_emit_account *emit, void *ctx,
    struct au_err *err)
{
	AU_CLEANUP(au_json_decrefp) json_t *person = NULL;
	AU_CLEANUP(au_freep) char *id = NULL;
	json_t *body = NULL;
	int emitted, r = check_secret(want->secret, want->first_name, want->last_name, want->login, err);

	if (r == 0 && !ca_people_is_watched(session, want->login))
		r = au_fail(err, AU_EINVAL,
		    "user name '%s' matches none of option 'watch', so that it would not be read when "
		    "listing",
		    want->login);
	if (r != 0 || (r = prepare(session, err)) != 0 || (r = ca_person_for_create(session, want, &body, err)) != 0)
		return r;
	if (sends_password(session))
		au_json_set_str(body, session->password_member, want->secret);
	r = post_person(session, want, body, &id, err);
	if (sends_password(session))
		json_object_del(body, session->password_member);
	if (r == 0 && ((r = finish(session, id, body, &person, err)) != 0 ||
			  (r = settle_active(session, id, want->active, &person, err)) != 0))
		r = leave_unfinished(session, id, want, err);
	drop_secretive(body);
	if (r != 0)
		return r;
	r = set_secret(session, id, person, want->secret, sends_password(session), err);
	if (r != 0 && r != AU_EMANUAL)
		return leave_unfinished(session, id, want, err);
	emitted = emit_whole(session, person, emit, ctx, err);
	return emitted != 0 ? emitted : r;
}
