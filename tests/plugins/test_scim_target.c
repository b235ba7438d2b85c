/* SPDX-License-Identifier: ISC */
/* The life of an account in a simulated SCIM service, with its habits and its faults. */
#include "service.h"

#include "base/clock.h"
#include "base/mem.h"
#include "base/str.h"

#include "tests/unit.h"

#include <string.h>

#define LOGIN "app-crm"
#define TEMPLATE "{\"groups\":[\"Readers\"],\"roles\":[\"viewer\"],\"entitlements\":[\"api\"]}"
#define OTHER_TEMPLATE "{\"groups\":[\"Writers\"],\"roles\":[\"editor\",\"viewer\"]}"

/* ---- words ---------------------------------------------------------------------------- */

static int
create(struct service *s)
{
	return service_create(s, LOGIN, MARK, NULL);
}

static void
make_groups(struct service *s)
{
	service_group(s, "Readers");
	service_group(s, "Writers");
}

static int
set_rights(struct service *s, const char *id, const char *version)
{
	struct au_target_account want = { .rights = s->text, .version = version, .active = -1 };

	return s->table->set_rights(s->session, id, &want, service_emit, s, &s->err);
}

static json_t *
sorted_values(const json_t *list)
{
	json_t *values = json_array();

	for (size_t i = 0; i < json_array_size(list); i++)
		json_array_append(values, json_object_get(json_array_get(list, i), "value"));
	return values;
}

/* Compare the user in the service: JSON {active, groups, roles, entitlements}. */
static void
expect_user(struct service *s, const char *name, const char *expected)
{
	json_t *user = service_user(s, name), *want = json_loads(expected, 0, NULL), *have;
	json_t *active = json_object_get(user, "active");

	assert_non_null(user);
	assert_non_null(want);
	have = json_pack("{s:b, s:O, s:o, s:o}", "active",
	    json_is_true(active) || au_streq(json_string_value(active), "True"), "groups",
	    json_object_get(user, "groups"), "roles", sorted_values(json_object_get(user, "roles")), "entitlements",
	    sorted_values(json_object_get(user, "entitlements")));
	if (!json_equal(have, want))
		fail_msg("%s: %s, expected %s", name, json_dumps(have, JSON_COMPACT), expected);
	json_decref(have);
	json_decref(want);
	json_decref(user);
}

static void
expect_active(struct service *s, bool active)
{
	assert_int_equal(
	    au_json_get_bool(json_array_get(s->accounts, json_array_size(s->accounts) - 1), "active", -1), active);
}

/* ---- the whole life ---------------------------------------------------------------------- */

/* Born closed, given its rights, read back, switched on; its rights change; it leaves.  `also` is what else the service
 * puts everybody into. */
static void
live(struct service *s, const char *also)
{
	struct au_target_account profile = { .label = "Renamed", .mail = "new@example.com", .active = -1 };
	const char *text;
	json_t *user;
	char *id;

	service_resolve(s, TEMPLATE);
	service_expect(s, create(s), 0, NULL);
	expect_active(s, false);
	assert_string_equal(service_member(s, "mark"), MARK);
	id = service_id(s);
	service_expect(s, set_rights(s, id, service_member(s, "version")), 0, NULL);
	assert_string_equal(service_member(s, "rights"), s->text);
	expect_active(s, false);
	service_expect(s, s->table->set_active(s->session, id, true, service_emit, s, &s->err), 0, NULL);
	expect_active(s, true);
	text = au_streq(also, "") ? "{\"active\":true,\"groups\":[\"Readers\"],\"roles\":[\"viewer\"],"
				    "\"entitlements\":[\"api\"]}"
				  : "{\"active\":true,\"groups\":[\"Everyone\",\"Readers\"],\"roles\":[\"viewer\"],"
				    "\"entitlements\":[\"api\"]}";
	expect_user(s, LOGIN, text);

	service_expect(s, s->table->set_profile(s->session, id, &profile, service_emit, s, &s->err), 0, NULL);
	assert_string_equal(service_member(s, "mail"), "new@example.com");
	assert_string_equal(service_member(s, "label"), "Renamed");
	assert_string_equal(service_member(s, "first_name"), "API");

	service_resolve(s, OTHER_TEMPLATE);
	service_expect(s, set_rights(s, id, NULL), 0, NULL);
	assert_string_equal(service_member(s, "rights"), s->text);
	text = au_streq(also, "") ? "{\"active\":true,\"groups\":[\"Writers\"],\"roles\":[\"editor\",\"viewer\"],"
				    "\"entitlements\":[]}"
				  : "{\"active\":true,\"groups\":[\"Everyone\",\"Writers\"],"
				    "\"roles\":[\"editor\",\"viewer\"],\"entitlements\":[]}";
	expect_user(s, LOGIN, text);

	service_forget(s);
	service_expect(s, s->table->find(s->session, "APP-crm", service_emit, s, &s->err), 0, NULL);
	assert_int_equal(json_array_size(s->accounts), 1);
	assert_string_equal(service_member(s, "id"), id);
	service_expect(s, s->table->set_active(s->session, id, false, service_emit, s, &s->err), 0, NULL);
	service_expect(s, s->table->remove(s->session, id, &s->err), 0, NULL);
	user = service_user(s, LOGIN);
	assert_null(user);
	service_expect(s, s->table->remove(s->session, id, &s->err), 0, NULL);
	service_expect(s, s->table->get(s->session, id, service_emit, s, &s->err), AU_ENOENT, NULL);
	free(id);
}

