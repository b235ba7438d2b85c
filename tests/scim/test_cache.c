/* SPDX-License-Identifier: ISC */
/*
 * The cache of answers cannot be noticed: after each of many random changes, by clients and by others, two endpoints
 * over one store say the same, of which only one has a cache.
 */
#include "tests/scim/serve.h"

#include "store/account.h"
#include "store/apiuser.h"
#include "store/fact.h"

#define USERS 6
#define GROUPS 4
#define STEPS 400
#define PATCH(operations) "{'schemas':['urn:ietf:params:scim:api:messages:2.0:PatchOp'],'Operations':[" operations "]}"

/* ---- a second endpoint, without a cache ---- */

struct pair {
	struct serve *s;
	struct au_settings *settings; /* of the second: the same but for the cache */
	struct au_scim *plain, *cached;
	char *users[USERS], *groups[GROUPS]; /* ids; NULL: none now */
	unsigned names;
};

static struct pair pair;

/* One server, and which endpoint is behind it is decided per request. */
static bool ask_plain;

static void
handle(void *ctx, struct au_http_exchange *x)
{
	(void)ctx;
	au_scim_handle(ask_plain ? pair.plain : pair.cached, x);
}

static const char targets[] = "targets = ( { name = \"room\"; plugin = \"fake\"; } );\n";

static int
start(void **state)
{
	static const struct au_scim_events events = { .changed = NULL };
	struct au_http_config http = { .max_head = 65536,
		.max_body = 8 << 20,
		.max_headers = 100,
		.max_connections = 100,
		.max_per_peer = 100,
		.head_timeout_ms = 60000,
		.body_timeout_ms = 60000,
		.idle_timeout_ms = 60000,
		.write_timeout_ms = 60000,
		.error_body = au_scim_error_body };
	struct au_err err = { .code = 0 };
	struct serve *s;

	serve_start_with(state, targets);
	s = *state;
	pair = (struct pair){ .s = s, .cached = s->scim };
	pair.settings = serve_settings(s, targets, "cache = \"0\";");
	pair.plain = au_scim_new(s->base, s->store, pair.settings, serve_key, &events, s);
	au_http_server_free(s->server);
	if (au_http_server_new(s->base, &http, handle, NULL, &s->server, &err) != 0 ||
	    au_http_listen(s->server, "127.0.0.1:0", &s->port, &err) != 0)
		fail_msg("%s", err.text);
	return 0;
}

static int
stop(void **state)
{
	serve_stop(state);
	au_scim_free(pair.plain);
	au_settings_free(pair.settings);
	for (size_t i = 0; i < USERS; i++)
		free(pair.users[i]);
	for (size_t i = 0; i < GROUPS; i++)
		free(pair.groups[i]);
	return 0;
}

/* ---- comparing ---- */

static struct answer
ask_of(bool plain, const char *client, const char *fields, const char *path)
{
	struct answer answer;

	ask_plain = plain;
	answer = ask_with(pair.s, client, fields, "GET", path, NULL);
	ask_plain = false;
	return answer;
}

/* Status, fields but for the date, and body. */
static void
compare(const char *client, const char *fields, const char *path)
{
	struct answer plain = ask_of(true, client, fields, path), cached = ask_of(false, client, fields, path);
	const char *names[] = { "ETag", "Location", "Content-Type" };

	if (cached.status != plain.status || strcmp(cached.text, plain.text) != 0)
		fail_msg("%s: %d %s\nand not %d %s", path, cached.status, cached.text, plain.status, plain.text);
	for (size_t i = 0; i < AU_COUNT(names); i++)
		if (!au_streq(field_of(pair.s, &cached, names[i]), field_of(pair.s, &plain, names[i])))
			fail_msg("%s: %s differs", path, names[i]);
}

