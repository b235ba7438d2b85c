/* SPDX-License-Identifier: ISC */
/* Who changed what: others, or we ourselves by wanting something else. */
#include "reconcile/drift.h"

#include "base/str.h"
#include "tests/unit.h"

#include <string.h>

#define RUN "{\"roles\":[\"run\"]}"
#define BUILD "{\"roles\":[\"build\"]}"
#define CAPS (AU_CAP_DISABLE | AU_CAP_READ_RIGHTS | AU_CAP_SET_PROFILE | AU_CAP_SET_RIGHTS)

struct fixture {
	struct au_arena *arena;
	struct au_describe describe;
	struct au_target_block target;
	struct au_wanted wanted;
	struct au_account account;
	struct au_drift drift;
};

/* An account that holds what is wanted, and remembers it. */
static int
set_up(void **state)
{
	struct fixture *f = au_xcalloc(1, sizeof(*f));

	f->arena = au_arena_new();
	f->describe.caps = CAPS;
	f->target.describe = &f->describe;
	f->wanted = (struct au_wanted){ .wanted = true, .login = "ann", .mail = "ann@example.com", .rights = RUN };
	f->account = (struct au_account){ .id = "a1",
		.state = AU_ACCOUNT_PRESENT,
		.login = "ann",
		.mail = "ann@example.com",
		.rights = RUN,
		.active = 1 };
	au_drift_find(&f->target, &f->wanted, &f->account, &f->drift);
	f->account.settled = au_drift_settle(f->arena, AU_DRIFT_RESTORE, &f->wanted, &f->account, &f->drift);
	*state = f;
	return 0;
}

static int
tear_down(void **state)
{
	struct fixture *f = *state;

	au_arena_free(f->arena);
	free(f);
	return 0;
}

static void
look(struct fixture *f)
{
	au_drift_find(&f->target, &f->wanted, &f->account, &f->drift);
}

static void
settle(struct fixture *f)
{
	look(f);
	f->account.settled = au_drift_settle(f->arena, AU_DRIFT_RESTORE, &f->wanted, &f->account, &f->drift);
}

#define ASSERT_DRIFT(f, differs_, moved_)                                                                              \
	do {                                                                                                           \
		look(f);                                                                                               \
		assert_int_equal((f)->drift.differs, differs_);                                                        \
		assert_int_equal((f)->drift.moved, moved_);                                                            \
	} while (0)

static void
what_is_as_wanted_differs_in_nothing(void **state)
{
	ASSERT_DRIFT((struct fixture *)*state, 0, 0);
}

static void
each_part_that_others_change_is_drift(void **state)
{
	struct fixture *f = *state;

	f->account.rights = BUILD;
	ASSERT_DRIFT(f, AU_DRIFT_RIGHTS, AU_DRIFT_RIGHTS);
	f->account.mail = "x@example.com";
	f->account.active = 0;
	f->account.login = "anne";
	ASSERT_DRIFT(f, AU_DRIFT_RIGHTS | AU_DRIFT_PROFILE | AU_DRIFT_ACTIVE | AU_DRIFT_LOGIN,
	    AU_DRIFT_RIGHTS | AU_DRIFT_PROFILE | AU_DRIFT_ACTIVE | AU_DRIFT_LOGIN);
	assert_string_equal(au_drift_text(f->arena, &f->wanted, &f->account, f->drift.moved),
	    "rights.roles: [\"run\"] became [\"build\"]; mail: \"ann@example.com\" became \"x@example.com\"; "
	    "active: true became false; login: \"ann\" became \"anne\"");
}

static void
a_wish_of_our_own_is_no_drift(void **state)
{
	struct fixture *f = *state;

	f->wanted.rights = BUILD;
	ASSERT_DRIFT(f, AU_DRIFT_RIGHTS, 0);
	f->wanted.mail = "ann@example.org";
	ASSERT_DRIFT(f, AU_DRIFT_RIGHTS | AU_DRIFT_PROFILE, 0);
}

/* Others changed the rights, we want another mail address: one is drift, the other is not. */
static void
parts_are_told_apart(void **state)
{
	struct fixture *f = *state;

	f->account.rights = BUILD;
	f->wanted.mail = "ann@example.org";
	ASSERT_DRIFT(f, AU_DRIFT_RIGHTS | AU_DRIFT_PROFILE, AU_DRIFT_RIGHTS);
}

