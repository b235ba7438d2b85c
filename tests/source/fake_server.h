/* SPDX-License-Identifier: ISC */
/*
 * What the LDAP servers have in common that these tests write themselves: they listen on a free loopback port, print
 * it, and serve each connection in a process of its own until they are killed.
 */
#ifndef TESTS_FAKE_SERVER_H
#define TESTS_FAKE_SERVER_H

#include <lber.h>
#include <ldap.h>

struct fake_client {
	Sockbuf *sockbuf;
	ber_int_t id; /* of the request being answered */
};

/* By kind of request; what follows its id is in the element. */
struct fake_answers {
	void (*search)(struct fake_client *client, BerElement *request);
	void (*extended)(struct fake_client *client); /* may be NULL */
};

/* Never returns. */
void fake_serve(const struct fake_answers *answers) __attribute__((noreturn));

BerElement *fake_begin(void);
/* ber is freed; when the client is gone, so are we. */
void fake_send(struct fake_client *client, BerElement *ber);
void fake_result(struct fake_client *client, ber_tag_t type, int code);

#endif
