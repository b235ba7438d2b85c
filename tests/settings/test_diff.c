/* SPDX-License-Identifier: ISC */
/* What a reload would change, told block by block. */
#include "base/io.h"
#include "settings/diff.h"
#include "settings/rows.h"
#include "tests/settings/fake.h"
#include "tests/unit.h"

#include <string.h>
#include <unistd.h>

#define SOURCE(name, more)                                                                                             \
	"{ name = \"" name "\"; servers = [ \"ldap://127.0.0.1\" ]; bind = \"anonymous\"; people_base = \"dc=p\"; "    \
	"groups_base = \"dc=g\"; " more " }"
#define TARGET(name, options) "{ name = \"" name "\"; plugin = \"fake\"; options = { " options " }; }"
#define TEMPLATE(name, role) "{ name = \"" name "\"; target = \"room\"; rights = { roles = [ \"" role "\" ]; }; }"
#define RULE(name, group) "{ name = \"" name "\"; source = \"corp\"; group = \"" group "\"; template = \"t\"; }"

static const char base[] = "sources = ( " SOURCE("corp", "") ", " SOURCE(
    "lab", "") " );\n"
	       "targets = ( " TARGET("room", "url = \"u\";") " );\n"
							     "templates = ( " TEMPLATE(
								 "t", "reader") " );\n"
										"rules = ( " RULE("one", "a") ", " RULE(
										    "two", "b") " );\n";

static struct au_settings *
read_text(const char *text)
{
	char path[] = "/tmp/apiuserd-diff-XXXXXX";
	struct au_settings *settings = NULL;
	struct au_err err = { 0 };
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	assert_int_equal(au_io_write_all(fd, text, strlen(text), NULL), 0);
	close(fd);
	if (au_settings_read(path, fake_describe, NULL, &settings, &err) < 0)
		print_error("%s\n", err.text);
	unlink(path);
	assert_non_null(settings);
	return settings;
}

static void
note(void *ctx, const char *section, const char *name, enum au_change change)
{
	au_str_printf(ctx, "%s %s %s\n", section, name ? name : "-", au_change_name(change));
}

static void
expect_diff(const char *before, const char *after, const char *expected)
{
	AU_CLEANUP(au_str_done) struct au_str told = AU_STR_INIT;
	struct au_settings *old = read_text(before), *new = read_text(after);

	au_settings_diff(old, new, note, &told);
	assert_string_equal(au_str_get(&told), expected);
	au_settings_free(old);
	au_settings_free(new);
}

static void
equal_files_have_no_difference(void **state)
{
	(void)state;
	expect_diff(base, base, "");
}

static void
spelling_of_a_value_is_no_difference(void **state)
{
	(void)state;
	expect_diff("reconcile = { interval = \"120min\"; };", "reconcile = { interval = \"2h\"; };", "");
	expect_diff("", "reconcile = { interval = \"1h\"; };", "");
}

static void
option_that_may_change_live_is_told_as_such(void **state)
{
	(void)state;
	expect_diff("", "daemon = { log_level = \"debug\"; }; reconcile = { grace = \"7d\"; };",
	    "daemon - changed\nreconcile - changed\n");
}

static void
option_that_needs_a_restart_wins(void **state)
{
	(void)state;
	expect_diff("", "daemon = { log_level = \"debug\"; state_dir = \"/tmp\"; };", "daemon - restarted\n");
	expect_diff("", "scim = { max_results = 50; listen = [ \"127.0.0.1:0\" ]; };", "scim - changed\n");
}

static void
changed_source_is_restarted_alone(void **state)
{
	(void)state;
	expect_diff("sources = ( " SOURCE("corp", "") ", " SOURCE("lab", "") " );",
	    "sources = ( " SOURCE("corp", "") ", " SOURCE("lab", "attr_mail = \"email\";") " );",
	    "sources lab restarted\n");
}

