/* SPDX-License-Identifier: ISC */
/* The map of calls of one tenant: the rows, and what its configuration adds, changes or takes away. */
#ifndef CA_ENDPOINT_H
#define CA_ENDPOINT_H

#include "base/err.h"
#include "calabrio/endpoint_rows.h"

#include <stdbool.h>

#define CA_ENDPOINT_ID(name, ...) CA_##name,
enum ca_endpoint_id { CA_ENDPOINT_ROWS(CA_ENDPOINT_ID) CA_ENDPOINT_GAPS(CA_ENDPOINT_ID) CA_ENDPOINT_COUNT };

struct ca_endpoint {
	char *method, *path; /* NULL: no such call is known */
	bool configured;
};

struct ca_endpoints {
	struct ca_endpoint of[CA_ENDPOINT_COUNT];
};

void ca_endpoints_init(struct ca_endpoints *map);
void ca_endpoints_done(struct ca_endpoints *map);
/* Take over "NAME METHOD /PATH", or "NAME none".  AU_EINVAL says what is wrong with it. */
int ca_endpoints_set(struct ca_endpoints *map, const char *text, struct au_err *err);
bool ca_endpoints_know(const struct ca_endpoints *map, enum ca_endpoint_id id);
const char *ca_endpoint_name(enum ca_endpoint_id id);
/*
 * The path with the person's id in it; caller frees.  AU_ENOSUP when no call is known; AU_EINVAL when the id is no
 * number: it must not become part of a path.
 */
int ca_endpoints_path(
    const struct ca_endpoints *map, enum ca_endpoint_id id, const char *person_id, char **ret, struct au_err *err);

#endif
