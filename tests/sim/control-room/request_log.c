/* SPDX-License-Identifier: ISC */
/* Masking goes by member name at any depth; the answer is not logged at all, as it may hold a token. */
#include "request_log.h"

#include "exchange.h"
#include "text.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char *const secret_members[] = { "password", "apiKey", "token", "loginPassword", NULL };

static bool
is_secret(const char *name)
{
	for (size_t i = 0; secret_members[i] != NULL; i++) {
		if (strcasecmp(secret_members[i], name) == 0)
			return true;
	}
	return false;
}

/* The parser limits depth, so this cannot run away. */
static void
mask(json_t *value)
{
	const char *name;
	json_t *item;
	size_t index;
	void *next;

	json_object_foreach_safe (value, next, name, item) {
		if (is_secret(name))
			json_object_set_new(value, name, json_string("***"));
		else
			mask(item);
	}
	json_array_foreach (value, index, item)
		mask(item);
}

void
request_log(const struct exchange *exchange, const char *way)
{
	char time[TIME_SIZE], *text;
	json_t *line, *body;

	if (exchange->room->log == NULL || strncmp(exchange->path, "/__sim/", 7) == 0)
		return;
	body = json_deep_copy(exchange->body);
	mask(body);
	line = json_pack("{s:s, s:s, s:s, s:i, s:s*, s:s*, s:o*}", "at", time_format(room_now(exchange->room), time),
	    "method", exchange->method, "path", exchange->path, "status", exchange->status, "caller",
	    exchange->caller != NULL ? exchange->caller->username : NULL, "way", way, "body", body);
	text = need(json_dumps(line, JSON_COMPACT));
	fprintf(exchange->room->log, "%s\n", text);
	fflush(exchange->room->log);
	free(text);
	json_decref(line);
}
