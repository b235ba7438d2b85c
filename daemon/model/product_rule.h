/* SPDX-License-Identifier: ISC */
/* Product rules (rows of struct au_product_rule) applied to values.  Pure. */
#ifndef MODEL_PRODUCT_RULE_H
#define MODEL_PRODUCT_RULE_H

#include "base/json.h"

/*
 * Check an account against every rule but the notes.  Fields that are NULL are skipped unless the rule requires them;
 * with rights_only, only rules on "rights.*" count (templates at configuration time).
 * AU_EINVAL names the rule, the value (never a secret) and what would be accepted.
 */
int au_product_rules_check(const struct au_product_rule *rules, const struct au_target_account *account, bool rights_only,
    struct au_err *err);

#endif
