/* SPDX-License-Identifier: ISC */
/* What a log-in is known again by once it was refused. */
#ifndef SOURCE_REFUSAL_H
#define SOURCE_REFUSAL_H

#include "base/json.h"
#include "source/secrets.h"
#include "store/refusal.h"

/*
 * A digest of all that a log-in is made of: the servers, who we are, and the secrets with the files that they come in
 * (one that cannot be read counts as such).  options: as au_source_options has them.
 */
void au_refusal_print(char ret[AU_REFUSAL_PRINT], const unsigned char key[AU_REFUSAL_KEY], const json_t *options,
    const struct au_secrets *secrets);

#endif
