/* SPDX-License-Identifier: ISC */
/* How fast who is answered: rates of clients, delays of bad tokens, and what is told about both. */
#include "tests/scim/serve.h"

#include "base/clock.h"

#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define BAD "Authorization: Bearer apiu_0123456789abcdef_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\r\n"

static int
set_up(void **state)
{
	au_clock_fake_set(1800000000000, 1000000);
	return serve_start(state);
}

static long long
number_of(struct serve *s, const struct answer *answer, const char *field)
{
	const char *text = field_of(s, answer, field);

	if (text == NULL)
		fail_msg("no %s in %s", field, answer->head);
	return strtoll(text, NULL, 10);
}

/* I24: each client has a rate, and who exceeds it is told when to come again. */
static void
a_client_out_of_its_rate_is_told_when_to_come(void **state)
{
	struct serve *s = *state;
	struct answer answer;

	for (int i = 0; i < 2; i++) {
		answer = ask(s, "slow", "GET", "/Users", NULL);
		expect(&answer, 200, s, NULL);
		assert_null(field_of(s, &answer, "x-rate-limit-limit"));
	}
	answer = ask(s, "slow", "GET", "/Users", NULL);
	expect(&answer, 429, s, "{'status':'429'}");
	assert_int_equal(number_of(s, &answer, "Retry-After"), 1);
	assert_int_equal(number_of(s, &answer, "x-rate-limit-limit"), 2);
	assert_int_equal(number_of(s, &answer, "x-rate-limit-remaining"), 0);
	assert_int_equal(number_of(s, &answer, "x-rate-limit-reset"), 1);
	assert_int_equal(number_of(s, &answer, "x-rate-limit-retry-after-seconds"), 1);
}

static void
some_providers_are_told_each_time(void **state)
{
	struct serve *s = *state;
	struct answer answer = ask(s, "p-sailpoint", "GET", "/Users", NULL);

	assert_int_equal(number_of(s, &answer, "x-rate-limit-limit"), 100000);
	assert_int_equal(number_of(s, &answer, "x-rate-limit-remaining"), 99999);
	assert_int_equal(number_of(s, &answer, "x-rate-limit-reset"), 1);
	assert_null(field_of(s, &answer, "x-rate-limit-retry-after-seconds"));
	answer = ask(s, "p-sailpoint", "GET", "/Users", NULL);
	assert_int_equal(number_of(s, &answer, "x-rate-limit-remaining"), 99998);
}

static long long
real_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* I24: a bad token is answered after a while, and nobody else waits. */
static void
bad_tokens_wait_and_hold_up_nobody(void **state)
{
	struct serve *s = *state;
	long long begin = real_ms();
	int fds[4];

	for (size_t i = 0; i < AU_COUNT(fds); i++)
		fds[i] = ask_begin(s, NULL, BAD, "GET", "/Users", NULL);
	/* 50, 100 and 200 ms are kept back; a good request goes in between */
	check(s, "GET", "/Users", NULL, 200, NULL);
	assert_true(real_ms() - begin < 200);
	for (size_t i = 0; i < AU_COUNT(fds); i++)
		assert_int_equal(ask_end(s, fds[i]).status, 401);
	assert_true(real_ms() - begin >= 190);
}

static void
few_answers_are_kept_back(void **state)
{
	struct serve *s = *state;
	struct answer answer;
	int fds[2];

	s->more_scim = "max_delayed = 1;";
	serve_reload(s, "");
	assert_int_equal(ask_with(s, NULL, BAD, "GET", "/Users", NULL).status, 401);
	for (size_t i = 0; i < AU_COUNT(fds); i++)
		fds[i] = ask_begin(s, NULL, BAD, "GET", "/Users", NULL);
	answer = ask_end(s, fds[1]);
	expect(&answer, 429, s, NULL);
	assert_non_null(field_of(s, &answer, "Retry-After"));
	assert_int_equal(ask_end(s, fds[0]).status, 401);
}

static void
no_delay_where_none_is_wanted(void **state)
{
	struct serve *s = *state;

	s->more_scim = "bad_token_delay = \"0\"; max_delayed = 0;";
	serve_reload(s, "");
	for (int i = 0; i < 20; i++) {
		assert_int_equal(ask_with(s, NULL, BAD, "GET", "/Users", NULL).status, 401);
		au_clock_fake_advance(1000);
	}
}

static void
whoever_leaves_meanwhile_harms_nobody(void **state)
{
	struct serve *s = *state;

	for (int i = 0; i < 4; i++)
		close(ask_begin(s, NULL, BAD, "GET", "/Users", NULL));
	for (int i = 0; i < 5; i++)
		event_base_loop(s->base, EVLOOP_ONCE);
	/* some still wait when everything is taken down */
}

static void
refusals_are_counted(void **state)
{
	struct serve *s = *state;
	struct au_scim_stats stats;

	ask_with(s, NULL, BAD, "GET", "/Users", NULL);
	ask_with(s, NULL, "", "GET", "/Users", NULL);
	serve_token(s, "look", "okta", "read-only");
	ask(s, "look", "POST", "/Users", "{'userName':'x'}");
	for (int i = 0; i < 3; i++)
		ask(s, "slow", "GET", "/Users", NULL);
	au_scim_stats(s->scim, &stats);
	assert_int_equal(stats.bad, 1);
	assert_int_equal(stats.missing, 1);
	assert_int_equal(stats.out_of_scope, 1);
	assert_int_equal(stats.out_of_rate, 1);
	assert_int_equal(stats.accepted, 3);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, serve_stop)
		TEST(a_client_out_of_its_rate_is_told_when_to_come),
		TEST(some_providers_are_told_each_time),
		TEST(bad_tokens_wait_and_hold_up_nobody),
		TEST(few_answers_are_kept_back),
		TEST(no_delay_where_none_is_wanted),
		TEST(whoever_leaves_meanwhile_harms_nobody),
		TEST(refusals_are_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
