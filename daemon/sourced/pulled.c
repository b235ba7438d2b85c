/* SPDX-License-Identifier: ISC */
/*
 * Attributes are compared without regard to case by the RFC, but services write
 * them as it does; one that does not gets an error, not a guess.
 */
#include "sourced/pulled.h"

#include "base/str.h"
#include "base/when.h"
#include "model/ref.h"

#include <string.h>

/* The getters blame our request; here it is the service's answer that is wrong. */
static int
be_protocol(struct au_err *err, const char *what)
{
	au_err_prefix(err, AU_EPROTO, "%s", what);
	return au_err_recode(err, AU_EPROTO);
}

static int
read_next(const json_t *json, struct au_pulled_page *page, struct au_err *err)
{
	if (au_json_str(json, "nextCursor", NULL, &page->next, err) < 0)
		return be_protocol(err, "list");
	if (page->next != NULL && *page->next == '\0')
		page->next = NULL;
	return 0;
}

int
au_pulled_page(const json_t *json, bool by_cursor, struct au_pulled_page *ret, struct au_err *err)
{
	static const char none[] = "list: member 'Resources': expected a list of objects";
	struct au_pulled_page page = { .resources = json_object_get(json, "Resources") };
	const json_t *resource;
	size_t index;

	if (!json_is_object(json) || (page.resources != NULL && !json_is_array(page.resources)))
		return au_fail(err, AU_EPROTO, none);
	json_array_foreach (page.resources, index, resource)
		if (!json_is_object(resource))
			return au_fail(err, AU_EPROTO, none);
	page.count = json_array_size(page.resources);
	if (au_json_int(json, "totalResults", -1, &page.total, err) < 0)
		return be_protocol(err, "list");
	if (page.total < 0 && !by_cursor)
		return au_fail(err, AU_EPROTO, "list: member 'totalResults' is missing");
	if (by_cursor && read_next(json, &page, err) < 0)
		return AU_EPROTO;
	*ret = page;
	return 0;
}

const char *
au_pulled_id(const json_t *resource)
{
	const char *id = au_json_get_str(resource, "id");

	return au_str_empty(id) ? NULL : id;
}

int64_t
au_pulled_modified_ms(const json_t *resource)
{
	const char *text = au_json_get_str(json_object_get(resource, "meta"), "lastModified");
	int64_t ms;

	return text != NULL && au_when_parse(text, &ms, NULL) == 0 ? ms : 0;
}

/* The address called primary, else the first one (RFC 7643 section 2.4). */
static const char *
mail_of(const json_t *resource)
{
	const json_t *list = json_object_get(resource, "emails"), *item, *best = NULL;
	size_t index;

	json_array_foreach (list, index, item) {
		if (au_str_empty(au_json_get_str(item, "value")))
			continue;
		if (best == NULL || (au_json_get_bool(item, "primary", 0) && !au_json_get_bool(best, "primary", 0)))
			best = item;
	}
	return au_json_get_str(best, "value");
}

static int
read_user(const json_t *resource, struct au_arena *arena, struct au_entry *entry, struct au_err *err)
{
	const json_t *name = json_object_get(resource, "name");
	int active;

	if (au_json_str(resource, "userName", NULL, &entry->user_name, err) < 0 ||
	    au_json_str(resource, "displayName", NULL, &entry->display_name, err) < 0 ||
	    au_json_str(resource, "externalId", NULL, &entry->external_id, err) < 0 ||
	    au_json_bool(resource, "active", 1, &active, err) < 0)
		return AU_EPROTO;
	if (au_str_empty(entry->user_name))
		return au_fail(err, AU_EPROTO, "member 'userName' is missing");
	entry->active = active;
	entry->given_name = au_json_get_str(name, "givenName");
	entry->family_name = au_json_get_str(name, "familyName");
	entry->mail = mail_of(resource);
	if (entry->display_name == NULL)
		entry->display_name = au_json_get_str(name, "formatted");
	if (entry->display_name == NULL && entry->given_name != NULL && entry->family_name != NULL)
		entry->display_name = au_arena_printf(arena, "%s %s", entry->given_name, entry->family_name);
	return 0;
}

static int
read_members(const json_t *members, struct au_arena *arena, struct au_mapped *mapped, struct au_err *err)
{
	const json_t *member;
	size_t index;

	if (members != NULL && !json_is_null(members) && !json_is_array(members))
		return au_fail(err, AU_EPROTO, "member 'members': expected a list");
	mapped->roll.members = au_arena_alloc(arena, (json_array_size(members) + 1) * sizeof(*mapped->roll.members));
	json_array_foreach (members, index, member) {
		const char *id = au_json_get_str(member, "value");
		if (au_str_empty(id))
			return au_fail(err, AU_EPROTO, "member 'members[%zu].value' is missing", index);
		mapped->roll.members[mapped->roll.count++] = id;
	}
	return 0;
}

int
au_pulled_entry(enum au_search search, const char *source, const json_t *resource, struct au_arena *arena,
    struct au_mapped *ret, bool *ret_has_members, struct au_err *err)
{
	struct au_mapped mapped = { .entry = { .source = source, .id = au_pulled_id(resource), .active = true } };
	const json_t *members = json_object_get(resource, "members");
	int rc;

	if (mapped.entry.id == NULL)
		return au_fail(err, AU_EPROTO, "a resource has no id");
	if (au_ref_user_name(mapped.entry.id) != NULL)
		return au_fail(
		    err, AU_EPROTO, "resource '%s': groups could not name an id that begins so", mapped.entry.id);
	mapped.dn_norm = mapped.entry.id;
	if (search == AU_SEARCH_PEOPLE) {
		mapped.entry.kind = AU_ENTRY_PERSON;
		rc = read_user(resource, arena, &mapped.entry, err);
	} else {
		mapped.entry.kind = AU_ENTRY_GROUP;
		rc = au_json_str(resource, "displayName", NULL, &mapped.entry.display_name, err);
		if (rc == 0 && au_str_empty(mapped.entry.display_name))
			rc = au_fail(err, AU_EPROTO, "member 'displayName' is missing");
		if (rc == 0)
			rc = read_members(members, arena, &mapped, err);
	}
	if (rc < 0)
		return be_protocol(err, au_arena_printf(arena, "resource '%s'", mapped.entry.id));
	*ret_has_members = members != NULL;
	*ret = mapped;
	return 0;
}

struct au_pulled_service
au_pulled_service(const json_t *config)
{
	const json_t *filter = json_object_get(config, "filter"), *pagination = json_object_get(config, "pagination");
	long long most = au_json_get_int(filter, "maxResults"), page = au_json_get_int(pagination, "maxPageSize");

	if (page > 0 && (most <= 0 || page < most))
		most = page;
	return (struct au_pulled_service){ .filter = au_json_get_bool(filter, "supported", 0),
		.cursor = au_json_get_bool(pagination, "cursor", 0),
		.most = most > 0 ? most : 0 };
}
