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

extern const struct switch_table option_table;

#endif
