/* SPDX-License-Identifier: ISC */
/* Nodes of a configuration file as JSON: who reads a file need not be who judges it, and lines are told all the same.
 */
#ifndef SETTINGS_RAW_JSON_H
#define SETTINGS_RAW_JSON_H

#include "settings/raw.h"

/* Deepest JSON of a template's block with what may be wrong in it. */
#define AU_RAW_JSON_DEPTH 12

/* {"name", "file", "line", "kind": "value", "group" or "list", "value", "members": [...]}.  Caller owns it. */
json_t *au_raw_to_json(const struct au_raw *node);
/* The reverse, in the arena; nothing points into json.  AU_EINVAL says what no node looks like. */
int au_raw_from_json(struct au_arena *arena, const json_t *json, const struct au_raw **ret, struct au_err *err);

#endif
