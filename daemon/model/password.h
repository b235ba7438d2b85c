/* SPDX-License-Identifier: ISC */
/* Passwords by a target's policy: the same text generates and validates. */
#ifndef MODEL_PASSWORD_H
#define MODEL_PASSWORD_H

#include "base/err.h"
#include "base/secret.h"

/* A password of max_len symbols, uniform over the alphabet among those that hold every needed class
 * (rejection sampling).  AU_EINVAL when the policy admits none or the product makes its own. */
int au_password_generate(const struct au_pwpolicy *policy, struct au_secret **ret, struct au_err *err);
/* The same without any of the words in it, whatever the case: an account's names, which products do not want there.
 * Words that are NULL or of one letter do not count.  AU_EINVAL, too, when chance brings none. */
int au_password_generate_without(const struct au_pwpolicy *policy, const char *const *words, size_t count,
    struct au_secret **ret, struct au_err *err);
/* The symbols alone, of a policy that admits some: max_len octets without an end, which the caller has and wipes. */
void au_password_draw(const struct au_pwpolicy *policy, char *text);
/* AU_EINVAL says which demand is not met, never the text. */
int au_password_check(const struct au_pwpolicy *policy, const char *text, struct au_err *err);
/* Whether any password can follow the policy.  AU_EINVAL says why none can. */
int au_password_policy_check(const struct au_pwpolicy *policy, struct au_err *err);
double au_password_bits(const struct au_pwpolicy *policy); /* entropy of max_len symbols */

#endif
