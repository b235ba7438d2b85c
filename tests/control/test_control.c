/* SPDX-License-Identifier: ISC */
/* Looking through the control socket: state, users, steps, audit, and who may. */
#include "base/mem.h"
#include "base/str.h"
#include "store/audit.h"
#include "store/reading.h"
#include "tests/control/stage.h"
#include "tests/unit.h"
#include "wire/source_read.h"

#include <pwd.h>
#include <string.h>
#include <unistd.h>

static const json_t *
get(struct stage *s, const char *path)
{
	const json_t *json;
	int status = stage_talk(s, "GET", path, NULL, &json);

	if (status != 200)
		fail_msg("%s gave %d: %s", path, status, au_json_get_str(json_object_get(json, "error"), "text"));
	return json;
}

static const char *
error_code(const json_t *json)
{
	return au_json_get_str(json_object_get(json, "error"), "code");
}

static void
status_counts_what_is_there(void **state)
{
	struct stage *s = *state;
	const json_t *issuer, *json, *source, *target;

	stage_run(s);
	json = get(s, "/v1/status");
	issuer = json_array_get(json_object_get(json, "issuers"), 0);
	assert_string_equal(au_json_get_str(issuer, "name"), "idp");
	assert_int_equal(au_json_get_int(issuer, "keys"), 0);
	assert_non_null(strstr(au_json_get_str(issuer, "text"), "/nowhere/keys"));
	assert_string_equal(au_json_get_str(json, "version"), "9.9");
	assert_int_equal(au_json_get_int(json_object_get(json, "steps"), "done"), 1);
	assert_int_equal(au_json_get_int(json_object_get(json, "steps"), "held"), 0);
	assert_int_equal(json_array_size(json_object_get(json, "sources")), 2);
	source = json_array_get(json_object_get(json, "sources"), 0);
	assert_string_equal(au_json_get_str(source, "name"), "corp");
	assert_string_equal(au_json_get_str(source, "state"), "ok");
	assert_int_equal(au_json_get_int(source, "pid"), 4242);
	assert_string_equal(au_json_get_str(json_array_get(json_object_get(json, "sources"), 1), "kind"), "scim");
	target = json_array_get(json_object_get(json, "targets"), 0);
	assert_string_equal(au_json_get_str(target, "name"), "room");
	assert_int_equal(au_json_get_int(target, "active"), 1);
	assert_int_equal(json_array_size(json_object_get(get(s, "/v1/sources"), "sources")), 2);
	assert_int_equal(json_array_size(json_object_get(get(s, "/v1/targets"), "targets")), 1);
}

static void
users_are_listed_page_by_page(void **state)
{
	struct stage *s = *state;
	const json_t *first, *second;
	char path[128];

	stage_join(s, "bob");
	stage_run(s);
	first = get(s, "/v1/users?limit=1");
	assert_int_equal(json_array_size(json_object_get(first, "users")), 1);
	snprintf(path, sizeof(path), "/v1/users?limit=100&after=%s", au_json_get_str(first, "next"));
	second = get(s, path);
	assert_null(au_json_get_str(second, "next"));
	assert_string_equal(au_json_get_str(json_array_get(json_object_get(second, "users"), 0), "user_name"), "bob");
}

static void
one_user_comes_with_accounts_steps_and_the_word_of_a_secret(void **state)
{
	struct stage *s = *state;
	const json_t *user, *account;

	stage_run(s);
	user = get(s, "/v1/users/ann%40example.com");
	account = json_array_get(json_object_get(user, "accounts"), 0);
	assert_string_equal(au_json_get_str(account, "login"), "ann");
	assert_string_equal(au_json_get_str(account, "secret"), "ready");
	assert_string_equal(au_json_get_str(json_array_get(json_object_get(account, "steps"), 0), "op"), "create");
	assert_int_equal(json_array_size(json_object_get(json_object_get(account, "rights"), "roles")), 1);
	assert_int_equal(stage_talk(s, "GET", "/v1/users/zoe", NULL, &user), 404);
	assert_string_equal(error_code(user), au_code_name(AU_ENOENT));
}

