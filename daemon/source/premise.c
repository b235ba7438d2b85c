/* SPDX-License-Identifier: ISC */
/* Kept by value and not as a digest, so that people can be told which option it was. */
#include "source/premise.h"

#include "base/json.h"
#include "base/str.h"
#include "store/fact.h"
#include "store/owner.h"
#include "wire/source_start.h"

#include <string.h>

char *
au_premise_text(const json_t *options)
{
	AU_CLEANUP(au_json_decrefp) json_t *reads = au_source_config_reads(options);

	return au_json_canonical(reads);
}

/* An object in any case: what cannot be read differs in everything. */
static json_t *
parse(const char *text)
{
	json_t *json = NULL;

	if (text == NULL || au_json_parse(text, strlen(text), AU_JSON_DEPTH, &json, NULL) < 0)
		json = json_object();
	return json;
}

/* Names that one side has, and the other not or not so; not those of `but`. */
static const char *
differing(struct au_arena *arena, const char *names, json_t *one, json_t *other, json_t *but)
{
	const char *name;
	json_t *value;

	json_object_foreach (one, name, value)
		if (!json_equal(value, json_object_get(other, name)) && json_object_get(but, name) == NULL)
			names = au_arena_printf(arena, "%s%s%s", names, names[0] != '\0' ? ", " : "", name);
	return names;
}

static const char *
changed_options(struct au_arena *arena, const char *before, const char *now)
{
	AU_CLEANUP(au_json_decrefp) json_t *old = parse(before), *new = parse(now);

	return differing(arena, differing(arena, "", new, old, NULL), old, new, new);
}

int
au_premise_forget_cookies(struct au_store_tx *tx, const char *source, struct au_err *err)
{
	int rc = 0;

	for (int i = 0; rc == 0 && i < AU_SEARCHES; i++)
		rc = au_store_cookie_put(tx, source, au_search_name(i), NULL, err);
	return rc;
}

int
au_premise_check(struct au_store_tx *tx, struct au_arena *arena, const char *source, const char *text,
    const char **ret_changed, struct au_err *err)
{
	const char *meta = au_arena_printf(arena, "source.%s.premise", source), *before = NULL;
	int rc = au_store_meta_get(tx, arena, meta, &before, err);

	if (rc < 0 || au_streq(before, text)) {
		*ret_changed = NULL;
		return rc;
	}
	rc = au_premise_forget_cookies(tx, source, err);
	if (rc == 0)
		rc = au_store_owner_doubt_all(tx, source, err);
	if (rc == 0)
		rc = au_store_meta_put(tx, meta, text, err);
	*ret_changed = before != NULL ? changed_options(arena, before, text) : NULL;
	return rc;
}
