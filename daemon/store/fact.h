/* SPDX-License-Identifier: ISC */
/*
 * Facts: entries and memberships as sources state them, with cookies and
 * verdicts.  Each call that changes what an API user rests on marks the
 * correlation keys concerned as dirty, in the same transaction.
 */
#ifndef STORE_FACT_H
#define STORE_FACT_H

#include "model/entry.h"
#include "model/nesting.h"
#include "store/store.h"

/* A source's word on one of its reads. */
enum au_source_state {
	AU_SOURCE_NEW = 0,
	AU_SOURCE_OK = 1,
	AU_SOURCE_STALE = 2,
	AU_SOURCE_SUSPECT = 3,
	AU_SOURCE_QUARANTINE = 4,
	AU_SOURCE_PAUSED = 5, /* a person wants it left alone */
};
#define AU_SOURCE_STATES (AU_SOURCE_PAUSED + 1)
const char *au_source_state_name(enum au_source_state state);

struct au_source_row {
	const char *name;
	enum au_source_state state;
	const char *text;          /* why it is not OK; NULL when fine */
	bool complete;             /* a whole read of every search has ended well at least once and none is under way that could remove */
	long long complete_ms;     /* when the last whole read ended; 0 = never */
	long long entries, groups; /* counts */
	long long drift;           /* differences that a full compare found and no event had explained */
};

int au_store_source_get(struct au_store_tx *tx, struct au_arena *arena, const char *name, struct au_source_row *ret,
    struct au_err *err); /* AU_ENOENT */
/* The same without the counts, whose cost grows with the source: ret's own are left as they are.  AU_ENOENT */
int au_store_source_verdict(struct au_store_tx *tx, struct au_arena *arena, const char *name,
    struct au_source_row *ret, struct au_err *err);
/* Sets state, text, complete, complete_ms, drift; makes the row if need be. */
int au_store_source_put(struct au_store_tx *tx, const struct au_source_row *row, struct au_err *err);
int au_store_source_list(struct au_store_tx *tx, struct au_arena *arena, struct au_source_row **ret, size_t *ret_count,
    struct au_err *err);

/* One cookie per search ("people", "groups").  NULL cookie forgets it. */
int au_store_cookie_get(struct au_store_tx *tx, struct au_arena *arena, const char *source, const char *search,
    const char **ret_or_null, struct au_err *err);
int au_store_cookie_put(struct au_store_tx *tx, const char *source, const char *search, const char *cookie,
    struct au_err *err);

/*
 * Insert or change an entry.  generation marks it as seen by that read (au_store_entry_sweep); 0 leaves the mark.
 * dn_norm (NULL for SCIM) is how members are resolved.  A changed dn re-points every membership that holds this id.
 * An API user whose last entry changes its key goes along to the new key, unless that is taken.
 * *ret_changed (may be NULL) tells whether anything but the mark moved.
 */
int au_store_entry_put(struct au_store_tx *tx, const struct au_entry *entry, const char *dn_norm, long long generation,
    bool *ret_changed, struct au_err *err);
/*
 * For whoever keeps in memory what the store holds, while he reads all of a source again (source/seen.h): what makes
 * two statements of an entry the same, and a put that tells more.
 */
#define AU_ENTRY_DIGEST 16
struct au_entry_held {
	long long num; /* rising in the order in which entries came */
	unsigned char digest[AU_ENTRY_DIGEST];
	long long generation; /* its mark; 0 = none */
	bool is_moved;        /* only of au_store_entry_take: it was known by another DN, or by none */
};
/* The key of a person's entry is set. */
void au_store_entry_digest(
    const struct au_entry *entry, const char *dn_norm, unsigned char ret_digest[AU_ENTRY_DIGEST]);
/* As au_store_entry_put; *ret is what is held now. */
int au_store_entry_take(struct au_store_tx *tx, const struct au_entry *entry, const char *dn_norm, long long generation,
    struct au_entry_held *ret, bool *ret_is_new, bool *ret_changed, struct au_err *err);
/*
 * For one who is not there, as far as the caller knows, so that nobody has to look: *ret_added is false, and nothing is
 * done, when there is an entry with its id.  It has no mark.
 */