static void
explain_and_plan_are_the_engines(void **state)
{
	struct stage *s = *state;
	const json_t *json, *step, *rule;

	stage_run(s);
	stage_join(s, "bob");
	assert_int_equal(stage_talk(s, "POST", "/v1/plan", NULL, &json), 200);
	assert_int_equal(json_array_size(json_object_get(json, "steps")), 1);
	step = json_array_get(json_object_get(json, "steps"), 0);
	assert_string_equal(au_json_get_str(step, "login"), "bob");
	assert_int_equal(stage_talk(s, "POST", "/v1/plan", NULL, &json), 200);
	assert_int_equal(json_array_size(json_object_get(json, "steps")), 1);
	assert_true(json_is_array(json_object_get(get(s, "/v1/capacity?target=room&what_if=2"), "pools")));
	assert_int_equal(stage_talk(s, "GET", "/v1/capacity?target=nowhere", NULL, &json), 404);
	assert_int_equal(stage_talk(s, "GET", "/v1/capacity?what_if=some", NULL, &json), 400);
	json = json_object_get(get(s, "/v1/capacity?template=runner&what_if=2"), "what_if");
	assert_string_equal(au_json_get_str(json, "target"), "room");
	assert_int_equal(au_json_get_int(json, "fit"), 2);
	assert_int_equal(stage_talk(s, "GET", "/v1/capacity?template=none&what_if=2", NULL, &json), 404);
	json = get(s, "/v1/explain/ann?target=room");
	rule = json_array_get(json_object_get(json_array_get(json_object_get(json, "targets"), 0), "rules"), 0);
	assert_int_equal(au_json_get_bool(rule, "member", false), true);
	assert_int_equal(stage_talk(s, "GET", "/v1/explain/ann?target=void", NULL, NULL), 404);
}

static size_t
planned(struct stage *s, const char *body)
{
	const json_t *json;

	assert_int_equal(stage_talk(s, "POST", "/v1/plan", body, &json), 200);
	return json_array_size(json_object_get(json, "steps"));
}

static void
plan_may_be_for_one_user_or_target(void **state)
{
	struct stage *s = *state;

	stage_run(s);
	stage_join(s, "bob");
	stage_join(s, "cid");
	assert_int_equal(planned(s, "{}"), 2);
	assert_int_equal(planned(s, "{\"target\":\"room\"}"), 2);
	/* Bob is known to the source only, so far. */
	assert_int_equal(planned(s, "{\"user\":\"Bob@example.com\"}"), 1);
	assert_int_equal(planned(s, "{\"user\":\"bob@example.com\",\"target\":\"room\"}"), 1);
	assert_int_equal(planned(s, "{\"user\":\"ann\"}"), 0);
	assert_int_equal(stage_talk(s, "POST", "/v1/plan", "{\"user\":\"zoe\"}", NULL), 404);
	assert_int_equal(stage_talk(s, "POST", "/v1/plan", "{\"target\":\"void\"}", NULL), 404);
}

static void
steps_are_listed_by_state(void **state)
{
	struct stage *s = *state;
	const json_t *json;

	stage_run(s);
	assert_int_equal(json_array_size(json_object_get(get(s, "/v1/steps"), "steps")), 1);
	assert_int_equal(json_array_size(json_object_get(get(s, "/v1/steps?state=done"), "steps")), 1);
	assert_int_equal(json_array_size(json_object_get(get(s, "/v1/steps?state=failed"), "steps")), 0);
	assert_int_equal(json_array_size(json_object_get(get(s, "/v1/held"), "steps")), 0);
	assert_int_equal(stage_talk(s, "GET", "/v1/steps?state=lost", NULL, &json), 400);
	assert_int_equal(stage_talk(s, "GET", "/v1/steps?limit=-1", NULL, &json), 400);
	assert_int_equal(stage_talk(s, "GET", "/v1/steps?limit=1x", NULL, &json), 400);
}

static int
store_audit(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	return au_store_audit(tx, 1, "test", "test.row", arg, NULL, err);
}

