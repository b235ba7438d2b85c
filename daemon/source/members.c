/* SPDX-License-Identifier: ISC */
/* Lists are compared as sets by normal DN, so a group of any size costs its length, not its square. */
#include "source/members.h"

#include "source/leaving.h"
#include "source/trail.h"

#define PAGE 1000

static void
grow(const char ***texts, size_t count, size_t *cap, struct au_arena *arena)
{
	if (count < *cap)
		return;
	size_t larger = *cap > 0 ? 2 * *cap : 64;
	const char **copy = au_arena_alloc(arena, larger * sizeof(*copy));
	for (size_t i = 0; i < count; i++)
		copy[i] = (*texts)[i];
	*texts = copy;
	*cap = larger;
}

void
au_member_list_add(struct au_member_list *list, struct au_arena *arena, const char *dn)
{
	grow(&list->dns, list->count, &list->cap, arena);
	list->dns[list->count++] = dn;
}

static void
free_map(struct au_map **map)
{
	au_map_free(*map, NULL);
}

/* The members that we hold: normal DN -> struct au_member in the arena.  An unknown group has none. */
static int
load_held(struct au_apply *apply, const char *group_id, struct au_map *held, struct au_err *err)
{
	const char *after = "";
	size_t count = PAGE;

	while (count == PAGE) {
		struct au_member *page;
		int rc = au_store_member_list(
		    apply->tx, apply->arena, apply->source, group_id, after, PAGE, &page, &count, err);
		if (rc == AU_ENOENT)
			return 0;
		if (rc < 0)
			return rc;
		for (size_t i = 0; i < count; i++) {
			if (page[i].dn_norm != NULL)
				au_map_put(held, page[i].dn_norm, &page[i]);
			after = page[i].id != NULL ? page[i].id : page[i].dn_norm;
		}
	}
	return 0;
}

static struct au_map *
set_of(const struct au_member_list *list)
{
	struct au_map *set = au_map_new();

	for (size_t i = 0; i < list->count; i++)
		au_map_put(set, list->dns[i], set);
	return set;
}

static bool
somebody_leaves(const struct au_map *held, const struct au_map *wanted)
{
	size_t cursor = 0;
	const char *dn;
	void *member;

	while (au_map_next(held, &cursor, &dn, &member))
		if (((struct au_member *)member)->id != NULL && !au_map_has(wanted, dn))
			return true;
	return false;
}

/* 1 when an entry has this DN, 0 when none has. */
static int
is_known(struct au_apply *apply, const char *dn, struct au_err *err)
{
	struct au_entry entry;
	int rc = au_store_entry_by_dn(apply->tx, apply->arena, apply->source, dn, &entry, err);

	return rc == AU_ENOENT ? 0 : rc < 0 ? rc : 1;
}

int
au_members_ask(struct au_apply *apply, const char *group_id, const struct au_member_list *list, struct au_err *err)
{
	AU_CLEANUP(free_map) struct au_map *held = au_map_new();
	AU_CLEANUP(free_map) struct au_map *wanted = set_of(list);
	int rc = load_held(apply, group_id, held, err);

	if (rc < 0 || !somebody_leaves(held, wanted))
		return rc;
	for (size_t i = 0; i < list->count; i++) {
		if (au_map_has(held, list->dns[i]) || au_map_has(apply->answers, list->dns[i]))
			continue;
		rc = is_known(apply, list->dns[i], err);
		if (rc < 0)
			return rc;
		if (rc == 0) {
			grow(&apply->questions, apply->question_count, &apply->question_cap, apply->arena);
			apply->questions[apply->question_count++] = list->dns[i];
		}
	}
	return 0;
}

/* Whether the directory would not say what a new DN is: then nobody may leave. */
static bool
is_doubtful(const struct au_apply *apply, const struct au_map *held, const struct au_member_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		const struct au_answer_to *answer = au_map_get(apply->answers, list->dns[i]);
		if (answer != NULL && answer->verdict == AU_LOOKUP_UNKNOWN && !au_map_has(held, list->dns[i]))
			return true;
	}
	return false;
}

static int
add_new(struct au_apply *apply, const char *group_id, const struct au_member_list *list, const struct au_map *held,
    json_t *added, struct au_err *err)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < list->count; i++) {
		bool was_added = false;
		if (au_map_has(held, list->dns[i]))
			continue;
		rc = au_store_member_add(apply->tx, apply->source, group_id,
		    &(struct au_member){ .dn_norm = list->dns[i] }, &was_added, err);
		if (was_added)
			json_array_append_new(added, json_string(list->dns[i]));
	}
	return rc;
}

