/* SPDX-License-Identifier: ISC */
/* Accounts that people have protected: by target and log-in name, whoever has it. */
#ifndef STORE_PROTECTION_H
#define STORE_PROTECTION_H

#include "store/store.h"

struct au_protection {
	const char *target, *login;
	const char *actor; /* "uid:1000" */
	const char *name;  /* of that user; NULL = not known */
	const char *reason;
	long long at_ms;
};

/* One that is there gets the new reason. */
int au_store_protection_put(struct au_store_tx *tx, const struct au_protection *protection, struct au_err *err);
/* By log-in name without regard to case.  AU_ENOENT. */
int au_store_protection_get(struct au_store_tx *tx, struct au_arena *arena, const char *target, const char *login,
    struct au_protection *ret, struct au_err *err);
int au_store_protection_remove(
    struct au_store_tx *tx, const char *target, const char *login, struct au_err *err); /* AU_ENOENT */
/* All of all targets: as many as people wrote down. */
int au_store_protection_list(
    struct au_store_tx *tx, struct au_arena *arena, struct au_protection **ret, size_t *ret_count, struct au_err *err);

#endif
