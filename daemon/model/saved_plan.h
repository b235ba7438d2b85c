/* SPDX-License-Identifier: ISC */
/*
 * A saved plan: one JSON object that people keep, read, sign and hand back.  It
 * lies under digests that only the daemon which made it can make, so that what
 * was approved is what is applied.
 *
 * Members: "format", "version" of the program, "made_ms", "made_by", "daemon",
 * "scope", "inputs", "steps", "findings"; then "digests", one for each of these
 * (a list of them for a list), and "digest" over everything before it.
 */
#ifndef MODEL_SAVED_PLAN_H
#define MODEL_SAVED_PLAN_H

#include "base/json.h"

#define AU_SAVED_PLAN_FORMAT 1
#define AU_SAVED_PLAN_KEY 32             /* bytes */
#define AU_SAVED_PLAN_CONTEXT "plan_key" /* from the master key */
#define AU_SAVED_PLAN_DIGEST 65          /* characters of "digest", with the NUL */
#define AU_SAVED_PLAN_DEPTH 24           /* of its JSON: rights lie within accounts within inputs */

/* Add "format", "daemon", "digests" and "digest"; the other members are there. */
void au_saved_plan_seal(json_t *plan, const unsigned char key[AU_SAVED_PLAN_KEY]);
/*
 * Whether a plan is as this daemon sealed it.  AU_EINVAL names the member that is not: its place in a list, and which
 * step that is; AU_ENOSUP: another format; AU_EPERM: another daemon's.
 */
int au_saved_plan_check(const json_t *plan, const unsigned char key[AU_SAVED_PLAN_KEY], struct au_err *err);

/* Digest of a value that is no secret, by which it is known again; holds AU_SAVED_PLAN_HASH bytes.  Returns hex. */
#define AU_SAVED_PLAN_HASH 33
const char *au_saved_plan_hash(const json_t *value, char *hex);

#endif
