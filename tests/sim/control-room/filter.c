/* SPDX-License-Identifier: ISC */
/* Text is compared without regard to ASCII case, as the product's names are; which operator goes with which kind of
 * field is our own reading of "not all operators work with all fields". */
#include "filter.h"

#include "../common/text.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define DEPTH_MAX 8

enum operation { OP_NONE, OP_LT, OP_LE, OP_EQ, OP_NE, OP_GE, OP_GT, OP_SUBSTRING, OP_AND, OP_OR, OP_NOT };

#define ON(kind) (1u << (kind))
static const struct word {
	const char *name;
	enum operation operation;
	unsigned kinds; /* 0: works on operands */
} words[] = {
	{ "NONE", OP_NONE, 0 },
	{ "lt", OP_LT, ON(COLUMN_TEXT) | ON(COLUMN_NUMBER) | ON(COLUMN_TIME) },
	{ "le", OP_LE, ON(COLUMN_TEXT) | ON(COLUMN_NUMBER) | ON(COLUMN_TIME) },
	{ "eq", OP_EQ, ON(COLUMN_TEXT) | ON(COLUMN_NUMBER) | ON(COLUMN_TIME) | ON(COLUMN_FLAG) },
	{ "ne", OP_NE, ON(COLUMN_TEXT) | ON(COLUMN_NUMBER) | ON(COLUMN_TIME) | ON(COLUMN_FLAG) },
	{ "ge", OP_GE, ON(COLUMN_TEXT) | ON(COLUMN_NUMBER) | ON(COLUMN_TIME) },
	{ "gt", OP_GT, ON(COLUMN_TEXT) | ON(COLUMN_NUMBER) | ON(COLUMN_TIME) },
	{ "substring", OP_SUBSTRING, ON(COLUMN_TEXT) },
	{ "and", OP_AND, 0 },
	{ "or", OP_OR, 0 },
	{ "not", OP_NOT, 0 },
};

struct filter {
	enum operation operation;
	const struct column *column;
	char *text;
	long long number;
	struct filter **operands;
	size_t count;
};

const struct column *
column_find(const struct column *columns, const char *name)
{
	for (; columns->name != NULL; columns++) {
		if (strcmp(columns->name, name) == 0)
			return columns;
	}
	return NULL;
}

static const char *
text_of(const struct column *column, const void *row)
{
	return *(char *const *)((const char *)row + column->offset);
}

static long long
number_of(const struct column *column, const void *row)
{
	const void *place = (const char *)row + column->offset;

	return column->kind == COLUMN_FLAG ? *(const bool *)place : *(const long long *)place;
}

static int
order(long long a, long long b)
{
	return (a > b) - (a < b);
}

int
column_compare(const struct column *column, const void *row, const void *other)
{
	if (column->kind == COLUMN_TEXT)
		return strcasecmp(text_of(column, row), text_of(column, other));
	return order(number_of(column, row), number_of(column, other));
}

static bool
read_number(struct filter *filter, const json_t *value)
{
	const char *text = json_string_value(value);
	char *end;

	if (json_is_integer(value)) {
		filter->number = json_integer_value(value);
		return true;
	}
	if (text == NULL || *text == '\0')
		return false;
	filter->number = strtoll(text, &end, 10);
	return *end == '\0';
}

static bool
read_value(struct filter *filter, const json_t *value)
{
	switch (filter->column->kind) {
	case COLUMN_TEXT:
		filter->text = json_is_string(value) ? text_copy(json_string_value(value)) : NULL;
		return filter->text != NULL;
	case COLUMN_NUMBER:
		return read_number(filter, value);
	case COLUMN_FLAG:
		filter->number = json_is_true(value);
		return json_is_boolean(value);
	case COLUMN_TIME:
		return json_is_string(value) && time_parse(json_string_value(value), &filter->number);
	}
	return false;
}

static const struct word *
find_word(const json_t *json)
{
	const char *name = json_string_value(json_object_get(json, "operator"));

	for (size_t i = 0; name != NULL && i < sizeof(words) / sizeof(words[0]); i++) {
		if (strcasecmp(words[i].name, name) == 0)
			return &words[i];
	}
	return NULL;
}

