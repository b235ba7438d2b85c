/* SPDX-License-Identifier: ISC */
/* The server over TLS, with keys and certificates made here. */
#include "base/clock.h"
#include "base/mem.h"
#include "http/handshakes.h"
#include "tests/http/tls_client.h"
#include "tests/unit.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

struct files {
	char folder[40], certificate[64], key[80], other_key[80];
};

static int
make_files(void **state)
{
	static struct files f = { .folder = "/tmp/apiuserd-http-XXXXXX" };
	struct pki own = pki_make(NULL, "localhost", NULL, 3600), other = pki_make(NULL, "other", NULL, 3600);

	assert_non_null(mkdtemp(f.folder));
	snprintf(f.certificate, sizeof(f.certificate), "%s/cert.pem", f.folder);
	snprintf(f.key, sizeof(f.key), "file:%s/key.pem", f.folder);
	snprintf(f.other_key, sizeof(f.other_key), "file:%s/other.pem", f.folder);
	pki_write_certificate(&own, f.certificate);
	pki_write_key(&own, f.key + 5);
	pki_write_key(&other, f.other_key + 5);
	pki_done(&own);
	pki_done(&other);
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

static struct au_http_config
config_of(const struct files *f)
{
	struct au_http_config config = world_config();

	config.tls_certificate = f->certificate;
	config.tls_key = f->key;
	return config;
}

static void
start(struct world *w, const struct files *f)
{
	struct au_http_config config = config_of(f);

	world_start(w, &config);
}

static char *
talk_version(struct world *w, int version, const char *request)
{
	struct tls_client client;
	char *text;

	tls_client_init(&client, version, version, NULL);
	text = tls_talk(w, &client, request);
	tls_client_done(&client);
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
	struct au_http_config config = config_of(*state);
	struct world w;
	char *text;
	int fd;

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
rubbish_in_place_of_a_handshake_ends_the_connection(void **state)
{
	static const struct {
		const char *octets;
		size_t len;
	} rows[] = {
		{ "\x16\x03\x01\xff\xff", 5 },                          /* a record that is too long */
		{ "\x16\x03\x01\x00\x05\x01\xff\xff\xff\x00", 10 },     /* a hello of 16 MB */
		{ "\x80\x2e\x01\x00\x02\x00\x15\x00\x00\x00\x10", 11 }, /* a hello of SSL 2 */
		{ "\x17\x03\x03\x00\x04"
		  "data",
		    9 },                               /* data before the handshake */
		{ "\x15\x03\x03\x00\x02\x02\x28", 7 }, /* an alert */
		{ "\0\0\0\0\0\0\0\0", 8 },
	};
	struct world w;
	size_t i;

	start(&w, *state);
	for (i = 0; i < AU_COUNT(rows); i++) {
		int fd = client_open(&w);
		char *text;

		client_sendn(fd, rows[i].octets, rows[i].len);
		shutdown(fd, SHUT_WR);
		text = client_read_all(&w, fd);
		assert_null(strstr(text, "HTTP/"));
		free(text);
		close(fd);
	}
	assert_int_equal(w.handled, 0);
	assert_int_equal(au_http_connections(w.server), 0);
	world_stop(&w);
}

/* Answers of more than one segment, of which the last is small: just what Nagle's algorithm and a delayed
 * acknowledgement turn into 40 ms. */
static void
answers_on_a_kept_connection_are_not_held_back(void **state)
{
	struct tls_client client;
	int64_t took[41];
	struct world w;
	size_t i, slow = 0;

	start(&w, *state);
	tls_client_init(&client, TLS1_2_VERSION, TLS1_3_VERSION, NULL);
	assert_true(tls_open(&w, &client));
	for (i = 0; i < AU_COUNT(took); i++) {
		int64_t began = au_clock_mono_ms();
		char *text;

		tls_send(&client, "GET /large HTTP/1.1\r\nHost: a\r\n\r\n");
		text = tls_read(&w, &client, "yz");
		assert_non_null(text);
		free(text);
		took[i] = au_clock_mono_ms() - began;
		slow += took[i] >= 30;
	}
	assert_true(slow < AU_COUNT(took) / 2);
	tls_client_done(&client);
	world_stop(&w);
}

static void
key_of_another_certificate_is_refused(void **state)
{
	const struct files *f = *state;
	struct au_http_config config = config_of(f), other_key = config, no_certificate = config, no_key = config;
	struct au_err err = { 0 };
	struct world w;
	char *text;

	start(&w, f);
	other_key.tls_key = f->other_key;
	no_certificate.tls_certificate = f->key + 5;
	no_key.tls_key = NULL;
	assert_int_equal(au_http_server_configure(w.server, &other_key, &err), AU_EINVAL);
	assert_non_null(strstr(err.text, "tls_key"));
	assert_int_equal(au_http_server_configure(w.server, &no_certificate, &err), AU_EINVAL);
	assert_non_null(strstr(err.text, "tls_certificate"));
	assert_int_equal(au_http_server_configure(w.server, &no_key, &err), AU_EINVAL);
	chmod(f->key + 5, 0644);
	assert_true(au_http_server_configure(w.server, &config, &err) < 0);
	chmod(f->key + 5, 0600);
	text = talk_version(&w, TLS1_3_VERSION, "GET /echo" LAST);
	assert_non_null(text);
	free(text);
	assert_int_equal(au_http_server_configure(w.server, &config, &err), 0);
	world_stop(&w);
}

static void
end_of_the_certificate_is_told(void **state)
{
	struct world w;
	int64_t left_ms;

	start(&w, *state);
	left_ms = au_http_server_not_after(w.server) - au_clock_wall_ms();
	assert_in_range(left_ms, 3000 * 1000, 3600 * 1000);
	world_stop(&w);
}

static void
weak_ciphers_are_refused(void **state)
{
	static const char *const lists[] = { "AES128-SHA", "AES128-GCM-SHA256", "ECDHE-ECDSA-AES128-SHA256",
		"ECDHE-ECDSA-AES256-SHA", "aNULL" };
	struct world w;
	size_t i;

	start(&w, *state);
	for (i = 0; i < AU_COUNT(lists); i++) {
		struct tls_client client;

		tls_client_init(&client, TLS1_2_VERSION, TLS1_2_VERSION, NULL);
		assert_int_equal(SSL_CTX_set_cipher_list(client.ctx, lists[i]), 1);
		if (tls_open(&w, &client))
			fail_msg("%s was taken", lists[i]);
		tls_client_done(&client);
	}
	world_stop(&w);
}

static void
client_that_leaves_over_tls_harms_nobody(void **state)
{
	struct tls_client client;
	struct world w;

	start(&w, *state);
	tls_client_init(&client, TLS1_2_VERSION, TLS1_3_VERSION, NULL);
	assert_true(tls_open(&w, &client));
	tls_send(&client, "GET /later HTTP/1.1\r\nHost: a\r\n\r\n");
	while (w.held_count == 0)
		world_turn(&w);
	tls_close(&client);
	while (au_http_connections(w.server) > 0)
		world_turn(&w);
	world_reply_held(&w, "nobody hears this");
	tls_client_done(&client);
	world_stop(&w);
}

static void
connections_and_handshakes_are_counted(void **state)
{
	struct tls_client client;
	const struct au_http_counters *counters;
	struct world w;

	start(&w, *state);
	counters = au_http_counters(w.server);
	tls_client_init(&client, TLS1_3_VERSION, TLS1_3_VERSION, NULL);
	free(tls_talk(&w, &client, "GET /echo" LAST));
	free(tls_talk(&w, &client, "GET /fields" LAST));
	free(client_talk(&w, "rubbish\r\n\r\n"));
	assert_int_equal(counters->accepted, 3);
	assert_int_equal(counters->handshakes, 2);
	assert_int_equal(counters->resumed, 1);
	assert_int_equal(counters->bad_handshakes, 1);
	assert_int_equal(counters->answers[2], 2);
	tls_client_done(&client);
	world_stop(&w);
}

static void
peer_whose_handshakes_fail_has_to_pause(void **state)
{
	struct au_http_config config = config_of(*state);
	const struct au_http_counters *counters;
	struct world w;
	unsigned i;
	char *text;

	au_clock_fake_set(au_clock_wall_ms(), au_clock_mono_ms());
	config.bad_handshakes_per_second = 2;
	world_start(&w, &config);
	counters = au_http_counters(w.server);
	for (i = 0; i < 21; i++)
		free(client_talk(&w, "rubbish\r\n\r\n"));
	assert_int_equal(counters->bad_handshakes, 21);
	assert_int_equal(counters->turned_away, 0);
	/* Now even a good client of that address is turned away, until the pause is over. */
	assert_null(talk_version(&w, TLS1_3_VERSION, "GET /echo" LAST));
	assert_int_equal(counters->turned_away, 1);
	au_clock_fake_advance(AU_HTTP_HANDSHAKE_PAUSE_MS);
	text = talk_version(&w, TLS1_3_VERSION, "GET /echo" LAST);
	assert_int_equal(client_status(text), 200);
	free(text);
	assert_int_equal(counters->bad_handshakes, 21);
	world_stop(&w);
	au_clock_real();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(requests_are_answered_over_tls_1_2_and_1_3),
		cmocka_unit_test(older_versions_are_refused),
		cmocka_unit_test(weak_ciphers_are_refused),
		cmocka_unit_test(clear_text_at_a_tls_port_is_not_served),
		cmocka_unit_test(handshake_that_never_ends_is_cut),
		cmocka_unit_test(rubbish_in_place_of_a_handshake_ends_the_connection),
		cmocka_unit_test(answers_on_a_kept_connection_are_not_held_back),
		cmocka_unit_test(key_of_another_certificate_is_refused),
		cmocka_unit_test(end_of_the_certificate_is_told),
		cmocka_unit_test(connections_and_handshakes_are_counted),
		cmocka_unit_test(peer_whose_handshakes_fail_has_to_pause),
		cmocka_unit_test(client_that_leaves_over_tls_harms_nobody),
	};

	return cmocka_run_group_tests(tests, make_files, remove_files);
}
