/* SPDX-License-Identifier: ISC */
/* The five calls about roles. */
#include "../common/text.h"
#include "handlers.h"
#include "permission.h"
#include "user_view.h"

#include <stdlib.h>
#include <string.h>

int
role_list(struct exchange *exchange)
{
	struct room *room = exchange->room;
	const char *problem;
	const void **rows;
	size_t count, matching;
	struct listing listing;
	json_t *list;

	if (!listing_read(
		&listing, exchange->body, role_columns, room->options.page_default, room->options.page_max, &problem)) {
		listing_done(&listing);
		return exchange_refuse(exchange, 400, "AA6", problem);
	}
	listing_run(&listing, (void *const *)room->roles.rows, room->roles.count, &rows, &count, &matching);
	list = json_array();
	for (size_t i = 0; i < count; i++)
		json_array_append_new(list, role_view(rows[i]));
	free(rows);
	listing_done(&listing);
	return exchange_answer(exchange, listing_answer(&listing, room->roles.count, matching, list));
}

static int
refuse_unknown(struct exchange *exchange)
{
	return exchange_refuse(exchange, 404, "A1c", "no such role");
}

int
role_get(struct exchange *exchange)
{
	const struct role *role = role_find(&exchange->room->roles, exchange->id);

	return role != NULL ? exchange_answer(exchange, role_view(role)) : refuse_unknown(exchange);
}

struct wanted {
	const char *name, *description;
	unsigned permissions;
};

static int
read_role(struct exchange *exchange, struct wanted *ret)
{
	struct wanted wanted = { .description = "" };
	json_t *permissions = NULL;

	if (json_unpack(exchange->body, "{s:s, s?s, s?o}", "name", &wanted.name, "description", &wanted.description,
		"permissions", &permissions) != 0 ||
	    *wanted.name == '\0' || text_length(wanted.name) > ROLE_TEXT_MAX ||
	    text_length(wanted.description) > ROLE_TEXT_MAX)
		return exchange_refuse(exchange, 400, "AA-R17", "a name of 1 to 255 characters is needed");
	if (permissions != NULL && !permission_read(permissions, &wanted.permissions))
		return exchange_refuse(exchange, 400, "AA-R17", "permissions is no list of actions");
	*ret = wanted;
	return 0;
}

int
role_create(struct exchange *exchange)
{
	struct room *room = exchange->room;
	struct wanted wanted;
	struct role *role;
	int status = read_role(exchange, &wanted);

	if (status != 0)
		return status;
	if (role_find_name(&room->roles, wanted.name) != NULL)
		return exchange_refuse(exchange, 409, "A1c", "the role name is taken");
	role = role_add(&room->roles, wanted.name, wanted.description, wanted.permissions);
	role->created_by = role->updated_by = exchange->caller->id;
	role->created_on = role->updated_on = room_now(room);
	journal_role(&room->journal, role);
	return exchange_answer(exchange, role_view(role));
}

static int
refuse_system(struct exchange *exchange)
{
	return exchange_refuse(
	    exchange, (int)exchange->room->options.system_role_status, "AA-R14", "a system role can only be assigned");
}

int
role_put(struct exchange *exchange)
{
	struct room *room = exchange->room;
	struct role *role = role_find(&room->roles, exchange->id);
	const struct role *holder;
	struct wanted wanted;
	int status;

	if (role == NULL)
		return refuse_unknown(exchange);
	if (role->system)
		return refuse_system(exchange);
	if ((status = read_role(exchange, &wanted)) != 0)
		return status;
	holder = role_find_name(&room->roles, wanted.name);
	if (holder != NULL && holder != role)
		return exchange_refuse(exchange, 409, "A1c", "the role name is taken");
	text_set(&role->name, wanted.name);
	text_set(&role->description, wanted.description);
	role->permissions = wanted.permissions;
	role->version++;
	role->updated_by = exchange->caller->id;
	role->updated_on = room_now(room);
	journal_role(&room->journal, role);
	return exchange_answer(exchange, role_view(role));
}

static bool
is_held(const struct room *room, long long role_id)
{
	for (size_t i = 0; i < room->users.count; i++) {
		if (user_has_role(room->users.rows[i], role_id))
			return true;
	}
	return false;
}

int
role_delete(struct exchange *exchange)
{
	struct room *room = exchange->room;
	struct role *role = role_find(&room->roles, exchange->id);

	if (role == NULL)
		return refuse_unknown(exchange);
	if (role->system)
		return refuse_system(exchange);
	/* A user has at least one role (AA-R04), so a role in use stays; our reading. */
	if (is_held(room, role->id))
		return exchange_refuse(exchange, 400, "AA-R04", "users hold this role");
	exchange_answer(exchange, role_view(role));
	journal_role_gone(&room->journal, role->id);
	role_remove(&room->roles, role);
	return 200;
}
