/* SPDX-License-Identifier: ISC */
/* Judgements about a source, free of I/O: is a removal plausible, is the whole complete, what is its state called. */
#ifndef SOURCE_VERDICT_H
#define SOURCE_VERDICT_H

#include "base/str.h"
#include "source/reading.h"

/* From so many removals on, half of all is too much; one of two people leaving is not. */
#define AU_VERDICT_FEW 5

/*
 * Whether a reading that would remove `gone` of `before` entries is more likely a fault of the directory (lost rights,
 * a wrong base, an emptied database) than the truth: everything gone, or half of it.
 */
bool au_verdict_is_implausible(long long before, long long gone);
/* Every search has been read as a whole once, and nothing is under way or in doubt that could remove. */
bool au_verdict_is_complete(const struct au_source_now *now);
/* When everything was last read: the older of the two searches' times; 0 when one never was. */
long long au_verdict_complete_ms(const struct au_source_now *now);
/* The state, and in out why it is not OK.  link: the last word of the source's process. */
enum au_source_state au_verdict_state(
    const struct au_source_now *now, const struct au_source_link *link, const char *name, struct au_str *out);

#endif
