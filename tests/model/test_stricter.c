/* SPDX-License-Identifier: ISC */
/* Own rules beside a product's: what is stricter is taken, what would read as looser is refused. */
#include "tests/unit.h"

#include "model/password.h"
#include "model/product_rule.h"
#include "model/stricter.h"

#include <string.h>

#define WORDS(...) ((const char *const[]){ __VA_ARGS__, NULL })

static const char *const levels[] = { "low", "middle", "high", NULL };
static const char *const scopes[] = { "team", "tenant", NULL };

static const struct au_product_rule rules[] = {
	{ "P1", "Length.", AU_DOCUMENTED, AU_RULE_LENGTH, "login", 3, 20, NULL, NULL },
	{ "P2", "Characters.", AU_DOCUMENTED, AU_RULE_CHARS, "login", 0, 0, "abcdef-", NULL },
	{ "P3", "Roles.", AU_DOCUMENTED, AU_RULE_COUNT, "rights.roles", 1, 0, NULL, NULL },
	{ "P4", "Levels.", AU_DOCUMENTED, AU_RULE_CHOICE, "rights.level", 0, 0, NULL, levels },
	AU_RULE_END,
};

static const struct au_opt rights[] = {
	{ "roles", AU_LIST, 0, 0, 0, NULL, NULL, "Roles." },
	{ "level", AU_STR, 0, 0, 0, NULL, NULL, "Level." },
	{ "scope", AU_ENUM, 0, 0, 0, scopes, "team", "Scope." },
	AU_OPT_END,
};

static const struct au_describe product = {
	.name = "p",
	.product = "Product",
	.password = { 8, 15, "abcdefgh01234567-_", AU_PW_DIGIT },
	.rights_opts = rights,
	.rules = rules,
};

static const struct au_describe makes_its_own = { .product = "Product", .rights_opts = rights, .rules = rules };

static struct au_own_rules
make(struct au_arena *arena, const struct au_stricter *own)
{
	struct au_own_rules made = { 0 };
	struct au_err err = { 0 };
	size_t bad;

	if (au_stricter_make(arena, &product, own, 1, &made, &bad, &err) != 0)
		fail_msg("%s", err.text);
	return made;
}

static void
looser_or_impossible_rules_are_refused(void **state)
{
	const struct {
		struct au_stricter own;
		const char *text; /* NULL: it is taken */
	} rows[] = {
		{ { .field = "login", .kind = AU_RULE_LENGTH, .has_min = true, .min = 3, .has_max = true, .max = 20 },
		    NULL },
		{ { .field = "login", .kind = AU_RULE_LENGTH, .has_min = true, .min = 2 }, "rule P1 accepts: 3 to 20" },
		{ { .field = "login", .kind = AU_RULE_LENGTH, .has_max = true, .max = 21 },
		    "rule P1 accepts: 3 to 20" },
		{ { .field = "login", .kind = AU_RULE_LENGTH, .has_max = true, .max = 2 }, "rule P1" },
		{ { .field = "login", .kind = AU_RULE_LENGTH, .has_min = true, .min = 21 }, "rule P1" },
		{ { .field = "login", .kind = AU_RULE_LENGTH, .has_min = true, .min = 9, .has_max = true, .max = 8 },
		    "'min' is above 'max'" },
		{ { .field = "login", .kind = AU_RULE_CHARS, .chars = "abc" }, NULL },
		{ { .field = "login", .kind = AU_RULE_CHARS, .chars = "abcz" }, "rule P2" },
		{ { .field = "mail", .kind = AU_RULE_LENGTH, .has_max = true, .max = 900 }, NULL },
		{ { .field = "mail", .kind = AU_RULE_MAIL }, NULL },
		{ { .field = "label", .kind = AU_RULE_REQUIRED }, NULL },
		{ { .field = "colour", .kind = AU_RULE_REQUIRED }, "field 'colour' is unknown" },
		{ { .field = "rights.colour", .kind = AU_RULE_REQUIRED }, "Product has no such right" },
		{ { .field = "rights.roles", .kind = AU_RULE_COUNT, .has_max = true, .max = 2 }, NULL },
		{ { .field = "rights.roles", .kind = AU_RULE_COUNT, .has_min = true, .min = 0 },
		    "rule P3 accepts: 1 or more" },
		{ { .field = "rights.level", .kind = AU_RULE_COUNT, .has_max = true, .max = 2 }, "is no list" },
		{ { .field = "login", .kind = AU_RULE_COUNT, .has_max = true, .max = 2 }, "is no list" },
		{ { .field = "rights.level", .kind = AU_RULE_CHOICE, .choices = WORDS("low") }, NULL },
		{ { .field = "rights.level", .kind = AU_RULE_CHOICE, .choices = WORDS("low", "top") },
		    "one of low, middle, high" },
		{ { .field = "rights.scope", .kind = AU_RULE_CHOICE, .choices = WORDS("team") }, NULL },
		{ { .field = "rights.scope", .kind = AU_RULE_CHOICE, .choices = WORDS("world") }, "does not know" },
		{ { .field = "secret", .kind = AU_RULE_LENGTH, .has_min = true, .min = 12 }, NULL },
		{ { .field = "secret", .kind = AU_RULE_LENGTH, .has_min = true, .min = 7 }, "a part of 8 to 15" },
		{ { .field = "secret", .kind = AU_RULE_LENGTH, .has_max = true, .max = 16 }, "a part of 8 to 15" },
		{ { .field = "secret", .kind = AU_RULE_LENGTH, .has_max = true, .max = 4000000000 },
		    "a part of 8 to 15" },
		{ { .field = "secret", .kind = AU_RULE_LENGTH, .has_min = true, .min = 16 }, "no length" },
		{ { .field = "secret", .kind = AU_RULE_CHARS, .chars = "abc012" }, NULL },
		{ { .field = "secret", .kind = AU_RULE_CHARS, .chars = "abcXYZ0" }, "only characters of" },
		{ { .field = "secret", .kind = AU_RULE_CHARS, .chars = "abc" }, "lacks a class" },
		{ { .field = "secret", .kind = AU_RULE_MAIL }, "its length, its characters or its classes" },
		{ { .field = "secret", .need = AU_PW_SIGN | AU_PW_LOWER }, NULL },
		{ { .field = "secret", .need = AU_PW_UPPER }, "lacks a class" },
		{ { .field = "login", .need = AU_PW_UPPER }, "only the secret has classes" },
	};

	(void)state;
	for (size_t i = 0; i < AU_COUNT(rows); i++) {
		AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
		struct au_stricter own[2] = { { .id = "first", .field = "mail", .kind = AU_RULE_REQUIRED },
			rows[i].own };
		struct au_own_rules made = { 0 };
		struct au_err err = { 0 };
		size_t bad = 99;

		own[1].id = "own";
		int rc = au_stricter_make(arena, &product, own, 2, &made, &bad, &err);
		if (rows[i].text == NULL ? rc != 0 : rc != AU_EINVAL || strstr(err.text, rows[i].text) == NULL)
			fail_msg("row %zu: %d '%s'", i, rc, err.text);
		if (rc != 0) {
			assert_int_equal(bad, 1);
			assert_null(made.rules);
		}
	}
}

