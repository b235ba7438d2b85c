/* SPDX-License-Identifier: ISC */
/* Read with tolerance, written by the letter. */
#include "scim-target/user.h"

#include "base/rand.h"
#include "base/str.h"
#include "scim-target/rights.h"

#include <ctype.h>
#include <string.h>

/* ---- to an account ------------------------------------------------------------------------ */

/* Some say "True". */
static int
active_of(const json_t *user)
{
	const json_t *active = json_object_get(user, "active");

	if (json_is_boolean(active))
		return json_is_true(active);
	if (au_strcaseeq(json_string_value(active), "true"))
		return 1;
	return au_strcaseeq(json_string_value(active), "false") ? 0 : -1;
}

/* Ours are UUIDs; what else is there is somebody else's. */
static const char *
mark_of(struct au_arena *arena, const json_t *user)
{
	const char *external = au_json_get_str(user, "externalId");
	char *mark;

	if (external == NULL || !au_uuid_is(external))
		return NULL;
	mark = au_arena_strdup(arena, external);
	for (char *p = mark; *p != '\0'; p++)
		*p = (char)tolower((unsigned char)*p);
	return mark;
}

/* The address of our type, else the primary one, else the first. */
static json_t *
mail_in(const struct au_session *session, const json_t *user)
{
	const json_t *mails = json_object_get(user, "emails");
	json_t *primary = NULL;

	for (size_t i = 0; i < json_array_size(mails); i++) {
		json_t *mail = json_array_get(mails, i);

		if (au_strcaseeq(au_json_get_str(mail, "type"), session->mail_type))
			return mail;
		if (primary == NULL && json_is_true(json_object_get(mail, "primary")))
			primary = mail;
	}
	return primary != NULL ? primary : json_array_get(mails, 0);
}

int
sc_user_to_account(const struct au_session *session, struct au_arena *arena, const json_t *user, const json_t *groups,
    struct au_target_account *ret, struct au_err *err)
{
	const char *id = au_json_get_str(user, "id"), *login = au_json_get_str(user, "userName");
	const json_t *name = json_object_get(user, "name");
	AU_CLEANUP(au_freep) char *rights = NULL;

	if (au_str_empty(id) || au_str_empty(login))
		return au_fail(err, AU_EPROTO, "user: answer without id or userName");
	rights = sc_rights_of_user(session, user, groups);
	*ret = (struct au_target_account){
		.id = au_arena_strdup(arena, id),
		.login = au_arena_strdup(arena, login),
		.label = au_arena_strdup(arena, au_json_get_str(user, "displayName")),
		.first_name = au_arena_strdup(arena, au_json_get_str(name, "givenName")),
		.last_name = au_arena_strdup(arena, au_json_get_str(name, "familyName")),
		.mail = au_arena_strdup(arena, au_json_get_str(mail_in(session, user), "value")),
		.mark = mark_of(arena, user),
		.active = active_of(user),
		.rights = au_arena_strdup(arena, rights),
		.version = au_arena_strdup(arena, au_json_get_str(json_object_get(user, "meta"), "version")),
	};
	return 0;
}

/* ---- from an account ------------------------------------------------------------------------ */

static json_t *
object_in(json_t *parent, const char *name)
{
	json_t *object = json_object_get(parent, name);

	if (!json_is_object(object)) {
		object = json_object();
		json_object_set_new(parent, name, object);
	}
	return object;
}

static void
set_mail(const struct au_session *session, json_t *user, const char *address)
{
	json_t *mails = json_object_get(user, "emails"), *mail = mail_in(session, user);

	if (!json_is_array(mails)) {
		mails = json_array();
		json_object_set_new(user, "emails", mails);
	}
	if (!json_is_object(mail)) {
		mail = json_pack("{s:s, s:b}", "type", session->mail_type, "primary", 1);
		json_array_append_new(mails, mail);
	}
	au_json_set_str(mail, "value", address);
}

void
sc_user_set_profile(const struct au_session *session, json_t *user, const struct au_target_account *want)
{
	au_json_set_str(user, "displayName", want->label);
	au_json_set_str(user, "externalId", want->mark);
	if (want->first_name != NULL || want->last_name != NULL) {
		json_t *name = object_in(user, "name");

		au_json_set_str(name, "givenName", want->first_name);
		au_json_set_str(name, "familyName", want->last_name);
	}
	if (!au_str_empty(want->mail))
		set_mail(session, user, want->mail);
}

static json_t *
element_of(const json_t *old, const char *value)
{
	for (size_t i = 0; i < json_array_size(old); i++) {
		json_t *one = json_array_get(old, i);

		if (au_streq(json_is_string(one) ? json_string_value(one) : au_json_get_str(one, "value"), value))
			return json_incref(one);
	}
	return json_pack("{s:s}", "value", value);
}

void
sc_user_set_values(json_t *user, const char *attribute, const json_t *values)
{
	json_t *old = json_object_get(user, attribute), *all = json_array();

	for (size_t i = 0; i < json_array_size(values); i++)
		json_array_append_new(all, element_of(old, json_string_value(json_array_get(values, i))));
	if (json_array_size(all) > 0) {
		json_object_set_new(user, attribute, all);
		return;
	}
	json_object_del(user, attribute);
	json_decref(all);
}

json_t *
sc_user_for_create(const struct au_session *session, const struct au_target_account *want)
{
	json_t *user = json_pack("{s:[s]}", "schemas", SC_USER);

	au_json_set_str(user, "userName", want->login);
	sc_user_set_profile(session, user, want);
	if (want->active >= 0)
		json_object_set_new(user, "active", json_boolean(want->active));
	au_json_set_str(user, "password", want->secret);
	return user;
}
