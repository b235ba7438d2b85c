/* SPDX-License-Identifier: ISC */
/* From a directory's entry to ours: which attributes to ask for, and what they become. */
#ifndef SOURCED_MAPPING_H
#define SOURCED_MAPPING_H

#include "base/mem.h"
#include "model/disabled.h"
#include "model/entry.h"
#include "model/pick.h"
#include "sourced/recipe.h"
#include "sourced/roll.h"
#include "wire/source_start.h"

#include <ldap.h>

struct au_vendor;
struct au_identity;
struct au_reruns;

struct au_mapping {
	const struct au_source_config *config; /* in effect (effective.h) */
	enum au_search search;
	const struct au_identity *identity;
	const char **attributes; /* all that is needed, each once; NULL-terminated; that of identity is one */
	size_t attribute_count;
	bool *whole; /* for each of them: more than its first value is wanted */
	struct au_pick *picks;        /* one for each text of an entry */
	struct au_disabled *disabled; /* of people: tests of which one is enough */
	size_t disabled_count;
	const char *const *member_attributes; /* of groups; NULL-terminated */
	struct au_recipe_terms recipes;       /* of groups: members that must be searched for */
	struct au_reruns *reruns;             /* who has those searches run again (reruns.h); NULL: nobody */
	const char *stamp;                    /* of groups; NULL: none (vendor.h) */
};

#define AU_MAPPED_TEXTS 8 /* room for those of an entry */

/* What one entry became.  Text lives in the arena given. */
struct au_mapped {
	struct au_entry entry; /* without key; id as the caller gave it, or from the attribute of identity */
	const char *dn_norm;
	const char *stamp;   /* of a group; NULL: none that we may read */
	struct au_roll roll; /* of a group */
	const struct au_pick_choice *from[AU_MAPPED_TEXTS]; /* what gave each text; NULL = it has none */
	const struct au_disabled *disabled_by;              /* of one that is not active */
	struct au_recipe recipe; /* of a group: searches that have not been run yet */
	bool is_some;      /* others than those of the roll may be members as well: nobody is known to have left */
	const char *lacks; /* why somebody may be missing from the roll, for people; NULL: nobody is */
};

/* Whether members are missing: the rest has to be asked for (range.h). */
bool au_mapped_is_part(const struct au_mapped *mapped);

/*
 * In the arena.  The vendor says what no option says.  AU_EINVAL: an option on attributes is not what au_pick_parse or
 * au_disabled_parse takes.
 */
int au_mapping_init(struct au_mapping *mapping, struct au_arena *arena, const struct au_source_config *config,
    enum au_search search, const struct au_vendor *vendor, struct au_err *err);

/*
 * Of several values of an attribute the first one in the order of bytes stands for it, whatever order the server gives
 * them in; one that is no UTF-8, or nothing but blanks, is none.
 *
 * id: from a sync control; NULL takes it from the entry.  AU_EPROTO: a DN that cannot be read, no id, a member that
 * names nobody, members of which only a part was sent.  Then the whole reading is not to be trusted: the
 * entry is unknown, not absent.  With searches of its own to run, a group is_some.
 */
int au_mapping_entry(const struct au_mapping *mapping, LDAP *ld, LDAPMessage *message, const char *id,
    struct au_arena *arena, struct au_mapped *ret, struct au_err *err);

/* The same, but members are left as they came where that can be (au_roll_defer); ret lives as long as message. */
int au_mapping_deferred(const struct au_mapping *mapping, LDAP *ld, LDAPMessage *message, const char *id,
    struct au_arena *arena, struct au_mapped *ret, struct au_err *err);

/* Members decoded, but they may be a part: when au_mapped_is_part says so, the rest has to be asked for (range.h). */
int au_mapping_part(const struct au_mapping *mapping, LDAP *ld, LDAPMessage *message, const char *id,
    struct au_arena *arena, struct au_mapped *ret, struct au_err *err);

/* One value as a text in the arena; NULL when it is no UTF-8, or nothing but blanks. */
const char *au_mapping_value(struct au_arena *arena, const struct berval *value);
/* All values that are such texts, in the order of bytes; ends with NULL. */
const char *const *au_mapping_values(struct au_arena *arena, const struct berval *values);

const char *au_mapping_base(const struct au_mapping *mapping);
const char *au_mapping_filter(const struct au_mapping *mapping);
/* The filter of people narrowed to one user name, as far as attributes alone are user names.  In the arena. */
const char *au_mapping_name_filter(const struct au_mapping *people, struct au_arena *arena, const char *user_name);

/* One text of an entry, for people: what was configured, what came of it, and by which choice (NULL = none). */
struct au_mapping_text {
	const char *option, *expression, *value;
	const struct au_pick_choice *from;
};
size_t au_mapping_text_count(const struct au_mapping *mapping);
struct au_mapping_text au_mapping_text(const struct au_mapping *mapping, size_t index, const struct au_mapped *mapped);

/* A value as it stands in a filter (RFC 4515 section 3).  In the arena. */
const char *au_mapping_escape(struct au_arena *arena, const char *value);
bool au_mapping_is_member(const struct au_mapping *mapping, const char *attribute);

#endif
