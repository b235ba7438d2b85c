/* SPDX-License-Identifier: ISC */
/*
 * The SCIM endpoint: one server for the life of the daemon, which takes new
 * configurations over.  So a reload refuses no client and drops no connection.
 */
#include "main/app.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/str.h"
#include "http/activation.h"

#include <stdlib.h>
#include <sys/resource.h>

#define DAY_MS (24 * 60 * 60 * 1000LL)
#define OTHER_DESCRIPTORS 256 /* store, helpers, sources, products, control socket */
#define RENEW_DAYS 21 /* before the end of a certificate; who renews by machine does it at a third of 90 days */

static void
scim_changed(void *ctx, const char *client)
{
	struct au_app *app = ctx;

	(void)client;
	if (app->engine)
		au_engine_changed(app->engine);
}

static void
scim_issuer(void *ctx, const char *issuer, const char *why_or_null)
{
	(void)ctx;
	if (why_or_null != NULL)
		au_log(AU_LOG_WARNING, NULL, "issuer '%s': %s", issuer, why_or_null);
	else
		au_log(AU_LOG_NOTICE, NULL, "issuer '%s': its keys are there again", issuer);
}

static void
scim_refused(void *ctx, const char *peer, unsigned count)
{
	(void)ctx;
	au_log(AU_LOG_WARNING, AU_FIELDS("PEER", peer), "SCIM: %u request%s with bad credentials from %s", count,
	    count == 1 ? "" : "s", peer);
}

static void
scim_cache(void *ctx, const char *why_or_null)
{
	(void)ctx;
	if (why_or_null != NULL)
		au_log(AU_LOG_WARNING, NULL, "SCIM: ready answers cannot be kept: %s", why_or_null);
	else
		au_log(AU_LOG_NOTICE, NULL, "SCIM: ready answers are kept again");
}

static const struct au_scim_events scim_events = {
	.changed = scim_changed, .issuer = scim_issuer, .refused = scim_refused, .cache = scim_cache
};

/* ---- the certificate's end ------------------------------------------------------ */

static void
look_at_certificate(struct au_app *app)
{
	long long not_after_ms = au_http_server_not_after(app->http);
	long long days = (not_after_ms - au_clock_wall_ms()) / DAY_MS;

	if (!not_after_ms || days >= RENEW_DAYS)
		return;
	if (not_after_ms <= au_clock_wall_ms())
		au_log(AU_LOG_ERROR, NULL, "tls_certificate: has expired; clients will refuse it");
	else
		au_log(AU_LOG_WARNING, NULL, "tls_certificate: expires in %lld days", days);
}

static void
on_day(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	look_at_certificate(arg);
}

static void
watch_certificate(struct au_app *app)
{
	struct timeval day = { .tv_sec = DAY_MS / 1000 };

	app->certificate_timer = event_new(app->base, -1, EV_PERSIST, on_day, app);
	event_add(app->certificate_timer, &day);
}

/* ---- descriptors ------------------------------------------------------------------ */

/* Each connection takes one; what is allowed beyond the usual limit is asked for. */
static void
make_room_for_connections(const struct au_values *scim)
{
	rlim_t wanted = (rlim_t)au_values_num(scim, "max_connections") + OTHER_DESCRIPTORS;
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) < 0 || limit.rlim_cur >= wanted)
		return;
	limit.rlim_cur = wanted < limit.rlim_max ? wanted : limit.rlim_max;
	if (setrlimit(RLIMIT_NOFILE, &limit) < 0 || limit.rlim_cur < wanted)
		au_log(AU_LOG_WARNING, NULL,
		    "max_connections: so many need %llu file descriptors, but no more are allowed than %llu "
		    "(LimitNOFILE= of the unit)",
		    (unsigned long long)wanted, (unsigned long long)limit.rlim_max);
}

/* ---- making ---------------------------------------------------------------------- */

static enum au_http_client_auth
client_auth(const char *name)
{
	if (au_streq(name, "require"))
		return AU_CLIENT_AUTH_REQUIRE;
	return au_streq(name, "optional") ? AU_CLIENT_AUTH_OPTIONAL : AU_CLIENT_AUTH_NONE;
}