static void
audit_is_listed_and_verified(void **state)
{
	struct stage *s = *state;
	const json_t *json;

	stage_store(s, store_audit, (void *)"one");
	stage_store(s, store_audit, (void *)"two");
	json = get(s, "/v1/audit?limit=1");
	assert_int_equal(json_array_size(json_object_get(json, "rows")), 1);
	assert_int_equal(stage_talk(s, "POST", "/v1/audit/verify", NULL, &json), 200);
	assert_int_equal(au_json_get_bool(json, "intact", false), true);
	assert_true(au_json_get_int(json, "verified") >= 2);
	json = get(s, "/v1/audit?object=one");
	assert_int_equal(json_array_size(json_object_get(json, "rows")), 1);
	assert_string_equal(au_json_get_str(json_array_get(json_object_get(json, "rows"), 0), "verb"), "test.row");
}

/* Of the one row that is asked for. */
static const char *
row_object(struct stage *s, const char *path)
{
	const json_t *rows = json_object_get(get(s, path), "rows");

	assert_int_equal(json_array_size(rows), 1);
	return au_json_get_str(json_array_get(rows, 0), "object");
}

static void
audit_is_filtered_paged_and_anchored(void **state)
{
	struct stage *s = *state;
	const json_t *json;
	char path[64];

	stage_store(s, store_audit, (void *)"one");
	stage_store(s, store_audit, (void *)"two");
	assert_string_equal(row_object(s, "/v1/audit?verb=test&limit=1"), "two");
	assert_string_equal(row_object(s, "/v1/audit?actor=test&until=2026-01-01&after=0&limit=1"), "one");
	json = get(s, "/v1/audit?actor=test&after=0&limit=1");
	snprintf(path, sizeof path, "/v1/audit?actor=test&after=%lld", au_json_get_int(json, "through"));
	assert_string_equal(row_object(s, path), "two");
	snprintf(path, sizeof path, "/v1/audit/%lld", au_json_get_int(json, "through"));
	assert_string_equal(row_object(s, path), "one");
	assert_int_equal(json_array_size(json_object_get(get(s, "/v1/audit?verb=test&since=1d"), "rows")), 0);
	assert_int_equal(stage_talk(s, "GET", "/v1/audit?since=soon", NULL, &json), 400);
	assert_int_equal(stage_talk(s, "GET", "/v1/audit/999999", NULL, &json), 404);
	assert_int_equal(stage_talk(s, "GET", "/v1/audit/1x", NULL, &json), 400);
	assert_int_equal(stage_talk(s, "POST", "/v1/audit/verify", "{\"anchors\":[{\"seq\":1}]}", &json), 400);
	assert_int_equal(stage_talk(s, "POST", "/v1/audit/verify",
			     "{\"anchors\":[{\"seq\":1,\"mac\":"
			     "\"0000000000000000000000000000000000000000000000000000000000000000\"}]}",
			     &json),
	    200);
	assert_int_equal(au_json_get_bool(json, "intact", true), false);
	assert_non_null(strstr(au_json_get_str(json, "text"), "row 1 is not the one that was anchored"));
}

/* How a search was read, and who was not there: a person, and one member of a group. */
static int
store_reading(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct au_source_read read = { .kind = AU_READING_COMPARE,
		.way = "paged",
		.verdict = AU_READ_PARTIAL,
		.why = "the canary 'x' was not seen",
		.took_ms = 70,
		.entries = 2,
		.held = 1 };
	AU_CLEANUP(au_json_decrefp) json_t *json = au_source_read_to_json(&read);
	AU_CLEANUP(au_freep) char *text = au_json_text(json);
	int rc = au_store_reading_add(tx, "corp", "people", text, 3, err);

	(void)arg;
	if (rc == 0)
		rc = au_store_meta_put(tx, "source.corp.people.doubt", "4", err);
	if (rc == 0)
		rc = au_store_meta_put(tx, "source.corp.people.doomed", "1", err);
	if (rc == 0)
		rc = au_store_meta_put(tx, "source.corp.people.before", "3", err);
	if (rc == 0)
		rc = au_store_missing_put(tx, "corp", "people", "p-bob", "", 1, 2, err);
	return rc < 0 ? rc : au_store_missing_put(tx, "corp", "groups", "g-run", "p-ann", 1, 2, err);
}

