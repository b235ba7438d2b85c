/* SPDX-License-Identifier: ISC */
/* Lists, searches and look-ups. */
#include "tests/scim/serve.h"

static void
lists_have_pages(void **state)
{
	static const struct {
		const char *query, *want;
	} rows[] = {
		{ "", "{'totalResults':7,'itemsPerPage':5,'startIndex':1}" },
		{ "?count=2", "{'totalResults':7,'itemsPerPage':2,'Resources':[{'userName':'u0'},{'userName':'u1'}]}" },
		{ "?startIndex=6&count=100",
		    "{'itemsPerPage':2,'startIndex':6,'Resources':[{'userName':'u5'},{'userName':'u6'}]}" },
		{ "?startIndex=0&count=1", "{'startIndex':1,'Resources':[{'userName':'u0'}]}" },
		{ "?startIndex=-3&count=1", "{'startIndex':1,'itemsPerPage':1}" },
		{ "?startIndex=8", "{'totalResults':7,'itemsPerPage':0,'Resources':[]}" },
		{ "?count=0", "{'totalResults':7,'itemsPerPage':0,'Resources':[]}" },
		{ "?count=-1", "{'totalResults':7,'itemsPerPage':0,'Resources':[]}" },
		{ "?filter=userName%20sw%20%22u%22&startIndex=2&count=2",
		    "{'totalResults':7,'Resources':[{'userName':'u1'},{'userName':'u2'}]}" },
		{ "?filter=userName+eq+%22U3%22", "{'totalResults':1,'Resources':[{'userName':'u3'}]}" },
		{ "?filter=userName+eq+%22none%22", "{'totalResults':0,'Resources':[]}" },
		{ "?sortBy=userName&sortOrder=descending&count=2",
		    "{'totalResults':7,'Resources':[{'userName':'u6'},{'userName':'u5'}]}" },
		{ "?sortBy=meta.created&startIndex=7", "{'totalResults':7,'Resources':[{'userName':'u6'}]}" },
		{ "?sortBy=userName&filter=userName+ne+%22u0%22&count=1",
		    "{'totalResults':6,'Resources':[{'userName':'u1'}]}" },
		{ "?attributes=userName&count=1", "{'Resources':[{'userName':'u0','meta':null}]}" },
		{ "?excludedAttributes=userName,meta&count=1", "{'Resources':[{'userName':null,'meta':null}]}" },
		{ "?unknown=1&count=1", "{'itemsPerPage':1}" },
		{ "?count=99999999999999999999", "{'itemsPerPage':5}" },
		{ "?count=-99999999999999999999", "{'totalResults':7,'itemsPerPage':0}" },
		{ "?startIndex=99999999999999999999", "{'totalResults':7,'itemsPerPage':0,'Resources':[]}" },
		{ "?startIndex=9223372036854775807&count=5&sortBy=userName", "{'totalResults':7,'Resources':[]}" },
		{ "?startIndex=9223372036854775807&filter=userName+pr", "{'totalResults':7,'Resources':[]}" },
		{ "?startIndex=-99999999999999999999&count=1", "{'startIndex':1,'itemsPerPage':1}" },
		{ "?startIndex=7&count=5", "{'startIndex':7,'itemsPerPage':1,'Resources':[{'userName':'u6'}]}" },
		{ "?startIndex=%32&count=%31", "{'startIndex':2,'Resources':[{'userName':'u1'}]}" },
		{ "?%63ount=2", "{'itemsPerPage':2}" },
		{ "?count=2&", "{'itemsPerPage':2}" },
		{ "?&&count=2", "{'itemsPerPage':2}" },
		{ "?filter=userName%09eq%20%22u3%22", "{'totalResults':1}" },
		{ "?filter=%28userName+eq+%22u3%22%29+or+%28userName+eq+%22u4%22%29&count=1",
		    "{'totalResults':2,'itemsPerPage':1,'Resources':[{'userName':'u3'}]}" },
		{ "?filter=userName+eq+%22u%2B3%22", "{'totalResults':0}" },
		{ "?filter=userName+sw+%22u%22&count=0", "{'totalResults':7,'itemsPerPage':0,'Resources':[]}" },
		{ "?filter=userName+sw+%22u%22&startIndex=8", "{'totalResults':7,'itemsPerPage':0}" },
		{ "?filter=title+pr&count=0", "{'totalResults':0,'itemsPerPage':0,'Resources':[]}" },
		{ "?sortBy=userName&count=0", "{'totalResults':7,'itemsPerPage':0,'Resources':[]}" },
		{ "?sortBy=userName&startIndex=8", "{'totalResults':7,'itemsPerPage':0,'Resources':[]}" },
		{ "?sortBy=urn:ietf:params:scim:schemas:core:2.0:User:userName&sortOrder=DESCENDING&count=1",
		    "{'Resources':[{'userName':'u6'}]}" },
		{ "?sortOrder=descending&count=1", "{'Resources':[{'userName':'u0'}]}" },
	};
	struct serve *s = *state;

	for (int i = 0; i < 7; i++)
		make_user(s, au_arena_printf(s->arena, "u%d", i));
	for (size_t i = 0; i < AU_COUNT(rows); i++)
		check(s, "GET", au_arena_printf(s->arena, "/Users%s", rows[i].query), NULL, 200, rows[i].want);
}

