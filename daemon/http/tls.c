/* SPDX-License-Identifier: ISC */
/* The TLS context.  The key is read by the rules for secrets and never by OpenSSL from a path. */
#include "http/tls.h"

#include "base/io.h"
#include "base/mem.h"
#include "base/str.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <string.h>
#include <time.h>

#define CA_FILE_MAX (4u << 20)
#define CHAIN_MAX 8 /* certificates between a client's and its authority's */

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

static void
free_infos(STACK_OF(X509_INFO) * *infos)
{
	sk_X509_INFO_pop_free(*infos, X509_INFO_free);
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

/* ---- clients' certificates ---- */

/* Authorities are trusted and named to the client, so that it can choose; with a revocation list among them, lists are
 * asked for every client. */
static int
trust(SSL_CTX *ctx, STACK_OF(X509_INFO) * infos)
{
	X509_STORE *store = SSL_CTX_get_cert_store(ctx);
	int authorities = 0, i;

	for (i = 0; i < sk_X509_INFO_num(infos); i++) {
		const X509_INFO *info = sk_X509_INFO_value(infos, i);

		if (info->x509 != NULL && X509_STORE_add_cert(store, info->x509) == 1 &&
		    SSL_CTX_add_client_CA(ctx, info->x509) == 1)
			authorities++;
		if (info->crl != NULL && X509_STORE_add_crl(store, info->crl) == 1)
			X509_STORE_set_flags(store, X509_V_FLAG_CRL_CHECK);
	}
	return authorities;
}

static int
ask_clients(SSL_CTX *ctx, const struct au_http_config *config, struct au_str *judgement, struct au_err *err)
{
	AU_CLEANUP(free_infos) STACK_OF(X509_INFO) *infos = NULL;
	AU_CLEANUP(au_freep) char *pem = NULL;
	AU_CLEANUP(free_bio) BIO *bio = NULL;
	size_t len;
	int rc;

	if (config->tls_client_ca == NULL)
		return au_fail(err, AU_EINVAL, "tls_client_ca: missing, but clients are asked for certificates");
	if ((rc = au_io_read(config->tls_client_ca, CA_FILE_MAX, &pem, &len, err)) < 0)
		return rc;
	bio = BIO_new_mem_buf(pem, (int)len);
	infos = PEM_X509_INFO_read_bio(bio, NULL, NULL, NULL);
	if (infos == NULL || trust(ctx, infos) == 0)
		return fail(err, "tls_client_ca: no certificate of an authority in PEM");
	SSL_CTX_set_verify_depth(ctx, CHAIN_MAX);
	SSL_CTX_set_verify(ctx,
	    SSL_VERIFY_PEER | (config->tls_client_auth == AU_CLIENT_AUTH_REQUIRE ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0),
	    NULL);
	au_str_putn(judgement, pem, len);
	return 0;
}

/* The policy is also the session id context: what one judgement of clients let in is not taken up under another. */
static int
judge_clients(SSL_CTX *ctx, const struct au_http_config *config, unsigned char *policy, struct au_err *err)
{
	AU_CLEANUP(au_str_done) struct au_str judgement = AU_STR_INIT;
	int rc;

	au_str_printf(&judgement, "%d ", (int)config->tls_client_auth);
	if (config->tls_client_auth != AU_CLIENT_AUTH_NONE && (rc = ask_clients(ctx, config, &judgement, err)) < 0)
		return rc;
	if (EVP_Digest(judgement.data, judgement.len, policy, NULL, EVP_sha256(), NULL) != 1 ||
	    SSL_CTX_set_session_id_context(ctx, policy, AU_HTTP_POLICY_SIZE) != 1)
		return fail(err, "TLS cannot be set up");
	return 0;
}

/* ---- the context ---- */

static int
setup(SSL_CTX *ctx, struct au_err *err)
{
	if (ctx == NULL || SSL_CTX_set_min_proto_version(ctx, TLS1_2_VERSION) != 1 ||
	    SSL_CTX_set_cipher_list(ctx, "ECDHE+AESGCM:ECDHE+CHACHA20") != 1)
		return fail(err, "TLS cannot be set up");
	SSL_CTX_set_options(ctx, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
	SSL_CTX_set_mode(ctx, SSL_MODE_RELEASE_BUFFERS);
	/* Sessions are the clients' to keep, in tickets. */
	SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
	SSL_CTX_set_alpn_select_cb(ctx, choose_protocol, NULL);
	return 0;
}

static int64_t
not_after_ms(SSL_CTX *ctx)
{
	struct tm tm = { 0 };

	if (ASN1_TIME_to_tm(X509_get0_notAfter(SSL_CTX_get0_certificate(ctx)), &tm) != 1)
		return 0;
	return (int64_t)timegm(&tm) * 1000;
}

int
au_http_tls_new(
    const struct au_http_config *config, struct au_http_tickets *tickets, struct au_http_tls *ret, struct au_err *err)
{
	AU_CLEANUP(free_context) SSL_CTX *ctx = NULL;
	struct au_http_tls made = { 0 };
	int rc;

	if (config->tls_certificate == NULL) {
		*ret = made;
		return 0;
	}
	ctx = SSL_CTX_new(TLS_server_method());
	if ((rc = setup(ctx, err)) < 0)
		return rc;
	if (SSL_CTX_use_certificate_chain_file(ctx, config->tls_certificate) != 1)
		return fail(err, "tls_certificate: not a certificate chain in PEM");
	if (config->tls_key == NULL)
		return au_fail(err, AU_EINVAL, "tls_key: missing beside tls_certificate");
	if ((rc = load_key(ctx, config->tls_key, err)) < 0 || (rc = judge_clients(ctx, config, made.policy, err)) < 0)
		return rc;
	au_http_tickets_use(tickets, ctx);
	made.not_after_ms = not_after_ms(ctx);
	made.ctx = ctx;
	ctx = NULL;
	*ret = made;
	return 0;
}

void
au_http_tls_done(struct au_http_tls *tls)
{
	SSL_CTX_free(tls->ctx);
	*tls = (struct au_http_tls){ 0 };
}
