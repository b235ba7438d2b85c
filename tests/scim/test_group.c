/* SPDX-License-Identifier: ISC */
/* Groups, whose members are rows of their own; and what resources become in the store. */
#include "tests/scim/serve.h"

#include "scim/token.h"
#include "store/audit.h"
#include "store/fact.h"

/* ---- groups ---- */

static void
members_show_on_both_sides(void **state)
{
	struct serve *s = *state;
	const char *bob = make_user(s, "bob"), *carol = make_user(s, "carol"), *group, *outer;
	struct answer answer = check(s, "POST", "/Groups", "{'displayName':'Empty'}", 201, "{'members':[]}");

	outer = text_of(&answer, "id");
	answer = check(s, "POST", "/Groups",
	    au_arena_printf(s->arena, "{'displayName':'Crew','members':[{'value':'%s','display':'Bobby'}]}", bob), 201,
	    au_arena_printf(s->arena,
		"{'members':[{'value':'%s','display':'Bobby','type':'User','$ref':'" SERVE_BASE "/Users/%s'}]}", bob,
		bob));
	group = text_of(&answer, "id");
	check(s, "GET", path_of(s, "Users", bob), NULL, 200,
	    au_arena_printf(s->arena,
		"{'groups':[{'value':'%s','display':'Crew','type':'direct','$ref':'" SERVE_BASE "/Groups/%s'}]}", group,
		group));
	check(s, "PATCH", path_of(s, "Groups", group),
	    au_arena_printf(s->arena, "{'Operations':[{'op':'add','path':'members','value':[{'value':'%s'}]}]}", carol),
	    200, "{'meta':{'version':'W/\\'2\\''}}");
	check(s, "PATCH", path_of(s, "Groups", outer),
	    au_arena_printf(s->arena, "{'Operations':[{'op':'add','path':'members','value':[{'value':'%s'}]}]}", group),
	    200, "{'members':[{'type':'Group','display':'Crew'}]}");
	check(s, "GET", au_arena_printf(s->arena, "/Groups?filter=members+eq+%%22%s%%22", carol), NULL, 200,
	    "{'totalResults':1,'Resources':[{'displayName':'Crew'}]}");
	check(s, "GET",
	    au_arena_printf(
		s->arena, "/Groups?filter=id+eq+%%22%s%%22+and+members%%5Bvalue+eq+%%22%s%%22%%5D", outer, bob),
	    NULL, 200, "{'totalResults':0}");
	check(s, "GET", au_arena_printf(s->arena, "/Users?filter=groups.value+eq+%%22%s%%22", group), NULL, 200,
	    "{'totalResults':2}");
	check(s, "GET", au_arena_printf(s->arena, "/Groups/%s?excludedAttributes=members", group), NULL, 200,
	    "{'members':null}");
	check(s, "GET", au_arena_printf(s->arena, "/Groups/%s?attributes=members.value", group), NULL, 200,
	    "{'displayName':null,'meta':null}");

	/* who is removed leaves, and the group has changed */
	check(s, "DELETE", path_of(s, "Users", bob), NULL, 204, NULL);
	check(s, "GET", path_of(s, "Groups", group), NULL, 200,
	    au_arena_printf(
		s->arena, "{'members':[{'value':'%s','display':'carol'}],'meta':{'version':'W/\\'3\\''}}", carol));
	check(s, "DELETE", path_of(s, "Groups", group), NULL, 204, NULL);
	check(s, "GET", path_of(s, "Users", carol), NULL, 200, "{'groups':null}");
	check(s, "GET", path_of(s, "Groups", outer), NULL, 200, "{'members':[]}");
}

static const char *
make_group(struct serve *s, const char *name, const char *member)
{
	struct answer made = check(s, "POST", "/Groups",
	    au_arena_printf(s->arena, "{'displayName':'%s','members':[{'value':'%s'}]}", name, member), 201, NULL);

	return text_of(&made, "id");
}

