/* SPDX-License-Identifier: ISC */
/* Orders of movius, followed on the screens of a MultiLine Management Portal. */
#include "desk.h"

#include "base/mem.h"
#include "base/str.h"

#include "tests/unit.h"

#include <stdlib.h>
#include <string.h>

static int
begin(void **state)
{
	*state = desk_begin("movius", "API Users",
	    json_pack("{s:s, s:[s], s:[s]}", "organisation", "Example > Sales", "applications", "Dialler",
		"mail_domains", "example.com"));
	return 0;
}

static struct au_call
movius_create(const struct desk *desk, const char *mail)
{
	return (struct au_call){ .op = AU_CALL_CREATE,
		.account = { .login = "crm",
		    .first_name = "API",
		    .last_name = "CRM",
		    .mail = mail,
		    .rights = desk->rights,
		    .active = 1 } };
}

static struct au_call
movius_about(const struct desk *desk, enum au_call_op op)
{
	return (struct au_call){ .op = op,
		.account = { .id = "crm", .login = "crm", .rights = desk->rights, .active = -1 },
		.known = { .id = "crm",
		    .login = "crm",
		    .first_name = "API",
		    .last_name = "CRM",
		    .mail = "crm@example.com",
		    .rights = desk->rights,
		    .active = 1 } };
}

static void
expect_applications(struct desk *desk, const char *mail, const char *wanted)
{
	json_t *user = desk_there(desk, "mail", mail);
	AU_CLEANUP(au_freep) char *have = NULL;

	assert_non_null(user);
	assert_string_equal(au_json_get_str(user, "organisation"), "Example > Sales");
	have = au_json_canonical(json_object_get(user, "applications"));
	assert_string_equal(have, wanted);
	json_decref(user);
}

/* What an application gets with the credentials of the last mail: 0, or why not. */
static long long
use(struct desk *desk, const char *application)
{
	AU_CLEANUP(au_freep) char *path = au_xasprintf("/use/%s", application);
	AU_CLEANUP(au_json_decrefp) json_t *mail = console_call(&desk->room, "/__sim/mailbox", NULL);
	AU_CLEANUP(au_json_decrefp) json_t *answer = NULL;
	const json_t *last = json_array_get(mail, json_array_size(mail) - 1);

	answer = console_call(&desk->room, path,
	    json_pack("{s:O, s:O}", "username", json_object_get(last, "username"), "password",
		json_object_get(last, "password")));
	return au_json_get_int(answer, "errcode");
}

static void
expect_no_password_in_log(struct desk *desk)
{
	AU_CLEANUP(au_json_decrefp) json_t *mail = console_call(&desk->room, "/__sim/mailbox", NULL);
	AU_CLEANUP(au_json_decrefp) json_t *log = console_call(&desk->room, "/__sim/log", NULL);
	AU_CLEANUP(au_freep) char *text = au_json_text(log);

	assert_non_null(strstr(text, "/use/"));
	assert_null(strstr(text, au_json_get_str(json_array_get(mail, 0), "password")));
}

/* MV-R02 to MV-R08. */
static void
movius_adds_edits_and_deletes(void **state)
{
	struct desk *desk = *state;
	struct au_call profile;
	json_t *all;

	assert_int_equal(desk_resolve(desk, "{\"applications\":[\"Salesforce\",\"HttpApi\",\"Salesforce\"]}", NULL), 0);
	assert_string_equal(desk->rights, "{\"applications\":[\"HttpApi\",\"Salesforce\"]}");
	desk_follow(desk, movius_create(desk, "crm@example.com"));
	assert_null(json_object_get(desk->report, "secret")); /* nobody but the mailbox has it */
	expect_applications(desk, "crm@example.com", "[\"HttpApi\",\"Salesforce\"]");
	all = console_call(&desk->room, "/__sim/mailbox", NULL);
	assert_int_equal(json_array_size(all), 1);
	json_decref(all);
	assert_int_equal(use(desk, "Salesforce"), 0);
	assert_int_not_equal(use(desk, "Dialler"), 0);
	assert_int_equal(desk_resolve(desk, "{\"applications\":[\"Dialler\"]}", NULL), 0);
	desk_follow(desk, movius_about(desk, AU_CALL_SET_RIGHTS));
	expect_applications(desk, "crm@example.com", "[\"Dialler\"]");
	assert_int_equal(use(desk, "Dialler"), 0);
	assert_int_not_equal(use(desk, "Salesforce"), 0); /* HttpApi and others do not do for it */
	profile = movius_about(desk, AU_CALL_SET_PROFILE);
	profile.account.first_name = "API";
	profile.account.last_name = "Customers";
	profile.account.mail = "crm@example.com";
	desk_follow(desk, profile);
	all = desk_there(desk, "last", "Customers");
	assert_non_null(all);
	json_decref(all);
	profile = movius_about(desk, AU_CALL_REMOVE);
	profile.known.last_name = "Customers";
	desk_follow(desk, profile);
	assert_int_equal(desk_count_there(desk), 0);
	assert_int_not_equal(use(desk, "Dialler"), 0);
	expect_no_password_in_log(desk);
}

