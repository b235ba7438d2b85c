/* SPDX-License-Identifier: ISC */
/* When to try again after a fault, and what to call the state until then.  Pure: randomness comes in. */
#ifndef SOURCED_RETRY_H
#define SOURCED_RETRY_H

#include "sourced/fault.h"
#include "sourced/server.h"
#include "wire/source_msg.h"

/* A refused token is tried so seldom; a refused log-in to a directory is not tried again by us at all (approach.h). */
#define AU_RETRY_LOGIN_MS (15 * 60 * 1000)
#define AU_RETRY_BASE_MS 1000

struct au_retry {
	unsigned tries;          /* in a row */
	enum au_fault_kind kind; /* of the last fault; NONE after a success */
	unsigned same;           /* faults of that kind in a row */
};

/*
 * Milliseconds until the next try, turning to the next server when that may help: at once while there is one that
 * has not failed yet, else after a random part of a growing time, or after a fixed one when only a person can help.
 */
int64_t au_retry_after(struct au_retry *retry, const struct au_fault *fault, struct au_server_list *servers,
    int64_t cap_ms, uint32_t random);
void au_retry_succeeded(struct au_retry *retry, struct au_server_list *servers);
/* What to call the state during that wait; 0 when the next server is asked at once. */
enum au_link_state au_retry_state(const struct au_fault *fault, int64_t wait_ms);
/* Whether somebody is to be called: it will not pass by itself, or has not for too often. */
bool au_retry_alarms(const struct au_retry *retry);

#endif
