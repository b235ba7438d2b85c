/* SPDX-License-Identifier: ISC */
/* Members that groups name by user name. */
#include "tests/store/belong.h"

#include "store/fact.h"

#include <string.h>

static void
put_named(struct fixture *f, const char *id, const char *user_name, const char *dn_norm)
{
	struct au_entry entry = { .source = SOURCE,
		.id = id,
		.kind = AU_ENTRY_PERSON,
		.user_name = user_name,
		.dn = dn_norm,
		.mail = au_arena_printf(f->arena, "%s@example.org", id),
		.active = true };
	assert_ok(f, au_store_entry_put(f->tx, &entry, dn_norm, 0, NULL, &f->err));
}

static long long
rivals(struct fixture *f, const char *ref)
{
	long long count = -1;
	assert_ok(f, au_store_member_rivals(f->tx, SOURCE, ref, &count, &f->err));
	return count;
}

static void
user_name_is_a_member(void **state)
{
	struct fixture *f = *state;
	put_named(f, "k", "Kate", "uid=kate");
	take_dirty(f);
	assert_true(add(f, "g", NULL, "@kate"));
	assert_string_equal(take_dirty(f), "k");
	assert_string_equal(members(f, "g"), "k");
	/* The name comes later. */
	assert_true(add(f, "g", NULL, "@lena"));
	assert_string_equal(members(f, "g"), "<@lena>,k");
	put_named(f, "l", "lena", "uid=lena");
	assert_string_equal(members(f, "g"), "k,l");
	assert_string_equal(take_dirty(f), "l");
	/* A move changes no name. */
	put_named(f, "l", "LENA", "uid=lena,ou=elsewhere");
	assert_string_equal(members(f, "g"), "k,l");
}

static void
user_name_of_two_is_nobodys(void **state)
{
	struct fixture *f = *state;
	put_named(f, "k", "kate", "uid=kate,ou=a");
	add(f, "g", NULL, "@kate");
	take_dirty(f);
	assert_int_equal(rivals(f, "@kate"), 0);
	put_named(f, "l", "kate", "uid=kate,ou=b");
	assert_string_equal(members(f, "g"), "<@kate>");
	assert_string_equal(take_dirty(f), "k,l");
	assert_int_equal(rivals(f, "@kate"), 2);
	add(f, "g", NULL, "@kate");
	assert_string_equal(members(f, "g"), "<@kate>");
	/* One leaves: the other has the name alone. */
	assert_ok(f, au_store_entry_remove(f->tx, SOURCE, "k", NULL, &f->err));
	assert_string_equal(members(f, "g"), "l");
	assert_string_equal(take_dirty(f), "k,l");
	assert_int_equal(rivals(f, "@kate"), 0);
}

static void
user_name_passes_to_another(void **state)
{
	struct fixture *f = *state;
	struct au_entry *groups = NULL;
	size_t count = 0;
	put_named(f, "k", "kate", "uid=kate");
	put_named(f, "l", "lena", "uid=lena");
	add(f, "g", NULL, "@kate");
	take_dirty(f);
	put_named(f, "k", "kitty", "uid=kitty");
	/* The group may be about to say kitty. */
	assert_string_equal(members(f, "g"), "k");
	assert_ok(f, au_store_member_stale(f->tx, f->arena, SOURCE, "k", &groups, &count, &f->err));
	assert_int_equal(count, 1);
	assert_string_equal(groups[0].id, "g");
	take_dirty(f);
	put_named(f, "l", "kate", "uid=lena");
	assert_string_equal(members(f, "g"), "l");
	assert_string_equal(take_dirty(f), "k,l");
}

static void
user_name_is_waited_for_and_held_by(void **state)
{
	struct fixture *f = *state;
	put_named(f, "k", "kate", "uid=kate");
	add(f, "g", NULL, "@kate");
	put_named(f, "k", "kitty", "uid=kitty");
	/* The group is told again, and nobody may leave it yet. */
	add(f, "g", NULL, "@kate");
	assert_string_equal(members(f, "g"), "<@kate>,k");
	take_dirty(f);
	put_named(f, "l", "kate", "uid=lena");
	assert_string_equal(members(f, "g"), "l");
	assert_string_equal(take_dirty(f), "k,l");
}

static void
dn_says_more_than_a_user_name(void **state)
{
	struct fixture *f = *state;
	struct au_entry *groups = NULL;
	size_t count = 0;
	put_named(f, "k", "kate", "uid=kate");
	assert_true(add(f, "g", NULL, "@kate"));
	assert_false(add(f, "g", NULL, "uid=kate"));
	assert_false(add(f, "g", NULL, "@kate"));
	put_named(f, "k", "kitty", "uid=kitty");
	assert_string_equal(members(f, "g"), "k");
	assert_ok(f, au_store_member_stale(f->tx, f->arena, SOURCE, "k", &groups, &count, &f->err));
	assert_int_equal(count, 0);
	put_named(f, "l", "kate", "uid=kate");
	assert_string_equal(members(f, "g"), "k");
}

static int
set_up_group(void **state)
{
	struct au_entry group = {
		.source = SOURCE, .id = "g", .kind = AU_ENTRY_GROUP, .dn = "cn=admins", .active = true
	};

	set_up_tx(state);
	struct fixture *f = *state;
	assert_ok(f, au_store_entry_put(f->tx, &group, group.dn, 0, NULL, &f->err));
	return 0;
}

#define NAME_TEST(name) cmocka_unit_test_setup_teardown(name, set_up_group, tear_down_tx)

static const struct CMUnitTest name[] = {
	NAME_TEST(user_name_is_a_member),
	NAME_TEST(user_name_of_two_is_nobodys),
	NAME_TEST(user_name_passes_to_another),
	NAME_TEST(user_name_is_waited_for_and_held_by),
	NAME_TEST(dn_says_more_than_a_user_name),
};

int
main(void)
{
	return RUN_FOR_EACH_BACKEND(name);
}
