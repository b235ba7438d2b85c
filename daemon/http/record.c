/* SPDX-License-Identifier: ISC */
/*
 * A record has no place for a secret: no field but the request id is looked at,
 * and of a query only the names of its parameters are told, if they look like
 * names at all.
 */
#include "http/record.h"

#include "base/clock.h"
#include "base/rand.h"
#include "http/instance.h"

#include <string.h>

#define MOST_PATH 256 /* octets of a path that are told */
#define MOST_NAMES 16 /* parameters */
#define LONGEST_NAME 32
#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

/* ---- ids ---- */

void
au_http_record_id(struct au_http_server *server, char id[AU_HTTP_ID_SIZE])
{
	static const char digits[] = "0123456789abcdef";
	unsigned long long number = ++server->requests;
	size_t at = sizeof(server->id_prefix) - 1;
	char turned[16];
	size_t count = 0;

	id[0] = '\0';
	if (!server->config.request_ids)
		return;
	for (; number > 0; number >>= 4)
		turned[count++] = digits[number & 15];
	memcpy(id, server->id_prefix, at);
	id[at++] = '-';
	while (count > 0)
		id[at++] = turned[--count];
	id[at] = '\0';
}

/* It goes into a log and back to the client, so it is short and plain. */
static bool
is_good_id(const char *id)
{
	size_t len = strlen(id);

	return len > 0 && len < AU_HTTP_ID_SIZE && strspn(id, LETTERS "0123456789-._") == len;
}

void
au_http_record_begin(struct au_http_exchange *x)
{
	struct au_http_server *server = x->conn->server;
	const char *given = NULL;

	if (server->config.request_ids && au_http_proxies_have(&server->proxies, &x->conn->address))
		given = au_http_header(x, "X-Request-Id");
	if (given != NULL && is_good_id(given))
		memcpy(x->id, given, strlen(given) + 1);
	else
		au_http_record_id(server, x->id);
}

/* ---- what was asked ---- */

/* "?filter&count"; a parameter that is no plain name shows as "*". */
static void
put_names(struct au_str *out, const char *query)
{
	size_t i;

	au_str_putc(out, '?');
	for (i = 0; i < MOST_NAMES && *query != '\0'; i++) {
		size_t len = strcspn(query, "&"), name = strcspn(query, "=&");

		au_str_put(out, i > 0 ? "&" : "");
		if (name <= LONGEST_NAME && strspn(query, LETTERS) >= name && query[name] == '=')
			au_str_putn(out, query, name);
		else
			au_str_putc(out, '*');
		query += len + (query[len] == '&');
	}
	if (*query != '\0')
		au_str_put(out, "&...");
}

static void
put_target(struct au_str *out, const struct au_http_exchange *x)
{
	size_t len = strlen(x->path);

	au_str_putn(out, x->path, len < MOST_PATH ? len : MOST_PATH);
	if (len > MOST_PATH)
		au_str_put(out, "...");
	if (x->query != NULL)
		put_names(out, x->query);
}

void
au_http_record_end(
    const struct au_http_conn *conn, const struct au_http_exchange *x, const char *id, int status, size_t bytes)
{
	const struct au_http_config *config = &conn->server->config;
	AU_CLEANUP(au_str_done) struct au_str target = AU_STR_INIT;
	char peer[INET6_ADDRSTRLEN];
	struct au_http_record record = { .id = id, .status = status, .bytes = bytes };

	conn->server->counters.answers[status / 100 % AU_COUNT(conn->server->counters.answers)]++;
	if (config->record == NULL)
		return;
	record.peer = au_net_address_text(&conn->address, peer);
	if (x != NULL) {
		record.client = x->client;
		record.took_ms = au_clock_mono_ms() - x->began_mono;
	}
	if (x != NULL && x->path != NULL) {
		put_target(&target, x);
		record.method = x->head.method;
		record.target = au_str_get(&target);
		record.peer = x->peer;
	}
	config->record(config->record_ctx, &record);
}
