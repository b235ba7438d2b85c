/* SPDX-License-Identifier: ISC */
/* From an accepted socket to a connection, or to the door. */
#include "base/clock.h"
#include "base/mem.h"
#include "http/instance.h"

#include <event2/bufferevent.h>
#include <event2/bufferevent_ssl.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

static void
learn_peer(struct au_http_conn *conn, int fd, const struct sockaddr *address)
{
	struct ucred cred;
	socklen_t len = sizeof(cred);

	conn->address = au_net_address_of(address);
	if (address->sa_family == AF_UNIX && getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &cred, &len) == 0) {
		conn->has_uid = true;
		conn->uid = cred.uid;
		conn->gid = cred.gid;
	}
	/* A proxy is many clients. */
	if (!au_http_proxies_have(&conn->server->proxies, &conn->address))
		au_http_peer_key(&conn->address, conn->uid, conn->peer_key);
}

/* Whether there is room for one more connection, or whether one can make room. */
static bool
find_room(struct au_http_server *server)
{
	struct au_http_conn *victim;

	if (server->conn_count < server->config.max_connections)
		return true;
	victim = au_http_waiting_victim(&server->waiting, au_clock_mono_ms());
	if (victim == NULL)
		return false;
	server->counters.gave_way++;
	au_http_conn_free(victim);
	return true;
}

/* A peer that holds its share already pushes nobody out. */
static bool
is_welcome(struct au_http_server *server, const struct au_http_conn *conn, bool tls)
{
	bool counted = conn->peer_key[0] != '\0';

	if (tls && counted && !au_http_handshakes_may(server->handshakes, conn->peer_key, au_clock_mono_ms()))
		return false;
	if (counted && !au_http_peers_take(server->peers, conn->peer_key, server->config.max_per_peer))
		return false;
	if (find_room(server))
		return true;
	if (counted)
		au_http_peers_release(server->peers, conn->peer_key);
	return false;
}

/* No state is kept for those beyond the cap: they get a line if it can be sent at once. */
static void
turn_away(bool tls, int fd)
{
	static const char text[] = "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nContent-Length: 0\r\n"
				   "Connection: close\r\n\r\n";
	char unread[4096];

	if (!tls) {
		/* What lies unread at close would turn the close into a reset that overtakes the answer. */
		(void)!recv(fd, unread, sizeof(unread), MSG_DONTWAIT);
		(void)!send(fd, text, sizeof(text) - 1, MSG_DONTWAIT | MSG_NOSIGNAL);
	}
	close(fd);
}

static struct bufferevent *
open_bufferevent(struct au_http_conn *conn, bool tls, int fd)
{
	struct au_http_server *server = conn->server;

	if (!tls)
		return bufferevent_socket_new(server->base, fd, BEV_OPT_CLOSE_ON_FREE);
	conn->ssl = SSL_new(server->tls.ctx);
	if (conn->ssl == NULL)
		return NULL;
	conn->bev = bufferevent_openssl_socket_new(
	    server->base, fd, conn->ssl, BUFFEREVENT_SSL_ACCEPTING, BEV_OPT_CLOSE_ON_FREE);
	if (conn->bev == NULL)
		SSL_free(conn->ssl);
	else
		bufferevent_openssl_set_allow_dirty_shutdown(conn->bev, 1);
	return conn->bev;
}

void
au_http_conn_accept(struct au_http_server *server, int fd, const struct sockaddr *address)
{
	struct au_http_conn *conn = au_xcalloc(1, sizeof(*conn));
	/* What is said on a unix socket stays on this machine. */
	bool tls = server->tls.ctx != NULL && address->sa_family != AF_UNIX;

	conn->server = server;
	learn_peer(conn, fd, address);
	if (!is_welcome(server, conn, tls)) {
		server->counters.turned_away++;
		turn_away(tls, fd);
		free(conn);
		return;
	}
	conn->bev = open_bufferevent(conn, tls, fd);
	if (conn->bev == NULL) {
		if (conn->peer_key[0] != '\0')
			au_http_peers_release(server->peers, conn->peer_key);
		close(fd);
		free(conn);
		return;
	}
	server->counters.accepted++;
	au_http_conn_start(conn);
}
