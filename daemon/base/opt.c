/* SPDX-License-Identifier: ISC */
/*
 * Values read by option rows.  Each type is one row of a table here; a default
 * goes the same way as a value that was given.
 */
#include "base/opt.h"

#include "base/json.h"
#include "base/mem.h"
#include "base/near.h"
#include "base/secret.h"
#include "base/text.h"
#include "base/when.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>


struct value {
	bool given, present;
	long long num;
	char *text;
	char **items;
	size_t count;
};

struct au_values {
	const struct au_opt *rows;
	struct value *values; /* one per row */
};

typedef int read_value(const struct au_opt *row, const json_t *json, struct value *ret, struct au_err *err);

static int
expected(const struct au_opt *row, const char *what, struct au_err *err)
{
	return au_fail(err, AU_EINVAL, "option '%s': expected %s", row->name, what);
}

/* min and max both 0: no limits; max 0 below min: no upper one. */
static bool
in_range(const struct au_opt *row, long long number)
{
	if (row->min == 0 && row->max == 0)
		return true;
	return number >= row->min && (number <= row->max || row->max < row->min);
}

static int
out_of_range(const struct au_opt *row, const char *what, void (*format)(long long, char *, size_t), struct au_err *err)
{
	char low[32], high[32];

	format(row->min, low, sizeof(low));
	format(row->max, high, sizeof(high));
	if (row->max < row->min)
		return au_fail(err, AU_EINVAL, "option '%s': expected %s of %s or more", row->name, what, low);
	return au_fail(err, AU_EINVAL, "option '%s': expected %s from %s to %s", row->name, what, low, high);
}

static void
format_number(long long number, char *buf, size_t size)
{
	snprintf(buf, size, "%lld", number);
}

static int
check_choice(const struct au_opt *row, const char *word, struct au_err *err)
{
	struct au_str list = AU_STR_INIT;

	if (row->choices == NULL)
		return 0;
	for (const char *const *choice = row->choices; *choice != NULL; choice++) {
		if (strcmp(*choice, word) == 0) {
			au_str_done(&list);
			return 0;
		}
		au_str_printf(&list, "%s%s", list.len > 0 ? ", " : "", *choice);
	}
	au_fail(err, AU_EINVAL, "option '%s': '%s' is not one of: %s", row->name, word, au_str_get(&list));
	au_str_done(&list);
	return AU_EINVAL;
}

static int
read_text(const struct au_opt *row, const json_t *json, struct value *ret, struct au_err *err)
{
	const char *text = json_string_value(json);

	if (text == NULL)
		return expected(row, "text", err);
	if (!in_range(row, (long long)au_text_length(text)))
		return out_of_range(row, "text with a number of characters", format_number, err);
	ret->text = au_xstrdup(text);
	return 0;
}

static int
read_word(const struct au_opt *row, const json_t *json, struct value *ret, struct au_err *err)
{
	const char *word = json_string_value(json);

	if (word == NULL)
		return expected(row, "a word as text", err);
	int code = check_choice(row, word, err);
	if (code != 0)
		return code;
	ret->text = au_xstrdup(word);
	return 0;
}

/* A place in the daemon, the secret itself in a worker: never quoted. */
static int
read_secret(const struct au_opt *row, const json_t *json, struct value *ret, struct au_err *err)
{
	if (json_string_length(json) == 0)
		return expected(row, "text that is not empty", err);
	ret->text = au_xstrdup(json_string_value(json));
	return 0;
}

static int
read_integer(const struct au_opt *row, const json_t *json, struct value *ret, struct au_err *err)
{
	if (!json_is_integer(json))
		return expected(row, "an integer", err);
	if (!in_range(row, json_integer_value(json)))
		return out_of_range(row, "an integer", format_number, err);
	ret->num = json_integer_value(json);
	return 0;
}

static int
read_boolean(const struct au_opt *row, const json_t *json, struct value *ret, struct au_err *err)
{
	if (!json_is_boolean(json))
		return expected(row, "true or false", err);
	ret->num = json_is_true(json);
	return 0;
}

