/* SPDX-License-Identifier: ISC */
/*
 * From "this object changed" to what it is now.  Where a server only says which
 * objects changed, each is looked up by its id with the filter of the search:
 * the server itself says whether it belongs to us, whatever the filter is made
 * of, and gives all of it.  What is not found, or lies outside the base, is none
 * of ours any more.
 */
#ifndef SOURCED_CHASE_H
#define SOURCED_CHASE_H

#include "sourced/ledger.h"
#include "sourced/line.h"
#include "sourced/mapping.h"

struct au_chase;

struct au_chase_events {
	void (*found)(void *ctx, const struct au_mapped *mapped); /* valid until it returns */
	/* A large group, without its members, and how these changed. */
	void (*changed)(void *ctx, const struct au_mapped *group, const struct au_ledger_change *members);
	void (*gone)(void *ctx, const char *id);
	void (*idle)(void *ctx); /* all that was asked is answered */
	void (*failed)(void *ctx, const struct au_fault *fault);
};

/* mapping outlives it; its base is a DN. */
struct au_chase *au_chase_new(const struct au_mapping *mapping, const struct au_chase_events *events, void *ctx);
void au_chase_free(struct au_chase *chase); /* NULL is fine */

void au_chase_start(struct au_chase *chase, struct au_line *line, int64_t operation_timeout_ms);
void au_chase_stop(struct au_chase *chase); /* forgets what was asked; the line is going away */
bool au_chase_is_idle(const struct au_chase *chase);

/* A GUID as text.  below: what lies below the object is looked up with it, as after a move of a container. */
void au_chase_id(struct au_chase *chase, const char *id, bool below);
/*
 * A group of which only these members changed, which is copied.  What it has beside members is read; and all members,
 * if they are few.
 */
void au_chase_members(struct au_chase *chase, const char *id, const struct au_ledger_change *members);
/* An object that is only known by its DN. */
void au_chase_dn(struct au_chase *chase, const char *dn);

#endif
