/* SPDX-License-Identifier: ISC */
/* What proxies in front of us say of the client: believed from those that are trusted and from nobody else. */
#ifndef HTTP_FORWARDED_H
#define HTTP_FORWARDED_H

#include "base/mem.h"
#include "base/net.h"
#include "http/head.h"
#include "http/server.h"

struct au_http_proxies {
	struct au_net *nets;
	size_t count;
	bool unix_sockets; /* whoever may connect to our unix sockets is one */
};

struct au_http_origin {
	struct au_net_address address; /* of the client, as far as trusted hops know */
	const char *scheme;            /* "https" or "http"; NULL = not told */
	const char *host;              /* as in Host; NULL = not told */
};

/* Texts are as in struct au_http_config.  AU_EINVAL. */
int au_http_proxies_parse(const struct au_http_config *config, struct au_http_proxies *ret, struct au_err *err);
void au_http_proxies_done(struct au_http_proxies *proxies);
bool au_http_proxies_have(const struct au_http_proxies *proxies, const struct au_net_address *address);

/*
 * Where a request came from that `from` has sent on.  Hops are walked from the last one back for as long as they are
 * trusted: the first that is not is the client; what it claims about hops before it is not looked at (RFC 7239 section
 * 8.1).  Scheme and host are those that the proxy next to the client has told.  Nothing is told of from when it is not
 * trusted itself.
 */
void au_http_forwarded(const struct au_http_head *head, const struct au_http_proxies *proxies,
    enum au_http_forwarding form, const struct au_net_address *from, struct au_arena *arena,
    struct au_http_origin *ret);

#endif
