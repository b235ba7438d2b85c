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

const char *
au_adoption_name(enum au_adoption adoption)
{
	switch (adoption) {
	case AU_ADOPTION_NEW:
		return "new";
	case AU_ADOPTION_CONFIRMED:
		return "confirmed";
	case AU_ADOPTION_NONE:
		break;
	}
	return NULL;
}
