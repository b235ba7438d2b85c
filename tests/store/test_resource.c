/* SPDX-License-Identifier: ISC */
/* SCIM resources: unique names, one client never sees another's, scans in order of creation. */
#include "tests/store/help.h"

#include "store/fact.h"
#include "store/resource.h"

#include <string.h>

static struct au_resource
user(const char *id, const char *name_fold)
{
	return (struct au_resource){ .id = id,
		.client = "okta",
		.type = "User",
		.name_fold = name_fold,
		.external_id = "ext",
		.doc = "{\"userName\":\"x\"}",
		.version = 1,
		.created_ms = 1000,
		.modified_ms = 2000 };
}

static void
insert(struct fixture *f, const char *id, const char *name_fold)
{
	struct au_resource in = user(id, name_fold);
	assert_ok(f, au_store_resource_insert(f->tx, &in, &f->err));
}

static long long
count_of(struct fixture *f, const char *client, const char *type)
{
	long long count = -1;
	assert_ok(f, au_store_resource_count(f->tx, client, type, &count, &f->err));
	return count;
}

static void
resource_is_kept_with_every_field(void **state)
{
	struct fixture *f = *state;
	struct au_resource in = user("1", "ada"), out;
	assert_ok(f, au_store_resource_insert(f->tx, &in, &f->err));
	assert_ok(f, au_store_resource_get(f->tx, f->arena, "okta", "User", "1", &out, &f->err));
	assert_string_equal(out.id, "1");
	assert_string_equal(out.client, "okta");
	assert_string_equal(out.type, "User");
	assert_string_equal(out.name_fold, "ada");
	assert_string_equal(out.external_id, "ext");
	assert_string_equal(out.doc, in.doc);
	assert_int_equal(out.version, 1);
	assert_int_equal(out.created_ms, 1000);
	assert_int_equal(out.modified_ms, 2000);
}

static void
taken_name_is_refused_within_client_and_type(void **state)
{
	struct fixture *f = *state;
	insert(f, "1", "ada");
	struct au_resource same = user("2", "ada");
	assert_int_equal(au_store_resource_insert(f->tx, &same, &f->err), AU_EEXIST);
	assert_non_null(strstr(f->err.text, "ada"));
	same.client = "entra";
	assert_ok(f, au_store_resource_insert(f->tx, &same, &f->err));
	same = user("3", "ada");
	same.type = "Group";
	assert_ok(f, au_store_resource_insert(f->tx, &same, &f->err));
	insert(f, "4", NULL);
	insert(f, "5", NULL); /* no name at all is never taken */
	assert_int_equal(count_of(f, "okta", "User"), 3);
	assert_int_equal(count_of(f, "okta", "Group"), 1);
	assert_int_equal(count_of(f, "entra", "User"), 1);
	assert_int_equal(count_of(f, "entra", "Group"), 0);
}

static void
id_is_unique_over_all_clients(void **state)
{
	struct fixture *f = *state;
	insert(f, "1", "ada");
	struct au_resource same = user("1", "ben");
	same.client = "entra";
	assert_int_equal(au_store_resource_insert(f->tx, &same, &f->err), AU_EEXIST);
	assert_int_equal(count_of(f, "entra", "User"), 0);
}

static void
update_moves_everything_but_id_and_birth(void **state)
{
	struct fixture *f = *state;
	insert(f, "1", "ada");
	insert(f, "2", "ben");
	struct au_resource in = user("1", "lovelace"), was, out;
	in.external_id = NULL;
	in.doc = "{}";
	in.version = 2;
	in.created_ms = 9999;
	in.modified_ms = 3000;
	assert_ok(f, au_store_resource_get(f->tx, f->arena, "okta", "User", "1", &was, &f->err));
	assert_ok(f, au_store_resource_update(f->tx, &was, &in, &f->err));
	assert_ok(f, au_store_resource_get(f->tx, f->arena, "okta", "User", "1", &out, &f->err));
	assert_string_equal(out.name_fold, "lovelace");
	assert_null(out.external_id);
	assert_string_equal(out.doc, "{}");
	assert_int_equal(out.version, 2);
	assert_int_equal(out.created_ms, 1000);
	assert_int_equal(out.modified_ms, 3000);
	in.name_fold = "ben";
	assert_int_equal(au_store_resource_update(f->tx, &out, &in, &f->err), AU_EEXIST);
	assert_int_equal(count_of(f, "okta", "User"), 2);
}

