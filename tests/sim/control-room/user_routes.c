/* SPDX-License-Identifier: ISC */
/* The five calls about users. */
#include "../common/text.h"
#include "handlers.h"
#include "user_check.h"
#include "user_view.h"

#include <stdlib.h>

static int
refuse_unknown(struct exchange *exchange)
{
	return exchange_refuse(exchange, 404, "A1c", "no such user");
}

/* Who changed it; the console counts as the first administrator. */
static long long
changer(const struct exchange *exchange)
{
	return exchange->caller != NULL ? exchange->caller->id : 1;
}

int
user_create(struct exchange *exchange)
{
	struct user *user;
	int status = user_check(exchange, NULL, &user);

	if (status != 0)
		return status;
	user->created_by = user->updated_by = changer(exchange);
	user->created_on = user->updated_on = room_now(exchange->room);
	room_create_user(exchange->room, user);
	return exchange_answer(exchange, user_view_whole(exchange->room, user));
}

/* A filter for one username is answered from the index, so that tens of thousands of users cost nothing. */
static void
run(const struct room *room, const struct listing *listing, const void ***ret_rows, size_t *ret_count,
    size_t *ret_matching)
{
	const char *name = filter_exact(listing->filter, "username");
	void *row = name != NULL ? user_find_name(&room->users, name) : NULL;

	if (name != NULL)
		listing_run(listing, &row, row != NULL, ret_rows, ret_count, ret_matching);
	else
		listing_run(
		    listing, (void *const *)room->users.rows, room->users.count, ret_rows, ret_count, ret_matching);
}

int
user_list(struct exchange *exchange)
{
	struct room *room = exchange->room;
	const char *problem;
	const void **rows;
	size_t count, matching;
	struct listing listing;
	json_t *list;

	if (!listing_read(
		&listing, exchange->body, user_columns, room->options.page_default, room->options.page_max, &problem)) {
		listing_done(&listing);
		return exchange_refuse(exchange, 400, "AA5", problem);
	}
	run(room, &listing, &rows, &count, &matching);
	list = json_array();
	for (size_t i = 0; i < count; i++)
		json_array_append_new(list, user_view_listed(room, rows[i]));
	free(rows);
	listing_done(&listing);
	return exchange_answer(exchange, listing_answer(&listing, room->users.count, matching, list));
}

int
user_get(struct exchange *exchange)
{
	const struct user *user = user_find(&exchange->room->users, exchange->id);

	return user != NULL ? exchange_answer(exchange, user_view_whole(exchange->room, user))
			    : refuse_unknown(exchange);
}

int
user_put(struct exchange *exchange)
{
	const struct user *user = user_find(&exchange->room->users, exchange->id);
	struct user *changed;
	int status;

	if (user == NULL)
		return refuse_unknown(exchange);
	status = user_check(exchange, user, &changed);
	if (status != 0)
		return status;
	changed->version++;
	changed->updated_by = changer(exchange);
	changed->updated_on = room_now(exchange->room);
	room_change_user(exchange->room, changed);
	return exchange_answer(exchange, user_view_whole(exchange->room, user));
}

int
user_delete(struct exchange *exchange)
{
	struct user *user = user_find(&exchange->room->users, exchange->id);

	if (user == NULL)
		return refuse_unknown(exchange);
	if (user == exchange->caller)
		return exchange_refuse(exchange, 400, "A4", "nobody deletes themselves");
	if (room_is_last_admin(exchange->room, user))
		return exchange_refuse(exchange, 400, "A4", "one administrator must remain");
	exchange_answer(exchange, user_view_whole(exchange->room, user));
	room_delete_user(exchange->room, user);
	return 200;
}
