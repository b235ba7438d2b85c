/* SPDX-License-Identifier: ISC */
/* A work order: one step of one account that a person does, from the moment it is open until somebody has verified it.
 */
#ifndef MODEL_WORK_H
#define MODEL_WORK_H

#include "base/json.h"
#include "model/step.h"

enum au_work_state {
	AU_WORK_OPEN = 1,
	AU_WORK_CLAIMED = 2,
	AU_WORK_REPORTED = 3,  /* one person says that it is done, and a second one has to say so */
	AU_WORK_FULFILLED = 4, /* done, says a person; nothing else says so yet */
	AU_WORK_VERIFIED = 5,  /* and something else says so, too */
	AU_WORK_FAILED = 6,
	AU_WORK_CANCELLED = 7,  /* nobody wants it any more, or a person decided against it */
	AU_WORK_SUPERSEDED = 8, /* something else is wanted by now; another order says what */
	AU_WORK_EXPIRED = 9,    /* nobody did it in time */
};
#define AU_WORK_STATES 10

enum au_work_event {
	AU_WORK_CLAIM = 1, /* a person takes it on */
	AU_WORK_RELEASE,   /* and gives it back */
	AU_WORK_REPORT,    /* it is done, says the first of two people */
	AU_WORK_COMPLETE,  /* it is done, says as many people as it takes */
	AU_WORK_FAIL,      /* it cannot be done, says a person */
	AU_WORK_DECLINE,   /* it shall not be done, says a person */
	AU_WORK_MOVE,      /* the wish has changed */
	AU_WORK_DROP,      /* the wish is gone */
	AU_WORK_EXPIRE,
	AU_WORK_VERIFY,     /* something else than a person's word says that it is done */
	AU_WORK_CONTRADICT, /* or that it is not */
};
#define AU_WORK_EVENTS 12

/*
 * What comes next; 0 when that cannot be.  An open order whose wish changed is open still: its text is made anew.  What
 * somebody had claimed can be completed after it ended otherwise, for what was done is done.
 */
enum au_work_state au_work_next(enum au_work_state state, enum au_work_event event, bool was_claimed);
bool au_work_is_open(enum au_work_state state); /* open, claimed or reported */
const char *au_work_state_name(enum au_work_state state);
enum au_work_state au_work_state_from_name(const char *name); /* 0 when unknown */

struct au_work {
	long long id;   /* given by the store; what people and tickets call it */
	long long step; /* 0: its text is being made anew, or the step is over */
	const char *account_id, *apiuser_id, *target;
	const char *login;
	enum au_step_op op;
	enum au_lane lane;
	enum au_work_state state;
	long long revision; /* rises when the text is made anew */
	const char *digest; /* of operation and wish: the same is not ordered twice */
	const char *want;   /* JSON object, as the step's */
	const char *text;   /* JSON object, model/order_text.h */
	const char *reason; /* the step's */
	long long created_ms, changed_ms, due_ms;
	const char *claimer, *claimer_name; /* "uid:1000" and that user's name; NULL = nobody yet */
	long long claimed_ms;
	const char *doer, *doer_name; /* who says that it is done */
	long long done_ms;
	const char *second, *second_name; /* who says so, too */
	const char *evidence;             /* what they say of it: a ticket, a note; NULL = nothing */
	const char *result;               /* JSON object: members of the account that came out; NULL = nothing */
	const char *verified_by;          /* "import of 2026-01-02", "the product" */
	long long verified_ms;
	long long replaces; /* the order that this one supersedes; 0 = none */
	const char *note;   /* why it ended as it did */
	const char *ticket; /* what a ticket system calls it; NULL = nothing */
};

/* {"id", "target", "login", ..., "text": {...}, "word": as au_work_word}; NULL members are not there. */
json_t *au_work_to_json(const struct au_work *work);
/* What is known, and no more: "fulfilled by operator, not verified"; in the arena or constant. */
const char *au_work_word(struct au_arena *arena, const struct au_work *work);

#endif
