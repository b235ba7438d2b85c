/* SPDX-License-Identifier: ISC */
/* Product rules (rows of struct au_product_rule) applied to values.  Pure. */
#ifndef MODEL_PRODUCT_RULE_H
#define MODEL_PRODUCT_RULE_H

#include "base/json.h"
#include "base/str.h"

/*
 * Check an account against every rule but notes and those on accounts together.  Fields that are NULL are skipped unless the rule requires them;
 * with rights_only, only rules on "rights.*" count (templates at configuration time).
 * AU_EINVAL names the rule, the value (never a secret) and what would be accepted.
 */
int au_product_rules_check(const struct au_product_rule *rules, const struct au_target_account *account, bool rights_only,
    struct au_err *err);

/* The kind by its name in descriptions and configurations, and back; -1 for an unknown name. */
const char *au_rule_kind_name(enum au_rule_kind kind);
int au_rule_kind_from_name(const char *name);
/* Whether a rule is on accounts together (AU_RULE_ADMIN, AU_RULE_EACH), so that no single one can be checked against it. */
bool au_product_rule_is_shared(const struct au_product_rule *rule);
/* Whether rules can be about it: a plain field of an account, or "rights." and a name. */
bool au_product_rule_is_field(const char *field);
/* Appends what a rule would accept, in words. */
void au_product_rule_accepts(const struct au_product_rule *rule, struct au_str *out);
/* Both lists in one that lies in the arena; either may be NULL. */
const struct au_product_rule *au_product_rules_join(
    struct au_arena *arena, const struct au_product_rule *rules, const struct au_product_rule *more);

#endif
