/* SPDX-License-Identifier: ISC */
/* The endpoint on loopback over a real store in a folder of its own, and a client that shares its event loop. */
#ifndef TESTS_SCIM_SERVE_H
#define TESTS_SCIM_SERVE_H

#include "tests/scim/help.h"

#include "base/map.h"
#include "base/secret.h"
#include "scim/scim.h"

#include <event2/event.h>

#define SERVE_BASE "https://scim.example.com/scim/v2"

struct serve {
	char *folder;
	const char *more_clients, *more_scim; /* for the next serve_reload; NULL = none */
	struct event_base *base;
	struct event *tick;
	struct au_settings *settings;
	struct au_store *store;
	struct au_http_server *server;
	struct au_scim *scim;
	int port;
	struct au_map *tokens; /* client -> struct au_secret */
	struct au_arena *arena;
	unsigned changed; /* calls of the changed event */
	const char *cache_folder; /* of the next configuration */
	unsigned cache_told;      /* calls of the cache event */
};

/*
 * Clients "okta", "entra", "slow" (2 requests per second), "wary" (takes no passwords, sees no accounts) and "p-NAME"
 * for every profile NAME, with a token each; limits: 5 results, 20 operations, 10,000 in a Bulk of 4 MiB.
 */
int serve_start(void **state);
/* The same with more sections in the configuration. */
int serve_start_with(void **state, const char *sections);
/* And with more clients, each written ", { ... }". */
int serve_start_for(void **state, const char *clients, const char *sections);
/* The configuration that serve_start_with makes of these sections, with further options of `scim`. */
struct au_settings *serve_settings(struct serve *s, const char *sections, const char *scim);
extern const unsigned char serve_key[32];
/* Take a new configuration over as a reload does: the one that serve_start_with makes of these sections. */
void serve_reload(struct serve *s, const char *sections);
int serve_stop(void **state);

struct answer {
	int status;
	char *head;   /* status line and fields */
	char *text;   /* body */
	json_t *body; /* NULL when there is none */
};
/* Everything lives in the arena of serve.  Single quotes in body become double ones; NULL = no body. */
struct answer ask(struct serve *s, const char *client, const char *method, const char *path, const char *body);
/* With more header lines, each ending with CRLF; client NULL sends no token. */
struct answer ask_with(
    struct serve *s, const char *client, const char *fields, const char *method, const char *path, const char *body);
/* The same in two halves, for requests side by side. */
int ask_begin(
    struct serve *s, const char *client, const char *fields, const char *method, const char *path, const char *body);
struct answer ask_end(struct serve *s, int fd);
/* The first half with a request as it stands; it must ask for "Connection: close". */
int ask_bytes(struct serve *s, const char *data, size_t len);

/* Value of a field of an answer; NULL when absent.  In the arena. */
const char *field_of(struct serve *s, const struct answer *answer, const char *name);
/* A text member of an answer's body. */
const char *text_of(const struct answer *answer, const char *name);
/* Whether have holds everything that want holds: members of objects, lists in full; null in want means absent. */
bool holds(const json_t *have, const json_t *want);

/* Fail the test unless the answer has this status and holds want (NULL = anything). */
void expect(const struct answer *answer, int status, struct serve *s, const char *want);
/* Ask as "okta" and expect. */
struct answer check(
    struct serve *s, const char *method, const char *path, const char *body, int status, const char *want);
/* A further token of a client, by which `ask` knows it as name; scopes may be NULL. */
void serve_token(struct serve *s, const char *name, const char *client, const char *scopes);
const char *make_user(struct serve *s, const char *name); /* its id */
const char *path_of(struct serve *s, const char *endpoint, const char *id);
/* How often the store is read for a good GET by "okta", whose answer holds want (NULL = anything). */
unsigned long long reads_of(struct serve *s, const char *path, const char *want);

#endif
