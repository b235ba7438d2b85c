/* SPDX-License-Identifier: ISC */
/* Options of the simulator, as ../common/switch.h reads and shows them. */
#ifndef CONTROL_ROOM_OPTION_H
#define CONTROL_ROOM_OPTION_H

#include "../common/switch.h"

enum profile_name { PROFILE_AAE11, PROFILE_A360, PROFILE_A360_CLOUD, PROFILE_AD };

struct options {
	long port, seed, token_life_s, page_default, page_max, latency_ms, users, lock_after, licence_status;
	long system_role_status, unknown_role_status, rate_calls, rate_window_s;
	long profile, ad_password; /* index into the row's choices */
	bool multi_login, api_key_login, api_key_parallel, refresh_ends_old, rate_limit, strict_mail, version_check;
	bool put_clears, put_password, rename, fail_safe;
	const char *port_file, *admin_user, *admin_password_file, *api_key_file, *state_file, *log_file;
	const char *keep_passwords;
	struct switch_list licences; /* "FEATURE=COUNT" or "FEATURE=off" */
};

enum ad_password { AD_PASSWORD_IGNORE, AD_PASSWORD_REFUSE };

extern const struct switch_table option_table;

#endif
