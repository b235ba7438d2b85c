/* SPDX-License-Identifier: ISC */
/*
 * A Bulk request (RFC 7644 section 3.7) as a plan: its operations with every bulkId replaced by the id that the
 * resource will have, and the order in which to carry them out.  Pure: needs no store.
 *
 * Ids of new resources are made before anything runs, so a reference is a text like any other.  An operation waits
 * until those that make what it refers to are done; new resources that refer to each other in a circle are one unit.
 * Operations on one resource keep their order.
 */
#ifndef SCIM_BULK_H
#define SCIM_BULK_H

#include "base/map.h"
#include "scim/change.h"

#define AU_BULK_NONE SIZE_MAX

struct au_bulk_op {
	/* As sent; NULL = absent. */
	const char *method, *bulk_id, *version;
	const struct au_change *change;      /* NULL: refused */
	const struct au_resource_type *type; /* NULL: the path names none */
	const char *id;                      /* NULL: the path names none */
	json_t *data;                        /* owned; references are ids; NULL = none */
	size_t *needs, need_count;           /* operations that make what this one refers to */
	size_t after;                        /* the one before on the same resource, or AU_BULK_NONE */
	enum au_fault_kind refusal;          /* found while reading: it fails when its turn comes */
	const char *detail;

	/* Once it had its turn. */
	bool failed;
	char *result; /* owned: its element of the answer */
};

/* Operations that succeed or fail together, by index: one, or a circle. */
struct au_bulk_unit {
	const size_t *ops;
	size_t count;
};

struct au_bulk {
	struct au_bulk_op *ops;
	size_t count;
	size_t max_errors;          /* failOnErrors; AU_BULK_NONE when absent */
	struct au_bulk_unit *units; /* in the order to carry them out */
	size_t unit_count;
};

/*
 * Read a body and plan.  Everything but what is owned lands in the arena.  invalidSyntax, invalidValue: the message
 * itself; AU_FAULT_TOO_LARGE beyond max_operations.  What is wrong inside one operation is that operation's failure.
 */
int au_bulk_read(struct au_arena *arena, const struct au_catalog *catalog, const struct au_profile *profile,
    const char *base_url, size_t max_operations, json_t *body, struct au_bulk *ret, struct au_fault *fault);
/* Data that is needed no more; passwords in it are overwritten. */
void au_bulk_forget(struct au_bulk_op *op);
void au_bulk_done(struct au_bulk *bulk);

/* Bytes: a Bulk cannot be larger than any other body. */
long long au_bulk_max_payload(const struct au_settings *settings);

/* ---- parts of it ---- */

/*
 * Replace every reference in an operation's data and id (either may be NULL) and note what it needs.  makers: bulkId to
 * its struct au_bulk_op.  invalidValue: nobody makes such a bulkId.
 */
int au_bulk_resolve(struct au_arena *arena, const struct au_bulk *bulk, const struct au_map *makers,
    struct au_bulk_op *op, struct au_fault *fault);
/* Fill bulk->units from what the operations need and follow. */
void au_bulk_order(struct au_arena *arena, struct au_bulk *bulk);

#endif
