/* SPDX-License-Identifier: ISC */
/* Memberships: known, unknown, resolved, moved; and whose keys become dirty by them. */
#include "tests/store/belong.h"

#include "store/fact.h"

#include <stdio.h>
#include <string.h>

static void
put(struct fixture *f, const char *id, enum au_entry_kind kind, const char *name, const char *dn_norm)
{
	struct au_entry entry = { .source = SOURCE, .id = id, .kind = kind, .display_name = name, .active = true };
	if (kind == AU_ENTRY_PERSON)
		entry.mail = au_arena_printf(f->arena, "%s@example.org", name);
	entry.dn = dn_norm;
	assert_ok(f, au_store_entry_put(f->tx, &entry, dn_norm, 0, NULL, &f->err));
}

static void
put_person(struct fixture *f, const char *id, const char *name, const char *dn_norm)
{
	put(f, id, AU_ENTRY_PERSON, name, dn_norm);
}

static void
put_group(struct fixture *f, const char *id, const char *name, const char *dn_norm)
{
	put(f, id, AU_ENTRY_GROUP, name, dn_norm);
}

static int
set_up_group(void **state)
{
	set_up_tx(state);
	struct fixture *f = *state;
	put_group(f, "g", "admins", "cn=admins");
	put_person(f, "a", "ada", "uid=ada");
	put_person(f, "b", "ben", "uid=ben");
	take_dirty(f);
	return 0;
}

static void
member_is_added_once(void **state)
{
	struct fixture *f = *state;
	assert_true(add(f, "g", "a", NULL));
	assert_string_equal(take_dirty(f), "ada");
	assert_false(add(f, "g", "a", NULL));
	assert_string_equal(take_dirty(f), "");
	assert_string_equal(members(f, "g"), "a");
	assert_true(au_store_member_has(f->tx, SOURCE, "g", "a"));
	assert_false(au_store_member_has(f->tx, SOURCE, "g", "b"));
	assert_false(au_store_member_has(f->tx, "other", "g", "a"));
	assert_false(au_store_member_has(f->tx, SOURCE, "nowhere", "a"));
}

static void
groups_within_groups_are_listed(void **state)
{
	struct fixture *f = *state;
	struct au_nesting_link *links;
	size_t count = 0;

	put_group(f, "h", "helpers", "cn=helpers");
	add(f, "g", "a", NULL);
	add(f, "g", "h", NULL);
	add(f, "h", "g", NULL);
	add(f, "h", NULL, "cn=elsewhere");
	assert_ok(f, au_store_member_nested(f->tx, f->arena, SOURCE, &links, &count, &f->err));
	assert_int_equal(count, 2);
	assert_string_equal(links[0].inner, "g");
	assert_string_equal(links[0].outer, "h");
	assert_string_equal(links[0].inner_name, "cn=admins");
	assert_string_equal(links[1].inner, "h");
	assert_string_equal(links[1].outer_name, "cn=admins");
	assert_ok(f, au_store_member_nested(f->tx, f->arena, "other", &links, &count, &f->err));
	assert_int_equal(count, 0);
}

static void
unknown_members_are_counted_by_where_they_lie(void **state)
{
	static const char *const bases[] = { "ou=people,dc=x", "ou=groups,dc=x" };
	struct fixture *f = *state;
	struct au_member_unknown unknown = { -1, -1 };

	assert_ok(f, au_store_member_unknown(f->tx, SOURCE, bases, &unknown, &f->err));
	assert_int_equal(unknown.all, 0);
	assert_int_equal(unknown.outside, 0);
	add(f, "g", "a", NULL);
	add(f, "g", NULL, "uid=x,ou=people,dc=x");
	add(f, "g", NULL, "ou=groups,dc=x");
	add(f, "g", NULL, "@nobody");
	add(f, "g", NULL, "uid=x,ou=xpeople,dc=x");
	add(f, "g", NULL, "xou=people,dc=x");
	add(f, "g", NULL, "uid=b\xc3\xa9,dc=x");
	assert_ok(f, au_store_member_unknown(f->tx, SOURCE, bases, &unknown, &f->err));
	assert_int_equal(unknown.all, 6);
	assert_int_equal(unknown.outside, 3);
}

