/* SPDX-License-Identifier: ISC */
/*
 * A request head has one reading here or none.  Every leniency that RFC 9112
 * allows a server is declined, since a proxy in front may read it otherwise
 * and the rest of the bytes would become somebody else's request.
 */
#include "http/head.h"

#include "base/mem.h"
#include "base/str.h"
#include "http/grammar.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

int
au_http_head_end(const char *data, size_t len, size_t *scanned, size_t *ret_len, struct au_err *err)
{
	size_t i;

	for (i = *scanned; i < len; i++) {
		unsigned char c;

		if (i > 0 && data[i - 1] != '\r')
			i += au_http_plain_span(data + i, len - i); /* nearly all of it */
		if (i == len)
			break;
		c = (unsigned char)data[i];
		if (i > 0 && (data[i - 1] == '\r') != (c == '\n'))
			return au_http_refuse(err, 400, "a line of the head does not end with CR LF");
		if (c == '\n' && i >= 3 && data[i - 2] == '\n') {
			*ret_len = i + 1;
			*scanned = i + 1;
			return 1;
		}
		if ((c < 0x20 && c != '\r' && c != '\n' && c != '\t') || c == 0x7f)
			return au_http_refuse(err, 400, "control character in the head");
		if (i == 0 && !au_http_is_token_char(c))
			return au_http_refuse(err, 400, "request line: expected a method");
	}
	*scanned = len;
	return 0;
}

/* ---- request line ---- */

static int
parse_version(const char *version, struct au_http_head *head, struct au_err *err)
{
	/* A later minor version is spoken as the latest one that we know (RFC 9110 section 2.5). */
	if (strncmp(version, "HTTP/1.", 7) == 0 && version[7] >= '0' && version[7] <= '9' && version[8] == '\0')
		head->minor = version[7] > '0';
	else if (strncmp(version, "HTTP/", 5) == 0 && strlen(version) == 8 && version[6] == '.' &&
		 strspn(version + 5, "0123456789.") == 3)
		return au_http_refuse(err, 505, "only HTTP/1.1 and HTTP/1.0 are spoken here");
	else
		return au_http_refuse(err, 400, "request line: expected METHOD TARGET HTTP/1.1");
	return 0;
}

/* Absolute form (RFC 9112 section 3.2.2), which a client may send to a server too: cut it into authority and path, in
 * place.  The authority is moved over the slashes before it to make room for a slash behind it. */
static int
parse_absolute(char **target, const char **ret_authority, struct au_err *err)
{
	static const char *const schemes[] = { "http://", "https://" };
	size_t i, len;

	for (i = 0; i < AU_COUNT(schemes); i++) {
		char *authority = *target + strlen(schemes[i]);

		if (strncasecmp(*target, schemes[i], strlen(schemes[i])) != 0)
			continue;
		len = strcspn(authority, "/?");
		if (len == 0)
			break;
		*ret_authority = memmove(authority - 2, authority, len);
		(authority - 2)[len] = '\0';
		*target = authority + len;
		if (**target != '/')
			*--*target = '/';
		return 0;
	}
	return au_http_refuse(err, 400, "request target: expected a path that begins with '/', or an http URL");
}

static int
parse_target(char *target, struct au_http_head *head, struct au_err *err)
{
	const char *c;
	int rc;

	for (c = target; *c != '\0'; c++)
		if ((unsigned char)*c <= 0x20 || (unsigned char)*c >= 0x7f || *c == '#')
			return au_http_refuse(err, 400, "request target: character that must be percent-encoded");
	if (target[0] != '/' && (rc = parse_absolute(&target, &head->authority, err)) < 0)
		return rc;
	head->target = target;
	return 0;
}

static int
parse_request_line(char *line, struct au_http_head *head, struct au_err *err)
{
	char *target = strchr(line, ' ');
	char *version = target != NULL ? strchr(target + 1, ' ') : NULL;
	int rc;

	if (version == NULL)
		return au_http_refuse(err, 400, "request line: expected METHOD TARGET HTTP/1.1");
	*target++ = '\0';
	*version++ = '\0';
	if (!au_http_is_token(line))
		return au_http_refuse(err, 400, "request line: the method is not a token");
	if ((rc = parse_version(version, head, err)) < 0 || (rc = parse_target(target, head, err)) < 0)
		return rc;
	head->method = line;
	return 0;
}

/* ---- fields that the server itself reads ---- */

/* Whether a comma-separated list of tokens holds word. */
static bool
list_has(const char *list, const char *word)
{
	size_t len = strlen(word);

	while (*list != '\0') {
		size_t part;

		list += strspn(list, ", \t");
		part = strcspn(list, ", \t");
		if (part == len && strncasecmp(list, word, len) == 0)
			return true;
		list += part;
	}
	return false;
}

static int
read_content_length(const char *value, struct au_http_head *head, struct au_err *err)
{
	size_t len = strlen(value);

	if (len == 0 || strspn(value, "0123456789") != len)
		return au_http_refuse(err, 400, "Content-Length: expected digits");
	if (len > 18)
		return au_http_refuse(err, 413, "Content-Length: too large");
	head->content_length = strtoll(value, NULL, 10);
	return 0;
}

static int
read_transfer_encoding(const char *value, struct au_http_head *head, struct au_err *err)
{
	if (!au_strcaseeq(value, "chunked"))
		return au_http_refuse(err, 501, "Transfer-Encoding: only 'chunked' is understood");
	head->chunked = true;
	return 0;
}

static int
read_host(const char *value, struct au_http_head *head, struct au_err *err)
{
	if (!au_http_is_host(value))
		return au_http_refuse(err, 400, "Host: expected a host name and perhaps a port");
	head->host = value;
	return 0;
}

