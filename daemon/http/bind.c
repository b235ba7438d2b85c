/* SPDX-License-Identifier: ISC */
/* A unix socket is made with its final mode, so that nobody slips in between bind and chmod. */
#include "http/bind.h"

#include "base/mem.h"

#include <errno.h>
#include <event2/util.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

void
au_http_bind_closep(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

static int
hand_out(int *fd, int *ret)
{
	*ret = *fd;
	*fd = -1;
	return 0;
}

/* ---- what a socket is ---- */

static struct sockaddr_storage
address_of(int fd)
{
	struct sockaddr_storage address = { .ss_family = AF_UNSPEC };
	socklen_t len = sizeof(address);

	(void)getsockname(fd, (struct sockaddr *)&address, &len);
	return address;
}

bool
au_http_bind_is_unix(int fd)
{
	return address_of(fd).ss_family == AF_UNIX;
}

bool
au_http_bind_is_local(int fd)
{
	struct sockaddr_storage address = address_of(fd);
	const struct sockaddr_in *v4 = (const struct sockaddr_in *)&address;
	const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)&address;

	if (address.ss_family == AF_INET)
		return ntohl(v4->sin_addr.s_addr) >> 24 == IN_LOOPBACKNET;
	return address.ss_family == AF_UNIX || (address.ss_family == AF_INET6 && IN6_IS_ADDR_LOOPBACK(&v6->sin6_addr));
}

int
au_http_bind_port(int fd)
{
	struct sockaddr_storage address = address_of(fd);

	/* The port of an IPv4 address stands in the same place. */
	return address.ss_family == AF_UNIX ? 0 : ntohs(((const struct sockaddr_in6 *)&address)->sin6_port);
}

/* ---- TCP ---- */

void
au_http_bind_text(int fd, struct au_str *out)
{
	struct sockaddr_storage address = address_of(fd);
	char host[INET6_ADDRSTRLEN] = "";

	if (address.ss_family == AF_UNIX) {
		au_str_printf(out, "unix:%s", ((const struct sockaddr_un *)&address)->sun_path);
		return;
	}
	(void)getnameinfo(
	    (const struct sockaddr *)&address, sizeof(address), host, sizeof(host), NULL, 0, NI_NUMERICHOST);
	au_str_printf(out, address.ss_family == AF_INET6 ? "[%s]:%d" : "%s:%d", host, au_http_bind_port(fd));
}

/* ---- TCP ---- */

static int
set_flag(int fd, int level, int option)
{
	int on = 1;

	return setsockopt(fd, level, option, &on, sizeof(on));
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
au_http_bind_tcp(const char *address, int *ret, struct au_err *err)
{
	AU_CLEANUP(free_addresses) struct addrinfo *parsed = NULL;
	AU_CLEANUP(au_http_bind_closep) int fd = -1;
	int rc;

	if ((rc = parse_address(address, &parsed, err)) < 0)
		return rc;
	fd = socket(parsed->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0 || set_flag(fd, SOL_SOCKET, SO_REUSEADDR) < 0 || set_flag(fd, IPPROTO_TCP, TCP_NODELAY) < 0 ||
	    (parsed->ai_family == AF_INET6 && set_flag(fd, IPPROTO_IPV6, IPV6_V6ONLY) < 0) ||
	    bind(fd, parsed->ai_addr, parsed->ai_addrlen) < 0)
		return au_fail(err, AU_EIO, "listen '%s': %s", address, strerror(errno));
	return hand_out(&fd, ret);
}

/* ---- unix ---- */

/* Make way for a socket at path. */
static int
remove_stale(const struct sockaddr_un *address, struct au_err *err)
{
	AU_CLEANUP(au_http_bind_closep) int fd = -1;
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
au_http_bind_unix(const char *path, mode_t mode, int *ret, struct au_err *err)
{
	AU_CLEANUP(au_http_bind_closep) int fd = -1;
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int rc;

	if (strlen(path) >= sizeof(address.sun_path))
		return au_fail(err, AU_EINVAL, "'%s': too long for the path of a socket", path);
	memcpy(address.sun_path, path, strlen(path) + 1);
	if ((rc = remove_stale(&address, err)) < 0)
		return rc;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	/* Linux gives the file the mode of the socket, less the umask; chmod then gives back what the umask took. */
	if (fd < 0 || fchmod(fd, mode) < 0 || bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0 ||
	    chmod(path, mode) < 0)
		return au_fail(err, AU_EIO, "'%s': %s", path, strerror(errno));
	return hand_out(&fd, ret);
}

/* ---- made by others ---- */

int
au_http_bind_prepare(int fd, struct au_err *err)
{
	int type = 0;
	socklen_t len = sizeof(type);

	if (getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &len) < 0)
		return au_fail(err, AU_EIO, "listening socket %d: %s", fd, strerror(errno));
	if (type != SOCK_STREAM)
		return au_fail(err, AU_EINVAL, "listening socket %d: expected one for streams", fd);
	if (evutil_make_socket_nonblocking(fd) < 0 || evutil_make_socket_closeonexec(fd) < 0 ||
	    (!au_http_bind_is_unix(fd) && set_flag(fd, IPPROTO_TCP, TCP_NODELAY) < 0))
		return au_fail(err, AU_EIO, "listening socket %d: %s", fd, strerror(errno));
	return 0;
}
