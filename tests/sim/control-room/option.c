/* SPDX-License-Identifier: ISC */
/*
 * Every switch is a row with its evidence: D documented by the vendor, O seen in use, I our own choice where
 * nothing is published.  A row of evidence S is about the simulator itself.
 */
#include "option.h"

#include <stdlib.h>
#include <string.h>

enum kind { KIND_NUMBER, KIND_EITHER, KIND_FLAG, KIND_TEXT, KIND_CHOICE, KIND_LICENCE };

struct row {
	const char *name;
	enum kind kind;
	size_t offset;
	const char *initial;
	long min, max;
	const char *const *choices;
	char evidence;
	bool live; /* may be turned while running */
	const char *help;
};

static const char *const profiles[] = { "aae11", "a360", "a360-cloud", "ad", NULL };
static const char *const ad_passwords[] = { "ignore", "refuse", NULL };

#define AT(member) offsetof(struct options, member)
static const struct row rows[] = {
	{ "port", KIND_NUMBER, AT(port), "0", 0, 65535, NULL, 'S', false, "TCP port on 127.0.0.1; 0 takes a free one" },
	{ "port-file", KIND_TEXT, AT(port_file), NULL, 0, 0, NULL, 'S', false, "write the port number to this file" },
	{ "admin-user", KIND_TEXT, AT(admin_user), "admin", 0, 0, NULL, 'S', false,
	    "login of the first administrator" },
	{ "admin-password-file", KIND_TEXT, AT(admin_password_file), NULL, 0, 0, NULL, 'S', false,
	    "file with that administrator's password (required)" },
	{ "api-key-file", KIND_TEXT, AT(api_key_file), NULL, 0, 0, NULL, 'S', false,
	    "file with an API key for that administrator, who then also holds the API key role" },
	{ "seed", KIND_NUMBER, AT(seed), "1", 0, 1000000000, NULL, 'S', false,
	    "order of role ids in profile a360-cloud" },
	{ "users", KIND_NUMBER, AT(users), "0", 0, 1000000, NULL, 'S', false, "users that are there from the start" },
	{ "state-file", KIND_TEXT, AT(state_file), NULL, 0, 0, NULL, 'S', false,
	    "keep users and roles across restarts" },
	{ "log", KIND_TEXT, AT(log_file), NULL, 0, 0, NULL, 'S', false, "append requests here, secrets masked" },
	{ "keep-passwords", KIND_TEXT, AT(keep_passwords), NULL, 0, 0, NULL, 'S', false,
	    "append every password that is set, in clear: for tests that search for leaks" },
	{ "latency", KIND_NUMBER, AT(latency_ms), "0", 0, 600000, NULL, 'S', true, "milliseconds before every answer" },
	{ "profile", KIND_CHOICE, AT(profile), "aae11", 0, 0, profiles, 'D', false, "product generation and set-up" },
	{ "token-life", KIND_NUMBER, AT(token_life_s), "1200", 1, 1000000, NULL, 'D', true, "seconds a token lives" },
	{ "rate-limit", KIND_FLAG, AT(rate_limit), "off", 0, 0, NULL, 'D', true,
	    "limit calls per user (per address at login)" },
	{ "rate-calls", KIND_NUMBER, AT(rate_calls), "1000", 1, 1000000, NULL, 'D', true, "calls in one window" },
	{ "rate-window", KIND_NUMBER, AT(rate_window_s), "300", 1, 1000000, NULL, 'D', true, "seconds of that window" },
	{ "api-key-login", KIND_FLAG, AT(api_key_login), "on", 0, 0, NULL, 'D', true, "off: as before release 11.3.2" },
	{ "licence", KIND_LICENCE, 0, NULL, 0, 0, NULL, 'D', false,
	    "FEATURE=COUNT bought, FEATURE=COUNT/USED_ELSEWHERE, or FEATURE=off; may be repeated" },
	{ "fail-safe", KIND_FLAG, AT(fail_safe), "off", 0, 0, NULL, 'D', true,
	    "cloud licence out of reach: other calls fail" },
	{ "multi-login", KIND_FLAG, AT(multi_login), "off", 0, 0, NULL, 'O', true,
	    "on: a login leaves earlier tokens alive" },
	{ "lock-after", KIND_NUMBER, AT(lock_after), "3", 1, 99, NULL, 'O', true,
	    "bad logins that disable an account" },
	{ "page-max", KIND_NUMBER, AT(page_max), "1000", 1, 1000000, NULL, 'O', true, "longest page; longer is 400" },
	{ "page-default", KIND_NUMBER, AT(page_default), "100", 1, 1000000, NULL, 'I', true,
	    "page length when none is asked" },
	{ "api-key-parallel", KIND_FLAG, AT(api_key_parallel), "off", 0, 0, NULL, 'I', true,
	    "on: an API key login leaves earlier tokens alive" },
	{ "refresh-ends-old", KIND_FLAG, AT(refresh_ends_old), "on", 0, 0, NULL, 'I', true, "a refreshed token dies" },
	{ "strict-mail", KIND_FLAG, AT(strict_mail), "off", 0, 0, NULL, 'I', true, "on: a mail domain needs a dot" },
	{ "version-check", KIND_FLAG, AT(version_check), "on", 0, 0, NULL, 'I', true, "PUT of a stale version is 409" },
	{ "put-clears", KIND_FLAG, AT(put_clears), "on", 0, 0, NULL, 'I', true,
	    "PUT empties optional members it leaves out" },
	{ "put-password", KIND_FLAG, AT(put_password), "on", 0, 0, NULL, 'I', true, "off: PUT ignores a password" },
	{ "rename", KIND_FLAG, AT(rename), "off", 0, 0, NULL, 'I', true, "on: PUT may change the username; off: 400" },
	{ "licence-status", KIND_EITHER, AT(licence_status), "400", 400, 409, NULL, 'I', true,
	    "answer when none is left" },
	{ "unknown-role-status", KIND_EITHER, AT(unknown_role_status), "400", 400, 404, NULL, 'I', true,
	    "answer to a role id that does not exist" },
	{ "system-role-status", KIND_EITHER, AT(system_role_status), "403", 400, 403, NULL, 'I', true,
	    "answer to a change of a system role" },
	{ "ad-password", KIND_CHOICE, AT(ad_password), "ignore", 0, 0, ad_passwords, 'I', true,
	    "profile ad: what a password in a user does" },
};
#define ROW_COUNT (sizeof(rows) / sizeof(rows[0]))

