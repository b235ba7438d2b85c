/* SPDX-License-Identifier: ISC */
/* Which index a filter uses, and that no answer depends on it. */
#include "tests/scim/serve.h"

#include "base/rand.h"
#include "scim/index.h"
#include "scim/list.h"
#include "scim/service.h"

#include <limits.h>
#include <stdlib.h>

/* ---- plans ---- */

static const char *const orders[] = {
	[AU_ORDER_NAME] = "name",
	[AU_ORDER_EXTERNAL_ID] = "externalId",
	[AU_ORDER_CREATED] = "created",
	[AU_ORDER_MODIFIED] = "modified",
};
static const char *const kinds[] = {
	[AU_LIST_BY_ID] = "id",
	[AU_LIST_BY_NAME] = "name",
	[AU_LIST_BY_EXTERNAL_ID] = "externalId",
	[AU_LIST_BY_MEMBER] = "member",
};

static const char *
bound(struct au_arena *arena, const struct au_resource_value *value)
{
	if (value->text == NULL)
		return value->number == LLONG_MIN || value->number == LLONG_MAX
			   ? "*"
			   : au_arena_printf(arena, "%lld", value->number);
	if (strcmp(value->text, AU_TEXT_LEAST) == 0 || strcmp(value->text, AU_TEXT_MOST) == 0)
		return "*";
	return value->text;
}

/* "name=x" for a look-up, "attr[from,to)" for a range; "?" behind it when the filter has to be tried as well. */
static const char *
plan_text(struct au_arena *arena, const struct au_list_plan *plan)
{
	const char *text = "";

	for (size_t i = 0; i < plan->count; i++) {
		const struct au_list_key *key = &plan->keys[i];
		const struct au_resource_range *range = &key->range;

		text = au_arena_printf(arena, "%s%s", text, i > 0 ? " " : "");
		if (key->kind != AU_LIST_BY_RANGE)
			text = au_arena_printf(arena, "%s%s=%s", text, kinds[key->kind], key->value);
		else
			text = au_arena_printf(arena, "%s%s[%s,%s)", text,
			    range->order == AU_ORDER_INDEX ? range->attr : orders[range->order],
			    bound(arena, &range->from), bound(arena, &range->to));
	}
	return plan->count > 0 && !plan->exact ? au_arena_printf(arena, "%s?", text) : text;
}

