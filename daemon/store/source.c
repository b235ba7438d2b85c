/* SPDX-License-Identifier: ISC */
/* What is known of a source itself: its verdict, and one cookie per search. */
#include "store/fact.h"
#include "store/tx.h"

static const char *const state_names[] = {
	[AU_SOURCE_NEW] = "new",
	[AU_SOURCE_OK] = "ok",
	[AU_SOURCE_STALE] = "stale",
	[AU_SOURCE_SUSPECT] = "suspect",
	[AU_SOURCE_QUARANTINE] = "quarantine",
	[AU_SOURCE_PAUSED] = "paused",
};

const char *
au_source_state_name(enum au_source_state state)
{
	return (size_t)state < AU_COUNT(state_names) ? state_names[state] : "unknown";
}

static void
read_verdict(const struct au_value *row, struct au_arena *arena, void *object)
{
	struct au_source_row *source = object;
	source->name = au_arena_strdup(arena, row[0].text);
	source->state = (enum au_source_state)row[1].number;
	source->text = au_arena_strdup(arena, row[2].text);
	source->complete = row[3].number != 0;
	source->complete_ms = row[4].number;
	source->drift = row[5].number;
}

static void
read_source(const struct au_value *row, struct au_arena *arena, void *object)
{
	struct au_source_row *source = object;
	read_verdict(row, arena, object);
	source->entries = row[6].number;
	source->groups = row[7].number;
}

int
au_store_source_get(
    struct au_store_tx *tx, struct au_arena *arena, const char *name, struct au_source_row *ret, struct au_err *err)
{
	return au_tx_one(tx, arena, AU_QUERY(SOURCE_GET, au_text(name)), read_source, ret, "source", name, err);
}

int
au_store_source_verdict(
    struct au_store_tx *tx, struct au_arena *arena, const char *name, struct au_source_row *ret, struct au_err *err)
{
	return au_tx_one(tx, arena, AU_QUERY(SOURCE_VERDICT, au_text(name)), read_verdict, ret, "source", name, err);
}

int
au_store_source_put(struct au_store_tx *tx, const struct au_source_row *row, struct au_err *err)
{
	return au_tx_run(tx,
	    AU_QUERY(SOURCE_PUT, au_text(row->name), au_number(row->state), au_text(row->text),
		au_number(row->complete), au_number(row->complete_ms), au_number(row->drift)),
	    NULL, err);
}

int
au_store_source_list(
    struct au_store_tx *tx, struct au_arena *arena, struct au_source_row **ret, size_t *ret_count, struct au_err *err)
{
	return au_tx_all(tx, arena, AU_QUERY(SOURCE_LIST), read_source, sizeof(**ret), ret, ret_count, err);
}

int
au_store_cookie_get(struct au_store_tx *tx, struct au_arena *arena, const char *source, const char *search,
    const char **ret_or_null, struct au_err *err)
{
	const char *cookie = NULL;
	int rc =
	    au_tx_first(tx, arena, AU_QUERY(COOKIE_GET, au_text(source), au_text(search)), au_row_text, &cookie, err);
	if (rc < 0)
		return rc;
	*ret_or_null = cookie;
	return 0;
}

int
au_store_cookie_put(
    struct au_store_tx *tx, const char *source, const char *search, const char *cookie, struct au_err *err)
{
	if (!cookie)
		return au_tx_run(tx, AU_QUERY(COOKIE_REMOVE, au_text(source), au_text(search)), NULL, err);
	return au_tx_run(tx, AU_QUERY(COOKIE_PUT, au_text(source), au_text(search), au_text(cookie)), NULL, err);
}
