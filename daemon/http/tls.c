/* SPDX-License-Identifier: ISC */
/* The TLS context.  The key is read by the rules for secrets and never by OpenSSL from a path. */
#include "base/io.h"
#include "http/instance.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <string.h>

static void
free_context(SSL_CTX **ctx)
{
	SSL_CTX_free(*ctx);
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
fail(struct au_err *err, const char *what)
{
	char text[160] = "no reason given";
	unsigned long code = ERR_peek_last_error();

	if (code != 0)
		ERR_error_string_n(code, text, sizeof(text));
	ERR_clear_error();
	return au_fail(err, AU_EINVAL, "%s: %s", what, text);
}

static int
load_key(SSL_CTX *ctx, const char *place, struct au_err *err)
{
	AU_CLEANUP(au_secret_freep) struct au_secret *pem = NULL;
	AU_CLEANUP(free_bio) BIO *bio = NULL;
	AU_CLEANUP(free_key) EVP_PKEY *key = NULL;
	int rc;

	if ((rc = au_io_secret(place, &pem, err)) < 0)
		return rc;
	bio = BIO_new_mem_buf(au_secret_text(pem), (int)au_secret_len(pem));
	/* An empty passphrase, so that an encrypted key is an error and not a question at the terminal. */
	key = PEM_read_bio_PrivateKey(bio, NULL, NULL, (void *)(uintptr_t) "");
	if (key == NULL)
		return fail(err, "tls_key: not an unencrypted private key in PEM");
	if (SSL_CTX_use_PrivateKey(ctx, key) != 1 || SSL_CTX_check_private_key(ctx) != 1)
		return fail(err, "tls_key: does not belong to tls_certificate");
	return 0;
}

/* Clients that negotiate must be able to speak what is spoken here (RFC 7301). */
static int
choose_protocol(SSL *ssl, const unsigned char **out, unsigned char *out_len, const unsigned char *offered,
    unsigned offered_len, void *arg)
{
	static const unsigned char ours[] = "\x08http/1.1";
	unsigned char *chosen;

	(void)ssl;
	(void)arg;
	if (SSL_select_next_proto(&chosen, out_len, ours, sizeof(ours) - 1, offered, offered_len) !=
	    OPENSSL_NPN_NEGOTIATED)
		return SSL_TLSEXT_ERR_ALERT_FATAL;
	*out = chosen;
	return SSL_TLSEXT_ERR_OK;
}

int
au_http_tls_new(const char *certificate, const char *key, SSL_CTX **ret, struct au_err *err)
{
	AU_CLEANUP(free_context) SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());
	int rc;

	if (ctx == NULL || SSL_CTX_set_min_proto_version(ctx, TLS1_2_VERSION) != 1 ||
	    SSL_CTX_set_cipher_list(ctx, "ECDHE+AESGCM:ECDHE+CHACHA20") != 1)
		return fail(err, "TLS cannot be set up");
	SSL_CTX_set_options(ctx, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
	SSL_CTX_set_mode(ctx, SSL_MODE_RELEASE_BUFFERS);
	SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
	SSL_CTX_set_alpn_select_cb(ctx, choose_protocol, NULL);
	if (SSL_CTX_use_certificate_chain_file(ctx, certificate) != 1)
		return fail(err, "tls_certificate: not a certificate chain in PEM");
	if (key == NULL)
		return au_fail(err, AU_EINVAL, "tls_key: missing beside tls_certificate");
	if ((rc = load_key(ctx, key, err)) < 0)
		return rc;
	*ret = ctx;
	ctx = NULL;
	return 0;
}
