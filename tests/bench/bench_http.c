/* SPDX-License-Identifier: ISC */
/*
 * The SCIM endpoint against its floors, in interleaved rounds of one run: a bare evhttp answer, a point read behind
 * evhttp, durable writes behind evhttp, bare SQLite commits.  Each aim is a share of the floor beside it.  Nothing is
 * judged here; a person reads the ratios.
 */
#include "tests/bench/measure.h"
#include "tests/bench/our_server.h"
#include "tests/bench/request.h"

#include <stdio.h>
#include <stdlib.h>

#define REQUESTS_MAX 400000 /* of one case in one round */
#define POSTED_MAX 100000   /* more users than these are put into our store without asking the server */

struct test {
	struct measure_row row;
	enum server_kind server;
	int expect;
	size_t (*write)(void *, size_t, char[LOAD_REQUEST_MAX]);
	bool tls;
	size_t sent; /* requests of earlier rounds: each round goes on where the last one ended */
};

static void
run_case(struct test *test, struct server *servers, const struct plan *plan)
{
	const struct server *server = &servers[test->server];
	struct load load = { .port = test->tls ? server->tls_port : server->port,
		.tls = test->tls,
		.connections = plan->connections,
		.seconds = plan->seconds,
		.requests = REQUESTS_MAX,
		.first = test->sent,
		.expect = test->expect,
		.write = test->write,
		.context = &servers[test->server] };
	struct load_result result;
	double before = server_cpu(server);

	if (load.port == 0 || !measure_is_wanted(test->row.name))
		return;
	result = load_run(&load);
	test->sent += result.requests;
	if (result.bad > 0)
		printf("%s: %zu of %zu answers had another status\n", test->row.name, result.bad, result.requests);
	measure_add(&test->row, result.per_second, result.p50_ms, result.p99_ms);
	if (result.requests > 0)
		measure_add_cpu(&test->row, 1e6 * (server_cpu(server) - before) / (double)result.requests);
}

enum {
	PLAIN,
	GET,
	FILTER,
	POST_EACH,
	POST,
	PATCH,
	PLAIN_TLS,
	OUR_GET,
	OUR_FILTER,
	OUR_POST,
	OUR_PATCH,
	OUR_TLS,
	TESTS
};

static void
print_rows(struct test *tests, struct measure_row *bare, size_t bare_count)
{
	struct measure_row beside = tests[OUR_GET].row;

	beside.name = "ours, GET by id (floor: evhttp from memory)";
	beside.floor = &tests[PLAIN].row;
	beside.aim = 0.60;
	measure_print_head();
	for (size_t i = 0; i < bare_count; i++)
		measure_print(&bare[i]);
	for (size_t i = 0; i < TESTS; i++)
		measure_print(&tests[i].row);
	measure_print(&beside);
	fflush(stdout);
}

static void
run_bare(struct measure_row *row, size_t rows, const struct plan *plan)
{
	if (measure_is_wanted(row->name))
		floor_sqlite(plan->folder, rows, plan->seconds, row);
}

static void
run_rounds(struct test *tests, struct server *servers, const struct plan *plan)
{
	struct measure_row bare[] = { { .name = "SQLite, 1 row per commit (rows/s)" },
		{ .name = "SQLite, 16 rows per commit (rows/s)" } };

	printf("\n%zu users, %zu connections, %zu rounds of %.1f s for each line\n", plan->users, plan->connections,
	    plan->rounds, plan->seconds);
	fflush(stdout);
	for (size_t round = 0; round < plan->rounds; round++) {
		run_bare(&bare[0], 1, plan);
		run_bare(&bare[1], 16, plan);
		for (size_t i = 0; i < TESTS; i++)
			run_case(&tests[i], servers, plan);
	}
	print_rows(tests, bare, sizeof(bare) / sizeof(bare[0]));
}

