/* SPDX-License-Identifier: ISC */
/* Secrets at rest: what opens, what does not, and what is left of one that was taken. */
#include "tests/store/help.h"

#include "store/account.h"
#include "store/apiuser.h"
#include "store/sealed.h"

#include <string.h>

#define CANARY "canary-7f3a-not-a-real-secret"

static struct au_sealer *
sealer(const char *master_key)
{
	struct au_secret *key = au_secret_from_text(master_key);
	struct au_sealer *made = au_sealer_new(key);
	au_secret_free(key);
	return made;
}

static struct au_sealer *
usual_sealer(void)
{
	return sealer("a master key of more than thirty-two bytes");
}

static void
seal(const struct au_sealer *s, const char *account_id, const char *text, unsigned char **ret, size_t *ret_len)
{
	struct au_secret *secret = au_secret_from_text(text);
	au_seal(s, account_id, secret, ret, ret_len);
	au_secret_free(secret);
}

static void
sealed_secret_opens_again(void **state)
{
	struct fixture *f = *state;
	for (const char *const *text = (const char *const[]){ CANARY, "", "\xc3\xa9", NULL }; *text; text++) {
		struct au_sealer *s = usual_sealer(), *again = usual_sealer();
		unsigned char *sealed = NULL;
		size_t len = 0;
		struct au_secret *out = NULL;
		seal(s, "a1", *text, &sealed, &len);
		assert_ok(f, au_unseal(again, "a1", sealed, len, &out, &f->err));
		assert_string_equal(au_secret_text(out), *text);
		assert_int_equal(au_secret_len(out), strlen(*text));
		if (**text)
			assert_null(memmem(sealed, len, *text, strlen(*text)));
		au_secret_free(out);
		free(sealed);
		au_sealer_free(s);
		au_sealer_free(again);
	}
}

static void
same_secret_seals_differently_each_time(void **state)
{
	struct au_sealer *s = usual_sealer();
	unsigned char *a = NULL, *b = NULL;
	size_t a_len = 0, b_len = 0;
	(void)state;
	seal(s, "a1", CANARY, &a, &a_len);
	seal(s, "a1", CANARY, &b, &b_len);
	assert_int_equal(a_len, b_len);
	assert_memory_not_equal(a, b, a_len);
	free(a);
	free(b);
	au_sealer_free(s);
}

static void
no_changed_byte_opens(void **state)
{
	struct fixture *f = *state;
	struct au_sealer *s = usual_sealer();
	unsigned char *sealed = NULL;
	size_t len = 0;
	struct au_secret *out = NULL;
	seal(s, "a1", CANARY, &sealed, &len);
	for (size_t i = 0; i < len; i++) {
		sealed[i] ^= 0x40;
		assert_int_equal(au_unseal(s, "a1", sealed, len, &out, &f->err), AU_EINVAL);
		assert_null(strstr(f->err.text, CANARY));
		sealed[i] ^= 0x40;
	}
	for (size_t i = 0; i < len; i++)
		assert_int_equal(au_unseal(s, "a1", sealed, i, &out, &f->err), AU_EINVAL);
	assert_null(out);
	assert_ok(f, au_unseal(s, "a1", sealed, len, &out, &f->err));
	au_secret_free(out);
	free(sealed);
	au_sealer_free(s);
}

static void
neither_another_account_nor_another_key_opens(void **state)
{
	struct fixture *f = *state;
	struct au_sealer *s = usual_sealer(), *other = sealer("another master key of thirty-two bytes or so");
	unsigned char *sealed = NULL;
	size_t len = 0;
	struct au_secret *out = NULL;
	seal(s, "a1", CANARY, &sealed, &len);
	assert_int_equal(au_unseal(s, "a2", sealed, len, &out, &f->err), AU_EINVAL);
	assert_int_equal(au_unseal(other, "a1", sealed, len, &out, &f->err), AU_EINVAL);
	assert_null(out);
	free(sealed);
	au_sealer_free(s);
	au_sealer_free(other);
}

