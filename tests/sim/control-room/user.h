/* SPDX-License-Identifier: ISC */
/* The users of the Control Room, found by id and by name, and how often each name was ever created. */
#ifndef CONTROL_ROOM_USER_H
#define CONTROL_ROOM_USER_H

#include "../common/digest.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

struct user {
	char *key; /* folded username: the index; names are unique whatever their case */
	long long id, version, created_by, created_on, updated_by, updated_on, last_login;
	char *username, *domain, *first_name, *last_name, *email, *description;
	bool enable_auto_login, disabled;
	unsigned licences; /* bits of the licence table */
	long long *roles;
	size_t role_count;
	struct digest password, api_key;
	long bad_logins;
};

struct user_table {
	struct user **rows; /* by id, ascending */
	size_t count, capacity;
	long long next_id;
	void *by_name; /* tsearch(3) tree of struct user */
	void *births;  /* tsearch(3) tree of struct birth */
};

struct birth {
	char *name; /* folded */
	long long count;
};

void user_table_done(struct user_table *table);

struct user *user_find(const struct user_table *table, long long id);
struct user *user_find_name(const struct user_table *table, const char *username);

struct user *user_new(void);
struct user *user_copy(const struct user *user);
void user_free(struct user *user); /* NULL is fine */
bool user_has_role(const struct user *user, long long role_id);
void user_set_roles(struct user *user, const long long *roles, size_t count);

/* Take a user in; an id of 0 gets the next one.  The username must be free. */
void user_add(struct user_table *table, struct user *user);
/* Give the user of the same id what changed holds, and free changed; pointers to the user stay good. */
void user_replace(struct user_table *table, struct user *changed);
void user_remove(struct user_table *table, struct user *user);

void user_count_birth(struct user_table *table, const char *username, long long more);
json_t *user_births(const struct user_table *table); /* {"name": count} */

#endif
