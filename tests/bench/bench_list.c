/* SPDX-License-Identifier: ISC */
/*
 * Look-ups and lists in stores of growing size, in interleaved rounds: each look-up beside GET by id, each page of a
 * list beside the first one.  BENCH_USERS, when set, is the only size; a million users are its most.
 */
#include "tests/bench/measure.h"
#include "tests/bench/our_server.h"
#include "tests/bench/request.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define REQUESTS_MAX 400000 /* of one case in one round */
#define PAGE 100
#define WALKED 50 /* pages by cursor before the one that is measured */

/* ---- what is asked ---- */

static size_t
put_query(const struct server *server, char text[LOAD_REQUEST_MAX], const char *query)
{
	char path[1024];

	snprintf(path, sizeof(path), "/Users?%s", query);
	return request_put(server, text, "GET", path, "");
}

/* A filter on one user's value, spread over all of them. */
static size_t
put_lookup(
    const struct server *server, size_t number, char text[LOAD_REQUEST_MAX], const char *before, const char *after)
{
	char query[256];

	snprintf(query, sizeof(query), "%s%zu%s", before, number * 7919 % server->users, after);
	return put_query(server, text, query);
}

static size_t
write_external_id(void *server, size_t number, char text[LOAD_REQUEST_MAX])
{
	return put_lookup(server, number, text, "filter=externalId%20eq%20%22ext-", "%22");
}

static size_t
write_mail(void *server, size_t number, char text[LOAD_REQUEST_MAX])
{
	return put_lookup(server, number, text, "filter=emails%20eq%20%22owner-", "@people.example%22");
}

static size_t
write_mail_of_type(void *server, size_t number, char text[LOAD_REQUEST_MAX])
{
	return put_lookup(server, number, text, "filter=emails[type%20eq%20%22other%22%20and%20value%20eq%20%22owner-",
	    "@people.example%22]");
}

/* At most some hundred users have a number that begins like this; a page of one is shown. */
static size_t
write_display(void *server, size_t number, char text[LOAD_REQUEST_MAX])
{
	return put_lookup(server, number, text, "count=1&filter=displayName%20sw%20%22application%20number%20", "%22");
}

/* The page of that depth, or the last one. */
static size_t
put_page(const struct server *server, char text[LOAD_REQUEST_MAX], const char *more, size_t depth)
{
	size_t last = server->users / PAGE;
	char query[256];

	snprintf(query, sizeof(query), "count=%d&startIndex=%zu%s", PAGE,
	    ((depth < last ? depth : last) - 1) * PAGE + 1, more);
	return put_query(server, text, query);
}

static size_t
write_page_1(void *server, size_t number, char text[LOAD_REQUEST_MAX])
{
	(void)number;
	return put_page(server, text, "", 1);
}

static size_t
write_page_10(void *server, size_t number, char text[LOAD_REQUEST_MAX])
{
	(void)number;
	return put_page(server, text, "", 10);
}

static size_t
write_page_1000(void *server, size_t number, char text[LOAD_REQUEST_MAX])
{
	(void)number;
	return put_page(server, text, "", 1000);
}

static size_t
write_sorted_1(void *server, size_t number, char text[LOAD_REQUEST_MAX])
{
	(void)number;
	return put_page(server, text, "&sortBy=userName", 1);
}

static size_t
write_sorted_1000(void *server, size_t number, char text[LOAD_REQUEST_MAX])
{
	(void)number;
	return put_page(server, text, "&sortBy=userName", 1000);
}

static size_t
write_filtered_1000(void *server, size_t number, char text[LOAD_REQUEST_MAX])
{
	(void)number;
	return put_page(server, text, "&filter=userName%20sw%20%22user-%22", 1000);
}

static char cursor[512];

static size_t
write_cursor(void *server, size_t number, char text[LOAD_REQUEST_MAX])
{
	char query[768];

	(void)number;
	snprintf(query, sizeof(query), "count=%d&cursor=%s", PAGE, cursor);
	return put_query(server, text, query);
}

