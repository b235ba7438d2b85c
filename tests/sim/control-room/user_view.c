/* SPDX-License-Identifier: ISC */
/* Member names are those of the fact sheet; a password is never among them. */
#include "user_view.h"

#include "../common/text.h"
#include "permission.h"
#include "room.h"

#include <stddef.h>
#include <stdlib.h>

const struct column user_columns[] = {
	{ "id", COLUMN_NUMBER, offsetof(struct user, id) },
	{ "username", COLUMN_TEXT, offsetof(struct user, username) },
	{ "domain", COLUMN_TEXT, offsetof(struct user, domain) },
	{ "firstName", COLUMN_TEXT, offsetof(struct user, first_name) },
	{ "lastName", COLUMN_TEXT, offsetof(struct user, last_name) },
	{ "email", COLUMN_TEXT, offsetof(struct user, email) },
	{ "description", COLUMN_TEXT, offsetof(struct user, description) },
	{ "enableAutoLogin", COLUMN_FLAG, offsetof(struct user, enable_auto_login) },
	{ "disabled", COLUMN_FLAG, offsetof(struct user, disabled) },
	{ "createdBy", COLUMN_NUMBER, offsetof(struct user, created_by) },
	{ "createdOn", COLUMN_TIME, offsetof(struct user, created_on) },
	{ "updatedBy", COLUMN_NUMBER, offsetof(struct user, updated_by) },
	{ "updatedOn", COLUMN_TIME, offsetof(struct user, updated_on) },
	{ NULL, COLUMN_TEXT, 0 },
};

const struct column role_columns[] = {
	{ "id", COLUMN_NUMBER, offsetof(struct role, id) },
	{ "name", COLUMN_TEXT, offsetof(struct role, name) },
	{ "description", COLUMN_TEXT, offsetof(struct role, description) },
	{ "createdBy", COLUMN_NUMBER, offsetof(struct role, created_by) },
	{ "createdOn", COLUMN_TIME, offsetof(struct role, created_on) },
	{ "updatedBy", COLUMN_NUMBER, offsetof(struct role, updated_by) },
	{ "updatedOn", COLUMN_TIME, offsetof(struct role, updated_on) },
	{ NULL, COLUMN_TEXT, 0 },
};

static json_t *
roles_view(const struct room *room, const struct user *user)
{
	json_t *list = json_array();

	for (size_t i = 0; i < user->role_count; i++) {
		const struct role *role = role_find(&room->roles, user->roles[i]);

		if (role != NULL)
			json_array_append_new(list, json_pack("{s:I, s:s, s:I}", "id", (json_int_t)role->id, "name",
							role->name, "version", (json_int_t)role->version));
	}
	return list;
}

/* What the server adds by itself (AA-R12): one for everybody, one for whoever holds a device licence. */
static json_t *
assigned_view(const struct user *user)
{
	json_t *list = json_array();

	json_array_append_new(
	    list, json_pack("{s:i, s:s, s:i}", "id", 9001, "name", "Assigned to everybody", "version", 0));
	if (user->licences != 0)
		json_array_append_new(list,
		    json_pack("{s:i, s:s, s:i}", "id", 9002, "name", "Assigned with a device licence", "version", 0));
	return list;
}

json_t *
user_view_listed(const struct room *room, const struct user *user)
{
	char time[TIME_SIZE];
	json_t *view = json_pack("{s:I, s:s, s:s, s:s, s:s, s:I, s:I, s:s}", "id", (json_int_t)user->id, "username",
	    user->username, "domain", user->domain, "firstName", user->first_name, "lastName", user->last_name,
	    "version", (json_int_t)user->version, "principalId", (json_int_t)user->id, "email", user->email);

	json_object_set_new(view, "emailVerified", json_true());
	json_object_set_new(view, "passwordSet", json_boolean(user->password.set));
	json_object_set_new(view, "questionsSet", json_false());
	json_object_set_new(view, "enableAutoLogin", json_boolean(user->enable_auto_login));
	json_object_set_new(view, "disabled", json_boolean(user->disabled));
	json_object_set_new(view, "clientRegistered", json_false());
	json_object_set_new(view, "description", json_string(user->description));
	json_object_set_new(view, "createdBy", json_integer(user->created_by));
	json_object_set_new(view, "createdOn", json_string(time_format(user->created_on, time)));
	json_object_set_new(view, "updatedBy", json_integer(user->updated_by));
	json_object_set_new(view, "updatedOn", json_string(time_format(user->updated_on, time)));
	json_object_set_new(view, "licenseFeatures", licence_names(&room->licences, user->licences));
	json_object_set_new(view, "roles", roles_view(room, user));
	json_object_set_new(view, "deleted", json_false());
	if (room_is_a360(room) && user->last_login != 0)
		json_object_set_new(view, "lastLoginTime", json_string(time_format(user->last_login, time)));
	return view;
}