int au_store_entry_add(struct au_store_tx *tx, const struct au_entry *entry, const char *dn_norm,
    struct au_entry_held *ret, bool *ret_added, struct au_err *err);
/*
 * What is held of a kind, by rising num, up to limit entries beyond after_num.  id lasts as long as the call of visit.
 * Without has_marks, generation is 0: to look at them is a third of the work.
 */
typedef void au_entry_visit(void *ctx, const char *id, const struct au_entry_held *held);
int au_store_entry_from(struct au_store_tx *tx, const char *source, enum au_entry_kind kind, long long after_num,
    size_t limit, bool has_marks, au_entry_visit *visit, void *ctx, struct au_err *err);
int au_store_entry_id(struct au_store_tx *tx, struct au_arena *arena, long long num, const char **ret_id,
    struct au_err *err); /* AU_ENOENT */
int au_store_entry_get(struct au_store_tx *tx, struct au_arena *arena, const char *source, const char *id,
    struct au_entry *ret, struct au_err *err); /* AU_ENOENT */
int au_store_entry_by_dn(struct au_store_tx *tx, struct au_arena *arena, const char *source, const char *dn_norm,
    struct au_entry *ret, struct au_err *err); /* AU_ENOENT */
/* The one person of the source with the user name of a reference (model/ref.h).  AU_ENOENT: nobody, or several. */
int au_store_entry_by_user_name(struct au_store_tx *tx, struct au_arena *arena, const char *source, const char *ref,
    struct au_entry *ret, struct au_err *err);
int au_store_entry_mark(struct au_store_tx *tx, const char *source, const char *id, long long generation,
    struct au_err *err); /* AU_ENOENT for an unknown id */
/* Remove with its memberships.  Unknown ids are fine: *ret_was (may be NULL) tells. */
int au_store_entry_remove(struct au_store_tx *tx, const char *source, const char *id, bool *ret_was, struct au_err *err);
/* Entries whose time (expires_ms) has come, and which are still active: the earliest first, up to limit. */
struct au_entry_due {
	const char *id, *dn_norm;
	long long at_ms;
	const char *odd; /* as expires_odd of the entry */
};
int au_store_entry_due(struct au_store_tx *tx, struct au_arena *arena, const char *source, long long now_ms,
    size_t limit, struct au_entry_due **ret, size_t *ret_count, struct au_err *err);
/* When the next one's time comes; 0: nobody's. */
int au_store_entry_next_due(struct au_store_tx *tx, const char *source, long long *ret, struct au_err *err);
/* How many people of a source have a date that cannot be read (expires_odd), and one of them, in the arena. */
struct au_entry_odd {
	long long count;
	const char *id, *user_name, *text; /* NULL when there is none */
};
int au_store_entry_odd(
    struct au_store_tx *tx, struct au_arena *arena, const char *source, struct au_entry_odd *ret, struct au_err *err);
/* Ids of entries of a kind whose mark is not `generation`: what a complete read did not see. */
int au_store_entry_unseen(struct au_store_tx *tx, struct au_arena *arena, const char *source, enum au_entry_kind kind,
    long long generation, const char ***ret_ids, size_t *ret_count, struct au_err *err);
int au_store_entry_count(struct au_store_tx *tx, const char *source, enum au_entry_kind kind, long long *ret,
    struct au_err *err);
/*
 * Ids of the groups whose name, folded (au_text_fold), is name_fold.  Directories may have several.  Looks at every
 * group of the source.
 */
int au_store_entry_groups_named(struct au_store_tx *tx, struct au_arena *arena, const char *source,
    const char *name_fold, const char ***ret_ids, size_t *ret_count, struct au_err *err);
/* All entries of one correlation key, ordered by source and id. */
int au_store_entry_by_key(struct au_store_tx *tx, struct au_arena *arena, const char *key, struct au_entry **ret,
    size_t *ret_count, struct au_err *err);

