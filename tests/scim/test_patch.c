/* SPDX-License-Identifier: ISC */
/* PATCH on documents: operations of RFC 7644 section 3.5.2 and the dialects of real clients. */
#include "tests/scim/help.h"

#include "scim/document.h"
#include "scim/patch.h"

#define CORE "urn:ietf:params:scim:schemas:core:2.0:User"
#define ENTERPRISE "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"

static const struct au_patch_limits limits = { .max_operations = 20, .filter = AU_FILTER_LIMITS };

static int
patch(struct au_arena *arena, const struct au_resource_type *type, json_t *doc, const char *operations,
    struct au_fault *fault)
{
	char *body = au_arena_printf(
	    arena, "{'schemas':['urn:ietf:params:scim:api:messages:2.0:PatchOp'],'Operations':%s}", operations);
	struct au_patch parsed;
	int rc = au_patch_parse(arena, type, &limits, json_of(arena, body), &parsed, fault);

	return rc != 0 ? rc : au_patch_apply(arena, type, &parsed, doc, fault);
}

/* The base document; rows say what comes out of it without schemas, id and userName. */
static json_t *
start(struct au_arena *arena, const char *attributes)
{
	json_t *doc = json_of(arena, au_arena_printf(arena, "{'schemas':['" CORE "'],'id':'1','userName':'bob'%s%s}",
					 *attributes != '\0' ? "," : "", attributes));

	au_document_seal(&au_type_user, doc);
	return doc;
}

struct row {
	const char *before, *operations, *after;
};

static void
run_rows(const struct row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
		struct au_fault fault = { AU_FAULT_NONE, "" };
		json_t *doc = start(arena, rows[i].before), *want = start(arena, rows[i].after);

		if (patch(arena, &au_type_user, doc, rows[i].operations, &fault) != 0)
			fail_msg("%s: %s", rows[i].operations, fault.detail);
		if (!json_equal(doc, want)) {
			AU_CLEANUP(au_freep) char *text = au_json_text(doc);

			fail_msg("%s\n gives %s", rows[i].operations, text);
		}
	}
}

#define RUN(rows) run_rows(rows, AU_COUNT(rows))

static void
add_follows_the_rfc(void **state)
{
	static const struct row rows[] = {
		/* a new value, a value that replaces, a value that is there */
		{ "", "[{'op':'add','path':'title','value':'Dr'}]", "'title':'Dr'" },
		{ "'title':'Dr'", "[{'op':'add','path':'title','value':'Prof'}]", "'title':'Prof'" },
		{ "'title':'Dr'", "[{'op':'add','path':'title','value':'Dr'}]", "'title':'Dr'" },
		/* complex: merged */
		{ "'name':{'givenName':'B'}", "[{'op':'add','path':'name','value':{'familyName':'J'}}]",
		    "'name':{'givenName':'B','familyName':'J'}" },
		{ "", "[{'op':'add','path':'name.familyName','value':'J'}]", "'name':{'familyName':'J'}" },
		/* multi-valued: appended, an equal element is not added again */
		{ "'emails':[{'value':'a@x'}]",
		    "[{'op':'add','path':'emails','value':[{'value':'b@x','type':'home'}]}]",
		    "'emails':[{'value':'a@x'},{'value':'b@x','type':'home'}]" },
		{ "'emails':[{'value':'a@x'}]", "[{'op':'add','path':'emails','value':[{'value':'a@x'}]}]",
		    "'emails':[{'value':'a@x'}]" },
		{ "'emails':[{'value':'a@x'}]", "[{'op':'add','path':'emails','value':{'value':'b@x'}}]",
		    "'emails':[{'value':'a@x'},{'value':'b@x'}]" },
		/* the same value for the same purpose is completed, not repeated */
		{ "'emails':[{'value':'a@x','type':'work'}]",
		    "[{'op':'add','path':'emails','value':[{'value':'a@x','type':'work','primary':true}]}]",
		    "'emails':[{'value':'a@x','type':'work','primary':true}]" },
		/* no path: members of value */
		{ "'emails':[{'value':'a@x'}]", "[{'op':'add','value':{'nickName':'Babs','emails':[{'value':'b@x'}]}}]",
		    "'nickName':'Babs','emails':[{'value':'a@x'},{'value':'b@x'}]" },
		/* value path */
		{ "'emails':[{'value':'a@x','type':'work'}]",
		    "[{'op':'add','path':'emails[type eq \\'work\\']','value':{'display':'A'}}]",
		    "'emails':[{'value':'a@x','type':'work','display':'A'}]" },
		{ "'emails':[{'value':'a@x','type':'work'}]",
		    "[{'op':'add','path':'emails[type eq \\'work\\'].display','value':'A'}]",
		    "'emails':[{'value':'a@x','type':'work','display':'A'}]" },
		/* null and nothing */
		{ "'title':'Dr'", "[{'op':'add','path':'title','value':null}]", "" },
		{ "'emails':[{'value':'a@x'}]", "[{'op':'add','path':'emails','value':[]}]",
		    "'emails':[{'value':'a@x'}]" },
		{ "", "[{'op':'add','path':'name','value':{}}]", "" },
	};

	(void)state;
	RUN(rows);
}

