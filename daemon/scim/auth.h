/* SPDX-License-Identifier: ISC */
/* Bearer tokens on requests (RFC 6750): who asks, and how often he may. */
#ifndef SCIM_AUTH_H
#define SCIM_AUTH_H

#include "scim/request.h"

/*
 * Check the Authorization header and go on with the route's handler (or the fault of the path, when there is no route),
 * or answer 401, 403 (the token's scope does not contain what the route needs) or 429.  The token is looked up for
 * every request, so a revoked one is refused at once.
 */
void au_auth_then_handle(struct au_request *r);

#endif
