/* SPDX-License-Identifier: ISC */
/* Changing through the control socket: each change happens once, is in the audit chain, and leaks nothing. */
#include "base/mem.h"
#include "base/str.h"
#include "scim/token.h"
#include "source/round.h"
#include "store/audit.h"
#include "store/provider.h"
#include "store/step.h"
#include "store/trouble.h"
#include "tests/control/stage.h"
#include "tests/unit.h"

#include <dirent.h>
#include <string.h>
#include <unistd.h>

/* Search every file of the store. */
static void
assert_not_on_disk(struct stage *s, const char *text)
{
	DIR *folder = opendir(s->folder);
	const struct dirent *entry;

	assert_non_null(folder);
	while ((entry = readdir(folder)) != NULL) {
		AU_CLEANUP(au_freep) char *path = au_xasprintf("%s/%s", s->folder, entry->d_name);
		AU_CLEANUP(au_freep) char *data = NULL;
		size_t len = 0;
		FILE *file = entry->d_type == DT_REG ? fopen(path, "r") : NULL;
		if (file == NULL)
			continue;
		data = au_xmalloc(16 << 20);
		len = fread(data, 1, 16 << 20, file);
		fclose(file);
		if (memmem(data, len, text, strlen(text)) != NULL)
			fail_msg("%s is in %s", text, path);
	}
	closedir(folder);
}

/* ---- apply ---- */

static void
apply_runs_to_the_end(void **state)
{
	struct stage *s = *state;
	const json_t *json;

	assert_int_equal(stage_talk(s, "POST", "/v1/apply", "{\"observe\":true,\"timeout_ms\":30000}", &json), 200);
	assert_int_equal(au_json_get_bool(json, "complete", false), true);
	assert_int_equal(au_json_get_int(json, "steps_done"), 1);
	assert_non_null(fake_target_find(s->target, "ann"));
	stage_assert_audited(s, "all", "run.start");
}

static void
client_that_leaves_during_a_run_harms_nobody(void **state)
{
	struct stage *s = *state;

	fake_target_fail(s->target, AU_CALL_CREATE, AU_ETEMP, 1000, false);
	close(stage_send(s, "POST", "/v1/apply", "{\"timeout_ms\":600000}"));
	for (int turn = 0; turn < 5; turn++)
		event_base_loop(s->base, EVLOOP_ONCE);
}

static void
resync_reaches_the_source_and_the_audit(void **state)
{
	struct stage *s = *state;

	assert_int_equal(stage_talk(s, "POST", "/v1/sources/corp/resync", NULL, NULL), 202);
	assert_int_equal(stage_resyncs(s), 1);
	stage_assert_audited(s, "corp", "source.resync");
	assert_int_equal(stage_talk(s, "POST", "/v1/sources/okta/resync", NULL, NULL), 404);
	assert_int_equal(stage_talk(s, "POST", "/v1/sources/void/resync", NULL, NULL), 404);
}

/* What the next daemon would know. */
static int
load_pause(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	struct au_source_now now;
	const char *cookies[AU_SEARCHES];
	int rc = au_round_load(tx, arena, "corp", &now, cookies, err);

	*(long long *)arg = now.paused;
	return rc;
}

static void
pause_and_resume_are_written_down_with_their_reasons(void **state)
{
	struct stage *s = *state;
	long long paused = 0;
	const json_t *json;

	assert_int_equal(stage_talk(s, "POST", "/v1/sources/corp/pause", "{\"reason\":\"they move\"}", NULL), 202);
	assert_true(stage_is_paused(s));
	stage_assert_audited(s, "corp", "source.pause");
	stage_store(s, load_pause, &paused);
	assert_int_equal(paused, 1);
	assert_int_equal(stage_talk(s, "POST", "/v1/sources/corp/resume", NULL, &json), 202);
	assert_string_equal(au_json_get_str(json, "resumed"), "corp");
	assert_false(stage_is_paused(s));
	stage_assert_audited(s, "corp", "source.resume");
	stage_store(s, load_pause, &paused);
	assert_int_equal(paused, 0);
	assert_int_equal(stage_talk(s, "POST", "/v1/sources/okta/pause", NULL, NULL), 404);
	assert_int_equal(stage_talk(s, "POST", "/v1/sources/corp/pause", "{\"reason\":1}", NULL), 400);
	assert_int_equal(stage_talk(s, "POST", "/v1/sources/corp/pause", "{\"why\":\"x\"}", NULL), 400);
}

