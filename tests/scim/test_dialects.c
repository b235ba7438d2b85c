/* SPDX-License-Identifier: ISC */
/*
 * Conversations as real clients hold them, written after their documentation.  Each step is sent and its answer must
 * hold what the step wants; "$name" stands for an id that an earlier step saved.
 */
#include "tests/scim/serve.h"

#define CORE "urn:ietf:params:scim:schemas:core:2.0:User"
#define GROUP "urn:ietf:params:scim:schemas:core:2.0:Group"
#define ENTERPRISE "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
#define PATCHOP "'schemas':['urn:ietf:params:scim:api:messages:2.0:PatchOp']"
#define EMPTY_LIST "{'schemas':['urn:ietf:params:scim:api:messages:2.0:ListResponse'],'totalResults':0,'Resources':[]}"

struct step {
	const char *save; /* name for the id of the answer; NULL = none */
	const char *method, *path, *body;
	int status;
	const char *want; /* NULL = anything */
};

/* ---- running ---- */

static const char *
filled(struct serve *s, struct au_map *ids, const char *text)
{
	struct au_str out = AU_STR_INIT;
	const char *result;

	if (text == NULL)
		return NULL;
	while (*text != '\0') {
		size_t len = *text == '$' ? strspn(text + 1, "abcdefghijklmnopqrstuvwxyz0123456789") : 0;
		const char *id = len > 0 ? au_map_get(ids, au_arena_strndup(s->arena, text + 1, len)) : NULL;

		if (id != NULL) {
			au_str_put(&out, id);
			text += 1 + len;
		} else {
			au_str_putc(&out, *text++);
		}
	}
	result = au_arena_strdup(s->arena, au_str_get(&out));
	au_str_done(&out);
	return result;
}

/* Percent-encode what a query may not hold; single quotes stand for double ones. */
static const char *
target(struct serve *s, const char *path)
{
	struct au_str out = AU_STR_INIT;
	const char *result;

	for (; *path != '\0'; path++) {
		if (*path == '\'')
			au_str_put(&out, "%22");
		else if (strchr(" []()", *path) != NULL)
			au_str_printf(&out, "%%%02X", (unsigned char)*path);
		else
			au_str_putc(&out, *path);
	}
	result = au_arena_strdup(s->arena, au_str_get(&out));
	au_str_done(&out);
	return result;
}

static void
run_step(struct serve *s, struct au_map *ids, const char *client, const struct step *step)
{
	const char *path = target(s, filled(s, ids, step->path)), *want = filled(s, ids, step->want);
	struct answer answer = ask(s, client, step->method, path, filled(s, ids, step->body));

	if (answer.status != step->status)
		fail_msg("%s %s %s\n gives %d: %s", step->method, step->path, step->body != NULL ? step->body : "",
		    answer.status, answer.text);
	if (want != NULL && !holds(answer.body, json_of(s->arena, want)))
		fail_msg("%s %s %s\n gives %s\n and not %s", step->method, step->path,
		    step->body != NULL ? step->body : "", answer.text, want);
	if (step->save != NULL)
		au_map_put(ids, step->save, au_arena_strdup(s->arena, text_of(&answer, "id")));
}

static void
run_steps(void **state, const char *client, const struct step *steps, size_t count)
{
	struct au_map *ids = au_map_new();

	for (size_t i = 0; i < count; i++)
		run_step(*state, ids, client, &steps[i]);
	au_map_free(ids, NULL);
}

#define RUN(client, steps) run_steps(state, client, steps, AU_COUNT(steps))

/* ---- Microsoft Entra ID ---- */

