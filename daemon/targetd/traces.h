/* SPDX-License-Identifier: ISC */
/* What a plugin's call leaves behind in the process that it shares with its host. */
#ifndef TARGETD_TRACES_H
#define TARGETD_TRACES_H

#include "wire/call.h"

struct au_traces;

struct au_traces *au_traces_new(void);
void au_traces_free(struct au_traces *traces);
void au_traces_keep_programs(struct au_traces *traces, bool keeps); /* child processes count as nothing left */
/* Remember how the process is. */
void au_traces_before(struct au_traces *traces);
/*
 * Whether a call left something, and what, as the end of a sentence that begins with the call: signals blocked or
 * handled otherwise, another folder, mask or locale, a timer, a child process, one of the descriptors 0 to 3 exchanged,
 * or memory: more after every one of many calls in a row, beyond the bytes that the host kept.
 */
bool au_traces_after(struct au_traces *traces, enum au_call_op op, size_t kept, char *ret, size_t size);
/* After a session was closed: whether each of several sessions in a row left more descriptors. */
bool au_traces_closed(struct au_traces *traces);

#endif
