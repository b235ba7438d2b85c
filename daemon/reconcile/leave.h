/* SPDX-License-Identifier: ISC */
/*
 * Leaving: what becomes of an account that nobody wants any more, by what its
 * target is configured to do and by what the product can do.  What works is
 * never deleted unless the configuration says so in that very word.  Pure.
 */
#ifndef RECONCILE_LEAVE_H
#define RECONCILE_LEAVE_H

#include "model/account.h"
#include "model/step.h"
#include "settings/settings.h"

enum au_leave { AU_LEAVE_DISABLE_DELETE = 0, AU_LEAVE_DISABLE, AU_LEAVE_DELETE, AU_LEAVE_KEEP };

struct au_leave_rules {
	enum au_leave leave;
	bool can_disable, can_delete;
	const char *product;
	long long grace_ms; /* from the disabling to the deletion; with AU_LEAVE_DELETE from when nobody wants it */
};
void au_leave_rules(
    const struct au_settings *settings, const struct au_target_block *target, struct au_leave_rules *ret);

struct au_leave_next {
	enum au_step_op op; /* what is due now: AU_STEP_DISABLE, AU_STEP_DELETE or 0 */
	long long at_ms;    /* when something will be due; 0 = never, or now */
	const char
	    *finding; /* why nothing is done although a person would expect it; NULL when all is as it should be */
};
/* An account that is in the target and unwanted. */
void au_leave_next(struct au_arena *arena, const struct au_leave_rules *rules, const struct au_account *account,
    long long now_ms, struct au_leave_next *ret);

/* What happens to an account of this target that nobody wants any more, as the end of a sentence. */
const char *au_leave_text(struct au_arena *arena, const struct au_leave_rules *rules);
/* Whether the product cannot do what is configured, so that something else happens. */
bool au_leave_is_otherwise(const struct au_leave_rules *rules);
/* What such targets do instead, for people who have just changed the configuration: one message in the log for each. */
void au_leave_tell(const struct au_settings *settings);

#endif
