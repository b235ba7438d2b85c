/* SPDX-License-Identifier: ISC */
/* When a token is renewed and when it is worth nothing. */
#include "lib/token.h"

#include "base/mem.h"
#include "base/rand.h"

#include "tests/unit.h"

#include <string.h>

#define DEFAULT_MS 1200000

static void
set(struct au_token *token, const char *payload, int64_t now)
{
	char *encoded = au_base64url(payload, strlen(payload));
	char *text = au_xasprintf("head.%s.signature", encoded);

	au_token_set(token, text, DEFAULT_MS, now);
	assert_string_equal(au_secret_text(token->text), text);
	free(text);
	free(encoded);
}

static void
life_is_told_by_the_token_and_counted_from_receipt(void **state)
{
	struct au_token token = { 0 };

	(void)state;
	set(&token, "{\"iat\":5000000,\"exp\":5000100}", 1000);
	assert_true(au_token_valid(&token, 1000));
	assert_false(au_token_due(&token, 75999));
	assert_true(au_token_due(&token, 76000));
	assert_true(au_token_valid(&token, 100999));
	assert_false(au_token_valid(&token, 101000));
	assert_false(au_token_due(&token, 101000));
	au_token_clear(&token);
	assert_false(au_token_valid(&token, 1000));
}

static void
expect_default(const char *payload)
{
	struct au_token token = { 0 };

	set(&token, payload, 0);
	assert_int_equal(token.end_mono, DEFAULT_MS);
	assert_int_equal(token.renew_mono, DEFAULT_MS / 4 * 3);
	au_token_clear(&token);
}

static void
token_that_tells_nothing_lives_for_the_default(void **state)
{
	struct au_token token = { 0 };

	(void)state;
	expect_default("{}");
	expect_default("{\"iat\":10,\"exp\":5}");
	expect_default("{\"iat\":10,\"exp\":99999999999999}");
	expect_default("{\"iat\":\"10\",\"exp\":\"20\"}");
	expect_default("no JSON");
	au_token_set(&token, "opaque", DEFAULT_MS, 0);
	assert_int_equal(token.end_mono, DEFAULT_MS);
	au_token_set(&token, "a.!!!.b", DEFAULT_MS, 0);
	assert_int_equal(token.end_mono, DEFAULT_MS);
	au_token_clear(&token);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(life_is_told_by_the_token_and_counted_from_receipt),
		cmocka_unit_test(token_that_tells_nothing_lives_for_the_default),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
