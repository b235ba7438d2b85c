/* SPDX-License-Identifier: ISC */
/*
 * Option rows as JSON and back: how a plugin's rows reach the daemon, which
 * never loads the plugin.  What comes back is checked like any input.
 */
#include "base/opt.h"

#include "base/json.h"
#include "base/mem.h"

#include <string.h>

#define MOST_ROWS 512

json_t *
au_opt_rows_json(const struct au_opt *rows)
{
	json_t *array = json_array();

	for (; rows->name != NULL; rows++) {
		json_t *row = json_object();
		au_json_set_str(row, "name", rows->name);
		au_json_set_str(row, "type", au_opt_type_name(rows->type));
		json_object_set_new(row, "required", json_boolean(rows->flags & AU_REQUIRED));
		json_object_set_new(row, "reload", json_boolean(rows->flags & AU_RELOAD));
		json_object_set_new(row, "own_login", json_boolean(rows->flags & AU_OWN_LOGIN));
		json_object_set_new(row, "renew", json_boolean(rows->flags & AU_RENEW));
		au_json_set_int(row, "min", rows->min);
		au_json_set_int(row, "max", rows->max);
		if (rows->choices != NULL)
			json_object_set_new(row, "choices", au_json_words(rows->choices));
		au_json_set_str(row, "default", rows->dflt);
		au_json_set_str(row, "help", rows->help);
		json_array_append_new(array, row);
	}
	return array;
}

static int
parse_type(const char *word, enum au_opt_type *ret)
{
	for (int type = AU_STR; type <= AU_SECRET; type++)
		if (word != NULL && strcmp(word, au_opt_type_name((enum au_opt_type)type)) == 0) {
			*ret = (enum au_opt_type)type;
			return 0;
		}
	return AU_EPROTO;
}

static int
bad_row(size_t index, const char *what, struct au_err *err)
{
	return au_fail(err, AU_EPROTO, "option row %zu: expected %s", index, what);
}

static int
parse_row(struct au_arena *arena, size_t index, const json_t *json, struct au_opt *ret, struct au_err *err)
{
	struct au_opt row = {
		.name = au_arena_strdup(arena, au_json_get_str(json, "name")),
		.min = au_json_get_int(json, "min"),
		.max = au_json_get_int(json, "max"),
		.dflt = au_arena_strdup(arena, au_json_get_str(json, "default")),
		.help = au_arena_strdup(arena, au_json_get_str(json, "help")),
	};

	if (au_str_empty(row.name))
		return bad_row(index, "a name", err);
	if (au_str_empty(row.help))
		return bad_row(index, "help", err);
	if (parse_type(au_json_get_str(json, "type"), &row.type) != 0)
		return bad_row(index, "a known type", err);
	if (au_json_words_parse(arena, json_object_get(json, "choices"), &row.choices, err) != 0)
		return bad_row(index, "choices as a list of texts", err);
	if (row.type == AU_ENUM && row.choices == NULL)
		return bad_row(index, "choices", err);
	row.flags |= au_json_get_bool(json, "required", 0) ? AU_REQUIRED : 0;
	row.flags |= au_json_get_bool(json, "reload", 0) ? AU_RELOAD : 0;
	row.flags |= au_json_get_bool(json, "own_login", 0) ? AU_OWN_LOGIN : 0;
	row.flags |= au_json_get_bool(json, "renew", 0) ? AU_RENEW : 0;
	if ((row.flags & AU_RENEW) && row.type != AU_LIST)
		return bad_row(index, "a list of accounts to make anew", err);
	if ((row.flags & AU_OWN_LOGIN) && row.type != AU_STR)
		return bad_row(index, "a text as the login of its own", err);
	if (au_opt_check_default(&row, err) != 0)
		return bad_row(index, "a default that the row itself accepts", err);
	*ret = row;
	return 0;
}

int
au_opt_rows_parse(struct au_arena *arena, const json_t *array, const struct au_opt **ret, struct au_err *err)
{
	const json_t *item;
	size_t index;

	if (!json_is_array(array) || json_array_size(array) > MOST_ROWS)
		return au_fail(err, AU_EPROTO, "option rows: expected a list of at most %d", MOST_ROWS);
	struct au_opt *rows = au_arena_alloc(arena, (json_array_size(array) + 1) * sizeof(*rows));
	json_array_foreach (array, index, item) {
		int code = parse_row(arena, index, item, &rows[index], err);
		if (code != 0)
			return code;
		if (au_opt_find(rows, rows[index].name) != &rows[index])
			return bad_row(index, "a name of its own", err);
	}
	*ret = rows;
	return 0;
}
