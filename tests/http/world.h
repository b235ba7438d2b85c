/* SPDX-License-Identifier: ISC */
/* A server on loopback with a handler that shows what it got, and a client of bare sockets, both on one loop. */
#ifndef TESTS_HTTP_WORLD_H
#define TESTS_HTTP_WORLD_H

#include "http/server.h"

#include <event2/event.h>

#define WORLD_HELD 16

struct world {
	struct event_base *base;
	struct event *tick;
	struct au_http_server *server;
	int port;
	unsigned handled;                          /* requests that reached the handler */
	struct au_http_exchange *held[WORLD_HELD]; /* those to /later */
	size_t held_count;
	struct au_str records; /* "METHOD TARGET STATUS BYTES CLIENT PEER ID" and a newline for each request */
};

/* Limits that never are in the way. */
struct au_http_config world_config(void);
void world_start(struct world *w, const struct au_http_config *config);
void world_stop(struct world *w);
void world_turn(struct world *w);                         /* one short turn of the loop */
void world_reply_held(struct world *w, const char *body); /* the oldest */

/*
 * The handler: /echo answers "METHOD PATH?QUERY BODY"; /later is held; /big answers WORLD_BIG octets of 'x';
 * /large answers WORLD_LARGE octets, the last one 'z'; /fields tries to set good and bad fields; /peer tells who asks;
 * /known answers as echo to a client whom it calls "okta"; /certificate shows the client's ("nobody"); /secret answers
 * with au_http_reply_secret.
 */
#define WORLD_BIG (8u << 20)
#define WORLD_LARGE 20000u

int client_open(struct world *w);
int client_open_unix(const char *path);
void client_send(int fd, const char *text);
void client_sendn(int fd, const void *data, size_t len);
/* Everything up to the end of the connection, or up to the n-th answer's needle.  Caller frees. */
char *client_read_all(struct world *w, int fd);
char *client_read_until(struct world *w, int fd, const char *needle);
/* Open, send, read all, close. */
char *client_talk(struct world *w, const char *text);
int client_status(const char *answer); /* of the first answer; 0 when there is none */
unsigned client_count(const char *text, const char *needle);

#endif
