/* SPDX-License-Identifier: ISC */
/* Only what differs from the rows of the last list is written: as a rule, nothing. */
#include "reconcile/strangers.h"

#include "base/str.h"
#include "store/stranger.h"

#define PAGE 1000

struct au_target_account *
au_seen_copy(struct au_arena *arena, const struct au_target_account *from)
{
	struct au_target_account *to = au_arena_alloc(arena, sizeof(*to));

	*to = (struct au_target_account){ .id = au_arena_strdup(arena, from->id),
		.login = au_arena_strdup(arena, from->login),
		.label = au_arena_strdup(arena, from->label),
		.first_name = au_arena_strdup(arena, from->first_name),
		.last_name = au_arena_strdup(arena, from->last_name),
		.mail = au_arena_strdup(arena, from->mail),
		.mark = au_arena_strdup(arena, from->mark),
		.active = from->active,
		.rights = au_arena_strdup(arena, from->rights),
		.version = au_arena_strdup(arena, from->version) };
	return to;
}

struct keeping {
	struct au_store_tx *tx;
	struct au_arena *arena;
	const char *target;
	const struct au_map *seen;
	struct au_ignores ignores;
	struct au_map *known; /* remote id -> struct au_stranger, as the last list left them */
	long long now_ms, room;
	struct au_strangers counts;
};

static bool
is_stranger(const struct keeping *k, const struct au_seen *seen)
{
	return seen != NULL && !seen->is_ours && au_ignores_find(&k->ignores, k->target, seen->account.login) == NULL;
}

/* Rows of those who are gone, who are ours by now, or of whom nobody wants to hear, go. */
static int
sweep(struct keeping *k, struct au_err *err)
{
	const char *after = "";
	int rc = 0;

	for (;;) {
		struct au_stranger *page = NULL;
		size_t count = 0;
		rc = au_store_stranger_list(k->tx, k->arena, k->target, after, PAGE, &page, &count, err);
		for (size_t i = 0; rc == 0 && i < count; i++) {
			if (!is_stranger(k, au_map_get(k->seen, page[i].remote_id)))
				rc = au_store_stranger_remove(k->tx, k->target, page[i].remote_id, NULL, err);
			else
				au_map_put(k->known, page[i].remote_id, &page[i]);
		}
		if (rc < 0 || count == 0)
			return rc;
		after = page[count - 1].remote_id;
	}
}

static bool
is_same(const struct au_stranger *row, const struct au_target_account *seen)
{
	return au_streq(row->login, seen->login) && au_streq(row->label, seen->label) &&
	       au_streq(row->first_name, seen->first_name) && au_streq(row->last_name, seen->last_name) &&
	       au_streq(row->mail, seen->mail) && au_streq(row->mark, seen->mark) &&
	       au_streq(row->rights, seen->rights) && row->active == seen->active;
}

struct au_stranger
au_stranger_of(const char *target, const struct au_target_account *seen, long long now_ms)
{
	return (struct au_stranger){ .target = target,
		.remote_id = seen->id,
		.login = seen->login != NULL ? seen->login : "",
		.label = seen->label,
		.first_name = seen->first_name,
		.last_name = seen->last_name,
		.mail = seen->mail,
		.mark = seen->mark,
		.active = seen->active,
		.rights = seen->rights,
		.first_ms = now_ms };
}

int
au_strangers_note(struct au_store_tx *tx, const char *target, const struct au_target_account *seen, long long now_ms,
    struct au_err *err)
{
	struct au_stranger row = au_stranger_of(target, seen, now_ms);

	return seen->id != NULL ? au_store_stranger_put(tx, &row, err) : 0;
}

static int
keep(struct keeping *k, const struct au_target_account *seen, struct au_err *err)
{
	const struct au_stranger *known = au_map_get(k->known, seen->id);
	struct au_stranger row = au_stranger_of(k->target, seen, k->now_ms);

	if (known != NULL && is_same(known, seen))
		return 0;
	if (known == NULL) {
		if (k->room <= 0)
			return 0;
		k->room--;
		k->counts.fresh++;
		k->counts.first = row.login;
	}
	return au_store_stranger_put(k->tx, &row, err);
}

static int
keep_all(struct keeping *k, struct au_err *err)
{
	size_t cursor = 0;
	const char *id = NULL;
	void *value = NULL;
	int rc = 0;

	while (rc == 0 && au_map_next(k->seen, &cursor, &id, &value)) {
		const struct au_seen *seen = value;
		if (seen->is_ours)
			continue;
		k->counts.all++;
		k->counts.active += seen->account.active != 0;
		if (is_stranger(k, seen))
			rc = keep(k, &seen->account, err);
		else
			k->counts.ignored++;
	}
	return rc;
}

int
au_strangers_keep(struct au_store_tx *tx, struct au_arena *arena, const struct au_target_block *target,
    const struct au_map *seen, long long now_ms, struct au_strangers *ret, struct au_err *err)
{
	struct keeping k = { .tx = tx,
		.arena = arena,
		.target = target->block.name,
		.seen = seen,
		.known = au_map_new_borrowing(),
		.now_ms = now_ms };
	int rc = au_ignores_load(tx, arena, &k.ignores, err);

	if (rc == 0)
		rc = sweep(&k, err);
	k.room = au_values_num(target->block.values, "strangers_kept") - (long long)au_map_count(k.known);
	if (rc == 0)
		rc = keep_all(&k, err);
	au_map_free(k.known, NULL);
	if (rc == 0)
		*ret = k.counts;
	return rc;
}