static void
groups_that_wait_for_a_name_from_elsewhere_are_found(void **state)
{
	struct fixture *f = *state;
	struct au_entry *groups;
	size_t count = 0;

	add(f, "g", NULL, "uid=kim,ou=away");
	add(f, "g", NULL, "uid=kim,ou=far");
	add(f, "g", NULL, "uid=kimmy,ou=away");
	assert_ok(f, au_store_member_strays(f->tx, f->arena, SOURCE, "uid=kim,ou=here", 9, &groups, &count, &f->err));
	assert_int_equal(count, 1);
	assert_string_equal(groups[0].id, "g");
	assert_ok(f, au_store_member_strays(f->tx, f->arena, SOURCE, "uid=ki,ou=here", 9, &groups, &count, &f->err));
	assert_int_equal(count, 0);
}

static void
removed_member_is_marked(void **state)
{
	struct fixture *f = *state;
	bool was = false;
	add(f, "g", "a", NULL);
	add(f, "g", "b", NULL);
	take_dirty(f);
	assert_ok(f, au_store_member_remove(f->tx, SOURCE, "g", "a", &was, &f->err));
	assert_true(was);
	assert_string_equal(members(f, "g"), "b");
	assert_string_equal(take_dirty(f), "ada");
	assert_ok(f, au_store_member_remove(f->tx, SOURCE, "g", "a", &was, &f->err));
	assert_false(was);
	assert_string_equal(take_dirty(f), "");
}

static void
group_that_is_not_known_is_refused(void **state)
{
	struct fixture *f = *state;
	struct au_member member = { .id = "a" }, nobody = { .display = "nobody" };
	long long count = 7;
	bool was = true;
	assert_int_equal(au_store_member_add(f->tx, SOURCE, "x", &member, NULL, &f->err), AU_ENOENT);
	assert_int_equal(au_store_member_add(f->tx, SOURCE, "a", &member, NULL, &f->err), AU_ENOENT);
	assert_int_equal(au_store_member_remove(f->tx, SOURCE, "x", "a", &was, &f->err), AU_ENOENT);
	assert_int_equal(au_store_member_count(f->tx, SOURCE, "x", &count, &f->err), AU_ENOENT);
	assert_int_equal(au_store_member_add(f->tx, SOURCE, "g", &nobody, NULL, &f->err), AU_EINVAL);
	assert_int_equal(count, 7);
	assert_true(was);
}

static void
dn_of_a_known_entry_resolves_at_once(void **state)
{
	struct fixture *f = *state;
	assert_true(add(f, "g", NULL, "uid=ada"));
	assert_string_equal(members(f, "g"), "a");
	assert_string_equal(take_dirty(f), "ada");
	assert_false(add(f, "g", "a", NULL));
	assert_false(add(f, "g", NULL, "uid=ada"));
	assert_string_equal(members(f, "g"), "a");
}

static void
unknown_dn_waits_and_resolves_when_its_entry_arrives(void **state)
{
	struct fixture *f = *state;
	put_group(f, "h", "readers", "cn=readers");
	assert_true(add(f, "g", NULL, "uid=eve"));
	assert_true(add(f, "h", NULL, "uid=eve"));
	assert_false(add(f, "g", NULL, "uid=eve"));
	assert_string_equal(members(f, "g"), "<uid=eve>");
	assert_string_equal(take_dirty(f), "");
	put_person(f, "e", "eve", "uid=eve");
	assert_string_equal(members(f, "g"), "e");
	assert_string_equal(members(f, "h"), "e");
	assert_true(au_store_member_has(f->tx, SOURCE, "g", "e"));
	assert_string_equal(take_dirty(f), "eve");
}

static void
unknown_dn_resolves_when_an_entry_is_renamed_to_it(void **state)
{
	struct fixture *f = *state;
	add(f, "g", NULL, "uid=lovelace");
	put_person(f, "a", "ada", "uid=lovelace");
	assert_string_equal(members(f, "g"), "a");
	assert_string_equal(take_dirty(f), "ada");
}

