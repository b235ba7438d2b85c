/* SPDX-License-Identifier: ISC */
/*
 * By what a directory's entry shows that its person is disabled:
 *
 *	nsAccountLock            a known attribute in its own way; any other by the value TRUE
 *	userAccountControl:2     a number that has all of these bits
 *	loginShell=/bin/false    a value, without regard to case
 *	pwdAccountLockedTime=*   any value
 *
 * A known one may also tell when its person will be: then time alone disables.
 */
#ifndef MODEL_DISABLED_H
#define MODEL_DISABLED_H

#include "base/err.h"
#include "base/mem.h"

#include <stdbool.h>
#include <stdint.h>

enum au_disabled_kind {
	AU_DISABLED_TRUE = 1,
	AU_DISABLED_BITS,
	AU_DISABLED_VALUE,
	AU_DISABLED_PRESENT,
	AU_DISABLED_SINCE,    /* from a time on, in steps of 100 ns since 1601: accountExpires */
	AU_DISABLED_FROM,     /* from a date on, in any form that au_date_parse reads: attr_expires */
	AU_DISABLED_FOR_EVER, /* a time in the year 0000: OpenLDAP's lock without end (slapo-ppolicy(5)) */
};
struct au_disabled {
	const char *text; /* as written */
	const char *attribute;
	enum au_disabled_kind kind;
	unsigned long long bits;
	const char *value; /* as directories compare it */
};

/* In the arena.  AU_EINVAL says what is wrong with the text. */
int au_disabled_parse(struct au_arena *arena, const char *text, struct au_disabled *ret, struct au_err *err);
/* value: valid UTF-8.  The arena is for what is in between. */
bool au_disabled_holds(const struct au_disabled *test, struct au_arena *arena, const char *value);
/* From when on AU_DISABLED_SINCE or AU_DISABLED_FROM holds, in ms since 1970; 0 = never, as for all other tests.
 * AU_EINVAL: it is no date that can be read. */
int au_disabled_since(const struct au_disabled *test, const char *value, int64_t *ret_ms);

#endif
