/* SPDX-License-Identifier: ISC */
/* What daemon and source say to each other survives the way, and nothing else is taken for it. */
#include "tests/unit.h"

#include "wire/source_read.h"
#include "wire/source_start.h"

#include "base/str.h"

#include <string.h>

static json_t *
parse(const char *text)
{
	json_t *json = NULL;

	assert_int_equal(au_json_parse(text, strlen(text), AU_JSON_DEPTH, &json, NULL), 0);
	return json;
}

static struct au_source_config
some_config(const json_t *servers)
{
	return (struct au_source_config){ .name = "corp",
		.kind = "ldap",
		.servers = servers,
		.ca_file = "/ca.pem",
		.tls_min = "1.2",
		.ocsp = "off",
		.bind = "simple",
		.bind_dn = "cn=reader",
		.people_base = "ou=people",
		.people_filter = "(a=b)",
		.groups_base = "ou=groups",
		.groups_filter = "(c=d)",
		.vendor = "auto",
		.follow = "auto",
		.attr_user_name = "uid",
		.attr_mail = "mail",
		.attr_display_name = "cn",
		.attr_given_name = "givenName",
		.attr_family_name = "sn",
		.attr_group_name = "cn",
		.attr_member_url = "memberURL",
		.primary_group = "auto",
		.nested = "walk",
		.connect_timeout = 1,
		.operation_timeout = 2,
		.probe_interval = 3,
		.poll_interval = 8,
		.poll_recent = 9,
		.accesslog = "cn=accesslog",
		.accesslog_from = 10,
		.full_compare = 4,
		.max_message = 5,
		.max_members = 12,
		.window = 10,
		.member_lists = 11,
		.retry_cap = 6,
		.starttls = true };
}

static void
start_carries_all_and_is_wiped_of_secrets(void **state)
{
	AU_CLEANUP(au_json_decrefp) json_t *servers = parse("[\"ldap://a\",\"ldap://b\"]");
	struct au_source_config config = some_config(servers);
	AU_CLEANUP(au_json_decrefp) json_t *options = au_source_config_to_json(&config);
	AU_CLEANUP(au_json_decrefp)
	json_t *json = au_source_start_to_json(options, &(struct au_source_start){ .password = "canary-password",
							    .client_key = "canary-key",
							    .cookies = { "one", NULL },
							    .compare_in = 7 });
	struct au_source_start start;

	(void)state;
	assert_int_equal(au_source_msg_kind(json), AU_MSG_START);
	assert_int_equal(au_source_start_from_json(json, &start, NULL), 0);
	assert_string_equal(start.config.name, "corp");
	assert_string_equal(json_string_value(json_array_get(start.config.servers, 1)), "ldap://b");
	assert_null(start.config.client_certificate);
	assert_int_equal(json_array_size(start.config.attr_member), 0);
	assert_int_equal(start.config.retry_cap, 6);
	assert_true(start.config.starttls);
	assert_false(start.config.insecure);
	assert_string_equal(start.password, "canary-password");
	assert_string_equal(start.client_key, "canary-key");
	assert_string_equal(start.cookies[AU_SEARCH_PEOPLE], "one");
	assert_null(start.cookies[AU_SEARCH_GROUPS]);
	assert_int_equal(start.compare_in, 7);

	au_source_start_wipe(json);
	AU_CLEANUP(au_freep) char *text = au_json_text(json);
	assert_null(strstr(text, "canary"));
}

/* Of a directory. */
static bool
is_needed(const struct au_source_field *field)
{
	return field->required || strcmp(field->name, "servers") == 0 || strcmp(field->name, "people_base") == 0 ||
	       strcmp(field->name, "groups_base") == 0;
}

