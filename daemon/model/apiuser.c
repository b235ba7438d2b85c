/* SPDX-License-Identifier: ISC */
/* Names for people. */
#include "model/apiuser.h"

#include <stddef.h>

const char *
au_owner_state_name(enum au_owner_state state)
{
	switch (state) {
	case AU_OWNER_GONE:
		return "gone";
	case AU_OWNER_DISABLED:
		return "disabled";
	case AU_OWNER_FINE:
	case AU_OWNER_HERE:
		break;
	}
	return NULL;
}

bool
au_owner_has_left(enum au_owner_state state)
{
	return state == AU_OWNER_GONE || state == AU_OWNER_DISABLED;
}
