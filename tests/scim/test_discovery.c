/* SPDX-License-Identifier: ISC */
/* Discovery: what is said is true, whole and the same for everybody (RFC 7643 sections 5 to 7, RFC 7644 section 4). */
#include "tests/scim/serve.h"

static void
provider_configuration_is_literal(void **state)
{
	struct serve *s = *state;
	const char *want =
	    "{'schemas':['urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig'],'patch':{'supported':true},"
	    "'filter':{'supported':true,'maxResults':5},'changePassword':{'supported':false},'sort':{'supported':true},"
	    "'etag':{'supported':true},"
	    "'meta':{'resourceType':'ServiceProviderConfig','location':'" SERVE_BASE "/ServiceProviderConfig'}}";
	struct answer answer = check(s, "GET", "/ServiceProviderConfig", NULL, 200, want);
	const json_t *schemes = json_object_get(answer.body, "authenticationSchemes"), *scheme;
	size_t i;

	assert_true(json_array_size(schemes) > 0);
	json_array_foreach ((json_t *)schemes, i, scheme) {
		assert_non_null(au_json_get_str(scheme, "type"));
		assert_non_null(au_json_get_str(scheme, "name"));
		assert_non_null(au_json_get_str(scheme, "description"));
	}
	/* whoever has no token yet reads here which kind he needs */
	answer = ask(s, NULL, "GET", "/ServiceProviderConfig", NULL);
	expect(&answer, 200, s, want);
}

static void
each_of_a_list_can_be_read_alone(void **state)
{
	static const char *const lists[] = { "Schemas", "ResourceTypes" };
	struct serve *s = *state;

	for (size_t i = 0; i < AU_COUNT(lists); i++) {
		struct answer answer = check(s, "GET", path_of(s, lists[i], ""), NULL, 200, "{'startIndex':1}");
		const json_t *all = json_object_get(answer.body, "Resources"), *one;
		size_t k;

		assert_true(json_array_size(all) > 1);
		assert_int_equal(au_json_get_int(answer.body, "totalResults"), json_array_size(all));
		assert_int_equal(au_json_get_int(answer.body, "itemsPerPage"), json_array_size(all));
		json_array_foreach ((json_t *)all, k, one) {
			const char *path = path_of(s, lists[i], au_json_get_str(one, "id"));
			struct answer alone = check(s, "GET", path, NULL, 200, NULL);

			assert_true(json_equal(alone.body, one));
			assert_string_equal(au_json_get_str(json_object_get(one, "meta"), "location"),
			    au_arena_printf(s->arena, SERVE_BASE "%s", path));
		}
	}
	check(s, "GET", "/Schemas/URN:ietf:params:scim:schemas:core:2.0:user", NULL, 200, "{'name':'User'}");
	check(s, "GET", "/ResourceTypes/user", NULL, 200, "{'id':'User','name':'User','endpoint':'/Users'}");
	check(s, "GET", "/Schemas/urn:ietf:params:scim:api:messages:2.0:ListResponse", NULL, 404, NULL);
	check(s, "GET", "/ResourceTypes/Users", NULL, 404, NULL);
}

static void
assert_schema_exists(struct serve *s, const char *urn)
{
	check(s, "GET", path_of(s, "Schemas", urn), NULL, 200, NULL);
}

static void
resource_types_name_what_exists(void **state)
{
	struct serve *s = *state;
	struct answer answer = check(s, "GET", "/ResourceTypes", NULL, 200, NULL);
	const json_t *type, *extension;
	size_t i, k;

	json_array_foreach (json_object_get(answer.body, "Resources"), i, type) {
		assert_string_equal(au_json_get_str(type, "id"), au_json_get_str(type, "name"));
		assert_schema_exists(s, au_json_get_str(type, "schema"));
		json_array_foreach (json_object_get(type, "schemaExtensions"), k, extension) {
			assert_schema_exists(s, au_json_get_str(extension, "schema"));
			assert_true(json_is_boolean(json_object_get(extension, "required")));
		}
		check(s, "GET", au_json_get_str(type, "endpoint"), NULL, 200, "{'totalResults':0}");
	}
}