static void
remove_follows_the_rfc(void **state)
{
	static const struct row rows[] = {
		{ "'title':'Dr'", "[{'op':'remove','path':'title'}]", "" },
		{ "", "[{'op':'remove','path':'title'}]", "" },
		{ "'name':{'givenName':'B','familyName':'J'}", "[{'op':'remove','path':'name.givenName'}]",
		    "'name':{'familyName':'J'}" },
		{ "'name':{'givenName':'B'}", "[{'op':'remove','path':'name.givenName'}]", "" },
		{ "'name':{'givenName':'B'}", "[{'op':'remove','path':'name'}]", "" },
		{ "'emails':[{'value':'a@x'},{'value':'b@x'}]", "[{'op':'remove','path':'emails'}]", "" },
		{ "'emails':[{'value':'a@x'},{'value':'b@x'}]", "[{'op':'remove','path':'emails[value eq \\'a@x\\']'}]",
		    "'emails':[{'value':'b@x'}]" },
		{ "'emails':[{'value':'a@x'}]", "[{'op':'remove','path':'emails[value eq \\'A@X\\']'}]", "" },
		{ "'emails':[{'value':'a@x'}]", "[{'op':'remove','path':'emails[value eq \\'z@x\\']'}]",
		    "'emails':[{'value':'a@x'}]" },
		{ "'emails':[{'value':'a@x','type':'work'},{'value':'b@x','type':'home'},{'value':'c@x','type':'work'}"
		  "]",
		    "[{'op':'remove','path':'emails[type eq \\'work\\']'}]",
		    "'emails':[{'value':'b@x','type':'home'}]" },
		{ "'emails':[{'value':'a@x','type':'work'}]",
		    "[{'op':'remove','path':'emails[type eq \\'work\\'].type'}]", "'emails':[{'value':'a@x'}]" },
		{ "'emails':[{'value':'a@x','type':'work'},{'value':'b@x','type':'home'}]",
		    "[{'op':'remove','path':'emails.type'}]", "'emails':[{'value':'a@x'},{'value':'b@x'}]" },
		{ "'emails':[{'type':'work'}]", "[{'op':'remove','path':'emails.type'}]", "" },
		/* only what value lists, when it lists something */
		{ "'emails':[{'value':'a@x','type':'work'},{'value':'b@x'}]",
		    "[{'op':'remove','path':'emails','value':[{'value':'a@x'}]}]", "'emails':[{'value':'b@x'}]" },
		{ "'emails':[{'value':'a@x'}]", "[{'op':'remove','path':'emails','value':[]}]", "" },
	};

	(void)state;
	RUN(rows);
}

