/* SPDX-License-Identifier: ISC */
/* External applications: the rights of an API user here.  Canonical: {"applications":["HttpApi","Salesforce"]}. */
#ifndef MOVIUS_RIGHTS_H
#define MOVIUS_RIGHTS_H

#include "lib/paper.h"

struct au_session;

/* AU_EINVAL names an application that does not exist (MV-R04), or what the purpose needs (MV-R05). */
int movius_rights_resolve(
    struct au_session *session, const char *rights, au_emit_text *emit, void *ctx, struct au_err *err);
/* The canonical rights as fields of the line before.  AU_EBUG: they are not. */
int movius_rights_write(const char *rights, struct au_paper *paper, struct au_err *err);

#endif
