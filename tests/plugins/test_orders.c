/* SPDX-License-Identifier: ISC */
/*
 * The orders of iris-hr and movius, written by a real worker and followed to
 * the letter by somebody who knows nothing else, on screens that share no code
 * with either.  What is there at the end is compared with what was wanted.
 */
#include "tests/sim/console_client.h"
#include "tests/targetd/worker.h"

#include "base/mem.h"
#include "base/rand.h"
#include "base/str.h"

#include "tests/unit.h"

#include <stdlib.h>
#include <string.h>

struct set {
	struct room_client room;
	struct worker worker;
	const char *right;
	json_t *report; /* of the last order that was followed */
	char *why;      /* of the last that was not */
	char *rights;   /* the last that were resolved */
};

static struct set *
begin(const char *plugin, const char *right, json_t *options)
{
	struct set *set = au_xcalloc(1, sizeof(*set));
	char *path = au_xasprintf("%s/plugins/%s/.libs/%s.so", getenv("top_builddir"), plugin, plugin);
	struct au_err err;

	set->right = right;
	console_begin(&set->room, plugin);
	worker_start(&set->worker);
	if (worker_open_path(&set->worker, path, options, &err) != 0)
		fail_msg("%s", err.text);
	free(path);
	return set;
}

static int
begin_iris(void **state)
{
	*state = begin("iris-hr", "set-rights",
	    json_pack("{s:s, s:[s]}", "url", "https://hr.example.com", "legacy_users", "old0001"));
	return 0;
}

static int
begin_movius(void **state)
{
	*state = begin("movius", "API Users",
	    json_pack("{s:s, s:[s], s:[s]}", "organisation", "Example > Sales", "applications", "Dialler",
		"mail_domains", "example.com"));
	return 0;
}

static int
end(void **state)
{
	struct set *set = *state;

	assert_int_equal(worker_stop(&set->worker), 0);
	room_end(&set->room);
	json_decref(set->report);
	free(set->why);
	free(set->rights);
	free(set);
	return 0;
}

static int
resolve(struct set *set, const char *rights, const char *words)
{
	struct au_call call = { .op = AU_CALL_RESOLVE, .rights_in = rights };
	struct outcome outcome;
	int code;

	worker_call(&set->worker, &call, &outcome);
	code = outcome.err.code;
	if (code != 0 && (words == NULL || strstr(outcome.err.text, words) == NULL))
		fail_msg("%s: %s", rights, outcome.err.text);
	free(set->rights);
	set->rights = au_xstrdup(outcome.text);
	outcome_done(&outcome);
	return code;
}

static json_t *
order_of(struct set *set, struct au_call call)
{
	struct outcome outcome;
	json_t *order;

	worker_call(&set->worker, &call, &outcome);
	if (outcome.err.code != AU_EMANUAL)
		fail_msg("%s: %d %s", au_call_op_name(call.op), outcome.err.code, outcome.err.text);
	assert_non_null(outcome.order);
	order = json_incref(outcome.order);
	outcome_done(&outcome);
	return order;
}

static bool
try(struct set *set, struct au_call call)
{
	json_t *order = order_of(set, call);

	json_decref(set->report);
	free(set->why);
	set->why = NULL;
	set->report = console_follow(&set->room, set->right, order, &set->why);
	json_decref(order);
	return set->report != NULL;
}

static void
follow(struct set *set, struct au_call call)
{
	if (!try(set, call))
		fail_msg("%s", set->why);
}

static void
refused(struct set *set, struct au_call call, int code, const char *words)
{
	struct outcome outcome;

	worker_call(&set->worker, &call, &outcome);
	if (outcome.err.code != code || strstr(outcome.err.text, words) == NULL)
		fail_msg("%d %s", outcome.err.code, outcome.err.text);
	outcome_done(&outcome);
}

static const char *
reported(const struct set *set, const char *name)
{
	const char *text = au_json_get_str(set->report, name);

	assert_non_null(text);
	return text;
}

/* The user with that member in the simulator's state, or NULL; the caller's. */
static json_t *
there(struct set *set, const char *member, const char *value)
{
	json_t *state = console_call(&set->room, "/__sim/state", NULL), *user, *found = NULL;
	size_t i;

	json_array_foreach (json_object_get(state, "users"), i, user)
		if (au_streq(au_json_get_str(user, member), value))
			found = json_incref(user);
	json_decref(state);
	return found;
}

