/* SPDX-License-Identifier: ISC */
/* The server over TLS, with a key and certificate made here. */
#include "base/mem.h"
#include "base/str.h"
#include "tests/http/world.h"
#include "tests/unit.h"

#include <fcntl.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct files {
	char folder[40], certificate[64], key[80], other_key[80];
};

static EVP_PKEY *
write_key(const char *path)
{
	EVP_PKEY *key = EVP_EC_gen("P-256");
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fchmod(fileno(file), 0600);
	assert_int_equal(PEM_write_PrivateKey(file, key, NULL, NULL, 0, NULL, NULL), 1);
	fclose(file);
	return key;
}

static void
write_certificate(const char *path, EVP_PKEY *key)
{
	X509 *cert = X509_new();
	X509_NAME *name = X509_get_subject_name(cert);
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	ASN1_INTEGER_set(X509_get_serialNumber(cert), 1);
	X509_gmtime_adj(X509_getm_notBefore(cert), -3600);
	X509_gmtime_adj(X509_getm_notAfter(cert), 3600);
	X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const unsigned char *)"localhost", -1, -1, 0);
	X509_set_issuer_name(cert, name);
	X509_set_pubkey(cert, key);
	assert_true(X509_sign(cert, key, EVP_sha256()) > 0);
	assert_int_equal(PEM_write_X509(file, cert), 1);
	fclose(file);
	X509_free(cert);
}

static int
make_files(void **state)
{
	static struct files f = { .folder = "/tmp/apiuserd-http-XXXXXX" };
	EVP_PKEY *key;

	assert_non_null(mkdtemp(f.folder));
	snprintf(f.certificate, sizeof(f.certificate), "%s/cert.pem", f.folder);
	snprintf(f.key, sizeof(f.key), "file:%s/key.pem", f.folder);
	snprintf(f.other_key, sizeof(f.other_key), "file:%s/other.pem", f.folder);
	key = write_key(f.key + 5);
	write_certificate(f.certificate, key);
	EVP_PKEY_free(key);
	EVP_PKEY_free(write_key(f.other_key + 5));
	*state = &f;
	return 0;
}

static int
remove_files(void **state)
{
	const struct files *f = *state;

	unlink(f->certificate);
	unlink(f->key + 5);
	unlink(f->other_key + 5);
	return rmdir(f->folder);
}

static void
start(struct world *w, const struct files *f)
{
	struct au_http_config config = world_config();

	config.tls_certificate = f->certificate;
	config.tls_key = f->key;
	world_start(w, &config);
}

/* Repeat an operation of OpenSSL until it is done; false when it fails. */
static bool
keep_on(struct world *w, SSL *ssl, int rc)
{
	int why = SSL_get_error(ssl, rc);

	if (why != SSL_ERROR_WANT_READ && why != SSL_ERROR_WANT_WRITE)
		return false;
	world_turn(w);
	return true;
}

/* Handshake, send, read to the end; NULL when the handshake fails. */
static char *
talk(struct world *w, SSL *ssl, const char *request)
{
	struct au_str text = AU_STR_INIT;
	int fd = client_open(w), rc;
	char buf[16384];

	fcntl(fd, F_SETFL, O_NONBLOCK);
	SSL_set_fd(ssl, fd);
	while ((rc = SSL_connect(ssl)) <= 0)
		if (!keep_on(w, ssl, rc)) {
			ERR_clear_error();
			close(fd);
			return NULL;
		}
	assert_int_equal(SSL_write(ssl, request, (int)strlen(request)), (int)strlen(request));
	while ((rc = SSL_read(ssl, buf, sizeof(buf))) > 0 || keep_on(w, ssl, rc))
		if (rc > 0)
			au_str_putn(&text, buf, (size_t)rc);
	assert_int_equal(SSL_get_error(ssl, rc), SSL_ERROR_ZERO_RETURN);
	close(fd);
	return au_str_take(&text);
}

static char *
talk_version(struct world *w, int version, const char *request)
{
	SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());
	SSL *ssl;
	char *text;

	SSL_CTX_set_security_level(ctx, 0);
	SSL_CTX_set_min_proto_version(ctx, version);
	SSL_CTX_set_max_proto_version(ctx, version);
	ssl = SSL_new(ctx);
	text = talk(w, ssl, request);
	SSL_free(ssl);
	SSL_CTX_free(ctx);
	return text;
}