static void
products_that_make_their_own_passwords_are_told_nothing_of_them(void **state)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	const struct au_stricter own = {
		.id = "own", .field = "secret", .kind = AU_RULE_LENGTH, .has_min = true, .min = 9
	};
	struct au_own_rules made;
	struct au_err err = { 0 };
	size_t bad;

	(void)state;
	assert_int_equal(au_stricter_make(arena, &makes_its_own, &own, 1, &made, &bad, &err), AU_EINVAL);
	assert_non_null(strstr(err.text, "makes its own passwords"));
}

/* Whatever an account is refused for by the product alone, it is refused for with own rules, too. */
static void
own_rules_never_loosen(void **state)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	const struct au_stricter own = {
		.id = "own", .field = "login", .kind = AU_RULE_LENGTH, .has_max = true, .max = 10
	};
	struct au_own_rules made = make(arena, &own);
	const struct au_describe *both = au_stricter_describe(arena, &product, &made);
	static const char *const logins[] = { "a", "abc", "abcdefabcd", "abcdefabcde", "xyz",
		"abcdefabcdefabcdefabcdef" };
	size_t refused_more = 0;

	(void)state;
	for (size_t i = 0; i < AU_COUNT(logins); i++) {
		struct au_target_account account = { .login = logins[i], .rights = "{\"roles\":[\"r\"]}" };
		int alone = au_product_rules_check(product.rules, &account, false, NULL);
		int together = au_product_rules_check(both->rules, &account, false, NULL);
		assert_true(alone == 0 || together != 0);
		refused_more += alone == 0 && together != 0;
	}
	assert_int_equal(refused_more, 1);
}

static void
one_policy_makes_and_checks_passwords(void **state)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	const struct au_stricter own = { .id = "own", .field = "secret", .need = AU_PW_SIGN };
	struct au_own_rules made = make(arena, &own);
	const struct au_describe *both = au_stricter_describe(arena, &product, &made);

	(void)state;
	assert_int_equal(au_password_check(&product.password, "abcdefg0", NULL), 0);
	assert_int_equal(au_password_check(&both->password, "abcdefg0", NULL), AU_EINVAL);
	for (int i = 0; i < 1000; i++) {
		AU_CLEANUP(au_secret_freep) struct au_secret *secret = NULL;
		assert_int_equal(au_password_generate(&both->password, &secret, NULL), 0);
		assert_int_equal(au_password_check(&both->password, au_secret_text(secret), NULL), 0);
	}
}

static void
worker_is_told_what_was_made(void **state)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	const struct au_stricter own = { .id = "own", .field = "login", .kind = AU_RULE_CHARS, .chars = "abc" };
	struct au_own_rules made = make(arena, &own), back = { 0 };
	AU_CLEANUP(au_json_decrefp) json_t *json = au_own_rules_to_json(&made);
	struct au_target_account account = { .login = "abcd" };
	struct au_err err = { 0 };

	(void)state;
	assert_int_equal(au_own_rules_from_json(arena, json, &back, &err), 0);
	assert_int_equal(au_product_rules_check(back.rules, &account, false, &err), AU_EINVAL);
	assert_non_null(strstr(err.text, "rule own: login 'abcd'"));
	assert_int_equal(back.password.max_len, 15);
	assert_int_equal(au_own_rules_from_json(arena, json_object_get(json, "rules"), &back, &err), AU_EPROTO);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(looser_or_impossible_rules_are_refused),
		cmocka_unit_test(products_that_make_their_own_passwords_are_told_nothing_of_them),
		cmocka_unit_test(own_rules_never_loosen),
		cmocka_unit_test(one_policy_makes_and_checks_passwords),
		cmocka_unit_test(worker_is_told_what_was_made),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
