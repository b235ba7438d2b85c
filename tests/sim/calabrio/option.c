/* SPDX-License-Identifier: ISC */
/*
 * Every switch is a row with its evidence: D documented by the vendor, O seen in use, I our own choice where
 * nothing is published.  A row of evidence S is about the simulator itself.
 */
#include "option.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum kind { KIND_NUMBER, KIND_FLAG, KIND_TEXT };

struct row {
	const char *name;
	enum kind kind;
	size_t offset;
	const char *initial;
	long min, max;
	char evidence;
	bool live; /* may be turned while running */
	const char *help;
};

#define AT(member) offsetof(struct options, member)
static const struct row rows[] = {
	{ "port", KIND_NUMBER, AT(port), "0", 0, 65535, 'S', false, "TCP port on 127.0.0.1; 0 takes a free one" },
	{ "port-file", KIND_TEXT, AT(port_file), NULL, 0, 0, 'S', false, "write the port number to this file" },
	{ "admin-user", KIND_TEXT, AT(admin_user), "admin@tenant.example", 0, 0, 'S', false,
	    "e-mail address of the first administrator" },
	{ "admin-password-file", KIND_TEXT, AT(admin_password_file), NULL, 0, 0, 'S', false,
	    "file with that administrator's password (required)" },
	{ "people", KIND_NUMBER, AT(people), "0", 0, 100000, 'S', false, "agents that are there from the start" },
	{ "state-file", KIND_TEXT, AT(state_file), NULL, 0, 0, 'S', false, "keep everything across restarts" },
	{ "log", KIND_TEXT, AT(log_file), NULL, 0, 0, 'S', false, "append requests here, secrets masked" },
	{ "keep-passwords", KIND_TEXT, AT(keep_passwords), NULL, 0, 0, 'S', false,
	    "append every password that is set, in clear: for tests that search for leaks" },
	{ "latency", KIND_NUMBER, AT(latency_ms), "0", 0, 600000, 'S', true, "milliseconds before every answer" },
	{ "wfo", KIND_FLAG, AT(wfo), "off", 0, 0, 'D', false, "the white-label product: its own words" },
	{ "iam", KIND_FLAG, AT(iam), "off", 0, 0, 'D', true,
	    "IAM tenant: only who has legacy API access may authorize, with a password of its own" },
	{ "lock-after", KIND_NUMBER, AT(lock_after), "5", 1, 100, 'D', true, "bad log-ins that lock a user" },
	{ "password-min", KIND_NUMBER, AT(password_min), "8", 8, 100, 'D', true, "shortest password" },
	{ "password-history", KIND_NUMBER, AT(password_history), "5", 0, 5, 'D', true,
	    "earlier passwords that may not come again" },
	{ "password-days", KIND_NUMBER, AT(password_days), "90", 0, 10000, 'D', true,
	    "days until a password expires; 0 for never (as the IAM page says)" },
	{ "seats", KIND_NUMBER, AT(seats), "3", 0, 1000000, 'D', true,
	    "committed System Administrator licences; more are billed, not refused" },
	{ "renamed-roles", KIND_FLAG, AT(renamed_roles), "off", 0, 0, 'D', false, "default roles have other names" },
	{ "hide-new", KIND_FLAG, AT(hide_new), "on", 0, 0, 'D', true,
	    "a session's lists know nobody and no team that came after its log-in" },
	{ "idle", KIND_NUMBER, AT(idle_s), "7200", 1, 1000000, 'O', true, "seconds of idleness that end a session" },
	{ "post-min", KIND_FLAG, AT(post_min), "off", 0, 0, 'I', true,
	    "POST keeps names, e-mail and time zone only; the rest needs a PUT" },
	{ "locale-only", KIND_FLAG, AT(locale_only), "off", 0, 0, 'I', true,
	    "authorize wants 'locale'; otherwise that or 'language' will do" },
	{ "dead-status", KIND_NUMBER, AT(dead_status), "401", 400, 599, 'I', true, "answer to a dead session" },
	{ "duplicate-status", KIND_NUMBER, AT(duplicate_status), "400", 400, 499, 'I', true,
	    "answer to an e-mail address that is taken" },
	{ "put-clears", KIND_FLAG, AT(put_clears), "on", 0, 0, 'I', true, "PUT empties members it leaves out" },
	{ "born-active", KIND_FLAG, AT(born_active), "off", 0, 0, 'I', true, "a new person is active at once" },
	{ "takes-password", KIND_FLAG, AT(takes_password), "off", 0, 0, 'I', true,
	    "POST and PUT take a member 'password'; otherwise it is ignored" },
	{ "id-as-person-id", KIND_FLAG, AT(id_as_person_id), "off", 0, 0, 'I', true,
	    "POST answers 'personId' instead of 'id'" },
	{ "keeps-display-name", KIND_FLAG, AT(keeps_display_name), "on", 0, 0, 'I', true,
	    "off: the display name is always made from the names" },
	{ "tells-views", KIND_FLAG, AT(tells_views), "on", 0, 0, 'I', true, "off: GET leaves 'views' out" },
	{ "guide", KIND_FLAG, AT(guide), "off", 0, 0, 'I', true,
	    "calls that are in no public material, standing for those of a customer's own API guide" },
};
#define ROW_COUNT (sizeof(rows) / sizeof(rows[0]))

