/* SPDX-License-Identifier: ISC */
/* Product rules on accounts, kind by kind. */
#include "tests/unit.h"

#include "model/product_rule.h"

#include <string.h>

static const char *const roles[] = { "reader", "writer", NULL };

static const struct au_product_rule rules[] = {
	{ "R0", "Told to people.", AU_DOCUMENTED, AU_RULE_NOTE, NULL, 0, 0, NULL, NULL },
	{ "R1", "Needed.", AU_DOCUMENTED, AU_RULE_REQUIRED, "login", 0, 0, NULL, NULL },
	{ "R2", "Length.", AU_DOCUMENTED, AU_RULE_LENGTH, "login", 3, 8, NULL, NULL },
	{ "R3", "Characters.", AU_DOCUMENTED, AU_RULE_CHARS, "login", 0, 0, "abcdefghij\xC3\xBC", NULL },
	{ "R4", "Mail.", AU_DOCUMENTED, AU_RULE_MAIL, "mail", 0, 0, NULL, NULL },
	{ "R5", "Secret.", AU_DOCUMENTED, AU_RULE_LENGTH, "secret", 8, 15, NULL, NULL },
	{ "R6", "Roles are needed.", AU_DOCUMENTED, AU_RULE_REQUIRED, "rights.roles", 0, 0, NULL, NULL },
	{ "R7", "At most three roles.", AU_DOCUMENTED, AU_RULE_COUNT, "rights.roles", 1, 3, NULL, NULL },
	{ "R8", "Known roles.", AU_DOCUMENTED, AU_RULE_CHOICE, "rights.roles", 0, 0, NULL, roles },
	{ "R9", "Licence.", AU_DOCUMENTED, AU_RULE_CHOICE, "rights.full", 0, 0, NULL,
	    (const char *const[]){ "true", NULL } },
	{ "R10", "Level.", AU_DOCUMENTED, AU_RULE_LENGTH, "rights.level", 1, 0, NULL, NULL },
	AU_RULE_END,
};

#define GOOD_RIGHTS "{\"roles\":[\"reader\"]}"

static void
each_kind_of_rule_is_kept(void **state)
{
	static const struct {
		struct au_target_account account;
		const char *rule; /* NULL: fine */
	} rows[] = {
		{ { .login = "abc", .rights = GOOD_RIGHTS }, NULL },
		{ { .login = NULL, .rights = GOOD_RIGHTS }, "rule R1:" },
		{ { .login = "", .rights = GOOD_RIGHTS }, "rule R1:" },
		{ { .login = "ab", .rights = GOOD_RIGHTS }, "rule R2:" },
		{ { .login = "abcabcabc", .rights = GOOD_RIGHTS }, "rule R2:" },
		{ { .login = "\xC3\xBC\xC3\xBC\xC3\xBC\xC3\xBC\xC3\xBC\xC3\xBC", .rights = GOOD_RIGHTS }, NULL },
		{ { .login = "abz", .rights = GOOD_RIGHTS }, "rule R3:" },
		{ { .login = "abc", .mail = "a@b.org", .rights = GOOD_RIGHTS }, NULL },
		{ { .login = "abc", .mail = "", .rights = GOOD_RIGHTS }, "rule R4:" },
		{ { .login = "abc", .mail = "a", .rights = GOOD_RIGHTS }, "rule R4:" },
		{ { .login = "abc", .mail = "@b.org", .rights = GOOD_RIGHTS }, "rule R4:" },
		{ { .login = "abc", .mail = "a@", .rights = GOOD_RIGHTS }, "rule R4:" },
		{ { .login = "abc", .mail = "a@b..org", .rights = GOOD_RIGHTS }, "rule R4:" },
		{ { .login = "abc", .mail = "a@b@c", .rights = GOOD_RIGHTS }, "rule R4:" },
		{ { .login = "abc", .mail = "a b@c.org", .rights = GOOD_RIGHTS }, "rule R4:" },
		{ { .login = "abc", .mail = "a@b.org\n", .rights = GOOD_RIGHTS }, "rule R4:" },
		{ { .login = "abc", .secret = "short", .rights = GOOD_RIGHTS }, "rule R5:" },
		{ { .login = "abc", .secret = "long enough", .rights = GOOD_RIGHTS }, NULL },
		{ { .login = "abc" }, "rule R6:" },
		{ { .login = "abc", .rights = "{}" }, "rule R6:" },
		{ { .login = "abc", .rights = "{\"roles\":[]}" }, "rule R6:" },
		{ { .login = "abc", .rights = "{\"roles\":[\"\"]}" }, "rule R6:" },
		{ { .login = "abc", .rights = "{\"roles\":[1,2,3,4]}" }, "rule R7:" },
		{ { .login = "abc", .rights = "{\"roles\":[\"reader\",\"admin\"]}" }, "rule R8:" },
		{ { .login = "abc", .rights = "{\"roles\":[\"reader\"],\"full\":true}" }, NULL },
		{ { .login = "abc", .rights = "{\"roles\":[\"reader\"],\"full\":false}" }, "rule R9:" },
		{ { .login = "abc", .rights = "{\"roles\":[\"reader\"],\"level\":\"\"}" }, "rule R10:" },
		{ { .login = "abc", .rights = "{\"roles\":[\"reader\"],\"level\":12345}" }, NULL },
		{ { .login = "abc", .rights = "{\"roles\":[{\"id\":5}]}" }, NULL },
		{ { .login = "abc", .rights = "{broken" }, "JSON" },
	};

	(void)state;
	for (size_t i = 0; i < AU_COUNT(rows); i++) {
		struct au_err err = { 0 };
		int code = au_product_rules_check(rules, &rows[i].account, false, &err);
		if (code != (rows[i].rule != NULL ? AU_EINVAL : 0))
			fail_msg("row %zu gave %d: %s", i, code, err.text);
		if (rows[i].rule != NULL && strstr(err.text, rows[i].rule) == NULL)
			fail_msg("row %zu: %s", i, err.text);
	}
}

static void
text_names_rule_value_and_what_is_accepted(void **state)
{
	struct au_target_account account = { .login = "ab", .rights = "{\"roles\":[\"admin\"]}" };
	struct au_err err;

	(void)state;
	au_product_rules_check(rules, &account, false, &err);
	assert_string_equal(err.text, "rule R2: login 'ab': expected 3 to 8 characters");
	account.login = "abc";
	au_product_rules_check(rules, &account, false, &err);
	assert_string_equal(err.text, "rule R8: rights.roles 'admin': expected one of reader, writer");
	account.rights = GOOD_RIGHTS;
	account.secret = "hunter2";
	au_product_rules_check(rules, &account, false, &err);
	assert_string_equal(err.text, "rule R5: secret: expected 8 to 15 characters");
}

static void
templates_are_checked_for_rights_only(void **state)
{
	const struct au_target_account good = { .rights = GOOD_RIGHTS }, bad = { .rights = "{\"roles\":[\"admin\"]}" };
	struct au_err err;

	(void)state;
	assert_int_equal(au_product_rules_check(rules, &good, true, &err), 0);
	assert_int_equal(au_product_rules_check(rules, &bad, true, &err), AU_EINVAL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_kind_of_rule_is_kept),
		cmocka_unit_test(text_names_rule_value_and_what_is_accepted),
		cmocka_unit_test(templates_are_checked_for_rights_only),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
