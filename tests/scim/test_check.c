/* SPDX-License-Identifier: ISC */
/* Bodies of POST and PUT: what is kept, what is passed over, what is refused. */
#include "tests/scim/help.h"

#include "scim/document.h"

#define CORE "urn:ietf:params:scim:schemas:core:2.0:User"
#define GROUP "urn:ietf:params:scim:schemas:core:2.0:Group"
#define ENTERPRISE "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
#define KEPT "'schemas':['" CORE "'],'id':'1','userName':'bob'"

static const struct {
	const char *body, *kept;
} rows[] = {
	{ "{'schemas':['" CORE "'],'userName':'bob'}", "{" KEPT "}" },
	/* names in any letter case become the schema's */
	{ "{'USERNAME':'bob','Name':{'GIVENNAME':'B'}}", "{" KEPT ",'name':{'givenName':'B'}}" },
	/* schemas missing, with foreign URIs, with an extension that has no data */
	{ "{'userName':'bob'}", "{" KEPT "}" },
	{ "{'schemas':null,'userName':'bob'}", "{" KEPT "}" },
	{ "{'schemas':['urn:scim:schemas:core:1.0'],'userName':'bob'}", "{" KEPT "}" },
	{ "{'schemas':['" CORE "','" ENTERPRISE "','http://example.com/x'],'userName':'bob'}", "{" KEPT "}" },
	/* unassigned in every spelling */
	{ "{'userName':'bob','title':null,'emails':[],'photos':null,'name':{},'roles':[null,{}]}", "{" KEPT "}" },
	{ "{'userName':'bob','" ENTERPRISE "':null}", "{" KEPT "}" },
	{ "{'userName':'bob','" ENTERPRISE "':{}}", "{" KEPT "}" },
	/* read-only ones are ignored, whatever they hold */
	{ "{'userName':'bob','id':5,'meta':{'created':'x'},'groups':[{'value':'g'}]}", "{" KEPT "}" },
	/* password is checked and not kept */
	{ "{'userName':'bob','password':'pw'}", "{" KEPT "}" },
	/* unknown ones are passed over */
	{ "{'userName':'bob','colour':'red','name':{'colour':1,'givenName':'B'}}",
	    "{" KEPT ",'name':{'givenName':'B'}}" },
	/* booleans as text */
	{ "{'userName':'bob','active':'True','emails':[{'value':'a@x','primary':'true'}]}",
	    "{" KEPT ",'active':true,'emails':[{'value':'a@x','primary':true}]}" },
	/* extension data brings its URN along, whatever the letter case; its own schemas member is passed over */
	{ "{'userName':'bob','URN:IETF:params:scim:schemas:extension:enterprise:2.0:user':{'Department':'IT','schemas':"
	  "['x'],"
	  "'manager':'m1'}}",
	    "{'schemas':['" CORE "','" ENTERPRISE "'],'id':'1','userName':'bob','" ENTERPRISE
	    "':{'department':'IT','manager':{'value':'m1'}}}" },
	{ "{'userName':'bob','" ENTERPRISE "':{'manager':[{'value':'m1','displayName':'M'}]}}",
	    "{'schemas':['" CORE "','" ENTERPRISE "'],'id':'1','userName':'bob','" ENTERPRISE
	    "':{'manager':{'value':'m1'}}}" },
	/* an element written twice is one */
	{ "{'userName':'bob','emails':[{'value':'a@x'},{'value':'a@x'}]}", "{" KEPT ",'emails':[{'value':'a@x'}]}" },
	/* relative and international references, base64 of both alphabets */
	{ "{'userName':'bob','profileUrl':'me','x509Certificates':[{'value':'QUJDRA=='},{'value':'-_-_'}]}",
	    "{" KEPT ",'profileUrl':'me','x509Certificates':[{'value':'QUJDRA=='},{'value':'-_-_'}]}" },
	{ "{'userName':'bob','externalId':'E 1','displayName':'\\ud83d\\ude00 \\u05d0'}",
	    "{" KEPT ",'externalId':'E 1','displayName':'\\ud83d\\ude00 \\u05d0'}" },
};

