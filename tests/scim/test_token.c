/* SPDX-License-Identifier: ISC */
/* Bearer tokens: their form and their proof. */
#include "tests/scim/help.h"

#include "base/rand.h"
#include "scim/token.h"

static const unsigned char key[32] = "one key", other_key[32] = "another key";

struct fixture {
	char id[AU_TOKEN_ID_SIZE];
	struct au_secret *text;
	struct au_token_row row;
};

static void
make(struct fixture *f, long long lifetime_ms)
{
	au_token_make(key, "okta", 1000, lifetime_ms, f->id, &f->text, &f->row);
}

static void
tokens_have_one_form(void **state)
{
	char id[AU_TOKEN_ID_SIZE];
	struct fixture f;

	(void)state;
	make(&f, 0);
	assert_int_equal(au_secret_len(f.text), 5 + 16 + 1 + 43);
	assert_int_equal(strncmp(au_secret_text(f.text), "apiu_", 5), 0);
	assert_int_equal(au_token_id(au_secret_text(f.text), id, NULL), 0);
	assert_string_equal(id, f.row.id);
	assert_string_equal(f.row.client, "okta");
	assert_int_equal(f.row.expires_ms, 0);
	au_secret_free(f.text);
}

static void
other_texts_have_no_id(void **state)
{
	static const char *const bad[] = {
		"",
		"apiu_",
		"apiu_0123456789abcdef",
		"apiu_0123456789abcdef_",
		"apiu_0123456789abcdef_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
		"apiu_0123456789abcdef_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
		"apiu_0123456789ABCDEF_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
		"apix_0123456789abcdef_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
		"apiu_0123456789abcdef-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
		"apiu_0123456789abcdef_AAAAAAAAAAAAAAAAAAAAA AAAAAAAAAAAAAAAAAAAAA",
	};
	char id[AU_TOKEN_ID_SIZE];

	(void)state;
	for (size_t i = 0; i < AU_COUNT(bad); i++)
		if (au_token_id(bad[i], id, NULL) != AU_EINVAL)
			fail_msg("'%s' has an id", bad[i]);
	assert_int_equal(au_token_id("apiu_0123456789abcdef_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", id, NULL), 0);
}

static void
only_the_whole_token_proves(void **state)
{
	struct au_err err;
	struct fixture f, g;

	(void)state;
	make(&f, 500);
	make(&g, 0);
	assert_int_equal(au_token_check(key, au_secret_text(f.text), &f.row, 1499, &err), 0);
	assert_int_equal(au_token_check(key, au_secret_text(f.text), &f.row, 1500, &err), AU_EAUTH);
	assert_int_equal(au_token_check(key, au_secret_text(f.text), &g.row, 1499, &err), AU_EAUTH);
	assert_int_equal(au_token_check(other_key, au_secret_text(f.text), &f.row, 1499, &err), AU_EAUTH);
	assert_int_equal(au_token_check(key, au_secret_text(f.text), NULL, 1499, &err), AU_EAUTH);
	f.row.revoked_ms = 1200;
	assert_int_equal(au_token_check(key, au_secret_text(f.text), &f.row, 1499, &err), AU_EAUTH);
	assert_null(strstr(err.text, au_secret_text(f.text)));
	au_secret_free(f.text);
	au_secret_free(g.text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tokens_have_one_form),
		cmocka_unit_test(other_texts_have_no_id),
		cmocka_unit_test(only_the_whole_token_proves),
	};

	au_rand_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