/* ---- targets ---- */

static const char *
target_state(struct stage *s)
{
	const json_t *json;

	assert_int_equal(stage_talk(s, "GET", "/v1/targets", NULL, &json), 200);
	return au_json_get_str(json_array_get(json_object_get(json, "targets"), 0), "state");
}

static void
targets_are_paused_with_a_reason_and_resumed(void **state)
{
	struct stage *s = *state;
	const json_t *json;

	assert_int_equal(stage_talk(s, "POST", "/v1/targets/room/pause", NULL, NULL), 400);
	assert_int_equal(stage_talk(s, "POST", "/v1/targets/room/pause", "{\"reason\":\"\"}", NULL), 400);
	assert_int_equal(
	    stage_talk(s, "POST", "/v1/targets/room/pause", "{\"reason\":\"x\",\"until_ms\":1000}", NULL), 400);
	assert_int_equal(stage_talk(s, "POST", "/v1/targets/void/pause", "{\"reason\":\"x\"}", NULL), 404);
	assert_int_equal(stage_talk(s, "POST", "/v1/targets/room/pause", "{\"reason\":\"they move\"}", &json), 200);
	assert_string_equal(au_json_get_str(json, "paused"), "room");
	stage_assert_audited(s, "room", "target.pause");
	assert_string_equal(target_state(s), "paused");
	assert_non_null(strstr(
	    stage_talk_raw(s, "GET", "/metrics", NULL), "apiuserd_target_state{target=\"room\",state=\"paused\"} 1\n"));
	stage_join(s, "bob");
	stage_run(s);
	assert_null(fake_target_find(s->target, "bob"));
	assert_int_equal(stage_talk(s, "POST", "/v1/targets/room/resume", NULL, &json), 200);
	assert_string_equal(au_json_get_str(json, "resumed"), "room");
	stage_assert_audited(s, "room", "target.resume");
	assert_int_equal(stage_talk(s, "POST", "/v1/targets/void/resume", NULL, NULL), 404);
	stage_run(s);
	assert_non_null(fake_target_find(s->target, "bob"));
	assert_string_equal(target_state(s), "ok");
}

static int
store_quarantine(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct au_trouble trouble = { .account_id = arg, .failures = 8, .since_ms = 1000, .reason = "mail is wrong" };

	return au_store_trouble_put(tx, &trouble, err);
}

static void
quarantined_users_are_listed_and_released(void **state)
{
	struct stage *s = *state;
	const json_t *json, *one;
	char *id;

	stage_run(s);
	assert_int_equal(stage_talk(s, "GET", "/v1/users/ann", NULL, &json), 200);
	id = au_arena_strdup(s->arena, au_json_get_str(json_array_get(json_object_get(json, "accounts"), 0), "id"));
	assert_int_equal(stage_talk(s, "POST", "/v1/users/ann/quarantine/room/release", NULL, NULL), 404);
	stage_store(s, store_quarantine, id);
	assert_int_equal(stage_talk(s, "GET", "/v1/quarantine", NULL, &json), 200);
	one = json_array_get(json_object_get(json, "quarantine"), 0);
	assert_string_equal(au_json_get_str(one, "user"), "ann");
	assert_string_equal(au_json_get_str(one, "target"), "room");
	assert_string_equal(au_json_get_str(one, "reason"), "mail is wrong");
	assert_int_equal(stage_talk(s, "GET", "/v1/status", NULL, &json), 200);
	assert_int_equal(au_json_get_int(json, "quarantined"), 1);
	assert_int_equal(stage_talk(s, "POST", "/v1/users/nobody/quarantine/room/release", NULL, NULL), 404);
	assert_int_equal(stage_talk(s, "POST", "/v1/users/ann/quarantine/room/release", NULL, NULL), 200);
	stage_assert_audited(s, id, "account.release");
	assert_int_equal(stage_talk(s, "GET", "/v1/quarantine", NULL, &json), 200);
	assert_int_equal(json_array_size(json_object_get(json, "quarantine")), 0);
}

