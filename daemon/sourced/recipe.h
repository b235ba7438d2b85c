/* SPDX-License-Identifier: ISC */
/*
 * Members that a group's entry does not name but says how to find: by searches of its own (memberURL of
 * draft-haripriya-dynamicgroup), as people whose primary group it is, or through groups within it.  Each way comes to
 * searches, of which every entry found is a member.
 */
#ifndef SOURCED_RECIPE_H
#define SOURCED_RECIPE_H

#include "base/err.h"
#include "base/mem.h"
#include "wire/source_start.h"

#include <lber.h>
#include <stdbool.h>

struct au_vendor;

/* What to look for in groups; zeroed where members are only named. */
struct au_recipe_terms {
	const struct au_source_config *config;
	const char *url;    /* attribute whose values are searches; NULL: none */
	const char *key;    /* attribute of a group by whose value it is people's primary group; NULL: none */
	const char *theirs; /* the people's attribute that holds that value */
	const char *sid;    /* attribute of people that says of which domain they are, where the key does; NULL: none */
	const char *rule;   /* matching rule that goes through groups within groups; NULL: none */
	const char **bases; /* normal DNs below which a group's own searches may look; NULL-terminated */
};

/* What one group says. */
struct au_recipe {
	const char **urls; /* NULL in it: one that is too long */
	size_t url_count;
	struct berval key; /* bv_val NULL: none */
	bool in_chain;
};

#define AU_SID_NUMBER 4 /* bytes of each number of a SID (MS-DTYP section 2.4.2.2) */

struct au_recipe_search {
	const char *base, *filter;
	int scope;            /* LDAP_SCOPE_... */
	const char *sid;      /* attribute of who is found that must begin with domain, and have one number more */
	struct berval domain; /* with sid */
	const char *what;     /* for people: "memberURL 'ldap:///...'" */
};

/* In the arena.  AU_EINVAL: one of dynamic_bases, or without them a search's base, is no DN. */
int au_recipe_terms_init(struct au_recipe_terms *terms, struct au_arena *arena, const struct au_source_config *config,
    const struct au_vendor *vendor, struct au_err *err);

/* Up to two attributes that must be asked for; NULL-terminated. */
void au_recipe_attributes(const struct au_recipe_terms *terms, const char *ret[3]);
/* Take an attribute of a group's entry, whichever it is. */
void au_recipe_take(struct au_recipe *recipe, const struct au_recipe_terms *terms, struct au_arena *arena,
    const struct berval *name, const struct berval *values);
bool au_recipe_is_empty(const struct au_recipe *recipe);
/* Nobody tells when the members change: the searches have to be run by schedule. */
bool au_recipe_is_silent(const struct au_recipe *recipe, const struct au_recipe_terms *terms);

/*
 * The searches of a group of this DN, in the arena.  *ret_lacks: why one of them is left out, so that members are not
 * known; NULL when none is.
 */
size_t au_recipe_searches(const struct au_recipe *recipe, const struct au_recipe_terms *terms, const char *dn,
    struct au_arena *arena, struct au_recipe_search **ret, const char **ret_lacks);

#endif
