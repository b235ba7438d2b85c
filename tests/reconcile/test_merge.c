/* SPDX-License-Identifier: ISC */
/* Merge and rule matching over gathered entries. */
#include "reconcile/merge.h"
#include "reconcile/wanted.h"

#include "base/str.h"
#include "tests/unit.h"

#include <string.h>

static void
the_first_source_with_a_value_wins(void **state)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct au_entry entries[] = {
		{ .source = "corp", .id = "1", .user_name = "ann", .display_name = "", .active = true },
		{ .source = "hr",
		    .id = "2",
		    .user_name = "a.arbor",
		    .display_name = "Ann Arbor",
		    .mail = "ann@x.example",
		    .active = true },
	};
	struct au_gathered g = { .key = "ann@x.example", .entries = entries, .entry_count = 2 };
	struct au_apiuser user;

	(void)state;
	au_merge(arena, &g, &user);
	assert_string_equal(user.user_name, "ann");
	assert_string_equal(user.display_name, "Ann Arbor");
	assert_string_equal(user.mail, "ann@x.example");
	assert_null(user.conflict);
}

/* One source's name beside another one's reference would be of two owners. */
static void
owner_comes_whole_from_one_source(void **state)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct au_entry entries[] = {
		{ .source = "corp", .id = "1", .application = "crm", .active = true },
		{ .source = "hr", .id = "2", .owner_dn = "uid=gone", .application = "erp", .active = true },
		{ .source = "okta", .id = "3", .owner = "bob@x.example", .active = true },
	};
	struct au_gathered g = { .key = "k", .entries = entries, .entry_count = 3 };
	struct au_apiuser user, other;

	(void)state;
	au_merge(arena, &g, &user);
	assert_string_equal(user.application, "crm");
	assert_null(user.owner);
	assert_string_equal(user.owner_ref, "uid=gone");
	entries[1].owner = "gone@x.example";
	au_merge(arena, &g, &other);
	assert_string_equal(other.owner, "gone@x.example");
	assert_true(au_merge_differs(&user, &other));
	entries[0].application = "erp";
	au_merge(arena, &g, &user);
	assert_true(au_merge_differs(&user, &other));
}

static void
two_entries_of_one_source_are_a_conflict(void **state)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct au_entry entries[] = {
		{ .source = "corp", .id = "1", .dn = "uid=a,dc=x", .active = true },
		{ .source = "corp", .id = "2", .dn = "uid=b,dc=x", .active = true },
	};
	struct au_gathered g = { .key = "k", .entries = entries, .entry_count = 2 };
	struct au_apiuser user;

	(void)state;
	au_merge(arena, &g, &user);
	assert_non_null(user.conflict);
	assert_non_null(strstr(user.conflict, "uid=b,dc=x"));
}

static void
a_rule_holds_by_group_and_activity(void **state)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct au_entry entries[] = { { .source = "corp", .id = "1", .active = true } };
	struct au_belongs groups[] = {
		{ .entry = 0, .group_id = "g", .dn_norm = "cn=api,dc=x", .name = "api", .name_fold = "api" }
	};
	struct au_gathered g = { .key = "k", .entries = entries, .entry_count = 1, .groups = groups, .group_count = 1 };
	struct au_rule by_dn = {
		.name = "r", .source = "corp", .group = "CN=api,DC=x", .group_norm = "cn=api,dc=x", .is_dn = true
	};
	struct au_rule by_name = { .name = "r", .source = "corp", .group = "API", .group_norm = "api" };
	struct au_rule other = { .name = "r", .source = "corp", .group = "other", .group_norm = "other" };
	struct au_rule all = { .name = "r", .source = "corp", .group = "*" };
	struct au_rule elsewhere = { .name = "r", .source = "okta", .group = "*" };
	const char *why = NULL;

	(void)state;
	assert_true(au_rule_holds(arena, &by_dn, &g, &why));
	assert_true(au_rule_holds(arena, &by_name, &g, NULL));
	assert_true(au_rule_holds(arena, &all, &g, NULL));
	assert_false(au_rule_holds(arena, &other, &g, NULL));
	assert_false(au_rule_holds(arena, &elsewhere, &g, &why));
	assert_non_null(strstr(why, "not known to 'okta'"));
	entries[0].active = false;
	assert_false(au_rule_holds(arena, &by_dn, &g, &why));
	assert_non_null(strstr(why, "disabled there"));
}

/* A group may be called what a role is worth: each rule means its own kind. */
static void
roles_and_entitlements_are_no_groups_by_name(void **state)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct au_entry entries[] = { { .source = "okta", .id = "1", .active = true },
		{ .source = "okta", .id = "2", .active = true } };
	struct au_belongs groups[] = {
		{ .entry = 0,
		    .group_id = au_grant_id(arena, AU_GRANT_ENTITLEMENT, "API"),
		    .name = "API",
		    .name_fold = "api" },
		{ .entry = 1, .group_id = "g", .name = "api", .name_fold = "api" },
	};
	struct au_gathered granted = { .entries = entries, .entry_count = 1, .groups = groups, .group_count = 2 };
	struct au_gathered member = {
		.entries = &entries[1], .entry_count = 1, .groups = &groups[1], .group_count = 1
	};
	struct au_rule entitlement = { .source = "okta",
		.group = "entitlement:Api",
		.group_norm = au_grant_id(arena, AU_GRANT_ENTITLEMENT, "Api"),
		.is_grant = true };
	struct au_rule role = { .source = "okta",
		.group = "role:api",
		.group_norm = au_grant_id(arena, AU_GRANT_ROLE, "api"),
		.is_grant = true };
	struct au_rule group = { .source = "okta", .group = "API", .group_norm = "api" };
	const char *why = NULL;

	(void)state;
	groups[1].entry = 0;
	granted.group_count = 1;
	assert_true(au_rule_holds(arena, &entitlement, &granted, &why));
	assert_string_equal(why, "in entitlement:Api of 'okta'");
	assert_false(au_rule_holds(arena, &role, &granted, NULL));
	assert_false(au_rule_holds(arena, &group, &granted, NULL));
	assert_true(au_rule_holds(arena, &group, &member, NULL));
	assert_false(au_rule_holds(arena, &entitlement, &member, NULL));
}

static void
login_patterns_are_filled_or_refused(void **state)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct au_apiuser user = { .id = "i", .user_name = "ann", .mail = "ann.arbor@x.example" };
	struct au_err err = { 0 };
	const char *login = NULL;

	(void)state;
	assert_int_equal(au_wanted_login(arena, "api-{localPart}", &user, &login, &err), 0);
	assert_string_equal(login, "api-ann.arbor");
	assert_int_equal(au_wanted_login(arena, "{mail}", &user, &login, &err), 0);
	assert_string_equal(login, "ann.arbor@x.example");
	assert_int_equal(au_wanted_login(arena, "{nope}", &user, &login, &err), AU_EINVAL);
	user.user_name = NULL;
	assert_int_equal(au_wanted_login(arena, "{userName}", &user, &login, &err), AU_EINVAL);
	assert_non_null(strstr(err.text, "userName"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_source_with_a_value_wins),
		cmocka_unit_test(owner_comes_whole_from_one_source),
		cmocka_unit_test(two_entries_of_one_source_are_a_conflict),
		cmocka_unit_test(a_rule_holds_by_group_and_activity),
		cmocka_unit_test(roles_and_entitlements_are_no_groups_by_name),
		cmocka_unit_test(login_patterns_are_filled_or_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
