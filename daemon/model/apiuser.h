/* SPDX-License-Identifier: ISC */
/* An API user: our record, merged from the entries of one or more sources that share a correlation key. */
#ifndef MODEL_APIUSER_H
#define MODEL_APIUSER_H

#include <stdbool.h>

enum au_owner_state {
	AU_OWNER_FINE = 0, /* there is none, or nobody could say */
	AU_OWNER_GONE = 1, /* the source has no such entry any more */
	AU_OWNER_DISABLED = 2,
	AU_OWNER_HERE = 3, /* the source has the entry: when it has it no more, it is gone */
};

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
	long long
	    expires_ms; /* from then on nobody wants it: the earlier of term_ms and what its entries say; 0 = never */
	long long term_ms; /* the same by a person's word; 0 = no such date */
	long long told_ms; /* the end and the warnings before it that were told last, see reconcile/term.h */
	enum au_owner_state owner_state;
	long long owner_ms; /* since when it is not fine; 0 = it is */
};

const char *au_owner_state_name(enum au_owner_state state); /* "gone", "disabled"; NULL when fine */
bool au_owner_has_left(enum au_owner_state state);          /* gone, or disabled */

#endif
