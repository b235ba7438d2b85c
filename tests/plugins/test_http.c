/* SPDX-License-Identifier: ISC */
/* Where a plugin's requests may go, what they carry, and what their answers may be. */
#include "lib/http.h"

#include "base/clock.h"
#include "base/mem.h"
#include "fake.h"
#include "lib/address.h"
#include "lib/url.h"

#include "tests/unit.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

static long long
mono_ms(void)
{
	return au_clock_mono_ms();
}

static const struct au_host host = { .size = sizeof(host), .mono_ms = mono_ms };

struct set {
	struct fake *fake;
	struct au_http *http;
	struct au_err err;
};

static void
make_http(struct set *set, const char *name, bool insecure, size_t max_answer)
{
	char *url = au_xasprintf("http://%s:%u/base/", name, fake_port(set->fake));
	struct au_http_config config = {
		.url = url, .insecure = insecure, .timeout_ms = 1000, .max_answer = max_answer, .host = &host
	};

	au_http_free(set->http);
	if (au_http_new(&config, &set->http, &set->err) != 0)
		fail_msg("%s", set->err.text);
	free(url);
}

static int
start(void **state)
{
	struct set *set = au_xcalloc(1, sizeof(*set));

	set->fake = fake_start();
	make_http(set, "127.0.0.1", false, 4096);
	*state = set;
	return 0;
}

static int
stop(void **state)
{
	struct set *set = *state;

	fake_check(set->fake);
	au_http_free(set->http);
	fake_stop(set->fake);
	free(set);
	return 0;
}

static void
expect(struct set *set, int status, const char *body)
{
	fake_expect(
	    set->fake, &(struct fake_step){ .method = "GET", .path = "/base/x", .status = status, .body = body });
}

static int
get(struct set *set, struct au_http_answer *answer)
{
	struct au_http_request request = { .method = "GET", .path = "/x" };

	*answer = (struct au_http_answer){ 0 };
	return au_http_call(set->http, &request, answer, &set->err);
}

/* ---- urls and addresses ---------------------------------------------------------- */

static void
urls_that_would_betray_a_password_are_refused(void **state)
{
	static const char *const refused[] = { "http://room.example.com", "ftp://room.example.com", "room.example.com",
		"https://user:word@room.example.com", "https://room.example.com/?a=b", "https://room.example.com/#x",
		"file:///etc/passwd", "http://127.evil.example.com", "" };
	bool clear;
	char *url;

	(void)state;
	for (size_t i = 0; i < AU_COUNT(refused); i++) {
		if (au_url_check(refused[i], false, &url, &clear, NULL) != AU_EINVAL)
			fail_msg("'%s' was accepted", refused[i]);
	}
}

static void
urls_are_taken_without_their_final_slash(void **state)
{
	bool clear;
	char *url;

	(void)state;
	assert_int_equal(au_url_check("https://room.example.com:8443/path/", false, &url, &clear, NULL), 0);
	assert_string_equal(url, "https://room.example.com:8443/path");
	assert_false(clear);
	free(url);
	assert_int_equal(au_url_check("http://[::1]:80", false, &url, &clear, NULL), 0);
	assert_true(clear);
	free(url);
	assert_int_equal(au_url_check("http://room.example.com", true, &url, &clear, NULL), 0);
	free(url);
}

static bool
forbidden(const char *text)
{
	struct sockaddr_in six4 = { .sin_family = AF_INET };
	struct sockaddr_in6 six6 = { .sin6_family = AF_INET6 };

	if (inet_pton(AF_INET, text, &six4.sin_addr) == 1)
		return au_address_is_forbidden((struct sockaddr *)&six4);
	assert_int_equal(inet_pton(AF_INET6, text, &six6.sin6_addr), 1);
	return au_address_is_forbidden((struct sockaddr *)&six6);
}

static void
addresses_of_metadata_and_links_are_forbidden(void **state)
{
	static const char *const bad[] = { "169.254.169.254", "169.254.0.1", "0.0.0.0", "100.100.100.200", "224.0.0.1",
		"255.255.255.255", "fe80::1", "febf::1", "ff02::1", "::", "::ffff:169.254.169.254", "fd00:ec2::254" };
	static const char *const good[] = { "127.0.0.1", "10.0.0.1", "192.168.1.1", "169.253.255.255",
		"100.100.100.201", "223.255.255.255", "::1", "fec0::1", "2001:db8::1", "::ffff:10.0.0.1",
		"fd00:ec2::255" };

	(void)state;
	for (size_t i = 0; i < AU_COUNT(bad); i++) {
		if (!forbidden(bad[i]))
			fail_msg("%s is allowed", bad[i]);
	}
	for (size_t i = 0; i < AU_COUNT(good); i++) {
		if (forbidden(good[i]))
			fail_msg("%s is forbidden", good[i]);
	}
}

