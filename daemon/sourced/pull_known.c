/* SPDX-License-Identifier: ISC */
/* Ids are kept as hashes (base/roster.h): there may be a million of them. */
#include "sourced/pull_known.h"

#include "base/mem.h"
#include "base/roster.h"

struct record {
	int64_t modified_ms;
	uint16_t servers; /* a bit for each that has shown this state */
};

struct au_pull_known {
	struct au_roster *ids;
};

struct au_pull_known *
au_pull_known_new(void)
{
	struct au_pull_known *known = au_xcalloc(1, sizeof(*known));

	known->ids = au_roster_new(sizeof(struct record));
	return known;
}

void
au_pull_known_free(struct au_pull_known *known)
{
	if (known == NULL)
		return;
	au_roster_free(known->ids);
	free(known);
}

size_t
au_pull_known_count(const struct au_pull_known *known)
{
	return au_roster_count(known->ids);
}

bool
au_pull_known_has(const struct au_pull_known *known, const char *id)
{
	return known != NULL && au_roster_get(known->ids, id) != NULL;
}

static struct record
record_of(const struct au_pull_known *known, const char *id)
{
	const struct record *record = known != NULL ? au_roster_get(known->ids, id) : NULL;

	return record != NULL ? *record : (struct record){ 0 };
}

static void
put(struct au_pull_known *known, const char *id, const struct record *record)
{
	bool is_new;
	struct record *at = au_roster_put(known->ids, id, &is_new);

	*at = *record;
}

bool
au_pull_known_show(
    struct au_pull_known *known, const struct au_pull_known *before, const char *id, int64_t modified_ms, size_t server)
{
	struct record record = record_of(before, id);
	uint16_t bit = (uint16_t)(1u << server);
	/* One that has shown the newer state itself has gone back, by a backup say, and is believed. */
	bool is_behind = modified_ms > 0 && modified_ms < record.modified_ms && (record.servers & bit) == 0;

	if (!is_behind && modified_ms != record.modified_ms)
		record = (struct record){ .modified_ms = modified_ms };
	if (!is_behind)
		record.servers |= bit;
	put(known, id, &record);
	return !is_behind;
}

bool
au_pull_known_is_shown_by(const struct au_pull_known *known, const char *id, size_t server)
{
	return (record_of(known, id).servers >> server & 1u) != 0;
}

void
au_pull_known_keep(struct au_pull_known *known, const struct au_pull_known *before, const char *id)
{
	struct record record = record_of(before, id);

	put(known, id, &record);
}