static void
replace_follows_the_rfc(void **state)
{
	static const struct row rows[] = {
		{ "'title':'Dr'", "[{'op':'replace','path':'title','value':'Prof'}]", "'title':'Prof'" },
		{ "", "[{'op':'replace','path':'title','value':'Prof'}]", "'title':'Prof'" },
		{ "'title':'Dr'", "[{'op':'replace','path':'title','value':null}]", "" },
		{ "'name':{'givenName':'B','familyName':'J'}",
		    "[{'op':'replace','path':'name','value':{'givenName':'C'}}]",
		    "'name':{'givenName':'C','familyName':'J'}" },
		{ "'name':{'givenName':'B','familyName':'J'}",
		    "[{'op':'replace','path':'name','value':{'givenName':null}}]", "'name':{'familyName':'J'}" },
		{ "'emails':[{'value':'a@x'}]", "[{'op':'replace','path':'emails','value':[{'value':'b@x'}]}]",
		    "'emails':[{'value':'b@x'}]" },
		{ "'emails':[{'value':'a@x'}]", "[{'op':'replace','path':'emails','value':[]}]", "" },
		/* every matching element; the whole of it, but for what the filter says */
		{ "'emails':[{'value':'a@x','type':'work','display':'A'},{'value':'b@x','type':'home'}]",
		    "[{'op':'replace','path':'emails[type eq \\'work\\']','value':{'value':'c@x'}}]",
		    "'emails':[{'value':'c@x','type':'work'},{'value':'b@x','type':'home'}]" },
		{ "'emails':[{'value':'a@x','type':'work'},{'value':'b@x','type':'work'}]",
		    "[{'op':'replace','path':'emails[type eq \\'work\\'].type','value':'other'}]",
		    "'emails':[{'value':'a@x','type':'other'},{'value':'b@x','type':'other'}]" },
		{ "'emails':[{'value':'a@x'}]", "[{'op':'replace','path':'emails.type','value':'work'}]",
		    "'emails':[{'value':'a@x','type':'work'}]" },
		{ "", "[{'op':'replace','path':'emails.value','value':'a@x'}]", "'emails':[{'value':'a@x'}]" },
		/* elements that become the same are one */
		{ "'emails':[{'value':'a@x','type':'work'},{'value':'b@x','type':'work'}]",
		    "[{'op':'replace','path':'emails[type eq \\'work\\']','value':{'value':'c@x'}}]",
		    "'emails':[{'value':'c@x','type':'work'}]" },
		/* another attribute keeps its values */
		{ "'emails':[{'value':'a@x'}],'title':'Dr'", "[{'op':'replace','value':{'title':'Prof'}}]",
		    "'emails':[{'value':'a@x'}],'title':'Prof'" },
		/* in order, each on the result of the one before */
		{ "'title':'Dr'",
		    "[{'op':'remove','path':'title'},{'op':'add','path':'title','value':'A'},"
		    "{'op':'replace','path':'title','value':'B'}]",
		    "'title':'B'" },
		{ "",
		    "[{'op':'add','path':'emails','value':[{'value':'a@x','type':'work'}]},"
		    "{'op':'replace','path':'emails[type eq \\'work\\'].value','value':'b@x'}]",
		    "'emails':[{'value':'b@x','type':'work'}]" },
	};

	(void)state;
	RUN(rows);
}

static void
extensions_come_and_go_with_their_schema(void **state)
{
	static const struct row rows[] = {
		{ "", "[{'op':'add','path':'" ENTERPRISE ":department','value':'IT'}]",
		    "'" ENTERPRISE "':{'department':'IT'}" },
		{ "'" ENTERPRISE "':{'department':'IT'}", "[{'op':'remove','path':'" ENTERPRISE ":department'}]", "" },
		{ "'" ENTERPRISE "':{'department':'IT','division':'X'}", "[{'op':'remove','path':'" ENTERPRISE "'}]",
		    "" },
		{ "'" ENTERPRISE "':{'department':'IT'}",
		    "[{'op':'replace','path':'" ENTERPRISE "','value':{'division':'X'}}]",
		    "'" ENTERPRISE "':{'department':'IT','division':'X'}" },
		{ "", "[{'op':'add','value':{'" ENTERPRISE "':{'department':'IT'}}}]",
		    "'" ENTERPRISE "':{'department':'IT'}" },
		{ "", "[{'op':'add','path':'" CORE ":title','value':'Dr'}]", "'title':'Dr'" },
		{ "", "[{'op':'add','path':'" CORE "','value':{'title':'Dr'}}]", "'title':'Dr'" },
		{ "", "[{'op':'add','path':'schemas','value':['" ENTERPRISE "']}]", "" },
	};

	(void)state;
	RUN(rows);
}

