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
};

/* The table as JSON (worker side). */
json_t *au_describe_to_json(const struct au_target *table);
/* And back (daemon side); everything lands in the arena.  AU_EPROTO. */
int au_describe_from_json(struct au_arena *arena, const json_t *json, struct au_describe *ret, struct au_err *err);
const char *au_cap_name(enum au_cap cap); /* "list", "set-rights", ...; NULL for an unknown bit */

#endif
