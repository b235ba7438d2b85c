/* SPDX-License-Identifier: ISC */
/* Roles and entitlements that rules let a client give: what is offered, to whom, and that nobody changes it. */
#include "tests/scim/serve.h"

#include "model/describe.h"

#define ENTITLEMENT "urn:ietf:params:scim:schemas:core:2.0:Entitlement"
#define TEMPLATE "urn:ietf:params:scim:schemas:extension:apiuserd:2.0:Template"

static const char configuration[] =
    "targets = ( { name = \"room\"; plugin = \"fake\"; }, { name = \"tabs\"; plugin = \"fake\"; } );\n"
    "templates = ( { name = \"runner\"; target = \"room\"; description = \"Runs bots.\"; rights = { }; },\n"
    "  { name = \"reader\"; target = \"tabs\"; rights = { }; } );\n"
    "rules = ( { name = \"one\"; source = \"okta\"; entitlement = \"API Runner\"; template = \"runner\"; },\n"
    "  { name = \"two\"; source = \"okta\"; entitlement = \"Reader\"; template = \"reader\"; },\n"
    "  { name = \"three\"; source = \"okta\"; entitlement = \"api runner\"; template = \"reader\"; },\n"
    "  { name = \"four\"; source = \"entra\"; entitlement = \"Secret\"; template = \"reader\"; },\n"
    "  { name = \"five\"; source = \"okta\"; role = \"Reader\"; template = \"reader\"; },\n"
    "  { name = \"six\"; source = \"okta\"; group = \"Readers\"; template = \"reader\"; } );\n";

static int
start(void **state)
{
	return serve_start_with(state, configuration);
}

/* Its path, as its location tells it. */
static const char *
path_of_first(struct serve *s, const struct answer *list)
{
	const json_t *first = json_array_get(json_object_get(list->body, "Resources"), 0);
	const char *location = au_json_get_str(json_object_get(first, "meta"), "location");

	(void)s;
	assert_memory_equal(location, SERVE_BASE, strlen(SERVE_BASE));
	return location + strlen(SERVE_BASE);
}

static void
a_client_finds_what_its_rules_name(void **state)
{
	struct serve *s = *state;
	struct answer list = check(s, "GET", "/Entitlements", NULL, 200,
	    "{'totalResults':2,'itemsPerPage':2,'startIndex':1,'Resources':["
	    "{'schemas':['" ENTITLEMENT "','" TEMPLATE
	    "'],'value':'API Runner','display':'runner (room), reader (tabs)','type':null,"
	    "'supported':true,'limitedAssignmentsPermitted':false,'totalAssignmentsUsed':0,'" TEMPLATE
	    "':{'templates':[{'value':'runner','display':'Runs bots.','target':'room','product':'Fake','rule':'one'},"
	    "{'value':'reader','target':'tabs','rule':'three'}]},'meta':{'resourceType':'Entitlement'}},"
	    "{'value':'Reader','display':'reader (tabs)','type':'tabs'}]}");
	const char *path = path_of_first(s, &list);
	struct answer one = check(s, "GET", path, NULL, 200, "{'value':'API Runner'}");

	assert_string_equal(path, "/Entitlements/entitlement:api%20runner");
	assert_true(json_equal(one.body, json_array_get(json_object_get(list.body, "Resources"), 0)));
	assert_string_equal(field_of(s, &one, "Location"), au_arena_printf(s->arena, SERVE_BASE "%s", path));
	assert_string_equal(
	    au_json_get_str(json_object_get(one.body, "meta"), "location"), field_of(s, &one, "Location"));
	check(s, "GET", "/Roles", NULL, 200, "{'totalResults':1,'Resources':[{'value':'Reader'}]}");
	check(s, "GET", "/Entitlements/nobody", NULL, 404, "{'status':'404'}");
	/* the id stays over a reload */
	serve_reload(s, configuration);
	check(s, "GET", path, NULL, 200, "{'value':'API Runner'}");
}

static void
others_see_their_own(void **state)
{
	struct serve *s = *state;
	struct answer list = check(s, "GET", "/Entitlements", NULL, 200, NULL);
	const char *path = path_of_first(s, &list);

	list = ask(s, "entra", "GET", "/Entitlements", NULL);
	expect(&list, 200, s, "{'totalResults':1,'Resources':[{'value':'Secret'}]}");
	list = ask(s, "entra", "GET", path, NULL);
	expect(&list, 404, s, NULL);
	list = ask(s, "slow", "GET", "/Roles", NULL);
	expect(&list, 200, s, "{'totalResults':0,'Resources':[]}");
	list = ask(s, NULL, "GET", "/Roles", NULL);
	expect(&list, 401, s, NULL);
}

