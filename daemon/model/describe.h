/* SPDX-License-Identifier: ISC */
/*
 * What a plugin says about itself, as the worker's --describe prints it: the
 * daemon learns a plugin from this JSON and never loads it.
 */
#ifndef MODEL_DESCRIBE_H
#define MODEL_DESCRIBE_H

#include "base/mem.h"
#include "base/opt.h"

struct au_describe {
	const char *name, *product, *version, *summary;
	unsigned abi, caps;
	struct au_limits limits;
	struct au_pwpolicy password;
	const struct au_opt *instance_opts, *rights_opts;
	const struct au_product_rule *rules;
	const struct au_pool *pools; /* ends with a NULL name; NULL = none */
};

/* The table as JSON (worker side). */
json_t *au_describe_to_json(const struct au_target *table);
/* And back (daemon side); everything lands in the arena.  AU_EPROTO. */
int au_describe_from_json(struct au_arena *arena, const json_t *json, struct au_describe *ret, struct au_err *err);
/* Parts of it, both ways. */
json_t *au_describe_rules_to_json(const struct au_product_rule *rules);
int au_describe_rules_from_json(
    struct au_arena *arena, const json_t *array, const struct au_product_rule **ret, struct au_err *err);
json_t *au_describe_password_to_json(const struct au_pwpolicy *password);
int au_describe_password_from_json(
    struct au_arena *arena, const json_t *json, struct au_pwpolicy *ret, struct au_err *err);
/* Words for classes of characters (AU_PW_*), NULL-terminated, bit 0 first. */
extern const char *const au_describe_classes[];
const char *au_cap_name(enum au_cap cap); /* "list", "set-rights", ...; NULL for an unknown bit */

#endif
