/* SPDX-License-Identifier: ISC */
/* Entries: correlation keys, and the way through JSON. */
#include "tests/unit.h"

#include "base/str.h"

#include "model/entry.h"

#include <string.h>

static void
key_is_the_folded_mail_address(void **state)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();

	(void)state;
	assert_string_equal(au_entry_key(arena, "corp", "1", "Ann@Example.ORG"), "ann@example.org");
	assert_string_equal(au_entry_key(arena, "corp", "1", "  ann@example.org\t"), "ann@example.org");
}

static void
without_a_mail_address_nobody_is_merged(void **state)
{
	static const char *const mails[] = { NULL, "", "  ", "ann", "@", "@example.org", "ann@", "corp:2@example.org" };
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();

	(void)state;
	for (size_t i = 0; i < AU_COUNT(mails); i++)
		assert_string_equal(au_entry_key(arena, "corp", "Ab-1", mails[i]), "corp:Ab-1");
}

static void
entry_goes_through_json_and_back(void **state)
{
	const struct au_entry entry = {
		.source = "corp",
		.id = "5a2b",
		.kind = AU_ENTRY_PERSON,
		.dn = "uid=ann,dc=example",
		.key = "ann@example.org",
		.user_name = "ann",
		.display_name = "Ann \"A\" Example",
		.given_name = "Ann",
		.mail = "Ann@example.org",
		.owner = "CN=Bob",
		.owner_dn = "cn=bob",
		.application = "crm",
		.active = true,
	};
	AU_CLEANUP(au_json_decrefp) json_t *json = au_entry_to_json(&entry);
	struct au_entry back;
	struct au_err err;

	(void)state;
	assert_null(json_object_get(json, "family_name"));
	assert_int_equal(au_entry_from_json(json, &back, &err), 0);
	assert_string_equal(back.source, entry.source);
	assert_string_equal(back.id, entry.id);
	assert_int_equal(back.kind, entry.kind);
	assert_string_equal(back.dn, entry.dn);
	assert_string_equal(back.key, entry.key);
	assert_string_equal(back.user_name, entry.user_name);
	assert_string_equal(back.display_name, entry.display_name);
	assert_string_equal(back.given_name, entry.given_name);
	assert_null(back.family_name);
	assert_string_equal(back.mail, entry.mail);
	assert_string_equal(back.owner, entry.owner);
	assert_string_equal(back.owner_dn, entry.owner_dn);
	assert_string_equal(back.application, entry.application);
	assert_null(back.external_id);
	assert_true(back.active);
}

static void
manager_is_the_owner(void **state)
{
	static const struct {
		const char *manager, *owner, *id;
	} rows[] = {
		{ "{\"value\":\"7\",\"displayName\":\"Bob\"}", "Bob", "7" },
		{ "{\"value\":\"7\"}", "7", "7" },
		{ "{\"displayName\":\"Bob\"}", "Bob", NULL },
		{ "{\"value\":\"\",\"displayName\":7}", NULL, NULL },
		{ "null", NULL, NULL },
	};

	(void)state;
	for (size_t i = 0; i < AU_COUNT(rows); i++) {
		AU_CLEANUP(au_freep)
		char *text = au_xasprintf(
		    "{\"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User\":{\"manager\":%s}}", rows[i].manager);
		AU_CLEANUP(au_json_decrefp) json_t *json = json_loads(text, 0, NULL);
		struct au_entry entry = { 0 };
		au_entry_take_manager(&entry, json);
		if (!au_streq(entry.owner, rows[i].owner) || !au_streq(entry.owner_dn, rows[i].id))
			fail_msg("%s", rows[i].manager);
	}
}

static void
incomplete_entries_are_refused(void **state)
{
	static const struct {
		const char *json, *names;
	} rows[] = {
		{ "{\"id\":\"1\",\"kind\":\"person\"}", "'source'" },
		{ "{\"source\":\"s\",\"kind\":\"person\"}", "'id'" },
		{ "{\"source\":\"s\",\"id\":\"\",\"kind\":\"person\"}", "'id'" },
		{ "{\"source\":\"s\",\"id\":\"1\"}", "'kind'" },
		{ "{\"source\":\"s\",\"id\":\"1\",\"kind\":\"robot\"}", "'kind'" },
		{ "{\"source\":\"s\",\"id\":7,\"kind\":\"person\"}", "'id'" },
		{ "{\"source\":\"s\",\"id\":\"1\",\"kind\":\"person\",\"mail\":[]}", "'mail'" },
		{ "{\"source\":\"s\",\"id\":\"1\",\"kind\":\"person\",\"active\":\"no\"}", "'active'" },
		{ "[]", "'kind'" },
	};

	(void)state;
	for (size_t i = 0; i < AU_COUNT(rows); i++) {
		AU_CLEANUP(au_json_decrefp) json_t *json = json_loads(rows[i].json, 0, NULL);
		struct au_entry entry = { .id = "untouched" };
		struct au_err err;
		assert_int_equal(au_entry_from_json(json, &entry, &err), AU_EPROTO);
		assert_non_null(strstr(err.text, rows[i].names));
		assert_string_equal(entry.id, "untouched");
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(key_is_the_folded_mail_address),
		cmocka_unit_test(without_a_mail_address_nobody_is_merged),
		cmocka_unit_test(entry_goes_through_json_and_back),
		cmocka_unit_test(manager_is_the_owner),
		cmocka_unit_test(incomplete_entries_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
