/* SPDX-License-Identifier: ISC */
/* A target may be stopped for several reasons at a time; each ends for itself. */
#include "store/stop.h"

#include "store/tx.h"

const char *
au_stop_name(enum au_stop_kind kind)
{
	static const char *const names[] = {
		[AU_STOP_PAUSED] = "paused",
		[AU_STOP_REFUSED] = "refused",
		[AU_STOP_QUARANTINE] = "quarantine",
		[AU_STOP_THROTTLED] = "throttled",
	};

	return kind > 0 && kind < AU_STOP_KINDS ? names[kind] : "?";
}

static void
read_stop(const struct au_value *row, struct au_arena *arena, void *object)
{
	struct au_stop *stop = object;

	stop->target = au_arena_strdup(arena, row[0].text);
	stop->kind = (enum au_stop_kind)row[1].number;
	stop->reason = au_arena_strdup(arena, row[2].text);
	stop->actor = au_arena_strdup(arena, row[3].text);
	stop->since_ms = row[4].number;
	stop->until_ms = row[5].number;
}

int
au_store_stop_put(struct au_store_tx *tx, const struct au_stop *stop, struct au_err *err)
{
	return au_tx_run(tx,
	    AU_QUERY(STOP_PUT, au_text(stop->target), au_number(stop->kind), au_text(stop->reason),
		au_text(stop->actor), au_number(stop->since_ms), au_number(stop->until_ms)),
	    NULL, err);
}

int
au_store_stop_remove(
    struct au_store_tx *tx, const char *target, enum au_stop_kind kind, bool *ret_changed, struct au_err *err)
{
	long long changes = 0;
	int rc = au_tx_run(tx, AU_QUERY(STOP_REMOVE, au_text(target), au_number(kind)), &changes, err);

	if (rc == 0 && ret_changed)
		*ret_changed = changes > 0;
	return rc;
}

int
au_store_stop_forget(struct au_store_tx *tx, enum au_stop_kind kind, struct au_err *err)
{
	return au_tx_run(tx, AU_QUERY(STOP_FORGET, au_number(kind)), NULL, err);
}

int
au_store_stop_list(
    struct au_store_tx *tx, struct au_arena *arena, struct au_stop **ret, size_t *ret_count, struct au_err *err)
{
	return au_tx_all(tx, arena, AU_QUERY(STOP_LIST), read_stop, sizeof(**ret), ret, ret_count, err);
}
