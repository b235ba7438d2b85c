/* SPDX-License-Identifier: ISC */
/*
 * An answer is laid into one contiguous piece, so that it leaves with one
 * write and, under TLS, in one record.
 */
#include "http/answer.h"

#include "base/mem.h"
#include "base/str.h"

#include <string.h>
#include <time.h>

#define HEAD_ROOM 512 /* of nearly every answer */

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
	static const char days[] = "SunMonTueWedThuFriSat";
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	char text[] = "Date: Sun, 00 Jan 0000 00:00:00 GMT\r\n";
	time_t seconds = (time_t)(wall_ms / 1000);
	struct tm tm;

	if (gmtime_r(&seconds, &tm) == NULL)
		return;
	memcpy(text + 6, days + 3 * (size_t)tm.tm_wday, 3);
	au_put_digits(text + 11, (unsigned)tm.tm_mday, 2);
	memcpy(text + 14, months + 3 * (size_t)tm.tm_mon, 3);
	au_put_digits(text + 18, (unsigned)tm.tm_year + 1900, 4);
	au_put_digits(text + 23, (unsigned)tm.tm_hour, 2);
	au_put_digits(text + 26, (unsigned)tm.tm_min, 2);
	au_put_digits(text + 29, (unsigned)tm.tm_sec, 2);
	au_str_putn(out, text, sizeof(text) - 1);
}

static void
put_field(struct au_str *out, const char *name, const char *value)
{
	au_str_put(out, name);
	au_str_put(out, value);
	au_str_put(out, "\r\n");
}

static void
put_head(struct au_str *out, const struct au_http_answer *answer, int64_t wall_ms, bool has_body)
{
	au_str_put(out, "HTTP/1.1 ");
	au_str_num(out, answer->status);
	put_field(out, " ", au_http_reason(answer->status));
	put_date(out, wall_ms);
	if (answer->server_name != NULL)
		put_field(out, "Server: ", answer->server_name);
	if (!au_str_empty(answer->request_id))
		put_field(out, "X-Request-Id: ", answer->request_id);
	if (answer->content_type != NULL && has_body)
		put_field(out, "Content-Type: ", answer->content_type);
	if (has_body) {
		au_str_put(out, "Content-Length: ");
		au_str_num(out, (long long)answer->len);
		au_str_put(out, "\r\n");
	}
	if (answer->fields != NULL)
		au_str_put(out, answer->fields);
	au_str_put(out, answer->close ? "Connection: close\r\n\r\n" : "\r\n");
}

void
au_http_answer_build(const struct au_http_answer *answer, int64_t wall_ms, struct au_str *out)
{
	bool has_body = answer->status != 204 && answer->status != 304;
	size_t len = has_body && !answer->head_only ? answer->len : 0;

	au_str_room(out, HEAD_ROOM + len);
	put_head(out, answer, wall_ms, has_body);
	/* Growing would leave a copy behind, so a long head grows before the body comes. */
	au_str_room(out, len);
	au_str_putn(out, answer->body, len);
}
