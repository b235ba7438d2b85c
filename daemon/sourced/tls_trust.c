/* SPDX-License-Identifier: ISC */
/* The files are read for each session anew, so nobody has to tell us of a renewed certificate or revocation list. */
#include "sourced/tls_trust.h"

#include "base/mem.h"
#include "base/str.h"
#include "model/pin.h"
#include "sourced/peer.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <string.h>

struct au_tls_trust {
	const struct au_source_config *config;
	const struct au_secret *client_key;
	unsigned char (*pins)[AU_PIN_SIZE];
	size_t pin_count;
	SSL_CTX *context;
};

/* The first error on OpenSSL's list is the cause of the others. */
static int
fail(struct au_err *err, int code, const char *option, const char *path)
{
	unsigned long cause = ERR_peek_error();
	const char *text = ERR_SYSTEM_ERROR(cause) ? strerror(ERR_GET_REASON(cause)) : ERR_reason_error_string(cause);

	ERR_clear_error();
	return au_fail(err, code, "%s '%s': %s", option, path, text != NULL ? text : "no reason given");
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
free_context(SSL_CTX **context)
{
	SSL_CTX_free(*context);
}

static int
use_client(SSL_CTX *context, const struct au_tls_trust *trust, struct au_err *err)
{
	const char *certificate = trust->config->client_certificate;

	if (certificate == NULL)
		return 0;
	if (SSL_CTX_use_certificate_chain_file(context, certificate) != 1)
		return fail(err, AU_EINVAL, "client_certificate", certificate);
	if (trust->client_key == NULL)
		return au_fail(err, AU_EINVAL, "client_certificate '%s': client_key is missing", certificate);
	AU_CLEANUP(free_bio)
	BIO *bio = BIO_new_mem_buf(au_secret_text(trust->client_key), (int)au_secret_len(trust->client_key));
	/* An empty passphrase, so that an encrypted key is an error and not a question at the terminal. */
	AU_CLEANUP(free_key) EVP_PKEY *key = PEM_read_bio_PrivateKey(bio, NULL, NULL, (void *)(uintptr_t) "");
	if (key == NULL)
		return au_fail(err, AU_EINVAL, "client_key: not an unencrypted private key in PEM");
	if (SSL_CTX_use_PrivateKey(context, key) != 1 || SSL_CTX_check_private_key(context) != 1)
		return au_fail(err, AU_EINVAL, "client_key: does not belong to client_certificate '%s'", certificate);
	return 0;
}

static int
use_authorities(SSL_CTX *context, const char *path, struct au_err *err)
{
	if (path == NULL)
		return SSL_CTX_set_default_verify_paths(context) == 1 ? 0 : fail(err, AU_EIO, "ca_file", "");
	return SSL_CTX_load_verify_file(context, path) == 1 ? 0 : fail(err, AU_EINVAL, "ca_file", path);
}

/* From then on the authority of every server's certificate must have a list there that is not out of date. */
static int
use_revocations(SSL_CTX *context, const char *path, struct au_err *err)
{
	X509_STORE *store = SSL_CTX_get_cert_store(context);

	if (path == NULL)
		return 0;
	X509_LOOKUP *lookup = X509_STORE_add_lookup(store, X509_LOOKUP_file());
	if (lookup == NULL || X509_load_crl_file(lookup, path, X509_FILETYPE_PEM) < 1 ||
	    X509_STORE_set_flags(store, X509_V_FLAG_CRL_CHECK) != 1)
		return fail(err, AU_EINVAL, "crl_file", path);
	return 0;
}

static void
set_up(SSL_CTX *context, const struct au_source_config *config)
{
	bool is_new_only = au_streq(config->tls_min, "1.3");

	SSL_CTX_set_min_proto_version(context, is_new_only ? TLS1_3_VERSION : TLS1_2_VERSION);
	SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
	SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION);
	SSL_CTX_set_verify(context, SSL_VERIFY_PEER, NULL);
	SSL_CTX_set_read_ahead(context, 1);
}

int
au_tls_trust_read(struct au_tls_trust *trust, struct au_err *err)
{
	ERR_clear_error();
	AU_CLEANUP(free_context) SSL_CTX *context = SSL_CTX_new(TLS_client_method());
	if (context == NULL)
		return au_fail(err, AU_EIO, "OpenSSL cannot be set up");
	set_up(context, trust->config);
	int rc = use_authorities(context, trust->config->ca_file, err);
	if (rc == 0)
		rc = use_revocations(context, trust->config->crl_file, err);
	if (rc == 0)
		rc = use_client(context, trust, err);
	if (rc < 0)
		return rc;
	SSL_CTX_free(trust->context);
	trust->context = context;
	context = NULL;
	return 0;
}

bool
au_tls_trust_wants_staple(const struct au_tls_trust *trust)
{
	return au_streq(trust->config->ocsp, "staple");
}

SSL_CTX *
au_tls_trust_context(const struct au_tls_trust *trust)
{
	return trust->context;
}

bool
au_tls_trust_has_pin(const struct au_tls_trust *trust, X509 *certificate)
{
	unsigned char pin[AU_PIN_SIZE];

	if (trust->pin_count == 0)
		return true;
	if (!au_peer_pin(certificate, pin))
		return false;
	for (size_t i = 0; i < trust->pin_count; i++)
		if (memcmp(trust->pins[i], pin, sizeof(pin)) == 0)
			return true;
	return false;
}

int
au_tls_trust_new(const struct au_source_config *config, const struct au_secret *client_key, struct au_tls_trust **ret,
    struct au_err *err)
{
	size_t count = json_array_size(config->pins);
	struct au_tls_trust *trust = au_xcalloc(1, sizeof(*trust));

	*trust = (struct au_tls_trust){ .config = config, .client_key = client_key, .pin_count = count };
	trust->pins = au_xcalloc(count + 1, sizeof(*trust->pins));
	for (size_t i = 0; i < count; i++)
		if (au_pin_parse(json_string_value(json_array_get(config->pins, i)), trust->pins[i], err) < 0) {
			au_tls_trust_free(trust);
			return AU_EINVAL;
		}
	*ret = trust;
	return 0;
}

void
au_tls_trust_free(struct au_tls_trust *trust)
{
	if (trust == NULL)
		return;
	SSL_CTX_free(trust->context);
	free(trust->pins);
	free(trust);
}
