/* SPDX-License-Identifier: ISC */
/* A crowd of clients that do nothing useful, for tests and benchmarks: each comes from one of 200 loopback addresses.
 */
#ifndef TESTS_HTTP_CROWD_H
#define TESTS_HTTP_CROWD_H

#include <stddef.h>

struct crowd;

/* Raise the number of descriptors that this process may have to what it is allowed; returns that number. */
size_t crowd_descriptors(void);

/*
 * Connect count clients to a port of 127.0.0.1: "idle" says nothing; "heads" trickles a head, "bodies" a body, and
 * "deaf" asks on and on and reads no answer.  Exits the process with a message when it cannot.
 */
struct crowd *crowd_open(int port, size_t count, const char *kind);
/* Each client says one octet more ("deaf": one request more).  Who was thrown out comes back. */
void crowd_tick(struct crowd *crowd);
size_t crowd_thrown_out(const struct crowd *crowd); /* how often that was */
void crowd_close(struct crowd *crowd);

#endif