static void
one_user_is_done_now(void **state)
{
	struct stage *s = *state;
	const json_t *json;
	char path[64];

	assert_int_equal(stage_talk(s, "POST", "/v1/users/nobody/run", NULL, NULL), 404);
	stage_run(s);
	assert_int_equal(stage_talk(s, "POST", "/v1/users/ann/run", "{\"target\":\"void\"}", NULL), 404);
	assert_int_equal(stage_talk(s, "POST", "/v1/users/ann/run", "{\"dry_run\":1}", NULL), 400);
	fake_target_change(s->target, "ann", NULL, 0);
	assert_int_equal(stage_talk(s, "POST", "/v1/users/ann/run", "{\"dry_run\":true}", &json), 200);
	assert_string_equal(au_json_get_str(json_array_get(json_object_get(json, "reads"), 0), "state"), "read");
	assert_int_equal(json_array_size(json_object_get(json_object_get(json, "plan"), "steps")), 1);
	/* Kept: neither the steps nor who asked. */
	assert_int_equal(stage_talk(s, "GET", "/v1/steps?state=queued", NULL, &json), 200);
	assert_int_equal(json_array_size(json_object_get(json, "steps")), 0);
	assert_false(fake_target_find(s->target, "ann")->active);
	assert_int_equal(stage_talk(s, "POST", "/v1/users/ann/run", "{\"target\":\"room\"}", &json), 200);
	snprintf(path, sizeof(path), "/v1/users/ann/run?since=%lld", au_json_get_int(json, "since"));
	do
		assert_int_equal(stage_talk(s, "GET", path, NULL, &json), 200);
	while (!au_json_get_bool(json, "over", false));
	assert_int_equal(json_array_size(json_object_get(json, "steps")), 1);
	assert_string_equal(au_json_get_str(json_array_get(json_object_get(json, "steps"), 0), "state"), "done");
	assert_true(fake_target_find(s->target, "ann")->active);
}

/* ---- tokens ---- */

struct checking {
	const char *text;
	unsigned char key[32];
	int rc;
};

static int
check_token(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	struct checking *checking = arg;
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	char id[AU_TOKEN_ID_SIZE];
	struct au_token_row row;
	int rc = au_token_id(checking->text, id, err);

	if (rc == 0)
		rc = au_store_token_get(tx, arena, id, &row, err);
	if (rc == 0)
		checking->rc = au_token_check(checking->key, checking->text, &row, 1, NULL);
	return rc;
}

static void
token_is_told_once_and_works(void **state)
{
	struct stage *s = *state;
	struct checking checking = { .rc = 1 };
	const json_t *json, *client;

	assert_int_equal(stage_talk(s, "POST", "/v1/clients/okta/tokens", "{\"lifetime\":\"30d\"}", &json), 200);
	checking.text = au_json_get_str(json, "token");
	assert_string_equal(au_json_get_str(json, "client"), "okta");
	au_sealer_derive(s->sealer, "tokenkey", checking.key);
	stage_store(s, check_token, &checking);
	assert_int_equal(checking.rc, 0);
	stage_assert_audited(s, "okta", "client.add");
	assert_not_on_disk(s, checking.text + 22);
	assert_int_equal(stage_talk(s, "GET", "/v1/clients", NULL, &json), 200);
	client = json_array_get(json_object_get(json, "clients"), 0);
	assert_string_equal(au_json_get_str(client, "description"), "The provider");
	assert_int_equal(json_array_size(json_object_get(client, "tokens")), 1);
	assert_null(strstr(stage_talk_raw(s, "GET", "/v1/clients", NULL), checking.text + 22));
}

static int
put_provider(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	const struct au_provider_row row = { "okta", "entra", "its operations begin with capital letters", false, 9 };

	(void)arg;
	return au_store_provider_put(tx, &row, err);
}

