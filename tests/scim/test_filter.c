/* SPDX-License-Identifier: ISC */
/* Filters against one user: what matches, what does not, what is refused and why. */
#include "tests/scim/help.h"

#include "scim/filter.h"

static const char user[] =
    "{'schemas':['urn:ietf:params:scim:schemas:core:2.0:User',"
    "'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'],"
    "'id':'2819c223-7f76','externalId':'Ext-7','userName':'BJensen','displayName':'Barbara \\\"Babs\\\" Jensen',"
    "'name':{'givenName':'Barbara','familyName':'Jensen'},'title':'','nickName':'Stra\u00dfe','active':true,"
    "'emails':[{'value':'work@Example.com','type':'work','primary':true},{'value':'home@example.org','type':'home'}],"
    "'x509Certificates':[{'value':'QUJD'}],"
    "'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User':{'department':'IT','manager':{'value':'m-1'}}}";

static const struct {
	const char *filter;
	bool matches;
} rows[] = {
	/* operators, names and values in any case; caseExact where the row says so */
	{ "userName eq 'bjensen'", true },
	{ "USERNAME Eq 'BJENSEN'", true },
	{ "userName eq 'bjense'", false },
	{ "externalId eq 'Ext-7'", true },
	{ "externalId eq 'ext-7'", false },
	{ "id eq '2819c223-7f76'", true },
	{ "userName ne 'bjensen'", false },
	{ "nickName eq 'STRASSE'", true },
	{ "userName co 'jens'", true },
	{ "userName sw 'bj'", true },
	{ "userName sw 'j'", false },
	{ "userName ew 'SEN'", true },
	{ "userName ew 'xbjensen'", false },
	{ "userName gt 'b'", true },
	{ "userName ge 'bjensen'", true },
	{ "userName lt 'bjensen'", false },
	{ "userName le 'bjensen'", true },
	/* names */
	{ "urn:ietf:params:scim:schemas:core:2.0:User:userName eq 'bjensen'", true },
	{ "urn:ietf:params:scim:schemas:core:2.0:User:name.familyName eq 'jensen'", true },
	{ "URN:ietf:params:scim:schemas:extension:Enterprise:2.0:user:Department eq 'it'", true },
	{ "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value eq 'm-1'", true },
	{ "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager eq 'm-1'", true },
	{ "schemas eq 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'", true },
	{ "schemas eq 'URN:ietf:params:scim:schemas:core:2.0:user'", true },
	{ "schemas eq 'urn:ietf:params:scim:schemas:core:2.0:Group'", false },
	{ "name.givenName co 'arb'", true },
	/* presence */
	{ "userName pr", true },
	{ "title pr", false },
	{ "nickName PR", true },
	{ "name pr", true },
	{ "emails pr", true },
	{ "photos pr", false },
	{ "emails.type pr", true },
	{ "emails.display pr", false },
	{ "active pr", true },
	{ "photos eq null", true },
	{ "emails eq null", false },
	{ "userType eq null", true },
	{ "userName ne null", true },
	/* an unassigned attribute is not that value, and nothing else */
	{ "userType ne 'x'", true },
	{ "userType eq 'x'", false },
	{ "userType gt 'x'", false },
	/* booleans, also as clients write them */
	{ "active eq true", true },
	{ "active eq false", false },
	{ "active ne false", true },
	{ "active eq 'True'", true },
	{ "active eq True", true },
	{ "emails[primary eq 'True'].value eq 'work@example.com'", true },
	/* several values */
	{ "emails co 'example.org'", true },
	{ "emails eq 'WORK@example.com'", true },
	{ "emails.value ew '.com'", true },
	{ "emails.type eq 'home'", true },
	{ "emails.type eq 'home' and emails.value ew '.com'", true },
	{ "emails[type eq 'home' and value ew '.com']", false },
	{ "emails[type eq 'work' and value ew '.com']", true },
	{ "emails[type eq 'work'].value eq 'work@example.com'", true },
	{ "emails[type eq 'work'].value eq 'home@example.org'", false },
	{ "emails[type eq 'home' or primary eq true]", true },
	{ "emails[not (type eq 'work')]", true },
	{ "emails[not (type pr)]", false },
	{ "x509Certificates.value eq 'QUJD'", true },
	/* a value path on a single complex attribute looks at that value */
	{ "name[givenName eq 'barbara' and familyName sw 'j']", true },
	/* precedence: groups, not, and, or */
	{ "userName eq 'x' and userName eq 'y' or userName eq 'bjensen'", true },
	{ "userName eq 'bjensen' or userName eq 'x' and userName eq 'y'", true },
	{ "(userName eq 'bjensen' or userName eq 'x') and userName eq 'y'", false },
	{ "not (userName eq 'bjensen')", false },
	{ "not(userName eq 'x')", true },
	{ "not (userName eq 'x') and userName eq 'y'", false },
	{ "not (userName eq 'x' and userName eq 'y')", true },
	{ "not (not (userName pr))", true },
	{ "userName eq 'x' or not (userName eq 'y') and active eq true", true },
	{ "((userName pr))", true },
	{ "userName pr and(active eq true)", true },
	{ "userName PR AND active EQ true OR title PR", true },
	/* literals are JSON: escapes, words and brackets inside them */
	{ "displayName co '\\\"babs\\\"'", true },
	{ "userName eq '\\u0062jensen'", true },
	{ "nickName eq 'stra\\u00dfe'", true },
	{ "userName eq 'a) or (userName pr'", false },
	{ "userName eq '] and ['", false },
	{ "userName   eq \t 'bjensen'", true },
};