static void
entra_provisions_a_user(void **state)
{
	static const struct step steps[] = {
		/* Test Connection asks for somebody who cannot be there */
		{ NULL, "GET", "/Users?filter=userName eq 'cd5de9ee-8b1c-4a3d-9a0c-3f3d5c1e5f6a'", NULL, 200,
		    EMPTY_LIST },
		{ NULL, "GET", "/Users?filter=externalId eq 'babs'&attributes=id", NULL, 200, EMPTY_LIST },
		/* a create has nulls, empty lists, an extension without data, a meta of its own */
		{ "u", "POST", "/Users",
		    "{'schemas':['" CORE "','" ENTERPRISE
		    "'],'externalId':'babs','userName':'Babs@contoso.com','active':true,"
		    "'addresses':null,'displayName':null,'emails':[{'primary':true,'type':'work','value':'babs@contoso."
		    "com'}],"
		    "'phoneNumbers':[],'meta':{'resourceType':'User'},'name':{'formatted':'Barbara J','familyName':'J',"
		    "'givenName':'Barbara'},'roles':[]}",
		    201,
		    "{'schemas':['" CORE
		    "'],'externalId':'babs','userName':'Babs@contoso.com','active':true,'displayName':null,"
		    "'phoneNumbers':null,'roles':null,'meta':{'resourceType':'User'}}" },
		{ NULL, "GET", "/Users?filter=userName eq 'BABS@contoso.com'", NULL, 200,
		    "{'totalResults':1,'Resources':[{'id':'$u'}]}" },
		{ NULL, "GET", "/Users?filter=emails[type eq 'work'].value eq 'babs@contoso.com'", NULL, 200,
		    "{'totalResults':1}" },
		{ NULL, "GET", "/Users?filter=userName+eq+'babs@contoso.com'", NULL, 200, "{'totalResults':1}" },
		/* one operation per attribute, capital letters, booleans as text */
		{ NULL, "PATCH", "/Users/$u",
		    "{" PATCHOP ",'Operations':[{'op':'Replace','path':'emails[type eq "
		    "\\'work\\'].value','value':'new@contoso.com'},"
		    "{'op':'Replace','path':'name.familyName','value':'K'},"
		    "{'op':'Add','path':'phoneNumbers[type eq \\'mobile\\'].value','value':'+1 555 0100'},"
		    "{'op':'Add','path':'" ENTERPRISE ":department','value':'IT'},"
		    "{'op':'Add','path':'" ENTERPRISE ":manager','value':'m-1'},"
		    "{'op':'Add','path':'displayName','value':'Babs'}]}",
		    200,
		    "{'schemas':['" CORE "','" ENTERPRISE
		    "'],'emails':[{'primary':true,'type':'work','value':'new@contoso.com'}],"
		    "'name':{'familyName':'K','givenName':'Barbara'},'phoneNumbers':[{'type':'mobile','value':'+1 555 "
		    "0100'}],"
		    "'" ENTERPRISE "':{'department':'IT','manager':{'value':'m-1'}},'displayName':'Babs'}" },
		{ NULL, "PATCH", "/Users/$u",
		    "{" PATCHOP ",'Operations':[{'op':'Remove','path':'" ENTERPRISE ":manager'},"
		    "{'op':'Replace','path':'" ENTERPRISE ":department','value':''}]}",
		    200, "{'" ENTERPRISE "':{'manager':null,'department':''}}" },
		/* soft delete, still there and found, then hard delete */
		{ NULL, "PATCH", "/Users/$u",
		    "{" PATCHOP ",'Operations':[{'op':'Replace','path':'active','value':'False'}]}", 200,
		    "{'active':false}" },
		{ NULL, "GET", "/Users?filter=userName eq 'babs@contoso.com'", NULL, 200,
		    "{'Resources':[{'active':false}]}" },
		{ NULL, "PATCH", "/Users/$u",
		    "{" PATCHOP ",'Operations':[{'op':'Replace','path':'active','value':'banana'}]}", 400,
		    "{'scimType':'invalidValue'}" },
		{ NULL, "DELETE", "/Users/$u", NULL, 204, NULL },
		{ NULL, "DELETE", "/Users/$u", NULL, 404, NULL },
	};

	RUN("entra", steps);
}