static void
offers_are_searched_like_resources(void **state)
{
	struct serve *s = *state;
	struct answer back, answer;

	check(s, "GET", "/Entitlements?filter=value%20eq%20%22api%20runner%22", NULL, 200,
	    "{'totalResults':1,'Resources':[{'value':'API Runner'}]}");
	check(s, "GET", "/Entitlements?filter=" TEMPLATE ":templates.target%20eq%20%22room%22&attributes=value", NULL,
	    200, "{'totalResults':1,'Resources':[{'value':'API Runner','display':null}]}");
	check(s, "GET", "/Entitlements?sortBy=value&sortOrder=descending", NULL, 200,
	    "{'Resources':[{'value':'Reader'},{'value':'API Runner'}]}");
	check(s, "GET", "/Entitlements?startIndex=2&count=5", NULL, 200,
	    "{'totalResults':2,'startIndex':2,'itemsPerPage':1,'Resources':[{'value':'Reader'}]}");
	answer = check(s, "GET", "/Entitlements?cursor&count=1", NULL, 200,
	    "{'totalResults':2,'startIndex':null,'itemsPerPage':1,'Resources':[{'value':'API Runner'}]}");
	back = check(s, "GET",
	    au_arena_printf(s->arena, "/Entitlements?cursor=%s&count=1", text_of(&answer, "nextCursor")), NULL, 200,
	    "{'nextCursor':null,'Resources':[{'value':'Reader'}]}");
	check(s, "GET", au_arena_printf(s->arena, "/Entitlements?cursor=%s&count=1", text_of(&back, "previousCursor")),
	    NULL, 200, "{'previousCursor':null,'itemsPerPage':1,'Resources':[{'value':'API Runner'}]}");
	check(s, "GET", au_arena_printf(s->arena, "/Roles?cursor=%s&count=1", text_of(&answer, "nextCursor")), NULL,
	    400, "{'scimType':'invalidCursor'}");
	check(s, "GET", "/Entitlements?count=0", NULL, 200, "{'totalResults':2,'Resources':[]}");
	check(s, "GET", "/Entitlements?filter=colour%20pr", NULL, 400, "{'scimType':'invalidFilter'}");
	check(s, "POST", "/Entitlements/.search",
	    "{'schemas':['urn:ietf:params:scim:api:messages:2.0:SearchRequest'],'filter':'type "
	    "pr','attributes':['value']}",
	    200, "{'totalResults':1,'Resources':[{'value':'Reader'}]}");
}

static void
users_are_counted_and_values_of_any_case_count(void **state)
{
	struct serve *s = *state;
	const char *path = path_of(s, "Users", make_user(s, "bob"));

	check(s, "PATCH", path, "{'Operations':[{'op':'add','path':'entitlements','value':[{'value':'api RUNNER'}]}]}",
	    200, NULL);
	check(s, "GET", "/Entitlements?filter=totalAssignmentsUsed%20eq%201", NULL, 200,
	    "{'totalResults':1,'Resources':[{'value':'API Runner'}]}");
	/* a client may write the id instead, which is the same value */
	check(s, "PATCH", path,
	    "{'Operations':[{'op':'replace','path':'entitlements','value':[{'value':'entitlement:api runner'}]}]}", 200,
	    "{'entitlements':[{'value':'entitlement:api runner'}]}");
	check(s, "GET", "/Entitlements?filter=totalAssignmentsUsed%20eq%201", NULL, 200, "{'totalResults':1}");
	check(s, "DELETE", path, NULL, 204, NULL);
	check(s, "GET", "/Entitlements?filter=totalAssignmentsUsed%20eq%201", NULL, 200, "{'totalResults':0}");
}

static void
offers_are_read_only(void **state)
{
	static const char *const methods[] = { "POST", "PUT", "PATCH", "DELETE" };
	struct serve *s = *state;
	struct answer list = check(s, "GET", "/Entitlements", NULL, 200, NULL), answer;
	const char *path = path_of_first(s, &list);

	for (size_t i = 0; i < AU_COUNT(methods); i++) {
		answer = ask(s, "okta", methods[i], path, "{'value':'x'}");
		expect(&answer, 405, s, NULL);
		assert_string_equal(field_of(s, &answer, "Allow"), "GET");
	}
	check(s, "POST", "/Entitlements", "{'value':'x'}", 405, NULL);
	check(s, "POST", "/Bulk",
	    "{'schemas':['urn:ietf:params:scim:api:messages:2.0:BulkRequest'],'Operations':[{'method':'POST','path':"
	    "'/Entitlements','bulkId':'a','data':{'value':'x'}}]}",
	    200, "{'Operations':[{'status':'404'}]}");
	list = check(s, "GET", "/Entitlements", NULL, 200, "{'totalResults':2}");
}

