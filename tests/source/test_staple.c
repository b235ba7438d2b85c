/* SPDX-License-Identifier: ISC */
/* Which stapled OCSP responses prove that a certificate is good: handshakes in memory, with responses of every kind. */
#include "tests/unit.h"

#include "base/mem.h"
#include "sourced/staple.h"

#include <openssl/ocsp.h>
#include <openssl/x509v3.h>
#include <string.h>

#define HOUR 3600

/* Who signs, and what it is called. */
struct party {
	EVP_PKEY *key;
	X509 *certificate;
};

static struct party ca, other_ca, server, other_server, responder, impostor;

/* ---- certificates ---- */

static void
extend(X509 *certificate, X509 *issuer, int nid, const char *value)
{
	X509V3_CTX context;

	X509V3_set_ctx(&context, issuer, certificate, NULL, NULL, 0);
	X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
	assert_non_null(extension);
	X509_add_ext(certificate, extension, -1);
	X509_EXTENSION_free(extension);
}

/* by: NULL signs for itself. */
static struct party
make(const char *name, const struct party *by, int extension, const char *value)
{
	static long serial = 1;
	struct party party = { .key = EVP_EC_gen("P-256"), .certificate = X509_new() };
	X509_NAME *subject = X509_get_subject_name(party.certificate);

	if (by == NULL)
		by = &party;
	X509_set_version(party.certificate, X509_VERSION_3);
	ASN1_INTEGER_set(X509_get_serialNumber(party.certificate), ++serial);
	X509_gmtime_adj(X509_getm_notBefore(party.certificate), -HOUR);
	X509_gmtime_adj(X509_getm_notAfter(party.certificate), HOUR);
	X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, (const unsigned char *)name, -1, -1, 0);
	X509_set_issuer_name(party.certificate, X509_get_subject_name(by->certificate));
	X509_set_pubkey(party.certificate, party.key);
	extend(party.certificate, by->certificate, extension, value);
	assert_true(X509_sign(party.certificate, by->key, EVP_sha256()) > 0);
	return party;
}

static void
drop(struct party *party)
{
	EVP_PKEY_free(party->key);
	X509_free(party->certificate);
}

static int
make_all(void **state)
{
	(void)state;
	ca = make("ca", NULL, NID_basic_constraints, "critical,CA:TRUE");
	other_ca = make("other", NULL, NID_basic_constraints, "critical,CA:TRUE");
	server = make("server", &ca, NID_subject_alt_name, "DNS:localhost");
	other_server = make("other server", &ca, NID_subject_alt_name, "DNS:localhost");
	responder = make("responder", &ca, NID_ext_key_usage, "OCSPSigning");
	impostor = make("impostor", &other_ca, NID_ext_key_usage, "OCSPSigning");
	return 0;
}

static int
drop_all(void **state)
{
	struct party *all[] = { &ca, &other_ca, &server, &other_server, &responder, &impostor };

	(void)state;
	for (size_t i = 0; i < AU_COUNT(all); i++)
		drop(all[i]);
	return 0;
}

/* ---- responses ---- */

struct kind {
	const struct party *by, *of;
	int status;
	long from, to; /* seconds from now; to 0: not said */
	bool is_sha256;
	const char *why; /* NULL: it is good */
};

static OCSP_RESPONSE *
respond(const struct kind *kind)
{
	OCSP_BASICRESP *basic = OCSP_BASICRESP_new();
	OCSP_CERTID *id =
	    OCSP_cert_to_id(kind->is_sha256 ? EVP_sha256() : EVP_sha1(), kind->of->certificate, ca.certificate);
	ASN1_TIME *from = X509_gmtime_adj(NULL, kind->from), *to = X509_gmtime_adj(NULL, kind->to),
		  *revoked = X509_gmtime_adj(NULL, -HOUR);
	bool is_revoked = kind->status == V_OCSP_CERTSTATUS_REVOKED;

	assert_non_null(OCSP_basic_add1_status(basic, id, kind->status, OCSP_REVOKED_STATUS_KEYCOMPROMISE,
	    is_revoked ? revoked : NULL, from, kind->to != 0 ? to : NULL));
	assert_int_equal(OCSP_basic_sign(basic, kind->by->certificate, kind->by->key, EVP_sha256(), NULL, 0), 1);
	OCSP_RESPONSE *response = OCSP_response_create(OCSP_RESPONSE_STATUS_SUCCESSFUL, basic);
	OCSP_CERTID_free(id);
	OCSP_BASICRESP_free(basic);
	ASN1_TIME_free(from);
	ASN1_TIME_free(to);
	ASN1_TIME_free(revoked);
	return response;
}

/* ---- the handshake ---- */

struct bytes {
	unsigned char *data; /* NULL: nothing is stapled */
	int len;
};

static int
on_status(SSL *ssl, void *arg)
{
	const struct bytes *bytes = arg;

	if (bytes->data == NULL)
		return SSL_TLSEXT_ERR_NOACK;
	SSL_set_tlsext_status_ocsp_resp(ssl, OPENSSL_memdup(bytes->data, (size_t)bytes->len), bytes->len);
	return SSL_TLSEXT_ERR_OK;
}

