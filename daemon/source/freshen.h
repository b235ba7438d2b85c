/* SPDX-License-Identifier: ISC */
/*
 * Somebody wants one person read anew: the source's process reads his entry and
 * some groups, reports them as if they had changed, and says when it has; what
 * it reported is in the store then.  What is not there takes nothing away.
 */
#ifndef SOURCE_FRESHEN_H
#define SOURCE_FRESHEN_H

#include "wire/source_msg.h"

#define AU_FRESHEN_MS 15000 /* whoever waits is a person */
#define AU_FRESHEN_GROUPS 50

struct au_freshen_entry {
	const char *id, *dn; /* dn: NULL for a SCIM service */
};
struct au_freshen_order {
	struct au_freshen_entry person;
	const struct au_freshen_entry *groups;
	size_t group_count; /* AU_FRESHEN_GROUPS at the most */
};

struct au_freshened {
	const char *trouble;           /* why the source cannot be asked, or did not answer in time; NULL = it did */
	enum au_lookup_verdict person; /* FOUND, ABSENT or UNKNOWN; FOUND also when a newer change was heard of */
	size_t groups_read;            /* of the order */
};
typedef void au_freshen_done(void *ctx, const struct au_freshened *result);

struct event_base;
struct au_inbox;
struct au_freshen;

/* send: a message to the process, whose reference goes with it. */
struct au_freshen *au_freshen_new(
    struct event_base *base, const struct au_inbox *inbox, void (*send)(void *ctx, json_t *message), void *ctx);
void au_freshen_free(struct au_freshen *freshen); /* whoever waits is told so */
/* trouble: the source cannot be asked; NULL = it can.  The order is copied.  done is called once, not from within. */
void au_freshen_ask(struct au_freshen *freshen, const char *trouble, const struct au_freshen_order *order,
    au_freshen_done *done, void *ctx);
void au_freshen_answer(struct au_freshen *freshen, const struct au_source_fresh *answer);
void au_freshen_moved(struct au_freshen *freshen);                 /* a round was committed */
void au_freshen_lost(struct au_freshen *freshen, const char *why); /* the process is gone, or is to go */

#endif
