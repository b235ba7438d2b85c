/* SPDX-License-Identifier: ISC */
/* DirSync's control as a good server, a careless one and a hostile one send it; the names in filters. */
#include "tests/unit.h"

#include "sourced/dirsync_control.h"
#include "sourced/filter_names.h"

#include <stdio.h>
#include <string.h>

#define VALUE(text) make_value(text, sizeof(text) - 1)

/* In memory of its exact size but for the byte that libldap adds, so that the sanitizer sees what is read beyond. */
static struct berval
make_value(const char *bytes, size_t len)
{
	struct berval value = { len, au_xmalloc(len + 1) };

	memcpy(value.bv_val, bytes, len);
	value.bv_val[len] = '\0';
	return value;
}

static void
a_request_is_as_specified(void **state)
{
	struct berval cookie = { 3, (char[]){ "MSD" } };
	static const char first[] = "\x30\x0d\x02\x04\x80\x00\x00\x00\x02\x03\x10\x00\x00\x04\x00";
	static const char next[] = "\x30\x10\x02\x04\x80\x00\x00\x01\x02\x03\x10\x00\x00\x04\x03MSD";

	(void)state;
	struct berval *value = au_dirsync_request(AU_DIRSYNC_INCREMENTAL_VALUES, 1 << 20, NULL);
	assert_int_equal(value->bv_len, sizeof(first) - 1);
	assert_memory_equal(value->bv_val, first, value->bv_len);
	ber_bvfree(value);
	value = au_dirsync_request(AU_DIRSYNC_INCREMENTAL_VALUES | AU_DIRSYNC_OBJECT_SECURITY, 1 << 20, &cookie);
	assert_int_equal(value->bv_len, sizeof(next) - 1);
	assert_memory_equal(value->bv_val, next, value->bv_len);
	ber_bvfree(value);
}

static void
an_answer_has_a_cookie_and_may_have_more(void **state)
{
	struct berval last = VALUE("\x30\x0b\x02\x01\x00\x02\x01\x00\x04\x03MSD");
	struct berval more = VALUE("\x30\x0b\x02\x01\x01\x02\x01\x00\x04\x03MSE");
	struct au_dirsync_answer answer;

	(void)state;
	assert_int_equal(au_dirsync_parse(&last, &answer, NULL), 0);
	assert_false(answer.more);
	assert_int_equal(answer.cookie.bv_len, 3);
	assert_memory_equal(answer.cookie.bv_val, "MSD", 3);
	assert_int_equal(au_dirsync_parse(&more, &answer, NULL), 0);
	assert_true(answer.more);
	assert_memory_equal(answer.cookie.bv_val, "MSE", 3);
	free(last.bv_val);
	free(more.bv_val);
}

static void
a_bad_answer_is_refused_and_changes_nothing(void **state)
{
	static const struct {
		const char *bytes;
		size_t len;
	} bad[] = {
		{ "", 0 },
		{ "\x30", 1 },
		{ "\x30\x00", 2 },
		{ "\x30\x0b\x02\x01\x00\x02\x01\x00\x04\x03MS", 12 },
		{ "\x30\x08\x02\x01\x00\x02\x01\x00\x04\x00", 10 },
		{ "\x30\x84\x7f\xff\xff\xff\x02\x01\x00", 9 },
		{ "\x30\x0b\x02\x01\x00\x02\x01\x00\x04\x7fMSD", 13 },
	};
	struct au_dirsync_answer answer = { .more = true };
	struct au_err err;

	(void)state;
	assert_int_equal(au_dirsync_parse(NULL, &answer, &err), AU_EPROTO);
	for (size_t i = 0; i < AU_COUNT(bad); i++) {
		struct berval value = make_value(bad[i].bytes, bad[i].len);
		assert_int_equal(au_dirsync_parse(&value, &answer, &err), AU_EPROTO);
		assert_non_null(strstr(err.text, "DirSync"));
		free(value.bv_val);
	}
	assert_true(answer.more);
	assert_null(answer.cookie.bv_val);
}

static struct berval
name_of(const char *text)
{
	return (struct berval){ strlen(text), (char *)(uintptr_t)text };
}

static void
values_are_all_or_a_difference(void **state)
{
	struct berval added = name_of("member;range=1-1"), removed = name_of("Member;Range=0-0");
	struct berval all = name_of("member"), part = name_of("member;range=0-1499"), longer = name_of("memberUid");

	(void)state;
	assert_int_equal(au_dirsync_values_of(&added), AU_DIRSYNC_ADDED);
	assert_int_equal(au_dirsync_values_of(&removed), AU_DIRSYNC_REMOVED);
	assert_int_equal(au_dirsync_values_of(&all), AU_DIRSYNC_ALL);
	assert_int_equal(au_dirsync_values_of(&part), AU_DIRSYNC_ALL);
	assert_true(au_dirsync_is_named(&added, "MEMBER"));
	assert_true(au_dirsync_is_named(&all, "member"));
	assert_false(au_dirsync_is_named(&longer, "member"));
	assert_false(au_dirsync_is_named(&all, "memberUid"));
}

static void
names_of(const char *filter, const char *expected)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	const char **names = au_filter_names(arena, filter);
	char all[256] = "";

	for (size_t i = 0; names[i] != NULL; i++) {
		if (i > 0)
			strcat(all, " ");
		strcat(all, names[i]);
	}
	assert_string_equal(all, expected);
}

static void
a_filter_asks_about_attributes(void **state)
{
	(void)state;
	names_of("(objectClass=user)", "objectClass");
	names_of("uid=anna", "uid");
	names_of("(&(objectCategory=person)(objectClass=user)(!(userAccountControl:1.2.840.113556.1.4.803:=2)))",
	    "objectCategory objectClass userAccountControl");
	names_of("( | ( mail=* ) (MAIL=*@b.example) (cn;lang-de~=x) (sn>=m))", "mail cn sn");
	names_of("(cn=\\28department=sales\\29)", "cn");
	names_of("(:dn:2.4.6.8.10:=x)", "");
	names_of("(2.5.4.3=x)", "2.5.4.3");
	names_of("", "");
	names_of("(((", "");
}

static void
a_filter_uses_a_rule_or_not(void **state)
{
	static const char rule[] = "1.2.840.113556.1.4.1941";

	(void)state;
	assert_true(au_filter_has_rule("(memberOf:1.2.840.113556.1.4.1941:=cn=x)", rule));
	assert_false(au_filter_has_rule("(memberOf:1.2.840.113556.1.4.19412:=cn=x)", rule));
	assert_false(au_filter_has_rule("(memberOf=cn=1.2.840.113556.1.4.1941)", rule));
	assert_false(au_filter_has_rule(rule, rule));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_request_is_as_specified),
		cmocka_unit_test(an_answer_has_a_cookie_and_may_have_more),
		cmocka_unit_test(a_bad_answer_is_refused_and_changes_nothing),
		cmocka_unit_test(values_are_all_or_a_difference),
		cmocka_unit_test(a_filter_asks_about_attributes),
		cmocka_unit_test(a_filter_uses_a_rule_or_not),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