static void
filters_match_what_they_say(void **state)
{
	(void)state;
	for (size_t i = 0; i < AU_COUNT(rows); i++) {
		AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
		struct au_filter_limits limits = AU_FILTER_LIMITS;
		const struct au_filter *filter;
		struct au_fault fault;
		struct au_filter_subject subject = { .resource = json_of(arena, user), .scratch = arena };

		if (au_filter_parse(arena, &au_type_user, &limits, requoted(arena, rows[i].filter), &filter, &fault) !=
		    0)
			fail_msg("%s: %s", rows[i].filter, fault.detail);
		if (au_filter_match(filter, &subject) != rows[i].matches)
			fail_msg("%s: expected %d", rows[i].filter, rows[i].matches);
	}
}

static const char *const refused[] = {
	"",
	" ",
	"userName",
	"userName eq",
	"userName eq bjensen",
	"userName 'x'",
	"userName eq 'x",
	"userName eq 'x' y",
	"userName eq 'x' and",
	"and userName pr",
	"userName eq 'x' and and title pr",
	"userName eq 'x'and title pr",
	"userName eq'x'",
	"userName is 'x'",
	"userName regex 'x'",
	"(userName pr",
	"userName pr)",
	"()",
	"not userName pr",
	"not ()",
	"userName pr or",
	"userName eq 'a' 'b'",
	"userName eq 5",
	"userName eq true",
	"userName gt null",
	"userName eq '\\x'",
	"userName eq '\\ud800'",
	"userName eq '\\u0000'",
	"userName eq 'x' xor title pr",
	"1userName pr",
	"user name pr",
	"user@name pr",
	".userName pr",
	"userName. pr",
	"name..givenName pr",
	"noSuchName pr",
	"name.noSuchName pr",
	"userName.value pr",
	"urn:ietf:params:scim:schemas:core:2.0:Group:displayName pr",
	"urn:ietf:params:scim:schemas:core:2.0:User pr",
	"department pr",
	"password pr",
	"password eq 'x'",
	"active gt true",
	"active co 'tr'",
	"active eq 'banana'",
	"active eq 1",
	"x509Certificates.value gt 'QUJD'",
	"x509Certificates.value co 'QU'",
	"name eq 'x'",
	"meta.created gt 'yesterday'",
	"meta.created gt 5",
	"meta.created gt '2026-01-01'",
	"emails[type eq 'work'",
	"emails[]",
	"emails[type eq 'work']]",
	"emails type eq 'work']",
	"emails[noSuchName eq 'x']",
	"emails[emails[type eq 'x']]",
	"emails[type eq 'work'].noSuchName eq 'x'",
	"emails[type eq 'work'].value",
	"emails.value[type eq 'work']",
	"userName[value eq 'x']",
	"userName pr\nand title pr",
};

static void
bad_filters_are_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < AU_COUNT(refused); i++) {
		AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
		struct au_filter_limits limits = AU_FILTER_LIMITS;
		const struct au_filter *filter;
		struct au_fault fault = { AU_FAULT_NONE, "" };

		if (au_filter_parse(arena, &au_type_user, &limits, requoted(arena, refused[i]), &filter, &fault) == 0)
			fail_msg("'%s' was accepted", refused[i]);
		if (fault.kind != AU_FAULT_INVALID_FILTER)
			fail_msg("'%s': fault %d, %s", refused[i], fault.kind, fault.detail);
		assert_string_not_equal(fault.detail, "");
	}
}

static int
parse(struct au_arena *arena, const char *text, struct au_fault *fault)
{
	struct au_filter_limits limits = AU_FILTER_LIMITS;
	const struct au_filter *filter;

	return au_filter_parse(arena, &au_type_user, &limits, text, &filter, fault);
}

static void
depth_and_length_have_limits(void **state)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct au_str text = AU_STR_INIT;
	struct au_fault fault;

	(void)state;
	for (int i = 0; i < 1500; i++)
		au_str_putc(&text, '(');
	au_str_put(&text, "userName pr");
	assert_int_equal(parse(arena, au_str_get(&text), &fault), AU_EINVAL);
	au_str_done(&text);

	for (int i = 0; i < 32; i++)
		au_str_put(&text, "not(");
	au_str_put(&text, "userName pr");
	for (int i = 0; i < 32; i++)
		au_str_put(&text, ")");
	assert_int_equal(parse(arena, au_str_get(&text), &fault), 0);
	au_str_done(&text);

	for (int i = 0; i < 3000; i++)
		au_str_put(&text, "title pr or ");
	au_str_put(&text, "title pr");
	assert_int_equal(parse(arena, au_str_get(&text), &fault), AU_EINVAL);
	assert_int_equal(fault.kind, AU_FAULT_INVALID_FILTER);
	au_str_done(&text);
}

