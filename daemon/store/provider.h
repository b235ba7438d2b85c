/* SPDX-License-Identifier: ISC */
/* What identity provider a SCIM client was recognised as, so that a restart does not forget it. */
#ifndef STORE_PROVIDER_H
#define STORE_PROVIDER_H

#include "store/store.h"

struct au_provider_row {
	const char *client;
	const char *profile;  /* name of a profile */
	const char *evidence; /* by what: a sentence without its full stop */
	bool named;           /* the client named itself, which weighs more than the shape of a request */
	long long seen_ms;    /* when it was first seen */
};

int au_store_provider_put(struct au_store_tx *tx, const struct au_provider_row *row, struct au_err *err);
int au_store_provider_get(struct au_store_tx *tx, struct au_arena *arena, const char *client,
    struct au_provider_row *ret, struct au_err *err); /* AU_ENOENT */
int au_store_provider_list(struct au_store_tx *tx, struct au_arena *arena, struct au_provider_row **ret,
    size_t *ret_count, struct au_err *err); /* by client */

#endif
