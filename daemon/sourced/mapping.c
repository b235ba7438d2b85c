/* SPDX-License-Identifier: ISC */
/*
 * Values are taken in place from the decoded message and copied once, into the
 * arena.  A value that is no text is left out: a damaged name must not stop a
 * reading.  A damaged DN or member list must.
 */
#include "sourced/mapping.h"

#include "base/clock.h"
#include "base/str.h"
#include "base/text.h"
#include "model/dn.h"
#include "sourced/effective.h"
#include "sourced/vendor.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

/* Texts of an entry: which option says what is taken, and where it goes. */
struct row {
	const char *name;
	size_t option; /* in struct au_source_config */
	size_t member; /* in struct au_entry */
};
#define ROW(option, member)                                                                                            \
	{                                                                                                              \
#option, offsetof(struct au_source_config, option), offsetof(struct au_entry, member)                  \
	}

#define PICK_USER_NAME 0
static const struct row people_rows[] = {
	[PICK_USER_NAME] = ROW(attr_user_name, user_name),
	ROW(attr_mail, mail),
	ROW(attr_display_name, display_name),
	ROW(attr_given_name, given_name),
	ROW(attr_family_name, family_name),
	ROW(attr_owner, owner),
	ROW(attr_application, application),
};
static const struct row group_rows[] = { ROW(attr_group_name, display_name) };
_Static_assert(AU_COUNT(people_rows) <= AU_MAPPED_TEXTS, "an entry has room for all of its texts");

static const struct {
	const struct row *rows;
	size_t count;
	enum au_entry_kind kind;
	size_t base, filter;
} searches[AU_SEARCHES] = {
	[AU_SEARCH_PEOPLE] = { people_rows, AU_COUNT(people_rows), AU_ENTRY_PERSON,
	    offsetof(struct au_source_config, people_base), offsetof(struct au_source_config, people_filter) },
	[AU_SEARCH_GROUPS] = { group_rows, AU_COUNT(group_rows), AU_ENTRY_GROUP,
	    offsetof(struct au_source_config, groups_base), offsetof(struct au_source_config, groups_filter) },
};

static const char *
option(const struct au_mapping *mapping, size_t offset)
{
	return *(const char *const *)((const char *)mapping->config + offset);
}

const char *
au_mapping_base(const struct au_mapping *mapping)
{
	return option(mapping, searches[mapping->search].base);
}

const char *
au_mapping_filter(const struct au_mapping *mapping)
{
	return option(mapping, searches[mapping->search].filter);
}

size_t
au_mapping_text_count(const struct au_mapping *mapping)
{
	return searches[mapping->search].count;
}

struct au_mapping_text
au_mapping_text(const struct au_mapping *mapping, size_t index, const struct au_mapped *mapped)
{
	const struct row *row = &searches[mapping->search].rows[index];

	return (struct au_mapping_text){ .option = row->name,
		.expression = option(mapping, row->option),
		.value = *(const char *const *)((const char *)&mapped->entry + row->member),
		.from = mapped->from[index] };
}

bool
au_mapping_is_member(const struct au_mapping *mapping, const char *attribute)
{
	for (size_t i = 0; mapping->member_attributes[i] != NULL; i++)
		if (au_strcaseeq(mapping->member_attributes[i], attribute))
			return true;
	return false;
}

const char *
au_mapping_escape(struct au_arena *arena, const char *value)
{
	struct berval in = { strlen(value), (char *)(uintptr_t)value }, out = { 0, NULL };

	if (ldap_bv2escaped_filter_value(&in, &out) != 0)
		abort();
	const char *text = au_arena_strdup(arena, out.bv_val);
	if (out.bv_val != value)
		ber_memfree(out.bv_val);
	return text;
}

const char *
au_mapping_name_filter(const struct au_mapping *people, struct au_arena *arena, const char *user_name)
{
	const struct au_pick *pick = &people->picks[PICK_USER_NAME];
	const char *filter = au_mapping_filter(people), *value = au_mapping_escape(arena, user_name), *any = "";

	for (size_t i = 0; i < pick->count; i++)
		if (pick->choices[i].count == 1 && pick->choices[i].parts[0].attribute != NULL &&
		    pick->choices[i].parts[0].of == AU_PICK_FIRST)
			any = au_arena_printf(arena, "%s(%s=%s)", any, pick->choices[i].parts[0].attribute, value);
	return au_arena_printf(arena, filter[0] == '(' ? "(&%s(|%s))" : "(&(%s)(|%s))", filter, any);
}

