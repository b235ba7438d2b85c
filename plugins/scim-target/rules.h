/* SPDX-License-Identifier: ISC */
/* What SCIM and the services that speak it are known to do, and the rows of the options. */
#ifndef SC_RULES_H
#define SC_RULES_H

#include <apiuserd/target.h>

extern const struct au_product_rule sc_rules[];
extern const struct au_opt sc_instance_opts[];
extern const struct au_opt sc_rights_opts[];

#endif