static void
what_differs_is_remembered_as_it_was(void **state)
{
	struct fixture *f = *state;
	const char *before = f->account.settled;

	f->account.rights = BUILD;
	settle(f);
	assert_string_equal(f->account.settled, before);
	ASSERT_DRIFT(f, AU_DRIFT_RIGHTS, AU_DRIFT_RIGHTS);
	/* ... until what is wanted there was fulfilled anew */
	f->wanted.rights = BUILD;
	settle(f);
	f->wanted.rights = RUN;
	ASSERT_DRIFT(f, AU_DRIFT_RIGHTS, 0);
}

static void
what_was_never_fulfilled_is_no_drift(void **state)
{
	struct fixture *f = *state;

	f->account.settled = NULL;
	f->account.rights = BUILD;
	f->account.active = 0;
	ASSERT_DRIFT(f, AU_DRIFT_RIGHTS | AU_DRIFT_ACTIVE, 0);
	settle(f);
	ASSERT_DRIFT(f, AU_DRIFT_RIGHTS | AU_DRIFT_ACTIVE, 0);
}

static void
an_account_that_others_took_away_is_drift_until_the_wish_changes(void **state)
{
	struct fixture *f = *state;

	f->account.state = AU_ACCOUNT_ABSENT;
	f->account.rights = NULL;
	f->account.active = -1;
	ASSERT_DRIFT(f, AU_DRIFT_GONE, AU_DRIFT_GONE);
	settle(f);
	ASSERT_DRIFT(f, AU_DRIFT_GONE, AU_DRIFT_GONE);
	f->wanted.rights = BUILD;
	ASSERT_DRIFT(f, AU_DRIFT_GONE, 0);
	f->account.settled = NULL;
	ASSERT_DRIFT(f, 0, 0);
}

/* Invariant: what the product adds by itself causes no update, not once and not for ever. */
static void
i23_values_that_the_product_owns_are_no_drift(void **state)
{
	struct fixture *f = *state;

	f->account.rights = "{\"roles\":[\"run\"],\"system\":[\"basic\"]}";
	f->account.label = "set by the product";
	ASSERT_DRIFT(f, 0, 0);
	settle(f);
	ASSERT_DRIFT(f, 0, 0);
}

/* A product that does not tell them cannot differ in them. */
static void
what_cannot_be_seen_is_no_drift(void **state)
{
	struct fixture *f = *state;

	f->describe.caps = AU_CAP_SET_RIGHTS;
	f->account.rights = BUILD;
	f->account.active = 0;
	ASSERT_DRIFT(f, 0, 0);
	f->describe.caps = CAPS;
	f->account.rights = NULL;
	f->account.active = -1;
	ASSERT_DRIFT(f, 0, 0);
}

static void
what_was_adopted_remembers_nothing_before_it_is_confirmed(void **state)
{
	struct fixture *f = *state;

	f->account.adoption = AU_ADOPTION_NEW;
	settle(f);
	assert_null(f->account.settled);
	f->account.adoption = AU_ADOPTION_CONFIRMED;
	settle(f);
	assert_non_null(f->account.settled);
}

int
main(void)
{
#define DRIFT_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest drift[] = {
		DRIFT_TEST(what_is_as_wanted_differs_in_nothing),
		DRIFT_TEST(each_part_that_others_change_is_drift),
		DRIFT_TEST(a_wish_of_our_own_is_no_drift),
		DRIFT_TEST(parts_are_told_apart),
		DRIFT_TEST(what_differs_is_remembered_as_it_was),
		DRIFT_TEST(what_was_never_fulfilled_is_no_drift),
		DRIFT_TEST(an_account_that_others_took_away_is_drift_until_the_wish_changes),
		DRIFT_TEST(i23_values_that_the_product_owns_are_no_drift),
		DRIFT_TEST(what_cannot_be_seen_is_no_drift),
		DRIFT_TEST(what_was_adopted_remembers_nothing_before_it_is_confirmed),
	};

	return cmocka_run_group_tests(drift, NULL, NULL);
}
