/* SPDX-License-Identifier: ISC */
/*
 * Clear text is refused here, before any packet is sent, unless the configuration spells it out.  What SRV records name
 * is as good as DNS is: it leads to a host, but never says what its certificate must bear.
 */
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

/* "ldap+srv://example.com" without its "+srv"; NULL when it is a plain URL.  From the arena. */
static const char *
without_srv(struct au_arena *arena, const char *text)
{
	const char *at = strcasestr(text, AU_SERVER_SRV "://");

	if (at == NULL || memchr(text, ':', (size_t)(at - text)) != NULL)
		return NULL;
	return au_arena_printf(arena, "%.*s%s", (int)(at - text), text, at + strlen(AU_SERVER_SRV));
}

/*
 * A domain stands for its usual records.  One that begins with underscores is a name of records already, such as
 * _ldap._tcp.dc._msdcs.example.com: certificates bear what is behind the last of these labels.
 */
static void
use_records(struct au_arena *arena, struct au_server *server, const char *scheme)
{
	const char *domain = server->host, *label = domain;

	for (const char *at = label; at != NULL; at = strchr(at, '.')) {
		at += *at == '.';
		if (*at == '_' && strchr(at, '.') != NULL)
			label = strchr(at, '.') + 1;
	}
	server->service = label != domain ? domain : au_arena_printf(arena, "_%s._tcp.%s", scheme, domain);
	server->name = label;
	server->host = NULL;
}

static int
read_server(struct au_arena *arena, const struct au_source_config *config, const char *text, struct au_server *ret,
    struct au_err *err)
{
	AU_CLEANUP(free_url) LDAPURLDesc *url = NULL;
	struct au_server server = { .url = au_arena_strdup(arena, text) };
	const char *records = without_srv(arena, text);

	if (ldap_url_parse(records != NULL ? records : text, &url) != LDAP_URL_SUCCESS || au_str_empty(url->lud_host))
		return au_fail(err, AU_EINVAL, "server '%s': expected ldap://HOST or ldaps://HOST", text);
	if (au_streq(url->lud_scheme, "ldaps"))
		server.tls = AU_TLS_AT_ONCE;
	else if (au_streq(url->lud_scheme, "ldap"))
		server.tls = config->starttls ? AU_TLS_START : AU_TLS_NONE;
	else
		return au_fail(err, AU_EINVAL, "server '%s': scheme '%s' is not known", text, url->lud_scheme);
	server.host = server.name = au_arena_strdup(arena, url->lud_host);
	server.port = url->lud_port;
	if (records != NULL)
		use_records(arena, &server, url->lud_scheme);
	bool is_near = records == NULL && au_server_host_is_loopback(server.host);
	if (server.tls == AU_TLS_NONE && !config->insecure && !is_near)
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
	*ret = (struct au_server_list){ .servers = servers, .count = count, .by_host = config->srv_hosts };
	return 0;
}

static void
forget_hosts(struct au_server_list *list)
{
	au_arena_free(list->arena);
	list->arena = NULL;
	list->hosts = NULL;
	list->host_count = list->host = 0;
}

void
au_server_list_done(struct au_server_list *list)
{
	forget_hosts(list);
	free(list->worn);
	list->worn = NULL;
}

const struct au_server *
au_server_list_current(const struct au_server_list *list)
{
	return list->hosts != NULL ? &list->hosts[list->host] : &list->servers[list->current];
}

static char *
name_of(const char *host, int port)
{
	return au_xasprintf("%s:%d", host, port);
}

static void
add_host(struct au_server_list *list, const struct au_service *service)
{
	const struct au_server *of = &list->servers[list->current];
	struct au_server *host = &list->hosts[list->host_count++];

	*host = *of;
	host->service = NULL;
	host->host = au_arena_strdup(list->arena, service->host);
	host->port = service->port;
	host->name = list->by_host ? host->host : of->name;
	host->url = au_arena_printf(
	    list->arena, "%s://%s:%d", of->tls == AU_TLS_AT_ONCE ? "ldaps" : "ldap", host->host, host->port);
}

void
au_server_list_found(struct au_server_list *list, const struct au_service *services, size_t count)
{
	const struct au_service *last = NULL;

	forget_hosts(list);
	list->arena = au_arena_new();
	list->hosts = au_arena_alloc(list->arena, count * sizeof(*list->hosts));
	for (size_t i = 0; i < count; i++) {
		AU_CLEANUP(au_freep) char *name = name_of(services[i].host, services[i].port);
		if (last == NULL && au_streq(name, list->worn))
			last = &services[i];
		else
			add_host(list, &services[i]);
	}
	if (last != NULL)
		add_host(list, last);
	free(list->worn);
	list->worn = NULL;
}

/* One of the current's hosts failed.  True when there is another way to the same: its next host, or its records anew.
 */
static bool
turn_to_next_host(struct au_server_list *list)
{
	const struct au_server *host = list->hosts != NULL ? &list->hosts[list->host] : NULL;

	if (host == NULL)
		return false;
	if (list->works) {
		list->worn = name_of(host->host, host->port);
		forget_hosts(list);
		return true;
	}
	if (++list->host < list->host_count)
		return true;
	forget_hosts(list);
	return false;
}

bool
au_server_list_next(struct au_server_list *list)
{
	bool has_another = turn_to_next_host(list);

	list->works = false;
	if (has_another)
		return false;
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
	list->works = true;
}
