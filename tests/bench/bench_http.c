/* SPDX-License-Identifier: ISC */
/*
 * The SCIM endpoint against its floors, in interleaved rounds of one run: a bare evhttp answer, a point read behind
 * evhttp, durable writes behind evhttp, bare SQLite commits.  Each aim is a share of the floor beside it.  Nothing is
 * judged here; a person reads the ratios.
 */
#include "tests/bench/floor_server.h"
#include "tests/bench/load.h"
#include "tests/bench/measure.h"

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define REQUESTS_MAX 400000 /* of one case in one round */

struct plan {
	size_t rounds, users, connections;
	double seconds;
	char folder[64];
};

struct server {
	pid_t pid;
	int port;
	const char *prefix;                   /* before /Users */
	const char *before_name, *after_name; /* query that finds a user by name */
	const char *type;                     /* of bodies that are sent */
	char token[128];                      /* header line, or "" */
	char (*ids)[FLOOR_ID_SIZE];
	size_t users, posted;
};

/* ---- requests -------------------------------------------------------------------- */

static size_t
request(
    const struct server *server, char text[LOAD_REQUEST_MAX], const char *method, const char *path, const char *body)
{
	int length = snprintf(text, LOAD_REQUEST_MAX,
	    "%s %s%s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n%s%s%sContent-Length: %zu\r\n\r\n%s", method, server->prefix,
	    path, server->port, server->token, *body != '\0' ? server->type : "", *body != '\0' ? "\r\n" : "",
	    strlen(body), body);

	return (size_t)length;
}

static size_t
write_plain(void *context, size_t number, char text[LOAD_REQUEST_MAX])
{
	(void)number;
	return request(context, text, "GET", "/kilobyte", "");
}

/* Spread over the users so that no cache line of one is all that is measured. */
static size_t
pick(const struct server *server, size_t number)
{
	return number * 7919 % server->users;
}

static size_t
write_get(void *context, size_t number, char text[LOAD_REQUEST_MAX])
{
	const struct server *server = context;
	char path[128];

	snprintf(path, sizeof(path), "/Users/%s", server->ids[pick(server, number)]);
	return request(server, text, "GET", path, "");
}

static size_t
write_filter(void *context, size_t number, char text[LOAD_REQUEST_MAX])
{
	const struct server *server = context;
	char path[256];

	snprintf(path, sizeof(path), "/Users?%suser-%zu@apps.example%s", server->before_name, pick(server, number),
	    server->after_name);
	return request(server, text, "GET", path, "");
}

static size_t
write_post(void *context, size_t number, char text[LOAD_REQUEST_MAX])
{
	struct server *server = context;
	char body[4096];

	(void)number;
	floor_document(server->posted++, body, sizeof(body));
	return request(server, text, "POST", "/Users", body);
}

static size_t
write_patch(void *context, size_t number, char text[LOAD_REQUEST_MAX])
{
	const struct server *server = context;
	char path[128], body[512];

	snprintf(path, sizeof(path), "/Users/%s", server->ids[pick(server, number)]);
	snprintf(body, sizeof(body),
	    "{\"schemas\":[\"urn:ietf:params:scim:api:messages:2.0:PatchOp\"],"
	    "\"Operations\":[{\"op\":\"replace\",\"path\":\"active\",\"value\":%s}]}",
	    number / server->users % 2 == 0 ? "false" : "true");
	return request(server, text, "PATCH", path, body);
}

/* ---- servers --------------------------------------------------------------------- */

static int tell_fd;

static void
tell_parent(int port)
{
	if (write(tell_fd, &port, sizeof(port)) != sizeof(port))
		measure_die("pipe");
}

static void
start(struct server *server, const struct plan *plan, enum floor_commit way)
{
	int ends[2];

	if (pipe(ends) != 0 || (server->pid = fork()) < 0)
		measure_die("fork");
	if (server->pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		tell_fd = ends[1];
		floor_serve(plan->folder, plan->users, way, tell_parent);
	}
	close(ends[1]);
	if (read(ends[0], &server->port, sizeof(server->port)) != sizeof(server->port))
		measure_die("start of a server");
	close(ends[0]);
}

static void
start_floor(struct server *server, const struct plan *plan, enum floor_commit way)
{
	server->prefix = "";
	server->before_name = "name=";
	server->after_name = "";
	server->type = "Content-Type: application/scim+json";
	server->users = server->posted = plan->users;
	server->ids = measure_alloc(plan->users * sizeof(*server->ids));
	for (size_t i = 0; i < plan->users; i++)
		floor_id(i, server->ids[i]);
	start(server, plan, way);
}

static void
stop(struct server *server)
{
	kill(server->pid, SIGTERM);
	waitpid(server->pid, NULL, 0);
	free(server->ids);
}

/* ---- cases ----------------------------------------------------------------------- */

enum { GROUP, EACH, SERVERS };

struct test {
	struct measure_row row;
	int server;
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

static long
number_from(const char *name, long initial, long least, long most)
{
	const char *text = getenv(name);
	long number = text != NULL ? strtol(text, NULL, 10) : initial;

	return number < least ? least : number > most ? most : number;
}

static void
remove_folder(const char *folder)
{
	pid_t pid = fork();

	if (pid == 0) {
		execlp("rm", "rm", "-rf", "--", folder, (char *)NULL);
		_exit(127);
	}
	waitpid(pid, NULL, 0);
}

int
main(void)
{
	struct plan plan = { .folder = "bench-http.XXXXXX" };
	struct server servers[SERVERS] = { 0 };
	struct test tests[] = {
		{ { .name = "evhttp, 1 KiB" }, GROUP, 200, write_plain },
		{ { .name = "evhttp + SQLite, GET by id" }, GROUP, 200, write_get },
		{ { .name = "evhttp + SQLite, by name" }, GROUP, 200, write_filter },
		{ { .name = "evhttp + SQLite, POST, commit each" }, EACH, 201, write_post },
		{ { .name = "evhttp + SQLite, POST, group commit" }, GROUP, 201, write_post },
		{ { .name = "evhttp + SQLite, PATCH, group commit" }, GROUP, 200, write_patch },
	};

	plan.rounds = (size_t)number_from("BENCH_ROUNDS", 3, 1, MEASURE_ROUNDS_MAX);
	plan.users = (size_t)number_from("BENCH_USERS", 10000, 1, 1000000);
	plan.connections = (size_t)number_from("BENCH_CONNECTIONS", 16, 1, 1000);
	plan.seconds = (double)number_from("BENCH_MS", 2000, 10, 60000) / 1000;
	if (mkdtemp(plan.folder) == NULL)
		measure_die("temporary folder");
	start_floor(&servers[GROUP], &plan, FLOOR_GROUP);
	start_floor(&servers[EACH], &plan, FLOOR_EACH);
	printf("%zu users, %zu connections, %zu rounds of %.1f s for each line\n", plan.users, plan.connections,
	    plan.rounds, plan.seconds);
	run_rounds(tests, sizeof(tests) / sizeof(tests[0]), servers, &plan);
	for (int i = 0; i < SERVERS; i++)
		stop(&servers[i]);
	remove_folder(plan.folder);
	return 0;
}