static void
source_shows_how_it_was_read_and_who_would_go(void **state)
{
	struct stage *s = *state;
	const json_t *json, *item;

	stage_store(s, store_reading, NULL);
	json = get(s, "/v1/sources/corp");
	assert_string_equal(au_json_get_str(json, "name"), "corp");
	assert_string_equal(au_json_get_str(json, "kind"), "ldap");
	assert_string_equal(au_json_get_str(json, "vendor"), "openldap");
	assert_string_equal(au_json_get_str(json, "cover"), "TLSv1.3");
	assert_true(au_json_get_bool(json, "held", 0));
	item = json_array_get(json_object_get(json, "searches"), 0);
	assert_string_equal(au_json_get_str(item, "doubt"), "a canary is not seen; 1 of 3 entries would go");
	assert_null(json_object_get(json_array_get(json_object_get(json, "searches"), 1), "doubt"));
	item = json_array_get(json_object_get(json, "readings"), 0);
	assert_string_equal(au_json_get_str(item, "search"), "people");
	assert_string_equal(au_json_get_str(item, "kind"), "compare");
	assert_int_equal(au_json_get_int(item, "held"), 1);
	assert_int_equal(au_json_get_int(json, "missing_total"), 2);
	item = json_array_get(json_object_get(json, "missing"), 0);
	assert_string_equal(au_json_get_str(item, "id"), "p-ann");
	assert_string_equal(au_json_get_str(item, "group_name"), "api-run");
	item = json_array_get(json_object_get(json, "missing"), 1);
	assert_string_equal(au_json_get_str(item, "name"), "bob");
	item = json_array_get(json_object_get(get(s, "/v1/status"), "sources"), 0);
	assert_true(au_json_get_bool(item, "held", 0));
	item = json_array_get(json_object_get(get(s, "/v1/status"), "sources"), 1);
	assert_false(au_json_get_bool(item, "held", 1));
	assert_non_null(strstr(stage_talk_raw(s, "GET", "/metrics", NULL),
	    "\napiuserd_source_read_held{source=\"corp\",search=\"people\"} 1\n"));
	assert_int_equal(stage_talk(s, "GET", "/v1/sources/okta", NULL, &json), 404);
}

static void
metrics_tell_every_family_with_help_and_type(void **state)
{
	struct stage *s = *state;
	const char *page;

	stage_run(s);
	page = stage_talk_raw(s, "GET", "/metrics", NULL);
	assert_non_null(strstr(page, "Content-Type: text/plain; version=0.0.4\r\n"));
	assert_non_null(strstr(page, "# HELP apiuserd_api_users API users.\n# TYPE apiuserd_api_users gauge\n"));
	assert_non_null(strstr(page, "\napiuserd_steps{state=\"done\"} 1\n"));
	assert_non_null(strstr(page, "\napiuserd_held_steps{lane=\"restrict\"} 0\n"));
	assert_non_null(strstr(page, "\napiuserd_guard_held_steps{guard=\"disables-of-target\"} 0\n"));
	assert_non_null(strstr(page, "\napiuserd_guard_held_steps{guard=\"own-login\"} 0\n"));
	assert_non_null(strstr(page, "\napiuserd_source_state{source=\"corp\",state=\"ok\"} 1\n"));
	assert_non_null(strstr(page, "\napiuserd_source_state{source=\"corp\",state=\"stale\"} 0\n"));
	assert_non_null(strstr(page, "\napiuserd_accounts{target=\"room\",is=\"active\"} 1\n"));
	assert_non_null(strstr(page, "\napiuserd_scim_requests_total{outcome=\"bad-credentials\"} 0\n"));
	assert_non_null(strstr(page, "\napiuserd_scim_connections 0\n"));
	assert_non_null(strstr(page, "\napiuserd_scim_connections_total{became=\"turned-away\"} 0\n"));
	assert_non_null(strstr(page, "\napiuserd_scim_handshakes_total{was=\"bad\"} 0\n"));
	assert_non_null(strstr(page, "\napiuserd_scim_answers_total{status=\"2xx\"} 0\n"));
	assert_null(strstr(page, "\napiuserd_scim_certificate_end_timestamp_seconds "));
	assert_non_null(strstr(page, "\napiuserd_scim_issuer_keys{issuer=\"idp\"} 0\n"));
	assert_non_null(strstr(page, "\napiuserd_scim_issuer_failures_total{issuer=\"idp\"} 1\n"));
}

