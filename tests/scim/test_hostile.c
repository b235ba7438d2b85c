/* SPDX-License-Identifier: ISC */
/*
 * Requests made to break the endpoint, row by row: each gets a clear error (or
 * is harmless), nothing of it is kept, memory stays where it was, and the next
 * request is served.
 */
#include "tests/scim/serve.h"

#include <malloc.h>
#include <string.h>

#define USER "urn:ietf:params:scim:schemas:core:2.0:User"
#define PATCH_OP "urn:ietf:params:scim:api:messages:2.0:PatchOp"

static int
start(void **state)
{
	return serve_start(state);
}

/* ---- sending ---- */

static struct answer
send_raw(struct serve *s, const char *method, const char *path, const char *body, size_t len)
{
	AU_CLEANUP(au_str_done) struct au_str request = AU_STR_INIT;

	au_str_printf(&request,
	    "%s %s HTTP/1.1\r\nHost: a\r\nConnection: close\r\nAuthorization: Bearer %s\r\n"
	    "Content-Type: application/scim+json\r\nContent-Length: %zu\r\n\r\n",
	    method, path, au_secret_text(au_map_get(s->tokens, "okta")), len);
	au_str_putn(&request, body, len);
	return ask_end(s, ask_bytes(s, request.data, request.len));
}

static struct answer
send_text(struct serve *s, const char *method, const char *path, const char *body)
{
	return send_raw(s, method, path, body, strlen(body));
}

/* The same text many times over. */
static void
repeat(struct au_str *out, const char *text, size_t times)
{
	for (; times > 0; times--)
		au_str_put(out, text);
}

static void
expect_nobody(struct serve *s)
{
	check(s, "GET", "/Users", NULL, 200, "{ 'totalResults': 0 }");
}

static void
expect_refused(struct serve *s, const char *what, const struct answer *answer, int status)
{
	if (answer->status != status || answer->body == NULL || text_of(answer, "status") == NULL)
		fail_msg("%s: %d %s", what, answer->status, answer->text);
	(void)s;
}

/* ---- bodies ---- */

static void
json_that_has_two_readings_or_none_is_refused(void **state)
{
	static const char nul[] = "{\"schemas\":[\"" USER "\"],\"userName\":\"a\0b\"}";
	static const struct {
		const char *what, *text;
		size_t len; /* 0 = strlen */
	} rows[] = {
		{ "member twice", "{\"schemas\":[\"" USER "\"],\"userName\":\"a\",\"userName\":\"b\"}", 0 },
		{ "member twice, inside",
		    "{\"schemas\":[\"" USER
		    "\"],\"userName\":\"a\",\"name\":{\"givenName\":\"a\",\"givenName\":\"b\"}}",
		    0 },
		{ "member twice, one escaped",
		    "{\"schemas\":[\"" USER "\"],\"userName\":\"a\",\"user\\u004eame\":\"b\"}", 0 },
		{ "raw NUL", nul, sizeof nul - 1 },
		{ "escaped NUL", "{\"schemas\":[\"" USER "\"],\"userName\":\"a\\u0000b\"}", 0 },
		{ "escaped NUL in a name", "{\"schemas\":[\"" USER "\"],\"userName\":\"a\",\"a\\u0000b\":1}", 0 },
		{ "high surrogate alone", "{\"schemas\":[\"" USER "\"],\"userName\":\"\\ud800\"}", 0 },
		{ "low surrogate alone", "{\"schemas\":[\"" USER "\"],\"userName\":\"\\udc00x\"}", 0 },
		{ "surrogate in UTF-8", "{\"schemas\":[\"" USER "\"],\"userName\":\"\xed\xa0\x80\"}", 0 },
		{ "overlong UTF-8", "{\"schemas\":[\"" USER "\"],\"userName\":\"\xc0\xaf\"}", 0 },
		{ "cut UTF-8", "{\"schemas\":[\"" USER "\"],\"userName\":\"\xc3\"}", 0 },
		{ "UTF-8 beyond Unicode", "{\"schemas\":[\"" USER "\"],\"userName\":\"\xf4\x90\x80\x80\"}", 0 },
		{ "Latin-1", "{\"schemas\":[\"" USER "\"],\"userName\":\"\xe4\"}", 0 },
		{ "integer beyond 64 bits", "{\"schemas\":[\"" USER "\"],\"userName\":\"a\",\"x\":9223372036854775808}",
		    0 },
		{ "number beyond double", "{\"schemas\":[\"" USER "\"],\"userName\":\"a\",\"x\":1e999}", 0 },
		{ "NaN", "{\"schemas\":[\"" USER "\"],\"userName\":\"a\",\"x\":NaN}", 0 },
		{ "octets behind", "{\"schemas\":[\"" USER "\"],\"userName\":\"a\"} {}", 0 },
		{ "byte order mark", "\xef\xbb\xbf{\"schemas\":[\"" USER "\"],\"userName\":\"a\"}", 0 },
		{ "a list", "[{\"schemas\":[\"" USER "\"],\"userName\":\"a\"}]", 0 },
		{ "cut off", "{\"schemas\":[\"" USER "\"],\"userName\":\"a", 0 },
		{ "nothing", "", 0 },
	};
	struct serve *s = *state;

	for (size_t i = 0; i < AU_COUNT(rows); i++) {
		struct answer answer =
		    send_raw(s, "POST", "/Users", rows[i].text, rows[i].len > 0 ? rows[i].len : strlen(rows[i].text));

		expect_refused(s, rows[i].what, &answer, 400);
		if (!au_streq(text_of(&answer, "scimType"), "invalidSyntax"))
			fail_msg("%s: %s", rows[i].what, answer.text);
	}
	expect_nobody(s);
}

