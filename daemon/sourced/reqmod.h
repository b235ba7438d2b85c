/* SPDX-License-Identifier: ISC */
/*
 * One change of one attribute, as OpenLDAP's log of changes writes it: a value of reqMod (slapo-accesslog(5)), such as
 * "member:+ uid=anna,ou=people,dc=example,dc=com".
 */
#ifndef SOURCED_REQMOD_H
#define SOURCED_REQMOD_H

#include "base/err.h"

#include <lber.h>
#include <stdbool.h>

enum au_reqmod_op { AU_REQMOD_ADD = 1, AU_REQMOD_DELETE, AU_REQMOD_REPLACE, AU_REQMOD_INCREMENT };

/* All of it points into the text. */
struct au_reqmod {
	struct berval attribute; /* with its options (RFC 4512 section 2.5); bv_len 0: a mark between two changes */
	enum au_reqmod_op op;
	struct berval value; /* bv_val NULL: none, as when an attribute is deleted or replaced by nothing */
};

/* AU_EPROTO. */
int au_reqmod_parse(const struct berval *text, struct au_reqmod *ret, struct au_err *err);
/* Whether it is of this attribute, or of one of its subtypes by option: "member;x-old" is of "member". */
bool au_reqmod_is_of(const struct au_reqmod *mod, const char *attribute);
/* Whether the attribute has options. */
bool au_reqmod_has_options(const struct au_reqmod *mod);

#endif
