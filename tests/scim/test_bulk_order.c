/* SPDX-License-Identifier: ISC */
/* Plans of Bulk requests: which operations are one unit, in which order, and what is compared with rules of its own. */
#include "tests/scim/help.h"

#include "base/rand.h"
#include "scim/bulk.h"

#define BASE "https://h.example/scim/v2"

static const struct au_bulk *
plan_of(struct au_arena *arena, json_t *body)
{
	struct au_bulk *bulk = au_arena_alloc(arena, sizeof *bulk);
	struct au_fault fault = { AU_FAULT_NONE, "" };

	if (au_bulk_read(arena, &au_catalog_core, au_profile_auto(), BASE, 1000, body, bulk, &fault) != 0)
		fail_msg("%s", fault.detail);
	return bulk;
}

/* "1 0,2": units apart by blanks, operations of one by commas. */
static const char *
order_of(struct au_arena *arena, const struct au_bulk *bulk)
{
	AU_CLEANUP(au_str_done) struct au_str out = AU_STR_INIT;

	for (size_t i = 0; i < bulk->unit_count; i++)
		for (size_t k = 0; k < bulk->units[i].count; k++)
			au_str_printf(&out, "%s%zu", k > 0 ? "," : i > 0 ? " " : "", bulk->units[i].ops[k]);
	return au_arena_strdup(arena, au_str_get(&out));
}

/* Each letter of a word is an operation that makes a group of this name; the ones behind "=" are its members. */
static json_t *
groups_of(struct au_arena *arena, const char *text)
{
	json_t *operations = json_array();

	while (*text != '\0') {
		size_t len = strcspn(text, " ");
		json_t *members = json_array();
		char name[2] = { *text, '\0' };

		for (size_t i = 2; i < len; i++)
			json_array_append_new(members, json_pack("{so}", "value", json_sprintf("bulkId:%c", text[i])));
		json_array_append_new(
		    operations, json_pack("{ss, ss, ss, s{ss, so}}", "method", "POST", "path", "/Groups", "bulkId",
				    name, "data", "displayName", name, "members", members));
		text += len;
		text += strspn(text, " ");
	}
	return au_json_in_arena(arena, json_pack("{so}", "Operations", operations));
}

static void
what_is_needed_comes_first(void **state)
{
	static const struct {
		const char *groups, *order;
	} rows[] = {
		{ "a b c", "0 1 2" },
		{ "a b=a c=b", "0 1 2" },
		{ "a=b b=c c", "2 1 0" },
		{ "a=c b c", "1 2 0" },
		{ "a=d b=a c d", "2 3 0 1" },
		{ "a=b b=a", "0,1" },
		{ "a=a b", "0 1" },
		{ "x=a a=b b=c c=a y=x", "1,2,3 0 4" },
		{ "a=b b=a c=d d=c e=c", "0,1 2,3 4" },
		{ "a=bc b=d c=d d", "3 1 2 0" },
	};
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();

	(void)state;
	for (size_t i = 0; i < AU_COUNT(rows); i++) {
		struct au_bulk bulk = *plan_of(arena, groups_of(arena, rows[i].groups));

		assert_string_equal(order_of(arena, &bulk), rows[i].order);
		au_bulk_done(&bulk);
	}
}

static void
operations_on_one_resource_keep_their_order(void **state)
{
	static const struct {
		const char *operations, *order;
	} rows[] = {
		/* the first waits for the user, and so does what comes after it on the same group */
		{ "[{'method':'PATCH','path':'/Groups/g','data':{'Operations':[{'op':'add','path':'members','value':["
		  "{'value':'bulkId:u'}]}]}},{'method':'PUT','path':'/Groups/g','data':{}},"
		  "{'method':'DELETE','path':'/Users/x'},{'method':'POST','path':'/Users','bulkId':'u','data':{}}]",
		    "2 3 0 1" },
		/* a resource that is changed and removed before it is made */
		{ "[{'method':'PATCH','path':'/Users/bulkId:u','data':{}},{'method':'DELETE','path':'/Users/bulkId:u'},"
		  "{'method':'POST','path':'/Users','bulkId':'u','data':{}},"
		  "{'method':'DELETE','path':'/Users/bulkId:u'}]",
		    "2 0 1 3" },
		/* the same id below another endpoint is another resource */
		{ "[{'method':'PUT','path':'/Groups/g','data':{'x':'bulkId:u'}},{'method':'DELETE','path':'/Users/g'},"
		  "{'method':'POST','path':'/Users','bulkId':'u','data':{}}]",
		    "1 2 0" },
	};
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();

	(void)state;
	for (size_t i = 0; i < AU_COUNT(rows); i++) {
		json_t *body = json_of(arena, au_arena_printf(arena, "{'Operations':%s}", rows[i].operations));
		struct au_bulk bulk = *plan_of(arena, body);

		assert_string_equal(order_of(arena, &bulk), rows[i].order);
		au_bulk_done(&bulk);
	}
}

