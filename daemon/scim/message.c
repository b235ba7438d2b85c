/* SPDX-License-Identifier: ISC */
/* The form of request messages. */
#include "scim/message.h"

#include "scim/value.h"

/* RFC 7643 section 2.5 */
static bool
is_unassigned(const json_t *value)
{
	return value == NULL || json_is_null(value) || (json_is_array(value) && json_array_size(value) == 0);
}

int
au_message_check(const json_t *body, const char *urn, const struct au_profile *profile, struct au_fault *fault)
{
	const json_t *schemas, *uri;
	size_t i;

	if (!json_is_object(body))
		return au_fault_set(fault, AU_FAULT_INVALID_SYNTAX, "body: expected a JSON object");
	schemas = au_value_member(body, "schemas");
	if (is_unassigned(schemas) && au_profile_has(profile, AU_QUIRK_NO_SCHEMAS))
		return 0;
	json_array_foreach ((json_t *)schemas, i, uri)
		if (json_is_string(uri) && au_strcaseeq(json_string_value(uri), urn))
			return 0;
	return au_fault_set(fault, AU_FAULT_INVALID_SYNTAX, "'schemas': expected '%s'", urn);
}
