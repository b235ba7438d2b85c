/* SPDX-License-Identifier: ISC */
/* From the configuration to rows: what becomes of them, and what meets something that is there already. */
#include "tests/scim/help.h"

#include "base/io.h"
#include "scim/catalog.h"
#include "settings/rows.h"

#include <unistd.h>

/* Fails the test when the settings themselves are refused. */
static struct au_settings *
settings_of(const char *text)
{
	char path[] = "/tmp/apiuserd-catalog-XXXXXX";
	struct au_settings *settings = NULL;
	struct au_err err = { 0 };
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	assert_int_equal(au_io_write_all(fd, text, strlen(text), NULL), 0);
	close(fd);
	if (au_settings_read(path, NULL, NULL, &settings, &err) != 0)
		fail_msg("%s", err.text);
	unlink(path);
	return settings;
}

#define SCHEMA(name, urn, more) "scim_schemas = ( { name = \"" name "\"; urn = \"" urn "\"; " more " } );\n"
#define ONE "attributes = ( { name = \"number\"; } );"

static const struct {
	const char *text, *why; /* why: behind "FILE:" */
} refused[] = {
	{ SCHEMA("Badge", "urn:ietf:params:scim:schemas:core:2.0:user", "extends = \"User\"; " ONE),
	    "1: URN 'urn:ietf:params:scim:schemas:core:2.0:user' is built in" },
	{ SCHEMA("Badge", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "extends = \"User\"; " ONE),
	    "1: URN 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User' is built in" },
	{ SCHEMA("Badge", "urn:ietf:params:scim:api:messages:2.0:Badge", "extends = \"User\"; " ONE),
	    "1: URN 'urn:ietf:params:scim:api:messages:2.0:Badge' is that of a message, not of a resource" },
	{ SCHEMA("User", "urn:example:User", "extends = \"User\"; " ONE), "1: schema 'User' is built in" },
	{ SCHEMA("Badge", "urn:example:Badge", "extends = \"Users\"; " ONE), "1: resource type 'Users' is not there" },
	{ SCHEMA("Badge", "urn:example:Badge", ONE),
	    "1: schema 'Badge' extends no resource type, and none has it as its schema" },
	{ SCHEMA("Badge", "urn:ietf:params:scim:schemas:core:2.0:User:title", "extends = \"User\"; " ONE),
	    "1: URN 'urn:ietf:params:scim:schemas:core:2.0:User:title' reads like an attribute of another schema" },
	{ SCHEMA("Badge", "urn:example:Badge",
	      "extends = \"User\"; attributes = ( { name = \"holder\"; type = \"reference\"; reference_types = [ "
	      "\"Person\" ]; } "
	      ");"),
	    "1: resource type 'Person' is not there" },
	{ SCHEMA(
	      "Badge", "urn:example:Badge", ONE) "scim_resource_types = ( { name = \"group\"; endpoint = \"/Badges\"; "
						 "schema = \"Badge\"; } );",
	    "2: resource type 'group' is built in" },
	{ SCHEMA(
	      "Badge", "urn:example:Badge", ONE) "scim_resource_types = ( { name = \"Badge\"; endpoint = \"/users\"; "
						 "schema = \"Badge\"; } );",
	    "2: endpoint '/users' is built in" },
	{ SCHEMA("Badge", "urn:example:Badge", ONE) "scim_resource_types = ( { name = \"Badge\"; endpoint = \"/bulk\"; "
						    "schema = \"Badge\"; } );",
	    "2: endpoint '/bulk' is built in" },
	{ SCHEMA("Badge", "urn:example:Badge", ONE) "scim_resource_types = ( { name = \"Badge\"; endpoint = \"/v2\"; "
						    "schema = \"Badge\"; } );",
	    "2: endpoint '/v2' is built in" },
};

static void
what_is_there_already_is_refused_with_file_and_line(void **state)
{
	(void)state;
	for (size_t i = 0; i < AU_COUNT(refused); i++) {
		struct au_settings *settings = settings_of(refused[i].text);
		struct au_catalog *catalog = NULL;
		struct au_err err = { 0 };

		assert_int_equal(au_catalog_new(settings, &catalog, &err), AU_EINVAL);
		assert_null(catalog);
		if (strcmp(strchr(err.text, ':') + 1, refused[i].why) != 0)
			fail_msg("expected %s\n     got %s", refused[i].why, err.text);
		au_settings_free(settings);
	}
}

