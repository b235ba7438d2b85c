/* SPDX-License-Identifier: ISC */
/* Plain members are rows; roles, licences, password and version have rules of their own below. */
#include "user_check.h"

#include "../common/text.h"
#include "permission.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define PASSWORD_MIN 8
#define PASSWORD_MAX 15
#define PASSWORD_SIGNS "@-_!#$%&."

#define NEED_ON_CREATE 0x1u
#define NEED_ON_PUT_11 0x2u /* the 11.x page marks it as mandatory on update (AA3) */
#define NEED_IN_AD 0x4u
#define KEPT 0x8u /* an update without it leaves it alone, whatever --put-clears says */

static const struct field {
	const char *name;
	bool flag;
	size_t offset, max;
	unsigned when;
	const char *rule;
} fields[] = {
	{ "username", false, offsetof(struct user, username), 255, NEED_ON_CREATE | NEED_ON_PUT_11 | KEPT, "AA-R05" },
	{ "email", false, offsetof(struct user, email), 255, NEED_ON_CREATE | NEED_ON_PUT_11 | KEPT, "AA-R06" },
	{ "domain", false, offsetof(struct user, domain), 255, NEED_IN_AD | KEPT, "AAG3" },
	{ "firstName", false, offsetof(struct user, first_name), 255, 0, "AA-R08" },
	{ "lastName", false, offsetof(struct user, last_name), 255, 0, "AA-R08" },
	{ "description", false, offsetof(struct user, description), 4096, 0, "AA-R08" },
	{ "enableAutoLogin", true, offsetof(struct user, enable_auto_login), 0, 0, "AA-R08" },
	{ "disabled", true, offsetof(struct user, disabled), 0, 0, "A3" },
};
#define FIELD_COUNT (sizeof(fields) / sizeof(fields[0]))

static const json_t *
member(const struct exchange *exchange, const char *name)
{
	const json_t *value = json_object_get(exchange->body, name);

	return json_is_null(value) ? NULL : value;
}

static bool
is_needed(const struct exchange *exchange, const struct field *field, bool creating)
{
	const struct room *room = exchange->room;

	if ((field->when & NEED_IN_AD) && creating)
		return room->options.profile == PROFILE_AD;
	return (field->when & (creating ? NEED_ON_CREATE : NEED_ON_PUT_11)) && (creating || !room_is_a360(room));
}

static int
check_field(struct exchange *exchange, const struct field *field, bool creating, struct user *user)
{
	const json_t *value = member(exchange, field->name);
	void *place = (char *)user + field->offset;
	bool cleared = value == NULL && !creating && exchange->room->options.put_clears && !(field->when & KEPT);
	size_t length;

	if (value == NULL && is_needed(exchange, field, creating))
		return exchange_refuse(exchange, 400, field->rule, "a mandatory member is missing");
	if (value == NULL && !cleared)
		return 0;
	if (field->flag) {
		if (value != NULL && !json_is_boolean(value))
			return exchange_refuse(exchange, 400, field->rule, "a flag is neither true nor false");
		*(bool *)place = json_is_true(value);
		return 0;
	}
	if (value != NULL && !json_is_string(value))
		return exchange_refuse(exchange, 400, field->rule, "a text is no string");
	length = value != NULL ? text_length(json_string_value(value)) : 0;
	if (length > field->max || (length == 0 && is_needed(exchange, field, creating)))
		return exchange_refuse(exchange, 400, field->rule, "a text is empty or too long");
	text_set(place, value != NULL ? json_string_value(value) : "");
	return 0;
}

static int
check_mail(struct exchange *exchange, const struct user *user)
{
	const char *at = strchr(user->email, '@');

	if (at == NULL || at == user->email || at[1] == '\0' || strchr(at + 1, '@') != NULL ||
	    strpbrk(user->email, " \t\r\n") != NULL)
		return exchange_refuse(exchange, 400, "AA-R06", "the email is no address");
	if (exchange->room->options.strict_mail && strchr(at, '.') == NULL)
		return exchange_refuse(exchange, 400, "AA-R06", "the email's domain has no dot");
	return 0;
}

