/* SPDX-License-Identifier: ISC */
/*
 * The API replaces the whole user on PUT, and whether it clears what a body
 * leaves out is not known; so all that is known goes back (and is right either way).
 */
#include "automation-anywhere/user.h"

#include "automation-anywhere/rights.h"
#include "base/rand.h"
#include "base/str.h"

#include <ctype.h>
#include <string.h>

#define MARK_WORDS "managed by apiuserd "

/* Members of a user object that a client writes.  multipleLogin is spelled in two ways. */
static const char *const writable[] = { "id", "username", "domain", "firstName", "lastName", "email", "description",
	"enableAutoLogin", "disabled", "licenseFeatures", "version", "principalId", "multipleLogin", "multiLogin" };

/* ---- the mark ---------------------------------------------------------------- */

/* Where the mark's words begin, whatever surrounds them. */
static const char *
mark_words(const char *description)
{
	const char *found = description == NULL ? NULL : strcasestr(description, MARK_WORDS);

	for (; found != NULL; found = strcasestr(found + 1, MARK_WORDS)) {
		char uuid[AU_UUID_SIZE];

		snprintf(uuid, sizeof(uuid), "%s", found + strlen(MARK_WORDS));
		if (au_uuid_is(uuid))
			return found;
	}
	return NULL;
}

const char *
aa_mark_of(struct au_arena *arena, const char *description)
{
	const char *words = mark_words(description);
	char *mark;

	if (words == NULL)
		return NULL;
	mark = au_arena_strndup(arena, words + strlen(MARK_WORDS), AU_UUID_SIZE - 1);
	for (char *p = mark; *p != '\0'; p++)
		*p = (char)tolower((unsigned char)*p);
	return mark;
}

/* A description with our mark: an older mark is replaced, other people's words stay. */
static char *
with_mark(const char *description, const char *mark)
{
	const char *old = mark_words(description);

	if (old != NULL)
		return au_xasprintf("%.*s" MARK_WORDS "%s%s", (int)(old - description), description, mark,
		    old + strlen(MARK_WORDS) + AU_UUID_SIZE - 1);
	if (au_str_empty(description))
		return au_xasprintf(MARK_WORDS "%s", mark);
	return au_xasprintf("%s; " MARK_WORDS "%s", description, mark);
}

/* ---- to an account ------------------------------------------------------------- */

static const char *
number_or_text(struct au_arena *arena, const json_t *value)
{
	if (json_is_integer(value))
		return au_arena_printf(arena, "%lld", (long long)json_integer_value(value));
	return au_arena_strdup(arena, json_string_value(value));
}

static int
active_of(const json_t *user)
{
	const json_t *disabled = json_object_get(user, "disabled");

	return json_is_boolean(disabled) ? !json_is_true(disabled) : -1;
}

int
aa_user_to_account(struct au_arena *arena, const json_t *user, struct au_target_account *ret, struct au_err *err)
{
	const char *id = number_or_text(arena, json_object_get(user, "id"));
	const char *login = au_json_get_str(user, "username");
	AU_CLEANUP(au_freep) char *rights = NULL;

	if (au_str_empty(id) || au_str_empty(login))
		return au_fail(err, AU_EPROTO, "user: answer without id or username");
	rights = aa_rights_of_user(user);
	*ret = (struct au_target_account){
		.id = id,
		.login = au_arena_strdup(arena, login),
		.first_name = au_arena_strdup(arena, au_json_get_str(user, "firstName")),
		.last_name = au_arena_strdup(arena, au_json_get_str(user, "lastName")),
		.mail = au_arena_strdup(arena, au_json_get_str(user, "email")),
		.mark = aa_mark_of(arena, au_json_get_str(user, "description")),
		.active = active_of(user),
		.rights = au_arena_strdup(arena, rights),
		.version = number_or_text(arena, json_object_get(user, "version")),
	};
	return 0;
}

/* ---- from an account ------------------------------------------------------------- */

void
aa_user_set_profile(json_t *body, const struct au_target_account *want)
{
	au_json_set_str(body, "firstName", want->first_name);
	au_json_set_str(body, "lastName", want->last_name);
	au_json_set_str(body, "email", want->mail);
	if (want->mark != NULL) {
		AU_CLEANUP(au_freep) char *text = with_mark(au_json_get_str(body, "description"), want->mark);

		au_json_set_str(body, "description", text);
	}
}

int
aa_user_for_create(const struct au_target_account *want, json_t **ret, struct au_err *err)
{
	json_t *body = json_object();
	int r;

	au_json_set_str(body, "username", want->login);
	aa_user_set_profile(body, want);
	if ((r = aa_rights_into_user(want->rights, body, err)) != 0) {
		json_decref(body);
		return r;
	}
	if (want->active == 0)
		json_object_set_new(body, "disabled", json_true());
	au_json_set_str(body, "password", want->secret);
	*ret = body;
	return 0;
}

json_t *
aa_user_for_update(const json_t *user)
{
	json_t *body = json_object(), *roles = json_array();
	const json_t *role;
	size_t i;

	for (i = 0; i < AU_COUNT(writable); i++) {
		json_t *value = json_object_get(user, writable[i]);

		if (value != NULL)
			json_object_set_new(body, writable[i], json_deep_copy(value));
	}
	json_array_foreach (json_object_get(user, "roles"), i, role)
		json_array_append_new(roles, json_pack("{s:O}", "id", json_object_get(role, "id")));
	json_object_set_new(body, "roles", roles);
	return body;
}
