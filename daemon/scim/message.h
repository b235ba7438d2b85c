/* SPDX-License-Identifier: ISC */
/* What all request messages have in common (RFC 7644 section 3.1): an object that says which message it is. */
#ifndef SCIM_MESSAGE_H
#define SCIM_MESSAGE_H

#include "scim/fault.h"
#include "scim/profile.h"

#include <jansson.h>

/* invalidSyntax: no object, or `schemas` is not an array with the URN; only AU_QUIRK_NO_SCHEMAS lets it be unassigned.
 */
int au_message_check(const json_t *body, const char *urn, const struct au_profile *profile, struct au_fault *fault);

#endif
