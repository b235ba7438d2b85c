/* SPDX-License-Identifier: ISC */
/*
 * References to members that the daemon asks for: is that one of the people, or one of the groups?  A question is kept
 * until it is answered, over lost connections too.
 */
#ifndef SOURCED_LOOKUP_H
#define SOURCED_LOOKUP_H

#include "sourced/line.h"
#include "sourced/mapping.h"
#include "wire/channel.h"
#include "wire/source_msg.h"

struct au_lookup;

/* The mappings of both searches.  Answers go to the channel.  AU_EINVAL: a base is no DN. */
int au_lookup_new(const struct au_mapping *const mappings[AU_SEARCHES], struct au_channel *channel,
    struct au_lookup **ret, struct au_err *err);
void au_lookup_free(struct au_lookup *lookup);
void au_lookup_ask(struct au_lookup *lookup, const struct au_source_lookup *asked);
/* The line to ask on; NULL when there is none for now. */
void au_lookup_line(struct au_lookup *lookup, struct au_line *line, int64_t operation_timeout_ms);

#endif
