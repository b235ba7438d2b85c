/* SPDX-License-Identifier: ISC */
/*
 * Rules of our own beside those of a product.  They are added, never put in its
 * place, so that they can only make it stricter; one that would read as if it
 * allowed more is refused, for it would deceive its reader.  Pure.
 */
#ifndef MODEL_STRICTER_H
#define MODEL_STRICTER_H

#include "model/describe.h"

/* What one rule of our own says, as the configuration has it. */
struct au_stricter {
	const char *id;
	const char *field; /* as in struct au_product_rule */
	enum au_rule_kind kind;
	bool has_min, has_max;
	long long min, max;
	const char *chars;
	const char *const *choices;
	unsigned need; /* AU_PW_*, only with the field "secret" */
};

/* Rules of our own, made ready to be checked. */
struct au_own_rules {
	const struct au_product_rule *rules; /* on what accounts hold; ends with AU_RULE_END */
	/* On words in rights as templates write them: a product may hold them as ids of its own, so accounts are not
	 * looked at.  Several templates united keep what each of them keeps. */
	const struct au_product_rule *words;
	struct au_pwpolicy password; /* the product's, narrowed */
};

/*
 * The product's rules and own ones that go together with it; all lands in the arena.  *ret_bad is the place of the rule
 * that err is about.
 * AU_EINVAL: a field that neither every account nor the product's rights have, a kind that does not fit the field, a
 * bound or choice beyond the product's, or nothing that both would accept.
 */
int au_stricter_make(struct au_arena *arena, const struct au_describe *product, const struct au_stricter *own,
    size_t count, struct au_own_rules *ret, size_t *ret_bad, struct au_err *err);
/* What the product says, held to these rules as well; lands in the arena. */
const struct au_describe *au_stricter_describe(
    struct au_arena *arena, const struct au_describe *product, const struct au_own_rules *own);

/* What the worker is told of them, and back: rules and password.  Caller owns the JSON; the rest lands in the arena.
 * AU_EPROTO. */
json_t *au_own_rules_to_json(const struct au_own_rules *own);
int au_own_rules_from_json(struct au_arena *arena, const json_t *json, struct au_own_rules *ret, struct au_err *err);

#endif
