/* SPDX-License-Identifier: ISC */
/* Names of account states, for people and JSON. */
#include "model/account.h"

#include <stddef.h>

const char *
au_account_state_name(enum au_account_state state)
{
	switch (state) {
	case AU_ACCOUNT_ABSENT:
		return "absent";
	case AU_ACCOUNT_UNKNOWN:
		return "unknown";
	case AU_ACCOUNT_PRESENT:
		return "present";
	case AU_ACCOUNT_CONFLICT:
		return "conflict";
	}
	return NULL;
}
