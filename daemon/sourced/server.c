/* SPDX-License-Identifier: ISC */
/* Clear text is refused here, before any packet is sent, unless the configuration spells it out. */
#include "sourced/server.h"

#include "base/str.h"

#include <arpa/inet.h>
#include <ldap.h>
#include <string.h>

bool
au_server_host_is_loopback(const char *host)
{
	struct in_addr four;
	struct in6_addr six;

	if (inet_pton(AF_INET, host, &four) == 1)
		return ntohl(four.s_addr) >> 24 == 127;
	if (inet_pton(AF_INET6, host, &six) == 1)
		return IN6_IS_ADDR_LOOPBACK(&six);
	return au_strcaseeq(host, "localhost");
}

static void
free_url(LDAPURLDesc **url)
{
	if (*url != NULL)
		ldap_free_urldesc(*url);
}

static int
read_server(struct au_arena *arena, const struct au_source_config *config, const char *text, struct au_server *ret,
    struct au_err *err)
{
	AU_CLEANUP(free_url) LDAPURLDesc *url = NULL;
	struct au_server server = { .url = au_arena_strdup(arena, text) };

	if (ldap_url_parse(text, &url) != LDAP_URL_SUCCESS || au_str_empty(url->lud_host))
		return au_fail(err, AU_EINVAL, "server '%s': expected ldap://HOST or ldaps://HOST", text);
	if (au_streq(url->lud_scheme, "ldaps"))
		server.tls = AU_TLS_AT_ONCE;
	else if (au_streq(url->lud_scheme, "ldap"))
		server.tls = config->starttls ? AU_TLS_START : AU_TLS_NONE;
	else
		return au_fail(err, AU_EINVAL, "server '%s': scheme '%s' is not known", text, url->lud_scheme);
	server.host = au_arena_strdup(arena, url->lud_host);
	server.port = url->lud_port;
	if (server.tls == AU_TLS_NONE && !config->insecure && !au_server_host_is_loopback(server.host))
		return au_fail(err, AU_EINVAL, "server '%s': clear text needs insecure = true", text);
	*ret = server;
	return 0;
}

int
au_server_list_read(
    struct au_arena *arena, const struct au_source_config *config, struct au_server_list *ret, struct au_err *err)
{
	size_t count = json_array_size(config->servers);
	struct au_server *servers = au_arena_alloc(arena, count * sizeof(*servers));

	if (count == 0)
		return au_fail(err, AU_EINVAL, "no server is configured");
	for (size_t i = 0; i < count; i++) {
		const char *text = json_string_value(json_array_get(config->servers, i));
		if (read_server(arena, config, text, &servers[i], err) < 0)
			return AU_EINVAL;
	}
	*ret = (struct au_server_list){ .servers = servers, .count = count };
	return 0;
}

const struct au_server *
au_server_list_current(const struct au_server_list *list)
{
	return &list->servers[list->current];
}

bool
au_server_list_next(struct au_server_list *list)
{
	list->current = (list->current + 1) % list->count;
	list->failed++;
	if (list->failed < list->count)
		return false;
	list->failed = 0;
	return true;
}

void
au_server_list_succeeded(struct au_server_list *list)
{
	list->failed = 0;
}