static void
bad_numbers_and_orders_are_refused(void **state)
{
	static const char *const rows[] = { "count=abc", "count=", "count=1.5", "count=0x10", "count=%2B5", "count=+5",
		"count=5%20", "startIndex=abc", "startIndex=", "startIndex=1e2", "count=1&count=2", "sortBy=noSuchName",
		"sortBy=name", "sortBy=userName&sortOrder=up", "sortBy=password",
		"attributes=userName&excludedAttributes=title" };
	static const char *const bodies[] = { "{'count':'abc'}", "{'count':1.5}", "{'count':true}", "{'count':[1]}",
		"{'startIndex':{}}", "{'sortBy':7}", "{'filter':true}", "{'startIndex':1,'cursor':''}" };
	struct serve *s = *state;

	for (size_t i = 0; i < AU_COUNT(rows); i++)
		check(s, "GET", au_arena_printf(s->arena, "/Users?%s", rows[i]), NULL, 400,
		    "{'scimType':'invalidValue'}");
	for (size_t i = 0; i < AU_COUNT(bodies); i++)
		check(s, "POST", "/Users/.search", bodies[i], 400, "{'scimType':'invalidValue'}");
	check(s, "GET", "/Users?filter=", NULL, 400, "{'scimType':'invalidFilter'}");
	check(s, "POST", "/Users/.search", "{'filter':''}", 400, "{'scimType':'invalidFilter'}");
	check(s, "GET", "/Users?filter=userName+eq+%22x", NULL, 400, "{'scimType':'invalidFilter'}");
	check(s, "GET", "/Users?filter=userName+eq+%22%ff%22", NULL, 400, NULL);
	check(s, "GET", "/Users?filter=%zz", NULL, 400, NULL);
}

static void
pages_at_the_root_go_from_type_to_type(void **state)
{
	struct serve *s = *state;

	for (int i = 0; i < 3; i++)
		make_user(s, au_arena_printf(s->arena, "u%d", i));
	check(s, "POST", "/Groups", "{'displayName':'g0'}", 201, NULL);
	check(s, "POST", "/Groups", "{'displayName':'g1'}", 201, NULL);
	check(s, "GET", "/?startIndex=3&count=2", NULL, 200,
	    "{'totalResults':5,'itemsPerPage':2,'Resources':[{'userName':'u2'},{'displayName':'g0'}]}");
	check(
	    s, "GET", "/?startIndex=4&count=5", NULL, 200, "{'itemsPerPage':2,'Resources':[{'displayName':'g0'},{}]}");
	check(s, "GET", "/?startIndex=6", NULL, 200, "{'totalResults':5,'itemsPerPage':0,'Resources':[]}");
	check(s, "GET", "/?filter=displayName+sw+%22g%22&startIndex=2", NULL, 200,
	    "{'totalResults':2,'Resources':[{'displayName':'g1'}]}");
	check(s, "GET", "/?filter=meta.lastModified+gt+%222020-01-01T00:00:00Z%22&startIndex=3&count=2", NULL, 200,
	    "{'totalResults':5,'Resources':[{'userName':'u2'},{'displayName':'g0'}]}");
	/* what a type has not counts as not assigned (RFC 7644 section 3.4.2.1) */
	check(s, "GET", "/?filter=userName+eq+%22u1%22+or+displayName+eq+%22g1%22", NULL, 200,
	    "{'totalResults':2,'Resources':[{'userName':'u1'},{'displayName':'g1'}]}");
	check(s, "GET", "/?filter=not+(userName+pr)", NULL, 200, "{'totalResults':2}");
	check(s, "GET", "/?filter=userName+ne+%22u1%22", NULL, 200, "{'totalResults':4}");
	check(s, "GET", "/?filter=userName+eq+null", NULL, 200, "{'totalResults':2}");
	check(s, "GET", "/?filter=emails[type+eq+%22work%22]+or+active+eq+true", NULL, 200, "{'totalResults':0}");
	check(s, "GET", "/?filter=members+pr+or+groups+pr", NULL, 200, "{'totalResults':0}");
	check(s, "GET", "/?filter=noSuchName+pr", NULL, 400, "{'scimType':'invalidFilter'}");
	check(s, "GET", "/?sortBy=userName&sortOrder=descending", NULL, 200,
	    "{'totalResults':5,'Resources':[{'displayName':'g1'},{'displayName':'g0'},{'userName':'u2'},{'userName':'"
	    "u1'},"
	    "{'userName':'u0'}]}");
	check(s, "GET", "/?sortBy=noSuchName", NULL, 400, "{'scimType':'invalidValue'}");
	check(s, "GET", "/?sortBy=displayName&sortOrder=descending&count=2&startIndex=4", NULL, 200,
	    "{'totalResults':5,'Resources':[{'displayName':'g1'},{'displayName':'g0'}]}");
}

