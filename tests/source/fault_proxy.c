/* SPDX-License-Identifier: ISC */
/*
 * What can happen on the way between us and a directory:
 *
 *   fault_proxy UPSTREAM-PORT MODE [ARGUMENT...]
 *
 *   pack CERTIFICATE KEY          TLS towards the client; what the server says is gathered until it is quiet, then
 *                                 sent at once
 *   staple CERTIFICATE KEY FILE   TLS towards the client, with the OCSP response in FILE, if there is one
 *   half                          while on, nothing passes either way, and nothing is closed
 *   cut BYTES                     while on, a connection ends after so many bytes from the server
 *   slow BYTES                    while on, so many bytes from the server per 10 ms
 *   strip FILE                    StartTLS is refused in the server's name; what the client then says passes, and is
 *                                 kept in FILE
 *
 * Listens on a free loopback port and prints it.  SIGUSR1 turns the fault on, SIGUSR2 off; it begins on.  Each
 * connection is a process of its own.
 */
#include "tests/source/fake_port.h"

#include <errno.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#define STARTTLS "1.3.6.1.4.1.1466.20037"
#define LOOK_MS 20
#define QUIET_MS 60
#define GATHERED (4u << 20)
#define STAPLE_MAX 65536

struct way;

struct link {
	const struct way *way;
	char **arguments;
	int client, server;
	SSL *ssl; /* towards the client; NULL: clear */
	size_t passed;
	char *gathered;
	size_t gathered_len;
};

struct way {
	const char *name;
	int arguments;
	void (*begin)(struct link *link); /* may be NULL */
	void (*from_server)(struct link *link, const char *data, size_t len);
	void (*from_client)(struct link *link, const char *data, size_t len);
	void (*quiet)(struct link *link); /* nothing came for a while; may be NULL */
};

/* Shared by all processes. */
static volatile sig_atomic_t *on;

/* ---- passing on ---- */

static void
write_all(int fd, const char *data, size_t len)
{
	while (len > 0) {
		ssize_t done = send(fd, data, len, MSG_NOSIGNAL);
		if (done < 0 && errno != EINTR)
			_exit(EXIT_SUCCESS);
		data += done > 0 ? done : 0;
		len -= done > 0 ? (size_t)done : 0;
	}
}

static void
to_server(struct link *link, const char *data, size_t len)
{
	write_all(link->server, data, len);
}

static void
to_client(struct link *link, const char *data, size_t len)
{
	if (link->ssl == NULL)
		write_all(link->client, data, len);
	else if (len > 0 && SSL_write(link->ssl, data, (int)len) <= 0)
		_exit(EXIT_SUCCESS);
}

/* ---- the ways ---- */

/* The bytes are OpenSSL's from then on. */
static int
staple(SSL *ssl, void *path)
{
	unsigned char *response = OPENSSL_malloc(STAPLE_MAX);
	FILE *file = fopen(path, "r");

	if (file == NULL)
		return SSL_TLSEXT_ERR_NOACK;
	size_t len = fread(response, 1, STAPLE_MAX, file);
	fclose(file);
	SSL_set_tlsext_status_ocsp_resp(ssl, response, (long)len);
	return SSL_TLSEXT_ERR_OK;
}

static void
begin_tls(struct link *link)
{
	SSL_CTX *context = SSL_CTX_new(TLS_server_method());

	if (SSL_CTX_use_certificate_chain_file(context, link->arguments[0]) != 1 ||
	    SSL_CTX_use_PrivateKey_file(context, link->arguments[1], SSL_FILETYPE_PEM) != 1)
		_exit(EXIT_FAILURE);
	if (link->way->arguments > 2) {
		SSL_CTX_set_tlsext_status_cb(context, staple);
		SSL_CTX_set_tlsext_status_arg(context, link->arguments[2]);
	}
	link->ssl = SSL_new(context);
	SSL_set_fd(link->ssl, link->client);
	if (SSL_accept(link->ssl) != 1)
		_exit(EXIT_SUCCESS);
	link->gathered = malloc(GATHERED);
}

static void
send_gathered(struct link *link)
{
	to_client(link, link->gathered, link->gathered_len);
	link->gathered_len = 0;
}

static void
gather(struct link *link, const char *data, size_t len)
{
	if (link->gathered_len + len > GATHERED)
		send_gathered(link);
	memcpy(link->gathered + link->gathered_len, data, len);
	link->gathered_len += len;
}

static void
cut(struct link *link, const char *data, size_t len)
{
	size_t limit = strtoul(link->arguments[0], NULL, 10), room = limit - link->passed;

	if (*on && len >= room) {
		to_client(link, data, room);
		_exit(EXIT_SUCCESS);
	}
	link->passed += *on ? len : 0;
	to_client(link, data, len);
}