static void
compare_one(const char *endpoint, const char *id)
{
	struct serve *s = pair.s;
	const char *path = path_of(s, endpoint, id);

	compare("okta", "", path);
	compare("okta", "If-None-Match: W/\"1\"\r\n", path);
	compare("entra", "", path);
	compare("okta", "", au_arena_printf(s->arena, "%s?attributes=groups,displayName", path));
	compare("okta", "", au_arena_printf(s->arena, "/%s?filter=id%%20eq%%20%%22%s%%22", endpoint, id));
}

static void
compare_all(void)
{
	struct serve *s = pair.s;

	for (size_t i = 0; i < USERS; i++) {
		compare("okta", "", au_arena_printf(s->arena, "/Users?filter=userName%%20eq%%20%%22U%zu%%22", i));
		compare("okta", "",
		    au_arena_printf(
			s->arena, "/Users?filter=externalId%%20eq%%20%%22e%zu%%22&startIndex=1&count=3", i % 3));
		if (pair.users[i] != NULL)
			compare_one("Users", pair.users[i]);
	}
	for (size_t i = 0; i < GROUPS; i++) {
		if (pair.groups[i] != NULL)
			compare_one("Groups", pair.groups[i]);
		compare("okta", "", au_arena_printf(s->arena, "/Groups?filter=displayName%%20eq%%20%%22g%zu%%22", i));
	}
}

/* ---- changing ---- */

/* The same changes every time, so that a failure can be looked at again. */
static size_t
pick(size_t count)
{
	static unsigned long long state = 3;

	state = state * 6364136223846793005ULL + 1442695040888963407ULL;
	return (size_t)(state >> 33) % count;
}

static void
change(const char *method, const char *path, const char *body)
{
	struct answer answer = ask(pair.s, "okta", method, path, body);

	if (answer.status >= 500)
		fail_msg("%s %s: %s", method, path, answer.text);
}

static void
make(const char *endpoint, char **place, const char *body)
{
	struct answer answer;

	if (*place != NULL)
		return;
	answer = ask(pair.s, "okta", "POST", au_arena_printf(pair.s->arena, "/%s", endpoint), body);
	if (answer.status == 201)
		*place = au_xstrdup(text_of(&answer, "id"));
}

static const char *
user_body(void)
{
	return au_arena_printf(pair.s->arena, "{'userName':'u%zu','externalId':'e%zu','displayName':'D%u'}",
	    pick(USERS), pick(3), ++pair.names);
}

static void
create(void)
{
	if (pick(2) == 0)
		make("Users", &pair.users[pick(USERS)], user_body());
	else
		make("Groups", &pair.groups[pick(GROUPS)],
		    au_arena_printf(pair.s->arena, "{'displayName':'g%zu'}", pick(GROUPS)));
}

static void
replace(void)
{
	const char *id = pair.users[pick(USERS)];

	if (id != NULL)
		change("PUT", path_of(pair.s, "Users", id), user_body());
}

static void
patch_user(void)
{
	const char *id = pair.users[pick(USERS)];

	if (id != NULL)
		change("PATCH", path_of(pair.s, "Users", id),
		    au_arena_printf(pair.s->arena, PATCH("{'op':'replace','path':'%s','value':%s}"),
			pick(2) == 0 ? "active" : "userName", pick(2) == 0 ? "true" : "'u3'"));
}

static void
patch_members(void)
{
	const char *group = pair.groups[pick(GROUPS)];
	const char *member = pick(3) == 0 ? pair.groups[pick(GROUPS)] : pair.users[pick(USERS)];

	if (group == NULL || member == NULL)
		return;
	change("PATCH", path_of(pair.s, "Groups", group),
	    pick(3) == 0
		? au_arena_printf(pair.s->arena, PATCH("{'op':'remove','path':'members[value eq \\'%s\\']'}"), member)
		: au_arena_printf(
		      pair.s->arena, PATCH("{'op':'add','path':'members','value':[{'value':'%s'}]}"), member));
}

