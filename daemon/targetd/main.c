/* SPDX-License-Identifier: ISC */
/*
 * apiuserd-target: runs one plugin.  apiuserd starts it with a channel as
 * descriptor 3; people start it with --describe and --try.
 */
#include "base/log.h"
#include "base/mem.h"
#include "base/rand.h"
#include "base/str.h"
#include "model/describe.h"
#include "targetd/plugin_load.h"
#include "targetd/serve.h"
#include "targetd/show.h"
#include "targetd/try.h"
#include "wire/child.h"
#include "wire/sandbox.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { EXIT_USAGE = 2 };

static int
usage(void)
{
	fputs("usage: apiuserd-target --describe [--json] PLUGIN.so\n"
	      "       apiuserd-target --try PLUGIN.so [--config FILE] CALL [NAME=VALUE...]\n"
	      "       apiuserd-target [--programs] [--strict] NAME    (started with its channel as descriptor 3)\n",
	    stderr);
	return EXIT_USAGE;
}

static void
print_json(const struct au_target *table)
{
	json_t *json = au_describe_to_json(table);

	json_dumpf(json, stdout, JSON_INDENT(2));
	putchar('\n');
	json_decref(json);
}

static void
print_table(const struct au_target *table)
{
	AU_CLEANUP(au_str_done) struct au_str out = AU_STR_INIT;

	au_show_table(table, &out);
	fputs(au_str_get(&out), stdout);
}

static int
describe(const char *given, bool as_json)
{
	AU_CLEANUP(au_freep) char *path = au_whole_path(given);
	struct au_plugin *plugin;
	struct au_err err = { 0 };

	if (au_plugin_load(path, &plugin, &err) != 0) {
		fprintf(stderr, "apiuserd-target: %s\n", err.text);
		return EXIT_FAILURE;
	}
	if (as_json)
		print_json(&plugin->table);
	else
		print_table(&plugin->table);
	au_plugin_free(plugin);
	return fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

static int
serve(const char *target, bool is_strict)
{
	struct au_err err = { 0 };
	struct stat st;

	if (fstat(AU_CHILD_FD, &st) != 0 || !S_ISSOCK(st.st_mode))
		return usage();
	if (au_serve(AU_CHILD_FD, target, is_strict, &err) == 0)
		return EXIT_SUCCESS;
	au_log(AU_LOG_ERROR, AU_FIELDS("TARGET", target), "worker stops: %s", err.text);
	return EXIT_FAILURE;
}

/* Take one word off the front of the command line when it is there. */
static bool
takes(int *argc, char ***argv, const char *word)
{
	if (*argc < 2 || strcmp((*argv)[1], word) != 0)
		return false;
	(*argc)--;
	(*argv)++;
	return true;
}

/* What loads a plugin does so behind the filter. */
static int
run_plugin(int argc, char **argv)
{
	bool starts_programs = takes(&argc, &argv, "--programs");
	bool is_strict = takes(&argc, &argv, "--strict");
	struct au_err err = { 0 };

	if (au_sandbox_enter(starts_programs ? AU_SANDBOX_PROGRAMS : AU_SANDBOX_TARGET, &err) != 0) {
		au_log(AU_LOG_ERROR, NULL, "%s", err.text);
		return EXIT_FAILURE;
	}
	if (argc == 3 && strcmp(argv[1], "--describe") == 0)
		return describe(argv[2], false);
	if (argc == 4 && strcmp(argv[1], "--describe") == 0 && strcmp(argv[2], "--json") == 0)
		return describe(argv[3], true);
	if (argc == 2 && argv[1][0] != '-')
		return serve(argv[1], is_strict);
	return usage();
}

int
main(int argc, char **argv)
{
	au_child_enter();
	au_log_init("apiuserd-target");
	au_rand_init();
	signal(SIGPIPE, SIG_IGN);
	if (argc >= 2 && strcmp(argv[1], "--try") == 0)
		return au_try(argc - 1, argv + 1);
	return run_plugin(argc, argv);
}