/* RFC 7643 section 4.1.2: membership by way of another group is indirect; groups that hold each other end nothing. */
static void
groups_within_groups_are_indirect(void **state)
{
	struct serve *s = *state;
	const char *bob = make_user(s, "bob"), *crew = make_group(s, "Crew", bob),
		   *fleet = make_group(s, "Fleet", crew);
	const char *want = au_arena_printf(s->arena,
	    "{'groups':[{'value':'%s','display':'Crew','type':'direct','$ref':'" SERVE_BASE "/Groups/%s'},"
	    "{'value':'%s','display':'Fleet','type':'indirect','$ref':'" SERVE_BASE "/Groups/%s'}]}",
	    crew, crew, fleet, fleet);

	check(s, "GET", path_of(s, "Users", bob), NULL, 200, want);
	check(s, "PATCH", path_of(s, "Groups", crew),
	    au_arena_printf(s->arena, "{'Operations':[{'op':'add','path':'members','value':[{'value':'%s'}]}]}", fleet),
	    200, NULL);
	check(s, "GET", path_of(s, "Users", bob), NULL, 200, want);
	check(s, "GET",
	    au_arena_printf(
		s->arena, "/Users?filter=groups%%5Btype+eq+%%22indirect%%22+and+value+eq+%%22%s%%22%%5D", fleet),
	    NULL, 200, "{'totalResults':1}");
	check(s, "PATCH", path_of(s, "Users", bob), "{'Operations':[{'op':'remove','path':'groups'}]}", 400,
	    "{'scimType':'mutability'}");
	check(s, "DELETE", path_of(s, "Groups", fleet), NULL, 204, NULL);
	check(s, "GET", path_of(s, "Users", bob), NULL, 200,
	    au_arena_printf(s->arena,
		"{'groups':[{'value':'%s','display':'Crew','type':'direct','$ref':'" SERVE_BASE "/Groups/%s'}]}", crew,
		crew));
}

static void
members_are_patched_in_every_way(void **state)
{
	struct serve *s = *state;
	const char *a = make_user(s, "a"), *b = make_user(s, "b"), *c = make_user(s, "c"), *path;
	struct answer answer = check(s, "POST", "/Groups", "{'displayName':'G'}", 201, NULL);
	const struct {
		const char *operations;
		size_t members;
		long long version;
	} rows[] = {
		{ "{'op':'add','path':'members','value':[{'value':'$a'},{'value':'$b'},{'value':'$a'}]}", 2, 2 },
		{ "{'op':'add','path':'members','value':[{'value':'$a'}]}", 2, 2 },
		{ "{'op':'remove','path':'members[value eq \\'$c\\']'}", 2, 2 },
		{ "{'op':'remove','path':'members','value':[{'value':'$a'}]}", 1, 3 },
		{ "{'op':'replace','path':'members','value':[{'value':'$c'},{'value':'$b'}]}", 2, 4 },
		{ "{'op':'replace','path':'members','value':[{'value':'$b'},{'value':'$c'}]}", 2, 4 },
		{ "{'op':'remove','path':'members'},{'op':'add','path':'members','value':[{'value':'$b'},{'value':'$c'}"
		  "]}",
		    2, 4 },
		{ "{'op':'remove','path':'members[display eq \\'B\\']'}", 1, 5 },
		{ "{'op':'remove','path':'members[type eq \\'Group\\']'}", 1, 5 },
		{ "{'op':'replace','value':{'displayName':'H'}}", 1, 6 },
		{ "{'op':'remove','path':'members[value eq \\'$c\\' or value eq \\'$a\\']'}", 0, 7 },
		{ "{'op':'add','value':{'members':[{'value':'$a'}]}}", 1, 8 },
		{ "{'op':'replace','path':'members','value':[]}", 0, 9 },
	};

	path = path_of(s, "Groups", text_of(&answer, "id"));
	for (size_t i = 0; i < AU_COUNT(rows); i++) {
		struct au_str body = AU_STR_INIT;

		for (const char *p = rows[i].operations; *p != '\0'; p++) {
			if (*p == '$')
				au_str_put(&body, *++p == 'a' ? a : *p == 'b' ? b : c);
			else
				au_str_putc(&body, *p);
		}
		answer = check(
		    s, "PATCH", path, au_arena_printf(s->arena, "{'Operations':[%s]}", au_str_get(&body)), 200, NULL);
		au_str_done(&body);
		if (json_array_size(json_object_get(answer.body, "members")) != rows[i].members)
			fail_msg("%s: %s", rows[i].operations, answer.text);
		if (!au_streq(field_of(s, &answer, "ETag"), au_arena_printf(s->arena, "W/\"%lld\"", rows[i].version)))
			fail_msg("%s: %s", rows[i].operations, answer.head);
	}
	check(s, "PATCH", path, "{'Operations':[{'op':'add','path':'members','value':[{'value':'nobody'}]}]}", 400,
	    "{'scimType':'invalidValue'}");
	check(s, "PUT", path, au_arena_printf(s->arena, "{'displayName':'H','members':[{'value':'%s'}]}", b), 200,
	    "{'members':[{'display':'b'}]}");
	check(s, "PUT", path, "{'displayName':'H'}", 200, "{'members':[]}");
}

