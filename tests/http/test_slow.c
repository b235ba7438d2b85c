/* SPDX-License-Identifier: ISC */
/*
 * A good client among hundreds of slow and silent ones is served, whether there
 * is room for all of them or not.  What it feels of them is measured by the
 * benchmark bench_slow; here nothing depends on time but that the crowd is in a
 * process of its own and never waits.
 */
#include "base/mem.h"
#include "tests/http/crowd.h"
#include "tests/http/world.h"
#include "tests/unit.h"

#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define SLOW 330 /* of each kind */
#define IDLE 1500
#define GOOD 100

static const char *const kinds[] = { "heads", "bodies", "deaf" };

/* In a process of its own, until it is killed. */
static pid_t
start_crowd(int port)
{
	struct crowd *crowds[AU_COUNT(kinds)];
	pid_t pid = fork();

	if (pid != 0)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	crowd_open(port, IDLE, "idle");
	for (size_t i = 0; i < AU_COUNT(kinds); i++)
		crowds[i] = crowd_open(port, SLOW, kinds[i]);
	for (;;) {
		for (size_t i = 0; i < AU_COUNT(kinds); i++)
			crowd_tick(crowds[i]);
		usleep(20000);
	}
}

static void
end_crowd(struct world *w, pid_t pid)
{
	int status;

	kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
	assert_true(WIFSIGNALED(status));
	while (au_http_connections(w->server) > 0)
		world_turn(w);
}

static void
ask_as_good_client(struct world *w, const char *request)
{
	char *text = client_talk(w, request);

	assert_int_equal(client_status(text), 200);
	free(text);
}

static void
good_client_is_served_among_slow_ones(void **state)
{
	struct au_http_config config = world_config();
	struct world w;
	pid_t pid;

	(void)state;
	config.max_connections = 10000;
	world_start(&w, &config);
	pid = start_crowd(w.port);
	while (au_http_connections(w.server) < IDLE + AU_COUNT(kinds) * SLOW)
		world_turn(&w);
	for (unsigned i = 0; i < GOOD; i++)
		ask_as_good_client(&w, "GET /known HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
	end_crowd(&w, pid);
	world_stop(&w);
}

/* Far more of them than there is room for: each newcomer takes the place of somebody slow. */
static void
good_client_finds_room_in_a_crowd(void **state)
{
	struct au_http_config config = world_config();
	unsigned served = 0, tries;
	struct world w;
	pid_t pid;

	(void)state;
	config.max_connections = 400;
	world_start(&w, &config);
	pid = start_crowd(w.port);
	while (au_http_connections(w.server) < config.max_connections)
		world_turn(&w);
	/* A good client comes again when it meets a crowd that has just come. */
	for (tries = 0; served < 20 && tries < 2000; tries++) {
		char *text = client_talk(&w, "GET /known HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");

		served += client_status(text) == 200;
		free(text);
		assert_true(au_http_connections(w.server) <= config.max_connections);
	}
	assert_int_equal(served, 20);
	end_crowd(&w, pid);
	world_stop(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good_client_is_served_among_slow_ones),
		cmocka_unit_test(good_client_finds_room_in_a_crowd),
	};

	if (crowd_descriptors() < IDLE + AU_COUNT(kinds) * SLOW + 100)
		return 77;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
