/* SPDX-License-Identifier: ISC */
/* Roles: the system's own, which can only be assigned, and custom ones. */
#ifndef CONTROL_ROOM_ROLE_H
#define CONTROL_ROOM_ROLE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#define ROLE_TEXT_MAX 255 /* AA-R17 */

struct role {
	long long id, version, created_by, created_on, updated_by, updated_on;
	char *name, *description;
	unsigned permissions;
	bool system;
};

struct role_table {
	struct role **rows; /* by id, ascending */
	size_t count, capacity;
	long long next_id;
	long long admin_id; /* of AAE_Admin */
	long long basic_id; /* of AAE_Basic */
};

/* Fill with the system roles; shuffled ids when the profile says that they differ per Control Room. */
void role_table_start(struct role_table *table, bool shuffled, long seed, long long now);
void role_table_done(struct role_table *table);

struct role *role_find(const struct role_table *table, long long id);
struct role *role_find_name(const struct role_table *table, const char *name);
struct role *role_add(struct role_table *table, const char *name, const char *description, unsigned permissions);
void role_remove(struct role_table *table, struct role *role);

json_t *role_view(const struct role *role); /* as the product shows it */
/* As the state file keeps it: the same, read back.  NULL when the record is damaged. */
struct role *role_restore(struct role_table *table, const json_t *record);

#endif