struct habit {
	const char *quirks, *options; /* JSON, with ' for " */
	const char *also;
};

static void
every_service_ends_with_the_same_account(void **state)
{
	static const struct habit habits[] = {
		{ "{}", "{}", "" },
		{ "{'undiscovered':1}", "{}", "" },
		{ "{}", "{'discovery':false}", "" },
		{ "{'no_patch':1}", "{'put_members':true}", "" },
		{ "{'undiscovered':1,'no_patch':1}", "{'put_members':true,'update':'put'}", "" },
		{ "{'no_filter':1}", "{}", "" },
		{ "{'deaf_filter':1}", "{'filter':'no'}", "" },
		{ "{'no_external_filter':1}", "{}", "" },
		{ "{'no_etag':1}", "{}", "" },
		{ "{'cursor':1,'page_most':1,'no_filter':1}", "{}", "" },
		{ "{'page_most':1,'no_filter':1,'no_user_groups':1}", "{}", "" },
		{ "{'unpaged':1}", "{}", "" },
		{ "{'born_active':1}", "{}", "" },
		{ "{'texts':1}", "{}", "" },
		{ "{'list_removal':1}", "{'member_removal':'list'}", "" },
		{ "{'values_only':1}", "{'patch_form':'value'}", "" },
		{ "{'no_user_groups':1}", "{}", "" },
		{ "{'no_user_groups':1,'bare_groups':1,'undiscovered':1}", "{'memberships':'groups'}", "" },
		{ "{'everybody':1}", "{'foreign_groups':['Everyone']}", "Everyone" },
		{ "{'everybody':1,'no_user_groups':1}", "{'foreign_groups':['Everyone']}", "Everyone" },
		{ "{'json_only':1}", "{'media_type':'json'}", "" },
		{ "{'strict_groups':1}", "{}", "" },
		{ "{'offers':1}", "{}", "" },
		{ "{'offers':1,'page_most':2,'texts':1,'cursor':1}", "{}", "" },
		{ "{'offers':1}", "{'catalogue':false}", "" },
		{ "{}", "{'auth':'basic','username':'operator','password':'" SERVICE_TOKEN "'}", "" },
	};
	struct service *s = *state;

	for (size_t i = 0; i < AU_COUNT(habits); i++) {
		service_set_up(state);
		print_message("%s %s\n", habits[i].quirks, habits[i].options);
		make_groups(s);
		service_quirks(s, service_json(habits[i].quirks));
		service_open(s, service_json(habits[i].options));
		live(s, habits[i].also);
	}
}

/* ---- create -------------------------------------------------------------------------------- */

