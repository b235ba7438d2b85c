/* SPDX-License-Identifier: ISC */
/*
 * The values of RFC 4533's controls and messages, read from what may be a
 * hostile server: an absent, empty or cut value is an error, never a crash.
 * A value must be followed by one more byte, as those from libldap are: liblber
 * ends strings in place.
 */
#ifndef SOURCED_SYNC_CONTROL_H
#define SOURCED_SYNC_CONTROL_H

#include "base/err.h"
#include "base/rand.h"

#include <lber.h>

#define AU_SYNC_UUID 16

/* Section 2.2: goes with every entry. */
enum au_sync_entry { AU_SYNC_PRESENT = 0, AU_SYNC_ADD = 1, AU_SYNC_MODIFY = 2, AU_SYNC_DELETE = 3 };
struct au_sync_state {
	enum au_sync_entry state;
	unsigned char uuid[AU_SYNC_UUID];
	struct berval cookie; /* points into value; bv_val NULL when absent */
};
/* AU_EPROTO. */
int au_sync_state_parse(const struct berval *value, struct au_sync_state *ret, struct au_err *err);

/* Section 2.4: goes with the result that ends a refresh. */
struct au_sync_done {
	struct berval cookie;
	bool refresh_deletes;
};
int au_sync_done_parse(const struct berval *value, struct au_sync_done *ret, struct au_err *err);

/* Section 2.5: an intermediate response. */
enum au_sync_info_kind { AU_SYNC_NEW_COOKIE = 1, AU_SYNC_REFRESH_DELETE, AU_SYNC_REFRESH_PRESENT, AU_SYNC_ID_SET };
struct au_sync_info {
	enum au_sync_info_kind kind;
	struct berval cookie;
	bool refresh_done;    /* REFRESH_DELETE, REFRESH_PRESENT */
	bool refresh_deletes; /* ID_SET */
	struct berval ids;    /* ID_SET: the encoded set, checked; walk it with au_sync_ids_next */
};
int au_sync_info_parse(const struct berval *value, struct au_sync_info *ret, struct au_err *err);
/* Take the next id off a checked set; false at its end. */
bool au_sync_ids_next(struct berval *ids, unsigned char uuid[AU_SYNC_UUID]);

/* Section 2.1: what we send, refreshAndPersist; cookie may be NULL.  Caller frees with ber_bvfree. */
struct berval *au_sync_request(const struct berval *cookie);

/* The usual text of a UUID, lower case.  Returns buf. */
char *au_sync_uuid_text(const unsigned char uuid[AU_SYNC_UUID], char buf[AU_UUID_SIZE]);

#endif
