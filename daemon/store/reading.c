/* SPDX-License-Identifier: ISC */
/* Few rows: as many readings as an option says, and of the missing only what the last readings missed. */
#include "store/reading.h"

#include "store/tx.h"

int
au_store_reading_add(struct au_store_tx *tx, const char *source, const char *search, const char *text, long long keep,
    struct au_err *err)
{
	long long number = 0;
	int rc = au_tx_insert(tx, AU_QUERY(READING_ADD, au_text(source), au_text(search), au_text(text)), &number, err);

	if (rc < 0)
		return rc;
	return au_tx_run(tx, AU_QUERY(READING_FORGET, au_text(source), au_text(search), au_number(keep)), NULL, err);
}

static void
read_reading(const struct au_value *row, struct au_arena *arena, void *object)
{
	struct au_reading_row *reading = object;

	reading->source = au_arena_strdup(arena, row[0].text);
	reading->search = au_arena_strdup(arena, row[1].text);
	reading->text = au_arena_strdup(arena, row[2].text);
}

int
au_store_reading_latest(
    struct au_store_tx *tx, struct au_arena *arena, struct au_reading_row **ret, size_t *ret_count, struct au_err *err)
{
	return au_tx_all(tx, arena, AU_QUERY(READING_LATEST), read_reading, sizeof(**ret), ret, ret_count, err);
}

int
au_store_reading_list(struct au_store_tx *tx, struct au_arena *arena, const char *source, struct au_reading_row **ret,
    size_t *ret_count, struct au_err *err)
{
	return au_tx_all(
	    tx, arena, AU_QUERY(READING_LIST, au_text(source)), read_reading, sizeof(**ret), ret, ret_count, err);
}

int
au_store_missing_put(struct au_store_tx *tx, const char *source, const char *search, const char *id, const char *member,
    long long proved, long long generation, struct au_err *err)
{
	return au_tx_run(tx,
	    AU_QUERY(MISSING_PUT, au_text(source), au_text(search), au_text(id), au_text(member), au_number(generation),
		au_number(proved)),
	    NULL, err);
}

static void
read_missing(const struct au_value *row, struct au_arena *arena, void *object)
{
	struct au_missing *missing = object;

	*missing = (struct au_missing){ .search = au_arena_strdup(arena, row[0].text),
		.id = au_arena_strdup(arena, row[1].text),
		.member = au_arena_strdup(arena, row[2].text),
		.first = row[3].number,
		.generation = row[4].number };
}

int
au_store_missing_due(struct au_store_tx *tx, struct au_arena *arena, const char *source, const char *search,
    long long generation, long long first_below, struct au_missing **ret, size_t *ret_count, struct au_err *err)
{
	return au_tx_all(tx, arena,
	    AU_QUERY(MISSING_DUE, au_text(source), au_text(search), au_number(generation), au_number(first_below)),
	    read_missing, sizeof(**ret), ret, ret_count, err);
}

int
au_store_missing_forget(struct au_store_tx *tx, const char *source, const char *search, long long generation,
    long long first_below, struct au_err *err)
{
	return au_tx_run(tx,
	    AU_QUERY(MISSING_FORGET, au_text(source), au_text(search), au_number(generation), au_number(first_below)),
	    NULL, err);
}

int
au_store_missing_forget_group(
    struct au_store_tx *tx, const char *source, const char *search, const char *id, struct au_err *err)
{
	return au_tx_run(tx, AU_QUERY(MISSING_FORGET_GROUP, au_text(source), au_text(search), au_text(id)), NULL, err);
}

int
au_store_missing_count(struct au_store_tx *tx, const char *source, const char *search, long long generation,
    bool is_member, long long *ret, struct au_err *err)
{
	return au_tx_number(tx,
	    AU_QUERY(MISSING_COUNT, au_text(source), au_text(search), au_number(generation), au_number(is_member)), ret,
	    err);
}

static void
read_named(const struct au_value *row, struct au_arena *arena, void *object)
{
	struct au_missing *missing = object;

	read_missing(row, arena, object);
	missing->dn = au_arena_strdup(arena, row[5].text);
	missing->name = au_arena_strdup(arena, row[6].text);
	missing->group_name = au_arena_strdup(arena, row[7].text);
}

int
au_store_missing_list(struct au_store_tx *tx, struct au_arena *arena, const char *source, size_t limit,
    struct au_missing **ret, size_t *ret_count, long long *ret_total, struct au_err *err)
{
	int rc = au_tx_all(tx, arena, AU_QUERY(MISSING_LIST, au_text(source), au_number((long long)limit)), read_named,
	    sizeof(**ret), ret, ret_count, err);

	if (rc < 0 || ret_total == NULL)
		return rc;
	return au_tx_number(tx, AU_QUERY(MISSING_TOTAL, au_text(source)), ret_total, err);
}

struct totals {
	long long known, all;
};

static void
read_totals(const struct au_value *row, struct au_arena *arena, void *object)
{
	(void)arena;
	*(struct totals *)object = (struct totals){ .known = row[0].number, .all = row[1].number };
}

int
au_store_member_totals(
    struct au_store_tx *tx, const char *source, long long *ret_known, long long *ret_unknown, struct au_err *err)
{
	struct totals totals = { 0, 0 };
	int rc = au_tx_first(tx, NULL, AU_QUERY(MEMBER_TOTALS, au_text(source)), read_totals, &totals, err);

	if (rc < 0)
		return rc;
	*ret_known = totals.known;
	*ret_unknown = totals.all - totals.known;
	return 0;
}