/* ---- the order of any references, compared with plain rules ---- */

#define MOST 12

/* reach[a][b]: a needs b, over any number of steps (Warshall). */
static void
close_over(bool reach[MOST][MOST], size_t count)
{
	for (size_t k = 0; k < count; k++)
		for (size_t a = 0; a < count; a++)
			for (size_t b = 0; b < count; b++)
				reach[a][b] = reach[a][b] || (reach[a][k] && reach[k][b]);
}

static void
compare(const struct au_bulk *bulk, bool reach[MOST][MOST], size_t count)
{
	size_t turn[MOST], seen = 0;

	for (size_t i = 0; i < bulk->unit_count; i++) {
		seen += bulk->units[i].count;
		for (size_t k = 0; k < bulk->units[i].count; k++)
			turn[bulk->units[i].ops[k]] = i;
	}
	assert_int_equal(seen, count);
	for (size_t a = 0; a < count; a++) {
		for (size_t b = 0; b < count; b++) {
			bool circle = a == b || (reach[a][b] && reach[b][a]);

			assert_int_equal(turn[a] == turn[b], circle);
			if (reach[a][b] && !circle)
				assert_true(turn[b] < turn[a]);
		}
	}
}

static void
any_references_are_ordered(void **state)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	unsigned seed = 20261128;

	(void)state;
	for (unsigned round = 0; round < 500; round++) {
		AU_CLEANUP(au_str_done) struct au_str text = AU_STR_INIT;
		bool reach[MOST][MOST] = { { false } };
		size_t count = 1 + (size_t)rand_r(&seed) % MOST;
		struct au_bulk bulk;

		for (size_t a = 0; a < count; a++) {
			au_str_printf(&text, "%c=", (char)('a' + a));
			for (size_t b = 0; b < count; b++) {
				reach[a][b] = rand_r(&seed) % 7 == 0;
				if (reach[a][b])
					au_str_putc(&text, (char)('a' + b));
			}
			au_str_putc(&text, ' ');
		}
		close_over(reach, count);
		bulk = *plan_of(arena, groups_of(arena, au_str_get(&text)));
		compare(&bulk, reach, count);
		au_bulk_done(&bulk);
	}
}

/* Deep enough to show recursion. */
static void
long_chains_need_no_stack(void **state)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	json_t *operations = json_array();
	struct au_bulk bulk = { NULL, 0, 0, NULL, 0 };
	struct au_fault fault = { AU_FAULT_NONE, "" };
	const size_t count = 50000;

	(void)state;
	for (size_t i = 0; i < count; i++)
		json_array_append_new(
		    operations, json_pack("{ss, ss, so, s{so}}", "method", "POST", "path", "/Users", "bulkId",
				    json_sprintf("%zu", i), "data", "x", json_sprintf("bulkId:%zu", (i + 1) % count)));
	assert_int_equal(au_bulk_read(arena, &au_catalog_core, au_profile_auto(), BASE, count,
			     au_json_in_arena(arena, json_pack("{so}", "Operations", operations)), &bulk, &fault),
	    0);
	assert_int_equal(bulk.unit_count, 1);
	assert_int_equal(bulk.units[0].count, count);
	au_bulk_done(&bulk);
}

/* ---- references ---- */

static void
references_are_replaced_wherever_they_stand(void **state)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct au_bulk bulk =
	    *plan_of(arena, json_of(arena, "{'Operations':[{'method':'POST','path':'/Users','bulkId':'u','data':{}},"
					   "{'method':'PATCH','path':'/scim/v2/groups/"
					   "bulkId:u','data':{'a':'bulkId:u','b':['bulkId:u','bulkid:u'],"
					   "'c':{'$ref':'https://h/Users/bulkId:u'},'path':'members[value eq "
					   "\\'bulkId:u\\' or x eq \\'bulkId:u\\']',"
					   "'d':'/Users/bulkId:u','e':'xbulkId:u','f':[[{'g':'bulkId:u'}]]}}]}"));
	const char *id = bulk.ops[0].id;

	(void)state;
	assert_string_equal(bulk.ops[1].id, id);
	assert_json(arena, bulk.ops[1].data,
	    au_arena_printf(arena,
		"{'a':'%s','b':['%s','bulkid:u'],'c':{'$ref':'https://h/Users/%s'},"
		"'path':'members[value eq \\'%s\\' or x eq \\'%s\\']','d':'/Users/bulkId:u','e':'xbulkId:u',"
		"'f':[[{'g':'%s'}]]}",
		id, id, id, id, id, id));
	au_bulk_done(&bulk);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_needed_comes_first),
		cmocka_unit_test(operations_on_one_resource_keep_their_order),
		cmocka_unit_test(any_references_are_ordered),
		cmocka_unit_test(long_chains_need_no_stack),
		cmocka_unit_test(references_are_replaced_wherever_they_stand),
	};

	au_rand_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
