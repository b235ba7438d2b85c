/* SPDX-License-Identifier: ISC */
/* What is known of a kind of server: one row each. */
#ifndef SOURCED_VENDOR_H
#define SOURCED_VENDOR_H

#include "sourced/follow.h"
#include "sourced/identity.h"

struct au_vendor {
	const char *name; /* as the option `vendor` takes it */
	bool (*fits)(const struct au_root *root);
	const char *known_by; /* the same in words: by what of its root DSE */
	/* Ways of following, best first; the first that the server offers is taken, and if none, it is polled. */
	const struct au_way *const *ways;
	/*
	 * Its answers to a cookie are whole.  If not, each connection begins with a reading of everything, and nothing
	 * is ever thought gone because an answer to a cookie did not name it.
	 */
	bool resumes;
	bool (*is_cookie)(const char *text); /* NULL: any text may be one */
	/*
	 * An attribute whose changes it does not push, so that a search whose filter asks for it cannot be followed;
	 * NULL = none is known.
	 */
	const char *unpushed;
	const char *unpushed_rule; /* the same of a matching rule, by its OID */
	const struct au_identity *identity;
	/*
	 * An attribute that each change of a group sets anew, and that its log of changes names, too (accesslog.h); NULL =
	 * it has no such log.
	 */
	const char *stamp;
	/* What the options of these names are when the configuration does not say. */
	const char *people_filter, *groups_filter, *attr_user_name, *attr_mail;
	const char *const *members; /* member attributes, unless the configuration has some; NULL-terminated */
	const char *primary_group;  /* as the option primary_group takes it; NULL = people are in no group unnamed */
	const char *chain_rule;     /* matching rule that goes through groups within groups, by its OID; NULL = none */
	/* Tests (model/disabled.h) that are used when the configuration has none; NULL-terminated. */
	const char *const *disabled;
};

/* The row of a name, or, with "auto", the first that fits what the server says of itself; the last one fits all. */
const struct au_vendor *au_vendor_find(const char *name, const struct au_root *root);
/* The one that fits all. */
const struct au_vendor *au_vendor_any(void);
/* Whether what it answers to a cookie, which may be NULL, is whole. */
bool au_vendor_resumes(const struct au_vendor *vendor, const char *cookie);
/*
 * The way of following, of those after `refused` when that is not NULL; NULL when the server offers none of them, or
 * the configuration asks for what none can do.
 */
const struct au_way *au_vendor_way(const struct au_vendor *vendor, const struct au_root *root,
    const struct au_source_config *config, const struct au_way *refused);
/* Whether attr_id or a filter asks for what none of its ways can do. */
bool au_vendor_must_poll(const struct au_vendor *vendor, const struct au_source_config *config);

#endif
