/* SPDX-License-Identifier: ISC */
/* Searches for a group's members: which come of what its entry says, and which are refused. */
#include "tests/unit.h"

#include "sourced/recipe.h"
#include "sourced/reruns.h"
#include "sourced/vendor.h"

#include <event2/event.h>
#include <ldap.h>
#include <string.h>

#define PEOPLE "ou=people,dc=example"
#define OURS "(|(objectClass=person)(cn=*))"

static const struct au_source_config config = { .name = "corp",
	.people_base = PEOPLE,
	.people_filter = "objectClass=person",
	.groups_base = "ou=groups,dc=example",
	.groups_filter = "(cn=*)",
	.attr_member_url = "memberURL",
	.primary_group = "auto",
	.nested = "walk",
	.dynamic_urls = 3,
	.dynamic_url_size = 200 };

static const struct au_root openldap = { .vendor_name = "" };

static struct au_recipe_terms
terms_of(struct au_arena *arena, const struct au_source_config *of, const char *vendor)
{
	struct au_recipe_terms terms;

	assert_int_equal(au_recipe_terms_init(&terms, arena, of, au_vendor_find(vendor, &openldap), NULL), 0);
	return terms;
}

static void
take(struct au_recipe *recipe, const struct au_recipe_terms *terms, struct au_arena *arena, const char *name,
    const struct berval *values)
{
	struct berval of_name = { strlen(name), (char *)(uintptr_t)name };

	au_recipe_take(recipe, terms, arena, &of_name, values);
}

static struct berval
text(const char *value)
{
	return (struct berval){ strlen(value), (char *)(uintptr_t)value };
}

/* ---- URLs ---- */

static const struct {
	const char *url, *why; /* why NULL: it may be searched for */
	const char *base, *filter;
	int scope;
} urls[] = {
	{ "ldap:///ou=people,dc=example??sub?(a=b)", NULL, PEOPLE, "(&" OURS "(a=b))", LDAP_SCOPE_SUBTREE },
	{ "ldap:///OU=People,%20DC=Example??one?(a=b)", NULL, "OU=People, DC=Example", "(&" OURS "(a=b))",
	    LDAP_SCOPE_ONELEVEL },
	{ "ldap:///ou=x,ou=groups,dc=example", NULL, "ou=x,ou=groups,dc=example", "(&" OURS "(objectClass=*))",
	    LDAP_SCOPE_BASE },
	{ "ldap:///ou=people,dc=example?cn?sub?a=b", NULL, PEOPLE, "(&" OURS "(a=b))", LDAP_SCOPE_SUBTREE },
	{ "ldap:///ou=people,dc=example??sub?(a=%28x\\29)", "its filter is none", NULL, NULL, 0 },
	{ "ldap:///ou=people,dc=example??sub?(a=\\28x\\29)", NULL, PEOPLE, "(&" OURS "(a=\\28x\\29))",
	    LDAP_SCOPE_SUBTREE },
	{ "ldap:///ou=people,dc=example??sub?(!(a=b))?!x=1", "a critical extension", NULL, NULL, 0 },
	{ "ldap:///ou=people,dc=example??sub?(!(a=b))?x=1", NULL, PEOPLE, "(&" OURS "(!(a=b)))", LDAP_SCOPE_SUBTREE },
	{ "ldap://h/ou=people,dc=example??sub?(a=b)", "names a server", NULL, NULL, 0 },
	{ "ldaps:///ou=people,dc=example??sub?(a=b)", "names a server", NULL, NULL, 0 },
	{ "ldapi:///ou=people,dc=example??sub?(a=b)", "names a server", NULL, NULL, 0 },
	{ "ldap:///dc=example??sub?(a=b)", "not below dynamic_bases", NULL, NULL, 0 },
	{ "ldap:///xou=people,dc=example??sub?(a=b)", "not below dynamic_bases", NULL, NULL, 0 },
	{ "ldap:///nobody??sub?(a=b)", "not below dynamic_bases", NULL, NULL, 0 },
	{ "ldap:///??sub?(a=b)", "no base", NULL, NULL, 0 },
	{ "ldap:///ou=people,dc=example??deep?(a=b)", "no LDAP URL", NULL, NULL, 0 },
	{ "http://example.org/", "no LDAP URL", NULL, NULL, 0 },
	{ "", "no LDAP URL", NULL, NULL, 0 },
	{ "ldap:///ou=people,dc=example??sub?)(a=b", "its filter is none", NULL, NULL, 0 },
	{ "ldap:///ou=people,dc=example??sub?(a=b)(c=d)", "its filter is none", NULL, NULL, 0 },
	{ "ldap:///ou=people,dc=example??sub?(a=b))(|(c=d)", "its filter is none", NULL, NULL, 0 },
	{ "ldap:///ou=people,dc=example??sub?((a=b)", "its filter is none", NULL, NULL, 0 },
};

