/* SPDX-License-Identifier: ISC */
/* A free loopback port on which connections are served, each by a process of its own. */
#ifndef TESTS_FAKE_PORT_H
#define TESTS_FAKE_PORT_H

#include <netinet/in.h>

/* The loopback address with a port; 0: any that is free. */
struct sockaddr_in fake_loopback(int port);

/* Print the port, and call serve in a child for each connection; it ends its process itself.  Never returns. */
void fake_port_serve(void (*serve)(int fd, const void *ctx), const void *ctx) __attribute__((noreturn));

#endif
