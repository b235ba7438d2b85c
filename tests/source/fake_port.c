/* SPDX-License-Identifier: ISC */
/* Connections share nothing but what is mapped before the first of them; whoever serves one ends with us. */
#include "tests/source/fake_port.h"

#include <arpa/inet.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

struct sockaddr_in
fake_loopback(int port)
{
	return (struct sockaddr_in){
		.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons((uint16_t)port)
	};
}

static int
listen_on_free_port(void)
{
	struct sockaddr_in address = fake_loopback(0);
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
fake_port_serve(void (*serve)(int fd, const void *ctx), const void *ctx)
{
	signal(SIGCHLD, SIG_IGN);
	int listening = listen_on_free_port();
	for (;;) {
		int fd = accept4(listening, NULL, NULL, SOCK_CLOEXEC);
		if (fd >= 0 && fork() == 0) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			signal(SIGPIPE, SIG_IGN);
			serve(fd, ctx);
			_exit(EXIT_SUCCESS);
		}
		if (fd >= 0)
			close(fd);
	}
}