static void
another_clients_resource_cannot_be_reached(void **state)
{
	struct fixture *f = *state;
	struct au_resource out, *found = NULL;
	size_t count = 7;
	insert(f, "1", "ada");
	assert_int_equal(au_store_resource_get(f->tx, f->arena, "entra", "User", "1", &out, &f->err), AU_ENOENT);
	assert_int_equal(au_store_resource_get(f->tx, f->arena, "okta", "Group", "1", &out, &f->err), AU_ENOENT);
	assert_int_equal(au_store_resource_head(f->tx, f->arena, "entra", "User", "1", &out, &f->err), AU_ENOENT);
	assert_int_equal(au_store_resource_delete(f->tx, "entra", "User", "1", &f->err), AU_ENOENT);
	assert_ok(f, au_store_resource_find(f->tx, f->arena, "entra", "User", "ada", &found, &count, &f->err));
	assert_int_equal(count, 0);
	assert_int_equal(count_of(f, "okta", "User"), 1);
}

static void
deleted_resource_is_gone_and_its_name_free(void **state)
{
	struct fixture *f = *state;
	insert(f, "1", "ada");
	assert_ok(f, au_store_resource_delete(f->tx, "okta", "User", "1", &f->err));
	assert_int_equal(au_store_resource_delete(f->tx, "okta", "User", "1", &f->err), AU_ENOENT);
	assert_int_equal(count_of(f, "okta", "User"), 0);
	insert(f, "2", "ada");
	assert_int_equal(count_of(f, "okta", "User"), 1);
}

static void
resources_are_found_by_name(void **state)
{
	struct fixture *f = *state;
	struct au_resource *found = NULL;
	size_t count = 0;
	insert(f, "1", "ada");
	insert(f, "2", "ben");
	assert_ok(f, au_store_resource_find(f->tx, f->arena, "okta", "User", "ben", &found, &count, &f->err));
	assert_int_equal(count, 1);
	assert_string_equal(found[0].id, "2");
}

/* Another client's group with a member of the same id is no group of his. */
static void
resource_tells_whether_it_is_in_no_group(void **state)
{
	struct fixture *f = *state;
	struct au_entry group = { .id = "g", .kind = AU_ENTRY_GROUP, .display_name = "g", .active = true };
	struct au_member member = { .id = "1" };
	struct au_resource out, *found = NULL;
	size_t count = 0;
	insert(f, "1", "ada");
	for (int i = 0; i < 2; i++) {
		group.source = i == 0 ? "entra" : "okta";
		assert_ok(f, au_store_entry_put(f->tx, &group, NULL, 0, NULL, &f->err));
		assert_ok(f, au_store_member_add(f->tx, group.source, "g", &member, NULL, &f->err));
		assert_ok(f, au_store_resource_get(f->tx, f->arena, "okta", "User", "1", &out, &f->err));
		assert_int_equal(out.in_no_group, i == 0);
		assert_ok(f, au_store_resource_find(f->tx, f->arena, "okta", "User", "ada", &found, &count, &f->err));
		assert_int_equal(count, 1);
		assert_int_equal(found[0].in_no_group, i == 0);
		assert_string_equal(found[0].client, "okta");
		assert_string_equal(found[0].type, "User");
	}
	assert_ok(f, au_store_member_remove(f->tx, "okta", "g", "1", NULL, &f->err));
	assert_ok(f, au_store_resource_at(f->tx, f->arena, "okta", "User", out.num, &out, &f->err));
	assert_true(out.in_no_group);
}

struct visit {
	struct fixture *f;
	const char *seen;
	int stop_after, fail_with;
};

