/* SPDX-License-Identifier: ISC */
/* Option rows as people read them: the sample file and the manual page. */
#include "base/opt.h"

#include "base/mem.h"
#include "base/when.h"

#include <stdio.h>
#include <string.h>

static const struct {
	const char *name;
	const char *example; /* where a row has neither default nor choices */
	bool quoted;
} types[] = {
	[AU_STR] = { "text", "", true },
	[AU_INT] = { "integer", "0", false },
	[AU_BOOL] = { "boolean", "false", false },
	[AU_ENUM] = { "word", "", true },
	[AU_LIST] = { "list", "", true },
	[AU_TIME] = { "duration", "1min", true },
	[AU_SIZE] = { "size", "1MiB", true },
	[AU_SECRET] = { "secret", "credential:NAME", true },
};

const char *
au_opt_type_name(enum au_opt_type type)
{
	return type >= AU_STR && type <= AU_SECRET ? types[type].name : NULL;
}

/* A literal of libconfig. */
static void
print_literal(const char *text, size_t len, bool quoted, struct au_str *out)
{
	if (!quoted) {
		au_str_putn(out, text, len);
		return;
	}
	au_str_putc(out, '"');
	for (size_t i = 0; i < len; i++) {
		if (text[i] == '"' || text[i] == '\\')
			au_str_putc(out, '\\');
		au_str_putc(out, text[i]);
	}
	au_str_putc(out, '"');
}

static void
print_list(const char *text, struct au_str *out)
{
	bool first = true;

	au_str_put(out, "[");
	for (size_t len; *text != '\0'; text += len) {
		text += strspn(text, ", ");
		len = strcspn(text, ",");
		if (len == 0)
			continue;
		au_str_put(out, first ? " " : ", ");
		print_literal(text, len, true, out);
		first = false;
	}
	au_str_put(out, first ? "]" : " ]");
}

static void
print_value(const struct au_opt *row, struct au_str *out)
{
	char lowest[32];
	const char *text = row->dflt;

	if (text == NULL && row->choices != NULL && row->choices[0] != NULL)
		text = row->choices[0];
	if (text == NULL && row->type == AU_INT) {
		snprintf(lowest, sizeof(lowest), "%lld", row->min);
		text = lowest;
	}
	if (text == NULL)
		text = types[row->type].example;
	if (row->type == AU_LIST)
		print_list(text, out);
	else
		print_literal(text, strlen(text), types[row->type].quoted, out);
}

static void
print_bound(const struct au_opt *row, long long bound, struct au_str *out)
{
	char buf[32];

	if (row->type == AU_TIME)
		au_duration_format(bound, buf, sizeof(buf));
	else if (row->type == AU_SIZE)
		au_size_format(bound, buf, sizeof(buf));
	else
		snprintf(buf, sizeof(buf), "%lld", bound);
	au_str_put(out, buf);
}

/* "integer from 1 to 65535; default 389", "word: base, one or sub; required" */
static void
print_facts(const struct au_opt *row, struct au_str *out)
{
	au_str_put(out, types[row->type].name);
	if (row->min != 0 || row->max != 0) {
		au_str_put(out, row->type == AU_STR || row->type == AU_LIST ? " of " : " from ");
		print_bound(row, row->min, out);
		if (row->max >= row->min) {
			au_str_put(out, " to ");
			print_bound(row, row->max, out);
		} else
			au_str_put(out, " up");
		au_str_put(out, row->type == AU_STR ? " characters" : row->type == AU_LIST ? " items" : "");
	}
	for (size_t i = 0; row->choices != NULL && row->choices[i] != NULL; i++)
		au_str_printf(out, "%s%s",
		    i == 0                        ? ": "
		    : row->choices[i + 1] == NULL ? " or "
						  : ", ",
		    row->choices[i]);
	if (row->dflt != NULL)
		au_str_printf(out, "; default %s", *row->dflt != '\0' ? row->dflt : "empty");
	if (row->flags & AU_REQUIRED)
		au_str_put(out, "; required");
}

void
au_opt_print_sample(const struct au_opt *rows, const char *indent, struct au_str *out)
{
	for (; rows->name != NULL; rows++) {
		bool needed = (rows->flags & AU_REQUIRED) && rows->dflt == NULL;
		au_str_printf(out, "%s# %s\n%s# (", indent, rows->help, indent);
		print_facts(rows, out);
		au_str_printf(out, ")\n%s%s%s = ", indent, needed ? "" : "#", rows->name);
		print_value(rows, out);
		au_str_put(out, ";\n");
	}
}

/* One line of running text for mdoc: backslashes are its escape, a leading dot or apostrophe a request. */
static void
print_mdoc(const char *text, struct au_str *out)
{
	if (*text == '.' || *text == '\'')
		au_str_put(out, "\\&");
	for (; *text != '\0'; text++)
		if (*text == '\\')
			au_str_put(out, "\\e");
		else
			au_str_putc(out, *text == '\n' ? ' ' : *text);
}

void
au_opt_print_man(const struct au_opt *rows, struct au_str *out)
{
	for (; rows->name != NULL; rows++) {
		struct au_str facts = AU_STR_INIT;
		print_facts(rows, &facts);
		au_str_printf(out, ".It Cm %s\n", rows->name);
		print_mdoc(rows->help, out);
		au_str_put(out, "\n(");
		print_mdoc(facts.data, out);
		au_str_put(out, rows->flags & AU_RELOAD ? "; may change at a reload)\n" : ")\n");
		au_str_done(&facts);
	}
}
