/* SPDX-License-Identifier: ISC */
/* Big groups in one request: taken within the limits without holding up the loop, refused beyond them. */
#include "tests/scim/serve.h"
#include "tests/scim/watch.h"

#define CREW 10000

/* The members' ids, from a Bulk that makes them. */
static const json_t *
make_crew(struct serve *s)
{
	AU_CLEANUP(au_str_done) struct au_str body = AU_STR_INIT;
	struct answer answer;

	au_str_put(&body, "{'Operations':[");
	for (size_t i = 0; i < CREW; i++)
		au_str_printf(&body, "%s{'method':'POST','path':'/Users','bulkId':'%zu','data':{'userName':'u%zu'}}",
		    i > 0 ? "," : "", i, i);
	au_str_put(&body, "]}");
	answer = check(s, "POST", "/Bulk", au_str_get(&body), 200, NULL);
	return json_object_get(answer.body, "Operations");
}

static void
put_members(struct au_str *out, const json_t *crew, size_t first, size_t count)
{
	au_str_putc(out, '[');
	for (size_t i = 0; i < count; i++) {
		const json_t *one = json_array_get(crew, (first + i) % CREW);

		au_str_printf(
		    out, "%s{'value':'%s'}", i > 0 ? "," : "", strrchr(au_json_get_str(one, "location"), '/') + 1);
	}
	au_str_putc(out, ']');
}

static void
change(struct serve *s, const char *method, const char *path, const char *body, int status)
{
	struct watch watch;
	int fd = ask_begin(s, "okta", "", method, path, body);
	struct answer answer;

	watch_start(&watch, s);
	answer = ask_end(s, fd);
	watch_stop(&watch);
	print_message(
	    "%s of %zu bytes: the loop computed at most %.1f ms at a stretch\n", method, strlen(body), watch.worst);
	assert_int_equal(answer.status, status);
	assert_true(watch.worst < 50);
}

static void
big_groups_are_taken(void **state)
{
	AU_CLEANUP(au_str_done) struct au_str whole = AU_STR_INIT;
	AU_CLEANUP(au_str_done) struct au_str part = AU_STR_INIT;
	struct serve *s = *state;
	const json_t *crew = make_crew(s);
	struct answer answer = check(s, "POST", "/Groups", "{'displayName':'crew'}", 201, NULL);
	const char *path = path_of(s, "Groups", text_of(&answer, "id"));

	au_str_put(&whole, "{'displayName':'crew','members':");
	put_members(&whole, crew, 0, CREW);
	au_str_putc(&whole, '}');
	change(s, "PUT", path, au_str_get(&whole), 200);
	answer = check(s, "GET", path, NULL, 200, NULL);
	assert_int_equal(json_array_size(json_object_get(answer.body, "members")), CREW);

	/* a thousand members at a time, out and in again */
	au_str_put(&part, "{'Operations':[{'op':'remove','path':'members','value':");
	put_members(&part, crew, 100, 1000);
	au_str_put(&part, "}]}");
	change(s, "PATCH", path, au_str_get(&part), 204);
	answer = check(s, "GET", path, NULL, 200, "{'meta':{'version':'W/\\'3\\''}}");
	assert_int_equal(json_array_size(json_object_get(answer.body, "members")), CREW - 1000);
}

static void
more_members_than_the_limit_are_refused(void **state)
{
	AU_CLEANUP(au_str_done) struct au_str body = AU_STR_INIT;
	struct serve *s = *state;
	struct answer answer = check(s, "POST", "/Groups", "{'displayName':'crew'}", 201, NULL);
	const char *path = path_of(s, "Groups", text_of(&answer, "id"));

	au_str_put(&body, "{'displayName':'crew','members':[");
	for (unsigned i = 0; i <= 20000; i++)
		au_str_printf(&body, "%s{'value':'%u'}", i > 0 ? "," : "", i);
	au_str_put(&body, "]}");
	change(s, "PUT", path, au_str_get(&body), 413);
	answer = ask(s, "okta", "PUT", path, au_str_get(&body));
	assert_non_null(strstr(text_of(&answer, "detail"), "max_members (20000)"));
	/* the same by PATCH, and as an operation of a Bulk */
	body.len--;
	body.data[body.len] = '\0';
	answer = ask(s, "okta", "PATCH", path,
	    au_arena_printf(
		s->arena, "{'Operations':[{'op':'add','path':'members','value':%s}]}", strchr(body.data, '[')));
	expect(&answer, 413, s, "{'status':'413'}");
	answer = ask(s, "okta", "POST", "/Bulk",
	    au_arena_printf(
		s->arena, "{'Operations':[{'method':'PUT','path':'%s','data':%s}}]}", path, au_str_get(&body)));
	expect(&answer, 200, s, "{'Operations':[{'status':'413'}]}");
	check(s, "GET", path, NULL, 200, "{'members':[],'meta':{'version':'W/\\'1\\''}}");
}

/* What a million members would take: refused by its length, before any of it is read. */
static void
a_million_members_are_refused_at_the_head(void **state)
{
	static const char request[] = "PUT /Groups/x HTTP/1.1\r\nHost: h\r\nConnection: close\r\n"
				      "Content-Type: application/scim+json\r\nContent-Length: 50000000\r\n\r\n";
	struct serve *s = *state;
	struct answer answer = ask_end(s, ask_bytes(s, request, sizeof request - 1));

	expect(&answer, 413, s, "{'status':'413'}");
	assert_non_null(strstr(text_of(&answer, "detail"), "max_body (8388608)"));
}

/* Wrong in every way, and big: refused on the thread that reads it. */
static void
big_rubbish_is_refused(void **state)
{
	struct serve *s = *state;
	const size_t size = 200 * 1000;
	char *body = au_arena_alloc(s->arena, size + 1);

	memset(body, '[', size);
	check(s, "POST", "/Users", body, 400, "{'scimType':'invalidSyntax'}");
	memset(body, ' ', size);
	check(s, "POST", "/Users", body, 400, "{'scimType':'invalidSyntax'}");
	memcpy(body, "{'userName':7}", 14);
	check(s, "POST", "/Users", body, 400, "{'scimType':'invalidValue'}");
	memcpy(body, "{'userName':'x','displayName':'", 31);
	memset(body + 31, 'y', size - 33);
	memcpy(body + size - 2, "'}", 2);
	check(s, "POST", "/Users", body, 201, "{'userName':'x'}");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(big_groups_are_taken, serve_start, serve_stop),
		cmocka_unit_test_setup_teardown(more_members_than_the_limit_are_refused, serve_start, serve_stop),
		cmocka_unit_test_setup_teardown(a_million_members_are_refused_at_the_head, serve_start, serve_stop),
		cmocka_unit_test_setup_teardown(big_rubbish_is_refused, serve_start, serve_stop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