static void
add_attribute(struct au_mapping *mapping, const char *name)
{
	for (size_t i = 0; i < mapping->attribute_count; i++)
		if (au_strcaseeq(mapping->attributes[i], name))
			return;
	mapping->attributes[mapping->attribute_count++] = name;
}

static void
add_attributes(struct au_mapping *mapping)
{
	for (size_t i = 0; i < searches[mapping->search].count; i++) {
		const struct au_pick *pick = &mapping->picks[i];
		for (size_t j = 0; j < pick->count; j++)
			for (size_t k = 0; k < pick->choices[j].count; k++)
				if (pick->choices[j].parts[k].attribute != NULL)
					add_attribute(mapping, pick->choices[j].parts[k].attribute);
	}
	for (size_t i = 0; i < mapping->disabled_count; i++)
		add_attribute(mapping, mapping->disabled[i].attribute);
	for (size_t i = 0; mapping->member_attributes[i] != NULL; i++)
		add_attribute(mapping, mapping->member_attributes[i]);
	const char *searched[3];
	au_recipe_attributes(&mapping->recipes, searched);
	for (size_t i = 0; searched[i] != NULL; i++)
		add_attribute(mapping, searched[i]);
}

static int
init_picks(struct au_mapping *mapping, struct au_arena *arena, size_t *parts, struct au_err *err)
{
	mapping->picks = au_arena_alloc(arena, searches[mapping->search].count * sizeof(*mapping->picks));
	for (size_t i = 0; i < searches[mapping->search].count; i++) {
		struct au_pick *pick = &mapping->picks[i];
		if (option(mapping, searches[mapping->search].rows[i].option) == NULL)
			continue; /* nobody has one */
		if (au_pick_parse(arena, option(mapping, searches[mapping->search].rows[i].option), pick, err) < 0)
			return AU_EINVAL;
		for (size_t j = 0; j < pick->count; j++)
			*parts += pick->choices[j].count;
	}
	return 0;
}

static int
add_disabled(struct au_mapping *mapping, struct au_arena *arena, const char *text, struct au_err *err)
{
	return au_disabled_parse(arena, text, &mapping->disabled[mapping->disabled_count++], err);
}

static int
init_disabled(struct au_mapping *mapping, struct au_arena *arena, const struct au_vendor *vendor, struct au_err *err)
{
	const struct au_source_config *config = mapping->config;
	size_t vendors = 0;
	int rc = 0;

	if (mapping->search != AU_SEARCH_PEOPLE)
		return 0;
	while (vendor->disabled[vendors] != NULL)
		vendors++;
	mapping->disabled = au_arena_alloc(
	    arena, (json_array_size(config->disabled) + json_array_size(config->attr_expires) + vendors + 1) *
		       sizeof(*mapping->disabled));
	for (size_t i = 0; rc == 0 && i < json_array_size(config->disabled); i++)
		rc = add_disabled(mapping, arena, json_string_value(json_array_get(config->disabled, i)), err);
	if (rc == 0 && config->attr_disabled != NULL)
		mapping->disabled[mapping->disabled_count++] = (struct au_disabled){
			.text = config->attr_disabled, .attribute = config->attr_disabled, .kind = AU_DISABLED_TRUE
		};
	else if (config->disabled == NULL)
		for (size_t i = 0; rc == 0 && vendor->disabled[i] != NULL; i++)
			rc = add_disabled(mapping, arena, vendor->disabled[i], err);
	for (size_t i = 0; rc == 0 && i < json_array_size(config->attr_expires); i++) {
		const char *name = json_string_value(json_array_get(config->attr_expires, i));
		mapping->disabled[mapping->disabled_count++] =
		    (struct au_disabled){ .text = name, .attribute = name, .kind = AU_DISABLED_FROM };
	}
	return rc;
}

static const struct au_identity *
identity_of(struct au_arena *arena, const struct au_source_config *config, enum au_search search,
    const struct au_vendor *vendor)
{
	const char *attribute = config->attr_id;

	if (search == AU_SEARCH_GROUPS && config->attr_group_id != NULL)
		attribute = config->attr_group_id;
	return attribute != NULL ? au_identity_named(arena, attribute) : vendor->identity;
}

