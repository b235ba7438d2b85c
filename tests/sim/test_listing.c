/* SPDX-License-Identifier: ISC */
/* Searching users: pages, order, operators. */
#include "tests/sim/room_client.h"

#include "tests/unit.h"

#include <stdlib.h>

#define LIST "/v1/usermanagement/users/list"
#define PEOPLE 310 /* with the administrator 311 users, ids 1 to 311 */

static int
begin(void **state)
{
	static struct room_client room;
	static const char *const options[] = { "--users", "310", NULL };

	room_begin(&room, options);
	room_login(&room);
	*state = &room;
	return 0;
}

static int
end(void **state)
{
	room_end(*state);
	return 0;
}

/* Run a list request written as JSON with ' for "; the status, and the answer in *ret. */
static long
list(struct room_client *room, const char *text, json_t **ret)
{
	char body[512];
	size_t i;

	for (i = 0; text[i] != '\0'; i++)
		body[i] = text[i] == '\'' ? '"' : text[i];
	body[i] = '\0';
	return room_call(room, "POST", LIST, json_loads(body, 0, NULL), ret);
}

/* How many users a filter lets through; -1 when it is refused. */
static json_int_t
matching(struct room_client *room, const char *filter)
{
	char text[512];
	json_t *answer = NULL;
	json_int_t count = -1;
	long status;

	snprintf(text, sizeof(text), "{'filter': %s, 'page': {'length': 1}}", filter);
	status = list(room, text, &answer);
	assert_true(status == 200 || status == 400);
	if (status == 200)
		assert_int_equal(json_unpack(answer, "{s:{s:I}}", "page", "totalFilter", &count), 0);
	json_decref(answer);
	return count;
}

static json_int_t
id_at(const json_t *answer, size_t index)
{
	return json_integer_value(json_object_get(json_array_get(json_object_get(answer, "list"), index), "id"));
}

static void
an_empty_request_gives_the_newest_first_and_a_short_page(void **state)
{
	static const char *const requests[] = { "{}", "{'fields': []}", "{'filter': {}}",
		"{'filter': null, 'page': {}}" };
	json_int_t offset, total, filtered;

	for (size_t i = 0; i < sizeof(requests) / sizeof(requests[0]); i++) {
		json_t *answer;

		assert_int_equal(list(*state, requests[i], &answer), 200);
		assert_int_equal(json_unpack(answer, "{s:{s:I, s:I, s:I}}", "page", "offset", &offset, "total", &total,
				     "totalFilter", &filtered),
		    0);
		assert_int_equal(offset, 0);
		assert_int_equal(total, PEOPLE + 1);
		assert_int_equal(filtered, PEOPLE + 1);
		assert_int_equal(json_array_size(json_object_get(answer, "list")), 100);
		assert_int_equal(id_at(answer, 0), PEOPLE + 1);
		json_decref(answer);
	}
}

static void
pages_together_hold_every_user_once(void **state)
{
	static const size_t expected[] = { 200, 111, 0 };
	json_int_t next = 1;

	for (size_t page = 0; page < 3; page++) {
		char text[256];
		json_t *answer;
		size_t count;

		snprintf(text, sizeof(text),
		    "{'sort': [{'field': 'id', 'direction': 'asc'}], 'page': {'offset': %zu, 'length': 200}}",
		    page * 200);
		assert_int_equal(list(*state, text, &answer), 200);
		count = json_array_size(json_object_get(answer, "list"));
		assert_int_equal(count, expected[page]);
		for (size_t i = 0; i < count; i++)
			assert_int_equal(id_at(answer, i), next++);
		json_decref(answer);
	}
	assert_int_equal(next, PEOPLE + 2);
}

static void
pages_outside_their_range_are_refused(void **state)
{
	assert_int_equal(list(*state, "{'page': {'length': 0}}", NULL), 400);
	assert_int_equal(list(*state, "{'page': {'length': 1001}}", NULL), 400);
	assert_int_equal(list(*state, "{'page': {'offset': -1}}", NULL), 400);
	assert_int_equal(list(*state, "{'page': {'offset': '5'}}", NULL), 400);
	assert_int_equal(list(*state, "{'page': {'offset': 5000}}", NULL), 200);
}

static void
sorting_follows_field_and_direction(void **state)
{
	json_t *answer;

	assert_int_equal(
	    list(*state, "{'sort': [{'field': 'username', 'direction': 'asc'}], 'page': {'length': 2}}", &answer), 200);
	assert_int_equal(id_at(answer, 0), 1);
	assert_int_equal(id_at(answer, 1), 2);
	json_decref(answer);
	assert_int_equal(
	    list(*state, "{'sort': [{'field': 'username', 'direction': 'desc'}], 'page': {'length': 2}}", &answer),
	    200);
	assert_int_equal(id_at(answer, 0), PEOPLE + 1);
	json_decref(answer);
	assert_int_equal(list(*state, "{'sort': [{'field': 'height', 'direction': 'asc'}]}", NULL), 400);
	assert_int_equal(list(*state, "{'sort': [{'field': 'id', 'direction': 'up'}]}", NULL), 400);
}

