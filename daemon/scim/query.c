/* SPDX-License-Identifier: ISC */
/* Both spellings of a query become texts by name first and are then read by the same rows. */
#include "scim/query.h"

#include "base/json.h"
#include "http/server.h"
#include "scim/message.h"
#include "scim/value.h"

#include <stdlib.h>
#include <string.h>

#define SEARCH_URN "urn:ietf:params:scim:api:messages:2.0:SearchRequest"

static int
read_number(const char *name, const char *text, long long *ret, struct au_fault *fault)
{
	char *end;
	long long number;

	/* out of range is the end of the range, which is beyond every page */
	number = strtoll(text, &end, 10);
	if (end == text || *end != '\0' || !(*text == '-' || (*text >= '0' && *text <= '9')))
		return au_fault_set(fault, AU_FAULT_INVALID_VALUE, "%s: expected a number", name);
	*ret = number;
	return 0;
}

/* Below 1 is 1 (RFC 7644 table 6). */
static int
read_start(struct au_query *query, const char *text, struct au_fault *fault)
{
	if (read_number("startIndex", text, &query->start, fault) != 0)
		return AU_EINVAL;
	query->start = query->start < 1 ? 1 : query->start;
	return 0;
}

/* Below 0 is 0. */
static int
read_count(struct au_query *query, const char *text, struct au_fault *fault)
{
	if (read_number("count", text, &query->count, fault) != 0)
		return AU_EINVAL;
	query->count = query->count < 0 ? 0 : query->count;
	return 0;
}

static int
set_names(struct au_query *query, enum au_projection_mode mode, const char *const *names, size_t count,
    struct au_fault *fault)
{
	if (query->mode != AU_PROJECT_DEFAULT)
		return au_fault_set(
		    fault, AU_FAULT_INVALID_VALUE, "attributes and excludedAttributes exclude each other");
	query->mode = mode;
	query->names = names;
	query->name_count = count;
	return 0;
}

static int
split_names(struct au_arena *arena, struct au_query *query, enum au_projection_mode mode, const char *list,
    struct au_fault *fault)
{
	const char *const *names;
	size_t count;

	au_projection_split(arena, list, &names, &count);
	return count > 0 ? set_names(query, mode, names, count, fault) : 0;
}

/* Texts by name, wherever they come from. */
struct texts {
	const char *filter, *sort_by, *sort_order, *cursor, *start, *count;
};

static int
read_texts(const struct texts *texts, struct au_query *query, struct au_fault *fault)
{
	query->filter = texts->filter;
	query->sort_by = au_str_empty(texts->sort_by) ? NULL : texts->sort_by;
	query->sort_order = au_str_empty(texts->sort_order) ? NULL : texts->sort_order;
	query->cursor = texts->cursor;
	if (texts->cursor != NULL && texts->start != NULL)
		return au_fault_set(fault, AU_FAULT_INVALID_VALUE, "startIndex and cursor exclude each other");
	if (texts->start != NULL && read_start(query, texts->start, fault) != 0)
		return AU_EINVAL;
	if (texts->count == NULL || read_count(query, texts->count, fault) == 0)
		return 0;
	if (texts->cursor != NULL)
		fault->kind = AU_FAULT_INVALID_COUNT;
	return AU_EINVAL;
}

