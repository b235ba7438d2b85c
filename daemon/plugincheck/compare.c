/* SPDX-License-Identifier: ISC */
/* What differs is named with both values: whoever reads it knows the product and can tell which is wrong. */
#include "plugincheck/compare.h"

#include "base/str.h"

#include <string.h>

static const struct {
	const char *name;
	size_t offset;
} wishes[] = {
	{ "login", offsetof(struct au_target_account, login) },
	{ "label", offsetof(struct au_target_account, label) },
	{ "first_name", offsetof(struct au_target_account, first_name) },
	{ "last_name", offsetof(struct au_target_account, last_name) },
	{ "mail", offsetof(struct au_target_account, mail) },
	{ "mark", offsetof(struct au_target_account, mark) },
};

static bool
is_among(const char *name, const char *const *names)
{
	for (; *names != NULL; names++)
		if (au_streq(*names, name))
			return true;
	return false;
}

static void
compare_member(struct stage *stage, const char *what, const char *name, const json_t *before, const json_t *after)
{
	AU_CLEANUP(au_freep) char *was = before != NULL ? json_dumps(before, JSON_ENCODE_ANY) : NULL;
	AU_CLEANUP(au_freep) char *is = after != NULL ? json_dumps(after, JSON_ENCODE_ANY) : NULL;

	if (!au_streq(was, is))
		stage_find(stage, "%s: '%s' was %s and is %s", what, name, was != NULL ? was : "not there",
		    is != NULL ? is : "not there");
}

void
compare_accounts(
    struct stage *stage, const char *what, const json_t *before, const json_t *after, const char *const *but)
{
	static const char *const never[] = { "version", "secret", NULL };
	const char *name;
	json_t *value;

	json_object_foreach ((json_t *)(uintptr_t)before, name, value)
		if (!is_among(name, never) && !is_among(name, but))
			compare_member(stage, what, name, value, json_object_get(after, name));
	json_object_foreach ((json_t *)(uintptr_t)after, name, value)
		if (!is_among(name, never) && !is_among(name, but) && json_object_get(before, name) == NULL)
			compare_member(stage, what, name, NULL, value);
}

void
compare_wish(struct stage *stage, const char *what, const struct au_target_account *want, const json_t *account)
{
	for (size_t i = 0; i < AU_COUNT(wishes); i++) {
		const char *is = au_json_get_str(account, wishes[i].name), *wish;

		memcpy(&wish, (const char *)want + wishes[i].offset, sizeof(wish));
		if (wish != NULL && is != NULL && !au_streq(is, wish))
			stage_find(
			    stage, "%s: '%s' is '%.100s', '%.100s' was asked for", what, wishes[i].name, is, wish);
	}
	if (want->mark != NULL && au_json_get_str(account, "mark") == NULL)
		stage_find(stage, "%s: our mark is not reported back", what);
}

void
compare_rights(struct stage *stage, const char *what, const char *rights, const json_t *account)
{
	const char *is = au_json_get_str(account, "rights");

	if (stage_can(stage, AU_CAP_READ_RIGHTS) && rights != NULL && !au_streq(is, rights))
		stage_find(stage, "%s: rights are %s, %s was asked for", what, is != NULL ? is : "not there", rights);
}

void
compare_active(struct stage *stage, const char *what, bool active, const json_t *account)
{
	const json_t *is = json_object_get(account, "active");

	if (is != NULL && json_is_true(is) != active)
		stage_find(
		    stage, "%s: the account is %s, the opposite was asked for", what, active ? "inactive" : "active");
}
