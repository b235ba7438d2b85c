/* SPDX-License-Identifier: ISC */
/* What paths and tests of SCIM resources pick, and which are refused. */
#include "tests/unit.h"

#include "model/scim_path.h"

#include <string.h>

static const char resource[] =
    "{\"userName\":\"anna\",\"active\":true,\"locked\":\"False\",\"count\":7,\"empty\":\"\",\"none\":null,\"nobody\":[]"
    ","
    "\"name\":{\"givenName\":\"Anna\",\"familyName\":null},"
    "\"tags\":[\"one\",\"two\"],"
    "\"emails\":[{\"type\":\"other\",\"value\":\"\"},{\"type\":\"home\",\"value\":\"h@x\"},"
    "{\"type\":\"Work\",\"value\":\"w@x\",\"primary\":true},{\"type\":\"work\",\"value\":\"v@x\"}],"
    "\"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User\":"
    "{\"department\":\"D1\",\"manager\":{\"value\":\"u-9\",\"$ref\":\"../Users/u-9\"}}}";

/* "-" for no value, "!" for one that is not text. */
static const struct {
	const char *path, *value;
} picked[] = {
	{ "userName", "anna" },
	{ "USERNAME", "anna" },
	{ "urn:ietf:params:scim:schemas:core:2.0:User:userName", "anna" },
	{ "name.givenName", "Anna" },
	{ "name.familyName", "-" },
	{ "name.middleName", "-" },
	{ "name", "!" },
	{ "count", "!" },
	{ "active", "!" },
	{ "empty", "-" },
	{ "none", "-" },
	{ "nobody.value", "-" },
	{ "userName.value", "-" },
	{ "tags", "one" },
	{ "emails.value", "w@x" },
	{ "emails[type eq \"home\"].value", "h@x" },
	{ "emails[ type EQ \"HOME\" ].value", "h@x" },
	{ "emails[type eq \"work\" and primary ne true].value", "v@x" },
	{ "emails[type ne \"work\"].value", "h@x" },
	{ "emails[primary pr].type", "Work" },
	{ "emails[type eq \"fax\"].value", "-" },
	{ "name[givenName eq \"anna\"].givenName", "Anna" },
	{ "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department", "D1" },
	{ "URN:IETF:params:scim:schemas:extension:enterprise:2.0:user:manager.value", "u-9" },
	{ "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.$ref", "../Users/u-9" },
	{ "urn:example:User:department", "-" },
};

static const struct {
	const char *test;
	int holds; /* 1, 0 or AU_EPROTO */
} tested[] = {
	{ "active eq true", 1 },
	{ "active eq false", 0 },
	{ "active ne false", 1 },
	{ "locked eq false", 1 },
	{ "locked eq \"FALSE\"", 1 },
	{ "active eq \"true\"", 1 },
	{ "absent eq false", 0 },
	{ "absent ne false", 1 },
	{ "none eq \"x\"", 0 },
	{ "count eq true", AU_EPROTO },
	{ "count eq \"7\"", AU_EPROTO },
	{ "userName eq true", AU_EPROTO },
	{ "userName eq \"Anna\"", 1 },
	{ "userName pr", 1 },
	{ "count pr", 1 },
	{ "empty pr", 0 },
	{ "none pr", 0 },
	{ "nobody pr", 0 },
	{ "absent pr", 0 },
	{ "emails[type eq \"home\"] pr", 1 },
	{ "emails[type eq \"fax\"] pr", 0 },
	{ "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department eq \"d1\"", 1 },
};

