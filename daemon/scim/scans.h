/* SPDX-License-Identifier: ISC */
/*
 * Reads that may look at all of a client's resources, because no index answers them.  The store does them one after
 * the other; each client has so many of them under way at most (max_scans), so that the others get their turn.
 */
#ifndef SCIM_SCANS_H
#define SCIM_SCANS_H

#include "scim/request.h"

/* One more, to be followed by au_scans_end; false with a fault (429) when the client has its share. */
bool au_scans_begin(struct au_request *r);
void au_scans_end(struct au_request *r);

#endif