static void
many_terms_are_a_list_and_not_a_depth(void **state)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct au_str text = AU_STR_INIT;
	struct au_fault fault;

	(void)state;
	for (int i = 0; i < 249; i++)
		au_str_printf(&text, "userName eq \"user%d\" or ", i);
	au_str_put(&text, "userName eq \"BJENSEN\"");
	if (parse(arena, au_str_get(&text), &fault) != 0)
		fail_msg("%s", fault.detail);
	au_str_done(&text);
}

static json_t *
supply_meta(void *ctx, const struct au_attr *attr, const char *value)
{
	(void)value;
	return strcmp(attr->name, "meta") == 0 ? json_incref(ctx) : NULL;
}

static void
dates_are_compared_as_instants(void **state)
{
	static const struct {
		const char *filter;
		bool matches;
	} dates[] = {
		{ "meta.lastModified eq '2026-01-31T08:00:00Z'", true },
		{ "meta.lastModified eq '2026-01-31T10:00:00+02:00'", true },
		{ "meta.lastModified ge '2026-01-31T08:00:00.000Z'", true },
		{ "meta.lastModified gt '2026-01-31T08:00:00Z'", false },
		{ "meta.lastModified lt '2026-01-31T09:59:00+01:00'", true },
		{ "meta.lastModified sw '2026-01-31'", true },
		{ "meta.lastModified pr", true },
		{ "meta.resourceType eq 'User'", true },
		{ "meta.resourceType eq 'user'", false },
		{ "meta.version eq 'W/\\\"3\\\"'", true },
	};
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct au_filter_limits limits = AU_FILTER_LIMITS;
	json_t *meta =
	    json_of(arena, "{'lastModified':'2026-01-31T08:00:00.000Z','resourceType':'User','version':'W/\\\"3\\\"'}");
	struct au_filter_subject subject = {
		.resource = json_of(arena, user), .supply = supply_meta, .ctx = meta, .scratch = arena
	};

	(void)state;
	for (size_t i = 0; i < AU_COUNT(dates); i++) {
		const struct au_filter *filter;
		struct au_fault fault;

		if (au_filter_parse(arena, &au_type_user, &limits, requoted(arena, dates[i].filter), &filter, &fault) !=
		    0)
			fail_msg("%s: %s", dates[i].filter, fault.detail);
		if (au_filter_match(filter, &subject) != dates[i].matches)
			fail_msg("%s", dates[i].filter);
	}
}

/* A group is asked for the one member that matters, never for all of them. */
static json_t *
supply_one_member(void *ctx, const struct au_attr *attr, const char *value)
{
	int *whole = ctx;

	if (strcmp(attr->name, "members") != 0)
		return NULL;
	if (value == NULL) {
		++*whole;
		return NULL;
	}
	return strcmp(value, "m1") == 0 ? json_pack("[{ss}]", "value", value) : NULL;
}

static void
members_are_looked_up_by_value(void **state)
{
	static const struct {
		const char *filter;
		bool matches;
		int whole;
	} groups[] = {
		{ "members eq 'm1'", true, 0 },
		{ "members.value eq 'm1'", true, 0 },
		{ "members[value eq 'm1']", true, 0 },
		{ "members[type pr and value eq 'm2']", false, 0 },
		{ "id eq 'g' and members eq 'm1'", true, 0 },
		{ "not (members eq 'm1')", false, 0 },
		{ "members[value sw 'm']", false, 1 },
	};
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct au_filter_limits limits = AU_FILTER_LIMITS;

	(void)state;
	for (size_t i = 0; i < AU_COUNT(groups); i++) {
		const struct au_filter *filter;
		struct au_fault fault;
		int whole = 0;
		struct au_filter_subject subject = { .resource = json_of(arena, "{'id':'g','displayName':'G'}"),
			.supply = supply_one_member,
			.ctx = &whole,
			.scratch = arena };

		if (au_filter_parse(
			arena, &au_type_group, &limits, requoted(arena, groups[i].filter), &filter, &fault) != 0)
			fail_msg("%s: %s", groups[i].filter, fault.detail);
		if (au_filter_match(filter, &subject) != groups[i].matches || whole != groups[i].whole)
			fail_msg("%s: whole %d", groups[i].filter, whole);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(filters_match_what_they_say),
		cmocka_unit_test(bad_filters_are_refused),
		cmocka_unit_test(depth_and_length_have_limits),
		cmocka_unit_test(many_terms_are_a_list_and_not_a_depth),
		cmocka_unit_test(dates_are_compared_as_instants),
		cmocka_unit_test(members_are_looked_up_by_value),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
