/* SPDX-License-Identifier: ISC */
/*
 * Numbers are compared only within one server: which of two servers' changes came first cannot be told, so a group that
 * is written through another server than before is read as a whole.
 */
#include "sourced/ledger.h"

#include "base/map.h"

#include <string.h>

struct record {
	struct record *next; /* the one after it */
	char csn[AU_CSN_SIZE];
	bool is_opaque;
	struct au_arena *arena; /* of the steps; NULL without any */
	struct au_log_step *steps;
	size_t count;
};

struct group {
	char stamp[AU_CSN_SIZE];
	char before[AU_CSN_SIZE];    /* where it stood before; "" when it was told for the first time */
	char awaited[AU_CSN_SIZE];   /* it was seen with this one, of which there was no record yet; or "" */
	const char *attribute;       /* of its members */
	bool is_covered;             /* each record since the stamp is here or will come */
	bool is_unsent;              /* told, but not on its way yet */
	size_t waiting;              /* records, and the steps in them */
	struct record *first, *last; /* rising */
};

struct au_ledger {
	size_t least;
	struct au_map *groups; /* by id */
	bool has_unsent;
};

static void
free_record(struct record *record)
{
	au_arena_free(record->arena);
	free(record);
}

/* Records up to and with one, or all (NULL). */
static void
drop_records(struct group *group, const struct record *last)
{
	for (bool is_last = false; group->first != NULL && !is_last;) {
		struct record *record = group->first;
		is_last = record == last;
		group->first = record->next;
		group->waiting -= 1 + record->count;
		free_record(record);
	}
	if (group->first == NULL)
		group->last = NULL;
}

static void
free_group(void *value)
{
	struct group *group = value;

	if (group == NULL)
		return;
	drop_records(group, NULL);
	free(group);
}

struct au_ledger *
au_ledger_new(size_t least)
{
	struct au_ledger *ledger = au_xcalloc(1, sizeof(*ledger));

	ledger->least = least;
	ledger->groups = au_map_new();
	return ledger;
}

void
au_ledger_free(struct au_ledger *ledger)
{
	if (ledger == NULL)
		return;
	au_map_free(ledger->groups, free_group);
	free(ledger);
}

bool
au_ledger_has_any(const struct au_ledger *ledger)
{
	return au_map_count(ledger->groups) > 0;
}

bool
au_ledger_has(const struct au_ledger *ledger, const char *id)
{
	return au_map_has(ledger->groups, id);
}

/* ---- told as a whole ---- */

/* What is told already, as far as that can be known. */
static void
drop_older(struct group *group)
{
	struct record *last = NULL;

	for (struct record *record = group->first; record != NULL; record = record->next) {
		if (!au_csn_is_of_one(record->csn, group->stamp)) {
			drop_records(group, NULL);
			return;
		}
		if (strcmp(record->csn, group->stamp) <= 0)
			last = record;
	}
	if (last != NULL)
		drop_records(group, last);
}

static struct group *
open_group(struct au_ledger *ledger, const char *id)
{
	struct group *group = au_map_get(ledger->groups, id);

	if (group == NULL) {
		group = au_xcalloc(1, sizeof(*group));
		au_map_put(ledger->groups, id, group);
	}
	return group;
}

void
au_ledger_told(struct au_ledger *ledger, const char *id, const char *stamp, size_t members, const char *attribute)
{
	if (members < ledger->least || stamp == NULL || !au_csn_is(stamp) || attribute == NULL) {
		au_ledger_forget(ledger, id);
		return;
	}
	struct group *group = open_group(ledger, id);
	memcpy(group->before, group->stamp, sizeof(group->stamp));
	memcpy(group->stamp, stamp, strlen(stamp) + 1);
	group->awaited[0] = '\0';
	group->attribute = attribute;
	group->is_covered = group->is_unsent = ledger->has_unsent = true;
	drop_older(group);
}

void
au_ledger_forget(struct au_ledger *ledger, const char *id)
{
	free_group(au_map_remove(ledger->groups, id));
}

/* Told, and nobody knows what: it is to be read. */
static void
doubt(struct group *group)
{
	group->is_covered = false;
	drop_records(group, NULL);
}

static void
settle(struct au_ledger *ledger, bool was_sent)
{
	const char *id;
	void *value;

	for (size_t cursor = 0; ledger->has_unsent && au_map_next(ledger->groups, &cursor, &id, &value);) {
		struct group *group = value;
		if (group->is_unsent && !was_sent)
			doubt(group);
		group->is_unsent = false;
	}
	ledger->has_unsent = false;
}

void
au_ledger_sent(struct au_ledger *ledger)
{
	settle(ledger, true);
}

void
au_ledger_dropped(struct au_ledger *ledger)
{
	settle(ledger, false);
}

/* ---- the log ---- */

void
au_ledger_gap(struct au_ledger *ledger)
{
	const char *id;
	void *value;

	for (size_t cursor = 0; au_map_next(ledger->groups, &cursor, &id, &value);)
		doubt(value);
}

static struct record *
copy(const struct group *group, const struct au_log_record *from)
{
	struct record *record = au_xcalloc(1, sizeof(*record));

	memcpy(record->csn, from->csn, strlen(from->csn) + 1);
	record->is_opaque = from->opaque != NULL || group->waiting + from->count >= AU_LEDGER_MOST ||
			    (from->attribute != NULL && strcmp(from->attribute, group->attribute) != 0);
	if (record->is_opaque || from->count == 0)
		return record;
	record->arena = au_arena_new();
	record->steps = au_arena_alloc(record->arena, from->count * sizeof(*record->steps));
	for (size_t i = 0; i < from->count; i++)
		record->steps[i] =
		    (struct au_log_step){ au_arena_strdup(record->arena, from->steps[i].member), from->steps[i].joins };
	record->count = from->count;
	return record;
}