static void
urls_become_searches_or_are_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < AU_COUNT(urls); i++) {
		AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
		struct au_recipe_terms terms = terms_of(arena, &config, "openldap");
		struct au_recipe recipe = { 0 };
		struct au_recipe_search *searches;
		const char *lacks;
		take(&recipe, &terms, arena, "memberurl", (struct berval[]){ text(urls[i].url), { 0, NULL } });
		assert_false(au_recipe_is_empty(&recipe));
		assert_true(au_recipe_is_silent(&recipe, &terms));
		size_t count = au_recipe_searches(&recipe, &terms, "cn=g", arena, &searches, &lacks);
		if (urls[i].why != NULL) {
			if (count != 0 || lacks == NULL || strstr(lacks, urls[i].why) == NULL)
				fail_msg("%s: %s", urls[i].url, lacks != NULL ? lacks : "taken");
			continue;
		}
		if (count != 1 || lacks != NULL)
			fail_msg("%s: %s", urls[i].url, lacks != NULL ? lacks : "none");
		assert_string_equal(searches[0].base, urls[i].base);
		assert_string_equal(searches[0].filter, urls[i].filter);
		assert_int_equal(searches[0].scope, urls[i].scope);
		assert_null(searches[0].sid);
	}
}

static void
what_is_too_much_is_missed(void **state)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct au_recipe_terms terms = terms_of(arena, &config, "openldap");
	struct au_recipe recipe = { 0 };
	struct berval url = text("ldap:///ou=people,dc=example??sub?(a=b)"),
		      many[] = { url, url, url, url, { 0, NULL } };
	struct au_recipe_search *searches;
	const char *lacks;
	char *large = au_arena_alloc(arena, 1000);

	(void)state;
	take(&recipe, &terms, arena, "memberURL", many);
	assert_int_equal(au_recipe_searches(&recipe, &terms, "cn=g", arena, &searches, &lacks), 3);
	assert_non_null(strstr(lacks, "dynamic_urls is 3"));
	take(&recipe, &terms, arena, "memberURL", (struct berval[]){ url, text("ldap:///\xff"), { 0, NULL } });
	assert_int_equal(au_recipe_searches(&recipe, &terms, "cn=g", arena, &searches, &lacks), 1);
	assert_non_null(strstr(lacks, "no LDAP URL"));
	/* Just as long as may be, and longer. */
	size_t most = (size_t)config.dynamic_url_size;
	memset(large, '(', most + 1);
	memcpy(large, url.bv_val, url.bv_len);
	large[most + 1] = '\0';
	take(&recipe, &terms, arena, "memberURL", (struct berval[]){ text(large), url, { 0, NULL } });
	assert_int_equal(au_recipe_searches(&recipe, &terms, "cn=g", arena, &searches, &lacks), 1);
	assert_string_equal(lacks, "a value of memberURL is longer than dynamic_url_size, 200 bytes");
	large[most] = '\0';
	take(&recipe, &terms, arena, "memberURL", (struct berval[]){ text(large), url, { 0, NULL } });
	assert_int_equal(au_recipe_searches(&recipe, &terms, "cn=g", arena, &searches, &lacks), 1);
	assert_null(strstr(lacks, "dynamic_url_size"));
}

static void
bases_are_those_of_the_option(void **state)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	AU_CLEANUP(au_json_decrefp) json_t *bases = json_pack("[s]", "OU=Far, DC=example");
	struct au_source_config far = config, none = config;
	struct au_recipe recipe = { 0 };
	struct au_recipe_search *searches;
	const char *lacks, *names[3];

	(void)state;
	far.dynamic_bases = bases;
	struct au_recipe_terms terms = terms_of(arena, &far, "openldap");
	take(&recipe, &terms, arena, "memberURL",
	    (struct berval[]){
		text("ldap:///ou=far,dc=example??sub"), text("ldap:///ou=people,dc=example??sub"), { 0, NULL } });
	assert_int_equal(au_recipe_searches(&recipe, &terms, "cn=g", arena, &searches, &lacks), 1);
	assert_string_equal(searches[0].base, "ou=far,dc=example");
	assert_non_null(strstr(lacks, "ou=people"));
	none.dynamic_urls = 0;
	terms = terms_of(arena, &none, "openldap");
	au_recipe_attributes(&terms, names);
	assert_null(names[0]);
}

