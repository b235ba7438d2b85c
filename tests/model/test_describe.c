/* SPDX-License-Identifier: ISC */
/* What a plugin says about itself: through JSON and back, and what is not believed. */
#include "tests/unit.h"

#include "base/json.h"
#include "model/describe.h"

#include <string.h>

static const char *const roles[] = { "reader", "writer", NULL };

static const struct au_opt instance_opts[] = {
	{ "url", AU_STR, AU_REQUIRED, 0, 0, NULL, NULL, "Where it is." },
	{ "pages", AU_INT, AU_RELOAD, 0, 0, NULL, NULL, "How many at a time." },
	{ "user", AU_STR, AU_OWN_LOGIN, 0, 0, NULL, NULL, "Who logs in." },
	AU_OPT_END,
};

static const struct au_opt rights_opts[] = {
	{ "roles", AU_LIST, AU_REQUIRED, 1, 5, roles, NULL, "Which roles." },
	AU_OPT_END,
};

static const struct au_product_rule rules[] = {
	{ "T-R01", "A login has 3 to 8 characters.", AU_DOCUMENTED, AU_RULE_LENGTH, "login", 3, 8, NULL, NULL },
	{ "T-R02", "Roles are known.", AU_OBSERVED, AU_RULE_CHOICE, "rights.roles", 0, 0, NULL, roles },
	{ "T-R03", "Be nice.", AU_INFERRED, AU_RULE_NOTE, NULL, 0, 0, NULL, NULL },
	{ "T-R05", "A writer stays.", AU_DOCUMENTED, AU_RULE_ADMIN, "rights.roles", 1, 0, NULL, roles },
	{ "T-R06", "Whoever reads goes on reading.", AU_OBSERVED, AU_RULE_EACH, "rights.roles", 2, 0, NULL, NULL },
	{ "T-R04", "Plain letters.", AU_INFERRED, AU_RULE_CHARS, "secret", 0, 0, "abc", NULL },
	AU_RULE_END,
};

static const struct au_pool pools[] = {
	{ "slots", "Active accounts.", AU_DOCUMENTED, AU_POOL_ACTIVE | AU_POOL_BILLED, NULL, NULL, 1, 10 },
	{ "seats:writer", "Licences of writers.", AU_OBSERVED, 0, "rights.roles", "writer", 2, -1 },
	AU_POOL_END,
};

static const struct au_target table = {
	.abi = AU_TARGET_ABI,
	.size = sizeof(struct au_target),
	.name = "test",
	.product = "Test Product",
	.version = "1.2",
	.summary = "A product for tests.",
	.caps = AU_CAP_LIST | AU_CAP_MANUAL | AU_CAP_SET_SECRET,
	.limits = { 10, -1, 60 },
	.password = { 8, 15, "abcABC123@", AU_PW_LOWER | AU_PW_SIGN },
	.instance_opts = instance_opts,
	.rights_opts = rights_opts,
	.rules = rules,
	.pools = pools,
};

static void
table_goes_through_json_and_back(void **state)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	json_t *json = au_describe_to_json(&table);
	struct au_describe d;
	struct au_err err;

	(void)state;
	assert_int_equal(au_describe_from_json(arena, json, &d, &err), 0);
	json_decref(json); /* everything is in the arena */
	assert_string_equal(d.name, "test");
	assert_string_equal(d.product, "Test Product");
	assert_string_equal(d.version, "1.2");
	assert_int_equal(d.abi, AU_TARGET_ABI);
	assert_int_equal(d.caps, table.caps);
	assert_int_equal(d.limits.max_active, 10);
	assert_int_equal(d.limits.max_accounts, -1);
	assert_int_equal(d.limits.calls_per_minute, 60);
	assert_int_equal(d.password.max_len, 15);
	assert_string_equal(d.password.alphabet, "abcABC123@");
	assert_int_equal(d.password.need, AU_PW_LOWER | AU_PW_SIGN);
	assert_string_equal(d.instance_opts[0].name, "url");
	for (const struct au_opt *row = instance_opts; row->name != NULL; row++)
		assert_int_equal(d.instance_opts[row - instance_opts].flags, row->flags);
	assert_int_equal(d.rules[3].min, 1);
	assert_string_equal(d.rules[3].choices[1], "writer");
	assert_string_equal(d.rights_opts[0].choices[1], "writer");
	for (size_t i = 0; i < AU_COUNT(rules) - 1; i++) {
		assert_string_equal(d.rules[i].id, rules[i].id);
		assert_int_equal(d.rules[i].kind, rules[i].kind);
		assert_int_equal(d.rules[i].evidence, rules[i].evidence);
		assert_int_equal(d.rules[i].max, rules[i].max);
	}
	assert_string_equal(d.rules[1].choices[0], "reader");
	assert_null(d.rules[2].field);
	for (size_t i = 0; i < AU_COUNT(pools) - 1; i++) {
		assert_string_equal(d.pools[i].name, pools[i].name);
		assert_string_equal(d.pools[i].text, pools[i].text);
		assert_int_equal(d.pools[i].evidence, pools[i].evidence);
		assert_int_equal(d.pools[i].flags, pools[i].flags);
		assert_int_equal(d.pools[i].units, pools[i].units);
		assert_int_equal(d.pools[i].limit, pools[i].limit);
	}
	assert_null(d.pools[0].field);
	assert_string_equal(d.pools[1].value, "writer");
	assert_null(d.pools[AU_COUNT(pools) - 1].name);
	assert_null(d.rules[AU_COUNT(rules) - 1].id);
}