static const char *read_node(const json_t *json, const struct column *columns, int depth, struct filter *filter);

static const char *
read_operands(const json_t *json, const struct column *columns, int depth, struct filter *filter)
{
	const json_t *operands = json_object_get(json, "operands"), *item;
	size_t index, count = json_array_size(operands);
	const char *problem = NULL;

	if (count == 0 || (filter->operation == OP_NOT && count != 1))
		return "the operator has the wrong number of operands";
	if (depth == 0)
		return "the filter is too deep";
	filter->operands = need(calloc(count, sizeof(struct filter *)));
	json_array_foreach (operands, index, item) {
		struct filter *operand = need(calloc(1, sizeof(*operand)));

		filter->operands[filter->count++] = operand;
		if ((problem = read_node(item, columns, depth - 1, operand)) != NULL)
			break;
	}
	return problem;
}

static const char *
read_node(const json_t *json, const struct column *columns, int depth, struct filter *filter)
{
	const struct word *word = find_word(json);
	const char *field = json_string_value(json_object_get(json, "field"));

	if (word == NULL)
		return "unknown operator";
	filter->operation = word->operation;
	if (word->operation == OP_NONE)
		return NULL;
	if (word->kinds == 0)
		return read_operands(json, columns, depth, filter);
	filter->column = field != NULL ? column_find(columns, field) : NULL;
	if (filter->column == NULL)
		return "unknown field";
	if (!(word->kinds & ON(filter->column->kind)))
		return "the operator does not work with this field";
	return read_value(filter, json_object_get(json, "value")) ? NULL : "the value does not fit the field";
}

bool
filter_read(const json_t *json, const struct column *columns, struct filter **ret, const char **ret_problem)
{
	struct filter *filter;

	*ret = NULL;
	if (json == NULL || json_is_null(json) || (json_is_object(json) && json_object_size(json) == 0))
		return true;
	filter = need(calloc(1, sizeof(*filter)));
	*ret_problem = read_node(json, columns, DEPTH_MAX, filter);
	if (*ret_problem != NULL) {
		filter_free(filter);
		return false;
	}
	*ret = filter;
	return true;
}

void
filter_free(struct filter *filter)
{
	if (filter == NULL)
		return;
	for (size_t i = 0; i < filter->count; i++)
		filter_free(filter->operands[i]);
	free(filter->operands);
	free(filter->text);
	free(filter);
}

static bool
compare(const struct filter *filter, const void *row)
{
	const struct column *column = filter->column;
	int result = column->kind == COLUMN_TEXT ? strcasecmp(text_of(column, row), filter->text)
						 : order(number_of(column, row), filter->number);

	switch (filter->operation) {
	case OP_LT:
		return result < 0;
	case OP_LE:
		return result <= 0;
	case OP_NE:
		return result != 0;
	case OP_GE:
		return result >= 0;
	case OP_GT:
		return result > 0;
	default:
		return result == 0;
	}
}

/* Whether any (want true) or none but all (want false) of the operands decides. */
static bool
any_operand(const struct filter *filter, const void *row, bool want)
{
	for (size_t i = 0; i < filter->count; i++) {
		if (filter_matches(filter->operands[i], row) == want)
			return true;
	}
	return false;
}

bool
filter_matches(const struct filter *filter, const void *row)
{
	if (filter == NULL)
		return true;
	switch (filter->operation) {
	case OP_NONE:
		return true;
	case OP_AND:
		return !any_operand(filter, row, false);
	case OP_OR:
		return any_operand(filter, row, true);
	case OP_NOT:
		return any_operand(filter, row, false);
	case OP_SUBSTRING:
		return strcasestr(text_of(filter->column, row), filter->text) != NULL;
	default:
		return compare(filter, row);
	}
}

const char *
filter_exact(const struct filter *filter, const char *column)
{
	const char *text = NULL;

	if (filter == NULL)
		return NULL;
	if (filter->operation == OP_EQ && strcmp(filter->column->name, column) == 0)
		return filter->text;
	for (size_t i = 0; filter->operation == OP_AND && text == NULL && i < filter->count; i++)
		text = filter_exact(filter->operands[i], column);
	return text;
}
