/* SPDX-License-Identifier: ISC */
/* What a role allows: the vendor's action words, here as bits. */
#ifndef CONTROL_ROOM_PERMISSION_H
#define CONTROL_ROOM_PERMISSION_H

#include <jansson.h>
#include <stdbool.h>

enum permission {
	MAY_VIEW_USERS = 1u << 0,
	MAY_CREATE_USERS = 1u << 1,
	MAY_EDIT_USERS = 1u << 2,
	MAY_DELETE_USERS = 1u << 3,
	MAY_VIEW_ROLES = 1u << 4,
	MAY_MANAGE_ROLES = 1u << 5,
	MAY_VIEW_LICENCES = 1u << 6,
	MAY_ASSIGN_LICENCES = 1u << 7,
	MAY_USE_API_KEY = 1u << 8,
};
/* No system role may make API keys, not even the administrators' (AA9). */
#define MAY_ALL_OF_ADMIN (MAY_USE_API_KEY - 1u)

json_t *permission_list(unsigned bits);
/* Read [{"action": ...}]; actions that the simulator does not know are accepted and ignored.  False: wrong shape. */
bool permission_read(const json_t *array, unsigned *ret_bits);

#endif
