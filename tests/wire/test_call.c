/* SPDX-License-Identifier: ISC */
/* Calls and answers through JSON, and what is not believed. */
#include "tests/unit.h"

#include "wire/call.h"

#include <limits.h>
#include <string.h>

static void
call_goes_through_json_and_back(void **state)
{
	AU_CLEANUP(au_json_decrefp) json_t *options = json_pack("{s:s}", "url", "https://x");
	const struct au_call call = {
		.id = 4000000000u,
		.op = AU_CALL_OPEN,
		.account = { .id = "17",
		    .login = "api-crm",
		    .label = "CRM",
		    .first_name = "C",
		    .last_name = "RM",
		    .mail = "crm@example.org",
		    .mark = "m",
		    .active = 0,
		    .rights = "{\"roles\":[1]}",
		    .version = "v3",
		    .secret = "hunter2" },
		.rights_in = "{}",
		.plugin = "/usr/lib/x.so",
		.options = options,
	};
	AU_CLEANUP(au_json_decrefp) json_t *json = au_call_to_json(&call);
	struct au_call back;
	struct au_err err;

	(void)state;
	assert_int_equal(au_call_from_json(json, &back, &err), 0);
	assert_int_equal(back.id, call.id);
	assert_int_equal(back.op, call.op);
	assert_string_equal(back.account.id, "17");
	assert_string_equal(back.account.login, "api-crm");
	assert_string_equal(back.account.label, "CRM");
	assert_string_equal(back.account.first_name, "C");
	assert_string_equal(back.account.last_name, "RM");
	assert_string_equal(back.account.mail, "crm@example.org");
	assert_string_equal(back.account.mark, "m");
	assert_int_equal(back.account.active, 0);
	assert_string_equal(back.account.rights, "{\"roles\":[1]}");
	assert_string_equal(back.account.version, "v3");
	assert_string_equal(back.account.secret, "hunter2");
	assert_string_equal(back.rights_in, "{}");
	assert_string_equal(back.plugin, "/usr/lib/x.so");
	assert_true(json_equal(back.options, options));
}

static void
unknown_activity_stays_unknown(void **state)
{
	for (int active = -1; active <= 1; active++) {
		const struct au_target_account account = { .id = "1", .active = active };
		AU_CLEANUP(au_json_decrefp) json_t *json = au_target_account_to_json(&account, false);
		struct au_target_account back;
		(void)state;
		assert_int_equal(au_target_account_from_json(json, &back, NULL), 0);
		assert_int_equal(back.active, active);
		assert_null(back.login);
	}
}

static void
secret_is_left_out_unless_asked_for(void **state)
{
	const struct au_target_account account = { .id = "1", .secret = "hunter2" };
	AU_CLEANUP(au_json_decrefp) json_t *without = au_target_account_to_json(&account, false);
	AU_CLEANUP(au_json_decrefp) json_t *with = au_target_account_to_json(&account, true);

	(void)state;
	assert_null(json_object_get(without, "secret"));
	assert_string_equal(au_json_get_str(with, "secret"), "hunter2");
}

static void
answers_go_through_json_and_back(void **state)
{
	struct au_answer part = { .id = 3, .account = { .id = "17", .login = "a", .active = 1 } },
			 end = { .id = 3, .end = true, .text = "{\"r\":1}" },
			 failed = { .id = 4, .end = true, .err = { AU_EBUSY, 429, 30, "target: throttled" } }, back;
	struct au_err err;

	(void)state;
	json_t *json = au_answer_to_json(&part);
	assert_int_equal(au_answer_from_json(json, &back, &err), 0);
	assert_false(back.end);
	assert_int_equal(back.id, 3);
	assert_string_equal(back.account.login, "a");
	json_decref(json);

	json = au_answer_to_json(&(struct au_answer){ .id = 5, .pool = { "seats", 7, -1 } });
	assert_int_equal(au_answer_from_json(json, &back, &err), 0);
	assert_false(back.end);
	assert_string_equal(back.pool.name, "seats");
	assert_int_equal(back.pool.limit, 7);
	assert_int_equal(back.pool.used, -1);
	json_decref(json);

	json = au_answer_to_json(&end);
	assert_int_equal(au_answer_from_json(json, &back, &err), 0);
	assert_true(back.end);
	assert_int_equal(back.err.code, AU_OK);
	assert_string_equal(back.text, "{\"r\":1}");
	json_decref(json);

	json = au_answer_to_json(&failed);
	assert_int_equal(au_answer_from_json(json, &back, &err), 0);
	assert_true(back.end);
	assert_int_equal(back.err.code, AU_EBUSY);
	assert_int_equal(back.err.http_status, 429);
	assert_int_equal(back.err.retry_after_s, 30);
	assert_string_equal(back.err.text, "target: throttled");
	assert_null(back.text);
	json_decref(json);

	/* Who asks for more than a day is asked again after one. */
	failed.err.retry_after_s = UINT_MAX;
	json = au_answer_to_json(&failed);
	assert_int_equal(au_answer_from_json(json, &back, &err), 0);
	assert_int_equal(back.err.retry_after_s, 86400);
	json_decref(json);
}

