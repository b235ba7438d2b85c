/* SPDX-License-Identifier: ISC */
/* A step: one planned change of one account, durable from the moment it is queued. */
#ifndef MODEL_STEP_H
#define MODEL_STEP_H

#include "base/json.h"

#include <stdbool.h>

enum au_step_op {
	AU_STEP_CREATE = 1,
	AU_STEP_LOOKUP,      /* find by login: after an unclear create, or before a first one that could collide */
	AU_STEP_SET_RIGHTS,
	AU_STEP_SET_PROFILE,
	AU_STEP_ENABLE,
	AU_STEP_DISABLE,
	AU_STEP_DELETE,
	AU_STEP_RESET_SECRET, /* after an unclear create: which of two passwords the product kept is not known */
	AU_STEP_RETIRE, /* delete the account in whose place another one of the same API user came */
};

enum au_lane { AU_LANE_SAFE = 1, AU_LANE_RESTRICT = 2, AU_LANE_DESTRUCTIVE = 3 };

enum au_step_state {
	AU_STEP_QUEUED = 1,
	AU_STEP_RUNNING = 2, /* sent to the worker; after a crash: outcome unknown */
	AU_STEP_DONE = 3,
	AU_STEP_FAILED = 4,
	AU_STEP_HELD = 5,        /* a guard holds it until a person approves, or nobody wants it any more */
	AU_STEP_CANCELLED = 6,   /* superseded by a newer plan before it ran */
	AU_STEP_REJECTED = 7,    /* a person decided against it */
	AU_STEP_WAITING = 8,     /* there is no room for what it takes; `guard` says of what */
	AU_STEP_WITH_PERSON = 9, /* a work order says what a person must do */
	AU_STEP_FOLLOWS = 10,    /* another account has its login still; store/step_wait.h knows which, and after what */
};

struct au_step {
	long long id; /* rising number given by the store; 0 in a plan that is not queued */
	const char *account_id;
	const char *apiuser_id;
	const char *target;
	const char *login;
	enum au_step_op op;
	enum au_lane lane;
	enum au_step_state state;
	const char *want;   /* JSON object: what the target shall hold (login, label, first_name, last_name, mail, active, rights) */
	const char *was;    /* JSON object of the observed values that change; NULL for a create */
	const char *reason; /* one sentence: which rule, entry or drift led here */
	const char *guard;  /* held: which guard holds it and why; waiting: for what; NULL otherwise */
	const char *guards; /* names of the guards that hold it, with commas between; NULL unless held */
	const char *cause;  /* "SOURCE/GROUP" of what takes something away, so that guards can count by it; else NULL */
	const char *takes;  /* units of pools by name, below zero: given back (au_takes_print); NULL = none */
	long long rank;     /* of who takes: the place of its rule in the configuration; earlier comes first */
	const char *waits;  /* waiting: the pool in which there is no room; NULL otherwise */
	long long parcel;   /* with which others it goes or does not go (store/parcel.h); 0 = with none */
	unsigned tries;
	long long next_ms; /* not before */
	long long created_ms, finished_ms;
	int code;          /* enum au_code of the last try */
	const char *error; /* text of the last failure */

	/* Only in a plan, not in the store. */
	const char *key;  /* correlation key of the API user */
	const char *note; /* what a reader should know of it beforehand; NULL = nothing */

	/* Only where it is told to people. */
	const char *follows; /* JSON array of what it waits for (reconcile/follow.h); NULL = nothing */
};

const char *au_step_op_name(enum au_step_op op); /* "create", "set-rights", ... */
int au_step_op_from_name(const char *name);      /* 0 when unknown */
const char *au_step_state_name(enum au_step_state state);
int au_step_state_from_name(const char *name);
const char *au_lane_name(enum au_lane lane);
enum au_lane au_step_lane(enum au_step_op op, bool removes_rights);
json_t *au_step_to_json(const struct au_step *step); /* for the control socket */

#endif