static int
read_duration(const struct au_opt *row, const json_t *json, struct value *ret, struct au_err *err)
{
	const char *text = json_string_value(json);

	if (text == NULL)
		return expected(row, "a duration as text, like \"15min\"", err);
	int code = au_duration_parse(text, &ret->num, err);
	if (code != 0)
		return au_err_prefix(err, code, "option '%s'", row->name);
	return in_range(row, ret->num) ? 0 : out_of_range(row, "a duration", au_duration_format, err);
}

static int
read_size(const struct au_opt *row, const json_t *json, struct value *ret, struct au_err *err)
{
	const char *text = json_string_value(json);

	if (text == NULL)
		return expected(row, "a size as text, like \"20MiB\"", err);
	int code = au_size_parse(text, &ret->num, err);
	if (code != 0)
		return au_err_prefix(err, code, "option '%s'", row->name);
	return in_range(row, ret->num) ? 0 : out_of_range(row, "a size", au_size_format, err);
}

static int
read_list(const struct au_opt *row, const json_t *json, struct value *ret, struct au_err *err)
{
	const json_t *item;
	size_t index;

	if (!json_is_array(json))
		return expected(row, "a list of texts", err);
	if (!in_range(row, (long long)json_array_size(json)))
		return out_of_range(row, "a list with a number of items", format_number, err);
	json_array_foreach (json, index, item) {
		if (!json_is_string(item))
			return expected(row, "a list of texts", err);
		int code = check_choice(row, json_string_value(item), err);
		if (code != 0)
			return code;
	}
	ret->items = au_xcalloc(json_array_size(json), sizeof(*ret->items));
	json_array_foreach (json, index, item)
		ret->items[ret->count++] = au_xstrdup(json_string_value(item));
	return 0;
}

static read_value *const readers[] = {
	[AU_STR] = read_text,
	[AU_INT] = read_integer,
	[AU_BOOL] = read_boolean,
	[AU_ENUM] = read_word,
	[AU_LIST] = read_list,
	[AU_TIME] = read_duration,
	[AU_SIZE] = read_size,
	[AU_SECRET] = read_secret,
};

static void
clear(struct value *value)
{
	if (value->text != NULL)
		au_wipe(value->text, strlen(value->text));
	free(value->text);
	for (size_t i = 0; i < value->count; i++)
		free(value->items[i]);
	free(value->items);
	*value = (struct value){ 0 };
}

/* The text form of a default as the JSON that would have been given: lists are separated by commas. */
static json_t *
json_of_text(const struct au_opt *row, const char *text)
{
	if (row->type == AU_BOOL || row->type == AU_INT) {
		json_t *value = json_loads(text, JSON_DECODE_ANY, NULL);
		return value != NULL ? value : json_null();
	}
	if (row->type != AU_LIST)
		return json_string(text);
	json_t *list = json_array();
	for (size_t len; *text != '\0'; text += len) {
		text += strspn(text, ", ");
		len = strcspn(text, ",");
		if (len > 0)
			json_array_append_new(list, json_stringn(text, len));
	}
	return list;
}

static int
read_default(const struct au_opt *row, struct value *ret, struct au_err *err)
{
	AU_CLEANUP(au_json_decrefp) json_t *json = json_of_text(row, row->dflt);

	return readers[row->type](row, json, ret, err);
}

int
au_opt_check_default(const struct au_opt *row, struct au_err *err)
{
	struct value value = { 0 };

	if (row->dflt == NULL)
		return 0;
	int code = read_default(row, &value, err);
	clear(&value);
	return code;
}

static size_t
count_rows(const struct au_opt *rows)
{
	size_t count = 0;

	while (rows[count].name != NULL)
		count++;
	return count;
}

struct au_values *
au_values_new(const struct au_opt *rows)
{
	struct au_values *values = au_xmalloc(sizeof(*values));

	*values = (struct au_values){ .rows = rows, .values = au_xcalloc(count_rows(rows), sizeof(struct value)) };
	for (size_t i = 0; rows[i].name != NULL; i++) {
		if (rows[i].dflt == NULL)
			continue;
		int code = read_default(&rows[i], &values->values[i], NULL);
		assert(code == 0);
		values->values[i].present = code == 0;
	}
	return values;
}

