/* SPDX-License-Identifier: ISC */
/* What a SCIM service is believed: its lists, its statuses, and who it says that we are. */
#include "service.h"

#include "base/clock.h"
#include "base/mem.h"
#include "base/str.h"

#include "tests/unit.h"

#include <string.h>

/* ---- lists ------------------------------------------------------------------------------------- */

static void
make_users(struct service *s, size_t count)
{
	service_load(s, "scim");
	service_open(s, json_object());
	service_resolve(s, "{}");
	for (size_t i = 0; i < count; i++) {
		char *login = au_xasprintf("user-%zu", i), mark[] = OTHER_MARK;

		mark[0] = (char)('a' + i);
		service_expect(s, service_create(s, login, mark, NULL), 0, NULL);
		free(login);
	}
	service_forget(s);
}

static void
whole_list_is_whole(void **state)
{
	static const char *const rows[] = { "{}", "{'page_most':1}", "{'page_most':2}", "{'cursor':1,'page_most':2}",
		"{'unpaged':1}", "{'undiscovered':1,'page_most':4}" };
	struct service *s = *state;

	make_users(s, 5);
	for (size_t i = 0; i < AU_COUNT(rows); i++) {
		service_quirks(s, service_json(rows[i]));
		service_open(s, json_object());
		service_forget(s);
		service_expect(s, s->table->list(s->session, service_emit, s, &s->err), 0, NULL);
		assert_int_equal(json_array_size(s->accounts), 5);
	}
}

static void
list_that_lies_is_none(void **state)
{
	static const struct {
		const char *quirks, *options;
		int code;
		const char *words;
	} rows[] = {
		{ "{'counts_page':1,'page_most':2}", "{}", AU_EPROTO, "goes on behind its end" },
		{ "{'ignores_start':1,'page_most':2}", "{}", AU_ETEMP, "repeats itself" },
		{ "{'shift':1,'page_most':2}", "{}", AU_ETEMP, "moved twice" },
		{ "{'skip':'user-3'}", "{}", AU_ETEMP, "moved twice" },
		{ "{'skip':'user-3','cursor':1}", "{}", AU_ETEMP, "moved twice" },
		{ "{'overfull':1}", "{}", AU_EPROTO, "more than it counts" },
		{ "{'circle':1,'cursor':1,'page_most':2}", "{}", AU_ETEMP, "repeats itself" },
		{ "{}", "{'max_resources':4}", AU_ELIMIT, "option max_resources" },
	};
	struct service *s = *state;

	for (size_t i = 0; i < AU_COUNT(rows); i++) {
		service_set_up(state);
		make_users(s, 5);
		service_quirks(s, service_json(rows[i].quirks));
		service_open(s, service_json(rows[i].options));
		service_expect(s, s->table->list(s->session, service_emit, s, &s->err), rows[i].code, rows[i].words);
		assert_int_equal(json_array_size(s->accounts), 0);
	}
}

static void
list_with_a_fault_is_none(void **state)
{
	static const char *const faults[] = { "'drop'", "'html'", "'cut','commit':true", "'status','status':500",
		"'status','status':404" };
	struct service *s = *state;

	make_users(s, 5);
	service_quirks(s, service_json("{'page_most':2}"));
	service_open(s, json_object());
	for (size_t i = 0; i < AU_COUNT(faults); i++) {
		char *text = au_xasprintf("[{'method':'GET','path':'*/Users','nth':2,'count':9,'kind':%s}]", faults[i]);

		service_faults(s, service_json(text));
		assert_int_not_equal(s->table->list(s->session, service_emit, s, &s->err), 0);
		assert_int_equal(json_array_size(s->accounts), 0);
		free(text);
	}
}

static void
filter_that_is_not_heard_finds_nobody(void **state)
{
	struct service *s = *state;

	make_users(s, 2);
	service_quirks(s, service_json("{'deaf_filter':1}"));
	service_expect(
	    s, s->table->find(s->session, "user-0", service_emit, s, &s->err), AU_EPROTO, "gave another user");
	assert_int_equal(json_array_size(s->accounts), 0);
}

/* ---- credentials and the service's day -------------------------------------------------------------- */

static json_t *
oauth(struct service *s, const char *secret, const char *place)
{
	return json_pack("{s:s, s:o, s:s, s:s, s:s}", "auth", "oauth", "token_url", json_sprintf("%s/token", s->base),
	    "client_id", "apiuserd", "client_secret", secret, "client_auth", place);
}