/*
 * Memberships.  A member is known by id; a directory's member whose DN is not (yet) a known entry is kept with a NULL
 * id and its DN: unknown, not absent.  It resolves by itself when an entry with that DN arrives.
 * In place of a DN a group may name a user name (model/ref.h).  It means the person that has it while there is exactly
 * one; when the name has passed to nobody, the member stays what it was until the group is put again.
 * A change of who is in a group marks that member's key; a group that is a member stands for everybody in it.
 * AU_ENOENT when the group is not known.
 */
struct au_member {
	const char *id;      /* NULL while unknown */
	const char *dn_norm; /* or another reference; NULL for SCIM */
	const char *display; /* SCIM: as the client wrote it; may be NULL */
	/* Of the member's entry, when read; ignored by au_store_member_add. */
	enum au_entry_kind kind; /* 0 while unknown */
	const char *name;        /* display name, else user name */
	const char *user_name;
};
/* *ret_added (may be NULL): whether it was not there before.  AU_EINVAL without id and DN. */
int au_store_member_add(struct au_store_tx *tx, const char *source, const char *group_id, const struct au_member *member,
    bool *ret_added, struct au_err *err);
int au_store_member_remove(struct au_store_tx *tx, const char *source, const char *group_id, const char *member_id,
    bool *ret_was, struct au_err *err);
int au_store_member_remove_dn(struct au_store_tx *tx, const char *source, const char *group_id, const char *dn_norm,
    bool *ret_was, struct au_err *err);
/*
 * The same for many members of one group: it is looked up once, and its own counts are not right before it is closed,
 * in the same transaction.
 */
struct au_group_change {
	const char *source;
	long long group, members, known;
};
int au_store_group_open(struct au_store_tx *tx, const char *source, const char *group_id, struct au_group_change *ret,
    struct au_err *err); /* AU_ENOENT; source is borrowed */
int au_store_group_add(struct au_store_tx *tx, struct au_group_change *change, const struct au_member *member,
    bool *ret_added, struct au_err *err);
int au_store_group_remove(
    struct au_store_tx *tx, struct au_group_change *change, const char *member_id, bool *ret_was, struct au_err *err);
int au_store_group_remove_dn(
    struct au_store_tx *tx, struct au_group_change *change, const char *dn_norm, bool *ret_was, struct au_err *err);
int au_store_group_close(struct au_store_tx *tx, const struct au_group_change *change, struct au_err *err);

/* A known member is named in another way now. */
int au_store_member_restate(struct au_store_tx *tx, const char *source, const char *group_id, const char *member_id,
    const char *dn_norm, struct au_err *err);
/* Page through a group in a stable order: pass "" first, then the last member's id or DN. */
int au_store_member_list(struct au_store_tx *tx, struct au_arena *arena, const char *source, const char *group_id,
    const char *after, size_t limit, struct au_member **ret, size_t *ret_count, struct au_err *err);
/*
 * The digest of a list that a directory's group was told by, kept by whoever found that its members are held by these
 * references (au_member_held.dn_norm) and no others.  It goes by itself, in the store, as soon as a reference comes,
 * goes or changes in the group.
 */
#define AU_LIST_DIGEST 32
int au_store_list_put(struct au_store_tx *tx, const char *source, const char *group_id,
    const unsigned char digest[AU_LIST_DIGEST], struct au_err *err);
/* Whether it is kept.  An unknown group has none. */
int au_store_list_is(struct au_store_tx *tx, const char *source, const char *group_id,
    const unsigned char digest[AU_LIST_DIGEST], bool *ret, struct au_err *err);
/* For whoever compares a whole group: what it holds a member by, without a copy of anything. */
struct au_member_held {
	const char *id;        /* NULL while unknown */
	const char *dn_norm;   /* or another reference; NULL for SCIM */
	const char *user_name; /* that a member has who is held by a user name; else NULL */
};
/* Whatever it points to lasts as long as the call.  A negative return ends the walk and is its result. */
typedef int au_member_visit(void *ctx, const struct au_member_held *held, struct au_err *err);
/* The page that au_store_member_list would return. */
int au_store_member_held(struct au_store_tx *tx, const char *source, const char *group_id, const char *after,
    size_t limit, au_member_visit *visit, void *ctx, struct au_err *err);
