/* SPDX-License-Identifier: ISC */
/* A real worker with a product that has no API: its orders, and those that are not let out. */
#include "tests/targetd/worker.h"

#include "base/mem.h"
#include "model/order_text.h"

#include "tests/unit.h"

#include <string.h>
#include <sys/wait.h>

#define RIGHTS "{\"roles\":[\"a\"]}"

static void
begin(struct worker *w, const char *mock, const char *behave)
{
	struct au_err err;

	worker_start(w);
	if (worker_open(w, mock, json_pack("{s:s, s:s}", "behave", behave, "password", "planted-canary"), &err) != 0)
		fail_msg("open: %s", err.text);
}

static void
end(struct worker *w)
{
	int status = worker_stop(w);

	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static const struct au_call create = { .op = AU_CALL_CREATE,
	.account = { .login = "crm", .label = "CRM", .mail = "crm@example.com", .rights = RIGHTS, .active = 1 } };
static const struct au_call disable = { .op = AU_CALL_SET_ACTIVE,
	.account = { .id = "A7", .login = "crm", .active = 0 },
	.known = { .id = "A7", .login = "crm-real", .active = 1, .rights = RIGHTS } };

static json_t *
ask(struct worker *w, struct au_call call)
{
	struct outcome outcome;
	json_t *order;

	worker_call(w, &call, &outcome);
	assert_int_equal(outcome.err.code, AU_EMANUAL);
	assert_non_null(outcome.order);
	assert_int_equal(au_order_text_check(outcome.order, NULL), 0);
	order = json_incref(outcome.order);
	outcome_done(&outcome);
	return order;
}

static const char *
value_of(const json_t *order, size_t line, const char *label)
{
	const json_t *field;
	size_t i;

	json_array_foreach (json_object_get(json_array_get(json_object_get(order, "lines"), line), "fields"), i, field)
		if (strcmp(au_json_get_str(field, "label"), label) == 0)
			return au_json_get_str(field, "value");
	return NULL;
}

static void
every_change_is_answered_by_an_order(void **state)
{
	struct worker w;
	const char *word = NULL;
	json_t *order;

	(void)state;
	begin(&w, "mock-manual", "");
	order = ask(&w, create);
	assert_string_equal(au_json_get_str(order, "title"), "Create 'crm'");
	assert_string_equal(value_of(order, 0, "Rights"), RIGHTS);
	assert_string_equal(value_of(order, 0, "Status"), "Active");
	assert_int_equal(au_order_text_secret(order), AU_ORDER_SECRET_SHOWN);
	assert_true(au_order_text_asks(order, "login", &word));
	assert_string_equal(word, "User name");
	assert_false(au_order_text_asks(order, "id", NULL));
	json_decref(order);
	order = ask(&w, disable);
	assert_string_equal(value_of(order, 0, "User name"), "crm-real"); /* what is there, not what we would call it */
	assert_string_equal(value_of(order, 1, "Status"), "Inactive");
	assert_int_equal(au_order_text_secret(order), AU_ORDER_NO_SECRET);
	json_decref(order);
	end(&w);
}

static void
nothing_can_be_asked_without_an_api(void **state)
{
	static const struct au_call reads[] = { { .op = AU_CALL_FIND, .account = { .login = "crm" } },
		{ .op = AU_CALL_GET, .account = { .id = "A7" } }, { .op = AU_CALL_LIST } };
	struct worker w;

	(void)state;
	begin(&w, "mock-manual", "");
	for (size_t i = 0; i < AU_COUNT(reads); i++) {
		struct au_call call = reads[i];
		struct outcome outcome;
		worker_call(&w, &call, &outcome);
		assert_int_equal(outcome.err.code, AU_ENOSUP);
		assert_null(outcome.order);
		outcome_done(&outcome);
	}
	end(&w);
}

static void
bad_orders_are_not_let_out(void **state)
{
	static const struct {
		const char *behave, *words;
	} rows[] = {
		{ "silent", "emitted no order" },
		{ "odd-code", "returned 5" },
		{ "secret", "put a secret into the order" },
		{ "no-lines", "'lines': expected" },
		{ "bad-asks", "'rights' is no member" },
		{ "no-label", "'secret_label' is missing" },
		{ "twice", "two orders" },
	};

	(void)state;
	for (size_t i = 0; i < AU_COUNT(rows); i++) {
		struct au_call call = create;
		struct outcome outcome;
		struct worker w;
		begin(&w, "mock-manual", rows[i].behave);
		worker_call(&w, &call, &outcome);
		if (outcome.err.code != AU_EBUG || strstr(outcome.err.text, rows[i].words) == NULL)
			fail_msg("%s: %d '%s'", rows[i].behave, outcome.err.code, outcome.err.text);
		assert_null(outcome.order);
		assert_null(strstr(outcome.err.text, "planted-canary"));
		outcome_done(&outcome);
		end(&w);
	}
}

static void
a_product_with_an_api_may_leave_one_call_to_a_person(void **state)
{
	struct au_call call = create;
	struct outcome outcome;
	struct worker w;

	(void)state;
	begin(&w, "mock-whole", "half");
	call.account.secret = "abcdef01";
	worker_call(&w, &call, &outcome);
	assert_int_equal(outcome.err.code, AU_EMANUAL);
	assert_string_equal(outcome.err.text, "its password is entered on a screen");
	assert_int_equal(outcome.accounts, 1);
	assert_non_null(outcome.order);
	assert_int_equal(au_order_text_secret(outcome.order), AU_ORDER_SECRET_TYPED);
	outcome_done(&outcome);
	end(&w);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_change_is_answered_by_an_order),
		cmocka_unit_test(nothing_can_be_asked_without_an_api),
		cmocka_unit_test(bad_orders_are_not_let_out),
		cmocka_unit_test(a_product_with_an_api_may_leave_one_call_to_a_person),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