void
au_values_free(struct au_values *values)
{
	if (values == NULL)
		return;
	for (size_t i = 0; values->rows[i].name != NULL; i++)
		clear(&values->values[i]);
	free(values->values);
	free(values);
}

const struct au_opt *
au_opt_find(const struct au_opt *rows, const char *name)
{
	/* asked for by every request, and most rows differ in the first letter */
	for (; rows->name != NULL; rows++)
		if (rows->name[0] == name[0] && strcmp(rows->name, name) == 0)
			return rows;
	return NULL;
}

static int
unknown_name(const struct au_opt *rows, const char *name, struct au_err *err)
{
	AU_CLEANUP(au_str_done) struct au_str near = AU_STR_INIT;
	AU_CLEANUP(au_freep) const char **names = NULL;
	size_t count = 0;

	while (rows[count].name != NULL)
		count++;
	names = au_xcalloc(count + 1, sizeof(*names));
	for (size_t i = 0; i < count; i++)
		names[i] = rows[i].name;
	au_near_put(&near, name, names);
	return au_fail(err, AU_EINVAL, "option '%s': unknown%s", name, au_str_get(&near));
}

int
au_values_set(struct au_values *values, const char *name, const json_t *value, struct au_err *err)
{
	const struct au_opt *row = au_opt_find(values->rows, name);
	struct value fresh = { .given = true, .present = true };

	if (row == NULL)
		return unknown_name(values->rows, name, err);
	int code = readers[row->type](row, value, &fresh, err);
	if (code != 0) {
		clear(&fresh);
		return code;
	}
	struct value *place = &values->values[row - values->rows];
	clear(place);
	*place = fresh;
	return 0;
}

int
au_values_check(const struct au_values *values, struct au_err *err)
{
	for (size_t i = 0; values->rows[i].name != NULL; i++)
		if ((values->rows[i].flags & AU_REQUIRED) && !values->values[i].present)
			return au_fail(err, AU_EINVAL, "option '%s': required, but not given", values->rows[i].name);
	return 0;
}

static const struct value *
value_of(const struct au_values *values, const char *name)
{
	const struct au_opt *row = au_opt_find(values->rows, name);

	if (row == NULL) {
		fprintf(stderr, "option '%s' was asked for, but no row has that name\n", name);
		abort();
	}
	return &values->values[row - values->rows];
}

bool
au_values_is_set(const struct au_values *values, const char *name)
{
	return value_of(values, name)->given;
}

const char *
au_values_str(const struct au_values *values, const char *name)
{
	return value_of(values, name)->text;
}

long long
au_values_num(const struct au_values *values, const char *name)
{
	return value_of(values, name)->num;
}

bool
au_values_bool(const struct au_values *values, const char *name)
{
	return value_of(values, name)->num != 0;
}

const char *
au_values_item(const struct au_values *values, const char *name, size_t index)
{
	const struct value *value = value_of(values, name);

	return index < value->count ? value->items[index] : NULL;
}

size_t
au_values_count(const struct au_values *values, const char *name)
{
	return value_of(values, name)->count;
}

static json_t *
json_of_value(const struct au_opt *row, const struct value *value)
{
	char buf[32];

	switch (row->type) {
	case AU_INT:
		return json_integer(value->num);
	case AU_BOOL:
		return json_boolean(value->num);
	case AU_TIME:
		au_duration_format(value->num, buf, sizeof(buf));
		return json_string(buf);
	case AU_SIZE:
		au_size_format(value->num, buf, sizeof(buf));
		return json_string(buf);
	case AU_LIST: {
		json_t *list = json_array();
		for (size_t i = 0; i < value->count; i++)
			json_array_append_new(list, json_string(value->items[i]));
		return list;
	}
	case AU_STR:
	case AU_ENUM:
	case AU_SECRET:
		break;
	}
	return json_string(value->text);
}

json_t *
au_values_json(const struct au_values *values)
{
	json_t *object = json_object();

	for (size_t i = 0; values->rows[i].name != NULL; i++)
		if (values->values[i].present)
			json_object_set_new(
			    object, values->rows[i].name, json_of_value(&values->rows[i], &values->values[i]));
	return object;
}