static void
rename_group(void)
{
	const char *group = pair.groups[pick(GROUPS)];

	if (group != NULL)
		change("PATCH", path_of(pair.s, "Groups", group),
		    au_arena_printf(
			pair.s->arena, PATCH("{'op':'replace','path':'displayName','value':'g%zu'}"), pick(GROUPS)));
}

static void
remove_one(void)
{
	bool user = pick(2) == 0;
	char **place = user ? &pair.users[pick(USERS)] : &pair.groups[pick(GROUPS)];

	if (*place == NULL)
		return;
	change("DELETE", path_of(pair.s, user ? "Users" : "Groups", *place), NULL);
	free(*place);
	*place = NULL;
}

static void
change_in_bulk(void)
{
	const char *user = pair.users[pick(USERS)], *group = pair.groups[pick(GROUPS)];

	if (user == NULL || group == NULL)
		return;
	change("POST", "/Bulk",
	    au_arena_printf(pair.s->arena,
		"{'schemas':['urn:ietf:params:scim:api:messages:2.0:BulkRequest'],'Operations':["
		"{'method':'PUT','path':'/Users/%s','data':%s},"
		"{'method':'PUT','path':'/Groups/%s','data':{'displayName':'g%zu','members':[{'value':'%s'}]}}]}",
		user, user_body(), group, pick(GROUPS), user));
}

/* What other parts of the daemon write by themselves. */
struct foreign {
	const char *group, *member;
	bool join;
};

static int
write_group(struct au_store_tx *tx, const struct foreign *f, struct au_err *err)
{
	struct au_entry group = { .source = "okta",
		.id = f->group,
		.kind = AU_ENTRY_GROUP,
		.display_name = f->join ? "renamed" : "from outside",
		.active = true };
	struct au_member member = { .id = f->member };
	int rc = au_store_entry_put(tx, &group, NULL, 0, NULL, err);

	if (rc == 0)
		rc = f->join ? au_store_member_add(tx, "okta", f->group, &member, NULL, err)
			     : au_store_member_remove(tx, "okta", f->group, f->member, NULL, err);
	return rc;
}

static int
write_account(struct au_store_tx *tx, const struct foreign *f, struct au_err *err)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct au_apiuser user = { .id = f->member, .key = au_entry_key(arena, "okta", f->member, NULL) };
	struct au_account account = { .id = f->member,
		.apiuser_id = f->member,
		.target = "room",
		.login = "login",
		.state = AU_ACCOUNT_PRESENT,
		.active = f->join,
		.created_ms = 1 };
	int rc = au_store_apiuser_put(tx, &user, err);

	return rc == 0 ? au_store_account_put(tx, &account, err) : rc;
}

static int
write_foreign(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	const struct foreign *f = arg;

	return f->group != NULL ? write_group(tx, f, err) : write_account(tx, f, err);
}

static void
change_from_outside(void)
{
	struct foreign f = { pair.groups[pick(GROUPS)], pair.users[pick(USERS)], pick(2) == 0 };
	struct au_err err = { .code = 0 };

	if (f.member != NULL && au_store_run(pair.s->store, write_foreign, &f, &err) != 0)
		fail_msg("%s", err.text);
}

static void
change_and_compare(void)
{
	static void (*const changes[])(void) = { create, create, replace, patch_user, patch_members, patch_members,
		rename_group, remove_one, change_in_bulk, change_from_outside };

	for (int i = 0; i < STEPS; i++) {
		changes[pick(AU_COUNT(changes))]();
		/* sometimes at once, sometimes after several changes */
		if (pick(4) == 0)
			compare_all();
	}
	compare_all();
}

static void
endpoint_with_a_cache_says_the_same(void **state)
{
	(void)state;
	change_and_compare();
}

/* Answers drive each other out all the time. */
static void
endpoint_with_a_small_cache_says_the_same(void **state)
{
	struct serve *s = *state;

	s->more_scim = "cache = \"16KiB\";";
	serve_reload(s, targets);
	change_and_compare();
}

/* ---- what it is good for ---- */