static void
assert_characteristics(const json_t *attributes)
{
	static const char *const texts[] = { "name", "type", "description", "mutability", "returned", "uniqueness" };
	const json_t *attribute;
	size_t i;

	assert_true(json_array_size(attributes) > 0);
	json_array_foreach ((json_t *)attributes, i, attribute) {
		const char *type = au_json_get_str(attribute, "type");

		for (size_t k = 0; k < AU_COUNT(texts); k++)
			if (au_json_get_str(attribute, texts[k]) == NULL)
				fail_msg("%s: no %s", au_json_get_str(attribute, "name"), texts[k]);
		assert_true(json_is_boolean(json_object_get(attribute, "multiValued")));
		assert_true(json_is_boolean(json_object_get(attribute, "required")));
		assert_true(strcmp(type, "string") != 0 || json_is_boolean(json_object_get(attribute, "caseExact")));
		if (strcmp(type, "complex") == 0)
			assert_characteristics(json_object_get(attribute, "subAttributes"));
	}
}

/* Messages are no resources and have no place in the list (RFC 7644 section 3.1). */
static void
schemas_write_out_every_characteristic(void **state)
{
	struct serve *s = *state;
	struct answer answer = check(s, "GET", "/Schemas", NULL, 200, NULL);
	const json_t *schema;
	size_t i;

	json_array_foreach (json_object_get(answer.body, "Resources"), i, schema) {
		assert_non_null(au_json_get_str(schema, "name"));
		assert_non_null(au_json_get_str(schema, "description"));
		assert_null(strstr(au_json_get_str(schema, "id"), ":messages:"));
		assert_characteristics(json_object_get(schema, "attributes"));
	}
}

static void
paging_and_sorting_are_passed_over_and_filters_refused(void **state)
{
	static const char *const lists[] = { "/Schemas", "/ResourceTypes" };
	static const char *const filters[] = { "?filter=id%20pr",
		"?filter=", "?count=1&filter=name%20eq%20%22User%22" };
	struct serve *s = *state;

	for (size_t i = 0; i < AU_COUNT(lists); i++) {
		struct answer all = check(s, "GET", lists[i], NULL, 200, NULL);
		struct answer paged = check(s, "GET",
		    au_arena_printf(s->arena, "%s?count=1&startIndex=3&sortBy=id&sortOrder=descending", lists[i]), NULL,
		    200, NULL);

		assert_true(json_equal(all.body, paged.body));
		for (size_t k = 0; k < AU_COUNT(filters); k++)
			check(s, "GET", au_arena_printf(s->arena, "%s%s", lists[i], filters[k]), NULL, 403,
			    "{'status':'403','scimType':null}");
	}
}

static void
discovery_is_read_only(void **state)
{
	static const char *const methods[] = { "POST", "PUT", "PATCH", "DELETE" };
	static const char *const paths[] = { "/ServiceProviderConfig", "/Schemas", "/ResourceTypes",
		"/Schemas/urn:ietf:params:scim:schemas:core:2.0:User", "/ResourceTypes/User" };
	struct serve *s = *state;

	for (size_t i = 0; i < AU_COUNT(methods); i++)
		for (size_t k = 0; k < AU_COUNT(paths); k++) {
			struct answer answer = ask(s, "okta", methods[i], paths[k], "{'name':'x'}");

			expect(&answer, 405, s, "{'status':'405'}");
			assert_non_null(strstr(field_of(s, &answer, "Allow"), "GET"));
			assert_null(strstr(field_of(s, &answer, "Allow"), methods[i]));
		}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, serve_start, serve_stop)
		TEST(provider_configuration_is_literal),
		TEST(each_of_a_list_can_be_read_alone),
		TEST(resource_types_name_what_exists),
		TEST(schemas_write_out_every_characteristic),
		TEST(paging_and_sorting_are_passed_over_and_filters_refused),
		TEST(discovery_is_read_only),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
