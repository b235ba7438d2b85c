/* SPDX-License-Identifier: ISC */
/*
 * Set Rights as a template has them and as an order spells them out.
 *
 * Canonical: {"others":"none","secondary":[],"self":["Contract: full","Personal: read-only"],"team":[]}; lists are
 * sorted, and hold no tab whose access is that of all others.
 */
#ifndef IRIS_RIGHTS_H
#define IRIS_RIGHTS_H

#include "lib/paper.h"

struct au_session;

/* AU_EINVAL names the entry: no access, an unknown one, a tab twice, or less than the integration needs (IR-R15). */
int iris_rights_resolve(
    struct au_session *session, const char *rights, au_emit_text *emit, void *ctx, struct au_err *err);
/* The lines that bring a user's rights from whatever they are to these canonical ones.  AU_EBUG: they are not. */
int iris_rights_write(const char *rights, struct au_paper *paper, struct au_err *err);
/* Whether these canonical rights are all that there are, which a new user has already (IR-R07). */
bool iris_rights_are_full(const char *rights);

#endif
