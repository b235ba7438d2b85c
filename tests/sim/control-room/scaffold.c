/* SPDX-License-Identifier: ISC */
/* What a test needs to see and turn.  None of it is part of the product. */
#include "../common/text.h"
#include "handlers.h"
#include "user_view.h"

#include <event2/keyvalq_struct.h>

#include <string.h>

static int
refuse(struct exchange *exchange, const char *problem)
{
	return exchange_refuse(exchange, 400, "scaffold", problem);
}

static json_t *
user_state(const struct room *room, const struct user *user)
{
	json_t *view = user_view_listed(room, user);

	json_object_set_new(view, "password", json_string(user->password.set ? "set" : "none"));
	json_object_set_new(view, "apiKey", json_string(user->api_key.set ? "set" : "none"));
	json_object_set_new(view, "badLogins", json_integer(user->bad_logins));
	return view;
}

/* All users, or only the one of "?username=". */
static json_t *
users_state(struct exchange *exchange)
{
	struct room *room = exchange->room;
	const char *query = evhttp_uri_get_query(evhttp_request_get_evhttp_uri(exchange->request));
	struct evkeyvalq pairs;
	const char *name;
	json_t *list = json_array();

	evhttp_parse_query_str(query != NULL ? query : "", &pairs);
	name = evhttp_find_header(&pairs, "username");
	if (name != NULL) {
		const struct user *user = user_find_name(&room->users, name);

		if (user != NULL)
			json_array_append_new(list, user_state(room, user));
	}
	for (size_t i = 0; name == NULL && i < room->users.count; i++)
		json_array_append_new(list, user_state(room, room->users.rows[i]));
	evhttp_clear_headers(&pairs);
	return list;
}

static json_t *
roles_state(const struct room *room)
{
	json_t *list = json_array();

	for (size_t i = 0; i < room->roles.count; i++)
		json_array_append_new(list, role_view(room->roles.rows[i]));
	return list;
}

int
scaffold_state(struct exchange *exchange)
{
	struct room *room = exchange->room;
	char now[TIME_SIZE];

	return exchange_answer(exchange,
	    json_pack("{s:s, s:s, s:I, s:I, s:O, s:o, s:o, s:o, s:o}", "note", "not part of the product", "now",
		time_format(room_now(room), now), "userCount", (json_int_t)room->users.count, "sessions",
		(json_int_t)room->sessions.count, "calls", room->calls, "created", user_births(&room->users), "users",
		users_state(exchange), "roles", roles_state(room), "faults", fault_view(&room->faults)));
}

int
scaffold_reset(struct exchange *exchange)
{
	room_reset(exchange->room);
	return exchange_answer(exchange, json_object());
}

int
scaffold_clock(struct exchange *exchange)
{
	char now[TIME_SIZE];

	return exchange_answer(exchange, json_pack("{s:s, s:I}", "now", time_format(room_now(exchange->room), now),
					     "offset_s", (json_int_t)exchange->room->clock_offset_ms / 1000));
}

int
scaffold_clock_set(struct exchange *exchange)
{
	json_int_t advance = 0, offset = exchange->room->clock_offset_ms / 1000;

	if (json_unpack(exchange->body, "{s?I, s?I !}", "advance_s", &advance, "offset_s", &offset) != 0)
		return refuse(exchange, "expected advance_s or offset_s");
	exchange->room->clock_offset_ms = (offset + advance) * 1000;
	return scaffold_clock(exchange);
}

int
scaffold_faults(struct exchange *exchange)
{
	return exchange_answer(exchange, fault_view(&exchange->room->faults));
}

int
scaffold_fault_add(struct exchange *exchange)
{
	const char *problem;

	if (!fault_read(&exchange->room->faults, exchange->body, &problem))
		return refuse(exchange, problem);
	return scaffold_faults(exchange);
}

int
scaffold_fault_clear(struct exchange *exchange)
{
	fault_clear(&exchange->room->faults);
	return scaffold_faults(exchange);
}

int
scaffold_login_check(struct exchange *exchange)
{
	const char *username, *password;
	const struct user *user;

	if (json_unpack(exchange->body, "{s:s, s:s !}", "username", &username, "password", &password) != 0)
		return refuse(exchange, "expected username and password");
	user = user_find_name(&exchange->room->users, username);
	return exchange_answer(exchange,
	    json_pack("{s:b, s:b, s:b}", "exists", user != NULL, "matches",
		user != NULL && digest_matches(&user->password, password), "disabled", user != NULL && user->disabled));
}

int
scaffold_switch(struct exchange *exchange)
{
	const char *name, *value;

	if (json_unpack(exchange->body, "{s:s, s:s !}", "name", &name, "value", &value) != 0 ||
	    !switch_set(&option_table, &exchange->room->options, name, value, true))
		return refuse(exchange, "expected name and value of a switch that can be turned while running");
	return exchange_answer(exchange, json_object());
}

int
scaffold_licence(struct exchange *exchange)
{
	const char *feature, *count;

	if (json_unpack(exchange->body, "{s:s, s:s !}", "feature", &feature, "count", &count) != 0 ||
	    !licence_set(&exchange->room->licences, feature, count))
		return refuse(
		    exchange, "expected feature and count (a number as text, two with a slash between, or off)");
	return exchange_answer(exchange, licence_view_a360(&exchange->room->licences));
}
