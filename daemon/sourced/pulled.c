/* SPDX-License-Identifier: ISC */
/*
 * Attributes are compared without regard to case by the RFC, but services write
 * them as it does; one that does not gets an error, not a guess.
 */
#include "sourced/pulled.h"

#include "base/clock.h"
#include "base/date.h"
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

/* ---- which values count ---- */

/* The option that says it, and what it is without. */
static const struct {
	size_t option; /* in struct au_source_config */
	const char *paths[3];
} texts[] = {
	[AU_PULLED_USER_NAME] = { offsetof(struct au_source_config, path_user_name), { "userName" } },
	[AU_PULLED_MAIL] = { offsetof(struct au_source_config, path_mail), { "emails.value" } },
	[AU_PULLED_DISPLAY_NAME] = { offsetof(struct au_source_config, path_display_name),
	    { "displayName", "name.formatted" } },
	[AU_PULLED_GIVEN_NAME] = { offsetof(struct au_source_config, path_given_name), { "name.givenName" } },
	[AU_PULLED_FAMILY_NAME] = { offsetof(struct au_source_config, path_family_name), { "name.familyName" } },
	[AU_PULLED_EXTERNAL_ID] = { offsetof(struct au_source_config, path_external_id), { "externalId" } },
	[AU_PULLED_GROUP_NAME] = { offsetof(struct au_source_config, path_group_name), { "displayName" } },
	[AU_PULLED_EXPIRES] = { offsetof(struct au_source_config, path_expires), { NULL } },
};

static const char *
text_at(const json_t *list, size_t index)
{
	return json_string_value(json_array_get(list, index));
}

static int
init_text(struct au_pulled_map *map, struct au_arena *arena, const struct au_source_config *settings,
    enum au_pulled_text which, struct au_err *err)
{
	const json_t *list = *(const json_t *const *)((const char *)settings + texts[which].option);
	size_t usual = 0, configured = json_array_size(list);
	struct au_pulled_paths *paths = &map->texts[which];

	while (usual < AU_COUNT(texts[which].paths) && texts[which].paths[usual] != NULL)
		usual++;
	paths->count = configured > 0 ? configured : usual;
	paths->paths = au_arena_alloc(arena, (paths->count + 1) * sizeof(*paths->paths));
	for (size_t i = 0; i < paths->count; i++) {
		const char *text = configured > 0 ? text_at(list, i) : texts[which].paths[i];
		if (au_scim_path_parse(arena, text, &paths->paths[i], err) < 0)
			return AU_EINVAL;
	}
	return 0;
}

static int
init_inactive(
    struct au_pulled_map *map, struct au_arena *arena, const struct au_source_config *settings, struct au_err *err)
{
	static const char usual[] = "active eq false";
	size_t count = settings->inactive != NULL ? json_array_size(settings->inactive) : 1;

	map->inactive = au_arena_alloc(arena, (count + 1) * sizeof(*map->inactive));
	for (; map->inactive_count < count; map->inactive_count++) {
		const char *text =
		    settings->inactive != NULL ? text_at(settings->inactive, map->inactive_count) : usual;
		if (au_scim_test_parse(arena, text, &map->inactive[map->inactive_count], err) < 0)
			return AU_EINVAL;
	}
	return 0;
}

int
au_pulled_map_init(
    struct au_pulled_map *map, struct au_arena *arena, const struct au_source_config *settings, struct au_err *err)
{
	struct au_pulled_map made = { .source = settings->name };

	for (int i = 0; i < AU_PULLED_TEXTS; i++)
		if (init_text(&made, arena, settings, i, err) < 0)
			return AU_EINVAL;
	if (init_inactive(&made, arena, settings, err) < 0)
		return AU_EINVAL;
	*map = made;
	return 0;
}

/* ---- entries ---- */

/* The first path's that has one; NULL: none. */
static int
read_text(const struct au_pulled_map *map, enum au_pulled_text which, const json_t *resource, const char **ret,
    struct au_err *err)
{
	const struct au_pulled_paths *paths = &map->texts[which];
	const char *value = NULL;
	int rc = 0;

	for (size_t i = 0; rc == 0 && value == NULL && i < paths->count; i++)
		rc = au_scim_path_value(&paths->paths[i], resource, &value, err);
	if (rc == 0)
		*ret = value;
	return rc;
}