static void
same_question_is_not_read_twice(void **state)
{
	struct serve *s = *state;
	const char *id = make_user(s, "ada"), *other = make_user(s, "bob"), *path = path_of(s, "Users", id);
	const char *find = "/Users?filter=userName%20eq%20%22ADA%22";
	unsigned long long first = reads_of(s, path, NULL), again = reads_of(s, path, NULL),
			   list = reads_of(s, find, NULL);

	assert_true(first > again);
	assert_true(list > again);
	assert_int_equal(reads_of(s, find, NULL), again);
	/* another's change is no reason to read anew, his own is */
	check(s, "PATCH", path_of(s, "Users", other), PATCH("{'op':'add','path':'title','value':'x'}"), 200, NULL);
	assert_int_equal(reads_of(s, path, NULL), again);
	check(s, "PATCH", path, PATCH("{'op':'add','path':'title','value':'x'}"), 200, NULL);
	assert_int_equal(reads_of(s, path, NULL), first);
	assert_int_equal(reads_of(s, path, NULL), again);
}

static unsigned long long
reads_so_far(struct serve *s)
{
	struct au_store_stats stats;

	au_store_stats(s->store, &stats);
	return stats.reads;
}

/* What a PATCH starts from is known to whoever has asked before; what others changed since then is not lost. */
static void
patch_after_get_reads_nothing(void **state)
{
	struct serve *s = *state;
	const char *id = make_user(s, "ada"), *path = path_of(s, "/Users", id);
	unsigned long long reads;
	struct answer answer;

	check(s, "POST", "/Groups", au_arena_printf(s->arena, "{'displayName':'g','members':[{'value':'%s'}]}", id),
	    201, NULL);
	check(s, "GET", path, NULL, 200, "{'groups':[{'display':'g'}]}");
	reads = reads_so_far(s);
	answer = check(s, "PATCH", path, "{'Operations':[{'op':'add','path':'title','value':'Countess'}]}", 200,
	    "{'userName':'ada','title':'Countess','groups':[{'display':'g'}],'meta':{'version':'W/\\'2\\''}}");
	assert_int_equal(reads_so_far(s), reads);
	assert_true(json_equal(answer.body, check(s, "GET", path, NULL, 200, NULL).body));
	check(s, "PATCH", path, "{'Operations':[{'op':'replace','path':'userName','value':'lovelace'}]}", 200, NULL);
	check(s, "PATCH", path, "{'Operations':[{'op':'add','path':'externalId','value':'7'}]}", 200,
	    "{'userName':'lovelace','title':'Countess','externalId':'7','meta':{'version':'W/\\'4\\''}}");
	check(s, "GET", "/Users?filter=externalId+eq+%227%22", NULL, 200, "{'totalResults':1}");
	check(s, "GET", "/Users?filter=userName+eq+%22ada%22", NULL, 200, "{'totalResults':0}");
}

/* A search and GET of what it finds keep one answer between them, whichever came first. */
static void
search_and_resource_share_an_answer(void **state)
{
	struct serve *s = *state;
	const char *ada = path_of(s, "Users", make_user(s, "ada")), *bob = path_of(s, "Users", make_user(s, "bob"));
	const char *find_ada = "/Users?filter=userName%20eq%20%22ada%22";
	const char *find_bob = "/Users?filter=userName%20eq%20%22bob%22";
	unsigned long long first = reads_of(s, ada, NULL), again = reads_of(s, ada, NULL);
	struct answer found, shown;

	assert_true(first > again);
	assert_int_equal(reads_of(s, find_ada, NULL), first);
	assert_int_equal(reads_of(s, find_ada, NULL), again);
	assert_int_equal(reads_of(s, find_bob, NULL), first);
	assert_int_equal(reads_of(s, bob, NULL), again);
	found = ask(s, "okta", "GET", find_bob, NULL);
	shown = ask(s, "okta", "GET", bob, NULL);
	assert_non_null(strstr(found.text, shown.text));
	assert_string_equal(field_of(s, &shown, "ETag"), "W/\"1\"");
	assert_true(au_str_empty(field_of(s, &found, "ETag")));
	/* a part of it is another answer */
	assert_int_equal(reads_of(s, "/Users?filter=userName%20eq%20%22bob%22&attributes=userName", NULL), first);
	assert_int_equal(reads_of(s, bob, NULL), again);
}