static void
attempt_carries_its_bounds_and_its_report(void **state)
{
	AU_CLEANUP(au_json_decrefp) json_t *servers = parse("[\"ldap://a\"]");
	const struct au_source_config config = some_config(servers);
	AU_CLEANUP(au_json_decrefp) json_t *options = au_source_config_to_json(&config);
	json_t *json =
	    au_source_try_to_json(options, &(struct au_source_try){ .start = { .password = "canary-password" },
					       .timeout_ms = 1,
					       .entries = 2,
					       .shown = 3,
					       .password_file = "/p" });
	struct au_source_try attempt;
	const json_t *report;

	(void)state;
	assert_int_equal(au_source_msg_kind(json), AU_MSG_TRY);
	assert_int_equal(au_source_try_from_json(json, &attempt, NULL), 0);
	assert_string_equal(attempt.start.config.name, "corp");
	assert_string_equal(attempt.start.password, "canary-password");
	assert_int_equal(attempt.timeout_ms, 1);
	assert_int_equal(attempt.entries, 2);
	assert_int_equal(attempt.shown, 3);
	assert_string_equal(attempt.password_file, "/p");
	assert_null(attempt.token_file);
	au_json_set_int(json, "entries", 0);
	assert_int_equal(au_source_try_from_json(json, &attempt, NULL), AU_EPROTO);
	json_decref(json);

	json = au_source_tried_to_json(json_pack("{s:s}", "source", "corp"));
	assert_int_equal(au_source_msg_kind(json), AU_MSG_TRIED);
	assert_int_equal(au_source_tried_from_json(json, &report, NULL), 0);
	assert_string_equal(au_json_get_str(report, "source"), "corp");
	json_object_del(json, "report");
	assert_int_equal(au_source_tried_from_json(json, &report, NULL), AU_EPROTO);
	json_decref(json);
}

static void
owner_is_asked_for_and_told_of(void **state)
{
	AU_CLEANUP(au_json_decrefp) json_t *asked = au_source_owner_to_json("uid=a");
	AU_CLEANUP(au_json_decrefp)
	json_t *told = au_source_owned_to_json(
	    &(struct au_source_owned){ .dn_norm = "uid=a", .verdict = AU_LOOKUP_FOUND, .name = "a@b" });
	struct au_source_owned owned;
	const char *dn_norm;

	(void)state;
	assert_int_equal(au_source_msg_kind(asked), AU_MSG_OWNER);
	assert_int_equal(au_source_owner_from_json(asked, &dn_norm, NULL), 0);
	assert_string_equal(dn_norm, "uid=a");
	assert_int_equal(au_source_owner_from_json(told, &dn_norm, NULL), 0);
	assert_int_equal(au_source_msg_kind(told), AU_MSG_OWNED);
	assert_int_equal(au_source_owned_from_json(told, &owned, NULL), 0);
	assert_string_equal(owned.name, "a@b");
	json_object_del(told, "name");
	assert_int_equal(au_source_owned_from_json(told, &owned, NULL), AU_EPROTO);
	au_json_set_str(told, "verdict", "absent");
	assert_int_equal(au_source_owned_from_json(told, &owned, NULL), 0);
	json_object_del(told, "dn_norm");
	assert_int_equal(au_source_owned_from_json(told, &owned, NULL), AU_EPROTO);
}

static void
start_without_what_is_needed_is_refused(void **state)
{
	AU_CLEANUP(au_json_decrefp) json_t *servers = parse("[\"ldap://a\"]");
	struct au_source_config config = some_config(servers);
	struct au_source_start start;

	(void)state;
	for (const struct au_source_field *field = au_source_fields; field->name != NULL; field++) {
		AU_CLEANUP(au_json_decrefp) json_t *options = au_source_config_to_json(&config);
		json_object_set_new(options, field->name, json_object());
		AU_CLEANUP(au_json_decrefp)
		json_t *wrong = au_source_start_to_json(options, &(struct au_source_start){ 0 });
		if (au_source_start_from_json(wrong, &start, NULL) != AU_EPROTO)
			fail_msg("'%s' of a wrong type was taken", field->name);
		json_object_del(options, field->name);
		AU_CLEANUP(au_json_decrefp)
		json_t *less = au_source_start_to_json(options, &(struct au_source_start){ 0 });
		if (au_source_start_from_json(less, &start, NULL) != (is_needed(field) ? AU_EPROTO : 0))
			fail_msg("'%s' missing", field->name);
	}
	AU_CLEANUP(au_json_decrefp) json_t *bare = parse("{\"msg\":\"start\"}");
	assert_int_equal(au_source_start_from_json(bare, &start, NULL), AU_EPROTO);
}