static void
entra_is_understood(void **state)
{
	static const struct row rows[] = {
		{ "'active':true", "[{'op':'Replace','path':'active','value':'False'}]", "'active':false" },
		{ "'active':true", "[{'op':'replace','value':{'active':'False'}}]", "'active':false" },
		{ "", "[{'op':'Add','path':'emails[type eq \\'work\\'].value','value':'a@x'}]",
		    "'emails':[{'type':'work','value':'a@x'}]" },
		{ "", "[{'op':'Add','path':'emails[type eq \\'work\\' and primary eq true].value','value':'a@x'}]",
		    "'emails':[{'type':'work','primary':true,'value':'a@x'}]" },
		{ "'roles':[{'value':'a','primary':true}]",
		    "[{'op':'Replace','path':'roles[primary eq \\'True\\'].value','value':'b'}]",
		    "'roles':[{'value':'b','primary':true}]" },
		/* dotted, URN-prefixed and value-path names without path; the unknown and the read-only are passed over
		 */
		{ "",
		    "[{'op':'add','value':{'name.givenName':'B','name.familyName':'J','" ENTERPRISE ":department':'IT',"
		    "'emails[type eq \\'work\\'].value':'a@x','id':'9','favouriteColour':'red','name.colour':1}}]",
		    "'name':{'givenName':'B','familyName':'J'},'" ENTERPRISE "':{'department':'IT'},"
		    "'emails':[{'type':'work','value':'a@x'}]" },
		/* a manager in every shape */
		{ "", "[{'op':'add','path':'" ENTERPRISE ":manager','value':'m1'}]",
		    "'" ENTERPRISE "':{'manager':{'value':'m1'}}" },
		{ "", "[{'op':'add','path':'" ENTERPRISE ":manager','value':[{'$ref':null,'value':'m1'}]}]",
		    "'" ENTERPRISE "':{'manager':{'value':'m1'}}" },
		{ "", "[{'op':'add','path':'" ENTERPRISE ":manager','value':{'value':'m1','displayName':'Max'}}]",
		    "'" ENTERPRISE "':{'manager':{'value':'m1'}}" },
		{ "'" ENTERPRISE "':{'manager':{'value':'m1'}}",
		    "[{'op':'replace','path':'" ENTERPRISE ":manager','value':''}]", "" },
		{ "'" ENTERPRISE "':{'manager':{'value':'m1'}}",
		    "[{'op':'replace','path':'" ENTERPRISE ":manager','value':[]}]", "" },
		/* older jobs wrap single values */
		{ "", "[{'op':'Replace','path':'title','value':[{'$ref':null,'value':'Dr'}]}]", "'title':'Dr'" },
		/* password is accepted and not kept */
		{ "", "[{'op':'replace','path':'password','value':'secret'}]", "" },
	};

	(void)state;
	RUN(rows);
}

/*
 * I13: operations in any case; "True" and "False" as texts; adding to a single value replaces it; removing with a value
 * removes only what it names; dotted keys and keys with a URN within value.
 */
static void
what_providers_write_differently_means_the_same(void **state)
{
	static const struct row rows[] = {
		{ "'title':'Dr'", "[{'op':'REMOVE','path':'title'}]", "" },
		{ "'title':'Dr'", "[{'op':'rEpLaCe','path':'title','value':'Prof'}]", "'title':'Prof'" },
		{ "'active':false", "[{'op':'ADD','path':'active','value':'True'}]", "'active':true" },
		{ "'active':true", "[{'op':'replace','path':'active','value':'False'}]", "'active':false" },
		{ "'active':true", "[{'op':'replace','value':{'active':'false'}}]", "'active':false" },
		{ "'name':{'givenName':'B'}", "[{'op':'add','path':'name.givenName','value':'C'}]",
		    "'name':{'givenName':'C'}" },
		{ "'emails':[{'value':'a@x'},{'value':'b@x'},{'value':'c@x'}]",
		    "[{'op':'remove','path':'emails','value':[{'value':'a@x'},{'value':'c@x'},{'value':'z@x'}]}]",
		    "'emails':[{'value':'b@x'}]" },
		{ "'name':{'givenName':'B','familyName':'J'}", "[{'op':'replace','value':{'name.givenName':'C'}}]",
		    "'name':{'givenName':'C','familyName':'J'}" },
		{ "'" ENTERPRISE "':{'department':'IT'}",
		    "[{'op':'add','value':{'" ENTERPRISE ":department':'HR','" CORE ":title':'Dr'}}]",
		    "'" ENTERPRISE "':{'department':'HR'},'title':'Dr'" },
	};

	(void)state;
	RUN(rows);
}

