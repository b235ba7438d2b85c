/* SPDX-License-Identifier: ISC */
/* Values as people read them. */
#ifndef CTL_VALUE_H
#define CTL_VALUE_H

#include "base/json.h"
#include "base/str.h"
#include "base/when.h"

/* Text as it is, numbers, "yes" and "no", lists as "[a, b]", "-" for nothing, objects as JSON. */
void au_value_put(struct au_str *out, const json_t *value);
/* "2026-11-24 10:00:00Z"; "-" for 0.  Returns buf. */
const char *au_value_time(long long wall_ms, char buf[AU_WHEN_SIZE]);
/* "3d 4h", "12min", "5s": the two largest units that are not zero.  Returns buf. */
const char *au_value_span(long long ms, char buf[AU_WHEN_SIZE]);
/* "one step", "2 steps": the word in its singular and what follows it in the plural. */
void au_value_count(struct au_str *out, long long count, const char *singular, const char *plural);

/* Who did something: the name that was kept with it, or else that of the user of "uid:NUMBER", or else the actor
 * itself. In buf, which holds AU_VALUE_PERSON bytes, or one of the two. */
#define AU_VALUE_PERSON 64
const char *au_value_person(const char *name, const char *actor, char buf[AU_VALUE_PERSON]);

#endif
