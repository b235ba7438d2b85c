/* SPDX-License-Identifier: ISC */
/* Schemas and resource types of the deployment: everything works for them that works for the built-in ones. */
#include "tests/scim/serve.h"

#include "base/io.h"

#define USER "urn:ietf:params:scim:schemas:core:2.0:User"
#define BADGE "urn:example:params:scim:schemas:extension:2.0:Badge"
#define DEVICE "urn:example:params:scim:schemas:2.0:Device"
#define OWNER "urn:example:params:scim:schemas:extension:2.0:Owner"

static const char configuration[] =
    "scim_schemas = (\n"
    "  { name = \"Badge\"; urn = \"" BADGE "\"; extends = \"User\"; attributes = (\n"
    "      { name = \"number\"; type = \"integer\"; },\n"
    "      { name = \"colour\"; case_exact = true; },\n"
    "      { name = \"pin\"; mutability = \"writeOnly\"; returned = \"never\"; },\n"
    "      { name = \"note\"; returned = \"request\"; },\n"
    "      { name = \"issued\"; type = \"dateTime\"; mutability = \"immutable\"; },\n"
    "      { name = \"doors\"; type = \"complex\"; multi_valued = true; sub_attributes = (\n"
    "          { name = \"value\"; }, { name = \"type\"; }, { name = \"primary\"; type = \"boolean\"; } ); },\n"
    "      { name = \"keys\"; type = \"complex\"; multi_valued = true; sub_attributes = (\n"
    "          { name = \"value\"; required = true; }, { name = \"label\"; },\n"
    "          { name = \"code\"; mutability = \"writeOnly\"; returned = \"never\"; } ); } ); },\n"
    "  { name = \"Device\"; urn = \"" DEVICE "\"; attributes = (\n"
    "      { name = \"serial\"; required = true; uniqueness = \"server\"; },\n"
    "      { name = \"tags\"; multi_valued = true; },\n"
    "      { name = \"weight\"; type = \"decimal\"; },\n"
    "      { name = \"always\"; returned = \"always\"; } ); },\n"
    "  { name = \"Owner\"; urn = \"" OWNER "\"; extends = \"Device\"; required = true; attributes = (\n"
    "      { name = \"owner\"; required = true; } ); }\n"
    ");\n"
    "scim_resource_types = ( { name = \"Device\"; endpoint = \"/Devices\"; schema = \"Device\"; } );\n";

static int
start(void **state)
{
	return serve_start_with(state, configuration);
}

static const char *
make(struct serve *s, const char *endpoint, const char *body)
{
	struct answer made = check(s, "POST", au_arena_printf(s->arena, "/%s", endpoint), body, 201, NULL);

	return path_of(s, endpoint, text_of(&made, "id"));
}

/* ---- an extension of users ---- */

static void
extensions_are_discovered(void **state)
{
	struct serve *s = *state;

	check(s, "GET", "/ResourceTypes/User", NULL, 200,
	    "{'schemaExtensions':[{'schema':'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User','required':"
	    "false},"
	    "{'schema':'urn:ietf:params:scim:schemas:extension:apiuserd:2.0:User','required':false},"
	    "{'schema':'urn:ietf:params:scim:schemas:extension:apiuserd:2.0:Account','required':false},{'schema':"
	    "'" BADGE "','required':false}]}");
	check(s, "GET", "/ResourceTypes/device", NULL, 200,
	    "{'endpoint':'/Devices','schema':'" DEVICE "','schemaExtensions':[{'schema':'" OWNER
	    "','required':true}]}");
	check(s, "GET", "/Schemas/" BADGE, NULL, 200, "{'name':'Badge'}");
	check(s, "GET", "/ResourceTypes", NULL, 200, "{'totalResults':3}");
}