static size_t
count_there(struct set *set)
{
	json_t *state = console_call(&set->room, "/__sim/state", NULL);
	size_t count = json_array_size(json_object_get(state, "users"));

	json_decref(state);
	return count;
}

/* ---- IRIS HR Professional ------------------------------------------------------- */

#define READER "{\"self\":[\"Personal: read-only\",\"Contract:full\"],\"team\":[\"Absence: read-only\"]}"
#define READER_CANONICAL                                                                                               \
	"{\"others\":\"none\",\"secondary\":[],\"self\":[\"Contract: full\",\"Personal: read-only\"],"                 \
	"\"team\":[\"Absence: read-only\"]}"

static struct au_call
iris_create(const struct set *set, const char *login, int active)
{
	return (struct au_call){ .op = AU_CALL_CREATE,
		.account = { .login = login, .rights = set->rights, .active = active } };
}

static struct au_call
about(const struct set *set, enum au_call_op op, const char *login, const char *id, int active)
{
	return (struct au_call){ .op = op,
		.account = { .id = id, .login = login, .rights = set->rights, .active = active },
		.known = { .id = id, .login = login, .rights = set->rights, .active = active } };
}

static void
expect_access(json_t *user, const char *tab, const char *access)
{
	assert_string_equal(au_json_get_str(json_object_get(user, "rights"), tab), access);
}

static void
expect_use(struct set *set, const char *id, const char *secret, const char *method, const char *tab, long status)
{
	AU_CLEANUP(au_freep) char *pair = au_xasprintf("%s:%s", id, secret);
	AU_CLEANUP(au_freep) char *encoded = au_base64url(pair, strlen(pair));
	AU_CLEANUP(au_freep) char *header = au_xasprintf("Authorization: Basic %s", encoded);
	AU_CLEANUP(au_freep) char *path = au_xasprintf("/data/%s", tab);

	assert_int_equal(room_call_raw(&set->room, header, method, path, NULL, NULL), status);
}

/* IR-R01 to IR-R05, IR-R07, IR-R09, IR-R12. */
static void
iris_makes_a_user_with_the_rights_of_the_template_and_no_others(void **state)
{
	struct set *set = *state;
	json_t *user;

	assert_int_equal(resolve(set, READER, NULL), 0);
	assert_string_equal(set->rights, READER_CANONICAL);
	follow(set, iris_create(set, "crm", 1));
	user = there(set, "username", reported(set, "id"));
	assert_non_null(user);
	assert_string_equal(au_json_get_str(user, "name"), "crm");
	assert_true(json_is_true(json_object_get(user, "active")));
	expect_access(user, "Self > Personal", "read-only");
	expect_access(user, "Self > Contract", "full");
	expect_access(user, "Team > Absence", "read-only");
	expect_access(user, "Self > Absence", "none");
	expect_access(user, "Secondary > Salary", "none");
	json_decref(user);
	expect_use(set, reported(set, "id"), reported(set, "secret"), "GET", "Self/Personal", 200);
	expect_use(set, reported(set, "id"), reported(set, "secret"), "DELETE", "Self/Personal", 403);
	expect_use(set, reported(set, "id"), reported(set, "secret"), "GET", "Team/Salary", 403);
}

/* IR-R07: whenever the operator stops, nobody is active with more than was wanted. */
static void
iris_leaves_no_active_user_with_full_rights_when_the_operator_stops(void **state)
{
	struct set *set = *state;

	assert_int_equal(resolve(set, READER, NULL), 0);
	for (size_t lines = 1;; lines++) {
		AU_CLEANUP(au_freep) char *name = au_xasprintf("half-%zu", lines);
		json_t *order = order_of(set, iris_create(set, name, 1)), *all = json_object_get(order, "lines"), *user;
		bool whole = lines >= json_array_size(all);
		char *why = NULL;

		while (json_array_size(all) > lines)
			json_array_remove(all, json_array_size(all) - 1);
		json_object_del(order, "asks");
		json_object_set_new(order, "secret", json_string("none"));
		json_decref(console_follow(&set->room, set->right, order, &why));
		json_decref(order);
		assert_null(why);
		user = there(set, "name", name);
		assert_true(user == NULL || whole || json_is_false(json_object_get(user, "active")));
		json_decref(user);
		if (whole)
			return;
	}
}