static const struct {
	const char *filter, *plan;
} plans[] = {
	{ "userName eq 'Ada'", "name=ada" },
	{ "USERNAME EQ 'ADA'", "name=ada" },
	{ "urn:ietf:params:scim:schemas:core:2.0:User:userName eq 'ada'", "name=ada" },
	{ "id eq 'X'", "id=X" },
	{ "externalId eq 'X'", "externalId=X" },
	{ "externalId sw 'X'", "externalId[X,X\xff)" },
	{ "displayName eq 'Stra\u00dfe'", "displayName![strasse,strasse\x01)" },
	{ "displayName sw 'A'", "displayName![a,a\xff)" },
	{ "displayName sw ''", "displayName![*,*)" },
	{ "displayName gt 'a'", "displayName![a\x01,*)" },
	{ "displayName ge 'a'", "displayName![a,*)" },
	{ "displayName lt 'a'", "displayName![*,a)" },
	{ "displayName le 'a'", "displayName![*,a\x01)" },
	{ "name.familyName eq 'x'", "name.familyName![x,x\x01)" },
	{ "name[familyName eq 'x']", "name.familyName![x,x\x01)" },
	{ "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:employeeNumber eq '7'",
	    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:employeeNumber![7,7\x01)" },
	{ "emails eq 'A@x'", "emails.value[a@x,a@x\x01)" },
	{ "emails.value eq 'a@x'", "emails.value[a@x,a@x\x01)" },
	{ "emails[value eq 'a@x']", "emails.value[a@x,a@x\x01)" },
	{ "emails[type eq 'work' and value eq 'a@x']", "emails.value[a@x,a@x\x01)?" },
	{ "emails[type eq 'work'].value eq 'a@x'", "emails.value[a@x,a@x\x01)?" },
	{ "emails[value eq 'a' or value eq 'b']", "emails.value[a,a\x01) emails.value[b,b\x01)" },
	{ "emails[value sw 'a' and value sw 'ab']", "emails.value[a,a\xff)?" },
	{ "userName pr", "name[\x01,*)" },
	{ "externalId pr", "externalId[\x01,*)" },
	{ "displayName pr", "displayName![\x01,*)" },
	{ "emails.value pr", "emails.value[\x01,*)" },
	{ "userName pr and displayName sw 'a'", "displayName![a,a\xff)?" },
	{ "emails pr", "" },
	{ "meta.lastModified ge '1970-01-01T00:00:01Z'", "modified[1000,*)" },
	{ "meta.created eq '1970-01-01T00:00:01Z'", "created[1000,1001)" },
	{ "meta.lastModified gt '1970-01-01T00:00:01Z' and meta.lastModified le '1970-01-01T01:00:02+01:00'",
	    "modified[1001,2001)" },
	{ "meta[created gt '1970-01-01T00:00:01Z' and created lt '1970-01-01T00:00:02Z']", "created[1001,2000)" },
	/* the cheapest of several, or all of them */
	{ "active eq true and userName eq 'x'", "name=x?" },
	{ "displayName sw 'a' and emails eq 'b' and meta.created gt '1970-01-01T00:00:01Z'", "emails.value[b,b\x01)?" },
	{ "displayName ge 'a' and displayName lt 'b'", "displayName![a,b)" },
	{ "displayName ge 'a' and displayName lt 'b' and title pr", "displayName![a,b)?" },
	{ "title pr and displayName ge 'a' and displayName lt 'b'", "displayName![a,b)?" },
	{ "userName eq 'a' or userName eq 'b' or externalId eq 'c'", "name=a name=b externalId=c" },
	{ "(userName eq 'a' or emails eq 'b') and active eq true", "name=a emails.value[b,b\x01)?" },
	{ "userName eq 'a' or (emails eq 'b' and title pr)", "name=a emails.value[b,b\x01)?" },
	/* nothing helps */
	{ "title eq 'x'", "" },
	{ "userName eq 'a' or title eq 'b'", "" },
	{ "userName ne 'a'", "" },
	{ "not (userName eq 'a')", "" },
	{ "userName co 'a'", "" },
	{ "userName ew 'a'", "" },
	{ "displayName eq null", "" },
	{ "emails.type eq 'work'", "" },
	{ "meta.created sw '2026'", "" },
	{ "id sw 'x'", "" },
	{ "groups.value eq 'x'", "" },
};

static void
keep_whole(struct serve *s)
{
	/* the first write is the one that fills the index; this one comes behind it */
	make_user(s, "whole");
}

static const char *
plan_of(struct serve *s, const struct au_resource_type *type, const char *filter)
{
	struct au_filter_limits limits = AU_FILTER_LIMITS;
	struct au_request r = { .scim = s->scim, .arena = s->arena };
	const struct au_filter *parsed;
	struct au_list_plan plan;

	if (au_filter_parse(s->arena, type, &limits, requoted(s->arena, filter), &parsed, &r.fault) != 0)
		fail_msg("%s: %s", filter, r.fault.detail);
	plan = au_list_plan(&r, type, parsed);
	return plan_text(s->arena, &plan);
}

static void
filters_use_the_best_index(void **state)
{
	struct serve *s = *state;

	keep_whole(s);
	for (size_t i = 0; i < AU_COUNT(plans); i++) {
		const char *plan = plan_of(s, &au_type_user, plans[i].filter);

		if (strcmp(plan, plans[i].plan) != 0)
			fail_msg("%s: plan '%s', expected '%s'", plans[i].filter, plan, plans[i].plan);
	}
	assert_string_equal(plan_of(s, &au_type_group, "members[value eq 'x']"), "member=x?");
	assert_string_equal(plan_of(s, &au_type_group, "members eq 'x' and displayName sw 'a'"), "member=x?");
	assert_string_equal(plan_of(s, &au_type_group, "displayName sw 'A'"), "name[a,a\xff)");
}

static void
nothing_is_used_before_it_is_whole(void **state)
{
	struct serve *s = *state;

	au_index_fill(s->scim);
	assert_string_equal(plan_of(s, &au_type_user, "emails eq 'x'"), "");
	assert_string_equal(plan_of(s, &au_type_user, "userName eq 'x'"), "name=x");
	keep_whole(s);
	assert_string_equal(plan_of(s, &au_type_user, "emails eq 'x'"), "emails.value[x,x\x01)");
}

/* ---- answers ---- */

static const char *const words[] = { "", "a", "A", "ab", "\u00e4", "A\u0308", "Stra\u00dfe", "strasse", "b", "B c",
	"\uff21", "\U0001f600", "x\\\\y", "zz" };

static const char *
word(void)
{
	return words[rand() % AU_COUNT(words)];
}

/* Members that a user may have or not. */
static const char *
random_user(struct serve *s, int number)
{
	struct au_str body = AU_STR_INIT;
	const char *text;

	au_str_printf(&body, "{'userName':'%s%d'", word(), number);
	if (rand() % 2 == 0)
		au_str_printf(&body, ",'displayName':'%s'", word());
	if (rand() % 2 == 0)
		au_str_printf(&body, ",'externalId':'%s'", word());
	if (rand() % 2 == 0)
		au_str_printf(&body, ",'name':{'familyName':'%s'}", word());
	if (rand() % 3 > 0)
		au_str_printf(
		    &body, ",'emails':[{'value':'%s','type':'work'},{'value':'%s','type':'home'}]", word(), word());
	if (rand() % 3 == 0)
		au_str_printf(&body,
		    ",'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User':{'employeeNumber':'%s'}", word());
	au_str_putc(&body, '}');
	text = au_arena_strdup(s->arena, au_str_get(&body));
	au_str_done(&body);
	return text;
}

static const char *
random_test(struct serve *s)
{
	static const char *const names[] = { "userName", "displayName", "externalId", "name.familyName", "emails",
		"emails.value", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:employeeNumber" };
	static const char *const ops[] = { "eq", "eq", "sw", "gt", "ge", "lt", "le", "ne", "co" };

	if (rand() % 12 == 0)
		return au_arena_printf(s->arena, "%s pr", names[rand() % AU_COUNT(names)]);
	if (rand() % 6 == 0)
		return au_arena_printf(s->arena, "emails[type eq 'work' and value %s '%s']", ops[rand() % 7], word());
	return au_arena_printf(
	    s->arena, "%s %s '%s'", names[rand() % AU_COUNT(names)], ops[rand() % AU_COUNT(ops)], word());
}

static const char *
random_filter(struct serve *s, int depth)
{
	const char *left;

	if (depth == 0 || rand() % 3 == 0)
		return random_test(s);
	left = random_filter(s, depth - 1);
	return au_arena_printf(
	    s->arena, "(%s %s %s)", left, rand() % 2 == 0 ? "and" : "or", random_filter(s, depth - 1));
}

#define IDS_MAX 1024

struct ids {
	const char *list[IDS_MAX];
	size_t count;
};

static void
add_ids(struct serve *s, struct ids *ids, const json_t *answer)
{
	json_t *resource;
	size_t i;

	json_array_foreach (json_object_get(answer, "Resources"), i, resource) {
		assert_true(ids->count < IDS_MAX);
		ids->list[ids->count++] = au_arena_strdup(s->arena, au_json_get_str(resource, "id"));
	}
}

static const char *
ids_text(struct serve *s, const struct ids *ids, json_int_t total)
{
	const char *text = au_arena_printf(s->arena, "%lld:", (long long)total);

	for (size_t i = 0; i < ids->count; i++)
		text = au_arena_printf(s->arena, "%s %s", text, ids->list[i]);
	return text;
}

/* The whole list, page after page. */
static json_int_t
walk_by_index(struct serve *s, const char *members, struct ids *ids)
{
	json_int_t total = 1;

	ids->count = 0;
	for (json_int_t start = 1; start <= total; start += 5) {
		const char *body = au_arena_printf(
		    s->arena, "{%s,\"attributes\":[\"id\"],\"startIndex\":%lld}", members, (long long)start);
		struct answer answer = check(s, "POST", "/Users/.search", body, 200, NULL);

		total = json_integer_value(json_object_get(answer.body, "totalResults"));
		add_ids(s, ids, answer.body);
	}
	return total;
}

static void
walk_by_cursor(struct serve *s, const char *members, struct ids *ids)
{
	const char *cursor = "";

	ids->count = 0;
	while (cursor != NULL) {
		const char *body = au_arena_printf(
		    s->arena, "{%s,\"attributes\":[\"id\"],\"count\":4,\"cursor\":\"%s\"}", members, cursor);
		struct answer answer = check(s, "POST", "/Users/.search", body, 200, NULL);

		cursor = au_json_get_str(answer.body, "nextCursor");
		add_ids(s, ids, answer.body);
	}
}

static const char *
answer_to_query(struct serve *s, const char *members)
{
	struct ids by_index, by_cursor;
	json_int_t total = walk_by_index(s, members, &by_index);
	const char *text = ids_text(s, &by_index, total);

	walk_by_cursor(s, members, &by_cursor);
	assert_string_equal(ids_text(s, &by_cursor, total), text);
	return text;
}

static int
compare_texts(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* In no order: an index has one of its own. */
static const char *
answer_to(struct serve *s, const char *filter)
{
	AU_CLEANUP(au_str_done) struct au_str members = AU_STR_INIT;
	const char *by_index;
	struct ids ids;
	json_int_t total;

	au_str_put(&members, "\"filter\":");
	au_str_json(&members, requoted(s->arena, filter));
	total = walk_by_index(s, au_str_get(&members), &ids);
	qsort(ids.list, ids.count, sizeof *ids.list, compare_texts);
	by_index = ids_text(s, &ids, total);
	walk_by_cursor(s, au_str_get(&members), &ids);
	qsort(ids.list, ids.count, sizeof *ids.list, compare_texts);
	assert_string_equal(ids_text(s, &ids, total), by_index);
	return by_index;
}

/* Two negations are no other filter, but no index helps them. */
static void
compare_answers(struct serve *s, int count)
{
	for (int i = 0; i < count; i++) {
		const char *filter = random_filter(s, 2);
		const char *by_index = answer_to(s, filter);
		const char *by_hand = answer_to(s, au_arena_printf(s->arena, "not (not (%s))", filter));

		if (strcmp(by_index, by_hand) != 0)
			fail_msg("%s: the index gives %s, reading gives %s", filter, by_index, by_hand);
	}
}

static int
count_values(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	static const char *const names[] = { "displayName!", "name.familyName!", "emails.value",
		"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:employeeNumber!" };
	struct au_resource_range all = { AU_ORDER_INDEX, NULL, { AU_TEXT_LEAST, 0 }, { AU_TEXT_LAST, 0 } };
	AU_CLEANUP(au_resource_nums_done) struct au_resource_nums nums = { .list = NULL };
	long long *total = arg, count;
	int rc = 0;

	*total = 0;
	for (size_t i = 0; rc == 0 && i < AU_COUNT(names); i++) {
		all.attr = names[i];
		rc = au_store_index_count(tx, "okta", "User", &all, &count, err);
		if (rc == 0)
			rc = au_store_index_range(tx, "okta", "User", &all, &nums, err);
		*total += rc == 0 ? count : 0;
	}
	*total += (long long)nums.count;
	return rc;
}

/* When the resources are gone, so are their values. */
static void
delete_all(struct serve *s, const char *const *ids, int count)
{
	long long values = -1;
	struct au_err err;

	for (int i = 0; i < count; i++)
		if (i % 4 != 0)
			check(s, "DELETE", path_of(s, "/Users", ids[i]), NULL, 204, NULL);
	assert_int_equal(au_store_run(s->store, count_values, &values, &err), 0);
	assert_int_equal(values, 0);
}

static void
answers_do_not_depend_on_the_index(void **state)
{
	struct serve *s = *state;
	const char *ids[40];

	srand(7);
	for (int i = 0; i < 40; i++) {
		struct answer answer = check(s, "POST", "/Users", random_user(s, i), 201, NULL);

		ids[i] = text_of(&answer, "id");
	}
	compare_answers(s, 60);
	for (int i = 0; i < 40; i++) {
		if (i % 4 == 0)
			check(s, "DELETE", path_of(s, "/Users", ids[i]), NULL, 204, NULL);
		else if (i % 4 == 1)
			check(s, "PUT", path_of(s, "/Users", ids[i]), random_user(s, i), 200, NULL);
		else if (i % 4 == 2)
			check(s, "PATCH", path_of(s, "/Users", ids[i]),
			    au_arena_printf(s->arena,
				"{'schemas':['urn:ietf:params:scim:api:messages:2.0:PatchOp'],'Operations':["
				"{'op':'add','path':'emails','value':[{'value':'%s','type':'other'}]},"
				"{'op':'replace','path':'displayName','value':'%s'}]}",
				word(), word()),
			    200, NULL);
	}
	compare_answers(s, 60);
	delete_all(s, ids, 40);
}

static const char *
with_filter(struct serve *s, const char *members, const char *filter)
{
	AU_CLEANUP(au_str_done) struct au_str all = AU_STR_INIT;

	au_str_printf(&all, "%s,\"filter\":", members);
	au_str_json(&all, requoted(s->arena, filter));
	return au_arena_strdup(s->arena, au_str_get(&all));
}

/* With a filter, keys are taken from the resources themselves. */
static void
order_does_not_depend_on_the_index(void **state)
{
	static const char *const names[] = { "userName", "displayName", "name.familyName", "meta.created",
		"meta.lastModified", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:employeeNumber" };
	struct serve *s = *state;

	srand(9);
	for (int i = 0; i < 30; i++)
		check(s, "POST", "/Users", random_user(s, i), 201, NULL);
	for (size_t i = 0; i < 2 * AU_COUNT(names); i++) {
		const char *sort = au_arena_printf(s->arena, "\"sortBy\":\"%s\",\"sortOrder\":\"%s\"", names[i / 2],
		    i % 2 == 0 ? "ascending" : "descending");
		const char *by_index = answer_to_query(s, sort);
		const char *by_hand =
		    answer_to_query(s, au_arena_printf(s->arena, "%s,\"filter\":\"not (not (userName pr))\"", sort));

		if (strcmp(by_index, by_hand) != 0)
			fail_msg("%s: the index gives %s, reading gives %s", sort, by_index, by_hand);
	}
}

/* A run of values within the order that is asked for. */
static void
order_within_a_range_does_not_depend_on_the_index(void **state)
{
	static const char *const names[] = { "userName", "displayName", "name.familyName" };
	static const char *const ops[] = { "sw", "ge", "lt", "gt", "le", "eq" };
	struct serve *s = *state;

	srand(11);
	for (int i = 0; i < 40; i++)
		check(s, "POST", "/Users", random_user(s, i), 201, NULL);
	for (int i = 0; i < 60; i++) {
		const char *name = names[rand() % AU_COUNT(names)];
		const char *test = au_arena_printf(s->arena, "%s %s '%s'", name, ops[rand() % AU_COUNT(ops)], word());
		const char *sort = au_arena_printf(s->arena, "\"sortBy\":\"%s\",\"sortOrder\":\"%s\"", name,
		    rand() % 2 == 0 ? "ascending" : "descending");
		const char *by_index = answer_to_query(s, with_filter(s, sort, test));
		const char *by_hand =
		    answer_to_query(s, with_filter(s, sort, au_arena_printf(s->arena, "not (not (%s))", test)));

		if (strcmp(by_index, by_hand) != 0)
			fail_msg("%s, %s: the index gives %s, reading gives %s", sort, test, by_index, by_hand);
	}
}

/* ---- a store that is older than the index ---- */

static int
forget_index(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	(void)arg;
	return au_store_index_drop(tx, "User", "emails.value", err);
}

static void
older_stores_are_filled(void **state)
{
	struct serve *s = *state;
	struct au_err err;

	srand(8);
	for (int i = 0; i < 600; i++)
		check(s, "POST", "/Users", random_user(s, i), 201, NULL);
	assert_int_equal(au_store_run(s->store, forget_index, NULL, &err), 0);
	au_index_fill(s->scim);
	check(s, "POST", "/Users", "{'userName':'between','emails':[{'value':'between@x'}]}", 201, NULL);
	for (int i = 0; i < 3; i++)
		make_user(s, au_arena_printf(s->arena, "later-%d", i));
	assert_string_equal(plan_of(s, &au_type_user, "emails eq 'x'"), "emails.value[x,x\x01)");
	assert_string_equal(answer_to(s, "emails eq 'a'"), answer_to(s, "not (not (emails eq 'a'))"));
	check(s, "GET", "/Users?filter=emails+eq+%22between@x%22", NULL, 200, "{'totalResults':1}");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, serve_start, serve_stop)
		TEST(filters_use_the_best_index),
		TEST(nothing_is_used_before_it_is_whole),
		TEST(answers_do_not_depend_on_the_index),
		TEST(order_does_not_depend_on_the_index),
		TEST(order_within_a_range_does_not_depend_on_the_index),
		TEST(older_stores_are_filled),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
