/* SPDX-License-Identifier: ISC */
/*
 * Union and comparison of rights.  Values are compared by their canonical text,
 * so that it does not matter in which order a product or a template lists them.
 */
#include "reconcile/rights.h"

#include "base/str.h"

#include <string.h>

static json_t *
parse_object(const char *text)
{
	json_t *object = NULL;

	if (!text || au_json_parse(text, strlen(text), AU_JSON_DEPTH, &object, NULL) < 0)
		return NULL;
	if (!json_is_object(object)) {
		json_decref(object);
		return NULL;
	}
	return object;
}

static bool
value_equal(const json_t *a, const json_t *b)
{
	AU_CLEANUP(au_freep) char *left = au_json_canonical(a);
	AU_CLEANUP(au_freep) char *right = au_json_canonical(b);

	return au_streq(left, right);
}

static bool
list_has(const json_t *list, const json_t *wanted)
{
	const json_t *item;
	size_t i;

	json_array_foreach(list, i, item) if (value_equal(item, wanted)) return true;
	return false;
}

static bool
list_covers(const json_t *list, const json_t *wanted)
{
	const json_t *item;
	size_t i;

	json_array_foreach(wanted, i, item) if (!list_has(list, item)) return false;
	return true;
}

static int
by_text(const void *a, const void *b)
{
	const json_t *left = *(json_t *const *)a, *right = *(json_t *const *)b;

	if (json_is_integer(left) && json_is_integer(right)) {
		json_int_t x = json_integer_value(left), y = json_integer_value(right);
		return x < y ? -1 : x > y;
	}
	AU_CLEANUP(au_freep) char *x = au_json_canonical(left);
	AU_CLEANUP(au_freep) char *y = au_json_canonical(right);
	return strcmp(x, y);
}

static json_t *
sorted(json_t *list)
{
	size_t count = json_array_size(list);
	AU_CLEANUP(au_freep) json_t **items = au_xcalloc(count + 1, sizeof *items);
	json_t *out = json_array();

	for (size_t i = 0; i < count; i++)
		items[i] = json_array_get(list, i);
	qsort(items, count, sizeof *items, by_text);
	for (size_t i = 0; i < count; i++)
		json_array_append(out, items[i]);
	return out;
}

static void
unite_member(json_t *object, const char *name, json_t *value)
{
	json_t *have = json_object_get(object, name), *item;
	size_t i;

	if (!have) {
		json_object_set(object, name, value);
		return;
	}
	if (!json_is_array(have) || !json_is_array(value))
		return;
	json_array_foreach(value, i, item) if (!list_has(have, item)) json_array_append(have, item);
}

int
au_rights_union(struct au_arena *arena, const char *first, const char *second, const char **ret, struct au_err *err)
{
	AU_CLEANUP(au_json_decrefp) json_t *a = first ? parse_object(first) : json_object();
	AU_CLEANUP(au_json_decrefp) json_t *b = second ? parse_object(second) : json_object();
	const char *name;
	json_t *value;
	void *next;

	if (!a || !b)
		return au_fail(err, AU_EINVAL, "rights: expected a JSON object");
	json_object_foreach(b, name, value) unite_member(a, name, value);
	json_object_foreach_safe(a, next, name, value) if (json_is_array(value))
	    json_object_set_new(a, name, sorted(value));
	AU_CLEANUP(au_freep) char *text = au_json_canonical(a);
	*ret = au_arena_strdup(arena, text);
	return 0;
}

bool
au_rights_satisfied(const char *wanted, const char *there)
{
	AU_CLEANUP(au_json_decrefp) json_t *want = parse_object(wanted);
	AU_CLEANUP(au_json_decrefp) json_t *have = parse_object(there);
	const char *name;
	json_t *value;

	if (!want || !have)
		return false;
	json_object_foreach(want, name, value)
	{
		const json_t *other = json_object_get(have, name);
		if (json_is_array(value) && json_is_array(other)) {
			if (!list_covers(other, value) || !list_covers(value, other))
				return false;
		} else if (!other || !value_equal(value, other))
			return false;
	}
	return true;
}

/* Whether a member that has `value` and shall have `want` loses anything that `given` (NULL = anything) has. */
static bool
member_loses(const json_t *value, const json_t *want, const json_t *given)
{
	const json_t *item;
	size_t i;

	if (json_is_true(value))
		return json_is_false(want) && (!given || json_is_true(given));
	json_array_foreach (value, i, item)
		if (!list_has(want, item) && (!given || list_has(given, item)))
			return true;
	return false;
}

static bool
loses(const json_t *have, const json_t *want, const json_t *given)
{
	const char *name;
	json_t *value;

	json_object_foreach ((json_t *)have, name, value) {
		const json_t *gives = given ? json_object_get(given, name) : NULL;
		if ((!given || gives) && member_loses(value, json_object_get(want, name), gives))
			return true;
	}
	return false;
}

bool
au_rights_removes(const char *there, const char *wanted)
{
	AU_CLEANUP(au_json_decrefp) json_t *have = parse_object(there);
	AU_CLEANUP(au_json_decrefp) json_t *want = parse_object(wanted);

	return have && want && loses(have, want, NULL);
}

bool
au_rights_loses(const char *there, const char *wanted, const char *given)
{
	AU_CLEANUP(au_json_decrefp) json_t *have = parse_object(there);
	AU_CLEANUP(au_json_decrefp) json_t *want = parse_object(wanted);
	AU_CLEANUP(au_json_decrefp) json_t *gives = parse_object(given);

	return have && want && gives && loses(have, want, gives);
}