static bool
has_habit(const json_t *client, const char *name, bool on)
{
	const json_t *habit;
	size_t i;

	json_array_foreach (json_object_get(client, "habits"), i, habit)
		if (au_streq(au_json_get_str(habit, "name"), name))
			return json_is_true(json_object_get(habit, "on")) == on;
	return false;
}

static void
client_is_shown_with_what_it_was_recognised_as(void **state)
{
	struct stage *s = *state;
	const json_t *json, *provider;

	assert_int_equal(stage_talk(s, "GET", "/v1/clients/nobody", NULL, &json), 404);
	assert_int_equal(stage_talk(s, "GET", "/v1/clients/okta", NULL, &json), 200);
	assert_string_equal(au_json_get_str(json, "profile"), "auto");
	assert_null(json_object_get(json, "provider"));
	assert_true(has_habit(json, "replace-makes", false));
	stage_store(s, put_provider, NULL);
	assert_int_equal(stage_talk(s, "GET", "/v1/clients/okta", NULL, &json), 200);
	provider = json_object_get(json, "provider");
	assert_string_equal(au_json_get_str(provider, "profile"), "entra");
	assert_int_equal(au_json_get_int(provider, "seen_ms"), 9);
	assert_true(has_habit(json, "replace-makes", true));
	assert_true(has_habit(json, "brief-groups", false));
	assert_int_equal(stage_talk(s, "GET", "/v1/clients", NULL, &json), 200);
	provider = json_object_get(json_array_get(json_object_get(json, "clients"), 0), "provider");
	assert_string_equal(au_json_get_str(provider, "evidence"), "its operations begin with capital letters");
}

static void
client_has_at_most_two_live_tokens(void **state)
{
	struct stage *s = *state;
	const json_t *json;

	assert_int_equal(stage_talk(s, "POST", "/v1/clients/okta/tokens", NULL, &json), 200);
	assert_int_equal(stage_talk(s, "POST", "/v1/clients/okta/tokens", "{\"lifetime\":\"0\"}", &json), 200);
	assert_int_equal(au_json_get_int(json, "expires_ms"), 0);
	assert_int_equal(stage_talk(s, "POST", "/v1/clients/okta/tokens", NULL, &json), 409);
	assert_null(au_json_get_str(json, "token"));
	assert_int_equal(stage_talk(s, "DELETE", "/v1/clients/okta", NULL, &json), 200);
	stage_assert_audited(s, "okta", "client.revoke");
	assert_int_equal(stage_talk(s, "POST", "/v1/clients/okta/tokens", NULL, &json), 200);
	assert_int_equal(stage_talk(s, "DELETE", "/v1/clients/okta", NULL, &json), 200);
	assert_int_equal(stage_talk(s, "DELETE", "/v1/clients/okta", NULL, &json), 404);
}

static void
tokens_are_for_configured_clients_only(void **state)
{
	struct stage *s = *state;
	const json_t *json;

	assert_int_equal(stage_talk(s, "POST", "/v1/clients/evil/tokens", NULL, &json), 404);
	assert_int_equal(stage_talk(s, "POST", "/v1/clients/okta/tokens", "{\"lifetime\":\"soon\"}", &json), 400);
	assert_int_equal(stage_talk(s, "POST", "/v1/clients/okta/tokens", "{\"lifetime\":30}", &json), 400);
}

/* The newest audit row's detail has this text. */
static void
assert_audit_detail(struct stage *s, const char *object, const char *name, const char *want)
{
	AU_CLEANUP(au_freep) char *path = au_xasprintf("/v1/audit?limit=1&object=%s", object);
	const json_t *json, *row;

	assert_int_equal(stage_talk(s, "GET", path, NULL, &json), 200);
	row = json_array_get(json_object_get(json, "rows"), 0);
	assert_string_equal(au_json_get_str(json_object_get(row, "detail"), name), want);
}

