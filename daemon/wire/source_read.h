/* SPDX-License-Identifier: ISC */
/*
 * One reading of a search, named: how it was made, what it brought, and whether it was whole.  The source's process
 * keeps it while it reads and sends it with the end; the daemon adds what it made of it, keeps the last ones, and shows
 * them as they are.
 */
#ifndef WIRE_SOURCE_READ_H
#define WIRE_SOURCE_READ_H

#include "wire/source_msg.h"

enum au_read_verdict {
	AU_READ_COMPLETE = 1, /* the server said success, and nothing that it sent was left out */
	AU_READ_PARTIAL,      /* it answered, but not with everything, or with something that cannot be understood */
	AU_READ_FAILED,       /* it did not answer to the end */
};
const char *au_read_verdict_name(enum au_read_verdict verdict);

struct au_source_read {
	enum au_reading kind;                     /* NONE: the changes pushed between two readings */
	const char *way;                          /* how entries were asked for: "syncrepl", "paged" ... */
	const char *cookie_before, *cookie_after; /* NULL: none */
	long long pages;                          /* requests that the answer took beyond the first */
	long long ranges;                         /* lists of values that were fetched in parts */
	long long referrals;                      /* to other servers, where a part of the answer may be */
	long long depth;                          /* groups within groups that were followed, at most */
	long long entries, values;                /* received; values: members of groups */
	long long beyond;                         /* groups with more members than are taken, which stay as they were */
	long long started_ms, took_ms;            /* wall clock; duration */
	int code;                                 /* LDAP result, 0 = success */
	enum au_read_verdict verdict;
	const char *why; /* not complete; NULL when it is */
	/* What the daemon made of it. */
	long long unknown; /* members that no entry is known for */
	long long removed; /* entries and members that went with its end */
	long long missing; /* seen to be missing for the first time: kept until another reading confirms it */
	long long held;    /* that would go, but wait for a person */
};

json_t *au_source_read_to_json(const struct au_source_read *read);
/* Text points into json.  AU_EPROTO. */
int au_source_read_from_json(const json_t *json, struct au_source_read *ret, struct au_err *err);

#endif
