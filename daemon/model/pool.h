/* SPDX-License-Identifier: ISC */
/* A pool: something of a target that accounts take up and of which there is only so much, as seats and active slots. */
#ifndef MODEL_POOL_H
#define MODEL_POOL_H

#include "base/json.h"
#include "base/opt.h"

#define AU_POOL_RENEWALS "renewals" /* accounts that are made anew at the same time, until the ones before are gone */

/* What happens to who goes beyond the limit of a pool; numbers are stored. */
enum au_beyond {
	AU_BEYOND_WAIT = 0,    /* it waits until there is room */
	AU_BEYOND_TELL = 1,    /* it comes in: the limit is a commitment, and the plan says what will be billed */
	AU_BEYOND_APPROVE = 2, /* the same when people have approved it */
};

/* The plugin's row, and what the configuration says of it. */
struct au_pool_spec {
	struct au_pool row; /* row.limit is the product's */
	long long limit;    /* configured; -1 = none */
	enum au_beyond beyond;
	long long reserve;  /* units that are to stay free */
	long long warn,
	    warn_percent; /* people are warned when no more than this is free, or no more than that of the limit */
	bool configured;  /* the configuration has a block of it */
};

/* Units of pools, each pool once; what an account holds, or what a step takes (below zero: gives back). */
struct au_take {
	const char *pool;
	long long units;
};
struct au_takes {
	struct au_take *items;
	size_t count;
};

/* What an account with these rights takes of a pool; stated: what its templates say that it takes.  Never negative. */
long long au_pool_units(const struct au_pool *pool, const json_t *rights, bool active, const struct au_takes *stated);

/* Units of one pool; 0 when it is not among them. */
long long au_takes_of(const struct au_takes *takes, const char *pool);
/* Whether any is above zero: then the step needs room. */
bool au_takes_any(const struct au_takes *takes);
/* JSON object, pool to units, by name; NULL when there is none.  In the arena. */
const char *au_takes_print(struct au_arena *arena, const struct au_takes *takes);
/* And back; NULL, or what is not of this form, gives none.  In the arena. */
void au_takes_parse(struct au_arena *arena, const char *text, struct au_takes *ret);
/* Of two printed ones the larger units of each pool: who has two templates takes a seat once.  NULL is fine. */
const char *au_takes_most(struct au_arena *arena, const char *one, const char *other);
/* One text of a template's `takes`: "POOL" or "POOL=UNITS".  AU_EINVAL quotes it.  The name is in the arena. */
int au_take_parse(struct au_arena *arena, const char *text, struct au_take *ret, struct au_err *err);
/* "wait", "tell" or "approve", as the configuration writes it; AU_BEYOND_WAIT for NULL. */
enum au_beyond au_beyond_from_name(const char *name);
const char *au_beyond_name(enum au_beyond beyond);
/* Letters, digits and . _ : - with at most 64 characters. */
bool au_pool_is_name(const char *name);

#endif
