/* SPDX-License-Identifier: ISC */
/* The date at which an API user expires, as identity providers push it: set, changed, taken back, and checked. */
#include "tests/scim/serve.h"

#include "store/fact.h"

#define APIUSER "urn:ietf:params:scim:schemas:extension:apiuserd:2.0:User"
#define BADGE "urn:example:badge"
#define PATCH_OP "'schemas':['urn:ietf:params:scim:api:messages:2.0:PatchOp']"
#define BOB "'userName':'bob','emails':[{'value':'bob@example.com'}]"

static const char configuration[] =
    "scim_schemas = ( { name = \"Badge\"; urn = \"" BADGE "\"; extends = \"User\"; attributes = ("
    " { name = \"validUntil\"; }, { name = \"number\"; type = \"integer\"; } ); } );\n";

static int
start(void **state)
{
	return serve_start_for(state,
	    ", { name = \"badged\"; path_expires = [ \"" BADGE ":validUntil\", \"" BADGE ":number\" ]; }",
	    configuration);
}

struct looking {
	struct au_arena *arena;
	const char *found;
};

static int
look(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct looking *looking = arg;
	struct au_entry *entries;
	size_t count;
	int rc = au_store_entry_by_key(tx, looking->arena, "bob@example.com", &entries, &count, err);

	if (rc == 0)
		looking->found = count != 1 ? "none"
					    : au_arena_printf(looking->arena, "%lld %s", entries[0].expires_ms,
						  entries[0].expires_odd != NULL ? entries[0].expires_odd : "-");
	return rc;
}

/* The date that the reconciler sees, and what it sees of one that cannot be read. */
static void
assert_date(struct serve *s, const char *expected)
{
	struct looking looking = { .arena = s->arena };
	struct au_err err = { 0 };

	if (au_store_run(s->store, look, &looking, &err) != 0)
		fail_msg("%s", err.text);
	assert_string_equal(looking.found, expected);
}

static void
a_date_is_set_changed_and_taken_back(void **state)
{
	struct serve *s = *state;
	struct answer made = check(s, "POST", "/Users", "{" BOB ",'" APIUSER "':{'expires':'2026-12-31T00:00:00Z'}}",
	    201, "{'" APIUSER "':{'expires':'2026-12-31T00:00:00Z'}}");
	const char *bob = path_of(s, "Users", text_of(&made, "id"));

	assert_date(s, "1798675200000 -");
	check(s, "PATCH", bob,
	    "{" PATCH_OP ",'Operations':[{'op':'replace','path':'" APIUSER
	    ":expires','value':'2027-01-01T01:00:00+01:00'}]}",
	    200, NULL);
	assert_date(s, "1798761600000 -");
	check(s, "GET", "/Users?filter=" APIUSER ":expires%20gt%20%222026-12-31T00:00:00Z%22", NULL, 200,
	    "{'totalResults':1}");
	check(s, "PATCH", bob, "{" PATCH_OP ",'Operations':[{'op':'remove','path':'" APIUSER ":expires'}]}", 200,
	    "{'" APIUSER "':null}");
	assert_date(s, "0 -");
	/* PUT without it takes it back as well (RFC 7644 section 3.5.1). */
	check(s, "PUT", bob, "{" BOB ",'" APIUSER "':{'expires':'2026-12-31T00:00:00Z'}}", 200, NULL);
	assert_date(s, "1798675200000 -");
	check(s, "PUT", bob, "{" BOB "}", 200, "{'" APIUSER "':null}");
	assert_date(s, "0 -");
}

/* Also as a client sends it that writes the extension's members one by one. */
static void
what_is_no_date_is_refused_and_changes_nothing(void **state)
{
	static const char *const dates[] = { "'soon'", "'2026-12-31'", "'2026-02-30T00:00:00Z'", "'20261231000000Z'",
		"7", "['2026-12-31T00:00:00Z','2027-12-31T00:00:00Z']" };
	struct serve *s = *state;
	struct answer made =
	    check(s, "POST", "/Users", "{" BOB ",'" APIUSER "':{'expires':'2026-12-31T00:00:00Z'}}", 201, NULL);
	const char *bob = path_of(s, "Users", text_of(&made, "id"));

	for (size_t i = 0; i < AU_COUNT(dates); i++) {
		check(s, "PATCH", bob,
		    au_arena_printf(s->arena,
			"{" PATCH_OP ",'Operations':[{'op':'add','value':{'" APIUSER "':{'expires':%s}}}]}", dates[i]),
		    400, "{'scimType':'invalidValue'}");
		assert_date(s, "1798675200000 -");
	}
}

/* A text may hold anything: what can be read counts, what cannot leaves the date that was there, and is told. */
static void
a_client_may_have_its_dates_elsewhere(void **state)
{
	struct serve *s = *state;
	struct answer made = ask(s, "badged", "POST", "/Users",
	    "{" BOB ",'" BADGE "':{'validUntil':'20261231'},'" APIUSER "':{'expires':'2027-01-01T00:00:00Z'}}");
	const char *bob = path_of(s, "Users", text_of(&made, "id"));

	expect(&made, 201, s, NULL);
	assert_date(s, "1798675200000 -");
	made = ask(s, "badged", "PUT", bob, "{" BOB ",'" BADGE "':{'validUntil':'when the project ends'}}");
	expect(&made, 200, s, NULL);
	assert_date(s, "1798675200000 when the project ends");
	made = ask(s, "badged", "PUT", bob, "{" BOB ",'" BADGE "':{'number':20261231}}");
	expect(&made, 200, s, NULL);
	assert_date(s, "1798675200000 (no text)");
	made = ask(s, "badged", "PUT", bob, "{" BOB "}");
	expect(&made, 200, s, NULL);
	assert_date(s, "0 -");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_date_is_set_changed_and_taken_back, start, serve_stop),
		cmocka_unit_test_setup_teardown(what_is_no_date_is_refused_and_changes_nothing, start, serve_stop),
		cmocka_unit_test_setup_teardown(a_client_may_have_its_dates_elsewhere, start, serve_stop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
