/* SPDX-License-Identifier: ISC */
/*
 * The product is sold under several names.  A module is this folder's code and one brand: its words and what is known
 * about it, and nothing else.
 */
#ifndef CA_BRAND_H
#define CA_BRAND_H

#include <apiuserd/target.h>

struct ca_brand {
	const char *product; /* "Calabrio ONE" */
	const char *rules;   /* prefix of its rules' ids */
	const char *support; /* whom to ask, in a sentence's middle */
};

/* The module's own file defines it. */
extern const struct ca_brand ca_brand;

/* Password rules of both pages: at least eight characters, each of four classes (CA-R14, CA-R15). */
#define CA_PASSWORD_MIN 8
#define CA_PASSWORD_MAX 24
#define CA_PASSWORD_ALPHABET "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&(),./:;=?@^|"

extern const struct au_opt ca_instance_opts[];
extern const struct au_opt ca_rights_opts[];
extern const struct au_pool ca_pools[];

#endif
