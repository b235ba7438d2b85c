/* SPDX-License-Identifier: ISC */
/*
 * Entries that must always be visible, looked for at intervals: a directory that
 * takes rights away from us answers everything with success and less, and says
 * nothing to those who follow it.  Canaries that are ids, not DNs, are left to
 * whole readings.
 */
#ifndef SOURCED_CANARY_H
#define SOURCED_CANARY_H

#include "sourced/line.h"
#include "sourced/mapping.h"
#include "wire/source_start.h"

struct event_base;
struct au_canaries;

/* mappings, by search, and config outlive the canaries.  lost is called once when one is not seen any more. */
struct au_canaries *au_canaries_new(struct event_base *base, const struct au_source_config *config,
    const struct au_mapping *const mappings[AU_SEARCHES],
    void (*lost)(void *ctx, const struct au_source_canary *canary), void *ctx);
void au_canaries_free(struct au_canaries *canaries); /* NULL is fine */
/* Look for them on this line, which knows our filters; NULL: it is going away. */
void au_canaries_line(struct au_canaries *canaries, struct au_line *line);

#endif