static void
tokens_carry_scopes(void **state)
{
	struct stage *s = *state;
	const json_t *json, *tokens;

	assert_int_equal(stage_talk(s, "POST", "/v1/clients/okta/tokens",
			     "{\"scopes\":[\"Groups\",\"users\",\"groups\"],\"read_only\":true}", &json),
	    200);
	assert_string_equal(au_json_get_str(json, "scopes"), "users groups read-only");
	assert_audit_detail(s, "okta", "scopes", "users groups read-only");
	assert_int_equal(stage_talk(s, "POST", "/v1/clients/okta/tokens", NULL, &json), 200);
	assert_null(au_json_get_str(json, "scopes"));
	assert_int_equal(stage_talk(s, "GET", "/v1/clients", NULL, &json), 200);
	tokens = json_object_get(json_array_get(json_object_get(json, "clients"), 0), "tokens");
	assert_int_equal(json_array_size(tokens), 2);
	/* made within one millisecond they have no order */
	assert_true((au_json_get_str(json_array_get(tokens, 0), "scopes") != NULL) +
			(au_json_get_str(json_array_get(tokens, 1), "scopes") != NULL) ==
		    1);
}

static void
wrong_scopes_make_no_token(void **state)
{
	static const char *const bad[] = { "{\"scopes\":[]}", "{\"scopes\":\"users\"}", "{\"scopes\":[1]}",
		"{\"scopes\":[\"\"]}", "{\"scopes\":[\"users groups\"]}", "{\"scopes\":[\"read-only\"]}",
		"{\"scopes\":[\"things\"]}", "{\"scopes\":{}}", "{\"read_only\":1}", "{\"scope\":[\"users\"]}" };
	struct stage *s = *state;
	const json_t *json;

	for (size_t i = 0; i < AU_COUNT(bad); i++)
		if (stage_talk(s, "POST", "/v1/clients/okta/tokens", bad[i], &json) != 400)
			fail_msg("accepted: %s", bad[i]);
	assert_int_equal(stage_talk(s, "GET", "/v1/clients", NULL, &json), 200);
	json = json_object_get(json_array_get(json_object_get(json, "clients"), 0), "tokens");
	assert_int_equal(json_array_size(json), 0);
}

static void
one_token_of_two_is_revoked(void **state)
{
	struct stage *s = *state;
	AU_CLEANUP(au_freep) char *path = NULL;
	const json_t *json;

	assert_int_equal(stage_talk(s, "POST", "/v1/clients/okta/tokens", NULL, &json), 200);
	path = au_xasprintf("/v1/clients/okta/tokens/%s", au_json_get_str(json, "id"));
	assert_int_equal(stage_talk(s, "POST", "/v1/clients/okta/tokens", NULL, &json), 200);
	assert_int_equal(stage_talk(s, "DELETE", path, NULL, &json), 200);
	assert_string_equal(au_json_get_str(json, "token"), strrchr(path, '/') + 1);
	assert_audit_detail(s, "okta", "token", strrchr(path, '/') + 1);
	assert_int_equal(stage_talk(s, "DELETE", path, NULL, &json), 404);
	assert_int_equal(stage_talk(s, "POST", "/v1/clients/okta/tokens", NULL, &json), 200);
	assert_int_equal(stage_talk(s, "POST", "/v1/clients/okta/tokens", NULL, &json), 409);
}

/* ---- secrets ---- */

static void
secret_is_handed_over_once(void **state)
{
	struct stage *s = *state;
	const json_t *json, *account;
	const char *id;

	stage_run(s);
	assert_int_equal(stage_talk(s, "GET", "/v1/users/ann", NULL, &json), 200);
	account = json_array_get(json_object_get(json, "accounts"), 0);
	id = au_json_get_str(account, "id");
	assert_int_equal(stage_talk(s, "POST", "/v1/users/ann/secrets/room/take", NULL, &json), 200);
	assert_string_equal(au_json_get_str(json, "login"), "ann");
	assert_string_equal(au_json_get_str(json, "secret"), fake_target_find(s->target, "ann")->secret);
	stage_assert_audited(s, id, "secret.take");
	assert_not_on_disk(s, au_json_get_str(json, "secret"));
	assert_int_equal(stage_talk(s, "POST", "/v1/users/ann/secrets/room/take", NULL, &json), 404);
	assert_null(au_json_get_str(json, "secret"));
	assert_int_equal(stage_talk(s, "POST", "/v1/users/bob/secrets/room/take", NULL, &json), 404);
	assert_int_equal(stage_talk(s, "POST", "/v1/users/ann/secrets/void/take", NULL, &json), 404);
}

