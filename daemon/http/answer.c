/* SPDX-License-Identifier: ISC */
/*
 * An answer is laid into one contiguous piece, so that it leaves with one
 * write and, under TLS, in one record.  Only a secret body is apart, in memory
 * that is wiped when the last octet has been handed to the kernel.
 */
#include "http/answer.h"

#include "base/mem.h"
#include "base/secret.h"
#include "base/str.h"

#include <event2/buffer.h>
#include <string.h>
#include <time.h>

static const struct reason {
	int status;
	const char *text;
} reasons[] = {
	{ 200, "OK" },
	{ 201, "Created" },
	{ 202, "Accepted" },
	{ 204, "No Content" },
	{ 304, "Not Modified" },
	{ 307, "Temporary Redirect" },
	{ 308, "Permanent Redirect" },
	{ 400, "Bad Request" },
	{ 401, "Unauthorized" },
	{ 403, "Forbidden" },
	{ 404, "Not Found" },
	{ 405, "Method Not Allowed" },
	{ 408, "Request Timeout" },
	{ 409, "Conflict" },
	{ 410, "Gone" },
	{ 412, "Precondition Failed" },
	{ 413, "Content Too Large" },
	{ 415, "Unsupported Media Type" },
	{ 417, "Expectation Failed" },
	{ 428, "Precondition Required" },
	{ 429, "Too Many Requests" },
	{ 431, "Request Header Fields Too Large" },
	{ 500, "Internal Server Error" },
	{ 501, "Not Implemented" },
	{ 503, "Service Unavailable" },
	{ 504, "Gateway Timeout" },
	{ 505, "HTTP Version Not Supported" },
};

const char *
au_http_reason(int status)
{
	size_t i;

	for (i = 0; i < AU_COUNT(reasons); i++)
		if (reasons[i].status == status)
			return reasons[i].text;
	return "Unknown";
}

/* IMF-fixdate (RFC 9110 section 5.6.7); strftime would follow the locale. */
static void
put_date(struct au_str *out, int64_t wall_ms)
{
	static const char days[][4] = { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat" };
	static const char months[][4] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov",
		"Dec" };
	time_t seconds = (time_t)(wall_ms / 1000);
	struct tm tm;

	if (gmtime_r(&seconds, &tm) == NULL)
		return;
	au_str_printf(out, "Date: %s, %02d %s %04d %02d:%02d:%02d GMT\r\n", days[tm.tm_wday], tm.tm_mday,
	    months[tm.tm_mon], tm.tm_year + 1900, tm.tm_hour, tm.tm_min, tm.tm_sec);
}

static void
put_head(struct au_str *out, const struct au_http_answer *answer, int64_t wall_ms, bool has_body)
{
	au_str_printf(out, "HTTP/1.1 %d %s\r\n", answer->status, au_http_reason(answer->status));
	put_date(out, wall_ms);
	if (answer->server_name != NULL)
		au_str_printf(out, "Server: %s\r\n", answer->server_name);
	if (answer->content_type != NULL && has_body)
		au_str_printf(out, "Content-Type: %s\r\n", answer->content_type);
	if (has_body)
		au_str_printf(out, "Content-Length: %zu\r\n", answer->len);
	if (answer->fields != NULL)
		au_str_put(out, answer->fields);
	au_str_put(out, answer->close ? "Connection: close\r\n\r\n" : "\r\n");
}

static void
wipe_body(const void *data, size_t len, void *ctx)
{
	(void)data;
	au_wipe(ctx, len);
	free(ctx);
}

static void
put_secret(struct evbuffer *out, const char *body, size_t len)
{
	char *copy = au_xmalloc(len);

	memcpy(copy, body, len);
	if (evbuffer_add_reference(out, copy, len, wipe_body, copy) < 0)
		wipe_body(copy, len, copy);
}

void
au_http_answer_build(const struct au_http_answer *answer, int64_t wall_ms, struct evbuffer *out)
{
	bool has_body = answer->status != 204 && answer->status != 304;
	size_t len = has_body && !answer->head_only ? answer->len : 0;
	AU_CLEANUP(au_str_done) struct au_str head = AU_STR_INIT;

	put_head(&head, answer, wall_ms, has_body);
	evbuffer_expand(out, head.len + (answer->secret ? 0 : len));
	evbuffer_add(out, head.data, head.len);
	if (len > 0 && answer->secret)
		put_secret(out, answer->body, len);
	else if (len > 0)
		evbuffer_add(out, answer->body, len);
}
