/* SPDX-License-Identifier: ISC */
/* What a remote SCIM service answers: a first line that is a path and a test, then a page, of users and of groups. */
#include "tests/fuzz/fuzz.h"

#include "base/mem.h"
#include "base/str.h"
#include "sourced/pulled.h"

#include <string.h>

#define DEPTH 16

static void
free_json(json_t **json)
{
	json_decref(*json);
}

static void
check_entry(const struct au_pulled_map *map, enum au_search search, const json_t *resource, struct au_arena *arena)
{
	struct au_mapped mapped = { .dn_norm = "untouched" };
	struct au_err err = { 0 };
	bool has_members = false;
	int rc = au_pulled_entry(map, search, resource, arena, &mapped, &has_members, &err);

	HOLDS(rc == 0 || rc == AU_EPROTO);
	HOLDS(rc == 0 || (err.text[0] != '\0' && strcmp(mapped.dn_norm, "untouched") == 0));
	if (rc < 0)
		return;
	HOLDS(!au_str_empty(mapped.entry.id) && au_streq(mapped.entry.id, au_pulled_id(resource)));
	HOLDS(search == AU_SEARCH_GROUPS || !au_str_empty(mapped.entry.user_name));
	HOLDS(search == AU_SEARCH_PEOPLE || !au_str_empty(mapped.entry.display_name));
	HOLDS(mapped.roll.count == 0 || has_members);
	for (size_t i = 0; i < mapped.roll.count; i++)
		HOLDS(!au_str_empty(mapped.roll.members[i]));
}

static void
check_page(const struct au_pulled_map *map, const json_t *json, bool by_cursor, struct au_arena *arena)
{
	struct au_pulled_page page;

	if (au_pulled_page(json, by_cursor, &page, NULL) < 0)
		return;
	HOLDS(page.total >= 0 || by_cursor);
	HOLDS(page.next == NULL || (by_cursor && *page.next != '\0'));
	for (size_t i = 0; i < page.count; i++)
		for (int search = 0; search < AU_SEARCHES; search++) {
			const json_t *resource = json_array_get(page.resources, i);
			au_pulled_modified_ms(resource);
			check_entry(map, search, resource, arena);
		}
}

/* One that is understood is understood again from what it keeps of its text. */
static void
check_path(const struct au_scim_path *path, struct au_arena *arena)
{
	struct au_scim_path again;

	HOLDS(au_scim_path_parse(arena, path->text, &again, NULL) == 0);
	HOLDS(au_streq(again.attribute, path->attribute) && au_streq(again.sub, path->sub));
	HOLDS(au_streq(again.schema, path->schema) && again.pick_count == path->pick_count);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	AU_CLEANUP(free_json) json_t *json = NULL;
	AU_CLEANUP(free_json) json_t *list = json_array();
	char *text = au_arena_strndup(arena, (const char *)data, size), *rest = text + strcspn(text, "\n");
	struct au_source_config settings = { .name = "fuzz" };
	struct au_pulled_map map;
	struct au_scim_path path;
	struct au_scim_test test;

	if (*rest != '\0')
		*rest++ = '\0';
	json_array_append_new(list, json_string(text));
	if (au_scim_path_parse(arena, text, &path, NULL) == 0) {
		check_path(&path, arena);
		settings.path_mail = list;
	}
	if (au_scim_test_parse(arena, text, &test, NULL) == 0) {
		check_path(&test.path, arena);
		settings.inactive = list;
	}
	if (json_array_size(list) == 0 || au_json_parse(rest, strlen(rest), DEPTH, &json, NULL) < 0)
		return 0;
	HOLDS(au_pulled_map_init(&map, arena, &settings, NULL) == 0);
	au_pulled_service(json);
	check_page(&map, json, true, arena);
	check_page(&map, json, false, arena);
	return 0;
}
