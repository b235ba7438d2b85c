/* SPDX-License-Identifier: ISC */
/* The state of accounts as users show it: the words, whose they are, and that it is no part of the version. */
#include "tests/scim/serve.h"

#include "store/account.h"
#include "store/apiuser.h"
#include "store/step.h"

#define ACCOUNT "urn:ietf:params:scim:schemas:extension:apiuserd:2.0:Account"
#define USER "urn:ietf:params:scim:schemas:core:2.0:User"
#define NOON 1767268800000LL /* 2026-01-01T12:00:00Z */

static const char configuration[] = "targets = ( { name = \"room\"; plugin = \"fake\"; }, { name = \"tabs\"; plugin = "
				    "\"fake\"; } );\n";

static int
start(void **state)
{
	return serve_start_with(state, configuration);
}

/* ---- what the reconciler would have written ---- */

struct facts {
	const char *key, *target;
	enum au_account_state state;
	int active;
	const char *problem;
	struct au_step step; /* op 0: none */
};

static int
write_work(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	const struct facts *facts = arg;
	struct au_apiuser user = { .id = facts->key, .key = facts->key };
	struct au_account account = { .id = facts->target,
		.apiuser_id = user.id,
		.target = facts->target,
		.login = "bob-login",
		.state = facts->state,
		.active = facts->active,
		.problem = facts->problem,
		.created_ms = NOON };
	struct au_step step = facts->step;
	long long id;
	int rc = au_store_apiuser_put(tx, &user, err);

	if (rc == 0)
		rc = au_store_account_put(tx, &account, err);
	if (rc != 0 || step.op == 0)
		return rc;
	step.account_id = account.id;
	step.apiuser_id = user.id;
	step.target = facts->target;
	step.login = account.login;
	step.lane = AU_LANE_SAFE;
	return au_store_step_add(tx, &step, &id, err);
}

static void
write_facts(struct serve *s, struct facts facts)
{
	struct au_err err = { 0 };

	if (au_store_run(s->store, write_work, &facts, &err) != 0)
		fail_msg("%s", err.text);
}

static const char *
make_bob(struct serve *s)
{
	struct answer made = check(s, "POST", "/Users", "{'userName':'bob','emails':[{'value':'bob@example.com'}]}",
	    201, "{'schemas':['" USER "'],'" ACCOUNT "':null}");

	return path_of(s, "Users", text_of(&made, "id"));
}

/* ---- tests ---- */

static void
accounts_are_shown_in_words(void **state)
{
	static const struct {
		struct facts facts;
		const char *want; /* NULL: nothing is shown */
	} rows[] = {
		{ { .state = AU_ACCOUNT_PRESENT, .active = 1 },
		    "{'target':'room','login':'bob-login','status':'active','pending':null,'lastError':null,"
		    "'lastChanged':'2026-01-01T12:00:00.000Z'}" },
		{ { .state = AU_ACCOUNT_PRESENT, .active = -1 }, "{'status':'active'}" },
		{ { .state = AU_ACCOUNT_PRESENT, .active = 0 }, "{'status':'disabled'}" },
		{ { .state = AU_ACCOUNT_CONFLICT }, "{'status':'conflict'}" },
		{ { .state = AU_ACCOUNT_PRESENT, .active = 1, .problem = "no such role" },
		    "{'status':'failed','lastError':'no such role'}" },
		{ { .state = AU_ACCOUNT_ABSENT }, NULL },
		{ { .state = AU_ACCOUNT_ABSENT,
		      .step = { .op = AU_STEP_CREATE, .state = AU_STEP_QUEUED, .error = "try later" } },
		    "{'status':'wanted','pending':'create','lastError':'try later'}" },
		{ { .state = AU_ACCOUNT_PRESENT,
		      .active = 1,
		      .step = { .op = AU_STEP_SET_RIGHTS, .state = AU_STEP_RUNNING } },
		    "{'status':'pending','pending':'set-rights'}" },
		{ { .state = AU_ACCOUNT_PRESENT,
		      .active = 1,
		      .step = { .op = AU_STEP_DISABLE, .state = AU_STEP_HELD } },
		    "{'status':'held','pending':'disable'}" },
		{ { .state = AU_ACCOUNT_PRESENT,
		      .active = 1,
		      .step = { .op = AU_STEP_ENABLE, .state = AU_STEP_DONE, .finished_ms = NOON + 1000 } },
		    "{'status':'active','pending':null,'lastChanged':'2026-01-01T12:00:01.000Z'}" },
		{ { .state = AU_ACCOUNT_PRESENT,
		      .active = 1,
		      .step = { .op = AU_STEP_ENABLE, .state = AU_STEP_CANCELLED } },
		    "{'status':'active','pending':null}" },
	};

	(void)state;
	for (size_t i = 0; i < AU_COUNT(rows); i++) {
		struct facts facts = rows[i].facts;
		struct serve *s;
		const char *path;

		assert_int_equal(serve_start_with((void **)&s, configuration), 0);
		path = make_bob(s);
		facts.key = "bob@example.com";
		facts.target = "room";
		write_facts(s, facts);
		check(s, "GET", path, NULL, 200,
		    rows[i].want != NULL ? au_arena_printf(s->arena,
					       "{'schemas':['" USER "','" ACCOUNT "'],'" ACCOUNT
					       "':{'accounts':[%s]},'meta':{'version':'W/\\'1\\''}}",
					       rows[i].want)
					 : "{'schemas':['" USER "'],'" ACCOUNT "':null}");
		serve_stop((void **)&s);
	}
}