static void
every_operator_selects(void **state)
{
	static const struct {
		const char *filter;
		json_int_t count;
	} cases[] = {
		{ "{'operator': 'NONE'}", 311 },
		{ "{'operator': 'eq', 'field': 'username', 'value': 'person-000007'}", 1 },
		{ "{'operator': 'eq', 'field': 'username', 'value': 'PERSON-000007'}", 1 },
		{ "{'operator': 'eq', 'field': 'username', 'value': 'nobody'}", 0 },
		{ "{'operator': 'ne', 'field': 'username', 'value': 'admin'}", 310 },
		{ "{'operator': 'substring', 'field': 'username', 'value': 'n-00030'}", 10 },
		{ "{'operator': 'lt', 'field': 'id', 'value': 11}", 10 },
		{ "{'operator': 'le', 'field': 'id', 'value': 11}", 11 },
		{ "{'operator': 'ge', 'field': 'id', 'value': '311'}", 1 },
		{ "{'operator': 'gt', 'field': 'id', 'value': 311}", 0 },
		{ "{'operator': 'eq', 'field': 'disabled', 'value': false}", 311 },
		{ "{'operator': 'gt', 'field': 'createdOn', 'value': '2020-01-01T00:00:00.000Z'}", 311 },
		{ "{'operator': 'lt', 'field': 'createdOn', 'value': '2020-01-01T00:00:00.000Z'}", 0 },
		{ "{'operator': 'and', 'operands': [{'operator': 'gt', 'field': 'id', 'value': 10},"
		  " {'operator': 'lt', 'field': 'id', 'value': 20}]}",
		    9 },
		{ "{'operator': 'or', 'operands': [{'operator': 'eq', 'field': 'id', 'value': 1},"
		  " {'operator': 'eq', 'field': 'id', 'value': 2}, {'operator': 'eq', 'field': 'id', 'value': 9999}]}",
		    2 },
		{ "{'operator': 'not', 'operands': [{'operator': 'eq', 'field': 'id', 'value': 1}]}", 310 },
		{ "{'operator': 'and', 'operands': [{'operator': 'eq', 'field': 'username', 'value': 'admin'},"
		  " {'operator': 'gt', 'field': 'id', 'value': 1}]}",
		    0 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(matching(*state, cases[i].filter), cases[i].count);
}

static void
filters_that_make_no_sense_are_refused(void **state)
{
	static const char *const cases[] = {
		"{'operator': 'like', 'field': 'username', 'value': 'a'}",
		"{'operator': 'eq', 'field': 'height', 'value': 'a'}",
		"{'operator': 'eq', 'value': 'a'}",
		"{'field': 'username', 'value': 'a'}",
		"{'operator': 'substring', 'field': 'id', 'value': 1}",
		"{'operator': 'lt', 'field': 'disabled', 'value': true}",
		"{'operator': 'eq', 'field': 'id', 'value': 'one'}",
		"{'operator': 'eq', 'field': 'username', 'value': 7}",
		"{'operator': 'gt', 'field': 'createdOn', 'value': 'yesterday'}",
		"{'operator': 'and', 'operands': []}",
		"{'operator': 'not', 'operands': [{'operator': 'NONE'}, {'operator': 'NONE'}]}",
		"['eq']",
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(matching(*state, cases[i]), -1);
}

static void
roles_are_listed_the_same_way(void **state)
{
	json_t *answer,
	    *body = json_pack("{s:{s:s, s:s, s:s}}", "filter", "operator", "eq", "field", "name", "value", "aae_basic");

	assert_int_equal(room_call(*state, "POST", "/v1/usermanagement/roles/list", body, &answer), 200);
	assert_int_equal(json_array_size(json_object_get(answer, "list")), 1);
	assert_int_equal(id_at(answer, 0), 2);
	json_decref(answer);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_empty_request_gives_the_newest_first_and_a_short_page),
		cmocka_unit_test(pages_together_hold_every_user_once),
		cmocka_unit_test(pages_outside_their_range_are_refused),
		cmocka_unit_test(sorting_follows_field_and_direction),
		cmocka_unit_test(every_operator_selects),
		cmocka_unit_test(filters_that_make_no_sense_are_refused),
		cmocka_unit_test(roles_are_listed_the_same_way),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
