/* SPDX-License-Identifier: ISC */
/*
 * The way to a usable connection, one step per function:
 *
 *   ldap://             dial -> handle ----------------------------> bind -> ready
 *   ldap:// + StartTLS  dial -> handle -> StartTLS -> handshake ---> bind -> ready
 *   ldaps://            dial -> handshake -> handle ---------------> bind -> ready
 *
 * A refused StartTLS ends here; nothing ever goes on in clear.
 */
#include "sourced/conn.h"

#include "base/mem.h"
#include "sourced/dial.h"
#include "sourced/negotiate.h"
#include "sourced/peer.h"

#include <assert.h>
#include <openldap.h>
#include <unistd.h>

#define READ_AHEAD (256u << 10)

struct au_conn {
	const struct au_conn_context *context;
	const struct au_server *server;
	const struct au_conn_events *events;
	void *ctx;
	int fd;
	struct au_dial *dial;
	struct au_handshake *handshake;
	SSL *ssl;
	struct au_line *line;
	struct au_negotiate *negotiate;
	bool ready, failed;
};

static int64_t
patience(const struct au_conn *conn)
{
	return conn->context->config->connect_timeout;
}

static void
fail(struct au_conn *conn, const struct au_fault *fault)
{
	if (conn->failed)
		return;
	conn->failed = true;
	conn->events->failed(conn->ctx, fault);
}

static void
fail_reach(struct au_conn *conn, const char *why)
{
	struct au_fault fault;

	fail(conn, au_fault_set(&fault, AU_FAULT_REACH, "%s: %s", conn->server->url, why));
}

static void
fail_code(struct au_conn *conn, int code, const char *doing, const char *detail)
{
	struct au_fault fault;
	AU_CLEANUP(au_freep) char *what = au_xasprintf("%s: %s", conn->server->url, doing);

	fail(conn, au_fault_from_code(&fault, code, what, detail));
}

/* Tell of a fault with the server's name in front. */
static void
fail_named(struct au_conn *conn, const struct au_fault *fault)
{
	struct au_fault named;

	au_fault_set(&named, fault->kind, "%s: %.400s", conn->server->url, fault->text);
	named.code = fault->code;
	named.fail_over = fault->fail_over;
	fail(conn, &named);
}

static void
on_line_failed(void *ctx, const struct au_fault *fault)
{
	fail_named(ctx, fault);
}

static void
on_line_drained(void *ctx)
{
	struct au_conn *conn = ctx;

	if (conn->ready)
		conn->events->drained(conn->ctx);
}

static const struct au_line_events line_events = { .drained = on_line_drained, .failed = on_line_failed };

static void
on_bound(void *ctx, LDAPMessage *message, int type)
{
	struct au_conn *conn = ctx;
	char *text = NULL;
	int code = LDAP_OTHER;

	(void)type;
	int rc = ldap_parse_result(au_line_handle(conn->line), message, &code, NULL, &text, NULL, NULL, 0);
	if (rc != LDAP_SUCCESS)
		code = rc;
	if (code != LDAP_SUCCESS)
		fail_code(conn, code, "log-in", text);
	else {
		conn->ready = true;
		conn->events->ready(conn->ctx);
	}
	ldap_memfree(text);
}

static void
on_negotiated(void *ctx, const struct au_fault *fault)
{
	struct au_conn *conn = ctx;

	if (fault != NULL)
		fail_named(conn, fault);
	else if (!conn->failed) {
		conn->ready = true;
		conn->events->ready(conn->ctx);
	}
}

/* Kerberos has names for hosts, not for domains: the host is a record's, where there are such. */
static void
begin_negotiate(struct au_conn *conn)
{
	const struct au_login *login = conn->context->login;
	unsigned char bytes[AU_PEER_BINDING];
	struct berval binding = { 0, (char *)bytes };

	if (conn->ssl != NULL)
		binding.bv_len = au_peer_binding(SSL_get0_peer_certificate(conn->ssl), bytes);
	conn->negotiate = au_negotiate_new(conn->context->base, conn->line,
	    au_kerberos_new(login->keytab, login->principal, conn->server->host, &binding), patience(conn),
	    on_negotiated, conn);
}

