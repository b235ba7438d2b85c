/* SPDX-License-Identifier: ISC */
/* API users and their accounts. */
#include "tests/store/help.h"

#include "store/account.h"
#include "store/apiuser.h"
#include "store/sealed.h"

#include <string.h>

static void
put_user(struct fixture *f, const char *id, const char *key, const char *user_name, const char *mail)
{
	struct au_apiuser user = { .id = id, .key = key, .user_name = user_name, .mail = mail };
	assert_ok(f, au_store_apiuser_put(f->tx, &user, &f->err));
}

static struct au_account
account(const char *id, const char *apiuser_id, const char *target)
{
	return (struct au_account){ .id = id,
		.apiuser_id = apiuser_id,
		.target = target,
		.login = "svc",
		.state = AU_ACCOUNT_PRESENT,
		.remote_id = "r-1",
		.remote_version = "7",
		.rights = "{\"roles\":[1]}",
		.label = "Service",
		.first_name = "Ser",
		.last_name = "Vice",
		.mail = "svc@example.org",
		.active = 1,
		.observed_ms = 11,
		.disabled_ms = 12,
		.problem = "quota",
		.problem_for = "digest",
		.retry_ms = 13,
		.created_ms = 14,
		.basis = "corp/admins",
		.settled = "r p on svc",
		.drift_ms = 15,
		.left_ms = 16,
		.adoption = AU_ADOPTION_CONFIRMED,
		.bases = "corp/admins\nhr/others" };
}

static void
put_account(struct fixture *f, const struct au_account *in)
{
	assert_ok(f, au_store_account_put(f->tx, in, &f->err));
}

static void
api_user_is_kept_with_every_field(void **state)
{
	struct fixture *f = *state;
	struct au_apiuser in = { .id = "u1",
		.key = "k",
		.user_name = "ada",
		.display_name = "Ada L",
		.given_name = "Ada",
		.family_name = "Lovelace",
		.mail = "ada@example.org",
		.owner = "bob@example.org",
		.owner_ref = "uid=bob",
		.application = "crm",
		.conflict = "two of them",
		.created_ms = 5,
		.changed_ms = 6,
		.expires_ms = 7,
		.term_ms = 8,
		.told_ms = 9,
		.owner_state = AU_OWNER_DISABLED,
		.owner_ms = 10 },
			  out;
	assert_ok(f, au_store_apiuser_put(f->tx, &in, &f->err));
	assert_ok(f, au_store_apiuser_get(f->tx, f->arena, "u1", &out, &f->err));
	assert_string_equal(out.id, "u1");
	assert_string_equal(out.key, "k");
	assert_string_equal(out.user_name, "ada");
	assert_string_equal(out.display_name, "Ada L");
	assert_string_equal(out.given_name, "Ada");
	assert_string_equal(out.family_name, "Lovelace");
	assert_string_equal(out.mail, "ada@example.org");
	assert_string_equal(out.owner, "bob@example.org");
	assert_string_equal(out.owner_ref, "uid=bob");
	assert_string_equal(out.application, "crm");
	assert_string_equal(out.conflict, "two of them");
	assert_int_equal(out.created_ms, 5);
	assert_int_equal(out.changed_ms, 6);
	assert_int_equal(out.expires_ms, 7);
	assert_int_equal(out.term_ms, 8);
	assert_int_equal(out.told_ms, 9);
	assert_int_equal(out.owner_state, AU_OWNER_DISABLED);
	assert_int_equal(out.owner_ms, 10);
	in.conflict = NULL;
	in.key = "k2";
	assert_ok(f, au_store_apiuser_put(f->tx, &in, &f->err));
	assert_ok(f, au_store_apiuser_by_key(f->tx, f->arena, "k2", &out, &f->err));
	assert_null(out.conflict);
	assert_int_equal(au_store_apiuser_by_key(f->tx, f->arena, "k", &out, &f->err), AU_ENOENT);
}

static void
two_api_users_cannot_share_a_key(void **state)
{
	struct fixture *f = *state;
	struct au_apiuser second = { .id = "u2", .key = "k" };
	put_user(f, "u1", "k", NULL, NULL);
	assert_int_equal(au_store_apiuser_put(f->tx, &second, &f->err), AU_EEXIST);
}

