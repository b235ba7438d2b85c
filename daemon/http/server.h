/* SPDX-License-Identifier: ISC */
/*
 * A strict HTTP/1.1 server on the event loop, for the SCIM endpoint (TCP, TLS)
 * and the control socket (unix).  Requests that two parsers could read in two
 * ways are refused; a head and a body each have a total deadline; connections
 * are capped in all and per peer.
 */
#ifndef HTTP_SERVER_H
#define HTTP_SERVER_H

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct event_base;
struct au_http_activation;
struct au_http_server;
struct au_http_exchange; /* one request and its answer */

/* Whether clients are asked for a certificate.  One that does not stand the test always fails the handshake. */
enum au_http_client_auth { AU_CLIENT_AUTH_NONE = 0, AU_CLIENT_AUTH_OPTIONAL, AU_CLIENT_AUTH_REQUIRE };

/* Which fields the trusted proxies write; the others are passed on as the client sent them and are never read. */
enum au_http_forwarding { AU_FORWARDING_X = 0 /* X-Forwarded-For, -Proto, -Host */, AU_FORWARDING_RFC7239 };

/* What came of a request, told when its answer is handed to the connection.  Nothing in it is a secret. */
struct au_http_record {
	const char *id;     /* as in X-Request-Id; "" = none */
	const char *method; /* NULL: there was no head that could be read */
	const char *target; /* path, and of the query the names of parameters: "/Users?filter&count"; NULL as before */
	int status;         /* 499: the client left before it was answered */
	size_t bytes;       /* of the answer's body */
	long long took_ms;  /* from the whole head on */
	const char *client; /* by au_http_label; NULL = nobody was recognised */
	const char *peer;   /* as au_http_peer */
};

struct au_http_config {
	/*
	 * Where to listen: "127.0.0.1:8443", "[::1]:8443"; "unix:/run/x.sock", always in clear text; "systemd:NAME",
	 * all sockets of that name that activation has.  More can be opened by au_http_listen and the like.
	 */
	const char *const *listen;
	size_t listen_count;
	mode_t unix_mode;                            /* of unix sockets in listen */
	const struct au_http_activation *activation; /* NULL = no socket was handed over; outlives the server */
	bool clear_text_anywhere; /* else a socket from systemd that others can reach needs tls_certificate */
	size_t max_head, max_body;              /* bytes; 431 and 413 beyond */
	/* Of this request, whose head is read; NULL = max_body counts for all. */
	size_t (*body_limit)(void *ctx, struct au_http_exchange *x);
	unsigned max_headers;                   /* lines; 431 beyond */
	/* A connection beyond max_connections takes the place of the one that has kept us waiting longest, see
	 * waiting.h; where none has, and beyond max_per_peer, it gets 503 and is closed. */
	unsigned max_connections, max_per_peer;
	unsigned
	    bad_handshakes_per_second; /* of a peer, before it has to pause (handshakes.h); 0 = as many as it likes */
	long long head_timeout_ms, body_timeout_ms, idle_timeout_ms, write_timeout_ms; /* totals; 408 */
	const char *tls_certificate; /* PEM file with the chain; NULL = clear text */
	const char *tls_key;         /* place of the PEM key, as au_io_secret reads it */
	const char *tls_client_ca;   /* PEM file: authorities of clients' certificates, and their revocation lists */
	enum au_http_client_auth tls_client_auth;
	/* Proxies that are believed when they name the client: "192.0.2.1", "10.0.0.0/8", "2001:db8::/32"; "unix":
	 * whoever connects to a unix socket.  max_per_peer does not count them. */
	const char *const *trusted_proxies;
	size_t trusted_proxy_count;
	enum au_http_forwarding forwarding;
	bool request_ids; /* answers have X-Request-Id; a trusted proxy's is taken over */
	void (*record)(void *ctx, const struct au_http_record *record); /* NULL = nobody wants to know */
	void *record_ctx;
	const char *server_name; /* for the Server header; NULL = none */
	/* Body of an answer that the server itself makes (400, 408, 413, ...), so that errors are SCIM errors.
	 * Returns text in the arena and its content type; NULL = plain text. */
	const char *(*error_body)(struct au_arena *arena, int status, const char *detail, const char **ret_type);
};

/* Called when a request is whole.  Exactly one au_http_reply must follow, now or later. */
typedef void au_http_handler(void *ctx, struct au_http_exchange *x);

/* Config is copied.  SIGPIPE is ignored from here on.  AU_EINVAL, AU_EIO: certificate, key, clients' authorities or an
 * address; AU_ENOENT: a socket of systemd that is not there; AU_EBUSY, AU_EEXIST: see au_http_listen_unix. */
int au_http_server_new(struct event_base *base, const struct au_http_config *config, au_http_handler *handler,
    void *ctx, struct au_http_server **ret, struct au_err *err);
/* "127.0.0.1:8080", "[::1]:0".  TCP_NODELAY is set.  *ret_port (may be NULL) tells the port taken.
 * AU_EINVAL: not a numeric address and port; AU_EIO: cannot be bound. */
int au_http_listen(struct au_http_server *server, const char *address, int *ret_port, struct au_err *err);
/* A stale socket at path is replaced; AU_EBUSY when somebody answers there, AU_EEXIST when it is no socket. */
int au_http_listen_unix(struct au_http_server *server, const char *path, mode_t mode, struct au_err *err);
/*
 * Another configuration without a moment in which nobody listens: addresses that are named again stay open, limits
 * count from now on, new connections see the new certificate.  Connections of before go on; but when clients are judged
 * in another way (tls_client_ca, tls_client_auth), each ends with its next answer.  Errors as above leave everything as
 * it is.
 */
