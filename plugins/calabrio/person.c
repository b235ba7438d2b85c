/* SPDX-License-Identifier: ISC */
/*
 * Whether an update clears what its body leaves out is not known; so all that is known goes back, and is right either
 * way.  The display name is the one member that nothing depends on: our mark is at its end.
 */
#include "calabrio/person.h"

#include "base/rand.h"
#include "base/str.h"
#include "calabrio/rights.h"

#include <ctype.h>
#include <string.h>

#define MARK_WORDS " (apiuserd "

/* What the product says of a person and keeps to itself. */
static const char *const owned[] = { "id", "personId", "displayId", "active", "isActive", "password" };

/* ---- the mark ------------------------------------------------------------------ */

static const char *
mark_at(const char *display_name)
{
	const char *found = display_name != NULL ? strcasestr(display_name, MARK_WORDS) : NULL;
	char uuid[AU_UUID_SIZE];

	if (found == NULL)
		return NULL;
	snprintf(uuid, sizeof(uuid), "%s", found + strlen(MARK_WORDS));
	return au_uuid_is(uuid) ? found : NULL;
}

static const char *
mark_of(struct au_arena *arena, const char *display_name)
{
	const char *at = mark_at(display_name);
	char *mark;

	if (at == NULL)
		return NULL;
	mark = au_arena_strndup(arena, at + strlen(MARK_WORDS), AU_UUID_SIZE - 1);
	for (char *p = mark; *p != '\0'; p++)
		*p = (char)tolower((unsigned char)*p);
	return mark;
}

/* The words before a mark; without a mark the product may have made the name by itself, so it says nothing. */
static const char *
label_of(struct au_arena *arena, const char *display_name)
{
	const char *at = mark_at(display_name);

	return at != NULL ? au_arena_strndup(arena, display_name, (size_t)(at - display_name)) : NULL;
}

static void
set_display_name(const struct au_session *session, json_t *body, const struct au_target_account *want)
{
	const char *now = au_json_get_str(body, "displayName"), *at = mark_at(now);
	AU_CLEANUP(au_freep)
	char *names = au_xasprintf("%s %s", au_json_get_str(body, "firstName"), au_json_get_str(body, "lastName"));
	AU_CLEANUP(au_freep) char *before = at != NULL ? au_xstrndup(now, (size_t)(at - now)) : au_xstrdup(now);
	const char *words = want->label != NULL ? want->label : !au_str_empty(before) ? before : names;
	AU_CLEANUP(au_freep) char *text = NULL;

	if (session->marks && want->mark != NULL)
		text = au_xasprintf("%s" MARK_WORDS "%s)", words, want->mark);
	else
		text = au_xasprintf("%s%s", words, at != NULL ? at : "");
	au_json_set_str(body, "displayName", text);
}

/* ---- to an account -------------------------------------------------------------- */

const char *
ca_person_id(struct au_arena *arena, const json_t *person)
{
	static const char *const members[] = { "personId", "id" };

	for (size_t i = 0; i < AU_COUNT(members); i++) {
		const json_t *id = json_object_get(person, members[i]);

		if (json_is_integer(id))
			return au_arena_printf(arena, "%lld", (long long)json_integer_value(id));
		if (json_is_string(id))
			return au_arena_strdup(arena, json_string_value(id));
	}
	return NULL;
}

int
ca_person_to_account(const struct au_session *session, struct au_arena *arena, const json_t *person, bool whole,
    struct au_target_account *ret, struct au_err *err)
{
	const char *id = ca_person_id(arena, person), *login = au_json_get_str(person, "email");
	const char *display_name = au_json_get_str(person, "displayName"), *mark = mark_of(arena, display_name);
	AU_CLEANUP(au_freep) char *rights = whole ? ca_rights_of_person(session, person) : NULL;

	if (au_str_empty(id) || au_str_empty(login))
		return au_fail(err, AU_EPROTO, "person: answer without id or e-mail address");
	*ret = (struct au_target_account){
		.id = id,
		.login = au_arena_strdup(arena, login),
		.label = label_of(arena, display_name),
		.first_name = au_arena_strdup(arena, au_json_get_str(person, "firstName")),
		.last_name = au_arena_strdup(arena, au_json_get_str(person, "lastName")),
		.mail = au_arena_strdup(arena, login),
		.mark = mark != NULL ? mark : ca_session_mark(session, id),
		.active = au_json_get_bool(person, "active", -1),
		.rights = au_arena_strdup(arena, rights),
	};
	return 0;
}

/* ---- from an account -------------------------------------------------------------- */

void
ca_person_set_profile(const struct au_session *session, json_t *body, const struct au_target_account *want)
{
	au_json_set_str(body, "firstName", want->first_name);
	au_json_set_str(body, "lastName", want->last_name);
	au_json_set_str(body, "email", want->mail);
	set_display_name(session, body, want);
}

void
ca_person_set_active(const struct au_session *session, json_t *body, bool active)
{
	json_object_del(body, active ? "deactivated" : "activated");
	json_object_set_new(body, active ? "activated" : "deactivated", json_integer(session->host->now_ms()));
}

int
ca_person_for_create(
    const struct au_session *session, const struct au_target_account *want, json_t **ret, struct au_err *err)
{
	json_t *body = json_object();
	int r;

	ca_person_set_profile(session, body, want);
	au_json_set_str(body, "email", want->login);
	au_json_set_str(body, "timeZone", session->time_zone);
	au_json_set_str(body, "locale", session->language);
	json_object_set_new(body, "enabledForSchedule", json_false());
	if ((r = ca_rights_into_person(session, want->rights, body, err)) != 0) {
		json_decref(body);
		return r;
	}
	if (want->active != 0)
		ca_person_set_active(session, body, true);
	*ret = body;
	return 0;
}

json_t *
ca_person_for_update(const json_t *person)
{
	json_t *body = json_deep_copy(person);

	for (size_t i = 0; i < AU_COUNT(owned); i++)
		json_object_del(body, owned[i]);
	return body;
}
