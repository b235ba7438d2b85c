/* SPDX-License-Identifier: ISC */
/*
 * Strangers: accounts in targets that are not ours, as the last list showed
 * them; and the log-in names of which people do not want to hear.
 */
#ifndef STORE_STRANGER_H
#define STORE_STRANGER_H

#include "store/store.h"

struct au_stranger {
	const char *target, *remote_id, *login;
	const char *label, *first_name, *last_name, *mail;
	const char *mark;   /* of another owner, if the product shows one; NULL = none */
	const char *rights; /* canonical JSON; NULL = not readable */
	int active;         /* -1 = not known */
	long long first_ms; /* when it was first seen */
};

/* By target and remote_id; first_ms of one that is there stays. */
int au_store_stranger_put(struct au_store_tx *tx, const struct au_stranger *stranger, struct au_err *err);
/* *ret_was_there, unless it is NULL, tells whether there was such a row. */
int au_store_stranger_remove(
    struct au_store_tx *tx, const char *target, const char *remote_id, bool *ret_was_there, struct au_err *err);
/* In order of remote_id, after `after` ("" first). */
int au_store_stranger_list(struct au_store_tx *tx, struct au_arena *arena, const char *target, const char *after,
    size_t limit, struct au_stranger **ret, size_t *ret_count, struct au_err *err);
/* By log-in name without regard to case.  AU_ENOENT; AU_EEXIST when two differ in case alone and none is written so. */
int au_store_stranger_named(struct au_store_tx *tx, struct au_arena *arena, const char *target, const char *login,
    struct au_stranger *ret, struct au_err *err);
int au_store_stranger_count(struct au_store_tx *tx, const char *target, long long *ret, struct au_err *err);

/* A log-in name that is left alone, by whatever side it comes up. */
struct au_ignored {
	const char *target, *login;
	const char *reason; /* NULL = none was given */
	const char *actor;
	long long at_ms;
};

int au_store_ignored_put(struct au_store_tx *tx, const struct au_ignored *ignored, struct au_err *err);
/* AU_ENOENT when it is not ignored. */
int au_store_ignored_remove(struct au_store_tx *tx, const char *target, const char *login, struct au_err *err);
/* All of all targets: as many as people wrote down. */
int au_store_ignored_list(
    struct au_store_tx *tx, struct au_arena *arena, struct au_ignored **ret, size_t *ret_count, struct au_err *err);

#endif
