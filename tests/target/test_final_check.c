/* SPDX-License-Identifier: ISC */
/* What a worker checks right before a call: by what the rules say then, whatever was true when the step was planned. */
#include "tests/unit.h"

#include "model/password.h"
#include "targetd/final_check.h"

#include <string.h>

static const struct au_product_rule no_rules[] = { AU_RULE_END };
static const struct au_target table = { .abi = AU_TARGET_ABI,
	.name = "fake",
	.product = "Fake",
	.caps = AU_CAP_SET_SECRET | AU_CAP_RESET_SECRET,
	.password = { 4, 12, "abcdefXYZ0123", AU_PW_LOWER },
	.rules = no_rules };

static struct au_own_rules
narrowed(struct au_pwpolicy password)
{
	return (struct au_own_rules){ .rules = no_rules, .words = no_rules, .password = password };
}

static int
check(const struct au_own_rules *own, enum au_call_op op, const char *secret, struct au_err *err)
{
	struct au_call call = { .op = op, .account = { .login = "ann", .secret = secret, .active = -1 } };

	*err = (struct au_err){ 0 };
	return au_final_check(&table, own, &call, err);
}

/* I17: a password that was made is held to what the policy says at the call, not to the policy that it was made by. */
static void
password_is_held_to_the_policy_of_the_moment(void **state)
{
	static const struct {
		struct au_pwpolicy now;
		const char *says;
	} rows[] = {
		{ { 4, 12, "abcdefXYZ0123", AU_PW_LOWER }, NULL },
		{ { 12, 12, "abcdefXYZ0123", AU_PW_LOWER }, NULL },
		{ { 4, 11, "abcdefXYZ0123", AU_PW_LOWER }, "4 to 11" },
		{ { 4, 12, "abcdef0123", AU_PW_LOWER }, "only characters" },
		{ { 4, 12, "abcdefXYZ0123", AU_PW_LOWER | AU_PW_DIGIT }, "digit" },
	};
	static const char made[] = "abcXYZabcXYZ";
	struct au_err err;

	(void)state;
	for (size_t i = 0; i < AU_COUNT(rows); i++) {
		struct au_own_rules own = narrowed(rows[i].now);
		for (int op = 0; op < 2; op++) {
			int rc = check(&own, op == 0 ? AU_CALL_CREATE : AU_CALL_RESET_SECRET, made, &err);
			assert_int_equal(rc, rows[i].says != NULL ? AU_EINVAL : 0);
			if (rows[i].says != NULL && strstr(err.text, rows[i].says) == NULL)
				fail_msg("row %zu: %s", i, err.text);
			assert_null(strstr(err.text, made));
		}
	}
	/* The product's own policy is checked, too, whatever ours lets through. */
	struct au_own_rules wide = narrowed((struct au_pwpolicy){ 1, 99, "abcdefgh", 0 });
	assert_int_equal(check(&wide, AU_CALL_CREATE, "gggg", &err), AU_EINVAL);
	assert_int_equal(check(NULL, AU_CALL_CREATE, "abc", &err), AU_EINVAL);
	assert_int_equal(check(NULL, AU_CALL_CREATE, "abcd", &err), 0);
}

static void
secret_is_there_exactly_where_we_choose_it(void **state)
{
	struct au_err err;

	(void)state;
	assert_int_equal(check(NULL, AU_CALL_CREATE, NULL, &err), AU_EBUG);
	assert_int_equal(check(NULL, AU_CALL_SET_RIGHTS, NULL, &err), 0);
	assert_int_equal(check(NULL, AU_CALL_REMOVE, NULL, &err), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(password_is_held_to_the_policy_of_the_moment),
		cmocka_unit_test(secret_is_there_exactly_where_we_choose_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
