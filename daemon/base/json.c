/* SPDX-License-Identifier: ISC */
/*
 * JSON by jansson.  Depth is counted before parsing, because jansson recurses;
 * its error texts are cut before the quoted input, which may be a secret.
 */
#include "base/json.h"

#include "base/secret.h"
#include "base/str.h"

#include <assert.h>
#include <string.h>

/* Deepest nesting of arrays and objects.  Only brackets outside strings count; whether they pair is the parser's. */
static int
nesting(const char *data, size_t len, int enough)
{
	int depth = 0, deepest = 0;
	bool in_string = false;

	for (size_t i = 0; i < len && deepest <= enough; i++) {
		char c = data[i];
		if (in_string) {
			if (c == '\\')
				i++;
			else if (c == '"')
				in_string = false;
		} else if (c == '"')
			in_string = true;
		else if (c == '[' || c == '{')
			deepest = ++depth > deepest ? depth : deepest;
		else if (c == ']' || c == '}')
			depth--;
	}
	return deepest;
}

int
au_json_parse(const char *data, size_t len, int max_depth, json_t **ret, struct au_err *err)
{
	json_error_t why;

	if (nesting(data, len, max_depth) > max_depth)
		return au_fail(err, AU_ELIMIT, "JSON: nested deeper than %d", max_depth);
	json_t *value = json_loadb(data, len, JSON_REJECT_DUPLICATES, &why);
	if (value == NULL) {
		char *quoted = strstr(why.text, " near '");
		if (quoted != NULL)
			*quoted = '\0';
		return au_fail(err, AU_EINVAL, "JSON: line %d column %d: %s", why.line, why.column, why.text);
	}
	*ret = value;
	return 0;
}

static char *
dump(const json_t *value, size_t flags)
{
	char *text = json_dumps(value, flags | JSON_COMPACT | JSON_ENCODE_ANY);

	assert(text != NULL);
	return text;
}

char *
au_json_canonical(const json_t *value)
{
	return dump(value, JSON_SORT_KEYS);
}

char *
au_json_text(const json_t *value)
{
	return dump(value, 0);
}

void
au_json_decrefp(json_t **value)
{
	json_decref(*value);
}

static void
decref(void *value)
{
	json_decref(value);
}

json_t *
au_json_in_arena(struct au_arena *arena, json_t *value)
{
	if (value != NULL)
		au_arena_defer(arena, decref, value);
	return value;
}

static int
wrong_type(const char *name, const char *expected, struct au_err *err)
{
	return au_fail(err, AU_EINVAL, "member '%s': expected %s", name, expected);
}

int
au_json_str(const json_t *obj, const char *name, const char *dflt, const char **ret, struct au_err *err)
{
	const json_t *member = json_object_get(obj, name);

	if (member != NULL && !json_is_null(member) && !json_is_string(member))
		return wrong_type(name, "text", err);
	*ret = json_is_string(member) ? json_string_value(member) : dflt;
	return 0;
}

int
au_json_int(const json_t *obj, const char *name, long long dflt, long long *ret, struct au_err *err)
{
	const json_t *member = json_object_get(obj, name);

	if (member != NULL && !json_is_null(member) && !json_is_integer(member))
		return wrong_type(name, "an integer", err);
	*ret = json_is_integer(member) ? json_integer_value(member) : dflt;
	return 0;
}

int
au_json_bool(const json_t *obj, const char *name, int dflt, int *ret, struct au_err *err)
{
	const json_t *member = json_object_get(obj, name);

	if (member != NULL && !json_is_null(member) && !json_is_boolean(member))
		return wrong_type(name, "true or false", err);
	*ret = json_is_boolean(member) ? json_is_true(member) : dflt;
	return 0;
}

const char *
au_json_get_str(const json_t *obj, const char *name)
{
	return json_string_value(json_object_get(obj, name));
}

long long
au_json_get_int(const json_t *obj, const char *name)
{
	return json_integer_value(json_object_get(obj, name));
}

int
au_json_get_bool(const json_t *obj, const char *name, int dflt)
{
	const json_t *member = json_object_get(obj, name);

	return json_is_boolean(member) ? json_is_true(member) : dflt;
}

void
au_json_wipe(json_t *value)
{
	json_t *item;
	const char *name;
	size_t index;

	if (value == NULL || value->refcount != 1)
		return;
	if (json_is_string(value))
		au_wipe((void *)(uintptr_t)json_string_value(value), json_string_length(value));
	else if (json_is_array(value))
		json_array_foreach (value, index, item)
			au_json_wipe(item);
	else
		json_object_foreach (value, name, item)
			au_json_wipe(item);
}

void
au_json_set_str(json_t *obj, const char *name, const char *text)
{
	if (text == NULL)
		return;
	json_t *value = json_string(text);
	if (value == NULL) {
		struct au_str clean = AU_STR_INIT;
		au_str_utf8(&clean, text);
		value = json_string(clean.data);
		au_str_done(&clean);
	}
	if (json_object_set_new(obj, name, value) != 0)
		abort();
}

void
au_json_set_int(json_t *obj, const char *name, long long number)
{
	if (json_object_set_new(obj, name, json_integer(number)) != 0)
		abort();
}

void
au_json_put_texts(json_t *obj, const struct au_json_text *rows, const void *from)
{
	const char *text;

	for (; rows->name != NULL; rows++) {
		memcpy(&text, (const char *)from + rows->offset, sizeof(text));
		au_json_set_str(obj, rows->name, text);
	}
}

int
au_json_take_texts(const json_t *obj, const struct au_json_text *rows, void *to, struct au_err *err)
{
	const char *text;

	for (; rows->name != NULL; rows++) {
		int code = au_json_str(obj, rows->name, NULL, &text, err);
		if (code != 0)
			return code;
		memcpy((char *)to + rows->offset, &text, sizeof(text));
	}
	return 0;
}

json_t *
au_json_words(const char *const *words)
{
	json_t *array = json_array();

	for (; words != NULL && *words != NULL; words++)
		json_array_append_new(array, json_string(*words));
	return array;
}

int
au_json_words_parse(struct au_arena *arena, const json_t *array, const char *const **ret, struct au_err *err)
{
	const json_t *item;
	size_t index;

	if (array == NULL || json_is_null(array)) {
		*ret = NULL;
		return 0;
	}
	if (!json_is_array(array))
		return au_fail(err, AU_EINVAL, "expected a list of texts");
	const char **words = au_arena_alloc(arena, (json_array_size(array) + 1) * sizeof(*words));
	json_array_foreach (array, index, item) {
		if (!json_is_string(item))
			return au_fail(err, AU_EINVAL, "expected a list of texts");
		words[index] = au_arena_strdup(arena, json_string_value(item));
	}
	*ret = words;
	return 0;
}
