/* SPDX-License-Identifier: ISC */
/* Addresses and URLs as the configuration has them: their form, and whether they stay on this machine. */
#ifndef SETTINGS_ADDRESS_H
#define SETTINGS_ADDRESS_H

#include "base/err.h"

#include <stdbool.h>

/* "127.0.0.1:8443", "[::1]:0", "unix:/path" or "systemd:NAME"; of the last one nobody knows here who can reach it, and
 * it counts as loopback.  AU_EINVAL: a name instead of an address, no port, a path that is not absolute or too long. */
int au_address_listen(const char *text, bool *ret_is_loopback, struct au_err *err);
/* "ldap://HOST[:PORT]", "ldaps://HOST[:PORT]", or "ldap+srv://DOMAIN" and "ldaps+srv://DOMAIN", which are never
 * loopback.  AU_EINVAL: another scheme, no host, a port or an address for a domain, or more behind it. */
int au_address_server(const char *url, bool *ret_is_tls, bool *ret_is_loopback, struct au_err *err);
/* "192.0.2.53", "192.0.2.53:5353", "2001:db8::53" or "[2001:db8::53]:5353".  AU_EINVAL. */
int au_address_dns(const char *text, struct au_err *err);
/* "https://HOST[:PORT][/PATH]", http too.  AU_EINVAL as below. */
int au_address_web(const char *url, bool *ret_is_tls, bool *ret_is_loopback, struct au_err *err);
/* "https://HOST[:PORT][/PATH]", http too.  AU_EINVAL: another scheme, no host, a query, a fragment, a user. */
int au_address_base_url(const char *url, struct au_err *err);

#endif
