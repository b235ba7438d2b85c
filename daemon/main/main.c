/* SPDX-License-Identifier: ISC */
/* The daemon's command line; everything else is in the library. */
#include "main/app.h"

#include "base/log.h"
#include "base/rand.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#define DEFAULT_FILE SYSCONFDIR "/apiuserd/apiuserd.conf"

struct option_row {
	struct option option;
	const char *argument;
	const char *help;
};

static const struct option_row rows[] = {
	{ { "config", required_argument, NULL, 'f' }, "FILE", "configuration (default " DEFAULT_FILE ")" },
	{ { "check", no_argument, NULL, 'n' }, NULL, "check the configuration and exit" },
	{ { "debug", no_argument, NULL, 'd' }, NULL, "log everything" },
	{ { "help", no_argument, NULL, 'h' }, NULL, "print this and exit" },
	{ { "version", no_argument, NULL, 'V' }, NULL, "print the version and exit" },
};

static void
print_help(void)
{
	printf("usage: apiuserd [OPTION]...\n\nKeeps the API users of your products equal to what your directory "
	       "says.\n\n");
	for (size_t i = 0; i < AU_COUNT(rows); i++)
		printf("  -%c, --%-8s %-5s %s\n", rows[i].option.val, rows[i].option.name,
		    rows[i].argument ? rows[i].argument : "", rows[i].help);
	printf("\nIt runs in the foreground.  SIGHUP reads the configuration anew; SIGTERM ends it.\n");
}

static int
check_only(const char *file)
{
	struct au_err err = { 0 };

	if (au_app_check(file, &err) < 0) {
		fprintf(stderr, "apiuserd: %s\n", err.text);
		return 1;
	}
	printf("%s: configuration is fine\n", file);
	return 0;
}

static int
run(struct au_app *app)
{
	struct au_err err = { 0 };

	if (au_app_start(app, &err) < 0) {
		au_log(AU_LOG_ERROR, NULL, "%s", err.text);
		app->exit_code = 1;
	} else
		event_base_dispatch(app->base);
	au_app_done(app);
	return app->exit_code;
}

int
main(int argc, char **argv)
{
	struct au_app app = { .file = DEFAULT_FILE };
	struct option options[AU_COUNT(rows) + 1] = { 0 };
	bool check = false;
	int c;

	au_rand_init();
	au_log_init("apiuserd");
	for (size_t i = 0; i < AU_COUNT(rows); i++)
		options[i] = rows[i].option;
	while ((c = getopt_long(argc, argv, "f:ndhV", options, NULL)) != -1)
		switch (c) {
		case 'f':
			app.file = optarg;
			break;
		case 'n':
			check = true;
			break;
		case 'd':
			app.debug = true;
			break;
		case 'h':
			print_help();
			return 0;
		case 'V':
			printf("apiuserd %s\n", PACKAGE_VERSION);
			return 0;
		default:
			return 2;
		}
	if (optind < argc) {
		fprintf(stderr, "apiuserd: unexpected argument '%s'; see apiuserd --help\n", argv[optind]);
		return 2;
	}
	if (check)
		return check_only(app.file);
	au_log_libevent();
	return run(&app);
}
