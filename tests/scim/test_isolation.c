/* SPDX-License-Identifier: ISC */
/* Two clients side by side: whatever one does, the other's resources are not there for him. */
#include "tests/scim/serve.h"

#include "store/fact.h"

#define MAIL "'emails':[{'value':'bob@example.org','primary':true}]"

/* What "okta" made: a user with everything that can be asked for, and a group with him in it. */
struct scene {
	struct serve *s;
	const char *user, *group; /* ids */
};

static struct scene
set_scene(struct serve *s)
{
	struct scene scene = { .s = s };
	struct answer answer = check(s, "POST", "/Users",
	    "{'userName':'bob','displayName':'Bob Secret','externalId':'E1'," MAIL
	    ",'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User':{'manager':{'value':'M1'}}}",
	    201, NULL);

	scene.user = text_of(&answer, "id");
	answer = check(s, "POST", "/Groups",
	    au_arena_printf(s->arena, "{'displayName':'g','externalId':'E2','members':[{'value':'%s'}]}", scene.user),
	    201, NULL);
	scene.group = text_of(&answer, "id");
	return scene;
}

/* Text with "USER" and "GROUP" in place of okta's ids. */
static const char *
fill(const struct scene *scene, const char *text)
{
	struct au_str out = AU_STR_INIT;
	const char *filled;

	if (text == NULL)
		return NULL;
	while (*text != '\0') {
		size_t len = strcspn(text, "UG");

		au_str_putn(&out, text, len);
		text += len;
		if (strncmp(text, "USER", 4) == 0) {
			au_str_put(&out, scene->user);
			text += 4;
		} else if (strncmp(text, "GROUP", 5) == 0) {
			au_str_put(&out, scene->group);
			text += 5;
		} else if (*text != '\0') {
			au_str_putc(&out, *text++);
		}
	}
	filled = au_arena_strdup(scene->s->arena, au_str_get(&out));
	au_str_done(&out);
	return filled;
}

/* Everything of okta's is as it was made. */
static void
expect_untouched(const struct scene *scene)
{
	struct serve *s = scene->s;

	check(s, "GET", path_of(s, "Users", scene->user), NULL, 200,
	    fill(scene, "{'userName':'bob','title':null,'meta':{'version':'W/\\'1\\''},'groups':[{'value':'GROUP'}]}"));
	check(s, "GET", path_of(s, "Groups", scene->group), NULL, 200,
	    fill(scene, "{'displayName':'g','meta':{'version':'W/\\'1\\''},'members':[{'value':'USER'}]}"));
}

static void
others_resources_are_not_there(void **state)
{
	static const struct {
		const char *method, *path, *body;
	} rows[] = {
		{ "GET", "/Users/USER", NULL },
		{ "HEAD", "/Users/USER", NULL },
		{ "GET", "/Groups/GROUP", NULL },
		{ "GET", "/Users/USER?attributes=id", NULL },
		{ "PUT", "/Users/USER", "{'userName':'mine now'}" },
		{ "PUT", "/Groups/GROUP", "{'displayName':'mine now'}" },
		{ "PATCH", "/Users/USER", "{'Operations':[{'op':'add','path':'title','value':'x'}]}" },
		{ "PATCH", "/Groups/GROUP", "{'Operations':[{'op':'remove','path':'members'}]}" },
		{ "PATCH", "/Groups/GROUP", "{'Operations':[{'op':'add','path':'members','value':[]}]}" },
		{ "DELETE", "/Users/USER", NULL },
		{ "DELETE", "/Groups/GROUP", NULL },
		/* the wrong kind, for the owner as for others */
		{ "GET", "/Users/GROUP", NULL },
		{ "DELETE", "/Groups/USER", NULL },
	};
	struct serve *s = *state;
	struct scene scene = set_scene(s);

	for (size_t i = 0; i < AU_COUNT(rows); i++) {
		const char *path = fill(&scene, rows[i].path);
		struct answer theirs = ask(s, "entra", rows[i].method, path, rows[i].body);
		struct answer nobodys = ask(s, "entra", rows[i].method,
		    fill(&(struct scene){ s, "01234567-89ab-4cde-8f01-23456789abcd",
			     "01234567-89ab-4cde-8f01-23456789abcd" },
			rows[i].path),
		    rows[i].body);

		if (theirs.status != 404 || nobodys.status != 404)
			fail_msg("%s %s: %d %s", rows[i].method, path, theirs.status, theirs.text);
		/* an id that is another's is told like one that is nobody's */
		assert_int_equal(strlen(theirs.text), strlen(nobodys.text));
		assert_null(field_of(s, &theirs, "ETag"));
	}
	check(s, "GET", fill(&scene, "/Users/GROUP"), NULL, 404, NULL);
	check(s, "DELETE", fill(&scene, "/Groups/USER"), NULL, 404, NULL);
	expect_untouched(&scene);
}

