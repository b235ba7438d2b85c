/* SPDX-License-Identifier: ISC */
/*
 * What a good client feels of a crowd: 10,000 silent connections, and 1,000 slow clients that trickle heads and bodies
 * or read no answers, at the SCIM endpoint; and what a silent connection costs, in clear text and over TLS.  The aim
 * is a p99 below 50 ms, on a machine that is not busy otherwise.
 */
#include "tests/bench/measure.h"
#include "tests/bench/request.h"
#include "tests/http/crowd.h"
#include "tests/http/pki.h"

#include "base/mem.h"
#include "http/server.h"

#include <arpa/inet.h>
#include <event2/event.h>
#include <openssl/ssl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define IDLE 10000
#define SLOW 333 /* of each kind */
#define TLS_IDLE 1000
#define TICK_US 100000

/* ---- what is seen from outside ---- */

/* Anonymous memory of a process in KiB. */
static long
memory_of(pid_t pid)
{
	char path[64], line[256];
	long kib = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
	file = fopen(path, "re");
	if (file == NULL)
		measure_die(path);
	while (fgets(line, sizeof(line), file) != NULL)
		if (strncmp(line, "RssAnon:", 8) == 0)
			kib = strtol(line + 8, NULL, 10);
	fclose(file);
	return kib;
}

static void
print_load(void)
{
	double load[1] = { 0 };

	(void)!getloadavg(load, 1);
	printf("load of the machine: %.1f on %ld processors\n", load[0], sysconf(_SC_NPROCESSORS_ONLN));
}

static void
ask_as_good_client(struct server *server, const struct plan *plan, const char *when)
{
	struct load load = { .port = server->port,
		.connections = 1,
		.seconds = plan->seconds * (double)plan->rounds,
		.requests = 400000,
		.expect = 200,
		.write = request_get,
		.context = server };
	struct load_result result = load_run(&load);

	printf("GET by id, one good client, %-42s %7.0f/s  p50 %6.2f ms  p99 %6.2f ms  %zu refused\n", when,
	    result.per_second, result.p50_ms, result.p99_ms, result.bad);
	fflush(stdout);
}

/* ---- the crowd ---- */

/* The slow ones, in a process of their own. */
static pid_t
start_slow(int port)
{
	static const char *const kinds[] = { "heads", "bodies", "deaf" };
	struct crowd *crowds[3];
	pid_t pid = fork();

	if (pid != 0)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (size_t i = 0; i < 3; i++)
		crowds[i] = crowd_open(port, SLOW, kinds[i]);
	for (;;) {
		for (size_t i = 0; i < 3; i++)
			crowd_tick(crowds[i]);
		usleep(TICK_US);
	}
}

static void
run_endpoint(const struct plan *plan)
{
	struct server server;
	struct crowd *idle;
	long before, after;
	pid_t slow;

	server_start(&server, plan, SERVER_OURS);
	ask_as_good_client(&server, plan, "alone");
	before = memory_of(server.pid);
	idle = crowd_open(server.port, IDLE, "idle");
	ask_as_good_client(&server, plan, "beside 10,000 silent connections");
	after = memory_of(server.pid);
	printf("a silent connection in clear text: %ld bytes\n", (after - before) * 1024 / IDLE);
	slow = start_slow(server.port);
	sleep(2);
	ask_as_good_client(&server, plan, "and 1,000 slow clients (aim: p99 below 50)");
	printf("memory beside both: %ld KiB\n", memory_of(server.pid));
	kill(slow, SIGKILL);
	waitpid(slow, NULL, 0);
	crowd_close(idle);
	server_stop(&server);
}

/* ---- TLS ---- */

static void
answer(void *ctx, struct au_http_exchange *x)
{
	(void)ctx;
	au_http_reply(x, 200, "text/plain", "ok", 2);
}

static pid_t
start_tls(const char *folder, int *ret_port)
{
	struct au_http_config config = { .max_head = 16384,
		.max_body = 1 << 20,
		.max_headers = 100,
		.max_connections = 20000,
		.max_per_peer = 20000,
		.head_timeout_ms = 600000,
		.body_timeout_ms = 600000,
		.idle_timeout_ms = 600000,
		.write_timeout_ms = 600000 };
	AU_CLEANUP(au_freep) char *absolute = realpath(folder, NULL);
	AU_CLEANUP(au_freep) char *certificate = au_xasprintf("%s/cert.pem", absolute);
	AU_CLEANUP(au_freep) char *key = au_xasprintf("file:%s/key.pem", absolute);
	struct pki own = pki_make(NULL, "localhost", NULL, 3600);
	struct event_base *base = event_base_new();
	struct au_http_server *server;
	struct au_err err = { 0 };
	pid_t pid;

	pki_write_certificate(&own, certificate);
	pki_write_key(&own, key + strlen("file:"));
	pki_done(&own);
	config.tls_certificate = certificate;
	config.tls_key = key;
	if (au_http_server_new(base, &config, answer, NULL, &server, &err) < 0 ||
	    au_http_listen(server, "127.0.0.1:0", ret_port, &err) < 0)
		measure_die(err.text);
	if ((pid = fork()) == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		event_reinit(base);
		event_base_dispatch(base);
		_exit(0);
	}
	au_http_server_free(server);
	event_base_free(base);
	unlink(certificate);
	unlink(key + strlen("file:"));
	return pid;
}

/* A connection that has had one answer and is silent since. */
static SSL *
ask_over_tls(SSL_CTX *ctx, int port)
{
	static const char request[] = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	SSL *ssl = SSL_new(ctx);
	char buf[1024];

	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof(to)) != 0 || SSL_set_fd(ssl, fd) != 1 ||
	    SSL_connect(ssl) != 1 || SSL_write(ssl, request, sizeof(request) - 1) <= 0 ||
	    SSL_read(ssl, buf, sizeof(buf)) <= 0)
		measure_die("TLS");
	return ssl;
}

static void
run_tls(const struct plan *plan)
{
	SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());
	SSL **all = measure_alloc(TLS_IDLE * sizeof(SSL *));
	double began, took;
	long before, after;
	int port;
	pid_t pid = start_tls(plan->folder, &port);

	SSL_free(ask_over_tls(ctx, port));
	before = memory_of(pid);
	began = measure_now();
	for (size_t i = 0; i < TLS_IDLE; i++)
		all[i] = ask_over_tls(ctx, port);
	took = measure_now() - began;
	after = memory_of(pid);
	printf("a silent connection over TLS: %ld bytes; %.0f full handshakes/s with a client on the same machine\n",
	    (after - before) * 1024 / TLS_IDLE, TLS_IDLE / took);
	for (size_t i = 0; i < TLS_IDLE; i++) {
		close(SSL_get_fd(all[i]));
		SSL_free(all[i]);
	}
	free(all);
	SSL_CTX_free(ctx);
	kill(pid, SIGTERM);
	waitpid(pid, NULL, 0);
}

int
main(int argc, char **argv)
{
	struct plan plan;

	server_main(argc, argv);
	if (crowd_descriptors() < IDLE + 3 * SLOW + 100) {
		printf("skipped: %d descriptors are needed\n", IDLE + 3 * SLOW + 100);
		return 0;
	}
	plan_read(&plan);
	print_load();
	run_endpoint(&plan);
	run_tls(&plan);
	plan_done(&plan);
	return 0;
}