static void
other_sources_do_not_resolve_a_dn(void **state)
{
	struct fixture *f = *state;
	struct au_entry elsewhere = {
		.source = "archive", .id = "e", .kind = AU_ENTRY_PERSON, .mail = "e@example.org"
	};
	add(f, "g", NULL, "uid=eve");
	assert_ok(f, au_store_entry_put(f->tx, &elsewhere, "uid=eve", 0, NULL, &f->err));
	assert_string_equal(members(f, "g"), "<uid=eve>");
}

static void
membership_follows_a_renamed_entry(void **state)
{
	struct fixture *f = *state;
	struct au_member *list = NULL;
	size_t count = 0;
	bool was = true;
	add(f, "g", NULL, "uid=ada");
	put_person(f, "a", "ada", "uid=lovelace");
	assert_ok(f, au_store_member_list(f->tx, f->arena, SOURCE, "g", "", 10, &list, &count, &f->err));
	assert_int_equal(count, 1);
	assert_string_equal(list[0].id, "a");
	assert_string_equal(list[0].dn_norm, "uid=lovelace");
	assert_ok(f, au_store_member_remove_dn(f->tx, SOURCE, "g", "uid=ada", &was, &f->err));
	assert_false(was);
	assert_ok(f, au_store_member_remove_dn(f->tx, SOURCE, "g", "uid=lovelace", &was, &f->err));
	assert_true(was);
	assert_string_equal(members(f, "g"), "");
}

static void
member_known_by_id_and_waiting_by_dn_becomes_one(void **state)
{
	struct fixture *f = *state;
	add(f, "g", NULL, "uid=ada");
	add(f, "g", NULL, "uid=lovelace");
	assert_string_equal(members(f, "g"), "a,<uid=lovelace>");
	put_person(f, "a", "ada", "uid=lovelace");
	assert_string_equal(members(f, "g"), "a");
	assert_true(add(f, "g", NULL, "uid=zed"));
	assert_false(add(f, "g", "z", "uid=zed")); /* the id of one that was waiting */
	assert_string_equal(members(f, "g"), "a,z");
}

static void
member_is_removed_by_its_dn(void **state)
{
	struct fixture *f = *state;
	bool was = false;
	add(f, "g", NULL, "uid=ada");
	add(f, "g", NULL, "uid=unknown");
	take_dirty(f);
	assert_ok(f, au_store_member_remove_dn(f->tx, SOURCE, "g", "uid=unknown", &was, &f->err));
	assert_true(was);
	assert_string_equal(take_dirty(f), "");
	assert_ok(f, au_store_member_remove_dn(f->tx, SOURCE, "g", "uid=ada", &was, &f->err));
	assert_true(was);
	assert_string_equal(take_dirty(f), "ada");
	assert_ok(f, au_store_member_remove_dn(f->tx, SOURCE, "g", "uid=ada", &was, &f->err));
	assert_false(was);
}

/* The old bearer of a name is in the group; the new one is not, and removing by the name takes the old one out. */
static void
name_that_passed_on_still_removes_its_old_bearer(void **state)
{
	struct fixture *f = *state;
	bool was = false;
	add(f, "g", NULL, "uid=ada");
	put_person(f, "new", "newcomer", "uid=ada");
	assert_string_equal(members(f, "g"), "a");
	assert_ok(f, au_store_member_remove_dn(f->tx, SOURCE, "g", "uid=ada", &was, &f->err));
	assert_true(was);
	assert_string_equal(members(f, "g"), "");
}

/* "g!" for a direct one. */
static const char *
held_by(struct fixture *f, const char *member, size_t limit)
{
	struct au_member_of *list = NULL;
	size_t count = 0;
	const char *joined = "";
	assert_ok(f, au_store_member_of(f->tx, f->arena, SOURCE, member, limit, &list, &count, &f->err));
	for (size_t i = 0; i < count; i++)
		joined = au_arena_printf(
		    f->arena, "%s%s%s%s", joined, i > 0 ? "," : "", list[i].group.id, list[i].direct ? "!" : "");
	return joined;
}