static void
every_capability_has_a_name(void **state)
{
	(void)state;
	for (unsigned cap = 1; cap <= AU_CAP_RENEWS; cap <<= 1)
		assert_non_null(au_cap_name((enum au_cap)cap));
	assert_string_equal(au_cap_name(AU_CAP_SET_RIGHTS), "set-rights");
	assert_string_equal(au_cap_name(AU_CAP_MANUAL), "manual");
	assert_string_equal(au_cap_name(AU_CAP_RENEWS), "renews");
	assert_null(au_cap_name((enum au_cap)(AU_CAP_RENEWS << 1)));
	assert_null(au_cap_name((enum au_cap)0));
}

/* Take a good description, put one bad value somewhere, and see it refused. */
static void
one_bad_value_is_refused(void **state)
{
	static const struct {
		const char *inside; /* NULL: at the top */
		const char *name, *json;
	} rows[] = {
		{ NULL, "name", "\"\"" },
		{ NULL, "name", "null" },
		{ NULL, "product", "5" },
		{ NULL, "abi", "\"1\"" },
		{ NULL, "caps", "[\"fly\"]" },
		{ NULL, "caps", "[5]" },
		{ NULL, "caps", "null" },
		{ NULL, "limits", "[]" },
		{ NULL, "password", "null" },
		{ NULL, "instance_options", "[{}]" },
		{ NULL, "rights_options", "{}" },
		{ NULL, "rules", "{}" },
		{ "limits", "max_active", "-2" },
		{ "limits", "calls_per_minute", "99999999999" },
		{ "password", "need", "[\"emoji\"]" },
		{ "password", "max_len", "-1" },
		{ "rule", "id", "null" },
		{ "rule", "text", "7" },
		{ "rule", "kind", "\"magic\"" },
		{ "rule", "field", "\"shoe\"" },
		{ "rule", "field", "\"rights.\"" },
		{ "rule", "field", "null" },
		{ "rule", "kind", "\"chars\"" },
		{ "rule", "kind", "\"choice\"" },
		{ "rule", "choices", "[1]" },
		{ "option", "own_login", "true" },
		{ "admin", "choices", "null" },
		{ "admin", "field", "\"login\"" },
		{ "admin", "min", "0" },
		{ "each", "field", "null" },
		{ "each", "min", "-1" },
		{ NULL, "pools", "{}" },
		{ "pool", "name", "\"a b\"" },
		{ "pool", "text", "null" },
		{ "pool", "field", "\"login\"" },
		{ "pool", "field", "null" },
		{ "pool", "units", "-1" },
		{ "pool", "units", "null" },
		{ "pool", "limit", "-2" },
	};
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();

	(void)state;
	for (size_t i = 0; i < AU_COUNT(rows); i++) {
		AU_CLEANUP(au_json_decrefp) json_t *json = au_describe_to_json(&table);
		struct au_describe d = { .name = "untouched" };
		struct au_err err;
		json_t *where =
		    rows[i].inside == NULL                ? json
		    : strcmp(rows[i].inside, "rule") == 0 ? json_array_get(json_object_get(json, "rules"), 0)
		    : strcmp(rows[i].inside, "admin") == 0
			? json_array_get(json_object_get(json, "rules"), 3)
		    : strcmp(rows[i].inside, "each") == 0
			? json_array_get(json_object_get(json, "rules"), 4)
		    : strcmp(rows[i].inside, "option") == 0
			? json_array_get(json_object_get(json, "instance_options"), 1)
		    : strcmp(rows[i].inside, "pool") == 0 ? json_array_get(json_object_get(json, "pools"), 1)
							  : json_object_get(json, rows[i].inside);
		assert_int_equal(
		    json_object_set_new(where, rows[i].name, json_loads(rows[i].json, JSON_DECODE_ANY, NULL)), 0);
		if (au_describe_from_json(arena, json, &d, &err) != AU_EPROTO)
			fail_msg("%s %s = %s was believed", rows[i].inside, rows[i].name, rows[i].json);
		assert_string_equal(d.name, "untouched");
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(table_goes_through_json_and_back),
		cmocka_unit_test(every_capability_has_a_name),
		cmocka_unit_test(one_bad_value_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
