/* SPDX-License-Identifier: ISC */
/*
 * Where a plugin is put to the test: a strict worker (targetd/strict.h) with the instance of the configuration file,
 * the accounts that were made there, and what was found.
 */
#ifndef PLUGINCHECK_STAGE_H
#define PLUGINCHECK_STAGE_H

#include "base/mem.h"
#include "targetd/caller.h"
#include "targetd/mask.h"
#include "wire/description.h"

#define STAGE_RIGHTS 2
#define STAGE_OPS (AU_CALL_REMOVE + 1)

struct stage {
	struct au_arena *arena;
	const char *program, *plugin; /* apiuserd-target; the shared object */
	const struct au_describe *describe;
	const json_t *config; /* the file, or NULL */
	json_t *options;      /* of the instance, secrets by value */
	int64_t limit_ms;     /* for a call */
	struct au_caller *caller;
	const char *rights[STAGE_RIGHTS]; /* two templates, canonical; NULL while unknown, or when there is but one */
	int64_t took_ms[STAGE_OPS];       /* how long a call took that went well */
	json_t *made;                     /* logins of accounts that may be there */
	char stamp[9];                    /* makes logins of this run its own */
	unsigned count;
	bool is_quiet;        /* outcomes are judged by the check alone, not by stage_call */
	char *note;           /* why a check, or a part of it, was left out */
	size_t findings;      /* of the check that runs */
	size_t deaths;        /* of workers, likewise */
	struct au_mask *mask; /* what findings must not show */
};

/* Something that a plugin must not do; printed at once. */
void stage_find(struct stage *stage, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Why a part is left out; the first reason is kept. */
void stage_skip(struct stage *stage, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
bool stage_can(const struct stage *stage, unsigned cap);
/* One of the texts of the file's "account", or dflt. */
const char *stage_sample(const struct stage *stage, const char *name, const char *dflt);

/* Start a worker unless one runs, and open the instance.  False, after a finding, when that fails. */
bool stage_ready(struct stage *stage);
/* The same with other options (reference taken), in a worker of its own; its code, findings told. */
int stage_open(struct stage *stage, json_t *options, struct au_called *ret);
/* End the worker and look how it goes. */
void stage_end(struct stage *stage);
/*
 * Make a call in a ready worker; waits when the product asks for it.  What the strict worker found, its death, and the
 * codes that blame the plugin are findings.  Always fills *ret; returns its code.
 */
int stage_call(struct stage *stage, struct au_call *call, struct au_called *ret);
/* Kill the worker so many microseconds into a call. */
void stage_strike(struct stage *stage, struct au_call *call, unsigned after_us);

/* ---- accounts ------------------------------------------------------------------- */

/* What a new account is to be, with a login, mark and secret of its own; lives in the arena. */
struct au_target_account stage_new_account(struct stage *stage);
/* A new secret by the plugin's policy; NULL when the product makes its own. */
const char *stage_new_secret(struct stage *stage);
/* Create it, where need be in the safe order; the account as last read back (owned by the caller), or NULL after a
 * finding or a skip. */
json_t *stage_create(struct stage *stage, const struct au_target_account *want);
/* Accounts of a login by find, SIZE_MAX when that failed; *ret_first is the first (may be NULL), owned by the caller.
 */
size_t stage_count(struct stage *stage, const char *login, json_t **ret_first);
/* The account of an id, owned by the caller; NULL and *ret_code when there is none. */
json_t *stage_get(struct stage *stage, const char *id, int *ret_code);
/* A simple call about one account; its code. */
int stage_about(struct stage *stage, enum au_call_op op, const struct au_target_account *account, json_t **ret_account);
/* Remove what was made. */
void stage_clean(struct stage *stage);

#endif