/* ---- many members ---- */

#define MANY 1001

static int
put_many(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	int rc = 0;

	for (int i = 0; rc == 0 && i < MANY; i++) {
		struct au_entry entry = { .source = "okta", .kind = AU_ENTRY_PERSON, .active = true };

		entry.id = entry.user_name = au_arena_printf(arg, "person-%04d", i);
		rc = au_store_entry_put(tx, &entry, NULL, 0, NULL, err);
	}
	return rc;
}

static char *
list_of_many(struct serve *s, int step)
{
	struct au_str list = AU_STR_INIT;
	char *text;

	for (int i = 0; i < MANY; i += step)
		au_str_printf(&list, "%s{'value':'person-%04d'}", i > 0 ? "," : "", i);
	text = au_arena_strdup(s->arena, au_str_get(&list));
	au_str_done(&list);
	return text;
}

static void
big_groups_are_changed_without_being_shown(void **state)
{
	struct serve *s = *state;
	struct answer answer = check(s, "POST", "/Groups", "{'displayName':'Big'}", 201, NULL);
	const char *path = path_of(s, "Groups", text_of(&answer, "id"));
	const char *one = "{'Operations':[{'op':'remove','path':'members[value eq \\'person-0500\\']'}]}";

	assert_int_equal(au_store_run(s->store, put_many, s->arena, NULL), 0);
	answer = check(s, "PATCH", path,
	    au_arena_printf(
		s->arena, "{'Operations':[{'op':'add','path':'members','value':[%s]}]}", list_of_many(s, 1)),
	    204, NULL);
	assert_string_equal(answer.text, "");
	assert_string_equal(field_of(s, &answer, "ETag"), "W/\"2\"");
	answer = check(s, "GET", path, NULL, 200, NULL);
	assert_int_equal(json_array_size(json_object_get(answer.body, "members")), MANY);
	check(s, "PATCH", au_arena_printf(s->arena, "%s?attributes=displayName", path), one, 200,
	    "{'displayName':'Big','members':null}");
	answer = check(s, "PATCH", path,
	    au_arena_printf(
		s->arena, "{'Operations':[{'op':'replace','path':'members','value':[%s]}]}", list_of_many(s, 2)),
	    200, NULL);
	assert_int_equal(json_array_size(json_object_get(answer.body, "members")), (MANY + 1) / 2);
	answer = check(
	    s, "PATCH", path, "{'Operations':[{'op':'remove','path':'members[value sw \\'person-\\']'}]}", 200, NULL);
	assert_int_equal(json_array_size(json_object_get(answer.body, "members")), 0);
}

/* ---- facts ---- */

struct facts {
	struct au_arena *arena;
	const char *id, *group;
	struct au_entry entry;
	struct au_source_row source;
	bool member;
	struct au_audit_verdict audits;
	struct au_audit *rows; /* of the user, newest first */
	size_t row_count;
	struct au_token_row token;
	char token_id[AU_TOKEN_ID_SIZE];
};

