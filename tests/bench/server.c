/* SPDX-License-Identifier: ISC */
/* The floors are filled directly, ours by POST: the way users always come to it. */
#include "tests/bench/server.h"

#include "tests/bench/measure.h"
#include "tests/bench/our_server.h"
#include "tests/bench/request.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define REST_SECONDS 4 /* after which a store that wrote has given its pages back */

/* ---- plan ------------------------------------------------------------------------ */

static long
number_from(const char *name, long initial, long least, long most)
{
	const char *text = getenv(name);
	long number = text != NULL ? strtol(text, NULL, 10) : initial;

	return number < least ? least : number > most ? most : number;
}

/* Run a command to its end; its output is nobody's concern. */
static void
run(const char *const *words)
{
	pid_t pid = fork();

	if (pid == 0) {
		int nowhere = open("/dev/null", O_RDWR | O_CLOEXEC);

		dup2(nowhere, STDOUT_FILENO);
		dup2(nowhere, STDERR_FILENO);
		execvp(words[0], (char **)words);
		_exit(127);
	}
	waitpid(pid, NULL, 0);
}

/* Without the openssl command there is no certificate, and nothing is measured over TLS. */
static void
make_certificate(const struct plan *plan)
{
	char key[128], certificate[128];
	const char *const words[] = { "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
		"ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=localhost", "-keyout", key,
		"-out", certificate, NULL };

	snprintf(key, sizeof(key), "%s/" SERVER_KEY, plan->folder);
	snprintf(certificate, sizeof(certificate), "%s/" SERVER_CERTIFICATE, plan->folder);
	run(words);
}

void
plan_read(struct plan *plan)
{
	plan->watch = NULL;
	plan->rounds = (size_t)number_from("BENCH_ROUNDS", 3, 1, MEASURE_ROUNDS_MAX);
	plan->users = (size_t)number_from("BENCH_USERS", 10000, 100, 1000000);
	plan->connections = (size_t)number_from("BENCH_CONNECTIONS", 16, 1, 1000);
	plan->seconds = (double)number_from("BENCH_MS", 2000, 10, 60000) / 1000;
	/* Below the build folder: what is measured must be a disk, and /tmp often is none. */
	snprintf(plan->folder, sizeof(plan->folder), "bench.XXXXXX");
	if (mkdtemp(plan->folder) == NULL)
		measure_die("temporary folder");
	make_certificate(plan);
}

void
plan_done(const struct plan *plan)
{
	const char *const words[] = { "rm", "-rf", "--", plan->folder, NULL };

	run(words);
}

/* ---- servers --------------------------------------------------------------------- */

#define TELL_FD 3

/* What a server says once it listens.  Its process may be the child of a tool that watches it. */
struct hello {
	int port, tls_port;
	pid_t pid;
};

static void
tell_parent(int port, int tls_port)
{
	struct hello hello = { port, tls_port, getpid() };

	if (write(TELL_FD, &hello, sizeof(hello)) != sizeof(hello))
		measure_die("pipe");
}

void
server_main(int argc, char **argv)
{
	enum server_kind kind;

	if (argc != 5 || strcmp(argv[1], "--serve") != 0)
		return;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	kind = (enum server_kind)strtol(argv[2], NULL, 10);
	if (kind == SERVER_OURS)
		our_serve(argv[3], tell_parent);
	floor_serve(argv[3], strtoul(argv[4], NULL, 10), kind == SERVER_EACH ? FLOOR_EACH : FLOOR_GROUP, tell_parent);
}

/* A program of its own, so that its memory is nobody else's; WATCH_MAX words of a tool may stand before it. */
static _Noreturn void
become_server(const struct plan *plan, enum server_kind kind)
{
	char kind_text[8], users[24], self[4096] = "", *words[WATCH_MAX + 6];
	size_t count = 0;

	for (; plan->watch != NULL && count < WATCH_MAX && plan->watch[count] != NULL; count++)
		words[count] = (char *)plan->watch[count];
	if (readlink("/proc/self/exe", self, sizeof(self) - 1) < 0)
		measure_die("/proc/self/exe");
	snprintf(kind_text, sizeof(kind_text), "%d", (int)kind);
	snprintf(users, sizeof(users), "%zu", plan->users);
	words[count++] = self;
	words[count++] = (char *)"--serve";
	words[count++] = kind_text;
	words[count++] = (char *)plan->folder;
	words[count++] = users;
	words[count] = NULL;
	execvp(words[0], words);
	measure_die(words[0]);
}

