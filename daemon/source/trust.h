/* SPDX-License-Identifier: ISC */
/* How far a source's word is taken without a second look: options of the source, by value. */
#ifndef SOURCE_TRUST_H
#define SOURCE_TRUST_H

#include "settings/settings.h"
#include "wire/source_msg.h"

struct au_trust {
	long long removals_few;        /* so many may always go at once */
	long long removals_percent;    /* beyond those, so much of all */
	long long removals_window;     /* ms over which removals add up */
	long long confirm_after;       /* ms until what was missing once is looked for again */
	long long reread_most;         /* groups, because somebody of a name that they hold has come */
	long long reads_kept;          /* per search */
	long long held_memory;         /* bytes, per search: what is known of entries between two readings (seen.h) */
	json_t *canaries[AU_SEARCHES]; /* arrays of ids and DNs that every whole reading must bring */
};

/* From the rows of a block in the configuration; *ret is the caller's. */
void au_trust_read(const struct au_values *values, struct au_trust *ret);
struct au_trust au_trust_copy(const struct au_trust *trust);
void au_trust_done(struct au_trust *trust);

/*
 * Whether losing `gone` of `before` at once is more likely a fault of the directory (lost rights, a wrong base, an
 * emptied database) than the truth: all of them, half of them unless they
 * are few, or more than few and more than the percentage.
 */
bool au_trust_doubts(const struct au_trust *trust, long long before, long long gone);
/* The same for the members of one group, which may well become empty when there were few. */
bool au_trust_doubts_members(const struct au_trust *trust, long long before, long long gone);

#endif
