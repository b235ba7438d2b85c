/* SPDX-License-Identifier: ISC */
/* Paging by cursor (RFC 9865): every resource once, whatever comes and goes between two pages; nobody else's cursor. */
#include "tests/scim/serve.h"

#include "base/rand.h"
#include "scim/cursor.h"

#include <stdlib.h>

/* ---- the text ---- */

static const unsigned char key[32] = "a key of the endpoint, 32 bytes", other_key[32] = "another one";

static const struct au_query query = { .filter = "userName pr", .sort_by = "title", .count = 10 };
static const struct au_query other_filter = { .filter = "userName pr ", .sort_by = "title", .count = 10 };
static const struct au_query other_sort = {
	.filter = "userName pr", .sort_by = "titl", .sort_order = "e", .count = 10
};
static const struct au_query other_count = { .filter = "userName pr", .sort_by = "title", .count = 11 };

static struct au_cursor_scope
scope(void)
{
	return (struct au_cursor_scope){ key, "okta", "/Users", &query, 1000000, 60000 };
}

static const struct au_cursor place = { .type = "User",
	.num = 4711,
	.sorted = true,
	.key = { .present = true,
	    .text = "Stra\xc3\x9f"
		    "e \"\\" } };

static enum au_fault_kind
read_as(struct au_arena *arena, const struct au_cursor_scope *scope, const char *text)
{
	struct au_fault fault = { .kind = AU_FAULT_NONE };
	struct au_cursor back = { .num = -1 };

	if (au_cursor_read(arena, scope, text, &back, &fault) == 0)
		return AU_FAULT_NONE;
	assert_int_equal(back.num, -1);
	return fault.kind;
}

static void
cursor_comes_back_as_it_went(void **state)
{
	static const struct au_sort_key keys[] = { { .present = false }, { .present = true, .text = "" },
		{ .present = true, .number = -1764295200123.0 }, { .present = true, .number = 0.1 } };
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct au_cursor_scope s = scope();
	struct au_fault fault;

	(void)state;
	for (size_t i = 0; i <= AU_COUNT(keys); i++) {
		struct au_cursor in = place, back;
		const char *text;

		if (i < AU_COUNT(keys))
			in.key = keys[i];
		in.backward = i % 2 == 0;
		text = au_cursor_text(arena, &s, &in);
		assert_int_equal(
		    strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"), strlen(text));
		assert_int_equal(au_cursor_read(arena, &s, text, &back, &fault), 0);
		assert_string_equal(back.type, "User");
		assert_int_equal(back.num, 4711);
		assert_true(back.sorted);
		assert_int_equal(back.backward, in.backward);
		assert_int_equal(back.key.present, in.key.present);
		assert_true(au_streq(back.key.text, in.key.text));
		assert_true(back.key.number >= in.key.number && back.key.number <= in.key.number);
	}
}

static void
cursor_of_anybody_else_is_refused(void **state)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct au_cursor_scope mine = scope(), theirs;
	const char *text = au_cursor_text(arena, &mine, &place);

	(void)state;
	assert_int_equal(read_as(arena, &mine, text), AU_FAULT_NONE);
	theirs = mine;
	theirs.client = "entra";
	assert_int_equal(read_as(arena, &theirs, text), AU_FAULT_INVALID_CURSOR);
	theirs = mine;
	theirs.endpoint = "/Groups";
	assert_int_equal(read_as(arena, &theirs, text), AU_FAULT_INVALID_CURSOR);
	theirs = mine;
	theirs.query = &other_filter;
	assert_int_equal(read_as(arena, &theirs, text), AU_FAULT_INVALID_CURSOR);
	theirs.query = &other_sort;
	assert_int_equal(read_as(arena, &theirs, text), AU_FAULT_INVALID_CURSOR);
	theirs.query = &other_count;
	assert_int_equal(read_as(arena, &theirs, text), AU_FAULT_INVALID_COUNT);
	theirs = mine;
	theirs.key = other_key;
	assert_int_equal(read_as(arena, &theirs, text), AU_FAULT_INVALID_CURSOR);
	theirs = mine;
	theirs.now_ms += 60000;
	assert_int_equal(read_as(arena, &theirs, text), AU_FAULT_NONE);
	theirs.now_ms++;
	assert_int_equal(read_as(arena, &theirs, text), AU_FAULT_EXPIRED_CURSOR);
}

