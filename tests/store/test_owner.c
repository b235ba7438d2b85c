/* SPDX-License-Identifier: ISC */
/* Owners by DN: wanted as soon as somebody names them, and news to those whom they own. */
#include "tests/store/help.h"

#include "store/fact.h"
#include "store/owner.h"

static void
put(struct fixture *f, const char *id, const char *owner_dn)
{
	struct au_entry entry = { .source = "corp",
		.id = id,
		.kind = AU_ENTRY_PERSON,
		.dn = au_arena_printf(f->arena, "cn=%s", id),
		.owner = owner_dn,
		.owner_dn = owner_dn,
		.active = true };

	assert_ok(f, au_store_entry_put(f->tx, &entry, NULL, 0, NULL, &f->err));
}

/* Those that are due, joined by commas. */
static const char *
due(struct fixture *f, long long since_ms)
{
	const char *const *list = NULL, *joined = "";
	size_t count = 0;

	assert_ok(f, au_store_owner_due(f->tx, f->arena, "corp", since_ms, 10, &list, &count, &f->err));
	for (size_t i = 0; i < count; i++)
		joined = au_arena_printf(f->arena, "%s%s%s", joined, i > 0 ? "," : "", list[i]);
	return joined;
}

static const char *
name(struct fixture *f, const char *dn_norm)
{
	const char *found = NULL;

	assert_ok(f, au_store_owner_get(f->tx, f->arena, "corp", dn_norm, &found, &f->err));
	return found;
}

static bool
tell(struct fixture *f, const char *dn_norm, const char *called, long long asked_ms)
{
	bool changed = false;

	assert_ok(f, au_store_owner_put(f->tx, "corp", dn_norm, called, asked_ms, &changed, &f->err));
	return changed;
}

static size_t
take_dirty(struct fixture *f)
{
	const char **keys = NULL;
	size_t count = 0;

	assert_ok(f, au_store_dirty_take(f->tx, f->arena, 100, &keys, &count, &f->err));
	return count;
}

static void
owner_is_wanted_until_it_is_told(void **state)
{
	struct fixture *f = *state;

	put(f, "1", "uid=a");
	put(f, "2", "uid=a");
	put(f, "3", "uid=b");
	assert_string_equal(due(f, 100), "uid=a,uid=b");
	assert_null(name(f, "uid=a"));
	assert_true(tell(f, "uid=a", "a@x", 150));
	assert_string_equal(name(f, "uid=a"), "a@x");
	assert_false(tell(f, "uid=b", NULL, 150));
	assert_string_equal(due(f, 100), "");
	assert_string_equal(due(f, 150), "uid=a,uid=b");
	assert_ok(f, au_store_owner_asked(f->tx, "corp", "uid=b", 50, &f->err));
	assert_string_equal(due(f, 100), "uid=b");
	assert_ok(f, au_store_owner_doubt(f->tx, "corp", "uid=a", &f->err));
	assert_string_equal(due(f, 100), "uid=a,uid=b");
	assert_string_equal(name(f, "uid=a"), "a@x");
	tell(f, "uid=a", "a@x", 150);
	tell(f, "uid=b", NULL, 150);
	assert_ok(f, au_store_owner_doubt_all(f->tx, "corp", &f->err));
	assert_string_equal(due(f, 100), "uid=a,uid=b");
}

static void
news_are_for_those_whom_it_owns(void **state)
{
	struct fixture *f = *state;

	put(f, "1", "uid=a");
	put(f, "2", "uid=a");
	put(f, "3", "uid=b");
	take_dirty(f);
	tell(f, "uid=a", "a@x", 1);
	assert_int_equal(take_dirty(f), 2);
	tell(f, "uid=a", "a@x", 2);
	assert_int_equal(take_dirty(f), 0);
	tell(f, "uid=a", NULL, 3);
	assert_int_equal(take_dirty(f), 2);
}

static void
owner_of_nobody_is_forgotten(void **state)
{
	struct fixture *f = *state;

	put(f, "1", "uid=a");
	tell(f, "uid=a", "a@x", 1);
	put(f, "1", "uid=b");
	assert_string_equal(due(f, 100), "uid=b");
	assert_null(name(f, "uid=a"));
}

/* Users of a SCIM client have no DN: whoever is owned by one is to be looked at when that one changes. */
static void
change_of_a_user_is_news_to_those_whom_it_owns(void **state)
{
	struct fixture *f = *state;
	struct au_entry boss = { .source = "okta", .id = "b", .kind = AU_ENTRY_PERSON, .mail = "b@x", .active = true };
	struct au_entry owned = {
		.source = "okta", .id = "1", .kind = AU_ENTRY_PERSON, .owner = "b", .owner_dn = "b", .active = true
	};

	assert_ok(f, au_store_entry_put(f->tx, &owned, NULL, 0, NULL, &f->err));
	assert_int_equal(take_dirty(f), 1);
	assert_ok(f, au_store_entry_put(f->tx, &boss, NULL, 0, NULL, &f->err));
	assert_int_equal(take_dirty(f), 2);
	assert_ok(f, au_store_entry_put(f->tx, &boss, NULL, 0, NULL, &f->err));
	assert_int_equal(take_dirty(f), 0);
	boss.display_name = "Boss";
	assert_ok(f, au_store_entry_put(f->tx, &boss, NULL, 0, NULL, &f->err));
	assert_int_equal(take_dirty(f), 2);
	assert_ok(f, au_store_entry_remove(f->tx, "okta", "b", NULL, &f->err));
	assert_int_equal(take_dirty(f), 2);
}

static const struct CMUnitTest owner[] = {
	cmocka_unit_test_setup_teardown(owner_is_wanted_until_it_is_told, set_up_tx, tear_down_tx),
	cmocka_unit_test_setup_teardown(news_are_for_those_whom_it_owns, set_up_tx, tear_down_tx),
	cmocka_unit_test_setup_teardown(owner_of_nobody_is_forgotten, set_up_tx, tear_down_tx),
	cmocka_unit_test_setup_teardown(change_of_a_user_is_news_to_those_whom_it_owns, set_up_tx, tear_down_tx),
};

int
main(void)
{
	return RUN_FOR_EACH_BACKEND(owner);
}
