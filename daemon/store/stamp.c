/* SPDX-License-Identifier: ISC */
/*
 * A table of counters: odd while a change is under way.  Several keys may share one, which costs a needless read and
 * no more.
 */
#include "store/stamp.h"

#include "base/mem.h"
#include "store/job.h"
#include "store/stamps.h"

#include <stdatomic.h>
#include <stdint.h>

/* Many enough that some ten thousand changes do not make most of what is kept look old.  8 MiB, of which memory is
 * taken for what was changed only.  A power of two; the first AU_STAMP_COUNT belong to the kinds that mean all. */
#define SLOTS (1u << 20)

struct au_stamps {
	atomic_ullong counts[SLOTS];
	/* The writer's: slots that are odd. */
	unsigned *moved;
	size_t moved_count, moved_cap;
};

const unsigned char au_stamp_moved_by[AU_STATEMENT_COUNT] = {
	[AU_SQL_MEMBER_ADD] = AU_STAMP_GROUPS,
	[AU_SQL_MEMBER_DISPLAY] = AU_STAMP_GROUPS,
	[AU_SQL_MEMBER_REMOVE] = AU_STAMP_GROUPS,
	[AU_SQL_MEMBER_KNOWN_TWICE] = AU_STAMP_GROUPS,
	[AU_SQL_MEMBER_NAMED_TWICE] = AU_STAMP_GROUPS,
	[AU_SQL_MEMBER_RESOLVE] = AU_STAMP_GROUPS,
	[AU_SQL_MEMBER_MOVE] = AU_STAMP_GROUPS,
	[AU_SQL_MEMBER_RESTATE] = AU_STAMP_GROUPS,
	[AU_SQL_MEMBER_PREFER_DN] = AU_STAMP_GROUPS,
	[AU_SQL_MEMBER_UNNAME] = AU_STAMP_GROUPS,
	[AU_SQL_MEMBER_LEAVE_ALL] = AU_STAMP_GROUPS,
	[AU_SQL_MEMBER_EMPTY] = AU_STAMP_GROUPS,
	[AU_SQL_APIUSER_PUT] = AU_STAMP_ACCOUNTS,
	[AU_SQL_APIUSER_REMOVE] = AU_STAMP_ACCOUNTS,
	[AU_SQL_APIUSER_FOLLOW] = AU_STAMP_ACCOUNTS,
	[AU_SQL_ACCOUNT_PUT] = AU_STAMP_ACCOUNTS,
	[AU_SQL_ACCOUNT_REMOVE] = AU_STAMP_ACCOUNTS,
	[AU_SQL_TARGET_PUT] = AU_STAMP_ACCOUNTS,
	[AU_SQL_STEP_ADD] = AU_STAMP_ACCOUNTS,
	[AU_SQL_STEP_UPDATE] = AU_STAMP_ACCOUNTS,
	[AU_SQL_STEP_CLAIM] = AU_STAMP_ACCOUNTS,
	[AU_SQL_TOKEN_ADD] = AU_STAMP_TOKENS,
	[AU_SQL_TOKEN_REVOKE] = AU_STAMP_TOKENS,
	[AU_SQL_TOKEN_REVOKE_ONE] = AU_STAMP_TOKENS,
};

struct au_stamps *
au_stamps_new(void)
{
	return au_xcalloc(1, sizeof(struct au_stamps));
}

void
au_stamps_free(struct au_stamps *stamps)
{
	if (!stamps)
		return;
	free(stamps->moved);
	free(stamps);
}

/* FNV-1a; who finds keys that collide gains nothing. */
static uint64_t
mix(uint64_t hash, const char *text)
{
	for (; *text; text++)
		hash = (hash ^ (unsigned char)*text) * 0x100000001b3;
	return hash * 0x100000001b3;
}

static unsigned
slot_of(enum au_stamp_of what, const char *client, const char *type, const char *value)
{
	if (!value)
		return what;
	uint64_t hash = mix(mix(mix(0xcbf29ce484222325 + what, client), type), value);
	return AU_STAMP_COUNT + (unsigned)((hash ^ hash >> 32) % (SLOTS - AU_STAMP_COUNT));
}

void
au_stamps_move(struct au_stamps *stamps, enum au_stamp_of what, const char *client, const char *type, const char *value)
{
	if (!stamps)
		return;
	unsigned slot = slot_of(what, client, type, value);
	if (atomic_load(&stamps->counts[slot]) % 2 != 0)
		return;
	if (stamps->moved_count == stamps->moved_cap) {
		stamps->moved_cap = stamps->moved_cap ? 2 * stamps->moved_cap : 64;
		stamps->moved = au_xrealloc(stamps->moved, stamps->moved_cap, sizeof(*stamps->moved));
	}
	stamps->moved[stamps->moved_count++] = slot;
	atomic_fetch_add(&stamps->counts[slot], 1);
}

void
au_stamps_settle(struct au_stamps *stamps)
{
	for (size_t i = 0; i < stamps->moved_count; i++)
		atomic_fetch_add(&stamps->counts[stamps->moved[i]], 1);
	stamps->moved_count = 0;
}

bool
au_stamps_take(const struct au_stamps *stamps, enum au_stamp_of what, const char *client, const char *type,
    const char *value, struct au_stamp *ret)
{
	struct au_stamp stamp = { .slot = slot_of(what, client, type, value) };
	stamp.count = atomic_load(&stamps->counts[stamp.slot]);
	if (stamp.count % 2 != 0)
		return false;
	*ret = stamp;
	return true;
}

bool
au_stamps_hold(const struct au_stamps *stamps, const struct au_stamp *stamp)
{
	return atomic_load(&stamps->counts[stamp->slot]) == stamp->count;
}

bool
au_store_stamp(struct au_store *store, enum au_stamp_of what, const char *client, const char *type, const char *value,
    struct au_stamp *ret)
{
	return au_stamps_take(store->stamps, what, client, type, value, ret);
}

bool
au_store_stamp_holds(struct au_store *store, const struct au_stamp *stamp)
{
	return au_stamps_hold(store->stamps, stamp);
}
