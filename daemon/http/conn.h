/* SPDX-License-Identifier: ISC */
/* One connection: requests come in one after another, each answered before the next is looked at. */
#ifndef HTTP_CONN_H
#define HTTP_CONN_H

#include "base/net.h"
#include "http/chunk.h"
#include "http/peers.h"
#include "http/server.h"

#include <openssl/ssl.h>
#include <sys/queue.h>

struct au_http_answer;

enum au_http_conn_state {
	AU_CONN_HEAD,   /* a head is awaited or arriving */
	AU_CONN_BODY,   /* the body is arriving; exchange is ours */
	AU_CONN_BUSY,   /* the handler has the exchange */
	AU_CONN_WRITE,  /* the answer is going out */
	AU_CONN_LINGER, /* answered and closed for writing; input is thrown away until the client has seen that */
	AU_CONN_DEAD,   /* to be freed as soon as nobody on the stack uses it */
};

struct au_http_conn {
	LIST_ENTRY(au_http_conn) entry;
	struct au_http_server *server;
	struct bufferevent *bev;
	SSL *ssl;                                /* NULL = clear text; belongs to bev */
	unsigned generation;                     /* of its server's when it began */
	struct au_http_certificate *certificate; /* of the client; NULL = none */
	bool shaken;                             /* the handshake of TLS is done */
	bool proven;                             /* a client was recognised on it */
	bool is_waiting;                         /* it is in a list of the server's waiting (waiting.h) */
	bool waits_as_proven;                    /* which of them */
	TAILQ_ENTRY(au_http_conn) waiting;
	int64_t waiting_since; /* monotonic */
	struct event *deadline;
	enum au_http_conn_state state;
	bool idle;        /* between two requests: the deadline is the idle time */
	bool keep_alive;  /* once the answer is out */
	bool peer_closed; /* for its writing; it may still read */
	bool working;     /* conn_work is on the stack */
	size_t scanned;   /* of the input, in search of the head's end */
	struct au_http_exchange *exchange;
	struct au_http_chunk chunk;
	struct evbuffer *chunked_body;
	struct au_net_address address;    /* of the other end */
	char peer_key[AU_HTTP_PEER_SIZE]; /* "": it is not counted */
	bool has_uid;
	uid_t uid;
	gid_t gid;
};

/* Take an accepted socket over: refuse it when there are too many, else serve it. */
void au_http_conn_accept(struct au_http_server *server, int fd, const struct sockaddr *address);
/* Enter it among its server's and begin to read.  bev and the members about the peer are set. */
void au_http_conn_start(struct au_http_conn *conn);
/* Send the answer of the running exchange, which the caller frees afterwards.  Its last members are filled here. */
void au_http_conn_answer(struct au_http_conn *conn, struct au_http_answer *answer);
/* End it now unless a request is being handled; that one's answer will then be the last. */
void au_http_conn_stop(struct au_http_conn *conn);
void au_http_conn_free(struct au_http_conn *conn);

#endif
