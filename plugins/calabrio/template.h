/* SPDX-License-Identifier: ISC */
/* A template's rights, as people write them, made canonical. */
#ifndef CA_TEMPLATE_H
#define CA_TEMPLATE_H

#include "calabrio/session.h"

/*
 * Names are looked up in the tenant, "like" names a user whose rights are taken where the template says nothing.
 * AU_EINVAL names what is unknown, and the rule when a template makes no sense for an API user.
 */
int ca_template_resolve(
    struct au_session *session, const char *rights, au_emit_text *emit, void *ctx, struct au_err *err);

#endif
