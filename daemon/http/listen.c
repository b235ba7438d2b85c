/* SPDX-License-Identifier: ISC */
/*
 * Listening sockets.  A unix socket is made with its final mode, so that
 * nobody slips in between bind and chmod; a dead one in its place is replaced,
 * one that answers is somebody else's.
 */
#include "base/mem.h"
#include "http/instance.h"

#include <errno.h>
#include <event2/event.h>
#include <event2/listener.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define BACKLOG 1024
#define ACCEPT_PAUSE_MS 200 /* when file descriptors have run out */

struct au_http_listener {
	LIST_ENTRY(au_http_listener) entry;
	struct au_http_server *server;
	struct evconnlistener *events;
	struct event *resume;
	char *path; /* of our unix socket, to be removed; NULL otherwise */
	dev_t device;
	ino_t inode;
};

static void
closep(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

static void
on_accept(struct evconnlistener *events, evutil_socket_t fd, struct sockaddr *address, int len, void *ctx)
{
	struct au_http_listener *listener = ctx;

	(void)events;
	(void)len;
	au_http_conn_accept(listener->server, fd, address);
}

/* Without the pause the loop would spin on a connection that cannot be accepted. */
static void
on_accept_error(struct evconnlistener *events, void *ctx)
{
	struct au_http_listener *listener = ctx;
	struct timeval tv = { .tv_usec = ACCEPT_PAUSE_MS * 1000 };

	evconnlistener_disable(events);
	event_add(listener->resume, &tv);
}

static void
on_resume(evutil_socket_t fd, short what, void *ctx)
{
	struct au_http_listener *listener = ctx;

	(void)fd;
	(void)what;
	evconnlistener_enable(listener->events);
}

/* Serve an already bound socket.  Takes it from *fd. */
static int
add_listener(struct au_http_server *server, int *fd, struct au_http_listener **ret, struct au_err *err)
{
	struct au_http_listener *listener = au_xcalloc(1, sizeof(*listener));

	listener->server = server;
	listener->events = evconnlistener_new(
	    server->base, on_accept, listener, LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC, BACKLOG, *fd);
	if (listener->events == NULL) {
		free(listener);
		return au_fail(err, AU_EIO, "listen: %s", strerror(errno));
	}
	*fd = -1;
	evconnlistener_set_error_cb(listener->events, on_accept_error);
	listener->resume = evtimer_new(server->base, on_resume, listener);
	LIST_INSERT_HEAD(&server->listeners, listener, entry);
	if (ret != NULL)
		*ret = listener;
	return 0;
}

static bool
is_same_socket(const struct au_http_listener *listener)
{
	struct stat st;

	return lstat(listener->path, &st) == 0 && st.st_dev == listener->device && st.st_ino == listener->inode;
}

void
au_http_listener_free(struct au_http_listener *listener)
{
	LIST_REMOVE(listener, entry);
	if (listener->path != NULL && is_same_socket(listener))
		unlink(listener->path);
	event_free(listener->resume);
	evconnlistener_free(listener->events);
	free(listener->path);
	free(listener);
}

/* ---- TCP ---- */

static int
set_flag(int fd, int level, int option)
{
	int on = 1;

	return setsockopt(fd, level, option, &on, sizeof(on));
}

static int
read_port(int fd)
{
	/* The port of an IPv4 address stands in the same place. */
	struct sockaddr_in6 address = { 0 };
	socklen_t len = sizeof(address);

	if (getsockname(fd, (struct sockaddr *)&address, &len) < 0)
		return 0;
	return ntohs(address.sin6_port);
}

static void
free_addresses(struct addrinfo **list)
{
	if (*list != NULL)
		freeaddrinfo(*list);
}

/* Numbers only: no name is looked up. */
static int
parse_address(const char *text, struct addrinfo **ret, struct au_err *err)
{
	static const struct addrinfo hints = { .ai_socktype = SOCK_STREAM,
		.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE };
	AU_CLEANUP(au_freep) char *host = au_xstrdup(text);
	char *colon = strrchr(host, ':'), *name = host;
	char *end = NULL;
	long port = -1;

	if (colon != NULL) {
		*colon = '\0';
		port = strspn(colon + 1, "0123456789") > 0 ? strtol(colon + 1, &end, 10) : -1;
		if (host[0] == '[' && colon[-1] == ']') {
			colon[-1] = '\0';
			name = host + 1;
		}
	}
	if (port < 0 || port > 65535 || *end != '\0' || *name == '\0' || (name == host && strchr(name, ':') != NULL) ||
	    getaddrinfo(name, colon + 1, &hints, ret) != 0)
		return au_fail(err, AU_EINVAL, "listen '%s': expected ADDRESS:PORT or [ADDRESS]:PORT in numbers", text);
	return 0;
}

int
au_http_listen(struct au_http_server *server, const char *address, int *ret_port, struct au_err *err)
{
	AU_CLEANUP(free_addresses) struct addrinfo *parsed = NULL;
	AU_CLEANUP(closep) int fd = -1;
	int rc, port;

	if ((rc = parse_address(address, &parsed, err)) < 0)
		return rc;
	fd = socket(parsed->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0 || set_flag(fd, SOL_SOCKET, SO_REUSEADDR) < 0 || set_flag(fd, IPPROTO_TCP, TCP_NODELAY) < 0 ||
	    (parsed->ai_family == AF_INET6 && set_flag(fd, IPPROTO_IPV6, IPV6_V6ONLY) < 0) ||
	    bind(fd, parsed->ai_addr, parsed->ai_addrlen) < 0)
		return au_fail(err, AU_EIO, "listen '%s': %s", address, strerror(errno));
	port = read_port(fd);
	rc = add_listener(server, &fd, NULL, err);
	if (rc == 0 && ret_port != NULL)
		*ret_port = port;
	return rc;
}

/* ---- unix ---- */

/* Make way for a socket at path. */
static int
remove_stale(const struct sockaddr_un *address, struct au_err *err)
{
	AU_CLEANUP(closep) int fd = -1;
	struct stat st;

	if (lstat(address->sun_path, &st) < 0)
		return 0;
	if (!S_ISSOCK(st.st_mode))
		return au_fail(err, AU_EEXIST, "'%s' is there and is no socket", address->sun_path);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (connect(fd, (const struct sockaddr *)address, sizeof(*address)) == 0 || errno != ECONNREFUSED)
		return au_fail(err, AU_EBUSY, "'%s': another process listens there", address->sun_path);
	if (unlink(address->sun_path) < 0)
		return au_fail(err, AU_EIO, "'%s': %s", address->sun_path, strerror(errno));
	return 0;
}

int
au_http_listen_unix(struct au_http_server *server, const char *path, mode_t mode, struct au_err *err)
{
	AU_CLEANUP(closep) int fd = -1;
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	struct au_http_listener *listener;
	struct stat st;
	int rc;

	if (strlen(path) >= sizeof(address.sun_path))
		return au_fail(err, AU_EINVAL, "'%s': too long for the path of a socket", path);
	memcpy(address.sun_path, path, strlen(path) + 1);
	if ((rc = remove_stale(&address, err)) < 0)
		return rc;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	/* Linux gives the file the mode of the socket, less the umask; chmod then gives back what the umask took. */
	if (fd < 0 || fchmod(fd, mode) < 0 || bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0 ||
	    chmod(path, mode) < 0 || lstat(path, &st) < 0)
		return au_fail(err, AU_EIO, "'%s': %s", path, strerror(errno));
	rc = add_listener(server, &fd, &listener, err);
	if (rc < 0)
		return rc;
	listener->path = au_xstrdup(path);
	listener->device = st.st_dev;
	listener->inode = st.st_ino;
	return 0;
}

int
au_http_listen_fd(struct au_http_server *server, int fd, struct au_err *err)
{
	AU_CLEANUP(closep) int taken = fd;
	struct sockaddr_storage address = { 0 };
	socklen_t len = sizeof(address);

	if (getsockname(fd, (struct sockaddr *)&address, &len) < 0 || evutil_make_socket_nonblocking(fd) < 0 ||
	    evutil_make_socket_closeonexec(fd) < 0 ||
	    (address.ss_family != AF_UNIX && set_flag(fd, IPPROTO_TCP, TCP_NODELAY) < 0))
		return au_fail(err, AU_EIO, "listening socket %d: %s", fd, strerror(errno));
	return add_listener(server, &taken, NULL, err);
}
