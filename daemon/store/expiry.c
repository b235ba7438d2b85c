/* SPDX-License-Identifier: ISC */
/* A row for each entry that has a date, or one that cannot be read: most have none, and are asked for nothing. */
#include "store/expiry.h"

#include "store/fact.h"
#include "store/tx.h"

/*
 * A date that is over is kept as a negative number, so that nobody waits for it.  One that cannot be read leaves the
 * one that was known before; was_there: there may be one.
 */
int
au_expiry_keep(struct au_store_tx *tx, const struct au_entry *entry, long long num, bool was_there, struct au_err *err)
{
	long long at_ms = entry->active ? entry->expires_ms : -entry->expires_ms;

	if (entry->expires_ms != 0)
		return au_tx_run(tx,
		    AU_QUERY(EXPIRY_PUT, au_number(num), au_text(entry->source), au_number(at_ms),
			au_text(entry->expires_odd)),
		    NULL, err);
	if (entry->expires_odd != NULL)
		return au_tx_run(tx,
		    AU_QUERY(EXPIRY_DOUBT, au_number(num), au_text(entry->source), au_text(entry->expires_odd)), NULL,
		    err);
	return was_there ? au_tx_run(tx, AU_QUERY(EXPIRY_DROP, au_number(num)), NULL, err) : 0;
}

/* Who was disabled by a date that is over does not come back because the date cannot be read any more. */
int
au_expiry_recall(struct au_store_tx *tx, long long num, struct au_entry *entry, struct au_err *err)
{
	long long at_ms = 0;
	int rc;

	if (!entry->active || entry->expires_odd == NULL || entry->expires_ms != 0 || num == 0)
		return 0;
	rc = au_tx_first(tx, au_tx_scratch(tx), AU_QUERY(EXPIRY_GET, au_number(num)), au_row_number, &at_ms, err);
	if (rc >= 0 && at_ms < 0)
		entry->active = false;
	return rc < 0 ? rc : 0;
}

static void
read_due(const struct au_value *row, struct au_arena *arena, void *object)
{
	struct au_entry_due *due = object;
	due->id = au_arena_strdup(arena, row[0].text);
	due->dn_norm = au_arena_strdup(arena, row[1].text);
	due->at_ms = row[2].number;
	due->odd = au_arena_strdup(arena, row[3].text);
}

int
au_store_entry_due(struct au_store_tx *tx, struct au_arena *arena, const char *source, long long now_ms, size_t limit,
    struct au_entry_due **ret, size_t *ret_count, struct au_err *err)
{
	return au_tx_all(tx, arena,
	    AU_QUERY(ENTRY_DUE, au_text(source), au_number(now_ms), au_number((long long)limit)), read_due,
	    sizeof(**ret), ret, ret_count, err);
}

int
au_store_entry_next_due(struct au_store_tx *tx, const char *source, long long *ret, struct au_err *err)
{
	long long next = 0;
	int rc =
	    au_tx_first(tx, au_tx_scratch(tx), AU_QUERY(ENTRY_NEXT_DUE, au_text(source)), au_row_number, &next, err);
	if (rc >= 0)
		*ret = next;
	return rc < 0 ? rc : 0;
}

static void
read_odd(const struct au_value *row, struct au_arena *arena, void *object)
{
	struct au_entry_odd *odd = object;

	odd->id = au_arena_strdup(arena, row[0].text);
	odd->user_name = au_arena_strdup(arena, row[1].text);
	odd->text = au_arena_strdup(arena, row[2].text);
}

int
au_store_entry_odd(
    struct au_store_tx *tx, struct au_arena *arena, const char *source, struct au_entry_odd *ret, struct au_err *err)
{
	struct au_entry_odd odd = { 0 };
	int rc = au_tx_number(tx, AU_QUERY(EXPIRY_ODD_COUNT, au_text(source)), &odd.count, err);

	if (rc == 0 && odd.count > 0)
		rc = au_tx_first(tx, arena, AU_QUERY(EXPIRY_ODD, au_text(source)), read_odd, &odd, err);
	if (rc < 0)
		return rc;
	*ret = odd;
	return 0;
}