static void
entity_tags_do_not_open_others_resources(void **state)
{
	struct serve *s = *state;
	struct scene scene = set_scene(s);
	struct answer answer;

	answer = ask_with(s, "entra", "If-None-Match: *\r\n", "GET", fill(&scene, "/Users/USER"), NULL);
	expect(&answer, 404, s, NULL);
	answer = ask_with(s, "entra", "If-None-Match: W/\"1\"\r\n", "GET", fill(&scene, "/Users/USER"), NULL);
	expect(&answer, 404, s, NULL);
	answer = ask_with(s, "entra", "If-Match: *\r\n", "DELETE", fill(&scene, "/Users/USER"), NULL);
	expect(&answer, 404, s, NULL);
	answer = ask_with(s, "entra", "If-Match: W/\"1\"\r\n", "DELETE", fill(&scene, "/Users/USER"), NULL);
	expect(&answer, 404, s, NULL);
	expect_untouched(&scene);
}

static void
no_query_finds_others_resources(void **state)
{
	static const char *const filters[] = {
		"id eq \\'USER\\'",
		"id pr",
		"externalId eq \\'E1\\'",
		"externalId sw \\'E\\'",
		"userName eq \\'bob\\'",
		"userName pr",
		"displayName co \\'Secret\\'",
		"emails.value eq \\'bob@example.org\\'",
		"emails[value co \\'bob\\']",
		"members.value eq \\'USER\\'",
		"members[value eq \\'USER\\']",
		"members pr",
		"id eq \\'GROUP\\' and members eq \\'USER\\'",
		"groups.value eq \\'GROUP\\'",
		"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value eq \\'M1\\'",
		"meta.resourceType eq \\'User\\'",
		"not (userName eq \\'nobody\\')",
	};
	static const char *const roots[] = { "/.search", "/Users/.search", "/Groups/.search" };
	struct serve *s = *state;
	struct scene scene = set_scene(s);

	for (size_t i = 0; i < AU_COUNT(filters); i++) {
		bool seen = false;

		for (size_t k = 0; k < AU_COUNT(roots); k++) {
			const char *body = fill(&scene, au_arena_printf(s->arena, "{'filter':'%s'}", filters[i]));
			struct answer theirs = ask(s, "entra", "POST", roots[k], body);
			struct answer own = ask(s, "okta", "POST", roots[k], body);

			/* a filter that does not fit the type is a 400 to both */
			assert_int_equal(theirs.status, own.status);
			if (theirs.status == 200)
				expect(&theirs, 200, s, "{'totalResults':0,'Resources':[]}");
			seen = seen || (own.status == 200 && au_json_get_int(own.body, "totalResults") > 0);
		}
		if (!seen)
			fail_msg("the owner does not find it either: %s", filters[i]);
	}
}

static void
lists_and_sorting_show_nothing_of_others(void **state)
{
	static const char *const paths[] = { "/", "/Users", "/Groups", "/Users?sortBy=userName", "/Users?count=0",
		"/Users?startIndex=1&count=1", "/Groups?excludedAttributes=members",
		"/?sortBy=id&sortOrder=descending" };
	struct serve *s = *state;

	set_scene(s);
	for (size_t i = 0; i < AU_COUNT(paths); i++) {
		struct answer theirs = ask(s, "entra", "GET", paths[i], NULL);

		expect(&theirs, 200, s, "{'totalResults':0,'Resources':[]}");
		theirs = ask(s, "okta", "GET", paths[i], NULL);
		assert_true(au_json_get_int(theirs.body, "totalResults") > 0);
	}
}

