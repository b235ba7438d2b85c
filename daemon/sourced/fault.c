/* SPDX-License-Identifier: ISC */
/* One row per LDAP result code that is known to mean something particular; all others are trouble in reaching it. */
#include "sourced/fault.h"

#include "base/mem.h"
#include "base/str.h"

#include <ldap.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct row {
	int code;
	enum au_fault_kind kind;
	bool fail_over;
};

static const struct row rows[] = {
	{ LDAP_SYNC_REFRESH_REQUIRED, AU_FAULT_RELOAD, false },
	{ LDAP_TIMELIMIT_EXCEEDED, AU_FAULT_PARTIAL, false },
	{ LDAP_SIZELIMIT_EXCEEDED, AU_FAULT_PARTIAL, false },
	{ LDAP_ADMINLIMIT_EXCEEDED, AU_FAULT_PARTIAL, false },
	{ LDAP_REFERRAL, AU_FAULT_PARTIAL, false },
	{ LDAP_PARTIAL_RESULTS, AU_FAULT_PARTIAL, false },
	{ LDAP_INVALID_CREDENTIALS, AU_FAULT_LOGIN, false },
	{ LDAP_STRONG_AUTH_NOT_SUPPORTED, AU_FAULT_SETUP, false },
	{ LDAP_STRONG_AUTH_REQUIRED, AU_FAULT_SETUP, false },
	{ LDAP_UNAVAILABLE_CRITICAL_EXTENSION, AU_FAULT_SETUP, false },
	{ LDAP_CONFIDENTIALITY_REQUIRED, AU_FAULT_SETUP, false },
	{ LDAP_INAPPROPRIATE_AUTH, AU_FAULT_SETUP, false },
	{ LDAP_INAPPROPRIATE_MATCHING, AU_FAULT_SETUP, false },
	{ LDAP_INSUFFICIENT_ACCESS, AU_FAULT_SETUP, false },
	{ LDAP_NO_SUCH_OBJECT, AU_FAULT_SETUP, false },
	{ LDAP_INVALID_DN_SYNTAX, AU_FAULT_SETUP, false },
	{ LDAP_UNWILLING_TO_PERFORM, AU_FAULT_SETUP, false },
	{ LDAP_FILTER_ERROR, AU_FAULT_SETUP, false },
};

static const struct row elsewhere = { 0, AU_FAULT_REACH, true };

static const struct row *
find(int code)
{
	for (size_t i = 0; i < AU_COUNT(rows); i++)
		if (rows[i].code == code)
			return &rows[i];
	return &elsewhere;
}

struct au_fault *
au_fault_set(struct au_fault *fault, enum au_fault_kind kind, const char *fmt, ...)
{
	va_list ap;

	fault->kind = kind;
	fault->code = 0;
	fault->fail_over = kind == AU_FAULT_REACH;
	va_start(ap, fmt);
	vsnprintf(fault->text, sizeof(fault->text), fmt, ap);
	va_end(ap);
	return fault;
}

struct au_fault *
au_fault_from_code(struct au_fault *fault, int code, const char *doing, const char *detail)
{
	const struct row *row = find(code);
	struct au_str seen = AU_STR_INIT;

	if (!au_str_empty(detail))
		au_str_visible(&seen, detail, strlen(detail));
	au_fault_set(fault, row->kind, "%s: %s (%d)%s%s", doing, ldap_err2string(code), code, seen.len > 0 ? ": " : "",
	    au_str_get(&seen));
	fault->code = code;
	fault->fail_over = row->fail_over;
	au_str_done(&seen);
	return fault;
}

void
au_fault_count(struct au_fault *fault, unsigned times)
{
	size_t len = strlen(fault->text);

	snprintf(fault->text + len, sizeof(fault->text) - len, "; %u times in a row", times);
}
