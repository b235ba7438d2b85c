/* SPDX-License-Identifier: ISC */
/*
 * Recognising the identity provider behind a client whose profile is "auto": by the name it gives itself, or by habits
 * that only one has.  What was recognised is remembered in the store.  It is no credential: being taken for another
 * provider lets odd requests through and nothing else.
 */
#ifndef SCIM_DETECT_H
#define SCIM_DETECT_H

#include "scim/request.h"

/* What was recognised of a client, on the loop thread. */
struct au_provider {
	const struct au_profile *seen; /* NULL = nothing yet */
	bool named;                    /* it named itself: habits no longer count */
	long long seen_ms;
	char agent[96]; /* the User-Agent that was weighed last, as much of it as fits */
};

/*
 * The client is known: set r->profile from its configuration or, for "auto", from what was recognised before and from
 * the request's head, and go on.  The first request of a client after a start waits for the store.
 */
void au_detect_then(struct au_request *r, const char *configured, void (*next)(struct au_request *r));
/* The body has been parsed: it may tell more.  On the loop thread. */
void au_detect_body(struct au_request *r);

#endif
