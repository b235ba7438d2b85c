/* SPDX-License-Identifier: ISC */
/* What is kept of proven tokens, and what ends it. */
#include "tests/unit.h"

#include "base/mem.h"
#include "scim/known.h"

#include <ftw.h>
#include <stdio.h>
#include <string.h>

struct fixture {
	char folder[64];
	struct au_store *store;
	struct au_known *known;
	struct au_stamp stamp;
};

static int
set_up(void **state)
{
	static const unsigned char key[32] = "a key";
	struct fixture *f = au_xcalloc(1, sizeof *f);
	struct au_store_config config = { .backend = "sqlite", .audit_key = key };
	struct au_err err = { .code = 0 };

	snprintf(f->folder, sizeof f->folder, "/tmp/apiuserd-known-XXXXXX");
	assert_non_null(mkdtemp(f->folder));
	config.path = f->folder;
	if (au_store_open(NULL, &config, &f->store, &err) != 0)
		fail_msg("%s", err.text);
	f->known = au_known_new(f->store);
	*state = f;
	return 0;
}

static int
remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static int
tear_down(void **state)
{
	struct fixture *f = *state;

	au_known_free(f->known);
	au_store_close(f->store);
	nftw(f->folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	free(f);
	return 0;
}

static struct au_token_row
row_of(const char *id)
{
	return (struct au_token_row){ .id = id, .client = "okta", .scopes = "users", .mac = { 7 } };
}

static int
add_work(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	return au_store_token_add(tx, arg, err);
}

static int
use_work(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	return au_store_token_used(tx, arg, 5, err);
}

static int
revoke_work(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	return au_store_token_revoke(tx, "okta", arg, 5, err);
}

static void
keep(struct fixture *f, const char *id)
{
	struct au_token_row row = row_of(id);

	assert_true(au_store_stamp(f->store, AU_STAMP_TOKENS, NULL, NULL, NULL, &f->stamp));
	au_known_keep_token(f->known, &row, &f->stamp);
}

static void
a_row_is_kept_as_it_was(void **state)
{
	struct fixture *f = *state;
	char id[] = "0123456789abcdef";
	const struct au_token_row *row;

	keep(f, id);
	id[0] = 'x';
	assert_null(au_known_token(f->known, id));
	row = au_known_token(f->known, "0123456789abcdef");
	assert_non_null(row);
	assert_string_equal(row->id, "0123456789abcdef");
	assert_string_equal(row->client, "okta");
	assert_string_equal(row->scopes, "users");
	assert_int_equal(row->mac[0], 7);
	keep(f, "0123456789abcdef");
	assert_non_null(au_known_token(f->known, "0123456789abcdef"));
}

static void
a_change_of_any_token_ends_all(void **state)
{
	struct fixture *f = *state;
	struct au_token_row other = row_of("b");

	keep(f, "a");
	assert_int_equal(au_store_run(f->store, add_work, &other, NULL), 0);
	assert_null(au_known_token(f->known, "a"));
	keep(f, "a");
	keep(f, "b");
	assert_int_equal(au_store_run(f->store, use_work, (void *)(uintptr_t) "b", NULL), 0);
	assert_non_null(au_known_token(f->known, "a"));
	assert_int_equal(au_store_run(f->store, revoke_work, (void *)(uintptr_t) "b", NULL), 0);
	assert_null(au_known_token(f->known, "b"));
	assert_null(au_known_token(f->known, "a"));
}

/* Read before a commit and kept after it: too late. */
static void
what_was_read_before_a_change_is_not_kept(void **state)
{
	struct fixture *f = *state;
	struct au_token_row row = row_of("a"), other = row_of("b");

	assert_true(au_store_stamp(f->store, AU_STAMP_TOKENS, NULL, NULL, NULL, &f->stamp));
	assert_int_equal(au_store_run(f->store, add_work, &other, NULL), 0);
	au_known_keep_token(f->known, &row, &f->stamp);
	assert_null(au_known_token(f->known, "a"));
}

/* ---- JWTs ---- */

#define TEXT(head) head ".payload.0123456789012345678901234567890123456789"

static void
a_jwt_is_known_by_its_whole_text(void **state)
{
	static const struct au_identity robot = { .client = "robot", .scopes = "users", .expires_ms = 1000 };
	struct fixture *f = *state;
	const struct au_identity *found;

	au_known_keep_jwt(f->known, TEXT("one"), &robot);
	found = au_known_jwt(f->known, TEXT("one"), 999);
	assert_non_null(found);
	assert_string_equal(found->client, "robot");
	assert_string_equal(found->scopes, "users");
	assert_null(found->certificate);
	/* the same signature under another text, and what is too short to have one */
	assert_null(au_known_jwt(f->known, TEXT("two"), 999));
	assert_null(au_known_jwt(f->known, "a.b.c", 999));
	au_known_keep_jwt(f->known, "a.b.c", &robot);
	assert_null(au_known_jwt(f->known, "a.b.c", 999));
	assert_null(au_known_jwt(f->known, TEXT("one"), 1000));
	assert_null(au_known_jwt(f->known, TEXT("one"), 999));
}

static void
new_keys_end_jwts_and_nothing_else(void **state)
{
	static const struct au_identity robot = { .client = "robot", .expires_ms = 1000 };
	struct fixture *f = *state;

	keep(f, "a");
	au_known_keep_jwt(f->known, TEXT("one"), &robot);
	au_known_forget_jwts(f->known);
	assert_null(au_known_jwt(f->known, TEXT("one"), 1));
	assert_non_null(au_known_token(f->known, "a"));
}

static void
memory_is_bounded(void **state)
{
	static const struct au_identity robot = { .client = "robot", .expires_ms = 1000 };
	struct fixture *f = *state;
	size_t kept = 0;
	char text[128];

	for (int i = 0; i < 3000; i++) {
		snprintf(text, sizeof text, "head.payload.%040d", i);
		au_known_keep_jwt(f->known, text, &robot);
	}
	for (int i = 0; i < 3000; i++) {
		snprintf(text, sizeof text, "head.payload.%040d", i);
		kept += au_known_jwt(f->known, text, 1) != NULL;
	}
	assert_true(kept > 0 && kept <= 1000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
		TEST(a_row_is_kept_as_it_was),
		TEST(a_change_of_any_token_ends_all),
		TEST(what_was_read_before_a_change_is_not_kept),
		TEST(a_jwt_is_known_by_its_whole_text),
		TEST(new_keys_end_jwts_and_nothing_else),
		TEST(memory_is_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