static void
nobody_gets_others_users_into_his_groups(void **state)
{
	static const struct {
		const char *method, *body;
	} rows[] = {
		{ "PUT", "{'displayName':'mine','members':[{'value':'USER'}]}" },
		{ "PUT", "{'displayName':'mine','members':[{'value':'GROUP','type':'Group'}]}" },
		{ "PATCH", "{'Operations':[{'op':'add','path':'members','value':[{'value':'USER'}]}]}" },
		{ "PATCH", "{'Operations':[{'op':'replace','path':'members','value':[{'value':'USER'}]}]}" },
		{ "PATCH", "{'Operations':[{'op':'add','value':{'members':[{'value':'GROUP'}]}}]}" },
		{ "PATCH", "{'Operations':[{'op':'add','path':'members','value':[{'$ref':'" SERVE_BASE
			   "/Users/USER','value':'USER'}]}]}" },
	};
	struct serve *s = *state;
	struct scene scene = set_scene(s);
	struct answer made = ask(s, "entra", "POST", "/Groups", "{'displayName':'mine'}"), answer;
	const char *mine = path_of(s, "Groups", text_of(&made, "id"));

	answer =
	    ask(s, "entra", "POST", "/Groups", fill(&scene, "{'displayName':'other','members':[{'value':'USER'}]}"));
	expect(&answer, 400, s, "{'scimType':'invalidValue'}");
	for (size_t i = 0; i < AU_COUNT(rows); i++) {
		answer = ask(s, "entra", rows[i].method, mine, fill(&scene, rows[i].body));
		expect(&answer, 400, s, "{'scimType':'invalidValue'}");
		assert_null(strstr(answer.text, "Secret"));
	}
	answer = ask(s, "entra", "PATCH", mine,
	    fill(&scene, "{'Operations':[{'op':'remove','path':'members[value eq \\'USER\\']'}]}"));
	assert_true(answer.status == 200 || answer.status == 204);
	answer = ask(s, "entra", "GET", mine, NULL);
	expect(&answer, 200, s, "{'members':[],'meta':{'version':'W/\\'1\\''}}");
	expect_untouched(&scene);
}

/* A manager is any text, so he may be another client's user; nothing of that user comes back. */
static void
a_reference_tells_nothing_of_its_target(void **state)
{
	struct serve *s = *state;
	struct scene scene = set_scene(s);
	struct answer answer = ask(s, "entra", "POST", "/Users",
	    fill(&scene, "{'userName':'eve','urn:ietf:params:scim:schemas:extension:enterprise:2.0:User':"
			 "{'manager':{'value':'USER'}}}"));

	expect(&answer, 201, s, NULL);
	answer = ask(s, "entra", "GET", path_of(s, "Users", text_of(&answer, "id")), NULL);
	expect(&answer, 200, s, NULL);
	assert_null(strstr(answer.text, "Secret"));
	assert_null(strstr(answer.text, "bob"));
}

static void
bulk_reaches_no_further(void **state)
{
	static const char *const operations[] = {
		"{'method':'PUT','path':'/Users/USER','data':{'userName':'mine now'}}",
		"{'method':'PATCH','path':'/Users/"
		"USER','data':{'Operations':[{'op':'add','path':'title','value':'x'}]}}",
		"{'method':'PATCH','path':'/Groups/GROUP','data':{'Operations':[{'op':'remove','path':'members'}]}}",
		"{'method':'DELETE','path':'/Users/USER'}",
		"{'method':'DELETE','path':'/Groups/GROUP','version':'W/\\'1\\''}",
		"{'method':'POST','path':'/"
		"Groups','bulkId':'g','data':{'displayName':'x','members':[{'value':'USER'}]}}",
	};
	struct serve *s = *state;
	struct scene scene = set_scene(s);

	for (size_t i = 0; i < AU_COUNT(operations); i++) {
		struct answer answer = ask(s, "entra", "POST", "/Bulk",
		    fill(&scene,
			au_arena_printf(s->arena,
			    "{'schemas':['urn:ietf:params:scim:api:messages:2.0:BulkRequest'],'Operations':[%s]}",
			    operations[i])));
		const json_t *outcome = json_array_get(json_object_get(answer.body, "Operations"), 0);
		const char *status = au_json_get_str(outcome, "status");

		assert_int_equal(answer.status, 200);
		if (status == NULL || strcmp(status, i + 1 < AU_COUNT(operations) ? "404" : "400") != 0)
			fail_msg("%s: %s", operations[i], answer.text);
		assert_null(strstr(answer.text, "Secret"));
	}
	expect_untouched(&scene);
}