static void
iris_finds_the_button_whatever_it_is_called(void **state)
{
	struct set *set = *state;

	console_switch(&set->room, "confirm_button", json_string("Add"));
	console_switch(&set->room, "active_ticked", json_false());
	console_switch(&set->room, "confirm_delete", json_true());
	assert_int_equal(resolve(set, "{\"others\":\"full\"}", NULL), 0);
	follow(set, iris_create(set, "whole", 0));
	AU_CLEANUP(au_freep) char *id = au_xstrdup(reported(set, "id"));
	json_t *user = there(set, "username", id);
	assert_true(json_is_false(json_object_get(user, "active")));
	expect_access(user, "Self > Salary", "full");
	json_decref(user);
	follow(set, about(set, AU_CALL_REMOVE, "whole", id, 0));
	assert_int_equal(count_there(set), 0);
}

/* IR-R08, IR-R13: the life of a user after its birth. */
static void
iris_changes_rights_status_and_password_and_deletes(void **state)
{
	struct set *set = *state;
	AU_CLEANUP(au_freep) char *id = NULL;
	AU_CLEANUP(au_freep) char *first = NULL;
	AU_CLEANUP(au_freep) char *second = NULL;
	json_t *user;

	assert_int_equal(resolve(set, READER, NULL), 0);
	follow(set, iris_create(set, "crm", 1));
	id = au_xstrdup(reported(set, "id"));
	first = au_xstrdup(reported(set, "secret"));
	assert_int_equal(resolve(set, "{\"others\":\"read-only\",\"team\":[\"Salary: none\"]}", NULL), 0);
	follow(set, about(set, AU_CALL_SET_RIGHTS, "crm", id, -1));
	user = there(set, "username", id);
	expect_access(user, "Team > Salary", "none");
	expect_access(user, "Self > Contract", "read-only");
	json_decref(user);
	follow(set, about(set, AU_CALL_RESET_SECRET, "crm", id, -1));
	second = au_xstrdup(reported(set, "secret"));
	assert_string_not_equal(first, second);
	expect_use(set, id, first, "GET", "Self/Contract", 401);
	expect_use(set, id, second, "GET", "Self/Contract", 200);
	follow(set, about(set, AU_CALL_SET_ACTIVE, "crm", id, 0));
	expect_use(set, id, second, "GET", "Self/Contract", 401);
	follow(set, about(set, AU_CALL_SET_ACTIVE, "crm", id, 1));
	expect_use(set, id, second, "GET", "Self/Contract", 200);
	follow(set, about(set, AU_CALL_REMOVE, "crm", id, -1));
	assert_int_equal(count_there(set), 0);
}

/* IR-R06: the eleventh is refused by the product, and the operator says so. */
static void
iris_has_ten_active_users(void **state)
{
	struct set *set = *state;

	assert_int_equal(resolve(set, READER, NULL), 0);
	for (int i = 0; i < 10; i++)
		json_decref(
		    console_call(&set->room, "/__sim/seed", json_pack("{s:o}", "name", json_sprintf("other-%d", i))));
	assert_false(try(set, iris_create(set, "eleventh", 1)));
	assert_non_null(strstr(set->why, "10 active"));
	/* That it refuses, and does not only warn, is not documented. */
	console_switch(&set->room, "refuse_eleventh", json_false());
	follow(set, iris_create(set, "twelfth", 1));
}

/* Nothing says that names are unique, so an order of ours never makes the second of a name. */
static void
iris_never_makes_a_second_user_of_a_name(void **state)
{
	struct set *set = *state;

	assert_int_equal(resolve(set, READER, NULL), 0);
	json_decref(console_call(&set->room, "/__sim/seed", json_pack("{s:s}", "name", "crm")));
	assert_false(try(set, iris_create(set, "crm", 1)));
	assert_non_null(strstr(set->why, "already"));
	assert_int_equal(count_there(set), 1);
}