/* The number of them. */
static size_t
init_members(struct au_mapping *mapping, struct au_arena *arena, const struct au_vendor *vendor)
{
	static const char *const none[] = { NULL };
	const json_t *list = mapping->config->attr_member;
	size_t count = 0;

	mapping->member_attributes = mapping->search == AU_SEARCH_GROUPS ? vendor->members : none;
	if (mapping->search == AU_SEARCH_GROUPS && json_array_size(list) > 0) {
		const char **names = au_arena_alloc(arena, (json_array_size(list) + 1) * sizeof(*names));
		for (size_t i = 0; i < json_array_size(list); i++)
			names[i] = json_string_value(json_array_get(list, i));
		mapping->member_attributes = names;
	}
	while (mapping->member_attributes[count] != NULL)
		count++;
	return count;
}

static void
init_whole(struct au_mapping *mapping, struct au_arena *arena)
{
	mapping->whole = au_arena_alloc(arena, (mapping->attribute_count + 1) * sizeof(*mapping->whole));
	for (size_t i = 0; i < mapping->attribute_count; i++)
		for (size_t k = 0; k < searches[mapping->search].count; k++)
			mapping->whole[i] =
			    mapping->whole[i] || au_pick_wants_all(&mapping->picks[k], mapping->attributes[i]);
}

int
au_mapping_init(struct au_mapping *mapping, struct au_arena *arena, const struct au_source_config *config,
    enum au_search search, const struct au_vendor *vendor, struct au_err *err)
{
	struct au_source_config *effective = au_arena_alloc(arena, sizeof(*effective));
	struct au_mapping fresh = { .config = effective,
		.search = search,
		.identity = identity_of(arena, config, search, vendor),
		.stamp = search == AU_SEARCH_GROUPS && config->accesslog_from > 0 ? vendor->stamp : NULL };
	size_t parts = 0;

	*effective = au_effective(config, vendor);
	if (init_picks(&fresh, arena, &parts, err) < 0 || init_disabled(&fresh, arena, vendor, err) < 0)
		return AU_EINVAL;
	if (search == AU_SEARCH_GROUPS && au_recipe_terms_init(&fresh.recipes, arena, effective, vendor, err) < 0)
		return AU_EINVAL;
	size_t members = init_members(&fresh, arena, vendor);
	fresh.attributes =
	    au_arena_alloc(arena, (parts + fresh.disabled_count + members + 5) * sizeof(*fresh.attributes));
	add_attributes(&fresh);
	add_attribute(&fresh, fresh.identity->attribute);
	if (fresh.stamp != NULL)
		add_attribute(&fresh, fresh.stamp);
	init_whole(&fresh, arena);
	*mapping = fresh;
	return 0;
}

static bool
is_named(const struct berval *attribute, const char *name)
{
	return name != NULL && strlen(name) == attribute->bv_len &&
	       strncasecmp(name, attribute->bv_val, attribute->bv_len) == 0;
}

/* NULL when it is no text. */
static const char *
text_of(struct au_arena *arena, const struct berval *value)
{
	if (value == NULL || value->bv_val == NULL || !au_text_is_utf8(value->bv_val, value->bv_len))
		return NULL;
	return au_arena_strndup(arena, value->bv_val, value->bv_len);
}

/* Of several values none can be relied on. */
static void
read_id(const struct au_identity *identity, struct au_arena *arena, const struct berval *values, const char **id)
{
	if (*id == NULL && values != NULL && values[0].bv_val != NULL && values[1].bv_val == NULL)
		*id = identity->text(arena, &values[0]);
}

/* What is known of the entry under way, the values of each of the mapping's attributes. */
struct taken {
	const struct au_mapping *mapping;
	const char *const **values; /* as au_pick_values has them */
	bool defers; /* members are left as they are where that can be */
};

const char *
au_mapping_value(struct au_arena *arena, const struct berval *value)
{
	const char *text = text_of(arena, value);

	return text != NULL && text[strspn(text, " ")] != '\0' ? text : NULL;
}

/* Servers give values in any order: that of bytes is the same one each time. */
static const char *
first_text(struct au_arena *arena, const struct berval *values)
{
	const char *first = NULL;

	for (size_t i = 0; values != NULL && values[i].bv_val != NULL; i++) {
		const char *text = au_mapping_value(arena, &values[i]);
		if (text != NULL && (first == NULL || strcmp(text, first) < 0))
			first = text;
	}
	return first;
}

/* A list of one. */
static const char *const *
first_alone(struct au_arena *arena, const struct berval *values)
{
	const char **list = au_arena_alloc(arena, 2 * sizeof(*list));

	list[0] = first_text(arena, values);
	return list;
}

