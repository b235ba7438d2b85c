/* SPDX-License-Identifier: ISC */
/* evhttp, jansson and SQLite wired as directly as they can be: what our own server is held against. */
#include "tests/bench/floor_server.h"

#include "tests/bench/floor_table.h"
#include "tests/bench/measure.h"
#include "tests/bench/server.h"

#include <event2/buffer.h>
#include <event2/bufferevent_ssl.h>
#include <event2/event.h>
#include <event2/http.h>
#include <event2/keyvalq_struct.h>

#include <arpa/inet.h>
#include <jansson.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>

#define WAITING_MAX 1024

struct floor {
	struct floor_table table;
	struct evbuffer *kilobyte;
	struct evhttp_request *waiting[WAITING_MAX];
	int statuses[WAITING_MAX];
	size_t waiting_count, posted;
	bool each;
};

void
floor_id(size_t number, char id[FLOOR_ID_SIZE])
{
	snprintf(id, FLOOR_ID_SIZE, "%08zx-1111-4222-8333-%012zx", number * 2654435761u & 0xffffffffu, number);
}

size_t
floor_document(size_t number, char *text, size_t size)
{
	char id[FLOOR_ID_SIZE];
	int length;

	floor_id(number, id);
	length = snprintf(text, size,
	    "{\"schemas\":[\"urn:ietf:params:scim:schemas:core:2.0:User\","
	    "\"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User\"],\"id\":\"%s\",\"externalId\":\"ext-%zu\","
	    "\"userName\":\"user-%zu@apps.example\",\"name\":{\"formatted\":\"Application Number %zu\",\"familyName\":"
	    "\"Number %zu\",\"givenName\":\"Application\"},\"displayName\":\"Application Number %zu\",\"active\":true,"
	    "\"emails\":[{\"value\":\"user-%zu@apps.example\",\"type\":\"work\",\"primary\":true},{\"value\":"
	    "\"owner-%zu@people.example\",\"type\":\"other\"}],\"phoneNumbers\":[{\"value\":\"+49 30 "
	    "555%07zu\",\"type\":"
	    "\"work\"}],\"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User\":{\"employeeNumber\":\"A-%zu\","
	    "\"costCenter\":\"4130\",\"organization\":\"Example Works\",\"division\":\"Integrations\",\"department\":"
	    "\"Interfaces\"},\"meta\":{\"resourceType\":\"User\",\"created\":\"2026-01-01T00:00:00Z\",\"lastModified\":"
	    "\"2026-01-01T00:00:00Z\",\"location\":\"/scim/v2/Users/%s\",\"version\":\"W/\\\"1\\\"\"}}",
	    id, number, number, number, number, number, number, number, number, number, id);
	return length < 0 ? 0 : (size_t)length;
}

static void
reply(struct evhttp_request *request, int status, struct evbuffer *body)
{
	evhttp_add_header(evhttp_request_get_output_headers(request), "Content-Type", "application/scim+json");
	evhttp_send_reply(request, status, NULL, body);
}

static void
append(void *buffer, const char *text, size_t length)
{
	evbuffer_add(buffer, text, length);
}

static void
get(struct floor *floor, struct evhttp_request *request)
{
	const struct evhttp_uri *uri = evhttp_request_get_evhttp_uri(request);
	const char *path = evhttp_uri_get_path(uri), *query = evhttp_uri_get_query(uri);
	struct evbuffer *body = evbuffer_new();
	bool found = false;

	if (strncmp(path, "/Users/", 7) == 0)
		found = floor_table_find(floor->table.by_id, path + 7, append, body);
	else if (query != NULL && strncmp(query, "name=", 5) == 0)
		found = floor_table_find(floor->table.by_name, query + 5, append, body);
	else
		found = evbuffer_add_buffer_reference(body, floor->kilobyte) == 0;
	reply(request, found ? 200 : 404, body);
	evbuffer_free(body);
}

static json_t *
parse(struct evhttp_request *request)
{
	struct evbuffer *input = evhttp_request_get_input_buffer(request);
	size_t length = evbuffer_get_length(input);

	return json_loadb((const char *)evbuffer_pullup(input, -1), length, JSON_REJECT_DUPLICATES, NULL);
}

static void
post(struct floor *floor, struct evhttp_request *request)
{
	json_t *document = parse(request);
	const char *name = json_string_value(json_object_get(document, "userName"));
	char id[FLOOR_ID_SIZE], *text;

	floor_id(100000000 + floor->table.count + floor->posted++, id);
	json_object_set_new(document, "id", json_string(id));
	text = json_dumps(document, JSON_COMPACT);
	if (name == NULL || text == NULL)
		measure_die("posted document");
	floor_table_insert(&floor->table, id, name, id, text);
	evbuffer_drain(evhttp_request_get_input_buffer(request), SIZE_MAX);
	evbuffer_add(evhttp_request_get_input_buffer(request), text, strlen(text));
	free(text);
	json_decref(document);
}

