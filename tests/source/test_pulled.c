/* SPDX-License-Identifier: ISC */
/* What becomes of the JSON of a remote SCIM service, and what is refused. */
#include "tests/unit.h"

#include "base/clock.h"
#include "base/str.h"
#include "sourced/pulled.h"

#include <string.h>

static json_t *
parse(const char *text)
{
	json_t *json = NULL;

	assert_int_equal(au_json_parse(text, strlen(text), AU_JSON_DEPTH, &json, NULL), 0);
	return json;
}

static void
page_is_read(void **state)
{
	AU_CLEANUP(au_json_decrefp)
	json_t *json =
	    parse("{\"totalResults\":7,\"nextCursor\":\"abc\",\"Resources\":[{\"id\":\"1\"},{\"id\":\"2\"}]}");
	AU_CLEANUP(au_json_decrefp) json_t *none = parse("{\"totalResults\":0}");
	AU_CLEANUP(au_json_decrefp) json_t *last = parse("{\"nextCursor\":\"\"}");
	struct au_pulled_page page;

	(void)state;
	assert_int_equal(au_pulled_page(json, true, &page, NULL), 0);
	assert_int_equal(page.total, 7);
	assert_int_equal(page.count, 2);
	assert_string_equal(page.next, "abc");
	assert_int_equal(au_pulled_page(json, false, &page, NULL), 0);
	assert_null(page.next);
	assert_int_equal(au_pulled_page(none, false, &page, NULL), 0);
	assert_int_equal(page.count, 0);
	assert_int_equal(au_pulled_page(last, true, &page, NULL), 0);
	assert_int_equal(page.total, -1);
	assert_null(page.next);
}

static const struct {
	bool by_cursor;
	const char *text, *why;
} broken_pages[] = {
	{ false, "[]", "list: member 'Resources': expected a list of objects" },
	{ false, "{\"totalResults\":1,\"Resources\":{}}", "list: member 'Resources': expected a list of objects" },
	{ false, "{\"totalResults\":1,\"Resources\":[1]}", "list: member 'Resources': expected a list of objects" },
	{ false, "{\"Resources\":[]}", "list: member 'totalResults' is missing" },
	{ false, "{\"totalResults\":\"1\"}", "totalResults" },
	{ true, "{\"nextCursor\":1}", "nextCursor" },
};

static void
broken_page_is_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < AU_COUNT(broken_pages); i++) {
		AU_CLEANUP(au_json_decrefp) json_t *json = parse(broken_pages[i].text);
		struct au_pulled_page page = { .total = 42 };
		struct au_err err = { 0 };
		assert_int_equal(au_pulled_page(json, broken_pages[i].by_cursor, &page, &err), AU_EPROTO);
		if (strstr(err.text, broken_pages[i].why) == NULL)
			fail_msg("%s: %s", broken_pages[i].text, err.text);
		assert_int_equal(page.total, 42);
	}
}

/* With these settings, or with none but a name. */
static int
entry_by(const struct au_source_config *settings, enum au_search search, const json_t *json, struct au_arena *arena,
    struct au_mapped *ret, bool *ret_has_members, struct au_err *err)
{
	struct au_pulled_map map;

	assert_int_equal(au_pulled_map_init(&map, arena, settings, NULL), 0);
	return au_pulled_entry(&map, search, json, arena, ret, ret_has_members, err);
}

static int
entry_of(enum au_search search, const json_t *json, struct au_arena *arena, struct au_mapped *ret,
    bool *ret_has_members, struct au_err *err)
{
	struct au_source_config settings = { .name = "idp" };

	return entry_by(&settings, search, json, arena, ret, ret_has_members, err);
}