static void
one_primary_at_a_time(void **state)
{
	static const struct row rows[] = {
		{ "'emails':[{'value':'a@x','primary':true}]",
		    "[{'op':'add','path':'emails','value':[{'value':'b@x','primary':true}]}]",
		    "'emails':[{'value':'a@x','primary':false},{'value':'b@x','primary':true}]" },
		{ "'emails':[{'value':'a@x','primary':true},{'value':'b@x'}]",
		    "[{'op':'replace','path':'emails[value eq \\'b@x\\'].primary','value':true}]",
		    "'emails':[{'value':'a@x','primary':false},{'value':'b@x','primary':true}]" },
		{ "'emails':[{'value':'a@x','primary':true},{'value':'b@x'}]",
		    "[{'op':'replace','path':'emails[value eq \\'b@x\\']','value':{'value':'b@x','primary':'true'}}]",
		    "'emails':[{'value':'a@x','primary':false},{'value':'b@x','primary':true}]" },
		{ "'emails':[{'value':'a@x','primary':true}]",
		    "[{'op':'replace','path':'emails','value':[{'value':'c@x'},{'value':'b@x','primary':true}]}]",
		    "'emails':[{'value':'c@x'},{'value':'b@x','primary':true}]" },
		{ "'emails':[{'value':'a@x','primary':true}]",
		    "[{'op':'replace','path':'emails[primary eq true].value','value':'z@x'}]",
		    "'emails':[{'value':'z@x','primary':true}]" },
	};

	(void)state;
	RUN(rows);
}

