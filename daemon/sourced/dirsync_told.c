/* SPDX-License-Identifier: ISC */
/* Values are of use in one case only, that of members who came or went; all else says no more than that it changed. */
#include "sourced/dirsync_told.h"

#include "base/str.h"
#include "sourced/dirsync_control.h"
#include "sourced/identity.h"
#include "sourced/tombstone.h"

/* What is known of the object under way. */
struct reading {
	const struct au_mapping *mapping;
	const char *const *attributes;
	struct au_arena *arena;
	struct au_dirsync_told *told;
	bool is_named, is_new;
	bool is_more; /* than a change of members */
};

static size_t
count(const struct berval *values)
{
	size_t n = 0;

	while (values != NULL && values[n].bv_val != NULL)
		n++;
	return n;
}

/* Room for so many names more. */
static const char **
widen(struct au_arena *arena, const char **names, size_t have, size_t more)
{
	const char **wide = au_arena_alloc(arena, (have + more + 1) * sizeof(*wide));

	for (size_t i = 0; i < have; i++)
		wide[i] = names[i];
	return wide;
}

static bool
add_names(struct au_arena *arena, const struct berval *values, const char ***names, size_t *have)
{
	size_t given = count(values), used = *have;
	const char **all = widen(arena, *names, *have, given);

	for (size_t i = 0; i < given; i++) {
		const char *name;
		if (au_roll_name(arena, AU_DIRSYNC_MEMBER, &values[i], &name, NULL) < 0)
			return false;
		if (name[0] != '\0')
			all[used++] = name;
	}
	*names = all;
	*have = used;
	return true;
}

/* Whether a member is a value of this attribute, and of no other. */
static bool
has_members(const struct au_mapping *mapping)
{
	const char *const *attributes = mapping->member_attributes;

	return mapping->search == AU_SEARCH_GROUPS && attributes[0] != NULL && attributes[1] == NULL &&
	       au_strcaseeq(attributes[0], AU_DIRSYNC_MEMBER);
}

/* Members who joined or left, and no others. */
static bool
take_members(const struct reading *reading, const struct berval *name, const struct berval *values)
{
	struct au_ledger_change *members = &reading->told->members;

	switch (au_dirsync_values_of(name)) {
	case AU_DIRSYNC_ADDED:
		return add_names(reading->arena, values, &members->joined, &members->joined_count);
	case AU_DIRSYNC_REMOVED:
		return add_names(reading->arena, values, &members->left, &members->left_count);
	case AU_DIRSYNC_ALL:
		break;
	}
	return false;
}

static void
keep_named(const struct reading *reading, const struct berval *values)
{
	struct au_dirsync_told *told = reading->told;
	size_t given = count(values);

	told->named = widen(reading->arena, told->named, told->named_count, given);
	for (size_t i = 0; i < given; i++) /* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): count(NULL) is 0 */
		told->named[told->named_count++] = au_arena_strndup(reading->arena, values[i].bv_val, values[i].bv_len);
}

static void
read_members(struct reading *reading, const struct berval *name, const struct berval *values)
{
	reading->is_more |= !has_members(reading->mapping) || !take_members(reading, name, values);
	keep_named(reading, values);
}

static bool
is_wanted(const struct reading *reading, const struct berval *name)
{
	for (size_t i = 0; reading->attributes[i] != NULL; i++)
		if (au_dirsync_is_named(name, reading->attributes[i]))
			return true;
	return false;
}

static void
read_attribute(struct reading *reading, const struct berval *name, const struct berval *values)
{
	const struct au_identity *identity = reading->mapping->identity;
	bool is_given = values != NULL && values[0].bv_val != NULL;

	if (au_dirsync_is_named(name, identity->attribute)) {
		if (is_given)
			reading->told->change.id = identity->text(reading->arena, &values[0]);
		return;
	}
	if (au_dirsync_is_named(name, AU_DIRSYNC_MEMBER)) {
		read_members(reading, name, values);
		return;
	}
	reading->is_more |= is_wanted(reading, name);
	if (au_dirsync_is_named(name, "isDeleted"))
		reading->told->change.is_deleted = is_given && au_tombstone_says(&values[0]);
	else if (au_dirsync_is_named(name, "name"))
		reading->is_named = true;
	else if (au_dirsync_is_named(name, "objectClass"))
		reading->is_new = true;
}

static void
free_element(BerElement **ber)
{
	if (*ber != NULL)
		ber_free(*ber, 0);
}

static int
read_object(struct reading *reading, LDAP *ld, LDAPMessage *message)
{
	AU_CLEANUP(free_element) BerElement *ber = NULL;
	struct berval dn = { 0, NULL }, name = { 0, NULL };

	if (ldap_get_dn_ber(ld, message, &ber, &dn) != LDAP_SUCCESS)
		return AU_EPROTO;
	while (true) {
		struct berval *values = NULL;
		if (ldap_get_attribute_ber(ld, message, ber, &name, &values) != LDAP_SUCCESS)
			return AU_EPROTO;
		if (name.bv_val == NULL)
			return 0;
		read_attribute(reading, &name, values);
		ber_memfree(values);
	}
}

int
au_dirsync_told(LDAP *ld, LDAPMessage *message, const struct au_mapping *mapping, const char *const *attributes,
    struct au_arena *arena, struct au_dirsync_told *ret)
{
	struct reading reading = { .mapping = mapping, .attributes = attributes, .arena = arena, .told = ret };

	*ret = (struct au_dirsync_told){ .named = NULL };
	if (read_object(&reading, ld, message) < 0)
		return AU_EPROTO;
	ret->change.is_moved = reading.is_named && !reading.is_new;
	if (!reading.is_more && ret->members.joined_count + ret->members.left_count > 0)
		ret->change.members = &ret->members;
	return 0;
}
