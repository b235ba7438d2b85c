/* SPDX-License-Identifier: ISC */
/*
 * What a token is good for (RFC 6749 section 3.3): blank-separated words, of which each names an endpoint without its
 * slash and in lower case ("users groups"); "scim" stands for all of them, and so does "read-only" alone.  A scope
 * without any of these words is good for nothing, and no scope at all for everything.
 */
#ifndef SCIM_SCOPE_H
#define SCIM_SCOPE_H

#include "base/mem.h"
#include "scim/fault.h"
#include "scim/schema.h"

#include <jansson.h>

#define AU_SCOPE_READ_ONLY "read-only"
#define AU_SCOPE_ALL "scim"
#define AU_SCOPE_WORDS 32 /* most words in one scope */

struct au_scope {
	const char *words; /* lent; NULL = everything */
	bool every_type, read_only;
};

/* What a route or an operation demands of whoever asks. */
enum au_need {
	AU_NEED_NOTHING = 0, /* not even credentials */
	AU_NEED_CLIENT,      /* credentials, whatever their scope */
	AU_NEED_READ,        /* a scope with the resource type */
	AU_NEED_CHANGE,      /* the same, and not read-only */
};

/* words, which may be NULL, live on in the scope. */
void au_scope_init(struct au_scope *scope, const char *words);
/* The word that stands for a type, in the arena. */
const char *au_scope_word(struct au_arena *arena, const struct au_resource_type *type);
/* Without a type (the root of the endpoint) the answer is about any of them. */
bool au_scope_allows(const struct au_scope *scope, enum au_need need, const struct au_resource_type *type);
/* Whether all types that somebody with the other scope may ask for are in this one. */
bool au_scope_covers(const struct au_scope *scope, const struct au_scope *other);
/*
 * The stored form of what an operator or an issuer names: an array of endpoint names and a flag, each word once and
 * in order; NULL when that is everything.  AU_EINVAL for a word that is no resource type of the catalog.
 */
int au_scope_make(struct au_arena *arena, const struct au_catalog *catalog, const json_t *names, bool read_only,
    const char **ret_or_null, struct au_err *err);

#endif