static void
token_is_fetched_once_and_again_when_it_is_forgotten(void **state)
{
	struct service *s = *state;

	for (int body = 0; body < 2; body++) {
		service_set_up(state);
		service_open(s, oauth(s, SERVICE_TOKEN, body ? "body" : "basic"));
		service_expect(s, s->table->probe(s->session, &s->err), 0, NULL);
		service_expect(s, s->table->probe(s->session, &s->err), 0, NULL);
		assert_int_equal(service_requests(s, "POST", "/token"), 1);
		service_post(s, "forget", json_object(), NULL);
		service_resolve(s, "{}");
		service_expect(s, service_create(s, "app-crm", MARK, NULL), 0, NULL);
		assert_int_equal(service_requests(s, "POST", "/token"), 2);
		/* three quarters of its life are over */
		au_clock_fake_set(1700000000000LL + 2800000, 1000000 + 2800000);
		service_expect(s, s->table->probe(s->session, &s->err), 0, NULL);
		assert_int_equal(service_requests(s, "POST", "/token"), 3);
	}
}

static void
refused_client_is_not_tried_again(void **state)
{
	struct service *s = *state;

	service_open(s, oauth(s, "wrong-canary", "basic"));
	service_expect(s, s->table->probe(s->session, &s->err), AU_EAUTH, "was refused");
	service_expect(s, s->table->probe(s->session, &s->err), AU_EAUTH, "is not tried again");
	assert_int_equal(service_requests(s, "POST", "/token"), 1);
	service_open(s, service_json("{'token':'wrong-canary'}"));
	assert_int_equal(s->table->probe(s->session, &s->err), AU_EAUTH);
	assert_null(strstr(s->err.text, "wrong-canary"));
}

static void
statuses_mean_what_they_mean(void **state)
{
	static const struct {
		int status, code;
	} rows[] = { { 429, AU_EBUSY }, { 500, AU_ETEMP }, { 503, AU_ETEMP }, { 403, AU_EPERM }, { 400, AU_EINVAL },
		{ 404, AU_ENOENT }, { 302, AU_EPROTO }, { 501, AU_ENOSUP } };
	struct service *s = *state;
	char *id;

	service_resolve(s, "{}");
	service_expect(s, service_create(s, "app-crm", MARK, NULL), 0, NULL);
	id = service_id(s);
	for (size_t i = 0; i < AU_COUNT(rows); i++) {
		char *text =
		    au_xasprintf("[{'method':'GET','path':'*/Users/*','kind':'status','status':%d,'retry_after':7}]",
			rows[i].status);

		service_faults(s, service_json(text));
		assert_int_equal(s->table->get(s->session, id, service_emit, s, &s->err), rows[i].code);
		assert_int_equal(s->err.retry_after_s, 7);
		free(text);
	}
	/* no seat: what the service says of it is told */
	service_quirks(s, service_json("{'seats':0}"));
	service_expect(
	    s, s->table->set_active(s->session, id, true, service_emit, s, &s->err), AU_EPERM, "no seat is left");
	free(id);
}

static void
options_that_do_not_fit_are_refused(void **state)
{
	static const struct {
		const char *options, *words;
	} rows[] = {
		{ "{'token':''}", "token" },
		{ "{'auth':'basic','username':'operator'}", "option 'password': needed" },
		{ "{'auth':'basic','username':'a:b','password':'x'}", "colon" },
		{ "{'auth':'oauth','client_id':'x','client_secret':'y'}", "option 'token_url': needed" },
		{ "{'url':'http://scim.example'}", "option 'url'" },
		{ "{'token':'a\\nb'}", "single line" },
	};
	struct service *s = *state;

	for (size_t i = 0; i < AU_COUNT(rows); i++)
		service_expect(s, service_try_open(s, service_json(rows[i].options)), AU_EINVAL, rows[i].words);
}

int
main(void)
{
#define ROW(test) cmocka_unit_test_setup_teardown(test, service_set_up, service_tear_down)
	const struct CMUnitTest tests[] = {
		ROW(whole_list_is_whole),
		ROW(list_that_lies_is_none),
		ROW(list_with_a_fault_is_none),
		ROW(filter_that_is_not_heard_finds_nobody),
		ROW(token_is_fetched_once_and_again_when_it_is_forgotten),
		ROW(refused_client_is_not_tried_again),
		ROW(statuses_mean_what_they_mean),
		ROW(options_that_do_not_fit_are_refused),
	};

	return cmocka_run_group_tests(tests, service_begin, service_end);
}
