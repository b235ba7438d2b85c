/* SPDX-License-Identifier: ISC */
/* What the tests of memberships say and look at, whatever members are named by. */
#include "tests/store/belong.h"

#include <string.h>

bool
add(struct fixture *f, const char *group, const char *id, const char *dn_norm)
{
	struct au_member member = { .id = id, .dn_norm = dn_norm };
	bool added = false;
	assert_ok(f, au_store_member_add(f->tx, SOURCE, group, &member, &added, &f->err));
	return added;
}

const char *
members(struct fixture *f, const char *group)
{
	struct au_member *list = NULL;
	size_t count = 0;
	const char *joined = "";
	assert_ok(f, au_store_member_list(f->tx, f->arena, SOURCE, group, "", 1000, &list, &count, &f->err));
	for (size_t i = 0; i < count; i++)
		joined = au_arena_printf(f->arena, list[i].id ? "%s%s%s" : "%s%s<%s>", joined, i ? "," : "",
		    list[i].id ? list[i].id : list[i].dn_norm);
	long long kept = -1;
	assert_ok(f, au_store_member_count(f->tx, SOURCE, group, &kept, &f->err));
	assert_int_equal(kept, count);
	for (size_t i = 0; i < count; i++)
		kept -= list[i].id == NULL;
	long long known = -1;
	assert_ok(f, au_store_member_count_known(f->tx, SOURCE, group, &known, &f->err));
	assert_int_equal(known, kept);
	return joined;
}

const char *
take_dirty(struct fixture *f)
{
	const char **keys = NULL;
	size_t count = 0;
	const char *joined = "";
	assert_ok(f, au_store_dirty_take(f->tx, f->arena, 1000, &keys, &count, &f->err));
	for (size_t i = 0; i < count; i++)
		joined =
		    au_arena_printf(f->arena, "%s%s%.*s", joined, i ? "," : "", (int)strcspn(keys[i], "@"), keys[i]);
	return joined;
}
