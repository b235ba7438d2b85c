/* SPDX-License-Identifier: ISC */
/* What this simulator can be told, row by row. */
#include "option.h"

#include <string.h>

static const char *const profiles[] = { "aae11", "a360", "a360-cloud", "ad", NULL };
static const char *const ad_passwords[] = { "ignore", "refuse", NULL };

#define AT(member) offsetof(struct options, member)
static const struct switch_row rows[] = {
	{ "port", SWITCH_NUMBER, AT(port), "0", 0, 65535, NULL, 'S', false,
	    "TCP port on 127.0.0.1; 0 takes a free one" },
	{ "port-file", SWITCH_TEXT, AT(port_file), NULL, 0, 0, NULL, 'S', false, "write the port number to this file" },
	{ "admin-user", SWITCH_TEXT, AT(admin_user), "admin", 0, 0, NULL, 'S', false,
	    "login of the first administrator" },
	{ "admin-password-file", SWITCH_TEXT, AT(admin_password_file), NULL, 0, 0, NULL, 'S', false,
	    "file with that administrator's password (required)" },
	{ "api-key-file", SWITCH_TEXT, AT(api_key_file), NULL, 0, 0, NULL, 'S', false,
	    "file with an API key for that administrator, who then also holds the API key role" },
	{ "seed", SWITCH_NUMBER, AT(seed), "1", 0, 1000000000, NULL, 'S', false,
	    "order of role ids in profile a360-cloud" },
	{ "users", SWITCH_NUMBER, AT(users), "0", 0, 1000000, NULL, 'S', false, "users that are there from the start" },
	{ "state-file", SWITCH_TEXT, AT(state_file), NULL, 0, 0, NULL, 'S', false,
	    "keep users and roles across restarts" },
	{ "log", SWITCH_TEXT, AT(log_file), NULL, 0, 0, NULL, 'S', false, "append requests here, secrets masked" },
	{ "keep-passwords", SWITCH_TEXT, AT(keep_passwords), NULL, 0, 0, NULL, 'S', false,
	    "append every password that is set, in clear: for tests that search for leaks" },
	{ "latency", SWITCH_NUMBER, AT(latency_ms), "0", 0, 600000, NULL, 'S', true,
	    "milliseconds before every answer" },
	{ "profile", SWITCH_CHOICE, AT(profile), "aae11", 0, 0, profiles, 'D', false, "product generation and set-up" },
	{ "token-life", SWITCH_NUMBER, AT(token_life_s), "1200", 1, 1000000, NULL, 'D', true, "seconds a token lives" },
	{ "rate-limit", SWITCH_FLAG, AT(rate_limit), "off", 0, 0, NULL, 'D', true,
	    "limit calls per user (per address at login)" },
	{ "rate-calls", SWITCH_NUMBER, AT(rate_calls), "1000", 1, 1000000, NULL, 'D', true, "calls in one window" },
	{ "rate-window", SWITCH_NUMBER, AT(rate_window_s), "300", 1, 1000000, NULL, 'D', true,
	    "seconds of that window" },
	{ "api-key-login", SWITCH_FLAG, AT(api_key_login), "on", 0, 0, NULL, 'D', true,
	    "off: as before release 11.3.2" },
	{ "licence", SWITCH_PAIRS, AT(licences), NULL, 0, 0, NULL, 'D', false,
	    "FEATURE=COUNT bought, FEATURE=COUNT/USED_ELSEWHERE, or FEATURE=off; may be repeated" },
	{ "fail-safe", SWITCH_FLAG, AT(fail_safe), "off", 0, 0, NULL, 'D', true,
	    "cloud licence out of reach: other calls fail" },
	{ "multi-login", SWITCH_FLAG, AT(multi_login), "off", 0, 0, NULL, 'O', true,
	    "on: a login leaves earlier tokens alive" },
	{ "lock-after", SWITCH_NUMBER, AT(lock_after), "3", 1, 99, NULL, 'O', true,
	    "bad logins that disable an account" },
	{ "page-max", SWITCH_NUMBER, AT(page_max), "1000", 1, 1000000, NULL, 'O', true, "longest page; longer is 400" },
	{ "page-default", SWITCH_NUMBER, AT(page_default), "100", 1, 1000000, NULL, 'I', true,
	    "page length when none is asked" },
	{ "api-key-parallel", SWITCH_FLAG, AT(api_key_parallel), "off", 0, 0, NULL, 'I', true,
	    "on: an API key login leaves earlier tokens alive" },
	{ "refresh-ends-old", SWITCH_FLAG, AT(refresh_ends_old), "on", 0, 0, NULL, 'I', true,
	    "a refreshed token dies" },
	{ "strict-mail", SWITCH_FLAG, AT(strict_mail), "off", 0, 0, NULL, 'I', true, "on: a mail domain needs a dot" },
	{ "version-check", SWITCH_FLAG, AT(version_check), "on", 0, 0, NULL, 'I', true,
	    "PUT of a stale version is 409" },
	{ "put-clears", SWITCH_FLAG, AT(put_clears), "on", 0, 0, NULL, 'I', true,
	    "PUT empties optional members it leaves out" },
	{ "put-password", SWITCH_FLAG, AT(put_password), "on", 0, 0, NULL, 'I', true, "off: PUT ignores a password" },
	{ "rename", SWITCH_FLAG, AT(rename), "off", 0, 0, NULL, 'I', true,
	    "on: PUT may change the username; off: 400" },
	{ "licence-status", SWITCH_EITHER, AT(licence_status), "400", 400, 409, NULL, 'I', true,
	    "answer when none is left" },
	{ "unknown-role-status", SWITCH_EITHER, AT(unknown_role_status), "400", 400, 404, NULL, 'I', true,
	    "answer to a role id that does not exist" },
	{ "system-role-status", SWITCH_EITHER, AT(system_role_status), "403", 400, 403, NULL, 'I', true,
	    "answer to a change of a system role" },
	{ "ad-password", SWITCH_CHOICE, AT(ad_password), "ignore", 0, 0, ad_passwords, 'I', true,
	    "profile ad: what a password in a user does" },
	{ .name = NULL },
};

static const struct switch_table table = { "control-room-sim",
	"A stand-in for an Automation Anywhere Control Room, for tests and demonstrations on this machine.", rows };

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