static void
bodies_become_documents(void **state)
{
	(void)state;
	for (size_t i = 0; i < AU_COUNT(rows); i++) {
		AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
		struct au_checked checked;
		struct au_fault fault;

		if (au_check_body(&au_catalog_core, &au_type_user, au_profile_auto(), "1", json_of(arena, rows[i].body),
			&checked, &fault) != 0)
			fail_msg("%s: %s", rows[i].body, fault.detail);
		assert_json(arena, checked.doc, rows[i].kept);
		assert_null(checked.members);
		au_checked_done(&checked);
	}
}

static const struct {
	const char *body;
	enum au_fault_kind kind;
} refused[] = {
	{ "[]", AU_FAULT_INVALID_SYNTAX },
	{ "'bob'", AU_FAULT_INVALID_SYNTAX },
	{ "5", AU_FAULT_INVALID_SYNTAX },
	{ "{'userName':'bob','schemas':'x'}", AU_FAULT_INVALID_SYNTAX },
	{ "{'userName':'bob','schemas':[5]}", AU_FAULT_INVALID_SYNTAX },
	{ "{'userName':'bob','username':'bob'}", AU_FAULT_INVALID_SYNTAX },
	{ "{'userName':'bob','name':{'givenName':'a','GIVENNAME':'b'}}", AU_FAULT_INVALID_SYNTAX },
	{ "{'userName':'bob','schemas':['" GROUP "']}", AU_FAULT_INVALID_VALUE },
	{ "{}", AU_FAULT_INVALID_VALUE },
	{ "{'userName':''}", AU_FAULT_INVALID_VALUE },
	{ "{'userName':null}", AU_FAULT_INVALID_VALUE },
	{ "{'userName':5}", AU_FAULT_INVALID_VALUE },
	{ "{'userName':['bob']}", AU_FAULT_INVALID_VALUE },
	{ "{'userName':'bob','name':'x'}", AU_FAULT_INVALID_VALUE },
	{ "{'userName':'bob','name':[{'givenName':'x'}]}", AU_FAULT_INVALID_VALUE },
	{ "{'userName':'bob','emails':{'value':'x'}}", AU_FAULT_INVALID_VALUE },
	{ "{'userName':'bob','emails':[5]}", AU_FAULT_INVALID_VALUE },
	{ "{'userName':'bob','emails':[{'value':5}]}", AU_FAULT_INVALID_VALUE },
	{ "{'userName':'bob','emails':[{'value':'a','primary':true},{'value':'b','primary':'True'}]}",
	    AU_FAULT_INVALID_VALUE },
	{ "{'userName':'bob','active':'banana'}", AU_FAULT_INVALID_VALUE },
	{ "{'userName':'bob','active':1}", AU_FAULT_INVALID_VALUE },
	{ "{'userName':'bob','password':5}", AU_FAULT_INVALID_VALUE },
	{ "{'userName':'bob','profileUrl':'not a uri'}", AU_FAULT_INVALID_VALUE },
	{ "{'userName':'bob','x509Certificates':[{'value':'!'}]}", AU_FAULT_INVALID_VALUE },
	{ "{'userName':'bob','x509Certificates':['!']}", AU_FAULT_INVALID_VALUE },
	{ "{'userName':'bob','photos':['not a uri']}", AU_FAULT_INVALID_VALUE },
	{ "{'userName':'bob','x509Certificates':[{'value':'QUJDR'}]}", AU_FAULT_INVALID_VALUE },
	{ "{'userName':'bob','" ENTERPRISE "':'x'}", AU_FAULT_INVALID_VALUE },
	{ "{'userName':'bob','" ENTERPRISE "':{'department':5}}", AU_FAULT_INVALID_VALUE },
};

static void
bad_bodies_are_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < AU_COUNT(refused); i++) {
		AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
		struct au_fault fault = { AU_FAULT_NONE, "" };
		struct au_checked checked;

		if (au_check_body(&au_catalog_core, &au_type_user, au_profile_auto(), "1",
			json_of(arena, refused[i].body), &checked, &fault) == 0)
			fail_msg("%s was accepted", refused[i].body);
		if (fault.kind != refused[i].kind)
			fail_msg("%s: fault %d, %s", refused[i].body, fault.kind, fault.detail);
	}
}