json_t *
user_view_whole(const struct room *room, const struct user *user)
{
	json_t *view = user_view_listed(room, user);

	json_object_set_new(view, "sysAssignedRoles", assigned_view(user));
	json_object_set_new(view, "groupNames", json_array());
	json_object_set_new(view, "permissions", permission_list(room_permissions(room, user)));
	json_object_set_new(view, "publicKey", json_null());
	json_object_set_new(view, "appType", json_null());
	json_object_set_new(view, "routingName", json_null());
	json_object_set_new(view, "appUrl", json_null());
	return view;
}

json_t *
user_record(const struct user *user, const struct licence_table *licences)
{
	char digest[DIGEST_TEXT_SIZE];
	json_t *roles = json_array();
	json_t *record = json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I}", "id", (json_int_t)user->id, "version",
	    (json_int_t)user->version, "created_by", (json_int_t)user->created_by, "created_on",
	    (json_int_t)user->created_on, "updated_by", (json_int_t)user->updated_by, "updated_on",
	    (json_int_t)user->updated_on, "last_login", (json_int_t)user->last_login, "bad_logins",
	    (json_int_t)user->bad_logins);

	json_object_set_new(record, "username", json_string(user->username));
	json_object_set_new(record, "domain", json_string(user->domain));
	json_object_set_new(record, "first_name", json_string(user->first_name));
	json_object_set_new(record, "last_name", json_string(user->last_name));
	json_object_set_new(record, "email", json_string(user->email));
	json_object_set_new(record, "description", json_string(user->description));
	json_object_set_new(record, "enable_auto_login", json_boolean(user->enable_auto_login));
	json_object_set_new(record, "disabled", json_boolean(user->disabled));
	json_object_set_new(record, "licences", licence_names(licences, user->licences));
	for (size_t i = 0; i < user->role_count; i++)
		json_array_append_new(roles, json_integer(user->roles[i]));
	json_object_set_new(record, "roles", roles);
	if (user->password.set)
		json_object_set_new(record, "password", json_string(digest_text(&user->password, digest)));
	if (user->api_key.set)
		json_object_set_new(record, "api_key", json_string(digest_text(&user->api_key, digest)));
	return record;
}

static void
restore_lists(struct user *user, const json_t *record, const struct licence_table *licences)
{
	const json_t *names = json_object_get(record, "licences"), *ids = json_object_get(record, "roles"), *item;
	long long *roles = need(calloc(json_array_size(ids) + 1, sizeof(*roles)));
	size_t index;

	json_array_foreach (names, index, item) {
		unsigned bit;

		if (licence_bit(licences, json_string_value(item), &bit))
			user->licences |= bit;
	}
	json_array_foreach (ids, index, item)
		roles[index] = json_integer_value(item);
	user_set_roles(user, roles, json_array_size(ids));
	free(roles);
}

struct user *
user_restore(const json_t *record, const struct licence_table *licences)
{
	json_int_t id, version, created_by, created_on, updated_by, updated_on, last_login, bad_logins;
	const char *username, *domain, *first, *last, *email, *description, *password = NULL, *api_key = NULL;
	int auto_login, disabled;
	struct user *user;

	if (json_unpack((json_t *)record,
		"{s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:s, s:s, s:s, s:s, s:s, s:s, s:b, s:b, "
		"s?s, s?s}",
		"id", &id, "version", &version, "created_by", &created_by, "created_on", &created_on, "updated_by",
		&updated_by, "updated_on", &updated_on, "last_login", &last_login, "bad_logins", &bad_logins,
		"username", &username, "domain", &domain, "first_name", &first, "last_name", &last, "email", &email,
		"description", &description, "enable_auto_login", &auto_login, "disabled", &disabled, "password",
		&password, "api_key", &api_key) != 0)
		return NULL;
	user = user_new();
	user->id = id;
	user->version = version;
	user->created_by = created_by;
	user->created_on = created_on;
	user->updated_by = updated_by;
	user->updated_on = updated_on;
	user->last_login = last_login;
	user->bad_logins = bad_logins;
	user->enable_auto_login = auto_login;
	user->disabled = disabled;
	text_set(&user->username, username);
	text_set(&user->domain, domain);
	text_set(&user->first_name, first);
	text_set(&user->last_name, last);
	text_set(&user->email, email);
	text_set(&user->description, description);
	if (password != NULL)
		digest_from_text(&user->password, password);
	if (api_key != NULL)
		digest_from_text(&user->api_key, api_key);
	restore_lists(user, record, licences);
	return user;
}