static void
lost_answer_makes_no_second_account(void **state)
{
	static const char another[] =
	    "{'no_patch':1,'cursor':1,'page_most':2,'no_user_groups':1,'no_external_filter':1}";
	static const char *const faults[] = {
		"[{'method':'POST','path':'*/Users','kind':'drop','commit':true}]",
		"[{'method':'POST','path':'*/Users','kind':'reset','commit':true}]",
		"[{'method':'POST','path':'*/Users','kind':'cut','commit':true}]",
		"[{'method':'POST','path':'*/Users','kind':'html','commit':true}]",
		"[{'method':'POST','path':'*/Users','kind':'status','status':503,'commit':true}]",
	};
	struct service *s = *state;

	for (size_t i = 0; i < 2 * AU_COUNT(faults); i++) {
		service_set_up(state);
		if (i % 2 != 0) {
			service_quirks(s, service_json(another));
			service_open(s, json_pack("{s:s, s:o, s:s, s:s}", "auth", "oauth", "token_url",
					    json_sprintf("%s/token", s->base), "client_id", "apiuserd", "client_secret",
					    SERVICE_TOKEN));
		}
		service_resolve(s, "{}");
		service_faults(s, service_json(faults[i / 2]));
		service_expect(s, create(s), 0, NULL);
		assert_int_equal(json_array_size(s->accounts), 1);
		assert_string_equal(service_member(s, "mark"), MARK);
		service_expect(s, create(s), AU_EEXIST, "with our mark");
		assert_int_equal(service_created(s, LOGIN), 1);
	}
}

/* Whichever answer is lost, there is one account or none, and what is said of it is not wrong. */
static void
no_lost_answer_is_one_too_many(void **state)
{
	static const char *const kinds[] = { "drop", "cut" };
	struct service *s = *state;

	for (size_t kind = 0; kind < AU_COUNT(kinds); kind++)
		for (int nth = 1; nth < 16; nth++) {
			long long made;
			int r;

			service_set_up(state);
			make_groups(s);
			service_quirks(s, service_json("{'no_patch':1,'cursor':1,'page_most':2,'no_user_groups':1,"
						       "'no_external_filter':1,'born_active':1}"));
			service_open(s, json_object());
			service_resolve(s, "{}");
			service_faults(s, json_pack("[{s:i, s:s, s:b}]", "nth", nth, "kind", kinds[kind], "commit", 1));
			r = service_create(s, LOGIN, MARK, NULL);
			made = service_created(s, LOGIN);
			assert_true(made <= 1);
			assert_true(r == 0 ? made == 1 : made == 0 || r == AU_EUNKNOWN);
		}
}

static void
create_that_was_not_heard_of_is_unknown(void **state)
{
	struct service *s = *state;

	service_resolve(s, "{}");
	service_faults(s, service_json("[{'method':'POST','path':'*/Users','kind':'drop'}]"));
	service_expect(s, create(s), AU_EUNKNOWN, NULL);
	assert_int_equal(json_array_size(s->accounts), 0);
	service_expect(s, create(s), 0, NULL);
	assert_int_equal(service_created(s, LOGIN), 1);
	/* and what cannot be looked up stays unknown */
	service_faults(
	    s, service_json("[{'method':'POST','path':'*/Users','kind':'drop','commit':true},"
			    "{'method':'GET','path':'*/Users','nth':2,'count':9,'kind':'status','status':500}]"));
	service_expect(s, service_create(s, "second", OTHER_MARK, NULL), AU_EUNKNOWN, NULL);
	service_faults(s, json_array());
	service_expect(s, service_create(s, "second", OTHER_MARK, NULL), AU_EEXIST, "with our mark");
	assert_int_equal(service_created(s, "second"), 1);
}

/* What is there already is not made inactive by a create that came too late. */
static void
account_that_is_there_stays_as_it_is(void **state)
{
	struct service *s = *state;
	json_t *before, *after;
	char *id;

	service_resolve(s, "{}");
	service_expect(s, create(s), 0, NULL);
	id = service_id(s);
	service_expect(s, s->table->set_active(s->session, id, true, service_emit, s, &s->err), 0, NULL);
	before = service_user(s, LOGIN);
	service_expect(s, create(s), AU_EEXIST, NULL);
	service_quirks(s, json_pack("{s:i}", "no_external_filter", 1));
	service_expect(s, create(s), AU_EEXIST, NULL);
	after = service_user(s, LOGIN);
	assert_true(json_equal(before, after));
	json_decref(before);
	json_decref(after);
	free(id);
}