static void
list_of_values_has_a_limit(void **state)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	AU_CLEANUP(au_json_decrefp) json_t *body = json_pack("{ss, s[]}", "userName", "bob", "roles");
	struct au_checked checked;
	struct au_fault fault;

	(void)state;
	for (int i = 0; i < 501; i++)
		json_array_append_new(
		    json_object_get(body, "roles"), json_pack("{ss}", "value", au_arena_printf(arena, "%d", i)));
	assert_int_equal(
	    au_check_body(&au_catalog_core, &au_type_user, au_profile_auto(), "1", body, &checked, &fault), AU_EINVAL);
	json_array_remove(json_object_get(body, "roles"), 0);
	assert_int_equal(
	    au_check_body(&au_catalog_core, &au_type_user, au_profile_auto(), "1", body, &checked, &fault), 0);
	au_checked_done(&checked);
}

static void
members_are_kept_apart(void **state)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct au_checked checked;
	struct au_fault fault;

	(void)state;
	assert_int_equal(au_check_body(&au_catalog_core, &au_type_group, au_profile_auto(), "g",
			     json_of(arena, "{'displayName':'G','members':[{'value':'a','display':'A','type':'User'},"
					    "{'$ref':'https://h/scim/Users/b'}]}"),
			     &checked, &fault),
	    0);
	assert_json(arena, checked.doc, "{'schemas':['" GROUP "'],'id':'g','displayName':'G'}");
	assert_json(arena, checked.members, "[{'value':'a','display':'A'},{'value':'b'}]");
	au_checked_done(&checked);

	/* more members than other lists may have */
	AU_CLEANUP(au_json_decrefp) json_t *body = json_pack("{ss, s[]}", "displayName", "G", "members");

	for (int i = 0; i < 2000; i++)
		json_array_append_new(json_object_get(body, "members"), json_pack("{ss}", "value", "x"));
	assert_int_equal(
	    au_check_body(&au_catalog_core, &au_type_group, au_profile_auto(), "g", body, &checked, &fault), 0);
	assert_int_equal(json_array_size(checked.members), 2000);
	au_checked_done(&checked);
}

/* A type with what the core schemas have not: immutable attributes, a required extension, other types. */
static const struct au_attr badge_subs[] = {
	{ .name = "number", .description = "Number.", .mutability = AU_ATTR_IMMUTABLE },
	{ .name = "colour", .description = "Colour." },
	{ .name = NULL },
};
static const struct au_attr device_attrs[] = {
	{ .name = "serial", .description = "Serial number.", .mutability = AU_ATTR_IMMUTABLE, .required = true },
	{ .name = "badge", .description = "Badge.", .type = AU_ATTR_COMPLEX, .subs = badge_subs },
	{ .name = "ports", .description = "Ports.", .type = AU_ATTR_INTEGER, .multi = true },
	{ .name = "weight", .description = "Weight.", .type = AU_ATTR_DECIMAL },
	{ .name = "bought", .description = "When.", .type = AU_ATTR_DATETIME },
	{ .name = NULL },
};
static const struct au_attr owner_attrs[] = {
	{ .name = "owner", .description = "Owner.", .required = true },
	{ .name = NULL },
};
static const struct au_schema device_schema = { "urn:example:device", "Device", "A device.", device_attrs, true };
static const struct au_schema owner_schema = { "urn:example:owner", "Owner", "An owner.", owner_attrs, true };
static const struct au_extension device_extensions[] = { { &owner_schema, true }, { NULL, false } };
static const struct au_resource_type device_type = { AU_TYPE_OTHER, "Device", "/Devices", "Devices.", &device_schema,
	device_extensions, "serial" };
static const struct au_catalog device_catalog = {
	.types = (const struct au_resource_type *const[]){ &device_type, NULL },
	.schemas = (const struct au_schema *const[]){ &device_schema, &owner_schema, NULL },
};

static int
check_device(struct au_arena *arena, const char *body, struct au_checked *checked, struct au_fault *fault)
{
	return au_check_body(
	    &device_catalog, &device_type, au_profile_auto(), "d", json_of(arena, body), checked, fault);
}