static void
derived_keys_differ_by_context_and_by_master_key(void **state)
{
	struct au_sealer *s = usual_sealer(), *again = usual_sealer();
	struct au_sealer *other = sealer("another master key of thirty-two bytes or so");
	unsigned char audit[32], token[32], same[32], foreign[32];
	(void)state;
	au_sealer_derive(s, "auditkey", audit);
	au_sealer_derive(s, "tokenkey", token);
	au_sealer_derive(again, "auditkey", same);
	au_sealer_derive(other, "auditkey", foreign);
	assert_memory_equal(audit, same, 32);
	assert_memory_not_equal(audit, token, 32);
	assert_memory_not_equal(audit, foreign, 32);
	au_sealer_free(s);
	au_sealer_free(again);
	au_sealer_free(other);
}

static void
short_master_key_is_refused(void **state)
{
	(void)state;
	assert_null(sealer("only thirty-one bytes of a key."));
	assert_null(au_sealer_new(NULL));
}

static void
make_account(struct fixture *f)
{
	struct au_apiuser user = { .id = "u1", .key = "k" };
	struct au_account account = { .id = "a1", .apiuser_id = "u1", .target = "room", .login = "svc" };
	assert_ok(f, au_store_apiuser_put(f->tx, &user, &f->err));
	assert_ok(f, au_store_account_put(f->tx, &account, &f->err));
}

static void
row_is_kept_replaced_and_taken(void **state)
{
	struct fixture *f = *state;
	static const unsigned char first[] = { 1, 0, 2 }, second[] = { 0, 255 };
	struct au_sealed_row row = { "a1", first, sizeof(first), false, 5 }, out = { .account_id = "untouched" };
	make_account(f);
	assert_ok(f, au_store_sealed_put(f->tx, &row, &f->err));
	assert_ok(f, au_store_sealed_get(f->tx, f->arena, "a1", &out, &f->err));
	assert_string_equal(out.account_id, "a1");
	assert_int_equal(out.len, 3);
	assert_memory_equal(out.sealed, first, 3);
	assert_false(out.ready);
	assert_int_equal(out.created_ms, 5);
	row = (struct au_sealed_row){ "a1", second, sizeof(second), true, 6 };
	assert_ok(f, au_store_sealed_put(f->tx, &row, &f->err));
	assert_ok(f, au_store_sealed_get(f->tx, f->arena, "a1", &out, &f->err));
	assert_int_equal(out.len, 2);
	assert_memory_equal(out.sealed, second, 2);
	assert_true(out.ready);
	assert_ok(f, au_store_sealed_remove(f->tx, "a1", &f->err));
	assert_int_equal(au_store_sealed_get(f->tx, f->arena, "a1", &out, &f->err), AU_ENOENT);
	assert_ok(f, au_store_sealed_remove(f->tx, "a1", &f->err)); /* taken twice is fine */
}

static void
secret_without_an_account_is_refused(void **state)
{
	struct fixture *f = *state;
	struct au_sealed_row row = { "nobody", (const unsigned char *)"x", 1, false, 5 };
	assert_int_equal(au_store_sealed_put(f->tx, &row, &f->err), AU_EINVAL);
}

#define SEALED_TEST(name) cmocka_unit_test_setup_teardown(name, set_up_tx, tear_down_tx)
static const struct CMUnitTest sealed[] = {
	SEALED_TEST(sealed_secret_opens_again),
	SEALED_TEST(same_secret_seals_differently_each_time),
	SEALED_TEST(no_changed_byte_opens),
	SEALED_TEST(neither_another_account_nor_another_key_opens),
	SEALED_TEST(derived_keys_differ_by_context_and_by_master_key),
	SEALED_TEST(short_master_key_is_refused),
	SEALED_TEST(row_is_kept_replaced_and_taken),
	SEALED_TEST(secret_without_an_account_is_refused),
};

int
main(void)
{
	return RUN_FOR_EACH_BACKEND(sealed);
}
