/* SPDX-License-Identifier: ISC */
/* The floors are filled directly, ours by POST: the way users always come to it. */
#include "tests/bench/server.h"

#include "tests/bench/measure.h"
#include "tests/bench/our_server.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define TYPE_LINE "Content-Type: application/scim+json\r\n"

/* ---- plan ------------------------------------------------------------------------ */

static long
number_from(const char *name, long initial, long least, long most)
{
	const char *text = getenv(name);
	long number = text != NULL ? strtol(text, NULL, 10) : initial;

	return number < least ? least : number > most ? most : number;
}

void
plan_read(struct plan *plan)
{
	plan->rounds = (size_t)number_from("BENCH_ROUNDS", 3, 1, MEASURE_ROUNDS_MAX);
	plan->users = (size_t)number_from("BENCH_USERS", 10000, 100, 1000000);
	plan->connections = (size_t)number_from("BENCH_CONNECTIONS", 16, 1, 1000);
	plan->seconds = (double)number_from("BENCH_MS", 2000, 10, 60000) / 1000;
	/* Below the build folder: what is measured must be a disk, and /tmp often is none. */
	snprintf(plan->folder, sizeof(plan->folder), "bench.XXXXXX");
	if (mkdtemp(plan->folder) == NULL)
		measure_die("temporary folder");
}

void
plan_done(const struct plan *plan)
{
	pid_t pid = fork();

	if (pid == 0) {
		execlp("rm", "rm", "-rf", "--", plan->folder, (char *)NULL);
		_exit(127);
	}
	waitpid(pid, NULL, 0);
}

/* ---- requests -------------------------------------------------------------------- */

size_t
server_request(
    const struct server *server, char text[LOAD_REQUEST_MAX], const char *method, const char *path, const char *body)
{
	int length = snprintf(text, LOAD_REQUEST_MAX,
	    "%s %s%s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n%s%sContent-Length: %zu\r\n\r\n%s", method, server->prefix, path,
	    server->port, server->token, *body != '\0' ? TYPE_LINE : "", strlen(body), body);

	return (size_t)length;
}

size_t
server_write_post(void *context, size_t number, char text[LOAD_REQUEST_MAX])
{
	struct server *server = context;
	char body[4096];

	(void)number;
	floor_document(server->posted++, body, sizeof(body));
	return server_request(server, text, "POST", "/Users", body);
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
launch(struct server *server, const struct plan *plan, enum server_kind kind)
{
	int ends[2];

	if (pipe(ends) != 0 || (server->pid = fork()) < 0)
		measure_die("fork");
	if (server->pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		tell_fd = ends[1];
		if (kind == SERVER_OURS)
			our_serve(plan->folder, tell_parent);
		floor_serve(plan->folder, plan->users, kind == SERVER_EACH ? FLOOR_EACH : FLOOR_GROUP, tell_parent);
	}
	close(ends[1]);
	if (read(ends[0], &server->port, sizeof(server->port)) != sizeof(server->port))
		measure_die("start of a server");
	close(ends[0]);
}

static void
start_floor(struct server *server, const struct plan *plan, enum server_kind kind)
{
	server->prefix = "";
	server->before_name = "name=";
	server->after_name = "";
	server->posted = plan->users;
	for (size_t i = 0; i < plan->users; i++)
		floor_id(i, server->ids[i]);
	launch(server, plan, kind);
}

static void
read_token(struct server *server, const char *folder)
{
	char path[128], line[sizeof(server->token) - 2];
	FILE *file;

	snprintf(path, sizeof(path), "%s/authorization", folder);
	file = fopen(path, "re");
	if (file == NULL || fgets(line, sizeof(line), file) == NULL)
		measure_die(path);
	fclose(file);
	snprintf(server->token, sizeof(server->token), "%s\r\n", line);
}

/* The id in the answer to a create: the first member of that name is the resource's own. */
static void
note_id(void *context, size_t number, const char *answer)
{
	static const char member[] = "\"id\":\"";
	struct server *server = context;
	const char *id = strstr(answer, member);

	if (id == NULL || strlen(id) < sizeof(member) + FLOOR_ID_SIZE)
		measure_die("created user without an id");
	memcpy(server->ids[number], id + strlen(member), FLOOR_ID_SIZE - 1);
}

static void
start_ours(struct server *server, const struct plan *plan)
{
	struct load load = { .connections = plan->connections,
		.seconds = 600,
		.requests = plan->users,
		.expect = 201,
		.write = server_write_post,
		.seen = note_id,
		.context = server };
	struct load_result result;

	server->prefix = "/scim/v2";
	server->before_name = "filter=userName%20eq%20%22";
	server->after_name = "%22";
	launch(server, plan, SERVER_OURS);
	read_token(server, plan->folder);
	load.port = server->port;
	result = load_run(&load);
	printf("%zu users created, %.0f/s, %zu refused\n", result.requests, result.per_second, result.bad);
}

void
server_start(struct server *server, const struct plan *plan, enum server_kind kind)
{
	memset(server, 0, sizeof(*server));
	server->users = plan->users;
	server->ids = measure_alloc(plan->users * sizeof(*server->ids));
	if (kind == SERVER_OURS)
		start_ours(server, plan);
	else
		start_floor(server, plan, kind);
}

void
server_stop(struct server *server)
{
	kill(server->pid, SIGTERM);
	waitpid(server->pid, NULL, 0);
	free(server->ids);
}

/* Anonymous memory: file pages are the database's and the kernel's to drop. */
void
server_print_memory(const struct server *server)
{
	char path[64], line[256];
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/status", (int)server->pid);
	file = fopen(path, "re");
	if (file == NULL)
		return;
	while (fgets(line, sizeof(line), file) != NULL) {
		if (strncmp(line, "RssAnon:", 8) == 0)
			printf("ours, memory of its own after this: %s", line + 8);
	}
	fclose(file);
}
