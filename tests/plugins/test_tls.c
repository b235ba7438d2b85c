/* SPDX-License-Identifier: ISC */
/* A product is believed when its certificate holds for its name, and not otherwise. */
#include "lib/http.h"

#include "base/clock.h"
#include "base/mem.h"
#include "fake.h"

#include "tests/unit.h"

#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DAY_S 86400L

static long long
mono_ms(void)
{
	return au_clock_mono_ms();
}

static const struct au_host host = { .size = sizeof(host), .mono_ms = mono_ms };

struct set {
	EVP_PKEY *key;
	SSL_CTX *tls;
	struct fake *fake;
	char ca_file[64];
};

/* A certificate that signs itself, for these names, good for a day from begin_s on. */
static X509 *
certificate(EVP_PKEY *key, const char *names, long begin_s)
{
	X509 *cert = X509_new();
	X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, NULL, NID_subject_alt_name, names);

	X509_set_version(cert, X509_VERSION_3);
	ASN1_INTEGER_set(X509_get_serialNumber(cert), 1);
	X509_gmtime_adj(X509_getm_notBefore(cert), begin_s);
	X509_gmtime_adj(X509_getm_notAfter(cert), begin_s + DAY_S);
	X509_set_pubkey(cert, key);
	X509_NAME_add_entry_by_txt(
	    X509_get_subject_name(cert), "CN", MBSTRING_ASC, (const unsigned char *)"test", -1, -1, 0);
	X509_set_issuer_name(cert, X509_get_subject_name(cert));
	assert_non_null(extension);
	X509_add_ext(cert, extension, -1);
	X509_EXTENSION_free(extension);
	assert_true(X509_sign(cert, key, EVP_sha256()) > 0);
	return cert;
}

static void
serve(struct set *set, const char *names, long begin_s)
{
	X509 *cert = certificate(set->key, names, begin_s);
	FILE *file;

	set->tls = SSL_CTX_new(TLS_server_method());
	assert_int_equal(SSL_CTX_use_certificate(set->tls, cert), 1);
	assert_int_equal(SSL_CTX_use_PrivateKey(set->tls, set->key), 1);
	file = fopen(set->ca_file, "w");
	assert_non_null(file);
	PEM_write_X509(file, cert);
	fclose(file);
	X509_free(cert);
	set->fake = fake_start_tls(set->tls);
}

static int
start(void **state)
{
	struct set *set = au_xcalloc(1, sizeof(*set));

	set->key = EVP_EC_gen("P-256");
	assert_non_null(set->key);
	strcpy(set->ca_file, "/tmp/test-tls-XXXXXX");
	close(mkstemp(set->ca_file));
	*state = set;
	return 0;
}

static int
stop(void **state)
{
	struct set *set = *state;

	fake_check(set->fake);
	fake_stop(set->fake);
	SSL_CTX_free(set->tls);
	EVP_PKEY_free(set->key);
	unlink(set->ca_file);
	free(set);
	return 0;
}

static int
get(struct set *set, bool trusts, struct au_err *err)
{
	AU_CLEANUP(au_freep) char *url = au_xasprintf("https://localhost:%u", fake_port(set->fake));
	struct au_http_config config = { .url = url,
		.ca_file = trusts ? set->ca_file : NULL,
		.timeout_ms = 5000,
		.max_answer = 4096,
		.host = &host };
	struct au_http_request request = { .method = "GET", .path = "/x", .once = true };
	struct au_http_answer answer = { 0 };
	struct au_http *http;
	int r;

	assert_int_equal(au_http_new(&config, &http, err), 0);
	r = au_http_call(http, &request, &answer, err);
	au_http_answer_done(&answer);
	au_http_free(http);
	return r;
}

static void
certificate_of_a_trusted_authority_is_taken(void **state)
{
	struct set *set = *state;
	struct au_err err;

	serve(set, "DNS:localhost", -60);
	fake_expect(set->fake, &(struct fake_step){ .method = "GET", .path = "/x", .status = 200, .body = "{}" });
	if (get(set, true, &err) != 0)
		fail_msg("%s", err.text);
}

static void
expect_refusal(struct set *set, bool trusts)
{
	struct au_err err;

	assert_int_equal(get(set, trusts, &err), AU_EPROTO);
	assert_non_null(strstr(err.text, "certificate"));
}

static void
unknown_authority_is_refused_before_anything_is_sent(void **state)
{
	serve(*state, "DNS:localhost", -60);
	expect_refusal(*state, false);
}

static void
certificate_for_another_name_is_refused(void **state)
{
	serve(*state, "DNS:room.example.com", -60);
	expect_refusal(*state, true);
}

static void
certificate_past_its_time_is_refused(void **state)
{
	serve(*state, "DNS:localhost", -2 * DAY_S);
	expect_refusal(*state, true);
}

#define WITH(test) cmocka_unit_test_setup_teardown(test, start, stop)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WITH(certificate_of_a_trusted_authority_is_taken),
		WITH(unknown_authority_is_refused_before_anything_is_sent),
		WITH(certificate_for_another_name_is_refused),
		WITH(certificate_past_its_time_is_refused),
	};

	signal(SIGPIPE, SIG_IGN); /* as the worker has it: a refused handshake breaks the connection */
	return cmocka_run_group_tests(tests, NULL, NULL);
}