static void
bulk_keeps_to_the_scope(void **state)
{
	struct serve *s = *state;
	struct scene scene = set_scene(s);
	struct answer answer;

	serve_token(s, "users", "okta", "users");
	serve_token(s, "look", "okta", "read-only");
	answer = ask(s, "users", "POST", "/Bulk",
	    fill(&scene, "{'schemas':['urn:ietf:params:scim:api:messages:2.0:BulkRequest'],'Operations':["
			 "{'method':'DELETE','path':'/Groups/GROUP'},"
			 "{'method':'POST','path':'/Users','bulkId':'u','data':{'userName':'new'}}]}"));
	expect(&answer, 200, s, NULL);
	assert_string_equal(
	    au_json_get_str(json_array_get(json_object_get(answer.body, "Operations"), 0), "status"), "403");
	assert_string_equal(
	    au_json_get_str(json_array_get(json_object_get(answer.body, "Operations"), 1), "status"), "201");
	answer = ask(s, "look", "POST", "/Bulk",
	    fill(&scene, "{'schemas':['urn:ietf:params:scim:api:messages:2.0:BulkRequest'],'Operations':["
			 "{'method':'DELETE','path':'/Users/USER'}]}"));
	expect(&answer, 200, s, NULL);
	assert_string_equal(
	    au_json_get_str(json_array_get(json_object_get(answer.body, "Operations"), 0), "status"), "403");
	expect_untouched(&scene);
}

static void
outcomes_and_cursors_are_told_to_their_client_only(void **state)
{
	struct serve *s = *state;
	struct answer answer = ask_with(
	    s, "okta", "Prefer: respond-async\r\n", "POST", "/Users", "{'userName':'later','displayName':'Secret'}");
	const char *txn = field_of(s, &answer, "Set-Txn"), *next;

	expect(&answer, 202, s, NULL);
	check(s, "GET", path_of(s, "AsyncRequests", txn), NULL, 200, NULL);
	answer = ask(s, "entra", "GET", path_of(s, "AsyncRequests", txn), NULL);
	expect(&answer, 404, s, NULL);
	make_user(s, "one");
	make_user(s, "two");
	answer = ask(s, "okta", "GET", "/Users?cursor&count=1", NULL);
	expect(&answer, 200, s, NULL);
	next = au_arena_printf(s->arena, "/Users?count=1&cursor=%s", text_of(&answer, "nextCursor"));
	check(s, "GET", next, NULL, 200, NULL);
	answer = ask(s, "entra", "GET", next, NULL);
	expect(&answer, 400, s, "{'scimType':'invalidCursor'}");
}

/* ---- names that look like ids ---- */

static void
only_ids_address_resources(void **state)
{
	static const char *const external_ids[] = { "USER", "GROUP", "1", "0", "-1", "/Users/USER", "../Groups/GROUP",
		"Users", ".search", "me", "bulkId:1", "bob", "bob@example.org", "*", "%", "USER/" };
	struct serve *s = *state;
	struct scene scene = set_scene(s);

	for (size_t i = 0; i < AU_COUNT(external_ids); i++) {
		struct au_str body = AU_STR_INIT;
		struct answer answer;
		const char *id;

		au_str_printf(&body, "{'userName':'u%zu','externalId':'%s'}", i, fill(&scene, external_ids[i]));
		answer = ask(s, "entra", "POST", "/Users", au_str_get(&body));
		au_str_done(&body);
		expect(&answer, 201, s, NULL);
		id = text_of(&answer, "id");
		assert_string_not_equal(id, scene.user);
		answer = ask(s, "entra", "GET", path_of(s, "Users", id), NULL);
		expect(&answer, 200, s, NULL);
	}
	/* none of them is an address, nor a member */
	for (size_t i = 0; i < AU_COUNT(external_ids); i++) {
		const char *name = fill(&scene, external_ids[i]);
		struct answer answer;

		if (strpbrk(name, "/.%") != NULL)
			continue;
		answer = ask(s, "entra", "GET", path_of(s, "Users", name), NULL);
		expect(&answer, 404, s, NULL);
		answer = ask(s, "entra", "DELETE", path_of(s, "Users", name), NULL);
		expect(&answer, 404, s, NULL);
		answer = ask(s, "entra", "POST", "/Groups",
		    au_arena_printf(s->arena, "{'displayName':'g%zu','members':[{'value':'%s'}]}", i, name));
		expect(&answer, 400, s, "{'scimType':'invalidValue'}");
	}
	expect_untouched(&scene);
}