static void
forbidden_address_is_never_connected_to(void **state)
{
	struct set *set = *state;
	struct au_http_config config = {
		.url = "http://169.254.169.254", .insecure = true, .timeout_ms = 1000, .max_answer = 4096, .host = &host
	};
	struct au_http_answer answer;

	au_http_free(set->http);
	assert_int_equal(au_http_new(&config, &set->http, &set->err), 0);
	assert_int_equal(get(set, &answer), AU_EPROTO);
	assert_non_null(strstr(set->err.text, "no product may have"));
}

static void
missing_certificate_file_is_named(void **state)
{
	struct set *set = *state;
	struct au_http_config config = { .url = "https://localhost", .ca_file = "/nonexistent/ca.pem", .host = &host };
	struct au_http *http = NULL;

	assert_int_equal(au_http_new(&config, &http, &set->err), AU_EINVAL);
	assert_non_null(strstr(set->err.text, "/nonexistent/ca.pem"));
}

/* ---- answers ----------------------------------------------------------------------- */

static void
environment_names_no_proxy(void **state)
{
	struct set *set = *state;
	struct au_http_answer answer;

	setenv("http_proxy", "http://127.0.0.1:1", 1);
	setenv("ALL_PROXY", "http://127.0.0.1:1", 1);
	expect(set, 200, "{\"a\":1}");
	assert_int_equal(get(set, &answer), 0);
	assert_int_equal(au_json_get_int(answer.json, "a"), 1);
	au_http_answer_done(&answer);
	unsetenv("http_proxy");
	unsetenv("ALL_PROXY");
}

static void
redirects_are_not_followed(void **state)
{
	struct set *set = *state;
	struct au_http_answer answer;

	expect(set, 302, NULL);
	assert_int_equal(get(set, &answer), 0);
	assert_int_equal(au_http_judge(&answer, "GET", &set->err), AU_EPROTO);
	assert_int_equal(set->err.http_status, 302);
	au_http_answer_done(&answer);
}

static void
long_answers_are_cut_off(void **state)
{
	struct set *set = *state;
	struct au_http_answer answer;
	char *body = au_xmalloc(8192);

	memset(body, ' ', 8191);
	body[8191] = '\0';
	memcpy(body, "{}", 2);
	expect(set, 200, body);
	assert_int_equal(get(set, &answer), AU_ELIMIT);
	make_http(set, "127.0.0.1", false, 8192);
	expect(set, 200, body);
	assert_int_equal(get(set, &answer), 0);
	au_http_answer_done(&answer);
	free(body);
}

static void
answers_that_are_no_json_are_refused_unless_the_status_says_enough(void **state)
{
	static const struct {
		int status;
		const char *body, *type;
		int code;
	} rows[] = {
		{ 200, "<html>", "text/html", AU_EPROTO },
		{ 404, "<html>", "text/html", AU_EPROTO },
		{ 400, "oops", "text/plain", AU_EPROTO },
		{ 200, "{\"a\":1,\"a\":2}", "application/json", AU_EPROTO },
		{ 200, "{\"a\":1}", "application/problem+json", 0 },
		{ 200, "{\"a\":1}", "application/json; charset=utf-8", 0 },
		{ 200, "{\"a\":1}", "text/plain", AU_EPROTO },
		{ 502, "<html>", "text/html", 0 },
		{ 403, "<html>", "text/html", 0 },
		{ 204, NULL, "text/html", 0 },
	};
	struct set *set = *state;

	for (size_t i = 0; i < AU_COUNT(rows); i++) {
		struct au_http_answer answer;

		fake_expect(set->fake, &(struct fake_step){ .method = "GET",
					   .path = "/base/x",
					   .status = rows[i].status,
					   .body = rows[i].body,
					   .type = rows[i].type });
		if (get(set, &answer) != rows[i].code)
			fail_msg("row %zu: %s", i, set->err.text);
		au_http_answer_done(&answer);
	}
}