static void
start_of_a_scim_service_needs_its_url_and_nothing_of_a_directory(void **state)
{
	struct au_source_config config = some_config(NULL);
	struct au_source_start start;

	(void)state;
	config.kind = "scim";
	config.people_base = config.groups_base = NULL;
	AU_CLEANUP(au_json_decrefp) json_t *without = au_source_config_to_json(&config);
	AU_CLEANUP(au_json_decrefp)
	json_t *wrong = au_source_start_to_json(without, &(struct au_source_start){ 0 });
	assert_int_equal(au_source_start_from_json(wrong, &start, NULL), AU_EPROTO);

	config.url = "https://idp.example.com";
	AU_CLEANUP(au_json_decrefp) json_t *with = au_source_config_to_json(&config);
	AU_CLEANUP(au_json_decrefp)
	json_t *right = au_source_start_to_json(
	    with, &(struct au_source_start){ .token = "canary-token", .client_secret = "canary-secret" });
	assert_int_equal(au_source_start_from_json(right, &start, NULL), 0);
	assert_string_equal(start.config.url, "https://idp.example.com");
	assert_string_equal(start.token, "canary-token");
	assert_string_equal(start.client_secret, "canary-secret");
	au_source_start_wipe(right);
	AU_CLEANUP(au_freep) char *text = au_json_text(right);
	assert_null(strstr(text, "canary"));
}

static void
batch_comes_back(void **state)
{
	struct au_source_batch batch = { .seq = 9,
		.search = AU_SEARCH_GROUPS,
		.more = true,
		.compare = true,
		.step = AU_STEP_BEGIN,
		.reading = AU_READING_COMPARE,
		.held = true,
		.ask = 5,
		.ask_most = 6,
		.cookie = "c" };
	struct au_source_batch back;

	(void)state;
	AU_CLEANUP(au_json_decrefp) json_t *json = au_source_batch_to_json(&batch);
	assert_int_equal(au_source_batch_from_json(json, &back, NULL), 0);
	assert_int_equal(back.seq, 9);
	assert_int_equal(back.search, AU_SEARCH_GROUPS);
	assert_true(back.more && back.compare && back.held);
	assert_int_equal(back.ask, 5);
	assert_int_equal(back.ask_most, 6);
	assert_int_equal(back.step, AU_STEP_BEGIN);
	assert_int_equal(back.reading, AU_READING_COMPARE);
	assert_string_equal(back.cookie, "c");
}

