/* SPDX-License-Identifier: ISC */
/* No loop and no buffers: what does not fit into a socket is not said. */
#include "tests/http/crowd.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#define ADDRESSES 200

struct crowd {
	int port, *fds;
	size_t count, thrown_out;
	const char *first, *next; /* what a client says when it comes, and then again and again; NULL = nothing */
};

static const struct kind {
	const char *name, *first, *next;
} kinds[] = {
	{ "idle", NULL, NULL },
	{ "heads", "GET / HTTP/1.1\r\nHost: a\r\nX: ", "x" },
	{ "bodies", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n", "x" },
	{ "deaf", "GET / HTTP/1.1\r\nHost: a\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\n\r\n" },
};

static _Noreturn void
die(const char *what)
{
	fprintf(stderr, "crowd: %s: %s\n", what, strerror(errno));
	exit(1);
}

size_t
crowd_descriptors(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
		die("getrlimit");
	limit.rlim_cur = limit.rlim_max;
	if (setrlimit(RLIMIT_NOFILE, &limit) != 0)
		die("setrlimit");
	return limit.rlim_cur;
}

static void
come(struct crowd *crowd, size_t number)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons((uint16_t)crowd->port) };
	struct sockaddr_in from = { .sin_family = AF_INET };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), small = 1;

	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	from.sin_addr.s_addr = htonl(INADDR_LOOPBACK + 1 + (uint32_t)(number % ADDRESSES));
	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof(small)) != 0 ||
	    bind(fd, (struct sockaddr *)&from, sizeof(from)) != 0 ||
	    connect(fd, (struct sockaddr *)&to, sizeof(to)) != 0)
		die("connect");
	crowd->fds[number] = fd;
	if (crowd->first != NULL)
		(void)!send(fd, crowd->first, strlen(crowd->first), MSG_DONTWAIT | MSG_NOSIGNAL);
}

struct crowd *
crowd_open(int port, size_t count, const char *kind)
{
	struct crowd *crowd = calloc(1, sizeof(*crowd));
	size_t i;

	for (i = 0; strcmp(kinds[i].name, kind) != 0; i++)
		;
	if (crowd == NULL || (crowd->fds = calloc(count, sizeof(*crowd->fds))) == NULL)
		die("memory");
	crowd->port = port;
	crowd->count = count;
	crowd->first = kinds[i].first;
	crowd->next = kinds[i].next;
	for (i = 0; i < count; i++)
		come(crowd, i);
	return crowd;
}

/* Whether the server has ended the connection; an answer that waits is no end. */
static int
is_over(int fd)
{
	char c;
	ssize_t got = recv(fd, &c, 1, MSG_DONTWAIT | MSG_PEEK);

	return got == 0 || (got < 0 && errno != EAGAIN);
}

void
crowd_tick(struct crowd *crowd)
{
	size_t i;

	for (i = 0; i < crowd->count; i++) {
		int fd = crowd->fds[i];
		ssize_t n =
		    crowd->next == NULL ? 0 : send(fd, crowd->next, strlen(crowd->next), MSG_DONTWAIT | MSG_NOSIGNAL);

		if ((n < 0 && errno != EAGAIN) || is_over(fd)) {
			close(fd);
			crowd->thrown_out++;
			come(crowd, i);
		}
	}
}

size_t
crowd_thrown_out(const struct crowd *crowd)
{
	return crowd->thrown_out;
}

void
crowd_close(struct crowd *crowd)
{
	size_t i;

	for (i = 0; i < crowd->count; i++)
		close(crowd->fds[i]);
	free(crowd->fds);
	free(crowd);
}