int au_http_server_configure(struct au_http_server *server, const struct au_http_config *config, struct au_err *err);
/* For people: "127.0.0.1:8443 (TLS), unix:/run/x.sock (clear text)"; nothing when it listens nowhere. */
void au_http_server_addresses(const struct au_http_server *server, struct au_str *out);
/* Milliseconds since 1970 at which the server's certificate expires; 0 = there is none. */
int64_t au_http_server_not_after(const struct au_http_server *server);
/* Stop accepting and end idle connections; running exchanges may still answer, au_http_connections tells when they did.
 */
void au_http_server_stop(struct au_http_server *server);
/* Drops every connection.  A reply that comes later is harmless.  Not from within a handler. */
void au_http_server_free(struct au_http_server *server);
size_t au_http_connections(const struct au_http_server *server);

/* Numbers since the server began. */
struct au_http_counters {
	unsigned long long accepted;    /* connections */
	unsigned long long turned_away; /* at once, since there was no room for them, or for their peer's */
	unsigned long long gave_way;    /* ended to make room */
	unsigned long long handshakes, resumed, bad_handshakes; /* done; of these taken up again; not done */
	unsigned long long answers[6]; /* by the first digit of their status; 499 (the client left) counts as 4 */
};
const struct au_http_counters *au_http_counters(const struct au_http_server *server);

/* The request.  Text lives as long as the exchange, in its arena. */
struct au_arena *au_http_arena(struct au_http_exchange *x);
const char *au_http_method(const struct au_http_exchange *x); /* upper case as sent */
const char *au_http_path(const struct au_http_exchange *x);   /* raw, without query; begins with "/" */
const char *au_http_query(const struct au_http_exchange *x);  /* raw; NULL = none */
const char *au_http_header(const struct au_http_exchange *x, const char *name); /* case-insensitive; NULL = absent */
const char *au_http_body(const struct au_http_exchange *x, size_t *ret_len);    /* "" when there is none */
bool au_http_peer_uid(const struct au_http_exchange *x, uid_t *ret_uid, gid_t *ret_gid); /* unix sockets */
/* All groups of the process at the other end, as the kernel knows them; 0 for TCP.  The list lives as x does. */
size_t au_http_peer_groups(struct au_http_exchange *x, const gid_t **ret);
/* The client's address, "127.0.0.1", or "unix"; behind trusted proxies that of the client whom they name. */
const char *au_http_peer(const struct au_http_exchange *x);
/* What to count that client by: the address, of IPv6 the /64, of which one host has all; "uid:N" at a unix socket. */
const char *au_http_peer_host(const struct au_http_exchange *x);
/* Name the client, once it is recognised, for the record; the text is copied.  Its connection then counts as one of the
 * good ones, which are the last to go when connections run out. */
void au_http_label(struct au_http_exchange *x, const char *client);
/* The request's id, for logs; "" when the server makes none. */
const char *au_http_id(const struct au_http_exchange *x);
/* How the client reached us, as far as trusted proxies know, for URLs: "https" or "http", and what it called us (NULL:
 * it did not, in HTTP/1.0). */
const char *au_http_scheme(const struct au_http_exchange *x);
const char *au_http_host(const struct au_http_exchange *x);

/* A client's certificate that was verified in the handshake.  Only names that are printable ASCII are told. */
struct au_http_certificate {
	const char *subject;      /* by RFC 4514: "CN=okta,O=Example" */
	const char *sha256;       /* of the DER form, 64 lower-case hex digits */
	const char *const *names; /* of subjectAltName: "DNS:a.example", "email:a@b.example", "URI:spiffe://a/b",
				   * "IP:192.0.2.1"; ends with NULL */
};
/* NULL: clear text, or the client showed none.  Lives as x does. */
const struct au_http_certificate *au_http_peer_certificate(const struct au_http_exchange *x);

/* Percent-decoding; AU_EINVAL for %00, a broken escape, what is not UTF-8, or (path) an encoded slash.  '+' is a blank
 * in queries only.  A parameter given twice is AU_EINVAL, an absent one (or a NULL query) NULL. */
int au_http_decode_path(struct au_arena *arena, const char *segment, const char **ret, struct au_err *err);
struct au_http_param {
	const char *name;
	const char *value; /* filled */
};
int au_http_query_read(
    struct au_arena *arena, const char *query, struct au_http_param *params, size_t count, struct au_err *err);
int au_http_query_get(
    struct au_arena *arena, const char *query, const char *name, const char **ret_or_null, struct au_err *err);

/*
 * The answer: headers first, then one reply.  Body is copied.  After it x is gone.
 * A name that is no token, a value with control characters and the fields that the server itself writes are not set:
 * false.
 */
bool au_http_set(struct au_http_exchange *x, const char *name, const char *value);
void au_http_reply(struct au_http_exchange *x, int status, const char *content_type, const char *body, size_t len);
/* The same for a body that is a secret: the copy is wiped when it is sent.  The caller wipes its own. */
void au_http_reply_secret(
    struct au_http_exchange *x, int status, const char *content_type, const char *body, size_t len);

#endif
