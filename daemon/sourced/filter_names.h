/* SPDX-License-Identifier: ISC */
/* Which attributes a filter (RFC 4515) asks about: a change of one of them may let an entry in or out. */
#ifndef SOURCED_FILTER_NAMES_H
#define SOURCED_FILTER_NAMES_H

#include "base/mem.h"

#include <stdbool.h>

/* Each once without regard to case, without options, in the arena; NULL ends the list. */
const char **au_filter_names(struct au_arena *arena, const char *filter);
/* Whether a filter uses a matching rule (RFC 4515: "attribute:rule:=value"). */
bool au_filter_has_rule(const char *filter, const char *rule);

#endif