/* The answer to "Confirm the form" is lost: who begins again finds the user, and makes no second one. */
static void
iris_is_not_made_twice_when_an_answer_is_lost(void **state)
{
	struct set *set = *state;
	json_t *user;

	assert_int_equal(resolve(set, READER, NULL), 0);
	json_decref(
	    console_call(&set->room, "/__sim/fault", json_pack("{s:s, s:i}", "path", "/__sim/ui/press", "after", 2)));
	assert_false(try(set, iris_create(set, "crm", 1)));
	assert_non_null(strstr(set->why, "does not answer"));
	assert_false(try(set, iris_create(set, "crm", 1)));
	assert_non_null(strstr(set->why, "already"));
	assert_int_equal(count_there(set), 1);
	user = there(set, "name", "crm");
	assert_true(json_is_false(json_object_get(user, "active")));
	json_decref(user);
}

/* On no screen, so nobody can follow it there. */
static void
expect_support(struct set *set, enum au_call_op op)
{
	json_t *order = order_of(set, about(set, op, "old", "old0001", 0));
	const json_t *lines = json_object_get(order, "lines");

	assert_int_equal(json_array_size(lines), 1);
	assert_non_null(strstr(au_json_get_str(json_array_get(lines, 0), "what"), "Ask IRIS support to delete"));
	json_decref(order);
}

/* IR-R11 */
static void
iris_makes_users_from_before_the_new_screen_anew(void **state)
{
	struct set *set = *state;
	json_t *user;

	assert_int_equal(resolve(set, READER, NULL), 0);
	json_decref(console_call(&set->room, "/__sim/seed",
	    json_pack("{s:s, s:s, s:b}", "name", "old", "username", "old0001", "legacy", 1)));
	refused(set, about(set, AU_CALL_SET_RIGHTS, "old", "old0001", -1), AU_ENOSUP, "IR-R11");
	expect_support(set, AU_CALL_REMOVE);
	expect_support(set, AU_CALL_SET_ACTIVE);
	follow(set, about(set, AU_CALL_RESET_SECRET, "old", "old0001", 1));
	user = there(set, "username", reported(set, "id"));
	assert_string_not_equal(reported(set, "id"), "old0001");
	expect_access(user, "Self > Personal", "read-only");
	expect_access(user, "Self > Salary", "none");
	json_decref(user);
	expect_use(set, reported(set, "id"), reported(set, "secret"), "GET", "Self/Personal", 200);
}

/* IR-R10: who may not see API users cannot do the order. */
static void
iris_shows_users_to_people_with_set_rights_only(void **state)
{
	struct set *set = *state;

	assert_int_equal(resolve(set, READER, NULL), 0);
	set->right = "reports";
	assert_false(try(set, iris_create(set, "crm", 1)));
	assert_non_null(strstr(set->why, "Set Rights only"));
}

static void
iris_refuses_templates_that_cannot_be(void **state)
{
	struct set *set = *state;

	assert_int_equal(resolve(set, "{\"self\":[\"Personal\"]}", "expected TAB: ACCESS"), AU_EINVAL);
	assert_int_equal(resolve(set, "{\"self\":[\": full\"]}", "name of a tab"), AU_EINVAL);
	assert_int_equal(
	    resolve(set, "{\"team\":[\"Personal: write\"]}", "right 'team': 'Personal: write'"), AU_EINVAL);
	assert_int_equal(resolve(set, "{\"self\":[\"Personal: full\",\"PERSONAL: none\"]}", "twice"), AU_EINVAL);
	/* IR-R15 */
	assert_int_equal(resolve(set, "{\"integration\":\"iris-recruitment\"}", "IR-R15"), AU_EINVAL);
	assert_int_equal(
	    resolve(set, "{\"integration\":\"iris-recruitment\",\"others\":\"full\",\"self\":[\"Salary: none\"]}",
		"IR-R15"),
	    AU_EINVAL);
	assert_int_equal(
	    resolve(set, "{\"integration\":\"iris-recruitment\",\"team\":[\"Starters & Leavers: full\"]}", NULL), 0);
	assert_int_equal(resolve(set, "{\"integration\":\"iris-recruitment\",\"others\":\"full\"}", NULL), 0);
	assert_string_equal(set->rights, "{\"others\":\"full\",\"secondary\":[],\"self\":[],\"team\":[]}");
	/* What is said and is the same anyway makes no difference. */
	assert_int_equal(resolve(set, "{\"others\":\"full\",\"self\":[\"Salary: full\"]}", NULL), 0);
	assert_string_equal(set->rights, "{\"others\":\"full\",\"secondary\":[],\"self\":[],\"team\":[]}");
}