static void
slow(struct link *link, const char *data, size_t len)
{
	size_t at_once = strtoul(link->arguments[0], NULL, 10);

	while (*on && len > 0) {
		size_t part = len < at_once ? len : at_once;
		to_client(link, data, part);
		data += part;
		len -= part;
		usleep(10000);
	}
	to_client(link, data, len);
}

/* ExtendedResponse, protocolError; the message id is that of the request, in one byte. */
static void
refuse_starttls(struct link *link, const char *request)
{
	char answer[] = { 0x30, 0x0c, 0x02, 0x01, request[4], 0x78, 0x07, 0x0a, 0x01, 0x02, 0x04, 0x00, 0x04, 0x00 };

	to_client(link, answer, sizeof(answer));
}

static void
strip(struct link *link, const char *data, size_t len)
{
	FILE *kept;

	if (len > 5 && memmem(data, len, STARTTLS, strlen(STARTTLS)) != NULL) {
		refuse_starttls(link, data);
		return;
	}
	kept = fopen(link->arguments[0], "a");
	if (kept == NULL || fwrite(data, 1, len, kept) != len || fclose(kept) != 0)
		_exit(EXIT_FAILURE);
	to_server(link, data, len);
}

static const struct way ways[] = {
	{ "pack", 2, begin_tls, gather, to_server, send_gathered },
	{ "staple", 3, begin_tls, to_client, to_server, NULL },
	{ "half", 0, NULL, to_client, to_server, NULL },
	{ "cut", 1, NULL, cut, to_server, NULL },
	{ "slow", 1, NULL, slow, to_server, NULL },
	{ "strip", 1, NULL, to_client, strip, NULL },
};

/* ---- connections ---- */

static bool
is_half_open(const struct link *link)
{
	return link->way->begin == NULL && link->way->from_server == to_client && link->way->from_client == to_server &&
	       *on;
}

static void
read_client(struct link *link)
{
	static char data[65536];
	ssize_t len =
	    link->ssl == NULL ? recv(link->client, data, sizeof(data), 0) : SSL_read(link->ssl, data, sizeof(data));

	if (len <= 0)
		_exit(EXIT_SUCCESS);
	link->way->from_client(link, data, (size_t)len);
}

static void
read_server(struct link *link)
{
	static char data[65536];
	ssize_t len = recv(link->server, data, sizeof(data), 0);

	if (len <= 0) {
		if (link->way->quiet != NULL)
			link->way->quiet(link);
		_exit(EXIT_SUCCESS);
	}
	link->way->from_server(link, data, (size_t)len);
}

static void
relay(struct link *link)
{
	if (link->way->begin != NULL)
		link->way->begin(link);
	for (;;) {
		struct pollfd fds[] = { { link->client, POLLIN, 0 }, { link->server, POLLIN, 0 } };
		while (is_half_open(link))
			usleep(LOOK_MS * 1000);
		int n = link->ssl != NULL && SSL_pending(link->ssl) > 0 ? 1 : poll(fds, 2, QUIET_MS);
		if (n == 0 && link->way->quiet != NULL)
			link->way->quiet(link);
		if ((fds[0].revents & (POLLIN | POLLHUP)) != 0 || (link->ssl != NULL && SSL_pending(link->ssl) > 0))
			read_client(link);
		if ((fds[1].revents & (POLLIN | POLLHUP)) != 0)
			read_server(link);
	}
}

/* What main was called with. */
struct call {
	int port;
	const struct way *way;
	char **arguments;
};

static void
serve(int client, const void *ctx)
{
	const struct call *call = ctx;
	struct sockaddr_in address = fake_loopback(call->port);
	struct link link = { .way = call->way, .arguments = call->arguments, .client = client };

	link.server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (connect(link.server, (struct sockaddr *)&address, sizeof(address)) != 0)
		_exit(EXIT_SUCCESS);
	relay(&link);
}

static void
on_signal(int number)
{
	*on = number == SIGUSR1;
}

int
main(int argc, char **argv)
{
	const struct way *way = NULL;

	for (size_t i = 0; argc > 2 && i < sizeof(ways) / sizeof(ways[0]); i++)
		if (strcmp(ways[i].name, argv[2]) == 0 && argc == 3 + ways[i].arguments)
			way = &ways[i];
	on = mmap(NULL, sizeof(*on), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (way == NULL || on == MAP_FAILED) {
		fprintf(stderr, "usage: %s UPSTREAM-PORT MODE [ARGUMENT...]\n", argv[0]);
		return EXIT_FAILURE;
	}
	*on = 1;
	signal(SIGUSR1, on_signal);
	signal(SIGUSR2, on_signal);
	fake_port_serve(serve, &(struct call){ atoi(argv[1]), way, argv + 3 });
}
