/* SPDX-License-Identifier: ISC */
/*
 * Connections whose client has the word: it shakes hands, sends a head or a
 * body, reads an answer, or is silent between two requests.  When there is no
 * room for a newcomer, one of them goes.
 */
#ifndef HTTP_WAITING_H
#define HTTP_WAITING_H

#include <stdint.h>
#include <sys/queue.h>

struct au_http_conn;

/* Longest wait first, apart for connections on which a client has proved who it is. */
struct au_http_waiting {
	TAILQ_HEAD(au_http_waiters, au_http_conn) unknown, proven;
};

void au_http_waiting_init(struct au_http_waiting *waiting);
/* The client has the word from now on. */
void au_http_waiting_begin(struct au_http_waiting *waiting, struct au_http_conn *conn);
void au_http_waiting_end(struct au_http_waiting *waiting, struct au_http_conn *conn); /* fine when it does not wait */
/*
 * Who makes room: the unknown one that has been slow for longest; else the known one that has been silent for longest;
 * else an unknown one that could have said something by now.  So a crowd of slow strangers pushes out itself, and who
 * opens connections faster than that costs known clients a silent connection and not their place.  NULL: nobody has
 * waited for long enough.
 */
struct au_http_conn *au_http_waiting_victim(const struct au_http_waiting *waiting, int64_t now_mono);

#endif