static void
search_takes_id_key_name_or_mail_in_any_case(void **state)
{
	struct fixture *f = *state;
	struct au_apiuser out = { .id = "untouched" };
	put_user(f, "u1", "ada@example.org", "Ada", "ADA@example.org");
	put_user(f, "u2", "corp:7", "Ben", NULL);
	put_user(f, "u3", "corp:8", "ben", NULL);
	for (const char *const *word = (const char *const[]){ "u1", "ada@example.org", "ADA", "Ada@Example.ORG", NULL };
	     *word; word++) {
		assert_ok(f, au_store_apiuser_search(f->tx, f->arena, *word, &out, &f->err));
		assert_string_equal(out.id, "u1");
	}
	out.id = "untouched";
	assert_int_equal(au_store_apiuser_search(f->tx, f->arena, "ben", &out, &f->err), AU_EEXIST);
	assert_int_equal(au_store_apiuser_search(f->tx, f->arena, "zed", &out, &f->err), AU_ENOENT);
	assert_string_equal(out.id, "untouched");
}

static void
api_users_are_listed_in_order_of_key(void **state)
{
	struct fixture *f = *state;
	struct au_apiuser *list = NULL;
	size_t count = 0;
	long long all = 0;
	put_user(f, "u1", "c", NULL, NULL);
	put_user(f, "u2", "a", NULL, NULL);
	put_user(f, "u3", "b", NULL, NULL);
	assert_ok(f, au_store_apiuser_list(f->tx, f->arena, "", 2, &list, &count, &f->err));
	assert_int_equal(count, 2);
	assert_string_equal(list[0].key, "a");
	assert_string_equal(list[1].key, "b");
	assert_ok(f, au_store_apiuser_list(f->tx, f->arena, "b", 2, &list, &count, &f->err));
	assert_int_equal(count, 1);
	assert_string_equal(list[0].key, "c");
	assert_ok(f, au_store_apiuser_count(f->tx, &all, &f->err));
	assert_int_equal(all, 3);
}

static void
api_user_with_accounts_is_not_removed(void **state)
{
	struct fixture *f = *state;
	struct au_apiuser out;
	put_user(f, "u1", "k", NULL, NULL);
	struct au_account in = account("a1", "u1", "room");
	put_account(f, &in);
	assert_int_equal(au_store_apiuser_remove(f->tx, "u1", &f->err), AU_EEXIST);
	assert_ok(f, au_store_apiuser_get(f->tx, f->arena, "u1", &out, &f->err));
	assert_ok(f, au_store_account_remove(f->tx, "a1", &f->err));
	assert_ok(f, au_store_apiuser_remove(f->tx, "u1", &f->err));
	assert_int_equal(au_store_apiuser_get(f->tx, f->arena, "u1", &out, &f->err), AU_ENOENT);
}

static void
assert_same_account(const struct au_account *a, const struct au_account *b)
{
	assert_string_equal(a->id, b->id);
	assert_string_equal(a->apiuser_id, b->apiuser_id);
	assert_string_equal(a->target, b->target);
	assert_string_equal(a->login, b->login);
	assert_int_equal(a->state, b->state);
	assert_string_equal(a->remote_id, b->remote_id);
	assert_string_equal(a->remote_version, b->remote_version);
	assert_string_equal(a->rights, b->rights);
	assert_string_equal(a->label, b->label);
	assert_string_equal(a->first_name, b->first_name);
	assert_string_equal(a->last_name, b->last_name);
	assert_string_equal(a->mail, b->mail);
	assert_int_equal(a->active, b->active);
	assert_int_equal(a->observed_ms, b->observed_ms);
	assert_int_equal(a->disabled_ms, b->disabled_ms);
	assert_string_equal(a->problem, b->problem);
	assert_string_equal(a->problem_for, b->problem_for);
	assert_int_equal(a->retry_ms, b->retry_ms);
	assert_int_equal(a->created_ms, b->created_ms);
	assert_string_equal(a->basis, b->basis);
	assert_string_equal(a->settled, b->settled);
	assert_int_equal(a->drift_ms, b->drift_ms);
	assert_int_equal(a->left_ms, b->left_ms);
	assert_int_equal(a->adoption, b->adoption);
	assert_string_equal(a->bases, b->bases);
}

