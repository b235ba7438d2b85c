/* SPDX-License-Identifier: ISC */
/* Action and resource words come from the vendor's page on administration permissions; the last two words and all ids
 * are ours, as none are published. */
#include "permission.h"

#include <strings.h>

static const struct row {
	unsigned bit;
	int id;
	const char *action, *resource;
} rows[] = {
	{ MAY_VIEW_USERS, 1, "usermanagement", "usermanagement" },
	{ MAY_CREATE_USERS, 2, "createuser", "usermanagement" },
	{ MAY_EDIT_USERS, 3, "updateuser", "usermanagement" },
	{ MAY_DELETE_USERS, 4, "deleteuser", "usermanagement" },
	{ MAY_VIEW_ROLES, 5, "rolesview", "rolesmanagement" },
	{ MAY_MANAGE_ROLES, 6, "rolesmanagement", "rolesmanagement" },
	{ MAY_VIEW_LICENCES, 7, "licensemanagement", "licensemanagement" },
	{ MAY_ASSIGN_LICENCES, 8, "managedevicelicense", "licensemanagement" },
	{ MAY_USE_API_KEY, 9, "generateapikey", "api" },
};
#define ROW_COUNT (sizeof(rows) / sizeof(rows[0]))

json_t *
permission_list(unsigned bits)
{
	json_t *list = json_array();

	for (size_t i = 0; i < ROW_COUNT; i++) {
		if (bits & rows[i].bit)
			json_array_append_new(
			    list, json_pack("{s:i, s:s, s:n, s:s}", "id", rows[i].id, "action", rows[i].action,
				      "resourceId", "resourceType", rows[i].resource));
	}
	return list;
}

bool
permission_read(const json_t *array, unsigned *ret_bits)
{
	unsigned bits = 0;
	size_t index;
	json_t *item;

	if (!json_is_array(array))
		return false;
	json_array_foreach (array, index, item) {
		const char *action = json_string_value(json_object_get(item, "action"));

		if (action == NULL)
			return false;
		for (size_t i = 0; i < ROW_COUNT; i++) {
			if (strcasecmp(rows[i].action, action) == 0)
				bits |= rows[i].bit;
		}
	}
	*ret_bits = bits;
	return true;
}