/* Everybody is asked for once, as an identity provider does before it sends what is new. */
static void
ask_for_all(struct server *server, const struct plan *plan)
{
	struct load load = { .port = server->port,
		.connections = plan->connections,
		.seconds = 600,
		.requests = plan->users < REQUESTS_MAX ? plan->users : REQUESTS_MAX,
		.expect = 200,
		.write = request_filter,
		.context = server };
	struct load_result result = load_run(&load);

	printf("%zu of %zu users asked for, %.0f/s\n", result.requests, plan->users, result.per_second);
}

static void
run_with(struct server *servers, const struct plan *plan)
{
	struct test tests[TESTS] = {
		[PLAIN] = { { .name = "evhttp, the same bytes from memory" }, SERVER_GROUP, 200, request_plain, false },
		[GET] = { { .name = "evhttp + SQLite, GET by id" }, SERVER_GROUP, 200, request_get, false },
		[FILTER] = { { .name = "evhttp + SQLite, GET by name" }, SERVER_GROUP, 200, request_filter, false },
		[POST_EACH] = { { .name = "evhttp + SQLite, POST, commit each" }, SERVER_EACH, 201, request_post,
		    false },
		[POST] = { { .name = "evhttp + SQLite, POST, group commit" }, SERVER_GROUP, 201, request_post, false },
		[PATCH] = { { .name = "evhttp + SQLite, PATCH, group commit" }, SERVER_GROUP, 200, request_patch,
		    false },
		[PLAIN_TLS] = { { .name = "evhttp over TLS, from memory" }, SERVER_GROUP, 200, request_plain, true },
		[OUR_GET] = { { .name = "ours, GET by id", .floor = &tests[GET].row, .aim = 0.90 }, SERVER_OURS, 200,
		    request_get, false },
		/* About the users that GET was asked for: how many of them have a ready answer counts for more than the
		 * way there. */
		[OUR_FILTER] = { { .name = "ours, filter userName eq (floor: our GET)",
				     .floor = &tests[OUR_GET].row,
				     .aim = 0.80 },
		    SERVER_OURS, 200, request_filter, false },
		[OUR_POST] = { { .name = "ours, POST, durable", .floor = &tests[POST].row, .aim = 0.80 }, SERVER_OURS,
		    201, request_post, false },
		[OUR_PATCH] = { { .name = "ours, PATCH active, durable", .floor = &tests[PATCH].row, .aim = 0.80 },
		    SERVER_OURS, 200, request_patch, false },
		[OUR_TLS] = { { .name = "ours, GET by id over TLS", .floor = &tests[PLAIN_TLS].row, .aim = 0.75 },
		    SERVER_OURS, 200, request_get, true },
	};

	run_rounds(tests, servers, plan);
}

static void
start(struct server *server, const struct plan *plan, enum server_kind kind)
{
	if (kind != SERVER_OURS || plan->users <= POSTED_MAX) {
		server_start(server, plan, kind);
		return;
	}
	our_fill(plan->folder, plan->users);
	server_start_filled(server, plan);
}

int
main(int argc, char **argv)
{
	static const size_t usual[] = { 16, 64 };
	struct server servers[SERVER_KINDS];
	struct plan plan;

	server_main(argc, argv);
	plan_read(&plan);
	for (int kind = 0; kind < SERVER_KINDS; kind++)
		start(&servers[kind], &plan, kind);
	ask_for_all(&servers[SERVER_OURS], &plan);
	server_print_memory(&servers[SERVER_OURS]);
	for (size_t i = 0; i < sizeof(usual) / sizeof(usual[0]); i++) {
		if (getenv("BENCH_CONNECTIONS") == NULL)
			plan.connections = usual[i];
		else if (i > 0)
			break;
		run_with(servers, &plan);
	}
	server_print_memory(&servers[SERVER_OURS]);
	for (int kind = 0; kind < SERVER_KINDS; kind++)
		server_stop(&servers[kind]);
	plan_done(&plan);
	return 0;
}
