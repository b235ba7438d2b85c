/* SPDX-License-Identifier: ISC */
/* Who makes room when connections run out.  The clock is the test's own. */
#include "base/clock.h"
#include "base/mem.h"
#include "tests/http/world.h"
#include "tests/unit.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define HEAD " HTTP/1.1\r\nHost: a\r\n"
#define LAST HEAD "Connection: close\r\n\r\n"

#define ROOM 3

static int
setup(void **state)
{
	static struct world w;
	struct au_http_config config = world_config();

	au_clock_fake_set(au_clock_wall_ms(), au_clock_mono_ms());
	config.max_connections = ROOM;
	world_start(&w, &config);
	*state = &w;
	return 0;
}

static int
teardown(void **state)
{
	world_stop(*state);
	au_clock_real();
	return 0;
}

static void
turns(struct world *w)
{
	for (unsigned turn = 0; turn < 10; turn++)
		world_turn(w);
}

/* A connection that has sent text and got as far as the server takes it. */
static int
open_and_send(struct world *w, const char *text)
{
	int fd = client_open(w);

	client_send(fd, text);
	turns(w);
	return fd;
}

/* A connection on which a client is known, silent since its answer. */
static int
open_known(struct world *w)
{
	int fd = open_and_send(w, "GET /known" HEAD "\r\n");
	char buf[512];

	assert_true(recv(fd, buf, sizeof(buf), MSG_DONTWAIT) > 0);
	return fd;
}

static bool
is_open(int fd)
{
	char c;

	return recv(fd, &c, 1, MSG_DONTWAIT | MSG_PEEK) < 0;
}

static bool
is_served(struct world *w)
{
	AU_CLEANUP(au_freep) char *text = client_talk(w, "GET /echo" LAST);

	return client_status(text) == 200;
}

static void
slowest_stranger_goes_first(void **state)
{
	struct world *w = *state;
	int known = open_known(w), older, newer;

	au_clock_fake_advance(10000);
	older = open_and_send(w, "GET /echo HT");
	au_clock_fake_advance(2000);
	newer = open_and_send(w, "POST /echo" HEAD "Content-Length: 100\r\n\r\n");
	assert_true(is_served(w));
	assert_true(is_open(known));
	assert_true(is_open(newer));
	assert_false(is_open(older));
	close(known);
	close(older);
	close(newer);
}

static void
octets_do_not_make_a_slow_one_younger(void **state)
{
	struct world *w = *state;
	int dripping = open_and_send(w, "GET /echo HT"), known = open_known(w), silent;

	au_clock_fake_advance(1000);
	silent = client_open(w);
	turns(w);
	au_clock_fake_advance(1500);
	client_send(dripping, "T");
	turns(w);
	assert_true(is_served(w));
	assert_false(is_open(dripping));
	assert_true(is_open(silent));
	assert_true(is_open(known));
	close(dripping);
	close(silent);
	close(known);
}

static void
known_client_goes_before_strangers_who_may_just_be_far_away(void **state)
{
	struct world *w = *state;
	int first = open_known(w), second, stranger;

	au_clock_fake_advance(100);
	second = open_known(w);
	au_clock_fake_advance(1000);
	stranger = client_open(w);
	turns(w);
	au_clock_fake_advance(500);
	assert_true(is_served(w));
	assert_false(is_open(first));
	assert_true(is_open(second));
	assert_true(is_open(stranger));
	close(first);
	close(second);
	close(stranger);
}

static void
nobody_goes_who_has_not_had_time(void **state)
{
	struct world *w = *state;
	int fds[ROOM];
	size_t i;

	for (i = 0; i < ROOM; i++)
		fds[i] = client_open(w);
	turns(w);
	au_clock_fake_advance(100);
	assert_false(is_served(w));
	au_clock_fake_advance(100);
	assert_true(is_served(w));
	for (i = 0; i < ROOM; i++)
		close(fds[i]);
}

static void
request_that_is_handled_never_goes(void **state)
{
	struct world *w = *state;
	int fds[ROOM];
	size_t i;

	for (i = 0; i < ROOM; i++)
		fds[i] = open_and_send(w, "GET /later" LAST);
	assert_int_equal(w->held_count, ROOM);
	au_clock_fake_advance(60000);
	assert_false(is_served(w));
	for (i = 0; i < ROOM; i++) {
		char *text;

		world_reply_held(w, "answered");
		text = client_read_all(w, fds[i]);
		assert_non_null(strstr(text, "answered"));
		free(text);
		close(fds[i]);
	}
}

static void
reader_who_does_not_read_makes_room(void **state)
{
	struct world *w = *state;
	int fds[ROOM];
	size_t i;

	for (i = 0; i < ROOM; i++)
		fds[i] = open_and_send(w, "GET /big" HEAD "\r\n");
	assert_int_equal(w->handled, ROOM);
	au_clock_fake_advance(2000);
	assert_true(is_served(w));
	for (i = 0; i < ROOM; i++)
		close(fds[i]);
}

static void
peer_that_has_its_share_pushes_nobody_out(void **state)
{
	struct world *w = *state;
	struct au_http_config config = world_config();
	int fds[ROOM];
	size_t i;

	config.max_connections = ROOM;
	config.max_per_peer = ROOM;
	assert_int_equal(au_http_server_configure(w->server, &config, NULL), 0);
	for (i = 0; i < ROOM; i++)
		fds[i] = client_open(w);
	turns(w);
	au_clock_fake_advance(60000);
	assert_false(is_served(w));
	for (i = 0; i < ROOM; i++) {
		assert_true(is_open(fds[i]));
		close(fds[i]);
	}
}

#define LIVE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		LIVE(slowest_stranger_goes_first),
		LIVE(octets_do_not_make_a_slow_one_younger),
		LIVE(known_client_goes_before_strangers_who_may_just_be_far_away),
		LIVE(nobody_goes_who_has_not_had_time),
		LIVE(request_that_is_handled_never_goes),
		LIVE(reader_who_does_not_read_makes_room),
		LIVE(peer_that_has_its_share_pushes_nobody_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