/* The reason, NULL when it is good.  Caller frees. */
static char *
judge(struct bytes *bytes)
{
	SSL_CTX *server_context = SSL_CTX_new(TLS_server_method()), *context = SSL_CTX_new(TLS_client_method());
	struct au_str why = AU_STR_INIT;

	SSL_CTX_use_certificate(server_context, server.certificate);
	SSL_CTX_use_PrivateKey(server_context, server.key);
	SSL_CTX_set_tlsext_status_cb(server_context, on_status);
	SSL_CTX_set_tlsext_status_arg(server_context, bytes);
	X509_STORE_add_cert(SSL_CTX_get_cert_store(context), ca.certificate);
	SSL_CTX_set_verify(context, SSL_VERIFY_PEER, NULL);
	SSL *ssl = SSL_new(context), *server_ssl = SSL_new(server_context);
	BIO *one, *two;
	assert_int_equal(BIO_new_bio_pair(&one, 0, &two, 0), 1);
	SSL_set_bio(ssl, one, one);
	SSL_set_bio(server_ssl, two, two);
	SSL_set_connect_state(ssl);
	SSL_set_accept_state(server_ssl);
	au_staple_ask(ssl);
	for (int i = 0; i < 10; i++) {
		SSL_do_handshake(ssl);
		SSL_do_handshake(server_ssl);
	}
	assert_int_equal(SSL_is_init_finished(ssl), 1);
	bool is_good = au_staple_is_good(ssl, &why);
	assert_int_equal(is_good, why.len == 0);
	SSL_free(ssl);
	SSL_free(server_ssl);
	SSL_CTX_free(context);
	SSL_CTX_free(server_context);
	return au_str_take(&why);
}

static void
expect(struct bytes *bytes, const char *why, size_t row)
{
	AU_CLEANUP(au_freep) char *found = judge(bytes);
	bool is_right = why == NULL ? found == NULL || found[0] == '\0' : found != NULL && strstr(found, why) != NULL;

	if (!is_right)
		fail_msg("row %zu: '%s' is not '%s'", row, found != NULL ? found : "good", why != NULL ? why : "good");
}

#define GOOD V_OCSP_CERTSTATUS_GOOD

static const struct kind kinds[] = {
	{ &ca, &server, GOOD, -HOUR, HOUR, false, NULL },
	{ &ca, &server, GOOD, -HOUR, HOUR, true, NULL },
	{ &responder, &server, GOOD, -HOUR, HOUR, false, NULL },
	{ &ca, &server, GOOD, -HOUR, 0, false, NULL },
	{ &ca, &server, GOOD, -25 * HOUR, 0, false, "out of date" },
	{ &ca, &server, GOOD, -2 * HOUR, -HOUR, false, "out of date" },
	{ &ca, &server, GOOD, HOUR, 2 * HOUR, false, "out of date" },
	{ &ca, &other_server, GOOD, -HOUR, HOUR, false, "of another certificate" },
	{ &other_ca, &server, GOOD, -HOUR, HOUR, false, "not signed by" },
	{ &impostor, &server, GOOD, -HOUR, HOUR, false, "not signed by" },
	{ &server, &server, GOOD, -HOUR, HOUR, false, "not signed by" },
	{ &ca, &server, V_OCSP_CERTSTATUS_REVOKED, -HOUR, HOUR, false, "revoked it" },
	{ &responder, &server, V_OCSP_CERTSTATUS_REVOKED, -HOUR, HOUR, true, "revoked it" },
	{ &ca, &server, V_OCSP_CERTSTATUS_UNKNOWN, -HOUR, HOUR, false, "does not know it" },
};

static void
only_a_fresh_good_word_of_the_authority_counts(void **state)
{
	(void)state;
	for (size_t i = 0; i < AU_COUNT(kinds); i++) {
		OCSP_RESPONSE *response = respond(&kinds[i]);
		struct bytes bytes = { NULL, 0 };
		bytes.len = i2d_OCSP_RESPONSE(response, &bytes.data);
		expect(&bytes, kinds[i].why, i);
		OPENSSL_free(bytes.data);
		OCSP_RESPONSE_free(response);
	}
}

static void
nothing_and_rubbish_do_not_count(void **state)
{
	OCSP_RESPONSE *response = OCSP_response_create(OCSP_RESPONSE_STATUS_TRYLATER, NULL);
	struct bytes later = { NULL, 0 }, rubbish = { (unsigned char *)(uintptr_t) "rubbish", 7 };
	struct bytes none = { NULL, 0 };

	(void)state;
	later.len = i2d_OCSP_RESPONSE(response, &later.data);
	expect(&none, "staples no OCSP response", 0);
	expect(&rubbish, "staples no OCSP response", 1);
	expect(&later, "is no answer", 2);
	OPENSSL_free(later.data);
	OCSP_RESPONSE_free(response);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_a_fresh_good_word_of_the_authority_counts),
		cmocka_unit_test(nothing_and_rubbish_do_not_count),
	};

	return cmocka_run_group_tests(tests, make_all, drop_all);
}
