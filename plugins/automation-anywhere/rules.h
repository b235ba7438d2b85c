/* SPDX-License-Identifier: ISC */
/* The product's rules for API users, and the rows of its options. */
#ifndef AA_RULES_H
#define AA_RULES_H

#include <apiuserd/target.h>

/* a-z A-Z 0-9 @ - _ ! # $ % & . (AA-R07) */
#define AA_PASSWORD_ALPHABET "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789@-_!#$%&."
#define AA_PASSWORD_MIN 8
#define AA_PASSWORD_MAX 15

extern const struct au_product_rule aa_rules[];
extern const struct au_pool aa_pools[];
extern const struct au_opt aa_instance_opts[];
extern const struct au_opt aa_rights_opts[];

#endif
