/* SPDX-License-Identifier: ISC */
/* Frames keep their JSON; nothing is copied until the store does. */
#include "source/unit.h"

#include "base/mem.h"

struct au_unit *
au_unit_new(void)
{
	return au_xcalloc(1, sizeof(struct au_unit));
}

void
au_unit_free(struct au_unit *unit)
{
	if (unit == NULL)
		return;
	for (size_t i = 0; i < unit->count; i++)
		json_decref(unit->frames[i]);
	free(unit->frames);
	free(unit);
}

int
au_unit_add(struct au_unit *unit, json_t *frame, bool *ret_whole, struct au_err *err)
{
	struct au_source_batch batch;

	if (au_source_batch_from_json(frame, &batch, err) < 0)
		return AU_EPROTO;
	if (unit->count > 0 && (batch.seq != unit->last.seq || batch.search != unit->last.search))
		return au_fail(err, AU_EPROTO, "batch %lld: was not finished", unit->last.seq);
	if (unit->count == unit->cap) {
		unit->cap = unit->cap > 0 ? 2 * unit->cap : 1;
		unit->frames = au_xrealloc(unit->frames, unit->cap, sizeof(*unit->frames));
	}
	unit->frames[unit->count++] = json_incref(frame);
	unit->last = batch;
	*ret_whole = !batch.more;
	return 0;
}

/* The JSON of the next change; moves the cursor to its frame. */
static const json_t *
peek(const struct au_unit *unit, struct au_unit_cursor *cursor)
{
	while (cursor->frame < unit->count) {
		const json_t *changes = json_object_get(unit->frames[cursor->frame], "changes");
		if (cursor->change < json_array_size(changes))
			return json_array_get(changes, cursor->change);
		cursor->frame++;
		cursor->change = 0;
	}
	return NULL;
}

int
au_unit_next(
    const struct au_unit *unit, struct au_unit_cursor *cursor, struct au_source_change *ret, struct au_err *err)
{
	const json_t *change = peek(unit, cursor);

	if (change == NULL)
		return 0;
	cursor->change++;
	return au_source_change_from_json(change, ret, err) < 0 ? AU_EPROTO : 1;
}

bool
au_unit_has_members(const struct au_unit *unit, const struct au_unit_cursor *cursor)
{
	struct au_unit_cursor at = *cursor;
	const json_t *change = peek(unit, &at);

	return change != NULL && json_is_array(json_object_get(change, au_change_list_name(AU_CHANGE_MEMBERS)));
}