static void
small_messages_come_back(void **state)
{
	AU_CLEANUP(au_json_decrefp) json_t *ack = au_source_ack_to_json(3);
	AU_CLEANUP(au_json_decrefp)
	json_t *lookup = au_source_lookup_to_json(&(struct au_source_lookup){ .id = 4, .dn = "uid=a" });
	AU_CLEANUP(au_json_decrefp)
	json_t *reread = au_source_reread_to_json(
	    &(struct au_source_reread){ .search = AU_SEARCH_GROUPS, .id = "i", .dn = "cn=g", .ask = 8 });
	AU_CLEANUP(au_json_decrefp)
	json_t *fresh = au_source_fresh_to_json(&(struct au_source_fresh){ .ask = 8, .verdict = AU_LOOKUP_ABSENT });
	AU_CLEANUP(au_json_decrefp) json_t *compare = au_source_compare_to_json(AU_SEARCH_GROUPS);
	AU_CLEANUP(au_json_decrefp)
	json_t *link = au_source_link_to_json(
	    &(struct au_source_link){ .state = AU_LINK_QUARANTINE, .text = "no", .retry_in = 5, .refused = true });
	AU_CLEANUP(au_json_decrefp) json_t *effective = parse("{\"attr_id\":\"entryUUID\"}");
	AU_CLEANUP(au_json_decrefp)
	json_t *server = au_source_server_to_json(&(struct au_source_server){
	    .url = "ldap://a",
	    .vendor = "generic",
	    .product = "",
	    .cover = AU_COVER_NONE,
	    .way = "polled",
	    .log = "in use",
	    .effective = effective });
	AU_CLEANUP(au_json_decrefp)
	json_t *absent =
	    au_source_resolved_to_json(&(struct au_source_resolved){ .id = 6, .verdict = AU_LOOKUP_ABSENT });
	AU_CLEANUP(au_json_decrefp) json_t *ids = parse("[\"u1\", \"u2\"]");
	AU_CLEANUP(au_json_decrefp)
	json_t *unseen = au_source_unseen_to_json(
	    &(struct au_source_unseen){ .search = AU_SEARCH_GROUPS, .ask = 7, .ids = ids, .count = 9 });
	struct au_source_unseen unseen_back;
	struct au_source_lookup asked;
	struct au_source_reread again;
	struct au_source_fresh fresh_back;
	struct au_source_link state_back;
	struct au_source_server server_back;
	struct au_source_resolved resolved;
	enum au_search search;
	long long seq;

	(void)state;
	assert_int_equal(au_source_ack_from_json(ack, &seq, NULL), 0);
	assert_int_equal(seq, 3);
	assert_int_equal(au_source_lookup_from_json(lookup, &asked, NULL), 0);
	assert_string_equal(asked.dn, "uid=a");
	assert_int_equal(au_source_unseen_from_json(unseen, &unseen_back, NULL), 0);
	assert_int_equal(unseen_back.search, AU_SEARCH_GROUPS);
	assert_int_equal(unseen_back.ask, 7);
	assert_int_equal(unseen_back.count, 9);
	assert_int_equal(json_array_size(unseen_back.ids), 2);
	json_array_append_new(ids, json_integer(3));
	assert_int_equal(au_source_unseen_from_json(unseen, &unseen_back, NULL), AU_EPROTO);
	assert_int_equal(au_source_reread_from_json(reread, &again, NULL), 0);
	assert_string_equal(again.dn, "cn=g");
	assert_int_equal(again.search, AU_SEARCH_GROUPS);
	assert_int_equal(again.ask, 8);
	json_object_del(reread, "search");
	assert_int_equal(au_source_reread_from_json(reread, &again, NULL), AU_EPROTO);
	assert_int_equal(au_source_fresh_from_json(fresh, &fresh_back, NULL), 0);
	assert_int_equal(fresh_back.ask, 8);
	assert_int_equal(fresh_back.verdict, AU_LOOKUP_ABSENT);
	json_object_del(fresh, "ask");
	assert_int_equal(au_source_fresh_from_json(fresh, &fresh_back, NULL), AU_EPROTO);
	assert_int_equal(au_source_server_from_json(server, &server_back, NULL), 0);
	assert_string_equal(au_json_get_str(server_back.effective, "attr_id"), "entryUUID");
	assert_string_equal(server_back.url, "ldap://a");
	assert_string_equal(server_back.vendor, "generic");
	assert_string_equal(server_back.cover, AU_COVER_NONE);
	assert_string_equal(server_back.product, "");
	assert_string_equal(server_back.way, "polled");
	assert_string_equal(server_back.log, "in use");
	json_object_del(server, "way");
	assert_int_equal(au_source_server_from_json(server, &server_back, NULL), AU_EPROTO);
	assert_int_equal(au_source_compare_from_json(compare, &search, NULL), 0);
	assert_int_equal(search, AU_SEARCH_GROUPS);
	assert_int_equal(au_source_link_from_json(link, &state_back, NULL), 0);
	assert_int_equal(state_back.state, AU_LINK_QUARANTINE);
	assert_int_equal(state_back.retry_in, 5);
	assert_true(state_back.refused);
	assert_int_equal(au_source_resolved_from_json(absent, &resolved, NULL), 0);
	assert_int_equal(resolved.verdict, AU_LOOKUP_ABSENT);
}

static const char *const wrong_batches[] = {
	"{}",
	"{\"search\":\"people\"}",
	"{\"search\":\"folk\",\"step\":\"none\",\"reading\":\"none\"}",
	"{\"search\":\"people\",\"step\":\"jump\",\"reading\":\"none\"}",
	"{\"search\":\"people\",\"step\":\"none\",\"reading\":1}",
};

static void
wrong_batches_are_refused(void **state)
{
	struct au_source_batch batch;

	(void)state;
	for (size_t i = 0; i < AU_COUNT(wrong_batches); i++) {
		AU_CLEANUP(au_json_decrefp) json_t *json = parse(wrong_batches[i]);
		if (au_source_batch_from_json(json, &batch, NULL) != AU_EPROTO)
			fail_msg("%s was taken", wrong_batches[i]);
	}
}