/* ---- Movius MultiLine ------------------------------------------------------------ */

static struct au_call
movius_create(const struct set *set, const char *mail)
{
	return (struct au_call){ .op = AU_CALL_CREATE,
		.account = { .login = "crm",
		    .first_name = "API",
		    .last_name = "CRM",
		    .mail = mail,
		    .rights = set->rights,
		    .active = 1 } };
}

static struct au_call
movius_about(const struct set *set, enum au_call_op op)
{
	return (struct au_call){ .op = op,
		.account = { .id = "crm", .login = "crm", .rights = set->rights, .active = -1 },
		.known = { .id = "crm",
		    .login = "crm",
		    .first_name = "API",
		    .last_name = "CRM",
		    .mail = "crm@example.com",
		    .rights = set->rights,
		    .active = 1 } };
}

static void
expect_applications(struct set *set, const char *mail, const char *wanted)
{
	json_t *user = there(set, "mail", mail);
	AU_CLEANUP(au_freep) char *have = NULL;

	assert_non_null(user);
	assert_string_equal(au_json_get_str(user, "organisation"), "Example > Sales");
	have = au_json_canonical(json_object_get(user, "applications"));
	assert_string_equal(have, wanted);
	json_decref(user);
}

/* What an application gets with the credentials of the last mail: 0, or why not. */
static long long
use(struct set *set, const char *application)
{
	AU_CLEANUP(au_freep) char *path = au_xasprintf("/use/%s", application);
	AU_CLEANUP(au_json_decrefp) json_t *mail = console_call(&set->room, "/__sim/mailbox", NULL);
	AU_CLEANUP(au_json_decrefp) json_t *answer = NULL;
	const json_t *last = json_array_get(mail, json_array_size(mail) - 1);

	answer = console_call(&set->room, path,
	    json_pack("{s:O, s:O}", "username", json_object_get(last, "username"), "password",
		json_object_get(last, "password")));
	return au_json_get_int(answer, "errcode");
}

static void
expect_no_password_in_log(struct set *set)
{
	AU_CLEANUP(au_json_decrefp) json_t *mail = console_call(&set->room, "/__sim/mailbox", NULL);
	AU_CLEANUP(au_json_decrefp) json_t *log = console_call(&set->room, "/__sim/log", NULL);
	AU_CLEANUP(au_freep) char *text = au_json_text(log);

	assert_non_null(strstr(text, "/use/"));
	assert_null(strstr(text, au_json_get_str(json_array_get(mail, 0), "password")));
}

/* MV-R02 to MV-R08. */
static void
movius_adds_edits_and_deletes(void **state)
{
	struct set *set = *state;
	struct au_call profile;
	json_t *all;

	assert_int_equal(resolve(set, "{\"applications\":[\"Salesforce\",\"HttpApi\",\"Salesforce\"]}", NULL), 0);
	assert_string_equal(set->rights, "{\"applications\":[\"HttpApi\",\"Salesforce\"]}");
	follow(set, movius_create(set, "crm@example.com"));
	assert_null(json_object_get(set->report, "secret")); /* nobody but the mailbox has it */
	expect_applications(set, "crm@example.com", "[\"HttpApi\",\"Salesforce\"]");
	all = console_call(&set->room, "/__sim/mailbox", NULL);
	assert_int_equal(json_array_size(all), 1);
	json_decref(all);
	assert_int_equal(use(set, "Salesforce"), 0);
	assert_int_not_equal(use(set, "Dialler"), 0);
	assert_int_equal(resolve(set, "{\"applications\":[\"Dialler\"]}", NULL), 0);
	follow(set, movius_about(set, AU_CALL_SET_RIGHTS));
	expect_applications(set, "crm@example.com", "[\"Dialler\"]");
	assert_int_equal(use(set, "Dialler"), 0);
	assert_int_not_equal(use(set, "Salesforce"), 0); /* HttpApi and others do not do for it */
	profile = movius_about(set, AU_CALL_SET_PROFILE);
	profile.account.first_name = "API";
	profile.account.last_name = "Customers";
	profile.account.mail = "crm@example.com";
	follow(set, profile);
	all = there(set, "last", "Customers");
	assert_non_null(all);
	json_decref(all);
	profile = movius_about(set, AU_CALL_REMOVE);
	profile.known.last_name = "Customers";
	follow(set, profile);
	assert_int_equal(count_there(set), 0);
	assert_int_not_equal(use(set, "Dialler"), 0);
	expect_no_password_in_log(set);
}