/* The same for a text that must be there. */
static int
read_name(const struct au_pulled_map *map, enum au_pulled_text which, const json_t *resource, const char **ret,
    struct au_err *err)
{
	const char *name = NULL;
	int rc = read_text(map, which, resource, &name, err);

	if (rc == 0 && name == NULL)
		return au_fail(err, AU_EPROTO, "member '%s' is missing", map->texts[which].paths[0].text);
	if (rc == 0)
		*ret = name;
	return rc;
}

static int
read_active(const struct au_pulled_map *map, const json_t *resource, bool *ret, struct au_err *err)
{
	for (size_t i = 0; i < map->inactive_count; i++) {
		int rc = au_scim_test_holds(&map->inactive[i], resource, err);
		if (rc != 0) {
			*ret = false;
			return rc < 0 ? rc : 0;
		}
	}
	*ret = true;
	return 0;
}

/* A date that cannot be read disables nobody, and is told. */
static void
read_expiry(const struct au_pulled_map *map, const json_t *resource, struct au_arena *arena, struct au_entry *entry)
{
	const char *text = NULL;
	int64_t ms = 0;
	int rc = read_text(map, AU_PULLED_EXPIRES, resource, &text, NULL);

	if (rc < 0 || (text != NULL && au_date_parse(text, &ms, NULL) < 0))
		entry->expires_odd = au_entry_odd_date(arena, text);
	entry->expires_ms = ms;
	if (ms != 0 && ms <= au_clock_wall_ms())
		entry->active = false;
}

static int
read_user(const struct au_pulled_map *map, const json_t *resource, struct au_arena *arena, struct au_entry *entry,
    struct au_err *err)
{
	const struct {
		enum au_pulled_text which;
		const char **at;
	} rows[] = {
		{ AU_PULLED_MAIL, &entry->mail },
		{ AU_PULLED_DISPLAY_NAME, &entry->display_name },
		{ AU_PULLED_GIVEN_NAME, &entry->given_name },
		{ AU_PULLED_FAMILY_NAME, &entry->family_name },
		{ AU_PULLED_EXTERNAL_ID, &entry->external_id },
	};
	int rc = read_name(map, AU_PULLED_USER_NAME, resource, &entry->user_name, err);

	for (size_t i = 0; rc == 0 && i < AU_COUNT(rows); i++)
		rc = read_text(map, rows[i].which, resource, rows[i].at, err);
	if (rc == 0)
		rc = read_active(map, resource, &entry->active, err);
	if (rc == 0)
		read_expiry(map, resource, arena, entry);
	if (rc == 0)
		au_entry_take_manager(entry, resource);
	if (rc == 0 && entry->display_name == NULL && entry->given_name != NULL && entry->family_name != NULL)
		entry->display_name = au_arena_printf(arena, "%s %s", entry->given_name, entry->family_name);
	return rc;
}

/* A member's id; of one that only has a reference, its last part (RFC 7643 section 2.4). */
static const char *
member_id(const json_t *member)
{
	const char *id = au_json_get_str(member, "value"), *ref = au_json_get_str(member, "$ref");
	const char *slash = ref != NULL ? strrchr(ref, '/') : NULL;

	if (!au_str_empty(id))
		return id;
	return slash != NULL && slash[1] != '\0' ? slash + 1 : NULL;
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
		const char *id = member_id(member);
		if (id == NULL)
			return au_fail(err, AU_EPROTO, "member 'members[%zu].value' is missing", index);
		mapped->roll.members[mapped->roll.count++] = id;
	}
	return 0;
}

int
au_pulled_entry(const struct au_pulled_map *map, enum au_search search, const json_t *resource, struct au_arena *arena,
    struct au_mapped *ret, bool *ret_has_members, struct au_err *err)
{
	struct au_mapped mapped = { .entry = { .source = map->source, .id = au_pulled_id(resource), .active = true } };
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
		rc = read_user(map, resource, arena, &mapped.entry, err);
	} else {
		mapped.entry.kind = AU_ENTRY_GROUP;
		rc = read_name(map, AU_PULLED_GROUP_NAME, resource, &mapped.entry.display_name, err);
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

const char *
au_pulled_way(const struct au_pulled_service *service)
{
	return service->cursor ? "polled, by cursor (RFC 9865)" : "polled, by index (RFC 7644 section 3.4.2.4)";
}
