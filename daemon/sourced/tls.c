/* SPDX-License-Identifier: ISC */
/* The handshake is driven by events and a deadline, so a server that stops in the middle of it costs nothing. */
#include "sourced/tls.h"

#include "base/mem.h"

#include <arpa/inet.h>
#include <event2/event.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <string.h>

struct au_handshake {
	struct event_base *base;
	SSL *ssl;
	int fd;
	struct event *ready, *deadline;
	au_handshake_done *done;
	void *ctx;
};

static const char *
openssl_text(void)
{
	const char *text = ERR_reason_error_string(ERR_peek_last_error());

	return text != NULL ? text : "no reason given";
}

static void
free_key(EVP_PKEY **key)
{
	EVP_PKEY_free(*key);
}

static void
free_bio(BIO **bio)
{
	BIO_free(*bio);
}

static int
use_client(SSL_CTX *context, const char *certificate, const struct au_secret *secret, struct au_err *err)
{
	if (certificate == NULL)
		return 0;
	if (SSL_CTX_use_certificate_chain_file(context, certificate) != 1)
		return au_fail(err, AU_EINVAL, "client_certificate '%s': %s", certificate, openssl_text());
	if (secret == NULL)
		return au_fail(err, AU_EINVAL, "client_certificate '%s': client_key is missing", certificate);
	AU_CLEANUP(free_bio) BIO *bio = BIO_new_mem_buf(au_secret_text(secret), (int)au_secret_len(secret));
	AU_CLEANUP(free_key) EVP_PKEY *key = PEM_read_bio_PrivateKey(bio, NULL, NULL, NULL);
	if (key == NULL || SSL_CTX_use_PrivateKey(context, key) != 1 || SSL_CTX_check_private_key(context) != 1)
		return au_fail(err, AU_EINVAL, "client_key: %s", openssl_text());
	return 0;
}

static int
trust(SSL_CTX *context, const char *ca_file, struct au_err *err)
{
	if (ca_file == NULL)
		return SSL_CTX_set_default_verify_paths(context) == 1 ? 0 : au_fail(err, AU_EIO, "%s", openssl_text());
	if (SSL_CTX_load_verify_file(context, ca_file) != 1)
		return au_fail(err, AU_EINVAL, "ca_file '%s': %s", ca_file, openssl_text());
	return 0;
}

int
au_tls_context(const char *ca_file, const char *client_certificate, const struct au_secret *client_key, SSL_CTX **ret,
    struct au_err *err)
{
	ERR_clear_error();
	SSL_CTX *context = SSL_CTX_new(TLS_client_method());
	if (context == NULL)
		return au_fail(err, AU_EIO, "OpenSSL: %s", openssl_text());
	SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
	SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
	SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION);
	SSL_CTX_set_verify(context, SSL_VERIFY_PEER, NULL);
	SSL_CTX_set_read_ahead(context, 1);
	int rc = trust(context, ca_file, err);
	if (rc == 0)
		rc = use_client(context, client_certificate, client_key, err);
	if (rc < 0)
		SSL_CTX_free(context);
	else
		*ret = context;
	return rc;
}

static bool
expect_host(SSL *ssl, const char *host)
{
	X509_VERIFY_PARAM *param = SSL_get0_param(ssl);
	unsigned char address[sizeof(struct in6_addr)];

	if (inet_pton(AF_INET, host, address) == 1 || inet_pton(AF_INET6, host, address) == 1)
		return X509_VERIFY_PARAM_set1_ip_asc(param, host) == 1;
	X509_VERIFY_PARAM_set_hostflags(param, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
	return SSL_set_tlsext_host_name(ssl, host) == 1 && X509_VERIFY_PARAM_set1_host(param, host, 0) == 1;
}

static void
finish(struct au_handshake *handshake, const char *why)
{
	SSL *ssl = why == NULL ? handshake->ssl : NULL;

	event_del(handshake->deadline);
	event_del(handshake->ready);
	if (why == NULL)
		handshake->ssl = NULL;
	handshake->done(handshake->ctx, ssl, why);
}

static void
fail(struct au_handshake *handshake)
{
	long verdict = SSL_get_verify_result(handshake->ssl);
	char why[256];

	if (verdict != X509_V_OK)
		snprintf(why, sizeof(why), "certificate refused: %s", X509_verify_cert_error_string(verdict));
	else
		snprintf(why, sizeof(why), "TLS handshake: %s",
		    ERR_peek_last_error() != 0 ? openssl_text() : "the server closed the connection");
	finish(handshake, why);
}

static void
on_ready(evutil_socket_t fd, short what, void *arg)
{
	struct au_handshake *handshake = arg;

	(void)what;
	ERR_clear_error();
	int rc = SSL_do_handshake(handshake->ssl);
	if (rc == 1) {
		finish(handshake, NULL);
		return;
	}
	int wanted = SSL_get_error(handshake->ssl, rc);
	if (wanted != SSL_ERROR_WANT_READ && wanted != SSL_ERROR_WANT_WRITE) {
		fail(handshake);
		return;
	}
	event_assign(handshake->ready, handshake->base, fd, wanted == SSL_ERROR_WANT_READ ? EV_READ : EV_WRITE,
	    on_ready, handshake);
	event_add(handshake->ready, NULL);
}

static void
on_deadline(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	finish(arg, "TLS handshake: no answer in time");
}

struct au_handshake *
au_handshake_new(struct event_base *base, SSL_CTX *context, int fd, const char *host, int64_t timeout_ms,
    au_handshake_done *done, void *ctx)
{
	struct au_handshake *handshake = au_xcalloc(1, sizeof(*handshake));
	struct timeval wait = { timeout_ms / 1000, timeout_ms % 1000 * 1000 };

	*handshake = (struct au_handshake){ .base = base, .ssl = SSL_new(context), .fd = fd, .done = done, .ctx = ctx };
	if (handshake->ssl == NULL || SSL_set_fd(handshake->ssl, fd) != 1 || !expect_host(handshake->ssl, host))
		abort(); /* out of memory */
	SSL_set_connect_state(handshake->ssl);
	handshake->ready = event_new(base, fd, EV_WRITE, on_ready, handshake);
	handshake->deadline = evtimer_new(base, on_deadline, handshake);
	event_add(handshake->ready, NULL);
	event_add(handshake->deadline, &wait);
	return handshake;
}

void
au_handshake_free(struct au_handshake *handshake)
{
	if (handshake == NULL)
		return;
	event_free(handshake->ready);
	event_free(handshake->deadline);
	SSL_free(handshake->ssl);
	free(handshake);
}