static int
read_facts(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct facts *facts = arg;
	int rc = au_store_entry_get(tx, facts->arena, "okta", facts->id, &facts->entry, err);

	if (rc == 0)
		rc = au_store_source_get(tx, facts->arena, "okta", &facts->source, err);
	facts->member = facts->group != NULL && au_store_member_has(tx, "okta", facts->group, facts->id);
	if (rc == 0)
		rc = au_store_audit_list(tx, facts->arena, &(struct au_audit_filter){ .object = facts->id }, 10,
		    &facts->rows, &facts->row_count, err);
	if (rc == 0)
		rc = au_store_token_get(tx, facts->arena, facts->token_id, &facts->token, err);
	return rc == 0 ? au_store_audit_verify(tx, NULL, 0, &facts->audits, err) : rc;
}

static void
resources_become_facts(void **state)
{
	struct serve *s = *state;
	struct facts facts = { .arena = s->arena };
	struct answer answer = check(s, "POST", "/Users",
	    "{'userName':'Bob','colour':'red','name':{'givenName':'B','familyName':'J','formatted':'B "
	    "J'},'externalId':'E',"
	    "'emails':[{'value':'first@example.com'},{'value':'Main@Example.com','primary':true}]}",
	    201, NULL);
	unsigned changed = s->changed;

	assert_int_equal(changed, 1);
	facts.id = text_of(&answer, "id");
	answer = check(s, "POST", "/Groups",
	    au_arena_printf(s->arena, "{'displayName':'G','members':[{'value':'%s'}]}", facts.id), 201, NULL);
	facts.group = text_of(&answer, "id");
	assert_int_equal(au_token_id(au_secret_text(au_map_get(s->tokens, "okta")), facts.token_id, NULL), 0);
	assert_int_equal(au_store_run(s->store, read_facts, &facts, NULL), 0);
	assert_string_equal(facts.entry.user_name, "Bob");
	assert_string_equal(facts.entry.display_name, "B J");
	assert_string_equal(facts.entry.given_name, "B");
	assert_string_equal(facts.entry.family_name, "J");
	assert_string_equal(facts.entry.mail, "Main@Example.com");
	assert_string_equal(facts.entry.external_id, "E");
	assert_string_equal(facts.entry.key, "main@example.com");
	assert_int_equal(facts.entry.kind, AU_ENTRY_PERSON);
	assert_true(facts.entry.active);
	assert_true(facts.member);
	assert_true(facts.source.complete);
	assert_int_equal(facts.source.state, AU_SOURCE_OK);
	assert_int_equal(facts.audits.rows, 2);
	assert_int_equal(facts.row_count, 1);
	assert_string_equal(facts.rows[0].actor, "scim:okta");
	assert_string_equal(facts.rows[0].verb, "resource.create");
	assert_json(
	    s->arena, json_of(s->arena, facts.rows[0].detail), "{'type':'User','version':1,'attributes_ignored':1}");
	assert_true(facts.token.used_ms > 0);

	check(s, "PATCH", path_of(s, "Users", facts.id), "{'Operations':[{'op':'replace','value':{'active':false}}]}",
	    200, "{'active':false}");
	assert_int_equal(au_store_run(s->store, read_facts, &facts, NULL), 0);
	assert_false(facts.entry.active);
	assert_int_equal(facts.audits.rows, 3);
	check(s, "DELETE", path_of(s, "Users", facts.id), NULL, 204, NULL);
	assert_int_equal(au_store_run(s->store, read_facts, &facts, NULL), AU_ENOENT);
	assert_int_equal(s->changed, 4);
}

/* ---- roles and entitlements ---- */

struct holding {
	const char *group, *member;
	bool holds;
	long long count;
};

static int
look_work(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct holding *holding = arg;
	int rc = au_store_member_count(tx, "okta", holding->group, &holding->count, err);

	holding->holds = au_store_member_has(tx, "okta", holding->group, holding->member);
	if (rc == AU_ENOENT)
		holding->count = -1;
	return rc == AU_ENOENT ? 0 : rc;
}