static void
account_is_kept_with_every_field(void **state)
{
	struct fixture *f = *state;
	struct au_account out, in = account("a1", "u1", "room");
	put_user(f, "u1", "k", NULL, NULL);
	put_account(f, &in);
	assert_ok(f, au_store_account_get(f->tx, f->arena, "a1", &out, &f->err));
	assert_same_account(&out, &in);
	assert_ok(f, au_store_account_of(f->tx, f->arena, "u1", "room", &out, &f->err));
	assert_same_account(&out, &in);
	assert_ok(f, au_store_account_by_remote(f->tx, f->arena, "room", "r-1", &out, &f->err));
	assert_same_account(&out, &in);
	assert_int_equal(au_store_account_get(f->tx, f->arena, "a2", &out, &f->err), AU_ENOENT);
	assert_int_equal(au_store_account_of(f->tx, f->arena, "u1", "hall", &out, &f->err), AU_ENOENT);
	assert_int_equal(au_store_account_by_remote(f->tx, f->arena, "hall", "r-1", &out, &f->err), AU_ENOENT);
}

static void
account_put_again_is_written_whole(void **state)
{
	struct fixture *f = *state;
	struct au_account out, in = account("a1", "u1", "room");
	put_user(f, "u1", "k", NULL, NULL);
	put_account(f, &in);
	in = (struct au_account){ .id = "a1", .apiuser_id = "u1", .target = "room", .login = "other", .active = -1 };
	put_account(f, &in);
	assert_ok(f, au_store_account_get(f->tx, f->arena, "a1", &out, &f->err));
	assert_int_equal(out.state, AU_ACCOUNT_ABSENT);
	assert_int_equal(out.active, -1);
	assert_string_equal(out.login, "other");
	assert_null(out.remote_id);
	assert_null(out.rights);
	assert_null(out.problem);
	assert_int_equal(out.disabled_ms, 0);
}

static void
account_needs_its_api_user_and_only_one_per_target(void **state)
{
	struct fixture *f = *state;
	struct au_account in = account("a1", "nobody", "room");
	assert_int_equal(au_store_account_put(f->tx, &in, &f->err), AU_EINVAL);
	put_user(f, "u1", "k", NULL, NULL);
	in.apiuser_id = "u1";
	put_account(f, &in);
	in.id = "a2";
	assert_int_equal(au_store_account_put(f->tx, &in, &f->err), AU_EEXIST);
	in.target = "hall";
	put_account(f, &in);
}

static void
remote_id_that_was_given_out_again_finds_the_present_account(void **state)
{
	struct fixture *f = *state;
	struct au_account out, gone = account("a1", "u1", "room"), now = account("a2", "u2", "room");
	put_user(f, "u1", "k1", NULL, NULL);
	put_user(f, "u2", "k2", NULL, NULL);
	gone.state = AU_ACCOUNT_ABSENT;
	put_account(f, &gone);
	put_account(f, &now);
	assert_ok(f, au_store_account_by_remote(f->tx, f->arena, "room", "r-1", &out, &f->err));
	assert_string_equal(out.id, "a2");
}