static const struct {
	const char *operations;
	enum au_fault_kind kind;
} refused[] = {
	{ "[]", AU_FAULT_INVALID_SYNTAX },
	{ "{}", AU_FAULT_INVALID_SYNTAX },
	{ "'x'", AU_FAULT_INVALID_SYNTAX },
	{ "null", AU_FAULT_INVALID_SYNTAX },
	{ "['x']", AU_FAULT_INVALID_SYNTAX },
	{ "[{}]", AU_FAULT_INVALID_SYNTAX },
	{ "[{'op':5,'path':'title','value':'x'}]", AU_FAULT_INVALID_SYNTAX },
	{ "[{'op':'move','path':'title','value':'x'}]", AU_FAULT_INVALID_SYNTAX },
	{ "[{'op':'add','path':5,'value':'x'}]", AU_FAULT_INVALID_PATH },
	{ "[{'op':'add','path':'','value':'x'}]", AU_FAULT_INVALID_PATH },
	{ "[{'op':'add','path':'no such','value':'x'}]", AU_FAULT_INVALID_PATH },
	{ "[{'op':'add','path':'noSuchName','value':'x'}]", AU_FAULT_INVALID_PATH },
	{ "[{'op':'add','path':'emails[type eq','value':'x'}]", AU_FAULT_INVALID_PATH },
	{ "[{'op':'remove'}]", AU_FAULT_NO_TARGET },
	{ "[{'op':'remove','value':{'title':'x'}}]", AU_FAULT_NO_TARGET },
	{ "[{'op':'remove','path':'" CORE "'}]", AU_FAULT_NO_TARGET },
	{ "[{'op':'replace','path':'emails[type eq \\'home\\']','value':{'value':'x'}}]", AU_FAULT_NO_TARGET },
	{ "[{'op':'replace','path':'emails[type eq \\'home\\'].value','value':'x'}]", AU_FAULT_NO_TARGET },
	{ "[{'op':'add','path':'emails[type ne \\'work\\'].value','value':'x'}]", AU_FAULT_NO_TARGET },
	{ "[{'op':'add','path':'emails[type eq \\'a\\' or type eq \\'b\\'].value','value':'x'}]", AU_FAULT_NO_TARGET },
	{ "[{'op':'add','value':'x'}]", AU_FAULT_INVALID_VALUE },
	{ "[{'op':'add'}]", AU_FAULT_INVALID_VALUE },
	{ "[{'op':'add','path':'title'}]", AU_FAULT_INVALID_VALUE },
	{ "[{'op':'replace','path':'title'}]", AU_FAULT_INVALID_VALUE },
	{ "[{'op':'add','path':'title','value':5}]", AU_FAULT_INVALID_VALUE },
	{ "[{'op':'add','path':'title','value':['a','b']}]", AU_FAULT_INVALID_VALUE },
	{ "[{'op':'add','path':'name','value':'x'}]", AU_FAULT_INVALID_VALUE },
	{ "[{'op':'add','path':'name','value':{'givenName':5}}]", AU_FAULT_INVALID_VALUE },
	{ "[{'op':'add','path':'active','value':'banana'}]", AU_FAULT_INVALID_VALUE },
	{ "[{'op':'add','path':'emails','value':[5]}]", AU_FAULT_INVALID_VALUE },
	{ "[{'op':'add','path':'emails','value':[{'value':'a','primary':true},{'value':'b','primary':true}]}]",
	    AU_FAULT_INVALID_VALUE },
	{ "[{'op':'replace','path':'emails.primary','value':true}]", AU_FAULT_INVALID_VALUE },
	{ "[{'op':'add','path':'x509Certificates','value':[{'value':'not base64!'}]}]", AU_FAULT_INVALID_VALUE },
	{ "[{'op':'replace','path':'userName','value':''}]", AU_FAULT_INVALID_VALUE },
	{ "[{'op':'replace','path':'userName','value':null}]", AU_FAULT_INVALID_VALUE },
	{ "[{'op':'remove','path':'userName'}]", AU_FAULT_MUTABILITY },
	{ "[{'op':'replace','path':'id','value':'x'}]", AU_FAULT_MUTABILITY },
	{ "[{'op':'remove','path':'id'}]", AU_FAULT_MUTABILITY },
	{ "[{'op':'add','path':'meta.created','value':'x'}]", AU_FAULT_MUTABILITY },
	{ "[{'op':'add','path':'groups','value':[{'value':'x'}]}]", AU_FAULT_MUTABILITY },
	{ "[{'op':'add','path':'" ENTERPRISE ":manager.displayName','value':'x'}]", AU_FAULT_MUTABILITY },
	{ "[{'op':'add','path':'emails[primary gt true]','value':{'value':'x'}}]", AU_FAULT_INVALID_FILTER },
};

static void
bad_operations_are_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < AU_COUNT(refused); i++) {
		AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
		struct au_fault fault = { AU_FAULT_NONE, "" };
		json_t *doc = start(arena, "'emails':[{'value':'a@x','type':'work'},{'value':'b@x','type':'work'}]");

		if (patch(arena, &au_type_user, doc, refused[i].operations, &fault) == 0)
			fail_msg("%s was accepted", refused[i].operations);
		if (fault.kind != refused[i].kind)
			fail_msg("%s: fault %d, %s", refused[i].operations, fault.kind, fault.detail);
	}
}

static void
message_must_be_a_patch(void **state)
{
	static const char *const bodies[] = { "[]", "'x'", "{}", "{'Operations':5}",
		"{'schemas':['urn:ietf:params:scim:schemas:core:2.0:User'],'Operations':[{'op':'remove','path':'title'}"
		"]}",
		"{'schemas':'x','Operations':[{'op':'remove','path':'title'}]}" };
	struct au_patch parsed;

	(void)state;
	for (size_t i = 0; i < AU_COUNT(bodies); i++) {
		AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
		struct au_fault fault;

		assert_int_equal(
		    au_patch_parse(arena, &au_type_user, &limits, json_of(arena, bodies[i]), &parsed, &fault),
		    AU_EINVAL);
		assert_int_equal(fault.kind, AU_FAULT_INVALID_SYNTAX);
	}
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct au_fault fault;

	/* names of the message in any case; schemas may be missing */
	assert_int_equal(
	    au_patch_parse(arena, &au_type_user, &limits,
		json_of(arena, "{'OPERATIONS':[{'OP':'ADD','Path':'title','Value':'x'}]}"), &parsed, &fault),
	    0);
	assert_int_equal(parsed.change_count, 1);
}

