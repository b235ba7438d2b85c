/* SPDX-License-Identifier: ISC */
/*
 * Judgements about a source, free of I/O: what may a reading remove, is the
 * whole complete, what is the source's state called.
 */
#ifndef SOURCE_VERDICT_H
#define SOURCE_VERDICT_H

#include "base/str.h"
#include "source/reading.h"
#include "wire/source_read.h"

/* What the end of a reading may remove. */
enum au_power {
	AU_MAY_NOTHING = 0,
	AU_MAY_NAMED,  /* what the directory names as removed */
	AU_MAY_UNSEEN, /* that, and what was not seen is missing */
};

/*
 * Only a complete reading can remove, and only one that named everything there is says that something is missing.
 * `read` claims to be complete or not; a result code, a referral or a kind that cannot be disprove it.
 */
enum au_power au_verdict_power(const struct au_source_read *read, enum au_reading_step step);
/* Every search has been read as a whole once, and nothing is under way or in doubt that could remove. */
bool au_verdict_is_complete(const struct au_source_now *now);
/* When everything was last read: the older of the two searches' times; 0 when one never was. */
long long au_verdict_complete_ms(const struct au_source_now *now);
/* How many would go and why they are held, of a search that is in doubt. */
void au_verdict_doubt(const struct au_search_now *search, struct au_str *out);
/* The state, and in out why it is not OK.  link: the last word of the source's process. */
enum au_source_state au_verdict_state(
    const struct au_source_now *now, const struct au_source_link *link, const char *name, struct au_str *out);

#endif