/* 1: those that are not named any more may leave; 0: they stay for now. */
static int
ask_leave(struct au_apply *apply, const char *group_id, const struct au_map *held, const struct au_map *wanted,
    struct au_err *err)
{
	struct au_leaving leaving = { .group_id = group_id };
	size_t cursor = 0;
	const char *dn;
	void *value;

	leaving.ids = au_arena_alloc(apply->arena, (au_map_count(held) + 1) * sizeof(*leaving.ids));
	while (au_map_next(held, &cursor, &dn, &value)) {
		const struct au_member *member = value;
		leaving.before += member->id != NULL;
		if (member->id != NULL && !au_map_has(wanted, dn))
			leaving.ids[leaving.count++] = member->id;
	}
	return au_leaving_judge(apply, &leaving, err);
}

static int
remove_old(struct au_apply *apply, const char *group_id, const struct au_map *held, const struct au_map *wanted,
    bool keep_known, json_t *removed, struct au_err *err)
{
	size_t cursor = 0;
	const char *dn;
	void *value;
	int rc = 0;

	while (rc == 0 && au_map_next(held, &cursor, &dn, &value)) {
		const struct au_member *member = value;
		if (au_map_has(wanted, dn) || (keep_known && member->id != NULL))
			continue;
		if (member->id == NULL) {
			rc = au_store_member_remove_dn(apply->tx, apply->source, group_id, dn, NULL, err);
			continue;
		}
		rc = au_store_member_remove(apply->tx, apply->source, group_id, member->id, NULL, err);
		json_array_append_new(removed, json_string(dn));
	}
	return rc;
}

int
au_members_set(struct au_apply *apply, const char *group_id, const struct au_member_list *list, bool *ret_changed,
    struct au_err *err)
{
	AU_CLEANUP(free_map) struct au_map *held = au_map_new();
	AU_CLEANUP(free_map) struct au_map *wanted = set_of(list);
	AU_CLEANUP(au_json_decrefp) json_t *added = json_array();
	AU_CLEANUP(au_json_decrefp) json_t *removed = json_array();
	int rc = load_held(apply, group_id, held, err);

	if (rc < 0)
		return rc;
	bool is_kept = is_doubtful(apply, held, list);
	if (is_kept)
		au_reading_pin(&apply->now->searches[AU_SEARCH_GROUPS]);
	else
		rc = ask_leave(apply, group_id, held, wanted, err);
	if (rc < 0)
		return rc;
	is_kept |= rc == 0;
	rc = remove_old(apply, group_id, held, wanted, is_kept, removed, err);
	if (rc == 0)
		rc = add_new(apply, group_id, list, held, added, err);
	if (rc < 0)
		return rc;
	*ret_changed = json_array_size(added) + json_array_size(removed) > 0;
	if (*ret_changed && apply->now->searches[AU_SEARCH_GROUPS].whole_ms > 0)
		rc = au_trail_members(apply, group_id, added, removed, err);
	return rc;
}

static void
want_reread(struct au_apply *apply, const struct au_entry *group)
{
	if (group->dn != NULL)
		au_map_put(apply->rereads, group->id, (void *)(uintptr_t)group->dn);
}

int
au_members_doubt(struct au_apply *apply, const char *id, struct au_err *err)
{
	struct au_entry *groups = NULL;
	size_t count = 0;
	int rc = au_store_member_groups(apply->tx, apply->arena, apply->source, id, &groups, &count, err);

	for (size_t i = 0; rc == 0 && i < count; i++)
		want_reread(apply, &groups[i]);
	return rc;
}

int
au_members_remove_entry(struct au_apply *apply, const char *id, bool *ret_was, struct au_err *err)
{
	struct au_entry *groups = NULL;
	size_t count = 0;
	int rc = au_store_member_groups(apply->tx, apply->arena, apply->source, id, &groups, &count, err);

	if (rc < 0)
		return rc;
	struct au_member *members = au_arena_alloc(apply->arena, (count + 1) * sizeof(*members));
	for (size_t i = 0; i < count; i++) {
		rc = au_store_member_get(apply->tx, apply->arena, apply->source, groups[i].id, id, &members[i], err);
		if (rc < 0)
			return rc;
	}
	rc = au_store_entry_remove(apply->tx, apply->source, id, ret_was, err);
	for (size_t i = 0; rc == 0 && i < count; i++) {
		rc = au_store_member_add(apply->tx, apply->source, groups[i].id,
		    &(struct au_member){ .dn_norm = members[i].dn_norm }, NULL, err);
		if (rc == AU_ENOENT)
			rc = 0; /* a group that was its own member */
		else
			want_reread(apply, &groups[i]);
	}
	return rc;
}