static void
entra_keeps_a_group(void **state)
{
	static const struct step steps[] = {
		{ "u", "POST", "/Users", "{'userName':'u'}", 201, NULL },
		{ "v", "POST", "/Users", "{'userName':'v'}", 201, NULL },
		{ NULL, "GET", "/Groups?excludedAttributes=members&filter=displayName eq 'Crew'", NULL, 200,
		    EMPTY_LIST },
		{ "g", "POST", "/Groups",
		    "{'schemas':['" GROUP
		    "','http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group'],"
		    "'externalId':'8aa1a0c0','displayName':'Crew','meta':{'resourceType':'Group'}}",
		    201, "{'schemas':['" GROUP "'],'displayName':'Crew','externalId':'8aa1a0c0','members':[]}" },
		{ NULL, "POST", "/Groups", "{'schemas':['" GROUP "'],'displayName':'crew'}", 409,
		    "{'scimType':'uniqueness'}" },
		{ NULL, "GET", "/Groups/$g?excludedAttributes=members", NULL, 200,
		    "{'displayName':'Crew','members':null}" },
		{ NULL, "PATCH", "/Groups/$g",
		    "{" PATCHOP ",'Operations':[{'op':'Add','path':'members','value':[{'$ref':null,'value':'$u'},"
		    "{'$ref':null,'value':'$v'}]}]}",
		    200, "{'displayName':'Crew'}" },
		{ NULL, "GET", "/Groups?filter=id eq '$g' and members eq '$u'&excludedAttributes=members", NULL, 200,
		    "{'totalResults':1,'Resources':[{'id':'$g','members':null}]}" },
		/* a removal names its members in the value and leaves the others */
		{ NULL, "PATCH", "/Groups/$g",
		    "{" PATCHOP
		    ",'Operations':[{'op':'Remove','path':'members','value':[{'$ref':null,'value':'$u'}]}]}",
		    200, "{'members':[{'value':'$v'}]}" },
		{ NULL, "GET", "/Groups?filter=id eq '$g' and members eq '$u'&excludedAttributes=members", NULL, 200,
		    EMPTY_LIST },
		{ NULL, "PATCH", "/Groups/$g",
		    "{" PATCHOP ",'Operations':[{'op':'Replace','path':'displayName','value':'Band'}]}", 200,
		    "{'displayName':'Band','members':[{'value':'$v'}]}" },
		{ NULL, "DELETE", "/Groups/$g", NULL, 204, NULL },
	};

	RUN("entra", steps);
}

static void
entra_with_its_compliance_flag(void **state)
{
	static const struct step steps[] = {
		{ "u", "POST", "/Users?aadOptscim062020", "{'userName':'u','emails':[{'type':'work','value':'a@x'}]}",
		    201, NULL },
		{ NULL, "PATCH", "/Users/$u?aadOptscim062020",
		    "{" PATCHOP
		    ",'Operations':[{'op':'replace','path':'emails[type eq \\'work\\'].value','value':'b@x'},"
		    "{'op':'replace','value':{'displayName':'U','name.familyName':'F','name.givenName':'G','active':"
		    "true,"
		    "'" ENTERPRISE ":employeeNumber':'7','" ENTERPRISE ":manager':'m'}}]}",
		    200,
		    "{'displayName':'U','name':{'familyName':'F','givenName':'G'},'active':true,"
		    "'" ENTERPRISE "':{'employeeNumber':'7','manager':{'value':'m'}},'emails':[{'value':'b@x'}]}" },
		{ "g", "POST", "/Groups", "{'displayName':'g','members':[{'value':'$u'}]}", 201, NULL },
		{ NULL, "PATCH", "/Groups/$g",
		    "{" PATCHOP ",'Operations':[{'op':'remove','path':'members[value eq \\'$u\\']'}]}", 200,
		    "{'members':[]}" },
	};

	RUN("entra", steps);
}

