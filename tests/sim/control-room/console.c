/* SPDX-License-Identifier: ISC */
/*
 * What a person does in the product's web pages and no API offers, or what a test wants a person to have done
 * without taking the daemon's session away.  The product's rules hold here too.
 */
#include "handlers.h"
#include "user_view.h"

static int
refuse(struct exchange *exchange, const char *problem)
{
	return exchange_refuse(exchange, 400, "console", problem);
}

static struct user *
named_user(const struct exchange *exchange)
{
	const char *username = json_string_value(json_object_get(exchange->body, "username"));

	return username != NULL ? user_find_name(&exchange->room->users, username) : NULL;
}

/* A person makes a new API key in their own settings; the one before dies at once (AAB1). */
int
console_api_key(struct exchange *exchange)
{
	const struct user *user = named_user(exchange);
	const char *key = json_string_value(json_object_get(exchange->body, "apiKey"));
	struct user *changed;

	if (user == NULL || key == NULL || *key == '\0')
		return refuse(exchange, "expected username of a user, and apiKey");
	changed = user_copy(user);
	digest_set(&changed->api_key, key);
	room_change_user(exchange->room, changed);
	return exchange_answer(exchange, json_object());
}

/* Change the members in "set", leave the others as they are. */
int
console_user_edit(struct exchange *exchange)
{
	const struct user *user = named_user(exchange);
	json_t *set = json_object_get(exchange->body, "set"), *whole;

	if (user == NULL || !json_is_object(set))
		return refuse(exchange, "expected username of a user, and set");
	whole = user_view_listed(exchange->room, user);
	json_object_update(whole, set);
	json_decref(exchange->body);
	exchange->body = whole;
	exchange->id = user->id;
	return user_put(exchange);
}

int
console_user_create(struct exchange *exchange)
{
	return user_create(exchange);
}

int
console_user_delete(struct exchange *exchange)
{
	const struct user *user = named_user(exchange);

	if (user == NULL)
		return refuse(exchange, "expected username of a user");
	exchange->id = user->id;
	return user_delete(exchange);
}
