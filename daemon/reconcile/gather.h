/* SPDX-License-Identifier: ISC */
/* Everything the store knows about one correlation key, gathered so that the pure functions can work on it. */
#ifndef RECONCILE_GATHER_H
#define RECONCILE_GATHER_H

#include "model/account.h"
#include "model/apiuser.h"
#include "model/entry.h"
#include "model/step.h"
#include "reconcile/ignores.h"
#include "reconcile/policy.h"
#include "store/store.h"
#include "store/trouble.h"

/* One membership of one of the entries: in a group, or in one that lies within it. */
struct au_belongs {
	size_t entry;  /* index into entries */
	size_t depth;  /* groups in between; 0: the entry itself is the member */
	size_t member; /* with depth: index into groups of the one that is the member */
	const char *group_id;
	const char *dn_norm; /* NULL for SCIM groups */
	const char *name;    /* as shown to people */
	const char *name_fold;
};

struct au_gathered {
	const char *key;
	struct au_entry *entries; /* of configured sources, best source first */
	size_t entry_count;
	struct au_belongs *groups; /* each once per entry, nearest first */
	size_t group_count, group_cap;
	/* Per entry, each NULL as a rule: the first ring of groups that was met, "A > B > A"; a group at the depth that
	 * lies within others, which are not looked at. */
	const char **ring, **cut;
	enum au_owner_state *owner; /* per entry; AU_OWNER_GONE only if it had been known before */
	bool has_user;
	struct au_apiuser user;
	struct au_account *accounts;
	size_t account_count;
	const struct au_ignores *ignores; /* put here by who gathers many keys; NULL = nothing is ignored */
	struct au_step **open; /* per account: queued, running and held steps */
	size_t *open_count;
	struct au_trouble **trouble; /* per account: that it is quarantined; NULL = it is not */
};

/*
 * All in the arena.  Errors are the store's.  Groups within groups count down to the policy's nested_depth; a member
 * that is not resolved yet leads nowhere, and resolving it marks the keys of everybody whom it brings in.
 */
int au_gather(struct au_store_tx *tx, struct au_arena *arena, const struct au_policy *policy, const char *key,
    struct au_gathered *ret, struct au_err *err);

/* The way from the entry to a group, nearest first: "INNER > OUTER"; the name alone of a group that holds the entry. */
const char *au_gather_chain(struct au_arena *arena, const struct au_gathered *g, const struct au_belongs *group);

/* Whether a removal may rest on what a source says now; read once per piece of work. */
struct au_readiness {
	const char *source;
	bool may_remove;
	bool reading;     /* nothing stands against it but that a read is under way */
	const char *text; /* why not */
};
int au_gather_readiness(struct au_store_tx *tx, struct au_arena *arena, const struct au_policy *policy,
    struct au_readiness **ret, size_t *ret_count, struct au_err *err);
/* Removals from a target rest on every source that any of its rules names: why they must wait; NULL = they may go on.
 * *ret_reading: for no other reason than that sources are being read. */
const char *au_gather_obstacle(const struct au_policy *policy, const struct au_readiness *readiness, size_t count,
    const char *target, bool *ret_reading);

#endif