/* One member by its id; AU_ENOENT when it is not in the group. */
int au_store_member_get(struct au_store_tx *tx, struct au_arena *arena, const char *source, const char *group_id,
    const char *member_id, struct au_member *ret, struct au_err *err);
int au_store_member_count(struct au_store_tx *tx, const char *source, const char *group_id, long long *ret,
    struct au_err *err);
/* Only those that are entries: a placeholder that keeps a groupOfNames valid does not count. */
int au_store_member_count_known(struct au_store_tx *tx, const char *source, const char *group_id, long long *ret,
    struct au_err *err);
/*
 * The people in a group and in groups within it, down to depth groups below (0: its own members only), each once.
 * Counts no further than limit.  A group that is not known has none.
 */
int au_store_member_people(struct au_store_tx *tx, const char *source, const char *group_id, long long depth,
    long long limit, long long *ret, struct au_err *err);
bool au_store_member_has(struct au_store_tx *tx, const char *source, const char *group_id, const char *member_id);
/* The groups that hold a member, as group entries. */
int au_store_member_groups(struct au_store_tx *tx, struct au_arena *arena, const char *source, const char *member_id,
    struct au_entry **ret, size_t *ret_count, struct au_err *err);

/* Those that hold a person by a user name which is not the person's any more. */
int au_store_member_stale(struct au_store_tx *tx, struct au_arena *arena, const char *source, const char *member_id,
    struct au_entry **ret, size_t *ret_count, struct au_err *err);
/*
 * Those that hold an unknown member whose DN has the same first part as this normal one, but lies elsewhere; at most
 * limit of them.
 */
int au_store_member_strays(struct au_store_tx *tx, struct au_arena *arena, const char *source, const char *dn_norm,
    size_t limit, struct au_entry **ret, size_t *ret_count, struct au_err *err);
/* How many people have the user name of a reference that some group waits for: 2 for more than one, 0 if none waits. */
int au_store_member_rivals(
    struct au_store_tx *tx, const char *source, const char *ref, long long *ret, struct au_err *err);

/*
 * The groups that hold a member, directly or through groups that are members of others: each once, direct ones first.
 * At most `limit` groups are looked at.
 */
struct au_member_of {
	struct au_entry group;
	bool direct;
};
int au_store_member_of(struct au_store_tx *tx, struct au_arena *arena, const char *source, const char *member_id,
    size_t limit, struct au_member_of **ret, size_t *ret_count, struct au_err *err);

/* Which groups are members of which, in the arena; the same order each time. */
int au_store_member_nested(struct au_store_tx *tx, struct au_arena *arena, const char *source,
    struct au_nesting_link **ret, size_t *ret_count, struct au_err *err);
/* How many members of groups no entry is known for, and how many of those have DNs that lie below neither of two. */
struct au_member_unknown {
	long long all, outside;
};
int au_store_member_unknown(struct au_store_tx *tx, const char *source, const char *const bases_norm[2],
    struct au_member_unknown *ret, struct au_err *err);

/* Dirty correlation keys: what the reconciler has yet to look at. */
int au_store_dirty_mark(struct au_store_tx *tx, const char *key, struct au_err *err);
int au_store_dirty_mark_all(struct au_store_tx *tx, struct au_err *err); /* every entry's and every API user's key */
int au_store_dirty_take(struct au_store_tx *tx, struct au_arena *arena, size_t limit, const char ***ret_keys,
    size_t *ret_count, struct au_err *err); /* removes what it returns */
/* Every correlation key there is (of person entries and API users), in order, after `after` ("" first): for dry runs. */
int au_store_key_list(struct au_store_tx *tx, struct au_arena *arena, const char *after, size_t limit,
    const char ***ret_keys, size_t *ret_count, struct au_err *err);
int au_store_dirty_has(struct au_store_tx *tx, const char *key, bool *ret, struct au_err *err);
int au_store_dirty_count(struct au_store_tx *tx, long long *ret, struct au_err *err);
/* The place in the list of the newest of them, 0 = there is none; and whether any up to a place is left. */
int au_store_dirty_last(struct au_store_tx *tx, long long *ret_place, struct au_err *err);
int au_store_dirty_is_left(struct au_store_tx *tx, long long place, bool *ret, struct au_err *err);

#endif
