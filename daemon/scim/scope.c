/* SPDX-License-Identifier: ISC */
/* A scope stays the text that it is stored as: it has a few words, and one without any is the usual one. */
#include "scim/scope.h"

#include "base/json.h"
#include "base/str.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

/* The next word of text; its length is 0 at the end. */
static const char *
next_word(const char *text, size_t *ret_len)
{
	text += strspn(text, " ");
	*ret_len = strcspn(text, " ");
	return text;
}

static bool
is_word(const char *word, size_t len, const char *wanted)
{
	return len == strlen(wanted) && strncmp(word, wanted, len) == 0;
}

static bool
is_type(const char *word, size_t len, const struct au_resource_type *type)
{
	const char *name = type->endpoint + 1;

	return strlen(name) == len && strncasecmp(word, name, len) == 0;
}

void
au_scope_init(struct au_scope *scope, const char *words)
{
	bool names_types = false;
	const char *word;
	size_t len;

	*scope = (struct au_scope){ .words = words, .every_type = words == NULL };
	for (word = words != NULL ? words : ""; word = next_word(word, &len), len > 0; word += len) {
		bool read_only = is_word(word, len, AU_SCOPE_READ_ONLY);

		scope->read_only = scope->read_only || read_only;
		scope->every_type = scope->every_type || is_word(word, len, AU_SCOPE_ALL);
		names_types = names_types || !read_only;
	}
	if (scope->read_only && !names_types)
		scope->every_type = true;
}

bool
au_scope_allows(const struct au_scope *scope, enum au_need need, const struct au_resource_type *type)
{
	const char *word;
	size_t len;

	if (need == AU_NEED_CHANGE && scope->read_only)
		return false;
	if (need < AU_NEED_READ || scope->every_type || type == NULL)
		return true;
	for (word = scope->words; word = next_word(word, &len), len > 0; word += len)
		if (is_type(word, len, type))
			return true;
	return false;
}

static bool
has_word(const struct au_scope *scope, const char *wanted, size_t wanted_len)
{
	const char *word;
	size_t len;

	for (word = scope->words; word = next_word(word, &len), len > 0; word += len)
		if (len == wanted_len && strncmp(word, wanted, len) == 0)
			return true;
	return false;
}

bool
au_scope_covers(const struct au_scope *scope, const struct au_scope *other)
{
	const char *word;
	size_t len;

	if (scope->every_type || other->every_type)
		return scope->every_type;
	for (word = other->words; word = next_word(word, &len), len > 0; word += len)
		if (!is_word(word, len, AU_SCOPE_READ_ONLY) && !has_word(scope, word, len))
			return false;
	return true;
}

/* ---- making ---- */

const char *
au_scope_word(struct au_arena *arena, const struct au_resource_type *type)
{
	char *word = au_arena_strdup(arena, type->endpoint + 1);

	for (char *c = word; *c != '\0'; c++)
		*c = (char)tolower((unsigned char)*c);
	return word;
}

static const struct au_resource_type *
type_named(const struct au_catalog *catalog, const char *name)
{
	for (const struct au_resource_type *const *type = catalog->types; *type != NULL; type++)
		if (is_type(name, strlen(name), *type))
			return *type;
	return NULL;
}

static bool
is_named(const json_t *names, const struct au_resource_type *type)
{
	size_t i;
	json_t *name;

	json_array_foreach ((json_t *)names, i, name)
		if (is_type(json_string_value(name), json_string_length(name), type))
			return true;
	return false;
}

static int
check_names(const struct au_catalog *catalog, const json_t *names, struct au_err *err)
{
	size_t i;
	json_t *name;

	if (names == NULL)
		return 0;
	/* an empty list is a mistake and not everything */
	if (json_array_size(names) == 0 || json_array_size(names) > AU_SCOPE_WORDS)
		return au_fail(err, AU_EINVAL, "scopes: expected a list of 1 to %d names", AU_SCOPE_WORDS);
	json_array_foreach ((json_t *)names, i, name) {
		if (!json_is_string(name))
			return au_fail(err, AU_EINVAL, "scopes: expected names of resource types");
		if (type_named(catalog, json_string_value(name)) == NULL)
			return au_fail(err, AU_EINVAL,
			    "scope '%.40s': no such resource type; expected a name such as users or groups",
			    json_string_value(name));
	}
	return 0;
}

static void
put_word(struct au_str *out, const char *word)
{
	if (out->len > 0)
		au_str_putc(out, ' ');
	au_str_put(out, word);
}

int
au_scope_make(struct au_arena *arena, const struct au_catalog *catalog, const json_t *names, bool read_only,
    const char **ret_or_null, struct au_err *err)
{
	AU_CLEANUP(au_str_done) struct au_str out = AU_STR_INIT;
	int rc = check_names(catalog, names, err);

	if (rc != 0)
		return rc;
	for (const struct au_resource_type *const *type = catalog->types; *type != NULL; type++)
		if (is_named(names, *type))
			put_word(&out, au_scope_word(arena, *type));
	if (read_only)
		put_word(&out, AU_SCOPE_READ_ONLY);
	*ret_or_null = out.len > 0 ? au_arena_strdup(arena, au_str_get(&out)) : NULL;
	return 0;
}
