/* SPDX-License-Identifier: ISC */
/* Accounts: API users in targets. */
#ifndef STORE_ACCOUNT_H
#define STORE_ACCOUNT_H

#include "model/account.h"
#include "model/step.h"
#include "store/store.h"

int au_store_account_put(struct au_store_tx *tx, const struct au_account *account, struct au_err *err); /* by id, whole row */
int au_store_account_remove(struct au_store_tx *tx, const char *id, struct au_err *err);
int au_store_account_get(struct au_store_tx *tx, struct au_arena *arena, const char *id, struct au_account *ret,
    struct au_err *err); /* AU_ENOENT */
int au_store_account_of(struct au_store_tx *tx, struct au_arena *arena, const char *apiuser_id, const char *target,
    struct au_account *ret, struct au_err *err); /* AU_ENOENT */
int au_store_account_by_remote(struct au_store_tx *tx, struct au_arena *arena, const char *target,
    const char *remote_id, struct au_account *ret, struct au_err *err); /* AU_ENOENT */
int au_store_account_by_apiuser(struct au_store_tx *tx, struct au_arena *arena, const char *apiuser_id,
    struct au_account **ret, size_t *ret_count, struct au_err *err);
/* Of one target in order of id, after `after` ("" first). */
int au_store_account_list(struct au_store_tx *tx, struct au_arena *arena, const char *target, const char *after,
    size_t limit, struct au_account **ret, size_t *ret_count, struct au_err *err);

/* Those of one target that others changed or took away (drift_ms), in order of id, after `after` ("" first). */
int au_store_account_drifted(struct au_store_tx *tx, struct au_arena *arena, const char *target, const char *after,
    size_t limit, struct au_account **ret, size_t *ret_count, struct au_err *err);
int au_store_account_drift_count(struct au_store_tx *tx, const char *target, long long *ret, struct au_err *err);
/* Whether one of a target is called so, without regard to the case of ASCII letters; a look at each of the target's. */
int au_store_account_named(
    struct au_store_tx *tx, const char *target, const char *login, bool *ret, struct au_err *err);
/* Those of one target whose log-in name somebody else has, in order of the name. */
int au_store_account_conflicts(struct au_store_tx *tx, struct au_arena *arena, const char *target, size_t limit,
    struct au_account **ret, size_t *ret_count, struct au_err *err);

/* What has become of an account, for whoever stated the entry behind it. */
struct au_account_standing {
	const char *target, *login;
	enum au_account_state state;
	int active;          /* -1 = not known */
	const char *problem; /* NULL when fine */
	enum au_step_op op;  /* of the oldest open step; 0 = none */
	enum au_step_state step_state;
	const char *step_error; /* of its last try; NULL = none */
	const char *step_guard; /* which guard holds it, or for what it waits; NULL = neither */
	long long changed_ms;   /* when the last step was done, or else the account was made */
};
/* Of the API user that an entry is part of, in order of their targets; none when it is part of none. */
int au_store_account_of_entry(struct au_store_tx *tx, struct au_arena *arena, const char *source, const char *entry_id,
    struct au_account_standing **ret, size_t *ret_count, struct au_err *err);

struct au_account_counts {
	long long all, present, active, problems, conflicts;
};
int au_store_account_counts(struct au_store_tx *tx, const char *target, struct au_account_counts *ret,
    struct au_err *err);

/* What is known of a target itself. */
struct au_target_row {
	const char *name;
	bool paused;            /* credentials or rights refused: nothing is sent until a probe succeeds */
	const char *text;       /* why; NULL when fine */
	long long observed_ms;  /* last whole list */
	long long foreign;      /* accounts there that are not ours */
	long long foreign_active; /* those of them that can log in; all whose status is not known, too */
	long long ignored;        /* those of them that people do not want to hear of */
};
int au_store_target_get(struct au_store_tx *tx, struct au_arena *arena, const char *name, struct au_target_row *ret,
    struct au_err *err); /* AU_ENOENT */
int au_store_target_put(struct au_store_tx *tx, const struct au_target_row *row, struct au_err *err);

#endif
