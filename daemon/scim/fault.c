/* SPDX-License-Identifier: ISC */
/* One row per kind of fault; everything else follows from the row. */
#include "scim/fault.h"

#include "base/mem.h"

#include <stdio.h>

static const struct {
	int status;
	const char *keyword;
} rows[] = {
	[AU_FAULT_NONE] = { 500, NULL },
	[AU_FAULT_INVALID_FILTER] = { 400, "invalidFilter" },
	[AU_FAULT_TOO_MANY] = { 400, "tooMany" },
	[AU_FAULT_UNIQUENESS] = { 409, "uniqueness" },
	[AU_FAULT_MUTABILITY] = { 400, "mutability" },
	[AU_FAULT_INVALID_SYNTAX] = { 400, "invalidSyntax" },
	[AU_FAULT_INVALID_PATH] = { 400, "invalidPath" },
	[AU_FAULT_NO_TARGET] = { 400, "noTarget" },
	[AU_FAULT_INVALID_VALUE] = { 400, "invalidValue" },
	[AU_FAULT_INVALID_CURSOR] = { 400, "invalidCursor" },
	[AU_FAULT_EXPIRED_CURSOR] = { 400, "expiredCursor" },
	[AU_FAULT_INVALID_COUNT] = { 400, "invalidCount" },
	[AU_FAULT_UNAUTHORIZED] = { 401, NULL },
	[AU_FAULT_FORBIDDEN] = { 403, NULL },
	[AU_FAULT_NOT_FOUND] = { 404, NULL },
	[AU_FAULT_METHOD] = { 405, NULL },
	[AU_FAULT_CONFLICT] = { 409, NULL },
	[AU_FAULT_PRECONDITION] = { 412, NULL },
	[AU_FAULT_TOO_LARGE] = { 413, NULL },
	[AU_FAULT_MEDIA_TYPE] = { 415, NULL },
	[AU_FAULT_THROTTLED] = { 429, NULL },
	[AU_FAULT_INTERNAL] = { 500, NULL },
	[AU_FAULT_UNSUPPORTED] = { 501, NULL },
	[AU_FAULT_UNAVAILABLE] = { 503, NULL },
};

#undef au_fault_set
int
au_fault_set(struct au_fault *fault, enum au_fault_kind kind, const char *fmt, ...)
{
	va_list ap;

	fault->kind = kind;
	va_start(ap, fmt);
	vsnprintf(fault->detail, sizeof fault->detail, fmt, ap);
	va_end(ap);
	return AU_EINVAL;
}

int
au_fault_status(enum au_fault_kind kind)
{
	return (size_t)kind < AU_COUNT(rows) ? rows[kind].status : 500;
}

const char *
au_fault_keyword(enum au_fault_kind kind)
{
	return (size_t)kind < AU_COUNT(rows) ? rows[kind].keyword : NULL;
}

void
au_fault_body(struct au_str *out, int status, const char *keyword, const char *detail)
{
	/* The status is a string on purpose (RFC 7644 section 3.12). */
	au_str_printf(out, "{\"schemas\":[\"urn:ietf:params:scim:api:messages:2.0:Error\"],\"status\":\"%d\"", status);
	if (keyword != NULL)
		au_str_printf(out, ",\"scimType\":\"%s\"", keyword);
	if (!au_str_empty(detail)) {
		au_str_put(out, ",\"detail\":");
		au_str_json(out, detail);
	}
	au_str_putc(out, '}');
}