static const struct {
	bool is_test;
	const char *text, *why;
} broken[] = {
	{ false, "", "'': expected an attribute's name at ''" },
	{ false, "1st", "'1st': expected an attribute's name at '1st'" },
	{ false, "a b", "'a b': expected the end at ' b'" },
	{ false, "a.", "'a.': expected an attribute's name at ''" },
	{ false, "a.b.c", "'a.b.c': expected the end at '.c'" },
	{ false, "urn:x:", "'urn:x:': expected an attribute's name at ''" },
	{ false, "a[]", "'a[]': expected an attribute's name at ']'" },
	{ false, "a[b]", "'a[b]': expected eq, ne or pr at ']'" },
	{ false, "a[b co \"x\"]", "'a[b co \"x\"]': expected eq, ne or pr at 'co \"x\"]'" },
	{ false, "a[b eq x]", "'a[b eq x]': expected true, false or text in quotes at 'x]'" },
	{ false, "a[b eq \"x]", "'a[b eq \"x]': expected '\"' at ''" },
	{ false, "a[b eq \"x\\", "'a[b eq \"x\\': expected '\"' at ''" },
	{ false, "a[b eq \"x\" or c pr]", "'a[b eq \"x\" or c pr]': expected ']' at 'or c pr]'" },
	{ false, "a[b eq \"x\"", "'a[b eq \"x\"': expected ']' at ''" },
	{ false, "a[b pr and b pr and b pr and b pr and b pr and b pr and b pr and b pr and b pr]", "expected fewer" },
	{ true, "active", "'active': expected eq, ne or pr at ''" },
	{ true, "active gt 3", "'active gt 3': expected eq, ne or pr at 'gt 3'" },
	{ true, "active eq", "'active eq': expected true, false or text in quotes at ''" },
	{ true, "active eq false x", "'active eq false x': expected the end at 'x'" },
};

static json_t *
some_resource(void)
{
	json_t *json = NULL;

	assert_int_equal(au_json_parse(resource, strlen(resource), AU_JSON_DEPTH, &json, NULL), 0);
	return json;
}

static void
path_picks_one_value(void **state)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	AU_CLEANUP(au_json_decrefp) json_t *json = some_resource();

	(void)state;
	for (size_t i = 0; i < AU_COUNT(picked); i++) {
		struct au_scim_path path;
		const char *value = "untouched";
		assert_int_equal(au_scim_path_parse(arena, picked[i].path, &path, NULL), 0);
		int rc = au_scim_path_value(&path, json, &value, NULL);
		if (rc < 0)
			assert_string_equal(value, "untouched");
		if (strcmp(rc < 0 ? "!" : value == NULL ? "-" : value, picked[i].value) != 0)
			fail_msg("%s: %d %s", picked[i].path, rc, value);
	}
}

static void
test_holds_or_not(void **state)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	AU_CLEANUP(au_json_decrefp) json_t *json = some_resource();

	(void)state;
	for (size_t i = 0; i < AU_COUNT(tested); i++) {
		struct au_scim_test test;
		assert_int_equal(au_scim_test_parse(arena, tested[i].test, &test, NULL), 0);
		int rc = au_scim_test_holds(&test, json, NULL);
		if (rc != tested[i].holds)
			fail_msg("%s: %d", tested[i].test, rc);
	}
}

static void
quotes_are_taken_out(void **state)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct au_scim_test test;

	(void)state;
	assert_int_equal(au_scim_test_parse(arena, "a.b eq \"say \\\"yes\\\\\"", &test, NULL), 0);
	assert_string_equal(test.is.value, "say \"yes\\");
	assert_string_equal(test.path.text, "a.b");
}

static void
what_picks_nothing_is_refused(void **state)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();

	(void)state;
	for (size_t i = 0; i < AU_COUNT(broken); i++) {
		struct au_scim_path path = { .text = "untouched" };
		struct au_scim_test test = { .path = path };
		struct au_err err = { 0 };
		int rc = broken[i].is_test ? au_scim_test_parse(arena, broken[i].text, &test, &err)
					   : au_scim_path_parse(arena, broken[i].text, &path, &err);
		assert_int_equal(rc, AU_EINVAL);
		assert_string_equal(broken[i].is_test ? test.path.text : path.text, "untouched");
		if (strstr(err.text, broken[i].why) == NULL)
			fail_msg("%s: %s", broken[i].text, err.text);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(path_picks_one_value),
		cmocka_unit_test(test_holds_or_not),
		cmocka_unit_test(quotes_are_taken_out),
		cmocka_unit_test(what_picks_nothing_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
