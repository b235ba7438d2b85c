/* SPDX-License-Identifier: ISC */
/*
 * Where a domain controller stands: the number of its last change (highestCommittedUSN).  Numbers are the controller's
 * own; they count for its database as long as that has the same invocationId (MS-ADTS section 3.1.1.1.9), which a
 * controller changes when it is restored and notices.
 */
#ifndef SOURCED_USN_MARK_H
#define SOURCED_USN_MARK_H

#include "sourced/fault.h"

#include <stdint.h>

#define AU_USN_DATABASE 256

struct au_usn_mark {
	uint64_t usn;
	char database[AU_USN_DATABASE + 1]; /* its invocationId, or the DN of its settings where that cannot be read */
};

/* "4711@DATABASE".  Caller frees. */
char *au_usn_mark_text(const struct au_usn_mark *mark);
/* false: it is none, and ret is untouched. */
bool au_usn_mark_parse(const char *text, struct au_usn_mark *ret);
/* "4711" alone, without sign or anything else. */
bool au_usn_parse(const char *text, uint64_t *ret);

/* What a mark says of one from before. */
enum au_usn_course {
	AU_USN_ON = 1, /* the same database, no older than it was */
	AU_USN_BACK,   /* the same database, older than it was */
	AU_USN_OTHER,  /* another database, whose numbers say nothing */
};
enum au_usn_course au_usn_course(const struct au_usn_mark *before, const struct au_usn_mark *now);
/* AU_USN_BACK in words, as AU_FAULT_RELOAD; fills fault and returns it. */
struct au_fault *au_usn_back_fault(
    const struct au_usn_mark *before, const struct au_usn_mark *now, struct au_fault *fault);

#endif