/* count: members of the group, -1 when there is no such group any more. */
static void
expect_holding(struct serve *s, const char *group, const char *member, bool holds, int count)
{
	struct holding holding = { .group = group, .member = member };
	struct au_err err = { 0 };

	assert_int_equal(au_store_run(s->store, look_work, &holding, &err), 0);
	if (holding.holds != holds || holding.count != count)
		fail_msg("%s: holds %d, count %lld", group, holding.holds, holding.count);
}

static int
source_work(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct au_source_row row;
	int rc = au_store_source_get(tx, arena, "okta", &row, err);

	if (rc == 0)
		*(long long *)arg = row.groups;
	return rc;
}

/* As operators see them counted. */
static void
expect_groups(struct serve *s, long long count)
{
	long long groups = -1;
	struct au_err err = { 0 };

	assert_int_equal(au_store_run(s->store, source_work, &groups, &err), 0);
	assert_int_equal(groups, count);
}

static void
roles_and_entitlements_become_memberships(void **state)
{
	struct serve *s = *state;
	struct answer made = check(s, "POST", "/Users",
	    "{'userName':'bob','entitlements':[{'value':'Runner'},{'value':'runner','type':'x'},{'display':'d'}],"
	    "'roles':[{'value':'Runner'}]}",
	    201, "{'groups':null}");
	const char *bob = text_of(&made, "id"), *eve = make_user(s, "eve"), *path = path_of(s, "Users", bob);
	unsigned changed = s->changed;

	expect_holding(s, "entitlement:runner", bob, true, 1);
	expect_holding(s, "role:runner", bob, true, 1);
	check(s, "POST", "/Groups", "{'displayName':'Crew'}", 201, NULL);
	expect_groups(s, 1);
	check(s, "PATCH", path_of(s, "Users", eve),
	    "{'Operations':[{'op':'add','path':'entitlements','value':[{'value':'RUNNER'}]}]}", 200, NULL);
	assert_true(s->changed > changed);
	expect_holding(s, "entitlement:runner", eve, true, 2);
	check(s, "PATCH", path, "{'Operations':[{'op':'remove','path':'entitlements[value eq \\'runner\\']'}]}", 200,
	    NULL);
	expect_holding(s, "entitlement:runner", bob, false, 1);
	expect_holding(s, "role:runner", bob, true, 1);
	/* PUT clears what it leaves out */
	check(s, "PUT", path, "{'userName':'bob','entitlements':[{'value':'Other'}]}", 200, NULL);
	expect_holding(s, "entitlement:other", bob, true, 1);
	expect_holding(s, "role:runner", bob, false, -1);
	check(s, "DELETE", path, NULL, 204, NULL);
	expect_holding(s, "entitlement:other", bob, false, -1);
	check(s, "GET", path_of(s, "Users", eve), NULL, 200, "{'groups':null,'entitlements':[{'value':'RUNNER'}]}");
}

/* Nobody gets at them as groups. */
static void
roles_and_entitlements_are_no_groups_to_clients(void **state)
{
	struct serve *s = *state;
	const char *members = "{'displayName':'Runner','members':[{'value':'entitlement:runner'}]}";

	check(s, "POST", "/Users", "{'userName':'bob','entitlements':[{'value':'Runner'}]}", 201, NULL);
	check(s, "GET", "/Groups", NULL, 200, "{'totalResults':0}");
	check(s, "GET", "/Groups/entitlement:runner", NULL, 404, NULL);
	check(s, "PATCH", "/Groups/entitlement:runner", "{'Operations':[{'op':'remove','path':'members'}]}", 404, NULL);
	check(s, "POST", "/Groups", members, 400, "{'scimType':'invalidValue'}");
	check(s, "POST", "/Groups", "{'displayName':'Runner'}", 201, NULL);
	check(s, "GET", "/Users?filter=groups%20pr", NULL, 200, "{'totalResults':0}");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, serve_start, serve_stop)
		TEST(members_show_on_both_sides),
		TEST(groups_within_groups_are_indirect),
		TEST(members_are_patched_in_every_way),
		TEST(big_groups_are_changed_without_being_shown),
		TEST(resources_become_facts),
		TEST(roles_and_entitlements_become_memberships),
		TEST(roles_and_entitlements_are_no_groups_to_clients),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