static void
groups_within_groups_hold_their_members_too(void **state)
{
	struct fixture *f = *state;
	put_group(f, "h", "readers", "cn=readers");
	put_group(f, "i", "all", "cn=all");
	put_group(f, "other", "other", "cn=other");
	add(f, "i", "a", NULL);
	assert_string_equal(held_by(f, "a", 100), "i!");
	add(f, "g", "a", NULL);
	add(f, "h", "g", NULL);
	add(f, "i", "h", NULL);
	add(f, "other", "b", NULL);
	/* each once, and direct when it is both */
	assert_string_equal(held_by(f, "a", 100), "g!,i!,h");
	/* a cycle ends */
	add(f, "g", "i", NULL);
	assert_string_equal(held_by(f, "a", 100), "g!,i!,h");
	assert_string_equal(held_by(f, "h", 100), "i!,g,h");
	assert_string_equal(held_by(f, "b", 100), "other!");
	assert_string_equal(held_by(f, "nobody", 100), "");
	assert_true(strlen(held_by(f, "a", 2)) < strlen("g!,i!,h"));
	/* of one source only */
	assert_ok(f, au_store_member_remove(f->tx, SOURCE, "h", "g", NULL, &f->err));
	assert_string_equal(held_by(f, "a", 100), "g!,i!");
}

static void
people_of_inner_groups_count_once_and_to_the_depth(void **state)
{
	struct fixture *f = *state;
	static const struct {
		const char *group;
		long long depth, limit, people;
	} rows[] = {
		{ "g", 0, 100, 1 },
		{ "g", 1, 100, 1 },
		{ "g", 2, 100, 2 },
		{ "g", 100, 100, 2 },
		{ "g", 2, 1, 1 },
		{ "i", 0, 100, 2 },
		{ "h", 0, 100, 0 },
		{ "nowhere", 5, 100, 0 },
	};
	put_group(f, "h", "readers", "cn=readers");
	put_group(f, "i", "all", "cn=all");
	add(f, "g", "a", NULL);
	add(f, "g", "h", NULL);
	add(f, "g", NULL, "cn=placeholder");
	add(f, "h", "i", NULL);
	add(f, "i", "a", NULL);
	add(f, "i", "b", NULL);
	add(f, "i", "g", NULL); /* a cycle */
	for (size_t i = 0; i < AU_COUNT(rows); i++) {
		long long people = -1;
		assert_ok(f, au_store_member_people(
				 f->tx, SOURCE, rows[i].group, rows[i].depth, rows[i].limit, &people, &f->err));
		assert_int_equal(people, rows[i].people);
	}
}

static void
removed_entry_leaves_its_groups(void **state)
{
	struct fixture *f = *state;
	put_group(f, "h", "readers", "cn=readers");
	add(f, "g", "a", NULL);
	add(f, "g", "b", NULL);
	add(f, "h", "a", NULL);
	assert_ok(f, au_store_entry_remove(f->tx, SOURCE, "a", NULL, &f->err));
	assert_string_equal(members(f, "g"), "b");
	assert_string_equal(members(f, "h"), "");
}

static void
removed_group_marks_its_members_and_takes_them_along(void **state)
{
	struct fixture *f = *state;
	struct au_entry *groups = NULL;
	size_t count = 0;
	add(f, "g", "a", NULL);
	add(f, "g", "b", NULL);
	add(f, "g", NULL, "uid=unknown");
	take_dirty(f);
	assert_ok(f, au_store_entry_remove(f->tx, SOURCE, "g", NULL, &f->err));
	assert_string_equal(take_dirty(f), "ada,ben");
	assert_ok(f, au_store_member_groups(f->tx, f->arena, SOURCE, "a", &groups, &count, &f->err));
	assert_int_equal(count, 0);
	put_group(f, "g", "admins", "cn=admins");
	assert_string_equal(members(f, "g"), "");
}

static void
renamed_group_marks_its_members(void **state)
{
	struct fixture *f = *state;
	add(f, "g", "a", NULL);
	take_dirty(f);
	put_group(f, "g", "admins", "cn=admins");
	assert_string_equal(take_dirty(f), "");
	put_group(f, "g", "administrators", "cn=admins");
	assert_string_equal(take_dirty(f), "ada");
	put_group(f, "g", "administrators", "cn=administrators");
	assert_string_equal(take_dirty(f), "ada");
}

