/* SPDX-License-Identifier: ISC */
/* A product in memory for scenarios: answers worker calls, can be told to fail, and records what it was asked. */
#ifndef TESTS_SCENARIO_FAKE_TARGET_H
#define TESTS_SCENARIO_FAKE_TARGET_H

#include "reconcile/engine.h"

struct fake_target;

struct fake_target *fake_target_new(struct event_base *base, const char *name);
void fake_target_free(struct fake_target *fake);
const char *fake_target_name(const struct fake_target *fake);
void fake_target_call(struct fake_target *fake, const struct au_call *call, au_engine_done *done, void *ctx);

/* Whoever asked is gone: the answers that are on their way reach nobody, what was done stays done. */
void fake_target_forget(struct fake_target *fake);

/* The next `count` calls of that operation end with code; with `happens`, the change is made all the same. */
void fake_target_fail(struct fake_target *fake, enum au_call_op op, int code, int count, bool happens);
/* Of the failures set before: only those of this login (NULL = any), and how long to wait, as Retry-After says. */
void fake_target_fail_only(struct fake_target *fake, enum au_call_op op, const char *login, unsigned retry_after_s);
/* Changes by other hands.  NULL rights or active < 0 leave the value. */
void fake_target_change(struct fake_target *fake, const char *login, const char *rights, int active);
/* NULL leaves the value. */
void fake_target_rename(struct fake_target *fake, const char *login, const char *mail, const char *new_login);
void fake_target_mark(struct fake_target *fake, const char *login, const char *mark);
/* Rights that the product shows with everybody's, whatever was set: members of a JSON object. */
/* Accounts are born with these rights from now on, whatever is asked for. */
void fake_target_born(struct fake_target *fake, const char *rights);
void fake_target_own(struct fake_target *fake, const char *rights);
void fake_target_add_foreign(struct fake_target *fake, const char *login);
void fake_target_drop(struct fake_target *fake, const char *login); /* "*" drops all */

/* From now on every change is answered by a work order; half: a create is done and a person finishes it. */
void fake_target_by_hand(struct fake_target *fake, bool half);
/* A person does in the product what an order says, to the letter. */
void fake_target_follow(struct fake_target *fake, const json_t *order);

/* From now on no more than that many are active, whatever the daemon believes; -1 = no limit. */
void fake_target_limit(struct fake_target *fake, long long active);
/* What it says of a pool when it is asked from now on; -1 = nothing. */
void fake_target_tell(struct fake_target *fake, const char *pool, long long limit, long long used);

/* What is there, for expectations; NULL when the login is not. */
struct fake_account {
	char *id, *login, *label, *first_name, *last_name, *mail, *mark, *rights, *secret;
	int active;
	unsigned created; /* how often a create of this login took effect */
};
const struct fake_account *fake_target_find(const struct fake_target *fake, const char *login);
/* Changing calls since the last reset, as "create ann, disable bob". */
const char *fake_target_calls(const struct fake_target *fake);
/* How many active accounts were disabled and how many accounts removed by calls, whatever was answered. */
size_t fake_target_removals(const struct fake_target *fake);
void fake_target_reset_calls(struct fake_target *fake);
/* Calls of every kind since the beginning, reading ones too. */
size_t fake_target_asked(const struct fake_target *fake);

#endif