static void
blocks_come_and_go(void **state)
{
	(void)state;
	expect_diff("sources = ( " SOURCE("corp", "") " ); scim_clients = ( { name = \"okta\"; } );",
	    "sources = ( " SOURCE("lab", "") " );",
	    "sources lab added\nsources corp removed\nscim_clients okta removed\n");
}

static void
plugin_decides_which_of_its_options_need_a_restart(void **state)
{
	(void)state;
	expect_diff("targets = ( " TARGET("room", "url = \"u\";") " );",
	    "targets = ( " TARGET("room", "url = \"u\"; tries = 4;") " );", "targets room changed\n");
	expect_diff("targets = ( " TARGET("room", "url = \"u\";") " );",
	    "targets = ( " TARGET("room", "url = \"v\";") " );", "targets room restarted\n");
}

static void
changed_template_and_rule_are_told(void **state)
{
	(void)state;
	expect_diff(base,
	    "sources = ( " SOURCE("corp", "") ", " SOURCE("lab",
		"") " );\n"
		    "targets = ( " TARGET("room", "url = \"u\";") " );\n"
								  "templates = ( " TEMPLATE("t",
								      "writer") " );\n"
										"rules = ( " RULE("one", "c") ", " RULE(
										    "two", "b") " );\n",
	    "templates t changed\nrules one changed\n");
}

static void
another_order_is_told_for_the_list(void **state)
{
	(void)state;
	expect_diff(base,
	    "sources = ( " SOURCE("lab", "") ", " SOURCE("corp",
		"") " );\n"
		    "targets = ( " TARGET("room", "url = \"u\";") " );\n"
								  "templates = ( " TEMPLATE("t",
								      "reader") " );\n"
										"rules = ( " RULE("two", "b") ", " RULE(
										    "one", "a") " );\n",
	    "sources - changed\nrules - changed\n");
}

static void
removal_in_front_is_no_other_order(void **state)
{
	(void)state;
	expect_diff(base,
	    "sources = ( " SOURCE("corp", "") ", " SOURCE("lab",
		"") " );\n"
		    "targets = ( " TARGET("room", "url = \"u\";") " );\n"
								  "templates = ( " TEMPLATE("t",
								      "reader") " );\n"
										"rules = ( " RULE("two", "b") " );\n",
	    "rules one removed\n");
}

#define SCHEMA(options, attributes)                                                                                    \
	"scim_schemas = ( { name = \"Badge\"; urn = \"urn:example:badge\"; extends = \"User\"; " options               \
	" attributes = ( " attributes " ); } );\n"

static void
schemas_are_taken_over_as_they_are(void **state)
{
	static const char before[] =
	    SCHEMA("", "{ name = \"a\"; type = \"complex\"; sub_attributes = ( { name = \"b\"; } ); }");

	(void)state;
	expect_diff(before, before, "");
	expect_diff("", before, "scim_schemas Badge added\n");
	expect_diff(before,
	    SCHEMA("required = true;", "{ name = \"a\"; type = \"complex\"; sub_attributes = ( { name = "
				       "\"b\"; } ); }"),
	    "scim_schemas Badge changed\n");
	expect_diff(before, SCHEMA("", "{ name = \"a\"; type = \"complex\"; sub_attributes = ( { name = \"c\"; } ); }"),
	    "scim_schemas Badge changed\n");
	expect_diff(before, SCHEMA("", "{ name = \"a\"; }"), "scim_schemas Badge changed\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(equal_files_have_no_difference),
		cmocka_unit_test(spelling_of_a_value_is_no_difference),
		cmocka_unit_test(option_that_may_change_live_is_told_as_such),
		cmocka_unit_test(option_that_needs_a_restart_wins),
		cmocka_unit_test(changed_source_is_restarted_alone),
		cmocka_unit_test(blocks_come_and_go),
		cmocka_unit_test(plugin_decides_which_of_its_options_need_a_restart),
		cmocka_unit_test(changed_template_and_rule_are_told),
		cmocka_unit_test(another_order_is_told_for_the_list),
		cmocka_unit_test(removal_in_front_is_no_other_order),
		cmocka_unit_test(schemas_are_taken_over_as_they_are),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