static void
group_within_a_group_stands_for_everybody_in_it(void **state)
{
	struct fixture *f = *state;
	bool was = false;
	put_group(f, "h", "inner", "cn=inner");
	put_group(f, "i", "innermost", "cn=innermost");
	add(f, "i", "b", NULL);
	add(f, "h", "a", NULL);
	add(f, "h", "i", NULL);
	take_dirty(f);
	add(f, "g", "h", NULL);
	assert_string_equal(take_dirty(f), "ada,ben");
	put_group(f, "g", "renamed", "cn=admins");
	assert_string_equal(take_dirty(f), "ada,ben");
	assert_ok(f, au_store_member_remove(f->tx, SOURCE, "g", "h", &was, &f->err));
	assert_string_equal(take_dirty(f), "ada,ben");
}

static void
groups_in_a_ring_end(void **state)
{
	struct fixture *f = *state;
	put_group(f, "h", "other", "cn=other");
	add(f, "g", "h", NULL);
	add(f, "h", "g", NULL);
	add(f, "h", "a", NULL);
	add(f, "g", "g", NULL);
	take_dirty(f);
	put_group(f, "g", "renamed", "cn=admins");
	assert_string_equal(take_dirty(f), "ada");
	assert_ok(f, au_store_entry_remove(f->tx, SOURCE, "g", NULL, &f->err));
	assert_string_equal(members(f, "h"), "a");
}

static void
members_are_paged_in_a_stable_order(void **state)
{
	struct fixture *f = *state;
	const char *after = "";
	size_t seen = 0, count = 0;
	for (int i = 0; i < 95; i++)
		add(f, "g", i % 3 ? au_arena_printf(f->arena, "id-%03d", i) : NULL,
		    i % 3 ? NULL : au_arena_printf(f->arena, "uid=%03d", i));
	const char *whole = members(f, "g"), *joined = "";
	do {
		struct au_member *page = NULL;
		assert_ok(f, au_store_member_list(f->tx, f->arena, SOURCE, "g", after, 10, &page, &count, &f->err));
		for (size_t i = 0; i < count; i++) {
			after = page[i].id ? page[i].id : page[i].dn_norm;
			joined = au_arena_printf(
			    f->arena, page[i].id ? "%s%s%s" : "%s%s<%s>", joined, seen ? "," : "", after);
			seen++;
		}
	} while (count == 10);
	assert_int_equal(seen, 95);
	assert_string_equal(joined, whole);
}

static void
display_name_of_a_member_is_as_last_written(void **state)
{
	struct fixture *f = *state;
	struct au_member member = { .id = "a", .display = "Ada" }, silent = { .id = "a" }, *list = NULL;
	size_t count = 0;
	assert_ok(f, au_store_member_add(f->tx, SOURCE, "g", &member, NULL, &f->err));
	member.display = "Countess";
	assert_ok(f, au_store_member_add(f->tx, SOURCE, "g", &member, NULL, &f->err));
	assert_ok(f, au_store_member_add(f->tx, SOURCE, "g", &silent, NULL, &f->err));
	assert_ok(f, au_store_member_list(f->tx, f->arena, SOURCE, "g", "", 10, &list, &count, &f->err));
	assert_int_equal(count, 1);
	assert_string_equal(list[0].display, "Countess");
	assert_null(list[0].dn_norm);
}