/* ---- primary groups and chains ---- */

/* S-1-5-21-1-2-3-513, and the last number of another group of the domain's own. */
#define DOMAIN "\001\005\000\000\000\000\000\005\025\000\000\000\001\000\000\000\002\000\000\000\003\000\000\000"
static const char users[] = DOMAIN "\001\002\000\000";
static const char own[] = DOMAIN "\125\004\000\000";

static void
primary_group_is_searched_for_by_the_last_number(void **state)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct au_recipe_terms terms = terms_of(arena, &config, "ad");
	struct au_recipe recipe = { 0 };
	struct berval sid = { sizeof(users) - 1, (char *)(uintptr_t)users };
	struct au_recipe_search *searches;
	const char *lacks, *names[3];

	(void)state;
	au_recipe_attributes(&terms, names);
	assert_string_equal(names[0], "memberURL");
	assert_string_equal(names[1], "objectSid");
	take(&recipe, &terms, arena, "objectSid", (struct berval[]){ sid, { 0, NULL } });
	assert_int_equal(au_recipe_searches(&recipe, &terms, "cn=g", arena, &searches, &lacks), 1);
	assert_null(lacks);
	assert_string_equal(searches[0].base, PEOPLE);
	assert_string_equal(searches[0].filter, "(&(objectClass=person)(primaryGroupID=513))");
	assert_string_equal(searches[0].sid, "objectSid");
	assert_int_equal(searches[0].domain.bv_len, sizeof(users) - 1 - AU_SID_NUMBER);
	assert_true(au_recipe_is_silent(&recipe, &terms));
	sid.bv_val = (char *)(uintptr_t)own;
	take(&recipe, &terms, arena, "objectSid", (struct berval[]){ sid, { 0, NULL } });
	assert_int_equal(au_recipe_searches(&recipe, &terms, "cn=g", arena, &searches, &lacks), 1);
	assert_string_equal(searches[0].filter, "(&(objectClass=person)(primaryGroupID=1109))");
	assert_false(au_recipe_is_silent(&recipe, &terms));
	/* What is no SID is nobody's primary group. */
	sid.bv_len--;
	take(&recipe, &terms, arena, "objectSid", (struct berval[]){ sid, { 0, NULL } });
	assert_int_equal(au_recipe_searches(&recipe, &terms, "cn=g", arena, &searches, &lacks), 0);
}

static void
posix_groups_are_searched_for_when_that_is_wanted(void **state)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct au_source_config posix = config;
	struct au_recipe recipe = { 0 };
	struct au_recipe_search *searches;
	const char *lacks;

	(void)state;
	struct au_recipe_terms terms = terms_of(arena, &posix, "openldap");
	take(&recipe, &terms, arena, "gidNumber", (struct berval[]){ text("10)(*"), { 0, NULL } });
	assert_true(au_recipe_is_empty(&recipe));
	posix.primary_group = "gidNumber";
	terms = terms_of(arena, &posix, "openldap");
	take(&recipe, &terms, arena, "gidNumber", (struct berval[]){ text("10)(*"), { 0, NULL } });
	assert_int_equal(au_recipe_searches(&recipe, &terms, "cn=g", arena, &searches, &lacks), 1);
	assert_string_equal(searches[0].filter, "(&(objectClass=person)(gidNumber=10\\29\\28\\2A))");
	assert_true(au_recipe_is_silent(&recipe, &terms));
}

static void
chains_are_asked_for_only_where_they_are_known(void **state)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct au_source_config chained = config;
	struct au_recipe recipe = { .in_chain = true };
	struct au_recipe_search *searches;
	const char *lacks;

	(void)state;
	chained.nested = "in-chain";
	struct au_recipe_terms terms = terms_of(arena, &chained, "openldap");
	assert_null(terms.rule);
	terms = terms_of(arena, &chained, "samba");
	assert_int_equal(au_recipe_searches(&recipe, &terms, "CN=a (b)", arena, &searches, &lacks), 1);
	assert_string_equal(
	    searches[0].filter, "(&(objectClass=person)(memberOf:1.2.840.113556.1.4.1941:=CN=a \\28b\\29))");
}

/* ---- runs ---- */

struct runs {
	struct event_base *base;
	struct au_reruns *reruns;
	unsigned wishes, told;
};

