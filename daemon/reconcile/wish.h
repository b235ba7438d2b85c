/* SPDX-License-Identifier: ISC */
/* A wish: what a step shall make true, as JSON, and its digest, by which a wish that failed is known again.  Pure. */
#ifndef RECONCILE_WISH_H
#define RECONCILE_WISH_H

#include "model/account.h"
#include "model/step.h"
#include "reconcile/wanted.h"
#include "wire/call.h"

#define AU_WISH_DIGEST 33

/* What a step of this operation wants, and what of it is there now (NULL when nothing).  In the arena.
 * active is the status that operations with one shall leave behind. */
const char *au_wish_want(struct au_arena *arena, enum au_step_op op, const struct au_wanted *wanted, bool active);
const char *au_wish_was(struct au_arena *arena, enum au_step_op op, const struct au_account *account);
/* Digest of operation (0 = none) and wish; digest holds AU_WISH_DIGEST bytes.  Returns digest. */
const char *au_wish_digest(enum au_step_op op, const char *want, char *digest);
/* Fill the plugin's view of a wish; text points into want, which must outlive ret. */
void au_wish_account(const json_t *want, struct au_target_account *ret);
/* The account as we know it, in the plugin's terms; nothing when it is not there.  Text is the account's. */
struct au_target_account au_wish_known(const struct au_account *account);
/* The call that does it. */
enum au_call_op au_wish_call(enum au_step_op op);

#endif
