/* SPDX-License-Identifier: ISC */
/* Each wait begins at the end of a list, so that the lists are in order without sorting. */
#include "http/waiting.h"

#include "base/clock.h"
#include "http/conn.h"

#define SLOW_MS 2000  /* more than a handshake and a head take on a bad line */
#define SILENT_MS 500 /* a known client that goes on asking has not finished */
#define FRESH_MS 200  /* before that nobody can be called slow */

void
au_http_waiting_init(struct au_http_waiting *waiting)
{
	TAILQ_INIT(&waiting->unknown);
	TAILQ_INIT(&waiting->proven);
}

static struct au_http_waiters *
list_of(struct au_http_waiting *waiting, const struct au_http_conn *conn)
{
	return conn->waits_as_proven ? &waiting->proven : &waiting->unknown;
}

void
au_http_waiting_begin(struct au_http_waiting *waiting, struct au_http_conn *conn)
{
	au_http_waiting_end(waiting, conn);
	conn->is_waiting = true;
	conn->waits_as_proven = conn->proven;
	conn->waiting_since = au_clock_mono_ms();
	TAILQ_INSERT_TAIL(list_of(waiting, conn), conn, waiting);
}

void
au_http_waiting_end(struct au_http_waiting *waiting, struct au_http_conn *conn)
{
	if (!conn->is_waiting)
		return;
	TAILQ_REMOVE(list_of(waiting, conn), conn, waiting);
	conn->is_waiting = false;
}

/* The first of a list, when it has waited for that long. */
static struct au_http_conn *
first_since(const struct au_http_waiters *list, int64_t since_mono)
{
	struct au_http_conn *conn = TAILQ_FIRST(list);

	return conn != NULL && conn->waiting_since <= since_mono ? conn : NULL;
}

struct au_http_conn *
au_http_waiting_victim(const struct au_http_waiting *waiting, int64_t now_mono)
{
	struct au_http_conn *conn = first_since(&waiting->unknown, now_mono - SLOW_MS);

	if (conn == NULL)
		conn = first_since(&waiting->proven, now_mono - SILENT_MS);
	if (conn == NULL)
		conn = first_since(&waiting->unknown, now_mono - FRESH_MS);
	return conn;
}