static void
operations_have_a_limit(void **state)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct au_str text = AU_STR_INIT;
	struct au_fault fault;

	(void)state;
	for (int i = 0; i < 21; i++)
		au_str_printf(&text, "%c{'op':'add','path':'title','value':'%d'}", i == 0 ? '[' : ',', i);
	au_str_putc(&text, ']');
	assert_int_equal(patch(arena, &au_type_user, start(arena, ""), au_str_get(&text), &fault), AU_EINVAL);
	assert_int_equal(fault.kind, AU_FAULT_TOO_LARGE);
	au_str_done(&text);
}

/* ---- members ---- */

static void
members_of(struct au_arena *arena, const char *operations, struct au_patch *parsed)
{
	struct au_fault fault;

	if (au_patch_parse(arena, &au_type_group, &limits,
		json_of(arena, au_arena_printf(arena, "{'Operations':%s}", operations)), parsed, &fault) != 0)
		fail_msg("%s: %s", operations, fault.detail);
}

static void
members_become_changes_of_rows(void **state)
{
	static const struct {
		const char *operations;
		enum au_member_op op;
		const char *elements; /* NULL: a filter */
	} rows[] = {
		{ "[{'op':'add','path':'members','value':[{'value':'a','display':'A','$ref':null}]}]", AU_MEMBERS_ADD,
		    "[{'value':'a','display':'A'}]" },
		{ "[{'op':'add','path':'members','value':{'value':'a','type':'User'}}]", AU_MEMBERS_ADD,
		    "[{'value':'a'}]" },
		{ "[{'op':'add','path':'members','value':[{'$ref':'https://h/Users/a'}]}]", AU_MEMBERS_ADD,
		    "[{'value':'a'}]" },
		{ "[{'op':'add','value':{'members':[{'value':'a'}]}}]", AU_MEMBERS_ADD, "[{'value':'a'}]" },
		{ "[{'op':'Add','path':'members[value eq \\'a\\']','value':{}}]", AU_MEMBERS_ADD, "[{'value':'a'}]" },
		{ "[{'op':'replace','path':'members','value':[{'value':'a'}]}]", AU_MEMBERS_REPLACE,
		    "[{'value':'a'}]" },
		{ "[{'op':'replace','value':{'id':'g','displayName':'G','members':[]}}]", AU_MEMBERS_REPLACE, "[]" },
		{ "[{'op':'remove','path':'members'}]", AU_MEMBERS_REPLACE, "[]" },
		{ "[{'op':'remove','path':'members','value':[]}]", AU_MEMBERS_REPLACE, "[]" },
		{ "[{'op':'Remove','path':'members','value':[{'value':'a'},{'value':'b'}]}]", AU_MEMBERS_REMOVE,
		    "[{'value':'a'},{'value':'b'}]" },
		{ "[{'op':'remove','path':'members[value eq \\'a\\']'}]", AU_MEMBERS_REMOVE, "[{'value':'a'}]" },
		{ "[{'op':'remove','path':'members[value eq \\'a\\' or value eq \\'b\\']'}]", AU_MEMBERS_REMOVE,
		    "[{'value':'a'},{'value':'b'}]" },
		{ "[{'op':'remove','path':'members[type eq \\'Group\\']'}]", AU_MEMBERS_MATCHING, NULL },
		/* FastFed's remove-all before add is one replacement */
		{ "[{'op':'remove','path':'members'},{'op':'add','path':'members','value':[{'value':'a'}]},"
		  "{'op':'add','path':'members','value':[{'value':'b'}]}]",
		    AU_MEMBERS_REPLACE, "[{'value':'a'},{'value':'b'}]" },
	};

	(void)state;
	for (size_t i = 0; i < AU_COUNT(rows); i++) {
		AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
		struct au_patch parsed;

		members_of(arena, rows[i].operations, &parsed);
		if (parsed.member_count != 1 || parsed.members[0].op != rows[i].op)
			fail_msg("%s: %zu changes", rows[i].operations, parsed.member_count);
		if (rows[i].elements != NULL)
			assert_json(arena, parsed.members[0].elements, rows[i].elements);
		else
			assert_non_null(parsed.members[0].filter);
	}
}