static void
changed_cursor_is_refused(void **state)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct au_cursor_scope mine = scope();
	const char *text = au_cursor_text(arena, &mine, &place);
	size_t len = strlen(text);

	(void)state;
	for (size_t i = 0; i < len; i++) {
		char *changed = au_arena_strdup(arena, text);

		changed[i] = changed[i] == 'A' ? 'B' : 'A';
		assert_int_equal(read_as(arena, &mine, changed), AU_FAULT_INVALID_CURSOR);
		assert_int_equal(read_as(arena, &mine, au_arena_strndup(arena, text, i)), AU_FAULT_INVALID_CURSOR);
	}
	assert_int_equal(read_as(arena, &mine, "!"), AU_FAULT_INVALID_CURSOR);
	assert_int_equal(read_as(arena, &mine, au_arena_printf(arena, "%s=", text)), AU_FAULT_INVALID_CURSOR);
}

/* ---- pages ---- */

#define PAGES_MAX 60

static struct answer
page_at(struct serve *s, const char *path, const char *cursor)
{
	return check(s, "GET",
	    au_arena_printf(s->arena, "%s%ccursor=%s", path, strchr(path, '?') != NULL ? '&' : '?', cursor), NULL, 200,
	    "{'startIndex':null}");
}

static const char *
names_on(struct serve *s, const struct answer *answer)
{
	const char *names = "";
	json_t *resource;
	size_t i;

	json_array_foreach (json_object_get(answer->body, "Resources"), i, resource) {
		const char *name = au_json_get_str(resource, "userName");

		names = au_arena_printf(
		    s->arena, "%s%s ", names, name != NULL ? name : au_json_get_str(resource, "displayName"));
	}
	return names;
}

/* From the last page that shows something back to the first one, which has none before it; and on again. */
static void
expect_way_back(struct serve *s, const char *path, const struct answer *last, const char *const *seen, int page)
{
	struct answer answer = *last;
	const char *previous = au_json_get_str(answer.body, "previousCursor");

	for (; page > 0; page--) {
		assert_non_null(previous);
		answer = page_at(s, path, previous);
		assert_string_equal(names_on(s, &answer), seen[page - 1]);
		previous = au_json_get_str(answer.body, "previousCursor");
		answer = page_at(s, path, au_json_get_str(answer.body, "nextCursor"));
		assert_string_equal(names_on(s, &answer), seen[page]);
	}
	assert_null(previous);
}

/* The names on the pages of a query, each followed by a bar; `between` is called after each page, else the way back is
 * gone as well. */
static const char *
pages(struct serve *s, const char *path, void (*between)(struct serve *s, int page))
{
	const char *names = "", *cursor = "", *seen[PAGES_MAX];
	struct answer last = { .body = NULL };
	int last_page = 0;

	for (int page = 0; cursor != NULL; page++) {
		struct answer answer = page_at(s, path, cursor);

		assert_true(page < PAGES_MAX);
		seen[page] = names_on(s, &answer);
		names = au_arena_printf(s->arena, "%s%s|", names, seen[page]);
		cursor = au_json_get_str(answer.body, "nextCursor");
		if (page == 0 || *seen[page] != '\0') {
			last = answer;
			last_page = page;
		}
		if (between != NULL)
			between(s, page);
	}
	if (between == NULL)
		expect_way_back(s, path, &last, seen, last_page);
	return names;
}