static void
begin_bind(struct au_conn *conn)
{
	if (conn->context->login->bind == AU_BIND_GSSAPI) {
		begin_negotiate(conn);
		return;
	}
	int id = 0, rc = au_login_send(conn->context->login, au_line_handle(conn->line), &id);

	if (rc != LDAP_SUCCESS)
		fail_code(conn, rc, "log-in", NULL);
	else
		au_line_expect(conn->line, id, LDAP_RES_BIND, patience(conn), on_bound, conn);
}

static void
set_options(LDAP *ld, const struct au_source_config *config)
{
	static const int version = LDAP_VERSION3, never = LDAP_DEREF_NEVER;
	Sockbuf *sockbuf = NULL;
	ber_len_t largest = (ber_len_t)config->max_message;

	ldap_set_option(ld, LDAP_OPT_PROTOCOL_VERSION, &version);
	ldap_set_option(ld, LDAP_OPT_DEREF, &never);
	ldap_set_option(ld, LDAP_OPT_REFERRALS, LDAP_OPT_OFF);
	ldap_set_option(ld, LDAP_OPT_RESTART, LDAP_OPT_OFF);
	ldap_get_option(ld, LDAP_OPT_SOCKBUF, &sockbuf);
	ber_sockbuf_ctrl(sockbuf, LBER_SB_OPT_SET_MAX_INCOMING, &largest);
}

static bool
make_handle(struct au_conn *conn, int protocol)
{
	LDAP *ld = NULL;
	/* The URL serves libldap's own TLS only, which is not used; a fixed one cannot be misread. */
	int rc = ldap_init_fd(conn->fd, protocol, "ldap://localhost", &ld);

	if (rc != LDAP_SUCCESS) {
		fail_code(conn, rc, "connection", NULL);
		return false;
	}
	set_options(ld, conn->context->config);
	conn->line = au_line_new(conn->context->base, ld, conn->fd, &line_events, conn);
	return true;
}

static void
add_layer(struct au_conn *conn, Sockbuf_IO *io, int level, void *arg)
{
	Sockbuf *sockbuf = NULL;

	ldap_get_option(au_line_handle(conn->line), LDAP_OPT_SOCKBUF, &sockbuf);
	int rc = ber_sockbuf_add_io(sockbuf, io, level, arg);
	assert(rc == 0);
	(void)rc;
}

/* One read(2) brings many messages.  Only without TLS: OpenSSL has a buffer of its own. */
static void
add_read_ahead(struct au_conn *conn)
{
	static ber_len_t size = READ_AHEAD;

	add_layer(conn, &ber_sockbuf_io_readahead, LBER_SBIOD_LEVEL_PROVIDER, &size);
}

static void
on_handshake(void *ctx, SSL *ssl, const struct au_fault *fault)
{
	struct au_conn *conn = ctx;

	if (ssl == NULL) {
		fail_named(conn, fault);
		return;
	}
	conn->ssl = ssl;
	if (conn->line == NULL) {
		if (!make_handle(conn, LDAP_PROTO_EXT))
			return;
		add_layer(conn, &au_tls_io, LBER_SBIOD_LEVEL_PROVIDER, ssl);
	} else {
		add_layer(conn, &au_tls_io, LBER_SBIOD_LEVEL_TRANSPORT, ssl);
		au_line_pause(conn->line, false);
	}
	begin_bind(conn);
}

static void
begin_handshake(struct au_conn *conn)
{
	conn->handshake = au_handshake_new(conn->context->base, conn->context->trust, conn->fd, conn->server->name,
	    patience(conn), on_handshake, conn);
}

