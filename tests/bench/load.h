/* SPDX-License-Identifier: ISC */
/* A load generator: a fixed number of keep-alive connections to 127.0.0.1, one request in flight on each. */
#ifndef BENCH_LOAD_H
#define BENCH_LOAD_H

#include <stdbool.h>
#include <stddef.h>

#define LOAD_REQUEST_MAX (1u << 20)

struct load {
	int port;
	bool tls; /* the port speaks TLS; whose certificate it is does not matter */
	size_t connections;
	double seconds;  /* ends after this long ... */
	size_t requests; /* ... or after so many requests */
	size_t first;    /* number of the first request */
	int expect;      /* status of a good answer; 0: any of 200 to 299 */
	/* Write request number `number` as the wire wants it; returns its length. */
	size_t (*write)(void *context, size_t number, char request[LOAD_REQUEST_MAX]);
	/* Look at the answer to request `number`, head and body as text; NULL when nobody wants to. */
	void (*seen)(void *context, size_t number, const char *answer);
	void *context;
};

struct load_result {
	size_t requests, bad; /* bad: another status */
	double per_second, p50_ms, p99_ms;
};

/* Exits with a message when a connection breaks or nothing answers for ten seconds. */
struct load_result load_run(const struct load *load);

#endif