static void
make(struct serve *s, const char *name, const char *display, const char *title)
{
	struct au_str body = AU_STR_INIT;

	au_str_printf(&body, "{'userName':'%s'", name);
	if (display != NULL)
		au_str_printf(&body, ",'displayName':'%s'", display);
	if (title != NULL)
		au_str_printf(&body, ",'title':'%s'", title);
	au_str_putc(&body, '}');
	check(s, "POST", "/Users", au_str_get(&body), 201, NULL);
	au_str_done(&body);
}

static void
make_all(struct serve *s)
{
	make(s, "u1", "d", "x");
	make(s, "u2", "C", NULL);
	make(s, "u3", NULL, "y");
	make(s, "u4", "a", "X");
	make(s, "u5", "c", "z");
	make(s, "u6", NULL, NULL);
	make(s, "u7", "b", "w");
	check(s, "POST", "/Groups", "{'displayName':'g1'}", 201, NULL);
	check(s, "POST", "/Groups", "{'displayName':'g2'}", 201, NULL);
}

static const struct {
	const char *path, *want;
} walks[] = {
	{ "/Users", "u1 u2 u3 u4 u5 |u6 u7 |" },
	{ "/Users?count=3", "u1 u2 u3 |u4 u5 u6 |u7 |" },
	{ "/Users?count=7", "u1 u2 u3 u4 u5 |u6 u7 |" },
	{ "/Groups?count=2", "g1 g2 |" },
	{ "/Groups?count=1", "g1 |g2 |" },
	{ "/?count=4", "u1 u2 u3 u4 |u5 u6 u7 g1 |g2 |" },
	{ "/Users?count=2&filter=userName+sw+%22U%22", "u1 u2 |u3 u4 |u5 u6 |u7 |" },
	{ "/Users?count=2&filter=displayName+eq+%22c%22", "u2 u5 |" },
	{ "/Users?count=1&filter=displayName+eq+%22c%22", "u2 |u5 |" },
	{ "/Users?count=1&filter=userName+eq+%22u4%22", "u4 |" },
	{ "/Users?count=1&filter=userName+eq+%22none%22", "|" },
	/* nothing tells what comes behind a full page but a look at it: the last page may be empty */
	{ "/Users?count=2&filter=title+pr", "u1 u3 |u4 u5 |u7 |" },
	{ "/Users?count=4&filter=title+pr", "u1 u3 u4 u5 |u7 |" },
	{ "/Users?count=1&filter=displayName+co+%22D%22", "u1 ||" },
	/* by an order of the store, by keys, and by keys where the order ends */
	{ "/Users?count=3&sortBy=userName", "u1 u2 u3 |u4 u5 u6 |u7 |" },
	{ "/Users?count=3&sortBy=userName&sortOrder=descending", "u7 u6 u5 |u4 u3 u2 |u1 |" },
	{ "/Users?count=2&sortBy=displayName", "u4 u7 |u2 u5 |u1 u3 |u6 |" },
	{ "/Users?count=5&sortBy=displayName", "u4 u7 u2 u5 u1 |u3 u6 |" },
	{ "/Users?count=2&sortBy=displayName&sortOrder=descending", "u6 u3 |u1 u5 |u2 u7 |u4 |" },
	{ "/Users?count=2&sortBy=title", "u7 u1 |u4 u3 |u5 u2 |u6 |" },
	{ "/Users?count=2&sortBy=title&sortOrder=descending", "u6 u2 |u5 u3 |u4 u1 |u7 |" },
	{ "/Users?count=3&sortBy=displayName&filter=title+pr", "u4 u7 u5 |u1 u3 |" },
	{ "/?count=4&sortBy=displayName", "u4 u7 u2 u5 |u1 g1 g2 u3 |u6 |" },
	{ "/Users?count=4&sortBy=meta.created&sortOrder=descending", "u7 u6 u5 u4 |u3 u2 u1 |" },
};

