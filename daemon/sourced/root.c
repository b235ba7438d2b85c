/* SPDX-License-Identifier: ISC */
/*
 * Kinds of servers.  Only OpenLDAP's answers to a cookie are known to be whole:
 * others have been seen to leave out removals or to end such a refresh in a way
 * that reads as "everything is gone", so they are read anew at each connection.
 */
#include "sourced/root.h"

#include "base/str.h"
#include "base/text.h"
#include "model/dn.h"

#include <string.h>
#include <strings.h>

const char *const au_root_attributes[] = { "structuralObjectClass", "supportedControl", "namingContexts", NULL };

static bool
is_openldap(const struct au_root *root)
{
	return root->is_openldap;
}

static bool
any(const struct au_root *root)
{
	(void)root;
	return true;
}

static const struct au_profile profiles[] = {
	{ "openldap", is_openldap, true },
	{ "generic", any, false },
};

const struct au_profile *
au_profile_find(const struct au_root *root)
{
	const struct au_profile *profile = profiles;

	while (!profile->fits(root))
		profile++;
	return profile;
}

static void
free_values(struct berval ***values)
{
	ldap_value_free_len(*values);
}

static bool
has_value(LDAP *ld, LDAPMessage *message, const char *attribute, const char *wanted)
{
	AU_CLEANUP(free_values) struct berval **values = ldap_get_values_len(ld, message, attribute);

	for (size_t i = 0; values != NULL && values[i] != NULL; i++)
		if (values[i]->bv_len == strlen(wanted) &&
		    strncasecmp(values[i]->bv_val, wanted, values[i]->bv_len) == 0)
			return true;
	return false;
}

static const char **
read_contexts(LDAP *ld, LDAPMessage *message, struct au_arena *arena)
{
	AU_CLEANUP(free_values) struct berval **values = ldap_get_values_len(ld, message, "namingContexts");
	size_t count = values != NULL ? ldap_count_values_len(values) : 0, used = 0;
	const char **contexts = au_arena_alloc(arena, (count + 1) * sizeof(*contexts));

	for (size_t i = 0; i < count; i++) {
		const struct berval *value = values[i];
		if (au_text_is_utf8(value->bv_val, value->bv_len) &&
		    au_dn_normalize(
			arena, au_arena_strndup(arena, value->bv_val, value->bv_len), &contexts[used], NULL) == 0)
			used++;
	}
	contexts[used] = NULL;
	return contexts;
}

void
au_root_read(LDAP *ld, LDAPMessage *message, struct au_arena *arena, struct au_root *ret)
{
	*ret = (struct au_root){
		.is_openldap = has_value(ld, message, "structuralObjectClass", "OpenLDAProotDSE"),
		.has_sync = has_value(ld, message, "supportedControl", LDAP_CONTROL_SYNC),
		.contexts = read_contexts(ld, message, arena),
	};
}

bool
au_root_is_below(const char *dn_norm, const char *base_norm)
{
	size_t len = strlen(dn_norm), base = strlen(base_norm);

	if (base == 0)
		return true;
	if (len < base || strcmp(dn_norm + len - base, base_norm) != 0)
		return false;
	return len == base || dn_norm[len - base - 1] == ',';
}

const char *
au_root_context(const struct au_root *root, const char *dn_norm)
{
	for (size_t i = 0; root->contexts != NULL && root->contexts[i] != NULL; i++)
		if (au_root_is_below(dn_norm, root->contexts[i]))
			return root->contexts[i];
	return NULL;
}
