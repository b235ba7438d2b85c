/* SPDX-License-Identifier: ISC */
/* A bar on standard error, on a terminal, for what takes longer than a second. */
#ifndef CTL_PROGRESS_H
#define CTL_PROGRESS_H

#include "base/str.h"

struct au_progress {
	bool terminal;
	bool shown;
	long long started_mono;
};

void au_progress_start(struct au_progress *progress);
/* Whether it is time to show something. */
bool au_progress_due(const struct au_progress *progress);
void au_progress_show(struct au_progress *progress, long long done, long long total, const char *text);
void au_progress_end(struct au_progress *progress); /* leaves no trace */

/* The bar itself: "[####----] 4/8 text", no longer than columns.  Pure. */
void au_progress_line(struct au_str *out, long long done, long long total, const char *text, size_t columns);

#endif
