/* SPDX-License-Identifier: ISC */
/* Requests to the daemon over its control socket. */
#ifndef CTL_CLIENT_H
#define CTL_CLIENT_H

#include "base/json.h"

struct au_client;

struct au_client *au_client_new(const char *socket);
struct au_client *au_client_again(const struct au_client *client); /* one more to the same socket, for use meanwhile */
void au_client_free(struct au_client *client);                     /* NULL is fine */

/* A path from a format in which every %s is one segment or value and is percent-encoded.  Caller frees. */
char *au_client_path(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/*
 * One request; body (NULL = none) is lent.  The answer's JSON is the caller's.
 * The error is the daemon's own when it sent one; AU_EIO when it cannot be reached, AU_EPROTO for what is no answer of
 * its kind, AU_ELIMIT beyond 256 MiB.
 */
int au_client_call(struct au_client *client, const char *method, const char *path, const json_t *body, json_t **ret,
    struct au_err *err);
/* The same, calling tick about twice a second while the answer is awaited. */
int au_client_call_watched(struct au_client *client, const char *method, const char *path, const json_t *body,
    void (*tick)(void *ctx), void *ctx, json_t **ret, struct au_err *err);

#endif