/* What is done applies to the organisation that is chosen: a namesake elsewhere is left alone. */
static void
movius_keeps_to_its_organisation(void **state)
{
	struct set *set = *state;

	assert_int_equal(resolve(set, "{\"applications\":[\"HttpApi\"]}", NULL), 0);
	json_decref(console_call(&set->room, "/__sim/seed",
	    json_pack("{s:s, s:s, s:s, s:s, s:[s]}", "organisation", "Example > Service", "first", "API", "last", "CRM",
		"mail", "crm@example.com", "applications", "HttpApi")));
	assert_false(try(set, movius_about(set, AU_CALL_REMOVE)));
	assert_int_equal(count_there(set), 1);
	follow(set, movius_create(set, "crm@example.com"));
	follow(set, movius_about(set, AU_CALL_REMOVE));
	assert_int_equal(count_there(set), 1);
}

/* MV-R01 */
static void
movius_needs_the_privilege(void **state)
{
	struct set *set = *state;

	assert_int_equal(resolve(set, "{\"applications\":[\"HttpApi\"]}", NULL), 0);
	set->right = "Reports";
	assert_false(try(set, movius_create(set, "crm@example.com")));
	assert_non_null(strstr(set->why, "privilege"));
}

/* MV-R04, MV-R05, MV-R06, MV-R10. */
static void
movius_refuses_what_cannot_be(void **state)
{
	struct set *set = *state;

	assert_int_equal(resolve(set, "{\"applications\":[]}", "MV-R04"), AU_EINVAL);
	assert_int_equal(resolve(set, "{\"applications\":[\"Zoom\"]}", "'Zoom' is neither"), AU_EINVAL);
	assert_int_equal(resolve(set, "{\"applications\":[\"httpapi\"]}", "expected 'HttpApi'"), AU_EINVAL);
	assert_int_equal(
	    resolve(set, "{\"applications\":[\"HttpApi\"],\"purpose\":\"salesforce\"}", "MV-R05"), AU_EINVAL);
	assert_int_equal(resolve(set, "{\"applications\":[\"Salesforce\"],\"purpose\":\"salesforce\"}", NULL), 0);
	refused(set, movius_create(set, "crm@elsewhere.example"), AU_EINVAL, "mail_domains");
	refused(set, movius_create(set, "crm"), AU_EINVAL, "MV-R03");
	refused(set, movius_about(set, AU_CALL_SET_ACTIVE), AU_ENOSUP, "");
	refused(set, movius_about(set, AU_CALL_RESET_SECRET), AU_ENOSUP, "");
}

int
main(void)
{
#define IRIS(name) cmocka_unit_test_setup_teardown(iris_##name, begin_iris, end)
#define MOVIUS(name) cmocka_unit_test_setup_teardown(movius_##name, begin_movius, end)
	const struct CMUnitTest tests[] = {
		IRIS(makes_a_user_with_the_rights_of_the_template_and_no_others),
		IRIS(leaves_no_active_user_with_full_rights_when_the_operator_stops),
		IRIS(finds_the_button_whatever_it_is_called),
		IRIS(changes_rights_status_and_password_and_deletes),
		IRIS(has_ten_active_users),
		IRIS(never_makes_a_second_user_of_a_name),
		IRIS(is_not_made_twice_when_an_answer_is_lost),
		IRIS(makes_users_from_before_the_new_screen_anew),
		IRIS(shows_users_to_people_with_set_rights_only),
		IRIS(refuses_templates_that_cannot_be),
		MOVIUS(adds_edits_and_deletes),
		MOVIUS(keeps_to_its_organisation),
		MOVIUS(needs_the_privilege),
		MOVIUS(refuses_what_cannot_be),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