static void
of_two_who_ask_at_once_one_gets_it(void **state)
{
	struct stage *s = *state;
	int one, two;
	const char *first, *second;

	stage_run(s);
	one = stage_send(s, "POST", "/v1/users/ann/secrets/room/take", NULL);
	two = stage_send(s, "POST", "/v1/users/ann/secrets/room/take", NULL);
	first = stage_receive(s, one);
	second = stage_receive(s, two);
	assert_int_equal((strstr(first, "\"secret\"") != NULL) + (strstr(second, "\"secret\"") != NULL), 1);
}

static int
store_foreign_secret(struct au_store_tx *tx, void *arg, struct au_err *err)
{
	static const unsigned char junk[100] = { 7 };
	const struct au_sealed_row row = { .account_id = arg, .sealed = junk, .len = sizeof(junk), .ready = true };

	return au_store_sealed_put(tx, &row, err);
}

static void
secret_that_cannot_be_opened_is_kept(void **state)
{
	struct stage *s = *state;
	const json_t *json;
	char *id;

	stage_run(s);
	assert_int_equal(stage_talk(s, "GET", "/v1/users/ann", NULL, &json), 200);
	id = au_arena_strdup(s->arena, au_json_get_str(json_array_get(json_object_get(json, "accounts"), 0), "id"));
	stage_store(s, store_foreign_secret, id);
	assert_int_equal(stage_talk(s, "POST", "/v1/users/ann/secrets/room/take", NULL, &json), 400);
	assert_int_equal(stage_talk(s, "POST", "/v1/users/ann/secrets/room/take", NULL, &json), 400);
}

static void
test_of_a_source_has_bounds_and_needs_its_process(void **state)
{
	static const char *const wrong[] = { "{\"entries\":0}", "{\"entries\":\"all\"}", "{\"timeout_ms\":0}",
		"{\"shown\":-1}", "{\"changed\":1}", "{\"why\":1}" };
	struct stage *s = *state;
	const json_t *json;

	for (size_t i = 0; i < AU_COUNT(wrong); i++)
		if (stage_talk(s, "POST", "/v1/sources/corp/test", wrong[i], NULL) != 400)
			fail_msg("%s", wrong[i]);
	assert_int_equal(stage_talk(s, "POST", "/v1/sources/void/test", NULL, NULL), 404);
	assert_int_equal(stage_talk(s, "POST", "/v1/sources/okta/test", NULL, NULL), 404);
	/* Its process is not there. */
	assert_int_equal(stage_talk(s, "POST", "/v1/sources/corp/test", NULL, &json), 503);
	assert_non_null(
	    strstr(au_json_get_str(json_object_get(json, "error"), "text"), "the process that looks at the source"));
}

#define LIVE(name) cmocka_unit_test_setup_teardown(name, stage_set_up, stage_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		LIVE(apply_runs_to_the_end),
		LIVE(client_that_leaves_during_a_run_harms_nobody),
		LIVE(resync_reaches_the_source_and_the_audit),
		LIVE(pause_and_resume_are_written_down_with_their_reasons),
		LIVE(test_of_a_source_has_bounds_and_needs_its_process),
		LIVE(targets_are_paused_with_a_reason_and_resumed),
		LIVE(quarantined_users_are_listed_and_released),
		LIVE(one_user_is_done_now),
		LIVE(token_is_told_once_and_works),
		LIVE(client_is_shown_with_what_it_was_recognised_as),
		LIVE(client_has_at_most_two_live_tokens),
		LIVE(tokens_are_for_configured_clients_only),
		LIVE(tokens_carry_scopes),
		LIVE(wrong_scopes_make_no_token),
		LIVE(one_token_of_two_is_revoked),
		LIVE(secret_is_handed_over_once),
		LIVE(of_two_who_ask_at_once_one_gets_it),
		LIVE(secret_that_cannot_be_opened_is_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
