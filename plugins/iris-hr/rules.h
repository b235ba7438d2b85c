/* SPDX-License-Identifier: ISC */
/* The product's rules, and the options of a target and of a template. */
#ifndef IRIS_RULES_H
#define IRIS_RULES_H

#include <apiuserd/target.h>

#define IRIS_ACTIVE_MOST 10 /* IR-R06 */

extern const struct au_product_rule iris_rules[];
extern const struct au_opt iris_instance_opts[];
extern const struct au_opt iris_rights_opts[];

#endif
