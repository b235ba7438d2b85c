/* SPDX-License-Identifier: ISC */
/* Values of member attributes as references. */
#include "tests/unit.h"

#include "model/ref.h"

static const struct {
	const char *attribute, *value, *ref; /* NULL: refused */
} rows[] = {
	{ "member", "uid=Kate, dc=Example", "uid=kate,dc=example" },
	{ "member", "", "" },
	{ "member", "kate", NULL },
	{ "member", "uid=kate#'01'B", "uid=kate#'01'b" },
	{ "roleOccupant", "uid=kate", "uid=kate" },
	{ "uniqueMember", "uid=kate,dc=example", "uid=kate,dc=example" },
	{ "uniqueMember", "uid=kate,dc=example#'0101'B", "uid=kate,dc=example" },
	{ "UNIQUEMEMBER", "uid=kate,dc=example#''B", "uid=kate,dc=example" },
	{ "uniqueMember", "uid=kate,dc=example#'0121'B", "uid=kate,dc=example#'0121'b" },
	{ "uniqueMember", "uid=kate,dc=example#'01'b", "uid=kate,dc=example#'01'b" },
	{ "uniqueMember", "uid=kate,dc=example'01'B", "uid=kate,dc=example'01'b" },
	{ "uniqueMember", "#'01'B", "" },
	{ "uniqueMember", "'B", NULL },
	{ "uniqueMember", "", "" },
	{ "memberUid", "Kate", "@kate" },
	{ "memberuid", "uid=kate", "@uid=kate" },
	{ "memberUid", "K\xC3\x84TE", "@k\xC3\x84te" },
	{ "memberUid", "", "" },
	{ "memberUid", "ka\nte", NULL },
};

static void
values_become_references(void **state)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();

	(void)state;
	for (size_t i = 0; i < AU_COUNT(rows); i++) {
		const char *ref = "untouched";
		struct au_err err;
		int rc = au_ref_parse(arena, au_ref_form_of(rows[i].attribute), rows[i].value, &ref, &err);
		assert_int_equal(rc, rows[i].ref != NULL ? 0 : AU_EINVAL);
		assert_string_equal(ref, rows[i].ref != NULL ? rows[i].ref : "untouched");
	}
}

static void
user_names_and_references_lead_to_each_other(void **state)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();

	(void)state;
	assert_string_equal(au_ref_of_user_name(arena, "Kate"), "@kate");
	assert_string_equal(au_ref_user_name("@kate"), "kate");
	assert_null(au_ref_user_name("uid=kate"));
	assert_null(au_ref_user_name(""));
	assert_null(au_ref_of_user_name(arena, NULL));
	assert_null(au_ref_of_user_name(arena, ""));
	assert_null(au_ref_of_user_name(arena, "\x1b[31m"));
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_become_references),
		cmocka_unit_test(user_names_and_references_lead_to_each_other),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
