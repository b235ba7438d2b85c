/* SPDX-License-Identifier: ISC */
/* Records stay as they came; nothing of them is copied until the store does. */
#include "source/unit.h"

#include "base/mem.h"
#include "source/ending.h"
#include "source/muster.h"

#include <string.h>

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
		free(unit->frames[i].data);
	free(unit->frames);
	au_muster_free(unit->progress.muster);
	au_ending_free(unit->progress.ending);
	json_decref(unit->head);
	free(unit);
}

int
au_unit_add(struct au_unit *unit, json_t *head, const char *records, size_t len, bool *ret_whole, struct au_err *err)
{
	struct au_source_batch batch;

	if (au_source_batch_from_json(head, &batch, err) < 0)
		return AU_EPROTO;
	if (unit->count > 0 && (batch.seq != unit->last.seq || batch.search != unit->last.search))
		return au_fail(err, AU_EPROTO, "batch %lld: was not finished", unit->last.seq);
	if (unit->count == unit->cap) {
		unit->cap = unit->cap > 0 ? 2 * unit->cap : 1;
		unit->frames = au_xrealloc(unit->frames, unit->cap, sizeof(*unit->frames));
	}
	struct au_buf *frame = &unit->frames[unit->count++];
	*frame = (struct au_buf){ .data = au_xmalloc(len + 1), .len = len, .cap = len + 1 };
	if (len > 0)
		memcpy(frame->data, records, len);
	json_decref(unit->head);
	unit->head = json_incref(head);
	unit->last = batch;
	*ret_whole = !batch.more;
	return 0;
}

/* Open frames until there is something to read. */
static bool
is_more(const struct au_unit *unit, struct au_unit_cursor *cursor)
{
	for (; cursor->rest.len == 0 && cursor->frame < unit->count; cursor->frame++)
		cursor->rest = (struct au_unpack){ unit->frames[cursor->frame].data, unit->frames[cursor->frame].len };
	return cursor->rest.len > 0;
}

int
au_unit_next(
    const struct au_unit *unit, struct au_unit_cursor *cursor, struct au_source_change *ret, struct au_err *err)
{
	return is_more(unit, cursor) ? au_record_next(&cursor->rest, ret, err) : 0;
}

bool
au_unit_is_next(const struct au_unit *unit, struct au_unit_cursor *cursor, enum au_change_op op)
{
	return is_more(unit, cursor) && au_record_is(&cursor->rest, op);
}
