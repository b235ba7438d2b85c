/* SPDX-License-Identifier: ISC */
/*
 * The grammar's other operators would only tempt: who is picked by a substring
 * is picked by chance.
 */
#include "model/scim_path.h"

#include "base/str.h"

#include <string.h>

#define PICKS_MOST 8

struct scan {
	struct au_arena *arena;
	const char *text, *at;
};

static int
refuse(const struct scan *scan, const char *expected, struct au_err *err)
{
	return au_fail(err, AU_EINVAL, "'%s': expected %s at '%s'", scan->text, expected, scan->at);
}

static void
skip_blanks(struct scan *scan)
{
	scan->at += strspn(scan->at, " ");
}

/* ATTRNAME of RFC 7644 section 3.4.2.2, and "$ref". */
static int
take_name(struct scan *scan, const char **ret, struct au_err *err)
{
	static const char rest[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_$";
	size_t len = strspn(scan->at, rest);

	if (len == 0 || strchr("0123456789-_", *scan->at) != NULL)
		return refuse(scan, "an attribute's name", err);
	*ret = au_arena_strndup(scan->arena, scan->at, len);
	scan->at += len;
	return 0;
}

/* A word that ends at a blank, a bracket or the end, if it is this one. */
static bool
take_word(struct scan *scan, const char *word)
{
	size_t len = strcspn(scan->at, " ]");

	if (len != strlen(word) || strncasecmp(scan->at, word, len) != 0)
		return false;
	scan->at += len;
	skip_blanks(scan);
	return true;
}

static int
take_text(struct scan *scan, const char **ret, struct au_err *err)
{
	size_t len = 0, size = strlen(scan->at);
	char *text = au_arena_alloc(scan->arena, size);

	for (scan->at++; *scan->at != '"' && *scan->at != '\0'; scan->at++) {
		if (*scan->at == '\\')
			scan->at++;
		if (*scan->at == '\0')
			break;
		text[len++] = *scan->at;
	}
	if (*scan->at != '"')
		return refuse(scan, "'\"'", err);
	scan->at++;
	text[len] = '\0';
	*ret = text;
	return 0;
}

static int
take_comparison(struct scan *scan, struct au_scim_comparison *ret, struct au_err *err)
{
	struct au_scim_comparison is = { .op = AU_SCIM_PR };

	if (take_word(scan, "pr")) {
		*ret = is;
		return 0;
	}
	is.op = take_word(scan, "eq") ? AU_SCIM_EQ : AU_SCIM_NE;
	if (is.op == AU_SCIM_NE && !take_word(scan, "ne"))
		return refuse(scan, "eq, ne or pr", err);
	if (*scan->at == '"') {
		is.is_text = true;
		if (take_text(scan, &is.value, err) < 0)
			return AU_EINVAL;
	} else if (take_word(scan, "true"))
		is.value = "true";
	else if (take_word(scan, "false"))
		is.value = "false";
	else
		return refuse(scan, "true, false or text in quotes", err);
	skip_blanks(scan);
	*ret = is;
	return 0;
}

static int
take_picks(struct scan *scan, struct au_scim_path *path, struct au_err *err)
{
	path->picks = au_arena_alloc(scan->arena, PICKS_MOST * sizeof(*path->picks));
	do {
		struct au_scim_pick *pick = &path->picks[path->pick_count];
		if (path->pick_count++ == PICKS_MOST)
			return refuse(scan, "fewer comparisons", err);
		skip_blanks(scan);
		if (take_name(scan, &pick->attribute, err) < 0)
			return AU_EINVAL;
		skip_blanks(scan);
		if (take_comparison(scan, &pick->is, err) < 0)
			return AU_EINVAL;
	} while (take_word(scan, "and"));
	if (*scan->at != ']')
		return refuse(scan, "']'", err);
	scan->at++;
	return 0;
}

/* The URN in front of a name ends with the last colon before any bracket; that of a core schema says nothing. */
static void
take_schema(struct scan *scan, struct au_scim_path *path)
{
	static const char core[] = "urn:ietf:params:scim:schemas:core:2.0:";
	const char *colon = scan->at + 3;

	if (strncasecmp(scan->at, "urn:", 4) != 0)
		return;
	for (const char *at = colon; *at != '\0' && strchr("[ ", *at) == NULL; at++)
		colon = *at == ':' ? at : colon;
	if (strncasecmp(scan->at, core, sizeof(core) - 1) != 0)
		path->schema = au_arena_strndup(scan->arena, scan->at, (size_t)(colon - scan->at));
	scan->at = colon + 1;
}

static int
take_path(struct scan *scan, struct au_scim_path *ret, struct au_err *err)
{
	const char *start = scan->at;
	struct au_scim_path path = { 0 };

	take_schema(scan, &path);
	if (take_name(scan, &path.attribute, err) < 0)
		return AU_EINVAL;
	if (*scan->at == '[') {
		scan->at++;
		if (take_picks(scan, &path, err) < 0)
			return AU_EINVAL;
	}
	if (*scan->at == '.') {
		scan->at++;
		if (take_name(scan, &path.sub, err) < 0)
			return AU_EINVAL;
	}
	path.text = au_arena_strndup(scan->arena, start, (size_t)(scan->at - start));
	*ret = path;
	return 0;
}

int
au_scim_path_parse(struct au_arena *arena, const char *text, struct au_scim_path *ret, struct au_err *err)
{
	struct scan scan = { .arena = arena, .text = text, .at = text };
	struct au_scim_path path;

	if (take_path(&scan, &path, err) < 0)
		return AU_EINVAL;
	if (*scan.at != '\0')
		return refuse(&scan, "the end", err);
	*ret = path;
	return 0;
}

int
au_scim_test_parse(struct au_arena *arena, const char *text, struct au_scim_test *ret, struct au_err *err)
{
	struct scan scan = { .arena = arena, .text = text, .at = text };
	struct au_scim_test test;

	if (take_path(&scan, &test.path, err) < 0)
		return AU_EINVAL;
	skip_blanks(&scan);
	if (take_comparison(&scan, &test.is, err) < 0)
		return AU_EINVAL;
	if (*scan.at != '\0')
		return refuse(&scan, "the end", err);
	*ret = test;
	return 0;
}

/* ---- in a resource ---- */

/* Services write names as the schema does, as a rule. */
static const json_t *
member_of(const json_t *object, const char *name)
{
	const json_t *value = json_object_get(object, name);
	const char *key;
	json_t *other;

	if (value != NULL || !json_is_object(object))
		return value;
	json_object_foreach ((json_t *)(uintptr_t)object, key, other)
		if (au_strcaseeq(key, name))
			return other;
	return NULL;
}

/* 1, 0, or AU_EPROTO. */
static int
compares(const struct au_scim_comparison *is, const json_t *value, const char *name, struct au_err *err)
{
	const char *text = json_is_boolean(value) ? (json_is_true(value) ? "true" : "false") : json_string_value(value);

	if (value == NULL || json_is_null(value))
		return is->op == AU_SCIM_NE;
	if (is->op == AU_SCIM_PR)
		return !(json_is_string(value) && au_str_empty(text)) &&
		       !(json_is_array(value) && json_array_size(value) == 0);
	/* Some services write truth as text. */
	if (text == NULL || (!is->is_text && !au_strcaseeq(text, "true") && !au_strcaseeq(text, "false")))
		return au_fail(
		    err, AU_EPROTO, "member '%s': expected %s", name, is->is_text ? "text" : "true or false");
	return au_strcaseeq(text, is->value) == (is->op == AU_SCIM_EQ);
}

/* A list's element that cannot be compared is not the one. */
static bool
is_picked(const struct au_scim_path *path, const json_t *element)
{
	for (size_t i = 0; i < path->pick_count; i++)
		if (compares(&path->picks[i].is, member_of(element, path->picks[i].attribute), "", NULL) != 1)
			return false;
	return true;
}

static const json_t *
part_of(const struct au_scim_path *path, const json_t *value)
{
	return path->sub != NULL ? member_of(value, path->sub) : value;
}

/* NULL: there is none. */
static const json_t *
find(const struct au_scim_path *path, const json_t *resource)
{
	const json_t *top = path->schema != NULL ? member_of(resource, path->schema) : resource;
	const json_t *value = member_of(top, path->attribute), *element, *best = NULL;
	size_t index;

	if (!json_is_array(value))
		return value != NULL && is_picked(path, value) ? part_of(path, value) : NULL;
	json_array_foreach (value, index, element) {
		const json_t *part = is_picked(path, element) ? part_of(path, element) : NULL;
		if (part == NULL || json_is_null(part) ||
		    (json_is_string(part) && au_str_empty(json_string_value(part))))
			continue;
		if (json_is_true(member_of(element, "primary")))
			return part;
		best = best == NULL ? part : best;
	}
	return best;
}

int
au_scim_path_value(const struct au_scim_path *path, const json_t *resource, const char **ret, struct au_err *err)
{
	const json_t *value = find(path, resource);
	const char *text = json_string_value(value);

	if (value != NULL && !json_is_null(value) && text == NULL)
		return au_fail(err, AU_EPROTO, "member '%s': expected text", path->text);
	*ret = au_str_empty(text) ? NULL : text;
	return 0;
}

int
au_scim_test_holds(const struct au_scim_test *test, const json_t *resource, struct au_err *err)
{
	return compares(&test->is, find(&test->path, resource), test->path.text, err);
}