static void
on_wish(void *ctx, const char *id, const char *dn)
{
	struct runs *runs = ctx;

	assert_string_equal(id, "g");
	assert_string_equal(dn, "cn=g");
	runs->wishes++;
}

static void
on_lacking(void *ctx)
{
	struct runs *runs = ctx;

	runs->told++;
}

static const struct au_reruns_events events = { .wish = on_wish, .lacking = on_lacking };

static int
set_up(void **state)
{
	struct runs *runs = au_xcalloc(1, sizeof(*runs));

	runs->base = event_base_new();
	runs->reruns = au_reruns_new(runs->base, 10, "corp", &events, runs);
	*state = runs;
	return 0;
}

static int
tear_down(void **state)
{
	struct runs *runs = *state;

	au_reruns_free(runs->reruns);
	event_base_free(runs->base);
	free(runs);
	return 0;
}

static bool
run(struct runs *runs, const char *names, const char *lacks, bool is_silent)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct au_mapped group = { .entry = { .id = "g", .dn = "cn=g" }, .lacks = lacks };

	for (const char *c = names; *c != '\0'; c++)
		au_roll_add(&group.roll, arena, au_arena_strndup(arena, c, 1));
	return au_reruns_agree(runs->reruns, &group, group.roll.count, is_silent);
}

static void
two_runs_must_miss_the_same(void **state)
{
	struct runs *runs = *state;

	assert_false(run(runs, "abc", NULL, true));
	assert_int_equal(runs->wishes, 1);
	assert_true(run(runs, "cba", NULL, true));
	assert_true(run(runs, "abcd", NULL, true));
	assert_int_equal(runs->wishes, 1);
	assert_false(run(runs, "abc", NULL, true));
	assert_int_equal(runs->wishes, 2);
	assert_true(run(runs, "abcx", NULL, true));
	/* As many, but others; and one twice is no two. */
	assert_false(run(runs, "abcy", NULL, true));
	assert_false(run(runs, "abcaa", NULL, true));
	assert_true(run(runs, "abc", NULL, true));
}

static void
who_never_stands_still_is_not_hurried(void **state)
{
	struct runs *runs = *state;

	for (int i = 0; i < 100; i++)
		assert_false(run(runs, i % 2 == 0 ? "a" : "b", NULL, true));
	assert_true(runs->wishes < 10);
}

static void
lack_is_counted_and_ends(void **state)
{
	struct runs *runs = *state;

	run(runs, "a", "no such object", true);
	run(runs, "a", "another reason", true);
	assert_int_equal(au_reruns_lacking(runs->reruns), 1);
	assert_int_equal(runs->told, 1);
	run(runs, "a", NULL, true);
	assert_int_equal(au_reruns_lacking(runs->reruns), 0);
	assert_int_equal(runs->told, 2);
}

static void
group_that_nobody_is_found_for_is_left_alone(void **state)
{
	struct runs *runs = *state;

	assert_true(run(runs, "", NULL, false));
	event_base_loop(runs->base, EVLOOP_ONCE);
	assert_int_equal(runs->wishes, 0);
	/* From the first one on, it is watched. */
	assert_false(run(runs, "a", NULL, false));
	assert_false(run(runs, "", NULL, false));
}

static void
schedule_forgets_who_does_not_answer(void **state)
{
	struct runs *runs = *state;

	run(runs, "a", NULL, true);
	run(runs, "a", NULL, true);
	runs->wishes = 0;
	for (int i = 0; i < 10; i++)
		event_base_loop(runs->base, EVLOOP_ONCE);
	assert_int_equal(runs->wishes, 3);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(urls_become_searches_or_are_refused),
		cmocka_unit_test(what_is_too_much_is_missed),
		cmocka_unit_test(bases_are_those_of_the_option),
		cmocka_unit_test(primary_group_is_searched_for_by_the_last_number),
		cmocka_unit_test(posix_groups_are_searched_for_when_that_is_wanted),
		cmocka_unit_test(chains_are_asked_for_only_where_they_are_known),
		cmocka_unit_test_setup_teardown(two_runs_must_miss_the_same, set_up, tear_down),
		cmocka_unit_test_setup_teardown(who_never_stands_still_is_not_hurried, set_up, tear_down),
		cmocka_unit_test_setup_teardown(lack_is_counted_and_ends, set_up, tear_down),
		cmocka_unit_test_setup_teardown(group_that_nobody_is_found_for_is_left_alone, set_up, tear_down),
		cmocka_unit_test_setup_teardown(schedule_forgets_who_does_not_answer, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