static const char badge[] =
    "scim_schemas = (\n"
    "  { name = \"Card\"; urn = \"urn:example:Card\"; extends = \"badge\"; required = true;\n"
    "    attributes = ( { name = \"colour\"; canonical_values = [ \"red\", \"blue\" ]; } ); },\n"
    "  { name = \"Badge\"; urn = \"urn:example:Badge\"; description = \"A badge.\"; attributes = (\n"
    "    { name = \"number\"; uniqueness = \"server\"; required = true; },\n"
    "    { name = \"door\"; type = \"complex\"; multi_valued = true; description = \"A door.\"; sub_attributes = (\n"
    "      { name = \"value\"; type = \"reference\"; mutability = \"immutable\"; },\n"
    "      { name = \"$ref\"; type = \"reference\"; reference_types = [ \"Badge\", \"external\" ]; } ); },\n"
    "    { name = \"pin\"; mutability = \"writeOnly\"; returned = \"never\"; case_exact = true; },\n"
    "    { name = \"weight\"; type = \"decimal\"; returned = \"request\"; } ); }\n"
    ");\n"
    "scim_resource_types = ( { name = \"Badge\"; endpoint = \"/Badges\"; schema = \"Badge\"; } );\n";

static void
blocks_become_rows(void **state)
{
	struct au_settings *settings = settings_of(badge);
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	AU_CLEANUP(au_json_decrefp) json_t *type_json = NULL;
	AU_CLEANUP(au_json_decrefp) json_t *schema_json = NULL;
	const struct au_resource_type *type;
	struct au_catalog *catalog;

	(void)state;
	assert_int_equal(au_catalog_new(settings, &catalog, NULL), 0);
	type = au_type_find(catalog, "Badge");
	assert_int_equal(type->kind, AU_TYPE_OTHER);
	assert_string_equal(type->name_attr, "number");
	type_json = au_type_json(type);
	assert_json(arena, type_json,
	    "{'schemas':['urn:ietf:params:scim:schemas:core:2.0:ResourceType'],'id':'Badge','name':'Badge','endpoint':"
	    "'/Badges','description':'','schema':'urn:example:Badge','schemaExtensions':[{'schema':'urn:example:Card',"
	    "'required':true}]}");
	schema_json = au_schema_json(au_schema_find(catalog, "URN:example:badge"));
	assert_json(arena, json_object_get(schema_json, "attributes"),
	    "[{'name':'number','type':'string','multiValued':false,'description':'','required':true,'caseExact':false,"
	    "'mutability':'readWrite','returned':'default','uniqueness':'server'},"
	    "{'name':'door','type':'complex','multiValued':true,'description':'A door.','required':false,'mutability':"
	    "'readWrite','returned':'default','uniqueness':'none','subAttributes':["
	    "{'name':'value','type':'reference','multiValued':false,'description':'','required':false,'caseExact':true,"
	    "'mutability':'immutable','returned':'default','uniqueness':'none','referenceTypes':['uri']},"
	    "{'name':'$ref','type':'reference','multiValued':false,'description':'','required':false,'caseExact':true,"
	    "'mutability':'readWrite','returned':'default','uniqueness':'none','referenceTypes':['Badge','external']}]}"
	    ","
	    "{'name':'pin','type':'string','multiValued':false,'description':'','required':false,'caseExact':true,"
	    "'mutability':'writeOnly','returned':'never','uniqueness':'none'},"
	    "{'name':'weight','type':'decimal','multiValued':false,'description':'','required':false,'mutability':"
	    "'readWrite','returned':'request','uniqueness':'none'}]");
	assert_ptr_equal(au_schema_find(catalog, "urn:ietf:params:scim:schemas:core:2.0:User"), &au_schema_user);
	au_catalog_free(catalog);
	au_settings_free(settings);
}

/* The words of the option rows and those of the enums are two tables; each word of the first must be in the second. */
static void
words_of_options_are_words_of_rows(void **state)
{
	(void)state;
	for (const char *const *word = au_opt_find(au_attribute_rows, "type")->choices; *word != NULL; word++)
		assert_string_equal(au_attr_type_name(au_attr_type_named(*word)), *word);
	for (const char *const *word = au_opt_find(au_attribute_rows, "mutability")->choices; *word != NULL; word++)
		assert_string_equal(au_attr_mutability_name(au_attr_mutability_named(*word)), *word);
	for (const char *const *word = au_opt_find(au_attribute_rows, "returned")->choices; *word != NULL; word++)
		assert_string_equal(au_attr_returned_name(au_attr_returned_named(*word)), *word);
	for (const char *const *word = au_opt_find(au_attribute_rows, "uniqueness")->choices; *word != NULL; word++)
		assert_string_equal(au_attr_uniqueness_name(au_attr_uniqueness_named(*word)), *word);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_there_already_is_refused_with_file_and_line),
		cmocka_unit_test(blocks_become_rows),
		cmocka_unit_test(words_of_options_are_words_of_rows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
