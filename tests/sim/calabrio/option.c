/* SPDX-License-Identifier: ISC */
/* What this simulator can be told, row by row. */
#include "option.h"

#include <string.h>

#define AT(member) offsetof(struct options, member)
static const struct switch_row rows[] = {
	{ "port", SWITCH_NUMBER, AT(port), "0", 0, 65535, NULL, 'S', false,
	    "TCP port on 127.0.0.1; 0 takes a free one" },
	{ "port-file", SWITCH_TEXT, AT(port_file), NULL, 0, 0, NULL, 'S', false, "write the port number to this file" },
	{ "admin-user", SWITCH_TEXT, AT(admin_user), "admin@tenant.example", 0, 0, NULL, 'S', false,
	    "e-mail address of the first administrator" },
	{ "admin-password-file", SWITCH_TEXT, AT(admin_password_file), NULL, 0, 0, NULL, 'S', false,
	    "file with that administrator's password (required)" },
	{ "people", SWITCH_NUMBER, AT(people), "0", 0, 100000, NULL, 'S', false,
	    "agents that are there from the start" },
	{ "state-file", SWITCH_TEXT, AT(state_file), NULL, 0, 0, NULL, 'S', false, "keep everything across restarts" },
	{ "log", SWITCH_TEXT, AT(log_file), NULL, 0, 0, NULL, 'S', false, "append requests here, secrets masked" },
	{ "keep-passwords", SWITCH_TEXT, AT(keep_passwords), NULL, 0, 0, NULL, 'S', false,
	    "append every password that is set, in clear: for tests that search for leaks" },
	{ "latency", SWITCH_NUMBER, AT(latency_ms), "0", 0, 600000, NULL, 'S', true,
	    "milliseconds before every answer" },
	{ "wfo", SWITCH_FLAG, AT(wfo), "off", 0, 0, NULL, 'D', false, "the white-label product: its own words" },
	{ "iam", SWITCH_FLAG, AT(iam), "off", 0, 0, NULL, 'D', true,
	    "IAM tenant: only who has legacy API access may authorize, with a password of its own" },
	{ "lock-after", SWITCH_NUMBER, AT(lock_after), "5", 1, 100, NULL, 'D', true, "bad log-ins that lock a user" },
	{ "password-min", SWITCH_NUMBER, AT(password_min), "8", 8, 100, NULL, 'D', true, "shortest password" },
	{ "password-history", SWITCH_NUMBER, AT(password_history), "5", 0, 5, NULL, 'D', true,
	    "earlier passwords that may not come again" },
	{ "password-days", SWITCH_NUMBER, AT(password_days), "90", 0, 10000, NULL, 'D', true,
	    "days until a password expires; 0 for never (as the IAM page says)" },
	{ "seats", SWITCH_NUMBER, AT(seats), "3", 0, 1000000, NULL, 'D', true,
	    "committed System Administrator licences; more are billed, not refused" },
	{ "renamed-roles", SWITCH_FLAG, AT(renamed_roles), "off", 0, 0, NULL, 'D', false,
	    "default roles have other names" },
	{ "hide-new", SWITCH_FLAG, AT(hide_new), "on", 0, 0, NULL, 'D', true,
	    "a session's lists know nobody and no team that came after its log-in" },
	{ "idle", SWITCH_NUMBER, AT(idle_s), "7200", 1, 1000000, NULL, 'O', true,
	    "seconds of idleness that end a session" },
	{ "post-min", SWITCH_FLAG, AT(post_min), "off", 0, 0, NULL, 'I', true,
	    "POST keeps names, e-mail and time zone only; the rest needs a PUT" },
	{ "locale-only", SWITCH_FLAG, AT(locale_only), "off", 0, 0, NULL, 'I', true,
	    "authorize wants 'locale'; otherwise that or 'language' will do" },
	{ "dead-status", SWITCH_NUMBER, AT(dead_status), "401", 400, 599, NULL, 'I', true, "answer to a dead session" },
	{ "duplicate-status", SWITCH_NUMBER, AT(duplicate_status), "400", 400, 499, NULL, 'I', true,
	    "answer to an e-mail address that is taken" },
	{ "put-clears", SWITCH_FLAG, AT(put_clears), "on", 0, 0, NULL, 'I', true, "PUT empties members it leaves out" },
	{ "born-active", SWITCH_FLAG, AT(born_active), "off", 0, 0, NULL, 'I', true, "a new person is active at once" },
	{ "takes-password", SWITCH_FLAG, AT(takes_password), "off", 0, 0, NULL, 'I', true,
	    "POST and PUT take a member 'password'; otherwise it is ignored" },
	{ "id-as-person-id", SWITCH_FLAG, AT(id_as_person_id), "off", 0, 0, NULL, 'I', true,
	    "POST answers 'personId' instead of 'id'" },
	{ "keeps-display-name", SWITCH_FLAG, AT(keeps_display_name), "on", 0, 0, NULL, 'I', true,
	    "off: the display name is always made from the names" },
	{ "tells-views", SWITCH_FLAG, AT(tells_views), "on", 0, 0, NULL, 'I', true, "off: GET leaves 'views' out" },
	{ "guide", SWITCH_FLAG, AT(guide), "off", 0, 0, NULL, 'I', true,
	    "calls that are in no public material, standing for those of a customer's own API guide" },
	{ .name = NULL },
};

static const struct switch_table table = { "calabrio-sim",
	"A stand-in for Calabrio ONE and Workforce Optimization, for tests and demonstrations on this machine.", rows };

void
option_defaults(struct options *options)
{
	memset(options, 0, sizeof(*options));
	switch_defaults(&table, options);
}

bool
option_set(struct options *options, const char *name, const char *value, bool live)
{
	return switch_set(&table, options, name, value, live);
}

bool
option_parse(struct options *options, int argc, char **argv)
{
	if (!switch_parse(&table, options, argc, argv))
		return false;
	if (options->admin_password_file == NULL)
		fprintf(stderr, "%s: option --admin-password-file is required\n", table.program);
	return options->admin_password_file != NULL;
}

void
option_help(FILE *out)
{
	switch_help(&table, out);
}