static const char *
newest(const struct group *group)
{
	return group->last != NULL ? group->last->csn : group->stamp;
}

/* Those that we have come again when the log is asked from an older place. */
void
au_ledger_record(struct au_ledger *ledger, const struct au_log_record *record)
{
	struct group *group = au_map_get(ledger->groups, record->group);

	if (group == NULL || !group->is_covered)
		return;
	if (!au_csn_is_of_one(record->csn, group->stamp)) {
		doubt(group);
		return;
	}
	if (strcmp(record->csn, newest(group)) <= 0)
		return;
	/* One that does not tell stands for those behind it, too, when there are too many. */
	if (group->last != NULL && group->last->is_opaque && group->waiting >= AU_LEDGER_MOST) {
		memcpy(group->last->csn, record->csn, strlen(record->csn) + 1);
		return;
	}
	struct record *fresh = copy(group, record);
	*(group->last != NULL ? &group->last->next : &group->first) = fresh;
	group->last = fresh;
	group->waiting += 1 + fresh->count;
}

/* ---- seen ---- */

/* The record of that number; NULL when there is none. */
static const struct record *
find(const struct group *group, const char *csn)
{
	const struct record *record = group->first;

	while (record != NULL && strcmp(record->csn, csn) != 0)
		record = record->next;
	return record;
}

static bool
can_tell(const struct group *group, const struct record *last)
{
	for (const struct record *record = group->first;; record = record->next) {
		if (record->is_opaque)
			return false;
		if (record == last)
			return true;
	}
}

/* Of each member the last step counts.  member -> step */
static struct au_map *
sum_up(const struct group *group, const struct record *last)
{
	struct au_map *sum = au_map_new();

	for (const struct record *record = group->first;; record = record->next) {
		for (size_t i = 0; i < record->count; i++)
			au_map_put(sum, record->steps[i].member, &record->steps[i]);
		if (record == last)
			return sum;
	}
}

static void
fill_change(const struct au_map *sum, struct au_arena *arena, struct au_ledger_change *change)
{
	const char *member;
	void *value;

	change->joined = au_arena_alloc(arena, (au_map_count(sum) + 1) * sizeof(*change->joined));
	change->left = au_arena_alloc(arena, (au_map_count(sum) + 1) * sizeof(*change->left));
	for (size_t cursor = 0; au_map_next(sum, &cursor, &member, &value);) {
		const struct au_log_step *step = value;
		if (step->joins)
			change->joined[change->joined_count++] = au_arena_strdup(arena, member);
		else
			change->left[change->left_count++] = au_arena_strdup(arena, member);
	}
}

static void
advance(struct au_ledger *ledger, struct group *group, const struct record *last, struct au_arena *arena,
    struct au_ledger_change *change)
{
	struct au_map *sum = sum_up(group, last);

	fill_change(sum, arena, change);
	au_map_free(sum, NULL);
	memcpy(group->before, group->stamp, sizeof(group->stamp));
	memcpy(group->stamp, last->csn, sizeof(group->stamp));
	group->awaited[0] = '\0';
	drop_records(group, last);
	group->is_unsent = ledger->has_unsent = true;
}

/* Whether the log still lacks one of the stamps before this one that the group was seen with. */
static bool
lacks_another(const struct group *group, const char *stamp)
{
	return group->awaited[0] != '\0' && strcmp(group->awaited, stamp) != 0 && find(group, group->awaited) == NULL;
}

/* Seen with a newer stamp than it stands at. */
static enum au_ledger_word
see_newer(struct au_ledger *ledger, struct group *group, const char *stamp, struct au_arena *arena,
    struct au_ledger_change *change)
{
	const struct record *last = find(group, stamp);

	if (lacks_another(group, stamp) || (last == NULL && strcmp(newest(group), stamp) > 0))
		return AU_LEDGER_READ;
	if (last == NULL) {
		memcpy(group->awaited, stamp, strlen(stamp) + 1);
		return AU_LEDGER_WAIT;
	}
	if (!can_tell(group, last))
		return AU_LEDGER_READ;
	advance(ledger, group, last, arena, change);
	return AU_LEDGER_TELL;
}

enum au_ledger_word
au_ledger_see(
    struct au_ledger *ledger, const char *id, const char *stamp, struct au_arena *arena, struct au_ledger_change *ret)
{
	struct group *group = au_map_get(ledger->groups, id);
	struct au_ledger_change change = { 0 };
	enum au_ledger_word word = AU_LEDGER_TELL;

	if (group == NULL || !group->is_covered || stamp == NULL || !au_csn_is(stamp) ||
	    !au_csn_is_of_one(stamp, group->stamp))
		return AU_LEDGER_READ;
	/* What was read may be newer than what is seen: that, too, will be seen.  But nothing goes back further. */
	if (strcmp(stamp, group->stamp) > 0)
		word = see_newer(ledger, group, stamp, arena, &change);
	else if (strcmp(stamp, group->before) < 0)
		word = AU_LEDGER_READ;
	if (word == AU_LEDGER_TELL)
		*ret = change;
	return word;
}
