/* SPDX-License-Identifier: ISC */
/* At the one place through which all answers go, so that no route can forget it. */
#include "control/discretion.h"

#include "base/str.h"

#include <string.h>

static const char *const audited[] = { "account.", "step.", "secret.", "work." };

static bool
is_discreet(const struct au_settings *settings, const char *target)
{
	for (size_t i = 0; target != NULL && i < settings->target_count; i++)
		if (au_streq(settings->targets[i].block.name, target))
			return (settings->targets[i].describe->caps & AU_CAP_DISCREET) != 0;
	return false;
}

static bool
has_any(const struct au_settings *settings)
{
	for (size_t i = 0; i < settings->target_count; i++)
		if (settings->targets[i].describe->caps & AU_CAP_DISCREET)
			return true;
	return false;
}

static bool
is_audit_of_account(const json_t *row)
{
	const char *verb = au_json_get_str(row, "verb");

	for (size_t i = 0; verb != NULL && i < AU_COUNT(audited); i++)
		if (strncmp(verb, audited[i], strlen(audited[i])) == 0)
			return true;
	return false;
}

static bool
names_discreet(const struct au_settings *settings, const json_t *object)
{
	const char *name;
	const json_t *value;

	if (json_object_get(object, "pool") == NULL && is_discreet(settings, au_json_get_str(object, "target")))
		return true;
	json_object_foreach ((json_t *)(uintptr_t)object, name, value)
		if (json_is_object(value) && names_discreet(settings, value))
			return true;
	return false;
}

static void
prune(const struct au_settings *settings, json_t *value)
{
	const char *name;
	json_t *part;

	json_object_foreach (value, name, part)
		prune(settings, part);
	for (size_t i = json_array_size(value); i-- > 0;) {
		json_t *element = json_array_get(value, i);

		if (is_audit_of_account(element) || names_discreet(settings, element))
			json_array_remove(value, i);
		else
			prune(settings, element);
	}
}

bool
au_discretion_prune(const struct au_settings *settings, json_t *answer)
{
	if (!has_any(settings))
		return false;
	prune(settings, answer);
	return names_discreet(settings, answer);
}
