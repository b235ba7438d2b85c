/* SPDX-License-Identifier: ISC */
/* Memberships of one source in tests: added, and read back as text. */
#ifndef TESTS_STORE_BELONG_H
#define TESTS_STORE_BELONG_H

#include "tests/store/help.h"

#include "store/fact.h"

#define SOURCE "corp"

/* Whether the member was not there before.  id may be NULL: then it is known by its DN only. */
bool add(struct fixture *f, const char *group, const char *id, const char *dn_norm);
/* The members of a group as text: ids, and DNs in angle brackets while unknown. */
const char *members(struct fixture *f, const char *group);
/* Keys that wait to be looked at, without what stands behind the '@'; they are taken out. */
const char *take_dirty(struct fixture *f);

#endif