static int
note(void *ctx, const struct au_resource *resource, struct au_err *err)
{
	struct visit *v = ctx;
	struct au_resource again;
	/* The visitor may use the store itself. */
	assert_ok(v->f, au_store_resource_get(v->f->tx, v->f->arena, "okta", "User", resource->id, &again, &v->f->err));
	assert_string_equal(again.doc, resource->doc);
	v->seen = au_arena_printf(v->f->arena, "%s%s", v->seen, resource->id);
	if (v->fail_with)
		return au_fail(err, v->fail_with, "enough");
	return --v->stop_after == 0;
}

static const char *
scan(struct fixture *f, long long skip, long long limit)
{
	struct visit v = { .f = f, .seen = "" };
	assert_ok(f, au_store_resource_scan(f->tx, "okta", "User", skip, limit, note, &v, &f->err));
	return v.seen;
}

static int
set_up_scan(void **state)
{
	set_up_tx(state);
	struct fixture *f = *state;
	struct au_resource other = user("x", "x");
	insert(f, "d", "a");
	insert(f, "a", "b");
	other.client = "entra";
	assert_ok(f, au_store_resource_insert(f->tx, &other, &f->err));
	insert(f, "c", "c");
	insert(f, "b", NULL);
	return 0;
}

static void
scan_goes_in_order_of_creation(void **state)
{
	struct fixture *f = *state;
	assert_string_equal(scan(f, 0, 0), "dacb");
	assert_string_equal(scan(f, 1, 2), "ac");
	assert_string_equal(scan(f, 3, 5), "b");
	assert_string_equal(scan(f, 4, 1), "");
}

static void
visitor_can_stop_and_fail_a_scan(void **state)
{
	struct fixture *f = *state;
	struct visit v = { .f = f, .seen = "", .stop_after = 2 };
	assert_ok(f, au_store_resource_scan(f->tx, "okta", "User", 0, 0, note, &v, &f->err));
	assert_string_equal(v.seen, "da");
	v = (struct visit){ .f = f, .seen = "", .fail_with = AU_ELIMIT };
	assert_int_equal(au_store_resource_scan(f->tx, "okta", "User", 0, 0, note, &v, &f->err), AU_ELIMIT);
	assert_string_equal(v.seen, "d");
	assert_string_equal(f->err.text, "enough");
}

static int
scan_within(void *ctx, const struct au_resource *resource, struct au_err *err)
{
	struct visit *v = ctx;
	(void)err;
	v->seen = au_arena_printf(v->f->arena, "%s%s(%s)", v->seen, resource->id, scan(v->f, 0, 2));
	return 0;
}

static void
scan_within_a_scan_works(void **state)
{
	struct fixture *f = *state;
	struct visit v = { .f = f, .seen = "" };
	assert_ok(f, au_store_resource_scan(f->tx, "okta", "User", 1, 2, scan_within, &v, &f->err));
	assert_string_equal(v.seen, "a(da)c(da)");
}

#define RESOURCE_TEST(name) cmocka_unit_test_setup_teardown(name, set_up_tx, tear_down_tx)
#define SCAN_TEST(name) cmocka_unit_test_setup_teardown(name, set_up_scan, tear_down_tx)
static const struct CMUnitTest resource[] = {
	RESOURCE_TEST(resource_is_kept_with_every_field),
	RESOURCE_TEST(taken_name_is_refused_within_client_and_type),
	RESOURCE_TEST(id_is_unique_over_all_clients),
	RESOURCE_TEST(update_moves_everything_but_id_and_birth),
	RESOURCE_TEST(another_clients_resource_cannot_be_reached),
	RESOURCE_TEST(deleted_resource_is_gone_and_its_name_free),
	RESOURCE_TEST(resources_are_found_by_name),
	RESOURCE_TEST(resource_tells_whether_it_is_in_no_group),
	SCAN_TEST(scan_goes_in_order_of_creation),
	SCAN_TEST(visitor_can_stop_and_fail_a_scan),
	SCAN_TEST(scan_within_a_scan_works),
};

int
main(void)
{
	return RUN_FOR_EACH_BACKEND(resource);
}