const char *const *
au_mapping_values(struct au_arena *arena, const struct berval *values)
{
	size_t count = 0, used = 0;

	while (values != NULL && values[count].bv_val != NULL)
		count++;
	const char **list = au_arena_alloc(arena, (count + 1) * sizeof(*list));
	for (size_t i = 0; i < count; i++) {
		const char *text = au_mapping_value(arena, &values[i]);
		if (text != NULL)
			list[used++] = text;
	}
	qsort(list, used, sizeof(*list), au_pick_order);
	return list;
}

static const char *const *
taken_values(void *ctx, const char *attribute)
{
	const struct taken *taken = ctx;

	for (size_t i = 0; i < taken->mapping->attribute_count; i++)
		if (au_strcaseeq(taken->mapping->attributes[i], attribute))
			return taken->values[i];
	return NULL;
}

static void
take_values(const struct taken *taken, struct au_arena *arena, const struct berval *name, const struct berval *values)
{
	for (size_t i = 0; i < taken->mapping->attribute_count; i++)
		if (taken->values[i] == NULL && is_named(name, taken->mapping->attributes[i]))
			taken->values[i] = taken->mapping->whole[i] ? au_mapping_values(arena, values)
								   : first_alone(arena, values);
}

static void
fill_texts(struct taken *taken, struct au_arena *arena, struct au_mapped *mapped)
{
	const struct row *rows = searches[taken->mapping->search].rows;

	for (size_t i = 0; i < searches[taken->mapping->search].count; i++)
		mapped->from[i] = au_pick_find(&taken->mapping->picks[i], arena, taken_values, taken,
		    (const char **)((char *)&mapped->entry + rows[i].member));
}

static bool
disables(const struct au_disabled *test, struct au_arena *arena, const struct berval *values)
{
	for (size_t i = 0; values != NULL && values[i].bv_val != NULL; i++) {
		const char *text = text_of(arena, &values[i]);
		if (text != NULL && au_disabled_holds(test, arena, text))
			return true;
	}
	return false;
}

/* By time: now, or later; the earliest date counts.  What cannot be read disables nobody, and is told. */
static bool
expires(const struct au_disabled *test, struct au_arena *arena, const struct berval *values, struct au_entry *entry)
{
	const char *text = text_of(arena, &values[0]);
	int64_t since = 0;

	if (text == NULL || au_disabled_since(test, text, &since) < 0) {
		entry->expires_odd = au_entry_odd_date(arena, text);
		return false;
	}
	if (since != 0 && (entry->expires_ms == 0 || since < entry->expires_ms))
		entry->expires_ms = since;
	return since != 0 && since <= au_clock_wall_ms();
}

static bool
is_dated(const struct au_disabled *test)
{
	return test->kind == AU_DISABLED_SINCE || test->kind == AU_DISABLED_FROM;
}

/* Dates are read of whoever is disabled in another way, too: the attributes come in any order. */
static void
read_disabled(const struct au_mapping *mapping, struct au_arena *arena, const struct berval *name,
    const struct berval *values, struct au_mapped *mapped)
{
	for (size_t i = 0; values != NULL && values[0].bv_val != NULL && i < mapping->disabled_count; i++) {
		const struct au_disabled *test = &mapping->disabled[i];
		if (!is_named(name, test->attribute) || (!mapped->entry.active && !is_dated(test)))
			continue;
		if (is_dated(test) ? !expires(test, arena, values, &mapped->entry) : !disables(test, arena, values))
			continue;
		if (mapped->entry.active)
			mapped->disabled_by = test;
		mapped->entry.active = false;
	}
}

/* 1: it is a member attribute, and *values are no longer the caller's where they were left as they are. */
static int
read_members(const struct taken *taken, struct au_arena *arena, const struct berval *name, struct berval **values,
    struct au_roll *roll, struct au_err *err)
{
	const char *const *attributes = taken->mapping->member_attributes;

	if (!taken->defers)
		return au_roll_take(roll, arena, attributes, name, *values, err);
	int rc = au_roll_defer(roll, arena, attributes, name, *values, err);
	if (rc != 0)
		*values = NULL;
	return rc;
}

static int
read_attribute(const struct taken *taken, struct au_arena *arena, const struct berval *name, struct berval **values,
    struct au_mapped *mapped, struct au_err *err)
{
	if (is_named(name, taken->mapping->identity->attribute))
		read_id(taken->mapping->identity, arena, *values, &mapped->entry.id);
	if (is_named(name, taken->mapping->stamp))
		mapped->stamp = first_text(arena, *values);
	int rc = read_members(taken, arena, name, values, &mapped->roll, err);
	if (rc != 0)
		return rc < 0 ? au_err_prefix(err, rc, "group '%s'", mapped->entry.dn) : 0;
	au_recipe_take(&mapped->recipe, &taken->mapping->recipes, arena, name, *values);
	take_values(taken, arena, name, *values);
	read_disabled(taken->mapping, arena, name, *values, mapped);
	return 0;
}

