/* SPDX-License-Identifier: ISC */
/* The command line, and that the manual tells the same as the rows. */
#include "base/io.h"
#include "base/mem.h"
#include "ctl/command.h"
#include "ctl/usage.h"
#include "settings/rows.h"
#include "tests/unit.h"

#include <stdio.h>
#include <string.h>

#define WORDS_MAX 16

struct reading {
	char text[256];
	char *argv[WORDS_MAX];
	struct au_command_line line;
	struct au_err err;
};

/* Read a line given as words with blanks between. */
static int
read_line(struct reading *r, const char *text)
{
	char *word, *rest = r->text;
	int argc = 0;

	memset(r, 0, sizeof(*r));
	snprintf(r->text, sizeof(r->text), "apiuserctl %s", text);
	while ((word = strsep(&rest, " ")) != NULL && argc < WORDS_MAX - 1)
		if (*word != '\0')
			r->argv[argc++] = word;
	return au_command_line_read(argc, r->argv, &r->line, &r->err);
}

static void
options_stand_before_or_behind_the_command(void **state)
{
	static const char *const lines[] = { "--socket /s --json client add okta --lifetime 9d",
		"client add okta --socket=/s --json --lifetime=9d", "--json client add --socket /s --lifetime 9d okta",
		"client add --lifetime 9d --socket /s --json -- okta" };

	(void)state;
	for (size_t i = 0; i < AU_COUNT(lines); i++) {
		struct reading r;
		if (read_line(&r, lines[i]) < 0)
			fail_msg("%s: %s", lines[i], r.err.text);
		assert_ptr_equal(r.line.command, &au_command_client_add);
		assert_string_equal(r.line.socket, "/s");
		assert_true(r.line.ctl.json);
		assert_string_equal(au_ctl_value(&r.line.ctl, "lifetime"), "9d");
		assert_null(au_ctl_value(&r.line.ctl, "force"));
		assert_int_equal(r.line.ctl.arg_count, 1);
		assert_string_equal(r.line.ctl.args[0], "okta");
	}
}

/* I5: a default that daemon and client share is the same in both. */
static void
client_and_daemon_have_the_same_defaults(void **state)
{
	struct reading r;
	const struct au_opt *row = au_control_rows;

	(void)state;
	while (row->name != NULL && strcmp(row->name, "socket") != 0)
		row++;
	assert_non_null(row->name);
	assert_int_equal(read_line(&r, "status"), 0);
	assert_string_equal(r.line.socket, row->dflt);
}

static void
command_is_the_longest_name_that_fits(void **state)
{
	struct reading r;

	(void)state;
	assert_int_equal(read_line(&r, "sources"), 0);
	assert_ptr_equal(r.line.command, &au_command_sources);
	assert_string_equal(r.line.socket, RUNDIR "/control.sock");
	assert_int_equal(read_line(&r, "source resync corp"), 0);
	assert_ptr_equal(r.line.command, &au_command_source_resync);
	assert_int_equal(read_line(&r, "source pause corp --reason moving"), 0);
	assert_ptr_equal(r.line.command, &au_command_source_pause);
	assert_string_equal(au_ctl_value(&r.line.ctl, "reason"), "moving");
	assert_int_equal(read_line(&r, "audit verify --anchors -"), 0);
	assert_string_equal(au_ctl_value(&r.line.ctl, "anchors"), "-");
}

static void
wrong_lines_are_refused_with_the_word_that_is_wrong(void **state)
{
	static const struct {
		const char *line, *word;
	} rows[] = {
		{ "", "command" },
		{ "client", "'client'" },
		{ "steal", "'steal'" },
		{ "--sock", "value" },
		{ "--lifetime 9d client add okta", "--lifetime" },
		{ "client add okta --reason x", "--reason" },
		{ "client add", "NAME" },
		{ "client add okta entra", "NAME" },
		{ "status now", "status" },
		{ "explain", "USER [TARGET]" },
		{ "explain a b c", "USER [TARGET]" },
		{ "secret take ann", "USER TARGET" },
		{ "approve 7 --reason", "--reason" },
		{ "-x", "-x" },
	};

	(void)state;
	for (size_t i = 0; i < AU_COUNT(rows); i++) {
		struct reading r;
		if (read_line(&r, rows[i].line) != AU_EINVAL || strstr(r.err.text, rows[i].word) == NULL)
			fail_msg("%s: %s", rows[i].line, r.err.text);
	}
}

