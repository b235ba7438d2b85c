/* SPDX-License-Identifier: ISC */
/* Ids only grow, so the array by id stays sorted by appending; names go into a balanced tree of the C library. */
#include "user.h"

#include "../common/text.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

static int
compare_names(const void *a, const void *b)
{
	return strcmp(((const struct user *)a)->key, ((const struct user *)b)->key);
}

static int
compare_births(const void *a, const void *b)
{
	return strcmp(((const struct birth *)a)->name, ((const struct birth *)b)->name);
}

/* First place whose id is not below the one asked for. */
static size_t
place_of(const struct user_table *table, long long id)
{
	size_t low = 0, high = table->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (table->rows[middle]->id < id)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

struct user *
user_find(const struct user_table *table, long long id)
{
	size_t place = place_of(table, id);

	return place < table->count && table->rows[place]->id == id ? table->rows[place] : NULL;
}

struct user *
user_find_name(const struct user_table *table, const char *username)
{
	struct user wanted = { .key = text_fold(username) };
	struct user **found = tfind(&wanted, (void *const *)&table->by_name, compare_names);

	free(wanted.key);
	return found != NULL ? *found : NULL;
}

struct user *
user_new(void)
{
	struct user *user = need(calloc(1, sizeof(*user)));

	user->key = text_copy("");
	user->username = text_copy("");
	user->domain = text_copy("");
	user->first_name = text_copy("");
	user->last_name = text_copy("");
	user->email = text_copy("");
	user->description = text_copy("");
	return user;
}

struct user *
user_copy(const struct user *user)
{
	struct user *copy = need(malloc(sizeof(*copy)));

	*copy = *user;
	copy->key = text_copy(user->key);
	copy->username = text_copy(user->username);
	copy->domain = text_copy(user->domain);
	copy->first_name = text_copy(user->first_name);
	copy->last_name = text_copy(user->last_name);
	copy->email = text_copy(user->email);
	copy->description = text_copy(user->description);
	copy->roles = NULL;
	user_set_roles(copy, user->roles, user->role_count);
	return copy;
}

void
user_free(struct user *user)
{
	if (user == NULL)
		return;
	free(user->key);
	free(user->username);
	free(user->domain);
	free(user->first_name);
	free(user->last_name);
	free(user->email);
	free(user->description);
	free(user->roles);
	free(user);
}

bool
user_has_role(const struct user *user, long long role_id)
{
	for (size_t i = 0; i < user->role_count; i++) {
		if (user->roles[i] == role_id)
			return true;
	}
	return false;
}

void
user_set_roles(struct user *user, const long long *roles, size_t count)
{
	long long *copy = need(calloc(count + 1, sizeof(*copy)));

	if (count > 0)
		memcpy(copy, roles, count * sizeof(*copy));
	free(user->roles);
	user->roles = copy;
	user->role_count = count;
}

static void
index_name(struct user_table *table, struct user *user)
{
	free(user->key);
	user->key = text_fold(user->username);
	need(tsearch(user, &table->by_name, compare_names));
}

void
user_add(struct user_table *table, struct user *user)
{
	size_t place;

	if (table->next_id == 0)
		table->next_id = 1;
	if (user->id == 0)
		user->id = table->next_id;
	if (user->id >= table->next_id)
		table->next_id = user->id + 1;
	if (table->count == table->capacity) {
		table->capacity = table->capacity != 0 ? table->capacity * 2 : 256;
		table->rows = need(reallocarray(table->rows, table->capacity, sizeof(struct user *)));
	}
	place = place_of(table, user->id);
	memmove(table->rows + place + 1, table->rows + place, (table->count - place) * sizeof(struct user *));
	table->rows[place] = user;
	table->count++;
	index_name(table, user);
}

void
user_replace(struct user_table *table, struct user *changed)
{
	struct user *user = table->rows[place_of(table, changed->id)];
	struct user before = *user;

	tdelete(user, &table->by_name, compare_names);
	*user = *changed;
	*changed = before;
	index_name(table, user);
	user_free(changed);
}

void
user_remove(struct user_table *table, struct user *user)
{
	size_t place = place_of(table, user->id);

	tdelete(user, &table->by_name, compare_names);
	table->count--;
	memmove(table->rows + place, table->rows + place + 1, (table->count - place) * sizeof(struct user *));
	user_free(user);
}

void
user_count_birth(struct user_table *table, const char *username, long long more)
{
	struct birth *birth = need(calloc(1, sizeof(*birth)));
	struct birth **found;

	birth->name = text_fold(username);
	found = need(tsearch(birth, &table->births, compare_births));
	if (*found != birth) {
		free(birth->name);
		free(birth);
	}
	(*found)->count += more;
}

static void
collect_birth(const void *node, VISIT visit, void *object)
{
	const struct birth *birth = *(struct birth *const *)node;

	if (visit == postorder || visit == leaf)
		json_object_set_new(object, birth->name, json_integer(birth->count));
}

json_t *
user_births(const struct user_table *table)
{
	json_t *object = json_object();

	twalk_r(table->births, collect_birth, object);
	return object;
}

static void
forget_name(void *user)
{
	(void)user; /* the array by id owns it */
}

static void
free_birth(void *pointer)
{
	struct birth *birth = pointer;

	free(birth->name);
	free(birth);
}

void
user_table_done(struct user_table *table)
{
	tdestroy(table->by_name, forget_name);
	tdestroy(table->births, free_birth);
	for (size_t i = 0; i < table->count; i++)
		user_free(table->rows[i]);
	free(table->rows);
	memset(table, 0, sizeof(*table));
}