static void
discovery_tells_of_offers_where_there_are_any(void **state)
{
	struct serve *s = *state;

	check(s, "GET", "/ServiceProviderConfig", NULL, 200,
	    "{'RolesAndEntitlements':{'roles':{'supported':true,'multipleRolesSupported':true,'primarySupported':true,"
	    "'typeSupported':true},'entitlements':{'supported':true,'multipleEntitlementsSupported':true}}}");
	check(s, "GET", "/ResourceTypes/Role", NULL, 200,
	    "{'endpoint':'/Roles','schemaExtensions':[{'schema':'" TEMPLATE "'}]}");
	check(s, "GET", "/Schemas/" ENTITLEMENT, NULL, 200, "{'name':'Entitlement'}");
	check(s, "GET", "/Schemas/" TEMPLATE, NULL, 200, NULL);
	serve_reload(s, "");
	check(s, "GET", "/ServiceProviderConfig", NULL, 200, "{'RolesAndEntitlements':null}");
	check(s, "GET", "/ResourceTypes/Role", NULL, 404, NULL);
	check(s, "GET", "/Schemas/" ENTITLEMENT, NULL, 404, NULL);
	check(s, "GET", "/Roles", NULL, 404, NULL);
}

/* Okta knows the two by schemas of its own, with a displayName, and writes their ids into the user. */
static void
okta_sees_its_own_schemas(void **state)
{
	struct serve *s = *state;
	struct answer answer;
	const char *path;

	serve_reload(s,
	    "targets = ( { name = \"room\"; plugin = \"fake\"; } );\n"
	    "templates = ( { name = \"runner\"; target = \"room\"; description = \"Runs bots.\"; rights = { }; } );\n"
	    "rules = ( { name = \"r\"; source = \"p-okta\"; entitlement = \"API Runner\"; template = \"runner\"; } "
	    ");\n");
	answer = ask(s, "p-okta", "GET", "/ResourceTypes/Entitlement", NULL);
	expect(&answer, 200, s, "{'endpoint':'/Entitlements','schema':'urn:okta:scim:schemas:core:1.0:Entitlement'}");
	answer = ask(s, "p-okta", "GET", "/Schemas/urn:okta:scim:schemas:core:1.0:Entitlement", NULL);
	expect(&answer, 200, s, "{'name':'Entitlement'}");
	answer = ask(s, "p-okta", "GET", "/Schemas/" ENTITLEMENT, NULL);
	expect(&answer, 404, s, NULL);
	answer = ask(
	    s, "p-okta", "GET", "/Entitlements?startIndex=1&count=100&filter=displayName%20sw%20%22runner%22", NULL);
	expect(&answer, 200, s,
	    "{'totalResults':1,'Resources':[{'schemas':['urn:okta:scim:schemas:core:1.0:Entitlement','" TEMPLATE "'],"
	    "'id':'entitlement:api runner','displayName':'runner (room)','description':'Runs "
	    "bots.','type':'room','display':null}]}");
	answer = ask(
	    s, "p-okta", "POST", "/Users", "{'userName':'bob','entitlements':[{'value':'entitlement:api runner'}]}");
	path = path_of(s, "Users", text_of(&answer, "id"));
	expect(&answer, 201, s, "{'entitlements':[{'value':'entitlement:api runner'}]}");
	answer = ask(s, "p-okta", "DELETE", path, NULL);
	expect(&answer, 204, s, NULL);
	/* another client of the same endpoint sees the draft's */
	check(s, "GET", "/ResourceTypes/Entitlement", NULL, 200, "{'schema':'" ENTITLEMENT "'}");
	check(s, "GET", "/Schemas/" ENTITLEMENT, NULL, 200, NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, start, serve_stop)
		TEST(a_client_finds_what_its_rules_name),
		TEST(others_see_their_own),
		TEST(offers_are_searched_like_resources),
		TEST(users_are_counted_and_values_of_any_case_count),
		TEST(offers_are_read_only),
		TEST(okta_sees_its_own_schemas),
		TEST(discovery_tells_of_offers_where_there_are_any),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
