/* SPDX-License-Identifier: ISC */
/* Connections share nothing but what is mapped before the first of them. */
#include "tests/source/fake_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

BerElement *
fake_begin(void)
{
	BerElement *ber = ber_alloc_t(LBER_USE_DER);

	if (ber == NULL)
		abort();
	return ber;
}

void
fake_send(struct fake_client *client, BerElement *ber)
{
	if (ber_flush2(client->sockbuf, ber, LBER_FLUSH_FREE_ALWAYS) != 0)
		_exit(EXIT_SUCCESS);
}

void
fake_result(struct fake_client *client, ber_tag_t type, int code)
{
	BerElement *ber = fake_begin();

	ber_printf(ber, "{it{essN}N}", client->id, type, code, "", "");
	fake_send(client, ber);
}

static void
serve(int fd, fake_answer *answer)
{
	struct fake_client client = { .sockbuf = ber_sockbuf_alloc() };
	ber_len_t len;

	ber_sockbuf_add_io(client.sockbuf, &ber_sockbuf_io_tcp, LBER_SBIOD_LEVEL_PROVIDER, &fd);
	for (;;) {
		BerElement *request = fake_begin();
		if (ber_get_next(client.sockbuf, &len, request) != LDAP_TAG_MESSAGE)
			_exit(EXIT_SUCCESS);
		/* The outer tag and length are off by now. */
		if (ber_scanf(request, "i", &client.id) == LBER_ERROR)
			_exit(EXIT_FAILURE);
		answer(&client, ber_peek_tag(request, &len), request);
		ber_free(request, 1);
	}
}

static int
listen_on_free_port(void)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(address);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof(address)) != 0 || listen(fd, 16) != 0 ||
	    getsockname(fd, (struct sockaddr *)&address, &len) != 0) {
		perror("listen");
		exit(EXIT_FAILURE);
	}
	printf("%d\n", ntohs(address.sin_port));
	fflush(stdout);
	return fd;
}

void
fake_serve(fake_answer *answer)
{
	signal(SIGCHLD, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	int listening = listen_on_free_port();
	for (;;) {
		int fd = accept4(listening, NULL, NULL, SOCK_CLOEXEC);
		if (fd >= 0 && fork() == 0) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			serve(fd, answer);
		}
		close(fd);
	}
}