static void
unknown_messages_have_no_kind(void **state)
{
	AU_CLEANUP(au_json_decrefp) json_t *unknown = parse("{\"msg\":\"sing\"}");
	AU_CLEANUP(au_json_decrefp) json_t *none = parse("{}");
	AU_CLEANUP(au_json_decrefp) json_t *beat = au_source_msg_plain(AU_MSG_HEARTBEAT);

	(void)state;
	assert_int_equal(au_source_msg_kind(unknown), AU_MSG_NONE);
	assert_int_equal(au_source_msg_kind(none), AU_MSG_NONE);
	assert_int_equal(au_source_msg_kind(beat), AU_MSG_HEARTBEAT);
}

static void
reading_survives_the_way(void **state)
{
	struct au_source_read read = { .kind = AU_READING_COMPARE,
		.way = "paged",
		.cookie_before = "before",
		.pages = 1,
		.ranges = 2,
		.referrals = 3,
		.depth = 4,
		.entries = 5,
		.values = 6,
		.started_ms = 7,
		.took_ms = 8,
		.code = 9,
		.verdict = AU_READ_PARTIAL,
		.why = "a reason",
		.unknown = 10,
		.removed = 11,
		.missing = 12,
		.held = 13 };
	AU_CLEANUP(au_json_decrefp) json_t *json = au_source_read_to_json(&read), *again = NULL;
	struct au_source_read out;

	(void)state;
	assert_int_equal(au_source_read_from_json(json, &out, NULL), 0);
	assert_null(out.cookie_after);
	again = au_source_read_to_json(&out);
	assert_true(json_equal(json, again));
	assert_string_equal(au_json_get_str(json, "verdict"), "partial");
	assert_int_equal(out.held, 13);
}

static void
canary_comes_back(void **state)
{
	struct au_source_canary canary = { .search = AU_SEARCH_GROUPS, .dn = "cn=all" }, out;
	AU_CLEANUP(au_json_decrefp) json_t *json = au_source_canary_to_json(&canary), *bad = json_object();

	(void)state;
	assert_int_equal(au_source_canary_from_json(json, &out, NULL), 0);
	assert_int_equal(out.search, AU_SEARCH_GROUPS);
	assert_string_equal(out.dn, "cn=all");
	assert_int_equal(au_source_canary_from_json(bad, &out, NULL), AU_EPROTO);
	json_object_set_new(bad, "search", json_string("people"));
	assert_int_equal(au_source_canary_from_json(bad, &out, NULL), AU_EPROTO);
}

static void
reading_must_say_what_it_was(void **state)
{
	static const char *const bad[] = {
		"{}",
		"{\"kind\":\"whole\",\"verdict\":\"complete\"}",
		"{\"kind\":\"some\",\"way\":\"paged\",\"verdict\":\"complete\"}",
		"{\"kind\":\"whole\",\"way\":\"paged\",\"verdict\":\"perhaps\"}",
		"{\"kind\":\"whole\",\"way\":\"paged\",\"verdict\":1}",
		"{\"kind\":\"whole\",\"way\":\"paged\",\"verdict\":\"complete\",\"why\":1}",
	};

	(void)state;
	for (size_t i = 0; i < AU_COUNT(bad); i++) {
		AU_CLEANUP(au_json_decrefp) json_t *json = parse(bad[i]);
		struct au_source_read out;
		assert_int_equal(au_source_read_from_json(json, &out, NULL), AU_EPROTO);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(start_carries_all_and_is_wiped_of_secrets),
		cmocka_unit_test(attempt_carries_its_bounds_and_its_report),
		cmocka_unit_test(owner_is_asked_for_and_told_of),
		cmocka_unit_test(start_without_what_is_needed_is_refused),
		cmocka_unit_test(start_of_a_scim_service_needs_its_url_and_nothing_of_a_directory),
		cmocka_unit_test(batch_comes_back),
		cmocka_unit_test(small_messages_come_back),
		cmocka_unit_test(wrong_batches_are_refused),
		cmocka_unit_test(unknown_messages_have_no_kind),
		cmocka_unit_test(reading_survives_the_way),
		cmocka_unit_test(canary_comes_back),
		cmocka_unit_test(reading_must_say_what_it_was),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
