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
	char folder[64]; /* made by plan_read, removed by plan_done */
};

void plan_read(struct plan *plan);
void plan_done(const struct plan *plan);

enum server_kind { SERVER_GROUP, SERVER_EACH, SERVER_OURS, SERVER_KINDS };

struct server {
	pid_t pid;
	int port;
	const char *prefix;                   /* before /Users */
	const char *before_name, *after_name; /* query that finds a user by name */
	char token[128];                      /* header line, or "" */
	char (*ids)[FLOOR_ID_SIZE];           /* of the users that are there from the start */
	size_t users, posted;
};

/* Start one with plan->users users in it. */
void server_start(struct server *server, const struct plan *plan, enum server_kind kind);
void server_stop(struct server *server);
void server_print_memory(const struct server *server);

/* Write a request; returns its length. */
size_t server_request(
    const struct server *server, char text[LOAD_REQUEST_MAX], const char *method, const char *path, const char *body);
/* A writer for struct load: POST one new user after the other. */
size_t server_write_post(void *server, size_t number, char text[LOAD_REQUEST_MAX]);

#endif
