/* SPDX-License-Identifier: ISC */
/*
 * The worker as those want it who check a plugin: what a call may look at is gone when the call is over, and what a
 * call leaves behind in the process is told.
 */
#ifndef TARGETD_STRICT_H
#define TARGETD_STRICT_H

#include "wire/call.h"

struct au_strict;

struct au_strict *au_strict_new(void);
void au_strict_free(struct au_strict *strict); /* NULL is fine */

/* The host's table with options that live until the call returns.  keeps_programs: child processes are no finding. */
const struct au_host *au_strict_host(struct au_strict *strict, const struct au_host *host, bool keeps_programs);
/*
 * Before a call: a copy whose texts can be read until au_strict_after and cannot be written; whoever touches them later
 * dies of it, with words on standard error.
 */
void au_strict_before(struct au_strict *strict, const struct au_call *call, struct au_call *ret);
/* After it: the texts are taken back, and what the plugin changed in its process becomes a finding.  kept: bytes of the
 * heap that the host itself still holds of it. */
void au_strict_after(struct au_strict *strict, enum au_call_op op, size_t kept);
/* After a session was closed: what it left open. */
void au_strict_closed(struct au_strict *strict);
void au_strict_find(struct au_strict *strict, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* What was found since this was asked last: an array of texts, which the caller owns; NULL when nothing was. */
json_t *au_strict_take(struct au_strict *strict);

#endif
