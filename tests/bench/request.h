/* SPDX-License-Identifier: ISC */
/* What is asked of the servers, theirs and ours alike: writers for struct load, whose context is a struct server. */
#ifndef BENCH_REQUEST_H
#define BENCH_REQUEST_H

#include "tests/bench/server.h"

/* Write any request; returns its length. */
size_t request_put(
    const struct server *server, char text[LOAD_REQUEST_MAX], const char *method, const char *path, const char *body);

size_t request_plain(void *server, size_t number, char text[LOAD_REQUEST_MAX]);  /* 1 KiB from memory */
size_t request_get(void *server, size_t number, char text[LOAD_REQUEST_MAX]);    /* a user by id */
size_t request_filter(void *server, size_t number, char text[LOAD_REQUEST_MAX]); /* a user by name */
size_t request_post(void *server, size_t number, char text[LOAD_REQUEST_MAX]);   /* one new user after the other */
size_t request_patch(void *server, size_t number, char text[LOAD_REQUEST_MAX]);  /* active, to and fro */

#endif