static void
entra_validator_is_content(void **state)
{
	static const struct step steps[] = {
		{ "u", "POST", "/Users",
		    "{'userName':'zoila@stroman.co.uk','active':true,'displayName':'BCLBPKBKNKTH','title':'LPGH',"
		    "'emails':[{'type':'work','value':'z@x.uk','primary':'true'}],'preferredLanguage':'vai-LR',"
		    "'name':{'givenName':'Otis','familyName':'Ona'},'addresses':[{'type':'work','country':'Sri Lanka',"
		    "'primary':'true'}],'roles':[{'value':'r','display':'d','type':'t','primary':'True'}],'profileUrl':"
		    "'YVZOQGN',"
		    "'" ENTERPRISE "':{'manager':{'value':'JBRMZK'},'employeeNumber':'4'},'schemas':['" CORE
		    "','" ENTERPRISE "']}",
		    201,
		    "{'emails':[{'primary':true}],'addresses':[{'country':'Sri "
		    "Lanka','primary':true}],'roles':[{'primary':true}],"
		    "'" ENTERPRISE "':{'manager':{'value':'JBRMZK'}}}" },
		{ NULL, "POST", "/Users", "{'userName':'ZOILA@stroman.co.uk','schemas':['" CORE "']}", 409,
		    "{'status':'409'}" },
		{ NULL, "GET", "/Users?filter=userName+eq+'ZOILA@STROMAN.co.uk'", NULL, 200, "{'totalResults':1}" },
		{ NULL, "PATCH", "/Users/$u",
		    "{" PATCHOP ",'Operations':[{'op':'replace','value':{'userName':'new@stroman.co.uk'}}]}", 200,
		    "{'userName':'new@stroman.co.uk'}" },
		{ NULL, "PATCH", "/Users/$u",
		    "{" PATCHOP ",'Operations':[{'op':'add','path':'roles[primary eq \\'True\\'].value','value':'s'},"
		    "{'op':'replace','path':'addresses[type eq \\'work\\'].country','value':'Uganda'},"
		    "{'op':'replace','value':{'active':'False','name.givenName':'Ida','" ENTERPRISE ":manager':'XY',"
		    "'preferredLanguage':'de'}}]}",
		    200,
		    "{'roles':[{'value':'s','primary':true}],'addresses':[{'country':'Uganda'}],'active':false,"
		    "'name':{'givenName':'Ida'},'" ENTERPRISE "':{'manager':{'value':'XY'}}}" },
		{ NULL, "PATCH", "/Users/$u", "{" PATCHOP ",'Operations':[{'op':'replace','value':{'misspeled':'x'}}]}",
		    200, NULL },
		{ NULL, "PUT", "/Users/$u", "{'userName':'new@stroman.co.uk','misspeled':'x'}", 200,
		    "{'misspeled':null}" },
		{ NULL, "GET", "/users?attributes=userName&startIndex=1&count=1", NULL, 200, "{'itemsPerPage':1}" },
		{ NULL, "DELETE", "/Users/$u", NULL, 204, NULL },
		{ NULL, "DELETE", "/Users/$u", NULL, 404, NULL },
	};

	RUN("entra", steps);
}

/* ---- Okta ---- */

