/* SPDX-License-Identifier: ISC */
/* A value by name, as there is one at most for each source and target. */
#include "store/refusal.h"

#include "base/json.h"
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

bool
au_refusal_holds(const struct au_refusal *refusal, const char *print, long long now_ms, long long retry_ms)
{
	if (strcmp(refusal->print, print) != 0)
		return false;
	return retry_ms == 0 || now_ms - refusal->at_ms < retry_ms;
}

void
au_refusal_done(struct au_refusal *refusal)
{
	free(refusal->why);
	*refusal = (struct au_refusal){ 0 };
}

/* ---- in the store ---- */

static char *
meta_name(const char *of, const char *name)
{
	return au_xasprintf("%s.%s.refused", of, name);
}

int
au_store_refusal_get(
    struct au_store_tx *tx, const char *of, const char *name, struct au_refusal *ret, struct au_err *err)
{
	AU_CLEANUP(au_arena_freep) struct au_arena *arena = au_arena_new();
	AU_CLEANUP(au_freep) char *meta = meta_name(of, name);
	const char *text = NULL;
	int rc = au_store_meta_get(tx, arena, meta, &text, err);

	if (rc < 0)
		return rc;
	AU_CLEANUP(au_json_decrefp) json_t *json = NULL;
	if (text != NULL)
		au_json_parse(text, strlen(text), AU_JSON_DEPTH, &json, NULL);
	const char *print = au_json_get_str(json, "print");
	au_refusal_done(ret);
	if (print == NULL || strlen(print) != AU_REFUSAL_PRINT - 1)
		return 0;
	memcpy(ret->print, print, AU_REFUSAL_PRINT);
	ret->at_ms = au_json_get_int(json, "at");
	ret->why = au_xstrdup(au_json_get_str(json, "why"));
	return 0;
}

int
au_store_refusal_put(
    struct au_store_tx *tx, const char *of, const char *name, const struct au_refusal *refusal, struct au_err *err)
{
	AU_CLEANUP(au_freep) char *meta = meta_name(of, name);
	AU_CLEANUP(au_json_decrefp) json_t *json = json_object();

	if (refusal != NULL) {
		au_json_set_str(json, "print", refusal->print);
		au_json_set_int(json, "at", refusal->at_ms);
		au_json_set_str(json, "why", refusal->why);
	}
	AU_CLEANUP(au_freep) char *text = au_json_text(json);
	return au_store_meta_put(tx, meta, text, err);
}