/* What is expected, "-" for nothing. */
static const struct {
	const char *text, *user_name, *display_name, *mail;
	bool active;
} users[] = {
	{ "{\"id\":\"1\",\"userName\":\"u\"}", "u", "-", "-", true },
	{ "{\"id\":\"1\",\"userName\":\"u\",\"active\":\"False\"}", "u", "-", "-", false },
	{ "{\"id\":\"1\",\"userName\":\"u\",\"active\":false,\"displayName\":\"D\"}", "u", "D", "-", false },
	{ "{\"id\":\"1\",\"userName\":\"u\",\"name\":{\"givenName\":\"G\",\"familyName\":\"F\"}}", "u", "G F", "-",
	    true },
	{ "{\"id\":\"1\",\"userName\":\"u\",\"name\":{\"formatted\":\"X\",\"givenName\":\"G\"}}", "u", "X", "-", true },
	{ "{\"id\":\"1\",\"userName\":\"u\",\"emails\":[{\"value\":\"a@x\"},{\"value\":\"b@x\"}]}", "u", "-", "a@x",
	    true },
	{ "{\"id\":\"1\",\"userName\":\"u\",\"emails\":[{\"value\":\"a@x\"},{\"primary\":true,\"value\":\"b@x\"}]}",
	    "u", "-", "b@x", true },
	{ "{\"id\":\"1\",\"userName\":\"u\",\"emails\":[{\"type\":\"work\"},{\"value\":\"b@x\"}]}", "u", "-", "b@x",
	    true },
};

static void
expect_text(const char *got, const char *wanted)
{
	assert_string_equal(got != NULL ? got : "-", wanted);
}

static void
user_becomes_a_person(void **state)
{
	(void)state;
	for (size_t i = 0; i < AU_COUNT(users); i++) {
		AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
		AU_CLEANUP(au_json_decrefp) json_t *json = parse(users[i].text);
		struct au_mapped mapped;
		bool has_members;
		assert_int_equal(entry_of(AU_SEARCH_PEOPLE, json, arena, &mapped, &has_members, NULL), 0);
		assert_string_equal(mapped.entry.source, "idp");
		assert_string_equal(mapped.entry.id, "1");
		assert_string_equal(mapped.dn_norm, "1");
		assert_null(mapped.entry.dn);
		expect_text(mapped.entry.user_name, users[i].user_name);
		expect_text(mapped.entry.display_name, users[i].display_name);
		expect_text(mapped.entry.mail, users[i].mail);
		assert_int_equal(mapped.entry.active, users[i].active);
	}
}

static void
group_has_its_members(void **state)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	AU_CLEANUP(au_json_decrefp)
	json_t *full = parse("{\"id\":\"g\",\"displayName\":\"G\",\"members\":[{\"value\":\"1\"},{\"value\":\"2\"}]}");
	AU_CLEANUP(au_json_decrefp) json_t *bare = parse("{\"id\":\"g\",\"displayName\":\"G\"}");
	AU_CLEANUP(au_json_decrefp) json_t *empty = parse("{\"id\":\"g\",\"displayName\":\"G\",\"members\":[]}");
	struct au_mapped mapped;
	bool has_members;

	(void)state;
	assert_int_equal(entry_of(AU_SEARCH_GROUPS, full, arena, &mapped, &has_members, NULL), 0);
	assert_int_equal(mapped.roll.count, 2);
	assert_string_equal(mapped.roll.members[1], "2");
	assert_true(has_members);
	assert_int_equal(entry_of(AU_SEARCH_GROUPS, bare, arena, &mapped, &has_members, NULL), 0);
	assert_false(has_members);
	assert_int_equal(entry_of(AU_SEARCH_GROUPS, empty, arena, &mapped, &has_members, NULL), 0);
	assert_true(has_members);
	assert_int_equal(mapped.roll.count, 0);
}

