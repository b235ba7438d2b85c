/* SPDX-License-Identifier: ISC */
/* Signatures of documents: the example of the "Standard Webhooks" libraries, and keys that are none. */
#include "tests/unit.h"

#include "base/mem.h"
#include "base/rand.h"
#include "base/signature.h"

#include <string.h>

#define EXAMPLE "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

static int
key_of(const char *text, struct au_secret **ret, struct au_err *err)
{
	AU_CLEANUP(au_secret_freep) struct au_secret *secret = au_secret_from_text(text);

	return au_signature_key(secret, ret, err);
}

static void
the_example_is_signed_as_others_sign_it(void **state)
{
	AU_CLEANUP(au_secret_freep) struct au_secret *key = NULL;
	char signature[AU_SIGNATURE_SIZE];

	(void)state;
	assert_int_equal(key_of(EXAMPLE, &key, NULL), 0);
	assert_int_equal(au_secret_len(key), 24);
	au_signature_make(key, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, "{\"test\": 2432232314}", signature);
	assert_string_equal(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
	au_signature_make(key, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265331, "{\"test\": 2432232314}", signature);
	assert_string_not_equal(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

static void
what_is_no_key_is_refused_and_not_quoted(void **state)
{
	static const char *const bad[] = { "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_",
		"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLa==", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS",
		"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2La-_Sw",
		"whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" };

	(void)state;
	for (size_t i = 0; i < AU_COUNT(bad); i++) {
		struct au_secret *key = NULL;
		struct au_err err = { 0 };
		assert_int_equal(key_of(bad[i], &key, &err), AU_EINVAL);
		assert_null(key);
		assert_null(strstr(err.text, "MfKQ"));
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_example_is_signed_as_others_sign_it),
		cmocka_unit_test(what_is_no_key_is_refused_and_not_quoted),
	};

	au_rand_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
