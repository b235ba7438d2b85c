/* SPDX-License-Identifier: ISC */
/* Members' DNs that the daemon asks for.  A question is kept until it is answered, over lost connections too. */
#ifndef SOURCED_LOOKUP_H
#define SOURCED_LOOKUP_H

#include "sourced/line.h"
#include "sourced/mapping.h"
#include "wire/channel.h"
#include "wire/source_msg.h"

struct au_lookup;

/* people: the mapping of the people search.  Answers go to the channel.  AU_EINVAL: people_base is no DN. */
int au_lookup_new(
    const struct au_mapping *people, struct au_channel *channel, struct au_lookup **ret, struct au_err *err);
void au_lookup_free(struct au_lookup *lookup);
void au_lookup_ask(struct au_lookup *lookup, const struct au_source_lookup *asked);
/* The line to ask on; NULL when there is none for now. */
void au_lookup_line(struct au_lookup *lookup, struct au_line *line, int64_t operation_timeout_ms);

#endif
