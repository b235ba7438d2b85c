/* SPDX-License-Identifier: ISC */
/* Sessions are kept as a browser keeps them: the newest is offered next time. */
#include "tests/http/tls_client.h"

#include "base/str.h"
#include "tests/unit.h"

#include <fcntl.h>
#include <openssl/err.h>
#include <string.h>
#include <unistd.h>

void
tls_client_init(struct tls_client *client, int from, int to, const struct pki *identity)
{
	*client = (struct tls_client){ .ctx = SSL_CTX_new(TLS_client_method()), .fd = -1 };
	SSL_CTX_set_security_level(client->ctx, 0);
	SSL_CTX_set_min_proto_version(client->ctx, from);
	SSL_CTX_set_max_proto_version(client->ctx, to);
	if (identity != NULL) {
		assert_int_equal(SSL_CTX_use_certificate(client->ctx, identity->cert), 1);
		assert_int_equal(SSL_CTX_use_PrivateKey(client->ctx, identity->key), 1);
	}
}

void
tls_client_done(struct tls_client *client)
{
	tls_close(client);
	SSL_free(client->ssl);
	SSL_SESSION_free(client->session);
	SSL_CTX_free(client->ctx);
}

bool
tls_keep_on(struct world *w, SSL *ssl, int rc)
{
	int why = SSL_get_error(ssl, rc);

	if (why != SSL_ERROR_WANT_READ && why != SSL_ERROR_WANT_WRITE)
		return false;
	world_turn(w);
	return true;
}

bool
tls_open(struct world *w, struct tls_client *client)
{
	int rc;

	SSL_free(client->ssl);
	client->ssl = SSL_new(client->ctx);
	client->fd = client_open(w);
	fcntl(client->fd, F_SETFL, O_NONBLOCK);
	SSL_set_fd(client->ssl, client->fd);
	if (client->session != NULL)
		SSL_set_session(client->ssl, client->session);
	while ((rc = SSL_connect(client->ssl)) <= 0)
		if (!tls_keep_on(w, client->ssl, rc)) {
			tls_close(client);
			return false;
		}
	return true;
}

void
tls_send(struct tls_client *client, const char *text)
{
	assert_int_equal(SSL_write(client->ssl, text, (int)strlen(text)), (int)strlen(text));
}

char *
tls_read(struct world *w, struct tls_client *client, const char *needle)
{
	struct au_str text = AU_STR_INIT;
	char buf[16384];
	int rc;

	while ((rc = SSL_read(client->ssl, buf, sizeof(buf))) > 0 || tls_keep_on(w, client->ssl, rc)) {
		if (rc > 0)
			au_str_putn(&text, buf, (size_t)rc);
		if (needle != NULL && strstr(au_str_get(&text), needle) != NULL)
			return au_str_take(&text);
	}
	if (needle == NULL && SSL_get_error(client->ssl, rc) == SSL_ERROR_ZERO_RETURN)
		return au_str_take(&text);
	au_str_done(&text);
	return NULL;
}

void
tls_close(struct tls_client *client)
{
	ERR_clear_error();
	if (client->fd >= 0)
		close(client->fd);
	client->fd = -1;
}

char *
tls_talk(struct world *w, struct tls_client *client, const char *request)
{
	char *text;

	if (!tls_open(w, client))
		return NULL;
	tls_send(client, request);
	text = tls_read(w, client, NULL);
	if (text != NULL) {
		SSL_SESSION_free(client->session);
		client->session = SSL_get1_session(client->ssl);
		/* Sessions of connections that were cut off are not taken up. */
		SSL_shutdown(client->ssl);
	}
	tls_close(client);
	return text;
}
