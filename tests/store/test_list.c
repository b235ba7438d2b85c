/* SPDX-License-Identifier: ISC */
/*
 * What is kept of the list that a group was told by: for as long as its members are held by these references and no
 * others, whatever happens to the group, to them, and to who has which name.
 */
#include "tests/store/belong.h"

#include "store/digest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define GROUPS 3
#define PEOPLE 6
#define DNS 8
#define STEPS 20000

/* The references by which a group's members are held, in order; it is the digest of itself as far as it reaches. */
struct refs {
	char text[256];
};

static int
add_ref(void *ctx, const struct au_member_held *held, struct au_err *err)
{
	struct refs *refs = ctx;
	const char *ref = held->dn_norm != NULL ? held->dn_norm : "";
	char *at = strstr(refs->text, ref);

	(void)err;
	if (ref[0] == '\0' || at != NULL)
		return 0;
	/* Sorted: one bit for each would do, but this is easier to read when it fails. */
	size_t place = 0;
	while (refs->text[place] != '\0' && strcmp(refs->text + place, ref) < 0)
		place += strcspn(refs->text + place, " ") + 1;
	memmove(refs->text + place + strlen(ref) + 1, refs->text + place, strlen(refs->text + place) + 1);
	memcpy(refs->text + place, ref, strlen(ref));
	refs->text[place + strlen(ref)] = ' ';
	return 0;
}

static struct refs
refs_of(struct fixture *f, const char *group)
{
	struct refs refs = { "" };
	int rc = au_store_member_held(f->tx, SOURCE, group, "", 1000, add_ref, &refs, &f->err);

	assert_true(rc == 0 || rc == AU_ENOENT);
	return refs;
}

static void
digest_of(const struct refs *refs, unsigned char digest[AU_LIST_DIGEST])
{
	struct au_digest state;

	au_digest_begin(&state, NULL, 0, AU_LIST_DIGEST);
	au_digest_text(&state, refs->text);
	au_digest_end(&state, digest, AU_LIST_DIGEST);
}

static void
keep(struct fixture *f, const char *group, const struct refs *refs)
{
	unsigned char digest[AU_LIST_DIGEST];

	digest_of(refs, digest);
	assert_ok(f, au_store_list_put(f->tx, SOURCE, group, digest, &f->err));
}

static bool
is_kept(struct fixture *f, const char *group, const struct refs *refs)
{
	unsigned char digest[AU_LIST_DIGEST];
	bool is = false;

	digest_of(refs, digest);
	assert_ok(f, au_store_list_is(f->tx, SOURCE, group, digest, &is, &f->err));
	return is;
}

static void
put(struct fixture *f, const char *id, enum au_entry_kind kind, const char *dn_norm)
{
	struct au_entry entry = { .source = SOURCE, .id = id, .kind = kind, .dn = dn_norm, .active = true };

	assert_ok(f, au_store_entry_put(f->tx, &entry, dn_norm, 0, NULL, &f->err));
}

static struct refs
set_up_list(struct fixture *f)
{
	put(f, "g", AU_ENTRY_GROUP, "cn=g");
	put(f, "a", AU_ENTRY_PERSON, "uid=a");
	add(f, "g", NULL, "uid=a");
	add(f, "g", NULL, "uid=b");
	struct refs refs = refs_of(f, "g");
	assert_string_equal(refs.text, "uid=a uid=b ");
	keep(f, "g", &refs);
	assert_true(is_kept(f, "g", &refs));
	return refs;
}

static void
list_is_kept_of_one_group_and_one_content(void **state)
{
	struct fixture *f = *state;
	struct refs refs = set_up_list(f), other = { "uid=a " };

	assert_false(is_kept(f, "g", &other));
	assert_false(is_kept(f, "nobody", &refs));
	keep(f, "g", &other);
	assert_false(is_kept(f, "g", &refs));
	assert_true(is_kept(f, "g", &other));
	/* A person has no members. */
	keep(f, "a", &other);
	assert_false(is_kept(f, "a", &other));
}

static void
who_becomes_known_is_still_as_listed(void **state)
{
	struct fixture *f = *state;
	struct refs refs = set_up_list(f);

	put(f, "b", AU_ENTRY_PERSON, "uid=b");
	assert_string_equal(members(f, "g"), "a,b");
	assert_true(is_kept(f, "g", &refs));
}

static void
list_ends_when_one_comes_goes_or_moves(void **state)
{
	struct fixture *f = *state;
	struct refs refs = set_up_list(f);

	add(f, "g", NULL, "uid=c");
	assert_false(is_kept(f, "g", &refs));
	assert_ok(f, au_store_member_remove_dn(f->tx, SOURCE, "g", "uid=c", NULL, &f->err));
	keep(f, "g", &refs);
	assert_ok(f, au_store_member_remove(f->tx, SOURCE, "g", "a", NULL, &f->err));
	assert_false(is_kept(f, "g", &refs));
	add(f, "g", NULL, "uid=a");
	keep(f, "g", &refs);
	put(f, "a", AU_ENTRY_PERSON, "uid=other");
	assert_false(is_kept(f, "g", &refs));
}