/* As Okta, Entra and OneLogin may have it. */
static void
user_is_read_by_the_paths_that_are_configured(void **state)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	AU_CLEANUP(au_json_decrefp)
	json_t *user = parse("{\"id\":\"1\",\"userName\":\"u@tenant\",\"nickName\":\"\","
			     "\"emails\":[{\"type\":\"home\",\"value\":\"h@x\",\"primary\":true},"
			     "{\"type\":\"work\",\"value\":\"w@x\"}],"
			     "\"urn:example:User\":{\"login\":\"u\",\"status\":\"SUSPENDED\",\"shown\":\"U U\"}}");
	AU_CLEANUP(au_json_decrefp) json_t *user_name = parse("[\"urn:example:User:login\"]");
	AU_CLEANUP(au_json_decrefp) json_t *mail = parse("[\"emails[type eq \\\"work\\\"].value\"]");
	AU_CLEANUP(au_json_decrefp) json_t *shown = parse("[\"nickName\",\"urn:example:User:shown\"]");
	AU_CLEANUP(au_json_decrefp) json_t *external = parse("[\"userName\"]");
	AU_CLEANUP(au_json_decrefp)
	json_t *inactive = parse("[\"active eq false\",\"urn:example:User:status ne \\\"ACTIVE\\\"\"]");
	AU_CLEANUP(au_json_decrefp) json_t *none = json_array();
	struct au_source_config settings = { .name = "idp",
		.path_user_name = user_name,
		.path_mail = mail,
		.path_display_name = shown,
		.path_external_id = external,
		.inactive = inactive };
	struct au_mapped mapped;
	bool has_members;

	(void)state;
	assert_int_equal(entry_by(&settings, AU_SEARCH_PEOPLE, user, arena, &mapped, &has_members, NULL), 0);
	assert_string_equal(mapped.entry.user_name, "u");
	assert_string_equal(mapped.entry.mail, "w@x");
	assert_string_equal(mapped.entry.display_name, "U U");
	assert_string_equal(mapped.entry.external_id, "u@tenant");
	assert_false(mapped.entry.active);
	settings.inactive = none;
	assert_int_equal(entry_by(&settings, AU_SEARCH_PEOPLE, user, arena, &mapped, &has_members, NULL), 0);
	assert_true(mapped.entry.active);
}

/* By a date: in any form that dates have; one that cannot be read disables nobody, and is told. */
static void
user_expires_by_the_path_that_is_configured(void **state)
{
	static const struct {
		const char *date;
		int64_t expires_ms;
		bool active;
		const char *odd;
	} rows[] = {
		{ "\"2026-12-31T00:00:00Z\"", 1798675200000, true, NULL },
		{ "\"2026-12-31\"", 1798675200000, true, NULL },
		{ "\"20261231000000Z\"", 1798675200000, true, NULL },
		{ "\"2026-11-27\"", 1795737600000, false, NULL },
		{ "\"never\"", 0, true, NULL },
		{ "\"soon\"", 0, true, "soon" },
		{ "\"2026-02-30T00:00:00Z\"", 0, true, "2026-02-30T00:00:00Z" },
		{ "true", 0, true, "(no text)" },
		{ "\"\"", 0, true, NULL },
		{ "null", 0, true, NULL },
	};
	AU_CLEANUP(au_json_decrefp) json_t *path = parse("[\"urn:example:User:until\"]");
	struct au_source_config settings = { .name = "idp", .path_expires = path };

	(void)state;
	au_clock_fake_set(1795824000000, 0); /* 2026-11-28 */
	for (size_t i = 0; i < AU_COUNT(rows); i++) {
		AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
		AU_CLEANUP(au_json_decrefp)
		json_t *user = parse(au_arena_printf(
		    arena, "{\"id\":\"1\",\"userName\":\"u\",\"urn:example:User\":{\"until\":%s}}", rows[i].date));
		struct au_mapped mapped;
		bool has_members;
		assert_int_equal(entry_by(&settings, AU_SEARCH_PEOPLE, user, arena, &mapped, &has_members, NULL), 0);
		if (mapped.entry.expires_ms != rows[i].expires_ms || mapped.entry.active != rows[i].active ||
		    !au_streq(mapped.entry.expires_odd, rows[i].odd))
			fail_msg("%s", rows[i].date);
	}
	au_clock_real();
}

static void
group_is_read_by_the_paths_that_are_configured(void **state)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	AU_CLEANUP(au_json_decrefp)
	json_t *group =
	    parse("{\"id\":\"g\",\"externalId\":\"G\","
		  "\"members\":[{\"$ref\":\"https://x/v2/Users/1\"},{\"type\":\"Group\",\"value\":\"h\"}]}");
	AU_CLEANUP(au_json_decrefp) json_t *name = parse("[\"displayName\",\"externalId\"]");
	struct au_source_config settings = { .name = "idp", .path_group_name = name };
	struct au_mapped mapped;
	bool has_members;

	(void)state;
	assert_int_equal(entry_by(&settings, AU_SEARCH_GROUPS, group, arena, &mapped, &has_members, NULL), 0);
	assert_string_equal(mapped.entry.display_name, "G");
	assert_int_equal(mapped.roll.count, 2);
	assert_string_equal(mapped.roll.members[0], "1");
	assert_string_equal(mapped.roll.members[1], "h");
}

