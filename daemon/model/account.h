/* SPDX-License-Identifier: ISC */
/* An account: one API user in one target, as wanted and as last observed there. */
#ifndef MODEL_ACCOUNT_H
#define MODEL_ACCOUNT_H

#include "model/custody.h"

enum au_account_state {
	AU_ACCOUNT_ABSENT = 0,   /* not in the target, as far as we know */
	AU_ACCOUNT_UNKNOWN = 1,  /* a create was sent and no answer came: look it up before any second try */
	AU_ACCOUNT_PRESENT = 2,  /* in the target and ours */
	AU_ACCOUNT_CONFLICT = 3, /* an account of that login is there and is not ours; a person must adopt or rename */
};

/* An account that was there before us, which a person has given to one of our API users. */
enum au_adoption {
	AU_ADOPTION_NONE = 0,
	AU_ADOPTION_NEW = 1,       /* nobody has looked a second time: its steps are held, names and mail stay */
	AU_ADOPTION_CONFIRMED = 2, /* like any other by now; its secret was never ours */
};

struct au_account {
	const char *id;         /* random UUID, ours; also the ownership mark in the product */
	const char *apiuser_id;
	const char *target;
	const char *login;
	enum au_account_state state;

	/* Observed: what the target last told us.  NULL and -1 mean not known. */
	const char *remote_id;
	const char *remote_version;
	const char *rights; /* canonical JSON */
	const char *label, *first_name, *last_name, *mail;
	int active;
	long long observed_ms; /* 0 = never */

	/* Book-keeping. */
	const char *basis;       /* "SOURCE/GROUP" of the first rule that wanted it, so that a removal knows its cause; NULL = none yet */
	const char *bases;       /* the same of every rule by which it may have something, one a line; NULL = none */
	const char *takes;       /* what its templates say that it takes (au_takes_print); NULL = nothing */
	const char *refused;     /* wishes that a person rejected, "DIGEST STEP" one a line; NULL = none */
	long long disabled_ms;   /* since when we have it disabled because nobody wants it; 0 = it is not */
	const char *problem;     /* last failure that needs attention; NULL when fine */
	const char *problem_for; /* digest of the wish that failed: the same wish is not tried again before retry_ms */
	long long retry_ms;
	long long created_ms;
	const char *settled; /* the wishes that were fulfilled last, by reconcile/drift.h; NULL = none yet */
	long long drift_ms;  /* since when others have it otherwise than we had it; 0 = they have not */
	long long left_ms;   /* since when nobody wants it; 0 = it is wanted */
	enum au_adoption adoption;
	long long unmarked_ms; /* since when it bears our mark no more, with which it was made; 0 = it does */
	long long secret_ms; /* since when the product has the secret that we made; 0 = it has none of ours */
	struct au_custody custody;
};

const char *au_adoption_name(enum au_adoption adoption); /* "new", "confirmed"; NULL for AU_ADOPTION_NONE */
const char *au_account_state_name(enum au_account_state state);

#endif
