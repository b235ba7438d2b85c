/* SPDX-License-Identifier: ISC */
/*
 * One search followed by RFC 4533's refreshAndPersist: first a refresh, from the
 * cookie if there is one, then changes as they happen.  libldap's own
 * ldap_sync API is not used: it blocks, and a hostile reply crashes it.
 */
#ifndef SOURCED_WATCH_H
#define SOURCED_WATCH_H

#include "sourced/follow.h"

extern const struct au_way au_way_sync;

#endif
