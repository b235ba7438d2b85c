/* SPDX-License-Identifier: ISC */
/*
 * A record of OpenLDAP's log of changes (slapo-accesslog(5)), as far as it tells of a group's members.
 *
 * Who joins or leaves by it is told in steps.  A record that does not say so one by one is opaque: members replaced or
 * deleted as a whole, an entry added, deleted or renamed, more than one member attribute, values that can only be
 * understood with all the others.  After such a record nothing but the whole group tells who is in it.
 */
#ifndef SOURCED_LOG_RECORD_H
#define SOURCED_LOG_RECORD_H

#include "base/err.h"
#include "base/mem.h"
#include "sourced/csn.h"

#include <ldap.h>
#include <stdbool.h>

struct au_log_step {
	const char *member; /* a reference (model/ref.h) */
	bool joins;         /* or leaves */
};

/* In an arena. */
struct au_log_record {
	const char *group;         /* id of the entry that was changed */
	const char *csn;           /* its entryCSN since then */
	const char *attribute;     /* the member attribute of the steps, as configured; NULL without steps */
	struct au_log_step *steps; /* in the order in which they were done */
	size_t count;
	const char *opaque; /* why it does not tell; NULL: it does */
};

extern const char *const au_log_record_attributes[]; /* to ask for; NULL-terminated */

/* Zeroed in the beginning. */
struct au_log_reader {
	struct au_arena *arena;
	const char *const *member_attributes; /* NULL-terminated */
	struct au_log_record record;
	size_t cap;
	bool has_result, has_mods; /* that we may read */
	bool is_refused;           /* what it asked for failed: it changed nothing */
};

/* Take one attribute of the record; values end with a NULL bv_val.  AU_EPROTO. */
int au_log_reader_take(
    struct au_log_reader *reader, const struct berval *name, const struct berval *values, struct au_err *err);
/*
 * All were taken.  1: *ret; 0: it changed nothing.  AU_EPROTO: it does not say which entry it is of, when it was, how
 * it ended or what it did, as it comes from a server that does not note that, or as we may not read it.
 */
int au_log_reader_end(struct au_log_reader *reader, struct au_log_record *ret, struct au_err *err);

/* The same of a message, everything in the arena. */
int au_log_record_read(const char *const *member_attributes, LDAP *ld, LDAPMessage *message, struct au_arena *arena,
    struct au_log_record *ret, struct au_err *err);

/*
 * Whether a value of a member attribute stands for one member alone, so that the member leaves with it.  A user name
 * may mean another person tomorrow, and of a DN with a bit string behind it there may be a second value.
 */
bool au_log_can_tell(const char *attribute, const struct berval *value);

#endif
