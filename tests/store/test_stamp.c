/* SPDX-License-Identifier: ISC */
/* Stamps: each kind of change moves those of its rows and no others, and none holds while a change is under way. */
#include "tests/store/help.h"

#include "store/account.h"
#include "store/apiuser.h"
#include "store/client.h"
#include "store/fact.h"
#include "store/resource.h"
#include "store/stamp.h"
#include "store/stamps.h"

#include <string.h>

/* Rows that a reader may have kept. */
static const struct watched {
	const char *name;
	enum au_stamp_of what;
	const char *client, *type, *value;
} watched[] = {
	{ "u1", AU_STAMP_ID, "okta", "User", "u1" },
	{ "name ada", AU_STAMP_NAME, "okta", "User", "ada" },
	{ "name bob", AU_STAMP_NAME, "okta", "User", "bob" },
	{ "external 7", AU_STAMP_EXTERNAL_ID, "okta", "User", "7" },
	{ "external 8", AU_STAMP_EXTERNAL_ID, "okta", "User", "8" },
	{ "entra's u1", AU_STAMP_ID, "entra", "User", "u1" },
	{ "entra's ada", AU_STAMP_NAME, "entra", "User", "ada" },
	{ "group u1", AU_STAMP_ID, "okta", "Group", "u1" },
	{ "groups", AU_STAMP_GROUPS, NULL, NULL, NULL },
	{ "entries", AU_STAMP_ENTRIES, NULL, NULL, NULL },
	{ "accounts", AU_STAMP_ACCOUNTS, NULL, NULL, NULL },
	{ "tokens", AU_STAMP_TOKENS, NULL, NULL, NULL },
};

static struct au_resource
user(const char *name_fold, const char *external_id)
{
	return (struct au_resource){ .id = "u1",
		.client = "okta",
		.type = "User",
		.name_fold = name_fold,
		.external_id = external_id,
		.doc = "{}" };
}

/* ---- changes ---- */

static int
create(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct au_resource in = user("ada", "7");
	(void)arg;
	return au_store_resource_insert(tx, &in, err);
}

static int
change_to(struct au_store_tx *tx, struct au_resource is, struct au_err *err)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct au_resource was;
	int rc = au_store_resource_get(tx, arena, is.client, is.type, is.id, &was, err);
	if (rc < 0)
		return rc;
	is.num = was.num;
	is.created_ms = was.created_ms;
	return au_store_resource_update(tx, &was, &is, err);
}

static int
rename_it(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	(void)arg;
	return change_to(tx, user("bob", "7"), err);
}

static int
renumber(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	(void)arg;
	return change_to(tx, user("bob", "8"), err);
}

static int
delete_it(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	(void)arg;
	return au_store_resource_delete(tx, "okta", "User", "u1", err);
}

static int
put_entry(struct au_store_tx *tx, const char *id, enum au_entry_kind kind, const char *name, struct au_err *err)
{
	struct au_entry entry = { .source = "okta", .id = id, .kind = kind, .display_name = name, .active = true };
	return au_store_entry_put(tx, &entry, NULL, 0, NULL, err);
}

static int
put_person(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	return put_entry(tx, "u1", AU_ENTRY_PERSON, arg, err);
}

static int
put_group(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	return put_entry(tx, "g1", AU_ENTRY_GROUP, arg, err);
}

static int
drop_group(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	(void)arg;
	return au_store_entry_remove(tx, "okta", "g1", NULL, err);
}

static int
join(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct au_member member = { .id = "u1" };
	(void)arg;
	return au_store_member_add(tx, "okta", "g1", &member, NULL, err);
}

static int
leave(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	(void)arg;
	return au_store_member_remove(tx, "okta", "g1", "u1", NULL, err);
}

static int
put_apiuser(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct au_apiuser user = { .id = "a1", .key = "a1" };
	(void)arg;
	return au_store_apiuser_put(tx, &user, err);
}

static int
add_token(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct au_token_row row = { .id = "t1", .client = "okta" };
	(void)arg;
	return au_store_token_add(tx, &row, err);
}

static int
use_token(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	(void)arg;
	return au_store_token_used(tx, "t1", 5, err);
}

static int
revoke_token(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	(void)arg;
	return au_store_token_revoke(tx, "okta", NULL, 5, err);
}

static int
put_meta(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	(void)arg;
	return au_store_meta_put(tx, "name", "value", err);
}