static void
searches_say_the_same_as_lists(void **state)
{
	struct serve *s = *state;

	for (int i = 0; i < 3; i++)
		make_user(s, au_arena_printf(s->arena, "u%d", i));
	check(s, "POST", "/Groups", "{'displayName':'g'}", 201, NULL);
	check(s, "POST", "/Users/.search",
	    "{'schemas':['urn:ietf:params:scim:api:messages:2.0:SearchRequest'],'filter':'userName sw \\'u\\'',"
	    "'startIndex':2,'count':1,'attributes':['userName']}",
	    200, "{'totalResults':3,'startIndex':2,'Resources':[{'userName':'u1','meta':null}]}");
	check(s, "POST", "/Groups/.search", "{}", 200, "{'totalResults':1}");
	check(s, "POST", "/.search", "{'filter':'meta.resourceType eq \\'Group\\''}", 200,
	    "{'totalResults':1,'Resources':[{'displayName':'g'}]}");
	check(s, "POST", "/.search", "{'filter':'userName eq \\'u1\\''}", 200, "{'totalResults':1}");
	check(s, "POST", "/.search", "{'sortBy':'meta.created','count':4}", 200, "{'totalResults':4,'itemsPerPage':4}");
	check(s, "GET", "/?startIndex=3&count=2", NULL, 200,
	    "{'totalResults':4,'Resources':[{'userName':'u2'},{'displayName':'g'}]}");
	check(s, "POST", "/.search", "{'filter':'noSuchName pr'}", 400, "{'scimType':'invalidFilter'}");
	check(s, "POST", "/Users/.search", "{'count':'many'}", 400, "{'scimType':'invalidValue'}");
	check(s, "POST", "/Users/.search", "{'schemas':['x']}", 400, "{'scimType':'invalidSyntax'}");
}

static void
lookups_find_by_every_key(void **state)
{
	static const char *const filters[] = { "userName eq '%s'", "externalId eq 'E-1'",
		"emails.value eq 'BOB@example.com'", "emails[type eq 'work'].value eq 'bob@example.com'",
		"emails eq 'bob@example.com'", "displayName eq 'bobby'", "userName eq 'bob' and active eq true",
		"urn:ietf:params:scim:schemas:core:2.0:User:userName eq 'BOB'",
		"externalId eq 'E-1' and userName sw 'b'", "meta.resourceType eq 'User' and nickName pr" };
	struct serve *s = *state;

	make_user(s, "alice");
	check(s, "POST", "/Users",
	    "{'userName':'bob','externalId':'E-1','displayName':'Bobby','nickName':'b','active':true,"
	    "'emails':[{'type':'work','value':'bob@example.com'}]}",
	    201, NULL);
	for (size_t i = 0; i < AU_COUNT(filters); i++) {
		struct au_str body = AU_STR_INIT;
		char *filter = au_arena_printf(s->arena, i == 0 ? "userName eq 'Bob'" : "%s", filters[i]);

		au_str_put(&body, "{\"filter\":");
		au_str_json(&body, requoted(s->arena, filter));
		au_str_putc(&body, '}');
		check(s, "POST", "/Users/.search", au_str_get(&body), 200,
		    "{'totalResults':1,'Resources':[{'userName':'bob'}]}");
		au_str_done(&body);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, serve_start, serve_stop)
		TEST(lists_have_pages),
		TEST(bad_numbers_and_orders_are_refused),
		TEST(pages_at_the_root_go_from_type_to_type),
		TEST(searches_say_the_same_as_lists),
		TEST(lookups_find_by_every_key),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