static void
extensions_are_written_read_and_found(void **state)
{
	struct serve *s = *state;
	const char *path = make(s, "Users",
	    "{'schemas':['" USER "','" BADGE "'],'userName':'bob','" BADGE
	    "':{'number':7,'colour':'Red','PIN':'canary-pin',"
	    "'schemas':['x'],'doors':[{'value':'north','primary':true},{'value':'south'}]}}");

	check(s, "GET", path, NULL, 200,
	    "{'schemas':['" USER "','" BADGE "'],'" BADGE
	    "':{'number':7,'colour':'Red','pin':null,'doors':[{'value':'north','primary':true},{'value':'south'}]}}");
	check(s, "GET", "/Users?filter=" BADGE ":number%20gt%206", NULL, 200, "{'totalResults':1}");
	check(s, "GET", "/Users?filter=" BADGE ":colour%20eq%20%22red%22", NULL, 200, "{'totalResults':0}");
	check(s, "GET", "/Users?filter=" BADGE ":doors%5Bvalue%20eq%20%22NORTH%22%20and%20primary%20eq%20true%5D", NULL,
	    200, "{'totalResults':1}");
	check(s, "GET", "/Users?filter=" BADGE ":pin%20pr", NULL, 400, "{'scimType':'invalidFilter'}");
	check(s, "GET", au_arena_printf(s->arena, "%s?attributes=" BADGE ":colour", path), NULL, 200,
	    "{'userName':null,'" BADGE "':{'colour':'Red','number':null}}");
	check(s, "GET", au_arena_printf(s->arena, "%s?excludedAttributes=" BADGE, path), NULL, 200,
	    "{'schemas':['" USER "'],'userName':'bob','" BADGE "':null}");
	check(s, "POST", "/Users", "{'userName':'eve','" BADGE "':{'number':'seven'}}", 400,
	    "{'scimType':'invalidValue'}");
	check(s, "POST", "/Users", "{'userName':'eve','" BADGE "':{'number':7.5}}", 400, "{'scimType':'invalidValue'}");
}

static void
extensions_are_patched(void **state)
{
	struct serve *s = *state;
	const char *path = make(s, "Users", "{'userName':'bob'}");

	check(s, "PATCH", path, "{'Operations':[{'op':'add','path':'" BADGE ":number','value':1}]}", 200,
	    "{'schemas':['" USER "','" BADGE "'],'" BADGE "':{'number':1}}");
	check(s, "PATCH", path,
	    "{'Operations':[{'op':'add','value':{'" BADGE "':{'colour':'blue'},'" BADGE
	    ":issued':'2026-01-31T08:00:00Z'}},"
	    "{'op':'add','path':'" BADGE ":doors[type eq \\'x\\'].value','value':'north'}]}",
	    200,
	    "{'" BADGE
	    "':{'number':1,'colour':'blue','issued':'2026-01-31T08:00:00Z','doors':[{'type':'x','value':'north'}]}}");
	check(s, "PATCH", path,
	    "{'Operations':[{'op':'replace','path':'" BADGE ":issued','value':'2026-02-01T08:00:00Z'}]}", 400,
	    "{'scimType':'mutability'}");
	check(s, "PUT", path, "{'userName':'bob','" BADGE "':{'number':2}}", 200,
	    "{'" BADGE "':{'number':2,'colour':null,'issued':'2026-01-31T08:00:00Z'}}");
	check(s, "PATCH", path, "{'Operations':[{'op':'remove','path':'" BADGE "'}]}", 200,
	    "{'schemas':['" USER "'],'" BADGE "':null}");
}

/* Whether any file of the store has these bytes. */
static bool
store_holds(struct serve *s, const char *bytes)
{
	static const char *const files[] = { "store/apiuserd.db", "store/apiuserd.db-wal" };
	bool holds = false;

	for (size_t i = 0; i < AU_COUNT(files); i++) {
		AU_CLEANUP(au_freep) char *path = au_xasprintf("%s/%s", s->folder, files[i]);
		AU_CLEANUP(au_freep) char *content = NULL;
		size_t len = 0;

		if (au_io_read(path, 64 << 20, &content, &len, NULL) == 0)
			holds = holds || memmem(content, len, bytes, strlen(bytes)) != NULL;
	}
	return holds;
}

