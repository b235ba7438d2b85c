/* SPDX-License-Identifier: ISC */
/* The requests of the benchmarks, spread over the users, so that more is measured than one hot page. */
#include "tests/bench/request.h"

#include <stdio.h>
#include <string.h>

#define TYPE_LINE "Content-Type: application/scim+json\r\n"

size_t
request_put(
    const struct server *server, char text[LOAD_REQUEST_MAX], const char *method, const char *path, const char *body)
{
	int length = snprintf(text, LOAD_REQUEST_MAX,
	    "%s %s%s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n%s%sContent-Length: %zu\r\n\r\n%s", method, server->prefix, path,
	    server->port, server->token, *body != '\0' ? TYPE_LINE : "", strlen(body), body);

	return (size_t)length;
}

size_t
request_plain(void *context, size_t number, char text[LOAD_REQUEST_MAX])
{
	(void)number;
	return request_put(context, text, "GET", "/kilobyte", "");
}

static size_t
pick(const struct server *server, size_t number)
{
	return number * 7919 % server->users;
}

size_t
request_get(void *context, size_t number, char text[LOAD_REQUEST_MAX])
{
	const struct server *server = context;
	char path[128];

	snprintf(path, sizeof(path), "/Users/%s", server->ids[pick(server, number)]);
	return request_put(server, text, "GET", path, "");
}

size_t
request_filter(void *context, size_t number, char text[LOAD_REQUEST_MAX])
{
	const struct server *server = context;
	char path[256];

	snprintf(path, sizeof(path), "/Users?%suser-%zu@apps.example%s", server->before_name, pick(server, number),
	    server->after_name);
	return request_put(server, text, "GET", path, "");
}

size_t
request_post(void *context, size_t number, char text[LOAD_REQUEST_MAX])
{
	struct server *server = context;
	char body[4096];

	(void)number;
	floor_document(server->posted++, body, sizeof(body));
	return request_put(server, text, "POST", "/Users", body);
}

size_t
request_patch(void *context, size_t number, char text[LOAD_REQUEST_MAX])
{
	const struct server *server = context;
	char path[128], body[512];

	snprintf(path, sizeof(path), "/Users/%s", server->ids[pick(server, number)]);
	snprintf(body, sizeof(body),
	    "{\"schemas\":[\"urn:ietf:params:scim:api:messages:2.0:PatchOp\"],"
	    "\"Operations\":[{\"op\":\"replace\",\"path\":\"active\",\"value\":%s}]}",
	    number / server->users % 2 == 0 ? "false" : "true");
	return request_put(server, text, "PATCH", path, body);
}