static void
accounts_are_listed_and_counted_by_target(void **state)
{
	struct fixture *f = *state;
	struct au_account *list = NULL, in;
	struct au_account_counts counts;
	size_t count = 0;
	static const struct {
		const char *id, *user, *target;
		enum au_account_state state;
		int active;
		const char *problem;
	} rows[] = {
		{ "a3", "u1", "room", AU_ACCOUNT_PRESENT, 1, NULL },
		{ "a1", "u2", "room", AU_ACCOUNT_PRESENT, 0, "disabled there" },
		{ "a2", "u3", "room", AU_ACCOUNT_CONFLICT, -1, "taken" },
		{ "a4", "u4", "room", AU_ACCOUNT_ABSENT, 1, NULL },
		{ "a0", "u1", "hall", AU_ACCOUNT_PRESENT, 1, NULL },
	};
	for (size_t i = 0; i < AU_COUNT(rows); i++) {
		put_user(f, rows[i].user, rows[i].user, NULL, NULL);
		in = account(rows[i].id, rows[i].user, rows[i].target);
		in.state = rows[i].state;
		in.active = rows[i].active;
		in.problem = rows[i].problem;
		put_account(f, &in);
	}
	assert_ok(f, au_store_account_list(f->tx, f->arena, "room", "", 3, &list, &count, &f->err));
	assert_int_equal(count, 3);
	assert_string_equal(list[0].id, "a1");
	assert_string_equal(list[2].id, "a3");
	assert_ok(f, au_store_account_list(f->tx, f->arena, "room", "a3", 3, &list, &count, &f->err));
	assert_int_equal(count, 1);
	assert_string_equal(list[0].id, "a4");
	assert_ok(f, au_store_account_by_apiuser(f->tx, f->arena, "u1", &list, &count, &f->err));
	assert_int_equal(count, 2);
	assert_string_equal(list[0].target, "hall");
	assert_ok(f, au_store_account_counts(f->tx, "room", &counts, &f->err));
	assert_int_equal(counts.all, 4);
	assert_int_equal(counts.present, 2);
	assert_int_equal(counts.active, 1);
	assert_int_equal(counts.problems, 2);
	assert_int_equal(counts.conflicts, 1);
	assert_ok(f, au_store_account_counts(f->tx, "nowhere", &counts, &f->err));
	assert_int_equal(counts.all, 0);
	assert_int_equal(counts.present, 0);
}

static void
removed_account_takes_its_secret_along(void **state)
{
	struct fixture *f = *state;
	struct au_account in = account("a1", "u1", "room");
	struct au_sealed_row row = { "a1", (const unsigned char *)"sealed", 6, true, 1 }, out;
	put_user(f, "u1", "k", NULL, NULL);
	put_account(f, &in);
	assert_ok(f, au_store_sealed_put(f->tx, &row, &f->err));
	assert_ok(f, au_store_account_remove(f->tx, "a1", &f->err));
	assert_int_equal(au_store_sealed_get(f->tx, f->arena, "a1", &out, &f->err), AU_ENOENT);
}

static void
target_row_is_as_last_put(void **state)
{
	struct fixture *f = *state;
	struct au_target_row row = { "room", true, "login refused", 5, 17, 12, 3 }, out;
	assert_int_equal(au_store_target_get(f->tx, f->arena, "room", &out, &f->err), AU_ENOENT);
	assert_ok(f, au_store_target_put(f->tx, &row, &f->err));
	assert_ok(f, au_store_target_get(f->tx, f->arena, "room", &out, &f->err));
	assert_true(out.paused);
	assert_string_equal(out.text, "login refused");
	assert_int_equal(out.observed_ms, 5);
	assert_int_equal(out.foreign, 17);
	assert_int_equal(out.foreign_active, 12);
	assert_int_equal(out.ignored, 3);
	row = (struct au_target_row){ .name = "room" };
	assert_ok(f, au_store_target_put(f->tx, &row, &f->err));
	assert_ok(f, au_store_target_get(f->tx, f->arena, "room", &out, &f->err));
	assert_false(out.paused);
	assert_null(out.text);
	assert_int_equal(out.foreign, 0);
}

#define APIUSER_TEST(name) cmocka_unit_test_setup_teardown(name, set_up_tx, tear_down_tx)
static const struct CMUnitTest apiuser[] = {
	APIUSER_TEST(api_user_is_kept_with_every_field),
	APIUSER_TEST(two_api_users_cannot_share_a_key),
	APIUSER_TEST(search_takes_id_key_name_or_mail_in_any_case),
	APIUSER_TEST(api_users_are_listed_in_order_of_key),
	APIUSER_TEST(api_user_with_accounts_is_not_removed),
	APIUSER_TEST(account_is_kept_with_every_field),
	APIUSER_TEST(account_put_again_is_written_whole),
	APIUSER_TEST(account_needs_its_api_user_and_only_one_per_target),
	APIUSER_TEST(remote_id_that_was_given_out_again_finds_the_present_account),
	APIUSER_TEST(accounts_are_listed_and_counted_by_target),
	APIUSER_TEST(removed_account_takes_its_secret_along),
	APIUSER_TEST(target_row_is_as_last_put),
};

int
main(void)
{
	return RUN_FOR_EACH_BACKEND(apiuser);
}
