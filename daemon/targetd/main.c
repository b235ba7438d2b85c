/* SPDX-License-Identifier: ISC */
/*
 * apiuserd-target: runs one plugin.  apiuserd starts it with a channel as
 * descriptor 3; people start it with --describe.
 */
#include "base/log.h"
#include "base/mem.h"
#include "base/rand.h"
#include "model/describe.h"
#include "targetd/plugin_load.h"
#include "targetd/serve.h"
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
	fputs("usage: apiuserd-target --describe PLUGIN.so\n"
	      "       apiuserd-target NAME    (started by apiuserd, with its channel as descriptor 3)\n",
	    stderr);
	return EXIT_USAGE;
}

/* People give the path as it comes; the loader wants a whole one. */
static char *
whole_path(const char *path)
{
	AU_CLEANUP(au_freep) char *here = path[0] != '/' ? getcwd(NULL, 0) : NULL;

	return here != NULL ? au_xasprintf("%s/%s", here, path) : au_xstrdup(path);
}

static int
describe(const char *given)
{
	AU_CLEANUP(au_freep) char *path = whole_path(given);
	struct au_plugin *plugin;
	struct au_err err = { 0 };
	json_t *json;

	if (au_plugin_load(path, &plugin, &err) != 0) {
		fprintf(stderr, "apiuserd-target: %s\n", err.text);
		return EXIT_FAILURE;
	}
	json = au_describe_to_json(&plugin->table);
	json_dumpf(json, stdout, JSON_INDENT(2));
	putchar('\n');
	json_decref(json);
	au_plugin_free(plugin);
	return fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

static int
serve(const char *target)
{
	struct au_err err = { 0 };
	struct stat st;

	if (fstat(AU_CHILD_FD, &st) != 0 || !S_ISSOCK(st.st_mode))
		return usage();
	if (au_serve(AU_CHILD_FD, target, &err) == 0)
		return EXIT_SUCCESS;
	au_log(AU_LOG_ERROR, AU_FIELDS("TARGET", target), "worker stops: %s", err.text);
	return EXIT_FAILURE;
}

int
main(int argc, char **argv)
{
	struct au_err err = { 0 };

	au_child_enter();
	au_log_init("apiuserd-target");
	au_rand_init();
	signal(SIGPIPE, SIG_IGN);
	if (au_sandbox_enter(AU_SANDBOX_TARGET, &err) != 0) {
		au_log(AU_LOG_ERROR, NULL, "%s", err.text);
		return EXIT_FAILURE;
	}
	if (argc == 3 && strcmp(argv[1], "--describe") == 0)
		return describe(argv[2]);
	if (argc == 2 && argv[1][0] != '-')
		return serve(argv[1]);
	return usage();
}
