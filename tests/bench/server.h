/* SPDX-License-Identifier: ISC */
/* The servers that a benchmark runs, each in a process of its own, and what a request to one looks like. */
#ifndef BENCH_SERVER_H
#define BENCH_SERVER_H

#include "tests/bench/floor_server.h"
#include "tests/bench/load.h"

#include <stddef.h>
#include <sys/types.h>

/* How much is run; from the environment, see bench.am. */
struct plan {
	size_t rounds, users, connections;
	double seconds;
	char folder[64];          /* made by plan_read, removed by plan_done */
	const char *const *watch; /* words of a tool under which servers run, NULL-terminated; NULL = none */
};

void plan_read(struct plan *plan);
void plan_done(const struct plan *plan);

enum server_kind { SERVER_GROUP, SERVER_EACH, SERVER_OURS, SERVER_KINDS };

/* In the plan's folder, PEM. */
#define SERVER_KEY "tls.key"
#define SERVER_CERTIFICATE "tls.crt"

#define WATCH_MAX 8 /* words of plan->watch */

struct server {
	enum server_kind kind;
	pid_t pid, tool_pid;                  /* the same, unless a tool runs it */
	int port, tls_port;                   /* tls_port 0: no TLS */
	const char *prefix;                   /* before /Users */
	const char *before_name, *after_name; /* query that finds a user by name */
	char token[128];                      /* header line, or "" */
	char (*ids)[FLOOR_ID_SIZE];           /* of the users that are there from the start */
	size_t users, posted;
};

/* First thing in main: the program starts itself again for each server, and then this does not return. */
void server_main(int argc, char **argv);
/* Start one with plan->users users in it. */
void server_start(struct server *server, const struct plan *plan, enum server_kind kind);
/* Ours, on a store that our_fill has filled with as many. */
void server_start_filled(struct server *server, const struct plan *plan);
/* End its process and start another one on what it has stored, as plan->watch says now. */
void server_restart(struct server *server, const struct plan *plan);
void server_stop(struct server *server);
double server_cpu(const struct server *server);        /* seconds that all its threads have run */
void server_print_memory(const struct server *server); /* after a short rest */

#endif
