/* SPDX-License-Identifier: ISC */
/* Who is behind a client whose profile is "auto": by what he is recognised, what follows, and what is remembered. */
#include "tests/scim/serve.h"

#include "base/clock.h"
#include "store/provider.h"

#include <strings.h>

struct wanted {
	struct serve *s;
	const char *client;
	struct au_provider_row row;
	int rc;
};

static int
get_provider(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct wanted *wanted = arg;

	wanted->rc = au_store_provider_get(tx, wanted->s->arena, wanted->client, &wanted->row, err);
	return 0;
}

static int
put_provider(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	return au_store_provider_put(tx, arg, err);
}

/* What the store says that the client was recognised as; NULL = nothing. */
static const char *
recognised(struct serve *s, const char *client)
{
	struct wanted wanted = { .s = s, .client = client };
	struct au_err err;

	/* the loop turns until what was written before is done */
	ask(s, client, "GET", "/Users?count=0", NULL);
	if (au_store_run(s->store, get_provider, &wanted, &err) != 0)
		fail_msg("%s", err.text);
	return wanted.rc == 0 ? wanted.row.profile : NULL;
}

static struct answer
ask_as_agent(struct serve *s, const char *client, const char *agent)
{
	const char *field = au_arena_printf(s->arena, "User-Agent: %s\r\n", agent);

	return ask_with(s, client, field, "GET", "/Users?count=0", NULL);
}

/* A replacement of what is not there, which only some may ask for. */
static int
replace_nothing(struct serve *s, const char *client, const char *op)
{
	struct answer made = ask(s, client, "POST", "/Users", "{'userName':'u'}");
	struct answer answer = ask(s, client, "PATCH", path_of(s, "Users", text_of(&made, "id")),
	    au_arena_printf(s->arena,
		"{'Operations':[{'op':'%s','path':'emails[type eq \\'work\\'].value','value':'x@example.com'}]}", op));

	ask(s, client, "DELETE", path_of(s, "Users", text_of(&made, "id")), NULL);
	return answer.status;
}

static void
names_are_recognised(void **state)
{
	static const struct {
		const char *agent, *profile;
	} rows[] = {
		{ "curl/8.5.0", NULL },
		{ "Apache-HttpClient/4.5.13 (Java/17)", NULL },
		{ "Okta SCIM Client 1.0.0", "okta" },
		{ "Microsoft Azure AD SCIM provisioning 1.0.0", "entra" },
		{ "onelogin-provisioning", "onelogin" },
		{ "JumpCloud-SCIM/2", "jumpcloud" },
		{ "SailPoint IdentityNow", "sailpoint" },
	};

	for (size_t i = 0; i < AU_COUNT(rows); i++) {
		void *state_of_one = NULL;
		const char *profile;

		serve_start(&state_of_one);
		ask_as_agent(state_of_one, "p-auto", rows[i].agent);
		profile = recognised(state_of_one, "p-auto");
		if (!au_streq(profile, rows[i].profile))
			fail_msg("%s: %s", rows[i].agent, profile != NULL ? profile : "not recognised");
		serve_stop(&state_of_one);
	}
	(void)state;
}

static void
habits_are_recognised(void **state)
{
	struct serve *s = *state;

	ask(s, "okta", "GET", "/Users?aadOptscim062020&count=0", NULL);
	assert_string_equal(recognised(s, "okta"), "entra");
	ask(s, "entra", "POST", "/Groups",
	    "{'displayName':'g','schemas':['urn:ietf:params:scim:schemas:core:2.0:Group',"
	    "'http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group']}");
	assert_string_equal(recognised(s, "entra"), "entra");
	assert_null(recognised(s, "p-auto"));
	replace_nothing(s, "p-auto", "replace");
	assert_null(recognised(s, "p-auto"));
	replace_nothing(s, "p-auto", "Replace");
	assert_string_equal(recognised(s, "p-auto"), "entra");
}

static void
being_recognised_lets_more_through(void **state)
{
	struct serve *s = *state;

	assert_int_equal(replace_nothing(s, "p-auto", "replace"), 400);
	/* the very request by which somebody is recognised */
	assert_int_equal(replace_nothing(s, "p-auto", "Replace"), 200);
	assert_int_equal(replace_nothing(s, "p-auto", "replace"), 200);
}

static void
shape_of_answers_stays(void **state)
{
	struct serve *s = *state;
	struct answer made, answer;

	ask_as_agent(s, "p-auto", "Microsoft Azure AD SCIM provisioning");
	made = ask(s, "p-auto", "POST", "/Groups", "{'displayName':'g'}");
	answer = ask(s, "p-auto", "PATCH", path_of(s, "Groups", text_of(&made, "id")),
	    "{'Operations':[{'op':'Replace','path':'displayName','value':'h'}]}");
	expect(&answer, 200, s, "{'displayName':'h'}");
}

static void
a_name_outweighs_habits(void **state)
{
	struct serve *s = *state;

	replace_nothing(s, "p-auto", "Replace");
	assert_string_equal(recognised(s, "p-auto"), "entra");
	ask_as_agent(s, "p-auto", "Okta SCIM Client 1.0.0");
	assert_string_equal(recognised(s, "p-auto"), "okta");
	replace_nothing(s, "p-auto", "Replace");
	assert_string_equal(recognised(s, "p-auto"), "okta");
	/* another name at once is not believed, but after a while */
	ask_as_agent(s, "p-auto", "JumpCloud");
	assert_string_equal(recognised(s, "p-auto"), "okta");
	au_clock_fake_set(au_clock_wall_ms() + 61000, au_clock_mono_ms() + 61000);
	ask_as_agent(s, "p-auto", "JumpCloud");
	assert_string_equal(recognised(s, "p-auto"), "jumpcloud");
	au_clock_real();
}

static void
a_configured_profile_is_not_doubted(void **state)
{
	struct serve *s = *state;

	ask_as_agent(s, "p-rfc", "Okta SCIM Client 1.0.0");
	assert_int_equal(ask(s, "p-strict", "GET", "/Users?aadOptscim062020", NULL).status, 200);
	assert_null(recognised(s, "p-rfc"));
	assert_null(recognised(s, "p-strict"));
}

static void
what_was_recognised_is_remembered(void **state)
{
	struct serve *s = *state;
	struct au_provider_row row = { "p-auto", "entra", "its URL has the flag aadOptscim062020", false, 5 };
	struct au_err err;

	if (au_store_run(s->store, put_provider, &row, &err) != 0)
		fail_msg("%s", err.text);
	assert_int_equal(replace_nothing(s, "p-auto", "replace"), 200);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, serve_start, serve_stop)
		cmocka_unit_test(names_are_recognised),
		TEST(habits_are_recognised),
		TEST(being_recognised_lets_more_through),
		TEST(shape_of_answers_stays),
		TEST(a_name_outweighs_habits),
		TEST(a_configured_profile_is_not_doubted),
		TEST(what_was_recognised_is_remembered),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