#define LAST " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"

static void
requests_are_answered_over_tls_1_2_and_1_3(void **state)
{
	static const int versions[] = { TLS1_2_VERSION, TLS1_3_VERSION };
	struct world w;
	size_t i;

	start(&w, *state);
	for (i = 0; i < AU_COUNT(versions); i++) {
		AU_CLEANUP(au_freep)
		char *text = talk_version(&w, versions[i], "GET /echo?1 HTTP/1.1\r\nHost: a\r\n\r\nGET /big" LAST);

		assert_non_null(text);
		assert_non_null(strstr(text, "GET /echo?1"));
		assert_int_equal(client_count(text, "HTTP/1.1 200"), 2);
		assert_int_equal(strlen(strstr(text, "xxxxxxxx")), WORLD_BIG);
	}
	world_stop(&w);
}

static void
older_versions_are_refused(void **state)
{
	struct world w;

	start(&w, *state);
	assert_null(talk_version(&w, TLS1_1_VERSION, "GET /echo" LAST));
	assert_int_equal(w.handled, 0);
	world_stop(&w);
}

static void
clear_text_at_a_tls_port_is_not_served(void **state)
{
	struct world w;
	char *text;

	start(&w, *state);
	text = client_talk(&w, "GET /echo" LAST);
	assert_null(strstr(text, "HTTP/1.1"));
	free(text);
	assert_int_equal(w.handled, 0);
	world_stop(&w);
}

static void
handshake_that_never_ends_is_cut(void **state)
{
	const struct files *f = *state;
	struct au_http_config config = world_config();
	struct world w;
	char *text;
	int fd;

	config.tls_certificate = f->certificate;
	config.tls_key = f->key;
	config.head_timeout_ms = 50;
	world_start(&w, &config);
	fd = client_open(&w);
	client_sendn(fd, "\x16\x03\x01\x02", 4);
	text = client_read_all(&w, fd);
	free(text);
	assert_int_equal(au_http_connections(w.server), 0);
	close(fd);
	world_stop(&w);
}

static void
key_of_another_certificate_is_refused(void **state)
{
	const struct files *f = *state;
	struct au_err err = { 0 };
	struct world w;

	start(&w, f);
	assert_int_equal(au_http_server_tls(w.server, f->certificate, f->other_key, &err), AU_EINVAL);
	assert_non_null(strstr(err.text, "tls_key"));
	assert_int_equal(au_http_server_tls(w.server, f->key + 5, f->key, &err), AU_EINVAL);
	chmod(f->key + 5, 0644);
	assert_true(au_http_server_tls(w.server, f->certificate, f->key, &err) < 0);
	chmod(f->key + 5, 0600);
	assert_int_equal(au_http_server_tls(w.server, f->certificate, f->key, &err), 0);
	world_stop(&w);
}

static void
client_that_leaves_over_tls_harms_nobody(void **state)
{
	SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());
	SSL *ssl = SSL_new(ctx);
	struct world w;
	int fd, rc;

	start(&w, *state);
	fd = client_open(&w);
	fcntl(fd, F_SETFL, O_NONBLOCK);
	SSL_set_fd(ssl, fd);
	while ((rc = SSL_connect(ssl)) <= 0)
		assert_true(keep_on(&w, ssl, rc));
	SSL_write(ssl, "GET /later HTTP/1.1\r\nHost: a\r\n\r\n", 32);
	while (w.held_count == 0)
		world_turn(&w);
	close(fd);
	while (au_http_connections(w.server) > 0)
		world_turn(&w);
	world_reply_held(&w, "nobody hears this");
	SSL_free(ssl);
	SSL_CTX_free(ctx);
	world_stop(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(requests_are_answered_over_tls_1_2_and_1_3),
		cmocka_unit_test(older_versions_are_refused),
		cmocka_unit_test(clear_text_at_a_tls_port_is_not_served),
		cmocka_unit_test(handshake_that_never_ends_is_cut),
		cmocka_unit_test(key_of_another_certificate_is_refused),
		cmocka_unit_test(client_that_leaves_over_tls_harms_nobody),
	};

	return cmocka_run_group_tests(tests, make_files, remove_files);
}
