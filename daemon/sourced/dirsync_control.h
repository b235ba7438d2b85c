/* SPDX-License-Identifier: ISC */
/*
 * The control of Active Directory that tells what changed in a partition since a
 * cookie: LDAP_SERVER_DIRSYNC_OID, MS-ADTS section 3.1.1.3.4.1.3.
 */
#ifndef SOURCED_DIRSYNC_CONTROL_H
#define SOURCED_DIRSYNC_CONTROL_H

#include "base/err.h"

#include <lber.h>
#include <stdbool.h>
#include <stdint.h>

#define AU_OID_DIRSYNC "1.2.840.113556.1.4.841"

/* What the account may not read is left out, and no right to replicate is needed. */
#define AU_DIRSYNC_OBJECT_SECURITY 0x1u
/* Values of linked attributes as what was added and what was removed, not all there are. */
#define AU_DIRSYNC_INCREMENTAL_VALUES 0x80000000u

/* The value to ask with; max_bytes bounds one answer, cookie may be NULL.  Caller frees with ber_bvfree. */
struct berval *au_dirsync_request(uint32_t flags, int32_t max_bytes, const struct berval *cookie);

struct au_dirsync_answer {
	bool more;            /* ask again at once with the cookie */
	struct berval cookie; /* points into the value */
};
/* value as au_ber_open takes it.  AU_EPROTO: also without a cookie, which would lose what it stands for. */
int au_dirsync_parse(const struct berval *value, struct au_dirsync_answer *ret, struct au_err *err);

/*
 * What the name of an attribute in an incremental answer says of its values: added or removed ("member;range=1-1",
 * "member;range=0-0"), or anything else, which are all there are.
 */
enum au_dirsync_values { AU_DIRSYNC_ALL = 0, AU_DIRSYNC_ADDED, AU_DIRSYNC_REMOVED };
enum au_dirsync_values au_dirsync_values_of(const struct berval *name);
/* Whether an attribute's name, its options left off, is this one. */
bool au_dirsync_is_named(const struct berval *name, const char *attribute);

#endif