/* A secret inside a complex value is no more kept than one beside it; what is required inside is required. */
static void
sub_attributes_have_characteristics_too(void **state)
{
	struct serve *s = *state;
	const char *path =
	    make(s, "Users", "{'userName':'bob','" BADGE "':{'keys':[{'value':'k','code':'canary-code'}]}}");
	struct answer answer = check(s, "GET", path, NULL, 200, "{'" BADGE "':{'keys':[{'value':'k'}]}}");

	assert_null(strstr(answer.text, "canary-code"));
	check(s, "PATCH", path,
	    "{'Operations':[{'op':'replace','path':'" BADGE ":keys[value eq \\'k\\'].code','value':'canary-code'},"
	    "{'op':'add','path':'" BADGE
	    ":keys','value':[{'value':'l','label':'canary-label','code':'canary-code'}]}]}",
	    200, "{'" BADGE "':{'keys':[{'value':'k'},{'value':'l','label':'canary-label'}]}}");
	assert_false(store_holds(s, "canary-code"));
	assert_true(store_holds(s, "canary-label"));
	check(s, "GET", "/Users?filter=" BADGE ":keys.code%20pr", NULL, 400, "{'scimType':'invalidFilter'}");
	check(s, "POST", "/Users", "{'userName':'eve','" BADGE "':{'keys':[{'value':'k'},{'label':'x'}]}}", 400,
	    "{'scimType':'invalidValue'}");
	check(s, "PATCH", path, "{'Operations':[{'op':'remove','path':'" BADGE ":keys[value eq \\'l\\'].value'}]}", 400,
	    "{'scimType':'mutability'}");
}

/* RFC 7643 section 7: "request" is shown to whoever names it, and in the answer to whoever has just written it. */
static void
what_is_returned_on_request_is_seen_by_who_asks_or_writes(void **state)
{
	struct serve *s = *state;
	struct answer made = check(s, "POST", "/Users", "{'userName':'bob','" BADGE "':{'note':'n','number':1}}", 201,
	    "{'" BADGE "':{'note':'n'}}");
	const char *path = path_of(s, "Users", text_of(&made, "id"));

	check(s, "GET", path, NULL, 200, "{'" BADGE "':{'note':null,'number':1}}");
	check(s, "GET", "/Users", NULL, 200, "{'Resources':[{'" BADGE "':{'note':null,'number':1}}]}");
	check(s, "GET", au_arena_printf(s->arena, "%s?attributes=" BADGE ":note", path), NULL, 200,
	    "{'" BADGE "':{'note':'n','number':null}}");
	check(s, "PATCH", path, "{'Operations':[{'op':'add','path':'title','value':'x'}]}", 200,
	    "{'title':'x','" BADGE "':{'note':null}}");
	check(s, "PATCH", path, "{'Operations':[{'op':'replace','path':'" BADGE ":note','value':'m'}]}", 200,
	    "{'" BADGE "':{'note':'m'}}");
	check(s, "PATCH", au_arena_printf(s->arena, "%s?excludedAttributes=" BADGE ":note", path),
	    "{'Operations':[{'op':'replace','path':'" BADGE ":note','value':'o'}]}", 200,
	    "{'" BADGE "':{'note':null}}");
	check(s, "PUT", path, "{'userName':'bob','" BADGE "':{'note':'p'}}", 200, "{'" BADGE "':{'note':'p'}}");
}

/* ---- a resource type ---- */

static void
resources_of_a_configured_type_live_like_others(void **state)
{
	struct serve *s = *state;
	const char *body =
	    "{'schemas':['" DEVICE "','" OWNER "'],'serial':'A1','tags':['x','y','x'],'weight':1.5,'always':'z','" OWNER
	    "':{'owner':'bob'}}";
	struct answer made = check(s, "POST", "/Devices", body, 201,
	    "{'schemas':['" DEVICE "','" OWNER "'],'tags':['x','y'],'weight':1.5,'meta':{'resourceType':'Device'}}");
	const char *path = path_of(s, "Devices", text_of(&made, "id"));

	assert_string_equal(field_of(s, &made, "Location"), au_arena_printf(s->arena, SERVE_BASE "%s", path));
	check(s, "POST", "/devices", body, 409, "{'scimType':'uniqueness'}");
	check(s, "POST", "/Devices", "{'serial':'B2'}", 400, "{'scimType':'invalidValue'}");
	check(s, "POST", "/Devices", "{'serial':'B2','" OWNER "':{}}", 400, "{'scimType':'invalidValue'}");
	check(s, "POST", "/Devices", "{'" OWNER "':{'owner':'bob'}}", 400, "{'scimType':'invalidValue'}");
	check(s, "GET", "/Devices?filter=serial%20eq%20%22a1%22", NULL, 200, "{'totalResults':1}");
	check(s, "GET", "/Devices?filter=weight%20lt%202&sortBy=serial", NULL, 200, "{'totalResults':1}");
	check(s, "GET", au_arena_printf(s->arena, "%s?excludedAttributes=always,tags", path), NULL, 200,
	    "{'always':'z','tags':null}");
	check(s, "POST", "/.search", "{'filter':'meta.resourceType eq \\'Device\\''}", 200, "{'totalResults':1}");
	check(
	    s, "PATCH", path, "{'Operations':[{'op':'remove','path':'" OWNER "'}]}", 400, "{'scimType':'mutability'}");
	check(s, "PATCH", path, "{'Operations':[{'op':'remove','path':'tags','value':['x']}]}", 200, "{'tags':['y']}");
	check(s, "PUT", path, "{'serial':'A2','" OWNER "':{'owner':'eve'}}", 200,
	    "{'serial':'A2','tags':null,'always':null}");
	check(s, "POST", "/Groups",
	    au_arena_printf(s->arena, "{'displayName':'g','members':[{'value':'%s'}]}", text_of(&made, "id")), 400,
	    "{'scimType':'invalidValue'}");
	made = ask(s, "entra", "GET", path, NULL);
	expect(&made, 404, s, NULL);
	check(s, "DELETE", path, NULL, 204, NULL);
	check(s, "GET", path, NULL, 404, NULL);
}