static void
paths_cannot_be_talked_into_other_places(void **state)
{
	static const char *const paths[] = { "/Users/..%2fUsers%2fUSER", "/Users/%2e%2e/USER", "/Users/./USER",
		"/Users/USER%00", "/Users/USER%2f", "/Users/x/../USER", "/Users/USER;a=b", "/Users/USER%20",
		"/Users//USER/x", "/Groups/%55SER/USER" };
	struct serve *s = *state;
	struct scene scene = set_scene(s);

	for (size_t i = 0; i < AU_COUNT(paths); i++) {
		const char *path = fill(&scene, paths[i]);
		struct answer theirs = ask(s, "entra", "DELETE", path, NULL),
			      own = ask(s, "okta", "DELETE", path, NULL);

		if (theirs.status != 404 || own.status != 404)
			fail_msg("DELETE %s: %d and %d", path, theirs.status, own.status);
	}
	expect_untouched(&scene);
}

/* ---- one person, two clients ---- */

struct seen {
	struct au_arena *arena;
	struct au_entry *entries;
	size_t count;
};

static int
look(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct seen *seen = arg;

	return au_store_entry_by_key(tx, seen->arena, "bob@example.org", &seen->entries, &seen->count, err);
}

/* The mail address joins what both say into one API user; it never makes one client's resource the other's. */
static void
the_same_mail_address_adopts_nothing(void **state)
{
	struct serve *s = *state;
	struct scene scene = set_scene(s);
	struct seen seen = { .arena = s->arena };
	struct answer answer = ask(s, "entra", "POST", "/Users",
	    "{'userName':'bob','displayName':'Rob','externalId':"
	    "'E1'," MAIL "}");
	const char *theirs = text_of(&answer, "id");

	expect(&answer, 201, s, NULL);
	assert_string_not_equal(theirs, scene.user);
	assert_int_equal(au_store_run(s->store, look, &seen, NULL), 0);
	assert_int_equal(seen.count, 2);
	answer = ask(s, "entra", "PATCH", path_of(s, "Users", theirs),
	    "{'Operations':[{'op':'replace','value':{'active':false,'title':'x','displayName':'Mallory'}}]}");
	expect(&answer, 200, s, NULL);
	expect_untouched(&scene);
	assert_int_equal(au_store_run(s->store, look, &seen, NULL), 0);
	assert_int_equal(seen.count, 2);
	assert_string_equal(seen.entries[0].source, "entra");
	assert_false(seen.entries[0].active);
	assert_string_equal(seen.entries[1].source, "okta");
	assert_string_equal(seen.entries[1].id, scene.user);
	assert_string_equal(seen.entries[1].display_name, "Bob Secret");
	assert_true(seen.entries[1].active);
	answer = ask(s, "entra", "DELETE", path_of(s, "Users", theirs), NULL);
	expect(&answer, 204, s, NULL);
	expect_untouched(&scene);
	assert_int_equal(au_store_run(s->store, look, &seen, NULL), 0);
	assert_int_equal(seen.count, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, serve_start, serve_stop)
		TEST(others_resources_are_not_there),
		TEST(entity_tags_do_not_open_others_resources),
		TEST(no_query_finds_others_resources),
		TEST(lists_and_sorting_show_nothing_of_others),
		TEST(nobody_gets_others_users_into_his_groups),
		TEST(a_reference_tells_nothing_of_its_target),
		TEST(bulk_reaches_no_further),
		TEST(bulk_keeps_to_the_scope),
		TEST(outcomes_and_cursors_are_told_to_their_client_only),
		TEST(only_ids_address_resources),
		TEST(paths_cannot_be_talked_into_other_places),
		TEST(the_same_mail_address_adopts_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