static void
custom_types_follow_their_rows(void **state)
{
	static const struct {
		const char *body;
		enum au_fault_kind kind;
	} devices[] = {
		{ "{'serial':'1','urn:example:owner':{'owner':'me'}}", AU_FAULT_NONE },
		{ "{'serial':'1','ports':[1,2],'weight':1.5,'bought':'2026-01-31T08:00:00+01:00',"
		  "'urn:example:owner':{'owner':'me'}}",
		    AU_FAULT_NONE },
		{ "{'serial':'1'}", AU_FAULT_INVALID_VALUE },
		{ "{'serial':'1','urn:example:owner':{}}", AU_FAULT_INVALID_VALUE },
		{ "{'serial':'1','ports':[1.5],'urn:example:owner':{'owner':'me'}}", AU_FAULT_INVALID_VALUE },
		{ "{'serial':'1','ports':['1'],'urn:example:owner':{'owner':'me'}}", AU_FAULT_INVALID_VALUE },
		{ "{'serial':'1','weight':'heavy','urn:example:owner':{'owner':'me'}}", AU_FAULT_INVALID_VALUE },
		{ "{'serial':'1','bought':'2026-01-31','urn:example:owner':{'owner':'me'}}", AU_FAULT_INVALID_VALUE },
	};

	(void)state;
	for (size_t i = 0; i < AU_COUNT(devices); i++) {
		AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
		struct au_fault fault = { AU_FAULT_NONE, "" };
		struct au_checked checked = { .doc = NULL };

		check_device(arena, devices[i].body, &checked, &fault);
		if (fault.kind != devices[i].kind)
			fail_msg("%s: fault %d, %s", devices[i].body, fault.kind, fault.detail);
		au_checked_done(&checked);
	}
}

static const char *
owned(struct au_arena *arena, const char *attributes)
{
	return au_arena_printf(arena, "{%s,'urn:example:owner':{'owner':'me'}}", attributes);
}

static void
immutable_attributes_stay(void **state)
{
	static const struct {
		const char *old, *put;
		const char *kept; /* NULL: mutability */
	} puts[] = {
		{ "'serial':'1'", "'serial':'1'", "'serial':'1'" },
		{ "'serial':'1'", "'serial':'2'", NULL },
		{ "'serial':'1','badge':{'number':'7'}", "'serial':'1','badge':{'number':'7','colour':'red'}",
		    "'serial':'1','badge':{'number':'7','colour':'red'}" },
		{ "'serial':'1','badge':{'number':'7'}", "'serial':'1','badge':{'colour':'red'}",
		    "'serial':'1','badge':{'number':'7','colour':'red'}" },
		{ "'serial':'1','badge':{'number':'7'}", "'serial':'1','badge':{'number':'8'}", NULL },
		{ "'serial':'1','badge':{'colour':'red'}", "'serial':'1','badge':{'number':'8'}",
		    "'serial':'1','badge':{'number':'8'}" },
	};

	(void)state;
	for (size_t i = 0; i < AU_COUNT(puts); i++) {
		AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
		struct au_checked old, checked;
		struct au_fault fault = { AU_FAULT_NONE, "" };
		int rc;

		assert_int_equal(check_device(arena, owned(arena, puts[i].old), &old, &fault), 0);
		assert_int_equal(check_device(arena, owned(arena, puts[i].put), &checked, &fault), 0);
		rc = au_document_immutable(&device_type, old.doc, checked.doc, &fault);
		assert_int_equal(rc, puts[i].kept != NULL ? 0 : AU_EINVAL);
		if (puts[i].kept != NULL)
			assert_json(arena, checked.doc,
			    au_arena_printf(arena,
				"{'schemas':['urn:example:device','urn:example:owner'],'id':'d',%s,"
				"'urn:example:owner':{'owner':'me'}}",
				puts[i].kept));
		else
			assert_int_equal(fault.kind, AU_FAULT_MUTABILITY);
		au_checked_done(&old);
		au_checked_done(&checked);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bodies_become_documents),
		cmocka_unit_test(bad_bodies_are_refused),
		cmocka_unit_test(list_of_values_has_a_limit),
		cmocka_unit_test(members_are_kept_apart),
		cmocka_unit_test(custom_types_follow_their_rows),
		cmocka_unit_test(immutable_attributes_stay),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