static void
account_of_somebody_else_is_left_alone(void **state)
{
	struct service *s = *state;
	json_t *before, *after;

	service_resolve(s, "{}");
	service_expect(s, service_create(s, LOGIN, OTHER_MARK, NULL), 0, NULL);
	before = service_user(s, LOGIN);
	service_forget(s);
	service_resolve(s, "{}");
	service_expect(s, service_create(s, "App-CRM", MARK, NULL), AU_EEXIST, "userName is taken");
	assert_int_equal(json_array_size(s->accounts), 0);
	after = service_user(s, LOGIN);
	assert_true(json_equal(before, after));
	json_decref(before);
	json_decref(after);
}

static void
secret_is_set_and_never_told(void **state)
{
	struct service *s = *state;
	json_t *user;
	char *id;

	service_load(s, "scim-password");
	service_open(s, json_object());
	service_resolve(s, "{}");
	service_expect(s, service_create(s, LOGIN, MARK, "first-Secret_1"), 0, NULL);
	assert_null(service_member(s, "secret"));
	user = service_user(s, LOGIN);
	assert_string_equal(au_json_get_str(user, "password"), "first-Secret_1");
	json_decref(user);
	id = service_id(s);
	service_expect(s, s->table->reset_secret(s->session, id, "second-Secret_2", service_emit, s, &s->err), 0, NULL);
	assert_null(service_member(s, "secret"));
	user = service_user(s, LOGIN);
	assert_string_equal(au_json_get_str(user, "password"), "second-Secret_2");
	json_decref(user);
	free(id);
}

/* An id that is none leads neither to the list of all users nor to another path. */
static void
id_that_is_none_is_not_asked_for(void **state)
{
	static const char *const ids[] = { "", "a\r\nX-Injected: 1", "\x7f" };
	struct service *s = *state;

	service_expect(s, s->table->find(s->session, LOGIN, service_emit, s, &s->err), 0, NULL);
	for (size_t i = 0; i < AU_COUNT(ids); i++) {
		service_expect(s, s->table->get(s->session, ids[i], service_emit, s, &s->err), AU_EINVAL, "the id");
		service_expect(
		    s, s->table->set_active(s->session, ids[i], true, service_emit, s, &s->err), AU_EINVAL, "the id");
		service_expect(s, s->table->remove(s->session, ids[i], &s->err), AU_EINVAL, "the id");
	}
	assert_int_equal(service_requests(s, "DELETE", "*"), 0);
	assert_int_equal(service_requests(s, "PATCH", "*"), 0);
}

/* ---- rights ---------------------------------------------------------------------------------- */

static void
template_is_made_of_what_the_service_knows(void **state)
{
	static const struct {
		const char *rights, *options;
		int code;
		const char *words;
	} rows[] = {
		{ "{'groups':['Nobody']}", "{}", AU_EINVAL, "group 'Nobody' is unknown" },
		{ "{'groups':['Twice']}", "{}", AU_EINVAL, "2 groups have this name" },
		{ "{'groups':['#none']}", "{}", AU_EINVAL, "group '#none' is unknown" },
		{ "{'groups':['Readers']}", "{'foreign_groups':['Readers']}", AU_EINVAL, "filled by the service" },
		{ "{'groups':['Readers']}", "{'managed':['roles']}", AU_EINVAL, "option 'managed'" },
		{ "{'groups':[1]}", "{}", AU_EINVAL, "list of names" },
		{ "{'roles':[1]}", "{}", AU_EINVAL, "lists of names" },
		{ "{'groups':['readers']}", "{}", AU_EINVAL, "did you mean 'Readers'?" },
		{ "{'roles':['b','a','b']}", "{'managed':['roles']}", 0, NULL },
	};
	struct service *s = *state;

	make_groups(s);
	service_group(s, "Twice");
	service_group(s, "Twice");
	for (size_t i = 0; i < AU_COUNT(rows); i++) {
		json_t *rights = service_json(rows[i].rights);
		char *text = au_json_text(rights);

		service_open(s, service_json(rows[i].options));
		service_expect(
		    s, s->table->resolve(s->session, text, service_emit_text, s, &s->err), rows[i].code, rows[i].words);
		free(text);
		json_decref(rights);
	}
	assert_string_equal(s->text, "{\"roles\":[\"a\",\"b\"]}");
}