static void
depth_of_20000_is_refused(void **state)
{
	static const char *const opening[] = { "[", "{\"a\":" };
	struct serve *s = *state;

	for (size_t i = 0; i < AU_COUNT(opening); i++) {
		AU_CLEANUP(au_str_done) struct au_str body = AU_STR_INIT;
		struct answer answer;

		au_str_put(&body, "{\"schemas\":[\"" USER "\"],\"userName\":\"a\",\"x\":");
		repeat(&body, opening[i], 20000);
		answer = send_text(s, "POST", "/Users", body.data);
		expect_refused(s, opening[i], &answer, 400);
	}
	expect_nobody(s);
}

/* Octets in use; always 0 under a sanitizer, which finds what is lost by itself. */
static size_t
in_use(void)
{
	struct mallinfo2 info = mallinfo2();

	return info.uordblks + info.hblkhd;
}

static void
half_a_million_keys_leave_nothing_behind(void **state)
{
	struct serve *s = *state;
	AU_CLEANUP(au_str_done) struct au_str body = AU_STR_INIT;
	size_t before = 0;

	au_str_put(&body, "{\"schemas\":[\"" USER "\"],\"x\":{\"");
	for (unsigned i = 0; i < 500000; i++)
		au_str_printf(&body, i == 0 ? "%x\":1" : ",\"%x\":1", i);
	au_str_put(&body, "}}");
	for (int i = 0; i < 4; i++) {
		struct answer answer = send_text(s, "POST", "/Users", body.data);

		expect_refused(s, "no userName", &answer, 400);
		if (i == 0)
			before = in_use();
	}
	/* What the test itself keeps of each answer is far less. */
	assert_true(in_use() < before + 256 * 1024);
	expect_nobody(s);
}

static void
body_beyond_the_limit_is_refused_unread(void **state)
{
	struct serve *s = *state;
	static const char request[] = "POST /Users HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
				      "Content-Length: 99999999999\r\n\r\n";
	struct answer answer = ask_end(s, ask_bytes(s, request, sizeof request - 1));

	expect_refused(s, "length", &answer, 413);
}

static void
value_of_300_kb_is_refused_or_kept_whole(void **state)
{
	struct serve *s = *state;
	AU_CLEANUP(au_str_done) struct au_str body = AU_STR_INIT;
	struct answer answer;

	au_str_put(&body, "{\"schemas\":[\"" USER "\"],\"userName\":\"a\",\"title\":\"");
	repeat(&body, "0123456789", 30000);
	au_str_put(&body, "\"}");
	answer = send_text(s, "POST", "/Users", body.data);
	if (answer.status == 201) {
		answer = ask(s, "okta", "GET", path_of(s, "/Users", text_of(&answer, "id")), NULL);
		assert_int_equal(strlen(text_of(&answer, "title")), 300000);
	} else {
		expect_refused(s, "300 kB", &answer, 400);
		expect_nobody(s);
	}
}