static void
requests_that_nobody_meant_are_refused(void **state)
{
	static const struct {
		const char *method, *path, *body;
		int status;
	} rows[] = {
		{ "GET", "/", NULL, 404 },
		{ "GET", "/v1", NULL, 404 },
		{ "GET", "/v1/status/", NULL, 404 },
		{ "GET", "/v1//status", NULL, 404 },
		{ "GET", "/v1/users/", NULL, 404 },
		{ "POST", "/v1/status", NULL, 405 },
		{ "GET", "/v1/apply", NULL, 405 },
		{ "GET", "/v1/users/a%2Fb", NULL, 400 },
		{ "GET", "/v1/users/%ff", NULL, 400 },
		{ "POST", "/v1/plan", "{\"observe\":true}", 400 },
		{ "POST", "/v1/plan", "{\"user\":1}", 400 },
		{ "POST", "/v1/apply", "{\"observ\":true}", 400 },
		{ "POST", "/v1/apply", "{\"observe\":1}", 400 },
		{ "POST", "/v1/apply", "{\"timeout_ms\":-1}", 400 },
		{ "POST", "/v1/apply", "[]", 400 },
		{ "POST", "/v1/apply", "{", 400 },
		{ "POST", "/v1/apply", "{\"observe\":true,\"observe\":false}", 400 },
	};
	struct stage *s = *state;

	for (size_t i = 0; i < AU_COUNT(rows); i++) {
		const json_t *json;
		int status = stage_talk(s, rows[i].method, rows[i].path, rows[i].body, &json);
		if (status != rows[i].status || error_code(json) == NULL)
			fail_msg("%s %s %s gave %d", rows[i].method, rows[i].path, rows[i].body, status);
	}
	assert_non_null(strstr(stage_talk_raw(s, "POST", "/v1/status", NULL), "\r\nAllow: GET\r\n"));
}

static long long
metric(struct stage *s, const char *name)
{
	const char *page = stage_talk_raw(s, "GET", "/metrics", NULL), *line = strstr(page, name);

	if (line == NULL)
		fail_msg("no sample %s", name);
	return strtoll(line + strlen(name), NULL, 10);
}

/* I18: the gauges of the last success are there from the start, as 0, and a failure does not move them. */
static void
last_success_moves_on_success_only(void **state)
{
	static const char done[] = "\napiuserd_target_success_timestamp_seconds{target=\"room\"} ";
	static const char run[] = "\napiuserd_run_success_timestamp_seconds ";
	struct stage *s = *state;

	/* Before the loop turns for the first time, for the engine is at work as soon as it does. */
	fake_target_fail(s->target, AU_CALL_CREATE, AU_EINVAL, 1, false);
	assert_int_equal(metric(s, done), 0);
	assert_int_equal(metric(s, run), 0);
	assert_int_equal(stage_talk(s, "POST", "/v1/apply", "{\"timeout_ms\":30000}", NULL), 200);
	assert_int_equal(metric(s, "\napiuserd_target_steps_total{target=\"room\",became=\"failed\"} "), 1);
	assert_int_equal(metric(s, done), 0);
	stage_join(s, "bob");
	assert_int_equal(stage_talk(s, "POST", "/v1/apply", "{\"timeout_ms\":30000}", NULL), 200);
	assert_true(metric(s, done) > 0);
	/* Ann is not as she should be, but nothing is left that could be done for her now. */
	assert_true(metric(s, run) > 0);
}

static unsigned
uid_of(const char *name)
{
	const struct passwd *user = getpwnam(name);

	/* Only root can ask as somebody else. */
	if (user == NULL || getuid() != 0)
		skip();
	return (unsigned)user->pw_uid;
}