static bool
set_number(const struct row *row, long *place, const char *value)
{
	char *end;
	long number = strtol(value, &end, 10);

	if (*value == '\0' || *end != '\0' || number < row->min || number > row->max)
		return false;
	if (row->kind == KIND_EITHER && number != row->min && number != row->max)
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
set_choice(const struct row *row, long *place, const char *value)
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
set_row(struct options *options, const struct row *row, const char *value)
{
	void *place = (char *)options + row->offset;

	switch (row->kind) {
	case KIND_NUMBER:
	case KIND_EITHER:
		return set_number(row, place, value);
	case KIND_FLAG:
		return set_flag(place, value);
	case KIND_CHOICE:
		return set_choice(row, place, value);
	case KIND_TEXT:
		*(const char **)place = value;
		return true;
	case KIND_LICENCE:
		if (options->licence_count == LICENCE_OPTIONS_MAX || strchr(value, '=') == NULL)
			return false;
		options->licences[options->licence_count++] = value;
		return true;
	}
	return false;
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
option_set(struct options *options, const char *name, const char *value, bool live)
{
	const struct row *row = find_row(name, strlen(name));

	return row != NULL && (!live || row->live) && set_row(options, row, value);
}

bool
option_parse(struct options *options, int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		const char *word = argv[i];
		const char *equals = strchr(word, '=');
		size_t length = equals != NULL ? (size_t)(equals - word) : strlen(word);
		const struct row *row =
		    length > 2 && strncmp(word, "--", 2) == 0 ? find_row(word + 2, length - 2) : NULL;
		const char *value = equals != NULL ? equals + 1 : NULL;

		if (row == NULL) {
			fprintf(stderr, "control-room-sim: unknown option '%s'; see --help\n", word);
			return false;
		}
		/* A bare flag means "on", so that --strict-mail reads well. */
		if (value == NULL && row->kind == KIND_FLAG &&
		    (i + 1 == argc || (strcmp(argv[i + 1], "on") != 0 && strcmp(argv[i + 1], "off") != 0)))
			value = "on";
		if (value == NULL)
			value = i + 1 < argc ? argv[++i] : "";
		if (!set_row(options, row, value)) {
			fprintf(stderr, "control-room-sim: option --%s cannot be '%s'\n", row->name, value);
			return false;
		}
	}
	if (options->admin_password_file == NULL) {
		fputs("control-room-sim: option --admin-password-file is required\n", stderr);
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

		if (row->evidence != evidence)
			continue;
		fprintf(out, "  --%-20s %s", row->name, row->help);
		for (size_t c = 0; row->choices != NULL && row->choices[c] != NULL; c++)
			fprintf(out, "%s%s", c == 0 ? ": " : " | ", row->choices[c]);
		if (row->kind == KIND_FLAG)
			fputs(" (on | off)", out);
		if (row->kind == KIND_EITHER)
			fprintf(out, " (%ld | %ld)", row->min, row->max);
		if (row->initial != NULL)
			fprintf(out, "; default %s", row->initial);
		fputc('\n', out);
	}
}

void
option_help(FILE *out)
{
	fputs("usage: control-room-sim --admin-password-file FILE [options]\n"
	      "A stand-in for an Automation Anywhere Control Room, for tests and demonstrations on this machine.\n",
	    out);
	help_group(out, 'S', "About the simulator itself (not part of the product):");
	help_group(out, 'D', "Documented by the vendor:");
	help_group(out, 'O', "Not documented, seen in use:");
	help_group(out, 'I', "Undocumented: our own choice, so try both:");
	fputs("\nEverything under /__sim/ is scaffolding for tests and not part of the product.\n", out);
}
