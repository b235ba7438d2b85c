/* SPDX-License-Identifier: ISC */
/* What a digest of a refused log-in tells apart, how long it holds, and that it outlives the daemon. */
#include "tests/unit.h"

#include "base/io.h"
#include "source/refusal.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const unsigned char key[AU_REFUSAL_KEY] = "one key", other_key[AU_REFUSAL_KEY] = "another";

static void
print(char *ret, const unsigned char *with, const char *options, const char *password, char *keytab)
{
	AU_CLEANUP(au_json_decrefp) json_t *json = json_loads(options, 0, NULL);
	struct au_secrets secrets = { .password = au_secret_from_text(password), .keytab = keytab };

	assert_non_null(json);
	au_refusal_print(ret, with, json, &secrets);
	au_secret_free(secrets.password);
}

#define CORP "{\"servers\":[\"ldaps://a\"],\"bind_dn\":\"cn=a\",\"people_filter\":\"(uid=*)\"}"

static void
log_in_is_known_again_and_no_other_is(void **state)
{
	static const struct {
		const unsigned char *key;
		const char *options, *password;
		bool is_same;
	} rows[] = {
		{ key, CORP, "secret", true },
		{ key, "{\"servers\":[\"ldaps://a\"],\"bind_dn\":\"cn=a\"}", "secret",
		    true }, /* what is read is no matter */
		{ key, CORP, "Secret", false },
		{ key, CORP, NULL, false },
		{ other_key, CORP, "secret", false },
		{ key, "{\"servers\":[\"ldaps://b\"],\"bind_dn\":\"cn=a\"}", "secret", false },
		{ key, "{\"servers\":[\"ldaps://a\",\"ldaps://b\"],\"bind_dn\":\"cn=a\"}", "secret", false },
		{ key, "{\"servers\":[\"ldaps://a\"],\"bind_dn\":\"cn=b\"}", "secret", false },
		{ key, "{\"servers\":[\"ldaps://a\"],\"bind_dn\":\"cn=a\",\"bind\":\"external\"}", "secret", false },
		{ key, "{\"servers\":[\"ldaps://a\"],\"principal\":\"cn=a\"}", "secret", false },
		{ key, "{\"servers\":[\"ldaps://a\"],\"bind_dn\":\"cn=a\",\"client_id\":\"b\"}", "secret", false },
	};
	char first[AU_REFUSAL_PRINT], again[AU_REFUSAL_PRINT];

	(void)state;
	print(first, key, CORP, "secret", NULL);
	for (size_t i = 0; i < AU_COUNT(rows); i++) {
		print(again, rows[i].key, rows[i].options, rows[i].password, NULL);
		if ((strcmp(first, again) == 0) != rows[i].is_same)
			fail_msg("row %zu", i);
	}
	assert_null(strstr(first, "secret"));
}

/* Each secret has its place: one that moves to another is another log-in. */
static void
every_secret_counts(void **state)
{
	AU_CLEANUP(au_json_decrefp) json_t *options = json_loads(CORP, 0, NULL);
	AU_CLEANUP(au_secret_freep) struct au_secret *text = au_secret_from_text("text");
	const struct au_secrets each[] = { { NULL }, { .password = text }, { .client_key = text }, { .token = text },
		{ .client_secret = text } };
	char prints[AU_COUNT(each)][AU_REFUSAL_PRINT];

	(void)state;
	for (size_t i = 0; i < AU_COUNT(each); i++) {
		au_refusal_print(prints[i], key, options, &each[i]);
		for (size_t j = 0; j < i; j++)
			assert_string_not_equal(prints[i], prints[j]);
	}
}

static void
files_count_by_what_they_hold(void **state)
{
	char folder[] = "/tmp/refusal.XXXXXX", first[AU_REFUSAL_PRINT], again[AU_REFUSAL_PRINT];

	(void)state;
	assert_non_null(mkdtemp(folder));
	AU_CLEANUP(au_freep) char *path = au_xasprintf("%s/keytab", folder);
	assert_int_equal(au_io_replace(path, 0600, "one", 3, NULL), 0);
	print(first, key, CORP, NULL, path);
	/* Another file with the same in it, as services get new copies with each start. */
	assert_int_equal(au_io_replace(path, 0600, "one", 3, NULL), 0);
	print(again, key, CORP, NULL, path);
	assert_string_equal(first, again);
	assert_int_equal(au_io_replace(path, 0600, "two", 3, NULL), 0);
	print(again, key, CORP, NULL, path);
	assert_string_not_equal(first, again);
	unlink(path);
	rmdir(folder);
}

static void
refusal_holds_until_it_is_over(void **state)
{
	struct au_refusal refusal = { .print = "abc", .at_ms = 1000 };

	(void)state;
	assert_true(au_refusal_holds(&refusal, "abc", 1000, 0));
	assert_true(au_refusal_holds(&refusal, "abc", 1000000000000, 0));
	assert_false(au_refusal_holds(&refusal, "abd", 1000, 0));
	assert_true(au_refusal_holds(&refusal, "abc", 5999, 5000));
	assert_false(au_refusal_holds(&refusal, "abc", 6000, 5000));
	/* A clock that was put back must not make it shorter. */
	assert_true(au_refusal_holds(&refusal, "abc", 0, 5000));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(log_in_is_known_again_and_no_other_is),
		cmocka_unit_test(every_secret_counts),
		cmocka_unit_test(files_count_by_what_they_hold),
		cmocka_unit_test(refusal_holds_until_it_is_over),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
