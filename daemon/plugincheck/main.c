/* SPDX-License-Identifier: ISC */
/*
 * apiuserd-target-check: runs a plugin through what the interface asks of it.
 * The plugin is loaded by workers only; this program talks to them.
 */
#include "base/io.h"
#include "base/log.h"
#include "base/rand.h"
#include "base/str.h"
#include "plugincheck/checks.h"
#include "targetd/instance.h"
#include "targetd/try.h"

#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define DEFAULT_SECONDS 30
#define MOST_SECONDS 3600

enum { FINE, FOUND, EXIT_USAGE };

const struct check checks[] = {
	{ "table", "the table is whole and says how secrets come to be", check_table, false },
	{ "open", "sessions are refused by name, and leave nothing behind", check_open, false },
	{ "rights", "equal rights give equal text, odd ones are refused", check_rights, false },
	{ "life", "each change does what was asked, no more, and may be repeated", check_life, true },
	{ "list", "the list is whole, and says what get says", check_list, true },
	{ "values", "odd values come back as they went in, or are refused", check_values, true },
	{ "repeat", "many calls hold no memory", check_repeat, true },
	{ "cases", "failures have the code that leads to the right reaction", check_cases, false },
	{ "kill", "a worker killed within a call doubles and loses nothing", check_strike, true },
	{ "cut", "an answer that is lost leads to no wrong claim", check_cut, true },
	{ "order", "what a person is told is whole, exact, the same each time, and no secret", check_order, false },
	{ NULL, NULL, NULL, false },
};

struct asked {
	const char *config, *only, *helper, *plugin;
	long seconds;
};

static int
usage(void)
{
	fputs("usage: apiuserd-target-check [--config FILE] [--only CHECK] [--timeout SECONDS] [--helper PROGRAM]\n"
	      "                             PLUGIN.so\n"
	      "checks:",
	    stderr);
	for (const struct check *check = checks; check->name != NULL; check++)
		fprintf(stderr, " %s", check->name);
	fputc('\n', stderr);
	return EXIT_USAGE;
}

static int
take_line(int argc, char **argv, struct asked *asked)
{
	static const struct option longs[] = {
		{ "config", required_argument, NULL, 'c' },
		{ "only", required_argument, NULL, 'o' },
		{ "timeout", required_argument, NULL, 't' },
		{ "helper", required_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	char *end;
	int option;

	while ((option = getopt_long(argc, argv, "c:", longs, NULL)) != -1) {
		if (option == 'c')
			asked->config = optarg;
		else if (option == 'o')
			asked->only = optarg;
		else if (option == 'h')
			asked->helper = optarg;
		else if (option != 't')
			return usage();
		else if ((asked->seconds = strtol(optarg, &end, 10)) < 1 || *end != '\0' ||
			 asked->seconds > MOST_SECONDS)
			return usage();
	}
	if (optind != argc - 1)
		return usage();
	asked->plugin = argv[optind];
	return 0;
}

static bool
is_known(const char *name)
{
	for (const struct check *check = checks; check->name != NULL; check++)
		if (au_streq(check->name, name))
			return true;
	return name == NULL;
}

static int
set_up(struct stage *stage, const struct asked *asked, struct au_err *err)
{
	json_t *file = NULL;
	int r = au_description_ask(stage->arena, stage->program, stage->plugin, &stage->describe, err);

	if (r == 0 && asked->config != NULL)
		r = au_instance_read(asked->config, &file, err);
	if (file != NULL)
		stage->config = au_json_in_arena(stage->arena, file);
	if (r == 0)
		r = au_instance_options(json_object_get(file, "options"), stage->describe, &stage->options, err);
	for (const struct au_opt *row = r == 0 ? stage->describe->instance_opts : NULL;
	     row != NULL && row->name != NULL; row++)
		if (row->type == AU_SECRET)
			au_mask_add(stage->mask, au_json_get_str(stage->options, row->name), true);
	return r;
}

static bool
has_instance(const struct stage *stage)
{
	for (const struct au_opt *row = stage->describe->instance_opts; row->name != NULL; row++)
		if ((row->flags & AU_REQUIRED) != 0 && json_object_get(stage->options, row->name) == NULL)
			return false;
	return true;
}

static bool
run_check(struct stage *stage, const struct check *check)
{
	stage->findings = stage->deaths = 0;
	if (check->run != check_table && !has_instance(stage))
		stage_skip(stage, "the configuration file gives not every required option");
	else if (check->needs_product && stage_can(stage, AU_CAP_MANUAL))
		stage_skip(stage, "every change of this product is a person's");
	else
		check->run(stage);
	if (stage->made != NULL && json_array_size(stage->made) > 0)
		stage_clean(stage);
	stage_end(stage);
	printf("%s %-6s  %s%s%s%s\n",
	    stage->findings > 0   ? "FAIL"
	    : stage->note != NULL ? "part"
				  : "ok  ",
	    check->name, check->text, stage->note != NULL ? " (left out: " : "", stage->note != NULL ? stage->note : "",
	    stage->note != NULL ? ")" : "");
	fflush(stdout);
	free(stage->note);
	stage->note = NULL;
	return stage->findings == 0;
}

/* What later checks rely on is run with them. */
static bool
is_asked(const struct asked *asked, const struct check *check)
{
	return asked->only == NULL || au_streq(asked->only, check->name) || check->run == check_rights;
}

static int
run(struct stage *stage, const struct asked *asked)
{
	struct au_err err = { 0 };
	int result = FINE;

	if (set_up(stage, asked, &err) != 0) {
		printf("FAIL %s\n", err.text);
		return FOUND;
	}
	for (const struct check *check = checks; check->name != NULL; check++)
		if (is_asked(asked, check) && !run_check(stage, check))
			result = FOUND;
	return result;
}

/* It lies beside this program, installed as well as built. */
static char *
helper_program(const char *asked)
{
	char path[4096];
	ssize_t len = readlink("/proc/self/exe", path, sizeof(path) - 1);
	char *slash;

	if (asked != NULL)
		return au_xstrdup(asked);
	path[len > 0 ? len : 0] = '\0';
	slash = strrchr(path, '/');
	if (slash != NULL)
		*slash = '\0';
	if (slash != NULL && (slash = strstr(path, "/daemon/plugincheck")) != NULL)
		return au_xasprintf("%.*s/daemon/targetd/apiuserd-target", (int)(slash - path), path);
	return au_xasprintf("%s/apiuserd-target", path);
}

int
main(int argc, char **argv)
{
	struct asked asked = { .seconds = DEFAULT_SECONDS };
	struct stage stage = { 0 };
	uint8_t stamp[4];
	int r = take_line(argc, argv, &asked);

	if (r != 0)
		return r;
	if (!is_known(asked.only))
		return usage();
	au_log_init("apiuserd-target-check");
	au_rand_init();
	signal(SIGPIPE, SIG_IGN);
	au_rand_bytes(stamp, sizeof(stamp));
	au_hex(stamp, sizeof(stamp), stage.stamp);
	stage.arena = au_arena_new();
	stage.program = helper_program(asked.helper);
	stage.plugin = au_whole_path(asked.plugin);
	stage.limit_ms = asked.seconds * 1000;
	stage.made = json_array();
	stage.mask = au_mask_new();
	r = run(&stage, &asked);
	if (stage.options != NULL)
		au_json_wipe(stage.options);
	json_decref(stage.options);
	json_decref(stage.made);
	au_mask_free(stage.mask);
	free((char *)(uintptr_t)stage.program);
	free((char *)(uintptr_t)stage.plugin);
	au_arena_free(stage.arena);
	return r;
}