static void
pages_hold_everything_once(void **state)
{
	struct serve *s = *state;

	make_all(s);
	for (size_t i = 0; i < AU_COUNT(walks); i++) {
		const char *have = pages(s, walks[i].path, NULL);

		if (strcmp(have, walks[i].want) != 0)
			fail_msg("%s: '%s', expected '%s'", walks[i].path, have, walks[i].want);
	}
}

static const char *
id_of(struct serve *s, const char *name)
{
	struct answer answer =
	    check(s, "GET", au_arena_printf(s->arena, "/Users?filter=userName+eq+%%22%s%%22", name), NULL, 200, NULL);

	return json_string_value(json_object_get(json_array_get(json_object_get(answer.body, "Resources"), 0), "id"));
}

/* After the first page: the last one shown goes, so does the last of all; one comes before the place, two behind it. */
static void
change_everything(struct serve *s, int page)
{
	if (page != 0)
		return;
	check(s, "DELETE", path_of(s, "/Users", id_of(s, "u2")), NULL, 204, NULL);
	check(s, "DELETE", path_of(s, "/Users", id_of(s, "u7")), NULL, 204, NULL);
	make(s, "u0", "0", NULL);
	make(s, "u8", NULL, "a");
	make(s, "u9", NULL, "a");
}

static void
next_page_goes_on_whatever_came_and_went(void **state)
{
	struct serve *s = *state;

	make_all(s);
	assert_string_equal(pages(s, "/Users?count=2", change_everything), "u1 u2 |u3 u4 |u5 u6 |u0 u8 |u9 |");
}

static void
sorted_pages_go_on_too(void **state)
{
	struct serve *s = *state;

	make_all(s);
	assert_string_equal(
	    pages(s, "/Users?count=2&sortBy=userName", change_everything), "u1 u2 |u3 u4 |u5 u6 |u8 u9 |");
}

/* What came and went before a place is on the page before it, or not; and a page that has the beginning is the first.
 */
static void
previous_page_is_what_is_before_it_now(void **state)
{
	struct serve *s = *state;
	struct answer answer;

	make_all(s);
	answer = page_at(s, "/Users?count=2&sortBy=userName", "");
	answer = page_at(s, "/Users?count=2&sortBy=userName", text_of(&answer, "nextCursor"));
	assert_string_equal(names_on(s, &answer), "u3 u4 ");
	change_everything(s, 0);                                                   /* u2 goes, u0 comes; */
	check(s, "DELETE", path_of(s, "/Users", id_of(s, "u3")), NULL, 204, NULL); /* and the place itself goes */
	make(s, "u00", NULL, NULL);
	answer = page_at(s, "/Users?count=2&sortBy=userName", text_of(&answer, "previousCursor"));
	assert_string_equal(names_on(s, &answer), "u00 u1 ");
	answer = page_at(s, "/Users?count=2&sortBy=userName", text_of(&answer, "previousCursor"));
	assert_string_equal(names_on(s, &answer), "u0 ");
	assert_null(au_json_get_str(answer.body, "previousCursor"));
	answer = page_at(s, "/Users?count=2&sortBy=userName", text_of(&answer, "nextCursor"));
	assert_string_equal(names_on(s, &answer), "u00 u1 ");
}

static void
totals_are_told_when_they_are_known(void **state)
{
	struct serve *s = *state;

	make_all(s);
	check(s, "GET", "/Users?cursor&count=2", NULL, 200, "{'totalResults':7,'itemsPerPage':2}");
	check(s, "GET", "/?cursor&count=2", NULL, 200, "{'totalResults':9}");
	check(s, "GET", "/Users?cursor&count=2&filter=title+pr", NULL, 200, "{'totalResults':null,'itemsPerPage':2}");
	check(s, "GET", "/Users?cursor&count=2&sortBy=title&filter=title+pr", NULL, 200, "{'totalResults':5}");
	check(s, "GET", "/Users?cursor&count=0&filter=title+pr", NULL, 200,
	    "{'totalResults':5,'itemsPerPage':0,'nextCursor':null,'startIndex':null,'Resources':[]}");
	check(s, "GET", "/Users?cursor&count=-5", NULL, 200, "{'totalResults':7,'nextCursor':null}");
}