/* ---- reloads ---- */

/* What no schema knows any more is kept but not shown; it is there again when its schema is. */
static void
values_outlive_their_schema(void **state)
{
	struct serve *s = *state;
	const char *path = make(s, "Users", "{'userName':'bob','" BADGE "':{'number':7,'colour':'Red'}}");
	const char *device = make(s, "Devices", "{'serial':'A1','" OWNER "':{'owner':'bob'}}");

	serve_reload(s, "");
	check(s, "GET", path, NULL, 200, "{'schemas':['" USER "'],'" BADGE "':null}");
	check(s, "GET", "/Users", NULL, 200, "{'Resources':[{'schemas':['" USER "'],'" BADGE "':null}]}");
	check(s, "GET", device, NULL, 404, NULL);
	check(s, "PATCH", path, "{'Operations':[{'op':'add','path':'title','value':'x'}]}", 200,
	    "{'schemas':['" USER "'],'title':'x','" BADGE "':null}");
	serve_reload(s,
	    "scim_schemas = ( { name = \"Badge\"; urn = \"" BADGE "\"; extends = \"User\"; attributes = ( { name = "
	    "\"colour\"; } ); } );\n");
	check(s, "GET", path, NULL, 200,
	    "{'schemas':['" USER "','" BADGE "'],'" BADGE "':{'colour':'Red','number':null}}");
	serve_reload(s, configuration);
	check(s, "GET", path, NULL, 200, "{'title':'x','" BADGE "':{'number':7,'colour':'Red'}}");
	check(s, "GET", device, NULL, 200, "{'serial':'A1'}");
	serve_reload(s, "");
	check(s, "PUT", path, "{'userName':'bob'}", 200, "{'schemas':['" USER "']}");
	serve_reload(s, configuration);
	check(s, "GET", path, NULL, 200, "{'schemas':['" USER "'],'" BADGE "':null}");
}

static void
expect_found(struct serve *s, const char *test, int count)
{
	check(s, "GET", au_arena_printf(s->arena, "/Users?filter=" BADGE ":colour%%20%s", test), NULL, 200,
	    au_arena_printf(s->arena, "{'totalResults':%d}", count));
}

/* Whether the index is whole yet or not, and whatever it was before, filters give the same answer. */
static void
filters_follow_the_configuration(void **state)
{
	static const char *const options[] = { "case_exact = true; indexed = true;", "indexed = true;",
		"case_exact = true;", "", "case_exact = true; indexed = true;" };
	struct serve *s = *state;

	make(s, "Users", "{'userName':'bob','" BADGE "':{'colour':'Red'}}");
	for (size_t i = 0; i < AU_COUNT(options); i++) {
		bool exact = strstr(options[i], "case_exact") != NULL;

		serve_reload(s, au_arena_printf(s->arena,
				    "scim_schemas = ( { name = \"Badge\"; urn = \"" BADGE "\"; extends = \"User\"; "
				    "attributes = ( { name = \"colour\"; %s } ); } );\n",
				    options[i]));
		for (int round = 0; round < 3; round++) {
			expect_found(s, "eq%20%22Red%22", 1);
			expect_found(s, "eq%20%22red%22", exact ? 0 : 1);
			expect_found(s, "sw%20%22RE%22", exact ? 0 : 1);
		}
	}
}