static void
members_keep_their_order_of_changes(void **state)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct au_patch parsed;

	(void)state;
	members_of(arena,
	    "[{'op':'add','path':'members','value':[{'value':'a'}]},{'op':'replace','path':'displayName','value':'G'},"
	    "{'op':'remove','path':'members[value eq \\'a\\']'},{'op':'add','path':'members','value':null}]",
	    &parsed);
	assert_int_equal(parsed.member_count, 2);
	assert_int_equal(parsed.members[0].op, AU_MEMBERS_ADD);
	assert_int_equal(parsed.members[1].op, AU_MEMBERS_REMOVE);
	assert_int_equal(parsed.change_count, 1);
}

static void
members_change_as_a_whole_only(void **state)
{
	static const struct {
		const char *operations;
		enum au_fault_kind kind;
	} rows[] = {
		{ "[{'op':'replace','path':'members[value eq \\'a\\'].display','value':'x'}]", AU_FAULT_MUTABILITY },
		{ "[{'op':'remove','path':'members.type'}]", AU_FAULT_MUTABILITY },
		{ "[{'op':'replace','path':'members[value eq \\'a\\']','value':{'value':'b'}}]", AU_FAULT_MUTABILITY },
		{ "[{'op':'add','path':'members[type eq \\'User\\']','value':{'value':'b'}}]", AU_FAULT_NO_TARGET },
		{ "[{'op':'add','path':'members','value':[{'display':'x'}]}]", AU_FAULT_INVALID_VALUE },
		{ "[{'op':'add','path':'members','value':[5]}]", AU_FAULT_INVALID_VALUE },
		{ "[{'op':'add','path':'members','value':5}]", AU_FAULT_INVALID_VALUE },
	};

	(void)state;
	for (size_t i = 0; i < AU_COUNT(rows); i++) {
		AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
		struct au_fault fault = { AU_FAULT_NONE, "" };
		json_t *doc = json_of(arena, "{'id':'g','displayName':'G'}");

		if (patch(arena, &au_type_group, doc, rows[i].operations, &fault) == 0 || fault.kind != rows[i].kind)
			fail_msg("%s: fault %d, %s", rows[i].operations, fault.kind, fault.detail);
	}
}

static void
the_same_request_applies_twice_alike(void **state)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct au_patch parsed;
	struct au_fault fault;
	const char *body = "{'Operations':[{'op':'replace','path':'emails','value':[{'value':'a@x','type':'work'}]},"
			   "{'op':'replace','path':'emails[type eq \\'work\\'].value','value':'b@x'},"
			   "{'op':'add','path':'emails','value':[{'value':'c@x','primary':true}]}]}";
	json_t *first = start(arena, ""), *second = start(arena, "");

	(void)state;
	assert_int_equal(au_patch_parse(arena, &au_type_user, &limits, json_of(arena, body), &parsed, &fault), 0);
	assert_int_equal(au_patch_apply(arena, &au_type_user, &parsed, first, &fault), 0);
	assert_int_equal(au_patch_apply(arena, &au_type_user, &parsed, second, &fault), 0);
	assert_true(json_equal(first, second));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(add_follows_the_rfc),
		cmocka_unit_test(remove_follows_the_rfc),
		cmocka_unit_test(replace_follows_the_rfc),
		cmocka_unit_test(extensions_come_and_go_with_their_schema),
		cmocka_unit_test(entra_is_understood),
		cmocka_unit_test(what_providers_write_differently_means_the_same),
		cmocka_unit_test(one_primary_at_a_time),
		cmocka_unit_test(bad_operations_are_refused),
		cmocka_unit_test(message_must_be_a_patch),
		cmocka_unit_test(operations_have_a_limit),
		cmocka_unit_test(members_become_changes_of_rows),
		cmocka_unit_test(members_keep_their_order_of_changes),
		cmocka_unit_test(members_change_as_a_whole_only),
		cmocka_unit_test(the_same_request_applies_twice_alike),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
