/* SPDX-License-Identifier: ISC */
/* A tab is written "Personal: read-only"; the product's three areas have one list each. */
#include "iris-hr/rights.h"

#include "base/json.h"
#include "base/str.h"
#include "base/text.h"

#include <string.h>

/* Member of a template, and the area's name on the screen. */
static const struct {
	const char *member, *area;
} areas[] = {
	{ "self", "Self" },
	{ "team", "Team" },
	{ "secondary", "Secondary" },
};

static const char *const accesses[] = { "none", "read-only", "full" };

/* One "TAB: ACCESS", in the arena. */
struct tab {
	char *name;
	const char *access;
};

static int
take_tab(struct au_arena *arena, const char *text, struct tab *ret, struct au_err *err)
{
	const char *colon = strrchr(text, ':'), *access, *end = colon;

	if (colon == NULL)
		return au_fail(err, AU_EINVAL, "'%s': expected TAB: ACCESS", text);
	access = colon + 1 + strspn(colon + 1, " ");
	text += strspn(text, " ");
	while (end > text && end[-1] == ' ')
		end--;
	if (end <= text)
		return au_fail(err, AU_EINVAL, "'%s': expected the name of a tab before the colon", text);
	for (size_t i = 0; i < AU_COUNT(accesses); i++) {
		if (au_streq(access, accesses[i])) {
			*ret = (struct tab){ au_arena_strndup(arena, text, (size_t)(end - text)), accesses[i] };
			return 0;
		}
	}
	return au_fail(err, AU_EINVAL, "'%s': expected none, read-only or full after the colon", text);
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(((const struct tab *)a)->name, ((const struct tab *)b)->name);
}

static int
take_tabs(struct au_arena *arena, const json_t *list, struct tab **ret, struct au_err *err)
{
	size_t count = json_array_size(list);
	struct tab *tabs = au_arena_alloc(arena, (count + 1) * sizeof(*tabs));
	int r;

	for (size_t i = 0; i < count; i++) {
		const char *text = json_string_value(json_array_get(list, i));

		if (text == NULL)
			return au_fail(err, AU_EINVAL, "expected a list of texts");
		if ((r = take_tab(arena, text, &tabs[i], err)) != 0)
			return r;
		for (size_t k = 0; k < i; k++) {
			if (au_streq(au_text_fold(arena, tabs[k].name), au_text_fold(arena, tabs[i].name)))
				return au_fail(err, AU_EINVAL, "tab '%s' is there twice", tabs[i].name);
		}
	}
	qsort(tabs, count, sizeof(*tabs), by_name);
	*ret = tabs;
	return 0;
}

/* An integration that reads wrong data with less (IR-R15): full access to one tab, or to all there is. */
static bool
suffices(const char *integration, const char *others, const json_t *canonical)
{
	const json_t *entry;
	size_t i;
	bool reduced = false;

	if (!au_streq(integration, "iris-recruitment"))
		return true;
	for (size_t k = 0; k < AU_COUNT(areas); k++) {
		json_array_foreach (json_object_get(canonical, areas[k].member), i, entry) {
			if (au_streq(json_string_value(entry), "Starters & Leavers: full"))
				return true;
			reduced = true;
		}
	}
	return au_streq(others, "full") && !reduced;
}

static int
canonical_area(struct au_arena *arena, const json_t *list, const char *others, json_t **ret, struct au_err *err)
{
	struct tab *tabs = NULL;
	json_t *array;
	int r = take_tabs(arena, list, &tabs, err);

	if (r != 0)
		return r;
	array = json_array();
	for (struct tab *tab = tabs; tab->name != NULL; tab++) {
		if (!au_streq(tab->access, others))
			json_array_append_new(array, json_sprintf("%s: %s", tab->name, tab->access));
	}
	*ret = array;
	return 0;
}

int
iris_rights_resolve(struct au_session *session, const char *rights, au_emit_text *emit, void *ctx, struct au_err *err)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	AU_CLEANUP(au_json_decrefp) json_t *parsed = NULL;
	AU_CLEANUP(au_json_decrefp) json_t *canonical = json_object();
	AU_CLEANUP(au_freep) char *text = NULL;
	const char *others, *integration;
	int r;

	(void)session;
	if ((r = au_json_parse(rights, strlen(rights), AU_JSON_DEPTH, &parsed, err)) != 0 ||
	    (r = au_json_str(parsed, "others", "none", &others, err)) != 0 ||
	    (r = au_json_str(parsed, "integration", "any", &integration, err)) != 0)
		return r;
	json_object_set_new(canonical, "others", json_string(others));
	for (size_t i = 0; i < AU_COUNT(areas); i++) {
		json_t *array = NULL;

		if ((r = canonical_area(arena, json_object_get(parsed, areas[i].member), others, &array, err)) != 0)
			return au_err_prefix(err, r, "right '%s'", areas[i].member);
		json_object_set_new(canonical, areas[i].member, array);
	}
	if (!suffices(integration, others, canonical))
		return au_fail(err, AU_EINVAL,
		    "IRIS Recruitment needs full access, or at least 'Starters & Leavers: full' in an area (IR-R15)");
	text = au_json_canonical(canonical);
	return emit(ctx, text);
}

/* ---- orders -------------------------------------------------------------------- */

static int
parse_canonical(const char *rights, json_t **ret, struct au_err *err)
{
	if (rights == NULL || au_json_parse(rights, strlen(rights), AU_JSON_DEPTH, ret, NULL) != 0 ||
	    au_json_get_str(*ret, "others") == NULL)
		return au_fail(err, AU_EBUG, "rights: expected the canonical object");
	return 0;
}

static size_t
count_tabs(const json_t *rights)
{
	size_t count = 0;

	for (size_t i = 0; i < AU_COUNT(areas); i++)
		count += json_array_size(json_object_get(rights, areas[i].member));
	return count;
}

static int
write_tabs(struct au_arena *arena, const json_t *rights, struct au_paper *paper, struct au_err *err)
{
	for (size_t i = 0; i < AU_COUNT(areas); i++) {
		struct tab *tabs = NULL;
		int r = take_tabs(arena, json_object_get(rights, areas[i].member), &tabs, err);

		if (r != 0)
			return au_err_recode(err, AU_EBUG);
		for (struct tab *tab = tabs; tab->name != NULL; tab++)
			au_paper_field(paper, au_arena_printf(arena, "%s > %s", areas[i].area, tab->name), tab->access);
	}
	return 0;
}

int
iris_rights_write(const char *rights, struct au_paper *paper, struct au_err *err)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	AU_CLEANUP(au_json_decrefp) json_t *parsed = NULL;
	int r = parse_canonical(rights, &parsed, err);

	if (r != 0)
		return r;
	au_paper_line(paper, "Select \"Advanced\".");
	au_paper_line(
	    paper, "Set every tab of the areas Self, Team and Secondary to \"%s\".", au_json_get_str(parsed, "others"));
	if (count_tabs(parsed) != 0) {
		au_paper_line(paper, "Then set these tabs.");
		r = write_tabs(arena, parsed, paper, err);
	}
	au_paper_line(paper, "Select \"Save\".");
	return r;
}

bool
iris_rights_are_full(const char *rights)
{
	AU_CLEANUP(au_json_decrefp) json_t *parsed = NULL;

	return parse_canonical(rights, &parsed, NULL) == 0 && au_streq(au_json_get_str(parsed, "others"), "full") &&
	       count_tabs(parsed) == 0;
}