int
au_query_from_target(struct au_arena *arena, const char *target_query, struct au_query *ret, struct au_fault *fault)
{
	struct au_query query = { .start = 1, .count = -1 };
	enum { FILTER, SORT_BY, SORT_ORDER, CURSOR, START, COUNT, ONLY, WITHOUT, PARAMS };
	struct au_http_param params[PARAMS] = { [FILTER] = { "filter", NULL },
		[SORT_BY] = { "sortBy", NULL },
		[SORT_ORDER] = { "sortOrder", NULL },
		[CURSOR] = { "cursor", NULL },
		[START] = { "startIndex", NULL },
		[COUNT] = { "count", NULL },
		[ONLY] = { "attributes", NULL },
		[WITHOUT] = { "excludedAttributes", NULL } };
	const char *only, *without;
	struct texts texts;
	struct au_err err = { .code = 0 };

	if (au_http_query_read(arena, target_query, params, PARAMS, &err) != 0)
		return au_fault_set(fault, AU_FAULT_INVALID_VALUE, "%s", err.text);
	texts = (struct texts){ .filter = params[FILTER].value,
		.sort_by = params[SORT_BY].value,
		.sort_order = params[SORT_ORDER].value,
		.cursor = params[CURSOR].value,
		.start = params[START].value,
		.count = params[COUNT].value };
	only = params[ONLY].value;
	without = params[WITHOUT].value;
	if (read_texts(&texts, &query, fault) != 0)
		return AU_EINVAL;
	if (only != NULL && split_names(arena, &query, AU_PROJECT_ONLY, only, fault) != 0)
		return AU_EINVAL;
	if (without != NULL && split_names(arena, &query, AU_PROJECT_WITHOUT, without, fault) != 0)
		return AU_EINVAL;
	*ret = query;
	return 0;
}

/* ---- SearchRequest ---- */

static int
text_member(
    struct au_arena *arena, const json_t *body, const char *name, bool number, const char **ret, struct au_fault *fault)
{
	const json_t *value = au_value_member(body, name);

	if (value == NULL || json_is_null(value))
		return 0;
	if (number && json_is_integer(value))
		*ret = au_arena_printf(arena, "%lld", (long long)json_integer_value(value));
	else if (json_is_string(value))
		*ret = json_string_value(value);
	else
		return au_fault_set(
		    fault, AU_FAULT_INVALID_VALUE, "%s: expected %s", name, number ? "a number" : "a string");
	return 0;
}

static int
names_member(struct au_arena *arena, const json_t *body, const char *name, enum au_projection_mode mode,
    struct au_query *query, struct au_fault *fault)
{
	const json_t *value = au_value_member(body, name), *element;
	const char **names;
	size_t i;

	if (json_is_string(value))
		return split_names(arena, query, mode, json_string_value(value), fault);
	if (value == NULL || json_is_null(value) || (json_is_array(value) && json_array_size(value) == 0))
		return 0;
	if (!json_is_array(value))
		return au_fault_set(fault, AU_FAULT_INVALID_VALUE, "%s: expected an array of names", name);
	names = au_arena_alloc(arena, json_array_size(value) * sizeof *names);
	json_array_foreach ((json_t *)value, i, element) {
		if (!json_is_string(element))
			return au_fault_set(fault, AU_FAULT_INVALID_VALUE, "%s: expected an array of names", name);
		names[i] = json_string_value(element);
	}
	return set_names(query, mode, names, json_array_size(value), fault);
}

int
au_query_from_body(struct au_arena *arena, const json_t *body, const struct au_profile *profile, struct au_query *ret,
    struct au_fault *fault)
{
	struct au_query query = { .start = 1, .count = -1 };
	struct texts texts = { NULL, NULL, NULL, NULL, NULL, NULL };
	const struct {
		const char *name;
		bool number;
		const char **value;
	} rows[] = { { "filter", false, &texts.filter }, { "sortBy", false, &texts.sort_by },
		{ "sortOrder", false, &texts.sort_order }, { "cursor", false, &texts.cursor },
		{ "startIndex", true, &texts.start }, { "count", true, &texts.count } };

	if (au_message_check(body, SEARCH_URN, profile, fault) != 0)
		return AU_EINVAL;
	for (size_t i = 0; i < AU_COUNT(rows); i++)
		if (text_member(arena, body, rows[i].name, rows[i].number, rows[i].value, fault) != 0)
			return AU_EINVAL;
	if (read_texts(&texts, &query, fault) != 0 ||
	    names_member(arena, body, "attributes", AU_PROJECT_ONLY, &query, fault) != 0 ||
	    names_member(arena, body, "excludedAttributes", AU_PROJECT_WITHOUT, &query, fault) != 0)
		return AU_EINVAL;
	*ret = query;
	return 0;
}
