/* SPDX-License-Identifier: ISC */
/* The command-line client: what every command gets, and what a command is. */
#ifndef CTL_CTL_H
#define CTL_CTL_H

#include "base/err.h"
#include "base/json.h"
#include "base/str.h"

/* Exit codes, so that scripts and monitors need not read texts. */
enum au_exit {
	AU_EXIT_SYNC = 0,    /* done, or everything is as it should be */
	AU_EXIT_ERROR = 1,   /* the question could not be answered, or what was asked for failed */
	AU_EXIT_PENDING = 2, /* something is still to be done */
	AU_EXIT_HELD = 3,    /* something waits for a person */
};

struct au_ctl_option {
	const char *name; /* without dashes */
	const char *arg;  /* "PATH"; NULL = a switch */
	const char *help;
};

struct au_client;

#define AU_CTL_OPTIONS 16

/* The run of one command. */
struct au_ctl {
	struct au_client *client;
	bool json;     /* print what the daemon said */
	bool colour;   /* standard output understands it */
	bool terminal; /* standard output is one */
	char **args;   /* after the command's name */
	int arg_count;
	const struct au_ctl_option *given[AU_CTL_OPTIONS]; /* options of the command, with their values */
	const char *values[AU_CTL_OPTIONS];
	int given_count;
};

struct au_command {
	const char *name; /* "client add" */
	const char *args; /* "NAME"; "" = none */
	int min_args, max_args;
	const char *summary;                 /* one sentence without a full stop */
	const struct au_ctl_option *options; /* end with a NULL name; NULL = none */
	enum au_exit (*run)(struct au_ctl *ctl);
};

extern const struct au_command *const au_commands[]; /* in the order of the manual; ends with NULL */
extern const struct au_ctl_option au_global_options[];

/* Of the command: NULL when it was not given, "" for a switch. */
const char *au_ctl_value(const struct au_ctl *ctl, const char *option);

/* Tell on standard error what went wrong; returns AU_EXIT_ERROR. */
enum au_exit au_ctl_fail(const struct au_err *err);
/* Write to standard output; AU_EXIT_ERROR, told, when that is not possible. */
enum au_exit au_ctl_print(const char *text, size_t len, enum au_exit code);
/* The daemon's JSON, or the text that the view makes of it. */
typedef void au_view(const json_t *json, bool colour, struct au_str *out);
enum au_exit au_ctl_show(const struct au_ctl *ctl, const json_t *json, au_view *view, enum au_exit code);
/* POST body, to which the option "reason" is added, and show the answer. */
enum au_exit au_ctl_say(const struct au_ctl *ctl, const char *path, json_t *body, au_view *view);
enum au_exit au_ctl_print_json(const json_t *json, enum au_exit code);

#endif