static void
broken_calls_are_refused(void **state)
{
	static const char *const texts[] = {
		"{}",
		"{\"id\":1}",
		"{\"id\":1,\"op\":\"explode\"}",
		"{\"id\":-1,\"op\":\"probe\"}",
		"{\"id\":4294967296,\"op\":\"probe\"}",
		"{\"id\":\"1\",\"op\":\"probe\"}",
		"{\"id\":1,\"op\":\"open\"}",
		"{\"id\":1,\"op\":\"open\",\"plugin\":\"x\",\"options\":[]}",
		"{\"id\":1,\"op\":\"resolve\"}",
		"{\"id\":1,\"op\":\"get\",\"account\":[]}",
		"{\"id\":1,\"op\":\"get\",\"account\":{\"id\":1}}",
		"{\"id\":1,\"op\":\"get\",\"account\":{\"active\":\"yes\"}}",
	};

	(void)state;
	for (size_t i = 0; i < AU_COUNT(texts); i++) {
		AU_CLEANUP(au_json_decrefp) json_t *json = json_loads(texts[i], 0, NULL);
		struct au_call call = { .id = 42 };
		struct au_err err;
		assert_int_equal(au_call_from_json(json, &call, &err), AU_EPROTO);
		assert_int_equal(call.id, 42);
	}
}

static void
orders_and_what_is_known_go_through(void **state)
{
	static const char order[] =
	    "{\"title\":\"a\",\"lines\":[{\"what\":\"b\"}],\"secret\":\"none\",\"confirm\":\"c\"}";
	AU_CLEANUP(au_json_decrefp) json_t *text = json_loads(order, 0, NULL);
	struct au_answer end = { .id = 3, .end = true, .err = { .code = AU_EMANUAL, .text = "no API" }, .order = text };
	struct au_call call = { .op = AU_CALL_REMOVE,
		.account = { .id = "7", .active = -1 },
		.known = { .id = "7", .login = "crm", .active = 1, .secret = "canary" } };
	AU_CLEANUP(au_json_decrefp) json_t *answer = au_answer_to_json(&end);
	AU_CLEANUP(au_json_decrefp) json_t *asked = au_call_to_json(&call);
	struct au_answer back;
	struct au_call heard;

	(void)state;
	assert_int_equal(au_answer_from_json(answer, &back, NULL), 0);
	assert_int_equal(back.err.code, AU_EMANUAL);
	assert_true(json_equal(back.order, text));
	assert_int_equal(au_call_from_json(asked, &heard, NULL), 0);
	assert_string_equal(heard.known.login, "crm");
	assert_int_equal(heard.known.active, 1);
	assert_null(heard.known.secret);
}

static void
broken_answers_are_refused(void **state)
{
	static const char *const texts[] = {
		"{}",
		"{\"id\":1}",
		"{\"code\":\"ok\"}",
		"{\"id\":1,\"code\":\"ok\",\"account\":{}}",
		"{\"id\":1,\"account\":5}",
		"{\"id\":1,\"pool\":5}",
		"{\"id\":1,\"pool\":{\"name\":\"a\",\"limit\":-2}}",
		"{\"id\":1,\"pool\":{\"name\":\"a\",\"used\":\"many\"}}",
		"{\"id\":1,\"pool\":{\"name\":\"a\"},\"code\":\"ok\"}",
		"{\"id\":1,\"code\":\"busy\",\"retry_after_s\":\"soon\"}",
		"{\"id\":1,\"code\":\"ok\",\"text\":5}",
		"{\"id\":1,\"code\":\"manual\",\"order\":5}",
		"{\"id\":1,\"code\":\"manual\",\"order\":{\"title\":\"a\"}}",
		"{\"id\":1,\"code\":\"ok\",\"order\":{\"title\":\"a\",\"lines\":[{\"what\":\"b\"}],"
		"\"secret\":\"none\",\"confirm\":\"c\"}}",
	};
	AU_CLEANUP(au_json_decrefp) json_t *odd = json_loads("{\"id\":1,\"code\":\"surprise\"}", 0, NULL);
	struct au_answer answer = { .id = 42 };
	struct au_err err;

	(void)state;
	for (size_t i = 0; i < AU_COUNT(texts); i++) {
		AU_CLEANUP(au_json_decrefp) json_t *json = json_loads(texts[i], 0, NULL);
		assert_int_equal(au_answer_from_json(json, &answer, &err), AU_EPROTO);
		assert_int_equal(answer.id, 42);
	}
	assert_int_equal(au_answer_from_json(odd, &answer, &err), 0);
	assert_int_equal(answer.err.code, AU_EBUG);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(call_goes_through_json_and_back),
		cmocka_unit_test(unknown_activity_stays_unknown),
		cmocka_unit_test(secret_is_left_out_unless_asked_for),
		cmocka_unit_test(answers_go_through_json_and_back),
		cmocka_unit_test(broken_calls_are_refused),
		cmocka_unit_test(orders_and_what_is_known_go_through),
		cmocka_unit_test(broken_answers_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
