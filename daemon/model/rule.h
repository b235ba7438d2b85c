/* SPDX-License-Identifier: ISC */
/* Templates and rules: which rights exist for a target, and who gets them. */
#ifndef MODEL_RULE_H
#define MODEL_RULE_H

#include <stdbool.h>
#include <stddef.h>

/* A set-rights template: named rights values for one target. */
struct au_template {
	const char *name;
	const char *target;
	const char *description; /* for people; NULL = none */
	const char *takes;     /* of pools that the plugin does not count by itself (au_takes_print); NULL = nothing */
	const char *rights;    /* JSON object as configured */
	const char *canonical; /* as the target reports it (resolve); NULL while the target has not answered yet */
	const char *problem;   /* why it cannot be resolved; NULL when fine */
};

/*
 * Membership in a source's group leads to a template; so does a role or an entitlement that a SCIM client gives, which
 * is a group too (model/entry.h).  Order in the configuration is priority.
 */
struct au_rule {
	const char *name;
	const char *source;
	const char *group; /* as configured: a DN, a group's name, "*" for every person of the source, "role:VALUE" or
			      "entitlement:VALUE" */
	const char *group_norm; /* normalised DN, folded name, or au_grant_id; NULL for "*" */
	bool is_dn, is_grant;
	const char *template;
};

#endif