static void
find_name(struct serve *s, const char *client, const char *name, const char *expected)
{
	const char *path = au_arena_printf(s->arena, "/Users?filter=userName%%20eq%%20%%22%s%%22", name);

	/* read, and kept */
	for (int i = 0; i < 2; i++) {
		struct answer answer = ask(s, client, "GET", path, NULL);

		expect(&answer, 200, s, expected);
	}
}

static const char *
one(struct serve *s, const char *id)
{
	return au_arena_printf(s->arena, "{'totalResults':1,'Resources':[{'id':'%s'}]}", id);
}

static void
search_follows_its_name(void **state)
{
	static const char none[] = "{'totalResults':0}";
	struct serve *s = *state;
	const char *first = make_user(s, "ada"), *second;

	find_name(s, "okta", "ada", one(s, first));
	find_name(s, "entra", "ada", none);
	find_name(s, "okta", "grace", none);
	check(s, "PATCH", path_of(s, "Users", first), PATCH("{'op':'replace','path':'userName','value':'grace'}"), 200,
	    NULL);
	find_name(s, "okta", "ada", none);
	find_name(s, "okta", "grace", one(s, first));
	second = make_user(s, "ada");
	find_name(s, "okta", "ada", one(s, second));
	find_name(s, "okta", "grace", one(s, first));
	/* the names change places */
	check(
	    s, "PATCH", path_of(s, "Users", first), PATCH("{'op':'replace','path':'userName','value':'x'}"), 200, NULL);
	check(s, "PATCH", path_of(s, "Users", second), PATCH("{'op':'replace','path':'userName','value':'grace'}"), 200,
	    NULL);
	check(s, "PATCH", path_of(s, "Users", first), PATCH("{'op':'replace','path':'userName','value':'ada'}"), 200,
	    NULL);
	find_name(s, "okta", "ada", one(s, first));
	find_name(s, "okta", "grace", one(s, second));
	check(s, "DELETE", path_of(s, "Users", first), NULL, 204, NULL);
	find_name(s, "okta", "ada", none);
	find_name(s, "okta", "grace", one(s, second));
}

/* An external id is not unique: who else has it comes into the list. */
static void
search_sees_a_second_one(void **state)
{
	struct serve *s = *state;
	const char *find = "/Users?filter=externalId%20eq%20%22e%22";
	struct answer made = ask(s, "okta", "POST", "/Users", "{'userName':'ada','externalId':'e'}");
	const char *first = au_arena_strdup(s->arena, text_of(&made, "id"));

	for (int i = 0; i < 2; i++)
		check(s, "GET", find, NULL, 200, "{'totalResults':1}");
	check(s, "POST", "/Users", "{'userName':'bob','externalId':'e'}", 201, NULL);
	for (int i = 0; i < 2; i++)
		check(s, "GET", find, NULL, 200, "{'totalResults':2}");
	check(s, "DELETE", path_of(s, "Users", first), NULL, 204, NULL);
	for (int i = 0; i < 2; i++)
		check(s, "GET", find, NULL, 200, "{'totalResults':1,'Resources':[{'userName':'bob'}]}");
}

