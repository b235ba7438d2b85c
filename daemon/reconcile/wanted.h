/* SPDX-License-Identifier: ISC */
/* Wanted: rules and templates give, for one API user and one target, the account that should be there.  Pure. */
#ifndef RECONCILE_WANTED_H
#define RECONCILE_WANTED_H

#include "reconcile/gather.h"

struct au_wanted {
	bool wanted; /* some rule gives a template of this target */
	const char *login, *label, *first_name, *last_name, *mail;
	const char *rights; /* canonical; NULL while a template is unresolved */
	const char *basis;  /* "SOURCE/GROUP" of the first rule that matched */
	const char *bases;  /* the same of all that matched, one a line */
	const char *reason; /* which rules, in words */
	const char *takes;  /* what its templates say that it takes (au_takes_print); NULL = nothing */
	long long rank;     /* place of the first rule that matched in the configuration */
	bool unresolved; /* nothing can be said yet: the target has not resolved a template; open steps stay as they are
			  */
	const char
	    *problem; /* wanted, but it cannot be made: no value for the login, template unresolved, product rule */
};

/* Whether a rule holds for one of the gathered entries.  *ret_why (may be NULL) says in words why or why not. */
bool au_rule_holds(
    struct au_arena *arena, const struct au_rule *rule, const struct au_gathered *g, const char **ret_why);

/* Text is in the arena, in user, or in the policy. */
void au_wanted_make(struct au_arena *arena, const struct au_policy *policy, const struct au_target_block *target,
    const struct au_gathered *g, const struct au_apiuser *user, struct au_wanted *ret);

/*
 * Fill a login pattern: {userName}, {mail}, {localPart} (of mail), {id}.  AU_EINVAL names the value that is missing
 * or the unknown placeholder.
 */
int au_wanted_login(
    struct au_arena *arena, const char *pattern, const struct au_apiuser *user, const char **ret, struct au_err *err);

#endif
