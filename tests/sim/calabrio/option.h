/* SPDX-License-Identifier: ISC */
/* Options of the simulator, one row each: command line, --help and the switches of a running one come from the same. */
#ifndef CALABRIO_SIM_OPTION_H
#define CALABRIO_SIM_OPTION_H

#include <stdbool.h>
#include <stdio.h>

struct options {
	long port, people, latency_ms, lock_after, password_min, password_history, password_days, idle_s, seats;
	long dead_status, duplicate_status;
	bool wfo, iam, renamed_roles, locale_only, post_min, hide_new, put_clears, born_active, takes_password;
	bool id_as_person_id, guide, keeps_display_name, tells_views;
	const char *port_file, *admin_user, *admin_password_file, *state_file, *log_file, *keep_passwords;
};

void option_defaults(struct options *options);
/* Read the command line; text must live on.  False with a line on stderr. */
bool option_parse(struct options *options, int argc, char **argv);
/* Turn one switch of a running simulator; false when there is none of that name, or the value is wrong. */
bool option_set(struct options *options, const char *name, const char *value);
void option_help(FILE *out);

#endif