static void
nobody_there_is_temporary_even_for_what_must_happen_once(void **state)
{
	struct set *set = *state;
	struct au_http_request request = { .method = "POST", .path = "/x", .once = true };
	struct au_http_config config = {
		.url = "http://127.0.0.1:1", .timeout_ms = 1000, .max_answer = 64, .host = &host
	};
	struct au_http_answer answer;

	au_http_free(set->http);
	assert_int_equal(au_http_new(&config, &set->http, &set->err), 0);
	assert_int_equal(au_http_call(set->http, &request, &answer, &set->err), AU_ETEMP);
}

static void
dead_connection_repeats_a_read_and_never_a_once(void **state)
{
	struct set *set = *state;
	AU_CLEANUP(au_json_decrefp) json_t *body = json_object();
	struct au_http_request request = { .method = "POST", .path = "/y", .body = body, .once = true };
	struct au_http_answer answer;

	expect(set, 200, "{}");
	assert_int_equal(get(set, &answer), 0);
	au_http_answer_done(&answer);
	/* libcurl itself repeats a request on a connection it had kept. */
	fake_expect(set->fake, &(struct fake_step){ .method = "GET", .path = "/base/x", .drop = 1 });
	expect(set, 200, "{}");
	assert_int_equal(get(set, &answer), 0);
	au_http_answer_done(&answer);
	fake_expect(set->fake, &(struct fake_step){ .method = "POST", .path = "/base/y", .drop = 1 });
	assert_int_equal(au_http_call(set->http, &request, &answer, &set->err), AU_EUNKNOWN);
}

static void
statuses_mean_what_the_table_says(void **state)
{
	static const struct {
		int status, code;
	} rows[] = { { 200, 0 }, { 204, 0 }, { 301, AU_EPROTO }, { 400, AU_EINVAL }, { 401, AU_EAUTH },
		{ 403, AU_EPERM }, { 404, AU_ENOENT }, { 405, AU_EPROTO }, { 409, AU_EEXIST }, { 429, AU_EBUSY },
		{ 500, AU_ETEMP }, { 503, AU_ETEMP }, { 100, AU_EPROTO } };

	(void)state;
	for (size_t i = 0; i < AU_COUNT(rows); i++) {
		struct au_http_answer answer = { .status = rows[i].status };

		assert_int_equal(au_http_judge(&answer, "x", NULL), rows[i].code);
	}
}

/* A clock that stands still until it was read so often, and then jumps a second. */
static size_t clock_reads, clock_jump;

static long long
jumping_mono_ms(void)
{
	return ++clock_reads <= clock_jump ? 1000 : 2000;
}

static void
requests_beyond_their_limit_wait(void **state)
{
	static const struct au_host jumping = { .size = sizeof(jumping), .mono_ms = jumping_mono_ms };
	struct set *set = *state;
	AU_CLEANUP(au_freep) char *url = au_xasprintf("http://127.0.0.1:%u/base", fake_port(set->fake));
	struct au_http_config config = {
		.url = url, .timeout_ms = 1000, .max_answer = 64, .request_limit = 3000, .host = &jumping
	};
	struct au_http_answer answer;

	au_http_free(set->http);
	clock_reads = 0;
	clock_jump = 302; /* when opened, for 300 requests at once, and for the one that finds nothing left */
	assert_int_equal(au_http_new(&config, &set->http, &set->err), 0);
	for (int i = 0; i < 301; i++) {
		expect(set, 204, NULL);
		assert_int_equal(get(set, &answer), 0);
	}
	assert_int_equal(clock_reads, 303);
}

#define WITH_FAKE(test) cmocka_unit_test_setup_teardown(test, start, stop)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(urls_that_would_betray_a_password_are_refused),
		cmocka_unit_test(urls_are_taken_without_their_final_slash),
		cmocka_unit_test(addresses_of_metadata_and_links_are_forbidden),
		WITH_FAKE(forbidden_address_is_never_connected_to),
		WITH_FAKE(missing_certificate_file_is_named),
		WITH_FAKE(environment_names_no_proxy),
		WITH_FAKE(redirects_are_not_followed),
		WITH_FAKE(long_answers_are_cut_off),
		WITH_FAKE(answers_that_are_no_json_are_refused_unless_the_status_says_enough),
		WITH_FAKE(nobody_there_is_temporary_even_for_what_must_happen_once),
		WITH_FAKE(dead_connection_repeats_a_read_and_never_a_once),
		cmocka_unit_test(statuses_mean_what_the_table_says),
		WITH_FAKE(requests_beyond_their_limit_wait),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