/* What was written when less was demanded can still be changed, above all deactivated; PUT has to bring it up to date.
 */
static void
new_demands_do_not_block_changes(void **state)
{
	struct serve *s = *state;
	const char *path = make(s, "Users", "{'userName':'bob'}");

	serve_reload(s,
	    "scim_schemas = ( { name = \"Badge\"; urn = \"" BADGE "\"; extends = \"User\"; required = true; "
	    "attributes = ( { name = \"colour\"; required = true; } ); } );\n");
	check(s, "PATCH", path, "{'Operations':[{'op':'replace','path':'active','value':false}]}", 200,
	    "{'active':false}");
	check(s, "PUT", path, "{'userName':'bob'}", 400, "{'scimType':'invalidValue'}");
	check(s, "PATCH", path, "{'Operations':[{'op':'add','path':'" BADGE ":colour','value':'red'}]}", 200,
	    "{'" BADGE "':{'colour':'red'}}");
	check(
	    s, "PATCH", path, "{'Operations':[{'op':'remove','path':'" BADGE "'}]}", 400, "{'scimType':'mutability'}");
	check(s, "DELETE", path, NULL, 204, NULL);
}

/*
 * A request that came before a reload ends with what it began with, wherever it is then: the more turns the loop makes
 * before, the further it has got.
 */
static void
a_request_keeps_its_catalog(void **state)
{
	struct serve *s = *state;
	const char *device = make(s, "Devices", "{'serial':'A1','" OWNER "':{'owner':'bob'}}");
	int changed = 0, gone = 0;

	for (int turns = 0; turns < 40; turns++) {
		const char *body = au_arena_printf(
		    s->arena, "{'Operations':[{'op':'add','path':'" OWNER ":owner','value':'eve%d'}]}", turns);
		int fd = ask_begin(s, "okta", "", "PATCH", device, body);
		struct answer answer;

		for (int turn = 0; turn < turns; turn++)
			event_base_loop(s->base, EVLOOP_NONBLOCK);
		serve_reload(s, "");
		answer = ask_end(s, fd);
		if (answer.status == 200)
			assert_true(holds(answer.body,
			    json_of(s->arena, au_arena_printf(s->arena, "{'" OWNER "':{'owner':'eve%d'}}", turns))));
		else
			assert_int_equal(answer.status, 404);
		changed += answer.status == 200;
		gone += answer.status == 404;
		check(s, "GET", device, NULL, 404, NULL);
		serve_reload(s, configuration);
	}
	assert_true(changed > 0 && gone > 0);
}

/* In a Bulk too, and with references inside an extension of the deployment. */
static void
bulk_knows_configured_types(void **state)
{
	struct serve *s = *state;
	struct answer answer = check(s, "POST", "/Bulk",
	    "{'Operations':[{'method':'POST','path':'/Devices','bulkId':'d','data':{'serial':'B2','" OWNER
	    "':{'owner':'bulkId:u'}}},{'method':'POST','path':'/Users','bulkId':'u','data':{'userName':'bob'}},"
	    "{'method':'PATCH','path':'/Devices/bulkId:d','data':{'Operations':[{'op':'add','path':'tags',"
	    "'value':['bulkId:d']}]}}]}",
	    200, "{'Operations':[{'status':'201'},{'status':'201'},{'status':'200'}]}");
	const json_t *operations = json_object_get(answer.body, "Operations");
	const char *device = strrchr(au_json_get_str(json_array_get(operations, 0), "location"), '/') + 1;
	const char *user = strrchr(au_json_get_str(json_array_get(operations, 1), "location"), '/') + 1;

	check(s, "GET", path_of(s, "Devices", device), NULL, 200,
	    au_arena_printf(s->arena, "{'tags':['%s'],'" OWNER "':{'owner':'%s'}}", device, user));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, start, serve_stop)
		TEST(extensions_are_discovered),
		TEST(extensions_are_written_read_and_found),
		TEST(extensions_are_patched),
		TEST(sub_attributes_have_characteristics_too),
		TEST(what_is_returned_on_request_is_seen_by_who_asks_or_writes),
		TEST(resources_of_a_configured_type_live_like_others),
		TEST(values_outlive_their_schema),
		TEST(filters_follow_the_configuration),
		TEST(new_demands_do_not_block_changes),
		TEST(a_request_keeps_its_catalog),
		TEST(bulk_knows_configured_types),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
