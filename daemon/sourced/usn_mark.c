/* SPDX-License-Identifier: ISC */
/* USNs are numbers of 64 bits that begin at 1 and never reach the sign. */
#include "sourced/usn_mark.h"

#include "base/mem.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DIGITS "0123456789"

char *
au_usn_mark_text(const struct au_usn_mark *mark)
{
	return au_xasprintf("%llu@%s", (unsigned long long)mark->usn, mark->database);
}

/* So many bytes of digits at the beginning of a text as a number. */
static bool
read_number(const char *text, size_t len, uint64_t *ret)
{
	errno = 0;
	if (len == 0 || strspn(text, DIGITS) != len)
		return false;
	unsigned long long number = strtoull(text, NULL, 10);
	if (errno != 0 || number > INT64_MAX)
		return false;
	*ret = number;
	return true;
}

bool
au_usn_parse(const char *text, uint64_t *ret)
{
	return read_number(text, strlen(text), ret);
}

bool
au_usn_mark_parse(const char *text, struct au_usn_mark *ret)
{
	const char *at = strchr(text, '@');
	struct au_usn_mark mark;

	if (at == NULL || at[1] == '\0' || strlen(at + 1) > AU_USN_DATABASE ||
	    !read_number(text, (size_t)(at - text), &mark.usn))
		return false;
	memcpy(mark.database, at + 1, strlen(at + 1) + 1);
	*ret = mark;
	return true;
}

enum au_usn_course
au_usn_course(const struct au_usn_mark *before, const struct au_usn_mark *now)
{
	if (strcmp(before->database, now->database) != 0)
		return AU_USN_OTHER;
	return now->usn < before->usn ? AU_USN_BACK : AU_USN_ON;
}

struct au_fault *
au_usn_back_fault(const struct au_usn_mark *before, const struct au_usn_mark *now, struct au_fault *fault)
{
	return au_fault_set(fault, AU_FAULT_RELOAD,
	    "the domain controller went back in time, from change %llu to %llu: was it restored from a backup?",
	    (unsigned long long)before->usn, (unsigned long long)now->usn);
}