static bool
set_number(const struct row *row, long *place, const char *value)
{
	char *end;
	long number = strtol(value, &end, 10);

	if (*value == '\0' || *end != '\0' || number < row->min || number > row->max)
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
set_row(struct options *options, const struct row *row, const char *value)
{
	void *place = (char *)options + row->offset;

	if (row->kind == KIND_NUMBER)
		return set_number(row, place, value);
	if (row->kind == KIND_FLAG)
		return set_flag(place, value);
	*(const char **)place = value;
	return true;
}

static const struct row *
find_row(const char *name, size_t length)
{
	for (size_t i = 0; i < ROW_COUNT; i++) {
		if (strncmp(rows[i].name, name, length) == 0 && rows[i].name[length] == '\0')
			return &rows[i];
	}
	return NULL;
}

void
option_defaults(struct options *options)
{
	memset(options, 0, sizeof(*options));
	for (size_t i = 0; i < ROW_COUNT; i++) {
		if (rows[i].initial != NULL)
			set_row(options, &rows[i], rows[i].initial);
	}
}

bool
option_set(struct options *options, const char *name, const char *value)
{
	const struct row *row = find_row(name, strlen(name));

	return row != NULL && row->live && set_row(options, row, value);
}

bool
option_parse(struct options *options, int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		const char *word = argv[i];
		const struct row *row = strncmp(word, "--", 2) == 0 ? find_row(word + 2, strlen(word + 2)) : NULL;
		const char *value = row != NULL && i + 1 < argc ? argv[++i] : "";

		if (row == NULL || !set_row(options, row, value)) {
			fprintf(stderr, "calabrio-sim: option '%s' is unknown or cannot be '%s'; see --help\n", word,
			    value);
			return false;
		}
	}
	if (options->admin_password_file == NULL) {
		fputs("calabrio-sim: option --admin-password-file is required\n", stderr);
		return false;
	}
	return true;
}

static void
help_group(FILE *out, char evidence, const char *title)
{
	fprintf(out, "\n%s\n", title);
	for (size_t i = 0; i < ROW_COUNT; i++) {
		const struct row *row = &rows[i];

		if (row->evidence == evidence)
			fprintf(out, "  --%-20s %s%s%s%s\n", row->name, row->help,
			    row->kind == KIND_FLAG ? " (on | off)" : "", row->initial != NULL ? "; default " : "",
			    row->initial != NULL ? row->initial : "");
	}
}

void
option_help(FILE *out)
{
	fputs("usage: calabrio-sim --admin-password-file FILE [options]\n"
	      "A stand-in for Calabrio ONE and Workforce Optimization, for tests and demonstrations on this machine.\n",
	    out);
	help_group(out, 'S', "About the simulator itself (not part of the product):");
	help_group(out, 'D', "Documented by the vendor:");
	help_group(out, 'O', "Not documented, seen in use:");
	help_group(out, 'I', "Undocumented: our own choice, so try both:");
	fputs("\nEverything under /__sim/ is scaffolding for tests and not part of the product.\n", out);
}
