/* SPDX-License-Identifier: ISC */
/* Resources of a SCIM service asked for one by one: is it there, and what does it say? */
#ifndef SOURCED_PULL_SINGLE_H
#define SOURCED_PULL_SINGLE_H

#include "base/map.h"
#include "sourced/fault.h"
#include "sourced/pulled.h"
#include "sourced/remote.h"

enum au_single {
	AU_SINGLE_FOUND = 1,
	AU_SINGLE_GONE,    /* 404 or 410 */
	AU_SINGLE_UNKNOWN, /* the service would not say; fault tells why */
};

typedef void au_single_done(
    void *ctx, enum au_single what, const json_t *resource, const struct au_fault *fault, int64_t retry_after_ms);

/* What an answer about one resource says.  *ret is set when it was found, and the caller's. */
enum au_single au_single_judge(const struct au_web_answer *answer, json_t **ret, struct au_fault *fault);
/* "/Users/ID", escaped.  Caller frees. */
char *au_single_path(const char *type_path, const char *id);

struct au_pull_single;

struct au_pull_single *au_pull_single_new(struct au_remote *remote, const char *type_path, void *ctx);
void au_pull_single_free(struct au_pull_single *single);
/* Ask for the first of the ids and take it out; done is called for each that is asked for.  False when there is none.
 */
bool au_pull_single_start(struct au_pull_single *single, struct au_map *ids, au_single_done *done);
/* From done: the next one. */
bool au_pull_single_next(struct au_pull_single *single, struct au_map *ids);

#endif
