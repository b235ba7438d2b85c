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
		break;
	}
	return NULL;
}
