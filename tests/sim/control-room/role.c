/* SPDX-License-Identifier: ISC */
/* The system roles with their documented ids (AA-R14); only the administrators' role matters to permissions here. */
#include "role.h"

#include "../common/text.h"
#include "permission.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const struct system_role {
	long long id;
	const char *name;
	unsigned permissions;
} system_roles[] = {
	{ 1, "AAE_Admin", MAY_ALL_OF_ADMIN },
	{ 2, "AAE_Basic", 0 },
	{ 3, "AAE_Bot Insight Admin", 0 },
	{ 5, "AAE_Bot Insight Consumer", 0 },
	{ 6, "AAE_Bot Insight Expert", 0 },
	{ 7, "AAE_BotFarm Agent", 0 },
	{ 8, "AAE_BotFarm Admin", 0 },
	{ 13, "AAE_Meta Bot Designer", 0 },
	{ 14, "AAE_IQ Bot Admin", 0 },
	{ 15, "AAE_Bot Store Consumer", 0 },
	{ 16, "AAE_COE Admin", 0 },
};
#define SYSTEM_COUNT (sizeof(system_roles) / sizeof(system_roles[0]))
#define SHUFFLE_FIRST 40 /* shuffled ids begin where no documented id lies, so that a fixed id never fits by chance */

static size_t
place_of(const struct role_table *table, long long id)
{
	size_t place = 0;

	while (place < table->count && table->rows[place]->id < id)
		place++;
	return place;
}

static struct role *
insert(struct role_table *table, long long id)
{
	struct role *role = need(calloc(1, sizeof(*role)));
	size_t place = place_of(table, id);

	if (table->count == table->capacity) {
		table->capacity = table->capacity != 0 ? table->capacity * 2 : 32;
		table->rows = need(reallocarray(table->rows, table->capacity, sizeof(*table->rows)));
	}
	memmove(table->rows + place + 1, table->rows + place, (table->count - place) * sizeof(*table->rows));
	table->rows[place] = role;
	table->count++;
	role->id = id;
	if (id >= table->next_id)
		table->next_id = id + 1;
	return role;
}

/* Fisher-Yates over a small linear congruential generator: the same seed always gives the same Control Room. */
static void
shuffle(long long ids[SYSTEM_COUNT], long seed)
{
	unsigned long long state = (unsigned long long)seed * 6364136223846793005ULL + 1442695040888963407ULL;

	for (size_t i = SYSTEM_COUNT - 1; i > 0; i--) {
		size_t other;
		long long swap = ids[i];

		state = state * 6364136223846793005ULL + 1442695040888963407ULL;
		other = (size_t)((state >> 33) % (i + 1));
		ids[i] = ids[other];
		ids[other] = swap;
	}
}

void
role_table_start(struct role_table *table, bool shuffled, long seed, long long now)
{
	long long ids[SYSTEM_COUNT];

	for (size_t i = 0; i < SYSTEM_COUNT; i++)
		ids[i] = shuffled ? SHUFFLE_FIRST + (long long)i : system_roles[i].id;
	if (shuffled)
		shuffle(ids, seed);
	for (size_t i = 0; i < SYSTEM_COUNT; i++) {
		struct role *role = insert(table, ids[i]);

		role->name = text_copy(system_roles[i].name);
		role->description = text_copy("");
		role->permissions = system_roles[i].permissions;
		role->system = true;
		role->created_on = role->updated_on = now;
	}
	table->admin_id = ids[0];
	table->basic_id = ids[1];
}

static void
role_free(struct role *role)
{
	free(role->name);
	free(role->description);
	free(role);
}

void
role_table_done(struct role_table *table)
{
	for (size_t i = 0; i < table->count; i++)
		role_free(table->rows[i]);
	free(table->rows);
	memset(table, 0, sizeof(*table));
}

struct role *
role_find(const struct role_table *table, long long id)
{
	size_t place = place_of(table, id);

	return place < table->count && table->rows[place]->id == id ? table->rows[place] : NULL;
}

struct role *
role_find_name(const struct role_table *table, const char *name)
{
	for (size_t i = 0; i < table->count; i++) {
		if (strcasecmp(table->rows[i]->name, name) == 0)
			return table->rows[i];
	}
	return NULL;
}

struct role *
role_add(struct role_table *table, const char *name, const char *description, unsigned permissions)
{
	struct role *role = insert(table, table->next_id);

	role->name = text_copy(name);
	role->description = text_copy(description);
	role->permissions = permissions;
	return role;
}

void
role_remove(struct role_table *table, struct role *role)
{
	size_t place = place_of(table, role->id);

	table->count--;
	memmove(table->rows + place, table->rows + place + 1, (table->count - place) * sizeof(*table->rows));
	role_free(role);
}

json_t *
role_view(const struct role *role)
{
	char created[TIME_SIZE], updated[TIME_SIZE];

	return json_pack("{s:I, s:s, s:s, s:I, s:o, s:I, s:s, s:I, s:s}", "id", (json_int_t)role->id, "name",
	    role->name, "description", role->description, "version", (json_int_t)role->version, "permissions",
	    permission_list(role->permissions), "createdBy", (json_int_t)role->created_by, "createdOn",
	    time_format(role->created_on, created), "updatedBy", (json_int_t)role->updated_by, "updatedOn",
	    time_format(role->updated_on, updated));
}

struct role *
role_restore(struct role_table *table, const json_t *record)
{
	json_int_t id, version, created_by, updated_by;
	const char *name, *description, *created, *updated;
	unsigned permissions;
	struct role *role;
	json_t *list;

	if (json_unpack((json_t *)record, "{s:I, s:s, s:s, s:I, s:o, s:I, s:s, s:I, s:s}", "id", &id, "name", &name,
		"description", &description, "version", &version, "permissions", &list, "createdBy", &created_by,
		"createdOn", &created, "updatedBy", &updated_by, "updatedOn", &updated) != 0 ||
	    !permission_read(list, &permissions))
		return NULL;
	role = role_find(table, id);
	if (role == NULL)
		role = insert(table, id);
	text_set(&role->name, name);
	text_set(&role->description, description);
	role->version = version;
	role->permissions = permissions;
	role->created_by = created_by;
	role->updated_by = updated_by;
	if (!time_parse(created, &role->created_on) || !time_parse(updated, &role->updated_on))
		return NULL;
	return role;
}
