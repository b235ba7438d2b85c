/* SPDX-License-Identifier: ISC */
/*
 * What a request costs in instructions and system calls: figures that a busy machine does not change, so a slower way
 * shows when it is taken.  Each server runs twice under callgrind and twice under strace, with few and with more
 * requests; the difference is theirs alone.
 */
#include "tests/bench/measure.h"
#include "tests/bench/request.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FEW 400
#define MORE 1200

struct cost {
	const char *name;
	enum server_kind server;
	int expect;
	size_t (*write)(void *, size_t, char[LOAD_REQUEST_MAX]);
	double aim; /* thousand instructions; 0: a floor */
};

static const struct cost costs[] = {
	{ "evhttp, the same bytes from memory", SERVER_GROUP, 200, request_plain, 0 },
	{ "evhttp + SQLite, GET by id", SERVER_GROUP, 200, request_get, 0 },
	{ "evhttp + SQLite, POST, group commit", SERVER_GROUP, 201, request_post, 0 },
	{ "evhttp + SQLite, PATCH, group commit", SERVER_GROUP, 200, request_patch, 0 },
	{ "ours, GET by id", SERVER_OURS, 200, request_get, 62 },
	{ "ours, filter userName eq", SERVER_OURS, 200, request_filter, 75 },
	{ "ours, POST, durable", SERVER_OURS, 201, request_post, 490 },
	{ "ours, PATCH active, durable", SERVER_OURS, 200, request_patch, 480 },
};

/* ---- tools ---- */

static bool
has_tool(const char *name)
{
	char command[128];

	snprintf(command, sizeof(command), "command -v %s >/dev/null 2>&1", name);
	return system(command) == 0;
}

/* The number in the line of a file that begins with mark (callgrind) or ends with it (strace), in a column. */
static double
read_total(const char *path, const char *mark, bool at_end, int column)
{
	char line[1024], *word;
	double total = -1;
	FILE *file = fopen(path, "re");

	if (file == NULL)
		measure_die(path);
	while (fgets(line, sizeof(line), file) != NULL) {
		size_t length = strcspn(line, "\n"), mark_length = strlen(mark);

		line[length] = '\0';
		if (length < mark_length ||
		    strncmp(at_end ? line + length - mark_length : line, mark, mark_length) != 0)
			continue;
		word = strtok(line, " \t");
		for (int i = 0; word != NULL && i < column; i++)
			word = strtok(NULL, " \t");
		total = word != NULL ? strtod(word, NULL) : -1;
	}
	fclose(file);
	return total;
}

/* ---- counting ---- */

static void
send_requests(const struct cost *cost, struct server *server, const struct plan *plan, size_t count)
{
	struct load load = { .port = server->port,
		.connections = plan->connections,
		.seconds = 600,
		.requests = count,
		.expect = cost->expect,
		.write = cost->write,
		.context = server };
	struct load_result result = load_run(&load);

	if (result.bad > 0)
		printf("%s: %zu of %zu answers had another status\n", cost->name, result.bad, result.requests);
}

/* What the tool counted while the server lived and answered so many requests. */
static double
count_all(const struct cost *cost, struct server *server, struct plan *plan, bool system_calls, size_t requests)
{
	char path[128], option[160];
	const char *callgrind[] = { "valgrind", "-q", "--tool=callgrind", option, NULL };
	const char *strace[] = { "strace", "-f", "-c", "-q", "-o", path, NULL };

	snprintf(path, sizeof(path), "%s/counted", plan->folder);
	snprintf(option, sizeof(option), "--callgrind-out-file=%s", path);
	plan->watch = system_calls ? strace : callgrind;
	server_restart(server, plan);
	send_requests(cost, server, plan, requests);
	plan->watch = NULL;
	server_restart(server, plan); /* the tool has written its file */
	return system_calls ? read_total(path, "total", true, 3) : read_total(path, "summary:", false, 1);
}

static double
count_each(const struct cost *cost, struct server *server, struct plan *plan, bool system_calls)
{
	double few = count_all(cost, server, plan, system_calls, FEW);
	double more = count_all(cost, server, plan, system_calls, MORE);

	return (more - few) / (MORE - FEW);
}

static void
print_cost(const struct cost *cost, struct server *server, struct plan *plan, bool strace)
{
	printf("%-44s %13.1f", cost->name, count_each(cost, server, plan, false) / 1000);
	if (strace)
		printf(" %12.1f", count_each(cost, server, plan, true));
	else
		printf(" %12s", "");
	if (cost->aim > 0)
		printf(" %8.0f", cost->aim);
	putchar('\n');
	fflush(stdout);
}

int
main(int argc, char **argv)
{
	struct server servers[SERVER_KINDS];
	struct plan plan;
	bool strace = has_tool("strace");

	server_main(argc, argv);
	if (!has_tool("valgrind")) {
		printf("valgrind is not installed: nothing is counted\n");
		return 0;
	}
	plan_read(&plan);
	server_start(&servers[SERVER_GROUP], &plan, SERVER_GROUP);
	server_start(&servers[SERVER_OURS], &plan, SERVER_OURS);
	printf("%-44s %13s %12s %8s\n", "one request", "instr./1000", "system calls", "aim");
	for (size_t i = 0; i < sizeof(costs) / sizeof(costs[0]); i++)
		if (measure_is_wanted(costs[i].name))
			print_cost(&costs[i], &servers[costs[i].server], &plan, strace);
	server_stop(&servers[SERVER_GROUP]);
	server_stop(&servers[SERVER_OURS]);
	plan_done(&plan);
	return 0;
}
