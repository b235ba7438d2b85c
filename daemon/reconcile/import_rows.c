/* SPDX-License-Identifier: ISC */
/* One row for each column that is understood; what a product calls it is the target's to say. */
#include "reconcile/import_rows.h"

#include "base/csv.h"
#include "base/map.h"
#include "base/str.h"
#include "base/text.h"

#include <string.h>
#include <strings.h>

enum column { LOGIN, ID, ACTIVE, LABEL, FIRST_NAME, LAST_NAME, MAIL, COLUMNS };

static const char *const names[COLUMNS] = {
	[LOGIN] = "login",
	[ID] = "id",
	[ACTIVE] = "active",
	[LABEL] = "label",
	[FIRST_NAME] = "first_name",
	[LAST_NAME] = "last_name",
	[MAIL] = "mail",
};

/* What the product calls a column: "login=Username" in the option, or the name itself. */
static const char *
title_of(const struct au_target_block *target, enum column column)
{
	size_t len = strlen(names[column]);
	const char *item;

	for (size_t i = 0; (item = au_values_item(target->block.values, "import_columns", i)) != NULL; i++)
		if (strncmp(item, names[column], len) == 0 && item[len] == '=')
			return item + len + 1;
	return names[column];
}

static int
find_columns(const struct au_target_block *target, const struct au_csv_row *header, int at[COLUMNS], struct au_err *err)
{
	for (int column = 0; column < COLUMNS; column++) {
		const char *title = title_of(target, (enum column)column);
		at[column] = -1;
		for (size_t i = 0; i < header->count; i++) {
			if (strcasecmp(header->fields[i], title) != 0)
				continue;
			if (at[column] >= 0)
				return au_fail(
				    err, AU_EINVAL, "line %zu: column '%s' is there twice", header->line, title);
			at[column] = (int)i;
		}
	}
	if (at[LOGIN] < 0)
		return au_fail(err, AU_EINVAL, "line %zu: no column '%s'; see the target's option import_columns",
		    header->line, title_of(target, LOGIN));
	return 0;
}

static int
read_active(const char *text, size_t line, int *ret, struct au_err *err)
{
	static const struct {
		const char *word;
		int active;
	} words[] = {
		{ "active", 1 },
		{ "enabled", 1 },
		{ "yes", 1 },
		{ "y", 1 },
		{ "true", 1 },
		{ "1", 1 },
		{ "inactive", 0 },
		{ "disabled", 0 },
		{ "no", 0 },
		{ "n", 0 },
		{ "false", 0 },
		{ "0", 0 },
		{ "", -1 },
	};

	for (size_t i = 0; i < AU_COUNT(words); i++)
		if (strcasecmp(text, words[i].word) == 0) {
			*ret = words[i].active;
			return 0;
		}
	return au_fail(err, AU_EINVAL, "line %zu: status '%s': expected active or inactive, yes or no", line, text);
}

static const char *
field(const struct au_csv_row *row, const int at[COLUMNS], enum column column)
{
	const char *text = at[column] >= 0 ? row->fields[at[column]] : NULL;

	return au_str_empty(text) ? NULL : text;
}

static int
read_row(const struct au_csv_row *row, const int at[COLUMNS], struct au_target_account *ret, struct au_err *err)
{
	*ret = (struct au_target_account){ .login = field(row, at, LOGIN),
		.id = field(row, at, ID),
		.label = field(row, at, LABEL),
		.first_name = field(row, at, FIRST_NAME),
		.last_name = field(row, at, LAST_NAME),
		.mail = field(row, at, MAIL),
		.active = -1 };
	if (ret->login == NULL)
		return au_fail(err, AU_EINVAL, "line %zu: an account without a login", row->line);
	if (ret->id == NULL)
		ret->id = ret->login;
	return at[ACTIVE] >= 0 ? read_active(row->fields[at[ACTIVE]], row->line, &ret->active, err) : 0;
}

static int
read_rows(const struct au_csv_row *rows, size_t count, const int at[COLUMNS], struct au_map *lines,
    struct au_target_account *ret, struct au_err *err)
{
	for (size_t i = 0; i < count; i++) {
		const struct au_csv_row *first;
		if (read_row(&rows[i], at, &ret[i], err) < 0)
			return AU_EINVAL;
		if ((first = au_map_get(lines, ret[i].id)) != NULL)
			return au_fail(err, AU_EINVAL, "line %zu: account '%s' stands in line %zu already",
			    rows[i].line, ret[i].id, first->line);
		au_map_put(lines, ret[i].id, (void *)(uintptr_t)&rows[i]);
	}
	return 0;
}

int
au_import_rows(struct au_arena *arena, const struct au_target_block *target, const char *csv,
    struct au_target_account **ret, size_t *ret_count, struct au_err *err)
{
	struct au_csv_row *rows = NULL;
	struct au_target_account *accounts;
	struct au_map *lines;
	size_t count = 0;
	int at[COLUMNS];
	int rc = au_csv_parse(arena, csv, strlen(csv), AU_IMPORT_ROWS, &rows, &count, err);

	if (rc < 0)
		return rc;
	if (count == 0)
		return au_fail(err, AU_EINVAL, "line 1: the list has no header");
	if ((rc = find_columns(target, rows, at, err)) < 0)
		return rc;
	accounts = au_arena_alloc(arena, count * sizeof(*accounts));
	lines = au_map_new_borrowing();
	rc = read_rows(rows + 1, count - 1, at, lines, accounts, err);
	au_map_free(lines, NULL);
	if (rc < 0)
		return rc;
	*ret = accounts;
	*ret_count = count - 1;
	return 0;
}
