/* SPDX-License-Identifier: ISC */
/* The head parser by tables: what it takes, and every way of being ambiguous that it must not take. */
#include "base/mem.h"
#include "http/head.h"
#include "tests/unit.h"

#include <string.h>

#define START "GET / HTTP/1.1\r\nHost: a\r\n"

struct parsed {
	char data[2048];
	struct au_http_field fields[8];
	struct au_http_head head;
	struct au_err err;
};

static int
parse_octets(struct parsed *p, const char *text, size_t len)
{
	memset(p, 0, sizeof(*p));
	assert_true(len < sizeof(p->data));
	memcpy(p->data, text, len);
	return au_http_head_parse(p->data, len, p->fields, AU_COUNT(p->fields), &p->head, &p->err);
}

static void
ambiguous_or_malformed_heads_are_refused(void **state)
{
	static const struct {
		const char *what;
		const char *text;
		size_t len; /* 0 = strlen */
		int status;
	} rows[] = {
		{ "two Content-Length that differ", START "Content-Length: 4\r\nContent-Length: 5\r\n\r\n", 0, 400 },
		{ "two Content-Length alike", START "Content-Length: 4\r\nContent-Length: 4\r\n\r\n", 0, 400 },
		{ "a list of lengths", START "Content-Length: 4, 4\r\n\r\n", 0, 400 },
		{ "blank before the colon", START "Content-Length : 41\r\n\r\n", 0, 400 },
		{ "tab before the colon", START "Content-Length\t: 41\r\n\r\n", 0, 400 },
		{ "length and coding", START "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n", 0, 400 },
		{ "coding and length", START "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n", 0, 400 },
		{ "two codings", START "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n", 0, 400 },
		{ "coding gzip, chunked", START "Transfer-Encoding: gzip, chunked\r\n\r\n", 0, 501 },
		{ "coding xchunked", START "Transfer-Encoding: xchunked\r\n\r\n", 0, 501 },
		{ "coding identity", START "Transfer-Encoding: identity\r\n\r\n", 0, 501 },
		{ "empty coding", START "Transfer-Encoding:\r\n\r\n", 0, 501 },
		{ "coding with a vertical tab", START "Transfer-Encoding: \vchunked\r\n\r\n", 0, 400 },
		{ "coding in HTTP/1.0", "GET / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", 0, 400 },
		{ "length with a plus sign", START "Content-Length: +5\r\n\r\n", 0, 400 },
		{ "length with a minus sign", START "Content-Length: -5\r\n\r\n", 0, 400 },
		{ "hexadecimal length", START "Content-Length: 0x5\r\n\r\n", 0, 400 },
		{ "length with letters", START "Content-Length: 5abc\r\n\r\n", 0, 400 },
		{ "length of two words", START "Content-Length: 5 5\r\n\r\n", 0, 400 },
		{ "empty length", START "Content-Length: \r\n\r\n", 0, 400 },
		{ "length 2^63", START "Content-Length: 9223372036854775808\r\n\r\n", 0, 413 },
		{ "empty field name", START ": x\r\n\r\n", 0, 400 },
		{ "line without a colon", START "nonsense\r\n\r\n", 0, 400 },
		{ "field name with a blank", START "X Y: z\r\n\r\n", 0, 400 },
		{ "field name with brackets", START "X(Y): z\r\n\r\n", 0, 400 },
		{ "NUL in a value", START "Authorization: Bearer good\0evil\r\n\r\n", sizeof(START) - 1 + 35, 400 },
		{ "NUL in the target", "GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n", 28, 400 },
		{ "ESC in a value", START "X: \x1b[2J\r\n\r\n", 0, 400 },
		{ "DEL in a value", START "X: \x7f\r\n\r\n", 0, 400 },
		{ "two Authorization", START "Authorization: Bearer a\r\nauthorization: Bearer b\r\n\r\n", 0, 400 },
		{ "two Host", START "Host: b\r\n\r\n", 0, 400 },
		{ "two Content-Type", START "Content-Type: a/b\r\nContent-Type: a/c\r\n\r\n", 0, 400 },
		{ "no Host", "GET / HTTP/1.1\r\nX: y\r\n\r\n", 0, 400 },
		{ "Host with a path", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", 0, 400 },
		{ "Host list", "GET / HTTP/1.1\r\nHost: a, b\r\n\r\n", 0, 400 },
		{ "Host with user", "GET / HTTP/1.1\r\nHost: u@a\r\n\r\n", 0, 400 },
		{ "bare LF behind a field", "GET / HTTP/1.1\r\nHost: a\n\r\n", 0, 400 },
		{ "bare LF behind the request line", "GET / HTTP/1.1\nHost: a\r\n\r\n", 0, 400 },
		{ "bare LF everywhere", "GET / HTTP/1.1\nHost: a\n\n", 0, 400 },
		{ "bare CR in a value", START "X: a\rY: b\r\n\r\n", 0, 400 },
		{ "CR CR LF", START "X: a\r\r\n\r\n", 0, 400 },
		{ "folded line with a blank", START "X: a\r\n b\r\n\r\n", 0, 400 },
		{ "folded line with a tab", START "X: a\r\n\tb\r\n\r\n", 0, 400 },
		{ "folded first line", "GET / HTTP/1.1\r\n Host: a\r\n\r\n", 0, 400 },
		{ "absolute form for another host", "GET http://b/ HTTP/1.1\r\nHost: a\r\n\r\n", 0, 400 },
		{ "absolute form for another port", "GET http://a:81/ HTTP/1.1\r\nHost: a\r\n\r\n", 0, 400 },
		{ "absolute form without host", "GET http:///x HTTP/1.1\r\nHost: \r\n\r\n", 0, 400 },
		{ "absolute form with user", "GET http://u@a/ HTTP/1.0\r\n\r\n", 0, 400 },
		{ "absolute form of another scheme", "GET ftp://a/ HTTP/1.1\r\nHost: a\r\n\r\n", 0, 400 },
		{ "absolute form with a fragment", "GET http://a/#x HTTP/1.1\r\nHost: a\r\n\r\n", 0, 400 },
		{ "authority form", "CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n", 0, 400 },
		{ "asterisk form", "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", 0, 400 },
		{ "fragment", "GET /#x HTTP/1.1\r\nHost: a\r\n\r\n", 0, 400 },
		{ "target beyond ASCII", "GET /\xc3\xa4 HTTP/1.1\r\nHost: a\r\n\r\n", 0, 400 },
		{ "blank in the target", "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n", 0, 400 },
		{ "two blanks", "GET  / HTTP/1.1\r\nHost: a\r\n\r\n", 0, 400 },
		{ "tab instead of blank", "GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n", 0, 400 },
		{ "blank behind the version", "GET / HTTP/1.1 \r\nHost: a\r\n\r\n", 0, 400 },
		{ "no version", "GET /\r\nHost: a\r\n\r\n", 0, 400 },
		{ "empty method", " / HTTP/1.1\r\nHost: a\r\n\r\n", 0, 400 },
		{ "method that is no token", "G(T / HTTP/1.1\r\nHost: a\r\n\r\n", 0, 400 },
		{ "lower-case version", "GET / http/1.1\r\nHost: a\r\n\r\n", 0, 400 },
		{ "version with two digits", "GET / HTTP/1.10\r\nHost: a\r\n\r\n", 0, 400 },
		{ "HTTP/2.0", "GET / HTTP/2.0\r\nHost: a\r\n\r\n", 0, 505 },
		{ "HTTP/0.9", "GET / HTTP/0.9\r\nHost: a\r\n\r\n", 0, 505 },
		{ "unknown expectation", START "Expect: tea\r\n\r\n", 0, 417 },
		{ "nine fields where eight fit",
		    "GET / HTTP/1.1\r\nHost: a\r\nA: 1\r\nB: 1\r\nC: 1\r\nD: 1\r\nE: 1\r\nF: 1\r\nG: 1\r\nH: 1\r\n\r\n",
		    0, 431 },
		{ "no empty line", START, 0, 400 },
		{ "octets behind", START "\r\nGET", 0, 400 },
		{ "nothing", "", 0, 400 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < AU_COUNT(rows); i++) {
		struct parsed p;
		int rc = parse_octets(&p, rows[i].text, rows[i].len > 0 ? rows[i].len : strlen(rows[i].text));

		if (rc >= 0 || p.err.http_status != rows[i].status)
			fail_msg("%s: rc %d, status %d", rows[i].what, rc, p.err.http_status);
		assert_int_equal(rc, rows[i].status == 431 || rows[i].status == 413 ? AU_ELIMIT : AU_EINVAL);
		assert_null(p.head.method);
	}
}

static void
whole_head_is_cut_into_its_parts(void **state)
{
	static const char text[] =
	    "PATCH /v2/Users/a%20b?x=1&y HTTP/1.1\r\nHost: [::1]:8080\r\nContent-Length: 0042\r\n"
	    "If-Match:W/\"1\" \t\r\nX-Empty:\r\nX-Text: \xc3\xa4 b\r\nExpect: 100-Continue\r\n\r\n";
	struct parsed p;

	(void)state;
	assert_int_equal(parse_octets(&p, text, sizeof(text) - 1), 0);
	assert_string_equal(p.head.method, "PATCH");
	assert_string_equal(p.head.target, "/v2/Users/a%20b?x=1&y");
	assert_int_equal(p.head.minor, 1);
	assert_int_equal(p.head.field_count, 6);
	assert_string_equal(p.head.fields[0].value, "[::1]:8080");
	assert_string_equal(p.head.fields[2].name, "If-Match");
	assert_string_equal(p.head.fields[2].value, "W/\"1\"");
	assert_string_equal(p.head.fields[3].value, "");
	assert_string_equal(p.head.fields[4].value, "\xc3\xa4 b");
	assert_int_equal(p.head.content_length, 42);
	assert_true(p.head.keep_alive);
	assert_true(p.head.expect_continue);
	assert_false(p.head.chunked);
}

static void
absolute_form_is_cut_to_its_path(void **state)
{
	static const struct {
		const char *text, *target;
	} rows[] = {
		{ "GET http://a/v2/Users?x=1 HTTP/1.1\r\nHost: a\r\n\r\n", "/v2/Users?x=1" },
		{ "GET HTTPS://A.Example:8443/ HTTP/1.1\r\nHost: a.example:8443\r\n\r\n", "/" },
		{ "GET http://[::1]:80 HTTP/1.1\r\nHost: [::1]:80\r\n\r\n", "/" },
		{ "GET http://a?x=/y HTTP/1.1\r\nHost: a\r\n\r\n", "/?x=/y" },
		{ "GET http://a HTTP/1.0\r\n\r\n", "/" },
		{ "GET /http://b/ HTTP/1.1\r\nHost: a\r\n\r\n", "/http://b/" },
		{ "GET //b/x HTTP/1.1\r\nHost: a\r\n\r\n", "//b/x" },
	};

	(void)state;
	for (size_t i = 0; i < AU_COUNT(rows); i++) {
		struct parsed p;

		if (parse_octets(&p, rows[i].text, strlen(rows[i].text)) < 0)
			fail_msg("row %zu: %s", i, p.err.text);
		assert_string_equal(p.head.target, rows[i].target);
	}
}

static void
connection_and_coding_decide_framing(void **state)
{
	static const struct {
		const char *text;
		bool keep_alive, chunked;
		long long length;
	} rows[] = {
		{ "GET / HTTP/1.1\r\nHost: a\r\n\r\n", true, false, -1 },
		{ "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", false, false, -1 },
		{ "GET / HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, CLOSE\r\n\r\n", false, false, -1 },
		{ "GET / HTTP/1.1\r\nHost: a\r\nConnection: closed\r\n\r\n", true, false, -1 },
		{ "GET / HTTP/1.1\r\nHost: a\r\nConnection: x\r\nConnection: close\r\n\r\n", false, false, -1 },
		{ "GET / HTTP/1.0\r\n\r\n", false, false, -1 },
		{ "GET / HTTP/1.2\r\nHost: a\r\n\r\n", true, false, -1 },
		{ "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", false, false, -1 },
		{ "POST / HTTP/1.1\r\nHost: a\r\ntransfer-encoding: Chunked\r\n\r\n", true, true, -1 },
		{ "POST / HTTP/1.1\r\nHost: \r\ncontent-length: 0\r\n\r\n", true, false, 0 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < AU_COUNT(rows); i++) {
		struct parsed p;

		if (parse_octets(&p, rows[i].text, strlen(rows[i].text)) < 0)
			fail_msg("row %zu: %s", i, p.err.text);
		assert_int_equal(p.head.keep_alive, rows[i].keep_alive);
		assert_int_equal(p.head.chunked, rows[i].chunked);
		assert_int_equal(p.head.content_length, rows[i].length);
	}
}

/* Feed a text one octet at a time, as a slow sender does. */
static int
find_end_slowly(const char *text, size_t *ret_len, struct au_err *err)
{
	size_t scanned = 0, len = strlen(text), have;
	int rc = 0;

	for (have = 0; have <= len && rc == 0; have++)
		rc = au_http_head_end(text, have, &scanned, ret_len, err);
	return rc;
}

static void
end_of_head_is_found_however_it_arrives(void **state)
{
	static const char text[] = "GET / HTTP/1.1\r\nHost: a\r\n\r\nbody\r\n\r\n";
	size_t len = 0, scanned = 0;

	(void)state;
	assert_int_equal(find_end_slowly(text, &len, NULL), 1);
	assert_int_equal(len, 27);
	len = 0;
	assert_int_equal(au_http_head_end(text, sizeof(text) - 1, &scanned, &len, NULL), 1);
	assert_int_equal(len, 27);
	assert_int_equal(find_end_slowly("GET / HTTP/1.1\r\nHost: a\r\n\r", &len, NULL), 0);
}

static void
hopeless_heads_are_refused_before_they_are_whole(void **state)
{
	static const char *const texts[] = { "GET / HTTP/1.1\n", "GET / HTTP/1.1\rX", "GET /\x01", "\x16\x03\x01\x02",
		" GET", "\nGET", "GET / HTTP/1.1\r\nX: \x7f" };
	size_t i, len;

	(void)state;
	for (i = 0; i < AU_COUNT(texts); i++) {
		struct au_err err = { 0 };

		if (find_end_slowly(texts[i], &len, &err) != AU_EINVAL || err.http_status != 400)
			fail_msg("text %zu was not refused", i);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ambiguous_or_malformed_heads_are_refused),
		cmocka_unit_test(whole_head_is_cut_into_its_parts),
		cmocka_unit_test(absolute_form_is_cut_to_its_path),
		cmocka_unit_test(connection_and_coding_decide_framing),
		cmocka_unit_test(end_of_head_is_found_however_it_arrives),
		cmocka_unit_test(hopeless_heads_are_refused_before_they_are_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