static void
help_needs_no_arguments(void **state)
{
	struct reading r;

	(void)state;
	assert_int_equal(read_line(&r, "secret take --help"), 0);
	assert_true(r.line.help);
	assert_ptr_equal(r.line.command, &au_command_secret_take);
	assert_int_equal(read_line(&r, "--help"), 0);
	assert_null(r.line.command);
}

static void
summary_names_every_command(void **state)
{
	AU_CLEANUP(au_str_done) struct au_str all = AU_STR_INIT;

	(void)state;
	au_usage_put(NULL, &all);
	for (const struct au_command *const *command = au_commands; *command != NULL; command++) {
		AU_CLEANUP(au_str_done) struct au_str one = AU_STR_INIT;
		assert_non_null(strstr(au_str_get(&all), (*command)->summary));
		au_usage_put(*command, &one);
		for (const struct au_ctl_option *option = (*command)->options; option != NULL && option->name != NULL;
		     option++)
			assert_non_null(strstr(au_str_get(&one), option->help));
	}
}

/* ---- the manual ---- */

/* "USER [TARGET] --reason TEXT" as mdoc has it. */
static void
put_arguments(struct au_str *out, const char *args)
{
	AU_CLEANUP(au_freep) char *copy = au_xstrdup(args);
	char *word, *rest = copy;

	while ((word = strsep(&rest, " ")) != NULL && *word != '\0') {
		if (word[0] == '[')
			au_str_printf(out, " Op Ar %.*s", (int)strlen(word) - 2, word + 1);
		else if (word[0] == '-')
			au_str_printf(out, " Fl -%s", word + 2);
		else
			au_str_printf(out, " Ar %s", word);
	}
}

static void
assert_in_manual(const char *manual, const struct au_str *lines)
{
	if (strstr(manual, au_str_get(lines)) == NULL)
		fail_msg("the manual lacks:\n%s", au_str_get(lines));
}

static void
assert_options_in_manual(const char *manual, const struct au_ctl_option *option)
{
	for (; option != NULL && option->name != NULL; option++) {
		AU_CLEANUP(au_str_done) struct au_str lines = AU_STR_INIT;
		au_str_printf(&lines, "\n.It Fl -%s%s%s\n%s\n", option->name, option->arg != NULL ? " Ar " : "",
		    option->arg != NULL ? option->arg : "", option->help);
		assert_in_manual(manual, &lines);
	}
}

static void
manual_tells_every_command_and_option(void **state)
{
	AU_CLEANUP(au_freep) char *path = au_xasprintf("%s/daemon/ctl/apiuserctl.8", getenv("top_srcdir"));
	AU_CLEANUP(au_freep) char *manual = NULL;
	size_t len;

	(void)state;
	assert_int_equal(au_io_read(path, 1 << 20, &manual, &len, NULL), 0);
	for (const struct au_command *const *command = au_commands; *command != NULL; command++) {
		AU_CLEANUP(au_str_done) struct au_str lines = AU_STR_INIT;
		au_str_printf(&lines, "\n.It Cm %s", (*command)->name);
		put_arguments(&lines, (*command)->args);
		au_str_printf(&lines, "\n%s.\n", (*command)->summary);
		assert_in_manual(manual, &lines);
		assert_options_in_manual(manual, (*command)->options);
	}
	assert_options_in_manual(manual, au_global_options);
}

/* ... and no command that there is not. */
static void
manual_tells_nothing_else(void **state)
{
	AU_CLEANUP(au_freep) char *path = au_xasprintf("%s/daemon/ctl/apiuserctl.8", getenv("top_srcdir"));
	AU_CLEANUP(au_freep) char *manual = NULL;
	size_t len, told = 0, there = 0;

	(void)state;
	assert_int_equal(au_io_read(path, 1 << 20, &manual, &len, NULL), 0);
	for (const char *at = manual; (at = strstr(at, "\n.It Cm ")) != NULL; at++)
		told++;
	while (au_commands[there] != NULL)
		there++;
	assert_int_equal(told, there);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(options_stand_before_or_behind_the_command),
		cmocka_unit_test(client_and_daemon_have_the_same_defaults),
		cmocka_unit_test(command_is_the_longest_name_that_fits),
		cmocka_unit_test(wrong_lines_are_refused_with_the_word_that_is_wrong),
		cmocka_unit_test(help_needs_no_arguments),
		cmocka_unit_test(summary_names_every_command),
		cmocka_unit_test(manual_tells_every_command_and_option),
		cmocka_unit_test(manual_tells_nothing_else),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
