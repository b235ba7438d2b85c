/* SPDX-License-Identifier: ISC */
/* attributes and excludedAttributes. */
#include "tests/scim/help.h"

#include "scim/projection.h"

#define CORE "urn:ietf:params:scim:schemas:core:2.0:User"
#define ENTERPRISE "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"

static const char user[] =
    "{'schemas':['" CORE "','" ENTERPRISE "'],'id':'1','userName':'bob','name':{'givenName':'B','familyName':'J'},"
    "'emails':[{'value':'a@x','type':'work'},{'value':'b@x'}],'password':'pw','meta':{'resourceType':'User','version':'"
    "1'},"
    "'groups':[],'" ENTERPRISE "':{'department':'IT','manager':{'value':'m1','$ref':'r'}}}";

static const struct {
	enum au_projection_mode mode;
	const char *names, *left;
} rows[] = {
	{ AU_PROJECT_ONLY, "userName", "{'schemas':['" CORE "'],'id':'1','userName':'bob'}" },
	{ AU_PROJECT_ONLY, "USERNAME , name.givenName",
	    "{'schemas':['" CORE "'],'id':'1','userName':'bob','name':{'givenName':'B'}}" },
	{ AU_PROJECT_ONLY, CORE ":userName", "{'schemas':['" CORE "'],'id':'1','userName':'bob'}" },
	{ AU_PROJECT_ONLY, "emails.type", "{'schemas':['" CORE "'],'id':'1','emails':[{'type':'work'}]}" },
	{ AU_PROJECT_ONLY, "emails",
	    "{'schemas':['" CORE "'],'id':'1','emails':[{'value':'a@x','type':'work'},{'value':'b@x'}]}" },
	{ AU_PROJECT_ONLY, "groups", "{'schemas':['" CORE "'],'id':'1','groups':[]}" },
	{ AU_PROJECT_ONLY, "meta.version", "{'schemas':['" CORE "'],'id':'1','meta':{'version':'1'}}" },
	{ AU_PROJECT_ONLY, ENTERPRISE ":department",
	    "{'schemas':['" CORE "','" ENTERPRISE "'],'id':'1','" ENTERPRISE "':{'department':'IT'}}" },
	{ AU_PROJECT_ONLY, ENTERPRISE,
	    "{'schemas':['" CORE "','" ENTERPRISE "'],'id':'1','" ENTERPRISE
	    "':{'department':'IT','manager':{'value':'m1','$ref':'r'}}}" },
	{ AU_PROJECT_ONLY, ENTERPRISE ":manager.value",
	    "{'schemas':['" CORE "','" ENTERPRISE "'],'id':'1','" ENTERPRISE "':{'manager':{'value':'m1'}}}" },
	{ AU_PROJECT_ONLY, "nonsense,name.nonsense,,", "{'schemas':['" CORE "'],'id':'1'}" },
	{ AU_PROJECT_ONLY, "password", "{'schemas':['" CORE "'],'id':'1'}" },
	{ AU_PROJECT_WITHOUT, "name,emails,meta,groups," ENTERPRISE,
	    "{'schemas':['" CORE "'],'id':'1','userName':'bob'}" },
	{ AU_PROJECT_WITHOUT, "id,schemas,emails.value,name.givenName,meta,groups," ENTERPRISE,
	    "{'schemas':['" CORE "'],'id':'1','userName':'bob','name':{'familyName':'J'},'emails':[{'type':'work'}]}" },
	{ AU_PROJECT_WITHOUT, "name,emails,meta,groups," ENTERPRISE ":manager",
	    "{'schemas':['" CORE "','" ENTERPRISE "'],'id':'1','userName':'bob','" ENTERPRISE
	    "':{'department':'IT'}}" },
	{ AU_PROJECT_DEFAULT, "",
	    "{'schemas':['" CORE "','" ENTERPRISE
	    "'],'id':'1','userName':'bob','name':{'givenName':'B','familyName':'J'},"
	    "'emails':[{'value':'a@x','type':'work'},{'value':'b@x'}],'meta':{'resourceType':'User','version':'1'},'"
	    "groups':[],"
	    "'" ENTERPRISE "':{'department':'IT','manager':{'value':'m1','$ref':'r'}}}" },
};

static void
answers_hold_what_was_asked_for(void **state)
{
	(void)state;
	for (size_t i = 0; i < AU_COUNT(rows); i++) {
		AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
		AU_CLEANUP(au_json_decrefp) json_t *left = NULL;
		struct au_projection projection;
		const char *const *names;
		size_t count;

		au_projection_split(arena, rows[i].names, &names, &count);
		au_projection_init(arena, &au_type_user, rows[i].mode, names, count, &projection);
		left = au_projection_apply(&projection, &au_type_user, json_of(arena, user));
		assert_json(arena, left, rows[i].left);
	}
}

static void
unwanted_attributes_need_not_be_fetched(void **state)
{
	static const struct {
		enum au_projection_mode mode;
		const char *names;
		bool wanted;
	} members[] = {
		{ AU_PROJECT_DEFAULT, "", true },
		{ AU_PROJECT_ONLY, "displayName", false },
		{ AU_PROJECT_ONLY, "members", true },
		{ AU_PROJECT_ONLY, "members.value", true },
		{ AU_PROJECT_WITHOUT, "members", false },
		{ AU_PROJECT_WITHOUT, "members.display", true },
		{ AU_PROJECT_WITHOUT, "displayName", true },
	};
	const struct au_attr *attr = au_attr_find(au_schema_group.attrs, "members", 7);

	(void)state;
	for (size_t i = 0; i < AU_COUNT(members); i++) {
		AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
		struct au_projection projection;
		const char *const *names;
		size_t count;

		au_projection_split(arena, members[i].names, &names, &count);
		au_projection_init(arena, &au_type_group, members[i].mode, names, count, &projection);
		if (au_projection_wants(&projection, attr) != members[i].wanted)
			fail_msg("%s", members[i].names);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(answers_hold_what_was_asked_for),
		cmocka_unit_test(unwanted_attributes_need_not_be_fetched),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