static int
read_expect(const char *value, struct au_http_head *head, struct au_err *err)
{
	if (!au_strcaseeq(value, "100-continue"))
		return au_http_refuse(err, 417, "Expect: only '100-continue' is understood");
	head->expect_continue = true;
	return 0;
}

static int
read_connection(const char *value, struct au_http_head *head, struct au_err *err)
{
	(void)err;
	if (list_has(value, "close"))
		head->keep_alive = false;
	return 0;
}

enum field_bit { HAS_LENGTH = 1, HAS_CODING = 2, HAS_HOST = 4, HAS_AUTHORIZATION = 8, HAS_TYPE = 16, HAS_EXPECT = 32 };

static const struct field_rule {
	const char *name;
	unsigned once; /* bit of a field that may stand only once; 0 = a list */
	int (*read)(const char *value, struct au_http_head *head, struct au_err *err);
} field_rules[] = {
	{ "Content-Length", HAS_LENGTH, read_content_length },
	{ "Transfer-Encoding", HAS_CODING, read_transfer_encoding },
	{ "Host", HAS_HOST, read_host },
	{ "Authorization", HAS_AUTHORIZATION, NULL },
	{ "Content-Type", HAS_TYPE, NULL },
	{ "Expect", HAS_EXPECT, read_expect },
	{ "Connection", 0, read_connection },
};

static int
apply_rule(const struct au_http_field *field, unsigned *seen, struct au_http_head *head, struct au_err *err)
{
	size_t i;

	for (i = 0; i < AU_COUNT(field_rules); i++) {
		const struct field_rule *rule = &field_rules[i];

		if (!au_strcaseeq(field->name, rule->name))
			continue;
		if ((*seen & rule->once) != 0)
			return au_http_refuse(err, 400, "a field that may stand only once is repeated");
		*seen |= rule->once;
		return rule->read != NULL ? rule->read(field->value, head, err) : 0;
	}
	return 0;
}

/* What can only be judged when every field is known (RFC 9112 sections 3.2 and 6.3). */
static int
check_framing(unsigned seen, const struct au_http_head *head, struct au_err *err)
{
	if ((seen & HAS_LENGTH) != 0 && (seen & HAS_CODING) != 0)
		return au_http_refuse(err, 400, "both Content-Length and Transfer-Encoding");
	if (head->minor == 0 && (seen & HAS_CODING) != 0)
		return au_http_refuse(err, 400, "Transfer-Encoding in an HTTP/1.0 request");
	if (head->minor == 1 && (seen & HAS_HOST) == 0)
		return au_http_refuse(err, 400, "HTTP/1.1 without Host");
	/* A server would have to go by the target (RFC 9112 section 3.2.2), and somebody else by Host. */
	if (head->authority != NULL && head->host != NULL && !au_strcaseeq(head->authority, head->host))
		return au_http_refuse(err, 400, "the request target and Host name different hosts");
	if (head->authority != NULL && !au_http_is_host(head->authority))
		return au_http_refuse(err, 400, "request target: expected a host name and perhaps a port");
	return 0;
}

static int
parse_field(char *line, struct au_http_field *ret, struct au_err *err)
{
	char *colon = strchr(line, ':'), *value, *end;

	if (colon == NULL)
		return au_http_refuse(err, 400, "a line of the head has no colon");
	*colon = '\0';
	if (!au_http_is_token(line))
		return au_http_refuse(err, 400, "a field name is not a token");
	value = colon + 1 + strspn(colon + 1, " \t");
	for (end = value + strlen(value); end > value && (end[-1] == ' ' || end[-1] == '\t'); end--)
		;
	*end = '\0';
	if (!au_http_is_field_value(value))
		return au_http_refuse(err, 400, "control character in a field value");
	ret->name = line;
	ret->value = value;
	return 0;
}

/* Cut the line at *cursor off, without its CRLF; NULL when its end is not CRLF or a NUL hides in it. */
static char *
next_line(char **cursor, char *end)
{
	char *line = *cursor;
	char *lf = memchr(line, '\n', (size_t)(end - line));

	if (lf == NULL || lf == line || lf[-1] != '\r')
		return NULL;
	lf[-1] = '\0';
	*cursor = lf + 1;
	if (strlen(line) != (size_t)(lf - 1 - line) || strchr(line, '\r') != NULL)
		return NULL;
	return line;
}

int
au_http_head_parse(char *data, size_t len, struct au_http_field *fields, size_t max_fields, struct au_http_head *ret,
    struct au_err *err)
{
	struct au_http_head head = { .content_length = -1, .fields = fields };
	char *cursor = data, *end = data + len, *line;
	unsigned seen = 0;
	int rc;

	if ((line = next_line(&cursor, end)) == NULL)
		return au_http_refuse(err, 400, "request line: expected METHOD TARGET HTTP/1.1");
	if ((rc = parse_request_line(line, &head, err)) < 0)
		return rc;
	head.keep_alive = head.minor == 1;
	for (;;) {
		struct au_http_field field = { NULL, NULL };

		if ((line = next_line(&cursor, end)) == NULL)
			return au_http_refuse(err, 400, "a line of the head does not end with CR LF");
		if (*line == '\0')
			break;
		if (head.field_count == max_fields)
			return au_http_refuse(err, 431, "too many header fields");
		if ((rc = parse_field(line, &field, err)) < 0 || (rc = apply_rule(&field, &seen, &head, err)) < 0)
			return rc;
		fields[head.field_count++] = field;
	}
	if (cursor != end)
		return au_http_refuse(err, 400, "octets behind the head");
	if ((rc = check_framing(seen, &head, err)) < 0)
		return rc;
	*ret = head;
	return 0;
}
