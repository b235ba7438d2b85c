/* SPDX-License-Identifier: ISC */
/* The OpenAPI description: every route is in it, and all that it names is there. */
#include "tests/scim/serve.h"

#include "base/text.h"
#include "scim/openapi.h"
#include "scim/route.h"

static const char configuration[] =
    "scim_schemas = ( { name = \"Device\"; urn = \"urn:example:Device\"; description = \"A device.\"; attributes = (\n"
    "    { name = \"serial\"; required = true; uniqueness = \"server\"; },\n"
    "    { name = \"pin\"; mutability = \"writeOnly\"; returned = \"never\"; },\n"
    "    { name = \"made\"; type = \"dateTime\"; mutability = \"immutable\"; },\n"
    "    { name = \"ports\"; type = \"complex\"; multi_valued = true; sub_attributes = (\n"
    "        { name = \"value\"; type = \"integer\"; required = true; } ); } ); },\n"
    "  { name = \"Owner\"; urn = \"urn:example:Owner\"; extends = \"Device\"; required = true; attributes = (\n"
    "    { name = \"owner\"; canonical_values = [ \"us\", \"them\" ]; } ); } );\n"
    "scim_resource_types = ( { name = \"Device\"; endpoint = \"/Devices\"; schema = \"Device\"; } );\n"
    "targets = ( { name = \"room\"; plugin = \"fake\"; } );\n"
    "templates = ( { name = \"t\"; target = \"room\"; rights = { }; } );\n"
    "rules = ( { name = \"r\"; source = \"okta\"; entitlement = \"x\"; template = \"t\"; } );\n";

static int
start(void **state)
{
	return serve_start_with(state, configuration);
}

static json_t *
ask_for_it(struct serve *s)
{
	struct answer answer =
	    check(s, "GET", "/openapi.json", NULL, 200, "{'openapi':'3.1.0','servers':[{'url':'.'}]}");

	assert_string_equal(field_of(s, &answer, "Content-Type"), AU_OPENAPI_TYPE);
	return answer.body;
}

static const json_t *
operation_at(const json_t *description, const char *path, const char *method)
{
	return json_object_get(json_object_get(json_object_get(description, "paths"), path), method);
}

/* ---- tests ---- */

static void
every_route_is_described(void **state)
{
	static const char *const types[] = { "/Users", "/Groups", "/Devices" }, *const offers[] = { "/Roles",
		"/Entitlements" };
	struct serve *s = *state;
	const json_t *description = ask_for_it(s);
	size_t count, found = 0;
	const struct au_route *routes = au_route_rows(&count);

	for (size_t i = 0; i < count; i++) {
		const char *rest = strchr(routes[i].pattern, '}'), *method = routes[i].method;
		bool typed = strncmp(routes[i].pattern, "/{type}", 7) == 0,
		     offered = strncmp(routes[i].pattern, "/{offer}", 8) == 0;
		const char *const *nouns = offered ? offers : types;

		method = au_text_fold(s->arena, method != NULL ? method : "DELETE");
		for (size_t k = 0; k < (offered ? AU_COUNT(offers) : typed ? AU_COUNT(types) : 1); k++) {
			const char *path = typed || offered ? au_arena_printf(s->arena, "%s%s", nouns[k], rest + 1)
							    : routes[i].pattern;
			const json_t *operation = operation_at(description, path, method);

			if (operation == NULL || json_object_get(operation, "responses") == NULL)
				fail_msg("%s %s is not described", method, path);
			found++;
		}
	}
	assert_true(found > count);
	assert_null(operation_at(description, "/Roles", "post"));
}

static void
collect_ids(const json_t *description, struct au_map *ids)
{
	const char *path, *method;
	json_t *item, *operation;

	json_object_foreach (json_object_get(description, "paths"), path, item)
		json_object_foreach (item, method, operation) {
			const char *id = au_json_get_str(operation, "operationId");

			assert_non_null(id);
			if (au_map_put(ids, id, item) != NULL)
				fail_msg("%s %s: operationId %s stands twice", method, path, id);
		}
}

/* "#/components/KIND/NAME" */
static void
assert_resolves(const json_t *description, const char *ref)
{
	static const char start[] = "#/components/";
	const json_t *components = json_object_get(description, "components");
	char kind[32];

	assert_memory_equal(ref, start, sizeof start - 1);
	ref += sizeof start - 1;
	snprintf(kind, sizeof kind, "%.*s", (int)strcspn(ref, "/"), ref);
	if (json_object_get(json_object_get(components, kind), strchr(ref, '/') + 1) == NULL)
		fail_msg("%s is not there", ref);
}

static size_t
assert_all_resolve(const json_t *description, const json_t *value)
{
	const char *key;
	json_t *member;
	size_t i, count = 0;

	if (json_is_array(value))
		json_array_foreach (value, i, member)
			count += assert_all_resolve(description, member);
	if (json_is_object(value))
		json_object_foreach ((json_t *)value, key, member) {
			if (strcmp(key, "$ref") == 0 && json_is_string(member)) {
				assert_resolves(description, json_string_value(member));
				count++;
			}
			count += assert_all_resolve(description, member);
		}
	return count;
}

static void
all_that_is_named_is_there(void **state)
{
	struct serve *s = *state;
	const json_t *description = ask_for_it(s);
	struct au_map *ids = au_map_new();

	collect_ids(description, ids);
	assert_true(
	    au_map_has(ids, "listUsers") && au_map_has(ids, "createDevice") && au_map_has(ids, "getEntitlement"));
	au_map_free(ids, NULL);
	assert_true(assert_all_resolve(description, description) > 100);
}

static void
rows_become_json_schema(void **state)
{
	struct serve *s = *state;
	const json_t *schemas = json_object_get(json_object_get(ask_for_it(s), "components"), "schemas");

	assert_true(holds(
	    schemas, json_of(s->arena,
			 "{'Device':{'type':'object','required':['schemas','serial','urn:example:Owner'],'properties':{"
			 "'serial':{'type':'string','x-scim-uniqueness':'server'},'pin':{'writeOnly':true,'x-scim-"
			 "returned':'never'},"
			 "'made':{'type':'string','format':'date-time','x-scim-mutability':'immutable'},"
			 "'ports':{'type':'array','items':{'type':'object','required':['value'],'properties':{'value':{"
			 "'type':'integer'}}}},"
			 "'urn:example:Owner':{'$ref':'#/components/schemas/"
			 "Extension.Owner'},'id':{'readOnly':true,'x-scim-caseExact':true}}},"
			 "'Extension.Owner':{'properties':{'owner':{'examples':['us','them']}}},"
			 "'List.Device':{'properties':{'Resources':{'type':'array','items':{'$ref':'#/components/"
			 "schemas/Device'}}}}}")));
}

static void
it_follows_the_configuration(void **state)
{
	struct serve *s = *state;
	struct answer answer = ask(s, NULL, "GET", "/openapi.json", NULL);

	expect(&answer, 401, s, NULL);
	check(s, "POST", "/openapi.json", "{}", 405, NULL);
	assert_non_null(operation_at(ask_for_it(s), "/Devices", "get"));
	serve_reload(s, "");
	assert_null(operation_at(ask_for_it(s), "/Devices", "get"));
	assert_null(operation_at(ask_for_it(s), "/Roles", "get"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, start, serve_stop)
		TEST(every_route_is_described),
		TEST(all_that_is_named_is_there),
		TEST(rows_become_json_schema),
		TEST(it_follows_the_configuration),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
