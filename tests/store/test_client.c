/* SPDX-License-Identifier: ISC */
/* Tokens of SCIM clients. */
#include "tests/store/help.h"

#include "store/client.h"
#include "store/provider.h"

#include <string.h>

static void
add(struct fixture *f, const char *id, const char *client, long long created_ms)
{
	struct au_token_row row = { .id = id, .client = client, .created_ms = created_ms, .expires_ms = 99 };
	memset(row.mac, id[0], sizeof(row.mac));
	assert_ok(f, au_store_token_add(f->tx, &row, &f->err));
}

static void
token_is_kept_with_every_field(void **state)
{
	struct fixture *f = *state;
	struct au_token_row in = { "t1", "okta", { 0 }, 1, 2, 3, 4, "users read-only" }, out = { .id = "untouched" };
	for (size_t i = 0; i < sizeof(in.mac); i++)
		in.mac[i] = (unsigned char)(i * 9); /* zeros and high bytes alike */
	assert_ok(f, au_store_token_add(f->tx, &in, &f->err));
	assert_int_equal(au_store_token_get(f->tx, f->arena, "t2", &out, &f->err), AU_ENOENT);
	assert_string_equal(out.id, "untouched");
	assert_ok(f, au_store_token_get(f->tx, f->arena, "t1", &out, &f->err));
	assert_string_equal(out.id, "t1");
	assert_string_equal(out.client, "okta");
	assert_memory_equal(out.mac, in.mac, sizeof(in.mac));
	assert_int_equal(out.created_ms, 1);
	assert_int_equal(out.expires_ms, 2);
	assert_int_equal(out.revoked_ms, 3);
	assert_int_equal(out.used_ms, 4);
	assert_string_equal(out.scopes, "users read-only");
	assert_int_equal(au_store_token_add(f->tx, &in, &f->err), AU_EEXIST);
}

static void
revoking_ends_every_live_token_of_one_client(void **state)
{
	struct fixture *f = *state;
	struct au_token_row *list = NULL;
	size_t count = 0;
	add(f, "t1", "okta", 1);
	add(f, "t2", "okta", 2);
	add(f, "t3", "entra", 3);
	assert_ok(f, au_store_token_revoke(f->tx, "okta", NULL, 50, &f->err));
	assert_int_equal(au_store_token_revoke(f->tx, "okta", NULL, 60, &f->err), AU_ENOENT);
	assert_int_equal(au_store_token_revoke(f->tx, "nobody", NULL, 60, &f->err), AU_ENOENT);
	assert_ok(f, au_store_token_list(f->tx, f->arena, &list, &count, &f->err));
	assert_int_equal(count, 3);
	assert_string_equal(list[0].client, "entra");
	assert_int_equal(list[0].revoked_ms, 0);
	assert_string_equal(list[1].id, "t1");
	assert_int_equal(list[1].revoked_ms, 50);
	assert_int_equal(list[2].revoked_ms, 50);
}

static void
one_token_is_revoked_alone(void **state)
{
	struct fixture *f = *state;
	struct au_token_row out;
	add(f, "t1", "okta", 1);
	add(f, "t2", "okta", 2);
	add(f, "t3", "entra", 3);
	assert_ok(f, au_store_token_revoke(f->tx, "okta", "t2", 50, &f->err));
	assert_int_equal(au_store_token_revoke(f->tx, "okta", "t2", 60, &f->err), AU_ENOENT);
	assert_int_equal(au_store_token_revoke(f->tx, "okta", "t3", 60, &f->err), AU_ENOENT);
	assert_ok(f, au_store_token_get(f->tx, f->arena, "t2", &out, &f->err));
	assert_int_equal(out.revoked_ms, 50);
	assert_ok(f, au_store_token_get(f->tx, f->arena, "t1", &out, &f->err));
	assert_int_equal(out.revoked_ms, 0);
	assert_null(out.scopes);
	assert_ok(f, au_store_token_get(f->tx, f->arena, "t3", &out, &f->err));
	assert_int_equal(out.revoked_ms, 0);
}

static void
use_of_a_token_is_noted(void **state)
{
	struct fixture *f = *state;
	struct au_token_row out;
	add(f, "t1", "okta", 1);
	assert_ok(f, au_store_token_used(f->tx, "t1", 777, &f->err));
	assert_ok(f, au_store_token_get(f->tx, f->arena, "t1", &out, &f->err));
	assert_int_equal(out.used_ms, 777);
}

static void
provider_is_kept_and_replaced(void **state)
{
	struct fixture *f = *state;
	struct au_provider_row first = { "corp", "entra", "its operations begin with capital letters", false, 5 }, out;
	struct au_provider_row second = { "corp", "okta", "its User-Agent names Okta", true, 9 }, *list;
	size_t count;
	assert_int_equal(au_store_provider_get(f->tx, f->arena, "corp", &out, &f->err), AU_ENOENT);
	assert_ok(f, au_store_provider_put(f->tx, &first, &f->err));
	assert_ok(f, au_store_provider_get(f->tx, f->arena, "corp", &out, &f->err));
	assert_string_equal(out.profile, "entra");
	assert_false(out.named);
	assert_int_equal(out.seen_ms, 5);
	assert_ok(f, au_store_provider_put(f->tx, &second, &f->err));
	assert_ok(f, au_store_provider_list(f->tx, f->arena, &list, &count, &f->err));
	assert_int_equal(count, 1);
	assert_string_equal(list[0].client, "corp");
	assert_string_equal(list[0].profile, "okta");
	assert_string_equal(list[0].evidence, "its User-Agent names Okta");
	assert_true(list[0].named);
}

static const struct CMUnitTest client[] = {
	cmocka_unit_test_setup_teardown(provider_is_kept_and_replaced, set_up_tx, tear_down_tx),
	cmocka_unit_test_setup_teardown(token_is_kept_with_every_field, set_up_tx, tear_down_tx),
	cmocka_unit_test_setup_teardown(revoking_ends_every_live_token_of_one_client, set_up_tx, tear_down_tx),
	cmocka_unit_test_setup_teardown(one_token_is_revoked_alone, set_up_tx, tear_down_tx),
	cmocka_unit_test_setup_teardown(use_of_a_token_is_noted, set_up_tx, tear_down_tx),
};

int
main(void)
{
	return RUN_FOR_EACH_BACKEND(client);
}
