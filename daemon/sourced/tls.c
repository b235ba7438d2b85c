/* SPDX-License-Identifier: ISC */
/* The handshake is driven by events and a deadline, so a server that stops in the middle of it costs nothing. */
#include "sourced/tls.h"

#include "base/mem.h"
#include "sourced/peer.h"
#include "sourced/staple.h"

#include <arpa/inet.h>
#include <event2/event.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>

struct au_handshake {
	struct event_base *base;
	const struct au_tls_trust *trust;
	const char *host;
	SSL *ssl;
	X509 *refused; /* the server's certificate, when it is not believed; the SSL does not keep it then */
	struct event *ready, *deadline;
	au_handshake_done *done;
	void *ctx;
};

static int
on_verified(int is_good, X509_STORE_CTX *verification)
{
	SSL *ssl = X509_STORE_CTX_get_ex_data(verification, SSL_get_ex_data_X509_STORE_CTX_idx());
	struct au_handshake *handshake = SSL_get_app_data(ssl);

	if (!is_good && handshake->refused == NULL) {
		handshake->refused = X509_STORE_CTX_get0_cert(verification);
		X509_up_ref(handshake->refused);
	}
	return is_good;
}

static bool
expect_host(SSL *ssl, const char *host)
{
	X509_VERIFY_PARAM *param = SSL_get0_param(ssl);
	unsigned char address[sizeof(struct in6_addr)];

	if (inet_pton(AF_INET, host, address) == 1 || inet_pton(AF_INET6, host, address) == 1)
		return X509_VERIFY_PARAM_set1_ip_asc(param, host) == 1;
	X509_VERIFY_PARAM_set_hostflags(param, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
	return SSL_set_tlsext_host_name(ssl, host) == 1 && X509_VERIFY_PARAM_set1_host(param, host, 0) == 1;
}

static void
end(struct au_handshake *handshake, SSL *ssl, const struct au_fault *fault)
{
	event_del(handshake->deadline);
	event_del(handshake->ready);
	handshake->done(handshake->ctx, ssl, fault);
}

/* Another server may have a better certificate; in the end it takes a person. */
static void
refuse(struct au_handshake *handshake, const struct au_str *why)
{
	struct au_fault fault;

	au_fault_set(&fault, AU_FAULT_SETUP, "%s", au_str_get(why));
	fault.fail_over = true;
	end(handshake, NULL, &fault);
}

static void
succeed(struct au_handshake *handshake)
{
	X509 *certificate = SSL_get0_peer_certificate(handshake->ssl);
	AU_CLEANUP(au_str_done) struct au_str why = AU_STR_INIT;

	if (!au_tls_trust_has_pin(handshake->trust, certificate))
		au_peer_explain_pin(certificate, &why);
	else if (!au_tls_trust_wants_staple(handshake->trust) || au_staple_is_good(handshake->ssl, &why)) {
		SSL *ssl = handshake->ssl;
		handshake->ssl = NULL;
		end(handshake, ssl, NULL);
		return;
	}
	refuse(handshake, &why);
}

/* OpenSSL's reasons that mean something to who has to act. */
static const struct {
	int reason;
	const char *what_to_do;
} hints[] = {
	{ SSL_R_WRONG_VERSION_NUMBER, ": what answers there speaks no TLS on this port" },
	{ SSL_R_HTTP_REQUEST, ": what answers there speaks no TLS on this port" },
	{ SSL_R_UNEXPECTED_EOF_WHILE_READING, ": it is too old for tls_min, or speaks no TLS on this port" },
	{ SSL_R_UNSUPPORTED_PROTOCOL, ": the server is too old for tls_min" },
	{ SSL_R_TLSV1_ALERT_PROTOCOL_VERSION, ": the server is too old for tls_min" },
	{ SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED, ": the server wants our client_certificate" },
	{ SSL_R_SSLV3_ALERT_HANDSHAKE_FAILURE, ": the server wants ciphers or a client_certificate that we lack" },
	{ SSL_R_TLSV1_ALERT_UNKNOWN_CA, ": the server does not know who signed our client_certificate" },
};

static void
fail(struct au_handshake *handshake)
{
	long verdict = SSL_get_verify_result(handshake->ssl);
	unsigned long code = ERR_peek_last_error();
	const char *reason = ERR_reason_error_string(code), *hint = "";
	AU_CLEANUP(au_str_done) struct au_str why = AU_STR_INIT;
	struct au_fault fault;

	if (verdict != X509_V_OK) {
		au_peer_explain(verdict, handshake->host, handshake->refused, &why);
		refuse(handshake, &why);
		return;
	}
	for (size_t i = 0; i < AU_COUNT(hints); i++)
		if (ERR_GET_REASON(code) == hints[i].reason)
			hint = hints[i].what_to_do;
	if (reason == NULL)
		reason = "the server closed the connection";
	end(handshake, NULL, au_fault_set(&fault, AU_FAULT_REACH, "TLS handshake: %s%s", reason, hint));
}

static void
on_ready(evutil_socket_t fd, short what, void *arg)
{
	struct au_handshake *handshake = arg;

	(void)what;
	ERR_clear_error();
	int rc = SSL_do_handshake(handshake->ssl);
	if (rc == 1) {
		succeed(handshake);
		return;
	}
	int wanted = SSL_get_error(handshake->ssl, rc);
	if (wanted != SSL_ERROR_WANT_READ && wanted != SSL_ERROR_WANT_WRITE) {
		fail(handshake);
		return;
	}
	event_assign(handshake->ready, handshake->base, fd, wanted == SSL_ERROR_WANT_READ ? EV_READ : EV_WRITE,
	    on_ready, handshake);
	event_add(handshake->ready, NULL);
}

static void
on_deadline(evutil_socket_t fd, short what, void *arg)
{
	struct au_fault fault;

	(void)fd;
	(void)what;
	end(arg, NULL, au_fault_set(&fault, AU_FAULT_REACH, "TLS handshake: no answer in time"));
}

struct au_handshake *
au_handshake_new(struct event_base *base, const struct au_tls_trust *trust, int fd, const char *host,
    int64_t timeout_ms, au_handshake_done *done, void *ctx)
{
	struct au_handshake *handshake = au_xcalloc(1, sizeof(*handshake));
	struct timeval wait = { timeout_ms / 1000, timeout_ms % 1000 * 1000 };

	*handshake = (struct au_handshake){ .base = base,
		.trust = trust,
		.host = host,
		.ssl = SSL_new(au_tls_trust_context(trust)),
		.done = done,
		.ctx = ctx };
	if (handshake->ssl == NULL || SSL_set_fd(handshake->ssl, fd) != 1 || !expect_host(handshake->ssl, host))
		abort(); /* out of memory */
	SSL_set_app_data(handshake->ssl, handshake);
	SSL_set_verify(handshake->ssl, SSL_VERIFY_PEER, on_verified);
	if (au_tls_trust_wants_staple(trust))
		au_staple_ask(handshake->ssl);
	SSL_set_connect_state(handshake->ssl);
	handshake->ready = event_new(base, fd, EV_WRITE, on_ready, handshake);
	handshake->deadline = evtimer_new(base, on_deadline, handshake);
	event_add(handshake->ready, NULL);
	event_add(handshake->deadline, &wait);
	return handshake;
}

void
au_handshake_free(struct au_handshake *handshake)
{
	if (handshake == NULL)
		return;
	event_free(handshake->ready);
	event_free(handshake->deadline);
	X509_free(handshake->refused);
	SSL_free(handshake->ssl);
	free(handshake);
}
