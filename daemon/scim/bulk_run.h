/* SPDX-License-Identifier: ISC */
/* A Bulk under way, as the loop and the store's thread share it. */
#ifndef SCIM_BULK_RUN_H
#define SCIM_BULK_RUN_H

#include "scim/bulk.h"

struct au_bulk_run {
	struct au_request *r;
	struct au_bulk bulk;
	/* The loop's. */
	size_t next;      /* unit to hand over next */
	size_t under_way; /* units handed over and not yet on disk */
	bool is_broken;   /* the store cannot go on */
	/* The store's thread's while units are under way. */
	size_t errors; /* operations that failed */
	bool changed;  /* some did not */
};

struct au_bulk_task {
	struct au_bulk_run *run;
	const struct au_bulk_unit *unit;
	size_t units; /* how many */
};

/* The work of a struct au_bulk_task: its operations get their results; after a negative return nothing of it stays written. */
int au_bulk_unit_work(struct au_store_tx *tx, void *arg, struct au_err *err);

/* After the units of a task: what failed left nothing behind, so its outcome is kept by a write of its own. */
int au_bulk_failures_work(struct au_store_tx *tx, void *arg, struct au_err *err);

#endif
