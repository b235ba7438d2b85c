/* SPDX-License-Identifier: ISC */
/* libevent parses URLs; here is only what of them we accept. */
#include "settings/address.h"

#include "base/mem.h"
#include "base/str.h"

#include <arpa/inet.h>
#include <event2/http.h>
#include <event2/util.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>

static void
uri_freep(struct evhttp_uri **uri)
{
	if (*uri)
		evhttp_uri_free(*uri);
}

static bool
is_loopback_v4(const struct in_addr *address)
{
	return (ntohl(address->s_addr) >> 24) == IN_LOOPBACKNET;
}

/* The name localhost never leaves the machine (RFC 6761 section 6.3). */
static bool
is_loopback_host(const char *host)
{
	AU_CLEANUP(au_freep) char *bare = au_xstrdup(*host == '[' ? host + 1 : host);
	struct in6_addr v6;
	struct in_addr v4;

	bare[strcspn(bare, "]")] = '\0';
	if (inet_pton(AF_INET, bare, &v4) == 1)
		return is_loopback_v4(&v4);
	if (inet_pton(AF_INET6, bare, &v6) == 1)
		return IN6_IS_ADDR_LOOPBACK(&v6);
	return au_strcaseeq(bare, "localhost");
}

static bool
is_port(const char *text)
{
	size_t len = strspn(text, "0123456789");

	return len >= 1 && len <= 5 && text[len] == '\0' && strtol(text, NULL, 10) <= UINT16_MAX;
}

static int
listen_tcp(const char *text, bool *ret_is_loopback, struct au_err *err)
{
	AU_CLEANUP(au_freep) char *host = au_xstrdup(*text == '[' ? text + 1 : text);
	char *end = strstr(host, *text == '[' ? "]:" : ":");
	int family = *text == '[' ? AF_INET6 : AF_INET;
	struct in6_addr address;

	if (end) {
		*end = '\0';
		end += family == AF_INET6 ? 2 : 1;
	}
	if (!end || !is_port(end) || inet_pton(family, host, &address) != 1)
		return au_fail(
		    err, AU_EINVAL, "address '%s': expected one such as \"127.0.0.1:8443\" or \"[::1]:8443\"", text);
	*ret_is_loopback = is_loopback_host(host);
	return 0;
}

/* What stands behind a word and a colon; NULL when text does not begin with them. */
static const char *
behind(const char *text, const char *word)
{
	size_t len = strlen(word);

	return strncmp(text, word, len) == 0 ? text + len : NULL;
}

static int
check_path(const char *path, struct au_err *err)
{
	struct sockaddr_un room;

	if (*path != '/' || strlen(path) >= sizeof room.sun_path)
		return au_fail(err, AU_EINVAL, "address 'unix:%s': expected an absolute path of at most %zu bytes",
		    path, sizeof room.sun_path - 1);
	return 0;
}

/* By the rule of FileDescriptorName= in systemd.socket(5). */
static int
check_socket_name(const char *name, struct au_err *err)
{
	size_t len = strlen(name), good = 0;

	while (name[good] > ' ' && name[good] < 0x7f && name[good] != ':')
		good++;
	if (len == 0 || len > 255 || good != len)
		return au_fail(err, AU_EINVAL,
		    "address 'systemd:%s': expected the FileDescriptorName= of a socket unit, 1 to 255 of ASCII but "
		    "':'",
		    name);
	return 0;
}

int
au_address_listen(const char *text, bool *ret_is_loopback, struct au_err *err)
{
	const char *path = behind(text, "unix:"), *name = behind(text, "systemd:");

	if (path || name) {
		int rc = path ? check_path(path, err) : check_socket_name(name, err);
		if (rc == 0)
			*ret_is_loopback = true;
		return rc;
	}
	return listen_tcp(text, ret_is_loopback, err);
}

/* Whether a URL is just a scheme and where it leads to: no user, query or fragment. */
static bool
is_plain(const struct evhttp_uri *uri)
{
	return uri && !au_str_empty(evhttp_uri_get_host(uri)) && evhttp_uri_get_port(uri) != 0 &&
	       !evhttp_uri_get_userinfo(uri) && !evhttp_uri_get_query(uri) && !evhttp_uri_get_fragment(uri);
}

static const struct {
	const char *scheme;
	bool is_tls, is_records;
} server_schemes[] = {
	{ "ldap", false, false },
	{ "ldaps", true, false },
	{ "ldap+srv", false, true },
	{ "ldaps+srv", true, true },
};

static bool
is_domain(const struct evhttp_uri *uri)
{
	const char *host = evhttp_uri_get_host(uri);
	struct in_addr v4;

	return evhttp_uri_get_port(uri) < 0 && *host != '[' && inet_pton(AF_INET, host, &v4) != 1;
}

int
au_address_server(const char *url, bool *ret_is_tls, bool *ret_is_loopback, struct au_err *err)
{
	AU_CLEANUP(uri_freep) struct evhttp_uri *uri = evhttp_uri_parse(url);
	const char *scheme = uri ? evhttp_uri_get_scheme(uri) : NULL;
	const char *path = uri ? evhttp_uri_get_path(uri) : NULL;

	for (size_t i = 0; i < AU_COUNT(server_schemes); i++) {
		if (!is_plain(uri) || !au_strcaseeq(scheme, server_schemes[i].scheme) ||
		    !(au_str_empty(path) || au_streq(path, "/")))
			continue;
		if (server_schemes[i].is_records && !is_domain(uri))
			return au_fail(err, AU_EINVAL,
			    "URL '%s': SRV records belong to a domain, and say the ports: expected \"%s://DOMAIN\"",
			    url, scheme);
		*ret_is_tls = server_schemes[i].is_tls;
		*ret_is_loopback = !server_schemes[i].is_records && is_loopback_host(evhttp_uri_get_host(uri));
		return 0;
	}
	return au_fail(
	    err, AU_EINVAL, "URL '%s': expected \"ldaps://HOST\" or \"ldap://HOST\", with or without \":PORT\"", url);
}

int
au_address_dns(const char *text, struct au_err *err)
{
	struct sockaddr_storage address;
	int len = sizeof address;

	if (evutil_parse_sockaddr_port(text, (struct sockaddr *)&address, &len) != 0)
		return au_fail(err, AU_EINVAL,
		    "address '%s': expected one such as \"192.0.2.53\", \"192.0.2.53:5353\" or \"[2001:db8::53]:5353\"",
		    text);
	return 0;
}

int
au_address_web(const char *url, bool *ret_is_tls, bool *ret_is_loopback, struct au_err *err)
{
	AU_CLEANUP(uri_freep) struct evhttp_uri *uri = evhttp_uri_parse(url);
	const char *scheme = uri ? evhttp_uri_get_scheme(uri) : NULL;

	if (!is_plain(uri) || !scheme || !(au_strcaseeq(scheme, "https") || au_strcaseeq(scheme, "http")))
		return au_fail(
		    err, AU_EINVAL, "URL '%s': expected one such as \"https://scim.example.com/scim/v2\"", url);
	*ret_is_tls = au_strcaseeq(scheme, "https");
	*ret_is_loopback = is_loopback_host(evhttp_uri_get_host(uri));
	return 0;
}

int
au_address_base_url(const char *url, struct au_err *err)
{
	bool is_tls, is_loopback;

	return au_address_web(url, &is_tls, &is_loopback, err);
}