static const struct {
	enum au_search search;
	const char *text, *why;
} broken[] = {
	{ AU_SEARCH_PEOPLE, "{\"userName\":\"u\"}", "has no id" },
	{ AU_SEARCH_PEOPLE, "{\"id\":\"\",\"userName\":\"u\"}", "has no id" },
	{ AU_SEARCH_PEOPLE, "{\"id\":7,\"userName\":\"u\"}", "has no id" },
	{ AU_SEARCH_PEOPLE, "{\"id\":\"@x\",\"userName\":\"u\"}", "an id that begins so" },
	{ AU_SEARCH_PEOPLE, "{\"id\":\"1\"}", "resource '1': member 'userName' is missing" },
	{ AU_SEARCH_PEOPLE, "{\"id\":\"1\",\"userName\":7}", "resource '1': member 'userName': expected text" },
	{ AU_SEARCH_PEOPLE, "{\"id\":\"1\",\"userName\":\"u\",\"active\":\"yes\"}",
	    "resource '1': member 'active': expected true or false" },
	{ AU_SEARCH_GROUPS, "{\"id\":\"1\"}", "resource '1': member 'displayName' is missing" },
	{ AU_SEARCH_GROUPS, "{\"id\":\"1\",\"displayName\":\"G\",\"members\":{}}",
	    "member 'members': expected a list" },
	{ AU_SEARCH_GROUPS, "{\"id\":\"1\",\"displayName\":\"G\",\"members\":[{\"display\":\"x\"}]}",
	    "member 'members[0].value' is missing" },
};

static void
what_cannot_be_understood_is_no_entry(void **state)
{
	(void)state;
	for (size_t i = 0; i < AU_COUNT(broken); i++) {
		AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
		AU_CLEANUP(au_json_decrefp) json_t *json = parse(broken[i].text);
		struct au_mapped mapped;
		struct au_err err = { 0 };
		bool has_members;
		assert_int_equal(entry_of(broken[i].search, json, arena, &mapped, &has_members, &err), AU_EPROTO);
		if (strstr(err.text, broken[i].why) == NULL)
			fail_msg("%s: %s", broken[i].text, err.text);
	}
}

static void
service_says_what_it_can(void **state)
{
	AU_CLEANUP(au_json_decrefp)
	json_t *all = parse("{\"filter\":{\"supported\":true,\"maxResults\":200},"
			    "\"pagination\":{\"cursor\":true,\"maxPageSize\":50}}");
	AU_CLEANUP(au_json_decrefp) json_t *rubbish = parse("{\"filter\":1,\"pagination\":[]}");
	struct au_pulled_service service = au_pulled_service(all);

	(void)state;
	assert_true(service.filter && service.cursor);
	assert_int_equal(service.most, 50);
	service = au_pulled_service(rubbish);
	assert_false(service.filter || service.cursor);
	assert_int_equal(service.most, 0);
	service = au_pulled_service(NULL);
	assert_false(service.filter || service.cursor);
}

static void
time_of_a_change_is_read(void **state)
{
	AU_CLEANUP(au_json_decrefp) json_t *good = parse("{\"meta\":{\"lastModified\":\"1970-01-01T00:00:01.5Z\"}}");
	AU_CLEANUP(au_json_decrefp) json_t *bad = parse("{\"meta\":{\"lastModified\":\"yesterday\"}}");
	AU_CLEANUP(au_json_decrefp) json_t *none = parse("{}");

	(void)state;
	assert_int_equal(au_pulled_modified_ms(good), 1500);
	assert_int_equal(au_pulled_modified_ms(bad), 0);
	assert_int_equal(au_pulled_modified_ms(none), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(page_is_read),
		cmocka_unit_test(broken_page_is_refused),
		cmocka_unit_test(user_becomes_a_person),
		cmocka_unit_test(user_is_read_by_the_paths_that_are_configured),
		cmocka_unit_test(group_has_its_members),
		cmocka_unit_test(user_expires_by_the_path_that_is_configured),
		cmocka_unit_test(group_is_read_by_the_paths_that_are_configured),
		cmocka_unit_test(what_cannot_be_understood_is_no_entry),
		cmocka_unit_test(service_says_what_it_can),
		cmocka_unit_test(time_of_a_change_is_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
