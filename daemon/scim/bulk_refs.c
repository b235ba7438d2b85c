/* SPDX-License-Identifier: ISC */
/*
 * References by bulkId (RFC 7644 section 3.7.2): a text "bulkId:NAME" anywhere in data, the last segment of a "$ref", a
 * comparison value in the path of a PATCH operation, the id in an operation's path.
 */
#include "scim/bulk.h"

#include "scim/value.h"

#include <string.h>

#define MARK "bulkId:"
#define MARK_LEN (sizeof(MARK) - 1)

/* ---- one reference ---- */

struct resolving {
	struct au_arena *arena;
	const struct au_bulk *bulk;
	const struct au_map *makers;
	struct au_bulk_op *op;
	size_t cap;
	struct au_fault *fault;
};

static void
add_need(struct resolving *v, size_t index)
{
	struct au_bulk_op *op = v->op;
	size_t *bigger;

	if (op->need_count > 0 && op->needs[op->need_count - 1] == index)
		return;
	if (op->need_count == v->cap) {
		v->cap = v->cap == 0 ? 4 : v->cap * 2;
		bigger = au_arena_alloc(v->arena, v->cap * sizeof *bigger);
		if (op->need_count > 0)
			memcpy(bigger, op->needs, op->need_count * sizeof *bigger);
		op->needs = bigger;
	}
	op->needs[op->need_count++] = index;
}

/* The id that stands for a bulkId; NULL with the fault when nobody makes it. */
static const char *
id_of(struct resolving *v, const char *bulk_id)
{
	const struct au_bulk_op *maker = au_map_get(v->makers, bulk_id);

	if (maker == NULL) {
		au_fault_set(v->fault, AU_FAULT_INVALID_VALUE, "no operation makes the bulkId '%.100s'", bulk_id);
		return NULL;
	}
	add_need(v, (size_t)(maker - v->bulk->ops));
	return maker->id;
}

/* ---- texts that hold one ---- */

/* "https://h/Groups/bulkId:x" */
static int
replace_last_segment(struct resolving *v, const char *text, const char **ret)
{
	const char *slash = strrchr(text, '/'), *id;

	if (slash == NULL || strncmp(slash + 1, MARK, MARK_LEN) != 0)
		return 0;
	id = id_of(v, slash + 1 + MARK_LEN);
	if (id == NULL)
		return AU_EINVAL;
	*ret = au_arena_printf(v->arena, "%.*s/%s", (int)(slash - text), text, id);
	return 0;
}

/* members[value eq "bulkId:x"] */
static int
replace_quoted(struct resolving *v, const char *text, const char **ret)
{
	AU_CLEANUP(au_str_done) struct au_str out = AU_STR_INIT;
	const char *quote, *end = NULL, *id;

	while ((quote = strstr(text, "\"" MARK)) != NULL && (end = strchr(quote + 1, '"')) != NULL) {
		const char *name = quote + 1 + MARK_LEN;

		id = id_of(v, au_arena_strndup(v->arena, name, (size_t)(end - name)));
		if (id == NULL)
			return AU_EINVAL;
		au_str_putn(&out, text, (size_t)(quote + 1 - text));
		au_str_put(&out, id);
		text = end;
	}
	if (end == NULL)
		return 0;
	au_str_put(&out, text);
	*ret = au_arena_strdup(v->arena, au_str_get(&out));
	return 0;
}

/* *ret is left alone when the text holds no reference. */
static int
replace_text(struct resolving *v, const char *key, const char *text, const char **ret)
{
	if (strncmp(text, MARK, MARK_LEN) == 0) {
		const char *id = id_of(v, text + MARK_LEN);

		if (id == NULL)
			return AU_EINVAL;
		*ret = id;
		return 0;
	}
	if (key != NULL && au_strcaseeq(key, "$ref"))
		return replace_last_segment(v, text, ret);
	if (key != NULL && au_strcaseeq(key, "path"))
		return replace_quoted(v, text, ret);
	return 0;
}

/* ---- whole values ---- */

static int replace_below(struct resolving *v, json_t *value);

/* *ret is the text to put in place of member; NULL: none. */
static int
replace_in(struct resolving *v, const char *key, json_t *member, json_t **ret)
{
	const char *text = NULL;

	*ret = NULL;
	if (!json_is_string(member))
		return replace_below(v, member);
	if (replace_text(v, key, json_string_value(member), &text) != 0)
		return AU_EINVAL;
	if (text != NULL)
		*ret = json_string(text);
	return 0;
}

/* The depth is that of the JSON parser. */
static int
replace_below(struct resolving *v, json_t *value)
{
	const char *key;
	json_t *member, *better;
	size_t i;

	json_object_foreach (value, key, member) {
		if (replace_in(v, key, member, &better) != 0)
			return AU_EINVAL;
		if (better != NULL)
			json_object_set_new(value, key, better);
	}
	json_array_foreach (value, i, member) {
		if (replace_in(v, NULL, member, &better) != 0)
			return AU_EINVAL;
		if (better != NULL)
			json_array_set_new(value, i, better);
	}
	return 0;
}

int
au_bulk_resolve(struct au_arena *arena, const struct au_bulk *bulk, const struct au_map *makers, struct au_bulk_op *op,
    struct au_fault *fault)
{
	struct resolving v = { .arena = arena, .bulk = bulk, .makers = makers, .op = op, .fault = fault };

	if (op->id != NULL && replace_text(&v, NULL, op->id, &op->id) != 0)
		return AU_EINVAL;
	return replace_below(&v, op->data);
}
