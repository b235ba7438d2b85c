/* SPDX-License-Identifier: ISC */
/*
 * What a trial tells people, as it grows: JSON of which apiuserctl makes text.
 *
 *   server     url, cover, login, whoami, product, vendor, vendor_why, way, way_why, log, contexts, controls,
 *              extensions, mechanisms
 *   searches   people and groups: search, base, filter, total, total_is_whole, read, attributes, inactive, empty,
 *              entries, commands
 *   canaries   search, name and how each is
 *   commands   of what is asked beside the searches
 *   findings   level and text; "error": it will not work so, "warning": look at it, "note": good to know
 */
#ifndef SOURCED_TRIAL_REPORT_H
#define SOURCED_TRIAL_REPORT_H

#include "base/json.h"
#include "sourced/mapping.h"
#include "sourced/root.h"

#define AU_TRIAL_TEXT 1024 /* bytes of a value that people are shown */

enum au_trial_level { AU_TRIAL_NOTE = 0, AU_TRIAL_WARNING, AU_TRIAL_ERROR };

/* report borrows nothing. */
json_t *au_trial_report_new(const char *source, const char *kind);
void au_trial_find(json_t *report, enum au_trial_level level, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* A text member, cut to AU_TRIAL_TEXT; NULL is left out. */
void au_trial_text(json_t *object, const char *name, const char *text);
/* Append to the list of that name, which is made when it is not there. */
void au_trial_append(json_t *object, const char *list, json_t *item);
/* What the server says of itself. */
void au_trial_root(json_t *server, const struct au_root *root);
/* One entry as it was mapped, without members. */
json_t *au_trial_entry(const struct au_mapping *mapping, const struct au_mapped *mapped);

#endif
