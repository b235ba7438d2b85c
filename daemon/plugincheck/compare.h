/* SPDX-License-Identifier: ISC */
/* Accounts as they were answered, compared. */
#ifndef PLUGINCHECK_COMPARE_H
#define PLUGINCHECK_COMPARE_H

#include "plugincheck/stage.h"

/* A finding for each member that differs and is not among `but` (NULL-terminated); versions and secrets never count. */
void compare_accounts(
    struct stage *stage, const char *what, const json_t *before, const json_t *after, const char *const *but);
/* A finding for each text that the account holds and was asked to be another; what it does not report does not count.
 */
void compare_wish(struct stage *stage, const char *what, const struct au_target_account *want, const json_t *account);
/* A finding unless the account reports the same rights, for products whose rights can be read. */
void compare_rights(struct stage *stage, const char *what, const char *rights, const json_t *account);
/* The same for its state; one that is not reported does not count. */
void compare_active(struct stage *stage, const char *what, bool active, const json_t *account);

#endif
