/* SPDX-License-Identifier: ISC */
/*
 * The SCIM endpoint against its floors, in interleaved rounds of one run: a bare evhttp answer, a point read behind
 * evhttp, durable writes behind evhttp, bare SQLite commits.  Each aim is a share of the floor beside it.  Nothing is
 * judged here; a person reads the ratios.
 */
#include "tests/bench/measure.h"
#include "tests/bench/request.h"

#include <stdio.h>

#define REQUESTS_MAX 400000 /* of one case in one round */

struct test {
	struct measure_row row;
	enum server_kind server;
	int expect;
	size_t (*write)(void *, size_t, char[LOAD_REQUEST_MAX]);
};

static void
run_case(struct test *test, struct server *servers, const struct plan *plan)
{
	struct load load = { .port = servers[test->server].port,
		.connections = plan->connections,
		.seconds = plan->seconds,
		.requests = REQUESTS_MAX,
		.expect = test->expect,
		.write = test->write,
		.context = &servers[test->server] };
	struct load_result result = load_run(&load);

	if (result.bad > 0)
		printf("%s: %zu of %zu answers had another status\n", test->row.name, result.bad, result.requests);
	measure_add(&test->row, result.per_second, result.p50_ms, result.p99_ms);
}

static void
run_rounds(struct test *tests, size_t count, struct server *servers, const struct plan *plan)
{
	struct measure_row each = { .name = "SQLite, 1 row per commit (rows/s)" };
	struct measure_row group = { .name = "SQLite, 16 rows per commit (rows/s)" };

	for (size_t round = 0; round < plan->rounds; round++) {
		floor_sqlite(plan->folder, 1, plan->seconds, &each);
		floor_sqlite(plan->folder, 16, plan->seconds, &group);
		for (size_t i = 0; i < count; i++)
			run_case(&tests[i], servers, plan);
	}
	measure_print_head();
	measure_print(&each);
	measure_print(&group);
	for (size_t i = 0; i < count; i++)
		measure_print(&tests[i].row);
}

enum { PLAIN, GET, FILTER, POST_EACH, POST, PATCH, OUR_GET, OUR_FILTER, OUR_POST, OUR_PATCH, TESTS };

int
main(int argc, char **argv)
{
	struct server servers[SERVER_KINDS];
	struct plan plan;
	struct test tests[TESTS] = {
		[PLAIN] = { { .name = "evhttp, 1 KiB" }, SERVER_GROUP, 200, request_plain },
		[GET] = { { .name = "evhttp + SQLite, GET by id" }, SERVER_GROUP, 200, request_get },
		[FILTER] = { { .name = "evhttp + SQLite, GET by name" }, SERVER_GROUP, 200, request_filter },
		[POST_EACH] = { { .name = "evhttp + SQLite, POST, commit each" }, SERVER_EACH, 201, request_post },
		[POST] = { { .name = "evhttp + SQLite, POST, group commit" }, SERVER_GROUP, 201, request_post },
		[PATCH] = { { .name = "evhttp + SQLite, PATCH, group commit" }, SERVER_GROUP, 200, request_patch },
		[OUR_GET] = { { .name = "ours, GET by id", .floor = &tests[GET].row, .aim = 0.90 }, SERVER_OURS, 200,
		    request_get },
		[OUR_FILTER] = { { .name = "ours, filter userName eq (floor: our GET)",
				     .floor = &tests[OUR_GET].row,
				     .aim = 0.85 },
		    SERVER_OURS, 200, request_filter },
		[OUR_POST] = { { .name = "ours, POST, durable", .floor = &tests[POST].row, .aim = 0.85 }, SERVER_OURS,
		    201, request_post },
		[OUR_PATCH] = { { .name = "ours, PATCH active, durable", .floor = &tests[PATCH].row, .aim = 0.85 },
		    SERVER_OURS, 200, request_patch },
	};

	server_main(argc, argv);
	plan_read(&plan);
	printf("%zu users, %zu connections, %zu rounds of %.1f s for each line\n", plan.users, plan.connections,
	    plan.rounds, plan.seconds);
	fflush(stdout);
	for (int kind = 0; kind < SERVER_KINDS; kind++)
		server_start(&servers[kind], &plan, kind);
	run_rounds(tests, TESTS, servers, &plan);
	server_print_memory(&servers[SERVER_OURS]);
	for (int kind = 0; kind < SERVER_KINDS; kind++)
		server_stop(&servers[kind]);
	plan_done(&plan);
	return 0;
}
