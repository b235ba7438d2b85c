/* SPDX-License-Identifier: ISC */
/* Reading users.  The list has no pages and tells little of each; whoever may be one of ours is then read in full. */
#include "base/str.h"
#include "base/text.h"
#include "calabrio/catalog.h"
#include "calabrio/login.h"
#include "calabrio/people.h"
#include "calabrio/person.h"

#include <fnmatch.h>
#include <string.h>

int
ca_people_fetch(struct au_session *session, const char *id, json_t **ret, struct au_err *err)
{
	const struct ca_call call = { .endpoint = CA_PERSON_GET, .id = id, .about_one = true };
	struct au_http_answer answer = { 0 };
	int r = ca_session_object(session, &call, &answer, err);

	if (r != 0)
		return r;
	ca_catalog_learn(session, answer.json);
	*ret = answer.json; /* it bears no secret, so it may live on unwiped */
	return 0;
}

static int
read_list(struct au_session *session, struct au_http_answer *ret, struct au_err *err)
{
	const struct ca_call call = { .endpoint = CA_PERSON_LIST };
	int r = ca_login_current(session, err);

	return r == 0 ? ca_session_array(session, &call, ret, err) : r;
}

/* The row of that user name; NULL when there is none. */
static const json_t *
row_named(struct au_arena *arena, const json_t *rows, const char *login)
{
	const char *folded = au_text_fold(arena, login);

	for (size_t i = 0; i < json_array_size(rows); i++) {
		const json_t *row = json_array_get(rows, i);
		const char *mail = au_json_get_str(row, "email");

		if (mail != NULL && au_streq(au_text_fold(arena, mail), folded))
			return row;
	}
	return NULL;
}

int
ca_people_named(struct au_session *session, const char *login, json_t **ret, struct au_err *err)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct au_http_answer answer = { 0 };
	const json_t *row;
	const char *id;
	int r = read_list(session, &answer, err);

	if (r != 0)
		return r;
	row = row_named(arena, answer.json, login);
	id = row != NULL ? ca_person_id(arena, row) : NULL;
	au_http_answer_done(&answer);
	*ret = NULL;
	if (id == NULL)
		return 0;
	r = ca_people_fetch(session, id, ret, err);
	return r == AU_ENOENT ? 0 : r; /* gone since */
}

static int
emit_person(const struct au_session *session, const json_t *person, bool whole, au_emit_account *emit, void *ctx,
    struct au_err *err)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct au_target_account account;
	int r = ca_person_to_account(session, arena, person, whole, &account, err);

	return r == 0 ? emit(ctx, &account) : r;
}

int
ca_people_probe(struct au_session *session, struct au_err *err)
{
	const struct ca_call call = { .endpoint = CA_TEAM_LIST };
	struct au_http_answer answer = { 0 };
	int r = ca_session_array(session, &call, &answer, err);

	au_http_answer_done(&answer);
	return r;
}

int
ca_people_find(struct au_session *session, const char *login, au_emit_account *emit, void *ctx, struct au_err *err)
{
	AU_CLEANUP(au_json_decrefp) json_t *person = NULL;
	int r = ca_people_named(session, login, &person, err);

	return r == 0 && person != NULL ? emit_person(session, person, true, emit, ctx, err) : r;
}

int
ca_people_get(struct au_session *session, const char *id, au_emit_account *emit, void *ctx, struct au_err *err)
{
	AU_CLEANUP(au_json_decrefp) json_t *person = NULL;
	int r = ca_people_fetch(session, id, &person, err);

	return r == 0 ? emit_person(session, person, true, emit, ctx, err) : r;
}

/* ---- the whole list ---------------------------------------------------------------- */

bool
ca_people_is_watched(const struct au_session *session, const char *mail)
{
	const char *pattern;

	for (size_t i = 0; (pattern = session->host->item(session->opts, "watch", i)) != NULL; i++) {
		if (fnmatch(pattern, mail, FNM_CASEFOLD) == 0)
			return true;
	}
	return session->host->item(session->opts, "watch", 0) == NULL;
}

static size_t
count_watched(const struct au_session *session, const json_t *rows)
{
	size_t count = 0;

	for (size_t i = 0; i < json_array_size(rows); i++) {
		const char *mail = au_json_get_str(json_array_get(rows, i), "email");

		count += mail != NULL && ca_people_is_watched(session, mail);
	}
	return count;
}

/* One who went since the list was made is no more; a row without e-mail address is nobody who could log in here. */
static int
emit_row(struct au_session *session, const json_t *row, au_emit_account *emit, void *ctx, struct au_err *err)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	AU_CLEANUP(au_json_decrefp) json_t *person = NULL;
	const char *mail = au_json_get_str(row, "email"), *id = ca_person_id(arena, row);
	int r;

	if (id == NULL)
		return au_fail(err, AU_EPROTO, "call person_list: a row without an id");
	if (au_str_empty(mail))
		return 0;
	if (!ca_people_is_watched(session, mail))
		return emit_person(session, row, false, emit, ctx, err);
	if ((r = ca_people_fetch(session, id, &person, err)) != 0)
		return r == AU_ENOENT ? 0 : r;
	return emit_person(session, person, true, emit, ctx, err);
}

int
ca_people_list(struct au_session *session, au_emit_account *emit, void *ctx, struct au_err *err)
{
	struct au_http_answer answer = { 0 };
	size_t watched;
	int r = read_list(session, &answer, err);

	if (r != 0)
		return r;
	watched = count_watched(session, answer.json);
	if (watched > (size_t)session->read_most)
		r = au_fail(err, AU_ELIMIT,
		    "%zu users match 'watch', more than 'read_most' (%lld): say in 'watch' which user names API users "
		    "have",
		    watched, session->read_most);
	for (size_t i = 0; r == 0 && i < json_array_size(answer.json); i++)
		r = emit_row(session, json_array_get(answer.json, i), emit, ctx, err);
	au_http_answer_done(&answer);
	return r;
}
