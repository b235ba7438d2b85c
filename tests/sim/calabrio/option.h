/* SPDX-License-Identifier: ISC */
/* Options of the simulator, as ../common/switch.h reads and shows them. */
#ifndef CALABRIO_SIM_OPTION_H
#define CALABRIO_SIM_OPTION_H

#include "../common/switch.h"

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
/* Set one switch by name; false when it is unknown, cannot change at run time (live) or the value is wrong. */
bool option_set(struct options *options, const char *name, const char *value, bool live);
void option_help(FILE *out);

#endif
