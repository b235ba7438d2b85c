/* SPDX-License-Identifier: ISC */
/*
 * An entry: what one source says about one person or group.  Its identity is
 * the source's immutable id (entryUUID, objectGUID, SCIM id), never a DN or name.
 */
#ifndef MODEL_ENTRY_H
#define MODEL_ENTRY_H

#include "base/json.h"
#include "base/mem.h"
#include "base/pack.h"

#include <stdbool.h>

enum au_entry_kind { AU_ENTRY_PERSON = 1, AU_ENTRY_GROUP = 2 };

struct au_entry {
	const char *source;
	const char *id;
	enum au_entry_kind kind;
	const char *dn;           /* as the directory writes it; NULL for SCIM */
	const char *key;          /* correlation key, see au_entry_key; NULL for groups */
	const char *user_name;    /* uid, sAMAccountName, userName */
	const char *display_name; /* for groups: cn or displayName */
	const char *given_name, *family_name;
	const char *mail;
	const char *owner;       /* who answers for it, by name or address as the source writes it, or a DN */
	const char *owner_dn;    /* the normal form of such a DN; for SCIM the owner's id; NULL when owner is neither */
	const char *application; /* that it is for */
	const char *external_id; /* opaque, scoped by client; NULL for directories */
	bool active;             /* false: the source itself says disabled */
	/* The last two are read back from the store by key only. */
	long long expires_ms;    /* wall clock: from then on it says disabled, now when that is over; 0 = never */
	const char *expires_odd; /* a date that cannot be read, as au_entry_odd_date cuts it; NULL = none.  The date
				    that the store knows stays then, unless there is one that can be read as well */
};

/* What is kept of a date that cannot be read, in the arena: its beginning.  NULL and what is no UTF-8 have a word. */
const char *au_entry_odd_date(struct au_arena *arena, const char *text);

/*
 * The correlation key: the folded mail address; without one, "SOURCE:ID", so that nobody is merged by accident.
 * In the arena.
 */
const char *au_entry_key(struct au_arena *arena, const char *source, const char *id, const char *mail);

/*
 * A role or an entitlement that a SCIM client gives to a person is a group of that source.  Its id begins with one of
 * these words, which no user's or group's id does, and goes on with the folded value.  It is the id by which the client
 * reads it too, and some clients write that id where others write the value: both mean the same.
 */
#define AU_GRANT_ROLE "role:"
#define AU_GRANT_ENTITLEMENT "entitlement:"
const char *au_grant_id(struct au_arena *arena, const char *word, const char *value); /* in the arena */
bool au_grant_is(const char *group_id);

/*
 * The owner of a SCIM user is its manager (RFC 7643 section 4.3), whom clients tell by id and seldom by name.  Text
 * points into resource; one without a manager leaves the entry as it is.
 */
void au_entry_take_manager(struct au_entry *entry, const json_t *resource);

/* To and from the JSON that processes exchange and the store keeps (members as the fields above; absent = NULL). */
json_t *au_entry_to_json(const struct au_entry *entry);
/* Text points into json, which must outlive the result.  AU_EPROTO names what is missing or of a wrong type. */
int au_entry_from_json(const json_t *json, struct au_entry *ret, struct au_err *err);
/* The same in packed bytes, for entries in great numbers.  Text points into the bytes. */
void au_entry_pack(const struct au_entry *entry, struct au_buf *out);
int au_entry_unpack(struct au_unpack *from, struct au_entry *ret, struct au_err *err);

#endif
