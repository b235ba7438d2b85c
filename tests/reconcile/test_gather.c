/* SPDX-License-Identifier: ISC */
/* Groups within groups as they are gathered for one key: ways, rings, the limit of the depth. */
#include "tests/store/help.h"

#include "reconcile/gather.h"
#include "store/fact.h"

#include <string.h>

#define SOURCE "corp"

static void
put(struct fixture *f, const char *id, enum au_entry_kind kind)
{
	const char *dn = au_arena_printf(f->arena, "cn=%s", id);
	struct au_entry entry = {
		.source = SOURCE, .id = id, .kind = kind, .dn = dn, .display_name = id, .active = true
	};
	if (kind == AU_ENTRY_PERSON)
		entry.mail = "ann@example.com";
	assert_ok(f, au_store_entry_put(f->tx, &entry, dn, 0, NULL, &f->err));
}

/* "mid>out a>mid": each before the sign is a member of the one behind it. */
static const struct {
	const char *members;
	long long depth;
	const char *chains, *ring, *cut; /* of person a */
} rows[] = {
	{ "", 10, "", NULL, NULL },
	{ "a>in", 10, "cn=in", NULL, NULL },
	{ "a>in in>mid mid>out", 10, "cn=in|cn=in > cn=mid|cn=in > cn=mid > cn=out", NULL, NULL },
	{ "a>in in>mid mid>out", 2, "cn=in|cn=in > cn=mid|cn=in > cn=mid > cn=out", NULL, NULL },
	{ "a>in in>mid mid>out", 1, "cn=in|cn=in > cn=mid", NULL, "cn=mid" },
	{ "a>in in>mid", 0, "cn=in", NULL, "cn=in" },
	/* Two ways are one membership, the shorter one. */
	{ "a>in in>out a>mid mid>out", 10, "cn=in|cn=mid|cn=in > cn=out", NULL, NULL },
	{ "a>in a>out in>out", 10, "cn=in|cn=out", NULL, NULL },
	{ "a>in in>mid mid>in", 10, "cn=in|cn=in > cn=mid", "cn=in > cn=mid > cn=in", NULL },
	{ "a>in in>mid mid>out out>mid", 10, "cn=in|cn=in > cn=mid|cn=in > cn=mid > cn=out", "cn=mid > cn=out > cn=mid",
	    NULL },
	{ "a>in in>in", 10, "cn=in", "cn=in > cn=in", NULL },
	/* A ring at the limit is no way on. */
	{ "a>in in>mid mid>in", 1, "cn=in|cn=in > cn=mid", NULL, NULL },
};

static void
add_members(struct fixture *f, const char *text)
{
	char *copy = au_arena_strdup(f->arena, text), *rest = copy, *pair;

	while ((pair = strsep(&rest, " ")) != NULL) {
		char *member = strsep(&pair, ">");
		if (pair != NULL)
			assert_ok(f, au_store_member_add(
					 f->tx, SOURCE, pair, &(struct au_member){ .id = member }, NULL, &f->err));
	}
}

static void
groups_are_gathered(void **state)
{
	struct fixture *f = *state;
	static const char *const groups[] = { "in", "mid", "out" };
	static const char *order[] = { SOURCE };

	for (size_t i = 0; i < AU_COUNT(rows); i++) {
		struct au_policy policy = { .order = order, .order_count = 1, .nested_depth = rows[i].depth };
		struct au_gathered g;
		const char *chains = "";
		for (size_t k = 0; k < AU_COUNT(groups); k++) {
			assert_ok(f, au_store_entry_remove(f->tx, SOURCE, groups[k], NULL, &f->err));
			put(f, groups[k], AU_ENTRY_GROUP);
		}
		put(f, "a", AU_ENTRY_PERSON);
		add_members(f, rows[i].members);
		assert_ok(f, au_gather(f->tx, f->arena, &policy, "ann@example.com", &g, &f->err));
		for (size_t k = 0; k < g.group_count; k++)
			chains = au_arena_printf(
			    f->arena, "%s%s%s", chains, k > 0 ? "|" : "", au_gather_chain(f->arena, &g, &g.groups[k]));
		assert_string_equal(chains, rows[i].chains);
		assert_string_equal(g.ring[0] ? g.ring[0] : "-", rows[i].ring ? rows[i].ring : "-");
		assert_string_equal(g.cut[0] ? g.cut[0] : "-", rows[i].cut ? rows[i].cut : "-");
	}
}

/* owner_dn is an id where there are no DNs. */
static void
owner_is_called_by_what_is_known_of_him(void **state)
{
	struct fixture *f = *state;
	static const char *order[] = { SOURCE };
	struct au_policy policy = { .order = order, .order_count = 1, .nested_depth = 10 };
	struct au_entry owned = { .source = SOURCE,
		.id = "a",
		.kind = AU_ENTRY_PERSON,
		.mail = "ann@example.com",
		.owner = "b",
		.owner_dn = "b",
		.active = true };
	struct au_entry boss = { .source = SOURCE, .id = "b", .kind = AU_ENTRY_PERSON, .user_name = "bob", .active = true };
	struct au_gathered g;

	assert_ok(f, au_store_entry_put(f->tx, &owned, NULL, 0, NULL, &f->err));
	assert_ok(f, au_gather(f->tx, f->arena, &policy, "ann@example.com", &g, &f->err));
	assert_null(g.entries[0].owner); /* nobody knows who that is, */
	assert_string_equal(g.entries[0].owner_dn, "b"); /* but there is one */
	owned.owner = "Bob B";
	assert_ok(f, au_store_entry_put(f->tx, &owned, NULL, 0, NULL, &f->err));
	assert_ok(f, au_gather(f->tx, f->arena, &policy, "ann@example.com", &g, &f->err));
	assert_string_equal(g.entries[0].owner, "Bob B");
	assert_ok(f, au_store_entry_put(f->tx, &boss, NULL, 0, NULL, &f->err));
	assert_ok(f, au_gather(f->tx, f->arena, &policy, "ann@example.com", &g, &f->err));
	assert_string_equal(g.entries[0].owner, "bob");
	boss.mail = "bob@example.com";
	assert_ok(f, au_store_entry_put(f->tx, &boss, NULL, 0, NULL, &f->err));
	assert_ok(f, au_gather(f->tx, f->arena, &policy, "ann@example.com", &g, &f->err));
	assert_string_equal(g.entries[0].owner, "bob@example.com");
}

static const struct CMUnitTest gather[] = {
	cmocka_unit_test_setup_teardown(groups_are_gathered, set_up_tx, tear_down_tx),
	cmocka_unit_test_setup_teardown(owner_is_called_by_what_is_known_of_him, set_up_tx, tear_down_tx),
};

int
main(void)
{
	return RUN_FOR_EACH_BACKEND(gather);
}