static bool
password_fits(const char *text)
{
	size_t length = strlen(text);

	for (const char *p = text; *p != '\0'; p++) {
		bool letter = (*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z');

		if (!letter && !(*p >= '0' && *p <= '9') && strchr(PASSWORD_SIGNS, *p) == NULL)
			return false;
	}
	return length >= PASSWORD_MIN && length <= PASSWORD_MAX;
}

static int
check_password(struct exchange *exchange, bool creating, struct user *user)
{
	const struct options *options = &exchange->room->options;
	const json_t *value = member(exchange, "password");

	if (options->profile == PROFILE_AD) {
		if (value != NULL && options->ad_password == AD_PASSWORD_REFUSE)
			return exchange_refuse(exchange, 400, "AAG3", "a directory user has no password here");
		return 0;
	}
	if (value == NULL && creating)
		return exchange_refuse(exchange, 400, "AA-R07", "password is missing");
	if (value == NULL || (!creating && !options->put_password))
		return 0;
	if (!json_is_string(value) || !password_fits(json_string_value(value)))
		return exchange_refuse(
		    exchange, 400, "AA-R07", "the password breaks the rules of length or characters");
	digest_set(&user->password, json_string_value(value));
	if (exchange->room->passwords != NULL) {
		fprintf(exchange->room->passwords, "%s\n", json_string_value(value));
		fflush(exchange->room->passwords);
	}
	user->bad_logins = 0;
	return 0;
}

/* Role ids of the body, each once. */
static int
check_roles(struct exchange *exchange, struct user *user)
{
	const json_t *list = member(exchange, "roles"), *item;
	long long *ids;
	size_t index, count = 0;

	if (!json_is_array(list) || json_array_size(list) == 0)
		return exchange_refuse(exchange, 400, "AA-R04", "at least one role is needed");
	ids = need(calloc(json_array_size(list), sizeof(*ids)));
	json_array_foreach (list, index, item) {
		const json_t *id = json_object_get(item, "id");
		bool known = json_is_integer(id) && role_find(&exchange->room->roles, json_integer_value(id)) != NULL;

		if (!known) {
			free(ids);
			return exchange_refuse(
			    exchange, (int)exchange->room->options.unknown_role_status, "AA-R04", "unknown role");
		}
		ids[count] = json_integer_value(id);
		for (size_t i = 0; i <= count; i++) {
			if (i == count)
				count++;
			else if (ids[i] != ids[count])
				continue;
			break;
		}
	}
	user_set_roles(user, ids, count);
	free(ids);
	return 0;
}

static int
read_licences(struct exchange *exchange, const json_t *list, unsigned *ret_bits)
{
	const json_t *item;
	size_t index;

	if (!json_is_array(list))
		return exchange_refuse(exchange, 400, "AA-R09", "licenseFeatures is no list");
	*ret_bits = 0;
	json_array_foreach (list, index, item) {
		unsigned bit;

		if (!json_is_string(item) || !licence_bit(&exchange->room->licences, json_string_value(item), &bit))
			return exchange_refuse(exchange, 400, "AA-R09", "unknown licence feature");
		*ret_bits |= bit;
	}
	return 0;
}

static int
check_licences(struct exchange *exchange, const struct user *current, struct user *user)
{
	const struct room *room = exchange->room;
	const json_t *list = member(exchange, "licenseFeatures");
	unsigned before = current != NULL ? current->licences : 0, after = before;
	int status;

	if (list == NULL && current != NULL && room->options.put_clears)
		after = 0;
	if (list != NULL && (status = read_licences(exchange, list, &after)) != 0)
		return status;
	if (after != before && exchange->caller != NULL &&
	    !(room_permissions(room, exchange->caller) & MAY_ASSIGN_LICENCES))
		return exchange_refuse(exchange, 403, "AA-R03", "the caller may not do this");
	if (licence_missing(&room->licences, after & ~before) != NULL)
		return exchange_refuse(
		    exchange, (int)room->options.licence_status, "AA-R20", "no licence of that kind is left");
	user->licences = after;
	return 0;
}

static int
check_name(struct exchange *exchange, const struct user *current, const struct user *user)
{
	const struct user *holder;

	if (current != NULL && strcasecmp(current->username, user->username) == 0)
		return 0;
	if (current != NULL && !exchange->room->options.rename)
		return exchange_refuse(exchange, 400, "AA-R05", "the username cannot be changed");
	holder = user_find_name(&exchange->room->users, user->username);
	return holder != NULL ? exchange_refuse(exchange, 409, "A1c", "the username is taken") : 0;
}

/* Only an administrator makes administrators (AA-R16), and one must remain. */
static int
check_admin(struct exchange *exchange, const struct user *current, const struct user *user)
{
	const struct room *room = exchange->room;
	long long admin = room->roles.admin_id;
	bool before = current != NULL && user_has_role(current, admin), after = user_has_role(user, admin);

	if (before != after && exchange->caller != NULL && !user_has_role(exchange->caller, admin))
		return exchange_refuse(exchange, 403, "AA-R16", "the caller may not do this");
	if (current != NULL && (!after || user->disabled) && room_is_last_admin(room, current))
		return exchange_refuse(exchange, 400, "A4", "one administrator must remain");
	return 0;
}

static int
check_version(struct exchange *exchange, const struct user *current)
{
	const json_t *version = member(exchange, "version");

	if (current == NULL || version == NULL || !exchange->room->options.version_check)
		return 0;
	if (!json_is_integer(version) || json_integer_value(version) != current->version)
		return exchange_refuse(exchange, 409, "version", "the user has changed in the meantime");
	return 0;
}

static int
check_all(struct exchange *exchange, const struct user *current, struct user *user)
{
	int status = check_version(exchange, current);

	for (size_t i = 0; status == 0 && i < FIELD_COUNT; i++)
		status = check_field(exchange, &fields[i], current == NULL, user);
	if (status != 0 || (status = check_mail(exchange, user)) != 0 || (status = check_roles(exchange, user)) != 0 ||
	    (status = check_password(exchange, current == NULL, user)) != 0 ||
	    (status = check_name(exchange, current, user)) != 0 || (status = check_admin(exchange, current, user)) != 0)
		return status;
	return check_licences(exchange, current, user);
}

int
user_check(struct exchange *exchange, const struct user *current, struct user **ret)
{
	struct user *user = current != NULL ? user_copy(current) : user_new();
	int status = check_all(exchange, current, user);

	if (status != 0) {
		user_free(user);
		return status;
	}
	if (current != NULL && current->disabled && !user->disabled)
		user->bad_logins = 0;
	*ret = user;
	return 0;
}
