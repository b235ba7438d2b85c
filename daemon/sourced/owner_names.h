/* SPDX-License-Identifier: ISC */
/*
 * What the entries are called that others name as their owners by DN.  They may
 * lie anywhere in the directory, so neither bases nor filters of ours are of any
 * matter.  A question is kept until it is answered, over lost connections too.
 */
#ifndef SOURCED_OWNER_NAMES_H
#define SOURCED_OWNER_NAMES_H

#include "sourced/line.h"
#include "wire/channel.h"
#include "wire/source_start.h"

struct au_owner_names;

/* Answers go to the channel.  AU_EINVAL: owner_name is no expression. */
int au_owner_names_new(const struct au_source_config *config, struct au_channel *channel, struct au_owner_names **ret,
    struct au_err *err);
void au_owner_names_free(struct au_owner_names *names); /* NULL is fine */
void au_owner_names_ask(struct au_owner_names *names, const char *dn_norm);
/* The line to ask on; NULL when there is none for now. */
void au_owner_names_line(struct au_owner_names *names, struct au_line *line);

#endif
