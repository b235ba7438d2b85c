/* SPDX-License-Identifier: ISC */
/* The product's rules, and the options of a target and of a template. */
#ifndef MOVIUS_RULES_H
#define MOVIUS_RULES_H

#include <apiuserd/target.h>

extern const struct au_product_rule movius_rules[];
extern const struct au_opt movius_instance_opts[];
extern const struct au_opt movius_rights_opts[];

#endif