static void
resolve_to(struct service *s, const char *rights, int code, const char *words)
{
	json_t *given = service_json(rights);
	char *text = au_json_text(given);

	service_expect(
	    s, s->table->resolve(s->session, text, service_emit_text, s, &s->err), code, code != 0 ? words : NULL);
	if (code == 0)
		assert_string_equal(s->text, words);
	free(text);
	json_decref(given);
}

/* SC-R21: what a service lists is given by value, by name, or by id, and what it does not list is told of at once. */
static void
roles_are_those_that_the_service_lists(void **state)
{
	struct service *s = *state;

	service_quirks(s, service_json("{'offers':1}"));
	service_open(s, service_json("{'managed':['roles','entitlements']}"));
	resolve_to(s, "{'roles':['Viewing','editor'],'entitlements':['Access by API']}", 0,
	    "{\"entitlements\":[\"api\"],\"roles\":[\"editor\",\"viewer\"]}");
	resolve_to(s, "{'roles':['viewer','Viewing']}", 0, "{\"entitlements\":[],\"roles\":[\"viewer\"]}");
	resolve_to(s, "{'roles':['#7c9c5d07-0000-0000-0000-000000000000']}", AU_EINVAL, "unknown to the service");
	resolve_to(
	    s, "{'roles':['viewr']}", AU_EINVAL, "role 'viewr' is unknown to the service; did you mean 'viewer'");
	resolve_to(s, "{'roles':['Viewin']}", AU_EINVAL, "did you mean");
	resolve_to(s, "{'entitlements':['viewer']}", AU_EINVAL, "entitlement 'viewer' is unknown to the service");
	resolve_to(s, "{'roles':['owner']}", AU_EINVAL, "does not support it");
	resolve_to(s, "{'roles':['Regional']}", AU_EINVAL, "2 of them have this name");
	resolve_to(s, "{'roles':['']}", AU_EINVAL, "lists of names");
	service_faults(s, service_json("[{'method':'GET','path':'*/Roles','kind':'status','status':503}]"));
	resolve_to(s, "{'roles':['viewer']}", AU_ETEMP, "503");
	/* nothing is asked for that a template does not name */
	service_faults(s, service_json("[{'method':'GET','path':'*/Roles','kind':'status','status':503}]"));
	resolve_to(s, "{'entitlements':['api']}", 0, "{\"entitlements\":[\"api\"],\"roles\":[]}");
	service_faults(s, json_array());
	service_open(s, service_json("{'managed':['roles'],'catalogue':false}"));
	resolve_to(s, "{'roles':['owner','viewr']}", 0, "{\"roles\":[\"owner\",\"viewr\"]}");
}

/* SC-R22: the id stands for a value that is not there, and is what users hold. */
static void
roles_in_oktas_form_are_given_by_id(void **state)
{
	struct service *s = *state;
	json_t *user, *roles;
	char *by_name, *by_id;

	service_quirks(s, service_json("{'okta_offers':1}"));
	service_open(s, service_json("{'managed':['roles']}"));
	service_resolve(s, "{\"roles\":[\"Viewing\"]}");
	by_name = au_xstrdup(s->text);
	service_expect(s, create(s), 0, NULL);
	assert_string_equal(service_member(s, "rights"), by_name);
	user = service_user(s, LOGIN);
	roles = json_object_get(user, "roles");
	assert_int_equal(json_array_size(roles), 1);
	by_id = au_xasprintf("{\"roles\":[\"#%s\"]}", au_json_get_str(json_array_get(roles, 0), "value"));
	service_resolve(s, by_id);
	assert_string_equal(s->text, by_name);
	json_decref(user);
	free(by_name);
	free(by_id);
}