/* The server says no, or somebody on the way does in its name: whatever it is, nothing is said in clear. */
static void
refuse_clear(struct au_conn *conn, int code, const char *text)
{
	AU_CLEANUP(au_freep) char *what = au_xasprintf("%s: StartTLS refused", conn->server->url);
	struct au_fault fault, named;

	au_fault_from_code(&fault, code, what, text);
	bool is_passing = fault.code == LDAP_BUSY || fault.code == LDAP_UNAVAILABLE;
	au_fault_set(&named, is_passing ? AU_FAULT_REACH : AU_FAULT_SETUP,
	    "%.400s: nothing is sent in clear; give the server a certificate, or use ldaps://", fault.text);
	named.code = fault.code;
	named.fail_over = true;
	fail(conn, &named);
}

static void
on_starttls(void *ctx, LDAPMessage *message, int type)
{
	struct au_conn *conn = ctx;
	char *text = NULL;
	int code = LDAP_OTHER;

	(void)type;
	int rc = ldap_parse_result(au_line_handle(conn->line), message, &code, NULL, &text, NULL, NULL, 0);
	if (rc != LDAP_SUCCESS)
		code = rc;
	if (code != LDAP_SUCCESS)
		refuse_clear(conn, code, text);
	else {
		au_line_pause(conn->line, true);
		begin_handshake(conn);
	}
	ldap_memfree(text);
}

static void
begin_starttls(struct au_conn *conn)
{
	int id = 0, rc = ldap_start_tls(au_line_handle(conn->line), NULL, NULL, &id);

	if (rc != LDAP_SUCCESS)
		fail_code(conn, rc, "StartTLS", NULL);
	else
		au_line_expect(conn->line, id, LDAP_RES_EXTENDED, patience(conn), on_starttls, conn);
}

static void
on_dialled(void *ctx, int fd, const char *why)
{
	struct au_conn *conn = ctx;

	if (fd < 0) {
		fail_reach(conn, why);
		return;
	}
	conn->fd = fd;
	if (conn->server->tls == AU_TLS_AT_ONCE)
		begin_handshake(conn);
	else if (make_handle(conn, LDAP_PROTO_TCP)) {
		if (conn->server->tls == AU_TLS_START)
			begin_starttls(conn);
		else {
			add_read_ahead(conn);
			begin_bind(conn);
		}
	}
}

struct au_conn *
au_conn_new(const struct au_conn_context *context, const struct au_server *server, const struct au_conn_events *events,
    void *ctx)
{
	struct au_conn *conn = au_xcalloc(1, sizeof(*conn));
	const struct au_source_config *config = context->config;

	*conn = (struct au_conn){ .context = context, .server = server, .events = events, .ctx = ctx, .fd = -1 };
	conn->dial = au_dial_new(&(struct au_dial_config){ .base = context->base,
				     .dns = context->dns,
				     .host = server->host,
				     .port = server->port,
				     .timeout_ms = patience(conn),
				     .keepalive_idle_ms = config->keepalive_idle,
				     .keepalive_interval_ms = config->keepalive_interval,
				     .keepalive_count = (int)config->keepalive_count,
				     .send_timeout_ms = config->send_timeout },
	    on_dialled, conn);
	return conn;
}

void
au_conn_free(struct au_conn *conn)
{
	if (conn == NULL)
		return;
	au_dial_free(conn->dial);
	au_handshake_free(conn->handshake);
	au_negotiate_free(conn->negotiate);
	/* Plain TCP layers close the socket themselves, ours does not. */
	bool is_closed = conn->line != NULL && conn->server->tls != AU_TLS_AT_ONCE;
	au_line_free(conn->line);
	SSL_free(conn->ssl);
	if (conn->fd >= 0 && !is_closed)
		close(conn->fd);
	free(conn);
}

struct au_line *
au_conn_line(struct au_conn *conn)
{
	return conn->line;
}

bool
au_conn_is_ready(const struct au_conn *conn)
{
	return conn != NULL && conn->ready && !conn->failed;
}

const char *
au_conn_cover(const struct au_conn *conn)
{
	return conn->ssl != NULL ? SSL_get_version(conn->ssl) : AU_COVER_NONE;
}