/* In this order; moved: names of what no longer holds. */
static const struct change {
	au_store_work *work;
	const char *arg, *moved;
} changes[] = {
	{ put_meta, NULL, "" },
	{ create, NULL, "u1, name ada, external 7, " },
	{ put_person, "Ada", "entries, " },
	{ put_person, "Ada", "" },
	{ rename_it, NULL, "u1, name ada, name bob, external 7, " },
	{ renumber, NULL, "u1, name bob, external 7, external 8, " },
	{ put_group, "Admins", "groups, entries, " },
	{ put_group, "Admins", "" },
	{ join, NULL, "groups, " },
	{ join, NULL, "" },
	{ put_group, "Operators", "groups, entries, " },
	{ leave, NULL, "groups, " },
	{ leave, NULL, "" },
	{ join, NULL, "groups, " },
	{ drop_group, NULL, "groups, entries, " },
	{ delete_it, NULL, "u1, name bob, external 8, " },
	{ put_apiuser, NULL, "accounts, " },
	{ add_token, NULL, "tokens, " },
	{ use_token, NULL, "" },
	{ revoke_token, NULL, "tokens, " },
};

static bool
take(struct au_store *store, const struct watched *w, struct au_stamp *ret)
{
	return au_store_stamp(store, w->what, w->client, w->type, w->value, ret);
}

static void
each_change_moves_the_stamps_of_its_rows_only(void **state)
{
	struct fixture *f = *state;
	struct au_store *store = open_store(f, NULL, NULL);
	for (size_t i = 0; i < AU_COUNT(changes); i++) {
		struct au_stamp stamps[AU_COUNT(watched)];
		const char *moved = "";
		for (size_t j = 0; j < AU_COUNT(watched); j++)
			assert_true(take(store, &watched[j], &stamps[j]));
		assert_ok(f, au_store_run(store, changes[i].work, (void *)changes[i].arg, &f->err));
		for (size_t j = 0; j < AU_COUNT(watched); j++)
			if (!au_store_stamp_holds(store, &stamps[j]))
				moved = au_arena_printf(f->arena, "%s%s, ", moved, watched[j].name);
		if (strcmp(moved, changes[i].moved) != 0)
			fail_msg("change %zu moved '%s', not '%s'", i, moved, changes[i].moved);
	}
	au_store_close(store);
}

/* From within the change, where another thread may look as well. */
struct within {
	struct au_store *store;
	struct au_stamp before;
	bool held, could_be_taken, other_could_be_taken;
};

static int
look_within(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct within *w = arg;
	struct au_stamp stamp;
	int rc = create(tx, NULL, err);
	w->held = au_store_stamp_holds(w->store, &w->before);
	w->could_be_taken = take(w->store, &watched[0], &stamp);
	w->other_could_be_taken = take(w->store, &watched[2], &stamp);
	return rc == 0 ? au_fail(err, AU_EINVAL, "given up") : rc;
}

static void
nothing_holds_while_a_change_is_under_way(void **state)
{
	struct fixture *f = *state;
	struct within w = { .store = open_store(f, NULL, NULL) };
	struct au_stamp after;
	assert_true(take(w.store, &watched[0], &w.before));
	assert_int_equal(au_store_run(w.store, look_within, &w, &f->err), AU_EINVAL);
	assert_false(w.held);
	assert_false(w.could_be_taken);
	assert_true(w.other_could_be_taken);
	/* Given up or not, it can be had again. */
	assert_true(take(w.store, &watched[0], &after));
	assert_true(au_store_stamp_holds(w.store, &after));
	au_store_close(w.store);
}

/* Ten thousand users that are made, each with three keys, leave most of what is kept of ten thousand others. */
static void
changes_in_numbers_leave_most_others(void **state)
{
	struct au_stamps *stamps = au_stamps_new();
	struct au_stamp *kept = au_xcalloc(10000, sizeof(*kept));
	char id[24];
	int holding = 0;

	(void)state;
	for (int i = 0; i < 10000; i++) {
		snprintf(id, sizeof id, "kept-%d", i);
		assert_true(au_stamps_take(stamps, AU_STAMP_ID, "okta", "User", id, &kept[i]));
	}
	for (int i = 0; i < 10000; i++) {
		snprintf(id, sizeof id, "made-%d", i);
		au_stamps_move(stamps, AU_STAMP_ID, "okta", "User", id);
		au_stamps_move(stamps, AU_STAMP_NAME, "okta", "User", id);
		au_stamps_move(stamps, AU_STAMP_EXTERNAL_ID, "okta", "User", id);
		au_stamps_settle(stamps);
	}
	for (int i = 0; i < 10000; i++)
		holding += au_stamps_hold(stamps, &kept[i]);
	if (holding < 9500)
		fail_msg("%d of 10000 hold", holding);
	free(kept);
	au_stamps_free(stamps);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(changes_in_numbers_leave_most_others),
		cmocka_unit_test_setup_teardown(
		    each_change_moves_the_stamps_of_its_rows_only, set_up_folder, tear_down_folder),
		cmocka_unit_test_setup_teardown(
		    nothing_holds_while_a_change_is_under_way, set_up_folder, tear_down_folder),
	};
	return RUN_FOR_EACH_BACKEND(tests);
}
