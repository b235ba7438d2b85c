/* SPDX-License-Identifier: ISC */
/* Peers with bad credentials: how much slower they get, when they are turned away, forgiven, and told of. */
#include "tests/unit.h"

#include "scim/delay.h"
#include "scim/suspects.h"

#include <event2/event.h>
#include <stdio.h>

#define MAX_DELAY_MS 1000

static struct au_suspicion
note(struct au_suspects *suspects, const char *peer, int64_t now)
{
	struct au_suspicion suspicion;

	au_suspects_note(suspects, peer, MAX_DELAY_MS, now, &suspicion);
	return suspicion;
}

static void
answers_get_slower_up_to_a_limit(void **state)
{
	static const int64_t delays[] = { 0, 50, 100, 200, 400, 800, 1000, 1000, 1000 };
	struct au_suspects *suspects = au_suspects_new(10);
	int64_t now = 5000;

	(void)state;
	for (size_t i = 0; i < sizeof delays / sizeof delays[0]; i++, now += 1000) {
		struct au_suspicion suspicion = note(suspects, "192.0.2.1", now);

		assert_false(suspicion.refuse);
		assert_int_equal(suspicion.wait_ms, delays[i]);
	}
	for (int i = 0; i < 1000; i++, now += 1000)
		assert_int_equal(note(suspects, "192.0.2.1", now).wait_ms, 1000);
	/* others are not concerned, and time heals */
	assert_int_equal(note(suspects, "192.0.2.2", now).wait_ms, 0);
	assert_int_equal(note(suspects, "192.0.2.1", now + 59000 - 1000).wait_ms, 1000);
	assert_int_equal(note(suspects, "192.0.2.1", now + 59000 - 1000 + 60000).wait_ms, 0);
	au_suspects_free(suspects);
}

static void
those_who_go_on_are_turned_away(void **state)
{
	struct au_suspects *suspects = au_suspects_new(10);
	int64_t wait_ms = 0;

	(void)state;
	for (int i = 0; i < 5; i++)
		assert_false(note(suspects, "192.0.2.1", 5000).refuse);
	assert_true(note(suspects, "192.0.2.1", 5000).refuse);
	assert_int_equal(note(suspects, "192.0.2.1", 5000).wait_ms, 200);
	assert_true(au_suspects_over(suspects, "192.0.2.1", 5000, &wait_ms));
	assert_int_equal(wait_ms, 200);
	assert_false(au_suspects_over(suspects, "192.0.2.2", 5000, &wait_ms));
	/* looking costs nothing */
	for (int i = 0; i < 10; i++)
		assert_false(au_suspects_over(suspects, "192.0.2.1", 5400, &wait_ms));
	assert_false(note(suspects, "192.0.2.1", 5400).refuse);
	au_suspects_free(suspects);
}

static void
an_ipv6_network_is_one_peer(void **state)
{
	struct au_suspects *suspects = au_suspects_new(10);

	(void)state;
	assert_int_equal(note(suspects, "2001:db8:1:2::1", 5000).wait_ms, 0);
	assert_int_equal(note(suspects, "2001:db8:1:2:ffff::2", 5000).wait_ms, 50);
	assert_string_equal(note(suspects, "2001:db8:1:2:3:4:5:6", 5000).peer, "2001:db8:1:2::");
	assert_int_equal(note(suspects, "2001:db8:1:3::1", 5000).wait_ms, 0);
	assert_int_equal(note(suspects, "::ffff:192.0.2.1", 5000).wait_ms, 0);
	assert_int_equal(note(suspects, "::ffff:192.0.2.2", 5000).wait_ms, 0);
	assert_string_equal(note(suspects, "unix", 5000).peer, "unix");
	au_suspects_free(suspects);
}

static void
peers_are_told_of_once_a_minute(void **state)
{
	struct au_suspects *suspects = au_suspects_new(10);

	(void)state;
	assert_int_equal(note(suspects, "192.0.2.1", 5000).tell, 1);
	for (int i = 0; i < 20; i++)
		assert_int_equal(note(suspects, "192.0.2.1", 6000 + i).tell, 0);
	assert_int_equal(note(suspects, "192.0.2.2", 6000).tell, 1);
	assert_int_equal(note(suspects, "192.0.2.1", 65000).tell, 21);
	au_suspects_free(suspects);
}

static void
their_number_is_bounded(void **state)
{
	struct au_suspects *suspects = au_suspects_new(2);
	char peer[16];

	(void)state;
	for (int i = 0; i < 250; i++) {
		snprintf(peer, sizeof peer, "192.0.2.%d", i);
		assert_int_equal(note(suspects, peer, 5000).wait_ms, 0);
	}
	/* the first is forgotten with the others */
	assert_int_equal(note(suspects, "192.0.2.0", 5000).wait_ms, 0);
	au_suspects_free(suspects);
}

/* ---- delays ---- */

static void
count(void *arg)
{
	++*(int *)arg;
}

static void
so_many_wait_and_no_more(void **state)
{
	struct event_base *base = event_base_new();
	struct au_delays *delays = au_delays_new(base);
	int done = 0;

	(void)state;
	assert_true(au_delays_add(delays, 2, 1, count, &done));
	assert_true(au_delays_add(delays, 2, 60000, count, &done));
	assert_false(au_delays_add(delays, 2, 1, count, &done));
	assert_int_equal(done, 0);
	while (done == 0)
		event_base_loop(base, EVLOOP_ONCE);
	assert_int_equal(done, 1);
	assert_true(au_delays_add(delays, 2, 60000, count, &done));
	/* at the end nobody is left without an answer */
	au_delays_free(delays);
	assert_int_equal(done, 3);
	event_base_free(base);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(answers_get_slower_up_to_a_limit),
		cmocka_unit_test(those_who_go_on_are_turned_away),
		cmocka_unit_test(an_ipv6_network_is_one_peer),
		cmocka_unit_test(peers_are_told_of_once_a_minute),
		cmocka_unit_test(their_number_is_bounded),
		cmocka_unit_test(so_many_wait_and_no_more),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
