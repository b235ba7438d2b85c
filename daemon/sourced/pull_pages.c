/* SPDX-License-Identifier: ISC */
/* Kept as text: as values, a million ids would take five times as much. */
#include "sourced/pull_pages.h"

#include "base/map.h"

#include <string.h>

struct kept {
	char *etag, *text;
};

struct au_pull_pages {
	struct au_map *by_path;
};

static void
free_kept(void *value)
{
	struct kept *kept = value;

	if (kept == NULL)
		return;
	free(kept->etag);
	free(kept->text);
	free(kept);
}

struct au_pull_pages *
au_pull_pages_new(void)
{
	struct au_pull_pages *pages = au_xcalloc(1, sizeof(*pages));

	pages->by_path = au_map_new();
	return pages;
}

void
au_pull_pages_free(struct au_pull_pages *pages)
{
	if (pages == NULL)
		return;
	au_map_free(pages->by_path, free_kept);
	free(pages);
}

const char *
au_pull_pages_etag(const struct au_pull_pages *pages, const char *path)
{
	const struct kept *kept = au_map_get(pages->by_path, path);

	return kept != NULL ? kept->etag : NULL;
}

json_t *
au_pull_pages_get(const struct au_pull_pages *pages, const char *path)
{
	const struct kept *kept = au_map_get(pages->by_path, path);
	json_t *page = NULL;

	if (kept != NULL)
		au_json_parse(kept->text, strlen(kept->text), AU_JSON_DEPTH, &page, NULL);
	return page;
}

static json_t *
ids_of(const json_t *page)
{
	const json_t *resource;
	json_t *ids = json_array();
	size_t index;

	json_array_foreach (json_object_get(page, "Resources"), index, resource) {
		json_t *only = json_object();
		json_object_set(only, "id", json_object_get(resource, "id"));
		json_array_append_new(ids, only);
	}
	return ids;
}

void
au_pull_pages_put(struct au_pull_pages *pages, const char *path, const char *etag, const json_t *page)
{
	AU_CLEANUP(au_json_decrefp) json_t *brief = NULL;

	if (etag == NULL) {
		free_kept(au_map_remove(pages->by_path, path));
		return;
	}
	brief = json_object();
	json_object_set(brief, "totalResults", json_object_get(page, "totalResults"));
	json_object_set_new(brief, "Resources", ids_of(page));
	struct kept *kept = au_xcalloc(1, sizeof(*kept));
	*kept = (struct kept){ .etag = au_xstrdup(etag), .text = au_json_text(brief) };
	free_kept(au_map_put(pages->by_path, path, kept));
}