static void
change_on_an_old_version_is_refused(void **state)
{
	struct service *s = *state;
	char *id;

	make_groups(s);
	service_resolve(s, TEMPLATE);
	service_expect(s, create(s), 0, NULL);
	id = service_id(s);
	service_expect(s, set_rights(s, id, "W/\"77\""), AU_ETEMP, "moved from version");
	service_faults(s, service_json("[{'method':'PATCH','kind':'status','status':412}]"));
	service_expect(s, s->table->set_active(s->session, id, true, service_emit, s, &s->err), AU_ETEMP,
	    "somebody else changed it");
	service_expect(s, s->table->set_active(s->session, id, true, service_emit, s, &s->err), 0, NULL);
	free(id);
}

static void
every_change_says_which_version_it_is_of(void **state)
{
	struct service *s = *state;
	json_t *log, *one;
	size_t i, seen = 0;

	make_groups(s);
	live(s, "");
	log = service_get(s, "log");
	json_array_foreach (log, i, one) {
		if (!au_streq(au_json_get_str(one, "method"), "PATCH") ||
		    strstr(au_json_get_str(one, "path"), "/Users/") == NULL)
			continue;
		assert_non_null(au_json_get_str(one, "if_match"));
		seen++;
	}
	assert_true(seen >= 3);
	json_decref(log);
}

static json_t *
readers(struct service *s)
{
	json_t *all = service_get(s, "state"), *groups = json_object_get(all, "groups");
	json_t *members = json_incref(json_object_get(json_array_get(groups, 0), "members"));

	json_decref(all);
	return members;
}

static void
group_without_patch_keeps_its_members(void **state)
{
	struct service *s = *state;
	json_t *members;
	char *id;

	make_groups(s);
	service_resolve(s, TEMPLATE);
	service_expect(s, service_create(s, "other", OTHER_MARK, NULL), 0, NULL);
	id = service_id(s);
	service_expect(s, set_rights(s, id, NULL), 0, NULL);
	free(id);
	service_quirks(s, service_json("{'no_patch':1}"));
	service_open(s, json_object());
	service_expect(s, create(s), 0, NULL);
	id = service_id(s);
	service_expect(s, set_rights(s, id, NULL), AU_ENOSUP, "option put_members");
	members = readers(s);
	assert_int_equal(json_array_size(members), 1);
	json_decref(members);
	service_open(s, service_json("{'put_members':true}"));
	service_expect(s, set_rights(s, id, NULL), 0, NULL);
	members = readers(s);
	assert_int_equal(json_array_size(members), 2);
	json_decref(members);
	free(id);
}

static void
service_that_cannot_what_it_says_is_asked_again(void **state)
{
	struct service *s = *state;
	char *id;

	service_resolve(s, "{}");
	service_expect(s, create(s), 0, NULL);
	id = service_id(s);
	service_quirks(s, service_json("{'lies_patch':1}"));
	service_expect(
	    s, s->table->set_active(s->session, id, true, service_emit, s, &s->err), AU_ENOSUP, "not supported");
	service_quirks(s, service_json("{'no_patch':1}"));
	service_expect(s, s->table->set_active(s->session, id, true, service_emit, s, &s->err), 0, NULL);
	assert_int_equal(service_requests(s, "PUT", "*/Users/*"), 1);
	free(id);
}

int
main(void)
{
#define ROW(test) cmocka_unit_test_setup_teardown(test, service_set_up, service_tear_down)
	const struct CMUnitTest tests[] = {
		ROW(every_service_ends_with_the_same_account),
		ROW(lost_answer_makes_no_second_account),
		ROW(no_lost_answer_is_one_too_many),
		ROW(create_that_was_not_heard_of_is_unknown),
		ROW(account_that_is_there_stays_as_it_is),
		ROW(account_of_somebody_else_is_left_alone),
		ROW(secret_is_set_and_never_told),
		ROW(template_is_made_of_what_the_service_knows),
		ROW(id_that_is_none_is_not_asked_for),
		ROW(roles_are_those_that_the_service_lists),
		ROW(roles_in_oktas_form_are_given_by_id),
		ROW(change_on_an_old_version_is_refused),
		ROW(every_change_says_which_version_it_is_of),
		ROW(group_without_patch_keeps_its_members),
		ROW(service_that_cannot_what_it_says_is_asked_again),
	};

	return cmocka_run_group_tests(tests, service_begin, service_end);
}
