/* SPDX-License-Identifier: ISC */
/* What a good file becomes. */
#include "base/json.h"
#include "tests/settings/fake.h"
#include "tests/unit.h"

#include <string.h>

struct fixture {
	struct au_settings *settings;
	size_t describe_calls;
};

static int
set_up(void **state)
{
	AU_CLEANUP(au_freep) char *path = fake_path("good.conf");
	struct fixture *f = au_xcalloc(1, sizeof *f);
	struct au_err err = { 0 };

	*state = f;
	if (au_settings_read(path, fake_describe, &f->describe_calls, &f->settings, &err) == 0)
		return 0;
	print_error("%s\n", err.text);
	return -1;
}

static int
tear_down(void **state)
{
	struct fixture *f = *state;

	au_settings_free(f->settings);
	free(f);
	return 0;
}

static void
given_values_win_over_defaults(void **state)
{
	const struct au_settings *s = ((struct fixture *)*state)->settings;

	assert_string_equal(au_values_str(s->daemon, "state_dir"), "/srv/apiuserd");
	assert_string_equal(au_values_str(s->daemon, "log_level"), "debug");
	assert_int_equal(au_values_num(s->reconcile, "interval"), 2 * 3600 * 1000);
	assert_int_equal(au_values_num(s->reconcile, "guard_percent"), 20);
	assert_int_equal(au_values_num(s->scim, "max_body"), 2 << 20);
}

static void
what_is_not_given_has_its_default(void **state)
{
	const struct au_settings *s = ((struct fixture *)*state)->settings;

	assert_int_equal(au_values_num(s->reconcile, "guard_count"), 5);
	assert_int_equal(au_values_num(s->reconcile, "grace"), 30LL * 24 * 3600 * 1000);
	assert_int_equal(au_values_num(s->scim, "max_head"), 16 << 10);
	assert_string_equal(au_values_str(au_settings_source(s, "corp")->values, "attr_display_name"), "cn");
	assert_null(au_values_str(s->daemon, "master_key"));
}

static void
list_may_be_written_with_either_bracket(void **state)
{
	const struct au_settings *s = ((struct fixture *)*state)->settings;

	assert_int_equal(au_values_count(s->control, "operators"), 2);
	assert_int_equal(au_values_count(s->control, "viewers"), 1);
	assert_string_equal(au_values_item(s->control, "viewers", 0), "monitor");
}

static void
blocks_are_found_by_name_and_know_their_line(void **state)
{
	const struct au_settings *s = ((struct fixture *)*state)->settings;

	assert_int_equal(s->source_count, 2);
	assert_int_equal(au_settings_source(s, "corp")->line, 8);
	assert_non_null(au_settings_client(s, "okta"));
	assert_null(au_settings_source(s, "okta"));
	assert_non_null(au_settings_target(s, "other"));
	assert_null(au_settings_target(s, "nobody"));
	assert_string_equal(au_settings_template(s, "writer")->target, "other");
	assert_null(au_settings_template(s, "nobody"));
}

static void
plugin_is_asked_once_for_all_its_targets(void **state)
{
	const struct fixture *f = *state;

	assert_int_equal(f->settings->target_count, 2);
	assert_int_equal(f->describe_calls, 1);
	assert_ptr_equal(f->settings->targets[0].describe, f->settings->targets[1].describe);
}

static const struct au_pool_spec *
find_pool(const struct au_target_block *target, const char *name)
{
	for (size_t i = 0; i < target->pool_count; i++)
		if (strcmp(target->pools[i].row.name, name) == 0)
			return &target->pools[i];
	return NULL;
}