static void
viewers_may_look_and_not_change(void **state)
{
	struct stage *s = *state;
	unsigned viewer = uid_of("nobody");
	const json_t *json;

	assert_int_equal(stage_talk_as(s, viewer, "GET", "/v1/status", NULL, &json), 200);
	assert_int_equal(stage_talk_as(s, viewer, "POST", "/v1/plan", NULL, &json), 200);
	assert_int_equal(stage_talk_as(s, viewer, "POST", "/v1/apply", NULL, &json), 403);
	assert_int_equal(stage_talk_as(s, viewer, "GET", "/v1/sources/corp", NULL, &json), 200);
	assert_int_equal(stage_talk_as(s, viewer, "POST", "/v1/sources/corp/resync", NULL, &json), 403);
	assert_int_equal(stage_talk_as(s, viewer, "POST", "/v1/sources/corp/pause", NULL, &json), 403);
	assert_int_equal(stage_talk_as(s, viewer, "POST", "/v1/sources/corp/resume", NULL, &json), 403);
	assert_false(stage_is_paused(s));
	assert_int_equal(stage_talk_as(s, viewer, "GET", "/v1/quarantine", NULL, &json), 200);
	assert_int_equal(stage_talk_as(s, viewer, "POST", "/v1/users/ann/run", NULL, &json), 403);
	assert_int_equal(stage_talk_as(s, viewer, "POST", "/v1/targets/room/pause", NULL, &json), 403);
	assert_int_equal(stage_talk_as(s, viewer, "POST", "/v1/targets/room/resume", NULL, &json), 403);
	assert_int_equal(stage_talk_as(s, viewer, "POST", "/v1/users/ann/quarantine/room/release", NULL, &json), 403);
	assert_int_equal(stage_talk_as(s, viewer, "POST", "/v1/users/ann/secrets/room/take", NULL, &json), 403);
	assert_string_equal(error_code(json), au_code_name(AU_EPERM));
	assert_int_equal(stage_resyncs(s), 0);
}

static void
viewers_see_tokens_but_change_none(void **state)
{
	struct stage *s = *state;
	AU_CLEANUP(au_freep) char *path = NULL;
	unsigned viewer = uid_of("nobody");
	const json_t *json;

	assert_int_equal(stage_talk(s, "POST", "/v1/clients/okta/tokens", NULL, &json), 200);
	path = au_xasprintf("/v1/clients/okta/tokens/%s", au_json_get_str(json, "id"));
	assert_int_equal(stage_talk_as(s, viewer, "GET", "/v1/clients", NULL, &json), 200);
	assert_int_equal(stage_talk_as(s, viewer, "POST", "/v1/clients/okta/tokens", NULL, &json), 403);
	assert_int_equal(stage_talk_as(s, viewer, "DELETE", path, NULL, &json), 403);
	assert_int_equal(stage_talk_as(s, viewer, "DELETE", "/v1/clients/okta", NULL, &json), 403);
	assert_int_equal(stage_talk(s, "DELETE", path, NULL, &json), 200);
}

static void
operators_may_change(void **state)
{
	struct stage *s = *state;

	assert_int_equal(stage_talk_as(s, uid_of("daemon"), "POST", "/v1/sources/corp/resync", NULL, NULL), 202);
	assert_int_equal(stage_resyncs(s), 1);
}

static void
strangers_learn_nothing(void **state)
{
	struct stage *s = *state;
	unsigned stranger = uid_of("bin");
	const json_t *json;

	assert_int_equal(stage_talk_as(s, stranger, "GET", "/v1/status", NULL, &json), 403);
	assert_int_equal(stage_talk_as(s, stranger, "GET", "/nowhere", NULL, &json), 403);
	assert_int_equal(stage_talk_as(s, stranger, "GET", "/metrics", NULL, &json), 403);
}

#define LIVE(name) cmocka_unit_test_setup_teardown(name, stage_set_up, stage_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		LIVE(status_counts_what_is_there),
		LIVE(users_are_listed_page_by_page),
		LIVE(one_user_comes_with_accounts_steps_and_the_word_of_a_secret),
		LIVE(explain_and_plan_are_the_engines),
		LIVE(plan_may_be_for_one_user_or_target),
		LIVE(steps_are_listed_by_state),
		LIVE(audit_is_listed_and_verified),
		LIVE(audit_is_filtered_paged_and_anchored),
		LIVE(source_shows_how_it_was_read_and_who_would_go),
		LIVE(metrics_tell_every_family_with_help_and_type),
		LIVE(last_success_moves_on_success_only),
		LIVE(requests_that_nobody_meant_are_refused),
		LIVE(viewers_may_look_and_not_change),
		LIVE(viewers_see_tokens_but_change_none),
		LIVE(operators_may_change),
		LIVE(strangers_learn_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
