/* SPDX-License-Identifier: ISC */
/* What an answer to DirSync says of one object: that it changed, and perhaps that nothing but its members did. */
#ifndef SOURCED_DIRSYNC_TOLD_H
#define SOURCED_DIRSYNC_TOLD_H

#include "sourced/feed.h"

#define AU_DIRSYNC_MEMBER "member"

struct au_dirsync_told {
	struct au_feed_change change;    /* id NULL: it came without */
	struct au_ledger_change members; /* that change points to */
	const char **named;              /* DNs of members that came or went, as they were written */
	size_t named_count;
};

/*
 * attributes: those that were asked for; others, which some servers send along, mean nothing.  All is in the arena.
 * AU_EPROTO: it cannot be decoded.
 */
int au_dirsync_told(LDAP *ld, LDAPMessage *message, const struct au_mapping *mapping, const char *const *attributes,
    struct au_arena *arena, struct au_dirsync_told *ret);

#endif