static void
launch(struct server *server, const struct plan *plan, enum server_kind kind)
{
	struct hello hello;
	int ends[2];

	if (pipe(ends) != 0 || (server->tool_pid = fork()) < 0)
		measure_die("fork");
	if (server->tool_pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (ends[1] != TELL_FD && dup2(ends[1], TELL_FD) < 0)
			measure_die("pipe");
		become_server(plan, kind);
	}
	close(ends[1]);
	if (read(ends[0], &hello, sizeof(hello)) != sizeof(hello))
		measure_die("start of a server");
	close(ends[0]);
	server->port = hello.port;
	server->tls_port = hello.tls_port;
	server->pid = hello.pid;
}

static void
end_process(struct server *server)
{
	kill(server->pid, SIGTERM);
	waitpid(server->tool_pid, NULL, 0);
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
start_process(struct server *server, const struct plan *plan)
{
	launch(server, plan, server->kind);
	if (server->kind == SERVER_OURS)
		read_token(server, plan->folder);
}

static void
name_ours(struct server *server)
{
	server->prefix = "/scim/v2";
	server->before_name = "filter=userName%20eq%20%22";
	server->after_name = "%22";
}

static void
start_ours(struct server *server, const struct plan *plan)
{
	struct load load = { .connections = plan->connections,
		.seconds = 600,
		.requests = plan->users,
		.expect = 201,
		.write = request_post,
		.seen = note_id,
		.context = server };
	struct load_result result;

	name_ours(server);
	start_process(server, plan);
	load.port = server->port;
	result = load_run(&load);
	printf("%zu users created, %.0f/s, %zu refused\n", result.requests, result.per_second, result.bad);
}

void
server_start(struct server *server, const struct plan *plan, enum server_kind kind)
{
	memset(server, 0, sizeof(*server));
	server->kind = kind;
	server->users = plan->users;
	server->ids = measure_alloc(plan->users * sizeof(*server->ids));
	if (kind == SERVER_OURS)
		start_ours(server, plan);
	else
		start_floor(server, plan, kind);
}

void
server_start_filled(struct server *server, const struct plan *plan)
{
	memset(server, 0, sizeof(*server));
	server->kind = SERVER_OURS;
	server->users = server->posted = plan->users;
	server->ids = measure_alloc(plan->users * sizeof(*server->ids));
	for (size_t i = 0; i < plan->users; i++)
		floor_id(i, server->ids[i]);
	name_ours(server);
	start_process(server, plan);
}

void
server_restart(struct server *server, const struct plan *plan)
{
	end_process(server);
	start_process(server, plan);
}

void
server_stop(struct server *server)
{
	end_process(server);
	free(server->ids);
}

/* Anonymous memory: file pages are the database's and the kernel's to drop. */
double
server_cpu(const struct server *server)
{
	struct timespec spent;
	clockid_t clock;

	if (clock_getcpuclockid(server->pid, &clock) != 0 || clock_gettime(clock, &spent) != 0)
		return 0;
	return (double)spent.tv_sec + (double)spent.tv_nsec / 1e9;
}

void
server_print_memory(const struct server *server)
{
	char path[64], line[256];
	FILE *file;

	sleep(REST_SECONDS);
	snprintf(path, sizeof(path), "/proc/%d/status", (int)server->pid);
	file = fopen(path, "re");
	if (file == NULL)
		return;
	while (fgets(line, sizeof(line), file) != NULL) {
		if (strncmp(line, "RssAnon:", 8) == 0)
			printf("ours, memory of its own after this: %s", line + 8);
		if (strncmp(line, "VmRSS:", 6) == 0)
			printf("ours, with file pages that are mapped: %s", line + 6);
	}
	fclose(file);
}
