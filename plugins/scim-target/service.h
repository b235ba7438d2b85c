/* SPDX-License-Identifier: ISC */
/*
 * What a service says of itself (RFC 7644 section 4): /ServiceProviderConfig, /ResourceTypes, /Schemas.  Many publish
 * none of it, so whatever is not told has a default that the RFC gives, or else the most common one.
 */
#ifndef SC_SERVICE_H
#define SC_SERVICE_H

#include "base/err.h"

#include <stdint.h>

struct au_session;

struct sc_service {
	bool known;
	int64_t read_mono;
	bool patch, filter, etag, cursor;
	long long page_most;      /* resources that it gives at a time; 0 = not told */
	char *users, *groups;     /* endpoints, "/Users"; groups NULL: it has none */
	char *roles_offered, *entitlements_offered; /* endpoints of lists of them; NULL: it has none */
	bool tells_groups;        /* users tell which groups they are in */
	bool roles, entitlements; /* users have them */
};

/* Read it unless it was read lately.  What is not published is no error; trouble on the way is. */
int sc_service_ensure(struct au_session *session, struct au_err *err);
/* It is not as it said: read it anew when it is needed. */
void sc_service_forget(struct sc_service *service);
void sc_service_done(struct sc_service *service);

#endif