static void
member_tells_the_kind_and_name_of_its_entry(void **state)
{
	struct fixture *f = *state;
	struct au_member out = { .id = "untouched" }, *list = NULL;
	struct au_entry nameless = { .source = SOURCE, .id = "n", .kind = AU_ENTRY_PERSON, .user_name = "nn" };
	size_t count = 0;
	put_group(f, "h", "inner", NULL);
	assert_ok(f, au_store_entry_put(f->tx, &nameless, NULL, 0, NULL, &f->err));
	add(f, "g", "a", NULL);
	add(f, "g", "h", NULL);
	add(f, "g", "n", NULL);
	add(f, "g", "no-entry", NULL);
	add(f, "g", NULL, "uid=unknown");
	assert_ok(f, au_store_member_get(f->tx, f->arena, SOURCE, "g", "a", &out, &f->err));
	assert_string_equal(out.id, "a");
	assert_int_equal(out.kind, AU_ENTRY_PERSON);
	assert_string_equal(out.name, "ada");
	out.id = "untouched";
	assert_int_equal(au_store_member_get(f->tx, f->arena, SOURCE, "g", "b", &out, &f->err), AU_ENOENT);
	assert_int_equal(au_store_member_get(f->tx, f->arena, SOURCE, "g", "uid=unknown", &out, &f->err), AU_ENOENT);
	assert_string_equal(out.id, "untouched");
	assert_ok(f, au_store_member_list(f->tx, f->arena, SOURCE, "g", "", 10, &list, &count, &f->err));
	assert_int_equal(count, 5);
	assert_int_equal(list[1].kind, AU_ENTRY_GROUP);
	assert_string_equal(list[1].name, "inner");
	assert_string_equal(list[2].name, "nn");
	assert_string_equal(list[3].id, "no-entry");
	assert_int_equal(list[3].kind, 0);
	assert_int_equal(list[4].kind, 0);
	assert_null(list[4].name);
}

static void
groups_of_a_member_are_whole_entries(void **state)
{
	struct fixture *f = *state;
	struct au_entry *groups = NULL;
	size_t count = 0;
	put_group(f, "c", "readers", "cn=readers");
	add(f, "g", "a", NULL);
	add(f, "c", NULL, "uid=ada");
	add(f, "c", "b", NULL);
	assert_ok(f, au_store_member_groups(f->tx, f->arena, SOURCE, "a", &groups, &count, &f->err));
	assert_int_equal(count, 2);
	assert_string_equal(groups[0].id, "c");
	assert_string_equal(groups[1].id, "g");
	assert_int_equal(groups[1].kind, AU_ENTRY_GROUP);
	assert_string_equal(groups[1].display_name, "admins");
	assert_string_equal(groups[1].dn, "cn=admins");
	assert_null(groups[1].key);
}

#define MEMBER_TEST(name) cmocka_unit_test_setup_teardown(name, set_up_group, tear_down_tx)

static const struct CMUnitTest member[] = {
	MEMBER_TEST(member_is_added_once),
	MEMBER_TEST(removed_member_is_marked),
	MEMBER_TEST(groups_within_groups_are_listed),
	MEMBER_TEST(unknown_members_are_counted_by_where_they_lie),
	MEMBER_TEST(groups_that_wait_for_a_name_from_elsewhere_are_found),
	MEMBER_TEST(group_that_is_not_known_is_refused),
	MEMBER_TEST(dn_of_a_known_entry_resolves_at_once),
	MEMBER_TEST(unknown_dn_waits_and_resolves_when_its_entry_arrives),
	MEMBER_TEST(unknown_dn_resolves_when_an_entry_is_renamed_to_it),
	MEMBER_TEST(other_sources_do_not_resolve_a_dn),
	MEMBER_TEST(membership_follows_a_renamed_entry),
	MEMBER_TEST(member_known_by_id_and_waiting_by_dn_becomes_one),
	MEMBER_TEST(member_is_removed_by_its_dn),
	MEMBER_TEST(name_that_passed_on_still_removes_its_old_bearer),
	MEMBER_TEST(groups_within_groups_hold_their_members_too),
	MEMBER_TEST(people_of_inner_groups_count_once_and_to_the_depth),
	MEMBER_TEST(removed_entry_leaves_its_groups),
	MEMBER_TEST(removed_group_marks_its_members_and_takes_them_along),
	MEMBER_TEST(renamed_group_marks_its_members),
	MEMBER_TEST(group_within_a_group_stands_for_everybody_in_it),
	MEMBER_TEST(groups_in_a_ring_end),
	MEMBER_TEST(members_are_paged_in_a_stable_order),
	MEMBER_TEST(display_name_of_a_member_is_as_last_written),
	MEMBER_TEST(member_tells_the_kind_and_name_of_its_entry),
	MEMBER_TEST(groups_of_a_member_are_whole_entries),
};

int
main(void)
{
	return RUN_FOR_EACH_BACKEND(member);
}