static struct au_http_config
http_config(const struct au_values *scim)
{
	return (struct au_http_config){
		.unix_mode = (mode_t)strtoul(au_values_str(scim, "socket_mode"), NULL, 8),
		.clear_text_anywhere = au_values_bool(scim, "insecure"),
		.max_head = (size_t)au_values_num(scim, "max_head"),
		.max_body = (size_t)au_values_num(scim, "max_body"),
		.max_headers = 100,
		.max_connections = (unsigned)au_values_num(scim, "max_connections"),
		.max_per_peer = (unsigned)au_values_num(scim, "max_per_peer"),
		.bad_handshakes_per_second = (unsigned)au_values_num(scim, "bad_handshakes_per_second"),
		.head_timeout_ms = au_values_num(scim, "head_timeout"),
		.body_timeout_ms = au_values_num(scim, "body_timeout"),
		.idle_timeout_ms = au_values_num(scim, "idle_timeout"),
		.write_timeout_ms = au_values_num(scim, "body_timeout"),
		.tls_certificate = au_values_str(scim, "tls_certificate"),
		.tls_key = au_values_str(scim, "tls_key"),
		.tls_client_ca = au_values_str(scim, "tls_client_ca"),
		.tls_client_auth = client_auth(au_values_str(scim, "tls_client_auth")),
		.forwarding =
		    au_streq(au_values_str(scim, "forwarding"), "rfc7239") ? AU_FORWARDING_RFC7239 : AU_FORWARDING_X,
		.request_ids = true,
		.server_name = "apiuserd",
		.error_body = au_scim_error_body,
	};
}

/* The texts of a list option; the array is the caller's, the texts belong to the values. */
static const char **
items(const struct au_values *values, const char *name)
{
	size_t count = au_values_count(values, name);
	const char **list = au_xcalloc(count + 1, sizeof *list);

	for (size_t i = 0; i < count; i++)
		list[i] = au_values_item(values, name, i);
	return list;
}

static void
make_scim(struct au_app *app)
{
	unsigned char key[32];

	au_sealer_derive(app->sealer, "tokenkey", key);
	app->scim = au_scim_new(app->base, app->store, app->settings, key, &scim_events, app);
	au_wipe(key, sizeof key);
}

/* A socket that nobody accepts from would let clients wait for ever. */
static void
tell_unused_sockets(const struct au_app *app, const struct au_values *scim)
{
	const char *name;

	for (size_t i = 0; (name = au_http_activation_name(app->activation, i)); i++) {
		AU_CLEANUP(au_freep) char *address = au_xasprintf("systemd:%s", name);
		bool used = false;
		for (size_t k = 0; k < au_values_count(scim, "listen"); k++)
			used = used || au_streq(au_values_item(scim, "listen", k), address);
		if (!used)
			au_log(AU_LOG_WARNING, NULL,
			    "systemd handed socket '%s' over, but scim.listen does not name \"%s\"", name, address);
	}
}

static void
tell(const struct au_app *app, const struct au_values *scim)
{
	AU_CLEANUP(au_str_done) struct au_str addresses = AU_STR_INIT;

	au_http_server_addresses(app->http, &addresses);
	if (addresses.len)
		au_log(AU_LOG_NOTICE, NULL, "SCIM endpoint on %s", au_str_get(&addresses));
	tell_unused_sockets(app, scim);
}

int
au_app_make_endpoint(struct au_app *app, const struct au_settings *settings, struct au_err *err)
{
	AU_CLEANUP(au_freep) const char **listen = items(settings->scim, "listen");
	AU_CLEANUP(au_freep) const char **proxies = items(settings->scim, "trusted_proxies");
	struct au_http_config config = http_config(settings->scim);
	int rc;

	config.listen = listen;
	config.listen_count = au_values_count(settings->scim, "listen");
	config.trusted_proxies = proxies;
	config.trusted_proxy_count = au_values_count(settings->scim, "trusted_proxies");
	config.activation = app->activation;
	config.record = au_app_log_request;
	config.record_ctx = app;
	if (!app->scim)
		make_scim(app);
	if (app->http)
		rc = au_http_server_configure(app->http, &config, err);
	else
		rc = au_http_server_new(app->base, &config, au_scim_handle, app->scim, &app->http, err);
	if (rc < 0)
		return rc;
	if (config.listen_count)
		make_room_for_connections(settings->scim);
	tell(app, settings->scim);
	look_at_certificate(app);
	if (!app->certificate_timer)
		watch_certificate(app);
	return 0;
}

void
au_app_free_endpoint(struct au_app *app)
{
	if (app->certificate_timer)
		event_free(app->certificate_timer);
	au_http_server_free(app->http);
	au_http_activation_free(app->activation);
}