/* One resource can be searched for in any number of ways, which all lead to one answer. */
static void
search_may_be_spelt_in_many_ways(void **state)
{
	struct serve *s = *state;
	const char *id = make_user(s, "ada"), *path = path_of(s, "Users", id);
	unsigned long long first = reads_of(s, path, NULL), again = reads_of(s, path, NULL);
	const char *find = NULL;

	for (int i = 0; i < 20; i++) {
		find = au_arena_printf(s->arena, "/Users?filter=userName%%20eq%%20%%22ada%%22&count=%d", i + 1);
		assert_int_equal(reads_of(s, find, NULL), first);
		assert_int_equal(reads_of(s, find, NULL), again);
		check(s, "GET", find, NULL, 200, one(s, id));
	}
	assert_int_equal(reads_of(s, "/Users?filter=userName%20eq%20%22ada%22&count=1", NULL), again);
	assert_int_equal(reads_of(s, path, NULL), again);
	check(s, "PATCH", path, PATCH("{'op':'add','path':'title','value':'x'}"), 200, NULL);
	assert_int_equal(reads_of(s, find, "{'Resources':[{'title':'x'}]}"), first);
	assert_int_equal(reads_of(s, path, "{'title':'x'}"), again);
}

static void
answer_to_a_writer_comes_after_old_answers_are_gone(void **state)
{
	struct serve *s = *state;
	const char *path = path_of(s, "Users", make_user(s, "ada"));

	for (int i = 0; i < 20; i++) {
		const char *title = au_arena_printf(s->arena, "{'title':'t%d'}", i);
		int fd = ask_begin(s, "okta", "", "PATCH", path,
		    au_arena_printf(s->arena, PATCH("{'op':'add','path':'title','value':'t%d'}"), i));
		struct answer between = ask(s, "okta", "GET", path, NULL), answer = ask_end(s, fd);

		/* old or new, whichever; but new once it is told */
		expect(&between, 200, s, "{'userName':'ada'}");
		expect(&answer, 200, s, title);
		check(s, "GET", path, NULL, 200, title);
	}
}

static void
new_settings_make_new_answers(void **state)
{
	struct serve *s = *state;
	const char *path = path_of(s, "Users", make_user(s, "ada"));
	unsigned long long first = reads_of(s, path, NULL), again = reads_of(s, path, NULL);

	assert_true(first > again);
	serve_reload(s, "");
	assert_int_equal(reads_of(s, path, NULL), first);
}

/* An id that holds what divides the parts of a question finds nothing. */
static void
question_that_looks_like_another_is_another(void **state)
{
	struct serve *s = *state;
	const char *id = make_user(s, "ada");

	check(s, "GET", au_arena_printf(s->arena, "/Users/%s?attributes=userName", id), NULL, 200, NULL);
	check(s, "GET", au_arena_printf(s->arena, "/Users/attributes=userName%%0A%s", id), NULL, 404, NULL);
	check(s, "GET", path_of(s, "Users", id), NULL, 200, NULL);
	check(s, "GET", au_arena_printf(s->arena, "/Users/%%0D%s", id), NULL, 404, NULL);
	check(s, "GET", au_arena_printf(s->arena, "/Groups/%s", id), NULL, 404, NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(endpoint_with_a_cache_says_the_same, start, stop),
		cmocka_unit_test_setup_teardown(endpoint_with_a_small_cache_says_the_same, start, stop),
		cmocka_unit_test_setup_teardown(same_question_is_not_read_twice, serve_start, serve_stop),
		cmocka_unit_test_setup_teardown(patch_after_get_reads_nothing, serve_start, serve_stop),
		cmocka_unit_test_setup_teardown(search_and_resource_share_an_answer, serve_start, serve_stop),
		cmocka_unit_test_setup_teardown(search_follows_its_name, serve_start, serve_stop),
		cmocka_unit_test_setup_teardown(search_sees_a_second_one, serve_start, serve_stop),
		cmocka_unit_test_setup_teardown(search_may_be_spelt_in_many_ways, serve_start, serve_stop),
		cmocka_unit_test_setup_teardown(
		    answer_to_a_writer_comes_after_old_answers_are_gone, serve_start, serve_stop),
		cmocka_unit_test_setup_teardown(new_settings_make_new_answers, serve_start, serve_stop),
		cmocka_unit_test_setup_teardown(question_that_looks_like_another_is_another, serve_start, serve_stop),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