/* ---- paths ---- */

static void
ids_that_are_no_ids_are_not_found(void **state)
{
	static const struct {
		const char *id;
		int status;
	} rows[] = { { "%2f", 404 }, { "..%2f..%2fetc", 404 }, { "%00", 404 }, { "%ff", 404 }, { "%c0%af", 404 },
		{ "%", 404 }, { "%zz", 404 }, { "%u0041", 404 }, { "..", 404 }, { "'%20or%201=1", 404 }, { "*", 404 },
		{ "0", 404 }, { "-1", 404 }, { "1", 404 } };
	static const char *const methods[] = { "GET", "DELETE" };
	struct serve *s = *state;
	const char *id = make_user(s, "kept");

	for (size_t i = 0; i < AU_COUNT(rows); i++)
		for (size_t m = 0; m < AU_COUNT(methods); m++) {
			struct answer answer =
			    send_text(s, methods[m], au_arena_printf(s->arena, "/Users/%s", rows[i].id), "");

			expect_refused(s, rows[i].id, &answer, rows[i].status);
		}
	check(s, "GET", path_of(s, "/Users", id), NULL, 200, "{ 'userName': 'kept' }");
}

static void
id_of_4_kb_is_not_found(void **state)
{
	struct serve *s = *state;
	AU_CLEANUP(au_str_done) struct au_str path = AU_STR_INIT;
	struct answer answer;

	au_str_put(&path, "/Users/");
	repeat(&path, "0123456789abcdef", 256);
	answer = send_text(s, "GET", path.data, "");
	expect_refused(s, "4 kB", &answer, 404);
}

static void
patch_path_of_20_kb_is_refused(void **state)
{
	static const char *const pieces[] = { "a", "a.", "emails[type eq \\\"work\\\"].", "[", "(" };
	struct serve *s = *state;
	const char *id = make_user(s, "kept");

	for (size_t i = 0; i < AU_COUNT(pieces); i++) {
		AU_CLEANUP(au_str_done) struct au_str body = AU_STR_INIT;
		struct answer answer;

		au_str_put(&body, "{\"schemas\":[\"" PATCH_OP "\"],\"Operations\":[{\"op\":\"replace\",\"path\":\"");
		repeat(&body, pieces[i], 20000 / strlen(pieces[i]));
		au_str_put(&body, "\",\"value\":\"x\"}]}");
		answer = send_text(s, "PATCH", path_of(s, "/Users", id), body.data);
		expect_refused(s, pieces[i], &answer, 400);
	}
	check(s, "GET", path_of(s, "/Users", id), NULL, 200, "{ 'userName': 'kept' }");
}

static void
filter_of_10000_levels_is_refused(void **state)
{
	static const struct {
		const char *piece, *middle, *end;
	} rows[] = { { "(", "userName pr", ")" }, { "not (", "userName pr", ")" },
		{ "userName pr and ", "userName pr", "" }, { "emails[", "type pr", "]" } };
	struct serve *s = *state;

	for (size_t i = 0; i < AU_COUNT(rows); i++) {
		AU_CLEANUP(au_str_done) struct au_str body = AU_STR_INIT;
		struct answer answer;

		au_str_put(
		    &body, "{\"schemas\":[\"urn:ietf:params:scim:api:messages:2.0:SearchRequest\"],\"filter\":\"");
		repeat(&body, rows[i].piece, 10000);
		au_str_put(&body, rows[i].middle);
		repeat(&body, rows[i].end, *rows[i].end != '\0' ? 10000 : 0);
		au_str_put(&body, "\"}");
		answer = send_text(s, "POST", "/Users/.search", body.data);
		expect_refused(s, rows[i].piece, &answer, 400);
	}
}

#define LIVE(name) cmocka_unit_test_setup_teardown(name, start, serve_stop)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		LIVE(json_that_has_two_readings_or_none_is_refused),
		LIVE(depth_of_20000_is_refused),
		LIVE(half_a_million_keys_leave_nothing_behind),
		LIVE(body_beyond_the_limit_is_refused_unread),
		LIVE(value_of_300_kb_is_refused_or_kept_whole),
		LIVE(ids_that_are_no_ids_are_not_found),
		LIVE(id_of_4_kb_is_not_found),
		LIVE(patch_path_of_20_kb_is_refused),
		LIVE(filter_of_10000_levels_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
