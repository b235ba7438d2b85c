/* SPDX-License-Identifier: ISC */
/* What came of an operation, for Bulk responses and for asynchronous requests. */
#include "scim/async.h"
#include "scim/change.h"

#include <stdio.h>

static void
put_member(struct au_str *out, const char *name, const char *text)
{
	if (text == NULL)
		return;
	au_str_printf(out, "%s\"%s\":", out->len > 1 ? "," : "", name);
	au_str_json(out, text);
}

/* Everything has a location but what was not created (RFC 7644 section 3.7). */
static const char *
location(struct au_request *part, const char *method, bool failed)
{
	if (part->type == NULL || part->id == NULL || (failed && au_streq(method, "POST")))
		return NULL;
	return au_request_location(part, part->type, part->id);
}

char *
au_outcome_text(struct au_request *part, const char *method, const char *bulk_id, bool failed)
{
	struct au_str out = AU_STR_INIT;
	int status = failed ? au_fault_status(part->fault.kind) : part->reply.status;
	char text[16];

	snprintf(text, sizeof text, "%d", status);
	au_str_putc(&out, '{');
	put_member(&out, "method", method);
	put_member(&out, "bulkId", bulk_id);
	put_member(&out, "location", location(part, method, failed));
	if (!failed && part->reply.etag[0] != '\0')
		put_member(&out, "version", part->reply.etag);
	put_member(&out, "status", text);
	if (failed) {
		au_str_put(&out, ",\"response\":");
		au_fault_body(&out, status, au_fault_keyword(part->fault.kind), part->fault.detail);
	}
	au_str_putc(&out, '}');
	return au_str_take(&out);
}
