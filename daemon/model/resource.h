/* SPDX-License-Identifier: ISC */
/* A SCIM resource as it is kept: its document, and the columns that look-ups need. */
#ifndef MODEL_RESOURCE_H
#define MODEL_RESOURCE_H

#include <stdbool.h>

struct au_resource {
	const char *id;          /* random UUID, ours; never re-used */
	const char *client;      /* the SCIM client that owns it */
	const char *type;        /* "User", "Group", or a type from configuration */
	const char *name_fold;   /* folded userName or displayName: unique per client and type; NULL = not unique */
	const char *external_id; /* case-exact; NULL = none */
	const char *doc;         /* JSON object as sent to clients, but without meta and without members and groups */
	long long version;       /* rises by one per change; ETag W/"N" */
	long long created_ms, modified_ms;
	long long num; /* place in the order of creation, set by the store; never re-used either */
	bool in_no_group; /* as it was read: no group has it as a member; false = it is not known */
};

#endif