static void
pools_are_the_plugins_with_what_is_configured_and_our_own(void **state)
{
	const struct au_settings *s = ((struct fixture *)*state)->settings;
	const struct au_target_block *room = au_settings_target(s, "room"), *other = au_settings_target(s, "other");
	const struct au_pool_spec *slots = find_pool(room, "slots"), *own = find_pool(room, "own");

	assert_int_equal(room->pool_count, 4);
	assert_int_equal(other->pool_count, 3);
	assert_true(slots->configured);
	assert_int_equal(slots->row.limit, 10);
	assert_int_equal(slots->limit, 8);
	assert_int_equal(slots->reserve, 1);
	assert_int_equal(slots->warn, 2);
	assert_int_equal(slots->warn_percent, 10);
	assert_int_equal(own->row.units, 0);
	assert_int_equal(own->row.flags, AU_POOL_ACTIVE | AU_POOL_BILLED);
	assert_int_equal(own->beyond, AU_BEYOND_TELL);
	assert_int_equal(slots->beyond, AU_BEYOND_WAIT);
	assert_int_equal(find_pool(other, "slots")->limit, -1);
	assert_false(find_pool(other, "slots")->configured);
	/* what the limits of the product say is a pool, too */
	assert_int_equal(find_pool(other, "accounts")->row.limit, 500);
	assert_null(find_pool(other, "active"));
	assert_string_equal(au_settings_template(s, "reader")->takes, "{\"desks\":2,\"own\":1}");
	assert_null(au_settings_template(s, "writer")->takes);
}

static void
target_options_stay_as_they_were_written(void **state)
{
	const struct au_settings *s = ((struct fixture *)*state)->settings;
	AU_CLEANUP(au_freep) char *room = au_json_canonical(au_settings_target(s, "room")->options);
	AU_CLEANUP(au_freep) char *other = au_json_canonical(au_settings_target(s, "other")->options);

	assert_string_equal(room, "{\"tries\":3,\"url\":\"https://room.example.com\"}");
	assert_string_equal(other, "{\"url\":\"https://other.example.com\"}");
}

static void
template_rights_have_their_defaults(void **state)
{
	const struct au_settings *s = ((struct fixture *)*state)->settings;
	const struct au_template *template = au_settings_template(s, "reader");

	assert_string_equal(template->rights, "{\"level\":\"low\",\"roles\":[\"reader\"],\"wait\":\"5min\"}");
	assert_null(template->canonical);
	assert_null(template->problem);
}

static void
groups_of_directories_are_dns_when_they_look_like_one(void **state)
{
	const struct au_settings *s = ((struct fixture *)*state)->settings;

	assert_int_equal(s->rule_count, 4);
	assert_true(s->rules[0].is_dn);
	assert_string_equal(s->rules[0].group, "CN=API-HR, OU=Groups, DC=example, DC=com");
	assert_string_equal(s->rules[0].group_norm, "cn=api-hr,ou=groups,dc=example,dc=com");
	assert_false(s->rules[1].is_dn);
	assert_string_equal(s->rules[1].group_norm, "api-users");
}

static void
group_of_a_scim_client_is_always_a_name(void **state)
{
	const struct au_settings *s = ((struct fixture *)*state)->settings;

	assert_false(s->rules[2].is_dn);
	assert_string_equal(s->rules[2].group_norm, "team=red");
}

static void
star_means_everybody(void **state)
{
	const struct au_settings *s = ((struct fixture *)*state)->settings;

	assert_string_equal(s->rules[3].group, "*");
	assert_null(s->rules[3].group_norm);
	assert_false(s->rules[3].is_dn);
}

static void
held_settings_outlive_their_first_owner(void **state)
{
	AU_CLEANUP(au_freep) char *path = fake_path("good.conf");
	struct au_settings *settings = NULL;

	(void)state;
	assert_int_equal(au_settings_read(path, fake_describe, NULL, &settings, NULL), 0);
	assert_ptr_equal(au_settings_hold(settings), settings);
	au_settings_free(settings);
	assert_string_equal(settings->file, path);
	au_settings_free(settings);
	au_settings_free(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(given_values_win_over_defaults),
		cmocka_unit_test(what_is_not_given_has_its_default),
		cmocka_unit_test(list_may_be_written_with_either_bracket),
		cmocka_unit_test(blocks_are_found_by_name_and_know_their_line),
		cmocka_unit_test(plugin_is_asked_once_for_all_its_targets),
		cmocka_unit_test(pools_are_the_plugins_with_what_is_configured_and_our_own),
		cmocka_unit_test(target_options_stay_as_they_were_written),
		cmocka_unit_test(template_rights_have_their_defaults),
		cmocka_unit_test(groups_of_directories_are_dns_when_they_look_like_one),
		cmocka_unit_test(group_of_a_scim_client_is_always_a_name),
		cmocka_unit_test(star_means_everybody),
		cmocka_unit_test(held_settings_outlive_their_first_owner),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