static int
read_dn(struct au_arena *arena, const struct berval *dn, struct au_mapped *mapped, struct au_err *err)
{
	const char *text = text_of(arena, dn);

	if (text == NULL)
		return au_fail(err, AU_EPROTO, "an entry's DN cannot be read");
	mapped->entry.dn = text;
	if (au_dn_normalize(arena, text, &mapped->dn_norm, err) < 0)
		return au_err_recode(err, AU_EPROTO);
	return 0;
}

static void
free_element(BerElement **ber)
{
	if (*ber != NULL)
		ber_free(*ber, 0);
}

static int
undecodable(struct au_err *err)
{
	return au_fail(err, AU_EPROTO, "an entry cannot be decoded");
}

bool
au_mapped_is_part(const struct au_mapped *mapped)
{
	return au_roll_is_part(&mapped->roll) || !au_recipe_is_empty(&mapped->recipe);
}

static int
map(const struct au_mapping *mapping, LDAP *ld, LDAPMessage *message, const char *id, bool defers,
    struct au_arena *arena, struct au_mapped *ret, struct au_err *err)
{
	AU_CLEANUP(free_element) BerElement *ber = NULL;
	struct berval dn = { 0, NULL }, name = { 0, NULL };
	struct au_mapped mapped = { .entry = { .source = mapping->config->name,
					.id = au_arena_strdup(arena, id),
					.kind = searches[mapping->search].kind,
					.active = true },
		.recipe = { .in_chain = mapping->recipes.rule != NULL } };
	struct taken taken = { mapping, au_arena_alloc(arena, (mapping->attribute_count + 1) * sizeof(*taken.values)),
		defers };
	int rc = 0;

	if (ldap_get_dn_ber(ld, message, &ber, &dn) != LDAP_SUCCESS)
		return undecodable(err);
	if (read_dn(arena, &dn, &mapped, err) < 0)
		return AU_EPROTO;
	while (rc == 0) {
		struct berval *values = NULL;
		if (ldap_get_attribute_ber(ld, message, ber, &name, &values) != LDAP_SUCCESS)
			return undecodable(err);
		if (name.bv_val == NULL)
			break;
		rc = read_attribute(&taken, arena, &name, &values, &mapped, err);
		ber_memfree(values);
	}
	if (rc < 0)
		return rc;
	if (mapped.entry.id == NULL)
		return au_fail(err, AU_EPROTO,
		    "entry '%s' has no %s that we may read; where there is none, attr_id names another attribute "
		    "that never changes",
		    mapped.entry.dn, mapping->identity->attribute);
	fill_texts(&taken, arena, &mapped);
	if (mapped.entry.owner != NULL)
		au_dn_normalize(arena, mapped.entry.owner, &mapped.entry.owner_dn, NULL);
	*ret = mapped;
	return 0;
}

int
au_mapping_part(const struct au_mapping *mapping, LDAP *ld, LDAPMessage *message, const char *id,
    struct au_arena *arena, struct au_mapped *ret, struct au_err *err)
{
	return map(mapping, ld, message, id, false, arena, ret, err);
}

static int
map_whole(const struct au_mapping *mapping, LDAP *ld, LDAPMessage *message, const char *id, bool defers,
    struct au_arena *arena, struct au_mapped *ret, struct au_err *err)
{
	struct au_mapped mapped;

	if (map(mapping, ld, message, id, defers, arena, &mapped, err) < 0)
		return AU_EPROTO;
	if (au_roll_is_part(&mapped.roll))
		return au_fail(
		    err, AU_EPROTO, "group '%s': the server gives only a part of the members", mapped.entry.dn);
	mapped.is_some = au_mapped_is_part(&mapped);
	*ret = mapped;
	return 0;
}

int
au_mapping_entry(const struct au_mapping *mapping, LDAP *ld, LDAPMessage *message, const char *id,
    struct au_arena *arena, struct au_mapped *ret, struct au_err *err)
{
	return map_whole(mapping, ld, message, id, false, arena, ret, err);
}

int
au_mapping_deferred(const struct au_mapping *mapping, LDAP *ld, LDAPMessage *message, const char *id,
    struct au_arena *arena, struct au_mapped *ret, struct au_err *err)
{
	return map_whole(mapping, ld, message, id, true, arena, ret, err);
}