static void
accounts_are_asked_for_like_any_attribute(void **state)
{
	struct serve *s = *state;
	const char *path = make_bob(s);

	write_facts(
	    s, (struct facts){ .key = "bob@example.com", .target = "room", .state = AU_ACCOUNT_PRESENT, .active = 1 });
	write_facts(s,
	    (struct facts){ .key = "bob@example.com", .target = "tabs", .state = AU_ACCOUNT_PRESENT, .problem = "p" });
	/* of a target that the configuration has no more */
	write_facts(s, (struct facts){ .key = "bob@example.com", .target = "gone", .state = AU_ACCOUNT_PRESENT });
	make_user(s, "eve");
	check(s, "GET", path, NULL, 200,
	    "{'" ACCOUNT "':{'accounts':[{'target':'room','status':'active'},{'target':'tabs','status':'failed'}]}}");
	check(s, "GET", au_arena_printf(s->arena, "%s?attributes=" ACCOUNT ":accounts.status", path), NULL, 200,
	    "{'schemas':['" USER "','" ACCOUNT "'],'userName':null,'" ACCOUNT
	    "':{'accounts':[{'status':'active','target':null},{'status':'failed'}]}}");
	check(s, "GET", au_arena_printf(s->arena, "%s?excludedAttributes=" ACCOUNT, path), NULL, 200,
	    "{'schemas':['" USER "'],'userName':'bob','" ACCOUNT "':null}");
	check(s, "GET", au_arena_printf(s->arena, "%s?attributes=userName", path), NULL, 200, "{'" ACCOUNT "':null}");
	check(s, "GET",
	    "/Users?filter=" ACCOUNT ":accounts%5Bstatus%20eq%20%22failed%22%20and%20target%20eq%20%22tabs%22%5D", NULL,
	    200, "{'totalResults':1,'Resources':[{'userName':'bob'}]}");
	check(s, "GET",
	    "/Users?filter=" ACCOUNT ":accounts%5Bstatus%20eq%20%22failed%22%20and%20target%20eq%20%22room%22%5D", NULL,
	    200, "{'totalResults':0}");
	check(s, "GET", "/Users?filter=not%20(" ACCOUNT ":accounts%20pr)", NULL, 200,
	    "{'totalResults':1,'Resources':[{'userName':'eve'}]}");
	check(s, "GET", "/ResourceTypes/User", NULL, 200,
	    "{'schemaExtensions':[{'schema':'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'},{'schema':"
	    "'urn:ietf:params:scim:schemas:extension:apiuserd:2.0:User'},{'schema':'" ACCOUNT
	    "','required':false}]}");
}

static void
accounts_cannot_be_written(void **state)
{
	struct serve *s = *state;
	const char *path = make_bob(s);
	const char *claim = "{'userName':'bob','emails':[{'value':'bob@example.com'}],'" ACCOUNT
			    "':{'accounts':[{'target':'room','status':'active'}]}}";

	check(s, "PUT", path, claim, 200, "{'schemas':['" USER "'],'" ACCOUNT "':null,'meta':{'version':'W/\\'1\\''}}");
	check(s, "PATCH", path,
	    "{'Operations':[{'op':'replace','path':'" ACCOUNT ":accounts','value':[{'status':'x'}]}]}", 400,
	    "{'scimType':'mutability'}");
	/* an identity provider that writes back what it has read changes nothing */
	write_facts(
	    s, (struct facts){ .key = "bob@example.com", .target = "room", .state = AU_ACCOUNT_PRESENT, .active = 0 });
	check(s, "PUT", path, claim, 200,
	    "{'" ACCOUNT "':{'accounts':[{'status':'disabled'}]},'meta':{'version':'W/\\'1\\''}}");
}

/* The accounts of others are shown to nobody but through an entry that is part of the same API user. */
static void
accounts_are_shown_to_their_own_clients(void **state)
{
	struct serve *s = *state;
	const char *path = make_bob(s);
	struct answer other =
	    ask(s, "entra", "POST", "/Users", "{'userName':'bob','emails':[{'value':'bob@elsewhere.example'}]}");

	write_facts(
	    s, (struct facts){ .key = "bob@example.com", .target = "room", .state = AU_ACCOUNT_PRESENT, .active = 1 });
	other = ask(s, "entra", "GET", path_of(s, "Users", text_of(&other, "id")), NULL);
	expect(&other, 200, s, "{'" ACCOUNT "':null}");
	check(s, "GET", path, NULL, 200, "{'" ACCOUNT "':{'accounts':[{'target':'room'}]}}");
	/* one who shall not see them at all */
	other = ask(s, "wary", "POST", "/Users", "{'userName':'bob','emails':[{'value':'bob@example.com'}]}");
	expect(&other, 201, s, "{'" ACCOUNT "':null}");
	other = ask(s, "wary", "GET", "/Users?filter=" ACCOUNT ":accounts%20pr", NULL);
	expect(&other, 200, s, "{'totalResults':0}");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, start, serve_stop)
		cmocka_unit_test(accounts_are_shown_in_words),
		TEST(accounts_are_asked_for_like_any_attribute),
		TEST(accounts_cannot_be_written),
		TEST(accounts_are_shown_to_their_own_clients),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