static void
okta_provisions_users_and_groups(void **state)
{
	static const struct step steps[] = {
		{ NULL, "GET", "/Users?startIndex=1&count=2", NULL, 200, "{'totalResults':0,'startIndex':1}" },
		{ NULL, "GET", "/Users?filter=userName eq 'ryan@example.com'&startIndex=1&count=100", NULL, 200,
		    EMPTY_LIST },
		{ "u", "POST", "/Users",
		    "{'schemas':['" CORE "'],'userName':'ryan@example.com','name':{'givenName':'R','familyName':'L'},"
		    "'emails':[{'primary':true,'value':'ryan@example.com','type':'work'}],'displayName':'R "
		    "L','locale':'en-US',"
		    "'externalId':'00ujl29u0le5T6Aj10h7','groups':[],'password':'1mz050nq','active':true}",
		    201, "{'active':true,'password':null,'groups':null}" },
		{ "v", "POST", "/Users", "{'schemas':['" CORE "'],'userName':'second@example.com','active':true}", 201,
		    NULL },
		{ NULL, "POST", "/Users", "{'schemas':['" CORE "'],'userName':'ryan@example.com'}", 409,
		    "{'schemas':['urn:ietf:params:scim:api:messages:2.0:Error'],'status':'409'}" },
		{ NULL, "GET", "/Users/nobody", NULL, 404, "{'status':'404'}" },
		/* wizard apps write whole users, templates deactivate by PATCH; nobody is deleted */
		{ NULL, "GET", "/Users/$u", NULL, 200, NULL },
		{ NULL, "PUT", "/Users/$u",
		    "{'schemas':['" CORE
		    "'],'id':'$u','userName':'ryan@example.com','name':{'givenName':'Ryan','middleName':'X',"
		    "'familyName':'L'},'emails':[{'primary':true,'value':'ryan@example.com','type':'work'}],'active':"
		    "true,"
		    "'groups':[],'meta':{'resourceType':'User'}}",
		    200, "{'id':'$u','name':{'givenName':'Ryan','middleName':'X'}}" },
		{ NULL, "PATCH", "/Users/$u", "{" PATCHOP ",'Operations':[{'op':'replace','value':{'active':false}}]}",
		    200, "{'active':false}" },
		{ NULL, "PATCH", "/Users/$u", "{" PATCHOP ",'Operations':[{'op':'replace','value':{'active':true}}]}",
		    200, "{'active':true}" },
		/* group push */
		{ NULL, "GET", "/Groups?startIndex=1&count=100", NULL, 200, EMPTY_LIST },
		{ NULL, "GET", "/Groups?filter=displayName eq 'Test SCIMv2'", NULL, 200, EMPTY_LIST },
		{ "g", "POST", "/Groups", "{'schemas':['" GROUP "'],'displayName':'Test SCIMv2','members':[]}", 201,
		    "{'members':[]}" },
		{ NULL, "PATCH", "/Groups/$g",
		    "{" PATCHOP ",'Operations':[{'op':'replace','value':{'id':'$g','displayName':'Renamed'}}]}", 200,
		    "{'displayName':'Renamed'}" },
		{ NULL, "PATCH", "/Groups/$g",
		    "{" PATCHOP ",'Operations':[{'op':'add','path':'members','value':[{'value':'$u','display':'ryan@"
		    "example.com'}]}]}",
		    200, "{'members':[{'value':'$u','display':'ryan@example.com'}]}" },
		{ NULL, "PATCH", "/Groups/$g",
		    "{" PATCHOP ",'Operations':[{'op':'remove','path':'members[value eq \\'$u\\']'},"
		    "{'op':'add','path':'members','value':[{'value':'$v','display':'second@example.com'}]}]}",
		    200, "{'members':[{'value':'$v'}]}" },
		/* "push now" */
		{ NULL, "PATCH", "/Groups/$g",
		    "{" PATCHOP ",'Operations':[{'op':'replace','path':'members','value':[{'value':'$u','display':'"
		    "ryan@example.com'}]}]}",
		    200, "{'members':[{'value':'$u'}]}" },
		{ NULL, "PATCH", "/Groups/$g",
		    "{" PATCHOP ",'Operations':[{'op':'replace','path':'members','value':[]}]}", 200,
		    "{'displayName':'Renamed','members':[]}" },
		{ NULL, "PUT", "/Groups/$g",
		    "{'schemas':['" GROUP
		    "'],'id':'$g','displayName':'Again','members':[{'value':'$v','display':'s'}]}",
		    200, "{'displayName':'Again','members':[{'value':'$v','display':'s'}]}" },
		{ NULL, "DELETE", "/Groups/$g", NULL, 204, NULL },
		{ NULL, "GET", "/Users?filter=userName eq 'ryan@example.com'", NULL, 200, "{'totalResults':1}" },
	};

	RUN("okta", steps);
}

/* ---- others ---- */

static void
onelogin_writes_what_its_template_says(void **state)
{
	static const struct step steps[] = {
		{ NULL, "GET", "/ServiceProviderConfig", NULL, 200, NULL },
		{ "u", "POST", "/Users",
		    "{'schemas':['urn:scim:schemas:core:1.0','" ENTERPRISE "'],'userName':'one','department':'ignored',"
		    "'name':{'familyName':'L','givenName':'O','formatted':'O "
		    "L'},'emails':[{'value':'o@x','type':'work','primary':true}],"
		    "'" ENTERPRISE "':{'employeeNumber':'1','manager':{'value':'external-7','displayName':'Max'}}}",
		    201,
		    "{'schemas':['" CORE "','" ENTERPRISE "'],'department':null,"
		    "'" ENTERPRISE "':{'manager':{'value':'external-7','displayName':null}}}" },
		{ "g", "POST", "/Groups", "{'schemas':['" GROUP "'],'displayName':'g'}", 201, NULL },
		{ NULL, "PATCH", "/Groups/$g",
		    "{" PATCHOP ",'Operations':[{'op':'add','value':{'members':[{'value':'$u'}]}}]}", 200,
		    "{'members':[{'value':'$u'}]}" },
	};

	RUN("okta", steps);
}

