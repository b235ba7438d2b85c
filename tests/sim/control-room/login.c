/* SPDX-License-Identifier: ISC */
/* Login by password or API key, and renewal.  Every refusal reads the same and takes the same work (AA13). */
#include "../common/text.h"
#include "handlers.h"
#include "jwt.h"
#include "permission.h"
#include "user_view.h"

#include <stdlib.h>

static int
refuse(struct exchange *exchange)
{
	return exchange_refuse(exchange, 401, "AA13", "the login was refused");
}

/* Count a bad try; enough of them disable the account, as support describes (AAC2). */
static void
count_bad(struct room *room, const struct user *user)
{
	struct user *changed = user_copy(user);

	changed->bad_logins++;
	if (changed->bad_logins >= room->options.lock_after)
		changed->disabled = true;
	room_change_user(room, changed);
}

static void
count_good(struct room *room, const struct user *user)
{
	struct user *changed = user_copy(user);

	changed->bad_logins = 0;
	changed->last_login = room_now(room);
	room_change_user(room, changed);
}

static bool
secret_fits(const struct room *room, const struct user *user, const char *password, const char *api_key)
{
	static const struct digest nothing;

	if (password != NULL)
		return digest_matches(user != NULL ? &user->password : &nothing, password);
	return digest_matches(user != NULL ? &user->api_key : &nothing, api_key) && room->options.api_key_login &&
	       (room_permissions(room, user) & MAY_USE_API_KEY);
}

static char *
open_session(struct room *room, const struct user *user)
{
	long long now = room_now(room), expires = now + room->options.token_life_s * 1000LL;
	char *token = jwt_make(room->key, user->id, now, expires);

	session_end_expired(&room->sessions, now);
	session_add(&room->sessions, token, user->id, expires);
	return token;
}

static int
answer_token(struct exchange *exchange, const struct user *user)
{
	char *token = open_session(exchange->room, user);
	json_t *answer = json_pack("{s:s, s:o}", "token", token, "user", user_view_whole(exchange->room, user));

	free(token);
	return exchange_answer(exchange, answer);
}

int
login_handle(struct exchange *exchange)
{
	struct room *room = exchange->room;
	const char *username = NULL, *password = NULL, *api_key = NULL;
	json_t *code = NULL;
	struct user *user;

	if (json_unpack(exchange->body, "{s:s, s?s, s?s, s?o}", "username", &username, "password", &password, "apiKey",
		&api_key, "mfaCode", &code) != 0 ||
	    (password == NULL) == (api_key == NULL) || (code != NULL && !json_is_integer(code)))
		return exchange_refuse(exchange, 400, "AA1", "expected username and either password or apiKey");
	user = user_find_name(&room->users, username);
	if (!secret_fits(room, user, password, api_key)) {
		if (user != NULL && !user->disabled)
			count_bad(room, user);
		return refuse(exchange);
	}
	if (user->disabled)
		return refuse(exchange);
	if (!room->options.multi_login && !(api_key != NULL && room->options.api_key_parallel))
		session_end_user(&room->sessions, user->id);
	count_good(room, user);
	return answer_token(exchange, user);
}

int
refresh_handle(struct exchange *exchange)
{
	struct room *room = exchange->room;
	const char *token = json_string_value(json_object_get(exchange->body, "token"));

	if (token == NULL)
		return exchange_refuse(exchange, 400, "A6", "expected token");
	if (session_user(&room->sessions, token, room_now(room)) != exchange->caller->id)
		return refuse(exchange);
	if (room->options.refresh_ends_old)
		session_end(&room->sessions, token);
	return answer_token(exchange, exchange->caller);
}
