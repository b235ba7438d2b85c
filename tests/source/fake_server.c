/* SPDX-License-Identifier: ISC */
/* Any password is right; what is neither search nor extended request gets no answer. */
#include "tests/source/fake_server.h"

#include "tests/source/fake_port.h"

#include <stdlib.h>
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
answer(const struct fake_answers *answers, struct fake_client *client, ber_tag_t type, BerElement *request)
{
	if (type == LDAP_REQ_BIND)
		fake_result(client, LDAP_RES_BIND, LDAP_SUCCESS);
	else if (type == LDAP_REQ_SEARCH)
		answers->search(client, request);
	else if (type == LDAP_REQ_EXTENDED && answers->extended != NULL)
		answers->extended(client);
}

static void
serve(int fd, const void *answers)
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
		answer(answers, &client, ber_peek_tag(request, &len), request);
		ber_free(request, 1);
	}
}

void
fake_serve(const struct fake_answers *answers)
{
	fake_port_serve(serve, answers);
}
