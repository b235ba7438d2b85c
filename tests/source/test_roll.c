/* SPDX-License-Identifier: ISC */
/* Attributes of groups, and what is taken of them. */
#include "tests/unit.h"

#include "sourced/roll.h"

#include <string.h>

#define MOST 4

static const char *const attributes[] = { "member", "memberUid", NULL };

static int
take(struct au_roll *roll, struct au_arena *arena, const char *name, const char *const values[MOST], struct au_err *err)
{
	struct berval of_name = { strlen(name), (char *)(uintptr_t)name }, list[MOST + 1] = { { 0, NULL } };

	for (size_t i = 0; i < MOST && values[i] != NULL; i++)
		list[i] = (struct berval){ strlen(values[i]), (char *)(uintptr_t)values[i] };
	return au_roll_take(roll, arena, attributes, &of_name, list, err);
}

static const struct {
	const char *name;
	const char *values[MOST];
	int rc;
	size_t count;
	bool is_part;
} rows[] = {
	{ "cn", { "x" }, 0, 0, false },
	{ "memberOf", { "cn=x" }, 0, 0, false },
	{ "member;lang-en", { "cn=x" }, 0, 0, false },
	{ "member", { "cn=x", "cn=y" }, 1, 2, false },
	{ "MEMBER", { "cn=x" }, 1, 1, false },
	{ "member", { NULL }, 1, 0, false },
	{ "member", { "" }, 1, 0, false },
	{ "member", { "cn=x", "nobody" }, AU_EPROTO, 0, false },
	{ "memberUid", { "anna", "\xff" }, AU_EPROTO, 0, false },
	{ "member;range=0-*", { "cn=x" }, 1, 1, false },
	{ "member;range=0-1", { "cn=x", "cn=y" }, 1, 2, true },
	{ "Member;Range=0-1", { "cn=x", "cn=y" }, 1, 2, true },
	{ "member;range=2-*", { "cn=x" }, 1, 1, true },
	{ "member;range=2-*", { NULL }, 1, 0, true },
	/* Another number than it says. */
	{ "member;range=0-1", { "cn=x" }, AU_EPROTO, 0, false },
	{ "member;range=0-1", { "cn=x", "cn=y", "cn=z" }, AU_EPROTO, 0, false },
	{ "member;range=1-0", { NULL }, AU_EPROTO, 0, false },
	{ "member;range=", { NULL }, AU_EPROTO, 0, false },
	{ "member;range=x", { "cn=x" }, AU_EPROTO, 0, false },
	{ "member;range=0", { "cn=x" }, AU_EPROTO, 0, false },
	{ "member;range=0-", { "cn=x" }, AU_EPROTO, 0, false },
	{ "member;range=-1", { "cn=x" }, AU_EPROTO, 0, false },
	{ "member;range=0-0x", { "cn=x" }, AU_EPROTO, 0, false },
	{ "member;range=0-**", { "cn=x" }, AU_EPROTO, 0, false },
	{ "member;range=99999999999999999999-*", { "cn=x" }, AU_EPROTO, 0, false },
};

static void
attributes_are_taken(void **state)
{
	(void)state;
	for (size_t i = 0; i < AU_COUNT(rows); i++) {
		AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
		struct au_roll roll = { 0 };
		struct au_err err;
		int rc = take(&roll, arena, rows[i].name, rows[i].values, &err);
		if (rc != rows[i].rc)
			fail_msg("%s: %d", rows[i].name, rc);
		if (rc == 1)
			assert_int_equal(roll.count, rows[i].count);
		if (rc == 1)
			assert_int_equal(au_roll_is_part(&roll), rows[i].is_part);
	}
}

/* As Active Directory sends it: the attribute itself, empty, and a part beside it. */
static void
empty_attribute_beside_a_part_is_no_empty_group(void **state)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct au_roll roll = { 0 };

	(void)state;
	assert_int_equal(take(&roll, arena, "member", (const char *const[MOST]){ NULL }, NULL), 1);
	assert_int_equal(take(&roll, arena, "member;range=0-1", (const char *const[MOST]){ "cn=x", "cn=y" }, NULL), 1);
	assert_int_equal(take(&roll, arena, "memberUid", (const char *const[MOST]){ "Anna" }, NULL), 1);
	assert_true(au_roll_is_part(&roll));
	assert_int_equal(roll.count, 3);
	assert_string_equal(roll.members[2], "@anna");
	assert_string_equal(roll.ranges[0].attribute, "member");
	assert_int_equal(roll.ranges[0].next, 2);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(attributes_are_taken),
		cmocka_unit_test(empty_attribute_beside_a_part_is_no_empty_group),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