static void
jumpcloud_tries_with_a_test_user_and_group(void **state)
{
	static const struct step steps[] = {
		{ "u", "POST", "/Users",
		    "{'schemas':['" CORE
		    "'],'userName':'test-activation','emails':[{'value':'t@x','type':'work','primary':true}],"
		    "'active':true}",
		    201, NULL },
		{ NULL, "PUT", "/Users/$u", "{'schemas':['" CORE "'],'userName':'test-activation','active':false}", 200,
		    "{'active':false,'emails':null}" },
		{ "g", "POST", "/Groups", "{'schemas':['" GROUP "'],'displayName':'test group'}", 201, NULL },
		{ NULL, "PATCH", "/Groups/$g",
		    "{" PATCHOP ",'Operations':[{'op':'add','path':'members','value':[{'value':'$u'}]}]}", 200,
		    "{'members':[{'value':'$u'}]}" },
		{ NULL, "PATCH", "/Groups/$g",
		    "{" PATCHOP ",'Operations':[{'op':'remove','path':'members','value':[{'value':'$u'}]}]}", 200,
		    "{'members':[]}" },
		{ NULL, "DELETE", "/Groups/$g", NULL, 204, NULL },
		{ NULL, "DELETE", "/Users/$u", NULL, 204, NULL },
	};

	RUN("okta", steps);
}

static void
sailpoint_reads_all_of_discovery(void **state)
{
	static const struct step steps[] = {
		{ NULL, "GET", "/ServiceProviderConfig", NULL, 200,
		    "{'patch':{'supported':true},'filter':{'supported':true}}" },
		{ NULL, "GET", "/ResourceTypes", NULL, 200, "{'totalResults':2}" },
		{ NULL, "GET", "/ResourceTypes/User", NULL, 200,
		    "{'schema':'" CORE "','schemaExtensions':[{'schema':'" ENTERPRISE "','required':false}]}" },
		{ NULL, "GET", "/ResourceTypes/Group", NULL, 200, "{'schema':'" GROUP "','endpoint':'/Groups'}" },
		{ NULL, "GET", "/Schemas", NULL, 200, NULL },
		{ NULL, "GET", "/Schemas/" CORE, NULL, 200, "{'id':'" CORE "'}" },
		{ NULL, "GET", "/Users?startIndex=1&count=100", NULL, 200, EMPTY_LIST },
		{ NULL, "GET", "/Groups?startIndex=1&count=100", NULL, 200, EMPTY_LIST },
	};

	RUN("okta", steps);
}

static void
pingfederate_looks_up_by_mail(void **state)
{
	static const struct step steps[] = {
		{ "u", "POST", "/Users",
		    "{'schemas':['" CORE "'],'userName':'p','emails':[{'value':'P@x.org','type':'work'}]}", 201, NULL },
		{ NULL, "GET", "/Users?filter=emails eq 'p@X.org'", NULL, 200,
		    "{'totalResults':1,'Resources':[{'id':'$u'}]}" },
		{ NULL, "PUT", "/Users/$u", "{'schemas':['" CORE "'],'userName':'p','active':false}", 200,
		    "{'active':false}" },
		{ NULL, "GET", "/Groups", NULL, 200, EMPTY_LIST },
		{ NULL, "DELETE", "/Users/$u", NULL, 204, NULL },
	};

	RUN("okta", steps);
}

static void
google_asks_for_one_user(void **state)
{
	static const struct step steps[] = {
		{ NULL, "GET", "/Users?count=1", NULL, 200, "{'totalResults':0}" },
	};

	RUN("okta", steps);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, serve_start, serve_stop)
		TEST(entra_provisions_a_user),
		TEST(entra_keeps_a_group),
		TEST(entra_with_its_compliance_flag),
		TEST(entra_validator_is_content),
		TEST(okta_provisions_users_and_groups),
		TEST(onelogin_writes_what_its_template_says),
		TEST(jumpcloud_tries_with_a_test_user_and_group),
		TEST(sailpoint_reads_all_of_discovery),
		TEST(pingfederate_looks_up_by_mail),
		TEST(google_asks_for_one_user),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
