/* SPDX-License-Identifier: ISC */
/* The rows themselves: what RFC 7643 demands of every schema, and how they are shown. */
#include "tests/scim/help.h"

#include "scim/attr_path.h"

static void
check_rows(const struct au_schema *schema, const struct au_attr *table, int depth)
{
	for (const struct au_attr *attr = table; attr->name != NULL; attr++) {
		assert_true(au_attr_name_is(attr->name, strlen(attr->name)));
		if (au_str_empty(attr->description) || attr->description[strlen(attr->description) - 1] != '.')
			fail_msg("%s: %s has no sentence", schema->id, attr->name);
		if ((attr->type == AU_ATTR_COMPLEX) != (attr->subs != NULL))
			fail_msg("%s: %s: sub-attributes and type disagree", schema->id, attr->name);
		if ((attr->type == AU_ATTR_REFERENCE) != (attr->references != NULL))
			fail_msg("%s: %s: reference types and type disagree", schema->id, attr->name);
		if (au_attr_find(table, attr->name, strlen(attr->name)) != attr)
			fail_msg("%s: %s stands twice", schema->id, attr->name);
		/* complex inside complex is for the schema of schemas only */
		assert_true(depth < (schema == &au_schema_schema ? 3 : 2));
		if (attr->subs != NULL)
			check_rows(schema, attr->subs, depth + 1);
	}
}

static void
rows_are_whole(void **state)
{
	(void)state;
	for (const struct au_schema *const *schema = au_catalog_core.schemas; *schema != NULL; schema++) {
		assert_false(au_str_empty((*schema)->description));
		check_rows(*schema, (*schema)->attrs, 0);
	}
}

static void
types_name_schemas_that_exist(void **state)
{
	(void)state;
	for (const struct au_resource_type *const *type = au_catalog_core.types; *type != NULL; type++) {
		assert_ptr_equal(au_schema_find(&au_catalog_core, (*type)->schema->id), (*type)->schema);
		assert_non_null(au_attr_find((*type)->schema->attrs, (*type)->name_attr, strlen((*type)->name_attr)));
		for (const struct au_extension *extension = (*type)->extensions; extension->schema != NULL; extension++)
			assert_ptr_equal(au_schema_find(&au_catalog_core, extension->schema->id), extension->schema);
	}
}

static void
lookups_do_not_mind_letter_case(void **state)
{
	(void)state;
	assert_ptr_equal(
	    au_schema_find(&au_catalog_core, "URN:ietf:PARAMS:scim:schemas:core:2.0:user"), &au_schema_user);
	assert_ptr_equal(au_type_find(&au_catalog_core, "group"), &au_type_group);
	assert_string_equal(au_attr_find(au_schema_user.attrs, "USERname", 8)->name, "userName");
	assert_null(au_attr_find(au_schema_user.attrs, "userNam", 7));
	assert_null(au_schema_find(&au_catalog_core, "urn:ietf:params:scim:schemas:core:2.0"));
}

static const json_t *
named(const json_t *attributes, const char *name)
{
	size_t i;
	json_t *attr;

	json_array_foreach ((json_t *)attributes, i, attr)
		if (au_streq(au_json_get_str(attr, "name"), name))
			return attr;
	fail_msg("no attribute %s", name);
	return NULL;
}

static void
schemas_show_every_characteristic(void **state)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	AU_CLEANUP(au_json_decrefp) json_t *user = au_schema_json(&au_schema_user);
	const json_t *attributes = json_object_get(user, "attributes");

	(void)state;
	assert_string_equal(au_json_get_str(user, "id"), "urn:ietf:params:scim:schemas:core:2.0:User");
	assert_int_equal(json_array_size(attributes), 21);
	assert_json(arena, named(attributes, "userName"),
	    "{'name':'userName','type':'string','multiValued':false,'description':'Name by which the user is known; "
	    "unique, "
	    "compared without regard to "
	    "case.','required':true,'caseExact':false,'mutability':'readWrite','returned':'default',"
	    "'uniqueness':'server'}");
	assert_json(arena, named(json_object_get(named(attributes, "photos"), "subAttributes"), "value"),
	    "{'name':'value','type':'reference','multiValued':false,'description':'URI of the "
	    "picture.','required':false,"
	    "'caseExact':true,'mutability':'readWrite','returned':'default','uniqueness':'none','referenceTypes':['"
	    "external']}");
	assert_string_equal(au_json_get_str(named(attributes, "password"), "returned"), "never");
	assert_string_equal(au_json_get_str(named(attributes, "groups"), "mutability"), "readOnly");
}

static void
types_show_their_extensions(void **state)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	AU_CLEANUP(au_json_decrefp) json_t *type = au_type_json(&au_type_user);

	(void)state;
	assert_json(arena, type,
	    "{'schemas':['urn:ietf:params:scim:schemas:core:2.0:ResourceType'],'id':'User','name':'User','endpoint':'/"
	    "Users',"
	    "'description':'A person or an application that may become an API user.',"
	    "'schema':'urn:ietf:params:scim:schemas:core:2.0:User','schemaExtensions':[{'schema':"
	    "'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User','required':false},{'schema':"
	    "'urn:ietf:params:scim:schemas:extension:apiuserd:2.0:User','required':false},{'schema':"
	    "'urn:ietf:params:scim:schemas:extension:apiuserd:2.0:Account','required':false}]}");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_are_whole),
		cmocka_unit_test(types_name_schemas_that_exist),
		cmocka_unit_test(lookups_do_not_mind_letter_case),
		cmocka_unit_test(schemas_show_every_characteristic),
		cmocka_unit_test(types_show_their_extensions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
