/* SPDX-License-Identifier: ISC */
/* The parts are wired as main wires them; only sources, targets and the reconciler are missing. */
#include "tests/bench/our_server.h"

#include "base/clock.h"
#include "base/io.h"
#include "base/rand.h"
#include "http/server.h"
#include "scim/scim.h"
#include "scim/token.h"
#include "settings/settings.h"
#include "store/client.h"
#include "store/store.h"
#include "tests/bench/server.h"

#include <event2/event.h>

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define KEEP_MS 600000

static _Noreturn void
die(const struct au_err *err)
{
	fprintf(stderr, "benchmark: our server: %s\n", err->text);
	exit(1);
}

static void
on_broken(void *ctx, const char *why)
{
	struct au_err err = { 0 };

	(void)ctx;
	au_fail(&err, AU_EIO, "%s", why);
	die(&err);
}

static struct au_settings *
read_settings(const char *folder)
{
	AU_CLEANUP(au_freep) char *path = au_xasprintf("%s/apiuserd.conf", folder);
	AU_CLEANUP(au_freep)
	char *text = au_xasprintf("daemon: { state_dir = \"%s\"; };\n"
				  "scim: { base_url = \"http://127.0.0.1/scim/v2\"; };\n"
				  "scim_clients: ( { name = \"%s\"; max_requests_per_second = 1000000; } );\n",
	    folder, OUR_CLIENT);
	struct au_settings *settings = NULL;
	struct au_err err = { 0 };

	if (au_io_replace(path, 0600, text, strlen(text), &err) < 0 ||
	    au_settings_read(path, NULL, NULL, &settings, &err) < 0)
		die(&err);
	return settings;
}

static int
add_token(struct au_store_tx *tx, void *row, struct au_err *err)
{
	return au_store_token_add(tx, row, err);
}

static void
make_token(struct au_store *store, const char *folder, const unsigned char key[32])
{
	AU_CLEANUP(au_freep) char *path = au_xasprintf("%s/authorization", folder);
	AU_CLEANUP(au_secret_freep) struct au_secret *text = NULL;
	AU_CLEANUP(au_freep) char *line = NULL;
	char id[AU_TOKEN_ID_SIZE];
	struct au_token_row row;
	struct au_err err = { 0 };

	au_token_make(key, OUR_CLIENT, au_clock_wall_ms(), 0, id, &text, &row);
	line = au_xasprintf("Authorization: Bearer %s", au_secret_text(text));
	if (au_store_run(store, add_token, &row, &err) < 0 || au_io_replace(path, 0600, line, strlen(line), &err) < 0)
		die(&err);
}

static void
changed(void *ctx, const char *client)
{
	(void)ctx;
	(void)client;
}

/* The same endpoint once more behind TLS, when there is a certificate; its port, or 0. */
static int
serve_tls(struct event_base *base, const char *folder, struct au_http_config config, struct au_scim *scim)
{
	AU_CLEANUP(au_freep) char *absolute = realpath(folder, NULL);
	AU_CLEANUP(au_freep) char *key = au_xasprintf("file:%s/" SERVER_KEY, absolute);
	AU_CLEANUP(au_freep) char *certificate = au_xasprintf("%s/" SERVER_CERTIFICATE, folder);
	struct au_http_server *server = NULL;
	struct au_err err = { 0 };
	int port;

	if (access(certificate, R_OK) != 0)
		return 0;
	config.tls_certificate = certificate;
	config.tls_key = key;
	if (au_http_server_new(base, &config, au_scim_handle, scim, &server, &err) < 0 ||
	    au_http_listen(server, "127.0.0.1:0", &port, &err) < 0)
		die(&err);
	return port;
}

void
our_serve(const char *folder, void (*tell)(int port, int tls_port))
{
	static const struct au_scim_events events = { .changed = changed };
	static const unsigned char key[32] = { 1 };
	struct event_base *base = event_base_new();
	struct au_settings *settings = read_settings(folder);
	struct au_store_config store_config = {
		.backend = "sqlite", .path = folder, .audit_key = key, .on_broken = on_broken
	};
	struct au_http_config http_config = { .max_head = 16384,
		.max_body = 1 << 20,
		.max_headers = 100,
		.max_connections = 20000,
		.max_per_peer = 20000,
		.head_timeout_ms = KEEP_MS,
		.body_timeout_ms = KEEP_MS,
		.idle_timeout_ms = KEEP_MS,
		.write_timeout_ms = KEEP_MS,
		.error_body = au_scim_error_body };
	struct au_http_server *server = NULL;
	struct au_store *store = NULL;
	struct au_scim *scim;
	struct au_err err = { 0 };
	int port;

	au_rand_init();
	if (au_store_open(base, &store_config, &store, &err) < 0)
		die(&err);
	make_token(store, folder, key);
	scim = au_scim_new(base, store, settings, key, &events, NULL);
	if (au_http_server_new(base, &http_config, au_scim_handle, scim, &server, &err) < 0 ||
	    au_http_listen(server, "127.0.0.1:0", &port, &err) < 0)
		die(&err);
	tell(port, serve_tls(base, folder, http_config, scim));
	event_base_dispatch(base);
	exit(0);
}