static void
wrong_cursors_are_told_apart(void **state)
{
	struct serve *s = *state;
	struct answer first;
	const char *cursor;

	make_all(s);
	first = check(s, "POST", "/Users/.search", "{'cursor':'','count':2}", 200, "{'itemsPerPage':2}");
	cursor = text_of(&first, "nextCursor");
	check(s, "GET", au_arena_printf(s->arena, "/Users?count=2&cursor=%s", cursor), NULL, 200,
	    "{'Resources':[{'userName':'u3'},{'userName':'u4'}]}");
	check(s, "GET", au_arena_printf(s->arena, "/Users?count=3&cursor=%s", cursor), NULL, 400,
	    "{'scimType':'invalidCount'}");
	check(s, "GET", au_arena_printf(s->arena, "/Users?count=2&sortBy=userName&cursor=%s", cursor), NULL, 400,
	    "{'scimType':'invalidCursor'}");
	check(s, "GET", au_arena_printf(s->arena, "/Groups?count=2&cursor=%s", cursor), NULL, 400,
	    "{'scimType':'invalidCursor'}");
	check(s, "GET", "/Users?cursor=abc", NULL, 400, "{'scimType':'invalidCursor'}");
	check(s, "GET", "/Users?cursor&count=abc", NULL, 400, "{'scimType':'invalidCount'}");
	check(s, "GET", "/Users?cursor&startIndex=1", NULL, 400, "{'scimType':'invalidValue'}");
	check(s, "POST", "/Users/.search", "{'cursor':7}", 400, "{'scimType':'invalidValue'}");
	first = ask(s, "entra", "GET", au_arena_printf(s->arena, "/Users?count=2&cursor=%s", cursor), NULL);
	expect(&first, 400, s, "{'scimType':'invalidCursor'}");
	check(s, "GET", "/ServiceProviderConfig", NULL, 200,
	    "{'pagination':{'cursor':true,'index':true,'defaultPaginationMethod':'index','defaultPageSize':5,"
	    "'maxPageSize':5,'cursorTimeout':3600}}");
}

static void
sorting_needs_no_more_memory_than_allowed(void **state)
{
	struct serve *s = *state;

	for (int i = 0; i < 51; i++)
		make(s, au_arena_printf(s->arena, "m%02d", i), NULL, au_arena_printf(s->arena, "t%02d", 50 - i));
	check(s, "GET", "/Users?sortBy=title&startIndex=48&count=2", NULL, 200,
	    "{'totalResults':51,'Resources':[{'userName':'m03'},{'userName':'m02'}]}");
	check(s, "GET", "/Users?sortBy=title&startIndex=50&count=2", NULL, 400, "{'scimType':'tooMany'}");
	check(s, "GET", "/Users?sortBy=title&startIndex=50&filter=title+sw+%22t0%22", NULL, 200, "{'totalResults':10}");
	check(s, "GET", "/Users?sortBy=userName&startIndex=50&count=2", NULL, 200,
	    "{'totalResults':51,'Resources':[{'userName':'m49'},{'userName':'m50'}]}");
	assert_non_null(strstr(pages(s, "/Users?sortBy=title", NULL), "m01 |m00 |"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, serve_start, serve_stop)
		cmocka_unit_test(cursor_comes_back_as_it_went),
		cmocka_unit_test(cursor_of_anybody_else_is_refused),
		cmocka_unit_test(changed_cursor_is_refused),
		TEST(pages_hold_everything_once),
		TEST(next_page_goes_on_whatever_came_and_went),
		TEST(sorted_pages_go_on_too),
		TEST(previous_page_is_what_is_before_it_now),
		TEST(totals_are_told_when_they_are_known),
		TEST(wrong_cursors_are_told_apart),
		TEST(sorting_needs_no_more_memory_than_allowed),
	};

	au_rand_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
