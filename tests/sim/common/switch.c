/* SPDX-License-Identifier: ISC */
/* One reading of values for the command line and for a running simulator. */
#include "switch.h"

#include <stdlib.h>
#include <string.h>

static bool
set_number(const struct switch_row *row, long *place, const char *value)
{
	char *end;
	long number = strtol(value, &end, 10);

	if (*value == '\0' || *end != '\0' || number < row->min || number > row->max)
		return false;
	if (row->kind == SWITCH_EITHER && number != row->min && number != row->max)
		return false;
	*place = number;
	return true;
}

static bool
set_flag(bool *place, const char *value)
{
	bool on = strcmp(value, "on") == 0;

	if (!on && strcmp(value, "off") != 0)
		return false;
	*place = on;
	return true;
}

static bool
set_choice(const struct switch_row *row, long *place, const char *value)
{
	for (long i = 0; row->choices[i] != NULL; i++) {
		if (strcmp(row->choices[i], value) == 0) {
			*place = i;
			return true;
		}
	}
	return false;
}

static bool
add_pair(struct switch_list *list, const char *value)
{
	if (list->count == SWITCH_LIST_MAX || strchr(value, '=') == NULL)
		return false;
	list->items[list->count++] = value;
	return true;
}

static bool
set_row(void *options, const struct switch_row *row, const char *value)
{
	void *place = (char *)options + row->offset;

	switch (row->kind) {
	case SWITCH_NUMBER:
	case SWITCH_EITHER:
		return set_number(row, place, value);
	case SWITCH_FLAG:
		return set_flag(place, value);
	case SWITCH_CHOICE:
		return set_choice(row, place, value);
	case SWITCH_TEXT:
		*(const char **)place = value;
		return true;
	case SWITCH_PAIRS:
		return add_pair(place, value);
	}
	return false;
}

static const struct switch_row *
find_row(const struct switch_table *table, const char *name, size_t length)
{
	for (const struct switch_row *row = table->rows; row->name != NULL; row++) {
		if (strncmp(row->name, name, length) == 0 && row->name[length] == '\0')
			return row;
	}
	return NULL;
}

void
switch_defaults(const struct switch_table *table, void *options)
{
	for (const struct switch_row *row = table->rows; row->name != NULL; row++) {
		if (row->initial != NULL)
			set_row(options, row, row->initial);
	}
}

bool
switch_set(const struct switch_table *table, void *options, const char *name, const char *value, bool live)
{
	const struct switch_row *row = find_row(table, name, strlen(name));

	return row != NULL && (!live || row->live) && set_row(options, row, value);
}

static bool
has_required(const struct switch_table *table, const void *options)
{
	const struct switch_row *row = find_row(table, table->required, strlen(table->required));

	if (*(const char *const *)((const char *)options + row->offset) != NULL)
		return true;
	fprintf(stderr, "%s: option --%s is required\n", table->program, table->required);
	return false;
}

bool
switch_parse(const struct switch_table *table, void *options, int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		const char *word = argv[i];
		const char *equals = strchr(word, '=');
		size_t length = equals != NULL ? (size_t)(equals - word) : strlen(word);
		const struct switch_row *row =
		    length > 2 && strncmp(word, "--", 2) == 0 ? find_row(table, word + 2, length - 2) : NULL;
		const char *value = equals != NULL ? equals + 1 : NULL;

		if (row == NULL) {
			fprintf(stderr, "%s: unknown option '%s'; see --help\n", table->program, word);
			return false;
		}
		/* A bare flag means "on", so that --strict-mail reads well. */
		if (value == NULL && row->kind == SWITCH_FLAG &&
		    (i + 1 == argc || (strcmp(argv[i + 1], "on") != 0 && strcmp(argv[i + 1], "off") != 0)))
			value = "on";
		if (value == NULL)
			value = i + 1 < argc ? argv[++i] : "";
		if (!set_row(options, row, value)) {
			fprintf(stderr, "%s: option --%s cannot be '%s'\n", table->program, row->name, value);
			return false;
		}
	}
	return has_required(table, options);
}

static void
help_group(const struct switch_table *table, FILE *out, char evidence, const char *title)
{
	fprintf(out, "\n%s\n", title);
	for (const struct switch_row *row = table->rows; row->name != NULL; row++) {
		if (row->evidence != evidence)
			continue;
		fprintf(out, "  --%-20s %s", row->name, row->help);
		for (size_t c = 0; row->choices != NULL && row->choices[c] != NULL; c++)
			fprintf(out, "%s%s", c == 0 ? ": " : " | ", row->choices[c]);
		if (row->kind == SWITCH_FLAG)
			fputs(" (on | off)", out);
		if (row->kind == SWITCH_EITHER)
			fprintf(out, " (%ld | %ld)", row->min, row->max);
		if (row->initial != NULL)
			fprintf(out, "; default %s", row->initial);
		fputc('\n', out);
	}
}

void
switch_help(const struct switch_table *table, FILE *out)
{
	fprintf(out, "usage: %s --admin-password-file FILE [options]\n%s\n", table->program, table->about);
	help_group(table, out, 'S', "About the simulator itself (not part of the product):");
	help_group(table, out, 'D', "Documented by the vendor:");
	help_group(table, out, 'O', "Not documented, seen in use:");
	help_group(table, out, 'I', "Undocumented: our own choice, so try both:");
	fputs("\nEverything under /__sim/ is scaffolding for tests and not part of the product.\n", out);
}
