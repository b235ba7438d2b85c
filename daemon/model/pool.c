/* SPDX-License-Identifier: ISC */
/* Counting what accounts take of pools, and units of pools as text. */
#include "model/pool.h"

#include "base/str.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#define NAME_MAX_LEN 64
#define UNITS_MAX 1000000

/* A value of a right as rows of pools write it: numbers by their digits. */
static bool
is_value(const json_t *item, const char *value)
{
	char digits[32];

	if (json_is_string(item))
		return au_streq(json_string_value(item), value);
	if (!json_is_integer(item))
		return false;
	snprintf(digits, sizeof digits, "%lld", (long long)json_integer_value(item));
	return au_streq(digits, value);
}

static long long
count_value(const json_t *right, const char *value)
{
	const json_t *item;
	size_t i;

	if (!json_is_array(right))
		return is_value(right, value);
	json_array_foreach (right, i, item)
		if (is_value(item, value))
			return 1;
	return 0;
}

/* How many times an account takes the row's units. */
static long long
times_taken(const struct au_pool *pool, const json_t *rights)
{
	static const char prefix[] = "rights.";
	const json_t *right;

	if (!pool->field)
		return 1;
	right = json_object_get(rights, pool->field + strlen(prefix));
	if (pool->value)
		return count_value(right, pool->value);
	if (json_is_integer(right))
		return json_integer_value(right) > 0 ? json_integer_value(right) : 0;
	return json_is_array(right) ? (long long)json_array_size(right) : json_is_true(right);
}

long long
au_pool_units(const struct au_pool *pool, const json_t *rights, bool active, const struct au_takes *stated)
{
	if (!active && (pool->flags & AU_POOL_ACTIVE))
		return 0;
	return pool->units ? pool->units * times_taken(pool, rights) : au_takes_of(stated, pool->name);
}

long long
au_takes_of(const struct au_takes *takes, const char *pool)
{
	for (size_t i = 0; takes && i < takes->count; i++)
		if (au_streq(takes->items[i].pool, pool))
			return takes->items[i].units;
	return 0;
}

bool
au_takes_any(const struct au_takes *takes)
{
	for (size_t i = 0; i < takes->count; i++)
		if (takes->items[i].units > 0)
			return true;
	return false;
}

const char *
au_takes_print(struct au_arena *arena, const struct au_takes *takes)
{
	AU_CLEANUP(au_json_decrefp) json_t *object = json_object();

	for (size_t i = 0; i < takes->count; i++)
		if (takes->items[i].units != 0)
			au_json_set_int(object, takes->items[i].pool, takes->items[i].units);
	if (json_object_size(object) == 0)
		return NULL;
	AU_CLEANUP(au_freep) char *text = au_json_canonical(object);
	return au_arena_strdup(arena, text);
}

void
au_takes_parse(struct au_arena *arena, const char *text, struct au_takes *ret)
{
	AU_CLEANUP(au_json_decrefp) json_t *object = NULL;
	const char *name;
	json_t *units;

	*ret = (struct au_takes){ 0 };
	if (!text || au_json_parse(text, strlen(text), AU_JSON_DEPTH, &object, NULL) < 0)
		return;
	ret->items = au_arena_alloc(arena, (json_object_size(object) + 1) * sizeof *ret->items);
	json_object_foreach (object, name, units)
		if (json_is_integer(units))
			ret->items[ret->count++] =
			    (struct au_take){ au_arena_strdup(arena, name), json_integer_value(units) };
}

const char *
au_takes_most(struct au_arena *arena, const char *one, const char *other)
{
	struct au_takes a, b, most = { 0 };

	au_takes_parse(arena, one, &a);
	au_takes_parse(arena, other, &b);
	most.items = au_arena_alloc(arena, (a.count + b.count + 1) * sizeof *most.items);
	for (size_t i = 0; i < a.count; i++) {
		long long units = au_takes_of(&b, a.items[i].pool);
		most.items[most.count++] =
		    (struct au_take){ a.items[i].pool, units > a.items[i].units ? units : a.items[i].units };
	}
	for (size_t i = 0; i < b.count; i++)
		if (au_takes_of(&a, b.items[i].pool) == 0)
			most.items[most.count++] = b.items[i];
	return au_takes_print(arena, &most);
}

static const char *const beyond_names[] = {
	[AU_BEYOND_WAIT] = "wait",
	[AU_BEYOND_TELL] = "tell",
	[AU_BEYOND_APPROVE] = "approve",
};

enum au_beyond
au_beyond_from_name(const char *name)
{
	for (size_t i = 0; i < AU_COUNT(beyond_names); i++)
		if (au_streq(name, beyond_names[i]))
			return (enum au_beyond)i;
	return AU_BEYOND_WAIT;
}

const char *
au_beyond_name(enum au_beyond beyond)
{
	return beyond_names[beyond];
}

bool
au_pool_is_name(const char *name)
{
	size_t len = 0;

	for (; name[len]; len++)
		if (!isalnum((unsigned char)name[len]) && !strchr("._:-", name[len]))
			return false;
	return len >= 1 && len <= NAME_MAX_LEN;
}

int
au_take_parse(struct au_arena *arena, const char *text, struct au_take *ret, struct au_err *err)
{
	const char *equals = strchr(text, '=');
	const char *name = au_arena_strndup(arena, text, equals ? (size_t)(equals - text) : strlen(text));
	char *end = NULL;
	long long units = 1;

	if (equals)
		units = isdigit((unsigned char)equals[1]) ? strtoll(equals + 1, &end, 10) : 0;
	if (!au_pool_is_name(name) || units < 1 || units > UNITS_MAX || (end && *end))
		return au_fail(
		    err, AU_EINVAL, "'%s': expected POOL or POOL=UNITS, with units from 1 to %d", text, UNITS_MAX);
	*ret = (struct au_take){ name, units };
	return 0;
}