static void
read_document(void *place, const char *text, size_t length)
{
	*(json_t **)place = json_loadb(text, length, 0, NULL);
}

static void
patch(struct floor *floor, struct evhttp_request *request)
{
	const char *id = evhttp_uri_get_path(evhttp_request_get_evhttp_uri(request)) + strlen("/Users/");
	json_t *operations = parse(request), *document = NULL;
	char *text;

	if (operations == NULL || !floor_table_find(floor->table.by_id, id, read_document, &document))
		measure_die("patched document");
	json_object_set_new(document, "active", json_boolean(!json_is_true(json_object_get(document, "active"))));
	text = json_dumps(document, JSON_COMPACT);
	floor_table_update(&floor->table, id, text);
	evbuffer_drain(evhttp_request_get_input_buffer(request), SIZE_MAX);
	evbuffer_add(evhttp_request_get_input_buffer(request), text, strlen(text));
	free(text);
	json_decref(document);
	json_decref(operations);
}

static void
commit(struct floor *floor)
{
	floor_table_commit(&floor->table);
	for (size_t i = 0; i < floor->waiting_count; i++)
		reply(floor->waiting[i], floor->statuses[i], evhttp_request_get_input_buffer(floor->waiting[i]));
	floor->waiting_count = 0;
}

static void
handle(struct evhttp_request *request, void *context)
{
	struct floor *floor = context;
	enum evhttp_cmd_type method = evhttp_request_get_command(request);

	if (method == EVHTTP_REQ_GET) {
		get(floor, request);
		return;
	}
	floor_table_begin(&floor->table);
	if (method == EVHTTP_REQ_POST)
		post(floor, request);
	else
		patch(floor, request);
	floor->statuses[floor->waiting_count] = method == EVHTTP_REQ_POST ? 201 : 200;
	floor->waiting[floor->waiting_count++] = request;
	if (floor->each || floor->waiting_count == WAITING_MAX)
		commit(floor);
}

static struct evbuffer *
kilobyte(void)
{
	struct evbuffer *buffer = evbuffer_new();
	char text[4096];

	evbuffer_add(buffer, text, floor_document(0, text, sizeof(text)));
	return buffer;
}

static int
listen_here(struct evhttp *http)
{
	struct evhttp_bound_socket *bound = evhttp_bind_socket_with_handle(http, "127.0.0.1", 0);
	struct sockaddr_in address;
	socklen_t length = sizeof(address);
	int on = 1;

	if (bound == NULL || getsockname(evhttp_bound_socket_get_fd(bound), (struct sockaddr *)&address, &length) != 0)
		measure_die("listen");
	setsockopt(evhttp_bound_socket_get_fd(bound), IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	return ntohs(address.sin_port);
}

static struct bufferevent *
make_tls(struct event_base *base, void *context)
{
	return bufferevent_openssl_socket_new(
	    base, -1, SSL_new(context), BUFFEREVENT_SSL_ACCEPTING, BEV_OPT_CLOSE_ON_FREE);
}

/* The same once more behind TLS, when there is a certificate; its port, or 0. */
static int
serve_tls(struct event_base *base, const char *folder, struct floor *floor)
{
	SSL_CTX *context = SSL_CTX_new(TLS_server_method());
	struct evhttp *http = evhttp_new(base);
	char key[128], certificate[128];

	snprintf(key, sizeof(key), "%s/" SERVER_KEY, folder);
	snprintf(certificate, sizeof(certificate), "%s/" SERVER_CERTIFICATE, folder);
	if (SSL_CTX_use_certificate_chain_file(context, certificate) != 1 ||
	    SSL_CTX_use_PrivateKey_file(context, key, SSL_FILETYPE_PEM) != 1)
		return 0;
	evhttp_set_bevcb(http, make_tls, context);
	evhttp_set_gencb(http, handle, floor);
	return listen_here(http);
}

void
floor_serve(const char *folder, size_t users, enum floor_commit way, void (*tell)(int port, int tls_port))
{
	struct floor floor = { .kilobyte = kilobyte(), .each = way == FLOOR_EACH };
	struct event_base *base = event_base_new();
	struct evhttp *http = evhttp_new(base);

	floor_table_open(&floor.table, folder, floor.each ? "each.db" : "group.db", users);
	evhttp_set_allowed_methods(http, EVHTTP_REQ_GET | EVHTTP_REQ_POST | EVHTTP_REQ_PATCH);
	evhttp_set_gencb(http, handle, &floor);
	tell(listen_here(http), serve_tls(base, folder, &floor));
	/* One turn of the loop reads what came; one commit then serves all of it. */
	while (event_base_loop(base, EVLOOP_ONCE) == 0) {
		if (floor.waiting_count > 0)
			commit(&floor);
	}
	exit(0);
}