/* MV-R10: no password is reset; a second user takes over, and the first one is deleted alone. */
static void
movius_rotates_by_a_second_user(void **state)
{
	struct desk *desk = *state;
	struct au_call call;
	json_t *mail;

	assert_int_equal(desk_resolve(desk, "{\"applications\":[\"Salesforce\"]}", NULL), 0);
	desk_follow(desk, movius_create(desk, "crm@example.com"));
	desk_follow(desk, movius_about(desk, AU_CALL_RESET_SECRET));
	assert_string_equal(desk_reported(desk, "id"), "crm+2@example.com");
	assert_null(json_object_get(desk->report, "secret"));
	assert_int_equal(desk_count_there(desk), 2);
	expect_applications(desk, "crm@example.com", "[\"Salesforce\"]");
	expect_applications(desk, "crm+2@example.com", "[\"Salesforce\"]");
	mail = console_call(&desk->room, "/__sim/mailbox", NULL);
	assert_string_equal(au_json_get_str(json_array_get(mail, 1), "to"), "crm+2@example.com");
	json_decref(mail);
	desk_follow(desk, movius_about(desk, AU_CALL_REMOVE));
	expect_applications(desk, "crm+2@example.com", "[\"Salesforce\"]");
	assert_int_equal(desk_count_there(desk), 1);
	assert_int_equal(use(desk, "Salesforce"), 0);
	/* The next one has the first address again, as that is free; orders find the second one by its own. */
	call = movius_about(desk, AU_CALL_RESET_SECRET);
	call.account.id = call.known.id = "crm+2@example.com";
	desk_follow(desk, call);
	assert_string_equal(desk_reported(desk, "id"), "crm@example.com");
	call.op = AU_CALL_REMOVE;
	desk_follow(desk, call);
	expect_applications(desk, "crm@example.com", "[\"Salesforce\"]");
	assert_int_equal(desk_count_there(desk), 1);
}

/* What is done applies to the organisation that is chosen: a namesake elsewhere is left alone. */
static void
movius_keeps_to_its_organisation(void **state)
{
	struct desk *desk = *state;

	assert_int_equal(desk_resolve(desk, "{\"applications\":[\"HttpApi\"]}", NULL), 0);
	json_decref(console_call(&desk->room, "/__sim/seed",
	    json_pack("{s:s, s:s, s:s, s:s, s:[s]}", "organisation", "Example > Service", "first", "API", "last", "CRM",
		"mail", "crm@example.com", "applications", "HttpApi")));
	assert_false(desk_try(desk, movius_about(desk, AU_CALL_REMOVE)));
	assert_int_equal(desk_count_there(desk), 1);
	desk_follow(desk, movius_create(desk, "crm@example.com"));
	desk_follow(desk, movius_about(desk, AU_CALL_REMOVE));
	assert_int_equal(desk_count_there(desk), 1);
}

/* MV-R01 */
static void
movius_needs_the_privilege(void **state)
{
	struct desk *desk = *state;

	assert_int_equal(desk_resolve(desk, "{\"applications\":[\"HttpApi\"]}", NULL), 0);
	desk->right = "Reports";
	assert_false(desk_try(desk, movius_create(desk, "crm@example.com")));
	assert_non_null(strstr(desk->why, "privilege"));
}

/* MV-R04, MV-R05, MV-R06, MV-R10. */
static void
movius_refuses_what_cannot_be(void **state)
{
	struct desk *desk = *state;

	assert_int_equal(desk_resolve(desk, "{\"applications\":[]}", "MV-R04"), AU_EINVAL);
	assert_int_equal(desk_resolve(desk, "{\"applications\":[\"Zoom\"]}", "'Zoom' is neither"), AU_EINVAL);
	assert_int_equal(desk_resolve(desk, "{\"applications\":[\"httpapi\"]}", "expected 'HttpApi'"), AU_EINVAL);
	assert_int_equal(
	    desk_resolve(desk, "{\"applications\":[\"HttpApi\"],\"purpose\":\"salesforce\"}", "MV-R05"), AU_EINVAL);
	assert_int_equal(desk_resolve(desk, "{\"applications\":[\"Salesforce\"],\"purpose\":\"salesforce\"}", NULL), 0);
	desk_refused(desk, movius_create(desk, "crm@elsewhere.example"), AU_EINVAL, "mail_domains");
	desk_refused(desk, movius_create(desk, "crm"), AU_EINVAL, "MV-R03");
	desk_refused(desk, movius_about(desk, AU_CALL_SET_ACTIVE), AU_ENOSUP, "");
}

int
main(void)
{
#define MOVIUS(name) cmocka_unit_test_setup_teardown(movius_##name, begin, desk_end)
	const struct CMUnitTest tests[] = {
		MOVIUS(adds_edits_and_deletes),
		MOVIUS(rotates_by_a_second_user),
		MOVIUS(keeps_to_its_organisation),
		MOVIUS(needs_the_privilege),
		MOVIUS(refuses_what_cannot_be),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