static void
note_cursor(void *server, size_t number, const char *answer)
{
	static const char member[] = "\"nextCursor\":\"";
	const char *next = strstr(answer, member);
	size_t len = next != NULL ? strcspn(next + strlen(member), "\"") : 0;

	(void)server;
	(void)number;
	if (len == 0 || len >= sizeof(cursor))
		measure_die("page without a cursor");
	memcpy(cursor, next + strlen(member), len);
	cursor[len] = '\0';
}

/* ---- running it ---- */

struct test {
	struct measure_row row;
	size_t (*write)(void *, size_t, char[LOAD_REQUEST_MAX]);
};

static void
run_case(struct test *test, struct server *server, const struct plan *plan)
{
	struct load load = { .port = server->port,
		.connections = plan->connections,
		.seconds = plan->seconds,
		.requests = REQUESTS_MAX,
		.expect = 200,
		.write = test->write,
		.context = server };
	struct load_result result = load_run(&load);

	if (result.bad > 0)
		printf("%s: %zu of %zu answers had another status\n", test->row.name, result.bad, result.requests);
	measure_add(&test->row, result.per_second, result.p50_ms, result.p99_ms);
}

static void
walk_to_cursor(struct server *server)
{
	size_t pages = server->users / PAGE / 2;
	struct load load = { .port = server->port,
		.connections = 1,
		.seconds = 600,
		.requests = pages < WALKED ? pages : WALKED,
		.expect = 200,
		.write = write_cursor,
		.seen = note_cursor,
		.context = server };

	cursor[0] = '\0';
	if (load.requests > 0)
		load_run(&load);
}

static void
run_size(const struct plan *plan)
{
	enum { BY_ID, FIRST_LOOKUP, PAGE_1 = 6, TESTS = 13 };
	struct test tests[TESTS] = {
		[BY_ID] = { { .name = "GET by id" }, request_get },
		{ { .name = "filter userName eq" }, request_filter },
		{ { .name = "filter externalId eq" }, write_external_id },
		{ { .name = "filter emails eq" }, write_mail },
		{ { .name = "filter emails[type eq and value eq]" }, write_mail_of_type },
		{ { .name = "filter displayName sw, page of 1" }, write_display },
		[PAGE_1] = { { .name = "list, page 1 of 100" }, write_page_1 },
		{ { .name = "list, page 10" }, write_page_10 },
		{ { .name = "list, page 1,000 or last" }, write_page_1000 },
		{ { .name = "list by cursor, page 50 or middle" }, write_cursor },
		{ { .name = "list sorted by userName, page 1" }, write_sorted_1 },
		{ { .name = "list sorted by userName, page 1,000 or last" }, write_sorted_1000 },
		{ { .name = "filter userName sw (all), page 1,000 or last" }, write_filtered_1000 },
	};
	struct server server;
	double start;

	for (size_t i = FIRST_LOOKUP; i < TESTS; i++) {
		tests[i].row.floor = i == PAGE_1 ? NULL : i < PAGE_1 ? &tests[BY_ID].row : &tests[PAGE_1].row;
		tests[i].row.aim = 0.80;
	}
	printf("%zu users, %zu connections, %zu rounds of %.1f s for each line\n", plan->users, plan->connections,
	    plan->rounds, plan->seconds);
	fflush(stdout);
	start = measure_now();
	our_fill(plan->folder, plan->users);
	printf("filled in %.1f s\n", measure_now() - start);
	server_start_filled(&server, plan);
	server_print_memory(&server);
	walk_to_cursor(&server);
	for (size_t round = 0; round < plan->rounds; round++)
		for (size_t i = 0; i < TESTS; i++)
			run_case(&tests[(i + round * 5) % TESTS], &server, plan); /* none is always the first */
	measure_print_head();
	for (size_t i = 0; i < TESTS; i++)
		measure_print(&tests[i].row);
	server_print_memory(&server);
	server_stop(&server);
}

int
main(int argc, char **argv)
{
	static const size_t sizes[] = { 10000, 100000 };
	bool one_size = getenv("BENCH_USERS") != NULL;

	server_main(argc, argv);
	for (size_t i = 0; i < (one_size ? 1 : sizeof(sizes) / sizeof(*sizes)); i++) {
		struct plan plan;

		plan_read(&plan);
		if (!one_size)
			plan.users = sizes[i];
		run_size(&plan);
		plan_done(&plan);
	}
	return 0;
}