static void
list_ends_with_its_group(void **state)
{
	struct fixture *f = *state;
	struct refs refs = set_up_list(f);

	assert_ok(f, au_store_entry_remove(f->tx, SOURCE, "g", NULL, &f->err));
	put(f, "g", AU_ENTRY_GROUP, "cn=g");
	assert_false(is_kept(f, "g", &refs));
}

/* ---- whatever happens ---- */

static const char *const user_names[] = { "x", "y", "z" };

static const char *
any_dn(struct fixture *f)
{
	return au_arena_printf(f->arena, "uid=%c", 'a' + rand() % DNS);
}

static const char *
any_ref(struct fixture *f)
{
	return rand() % 6 == 0 ? au_arena_printf(f->arena, "@%s", user_names[rand() % 3]) : any_dn(f);
}

static const char *
any_person(struct fixture *f)
{
	return au_arena_printf(f->arena, "p%d", rand() % PEOPLE);
}

static void
change_person(struct fixture *f)
{
	struct au_entry entry = { .source = SOURCE, .id = any_person(f), .kind = AU_ENTRY_PERSON, .active = true };

	if (rand() % 4 == 0) {
		assert_ok(f, au_store_entry_remove(f->tx, SOURCE, entry.id, NULL, &f->err));
		return;
	}
	entry.dn = any_dn(f);
	entry.user_name = rand() % 2 == 0 ? user_names[rand() % 3] : NULL;
	assert_ok(f, au_store_entry_put(f->tx, &entry, entry.dn, 0, NULL, &f->err));
}

/* By a reference that leads to him. */
static int
restate_somebody(struct fixture *f, const char *group)
{
	const char *ref = any_ref(f);
	struct au_entry entry;
	int rc = ref[0] == '@' ? au_store_entry_by_user_name(f->tx, f->arena, SOURCE, ref, &entry, &f->err)
			       : au_store_entry_by_dn(f->tx, f->arena, SOURCE, ref, &entry, &f->err);

	return rc < 0 ? rc : au_store_member_restate(f->tx, SOURCE, group, entry.id, ref, &f->err);
}

static int
change_members(struct fixture *f, const char *group)
{

	switch (rand() % 5) {
	case 0:
		return au_store_member_remove(f->tx, SOURCE, group, any_person(f), NULL, &f->err);
	case 1:
		return au_store_member_remove_dn(f->tx, SOURCE, group, any_ref(f), NULL, &f->err);
	case 2:
		return restate_somebody(f, group);
	default:
		return au_store_member_add(
		    f->tx, SOURCE, group, &(struct au_member){ .dn_norm = any_ref(f) }, NULL, &f->err);
	}
}

static void
change_something(struct fixture *f, const char *group)
{
	if (rand() % 3 == 0)
		change_person(f);
	else if (rand() % 40 == 0)
		assert_ok(f, au_store_entry_remove(f->tx, SOURCE, group, NULL, &f->err));
	else if (rand() % 10 == 0)
		put(f, group, AU_ENTRY_GROUP, any_dn(f));
	else {
		int rc = change_members(f, group);
		assert_true(rc == 0 || rc == AU_ENOENT);
	}
}

static void
list_is_what_the_group_is_whatever_happens(void **state)
{
	struct fixture *f = *state;
	static const char *const groups[GROUPS] = { "g0", "g1", "g2" };
	struct refs kept[GROUPS] = { { "" } };
	size_t checked = 0;
	unsigned seed = (unsigned)(getenv("SEED") != NULL ? atoi(getenv("SEED")) : 1);

	print_message("SEED=%u\n", seed);
	srand(seed);
	for (int i = 0; i < GROUPS; i++)
		put(f, groups[i], AU_ENTRY_GROUP, "cn=g");
	for (int step = 0; step < STEPS; step++) {
		change_something(f, groups[rand() % GROUPS]);
		for (int i = 0; i < GROUPS; i++) {
			struct refs now = refs_of(f, groups[i]);
			if (is_kept(f, groups[i], &kept[i])) {
				checked++;
				if (strcmp(now.text, kept[i].text) != 0)
					fail_msg("step %d, %s: '%s' is kept, '%s' is there", step, groups[i],
					    kept[i].text, now.text);
			} else if (rand() % 2 == 0) {
				kept[i] = now;
				keep(f, groups[i], &now);
			}
		}
		if (step % 100 == 0) {
			au_arena_free(f->arena);
			f->arena = au_arena_new();
		}
	}
	print_message("kept %zu times\n", checked);
	assert_true(checked > STEPS / 2);
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, set_up_tx, tear_down_tx)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(list_is_kept_of_one_group_and_one_content),
		TEST(who_becomes_known_is_still_as_listed),
		TEST(list_ends_when_one_comes_goes_or_moves),
		TEST(list_ends_with_its_group),
		TEST(list_is_what_the_group_is_whatever_happens),
	};

	return RUN_FOR_EACH_BACKEND(tests);
}
