/* SPDX-License-Identifier: ISC */
/* An API user: our record, merged from the entries of one or more sources that share a correlation key. */
#ifndef MODEL_APIUSER_H
#define MODEL_APIUSER_H

#include <stdbool.h>

struct au_apiuser {
	const char *id;  /* random UUID, ours */
	const char *key; /* correlation key */
	const char *user_name;
	const char *display_name;
	const char *given_name, *family_name;
	const char *mail;
	const char *owner;       /* who answers for it: a name or an address */
	const char *owner_ref;   /* what the source names as the owner; without owner: nobody knows who that is */
	const char *application; /* that it is for */
	const char *conflict; /* why the merge needs a person; NULL when fine */
	long long created_ms, changed_ms;
};

#endif
